"""The process dies at each of its durable steps while a red letter is applied for, confirmed,
denied or revoked, in several moods of the platform.

After every death and a sync --once: the platform has one letter for the invoice, ours is that one
in that state, nothing is under way, and an answer was taken once.
"""
import json

import crashlab
import kp

APPLY, ACT, LIST, DETAIL = "QDHZQRDSQ", "QDHZQRDQR", "CXQDHZQRDLB", "CXQDHZQRDMX"
APPLY_MOODS = {
    "normal": {},
    # taken by the platform, then silence
    "reply lost": {"drop_reply": {"service": APPLY, "times": 1}},
    # and the list is silent, too
    "list lost": {"drop_reply": {"service": APPLY, "times": 1},
                  "bad_json": {"service": LIST, "times": 1}},
    # the first one never came there
    "lost before": {"refuse": {"service": APPLY, "times": 1}},
    # answered after the client has given up
    "slow": {"delay_ms": {"service": APPLY, "times": 1, "value": 450}},
    # taken, but a list shows it only later
    "list lags": {"drop_reply": {"service": APPLY, "times": 1}, "list_lag": {"value": 1}},
    # issued a moment ago, and not known there yet
    "blue unknown": {"blue_unknown": {"value": 0, "times": 2}},
}
# The lag is a second: two looks in it, so that the steps of a look are met before and after.
ENGINES = {"slow": {"total_ms": 300}, "list lags": {"poll_first_ms": 500, "poll_max_ms": 600}}
ACT_MOODS = {
    "normal": {},
    "reply lost": {"drop_reply": {"service": ACT, "times": 1}},
    "detail lost": {"drop_reply": {"service": ACT, "times": 1},
                    "bad_json": {"service": DETAIL, "times": 1}},
    "lost before": {"refuse": {"service": ACT, "times": 1}},
}
MAX_POINTS = 60


def theirs(lab, number):
    return lab.sandbox.get("/red?limit=100000&blue=" + number)["rows"]


def ours(lab, number):
    return lab.must("red", "list", "--blue", number, "--limit", "100")["rows"]


def differences(lab, number):
    """What is not as after an undisturbed run; [] when all is."""
    a, b = ours(lab, number), theirs(lab, number)
    if len(b) != 1:
        return ["the platform has %d letters: %s" % (len(b), b)]
    if len(a) != 1:
        return ["we have %d: %s" % (len(a), a)]
    a, b = a[0], b[0]
    got = (a["confirmation_no"], a["uuid"], a["state"], a["message"] or "")
    want = (b["number"], b["uuid"], b["state"], "")
    return [] if got == want else ["ours %r, theirs %r" % (got, want)]


class Blues:
    """Invoices to take back, issued fifty at a time."""

    def __init__(self, lab):
        self.lab, self.left = lab, []

    def next(self):
        if not self.left:
            first = len(self.lab.orders)
            self.lab.must("blue", "issue", "-", text=self.lab.orders_text(50))
            rows = self.lab.ours()
            self.left = [rows[no]["number"] for no in self.lab.orders[first:]]
        return self.left.pop()


def apply_once(lab, number, mood, point):
    """(died, problems)"""
    verb = ("red", "apply", number, "--role", "seller", "--reason", "01")
    lab.sandbox.faults(**APPLY_MOODS[mood])
    code, answer, err = lab.run("--timeout", "30", *verb, crash_at=point)
    died = code == crashlab.CRASHED
    problems = [] if died or code == 0 else ["exit %d without a death: %s %s" % (code, answer,
                                                                                  err)]
    problems += lab.recover()
    lab.sandbox.faults()
    if not ours(lab, number):  # dead before the first commit: the clerk does it again
        if theirs(lab, number):
            problems.append("sent before it was recorded")
        lab.must(*verb)
    return died, problems + differences(lab, number)


def again_once(lab, number, mood, point):
    """A refused application goes out once more, and stays one letter."""
    lab.sandbox.post("/red/mark", {"blue": number, "hzsdbs": "Y"})
    lab.run("red", "apply", number, "--role", "seller", "--reason", "01")
    lab.sandbox.post("/red/mark", {"blue": number, "hzsdbs": "N"})
    verb = ("red", "again", "#%d" % ours(lab, number)[0]["id"])
    lab.sandbox.faults(**APPLY_MOODS[mood])
    code, answer, err = lab.run("--timeout", "30", *verb, crash_at=point)
    died = code == crashlab.CRASHED
    problems = [] if died or code == 0 else ["exit %d without a death: %s %s" % (code, answer,
                                                                                  err)]
    problems += lab.recover()
    lab.sandbox.faults()
    if ours(lab, number)[0]["situation"] == "failed":  # dead before the first commit
        if theirs(lab, number):
            problems.append("sent before it was recorded")
        lab.must(*verb)
    return died, problems + differences(lab, number)


def act_once(lab, blue, verb, mood, point):
    """A letter of the buyer, answered by us; or one of ours, revoked."""
    if verb == "revoke":
        lab.must("red", "apply", blue, "--role", "seller", "--reason", "01")
    else:
        lab.sandbox.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        lab.must("red", "list", "--refresh", "--role", "seller")
    number = ours(lab, blue)[0]["confirmation_no"]
    before = theirs(lab, blue)[0]["state"]
    lab.sandbox.faults(**ACT_MOODS[mood])
    code, answer, err = lab.run("--timeout", "30", "red", verb, number, crash_at=point)
    died = code == crashlab.CRASHED
    problems = [] if died or code == 0 else ["exit %d without a death: %s %s" % (code, answer,
                                                                                  err)]
    problems += lab.recover()
    lab.sandbox.faults()
    if theirs(lab, blue)[0]["state"] == before:  # dead before the first commit
        lab.must("red", verb, number)
    history = lab.must("red", "show", number)["history"]
    if sum(h["state"] != before and bool(h["state"]) for h in history) > 1:
        problems.append("answered more than once: %s" % history)
    again, _, _ = lab.run("red", verb, number)
    if again != 0:
        problems.append("asked for again: exit %d" % again)
    return died, problems + differences(lab, blue)


def all_points(t, name, once):
    point, bad, died = 0, [], True
    while died and point < MAX_POINTS:
        point += 1
        died, problems = once(point)
        if problems:
            bad.append("point %d: %s" % (point, "; ".join(problems[:3])))
    t.ok(not died and point > 6, "%s: dies at each step" % name, "met %d" % (point - 1))
    t.ok(not bad, "%s: once at each of %d points" % (name, point - 1), " | ".join(bad[:3])[:1800])


def bring_once(lab, point):
    """Letters of others come in while the process dies."""
    lab.sandbox.post("/red/fill", {"tax_no": lab.sandbox.using["tax_no"], "count": 3, "lines": 2,
                                   "role": "seller", "applicant": "buyer", "state": "03"})
    code, answer, err = lab.run("--timeout", "30", "red", "list", "--refresh", "--role", "seller",
                                "--limit", "1000", crash_at=point)
    died = code == crashlab.CRASHED
    problems = [] if died or code == 0 else ["exit %d without a death: %s" % (code, err)]
    problems += lab.recover()
    if died:  # nothing is asked for when it died before its first commit
        lab.must("red", "list", "--refresh", "--role", "seller")
    a = {r["uuid"]: r["state"] for r in lab.must("red", "list", "--limit", "1000")["rows"]}
    b = lab.sandbox.get("/red?limit=100000")["rows"]
    if a != {r["uuid"]: r["state"] for r in b}:
        problems.append("ours %d, theirs %d" % (len(a), len(b)))
    without = kp.count(lab.home.path + "/kaipiao.db",
                       "SELECT COUNT(*) FROM red_letter l WHERE detail_at = 0 OR 2 <>"
                       " (SELECT COUNT(*) FROM red_letter_line n WHERE n.letter_id = l.id)")
    if without:
        problems.append("%d without their lines" % without)
    return died, problems


def nothing_left(t, lab):
    open_jobs = [j for j in lab.must("jobs", "list", "--limit", "1000")["rows"]
                 if j["state"] in ("ready", "running")]
    t.ok(not open_jobs, "no job is left open", json.dumps(open_jobs[:3], ensure_ascii=False))


def applies(mood):
    def part(t):
        with crashlab.Lab(engine={"red_blue_wait_ms": 20, **ENGINES.get(mood, {})}) as lab:
            blues = Blues(lab)
            all_points(t, "apply, " + mood,
                       lambda point: apply_once(lab, blues.next(), mood, point))
            nothing_left(t, lab)
    return part


def again(t):
    with crashlab.Lab() as lab:
        blues = Blues(lab)
        for mood in ("normal", "reply lost"):
            all_points(t, "again, " + mood,
                       lambda point: again_once(lab, blues.next(), mood, point))
        nothing_left(t, lab)


def acts(t):
    with crashlab.Lab() as lab:
        blues = Blues(lab)
        for verb, moods in (("confirm", ACT_MOODS), ("deny", ("normal",)),
                            ("revoke", ("reply lost",))):
            for mood in moods:
                all_points(t, "%s, %s" % (verb, mood),
                           lambda point: act_once(lab, blues.next(), verb, mood, point))
        nothing_left(t, lab)


def brought(t):
    with crashlab.Lab() as lab:
        all_points(t, "bring in", lambda point: bring_once(lab, point))
        nothing_left(t, lab)


def main():
    with kp.Tap() as t:
        kp.side_by_side(t, [applies(mood) for mood in APPLY_MOODS] + [again, acts, brought])


if __name__ == "__main__":
    main()
