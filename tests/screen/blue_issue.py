#!/usr/bin/env python3
"""开具: the last look, success, files, preview, and what happens when the tax side does not play."""
import os
import sqlite3
import threading
import time

from screen import Screens
from steps import BLUE, BUYER, LAPTOPS

READY = BLUE + BUYER + LAPTOPS
ISSUE = """
    key F10
    wait screen issue
    key F10
"""
s = Screens(__file__)


def faults(**switches):
    """Before a script: a quick engine and a platform with these faults."""
    def before(home):
        home.quick()
        s.sandbox.faults(**switches)
    return before


def writing(home):
    """Somebody writes for long, as an import of very many rows does, and again once a draft has
    found its way between."""
    holds = threading.Event()

    def count(db):
        return db.execute("SELECT MAX(id) FROM form_state").fetchone()[0]

    def write():
        db = sqlite3.connect(os.path.join(home.path, "kaipiao.db"), isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        before = count(db)
        holds.set()
        time.sleep(8)
        db.execute("ROLLBACK")
        while count(db) == before:
            time.sleep(0.001)
        db.execute("BEGIN IMMEDIATE")
        time.sleep(5)
        db.execute("ROLLBACK")
        db.close()

    home.quick()
    threading.Thread(target=write).start()
    holds.wait()


def issued_once(home):
    code, doc, err = home.run("invoices", "list", "--buyer", "晴川")
    rows = doc["rows"] if code == 0 else []
    s.ok(code == 0 and sum(r["gross"] == "10598.00" for r in rows) == 1, "it is issued once", doc,
         err)
    s.ok(home.audit_clean(), "every number is accounted for")


def three_files(home):
    found = sorted(os.path.splitext(f)[1] for f in os.listdir(os.path.join(home.path, "mine")))
    s.same(found, [".ofd", ".pdf", ".xml"], "the three files are there")


with s:
    # Nobody is refused for an import that is being written: it goes on by itself.
    s.play("late", READY, """
        key F10
        wait text 正在写入，等它写完就核对开具
        wait screen issue
    """, "key Right Left\n" * 100, """
        key F10
        wait text 正在等导入写完
        wait text 写完后自动开具
        dump @
        wait text 开票成功
    """, platform=True, before=writing, after=issued_once)
    s.play("confirm", READY, """
        key F10
        wait screen issue
        dump @
        dump-cursor confirm-caret
        key Enter
        wait screen blue
        wait text 10,598.00
        key F10
        wait screen issue
        key Right
        dump confirm-second-button
        key Esc
        wait screen blue
        key F10
        wait screen issue
        key F1
        wait screen help
        dump confirm-help
    """)
    s.play("confirm-wide", READY, "key F10", "wait screen issue", "dump @", rows=36, cols=120)
    s.play("confirm-low", READY, "resize 16 60", "key F10", "wait screen issue", "dump @")
    s.play("success", READY, ISSUE, """
        wait state issued
        sleep-until-idle
        dump @
        dump-cursor success-caret
        key Right Right
        dump success-third-button
        key Enter
        wait screen read
        dump success-preview
        key Esc
        wait screen issue
        key n
        wait screen blue
        sleep-until-idle
        dump success-again
        key F7
        wait state empty
    """, platform=True, after=issued_once)
    s.play("success-wide", READY, ISSUE, """
        wait state issued
        sleep-until-idle
        dump @
        key p
        wait screen read
        dump success-wide-preview
    """, platform=True, rows=36, cols=120)
    s.play("kind-is-kept", """
        wait screen home
        key F10
        wait screen blue
        sleep-until-idle
        key Shift-Tab Shift-Tab Shift-Tab Shift-Tab Space Tab Space Tab Tab Tab
        type szsqc
        key Enter
        type bjbdn
        key Enter
        type 1
        key Enter Enter Enter Enter
        wait text 4,689.38
    """, ISSUE, """
        wait state issued
        key Enter
        wait screen blue
        wait text <数电专票>
        wait text <不含税>
        wait text 明细 0 行
        dump @
    """, platform=True)
    s.play("files", READY, ISSUE, """
        wait state issued
        sleep-until-idle
        key d
        wait screen download
        dump @
        key Left
        wait text <全部
        key Tab
        key Ctrl-U
        key Enter
        dump files-no-folder
        type home/mine
        key Enter
        wait state saved
        wait text 已保存 3 个文件
        wait text scp '
        key Enter
        wait screen issue
    """, platform=True, after=three_files)
    s.play("offline", READY, ISSUE, """
        wait state numbered
        wait text 连接不上对方端口
        dump @
        key Enter
        wait screen blue
        dump offline-next
        key Esc
        wait screen home
    """, before=None)
    s.play("down-and-back", READY, ISSUE, """
        wait text 现在连不上税局
        wait state issued
        sleep-until-idle
        dump @
    """, platform=True, before=faults(refuse={"times": 6}), after=issued_once)
    s.play("lost-reply", READY, ISSUE, """
        wait state issued
        wait text 开票成功
        sleep-until-idle
        dump @
    """, platform=True, before=faults(drop_reply={"service": "QDFPSC", "times": 1}),
        after=issued_once)
    s.play("failed", READY, ISSUE, """
        wait state failed
        sleep-until-idle
        dump @
        key t
        wait state issued
        wait text 开票成功
    """, platform=True, before=faults(fail_result={"text": "购买方信息有误", "times": 1}),
        after=issued_once)
    s.play("slow", READY, ISSUE, """
        wait state accepted
        wait text 上传中（税局已受理）
        wait text 正在等税局的结果。
        key n
        wait screen blue
        wait text 在途 1
        key Esc
        wait screen home
    """, platform=True, before=faults(keep_processing={"value": 30}))
