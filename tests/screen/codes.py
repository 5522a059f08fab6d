#!/usr/bin/env python3
"""税收分类编码: the screen (tree, search, what a sync changed) and the picker of the forms."""
from screen import Screens
from steps import BLUE, BUYER

APPLE = "1010115010100000000"
WHEAT = "1010101020000000000"

OPEN = """
    wait screen home
    key s
    wait screen codes
    sleep-until-idle
"""
FORM = BLUE + BUYER


def stop_and_rename(home):
    """The tax side stops a code, renames one and adds one; the home learns of it."""
    s.control("/taxcodes", {"codes": [
        {"code": WHEAT, "stop": "2026-01-01"},
        {"code": APPLE, "name": "红富士苹果", "vat_rates": "13%"},
        {"code": "1010115010900000000", "name": "西洋梨", "short_name": "水果",
         "vat_rates": "9%", "levy_rates": "3%、1%"}]})


def learn(home):
    stop_and_rename(home)
    home.run("taxcodes", "sync", check=0)


def stopped_goods(home):
    home.run("goods", "add", "--name", "散装麦子", "--tax-code", WHEAT, check=0)
    learn(home)


with Screens(__file__) as s:
    # ---- the screen ----
    s.play("top", OPEN, "dump @")
    s.play("top-wide", OPEN, "dump @", rows=36, cols=120)
    s.play("tree", OPEN, """
        key Enter Enter
        wait text 目录 › 货物 › 农、林、牧、渔业类产品
        key Enter Down Enter
        dump tree-deep
        key Left
        dump tree-back
        key Down Down Right
        dump tree-fruit
    """)
    # What is typed is looked for at once; pinyin, everyday words, the code.
    s.play("search", OPEN, """
        key F3
        type dn
        wait text 查找结果
        dump search-initials
        key Ctrl-U
        type 电脑
        wait text 电子计算机整机
        dump search-word
        key Down
        wait state listed
        key Ctrl-U F3
        type 10101
        key Enter
        dump search-digits
        key Enter
        dump search-entered
        key Esc
        wait text 查找结果
        dump search-back
        key F3 Ctrl-U
        type 绝无此物
        key Enter
        wait state empty
        dump search-nothing
        key Esc
        wait screen home
    """)
    s.play("search-wide", OPEN, "key F3", "type 软件", "wait text 查找结果", "dump @", rows=36,
           cols=120)
    s.play("sync", OPEN, """
        key d
        wait screen code-changes
        dump sync-before
        key Esc
        key s
        wait text 新增 1 个，变更 1 个，停用 1 个
        sleep-until-idle
        dump sync-told
        key d
        wait screen code-changes
        dump sync-changes
        key Enter
        wait screen read
        dump sync-stopped
    """, platform=True, before=stop_and_rename)
    s.play("changes-wide", OPEN, "key d", "wait screen code-changes", "dump @", rows=36, cols=120,
           platform=True, before=learn)
    s.play("sync-nothing", OPEN, "key s", "wait text 编码没有变化", platform=True)
    s.play("import", OPEN, "key F5", "wait screen import", "wait text 税收分类编码",
           "wait text 以税局的为准", "key Esc", "wait screen codes")

    # Goods whose code is stopped are something to do.
    s.play("stopped-goods", "wait screen home", "wait text 1 个商品的编码已停用",
           "sleep-until-idle", "dump @", platform=True, before=stopped_goods)

    # ---- the picker ----
    s.play("pick", FORM, """
        key F4
        wait screen code-pick
        dump pick-top
        key Right
        dump pick-goods
        key Right Down Right Right
        dump pick-deep
        key Left
        dump pick-back
        type js
        wait text 查找结果
        dump pick-initials
        key Backspace Backspace
        wait state tree
        type 住宿服务
        wait state found
        dump pick-found
        key Enter
        wait screen blue
        dump pick-taken
    """)
    s.play("pick-name", FORM, """
        type 品牌笔记本电脑
        key F4
        wait screen code-pick
        dump pick-name
        key Ctrl-U
        type 餐饮住宿
        wait text 餐饮住宿服务
        key Enter
        wait text 目录
        dump pick-summary
        key Left
        wait text 查找结果
        key Esc
        wait screen blue
    """)
    s.play("pick-wide", FORM, "type 咨询", "key F4", "wait screen code-pick", "dump @", rows=36,
           cols=120)
    s.play("pick-low", """
        wait screen home
        key F10
        wait screen blue
        sleep-until-idle
        type szsqc
        key Enter
        wait text 深圳市晴川数码贸易有限公司
        key F4
        wait screen code-pick
        type fw
        dump @
    """, rows=16, cols=60)
    s.play("pick-stopped", FORM, """
        key F4
        wait screen code-pick
        type 小麦
        wait text 已停用
        dump pick-stopped
        key Enter
        wait text 从 2026-01-01 起停用
        dump pick-refused
    """, platform=True, before=learn)
