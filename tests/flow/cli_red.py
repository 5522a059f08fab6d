#!/usr/bin/env python3
"""Red letters by verbs: whole and in part, either side, the matrix of what may be done, the other
side's doings, refusals before anything is sent, quota, several at once."""
import contextlib
import sqlite3
import subprocess
import sys

from books import cells
from kp import Home, Sandbox, Tap, invoice, later, side_by_side

PARTY = {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"}
SERVICE = "3040201010000000000"  # 服务: 02 may not be its reason


def line(name="打印机", quantity="4", price="100.00", code="1090509010000000000", **more):
    return dict({"name": name, "tax_code": code, "unit": "台", "quantity": quantity, "price": price,
                 "tax_rate": "0.13"}, **more)


def issue(home, order, **changes):
    """The number of a new blue invoice."""
    _, doc, _ = home.run("blue", "issue", home.file(invoice(order, prices_include_tax=False,
                                                            **changes)), check=0)
    return doc["results"][0]["number"]


def apply(home, blue, *more, role="seller", reason="01"):
    return home.run("red", "apply", blue, "--role", role, "--reason", reason, *more)


def lines_file(home, *wishes):
    return home.file([dict(zip(("line", kind), (n, value))) for n, kind, value in wishes])


def calls(sb, service):
    return sb.get("/red?limit=1")["calls"].get(service, 0)


def said(err, *words):
    return all(w in err for w in words)


def refused_by_person(t):
    """N46: a letter voided because the person refused the invoice tells that of the invoice."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue, other = (issue(home, "P-%d" % i, lines=[line()],
                             buyer={"name": "王小明", "is_person": True}) for i in (1, 2))
        part = lines_file(home, (1, "quantity", "1"))
        code, doc, err = apply(home, blue, "--lines", part, reason="02")
        t.same(code, 0, "a part, before", err)
        sb.post("/red/mark", {"blue": blue, "refused": "Y"})
        home.run("red", "list", "--refresh", check=0)
        row = home.run("red", "show", doc["confirmation_no"])[1]
        t.same([row["state"], row["situation"]], ["12", "void"], "the letter is void")
        sent = calls(sb, "QDHZQRDSQ")
        code, doc, err = apply(home, blue, "--lines", part, reason="02")
        t.ok(code == 3 and doc["error"]["code"] == "red.whole" and said(err, "拒收")
             and calls(sb, "QDHZQRDSQ") == sent, "no part any more: said before it is sent", err)
        t.same(apply(home, blue, reason="02")[0], 0, "the whole of it is taken")
        t.same(apply(home, other, "--lines", part, reason="02")[0], 0, "of another one a part, too")


# ---- whole and in part ---------------------------------------------------------------------------
def whole(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "W-1", lines=[line(), line("墨盒", "3", "33.333333")])
        code, dry, _ = apply(home, blue, "--dry-run")
        t.ok(code == 0 and dry["net"] == "-500.00" and dry["tax"] == "-65.00"
             and calls(sb, "QDHZQRDSQ") == 0, "a dry run shows the letter and sends nothing", dry)
        code, doc, err = apply(home, blue)
        t.ok(code == 0 and doc["state"] == "01" and doc["state_text"] == "无需确认"
             and len(doc["confirmation_no"]) == 20 and len(doc["uuid"]) == 32
             and doc["situation"] == "issuable", "the tax side takes it", doc, err)
        t.same([(x["quantity"], x["net"]) for x in doc["lines"]],
               [("-4", "-400.00"), ("-3", "-100.00")], "its lines are the blue ones, negative")
        rows = sb.get("/red")["rows"]
        t.ok(len(rows) == 1 and rows[0]["number"] == doc["confirmation_no"]
             and rows[0]["amount"] == "-500.00", "one letter there, with the same number", rows)
        code, again, err = apply(home, blue)
        t.ok(code == 3 and again["error"]["code"] == "red.open"
             and said(err, doc["confirmation_no"]) and calls(sb, "QDHZQRDSQ") == 1,
             "a second application is refused here, naming the first", err)
        before = home.run("quota", "show")[1]["unused"]
        code, red, err = home.run("red", "issue", doc["confirmation_no"])
        first = red["results"][0]
        t.ok(code == 0 and first["state"] == "issued" and first["gross"] == "-565.00"
             and not first["repeat"], "the red invoice is issued", red, err)
        t.same((before, home.run("quota", "show")[1]["unused"]), ("999500.00", "1000000.00"),
               "the quota of the same month comes back")
        code, red, _ = home.run("red", "issue", doc["uuid"])
        t.ok(code == 0 and red["results"][0]["number"] == first["number"]
             and red["results"][0]["repeat"], "issued once, asked for twice", red)
        code, show, _ = home.run("red", "show", doc["confirmation_no"])
        t.ok(show["issued"] and show["red_number"] == first["number"]
             and [h["event"] for h in show["history"]] == ["申请", "受理", "开具红字发票"],
             "the letter knows its red invoice and its history", show["history"])
        code, twice, err = apply(home, blue)
        t.ok(code == 3 and twice["error"]["code"] == "red.spent", "nothing is left", err)
        code, wrong, err = apply(home, first["number"])
        t.ok(code == 3 and wrong["error"]["code"] == "red.blue_state", "a red one is none", err)
        t.ok(home.audit_clean(), "numbers are explained")
        figures = home.run("quota", "sync")
        t.same(home.run("quota", "show")[1]["unused"], "1000000.00",
               "and the tax side has the same quota", figures)


def parts(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "P-1", lines=[line(quantity="3", price="0.333333"),
                                         line("机箱", "2", "100.00",
                                              discount={"amount": "20.00"}), line("网线")])
        took = []
        for wishes in ([(1, "quantity", "1")], [(1, "quantity", "1"), (2, "quantity", "1")],
                       [(1, "quantity", "1"), (3, "quantity", "4")], [(2, "quantity", "1")]):
            code, doc, err = apply(home, blue, "--lines", lines_file(home, *wishes), reason="02")
            t.ok(code == 0, "a part: %s" % (wishes,), err)
            if code:
                return
            took += [(x["blue_row"], x["net"], x["tax"]) for x in doc["lines"]]
            code, red, err = home.run("red", "issue", doc["confirmation_no"])
            t.ok(code == 0 and red["results"][0]["state"] == "issued", "and its invoice", red, err)
        cents = {}
        for row, net, tax in took:
            was = cents.get(row, (0, 0))
            cents[row] = (was[0] + round(float(net) * 100), was[1] + round(float(tax) * 100))
        t.same(cents, {1: (-100, -13), 2: (-18000, -2340), 4: (-40000, -5200)},
               "the parts of each line add up to it, its discount netted in")
        t.same(apply(home, blue, reason="02")[1]["error"]["code"], "red.spent", "all is gone")
        blue = issue(home, "P-2", lines=[line()])
        wishes = lines_file(home, (1, "quantity", "5"))
        n = calls(sb, "QDHZQRDSQ")
        code, doc, err = apply(home, blue, "--lines", wishes, reason="02")
        t.ok(code == 3 and said(err, "第 1 行", "4", "400.00")
             and doc["error"]["field"] == "lines[0].quantity", "more than there is", err)
        code, doc, err = apply(home, blue, "--lines", lines_file(home, (1, "amount", "10.00")),
                               reason="02")
        t.ok(code == 3 and doc["error"]["code"] == "red.reason.keeps", "02 keeps amounts", err)
        code, doc, err = apply(home, blue, "--lines", lines_file(home, (1, "quantity", "1")))
        t.ok(code == 3 and said(err, "开票有误", "不能改数量"), "01 is whole", err)
        code, doc, err = apply(home, blue, reason="03")
        t.ok(code == 3 and doc["error"]["code"] == "red.reason", "goods have no 03", err)
        code, doc, err = apply(home, blue, "--lines", lines_file(home, (9, "quantity", "1")),
                               reason="02")
        t.ok(code == 3 and said(err, "第 9 行"), "there is no ninth line", err)
        t.same(calls(sb, "QDHZQRDSQ"), n, "nothing of it was sent")
        code, doc, err = apply(home, blue, "--lines", lines_file(home, (1, "amount", "33.33")),
                               reason="04")
        t.ok(code == 0 and doc["lines"][0]["quantity"] is None
             and doc["lines"][0]["net"] == "-33.33", "04 takes an amount, no quantity", doc, err)


def services(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "S-1", lines=[line("咨询服务", "10", "100.00", SERVICE, tax_rate="0.06",
                                              unit="小时")])
        code, doc, err = apply(home, blue, reason="02")
        t.ok(code == 3 and doc["error"]["code"] == "red.reason", "services have no 02", err)
        code, doc, err = apply(home, blue, "--lines", lines_file(home, (1, "amount", "250.00")),
                               reason="03")
        t.ok(code == 0 and doc["lines"][0]["quantity"] == "-2.5", "03: quantity follows", doc, err)


# ---- the other side ------------------------------------------------------------------------------
def used(t):
    """A buyer that has selected the invoice has to agree."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "U-1", kind="special")
        sb.post("/red/mark", {"blue": blue, "fpyt": "1"})
        code, doc, err = apply(home, blue)
        no = doc["confirmation_no"]
        t.ok(code == 0 and doc["state"] == "02" and doc["situation"] == "for-them"
             and doc["deadline"], "waits for the buyer, with its 72 hours", doc, err)
        n = calls(sb, "QDHZQRDQR")
        for verb in ("confirm", "deny", "issue"):
            code, doc, err = home.run("red", verb, no)
            t.ok(code == 3 and doc["error"]["code"] in ("red.party", "red.state"),
                 "not ours to %s" % verb, err)
        t.same(calls(sb, "QDHZQRDQR"), n, "and nothing was sent")
        sb.post("/red/act", {"uuid": home.run("red", "show", no)[1]["uuid"], "do": "confirm"})
        code, doc, err = home.run("red", "list", "--refresh")
        t.ok(code == 0 and doc["rows"][0]["state"] == "04", "a refresh brings the answer", doc, err)
        code, red, err = home.run("red", "issue", no)
        t.ok(code == 0 and red["results"][0]["state"] == "issued", "then it is issued", red, err)


def received(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        for order, verb, state in (("R-1", "confirm", "04"), ("R-2", "deny", "06")):
            blue = issue(home, order, kind="special")
            sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
            home.run("sync", "--once", check=0)
            code, doc, err = home.run("red", "list", "--received", "--state", "03", "--refresh")
            t.ok(code == 0 and doc["total"] == 1 and doc["rows"][0]["situation"] == "for-us",
                 "the buyer's application came", doc, err)
            no = doc["rows"][0]["confirmation_no"]
            n = calls(sb, "QDHZQRDQR")
            code, doc, err = home.run("red", verb, no)
            t.ok(code == 0 and doc["state"] == state, "we %s it" % verb, doc, err)
            code, doc, err = home.run("red", verb, no, json_out=False)
            t.ok(code == 0 and "已处理" in doc, "a second time says so", doc, err)
            t.same(calls(sb, "QDHZQRDQR"), n + 1, "and one call was made")
        _, doc, _ = home.run("red", "list", "--situation", "issuable")
        code, red, err = home.run("red", "issue", doc["rows"][0]["confirmation_no"])
        t.ok(code == 0 and red["results"][0]["state"] == "issued", "the confirmed one is issued",
             red, err)


def several(t):
    """Several letters with one command: a row each, the exit of the worst."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blues = [issue(home, "S-%d" % i) for i in range(6)]
        theirs = [sb.post("/red/apply", {"blue": b, "role": "buyer", "reason": "01"})["number"]
                  for b in blues]
        home.run("red", "list", "--refresh", check=0)
        code, doc, err = home.run("red", "confirm", *theirs[:3])
        t.ok(code == 0 and [r["state"] for r in doc["results"]] == ["04"] * 3
             and all(r["done"] for r in doc["results"])
             and [r["confirmation_no"] for r in doc["results"]] == theirs[:3],
             "three are confirmed", doc, err)
        t.same(calls(sb, "QDHZQRDQR"), 3, "a call each")
        code, doc, err = home.run("red", "deny", theirs[3], theirs[0], "12345678901234567890")
        rows = doc["results"]
        t.ok(code == 3 and [r["done"] for r in rows] == [True, False, False]
             and rows[0]["state"] == "06" and rows[1]["state"] == "04" and rows[1]["message"]
             and rows[2]["confirmation_no"] is None and "没有编号" in rows[2]["message"]
             and doc["error"]["code"] == "red.some" and said(err, "3", "2"),
             "what cannot be done keeps nothing else", doc, err)
        code, doc, err = home.run("red", "confirm", *theirs[:3])
        t.ok(code == 0 and all("已经" in r["message"] for r in doc["results"])
             and calls(sb, "QDHZQRDQR") == 4, "again: done already, nothing is sent", doc, err)
        code, doc, err = home.run("--no-wait", "red", "deny", *theirs[4:])
        t.ok(code == 0 and all(r["done"] for r in doc["results"]), "nobody waits", doc, err)
        home.run("sync", "--once", check=0)
        t.same([home.run("red", "show", no)[1]["state"] for no in theirs[4:]], ["06"] * 2,
               "and it is done")
        code, out, _ = home.run("red", "confirm", theirs[0], theirs[1], json_out=False)
        t.ok(code == 0 and said(out, theirs[0], theirs[1]), "a table for people", out)
        code, out, _ = home.run("red", "confirm", theirs[0], "nosuch", json_out=False)
        t.ok(code == 3 and any(l.startswith("nosuch ") for l in out.split("\n")),
             "a row begins with what was asked for", out)
        # Of several that cannot be issued all are told at once, and none is issued.
        code, doc, err = home.run("red", "issue", *theirs[:1], *theirs[3:5])
        t.ok(code == 3 and doc["error"]["code"] == "red.some" and said(err, theirs[3], theirs[4])
             and said(str(doc["error"]), theirs[3], theirs[4]), "both reasons", doc)
        code, out, err = home.run("red", "issue", *theirs[3:5], json_out=False)
        t.ok(code == 3 and said(out, theirs[3], theirs[4], "作废（购方录入销方否认）")
             and said(err, "一张也没有开"), "a line each for people", out, err)
        t.same(home.run("red", "show", theirs[0])[1]["state"], "04", "the good one is as it was")
        figures(t, home)


def figures(t, home):
    """Amounts have separators everywhere a person reads them, and none in JSON."""
    big = issue(home, "BIG", lines=[line(quantity="30", price="100.00")])
    args = ("red", "apply", big, "--role", "seller", "--reason", "02", "--dry-run")
    code, out, err = home.run(*args, json_out=False)
    t.ok(code == 0 and said(out, "冲销金额 -3,000.00") and "-3000.00" not in out, "a sentence", out)
    t.same(home.run(*args)[1]["net"], "-3000.00", "JSON")
    args = [a if a != "02" else "04" for a in args]
    code, _, err = home.run(*args, "--lines", lines_file(home, (1, "amount", "3001.00")))
    t.ok(code == 3 and said(err, "3,000.00"), "a refusal", err)


def as_buyer(t):
    """We are the buyer of somebody else's invoice, typed in from the face."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        us = sb.using
        blue = sb.post("/red/blue", {"seller": PARTY["tax_no"], "seller_name": PARTY["name"],
                                     "buyer": us["tax_no"], "buyer_name": us["name"], "kind": "01",
                                     "kprq": later(-86400)[:10] + " 10:00:00",
                                     "lines": [{"name": "打印机", "short": "计算机外部设备",
                                                "code": "1090511030000000000", "amount": "200.00",
                                                "tax": "26.00", "rate": "0.13", "quantity": "2",
                                                "price": "100.00", "unit": "台", "spec": "K1"}]})
        code, doc, err = apply(home, blue["blue"], role="buyer")
        t.ok(code == 3 and doc["error"]["code"] == "red.blue_unknown" and said(err, "--blue"),
             "what is not here is asked for", err)
        face = {"number": blue["blue"], "issued_at": blue["kprq"], "kind": "special",
                "seller": PARTY, "buyer": {"name": us["name"], "tax_no": us["tax_no"]},
                "prices_include_tax": False,
                "lines": [line("打印机", "2", "100.00", "1090511030000000000", spec="K1",
                               short_name="计算机外部设备")]}
        code, doc, err = apply(home, blue["blue"], "--blue", home.file(face))
        t.ok(code == 3 and doc["error"]["code"] == "red.party", "the seller is not us", err)
        code, doc, err = apply(home, blue["blue"], "--blue",
                               home.file({k: face[k] for k in face if k != "buyer"}), role="buyer")
        t.ok(code == 3 and doc["error"]["code"] == "red.party"
             and said(err, "没有购方税号", us["tax_no"]), "a buyer that is not told is asked for", err)
        sb.post("/red/mark", {"blue": blue["blue"], "fpyt": "1"})
        code, doc, err = apply(home, blue["blue"], "--blue", home.file(face), role="buyer")
        t.ok(code == 0 and doc["state"] == "03" and doc["role"] == "buyer", "applied as buyer", doc,
             err)
        no = doc["confirmation_no"]
        t.same(home.run("red", "issue", no)[1]["error"]["code"], "red.state", "nothing to issue")
        sb.post("/red/act", {"uuid": doc["uuid"], "do": "confirm"})
        home.run("red", "list", "--refresh", check=0)
        code, doc, err = home.run("red", "issue", no)
        t.ok(code == 3 and doc["error"]["code"] == "red.party", "the seller issues it", err)
        code, doc, err = home.run("red", "revoke", no)
        t.ok(code == 3 and doc["error"]["code"] == "red.party", "who confirmed revokes", err)
        sb.post("/red/issue", {"uuid": home.run("red", "show", no)[1]["uuid"]})
        code, doc, _ = home.run("red", "list", "--refresh", "--issued", "yes")
        t.ok(doc["total"] == 1 and len(doc["rows"][0]["red_number"]) == 20,
             "the other side's red invoice shows", doc)


def month_end(t):
    """Quota comes back in the month of the blue invoice alone; 72 hours end a letter that waits."""
    with Sandbox(result_delay=0, now="2026-11-30T10:00:00+08:00") as sb, \
            Home(now="2026-11-30T10:00:00+08:00") as home:
        home.setup(sb)
        early, late = issue(home, "Q-1"), issue(home, "Q-2", kind="special")
        waits = issue(home, "Q-3", kind="special")
        code, doc, err = apply(home, early)
        home.run("red", "issue", doc["confirmation_no"], check=0)
        t.same(home.run("quota", "show")[1]["unused"], "999774.00",
               "of three invoices one came back in its month")
        _, old, _ = apply(home, late)
        sb.post("/red/mark", {"blue": waits, "fpyt": "1"})
        _, asked, _ = apply(home, waits)
        t.same(asked["state"], "02", "one waits for the buyer")
        sb.post("/clock", {"shift": 73 * 3600})
        home.env["KAIPIAO_NOW"] = "2026-12-03T11:00:05+08:00"
        code, red, err = home.run("red", "issue", old["confirmation_no"])
        t.ok(code == 0 and red["results"][0]["state"] == "issued",
             "a letter that needs nobody is good for longer than 72 hours", red, err)
        with contextlib.closing(sqlite3.connect(home.path + "/kaipiao.db")) as db:
            t.same(db.execute("SELECT month, unused FROM quota_month ORDER BY month").fetchall()[0],
                   ("2026-11", 99977400), "in another month no quota comes back")
        t.same([q["unused"] for q in sb.get("/quota")["rows"]
                if q["tax_no"] == sb.using["tax_no"] and q["month"] == "2026-11"], ["999774.00"],
               "nor at the tax side")
        code, doc, err = home.run("red", "list", "--refresh", "--state", "07")
        t.ok(code == 0 and [r["confirmation_no"] for r in doc["rows"]]
             == [asked["confirmation_no"]] and doc["rows"][0]["situation"] == "void",
             "the one that waited is void after 73 hours", doc, err)
        code, doc, err = apply(home, waits)
        t.ok(code == 0 and doc["state"] == "02", "and may be applied for anew", doc, err)


# ---- the matrix ----------------------------------------------------------------------------------
STATES = ["%02d" % n for n in range(1, 14)]
VERBS = ("confirm", "deny", "revoke", "issue")


def allowed(state, applicant, side, verb):
    """Protocol 7.11, told once more."""
    other = "buyer" if applicant == "seller" else "seller"
    if verb == "issue":
        return state in ("01", "04") and side == "seller"
    if state == "01":
        return verb == "revoke" and side == applicant
    if state in ("02", "03"):
        entered = "seller" if state == "02" else "buyer"
        return side == entered if verb == "revoke" else side != entered
    return state == "04" and verb == "revoke" and side == other


def applicants(state):
    """Who can have entered a letter of that state."""
    return {"02": ["seller"], "03": ["buyer"], "05": ["seller"], "06": ["buyer"]}.get(
        state, ["seller", "buyer"])


def matrix(t):
    """Each state x applicant x our side x action: what is allowed is done once; all else is refused
    before anything is sent.  (By hand the platform refuses it too: sandbox_red.py.)"""
    bad, done, refused = [], 0, 0
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb, numbers=500)
        us = sb.using
        for side in ("seller", "buyer"):
            for state in STATES:
                for applicant in applicants(state):
                    for verb in VERBS:
                        name = "%s %s entered by %s, %s" % (side, state, applicant, verb)
                        uuid = letter(sb, home, us, side, applicant, state)
                        home.run("red", "list", "--refresh", "--role", side, check=0)
                        n = calls(sb, "QDHZQRDQR"), calls(sb, "QDFPSC")
                        code, doc, err = home.run("red", verb, uuid)
                        after = calls(sb, "QDHZQRDQR"), calls(sb, "QDFPSC")
                        sent = sum(after) - sum(n)
                        if allowed(state, applicant, side, verb):
                            done += 1
                            if code or sent != 1:
                                bad.append("%s: exit %d, %d sent: %s" % (name, code, sent, err))
                            continue
                        refused += 1
                        already = code == 0 and sent == 0 and verb != "issue"
                        if not already and (code != 3 or sent):
                            bad.append("%s: exit %d, %d sent: %s" % (name, code, sent, err))
        t.ok(not bad, "%d allowed, %d refused" % (done, refused), "\n".join(bad[:12]))
        t.ok(done >= 8 and refused >= 100, "the matrix was walked", done, refused)


COUNT = [0]


def letter(sb, home, us, side, applicant, state):
    """A letter of that state, the blue invoice of it ours or the other company's."""
    COUNT[0] += 1
    if side == "seller":
        blue = issue(home, "M-%d" % COUNT[0], kind="special", lines=[line(quantity="1")])
    else:
        blue = sb.post("/red/blue", {"seller": PARTY["tax_no"], "seller_name": PARTY["name"],
                                     "buyer": us["tax_no"], "buyer_name": us["name"], "kind": "01",
                                     "kprq": later(-3600)[:19].replace("T", " "),
                                     "lines": [{"name": "打印机", "short": "计算机外部设备",
                                                "code": "1090511030000000000", "amount": "100.00",
                                                "tax": "13.00", "rate": "0.13", "quantity": "1",
                                                "price": "100.00", "unit": "台",
                                                "spec": ""}]})["blue"]
    uuid = sb.post("/red/apply", {"blue": blue, "role": applicant, "reason": "01"})["uuid"]
    sb.post("/red/state", {"uuid": uuid, "state": state})
    return uuid


# ---- refusals ------------------------------------------------------------------------------------
def refusals(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "X-1")
        for args, words in ((("red", "apply", blue, "--reason", "01"), ["--role"]),
                            (("red", "apply", blue, "--role", "seller"), ["--reason"]),
                            (("red", "apply", blue, "--role", "seller", "--reason", "05"), ["05"]),
                            (("red", "list", "--sent", "--received"), ["--sent"]),
                            (("red", "list", "--state", "77"), ["77"]),
                            (("red", "list", "--from", "昨天"), ["昨天"])):
            code, doc, err = home.run(*args)
            t.ok(code == 2 and said(err, *words), "usage: %s" % " ".join(args[1:]), code, err)
        code, doc, err = home.run("red", "show", "12345678901234567890")
        t.ok(code == 3 and doc["error"]["code"] == "red.unknown", "an unknown letter", err)
        code, doc, err = apply(home, "26449999999999999999")
        t.ok(code == 3 and doc["error"]["code"] == "red.blue_unknown", "an unknown invoice", err)
        for bad in ("{}", "[]", '[{"line":0,"quantity":"1"}]', '[{"line":1,"quantity":"x"}]',
                    '[{"line":1,"price":"1"}]', '[{"line":1,"quantity":"1","amount":"2"}]', "["):
            code, doc, err = apply(home, blue, "--lines", home.file(bad), reason="02")
            t.ok(code in (2, 3) and doc["error"]["code"], "--lines %s" % bad, code, err)
        t.same(calls(sb, "QDHZQRDSQ"), 0, "nothing of it was sent")


def download(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        for args, words in ((("2026-01-01", "2026-02-02"), ["录入日期起止最大支持1个月",
                                                            "2026-02-01"]),
                            (("2026-02-02", "2026-02-01"), ["晚于"])):
            code, doc, err = home.run("red", "download", "--role", "seller", "--from", args[0],
                                      "--to", args[1])
            t.ok(code == 3 and said(err, *words), "span %s %s" % args, code, err)
            t.same(calls(sb, "CXQDHZQRDLB"), 0, "and nothing was asked")
        now = later(0)[:10]
        sb.post("/red/fill", {"tax_no": sb.using["tax_no"], "count": 45, "lines": 2,
                              "role": "seller", "applicant": "buyer", "state": "03", "apart": 1})
        args = ("red", "download", "--role", "seller", "--from", now, "--to", now, "-o")
        path = home.path + "/letters.xlsx"
        code, doc, err = home.run(*args, path)
        t.ok(code == 0 and doc["rows"] == 45 and doc["file"] == path, "a workbook", doc, err)
        code, out, err = home.run(*args, home.path + "/letters.csv", json_out=False)
        t.ok(code == 0 and said(out, "不含明细"), "a CSV says that it has no lines", out, err)
        check_book(t, path, sb)
        code, doc, err = home.run(*args, path)
        t.ok(code == 3 and doc["error"]["code"] == "file.exists", "it is not written over", err)
        done = subprocess.run(home.command(args + ("-",), False), env=home.environ(),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        with open(path, "wb") as f:
            f.write(done.stdout)
        t.ok(done.returncode == 0 and done.stdout[:2] == b"PK", "to standard output",
             done.stderr[-300:])
        check_book(t, path, sb)
        _, doc, _ = home.run("red", "list", "--received", "--limit", "10")
        t.ok(doc["total"] == 45 and len(doc["rows"]) == 10 and doc["next"], "and the list has them")
        code, doc, err = home.run(*args, home.path + "/x.csv")
        head = open(home.path + "/x.csv", encoding="utf-8-sig").readline()
        t.ok(code == 0 and head.startswith("红字确认单编号"), "as CSV the list", head, err)


def check_book(t, path, sb):
    """Sheets of the workbook beside what the platform has."""
    want = {r["number"]: r for r in sb.get("/red?limit=1000")["rows"]}
    head, *rows = cells(path, 1)
    at = {name: i for i, name in enumerate(head)}
    t.ok(len(rows) == len(want) and all(
        "%.2f" % float(r[at["红字冲销金额"]]) == want[r[at["红字确认单编号"]]]["amount"]
        and r[at["UUID"]] == want[r[at["红字确认单编号"]]]["uuid"] for r in rows),
         "the list sheet is what the platform has", rows[:1])
    _, *lines = cells(path, 2)
    sums = {}
    for r in lines:
        sums[r[0]] = sums.get(r[0], 0) + round(float(r[11]) * 100)
    t.ok(len(lines) == 2 * len(want)
         and all(sums.get(n) == round(float(w["amount"]) * 100) for n, w in want.items()),
         "and its lines add up", lines[:2])


def main():
    with Tap() as t:
        side_by_side(t, [p for p in (whole, parts, refused_by_person, services, used, received,
                                     several, as_buyer, month_end, refusals, download, matrix)
                         if len(sys.argv) < 2 or p.__name__ in sys.argv[1:]])


if __name__ == "__main__":
    main()
