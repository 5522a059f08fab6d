#!/usr/bin/env python3
"""While a large file is being staged the others wait, are told so, and go on by themselves."""
import os
import signal
import sqlite3
import time

import orders
from kp import Home, Sandbox, Tap, invoice, wait_for

HELD = 17  # seconds: longer than a connection waits that nobody has asked to be patient
WORDS = "正在等导入或另一个进程写完"


def held(home):
    """Does somebody write?"""
    db = sqlite3.connect(os.path.join(home.path, "kaipiao.db"), timeout=0, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        db.close()


def staging(home, path):
    """A `batch add` that stands still while it writes."""
    running = home.start("batch", "add", path)
    while running.poll() is None:
        if held(home):
            running.send_signal(signal.SIGSTOP)
            # Others write, too, but not for long.
            if all(held(home) for _ in range(2000)):
                return running
            running.send_signal(signal.SIGCONT)
    raise AssertionError("it was never seen writing")


def end_of(running):
    out, err = running.communicate(timeout=60)
    return running.returncode, out.decode(), err.decode()


def waits(t, sb, home):
    first = orders.many(os.path.join(home.top, "s.xlsx"), 1, 900)
    first = home.run("batch", "add", first, check=0)[1]["batch"]
    big = orders.many(os.path.join(home.top, "big.xlsx"), 1000, 20000)
    engine = home.start("batch", "start", first)
    wait_for(lambda: home.run("invoices", "list")[1]["total"] > 100)
    writer = staging(home, big)
    try:
        began = time.monotonic()
        draft = home.start("blue", "draft", home.file(invoice("W-1")))
        issue = home.start("blue", "issue", home.file(invoice("W-2")))
        code, doc, _ = home.run("batch", "add", big)
        t.ok(code == 6 and doc["error"]["code"] == "import.running"
             and time.monotonic() - began < 5, "another file is told to come later", code, doc)
        t.same(home.run("buyers", "list")[0], 0, "who only reads does not wait")
        time.sleep(max(0, HELD - (time.monotonic() - began)))
        t.ok(draft.poll() is None and issue.poll() is None, "a draft and an invoice wait")
    finally:
        writer.send_signal(signal.SIGCONT)
    code, out, err = end_of(writer)
    t.ok(code == 0 and '"ready":20000' in out.replace(" ", ""), "the file is staged", code, err)
    for what, running in (("a draft", draft), ("an invoice", issue)):
        code, out, err = end_of(running)
        t.ok(code == 0 and err.count(WORDS) == 1, "%s: told once, and goes on" % what, code, err)
    code, out, err = end_of(engine)
    t.same(code, 0, "the batch under way goes on", err, out[-2000:])
    shown = home.run("batch", "show", first)[1]
    t.ok(shown["state"] == "done" and shown["issued"] == 900, "to its end", shown["state"])


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform, numbers=2000)
    place.quick()
    waits(tap, platform, place)
