#!/usr/bin/env python3
"""导入明细: the page, the preview, faults, behind or in place of rows, one undo, pasted headings."""
import os

from books import CODE, workbook
from screen import Screens
from steps import BLUE

HEADS = ["项目名称", "商品和服务税收分类编码", "规格型号", "单位", "商品数量", "商品单价", "金额", "税率",
         "折扣金额", "优惠政策类型", "煤炭种类"]
GOOD = [["笔记本电脑", "", "", "", "2", "", "10598", "0.13", "100"],
        ["软件实施与培训", "", "", "", "3", "1500", "", "6%"],
        ["展台搭建", CODE, "大", "次", "1", "", "1000", "13"]]
BAD = GOOD[:2] + [["打印纸", CODE, "A4", "箱", "10", "25.00", "250.50", "13%"],
                  ["旧车", "", "", "", "", "", "8000", "0.13", "", "按2%简易征收"]]


def book(home, name, rows, special=()):
    top = [["填表说明"], ["必填\n(限100字符)"] * 11, HEADS]
    workbook(os.path.join(home.top, name), ("1-明细模板", top + rows),
             ("2-特定业务信息", [["不动产销售"], ["非必填"], ["证书", "不动产地址"]] + list(special)))


def books(home):
    book(home, "good.xlsx", GOOD)
    book(home, "bad.xlsx", BAD)
    book(home, "special.xlsx", GOOD, [["", "深圳市南山区"]])
    home.file("税率,数量,名称,不含税单价\n13%,2,展台,50\n", "net.csv")
    home.file("项目名称,税收编码,金额,税率\n" + "".join(
        "第%d种,%s,1.13,13%%\n" % (i, CODE) for i in range(5000)), "many.csv")


def failures(home):
    s.ok(os.path.exists(os.path.join(home.top, "bad.xlsx.失败.xlsx")), "the failed rows are kept")


def templates(home):
    s.ok(any("发票明细导入模板" in f for f in os.listdir(os.path.join(home.path, "files"))),
         "the template lies where files go")


READ = """
    key F5
    wait screen lines
    key Ctrl-U
    type %s
    key F10
    wait screen lines-view
    wait state %s
"""

with Screens(__file__) as s:
    s.play("page", BLUE, """
        key F5
        wait screen lines
        dump @
        key F10
        dump page-nothing
        type nowhere.xlsx
        key F10
        dump page-absent
    """, before=books)
    s.play("page-wide", BLUE, """
        key Alt-l
        wait screen lines
        dump @
    """, rows=36, cols=120, before=books)
    s.play("preview", BLUE, READ % ("good.xlsx", "checked"), """
        dump @
        key F9
        dump preview-without
        key F9
        key F10
        wait screen blue
        dump preview-taken
        key Ctrl-Z
        dump preview-undone
        key Ctrl-Y
        dump preview-again
    """, before=books)
    s.play("preview-wide", BLUE, READ % ("good.xlsx", "checked"), """
        dump @
        key Enter
        dump preview-row
    """, rows=36, cols=120, before=books)
    s.play("faults", BLUE, READ % ("bad.xlsx", "failed"), """
        dump @
        key Down
        dump faults-next
        key F10
        wait screen ask
        dump faults-ask
        key Enter
        key F8
        wait screen saved
        key Esc
        key F10
        key Right Enter
        wait screen blue
        dump faults-taken
        key F5
        wait screen lines
        wait text bad.xlsx.失败.xlsx
        dump faults-next-file
        type g
        wait no-text 失败.xlsx
        dump faults-typed-over
    """, before=books, after=failures)
    s.play("append", BLUE, READ % ("good.xlsx", "checked"), """
        key F10
        wait screen blue
    """, READ % ("net.csv", "checked"), """
        dump @
        key F9
        dump append-said
        key F10
        wait screen choose
        dump append-ask
        key Enter
        wait screen blue
        dump append-taken
        key Ctrl-Z
        dump append-undone
    """, before=books)
    # Without tax, then rows with tax behind them: the form becomes one with tax, and back.
    s.play("lift", BLUE, READ % ("net.csv", "checked"), """
        key F10
        wait screen blue
        dump @
    """, READ % ("good.xlsx", "checked"), """
        key F9
        key F10
        wait screen choose
        key Enter
        wait screen blue
        dump lift-taken
        key Ctrl-Z
        dump lift-undone
    """, before=books)
    s.play("replace", BLUE, READ % ("many.csv", "checked"), """
        dump @
        key F10
        wait screen blue
        dump replace-many
    """, READ % ("good.xlsx", "checked"), """
        key F10
        wait screen choose
        dump replace-only
        key Enter
        wait screen blue
        dump replace-taken
    """, before=books)
    s.play("special", BLUE, READ % ("special.xlsx", "refused"), """
        dump @
        key F10
        dump special-nothing
        key F5
        wait screen lines
        key Esc
        wait screen blue
        dump special-back
    """, before=books)
    s.play("template", BLUE, """
        key F5
        wait screen lines
        key F7
        key Enter
        wait screen saved
    """, after=templates)
    s.play("pasted", BLUE, r"""
        key Down Down Down
        paste "税率\t名称\t数量\t金额\n13%\t笔记本电脑\t2\t10598\n6%\t软件实施与培训\t1\t1,500.00\n"
        wait screen lines-view
        wait state checked
        dump @
        key F10
        wait screen blue
        dump pasted-taken
        key Ctrl-Z
        dump pasted-undone
    """)
    s.play("pasted-wrong", BLUE, r"""
        key Down Down Down
        paste "税率\t名称\t数量\t金额\n13%\t笔记本电脑\t2\t十万\n6%\t软件实施与培训\t1\t1500\n"
        wait screen lines-view
        wait state failed
        dump @
        key Esc
        wait screen blue
        dump pasted-left
    """)
