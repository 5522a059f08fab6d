#!/usr/bin/env python3
"""Homes of earlier programs with rows in every table: opened, migrated, everything still there.

The rows are those of a home of now, taken into the tables as the earlier schema had them; what that
leaves empty gets a row of its own below.
"""
import contextlib
import glob
import os
import re
import shutil
import sqlite3

from kp import ROOT, Home, Sandbox, Tap, invoice

SCHEMA = os.path.join(ROOT, "data", "schema")
KPIO, OWN_ID = 0x4B50494F, 900000
REMARKS = ["合同" + x for x in "甲乙丙丁戊己"]


def number_of(path):
    return int(os.path.basename(path)[:3])


def files(upto=999):
    return [p for p in sorted(glob.glob(os.path.join(SCHEMA, "*.sql"))) if number_of(p) <= upto]


def tables(db):
    return [r[0] for r in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name"
                                     " NOT LIKE 'sqlite_%' ORDER BY name")]


def columns(db, table):
    return [r[1] for r in db.execute("PRAGMA table_info(%s)" % table)]


def figures(db, table, names):
    """How many rows, the sum of the numbers and the length of the texts of each column."""
    sums = ", ".join("SUM(CASE WHEN typeof(%s) = 'integer' THEN %s ELSE length(%s) END)" % (n, n, n)
                     for n in names)
    return db.execute("SELECT COUNT(*), %s FROM %s" % (sums, table)).fetchone()


def own_row(db, table, facts):
    """A row for a table that has none: what each column must be, as its CHECK and name say."""
    sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    names, values = [], []
    for _, name, kind, needed, default, key in db.execute("PRAGMA table_info(%s)" % table):
        if default is not None or not (needed or key):
            continue
        check = re.search(r"\b%s (?:= |IN \()'([^']*)'" % name, sql)
        names.append(name)
        values.append(check[1] if check else facts[name] if name in facts
                      else 1 if kind == "INTEGER" else "{}" if name in ("body", "head") else "x")
    db.execute("INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(names),
                                                    ", ".join("?" * len(names))), values)


def old_base(path, upto, source):
    """A database of that schema with the rows of `source`, and one of its own in each table that
    stays empty; its figures by table."""
    db = sqlite3.connect(path)
    db.create_function("folded", 1, lambda s: (s or "").lower())
    for name in files(upto):
        with open(name, encoding="utf-8") as f:
            db.executescript(f.read())
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("ATTACH ? AS now", (source,))
    present = {r[0] for r in db.execute("SELECT name FROM now.sqlite_schema WHERE type = 'table'")}
    for table in tables(db):
        if table in present:
            new = {r[1] for r in db.execute("PRAGMA now.table_info(%s)" % table)}
            both = ", ".join(c for c in columns(db, table) if c in new)
            db.execute("INSERT OR REPLACE INTO main.%s (%s) SELECT %s FROM now.%s"
                       % (table, both, both, table))
    facts = {"unit_id": "SELECT MAX(id) FROM unit", "user_id": "SELECT MAX(id) FROM app_user",
             "invoice_id": "SELECT MAX(id) FROM invoice",
             "name_id": "SELECT MAX(id) FROM buyer_name",
             "done_id": "SELECT MAX(id) FROM invoice"}
    facts = {k: db.execute(q).fetchone()[0] for k, q in facts.items()}
    # Ids beyond those the program counts up to.
    facts.update({key: OWN_ID for key in ("id", "run_id", "change_id")})
    for table in tables(db):
        if not db.execute("SELECT 1 FROM %s LIMIT 1" % table).fetchone():
            own_row(db, table, facts)
    db.execute("PRAGMA application_id = %d" % KPIO)
    db.execute("PRAGMA user_version = %d" % upto)
    db.commit()
    db.execute("DETACH now")
    found = {table: (columns(db, table), figures(db, table, columns(db, table)))
             for table in tables(db)}
    db.close()
    return found


def fill(home):
    """Something of most that a home can hold."""
    home.run("buyers", "add", "--name", "深圳市老客户有限公司", "--tax-no", "91440300MAKP0B021X",
             check=0)
    home.run("buyers", "address", "add", "深圳市老客户有限公司", "--address", "南山区 1 号", check=0)
    home.run("goods", "add", "--name", "老商品", "--tax-code", "1090509010000000000", check=0)
    home.run("types", "add", "--name", "门店", check=0)
    for i, remark in enumerate(REMARKS):
        home.run("blue", "issue", home.file(invoice("OLD-%d" % i, remark=remark)), check=0)
    home.run("blue", "draft", home.file(invoice("OLD-DRAFT")), check=0)
    home.run("templates", "add", home.file(invoice(None)), "--name", "每月", check=0)
    home.run("batch", "add", home.file([invoice("OLD-B%d" % i) for i in range(3)]), check=0)


def opened(t, home, upto, before, order):
    base = os.path.join(home.path, "kaipiao.db")
    code, doc, err = home.run("invoices", "list", "--limit", "100")
    t.ok(code == 0, "schema %d is opened" % upto, err)
    with contextlib.closing(sqlite3.connect(base)) as db:
        t.same(db.execute("PRAGMA user_version").fetchone()[0], number_of(files()[-1]),
               "and brought up to now")
        t.same(db.execute("PRAGMA integrity_check").fetchone()[0], "ok", "soundly")
        lost = []
        for table, (names, was) in before.items():
            there = columns(db, table)
            # A plain address of pushes is sealed when it is first seen.
            kept = [n for n in names if n in there and (table, n) != ("push_target", "url")]
            now = figures(db, table, kept) if kept else None
            want = (was[0],) + tuple(was[1 + names.index(n)] for n in kept)
            if now != want:
                lost.append((table, [(n, a, b) for n, a, b in zip(["rows"] + kept, want, now or ())
                                     if a != b]))
        t.ok(not lost, "all %d tables have their rows and sums" % len(before), lost)
    numbers = {r["order_no"]: r for r in doc["rows"]}
    t.ok(all(numbers["OLD-%d" % i]["state"] == "issued" for i in range(6)), "invoices are listed")
    found = home.run("invoices", "list", "--find", REMARKS[3])[1]["rows"]
    t.same([r["order_no"] for r in found], ["OLD-3"], "and found by their remark")
    found = home.run("buyers", "list", "--find", "老客户")[1]["rows"]
    t.ok(len(found) == 1, "buyers are found", found)
    t.ok(len(home.run("goods", "list", "--find", "老商品")[1]["rows"]) == 1, "goods too")
    code, doc, err = home.run("blue", "issue", home.file(invoice(order)))
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "and one more is issued", doc, err)
    code, doc, err = home.run("blue", "issue", home.file(invoice("OLD-1", remark=REMARKS[1])))
    t.ok(doc["results"][0]["repeat"], "none of the old ones again", doc, err)
    t.ok(home.audit_clean(), "the audit is clean")


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        fill(home)
        base, kept = os.path.join(home.path, "kaipiao.db"), os.path.join(home.top, "now.db")
        with contextlib.closing(sqlite3.connect(base)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for upto in (8, 19):
            shutil.copy(base, kept)
            for name in (base, base + "-wal", base + "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)
            before = old_base(base, upto, kept)
            opened(t, home, upto, before, "NEW-%d" % upto)
            with contextlib.closing(sqlite3.connect(base)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
