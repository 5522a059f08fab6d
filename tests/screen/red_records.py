#!/usr/bin/env python3
"""开票记录 with red invoices (E7): marks, one of each, their history, what is not made of them."""
from kp import invoice
from screen import Screens

LINES = [{"name": "打印机", "tax_code": "1090509010000000000", "unit": "台", "quantity": "4",
          "price": "100.00", "tax_rate": "0.13"}]


def take_back(home, order, kind, *wishes):
    doc = invoice(order, prices_include_tax=False, lines=LINES, kind=kind)
    blue = home.run("blue", "issue", home.file(doc), check=0)[1]["results"][0]["number"]
    more = ["--lines", home.file(list(wishes))] if wishes else []
    no = home.run("red", "apply", blue, "--role", "seller", "--reason", "02" if wishes else "01",
                  *more, check=0)[1]["confirmation_no"]
    home.run("red", "issue", no, "--remark", "退货", check=0)


def prepare(home):
    home.quick()
    take_back(home, "RED-1", "special", {"line": 1, "quantity": "1"})
    take_back(home, "RED-2", "ordinary")


LIST = """
    wait screen home
    key i
    wait screen invoices
    sleep-until-idle
"""

with Screens(__file__, prepare=prepare) as s:
    s.play("list", LIST, "dump @")
    s.play("list-wide", LIST, "dump @", rows=36, cols=120)
    s.play("red", LIST, """
        key Enter
        wait screen invoice
        wait text 红字数电普票
        sleep-until-idle
        dump @
        key o
        wait screen read
        wait text 由红字确认单
        key Esc
        wait screen invoice
        key F6
        wait text 请用它红冲的蓝字发票
        wait screen invoice
        key F8
        wait text 这是红字发票，不能再红冲
        wait screen invoice
    """)
    s.play("blue", LIST, """
        key End
        key Home Down
        key Enter
        wait screen invoice
        wait text 开票成功，已红冲
        dump @
        key o
        wait screen read
        wait text 红冲  红字发票
    """)
    s.play("part", LIST, """
        key Down Down Down
        key Enter
        wait screen invoice
        wait text 开票成功，部分红冲
    """)
    s.play("template", LIST, """
        key s
        wait text 请用它红冲的蓝字发票
        wait screen invoices
        key F8
        wait text 这是红字发票，不能再红冲
        key Down F8
        wait text 这张发票已经全部红冲
        wait screen invoices
        key Down Down F8
        wait screen red-apply
    """)
