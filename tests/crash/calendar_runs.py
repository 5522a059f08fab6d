#!/usr/bin/env python3
"""The process dies at each of its durable steps on the first of a month.

After every death and a sync: each rule has one run of the month, done; the quota was downloaded
once and is the platform's; nothing is open."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import crashlab  # noqa: E402
import kp  # noqa: E402

MAX_POINTS = 80


def go(lab, month):
    now = "%04d-%02d-01T09:00:00+08:00" % (2027 + month // 12, month % 12 + 1)
    lab.sandbox.post("/clock", {"now": now})
    lab.home.env["KAIPIAO_NOW"] = now
    return now[:10]


def runs_of(lab, slot):
    rows = [r for s in ("done", "open", "failed", "idle") for r in
            lab.must("jobs", "runs", "--state", s, "--limit", "200")["rows"] if r["slot"] == slot]
    return {r["rule"]: r["state"] for r in rows}, len(rows)


def books(lab, month):
    """The month's quota is the platform's, and no number is lost."""
    ours = lab.must("quota", "show")["unused"]
    theirs = [q["unused"] for q in lab.sandbox.get("/quota")["rows"]
              if (q["tax_no"], q["month"]) == (lab.sandbox.using["tax_no"], month)]
    found = [] if theirs == [ours] else ["quota: ours %s, theirs %s" % (ours, theirs)]
    return found + ([] if lab.home.audit_clean() else ["numbers audit"])


def one_death(lab, slot, point):
    """(survived, problems)"""
    code, _, err = lab.run("--timeout", "30", "sync", "--once", crash_at=point)
    died = code == crashlab.CRASHED
    found = [] if died or code == 0 else ["exit %d without a death: %s" % (code, err)]
    found += lab.recover() + books(lab, slot[:7])
    states, count = runs_of(lab, slot)
    if count != len(states):
        found.append("a slot has two runs")
    for rule in ("quota.month", "taxpayer.daily", "codes.daily"):
        if states.get(rule) != "done":
            found.append("%s is %s" % (rule, states.get(rule)))
    entries = kp.count(lab.home.path + "/kaipiao.db",
                       "SELECT COUNT(*) FROM quota_entry WHERE kind = 'download' AND month = '%s'"
                       % slot[:7])
    if entries != 1:
        found.append("%d downloads of %s" % (entries, slot[:7]))
    if lab.must("jobs", "list", "--state", "ready")["total"]:
        found.append("a job is left")
    return not died, found


with kp.Tap() as tap, crashlab.Lab(numbers=5, engine={"calendar": 1}) as place:
    deaths = 0
    for month in range(MAX_POINTS):
        today = go(place, month)
        survived, problems = one_death(place, today, month + 1)
        if problems or survived:
            tap.same(problems, [], "point %d" % (month + 1))
        if survived:
            break
        deaths += 1
    tap.ok(deaths >= 10 and survived, "%d deaths, then none" % deaths)
