#!/usr/bin/env python3
"""统计报表 on the command line: equal to the invoices they are of, as table, JSON, CSV and workbook."""
import contextlib
import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from decimal import Decimal

import kp
from books import cells
from kp import Home, Sandbox, Tap, invoice

FILL = os.path.join(os.path.abspath(os.environ.get("BUILD", os.path.join(kp.ROOT, "build"))),
                    "bench", "fill")
COUNT, FROM, TO = 4000, "2023-01-01", "2025-12-31"
OTHER_PYTHON = "/usr/bin/python3"
LINE = {"name": "技术服务费", "tax_code": "3040201010000000000", "unit": "次", "amount": "5000.00",
        "tax_rate": "0.06"}
LOOK = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
charts = book.chartsheets
print([w.title for w in book.worksheets], [c.title for c in charts],
      [len(c._charts[0].series) for c in charts])
"""


# ---- the same by reading every invoice -----------------------------------------------------------
def raw(home):
    """Every issued invoice with its lines, straight out of the database."""
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        lines = {}
        for number, body in db.execute("SELECT invoice_id, body FROM invoice_line"):
            lines.setdefault(number, []).append(json.loads(body))
        for row in db.execute("SELECT id, kind, issued_at, buyer_tax_no, net, tax, gross, head"
                              " FROM invoice WHERE state = 'issued'"):
            yield dict(zip(("id", "kind", "day", "buyer", "net", "tax", "gross"), row),
                       head=json.loads(row[7]), lines=lines[row[0]])


def amount(line, key):
    return (Decimal(line.get(key, "0")) + Decimal(line.get("discount_" + key, "0"))) * 100


def keys(by, inv):
    """What the invoice falls under, with the amounts that do."""
    whole = (inv["net"], inv["tax"], inv["gross"])
    if by in ("rate", "goods"):
        for line in inv["lines"]:
            part = tuple(int(amount(line, key)) for key in ("net", "tax", "gross"))
            yield ("%d%%" % (line["rate_ppm"] // 10000) if by == "rate"
                   else "*%s*%s" % (line["short_name"], line["name"])), part
        return
    yield {"buyer": "T" + inv["buyer"], "clerk": inv["head"]["drawer"], "kind": inv["kind"],
           "day": inv["day"][:10], "month": inv["day"][:7], "type": "0"}[by], whole


def expect(all_of_them, by, first, last, months=False):
    sums = {}
    for inv in all_of_them:
        if not first <= inv["day"][:10] <= last:
            continue
        for key, part in keys(by, inv):
            place = (inv["day"][:7] if months else None, key)
            one = sums.setdefault(place, [set(), 0, 0, 0])
            one[0].add(inv["id"])
            for i, fen in enumerate(part):
                one[1 + i] += fen
    return {place: (len(one[0]), *one[1:]) for place, one in sums.items()}


def fen(text):
    return int(Decimal(text) * 100)


def told(doc):
    return {(r["month"], r["key"]): (r["count"], fen(r["net"]), fen(r["tax"]), fen(r["gross"]))
            for r in doc["rows"]}


def total(doc):
    return tuple(fen(doc["total"][key]) for key in ("net", "tax", "gross"))


# ---- many invoices -------------------------------------------------------------------------------
def sums(t, home):
    invoices = list(raw(home))
    first = True
    for by in ("buyer", "goods", "rate", "clerk", "day", "month", "kind", "type"):
        for span in ((FROM, TO), ("2024-02-10", "2024-05-31"), ("2025-12-31", "2025-12-31")):
            code, doc, err = home.run("report", "by", by, "--from", span[0], "--to", span[1])
            want = expect(invoices, by, *span)
            t.ok(code == 0 and told(doc) == want, "by %s, %s to %s" % (by, *span), doc, err)
            whole = [sum(r[i] for r in want.values()) for i in (1, 2, 3)]
            t.same(total(doc), tuple(whole), "and its total")
            t.ok(doc["read"] == (doc["total"]["count"] if first else 0),
                 "invoices are read only the first time", doc["read"])
            first = False
    for by in ("rate", "goods", "buyer"):
        doc = home.run("report", "by", by, "--months", "--from", "2024-02-10", "--to", "2024-05-31",
                       check=0)[1]
        t.same(told(doc), expect(invoices, by, "2024-02-10", "2024-05-31", True), "by %s of each "
               "month" % by)
        month = expect(invoices, "month", "2024-02-10", "2024-05-31")
        t.same({(None, r["month"]): (r["count"], fen(r["net"]), fen(r["tax"]), fen(r["gross"]))
                for r in doc["subtotals"]}, month, "each month's tax is that of its rates")


def shapes(t, home):
    doc = home.run("report", "by", "buyer", "--from", FROM, "--to", TO, "--top", "5", check=0)[1]
    amounts = [fen(r["net"]) for r in doc["rows"]]
    t.ok(len(doc["rows"]) == 6 and amounts[:5] == sorted(amounts[:5], reverse=True)
         and doc["rows"][5]["rest"] and sum(amounts) == fen(doc["total"]["net"]),
         "the largest, and the rest in one", doc)
    doc = home.run("report", "by", "goods", "--from", FROM, "--to", TO, "--top", "2", check=0)[1]
    t.same(doc["rows"][2]["count"], None, "how many of the rest share goods is not said")
    for name in ("r.pdf", "r.xls", "r.ofd"):
        path = os.path.join(home.top, name)
        code, doc, err = home.run("report", "by", "rate", "--from", FROM, "--to", TO, "-o", path)
        t.ok(code == 2 and "xlsx" in err and "csv" in err and not os.path.exists(path),
             "%s is not written as a workbook" % name, doc, err)
    code, text, err = home.run("report", "by", "rate", "--months", "--from", "2024-02-01", "--to",
                               "2024-03-31", json_out=False)
    t.ok(code == 0 and text.count("小计") == 2 and "合计" in text and "13%" in text, "as a table",
         text)
    days = home.run("report", "by", "day", "--from", FROM, "--to", TO, check=0)[1]["rows"]
    t.same([r["key"] for r in days], sorted(r["key"] for r in days), "days in order")
    row = home.run("report", "by", "rate", "--from", "2024-02-01", "--to", "2024-02-29",
                   check=0)[1]["rows"][0]
    listed, cursor = 0, None
    while True:
        page = home.run("invoices", "list", "--issued-from", "2024-02-01", "--issued-to",
                        "2024-02-29", "--limit", "1000", *(("--cursor", cursor) if cursor else ()),
                        check=0)[1]
        listed += sum(r["issued_at"][:7] == "2024-02" and r["state"] == "issued"
                      for r in page["rows"])
        cursor = page["next"]
        if not cursor:
            break
    t.ok(row["count"] <= listed == home.run("report", "by", "kind", "--from", "2024-02-01", "--to",
                                            "2024-02-29", check=0)[1]["total"]["count"],
         "the records of those days are those of the report", listed)


def files(t, home):
    path = os.path.join(home.top, "税率.xlsx")
    code, doc, err = home.run("report", "by", "rate", "--months", "--from", FROM, "--to", TO, "-o",
                              path)
    t.ok(code == 0 and doc["file"] == path, "written as a workbook", doc, err)
    t.same(home.run("report", "by", "rate", "-o", path)[0], 3, "a file that is there stays")
    want = home.run("report", "by", "rate", "--months", "--from", FROM, "--to", TO, check=0)[1]
    with zipfile.ZipFile(path) as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
        t.ok("<f>" not in sheet and any("chartsheets/" in n for n in z.namelist()),
             "numbers, no formula, a chart sheet")
    heads, *rows = cells(path, 1)
    rows = [dict(zip(heads, row)) for row in rows if len(row) == len(heads)]
    t.same(heads, ["月份", "税率", "蓝字份数", "蓝字金额", "蓝字税额", "红字份数", "红字金额",
                   "红字税额", "份数", "金额", "税额", "价税合计", "占比"], "its headings")
    amounts = [exact(r["税额"]) for r in rows if r["税率"].endswith("%")]
    t.same(amounts, [Decimal(r["tax"]) for r in want["rows"]], "every amount to the fen")
    t.same(exact(next(r for r in rows if r["税率"] == "合计")["税额"]),
           Decimal(want["total"]["tax"]), "and the sum")
    pivot = cells(path, 3)
    t.ok(pivot[0][0] == "月份" and pivot[0][-1] == "合计" and pivot[-1][0] == "合计"
         and exact(pivot[-1][-1]) == Decimal(want["total"]["tax"]), "months against rates",
         pivot[-1])
    opened(t, path, "['按税率分月统计', '分月金额', '分月税额'] ['图表'] [3]")
    one = os.path.join(home.top, "购方.xlsx")
    home.run("report", "by", "buyer", "--from", FROM, "--to", TO, "-o", one, check=0)
    opened(t, one, "['按购方统计'] ['图表'] [2]")
    office(t, path, one)
    code, text, err = home.run("report", "by", "buyer", "--from", FROM, "--to", TO, "--csv", "utf8",
                               "-o", "-", json_out=False)
    rows = list(csv.DictReader(text.splitlines()))
    t.ok(code == 0 and rows[-1]["购方名称"] == "合计" and sum(Decimal(r["金额"]) for r in rows[:-1])
         == Decimal(rows[-1]["金额"]), "as CSV", text[:200])


def exact(cell):
    """A number of a workbook is a binary one: with fifteen digits it is what was meant."""
    return Decimal("%.15g" % float(cell))


def opened(t, path, want):
    for python in (sys.executable, OTHER_PYTHON):
        if subprocess.call([python, "-c", "import openpyxl"], stderr=subprocess.DEVNULL) == 0:
            done = subprocess.run([python, "-c", LOOK, path], capture_output=True, text=True)
            t.same(done.stdout.strip(), want, "openpyxl sees the chart sheet")
            return
    t.ok(True, "openpyxl sees the chart sheet # SKIP openpyxl is not installed")


def office(t, *paths):
    if not shutil.which("soffice"):
        t.ok(True, "LibreOffice opens it # SKIP soffice is not installed")
        return
    for path in paths:
        folder = os.path.dirname(path)
        subprocess.run(["soffice", "-env:UserInstallation=file://" + folder + "/office",
                        "--headless", "--convert-to", "pdf", "--outdir", folder, path], timeout=180,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        t.ok(os.path.exists(os.path.splitext(path)[0] + ".pdf"), "LibreOffice opens %s"
             % os.path.basename(path))


def refusals(t, home):
    for options, words in ((("--from", "2024-02-30"), "不是有效的日期"),
                           (("--to", "昨天"), "不是有效的日期"),
                           (("--from", "2024-03-01", "--to", "2024-02-01"), "晚于止")):
        code, doc, err = home.run("report", "by", "rate", *options)
        t.ok(code == 3 and words in err, "refused: %s" % " ".join(options), err)
    for args in (("rate", "--range", "week"), ("rate", "--range", "today", "--from", "2024-01-01"),
                 ("colour",), ("rate", "--top", "0"), ()):
        t.same(home.run("report", "by", *args)[0], 2, "wrong usage: %s" % " ".join(args))
    t.same(home.run("report", "by", "day", "--months")[0], 3, "days are not parted by months")
    code, doc, err = home.run("report", "by", "rate", "--from", "2001-01-01", "--to", "2001-12-31")
    t.ok(code == 0 and doc["rows"] == [] and doc["total"]["count"] == 0, "nothing issued", doc)
    code, text, err = home.run("report", "by", "rate", "--from", "2001-01-01", "--to", "2001-12-31",
                               json_out=False)
    t.ok("没有开票成功的发票" in text, "said in words", text)
    for word in ("this-month", "last-month", "this-quarter", "last-quarter", "this-year",
                 "last-year", "today"):
        doc = home.run("report", "by", "kind", "--range", word, check=0,
                       env={"KAIPIAO_NOW": "2024-02-29T10:00:00+08:00"})[1]
        t.same([doc["from"], doc["to"]],
               {"this-month": ["2024-02-01", "2024-02-29"],
                "last-month": ["2024-01-01", "2024-01-31"],
                "this-quarter": ["2024-01-01", "2024-03-31"],
                "last-quarter": ["2023-10-01", "2023-12-31"],
                "this-year": ["2024-01-01", "2024-12-31"],
                "last-year": ["2023-01-01", "2023-12-31"],
                "today": ["2024-02-29", "2024-02-29"]}[word], "the range %s" % word)


def killed(t, home):
    """Wherever it dies, the next report is right."""
    want = expect(list(raw(home)), "goods", FROM, TO)
    died = 0
    for step in range(1, 60, 7):
        with Home() as copy:
            shutil.copytree(home.path, copy.path)
            code = copy.run("report", "by", "rate", "--from", FROM, "--to", TO,
                            env={"KAIPIAO_CRASH_AT": str(step)})[0]
            died += code != 0
            doc = copy.run("report", "by", "goods", "--from", FROM, "--to", TO, check=0)[1]
            t.same(told(doc), want, "right after dying at step %d" % step)
    t.ok(died > 2, "it did die", died)


# ---- one after another ---------------------------------------------------------------------------
def states(t, sb, home):
    def counts(by="kind"):
        return {r["label"]: r["count"] for r in home.run("report", "by", by, check=0)[1]["rows"]}

    home.run("types", "add", "--name", "零售业务", check=0)
    home.run("blue", "issue", home.file([
        invoice("R-1", business_type="零售业务"), invoice("R-2", lines=[LINE]),
        invoice("R-3", kind="special", buyer={"name": "晴川数码（新名）",
                                              "tax_no": "91440300MAKP0A011Y"})]), check=0)
    t.same(counts(), {"数电普票": 2, "数电专票": 1}, "what is issued counts")
    t.same(counts("buyer"), {"晴川数码（新名）": 3}, "one tax number, one buyer, his latest name")
    t.same(counts("rate"), {"13%": 2, "6%": 1}, "by rate")
    t.same(counts("type"), {"（没有填）": 2, "零售业务": 1}, "by business type")
    home.run("types", "edit", "零售业务", "--name", "门店零售", check=0)
    t.same(counts("type"), {"（没有填）": 2, "门店零售": 1}, "under its new name")
    sb.faults(fail_result={"text": "购买方信息有误", "times": 1})
    home.run("blue", "issue", home.file(invoice("R-4")), check=4)
    t.same(counts(), {"数电普票": 2, "数电专票": 1}, "what failed does not count")
    home.run("invoices", "retry", "R-4", check=0)
    t.same(counts(), {"数电普票": 3, "数电专票": 1}, "until it is issued after all")
    home.run("blue", "draft", home.file(invoice("R-5")), check=0)
    t.same(counts("clerk"), {"林小满": 4}, "a draft does not count")


# A return wants 蓝字 and 红字 apart.
def parts(t, sb, home):
    person = {"name": "陈晓雯", "is_person": True}
    doc = home.run("blue", "issue", home.file([
        invoice("P-1", buyer=person, lines=[LINE]), invoice("P-2", buyer=person, lines=[LINE])]),
        check=0)[1]
    before = home.run("report", "by", "kind", check=0)[1]["total"]
    t.same([before["red_count"], before["red_net"]], [0, "0.00"], "nothing red yet")
    sb.post("/clock", {"shift": 3600})
    home.run("red", "apply", doc["results"][0]["number"], "--role", "seller", "--reason", "01",
             check=0)
    letter = home.run("red", "list", "--situation", "issuable", check=0)[1]["rows"][0]
    home.run("red", "issue", letter["confirmation_no"], check=0)
    doc = home.run("report", "by", "kind", check=0)[1]
    row = next(r for r in doc["rows"] if r["label"] == "数电普票")
    for one, blue in ((row, 5), (doc["total"], 6)):
        t.same([one["blue_count"], one["red_count"], one["count"]], [blue, 1, blue + 1],
               "counted apart", one)
        t.same([one["red_net"], one["red_tax"]], ["-4716.98", "-283.02"], "what is taken back")
        t.ok(all(fen(one["blue_" + k]) + fen(one["red_" + k]) == fen(one[k])
                 for k in ("net", "tax")), "both are the whole", one)
    t.same(doc["total"]["blue_net"], before["net"], "what was issued stays as it was")
    rates = {r["label"]: r["red_count"] for r in home.run("report", "by", "rate",
                                                          check=0)[1]["rows"]}
    t.same(rates, {"13%": 0, "6%": 1}, "by rate, too")
    text = home.run("report", "by", "kind", json_out=False, check=0)[1]
    t.ok("红字金额" in text and "-4,716.98" in text, "as a table",
         text)
    t.ok("红字" not in home.run("report", "by", "clerk", json_out=False, check=0)[1],
         "others are as they were")
    buyers(t, home, "before")


def buyers(t, home, when):
    rows = [r for r in home.run("report", "by", "buyer", check=0)[1]["rows"]
            if r["label"].startswith("陈晓雯")]
    t.same([(r["label"], r["blue_count"], r["red_count"], r["net"]) for r in rows],
           [("陈晓雯", 2, 1, "4716.98")], "a person is one buyer: " + when)


def upgraded(t, home):
    """Sums an earlier version kept: reds among the blue ones, a person as two buyers."""
    path = os.path.join(home.path, "kaipiao.db")
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript("""
            UPDATE report_day SET summed = turn;
            DELETE FROM report_month; DELETE FROM report_sum; DELETE FROM report_key;
            INSERT INTO report_key VALUES (1, (SELECT MIN(unit_id) FROM report_day), 4, 'N陈晓雯',
                '陈晓雯', '2000-01-01 00:00:00'),
              (2, (SELECT MIN(unit_id) FROM report_day), 4, 'N陈晓雯（个人）', '陈晓雯（个人）',
                '2000-01-01 00:00:00');
            INSERT INTO report_sum (unit_id, dim, period, key_id, count, net, tax, gross)
              SELECT unit_id, 4, CAST(REPLACE(day, '-', '') AS INTEGER), 2, 1, -1, 0, -1
              FROM report_day;
            DROP TABLE IF EXISTS taxpayer_change;
            DROP INDEX red_letter_lapsed;
            ALTER TABLE red_letter DROP COLUMN lapsed;
            ALTER TABLE report_sum DROP COLUMN red_count;
            ALTER TABLE report_sum DROP COLUMN red_net;
            ALTER TABLE report_sum DROP COLUMN red_tax;
            PRAGMA user_version = 31;
        """)
    buyers(t, home, "after an upgrade")
    row = home.run("report", "by", "kind", check=0)[1]["total"]
    t.same([row["red_count"], row["red_net"]], [1, "-4716.98"], "and the reds are told apart")


def main():
    with Tap() as t:
        with Home() as home:
            subprocess.run([FILL, home.path, str(COUNT)], check=True)
            killed(t, home)
            sums(t, home)
            shapes(t, home)
            files(t, home)
            refusals(t, home)
        with Sandbox() as sb, Home() as home:
            home.setup(sb)
            states(t, sb, home)
            parts(t, sb, home)
            upgraded(t, home)


if __name__ == "__main__":
    main()
