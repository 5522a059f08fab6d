#!/usr/bin/env python3
"""One key explains a failure wherever it is met (features F8, I4, N5): records, one invoice, tasks,
a message.  In the first configuration: wizard.py."""
import kp
from screen import Screens


def refused_invoice(home):
    s.sandbox.faults(fail_result={"text": "BI1013：第 1 行单价×数量与金额不符"})
    home.run("blue", "issue", home.file(kp.invoice("BAD-1")))
    s.sandbox.faults()


def refused_job(home):
    s.sandbox.faults(error={"service": "XZTHSXED", "code": "4067"})
    home.run("quota", "download", "1.00")
    s.sandbox.faults()


def no_quota_moves(home):
    s.sandbox.faults(error={"service": "XZTHSXED", "code": "4033"})


with Screens(__file__, engine=False) as s:
    s.play("invoices", """
        wait screen home
        key i
        wait screen invoices
        wait text BI1013
        key F11
        wait screen read
        wait text 处理：改数量、单价或金额
        dump invoices
        key Esc Enter
        wait screen invoice
        key Alt-h
        wait screen read
        wait text 处理：改数量、单价或金额
    """, platform=True, before=refused_invoice)
    s.play("jobs", """
        wait screen home
        key J
        wait screen jobs
        wait text 失败
        key F11
        wait screen read
        wait text 登记本机的出口IP
        key Esc Enter
        wait screen read
        wait text 错误代码
        key !
        wait text 登记本机的出口IP
        key Esc
        wait no-text 登记本机的出口IP
        wait text 错误代码
    """, platform=True, before=refused_job)
    s.play("quota", """
        wait screen home
        key e
        wait screen quota
        key d
        wait screen form-dialog
        key Ctrl-U
        type 100.00
        key Enter Enter
        wait text 4033
        wait text F11 解释
        key F11
        wait screen read
        wait text 【4033】
        wait text 核对直连单位与使用单位是否有接入关系
    """, platform=True, before=no_quota_moves)
    # What is no failure of the tax side is shown whole, and not explained by a guess.
    s.play("nothing", """
        wait screen home
        key F11
        wait text 没有要解释的失败
        key :
        type 解释
        wait text F11
        key Enter
        wait text 没有要解释的失败
    """)
