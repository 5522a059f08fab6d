#!/usr/bin/env python3
"""Red invoices outside their own verbs: files, lists, exports, reports, push, mail, 对账, a second
try and giving up; what they leave alone."""
import datetime
import hashlib
import io
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from decimal import Decimal

import cli_report
from books import cells
from fakepost import SECRET, Certificates, MailServer, Receiver
from kp import BASE, Home, Sandbox, Tap, invoice, sql

DAY = datetime.datetime.fromtimestamp(time.time() + 8 * 3600, datetime.timezone.utc).date()
MONTH = DAY.strftime("%Y-%m")
FIRST, LAST = str(DAY.replace(day=1)), str(DAY)
SERVICE = {"name": "软件服务", "tax_code": "3040201010000000000", "quantity": "4", "price": "26.50",
           "tax_rate": "0.06"}


def issue(home, order, **changes):
    code, doc, err = home.run("blue", "issue", home.file(invoice(order, **changes)))
    assert code == 0, (doc, err)
    return doc["results"][0]["number"]


def letter(home, blue, reason="01", *wishes):
    """A red letter for all of it, or for some of its quantities."""
    more = ["--lines", home.file([{"line": n, "quantity": q} for n, q in wishes])] if wishes else []
    code, doc, err = home.run("red", "apply", blue, "--role", "seller", "--reason", reason, *more)
    assert code == 0, (doc, err)
    return doc


def red_issue(home, no, *more, check=0):
    code, doc, err = home.run("red", "issue", no, *more)
    assert code == check, (code, doc, err)
    return doc["results"][0]


def show(home, no):
    return home.run("invoices", "show", no, check=0)[1]


# ---- files ---------------------------------------------------------------------------------------
def file(home, number, kind):
    done = subprocess.run(home.command(["invoices", "file", number, "--format", kind, "-o", "-"],
                                       False), env=home.environ(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def pdf_text(data):
    if not shutil.which("pdftotext"):
        return None
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def files(t, home, blue, red, no):
    taken = "被红冲蓝字数电发票号码：%s 红字发票信息确认单编号：%s" % (blue, no)
    for kind in ("pdf", "ofd", "xml", "txt"):
        t.same(hashlib.sha256(file(home, red, kind)).hexdigest(),
               hashlib.sha256(file(home, red, kind)).hexdigest(), "%s again: the same" % kind)
    text = file(home, red, "txt").decode()
    t.ok(all(w in text for w in ("（负数）伍拾圆捌角伍分", "¥-50.85", "-45.00", "退一台", taken[:30])),
         "the text face", text)
    squeezed = pdf_text(file(home, red, "pdf"))
    if squeezed is None:
        t.skip("the PDF", "pdftotext is not installed")
    else:
        t.ok(all(w in squeezed for w in ("（负数）伍拾圆捌角伍分", "¥-45.00", "¥-5.85", "¥-50.85",
                                         taken.replace(" ", ""), "退一台")), "the PDF", squeezed)
    with zipfile.ZipFile(io.BytesIO(file(home, red, "ofd"))) as z:
        page = "".join(z.read(n).decode() for n in z.namelist() if n.endswith("Content.xml"))
    t.ok("（负数）伍拾圆捌角伍分" in page and "-50.85" in page and no in page, "the OFD", page[:400])
    tree = ET.fromstring(file(home, red, "xml"))
    t.same([tree.findtext(p) for p in (
        "Header/InherentLabel/InIssuType/LabelCode",
        "EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode",
        "EInvoiceData/SpecificInformation/RedEInvoice/CreditNoteNumber",
        "EInvoiceData/BasicInformation/TotalTax-includedAmount",
        "EInvoiceData/BasicInformation/TotalTax-includedAmountInChinese",
        "EInvoiceData/IssuItemInformation/Quantity", "EInvoiceData/IssuItemInformation/UnPrice",
        "EInvoiceData/AdditionalInformation/Remark")],
        ["N", blue, no, "-50.85", "（负数）伍拾圆捌角伍分", "-1", "45", taken + " 退一台"], "the XML")
    tree = ET.fromstring(file(home, blue, "xml"))
    t.ok(tree.find(".//RedEInvoice") is None
         and tree.findtext("Header/InherentLabel/InIssuType/LabelCode") == "Y",
         "that of the blue one knows nothing of it")
    path = os.path.join(home.top, "all.zip")
    code, doc, err = home.run("invoices", "zip", "--month", MONTH, "-o", path)
    with zipfile.ZipFile(path) as z:
        names = [n for n in z.namelist() if red in n]
        packed = z.read(next(n for n in names if n.endswith(".xml")))
    t.ok(code == 0 and packed == file(home, red, "xml") and len(names) >= 3,
         "a month in one archive has it, as it is", doc, err, names)


# ---- lists, history, exports ---------------------------------------------------------------------
def lists(t, home, blue, red, no):
    rows = {r["number"]: r for r in home.run("invoices", "list")[1]["rows"]}
    t.ok(rows[red]["type"] == "red" and rows[red]["gross"] == "-50.85"
         and rows[red]["reversed"] == "" and rows[blue]["type"] == "blue"
         and rows[blue]["reversed"] == "partial", "the list tells them apart", rows)
    text = home.run("invoices", "list", json_out=False)[1]
    t.ok("红字数电专票" in text and "-50.85" in text and "开票成功（部分红冲）" in text,
         "so does the table", text)
    for words, want in ((["--kind", "red"], [red]), (["--find", "退一台"], [red]),
                        (["--number", red], [red]),
                        (["--amount-from", "-60", "--amount-to", "-50"], [red])):
        code, doc, err = home.run("invoices", "list", *words)
        t.same([r["number"] for r in (doc or {}).get("rows", [])], want,
               "found by %s" % " ".join(words[:2]), err)
    one = show(home, red)
    t.ok(one["red"] and one["red_of"]["blue_number"] == blue and one["red_of"]["letter_no"] == no
         and one["gross_amount"] == "-50.85" and one["reversed"] == "", "one of them", one)
    t.ok(not show(home, blue)["red"] and "red_of" not in show(home, blue)
         and show(home, blue)["reversed_text"] == "部分红冲", "and the blue one")
    events = home.run("invoices", "history", red)[1]["rows"]
    t.ok(any(e["event"] == "由红字确认单" and no in e["detail"] and blue in e["detail"]
             for e in events), "its history names the letter", events)
    events = home.run("invoices", "history", blue)[1]["rows"]
    t.ok(events[-1]["event"] == "红冲" and red in events[-1]["detail"]
         and "-50.85" in events[-1]["detail"], "that of the blue one what was taken back", events)


def exports(t, home, blue, red, no):
    path = os.path.join(home.top, "records.xlsx")
    home.run("invoices", "export", "-o", path, check=0)
    heads, *rows = cells(path)
    sheet = {r[3]: dict(zip(heads, r)) for r in rows if len(r) > 3 and r[3]}
    t.same([sheet[red][k] for k in ("金额", "税额", "价税合计", "发票状态", "是否正数发票")],
           ["-45", "-5.85", "-50.85", "正常", "否"], "the workbook: what is red is below zero")
    t.ok(sheet[red]["备注"] == "被红冲蓝字数电发票号码：%s 红字发票信息确认单编号：%s 退一台" % (blue, no),
         "and its remark names what it takes back", sheet[red])
    t.same([sheet[blue][k] for k in ("发票状态", "是否正数发票", "备注")],
           ["已红冲-部分", "是", "随货同行"], "of the blue one part was taken")
    ends = dict(zip(heads, rows[-1]))
    with closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        net, gross = db.execute("SELECT SUM(net), SUM(gross) FROM invoice").fetchone()
    t.same((Decimal(ends["金额"]) * 100, Decimal(ends["价税合计"]) * 100), (net, gross),
           "the sum counts it against the rest", ends)
    heads, *rows = cells(path, 2)
    line = next(dict(zip(heads, r)) for r in rows if r[3] == red)
    t.same([line[k] for k in ("数量", "单价", "金额")], ["-1", "45", "-45"], "its line")


# ---- delivery ------------------------------------------------------------------------------------
def delivery(t, home, blue):
    """A second part is taken back with push and mail switched on."""
    with Certificates() as certs, Receiver(certs) as r, MailServer(certs) as m:
        home.run("push", "set", "--url", r.url, "--ca-file", certs.ca, "--key-id", "k1",
                 "--secret-file", home.file(SECRET + "\n", "secret"), "--automatic", "yes", check=0)
        home.run("mail", "set", "--host", "localhost", "--port", m.port, "--login", m.user,
                 "--password-file", home.file(m.password), "--sender", "billing@seller.test",
                 "--ca-file", certs.ca, "--automatic", "yes", "--subject", "{票种} {号码} {价税合计}",
                 check=0)
        number = red_issue(home, letter(home, blue, "02", (1, "1"))["confirmation_no"])["number"]
        home.run("sync", "--once", check=0)
        bodies = [q["body"] for q in r.requests]
        t.ok(len(bodies) == 1 and bodies[0]["event"] == "invoice.issued" and bodies[0]["red"]
             and bodies[0]["number"] == number and bodies[0]["red_of"]["blue_number"] == blue
             and bodies[0]["gross_amount"] == "-50.85", "it is pushed as what it is", bodies)
        t.ok(all(bodies[0][k] == v for k, v in show(home, number).items()),
             "with all that invoices show says")
        t.ok(len(m.messages) == 1 and m.messages[0]["to"] == ["TO:<b@buyer.test>"],
             "and mailed where the blue one went", m.messages)
        got = m.messages[0]["message"]
        names = [p.get_filename() for p in got.walk() if p.get_filename()]
        t.ok(all(w in str(got["Subject"]) for w in ("红字数电专票", number, "-50.85"))
             and len(names) >= 2 and all(number in n for n in names),
             "subject and files are its own", got["Subject"], names)
        home.run("push", "set", "--automatic", "no", check=0)
        home.run("mail", "set", "--automatic", "no", check=0)


# ---- what it leaves alone ------------------------------------------------------------------------
def counters(home):
    """What was learnt of buyers, goods and prices."""
    with closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        return [db.execute(q).fetchall() for q in (
            "SELECT id, uses, used_at FROM buyer ORDER BY id",
            "SELECT id, uses, used_at FROM goods ORDER BY id",
            "SELECT * FROM price_last ORDER BY 1, 2, 3",
            "SELECT id, uses FROM business_type ORDER BY id", "SELECT id, uses FROM"
            " invoice_template ORDER BY id")]


def no_source(t, home, blue, red):
    for verb in (["blue", "copy", red], ["drafts", "copy", red],
                 ["templates", "add", "--from", red, "--name", "红"]):
        code, doc, err = home.run(*verb)
        t.ok(code == 3 and doc["error"]["code"] == "red.copy" and blue in err,
             "%s of a red one is refused and names the blue one" % " ".join(verb[:2]), doc, err)
    for verb in (["blue", "merge", red, blue], ["blue", "split", red, "--max", "10"],
                 ["drafts", "issue", "#%d" % show(home, red)["id"]]):
        code, doc, err = home.run(*verb)
        t.ok(code in (2, 3) and doc.get("error"), "%s too" % " ".join(verb[:2]), doc, err)


# ---- a second try, giving up ---------------------------------------------------------------------
def rename(home, old, new):
    """The tax side calls it otherwise, and we followed."""
    for what in ("UPDATE unit SET name = '%s' WHERE name = '%s'" % (new, old),
                 "UPDATE taxpayer SET body = replace(body, '%s', '%s')" % (old, new)):
        sql(os.path.join(home.path, "kaipiao.db"), what)


def again(t, sb, home):
    blue = issue(home, "T-1", kind="special")
    doc = letter(home, blue)
    sb.faults(fail_result={"text": "购方信息有误", "times": 1})
    code, got, err = home.run("red", "issue", doc["confirmation_no"])
    number = got["results"][0]["number"]
    t.ok(code == 4 and got["error"]["class"] == "refused" and "红字确认单" in got["error"]["hint"]
         and "blue issue" not in err, "a refusal says what can be done with a red one", err)
    t.same(home.run("invoices", "file", number, "--format", "xml", "-o", "-")[0], 3,
           "what is not issued has no file")
    t.same(show(home, blue)["reversed"], "", "the blue one is not marked")
    rename(home, sb.using["name"], "改了名的公司")
    before, quota = show(home, number), home.run("quota", "show")[1]
    code, got, err = home.run("invoices", "retry", number)
    after, now = show(home, number), home.run("quota", "show")[1]
    t.ok(code == 0 and got["results"][0]["state"] == "issued"
         and got["results"][0]["number"] == number, "the second try keeps the number", got, err)
    t.same([before[k] for k in ("lines", "red_of", "net_amount", "tax_amount", "buyer")],
           [after[k] for k in ("lines", "red_of", "net_amount", "tax_amount", "buyer")],
           "and is what the letter has, to the letter")
    t.same((home.run("unit", "show", sb.using["tax_no"])[1]["name"], after["seller"]["name"]),
           ("改了名的公司", before["seller"]["name"]), "the seller too, whatever he is called now")
    rename(home, "改了名的公司", sb.using["name"])
    t.same((Decimal(now["unused"]) - Decimal(quota["unused"]), now["reserved"]),
           (Decimal("100.00"), quota["reserved"]), "quota comes back once, nothing was reserved")
    t.same(show(home, blue)["reversed"], "whole", "the blue one is marked")
    sent = [f for f in sb.invoices() if f.get("fphm") == number or f.get("number") == number]
    t.same(len(sent), 1, "once at the tax side", sent)


def given_up(t, sb, home):
    blue = issue(home, "V-1", kind="special")
    doc = letter(home, blue)
    sb.faults(fail_result={"text": "购方信息有误", "times": 1})
    first = red_issue(home, doc["confirmation_no"], check=4)["number"]
    code, got, err = home.run("invoices", "void", first)
    t.ok(code == 0 and got["results"][0]["state"] == "void", "a refused one is given up", got, err)
    t.same(home.run("red", "show", doc["confirmation_no"])[1]["situation"], "issuable",
           "its letter is free")
    second = red_issue(home, doc["confirmation_no"])
    t.ok(second["state"] == "issued" and second["number"] != first and not second["repeat"],
         "another one is issued under another number", second)
    t.same(home.run("invoices", "history", blue)[1]["rows"][-1]["detail"].count(first), 0,
           "only that one counts")
    t.ok(home.audit_clean(), "numbers are explained")


# ---- 对账 ----------------------------------------------------------------------------------------
def reconcile(t, sb, home):
    code, doc, err = home.run("reconcile", MONTH)
    figures = doc["run"]["figures"]
    t.ok(code == 0 and doc["total"] == 0 and figures["ours"] == figures["theirs"],
         "对账: nothing differs, red ones are faces too", doc, err)
    with closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        n, net, tax = db.execute("SELECT COUNT(*), SUM(net), SUM(tax) FROM invoice i JOIN"
                                 " invoice_red r ON r.invoice_id = i.id WHERE i.state = 'issued'"
                                 ).fetchone()
    ours = figures["ours"]
    t.same((ours["red_count"], Decimal(ours["red_net"]) * 100, Decimal(ours["red_tax"]) * 100),
           (n, net, tax), "their figures are apart", ours)


def adopted(t):
    """A red one the tax side refused, as far as is known here, and has all the same."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        home.run("param", "set", "engine", "recon_first_ms", 50, check=0)
        blue = issue(home, "A-1")
        no = letter(home, blue)["confirmation_no"]
        sb.faults(fail_result={"text": "练习拒绝", "times": 1})
        red = red_issue(home, no, check=4)["number"]
        sb.post("/invoice", {"do": "add", "number": red, "tax_no": sb.using["tax_no"],
                             "hjje": "-100.00", "hjse": "-13.00", "jshj": "-113.00", "fppz": "02",
                             "kprq": show(home, red)["issued_at"][:19].replace("T", " "),
                             "gmfmc": BASE["buyer"]["name"], "gmfnsrsbh": BASE["buyer"]["tax_no"]})
        code, doc, err = home.run("reconcile", MONTH)
        rows = {d["number"]: d for d in doc["differences"]}
        t.ok(code == 3 and rows[red]["kind"] == "failed-there" and rows[red]["compared"] == "same",
             "a refused one that is there is told, and is the same", doc, err)
        unused = Decimal(home.run("quota", "show")[1]["unused"])
        code, doc, err = home.run("reconcile", "adopt", rows[red]["id"])
        t.ok(code == 0 and show(home, red)["state"] == "issued"
             and show(home, blue)["reversed"] == "whole"
             and home.run("red", "show", no)[1]["red_number"] == red,
             "adopted, it is its letter's and marks the blue one", doc, err)
        t.same(Decimal(home.run("quota", "show")[1]["unused"]) - unused, Decimal("100.00"),
               "and gives its quota back")


def elsewhere(t):
    """A red one that was issued elsewhere."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        home.run("param", "set", "engine", "recon_first_ms", 50, check=0)
        issue(home, "E-1")
        sb.post("/invoice", {"do": "add", "number": "26449000000000000009",
                             "tax_no": sb.using["tax_no"], "hjje": "-100.00", "hjse": "-13.00",
                             "jshj": "-113.00", "fppz": "02", "lzfpbz": "N", "sflzfp": "N"})
        code, doc, err = home.run("reconcile", MONTH)
        t.same((code, doc["run"]["others"]), (0, 1), "one issued elsewhere is no difference", doc)
        rows = home.run("reconcile", "show", doc["run"]["id"], "--kind", "other")[1]["differences"]
        t.ok(len(rows) == 1 and rows[0]["number"] == "26449000000000000009"
             and rows[0]["gross"] == "-113.00", "but it is listed", rows, err)
        t.ok("红字" in rows[0]["theirs"], "as red", rows)


# ---- reports -------------------------------------------------------------------------------------
def reports(t, home, rnd):
    """Random parts are taken back; every report is the sum of the rows there are."""
    for i in range(4):
        blue = issue(home, "R-%d" % i, kind=rnd.choice(("special", "ordinary")),
                     drawer=rnd.choice(("林小满", "张三")),
                     lines=[dict(BASE["lines"][0], quantity=str(rnd.randrange(2, 9)))])
        if i % 4 != 3:
            red_issue(home, letter(home, blue, "02", (1, "1"))["confirmation_no"])
    invoices = list(cli_report.raw(home))
    t.ok(sum(inv["net"] < 0 for inv in invoices) >= 4, "red ones among them")
    for by in ("buyer", "goods", "rate", "clerk", "day", "month", "kind", "type"):
        code, doc, err = home.run("report", "by", by, "--from", FIRST, "--to", LAST)
        want = cli_report.expect(invoices, by, FIRST, LAST)
        t.ok(code == 0 and cli_report.told(doc) == want, "report by %s" % by, doc, want, err)
        t.same(cli_report.total(doc),
               tuple(sum(inv[k] for inv in invoices) for k in ("net", "tax", "gross")),
               "and its sum is that of SQL")


def more_than_issued(t):
    """The month after: what is taken back is all there is."""
    with Sandbox(result_delay=0, now="2026-10-28T10:00:00+08:00") as sb, \
            Home(now="2026-10-28T10:00:00+08:00") as home:
        home.setup(sb)
        blue = issue(home, "N-1")
        home.env["KAIPIAO_NOW"] = "2026-11-02T10:00:00+08:00"
        sb.control("POST", "/clock", {"now": "2026-11-02T10:00:00+08:00"})
        unused = home.run("quota", "show")[1]["unused"]
        number = red_issue(home, letter(home, blue)["confirmation_no"])["number"]
        t.same(home.run("quota", "show")[1]["unused"], unused, "quota of a month gone stays there")
        doc = home.run("report", "by", "kind", "--from", "2026-11-01", "--to", "2026-11-30")[1]
        t.same([(r["net"], r["share"]) for r in doc["rows"] + [doc["total"]]],
               [("-100.00", -100.0)] * 2, "a month of nothing but red ones", number)
        doc = home.run("report", "by", "month", "--from", "2026-10-01", "--to", "2026-11-30")[1]
        t.same([(r["label"], r["net"]) for r in doc["rows"]] + [doc["total"]["net"]],
               [("2026-10", "100.00"), ("2026-11", "-100.00"), "0.00"],
               "it counts in its own month")


def main():
    rnd = random.Random(20261120)
    with Tap() as t:
        with Sandbox(result_delay=0) as sb, Home() as home:
            home.setup(sb)
            home.run("param", "set", "engine", "recon_first_ms", 50)
            buyer = dict(BASE["buyer"], bank="远山银行", account="622200", email="b@buyer.test")
            blue = issue(home, "E-1", kind="special", buyer=buyer, remark="随货同行",
                         show_buyer_bank=True,
                         lines=[dict(BASE["lines"][0], quantity="3", discount={"rate": "0.1"}),
                                SERVICE])
            known = counters(home)
            no = letter(home, blue, "02", (1, "1"))["confirmation_no"]
            red = red_issue(home, no, "--remark", "退一台")["number"]
            t.same(counters(home), known, "buyers, goods and prices learn nothing of it")
            files(t, home, blue, red, no)
            lists(t, home, blue, red, no)
            exports(t, home, blue, red, no)
            no_source(t, home, blue, red)
            delivery(t, home, blue)
            again(t, sb, home)
            given_up(t, sb, home)
            reconcile(t, sb, home)
            reports(t, home, rnd)
        adopted(t)
        elsewhere(t)
        more_than_issued(t)


if __name__ == "__main__":
    main()
