#!/usr/bin/env python3
"""Issuing from the shell: one, many, repeats, drafts, checks, files, and what the verbs answer."""
import hashlib
import json
import os
import subprocess

from kp import KAIPIAO, Home, Sandbox, Tap, invoice


def main(t, sb, home):
    code, doc, err = home.run("blue", "issue", home.file(invoice("A-1")))
    first = doc["results"][0]
    t.ok(code == 0 and first["state"] == "issued" and len(first["number"]) == 20,
         "an invoice is issued", doc, err)
    t.same(first["order_no"], "A-1", "the result names the order")
    t.same(len(sb.invoices()), 1, "the platform has it once")

    before = sb.requests()
    code, doc, err = home.run("blue", "issue", home.file(invoice("A-1", remark="另一个内容")))
    t.ok(code == 0 and doc["results"][0]["number"] == first["number"],
         "a repeat answers with the first result", doc)
    t.same(sb.requests(), before, "a repeat asks the tax side nothing")

    many = [invoice("B-%d" % i) for i in range(7)] + [invoice("A-1")]
    code, doc, err = home.run("blue", "issue", home.file(many))
    t.ok(code == 0 and [r["state"] for r in doc["results"]] == ["issued"] * 8, "an array is issued",
         doc, err)
    t.same([r["order_no"] for r in doc["results"]], [i["order_no"] for i in many],
           "in the order given")
    t.same(len(sb.invoices()), 8, "each once")

    code, doc, _ = home.run("blue", "issue", "-", input=json.dumps(invoice("C-1")))
    t.same(code, 0, "standard input is read")
    code, doc, err = home.run("blue", "issue", home.file([invoice("D-1"), invoice("D-1")]))
    t.ok(code == 3 and doc["error"]["code"] == "order.twice",
         "one order twice in a file is refused", doc)

    code, doc, _ = home.run("--no-wait", "blue", "issue", home.file(invoice("E-1")))
    t.ok(code == 5 and doc["results"][0]["state"] == "numbered" and doc["results"][0]["number"],
         "--no-wait records and names the number", doc)
    t.same(doc["error"]["class"], "unknown", "and says that the outcome is not known")
    code, doc, err = home.run("sync", "--once")
    t.ok(code == 0 and doc["unfinished"] == 0, "sync --once brings it to its end", doc, err)
    code, doc, _ = home.run("invoices", "show", "E-1")
    t.same(doc["state"], "issued", "issued afterwards")
    t.ok(home.audit_clean(), "the audit is clean")

    odd = invoice("W-1", buyer={"name": "校验位不对的公司", "tax_no": "91440300MAKP0A011X"})
    code, doc, err = home.run("blue", "issue", home.file(odd))
    t.ok(code == 0 and [w["field"] for w in doc["warnings"]] == ["buyer.tax_no"],
         "a wrong check digit warns, it does not block", doc, err)

    # ---- check and draft
    count = home.run("invoices", "list")[1]["total"]
    code, doc, _ = home.run("blue", "check", home.file(invoice("F-1")))
    t.same(code, 0, "check passes a good invoice", doc)
    bad = invoice("F-2", drawer="")
    bad["lines"][0]["tax_rate"] = "0.17"
    code, doc, _ = home.run("blue", "check", home.file([invoice("F-1"), bad]))
    t.ok(code == 3 and len([r for r in doc["rows"] if r["level"] == "error"]) >= 2
         and doc["rows"][0]["index"] == 2,
         "check lists every finding with its place", doc)
    t.same(home.run("invoices", "list")[1]["total"], count, "check stores nothing")
    code, doc, _ = home.run("blue", "draft", home.file(invoice("G-1")))
    t.ok(code == 0 and doc["results"][0]["state"] == "draft", "a draft is stored", doc)
    code, doc, _ = home.run("blue", "issue", home.file(invoice("G-1")))
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "the order of a draft is issued",
         doc)
    code, doc, _ = home.run("blue", "draft", home.file(invoice("G-1")))
    t.ok(code == 3 and doc["error"]["code"] == "order.exists", "an issued order takes no draft",
         doc)
    code, doc, _ = home.run("blue", "copy", first["number"])
    copy = doc["results"][0]["no"]
    t.ok(code == 0 and copy.startswith("#"), "an invoice is copied into a draft", doc)
    code, doc, _ = home.run("invoices", "show", copy)
    t.ok(doc["state"] == "draft" and not doc.get("number") and doc["lines"][0]["name"] == "笔记本电脑",
         "with its lines and without its number", doc)
    code, doc, _ = home.run("invoices", "void", copy)
    t.ok(code == 0 and doc["results"][0]["state"] == "void", "a draft is given up", doc)

    # ---- lists
    code, doc, _ = home.run("invoices", "list", "--limit", "3")
    t.ok(len(doc["rows"]) == 3 and doc["next"], "a page has its limit and a cursor", doc)
    seen = [r["id"] for r in doc["rows"]]
    while doc["next"]:
        doc = home.run("invoices", "list", "--limit", "3", "--cursor", doc["next"])[1]
        seen += [r["id"] for r in doc["rows"]]
    t.ok(len(seen) == len(set(seen)) == doc["total"], "the pages show every row once", seen,
         doc["total"])
    t.same(home.run("invoices", "list", "--state", "issued")[1]["total"], len(sb.invoices()),
           "filter by state")
    t.same(home.run("invoices", "list", "--order-no", "B-3")[1]["rows"][0]["order_no"], "B-3",
           "filter by order")
    t.same(home.run("invoices", "list", "--number", first["number"])[1]["total"], 1,
           "filter by number")
    t.ok(home.run("invoices", "list", "--buyer", "晴川")[1]["total"] >= 8,
         "filter by part of the buyer's name")
    t.same(home.run("invoices", "list", "--buyer", "没有这家")[1]["rows"], [],
           "a filter without matches")
    t.same(home.run("invoices", "list", "--state", "胡说")[0], 2, "an unknown state")
    t.same(home.run("invoices", "list", "--from", "2025-02-30")[0], 3, "an impossible date")
    t.same(home.run("invoices", "list", "--limit", "0")[0], 2, "a limit out of range")

    # ---- show and files
    code, doc, _ = home.run("invoices", "show", first["number"])
    t.ok(doc["order_no"] == "A-1" and doc["state"] == "issued"
         and doc["seller"]["tax_no"] == sb.using["tax_no"],
         "show has the invoice", doc)
    code, text, _ = home.run("invoices", "show", "A-1", json_out=False)
    t.ok(first["number"] in text and "113.00" in text, "show draws it for people", text)
    code, doc, _ = home.run("invoices", "show", "nothing-like-it")
    t.same(code, 3, "an unknown number")
    heads = {"pdf": b"%PDF", "ofd": b"PK", "xml": b"<"}
    for kind, head in heads.items():
        path = os.path.join(home.top, "one." + kind)
        code, doc, err = home.run("invoices", "file", first["number"], "--format", kind, "-o", path)
        data = open(path, "rb").read() if code == 0 else b""
        t.ok(data.startswith(head) and hashlib.sha256(data).hexdigest() == doc["sha256"],
             kind + " is written", err)
        again = subprocess.run(home.command(["invoices", "file", first["number"], "--format", kind,
                                             "-o", "-"]),
                               env=home.environ(), stdout=subprocess.PIPE).stdout
        t.ok(again == data, kind + " is the same when made again")
    code, doc, _ = home.run("invoices", "file", first["number"], "--format", "doc")
    t.same(code, 2, "an unknown format")
    code, doc, err = home.run("blue", "issue", home.file(invoice("H-1")), json_out=False)
    t.ok(code == 0 and "开票成功" in doc and "订单号" in doc, "people get a table", doc)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    main(tap, platform, place)
