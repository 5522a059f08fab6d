#!/usr/bin/env python3
"""开票业务配置 of one more using unit where there are several direct ones: under which it begins, what
the step that verifies shows, what explains a refusal (features C10 C20 F8)."""
import kp
from screen import Screens

OTHER = "91310000MAKP00044A"


def other(home):
    """A direct unit of another environment, newer, which nobody has verified."""
    home.run("unit", "add", "--role", "direct", "--name", "没有验证的集团", "--taxno", OTHER,
             "--leqi-id", "5d2cff003e35abac053a", "--env", "正式", "--url",
             "https://lqpt.chinatax.gov.cn:8443/access/v2/invoke/", "--key-file",
             home.file("0" * 32), check=0)


def none_verified(home):
    kp.sql(home.path + "/kaipiao.db", "UPDATE unit SET state = 'unverified' WHERE role = 'direct'")


def another_verified(home):
    kp.sql(home.path + "/kaipiao.db",
           "UPDATE unit SET state = 'verified' WHERE tax_no = '%s'" % OTHER)


def warned(home):
    code, doc, err = home.run("unit", "add", "--role", "using", "--name", "某某", "--taxno",
                              "91440101MAKP00031C", "--direct", OTHER, "--leqi-id",
                              "c0ffee00c0ffee00c0ff")
    s.ok(code == 3 and doc["error"]["code"] == "unit.direct_first"
         and "没有验证的集团 还没有验证通过" in err,
         "C20 a using unit under a direct one that is not verified: refused", doc, err)


def second_environment(home):
    rows = [r["env"] for r in home.run("unit", "list", check=0)[1]["rows"]
            if r["tax_no"] == "91440000MAKP00014G"]
    s.same(sorted(rows), ["practice", "sandbox"], "C9 the same number in two environments", rows)


def direct_state(home):
    return [r["state"] for r in home.run("unit", "list", check=0)[1]["rows"]
            if r["tax_no"] == "91440000MAKP00014G"][0]


def unverified(home):
    s.same(direct_state(home), "unverified", "C15 saved all the same", direct_state(home))


def verified_still(home):
    s.same(direct_state(home), "verified", "C15 nothing was saved that stops anybody",
           direct_state(home))


def sandbox_direct(home):
    """The same group, verified for the sandbox."""
    home.run("unit", "add", "--role", "direct", "--name", "开票练习集团有限公司", "--taxno",
             "91440000MAKP00014G", "--leqi-id", "5d2cff003e35abac053a", "--env", "沙箱", "--url",
             "https://lqpt.chinatax.gov.cn:8443/access/sandbox/v2/invoke/", "--key-file",
             home.file("0" * 32), check=0)
    kp.sql(home.path + "/kaipiao.db",
           "UPDATE unit SET state = 'verified' WHERE env = 'sandbox'")


def sandbox_using(home):
    sandbox_direct(home)
    home.run("unit", "add", "--role", "using", "--name", "深圳开票练习科技有限公司", "--taxno",
             "91440300MAKP00022T", "--leqi-id", "0123456789abcdef0123", "--direct",
             "91440000MAKP00014G@沙箱", check=0)
    kp.sql(home.path + "/kaipiao.db",
           "UPDATE unit SET state = 'verified' WHERE env = 'sandbox'")


DIRECT = """
    wait screen home
    key u
    wait screen units
    key F3
    type 练习集团
    key Enter
    wait text 共 1 条
    key e
    wait screen wizard
    wait state direct
    sleep-until-idle
"""
# From 单位名称 to 抵扣勾选.
TO_TICKS = "key Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab"

NEW = """
    wait screen home
    key u
    wait screen units
    key a
    wait screen choose
    key Enter
    wait screen wizard
    wait state using
    sleep-until-idle
"""

with Screens(__file__, prepare=other) as s:
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("new" + size, NEW, """
            wait text 91440000MAKP00014G@演练
            dump @
            key F4
            dump choose%s
            key Esc Esc
            wait screen units
        """ % size, rows=rows, cols=cols)
    # The one of the present unit, although there are two; F4 has both.
    s.play("two", NEW, """
        wait text 91440000MAKP00014G@演练
        key F4
        dump @
    """, before=another_verified)
    s.play("none", NEW, """
        wait no-text MAKP00014G
        wait no-text MAKP00044A
        key F4
        wait text 没有可以选择的：直连单位要先验证通过
        dump @
        key Esc
        wait screen units
    """, before=none_verified)
    s.play("verify", """
        wait screen home
        key u
        wait screen units
        key F3
        type 深圳
        key Enter
        wait text 共 1 条
        key Down e
        wait screen wizard
        wait state using
        key PgDn
        wait state verify
        sleep-until-idle
        dump @
        key Esc
        wait state using
        key Esc
        wait screen units
    """, after=warned)
    # C9: first the sandbox, then another environment, under one number.
    s.play("environment", """
        wait screen home
        key u
        wait screen units
        key a
        wait screen choose
        key Down Enter
        wait screen wizard
        wait state direct
        key Right
        key Tab
        type 开票练习集团有限公司
        key Enter
        type 91440000MAKP00014G
        key Enter
        type 5d2cff003e35abac053a
        key Enter
        type 00000000000000000000000000000000
        key Ctrl-S
        wait text 已保存
        sleep-until-idle
        dump @
        key Tab Tab Tab Tab Tab Tab
        type 华南
        key Ctrl-S
        wait text 已保存
    """, after=second_environment)
    # C9: one more environment of a company takes nobody's unit away: the present one stays, and
    # who goes on to the first fetch works for the new one.
    s.play("same-number", NEW, """
        key Up Ctrl-U
        type 91440000MAKP00014G@沙箱
        key Tab
        type 深圳开票练习科技有限公司
        key Enter
        type 91440300MAKP00022T
        key Enter
        type 0123456789abcdef0123
        key Ctrl-S
        wait text 已保存
        key Esc
        wait screen units
        sleep-until-idle
        wait text 深圳开票练习科技有限公司  [演练]
        wait no-text 未接入单位
    """, before=sandbox_direct)
    s.play("same-number-fetch", """
        wait screen home
        key u
        wait screen units
        key End
        key e
        wait screen wizard
        wait state using
        key PgDn
        wait state verify
        key PgDn
        wait state sync
        sleep-until-idle
        wait text 深圳开票练习科技有限公司  [沙箱]
        wait no-text 未接入单位
    """, before=sandbox_using)
    # A candidate is whole: one types on in the next field.
    s.play("next", NEW, """
        key Ctrl-U
        type 914400
        key Enter
        type 广州开票练习贸易有限公司
        dump @
    """)
    # F8: the reason is explained, not the sentence that there is one.
    s.play("explain", NEW, """
        key Tab
        type 广州开票练习贸易有限公司
        key Enter
        type 91440101MAKP00031C
        key Enter
        type c0ffee00c0ffee00c0ff
        key F10
        wait text 没有通过验证，原因见上
        wait text 4055
        wait text F11 解释
        sleep-until-idle
        dump refused
        key F11
        wait screen read
        wait text 核对使用单位的乐企ID
        dump @
    """, platform=True)
    # C15: who stops issuing is said before it is saved; the safe button is the one that returns.
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("stops" + size, DIRECT, TO_TICKS, """
            key Space
            key Ctrl-S
            wait screen ask
            dump @
            key Enter
            wait screen wizard
            sleep-until-idle
            dump stops-returned%s
            key Ctrl-S
            wait screen ask
            key Left Enter
            wait screen wizard
            wait text 已保存
            wait no-text kaipiao
            key Tab
            key Space
            key Ctrl-S
            wait text 已保存
        """ % size, rows=rows, cols=cols, after=unverified)
    # C15: returned to, nothing has changed; what nobody below needs is saved unasked.
    s.play("stops-not", DIRECT, TO_TICKS, """
        key Space
        key F10
        wait screen ask
        wait text 保存并验证
        key Esc
        wait screen wizard
        key Space
        key Shift-Tab Shift-Tab Shift-Tab
        type 华南
        key Ctrl-S
        wait text 已保存
    """, after=verified_still)
    # C12: the reason is whole, names fields and no options, and goes when what it speaks of does.
    s.play("reason", DIRECT, """
        key Tab Tab Tab Tab
        key Ctrl-U
        type https://lqpt.example.com:8443/access/v2/invoke/
        key F10
        wait screen ask
        key Left Enter
        wait screen wizard
        wait text 证书校验失败
        sleep-until-idle
        wait text “证书名称”
        wait text 切勿关闭证书校验
        wait no-text --
        dump @
        type x
        wait no-text 证书校验失败
        sleep-until-idle
        dump reason-gone
    """, platform=True)
    # From the first page: the unit one works for, not the newest.
    s.play("present", """
        wait screen home
        key w
        wait screen wizard
        key PgUp
        wait state verify
        wait text 深圳开票练习科技有限公司
        wait no-text 没有验证的集团
    """)
