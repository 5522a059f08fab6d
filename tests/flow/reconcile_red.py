#!/usr/bin/env python3
"""对账 of months with red invoices: what we reversed ourselves is no difference, what others
reversed is one."""
import datetime

from kp import Home, Sandbox, Tap, invoice

MONTH = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).strftime("%Y-%m")


def line(name="打印机", quantity="4", price="100.00"):
    return {"name": name, "tax_code": "1090509010000000000", "unit": "台", "quantity": quantity,
            "price": price, "tax_rate": "0.13"}


def issue(home, *orders):
    """Numbers of new blue invoices, by order number."""
    made = [invoice(o, prices_include_tax=False, lines=[line()]) for o in orders]
    _, doc, _ = home.run("blue", "issue", home.file(made), check=0)
    return {r["order_no"]: r["number"] for r in doc["results"]}


def reverse(home, blue, quantity=None):
    """A red invoice for all of it, or for so many pieces; its number."""
    more = [] if quantity is None else ["--lines", home.file([{"line": 1, "quantity": quantity}])]
    reason = "01" if quantity is None else "02"
    _, doc, _ = home.run("red", "apply", blue, "--role", "seller", "--reason", reason,
                         *more, check=0)
    _, doc, _ = home.run("red", "issue", doc["confirmation_no"], check=0)
    return doc["results"][0]["number"]


def differences(home, *more):
    code, doc, err = home.run("reconcile", MONTH, *more)
    return code, {d["number"]: d for d in doc["differences"]}, err


def ours(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        home.quick(recon_wait_ms=150, recon_pace_ms=0)
        n = issue(home, "A-1", "A-2", "A-3", "A-4")
        reverse(home, n["A-1"])
        reverse(home, n["A-2"], "1")
        code, found, err = differences(home, "--full")
        t.ok(code == 0 and not found, "our own reversals, whole and partial, are the same there",
             found, err)
        # Somebody else reversed these: one that stands here, one of which we took a part.
        sb.post("/invoice", {"do": "state", "number": n["A-3"], "fpzt": "8"})
        sb.post("/invoice", {"do": "state", "number": n["A-2"], "fpzt": "8"})
        sb.post("/invoice", {"do": "state", "number": n["A-4"], "fpzt": "2"})
        code, found, err = differences(home, "--full", "--one-by-one")
        t.ok(code == 3 and sorted(found) == sorted([n["A-2"], n["A-3"], n["A-4"]])
             and all(d["kind"] == "state" for d in found.values()), "others' are differences",
             found, err)
        t.ok("部分红冲" in found[n["A-2"]]["ours"] and "全额冲红" in found[n["A-2"]]["theirs"],
             "either side says how much is reversed", found[n["A-2"]])


def meanwhile(t):
    """A red invoice of ours that the tax side has made and we have no answer of yet."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        home.quick(recon_wait_ms=150, recon_pace_ms=0)
        n = issue(home, "C-1", "C-2")
        home.quick(recon_wait_ms=150, recon_pace_ms=0, poll_first_ms=60000, poll_max_ms=60000)
        sb.faults(keep_processing={"value": 1000})
        for blue in (n["C-1"], n["C-2"]):
            _, doc, _ = home.run("red", "apply", blue, "--role", "seller", "--reason", "01",
                                 check=0)
            code, doc, err = home.run("--timeout", "1", "red", "issue", doc["confirmation_no"])
            t.ok(code == 6 or code == 5, "the red one has no answer yet", code, err)
            sb.post("/invoice", {"do": "state", "number": blue, "fpzt": "8"})
        shown = home.run("invoices", "show", n["C-1"])[1]
        t.ok(not shown.get("reversed") or shown["reversed"] == "no", "not reversed here", shown)
        _, found, err = differences(home, "--full", "--one-by-one")
        t.ok(not [d for d in found.values() if d["kind"] != "figures"],
             "what is being reversed from here is no difference but for the sums", found, err)


def theirs(t):
    """A list tells no states: a red invoice of another channel for one of ours shows by itself."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        home.quick(recon_wait_ms=150, recon_pace_ms=0)
        n = issue(home, "B-1", "B-2")
        reverse(home, n["B-2"])
        sb.post("/invoice", {"do": "add", "number": "26449999000000000009", "fppz": "02",
                             "tax_no": sb.using["tax_no"], "hjje": "-100.00", "hjse": "-13.00",
                             "jshj": "-113.00", "dylzfphm": n["B-1"]})
        code, found, err = differences(home)
        t.ok(code == 3 and list(found) == [n["B-1"]] and found[n["B-1"]]["kind"] == "state"
             and "26449999000000000009" in found[n["B-1"]]["theirs"],
             "the blue one is a difference, our own reversal is none", found, err)


with Tap() as tap:
    ours(tap)
    meanwhile(tap)
    theirs(tap)
