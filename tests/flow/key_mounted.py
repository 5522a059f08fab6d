#!/usr/bin/env python3
"""C6, N6: the key of the home lies elsewhere as a file that is mounted by itself, the secret of a
container: nothing can be put in its place.  It is not changed then, and a change that was
interrupted before is told and loses nothing."""
import os
import shutil
import subprocess
import tempfile

from kp import Home, Sandbox, Tap, skip_all

CRASHED, MAX_POINTS = 86, 30


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Container:
    """Verbs with `real` mounted over `mounted`, as root of a namespace of their own."""

    def __init__(self, home):
        self.home, self.folder = home, os.path.join(home.top, "outside")
        self.real, self.mounted = home.top + "/real.key", self.folder + "/kp.key"
        os.mkdir(self.folder)
        home.env["KAIPIAO_KEY_FILE"] = self.mounted

    def run(self, *verb):
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", 'mount --bind "$0" "$1" && shift && exec "$@"',
             self.real, self.mounted] + [str(a) for a in self.home.command(verb)],
            env=self.home.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def names(self):
        return sorted(os.listdir(self.folder))

    def mount(self):
        """What is the key so far lies behind the mount from now on."""
        shutil.copy2(self.mounted, self.real)


def possible():
    with tempfile.TemporaryDirectory() as top:
        os.mkdir(top + "/a")
        os.mkdir(top + "/b")
        return shutil.which("unshare") and not subprocess.run(
            ["unshare", "-rm", "mount", "--bind", top + "/a", top + "/b"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def refused(t, c, verify):
    """Before anything is sealed."""
    before = read(c.real)
    for turn in ("it", "it once more"):
        code, _, err = c.run("key", "rotate")
        t.ok(code == 7 and "没有更换" in err and "挂载" in err, "changing %s is refused" % turn,
             code, err)
    t.same((read(c.real), c.names()), (before, ["kp.key"]), "nothing lies beside it")
    t.same(c.run(*verify)[0], 0, "what is sealed still opens")


def interrupted(t, c, verify):
    """A change died between the sealing and the renaming; then the file came to be mounted."""
    beside, point, code = c.mounted + ".next", 0, CRASHED
    while code == CRASHED and point < MAX_POINTS:
        point += 1
        code = c.home.run("key", "rotate", env={"KAIPIAO_CRASH_AT": str(point)})[0]
        c.mount()
        rows = c.run("doctor", "--offline")[1] if os.path.exists(beside) else ""
        if "正在使用的密钥还在 " + beside in rows:
            break
    t.ok(code == CRASHED, "a change died with its key beside, and doctor tells", point, code)
    valid = read(beside)
    t.same(c.run(*verify)[0], 0, "it is the key that opens")
    code, _, err = c.run("key", "rotate")
    t.ok(code == 7 and "没有更换" in err and beside in err, "it cannot be changed", code, err)
    t.same((read(beside), c.run(*verify)[0]), (valid, 0), "and is not lost by trying")
    shutil.copy2(beside, c.real)
    t.ok("正在使用的密钥还在" not in c.run("doctor", "--offline")[1], "put in its place it is well")
    os.unlink(beside)
    t.same(c.run(*verify)[0], 0, "and opens")


if not possible():
    skip_all("nothing can be mounted here")
with Tap() as tap, Sandbox(result_delay=0) as platform, Home() as place:
    place.setup(platform, numbers=0, quota=None)
    verb = ["unit", "verify", platform.direct["tax_no"], "--role", "direct"]
    box = Container(place)
    os.rename(place.path + "/secret.key", box.mounted)
    box.mount()
    refused(tap, box, verb)
    interrupted(tap, box, verb)
    shutil.copy2(box.real, box.mounted)
    tap.same(place.run("key", "rotate")[0], 0, "a file that is no mount is changed as ever")
    tap.same((place.run(*verb)[0], box.names()), (0, ["kp.key"]), "in its place")
