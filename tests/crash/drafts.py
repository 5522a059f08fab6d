"""Merging, splitting and issuing what comes of it, with KAIPIAO_CRASH_AT=1,2,3,... at each step:
the sources or the results are there, never both and never neither, and whatever is issued is issued
once - the sources not at all any more.
"""
import json

import crashlab
import kp

MAX_POINTS = 60
WIDE = {"lines": [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台",
                   "quantity": "30", "price": "113", "tax_rate": "0.13"}]}


def rows(lab, text):
    return lab.must("drafts", "list", "--find", text, "--limit", "1000")["rows"]


def made(lab, name, n, change):
    orders = ["%s%d" % (name, i) for i in range(n)]
    lab.must("blue", "draft", "-",
             text=json.dumps([kp.invoice(o, **change) for o in orders], ensure_ascii=False))
    return orders


def one_death(lab, point, name, n, change, verb, parts):
    """Dies at the point of the change, then at that of issuing; (both survived, problems)."""
    bad = []
    orders = made(lab, name, n, change)
    before = len(lab.sandbox.invoices())
    code, doc, err = lab.run(*verb(orders), crash_at=point)
    survived = code == 0
    left = rows(lab, name)
    whole = {r["order_no"] for r in left} == set(orders)
    if not whole and (len(left) != parts or any(r["source"] == "draft" for r in left)):
        bad.append("neither sources nor results: %s" % left)
    if whole:
        lab.must(*verb(orders))
        left = rows(lab, name)
    results = [r["no"] for r in left]
    code, doc, err = lab.run("--timeout", "30", "drafts", "issue", *results, crash_at=point)
    survived &= code == 0
    bad += lab.recover()
    rest = [r["no"] for r in rows(lab, name)]
    if rest:
        lab.must("--timeout", "30", "drafts", "issue", *rest)
        bad += lab.recover()
    for o in orders:
        code, doc, err = lab.run("blue", "issue", "-", text=json.dumps(
            kp.invoice(o, **change), ensure_ascii=False))
        if code != 3 or doc["error"]["code"] != "order.used":
            bad.append("%s was issued by itself: %s" % (o, doc))
    got = len(lab.sandbox.invoices()) - before
    if got != parts:
        bad.append("%d invoices instead of %d" % (got, parts))
    return survived, bad


def all_points(t, lab, word, n, change, verb, parts):
    point, bad, survived = 0, [], False
    while not survived and point < MAX_POINTS:
        point += 1
        survived, found = one_death(lab, point, "%s%d." % (word, point), n, change, verb, parts)
        bad += ["point %d: %s" % (point, f) for f in found[:3]]
    t.ok(survived, "%s: a run with more points than steps survives" % word)
    t.ok(point > 3, "%s: more than 3 points were met" % word, point)
    t.ok(not bad, "%s: once at each of %d points" % (word, point - 1), " | ".join(bad[:3]))


def one_nameless(lab, point, n):
    """A draft without an order number: dies while it is issued, and is issued again, by two."""
    bad = []
    doc = lab.must("blue", "draft", "-", text=json.dumps(
        [kp.invoice(None, remark="无订单号 %d" % n)], ensure_ascii=False))
    no = doc["results"][0]["no"]
    before = len(lab.sandbox.invoices())
    code, doc, err = lab.run("--timeout", "30", "drafts", "issue", no, crash_at=point)
    survived = code == 0
    bad += lab.recover()
    words = []
    for _ in range(2):
        code, doc, err = lab.run("--timeout", "30", "drafts", "issue", no)
        words.append(doc["error"]["code"] if code else "issued")
    bad += lab.recover()
    if words not in (["issued", "draft.used"], ["draft.used", "draft.used"]):
        bad.append("%s was answered %s" % (no, words))
    got = len(lab.sandbox.invoices()) - before
    if got != 1:
        bad.append("%s became %d invoices" % (no, got))
    return survived, bad


def nameless(t, lab):
    point, bad, survived = 0, [], False
    while not survived and point < MAX_POINTS:
        point += 1
        survived, found = one_nameless(lab, point, point)
        bad += ["point %d: %s" % (point, f) for f in found[:3]]
    t.ok(survived and point > 3, "no order number: every point was met", point)
    t.ok(not bad, "no order number: one invoice at each of %d points" % (point - 1),
         " | ".join(bad[:3]))


def main():
    with kp.Tap() as t, crashlab.Lab() as lab:
        all_points(t, lab, "merge", 3, {}, lambda o: ["blue", "merge", *o, "--add-up"], 1)
        all_points(t, lab, "split", 1, WIDE,
                   lambda o: ["blue", "split", o[0], "--amount", "1200"], 3)
        nameless(t, lab)
        t.ok(lab.home.audit_clean(), "numbers and quota agree")


if __name__ == "__main__":
    main()
