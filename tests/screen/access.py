#!/usr/bin/env python3
"""开票员, 开票安全验证 and 接入条件 on the screen (B1 to B4, B11, B12, B14, B17)."""
from screen import Screens

UNITS = """
    wait screen home
    key u
    wait screen units
    sleep-until-idle
"""
UNIT = "91440300MAKP00022T"


def joined(home):
    home.run("drawers", "add", "--name", "林小满", "--id-no", "110105194912310029", check=0)
    home.run("drawers", "add", "--name", "周会计", "--id-type", "208", "--id-no", "E12345678",
             "--state", "waiting", check=0)


def soon(home):
    home.run("unit", "safety", UNIT, "2026-02-07", check=0)


def over(home):
    home.run("unit", "safety", UNIT, "2026-01-01", check=0)


with Screens(__file__) as s:
    s.play("drawers", UNITS, """
        key n
        wait screen drawers
        sleep-until-idle
        dump @
        key a
        wait screen form-dialog
        type 练习员
        key Tab
        key Tab
        type 11010519491231002X
        dump drawers-add
        key F10
        wait text 已登记
        sleep-until-idle
        dump drawers-one
        key e
        wait screen form-dialog
        key Tab
        key Ctrl-U
        type 月球护照
        key F10
        wait text 没有这种证件类型
        dump drawers-refused
        key Esc Esc
        sleep-until-idle
        key x
        wait screen ask
        dump drawers-remove
        key Left Enter
        wait text 已移除
    """)
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("registered" + size, UNITS, """
            key n
            wait screen drawers
            sleep-until-idle
            dump @
        """, before=joined, rows=rows, cols=cols)
        s.play("terms" + size, UNITS, """
            key i
            wait screen eligibility
            sleep-until-idle
            dump @
        """, rows=rows, cols=cols)
    # Chosen on the form: only who is bound.
    s.play("pick", """
        wait screen home
        key F10
        wait screen blue
        sleep-until-idle
        key Down Down Down Down Down Down Down
        key Ctrl-U
        key F4
        wait screen picker
        sleep-until-idle
        dump @
        key Enter
        wait text 林小满
        sleep-until-idle
        dump picked
    """, before=joined)
    s.play("answered", UNITS, """
        key i
        wait screen eligibility
        key e
        wait screen form-dialog
        key Right Tab
        type 自建商城结算
        dump answer
        key F10
        wait text 第 1 项已记下
        sleep-until-idle
        key Down e
        wait screen form-dialog
        dump exempt
        key Esc
        key Down e
        wait text 由税局的风险信息决定
        key Up Up Enter
        wait screen read
        dump answered
    """)
    s.play("safety", UNITS, """
        key m
        wait text 开票安全验证是使用单位的
        key Down m
        wait screen form-dialog
        type 2099-12-31
        dump @
        key F10
        wait text 已登记
        sleep-until-idle
        key m
        wait text 2099-12-31
        key Ctrl-U F10
        wait text 已取消
    """)
    s.play("soon", "wait screen home\nsleep-until-idle\ndump @\n", before=soon)
    s.play("over", """
        wait screen home
        sleep-until-idle
        dump @
    """, before=over)
