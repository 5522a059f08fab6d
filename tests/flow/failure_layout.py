#!/usr/bin/env python3
"""A workbook of failures looks like the file it comes from: mended in place it is imported."""
import json
import os
import subprocess

import books
import orders
from books import BUYER_HEADS, CODE, SELLER, tax_no, workbook
from kp import Home, Tap, shared

REASON = "导入失败原因"
MX = ["项目名称", "商品和服务税收分类编码", "规格型号", "单位", "商品数量", "商品单价", "金额", "税率",
      "折扣金额", "优惠政策类型", "煤炭种类"]


def same_but_failed(t, before, after, heads, bad, what):
    """before, after: {row: cells} of one sheet; heads: the row of the headings; bad: rows of before
    that stand below them again."""
    above = {n: row for n, row in before.items() if n <= heads}
    t.same({n: row[:-1] if n == heads else row for n, row in after.items() if n <= heads}, above,
           "%s: what stands above is as it was" % what)
    width = len(before[heads])
    t.same([(row + [""] * width)[:width] for n, row in sorted(after.items()) if n > heads],
           [(before[n] + [""] * width)[:width] for n in bad],
           "%s: the bad rows as they were" % what)
    t.ok(after[heads][width] == REASON and len(after[heads]) == width + 1
         and sorted(n for n in after if n > heads) == list(range(heads + 1, heads + 1 + len(bad))),
         "%s: with a column of reasons, right below" % what, after)


def write(path, sheets):
    """{name: {row: cells}} as a workbook."""
    return workbook(path, *((name, [rows.get(n, []) for n in range(1, max(rows) + 1)])
                            for name, rows in sheets.items()))


def catalogue(t, home):
    heads = ["备注", "客户名称*"] + BUYER_HEADS[1:] + ["业务员", "开票日"]
    rows = {2: ["客户信息", "", "2026 年 11 月导出"], 4: heads,
            5: ["老客户", "好公司", tax_no(1), "", "深圳", "0755", "", "", "", "", "王", "5"],
            6: ["新客户", "坏公司", "12-34!", "", "深圳", "0755", "", "", "", "", "李", "6"],
            8: ["", "", tax_no(2), "", "", "", "", "", "", "", "", "月底"]}
    path = write(os.path.join(home.top, "客户.xlsx"), {"客户信息": rows})
    code, doc, err = home.run("buyers", "import", path, "--partial")
    t.ok(code == 0 and doc["failed"] == 2 and doc["unknown"] == "备注、业务员、开票日",
         "two rows fail, columns of others are told", doc, err)
    got = books.layout(doc["failures"])
    t.same(list(got), ["客户信息"], "the name of the sheet")
    same_but_failed(t, rows, got["客户信息"], 4, [6, 8], "客户信息")
    got["客户信息"][5][2], got["客户信息"][6][1] = tax_no(3), "补上的公司"
    code, doc, err = home.run("buyers", "import", write(doc["failures"], got))
    t.ok(code == 0 and (doc["added"], doc["failed"]) == (2, 0)
         and doc["unknown"] == "备注、业务员、开票日", "mended in place it goes in", doc, err)


def two_rows_of_headings(t, home):
    rows = {1: ["商品资料"], 2: ["商品名称", "税收编码", "价格"], 3: ["", "", "", "单位"],
            4: ["好商品", CODE, "", "台"], 5: ["坏商品", "12x", "", "台"]}
    path = write(os.path.join(home.top, "商品.xlsx"), {"Sheet1": rows})
    doc = home.run("goods", "import", path)[1]
    got = books.layout(doc["failures"])["Sheet1"]
    t.ok(doc["failed"] == 1 and got[1] == rows[1] and got[2] == rows[2] + ["", REASON]
         and got[3] == rows[3] and got[4][:4] == rows[5], "headings in two rows", got)
    again = home.run("goods", "import", doc["failures"])[1]
    second = books.layout(again["failures"])["Sheet1"]
    t.ok(second == got, "and again they are the same", second)


def lines(t, home):
    top = {1: ["填表说明：\n1、项目名称：无需写简称。"], 2: ["必填\n(限100字符)"] * 11,
           3: MX + [""] * 9 + ["是否开具涉税专业服务发票品目", "涉税专业服务协议编号"]}
    good = ["笔记本电脑", CODE, "X1", "台", "2", "56.50", "113", "0.13"]
    rows = dict(top)
    rows.update({4: good, 5: ["坏一"] + good[1:6] + ["200", "0.13"],
                 6: ["坏二"] + good[1:7] + ["十三"]})
    path = write(os.path.join(home.top, "mx.xlsx"), {
        "1-明细模板": rows, "2-特定业务信息": {3: ["产权证书/不动产权证号码", "不动产地址"]}})
    code, doc, err = home.run("blue", "lines", path)
    t.ok(code == 3 and doc["failed"] == 2, "two of three lines fail", doc, err)
    got = books.layout(doc["failures"])
    t.same(list(got), ["1-明细模板"], "the name of the sheet")
    same_but_failed(t, rows, got["1-明细模板"], 3, [5, 6], "1-明细模板")
    got["1-明细模板"][4][6] = "113"
    got["1-明细模板"][5][7] = "13%"
    code, doc, err = home.run("blue", "lines", write(doc["failures"], got))
    t.ok(code == 0 and (doc["good"], doc["gross"]) == (2, "226.00"), "mended they go in", doc, err)


def the_bureaus(t, home):
    real, python = shared("data", "etax-mingxi-import-template.xlsx"), books.python_with_openpyxl()
    if not real or not python:
        t.skip("the bureau's own workbook", "no reference data or no openpyxl")
        return
    path = os.path.join(home.top, "real.xlsx")
    fill = "import openpyxl, sys, json\nb = openpyxl.load_workbook(sys.argv[1])\n" \
        "s = b[sys.argv[3]]\nfor at, v in json.loads(sys.argv[4]).items():\n" \
        "    s[at].value = v\nb.save(sys.argv[2])\n"
    look = "import openpyxl, sys, json\ns = openpyxl.load_workbook(sys.argv[1])[sys.argv[2]]\n" \
        "print(json.dumps([['' if c is None else str(c) for c in r] for r in " \
        "s.iter_rows(max_row=3, values_only=True)]))\n"

    def top(path):
        rows = json.loads(subprocess.run([python, "-c", look, path, "1-明细模板"], check=True,
                                         capture_output=True).stdout)
        return [[c.replace("\r\n", "\n") for c in row] for row in rows]

    cells = {"A4": "坏的", "B4": CODE, "G4": "113", "H4": "十三", "A5": "好的", "B5": CODE, "G5": "113",
             "H5": "0.13"}
    subprocess.run([python, "-c", fill, real, path, "1-明细模板", json.dumps(cells)], check=True)
    code, doc, err = home.run("blue", "lines", path)
    t.ok(code == 3 and doc["failed"] == 1, "a bad row in the bureau's own workbook", doc, err)
    was, now = top(path), top(doc["failures"])
    for row in was + now:
        while row and not row[-1]:
            row.pop()
    t.ok(now[:2] == was[:2] and now[2] == was[2] + [REASON], "its notes and headings stay", now)
    subprocess.run([python, "-c", fill, doc["failures"], path, "1-明细模板",
                    json.dumps({"H4": "0.13"})], check=True)
    code, doc, err = home.run("blue", "lines", path)
    t.ok(code == 0 and (doc["good"], doc["gross"]) == (1, "113.00"), "mended it goes in", doc, err)


def batch(t, home):
    heads = orders.HEADS + ["部门"]
    path = orders.book(os.path.join(home.top, "月末.xlsx"), [
        orders.head("A1", heads, 部门="一部"), orders.head("A2", heads, 部门="二部"),
        orders.head("A3", heads, 发票类型="什么", 部门="三部")],
        [orders.line("A1"), orders.line("A3", 备注="x"), orders.line("A2", 税率="abc"),
         orders.line("A2")], names=heads, extras=[["A2", "合同号", "X-1"], ["A1", "合同号", "X-2"]])
    before = books.layout(path)
    doc = home.run("batch", "add", path, "--dry-run")[1]
    t.same((doc["ready"], doc["bad"], doc["unknown"]), (1, 2, "部门"), "one order is good", doc)
    got = books.layout(doc["failures"])
    t.same(list(got), ["1-发票基本信息", "2-发票明细信息", "3-特定业务信息", "4-附加要素信息"],
           "the sheets, also those without a row")
    for name, bad in (("1-发票基本信息", [5, 6]), ("2-发票明细信息", [5, 6, 7]), ("3-特定业务信息", []),
                      ("4-附加要素信息", [4])):
        same_but_failed(t, before[name], got[name], 3, bad, name)
    kind = heads.index("发票类型")
    t.ok("什么" in got["1-发票基本信息"][5][-1] and "abc" in got["2-发票明细信息"][5][-1],
         "each with its reason", got)
    got["1-发票基本信息"][5][kind] = "普通发票"
    got["2-发票明细信息"][5][orders.DETAILS.index("税率")] = "13%"
    doc = home.run("batch", "add", write(doc["failures"], got), "--dry-run")[1]
    t.same((doc["ready"], doc["bad"], doc["lines"]), (2, 0, 3), "mended in place it is read", doc)


def flat(t, home):
    text = "我方部门,发票流水号,发票类型,是否含税,购买方名称,项目名称,商品和服务税收编码,金额,税率,业务员\n" \
        "一部,F1,普通发票,是,甲公司,电脑,%s,113,0.13,王\n二部,F2,普通发票,是,乙公司,电脑,%s,113,abc,李\n" \
        "二部,F2,普通发票,是,乙公司,鼠标,%s,113,0.13,赵\n" % ((CODE,) * 3)
    doc = home.run("batch", "add", home.file(text, "flat.csv"), "--dry-run")[1]
    t.same((doc["ready"], doc["bad"]), (1, 1), "one table", doc)
    got = list(books.layout(doc["failures"]).values())
    t.ok(len(got) == 1 and got[0][1] == text.split("\n")[0].split(",") + [REASON]
         and [row[:10] for n, row in sorted(got[0].items()) if n > 1]
         == [row.split(",") for row in text.split("\n")[2:4]] and "abc" in got[0][2][10],
         "stays one table", got)
    got[0][2][8] = "13%"
    doc = home.run("batch", "add", write(doc["failures"], {"x": got[0]}), "--dry-run")[1]
    t.same((doc["ready"], doc["bad"], doc["lines"]), (1, 0, 2), "mended in place it is read", doc)


def main():
    with Tap() as t, Home() as home:
        books.office(home)
        catalogue(t, home)
        two_rows_of_headings(t, home)
        lines(t, home)
        the_bureaus(t, home)
        batch(t, home)
        flat(t, home)


main()
