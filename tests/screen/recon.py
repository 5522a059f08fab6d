#!/usr/bin/env python3
"""对账: beginning a run, the runs, the differences of one, what becomes of them."""
from screen import Screens

OTHER = "26449999000000000001"


def differ(home):
    """One that was changed there, one that failed here and is there, one of another channel."""
    number = home.run("invoices", "list")[1]["rows"][0]["number"]
    s.control("/invoice", {"do": "change", "number": number, "gmfmc": "另一个名称"})
    s.control("/faults", {"fail_result": {"text": "练习拒绝", "times": 1}})
    order = {"order_no": "F-1", "kind": "ordinary", "prices_include_tax": True,
             "buyer": {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"},
             "lines": [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "quantity": "2",
                        "price": "56.50", "tax_rate": "0.13"}], "drawer": "林小满"}
    home.quick(recon_wait_ms=100, recon_pace_ms=0)
    home.run("blue", "issue", home.file(order, "order.json"))
    s.control("/faults/clear", {})
    failed = home.run("invoices", "show", "F-1")[1]
    tax_no = home.run("unit", "list", "--role", "using")[1]["rows"][0]["tax_no"]
    for number in (failed["number"], OTHER):
        s.control("/invoice", {"do": "add", "number": number, "tax_no": tax_no, "hjje": "100.00",
                               "hjse": "13.00", "jshj": "113.00", "fppz": "02",
                               "gmfmc": "深圳市晴川数码贸易有限公司",
                               "gmfnsrsbh": "91440300MAKP0A011Y",
                               "kprq": failed["issued_at"][:19].replace("T", " ")})


START = """
    wait screen home
    key c
    wait screen recon
"""
RUN = START + """
    key F10
    wait screen form-dialog
    key F10
    wait text 有差异
    sleep-until-idle
"""

with Screens(__file__) as s:
    s.play("begin", START, """
        dump @
        key F10
        wait screen form-dialog
        dump asked
        key Ctrl-U
        type 2026-13
        key F10
        wait text 不晚于本月
        dump asked-wrong
    """)
    s.play("found", RUN, """
        dump runs
        key Enter
        wait screen recon-run
        sleep-until-idle
        dump @
        key Enter
        wait screen read
        dump detail
        key Esc
        key a
        wait text 不能这样处理
        key Down
        key a
        wait screen ask
        dump adopt
    """, platform=True, before=differ)
    s.play("settled", RUN, """
        key Enter
        wait screen recon-run
        key x
        wait screen form-dialog
        dump dismiss
        type 和客户核对过
        key F10
        wait text 已核对
        sleep-until-idle
        dump @
        key F3
        key Space Enter
        wait text 其他渠道
        sleep-until-idle
        dump all
    """, platform=True, before=differ)
    s.play("wide", RUN, """
        dump @
        key Enter
        wait screen recon-run
        sleep-until-idle
        dump wide-run
    """, platform=True, before=differ, rows=36, cols=120)
