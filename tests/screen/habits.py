#!/usr/bin/env python3
"""What makes the blue form fast: 折扣 over marked rows, 备注常用语, 上次单价, 上次照开, 尾差; undo; keys
counted."""
import typical
from screen import Screens
from steps import BLUE, BUYER, LAPTOPS

MICE = """
    type wxsb
    key Enter
    type 3
    key Enter Enter Enter Enter
    wait text 269.70
"""


def adjusted(home):
    """The newest invoice: 100.00, of which 11.51 are tax."""
    rows = home.run("invoices", "list", check=0)[1]["rows"]
    s.ok((rows[0]["tax"], rows[0]["gross"]) == ("11.51", "100.00"),
         "the tax is the adjusted one", str(rows[0]))


with Screens(__file__) as s:
    # ---- 折扣 over marked rows ----
    s.play("discount", BLUE, BUYER, LAPTOPS, MICE, """
        key Up Ctrl-] Up Ctrl-] Down Down
        key F8
        wait screen discount
        dump discount-asked
        type 10
        dump discount-rate
        key Tab
        key Ctrl-U
        type 100
        dump discount-amount
        dump-cursor discount-amount-caret
        key Enter
        wait text 折扣已分摊到 2 行
        dump discount-done
        key Ctrl-Z
        wait no-text 折扣 0.92
        dump discount-undone
        key Ctrl-Y
        wait text 折扣 0.92
    """)
    # ---- 上次照开 ----
    s.play("again", BLUE, """
        key F12
        wait text 先选好购方
        type szsqc
        key Enter
        key F12
        wait text 26447000000000000001），核对后按 F10 开票
        dump @
        key F12
        wait text 怎么放
        dump again-asked
        key Enter
        wait text 可以撤销
        key Ctrl-Z Ctrl-Z
        wait text 明细 0 行
        key Ctrl-Y
        wait text 明细 2 行
    """)
    s.play("again-list", """
        wait screen home
        key g
        wait screen buyers
        key F3
        type szsqc
        key Enter
        key s
        wait screen blue
        wait text 核对后按 F10 开票
        dump @
    """)
    # ---- 上次单价 ----
    s.play("price", BLUE, BUYER, """
        type bjbdn
        key Enter
        wait text 编码
        key Right
        type 4000
        wait text 上次 5299.00（2026-01-20，号码 26447000000000000001）
        dump @
        key Alt-u
        wait text 单价取上次的 5299.00
        dump price-taken
        key Alt-u
        wait text 单价与上次相同
        key Ctrl-Z
        wait text 上次 5299.00
    """)
    # ---- 备注常用语 ----
    s.play("phrases", BLUE, BUYER, """
        key Down
        wait text F4 放入常用语
        key F4
        wait screen phrases
        dump phrases-empty
        key a
        wait screen form-dialog
        type {上月年}年{上月}月服务费，{订单号}
        dump phrases-new
        key F10
        wait screen phrases
        dump phrases-one
        key a
        type 货已送到
        key F10
        wait text 货已送到
        key 2
        wait screen blue
        wait text 还没有填订单号
        dump phrases-put
        key F4
        wait text 用过 1 次
        key Down
        key Enter
        wait text 服务费，{订单号}货已送到
        key F4
        key e
        wait screen form-dialog
        type ！
        key F10
        wait screen phrases
        key x
        wait text 删除“
        dump phrases-remove
        key y
        wait screen phrases
        dump phrases-left
    """)
    # ---- 尾差 ----
    s.play("tail", BLUE, BUYER, """
        type 甲乙
        key Enter Enter Enter
        key Enter Enter
        type 100
        key Enter
        type 13
        key Enter
        wait text 11.50
        key Alt-w
        wait text 尾差
        dump tail-asked
        key Enter
        wait screen form-dialog
        key Ctrl-U
        type 11.6
        dump tail-beyond
        key F10
        wait text 税局允许的范围
        key Ctrl-U
        type 11.51
        key F10
        wait text 税额已调整
        dump tail-adjusted
        key Alt-w
        dump tail-again
        key Esc
        key Ctrl-Z
        wait no-text 税额调整
        key Ctrl-Y
        wait text 税额调整 +0.01
        key F9
        wait text 税额调整 +0.01
        key F9
        key Ctrl-S
    """)
    s.play("tail-total", BLUE, BUYER, """
        type 甲
        key Enter Enter Enter
        type 3
        key Enter
        type 3.30
        key Enter
        type 10
        key Enter
        type 13
        key Enter
        wait text 数量×单价
        key Alt-w
        dump tail-triple
        key Enter
        wait text 3.333333~
        dump tail-mended
    """)
    # ---- keys ----
    for n, (what, most, script) in enumerate(typical.INVOICES):
        s.ok(typical.keys(script) <= most, "%s: %d keys" % (what, typical.keys(script)))
        s.play("keys-%d" % n, BLUE, script, platform=True)
    # + ends a row in a figure, and is a character of a name.
    s.play("plus", BLUE, BUYER, """
        type C+
        key Enter Enter Enter
        type 2
        type +
        type D
        key Alt-o
        key Up Up
        dump @
    """)
    # An adjusted tax is what is sent: the platform computes it again and takes it.
    s.play("tail-issued", BLUE, BUYER, """
        type bjbdn
        key Enter
        type 1
        key Enter
        key Ctrl-U
        type 100
        key Enter
        wait text 11.50
        key Alt-w
        key Enter
        wait screen form-dialog
        key Ctrl-U
        type 11.51
        key F10
        wait text 税额已调整
        key F10
        wait text 确认开具
        key F10
        wait text 开票成功
    """, platform=True, after=adjusted)
    # The parameter: what was not typed is taken from the last time.
    s.play("price-unasked", BLUE, BUYER, """
        type bjbdn
        key Enter
        wait text 单价取上次的 5299.00
        key Ctrl-Z
        wait no-text 5299.00
    """, before=lambda home: home.run("param", "set", "blue", "last_price", "1", check=0))
    s.play("wide", BLUE, BUYER, LAPTOPS, MICE, """
        key Up Ctrl-] Up Ctrl-]
        key F8
        type 12.5
        dump wide-discount
        key Enter
        wait text 折扣已分摊到 2 行
        key Alt-w
        dump wide-tail
        key Esc
        key Alt-n
        wait screen phrases
        dump wide-phrases
    """, rows=36, cols=120)
