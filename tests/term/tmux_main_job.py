"""The main job by keys alone, in tmux: issued, offline, reply lost, killed while sending.

Everything a test knows it reads from the screen; the practice platform's control port then says
what really arrived there.
"""
import shutil
import signal

from kp import Home, Tap, skip_all
from mainjob import GROSS, confirm, fill, issue, new_form, one_after_another, opened
from tmuxlab import Tmux


def practice_from_nothing(t):
    """`kaipiao demo` on an empty machine, wide: the sample buyer and goods are at hand."""
    with Home() as home, Tmux(120, 36) as tm:
        tm.run(home.command(["demo"], as_json=False), home.environ())
        tm.wait("首页", "演练", "F10 蓝字发票")
        tm.keys("F10")
        tm.wait("蓝字发票填开", "明细 0 行")
        fill(tm)
        confirm(tm)
        tm.wait("开票成功")
        t.ok(True, "120x36: from an empty machine to 开票成功, two lines and a discount")
        tm.keys("C-q")
        t.same(tm.ended(), 0, "the program ends well and takes its platform along")


def plain(t, tm, lab):
    number = issue(tm)
    t.same(lab.new(), 1, "80x24: two lines and a discount arrive once")
    row = next((r for r in lab.sandbox.invoices() if r["number"] == number), None)
    t.ok(row is not None, "under the number on the screen", number)
    got = lab.home.run("invoices", "show", number, check=0)[1]
    t.same((got["gross_amount"], [line["discount_rate"] for line in got["lines"]]),
           (GROSS, ["0.1", "0"]), "with the total and the discount of the screen")


def offline(t, tm, lab):
    lab.sandbox.stop()
    new_form(tm)
    fill(tm)
    confirm(tm)
    tm.wait("等待上传", "恢复连接后自动上传")
    t.ok(True, "offline: the invoice has its number and waits")
    tm.keys("n")
    tm.wait("明细 0 行", "在途 1")
    tm.type("还能填")
    tm.wait("还能填")
    t.ok(True, "offline: the next one can be typed")
    tm.keys("C-u")
    lab.sandbox.start()
    tm.wait("已连接", absent=("在途",))
    t.ok(lab.settled() and lab.new() == 1, "connected again: issued without touching a key")


def reply_lost(t, tm, lab):
    lab.sandbox.faults(drop_reply={"service": "QDFPSC", "times": 1})
    issue(tm)
    lab.sandbox.faults()
    t.same(lab.new(), 1, "reply lost: 开票成功 on the screen, once at the platform")


def killed_sending(t, tm, lab):
    for fault in ({"keep_processing": {"value": 2}},
                  {"delay_ms": {"service": "QDFPSC", "value": 1500, "times": 1}}):
        lab.sandbox.faults(**fault)
        new_form(tm)
        fill(tm)
        confirm(tm)
        tm.wait("上传中")
        tm.kill(signal.SIGKILL)
        opened(tm, lab.home)
        tm.wait("已连接", absent=("在途",))
        lab.sandbox.faults()
        t.ok(lab.settled() and lab.new() == 1, "killed while sending: issued once after the start",
             fault)


def main():
    if not shutil.which("tmux"):
        skip_all("tmux is not installed")
    with Tap() as t:
        practice_from_nothing(t)
        one_after_another(t, plain, reply_lost, offline, killed_sending)


if __name__ == "__main__":
    main()
