"""Scripted screens: the program plays a script without a terminal; its screens are compared whole.

    from screen import Screens

    with Screens(__file__) as s:
        s.play("home", '''
            wait screen home
            dump @
        ''')
        s.play("wide", "wait screen home", "dump @", rows=36, cols=120, platform=True)

Every test works on a copy of one practice home, made once per file by `kaipiao demo --headless`:
its unit, numbers, quota and sample invoices are the same each time, and the clock is held, so that
a dump is compared as it is.  `dump NAME` (@ is the name of the test) is compared with
tests/screen/expected/FILE-NAME.txt, `dump-cursor` too; with GENERATE=1 in the environment the
expected files are written instead, to be read as a diff.  ui/script.h lists what a script can say.
A dump after something that wakes the engine wants `sleep-until-idle` or a `wait` before it.

With platform=True the practice platform runs beside the program; s.control(path, body) speaks to
its control port.  Without it the tax side cannot be reached.
"""
import contextlib
import difflib
import os
import re
import shutil
import subprocess
import tempfile

import kp

EXPECTED = os.path.join(kp.ROOT, "tests", "screen", "expected")
NOW = "=2026-01-20T10:21:07+08:00"
LIMIT = 90  # seconds one script may take
# A port is free, not chosen: it has five digits on every machine.
PORT = re.compile(r"127\.0\.0\.1:\d{5}\b")
UUID = re.compile(r"\b[0-9a-f]{32}\b")  # given out by the platform
LEQI_ID = re.compile(r"\b(?=\d*[a-f])[0-9a-f]{20}\b")  # no invoice number
KEY = re.compile(r"(?<=已填写 \*{4})[0-9a-f]{4}\b")  # the end of an API key: one of each platform
AT_WORK = re.compile(r"(?<=  )(未联系|同步中|已连接)$", re.M)  # of one width: the line stays as it is


class Screens(kp.Tap):
    def __init__(self, file, now=NOW, prepare=None, engine=True):
        """prepare(home): more to do in the template, with the platform running."""
        super().__init__()
        self.name = os.path.splitext(os.path.basename(file))[0]
        self.top = tempfile.mkdtemp(prefix="screen-")
        self.template = os.path.join(self.top, "template")
        self.now, self.prepare, self.sandbox, self.used = now, prepare, None, set()
        self.engine = engine  # whether dumps tell what the engine is at

    def __enter__(self):
        home = kp.Home(os.path.join(self.template, "home"), now=self.now)
        home.run("demo", "--headless", check=0)
        # Nothing is asked of the tax side unless the script wants it.
        home.run("param", "set", "engine", "red_refresh_ms", 0, check=0)
        if self.prepare:
            with self.platform(self.template):
                self.prepare(home)
        return super().__enter__()

    def __exit__(self, *args):
        shutil.rmtree(self.top, ignore_errors=True)
        return super().__exit__(*args)

    def platform(self, place):
        """The practice platform of a copied home, on the ports of the template."""
        self.sandbox = kp.Sandbox(state=os.path.join(place, "home", "practice"), result_delay=200,
                                  now=self.now)
        return self.sandbox

    def control(self, path, body=None):
        return self.sandbox.post(path, body) if body is not None else self.sandbox.get(path)

    def copy(self, name):
        place = os.path.join(self.top, "of", name)
        shutil.copytree(self.template, place)
        return place

    def play(self, name, *script, rows=24, cols=80, platform=False, env=None, args=(), code=0,
             before=None, after=None, keep=None):
        """Plays one script in a home of its own and compares its dumps.

        before(home), after(home): verbs around it (kp.Home).  code: the exit status wanted.  keep:
        go on in the home of that earlier test."""
        place = os.path.join(self.top, "of", keep) if keep else self.copy(name)
        home = kp.Home(os.path.join(place, "home"), now=self.now)
        lines = [l.strip() for part in script for l in part.strip().split("\n")]
        lines = [re.sub(r"^(dump|dump-cursor) @", r"\1 " + name, l) for l in lines]
        lines = [re.sub(r"^(dump|dump-cursor) ", r"\1 dumps/", l) for l in lines]
        with self.platform(place) if platform else contextlib.nullcontext():
            if before:
                before(home)
            self.run_script(name, place, home, lines, (rows, cols), env, args, code)
            if after:
                after(home)

    def run_script(self, name, place, home, lines, size, env, args, code):
        os.makedirs(os.path.join(place, "dumps"), exist_ok=True)
        path = os.path.join(place, "script")
        with open(path, "w", encoding="utf-8") as f:
            f.write("size %d %d\n" % size + "\n".join(lines) + "\n")
        settings = {"KAIPIAO_SCRIPT": path, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        settings.update(env or {})
        # A relative home: what the screen says of files is the same everywhere.
        done = subprocess.run([kp.KAIPIAO, "--home", "home"] + list(args), cwd=place,
                              env=home.environ(settings), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
        self.ok(done.returncode == code, "%s plays to its end" % name,
                "exit %d, not %d" % (done.returncode, code), done.stderr.decode(errors="replace"),
                done.stdout.decode(errors="replace"))
        for line in lines:
            words = line.split()
            if words and words[0] in ("dump", "dump-cursor"):
                self.compare(os.path.join(place, words[1]))

    def compare(self, file):
        dump = os.path.basename(file)
        what = "%s shows what it should" % dump
        if dump in self.used:
            self.ok(False, "%s: two dumps of one name" % dump)
            return
        self.used.add(dump)
        path = os.path.join(EXPECTED, "%s-%s.txt" % (self.name, dump))
        try:
            with open(file, encoding="utf-8") as f:
                got = UUID.sub("0" * 32, PORT.sub("127.0.0.1:50443", f.read()))
                got = KEY.sub("ab12", LEQI_ID.sub("5d2cff003e35abac053a", got))
            if not self.engine:
                got = AT_WORK.sub("未联系", got, count=1)
        except FileNotFoundError:
            self.ok(False, what, "it was not reached")
            return
        if os.environ.get("GENERATE"):
            os.makedirs(EXPECTED, exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(got)
        want = None
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                want = f.read()
        diff = difflib.unified_diff((want or "").splitlines(), got.splitlines(), "expected", "got",
                                    lineterm="")
        self.ok(got == want, what,
                "\n".join(diff) if want is not None else "no %s\n%s" % (path, got))
