#!/usr/bin/env python3
"""The calendar of 62 days in each channel, and a machine that keeps it: off at chosen days, its
clock set back.

GENERATE=1 writes the golden files anew; what they say is checked against the rules as the table of
days has them, told here a second time."""
import datetime
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap, ROOT, side_by_side  # noqa: E402

CHANNELS = {"leqi": "乐企", "portal": "电子税局", "cert": "软证书", "disk": "税盘"}
START, DAYS = datetime.date(2025, 1, 1), 62
FIXTURES = os.path.join(ROOT, "tests", "fixtures", "calendar")


def day(n):
    return START + datetime.timedelta(n)


# ---- the plan ------------------------------------------------------------------------------------
def plan(home, channel):
    """Lines of 62 days, as the verb prints them."""
    end, lines = day(DAYS).isoformat(), []
    for month in ("2025-01", "2025-02", "2025-03"):
        doc = home.run("jobs", "plan", "--month", month, "--channel", channel, check=0)[1]
        for r in doc["rows"]:
            if r["date"] < end:
                lines.append(" ".join([r["date"], r["time"], r["rule"], r["from"] or "-",
                                       r["to"] or "-", r["until"], r["state"]]))
    return lines


def last_day(d):
    return (d + datetime.timedelta(1)).month != d.month


def expected(d, channel):
    """The table of days, by hand: the rules of one day."""
    leqi, want = channel == "leqi", []
    if leqi:
        want += ["quota.interval", "codes.daily", "taxpayer.daily", "safety.daily",
                 "collect.increment"]
        want += ["collect.risks"] * 2
        want += ["numbers.expire"] if (d.month, d.day) == (1, 1) else []
        want += {1: ["quota.month", "summary.make", "collect.open"], 12: ["summary.confirm"],
                 13: ["summary.look"]}.get(d.day, [])
    want += {2: ["collect.sales"], 6: ["collect.purchases"]}.get(d.day, [])
    if channel in ("leqi", "portal"):
        want += {10: ["collect.again"], 12: ["collect.check"]}.get(d.day, [])
    else:
        want += ["collect.both"] if d.day == 12 else []
    if channel in ("leqi", "cert"):
        want += ["collect.current"] if d.day in (6, 12, 18, 24) or last_day(d) else []
    else:
        want += ["collect.thirds"] if d.day > 1 and d.day % 3 == 1 else []
    want += {"portal": ["collect.states"], "cert": ["collect.deducted"],
             "disk": ["collect.picked"]}.get(channel, [])
    return sorted(want)


def plans(t, home):
    for channel, label in CHANNELS.items():
        lines = plan(home, channel)
        path = os.path.join(FIXTURES, channel + ".txt")
        if os.environ.get("GENERATE"):
            with open(path, "w") as f:
                f.write("\n".join(lines) + "\n")
        with open(path) as f:
            golden = f.read().splitlines()
        t.ok(lines == golden, label + ": the plan of 62 days", set(lines) ^ set(golden))
        wrong = []
        for n in range(DAYS):
            d = day(n).isoformat()
            got = sorted(line.split()[2] for line in lines if line.startswith(d))
            if got != expected(day(n), channel):
                wrong.append((d, got))
        t.same(wrong, [], label + ": each day has what the table of days says")
        done = {line.split()[2] for line in lines if line.split()[6] == "planned"}
        t.ok(bool(done) == (channel == "leqi") and not {r for r in done if "collect" in r},
             label + ": what the engine does, and so can miss", done)
    leap = home.run("jobs", "plan", "--month", "2024-02", check=0)[1]["rows"]
    t.ok(any(r["date"] == "2024-02-29" and r["rule"] == "collect.current" for r in leap),
         "29 February is a last day")
    spans = {(r["rule"], r["date"]): (r["from"], r["to"]) for r in
             home.run("jobs", "plan", "--month", "2025-01", check=0)[1]["rows"]}
    t.same(spans["collect.increment", "2025-01-07"], ("2025-01-03", "2025-01-06"),
           "the night of the 7th asks for four days")
    t.same(spans["collect.risks", "2025-01-11"], ("2025-01-08", "2025-01-10"), "risks: three")
    t.same(spans["collect.open", "2025-01-01"], ("2024-10-01", "2024-12-31"), "three months")
    t.same(spans["collect.check", "2025-01-12"], ("2024-11-01", "2024-11-30"),
           "the month before last, over the end of the year")
    for args in (("--month", "2025-13"), ("--month", "202501"), ("--channel", "x")):
        t.ok(home.run("jobs", "plan", *args)[0] in (2, 3), "refused: %s" % (args,))
    states = {r["rule"]: r["state"] for r in
              home.run("jobs", "plan", "--month", "2025-01", check=0)[1]["rows"]}
    t.ok((states["quota.month"], states["collect.open"], states["collect.again"])
         == ("planned", "absent", "off")
         and {states["summary." + w] for w in ("make", "confirm", "look")} == {"planned"},
         "what is done, what is not there, what is off", states)
    home.run("param", "set", "rim_download", "open_replenish_last_month", "1", check=0)
    states = {r["rule"]: r["state"] for r in
              home.run("jobs", "plan", "--month", "2025-01", check=0)[1]["rows"]}
    t.same(states["collect.again"], "absent", "asked for by the parameter")
    home.run("param", "set", "rim_download", "open_replenish_last_month", "0", check=0)


# ---- a machine that keeps it ---------------------------------------------------------------------
def once(sb, home, when):
    sb.post("/clock", {"now": when})
    home.env["KAIPIAO_NOW"] = when
    home.run("sync", "--once", check=0)


def runs(home, rule):
    rows = home.run("jobs", "runs", "--rule", rule, "--state", "done", "--limit", "1000",
                    check=0)[1]["rows"]
    return {r["slot"]: r for r in rows}


def calls(sb):
    return {s: sb.requests(s) for s in ("XZTHSXED", "CXSSFLBM", "CXNSRFXXX", "CXSXED")}


def machine(t):
    off = {day(n).isoformat() for n in range(DAYS)} & {
        "2025-01-02", "2025-01-12", "2025-01-13", "2025-01-14", "2025-02-01", "2025-02-02",
        "2025-02-12", "2025-03-01"}
    first = "2024-12-30T10:00:00+08:00"
    with Sandbox(now=first) as sb, Home(now=first) as home:
        home.setup(sb, numbers=20, quota="5000.00")
        home.run("param", "set", "engine", "calendar", "1", check=0)
        on = [day(n).isoformat() for n in range(DAYS) if day(n).isoformat() not in off]
        for d in on:
            once(sb, home, d + "T08:00:00+08:00")
        months = runs(home, "quota.month")
        t.same(sorted(months), ["2025-01-01", "2025-02-01", "2025-03-01"],
               "each month's quota was downloaded")
        t.same([months[m]["late"] for m in sorted(months)], [False, True, True],
               "February's and March's on a later day")
        t.same(sb.requests("XZTHSXED"), 1 + 3, "once a month (and once by hand before)")
        t.same(sorted(runs(home, "taxpayer.daily")), on, "risk: every day the machine was on")
        t.same(sorted(runs(home, "codes.daily")), on, "tax codes the same")
        t.same(sorted(runs(home, "numbers.expire")), ["2025-01-01"], "old numbers, once a year")
        made = runs(home, "summary.make")
        t.same([(m, made[m]["late"]) for m in sorted(made)],
               [("2025-01-01", False), ("2025-02-01", True), ("2025-03-01", True)],
               "the row of each month before, once")
        looks = runs(home, "summary.look")
        t.same([(m, looks[m]["late"]) for m in sorted(looks)],
               [("2025-01-13", True), ("2025-02-13", False)], "what was summed up on the 13th")
        t.same([(r["month"], r["state"]) for r in home.run("summary", "list")[1]["rows"]],
               [("2025-02", "open"), ("2025-01", "auto"), ("2024-12", "auto")],
               "off on the 12th both times: the tax side did it")
        t.same(home.run("jobs", "runs", "--failed")[1]["total"], 0, "nothing failed")
        before = calls(sb)
        for back in ("2025-03-03T09:00:00+08:00", "2025-03-02T09:00:00+08:00",
                     "2025-02-02T08:00:00+08:00", "2025-02-01T08:00:00+08:00"):
            home.env["KAIPIAO_NOW"] = back
            home.run("sync", "--once", check=0)
        t.same(calls(sb), before, "the clock a day, a month back: nothing twice")
        t.ok(home.audit_clean(), "the ledgers are clean")


def other_channels(t):
    """A unit that issues by another channel: nothing of 乐企 is done for it on any day."""
    for channel in ("portal", "cert", "disk"):
        first = "2024-12-30T10:00:00+08:00"
        with Sandbox(now=first) as sb, Home(now=first) as home:
            home.setup(sb, numbers=20, quota="5000.00")
            home.run("unit", "edit", sb.using["tax_no"], "--issue-channel", CHANNELS[channel],
                     check=0)
            home.run("numbers", "auto", "on", "--below", "1000", check=0)
            home.run("param", "set", "engine", "calendar", "1", check=0)
            before = [sb.requests(s) for s in ("XZTHSXED", "QDFPPLFM")]
            for d in ("2025-01-01", "2025-01-03", "2025-02-02", "2025-03-02"):
                once(sb, home, d + "T08:00:00+08:00")
            t.same([sb.requests(s) for s in ("XZTHSXED", "QDFPPLFM")], before,
                   CHANNELS[channel] + ": neither quota nor numbers, month for month")
            t.same(home.run("jobs", "runs", "--rule", "quota.month", "--state", "done")[1]["total"],
                   0, CHANNELS[channel] + ": and no run says so")


def end_of_february(t):
    """28 and 29 February: the 1st behind them is made up for once; a day back, nothing."""
    for year, on in ((2024, ("02-28", "02-29", "03-02")), (2025, ("02-27", "02-28", "03-02"))):
        first = "%d-02-26T10:00:00+08:00" % year
        with Sandbox(now=first) as sb, Home(now=first) as home:
            home.setup(sb, numbers=20, quota="5000.00")
            home.run("param", "set", "engine", "calendar", "1", check=0)
            before = sb.requests("XZTHSXED")
            for d in on[:2]:
                once(sb, home, "%d-%sT08:00:00+08:00" % (year, d))
            t.same(sb.requests("XZTHSXED") - before, 0, "%d: nothing in February" % year)
            once(sb, home, "%d-%sT08:00:00+08:00" % (year, on[2]))
            month = runs(home, "quota.month").get("%d-03-01" % year)
            t.ok(month and month["late"], "%d: off on the 1st, done on the 2nd" % year, month)
            daily = sorted(runs(home, "taxpayer.daily"))
            t.same([d for d in daily if d > "%d-02-26" % year], ["%d-%s" % (year, d) for d in on],
                   "%d: the last day of February has its own run" % year)
            seen = calls(sb)
            for back in ("03-01T23:59:59", "%sT23:59:59" % on[1], "%sT08:00:01" % on[1]):
                home.env["KAIPIAO_NOW"] = "%d-%s+08:00" % (year, back)
                home.run("sync", "--once", check=0)
            t.same(calls(sb), seen, "%d: the clock back over the end of February: nothing" % year)


with Tap() as tap, Home() as place:
    place.run("init", check=0)
    plans(tap, place)
    side_by_side(tap, (machine, other_channels, end_of_february))
