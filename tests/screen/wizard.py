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


def wrong_place(sb):
    """A direct unit in another environment than meant, with the 乐企ID of another."""
    return direct_form(sb, sb.direct["keys"]["正式"]).replace("key Right Right", "").replace(
        sb.direct["leqi_id"], sb.using["leqi_id"])


def moved(home):
    rows = home.run("unit", "list", check=0)[1]["rows"]
    s.ok(len(rows) == 1 and rows[0]["env"] == "practice" and rows[0]["state"] == "verified",
         "C12 the unit that was never verified is in the environment meant, verified", rows)


def in_the_clear(home, key):
    names = [n for n in os.listdir(home.path) if os.path.isfile(os.path.join(home.path, n))]
    s.ok(not [n for n in names if key.encode() in open(os.path.join(home.path, n), "rb").read()],
         "C6 the key is nowhere in the clear", names)


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
        # C12: after a refusal all that was typed is there; the environment is chosen, the key is
        # used, neither is typed again, and what was said goes with what it spoke of.
        s.play("moved", wrong_place(sb), """
            key F10
            wait text 没有通过验证
            wait text 填写的内容都在
            sleep-until-idle
            wait text <正式  >
            wait text 已填写 ****%s
            wait text home/practice/ca.pem
            dump @-refused
            key Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab
            wait text 核对
            key Right Right
            wait text <演练  >
            wait no-text 核对
            sleep-until-idle
            dump @-chosen
            key Tab Tab Tab Ctrl-U
            type %s
            key Tab Tab
            type %s
            key F10
            wait state using
            wait text 91440000MAKP00014G@演练
            key PgUp
            wait state direct
            wait no-text <演练  >
            wait text home/practice/ca.pem
        """ % (key[-4:], sb.direct["leqi_id"], sb.url()), before=fresh,
               after=lambda home: (moved(home), in_the_clear(home, key)))
        # C12: and so it is another day.
        s.play("moved-later", wrong_place(sb), """
            key F10
            wait text 没有通过验证
            key Esc
            wait screen home
            key w
            wait screen wizard
            sleep-until-idle
            wait text 已填写 ****%s
            wait text 已填写，证书存在本机
            dump @
            key Right Right
            wait text <演练  >
            key Tab Tab Tab Ctrl-U
            type %s
            key Tab Tab
            type %s
            key F10
            wait state using
        """ % (key[-4:], sb.direct["leqi_id"], sb.url()), before=fresh, after=moved)
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
