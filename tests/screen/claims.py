#!/usr/bin/env python3
"""数电领购: for whom, a part that was refused, going on with c, one segment (G11, G14, G17)."""
from screen import Screens


def third_refused(home):
    """Two pieces come, the third is refused once."""
    s.sandbox.faults(error={"service": "QDFPPLFM", "skip": 2, "times": 1, "text": "4033",
                            "message": "本月领用数量已达上限"})


def second_unit(home):
    other = s.sandbox.usings[-1]["tax_no"]
    home.add_using(s.sandbox, s.sandbox.usings[-1], check=0)
    home.run("unit", "verify", other, check=0)
    home.run("--unit", other, "numbers", "auto", "off", check=0)
    # An explicit unit is the next default: the first one, as the screens begin.
    home.run("--unit", s.sandbox.using["tax_no"], "numbers", "list", check=0)


def claimed(home):
    other = s.sandbox.usings[-1]
    rows = home.run("--unit", other["tax_no"], "numbers", "list")[1]["rows"]
    s.same([(r["seller"], r["count"]) for r in rows], [(other["name"], 60)],
           "G11 the numbers are those of the unit that was chosen")


SCRIPT = """
    wait screen home
    key n
    wait screen numbers
    key c
    wait text 没有可以继续的领购
    key a
    wait screen form-dialog
    key Ctrl-U
    type 12000
    key Enter Enter
    wait text 成功 10000 / 失败 2000, 可继续
    sleep-until-idle
    dump part%s
    key c
    wait screen ask
    wait text 向税局再领没有领到的 2000 份
    key Esc
    wait screen numbers
    wait text 成功 10000 / 失败 2000, 可继续
    key c
    wait screen ask
    key Enter
    wait text 继续领购：已完成
    sleep-until-idle
    dump done%s
    key c
    wait text 没有可以继续的领购
"""

with Screens(__file__) as s:
    for suffix, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("claim" + suffix, SCRIPT % (suffix, suffix), rows=rows, cols=cols,
               platform=True, before=third_refused)
    # Of several: the one chosen in the dialog, and the screen goes over to it.
    s.play("seller", """
        wait screen home
        key n
        wait screen numbers
        key a
        wait screen form-dialog
        key Up
        sleep-until-idle
        dump seller
        key Right
        sleep-until-idle
        dump seller-other
        key Tab Ctrl-U
        type 60
        key Enter Enter
        wait text 领购发票：已完成
        wait text 60 份
        sleep-until-idle
        dump seller-claimed
    """, platform=True, before=second_unit, after=claimed)
    s.play("segment", """
        wait screen home
        key n
        wait screen numbers
        key Enter
        wait text 销方名称        深圳开票练习科技有限公司
        wait text 起始号码        26447000000000000001
        wait text 终止号码        26447000000000000100
        wait text 跨年作废        0
        wait text 业务流水号
        wait text 2026-01-20 10:21:07
    """)
