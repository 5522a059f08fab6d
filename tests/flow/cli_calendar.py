#!/usr/bin/env python3
"""The calendar: a month's quota, a year's numbers, stale data, dates of retried invoices."""
import json
import sqlite3
import time

from kp import Home, Sandbox, Tap, invoice


def go(sb, home, now):
    """Both clocks start anew at a moment."""
    sb.post("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now


def main(t, sb, home):
    home.setup(sb, numbers=20, quota="5000.00")
    issued = home.run("blue", "issue", home.file(invoice("N-1")), check=0)[1]["results"][0]
    t.ok(issued["number"].startswith("25"), "the number names the year", issued)

    calls = sb.requests("CXNSRFXXX")
    go(sb, home, "2025-11-29T15:00:00+08:00")
    t.same(home.run("blue", "issue", home.file(invoice("N-2")))[0], 0, "a day later")
    t.ok(sb.requests("CXNSRFXXX") > calls, "the risk data was fetched again first")

    go(sb, home, "2025-12-02T09:00:00+08:00")
    t.same(home.run("quota", "show")[1]["unused"], "0.00", "a new month has no quota yet")
    code, doc, err = home.run("blue", "issue", home.file(invoice("D-1")))
    t.same(code, 0, "it is downloaded before issuing", err)
    quota = home.run("quota", "sync")[1]
    t.same((quota["downloaded"], quota["unused"]), ("8000000.00", "7999900.00"),
           "80 percent of what was available")
    t.ok(home.audit_clean(), "the ledgers are clean")

    sb.faults(fail_result={"text": "风险核查中", "times": 1})
    number = home.run("blue", "issue", home.file(invoice("D-2")),
                      check=4)[1]["results"][0]["number"]
    go(sb, home, "2025-12-06T10:30:00+08:00")
    code, doc, err = home.run("invoices", "retry", "D-2")
    shown = home.run("invoices", "show", "D-2")[1]
    t.ok(code == 0 and doc["results"][0]["number"] == number, "retried days later", doc, err)
    t.ok(shown["issued_at"].startswith("2025-12-06"), "under the new date", shown["issued_at"])

    # An upload that slept longer than 48 hours fails here and is retried with a fresh date.
    sb.faults(refuse=True)
    code, doc, _ = home.run("blue", "issue", home.file(invoice("D-3")))
    t.same(code, 6, "unreachable")
    go(sb, home, "2025-12-09T10:30:00+08:00")
    sb.faults()
    home.run("sync", "--once")
    shown = home.run("invoices", "show", "D-3")[1]
    t.ok(shown["state"] == "failed" and "48" in shown["message"], "too old to upload", shown)
    code, doc, err = home.run("invoices", "retry", "D-3")
    t.same(code, 0, "retried", err)
    t.ok(home.run("invoices", "show", "D-3")[1]["issued_at"].startswith("2025-12-09"), "with today")

    go(sb, home, "2026-01-03T09:00:00+08:00")
    code, doc, err = home.run("blue", "issue", home.file(invoice("Y-1")))
    t.ok(code == 0 and doc["results"][0]["number"].startswith("26"), "a new year, new numbers", doc,
         err)
    audit = home.run("numbers", "audit")[1]
    text = home.run("numbers", "audit", json_out=False)[1]
    t.ok("剩余" in text and "第一处问题" not in text, "what there is not has no line", text)
    free = home.run("numbers", "list")[1]["rows"][-1]["last"]
    code, one, _ = home.run("numbers", "audit", free)
    text = home.run("numbers", "audit", free, json_out=False)[1]
    t.ok(code == 0 and "invoice" in one and ("发票编号" in text) == bool(one["invoice"]),
         "nor has an invoice that is none", one, text)
    runs = home.run("jobs", "runs", "--state", "idle", json_out=False)[1].split("\n")
    t.ok(all(" 0  " not in line[line.find("否"):].replace("否    0  ", "", 1) for line in runs[1:]
             if "否" in line), "a run without a job names none", runs[:4])
    t.ok(audit["unexplained"] == 0 and audit["expired"] > 0, "the old ones are expired", audit)
    t.same(home.run("quota", "auto", "off")[1]["on"], False, "automatic quota off")
    t.same(home.run("numbers", "auto", "off")[1]["on"], False, "automatic numbers off")
    go(sb, home, "2026-02-02T09:00:00+08:00")
    code, doc, _ = home.run("blue", "issue", home.file(invoice("F-1")))
    t.ok(code == 3 and doc["error"]["code"].startswith("quota."), "then the month is left alone",
         doc)
    home.run("quota", "auto", "on", "--percent", "10", check=0)
    home.run("param", "set", "engine", "calendar", "1", check=0)
    code, doc, err = home.run("sync", "--once")
    home.run("param", "set", "engine", "calendar", "0", check=0)
    t.same(code, 0, "sync --once keeps the calendar", doc, err)
    t.same(home.run("quota", "show")[1]["unused"], "1000000.00", "ten percent, as set")

    free = home.run("numbers", "audit")[1]["free"]
    code, doc, _ = home.run("blue", "issue",
                            home.file([invoice("Z-%d" % i) for i in range(free + 1)]))
    t.ok(code == 3 and doc["error"]["code"] == "numbers.short", "one number short: none is issued",
         doc)
    home.run("numbers", "auto", "on", "--below", "5", "--claim", "7", check=0)
    code, doc, err = home.run("blue", "issue",
                              home.file([invoice("Z-%d" % i) for i in range(free + 1)]))
    t.same(code, 0, "numbers are claimed before issuing", err)
    t.ok(home.audit_clean(), "the ledgers are clean")


def midnight(t):
    """The wait for another process's transaction crosses the end of the month."""
    start = "2026-11-30T23:59:40+08:00"
    with Sandbox(now=start) as sb, Home(now=start) as home:
        home.setup(sb, numbers=20, quota="5000.00")
        home.run("quota", "auto", "off", check=0)
        db = sqlite3.connect(home.path + "/kaipiao.db", timeout=20, isolation_level=None)
        home.env["KAIPIAO_NOW"] = "2026-11-30T23:59:58+08:00"
        db.execute("BEGIN IMMEDIATE")
        running = home.start("--no-wait", "blue", "issue", home.file(invoice("M-1")))
        time.sleep(3)
        db.execute("ROLLBACK")
        out = running.communicate(timeout=60)
        said = json.loads(out[0])
        t.ok(running.returncode == 3 and said["error"]["code"] == "quota.none"
             and "2026-12" in said["error"]["message"],
             "the new month's rules are asked, and it has no quota", said)
        t.same(home.run("invoices", "list")[1]["total"], 0, "nothing is stored")
        t.ok(home.audit_clean(), "no number is lost")


START = "2025-11-28T10:00:00+08:00"
with Tap() as tap, Sandbox(now=START) as platform, Home(now=START) as place:
    main(tap, platform, place)
    midnight(tap)
