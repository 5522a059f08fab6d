"""合并 of orders of a batch, and issuing what comes of it, with KAIPIAO_CRASH_AT=1,2,3,...: all of
them wait, or the whole does and the others are left out; the sums never move; what went in is not
issued by itself.
"""
import json

import crashlab
import kp

MAX_POINTS = 60
PRICES = ("33.33", "66.67", "12.34")


def cents(text):
    return int(text.replace(".", ""))


def rows_of(lab, batch):
    return lab.must("batch", "show", batch)["rows"]


def gross_of(rows):
    return sum(cents(r["gross"]) for r in rows if r["state"] != "skipped")


def head_of(lab, batch):
    return [b for b in lab.must("batch", "list")["rows"] if str(b["id"]) == batch][0]


def one_death(lab, point):
    bad, names = [], ["B%d.%d" % (point, i) for i in range(len(PRICES))]
    orders = [kp.invoice(o, lines=[dict(kp.BASE["lines"][0], quantity="1", price=p)])
              for o, p in zip(names, PRICES)]
    batch = str(lab.must("batch", "add", "-", text=json.dumps(orders))["batch"])
    want, issued = gross_of(rows_of(lab, batch)), len(lab.sandbox.invoices())
    code, doc, err = lab.run("batch", "merge", batch, *names, crash_at=point)
    survived = code == 0
    rows = rows_of(lab, batch)
    states = [r["state"] for r in rows]
    if states not in (["ready"] * 3, ["ready", "skipped", "skipped"]):
        bad.append("half merged: %s" % states)
    head = head_of(lab, batch)
    if gross_of(rows) != want or cents(head["gross"]) != want:
        bad.append("%d became %d, %s" % (want, gross_of(rows), head["gross"]))
    if states == ["ready"] * 3:
        lab.must("batch", "merge", batch, *names)
    code, doc, err = lab.run("--timeout", "30", "batch", "start", batch, crash_at=point)
    survived &= code == 0
    bad += lab.recover()
    if code != 0 and head_of(lab, batch)["state"] == "checked":
        lab.must("--timeout", "30", "batch", "start", batch)
    bad += lab.recover()
    for name in names:
        code, doc, err = lab.run("blue", "issue", "-", text=json.dumps(kp.invoice(name)))
        if code != 3 or doc["error"]["code"] != "order.used":
            bad.append("%s was issued by itself: %s" % (name, doc))
    rows = rows_of(lab, batch)
    if [r["state"] for r in rows] != ["issued", "skipped", "skipped"] or gross_of(rows) != want:
        bad.append("not issued as one: %s" % rows)
    if len(lab.sandbox.invoices()) - issued != 1:
        bad.append("%d invoices" % (len(lab.sandbox.invoices()) - issued))
    return survived, bad


def main():
    with kp.Tap() as t, crashlab.Lab() as lab:
        point, bad, survived = 0, [], False
        while not survived and point < MAX_POINTS:
            point += 1
            survived, found = one_death(lab, point)
            bad += ["point %d: %s" % (point, f) for f in found[:3]]
        t.ok(survived, "a run with more points than steps survives")
        t.ok(point > 3, "more than 3 points were met", point)
        t.ok(not bad, "merged and issued once at each of %d points" % (point - 1),
             " | ".join(bad[:3]))
        t.ok(lab.home.audit_clean(), "numbers and quota agree")


if __name__ == "__main__":
    main()
