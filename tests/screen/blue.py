#!/usr/bin/env python3
"""蓝字发票填开: the fields of the form, what is wrong with them, drafts, leaving, resizing."""
import os
import sqlite3
import threading
import time

import kp
from screen import Screens
from steps import BLUE, BUYER, LAPTOPS

DRAFT = {"kind": "special", "prices_include_tax": False, "order_no": "CLI-7",
         "buyer": {"name": "青岛海歌物流有限公司", "tax_no": "91370212MAKP0A089U"},
         "lines": [{"name": "仓储服务", "tax_code": "3040407000000000000", "quantity": "1",
                    "unit": "月", "price": "1000", "tax_rate": "0.06"}], "drawer": "林小满"}



def busy(home):
    """Somebody writes for some seconds, as an import does."""
    path = os.path.join(home.path, "kaipiao.db")
    holds = threading.Event()

    def write():
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        holds.set()
        time.sleep(6)
        db.execute("ROLLBACK")
        db.close()

    threading.Thread(target=write).start()
    holds.wait()


def service(price):
    return dict(DRAFT, lines=[{"name": "技术服务费", "tax_code": "3040201010000000000",
                               "quantity": "1", "price": price, "tax_rate": "0.06"}])


def twice(home):
    """The order of the form once more, as a draft from the shell."""
    code, doc, err = home.run("blue", "draft", home.file(service("1000")))
    s.ok(code == 0 and "f1 也是这个订单号" in doc["results"][0]["note"], "the shell warns", doc, err)
    doc = home.run("drafts", "list", check=0)[1]
    s.same({r["no"][0]: r["order_no"] for r in doc["rows"]}, {"f": "CLI-7", "#": "CLI-7"},
           "both are listed with it")


def elsewhere(home):
    """The order of the draft, issued with another price."""
    home.quick()
    home.run("blue", "issue", home.file(service("2000")), check=0)


with Screens(__file__) as s:
    s.play("empty", BLUE, "dump @", "dump-cursor empty-caret")
    s.play("empty-wide", BLUE, "dump @", rows=36, cols=120)
    s.play("buyer", BLUE, """
        type 晴
        wait no-text 91440300MAKP0A011Y
        type 川
        wait text 91440300MAKP0A011Y
        dump buyer-words
        dump-cursor buyer-words-caret
        key Enter
        wait text 草稿已保存 10:21:07
        wait text 7559000100010001
        dump buyer-taken
        dump-cursor buyer-taken-caret
        key Shift-Tab
        wait state saved
    """)
    # The screen does not stand still while an import writes; nothing is lost.
    s.play("busy", """
        wait screen home
        key F10
        wait screen blue
        type 晴川
        key Tab
        wait text 正在写入，草稿等它写完自动保存
        wait state editing
        type 晴
        key Esc
        wait text 再按一次，存好就离开
        key Esc
        wait text 正在写入，等它写完，存好草稿就离开
        wait screen home
        wait text 已存为草稿 f1
    """, before=busy)
    s.play("buyer-initials", BLUE, """
        type sz
        wait text 苏州启衡精密机械有限公司
        dump @
        key Down
        dump buyer-initials-second
        key Esc
        wait no-text 苏州启衡精密机械有限公司
        type qh
        wait text 苏州启衡精密机械有限公司
        key Enter
        wait text 苏州市吴中区
    """, rows=36, cols=120)
    s.play("buyer-tax-no", BLUE, """
        type 91370212
        wait text 青岛海歌物流有限公司
        key Enter
        wait text 青岛市崂山区海歌路77号
    """)
    s.play("buyer-picker", BLUE, """
        key F4
        wait screen picker
        dump @
        type 茶业
        wait no-text 北京远桥
        dump buyer-picker-search
        key Enter
        wait screen blue
        wait text 91510104MAKP0A046B
    """)
    s.play("person", BLUE, """
        type cxw
        key Enter
        wait text 陈晓雯
        wait text 自然人 [x]
        dump @
        key Shift-Tab Tab Tab
        dump person-flag
        key Space
        wait text 自然人 [ ]
        key Space
        wait text 自然人 [x]
    """)
    s.play("head", BLUE, """
        key Shift-Tab Shift-Tab Shift-Tab Shift-Tab
        key Space
        wait text <数电专票>
        key Tab
        key Right
        wait text <不含税>
        key Tab
        type 零售业务
        key Enter
        type DD-2026-0001
        key Enter
        type 江城市第四中学
        key Enter
        type ９１３７０２１２ｍａｋｐ０ａ０８９ｕ
        key Enter
        wait text [91370212MAKP0A089U  ]
        dump @
    """)
    s.play("hostile", BLUE, r"""
        paste "晴川\x01\n（第二行）‮反‬​有限公司\t完"
        key Esc
        dump @
        key Ctrl-C
        wait text 已存为草稿 f1，再按一次离开
        dump hostile-saved
    """.replace(r"\x01", "\x01"))
    # A field takes one cell of a block; undo takes it back, whatever stood there before.
    s.play("block", BLUE, r"""
        type 江城市第四中学
        key Enter
        type 9137
        paste "0212MAKP0A089U\t五金件\n91370212MAKP0A090A\t螺钉\n"
        dump @
        key Ctrl-Z
        dump block-undone
        paste "0212makp0a089u\n91370212MAKP0A090A\n"
        key Enter
        wait text [91370212MAKP0A089U  ]
        key Ctrl-Z
        wait no-text 0212MAKP0A089U
    """)
    s.play("long", BLUE, "type " + "长" * 120, """
        dump @
        dump-cursor long-caret
        key Home
        dump long-home
        dump-cursor long-home-caret
    """)
    s.play("long-on-sheet", BLUE, "type " + "长" * 101, "key Tab Tab", """
        key Space
        key Tab Tab Tab Tab Tab
    """, LAPTOPS, """
        key F10
        wait screen issue
        dump @
        key Enter
        wait screen blue
    """)
    s.play("wrong", BLUE, """
        key F10
        dump wrong-nothing
        type 江城市第四中学
        key Enter
        type 91370212MAKP
        key Enter
        dump wrong-tax-no
        dump-cursor wrong-tax-no-left
        key F10
        dump wrong-tax-no-issue
        dump-cursor wrong-tax-no-issue
        key F1
        wait screen help
        dump wrong-tax-no-help
        key Esc
        key Ctrl-U
        key F10
        wait text 明细
        dump wrong-no-lines
    """.replace("dump-cursor wrong-tax-no-issue", "dump-cursor wrong-tax-no-issue-caret"))
    s.play("special", BLUE, """
        key Shift-Tab Shift-Tab Shift-Tab Shift-Tab Space
        wait text <数电专票>
        key Tab Tab Tab Tab
        type 江城市第四中学
        key Enter Enter Enter Enter Enter Enter Enter
    """, LAPTOPS, """
        key F10
        wait text 税号
        dump @
        dump-cursor special-caret
        type 91370212MAKP0A089U
        key F10
        wait screen issue
    """)
    s.play("help", BLUE, """
        key Tab
        key F1
        wait screen help
        dump @
        key Esc
        key :
        type ::
        wait text [::
        key Ctrl-P
        wait screen palette
        type fzkp
        wait text 复制开票
        dump help-palette
        key Enter
        wait screen invoices
        key Esc
        wait screen blue
        wait text [::
    """)
    s.play("draft", BLUE, BUYER, LAPTOPS, """
        wait text 草稿 f1
        key Esc
        wait screen home
        dump draft-left
        key F7
        wait screen drafts
        sleep-until-idle
        dump draft-list
        key Enter
        wait screen blue
        wait text 草稿 f1
        dump draft-again
        dump-cursor draft-again-caret
        key Esc
        wait screen home
        key d
        wait screen drafts
        key Delete
        wait screen ask
        dump draft-delete
        key Enter
        wait screen drafts
        wait state listed
        key Ctrl-D
        key y
        wait state empty
        dump draft-none
        key Esc
        wait screen home
    """)
    s.play("draft-typing-goes-on", BLUE, BUYER, LAPTOPS, """
        type 擦
        key Esc
        wait text 已存为草稿 f1，再按一次离开
        type 窗
        key Esc
        wait screen blue
        wait text 已存为草稿 f1，再按一次离开
        key Esc
        wait screen home
    """)
    s.play("draft-of-verb", """
        wait screen home
        key F7
        wait screen drafts
        sleep-until-idle
        dump draft-of-verb-list
        key Enter
        wait screen blue
        dump @
        key Esc
    """, before=lambda home: home.run("blue", "draft", home.file(DRAFT), check=0))
    # Undo in a field outside the rows: its text before the visit, and back.
    s.play("field-undo", BLUE, BUYER, """
        key Shift-Tab
        type 某路9号
        wait text 某路9号
        key Ctrl-Z
        wait no-text 某路9号
        wait text 恢复成原来的内容
        key Ctrl-Z
        wait text 某路9号
    """)
    # 同上 takes the article of the row above, in one step.
    s.play("article-up", BLUE, BUYER, LAPTOPS, """
        key Alt-=
        sleep-until-idle
        dump @
        key Ctrl-Z
        sleep-until-idle
        dump article-up-undone
        key =
        key Enter Enter Enter
        type 3
        key Enter
        type 5299
        key Enter
        wait text 15,897.00
    """)
    # Its order is issued elsewhere with other content: what is shown is what was issued.
    s.play("order-taken", """
        wait screen home
        key F7
        wait screen drafts
        sleep-until-idle
        key Enter
        wait screen blue
        wait text 技术服务费
        type 甲
        key Ctrl-S
        wait text 草稿已保存
        key Esc
        wait screen home
    """, before=lambda home: home.run("blue", "draft", home.file(service("1000")), check=0))
    s.play("order-both", """
        wait screen home
        key F7
        wait screen drafts
        sleep-until-idle
        key Enter
        wait screen blue
        wait text 技术服务费
        type 乙
        key Ctrl-S
        wait text 请只开一张
        dump @
        key Esc
        wait screen home
    """, keep="order-taken", before=twice)
    s.play("order-differs", """
        wait screen home
        key F7
        wait screen drafts
        sleep-until-idle
        dump order-in-list
        key Enter
        wait screen blue
        wait text 技术服务费
        key F10
        wait screen issue
        key F10
        wait state issued
        sleep-until-idle
        dump @
        key Esc
        wait screen blue
        wait text 技术服务费
    """, platform=True, keep="order-taken", before=elsewhere)
    s.play("hangup", BLUE, BUYER, """
        type 只打了一半
        hangup
    """)
    s.play("hangup-later", """
        wait screen home
        key F7
        wait screen drafts
        wait text 深圳市晴川数码贸易有限公司
        key Enter
        wait screen blue
        wait text 只打了一半
        dump @
    """, keep="hangup")
    s.play("copy", BLUE, """
        type 江城
        key F6
        wait screen invoices
        type 99990000000000000000
        key Enter
        sleep-until-idle
        dump copy-unknown
        type 26447000000000000011
        key Enter
        sleep-until-idle
        dump @
        key Enter
        wait text 表单里已经有内容
        key Enter
        wait text ¥2,946.00
        dump copy-taken
    """)
    s.play("resize", BLUE, BUYER, LAPTOPS, """
        type 擦窗
        resize 16 60
        dump resize-16x60
        resize 10 40
        dump resize-10x40
        type 服务
        resize 36 120
        wait text 擦窗服务
        wait text 10,598.00
        dump resize-36x120
        dump-cursor resize-36x120-caret
        resize 24 80
        wait text 擦窗服务
        dump resize-24x80
    """)
    s.play("low", BLUE, BUYER, LAPTOPS, """
        resize 16 60
        key Up Up Up
        dump low-order
        dump-cursor low-order-caret
        key Down Down Down Down
        dump low-phone
        dump-cursor low-phone-caret
        key Down Down Down Down Down
        dump low-remark
        dump-cursor low-remark-caret
        key Enter
        dump-cursor low-drawer-caret
        key Enter Enter Enter Enter
        dump low-banks
        dump-cursor low-banks-caret
    """)
    s.play("foot", BLUE, BUYER, """
        key Down
        type 合同号 HT-2026-01
        key Enter
        type x
        key Backspace Enter
        type 王芳
        key Enter
        type 李复核
        key Enter Space Enter Space Enter
        dump @
    """)
