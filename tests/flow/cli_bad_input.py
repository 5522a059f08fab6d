#!/usr/bin/env python3
"""What bad input gets: one sentence, exit 3 (2 for usage), nothing stored, nothing sent."""
import copy
import json
import os

from kp import Home, Sandbox, Tap, invoice


def line(**changes):
    inv = invoice("X-1")
    inv["lines"][0].update(changes)
    return {k: v for k, v in inv.items()}


def without(key):
    inv = invoice("X-1")
    del inv["lines"][0][key]
    return inv


def buyer(**changes):
    inv = invoice("X-1")
    inv["buyer"] = dict(inv["buyer"], **changes)
    return inv


def deep():
    return "[" * 5000 + "]" * 5000


CASES = [
    ("malformed JSON", '{"order_no": "X-1", '),
    ("text after the document", json.dumps(invoice("X-1")) + " x"),
    ("an empty file", ""),
    ("not UTF-8", b'{"order_no":"\xff\xfe"}'),
    ("nested too deep", deep()),
    ("a duplicate key", '{"order_no":"X-1","order_no":"X-2"}'),
    ("a number at the top", "5"),
    ("an empty array", []),
    ("an element that is no object", [invoice("X-0"), 7]),
    ("a workbook", b"PK\x03\x04" + b"\0" * 200),
    ("binary rubbish", os.urandom(4096)),
    ("an unknown key", invoice("X-1", colour="red")),
    ("an unknown key of a line", line(colour="red")),
    ("an unknown key of the buyer", buyer(colour="red")),
    ("a wrong type of a text", invoice("X-1", remark=["a"])),
    ("a wrong type of a flag", invoice("X-1", prices_include_tax="yes")),
    ("lines that are no array", invoice("X-1", lines={"name": "a"})),
    ("an unknown kind", invoice("X-1", kind="paper")),
    ("no lines", invoice("X-1", lines=[])),
    ("no buyer's name", buyer(name="")),
    ("no drawer", invoice("X-1", drawer="")),
    ("an overlong order number", invoice("X" * 500)),
    ("an overlong buyer's name", buyer(name="深" * 301)),
    ("an overlong goods name", line(name="物" * 601)),
    ("an overlong remark", invoice("X-1", remark="备" * 451)),
    ("a control character in a name", buyer(name="深圳\u0007公司")),
    ("an escape sequence in a name", buyer(name="深圳\u001b[31m公司")),
    ("a bidi override in a name", buyer(name="深圳\u202e司公")),
    ("a zero-width character in a tax number", buyer(tax_no="91440300MAKP0A0\u200b11Y")),
    ("a NUL in a name", '{"order_no":"X-1\\u0000"}'),
    ("a blank in a tax number", buyer(tax_no="91440300 MAKP0A011Y")),
    ("a special invoice without the buyer's tax number", dict(buyer(tax_no=""), kind="special")),
    ("a negative quantity", line(quantity="-2")),
    ("a zero quantity", line(quantity="0")),
    ("a negative price", line(price="-1")),
    ("a negative amount", line(amount="-113.00")),
    ("an amount with three decimals", line(amount="113.001")),
    ("quantity, price and amount that disagree", line(amount="200.00")),
    ("neither amount nor price", without("price")),
    ("no rate", without("tax_rate")),
    ("a rate nobody has", line(tax_rate="0.99")),
    ("a rate above one", line(tax_rate="13")),
    ("a stopped rate", line(tax_rate="0.17")),
    ("a tax code of the wrong form", line(tax_code="123")),
    ("a tax code that does not exist", line(tax_code="9999999999999999999")),
    ("a summary code", line(tax_code="1000000000000000000")),
    ("an unknown preference", line(preference="77")),
    ("a 100 % discount", line(discount={"rate": "1"})),
    ("a discount above 100 %", line(discount={"rate": "1.5"})),
    ("a discount of the whole amount", line(discount={"amount": "113.00"})),
    ("a negative discount", line(discount={"amount": "-1.00"})),
    ("both forms of a discount", line(discount={"rate": "0.1", "amount": "1.00"})),
    ("a number that overflows", line(quantity="99999999999999999999", price="99999999999")),
    ("an amount that overflows", line(amount="99999999999999999999.00", quantity="1", price="1")),
    ("a number with an exponent", '{"order_no":"X-1","lines":[{"quantity":1e400}]}'),
    ("a number that is no decimal", line(price="1,000.00")),
    ("a quantity of too many digits", line(quantity="1." + "3" * 30)),
    ("5,001 lines", invoice("X-1", lines=[invoice()["lines"][0]] * 5001)),
    ("one bad invoice among good ones", [invoice("X-1"), invoice("X-2"), line(quantity="-2")]),
]

USAGE = [
    (["nonsense"], "an unknown verb"),
    (["unit"], "a verb without its sub-verb"),
    (["unit", "nonsense"], "an unknown sub-verb"),
    (["blue", "issue"], "a missing file"),
    (["blue", "issue", "a", "b"], "one argument too many"),
    (["blue", "issue", "--nonsense", "a"], "an unknown option"),
    (["numbers", "list", "--limit"], "an option without its value"),
    (["--timeout", "soon", "doctor"], "a timeout that is no number"),
    (["sync"], "sync without saying how"),
    (["numbers", "auto", "maybe"], "neither on nor off"),
]


def snapshot(home, sb):
    return (home.run("invoices", "list")[1]["total"], sb.requests(),
            home.run("numbers", "audit")[1]["free"], home.run("quota", "show")[1]["reserved"])


def main(t, sb, home):
    before = snapshot(home, sb)
    for what, content in CASES:
        path = home.file(content)
        for verb in ("issue", "draft") if "quantity" in what or "JSON" in what else ("issue",):
            code, doc, err = home.run("blue", verb, path)
            lines = err.strip().split("\n")
            error = (doc or {}).get("error", {})
            t.ok(code == 3 and len(lines) == 1 and lines[0].startswith("kaipiao: ")
                 and error.get("class") == "invalid"
                 and error.get("message") and "\x1b" not in err and "\u202e" not in err,
                 "%s: refused with one sentence (%s)" % (what, verb), code, err, doc)
    t.same(snapshot(home, sb), before, "nothing was stored and nothing was sent")
    code, doc, _ = home.run("blue", "issue", os.path.join(home.top, "no-such-file"))
    t.ok(code == 3 and doc["error"]["code"] == "file.missing", "a file that is not there", doc)

    two = copy.deepcopy([invoice("X-1"), invoice("X-2")])
    two[1]["lines"][0]["quantity"] = "-2"
    _, doc, _ = home.run("blue", "issue", home.file(two))
    t.same(doc["error"]["field"], "[1].lines[0].quantity",
           "the field names invoice, line and member")

    for args, what in USAGE:
        code, doc, err = home.run(*args)
        t.ok(code == 2 and err.startswith("kaipiao: ") and doc["error"]["class"] == "usage",
             "usage: " + what, code, err)
    t.same(home.run("doctor", env={"KAIPIAO_NOW": "tomorrow"})[0], 2, "usage: a clock that is none")

    for n in ("0", "-1", "1.5", "1e5", "100001", "", "ten"):
        t.same(home.run("numbers", "claim", n)[0], 3, "numbers claim %r is refused" % n)
    for a in ("0", "-5", "1.001", "abc", "", "99999999999999999999"):
        t.same(home.run("quota", "download", a)[0], 3, "quota download %r is refused" % a)
    t.same(home.run("quota", "return", "99999999.00")[0], 3, "returning more than there is")
    t.same(home.run("quota", "adjust", "2025-13")[0], 3, "an impossible month")
    t.same(home.run("quota", "auto", "on", "--percent", "101")[0], 2, "101 percent")
    t.same(home.run("quota", "auto", "on", "--percent", "0")[0], 2, "0 percent")
    for verb in (["jobs", "show", "x"], ["jobs", "show", "999999"], ["log", "show", "999999"],
                 ["taxcodes", "show", "1"],
                 ["invoices", "show", "nothing"], ["invoices", "retry", "nothing"],
                 ["invoices", "void", "nothing"],
                 ["unit", "show", "nothing"]):
        code, doc, err = home.run(*verb)
        t.ok(code == 3 and doc["error"]["message"], "no such thing: " + " ".join(verb), code, err)
    t.same(snapshot(home, sb), before, "still nothing was stored and nothing was sent")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    main(tap, platform, place)
