#!/usr/bin/env python3
"""What several hands do to one catalogue: alike rows kept, edits at the same time, merged rates."""
import contextlib
import os
import time
import sqlite3
import threading

import books
from books import CODE_OTHER, SELLER
from kp import Home, Tap

APPLES = "1010115010100000000"


def listed(home, verb, *keys):
    rows = home.run(verb, "list", check=0)[1]["rows"]
    return sorted(tuple(r[k] for k in keys) for r in rows)


def round_trip(t, home, verb, *keys):
    """Export, import: nobody changes."""
    before = listed(home, verb, "id", *keys)
    path = os.path.join(home.top, verb + ".xlsx")
    home.run(verb, "export", "-o", path, check=0)
    doc = home.run(verb, "import", path, check=0)[1]
    t.ok(doc["added"] == doc["updated"] == 0 and doc["unchanged"] == len(before),
         "%s that are alike come back as they were" % verb, doc)
    t.same(listed(home, verb, "id", *keys), before, "%s: each is what it was" % verb)


def alike(t, home):
    for price in ("1", "2.50", "3.0"):  # as a person types them: a workbook has the number
        home.run("goods", "add", "--name", "甲", "--spec", "s", "--price", price, "--tax-code",
                 CODE_OTHER, "--keep-twin", check=0)
    for i in "123":
        home.run("buyers", "add", "--name", "乙", "--tax-no", books.tax_no(1), "--address",
                 "路 " + i, "--mnemonic", "J" + i, "--keep-twin", check=0)
    round_trip(t, home, "goods", "price")
    round_trip(t, home, "buyers", "address", "mnemonic")
    t.same([home.run("buyers", "show", "#%d" % i)[1]["addresses"] for i in (1, 2, 3)], [[], [], []],
           "nobody got another's address")


def merged(t):
    """What a row and the goods it means make together obeys the rules of the form."""
    def load(text):
        return home.run("goods", "import", home.file("商品名称," + text, "one.csv"))

    with Home() as home:
        home.run("demo", "--headless", check=0)
        code, doc, err = load("税率\n苹果甲,13%\n")
        t.same((code, doc["added"]), (0, 1), "goods with a rate")
        code, doc, err = load("税收分类编码\n苹果甲,%s\n" % APPLES)
        t.ok(code == 3 and "税率" in doc["error"]["message"],
             "a code that does not allow the rate they have is refused", doc, err)
        doc = home.run("goods", "show", "苹果甲", check=0)[1]
        t.same((doc["tax_code"], doc["rate"]), (None, "0.13"), "and they stay as they were")
        code, doc, err = load("税收分类编码,税率\n苹果甲,%s,9%%\n" % APPLES)
        t.same((code, doc["updated"]), (0, 1), "with a rate that goes with it, it is taken")
        code, doc, err = load("优惠政策类型\n苹果甲,免税\n")
        t.ok(code == 3, "a preference that does not go with the rate is refused", doc, err)
        home.run("goods", "remove", "苹果甲", check=0)
    with Home() as home:  # the tax side has not spoken yet
        books.office(home)
        load("税率\n苹果甲,13%\n")
        code, doc, err = load("税收分类编码\n苹果甲,%s\n" % APPLES)
        t.ok(code == 0 and doc["warned"] == 1 and "13%" in doc["notes"][0]["text"],
             "what the list of codes does not tell for certain is said", doc, err)
        round_trip(t, home, "goods", "tax_code", "rate")


def at_once(t, home, verb, options):
    """Each of two programs changes something else: nothing is lost."""
    lost = []
    for i in range(12):
        codes = [None, None]

        def edit(n, option, value):
            codes[n] = home.run(verb, "edit", "#1", option, value)[0]

        values = ["%d%d" % (n + 1, i) for n in (0, 1)]
        hands = [threading.Thread(target=edit, args=(n, options[n][0], values[n]))
                 for n in (0, 1)]
        for h in hands:
            h.start()
        for h in hands:
            h.join()
        doc = home.run(verb, "show", "#1", check=0)[1]
        if codes != [0, 0] or [doc[o[1]] for o in options] != values:
            lost.append((i, codes, [doc[o[1]] for o in options]))
    t.same(lost, [], "%s: both changes made at the same time are there" % verb)


def addresses_at_once(t, home):
    """An address comes while the buyer is edited: both are there."""
    lost = []
    for i in range(12):
        adding = home.start("buyers", "address", "add", "#1", "--address", "弄 %d" % i)
        code = home.run("buyers", "edit", "#1", "--bank", "行 %d" % i)[0]
        adding.communicate(timeout=30)
        doc = home.run("buyers", "show", "#1", check=0)[1]
        if (adding.returncode, code, doc["bank"]) != (0, 0, "行 %d" % i) or \
                "弄 %d" % i not in [a["address"] for a in doc["addresses"]]:
            lost.append((i, adding.returncode, code, doc["bank"]))
    t.same(lost, [], "an address that comes while the buyer is edited is there, and the edit, too")


def as_named(t, home):
    """A file has the format that its name promises, unless one is asked for."""
    for name, more, first in (("名.CSV", (), b"\xef\xbb\xbf"), ("名.xlsx", (), b"PK"),
                              ("国.csv", ("--csv", "gbk"), "购".encode("gbk"))):
        path = os.path.join(home.top, name)
        home.run("buyers", "export", "-o", path, *more, check=0)
        with open(path, "rb") as f:
            t.ok(f.read(3).startswith(first), "%s is what it is called" % name, more)


def billed(t, home):
    """Headings that say what they are for."""
    path = home.file("开票名称,开票税号,开票地址,开票电话,开票开户行,开票账号\n"
                     "票,,街 1,0755-1,行,622\n", "billed.csv")
    doc = home.run("buyers", "import", path, check=0)[1]
    got = home.run("buyers", "show", "票", check=0)[1]
    t.same((doc["unknown"], [got[k] for k in ("address", "phone", "bank", "account")]),
           (None, ["街 1", "0755-1", "行", "622"]), "columns that are named for invoices are known")


def last_page(t, home):
    """A cursor is any number up to the largest that help names."""
    for verb in ("buyers", "goods", "types", "invoices", "jobs"):
        at = [home.run(verb, "list", "--cursor", str(2**63 - 1 + i))[0] for i in (0, 1)]
        t.same(at, [0, 2], "%s: the largest cursor is one, beyond it is none" % verb)


def further_phones(t, home):
    """Telephones of further addresses are found as the first one is."""
    home.run("buyers", "add", "--name", "多址公司", "--address", "一路", "--phone", "0755-11112222",
             check=0)
    home.run("buyers", "add", "--name", "旁人公司", "--phone", "0755-99990000", check=0)
    for i, numbers in enumerate((("--phone", "020-33334444"), ("--mobile", "13855556666"))):
        home.run("buyers", "address", "add", "多址公司", "--address", "%d路" % (i + 2), *numbers,
                 check=0)

    def names(*ask):
        return [b["name"] for b in home.run("buyers", "list", *ask, check=0)[1]["rows"]]

    def all_found(what):
        for number in ("0755-1111", "02033334444", "3333", "13855556666", "5666"):
            for option in ("--phone", "--find"):
                t.same(names(option, number), ["多址公司"],
                       "%s: %s %s finds it" % (what, option, number))
        t.same(names("--phone", "2222020"), [], "%s: two numbers are not one" % what)

    all_found("after it was typed")
    path = os.path.join(home.top, "all.csv")
    home.run("buyers", "export", "-o", path, check=0)
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        db.execute("UPDATE buyer SET doc = NULL WHERE more > 0")
        db.commit()
    all_found("after a start")
    home.run("buyers", "import", path, check=0)
    home.run("buyers", "import", home.file("名称,地址,电话\n多址公司,九路,010-77778888\n", "more.csv"),
             check=0)
    all_found("after an import")
    t.same(names("--phone", "7777"), ["多址公司"], "also one that was imported")


def waits(t, home):
    """While somebody else writes one waits, and is told so."""
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"),
                                            isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        running = home.start("buyers", "add", "--name", "等一等公司")
        time.sleep(2.5)
        db.execute("ROLLBACK")
    out, err = running.communicate(timeout=30)
    t.ok(running.returncode == 0 and err.decode().count("正在等导入或另一个进程写完") == 1,
         "a second's wait is told once, and ends well", running.returncode, out, err)


def goods_twice(t, home):
    for spec in ("大", "大", "小"):
        home.run("goods", "add", "--name", "双份茶", "--spec", spec, "--keep-twin", check=0)
    rows = home.run("goods", "list", "--twins", check=0)[1]["rows"]
    t.same([(g["name"], g["spec"]) for g in rows if g["name"] == "双份茶"], [("双份茶", "大")] * 2,
           "goods that are there twice")
    rows = home.run("goods", "list", "--twins", "--name", "双份", check=0)[1]["rows"]
    t.same(len(rows), 2, "with a name, too")
    rows = home.run("goods", "list", "--twins", "--find", "绝无", check=0)[1]["rows"]
    t.same(rows, [], "and nothing that is not there")
    small = next(g["id"] for g in home.run("goods", "list", "--name", "双份茶", check=0)[1]["rows"]
                 if g["spec"] == "小")
    for verb in (("add", "--name", "双份茶"), ("edit", "#%d" % small)):
        doc = home.run("goods", *verb, "--spec", "大")[1]
        t.ok(doc["error"]["code"] == "goods.twin" and "--keep-twin" in doc["error"]["hint"],
             "goods %s: how to keep both" % verb[0], doc)
    home.run("goods", "edit", "#%d" % small, "--unit", "罐", check=0)
    home.run("goods", "edit", "#%d" % small, "--spec", "大", "--keep-twin", check=0)
    home.run("goods", "edit", "#%d" % small, "--unit", "盒", check=0)


def counted(t, home):
    """What was counted so far only says so."""
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        columns = [c for c in db.execute("PRAGMA table_info(job)")]
        first = db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM job").fetchone()[0]
        db.executemany("INSERT INTO job (id, kind, unit_id, state, due_ms, created_by, created_at,"
                       " updated_at) SELECT ?, 'taxpayer.sync', NULL, 'done', 0, 1, 0, 0",
                       [(first + i,) for i in range(10050)])
        db.commit()
    code, doc, err = home.run("jobs", "list", "--limit", "1")
    t.ok(code == 0 and doc["total"] == 10000 and doc.get("at_least") is True,
         "ten thousand jobs are at least so many", doc, err, columns)
    said = home.run("jobs", "list", "--limit", "1", json_out=False)[1]
    t.ok("共至少 10000 条" in said, "and the table says so", said)
    t.ok("at_least" not in home.run("jobs", "list", "--kind", "catalogue.import")[1],
         "a number that is whole does not")


with Tap() as t:
    merged(t)
    with Home() as home:
        books.office(home, (SELLER,))
        alike(t, home)
        at_once(t, home, "buyers", (("--phone", "phone"), ("--bank", "bank")))
        at_once(t, home, "goods", (("--price", "price"), ("--category", "category")))
        addresses_at_once(t, home)
        as_named(t, home)
        billed(t, home)
        last_page(t, home)
        further_phones(t, home)
        waits(t, home)
        goods_twice(t, home)
        counted(t, home)
