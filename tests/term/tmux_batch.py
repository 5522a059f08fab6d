"""批量开票 in tmux: the workstation is killed in the middle of a batch and opened again: it goes on by
itself, wherever the clerk is, and every order is issued once."""
import os
import shutil
import signal

import orders
from kp import Home, Sandbox, Tap, skip_all
from mainjob import opened
from tmuxlab import Tmux

ORDERS = 1500


def done(orders_of_it):
    return sum(r["state"] == "issued" for r in orders_of_it)


def rows(home, batch):
    found, cursor = [], "0"
    while cursor:
        page = home.run("batch", "show", batch, "--limit", 1000, "--cursor", cursor, check=0)[1]
        found, cursor = found + page["rows"], page["next"]
    return found


def started(tm, path):
    """The file is read, the batch begins."""
    tm.keys("o")
    tm.wait("还没有。F5 导入")
    tm.keys("F5")
    tm.wait("有问题时")
    tm.type(path)
    tm.keys("F10")
    tm.wait("读入 %d 张" % ORDERS)
    tm.keys("F10")
    tm.wait("开始批量开票", "将开  1,500 张")
    tm.keys("F10")
    tm.wait_match(r"成功 \d")


def killed(t, tm, home):
    tm.kill(signal.SIGKILL)
    before = done(rows(home, 1))
    t.ok(0 < before < ORDERS, "killed in the middle", before)
    opened(tm, home)
    tm.wait("批量开票", "1 号 many.xlsx 开票中", "批量 ")
    t.ok(True, "opened again it goes on; the home screen and the top line say so")
    tm.keys("o")
    tm.wait("many.xlsx", "开票中")


def hung_up(t, tm, home):
    """Leaving is no end either; it is asked about."""
    tm.keys("C-q")
    tm.wait("批量开票还在进行", "留下", "退出")
    tm.keys("2")
    t.same(tm.ended(), 0, "the program can be left while a batch is issued")
    opened(tm, home)
    tm.wait("批量 ")


def main():
    if not shutil.which("tmux"):
        skip_all("tmux is not installed")
    with Tap() as t:
        with Sandbox(result_delay=100) as sandbox, Home() as home, Tmux(80, 24) as tm:
            home.setup(sandbox, numbers=2000)
            path = os.path.join(home.top, "many.xlsx")
            orders.many(path, 1, ORDERS)
            before = len(sandbox.invoices())
            opened(tm, home)
            started(tm, path)
            killed(t, tm, home)
            hung_up(t, tm, home)
            tm.wait("批量开票 1 号已完成：成功 %d 张，失败 0 张" % ORDERS, limit=120)
            all_rows = rows(home, 1)
            t.same(done(all_rows), ORDERS, "every order is issued")
            numbers = {r["number"] for r in all_rows}
            t.ok(len(numbers) == ORDERS and all(len(n) == 20 for n in numbers), "with its number")
            t.same(len(sandbox.invoices()) - before, ORDERS, "once, on the platform, too")
            tm.keys("C-q")
            t.same(tm.ended(), 0, "the program ends when asked")
            t.ok(home.audit_clean(), "every number is accounted for")


if __name__ == "__main__":
    main()
