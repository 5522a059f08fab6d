#!/usr/bin/env python3
"""Several using units and none chosen yet: everybody who may look can say which, from the first
page, the palette and wherever a unit is wanted (features C9 M11)."""
import sqlite3

from screen import Screens

SECOND = "91440101MAKP00031C"


def several(home):
    home.run("unit", "add", "--role", "using", "--name", "广州开票练习贸易有限公司", "--taxno", SECOND,
             "--direct", "91440000MAKP00014G", "--leqi-id", "c0ffee00c0ffee00c0ff", check=0)
    db = sqlite3.connect(home.path + "/kaipiao.db")
    for i, role in enumerate(("issuer", "viewer")):
        db.execute("INSERT INTO app_user (id, name, display_name, role, enabled, created_at)"
                   " VALUES (?, ?, ?, ?, 1, 0)", (100 + i, role, role, role))
    db.commit()
    db.close()


def as_user(role, name, *script, **more):
    s.play(name, *script, args=("--user", role), **more)


with Screens(__file__, prepare=several) as s:
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        as_user("issuer", "home" + size, """
            wait screen home
            wait text 选择使用单位
            wait text 未选用单位
            sleep-until-idle
            dump @
            key 1
            wait screen choose
            dump ask%s
            key Down Enter
            wait text 现在为
            sleep-until-idle
            dump chosen%s
        """ % (size, size), rows=rows, cols=cols)
    # What was chosen is there the next time.
    as_user("issuer", "again", """
        wait screen home
        wait no-text 未选用单位
        wait no-text 选择使用单位
        wait text U 选用单位
    """, keep="home")
    # Neither role may see 接入配置; the palette has it, a screen that wants a unit says where.
    as_user("viewer", "viewer", """
        wait screen home
        wait text 选择使用单位
        key i
        wait text 请在首页按 U 选用一个
        wait no-text 开票业务配置
        key t
        sleep-until-idle
        dump gate
        key Enter
        wait screen choose
        key Esc
        key Ctrl-Home
        key :
        wait screen palette
        type 使用单位
        wait text 选用单位
        dump palette
        key Enter
        wait screen choose
        key Enter
        wait text 现在为
        wait no-text 未选用单位
    """)
