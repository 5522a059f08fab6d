#!/usr/bin/env python3
"""Orders of a batch and invoices from elsewhere: states, sums, what is nothing to start."""
import os

import books
from kp import BASE, Home, Sandbox, Tap, invoice
from orders import book, head, line


def add(home, name, heads, lines, *more, check=0):
    return home.run("batch", "add", book(os.path.join(home.top, name), heads, lines), *more,
                    check=check)


def shown(home, batch):
    doc = home.run("batch", "show", batch, check=0)[1]
    return doc, {r["order_no"]: r for r in doc["rows"]}


def elsewhere(t, home):
    """Issued by hand with other sums, mended by hand, repeated: the figures are the invoices'."""
    batch = add(home, "a.xlsx", [head("A1"), head("A2"), head("A3", 特定业务类型="x"), head("A4")],
                [line("A1"), line("A2"), line("A3"), line("A4")])[1]["batch"]
    big = [dict(BASE["lines"][0], quantity="1", price="10000", amount=None)]
    big = [{k: v for k, v in big[0].items() if v is not None}]
    home.run("blue", "issue", home.file(invoice("A1", lines=big)), check=0)
    one = home.run("invoices", "show", "A1")[1]
    home.run("blue", "issue", home.file(invoice("A3")), check=0)
    three = home.run("invoices", "show", "A3")[1]
    home.run("blue", "issue", home.file(invoice("A4", lines=big)), check=0)
    home.run("batch", "start", batch, check=0)
    doc, rows = shown(home, batch)
    t.ok(rows["A1"]["gross"] == one["gross_amount"] != "113.00" and "不同" in rows["A1"]["reason"],
         "issued by hand: its sums, and that they differ", rows["A1"], one["gross_amount"])
    t.same((rows["A3"]["gross"], rows["A3"]["reason"]), (three["gross_amount"], None),
           "a bad one that was mended has sums")
    t.same((rows["A2"]["gross"], rows["A2"]["reason"]), ("113.00", None), "its own stay")
    cents = sum(int(r["gross"].replace(".", "")) for r in rows.values())
    t.same(doc["gross"].replace(".", ""), str(cents), "the batch is the sum of its orders")
    out = os.path.join(home.top, "r.xlsx")
    home.run("batch", "result", batch, "-o", out, check=0)
    table = books.cells(out)
    t.same([float(r[-1]) for r in table[1:]],
           [float(rows[n]["gross"]) for n in ("A1", "A2", "A3", "A4")],
           "the workbook of results, too")
    again = add(home, "a2.xlsx", [head("A2")], [line("A2", 金额="99")])[1]["batch"]
    doc, rows = shown(home, again)
    t.ok(rows["A2"]["gross"] == doc["gross"] == "113.00" and rows["A2"]["state"] == "repeat",
         "a repeat counts what was issued", rows)
    t.same(doc["state"], "done", "and leaves nothing to start")
    code, doc, _ = home.run("batch", "start", again)
    t.same((code, doc["error"]["code"]), (3, "batch.empty"), "which is said")


def nothing_left(t, home):
    batch = add(home, "n.xlsx", [head("N1")], [line("N1")])[1]["batch"]
    home.run("blue", "issue", home.file(invoice("N1")), check=0)
    t.same(shown(home, batch)[0]["state"], "done", "its only order was issued elsewhere: done")
    total = home.run("batch", "list")[1]["total"]
    code, doc, err = add(home, "s.xlsx", [head("S1"), head("S2", 特定业务类型="x")],
                         [line("S1"), line("S2")], "--strict", check=None)
    t.ok(code == 3 and not doc["batch"] and home.run("batch", "list")[1]["total"] == total,
         "strict with a fault stores nothing", doc, err)
    code, doc, err = home.run("batch", "add", "-", input="{}")
    t.same((code, home.run("batch", "list", "--state", "checked")[1]["total"]), (3, 0),
           "what has only faults waits for nobody")


def failed(t, sb, home):
    sb.faults(fail_result={"text": "购方有误"})
    first = add(home, "f.xlsx", [head("F1"), head("F2")], [line("F1"), line("F2")])[1]["batch"]
    home.run("batch", "start", first)
    sb.faults()
    home.run("invoices", "void", "F2", check=0)
    code, doc, err = home.run("batch", "add", os.path.join(home.top, "f.xlsx"), json_out=False)
    again = home.run("batch", "list")[1]["rows"][0]["id"]
    batch, rows = shown(home, again)
    t.ok(rows["F1"]["state"] == "failed" and "购方有误" in rows["F1"]["reason"]
         and "重试" in rows["F1"]["reason"], "what failed is not 已开过", rows["F1"], doc)
    t.ok(rows["F2"]["state"] == "bad" and "作废" in rows["F2"]["reason"]
         and "换一个流水号" in rows["F2"]["reason"], "nor what is void", rows["F2"])
    t.same((batch["state"], batch["failed"], batch["bad"]), ("done", 1, 1), "the counts say so")
    home.run("invoices", "retry", "F1", check=0)
    home.run("sync", "--once")
    batch, rows = shown(home, again)
    t.same((rows["F1"]["state"], batch["issued"], batch["failed"]), ("issued", 1, 0),
           "tried again, both batches know")
    t.same(shown(home, first)[1]["F1"]["state"], "issued", "the first, too")


def draft(t, home):
    home.run("blue", "draft", home.file(invoice("D1", remark="改了很久")), check=0)
    doc = add(home, "d.xlsx", [head("D1")], [line("D1")])[1]
    t.ok(doc["ready"] == 1 and doc["warned"] and "草稿" in doc["faults"][0]["text"],
         "a draft that will give way is told", doc)


def quota_of_one(t, home):
    """One order that needs more quota than there is does not hold the others."""
    home.run("quota", "auto", "off", check=0)
    home.run("numbers", "auto", "off", check=0)
    home.run("quota", "return", home.run("quota", "show")[1]["usable"], check=0)
    before = float(home.run("quota", "show")[1]["available"])
    home.run("quota", "download", "300.00", check=0)
    heads = [head("Q%d" % i) for i in range(1, 5)]
    batch = add(home, "q.xlsx", heads, [line("Q1", 金额="113000"), line("Q2"),
                                        line("Q3", 金额="1130"), line("Q4")])[1]["batch"]
    plan = shown(home, batch)[0]["plan"]
    t.ok("100,900.00" in plan["lack"] and "quota download 100900.00" in plan["lack_hint"]
         and plan["blocked"] is None, "the plan says what will not last", plan)
    figures = home.run("quota", "show")[1]
    more = figures["available"]
    t.ok(plan["quota_more"] == more and float(more.replace(",", "")) > 100900
         and figures["usable"] == "300.00" and abs(before - 300 - float(more)) < 0.001,
         "and what the tax side still gives: asked after the download", plan, figures)
    sums = "%.2f" % (float(more) * 1.13 + 1000)
    beyond = add(home, "b.xlsx", [head("Z1")], [line("Z1", 金额=sums)])[1]["batch"]
    plan = shown(home, beyond)[0]["plan"]
    t.ok("税局本月只能再下载" in plan["lack"] and "quota download" not in plan["lack_hint"]
         and "电子税务局" in plan["lack_hint"], "more than that is told as such", plan)
    code, doc, err = home.run("batch", "start", batch)
    rows = shown(home, batch)[1]
    t.same([rows["Q%d" % i]["state"] for i in range(1, 5)], ["ready", "issued", "ready", "issued"],
           "those that fit are issued", doc, err)
    t.ok(code == 3 and doc["state"] == "paused" and "quota download 100900.00" in doc["hint"],
         "then it waits, for what is short", doc)
    code, doc, err = home.run("batch", "skip", batch, 1, 2)
    rows = shown(home, batch)[1]
    t.ok(code == 3 and "第 2 张" in err and rows["Q1"]["state"] == "skipped"
         and rows["Q2"]["state"] == "issued", "one is left out, the other told", err, rows)
    home.run("quota", "download", "1000.00", check=0)
    t.same(home.run("batch", "resume", batch)[1]["issued"], 3, "and the rest goes on")
    code, doc, err = home.run("batch", "unskip", batch, 1)
    t.same(code, 3, "a batch at its end stays as it is", doc)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    elsewhere(tap, place)
    nothing_left(tap, place)
    failed(tap, platform, place)
    draft(tap, place)
    quota_of_one(tap, place)
