#!/usr/bin/env python3
"""接入单位: who may, what a unit cannot do before it is verified and what is fixed afterwards, and that
two units, and two environments, never mix, by the numbers of the feature list (A4 B18 B25 B26 C1 C6
C12-C15 C17 C23-C25 C29 I5)."""
import contextlib
import os
import re
import sqlite3

from kp import Home, Sandbox, Tap, invoice, sql
from unitlab import (NEW_ID, NEW_NAME, NEW_NO, base, direct, everything, known, message,
                     new, said)

NOT_ACTIVE = ("当前销方企业未开通乐企数电发票业务，请在系统的【开票业务配置】功能中添加配置信息"
              "并完成业务激活处理！")
HAS_USING = "该直连单位下存在非本单位的其他使用单位，不允许删除！请移除相关使用单位后再重试。"
READ_ONLY = "验证通过后不可编辑"
ELSEWHERE = "开票/收票通道至少一个为乐企平台"
FIXED = "已有发票，企业名称与税号不允许修改"


def state(home, no, role="using", env="演练"):
    return home.run("unit", "show", no, "--role", role, "--env", env, check=0)[1]["state"]


# ---- before it is verified -----------------------------------------------------------------------
def unverified(t, sb, home):
    text = home.run("unit", "show", NEW_NO, json_out=False)[1]
    t.ok(re.search(r"状态 +未验证", text), "C13: 保存 shows 未验证", text)
    row = [x for x in home.run("unit", "list", json_out=False)[1].splitlines() if NEW_NO in x]
    t.ok(row and "未验证" in row[0], "C13: in the list, too", row)
    code, doc, err = home.run("unit", "edit", NEW_NO, "--name", "广州改名公司")
    t.ok(code == 0 and doc["name"] == "广州改名公司" and state(home, NEW_NO) == "unverified",
         "C24: 未验证 is edited, and still 未验证", doc, err)
    before, asked = everything(home), sb.requests()
    for verb in (["blue", "issue", home.file(invoice("G-1"))], ["taxpayer", "show"],
                 ["taxpayer", "sync"], ["numbers", "claim", "5"], ["quota", "show"],
                 ["quota", "sync"], ["quota", "download", "5"], ["quota", "return", "5"],
                 ["taxcodes", "sync"], ["reconcile", "2025-01"], ["summary", "refresh", "2025-01"],
                 ["red", "download", "--role", "seller", "--from", "2026-01-01", "--to",
                  "2026-01-02"]):
        code, doc, err = home.run("--unit", NEW_NO, *verb)
        t.ok(code == 3 and said(doc, NOT_ACTIVE) and "unit verify" in doc["error"]["hint"],
             "C14: refused with the way out: " + " ".join(verb[:2]), code, doc, err)
    t.ok(sb.requests() == asked and everything(home) == before,
         "C14: nothing asked, nothing stored")
    home.run("unit", "edit", NEW_NO, "--name", NEW_NAME, check=0)
    sb.faults(error={"service": "CXNSRJBXX", "times": 1, "code": "4055", "message": "x"})
    shown = home.run("unit", "show", NEW_NO)[1]
    code, doc, err = home.run("unit", "verify", NEW_NO)
    after = home.run("unit", "show", NEW_NO)[1]
    t.ok(code == 4 and after["state"] == "unverified" and "4055" in after["verify_error"]
         and {k for k in after if after[k] != shown[k]} == {"verify_error"},
         "C12: a failed 验证 leaves all that was saved", code, doc, after)
    t.ok(not after["capabilities_told"],
         "B13: a refusal that says nothing of the ability is not taken for one", after)
    sb.faults()
    home.run("unit", "verify", NEW_NO, check=0)
    text = home.run("unit", "show", NEW_NO, json_out=False)[1]
    t.ok(re.search(r"状态 +验证通过", text), "C12 C25: 验证通过 in words", text)


def above_first(t, sb, home):
    """The using unit is verified, the one it speaks through is not any more."""
    d = sb.direct["tax_no"]
    doc = home.run("unit", "edit", d, "--role", "direct", "--leqi-id", sb.direct["leqi_id"],
                   check=0)[1]
    t.ok("下面 1 个使用单位" in doc["warning"], "C15: said who cannot issue", doc["warning"])
    t.same((state(home, d, "direct"), state(home, NEW_NO)), ("unverified", "verified"),
           "C15: the direct unit alone has to be verified anew")
    before, asked = everything(home), sb.requests()
    for verb in (["blue", "issue", home.file(invoice("G-3"))], ["taxpayer", "show"],
                 ["numbers", "claim", "5"], ["quota", "sync"]):
        code, doc, err = home.run("--unit", NEW_NO, *verb)
        t.ok(code == 3 and said(doc, NOT_ACTIVE) and "unit verify " + d in doc["error"]["hint"],
             "C14: nor under an unverified 直连单位: " + " ".join(verb[:2]), code, doc, err)
    t.ok(sb.requests() == asked and everything(home) == before,
         "C14: nothing asked, nothing stored there either")
    home.run("unit", "verify", d, "--role", "direct", check=0)
    t.same(home.run("--unit", NEW_NO, "taxpayer", "sync")[0], 0, "C14: and then it goes on")


def read_only(t, sb, home):
    before = everything(home)
    for args in (["--name", "改名"], ["--taxno", "91440300MAKP0A011Y"], ["--leqi-id", "0" * 20],
                 ["--relation", "joint"], ["--region", "14403000000"], ["--abilities", "入账"],
                 ["--direct", sb.direct["tax_no"]], ["--edition", "5.000"]):
        code, doc, err = home.run("unit", "edit", NEW_NO, *args)
        t.ok(code == 3 and said(doc, READ_ONLY), "C23: 验证通过后不可编辑: " + args[0], code, doc)
    t.same(everything(home), before, "C23: nothing is changed")
    code, doc, err = home.run("unit", "edit", NEW_NO, "--address", "天河路 1 号", "--phone",
                              "020-1", "--bank", "练习银行", "--account", "62220001", "--project",
                              "华南", "--filing-region", "广州", "--handler", "办税员")
    t.ok(code == 0 and doc["state"] == "verified" and doc["address"] == "天河路 1 号",
         "C23: what is no identity may be changed", doc, err)
    one = home.run("unit", "show", NEW_NO)[1]
    t.same([one[k] for k in ("name", "tax_no", "address", "phone", "bank", "account", "leqi_id",
                             "issue_channel", "collect_channel")],
           [NEW_NAME, NEW_NO, "天河路 1 号", "020-1", "练习银行", "62220001", NEW_ID, "leqi",
            "leqi"], "B25: all of it is there again")


def channels(t, sb, home):
    of = ("--unit", NEW_NO)
    for issue, collect in (("税盘", "软证书"), ("电子税局/RPA", "无"), ("软证书", "税盘")):
        code, doc, err = home.run("unit", "edit", NEW_NO, "--issue-channel", issue,
                                  "--collect-channel", collect)
        t.ok(code == 3 and said(doc, ELSEWHERE), "C29: %s and %s" % (issue, collect), code, doc)
    home.run("unit", "edit", NEW_NO, "--issue-channel", "税盘", check=0)
    asked = sb.requests()
    code, doc, err = home.run(*of, "blue", "issue", home.file(invoice("G-2")))
    t.ok(code == 3 and "税盘" in message(doc) and sb.requests() == asked,
         "C29 B18: what is issued by 税盘 is not issued here", code, doc, err)
    home.run("unit", "edit", NEW_NO, "--issue-channel", "乐企平台", check=0)


# ---- two units, two environments -----------------------------------------------------------------
def figures(home, no):
    of = ("--unit", no)
    audit = home.run(*of, "numbers", "audit")[1]
    quota = home.run(*of, "quota", "show")[1]
    return audit["free"], quota["unused"]


def two_units(t, sb, home):
    usings = [sb.using["tax_no"], NEW_NO]
    home.add_using(sb, sb.using, check=0)
    home.run("unit", "verify", sb.using["tax_no"], check=0)
    for no, numbers, quota in zip(usings, (7, 9), ("700.00", "900.00")):
        home.run("--unit", no, "taxpayer", "sync", check=0)
        home.run("--unit", no, "taxcodes", "sync", check=0)
        home.run("--unit", no, "quota", "auto", "off", check=0)
        home.run("--unit", no, "numbers", "auto", "off", check=0)
        home.run("--unit", no, "numbers", "claim", numbers, check=0)
        home.run("--unit", no, "quota", "download", quota, check=0)
    for i, no in enumerate(usings):
        home.run("--unit", no, "blue", "issue", home.file([invoice("U%d-%d" % (i, k))
                                                           for k in range(i + 1)]), check=0)
    t.same([figures(home, no) for no in usings], [(6, "600.00"), (7, "700.00")],
           "A4: each took of its own numbers and quota")
    rows = sb.get("/invoices?env=正式&limit=1000")["rows"]
    for i, no in enumerate(usings):
        mine = {r["number"] for r in home.run("--unit", no, "invoices", "list")[1]["rows"]}
        ranges = home.run("--unit", no, "numbers", "list")[1]["rows"]
        t.ok(len(mine) == i + 1 and all(any(r["first"] <= n <= r["last"] for r in ranges)
                                        for n in mine),
             "A4: invoice numbers of the unit's own", mine)
        t.same({r["number"] for r in rows if r["seller"] == no}, mine,
               "A4: 销方 there is the unit")
    theirs = {q["tax_no"]: q["unused"] for q in sb.get("/quota")["rows"] if q["tax_no"] in usings}
    t.same(theirs, dict(zip(usings, ("600.00", "700.00"))), "A4: the same there")
    code, doc, err = home.run("--unit", NEW_NO, "blue", "issue",
                              home.file([invoice("B-%d" % i) for i in range(8)]))
    t.ok(code == 3 and doc["error"]["code"] == "numbers.short"
         and [figures(home, no) for no in usings] == [(6, "600.00"), (7, "700.00")],
         "A4: one's shortage is not covered by the other", code, doc)


def fixed(t, sb, home):
    d = sb.direct["tax_no"]
    before = everything(home)
    code, doc, err = home.run("unit", "edit", d, "--role", "direct", "--name", "另一个")
    t.ok(code == 3 and said(doc, FIXED), "B26: the name, exit 3", code, doc)
    code, doc, err = home.run("unit", "edit", d, "--role", "direct", "--taxno",
                              "91440300MAKP0A011Y", "--key-file",
                              home.file(sb.direct["keys"]["正式"]))
    t.ok(code == 3 and said(doc, FIXED), "B26: the tax number, exit 3", code, doc)
    code, doc, err = home.run("unit", "remove", d, "--role", "direct")
    t.ok(code == 3 and said(doc, HAS_USING), "C17: the sentence letter by letter", code, doc)
    code, doc, err = home.run("unit", "remove", d, "--role", "direct", "--force")
    t.ok(code == 3 and said(doc, HAS_USING), "C17: --force or not", code, doc)
    t.same(everything(home), before, "B26 C17: the store is the same to the last row")
    t.ok(not [f for f in os.listdir(home.path) if f.startswith("before-removal")],
         "C17: and no backup is made of it")


def two_keys(t, sb, home):
    d = sb.direct
    home.run(*direct(sb, home, env="沙箱", url=sb.url("沙箱"),
                     key_file=home.file(d["keys"]["沙箱"])), check=0)
    for env in ("演练", "沙箱"):
        t.same(home.run("unit", "verify", d["tax_no"], "--role", "direct", "--env", env)[0], 0,
               "I5: its own key opens " + env)
    hint = [home.run("unit", "show", d["tax_no"], "--role", "direct", "--env", env)[1]["key"]
            for env in ("演练", "沙箱")]
    t.same(hint, ["****" + d["keys"][k][-4:] for k in ("正式", "沙箱")], "I5: two key slots")
    edit = ["unit", "edit", d["tax_no"], "--role", "direct", "--env", "沙箱", "--key-file"]
    doc = home.run(*edit, home.file(d["keys"]["正式"]), check=0)[1]
    t.ok("须重新验证" in doc["warning"] and "下面" not in doc["warning"],
         "C15: nobody hangs on this one, and nobody is said to", doc["warning"])
    code, doc, err = home.run("unit", "verify", d["tax_no"], "--role", "direct", "--env", "沙箱")
    t.ok(code == 4 and "4057" in message(doc) and doc["error"]["hint"].startswith("密钥与环境不匹配"),
         "C6 I5: the other environment's key", code, doc)
    t.ok(state(home, d["tax_no"], "direct") == "verified"
         and home.run("unit", "show", d["tax_no"], "--role", "direct", "--env", "演练")[1]["key"]
         == hint[0], "C15 I5: the other slot is untouched")
    t.same(state(home, d["tax_no"], "direct", "沙箱"), "unverified", "C15: the changed one is 未验证")
    with contextlib.closing(sqlite3.connect(base(home))) as db:
        keys = [r[0] for r in db.execute("SELECT sealed_key FROM unit WHERE role = 'direct'")]
    sql(base(home), "UPDATE unit SET sealed_key = '%s' WHERE env = 'sandbox'" % keys[0])
    code, doc, err = home.run("unit", "verify", d["tax_no"], "--role", "direct", "--env", "沙箱")
    t.ok(code not in (0, 4), "I5: a sealed key carried into the other slot does not open", code,
         doc)
    home.run(*edit, home.file(d["keys"]["沙箱"]), check=0)


# ---- roles --------------------------------------------------------------------------------------
def roles(t, sb, home):
    for i, role in enumerate(("manager", "issuer", "viewer")):
        sql(base(home), "INSERT INTO app_user (id, name, display_name, role, enabled, created_at)"
            " VALUES (%d, '%s', '%s', '%s', 1, 0)" % (200 + i, role, role, role))
    no, before, asked = sb.using["tax_no"], everything(home), sb.requests()
    look = [["unit", "list"], ["unit", "show", no], ["unit", "tree"], ["unit", "export", "-o", "-"],
            ["eligibility"]]
    change = [new(sb), ["unit", "edit", no, "--phone", "1"], ["unit", "verify", no],
              ["unit", "remove", no], ["unit", "remove", no, "--force"], ["unit", "freeze", no],
              ["unit", "unfreeze", no], ["unit", "safety", no, "2099-12-31"],
              ["unit", "import", home.file("企业名称\n", "x.csv")],
              ["drawers", "add", "--name", "甲", "--id-no", "1"], ["drawers", "edit", "甲",
               "--state", "bound"],
              ["drawers", "remove", "甲"], ["eligibility", "--answer", "1=yes"],
              ["reconcile", "collect", "yes"]]
    for role in ("manager", "issuer", "viewer"):
        for verb in change + ([] if role == "manager" else look):
            code, doc, err = home.run("--user", role, "--unit", no, *verb)
            t.ok(code == 7 and "无权限" in message(doc),
                 "C1: %s may not %s" % (role, " ".join(verb[:2])), code, doc, err)
    t.ok(everything(home) == before and sb.requests() == asked, "C1: and nothing happened")
    for verb in look:
        t.same(home.run("--user", "manager", "--unit", no, *verb,
                        json_out="-o" not in verb)[0], 0,
               "C1: manager may look: " + " ".join(verb[:2]))


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.run("init", check=0)
    place.quick()
    known(platform)
    place.run(*direct(platform, place), check=0)
    place.run("unit", "verify", platform.direct["tax_no"], check=0)
    place.run(*new(platform), check=0)
    unverified(tap, platform, place)
    above_first(tap, platform, place)
    read_only(tap, platform, place)
    two_units(tap, platform, place)
    channels(tap, platform, place)
    fixed(tap, platform, place)
    roles(tap, platform, place)
    two_keys(tap, platform, place)
