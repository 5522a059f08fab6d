#!/usr/bin/env python3
"""Characters nobody sees are taken out of imported cells, and the report says of which."""
import os

import books
import orders
from books import CODE, tax_no, workbook
from kp import Home, Tap

ZERO_WIDTH, BACKWARDS = "\u200b", "\u202e"


def catalogue(t, home):
    path = workbook(os.path.join(home.top, "客户.xlsx"), ("客户信息", [
        ["客户名称", "税号", "地址", "备注"],
        [ZERO_WIDTH + "甲公司" + BACKWARDS, tax_no(1), "深圳", ""],
        ["乙公司", tax_no(2) + ZERO_WIDTH, "深" + ZERO_WIDTH + "圳", "x" + ZERO_WIDTH],
        ["丙公司", tax_no(3), "深圳\n南山", "x" + ZERO_WIDTH], [ZERO_WIDTH + "坏", "!!", "", ""]]))
    code, doc, err = home.run("buyers", "import", path, "--partial")
    t.ok(code == 0 and (doc["added"], doc["failed"], doc["cleaned"], doc["warned"]) == (3, 1, 2, 2),
         "they go in, two of them with less", doc, err)
    t.same([(n["row"], n["text"]) for n in doc["notes"] if not n["fault"]],
           [(2, "客户名称：去掉了 2 个看不见的字符"),
            (3, "税号：去掉了 1 个看不见的字符；地址：去掉了 1 个看不见的字符")],
           "a note names row, column and number")
    out = home.run("buyers", "import", path, "--partial", json_out=False)[1]
    t.ok("2 行去掉了看不见的字符" in out, "and a person is told how many rows", out)
    names = [r["name"] for r in home.run("buyers", "list")[1]["rows"]]
    t.ok("甲公司" in names, "the name is what is seen", names)
    text = "客户名称,税号\n丁公司%s,%s\n" % (ZERO_WIDTH, tax_no(4))
    doc = home.run("buyers", "import", home.file(text, "x.csv"))[1]
    t.same(doc["cleaned"], 1, "the same in a CSV", doc)


def lines(t, home):
    text = "项目名称,商品和服务税收编码,金额,税率\n电%s脑,%s,113,0.13\n鼠标,%s,113,0.13\n" % (
        ZERO_WIDTH, CODE, CODE)
    code, doc, err = home.run("blue", "lines", home.file(text, "mx.csv"))
    t.ok(code == 0 and (doc["good"], doc["cleaned"], doc["warned"]) == (2, 1, 1)
         and [(n["place"], n["text"]) for n in doc["notes"]]
         == [("第 2 行 A 列", "项目名称：去掉了 1 个看不见的字符")]
         and doc["invoice"]["lines"][0]["name"] == "电脑", "lines as well", doc, err)


def batch(t, home):
    path = orders.book(os.path.join(home.top, "月末.xlsx"),
                       [orders.head("A1", 购买方名称="甲" + ZERO_WIDTH + "公司"), orders.head("A2")],
                       [orders.line("A1"), orders.line("A2", 项目名称=BACKWARDS + "电脑" + ZERO_WIDTH)],
                       extras=[["A2", "合同号", "X" + ZERO_WIDTH]])
    code, doc, err = home.run("batch", "add", path)
    found = {(f["sheet"], f["row"], f["column"], f["text"]) for f in doc["faults"] if f["warning"]}
    t.ok(code == 0 and (doc["ready"], doc["bad"], doc["cleaned"]) == (2, 0, 3),
         "no order is bad for it", doc, err)
    t.ok(found >= {("1-发票基本信息", 4, "购买方名称", "购买方名称：去掉了 1 个看不见的字符"),
                   ("2-发票明细信息", 5, "项目名称", "项目名称：去掉了 2 个看不见的字符")}
         and any("附加要素内容" in f[3] and "1 个" in f[3] for f in found),
         "by sheet, row and column", found)
    flat = "发票流水号,发票类型,是否含税,购买方名称,项目名称,商品和服务税收编码,金额,税率\n" \
        "F1,普通发票,是,甲公司,电%s脑,%s,113,0.13\nF1,普通发票,是,甲%s公司,鼠标,%s,113,0.13\n" % (
            ZERO_WIDTH, CODE, ZERO_WIDTH, CODE)
    doc = home.run("batch", "add", home.file(flat, "flat.csv"), "--dry-run")[1]
    t.same((doc["ready"], doc["cleaned"]), (1, 2), "one table: rows count once", doc)


def main():
    with Tap() as t, Home() as home:
        books.office(home)
        catalogue(t, home)
        lines(t, home)
        batch(t, home)


main()
