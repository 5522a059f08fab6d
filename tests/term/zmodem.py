"""Uploading and downloading with the real rz and sz: the other ends run on our side of the line.

Where lrzsz is not installed there is nothing to try; rz.py and sz.py have stand-ins for it.
"""
import os
import select
import shutil
import subprocess
import tempfile
import time

import books
from kp import Home, Sandbox, Tap
from ptyterm import LIMIT, QUIT, Terminal

START, FINISH = b"**\x18B", b"**\x18B08"  # of headers: any, and ZFIN
F6, F7, F10 = b"\x1b[17~", b"\x1b[18~", b"\x1b[21~"


def program(*names):
    return next((p for p in map(shutil.which, names) if p), None)


RZ, SZ = program("rz", "lrz"), program("sz", "lsz")


def bytes_from(fd):
    try:
        return os.read(fd, 65536)
    except (BlockingIOError, OSError):
        return b""


def wait_for_header(near):
    seen, until = b"", time.monotonic() + LIMIT
    while START not in seen and time.monotonic() < until:
        select.select([near], [], [], 0.2)
        seen += bytes_from(near)
    return START in seen


def write_all(fd, data):
    while data:
        select.select([], [fd], [], 1)
        try:
            data = data[os.write(fd, data):]
        except BlockingIOError:
            pass


def bridge(near, argv, folder, takes=False):
    """Runs the other end of the transfer in folder until it ends; its exit status, None: no
    transfer began.  The first header is what makes a terminal program start it, and no more: each
    end says on its own what it is.  takes: it receives; its ZFIN is the last word, and what comes
    after it is the screen."""
    if not wait_for_header(near):
        return None
    other = subprocess.Popen(argv, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, bufsize=0)
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        for fd in select.select([near, other.stdout], [], [], 0.1)[0]:
            if fd is other.stdout:
                data = os.read(fd.fileno(), 65536)
                write_all(near, data)
                if takes and FINISH in data:
                    other.kill()
                    other.wait(LIMIT)
                    return 0
            elif other.poll() is None:
                data = bytes_from(near)
                try:
                    write_all(other.stdin.fileno(), data)
                except BrokenPipeError:
                    break
        if other.poll() is not None:
            write_all(near, other.stdout.read())
            break
    if other.poll() is None:
        other.kill()
    return other.wait(LIMIT)


def open_import(t, term):
    t.ok(term.wait("今天要办的事"), "the home screen")
    term.send(b"I")
    t.ok(term.wait("税收分类编码"), "what to import is asked")
    term.send(b"1")
    t.ok(term.wait("部分导入"), "the import page")


def upload(t, term, home, folder):
    """What is on the screen goes to the other end until that ends: then it is painted anew."""
    rows = [books.BUYER_HEADS] + [["真传公司%d" % i, books.tax_no(i)] + [""] * 7
                                  for i in range(2000)]
    path = books.workbook(os.path.join(folder, "客户 名单.xlsx"), ("客户信息", rows))
    start = len(term.text)
    term.send(F6)
    t.same(bridge(term.near, [SZ, "-b", path], folder), 0, "sz on the other side sends it all")
    t.ok(term.shows("客户 名单"), "the file is on the page", term.seen(start))
    term.send(F10)
    t.ok(term.wait("可以导入", start=start), "it is whole: its rows can be read", term.seen(start))
    term.send(F10)
    t.ok(term.wait("回车返回列表", start=start), "and imported", term.seen(start))
    t.same(home.run("buyers", "list")[1]["total"], 2000, "every row of it")


def download(t, term, folder):
    to = os.path.join(folder, "downloads")
    os.mkdir(to)
    start = len(term.text)
    term.send(F7)
    t.ok(term.wait("xlsx：有下拉选项", start=start), "a template is offered", term.seen(start))
    term.send(b"1")
    t.ok(term.wait("回车传到本机", start=start), "and can be sent", term.seen(start))
    term.send(b"\r")
    t.same(bridge(term.near, [RZ, "-b"], to, takes=True), 0, "rz on the other side takes it")
    t.ok(term.shows("已传到本机"), "what was sent is told", term.seen(start))
    got = [os.path.join(to, name) for name in os.listdir(to)]
    t.ok(len(got) == 1 and books.cells(got[0])[0][0].startswith("购方名称"), "whole", got)


def main():
    with tempfile.TemporaryDirectory(prefix="zmodem-") as folder, Tap() as t:
        if not RZ or not SZ:
            t.skip("uploading and downloading with lrzsz", "lrzsz is not installed")
            return
        with Sandbox() as sandbox, Home() as home:
            home.setup(sandbox, numbers=0, quota=None)
            env = home.environ({"LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "TMUX": None,
                                "STY": None, "TMPDIR": folder})
            for part in (lambda term: download(t, term, folder),
                         lambda term: upload(t, term, home, folder)):
                with Terminal(home.command([], as_json=False), env, control=True) as term:
                    open_import(t, term)
                    part(term)
                    term.send(QUIT)
                    t.same(term.ended(), 0, "the program ends well")


if __name__ == "__main__":
    main()
