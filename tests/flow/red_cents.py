#!/usr/bin/env python3
"""N43: random invoices taken back bit by bit: every part is taken, and they add up to the cent."""
import random
from decimal import Decimal

from kp import Home, Sandbox, Tap, invoice

SEED, INVOICES, STEPS = 20261120, 8, 4
# Goods and services on one invoice: any reason may be.
CODES = (("1090509010000000000", "0.13"), ("3040201010000000000", "0.06"))


def random_line(rnd, n):
    code, rate = CODES[n % 2]
    line = {"name": "项目%d" % n, "tax_code": code, "tax_rate": rate,
            "quantity": "%d.%d" % (rnd.randrange(2, 60), rnd.randrange(10))}
    if rnd.randrange(3):
        line["price"] = "%d.%0*d" % (rnd.randrange(1, 300), rnd.randrange(1, 14), rnd.randrange(10))
    else:  # the price follows from it
        line["amount"] = "%d.%02d" % (rnd.randrange(10, 9000), rnd.randrange(100))
    if rnd.randrange(3) == 0:
        line["discount"] = {"rate": "0.%02d" % rnd.randrange(1, 40)}
    return line


def random_wishes(rnd, reason, lines):
    """A share of what every line began with: the last ones may ask for more than is left."""
    wishes = []
    for i, line in enumerate(lines):
        if rnd.randrange(3) == 0:
            continue
        share = rnd.randrange(1, 6)
        if reason == "04":
            cents = Decimal(line["net"]) * share / 20
            wishes.append({"line": i + 1, "amount": "%.2f" % max(cents, Decimal("0.01"))})
        else:
            wishes.append({"line": i + 1, "quantity": "%.3f" % (Decimal(line["quantity"]) * share
                                                                / 20)})
    return wishes


def take_back(t, home, rnd, number, reasons):
    """Parts, then all that is left: net, tax and number of the red ones; None: one was refused."""
    _, doc, _ = home.run("red", "apply", number, "--role", "seller", "--reason", "04", "--dry-run")
    whole = [{"net": x["net"].lstrip("-"), "quantity": None} for x in doc["lines"]]
    _, shown, _ = home.run("invoices", "show", number)
    for line, from_ in zip(whole, shown["lines"]):
        line["quantity"] = from_["full_quantity"]
    net = tax = Decimal(0)
    reds = 0
    for step in range(STEPS + 1):
        reason = "04" if step == STEPS and len(reasons) > 1 else rnd.choice(reasons)
        more = []
        if step < STEPS:
            wishes = random_wishes(rnd, reason, whole)
            if not wishes:
                continue
            more = ["--lines", home.file(wishes)]
        code, doc, err = home.run("red", "apply", number, "--role", "seller", "--reason", reason,
                                  *more)
        if code == 3 and step < STEPS:
            continue  # more than is left, or less than a cent
        if code:
            t.ok(False, "%s is taken back for reason %s" % (number, reason), doc, err)
            return None
        net += sum(Decimal(x["net"]) for x in doc["lines"])
        tax += sum(Decimal(x["tax"]) for x in doc["lines"])
        code, red, err = home.run("red", "issue", doc["confirmation_no"])
        if code or red["results"][0]["state"] != "issued":
            t.ok(False, "a red invoice for part of %s" % number, red, err)
            return None
        reds += 1
    return (net, tax), shown, reds, red["results"][0]["number"]


def no_pattern(t, home, red, blue):
    """Nothing is made of a red invoice but through its letter."""
    for verb in (("blue", "copy", red), ("templates", "add", "--from", red)):
        code, doc, err = home.run(*verb)
        t.ok(code == 3 and doc["error"]["code"] == "red.copy" and blue in err,
             "%s takes no red one and names the blue" % " ".join(verb[:2]), doc, err)
    _, shown, _ = home.run("invoices", "show", red)
    t.ok(shown["red"] and shown["red_of"]["blue_number"] == blue
         and len(shown["red_of"]["letter_uuid"]) == 32 and shown["lines"][0]["blue_row"] >= 1,
         "a red one says what it takes back", shown)
    for key in ("red", "red_of"):
        code, doc, _ = home.run("blue", "issue", home.file(invoice("R-1", **{key: shown[key]})))
        t.ok(code == 3 and doc["error"]["code"] == "json.unknown_key",
             "an invoice that is read has no %s" % key, doc)


def main():
    rnd = random.Random(SEED)
    with Tap() as t, Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        reds = 0
        for i in range(INVOICES):
            inv = invoice("C-%d" % i, prices_include_tax=bool(i % 2),
                          lines=[random_line(rnd, n) for n in range(2 + rnd.randrange(3))])
            code, doc, err = home.run("blue", "issue", home.file(inv))
            t.ok(code == 0, "an invoice of %d lines is issued" % len(inv["lines"]), err)
            number = doc["results"][0]["number"]
            reasons = (["02"], ["03"], ["04"], ["02", "03", "04"])[i % 4]
            got = take_back(t, home, rnd, number, reasons)
            if not got:
                return
            took, shown, n, last = got
            reds += n
            t.same(took, (-Decimal(shown["net_amount"]), -Decimal(shown["tax_amount"])),
                   "%d red invoices of %s add up to it" % (n, number))
            _, after, _ = home.run("invoices", "show", number)
            t.same(after["reversed"], "whole", "and it is marked")
        t.ok(reds > 2 * INVOICES, "in parts", reds)
        no_pattern(t, home, last, number)
        before = home.run("quota", "show")[1]["unused"]
        home.run("quota", "sync")
        t.same(home.run("quota", "show")[1]["unused"], before, "the quota is the tax side's")


if __name__ == "__main__":
    main()
