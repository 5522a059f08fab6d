#!/usr/bin/env python3
"""unit remove --force with KAIPIAO_CRASH_AT=1,2,3,...: the unit is there with all of its invoices,
or gone with all of them and a whole backup beside it (features C16)."""
import contextlib
import json
import os
import shutil
import sqlite3

import crashlab
import kp

MAX_POINTS = 40
TABLES = ("invoice", "invoice_line", "segment", "number_taken", "quota_entry")


def figures(path):
    with contextlib.closing(sqlite3.connect(os.path.join(path, "kaipiao.db"))) as db:
        sound = db.execute("PRAGMA integrity_check").fetchone()[0] == "ok" \
            and not db.execute("PRAGMA foreign_key_check").fetchone()
        units = db.execute("SELECT COUNT(*) FROM unit WHERE role = 'using'").fetchone()[0]
        return sound, units, tuple(db.execute("SELECT COUNT(*) FROM " + t).fetchone()[0]
                                   for t in TABLES)


def backups(path):
    return [os.path.join(path, f) for f in os.listdir(path)
            if f.startswith("before-removal") and f.endswith(".tar")]


def one_death(lab, point, whole):
    bad = []
    top = lab.home.top + "/of-%d" % point
    shutil.copytree(lab.home.path, top + "/kaipiao")
    home = kp.Home(top + "/kaipiao")
    args = ("unit", "remove", lab.sandbox.using["tax_no"], "--force")
    code, _, err = home.run(*args, env={"KAIPIAO_CRASH_AT": str(point)})
    if code not in (0, crashlab.CRASHED):
        bad.append("exit %d %s" % (code, err))
    sound, units, rows = figures(home.path)
    if not sound or (units, rows) not in ((1, whole), (0, (0,) * len(TABLES))):
        bad.append("half removed: %s %d %s" % (sound, units, rows))
    if not units and not backups(home.path):
        bad.append("gone without a backup")
    if units and home.run(*args)[0] != 0:
        bad.append("it cannot be removed later")
    if figures(home.path)[1:] != (0, (0,) * len(TABLES)):
        bad.append("something is left: %s" % (figures(home.path),))
    with kp.Home() as old:
        if old.run("restore", sorted(backups(home.path))[-1])[0] or figures(old.path)[2] != whole:
            bad.append("the backup is not whole")
    shutil.rmtree(top)
    return code == 0, bad


def main():
    with kp.Tap() as t, crashlab.Lab(numbers=50, quota="5000.00") as lab:
        for i in range(3):
            lab.must("blue", "issue", "-", text=json.dumps(kp.invoice("R-%d" % i)))
        lab.must("sync", "--once")
        whole = figures(lab.home.path)[2]
        t.ok(whole[0] == 3 and whole[4] > 0, "there is something to lose", whole)
        point, survived = 0, False
        while not survived and point < MAX_POINTS:
            point += 1
            survived, bad = one_death(lab, point, whole)
            t.ok(not bad, "death at step %d" % point, bad)
        t.ok(survived and point > 2, "every step was tried", point)


main()
