#!/usr/bin/env python3
"""Refusals of numbers, quota, 汇总确认, calendar and log, letter by letter (G10, J5, J8, J12, N50,
M14, F8)."""
from kp import Home, Sandbox, Tap, invoice, sql

NAMED = (
    ("G10", ("numbers", "list", "--from", "2026-02-29"), "领购时间：应为 yyyy-MM-dd 的有效日期"),
    ("G10", ("numbers", "list", "--from", "2024-03-01", "--to", "2024-02-29"),
     "领购时间：起 2024-03-01 晚于止 2024-02-29"),
    ("G16", ("numbers", "audit", "12"), "数电号码：“12”不是 20 位数字的号码"),
    ("G16", ("numbers", "audit", "2" * 20),
     "数电号码：号码 22222222222222222222 不在本单位领购的任何号段"),
    ("G35", ("quota", "adjust", "2025-13"), "属期：“2025-13”不是 yyyy-MM 的月份"),
    ("G35", ("quota", "adjust", "2025-1"), "属期：“2025-1”不是 yyyy-MM 的月份"),
    ("G32", ("quota", "list", "--month", "x"), "属期：“x”不是 yyyy-MM 的月份"),
    ("J5", ("summary", "add", "2025-13"), "汇总月份：“2025-13”不是 YYYY-MM 的月份"),
    ("J5", ("summary", "add", "2025-07"), "汇总确认：2025-07 还没有结束（下月 1 日以后再办）"),
    ("J5", ("summary", "add", "2025-06"), "汇总确认：2025-06 已存在，状态是“待确认”"),
    ("J7", ("summary", "confirm", "2025-05"), "汇总确认：没有 2025-05 的记录"
     "（每月 1 日自动生成；也可以 kaipiao summary add 2025-05）"),
    ("J8", ("summary", "cancel", "2025-06"),
     "取消汇总确认：2025-06 的状态是“待确认”，只有已确认的可以取消"),
    ("M14", ("jobs", "plan", "--month", "2025-2"), "月份：“2025-2”不是 yyyy-MM 的月份"),
    ("M14", ("jobs", "again", "x"), "日历：编号“x”应为数字"),
    ("M14", ("jobs", "again", "99999"), "日历：没有编号为 99999 的办理记录"),
    ("F8", ("log", "list", "--from", "昨天"),
     "时间：“昨天”不是日期，写作 2025-11-01 或 2025-11-01 10:30"),
    ("F8", ("log", "list", "--service", "没有这个"),
     "接口：没有“没有这个”这个接口（请写服务编码或名称，如 QDFPSC、上传发票）"),
)
CLOSED = ("%s：2025-06 已过 13 日 0 时，税局已自动汇总，不能再%s（运行 kaipiao summary refresh 2025-06"
          " 取税局的结果；如有没上传的发票，请以新的日期重开）")
PENDING = ("汇总确认：还有 1 张 2025-06 的发票没有结果；确认以后它们不能再上传（等它们有了结果再确认"
           "（kaipiao sync --once）；仍要确认用 --force）")


def go(sb, home, now):
    sb.post("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now


def says(t, home, row, verb, sentence):
    code, doc, err = home.run(*verb)
    t.same([code, doc["error"]["message"], err], [3, sentence, "kaipiao: " + sentence + "\n"],
           "%s: %s" % (row, " ".join(verb)))


with Tap() as tap, Sandbox(result_delay=0) as platform, Home() as place:
    go(platform, place, "2025-06-30T22:00:00+08:00")
    place.setup(platform)
    sql(place.path + "/kaipiao.db", "UPDATE unit SET granted_at = granted_at - 40 * 86400")
    place.run("blue", "issue", place.file(invoice("A-1")), check=0)
    go(platform, place, "2025-07-01T08:00:00+08:00")
    place.run("summary", "add", "2025-06", check=0)
    for wrong in NAMED:
        says(tap, place, *wrong)
    go(platform, place, "2025-06-30T23:00:00+08:00")
    platform.faults(flow_control={"service": "QDFPSC", "value": 3})
    place.run("--timeout", "2", "blue", "issue", place.file(invoice("P-1")))
    go(platform, place, "2025-07-01T08:10:00+08:00")
    says(tap, place, "J12", ("summary", "confirm", "2025-06"), PENDING)
    go(platform, place, "2025-07-13T00:00:00+08:00")
    says(tap, place, "N50", ("summary", "confirm", "2025-06"), CLOSED % ("汇总确认", "确认"))
    says(tap, place, "J8", ("summary", "cancel", "2025-06"), CLOSED % ("取消汇总确认", "取消"))
    tap.same(platform.requests("SCFPHZQRXX"), 0, "nothing of it was asked of the platform")
