#!/usr/bin/env python3
"""Catalogues out of the program: names, formats, filters, and in again without a change."""
import csv
import io
import os
import re
import subprocess

import books
from books import BUYER_HEADS, CODE, CODE_OTHER, OTHER, SELLER, counts, tax_no, workbook
from kp import Home, Tap

NASTY = ["=1+1", "+86 755", "-开头", "@某", "＝全角", "名称\"引号\"", "逗号,公司", "0012345", "1e5",
         "_x000D_字面", "'撇号", "龥𠮷生僻字", "a  b", "公司（集团）"]


def fill(home):
    rows = [BUYER_HEADS]
    for i, name in enumerate(NASTY):
        rows.append([name, tax_no(100 + i) if i % 2 else "", "JM%d" % i, "=地址%d" % i, "+8613%d" % i,
                     "银行 %d" % i, "62220212345678%05d" % i, "a%d@b.cn" % i, "Y"])
    for k in range(3):  # one buyer with three addresses
        rows.append(["多地址公司", tax_no(200), "", "第%d个地址" % k, "0755-%d" % k, "中行%d" % k,
                     "622202%012d" % k, "", "Y" if k == 1 else "N"])
    path = workbook(os.path.join(home.top, "first.xlsx"), ("客户信息", rows))
    t = home.run("buyers", "import", path, check=0)[1]
    assert t["failed"] == 0, t
    goods = [["项目名称", "商品和服务税收分类编码", "规格型号", "单位", "单价", "是否含税", "简码", "税率",
              "是否使用优惠政策", "优惠政策类型"],
             ["笔记本电脑", CODE, "X1", "台", "5650", "Y", "bjb", "0.13", "N", ""],
             ["笔记本电脑", CODE, "X2", "台", "0.123456789", "N", "", "0.13", "N", ""],
             ["=公式商品", CODE_OTHER, "", "套", "", "Y", "", "0.06", "N", ""],
             ["没有编码", "", "", "", "", "Y", "", "", "N", ""]]
    path = workbook(os.path.join(home.top, "first.xlsx"), ("项目信息", goods))
    t = home.run("goods", "import", path, check=0)[1]
    assert t["failed"] == 0, t


def raw(home, *args):
    done = subprocess.run(home.command(args, as_json=False), env=home.environ(),
                          stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


FORMATS = [(".xlsx", []), ("-bom.csv", ["--csv", "utf8bom"]), (".csv", ["--csv", "utf8"]),
           ("-gbk.csv", ["--csv", "gbk"])]


def round_trips(t, home):
    for table, size in (("buyers", len(NASTY) + 3), ("goods", 4)):
        shown = home.run(table, "list", "--limit", "1000")[1]["rows"]
        for name, options in FORMATS:
            path = os.path.join(home.top, table + name)
            code, doc, err = home.run(table, "export", "-o", path, *options)
            t.ok(code == 0 and doc == {"file": path, "rows": size},
                 "%s%s: every row" % (table, name), code, doc, err)
            code, doc, err = home.run(table, "import", path)
            t.same((code, counts(doc)), (0, (size, 0, 0, size, 0)),
                   "%s%s and in again: nothing has changed" % (table, name), doc, err)
        t.same(home.run(table, "list", "--limit", "1000")[1]["rows"], shown,
               "the %s are as they were" % table)
    show = home.run("buyers", "show", "多地址公司")[1]
    t.ok(show["address"] == "第1个地址" and [a["address"] for a in show["addresses"]] ==
         ["第0个地址", "第2个地址"], "several addresses, one of them the default", show)


def elsewhere(t, home):
    """Into an empty home: the same catalogue."""
    with Home() as other:
        books.office(other)
        for table in ("buyers", "goods"):
            path = os.path.join(home.top, table + ".xlsx")
            doc = other.run(table, "import", path, check=0)[1]
            t.ok(doc["failed"] == 0 and doc["stored"], "%s go into another home" % table, doc)
            again = os.path.join(other.top, "again-" + table)
            other.run(table, "export", "-o", again, check=0)
            t.ok(sorted(books.cells(again)) == sorted(books.cells(path)),
                 "and come out of it the same")


def names(t, home):
    here = os.getcwd()
    folder = os.path.join(home.top, "out")
    os.mkdir(folder)
    os.chdir(folder)
    try:
        for _ in range(3):
            home.run("goods", "export", check=0)
        got = sorted(os.listdir(folder))
        t.ok(len(got) == 3 and all(re.fullmatch(r"商品信息导出列表\d{14}\.xlsx", n) for n in got),
             "three exports of a second have three stamped names", got)
        doc = home.run("buyers", "export", "-o", folder, "--csv", "gbk", check=0)[1]
        t.ok(re.fullmatch(r"购方信息导出列表\d{14}\.csv", os.path.basename(doc["file"])),
             "a folder gets a stamped name", doc)
        home.run("buyers", "template", check=0)
        t.ok(os.path.exists("购方信息导入模板.xlsx"), "a template has a name, too", os.listdir("."))
        t.same(home.run("buyers", "template")[0], 3, "which is not overwritten")
        t.same(home.run("buyers", "template", "--replace")[0], 0, "but with --replace")
    finally:
        os.chdir(here)
    path = os.path.join(home.top, "kept.xlsx")
    home.file("mine", "kept.xlsx")
    code, doc, err = home.run("buyers", "export", "-o", path)
    t.ok(code == 3 and open(path).read() == "mine", "a file is never overwritten", doc, err)
    home.run("buyers", "export", "-o", path, "--replace", check=0)
    t.ok(len(books.cells(path)) > 10, "--replace does")


def pipes(t, home):
    text = raw(home, "buyers", "export", "-o", "-", "--csv", "utf8").decode()
    rows = list(csv.reader(io.StringIO(text)))
    t.ok(len(rows) == len(NASTY) + 4 and rows[0][0] == "购方名称", "CSV to standard output", rows[0])
    t.ok(raw(home, "goods", "export", "-o", "-")[:2] == b"PK", "a workbook to standard output")
    data = raw(home, "buyers", "export", "-o", "-", "--csv", "gbk")
    t.ok("多地址公司".encode("gb18030") in data, "in GBK")
    code, doc, err = home.run("buyers", "import", "-", input=data)
    t.ok(code == 0 and doc["added"] == doc["updated"] == 0, "and back through a pipe", doc, err)
    for row in rows:
        bad = [c for c in row if c[:1] in "=+-@\t\r＝＋－＠" and c[:1] and not
               re.fullmatch(r"[-+]?\d+(\.\d+)?", c)]
        if bad:
            t.ok(False, "no cell begins a formula", bad)


def filters(t, home):
    def names_of(*args):
        text = raw(home, *args, "-o", "-", "--csv", "utf8").decode()
        return [r[0].lstrip("'") for r in list(csv.reader(io.StringIO(text)))[1:]]
    t.same(sorted(set(names_of("buyers", "export", "--find", "多地址"))), ["多地址公司"],
           "only what is found")
    t.same(names_of("goods", "export", "--tax-code", CODE_OTHER), ["=公式商品"], "by tax code")
    t.same(names_of("buyers", "export", "--seller", OTHER), [], "of a seller")


def formulas(t, home):
    python = books.python_with_openpyxl()
    if not python:
        t.skip("openpyxl reads an export", "no Python has openpyxl")
        return
    script = "import sys, openpyxl\n" \
        "ws = openpyxl.load_workbook(sys.argv[1]).worksheets[0]\n" \
        "print(ws.freeze_panes, {c.data_type for r in ws.iter_rows() for c in r if c.value})"
    done = subprocess.run([python, "-c", script, os.path.join(home.top, "buyers.xlsx")],
                          capture_output=True, text=True)
    t.same(done.stdout.strip(), "A2 {'s'}", "openpyxl sees texts alone, and a frozen heading",
           done.stderr)


def many(t, home):
    """More rows than any page has."""
    path = home.file("名称\n" + "".join("一页以外%05d\n" % i for i in range(2500)), "many.csv")
    with Home() as other:
        books.office(other)
        other.run("buyers", "import", path, check=0)
        out = os.path.join(other.top, "many.xlsx")
        code, doc, err = other.run("buyers", "export", "-o", out)
        got = {row[0] for row in books.cells(out)[1:]}
        t.ok(doc["rows"] == len(got) == 2500, "an export has every row", doc, len(got), err)


def others(t, home):
    path = os.path.join(home.top, "codes.csv")
    code, doc, err = home.run("taxcodes", "export", "-o", path, "--csv", "utf8")
    total = home.run("taxcodes", "import", path, check=0)[1]
    t.ok(code == 0 and doc["rows"] == total["rows"] == total["unchanged"] > 100,
         "tax codes out and in: unchanged", doc, total, err)
    home.run("types", "add", "--name", "零售", "--note", "=门店", check=0)
    code, doc, err = home.run("types", "export", "-o", os.path.join(home.top, "types.xlsx"))
    t.ok(code == 0 and doc["rows"] == 1, "business types", doc, err)


with Tap() as tap, Home() as place:
    books.office(place, (SELLER, OTHER))
    place.run("--unit", SELLER, "buyers", "list", check=0)
    fill(place)
    round_trips(tap, place)
    elsewhere(tap, place)
    names(tap, place)
    pipes(tap, place)
    filters(tap, place)
    place.run("--unit", SELLER, "buyers", "list", check=0)
    formulas(tap, place)
    others(tap, place)
    many(tap, place)
