#!/usr/bin/env python3
"""What the tax side refused: on the home screen, in the list, retried and given up."""
import kp
from screen import Screens


def prepare(home):
    """Two invoices the tax side refuses, one after the other."""
    s.sandbox.faults(fail_result={"text": "购买方信息有误", "times": 2})
    for i in range(2):
        home.run("blue", "issue", home.file(kp.invoice("BAD-%d" % (i + 1))), check=4)
    s.sandbox.faults()


s = Screens(__file__, prepare=prepare)
with s:
    s.play("home", "wait screen home", "wait text 开票失败", "sleep-until-idle", "dump @",
           platform=True)
    s.play("found", """
        wait screen home
        wait text 开票失败
        key 1
        wait screen invoices
        wait text 共 2 条
        sleep-until-idle
        dump @
        key Enter
        wait screen invoice
        sleep-until-idle
        dump detail
        key t
        wait screen ask
        dump retry
        key y
        wait screen invoice
        wait state issued
        sleep-until-idle
        dump retried
    """, platform=True)
    s.play("void", """
        wait screen home
        key 1
        wait screen invoices
        key *
        wait text 已勾选 2 条
        key x
        wait screen ask
        dump @
        key Enter
        wait screen invoices
        key x
        wait screen ask
        key Left Enter
        wait text 已作废：2 张
        wait no-text 已勾选
        sleep-until-idle
        dump voided
    """, platform=True)
