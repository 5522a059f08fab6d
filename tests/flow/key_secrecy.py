#!/usr/bin/env python3
"""C6, N6, I5: API keys of both environments, the key of the home and the passwords of others (B27:
address, key number and secret of the system in front are the settings of 推送) are nowhere: not in
the files of the home, its log or a backup, not in arguments, environment or output, not in a core
image of the engine while it calls; and no core file is written."""
import base64
import os
import re
import resource
import signal
import subprocess
import tempfile
import time

import coreimage
import fakepost
from kp import Home, Sandbox, Tap, invoice, wait_for

PASSPHRASE = "an elephant never forgets 42"
PASSWORD = "mail-password-9b1f4c"


def forms(name, raw):
    """Every way the bytes may be written down."""
    text = raw.hex()
    return {"%s as %s" % (name, how): value for how, value in (
        ("bytes", raw), ("hex", text.encode()), ("HEX", text.upper().encode()),
        ("base64", base64.b64encode(raw).rstrip(b"=")),
        ("base64 of hex", base64.b64encode(text.encode()).rstrip(b"=")),
        ("UTF-16 hex", text.encode("utf-16-le")))}


def words(name, text):
    raw = text.encode()
    return {name: raw, name + " in base64": base64.b64encode(raw).rstrip(b"=")}


def secrets_of(sb, home):
    found = {}
    for env, key in sb.direct["keys"].items():
        found.update(forms("API key " + env, bytes.fromhex(key)))
    with open(home.path + "/secret.key", "rb") as f:
        found.update(forms("key of the home", f.read()))
    found.update(words("mail password", PASSWORD))
    found.update(words("push secret", fakepost.SECRET))
    found.update(words("passphrase", PASSPHRASE))
    return found


def seen(secrets, data):
    return sorted(name for name, value in secrets.items() if value in data)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def files(home):
    for folder, _, names in os.walk(home.path):
        for name in names:
            yield os.path.join(folder, name)


def set_up(sb, home, certs, receiver, mail):
    """Both environments of one company, and the secrets of others."""
    home.setup(sb)
    d = sb.direct
    key = home.file(d["keys"]["沙箱"], "key.txt")
    home.run("unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
             "--leqi-id", d["leqi_id"], "--key-file", key, "--url", sb.url("沙箱"), "--ca-file",
             sb.info["ca_file"], "--connect-to", sb.address, "--env", "沙箱", check=0)
    home.run("unit", "verify", d["tax_no"], "--role", "direct", "--env", "沙箱", check=0)
    home.run("push", "set", "--url", receiver.url, "--key-id", "k", "--secret-file",
             home.file(fakepost.SECRET, "push.txt"), "--ca-file", certs.ca, check=0)
    home.run("mail", "set", "--host", "localhost", "--port", mail.port, "--login", "me",
             "--password-file", home.file(PASSWORD, "mail.txt"), "--sender", "a@seller.test",
             "--ca-file", certs.ca, check=0)


def verbs(t, sb, home, secrets):
    """What people and logs get to see, also of failures."""
    said = b""
    backups = [home.top + "/a.bak", home.top + "/b.bak"]
    phrase = home.file(PASSPHRASE + "\n", "phrase.txt")
    sb.faults(bad_key_reply={"times": 1})
    for verb in (["quota", "sync"], ["blue", "issue", home.file(invoice("S-1"))], ["unit", "list"],
                 ["unit", "show", sb.direct["tax_no"], "--role", "direct", "--env", "演练"],
                 ["unit", "show", sb.direct["tax_no"], "--role", "direct", "--env", "沙箱"],
                 ["push", "set"], ["push", "test"], ["mail", "set"], ["mail", "test", "a@b.test"],
                 ["doctor"], ["param", "get"], ["jobs", "list", "--limit", "500"],
                 ["log", "list", "--limit", "500"], ["backup", backups[0]],
                 ["backup", backups[1], "--with-key", "--passphrase-file", phrase],
                 ["unit", "edit", sb.direct["tax_no"], "--role", "direct", "--env", "沙箱",
                  "--key-file", home.file("not a key", "bad.txt")], ["sync", "--once"]):
        for as_json in (True, False):
            code, doc, err = home.run(*verb, json_out=as_json)
            said += repr(doc).encode() + str(doc).encode() + err.encode()
    for row in home.run("log", "list", "--limit", "200")[1]["rows"]:
        said += home.run("log", "show", row["id"], json_out=False)[1].encode()
    t.ok(len(said) > 20000, "the verbs say much", len(said))
    t.same(seen(secrets, said), [], "but no secret")
    for path in backups:
        t.same(seen(secrets, read(path)), [], "none in " + os.path.basename(path))
    t.ok(b"secret.key.sealed" in read(backups[1]), "not even where the key goes along")


def on_disk(t, home, secrets, what):
    found = {os.path.basename(p): seen(secrets, read(p)) for p in files(home)}
    own = [n for n in found.pop("secret.key") if "key of the home as bytes" not in n]
    t.same(own, [], "%s: the key file holds the key of the home alone" % what)
    t.same({p: s for p, s in found.items() if s}, {}, "%s: no file of the home holds a secret" %
           what)
    t.ok("kaipiao.db" in found and "kaipiao.log" in found, "database and log were looked at",
         sorted(found))


def daemon(t, sb, home, secrets):
    p = home.start("sync", "--daemon")
    try:
        t.ok(wait_for(lambda: home.run("--no-wait", "quota", "sync")[0] in (0, 5) and
                      not home.run("jobs", "list", "--state", "ready")[1]["total"]),
             "an engine is at work")
        t.same(seen(secrets, read("/proc/%d/cmdline" % p.pid)), [], "no secret among its arguments")
        try:
            around = read("/proc/%d/environ" % p.pid)
            t.same(seen(secrets, around), [], "nor in its environment")
        except PermissionError:
            t.ok(True, "its environment is closed to others")
        with open("/proc/%d/limits" % p.pid) as f:
            core = next(x for x in f if x.startswith("Max core file size")).split()
        t.same(core[4:6], ["0", "0"], "it may leave no core file, and cannot take that back")
        images(t, sb, home, secrets, p.pid)
    finally:
        p.send_signal(signal.SIGTERM)
        p.communicate(timeout=20)


def images(t, sb, home, secrets, pid):
    """At rest and in the midst of a call; what is left out of them is where the key is."""
    if coreimage.memory(pid) is None:
        t.skip("core images", "memory of others may not be read here")
        return
    at_rest, hidden = coreimage.memory(pid)
    t.ok(len(at_rest) > 1 << 20 and b"kaipiao.db" in at_rest, "an image of it while it rests",
         len(at_rest))
    t.same(seen(secrets, at_rest), [], "holds no secret")
    t.ok("key of the home as bytes" in seen(secrets, hidden),
         "a secret that is in memory is found where it is", len(hidden))
    before = sb.requests()
    sb.faults(delay_ms={"value": 6000, "times": 1})
    home.run("--no-wait", "quota", "sync")
    t.ok(wait_for(lambda: sb.requests() > before, 15), "a call is under way")
    at_work = coreimage.memory(pid)[0]
    t.ok(b"CXSXED" in at_work, "an image of it in the midst of a call")
    t.same(seen(secrets, at_work), [], "holds no secret either")
    taken = coreimage.by_debugger(pid)
    if taken:
        t.same(seen(secrets, taken), [], "nor does a core file of a debugger")
    else:
        t.skip("a core file of a debugger", "no gcore")
    sb.faults()


def core_file(t, home):
    """Killed by a signal that dumps core, however large the caller lets it be."""
    with tempfile.TemporaryDirectory() as top:
        def large():
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
            # A run in the background ignores it.
            signal.signal(signal.SIGQUIT, signal.SIG_DFL)
        p = subprocess.Popen(home.command(["sync", "--daemon"]), env=home.environ(), cwd=top,
                             preexec_fn=large, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        time.sleep(1.0)
        p.send_signal(signal.SIGQUIT)
        p.wait(20)
        if p.returncode >= 0:  # it ends in order
            p = subprocess.Popen(home.command(["sync", "--daemon"]), env=home.environ(), cwd=top,
                                 preexec_fn=large, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
            time.sleep(1.0)
            p.send_signal(signal.SIGABRT)
            p.wait(20)
        t.ok(p.returncode < 0, "a signal that dumps core ends it", p.returncode)
        t.same(os.listdir(top), [], "no core file is left")


def no_way_in(t, home):
    """No option takes a secret on the command line, where every process sees it."""
    text = home.run("help", "unit", json_out=False)[1] + home.run("help", "push",
                                                                  json_out=False)[1]
    text += home.run("help", "mail", json_out=False)[1] + home.run("help", "backup",
                                                                   json_out=False)[1]
    options = re.findall(r"--[a-z-]+", text)
    bad = [o for o in options if o in ("--key", "--secret", "--password", "--passphrase")]
    t.ok("--key-file" in options and not bad, "no option takes a secret itself", bad)


with Tap() as tap, Sandbox() as platform, Home() as place, \
        fakepost.Certificates() as certificates, fakepost.Receiver(certificates) as pushes, \
        fakepost.MailServer(certificates) as mails:
    set_up(platform, place, certificates, pushes, mails)
    known = secrets_of(platform, place)
    verbs(tap, platform, place, known)
    on_disk(tap, place, known, "at rest")
    daemon(tap, platform, place, known)
    on_disk(tap, place, known, "after an engine")
    core_file(tap, place)
    no_way_in(tap, place)
    place.run("key", "rotate", check=0)
    known.update(secrets_of(platform, place))
    tap.same(place.run("quota", "sync")[0], 0, "after a change of the key it works on")
    on_disk(tap, place, known, "after a change of the key")
