#!/usr/bin/env python3
"""Trouble with the tax side: exit codes of the contract, the state kept, the mend named."""
import os
import subprocess

from kp import KAIPIAO, Home, Sandbox, Tap, invoice, wait_for


def one(doc):
    return doc["results"][0]


def refusals(t, sb, home):
    sb.faults(fail_result={"text": "购买方信息有误", "times": 1})
    code, doc, err = home.run("blue", "issue", home.file(invoice("R-1")))
    number = one(doc)["number"]
    t.ok(code == 4 and one(doc)["state"] == "failed" and "购买方信息有误" in err and number,
         "refused: exit 4", doc, err)
    t.same(doc["error"]["class"], "refused", "the document says so too")
    t.same(home.run("numbers", "audit")[1]["reusable"], 1, "its number may be used again")
    t.same(home.run("quota", "show")[1]["reserved"], "0.00", "its quota is given back")
    code, doc, _ = home.run("blue", "issue", home.file(invoice("R-1")))
    t.ok(code == 4 and one(doc)["number"] == number, "a repeat answers with the failure", doc)
    code, doc, err = home.run("invoices", "retry", "R-1")
    t.ok(code == 0 and one(doc)["state"] == "issued" and one(doc)["number"] == number,
         "retried, same number", doc, err)
    t.same(home.run("invoices", "show", "R-1")[1]["message"], "", "no old error stays")
    t.same(home.run("invoices", "retry", "R-1")[0], 3, "an issued invoice is not retried")
    t.same(home.run("invoices", "void", "R-1")[0], 3, "nor voided")

    sb.faults(fail_result={"text": "商品编码有误", "times": 1})
    number = one(home.run("blue", "issue", home.file(invoice("R-3")), check=4)[1])["number"]
    code, doc, err = home.run("blue", "issue", home.file(invoice("R-3", remark="已更正")))
    t.ok(code == 0 and one(doc)["state"] == "issued" and one(doc)["number"] == number
         and one(doc)["message"] == "已按更正内容用原号码重开" and not one(doc)["repeat"],
         "corrected content goes out under the same number", doc, err)
    t.same(home.run("invoices", "show", "R-3")[1]["remark"], "已更正", "as it was corrected")

    sb.faults(fail_result={"text": "内容不符", "times": 2})
    home.run("blue", "issue", home.file(invoice("R-2")), check=4)
    code, doc, err = home.run("invoices", "retry", "R-2")
    t.ok(code == 4 and "需要联系管理员介入处理" in err, "the second refusal asks for the administrator", err)
    t.ok("需人工，请联系 管理员" in one(doc)["message"], "its row says whom to ask", doc)
    sb.faults(fail_result={"text": "还是不符", "times": 3})
    home.run("blue", "issue", home.file(invoice("R-4")), check=4)
    code, out, err = home.run("invoices", "retry", "R-2", "R-4", json_out=False)
    t.ok(code == 4 and "还是不符；需人工，请联系 管理员" in out, "so does each of several", out, err)
    home.run("invoices", "void", "R-4", check=0)
    code, out, err = home.run("invoices", "history", "R-2", json_out=False)
    t.ok(code == 0 and not any(l.rstrip().endswith(" 0") for l in out.splitlines()),
         "what has no log has no number of one", out)
    shown = home.run("invoices", "show", "R-2")[1]
    t.ok(shown["needs_person"] and shown["refusals"] >= 2, "and is marked", shown)
    code, doc, err = home.run("invoices", "void", "R-2")
    t.ok(code == 0 and one(doc)["state"] == "void", "given up", doc, err)
    t.same(home.run("numbers", "audit")[1]["void"], 2, "its number is void")
    t.same(home.run("blue", "issue", home.file(invoice("R-2")))[0], 3, "its order number is spent")

    sb.faults(fail_result={"text": "第二张不行", "times": 1})
    code, doc, err = home.run("blue", "issue",
                              home.file([invoice("R-%d" % i) for i in range(10, 16)]))
    states = sorted(r["state"] for r in doc["results"])
    t.ok(code == 4 and states == ["failed"] + ["issued"] * 5
         and all(r["number"] for r in doc["results"]),
         "one refused of six: exit 4, all are named", doc)
    sb.faults()
    t.ok(home.audit_clean(), "the audit is clean")


def unknown(t, sb, home):
    sb.faults(drop_reply={"service": "QDFPSC", "times": 1})
    code, doc, err = home.run("blue", "issue", home.file(invoice("U-1")))
    t.ok(code == 0 and one(doc)["state"] == "issued", "a lost reply is asked for again", doc, err)
    t.same(len([i for i in sb.invoices() if i["number"] == one(doc)["number"]]), 1,
           "the platform has it once")

    sb.faults(keep_processing=3600)
    code, doc, err = home.run("--timeout", "1", "blue", "issue", home.file(invoice("U-2")))
    t.ok(code == 5 and one(doc)["state"] == "accepted", "no result in time: exit 5", doc, err)
    t.same(home.run("--timeout", "1", "sync", "--once")[0], 5, "sync says the same")
    code, doc, _ = home.run("--no-wait", "blue", "issue", home.file(invoice("U-2")))
    t.ok(code == 5 and one(doc)["number"], "a repeat answers with what is known", doc)
    t.same(home.run("invoices", "void", "U-2")[0], 3, "what may exist is not voided")
    sb.faults()
    sb.post("/clock", {"shift": 3700})
    code, doc, err = home.run("sync", "--once")
    t.ok(code == 0 and home.run("invoices", "show", "U-2")[1]["state"] == "issued",
         "later it is issued", doc, err)
    sb.post("/clock", {"shift": -3700})

    for what, switch in (("a server error",
                          {"http_status": {"value": 502, "times": 1, "service": "QDFPSC"}}),
                         ("a page of HTML", {"html": {"times": 1, "service": "QDFPSC"}}),
                         ("half a body", {"truncate": {"times": 1, "service": "QDFPSC"}}),
                         ("an answer under another key",
                          {"bad_key_reply": {"times": 1, "service": "QDFPSC"}}),
                         ("a refused connection", {"refuse": {"times": 1}})):
        sb.faults(**switch)
        code, doc, err = home.run("blue", "issue", home.file(invoice("U-" + what)))
        t.ok(code == 0 and one(doc)["state"] == "issued", what + " is outlived", code, doc, err)
    sb.faults(gzip=True, json_numbers=True, wrapped_base64=True)
    code, doc, err = home.run("blue", "issue", home.file(invoice("U-odd")))
    t.ok(code == 0, "odd but legal answers are understood", doc, err)
    sb.faults()
    state = sb.get("/state")
    # R-3 was corrected after a refusal, which is what a number may be used again for.
    t.same((state["numbers_with_two_contents"], state["accepted_then_changed"]), (1, 0),
           "one number, one content, unless the first was refused")


def unreachable(t, sb, home):
    sb.stop()
    code, doc, err = home.run("blue", "issue", home.file(invoice("D-1")), env={})
    t.ok(code == 6 and one(doc)["state"] == "numbered" and one(doc)["number"],
         "platform down: exit 6", doc, err)
    t.ok("sync" in err, "the mend is named", err)
    t.same(home.run("quota", "sync")[0], 6, "quota sync: 6")
    t.same(home.run("taxpayer", "sync")[0], 6, "taxpayer sync: 6")
    code, doc, _ = home.run("doctor")
    bad = [r for r in doc["rows"] if r["state"] == "error"]
    t.ok(code != 0 and len(bad) == 1 and bad[0]["mend"], "doctor points at the connection", doc)
    t.same(home.run("taxpayer", "show")[0], 0, "what is stored can still be seen")
    sb.start()
    home.run("unit", "edit", sb.direct["tax_no"], "--role", "direct", "--connect-to", sb.address,
             check=0)
    home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", check=0)
    home.run("sync", "--once", check=0)
    t.same(home.run("invoices", "show", "D-1")[1]["state"], "issued", "back again: issued")
    code, doc, _ = home.run("doctor")
    t.ok(code == 0 and any(r["item"] == "clock" for r in doc["rows"]), "doctor is content", doc)


def wrong_clock(t, sb, home):
    code, doc, _ = home.run("doctor", env={"KAIPIAO_NOW": "2031-05-05T12:00:00+08:00"})
    clock = [r for r in doc["rows"] if r["item"] == "clock"]
    t.ok(code == 3 and clock[0]["state"] == "error" and "NTP" in clock[0]["mend"],
         "doctor sees a wrong clock", code, clock)


def wrong_key(t, sb):
    with Home() as home:
        home.run("init", check=0)
        home.quick()
        home.add_units(sb, key="0" * 32)
        code, doc, err = home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct")
        t.ok(code == 4 and "报文解密失败" in err and "密钥" in err, "a wrong key: exit 4 with the reason",
             code, err)
        code, doc, _ = home.run("unit", "show", sb.direct["tax_no"])
        t.ok(doc["state"] == "unverified" and doc["verify_error"], "the unit stays unverified", doc)


def wrong_certificate(t, sb):
    with Sandbox() as other, Home() as home:
        home.run("init", check=0)
        home.quick()
        home.add_units(sb, ca=other.info["ca_file"])
        before = sb.get("/state")["requests"]
        code, doc, err = home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct")
        t.ok(code == 3 and "证书" in err, "a foreign authority: refused", code, err)
        t.same(sb.get("/state")["requests"], before, "and nothing was sent")
        code, doc, _ = home.run("doctor")
        t.ok(code != 0 and any("证书" in r["detail"] for r in doc["rows"]),
             "doctor names the certificate", doc)
    with Home() as home:
        home.run("init", check=0)
        home.quick()
        home.add_units(sb, url="https://example.org:8443/access/v2/invoke/")
        code, doc, err = home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct")
        t.ok(code == 3 and "主机名" in err, "another host name: refused", code, err)


def together(t, sb, home):
    """Two processes on one home; a reader that goes away."""
    running = [home.start("blue", "issue",
                          home.file([invoice("T%d-%d" % (p, i)) for i in range(10)]))
               for p in range(2)]
    said = [p.communicate(timeout=60) for p in running]
    t.same([p.returncode for p in running], [0, 0], "two processes issue at once", said)
    numbers = [r["number"] for r in home.run("invoices", "list", "--limit", "1000")[1]["rows"]
               if r["number"]]
    t.ok(len(numbers) == len(set(numbers)) and home.audit_clean(),
         "no number twice, the audit is clean")
    p = subprocess.Popen(home.command(["help", "json"], False), env=home.environ(),
                         stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    p.stdout.close()
    err = p.stderr.read()
    p.stderr.close()
    t.same((p.wait(20), err), (0, b""), "a reader that goes away is no fault")

    daemon = home.start("sync", "--daemon", json_out=False)
    home.run("--no-wait", "blue", "issue", home.file(invoice("T-9")), check=5)
    t.ok(wait_for(lambda: home.run("invoices", "show", "T-9")[1]["state"] == "issued"),
         "the daemon does the work")
    code, doc, err = home.run("blue", "issue", home.file(invoice("T-10")))
    t.ok(code == 0, "and answers waiting verbs", code, doc, err)
    target = os.path.join(home.top, "busy.bak")
    home.run("backup", target, check=0)
    code, doc, err = home.run("restore", target)
    t.ok(code == 6 and "正在运行" in err, "no restore under a running engine", code, err)
    daemon.terminate()
    t.same(daemon.wait(20), 0, "a signal ends the daemon in order")
    daemon.stdout.close()
    daemon.stderr.close()


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    refusals(tap, platform, place)
    unknown(tap, platform, place)
    unreachable(tap, platform, place)
    wrong_clock(tap, platform, place)
    wrong_key(tap, platform)
    wrong_certificate(tap, platform)
    together(tap, platform, place)
