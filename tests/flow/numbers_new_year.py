#!/usr/bin/env python3
"""New Year's night, when the clocks differ (G15, G19, N10): the tax side's year decides what a
number is; at most one claim is made for what cannot be used, and it is said why."""
from kp import Home, Sandbox, Tap, invoice

OLD, NEW = "2025-12-31T23:40:00+08:00", "2026-01-01T00:00:10+08:00"
LATER = "2026-01-01T00:21:00+08:00"


def claims(sb):
    return sb.requests("QDFPPLFM")


def lab(sb, home, here, theirs):
    sb.post("/clock", {"now": theirs})
    home.env["KAIPIAO_NOW"] = here


def states(home):
    """What the list says of the segments of each year."""
    found = {}
    for r in home.run("numbers", "list", "--limit", "100", check=0)[1]["rows"]:
        found.setdefault("20" + r["first"][:2], set()).add(r["state"])
    return found


def ahead(t):
    """Ours is 20 minutes ahead: they still give numbers of the old year."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        lab(sb, home, OLD, OLD)
        home.setup(sb)
        home.run("numbers", "auto", "on", "--claim", "20000", check=0)
        lab(sb, home, NEW, OLD)
        for _ in range(3):
            home.run("sync", "--once", check=0)
        t.same(claims(sb), 2, "G12, G15 of a claim in four pieces the first one is enough, though"
               " three engines look")
        jobs = [j for j in home.run("jobs", "list")[1]["rows"] if j["kind"] == "numbers.claim"]
        t.ok([j["state"] for j in jobs].count("failed") == 4 and "2025 年的号码" in str(jobs[0]),
             "all end with a sentence about the clocks", jobs)
        before = claims(sb)
        code, _, err = home.run("blue", "issue", home.file(invoice("Y-1")))
        t.ok(code and "2025 年的号码" in err and "时钟" in err, "issuing names the clocks", err)
        t.ok(claims(sb) - before <= 1, "and has asked once at most", claims(sb) - before)
        t.ok(home.audit_clean(), "every number is explained")
        t.same(states(home)["2025"], {"open"}, "with them it is the old year yet")
        lab(sb, home, LATER, LATER)
        before = claims(sb)
        code, doc, err = home.run("blue", "issue", home.file(invoice("Y-1")))
        t.ok(code == 0 and doc["results"][0]["number"].startswith("26"),
             "once both are in the new year it is issued, under a number of that year", doc, err)
        t.same(claims(sb) - before, 4, "after the pieces that were left")
        home.run("sync", "--once", check=0)
        t.same(states(home)["2025"], {"expired"}, "G19: what was booked late of it is no stock")
        t.ok(home.audit_clean(), "every number is explained")


def behind(t):
    """Ours is behind: numbers of the new year come early, and wait."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        lab(sb, home, OLD, OLD)
        home.setup(sb, numbers=10)
        home.run("numbers", "auto", "on", "--below", "50", "--claim", "50", check=0)
        lab(sb, home, OLD, NEW)
        for _ in range(3):
            home.run("sync", "--once", check=0)
        t.same(claims(sb), 2, "one claim")
        lab(sb, home, "2026-01-01T00:10:00+08:00", "2026-01-01T00:30:00+08:00")
        home.run("sync", "--once", check=0)
        t.same([claims(sb), home.run("numbers", "list")[1]["stock"]], [2, 50],
               "its numbers are the stock of the new year")


with Tap() as tap:
    ahead(tap)
    behind(tap)
