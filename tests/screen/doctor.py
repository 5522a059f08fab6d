#!/usr/bin/env python3
"""N67 on the screen: 检查连接 walks the hops, names the one at fault, and tells how to mend it.

How long a handshake takes is never the same, so the dumps are read, not compared."""
import contextlib
import os
import socket
import sqlite3

from screen import Screens


class Reading(Screens):
    def compare(self, file):
        with open(file, encoding="utf-8") as f:
            self.dumps[file.rsplit("/", 1)[1]] = f.read()

    def read(self, name, *script, **options):
        self.dumps = {}
        self.play(name, *script, **options)
        return self.dumps


def row(dump, label):
    """The row of the list with that label."""
    results = ("ok", "错误", "未查", "注意", "在查")
    return next((r for r in dump.split("\n") if label in r and any(w in r for w in results)), "")


class Silence:
    """Where the platform was, a port that takes the call and never says a word."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

    def take(self, home):
        with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
            at, = db.execute("SELECT connect_to FROM unit WHERE connect_to <> ''").fetchone()
        host, port = at.rsplit(":", 1)
        self.socket.bind((host, int(port)))
        self.socket.listen()


OPEN = """
    wait screen home
    key u
    wait screen units
    key d
    wait screen doctor
    sleep-until-idle
"""

with Reading(__file__) as s:
    for name, rows, cols in (("well", 24, 80), ("well-wide", 36, 120)):
        got = s.read(name, OPEN, """
            dump @
            key Down Enter
            wait screen read
            dump @-detail
            key Esc
            wait screen doctor
            key t
            sleep-until-idle
            dump @-again
        """, platform=True, rows=rows, cols=cols)
        page = got.get(name, "")
        passed = [row(page, w) for w in ("名称解析", "TCP 连接", "TLS 证书", "平台地址",
                                         "直连单位乐企ID", "密钥", "出口 IP", "能力")]
        s.ok(all("ok" in r for r in passed), "%s: each hop is passed" % name, page)
        s.ok("本机比税局" in row(page, "时钟") and "可以开票" in row(page, "风险"),
             "%s: with the clock and what the unit may" % name, page)
        s.ok("TCP 连接" in got.get(name + "-detail", ""), "%s: Enter tells of the hop" % name, got)
        s.same(got.get(name + "-again", "").count(" ok "), page.count(" ok "),
               "%s: t asks once more" % name, got)
    silence = Silence()
    got = s.read("asking", """
        wait screen home
        key u
        wait screen units
        key F9
        wait screen doctor
        wait state waiting
        wait text 名称解析
        dump @
    """, before=silence.take)
    silence.socket.close()
    page = got.get("asking", "")
    s.ok(all("正在查" in row(page, w) for w in ("名称解析", "TLS 证书", "密钥", "能力")),
         "while the hops are asked, each one says so", page)
    s.ok("没有等到结果" not in page and "未查" not in page, "and nothing was given up yet", page)
    got = s.read("down", OPEN, """
        wait text 连接不上
        dump @
        key Down Enter
        wait screen read
        dump @-mend
    """)
    page = got.get("down", "")
    s.ok("错误" in row(page, "TCP 连接") and "ok" in row(page, "名称解析"),
         "without the platform the port is at fault", page)
    s.ok(all("未查" in row(page, w) for w in ("TLS 证书", "平台地址", "密钥", "能力")),
         "and what lies behind it was not looked at", page)
    s.ok("处理" in got.get("down-mend", ""), "Enter tells what to do", got)
