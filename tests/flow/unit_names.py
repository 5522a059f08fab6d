#!/usr/bin/env python3
"""The name of a unit is the one the tax side has (B26, C12, C25, C26): verified under no other one,
and when the company is renamed nothing is issued until an administrator has taken it over."""
import contextlib
import sqlite3

from kp import Home, Sandbox, Tap, invoice
from unitlab import base, message

NEW = "开票练习（改名）有限公司"


def told(theirs, ours):
    return "税局登记的名称是 %s，这里填写的是 %s" % (theirs, ours)


def seller(home, order):
    doc = home.run("blue", "issue", home.file(invoice(order)), check=0)[1]
    return home.run("invoices", "show", doc["results"][0]["number"], check=0)[1]["seller"]["name"]


def add(home, sb, direct, using):
    home.run("init", check=0)
    home.quick()
    sb.direct["name"], name = direct, sb.direct["name"]
    home.add_units(sb, using=dict(sb.using, name=using))
    sb.direct["name"] = name


def unverified(t):
    """C12, C25: both roles."""
    with Sandbox() as sb, Home() as home:
        add(home, sb, "测试集团", "测试公司")
        for u, role, wrong in ((sb.direct, "direct", "测试集团"), (sb.using, "using", "测试公司")):
            code, doc, err = home.run("unit", "verify", u["tax_no"], "--role", role)
            shown = home.run("unit", "show", u["tax_no"], "--role", role, check=0)[1]
            t.ok(code == 4 and doc["error"]["code"] == "unit.name"
                 and told(u["name"], wrong) in err and "unit rename" in err,
                 "C12 another name than the tax side's: refused, both named: " + role, code, err)
            t.ok(shown["state"] == "unverified" and told(u["name"], wrong) in shown["verify_error"],
                 "C12 未验证, with the sentence: " + role, shown)
            text = home.run("unit", "verify", u["tax_no"], "--role", role, json_out=False)[1]
            t.ok("没有通过" in text and told(u["name"], wrong) in text, "C25 in its row: " + role,
                 text)
            if role == "direct":
                home.run("unit", "edit", u["tax_no"], "--role", role, "--name", u["name"], check=0)
            else:
                code, doc, err = home.run("unit", "rename", u["tax_no"])
                t.ok(code == 0 and doc["name"] == u["name"] and doc["state"] == "unverified",
                     "B26 the name that was told is taken over", doc, err)
            t.same(home.run("unit", "verify", u["tax_no"], "--role", role)[0], 0,
                   "C12 and verified then: " + role)


def same(t):
    """Width, case and blanks are no difference."""
    with Sandbox() as sb, Home() as home:
        sb.post("/units", {"tax_no": sb.using["tax_no"], "name": "Kai Piao（深圳）有限公司"})
        add(home, sb, sb.direct["name"], "ｋａｉ　Piao(深圳) 有限公司")
        home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", check=0)
        code, doc, err = home.run("unit", "verify", sb.using["tax_no"])
        t.same(code, 0, "C12 full and half width, capitals and blanks", doc, err)


def renamed(t):
    with Sandbox() as sb, Home() as home:
        home.setup(sb)
        u, no = sb.using, sb.using["tax_no"]
        code, doc, err = home.run("unit", "rename", no)
        t.ok(code == 3 and doc["error"]["code"] == "unit.name_same", "B26 nothing to take over",
             err)
        t.same(seller(home, "N-1"), u["name"], "issued under its name")
        sb.post("/units", {"tax_no": no, "name": NEW})
        code, doc, err = home.run("taxpayer", "sync", check=0)
        t.ok({"key": "name", "before": u["name"], "after": NEW} in doc["changes"]
             and told(NEW, u["name"]) in (doc["warning"] or ""), "G3 a refresh says so", doc)
        text = home.run("taxpayer", "show", json_out=False)[1]
        t.ok("注意" in text and told(NEW, u["name"]) in text, "G3 and so it is shown", text)
        t.same(home.run("taxpayer", "changes", check=0)[1]["rows"][0]["key"], "name", "G3 and kept")
        found = [r for r in home.run("health")[1]["findings"] if r["check"] == "taxpayer"]
        t.ok(found and told(NEW, u["name"]) in found[0]["text"]
             and "unit rename" in found[0]["mend"], "health tells, with the mend", found)
        left = home.run("numbers", "list", check=0)[1]["stock"]
        code, doc, err = home.run("blue", "issue", home.file(invoice("N-2")))
        t.ok(code == 3 and doc["error"]["code"] == "unit.name" and told(NEW, u["name"]) in err
             and "unit rename %s@演练 --role using" % no in err, "B26 issuing holds, with the mend",
             err)
        t.same(home.run("numbers", "list", check=0)[1]["stock"], left, "no number is taken")
        code, doc, err = home.run("unit", "edit", no, "--name", NEW)
        t.same(code, 3, "B26 the name is not edited", doc)
        for role in ("drawer", "manager"):
            home.run("--user", role, "unit", "rename", no)
        t.same(home.run("unit", "show", no, check=0)[1]["name"], u["name"], "B26 nobody else does")
        code, doc, err = home.run("unit", "rename", no)
        t.ok(code == 0 and doc["name"] == NEW and doc["state"] == "verified",
             "C26 an administrator takes the name over; it stays verified", doc, err)
        with contextlib.closing(sqlite3.connect(base(home))) as db:
            rows = db.execute("SELECT subject, before, after FROM audit"
                              " WHERE action = 'unit.rename'").fetchall()
        t.same(rows, [(no, u["name"], NEW)], "C26 once, audited with both names")
        t.same(seller(home, "N-2"), NEW, "and issues under it")
        t.same(home.run("taxpayer", "show", check=0)[1]["warning"], None, "nothing is wrong now")


def in_use(t):
    """A later 验证 of a unit that has invoices."""
    with Sandbox() as sb, Home() as home:
        home.setup(sb)
        no = sb.using["tax_no"]
        seller(home, "V-1")
        sb.post("/units", {"tax_no": no, "name": NEW})
        code, doc, err = home.run("unit", "verify", no)
        t.ok(code == 4 and told(NEW, sb.using["name"]) in err, "C25 no longer under its name", err)
        code, doc, err = home.run("unit", "edit", no, "--name", NEW)
        t.ok(code == 3 and "已有发票，企业名称与税号不允许修改" in message(doc)
             and "unit rename" in doc["error"]["hint"], "B26 fixed, and the way out", doc)
        home.run("unit", "rename", no, check=0)
        t.same(home.run("unit", "verify", no)[0], 0, "C26 taken over and verified")
        t.same(seller(home, "V-2"), NEW, "and issues")


with Tap() as tap:
    unverified(tap)
    same(tap)
    renamed(tap)
    in_use(tap)
