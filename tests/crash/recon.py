"""The process dies at each of its durable steps while a month is compared with the tax side.

After every death and a sync: the run is done with the differences an undisturbed one finds, each
once, and no kind of list was granted twice for it.  Where the death took the answer that granted a
list, the run says so and goes on without.
"""
import datetime

import crashlab
import kp

MAX_POINTS = 120
MONTH = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).strftime("%Y-%m")


LOST = []  # points whose death took the answer of an application


def granted(lab):
    rows = lab.sandbox.get("/requests?service=PLFPXZSQ&limit=100000")["rows"]
    return sum('"00"' in r["answer"] or r["fault"] == "drop_reply" for r in rows)


def prepare(lab):
    """Two that are the same, one they lack, one of another channel, one failed that they have."""
    lab.must("blue", "issue", "-", text=lab.orders_text(3))
    number = lab.ours()["T-00003"]["number"]
    lab.sandbox.post("/invoice", {"do": "remove", "number": number})
    lab.sandbox.faults(fail_result={"text": "练习拒绝", "times": 1})
    lab.run("blue", "issue", "-", text=crashlab.json.dumps([lab.order()]))
    lab.sandbox.faults()
    for number in (lab.ours()["T-00004"]["number"], "26449999000000000001"):
        lab.sandbox.post("/invoice", {"do": "add", "number": number, "hjje": "10.00",
                                      "hjse": "1.30", "jshj": "11.30", "fppz": "02",
                                      "tax_no": lab.sandbox.using["tax_no"]})


def found(lab, run):
    _, doc, _ = lab.run("reconcile", "show", str(run), "--all")
    return doc["run"], sorted((d["kind"], d["number"] or "", d["ours"], d["theirs"])
                              for d in doc["differences"])


def one_death(lab, options, point, want):
    """(survived, problems); each attempt has a day of its own."""
    lab.sandbox.post("/clock", {"shift": 1})
    before = granted(lab)
    lab.run("--no-wait", "reconcile", MONTH, *options)
    code, _, err = lab.run("--timeout", "30", "sync", "--once", crash_at=point)
    died = code == crashlab.CRASHED
    problems = [] if died or code == 0 else ["exit %d without a death: %s" % (code, err)]
    problems += lab.recover()
    run, rows = found(lab, lab.must("reconcile", "list", "--limit", "1")["rows"][0]["id"])
    if run["state"] != "done":
        problems.append("the run is %s at %s" % (run["state"], run["stage"]))
    elif "申请次数已达上限" in run["notes"]:
        LOST.append(point)
    elif want and (rows, run["same"], run["ours"]) != want:
        problems.append("found %r" % (rows,))
    if granted(lab) - before > 2:
        problems.append("%d lists were granted" % (granted(lab) - before))
    return not died, problems, (rows, run["same"], run["ours"])


def fresh_day(lab):
    """Applications of before are forgotten on either side: a day of its own without its clock."""
    kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM collect_apply")
    kp.sql(lab.sandbox.state + "/sandbox.db", "DELETE FROM collect")


def all_points(t, lab, name, options):
    fresh_day(lab)
    _, _, want = one_death(lab, options, 100000, None)
    point, bad, survived = 0, [], False
    while not survived and point < MAX_POINTS:
        point += 1
        fresh_day(lab)
        survived, problems, _ = one_death(lab, options, point, want)
        if problems:
            bad.append("point %d: %s" % (point, "; ".join(problems[:3])))
    t.ok(survived and point > 15, "%s: dies at each step" % name, "met %d" % (point - 1))
    t.ok(not bad, "%s: the same is found after each of %d deaths" % (name, point - 1),
         " | ".join(bad[:3])[:1500])
    t.ok(len(want[0]) >= 3, "%s: and it is something" % name, want)


def main():
    with kp.Tap() as t, crashlab.Lab(engine={"recon_wait_ms": 20, "recon_pace_ms": 0}) as lab:
        prepare(lab)
        all_points(t, lab, "lists", ())
        t.ok(len(LOST) <= 4, "few of them take a list away", LOST)
        all_points(t, lab, "one by one", ("--one-by-one", "--full"))


if __name__ == "__main__":
    main()
