#!/usr/bin/env python3
"""Red letters for invoices that this home did not issue: from their XML or JSON, hostile files."""
import os

from kp import Home, Sandbox, Tap, invoice

GOODS = "1090509010000000000"


def line(name, quantity, price, **more):
    return dict({"name": name, "tax_code": GOODS, "unit": "台", "quantity": quantity,
                 "price": price, "tax_rate": "0.13"}, **more)


def issued(home, order, **changes):
    """Number and XML of a new blue invoice."""
    doc = home.run("blue", "issue", home.file(invoice(order, prices_include_tax=False,
                                                      **changes)), check=0)[1]
    number = doc["results"][0]["number"]
    path = os.path.join(home.top, "given.xml")
    home.run("invoices", "file", number, "--format", "xml", "-o", path, check=0)
    with open(path, encoding="utf-8") as f:
        return number, f.read()


def apply(home, number, text, *more, reason="02"):
    return home.run("red", "apply", number, "--role", "seller", "--reason", reason, "--blue",
                    home.file(text), *more)


def from_xml(t, sb):
    with Home() as home, Home() as other:
        home.setup(sb)
        number, text = issued(home, "X-1", kind="special", lines=[
            line("打印机", "3", "33.333333"),
            line("机箱", "2", "100.00", discount={"amount": "20.00"}), line("网线", "7", "1.11")])
        mine = home.run("red", "apply", number, "--role", "seller", "--reason", "02", "--dry-run",
                        check=0)[1]
        other.setup(sb)
        code, doc, err = apply(other, number, text, "--dry-run")
        t.ok(code == 0, "the XML of an invoice issued elsewhere is enough", err)
        t.same([(x["blue_row"], x["quantity"], x["net"], x["tax"]) for x in doc.get("lines", [])],
               [(x["blue_row"], x["quantity"], x["net"], x["tax"]) for x in mine["lines"]],
               "the same lines as where it was issued, discount and all")
        code, doc, err = apply(other, number, text)
        t.ok(code == 0 and doc["state"] == "01", "and the tax side takes it", doc, err)


def hostile(t, sb):
    with Home() as home:
        home.setup(sb)
        number, text = issued(home, "X-2", lines=[line("打印机", "3", "100.00")])
        entities = ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><EInvoice>'
                    "<EIid>&b;</EIid></EInvoice>")
        for what, bad in (("no end", text[:len(text) // 2]), ("entities", entities),
                          ("nothing", "<a/>"), ("no XML", "<<<<"),
                          ("deep", "<a>" * 100000),
                          ("red", text.replace(">Y<", ">N<", 1)),
                          ("no amount", text.replace("<Amount>300.00</Amount>", "")),
                          ("another number", text.replace(number, "2" * 20)),
                          ("not JSON", "{"), ("a list", "[]"),
                          ("no date", '{"number":"%s","lines":[]}' % number)):
            code, doc, err = apply(home, number, bad)
            t.ok(code == 3 and doc["error"]["message"], "refused with a sentence: %s" % what,
                 code, err)
        t.same(sb.get("/red?limit=1")["calls"].get("QDHZQRDSQ", 0), 1, "nothing of it was sent")


with Tap() as tap, Sandbox(result_delay=0) as sandbox:
    from_xml(tap, sandbox)
    hostile(tap, sandbox)
