#!/usr/bin/env python3
"""推送开票结果: signed, at least once under ids that never change, in order, answers kept."""
import json
import os
import time

from fakepost import SECRET, Certificates, Receiver
from kp import Home, Sandbox, Tap, invoice, wait_for

MONTH = time.strftime("%Y-%m", time.gmtime(time.time() + 8 * 3600))


def issue(home, *orders, **changes):
    code, doc, err = home.run("blue", "issue", home.file([invoice(o, **changes) for o in orders]))
    assert code == 0, (doc, err)
    return [r["number"] for r in doc["results"]]


def event(number):
    return "practice.invoice.issued." + number


def rows(home, *args):
    return home.run("push", "list", "--limit", "1000", *args)[1]["rows"]


def settings(t, home, certs, r):
    code, doc, _ = home.run("push", "set")
    t.ok(code == 0 and doc["url"] is None, "nothing is set at first", doc)
    code, _, err = home.run("invoices", "push", "--month", MONTH)
    t.ok(code == 3 and "没有设置推送地址" in err, "a push without settings says so", err)
    secret = home.file(SECRET + "\n", "secret")
    base = ["push", "set", "--key-id", "k1", "--secret-file", secret]
    for url, words in (("http://example.com/x", "https"), ("ftp://example.com/", "服务地址"),
                       ("https://u:p@example.com/", "字符"), ("https://exa mple.com/", "字符"),
                       ("https://", "服务地址"), ("https://a\r\nb.com/", "字符")):
        code, doc, err = home.run(*base, "--url", url)
        t.ok(code == 3 and words in err and doc["error"]["field"] == "url",
             "%r is refused" % url, err)
    t.ok("--plain yes" in home.run(*base, "--url", "http://example.com/x")[2], "with its mend")
    t.ok(home.run(*base, "--url", "http://10.0.0.5/x", "--plain", "yes")[0] == 0,
         "plain text only by an explicit word")
    code, _, err = home.run("push", "set", "--url", r.url, "--plain", "no", "--secret-file",
                            home.file("short"))
    t.ok(code == 3 and "16" in err, "a short secret is refused", err)
    code, doc, err = home.run("push", "set", "--url", r.url, "--plain", "no", "--ca-file", certs.ca)
    t.ok(code == 0 and doc["own_ca"] and doc["key_id"] == "k1" and not doc["plain"],
         "what is not given stays", doc, err)
    with open(os.path.join(home.path, "kaipiao.db"), "rb") as f:
        t.ok(SECRET.encode() not in f.read(), "B27: the secret is sealed")
    code, doc, err = home.run("push", "test")
    t.ok(code == 0 and doc["ok"] and doc["status"] == 200 and "ok" in doc["answer"],
         "the test push gets through", doc, err)
    t.ok(r.requests[-1]["signed"] and r.requests[-1]["body"]["event"] == "test",
         "and is signed", r.requests[-1])
    t.ok(r.requests[-1]["headers"]["X-Kaipiao-Key"] == "k1", "it names its key")
    other = Certificates()
    with other:
        home.run("push", "set", "--ca-file", other.ca, check=0)
        before = len(r.requests)
        code, _, err = home.run("push", "test")
        t.ok(code == 4 and "证书校验失败" in err and len(r.requests) == before,
             "an unknown authority is refused, nothing was sent", err)
        home.run("push", "set", "--ca-file", certs.ca, check=0)
    r.requests.clear()


def automatic(t, home, r):
    numbers = issue(home, "P-1")
    home.run("sync", "--once", check=0)
    t.same(r.events(), [], "switched off, an invoice makes no event")
    home.run("push", "set", "--automatic", "yes", check=0)
    numbers = issue(home, "P-2", "P-3")
    home.run("sync", "--once", check=0)
    t.same(r.events(), [event(n) for n in numbers], "each issued invoice is pushed, in order")
    shown = home.run("invoices", "show", "P-2")[1]
    body = r.requests[0]["body"]
    t.ok(all(body[k] == v for k, v in shown.items()), "the body is that of invoices show", body)
    t.ok(body["event"] == "invoice.issued" and body["occurred_at"] == shown["finished_at"]
         and body["environment"] == "practice", "and says what happened, and when", body)
    t.ok(all(q["signed"] for q in r.requests), "every request is signed")
    t.ok(all(row["state"] == "done" and row["http_status"] == 200 and "ok" in row["answer"]
             for row in rows(home)), "answers are kept", rows(home))
    home.run("push", "set", "--kinds", "special", check=0)
    issue(home, "P-4")
    home.run("sync", "--once", check=0)
    t.same(len(r.events()), 2, "a kind that is not asked for makes no event")
    home.run("push", "set", "--kinds", "all", check=0)
    r.requests.clear()


def trouble(t, home, r):
    r.behave({"status": 500, "body": "<h1>oops</h1>\x1b[31m" + "x" * 5000}, {"drop": True},
             {"status": 302, "location": "https://elsewhere.test/"}, {"status": 400})
    numbers = issue(home, "P-5", "P-6")
    home.run("sync", "--once", check=0)
    first, second = event(numbers[0]), event(numbers[1])
    t.same(r.events(), [first] * 5 + [second],
           "what is not taken comes again under its id, and nothing overtakes it")
    t.ok(all(row["state"] == "done" and row["message"] == "" for row in rows(home)),
         "then it is done", rows(home)[:2])
    row = next(x for x in rows(home) if x["number"] == numbers[0])
    t.ok(row["attempts"] in (4, 5), "attempts are counted, but for what libcurl repeats itself")
    r.requests.clear()

    r.behave(always={"status": 503, "body": "later \x1b[2J" + "y" * 5000})
    numbers = issue(home, "P-7")
    code, doc, err = home.run("--timeout", "3", "invoices", "push", numbers[0])
    t.ok(code == 6 and doc["waiting"] >= 1, "a receiver in trouble: busy, recorded", code, doc, err)
    row = rows(home, "--state", "waiting")[0]
    t.ok("503" in row["message"] and len(row["answer"]) <= 1024 and "\x1b" not in row["answer"],
         "what it answered is kept, cleaned and bounded", row["message"], len(row["answer"]))
    code, doc, err = home.run("push", "skip", row["id"])
    t.ok(code == 0 and doc["state"] == "skipped", "one can be put aside", doc, err)
    t.same(home.run("push", "skip", row["id"])[0], 3, "once")
    r.behave()
    r.requests.clear()
    code, doc, err = home.run("push", "send", row["id"])
    t.ok(code == 0 and r.events() == [event(numbers[0])], "and asked for again", doc, err)

    r.behave({"lie": 100})
    home.run("push", "send", rows(home)[0]["id"])
    home.run("sync", "--once", check=0)
    t.same(rows(home)[0]["state"], "done", "a 2xx counts, whatever follows it")
    r.behave(always={"hang": 3})
    home.quick(total_ms=300)
    numbers = issue(home, "P-8")
    t.same(home.run("invoices", "show", "P-8")[1]["state"], "issued",
           "a receiver that hangs keeps no invoice waiting")
    started = time.monotonic()
    numbers += issue(home, "P-9")
    t.ok(time.monotonic() - started < 10, "nor the next one")
    r.behave()
    home.quick(total_ms=20000)
    home.run("sync", "--once", check=0)
    t.ok(r.events()[-2:] == [event(n) for n in numbers], "both arrive in the end", r.events())


def give_up(t, home, r):
    r.behave(always={"status": 500})
    numbers = issue(home, "P-10")
    home.run("--timeout", "2", "sync", "--once")
    r.behave()
    r.requests.clear()
    later = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + (8 + 4 * 24) * 3600))
    home.run("--timeout", "5", "sync", "--once", env={"KAIPIAO_NOW": later})
    row = next(x for x in rows(home) if x["number"] == numbers[0])
    t.ok(row["state"] == "person" and r.events() == [], "after some days it wants a person", row)
    code, doc, err = home.run("push", "send", row["id"])
    t.ok(code == 0 and r.events() == [event(numbers[0])], "who may send it again", doc, err)


def demand(t, home, r):
    r.requests.clear()
    code, doc, err = home.run("invoices", "push", "--month", MONTH, "--kind", "ordinary")
    issued = [i["number"] for i in reversed(home.run("invoices", "list", "--state", "issued",
                                                      "--limit", "1000")[1]["rows"])]
    t.ok(code == 0 and doc["queued"] == len(issued) and doc["waiting"] == 0,
         "a month is pushed again", doc, err)
    t.same(r.events(), [event(n) for n in issued], "each once more, oldest first, the same ids")
    t.same(home.run("invoices", "push", "--month", MONTH, "--kind", "special")[0], 3,
           "a kind without invoices is said")
    t.same(home.run("invoices", "push", "--month", "2020-01")[0], 3, "a month without any too")
    t.same(home.run("invoices", "push", "--month", "2026-13")[0], 3, "and a month that is none")
    t.same(home.run("invoices", "push")[0], 2, "nothing chosen is wrong usage")
    _, text, _ = home.run("invoices", "push", "--month", MONTH, "--to", "-", json_out=False)
    lines = [json.loads(x) for x in text.splitlines()]
    t.same([x["event_id"] for x in lines], [event(n) for n in issued], "the same as JSON lines")
    path = os.path.join(home.top, "out.jsonl")
    code, doc, err = home.run("invoices", "push", "--month", MONTH, "--to", path)
    with open(path, encoding="utf-8") as f:
        t.ok(code == 0 and f.read() == text and not os.path.exists(path + ".part"),
             "or into a file", err)

    r.requests.clear()
    home.run("push", "set", "--together", "100", check=0)
    home.run("invoices", "push", "--month", MONTH, check=0)
    t.ok(len(r.requests) == 1 and isinstance(r.requests[0]["body"], list)
         and r.events() == [event(n) for n in issued], "many events go in one call",
         len(r.requests))
    home.run("push", "set", "--together", "0", check=0)
    r.requests.clear()
    home.run("invoices", "push", "--month", MONTH, check=0)
    t.same(len({q["connection"] for q in r.requests}), 1, "calls share a connection")


def records(t, sb, home, r):
    sb.faults(fail_result={"text": "内容不符", "times": 1})
    home.run("blue", "issue", home.file(invoice("P-20")), check=4)
    number = home.run("invoices", "show", "P-20")[1]["number"]
    t.same(home.run("invoices", "push", "P-20")[0], 3, "a failed invoice is not pushed")
    r.requests.clear()
    home.run("sync", "--once", check=0)
    t.same(r.events(), [], "nor makes an event")
    sb.faults()
    home.run("invoices", "retry", number, check=0)
    home.run("sync", "--once", check=0)
    t.same(r.events(), [event(number)], "issued at last, it does")
    log = home.run("log", "list", "--service", "推送", "--limit", "1")[1]["rows"][0]
    entry = home.run("log", "show", log["id"])[1]
    t.ok(entry["http_status"] == 200 and SECRET not in json.dumps(entry, ensure_ascii=False),
         "every call has its row in the request log, without the secret", entry)
    code, doc, err = home.run("push", "remove")
    t.ok(code == 0 and doc["url"] is None, "settings can be removed", doc, err)
    t.ok(home.audit_clean(), "the audit is clean")


def main():
    with Tap() as t, Sandbox() as sb, Home() as home, Certificates() as certs, \
            Receiver(certs) as r:
        home.setup(sb)
        settings(t, home, certs, r)
        automatic(t, home, r)
        trouble(t, home, r)
        give_up(t, home, r)
        demand(t, home, r)
        records(t, sb, home, r)


if __name__ == "__main__":
    main()
