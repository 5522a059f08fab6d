"""Receiving a workbook with rz, and sending a template with sz, on a real pseudo terminal.

The programs on the PATH are stand-ins: rz writes what RZ_GIVES names into its directory, as the
real one does, and ends as RZ_EXIT says.
"""
import os
import signal
import tempfile
import termios
import time

from kp import Home, Sandbox, Tap
from ptyterm import QUIT, Terminal
from tmuxlab import poll

RZ = """#!/bin/sh
printf '%s\\n' "$@" > "$RZ_LOG"
pwd >> "$RZ_LOG"
stat -c %a . >> "$RZ_LOG"
stty -a >> "$RZ_LOG"
printf 'RZ IS HERE'
eval "$RZ_GIVES"
[ -z "$RZ_WAITS" ] || read answer
exit ${RZ_EXIT:-0}
"""
SZ = """#!/bin/sh
printf '%s\\n' "$@" > "$SZ_LOG"
printf 'SZ IS HERE'
"""
GOOD = "名称,税号\\n深圳市华建贸易有限公司,91440300MAKP0A011Y\\n"


def stand_ins(folder):
    for name, text in (("rz", RZ), ("sz", SZ)):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)


class Play:
    """The import page in a terminal of its own."""

    def __init__(self, t, home, folder, **env):
        self.t, self.folder = t, folder
        self.log = os.path.join(folder, "rz.log")
        self.tmp = tempfile.mkdtemp(dir=folder)
        settings = {"PATH": folder + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                    "TERM": "xterm-256color", "TMUX": None, "STY": None, "RZ_LOG": self.log,
                    "SZ_LOG": os.path.join(folder, "sz.log"), "TMPDIR": self.tmp}
        settings.update(env)
        self.term = Terminal(home.command([], as_json=False), home.environ(settings), control=True)

    def __enter__(self):
        self.term.__enter__()
        self.t.ok(self.term.wait("今天要办的事"), "the home screen")
        self.term.send(b"I")
        self.t.ok(self.term.wait("税收分类编码"), "what to import is asked")
        self.term.send(b"1")
        self.t.ok(self.term.wait("部分导入"), "the import page", self.term.seen(-3000))
        return self

    def __exit__(self, *args):
        self.term.__exit__(*args)

    def press(self, key, *texts):
        start = len(self.term.text)
        self.term.send(key)
        return self.t.ok(self.term.wait(*texts, start=start),
                         "%r shows %s" % (key, "、".join(texts)), self.term.seen(start))

    def told(self, key, there, message, what):
        """The program is there, and afterwards the message."""
        start = len(self.term.text)
        self.term.send(key)
        self.t.ok(self.term.wait(there, message, start=start), what, self.term.seen(start))

    def left(self):
        """What stands in the directory for temporary files."""
        return [os.path.join(d, f) for d, _, files in os.walk(self.tmp) for f in files] + \
            [d for d in os.listdir(self.tmp) if d.startswith("rz-")]

    def close(self):
        self.term.send(QUIT)
        self.t.same(self.term.ended(), 0, "the program ends well")


def received(t, home, folder):
    # A name that tries to leave its directory is only a name; sz of Windows may send such.
    gives = "printf '%s' > '..客户 \\\\1.csv'" % GOOD
    with Play(t, home, folder, RZ_GIVES=gives) as p:
        p.told(b"\x1b[17~", "RZ IS HERE", "客户", "the file is on the page")
        with open(p.log, encoding="utf-8") as file:
            noted = file.read().splitlines()
        t.ok(os.path.dirname(noted[1]) == p.tmp and noted[2] == "700",
             "rz works in a fresh directory of our own", noted[:3])
        t.ok(" icanon" in noted[3] + " ".join(noted) and " echo " in " ".join(noted),
             "in an ordinary terminal mode")
        files = p.left()
        t.ok(any(f.endswith(".csv") and "/rz-" in f and "\\" not in f and "/.." not in f
                 for f in files), "under a safe name", files)
        p.press(b"\x1b[21~", "没有导入", "可以导入")
        p.press(b"\x1b[21~", "回车返回列表")
        p.press(b"\r", "今天要办的事")
        t.same(p.left(), [], "nothing of it stays")
        p.close()


def given_up(t, home, folder):
    with Play(t, home, folder, RZ_GIVES="printf x > part.csv", RZ_EXIT="1") as p:
        p.told(b"\x1b[17~", "RZ IS HERE", "rz 没有完成", "a transfer that fails is told")
        t.same(p.left(), [], "and leaves nothing")
        p.close()
    with Play(t, home, folder, RZ_GIVES=":") as p:
        p.told(b"\x1b[17~", "RZ IS HERE", "没有收到文件", "so is one without a file")
        p.close()
    with Play(t, home, folder, RZ_GIVES="touch a.csv b.csv") as p:
        p.told(b"\x1b[17~", "RZ IS HERE", "一次传一个文件", "so are two")
        t.same(p.left(), [], "none stays")
        p.close()
    with Play(t, home, folder, RZ_GIVES="ln -s /etc/passwd link.csv") as p:
        p.told(b"\x1b[17~", "RZ IS HERE", "没有收到文件", "a link is no file")
        p.close()


def interrupted(t, home, folder):
    """Ctrl-C is rz's: it ends, the workstation does not."""
    with Play(t, home, folder, RZ_GIVES="printf x > part.csv", RZ_WAITS="1") as p:
        p.press(b"\x1b[17~", "RZ IS HERE")
        p.term.send(b"\x03")
        t.ok(p.term.wait("rz 没有完成"), "Ctrl-C ends rz", p.term.seen(-3000))
        t.ok(p.term.shows("部分导入"), "and the page is there again", p.term.seen(-3000))
        t.same(p.left(), [], "the part is gone")
        p.close()


def told_to_end(t, home, folder):
    """Whoever wants the workstation to end has not to wait for the other end of a transfer."""
    stubborn = "trap '' TERM HUP; echo $$ > \"$RZ_LOG\"; printf x > part.csv; sleep 60"
    for gives, how in ((":", signal.SIGTERM), (":", signal.SIGHUP), (stubborn, signal.SIGTERM)):
        with Play(t, home, folder, RZ_GIVES=gives, RZ_WAITS="1") as p:
            p.press(b"\x1b[17~", "RZ IS HERE")
            if gives == stubborn:
                poll(lambda: log_of(p).strip().isdigit(), 5)
            start = time.monotonic()
            os.kill(p.term.child.pid, how)
            t.same(p.term.ended(), 0, "%s while rz runs ends the program" % how.name)
            took = time.monotonic() - start
            t.ok(took < 10, "soon", took)
            t.same(p.left(), [], "nothing of it stays")
            t.ok(termios.tcgetattr(p.term.far)[3] & termios.ICANON, "the line is as it was")
            if gives == stubborn:
                t.ok(not os.path.exists("/proc/" + log_of(p).strip()), "rz is gone, too")


def hung_up(t, home, folder):
    """The terminal is closed: nobody holds its other end any more."""
    with Play(t, home, folder, RZ_GIVES="trap '' HUP TERM; sleep 60") as p:
        p.press(b"\x1b[17~", "RZ IS HERE")
        os.close(p.term.far)
        os.close(p.term.near)
        try:
            t.same(p.term.child.wait(15), 0, "without its terminal it ends")
        finally:
            p.term.near, p.term.far = os.pipe()
        t.same(p.left(), [], "and leaves nothing")


def log_of(p):
    with open(p.log, encoding="utf-8") as file:
        return file.read()


def too_large(t, home, folder):
    with Play(t, home, folder, RZ_GIVES="truncate -s 300M big.csv || kill -XFSZ $$") as p:
        p.told(b"\x1b[17~", "RZ IS HERE", "文件超过 256 MiB", "a file beyond the bound is refused")
        t.same(p.left(), [], "and gone")
        p.close()


def sent(t, home, folder):
    with Play(t, home, folder) as p:
        p.press(b"\x1b[18~", "xlsx：有下拉选项")
        p.press(b"1", "回车传到本机")
        p.told(b"\r", "SZ IS HERE", "已传到本机", "what was sent is told")
        with open(os.path.join(folder, "sz.log"), encoding="utf-8") as file:
            noted = file.read()
        t.ok("购方信息导入模板" in noted and os.path.exists(noted.splitlines()[-1]),
             "sz has the file", noted)
        p.close()


def refused_in_tmux(t, home, folder):
    with Play(t, home, folder, TMUX="/nowhere,1,0") as p:
        p.press(b"\x1b[17~", "在 tmux、screen 里，不能用 rz", "scp 文件")
        p.close()
    with Play(t, home, folder, PATH="/nowhere") as p:
        p.press(b"\x1b[17~", "没有安装 lrzsz", "scp 文件")
        p.close()


def main():
    with tempfile.TemporaryDirectory(prefix="rz-") as folder, Tap() as t, \
            Sandbox() as sandbox, Home() as home:
        stand_ins(folder)
        home.setup(sandbox, numbers=0, quota=None)
        received(t, home, folder)
        given_up(t, home, folder)
        interrupted(t, home, folder)
        told_to_end(t, home, folder)
        hung_up(t, home, folder)
        too_large(t, home, folder)
        sent(t, home, folder)
        refused_in_tmux(t, home, folder)


if __name__ == "__main__":
    main()
