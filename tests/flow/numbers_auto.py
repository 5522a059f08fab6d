#!/usr/bin/env python3
"""自动领购 (G15): one rule for the engine and for who is about to issue, one claim whoever asks."""
from kp import Home, Sandbox, Tap, invoice


def segments(sb):
    return [s["count"] for s in sb.get("/segments?env=正式&seller=" + sb.using["tax_no"])["rows"]]


def at_once(home, *commands):
    """Runs commands at the same time; their exit codes."""
    running = [home.start(*c) for c in commands]
    return [(p.communicate(timeout=90), p.returncode)[1] for p in running]


def below_the_mark(t):
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=10)
        t.same(home.run("numbers", "auto")[1]["on"], True, "G15 on by default")
        home.run("numbers", "auto", "on", "--below", "10", "--claim", "100", check=0)
        home.run("sync", "--once", check=0)
        t.same(segments(sb), [10], "G15 stock 10, mark 10: nothing")
        home.run("blue", "issue", home.file(invoice("N-1")), check=0)
        codes = at_once(home, *[["sync", "--once"]] * 3)
        t.same([codes, segments(sb)], [[0, 0, 0], [10, 100]],
               "G15 stock 9, mark 10: one claim, though three processes look")
        t.same(home.run("numbers", "list")[1]["stock"], 109, "and the stock has it")
        row = home.run("numbers", "claims", "--limit", "1")[1]["rows"][0]
        t.ok(row["by"] == "自动领购" and row["asked"] == 100 and row["state"] == "done",
             "the claim says that nobody asked", row)
        home.run("numbers", "auto", "off", check=0)
        home.run("numbers", "auto", "on", "--below", "1000", check=0)
        home.run("numbers", "auto", "off", check=0)
        home.run("sync", "--once", check=0)
        t.same(len(segments(sb)), 2, "G15 switched off: nothing")


def before_issuing(t):
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=2)
        home.run("numbers", "auto", "on", "--below", "1", "--claim", "50", check=0)
        five = home.file([invoice("B-%d" % i) for i in range(5)])
        code, doc, err = home.run("blue", "issue", five)
        t.ok(code == 0 and all(r["state"] == "issued" for r in doc["results"]),
             "G15 five orders, stock 2: they are issued", doc, err)
        t.same(segments(sb), [2, 50], "after one claim")
        left = home.run("numbers", "list")[1]["stock"]
        many = [home.file([invoice("M%d-%d" % (k, i)) for i in range(30)]) for k in range(2)]
        codes = at_once(home, *[["blue", "issue", m] for m in many])
        t.ok(codes == [0, 0] and segments(sb) == [2, 50, 50],
             "two issue 30 each with %d in stock: one more claim" % left, codes, segments(sb))
        t.ok(home.audit_clean(), "every number is explained")


def first_numbers(t):
    """Acceptance: the first numbers come when somebody issues, or says so; not while the unit is
    being set up (领购份数 0 is 暂不领购)."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=0)
        home.run("param", "set", "engine", "calendar", "1", check=0)
        t.same(at_once(home, *[["sync", "--once"]] * 2), [0, 0], "two engines at once")
        t.same([segments(sb), home.run("numbers", "list")[1]["stock"]], [[], 0],
               "G15 nobody asked for the first ones: none are claimed")
        rows = home.run("health")[1]["findings"]
        t.ok(not [r for r in rows if r["check"] == "numbers"], "and nothing is wrong with that",
             rows)
        code, doc, err = home.run("blue", "issue", home.file(invoice("E-1")))
        t.ok(code == 0 and segments(sb)[:1] == [1], "G15 stock 0: one is claimed and issued with",
             err, segments(sb))
        home.run("sync", "--once", check=0)
        t.same([segments(sb), home.run("numbers", "list")[1]["stock"]], [[1, 1], 1],
               "G15 and from then on by itself")
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=0)
        home.run("param", "set", "engine", "calendar", "1", check=0)
        home.run("numbers", "auto", "on", "--claim", "20", check=0)
        t.same(at_once(home, *[["sync", "--once"]] * 2), [0, 0], "two engines at once")
        t.same(segments(sb), [20], "G15 switched on by a person: claimed, once")


with Tap() as tap:
    below_the_mark(tap)
    before_issuing(tap)
    first_numbers(tap)
