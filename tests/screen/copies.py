#!/usr/bin/env python3
"""复制开票, 发票模板, 草稿: chosen from lists, checked, undone, merged, split, taken back."""
import os

import kp
from kp import invoice
from screen import Screens
from steps import BLUE

BUYER = {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"}


def drafts(home):
    """Three of one buyer, one of another, one to be split."""
    made = [invoice("D-1", remark="合同一"), invoice("D-2", remark="合同二"), invoice("D-3"),
            invoice("E-1", buyer={"name": "北京云帆科技有限公司", "tax_no": "91110108MA01A2B3X7"}),
            invoice("S-1", lines=[{"name": "笔记本电脑", "tax_code": "1090509010000000000",
                                   "unit": "台", "quantity": "100", "price": "113",
                                   "tax_rate": "0.13"}])]
    home.run("blue", "draft", home.file(made), check=0)


def long_draft(home):
    """One of a buyer with a long name, to be split."""
    home.run("blue", "draft", home.file(invoice(
        "SALES-ORDER-2026-01-0000017", buyer={
            "name": "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县农牧业机械服务有限责任公司",
            "tax_no": "91110108MA01A2B3X7"},
        lines=[{"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台",
                "quantity": "100", "price": "113", "tax_rate": "0.13"}])), check=0)


def four_rows(home):
    home.run("blue", "draft", home.file(invoice("R-1", lines=[
        {"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台",
         "quantity": "1", "price": "113", "tax_rate": "0.13"}] * 4)), check=0)


def template(home):
    home.run("templates", "add", home.file(invoice(None, remark="{上月年}年{上月}月服务费", lines=[
        {"name": "技术服务费", "tax_code": "3040201010000000000", "tax_rate": "0.06",
         "amount": "1060.00"}])), "--name", "每月服务费", "--shared", check=0)


def outdated(home):
    kp.sql(os.path.join(home.path, "kaipiao.db"), "UPDATE taxcode SET stop_date = '2026-01-01'"
           " WHERE code = '3040301020000000000'")
    home.run("goods", "edit", "实验仪器维护培训", "--rate", "0.03", check=0)


def without_sum(home):
    """As forms were saved before their sum was kept beside them."""
    kp.sql(os.path.join(home.path, "kaipiao.db"),
           "UPDATE form_state SET body = json_remove(body, '$.gross') WHERE id = 1")


def listed(s, gross, what):
    """What the list of drafts says of the form f1."""
    def look(home):
        rows = home.run("drafts", "list", check=0)[1]["rows"]
        s.same([r["gross"] for r in rows if r["no"] == "f1"], [gross], what)
    return look


with Screens(__file__) as s:
    # ---- 复制开票
    s.play("copy-list", BLUE, """
        key F6
        wait screen invoices
        sleep-until-idle
        dump @
        key p
        wait screen face
        dump copy-face
        key Esc
        wait screen invoices
        key Enter
        wait screen blue
        wait state saved
        sleep-until-idle
        dump copy-taken
    """)
    s.play("copy-wide", BLUE, """
        key F6
        wait screen invoices
        sleep-until-idle
        dump @
    """, rows=36, cols=120)
    s.play("copy-number", BLUE, """
        key F6
        wait screen invoices
        type 0003
        dump copy-number-typed
        key Enter
        sleep-until-idle
        dump @
    """)
    # The list of drafts has the sum of a form, unless a row has no amount yet.
    s.play("form-sum", BLUE, """
        key F6
        wait screen invoices
        key Enter
        wait screen blue
        wait state saved
        wait text 草稿 f1
    """, after=listed(s, "30800.00", "the sum of a form that is whole"))
    s.play("form-old", BLUE, """
        key F7
        wait screen drafts
        wait text 30,800.00
    """, keep="form-sum", before=without_sum)
    s.play("form-no-sum", BLUE, """
        type szsqc
        key Enter
        wait text 7559000100010001
        type rjss
        key Enter
        type 3
        key Enter Enter Enter Enter
        wait text 4,500.00
        type 咨询
        key Tab
        sleep-until-idle
        dump @
    """, after=listed(s, None, "none while a row has no amount"))
    # A code was stopped, and the catalogue has another rate, since.
    s.play("copy-checked", BLUE, """
        key F6
        wait screen invoices
        key Enter
        wait screen blue
        sleep-until-idle
        dump @
    """, before=outdated)
    s.play("copy-asked", BLUE, """
        type 北京云帆科技有限公司
        key Esc Tab Tab
        key F6
        wait screen invoices
        key Enter
        wait text 表单里已经有内容
        dump @
        key Enter
        sleep-until-idle
        dump copy-replaced
        key Ctrl-Z
        sleep-until-idle
        dump copy-undone
        key Ctrl-Y
        sleep-until-idle
        dump copy-redone
    """)
    s.play("copy-lines", BLUE, """
        key F6
        wait screen invoices
        key Enter
        wait screen blue
        sleep-until-idle
        key F6
        wait screen invoices
        key Down Enter
        wait text 表单里已经有内容
        key Down Enter
        sleep-until-idle
        dump @
        key Ctrl-Z
        sleep-until-idle
        dump copy-lines-undone
    """)

    # ---- 模板
    s.play("template-save", BLUE, """
        key F6
        wait screen invoices
        key Enter
        wait screen blue
        sleep-until-idle
        key Alt-v
        wait text 模板名称
        dump @
        type 月结
        key F10
        wait text 已存为模板
        key Alt-t
        wait screen templates
        sleep-until-idle
        dump template-saved
    """)
    s.play("templates", """
        wait screen home
        key f
        wait screen templates
        sleep-until-idle
        dump @
        key p
        wait screen read
        key G
        dump template-face
        key Esc
        key e
        wait text 模板改名
        type 费
        key F10
        wait text 模板已保存
        dump template-renamed
        key Enter
        wait screen blue
        sleep-until-idle
        dump template-used
    """, before=template)
    s.play("templates-wide", """
        wait screen home
        key f
        wait screen templates
        sleep-until-idle
        dump @
        key x
        wait text 删除模板
        key Left Enter
        wait text 还没有模板
        dump templates-none
    """, before=template, rows=36, cols=120)

    s.play("split-nothing", BLUE, """
        type 北京云帆科技有限公司
        key Esc Tab Tab Alt-x
        wait screen draft-change
        wait state asking
        dump @
    """)

    # ---- 草稿
    s.play("drafts", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        dump @
        key Down Down Space Space Space
        key m
        wait screen draft-change
        sleep-until-idle
        dump drafts-merge
        key Space
        sleep-until-idle
        dump drafts-added-up
        key F10
        wait screen drafts
        sleep-until-idle
        dump drafts-merged
        key u
        wait text 撤销得到草稿
        dump drafts-undo
        key Left Enter
        wait text 恢复了原来的
        sleep-until-idle
        dump drafts-undone
    """, before=drafts)
    # A draft has no number that voiding would waste.
    s.play("drafts-void", """
        wait screen home
        key i
        wait screen invoices
        sleep-until-idle
        key x
        wait text 草稿还没有号码
        dump @
        key Enter Enter
        wait screen invoice
        key x
        wait text 草稿还没有号码
        dump drafts-void-detail
    """, before=drafts)
    s.play("drafts-refused", """
        wait screen home
        key d
        wait screen drafts
        key m
        dump drafts-few
        key Down Space Space
        key m
        wait screen draft-change
        sleep-until-idle
        dump @
    """, before=drafts)
    s.play("drafts-find", """
        wait screen home
        key d
        wait screen drafts
        key F3
        type 云帆
        key Enter
        sleep-until-idle
        dump @
        key p
        wait screen face
        dump drafts-face
        key Esc
        key Space Ctrl-D
        wait text 删除勾选的
        key Left Enter
        wait text 已删除
        dump drafts-deleted
    """, before=drafts)
    s.play("drafts-split", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        key s
        wait screen draft-change
        dump @
        type 5000
        key Tab
        sleep-until-idle
        dump drafts-split-plan
        key F10
        wait screen drafts
        sleep-until-idle
        dump drafts-parts
    """, before=drafts)
    # Long names and order numbers: the parts are told apart; a sum finds one.
    s.play("drafts-long", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        key s
        wait screen draft-change
        wait state asking
        key F10
        type 500000
        key Tab
        wait state refused
        dump drafts-long-needless
        key Shift-Tab Ctrl-U
        type 5000
        key Tab
        wait state planned
        dump drafts-long-plan
        key F10
        wait screen drafts
        sleep-until-idle
        dump @
        key F3
        type 1,356
        key Enter
        sleep-until-idle
        dump drafts-by-sum
        key Ctrl-U x
        wait text 删除草稿
        dump drafts-long-delete
    """, before=long_draft)
    s.play("drafts-narrow", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        dump @
        key Down Space Space m
        wait screen draft-change
        sleep-until-idle
        dump drafts-narrow-refused
    """, before=drafts, rows=16, cols=60)
    s.play("drafts-narrow-split", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        key s
        wait screen draft-change
        type 5000
        key Tab
        wait state planned
        dump @
    """, before=long_draft, rows=16, cols=60)
    s.play("drafts-split-rows", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        key s
        wait screen draft-change
        key Tab Tab
        type 2
        key Tab
        wait text 没有拆开的明细行
        dump @
    """, before=four_rows)
    s.play("drafts-split-wide", """
        wait screen home
        key d
        wait screen drafts
        sleep-until-idle
        dump drafts-wide
        key s
        wait screen draft-change
        type 300
        key Tab Right Tab
        sleep-until-idle
        dump @
        key PgDn
        dump drafts-split-wide-end
    """, before=drafts, rows=36, cols=120)
    s.play("form-split", BLUE, """
        key F6
        wait screen invoices
        key Enter
        wait screen blue
        sleep-until-idle
        key Alt-x
        wait screen draft-change
        type 10000
        key Tab
        sleep-until-idle
        dump @
        key F10
        wait screen drafts
        sleep-until-idle
        dump form-parts
    """)
