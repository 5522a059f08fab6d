"""The process dies at each of its durable steps while red invoices are issued from letters, and two
clerks issue from one letter at once.

After every death, a sync and a second request: each letter has exactly one red invoice on both
sides, every number is explained, and the quota is what the tax side has.
"""
import crashlab
import kp

MAX_POINTS = 60


def letters(lab, n):
    """Red letters 无需确认 of fresh blue invoices, two of them in one part each."""
    answer = lab.must("blue", "issue", "-", text=lab.orders_text(n))
    found = []
    for row in answer["results"]:
        doc = lab.must("red", "apply", row["number"], "--role", "seller", "--reason", "01")
        found.append(doc["confirmation_no"])
    return found


def problems(lab, wanted):
    """What is not as after an undisturbed run, for the letters that were to be issued."""
    found = []
    theirs = {r["number"]: r for r in lab.sandbox.get("/red?limit=100000")["rows"]}
    by_red = [r["red"] for r in theirs.values() if r["red"]]
    if len(set(by_red)) != len(by_red):
        found.append("a red number stands on two letters")
    for no in wanted:
        ours = lab.must("red", "show", no)
        if not ours["issued"] or theirs[no]["issued"] != "Y":
            found.append("%s is issued here %s, there %s" % (no, ours["issued"],
                                                            theirs[no]["issued"]))
        elif ours["red_number"] != theirs[no]["red"]:
            found.append("%s: red %s here, %s there" % (no, ours["red_number"], theirs[no]["red"]))
    accepted = [i["number"] for i in lab.theirs()]
    mine = [r["number"] for r in every_invoice(lab)]
    if sorted(accepted) != sorted(mine):
        found.append("numbers differ: ours %d, theirs %d" % (len(mine), len(accepted)))
    return found + lab.books()


def every_invoice(lab):
    rows, cursor = [], None
    while True:
        page = lab.must("invoices", "list", "--limit", "1000",
                        *(["--cursor", str(cursor)] if cursor else []))
        rows += page["rows"]
        cursor = page["next"]
        if not cursor:
            return rows


def points(t):
    with crashlab.Lab() as lab:
        bad, point, survived = [], 0, False
        while not survived and point < MAX_POINTS:
            point += 1
            pair = letters(lab, 2)
            code, _, err = lab.run("red", "issue", *pair, crash_at=point)
            survived = code != crashlab.CRASHED
            if survived and code:
                bad.append("exit %d without a death: %s" % (code, err))
            found = lab.recover()
            code, again, err = lab.run("red", "issue", *pair)
            if code:
                found.append("asked again: %d %s" % (code, err))
            found += problems(lab, pair)
            if found:
                bad.append("point %d: %s" % (point, "; ".join(found[:3])))
        t.ok(survived and point > 8, "issuing dies at each step", "met %d" % (point - 1))
        t.ok(not bad, "one red invoice a letter after each of %d deaths" % (point - 1),
             " | ".join(bad[:4])[:1500])


def two_at_once(t):
    with crashlab.Lab() as lab:
        bad = []
        for _ in range(6):
            pair = letters(lab, 2)
            ended = [lab.finish(p) for p in [lab.start("red", "issue", *pair) for _ in range(2)]]
            if [code for code, _, _ in ended] != [0, 0]:
                bad.append(str(ended)[:300])
            numbers = [[r["number"] for r in answer["results"]] for _, answer, _ in ended if answer]
            if len(numbers) != 2 or numbers[0] != numbers[1]:
                bad.append("two clerks got %s" % numbers)
            bad += problems(lab, pair)
        t.ok(not bad, "two clerks issue from the same letters: once", "; ".join(bad[:4]))


def lost_replies(t):
    """The upload's reply is lost, and the result's: never a second number."""
    with crashlab.Lab() as lab:
        bad = []
        for fault in ({"drop_reply": {"service": "QDFPSC", "times": 1}},
                      {"refuse": {"service": "QDFPSC", "times": 1}},
                      {"drop_reply": {"service": "CXQDFPSCJG", "times": 1}}):
            one = letters(lab, 1)
            lab.sandbox.faults(**fault)
            lab.run("red", "issue", *one)
            lab.sandbox.faults()
            bad += lab.recover() + problems(lab, one)
        t.ok(not bad, "lost replies: one red invoice a letter", "; ".join(bad[:4]))


def main():
    with kp.Tap() as t:
        points(t)
        two_at_once(t)
        lost_replies(t)


if __name__ == "__main__":
    main()
