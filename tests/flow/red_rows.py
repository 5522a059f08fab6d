#!/usr/bin/env python3
"""Red letters row by row of the feature list (E1-E30, N40-N46, N66, N70, N71), where no other test
shows the row by itself.  The matrix is red_matrix.py, the screens are screen/red*.py."""
import contextlib
import json
import os
import sqlite3
import sys
import threading
from decimal import Decimal

from books import cells
from kp import Home, Sandbox, Tap, count, invoice, later
from liar import Liar

APPLY, ACT, UPLOAD = "QDHZQRDSQ", "QDHZQRDQR", "QDFPSC"
LIST, DETAIL = "CXQDHZQRDLB", "CXQDHZQRDMX"
STATES = {  # N40
    "01": "无需确认", "02": "销方录入待购方确认", "03": "购方录入待销方确认", "04": "购销双方已确认",
    "05": "作废（销方录入购方否认）", "06": "作废（购方录入销方否认）", "07": "作废（超72小时未确认）",
    "08": "作废（发起方撤销）", "09": "作废（确认后撤销）", "10": "作废（异常凭证）",
    "11": "作废（纳税人状态异常）", "12": "作废（自然人拒收）", "13": "作废（已开具退税申请单）"}


def line(name="打印机", quantity="4", price="100.00", **more):
    return dict({"name": name, "tax_code": "1090509010000000000", "unit": "台",
                 "quantity": quantity, "price": price, "tax_rate": "0.13"}, **more)


def issue(home, *orders, **more):
    """Numbers of new blue invoices of 400.00."""
    made = [invoice(o, prices_include_tax=False, **dict({"lines": [line()]}, **more))
            for o in orders]
    _, doc, _ = home.run("blue", "issue", home.file(made), check=0)
    numbers = {r["order_no"]: r["number"] for r in doc["results"]}
    return [numbers[o] for o in orders]


def apply(home, blue, *more, reason="01", check=None):
    return home.run("red", "apply", blue, "--role", "seller", "--reason", reason, *more,
                    check=check)


def letters(home, *more):
    return home.run("red", "list", "--limit", "1000", *more, check=0)[1]["rows"]


def refresh(home):
    return home.run("--timeout", "60", "red", "list", "--refresh", "--limit", "1", check=0)


def fill(sb, **more):
    sb.post("/red/fill", dict({"tax_no": sb.using["tax_no"], "lines": 2, "role": "seller",
                               "applicant": "seller", "apart": 1}, **more))


def theirs(sb, what=""):
    return sb.get("/red?limit=100000" + what)["rows"]


def calls(sb, service):
    return sb.get("/red?limit=1")["calls"].get(service, 0)


def sent(sb, service):
    """What came to an interface, newest first."""
    rows = sb.get("/requests?limit=100000&service=" + service)["rows"]
    return [json.loads(r["request"]) for r in sorted(rows, key=lambda r: -r["id"])]


@contextlib.contextmanager
def ready(**how):
    """A platform that answers at once and a unit that can issue."""
    with Sandbox(result_delay=0, now=how.get("now")) as sb, Home(now=how.get("now")) as home:
        home.setup(sb, numbers=how.get("numbers", 100))
        yield sb, home


# ---- lists ---------------------------------------------------------------------------------------
def situation(row, ours):
    """What a letter of the platform is for us, told anew."""
    if row["issued"] == "Y":
        return "issued"
    if row["state"] in ("01", "04"):
        return "issuable" if ours == "seller" else "they-issue"
    if row["state"] in ("02", "03"):
        return "for-them" if row["applicant"] == ours else "for-us"
    return "void"


def side_of(row, us):
    return "seller" if row["seller"] == us else "buyer"


def every_kind(sb, home):
    """Letters of all states, both sides, both ways; some of them issued."""
    for n, state in enumerate(STATES):
        for role in ("seller", "buyer"):
            for applicant in {"02": ["seller"], "03": ["buyer"], "05": ["seller"],
                              "06": ["buyer"]}.get(state, ["seller", "buyer"]):
                fill(sb, count=1 + n % 3, state=state, role=role, applicant=applicant,
                     entered=later(-3600 * (n + 1))[:19].replace("T", " "))
    for no in issue(home, "I-1", "I-2"):
        home.run("red", "issue", apply(home, no, check=0)[1]["confirmation_no"], check=0)
    refresh(home)


def lists(t):
    with ready() as (sb, home):
        every_kind(sb, home)
        us, rows = sb.using["tax_no"], theirs(sb)
        t.same(len(letters(home)), len(rows), "all of them are here")
        want = {}
        for r in rows:
            key = side_of(r, us), situation(r, side_of(r, us))
            want[key] = want.get(key, 0) + 1
        got = {(r["role"], r["situation"]): r["count"]
               for r in home.run("red", "counts", check=0)[1]["rows"]}
        t.same(got, want, "E1: the counts are those of the letters the tax side has")
        for (side, what), n in sorted(want.items()):
            t.same(home.run("red", "list", "--role", side, "--situation", what)[1]["total"], n,
                   "E1: and those of the list: %s %s" % (side, what))
        db = os.path.join(home.path, "kaipiao.db")
        t.same(got["seller", "void"], count(db, "SELECT COUNT(*) FROM red_letter WHERE side = 0"
                                            " AND state >= 5 AND issued = 0"), "and those of SQL")
        for code, words in STATES.items():
            some = letters(home, "--state", code)
            t.ok(some and all((r["state"], r["state_text"]) == (code, words) for r in some),
                 "N40: %s is %s" % (code, words), some[:1])
        filters(t, home, us, {r["number"]: r for r in rows})
        detail(t, home, rows)


def filters(t, home, us, want):
    """E3, E10: each condition alone, and all of them together, against the platform's letters."""
    some = [r for r in want.values() if r["state"] == "04"][0]
    name = some["buyer_name"] if some["seller"] == us else some["seller_name"]
    everything = letters(home)
    days = sorted({r["blue_issued_at"][:10] for r in everything})
    asked = {
        "购/销方": (["--role", "buyer"], lambda r, w: side_of(w, us) == "buyer"),
        "确认单状态": (["--state", "04"], lambda r, w: w["state"] == "04"),
        "对方纳税人名称": (["--party", name], lambda r, w: name in (
            w["buyer_name"] if w["seller"] == us else w["seller_name"])),
        "开票状态": (["--issued", "yes"], lambda r, w: w["issued"] == "Y"),
        "原蓝票开票日期": (["--blue-from", days[-1], "--blue-to", days[-1]],
                    lambda r, w: r["blue_issued_at"][:10] == days[-1])}
    for tab, sent_by_us in (("--sent", True), ("--received", False)):
        mine = [r for r in everything
                if (want[r["confirmation_no"]]["applicant"] == r["role"]) == sent_by_us]
        t.same([r["id"] for r in letters(home, tab)], [r["id"] for r in mine], "E10: %s" % tab)
        for what, (words, fits) in asked.items():
            got = [r["id"] for r in letters(home, tab, *words)]
            t.same(got, [r["id"] for r in mine if fits(r, want[r["confirmation_no"]])],
                   "E3: %s, %s" % (tab, what))
        both = asked["确认单状态"], asked["购/销方"]
        got = [r["id"] for r in letters(home, tab, *both[0][0], *both[1][0])]
        t.ok(got and got == [r["id"] for r in mine if all(
            f(r, want[r["confirmation_no"]]) for _, f in both)], "E3: %s, two at once" % tab, got)
    t.ok(0 < len(letters(home, *asked["对方纳税人名称"][0])) < len(everything)
         and 0 < len(letters(home, *asked["开票状态"][0])) < len(everything), "and each parts them")


def detail(t, home, rows):
    """E6, E7: all that the tax side has of a letter, the red invoice only where there is one."""
    issued = next(r for r in rows if r["issued"] == "Y")
    waits = next(r for r in rows if r["state"] == "03" and r["issued"] == "N")
    for row in (issued, waits):
        _, doc, err = home.run("red", "show", row["number"])
        got = [doc[k] for k in ("confirmation_no", "uuid", "state", "entered_by", "blue_number",
                                "reason", "net", "tax", "entered_at")]
        t.same(got, [row[k] for k in ("number", "uuid", "state", "applicant", "blue", "reason",
                                      "amount", "tax", "entered")], "E6: as the tax side has it")
        t.ok(doc["state_text"] == STATES[row["state"]] and doc["reason_text"]
             and len(doc["lines"]) == int(row["lines"])
             and sum(Decimal(x["net"]) for x in doc["lines"]) == Decimal(row["amount"])
             and doc["history"], "E6: with its words, lines and history", doc)
        t.same((doc["issued"], doc["red_number"]), (row["issued"] == "Y", row["red"] or None),
               "E7: its red invoice, where there is one")
    red = home.run("invoices", "show", issued["red"], check=0)[1]
    t.same((red["number"], red["gross_amount"]), (issued["red"], "-452.00"), "E7: and it opens")


def issuable(t):
    """E8, E25: every state with and without the mark 已开具: only 01 and 04 without it are listed,
    of the seller; nothing else is issued from."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        liar = Liar(sb)
        try:
            home.run("init", check=0)
            home.quick()
            home.add_units(sb, connect_to=liar.address)
            for role, unit in (("direct", sb.direct), ("using", sb.using)):
                home.run("unit", "verify", unit["tax_no"], "--role", role, check=0)
            for verb in (("taxpayer", "sync"), ("taxcodes", "sync"), ("numbers", "claim", 20),
                         ("quota", "download", "1000000.00")):
                home.run(*verb, check=0)
            for state in STATES:
                for role in ("seller", "buyer"):
                    fill(sb, count=2, state=state, role=role,
                         applicant={"03": "buyer", "06": "buyer"}.get(state, "seller"))
            marked = {r["uuid"] for r in theirs(sb)[::2]}

            def mark(row):
                if row.get("uuid") in marked:
                    row.update(ykjhzfpbz="Y", hzfphm="26" + row["hzfpxxqrdbh"][2:],
                               hzkprq=row["lrrq"])
                return row

            def listed(_, data):
                for row in (data.get("hzqrxxList") or {}).get("list", []):
                    mark(row)
                return data
            liar.hooks[LIST], liar.hooks[DETAIL] = listed, lambda _, data: mark(data)
            refresh(home)
            rows = letters(home)
            t.same(sorted((r["state"], r["role"], r["issued"]) for r in rows),
                   sorted((s, r, i) for s in STATES for r in ("buyer", "seller")
                          for i in (False, True)), "thirteen states, two marks, two sides")
            got = letters(home, "--situation", "issuable")
            t.same(sorted((r["state"], r["role"], r["issued"]) for r in got),
                   [("01", "seller", False), ("04", "seller", False)], "E25: two are listed")
            bad = []
            for r in rows:
                if r["id"] not in [g["id"] for g in got]:
                    code, doc, err = home.run("red", "issue", r["confirmation_no"])
                    if code != 3 or not err:
                        bad.append("%s %s %s: %d %s" % (r["state"], r["role"], r["issued"], code,
                                                        err))
            t.ok(not bad and calls(sb, UPLOAD) == 0, "E8: nothing is issued from the other 50, "
                 "nothing is sent", "\n".join(bad[:6]))
        finally:
            liar.close()


# ---- answering -----------------------------------------------------------------------------------
def answered(t):
    """E11-E13: confirmed or denied once, whoever presses how often, one after the other or at the
    same moment."""
    with ready() as (sb, home):
        for verb, digit, state in (("confirm", "Y", "04"), ("deny", "N", "06")):
            for how in ("twice", "at once"):
                blue = issue(home, "A-%s-%s" % (verb, how), kind="special")[0]
                form = sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
                refresh(home)
                codes = []

                def press():
                    codes.append(home.run("red", verb, form["number"])[0])
                if how == "twice":
                    press()
                    press()
                else:
                    sb.faults(delay_ms={"service": ACT, "value": 200})
                    both = [threading.Thread(target=press) for _ in range(2)]
                    for p in both:
                        p.start()
                    for p in both:
                        p.join()
                    sb.faults()
                got = [q["qrlx"] for q in sent(sb, ACT) if q["uuid"] == form["uuid"]]
                t.same((got, theirs(sb, "&blue=" + blue)[0]["state"]), ([digit], state),
                       "E11, E13: %s pressed %s: told once" % (verb, how), codes)
                t.same(codes, [0, 0], "and both are told that it is done")
        # E12: of what was received and confirmed the red invoice is issued as of what was sent.
        blue = issue(home, "A-12", kind="special")[0]
        form = sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        refresh(home)
        t.same(home.run("red", "issue", form["number"])[0], 3, "E12: not before it is confirmed")
        home.run("red", "confirm", form["number"], check=0)
        code, doc, err = home.run("red", "issue", form["number"])
        red = doc["results"][0]["number"]
        show = home.run("red", "show", form["number"])[1]
        t.ok(code == 0 and show["red_number"] == red and show["issued"]
             and theirs(sb, "&blue=" + blue)[0]["red"] == red, "E12: then it is", doc, err)
        for verb in ("revoke", "deny"):
            n = calls(sb, ACT)
            code, doc, err = home.run("red", verb, form["number"])
            t.ok(code == 3 and calls(sb, ACT) == n, "N44: no %s behind a red invoice" % verb, err)


# ---- applying ------------------------------------------------------------------------------------
def applied(t):
    """E15, E20, E22: the blue invoice is sent, negative, and the number shown is the tax side's."""
    with ready() as (sb, home):
        blue = issue(home, "B-1", kind="special", lines=[
            line(discount={"amount": "40.00"}), line("机箱", "3", "33.333333"),
            line("网线", "7", "1.11")])[0]
        face = home.run("invoices", "show", blue, check=0)[1]
        code, doc, err = apply(home, blue)
        request, row = sent(sb, APPLY)[0], theirs(sb, "&blue=" + blue)[0]
        t.same((request["lrfsf"], request["hzcxje"], request["hzcxse"]),
               ("0", "-" + face["net_amount"], "-" + face["tax_amount"]),
               "E20: the sums of the blue invoice, negative", err)
        rows = request["hzqrdmxList"]
        t.ok(sum(Decimal(x["je"]) for x in rows) == -Decimal(face["net_amount"])
             and sum(Decimal(x["se"]) for x in rows) == -Decimal(face["tax_amount"])
             and [x["fpspsl"] for x in rows] == ["-4", "-3", "-7"]
             and all(Decimal(x["je"]) < 0 and Decimal(x["se"]) < 0 and Decimal(x["fpspdj"]) > 0
                     for x in rows), "E20, N43: so are its lines, prices stay", rows)
        t.same([(x["je"], x["lzmxxh"]) for x in rows][0], ("-360.00", "1"),
               "N43: the discount is folded into its line")
        t.ok(doc["confirmation_no"] == row["number"] and len(row["number"]) == 20
             and (doc["uuid"], doc["state"]) == (row["uuid"], row["state"]),
             "E22: the number on the page is the tax side's", doc, row)
        red = home.run("red", "issue", doc["confirmation_no"], check=0)[1]["results"][0]["number"]
        whole = sent(sb, UPLOAD)[0][0]
        t.ok(whole["fphm"] == red and whole["fppz"] == "01" and whole["lzfpbz"] == "1"
             and all(Decimal(x["hsje"]) == Decimal(x["je"]) + Decimal(x["se"])
                     for x in whole["fpmxList"])
             and Decimal(whole["jshj"]) == Decimal(whole["hjje"]) + Decimal(whole["hjse"]),
             "N43: 含税 is amount and tax exactly, a 专票 is taken back by a 专票", whole)
        other = issue(home, "B-2")[0]
        home.run("red", "issue", apply(home, other, check=0)[1]["confirmation_no"], check=0)
        t.same(sent(sb, UPLOAD)[0][0]["fppz"], "02", "and a 普票 by a 普票")
        differential(t, sb, home)


def differential(t, sb, home):
    """N46: of a 差额 invoice the whole or nothing: said before anything is sent."""
    agent = {"name": "代理费", "tax_code": "3040802990000000000", "amount": "1060.00",
             "tax_rate": "0.06"}
    made = invoice("B-3", lines=[agent], differential={"type": "02", "deduction": "530.00"},
                   vouchers=[{"type": "09", "note": "收据", "total": "530.00",
                              "amount": "530.00"}])
    blue = home.run("blue", "issue", home.file(made), check=0)[1]["results"][0]["number"]
    part, n = home.file([{"line": 1, "amount": "100.00"}]), calls(sb, APPLY)
    for reason in ("03", "04"):
        code, doc, err = apply(home, blue, "--lines", part, reason=reason)
        t.ok(code == 3 and doc["error"]["code"] == "red.whole" and "差额" in err
             and calls(sb, APPLY) == n, "N46: no part of a 差额 invoice, reason %s" % reason, err)
    code, doc, err = apply(home, blue)
    t.same((code, calls(sb, APPLY) - n), (0, 1), "N46: the whole of it", err)


# ---- days and downloads --------------------------------------------------------------------------
SPANS = (("2025-01-31", "2025-02-28", True), ("2025-01-31", "2025-03-01", False),
         ("2024-01-31", "2024-02-29", True), ("2024-01-31", "2024-03-01", False),
         ("2025-01-01", "2025-02-01", True), ("2025-01-01", "2025-02-02", False),
         ("2025-12-15", "2026-01-15", True), ("2025-12-15", "2026-01-16", False),
         ("2025-06-30", "2025-07-30", True), ("2025-06-30", "2025-07-31", False),
         ("2025-03-03", "2025-03-03", True), ("2025-03-03", "2025-03-02", False))


def spans(t):
    with ready(numbers=0) as (sb, home):
        for n, (first, last, good) in enumerate(SPANS):
            before = calls(sb, LIST)
            path = "%s/span-%d.xlsx" % (home.top, n)
            code, doc, err = home.run("red", "download", "--role", "seller", "--from", first,
                                      "--to", last, "-o", path)
            asked = calls(sb, LIST) - before
            if good:
                dates = [(q.get("lrrqq"), q.get("lrrqz")) for q in sent(sb, LIST)[:asked]]
                t.ok(code == 0 and asked and os.path.exists(path)
                     and all(first <= a <= b <= last for a, b in dates)
                     and (dates[-1][0], dates[0][1]) == (first, last),
                     "E27: %s to %s" % (first, last), dates, err)
            else:
                words = "晚于" if last < first else "录入日期起止最大支持1个月"
                t.ok(code == 3 and words in err and asked == 0 and not os.path.exists(path),
                     "E27: not %s to %s, nothing is asked" % (first, last), code, err)


def download(t):
    """E28: rows over several pages, of either role: the file, the local list and the count."""
    with ready(numbers=0) as (sb, home):
        day = later(0)[:10]
        fill(sb, count=247, state="08", entered=day + " 00:00:00", apart=0)
        fill(sb, count=131, state="03", role="buyer", applicant="buyer", apart=0)
        fill(sb, count=9, state="08", entered=later(-86400 * 3)[:10] + " 12:00:00")
        for role, n in (("seller", 247), ("buyer", 131)):
            path, before = "%s/%s.xlsx" % (home.top, role), calls(sb, LIST)
            code, doc, err = home.run("--timeout", "100", "red", "download", "--role", role,
                                      "--from", day, "--to", day, "-o", path)
            t.ok(code == 0 and doc["rows"] == n, "E28: as %s %d letters, said so" % (role, n),
                 doc, err)
            t.ok(calls(sb, LIST) - before >= -(-n // 100), "over several pages",
                 calls(sb, LIST) - before)
            want = {r["number"]: r for r in theirs(sb)
                    if side_of(r, sb.using["tax_no"]) == role and r["entered"][:10] == day}
            book(t, path, want, role)
            got = {r["confirmation_no"]: r["state"] for r in letters(
                home, "--role", role, "--from", day, "--to", day)}
            t.same(got, {k: w["state"] for k, w in want.items()}, "E28: so has the local list")


def book(t, path, want, role):
    """Both sheets, cell by cell where the platform tells the same."""
    head, *rows = cells(path, 1)
    at = {name: i for i, name in enumerate(head)}

    def told(r):
        return [r[at[k]] for k in ("UUID", "蓝字发票号码", "录入日期", "确认单状态", "购方名称", "有效标志")] + [
            "%.2f" % float(r[at[k]]) for k in ("红字冲销金额", "红字冲销税额")]
    got = {r[at["红字确认单编号"]]: told(r) for r in rows}
    t.ok(len(rows) == len(got) and got == {k: [
        w["uuid"], w["blue"], w["entered"], STATES[w["state"]], w["buyer_name"],
        "有效" if w["state"] < "05" else "无效", w["amount"],
        w["tax"]] for k, w in want.items()},
         "E28: the list sheet is what the tax side has as %s" % role, len(rows), list(got)[:1])
    head, *lines = cells(path, 2)
    at = {name: i for i, name in enumerate(head)}
    sums = {}
    for r in lines:
        net, tax = (round(Decimal(r[at[k]]) * 100) for k in ("金额", "税额"))
        was = sums.get(r[0], (0, 0))
        sums[r[0]] = was[0] + net, was[1] + tax
        if round(Decimal(r[at["价税合计"]]) * 100) != net + tax:
            t.ok(False, "E28: 价税合计 of a line", r)
    t.same((len(lines), sums), (2 * len(want), {k: tuple(round(Decimal(w[x]) * 100) for x in
                                                         ("amount", "tax"))
                                                for k, w in want.items()}),
           "E28: and its lines add up, amounts and taxes")


# ---- time ----------------------------------------------------------------------------------------
def waits(t):
    """E29: hours left are told; void at 72 hours by the tax side's word, not a minute before."""
    with ready(now="2026-11-10T10:00:00+08:00") as (sb, home):
        blue = issue(home, "W-1", kind="special")[0]
        sb.post("/red/mark", {"blue": blue, "fpyt": "1"})
        sb.control("POST", "/clock", {"now": "2026-11-10T10:00:00+08:00"})
        no = apply(home, blue, check=0)[1]["confirmation_no"]
        row = letters(home)[0]
        t.ok(row["state"] == "02" and row["deadline"][:13] == "2026-11-13T10",
             "E29: it is told until when", row)
        for now, state in (("2026-11-13T09:58:00+08:00", "02"), ("2026-11-13T11:00:00+08:00",
                                                                 "07")):
            home.env["KAIPIAO_NOW"] = now
            sb.post("/clock", {"now": now})
            refresh(home)
            row = letters(home)[0]
            t.same((row["state"], row["situation"], bool(row["deadline"])),
                   (state, "for-them" if state == "02" else "void", state == "02"),
                   "E29: %s at %s" % (state, now[5:16]))
        code, doc, err = home.run("red", "revoke", no)
        t.ok(code == 3 and "72小时" in err, "and then nobody does anything with it", err)


def quota(sb, home):
    """Unused of each month, ours and the tax side's."""
    with contextlib.closing(sqlite3.connect(home.path + "/kaipiao.db")) as db:
        ours = {m: "%d.%02d" % divmod(n, 100)
                for m, n in db.execute("SELECT month, unused FROM quota_month")}
    there = {q["month"]: q["unused"] for q in sb.get("/quota")["rows"]
             if q["tax_no"] == sb.using["tax_no"]}
    return ours, there


def move(sb, home, now):
    home.env["KAIPIAO_NOW"] = now
    sb.post("/clock", {"now": now})


def last_minute(t):
    """E30, N45: blue and red in the last minutes of a month: the quota comes back."""
    with ready(now="2026-11-30T23:50:00+08:00") as (sb, home):
        blue = issue(home, "M-1")[0]
        no = apply(home, blue, check=0)[1]["confirmation_no"]
        ours, there = quota(sb, home)
        t.same((ours["2026-11"], there["2026-11"]), ("999600.00",) * 2, "the blue one took its own")
        move(sb, home, "2026-11-30T23:58:00+08:00")
        home.run("red", "issue", no, check=0)
        ours, there = quota(sb, home)
        t.same((ours["2026-11"], there["2026-11"]), ("1000000.00",) * 2,
               "E30: at 23:58 of the last day it is back, here and there")


def first_minute(t):
    """E30, N45: the letter of the last minute, its red invoice of the first of the next month."""
    with ready(now="2026-11-30T23:50:00+08:00") as (sb, home):
        blue = issue(home, "M-2")[0]
        no = apply(home, blue, check=0)[1]["confirmation_no"]
        move(sb, home, "2026-12-01T00:02:00+08:00")
        home.run("quota", "download", "5000.00")
        before = quota(sb, home)
        code, doc, err = home.run("red", "issue", no)
        t.ok(code == 0, "the red invoice is issued at 0:02 of the first", doc, err)
        after = quota(sb, home)
        t.same(after, before, "E30: no quota comes back, in neither month, here nor there")
        t.same((after[0]["2026-11"], after[0].get("2026-12")), ("999600.00", "5000.00"),
               "November keeps what the blue one took")
        blue = issue(home, "M-3")[0]
        home.run("red", "issue", apply(home, blue, check=0)[1]["confirmation_no"], check=0)
        t.same(quota(sb, home), before, "E30: a blue one of December gives its own back")


# ---- trouble of vendors --------------------------------------------------------------------------
def after_trouble(t):
    """N70: what failed first and went well later shows no error; N71, N66: nothing without a result
    is sent twice, and it gets its result by itself."""
    with ready() as (sb, home):
        blues = issue(home, *["T-%d" % i for i in range(12)])
        sb.post("/red/mark", {"blue": blues[0], "hzsdbs": "Y"})
        code, doc, err = apply(home, blues[0])
        t.ok(code == 4 and letters(home)[0]["message"], "an application is refused", err)
        sb.post("/red/mark", {"blue": blues[0], "hzsdbs": "N"})
        home.run("red", "again", "#%d" % doc["id"], check=0)
        row = letters(home)[0]
        t.same((row["state"], row["message"]), ("01", None), "N70: taken later: no error is left")
        sb.faults(fail_result={"text": "练习拒绝", "times": 1})
        code, doc, err = home.run("red", "issue", row["confirmation_no"])
        red = doc["results"][0]["number"]
        shown = home.run("invoices", "show", red)[1]
        t.ok(code == 4 and "练习拒绝" in json.dumps(shown, ensure_ascii=False), "a red one fails", err)
        home.run("invoices", "retry", red, check=0)
        rows = [r for r in home.run("invoices", "list")[1]["rows"] if r["number"] == red]
        t.ok(rows[0]["state"] == "issued" and not rows[0]["message"]
             and not home.run("invoices", "show", red)[1]["message"],
             "N70: issued later: neither list nor detail shows the error", rows)
        nos = [apply(home, b, check=0)[1]["confirmation_no"] for b in blues[1:]]
        before = len(sent(sb, UPLOAD))
        sb.faults(delay_ms={"service": "CXQDFPSCJG", "value": 300},
                  bad_json={"service": "CXQDFPSCJG", "times": 6})
        home.run("--timeout", "1", "red", "issue", *nos)
        for _ in range(3):
            home.run("--timeout", "1", "sync", "--once")
            home.run("--timeout", "1", "red", "issue", *nos)
        sb.faults()
        home.run("--timeout", "60", "sync", "--once", check=0)
        numbers = [i["fphm"] for q in sent(sb, UPLOAD)[:-before] for i in q]
        t.same((len(numbers), len(set(numbers))), (11, 11),
               "N71: eleven red ones without a result, asked for again and again: sent once each")
        t.ok(all(home.run("red", "show", no)[1]["issued"] for no in nos),
             "N66: their results are fetched by the program itself")
        t.ok(home.audit_clean(), "and every number is explained")


def main():
    parts = (lists, issuable, answered, applied, spans, download, waits, last_minute, first_minute,
             after_trouble)
    with Tap() as t:
        for part in parts:
            if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
                part(t)


if __name__ == "__main__":
    main()
