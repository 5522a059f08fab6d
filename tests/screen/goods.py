#!/usr/bin/env python3
"""商品信息: finding, adding, editing, tax codes proposed and changed, removing, exporting."""
import glob
import os
import re

import kp
from screen import Screens

WHEAT = "1010101020000000000"
APPLE = "1010115010100000000"
PEAR = "1010115010900000000"


def goods(home):
    """Goods of the practice home, some whose code is stopped later, some without a code."""
    home.run("goods", "add", "--name", "散装麦子", "--tax-code", WHEAT, check=0)
    home.run("goods", "add", "--name", "袋装麦子", "--tax-code", WHEAT, check=0)
    home.run("goods", "add", "--name", "没有编码的东西", "--price", "12.5", check=0)
    s.control("/taxcodes", {"codes": [
        {"code": WHEAT, "stop": "2026-01-01"},
        {"code": PEAR, "name": "西洋梨", "short_name": "水果", "vat_rates": "9%",
         "levy_rates": ""}]})
    home.run("taxcodes", "sync", check=0)


OPEN = """
    wait screen home
    key p
    wait screen goods
    wait state listed
    sleep-until-idle
"""
ADD = OPEN + """
    key a
    wait screen goods-form
"""


def files(home, pattern):
    return [f for top, _, _ in os.walk(home.path) for f in glob.glob(os.path.join(top, pattern))]


def found(home, text):
    return home.run("goods", "list", "--find", text)[1]["rows"]


def viewer(home):
    kp.sql(home.path + "/kaipiao.db", "UPDATE app_user SET role = 'viewer'")


def exported(home):
    names = [os.path.basename(f) for f in files(home, "商品信息*.xlsx")]
    s.ok(len(names) == 1 and re.fullmatch(r"商品信息导出列表\d{14}\.xlsx", names[0]),
         "the workbook is named as it should be", names)


def doubled(home):
    for _ in range(2):
        home.run("goods", "add", "--name", "双份茶", "--spec", "大", "--keep-twin", check=0)


s = Screens(__file__, prepare=goods)
with s:
    # ---- the list
    s.play("list", OPEN, "dump @")
    s.play("list-wide", OPEN, "dump @", rows=36, cols=120)
    s.play("list-low", OPEN, "dump @", "key F3", "dump list-low-filter", rows=16, cols=60)
    s.play("filter", OPEN, """
        key F3
        type drsh
        wait text 共 1 条
        dump filter-typed
        dump-cursor filter-typed-caret
        key Enter c F3 Tab
        type 纸箱
        key Enter
        wait text 共 1 条
        key c F3 Tab Tab Tab Tab
        type 10702
        key Enter
        wait text 共 2 条
        dump filter-code
        key c F3 Tab Tab Tab Tab Tab
        type 家具
        key Enter
        wait text 共 1 条
        key c F3 Tab Tab Space Enter
        wait text 共 3 条
        dump filter-unusable
        key c F3 Shift-Tab Space Enter
        wait text 没有重复的商品
        dump filter-twins
        key c F3
        type 绝无此物
        wait text 没有符合条件的商品
        key Enter
        wait state empty
        dump filter-nothing
        key e
        key x
        key m
        wait screen goods
    """)
    # What the home screen offers: those to be mended alone.
    s.play("from-home", """
        wait screen home
        wait text 2 个商品的编码已停用
        key 1
        wait screen goods
        wait text 共 3 条
        sleep-until-idle
        dump @
    """)

    # ---- adding
    s.play("add", ADD, """
        dump add-empty
        dump-cursor add-empty-caret
        key F10
        wait text 商品名称不能为空
        type 红富士苹果
        key F4
        wait screen code-pick
        key Enter
        wait screen goods-form
        wait text 水果
        dump add-code
        dump-cursor add-code-caret
        key Space
        dump add-rate
        key Enter
        type 箱装
        key Enter
        type 箱
        key Enter
        type 1,280.5
        key Enter
        key Space
        dump add-filled
        key F10
        wait screen goods
        wait text 已新增
        dump add-done
        key Enter
        wait text 1280.5（不含税）
    """, after=lambda home: s.same([(r["tax_code"], r["short_name"]) for r in found(home, "红富士")],
                                   [(APPLE, "水果")], "code and short name are stored"))
    # The only rate a code has is chosen.
    s.play("add-one-rate", ADD, """
        type 西洋梨
        key Enter Enter Enter
        type %s
        key Enter
        wait text <9%%
        dump add-one-rate
        key F10
        wait screen goods
        wait text 已新增
    """ % PEAR)
    s.play("add-summary", ADD, """
        type 水泥
        key Tab Tab Tab
        type 1080101000000000000
        key Enter
        wait text 汇总项，不能用于开票
        dump add-summary
        key F10
        wait screen goods-form
        key Shift-Tab
        key Tab Ctrl-U
        type 1010101020000000000
        key Enter
        wait text 编码已停用，不能用于开票
        key Shift-Tab Ctrl-U
        type 123
        key F10
        wait text 编码不存在
        wait screen goods-form
    """)
    # Of several rates the usual one; it is not lost by looking at preferences.
    s.play("rates", ADD, """
        type 交换机
        key Enter Enter Enter
        type 1090510030000000000
        key Enter
        wait text <13%
        key F4
        wait screen choose
        dump rates-list
        key Esc
        wait screen goods-form
        key Tab Tab Tab Tab Tab Space
        wait text <简易征收
        wait text 税率 13% 不能和优惠政策“简易征收”一起用
        wait no-text <13%
        dump rates-gone
        key Space
        wait text <稀土产品
        wait text <13%
        wait no-text 不能和优惠政策
        key Left
        wait text 不能和优惠政策
        key Shift-Tab F4
        wait screen choose
        key 2
        wait screen goods-form
        wait text <不含税
        key F10
        wait screen goods
        wait text 已新增；请核对税率：没有选
    """, after=lambda home: s.same(found(home, "交换机")[0].get("rate"), None,
                                   "no rate is made up"))
    # What is only proposed to look for gives way to typing; 商品 says nothing about goods.
    s.play("pick-anew", ADD, """
        type 红富士苹果
        key F4
        wait screen code-pick
        wait text 查找 [苹果
        type 西洋梨
        wait text 查找 [西洋梨
        key Esc
        wait screen goods-form
        key F4
        wait screen code-pick
        wait text 查找 [苹果
        key Backspace
        wait state tree
        key Esc
        wait screen goods-form
        key Ctrl-U
        type 无此商品
        key F4
        wait screen code-pick
        wait state tree
    """)
    # A proposal with its reason; it is taken only when asked for.
    s.play("hint", ADD, """
        type 大纸箱
        key Enter
        wait text 建议编码
        dump hint-shown
        key Tab Tab
        wait no-text [1060105010000000000]
        key F6
        wait text [1060105010000000000]
        dump hint-taken
        key F6
        wait text 没有建议
        key F10
        wait screen goods
        wait text 大纸箱
    """)
    s.play("hint-left", ADD, """
        type 大纸箱
        key Enter
        wait text 建议编码
        key F10
        wait screen goods
        wait text 已新增
    """, after=lambda home: s.same(found(home, "大纸箱")[0]["tax_code"], None,
                                   "a proposal is not applied by itself"))
    s.play("preference", ADD, """
        type 鲜苹果
        key F4
        wait screen code-pick
        key Enter
        wait screen goods-form
        key Tab Tab Tab Tab Tab
        dump preference-here
        key F4
        wait screen choose
        dump preference-choose
        key 4
        wait screen goods-form
        wait text 0%
        dump preference-taken
        key F10
        wait screen goods
        wait text 已新增
    """, after=lambda home: s.same([(r["preference"], r["rate"]) for r in found(home, "鲜苹果")],
                                   [("03", "0")], "the rate goes with the preference"))
    s.play("price", ADD, """
        type 价格不对
        key Tab Tab Tab Tab Tab Tab Tab
        type -5
        key F10
        wait screen goods-form
        dump price-wrong
    """)
    s.play("given-up", ADD, """
        type 临时
        key Esc
        wait text 再按一次
        key Esc
        wait screen goods
        wait no-text 临时
    """)
    s.play("form-wide", ADD, "type 大纸箱", "key Enter", "wait text 建议编码", "dump @", rows=36,
           cols=120)
    s.play("form-low", ADD, "dump @", "key Tab Tab Tab", "dump form-low-down", rows=16, cols=60)
    s.play("twin", ADD, """
        type 纸箱
        key F10
        wait screen choose
        dump twin
        key Enter
        wait screen goods-form
        key F10
        wait screen choose
        key 1
        wait screen goods
        wait text 已新增
        key e
        wait screen goods-form
        key F10
        wait screen goods
        wait text 已保存
    """)

    # ---- editing, detail
    s.play("edit", OPEN, """
        key Down e
        wait screen goods-form
        dump edit-open
        key Tab Tab Tab Ctrl-U
        type 1010100000000000000
        key F10
        wait text 汇总项
        wait screen goods-form
        key Ctrl-U
        type 1010115010100000000
        key F10
        wait screen goods
        wait text 已保存
        dump edit-done
    """)
    s.play("copy-row", OPEN, """
        key o
        wait screen goods-form
        wait text 新增商品
        wait text 12.5
        key End
        type 乙
        key F10
        wait screen goods
        wait text 没有编码的东西乙
    """)
    s.play("detail", OPEN, """
        key Enter
        wait screen read
        dump detail
        type zzz
        key F10
        key Ctrl-S
        dump detail-typed
        key Esc
        wait screen goods
    """)

    # ---- another code for many
    s.play("recode", OPEN, """
        key F3 Tab Tab Space Enter
        wait text 共 3 条
        key * m
        wait screen code-pick
        key Esc
        wait screen goods
        key m
        wait screen code-pick
        type 大麦
        dump recode-pick
        key Ctrl-U
        type 苹果
        wait state found
        key Enter
        wait screen goods
        wait text 3 个商品的编码换成了
        wait text 无税率
        dump recode-done
        key c
        wait text 袋装麦子
        dump recode-all
        key m
        wait screen code-pick
        key Ctrl-U
        type 苹果
        wait state found
        key Enter
        wait text 0 个商品的编码换成了
    """)

    # ---- removing: three of five marked
    s.play("remove", OPEN, """
        key x
        wait screen ask
        dump remove-ask
        key Enter
        wait screen goods
        wait text 共 62 条
        key Space Space Space x
        wait screen ask
        wait text 3 个商品
        dump remove-marked
        key Esc
        wait screen goods
        wait text 共 62 条
        wait text 已勾选 3 条
        key x y
        wait text 删除了 3 个商品
        wait text 共 59 条
        dump remove-done
    """)

    s.play("twins", OPEN, """
        dump @
        key F3 Shift-Tab Space Enter
        wait text 共 2 条
        dump twins-only
    """, before=doubled)

    # ---- files
    s.play("import", OPEN, "key F5", "wait screen import", "wait text 商品信息", "key Esc",
           "wait screen goods")
    s.play("export", OPEN, """
        key Space Space E
        wait screen export
        wait text 勾选的 2 行
        dump export-ask
        key F10
        wait text 已导出 2 行
        sleep-until-idle
    """, after=exported)
    s.play("template", OPEN, "key T", "wait text xlsx", "sleep-until-idle", "dump @")

    s.play("viewer", OPEN, """
        key a
        wait text 无权限
        key e
        key m
        key x
        wait screen goods
        key Enter
        wait screen read
    """, before=viewer)
