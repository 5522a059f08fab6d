"""KAIPIAO_CRASH_AT=1,2,3,... until the run survives, in three moods of the platform, for one
invoice and for a batch of 30.  After each death: sync --once, then the same on both sides as
after an undisturbed run.
"""
import crashlab
import kp

MOODS = {
    "normal": {},
    # committed by the platform, then silence
    "reply lost": {"drop_reply": {"service": "QDFPSC", "times": 1}},
    # answered after the client has given up
    "slow": {"delay_ms": {"service": "QDFPSC", "times": 1, "value": 450}},
}
MAX_POINTS = 200


def one_death(lab, size, point, mood):
    """Issues `size` fresh orders with the process dying at the point; (survived, problems)."""
    lab.sandbox.faults(**MOODS[mood])
    first = len(lab.orders)
    text = lab.orders_text(size)
    code, _, err = lab.run("--timeout", "30", "blue", "issue", "-", text=text, crash_at=point)
    died = code == crashlab.CRASHED
    if not died and code != 0:
        return True, ["exit %d without a death: %s" % (code, err)]
    found = lab.recover()
    lab.sandbox.faults()
    # Dead before the first commit: nothing was recorded, and the clerk's repeat issues it once.
    if not lab.ours().get(lab.orders[first]):
        code, _, err = lab.run("blue", "issue", "-", text=text)
        found += [] if code == 0 else ["the repeat: %d %s" % (code, err)]
    else:
        again = lab.must("blue", "issue", "-", text=text)
        if not all(r["repeat"] for r in again["results"]):
            found.append("a repeated order was issued anew")
    return not died, found + lab.problems()


def all_points(t, lab, mood, size):
    point, bad = 0, []
    survived = False
    while not survived and point < MAX_POINTS:
        point += 1
        survived, found = one_death(lab, size, point, mood)
        if found:
            bad.append("point %d: %s" % (point, "; ".join(found[:4])))
    name = "%s, %d invoice%s" % (mood, size, "" if size == 1 else "s")
    t.ok(survived, "%s: a run with more points than steps survives" % name)
    t.ok(point - 1 > 10, "%s: more than 10 points were met" % name, "met %d" % (point - 1))
    t.ok(not bad, "%s: exactly once at each of %d points" % (name, point - 1), " | ".join(bad[:3]))


def in_mood(mood):
    def part(t):
        with crashlab.Lab(engine={"total_ms": 300} if mood == "slow" else {}) as lab:
            for size in (1, 30):
                all_points(t, lab, mood, size)
    return part


def main():
    with kp.Tap() as t:
        kp.side_by_side(t, [in_mood(mood) for mood in MOODS])


if __name__ == "__main__":
    main()
