#!/usr/bin/env python3
"""The units of systemd: installed with the place of the program, accepted by systemd, without a
secret and without core files."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import KAIPIAO, ROOT, Tap  # noqa: E402

UNITS = ("kaipiao@.service", "kaipiao-once@.service", "kaipiao-once@.timer")


def installed(top):
    """What `make install` writes: its own recipe, without building anything."""
    lines = subprocess.run(["make", "-n", "-o", "all", "-o", "man", "install", "DESTDIR=" + top,
                            "PREFIX=/opt/kp", "BUILD=" + top], cwd=ROOT, text=True,
                           stdout=subprocess.PIPE, check=True).stdout.replace("\\\n", "")
    for line in lines.splitlines():
        if "lib/systemd" in line or "unit.tmp" in line:
            subprocess.run(["/bin/bash", "-c", line], cwd=ROOT, check=True)
    return os.path.join(top, "opt/kp/lib/systemd/system")


def main(t, top):
    folder = installed(top)
    t.same(sorted(os.listdir(folder)), sorted(UNITS), "make install puts the three units")
    texts = {}
    for name in UNITS:
        with open(os.path.join(folder, name)) as f:
            texts[name] = f.read()
    services = [texts[n] for n in UNITS if n.endswith(".service")]
    t.ok(all("ExecStart=/opt/kp/bin/kaipiao sync --" in s for s in services), "with the prefix",
         services)
    t.ok(not any("@BINDIR@" in s for s in texts.values()), "nothing is left to fill in")
    t.ok(all("LimitCORE=0" in s and "User=%i" in s for s in services),
         "no core files, the owner's account")
    t.ok(not any(w in s.lower() for s in texts.values() for w in ("secret", "password", "--key")),
         "no key in them")
    t.ok(all("LoadCredential=kaipiao-key:kaipiao-%i.key" in s for s in services),
         "N6: the key of the home may come as a credential")
    t.ok("Persistent=yes" in texts["kaipiao-once@.timer"], "a round that was missed is made up for")
    if not shutil.which("systemd-analyze"):
        t.skip("systemd accepts them", "systemd-analyze is not installed")
        return
    for name in UNITS:
        path = os.path.join(folder, name)
        with open(path, "w") as f:
            f.write(texts[name].replace("/opt/kp/bin/kaipiao", KAIPIAO))
    done = subprocess.run(["systemd-analyze", "--man=no", "verify"] +
                          [os.path.join(folder, n) for n in UNITS],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ours = [line for line in done.stdout.splitlines() if "kaipiao" in line]
    t.same(ours, [], "systemd accepts them", done.stdout)


with Tap() as tap:
    place = tempfile.mkdtemp(prefix="units-")
    try:
        main(tap, place)
    finally:
        shutil.rmtree(place)
