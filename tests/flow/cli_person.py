#!/usr/bin/env python3
"""What needs a person: a key that cannot be opened, two people at one invoice, settling by hand."""
import sqlite3
import time

from kp import Home, Sandbox, Tap, invoice


def database(home):
    return sqlite3.connect(home.path + "/kaipiao.db", timeout=20, isolation_level=None)


def one(doc):
    return doc["results"][0]


def unusable_key(t, sb):
    with Home() as home:
        home.setup(sb)
        db = database(home)
        key = db.execute("SELECT sealed_key FROM unit WHERE role = 'direct'").fetchone()[0]
        db.execute("UPDATE unit SET sealed_key = 'x' WHERE role = 'direct'")
        start = time.monotonic()
        code, doc, err = home.run("--timeout", "30", "blue", "issue", home.file(invoice("K-1")))
        took = time.monotonic() - start
        t.ok(code == 8 and took < 10 and one(doc)["state"] == "numbered",
             "a key that cannot be opened: exit 8 at once", code, "%.1f s" % took, doc, err)
        t.ok(doc["error"]["code"] == "invoice.unsent" and "密封" in err, "with the reason", err)
        db.execute("UPDATE unit SET sealed_key = ? WHERE role = 'direct'", (key,))
        code, doc, err = home.run("invoices", "retry", "K-1")
        t.ok(code == 0 and one(doc)["state"] == "issued", "mended: it goes out", doc, err)


def two_people(t, sb):
    """Retry and void of one failed invoice at once: whoever comes second is told."""
    with Home() as home:
        home.setup(sb)
        db = database(home)
        outcomes = []
        for i in range(4):
            order = "P-%d" % i
            sb.faults(fail_result={"times": 1, "text": "商品编码有误"})
            home.run("blue", "issue", home.file(invoice(order)), check=4)
            sb.faults()
            db.execute("BEGIN IMMEDIATE")
            verbs = [["--no-wait", "invoices", "retry", order], ["invoices", "void", order]]
            both = [home.start(*v) for v in (verbs if i % 2 else verbs[::-1])]
            time.sleep(0.4)
            db.execute("ROLLBACK")
            said = [p.communicate(timeout=60) for p in both]
            codes = [p.returncode for p in both]
            retried, voided = codes if i % 2 else codes[::-1]
            outcomes.append((retried, voided))
            t.ok((retried in (0, 5)) != (voided == 0) and 3 in codes, "one of the two wins", codes,
                 said)
            home.run("sync", "--once", check=0)
        t.ok(home.audit_clean(), "the audit is clean", outcomes)
        t.same(home.run("quota", "show")[1]["reserved"], "0.00", "no quota stays behind")


def by_hand(t, sb):
    with Home() as home:
        home.setup(sb)
        db = database(home)
        sb.faults(fail_result={"times": 1, "text": "不行"})
        home.run("blue", "issue", home.file(invoice("H-1")), check=4)
        sb.faults()
        code, doc, _ = home.run("invoices", "settle", "H-1", "--void", "--reason", "看过")
        t.ok(code == 3 and doc["error"]["code"] == "invoice.state",
             "what the engine can find out is not settled by hand", doc)
        # As after a restored backup: the tax side has the number, with what content nobody knows.
        db.execute("UPDATE invoice SET state = 'unknown', needs_person = 1 WHERE order_no = 'H-1'")
        db.execute("UPDATE invoice_tally SET state = 'unknown' WHERE state = 'failed'")
        db.execute("UPDATE number_taken SET state = 'reserved' WHERE state = 'reusable'")
        db.execute("UPDATE segment SET reserved = reserved + 1, reusable = reusable - 1")
        code, doc, err = home.run("invoices", "settle", "H-1", "--void")
        t.same(code, 2, "a reason is needed", err)
        code, _, err = home.run("invoices", "settle", "H-1", "--issued", "--void", "--reason", "a")
        t.same(code, 2, "and one of two words", err)
        code, doc, err = home.run("invoices", "settle", "H-1", "--void", "--reason", "局端是另一张")
        t.ok(code == 0 and one(doc)["state"] == "void", "an administrator settles it", doc, err)
        code, doc, err = home.run("blue", "issue", home.file(invoice("H-1")))
        t.ok(code == 0 and one(doc)["state"] == "issued" and not one(doc)["repeat"],
             "and the order is issued under another number", doc, err)
        row = db.execute("SELECT after FROM audit WHERE action = 'invoice.settle'").fetchone()
        t.ok("局端是另一张" in row[0], "the reason is in the audit", row)
        t.ok(home.audit_clean(), "the audit is clean")


with Tap() as tap, Sandbox() as platform:
    unusable_key(tap, platform)
    two_people(tap, platform)
    by_hand(tap, platform)
