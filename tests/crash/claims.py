#!/usr/bin/env python3
"""Claims under deaths: every number the platform gave is ours once, and none is asked for twice.

KAIPIAO_CRASH_AT=1,2,3,... until the run survives, in three moods of the platform; a claim of
100,000 killed after its seventh piece; claims continued while engines die.
"""
import signal
import time

import crashlab
import kp

# A lost reply is waited for at the next start.
MOODS = {
    "normal": {},
    "reply lost": {"drop_reply": {"service": "QDFPPLFM", "skip": 1, "times": 1}},
    # lost, and its repeat refused at the door: only going on brings it
    "lost and refused": {"drop_reply": {"service": "QDFPPLFM", "skip": 1, "times": 1},
                         "error": {"service": "QDFPPLFM", "skip": 3, "times": 1, "text": "4033"}},
}
MAX_POINTS = 200


def theirs(lab):
    return lab.sandbox.get("/segments?env=正式&seller=" + lab.sandbox.using["tax_no"])["rows"]


def ours(lab):
    rows, cursor = [], None
    while True:
        page = lab.must("numbers", "list", "--limit", "1000",
                        *(["--cursor", str(cursor)] if cursor else []))
        rows += page["rows"]
        cursor = page["next"]
        if not cursor:
            return rows


def claims(lab):
    return lab.must("numbers", "claims", "--limit", "1000")["rows"]


def go_on(lab):
    """Continues until every claim has all it asked for."""
    found = lab.recover()
    lab.sandbox.faults()
    for row in claims(lab):
        if row["state"] == "short":
            lab.must("numbers", "claim", "--continue", row["id"])
    found += ["claim %s is %s: %s" % (r["id"], r["state"], r["message"]) for r in claims(lab)
              if r["state"] != "done"]
    return found


def problems(lab, asked):
    """What is not as if nothing had happened; asked: numbers in all."""
    a = sorted((r["first"], r["last"], r["count"]) for r in ours(lab))
    b = sorted((r["first"], r["last"], r["count"]) for r in theirs(lab))
    found = [] if a == b else ["ours %d segments, theirs %d" % (len(a), len(b))]
    total = sum(n for _, _, n in b)
    if total != asked:
        found.append("%d numbers were given for %d asked" % (total, asked))
    serials = [r["ywlsh"] for r in theirs(lab)]
    if len(set(serials)) != len(serials):
        found.append("a serial twice")
    return found + lab.books()


def claim(lab, count, asked, point):
    """A claim that dies at the point; (exit code, asked afterwards, problems)."""
    known = {r["id"] for r in claims(lab)}
    code, _, err = lab.run("--timeout", "30", "numbers", "claim", count, crash_at=point)
    found = go_on(lab)
    if {r["id"] for r in claims(lab)} - known:
        asked += count
    if code not in (0, 4, crashlab.CRASHED):
        found.append("exit %d: %s" % (code, err))
    return code, asked, found + problems(lab, asked)


def all_points(t, lab, mood, count, step, asked):
    point, bad, met = 1 - step, [], 0
    code = crashlab.CRASHED
    while code == crashlab.CRASHED and point < MAX_POINTS:
        point += step
        met += 1
        lab.sandbox.faults(**MOODS[mood])
        code, asked, found = claim(lab, count, asked, point)
        if found:
            bad.append("point %d: %s" % (point, "; ".join(found[:4])))
    t.same(code, 4 if "error" in MOODS[mood] else 0, "%s: %d undisturbed" % (mood, count))
    t.ok(met > 6, "%s: %d, died at each of %d points" % (mood, count, met - 1))
    t.ok(not bad, "%s: %d is %d" % (mood, count, count), " | ".join(bad[:3]))
    return asked


def killed_after_seven(t, lab, asked):
    """G13: kill -9 after piece 7 of 20, in the eighth call; the platform has given its numbers."""
    lab.sandbox.faults(delay_ms={"service": "QDFPPLFM", "skip": 7, "value": 3000, "times": 1})
    before = len(theirs(lab))
    p = lab.start("--timeout", "60", "numbers", "claim", "100000")
    met = kp.wait_for(lambda: len(theirs(lab)) - before >= 8, 30)
    p.send_signal(signal.SIGKILL)
    lab.finish(p)
    row = claims(lab)[0]
    t.ok(met and row["claimed"] == 35000 and row["open"] == 65000,
         "G13 killed in the eighth of 20 pieces", row)
    found = go_on(lab) + problems(lab, asked + 100000)
    t.ok(not found, "G13 resumed: 100000 exactly", "; ".join(found[:5]))
    t.same(len(theirs(lab)) - before, 20, "G13 in 20 segments")
    return asked + 100000


def continued_by_the_dying(t, lab, asked):
    """Going on, killed again and again, two at a time."""
    lab.sandbox.faults(error={"service": "QDFPPLFM", "skip": 2, "text": "4033"})
    code, row, _ = lab.run("--timeout", "30", "numbers", "claim", "30000")
    t.ok(code == 4 and row["claimed"] == 10000 and row["failed"] == 20000, "two of six pieces came",
         row)
    lab.sandbox.faults(drop_reply={"service": "QDFPPLFM", "percent": 50, "times": 4},
                       delay_ms={"service": "QDFPPLFM", "value": 40})
    for pause in (0.05, 0.1, 0.15, 0.2, 0.3):
        two = [lab.start("--timeout", "30", "numbers", "claim", "--continue", row["claim"])
               for _ in range(2)]
        time.sleep(pause)
        for p in two:
            p.kill()
            lab.finish(p)
    found = go_on(lab) + problems(lab, asked + 30000)
    t.ok(not found, "continued by ten who died: 30000 exactly", "; ".join(found[:5]))
    return asked + 30000


def main():
    with kp.Tap() as t:
        with crashlab.Lab(numbers=10) as lab:
            asked = 10
            for mood in MOODS:
                asked = all_points(t, lab, mood, 12345, 1, asked)
            asked = all_points(t, lab, "reply lost", 100000, 7, asked)
            asked = killed_after_seven(t, lab, asked)
            continued_by_the_dying(t, lab, asked)


if __name__ == "__main__":
    main()
