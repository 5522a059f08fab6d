#!/usr/bin/env python3
"""What an invoice may carry: 差额征税, payments, persons, addresses, policies; JSON to files."""
import json
import os
import sqlite3

from kp import Home, Sandbox, Tap, invoice

AGENT = {"name": "代理费", "tax_code": "3040802990000000000", "tax_rate": "0.06",
         "amount": "1060.00"}
VOUCHERS = [
    {"type": "01", "number": "26447000000000000001", "date": "2026-01-05", "total": "800.00",
     "amount": "500.00"},
    {"type": "09", "note": "土地出让金收据", "total": "30.00", "amount": "30.00"},
]


def deducted(order, **change):
    it = invoice(order, lines=[dict(AGENT)],
                 differential={"type": "02", "deduction": "530.00"},
                 vouchers=[dict(v) for v in VOUCHERS])
    it.update(change)
    return it


def refused(t, home, code, name, it):
    got, doc, err = home.run("blue", "issue", home.file(it))
    t.ok(got == 3 and doc["error"]["code"] == code and doc["error"]["hint"],
         "refused before it is sent: " + name, got, doc, err)


def differential(t, home):
    code, doc, err = home.run("blue", "check", home.file(deducted("D-0")))
    t.ok(code == 0, "check passes 差额开票", doc, err)
    code, doc, err = home.run("blue", "issue", home.file(deducted("D-1")))
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "差额开票 is issued", doc, err)
    code, doc, _ = home.run("invoices", "show", "D-1")
    t.ok(doc["net_amount"] == "1030.00" and doc["tax_amount"] == "30.00",
         "the tax is that of the rest", doc["net_amount"], doc["tax_amount"])
    t.same(doc["differential"], {"type": "02", "deduction": "530.00"}, "show names the deduction")
    t.same([v["amount"] for v in doc["vouchers"]], ["500.00", "30.00"], "and its vouchers")
    path = os.path.join(home.top, "one.xml")
    home.run("invoices", "file", "D-1", "--format", "xml", "-o", path, check=0)
    text = open(path, encoding="utf-8").read()
    t.ok("<Deduction>530.00</Deduction>" in text and "差额征税-差额开票" in text,
         "the file has the deduction and the label", text)

    full = deducted("D-2", kind="special", differential={"type": "01"}, vouchers=[])
    code, doc, err = home.run("blue", "issue", home.file(full))
    t.ok(code == 0, "全额开票 is issued without a deduction", doc, err)

    for name, word, it in (
            ("two lines", "differential.lines", deducted("X", lines=[AGENT, AGENT])),
            ("a discount", "differential.discount",
             deducted("X", lines=[dict(AGENT, discount={"rate": "0.1"})])),
            ("no deduction", "differential.deduction.required",
             deducted("X", differential={"type": "02"}, vouchers=[])),
            ("no vouchers", "vouchers.required", deducted("X", vouchers=[])),
            ("vouchers of another sum", "vouchers.sum", deducted("X", vouchers=VOUCHERS[:1])),
            ("a code without 差额", "differential.tax_code",
             deducted("X", lines=[dict(AGENT, tax_code="3040201010000000000")])),
            ("a code for 全额 alone", "differential.part",
             deducted("X", lines=[dict(AGENT, tax_code="3040803990000000000")])),
            ("专票 where it may not be", "differential.special",
             deducted("X", kind="special", lines=[dict(AGENT, tax_code="3070301000000000000")])),
            ("a rate outside the list", "differential.rate",
             deducted("X", lines=[dict(AGENT, tax_rate="0.09")])),
            ("a voucher without its note", "voucher.note",
             deducted("X", vouchers=[VOUCHERS[0], dict(VOUCHERS[1], note="")])),
            ("vouchers of no 差额", "differential.idle",
             invoice("X", vouchers=[dict(VOUCHERS[1])]))):
        refused(t, home, word, name, it)


def without_the_list(t, sb):
    """A unit whose tax side does not offer the list goes on without it."""
    with Home() as home:
        home.setup(sb)
        home.run("taxpayer", "sync", check=0)
        db = sqlite3.connect(home.path + "/kaipiao.db", isolation_level=None)
        t.ok(db.execute("SELECT count(*) FROM differential_code").fetchone()[0] >= 7,
             "the list comes with the taxpayer's data")
        db.execute("DELETE FROM differential_code")
        code, doc, err = home.run("blue", "issue", home.file(deducted("L-1")))
        t.ok(code == 0 and doc["results"][0]["state"] == "issued",
             "a list that is missing is fetched before issuing", doc, err)
        db.execute("DELETE FROM differential_code")
        sb.faults(error={"code": "4033", "service": "CXCEZSBM", "times": 9})
        code, doc, err = home.run("taxpayer", "sync")
        t.ok(code == 0, "without that service the rest is fetched all the same", doc, err)
        code, doc, err = home.run("blue", "issue", home.file(deducted("L-2")))
        t.ok(code == 3 and doc["error"]["code"] == "differential.list",
             "and 差额征税 says what it lacks", doc, err)
        code, doc, err = home.run("blue", "issue", home.file(invoice("L-3")))
        t.ok(code == 0, "an ordinary invoice lacks nothing", doc, err)
        sb.faults()


def payments(t, home):
    two = [{"channel": "009", "number": "A1"}, {"channel": "010", "number": "W1"}]
    code, doc, err = home.run("blue", "issue", home.file(invoice("P-1", payments=two,
                                                                 settlement="04")))
    t.ok(code == 0, "two payments and 结算方式 are sent", doc, err)
    t.same(home.run("invoices", "show", "P-1")[1]["payments"], two, "and kept")
    refused(t, home, "payment.incomplete", "a channel without its number",
            invoice("X", payments=[{"channel": "009", "number": ""}]))
    refused(t, home, "payment.channel.unknown", "a channel of no table",
            invoice("X", payments=[{"channel": "077", "number": "1"}]))
    refused(t, home, "payment.twice", "one payment twice", invoice("X", payments=[two[0]] * 2))
    refused(t, home, "settlement.unknown", "结算方式 of no table", invoice("X", settlement="07"))


def persons(t, home):
    card = "11010519491231002X"
    person = {"name": "王小明", "is_person": True, "tax_no": card, "id_type": "201",
              "id_no": card, "country": "156"}
    handler = {"name": "赵七", "id_type": "201", "id_no": card, "country": "156",
               "phone": "13800000000"}
    code, doc, err = home.run("blue", "issue", home.file(invoice("N-1", buyer=person,
                                                                 handler=handler)))
    t.ok(code == 0 and not doc["warnings"], "a natural person with a card and a handler", doc, err)
    for said, warned in ((None, 1), (False, 0)):
        buyer = {"name": "王小明"}
        if said is not None:
            buyer["is_person"] = said
        code, doc, err = home.run("blue", "check", home.file(invoice("N-2", buyer=buyer)))
        asked = "请您检查填写的名称，确认是否开票给自然人"
        rows = [r for r in doc["rows"] if asked in json.dumps(r, ensure_ascii=False)]
        t.ok(code == 0 and len(rows) == warned,
             "a short name asks once" if warned else "and not where it is said", doc, err)
    refused(t, home, "buyer.person.name", "a person of one character",
            invoice("X", buyer={"name": "王", "is_person": True}))
    refused(t, home, "buyer.person.incomplete", "half a document",
            invoice("X", buyer=dict(person, country="")))
    refused(t, home, "buyer.person.nationality", "a card of another country",
            invoice("X", buyer=dict(person, country="344")))
    refused(t, home, "handler.incomplete", "half a handler's document",
            invoice("X", handler={"id_no": "1"}))


def shown(t, sb, home):
    it = invoice("S-1", show_buyer_address=True, show_seller_address=True)
    it["buyer"].update(address="某路1号", phone="010-1")
    refused(t, home, "show_address.edition", "addresses in an edition without them", it)
    home.run("unit", "edit", sb.direct["tax_no"], "--role", "direct", "--edition", "5.001",
             check=0)
    for tax_no, role in ((sb.direct["tax_no"], "direct"), (sb.using["tax_no"], "using")):
        home.run("unit", "verify", tax_no, "--role", role, check=0)
    code, doc, err = home.run("blue", "issue", home.file(it))
    t.ok(code == 0, "addresses are shown", doc, err)
    code, doc, _ = home.run("invoices", "show", "S-1")
    t.ok(doc["show_buyer_address"] and doc["show_seller_address"], "and the flags kept", doc)


def policies(t, home):
    line = {"name": "某项", "tax_code": "1090511030000000000", "amount": "103.00"}
    code, doc, err = home.run("blue", "issue", home.file(invoice(
        "Y-1", lines=[dict(line, tax_rate="0.03", preference="01")])))
    t.ok(code == 0, "简易征收 at 3 %", doc, err)
    for word, change in (("line.preference.rate", {"tax_rate": "0.13", "preference": "01"}),
                         ("line.preference.rate", {"tax_rate": "0.13", "preference": "03"}),
                         ("line.preference.rate", {"tax_rate": "0.05", "preference": "08"}),
                         ("line.preference.unknown", {"tax_rate": "0.13", "preference": "19"}),
                         ("line.preference.leasing", {"tax_rate": "0.015", "preference": "10"}),
                         ("line.untaxed.preference", {"tax_code": "6010000000000000000",
                                                      "tax_rate": "0", "preference": "03"})):
        refused(t, home, word, json.dumps(change), invoice("X", lines=[dict(line, **change)]))
    free = dict(line, tax_code="6020000000000000000", tax_rate="0", preference="04")
    refused(t, home, "mix.untaxed", "不征税 beside others",
            invoice("X", lines=[free, dict(line, tax_rate="0.13")]))


def keys(t, home):
    code, doc, _ = home.run("help", "json")
    text = json.dumps(doc, ensure_ascii=False)
    for key in ("differential.type", "differential.deduction", "vouchers[].type",
                "vouchers[].total", "vouchers[].amount", "show_buyer_address"):
        t.ok(key in text, "help json names " + key)


with Tap() as T, Sandbox() as SB:
    with Home() as HOME:
        HOME.setup(SB)
        differential(T, HOME)
        payments(T, HOME)
        persons(T, HOME)
        shown(T, SB, HOME)
        policies(T, HOME)
        keys(T, HOME)
        T.ok(HOME.audit_clean(), "the audit is clean")
    without_the_list(T, SB)
