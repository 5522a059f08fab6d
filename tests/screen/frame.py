#!/usr/bin/env python3
"""What every screen shares: frame, message line, hints, help, palette, small windows."""
from screen import Screens

WAITING = {
    "kind": "ordinary", "prices_include_tax": True, "order_no": "FLIGHT-1",
    "buyer": {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"},
    "lines": [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台",
               "quantity": "1", "price": "113.00", "tax_rate": "0.13"}],
    "drawer": "林小满",
}


def waiting_invoice(home):
    home.run("blue", "issue", "--no-wait", home.file(WAITING))


with Screens(__file__) as s:
    s.play("home", "wait screen home", "sleep-until-idle", "dump @")
    s.play("home-wide", "wait screen home", "sleep-until-idle", "dump @", rows=36, cols=120)
    s.play("home-narrow", "wait screen home", "sleep-until-idle", "dump @", rows=16, cols=60)
    s.play("too-small", "wait text 窗口太小", "dump @", rows=15, cols=59)
    s.play("smallest", "dump @", rows=1, cols=1)
    s.play("help", """
        wait screen home
        key F1
        wait screen help
        dump help
        key PgDn
        dump help-below
        key End Down Up Home
        dump help-top-again
        key Esc
        wait screen home
    """)
    s.play("help-again-closes", "wait screen home", "key F1", "wait screen help", "key F1",
           "wait screen home", "key F1 q", "wait screen home")
    s.play("palette", """
        wait screen home
        key Ctrl-P
        wait screen palette
        dump palette
        type lzfp
        dump palette-initials
        key Ctrl-U
        type 号段
        dump palette-help-words
        key Ctrl-U
        type xyzzy
        dump palette-nothing
        dump-cursor palette-caret
        key Enter
        wait screen palette
        key Esc
        wait screen home
    """)
    s.play("palette-runs", """
        wait screen home
        key Ctrl-P
        type blue
        key Down Up Enter
        wait screen blue
        sleep-until-idle
        dump palette-runs-blue
    """)
    s.play("palette-says-why-not", """
        wait screen home
        key Ctrl-P
        type 删行
        dump palette-elsewhere
        key Enter
        dump palette-elsewhere-asked
    """)
    s.play("resize", """
        wait screen home
        key Ctrl-P
        resize 16 60
        dump resize-small
        resize 10 30
        dump resize-too-small
        resize 24 80
        key Esc
        sleep-until-idle
        dump resize-back
    """)
    s.play("quit", "wait screen home", "key Ctrl-Q", "wait text never reached")
    s.play("in-flight", "wait text 离线", "dump @", before=waiting_invoice)
    s.play("in-flight-long", "wait text 离线", "dump @", before=waiting_invoice,
           env={"KAIPIAO_NOW": "=2026-01-20T10:26:30+08:00"})
    s.play("in-flight-stuck", "wait text 离线", "wait text 卡住 2 小时", before=waiting_invoice,
           env={"KAIPIAO_NOW": "=2026-01-20T12:26:30+08:00"})
    s.play("a-wrong-setting", "wait screen home", "dump @", before=lambda home: open(
        home.path + "/kaipiao.conf", "w").write("set theme light\nbind blue F99 issue\nset x y\n"))
    s.play("unknown-user", args=("--user", "nobody"), code=7)
    s.play("hangup", "wait screen home", "hangup")
