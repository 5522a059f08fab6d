#!/usr/bin/env python3
"""日历: what the engine did by the calendar, while the program is open; a failed one again."""
import kp
from screen import Screens


def keeps_the_calendar(home):
    home.run("param", "set", "engine", "calendar", "1", check=0)


def several(home):
    """Two using units, and for each a run: one the tax side refused, one that is done."""
    home.run("unit", "add", "--role", "using", "--name", "广州开票练习贸易有限公司", "--taxno",
             "91440101MAKP00031C", "--direct", "91440000MAKP00014G", "--leqi-id",
             "c0ffee00c0ffee00c0ff", check=0)
    home.run("param", "set", "engine", "calendar", "0", check=0)
    for tax_no, state, attempts, reason, next_at in (
            ("91440300MAKP00022T", "open", 1, "使用单位未授权此能力（4033）", 1768882867),
            ("91440101MAKP00031C", "done", 0, "下载 800,000.00 元", 0)):
        kp.sql(home.path + "/kaipiao.db",
               "INSERT INTO calendar_run (rule, unit_id, slot, slot_at, until_at, state, reason,"
               " hint, attempts, next_at, created_at, updated_at) SELECT 'quota.month', id,"
               " '2026-01-01', 1767196800, 1769875200, '%s', '%s', '', %d, %d, 1767196800,"
               " 1768875667 FROM unit WHERE tax_no = '%s' AND role = 'using'"
               % (state, reason, attempts, next_at, tax_no))


OPEN = """
    wait screen home
    key J
    wait screen jobs
    sleep-until-idle
"""

with Screens(__file__) as s:
    for name, rows, cols in (("runs", 24, 80), ("runs-wide", 36, 120)):
        s.play(name, """
            wait screen home
            key J
            wait screen jobs
            key d
            wait screen runs
            wait text 已办
            sleep-until-idle
            dump @
            key t
            wait text 已经办好
            key Enter
            wait screen read
            dump @-detail
        """.replace("@", name), platform=True, before=keeps_the_calendar, rows=rows, cols=cols)
        # M14: whose run it is, and that one which was refused waits to be tried again.
        s.play(name + "-several", OPEN, """
            dump @-several-jobs
            key d
            wait screen runs
            wait text 800,000.00
            sleep-until-idle
            dump @-several
            key F3
            key Left Left
            key Enter
            wait text 共 1 条
            key F11
            wait text 4033
            key Esc
            wait screen runs
            key F3
            key Right Right Tab Tab
            type 广州
            wait text 91440101MAKP00031C
            key Enter
            key Enter
            wait text 800,000.00
            wait no-text 4033
            dump @-of-unit
        """.replace("@", name), before=several, rows=rows, cols=cols)
        # One step back at a time: from the plan to what was done, to the tasks, and home.
        s.play(name + "-back", OPEN, """
            key d
            wait screen runs
            key p
            wait screen plan
            key q
            wait screen runs
            key q
            wait screen jobs
            key p
            wait screen plan
            key Esc
            wait screen jobs
            key q
            wait screen home
            key u
            wait screen units
            key n
            wait screen drawers
            key q
            wait screen units
            key F9
            wait screen doctor
            key q
            wait screen units
        """, rows=rows, cols=cols)
        # M14: what will be done, beside what was.
        s.play(name + "-plan", OPEN, """
            key p
            wait screen plan
            wait text 月初下载额度
            sleep-until-idle
            dump @-plan
            key F3
            type 2026-02
            key Tab Space Enter
            wait text 未接入
            sleep-until-idle
            dump @-plan-all
            key F3 Shift-Tab Ctrl-U
            type 13
            key Enter
            wait text 月份应为年月
        """.replace("@", name), rows=rows, cols=cols)
