"""What happens to a form that is being typed, in tmux: resized, detached, killed, hung up."""
import shutil
import signal

from kp import Tap, skip_all
from mainjob import BUYER, Client, new_form, notebooks, one_after_another, opened


def resized(t, tm, lab):
    new_form(tm)
    notebooks(tm, "2")
    tm.keys("F8")
    tm.wait("折扣率")
    tm.type("1")
    for cols, rows in ((120, 36), (60, 16), (300, 100), (81, 25), (20, 5), (1, 1), (80, 24)):
        tm.resize(cols, rows)
    tm.wait("折扣率", "[1 ", "深圳开票练习")
    tm.type("0")
    tm.wait("[10 ")
    tm.resize(30, 8)
    tm.wait("窗口太小")
    tm.resize(120, 36)
    tm.wait("折扣率", "[10 ")
    tm.keys("Enter")
    tm.wait("¥101.70")
    tm.keys("F10")
    tm.wait("确认开具", "¥101.70")
    tm.resize(80, 24)
    tm.wait("确认开具", "壹佰零壹圆柒角整")
    tm.keys("F10")
    tm.wait("开票成功")
    tm.keys("n")
    tm.wait("明细 0 行")
    t.same(lab.new(), 1, "resized under a dialog and under the sheet: nothing lost, issued once")


def attached(t, tm, lab):
    new_form(tm)
    for text in ("先在这里", "后在那里"):
        with Client(tm, 80, 24) as person:
            t.ok(person.shows("蓝字发票填开"), "attached: the screen is drawn again")
            person.type(text)
            t.ok(person.shows(text), "attached: typed text is echoed there")
            person.type("\x02d")
            t.ok(person.shows("detached"), "attached: tmux's own keys detach")
        tm.wait(text)
    tm.keys("C-u")
    tm.wait("购方*[  ")
    t.same(lab.new(), 0, "detached: the form is there, nothing was sent")


def killed_typing(t, tm, lab):
    new_form(tm)
    notebooks(tm, "7")
    tm.keys("Enter")
    tm.wait("¥395.50")
    tm.type("99999")
    tm.wait("99999")
    tm.kill(signal.SIGKILL)
    opened(tm, lab.home)
    new_form(tm)
    tm.keys("F7")
    tm.wait("编号", "395.50")
    tm.keys("Enter")
    tm.wait(BUYER, "笔记本", "¥395.50", "叁佰玖拾伍圆伍角整")
    t.ok(True, "killed while typing: the draft is there up to the last field left")


def hung_up(t, tm, lab):
    new_form(tm)
    tm.type("大写的新购方有限公司")
    tm.keys("Enter")
    tm.type("91440300MAKP0A0")
    tm.wait("91440300MAKP0A0")
    t.same(tm.kill(signal.SIGHUP), 0, "hung up: the program ends by itself")
    opened(tm, lab.home)
    new_form(tm)
    tm.keys("F7")
    tm.wait("大写的新购方有限公司")
    tm.keys("Enter")
    tm.wait("大写的新购方有限公司", "91440300MAKP0A0")
    t.ok(True, "hung up: the draft has the field that was being typed, too")


def main():
    if not shutil.which("tmux"):
        skip_all("tmux is not installed")
    with Tap() as t:
        one_after_another(t, resized, attached, killed_typing, hung_up)


if __name__ == "__main__":
    main()
