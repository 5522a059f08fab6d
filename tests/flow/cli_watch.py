#!/usr/bin/env python3
"""health names what a monitor must see: failed invoices, refused deliveries, batches at rest."""
import time

from fakepost import SECRET, Certificates, Receiver
from kp import Home, Sandbox, Tap, invoice


def checks(home):
    code, doc, _ = home.run("health")
    return code, {f["check"]: f for f in doc["findings"]}


def failures(t, sb, home):
    sb.faults(fail_result={"text": "内容不符", "times": 1})
    home.run("blue", "issue", home.file(invoice("W-1")), check=4)
    code, found = checks(home)
    t.ok(code == 4 and found["failed"]["count"] == 1
         and "1 张发票开具失败" in found["failed"]["text"], "a failed invoice is named", found)
    sb.faults()
    home.run("invoices", "retry", "W-1", check=0)
    home.run("sync", "--once", check=0)
    t.same(checks(home)[0], 0, "retried, it is none any more")


def refused(t, home, certs):
    with Receiver(certs) as r:
        home.run("push", "set", "--key-id", "k1", "--secret-file", home.file(SECRET, "secret"),
                 "--url", r.url, "--ca-file", certs.ca, "--automatic", "yes", check=0)
        r.behave(always={"status": 500})
        home.run("blue", "issue", home.file(invoice("W-2")), check=0)
        home.quick(retry_base_ms=4000)
        began = time.monotonic()
        home.run("sync", "--once")
        t.ok(time.monotonic() - began < 20, "a receiver that refuses does not hold sync --once")
        home.quick()
        home.run("--timeout", "3", "sync", "--once")
        home.run("--timeout", "3", "sync", "--once")
        code, found = checks(home)
        t.ok(code == 4 and found["push"]["count"] == 1 and "没有收下" in found["push"]["text"],
             "a push that is refused again and again is named", code, found)
        r.behave()
        home.run("push", "send", home.run("push", "list")[1]["rows"][0]["id"], check=0)
        t.same(checks(home)[0], 0, "taken, it is none any more")


def batches(t, home):
    home.run("push", "remove", check=0)
    path = home.file([invoice("W-%d" % n) for n in range(10, 13)])
    batch = home.run("batch", "add", path, check=0)[1]["batch"]
    home.run("batch", "start", batch, "--no-wait")
    code, found = checks(home)
    t.ok(code == 6 and "第 %s 批还有 3 张待开" % batch in found["batch"]["text"],
         "a batch that runs without anybody is named", code, found)
    home.run("batch", "pause", batch, check=0)
    code, found = checks(home)
    t.ok(code == 4 and found["batch"]["label"] == "批量开票已暂停" and found["batch"]["mend"],
         "a paused one too", code, found)
    home.run("--no-wait", "batch", "resume", batch)
    code, doc, _ = home.run("sync", "--once")
    t.ok(code == 0 and doc["done"] > 0, "jobs of batches are counted", code, doc)
    t.same(checks(home)[0], 0, "done, there is nothing to look at")


def main():
    with Tap() as t, Sandbox() as sb, Home() as home, Certificates() as certs:
        home.setup(sb)
        failures(t, sb, home)
        refused(t, home, certs)
        batches(t, home)


if __name__ == "__main__":
    main()
