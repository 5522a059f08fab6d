#!/usr/bin/env python3
"""日历: what the engine did by the calendar, while the program is open; a failed one again."""
from screen import Screens


def keeps_the_calendar(home):
    home.run("param", "set", "engine", "calendar", "1", check=0)


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
