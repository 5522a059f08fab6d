#!/usr/bin/env python3
"""What could issue an order of a batch twice: a backup restored, a file without order numbers."""
import os
import time

from kp import Home, Sandbox, Tap, invoice
from orders import book, head, line


def file_of(home, name, numbers):
    return book(os.path.join(home.top, name), [head(n) for n in numbers],
                [line(n) for n in numbers])


def restored(t, sb, home):
    """Read before the backup, issued after it: the restored batch is not simply issued again."""
    ids = [home.run("batch", "add", file_of(home, n + ".xlsx", [n + "1", n + "2"]),
                    check=0)[1]["batch"] for n in ("R", "P")]
    home.run("--no-wait", "batch", "start", ids[1], check=0)
    home.run("batch", "pause", ids[1], check=0)
    backup = os.path.join(home.top, "a.bak")
    home.run("backup", backup, check=0)
    home.run("batch", "start", ids[0], check=0)
    home.run("batch", "resume", ids[1], check=0)
    before = len(sb.invoices())
    time.sleep(1.1)
    home.run("restore", backup, check=0)
    home.run("numbers", "claim", 20, check=0)
    for batch, verb in ((ids[0], "start"), (ids[1], "resume")):
        plan = home.run("batch", "show", batch)[1]["plan"]
        t.ok("备份" in plan["blocked"] and "reconcile" in plan["hint"], "the plan says so", plan)
        code, doc, err = home.run("batch", verb, batch)
        t.ok(code == 3 and doc["error"]["code"] == "batch.restored" and "reconcile" in err,
             "%s needs a word" % verb, code, doc, err)
        home.run("sync", "--once")
        t.same(len(sb.invoices()), before, "nothing was issued again")
        code, doc, err = home.run("batch", verb, batch, "--again")
        t.same((code, doc["error"]["code"]), (3, "batch.restored"), "another word does not do")
    code, doc, err = home.run("batch", "start", ids[0], "--after-restore")
    t.ok(code == 0 and doc["issued"] == 2, "with it, it goes on", doc, err)
    fresh = home.run("batch", "add", file_of(home, "n.xlsx", ["N1"]), check=0)[1]["batch"]
    t.same(home.run("batch", "start", fresh)[0], 0, "a batch read afterwards needs no word")


def nameless(t, sb, home):
    path = home.file([invoice(), invoice()])
    one = home.run("batch", "add", path, check=0)[1]
    two = home.run("batch", "add", path, check=0)[1]
    t.same(two["same_as"], one["batch"], "the same file again is told")
    before = len(sb.invoices())
    home.run("batch", "start", one["batch"], check=0)
    code, doc, err = home.run("batch", "start", two["batch"])
    t.ok(code == 3 and doc["error"]["code"] == "batch.again" and "--again" in err,
         "orders without a number are not issued again", code, doc, err)
    t.same(len(sb.invoices()) - before, 2, "two, not four")
    plan = home.run("batch", "show", two["batch"])[1]["plan"]
    t.ok("同样的文件" in plan["blocked"], "the plan says so", plan)
    code, doc, err = home.run("batch", "start", two["batch"], "--again")
    t.ok(code == 0 and doc["issued"] == 2, "unless asked to", doc, err)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    restored(tap, platform, place)
    nameless(tap, platform, place)
