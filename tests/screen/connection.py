#!/usr/bin/env python3
"""The word of the top line is that of the present unit's line: another unit that cannot be reached
does not make it 离线 (features C9)."""
from screen import Screens

OTHER = "91310000MAKP00044A"


def other(home):
    home.run("unit", "add", "--role", "direct", "--name", "没有人听的集团", "--taxno", OTHER,
             "--leqi-id", "5d2cff003e35abac053a", "--env", "演练", "--url",
             "https://127.0.0.1:1/access/v2/invoke", "--key-file", home.file("0" * 32), check=0)


with Screens(__file__, prepare=other) as s:
    s.play("others", """
        wait screen home
        key e
        wait screen quota
        key s
        wait text 已连接
        key H
        wait screen home
        key u
        wait screen units
        key F3
        type 没有人听
        key Enter
        wait text 共 1 条
        key t
        wait text 连接不上对方端口
        sleep-until-idle
        dump @
    """, platform=True)
    # Its own line is another matter.
    s.play("own", """
        wait screen home
        key e
        wait screen quota
        key s
        wait text 离线
    """)
