#!/usr/bin/env python3
"""The calendar by whom it is kept: daemon and sync --once alike, exactly one download each; a
refusal is told, tried again and stays refused; the first numbers come by themselves; doing it
again by hand."""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap, invoice, wait_for  # noqa: E402

BEFORE, FIRST = "2025-11-28T10:00:00+08:00", "2025-12-01T09:00:00+08:00"


def go(sb, home, now):
    sb.post("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now


def ready(sb, home, numbers=20):
    home.setup(sb, numbers=numbers, quota="5000.00")
    home.run("param", "set", "engine", "calendar", "1", check=0)


def run_of(home, rule, *options):
    rows = home.run("jobs", "runs", "--rule", rule, *options, check=0)[1]["rows"]
    return rows[0] if rows else {"state": None}


def plan_of(home, month):
    return {r["date"] + " " + r["rule"]: (r["became"], r["became_text"])
            for r in home.run("jobs", "plan", "--month", month, check=0)[1]["rows"]}


def downloads(sb):
    return sb.requests("XZTHSXED")


def by_daemon(t):
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home)
        before = downloads(sb)
        go(sb, home, FIRST)
        daemon = home.start("sync", "--daemon")
        done = wait_for(lambda: run_of(home, "quota.month")["state"] == "done", 30)
        t.ok(done, "the daemon keeps the calendar", home.run("jobs", "runs")[1])
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=30)
        home.run("sync", "--once", check=0)
        t.same(downloads(sb) - before, 1, "daemon, then once: exactly one download")
        t.same(home.run("quota", "show")[1]["unused"], "8000000.00", "80 percent")
        t.same(run_of(home, "quota.month")["reason"], "已下载 8,000,000.00 元", "and how much it was")
        plan = plan_of(home, "2025-12")
        t.same([plan[k] for k in ("2025-12-01 quota.month", "2025-12-12 summary.confirm")],
               [("done", "已办"), (None, "到时办理")], "M14 the plan: what became of it, what will be")
        plan = plan_of(home, "2025-11")
        daily = {k[:10]: v for k, v in plan.items() if k.endswith("taxpayer.daily")}
        t.same(({v[0] for k, v in daily.items() if k > BEFORE[:10]}, daily[FIRST[:8].replace(
                "12", "11") + "05"]), ({"missed"}, (None, "没有单位")),
               "M14 days on which nobody was there, and before there was a unit")
        rows = home.run("jobs", "plan", "--rule", "quota.month", check=0)[1]["rows"]
        t.same([r["rule"] for r in rows], ["quota.month"], "one rule alone")
        t.same(home.run("jobs", "plan", "--rule", "quota.moon")[0], 3, "no such rule")
        text, whole = (home.run("jobs", "plan", *o, json_out=False)[1] for o in ((), ("--all",)))
        t.ok("未接入" not in text and "未接入" in whole and "已办" in text, "people read their own",
             text[:600])
        t.ok(home.run("jobs", "runs", "--state", "idle")[1]["total"] > 0,
             "what was not needed is told on request")
        t.ok(home.audit_clean(), "the ledgers are clean")


def ahead(t):
    """F M: our clock is minutes ahead around the turn of the month: what is answered is the old
    month's, and the run is not done by it."""
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home)
        before = downloads(sb)
        sb.post("/clock", {"now": "2025-11-30T23:58:00+08:00"})
        home.env["KAIPIAO_NOW"] = "2025-12-01T00:01:00+08:00"
        for _ in range(2):
            home.run("sync", "--once")
        r = run_of(home, "quota.month")
        t.ok(r["state"] == "open" and "还不是本月" in r["reason"] and r["next_at"],
             "theirs is the month before: it waits and says why", r)
        t.same(downloads(sb) - before, 0, "nothing was downloaded for the old month")
        found = [f for f in home.run("health")[1]["findings"] if f["check"] == "quota"]
        t.ok(found and "2025-12 月没有可开票的额度" in found[0]["text"], "health says so", found)
        go(sb, home, "2025-12-01T00:20:00+08:00")
        home.run("sync", "--once", check=0)
        r = run_of(home, "quota.month")
        t.same((r["state"], r["reason"], downloads(sb) - before),
               ("done", "已下载 8,000,000.00 元", 1), "and is done when theirs is there, too", r)


def refused(t):
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home)
        go(sb, home, FIRST)
        sb.faults(error={"service": "XZTHSXED", "code": "4033"})
        home.run("sync", "--once")
        r = run_of(home, "quota.month")
        t.ok(r["state"] == "open" and r["attempts"] == 1 and "4033" in r["reason"]
             and r["next_at"], "refused: the reason, and when it is tried again", r)
        unit, other = sb.using["tax_no"], sb.direct["tax_no"]
        for verb in (["jobs", "runs"], ["jobs", "list"]):
            everything = home.run(*verb)[1]["rows"]
            mine = home.run(*verb, "--unit", unit)[1]
            t.ok(mine["rows"] and mine["total"] == len(mine["rows"])
                 and mine["rows"] == [x for x in everything if x["unit_id"] == r["unit_id"]],
                 "M14: %s of one unit" % verb[1], mine)
            t.same(home.run("--unit", unit + "@演练", *verb)[1]["rows"], mine["rows"],
                   "M14: and with its environment, before the verb")
            t.same([x for x in home.run(*verb, "--unit", other)[1]["rows"]
                    if x["unit_id"] == r["unit_id"]], [], "M14: not under its direct unit")
            t.same(home.run(*verb, "--unit", "91440300NOBODY000X")[1]["error"]["code"],
                   "unit.unknown", "M14: a unit that is none")
        t.same(run_of(home, "quota.month", "--failed")["id"], r["id"],
               "--failed has what waits after a refusal, too")
        t.ok("等再试" in home.run("jobs", "runs", "--failed", json_out=False)[1], "and says so")
        calls = downloads(sb)
        home.run("sync", "--once")
        t.same(downloads(sb), calls, "not before that time")
        go(sb, home, "2025-12-01T10:30:00+08:00")
        home.run("sync", "--once")
        r = run_of(home, "quota.month")
        t.ok(downloads(sb) == calls + 1 and r["attempts"] == 2, "an hour later once more", r)
        doc = home.run("jobs", "again", r["id"], check=0)[1]
        t.ok(doc["id"] == r["id"] and doc["state"] == "open", "again by hand", doc)
        home.run("sync", "--once")
        t.same(downloads(sb), calls + 2, "is done at once")
        sb.faults()
        t.ok("半分钟之内办" in home.run("jobs", "again", r["id"], json_out=False)[1],
             "when it comes is said")
        home.run("sync", "--once", check=0)
        t.same(run_of(home, "quota.month")["state"], "done", "and when it is granted, it is done")
        code, doc, _ = home.run("jobs", "again", r["id"])
        t.ok(code == 3 and doc["error"]["code"] == "run.done", "not a second time", doc)
        sb.faults(error={"service": "XZTHSXED", "code": "4033"})
        go(sb, home, "2026-01-31T23:30:00+08:00")
        home.run("sync", "--once")
        failed = run_of(home, "quota.month", "--failed")
        t.ok(failed["slot"] == "2026-01-01" and failed["late"],
             "refused in the month's last hour: failed, with its month", failed)
        sb.faults()
        go(sb, home, "2026-02-01T09:00:00+08:00")
        code, doc, _ = home.run("jobs", "again", failed["id"])
        t.ok(code == 3 and doc["error"]["code"] == "run.over", "a month that is over is over", doc)
        home.run("sync", "--once", check=0)
        t.same(run_of(home, "quota.month")["slot"], "2026-02-01", "the next one is done")
        t.ok(home.audit_clean(), "the ledgers are clean")


RUN = {"rule", "unit", "slot", "state", "state_text", "attempts", "reason", "next_at", "late"}
JOB = {"id", "created_at", "kind", "kind_text", "state", "state_text", "attempts", "due_at",
       "message", "hint"}


def seen(t):
    """M14: what is scheduled is seen: its log, its state, its reason; and it can be voided."""
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home)
        go(sb, home, FIRST)
        sb.faults(refuse={"service": "XZTHSXED"})
        home.run("--timeout", "1", "sync", "--once")
        run = run_of(home, "quota.month")
        t.ok(not RUN - set(run) and run["state"] == "open", "M14: the log of the calendar", run)
        jobs = home.run("jobs", "list", "--kind", "quota.move", check=0)[1]["rows"]
        job = jobs[0]
        t.ok(not JOB - set(job) and job["state"] == "ready" and job["attempts"] > 0
             and job["message"] and job["due_at"], "M14: its job: state, reason, when again", job)
        shown = home.run("jobs", "show", job["id"], check=0)[1]
        t.same([shown["id"], shown["state"], shown["message"]],
               [job["id"], job["state"], job["message"]], "M14: one of them alone")
        text = home.run("jobs", "list", json_out=False)[1]
        t.ok(job["kind_text"] in text and job["state_text"] in text, "M14: for people", text)
        code, doc, err = home.run("jobs", "cancel", job["id"])
        # It may have got through before the line broke: then it may not be given up.
        t.ok((code, doc.get("state")) == (0, "cancelled") or (code == 3 and "不能取消" in err),
             "M14: voided, or said why it cannot be", code, doc, err)
        home.run("--no-wait", "quota", "sync")
        job = home.run("jobs", "list", "--state", "ready", "--kind", "quota.sync")[1]["rows"][0]
        doc = home.run("jobs", "cancel", job["id"], check=0)[1]
        t.same([doc["state"], doc["state_text"]], ["cancelled", "已取消"], "M14: voided")
        calls = sb.requests("CXSXED")
        sb.faults()
        home.run("jobs", "show", job["id"], check=0)
        t.same(sb.requests("CXSXED"), calls, "M14: and is not done")
        t.same(home.run("jobs", "cancel", job["id"])[0], 3, "M14: once")
        t.same(home.run("jobs", "show", "999999")[1]["error"]["code"], "job.unknown",
               "M14: none of that number")


def frozen(t):
    """N69: a unit that issues nothing takes nothing by itself; it does when it may issue again."""
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home)
        before = downloads(sb)
        home.run("unit", "freeze", sb.using["tax_no"], "--reason", "停用", check=0)
        go(sb, home, FIRST)
        home.run("sync", "--once", check=0)
        r = run_of(home, "quota.month", "--state", "idle")
        t.ok(downloads(sb) == before and "冻结" in r.get("reason", ""),
             "N69 nothing is downloaded for a frozen unit", downloads(sb) - before, r)
        home.run("unit", "unfreeze", sb.using["tax_no"], check=0)
        code, _, err = home.run("blue", "issue", home.file(invoice("F-1")))
        t.ok(code == 0 and downloads(sb) == before + 1, "N69 but once it issues again", err)


def first_numbers(t):
    """Nothing claimed yet: before an invoice, and by the engine when time goes by."""
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home, numbers=0)
        t.same(home.run("numbers", "audit")[1]["total"], 0, "no numbers")
        code, doc, err = home.run("blue", "issue", home.file(invoice("F-1")))
        t.same(code, 0, "the number it needs is claimed before issuing", doc, err)
        home.run("numbers", "auto", "on", "--claim", "12000", "--below", "9",
                 check=0)
        home.run("sync", "--once", check=0)
        audit = home.run("numbers", "audit")[1]
        t.same(audit["total"], 2 + 12000, "below the mark what is set is claimed", audit)
        sizes = [int(s["count"]) for s in home.run("numbers", "list", check=0)[1]["rows"]]
        t.same(sorted(sizes), [1, 1, 2000, 5000, 5000], "in pieces of 5,000 at most")
        t.ok(home.audit_clean(), "the ledgers are clean")
    with Sandbox(now=BEFORE) as sb, Home(now=BEFORE) as home:
        ready(sb, home, numbers=0)
        home.run("numbers", "auto", "off", check=0)
        code, doc, _ = home.run("blue", "issue", home.file(invoice("F-1")))
        t.ok(code == 3 and doc["error"]["code"] == "numbers.short", "switched off: none", doc)
        home.run("sync", "--once", check=0)
        t.same(home.run("numbers", "audit")[1]["total"], 0, "nor by the engine")


with Tap() as tap:
    by_daemon(tap)
    ahead(tap)
    refused(tap)
    seen(tap)
    frozen(tap)
    first_numbers(tap)
