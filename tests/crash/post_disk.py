"""The disk fills up at any write while issued invoices are pushed and mailed by a daemon.

What must hold: every event arrives at least once, always under one id; every mail at most once, and
once where it is said to be sent; what nobody knows is `unknown`; after room is made all that waits
goes, and nothing is lost.
"""
import json
import os
import time

import crashlab
import fakepost
import kp
from disk import SmallDisk

ROOMS_KB = [0, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 768]
EACH = 3


def set_up(lab, certs, r, m):
    lab.must("push", "set", "--url", r.url + "?token=tok-123456", "--key-id", "k", "--secret-file",
             lab.home.file(fakepost.SECRET), "--ca-file", certs.ca, "--automatic", "yes")
    lab.must("mail", "set", "--host", "localhost", "--port", str(m.port), "--login", m.user,
             "--password-file", lab.home.file(m.password), "--sender", "billing@seller.test",
             "--ca-file", certs.ca, "--formats", "xml", "--automatic", "yes")


def squeeze(lab, disk, r, m, room):
    """Some invoices wait to be delivered; the daemon runs with so little room, then with enough."""
    orders = []
    for _ in range(EACH):
        order = lab.order()
        order["buyer"] = dict(order["buyer"], email="b%d@buyer.test" % len(lab.orders))
        orders.append(order)
    lab.run("--no-wait", "blue", "issue", "-", text=json.dumps(orders, ensure_ascii=False))
    disk.leave(room)
    daemon = lab.start("sync", "--daemon")
    time.sleep(1.5)
    full = disk.free_kb() < max(room, 4) or daemon.poll() is not None
    daemon.terminate()
    code, _, err = lab.finish(daemon)
    disk.make_room()
    found = [] if code in (0, 5, 6, 8) else ["exit %d: %s" % (code, err)]
    found += lab.recover()
    return full, found + [x for o in orders for x in problems(lab, r, m, o)]


def problems(lab, r, m, order):
    found = []
    doc = lab.must("invoices", "show", order["order_no"])
    if doc["state"] != "issued":
        return ["%s is %s" % (order["order_no"], doc["state"])]
    number = doc["number"]
    events = [e for e in r.events() if e.endswith(number)]
    if not events or set(events) != {"practice.invoice.issued." + number}:
        found.append("events %r" % events)
    pushes = lab.must("push", "list", "--invoice", number)["rows"]
    if [x["state"] for x in pushes] != ["done"]:
        found.append("pushes %r" % [(x["state"], x["message"]) for x in pushes])
    to = "TO:<%s>" % order["buyer"]["email"]
    arrived = sum(x["to"] == [to] for x in m.messages)
    mails = lab.must("mail", "list", "--invoice", number)["rows"]
    if len(mails) != 1 or mails[0]["state"] not in ("sent", "unknown"):
        found.append("mails %r" % [(x["state"], x["message"]) for x in mails])
    elif arrived > 1 or (mails[0]["state"] == "sent" and arrived != 1):
        found.append("%s, arrived %d times" % (mails[0]["state"], arrived))
    return found


def main():
    with kp.Tap() as t, SmallDisk() as disk:
        if not disk.mounted:
            t.skip("a full disk while deliveries are made", "tmpfs 需要 root")
            return
        with crashlab.Lab(home=os.path.join(disk.path, "home", "kaipiao")) as lab, \
                fakepost.Certificates() as certs, fakepost.Receiver(certs) as r, \
                fakepost.MailServer(certs) as m:
            set_up(lab, certs, r, m)
            bad, met = [], 0
            for room in ROOMS_KB:
                full, found = squeeze(lab, disk, r, m, room)
                met += full
                bad += ["%d kB: %s" % (room, x) for x in found[:3]]
            t.ok(not bad, "with 0 to %d kB left no delivery is lost, none goes twice"
                 % ROOMS_KB[-1], " | ".join(bad[:6]))
            t.ok(met > 2, "the daemon met a full disk", met)
            _, doc, _ = lab.run("doctor")
            base = [row for row in doc["rows"] if row["check"] == "数据库"]
            t.ok([row["state"] for row in base] == ["ok"], "the database is sound afterwards", base)
            with open(os.path.join(lab.home.path, "kaipiao.db"), "rb") as f:
                t.ok(b"tok-123456" not in f.read(), "the token is nowhere in it")


if __name__ == "__main__":
    main()
