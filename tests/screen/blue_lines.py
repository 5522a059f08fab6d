#!/usr/bin/env python3
"""The lines of 蓝字发票填开: goods, tax codes, discounts, the two views, pasting, undo, errors."""
import os

from screen import Screens
from steps import BLUE, BUYER, LAPTOPS

OPEN = BLUE + BUYER
TRAINING = """
    type rjss
    key Enter
    type 3
    key Enter Enter Enter Enter
    wait text 4,500.00
"""
# Name, specification, unit, quantity, price, amount, rate.
HAND = """
    type 咨询服务
    key Tab Tab Tab
    type %s
    key Tab
    type %s
    key Tab
    type %s
    key Tab
    type %s
    key Tab
"""


def same(home, one, other):
    """Two dumps of one play are equal."""
    text = [open(os.path.join(home.top, "dumps", name), encoding="utf-8").read()
            for name in (one, other)]
    return text[0] == text[1]


def hand(quantity="1", price="100", amount="", rate="6"):
    """A line typed cell by cell; what is empty is passed over."""
    text = HAND % (quantity, price, amount, rate)
    return "\n".join(l for l in text.split("\n") if l.strip() != "type")


with Screens(__file__) as s:
    s.play("goods", OPEN, """
        type 软件
        wait text 软件实施与培训
        dump @
        dump-cursor goods-caret
        key Down Down Enter
        dump goods-taken
        dump-cursor goods-taken-caret
    """)
    s.play("goods-wide", OPEN, """
        type bjb
        dump @
        key Enter
        type 2
        key Enter
        dump goods-wide-taken
    """, rows=36, cols=120)
    # Capitals that do not fit behind the sums have a row of their own, and give it back.
    s.play("capitals", OPEN, hand("1", "13950617.16", "", "13"), """
        wait text 壹仟叁佰玖拾伍万零陆佰壹拾柒圆壹角陆分
        dump @
        resize 16 60
        dump capitals-low
        resize 24 80
        key Up
        key Ctrl-D
        wait text 零圆整
        dump capitals-gone
    """)
    s.play("codes", OPEN, """
        type 技术咨询
        key F4
        wait screen code-pick
        wait state found
        key Ctrl-U
        type 住宿服务
        wait text 餐饮住宿服务
        key Enter
        wait screen blue
        dump codes-taken
        dump-cursor codes-taken-caret
    """)
    s.play("rates", OPEN, """
        type fwd
        key Ctrl-U
        type 咨询
        key Tab Tab Tab Tab Tab Tab
        key F4
        wait screen choose
        dump @
        key Down Enter
        wait screen blue
        dump rates-taken
    """)
    s.play("discount", OPEN, LAPTOPS, TRAINING, """
        dump discount-two-lines
        key Up
        key F8
        wait screen discount
        dump discount-by-rate-empty
        type 10
        wait text 450.00
        dump discount-by-rate
        key Enter
        wait screen blue
        dump discount-taken
        key Up
        key F8
        wait screen discount
        key Tab
        type 98
        wait text 0.9247
        dump discount-by-amount
        key Enter
        wait screen blue
        dump discount-both
        key F8
        wait screen discount
        key Tab
        key Ctrl-U
        key Enter
        wait screen blue
        wait no-text -98.00
        key Ctrl-Z
        wait text -98.00
    """)
    s.play("discount-wrong", OPEN, LAPTOPS, """
        key Up
        key F8
        wait screen discount
        type 100
        key Enter
        wait screen discount
        dump @
        key Ctrl-U
        key Tab
        type 20000
        key Enter
        wait screen discount
        dump discount-wrong-amount
        key Esc
        wait screen blue
        key Down
        key F8
        dump discount-no-line
    """)
    s.play("discount-spread", OPEN, LAPTOPS, TRAINING, """
        key Up
        key Ctrl-]
        key Up
        key Ctrl-]
        dump discount-spread-marked
        key F8
        wait screen discount
        key Tab
        type 100
        dump @
        key Enter
        wait screen blue
        dump discount-spread-done
        key Ctrl-Z
        wait no-text 折扣 0.66%
    """)
    s.play("view", OPEN, LAPTOPS, TRAINING, """
        key Up F8
        type 10
        key Enter
        wait screen blue
        wait text -450.00
        key Ctrl-L
        dump view-with
        key F9
        dump view-without
        key F9
        key F9
        wait text 正在看不含税（按含税录入）
        key F9
        key Ctrl-L
        dump view-with-again
    """, after=lambda home: s.ok(same(home, "view-with", "view-with-again"),
                                 "four times the other view changes nothing"))
    s.play("entered", OPEN, hand("", "", "318.00", "6"), """
        dump entered-amount-only
    """, hand("3", "", "318", "6"), """
        dump entered-quantity-and-amount
    """, hand("", "100", "", "6%"), """
        dump entered-price-only
    """, hand("1", "100", "100.02", "6"), """
        dump entered-all-three-wrong
    """)
    s.play("rates-typed", OPEN, hand(rate="免税"), hand(rate="不征税"), hand(rate="0.13"),
           hand(rate="１３"), hand(rate="13%"), hand(rate="abc"), "dump @")
    s.play("paste", OPEN, r"""
        paste "会议室\t\t场\t2\t318\t636.00\t6%\n投影仪\tT1\t天\t1\t560\t\t13%\n茶歇\t\t份\t20\t15\t\t6%\n"
        wait screen ask
        dump paste-preview
        key Enter
        wait screen blue
        wait text 会议室
        dump @
        dump-cursor paste-caret
        key Ctrl-Z
        wait no-text 投影仪
        dump paste-undone
        key Ctrl-Y
        wait text 茶歇
        dump paste-redone
    """)
    # Articles of the unit bring code, unit and rate along; what was pasted stays.
    s.play("paste-known", OPEN, r"""
        paste "笔记本电脑\t\t\t3\n明前绿茶\t\t\t2\t100\n自造的词\t\t个\t1\tx\t\t13%\n明前绿茶\t\t斤\t\t\t50.00\t9%\n"
        wait screen ask
        dump paste-known-preview
        key Enter
        wait screen blue
        dump paste-known
        key Ctrl-Z
        wait no-text 明前绿茶
    """)
    s.play("paste-known-wide", OPEN, r"""
        paste "明前绿茶\t\t\t2\t100\n"
        wait screen ask
        dump @
        key n
        wait screen blue
        wait no-text 明前绿茶
    """, rows=36, cols=120)
    # A name that is replaced takes its code with it.
    s.play("paste-over", OPEN, r"""
        type bjb
        key Enter
        type 1
        key Home Shift-Tab Shift-Tab Shift-Tab
        paste "自造的词\t\t\n"
        wait screen ask
        dump paste-over-asked
        key y
        wait screen blue
        dump @
    """)
    # Rows that are there give way only where that is chosen; whole rows wherever the cursor is.
    s.play("paste-there", OPEN, LAPTOPS, TRAINING, """
        key Up Up
        key Tab Tab Tab Tab
    """, r"""
        paste "会议室\t\t场\t2\t318\t636.00\t6%\n茶歇\t\t份\t20\tx\t\t6%\n投影仪\tT1\t天\t1\t560\t\t13%\n"
        wait screen choose
        dump @
        key Enter
        wait screen blue
        dump paste-there-behind
        key Ctrl-Z
        wait no-text 会议室
        paste "会议室\t\t场\t2\t318\t636.00\t6%\n"
        wait screen choose
        key Down Enter
        wait screen blue
        dump paste-there-over
        key Ctrl-Z
        wait no-text 会议室
        paste "会议室\t\t场\t2\t318\t636.00\t6%\n"
        wait screen choose
        key Down Down Enter
        wait screen blue
        dump paste-there-instead
        key Ctrl-Z
        wait no-text 会议室
        wait text 10,598.00
        wait text 4,500.00
    """)
    # Cells from the cursor on: what they cover is said, and stays unless that is affirmed.
    s.play("paste-cells", OPEN, LAPTOPS, TRAINING, """
        key Up Up
        key Tab Tab Tab
    """, r"""
        dump-cursor paste-cells-caret
        paste "7\n8\n9\n"
        wait screen ask
        dump @
        key Enter
        wait screen blue
        wait text 10,598.00
        paste "7\n8\n9\n"
        wait screen ask
        key y
        wait screen blue
        dump paste-cells-covered
        key Ctrl-Z
        wait text 10,598.00
    """)
    # Of many rows the sum and the faults are in sight.
    s.play("paste-tall", OPEN, 'paste "%s"' % "".join(
        r"第%d项\t\t\t1\t%s\t\t6\n" % (n, "x" if n in (19, 20) else "100") for n in range(1, 31)), """
        wait screen ask
        dump @
    """)
    s.play("paste-limit", OPEN, 'paste "%s"' % (r"项\t\t\t1\t1\t\t6\n" * 5001), """
        wait text 最多
        wait screen blue
        dump @
    """)
    # The one article of a name typed whole brings its code along; of several none does.
    s.play("name-left", OPEN, """
        type 软件实施与培训
        key Ctrl-U
        type 软件实施与培训
        key Esc
        key Tab
        wait text 已带出
        dump @
    """)
    s.play("copy-up", OPEN, hand("2", "106"), """
        type =
        key Tab Tab Tab
        type =
        key Tab
        type =
        key Tab Tab
        type =
        key Tab
        dump @
    """)
    s.play("delete", OPEN, LAPTOPS, TRAINING, """
        key Up Up
        key Ctrl-D
        wait no-text 10,598.00
        dump @
        key Ctrl-Z
        wait text 10,598.00
        dump delete-undone
        key Ctrl-Y
        wait no-text 10,598.00
        key Ctrl-Z
        wait text 10,598.00
        key Insert
        dump delete-inserted
    """)
    s.play("errors", OPEN, hand(rate=""), """
        dump errors-no-rate
        key F10
        wait screen blue
        dump errors-no-rate-issue
        dump-cursor errors-no-rate-caret
        type 6
        key F10
        wait screen blue
        dump errors-no-code
        dump-cursor errors-no-code-caret
    """)
    s.play("errors-number", OPEN, hand("-1"), """
        dump @
        key F10
        dump errors-number-issue
        dump-cursor errors-number-caret
        key Ctrl-U
        type 一个
        key Enter
        dump errors-number-words
    """)
    s.play("errors-zero", OPEN, hand("0"), "dump @")
    s.play("many", OPEN, 'paste "%s"' % "".join(r"第%s项\t\t\t1\t100\t\t6\n" % n
                                                  for n in "一二三四五六七八九"), """
        wait screen ask
        key Enter
        wait screen blue
        dump @
        key Up Up Up Up Up Up Up
        dump many-top
        key Ctrl-End
        key F8
        wait screen discount
        type 5
        key Enter
        wait screen blue
        dump many-discount
    """)
    s.play("big", OPEN, hand("99999", "9999999.99", "", "13"), "dump @",
           hand("1", "999999999999999999", "", "13"), "dump big-overflow")
