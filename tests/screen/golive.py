#!/usr/bin/env python3
"""J3, J4: who was authorised in a month before that of the first invoice is offered the record of
the month before it in 开票业务配置; who was authorised in the same month is not."""
from screen import Screens

USING = "91440300MAKP00022T"


def granted(day):
    def put(home):
        # Else the engine adds it, while one reads the question.
        home.run("param", "set", "engine", "calendar", 0, check=0)
        home.run("unit", "edit", USING, "--role", "using", "--granted", day, check=0)
    return put


def months(home):
    return [(r["month"], r["state"]) for r in home.run("summary", "list", check=0)[1]["rows"]]


def added(home):
    s.ok("2025-06" in [m for m, _ in months(home)], "J3 the record is there", months(home))


def none_added(home):
    s.ok("2025-06" not in [m for m, _ in months(home)], "no record was made", months(home))


WIZARD = """
    wait screen home
    key w
"""

with Screens(__file__, now="=2025-07-03T10:00:00+08:00") as s:
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("offer" + size, WIZARD, """
            wait screen ask
            wait text 2025-06
            dump @
            key Enter
            wait screen wizard
            wait text 2025-06 的记录已新增
            sleep-until-idle
            dump added%s
        """ % size, before=granted("2025-06-28"), after=added, rows=rows, cols=cols)
    # Later is asked once a visit, and again the next time.
    s.play("later", WIZARD, """
        wait screen ask
        key Esc
        wait screen wizard
        sleep-until-idle
        wait screen wizard
        key Esc Esc Esc Esc
        wait screen home
        key w
        wait screen ask
    """, before=granted("2025-06-28"), after=none_added)
    s.play("same-month", WIZARD, """
        wait screen wizard
        sleep-until-idle
        wait screen wizard
        wait no-text 汇总确认
    """, before=granted("2025-07-01"), after=none_added)
