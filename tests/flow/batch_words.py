#!/usr/bin/env python3
"""What a person reads of a batch: counts, places, headings, missing sheets, examples."""
import csv
import glob
import json
import os

import books
import orders
from books import workbook
from kp import Home, Sandbox, Tap, invoice
from orders import book, head, line

TEMPLATES = os.path.join(os.path.dirname(__file__), "..", "..", "templates", "sheets")


def try_it(home, path):
    return home.run("batch", "add", path, "--dry-run")


def said(home, path):
    _, out, err = home.run("batch", "add", path, "--dry-run", json_out=False)
    return str(out) + err


def path_of(home, name):
    return os.path.join(home.top, name)


def strays(t, home):
    path = book(path_of(home, "散.xlsx"), [head("A1"), head("A2"), head("A2"), head("A3")],
                [line("A3", 税率="abc"), line("ZZ"), line("A1"), line("A2")],
                extras=[["YY", "合同", "1"]])
    _, doc, _ = try_it(home, path)
    err = said(home, path)
    t.ok("共 4 张" in err and "有问题 3 张；另有 2 组" in err, "they are said beside them", err)
    t.same([f["text"] for f in doc["faults"] if "没有它的明细" in f["text"]], [],
           "the second of a number does not lack its lines")
    t.same([doc[k] for k in ("orders", "bad", "stray")], [4, 3, 2], "counted beside them, too")
    code, checked, err = home.run("blue", "check", path)
    t.ok(code == 3 and checked["invoices"] == 4 and "3 张有问题" in err, "and by blue check", err)
    places = [(f["sheet"], f["row"]) for f in doc["faults"]]
    t.same(places, sorted(places), "in the order of sheets and rows")


def headings(t, home):
    path = book(path_of(home, "列.xlsx"), [
        head("A1", 购买方名称="青梧"), head("A2", 发票类型="增值税专用发票", 购买方名称="无名公司",
                                    购买方纳税人识别号=""),
        head("A3", 购买方证件类型="居民身份证", 购买方证件号码="440524188001010014"),
        head("A4", 是否展示购买方地址电话银行账号="展示地址、电话")],
        [line("A%d" % i) for i in (1, 2, 3, 4)])
    _, doc, err = try_it(home, path)
    t.ok("is_person" not in err + json.dumps(doc), "no word of programs", err)
    for no, word in (("A2", "购买方纳税人识别号"), ("A3", "受票方自然人标识"),
                     ("A4", "是否展示购买方地址电话银行账号")):
        got = [f for f in doc["faults"] if f["order_no"] == no and not f["warning"]]
        t.ok(got and got[0]["column"] == word and got[0]["text"].startswith(word + "："),
             "%s is called as in the sheet" % word, got)
    array = home.file(json.dumps([invoice("J1"), invoice("J2", lines=[])]), "a.json")
    err = said(home, array)
    t.ok("第 2 张" in err, "of an array it is the how many-th invoice", err)


def missing(t, home):
    rows = [["说明"], orders.HEADS, head("A1")]
    for sheets, word in (
            ((("1-发票基本信息", rows),), "缺少“2-发票明细信息”工作表，文件里有 “1-发票基本信息”"),
            ((("1-发票基本信息", rows), ("3-特定业务信息", [["发票流水号"]])),
             "缺少“2-发票明细信息”工作表，文件里有 “1-发票基本信息”、“3-特定业务信息”"),
            ((("2-发票明细信息", [orders.DETAILS, line("A1")]),),
             "缺少“1-发票基本信息”工作表，文件里有 “2-发票明细信息”")):
        code, _, err = try_it(home, workbook(path_of(home, "缺.xlsx"), *sheets))
        t.ok(code == 3 and word in err, word, err)


def examples(t, home):
    """Every template filled in with its own examples is read without a fault."""
    tables = {}
    for path in glob.glob(os.path.join(TEMPLATES, "*.json")):
        with open(path, encoding="utf-8") as f:
            tables[os.path.basename(path)[:-5]] = json.load(f)

    def rows(name):
        columns = tables[name]["columns"]
        n = max(len(c.get("examples", [])) for c in columns)
        return [[c["title"] for c in columns]] + [
            [(c.get("examples", []) + [""] * n)[i] for c in columns] for i in range(n)]

    path = workbook(path_of(home, "例.xlsx"), *[(tables[n]["title"], rows(n)) for n in
                                              ("orders", "order_lines", "order_extras")])
    code, doc, err = try_it(home, path)
    t.ok(code == 0 and doc["bad"] == 0 and doc["ready"] == 3, "examples of orders", doc, err)
    path = path_of(home, "例.csv")
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(rows("order_rows"))
    code, doc, err = try_it(home, path)
    t.ok(code == 0 and doc["bad"] == 0 and doc["ready"] == 3, "examples in one table", doc, err)
    for name, verb in (("buyers", ("buyers", "import")), ("goods", ("goods", "import")),
                       ("taxcodes", ("taxcodes", "import")),
                       ("lines", ("blue", "lines"))):
        path = workbook(path_of(home, name + ".xlsx"), (tables[name]["title"], rows(name)))
        more = () if name == "lines" else ("--dry-run",)
        code, doc, err = home.run(*verb, path, *more)
        t.ok(code == 0 and not doc["failed"], "examples of %s" % name, doc, err)


def repeats(t, home):
    path = book(path_of(home, "r1.xlsx"), [head("R1"), head("R2")], [line("R1"), line("R2")])
    doc = home.run("batch", "add", path, check=0)[1]
    home.run("batch", "start", doc["batch"], check=0)
    path = book(path_of(home, "r2.xlsx"), [head("R1"), head("R2")],
                [line("R1"), line("R2", 金额="99")])
    err = said(home, path)
    code, doc, _ = home.run("batch", "add", path)
    t.same((code, doc["repeats"], doc["warned"]), (0, 2, 1), "a repeat of other content warns")
    f = doc["faults"][0]
    t.ok(f["order_no"] == "R2" and f["row"] == 5 and "内容与这次的不同" in f["text"]
         and "第 5 行" in err, "with its place", f, err)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    strays(tap, place)
    headings(tap, place)
    missing(tap, place)
    examples(tap, place)
    repeats(tap, place)
