#!/usr/bin/env python3
"""接入单位: filters, tree, gates, batch verification, freezing, removal, by the numbers of the feature
list (A3 B13 B19-B20 B25-B26 C2-C8 C15-C17 C21 C25-C29 I5 N69)."""
import contextlib
import os
import re
import sqlite3

from kp import Home, Sandbox, Tap, count, invoice

HAS_USING = "该直连单位下存在非本单位的其他使用单位，不允许删除！请移除相关使用单位后再重试。"


def message(doc):
    return doc["error"]["message"]


def base(home):
    return os.path.join(home.path, "kaipiao.db")


def units_of(home):
    return count(base(home), "SELECT COUNT(*) FROM unit")


def edit(home, no, *more):
    return home.run("unit", "edit", no, *more)


def names(doc):
    return [r["name"] for r in doc["rows"]]


def missing(t, home):
    code, doc, _ = home.run("unit", "add", "--role", "using", "--name", "", "--taxno", "",
                            "--leqi-id", "0123456789abcdef0123", "--direct", "91440000MAKP00014G")
    t.ok(code == 3 and [e["field"] for e in doc["errors"]] == ["name", "taxno"],
         "C21 name and number missing: two findings", doc)
    code, doc, _ = home.run("unit", "add", "--role", "using", "--name", "甲", "--taxno",
                            "91440300MAKP00022T", "--direct", "91440000MAKP00014G")
    t.ok(code == 3 and [e["field"] for e in doc["errors"]] == ["leqi-id"],
         "C22 the 乐企ID is required", doc)
    t.same(units_of(home), 0, "C21 nothing was saved")


def ids(t, home, u):
    for leqi_id, warns in (("5d2cff003e35abac053a", False), ("5d2cff003e35abac053", True),
                           ("5d2cff003e35abac053a1", True), ("5D2CFF003E35ABAC053A", True)):
        code, doc, _ = edit(home, u["tax_no"], "--leqi-id", leqi_id)
        t.ok(code == 0 and bool(doc["warning"]) == warns and doc["leqi_id"] == leqi_id,
             "B19 B20 %d characters %s" % (len(leqi_id), leqi_id[:4]), doc)
    edit(home, u["tax_no"], "--leqi-id", u["leqi_id"])


def channels(t, home, u):
    no = u["tax_no"]
    doc = home.run("unit", "show", no)[1]
    t.ok(doc["issue_channel"] == "leqi" and doc["collect_channel"] == "leqi"
         and doc["capabilities"] == "202007,203067", "B25 C2 channels and abilities of 自用", doc)
    code, doc, _ = edit(home, no, "--issue-channel", "电子税局/RPA", "--collect-channel", "税盘")
    t.ok(code == 3 and "开票/收票通道至少一个为乐企平台" in message(doc), "C29 both elsewhere", doc)
    code, doc, _ = edit(home, no, "--issue-channel", "火星")
    t.ok(code == 3 and doc["error"]["code"] == "unit.channel", "B18 an unknown channel", doc)
    code, doc, _ = edit(home, no, "--issue-channel", "电子税局/RPA")
    t.ok(code == 0 and doc["issue_channel"] == "portal", "C29 one of them elsewhere", doc)
    code, doc, _ = edit(home, no, "--issue-channel", "乐企平台（联用）")
    t.ok(code == 0 and doc["relation"] == "joint" and not doc["collect_channel"]
         and doc["capabilities"] == "202007",
         "A5 B18 乐企平台（联用） is 联用: it collects nothing", doc)
    code, doc, _ = edit(home, no, "--collect-channel", "乐企平台")
    t.ok(code == 3 and "联用仅支持开票" in message(doc), "A5 联用 does not collect", doc)
    code, doc, _ = edit(home, no, "--relation", "self", "--issue-channel", "leqi-joint")
    t.same(code, 3, "a channel against the relation")
    code, doc, _ = edit(home, no, "--relation", "self")
    t.ok(code == 0 and doc["issue_channel"] == "leqi" and doc["collect_channel"] == "leqi"
         and doc["capabilities"] == "202007,203067", "自用 again, with its channels", doc)
    code, doc, _ = edit(home, no, "--abilities", "抵扣勾选、飞天")
    t.ok(code == 3 and "飞天" in message(doc), "C11 an unknown ability", doc)
    code, doc, _ = edit(home, no, "--abilities", "抵扣勾选")
    t.ok(code == 0 and doc["capabilities_text"] == "基础能力、归集能力、抵扣勾选",
         "C11 基础 and 归集 stay without being named", doc)
    code, doc, _ = edit(home, no, "--handler", "秘书")
    t.same(code, 3, "B11 another handler")
    code, doc, _ = edit(home, no, "--handler", "财务负责人", "--granted", "2025-06-28")
    t.ok(doc["handler"] == "finance" and doc["granted"] == "2025-06-28", "B11 J3 stored", doc)


def filters(t, sb, home):
    d, u = sb.direct, sb.using
    edit(home, u["tax_no"], "--project", "华南项目Ａ", "--filing-region", "深圳")
    edit(home, d["tax_no"], "--role", "direct", "--project", "集团", "--proxy", "116.116.10.1:8443")
    for what, args, want in (
            ("name", ["--name", u["name"][:2]], 1), ("number", ["--taxno", u["tax_no"][4:12]], 1),
            ("project, width aside", ["--project", "项目A"], 1),
            ("width and case of what is asked aside", ["--project", "项目ａ"], 1),
            ("number in small letters", ["--taxno", u["tax_no"].lower()], 1),
            ("filing region", ["--filing-region", "圳"], 1), ("proxy", ["--proxy", "116.116"], 1),
            ("forwarding address", ["--proxy", sb.address.split(":")[0]], 1),
            ("all five", ["--name", "开票", "--taxno", "9144", "--project", "集团",
                          "--filing-region", "", "--proxy", "8443"], 1),
            ("two that do not meet", ["--project", "集团", "--filing-region", "深圳"], 0),
            ("none", [], 3), ("unverified", ["--state", "unverified"], 3)):
        doc = home.run("unit", "list", *args)[1]
        t.ok(doc["total"] == want, "C3 " + what, names(doc))
    tree = home.run("unit", "tree")[1]
    t.ok(tree["total"] == 3 and len(tree["rows"]) == 1
         and tree["rows"][0]["tax_no"] == d["tax_no"]
         and {r["tax_no"] for r in tree["rows"][0]["using"]}
         == {r["tax_no"] for r in home.run("unit", "list", "--role", "using")[1]["rows"]},
         "A3 the tree of one direct unit and two below it", tree)
    text = home.run("unit", "tree", json_out=False)[1]
    t.ok(text.splitlines()[1].startswith("  └ "), "A3 indented for people", text)
    edit(home, d["tax_no"], "--role", "direct", "--proxy", "")


def key_and_url(t, sb, home):
    d = sb.direct
    key = home.file(d["keys"]["沙箱"], "other.txt")
    edit(home, d["tax_no"], "--role", "direct", "--key-file", key)
    code, doc, err = home.run("unit", "verify", d["tax_no"], "--role", "direct")
    t.ok(code == 4 and "4057" in message(doc) and "密钥与环境不匹配" in doc["error"]["hint"],
         "C6 the key of the other environment", doc)
    edit(home, d["tax_no"], "--role", "direct", "--key-file",
         home.file(d["keys"]["正式"], "right.txt"))
    for url in (sb.url(), sb.url().rstrip("/")):
        edit(home, d["tax_no"], "--role", "direct", "--url", url)
        home.run("unit", "verify", d["tax_no"], "--role", "direct", check=0)
    urls = {r["url"] for r in home.run("log", "list")[1]["rows"] if r.get("url")}
    paths = {r.get("path") for r in sb.get("/requests?bodies=0&limit=1000")["rows"][-2:]}
    t.ok(len(paths) == 1, "C8 both spellings ask at the same address", paths, urls)


def together(t, sb, home, others):
    d = sb.direct
    nos = [d["tax_no"]] + [u["tax_no"] for u in others]
    before = sb.requests()
    code, doc, _ = home.run("unit", "verify", *nos, "91440300MAKP0A011Y", "--role", "using")
    t.ok(code == 3 and sb.requests() > before
         and [r["state"] for r in doc["rows"]] == ["unverified", "verified", "verified",
                                                   "unverified"],
         "C25 unknown ones among them: the others are verified", doc)
    sb.post("/units", {"tax_no": others[1]["tax_no"], "access": "N"})
    code, doc, _ = home.run("unit", "verify", *nos)
    states = {(r["tax_no"], r["role"]): r["state"] for r in doc["rows"]}
    bad = [r for r in doc["rows"] if r["tax_no"] == others[1]["tax_no"]][0]
    t.ok(code == 4 and states[(d["tax_no"], "direct")] == "verified"
         and states[(others[0]["tax_no"], "using")] == "verified"
         and bad["state"] == "unverified" and bad["message"],
         "C25 three rows, the last one refused: two good, one bad, exit 4", code, doc)
    told = home.run("unit", "show", others[1]["tax_no"])[1]["capabilities_told"]
    t.ok(told and "基础能力没有" in told, "B13 what the refusal says of the ability", told)
    sb.post("/units", {"tax_no": others[1]["tax_no"], "access": "Y"})
    code, doc, _ = home.run("unit", "verify", others[1]["tax_no"])
    t.same(code, 0, "and verified later")
    told = home.run("unit", "show", others[1]["tax_no"])[1]["capabilities_told"]
    t.ok("基础能力有" in told, "B13 and of the answer", told)


def resets(t, home, sb):
    """C15 each of them makes the direct unit unverified."""
    d = sb.direct
    for what, args in (("name", ["--name", d["name"] + "甲"]), ("id", ["--leqi-id", "0" * 20]),
                       ("key", ["--key-file", home.file("0" * 32)]),
                       ("forwarding address", ["--connect-to", "127.0.0.1:1"]),
                       ("proxy", ["--proxy", "10.0.0.8:3128"]),
                       ("certificate name", ["--tls-name", "x.example"]),
                       ("ability", ["--abilities", "入账"]), ("URL", ["--url", sb.url()])):
        code, doc, err = edit(home, d["tax_no"], "--role", "direct", *args)
        t.ok(code == 0 and doc["state"] == "unverified", "C15 " + what, doc, err)
        edit(home, d["tax_no"], "--role", "direct", "--name", d["name"], "--leqi-id", d["leqi_id"],
             "--key-file", home.file(d["keys"]["正式"]), "--connect-to", sb.address, "--proxy", "",
             "--tls-name", "", "--abilities", "")
        home.run("unit", "verify", d["tax_no"], "--role", "direct", check=0)
    code, doc, _ = edit(home, d["tax_no"], "--role", "direct", "--project", "集团总部")
    t.same(doc["state"], "verified", "a note leaves it verified")
    code, doc, _ = edit(home, sb.using["tax_no"], "--issue-channel", "leqi-joint")
    t.ok(code == 3 and "验证通过后不可编辑" in message(doc), "C23 no 联用 by the channel either", doc)


def frozen(t, sb, home):
    no = sb.using["tax_no"]
    code, doc, _ = home.run("unit", "freeze", no, "--reason", "合同到期")
    t.ok(code == 0 and doc["frozen"] and doc["frozen_why"] == "合同到期", "N69 frozen", doc)
    t.ok(home.run("unit", "list", "--state", "frozen")[1]["total"] == 1, "N69 C3 found")
    before = count(base(home), "SELECT COUNT(*) FROM number_taken")
    for what, args in (("issue", ["blue", "issue", home.file(invoice("F-1"))]),
                       ("draft and issue", ["blue", "issue", home.file([invoice("F-2")])])):
        code, doc, _ = home.run(*args)
        t.ok(code == 3 and "冻结" in message(doc) and "合同到期" in message(doc),
             "N69 refused: " + what, doc)
    t.same(count(base(home), "SELECT COUNT(*) FROM number_taken"), before, "N69 no number is taken")
    t.same(home.run("taxpayer", "sync")[0], 0, "N69 the rest goes on")
    t.same(home.run("unit", "freeze", no)[0], 3, "N69 it is frozen already")
    code, doc, _ = home.run("unit", "unfreeze", no)
    t.ok(code == 0 and not doc["frozen"], "N69 thawed", doc)
    t.same(home.run("blue", "issue", home.file(invoice("F-1")))[0], 0, "N69 and issues again")
    t.same(count(base(home), "SELECT COUNT(*) FROM audit WHERE action LIKE 'unit.%freeze'"), 2,
           "N69 both are audited")


def fixed(t, sb, home):
    for no, role in ((sb.using["tax_no"], "using"), (sb.direct["tax_no"], "direct")):
        code, doc, _ = edit(home, no, "--role", role, "--name", "另一个")
        t.ok(code == 3 and ("不允许修改" in message(doc) or "不可编辑" in message(doc)),
             "B26 the name of the %s unit stays once there are invoices" % role, doc)
    code, doc, _ = edit(home, sb.direct["tax_no"], "--role", "direct", "--taxno",
                        "91440300MAKP0A011Y", "--key-file", home.file(sb.direct["keys"]["正式"]))
    t.ok(code == 3 and "已有发票，企业名称与税号不允许修改" in message(doc), "B26 the number too", doc)


def left_of(home, unit):
    """Tables that name the unit still; jobs, calls and the audit tell what was done and stay."""
    with contextlib.closing(sqlite3.connect(base(home))) as db:
        names = [r[0] for r in db.execute(
            "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'unit_id'")]
        return [n for n in names if n not in ("job", "request_log", "audit") and
                db.execute("SELECT 1 FROM %s WHERE unit_id = ?" % n, (unit,)).fetchone()]


def removal(t, sb, home, others):
    no = sb.using["tax_no"]
    rows = units_of(home)
    gone = count(base(home), "SELECT id FROM unit WHERE role = 'using' AND tax_no = '%s'" % no)
    code, doc, _ = home.run("unit", "remove", sb.direct["tax_no"])
    t.ok(code == 3 and HAS_USING in message(doc) and units_of(home) == rows,
         "C17 others below: the exact sentence, nothing changed", doc)
    code, doc, _ = home.run("unit", "remove", no)
    t.ok(code == 3 and "先退回额度" in message(doc) and "quota return" in doc["error"]["hint"]
         and sb.using["name"] in message(doc)
         and re.search(r"还有 [\d,]*,\d{3}\.\d\d 元", message(doc)),
         "C26 quota in hand, whose and how much", doc)
    code, doc, _ = home.run("unit", "freeze", sb.direct["tax_no"])
    t.ok(code == 3 and "是直连单位，只有使用单位可以冻结" in message(doc), "N69 a direct unit is not frozen",
         doc)
    left = home.run("quota", "show")[1]["unused"]
    home.run("quota", "return", left, check=0)
    code, doc, _ = home.run("unit", "remove", no)
    t.ok(code == 3 and "还有发票属于它" in message(doc), "C16 C26 invoices", doc)
    t.same(units_of(home), rows, "all are there")
    code, doc, err = home.run("unit", "remove", no, "--force")
    t.ok(code == 0 and doc["removed"] == no and os.path.exists(doc["backup"])
         and os.stat(doc["backup"]).st_mode & 0o77 == 0, "C16 --force: a backup first", doc, err)
    t.same(units_of(home), rows - 1, "C16 gone")
    t.same(left_of(home, gone), [], "C16 N69 no table but the records of work has a row of it")
    t.same(count(base(home), "SELECT COUNT(*) FROM invoice"), 0, "C16 with its invoices")
    t.ok(not count(base(home), "SELECT COUNT(*) FROM pragma_foreign_key_check"),
         "C16 nothing refers to what is gone")
    code, doc, err = home.run("unit", "remove", others[1]["tax_no"])
    t.ok(code == 0 and doc["backup"] is None, "C16 an unused one needs no backup", doc, err)
    code, doc, err = home.run("unit", "remove", sb.direct["tax_no"])
    t.ok(code == 0 and units_of(home) == 0, "C16 then the direct one", doc, err)
    with Home() as old:
        old.run("restore", os.path.join(home.path, sorted(
            f for f in os.listdir(home.path) if f.startswith("before-removal"))[0]))
        t.ok(count(base(old), "SELECT COUNT(*) FROM invoice") >= 1, "C16 the backup has them")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.run("init", check=0)
    place.quick()
    missing(tap, place)
    place.add_units(platform)
    second = dict(platform.using, tax_no="91440101MAKP00031C", name="广州开票练习贸易有限公司",
                  leqi_id="c0ffee00c0ffee00c0ff", direct=platform.direct["tax_no"])
    platform.post("/units", second)
    with place.direct_verified():
        place.add_using(platform, second, check=0)
    ids(tap, place, platform.using)
    channels(tap, place, platform.using)
    filters(tap, platform, place)
    key_and_url(tap, platform, place)
    together(tap, platform, place, [platform.using, second])
    resets(tap, place, platform)
    place.run("taxpayer", "sync", "--unit", platform.using["tax_no"], check=0)
    place.run("taxcodes", "sync", check=0)
    place.run("numbers", "claim", "20", check=0)
    place.run("quota", "download", "5000.00", check=0)
    frozen(tap, platform, place)
    fixed(tap, platform, place)
    removal(tap, platform, place, [platform.using, second])
