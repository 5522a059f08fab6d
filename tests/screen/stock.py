#!/usr/bin/env python3
"""号码, 额度, 企业信息: what is known, asked of the tax side, and why something cannot be."""
import os
import sqlite3

from screen import Screens


def month_passed(home):
    """All that is known of the quota becomes that of the month before."""
    with sqlite3.connect(os.path.join(home.path, "kaipiao.db")) as db:
        for table in ("quota_month", "quota_entry"):
            db.execute("UPDATE %s SET month = '2025-12'" % table)
        db.execute("UPDATE quota_month SET start_date = NULL, end_date = NULL")


with Screens(__file__) as s:
    # A new month: its quota comes while the program is open, unasked.
    s.play("month", """
        wait screen home
        key e
        wait screen quota
        wait text 同步局端
        wait text 4,853,529.99
    """, platform=True, before=month_passed)
    s.play("numbers", "wait screen home", "key n", "wait screen numbers", "sleep-until-idle",
           "dump @")
    s.play("numbers-wide", "wait screen home", "key n", "wait screen numbers", "sleep-until-idle",
           "dump @", rows=36, cols=120)
    s.play("numbers-claim", """
        wait screen home
        key n
        wait screen numbers
        key a
        wait screen form-dialog
        dump claim-dialog
        key Ctrl-U
        type 100001
        key Enter Enter
        wait text 申领数量应为 1 至 100000 的整数
        key Up Ctrl-U
        type 60
        key Enter Enter
        wait text 领购发票：已完成
        wait text 148 份
        sleep-until-idle
        dump claimed
    """, platform=True)
    # What is typed takes the place of the offered 100.
    s.play("numbers-typed", """
        wait screen home
        key n
        wait screen numbers
        key a
        wait screen form-dialog
        type 45
        dump claim-typed
        key Enter Enter
        wait text 领购发票：已完成
        wait text 133 份
    """, platform=True)
    s.play("numbers-offline", """
        wait screen home
        key n
        wait screen numbers
        key a
        key Enter Enter
        wait text 连不上税局
        key a
        wait text 上一件还在办理
    """)
    s.play("numbers-auto", """
        wait screen home
        key n
        wait screen numbers
        key o
        wait screen form-dialog
        dump auto-dialog
        key Space Tab Ctrl-U
        type 20
        key Enter Enter Enter
        wait screen numbers
        wait text 关，
        sleep-until-idle
        dump auto-off
    """)
    s.play("numbers-filter", """
        wait screen home
        key n
        wait screen numbers
        key F3
        type 2026-01-21
        key Enter
        wait state empty
        dump numbers-none
    """)
    s.play("quota", "wait screen home", "key e", "wait screen quota", "sleep-until-idle", "dump @")
    s.play("quota-wide", "wait screen home", "key e", "wait screen quota", "sleep-until-idle",
           "dump @", rows=36, cols=120)
    s.play("quota-pages", """
        wait screen home
        key e
        wait screen quota
        key PgDn
        wait text PgUp
        dump quota-page-2
        key PgUp
        wait text PgDn
    """)
    s.play("quota-move", """
        wait screen home
        key e
        wait screen quota
        key d
        wait screen form-dialog
        dump download-dialog
        type 5000000.01
        key Enter Enter
        wait text 超过本月局端可用额度
        key Up Ctrl-U
        type 100,000.50
        key Enter Enter
        wait text 下载额度：已完成
        wait state ready
        sleep-until-idle
        dump downloaded
        key b
        wait screen form-dialog
        dump return-dialog
        type 1.00
        key Enter Enter
        wait text 退回额度：已完成
        wait state ready
        key s
        wait text 同步局端额度：已完成
        key m
        wait screen form-dialog
        key Enter Enter
        wait text 调整有效期：已完成
    """, platform=True)
    s.play("quota-bad", """
        wait screen home
        key e
        key d
        type 0
        key Enter Enter
        wait text 应大于 0
        dump quota-bad
    """)
    s.play("taxpayer", """
        wait screen home
        key t
        wait screen taxpayer
        sleep-until-idle
        dump taxpayer
        key PgDn
        dump taxpayer-below
        key End
        dump taxpayer-end
        key Home Up
    """)
    s.play("taxpayer-wide", "wait screen home", "key t", "wait screen taxpayer", "sleep-until-idle",
           "dump @", rows=36, cols=120)
    s.play("taxpayer-sync", """
        wait screen home
        key t
        wait screen taxpayer
        key s
        wait text 同步税局信息：已完成
        sleep-until-idle
        dump taxpayer-synced
    """, platform=True)
