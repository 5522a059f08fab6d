#!/usr/bin/env python3
"""The index of searches, killed while it takes invoices in: what was done stays, nothing that is
searched for is missed meanwhile, and the next engine goes on."""
import contextlib
import os
import sqlite3
import subprocess

from kp import Home, Tap, skip_all, sql

COUNT, TAIL, POINTS = 1500, 256, 16
FILL = os.path.join(os.environ.get("BUILD", "build"), "bench", "fill")
SEARCHES = (("--find", "螺纹钢"), ("--drawer", "李会计", "--state", "issued"),
            ("--amount-from", "100000"), ("--number-part", "00012"))


def done(home):
    with contextlib.closing(sqlite3.connect(home.path + "/kaipiao.db")) as db:
        row = db.execute("SELECT done_id FROM invoice_find").fetchone()
        return row[0] if row else 0


def forget(home):
    path = home.path + "/kaipiao.db"
    sql(path, "DELETE FROM find_post WHERE id >> 47 IN (SELECT id FROM find_list WHERE kind = 4)")
    sql(path, "DELETE FROM invoice_find")


def ids(home, options):
    """Every match, page after page."""
    found, cursor = [], None
    while True:
        doc = home.run("invoices", "list", *options, "--limit", "500",
                       *(("--cursor", cursor) if cursor else ()), check=0)[1]
        found += [row["id"] for row in doc["rows"]]
        cursor = doc["next"]
        if not cursor:
            return found


def main():
    if not os.access(FILL, os.X_OK):
        skip_all("not built: " + FILL)
    with Tap() as t, Home() as home:
        subprocess.run([FILL, home.path, str(COUNT)], check=True)
        want = {options: ids(home, options) for options in SEARCHES}
        t.ok(all(want.values()), "there is something to find",
             {o: len(f) for o, f in want.items()})
        partly = 0
        home.run("--timeout", "5", "sync", "--once")  # what else there is to be done
        for point in range(1, POINTS):
            forget(home)
            code = home.run("--timeout", "5", "sync", "--once",
                            env={"KAIPIAO_CRASH_AT": str(point)})[0]
            at = done(home)
            if code in (0, 5, 6) or not 0 < at < COUNT - TAIL:
                continue
            partly += 1
            for options in SEARCHES:
                t.same(ids(home, options), want[options],
                       "killed at step %d with %d taken in, nothing is missed by %s" % (
                           point, at, " ".join(options)))
        t.ok(partly > 0, "it was killed while it was at it")
        home.run("--timeout", "5", "sync", "--once")
        t.ok(done(home) >= COUNT - TAIL, "the next engine comes to the end", done(home))
        for options in SEARCHES:
            t.same(ids(home, options), want[options], "all are found by %s" % " ".join(options))


if __name__ == "__main__":
    main()
