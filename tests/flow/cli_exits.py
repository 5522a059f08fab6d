#!/usr/bin/env python3
"""Exit classes and sentences: each once, with its mend, and in every document that fails."""
import os
import re
import shutil
import subprocess

from kp import KAIPIAO, Home, Sandbox, Tap, invoice

RAW = re.compile(r"代码 01|（01）|\(\d+\)|（\d{1,3}）|\bcurl\b|数据目录")


def whole(t, result, code, what, *words):
    """A failure with its class, one sentence, its mend, and the error in the document."""
    got, doc, err = result
    e = (doc or {}).get("error") or {}
    t.ok(got == code and e.get("hint") and err.count(e["hint"]) == 1
         and not RAW.search(err) and err.count("\n") == 1
         and all(w in err for w in words), what, got, doc, err)
    return doc


def codes(t, sb, home):
    """The platform's code is named, never the bare 01 beside it."""
    key = home.file("0" * 32, "key.txt")
    os.chmod(key, 0o600)
    d = sb.direct["tax_no"]
    home.run("unit", "edit", d, "--key-file", key, check=0)
    whole(t, home.run("unit", "verify", d), 4, "the wrong key", "报文解密失败（4057）")
    row = home.run("log", "list", "--limit", "1")[1]["rows"][0]
    t.ok(row["platform_code"] == "4057", "the log shows the code", row)
    job = home.run("jobs", "list", "--limit", "1")[1]["rows"][0]
    t.ok(job["hint"] and job["hint"] not in job["message"]
         and "4057" in job["message"], "the job keeps sentence and mend apart", job)
    code, doc, _ = home.run("explain", job["message"])
    t.ok(code == 0 and "4057" in [r["pattern"] for r in doc["rows"]],
         "explain finds it by the code", doc)
    key = home.file(sb.direct["keys"]["正式"], "key.txt")
    home.run("unit", "edit", d, "--key-file", key, check=0)
    home.run("unit", "verify", d, check=0)


def certificates(t, sb, home):
    """What we refuse to send is our own refusal."""
    d = sb.direct["tax_no"]
    key = os.path.join(home.top, "other.key")
    other = os.path.join(home.top, "other.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", other, "-subj", "/CN=other", "-days", "2"], check=True,
                   capture_output=True)
    for what, change, back, word in (
            ("another authority", ["--ca-file", other], ["--ca-file", sb.info["ca_file"]], "证书"),
            ("another host", ["--url", "https://example.org:8443/access/v2/invoke"],
             ["--url", sb.url()], "主机名")):
        home.run("unit", "edit", d, *change, check=0)
        before = sb.requests()
        whole(t, home.run("unit", "verify", d), 3, what + ": not sent", word, "没有发送任何数据")
        t.same(sb.requests(), before, what + ": nothing arrived")
        home.run("unit", "edit", d, *back, check=0)
    home.run("unit", "verify", d, check=0)


def unreachable(t, sb, home):
    sb.faults(refuse=True)
    home.run("--no-wait", "blue", "issue", home.file(invoice("U-1")), check=5)
    doc = whole(t, home.run("--timeout", "2", "sync", "--once"), 6, "nothing could be reached")
    t.ok(doc["open"] == 1 and doc["error"]["class"] == "busy", "and the figures are there", doc)
    whole(t, home.run("--no-wait", "numbers", "claim", "5"), 5, "a claim that is only recorded")
    whole(t, home.run("--timeout", "1", "taxpayer", "sync"), 6, "an unreachable platform")
    sb.faults()
    home.run("sync", "--once", check=0)


def keys(t, sb, home):
    """The home's own key: lost or another."""
    path = os.path.join(home.path, "secret.key")
    kept = open(path, "rb").read()
    os.unlink(path)
    doc = whole(t, home.run("blue", "issue", home.file(invoice("S-1"))), 8, "a lost key file")
    t.same([r["state"] for r in doc["results"]], ["numbered"], "and the number is named")
    with open(path, "wb") as f:
        f.write(os.urandom(len(kept)))
    os.chmod(path, 0o600)
    whole(t, home.run("--timeout", "3", "blue", "issue", home.file(invoice("S-1"))), 8,
          "another key file", "主目录")
    with open(path, "wb") as f:
        f.write(kept)
    home.run("invoices", "retry", "S-1", check=0)


def strangers(t, home):
    """Another user's home is not permitted, whether closed or open to look at."""
    if os.geteuid() != 0:
        t.skip("a home of another user", "needs root")
        return
    for way in (os.path.dirname(home.top), home.top):  # the tests' own directory is closed, too
        os.chmod(way, os.stat(way).st_mode | 0o055)
    copy = os.path.join(home.top, "look")
    shutil.copytree(home.path, copy)
    subprocess.run(["chmod", "-R", "a+rX,a-w", copy], check=True)
    program = shutil.copy(KAIPIAO, home.top + "/program")  # the build may be out of his reach
    for path, what in ((home.path, "closed"), (copy, "read-only")):
        done = subprocess.run([program, "--home", path, "invoices", "list"], capture_output=True,
                              user=65534, group=65534, extra_groups=[])
        t.ok(done.returncode == 7 and "权限" in done.stderr.decode(),
             "a %s home of another user" % what, done.returncode, done.stderr.decode())
    shutil.rmtree(copy)


def sentences(t, sb, home):
    sb.faults(fail_result={"text": "购方税号不存在", "times": 1})
    home.run("blue", "issue", home.file(invoice("V-1")), check=4)
    sb.faults()
    home.run("invoices", "void", "V-1", check=0)
    code, doc, err = home.run("blue", "issue", home.file(invoice("V-1")))
    t.ok(code == 3 and "已作废" in err and "等待" not in err, "a voided order says so", err)
    two = [invoice("Q-1"), invoice("Q-2")]
    home.run("quota", "return", home.run("quota", "show")[1]["usable"], check=0)
    home.run("quota", "auto", "off", check=0)
    home.run("quota", "download", "100.00", check=0)
    code, doc, _ = home.run("blue", "issue", home.file(two))
    t.ok(code == 3 and not doc["error"]["field"].endswith("."), "a place without a member", doc)


WORDS = [
    (["invoices", "list", "--state", "bogus"], "issued"),
    (["invoices", "list", "--kind", "bogus"], "special"),
    (["jobs", "list", "--state", "bogus"], "ready"),
    (["jobs", "list", "--kind", "bogus"], "invoice.upload"),
    (["unit", "list", "--role", "bogus"], "using"),
    (["--env", "bogus", "numbers", "list"], "沙箱"),
    (["invoices", "file", "x", "--format", "bogus"], "ofd"),
    (["invoices", "list", "--limit", "0"], "1000"),
    (["quota", "auto", "on", "--percent", "101"], "100"),
]


def usage(t, home):
    for args, word in WORDS:
        code, doc, err = home.run(*args)
        t.ok(code == 2 and word in err and doc["error"]["class"] == "usage",
             "wrong usage, naming what is right: " + " ".join(args), code, err)
    t.same(home.run("invoices", "list", "--from", "2026-02-30")[0], 3, "a day there is not")
    t.same(home.run("invoices", "list", "--state", "开票成功")[0], 0, "the label is a word too")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    codes(tap, platform, place)
    certificates(tap, platform, place)
    unreachable(tap, platform, place)
    keys(tap, platform, place)
    strangers(tap, place)
    sentences(tap, platform, place)
    usage(tap, place)
