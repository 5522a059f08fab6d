"""The workstation on a terminal in a home of a million invoices, beside tig and less in the same
harness: time to the first screen, bytes and time of keys, silence, memory.

The home's engine lock is held meanwhile, so that the engine's thread stands by ("由其他进程同步"): no
call goes out, the home stays as it is for the next run, and what is measured is the screen alone.
Memory is measured once more on a copy whose engine works (no tax side answers there).
Peers show as many rows of as much Chinese text: tig a log of COMMITS commits, less a file.
"""
import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time

from lists import LARGE, home_of
from measure import Fault, Row, duration, median, program, times
from terminal import Terminal

STARTS, PRESSES, IDLE = 9, 25, 10
COMMITS, LINES = 2000, 200000
CITIES = ("北京", "上海", "广州", "深圳", "杭州", "南京", "苏州", "成都", "重庆", "武汉")
DOWN, PAGE_DOWN, F12, TAB = "\033OB", "\033[6~", "\033[24~", "\t"
NEW_FORM, LIST, BACK, CLEAR, BACKSPACE = "\x0e", "i", "q", "\x15", "\x7f"


def size(count):
    return "%d B" % count


def mebibytes(count):
    return "%.1f MiB" % count


def text(n):
    """A line as wide as one of our list."""
    return "%s宏泰物流有限公司 SO-%08d 数电普票 %s.%02d 开票成功" % (
        CITIES[n * 7 % 10], n, "{:,}".format(n * 7919 % 500000), n % 100)


@contextlib.contextmanager
def engine_elsewhere(home):
    """Another process has the engine."""
    with open(os.path.join(home, "sync.lock"), "a", encoding="ascii") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def make_repository(folder):
    """A history of many commits, made by one import."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    feed = []
    for n in range(COMMITS):
        message = text(n).encode()
        feed.append(b"commit refs/heads/main\ncommitter a <a@example.com> %d +0800\ndata %d\n%s\n"
                    % (1700000000 + n * 60, len(message), message))
    git = ["git", "-C", folder]
    subprocess.run(git + ["fast-import", "--quiet"], input=b"".join(feed), check=True)
    subprocess.run(git + ["symbolic-ref", "HEAD", "refs/heads/main"], check=True)


class Program:
    """A program under measurement: how it starts, and its figures by name."""

    def __init__(self, name, command, home, cwd=None, **env):
        self.name, self.command, self.home, self.cwd, self.env = name, command, home, cwd, env
        self.starts, self.first, self.paint = [], [], 0
        self.keys = {}
        self.engine = "由其他进程同步"  # what the top line says of it
        self.idle = self.wakes = self.peak = 0

    def terminal(self):
        return Terminal(self.command, self.home, self.cwd, **self.env)

    def start(self):
        """One start, timed."""
        with self.terminal() as t:
            burst = t.paint()
        if burst.last is None:
            raise Fault("%s: shows nothing" % self.name)
        self.first.append(burst.first)
        self.starts.append(burst.last)
        self.paint = burst.bytes

    def press(self, t, what, key, count=PRESSES):
        """The same key many times."""
        self.take(what, [t.key(key) for _ in range(count + 1)])

    def press_between(self, t, what, key, undo, count):
        """The same key many times, each time taken back."""
        bursts = []
        for _ in range(count + 1):
            bursts.append(t.key(key))
            t.key(undo)
        self.take(what, bursts)

    def take(self, what, bursts):
        """The first one warms up."""
        bursts = bursts[1:]
        self.keys[what] = (median(b.bytes for b in bursts),
                           median(b.last or 0 for b in bursts), max(b.bytes for b in bursts))


def expect(t, words):
    if not t.says(words):
        raise Fault("“%s” is not on the screen" % words)


def ours_session(p, t):
    t.paint()
    expect(t, p.engine)
    p.press(t, "ignored", F12, 5)
    p.press_between(t, "open", LIST, BACK, 5)
    t.key(LIST)
    expect(t, "%d" % LARGE)
    p.press(t, "down", DOWN)
    p.press(t, "page", PAGE_DOWN)
    t.key(NEW_FORM)
    t.settle()
    expect(t, "蓝字发票填开")
    t.key("s")
    p.press_between(t, "matches", "z", BACKSPACE, 15)
    t.key(CLEAR)
    t.key(TAB)
    p.press(t, "typed", "9", 15)
    t.key(CLEAR)


def tig_session(p, t):
    t.paint()
    p.press(t, "ignored", F12, 5)
    p.press(t, "down", DOWN)
    p.press(t, "page", PAGE_DOWN)
    t.key(":")
    p.press(t, "typed", "9", 15)
    t.key("\x03")
    t.key("\033")


def less_session(p, t):
    t.paint()
    p.press(t, "ignored", F12, 5)
    p.press(t, "down", DOWN)
    p.press(t, "page", PAGE_DOWN)
    t.key("/")
    p.press(t, "typed", "9", 15)
    t.key("\x15")
    t.key("\x15")


def peak_with_engine(data):
    """Peak memory of the same session on a copy of the home where the engine's thread works, with a
    database connection of its own; in KiB."""
    copy = data + "-copy"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        subprocess.run(["cp", "-r", "--reflink=auto", data, copy], check=True)
        p = Program("kaipiao", [program("kaipiao"), "--home", copy], copy)
        p.engine = "在途"
        with p.terminal() as t:
            ours_session(p, t)
            return t.peak_kib()
    finally:
        shutil.rmtree(copy, ignore_errors=True)


SESSIONS = {"kaipiao": ours_session, "tig": tig_session, "less": less_session}


def use(programs):
    """One session of each with its keys, then all of them left alone together."""
    with contextlib.ExitStack() as stack:
        open_ = []
        for p in programs:
            t = stack.enter_context(p.terminal())
            SESSIONS[p.name](p, t)
            open_.append((p, t))
        for _, t in open_:
            t.settle(1)
        before = [t.wake_ups() for _, t in open_]
        time.sleep(IDLE)
        for (p, t), wakes in zip(open_, before):
            p.wakes = t.wake_ups() - wakes
            while True:
                data = t.read(0)
                if not data:
                    break
                p.idle += len(data)
            p.peak = t.peak_kib()


# ---- rows ----------------------------------------------------------------------------------------
def row(what, figure, show, wanted, limit, programs):
    ours, peers = figure(programs[0]), [(p.name, figure(p)) for p in programs[1:]]
    known = [(name, value) for name, value in peers if value is not None]
    first = known[0][1] if known else 0
    return Row(what, show(ours), " · ".join("%s %s" % (name, show(v)) for name, v in known),
               times(ours / first) if first else "", wanted,
               None if limit is None else ours <= limit)


def key_rows(what, key, programs, bytes_, ms):
    def figure(i):
        return lambda p: p.keys[key][i] if key in p.keys else None
    return [row(what + ": bytes", figure(0), size, "≤ %d B" % bytes_ if bytes_ else "", bytes_,
                programs),
            row(what + ": to the last byte", figure(1), duration, "≤ %g ms" % ms if ms else "",
                ms / 1000 if ms else None, programs)]


def rows_of(programs):
    rows = [row("first byte", lambda p: median(p.first), duration, "", None, programs),
            row("first screen painted", lambda p: median(p.starts), duration, "≤ 60 ms", 0.06,
                programs),
            row("first screen: bytes", lambda p: p.paint, size, "", None, programs)]
    rows += key_rows("typed character in a field", "typed", programs, 32, 1)
    rows += key_rows("typed character that opens matches", "matches", programs, None, None)
    rows += key_rows("开票记录 opened", "open", programs, None, None)
    rows += key_rows("Down in the list", "down", programs, 450, 2)
    rows += key_rows("PgDn in the list", "page", programs, 6144, None)
    rows.append(row("ignored key: bytes", lambda p: p.keys["ignored"][2], size, "0 B", 0, programs))
    rows.append(row("idle %d s: bytes" % IDLE, lambda p: p.idle, size, "0 B", 0, programs))
    rows.append(row("idle %d s: wake-ups" % IDLE, lambda p: p.wakes, str, "", None, programs))
    rows.append(row("memory at its peak", lambda p: p.peak / 1024, mebibytes, "≤ 24 MiB", 24,
                    programs))
    return rows


def measure():
    data = home_of(LARGE)
    with tempfile.TemporaryDirectory(prefix="screen-") as top, engine_elsewhere(data):
        repository, file = os.path.join(top, "repository"), os.path.join(top, "rows.txt")
        make_repository(repository)
        with open(file, "w", encoding="utf-8") as out:
            out.writelines(text(n) + "\n" for n in range(LINES))
        programs = [Program("kaipiao", [program("kaipiao"), "--home", data], top),
                    Program("tig", ["tig"], top, cwd=repository, GIT_PAGER="cat"),
                    Program("less", ["less", file], top)]
        for p in programs:
            p.start()
            p.starts, p.first = [], []  # the first one warms up
        for _ in range(STARTS):  # in turns
            for p in programs:
                p.start()
        use(programs)
        rows = rows_of(programs)
    peak = peak_with_engine(data) / 1024
    rows.append(Row("memory at its peak, engine working", mebibytes(peak), "", "", "≤ 24 MiB",
                    peak <= 24))
    return [Row("screen: " + r.what, r.ours, r.peer, r.ratio, r.wanted, r.ok) for r in rows]
