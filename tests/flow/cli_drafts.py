#!/usr/bin/env python3
"""草稿, 合并, 拆分 and 发票模板 from the command line.

What comes of splitting and merging is reckoned again here with Python's decimals, and issued on the
practice platform, which has an arithmetic of its own.
"""
import json
import random
import sqlite3
import contextlib
import os
from decimal import Decimal as D, ROUND_HALF_UP

from kp import Home, Sandbox, Tap, invoice

SERVICE = "3040201010000000000"
CENT = D("0.01")
NOW = "=2026-03-10T10:00:00+08:00"


def drafts(home, *invoices):
    """Stored drafts; their #ids."""
    _, doc, _ = home.run("blue", "draft", home.file(list(invoices)), check=0)
    return [r["no"] for r in doc["results"]]


def shown(home, no):
    return home.run("invoices", "show", no, check=0)[1]


def error(doc):
    return doc["error"]["code"]


# ---- reckoning -----------------------------------------------------------------------------------
def faults(inv):
    """What the tax side would say about the figures, by the rules of its paper."""
    bad = []
    net = tax = gross = exact = D(0)
    for i, l in enumerate(inv["lines"]):
        rate = D(l["tax_rate"])
        n, t, g = (D(l[k]) for k in ("net_amount", "tax_amount", "gross_amount"))
        dn, dt, dg = (D(l["discount_%s_amount" % k]) for k in ("net", "tax", "gross"))
        if n + t != g or dn + dt != dg:
            bad.append((i, "net + tax = gross"))
        if abs(n * rate - t) > D("0.06") or abs(dn * rate - dt) > D("0.06"):
            bad.append((i, "rate", n, t))
        if abs(g / (1 + rate) - n) > CENT or abs(dg / (1 + rate) - dn) > CENT:
            bad.append((i, "net", n, g))
        if n <= 0 or t < 0 or dn > 0 or -dn > n or -dt > t:
            bad.append((i, "signs"))
        if D(l["full_quantity"]):
            q = D(l["full_quantity"])
            if abs(q * D(l["net_price"]) - n) > CENT:
                bad.append((i, "quantity x net price", q, l["net_price"], n))
            if abs(q * D(l["full_price"]) - D(l["full_amount"])) > CENT:
                bad.append((i, "quantity x price", q, l["full_price"], l["full_amount"]))
        net, tax, gross = net + n + dn, tax + t + dt, gross + g + dg
        exact += (n + dn) * rate
    if (net, tax, gross) != tuple(D(inv[k]) for k in ("net_amount", "tax_amount", "gross_amount")):
        bad.append("sums")
    if abs(exact - tax) > D("1.27"):
        bad.append("total tax")
    return bad


def sums(invoices):
    return tuple(sum(D(i[k]) for i in invoices)
                 for k in ("net_amount", "tax_amount", "gross_amount"))


def quantities(invoices):
    return sum(D(l["full_quantity"]) for i in invoices for l in i["lines"])


def random_line(rnd):
    line = {"name": rnd.choice(["螺丝", "电缆", "服务费", "笔记本电脑"]), "tax_code": SERVICE
            if rnd.random() < .3 else "1090509010000000000",
            "tax_rate": rnd.choice(["0.13", "0.09", "0.06", "0.03", "0.01"])}
    line["tax_rate"] = "0.06" if line["tax_code"] == SERVICE else "0.13"
    how = rnd.randrange(3)
    if how:
        line["quantity"] = str(D(rnd.randint(1, 9000)) / rnd.choice([1, 10, 100]))
    if how == 1:
        line["price"] = str(D(rnd.randint(100, 900000)) / rnd.choice([100, 1000]))
    else:
        line["amount"] = str(D(rnd.randint(2000, 3000000)) / 100)
    if rnd.random() < .3:
        line["discount"] = {"rate": "0.%02d" % rnd.randint(1, 40)}
    return line


def random_invoice(rnd, order, inclusive):
    return invoice(order, prices_include_tax=inclusive,
                   lines=[random_line(rnd) for _ in range(rnd.randint(1, 6))])


# ---- 拆分 ------------------------------------------------------------------------------------------
def splitting(t, home):
    rnd = random.Random(20260310)
    wanted = [random_invoice(rnd, "R-%d" % i, rnd.random() < .5) for i in range(45)]
    made = drafts(home, *wanted)
    broken, cut, parts_made, unequal, over = [], 0, 0, [], []
    for i, no in enumerate(made):
        whole = shown(home, no)
        net = rnd.random() < .5
        total = D(whole["net_amount" if net else "gross_amount"])
        limit = (total * D(rnd.randint(15, 95)) / 100).quantize(CENT, ROUND_HALF_UP)
        limit = max(limit, D(5))
        tail = ["quantity", "price", "whole"][i % 3]
        code, doc, err = home.run("blue", "split", no, "--amount", limit, "--tail", tail,
                                  *(["--net"] if net else []))
        if code:
            if error(doc) != "split.line":
                broken.append((i, doc))
            continue
        results = [shown(home, r["no"]) for r in doc["results"]]
        if sums(results) != sums([whole]) or quantities(results) != quantities([whole]):
            unequal.append((i, sums(results), sums([whole])))
        if [r["order_no"] for r in results] != ["R-%d-%d" % (i, k + 1)
                                                for k in range(len(results))]:
            broken.append((i, [r["order_no"] for r in results]))
        for r in results:
            if faults(r):
                broken.append((i, r["order_no"], faults(r)))
            if D(r["net_amount" if net else "gross_amount"]) > limit:
                over.append((i, r["order_no"], limit))
        cut += doc["cuts"]
        parts_made += len(results)
    t.ok(not broken, "every part is right by Python's decimals, too", broken[:5])
    t.ok(not unequal, "net, tax, gross and quantities add up exactly", unequal[:5])
    t.ok(not over, "and none is over its limit", over[:5])
    t.ok(cut > 30 and parts_made > 80, "with %d parts and %d cuts" % (parts_made, cut))


def one_split(t, home, sb):
    no, = drafts(home, invoice("S-1", lines=[{
        "name": "笔记本电脑", "tax_code": "1090509010000000000", "quantity": "100", "price": "113",
        "unit": "台", "tax_rate": "0.13", "discount": {"rate": "0.1"}}]))
    code, doc, err = home.run("blue", "split", no, "--amount", "5000", "--dry-run")
    t.ok(code == 0 and doc["dry_run"] and not doc["results"]
         and [p["order_no"] for p in doc["parts"]] == ["S-1-1", "S-1-2", "S-1-3"]
         and sum(D(p["gross"]) for p in doc["parts"]) == D("10170.00"), "the plan is shown", doc,
         err)
    t.ok(home.run("drafts", "list", "--find", "S-1")[1]["rows"][0]["no"] == no,
         "and nothing is stored")
    code, doc, err = home.run("blue", "split", no, "--amount", "5000")
    parts = [r["no"] for r in doc["results"]]
    t.ok(code == 0 and len(parts) == 3, "then it is done", doc, err)
    rows = home.run("drafts", "list", "--find", "S-1")[1]["rows"]
    t.ok(sorted(r["no"] for r in rows) == sorted(parts)
         and {r["source"] for r in rows} == {"split"}, "the list says where they come from", rows)
    again = home.file(invoice("S-1"))
    for verb in ("issue", "draft"):
        code, doc, err = home.run("blue", verb, again)
        t.ok(code == 3 and error(doc) == "order.used" and "S-1-1" in err,
             "the source can not be %sed any more" % verb.rstrip("e"), doc)
    code, doc, err = home.run("batch", "add", home.file([invoice("S-1"), invoice("S-9")]))
    t.ok("S-1" in json.dumps(doc, ensure_ascii=False) and "拆分" in json.dumps(doc,
                                                                              ensure_ascii=False),
         "nor in a batch", doc)
    code, doc, err = home.run("drafts", "issue", *parts)
    t.ok(code == 0 and [r["state"] for r in doc["results"]] == ["issued"] * 3,
         "its parts are issued", doc, err)
    t.same(len(sb.invoices()), 3, "and are with the platform")
    code, doc, err = home.run("drafts", "issue", parts[0])
    t.ok(code == 3, "a draft is issued once", doc)
    code, doc, err = home.run("blue", "issue", again)
    t.ok(code == 3 and error(doc) == "order.used" and "发票" in err, "the source stays used up", err)
    code, doc, err = home.run("drafts", "undo", "S-1-1")
    t.ok(code == 3 and error(doc) == "draft.issued",
         "and what is issued is not taken back", doc)
    home.run("blue", "split", drafts(home, invoice("S-2"))[0], "--rows", "1", check=2)
    code, doc, err = home.run("blue", "split", "S-2", "--amount", "1000")
    t.ok(code == 3 and error(doc) == "split.needless", "what is within its limit is left", doc)
    code, doc, err = home.run("blue", "split", "S-2", "--quota", "--dry-run")
    t.ok(code == 3 and error(doc) == "split.needless", "the quota is a limit, too", doc)


# ---- 合并 ------------------------------------------------------------------------------------------
def merging(t, home, sb):
    rnd = random.Random(7)
    unequal, broken = [], []
    for i in range(15):
        inclusive = rnd.random() < .5
        group = [random_invoice(rnd, "M-%d-%d" % (i, k), inclusive)
                 for k in range(rnd.randint(2, 4))]
        alike = random_line(rnd)
        for inv in group:
            inv["lines"].append(dict(alike))
        made = drafts(home, *group)
        before = [shown(home, no) for no in made]
        code, doc, err = home.run("blue", "merge", *made, *(["--add-up"] if i % 2 else []))
        if code:
            broken.append((i, doc))
            continue
        after = shown(home, doc["results"][0]["no"])
        if sums([after]) != sums(before) or quantities([after]) != quantities(before):
            unequal.append((i, sums([after]), sums(before)))
        if faults(after):
            broken.append((i, faults(after)))
        if bool(doc["added_up"]) != bool(i % 2):
            broken.append((i, "added up", doc["added_up"]))
    t.ok(not unequal, "merged drafts add up exactly", unequal[:5])
    t.ok(not broken, "and are right by Python's decimals", broken[:5])

    made = drafts(home, invoice("A-1", remark="合同一"), invoice("A-2", remark="合同二"),
                  invoice("A-3"))
    code, doc, err = home.run("blue", "merge", *made, "--add-up")
    one = doc["results"][0]["no"]
    whole = shown(home, one)
    t.ok(code == 0 and whole["order_no"] == "A-1+2" and whole["remark"] == "合同一\n合同二"
         and len(whole["lines"]) == 1 and whole["gross_amount"] == "339.00", "three become one",
         whole, err)
    code, doc, err = home.run("drafts", "undo", one)
    t.ok(code == 0 and doc["restored"] == 3, "and three again", doc, err)
    t.ok([shown(home, n)["order_no"] for n in made] == ["A-1", "A-2", "A-3"],
         "under their old numbers")
    code, doc, err = home.run("blue", "merge", "A-1", "A-2", "A-3", "--order-no", "ALL")
    code, doc, err = home.run("drafts", "issue", "ALL")
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "the whole is issued", doc, err)
    for no in ("A-1", "A-3"):
        code, doc, err = home.run("blue", "issue", home.file(invoice(no)))
        t.ok(code == 3 and error(doc) == "order.used",
             "%s is not issued again" % no, doc)
    for no in ("A-1", made[0]):
        for words in (["drafts", "issue", no], ["blue", "merge", no, "ALL"], ["blue", "split", no],
                      ["drafts", "remove", no]):
            code, doc, err = home.run(*words)
            t.ok(code == 3 and error(doc) == "order.used" and "并入别的草稿" in err,
                 "%s says what became of it" % " ".join(words), doc, err)
    a, b = drafts(home, invoice("B-1"),
                  invoice("B-2", buyer={"name": "北京云帆科技有限公司", "tax_no": "91110108MA01A2B3X7"}))
    code, doc, err = home.run("blue", "merge", a, b)
    t.ok(code == 3 and error(doc) == "merge.buyer" and "购买方名称" in err, "another buyer is refused",
         err)
    code, doc, err = home.run("blue", "merge", a, a)
    t.ok(code == 3 and error(doc) == "draft.twice", "one draft twice, too", err)
    code, doc, err = home.run("drafts", "remove", a, b)
    t.ok(code == 0 and doc["removed"] == [a, b], "drafts are removed", doc, err)
    code, doc, err = home.run("blue", "issue", home.file(invoice("B-1")))
    t.ok(code == 0 and not doc["results"][0]["repeat"], "and their orders are free", doc, err)


# ---- 模板 ------------------------------------------------------------------------------------------
def templates(t, home):
    base = invoice("T-1", remark="{年}年{上月}月服务费，{月}月{日}日开", lines=[
        {"name": "服务费{上月}月", "tax_code": SERVICE, "tax_rate": "0.06", "amount": "1060.00"}])
    path = home.file(base)
    code, doc, err = home.run("templates", "add", path, "--name", "每月服务费", "--shared")
    t.ok(code == 0 and doc["template"]["shared"] and doc["template"]["gross"] == "1060.00"
         and "order_no" not in doc["invoice"], "a template is kept", doc, err)
    t.ok(doc["invoice"]["remark"] == "2026年2月服务费，3月10日开"
         and doc["invoice"]["lines"][0]["name"] == "服务费2月", "its placeholders are filled in",
         doc["invoice"])
    code, doc, err = home.run("templates", "add", path, "--name", " 每月服务费 ", "--shared")
    t.ok(code == 3 and error(doc) == "template.exists", "a name is there once", err)
    for name, word in (("", "没有填写"), ("#1", "#"), ("长" * 41, "40")):
        code, doc, err = home.run("templates", "add", path, "--name", name)
        t.ok(code == 3 and doc["error"]["field"] == "name" and word in err,
             "%.6r is no name" % name, err)
    code, doc, err = home.run("templates", "use", "每月服务费", "--order-no", "T-7")
    t.ok(code == 0 and doc["results"][0]["order_no"] == "T-7", "it begins a draft", doc, err)
    t.same(shown(home, "T-7")["remark"], "2026年2月服务费，3月10日开", "of today")
    for bad in ({"remark": "{坏}"}, {"lines": [dict(base["lines"][0], spec="{年份}")]}):
        code, doc, err = home.run("templates", "add", home.file(dict(base, **bad)), "--name", "坏的")
        t.ok(code == 3 and error(doc) == "phrase.word" and "{上月年}" in err,
             "an unknown placeholder is refused", doc, err)
    code, doc, err = home.run("templates", "add", "--from", "T-7", "--name", "乙")
    t.ok(code == 0 and not doc["template"]["shared"], "an invoice becomes one, too", doc, err)
    code, doc, err = home.run("templates", "list")
    t.ok([(r["name"], r["uses"]) for r in doc["rows"]] == [("每月服务费", 1), ("乙", 0)],
         "the used one comes first", doc)
    t.same([r["name"] for r in home.run("templates", "list", "--find", "服务")[1]["rows"]],
           ["每月服务费"], "found by name")
    code, doc, err = home.run("templates", "edit", "乙", "--name", "丙", "--shared")
    t.ok(code == 0 and doc["template"]["name"] == "丙" and doc["template"]["shared"], "renamed",
         doc, err)
    home.run("templates", "remove", "丙", check=0)
    code, doc, err = home.run("templates", "show", "丙")
    t.ok(code == 3 and error(doc) == "template.unknown", "and removed", err)
    home.run("templates", "add", check=2)


# ---- at once -------------------------------------------------------------------------------------
def at_once(t, home):
    """A draft without an order number, issued by several at the same time."""
    bad = []
    for i in range(4):
        no, = drafts(home, invoice(None, remark="同时 %d" % i))
        before = home.run("invoices", "list", "--limit", "1")[1]["total"]
        running = [home.start("drafts", "issue", no) for _ in range(3)]
        ended = [(json.loads(p.communicate()[0]), p.returncode) for p in running]
        won = [doc for doc, code in ended if code == 0]
        lost = [doc for doc, code in ended if code == 3]
        if len(won) != 1 or len(lost) != 2:
            bad.append(ended)
            continue
        number = won[0]["results"][0]["number"]
        # Before it asked, or while it was at it.
        if not all("开成发票 %s，没有再开" % number in str(doc) for doc in lost):
            bad.append(lost)
        # The draft has become the invoice: as many as there were.
        after = home.run("invoices", "list", "--limit", "1")[1]["total"]
        if after != before:
            bad.append((before, after))
    t.ok(not bad, "is one invoice; the others hear its number", bad[:1])


# ---- whose ---------------------------------------------------------------------------------------
def listing(t, home):
    rows = home.run("drafts", "list", "--limit", "1000")[1]["rows"]
    mine = home.run("drafts", "list", "--limit", "1000", "--mine")[1]["rows"]
    t.ok(rows and rows == mine and all(r["owner"] and r["at"] for r in rows),
         "whose and of when they are", rows[:2])
    seen, cursor = [], None
    while True:
        _, doc, _ = home.run("drafts", "list", "--limit", "7",
                             *(["--cursor", cursor] if cursor else []))
        seen += [r["no"] for r in doc["rows"]]
        cursor = doc["next"]
        if not cursor:
            break
    t.same(seen, [r["no"] for r in rows], "pages are the whole")
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        t.same(db.execute("PRAGMA foreign_key_check").fetchall(), [], "nothing dangles")


with Tap() as t, Sandbox(now=NOW) as sb, Home(now=NOW) as home:
    home.setup(sb, quota="1000000.00")
    splitting(t, home)
    one_split(t, home, sb)
    merging(t, home, sb)
    templates(t, home)
    at_once(t, home)
    listing(t, home)
    t.ok(home.audit_clean(), "numbers and quota agree")
