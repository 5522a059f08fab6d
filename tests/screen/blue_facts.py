#!/usr/bin/env python3
"""What an invoice carries besides its fields: 差额征税, payments, persons, what is shown, policies."""
from screen import Screens
from steps import BLUE, BUYER

OPEN = BLUE + BUYER
# Name, specification, unit, quantity, price, amount, rate; the code comes from the tree.
AGENT = """
    type 代理费
    key F4
    wait screen code-pick
    type 3040802990
    sleep-until-idle
    key Enter
    wait screen blue
    key Tab Tab Tab Tab
    type 1060
    key Tab
    sleep-until-idle
"""
VOUCHERS = """
    key Alt-d
    wait text 差额征税
    key Right Right
    key Tab Tab
    type 01
    key Enter Enter
    key Tab
    type 26447000000000000001
    key Tab
    type 2026-01-05
    key Tab
    type 800
    key Tab
    type 500
    key Tab Tab
    type 09
    key Enter Enter
    key Tab Tab Tab
    type 30
    key Tab
    type 30
    key Tab
    type 土地出让金收据
"""

def extras_are_sent(home):
    sent = home.run("invoices", "list", "--limit", 1, check=0)[1]["rows"][0]["number"]
    got = home.run("invoices", "show", sent, check=0)[1]["extras"]
    s.ok([(x["name"], x["value"]) for x in got] == [("合同号", "HT-2026-001"), ("项目地点", "深圳市")],
         "what was typed is on the invoice", got)


with Screens(__file__) as s:
    s.play("differential", OPEN, AGENT, "dump @-1", VOUCHERS, """
        dump @-2
        key F10
        wait screen blue
        sleep-until-idle
        dump @-3
    """)
    s.play("extras", OPEN, AGENT, """
        key Alt-e
        wait text 附加要素 0 项
        type 合同号
        key Tab Tab
        type HT-2026-001
        key Tab Tab
        type 文本
        key Tab
        type 没有名称的
        key F10
        wait text 没有写名称
        dump @-refused
        key Ctrl-D Tab Tab Tab
        type 项目地点
        key Tab Tab
        type 深圳市
        dump @-1
        key F10
        wait screen blue
        sleep-until-idle
        dump @-2
        key Ctrl-S
        sleep-until-idle
        key F3
        wait screen choose
        dump @-menu
        key Down Down Down Down Enter
        wait text 附加要素 2 项
        key Up
        key Shift-Tab Shift-Tab
        key Esc
        wait screen blue
        key F10
        wait screen issue
        key F10
        wait text 开票成功
        dump @-issued
    """, platform=True, after=extras_are_sent)
    s.play("portal", OPEN, AGENT, """
        key Down
        type @LONG@
        dump @-remark
        key Backspace
        dump @-fits
        type 备备
        key F10
        wait screen issue
        dump @-issue
    """.replace("@LONG@", "备" * 231))
    s.play("payments", OPEN, AGENT, """
        key Alt-p
        wait text 结算方式
        key Right Right
        key Tab
        type 支付宝
        key Enter Enter
        type 2026011522001
        key Enter F4
        wait screen choose
        dump @-1
        key Down Enter
        type JY-2
        dump @-2
        key F10
        wait screen blue
        sleep-until-idle
        dump @-3
    """)
    s.play("person", OPEN, """
        key Alt-r
        wait text 经办人
        key Space Tab
        key Right Tab
        type 440524188001010014
        key Tab Tab
        type li@example.com
        key Tab Tab
        type 赵七
        key Tab
        type 13800000000
        key Tab
        dump @-1
        key F10
        wait screen blue
        sleep-until-idle
        dump @-2
        key Alt-r
        wait text 156
        dump @-3
        key Space
        key F10
        wait text 请打勾
        dump @-4
    """)
    s.play("shown", OPEN, AGENT, """
        key Alt-s
        wait text 展示购方地址
        key Space Tab Tab Space
        key F10
        wait screen blue
        key F3
        wait screen choose
        dump @-1
    """)
    s.play("preference", OPEN, """
        type 台式机
        key F4
        wait screen code-pick
        type 1090511030000000000
        sleep-until-idle
        key Enter
        wait screen blue
        key Tab Tab Tab Tab
        type 103
        key Tab
        key Ctrl-U
        type 3
        key Tab
        key Up
        key Alt-y
        wait screen choose
        dump @-1
        key Down Enter
        wait screen blue
        sleep-until-idle
        dump @-2
    """)
    s.play("coal", OPEN, """
        type 原煤
        key F4
        wait screen code-pick
        type 1020101000000000000
        sleep-until-idle
        key Enter
        wait screen blue
        key Tab Tab Tab Tab
        type 1130
        key Tab Tab
        wait text Alt-k
        key Up
        key Alt-k
        wait screen choose
        key End Up Enter
        wait screen blue
        sleep-until-idle
        dump @-1
    """)
    # A refusal opens the box that has its field, at the field.
    s.play("refused", OPEN, AGENT, VOUCHERS, """
        key Ctrl-D
        key F10
        wait screen blue
        key Alt-d
        key Tab Ctrl-U
        type 600
        key F10
        wait text 不一致
        dump @-1
        key F10
        wait text 扣除凭证：
        dump @-2
    """)
    s.play("draft", OPEN, AGENT, VOUCHERS, """
        key F10
        wait screen blue
        sleep-until-idle
        key F7
        wait screen drafts
        key Enter
        wait screen blue
        sleep-until-idle
        dump @-1
        key Alt-d
        wait text 其他扣除
        dump @-2
    """)
    s.play("wide", OPEN, AGENT, VOUCHERS, "dump @-1", rows=36, cols=120)
    s.play("issue", OPEN, AGENT, VOUCHERS, """
        key F10
        wait screen blue
        sleep-until-idle
        key F10
        wait text 确认开具
        dump @-1
        key Right Enter
        wait text 开票成功
        dump @-2
    """, platform=True)
