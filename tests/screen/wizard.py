#!/usr/bin/env python3
"""From an empty home to the first fetch by keys alone: a refusal keeps what was typed."""
import os

import kp
from screen import Screens


def fresh(home):
    for name in ("kaipiao.db", "kaipiao.db-wal", "kaipiao.db-shm", "secret.key", "kaipiao.log"):
        path = os.path.join(home.path, name)
        if os.path.exists(path):
            os.remove(path)
    home.run("init", check=0)


def direct_form(sb, key):
    d = sb.direct
    return """
        wait screen home
        wait text 开始使用
        key Enter
        wait screen wizard
        wait state direct
        key Right Right
        key Tab
        type %s
        key Enter
        type %s
        key Enter
        type %s
        key Enter
        type %s
        key Enter Ctrl-U
        type %s
        key Enter
        type %s
        key Enter
        type home/practice/ca.pem
    """ % (d["name"], d["tax_no"], d["leqi_id"], key, sb.url(), sb.address)


def using_form(sb):
    u = sb.using
    return """
        wait state using
        key Tab
        type %s
        key Enter
        type %s
        key Enter
        type %s
    """ % (u["name"], u["tax_no"], u["leqi_id"])


def can_issue(home):
    """G5: a fresh home, the wizard, and an invoice is issued."""
    code, doc, err = home.run("blue", "issue", home.file(kp.invoice("G5")))
    s.ok(code == 0 and doc["results"][0]["state"] == "issued", "G5 then it can issue", doc, err)


with Screens(__file__) as s:
    with s.platform(s.template) as sb:
        key = sb.direct["keys"]["正式"]
        wrong = ("0" if key[0] != "0" else "1") + key[1:]
        s.play("start", """
            wait screen home
            sleep-until-idle
            dump @
            key n
            wait state closed
            dump start-not-activated
            key Enter
            wait screen wizard
            dump start-wizard
            key PgDn
            dump start-not-yet
            key F10
            dump start-missing
            key Tab
            type 天
            key Esc
            dump start-leave-once
            key Esc
            wait screen home
        """, before=fresh)
        # The line drops: what was typed of a unit is there the next time, the key is not.
        s.play("dropped", """
            wait screen home
            key Enter
            wait screen wizard
            key Tab
            type 天津练习集团
            key Enter
            type 91120000MAKP0001
            key Enter Enter
            type 0123456789abcdef
            hangup
        """, before=fresh)
        s.play("dropped-later", """
            wait screen home
            key w
            wait screen wizard
            sleep-until-idle
            dump @
            key Esc Esc
            wait screen home
            key w
            wait screen wizard
            dump dropped-given-up
        """, keep="dropped")
        s.play("whole", direct_form(sb, wrong), """
            wait text ********************************
            key F10
            wait text 没有通过验证
            wait text 4057
            wait text 开票练习集团有限公司
            key F11
            wait screen read
            wait text 重新录入本环境的密钥
            key Esc
            wait screen wizard
            key Up Up Up
            key Ctrl-U
        """, "type " + key, """
            key F10
            wait state using
            sleep-until-idle
            dump whole-direct-done
        """, using_form(sb), """
            key Ctrl-S
            wait text 已保存 深圳开票练习科技有限公司
            key PgUp
            wait state direct
            key PgDn
            wait state using
            key F10
            wait state sync
            sleep-until-idle
            dump whole-sync
            key F10
            wait state complete
            sleep-until-idle
            dump whole-complete
            key Esc
            wait state verify
            dump whole-verify
            key H
            wait screen home
            sleep-until-idle
            dump whole-home
        """, before=fresh, after=can_issue)
