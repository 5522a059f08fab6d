#!/usr/bin/env python3
"""The shipped tables and sample invoices hold what they promise."""
import glob
import json
import os
import re
import sys
from decimal import Decimal

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("KAIPIAO_SHARED", os.path.join(ROOT, "..", "shared"))

HEADERS = {
    "taxcodes": ["code", "name", "short_name", "vat_rates", "levy_rates", "summary"],
    "taxcode-words": ["word", "name"],
    "regions": ["code", "region", "tag", "area"],
    "countries": ["numeric", "name"],
    "preferences": ["code", "name", "rates"],
    "id-types": ["code", "name", "issuer", "buyer"],
    "payment-channels": ["code", "name"],
    "taxpayer-types": ["code", "name"],
    "taxpayer-states": ["code", "name", "may_issue"],
    "industries": ["code", "name"],
    "sectors": ["code", "name"],
    "consumption": ["code", "name"],
    "reserve-codes": ["code", "name"],
    "voucher-types": ["code", "name", "needs", "number_chars"],
    "settlements": ["code", "name"],
    "coal-kinds": ["code", "name"],
    "known-errors": ["pattern", "cause", "advice"],
}
ROWS = {"regions": 36, "preferences": 18, "reserve-codes": 16, "payment-channels": 14,
        "taxpayer-types": 5, "taxpayer-states": 14, "industries": 39, "sectors": 97,
        "consumption": 29, "voucher-types": 9, "settlements": 6, "coal-kinds": 6}
BLANK = {("taxcodes", "vat_rates"), ("taxcodes", "levy_rates"), ("preferences", "rates")}

# Keys of the invoice form of the command line contract.
INVOICE_KEYS = set("""order_no kind prices_include_tax buyer lines remark payee reviewer drawer
 business_type show_buyer_bank show_seller_bank""".split())
BUYER_KEYS = set("name tax_no address phone bank account is_person email".split())
LINE_KEYS = set("""name tax_code spec unit quantity price amount tax_rate preference discount
 goods""".split())
# Codes whose invoices need an ability beyond the basic one: construction, transport, real estate,
# leasing of real estate; coal needs its kind.
SPECIAL = ("305", "3010", "5", "3040502020", "1020101", "1020102", "1020199")

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

results = []


def check(name, faults):
    faults = list(faults)
    results.append("%s %d - %s" % ("not ok" if faults else "ok", len(results) + 1, name))
    results.extend("# %s" % f for f in faults[:20])


def skip(name, why):
    results.append("ok %d - %s # SKIP %s" % (len(results) + 1, name, why))


def load(name):
    with open(os.path.join(ROOT, "data", name + ".tsv"), encoding="utf-8") as f:
        text = f.read()
    return text, [line.split("\t") for line in text.split("\n")[:-1]]


def form(name):
    """Header, number of cells, order, keys, white space."""
    text, rows = load(name)
    head = HEADERS[name]
    if not text.endswith("\n") or "\r" in text or "\ufeff" in text:
        yield "line ends"
    if rows[0] != head:
        yield "header %r" % rows[0]
    if name in ROWS and len(rows) - 1 != ROWS[name]:
        yield "%d rows, not %d" % (len(rows) - 1, ROWS[name])
    keys = [r[0] for r in rows[1:]]
    if [k.encode() for k in keys] != sorted(k.encode() for k in keys):
        yield "not sorted"
    if len(keys) != len(set(keys)):
        yield "a key twice"
    for row in rows[1:]:
        if len(row) != len(head):
            yield "cells: %r" % row
            continue
        for column, cell in zip(head, row):
            if cell != cell.strip() or not cell and (name, column) not in BLANK:
                yield "%s of %s: %r" % (column, row[0], cell)


def parent(code):
    pairs = [code[0]] + [code[i:i + 2] for i in range(1, 19, 2)]
    last = max(i for i, p in enumerate(pairs) if int(p))
    if last == 0:
        return ""
    pairs[last] = "00"
    return "".join(pairs)


def rates_ok(text, allowed):
    return all(r in allowed for r in text.split("、")) if text else True


def taxcodes(codes):
    if not 300 <= len(codes) <= 1000:
        yield "%d codes" % len(codes)
    parents = set()
    for code, row in codes.items():
        if not re.fullmatch(r"[1-6]\d{18}", code):
            yield code
            continue
        up = parent(code)
        parents.add(up)
        if up and (up not in codes or codes[up][5] != "Y"):
            yield "%s: parent %s" % (code, up)
        if not rates_ok(row[3], ("13%", "9%", "6%", "0%")):
            yield "%s: VAT rates %s" % (code, row[3])
        if not rates_ok(row[4], ("5%", "3%", "1.5%", "1%")):
            yield "%s: levy rates %s" % (code, row[4])
        if row[5] == "N" and not row[3]:
            yield "%s: no rate" % code
        if code[0] == "6" and row[5] == "N" and row[3] != "0%":
            yield "%s: not taxed, so 0%%" % code
    for code, row in codes.items():
        if (row[5] == "Y") != (code in parents):
            yield "%s: summary %s" % (code, row[5])
    # Telecom firms issue with summary codes; they need their rates.
    for code, rate in (("3030000000000000000", "0%"), ("3030100000000000000", "9%"),
                       ("3030200000000000000", "6%")):
        if codes.get(code, [""] * 6)[3] != rate:
            yield "telecom %s" % code


def words(rows, codes):
    """A word of our own leads to a code that does not already hold it."""
    for word, part in rows:
        led = [r[1] for r in codes.values() if part in r[1] or part in r[2]]
        if not led or all(word in name for name in led):
            yield "%s: %s" % (word, part)


def against_classification(codes):
    """Every code of ours is in the whole table, with its name and short name."""
    with open(os.path.join(SHARED, "data", "taxcode.tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    at = {name: i for i, name in enumerate(rows[0])}
    whole = {r[at["code"]]: r for r in rows[1:]}
    for code, row in codes.items():
        other = whole.get(code)
        if not other:
            yield "%s unknown" % code
        elif [other[at["name"]], other[at["short_name"]]] != row[1:3]:
            yield "%s %s: %s %s" % (code, row[1:3], other[at["name"]], other[at["short_name"]])
        elif row[5] != ("N" if other[at["is_leaf"]] == "1" else "Y"):
            yield "%s: summary %s" % (code, row[5])


def regions(rows):
    cities = {"2102": "91", "3702": "92", "3302": "93", "3502": "94", "4403": "95"}
    for code, name, tag, area in rows:
        if not re.fullmatch(r"1\d{4}0{6}", code) or tag != code[1:5]:
            yield code
        if area != cities.get(tag, tag[:2]):
            yield "%s: area %s" % (name, area)
        if not re.search("(市|省|自治区)$", name):
            yield name
    if len({r[3] for r in rows}) != len(rows):
        yield "an area twice"


def errors(rows):
    patterns = {r[0] for r in rows}
    for code in ["BI%d" % n for n in list(range(1000, 1093)) + [2000]]:
        if code not in patterns:
            yield code
    for code in """500 5001 40321 40322 4032 4033 4047 4049 4054 4055 4056 4057 4061 4063 4067 -1
                   BD1004""".split():
        if code not in patterns:
            yield code
    for row in rows:
        if not re.search("[\u4e00-\u9fff]", row[1]) or not re.search("[\u4e00-\u9fff]", row[2]):
            yield "%s: no Chinese" % row[0]
        if len(row[1]) > 200 or len(row[2]) > 200:
            yield "%s: too long" % row[0]
    for message, word in (("当前登录纳税人不在乐企白名单中，请联系主管税务机关进行乐企白名单维护。",
                           "联系主管税务机关"),
                          ("appsecret 参数不对", "重新生成并更新"), ("使用单位未授权此能力", "授权")):
        if not any(r[0] in message and word in r[2] for r in rows):
            yield "no advice for " + message


def uscc_ok(s):
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    if len(s) != 18 or any(c not in USCC for c in s):
        return False
    total = sum(USCC.index(c) * w for c, w in zip(s, weights))
    rest = 11 - sum(ORG.index(c) * w for c, w in zip(s[8:16], (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    check_char = {10: "X", 11: "0"}.get(rest, str(rest))
    return s[17] == USCC[(31 - total % 31) % 31] and s[16] == check_char


def line_faults(line, codes):
    extra = set(line) - LINE_KEYS
    if extra:
        yield "keys %s" % sorted(extra)
    if not all(isinstance(line.get(k, ""), str) for k in LINE_KEYS - {"discount"}):
        yield "decimals are strings"
    row = codes.get(line["tax_code"])
    if not row or row[5] != "N" or line["tax_code"].startswith(SPECIAL):
        yield "tax code %s" % line["tax_code"]
        return
    rate = "%g%%" % (Decimal(line["tax_rate"]) * 100)
    if rate not in row[3].split("、"):
        yield "rate %s is not usual for %s" % (rate, row[1])
    if (rate == "0%") != (line.get("preference") == "03"):
        yield "rate 0 and preference 03 belong together"
    if len("*%s*%s" % (row[2], line["name"])) > 300 or len(line.get("spec", "")) > 150:
        yield "too long"
    given = [k for k in ("quantity", "price", "amount") if k in line]
    if given not in (["amount"], ["quantity", "price"], ["quantity", "amount"],
                     ["price", "amount"]):
        yield "given: %s" % given
    if any(Decimal(line[k]) <= 0 for k in given):
        yield "not positive"
    discount = line.get("discount", {"rate": "0.1"})
    if len(discount) != 1 or not set(discount) <= {"rate", "amount"}:
        yield "discount %r" % discount


def amount(line):
    if "amount" in line:
        return Decimal(line["amount"])
    return Decimal(line["quantity"]) * Decimal(line["price"])


def sample_faults(invoice, codes):
    if set(invoice) - INVOICE_KEYS or set(invoice["buyer"]) - BUYER_KEYS:
        yield "undocumented keys"
    if not re.fullmatch(r"SAMPLE-\d\d", invoice["order_no"]):
        yield "order_no"
    if invoice["kind"] not in ("ordinary", "special") or not invoice.get("drawer"):
        yield "kind or drawer"
    if len(invoice.get("remark", "")) > 450:
        yield "remark"
    number = invoice["buyer"].get("tax_no", "")
    if number and not uscc_ok(number):
        yield "check digits of %s" % number
    if invoice["kind"] == "special" and not number:
        yield "a special invoice names the buyer's tax number"
    for i, line in enumerate(invoice["lines"], 1):
        for fault in line_faults(line, codes):
            yield "line %d: %s" % (i, fault)


def samples(codes):
    invoices = []
    for path in sorted(glob.glob(os.path.join(ROOT, "templates", "samples", "*.json"))):
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as f:
            content = json.load(f)
        for invoice in content if isinstance(content, list) else [content]:
            invoices.append(invoice)
            check("%s %s" % (name, invoice["order_no"]), sample_faults(invoice, codes))
    lines = [l for i in invoices for l in i["lines"]]
    numbers = [i["order_no"] for i in invoices]
    shapes = {
        "every order number once": len(set(numbers)) == len(numbers) >= 8,
        "together under 200,000 yuan": sum(map(amount, lines)) < 200000,
        "both kinds": {i["kind"] for i in invoices} == {"ordinary", "special"},
        "both price modes": {i["prices_include_tax"] for i in invoices} == {True, False},
        "discount by rate": any("rate" in l.get("discount", {}) for l in lines),
        "discount by amount": any("amount" in l.get("discount", {}) for l in lines),
        "amount only": any("quantity" not in l and "price" not in l for l in lines),
        "several rates in one": any(len({l["tax_rate"] for l in i["lines"]}) > 2 for i in invoices),
        "a natural person": any(i["buyer"].get("is_person") for i in invoices),
        "an exempt line": any(l.get("preference") == "03" for l in lines),
        "a long name": any(len(l["name"]) > 50 for l in lines),
        "thirty lines": any(len(i["lines"]) == 30 for i in invoices),
        "a remark": any(i.get("remark") for i in invoices),
    }
    for name, true in shapes.items():
        check("samples: " + name, [] if true else ["missing"])


def main():
    present = {os.path.basename(p)[:-4] for p in glob.glob(os.path.join(ROOT, "data", "*.tsv"))}
    check("every table is described here", present ^ set(HEADERS))
    for name in sorted(HEADERS):
        check("form of %s.tsv" % name, form(name))
    codes = {r[0]: r for r in load("taxcodes")[1][1:]}
    check("tax codes stand in a tree and have rates", taxcodes(codes))
    check("our words lead to tax codes", words(load("taxcode-words")[1][1:], codes))
    if os.path.exists(os.path.join(SHARED, "data", "taxcode.tsv")):
        check("tax codes agree with the classification", against_classification(codes))
    else:
        skip("tax codes agree with the classification", "the whole classification is not here")
    check("regions", regions(load("regions")[1][1:]))
    check("countries", [r[0] for r in load("countries")[1][1:]
                        if not re.fullmatch(r"\d{3}|A00", r[0])])
    reserve = {r[0]: r[1] for r in load("reserve-codes")[1][1:]}
    check("reserve codes are tax codes", [c for c, name in reserve.items()
                                          if codes.get(c, ["", ""])[1] != name])
    check("known errors", errors(load("known-errors")[1][1:]))
    samples(codes)
    print("\n".join(results))
    print("1..%d" % sum(not r.startswith("#") for r in results))
    return 1 if any(r.startswith("not ok") for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())
