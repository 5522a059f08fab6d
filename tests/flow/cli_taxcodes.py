#!/usr/bin/env python3
"""税收分类编码: found by pinyin and everyday words, brought up to date, the difference told; goods
whose code is stopped are flagged."""
import contextlib
import os
import sqlite3
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap  # noqa: E402
import crashlab  # noqa: E402

COMPUTER = "1090509010000000000"
WHEAT = "1010101020000000000"
APPLE = "1010115010100000000"
FRESH = "1999999990000000000"


def codes(doc):
    return [r["code"] for r in doc["rows"]]


def found(home, text, *options):
    return codes(home.run("taxcodes", "search", text, *options, check=0)[1])


def searching(t, home):
    for text in ("计算机整机", "电脑", "笔记本电脑", "diannao", "dn", "DZJSJ", "dianzijisuanji",
                 "电子 整机", "10905090"):
        t.ok(COMPUTER in found(home, text, "--limit", 200), "%s finds the computer" % text)
    t.same(found(home, "苹果")[0], APPLE, "the very name comes first")
    t.same(found(home, "pingguo")[0], APPLE, "its pinyin too")
    t.same(found(home, "绝无此物"), [], "nothing is found by nonsense")
    rows = home.run("taxcodes", "search", "服务", "--limit", 1000, check=0)[1]["rows"]
    kinds = [r["summary"] for r in rows]
    t.ok(len(rows) > 100 and kinds == sorted(kinds), "leaves come before 汇总项")
    for text in ("服务", "10", "", "fw"):
        whole = home.run("taxcodes", "search", text, "--limit", 1000, check=0)[1]
        pages, cursor = [], None
        while cursor != "":
            doc = home.run("taxcodes", "search", text, "--limit", 37,
                           *(["--cursor", cursor] if cursor else []), check=0)[1]
            pages += codes(doc)
            cursor = doc["next"] or ""
        t.ok(pages == codes(whole) and whole["total"] == len(pages),
             "pages of %r are the whole" % text, len(pages), whole["total"])


def first_list(t, sb, home):
    home.run("init", check=0)
    home.quick()
    t.ok(COMPUTER in found(home, "dzjsj"), "the starter list is found by pinyin")
    home.add_units(sb)
    for unit, role in ((sb.direct, "direct"), (sb.using, "using")):
        home.run("unit", "verify", unit["tax_no"], "--role", role, check=0)
    home.run("taxpayer", "sync", check=0)
    doc = home.run("taxcodes", "sync", check=0)[1]
    t.ok(doc["first"] and doc["rows"] == doc["added"] == doc["from_tax"] > 300
         and doc["changed"] == doc["stopped"] == 0, "the first list is counted", doc)
    t.same(home.run("taxcodes", "changes", check=0)[1], {"total": 0, "rows": [], "next": None},
           "and is no difference")
    doc = home.run("taxcodes", "sync", check=0)[1]
    t.ok(not doc["first"] and doc["rows"] == doc["added"] == 0, "nothing new", doc)


def differences(t, sb, home):
    sb.post("/taxcodes", {"codes": [
        {"code": WHEAT, "stop": "2020-01-01"},
        {"code": APPLE, "name": "红苹果", "vat_rates": "13%"},
        {"code": FRESH, "name": "新奇商品", "short_name": "新奇", "vat_rates": "13%"}]})
    doc = home.run("taxcodes", "sync", check=0)[1]
    t.same((doc["rows"], doc["added"], doc["changed"], doc["stopped"], doc["first"]),
           (3, 1, 1, 1, False), "a sync tells what is different")
    doc = home.run("taxcodes", "changes", check=0)[1]
    t.same([(r["code"], r["kind"]) for r in doc["rows"]],
           [(WHEAT, "stopped"), (APPLE, "changed"), (FRESH, "added")], "code by code")
    t.same([r["what"] for r in doc["rows"]],
           ["2020-01-01 起停用", "名称 苹果 → 红苹果；税率 9%、0% → 13%", "简称 新奇；税率 13%"],
           "in words")
    apple = doc["rows"][1]
    t.same((apple["name"], apple["old_name"], apple["vat_rates"], apple["old_vat_rates"]),
           ("红苹果", "苹果", "13%", "9%、0%"), "and as members")
    t.same(home.run("taxcodes", "show", WHEAT)[1]["stop"], "2020-01-01", "the stop date is shown")
    t.same(found(home, "hongpingguo"), [APPLE], "the new name is found")
    t.same(found(home, "xqsp"), [FRESH], "the new code too")
    text = home.run("taxcodes", "changes", json_out=False)[1]
    t.ok("停用" in text and "红苹果" in text and "stopped" not in text, "a table for people", text)
    home.run("taxcodes", "sync", check=0)
    t.same(home.run("taxcodes", "changes", check=0)[1]["total"], 3,
           "a sync without news leaves the difference")
    sb.post("/taxcodes", {"code": WHEAT, "stop": ""})
    home.run("taxcodes", "sync", check=0)
    doc = home.run("taxcodes", "changes", "--limit", 1, check=0)[1]
    t.ok(doc["total"] == 4 and doc["rows"][0]["what"] == "不再停用" and doc["next"],
         "the newest answer comes first", doc)
    rest = home.run("taxcodes", "changes", "--cursor", doc["next"], check=0)[1]
    t.same((codes(rest), rest["next"]), ([WHEAT, APPLE, FRESH], None), "the next page has the rest")


def importing(t, home):
    """Where the tax side has spoken an import adds what its list lacks, and changes nothing."""
    path = os.path.join(home.top, "codes.csv")
    home.run("taxcodes", "export", "--csv", "utf8", "-o", path, check=0)
    before = home.run("taxcodes", "search", "", check=0)[1]["total"]
    doc = home.run("taxcodes", "import", path, check=0)[1]
    t.ok(doc["unchanged"] == doc["rows"] > 300 and doc["kept"] == 0 and doc["total"] == before,
         "its own list changes nothing", doc)
    path = home.file("编码,名称,简称,增值税税率\n%s,黑苹果,水果,13%%\n1999999970000000000,导入的商品,导入,13%%\n"
                     % APPLE, "more.csv")
    doc = home.run("taxcodes", "import", path, check=0)[1]
    t.ok((doc["added"], doc["unchanged"], doc["kept"], doc["total"]) == (1, 1, 1, before + 1),
         "what it lacks is added, what it has stays", doc)
    t.same((found(home, "daorudeshangpin"), home.run("taxcodes", "show", APPLE)[1]["name"]),
           (["1999999970000000000"], "红苹果"), "and seen at once")
    out = home.run("taxcodes", "import", path, json_out=False, check=0)[1]
    t.ok("1 个编码与税局下发的不同，没有改：以税局下发的为准" in out, "so a person reads it", out)


def add_goods(home, name, code, rate):
    return home.run("goods", "add", "--name", name, "--tax-code", code, "--rate", rate, check=0)[1]


def unusable(home):
    return [r["name"] for r in home.run("goods", "list", "--unusable", check=0)[1]["rows"]]


def stopped_goods(t, sb, home):
    add_goods(home, "麦子", WHEAT, "0.09")
    add_goods(home, "果子", APPLE, "0.13")
    t.same(unusable(home), [], "all codes may be used")
    sb.post("/taxcodes", {"code": WHEAT, "stop": "2020-01-01"})
    t.same(unusable(home), [], "a stop is not known before the sync")
    home.run("taxcodes", "sync", check=0)
    t.same(unusable(home), ["麦子"], "goods whose code the tax side stopped are flagged")
    rows = home.run("goods", "list", check=0)[1]["rows"]
    t.same({r["name"]: r["code_fault"] for r in rows}, {"麦子": "编码已停用", "果子": None},
           "and say so in the list")
    code, doc, err = home.run("goods", "add", "--name", "新麦子", "--tax-code", WHEAT)
    t.ok(code == 3 and "停用" in err + str(doc), "no new goods with a stopped code", doc, err)


def broken(t, sb, home):
    """Whatever becomes of the answer, the list is the old one or the new one."""
    before = home.run("taxcodes", "search", "", "--limit", 1000, check=0)[1]
    sb.post("/taxcodes", {"codes": [{"code": APPLE, "name": "青苹果"},
                                    {"code": "1999999980000000000", "name": "又一种"}]})
    for fault in ("truncate", "bad_json", "drop_reply"):
        sb.faults(**{fault: {"service": "CXSSFLBM", "times": 1}})
        code, doc, _ = home.run("--timeout", 1, "taxcodes", "sync")
        left = home.run("taxcodes", "search", "", "--limit", 1000, check=0)[1]
        new = "1999999980000000000" in codes(left)
        t.ok(new == ("青苹果" in str(left)) and (new or left == before),
             "%s: all or nothing (exit %d)" % (fault, code))
        sb.faults()
    home.run("taxcodes", "sync", check=0)
    t.same(found(home, "qingpingguo"), [APPLE], "the next sync brings it")


def asked(home):
    return home.run("jobs", "list", "--kind", "taxcodes.sync", check=0)[1]["total"]


def daily(t, sb, home):
    """A list that was fetched is brought up to date once a day, without being asked for."""
    home.run("param", "set", "engine", "calendar", "1", check=0)
    before = asked(home)
    home.run("sync", "--once", check=0)
    t.same(asked(home), before, "not again on the same day")
    sb.post("/taxcodes", {"codes": [{"code": APPLE, "name": "隔夜苹果"}]})
    tomorrow = {"KAIPIAO_NOW": time.strftime("%Y-%m-%dT%H:%M:%S+08:00",
                                             time.gmtime(time.time() + (25 + 8) * 3600))}
    home.run("sync", "--once", check=0, env=tomorrow)
    t.same((asked(home), home.run("taxcodes", "show", APPLE)[1]["name"]), (before + 1, "隔夜苹果"),
           "a day later it is")
    home.run("sync", "--once", check=0, env=tomorrow)
    t.same(asked(home), before + 1, "and once is enough")


def older(t, home):
    """A list that an older program has left without an index gets one at the next start."""
    path = os.path.join(home.path, "kaipiao.db")
    for change in ("UPDATE taxcode SET doc = NULL", "DELETE FROM find_post WHERE id >> 47 IN"
                   " (SELECT id FROM find_list WHERE scope < 1)"):
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute(change)
    t.ok(COMPUTER in found(home, "diannao"), "it is found by pinyin")
    with contextlib.closing(sqlite3.connect(path)) as db:
        t.same(db.execute("SELECT COUNT(*) FROM taxcode WHERE doc IS NULL").fetchone(), (0,),
               "and indexed")


def deaths(t, sb, home):
    point, bad = 0, []
    while point < 100:
        point += 1
        name = "第%d种苹果" % point
        sb.post("/taxcodes", {"codes": [{"code": APPLE, "name": name},
                                        {"code": FRESH, "short_name": name}]})
        code, _, _ = home.run("taxcodes", "sync", env={"KAIPIAO_CRASH_AT": str(point)})
        shown = [home.run("taxcodes", "show", c, check=0)[1] for c in (APPLE, FRESH)]
        if (shown[0]["name"] == name) != (shown[1]["short_name"] == name):
            bad.append("point %d: half a list" % point)
        home.run("taxcodes", "sync", check=0)
        if not found(home, name) or home.run("taxcodes", "show", APPLE)[1]["name"] != name:
            bad.append("point %d: not brought up to date" % point)
        if code != crashlab.CRASHED:
            break
    t.ok(point > 3 and not bad, "a death at any of %d points leaves a whole list" % point, *bad)
    total = home.run("taxcodes", "changes", check=0)[1]["rows"]
    t.same(sum(r["code"] == APPLE and r["name"] == "第1种苹果" for r in total), 1,
           "a difference is kept once")


with Tap() as tap, Sandbox() as platform, Home() as place:
    first_list(tap, platform, place)
    searching(tap, place)
    differences(tap, platform, place)
    importing(tap, place)
    stopped_goods(tap, platform, place)
    broken(tap, platform, place)
    deaths(tap, platform, place)
    older(tap, place)
    daily(tap, platform, place)
