#!/usr/bin/env python3
"""首页, 接入配置, 任务, 登录: what has to be done, by whom, and what the engine did."""
import kp
from screen import Screens


def issue_later(home):
    home.run("blue", "issue", "--no-wait", home.file(kp.invoice("LATER-1")))


with Screens(__file__) as s:
    s.play("home-clear", """
        wait screen home
        wait state clear
        sleep-until-idle
        dump home-clear
        key Down Right Down Down Left
        dump home-menu
        key Enter
        wait screen codes
        key H
        wait screen home
        key 5
        key Z
        dump home-wrong-key
    """, platform=True)
    s.play("home-offline", """
        wait screen home
        wait text 连不上税局
        sleep-until-idle
        dump home-offline
        key 1
        wait screen jobs
    """, before=issue_later)
    s.play("home-later", """
        wait screen home
        wait state todo
        wait text 风险信息过期
        sleep-until-idle
        dump home-later
    """, env={"KAIPIAO_NOW": "=2026-02-03T09:00:00+08:00"})
    s.play("jobs", """
        wait screen home
        key J
        wait screen jobs
        sleep-until-idle
        dump jobs
        key Enter
        wait screen read
        dump jobs-detail
        key Esc
        key x
        wait text 只有待处理的任务可以取消
        key F3 Right Right Right Right
        key Enter
        wait state empty
        dump jobs-none-failed
    """)
    s.play("jobs-cancel", """
        wait screen home
        key e
        wait screen quota
        key s
        wait text 连不上税局
        key H
        key J
        wait screen jobs
        wait text 待处理
        key x
        wait screen ask
        dump jobs-cancel-ask
        key Enter
        wait screen jobs
        key x
        key y
        wait text 已取消
    """)
    s.play("units", """
        wait screen home
        key u
        wait screen units
        sleep-until-idle
        dump units
        key o
        wait text 开票的是使用单位
        key Down
        key o
        wait text 现在为 深圳开票练习科技有限公司 开票
        key t
        wait text 验证单位：已完成
        key Enter
        wait screen read
        wait text 验证通过
        key Esc
        key x
        wait screen ask
        dump units-remove
        key Enter
        key e
        wait screen wizard
        wait state using
        key Esc
        wait screen units
        key a
        wait screen choose
        dump units-add
        key Down Enter
        wait screen wizard
        wait state direct
        dump units-add-direct
        key Esc
        wait screen units
    """, platform=True)
    s.play("units-not-empty", """
        wait screen home
        key u
        wait screen units
        key x
        wait text 该直连单位下存在非本单位的其他使用单位，不允许删除！
    """)
    s.play("login", """
        wait screen login
        dump login
        key Enter
        wait state refused
        type nobody
        key Enter
        wait state refused
        dump login-refused
        key Ctrl-U
        type admin
        key Enter
        wait screen home
    """, before=lambda home: kp.sql(home.path + "/kaipiao.db",
                                    "UPDATE app_user SET os_user = 'somebody else'"))
