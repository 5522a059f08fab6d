#!/usr/bin/env python3
"""Invoices whose lines name goods of the catalogue instead of saying what they are."""
from kp import Home, Sandbox, Tap, invoice

CODE = "1090509010000000000"


def order(number, *lines, **changes):
    return invoice(number, lines=list(lines), **changes)


def main(t, sb, home):
    code, doc, err = home.run("goods", "add", "--name", "笔记本电脑", "--tax-code", CODE, "--spec",
                              "X1", "--unit", "台", "--price", "1000", "--inclusive", "no",
                              "--rate", "13%", "--mnemonic", "BJB")
    t.ok(code == 0, "goods are entered", doc, err)
    for spec, price in (("大", "20"), ("小", "10")):
        home.run("goods", "add", "--name", "鼠标", "--tax-code", CODE, "--spec", spec, "--price",
                 price, "--inclusive", "yes", "--rate", "0.13", "--keep-twin", check=0)

    one = order("A-1", {"goods": "BJB", "quantity": "2"},
                {"goods": "#%d" % doc["id"], "name": "电脑", "amount": "113"})
    code, got, err = home.run("blue", "check", home.file(one))
    t.same(code, 0, "check takes them", got, err)
    code, got, err = home.run("blue", "issue", home.file(one))
    t.ok(code == 0 and got["results"][0]["state"] == "issued", "an invoice of goods is issued", got,
         err)
    shown = home.run("invoices", "show", "A-1")[1]
    first, second = shown["lines"]
    t.ok(first["name"] == "笔记本电脑" and first["tax_code"] == CODE and first["spec"] == "X1"
         and first["unit"] == "台" and first["tax_rate"] == "0.13", "the line says what they are",
         first)
    t.ok(first["price"] == "1130" and shown["gross_amount"] == "2373.00",
         "the price without tax becomes one with tax", first, shown["gross_amount"])
    t.ok(second["name"] == "电脑" and second["amount"] == "113.00" and "price" not in second,
         "what the line says itself stands", second)
    t.ok(first["goods"] == "", "the reference is not kept", first)
    t.same(home.run("goods", "show", "BJB")[1]["uses"], 1, "the use is counted")

    before = sb.requests()
    for line, word, what in (({"goods": "键盘", "quantity": "1"}, "goods.unknown", "unknown goods"),
                             ({"goods": "鼠标", "quantity": "1"}, "goods.several", "a name of two")):
        for verb in ("issue", "draft", "check"):
            code, got, err = home.run("blue", verb, home.file(order("B-1", line)))
            t.ok(code == 3 and got["error"]["code"] == word and got["error"]["hint"]
                 and got["error"]["field"] == "lines[0].goods",
                 "%s: %s is refused by its field" % (verb, what), got)
    got = home.run("blue", "check", home.file(order("B-1", {"goods": "键盘", "quantity": "1"})))[1]
    t.same([f["field"] for f in got["rows"]], ["lines[0].goods"],
           "check names nothing that the goods would have brought")
    many = [order("B-1", {"goods": "BJB", "quantity": "1"}),
            order("B-2", {"goods": "键盘", "quantity": "1"})]
    code, got, err = home.run("blue", "issue", home.file(many))
    t.ok(code == 3 and got["error"]["field"] == "[1].lines[0].goods", "in an array by its place",
         got)
    t.same(home.run("invoices", "list")[1]["total"], 1, "nothing of it was stored")
    t.same(sb.requests(), before, "and the tax side was asked nothing")

    home.run("goods", "remove", "BJB", check=0)
    code, got, err = home.run("blue", "issue", home.file(one))
    t.ok(code == 0 and got["results"][0]["number"] == shown["number"],
         "a repeat is answered although the goods are gone", got, err)
    code, got, err = home.run("blue", "draft", home.file(order("C-1", {"goods": "#2", "quantity":
                                                                       "3"})))
    t.ok(code == 0 and got["results"][0]["state"] == "draft", "a draft takes goods by number", got,
         err)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    main(tap, platform, place)
