#!/usr/bin/env python3
"""购方信息: finding, adding, editing, duplicates, addresses, merging, removing; and the blue invoice
that knows the buyers."""
import glob
import os

import kp
from screen import Screens
from steps import BLUE

TENCENT = "9144030071526726XG"
KEYS = {"find": ["g", "F3", "s", "q", "Enter", "Enter"],
        "add": ["g", "a", "NAME", "Enter", "TAX", "F10"]}


def buyers(home):
    """Ten that were issued to, and one of a workbook, with two addresses."""
    path = os.path.join(os.path.dirname(home.path), "two.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("购方名称,纳税人识别号,地址,电话,开户行,银行账号,是否默认地址\n"
                "腾讯科技（深圳）有限公司,%s,深圳市南山区高新科技园,0755-86013388,招商银行深圳分行,"
                "817282299619,Y\n"
                "腾讯科技（深圳）有限公司,%s,北京市海淀区西北旺,010-62671188,招商银行北京分行,110902,N\n"
                % (TENCENT, TENCENT))
    home.run("buyers", "import", path, check=0)


OPEN = """
    wait screen home
    key g
    wait screen buyers
    wait state listed
    sleep-until-idle
"""


def count(home, **query):
    args = [a for k, v in query.items() for a in ("--" + k, v)]
    return home.run("buyers", "list", *args)[1]["total"]


def files(home, pattern):
    return [f for top, _, _ in os.walk(home.path) for f in glob.glob(os.path.join(top, pattern))]


def nobody(home):
    for row in home.run("buyers", "list")[1]["rows"]:
        home.run("buyers", "remove", "#%d" % row["id"], check=0)


def viewer(home):
    kp.sql(home.path + "/kaipiao.db", "UPDATE app_user SET role = 'viewer'")


with Screens(__file__, prepare=buyers) as s:
    # ---- the list
    s.play("list", OPEN, "dump @")
    s.play("list-wide", OPEN, "dump @", rows=36, cols=120)
    s.play("list-low", OPEN, "dump @", "key F3", "dump list-low-filter", rows=16, cols=60)

    # Two letters and Enter twice: found while typing, opened.
    s.play("find", "wait screen home", *["key " + k for k in KEYS["find"][:2]], """
        type sq
        wait text 共 1 条
        dump find-typed
        dump-cursor find-typed-caret
        key Enter Enter
        wait screen read
        dump find-opened
        key Esc
        wait screen buyers
        wait text 共 1 条
        key c
        wait text 共 11 条
    """)
    s.ok(len(KEYS["find"]) <= 6, "two letters find a buyer and open it")
    s.play("filter", OPEN, """
        key F3 Tab
        type 物流
        key Enter
        wait text 共 1 条
        dump filter-name
        key c F3 Tab Tab
        type 91440106
        key Enter
        wait text 共 1 条
        key c F3 Tab Tab Tab Tab
        type 8601
        key Enter
        wait text 共 1 条
        dump filter-phone
        key c F3 Tab Tab
        type 没有
        key Enter
        wait state empty
        dump filter-nothing
        key e
        key x
        key t
        wait screen buyers
        key c
        wait text 共 11 条
        key F3
        type 青岛
        wait text 共 1 条
        key Esc
        wait text 共 11 条
    """)

    # ---- adding
    s.play("add", OPEN, """
        key a
        wait screen buyer-form
        dump add-empty
        dump-cursor add-empty-caret
        type 重庆银行股份有限公司
        key Enter
        wait text CQYHGFYXGS
        type ９１５００１１２ｍａ５ｕｕｙ７ｂ０
        key Enter
        dump add-digits
        key Shift-Tab Ctrl-U
        type 91500112MA5
        key Enter
        wait text 现在只有 11 位
        dump add-short
        key Shift-Tab Ctrl-U
        type 91500112MA5UUY7B01
        key Enter
        wait text 校验码
        dump add-warned
        key F10
        wait screen buyers
        wait text 已新增
        dump add-done
    """, after=lambda home: s.same(count(home, find="CQYH"), 1, "the proposed short code is found"))
    s.play("add-quick", "wait screen home", "key g a", "wait screen buyer-form", """
        type 上海一家有限公司
        key Enter
        type 913100007178514000
        key F10
        wait screen buyers
        wait text 共 12 条
    """)
    s.ok(len(KEYS["add"]) <= 6, "a buyer is added by %d keys and what it is called" %
         len([k for k in KEYS["add"] if len(k) < 4 or k == "Enter"]))
    s.play("add-by-enter", OPEN, """
        key a
        wait screen buyer-form
        key F10
        wait text 名称不能为空
        dump add-nothing
        type 张三
        key Enter Enter Space
        dump add-person
        key Enter Enter Enter Enter Enter Enter Enter Enter
        dump add-button
        key Enter
        wait screen buyers
        wait text 已新增
    """, after=lambda home: s.same(home.run("buyers", "list", "--find", "张三")[1]
                                   ["rows"][0]["is_person"], True, "he is a person"))
    s.play("add-given-up", OPEN, """
        key a
        wait screen buyer-form
        key Esc
        wait screen buyers
        key a
        type 临时
        key Esc
        wait text 再按一次
        wait screen buyer-form
        dump add-esc
        key Esc
        wait screen buyers
        wait text 共 11 条
    """)
    # The short code that a person has written stays.
    s.play("add-mnemonic", OPEN, """
        key a
        type 天津一号
        key Enter
        wait text TJYH
        key Shift-Tab End
        type 店
        key Enter
        wait text TJYHD
        key Tab Tab Ctrl-U
        type MY1
        key Shift-Tab Shift-Tab Shift-Tab End
        type 铺
        key Enter
        wait text MY1
        wait no-text TJYHDP
    """)
    # One that was proposed gives way to typing.
    s.play("add-mnemonic-anew", OPEN, """
        key a
        type 天津一号
        key Enter
        wait text TJYH
        key Tab Tab
        type tj1
        wait text [tj1
        key Left
        type x
        wait text [tjx1
    """)
    # What does not match the conditions is said to be there.
    s.play("add-hidden", OPEN, """
        key F3
        type 青岛
        key Enter
        wait text 共 1 条
        key a
        wait screen buyer-form
        type 别处
        key F10
        wait screen buyers
        wait text 不在现在的查询条件里
        key c
        wait text 共 12 条
    """)

    # ---- duplicates
    def twin(*then):
        return (OPEN, """
            key a
            wait screen buyer-form
            type 腾讯新公司
            key Enter
            type 9144030071526726xg
            key Enter
            wait text 税号与 #11
        """) + then
    s.play("twin", *twin("""
        dump twin-note
        key F10
        wait screen choose
        dump twin-asked
        key Enter
        wait screen buyer-form
        dump twin-back
        key F10
        wait screen choose
        key Esc
        wait screen buyer-form
        key Esc Esc
        wait screen buyers
        wait text 共 11 条
    """))
    s.play("twin-kept", *twin("""
        key F10
        wait screen choose
        key 2
        wait screen buyers
        wait text 共 12 条
        dump twin-list
        key F3 Shift-Tab Space Enter
        wait text 共 2 条
        dump twin-filter
        key c
        wait text 共 12 条
        key e
        wait screen buyer-form
        key F10
        wait screen buyers
        wait text 已保存
    """))
    s.play("twin-merged", *twin("""
        key Tab Tab
        type 腾讯大厦
        key F10
        wait screen choose
        key 1
        wait screen buyers
        wait text 已并入 #11
        wait text 共 11 条
        dump twin-merged
        key Enter
        wait text 腾讯大厦
        dump twin-merged-detail
    """))
    s.play("twin-name", OPEN, """
        key a
        type 陈晓雯
        key Enter
        wait text 名称与
        key F10
        wait screen choose
        dump twin-name-asked
    """)
    s.play("twin-wide", *twin("key F10", "wait screen choose", "dump @"), rows=36, cols=120)

    # ---- editing, addresses
    s.play("edit", OPEN, """
        key F3
        type tx
        key Enter
        wait text 共 1 条
        key e
        wait screen buyer-form
        dump edit-open
        key End
        type （总部）
        key F10
        wait screen buyers
        wait text 已保存
        dump edit-done
    """, after=lambda home: s.same(count(home, find="总部"), 1, "what was changed is found"))
    s.play("addresses", OPEN, """
        key F3
        type tx
        key Enter
        wait text 共 1 条
        key e
        wait screen buyer-form
        key Shift-Tab Shift-Tab
        wait text [ 确定 ]
        key Up
        dump addresses
        dump-cursor addresses-caret
        key o
        wait text 改为默认
        dump addresses-default
        key a
        wait screen form-dialog
        key Enter Enter Enter Enter Enter Enter Enter
        wait text 什么都没有填
        dump addresses-empty
        type 上海市徐汇区
        key Enter
        type 021-1
        key Tab Tab Tab Tab Enter Enter
        wait screen buyer-form
        wait text 其他地址 2 个
        key Down Enter
        wait screen form-dialog
        wait text 上海市徐汇区
        key F10
        wait screen buyer-form
        dump addresses-two
        key Up x
        wait text 其他地址 1 个
        key F10
        wait screen buyers
        wait text 已保存
        key Enter
        wait screen read
        dump addresses-detail
    """)
    s.play("addresses-low", OPEN, """
        key F3
        type tx
        key Enter
        wait text 共 1 条
        key e
        wait screen buyer-form
        dump @
        key Down Down Down Down Down Down Down
        dump addresses-low-down
    """, rows=16, cols=60)
    s.play("addresses-all-removed", OPEN, """
        key F3
        type tx
        key Enter
        wait text 共 1 条
        key e
        key Shift-Tab Shift-Tab Up x
        wait no-text 其他地址
        key Esc
        wait text 再按一次
        key Esc
        wait screen buyers
    """)
    s.play("address-first", OPEN, """
        key F3
        type 江城
        key Enter
        wait text 共 1 条
        key e
        wait screen buyer-form
        key F6
        wait screen form-dialog
        type 江城路 1 号
        key F10
        wait screen buyer-form
        wait no-text 其他地址
        dump @
    """)
    s.play("copy-row", OPEN, """
        key Down o
        wait screen buyer-form
        wait text 新增购方
        wait text 江城市第三中学
        key End
        type 分校
        key F10
        wait screen buyers
        wait text 共 12 条
    """)

    # ---- detail, history, a new invoice
    s.play("detail", OPEN, """
        key Down Down Enter
        wait screen read
        dump detail
        dump-cursor detail-caret
        type zzz
        key F10
        wait screen read
        key t
        wait screen invoices
        wait text 共 1 条
        sleep-until-idle
        dump history
        key Esc
        wait screen buyers
        sleep-until-idle
        dump history-back
    """)
    s.play("new-invoice", OPEN, """
        key Down Down n
        wait screen blue
        wait text 91510104MAKP0A046B
        dump new-invoice
        dump-cursor new-invoice-caret
    """)
    s.play("new-invoice-address", OPEN, """
        key F3
        type tx
        key Enter
        wait text 共 1 条
        key n
        wait screen choose
        dump new-invoice-address
        key 2
        wait screen blue
        wait text 北京市海淀区西北旺
        dump new-invoice-other
    """)

    # ---- removing, merging
    s.play("remove", OPEN, """
        key x
        wait screen ask
        dump remove-ask
        key Esc
        wait screen buyers
        wait text 共 11 条
        key x Enter
        wait screen buyers
        wait text 共 11 条
        key Space Space Space x
        wait screen ask
        wait text 3 个购方
        dump remove-marked
        key y
        wait text 删除了 3 个购方
        wait text 共 8 条
        dump remove-done
    """)
    s.play("merge", OPEN, """
        key m
        wait text 没有和它同名或同税号
        key Space Space Space m
        wait text 勾选了 3 个
        key Up Space m
        wait screen choose
        dump merge-ask
        key Enter
        wait screen buyers
        wait text 共 11 条
        key m
        wait screen choose
        key 2
        wait text 已并入
        wait text 共 10 条
        dump merge-done
    """)

    # ---- files
    s.play("import", OPEN, "key F5", "wait screen import", "wait text 购方信息", "key Esc",
           "wait screen buyers")
    s.play("export", OPEN, """
        key Space Space E
        wait screen export
        wait text 勾选的 2 行
        key F10
        wait text 已导出 3 行
        sleep-until-idle
    """, after=lambda home: s.same(len(files(home, "购方信息*.xlsx")), 1, "a workbook was written"))
    s.play("template", OPEN, "key T", "sleep-until-idle", "wait text xlsx", "dump @")

    # ---- who may only look
    s.play("viewer", OPEN, """
        key a
        wait text 无权限
        key e
        key x
        key m
        wait screen buyers
        key Enter
        wait screen read
    """, before=viewer)
    s.play("none", "wait screen home", "key g", "wait screen buyers", "wait state empty",
           "sleep-until-idle", "dump @", before=nobody)

    # ---- the blue invoice
    s.play("blue-known", BLUE, """
        type 腾讯
        wait text 9144030071526726XG
        dump blue-known
        key Enter
        wait screen choose
        dump blue-address
        key Enter
        wait screen blue
        wait text 817282299619
    """)
    s.play("blue-strange", BLUE, """
        type 测试新客户有限公司
        key Enter
        wait text F2 存入
        dump blue-strange
        type 91350100M000100Y43
        key F2
        wait screen buyer-form
        dump blue-keep
        key F10
        wait screen blue
        wait text 已新增
        dump blue-kept
        key F2
        wait text 已经有这个购方
    """, after=lambda home: s.same(count(home, find="测试新客户"), 1, "it is in the catalogue"))
    # Added while the invoice is open: offered at once.
    s.play("blue-at-once", OPEN, """
        key a
        type 南京新客户
        key F10
        wait screen buyers
        wait text 已新增
        key Esc
        wait screen home
        key F10
        wait screen blue
        type njxkh
        wait text 南京新客户
        key Enter
        wait text 南京新客户
    """)
    s.play("blue-viewer", "wait screen home", "key g", "wait screen buyers", "wait state listed",
           "key n", "wait text 无权限", "wait screen buyers", before=viewer)
