#!/usr/bin/env python3
"""A workbook of what failed, imported as it is, fails again for the same reasons."""
import os

import books
from books import CODE, SELLER, workbook
from kp import Home, Tap
from orders import book, head, line

LONG = ("t", "><v>6222020200112233445</v></c>")
TWENTY = ("t", "><v>2.0261120000000012E+19</v></c>")
EIGHTEEN = ("t", "><v>914403001234567810</v></c>")


def add(home, path):
    return home.run("batch", "add", path, "--dry-run")[1]


def texts(doc):
    return sorted((f["column"] or "", f["value"] or "", f["text"].split("第 ")[0])
                  for f in doc["faults"])


def again(t, home, path, what, bad, stray=0):
    first = add(home, path)
    t.same((first["ready"], first["bad"], first["stray"]), (0, bad, stray), "%s: refused" % what,
           first)
    second = add(home, first["failures"])
    t.same((second["ready"], second["bad"], second["stray"], texts(second)),
           (0, bad, stray, texts(first)),
           "%s: refused again, as it is, for the same" % what, second)
    return first["failures"]


def batches(t, home):
    def name(word):
        return os.path.join(home.top, word + ".xlsx")

    path = again(t, home, book(name("账号"), [head("A1", 购买方银行账号=LONG)], [line("A1")]),
                 "an account without its last digits", 1)
    t.ok("丢失" in books.cells(path)[3][18], "the cell says it", books.cells(path)[3])
    again(t, home, book(name("税号"), [head("A1", 购买方纳税人识别号=EIGHTEEN)], [line("A1")]),
          "a tax number", 1)
    again(t, home, book(name("备注"), [head("A1", 备注=TWENTY)], [line("A1")]), "a remark", 1)
    again(t, home, book(name("流水号"), [head(TWENTY), head("A2", 购买方名称="")],
                        [line(TWENTY), line("A2")]), "a number of an order", 2, 1)
    again(t, home, book(name("数量"), [head("A1")], [line("A1", 数量=LONG)]), "a quantity", 1)
    path = again(t, home, book(name("特定"), [head("A1")], [line("A1")],
                               special=[["A1"] + [""] * 6 + ["深圳", "北京", "汽车"]],
                               extras=[["ZZ", "合同", "1"]]), "特定业务", 1, 1)
    t.same(books.cells(path, 3)[3], ["A1"] + [""] * 6 + ["深圳", "北京", "汽车"], "whose sheet is there")
    t.ok("没有流水号" in books.cells(path, 4)[3][-1], "an extra without an invoice has its reason",
         books.cells(path, 4))
    path = again(t, home, book(name("免税"), [head("A1", 特定业务类型="货物运输")],
                               [line("A1", 税率="免税"), line("A1", 税率="不征税"), line("A1", 税率="0")]),
                 "an untaxed line", 1)
    t.same([r[8] for r in books.cells(path, 2)[3:]], ["免税", "不征税", "0"],
           "rates of nothing keep their words")


def others(t, home):
    path = workbook(os.path.join(home.top, "明细.xlsx"), ("明细", [
        ["项目名称", "商品和服务税收分类编码", "金额", "税率"],
        ["笔记本电脑", ("t", "><v>1090509010000012345</v></c>"), "113", "0.13"],
        ["显示器", CODE, ("t", "><v>12345678901234567890</v></c>"), "0.13"]]))
    code, doc, _ = home.run("blue", "lines", path)
    t.same((code, doc["failed"]), (3, 2), "lines with lost digits are refused", doc)
    code, second, _ = home.run("blue", "lines", doc["failures"])
    t.same((code, second["failed"]), (3, 2), "and again", second)

    path = workbook(os.path.join(home.top, "购方.xlsx"), ("客户信息", [
        ["客户名称", "纳税人识别号", "银行账号"],
        ["甲", EIGHTEEN, "1"], ["乙", "坏的", LONG]]))
    code, doc, _ = home.run("buyers", "import", path)
    t.same((code, doc["failed"]), (3, 2), "buyers with lost digits are refused", doc)
    cells = books.cells(doc["failures"])
    code, second, _ = home.run("buyers", "import", doc["failures"])
    t.same((code, second["failed"]), (3, 2), "and again", second)
    t.same(books.cells(second["failures"]), cells, "with the same cells and reasons")


with Tap() as tap, Home() as place:
    books.office(place, (SELLER,))
    batches(tap, place)
    others(tap, place)
