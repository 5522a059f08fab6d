#!/usr/bin/env python3
"""The smaller limits of the tax bureau's page: told by check, issue, batches and lines."""
import os

import books
import orders
from kp import Home, Sandbox, Tap, invoice

LONG = {"remark": "备" * 231}


def told(rows, field):
    return [r for r in rows if r["code"] == "portal.length" and r["field"] == field]


def single(t, home):
    path = home.file(invoice("P-1", **LONG))
    code, doc, err = home.run("blue", "check", path)
    rows = told(doc["rows"], "remark")
    t.ok(code == 0 and len(rows) == 1 and rows[0]["level"] == "warning"
         and "230" in rows[0]["message"] and "231" in rows[0]["message"],
         "blue check warns and lets it pass", doc, err)
    at_limit = home.file(invoice("P-2", remark="备" * 230))
    rows = home.run("blue", "check", at_limit)[1]["rows"]
    t.same(told(rows, "remark"), [], "at the limit: nothing")
    code, doc, err = home.run("blue", "issue", path)
    t.ok(code == 0 and doc["results"][0]["state"] == "issued" and told(doc["warnings"], "remark"),
         "blue issue says it and issues", doc, err)


def batch(t, home):
    path = orders.book(os.path.join(home.top, "b.xlsx"),
                       [orders.head("B1", 备注="备" * 231, 收款人="欧阳某某某某某某某")],
                       [orders.line("B1", 规格型号="规" * 41)])
    doc = home.run("batch", "add", path, check=0)[1]
    got = {(f["sheet"], f["column"]) for f in doc["faults"] if f["warning"]}
    t.ok(doc["ready"] == 1 and doc["warned"] == 3
         and got == {("1-发票基本信息", "备注"), ("1-发票基本信息", "收款人"),
                     ("2-发票明细信息", "规格型号")},
         "a batch is warned by sheet and column and stays ready", doc)


def lines(t, home):
    path = books.workbook(os.path.join(home.top, "l.xlsx"), ("明细", [
        ["项目名称", "商品和服务税收分类编码", "规格型号", "单位", "商品数量", "商品单价", "金额", "税率"],
        ["项" * 101, orders.CODE, "", "", "", "", "113", "0.13"]]))
    code, doc, err = home.run("blue", "lines", path)
    t.ok(code == 0 and doc["good"] == 1 and doc["warned"] == 1, "lines are warned of", doc, err)
    text = "".join(home.run("blue", "lines", path, json_out=False)[1:])
    t.ok("101" in text and "最多 100" in text and "项目名称" in text, "by column and figures", text)


def off(t, home):
    code = home.run("param", "set", "blue", "portal_limits", "2")[0]
    t.same(code, 3, "the parameter takes 0 or 1")
    home.run("param", "set", "blue", "portal_limits", "0", check=0)
    doc = home.run("blue", "check", home.file(invoice("P-3", **LONG)), check=0)[1]
    t.same(told(doc["rows"], "remark"), [], "switched off: blue check says nothing")
    path = os.path.join(home.top, "l.xlsx")
    t.same(home.run("blue", "lines", path)[1]["warned"], 0, "nor do lines")
    path = orders.book(os.path.join(home.top, "c.xlsx"), [orders.head("C1", 备注="备" * 231)],
                       [orders.line("C1")])
    t.same(home.run("batch", "add", path, check=0)[1]["warned"], 0, "nor batches")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    single(tap, place)
    batch(tap, place)
    lines(tap, place)
    off(tap, place)
