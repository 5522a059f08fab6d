#!/usr/bin/env python3
"""Leaving the program: asked about only while something is unfinished."""
import kp
from screen import Screens


def on_its_way(home):
    """An invoice that has its number and no answer: the tax side cannot be reached."""
    home.run("blue", "issue", "--no-wait", home.file(kp.invoice("L-1")))


LIST = """
    wait screen home
    key i
    wait screen invoices
    key q
    wait screen home
"""

with Screens(__file__) as s:
    s.play("at rest", LIST, """
        key q
        wait text never reached
    """)
    s.play("on its way", LIST, """
        key q
        wait text 还有 1 张发票已取号
        wait text 不会重开
        key Esc
        wait screen home
        key q
        wait text 还有发票在途
        key Enter
        wait screen home
        key Ctrl-Q
        wait text 还有发票在途
        key Down Enter
        wait text never reached
    """, before=on_its_way)
    s.play("half a form", """
        wait screen home
        key b
        wait screen blue
        type 示例
        key Ctrl-Q
        wait text 再按一次离开
        key Ctrl-Q
        wait text never reached
    """)
