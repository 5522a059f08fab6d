#!/usr/bin/env python3
"""开票记录: list, filter, marks, detail, preview, copying."""
from screen import Screens

with Screens(__file__) as s:
    s.play("list", "wait screen home", "key i", "wait screen invoices", "sleep-until-idle",
           "dump @")
    s.play("list-wide", "wait screen home", "key i", "wait screen invoices", "sleep-until-idle",
           "dump @", rows=36, cols=120)
    s.play("list-low", "wait screen home", "key i", "wait screen invoices", "sleep-until-idle",
           "dump @", "key F3", "dump list-low-filter", rows=16, cols=60)
    s.play("filter", """
        wait screen home
        key F3
        wait screen invoices
        key F3
        wait state filtering
        dump filter-open
        dump-cursor filter-caret
        key Tab Tab Space Space
        key Enter
        wait state listed
        sleep-until-idle
        dump filter-special
        key F3
        key Shift-Tab Shift-Tab
        type 2026-13-01
        key Enter
        dump filter-wrong-date
        key Esc
        key Ctrl-U
        wait text 共 12 条
        key /
        key Tab Tab Tab Tab
        type 茶业
        key Enter
        wait text 共 1 条
        sleep-until-idle
        dump filter-buyer
        key F3 Ctrl-U
        type nothing
        key Enter
        wait state empty
        sleep-until-idle
        dump filter-empty
    """)
    s.play("filter-search", """
        wait screen home
        key i
        wait screen invoices
        key F3 Tab Tab Tab Tab Tab Tab
        type 000012
        key Enter
        wait text 共 1 条
        key F3 Ctrl-U Tab Tab
        type 8837.16
        key Tab
        type 1
        key Enter
        dump filter-wrong-amount
        key Ctrl-U
        type 8837.16
        key Enter
        wait text 共 1 条
        sleep-until-idle
        dump filter-amount
        key F3 Ctrl-U Tab
        key Shift-Tab Shift-Tab Ctrl-U
        key Down Tab Tab
        key Esc
        key Ctrl-U
        wait text 共 12 条
        key F3 Shift-Tab Shift-Tab Shift-Tab
        type 杭州 ＳＡＭＰＬＥ
        key Enter
        sleep-until-idle
        dump filter-text
    """)
    s.play("filter-survives-detail", """
        wait screen home
        key i
        wait screen invoices
        key F3 Tab Tab Tab Tab
        type 茶业
        key Enter
        wait text 共 1 条
        key Enter
        wait screen invoice
        key Esc
        wait screen invoices
        wait text 共 1 条
        wait text 茶业
    """)
    # Fields that do not fit beside each other stand below each other, whole.
    s.play("filter-narrow", "wait screen home", "key i", "wait screen invoices",
           "sleep-until-idle", "dump @", "key F3 Down Down Down", "type 2644",
           "dump filter-narrow-last", rows=20, cols=60)
    s.play("marks", """
        wait screen home
        key i
        wait screen invoices
        key Space Space
        wait text 已勾选 2 条
        sleep-until-idle
        dump marks
        key t
        wait screen ask
        dump marks-retry
        key Enter
        wait screen invoices
    """)
    s.play("detail", """
        wait screen home
        key i
        wait screen invoices
        key Down Enter
        wait screen invoice
        sleep-until-idle
        dump detail
        key Right Right Right
        dump detail-right
        key End
        dump detail-end
        key p
        wait screen face
        dump detail-preview
        key Esc Esc
        wait screen invoices
        key v
        wait screen invoice
    """)
    s.play("detail-wide", "wait screen home", "key i", "wait screen invoices", "key Enter",
           "wait screen invoice", "sleep-until-idle", "dump @", rows=36, cols=120)
    s.play("not-now", """
        wait screen home
        key i
        wait screen invoices
        key t
        wait text 只有开票失败
        key x
        wait text 只有开票失败的发票和草稿
        dump not-now
        key Z
        dump not-now-wrong-key
    """)
    s.play("copy", """
        wait screen home
        key i
        wait screen invoices
        key e
        wait screen blue
        wait text 江城市第三中学
        key Esc
        key Esc
    """)
    s.play("archive", """
        wait screen home
        key i
        wait screen invoices
        key Space Space
        key d
        wait screen archive
        dump archive
        key F10
        wait screen saved
        wait text 2 张发票，6 个文件
        key Esc
        wait screen invoices
        key D
        wait screen archive
        key Space Down
        key Ctrl-U
        type 2026-13
        key F10
        wait text 月份：写成
        key Ctrl-U
        type 2020-01
        key F10
        wait text 没有符合条件的发票
    """)
    s.play("events", """
        wait screen home
        key i
        wait screen invoices
        key o
        wait screen read
        wait text 受理流水号
        wait text 开票成功
        key Esc
        key Enter
        wait screen invoice
        key o
        wait screen read
        wait text 上传
    """)
    s.play("books", """
        wait screen home
        key i
        wait screen invoices
        key Space Space
        key E
        wait screen export
        wait text 勾选的 2 行
        key F10
        wait screen saved
        wait text 已导出 2 行
    """)
    s.play("several", """
        wait screen home
        key i
        wait screen invoices
        key Space Space t
        wait screen ask
        key Left Enter
        wait screen read
        wait text 没有
        wait text 只有开票失败的发票
        sleep-until-idle
        dump several
    """)
    s.play("download", "wait screen home", "key i", "wait screen invoices", "key d",
           "wait screen download", "key Esc", "wait screen invoices")
