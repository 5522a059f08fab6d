#!/usr/bin/env python3
"""录入 of a red letter: four steps, reasons, negative lines, 提交, and 全额红冲."""
from kp import invoice
from screen import Screens

HOUR = 3600
OLDEST = "26447000000000000001"
OTHER = "91110108MAKP00030E"
TO_BLUES = """
    wait screen home
    key h
    wait screen red
    key a
    wait screen red-apply
"""
# Of goods, the oldest: notebooks and mice.
TO_LINES = TO_BLUES + """
    key Enter
    sleep-until-idle
    key End Enter
    wait screen red-reason
"""


def later(home):
    """The platform takes a letter for an invoice of a while ago."""
    s.control("/clock", {"shift": HOUR})


def refuse_once(home):
    later(home)
    s.control("/red/mark", {"blue": OLDEST, "hzsdbs": "Y"})


def open_letter(home):
    later(home)
    home.run("red", "apply", OLDEST, "--role", "seller", "--reason", "01", check=0)


def theirs(home):
    later(home)
    unit = home.run("unit", "list", "--role", "using", check=0)[1]["rows"][0]
    s.control("/red/blue", {
        "seller": "91310000MAKP0B0220", "seller_name": "上海练习供货有限公司",
        "buyer": unit["tax_no"], "buyer_name": unit["name"], "kind": "02",
        "number": "26442000000000777777", "kprq": "2026-01-10 00:00:00",
        "lines": [{"name": "打印机", "short": "计算机外部设备", "code": "1090511030000000000",
                   "amount": "200.00", "tax": "26.00", "rate": "0.13", "quantity": "2",
                   "price": "100.00", "unit": "台", "spec": "HP-1020"}]})
    s.control("/red/mark", {"blue": "26442000000000777777", "fpyt": "1"})


def two_units(home):
    """A second unit of the home, to which the first one issues."""
    later(home)
    other = next(u for u in s.sandbox.usings if u["tax_no"] == OTHER)
    home.add_using(s.sandbox, other, check=0)
    home.run("unit", "verify", other["tax_no"], "--role", "using", check=0)
    home.run("--unit", other["tax_no"], "taxpayer", "sync", check=0)
    mine = "--unit", s.sandbox.using["tax_no"]
    for order in ("B-1", "B-2"):
        home.run(*mine, "blue", "issue", home.file(invoice(
            order, buyer={"name": other["name"], "tax_no": other["tax_no"]})), check=0)
    home.run(*mine, "blue", "issue", home.file(invoice("B-3")), check=0)
    s.control("/clock", {"shift": 2 * HOUR})


def in_part(home):
    """One of two notebooks and all mice have been taken back."""
    later(home)
    wishes = home.file([{"line": 1, "quantity": "1"}, {"line": 2}])
    letter = home.run("red", "apply", OLDEST, "--role", "seller", "--reason", "02", "--lines",
                      wishes, check=0)[1]["confirmation_no"]
    home.run("red", "issue", letter, check=0)
    s.control("/clock", {"shift": 2 * HOUR})


with Screens(__file__) as s:
    # E15-E22: the four steps, there and back, to the number.
    s.play("steps", TO_BLUES, """
        dump side
        key Enter
        sleep-until-idle
        dump blues
        key Enter
        wait screen red-reason
        sleep-until-idle
        dump reason
        key 2
        dump reason-refused
        key Esc
        key p
        wait screen face
        key Esc
        key End
        key Enter
        wait screen red-reason
        key 2
        wait state lines
        sleep-until-idle
        dump lines
        type 1
        dump lines-typing
        key Enter
        dump lines-part
        type 99999
        dump lines-beyond
        key F10
        dump lines-wrong
        key Up
        dump lines-wrong-elsewhere
        key F10
        key Ctrl-D
        wait state lines
        dump lines-out
        key F9
        wait state listed
        key F9
        wait state side
        key Enter
        wait state listed
        sleep-until-idle
        key Enter
        wait screen red-reason
        key Enter
        wait state lines
        sleep-until-idle
        dump lines-again
        key F10
        wait screen ask
        key F10
        dump submit-ask
        key Enter
        wait state lines
        key F10
        wait screen ask
        key y
        wait state taken
        sleep-until-idle
        dump taken
        key Right Enter
        wait screen red-letter
        key Esc
        key Left Enter
        wait screen red
        sleep-until-idle
        dump back-home
        key a
        wait screen red-apply
        key Enter
        sleep-until-idle
        key End
        dump blues-open
        key Enter
        wait text 已有进行中的红字确认单
    """, platform=True, before=later)
    # E19, N41, N42: what a reason lets change is what can be typed.
    s.play("reasons", TO_LINES, """
        key 1
        wait state lines
        type 1
        wait text 须全额冲红
        key Ctrl-D
        wait text 须全额冲红
        dump lines-whole
        key F8
        wait screen red-reason
        key 3
        wait text 货物和劳务不能选
        key 4
        wait state lines
        sleep-until-idle
        type 100.005
        wait state wrong
        key Ctrl-U
        type 100
        key Enter
        dump lines-allowance
    """, platform=True, before=later)
    s.play("refused", TO_LINES, """
        key 2
        wait state lines
        type 1
        key Enter
        key F10
        wait screen ask
        key y
        wait state refused
        sleep-until-idle
        dump refused
        key Enter
        wait state lines
        sleep-until-idle
        dump refused-mend
    """, platform=True, before=refuse_once)
    s.play("down", TO_LINES, """
        key 2
        wait state lines
        key F10
        wait screen ask
        key y
        wait state waiting
        wait text 连接不上
        sleep-until-idle
        dump down
        key Enter
        wait screen red
    """)
    s.play("whole", """
        wait screen home
        key i
        wait screen invoices
        sleep-until-idle
        key F8
        wait screen red-reason
        sleep-until-idle
        key 1
        wait screen ask
        sleep-until-idle
        dump whole-ask
        key Enter
        wait state lines
        dump whole-no
        key F10
        wait screen ask
        key y
        wait state taken
        sleep-until-idle
        dump whole-taken
        key i
        wait screen red-issue
        dump whole-issue
        key Left Enter
        wait text 开票成功
        key Esc
        wait state taken
        sleep-until-idle
        dump whole-issued
        key Enter
        wait screen invoices
    """, platform=True, before=later)
    s.play("whole-refused", """
        wait screen home
        key i
        wait screen invoices
        sleep-until-idle
        key End
        key F8
        wait text 已有进行中的红字确认单
        dump whole-refused
    """, platform=True, before=open_letter)
    # E18, E21: back to the choice, away and back again, without loss.
    s.play("leave", TO_LINES, """
        key 2
        wait state lines
        type 1
        key Enter
        key Esc
        wait state listed
        key Esc
        wait state side
        key Esc
        wait screen choose
        dump leave
        key 3
        wait state side
        key Esc
        wait screen choose
        key 1
        wait screen red
        key a
        wait state lines
        sleep-until-idle
        dump leave-kept
        key F8
        wait screen red-reason
        key 4
        wait state lines
        dump other-allowance
        key F8
        wait screen red-reason
        key 1
        wait text 改回全部可冲
        dump other-mistake
        key Ctrl-Z
        wait text 04 销售折让
        key Ctrl-Z
        wait text 02 销货退回
        dump other-undone
        key F8
        wait screen red-reason
        key 4
        wait text 04 销售折让
        sleep-until-idle
        key Esc Esc Esc
        wait screen choose
        key 1
        wait screen red
        key a
        wait text 04 销售折让
        sleep-until-idle
        dump other-kept
        key Esc
        wait state listed
        sleep-until-idle
        dump leave-cursor
        key Home Enter
        wait screen ask
        dump leave-other
        key Enter
        wait state listed
        key Esc Esc
        wait screen choose
        key 2
        wait screen red
        key a
        wait state side
        key Esc
        wait screen red
    """)
    s.play("wide", TO_LINES, """
        dump wide-reason
        key 2
        wait state lines
        sleep-until-idle
        dump wide-lines
        resize 16 60
        dump small-lines
        key F8
        wait screen red-reason
        dump small-reason
        key Esc F9
        wait state listed
        sleep-until-idle
        dump small-blues
        key F9
        wait state side
        dump small-side
        resize 24 80
        key Enter
        wait state listed
        sleep-until-idle
        key Enter
        wait screen red-reason
    """, rows=36, cols=120, platform=True, before=later)
    # E16, E17
    s.play("filter", TO_BLUES, """
        key Enter
        sleep-until-idle
        key F3
        wait state filtering
        type 晴川
        key Enter
        sleep-until-idle
        wait state listed
        dump filter-party
        key Ctrl-U
        sleep-until-idle
        key F3 Tab Tab Tab Tab Tab
        type 044002000111
        key Enter
        sleep-until-idle
        wait state empty
        dump filter-old
        key Enter
        wait text 没有选中的发票
        key p
        wait text 没有选中的发票
    """)
    s.play("given", TO_BLUES, """
        key 2
        wait screen red-apply
        sleep-until-idle
        dump buyer-blues
        key a
        wait screen red-given
        dump given-empty
        key F10
        wait text 发票号码
        type 26442000000000777777
        key Enter Enter Enter
        type 2026-01-10
        key Enter Enter
        type 上海练习供货有限公司
        key Enter
        type 91310000MAKP0B0220
        key Enter
        type 200
        key Enter
        type 26
        key Enter
        type 打印机
        key Enter
        type 1090511030000000000
        key Enter
        type HP-1020
        key Enter
        type 台
        key Enter
        type 2
        key Enter
        type 90
        key Enter Enter
        type 13
        key F10
        wait text 与票面不符
        dump given-differs
        key Tab Tab Tab Tab Tab Tab Tab
        type 100
        key Enter
        dump given-computed
        key F10
        wait screen red-reason
        sleep-until-idle
        key 2
        wait state lines
        sleep-until-idle
        dump given-lines
        key F9
        wait state empty
        dump given-listed
        key a
        wait screen red-given
        dump given-again
        key F10
        wait screen red-reason
        key 2
        wait state lines
        sleep-until-idle
        key F10
        wait screen ask
        key y
        wait state taken
        sleep-until-idle
        dump given-taken
    """, platform=True, before=theirs)
    s.play("given-wrong", TO_BLUES, """
        key Enter
        wait state listed
        key a
        wait screen red-given
        type 12345678
        key Enter Enter Enter
        type 明天
        key Enter Enter
        type <b>甲</b>&amp;有限公司
        key Enter Enter Enter Enter
        type 服务
        key F10
        wait text 开票日期
        dump given-date
        key Ctrl-U
        type 2020-05-06 10:00:00
        key F10
        wait screen red-given
        dump given-line-wrong
        key Esc
        wait text 再按一次放弃
        key Esc
        wait state listed
        key f
        wait screen form-dialog
        type nothing.json
        key Enter Enter
        wait text 没有这个文件
        dump file-missing
    """)
    s.play("buyer", TO_BLUES, """
        key 2
        wait state listed
        sleep-until-idle
        dump buyer-listed
        key Down Enter
        wait screen red-reason
        key 2
        wait state lines
        sleep-until-idle
        key F10
        wait screen ask
        key y
        wait text 没有申请成功
        key Enter
        wait state lines
        key F9 F3
        type 没有这家
        key Enter
        wait state empty
    """, platform=True, before=two_units, args=("--unit", OTHER))
    s.play("rest", TO_BLUES, """
        key Enter
        sleep-until-idle
        key End
        dump rest-blues
        key Enter
        wait screen red-reason
        key 1
        wait text 已部分冲红
        dump rest-reason
        key 2
        wait state lines
        sleep-until-idle
        dump rest-lines
        key Down
        type 1
        wait text 已全部冲红
        key Up
        type 2
        wait state wrong
        key Ctrl-U
        wait state lines
        key F10
        wait text 每一行都不冲
        dump rest-none
        key Ctrl-Z
        type -1
        wait state lines
        key F10
        wait screen ask
        key y
        wait state taken
    """, platform=True, before=in_part)
