#!/usr/bin/env python3
"""交付: mails with the layout files, true states, doubt said as doubt, nothing sent twice unasked."""
import json
import os
import re
import time

from fakepost import Certificates, MailServer
from kp import BASE, Home, Sandbox, Tap, invoice, later

LONG = "广东省深圳市南山区" + "很长的名称" * 8 + "股份有限公司"


def issue(home, order, to=None, **changes):
    if to is not None:
        changes["buyer"] = dict(BASE["buyer"], email=to)
    code, doc, err = home.run("blue", "issue", home.file(invoice(order, **changes)))
    assert code == 0, (doc, err)
    return doc["results"][0]["number"]


def set_up(home, certs, m, *more):
    return home.run("mail", "set", "--host", "localhost", "--port", m.port, "--login", m.user,
                    "--password-file", home.file(m.password), "--sender", "billing@seller.test",
                    "--ca-file", certs.ca, *more)


def row(home, number=None):
    rows = home.run("mail", "list", *(["--invoice", number] if number else []))[1]["rows"]
    return rows[0] if rows else None


def settings(t, home, certs, m):
    number = issue(home, "M-0")
    code, _, err = home.run("invoices", "mail", number, "--to", "a@b.test")
    t.ok(code == 3 and "没有设置邮件服务器" in err, "a mail without settings says so", err)
    code, _, err = home.run("mail", "test", "a@b.test")
    t.ok(code == 3 and "kaipiao mail set" in err, "so does a test mail, with its mend", err)
    for args, field in ((["--sender", "no address"], "sender"), (["--port", "0"], "port"),
                        (["--security", "plain", "--host", "mail.example.cn"], "security"),
                        (["--host", "a b"], "host"), (["--formats", "doc"], "formats"),
                        (["--sender", "a@b.test\r\nBcc: c@d.test"], "sender"),
                        (["--subject", "x\ny"], "subject"),
                        (["--subject", "{坏}"], "subject"), (["--days", "99"], "days")):
        code, doc, err = set_up(home, certs, m, *args)
        t.ok(code == 3 and doc["error"]["field"] == field, "%r is refused" % " ".join(args), doc)
    code, doc, err = set_up(home, certs, m)
    t.ok(code == 0 and doc["security"] == "tls" and doc["password"] == "***", "settings", doc, err)
    with open(os.path.join(home.path, "kaipiao.db"), "rb") as f:
        t.ok(m.password.encode() not in f.read(), "the password is sealed")
    code, doc, err = home.run("mail", "test", "me@seller.test")
    t.ok(code == 0 and doc["status"] == 250 and len(m.messages) == 1, "the test mail arrives", err)
    t.ok(m.messages[0]["secure"] and m.logins == [(m.user, m.password, True)],
         "over TLS, logged in", m.logins)
    with MailServer(certs, security="starttls") as s:
        set_up(home, certs, s, "--security", "starttls")
        code, doc, err = home.run("mail", "test", "me@seller.test")
        t.ok(code == 0 and s.messages[0]["secure"] and all(x[2] for x in s.logins),
             "STARTTLS: nothing in the clear", doc, err)
    with MailServer(certs, security="starttls", offers=False) as s:
        set_up(home, certs, s, "--security", "starttls")
        code, doc, err = home.run("mail", "test", "me@seller.test")
        t.ok(code == 4 and not s.messages and not s.logins,
             "a server without STARTTLS gets nothing", err, s.logins)
    with Certificates() as other:
        set_up(home, other, m, "--security", "tls")
        code, doc, err = home.run("mail", "test", "me@seller.test")
        t.ok(code == 4 and "证书校验失败" in err and len(m.messages) == 1,
             "an unknown authority is refused, nothing was sent", err)
    set_up(home, certs, m, "--security", "tls")
    m.messages.clear()


def content(t, home, m):
    buyer = {"name": LONG, "tax_no": BASE["buyer"]["tax_no"], "email": "b@buyer.test"}
    number = issue(home, "M-1", buyer=buyer)
    code, doc, err = home.run("invoices", "mail", number)
    t.ok(code == 0 and doc["state"] == "sent" and doc["to"] == "b@buyer.test"
         and doc["answer"].startswith("250"), "sent when the server said 250", doc, err)
    got = m.messages[-1]
    message = got["message"]
    t.same(got["to"], ["TO:<b@buyer.test>"], "to the address on the invoice")
    t.ok(number in message["Subject"] and LONG[:6] in message["Subject"],
         "the subject is filled in", message["Subject"])
    text = message.get_body().get_content()
    t.ok(number in text, "so is the text")
    t.ok(re.search("开票日期：20[0-9]{2}-[0-9]{2}-[0-9]{2}", text), "with a date as people write it",
         text)
    _, text, _ = home.run("mail", "set", json_out=False)
    t.ok("<U+000A>" not in text and "您好：\n" in text, "the text is shown line by line", text)
    files = {p.get_content_type(): p for p in message.iter_attachments()}
    t.same(sorted(files), ["application/ofd", "application/pdf", "application/xml"], "three files")
    names = [p.get_filename() for p in files.values()]
    t.ok(all(number in n and LONG[:10] in n and len(n.encode()) <= 200 for n in names),
         "named by the rule, bounded", names)
    t.ok(all(p.get_param("name") and p.get_filename().endswith(p.get_content_type()[-3:])
             for p in files.values()), "each name stands in both headers")
    t.ok(max(len(x) for x in got["raw"].split(b"\r\n")) <= 998, "no line is too long")
    t.ok(all(b < 128 for b in got["raw"]), "all of it is ASCII")
    path = os.path.join(home.top, "x.pdf")
    home.run("invoices", "file", number, "--format", "pdf", "-o", path, check=0)
    with open(path, "rb") as f:
        t.ok(f.read() == files["application/pdf"].get_payload(decode=True),
             "the PDF is the one of the records")
    t.ok(files["application/xml"].get_payload(decode=True).lstrip().startswith(b"<?xml"), "XML too")

    home.run("param", "set", "files", "naming", "{购方}-{号码}-{价税合计}", check=0)
    home.run("mail", "set", "--formats", "pdf", "--subject", "发票 {订单号}", check=0)
    code, doc, err = home.run("invoices", "mail", number, "--to", "x@y.test；z@w.test, X@Y.test")
    message = m.messages[-1]["message"]
    t.ok(code == 0 and m.messages[-1]["to"] == ["TO:<x@y.test>", "TO:<z@w.test>"],
         "typed addresses, doubles once", doc, err)
    t.ok(message["Subject"] == "发票 M-1" and [p.get_filename() for p in message.iter_attachments()]
         == [LONG + "-" + number + "-113.00.pdf"], "rule, subject and formats as set",
         message["Subject"], [p.get_filename() for p in message.iter_attachments()])
    for to, words in (("nobody", "不是邮箱地址"), ("a@b.test\nBcc:c@d.test", "不是邮箱地址"),
                      ("a@b", "不是邮箱地址"), (",".join("a%d@b.test" % i for i in range(11)), "最多"),
                      ('"a b"@c.test', "不是邮箱地址"), ("a@b.test>", "不是邮箱地址")):
        code, _, err = home.run("invoices", "mail", number, "--to", to)
        t.ok(code == 3 and words in err, "%s is refused" % repr(to[:30]), err)
    bare = issue(home, "M-2")
    code, _, err = home.run("invoices", "mail", bare)
    t.ok(code == 3 and "没有邮箱" in err, "no address anywhere is said", err)
    home.run("buyers", "edit", BASE["buyer"]["name"], "--email", "known@buyer.test", check=0)
    code, doc, err = home.run("invoices", "mail", bare)
    t.ok(code == 0 and doc["to"] == "known@buyer.test", "else the buyer's is taken", doc, err)


def refusals(t, home, m):
    number = issue(home, "M-3")
    sent = len(m.messages)
    m.behave({"rcpt": "550 5.1.1 no such user \x1b[31m"})
    code, doc, err = home.run("invoices", "mail", number, "--to", "gone@b.test")
    t.ok(code == 4 and doc["state"] == "failed" and "no such user" in doc["answer"]
         and "\x1b" not in doc["answer"] and doc["smtp_status"] == 550,
         "a permanent no: failed, with the server's words", doc, err)
    m.behave({"end": "554 5.7.1 spam"})
    code, doc, _ = home.run("mail", "send", doc["id"])
    t.ok(code == 4 and doc["state"] == "failed" and doc["smtp_status"] == 554,
         "also after the data", doc)
    m.behave({"mail": "451 4.3.0 try again"}, {"end": "452 4.2.2 later"})
    code, doc, err = home.run("mail", "send", doc["id"], "--to", "well@b.test")
    home.run("sync", "--once", check=0)
    doc = home.run("mail", "show", doc["id"])[1]
    t.ok(doc["state"] == "sent" and doc["message"] == "" and doc["to"] == "well@b.test"
         and len(m.messages) == sent + 1, "a temporary no comes again by itself, once", doc, err)
    m.behave({"greeting": "421 busy"}, {"drop": "greeting"}, {"drop": "mail"}, {"drop": "data"})
    code, doc, err = home.run("invoices", "mail", number, "--to", "two@b.test")
    home.run("sync", "--once", check=0)
    doc = home.run("mail", "show", doc["id"])[1]
    t.ok(doc["state"] == "sent" and len(m.messages) == sent + 2,
         "what broke before the message left comes again, once", doc)
    m.behave({"auth": "535 5.7.8 wrong"})
    code, doc, err = home.run("--timeout", "2", "invoices", "mail", number, "--to", "c@b.test")
    t.ok("授权码" in doc["message"] and doc["state"] in ("queued", "sent"),
         "a wrong password is said, the mail waits", doc)
    home.run("mail", "set", "--days", "3", check=0)
    home.run("sync", "--once", check=0)
    t.same(home.run("mail", "show", doc["id"])[1]["state"], "sent", "and goes when it is mended")


def doubt(t, home, m):
    number = issue(home, "M-4")
    sent = len(m.messages)
    m.behave({"drop": "end"})
    code, doc, err = home.run("invoices", "mail", number, "--to", "d@b.test")
    t.ok(code == 5 and doc["state"] == "unknown" and len(m.messages) == sent + 1
         and "自动重试" not in err,
         "a lost answer is not known, not sent", code, doc)
    home.run("sync", "--once", check=0)
    t.same(len(m.messages), sent + 1, "it does not go again by itself")
    code, _, err = home.run("mail", "send", doc["id"])
    t.ok(code == 3 and "--again" in err and len(m.messages) == sent + 1,
         "nor without being asked", err)
    code, again, err = home.run("mail", "send", doc["id"], "--again")
    ids = [x["message"]["Message-ID"] for x in m.messages[-2:]]
    t.ok(code == 0 and again["state"] == "sent" and ids[0] == ids[1],
         "asked, it goes, under the same Message-ID", again, ids)
    code, _, err = home.run("mail", "send", doc["id"])
    t.ok(code == 3 and "--again" in err, "one that was sent asks too", err)
    home.quick(total_ms=800)
    m.behave({"hang": {"end": 3}})
    code, doc, _ = home.run("invoices", "mail", number, "--to", "e@b.test")
    t.ok(code == 5 and doc["state"] == "unknown", "a server that hangs after the data: not known",
         doc)
    code, doc, _ = home.run("mail", "cancel", doc["id"])
    t.ok(code == 0 and doc["state"] == "cancelled", "it can be given up", doc)
    home.quick(total_ms=20000)
    m.behave({"hang": {"end": 2}})
    code, doc, _ = home.run("--timeout", "1", "invoices", "mail", number, "--to", "g@b.test")
    t.same(home.run("mail", "show", doc["id"])[1]["state"], "sent",
           "a verb that ends waits for the answer of a message under way")
    home.quick(total_ms=2000)
    m.behave({"end": "garbage"})
    code, doc, _ = home.run("--timeout", "8", "invoices", "mail", number, "--to", "f@b.test")
    t.ok(doc["state"] != "sent", "garbage is never taken for a yes", doc)
    m.behave()


def automatic(t, home, m):
    home.run("mail", "set", "--automatic", "yes", check=0)
    sent = len(m.messages)
    a = issue(home, "M-5", "auto@buyer.test")
    b = issue(home, "M-6")
    c = issue(home, "M-7", "not an address")
    home.run("sync", "--once", check=0)
    t.ok(len(m.messages) == sent + 1 and m.messages[-1]["to"] == ["TO:<auto@buyer.test>"],
         "an issued invoice goes to its address by itself", [x["to"] for x in m.messages[sent:]])
    t.ok(row(home, a)["automatic"] and row(home, a)["state"] == "sent" and row(home, b) is None,
         "one without an address does not")
    bad = row(home, c)
    t.ok(bad["state"] == "failed" and "不是邮箱地址" in bad["message"],
         "an address that is none shows as failed", bad)
    home.run("sync", "--once", check=0)
    t.same(len(m.messages), sent + 1, "once")
    m.behave(always={"greeting": "421 closed"})
    d = issue(home, "M-8", "late@buyer.test")
    home.run("--timeout", "2", "sync", "--once")
    t.same(row(home, d)["state"], "queued", "a server that is down: it waits")
    t.ok(home.run("jobs", "cancel", home.run("jobs", "list", "--kind", "post.mail",
                                             "--state", "ready")[1]["rows"][0]["id"])[0] == 3,
         "its job is not cancelled behind its back")
    m.behave()
    later4 = later(4 * 86400)
    m.behave(always={"greeting": "421 closed"})
    home.run("--timeout", "3", "sync", "--once", env={"KAIPIAO_NOW": later4})
    got = row(home, d)
    t.ok(got["state"] == "failed" and "421" in got["answer"], "for days in vain: failed", got)
    m.behave()


def restored(t, home, m):
    m.behave(always={"greeting": "421 closed"})
    number = issue(home, "M-9", "old@buyer.test")
    backup = os.path.join(home.top, "backup")
    home.run("backup", backup, check=0)
    m.behave()
    sent = len(m.messages)
    home.run("sync", "--once", check=0)
    t.same(len(m.messages), sent + 1, "a mail that was queued in the backup has gone since")
    home.run("restore", backup, check=0)
    home.run("sync", "--once")
    t.ok(len(m.messages) == sent + 1 and row(home, number)["state"] == "unknown",
         "after the restore it asks before it goes again", row(home, number))


def issued_again(t):
    """The invoice was accepted when the backup was made, and issued and mailed after it."""
    with Sandbox(result_delay=3000) as sb, Home() as home, Certificates() as certs, \
            MailServer(certs) as m:
        home.setup(sb)
        set_up(home, certs, m, "--automatic", "yes")
        home.run("--timeout", "1", "blue", "issue", home.file(
            invoice("M-10", buyer=dict(BASE["buyer"], email="once@buyer.test"))))
        backup = os.path.join(home.top, "backup")
        home.run("backup", backup, check=0)
        for _ in range(40):
            home.run("sync", "--once")
            if row(home) and row(home)["state"] == "sent":
                break
            time.sleep(0.2)
        t.same(len(m.messages), 1, "issued after the backup, mailed")
        home.run("restore", backup, check=0)
        time.sleep(1.1)  # the mail of the very second of the restore counts as one before it
        for _ in range(40):
            home.run("sync", "--once")
            if row(home):
                break
            time.sleep(0.2)
        again = row(home)
        t.ok(len(m.messages) == 1 and again["state"] == "unknown" and "恢复过备份" in
             again["message"], "issued again after the restore, its mail asks", again,
             len(m.messages))
        code, again, err = home.run("mail", "send", again["id"], "--again")
        t.ok(code == 0 and again["state"] == "sent" and len(m.messages) == 2,
             "asked, it goes", again, err)


def main():
    with Tap() as t, Sandbox() as sb, Home() as home, Certificates() as certs, \
            MailServer(certs) as m:
        home.setup(sb)
        settings(t, home, certs, m)
        content(t, home, m)
        refusals(t, home, m)
        doubt(t, home, m)
        automatic(t, home, m)
        log = home.run("log", "list", "--service", "邮件", "--limit", "1")[1]["rows"][0]
        entry = json.dumps(home.run("log", "show", log["id"])[1], ensure_ascii=False)
        t.ok("message_id" in entry and m.password not in entry, "the request log names the mail")
        restored(t, home, m)
    issued_again(t)


if __name__ == "__main__":
    main()
