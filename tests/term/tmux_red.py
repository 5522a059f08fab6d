#!/usr/bin/env python3
"""录入 of a red letter in tmux (E15-E21): resized, killed, hung up; nothing is lost or done twice."""
import shutil
import signal

from kp import Home, Sandbox, Tap, invoice, skip_all
from mainjob import opened
from tmuxlab import Tmux

LINE = {"name": "打印机", "tax_code": "1090509010000000000", "unit": "台", "quantity": "4",
        "price": "100.00", "tax_rate": "0.13"}


def blues(tm):
    tm.keys("h")
    tm.wait("我发出的", "待我确认")
    tm.keys("a")


def lines(tm):
    blues(tm)
    tm.wait("[1 录入方身份]")
    tm.keys("Enter")
    tm.wait("[2 选择发票]", "共 1 条")
    tm.keys("Enter")
    tm.wait("冲红原因", "02 销货退回")
    tm.keys("2")
    tm.wait("[4 填开确认]", "-452.00")


def letters(sb):
    return sb.get("/red?limit=100")["rows"]


def killed(t, tm, sb, home):
    lines(tm)
    tm.type("1")
    tm.keys("Enter")
    tm.wait("¥-113.00", " -1 ")
    tm.kill(signal.SIGKILL)
    opened(tm, home)
    blues(tm)
    tm.wait("[4 填开确认]", "¥-113.00", "接着上次")
    t.ok(True, "killed at the lines: what was changed is there again")
    for cols, rows in ((120, 36), (60, 16), (300, 100), (81, 25), (20, 5), (80, 24)):
        tm.resize(cols, rows)
    tm.wait("[4 填开确认]", "¥-113.00")
    t.same(letters(sb), [], "and nothing was sent")


def typed_in(t, tm, home):
    tm.keys("Escape")
    tm.wait("[2 选择发票]")
    tm.keys("F5")
    tm.wait("照票面填")
    tm.type("26442000000000777777")
    tm.keys("Enter", "Enter", "Enter")
    tm.type("2026-01-10")
    tm.keys("Enter")
    tm.keys("Right")
    tm.wait("增值税专用发票")
    tm.kill(signal.SIGKILL)
    opened(tm, home)
    blues(tm)
    tm.wait("照票面填", "26442000000000777777", "2026-01-10")
    t.ok(True, "killed while an invoice is typed in: its fields are there up to the last one left")
    tm.keys("Escape", "Escape", "Escape")
    tm.wait("离开录入")
    tm.keys("2")
    tm.wait("待我确认")
    blues_again(t, tm)


def blues_again(t, tm):
    tm.keys("a")
    tm.wait("[1 录入方身份]", "(*) 1 我是销售方")
    t.ok(True, "given up: it begins anew")
    tm.keys("Escape")
    tm.wait("待我确认")
    tm.keys("H")
    tm.wait("今天要办的事")


def submit(tm):
    tm.keys("F10")
    tm.wait("提交红字确认单", "[ 返回 ]")
    tm.keys("y")


def asked(t, tm, sb):
    tm.keys("F10", "F10", "F10")
    tm.wait("提交红字确认单", "[ 返回 ]")
    tm.resize(120, 36)
    tm.wait("提交红字确认单", "价税合计 -452.00")
    tm.resize(80, 24)
    t.same(len(letters(sb)), 0, "F10 three times asks, and nothing is sent")
    tm.keys("Enter")
    tm.wait("[4 填开确认]", "F8 冲红原因")


def somebody_else(t, tm, sb, home):
    lines(tm)
    asked(t, tm, sb)
    number = home.run("invoices", "list")[1]["rows"][0]["number"]
    letter = home.run("red", "apply", number, "--role", "seller", "--reason", "01",
                      check=0)[1]["confirmation_no"]
    submit(tm)
    tm.wait("已有进行中的红字确认单", letter)
    t.same(len(letters(sb)), 1, "another clerk was quicker: said, and nothing is sent")
    home.run("red", "revoke", letter, check=0)
    submit(tm)
    tm.wait("提交成功", "无需确认")
    t.same([r["state"] for r in letters(sb)], ["08", "01"], "his letter withdrawn, ours goes")
    home.run("red", "revoke", letters(sb)[-1]["number"], check=0)
    tm.keys("Escape")
    tm.wait("待我确认")
    tm.keys("H")
    tm.wait("今天要办的事")


def sent(t, tm, sb, home):
    sb.faults(drop_reply={"service": "QDHZQRDSQ", "times": 1})
    lines(tm)
    tm.type("1")
    submit(tm)
    tm.wait("已提交")
    tm.kill(signal.SIGKILL)
    opened(tm, home)
    blues(tm)
    tm.wait("[1 录入方身份]")
    tm.keys("Enter")
    tm.wait("有确认单", limit=40)
    tm.until(lambda: len(letters(sb)) == 3, "the letter is there")
    tm.keys("Enter")
    tm.wait("已有进行中的红字确认单")
    t.same([r["amount"] for r in letters(sb)], ["-400.00", "-400.00", "-100.00"],
           "killed behind 提交, the answer lost: one letter, and no second can be entered")


def main():
    if not shutil.which("tmux"):
        skip_all("tmux is not installed")
    with Tap() as t:
        with Sandbox(result_delay=0) as sb, Home() as home, Tmux(80, 24) as tm:
            home.setup(sb)
            home.run("blue", "issue", home.file(invoice("T-1", lines=[LINE],
                                                        prices_include_tax=False)), check=0)
            opened(tm, home)
            killed(t, tm, sb, home)
            typed_in(t, tm, home)
            somebody_else(t, tm, sb, home)
            sent(t, tm, sb, home)
            tm.keys("C-q")
            t.same(tm.ended(), 0, "the program ends when asked")


if __name__ == "__main__":
    main()
