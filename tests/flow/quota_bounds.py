#!/usr/bin/env python3
"""授信额度 at its edges: what may be downloaded and returned to the fen (G31, G34), the 1st of the
month (G33), two who want the last of it (G41), the share's bounds (G38), and the figures after each
step (G30).  Sentences letter by letter."""
import re

from kp import Home, Sandbox, Tap, invoice, side_by_side, sql

LAST, FIRST = "2025-11-28T10:00:00+08:00", "2025-12-01T00:00:00+08:00"
NO_AMOUNT = ("0", "0.00", "-1", "-0.01", "1.555", "0.001", "1e5", "1,000", "９", "", " 1", "abc",
             "99999999999999999999", "+1", "1.", ".5")
AVAILABLE = "下载额度：超过本月局端可用额度 %s（可先运行 kaipiao quota sync 取得最新额度）"
RETURNABLE = "退回额度：超过可退回的额度（已下载未使用减去待上传发票占用） %s（请减少金额）"


def go(sb, home, now):
    sb.post("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now


def theirs(sb):
    return sb.get("/quota?env=正式&seller=" + sb.using["tax_no"])["rows"][-1]


def moves(sb):
    return sb.requests("XZTHSXED")


def entries(home):
    return home.run("quota", "list", check=0)[1]["rows"]


def six(home):
    q = home.run("quota", "show", check=0)[1]
    return [q[k] for k in ("total", "available", "month", "downloaded", "unused", "start", "end")]


def of_platform(sb):
    q = theirs(sb)

    def date(text):
        return "%s-%s-%s" % (text[:4], text[4:6], text[6:])
    available = int(q["total"].replace(".", "")) - int(q["downloaded"].replace(".", ""))
    return [q["total"], "%d.%02d" % divmod(available, 100), q["month"], q["downloaded"],
            q["unused"], date(q["from"]), date(q["to"])]


def refused(t, home, row, verb, amount, code, sentence):
    got, doc, err = home.run("quota", verb, "--", amount)
    error = doc["error"] if doc else {}
    t.same([got, error.get("code"), error.get("field"), error.get("message"), err],
           [3, code, "amount", sentence, "kaipiao: " + sentence + "\n"],
           "%s: %s “%s” is refused with its sentence" % (row, verb, amount))


def downloads(t):
    """G31, G30: above 0, in fen, at most what the bureau has left."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=5, quota="1000.00")
        sb.post("/quota", {"tax_no": sb.using["tax_no"], "total": "5000.55"})
        home.run("quota", "sync", check=0)
        calls, rows = moves(sb), len(entries(home))
        for amount in NO_AMOUNT:
            refused(t, home, "G31", "download", amount, "quota.amount",
                    "下载额度：金额“%s”应大于 0，最多两位小数" % amount)
        refused(t, home, "G31", "download", "4000.56", "quota.available", AVAILABLE % "4,000.55")
        t.same([moves(sb) - calls, len(entries(home)) - rows], [0, 0],
               "G31: nothing was asked, nothing written")
        t.same(six(home), of_platform(sb), "G30: the figures before")
        code, _, err = home.run("quota", "download", "0.01")
        t.ok(code == 0, "G31: one fen is taken", err)
        code, _, err = home.run("quota", "download", "4000.54")
        t.ok(code == 0, "G31: what is left, to the fen, is taken", err)
        home.run("quota", "sync", check=0)
        t.same(six(home), of_platform(sb), "G30: and after")
        t.same(home.run("quota", "show")[1]["available"], "0.00", "G31: nothing is left there")
        refused(t, home, "G31", "download", "0.01", "quota.available", AVAILABLE % "0.00")
        t.same(["%s %s" % (r["kind"], r["unused"]) for r in entries(home)[:2]],
               ["download 4000.54", "download 0.01"], "G32: a row each")


def returns(t):
    """G34: at most what is downloaded, unused and not of a queued invoice."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=5, quota="250.00")
        home.run("--no-wait", "blue", "issue", home.file(invoice("R-1")))
        q = home.run("quota", "show")[1]
        t.same([q["unused"], q["reserved"]], ["250.00", "100.00"], "250 unused, 100 of it queued")
        for amount in NO_AMOUNT:
            refused(t, home, "G34", "return", amount, "quota.amount",
                    "退回额度：金额“%s”应大于 0，最多两位小数" % amount)
        calls = moves(sb)
        refused(t, home, "G34", "return", "150.01", "quota.return", RETURNABLE % "150.00")
        t.same(moves(sb), calls, "G34: nothing was asked")
        code, _, err = home.run("quota", "return", "150.00")
        t.ok(code == 0, "G34: 150.00 is returned", err)
        home.run("sync", "--once")
        t.same(home.run("invoices", "show", "R-1")[1]["state"], "issued",
               "G34: and the queued one is issued")
        refused(t, home, "G34", "return", "0.01", "quota.return", RETURNABLE % "0.00")
        home.run("quota", "sync", check=0)
        t.same(six(home), of_platform(sb), "G30: the figures are the platform's")


def first_of_month(t):
    """G33: on the 1st, at midnight, by itself; where it may not or cannot, a person is told."""
    with Sandbox(now=LAST) as sb, Home(now=LAST) as home:
        home.setup(sb, numbers=20, quota="1000.00")
        home.run("param", "set", "engine", "calendar", "1", check=0)
        home.run("sync", "--once", check=0)
        before = moves(sb)
        go(sb, home, "2025-11-30T23:59:59+08:00")
        home.run("sync", "--once", check=0)
        t.same(moves(sb), before, "G33: nothing in the last second of the month")
        go(sb, home, FIRST)
        t.ok(any("2025-12 月没有可开票的额度" in f["text"] and "quota download" in f["mend"]
                 for f in home.run("health")[1]["findings"]), "G33: until then a person is told",
             home.run("health")[1])
        home.run("sync", "--once", check=0)
        t.same([(r["kind"], r["unused"]) for r in entries(home)], [("download", "8000000.00")],
               "G33: a row by itself in the first second of the next")
        t.same([moves(sb) - before, six(home)], [1, of_platform(sb)], "G33: once, as they have it")
        t.ok(not any(f["check"] == "quota" for f in home.run("health")[1]["findings"]),
             "G33: and nobody is told any more")
    for switch, fault in (("off", {}), ("on", {"error": {"service": "XZTHSXED", "code": "4033"}})):
        with Sandbox(now=LAST) as sb, Home(now=LAST) as home:
            home.setup(sb, numbers=20, quota="1000.00")
            home.run("quota", "auto", switch, check=0)
            home.run("param", "set", "engine", "calendar", "1", check=0)
            go(sb, home, FIRST)
            sb.faults(**fault)
            home.run("sync", "--once")
            t.same(entries(home), [], "G33: not downloaded (%s)" % (switch + str(fault))[:40])
            told = [f for f in home.run("health")[1]["findings"] if f["check"] == "quota"]
            t.ok(len(told) == 1 and told[0]["text"] == "2025-12 月没有可开票的额度"
                 and told[0]["mend"] == "运行 kaipiao quota download 金额", "G33: a person is told",
                 told)


def rest_of_month(t):
    """G38: the share is of what may still be downloaded, not of the month's total."""
    with Sandbox(now=LAST) as sb, Home(now=LAST) as home:
        home.setup(sb, numbers=0, quota="1000.00")
        home.run("param", "set", "engine", "calendar", "1", check=0)
        go(sb, home, FIRST)
        sb.post("/quota", {"tax_no": sb.using["tax_no"], "total": "10000.00"})
        elsewhere = ("UPDATE quota SET downloaded = 400000, used = 400000 WHERE month = '2025-12'"
                     " AND tax_no = '%s'" % sb.using["tax_no"])
        sql(sb.state + "/sandbox.db", elsewhere)
        home.run("sync", "--once", check=0)
        got = [r["unused"] for r in entries(home) if r["kind"] == "download"]
        t.same(got, ["4800.00"], "G38: 4,000 of 10,000 taken elsewhere, 80 % of 6,000 by us")
        t.same(theirs(sb)["downloaded"], "8800.00", "G38: and so the platform has it")


def the_last_yuan(t):
    """G41: 100 left, two of 60 at once."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=10, quota="100.00")
        home.run("quota", "auto", "off", check=0)
        for round_ in range(3):
            orders = []
            for who in "AB":
                order = invoice("G41-%s%d" % (who, round_))
                order["lines"][0].update(quantity="1", price="67.80")  # 60.00 without tax
                orders.append(home.file(order))
            both = [home.start("blue", "issue", o) for o in orders]
            said = [(p.communicate(timeout=90)[0], p.returncode) for p in both]
            t.same(sorted(code for _, code in said), [0, 3], "G41: exactly one of two succeeds")
            out = next(out for out, code in said if code == 3).decode()
            t.ok("授信额度" in out or "额度" in out, "G41: the other is told why", out)
            q = home.run("quota", "show")[1]
            t.same([q["unused"], q["reserved"], len(sb.invoices())], ["40.00", "0.00", round_ + 1],
                   "G41: and the ledger has one")
            home.run("quota", "download", "60.00", check=0)
        t.ok(home.audit_clean(), "G41: every number and fen is explained")


def share(t):
    """G38: 0 < ratio <= 100, in whole percent; the cap of 按需开票 above 0."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=0, quota=None)
        for percent in ("0", "-1", "101", "1.5", "1e1", "", "八十"):
            code, doc, err = home.run("quota", "auto", "--percent=" + percent)
            t.ok(code in (2, 3) and "1 至 100" in err, "G38: %s %% is refused" % percent, code, err)
        for cap in ("-1", "-0.01", "1.555", "1e5", "x"):
            code, doc, err = home.run("quota", "auto", "--cap=" + cap)
            t.ok(code in (2, 3) and err, "G38: a cap of %s is refused" % cap, code, err)
        t.same(home.run("quota", "auto")[1]["percent"], 80, "G38: and it stays 80")
        for percent in (1, 100):
            t.same(home.run("quota", "auto", "--percent", percent)[1]["percent"], percent,
                   "G38: %d %% is taken" % percent)
        t.ok(not sb.requests("XZTHSXED"), "nothing was asked")


def on_demand(t):
    """G38, G31: 9999999999999999 is 按需开票, no sum, and may not run over."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb, numbers=5, quota="1000.00")
        sb.post("/quota", {"tax_no": sb.using["tax_no"], "total": "9999999999999999"})
        q = home.run("quota", "sync", check=0)[1]
        t.ok(q["on_demand"], "G38: 9999999999999999 is 按需开票", q)
        text = home.run("quota", "show", json_out=False)[1]
        t.ok(re.search("按需开票 +是", text) and re.search("本月总额度 +9,999,999,999,999,999.00", text),
             "G38: said in words, the figure whole", text)
        # What fits the ledger's 18 digits and what does not.
        code, doc, err = home.run("quota", "download", "9999999999999999.00")
        t.ok(code == 3 and doc["error"]["code"] == "quota.overflow"
             and err.startswith("kaipiao: 下载额度：与已下载未使用的额度相加超出 18 位，最多还可下载 "),
             "G31: more than 18 digits in all is refused", code, doc, err)
        code, doc, err = home.run("quota", "download", "100000.00")
        t.ok(code == 0, "G31: an ordinary sum is taken", err)
        t.same(home.run("quota", "show")[1]["unused"], "101000.00", "and counted")


if __name__ == "__main__":
    with Tap() as tap:
        side_by_side(tap, (downloads, returns, first_of_month, rest_of_month, the_last_yuan, share,
                           on_demand))
