#!/usr/bin/env python3
"""对账: a month beside the tax side, every kind of difference, limits, waits, bombs, many."""
import datetime
import json
import os

from books import cells
from kp import Home, Sandbox, Tap, invoice, later, sql

ASAN = "asan" in os.environ.get("BUILD", "")
MONTH = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).strftime("%Y-%m")


def quick(home):
    home.quick(recon_wait_ms=150, recon_pace_ms=0)


def applied(sb):
    return sb.requests("PLFPXZSQ")


def kinds(doc):
    return sorted((d["kind"], d["number"]) for d in doc["differences"])


def issue(home, *orders):
    code, doc, err = home.run("blue", "issue", home.file([invoice(o) if isinstance(o, str) else o
                                                          for o in orders]))
    return {r["order_no"]: r["number"] for r in doc["results"]}


def elsewhere(sb, number, **fields):
    """An invoice the platform has and we do not."""
    return sb.post("/invoice", dict({"do": "add", "number": number, "tax_no": sb.using["tax_no"],
                                     "hjje": "100.00", "hjse": "13.00", "jshj": "113.00",
                                     "fppz": "02"}, **fields))


def clean(t):
    """Nothing differs; the budget is shown, kept, and a second run of the day spends nothing."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        quick(home)
        issue(home, "A-1", "A-2", invoice("A-3", kind="special"))
        code, doc, err = home.run("reconcile", MONTH, "--plan")
        t.ok(code == 0 and doc["collect"] == "auto" and doc["special_may"] and doc["issued"] == 3
             and doc["limit_month"] == 5 and applied(sb) == 0, "the plan spends nothing", doc, err)
        code, doc, err = home.run("reconcile", MONTH)
        run = doc["run"]
        t.ok(code == 0 and doc["total"] == 0 and run["same"] == 3 and run["ours"] == 3
             and run["theirs"] == 3 and run["listed_special"] and run["listed_ordinary"],
             "three are the same on either side", doc, err)
        t.same(run["figures"]["ours"], run["figures"]["theirs"], "and so are the six figures")
        t.same(run["figures"]["ours"]["blue_count"], 3, "three blue ones")
        t.same(applied(sb), 2, "one application for each kind")
        asked = [json.loads(r["request"]) for r in
                 sb.get("/requests?service=PLFPXZSQ&limit=9")["rows"]]
        t.ok({a["fplx"] for a in asked} == {"81", "82"} and {a["sjlx"] for a in asked} == {"2"}
             and all(a["kprqq"] == MONTH.replace("-", "") + "01" for a in asked),
             "of the month, issued ones", asked)
        t.same({r["ability"] for r in sb.get("/requests?service=PLFPXZSQ&limit=9")["rows"]},
               {"203067"}, "under 归集")
        code, doc, err = home.run("reconcile", MONTH)
        t.ok(code == 0 and doc["run"]["same"] == 3 and applied(sb) == 2,
             "the same day serves again without an application", doc, err)
        t.same(home.run("reconcile", "collect")[1]["collect"], "yes", "it is known to have 归集")
        code, text, err = home.run("reconcile", MONTH, json_out=False)
        t.ok(code == 0 and "每天最多 1 次" in text and "一致" in text, "as people read it", text, err)
        t.same(home.run("reconcile", "list")[1]["total"], 3, "three runs are kept")
        code, doc, err = home.run("reconcile", MONTH, "--full")
        t.ok(code == 0 and doc["run"]["same"] == 3 and doc["run"]["asked"] == 3,
             "each is asked for", doc, err)
        for month in ("2026-13", "2999-01", "x", "202611"):
            t.same(home.run("reconcile", month)[0], 3, "%s is no month" % month)
        t.same(home.run("reconcile")[0], 2, "a month is needed")


def every_kind(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        quick(home)
        n = issue(home, "S-1", "S-2", "S-3", "S-4", "S-5")
        sb.faults(fail_result={"text": "练习拒绝", "times": 3})
        n.update(issue(home, "F-1", "F-2", "V-1"))
        sb.faults()
        home.run("invoices", "void", "V-1", check=0)
        sb.post("/invoice", {"do": "remove", "number": n["S-2"]})
        sb.post("/invoice", {"do": "change", "number": n["S-3"], "jshj": "112.00", "hjje": "99.00",
                             "gmfmc": "别家"})
        sb.post("/invoice", {"do": "state", "number": n["S-4"], "fpzt": "3"})
        same = {"gmfmc": "深圳市晴川数码贸易有限公司", "gmfnsrsbh": "91440300MAKP0A011Y"}
        at = home.run("invoices", "show", "F-1")[1]["issued_at"]
        elsewhere(sb, n["F-1"], kprq=str(at)[:19].replace("T", " "), **same)
        elsewhere(sb, n["V-1"])
        free = "%020d" % (int(n["V-1"]) + 7)
        elsewhere(sb, free)
        elsewhere(sb, "26449999000000000001", fppz="01")
        # One whose outcome is lost for good, here as if for want of a network.
        sb.faults(http_status={"value": 502, "service": "CXQDFPSCJG"})
        home.run("--timeout", "1", "blue", "issue", home.file(invoice("U-1")))
        home.run("--timeout", "1", "blue", "issue", home.file(invoice("U-2")))
        number = {r["order_no"]: r["number"] for r in home.run("invoices", "list")[1]["rows"]}
        sb.post("/invoice", {"do": "remove", "number": number["U-2"]})
        sql(os.path.join(home.path, "kaipiao.db"), "DELETE FROM job WHERE kind LIKE 'invoice.%'")
        sql(os.path.join(home.path, "kaipiao.db"),
            "UPDATE invoice SET state='unknown', needs_person=1, created_at=created_at-7200"
            " WHERE order_no LIKE 'U-%'")
        sb.faults()
        code, doc, err = home.run("reconcile", MONTH)
        t.same(code, 3, "differences end with 3", doc, err)
        want = [("differs", n["S-3"]), ("failed-there", n["F-1"]), ("figures", None),
                ("only-ours", n["S-2"]), ("strange", free), ("unknown-absent", number["U-2"]),
                ("unknown-there", number["U-1"]), ("void-there", n["V-1"])]
        t.same(sorted(kinds(doc), key=str), sorted(want, key=str), "each kind is found", doc, err)
        rows = {d["kind"]: d for d in doc["differences"]}
        t.ok("113.00" in rows["differs"]["ours"] and "112.00" in rows["differs"]["theirs"]
             and "别家" in rows["differs"]["theirs"] and "税额" not in rows["differs"]["theirs"],
             "which fields differ", rows["differs"])
        t.ok(all(d["mend"] for d in doc["differences"]), "what to do about each")
        t.same(doc["run"]["others"], 1, "one of another channel")
        run = str(doc["run"]["id"])
        code, doc, err = home.run("reconcile", "show", run, "--kind", "other")
        t.ok(len(doc["differences"]) == 1 and not doc["differences"][0]["fault"]
             and "其他渠道" in doc["differences"][0]["kind_text"], "and is named so", doc, err)
        actions(t, sb, home, run, rows)
        thorough(t, sb, home, n)


def actions(t, sb, home, run, rows):
    def adopt(kind, *options):
        return home.run("reconcile", "adopt", rows[kind]["id"], *options)

    t.same(rows["unknown-there"]["compared"], "same", "its contents were compared")
    t.same(home.run("invoices", "show", "U-1")[1]["state"], "unknown", "nothing changes by itself")
    code, doc, err = adopt("unknown-there")
    t.ok(code == 0 and doc["state"] == "settled"
         and home.run("invoices", "show", "U-1")[1]["state"] == "issued", "adopted", doc, err)
    t.same(adopt("unknown-there")[0], 3, "only once")
    for kind in ("only-ours", "differs", "void-there", "strange"):
        t.same(adopt(kind)[0], 3, "%s cannot be adopted" % kind)
    code, doc, err = adopt("failed-there")
    t.ok(code == 0 and home.run("invoices", "show", "F-1")[1]["state"] == "issued",
         "a failed one the tax side has", doc, err)
    t.ok(home.audit_clean(), "every number is explained")
    t.same(home.run("reconcile", "dismiss", rows["strange"]["id"])[0], 3, "a reason is needed")
    code, doc, err = home.run("reconcile", "dismiss", rows["strange"]["id"], "--reason", "另一台机器")
    t.ok(code == 0 and doc["state"] == "dismissed" and doc["note"] == "另一台机器", "looked into", doc)
    history = home.run("invoices", "history", "F-1")[1]
    t.ok("税局清单里有" in json.dumps(history, ensure_ascii=False), "the reason is on record", history)
    path = os.path.join(home.top, "d.xlsx")
    code, doc, err = home.run("reconcile", "export", run, "--all", "-o", path)
    heads, *lines = cells(path, 1)
    t.ok(code == 0 and heads[0] == "数电发票号码" and len(lines) == doc["rows"] == 9
         and {len(x[0]) for x in lines} == {0, 20}, "as a workbook", doc, lines)
    code, text, err = home.run("reconcile", "export", run, "--csv", "utf8", "-o", "-",
                               json_out=False)
    t.same(len(text.splitlines()), 9, "as CSV, without other channels", text)
    t.same(home.run("reconcile", "show", run)[0], 3, "some are open yet")


def thorough(t, sb, home, n):
    code, doc, err = home.run("reconcile", MONTH, "--full", "--one-by-one")
    t.ok(applied(sb) == 2 and not doc["run"]["listed_special"], "no list is applied for", doc)
    found = {d["number"]: d["kind"] for d in doc["differences"]}
    t.ok(code == 3 and found.get(n["S-2"]) == "only-ours" and found.get(n["S-4"]) == "state"
         and found.get(n["V-1"]) == "void-there" and n["S-3"] not in found,
         "one by one: there or not, and in which state", doc, err)
    t.ok(all(d["compared"] == "none" for d in doc["differences"] if d["kind"] != "figures"),
         "but no contents")


def not_compared(t):
    """Found one by one only: a person's word is needed."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        quick(home)
        sb.faults(fail_result={"text": "练习拒绝", "times": 1})
        n = issue(home, "F-1")
        sb.faults()
        elsewhere(sb, n["F-1"])
        sb.post("/units", {"tax_no": sb.using["tax_no"], "services":
                           "QDFPSC,CXQDFPSCJG,CXFPHZQRXX,FPZTXXCX,CXNSRJBXX,CXSXED"})
        code, doc, err = home.run("reconcile", MONTH)
        t.ok(code == 3 and "清单没有申请到" in doc["run"]["notes"] and doc["run"]["asked"] == 1,
             "without 归集 it is asked one by one", doc, err)
        t.same(home.run("reconcile", "collect")[1]["collect"], "no", "that is remembered")
        row = next(d for d in doc["differences"] if d["kind"] == "failed-there")
        code, _, err = home.run("reconcile", "adopt", row["id"])
        t.ok(code == 3 and "没有比对" in err, "not without a reason", err)
        code, _, err = home.run("reconcile", "adopt", row["id"], "--reason", "电子税务局核对过金额")
        t.same(code, 0, "with a person's word", err)
        sb.post("/units", {"tax_no": sb.using["tax_no"],
                           "services": "CXFPHZQRXX,FPZTXXCX,CXNSRJBXX"})
        home.run("unit", "edit", sb.direct["tax_no"], "--role", "direct", "--edition", "3.005",
                 check=0)
        home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", check=0)
        home.run("reconcile", MONTH, "--full")
        seen = [r["ability"] for r in sb.get("/requests?service=FPZTXXCX&limit=99")["rows"]]
        t.ok(seen[0] == "202007" and seen[-1] == "203067", "an older edition: under 归集", seen)
        t.same(home.run("reconcile", "collect", "yes")[1]["collect"], "yes", "a person may say so")
        sb.post("/units", {"tax_no": sb.using["tax_no"], "services": "QDFPSC"})
        code, doc, err = home.run("reconcile", MONTH)
        t.ok(code == 0 and "汇总数没有取得" in doc["run"]["notes"], "nothing can be asked", doc, err)


def limits_and_waits(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        quick(home)
        issue(home, "L-1")
        sb.faults(keep_processing={"service": "PLFPXZSQFK", "value": 2})
        code, doc, err = home.run("--timeout", "1", "reconcile", MONTH)
        t.ok(code == 5 and doc["run"]["state"] == "running", "code 10: it goes on later", doc, err)
        t.ok(doc["run"]["ours"] == 1 and doc["run"]["theirs"] is None
             and doc["run"]["same"] is None and doc["run"]["differences"] is None
             and home.run("reconcile", "list")[1]["rows"][0]["ours"] == 1,
             "what is not known yet is not 0", doc)
        run = str(doc["run"]["id"])
        t.ok("清单由税局准备" in err and "reconcile show " + run in err, "what is waited for", err)
        t.same(home.run("reconcile", MONTH, "--plan")[1]["running"], doc["run"]["id"],
               "it is shown")
        path = os.path.join(home.top, "early.xlsx")
        code, early, err = home.run("reconcile", "export", run, "-o", path)
        t.ok(code == 5 and early["error"]["code"] == "recon.running" and not os.path.exists(path),
             "nothing is written before it is known", early, err)
        code, again, err = home.run("reconcile", MONTH)
        t.ok(code == 0 and again["run"]["id"] == doc["run"]["id"] and again["run"]["same"] == 1,
             "the same run is finished", again, err)
        t.same(applied(sb), 2, "with the same applications")
        sb.faults()
        # The platform's own limits: a day on, and on.
        for day in range(1, 6):
            sb.post("/clock", {"shift": 86400})
            home.env["KAIPIAO_NOW"] = later(86400 * day)
            if home.env["KAIPIAO_NOW"][:7] != MONTH:
                break
            code, doc, err = home.run("reconcile", MONTH)
            t.ok(doc["run"]["listed_ordinary"] == (day < 5), "day %d" % day, doc, err)
        else:
            t.ok("不能再申请" in doc["run"]["notes"], "the sixth of a month is not asked for", doc)


def lost_answers(t):
    """An answer that is lost spends no second application."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        quick(home)
        issue(home, "L-1", "L-2")
        sb.faults(drop_reply={"service": "PLFPXZSQ", "times": 1})
        code, doc, err = home.run("reconcile", MONTH)
        t.ok(code == 0 and doc["run"]["listed_ordinary"] and not doc["run"]["listed_special"]
             and "申请次数已达上限" in doc["run"]["notes"], "it was granted unheard", doc, err)
        granted = [r for r in sb.get("/requests?service=PLFPXZSQ&limit=9")["rows"]
                   if '"00"' in r["answer"]]
        t.same(len(granted), 2, "one for each kind was granted, not more")
        t.same(doc["run"]["same"], 2, "the other list serves")


def failing(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        quick(home)
        issue(home, "C-1")
        sb.faults(collect_fails=True)
        code, doc, err = home.run("reconcile", MONTH)
        t.ok(code == 0 and "税局处理失败" in doc["run"]["notes"]
             and not doc["run"]["listed_ordinary"], "a list that fails is said to", doc, err)


def bombs(t):
    for text in ("", "string"):
        with Sandbox(result_delay=0) as sb, Home() as home:
            home.setup(sb)
            quick(home)
            issue(home, "B-1")
            sb.faults(bomb={"value": 1500, "text": text} if text else {"value": 1500})
            p = home.start("reconcile", MONTH)
            out, err = p.communicate(timeout=120)
            doc = json.loads(out)
            t.ok("拒绝读取" in doc["run"]["notes"] and not doc["run"]["listed_ordinary"]
                 and doc["run"]["state"] == "done", "a bomb%s is refused" % (text and " in a text"),
                 doc, err.decode())


def many(t):
    """20,000 of another channel and 450 of ours: eleven packages, in bounded memory."""
    import resource
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb, numbers=500)
        quick(home)
        issue(home, *("M-%d" % i for i in range(450)))
        sb.post("/fill", {"tax_no": sb.using["tax_no"], "count": 20000, "prefix": "264499990000",
                          "fppz": "02"})
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        code, doc, err = home.run("reconcile", MONTH)
        t.ok(code == 0 and doc["run"]["theirs"] == 20450 and doc["run"]["others"] == 20000
             and doc["run"]["same"] == doc["run"]["ours"] == 450,
             "20,000 of another channel are told apart", doc["run"], err)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        t.ok(ASAN or peak <= max(before, 96 * 1024), "within 96 MiB", "peak %d KiB" % peak)
        code, doc, err = home.run("reconcile", MONTH, "--full", "--one-by-one")
        t.ok(code == 0 and doc["run"]["asked"] == doc["run"]["same"] == 450, "450 one by one",
             doc["run"], err)
        t.same(sb.requests("PLFPXZSQFK"), 12, "eleven packages and one word that there are none")


with Tap() as tap:
    clean(tap)
    every_kind(tap)
    not_compared(tap)
    limits_and_waits(tap)
    lost_answers(tap)
    failing(tap)
    bombs(tap)
    many(tap)
