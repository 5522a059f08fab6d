"""The process dies at each of its durable steps while an issued invoice is pushed and mailed.

After every death and a sync: the invoice is issued once; its event has arrived at least once,
always under the same id; its mail has arrived at most once, and where nobody can tell it is
`unknown`, never sent again by itself and never said to be sent when it was not.
"""
import crashlab
import fakepost
import kp

MAX_POINTS = 120
# What the two do, besides being well.
MOODS = {
    "well": ({}, {}),
    "answers lost": ({"drop": True}, {"drop": "end"}),
    "refusing first": ({"status": 500}, {"end": "451 later"}),
}


def set_up(lab, certs, r, m):
    lab.must("push", "set", "--url", r.url, "--key-id", "k", "--secret-file",
             lab.home.file(fakepost.SECRET), "--ca-file", certs.ca, "--automatic", "yes")
    lab.must("mail", "set", "--host", "localhost", "--port", str(m.port), "--login", m.user,
             "--password-file", lab.home.file(m.password), "--sender", "billing@seller.test",
             "--ca-file", certs.ca, "--formats", "xml", "--automatic", "yes")


def one_death(lab, r, m, point, mood):
    """(survived, problems)"""
    pushed, mailed = MOODS[mood]
    order = lab.order()
    order["buyer"] = dict(order["buyer"], email="b%d@buyer.test" % len(lab.orders))
    lab.run("--no-wait", "blue", "issue", "-", text=crashlab.json.dumps([order]))
    r.behave(*([pushed] if pushed else []))
    m.behave(*([mailed] if mailed else []))
    code, _, err = lab.run("--timeout", "30", "sync", "--once", crash_at=point)
    died = code == crashlab.CRASHED
    if not died and code != 0:
        return True, ["exit %d without a death: %s" % (code, err)]
    found = lab.recover()
    r.behave()
    m.behave()
    return not died, found + lab.problems() + problems(lab, r, m, order)


def problems(lab, r, m, order):
    found = []
    number = lab.must("invoices", "show", order["order_no"])["number"]
    event = [e for e in r.events() if e.endswith(number)]
    if not event or set(event) != {"practice.invoice.issued." + number}:
        found.append("events %r" % event)
    if not all(q["signed"] for q in r.requests):
        found.append("a push is not signed")
    if lab.must("push", "list", "--limit", "1")["rows"][0]["state"] != "done":
        found.append("the push is not done")
    to = "TO:<%s>" % order["buyer"]["email"]
    arrived = sum(x["to"] == [to] for x in m.messages)
    rows = lab.must("mail", "list", "--invoice", number)["rows"]
    if len(rows) != 1 or rows[0]["state"] not in ("sent", "unknown"):
        found.append("mails %r" % [x["state"] for x in rows])
    elif arrived > 1 or (rows[0]["state"] == "sent" and arrived != 1):
        found.append("%s, arrived %d times" % (rows[0]["state"], arrived))
    return found


def all_points(t, lab, r, m, mood):
    point, bad, survived = 0, [], False
    while not survived and point < MAX_POINTS:
        point += 1
        survived, found = one_death(lab, r, m, point, mood)
        if found:
            bad.append("point %d: %s" % (point, "; ".join(found[:4])))
    t.ok(survived, "%s: a run with more points than steps survives" % mood)
    t.ok(point > 15, "%s: more than 15 points were met" % mood, "met %d" % (point - 1))
    t.ok(not bad, "%s: pushed at least once, mailed at most once at each of %d points"
         % (mood, point - 1), " | ".join(bad[:3]))


def in_mood(mood, certs):
    def part(t):
        with crashlab.Lab() as lab, fakepost.Receiver(certs) as r, fakepost.MailServer(certs) as m:
            set_up(lab, certs, r, m)
            all_points(t, lab, r, m, mood)
    return part


def main():
    with kp.Tap() as t, fakepost.Certificates() as certs:
        kp.side_by_side(t, [in_mood(mood, certs) for mood in MOODS])


if __name__ == "__main__":
    main()
