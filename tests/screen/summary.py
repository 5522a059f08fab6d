#!/usr/bin/env python3
"""乐企汇总确认 (J1 to J12): the alarm, the month, confirming, refused with both sides, cancelling."""

from screen import Screens

FEB = "=2026-02-05T10:21:07+08:00"
LATE = "=2026-02-11T10:21:07+08:00"
GONE = "=2026-02-14T10:21:07+08:00"


def begun(home, now=FEB):
    """January is over, and its row is there."""
    s.control("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now
    home.run("summary", "add", "2026-01", check=0)


def urgent(home):
    begun(home, LATE)


def one_fewer(home):
    """The platform lacks one of ours."""
    begun(home)
    home.quick(recon_wait_ms=100, recon_pace_ms=0)
    rows = home.run("invoices", "list", "--state", "issued", "--limit", "100")[1]["rows"]
    s.control("/invoice", {"do": "remove", "number": rows[0]["number"]})


def kept_back(home):
    """One that the tax side does not end, and the month confirmed all the same."""
    s.control("/clock", {"now": "=2026-01-31T23:00:00+08:00"})
    home.env["KAIPIAO_NOW"] = "=2026-01-31T23:00:00+08:00"
    s.control("/faults", {"keep_processing": {"value": 1000000}})
    order = {"order_no": "P-1", "kind": "ordinary", "prices_include_tax": True,
             "buyer": {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"},
             "lines": [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "quantity": "2",
                        "price": "56.50", "tax_rate": "0.13"}], "drawer": "林小满"}
    home.run("--timeout", "2", "blue", "issue", home.file(order, "order.json"))
    begun(home, "=2026-02-01T09:00:00+08:00")
    home.env["KAIPIAO_NOW"] = "=2026-02-01T09:00:00+08:00"


GO = """
    wait screen home
    key z
    wait screen summary
    sleep-until-idle
"""
AT = {"KAIPIAO_NOW": FEB}

with Screens(__file__) as s:
    s.play("empty", GO, """
        dump @
        key a
        wait screen form-dialog
        dump add
        key F10
        wait text 接入身份
        dump add-refused
        key Right
        key F10
        wait text 已新增
        sleep-until-idle
        dump closed
    """)
    s.play("alarm", "wait screen home\nsleep-until-idle\ndump @\n", GO, """
        dump month
        key Enter
        wait screen read
        dump detail
        key Esc
        key F10
        wait screen ask
        dump asked
        key Right Enter
        wait text 已完成
        sleep-until-idle
        dump confirmed
        key F10
        sleep-until-idle
        dump again
        key x
        wait screen ask
        dump cancel
        key Right Enter
        wait text 取消汇总确认：已完成
        sleep-until-idle
        dump cancelled
        key o
        wait screen form-dialog
        dump switch
        key Space F10
        wait text 已关闭
        sleep-until-idle
        dump switched
    """, platform=True, before=begun, env=AT)
    s.play("urgent", """
        wait screen home
        sleep-until-idle
        dump @
    """, platform=True, before=urgent, env={"KAIPIAO_NOW": LATE})
    s.play("unequal", GO, """
        key F10
        wait screen ask
        key Right Enter
        wait text 不一致
        wait text 差异见
        sleep-until-idle
        dump @
        key c
        wait screen recon-run
        wait text 税局没有
        sleep-until-idle
        dump difference
    """, platform=True, before=one_fewer, env=AT)
    s.play("wide", GO, "dump @", platform=True, before=begun, env=AT, rows=36, cols=120)
    s.play("kept-back", GO, """
        dump @
        key F10
        wait screen ask
        dump kept-back-asked
    """, platform=True, before=kept_back, env={"KAIPIAO_NOW": "=2026-02-01T09:00:00+08:00"})
    s.play("too-late", GO, """
        dump @
        key F10
        sleep-until-idle
        dump too-late-refused
    """, platform=True, before=begun, env={"KAIPIAO_NOW": GONE})
