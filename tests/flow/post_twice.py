#!/usr/bin/env python3
"""Two people resend the same mail or push at once: one goes out, the other is told."""
import contextlib
import json
import os
import sqlite3
import time

import fakepost
from kp import BASE, Home, Sandbox, Tap, invoice

ROUNDS = 4
OPENED = 0.8  # seconds until both stand at the lock


def issue(home, order):
    buyer = dict(BASE["buyer"], email="b@buyer.test")
    code, doc, err = home.run("blue", "issue", home.file(invoice(order, buyer=buyer)))
    assert code == 0, (doc, err)
    return doc["results"][0]["number"]


def both(home, *args):
    """The same verb twice, both held at the lock of the database: exit codes, what was said."""
    base = sqlite3.connect(os.path.join(home.path, "kaipiao.db"), timeout=30, isolation_level=None)
    with contextlib.closing(base):
        base.execute("BEGIN IMMEDIATE")
        two = [home.start(*args) for _ in range(2)]
        time.sleep(OPENED)
        base.execute("COMMIT")
    said = [p.communicate(timeout=60)[1].decode() for p in two]
    return sorted(p.returncode for p in two), "".join(said)


def mails(home, number):
    return home.run("mail", "list", "--invoice", number)[1]["rows"]


def sent_again(t, home, m):
    bad = []
    for i in range(ROUNDS):
        number = issue(home, "S-%d" % i)
        home.run("invoices", "mail", number, check=0)
        m.messages.clear()
        codes, said = both(home, "mail", "send", mails(home, number)[0]["id"], "--again")
        if codes != [0, 6] or "重发" not in said or len(m.messages) != 1:
            bad.append((codes, said, len(m.messages)))
    t.ok(not bad, "a mail that was sent: one more goes out, the other is told", bad)
    first, last = mails(home, number)[-1], mails(home, number)[0]
    code, _, err = home.run("mail", "send", first["id"], "--again")
    t.ok(code == 6 and "第 %s 封" % last["id"] in err, "later too it is told which went", err)
    t.same(home.run("mail", "send", last["id"], "--again")[0], 0, "whose turn comes when asked for")
    code, _, err = home.run("mail", "send", first["id"], "--again", "--to", "other@buyer.test")
    t.ok(code == 0, "somebody else may have it", err)


def unknown_again(t, home, m):
    bad = []
    for i in range(ROUNDS):
        number = issue(home, "U-%d" % i)
        m.behave({"drop": "end"})
        home.run("invoices", "mail", number)
        row = mails(home, number)[0]
        m.behave()
        m.messages.clear()
        codes, said = both(home, "mail", "send", row["id"], "--again")
        row = mails(home, number)
        if codes != [0, 6] or "结果未知" not in said or len(m.messages) != 1 or \
                [x["state"] for x in row] != ["sent"]:
            bad.append((codes, said, len(m.messages), [x["state"] for x in row]))
    t.ok(not bad, "a mail whose outcome nobody knew: the same", bad)


def failed_again(t, home, m):
    number = issue(home, "F-1")
    m.behave({"rcpt": "550 no such user"})
    home.run("invoices", "mail", number)
    m.behave()
    m.messages.clear()
    codes, said = both(home, "mail", "send", mails(home, number)[0]["id"])
    t.ok(codes == [0, 6] and len(m.messages) == 1, "a mail that failed: the same", codes, said)


def push_again(t, home, r):
    bad = []
    for i in range(ROUNDS):
        number = issue(home, "P-%d" % i)
        home.run("sync", "--once", check=0)
        row = home.run("push", "list", "--invoice", number)[1]["rows"][0]
        r.requests.clear()
        codes, said = both(home, "push", "send", row["id"])
        if codes != [0, 6] or "刚刚有人再次推送" not in said or len(r.events()) != 1:
            bad.append((codes, said, r.events()))
    t.ok(not bad, "a push: one goes out, the other is told", bad)


def main():
    with Tap() as t, Sandbox() as sb, Home() as home, fakepost.Certificates() as certs, \
            fakepost.Receiver(certs) as r, fakepost.MailServer(certs) as m:
        home.setup(sb)
        home.run("mail", "set", "--host", "localhost", "--port", m.port, "--login", m.user,
                 "--password-file", home.file(m.password), "--sender", "billing@seller.test",
                 "--ca-file", certs.ca, "--formats", "xml", check=0)
        home.run("push", "set", "--url", r.url, "--key-id", "k", "--secret-file",
                 home.file(fakepost.SECRET), "--ca-file", certs.ca, "--automatic", "yes", check=0)
        sent_again(t, home, m)
        unknown_again(t, home, m)
        failed_again(t, home, m)
        push_again(t, home, r)
        t.ok(home.audit_clean(), "the audit is clean")


if __name__ == "__main__":
    main()
