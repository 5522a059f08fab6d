#!/usr/bin/env python3
"""授信额度: 暂停赋额 over the page (G42), the two switches (G37), the interval that has ended and the key
that mends it where it is met (G35), the yuan out and in (N65), 待核对; the
path of the manuals (G39)."""
import os
import sqlite3

from screen import Screens
from steps import BLUE, BUYER, LAPTOPS

s = Screens(__file__)
READY = BLUE + BUYER + LAPTOPS + """
    key F10
    wait screen issue
    sleep-until-idle
"""


def change(home, *statements):
    with sqlite3.connect(os.path.join(home.path, "kaipiao.db")) as db:
        for statement in statements:
            db.execute(statement)


def alone(home):
    """Nothing is done by the calendar."""
    home.quick()


def over(home):
    alone(home)
    change(home, "UPDATE quota_month SET end_date = '2026-01-15'")


def last_day(home):
    alone(home)
    change(home, "UPDATE quota_month SET end_date = '2026-01-20'")


def over_and_stuck(home):
    over(home)
    s.sandbox.faults(stuck_interval={})
    # the platform's interval has ended, too
    with sqlite3.connect(os.path.join(os.path.dirname(home.path), "home", "practice",
                                      "sandbox.db")) as db:
        db.execute("UPDATE quota SET day_to = '20260115'")



def paused(home):
    alone(home)
    change(home, "UPDATE quota_month SET paused = 1")


def unsure(home):
    paused(home)
    change(home, "UPDATE quota_month SET unsure = 10000")


with s:
    for rows, cols, name in ((24, 80, ""), (36, 120, "-wide")):
        s.play("paused" + name, """
            wait screen home
            key e
            wait screen quota
            sleep-until-idle
            dump @
            key d
            wait text 税局已暂停赋额
        """, before=paused, rows=rows, cols=cols)
        s.play("over" + name, """
            wait screen home
            key e
            wait screen quota
            sleep-until-idle
            dump @
        """, before=over, rows=rows, cols=cols)
    # G35: the last day is part of the interval.
    s.play("last-day", """
        wait screen home
        key e
        wait screen quota
        sleep-until-idle
        wait text 至 2026-01-20
        wait no-text 已过期
    """, before=last_day)
    # G39: 基础资料→乐企相关→授信额度管理, typed as it is known; both movements are there.
    s.play("path", """
        wait screen home
        key Ctrl-P
        wait screen palette
        type 基础资料→乐企相关→授信额度管理
        wait text 授信额度
        wait no-text 请求日志
        key Enter
        wait screen quota
        key b
        wait screen form-dialog
        wait text 退回额度
        key Esc
        key m
        wait text 调整有效期
        key Esc
        key H
        wait screen home
        key Ctrl-P
        type 数电设置→数电领购管理
        key Enter
        wait screen numbers
        key H
        wait screen home
        key Ctrl-P
        type 开票管理→发票数据上报税局→乐企汇总确认
        key Enter
        wait screen summary
        key H
        wait screen home
        key Ctrl-P
        type 基础资料→乐企相关→乐企请求日志
        key Enter
        wait screen log
    """, platform=True, before=alone)
    s.play("unsure", """
        wait screen home
        key e
        wait screen quota
        wait text 离线
        dump @
    """, before=unsure)
    s.play("automatic", """
        wait screen home
        key e
        wait screen quota
        key o
        wait screen form-dialog
        dump automatic-dialog
        key Space Tab Tab
        type 3000000
        key Enter Space Enter Enter
        wait screen quota
        wait text 自动办理设置已保存
        sleep-until-idle
        dump automatic-off
        key o
        wait screen form-dialog
        dump automatic-again
    """, before=alone)
    # Before issuing: the interval has ended, m mends it, and it is issued.
    s.play("mended", READY, """
        dump before-issuing
        key m
        wait text 调整有效期：已完成
        sleep-until-idle
        dump adjusted
        key F10
        wait state issued
    """, before=over, platform=True)
    s.play("paused-issue", READY, "dump before-issuing-paused", before=paused)
    # Issued all the same: refused with the sentence, and from there m leads back to the last look.
    s.play("refused", READY, """
        key F10
        wait state refused
        sleep-until-idle
        dump refused
        key m
        wait state confirm
        wait text 调整有效期：已完成
        key F10
        wait state issued
    """, before=over, platform=True)
    s.play("yuan", """
        wait screen home
        key e
        wait screen quota
        wait text 已过期
        key y
        wait screen ask
        dump yuan-asked
        key Left Enter
        wait text 更新使用区间：已完成
        wait text 2026-01-31
        sleep-until-idle
        dump yuan
        key s
        wait text 同步局端额度：已完成，无变化
    """, before=over_and_stuck, platform=True)
