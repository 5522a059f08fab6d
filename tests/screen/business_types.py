#!/usr/bin/env python3
"""业务类型: list, add, edit, detail, remove; chosen in the blue invoice and in the records."""
import kp
from screen import Screens
from steps import BLUE


def types(home):
    """Three types, one of them used by an issued invoice."""
    home.run("types", "add", "--name", "零售业务", "--note", "门店零售", check=0)
    home.run("types", "add", "--name", "批发", check=0)
    home.run("types", "add", "--name", "会员服务", "--note", "年费和充值", check=0)
    home.run("blue", "issue", home.file(kp.invoice("TYPE-1", business_type="零售业务")), check=0)


OPEN = """
    wait screen home
    key y
    wait screen types
    wait state listed
    sleep-until-idle
"""
FILTER = """
    wait screen home
    key i
    wait screen invoices
    key F3
    wait state filtering
    key Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab
"""

with Screens(__file__, prepare=types) as s:
    s.play("list", OPEN, "dump @")
    s.play("list-wide", OPEN, "dump @", rows=36, cols=120)
    s.play("list-low", OPEN, "dump @", rows=16, cols=60)
    s.play("find", OPEN, """
        key F3
        wait state filtering
        type 务
        dump find-open
        dump-cursor find-open-caret
        key Enter
        wait text 共 2 条
        dump find
        key F3 Ctrl-U
        type 没有
        key Enter
        wait state empty
        dump find-nothing
        key c
        wait text 共 3 条
    """)
    s.play("add", OPEN, """
        key a
        wait screen form-dialog
        dump add-empty
        dump-cursor add-empty-caret
        type 零售业务
        key Enter
        type 说明
        wait text 8/50
        wait text 4/60
        dump add-typed
        key Enter Enter
        wait text 已经有了
        dump add-taken
        key Ctrl-U
        type 一二三四五六七八九十一二三四五六七八九十一二三四五六
        wait text 52/50
        key Enter Shift-Tab
        wait text 有 52 字节，最多 50 字节
        dump add-long
        key End Backspace
        wait text 50/50
        key F10
        wait screen types
        wait text 共 4 条
        dump add-done
    """)
    s.play("add-given-up", OPEN, """
        key a
        wait screen form-dialog
        type 临时
        key Esc
        wait text 再按一次
        key Esc
        wait screen types
        wait text 共 3 条
    """)
    s.play("edit", OPEN, """
        key e
        wait screen form-dialog
        dump edit-open
        key Ctrl-U
        type 年卡
        key Enter Enter Enter
        wait screen types
        wait text 年卡
        dump edit-done
    """)
    s.play("copy-row", OPEN, """
        key o
        wait screen form-dialog
        wait text 新增业务类型
        wait text 年费和充值
        key End
        type 乙
        key Enter Enter Enter
        wait screen types
        wait text 会员服务乙
    """)
    s.play("detail", OPEN, """
        key Enter
        wait screen read
        dump detail
        type zzz
        key F10
        dump detail-typed
        key Esc
        wait screen types
    """)
    s.play("detail-wide", OPEN, "key Enter", "wait screen read", "dump @", rows=36, cols=120)
    s.play("remove", OPEN, """
        key x
        wait screen ask
        dump remove-ask
        key Enter
        wait screen types
        wait text 共 3 条
        key x
        wait screen ask
        key y
        wait text 共 2 条
        dump remove-done
    """)
    # What is used stays, and says so before it asks.
    s.play("remove-used", OPEN, """
        key Down Down x
        wait text 不能删除
        wait screen types
        dump @
    """)
    s.play("history", OPEN, """
        key Down Down t
        wait screen invoices
        wait text 共 1 条
        sleep-until-idle
        dump @
    """)
    s.play("none", "wait screen home", "key y", "wait screen types", "wait state empty",
           "sleep-until-idle", "dump @", before=lambda home: kp.sql(
               home.path + "/kaipiao.db", "UPDATE business_type SET removed_at = 1"))
    s.play("viewer", OPEN, """
        key a
        wait text 无权限
        wait screen types
        key e
        wait screen types
        key Enter
        wait screen read
    """, before=lambda home: kp.sql(home.path + "/kaipiao.db",
                                    "UPDATE app_user SET role = 'viewer'"))

    # A copy has the present name of its type; the list finds it by that.
    s.play("renamed", OPEN, """
        key Down Down t
        wait screen invoices
        wait text 共 1 条
        wait text 门店
        key e
        wait screen blue
        wait text 113.00
        dump @
    """, before=lambda home: home.run("types", "edit", "零售业务", "--name", "门店", check=0))

    # ---- in the blue invoice
    s.play("blue-default", BLUE, "wait text 零售业务", "dump @")
    s.play("blue-words", BLUE, """
        key Shift-Tab Shift-Tab Ctrl-U
        type hyf
        wait text 年费和充值
        dump blue-words
        key Enter
        wait text 会员服务
        key Tab
        dump blue-taken
    """)
    s.play("blue-unknown", BLUE, """
        key Shift-Tab Shift-Tab Ctrl-U
        type 没有的
        key Tab
        wait text 本单位没有
        dump @
    """)
    s.play("blue-picker", BLUE, """
        key Shift-Tab Shift-Tab
        key F4
        wait screen picker
        dump blue-picker
        type pf
        wait no-text 会员服务
        dump blue-picker-found
        key Enter
        wait screen blue
        wait text 批发
    """)
    s.play("blue-new", BLUE, """
        key Shift-Tab Shift-Tab
        key F4
        wait screen picker
        type 展会
        wait text 新增这个业务类型
        dump blue-new-picker
        key Enter
        wait screen form-dialog
        dump blue-new-form
        key Enter Enter Enter
        wait screen blue
        wait text 展会
        dump blue-new-done
    """, after=lambda home: s.same(home.run("types", "list", "--find", "展会")[1]["total"], 1,
                                   "the new type is stored"))

    # ---- in the records
    s.play("records", FILTER, """
        dump records-filter
        type 零售
        wait text 门店零售
        dump records-words
        key Enter Enter
        wait text 共 1 条
        sleep-until-idle
        dump records-found
        key Enter
        wait screen invoice
        wait text 业务类型 零售业务
        sleep-until-idle
        dump records-detail
    """)
    s.play("records-picker", FILTER, """
        key F4
        wait screen picker
        dump records-picker
        key Enter
        wait screen invoices
        wait text 零售业务
        key Enter
        wait text 共 1 条
    """)
    s.play("records-unknown", FILTER, """
        type 没有的
        key Enter
        wait text 没有“没有的”
        dump @
    """)
