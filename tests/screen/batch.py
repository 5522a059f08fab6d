#!/usr/bin/env python3
"""批量开票: a file is read, its orders looked at, issued, paused, mended; what is wrong is said."""
import os

import orders
from orders import book, head, line
from screen import Screens

BUYER = {"购买方名称": "深圳市晴川数码贸易有限公司", "购买方纳税人识别号": ""}


def files(home):
    """Two good orders and three with faults; ten good ones; nothing a reader could open."""
    folder = os.path.join(home.path, "in")
    os.makedirs(folder, exist_ok=True)
    book(os.path.join(folder, "mixed.xlsx"),
         [head("A-1", 备注="合同 1"), head("A-2", 发票类型="增值税专用发票", 是否含税="否"),
          head("B-1"), head("B-2", 特定业务类型="货物运输"), head("B-3")],
         [line("A-1", 数量="2", 单价="56.5"), line("A-1", 金额="226"), line("A-2", 金额="100"),
          line("B-1", 税率="abc"), line("B-2")])
    book(os.path.join(folder, "two.xlsx"), [head("C-1", 是否含税="也许")],
         [line("C-1", 税率="abc")])
    orders.many(os.path.join(folder, "ten.xlsx"), 1, 10)
    orders.many(os.path.join(folder, "many.xlsx"), 1000, 400)
    with open(os.path.join(folder, "broken.xlsx"), "wb") as f:
        f.write(b"PK\x03\x04 and nothing else")


OPEN = """
    wait screen home
    key o
    wait screen batches
"""


def read(name):
    return """
        key F5
        wait screen batch-import
        type home/in/%s
        key F10
    """ % name


with Screens(__file__, prepare=files) as s:
    s.play("empty", OPEN, """
        sleep-until-idle
        dump @
        key F5
        wait screen batch-import
        dump import
        key F10
        wait text 文件
        type home/in/none.xlsx
        key F10
        wait text 没有这个文件
        key Esc
        wait screen batches
        key T
        wait screen choose
        key Enter
        wait screen saved
        wait text 模板已存好
    """)
    s.play("broken", OPEN, read("broken.xlsx"), """
        wait screen batch-report
        wait state refused
        dump @
        key Enter
        wait screen batches
        wait state empty
    """)
    s.play("mixed", OPEN, read("mixed.xlsx"), """
        wait screen batch-report
        wait state failed
        dump mixed-report
        key s
        wait screen saved
        key Esc
        wait screen batch-report
        key Enter
        wait screen batch
        sleep-until-idle
        dump mixed
        dump-cursor mixed-caret
        key Right
        wait text B-1
        sleep-until-idle
        dump mixed-bad
        key Enter
        wait screen read
        dump mixed-order
        key Esc
        key Left Enter
        wait screen read
        dump mixed-order-good
        key Esc
        key F10
        wait screen batch-start
        dump mixed-start
        key Up Space
        wait text 全部不开
        wait text 不能开始
        dump mixed-strict
        key F10
        wait text 看下面的原因
        key Space
        wait text 其余照开
        wait text 开始开票
        key Space
        wait text 不能开始
        key Esc
        wait screen batch
        sleep-until-idle
        dump mixed-held
    """)
    s.play("mixed-wide", OPEN, read("mixed.xlsx"), """
        wait screen batch-report
        dump mixed-wide-report
        key Enter
        wait screen batch
        sleep-until-idle
        dump @
        key F10
        wait screen batch-start
        dump mixed-wide-start
    """, rows=36, cols=120)
    s.play("issue", OPEN, read("ten.xlsx"), """
        wait screen batch
        wait text 读入 10 张
        sleep-until-idle
        dump issue-ready
        key Space s
        wait text 1 张不开
        sleep-until-idle
        dump issue-skipped
        key F10
        wait screen batch-start
        wait text 9 张
        key F10
        wait screen batch
        wait state done
        sleep-until-idle
        dump issue-done
        key Esc
        wait screen batches
        sleep-until-idle
        dump issue-list
        key Enter
        wait screen batch
        key Down Enter
        wait screen invoice
        wait text 开票成功
        key Esc
        key F7
        wait screen saved
        wait text 10 张的流水号
        key Esc
        key D
        wait screen archive
        wait text 这一批的 9 张
        key F10
        wait screen saved
        wait text 9 张发票，27 个文件
    """, platform=True)
    # Mended in the form and issued there: the batch follows.
    s.play("mend", OPEN, read("mixed.xlsx"), """
        wait screen batch-report
        key Enter
        wait screen batch
        key Right
        wait text B-1
        sleep-until-idle
        key Down
        sleep-until-idle
        key e
        wait text 会丢掉它
        dump mend-not
        key Up
        sleep-until-idle
        key e
        wait screen blue
        wait text B-1
        wait text 请填如 0.13
        dump mend-form
        key F10
        wait screen issue
        wait state confirm
        key F10
        wait state issued
        key Esc
        wait screen batch
        sleep-until-idle
        key Right Right Right Right
        wait text 成功
        sleep-until-idle
        dump mend-followed
        key Esc Esc
        wait screen home
    """, platform=True)
    # Several faults are read before the form is.
    s.play("several", OPEN, read("two.xlsx"), """
        wait screen batch-report
        key Enter
        wait screen batch
        wait text C-1
        sleep-until-idle
        key e
        wait text 这张发票要改的
        dump several
        key Esc
        wait screen blue
        wait text C-1
        key Esc
        wait screen batch
        key Esc Esc
        wait screen home
    """)
    # More than the stock of numbers: fetched by itself; paused and gone on with.
    s.play("pause", OPEN, read("many.xlsx"), """
        wait screen batch
        sleep-until-idle
        dump pause-short
        key F10
        wait screen batch-start
        dump pause-start
        key F10
        wait text 批量
        key F8
        wait state paused
        wait text 要求暂停
        key F10
        wait screen batch-start
        wait text 继续开票
        key F10
        wait state running
        key Ctrl-Q
        wait screen choose
        wait text 没有开完
        key Esc
        wait screen batch
        wait state done
        wait text 成功 400
        sleep-until-idle
    """, platform=True)
    s.play("cancel", OPEN, read("ten.xlsx"), """
        wait screen batch
        key x
        wait screen ask
        dump cancel-ask
        key Enter
        wait screen batch
        wait state checked
        key x
        wait screen ask
        key Left Enter
        wait state cancelled
        sleep-until-idle
        dump cancelled
        key F10
        wait text 批次已经结束
        key F8
        wait text 没有在开票
        key e
        wait screen blue
    """)
    # The tax side cannot be reached: it runs, can rest, and is found again from everywhere.
    s.play("offline", OPEN, read("ten.xlsx"), """
        wait screen batch
        key F10
        wait screen batch-start
        key F10
        wait text 开票中 10
        sleep-until-idle
        dump running
        key F8
        wait state paused
        sleep-until-idle
        dump paused
        key F10
        wait text 继续开票
        key F10
        wait state running
        sleep-until-idle
        key Esc Esc
        wait screen home
        wait text 批量 0/10
        wait text 1 号 ten.xlsx 开票中 0/10
        key J
        wait screen jobs
        wait text 按 o 看
        key o
        wait screen batches
        wait text 开票中 0%
    """)
    s.play("wide", OPEN, read("ten.xlsx"), """
        wait screen batch
        key F10
        wait screen batch-start
        key F10
        wait text 开票中 10
        sleep-until-idle
        dump running-wide
        key F8
        wait state paused
        sleep-until-idle
        dump paused-wide
    """, rows=36, cols=120)
    s.play("merge", OPEN, read("ten.xlsx"), """
        wait screen batch
        key m
        wait text 勾选要合并的
        key Space Down Space Down Space
        key m
        wait screen draft-change
        wait text 价税合计
        key F10
        wait screen batch
        wait text 3 张合并成了第 1 张
        wait text R-000001+2
        wait text 不开 2
        key Home Down Down
        wait text 已并入第 1 张
    """)
