#!/usr/bin/env python3
"""统计报表: by what, of which days, the invoices of a row, as a file, many invoices in a thread."""
import os
import subprocess

import kp
from screen import Screens

FILL = os.path.join(os.path.abspath(os.environ.get("BUILD", os.path.join(kp.ROOT, "build"))),
                    "bench", "fill")
OPEN = "wait screen home\nkey a\nwait screen report\nsleep-until-idle\n"


def files(home):
    """The workbook that was written is there, and says what the screen did."""
    folder = os.path.join(home.path, "files")
    names = [n for n in os.listdir(folder) if n.startswith("按税率") and n.endswith(".xlsx")]
    assert len(names) == 1, names


def red(home):
    """One of the practice invoices is taken back."""
    s.control("/clock", {"shift": 3600})
    home.run("red", "apply", "26447000000000000001", "--role", "seller", "--reason", "01", check=0)
    letter = home.run("red", "list", "--situation", "issuable", check=0)[1]["rows"][0]
    home.run("red", "issue", letter["confirmation_no"], check=0)


def many(home):
    """In place of the practice home one with more invoices than are read at once."""
    home.run("init")
    subprocess.run(["rm", "-rf", home.path], check=True)
    subprocess.run([FILL, home.path, "30000"], check=True, env=home.environ({"KAIPIAO_NOW": None}))


with Screens(__file__) as s:
    s.play("buyers", OPEN, "dump @")
    s.play("buyers-wide", OPEN, "dump @", rows=36, cols=120)
    s.play("low", OPEN, "dump @", rows=16, cols=60)
    s.play("rates", OPEN, """
        key Tab Tab
        wait text 13%
        dump rates
        key m
        wait text 小计
        dump rates-months
        key Shift-Tab
        wait text 项目名称
        key Tab Enter
        wait screen invoices
        sleep-until-idle
        dump rates-invoices
        key Esc
        wait screen report
        wait text 小计
        key Left
        wait text 上月
        wait text 没有开票成功的发票
        dump nothing
        key Right
        wait text 本月
        wait text 小计
    """)
    # 红字 and 蓝字 apart, as a return wants them.
    kinds = OPEN + "key Shift-Tab Shift-Tab\nwait text 发票种类\nsleep-until-idle\n"
    s.play("kinds", kinds, "dump @", "key m", "wait text 小计", "dump kinds-months", platform=True,
           before=red)
    s.play("kinds-wide", kinds, "dump @", rows=36, cols=120, platform=True, before=red)
    s.play("kinds-low", kinds, "dump @", rows=16, cols=60, platform=True, before=red)
    s.play("filter", OPEN, """
        key F3
        wait state filtering
        dump filter
        key Right Right Tab Right Right
        wait text 本季度
        key Enter
        wait text 2026-03-31
        dump filter-quarter
        key F3 Tab Tab
        key Ctrl-U
        type 2026-02-01
        key Tab Ctrl-U
        type 2026-01-01
        key Enter
        dump filter-order
        key Ctrl-U
        type 2026-13-01
        key Enter
        dump filter-date
        key Esc
        wait text 本季度
        key F3 Tab Tab Ctrl-U
        type 2026-01-05
        key Enter
        wait text 自定
        dump filter-own
        key c
        wait text 本月
        key ]
        wait text 2026-02-28
        key [
        wait text 2026-01-31
    """)
    # The conditions are the same the next time, and 本月 is the month it is then.
    s.play("again", OPEN, "key Tab Tab Esc", "wait screen home", "key a", "wait text 13%")
    s.play("save", OPEN, """
        key Tab Tab
        wait text 13%
        key E
        wait screen form-dialog
        dump save
        key Ctrl-S
        wait screen saved
    """, after=files)
    s.play("refused", OPEN, "key Space", "dump refused-mark", "key x", "dump refused-cancel")
    s.play("thread", """
        wait screen home
        key a
        wait screen report
        wait state empty
        key F3 Tab Tab Ctrl-U
        type 2023-01-01
        key Tab Ctrl-U
        type 2025-12-31
        key Enter
        wait state making
        wait state listed
        wait text 份
        key Tab
        wait text 项目名称
        wait state listed
    """, before=many) if os.access(FILL, os.X_OK) else s.ok(True, "# SKIP bench/fill is not built")
