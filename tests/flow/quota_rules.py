#!/usr/bin/env python3
"""授信额度 row by row: six figures, 无变化, switches by unit, 按需开票, the interval and its mend, 暂停赋额,
and invoices that wait for a person while figures are taken."""
import os
import sqlite3

import kp
from kp import Home, Sandbox, Tap, invoice

EIGHTH, TWENTIETH = "2025-11-08T10:00:00+08:00", "2025-11-20T10:00:00+08:00"
INTERVAL = "授信额度不在有效期内"


def theirs(sb, env="正式"):
    rows = sb.get("/quota?env=%s&seller=%s" % (env, sb.using["tax_no"]))["rows"]
    return rows[-1]


def entries(home, *args):
    return home.run("quota", "list", *args, check=0)[1]["rows"]


def six_figures(t):
    """G30, G32: what the platform says, and a ledger whose sum is the balance."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, quota="1000.00")
        home.run("quota", "download", "234.56", check=0)
        home.run("quota", "return", "34.56", check=0)
        home.run("blue", "issue", home.file(invoice("Q-1")), check=0)
        doc, want = home.run("quota", "sync", check=0)[1], theirs(sb)
        t.same([doc["total"], doc["downloaded"], doc["unused"], doc["remote_unused"],
                doc["start"].replace("-", ""), doc["end"].replace("-", ""), doc["month"]],
               [want["total"], want["downloaded"], want["unused"], want["unused"], want["from"],
                want["to"], want["month"]], "G30 the six figures are the platform's")
        t.same(doc["available"], "9998800.00", "G30 and what may still be downloaded")
        rows = entries(home)
        t.same("%.2f" % sum(float(r["unused"]) for r in rows), doc["unused"],
               "G32 the ledger adds up")
        t.same([r["kind"] for r in rows], ["use", "reserve", "return", "download", "download"],
               "G32 a row for each movement")
        page = home.run("quota", "list", "--limit", "2", check=0)[1]
        rest = home.run("quota", "list", "--limit", "9", "--cursor", page["next"], check=0)[1]
        t.ok(page["total"] == 5 and [r["id"] for r in page["rows"] + rest["rows"]]
             == [r["id"] for r in rows], "and it pages", page)
        t.same(entries(home, "--month", "2020-01"), [], "a month without any")
        t.same(home.run("quota", "list", "--month", "2020-13")[0], 3, "no such month")
        no_change(t, sb, home)


def no_change(t, sb, home):
    """G36: the platform says the same: no row, and it says so."""
    before = len(entries(home))
    code, text, _ = home.run("quota", "sync", json_out=False)
    t.ok(code == 0 and "同步局端额度：无变化" in text, "G36 nothing changed", text)
    t.same(home.run("quota", "sync", check=0)[1]["difference"], "0.00", "G36 in JSON, too")
    t.same(len(entries(home)), before, "G36 and no row in the ledger")
    sb.post("/quota", {"tax_no": sb.using["tax_no"], "total": "20000000.00"})
    code, text, _ = home.run("quota", "sync", json_out=False)
    t.ok("已更新" in text and "19998800.00" in text.replace(",", ""), "G36 a raise is taken", text)
    t.same(len(entries(home)), before, "G36 which changes nothing of what is downloaded")


def switches(t):
    """G37, N64: two switches, on by default; a unit's own, in each environment."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=0, quota=None)
        doc = home.run("quota", "auto", check=0)[1]
        t.same(doc, {"on": True, "adjust": True, "percent": 80, "cap": None},
               "G37 both on, 80 %")
        home.run("quota", "auto", "--adjust", "off", check=0)
        doc = home.run("quota", "auto", check=0)[1]
        t.ok(doc["on"] and not doc["adjust"], "G37 one of them off", doc)
        home.run("quota", "auto", "off", "--adjust", "on", "--percent", "55", "--cap", "2000000",
                 check=0)
        doc = home.run("quota", "auto", check=0)[1]
        t.same(doc, {"on": False, "adjust": True, "percent": 55, "cap": "2000000.00"},
               "G37, G38 the other, the share and the cap")
        for bad in (["--percent", "0"], ["--percent", "101"], ["--percent", "1.5"],
                    ["--adjust", "yes"], ["--cap", "-1"], ["maybe"]):
            code, doc, _ = home.run("quota", "auto", *bad)
            t.ok(code in (2, 3), "G38 refused: " + " ".join(bad), code, doc)
        d, u = sb.direct, sb.using
        key = home.file(d["keys"]["沙箱"], "key.txt")
        os.chmod(key, 0o600)
        home.run("unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
                 "--leqi-id", d["leqi_id"], "--key-file", key, "--url", sb.url("沙箱"), "--ca-file",
                 sb.info["ca_file"], "--connect-to", sb.address, "--env", "沙箱", check=0)
        with home.direct_verified():
            home.run("unit", "add", "--role", "using", "--direct", d["tax_no"] + "@沙箱", "--name",
                     u["name"], "--taxno", u["tax_no"], "--leqi-id", u["leqi_id"], "--region",
                     u["province"], check=0)
        other = ["--unit", u["tax_no"] + "@沙箱"]
        doc = home.run(*other, "quota", "auto", check=0)[1]
        t.ok(doc["on"] and doc["percent"] == 80, "N64 the other environment has its own", doc)
        home.run(*other, "numbers", "auto", "off", check=0)
        mine = ["--unit", u["tax_no"] + "@演练"]
        t.ok(home.run(*mine, "numbers", "auto", check=0)[1]["on"]
             and not home.run(*mine, "quota", "auto", check=0)[1]["on"],
             "N64 and keeps this one's as it was")


def older_home(t):
    """What an older program kept by tax number alone holds for its units as before."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=0, quota=None)
        tax_no = sb.using["tax_no"]
        with sqlite3.connect(os.path.join(home.path, "kaipiao.db")) as db:
            with open(os.path.join(kp.ROOT, "data/schema/028-quota.sql"), encoding="utf-8") as f:
                text = f.read()
            for key, value in (("on", "0"), ("percent", "33")):
                db.execute("INSERT INTO setting VALUES ('quota', ?, ?, 0)",
                           (tax_no + "." + key, value))
            db.executescript(text[text.index("-- Moved"):])
        doc = home.run("quota", "auto", check=0)[1]
        t.same([doc["on"], doc["adjust"], doc["percent"]], [False, False, 33],
               "N64 moved to the unit, both switches off as the one was")
        code, doc, _ = home.run("param", "set", "quota", tax_no + ".percent", "50")
        t.ok(code == 3 and doc["error"]["code"] == "param.key", "N64 a key of all is refused", doc)
        home.run("param", "set", "quota", tax_no + "@practice.percent", "50", check=0)
        t.same(home.run("quota", "auto", check=0)[1]["percent"], 50, "one of a unit is taken")


def month_start(t):
    """G38: 80 % of what is available, cut to the fen; of 按需开票 a share of the cap."""
    cases = (("1000000.01", [], "800000.00"), ("1000000.01", ["--percent", "1"], "10000.00"),
             ("0.01", [], None), ("9999999999999999", [], "800000.00"),
             ("9999999999999999", ["--cap", "5000000.00"], "4000000.00"))
    for total, args, want in cases:
        with Sandbox(now=EIGHTH) as sb, Home(now=EIGHTH) as home:
            home.setup(sb, numbers=0, quota="1.00")
            with sqlite3.connect(os.path.join(home.path, "kaipiao.db")) as db:
                for table in ("quota_month", "quota_entry"):
                    db.execute("UPDATE %s SET month = '2025-10'" % table)
            sb.control("POST", "/clock", {"now": "2025-12-01T09:00:00+08:00"})
            sb.post("/quota", {"tax_no": sb.using["tax_no"], "total": total})
            home.env["KAIPIAO_NOW"] = "2025-12-01T09:00:00+08:00"
            if args:
                home.run("quota", "auto", *args, check=0)
            with sqlite3.connect(os.path.join(home.path, "kaipiao.db")) as db:
                db.execute("UPDATE quota_month SET month = '2025-11'")
                db.execute("UPDATE quota_entry SET month = '2025-11'")
            home.run("param", "set", "engine", "calendar", "1", check=0)
            home.run("sync", "--once")
            got = [r["unused"] for r in entries(home) if r["kind"] == "download"]
            t.same(got, [want] if want else [], "G38 of %s %s" % (total, " ".join(args)))


def interval(t):
    """G35: outside the interval nothing is issued, the command that mends it is named; N65: where
    adjusting does not help, a yuan out and in does."""
    with Sandbox(now=EIGHTH) as sb, Home(now=EIGHTH) as home:
        home.setup(sb, quota="5000.00")
        t.same(theirs(sb)["to"], "20251115", "the interval ends on the filing day")
        for now, want in (("2025-11-15T23:59:40+08:00", 0), ("2025-11-16T00:00:00+08:00", 3)):
            sb.control("POST", "/clock", {"now": now})
            home.env["KAIPIAO_NOW"] = now
            code, _, err = home.run("blue", "issue", home.file(invoice("I-%d" % want)))
            t.same(code, want, "G35 the last day is part of it, the next one is not: " + now, err)
        sb.control("POST", "/clock", {"now": TWENTIETH})
        home.env["KAIPIAO_NOW"] = TWENTIETH
        order = home.file(invoice("I-1"))
        code, doc, err = home.run("blue", "issue", order)
        t.ok(code == 3 and INTERVAL in str(doc) + err and "kaipiao quota adjust 2025-11" in
             str(doc) + err, "G35 refused after the interval, with the mend", code, doc, err)
        t.same(len(sb.invoices()), 1, "G35 and nothing was sent")
        sb.faults(stuck_interval={})
        home.run("quota", "adjust", "2025-11", check=0)
        code, doc, err = home.run("blue", "issue", order)
        t.ok(code == 3 and INTERVAL in str(doc) + err, "N65 adjusting changed nothing", doc, err)
        doc = home.run("quota", "refresh", check=0)[1]
        rows = entries(home)[:2]
        t.same([(r["kind"], r["unused"]) for r in rows],
               [("return", "-1.00"), ("download", "1.00")],
               "N65 a yuan out and in, both in the ledger")
        t.ok(rows[0]["serial"] and rows[0]["serial"] != rows[1]["serial"],
             "N65 each with a serial", rows)
        t.same([doc["end"], doc["unused"], theirs(sb)["unused"]],
               ["2025-11-30", "4900.00", "4900.00"], "N65 the interval is new, the sum as before")
        t.same(home.run("blue", "issue", order)[0], 0, "N65 and it is issued")
        sb.faults()
        t.same(home.run("quota", "adjust", "2025-11", check=0)[1]["end"], "2025-11-30",
               "G35 adjusting keeps the month's end")
        code, doc, err = home.run("quota", "adjust", "2027-01")
        found = home.run("health")[1]["findings"]
        t.ok(code == 4 and not [f for f in found if f["check"] == "job"],
             "G35 a mistyped month was answered: health does not go on about it", err, found)


def adjusted_by_itself(t):
    """G37: the calendar adjusts where its switch is on, and leaves it where it is off."""
    for switch, want in (("on", "2025-11-30"), ("off", "2025-11-15")):
        with Sandbox(now=EIGHTH) as sb, Home(now=EIGHTH) as home:
            home.setup(sb, quota="5000.00")
            home.run("quota", "auto", "--adjust", switch, "--download", "off", check=0)
            sb.control("POST", "/clock", {"now": TWENTIETH})
            home.env["KAIPIAO_NOW"] = TWENTIETH
            home.run("param", "set", "engine", "calendar", "1", check=0)
            home.run("sync", "--once")
            t.same(home.run("quota", "show", check=0)[1]["end"], want,
                   "G37 自动调整有效期 %s, the download off" % switch)


def paused(t):
    """G42: 暂停赋额 stops downloading, not issuing."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, quota="500.00")
        sb.post("/quota", {"tax_no": sb.using["tax_no"], "paused": True})
        t.same(home.run("quota", "sync", check=0)[1]["paused"], True, "G42 the flag is shown")
        for verb in (["download", "1.00"], ["refresh"]):
            code, doc, _ = home.run("quota", *verb)
            t.ok(code == 3 and doc["error"]["code"] == "quota.paused", "G42 refused: " + verb[0],
                 doc)
        t.same(home.run("blue", "issue", home.file(invoice("P-1")))[0], 0,
               "G42 what is downloaded is issued")
        home.run("quota", "return", "10.00", check=0)
        t.same(home.run("quota", "show", check=0)[1]["unused"], theirs(sb)["unused"],
               "and returned")


def waits_for_a_person(t):
    """An invoice of unknown result is counted once, whatever the figures taken meanwhile say."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, quota="1000.00")
        home.run("numbers", "auto", "off", check=0)
        home.run("blue", "issue", home.file(invoice("W-1")), check=0)
        path = os.path.join(home.path, "kaipiao.db")
        with sqlite3.connect(path) as db:  # theirs counts it, ours waits
            db.execute("UPDATE invoice SET state = 'unknown', needs_person = 1")
            db.execute("UPDATE invoice_tally SET state = 'unknown' WHERE state = 'issued'")
            db.execute("UPDATE quota_month SET unused = unused + 10000,"
                       " reserved = reserved + 10000")
            db.execute("DELETE FROM quota_entry WHERE kind = 'use'")
            db.execute("UPDATE number_taken SET state = 'reserved'")
        doc = home.run("quota", "sync", check=0)[1]
        t.same([doc["unused"], doc["usable"], doc["remote_unused"], doc["unsure"],
                doc["difference"]], ["1000.00", "900.00", "900.00", "100.00", "0.00"],
               "what the invoice explains is not adopted but 待核对")
        no = home.run("invoices", "list", check=0)[1]["rows"][0]["number"]
        home.run("invoices", "settle", no, "--issued", "--reason", "税局网页查到")
        home.run("sync", "--once", check=0)
        doc = home.run("quota", "show", check=0)[1]
        t.same([doc["unused"], doc["usable"], doc["remote_unused"], doc["unsure"]],
               ["900.00", "900.00", "900.00", "0.00"],
               "once it is settled the figures are asked for again, and it counted once")


def main():
    with Tap() as t:
        six_figures(t)
        switches(t)
        older_home(t)
        month_start(t)
        interval(t)
        adjusted_by_itself(t)
        paused(t)
        waits_for_a_person(t)


if __name__ == "__main__":
    main()
