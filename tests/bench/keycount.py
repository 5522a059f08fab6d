"""Keys a person presses from an empty form to 开票成功, for three ordinary invoices, counted while
they are pressed in a real terminal against the practice platform.

A character of a name counts as one key; what an input method needs to make it is not ours.
"""
import os
import sys

from measure import ROOT, Row

sys.path.append(os.path.join(ROOT, "tests", "lib"))

from kp import Home, Sandbox  # noqa: E402  (path above)
from mainjob import Lab, new_form, opened, pick  # noqa: E402
from tmuxlab import Tmux  # noqa: E402


class Counted(Tmux):
    """Counts what is pressed."""

    pressed = 0

    def keys(self, *names):
        self.pressed += len(names)
        super().keys(*names)

    def type(self, text):
        self.pressed += len(text)
        super().type(text)


def issue(tm):
    tm.keys("F10")
    tm.wait("确认开具")
    tm.keys("F10")


def known(tm):
    pick(tm, "qcsm", "深圳市晴川数码贸易有限公司")
    pick(tm, "bjb", "笔记本电脑")
    tm.type("2")
    issue(tm)


def two_lines(tm):
    pick(tm, "qcsm", "深圳市晴川数码贸易有限公司")
    pick(tm, "bjb", "笔记本电脑")
    tm.type("2")
    tm.keys("F8")
    tm.wait("折扣率")
    tm.type("10")
    tm.keys("Enter")
    tm.wait("折扣 10%")
    tm.keys("Enter", "Enter", "Enter", "Enter")
    pick(tm, "wxs", "无线鼠标")
    tm.type("3")
    issue(tm)


def new_buyer(tm):
    tm.type("广州市新客商贸有限公司")
    tm.keys("Enter")
    tm.type("91440101MA5XKP0C1X")
    tm.keys("Down", "Down", "Down")
    pick(tm, "bjb", "笔记本电脑")
    tm.type("1")
    issue(tm)


INVOICES = (("buyer and goods known, one line", known),
            ("two lines, one with a discount", two_lines),
            ("buyer typed by hand, one line", new_buyer))


def measure():
    rows = []
    with Sandbox() as sandbox, Home() as home, Counted(80, 24) as tm:
        Lab(sandbox, home)
        opened(tm, home)
        for what, press in INVOICES:
            new_form(tm)
            tm.pressed = 0
            press(tm)
            tm.wait("开票成功")
            rows.append(Row("keys to 开票成功: " + what, "%d keys" % tm.pressed, "", ""))
            tm.keys("n")
        tm.keys("C-q")
    return rows
