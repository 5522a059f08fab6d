#!/usr/bin/env python3
"""The home: init, users, backup, restore, damage, doctor, help, version, and the demo."""
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import time

from kp import KAIPIAO, Home, Sandbox, Tap, invoice


ADD_USER = ("INSERT INTO app_user (id, name, display_name, role, enabled, created_at)"
            " VALUES (?, ?, ?, ?, ?, 0)")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def begin(t):
    with Home() as home:
        code, doc, err = home.run("invoices", "list")
        t.ok(code == 3 and "kaipiao init" in err, "without a home the mend is named", code, err)
        code, doc, err = home.run("init")
        t.ok(code == 0 and doc["created"] is True, "init makes a home", doc, err)
        t.same((mode(home.path), mode(home.path + "/secret.key"), mode(home.path + "/kaipiao.db")),
               (0o700, 0o600, 0o600), "closed to others")
        secret = open(home.path + "/secret.key", "rb").read()
        code, doc, _ = home.run("init")
        t.ok(code == 0 and doc["created"] is False, "init again is harmless", doc)
        t.same(open(home.path + "/secret.key", "rb").read(), secret, "the key file stays")
        t.same(home.run("--user", "admin", "unit", "list")[0], 0, "--user admin")
        code, doc, err = home.run("--user", "nobody-here", "invoices", "list")
        t.ok(code == 7 and doc["error"]["class"] == "denied", "an unknown user is 7", code, doc)
        code, _, _ = home.run("taxcodes", "search", "计算机")
        t.same(code, 0, "the starter tax codes are there")
        t.same(subprocess.run([KAIPIAO, "unit", "list"],
                              env=home.environ({"KAIPIAO_HOME": home.path}),
                              stdout=subprocess.DEVNULL).returncode, 0,
                              "KAIPIAO_HOME names the home")
        os.chmod(home.path + "/secret.key", 0o644)
        code, doc, _ = home.run("doctor")
        bad = [r for r in doc["rows"] if r["state"] == "error"]
        t.ok(code == 7 and "chmod 600" in bad[0]["mend"], "doctor sees an open key file", code, bad)


def roles(t):
    """What each role may; rows are put in with SQL, since users are managed elsewhere."""
    with Home() as home:
        home.run("init", check=0)
        db = sqlite3.connect(home.path + "/kaipiao.db")
        for i, role in enumerate(("manager", "issuer", "viewer")):
            db.execute(ADD_USER, (100 + i, role, role, role, 1))
        db.execute(ADD_USER, (110, "gone", "", "admin", 0))
        db.commit()
        db.close()
        file = home.file(invoice("A-1"))
        denied = {
            "manager": [["unit", "add"], ["param", "set", "a", "b", "c"],
                        ["backup", home.top + "/x"]],
            "issuer": [["unit", "list"], ["numbers", "claim", "5"], ["quota", "download", "1"],
                       ["log", "list"],
                       ["unit", "verify", "X"]],
            "viewer": [["blue", "issue", file], ["blue", "draft", file], ["taxpayer", "sync"],
                       ["jobs", "cancel", "1"],
                       ["invoices", "void", "1"]],
        }
        for role, verbs in denied.items():
            for verb in verbs:
                code, doc, _ = home.run("--user", role, *verb)
                t.ok(code == 7 and doc["error"]["class"] == "denied",
                     "%s may not %s" % (role, " ".join(verb[:2])),
                     code, doc)
            t.same(home.run("--user", role, "taxcodes", "search", "茶")[0], 0, role + " may search")
        t.same(home.run("--user", "gone", "taxcodes", "search", "茶")[0], 7,
               "a disabled user may nothing")


def backups(t, sb):
    with Home() as home:
        home.setup(sb)
        number = home.run("blue", "issue", home.file(invoice("A-1")),
                          check=0)[1]["results"][0]["number"]
        target = os.path.join(home.top, "one.bak")
        words = home.file("通关口令 42\n", "words")
        plain = os.path.join(home.top, "plain.bak")
        code, doc, err = home.run("backup", plain)
        t.ok(code == 0 and mode(plain) == 0o600, "a backup, closed to others", doc, err)
        t.same(listing(plain), ["meta.json", "kaipiao.db"],
               "that tar can read; the key stays at home")
        t.same(home.run("backup", target, "--with-key")[0], 2, "a key alone is not enough")
        t.same(home.run("backup", target, "--with-key", "--passphrase-file",
                        home.file("short\n"))[0], 3, "nor a short passphrase")
        code, doc, err = home.run("backup", target, "--with-key", "--passphrase-file", words)
        t.ok(code == 0 and mode(target) == 0o600, "with the key under a passphrase", doc, err)
        t.same(listing(target), ["meta.json", "secret.key.sealed", "kaipiao.db"], "as a part")
        t.same(home.run("backup", target)[0], 3, "an existing file is not overwritten")
        t.same(home.run("backup", os.path.join(home.top, "no", "where"))[0], 3,
               "nor a directory invented")
        home.run("blue", "issue", home.file(invoice("A-2")), check=0)
        code, doc, err = home.run("restore", target)
        t.ok(code == 0 and os.path.exists(doc["old_database"]), "restored, the old file kept aside",
             doc, err)
        t.same(home.run("invoices", "list")[1]["total"], 1, "as it was then")
        t.same(home.run("invoices", "show", number)[0], 0, "with its invoice")

        data = open(target, "rb").read()
        for what, bad in (("cut", data[:len(data) // 2]), ("changed", data[:-3000] + b"x" * 3000),
                          ("rubbish", os.urandom(5000)), ("empty", b"")):
            code, doc, err = home.run("restore", home.file(bad))
            t.ok(code == 3, "a backup that is %s is refused" % what, code, err)
        t.same(home.run("invoices", "list")[1]["total"], 1, "and the home stays")
        replaced(t, sb, home, target)
        with Home() as other:
            code, doc, err = other.run("restore", target)
            t.ok(code == 3 and "--passphrase-file" in err, "elsewhere the passphrase is needed",
                 code, err)
            code, doc, err = other.run("restore", target, "--passphrase-file",
                                       other.file("错误的口令 1\n"))
            t.ok(code == 3 and "口令不对" in err, "a wrong one is refused", code, err)
            code, doc, err = other.run("restore", target, "--passphrase-file", words)
            t.ok(code == 0 and doc["locked"] == 0, "restored into an empty place", doc, err)
            t.same(mode(other.path), 0o700, "that is closed to others")
            code, doc, err = other.run("blue", "issue", other.file(invoice("A-1")))
            t.ok(code == 0 and doc["results"][0]["number"] == number, "it knows its orders", doc,
                 err)
            other.run("quota", "sync", check=0)
            t.ok(True, "and its sealed key")
        keyless(t, sb, plain)


def keyless(t, sb, plain):
    """N6: from a backup without the key everything comes back but the secrets."""
    with Home() as other:
        code, text, err = other.run("restore", plain, json_out=False)
        t.ok(code == 0 and "--key-file" in text and "1 个密钥" in text,
             "a backup without the key is restored, and says what is to be typed again", text, err)
        t.same(other.run("invoices", "list")[1]["total"], 1, "with its invoices")
        code, doc, err = other.run("quota", "sync")
        t.ok(code == 8 and "unit edit" in err, "the API key is not to be had", code, err)
        _, doc, _ = other.run("doctor")
        t.same([r["item"] for r in doc["rows"] if r["state"] == "error"], ["key"],
               "doctor names the key")
        key = other.file(sb.direct["keys"]["正式"], "api.key")
        other.run("unit", "edit", sb.direct["tax_no"], "--role", "direct", "--key-file", key,
                  check=0)
        other.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", check=0)
        t.same(other.run("quota", "sync")[0], 0, "typed again, it works")


def listing(path):
    return subprocess.run(["tar", "tf", path], stdout=subprocess.PIPE).stdout.decode().split()


def replaced(t, sb, home, target):
    """What was done after the backup is not done again under the same numbers."""
    home.run("quota", "sync", check=0)
    used = {i["number"] for i in sb.invoices()}
    beside = sqlite3.connect(home.path + "/kaipiao.db", timeout=20, isolation_level=None)
    beside.execute("SELECT count(*) FROM invoice").fetchone()
    code, text, err = home.run("restore", target, json_out=False)
    t.ok(code == 0 and "numbers claim" in text and "核对" in text, "restore says what to do next",
         text, err)
    beside.execute("INSERT INTO setting VALUES ('t', 'k', 'v', 1)")
    t.same(home.run("param", "get", "t", "k")[1]["value"], "v",
           "a process that had the home open writes into the restored one")
    beside.close()
    audit = home.run("numbers", "audit")[1]
    t.ok(audit["free"] == 0 and audit["expired"] > 0 and audit["unexplained"] == 0,
         "free numbers of then are given up", audit)
    home.run("numbers", "auto", "off", check=0)
    code, doc, _ = home.run("blue", "issue", home.file(invoice("B-1")))
    t.ok(code == 3 and doc["error"]["code"] == "numbers.short", "none is taken any more", doc)
    home.run("numbers", "claim", "10", check=0)
    home.run("taxpayer", "sync", check=0)
    time.sleep(1.1)  # an invoice of the very second of the restore counts as one before it
    buyer = {"name": "广州市别家贸易有限公司", "tax_no": "91440101MA5CL7WU0R"}
    sb.faults(drop_reply={"service": "QDFPSC", "times": 1})
    code, doc, err = home.run("blue", "issue", home.file(invoice("B-1", buyer=buyer)))
    sb.faults()
    t.ok(code == 0 and doc["results"][0]["number"] not in used, "a new number, whatever is lost",
         doc, err)
    t.same(sb.get("/state")["numbers_with_two_contents"], 0, "no number carries two contents")


def interrupted(t):
    """init, backup and restore die at every durable step and are simply done again."""
    def before(home):
        home.run("init", check=0)
        home.run("param", "set", "a", "b", "before", check=0)
        home.run("backup", home.top + "/one.bak", check=0)
        home.run("param", "set", "a", "b", "after", check=0)

    def restored(home):
        left = [n for n in os.listdir(home.path) if re.search(r"\.new|\.part|\.before$", n)]
        return home.run("param", "get", "a", "b")[1]["value"] == "before" and not left

    for name, prepare, verb, good in (
            ("init", lambda home: None, ["init"], lambda home: home.run("unit", "list")[0] == 0),
            ("backup", lambda home: home.run("init", check=0), ["backup", "two.bak"],
             lambda home: sorted(os.listdir(home.top)) == ["kaipiao", "two.bak"]),
            ("restore", before, ["restore", "one.bak"], restored)):
        code, points, fine = 86, 0, True
        while code == 86 and points < 100:
            with Home() as home:
                prepare(home)
                args = [home.top + "/" + a if a.endswith(".bak") else a for a in verb]
                points += 1
                code = home.run(*args, env={"KAIPIAO_CRASH_AT": str(points)})[0]
                if code == 86 and name == "restore":  # the old content or the new, whole
                    fine = fine and home.run("param", "get", "a", "b")[0] == 0
                if code == 86 and not (name == "backup" and os.path.exists(args[1])):
                    fine = fine and home.run(*args)[0] == 0
                fine = fine and good(home)
        t.ok(fine and code == 0 and points > 2, name + " survives %d crashes" % (points - 1), code)


def damage(t):
    def fresh():
        home = Home()
        home.run("init", check=0)
        return home, home.path + "/kaipiao.db"

    home, path = fresh()
    with home:
        db = sqlite3.connect(path)
        db.execute("PRAGMA user_version = 999")
        db.commit()
        db.close()
        code, doc, err = home.run("invoices", "list")
        t.ok(code == 8 and doc["error"]["class"] == "damaged" and "999" in err,
             "a newer database is 8", code, err)
    home, path = fresh()
    with home:
        with open(path, "r+b") as f:
            f.write(b"this is no database at all")
        t.same(home.run("invoices", "list")[0], 8, "no database is 8")
        code, doc, _ = home.run("doctor")
        t.same(code, 8, "doctor says so too")
    home, path = fresh()
    with home:
        size = os.path.getsize(path)
        with open(path, "r+b") as f:
            f.seek(4096)
            f.write(os.urandom(size - 4096))
        code, _, err = home.run("taxcodes", "search", "茶")
        t.ok(code == 8 and err.startswith("kaipiao: "), "a damaged database is 8", code, err)
    home, path = fresh()
    with home:
        os.unlink(home.path + "/secret.key")
        code, _, err = home.run("doctor")
        t.ok(code == 8, "a lost key file is 8", code, err)


def words(t):
    with Home() as home:
        code, text, _ = home.run("help", json_out=False)
        verbs = ("init demo doctor unit taxpayer numbers quota blue invoices taxcodes jobs sync "
                 "log param explain backup restore help version").split()
        t.ok(code == 0 and all(re.search(r"^  %s\b" % v, text, re.M) for v in verbs),
             "help names every verb", text)
        for v in verbs:
            t.same(home.run("help", v)[0], 0, "help " + v)
        t.same(home.run("help", "nonsense")[0], 2, "help for nothing")
        t.same(subprocess.run([KAIPIAO, "--help"], stdout=subprocess.DEVNULL).returncode, 0,
               "--help")
        t.same(subprocess.run([KAIPIAO], stdout=subprocess.DEVNULL).returncode, 0, "no verb at all")
        code, doc, _ = home.run("help", "json")
        keys = {r["key"] for r in doc["rows"]}
        t.ok({"order_no", "buyer.name", "lines[].tax_code", "error.class", "number", "state",
              "stock"} <= keys,
             "help json documents the keys", sorted(keys))
        rows = home.run("help", "keys")[1]["rows"]
        issue = [r for r in rows if r["action"] == "issue"]
        t.ok(len(rows) > 60 and issue and issue[0]["keys"] == "F10 Ctrl-K" and
             issue[0]["place"] == "蓝字发票填开", "help keys lists the keys of the workstation", issue)
        code, doc, _ = home.run("version")
        t.ok(code == 0 and doc["version"] and doc["schema"] >= 1 and doc["protocol"] == "4.000",
             "version", doc)
        t.ok(all(doc[k] for k in ("sqlite", "curl", "cjson")), "with its libraries", doc)


def documented(t, sb):
    """Every key that a verb prints is in help json."""
    def keys(tree, path=""):
        if isinstance(tree, dict):
            for k, v in tree.items():
                yield k
                if k not in ("request", "answer", "payload", "result"):
                    yield from keys(v)
        elif isinstance(tree, list):
            for v in tree:
                yield from keys(v)

    with Home() as home:
        home.setup(sb)
        home.run("blue", "issue", home.file(invoice("K-1")), check=0)
        known = set()
        for row in home.run("help", "json")[1]["rows"]:
            known.update(re.split(r"[.\[\]]+", row["key"]))
            known.update(re.findall(r"\b[a-z_]+\b", row["label"]))
        for verb in (["unit", "list"], ["unit", "show", sb.using["tax_no"]], ["taxpayer", "show"],
                     ["taxpayer", "sync"],
                     ["numbers", "list"], ["numbers", "claim", "3"], ["numbers", "auto"],
                     ["numbers", "audit"],
                     ["quota", "show"], ["quota", "auto"],
                     ["blue", "issue", home.file(invoice("K-1"))],
                     ["blue", "check", home.file(invoice("K-2"))],
                     ["blue", "draft", home.file(invoice("K-3"))],
                     ["invoices", "list"], ["invoices", "show", "K-1"], ["taxcodes", "search", "茶"],
                     ["taxcodes", "show", "1090509010000000000"], ["jobs", "list"],
                     ["jobs", "show", "1"],
                     ["log", "list"], ["log", "show", "1"], ["param", "get"], ["doctor"],
                     ["version"], ["init"],
                     ["explain", "4057"], ["sync", "--once"], ["invoices", "show", "none"]):
            _, doc, _ = home.run(*verb)
            t.same(sorted(set(keys(doc)) - known), [], "documented: " + " ".join(verb[:2]))


def processes_with(text):
    """Command lines that hold the text."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                line = f.read().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if text in line:
            found.append(line)
    return found


def demo(t):
    top = tempfile.mkdtemp(prefix="demo-")
    try:
        env = dict(os.environ, KAIPIAO_DEMO_HOME=os.path.join(top, "practice"))
        runs = []
        for _ in range(2):
            done = subprocess.run([KAIPIAO, "--json", "demo", "--headless"], env=env,
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
            t.same(done.returncode, 0, "demo runs", done.stderr.decode())
            runs.append(json.loads(done.stdout))
        first, second = runs
        t.ok(first["issued"] == first["total"] >= 10, "every sample is issued", first)
        t.same([r["number"] for r in second["rows"]], [r["number"] for r in first["rows"]],
               "the second run answers with the first results")
        t.ok(all(os.path.getsize(r[k]) > 500 for r in first["rows"] for k in ("pdf", "ofd", "xml")),
             "with files")
        t.same({r["kind"] for r in first["rows"]}, {"ordinary", "special"}, "of both kinds")
        held = subprocess.Popen([KAIPIAO, "demo", "--headless", "--hold"], env=env,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE)
        lines = []
        for line in held.stdout:
            lines.append(line.decode())
            if "/faults" in lines[-1]:
                break
        with Home(path=env["KAIPIAO_DEMO_HOME"]) as home:
            code, doc, err = home.run("blue", "issue", "-", input=json.dumps(invoice("MINE-1")))
            t.ok(code == 0 and doc["results"][0]["state"] == "issued",
                 "a stranger issues beside --hold", doc, err)
        held.terminate()
        t.same(held.wait(20), 0, "Ctrl-C ends it in order")
        held.stdout.close()
        t.same(processes_with(os.path.join(top, "practice")), [], "no process is left behind")
    finally:
        shutil.rmtree(top, ignore_errors=True)


with Tap() as tap:
    begin(tap)
    roles(tap)
    damage(tap)
    interrupted(tap)
    words(tap)
    with Sandbox() as platform:
        backups(tap, platform)
        documented(tap, platform)
    demo(tap)
