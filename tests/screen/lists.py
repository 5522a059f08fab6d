#!/usr/bin/env python3
"""What every list can: rows a page, another page, another unit, export; conditions that survive."""
import contextlib
import csv
import glob
import os
import sqlite3
import zipfile

import kp
from screen import Screens


def exports(home, suffix):
    return sorted(glob.glob(os.path.join(home.path, "files", "*导出列表*" + suffix)))


def rows_of(path, encoding="utf-8-sig"):
    with open(path, encoding=encoding, newline="") as f:
        return list(csv.reader(f))


def second_unit(home):
    """Another using unit, so that there is something to choose."""
    home.add_using(s.sandbox, s.sandbox.usings[-1], check=0)


def marked(home):
    files = exports(home, ".xlsx")
    s.ok(len(files) == 1 and os.path.basename(files[0]).startswith("开票记录导出列表20260120"),
         "the file is named after the list and the time", files)
    with zipfile.ZipFile(files[0]) as z:
        text = "".join(z.read(n).decode() for n in z.namelist() if n.startswith("xl/"))
    s.ok("26447000000000000012" in text and "26447000000000000011" in text,
         "whole numbers of the marked rows", text)
    s.ok("26447000000000000010" not in text, "and of no other")


def found(home):
    files = exports(home, ".csv")
    if not s.same(len(files), 2, "two CSV files, none in place of another", files):
        return
    some, everything = sorted((rows_of(f) for f in files), key=len)
    s.same(some[0][3:9], ["数电发票号码", "销方识别号", "销方名称", "购方识别号", "购买方名称",
                          "开票日期"], "the tax bureau's headings")
    s.ok(len(some) > 1 and all("北京远桥" in row[7] for row in some[1:]), "what was found", some)
    s.same(len(everything), 13, "all rows, whatever was looked for")
    s.ok(all(row[8] == "2026-01-20 10:21:07" for row in everything[1:]),
         "cells in their full width", everything[1])


def many(home):
    """20,000 lines of the request log: more than one turn of the loop can read."""
    with contextlib.closing(sqlite3.connect(home.path + "/kaipiao.db")) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(request_log)") if row[1] != "id"]
        names = ", ".join(columns)
        db.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                   " WHERE i < 20000)"
                   " INSERT INTO request_log (%s) SELECT %s FROM request_log, n WHERE"
                   " request_log.id = (SELECT MIN(id) FROM request_log)" % (names, names))


def many_out(home):
    files = exports(home, ".csv")
    s.ok(len(files) == 1 and len(rows_of(files[0])) > 20000, "every row of a long list", files)


def nothing_left(home):
    s.same(exports(home, ""), [], "a cancelled export leaves no file")


with Screens(__file__) as s:
    s.play("pages", """
        wait screen home
        key i
        wait screen invoices
        key Z
        wait screen choose
        dump size-ask
        key 2
        wait text 每页 10 行
        dump pages-ten
        key P
        wait screen form-dialog
        dump page-ask
        type 2
        key Enter Enter
        wait screen invoices
        dump page-two
        key P
        type -1
        key Enter Enter
        wait text 第 1 页
        key P
        type 末
        key Enter Enter
        wait screen invoices
        dump page-last
        key P
        dump page-ask-last
        type 0
        key Enter
        wait text 填页号
    """)
    s.play("pages-kept", """
        wait screen home
        key i
        wait screen invoices
        wait text 第 1-10 条
    """, keep="pages")
    s.play("conditions", """
        wait screen home
        key i
        wait screen invoices
        key F3
        key Tab Tab Tab Tab
        type 远桥
        key Enter
        wait text 共 2 条
        key Enter
        wait screen invoice
        key Esc
        wait text 共 2 条
        key H
        wait screen home
        key i
        wait text 共 2 条
        dump conditions-again
        key c
        wait text 共 12 条
        key H
        key i
        wait text 共 12 条
    """)
    s.play("unit", """
        wait screen home
        key i
        wait screen invoices
        wait text 共 12 条
        key Space
        key U
        wait screen choose
        dump unit-ask
        key Down Enter
        wait text 现在为
        wait text 还没有发票
        dump unit-other
        key U 1
        wait text 共 12 条
        key Ctrl-N
        wait screen blue
        key Ctrl-P
        type use-unit
        key Enter
        wait text 请在首页或列表里换单位
    """, platform=True, before=second_unit)
    s.play("export", """
        wait screen home
        key i
        wait screen invoices
        key Space Space
        key E
        wait screen export
        dump export
        key F10
        wait screen saved
        wait text 已导出 2 行
        key Enter
        wait screen invoices
    """, after=marked)
    s.play("export-wide", """
        wait screen home
        key i
        wait screen invoices
        key E
        wait screen export
        dump @
    """, rows=36, cols=120)
    s.play("export-found", """
        wait screen home
        key i
        wait screen invoices
        key F3
        key Tab Tab Tab Tab
        type 远桥
        key Enter
        wait text 共 2 条
        key E
        wait screen export
        dump @
        key Tab Right
        wait text CSV（UTF-8，Excel）
        key F10
        wait text 已导出 2 行
        key Enter
        wait screen invoices
        key E
        wait screen export
        key Right
        key F10
        wait text 已导出 12 行
        key Enter
        wait text 共 2 条
    """, after=found)
    s.play("export-empty", """
        wait screen home
        key d
        wait screen drafts
        key E
        wait text 列表里没有记录
    """)
    for name, key in (("jobs", "J"), ("log", "L"), ("numbers", "n"), ("quota", "e"), ("units", "u"),
                      ("codes", "s")):
        s.play("export-" + name, """
            wait screen home
            key %s
            wait screen %s
            key E
            wait screen export
            key F10
            wait text 已导出
        """ % (key, name))
    s.play("export-long", """
        wait screen home
        key L
        wait screen log
        key E
        wait screen export
        key Tab Right
        key F10
        wait state running
        wait screen saved
    """, before=many, after=many_out)
    s.play("export-cancelled", """
        wait screen home
        key L
        wait screen log
        key E
        wait screen export
        key F10
        wait state running
        key Esc
        wait screen log
        wait text 已取消，没有留下文件
    """, before=many, after=nothing_left)
    s.play("export-quit", """
        wait screen home
        key L
        wait screen log
        key E
        wait screen export
        key F10
        wait state running
        key Ctrl-Q
        wait screen ask
        key Left Enter
    """, before=many, after=nothing_left)
    s.play("export-stay", """
        wait screen home
        key L
        wait screen log
        key E
        wait screen export
        key F10
        wait state running
        key Ctrl-Q
        wait screen ask
        key Enter
        wait screen saved
        key Enter
        wait screen log
    """, before=many)
