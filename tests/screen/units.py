#!/usr/bin/env python3
"""接入单位: filter, tree, marks and batch verification, frozen and read-only units, ticks that stay,
what F1 says (features A3 C3 C5 C7 C11 C20 C22 C23 C25 C26 N69)."""
import os

from screen import Screens

SECOND = "91440101MAKP00031C"


def second(home):
    home.run("unit", "add", "--role", "using", "--name", "广州开票练习贸易有限公司", "--taxno", SECOND,
             "--direct", "91440000MAKP00014G", "--leqi-id", "c0ffee00c0ffee00c0ff", "--project",
             "华南", "--filing-region", "广州", check=0)
    home.run("unit", "add", "--role", "direct", "--name", "没有验证的集团", "--taxno",
             "91310000MAKP00044A", "--leqi-id", "5d2cff003e35abac053a", "--env", "演练", "--url",
             "https://127.0.0.1:1/access/v2/invoke", "--key-file", home.file("0" * 32), check=0)


def companies(home):
    with open(home.top + "/companies.csv", "w", encoding="utf-8") as f:
        f.write("企业名称,税号,乐企ID,直连单位税号,开票通道\n"
                "广州开票练习贸易有限公司,%s,c0ffee00c0ffee00c0ff,91440000MAKP00014G,火星\n" % SECOND)


def gone(home):
    rows = [r["tax_no"] for r in home.run("unit", "list", check=0)[1]["rows"]]
    kept = [f for f in os.listdir(home.path) if f.startswith("before-removal-")]
    s.same((rows, len(kept)), (["91440000MAKP00014G"], 1), "C16 gone, with one backup before it",
           rows, kept)


def kept(home):
    rows = [r["tax_no"] for r in home.run("unit", "list", check=0)[1]["rows"]]
    s.ok(len(rows) == 2 and not [f for f in os.listdir(home.path) if "before-removal" in f],
         "C16 nothing gone, nothing backed up", rows)


TREE = """
    wait screen home
    key u
    wait screen units
    sleep-until-idle
"""

with Screens(__file__) as s:
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("tree" + size, TREE, """
            dump @
            key F3
            type 广州
            key Enter
            wait text 共 1 条
            dump found%s
            key F3 Tab Tab Tab
            type 华北
            key Enter
            wait state empty
            dump none%s
        """ % (size, size), before=second, rows=rows, cols=cols)
    s.play("detail", TREE, """
        key End
        key F3
        type 广州
        key Enter
        wait text 共 1 条
        key F2
        wait screen read
        dump @
    """, before=second)
    # Three are ticked, one of them is refused: a result for each.
    s.play("together", TREE, """
        key Space
        key Down Space
        key Down Space
        key t
        wait screen read
        wait text 验证结果
        wait text 未验证
        dump @
    """, before=second, platform=True)
    s.play("frozen", TREE, """
        key z
        wait text 冻结的是使用单位
        key Down z
        wait screen form-dialog
        type 合同到期
        dump freeze-ask
        key Enter Enter
        wait text 已冻结，不能开票
        sleep-until-idle
        dump @
        key z
        wait screen ask
        dump thaw-ask
        key Left Enter
        wait text 已解除冻结
    """)
    # A file of companies, and what is left of it on the screen (B18).
    s.play("import", TREE, """
        key F5
        wait screen import
        sleep-until-idle
        dump @
        type companies.csv
        key F10
        wait screen import-report
        sleep-until-idle
        dump import-refused
    """, before=companies)
    # A verified using unit: only what is no identity is typed into.
    s.play("read-only", TREE, """
        key Down e
        wait screen wizard
        wait text 验证通过后不可编辑
        sleep-until-idle
        dump @
        key Ctrl-U
        type 新地址 1 号
        key Ctrl-S
        wait text 已保存
        key Esc
        wait screen units
        sleep-until-idle
        dump read-only-after
    """)
    # The sandbox has its own address; two abilities stay whatever is pressed.
    s.play("direct", TREE, """
        key a
        wait screen choose
        key Down Enter
        wait screen wizard
        wait state direct
        key Right
        wait text https://lqpt.chinatax.gov.cn:8443/access/sandbox/v2/invoke/
        dump sandbox
        key Left
        wait text https://lqpt.chinatax.gov.cn:8443/access/v2/invoke/
        key Tab Tab Tab
        wait text 准入管理 > 准入申请
        key Tab Tab Tab Tab Tab Tab Tab Tab Tab
        wait text 自用必选，不能取消
        key Space
        wait text 基础能力和归集能力自用必选，不能取消
        key Tab Space
        key Tab Space
        sleep-until-idle
        dump ticks
    """)
    # 联用 issues only: the channels follow.  A direct unit that is not verified is not offered.
    s.play("using", TREE, """
        key a
        wait screen choose
        key Enter
        wait screen wizard
        wait state using
        key Ctrl-U
        type 913
        sleep-until-idle
        dump not-offered
        key Ctrl-U
        type 91440000
        sleep-until-idle
        dump offered
        key Enter Tab Tab
        wait text 准入管理 > 准入邀请
        key Tab Right
        sleep-until-idle
        dump joint
    """, before=second)
    # C16: with its records, after a backup; what hangs on it is said, and Enter goes back.
    for size, rows, cols in (("", 24, 80), ("-wide", 36, 120)):
        s.play("remove-all" + size, TREE, """
            key Down X
            wait screen ask
            dump @
            key Enter
            wait screen units
            key X
            wait screen ask
            key Left Enter
            wait screen read
            wait text before-removal-91440300MAKP00022T
            key Esc
            wait screen units
            wait no-text 91440300MAKP00022T
        """, rows=rows, cols=cols, after=gone)
    s.play("remove-all-not", TREE, """
        key Down x
        wait screen ask
        key Left Enter
        wait text 先退回额度
        wait text 画面退回额度
        wait no-text kaipiao
        key X
        wait screen ask
        key Esc
        wait screen units
    """, after=kept)
