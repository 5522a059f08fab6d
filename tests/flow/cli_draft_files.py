#!/usr/bin/env python3
"""blue draft of workbooks and CSV: all orders become drafts or none does."""
import os

import books
import orders
from kp import Home, Sandbox, Tap, invoice
from orders import head, line


def drafts(home):
    rows = home.run("drafts", "list", check=0)[1]["rows"]
    return {r["order_no"]: r for r in rows}


def draft(home, path, *more):
    return home.run("blue", "draft", path, *more)


def workbook(t, home):
    path = orders.book(os.path.join(home.top, "草稿.xlsx"), [
        head("D1"),
        # What issuing would refuse may wait in a draft.
        head("D2", 发票类型="增值税专用发票", 购买方名称="无税号的单位", 购买方纳税人识别号=""),
        head("D3")],
        # The lines of D1 come in two places.
        [line("D1", 数量="2", 单价="56.5"), line("D2"), line("D3"), line("D1", 金额="226")])
    code, doc, err = draft(home, path)
    t.ok(code == 0 and [(r["order_no"], r["gross"], r["state"]) for r in doc["results"]]
         == [("D1", "339.00", "draft"), ("D2", "113.00", "draft"), ("D3", "113.00", "draft")],
         "a workbook becomes drafts, in its order", doc, err)
    t.same(sorted(drafts(home)), ["D1", "D2", "D3"], "they are in the list")
    t.same(home.run("batch", "list")[1]["total"], 0, "no batch is left of it")
    code, doc, err = draft(home, path)
    t.ok(code == 0 and sorted(drafts(home)) == ["D1", "D2", "D3"], "again: they are replaced", err)
    home.run("drafts", "issue", "D1", check=0)
    code, doc, err = draft(home, path)
    t.ok(code == 3 and doc["error"]["code"] == "batch.failed" and "已开票" in err
         and "第 4 行" in err, "an order that was issued is named by its row", doc, err)
    t.same(sorted(drafts(home)), ["D2", "D3"], "and nothing changes")


def faults(t, home):
    path = orders.book(os.path.join(home.top, "坏.xlsx"), [head("E1"), head("E2"), head("E3")],
                       [line("E1"), line("E2", 税率="abc"), line("E3", 数量="2", 单价="3", 金额="9")])
    code, doc, err = draft(home, path)
    t.ok(code == 3 and doc["error"]["code"] == "batch.failed" and "2 张有问题" in err
         and "什么都没有保存" in err and "第 5 行" in err, "bad cells and sums are refused", err)
    t.ok(not {"E1", "E2", "E3"} & set(drafts(home)), "none is stored")
    reasons = [r[-1] for r in books.cells(path + ".失败.xlsx", 2)[3:]]
    t.ok(len(reasons) == 2 and all(reasons), "a workbook has the reasons", reasons)


def others(t, home):
    path = home.file("发票流水号,发票类型,是否含税,购买方名称,项目名称,商品和服务税收编码,金额,税率\n"
                     "F1,普通发票,是,示例科技有限公司,水泥,%s,113.00,0.13\n" % orders.CODE, "f.csv")
    code, doc, err = draft(home, path)
    t.ok(code == 0 and doc["results"][0]["order_no"] == "F1", "CSV", doc, err)
    code, doc, err = draft(home, home.file([invoice("G1"), invoice("G2")]))
    t.ok(code == 0 and len(doc["results"]) == 2, "JSON as before", err)
    lines = books.workbook(os.path.join(home.top, "l.xlsx"), ("明细", [
        ["项目名称", "商品和服务税收分类编码", "金额", "税率"],
        ["水泥", orders.CODE, "113", "0.13"]]))
    code, doc, err = draft(home, path, "--lines", lines)
    t.ok(code == 0 and doc["results"][0]["gross"] == "226.00", "lines join the only order", doc,
         err)
    code, doc, err = draft(home, home.file("不是表格", "x.xlsx"))
    t.ok(code == 3 and doc["error"]["hint"], "what is no table is refused", err)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    workbook(tap, place)
    faults(tap, place)
    others(tap, place)
