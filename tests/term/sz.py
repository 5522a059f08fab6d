"""Sending files with sz: offered outside a multiplexer, the screen given away and taken back.

The sz on the PATH is a stand-in that notes what it was given and what the terminal was like.
"""
import os
import tempfile
import time

from kp import Home, Sandbox, Tap, invoice
from ptyterm import LIMIT, QUIT, REPAINT, Terminal
from tmuxlab import poll

STAND_IN = """#!/bin/sh
printf '%s\\n' "$@" > "$SZ_LOG"
stty -a >> "$SZ_LOG"
printf 'SZ IS HERE'
exit ${SZ_EXIT:-0}
"""


def stand_in(folder):
    path = os.path.join(folder, "sz")
    with open(path, "w", encoding="ascii") as file:
        file.write(STAND_IN)
    os.chmod(path, 0o755)


def to_saved(t, term, folder):
    """From the home screen to the sheet of the saved files."""
    t.ok(term.wait("今天要办的事"), "the home screen")
    term.send(b"i")
    t.ok(term.wait("晴川"), "the invoice stands in 开票记录", term.seen(-3000))
    term.send(b"\r")
    t.ok(term.wait("开票成功", "下载"), "its detail", term.seen(-3000))
    start = len(term.text)
    term.send(b"d")
    t.ok(term.wait("在目录上回车保存", start=start), "the download dialog", term.seen(start))
    term.send(b"\t")
    term.send(b"\r")
    t.ok(term.wait("已保存到", start=start), "the files are saved", term.seen(start))


def sent(t, home, folder, status):
    log = os.path.join(folder, "log")
    env = home.environ({"PATH": folder + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                        "TERM": "xterm-256color", "TMUX": None, "STY": None,
                        "SZ_LOG": log, "SZ_EXIT": str(status)})
    with Terminal(home.command([], as_json=False), env) as term:
        to_saved(t, term, folder)
        t.ok(term.wait("回车用 sz 传到本机"), "sz is offered", term.seen(-2000))
        start = len(term.text)
        term.send(b"\r")
        t.ok(term.wait("SZ IS HERE", start=start), "sz has the terminal", term.seen(start))
        raw = term.text[start:]
        t.ok("\x1b[?2004l" in raw[:raw.index("SZ IS HERE")], "paste mode is off meanwhile")
        with open(log, encoding="utf-8") as file:
            noted = file.read()
        files = [line for line in noted.splitlines() if line.endswith((".pdf", ".ofd", ".xml"))]
        t.ok(files and all(os.path.exists(f) for f in files), "with files that exist", noted)
        t.ok(" icanon" in noted and " echo " in noted, "in an ordinary terminal mode", noted)
        after = len(term.text)
        term.send(REPAINT)
        t.ok(term.wait("下载" if status else "开票", start=after), "the screen comes back")
        if status:
            t.ok(term.wait("sz 没有完成"), "and says that it failed", term.seen(start))
        closed = len(term.text)
        term.send(b"\x1b")
        t.ok(poll(lambda: term.read() or len(term.text) > closed, LIMIT), "the dialog closes")
        time.sleep(0.3)  # an Esc by itself, whatever else was being sent
        term.send(QUIT)
        t.same(term.ended(), 0, "the program ends well")


def refused_in_tmux(t, home, folder):
    env = home.environ({"PATH": folder + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                        "TERM": "xterm-256color", "TMUX": "/nowhere,1,0"})
    with Terminal(home.command([], as_json=False), env) as term:
        to_saved(t, term, folder)
        t.ok(term.wait("scp "), "inside a multiplexer a scp line is ready", term.seen(-2000))
        t.ok("回车用 sz" not in term.seen(0), "and sz is not offered")


def main():
    with tempfile.TemporaryDirectory(prefix="sz-") as folder, Tap() as t, \
            Sandbox() as sandbox, Home() as home:
        stand_in(folder)
        home.setup(sandbox)
        home.run("blue", "issue", home.file(invoice("SZ-1")), check=0)
        sent(t, home, folder, 0)
        sent(t, home, folder, 1)
        refused_in_tmux(t, home, folder)


if __name__ == "__main__":
    main()
