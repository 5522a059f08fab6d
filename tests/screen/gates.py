#!/usr/bin/env python3
"""A unit that is not activated: the same sentence on three menus, letter by letter, and Enter leads
to 开票业务配置 (G4, G18, G40, M9)."""
import os
import re
import sqlite3

from screen import EXPECTED, Screens

SENTENCE = ("当前销方企业未开通乐企数电发票业务，"
            "请在系统的【开票业务配置】功能中添加配置信息并完成业务激活处理！")
MENUS = (("t", "taxpayer"), ("n", "numbers"), ("e", "quota"))


def unverified(home):
    with sqlite3.connect(os.path.join(home.path, "kaipiao.db")) as db:
        db.execute("UPDATE unit SET state = 'unverified'")


def says_it(s, name):
    """The dump, its lines joined, holds the sentence."""
    with open(os.path.join(EXPECTED, "gates-%s.txt" % name), encoding="utf-8") as f:
        text = re.sub(r"\s+", "", f.read())
    s.ok(SENTENCE in text, "%s: the sentence, letter by letter" % name, text)


with Screens(__file__) as s:
    for rows, cols, size in ((24, 80, ""), (36, 120, "-wide")):
        for key, menu in MENUS:
            name = menu + size
            s.play(name, """
                wait screen home
                key %s
                wait screen %s
                wait state closed
                sleep-until-idle
                dump @
                key Enter
                wait screen wizard
                key Esc
                wait screen home
            """ % (key, menu), before=unverified, rows=rows, cols=cols)
            says_it(s, name)
