#!/usr/bin/env python3
"""批量导入: the page, a look before, the report, part of the rows, templates, in the background."""
import os

from screen import Screens

GOOD = ("名称,税号,地址,电话\n"
        "深圳市华建贸易有限公司,91440300MAKP0A011Y,深圳市南山区,0755-1\n"
        "广州清远茶业有限公司,,,\n")
BAD = GOOD + ",91440300MAKP0A011Y,,\n成都错误有限公司,12-34,,\n"
EVERY = 80000  # rows of the long file


def small(home):
    os.mkdir(os.path.join(home.top, "books"))
    home.file(GOOD, "books/buyers.csv")
    home.file(BAD, "books/bad.csv")
    home.file("x,y\n1,2\n", "books/wrong.csv")
    home.file("no workbook", "books/picture.png")
    os.utime(os.path.join(home.top, "books/buyers.csv"), (1768875667, 1768875667))
    os.utime(os.path.join(home.top, "books/bad.csv"), (1768875600, 1768875600))
    os.utime(os.path.join(home.top, "books/wrong.csv"), (1768875000, 1768875000))


def long(home):
    rows = ["购方%06d有限公司,,深圳市南山区科技园 %d 号,\n" % (i, i) for i in range(EVERY)]
    home.file("名称,税号,地址,电话\n" + "".join(rows), "long.csv")


def spaced(home):
    os.mkdir(os.path.join(home.top, "books"))
    home.file(GOOD, "books/my buyers.csv")


def stored(home):
    names = [b["name"] for b in home.run("buyers", "list", check=0)[1]["rows"]]
    s.ok("广州清远茶业有限公司" in names, "what was imported is there", names)


def nothing(home):
    names = [b["name"] for b in home.run("buyers", "list", check=0)[1]["rows"]]
    s.ok(not any(n.startswith("购方") for n in names), "a cancelled import leaves nothing", names)


def failures(home):
    path = os.path.join(home.top, "books/bad.csv.失败.xlsx")
    s.ok(os.path.exists(path), "the failed rows are kept")


def templates(home):
    names = sorted(f for f in os.listdir(os.path.join(home.path, "files")) if "模板" in f)
    s.same(names, ["购方信息导入模板-2.xlsx", "购方信息导入模板.csv", "购方信息导入模板.xlsx"],
           "one that is there already stays")


with Screens(__file__) as s:
    s.play("choose", """
        wait screen home
        key I
        wait screen choose
        dump choose
        key 2
        wait screen import
        wait text 商品信息
        key Esc
        wait screen home
        key I 3
        wait screen import
        dump codes
        key Esc
    """)
    s.play("import", """
        wait screen home
        key I 1
        wait screen import
        dump page
        dump-cursor page-caret
        type boo
        dump folder
        key Enter
        dump files
        key Enter
        dump taken
        key F10
        wait screen import-report
        wait state checked
        dump checked
        key F10
        wait state stored
        dump stored
        key Enter
        wait screen home
        key F5 1
        wait screen import
        dump again
        key F10
        wait state checked
        wait text 未变 2 行
    """, before=small, after=stored)
    # As a terminal writes a file that is dragged into it.
    s.play("dragged", """
        wait screen home
        key I 1
        wait screen import
        type 'books/my buyers.csv'
        key F10
        wait screen import-report
        wait state checked
        wait text 可以导入：按 F10 导入这 2 行
    """, before=spaced)
    s.play("wide", """
        wait screen home
        key I 1
        wait screen import
        type books/b
        dump wide-page
        key Ctrl-U
        type books/bad.csv
        key F10
        wait state failed
        dump wide-failed
    """, before=small, rows=36, cols=120)
    s.play("part", """
        wait screen home
        key I 1
        wait screen import
        type books/bad.csv
        key F10
        wait state failed
        dump failed
        key F10
        wait screen ask
        dump part-ask
        key Enter
        wait screen import-report
        key I
        wait screen import
        wait text bad.csv
        key F10
        wait state failed
        key F10
        key Left Enter
        wait state stored
        dump part
        key F8
        wait screen saved
        wait text bad.csv.失败.xlsx
        key Enter
        wait screen import-report
        key Enter
        wait screen home
        wait text 没有要处理的事
        key J
        wait screen jobs
        dump jobs
        key Enter
        wait screen read
        dump job-detail
        key Esc
        wait screen jobs
        key t
        wait text 没有正在进行的导入或导出
    """, before=small, after=failures)
    s.play("refused", """
        wait screen home
        key I 1
        wait screen import
        key F10
        dump nothing
        type nowhere.xlsx
        key F10
        wait text 没有这个文件
        key Ctrl-U
        type books/wrong.csv
        key F10
        wait state refused
        dump refused
        key F10
        wait text 文件有问题
        key Enter
        wait screen home
    """, before=small)
    s.play("template", """
        wait screen home
        key I 1
        wait screen import
        key F7
        wait screen choose
        dump template
        key 1
        wait screen saved
        wait text 模板已存好
        key Enter
        key F7 1
        wait text 模板已存好
        key Enter
        key F7 2
        wait text 模板已存好
        key Enter
        key F6
        wait screen saved
        wait text 不是终端，不能用 rz 上传
        wait text scp 文件
        key Enter
        wait screen import
        wait text 文件*[home/files/
    """, after=templates)
    s.play("background", """
        wait screen home
        key I 1
        wait screen import
        type long.csv
        key Tab Space
        key F10
        wait screen task
        key Esc
        wait screen home
        wait text 已放到后台
        key I 1
        wait screen import
        key F10
        wait text 还在进行
        wait screen import
        key Esc
        wait screen home
        key J
        wait screen jobs
        wait text 处理中
        key t
        wait screen task
        key x
        wait screen ask
        key Enter
        wait screen task
        wait screen import-report
        wait state stored
        wait text 新增 80000 行
        key Enter
        wait screen jobs
        wait text 成功
    """, before=long)
    s.play("told", """
        wait screen home
        key I 1
        wait screen import
        type long.csv
        key Tab Space
        key F10
        wait screen task
        key Esc
        wait screen home
        wait text 按 Alt-j 看结果
        wait text 导入 已结束
        key J
        wait text 按 t 看结果
        key t
        wait state stored
    """, before=long)
    s.play("cancelled", """
        wait screen home
        key I 1
        wait screen import
        type long.csv
        key Tab Space
        key F10
        wait screen task
        key x
        wait screen ask
        key Left Enter
        wait screen import-report
        wait state refused
        dump cancelled
    """, before=long, after=nothing)
    s.play("quit", """
        wait screen home
        key I 1
        wait screen import
        type long.csv
        key Tab Space
        key F10
        wait screen task
        key Esc
        wait screen home
        key Ctrl-Q
        wait screen ask
        key Enter
        wait screen task
        key Esc
        wait screen home
        key Ctrl-Q
        wait screen ask
        key Left Enter
    """, before=long, after=nothing)
