#!/usr/bin/env python3
"""汇总确认: J1 to J12, B23, N50, N60 to N63, by their numbers."""
import datetime
import json
import os
import re

from kp import Home, Sandbox, Tap, invoice, side_by_side, sql

SIX = ("blue_count", "blue_net", "blue_tax", "red_count", "red_net", "red_tax")
WIRE = ("lzfpsl", "lzfpje", "lzfpse", "hzfpsl", "hzfpje", "hzfpse")


def go(sb, home, now):
    """Both clocks start anew at a moment."""
    sb.post("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now


def begin(sb, home, now="2025-06-20T10:00:00+08:00", orders=("A-1", "A-2")):
    """A unit authorised in May whose June has invoices."""
    go(sb, home, now)
    home.setup(sb)
    home.quick(summary_wait_ms=50, recon_wait_ms=20, recon_pace_ms=0)
    granted(home, "2025-05-06")
    if orders:
        issue(home, *orders)


def granted(home, day):
    """When the units were authorised; the verb is tested with the units."""
    at = datetime.datetime.fromisoformat(day + "T00:00:00+08:00").timestamp()
    sql(os.path.join(home.path, "kaipiao.db"), "UPDATE unit SET granted_at = %d" % at)


def issue(home, *orders):
    code, doc, err = home.run("blue", "issue", home.file([invoice(o) for o in orders]), check=0)
    return {r["order_no"]: r["number"] for r in doc["results"]}


def sync(home):
    """One round with the calendar on."""
    home.run("param", "set", "engine", "calendar", "1", check=0)
    code, doc, err = home.run("sync", "--once")
    home.run("param", "set", "engine", "calendar", "0", check=0)
    return code


def rows(home):
    return home.run("summary", "list", check=0)[1]["rows"]


def show(home, month="2025-06"):
    return home.run("summary", "show", month, check=0)[1]["summary"]


def sent(sb, service="SCFPHZQRXX"):
    return [json.loads(r["request"]) for r in sb.get("/requests?limit=1000&service=" + service)
            ["rows"]]


def taken(sb):
    """What the platform has confirmed, by its own word."""
    return [(r["month"], r["platform"]) for r in sb.get("/summary")["rows"]]


def checks(home):
    doc = home.run("health")[1]
    return {f["check"]: f for f in doc["findings"]}


def made_and_confirmed(t):
    """J6 J7 J2 N60: the row of the 1st, once; the six figures; the alarm until it is done."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        for now in ("2025-07-01T00:05:00+08:00", "2025-07-01T00:06:00+08:00",
                    "2025-07-02T00:00:00+08:00"):
            go(sb, home, now)
            sync(home)
        t.same([(r["month"], r["state"]) for r in rows(home)], [("2025-06", "open")],
               "J6: one row, however often it is looked at")
        go(sb, home, "2025-07-05T09:00:00+08:00")
        found = checks(home).get("summary")
        t.ok(found and found["exit"] == 3 and "2025-06" in found["text"]
             and "summary confirm 2025-06" in found["mend"], "J2: an alarm on the 5th", found)
        before = show(home)
        t.same([before[k] for k in SIX], [2, "200.00", "26.00", 0, "0.00", "0.00"],
               "the figures are there before anything is sent")
        t.same(sent(sb), [], "and nothing was sent")
        code, doc, err = home.run("summary", "confirm", "2025-06")
        s = doc["summary"]
        t.ok(code == 0 and s["state"] == "confirmed" and s["state_text"] == "已确认", "J7: 已确认",
             doc, err)
        body = sent(sb)[0]
        t.same([body[k] for k in WIRE], ["2", "200.00", "26.00", "0", "0.00", "0.00"],
               "J7: six figures, equal to the sum of ours", body)
        t.same((body["ywlx"], body["yf"], body["ptbh"], body["xsfnsrsbh"]),
               ("0", "2025-06", sb.direct["leqi_id"], sb.using["tax_no"]), "under whose name")
        t.same(len(body["xsfsjswjgdm"]), 11, "with the region")
        t.same(taken(sb), [("2025-06", sb.direct["leqi_id"])], "the platform has it, too")
        t.ok("summary" not in checks(home), "J2: no alarm any more")
        code, doc, err = home.run("summary", "confirm", "2025-06")
        t.ok(code == 3 and "已确认" in err and len(sent(sb)) == 1, "it is not confirmed twice", err)
        # N60: a month without a single invoice.
        go(sb, home, "2025-08-01T00:05:00+08:00")
        sync(home)
        s = show(home, "2025-07")
        t.same([s[k] for k in SIX], [0, "0.00", "0.00", 0, "0.00", "0.00"],
               "N60: a row for a month in which nothing was issued")
        code, doc, err = home.run("summary", "confirm", "2025-07")
        t.ok(code == 0 and [sent(sb)[-1][k] for k in WIRE] == ["0", "0.00", "0.00", "0", "0.00",
                                                             "0.00"]
             and len(taken(sb)) == 2, "N60: six zeros are confirmed", doc, err)
        text = home.run("summary", "list", json_out=False)[1]
        t.ok("已确认" in text and "2025-06" in text, "J1: as people read it", text)


def cancelled(t):
    """J8 J12 N63: cancel, upload what was kept back, confirm again; until the 13th."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, "2025-06-30T22:00:00+08:00")
        sb.faults(flow_control={"service": "QDFPSC", "value": 3})
        code, doc, err = home.run("blue", "issue", home.file(invoice("P-1")))
        t.same(code, 6, "one that does not get through")
        go(sb, home, "2025-07-01T08:00:00+08:00")
        home.run("summary", "add", "2025-06", "--identity", "direct", check=0)
        code, doc, err = home.run("summary", "confirm", "2025-06")
        t.ok(code == 3 and "还有 1 张 2025-06 的发票没有结果" in err and not sent(sb),
             "J12: invoices without a result are named first", err)
        code, doc, err = home.run("summary", "confirm", "2025-06", "--force")
        t.ok(code == 0 and doc["summary"]["pending"] == 1
             and "先取消确认" in doc["summary"]["advice"], "J12: forced all the same", doc, err)
        sb.faults()
        calls = sb.requests("QDFPSC")
        home.run("--timeout", "3", "sync", "--once")
        sql(os.path.join(home.path, "kaipiao.db"),
            "UPDATE job SET due_ms = 1 WHERE kind = 'invoice.upload' AND state = 'ready'")
        home.run("--timeout", "3", "sync", "--once")
        t.same(sb.requests("QDFPSC"), calls, "J12: then it is not uploaded")
        shown = home.run("invoices", "show", "P-1")[1]
        job = home.run("jobs", "list", "--state", "ready")[1]["rows"]
        t.ok(shown["state"] == "numbered"
             and any("税局不再接收这个月的发票" in str(j) for j in job), "J12: and says why", shown,
             job)
        code, doc, err = home.run("summary", "cancel", "2025-06")
        t.ok(code == 0 and doc["summary"]["state"] == "cancelled" and taken(sb) == [],
             "J8: cancelled", doc, err)
        body = sent(sb)[-1]
        t.ok(body["ywlx"] == "1" and not any(body.get(k) for k in WIRE), "J8: without figures",
             body)
        home.run("--timeout", "10", "sync", "--once")
        t.same(home.run("invoices", "show", "P-1")[1]["state"], "issued",
               "N63: what was kept back goes out by itself")
        code, doc, err = home.run("summary", "confirm", "2025-06")
        # It came to the tax side in July, whatever its date says.
        t.ok(code == 0 and doc["summary"]["blue_count"] == 2, "N63: and confirmed again", doc, err)
        go(sb, home, "2025-07-14T09:00:00+08:00")
        jobs = home.run("jobs", "list", "--kind", "summary.cancel")[1]["total"]
        code, doc, err = home.run("summary", "cancel", "2025-06")
        t.ok(code == 3 and "13 日" in err and len(taken(sb)) == 1, "J8: not on the 14th", err)
        t.ok(doc["error"]["code"] == "summary.closed"
             and home.run("jobs", "list", "--kind", "summary.cancel")[1]["total"] == jobs,
             "J8: nor is it asked for", doc)
        t.same(home.run("summary", "confirm", "2025-06")[0], 3, "nor confirmed")


def unequal(t):
    """J9: the platform has one fewer; the figures of both, and the invoice, by name."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, orders=())
        n = issue(home, "S-1", "S-2", "S-3")
        go(sb, home, "2025-07-03T09:00:00+08:00")
        sb.post("/invoice", {"do": "remove", "number": n["S-2"]})
        home.run("summary", "add", "2025-06", check=0)
        code, doc, err = home.run("summary", "confirm", "2025-06")
        s = doc["summary"]
        t.ok(code == 4 and "当前比对结果，蓝字数量与局端不一致，局端数量2，上传确认数量3" in err,
             "J9: refused in the tax side's words", doc, err)
        t.ok(s["state"] == "failed" and s["state_text"] == "确认失败"
             and (s["blue_count"], s["their_blue_count"]) == (3, "2")
             and (s["blue_net"], s["their_blue_net"]) == ("300.00", "200.00"),
             "J9: six beside six", s)
        t.ok(s["recon"] and "对账" in s["advice"], "J9: a comparison was begun", s)
        home.run("--timeout", "20", "sync", "--once")
        code, doc, err = home.run("reconcile", "show", str(s["recon"]))
        t.ok(code == 3 and ("only-ours", n["S-2"]) in [(d["kind"], d["number"])
                                                       for d in doc["differences"]],
             "J9: it names the missing invoice", doc, err)
        t.same(home.run("explain", "当前比对结果，蓝字数量与局端不一致，局端数量2，上传确认数量3")[0], 0,
               "J9: explained")
        # What differs is mended: the tax side has it after all.
        sb.post("/invoice", {"do": "add", "number": n["S-2"], "tax_no": sb.using["tax_no"],
                             "hjje": "100.00", "hjse": "13.00", "jshj": "113.00", "fppz": "02",
                             "kprq": "2025-06-20 10:00:00"})
        sql(sb.state + "/sandbox.db",
            "UPDATE invoice SET sllsh='x', at=(SELECT min(at) FROM invoice) WHERE fphm='%s'"
            % n["S-2"])
        code, doc, err = home.run("summary", "refresh", "2025-06")
        t.ok(code == 0 and doc["summary"]["state"] == "open"
             and "请再确认" in doc["summary"]["message"], "they agree now", doc, err)
        t.same(home.run("summary", "confirm", "2025-06")[0], 0, "confirmed")


def lag(t):
    """Figures that are minutes behind: tried again by itself, not reported as a difference."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, "2025-06-30T23:40:00+08:00", orders=("L-1",))
        go(sb, home, "2025-06-30T23:59:00+08:00")
        issue(home, "L-2")
        go(sb, home, "2025-07-01T00:01:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        sb.faults(summary_lag={"value": 600, "times": 2, "service": "SCFPHZQRXX"})
        home.run("--timeout", "15", "summary", "confirm", "2025-06")
        home.run("--timeout", "15", "sync", "--once")
        s = show(home)
        t.ok(s["state"] == "confirmed" and len(sent(sb)) == 3, "the third time they agree", s,
             len(sent(sb)))
        t.same({json.dumps([b[k] for k in WIRE]) for b in sent(sb)},
               {'["2", "200.00", "26.00", "0", "0.00", "0.00"]'}, "the same six each time")


def lost(t):
    """A lost answer is asked again with the same figures; it is never told as a failure."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        go(sb, home, "2025-07-03T09:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        sb.faults(drop_reply={"service": "SCFPHZQRXX", "times": 1})
        code, doc, err = home.run("--timeout", "20", "summary", "confirm", "2025-06")
        t.ok(code == 0 and doc["summary"]["state"] == "confirmed", "asked again", doc, err)
        t.ok(len(sent(sb)) == 2 and sent(sb)[0] == sent(sb)[1], "with the very same request",
             sent(sb))
        t.same(len(taken(sb)), 1, "confirmed once")
        t.ok("不是由本机" not in (doc["summary"]["message"] or ""), "by us", doc)
        sb.faults(drop_reply={"service": "SCFPHZQRXX", "times": 1})
        code, doc, err = home.run("--timeout", "20", "summary", "cancel", "2025-06")
        t.ok(code == 0 and doc["summary"]["state"] == "cancelled" and taken(sb) == [],
             "the same with a cancellation", doc, err)
        # Lost for a while: pending (5), the month is locked, nothing is said to have failed.
        sb.faults(drop_reply={"service": "SCFPHZQRXX", "times": 100})
        code, doc, err = home.run("--timeout", "1", "summary", "confirm", "2025-06")
        s = show(home)
        t.ok(code == 5 and s["state"] == "confirming" and "再问税局" in s["advice"],
             "not known yet", s, err)
        code, _, err = home.run("jobs", "cancel", [j["id"] for j in home.run("jobs", "list")[1]
                                ["rows"] if j["kind"] == "summary.confirm"][0])
        t.ok(code == 3 and "不能取消" in err, "its job cannot be cancelled", err)
        t.same(home.run("summary", "cancel", "2025-06")[0], 3, "nor the month, before it is known")
        sb.faults()
        home.run("--timeout", "20", "sync", "--once")
        t.same(show(home)["state"], "confirmed", "known at last")
        sb.faults(refuse={"service": "SCFPHZQRXX"})
        code, doc, err = home.run("--timeout", "5", "summary", "cancel", "2025-06")
        # 5 where it may have got through: the connection broke while it was being sent.
        t.ok(code in (5, 6) and show(home)["state"] == "cancelling", "nobody is there: later", err)
        sb.faults()
        home.run("--timeout", "20", "sync", "--once")
        t.same(show(home)["state"], "cancelled", "done when somebody is")


def elsewhere(t):
    """Confirmed by somebody else: said so, not claimed as ours."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        go(sb, home, "2025-07-03T09:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        sb.post("/summary", {"tax_no": sb.using["tax_no"], "month": "2025-06",
                             "state": "confirmed"})
        code, doc, err = home.run("summary", "confirm", "2025-06")
        t.ok(code == 0 and doc["summary"]["state"] == "confirmed"
             and "不是由本机" in doc["summary"]["message"], "the tax side says it is", doc, err)
        home.run("--timeout", "10", "sync", "--once")
        s = show(home)
        t.ok(s["their_blue_count"] == "2" and s["state"] == "confirmed", "with its figures", s)


def not_ours(t):
    """We died before the call; then others confirmed, with other figures: theirs are told."""
    for step in ("3", "4"):
        with Sandbox(result_delay=0) as sb, Home() as home:
            begin(sb, home)
            go(sb, home, "2025-07-03T09:00:00+08:00")
            home.run("summary", "add", "2025-06", check=0)
            home.run("--timeout", "5", "summary", "confirm", "2025-06", json_out=False,
                     env={"KAIPIAO_CRASH_AT": step})
            number = home.run("invoices", "show", "A-1")[1]["number"]
            sb.post("/invoice", {"do": "remove", "number": number})
            sb.post("/summary", {"tax_no": sb.using["tax_no"], "month": "2025-06",
                                 "state": "confirmed"})
            home.run("--timeout", "10", "sync", "--once")
            s = show(home)
            t.ok(s["state"] == "confirmed" and s["their_blue_count"] == "1"
                 and "蓝字数量 本机 2 税局 1" in (s["message"] or ""),
                 "step %s: the difference is told" % step, s)


def by_itself(t):
    """J10 N50: on the 13th 00:00 the tax side sums up; 10th to 12th warn.  J11 B23: the switch."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        t.same(home.run("summary", "auto")[1]["on"], True, "J11: on by default, 自用, too")
        t.same(home.run("summary", "auto", "off")[1]["on"], False, "J11: can be changed")
        go(sb, home, "2025-07-01T00:05:00+08:00")
        sync(home)
        go(sb, home, "2025-07-11T09:00:00+08:00")
        t.ok("截止" in checks(home)["summary"]["text"], "J10: a warning on the 11th", checks(home))
        go(sb, home, "2025-07-12T10:00:00+08:00")
        sync(home)
        t.ok(not sent(sb) and show(home)["state"] == "open", "switched off: left alone on the 12th")
        go(sb, home, "2025-07-13T00:00:01+08:00")
        t.same(home.run("summary", "confirm", "2025-06")[0], 3, "N50: too late by a second")
        sync(home)
        s = show(home)
        t.ok(s["state"] == "auto" and s["state_text"] == "已自动确认" and not sent(sb)
             and s["their_blue_count"] == "2" and not s["message"], "J10: 已自动确认", s)
        for _ in range(2):
            sync(home)
        t.same(sb.requests("CXFPHZQRXX"), 1, "asked once")
        t.same([r["state"] for r in rows(home)], ["auto"], "one row")
        code, doc, err = home.run("summary", "cancel", "2025-06")
        t.ok(code == 3 and "summary refresh 2025-06" in err, "J8: not to be cancelled", err)
        t.ok("summary" not in checks(home), "no alarm")
        # Nobody there from the 1st to the 20th.
        home.run("summary", "auto", "on", check=0)
        go(sb, home, "2025-08-20T09:00:00+08:00")
        sync(home)
        t.same(show(home, "2025-07")["state"], "auto", "made up for")


def not_with_open_ones(t):
    """J12, J11: on the 12th nothing is confirmed by itself while an invoice has no result."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, orders=("A-1",))
        home.quick(retry_base_ms=3600000, retry_max_ms=3600000)
        sb.faults(drop_reply={"service": "QDFPSC", "times": 1})
        home.run("--timeout", "1", "blue", "issue", home.file(invoice("A-2")))
        sb.faults(refuse={"service": "QDFPSC"})
        home.run("param", "set", "engine", "calendar", "1", check=0)
        for now in ("2025-07-01T00:05:00+08:00", "2025-07-12T09:00:00+08:00"):
            go(sb, home, now)
            home.run("--timeout", "3", "sync", "--once")
        s = show(home)
        t.ok(s["state"] == "open" and s["pending"] == 1 and not sent(sb), "J12: left alone", s)
        run = home.run("jobs", "runs", "--rule", "summary.confirm", "--state", "idle")[1]["rows"]
        t.ok(run and "2025-06 还有 1 张发票没有结果" in run[0]["reason"], "J12: and says why", run)
        sb.faults()
        # After 48 hours a person looks for it on the bureau's pages.
        number = home.run("invoices", "show", "A-2")[1]["number"]
        home.run("invoices", "settle", number, "--issued", "--reason", "税局网页查到", check=0)
        home.run("--timeout", "10", "sync", "--once")
        s = show(home)
        t.ok(s["state"] == "confirmed" and sent(sb)[-1]["lzfpsl"] == "2",
             "J11: once it is known, the same day, it is confirmed", s, home.run("jobs", "runs")[1])


def left_behind(t):
    """J6 J10: a machine that was off for months makes up for each of them."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        home.run("summary", "auto", "off", check=0)
        go(sb, home, "2025-07-01T00:05:00+08:00")
        sync(home)
        home.run("summary", "cancel", "2025-06")
        # Off from July to the 20th of September: June stays where it was, July never had a row.
        go(sb, home, "2025-09-20T09:00:00+08:00")
        sync(home)
        t.same([(r["month"], r["state"]) for r in rows(home)],
               [("2025-08", "auto"), ("2025-07", "auto"), ("2025-06", "auto")],
               "J6 J10: every month has its row and its end")
        t.ok(show(home)["their_blue_count"] == "2" and not show(home)["message"],
             "J10: with the tax side's figures", show(home))
        asked = sb.requests("CXFPHZQRXX")
        sync(home)
        t.same((asked, sb.requests("CXFPHZQRXX")), (3, 3), "each was asked for once")
        # One that was added late, and one that nobody answered for while its time lasted.
        home.run("summary", "add", "2025-05", check=0)
        sync(home)
        t.same(show(home, "2025-05")["state"], "auto", "J10: a month added late, too")
        sql(os.path.join(home.path, "kaipiao.db"),
            "UPDATE summary SET state = 'failed' WHERE month = '2025-07'")
        sync(home)
        t.same(show(home, "2025-07")["state"], "failed", "not asked again and again")
        found = checks(home).get("summary")
        t.ok(found and "2025-07" in found["text"] and "summary refresh 2025-07" in found["mend"],
             "J10: a closed month without an end is told", found)
        go(sb, home, "2025-10-01T00:05:00+08:00")
        sync(home)
        t.same([r["state"] for r in rows(home)], ["open"] + ["auto"] * 4, "but the day after")
        t.ok("2025-09" in checks(home)["summary"]["text"], "and nothing is left", checks(home))
        # A slip of a person is told for a day.
        sb.faults(error={"service": "XZTHSXED", "code": "4033"})
        home.run("--timeout", "5", "quota", "download", "100")
        t.ok("job" in checks(home), "a refusal that was asked for, today", checks(home))
        go(sb, home, "2025-10-03T00:05:00+08:00")
        t.ok("job" not in checks(home), "and not for ever", checks(home))


def clock_ahead(t):
    """Our clock is weeks ahead for one round: the month goes on, as the tax side's clock says."""
    june, ahead = "2025-06-20T10:00:00+08:00", "2025-07-14T10:00:00+08:00"
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, june)
        home.env["KAIPIAO_NOW"] = ahead
        sync(home)
        s = show(home)
        t.ok(s["state"] == "open" and sb.requests("CXFPHZQRXX") == 1,
             "asked, and not called summed up", s)
        go(sb, home, june)
        # A home that has called it so.
        sql(os.path.join(home.path, "kaipiao.db"), "UPDATE summary SET state = 'auto',"
            " updated_at = strftime('%s', '2025-07-14')")
        t.ok(issue(home, "C-1") and home.run("invoices", "show", "C-1")[1]["state"] == "issued",
             "a month that goes on holds nothing back")
        home.run("--timeout", "10", "sync", "--once")
        s = show(home)
        t.ok(s["state"] == "open" and "时钟" in s["message"], "it is opened again by itself", s)
        sql(os.path.join(home.path, "kaipiao.db"), "UPDATE summary SET state = 'auto'")
        home.run("--timeout", "10", "sync", "--once")
        t.same(show(home)["state"], "auto", "but not asked about at each turn")
        t.same(home.run("summary", "refresh", "2025-06")[1]["summary"]["state"], "open",
               "and by looking")
        go(sb, home, "2025-07-12T10:00:00+08:00")
        sync(home)
        t.ok(show(home)["state"] == "confirmed" and len(taken(sb)) == 1, "and so it is confirmed",
             show(home))
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        go(sb, home, "2025-07-03T09:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        # What is in doubt is not ended by a clock of ours, either.
        sb.faults(drop_reply={"service": "SCFPHZQRXX", "times": 100})
        t.same(home.run("--timeout", "1", "summary", "confirm", "2025-06")[0], 5, "in doubt")
        sb.faults()
        home.env["KAIPIAO_NOW"] = ahead
        home.run("--timeout", "10", "sync", "--once")
        t.ok(show(home)["state"] != "auto", "not summed up", show(home))
        go(sb, home, "2025-07-03T10:00:00+08:00")
        home.run("--timeout", "10", "summary", "confirm", "2025-06")
        home.run("--timeout", "10", "sync", "--once")
        t.same(show(home)["state"], "confirmed", "and known in the end")
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, june)
        before = home.run("numbers", "audit")[1]["free"]
        home.env["KAIPIAO_NOW"] = "2026-01-01T10:00:00+08:00"
        sync(home)
        go(sb, home, june)
        home.run("--timeout", "10", "sync", "--once")
        counts = home.run("numbers", "audit")[1]
        t.ok(counts["free"] >= before and not counts["expired"], "nor are numbers thrown away",
             counts)


def calendar_ahead(t):
    """Our clock is 46 days ahead once: the days between are not lost to the calendar."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        home.env["KAIPIAO_NOW"] = "2025-08-05T10:00:00+08:00"
        sync(home)
        for now in ("2025-06-21T08:00:00+08:00", "2025-07-01T08:00:00+08:00",
                    "2025-07-12T10:00:00+08:00"):
            go(sb, home, now)
            sync(home)
        t.ok(show(home)["state"] == "confirmed" and len(taken(sb)) == 1,
             "the month is confirmed on the 12th", rows(home))
        runs = {(r["rule"], r["slot"]) for r in home.run("jobs", "runs")[1]["rows"]}
        t.ok({("taxpayer.daily", "2025-07-12"), ("quota.month", "2025-07-01")} <= runs,
             "and what is daily and monthly is done", runs)


def restored(t):
    """A backup of a moment when the month was under way: nothing of it goes on by itself."""
    for verb, fault in (("cancel", {"refuse": {"service": "SCFPHZQRXX"}}),
                        ("confirm", {"drop_reply": {"service": "SCFPHZQRXX", "times": 100}})):
        with Sandbox(result_delay=0) as sb, Home() as home:
            begin(sb, home)
            go(sb, home, "2025-07-03T09:00:00+08:00")
            home.run("summary", "add", "2025-06", check=0)
            if verb == "cancel":
                home.run("summary", "confirm", "2025-06", check=0)
            sb.faults(**fault)
            home.run("--timeout", "1", "summary", verb, "2025-06")
            old = os.path.join(home.top, "old.kpb")
            home.run("backup", old, check=0)
            sb.faults()
            home.run("--timeout", "10", "sync", "--once")
            # Since then it was decided otherwise.
            home.run("summary", "confirm" if verb == "cancel" else "cancel", "2025-06", check=0)
            there, n = taken(sb), len(sent(sb))
            go(sb, home, "2025-07-06T09:00:00+08:00")
            home.run("restore", old, check=0)
            for now in ("2025-07-06T09:10:00+08:00", "2025-07-12T10:00:00+08:00"):
                go(sb, home, now)
                sync(home)
            s = show(home)
            t.ok(s["state"] == "failed" and "备份恢复" in s["message"],
                 "%s: a person is told" % verb, s)
            t.same((len(sent(sb)) - n, taken(sb)), (0, there), "%s: nothing was sent" % verb)
            code, doc, err = home.run("summary", "confirm", "2025-06")
            t.ok(code == 0 and len(taken(sb)) == 1, "%s: a person may go on" % verb, err)


def joint(t):
    """B23 J11: 联用 needs no key to be pressed."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        using = next(u for u in sb.usings if u["relation"] == "joint")
        go(sb, home, "2025-06-28T10:00:00+08:00")
        home.setup(sb, using=using)
        home.quick(summary_wait_ms=50)
        t.same(home.run("summary", "auto")[1]["on"], True, "J11: on for 联用")
        for now in ("2025-07-01T00:05:00+08:00", "2025-07-12T08:00:00+08:00"):
            go(sb, home, now)
            sync(home)
        t.same((show(home)["state"], len(sent(sb))), ("open", 0), "nothing before the 12th, 9:00")
        go(sb, home, "2025-07-12T09:00:00+08:00")
        sync(home)
        s = show(home)
        t.ok(s["state"] == "confirmed" and len(taken(sb)) == 1, "B23: confirmed without keys", s)
        t.same(sent(sb)[0]["ywlx"], "0", "by us, once")
        go(sb, home, "2025-07-13T00:00:00+08:00")
        sync(home)
        t.same(show(home)["state"], "confirmed", "B23: and so it stays on the 13th")


def by_hand(t):
    """J3 J4 J5: months before the first one."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, "2025-07-03T09:00:00+08:00", orders=())
        granted(home, "2025-06-28")
        issue(home, "F-1")
        found = checks(home).get("summary")
        t.ok(found and "2025-06" in found["text"] and "summary add 2025-06" in found["mend"],
             "J3: authorised in June, first issued in July: June is to be confirmed", found)
        t.ok("2025-06 已授权，2025-07 才首次开票" in found["text"], "J3: and why", found)
        text = home.run("summary", "list", json_out=False)[1]
        t.ok("summary add 2025-06" in text and "首次开票" in text, "J3: said in the list", text)
        for month, word in (("2025-6", "月份"), ("2025-13", "月份"), ("x", "月份"),
                            ("2025-07", "还没有结束"), ("2026-01", "还没有结束")):
            code, doc, err = home.run("summary", "add", month)
            t.ok(code == 3 and word in err, "J5: %s is refused" % month, err)
        t.same(home.run("summary", "add", "2025-06", "--identity", "x")[0], 2, "J5: no such 接入身份")
        code, doc, err = home.run("summary", "add", "2025-06", "--identity", "direct")
        t.ok(code == 0 and doc["summary"]["identity"] == "direct", "J5: 新增", doc, err)
        code, doc, err = home.run("summary", "add", "2025-06")
        t.ok(code == 3 and "已存在" in err and len(rows(home)) == 1, "J5: 已存在", err)
        code, doc, err = home.run("summary", "confirm", "2025-05")
        t.ok(code == 3 and "没有 2025-05 的记录" in err, "no row, no confirmation", err)
        t.ok("首次开票" not in home.run("summary", "list", json_out=False)[1],
             "J3: not once there is a row")
        t.same(home.run("summary", "confirm", "2025-06")[0], 0, "J3: confirmed by hand")
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, "2025-07-03T09:00:00+08:00", orders=())
        granted(home, "2025-07-01")
        issue(home, "F-1")
        t.ok("summary" not in checks(home), "J4: authorised in the same month: no prompt",
             checks(home))
        t.ok("授权" not in home.run("summary", "list", json_out=False)[1], "J4: nor in the list")
        sync(home)
        t.same(rows(home), [], "J4: and no row")


def success_time(t):
    """N61: taken at 23:59:58, learnt of after midnight: June's; and the other way round."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, "2025-06-30T23:59:50+08:00", orders=())
        doc = home.run("blue", "check", home.file(invoice("E-0")))[1]
        t.ok("可能记在另一个月" in json.dumps(doc, ensure_ascii=False), "N61: a warning then", doc)
        sb.faults(keep_processing={"value": 30})
        code, doc, err = home.run("--timeout", "1", "blue", "issue", home.file(invoice("E-1")))
        t.same(code, 5, "taken, the result is open")
        go(sb, home, "2025-07-01T00:10:00+08:00")
        sb.faults()
        home.run("--timeout", "20", "sync", "--once")
        number = home.run("invoices", "show", "E-1")[1]["number"]
        doc = home.run("summary", "add", "2025-06")[1]
        doc = home.run("summary", "show", "2025-06")[1]
        t.ok(doc["summary"]["blue_count"] == 1
             and [(e["number"], e["month"], e["other"]) for e in doc["edges"]]
             == [(number, "2025-06", "2025-07")], "N61: June has it, and July is named", doc)
        code, doc, err = home.run("summary", "confirm", "2025-06")
        t.ok(code == 0 and sent(sb)[0]["lzfpsl"] == "1", "N61: and the tax side agrees", doc, err)
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home, "2025-06-30T23:59:50+08:00", orders=())
        # Of another price, so that only one explains the difference.
        other = invoice("E-0")
        other["lines"][0]["price"] = "113.00"
        home.run("blue", "issue", home.file(other), check=0)
        # The platform takes it after midnight, by its own clock's word.
        sb.faults(keep_processing={"value": 30})
        home.run("--timeout", "1", "blue", "issue", home.file(invoice("E-1")))
        go(sb, home, "2025-07-01T00:10:00+08:00")
        sql(sb.state + "/sandbox.db", "UPDATE invoice SET at = 1751299205000 WHERE seq ="
            " (SELECT max(seq) FROM invoice)")
        sb.faults()
        home.run("--timeout", "20", "sync", "--once")
        go(sb, home, "2025-07-01T10:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        code, doc, err = home.run("summary", "confirm", "2025-06")
        t.ok(code == 4 and doc["summary"]["state"] == "open"
             and "归月" in doc["summary"]["message"], "N61: the edge is turned by their figures", doc,
             err)
        code, doc, err = home.run("summary", "confirm", "2025-06")
        t.ok(code == 0 and sent(sb)[-1]["lzfpsl"] == "1", "N61: then they agree", doc, err)
        edge = home.run("summary", "show", "2025-06")[1]["edges"][0]
        t.same((edge["month"], edge["other"]), ("2025-07", "2025-06"), "and July has it")


def two_explain(t):
    """N61: an invoice at the edge that would hide one the tax side has lost is not turned."""
    for lost in (True, False):
        with Sandbox(result_delay=0) as sb, Home() as home:
            begin(sb, home, orders=("S-1", "S-2"))
            go(sb, home, "2025-06-30T23:58:00+08:00")
            sb.faults(keep_processing={"value": 3000})
            home.run("--timeout", "1", "blue", "issue", home.file(invoice("E-1")))
            go(sb, home, "2025-07-01T00:10:00+08:00")
            sb.faults()
            home.run("--timeout", "20", "sync", "--once")
            number = home.run("invoices", "show", "S-2")[1]["number"]
            if lost:
                sb.post("/invoice", {"do": "remove", "number": number})
            else:  # taken after midnight
                sql(sb.state + "/sandbox.db", "UPDATE invoice SET at = 1751299205000 WHERE seq ="
                    " (SELECT max(seq) FROM invoice)")
            go(sb, home, "2025-07-03T10:00:00+08:00")
            home.run("summary", "add", "2025-06", check=0)
            home.run("--timeout", "20", "summary", "confirm", "2025-06")
            home.run("--timeout", "20", "sync", "--once")
            doc = home.run("summary", "show", "2025-06")[1]
            s = doc["summary"]
            t.ok(s["state"] == "failed" and s["recon"] and doc["edges"][0]["month"] == "2025-06",
                 "a comparison comes first", doc)
            shown = home.run("reconcile", "show", str(s["recon"]))[1]
            t.same([d["number"] for d in shown["differences"] if d["kind"] == "only-ours"],
                   [number] if lost else [], "it names the lost one")
            s = home.run("summary", "refresh", "2025-06")[1]["summary"]
            t.same(s["state"], "failed" if lost else "open", "turned when none is lost")
            if not lost:
                t.same(home.run("summary", "confirm", "2025-06")[0], 0, "then they agree")
                continue
            # July may not take it out of a month that is settled.
            sql(os.path.join(home.path, "kaipiao.db"), "UPDATE summary SET state = 'confirmed'")
            sql(os.path.join(home.path, "kaipiao.db"),
                "UPDATE invoice_boundary SET month = '2025-07', other = '2025-06'")
            go(sb, home, "2025-08-02T10:00:00+08:00")
            home.run("summary", "add", "2025-07", check=0)
            home.run("--timeout", "20", "summary", "confirm", "2025-07")
            doc = home.run("summary", "show", "2025-07")[1]
            t.ok(doc["summary"]["state"] == "failed" and doc["summary"]["recon"]
                 and doc["edges"][0]["month"] == "2025-07", "a settled month is left alone", doc)


def barred(t):
    """N62: BD1004 names the month before; done, the same invoice goes through."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        go(sb, home, "2025-07-02T10:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        doc = home.run("blue", "check", home.file(invoice("B-0")))[1]
        t.ok("上月（2025-06）还没有汇总确认" in json.dumps(doc, ensure_ascii=False),
             "N62: said before it is sent", doc)
        sb.faults(summary_required=True)
        home.quick(retry_base_ms=3600000, retry_max_ms=3600000)
        code, doc, err = home.run("--timeout", "3", "blue", "issue", home.file(invoice("B-1")))
        words = json.dumps(doc, ensure_ascii=False) + err
        t.ok(code in (4, 6, 5) and "上月未完成上传汇总确认" in words, "N62: refused for the month before",
             code, words[:600])
        doc = home.run("explain", "BD1004")[1]
        t.ok(re.search("汇总确认", json.dumps(doc, ensure_ascii=False)), "N62: explained", doc)
        t.same(home.run("summary", "confirm", "2025-06")[0], 0, "N62: confirmed")
        doc = home.run("blue", "check", home.file(invoice("B-0")))[1]
        t.ok("汇总确认" not in json.dumps(doc, ensure_ascii=False), "N62: no warning then", doc)
        sql(os.path.join(home.path, "kaipiao.db"),
            "UPDATE job SET due_ms = 1 WHERE kind = 'invoice.upload' AND state = 'ready'")
        home.run("--timeout", "10", "sync", "--once")
        shown = home.run("invoices", "show", "B-1")[1]
        t.same(shown["state"], "issued", "N62: and the invoice goes through with its number", shown)


def roles(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        begin(sb, home)
        go(sb, home, "2025-07-02T10:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)
        sql(os.path.join(home.path, "kaipiao.db"), "UPDATE app_user SET role = 'issuer'")
        for verb in (("confirm", "2025-06"), ("cancel", "2025-06"), ("add", "2025-05"),
                     ("auto", "off")):
            t.same(home.run("summary", *verb)[0], 7, "an issuer may not %s" % verb[0])
        t.same((home.run("summary", "show", "2025-06")[0], sent(sb)), (0, []), "but look")


def main():
    with Tap() as t:
        side_by_side(t, (made_and_confirmed, cancelled, unequal, lag, lost, elsewhere, not_ours,
                         by_itself, not_with_open_ones, left_behind, clock_ahead, calendar_ahead,
                         restored, joint, by_hand, success_time, two_explain, barred, roles))


if __name__ == "__main__":
    main()
