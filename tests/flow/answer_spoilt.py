#!/usr/bin/env python3
"""Answers with a spoilt character, and answers nothing can be made of (F8, M16)."""
import json

from kp import Home, Sandbox, Tap, invoice
from liar import Liar

ASK, UPLOAD = "CXSXED", "QDFPSC"
CARE = "请勿换号码重开"


def says(text, code="99"):
    """A hook: the answer says no, in these words."""
    return lambda _, answer: json.dumps(dict(answer, returncode=code, returnmsg=text))


def sync(sb, home):
    """(exit code, calls, what it says)"""
    before = sb.requests(ASK)
    code, _, err = home.run("--timeout", "15", "quota", "sync")
    return code, sb.requests(ASK) - before, err


def questions(t, sb, home, liar):
    for text, part in (("额度\ud83d不足", "不足"), ("额度\udfff\ud800不足", "不足"), ("额\0度不足", "度不足")):
        liar.hooks[ASK] = says(text)
        code, calls, err = sync(sb, home)
        t.ok((code, calls) == (4, 1) and part in err and "\ufffd" in err,
             "M16: a no is heard for all of %r" % text, code, calls, err)
    row = home.run("log", "list", "--service", ASK, "--limit", "1")[1]["rows"][0]
    t.ok(row["result"] == "refused", "and is written down as one", row)
    shown = home.run("log", "show", row["id"])[1]["answer"]
    t.ok(shown["returnmsg"] == "额\ufffd度不足", "F8: its answer is laid out", shown)
    raw = home.run("log", "show", row["id"], "--raw")[1]["answer"]
    t.ok("\\u0000" in raw, "F8: --raw has what they said", raw[-200:])
    liar.hooks[ASK] = says("好\ud83d", "00")
    t.same(sync(sb, home)[:2], (0, 1), "M16: and so is a yes")


def in_vain(t, sb, home, liar):
    for what, hook in (("no JSON", lambda _, answer: "[1]"),
                       ("cut", lambda _, answer: json.dumps(answer)[:-1]),
                       ("without its figures", lambda _, answer: {"returncode": "00"})):
        liar.hooks[ASK] = hook
        code, calls, err = sync(sb, home)
        t.same([code, calls], [4, 6], "an answer that is %s is asked for a few times" % what)
        t.ok("日志" in err and CARE not in err, "and told as what it is", err)
    t.same(home.run("jobs", "list", "--state", "ready")[1]["rows"], [], "nothing asks on")
    del liar.hooks[ASK]
    t.same(sync(sb, home)[:2], (0, 1), "until somebody asks again")


def uploads(t, sb, home, liar):
    liar.before[UPLOAD] = lambda _: json.dumps({"returncode": "99", "returnmsg": "购方\ud83d有误"})
    code, doc, err = home.run("--timeout", "15", "blue", "issue", home.file(invoice("S-1")))
    t.ok(code == 4 and "有误" in err, "a refusal of an upload is one", code, doc, err)
    liar.before[UPLOAD] = lambda _: "[1]"
    code, doc, err = home.run("--timeout", "2", "blue", "issue", home.file(invoice("S-2")))
    jobs = json.dumps(home.run("jobs", "list", "--state", "ready")[1], ensure_ascii=False)
    t.ok(code == 5 and CARE in err + jobs,
         "what became of another is not known: no other number for it", code, doc, err, jobs)
    del liar.before[UPLOAD]
    home.run("--timeout", "15", "sync", "--once", check=0)
    rows = home.run("invoices", "list")[1]["rows"]
    t.same(sorted(r["state"] for r in rows), ["failed", "issued"], "once it answers it is issued")


def main(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        liar = Liar(sb)
        home.run("init", check=0)
        home.quick(retry_base_ms=20, retry_max_ms=50)
        home.add_units(sb, connect_to=liar.address)
        for role, unit in (("direct", sb.direct), ("using", sb.using)):
            home.run("unit", "verify", unit["tax_no"], "--role", role, check=0)
        home.run("taxpayer", "sync", check=0)
        home.run("taxcodes", "sync", check=0)
        home.run("numbers", "claim", 20, check=0)
        home.run("quota", "download", "1000000.00", check=0)
        questions(t, sb, home, liar)
        in_vain(t, sb, home, liar)
        uploads(t, sb, home, liar)
        liar.close()


with Tap() as tap:
    main(tap)
