#!/usr/bin/env python3
"""A tax number that is known as another buyer's is told of, and issued all the same."""
import os

import orders
from books import tax_no
from kp import Home, Sandbox, Tap, invoice

KNOWN, NUMBER = "深圳市晴川数码贸易有限公司", tax_no(7)


def warned(doc):
    return [w for w in doc.get("warnings", doc.get("rows", []))
            if w["code"] == "buyer.tax_no.other"]


def by_hand(t, home):
    path = home.file(invoice("W-1", buyer={"name": "深圳市晴川贸易有限公司", "tax_no": NUMBER}))
    code, doc, err = home.run("blue", "check", path)
    got = warned(doc)
    t.ok(code == 0 and len(got) == 1 and got[0]["field"] == "buyer.tax_no"
         and got[0]["level"] == "warning" and KNOWN in got[0]["message"]
         and "核对" in got[0]["message"], "blue check names the known buyer", doc, err)
    code, out, err = home.run("blue", "issue", path, json_out=False)
    t.ok(code == 0 and KNOWN in err and KNOWN not in out and "提醒" in err,
         "blue issue says it on standard error, and issues", out, err)
    for what, buyer in (("his own", {"name": KNOWN, "tax_no": NUMBER}),
                        ("nobody's", {"name": "某公司", "tax_no": tax_no(8)}),
                        ("none", {"name": "某公司"})):
        code, doc, err = home.run("blue", "check", home.file(invoice("W-2", buyer=buyer)))
        t.ok(code == 0 and not warned(doc), "%s: nothing is said" % what, doc, err)


def batch(t, home):
    path = orders.book(os.path.join(home.top, "a.xlsx"), [
        orders.head("B1", 购买方名称="深圳晴川数码公司", 购买方纳税人识别号=NUMBER),
        orders.head("B2", 购买方名称=KNOWN, 购买方纳税人识别号=NUMBER),
        orders.head("B3", 购买方名称="没见过的公司", 购买方纳税人识别号=""),
        orders.head("B4", 购买方名称=KNOWN, 购买方纳税人识别号=""),
        orders.head("B5", 购买方名称="没见过的人", 购买方纳税人识别号="", 受票方自然人标识="是")],
        [orders.line("B%d" % i) for i in range(1, 6)])
    code, doc, err = home.run("batch", "add", path)
    notes = {f["order_no"]: f for f in doc["faults"] if f["warning"]}
    t.ok(code == 0 and (doc["bad"], sorted(notes)) == (0, ["B1", "B3"]), "two orders have a note",
         doc, err)
    t.ok(KNOWN in notes["B1"]["text"] and notes["B1"]["column"] == "购买方纳税人识别号"
         and notes["B1"]["value"] == NUMBER, "the number is another's: column and value",
         notes["B1"])
    t.ok("没见过的公司" in notes["B3"]["text"] and notes["B3"]["column"] == "购买方名称"
         and "税号" in notes["B3"]["text"], "nobody of that name, and no number", notes["B3"])
    rows = {r["order_no"]: r for r in home.run("batch", "show", doc["batch"])[1]["rows"]}
    t.ok(KNOWN in (rows["B1"]["reason"] or "") and rows["B1"]["state"] == "ready",
         "the note stays with the order", rows["B1"])


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        home.run("buyers", "add", "--name", KNOWN, "--tax-no", NUMBER, check=0)
        by_hand(t, home)
        batch(t, home)


main()
