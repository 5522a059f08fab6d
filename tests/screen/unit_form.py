#!/usr/bin/env python3
"""The form of a unit and what is done to one, by keys: filled, saved, opened again; two that are
missing; what is refused stays typed; channels; renamed; removed (features B18 B25 B26 C4-C6 C13
C16 C17 C20-C22 C24 C26 C28 C29)."""
from screen import Screens

NEW_NO, NEW_ID = "91440101MAKP00031C", "c0ffee00c0ffee00c0ff"
FIELDS = {"name": "广州开票练习贸易有限公司", "tax_no": NEW_NO, "leqi_id": NEW_ID, "address": "天河路 1 号",
          "phone": "020-12345678", "bank": "练习银行广州支行", "account": "6222000000000000001",
          "project": "华南项目", "filing_region": "广州", "granted": "2025-06-28"}

HAS_USING = "该直连单位下存在非本单位的其他使用单位，不允许删除！请移除相关使用单位后再重试。"

UNITS = """
    wait screen home
    key u
    wait screen units
    sleep-until-idle
"""
# The direct unit is offered already.
NEW = UNITS + """
    key a
    wait screen choose
    key Enter
    wait screen wizard
    wait state using
    wait text 91440000MAKP00014G@演练
    key Tab
"""
OPEN = """
    key F3
    type 广州
    key Enter
    wait text 共 2 条
    key End
    key e
    wait screen wizard
    wait state using
"""


def units(home):
    return home.run("unit", "list", check=0)[1]["rows"]


def shown(home):
    return home.run("unit", "show", NEW_NO, check=0)[1]


def second(home):
    home.run("unit", "add", "--role", "using", "--name", FIELDS["name"], "--taxno", NEW_NO,
             "--direct", "91440000MAKP00014G", "--leqi-id", NEW_ID, check=0)


def unverified(home):
    home.run("unit", "add", "--role", "direct", "--name", "没有验证的集团", "--taxno",
             "91310000MAKP00044A", "--leqi-id", "5d2cff003e35abac053a", "--env", "演练", "--url",
             "https://127.0.0.1:1/access/v2/invoke", "--key-file", home.file("0" * 32), check=0)


def filled(home):
    one = shown(home)
    s.same({k: one[k] for k in FIELDS}, FIELDS, "B25 what was typed is stored")
    s.ok(one["state"] == "unverified" and one["issue_channel"] == "leqi"
         and one["collect_channel"] == "portal" and one["handler"] == "finance",
         "B25 C13 channels, 经办身份, 未验证", one)


def nothing_new(what):
    def check(home):
        s.same(len(units(home)), 2, what, units(home))
    return check


def still_unverified(home):
    one = shown(home)
    s.ok(one["name"] == "广州改名贸易有限公司" and one["state"] == "unverified",
         "C24 renamed and 未验证 still", one)


def same_channels(home):
    one = shown(home)
    s.ok((one["issue_channel"], one["collect_channel"]) == ("leqi", "leqi"),
         "C29 nothing was stored", one)


def gone(home):
    s.same([u["tax_no"] for u in units(home)], ["91440000MAKP00014G", "91440300MAKP00022T"],
           "C16 the one that was chosen, and no other")


def all_there(home):
    s.same([(u["tax_no"], u["name"]) for u in units(home)],
           [("91440000MAKP00014G", "开票练习集团有限公司"),
            ("91440300MAKP00022T", "深圳开票练习科技有限公司")], "B26 C17 C26 nothing has changed")


with Screens(__file__) as s:
    s.play("filled", NEW, """
        type %(name)s
        key Enter
        type %(tax_no)s
        key Enter
        type %(leqi_id)s
        key Enter Enter Enter
        type %(address)s
        key Enter
        type %(phone)s
        key Enter
        type %(bank)s
        key Enter
        type %(account)s
        key Enter
        key Right
        wait text 开票通道 <乐企平台（联用）
        key Right
        wait text 开票通道 <电子税局/RPA
        key Right
        wait text 开票通道 <税盘
        key Right
        wait text 开票通道 <软证书
        key Right
        wait text 开票通道 <乐企平台        >
        key Enter Right
        wait text 收票通道 <电子税局/RPA
        key Enter
        type %(project)s
        key Enter
        type %(filing_region)s
        key Enter
        key Right Right
        wait text 财务负责人
        key Enter
        type %(granted)s
        key Ctrl-S
        wait text 已保存
        key Esc
        wait screen units
        wait text 未验证
    """ % FIELDS, after=filled)
    # Opened again in the same home: each field has it.
    s.play("again", UNITS, """
        key End
        key e
        wait screen wizard
        wait state using
    """, "\n".join("wait text " + v for k, v in FIELDS.items() if k != "leqi_id"), """
        wait text 电子税局/RPA
        wait text 财务负责人
        key Esc
        wait screen units
    """, keep="filled", after=filled)
    # C21: both are marked, nothing is saved; C4: the same number twice: one is put there, and
    # all is kept.
    s.play("missing", NEW, """
        key Ctrl-S
        wait text 单位名称![
        wait text 税号![
        wait text 乐企ID![
        type 又一家公司
        key Enter
        type 91440300MAKP00022T
        key Enter
        type 0123456789abcdef0123
        key Ctrl-S
        wait text 税号 91440300MAKP00022T 在演练环境已存在
        wait text 又一家公司
        key Ctrl-U
        type 9144 0300MAKP00
        key Ctrl-S
        wait text [91440300MAKP00      ]
        wait text 第 15
        wait text 又一家公司
        key Esc Esc
        wait screen units
    """, after=nothing_new("C21 C4 nothing is stored"))
    s.play("no-direct", NEW, """
        key Up
        key Ctrl-U
        type 91440000MAKP00014X
        key Tab
        type 又一家公司
        key Enter
        type 91440300MAKP0A011Y
        key Enter
        type 0123456789abcdef0123
        key Ctrl-S
        wait text 没有税号为 91440000MAKP00014X 的直连单位
        wait text 又一家公司
        key Esc Esc
        wait screen units
    """, after=nothing_new("C28 nothing is stored"))
    s.play("renamed", UNITS, """
        key End
        key e
        wait screen wizard
        wait state using
        key Tab
        key Ctrl-U
        type 广州改名贸易有限公司
        key Ctrl-S
        wait text 已保存
        key Esc
        wait screen units
        wait text 广州改名贸易有限公司
        wait text 未验证
    """, before=second, after=still_unverified)
    s.play("channels", UNITS, """
        key End
        key e
        wait screen wizard
        wait state using
        key Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab
        key Right Right
        wait text 电子税局/RPA
        key Tab Right Right
        wait text 税盘
        key Ctrl-S
        wait text 开票/收票通道至少一个为乐企平台
        wait text 电子税局/RPA
        wait text 税盘
        key Esc Esc
        wait screen units
    """, before=second, after=same_channels)
    # 返回 is what Enter does.
    s.play("removed", UNITS, """
        key End
        key x
        wait screen ask
        wait text %s
        key Enter
        wait screen units
        wait text 共 3 条
        key x
        wait screen ask
        key Left Enter
        wait text 已删除
        wait text 共 2 条
    """ % FIELDS["name"], before=second, after=gone)
    s.play("stays", UNITS, """
        key x
        wait text 该直连单位下存在非本单位的其他使用单位，不允许删除！请移
        wait text 除相关使用单位后再重试。
        key Down x
        wait screen ask
        key Left Enter
        wait text 先退回额度
        wait text 深圳开票练习科技有限公司
    """, after=all_there)
    # Where there is room for it, in one piece.
    s.play("stays-wide", UNITS, """
        key x
        wait text %s
    """ % HAS_USING, rows=36, cols=120, after=all_there)
    # C20: by number, name, pinyin; one that is not verified is not among them.  F1 says where from.
    s.play("picker", UNITS, """
        key a
        wait screen choose
        key Enter
        wait screen wizard
        wait state using
        key Ctrl-U
        type 练习集团
        wait text 开票练习集团有限公司
        key Ctrl-U
        wait no-text 开票练习集团有限公司
        type kplxjt
        wait text 开票练习集团有限公司
        key Ctrl-U
        type myyz
        sleep-until-idle
        wait no-text 没有验证的集团
        key Ctrl-U
        type 没有验证
        sleep-until-idle
        wait no-text 没有验证的集团
        key Ctrl-U
        type kplx
        wait text 开票练习集团有限公司
        key Enter
        wait text 91440000MAKP00014G
        key Tab Tab
        key F1
        wait screen help
        wait text 准入管理 > 准入邀请
        wait text 详情
        key Esc
        wait screen wizard
        key Esc
        key Esc
        wait screen units
    """, before=unverified)
    s.play("where-from", UNITS, """
        key a
        wait screen choose
        key Down Enter
        wait screen wizard
        wait state direct
        key Tab Tab Tab
        key F1
        wait screen help
        wait text 准入管理 > 准入申请
        key Esc
        wait screen wizard
        key Tab
        key F1
        wait screen help
        wait text 准入管理 > 密钥管理
        key Esc
        wait screen wizard
        key Esc
        wait screen units
    """)
    # Its sample invoices fix the name of the direct unit, too: what is refused is not asked before.
    s.play("fixed", UNITS, """
        key e
        wait screen wizard
        wait state direct
        key Ctrl-U
        type 另一个集团
        key Ctrl-S
        wait text 已有发票，企业名称与税号不允许修改
        wait no-text 使用单位会停开
        wait text 另一个集团
        key Esc Esc
        wait screen units
    """, after=all_there)
