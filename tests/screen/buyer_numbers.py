#!/usr/bin/env python3
"""A tax number of another buyer is marked where it is typed, within 80 columns."""
from screen import Screens

with Screens(__file__, engine=False) as s:
    s.play("marked", """
        wait screen home
        key F10
        wait screen blue
        sleep-until-idle
        type 名称不同的公司
        key Tab
        type 91440300MAKP0A011Y
        key Tab
        sleep-until-idle
        wait text 的税号，请核对
        dump @
        key Tab
        sleep-until-idle
        wait no-text 的税号，请核对
        key Shift-Tab Shift-Tab
        wait text 的税号，请核对
        key BackSpace
        type X
        key Tab
        sleep-until-idle
        wait no-text 的税号，请核对
    """)
