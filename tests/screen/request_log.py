#!/usr/bin/env python3
"""乐企请求日志 (features F8, F9): six conditions, one record whole, its export, its explanation."""
import os
import sqlite3

from screen import Screens


def same_figures(home):
    """What differs from run to run."""
    db = sqlite3.connect(home.path + "/kaipiao.db")
    db.execute("UPDATE request_log SET took_ms = 7, at_ms = 1768875667000 + id, request_id ="
               " CASE request_id WHEN '' THEN '' ELSE 'e3b042deb41' || printf('%05d', id) END")
    db.commit()
    db.close()


def refused(home):
    """A call that the platform refuses, with its own words."""
    s.sandbox.faults(error={"service": "CXNSRJBXX", "code": "4032",
                            "message": "使用单位未授权此能力"})
    home.run("taxpayer", "sync")
    s.sandbox.faults()
    same_figures(home)


def several(home):
    home.run("unit", "add", "--role", "using", "--name", "广州开票练习贸易有限公司", "--taxno",
             "91440101MAKP00031C", "--direct", "91440000MAKP00014G", "--leqi-id",
             "c0ffee00c0ffee00c0ff", check=0)


def exported(home):
    path = os.path.join(home.path, "files", "乐企请求日志-3.txt")
    s.ok(os.path.exists(path), "the record is a file", os.listdir(home.path))
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        s.ok(text.startswith("乐企请求日志 第 3 号\n") and "【请求】" in text and "【应答】" in text,
             "which can be read", text)
        s.ok(os.stat(path).st_mode & 0o777 == 0o600, "by its owner alone")


with Screens(__file__, prepare=same_figures) as s:
    # F8: of several units each call says whose it was.
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("several" + size, """
            wait screen home
            key L
            wait screen log
            wait text 上传发票
            sleep-until-idle
            dump @
        """, before=several, rows=rows, cols=cols)
    s.play("list", """
        wait screen home
        key L
        wait screen log
        wait text 上传发票
        sleep-until-idle
        dump list
        key F3
        dump filter
        key Tab Tab Space
        key Enter
        wait text 数电领购
        wait text 共 1 条
        key c
        wait text 上传发票
        key F3 Tab Tab Tab Space
        key Enter
        wait state empty
        dump none-failed
        key F11
        wait text 没有要解释的失败
    """)
    s.play("words", """
        wait screen home
        key L
        wait screen log
        key F3 Shift-Tab
        type 没有这几个字
        key Enter
        wait state empty
        key F3 Ctrl-U
        type SCFXsj
        key Enter
        wait state empty
        key F3 Ctrl-U
        type 91440300MAKP00022T
        key Enter
        wait text 数电领购
        wait no-text 查询可用税率
        dump words
        key F3 Ctrl-U Shift-Tab
        type 1
        key Enter
        wait text 共 1 条
        wait text 查询基本信息
        key F3 Ctrl-U Shift-Tab
        type 没有这个税号
        key Enter
        wait text 没有税号为
        dump no-such-unit
    """)
    s.play("record", """
        wait screen home
        key L
        wait screen log
        key F3 Tab Tab Space Space
        key Enter
        wait text 查询授信额度
        key Enter
        wait screen read
        dump record
        key G
        dump record-end
        key Esc
        key c
        wait text 上传发票
        key G
        key Up Up
        key F6
        wait screen saved
        wait text 取回
    """, after=exported)
    s.play("refused", """
        wait screen home
        key L
        wait screen log
        wait text 配置不符
        sleep-until-idle
        dump refused
        key F11
        wait screen read
        wait text 能力中心授权基础开票能力
        dump refused-explained
        key Esc
        key Enter
        wait screen read
        wait text 4032
        key !
        wait text 处理：
    """, platform=True, before=refused)
    s.play("wide", """
        wait screen home
        key L
        wait screen log
        wait text 上传发票
        sleep-until-idle
        dump wide
        key F3
        dump wide-filter
        key Esc
        key Enter
        wait screen read
        dump wide-record
    """, rows=36, cols=120)
