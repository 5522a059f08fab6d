#!/usr/bin/env python3
"""What a role may not do is not offered: menu, palette, help; its key says why not (features C1,
F9)."""
import sqlite3

from screen import Screens

ADD_USER = ("INSERT INTO app_user (id, name, display_name, role, enabled, created_at)"
            " VALUES (?, ?, ?, ?, 1, 0)")


def users(home):
    db = sqlite3.connect(home.path + "/kaipiao.db")
    for i, role in enumerate(("manager", "issuer", "viewer")):
        db.execute(ADD_USER, (100 + i, role, role, role))
    db.commit()
    db.close()


def as_user(s, role, script, **more):
    s.play(role, script, args=("--user", role), platform=True, **more)


with Screens(__file__, prepare=users) as s:
    # C1, F9: neither 接入配置 nor 开票业务配置 nor 乐企请求日志.
    as_user(s, "issuer", """
        wait screen home
        wait no-text 接入配置
        wait no-text 开票业务配置
        wait no-text 请求日志
        wait text 红字发票
        sleep-until-idle
        dump issuer-home
        key u
        wait text 查看接入配置：用户 issuer（开票员）无权限
        dump issuer-units-refused
        key L
        wait text 乐企请求日志：用户 issuer（开票员）无权限
        key :
        wait screen palette
        type 请求日志
        wait text 没有这样的命令
        dump issuer-palette
        key Ctrl-U
        type 接入
        wait no-text 接入配置
        wait no-text 开票业务配置
        key Esc
        key F1
        wait screen help
        dump issuer-help
    """)
    # Neither new invoices, drafts nor what changes numbers, quota and settings.
    as_user(s, "viewer", """
        wait screen home
        wait no-text 蓝字发票
        wait no-text 草稿
        wait text 开票记录
        sleep-until-idle
        dump viewer-home
        key Ctrl-N
        wait text 开票：
        key n
        wait screen numbers
        key F1
        wait screen help
        wait no-text 领购发票
        key Esc
        key a
        wait text 号码与额度管理：
        key :
        wait screen palette
        type 下载额度
        wait text 没有这样的命令
    """)
    # F9: an empty list names no key that is not theirs.
    s.play("viewer-summary", """
        wait screen home
        key z
        wait screen summary
        wait text 还没有记录：每月 1 日自动生成上月的。
        wait no-text 按 a 新增
    """, args=("--user", "viewer"))
    as_user(s, "manager", """
        wait screen home
        wait text 接入配置
        wait text 请求日志
        wait no-text 开票业务配置
        key L
        wait screen log
        key H
        wait screen home
        key w
        wait text 接入配置：用户 manager（财务主管）无权限
    """)
