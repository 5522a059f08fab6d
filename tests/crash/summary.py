#!/usr/bin/env python3
"""The process dies at each of its durable steps while a month is confirmed, and while that is
cancelled; also with the platform's answer lost.

After every death and a sync: our row says what the platform has, in one row, with nothing under
way; what was asked for is done unless the death came before it was on record; every request for
the month had the same six figures."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import crashlab  # noqa: E402
import kp  # noqa: E402

MAX_POINTS = 60
MONTH = "2027-06"
WIRE = ("lzfpsl", "lzfpje", "lzfpse", "hzfpsl", "hzfpje", "hzfpse")


def go(lab, now):
    lab.sandbox.post("/clock", {"now": now})
    lab.home.env["KAIPIAO_NOW"] = now


def begin(lab):
    go(lab, "2027-06-20T09:00:00+08:00")
    lab.must("numbers", "claim", "10")
    lab.must("quota", "download", "10000.00")
    lab.must("blue", "issue", "-", text=lab.orders_text(3))
    go(lab, "2027-07-03T09:00:00+08:00")
    lab.must("summary", "add", MONTH)


def theirs(lab):
    return [r["month"] for r in lab.sandbox.get("/summary")["rows"]]


def asked(lab):
    return [json.loads(r["request"]) for r in
            lab.sandbox.get("/requests?service=SCFPHZQRXX&limit=100000")["rows"]]


def bring(lab, state):
    """The row to where a test begins, without a death."""
    now = lab.must("summary", "show", MONTH)["summary"]["state"]
    if state == "confirmed" and now != "confirmed":
        lab.must("summary", "confirm", MONTH)
    elif state != "confirmed" and now == "confirmed":
        lab.must("summary", "cancel", MONTH)


def check(lab, verb, before):
    """What is wrong after a death and a sync."""
    row = lab.must("summary", "show", MONTH)["summary"]
    there = MONTH in theirs(lab)
    done = {"confirm": "confirmed", "cancel": "cancelled"}[verb]
    found = []
    if row["state"] not in (before, done):
        found.append("the row is %s" % row["state"])
    if (row["state"] == "confirmed") != there:
        found.append("ours %s, the platform %s" % (row["state"], there))
    if "不是由本机" in (row["message"] or ""):
        found.append("what was ours is told as somebody else's")
    if len(lab.must("summary", "list")["rows"]) != 1:
        found.append("more than one row")
    if lab.must("jobs", "list", "--state", "ready")["total"]:
        found.append("a job is left")
    known = kp.count(lab.home.path + "/kaipiao.db", "SELECT COUNT(*) FROM audit WHERE action ="
                     " 'summary.%s'" % verb)
    return row, known, found


def one_death(lab, verb, point, lost):
    """(survived, problems)"""
    before = {"confirm": "cancelled", "cancel": "confirmed"}[verb]
    bring(lab, before)
    before = lab.must("summary", "show", MONTH)["summary"]["state"]
    known = kp.count(lab.home.path + "/kaipiao.db", "SELECT COUNT(*) FROM audit WHERE action ="
                     " 'summary.%s'" % verb)
    if lost:
        lab.sandbox.faults(drop_reply={"service": "SCFPHZQRXX", "times": 1})
    code, _, err = lab.run("--timeout", "30", "summary", verb, MONTH, crash_at=point)
    died = code == crashlab.CRASHED
    found = [] if died or code == 0 else ["exit %d without a death: %s" % (code, err)]
    found += lab.recover()
    lab.sandbox.faults()
    row, after, problems = check(lab, verb, before)
    found += problems
    # What is on record is done; what is not has left nothing.
    if (after > known) != (row["state"] != before):
        found.append("on record %s, and the row is %s" % (after > known, row["state"]))
    return not died, found


def all_points(t, lab, verb, lost):
    name = "%s%s" % (verb, ", its answer lost" if lost else "")
    point, bad, survived = 0, [], False
    while not survived and point < MAX_POINTS:
        point += 1
        survived, problems = one_death(lab, verb, point, lost)
        if problems:
            bad.append("point %d: %s" % (point, "; ".join(problems[:3])))
    t.ok(survived and point > 5, "%s: dies at each step" % name, "met %d" % (point - 1))
    t.ok(not bad, "%s: ours is theirs after each of %d deaths" % (name, point - 1),
         " | ".join(bad[:3])[:1500])


with kp.Tap() as tap, crashlab.Lab(numbers=20, engine={"summary_wait_ms": 20}) as place:
    begin(place)
    for lose in (False, True):
        all_points(tap, place, "confirm", lose)
        all_points(tap, place, "cancel", lose)
    six = {json.dumps([r[k] for k in WIRE]) for r in asked(place) if r["ywlx"] == "0"}
    tap.same(len(six), 1, "the same six figures every time", six)
    tap.ok(all(r["yf"] == MONTH for r in asked(place)), "of this month alone")
    tap.ok(place.home.audit_clean(), "the ledgers are clean")
