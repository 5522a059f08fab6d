#!/usr/bin/env python3
"""推送地址 with a token is sealed and masked; what others repeat of secrets or mails is not kept."""
import base64
import os
import re
import sqlite3

import fakepost
from kp import BASE, Home, Sandbox, Tap, invoice

TOKEN = "tok-9f8e7d6c5b4a"
WORDS = "这封邮件里的秘密字句，别人不该看到"


def issue(home, order, **changes):
    code, doc, err = home.run("blue", "issue", home.file(invoice(order, **changes)))
    assert code == 0, (doc, err)
    return doc["results"][0]["number"]


def everything(home):
    """What is on disk and what is shown, as one text."""
    out = b""
    for folder, _, files in os.walk(home.path):
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                out += f.read()
    for args in (["push", "set"], ["push", "list"], ["mail", "set"], ["mail", "list"],
                 ["log", "list", "--limit", "1000"], ["jobs", "list", "--limit", "1000"]):
        _, text, err = home.run(*args, json_out=False)
        out += text.encode() + err.encode()
    for row in home.run("log", "list", "--limit", "1000")[1]["rows"]:
        if row["service"] in ("推送", "邮件"):
            _, text, _ = home.run("log", "show", row["id"], json_out=False)
            out += text.encode()
    return out


def mended_url(r):
    return r.url + "?kind=a&token=" + TOKEN


def by_file(t, home, r):
    """A list of processes shows what is on the command line: the address may come another way."""
    place = os.path.join(home.top, "address.txt")
    with open(place, "w", encoding="utf-8") as f:
        f.write("\n  " + r.url + "?kind=b&token=by-file \n")
    code, doc, err = home.run("push", "set", "--url-file", place)
    t.ok(code == 0 and doc["url"] == r.url + "?kind=***&token=***", "it is read from a file", err)
    home.run("push", "test", check=0)
    t.ok(r.paths[-1].endswith("?kind=b&token=by-file"), "whole, without the blanks", r.paths[-1])
    code, doc, err = home.run("push", "set", "--url", "-", input=mended_url(r) + "\n")
    t.ok(code == 0, "or from the standard input", err)
    home.run("push", "test", check=0)
    t.ok(r.paths[-1].endswith("?kind=a&token=" + TOKEN), "as it was before", r.paths[-1])
    for text in ("", " \n", r.url + "/" + "x" * 400):
        code, doc, err = home.run("push", "set", "--url-file", "-", input=text)
        t.ok(code == 3 and doc["error"]["field"] == "url", "nothing and too much are refused", err)
    code, _, err = home.run("push", "set", "--url", r.url, "--url-file", place)
    t.ok(code == 2 and "只给一个" in err, "one of them", err)


def sealed(t, home, certs, r):
    secret = home.file(fakepost.SECRET)
    code, doc, err = home.run("push", "set", "--url", mended_url(r), "--key-id", "k",
                              "--secret-file", secret, "--ca-file", certs.ca)
    t.ok(code == 0 and doc["url"] == r.url + "?kind=***&token=***",
         "the address is shown without its token", doc, err)
    t.ok(TOKEN.encode() not in everything(home), "which stands nowhere")
    code, doc, err = home.run("push", "test")
    t.ok(code == 0 and doc["ok"] and r.paths[-1].endswith("?kind=a&token=" + TOKEN),
         "but goes with every push", r.paths, err)
    by_file(t, home, r)
    code, doc, err = home.run("push", "set", "--url", r.url + "?kind=***&token=***", "--days", "5")
    t.ok(code == 0 and doc["days"] == 5, "the masked form is the address that is stored", doc, err)
    home.run("push", "test", check=0)
    t.ok(r.paths[-1].endswith("token=" + TOKEN), "as it was")
    code, doc, err = home.run("push", "set", "--url", r.url + "/new?token=***")
    t.ok(code == 3 and "***" in err and doc["error"]["field"] == "url",
         "another address with stars is refused", err)
    path = os.path.join(home.top, "copy.kpbak")
    home.run("backup", path, check=0)
    with open(path, "rb") as f:
        t.ok(TOKEN.encode() not in f.read(), "a backup has it sealed")
    t.ok(TOKEN.encode() not in everything(home), "and still it stands nowhere")


def rows(base):
    return [base.execute("SELECT COUNT(*) FROM " + x).fetchone() for x in ("audit", "request_log")]


def older(t, home, r):
    """A home as the program of before left it: address, audit and log in plain."""
    base = sqlite3.connect(os.path.join(home.path, "kaipiao.db"))
    base.execute("UPDATE push_target SET url = ?", (mended_url(r),))
    base.execute("UPDATE audit SET subject = ? WHERE action = 'push.set'", (mended_url(r),))
    base.execute("UPDATE request_log SET url = ? WHERE service = '推送'", (mended_url(r),))
    base.commit()
    before = rows(base)
    base.close()
    with open(os.path.join(home.path, "kaipiao.db"), "rb") as f:
        t.ok(TOKEN.encode() in f.read(), "an older home has the address in plain")
    code, doc, err = home.run("push", "set")
    t.ok(code == 0 and doc["url"] == r.url + "?kind=***&token=***", "masked at once", doc, err)
    t.ok(TOKEN.encode() not in everything(home), "sealed at first use, also where it was logged")
    base = sqlite3.connect(os.path.join(home.path, "kaipiao.db"))
    t.same(rows(base), before, "no row of audit or log is lost")
    base.close()
    home.run("push", "test", check=0)
    t.ok(r.paths[-1].endswith("token=" + TOKEN), "and pushes go on")


def echoing_receiver(t, home, r):
    home.run("push", "set", "--automatic", "yes", check=0)
    for status in (200, 500):
        r.behave({"echo": True, "status": status})
        number = issue(home, "E-%d" % status)
        home.run("sync", "--once", check=0)
        t.same(home.run("push", "list", "--invoice", number)[1]["rows"][0]["state"], "done",
               "a receiver that repeats everything with %d" % status)
    seen = everything(home)
    t.ok(TOKEN.encode() not in seen and fakepost.SECRET.encode() not in seen,
         "neither token nor key is kept with its answer")


def pieces(m):
    login = base64.b64encode(("\0%s\0%s" % (m.user, m.password)).encode())
    yield from (m.password.encode(), login[:-3], base64.b64encode(m.password.encode()),
                WORDS.encode())
    raw = m.messages[-1]["raw"]
    body = raw.split(b"\r\n\r\n", 1)[1]
    for line in body.split(b"\r\n"):
        if re.fullmatch(rb"[A-Za-z0-9+/=]{70,76}", line):
            yield line[:24]
            yield line[24:48]


def echoing_mail(t, home, certs, m):
    home.run("mail", "set", "--host", "localhost", "--port", m.port, "--login", m.user,
             "--password-file", home.file(m.password), "--sender", "billing@seller.test",
             "--ca-file", certs.ca, "--formats", "xml", "--body-file", home.file(WORDS), check=0)
    sent = []
    for status, state in ((250, "sent"), (550, "failed")):
        number = issue(home, "EM-%d" % status, buyer=dict(BASE["buyer"], email="b@buyer.test"))
        m.behave({"echo": status})
        home.run("invoices", "mail", number)
        row = home.run("mail", "list", "--invoice", number)[1]["rows"][0]
        t.ok(row["state"] == state and row["smtp_status"] == status,
             "a server that repeats the message with %d: %s" % (status, state), row)
        t.ok("***" in row["answer"], "what it repeats is hidden", row["answer"][:300])
        if status == 250:
            sent = list(pieces(m))
            t.ok(len(sent) > 20, "there is much to look for", len(sent))
    seen = everything(home)
    t.same([p for p in sent if p in seen and p != WORDS.encode()], [],
           "nothing of login and message is on disk or screen")
    answers = [x["answer"] for x in home.run("mail", "list")[1]["rows"]]
    t.ok(all(WORDS[:8] not in a for a in answers), "nor the words of the letter", answers)


def most_memory(process):
    """KiB a process held at most, once it has ended."""
    process.stdout.read()
    return os.wait4(process.pid, 0)[2].ru_maxrss


def huge(t, home, r):
    r.behave()
    r.requests.clear()
    usual = most_memory(home.start("blue", "issue", home.file(invoice("H-0"))))
    r.behave({"huge": 1 << 30})
    rss = most_memory(home.start("blue", "issue", home.file(invoice("H-1"))))
    home.run("sync", "--once", check=0)
    number = home.run("invoices", "show", "H-1")[1]["number"]
    t.ok(rss < usual + 16 * 1024, "a gibibyte of answer takes no memory", rss, usual)
    t.ok(0 < r.streamed < 64 << 20, "and is not read to its end", r.streamed)
    row = home.run("push", "list", "--invoice", number)[1]["rows"][0]
    t.ok(row["state"] == "done" and len(row["answer"]) <= 1024, "its status counts", row["state"])
    events = [e for e in r.events() if e.endswith(number)]
    t.same(len(events), 1, "and it is pushed once")
    t.ok(home.audit_clean(), "the audit is clean")


def main():
    with Tap() as t, Sandbox() as sb, Home() as home, fakepost.Certificates() as certs, \
            fakepost.Receiver(certs) as r, fakepost.MailServer(certs) as m:
        home.setup(sb)
        sealed(t, home, certs, r)
        older(t, home, r)
        echoing_receiver(t, home, r)
        echoing_mail(t, home, certs, m)
        huge(t, home, r)


if __name__ == "__main__":
    main()
