#!/usr/bin/env python3
"""C16: unit remove --force deletes nothing that its backup does not have: the unit is frozen
meanwhile, what comes all the same refuses it, and one that was cut short says what to do."""
import contextlib
import json
import os
import signal
import sqlite3
import time

from kp import Home, Sandbox, Tap, count, invoice, sql

MB = 80


def base(home):
    return os.path.join(home.path, "kaipiao.db")


def frozen(home):
    return count(base(home), "SELECT COUNT(*) FROM unit WHERE frozen_at <> 0")


def fatten(home):
    """A log of many calls, so that a backup takes long enough to be met in its middle."""
    with contextlib.closing(sqlite3.connect(base(home), timeout=30)) as db, db:
        db.execute("WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?)"
                   " INSERT INTO request_log (id, at_ms, service, url, trace_id, request)"
                   " SELECT 100000 + v, 1, 'x', '', '', zeroblob(1000000) FROM n", (MB,))


def part_of(home):
    """The copy a backup is being made of."""
    for name in os.listdir(home.path):
        if name.startswith("before-removal") and name.endswith(".part"):
            if os.path.getsize(os.path.join(home.path, name)) > 0:
                return True
    return False


@contextlib.contextmanager
def in_the_middle(t, home, *args):
    """The verb stopped while it writes its backup; goes on when the body is done.  Gives a list
    that has code, document and stderr then."""
    end = []
    p = home.start(*args)
    until = time.monotonic() + 20
    while not part_of(home) and p.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    met = p.poll() is None
    p.send_signal(signal.SIGSTOP)
    t.ok(met, "stopped while the backup is written")
    yield end
    p.send_signal(signal.SIGCONT)
    out, err = p.communicate(timeout=60)
    end += [p.returncode, json.loads(out), err.decode()]


def clerk_beside(t, sb, home, remove):
    sent = len(sb.invoices())
    with in_the_middle(t, home, *remove) as end:
        code, doc, _ = home.run("blue", "issue", home.file(invoice("R-2")))
        t.ok(code == 3 and doc["error"]["code"] == "unit.frozen" and "正在连同记录删除"
             in doc["error"]["message"], "a clerk is refused meanwhile, with the reason", doc)
        found = [f for f in home.run("health")[1]["findings"] if f["check"] == "removal"]
        t.ok(found and "再删除一次" in found[0]["text"], "health says it", found)
        t.same(len(sb.invoices()), sent, "nothing was sent")
        # One that began before the freezing: it took its number between the backup and the removal.
        sql(base(home), "INSERT INTO quota_entry (id, unit_id, month, kind, unused_delta,"
            " reserved_delta, note, at) SELECT 900000, unit_id, month, 'download', 1, 0, '', at"
            " FROM quota_entry LIMIT 1")
    code, doc, err = end
    t.ok(code == 6 and doc["error"]["code"] == "unit.changed" and "什么都没有删除"
         in doc["error"]["message"], "what the backup has not refuses the removal", end)
    backup = doc["error"]["hint"].split("：")[-1]
    t.ok(os.path.exists(backup), "the backup is kept and named", doc)
    t.same((count(base(home), "SELECT COUNT(*) FROM invoice"), frozen(home)), (1, 0),
           "the invoice is there, and the unit issues again")
    with Home() as other:
        other.run("restore", backup, check=0)
        t.same((count(base(other), "SELECT COUNT(*) FROM invoice"), frozen(other)), (1, 0),
               "restored, the unit of the backup is not frozen")
    sql(base(home), "DELETE FROM quota_entry WHERE id = 900000")
    t.same(home.run("blue", "issue", home.file(invoice("R-3")))[0], 0, "and indeed")


def power_cut(t, home, remove):
    rows = count(base(home), "SELECT COUNT(*) FROM invoice")
    step = 0
    while step < 20:
        step += 1
        code = home.run(*remove, env={"KAIPIAO_CRASH_AT": str(step)})[0]
        if code != 86 or not count(base(home), "SELECT COUNT(*) FROM unit WHERE role = 'using'"):
            break
        t.ok(count(base(home), "SELECT COUNT(*) FROM invoice") == rows,
             "power goes at step %d: all is there" % step)
        if frozen(home):
            health = home.run("health")[1]["findings"]
            t.ok([f for f in health if f["check"] == "removal"], "health says why it is frozen",
                 health)
            shown = home.run("unit", "show", remove[2], "--role", "using")[1]
            t.ok("正在连同记录删除" in json.dumps(shown, ensure_ascii=False), "unit show, too", shown)
    t.ok(step > 2 and count(base(home), "SELECT COUNT(*) FROM unit WHERE role = 'using'") == 0,
         "the verb is run again and ends", step)


def by_person(t, home, remove):
    """What a person froze stays so when the removal is refused."""
    home.run("unit", "freeze", remove[2], "--reason", "停用", check=0)
    with in_the_middle(t, home, *remove) as end:
        sql(base(home), "UPDATE quota_month SET unused = unused + 1")
    t.same((end[0], count(base(home), "SELECT COUNT(*) FROM unit WHERE frozen_why = '停用'")), (6, 1),
           "frozen by a person: as before", end)
    home.run("unit", "unfreeze", remove[2], check=0)


with Tap() as tap, Sandbox(result_delay=0) as platform, Home() as place:
    place.setup(platform, numbers=20)
    place.run("blue", "issue", place.file(invoice("R-1")), check=0)
    fatten(place)
    verb = ["unit", "remove", platform.using["tax_no"], "--role", "using", "--force"]
    clerk_beside(tap, platform, place, verb)
    by_person(tap, place, verb)
    power_cut(tap, place, verb)
