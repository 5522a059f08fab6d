#!/usr/bin/env python3
"""销方 in the conditions of buyers, goods and business types, and in a new business type; the
invoices of a buyer that was renamed."""
import kp
from screen import Screens


def things(home):
    home.run("types", "add", "--name", "批发", check=0)
    home.run("goods", "add", "--name", "甲的商品", "--rate", "0.13", check=0)
    home.run("blue", "issue", home.file(kp.invoice("HIS-1")), check=0)
    home.run("buyers", "edit", "深圳市晴川数码贸易有限公司", "--name", "晴川新名", check=0)
    home.run("blue", "issue", home.file(kp.invoice("HIS-2", buyer={
        "name": "晴川新名集团", "tax_no": "91510104MAKP0A046B"})), check=0)


def second_unit(home):
    other = s.sandbox.usings[-1]
    home.add_using(s.sandbox, other, check=0)
    home.run("buyers", "add", "--name", "乙的购方", "--seller", other["tax_no"], check=0)
    # An explicit unit is the next default: the first one, as the screens begin.
    home.run("--unit", s.sandbox.using["tax_no"], "types", "list", check=0)


def filed(home):
    other = s.sandbox.usings[-1]["tax_no"]
    rows = home.run("types", "list", "--seller", other)[1]["rows"]
    s.same([r["name"] for r in rows], ["乙的类型"], "filed under the one that was chosen")
    rows = home.run("types", "list")[1]["rows"]
    s.same([r["name"] for r in rows], ["批发"], "and the present one stays the default")


# The second unit has things to fetch: what the engine is at when a dump is made is not asked here.
with Screens(__file__, prepare=things, engine=False) as s:
    # ---- one unit: a text
    s.play("history", """
        wait screen home
        key g
        wait screen buyers
        key F3
        type 晴川新名
        key Enter Down t
        wait screen invoices
        wait text 共 2 条
        dump @
        key Esc
        wait screen buyers
    """)
    # ---- two units: a choice
    s.play("buyers", """
        wait screen home
        key g
        wait screen buyers
        wait text 晴川新名
        key F3
        wait state filtering
        key Shift-Tab
        dump buyers-choice
        key Right
        key Esc
        wait state listed
        wait text 晴川新名
        key F3
        wait state filtering
        key Shift-Tab Shift-Tab Right Ctrl-U
        dump buyers-reset
        key Right Enter
        wait text 现在为
        wait text 乙的购方
        wait text 共 1 条
        dump buyers-other
        key U 1
        wait text 晴川新名
        dump buyers-back
    """, platform=True, before=second_unit)
    s.play("goods", """
        wait screen home
        key p
        wait screen goods
        wait text 甲的商品
        key F3 Shift-Tab Shift-Tab Right Enter
        wait text 现在为
        wait text 没有商品
        dump @
        key U 1
        wait text 甲的商品
    """, platform=True, before=second_unit)
    s.play("types", """
        wait screen home
        key y
        wait screen types
        wait text 批发
        key F3
        wait state filtering
        key Shift-Tab Right Enter
        wait text 现在为
        wait text 没有业务类型
        dump @
        key U 1
        wait text 批发
        key a
        wait screen form-dialog
        key Shift-Tab Right
        dump types-add
        key Tab
        type 乙的类型
        key F10
        wait text 已新增到 北京开票练习商贸有限公司
        wait screen types
        dump types-added
    """, platform=True, before=second_unit, after=filed)
