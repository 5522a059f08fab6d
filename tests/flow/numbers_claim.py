#!/usr/bin/env python3
"""数电领购: how much may be asked for, in which pieces, what became of them, and going on."""
import contextlib
import sqlite3

from kp import Home, Sandbox, Tap, invoice, sql, wait_for

REFUSAL = {"service": "QDFPPLFM", "text": "4033", "message": "本月领用数量已达上限"}


def segments(sb):
    return sb.get("/segments?env=正式&seller=" + sb.using["tax_no"])["rows"]


def serials(home):
    with contextlib.closing(sqlite3.connect(home.path + "/kaipiao.db")) as db:
        return [r[0] for r in db.execute("SELECT serial FROM claim_piece ORDER BY claim_id, piece")]


def bounds(t, sb, home):
    """G12, G20, G11, A1."""
    for n in ("0", "-1", "1.5", "1e5", "100001", "abc", "９", "", "+1", "99999999999999999999"):
        code, doc, _ = home.run("numbers", "claim", "--", n)
        t.ok(code == 3 and doc["error"]["code"] == "numbers.count"
             and doc["error"]["field"] == "count"
             and doc["error"]["message"] == "领购数量：“%s”不是 1 至 100000 的整数" % n,
             "G12 %s is refused" % n, code, doc)
    t.same(home.run("numbers", "claim")[0], 2, "G12 no number is a wrong call")
    t.same(home.run("numbers", "claim", "5", "--continue", "1")[0], 2, "either a number or a claim")
    t.same(sb.requests("QDFPPLFM"), 0, "nothing was asked")
    t.same(home.run("numbers", "claims")[1]["rows"], [], "and nothing stored")
    code, doc, err = home.run("blue", "issue", home.file(invoice("A1-1")))
    t.ok(code == 3 and doc["error"]["code"] == "numbers.short", "A1 quota without numbers: refused",
         doc, err)
    code, doc, err = home.run("numbers", "claim", "1001")
    t.ok(code == 0 and doc["claimed"] == 1001 and len(doc["segments"]) == 1,
         "G20 1001 in one piece: no limit of 1000", doc, err)
    rows = home.run("numbers", "list")[1]["rows"]
    t.ok(len(rows) == 1 and rows[0]["seller"] == sb.using["name"],
         "G11 the new row names the seller", rows)
    with Home() as bare:
        bare.run("init", check=0)
        code, doc, _ = bare.run("numbers", "claim", "5")
        t.ok(code == 3 and doc["error"]["code"].startswith("unit."),
             "G11 without a seller: refused", doc)


def pieces(t, sb, home):
    """G13, G17."""
    before = len(segments(sb))
    code, doc, err = home.run("numbers", "claim", "12345")
    t.ok(code == 0 and [s["count"] for s in doc["segments"]] == [5000, 5000, 2345],
         "G13 12345 in three pieces", doc, err)
    theirs = segments(sb)[before:]
    t.same([s["count"] for s in theirs], [5000, 5000, 2345], "G13 the platform saw the same")
    t.same(len({s["ywlsh"] for s in theirs}), 3, "G13 a serial each")
    code, doc, err = home.run("numbers", "claim", "100000")
    t.ok(code == 0 and doc["claimed"] == 100000 and len(doc["segments"]) == 20,
         "G13 100000 in 20", err)
    t.same(sum(s["count"] for s in segments(sb)), 1001 + 12345 + 100000, "the sums agree")
    rows = home.run("numbers", "list", "--limit", "1000")[1]["rows"]
    t.ok(len(rows) == 24 and all(r["claimed_at"] and r["seller"] == sb.using["name"]
                                 and int(r["last"]) - int(r["first"]) + 1 == r["count"]
                                 for r in rows),
         "G17 time, seller, count, first and last", rows[:2])
    t.same(sorted((r["first"], r["last"], r["count"]) for r in rows),
           sorted((s["first"], s["last"], s["count"]) for s in segments(sb)),
           "G17 as the platform has them")


def partial(t, sb, home):
    """G14."""
    before = segments(sb)
    calls = sb.requests("QDFPPLFM")
    sb.faults(error=dict(REFUSAL, skip=7, times=1))
    code, text, err = home.run("numbers", "claim", "40000", json_out=False)
    t.ok(code == 4 and "成功 35000 / 失败 5000, 可继续" in text and "已达上限" in err,
         "G14 the eighth piece is refused", code, text[-300:], err)
    t.same(sb.requests("QDFPPLFM") - calls, 8, "eight calls")
    code, doc, _ = home.run("numbers", "claims", "--limit", "1")
    row = doc["rows"][0]
    t.ok(row["asked"] == 40000 and row["claimed"] == 35000 and row["failed"] == 5000
         and row["state"] == "short" and "已达上限" in row["message"] and row["by"],
         "G14 the claim says so", row)
    asked = serials(home)
    code, doc, err = home.run("numbers", "claim", "--continue", row["id"])
    t.ok(code == 0 and doc["claim"] == row["id"] and doc["claimed"] == 40000 and doc["failed"] == 0
         and len(doc["segments"]) == 8, "G14 it goes on", doc, err)
    t.same(serials(home), asked, "with the same serials")
    theirs = segments(sb)[len(before):]
    t.ok(len(theirs) == 8 and {s["ywlsh"] for s in theirs} <= set(asked), "eight pieces in all")
    t.same(sum(s["count"] for s in theirs), 40000, "of 40000")
    code, doc, _ = home.run("numbers", "claim", "--continue", row["id"])
    t.ok(code == 3 and doc["error"]["code"] == "claim.done", "once more: nothing is left", doc)
    for word in ("999999", "x", "0"):
        t.same(home.run("numbers", "claim", "--continue", word)[0], 3, "no claim %s" % word)
    sb.faults()


def lost(t, sb, home):
    """The numbers were given, the answer did not come, and then we were refused or gave up."""
    before = sum(s["count"] for s in segments(sb))
    sb.faults(drop_reply={"service": "QDFPPLFM", "times": 1},
              error=dict(REFUSAL, skip=1, times=1))
    code, doc, _ = home.run("--timeout", "20", "numbers", "claim", "300")
    t.ok(code == 4 and doc["claimed"] == 0 and doc["failed"] == 300,
         "an answer is lost, the repeat is refused", code, doc)
    t.same(sum(s["count"] for s in segments(sb)) - before, 300, "the platform had given them")
    sb.faults()
    code, doc, err = home.run("numbers", "claim", "--continue", doc["claim"])
    t.ok(code == 0 and doc["claimed"] == 300, "going on brings them", doc, err)
    t.same(sum(s["count"] for s in segments(sb)) - before, 300, "and none a second time")

    home.run("--no-wait", "numbers", "claim", "6000")
    for job in home.run("jobs", "list", "--state", "ready", "--kind", "numbers.claim")[1]["rows"]:
        home.run("jobs", "cancel", job["id"], check=0)
    row = home.run("numbers", "claims", "--limit", "1")[1]["rows"][0]
    t.ok(row["failed"] == 6000 and row["state"] == "short" and "取消" in row["message"],
         "a cancelled claim can go on", row)
    both = [home.start("numbers", "claim", "--continue", row["id"]) for _ in range(2)]
    codes = sorted((p.communicate(timeout=60), p.returncode)[1] for p in both)
    t.ok(codes in ([0, 0], [0, 3]), "two go on at once", codes)
    t.same(sum(s["count"] for s in segments(sb)) - before, 6300, "and get it once")


def automatic(t, sb, home):
    """G15: what failed is taken up before anything new is asked for."""
    home.run("numbers", "auto", "on", "--below", "100000", "--claim", "100", check=0)
    sql(home.path + "/kaipiao.db",
        "UPDATE segment SET state = 'expired', year = year - 1 WHERE state = 'open'")
    before = segments(sb)
    sb.faults(drop_reply={"service": "QDFPPLFM", "times": 1}, error=dict(REFUSAL, skip=1, times=1))
    home.run("--timeout", "20", "sync", "--once")
    t.ok(wait_for(lambda: home.run("numbers", "claims", "--limit", "1")[1]["rows"][0]["state"]
                  == "short"), "an automatic claim is lost and refused")
    row = home.run("numbers", "claims", "--limit", "1")[1]["rows"][0]
    t.ok(row["by"] == "自动领购" and row["asked"] == 100, "nobody asked for it", row)
    sb.faults()
    total = home.run("numbers", "claims")[1]["total"]
    home.run("sync", "--once", check=0)
    t.same(home.run("numbers", "list")[1]["stock"], 0, "a refusal rests")
    sql(home.path + "/kaipiao.db", "UPDATE job SET updated_at = updated_at - 4000")
    home.run("numbers", "auto", "on", "--below", "50", "--claim", "100", check=0)
    home.run("sync", "--once", check=0)
    t.same([home.run("numbers", "list")[1]["stock"], len(segments(sb)) - len(before),
            home.run("numbers", "claims")[1]["total"]], [100, 1, total],
           "after an hour the same serial brings what was given")
    home.run("numbers", "auto", "off", check=0)


def explained(t, sb, home):
    """G16: one number, whatever became of it."""
    def story(number):
        return home.run("numbers", "audit", number)[1]

    free = home.run("numbers", "list", "--limit", "1")[1]["rows"][0]
    n = story(free["last"])
    t.ok(n["state"] == "free" and n["index"] == free["count"] and n["claim"] > 0
         and n["segment"] == free["id"] and n["invoice"] == 0, "G16 a free one", n)
    done = home.run("blue", "issue", home.file(invoice("X-1")), check=0)[1]["results"][0]["number"]
    n = story(done)
    t.ok(n["state"] == "used" and n["order_no"] == "X-1" and n["invoice_state"] == "issued"
         and n["issued_at"], "G16 a used one", n)
    sb.faults(fail_result={"text": "购方有误", "times": 1})
    home.run("blue", "issue", home.file(invoice("X-2")))
    sb.faults()
    failed = home.run("invoices", "show", "X-2")[1]["number"]
    n = story(failed)
    t.ok(n["state"] == "reusable" and n["invoice_state"] == "failed" and "购方有误" in n["message"],
         "G16 one whose invoice failed", n)
    home.run("invoices", "void", "X-2", check=0)
    t.same(story(failed)["state"], "void", "G16 a void one")
    old = next(r for r in home.run("numbers", "list", "--limit", "1000")[1]["rows"]
               if r["state"] == "expired")
    t.same(story(old["last"])["state"], "expired", "G16 one of last year")
    code, doc, _ = home.run("numbers", "audit", "2" * 20)
    t.ok(code == 3 and doc["error"]["code"] == "number.unknown", "one that is not ours", doc)
    t.same(home.run("numbers", "audit", "12")[0], 3, "one that is none")
    t.ok("已经开具" in home.run("numbers", "audit", done, json_out=False)[1], "in words")
    t.same(home.run("numbers", "audit")[1]["unexplained"], 0, "G16 every number is explained")


def dates(t, home):
    """G10: both ends belong to the range."""
    db = home.path + "/kaipiao.db"
    ids = [r["id"] for r in home.run("numbers", "list", "--limit", "1000")[1]["rows"]]
    first, end, second, rest = ids[0], ids[1], ids[2], ids[3:]
    at = ("UPDATE segment SET claimed_at = CAST(strftime('%%s', '%s') AS INTEGER) - 8 * 3600"
          " WHERE %s")
    sql(db, at % ("2001-01-01 00:00:00", "id IN (%s)" % ",".join(map(str, rest))))
    sql(db, at % ("2026-03-01 00:00:00", "id = %d" % first))
    sql(db, at % ("2026-03-01 23:59:59", "id = %d" % end))
    sql(db, at % ("2026-03-02 00:00:00", "id = %d" % second))

    def found(*args):
        return sorted(r["id"] for r in home.run("numbers", "list", *args, check=0)[1]["rows"])

    t.same(found("--from", "2026-03-01", "--to", "2026-03-01"), sorted([first, end]),
           "G10 the first and the last second of a day")
    t.same(found("--from", "2026-03-01", "--to", "2026-03-02"), sorted([first, end, second]),
           "G10 two days")
    t.same(found("--from", "2026-03-02"), [second], "G10 from a day on")
    t.same(found("--to", "2026-02-28", "--limit", "1000"), sorted(rest), "G10 up to a day")
    code, doc, _ = home.run("numbers", "list", "--from", "2026-03-02", "--to", "2026-03-01")
    t.ok(code == 3 and doc["error"]["code"] == "date.order"
         and doc["error"]["message"].startswith("领购时间：起 2026-03-02 晚于止 2026-03-01"),
         "G10 from after to is refused", doc)
    t.same(home.run("numbers", "list", "--from", "2026-02-30")[0], 3, "G10 no such day")


def restored(t, sb, home):
    """After a restore a serial may have given its numbers to the home that was lost."""
    home.run("--no-wait", "numbers", "claim", "70")
    home.run("backup", home.top + "/b.tar", check=0)
    home.run("sync", "--once", check=0)
    given = len(segments(sb))
    with Home() as other:
        other.run("restore", home.top + "/b.tar", check=0)
        other.run("sync", "--once")
        row = other.run("numbers", "claims", "--limit", "1")[1]["rows"][0]
        code, doc, _ = other.run("numbers", "claim", "--continue", row["id"])
        t.ok(row["state"] == "closed" and code == 3 and doc["error"]["code"] == "claim.closed",
             "a restored claim is never asked for again", row, doc)
        t.same([other.run("numbers", "list")[1]["stock"], len(segments(sb))], [0, given],
               "and its numbers are not used")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform, numbers=0)
    place.run("numbers", "auto", "off", check=0)
    bounds(tap, platform, place)
    pieces(tap, platform, place)
    partial(tap, platform, place)
    lost(tap, platform, place)
    automatic(tap, platform, place)
    explained(tap, platform, place)
    dates(tap, place)
    restored(tap, platform, place)
