#!/usr/bin/env python3
"""C16, C17: a unit is not removed while the tax side may have given it what has not arrived."""
from kp import Home, Sandbox, Tap


def remove(sb, home, *options):
    code, doc, err = home.run("unit", "remove", sb.using["tax_no"], "--role", "using", *options)
    return code, doc["error"]["code"] if code else "", err


def claimed(t, sb, home):
    sb.faults(drop_reply={"times": 100})
    home.run("--timeout", "2", "numbers", "claim", "100")
    theirs = sb.get("/segments?env=演练&seller=" + sb.using["tax_no"])["rows"]
    t.same(sum(s["count"] for s in theirs), 100, "100 numbers were given, the answer was lost")
    for options in ((), ("--force",)):
        code, word, err = remove(sb, home, *options)
        t.ok((code, word) == (3, "unit.used") and "税局还没有答复" in err,
             "it is not removed %s" % " ".join(options), code, err)
    sb.faults()
    home.run("--timeout", "20", "sync", "--once")
    rows = home.run("numbers", "list")[1]["rows"]
    t.same([(r["first"], r["count"]) for r in rows], [(s["first"], 100) for s in theirs],
           "they arrive later")


def given_up(t, sb, home):
    sb.faults(drop_reply={"times": 100})
    home.run("--timeout", "2", "numbers", "claim", "7")
    job = home.run("jobs", "list", "--state", "ready")[1]["rows"][0]["id"]
    home.run("jobs", "cancel", job, check=0)
    sb.faults()
    code, word, err = remove(sb, home)
    t.ok((code, word) == (3, "unit.used"), "with numbers it is not removed as it is", code, err)
    t.same(remove(sb, home, "--force")[0], 0, "what a person has given up goes with a backup")


with Tap() as tap, Sandbox(result_delay=0) as platform, Home() as place:
    place.setup(platform, numbers=0, quota=None)
    claimed(tap, platform, place)
    given_up(tap, platform, place)
