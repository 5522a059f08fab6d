#!/usr/bin/env python3
"""Units in files: a bad channel (B18), three columns exactly (B21), the same file twice (B24), back
and forth (B25)."""
import csv
import io
import os

from kp import Home, Sandbox, Tap, sql

HEAD = "企业名称,税号,乐企ID,企业角色,直连单位税号,关系,开票通道,收票通道,地址,备案地区,经办身份,授权日期"


def listed(home, *args):
    return home.run("unit", "list", *args)[1]["rows"]


def table(home, rows, name="units.csv"):
    return home.file("\n".join([HEAD] + rows) + "\n", name)


def rows_of(text):
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def bring(t, sb, home):
    d = sb.direct["tax_no"]
    good = ("甲公司,91440300MAKP00022T,5d2cff003e35abac053a,使用单位,%s,,乐企平台,,科技园1号,深圳,"
            "法定代表人,2025-06-28" % d)
    code, doc, err = home.run("unit", "import", table(home, [
        good, "乙公司,91440101MAKP00031C,5d2cff003e35abac053b,使用单位,%s,,火星通道,,,,," % d,
        "丙公司,91310000MAKP00044A,5d2cff003e35abac053c,使用单位,%s,,税盘,税盘,,,," % d,
        "丁公司,91310000MAKP00045B,5d2cff003e35abac053d,直连单位,,,,,,,,",
        "戊公司,91310000MAKP00046C,5d2cff003e35abac053e,使用单位,91000000000000000X,,,,,,,"]))
    said = {n["row"]: n["text"] for n in doc["notes"] if n["fault"]}
    t.ok(code == 3 and not doc["stored"] and doc["failed"] == 4
         and not listed(home, "--role", "using"),
         "B18 one bad row keeps all out", doc)
    t.ok("火星通道" in said.get(3, ""), "B18 an unknown channel is the fault of its row", said)
    t.ok("至少一个为乐企平台" in said.get(4, ""), "C29 both channels elsewhere", said)
    t.ok("密钥" in said.get(5, ""), "a direct unit has a key, which no file brings", said)
    t.ok("直连单位" in said.get(6, ""), "C28 a wrong direct number", said)
    code, doc, err = home.run("unit", "import", table(home, [
        good, "己公司,91310000MAKP00047D,5d2cff003e35abac053f,使用单位,%s,,乐企平台（联用）,,,,," % d]))
    t.ok(code == 0 and doc["added"] == 2, "good rows come in", doc, err)
    one = home.run("unit", "show", "91440300MAKP00022T")[1]
    t.ok(one["address"] == "科技园1号" and one["filing_region"] == "深圳"
         and one["handler"] == "legal" and one["granted"] == "2025-06-28"
         and one["issue_channel"] == "leqi" and one["state"] == "unverified", "B25 as written", one)
    two = home.run("unit", "show", "91310000MAKP00047D")[1]
    t.ok(two["relation"] == "joint" and not two["collect_channel"], "B18 联用 by its channel", two)
    code, doc, _ = home.run("unit", "import", table(home, [good]))
    t.ok(code == 0 and doc["unchanged"] == 1 and not doc["added"],
         "B24 again: no company twice, nothing changes", doc)
    t.same([r["tax_no"] for r in listed(home, "--role", "using")],
           ["91440300MAKP00022T", "91310000MAKP00047D"], "B24 two companies are two")
    code, doc, _ = home.run("unit", "import", table(home, [good, good]))
    t.ok(len(listed(home, "--role", "using")) == 2, "B24 nor from two rows of one file", code, doc)
    for i, word in enumerate(("乐企平台", "乐企平台（联用）", "电子税局/RPA", "税盘", "软证书")):
        row = good.replace("91440300MAKP00022T", "91440300MAKP0002%dX" % i).replace(
            ",,乐企平台,,", ",,%s,%s," % (word, "" if "联用" in word else "乐企平台"))
        code, doc, err = home.run("unit", "import", table(home, [row]), "--dry-run")
        t.ok(code == 0 and doc["added"] == 1 and not doc["failed"], "B18 a channel: " + word, doc,
             err)
    code, doc, _ = home.run("unit", "import", table(home, [good.replace("科技园1号", "科技园2号")]))
    t.ok(code == 0 and doc["updated"] == 1 and
         home.run("unit", "show", "91440300MAKP00022T")[1]["address"] == "科技园2号",
         "a change is taken over", doc)
    code, doc, _ = home.run("unit", "import", table(home, [good]), "--dry-run")
    t.ok(code == 0 and home.run("unit", "show", "91440300MAKP00022T")[1]["address"] == "科技园2号",
         "a trial stores nothing", doc)


def give(t, sb, home):
    code, text, err = home.run("unit", "export", "--fields", "乐企ID,税号,企业名称", "--role", "using",
                               "--csv", "utf8", "-o", "-", json_out=False)
    rows = rows_of(text)
    t.ok(code == 0 and [c.strip() for c in rows[0]] == ["乐企ID", "税号", "企业名称"] and len(rows) == 3
         and all(len(r) == 3 for r in rows), "B21 exactly three columns", rows, err)
    t.same([c.strip() for c in rows[1]], ["5d2cff003e35abac053a", "91440300MAKP00022T", "甲公司"],
           "B21 in the order asked for")
    code, doc, _ = home.run("unit", "export", "--fields", "乐企ID,心情", "-o", home.top + "/x.csv")
    t.ok(code == 3 and "心情" in doc["error"]["message"] and not os.path.exists(home.top + "/x.csv"),
         "an unknown column is refused", doc)
    path = home.top + "/all.xlsx"
    code, doc, err = home.run("unit", "export", "-o", path)
    t.ok(code == 0 and doc["rows"] == 3 and os.path.exists(path), "all as a workbook", doc, err)
    t.same(home.run("unit", "export", "-o", path)[0], 3, "an existing file stays")
    code, doc, err = home.run("unit", "import", path)
    t.ok(code == 0 and doc["unchanged"] == 3, "and taken back it changes nothing", doc, err)
    key = sb.direct["keys"]["正式"]
    data = home.run("unit", "export", "--csv", "utf8", "-o", "-", json_out=False)[1]
    t.ok(key not in data and key[-4:] not in data, "no key and no part of it in a file")
    code, doc, err = home.run("unit", "template", "-o", home.top + "/t.xlsx")
    t.ok(code == 0 and os.path.getsize(home.top + "/t.xlsx") > 2000, "a template", doc, err)


def roles(t, home):
    sql(os.path.join(home.path, "kaipiao.db"),
        "INSERT INTO app_user (id, name, display_name, role, enabled, created_at)"
        " VALUES (100, 'clerk', '开票员', 'issuer', 1, 0)")
    t.same(home.run("--user", "clerk", "invoices", "list")[0] == 7, False, "the issuer exists")
    for args in (["unit", "import", home.file(HEAD + "\n", "e.csv")], ["unit", "export", "-o", "-"],
                 ["unit", "freeze", "91440300MAKP00022T"], ["unit", "tree"],
                 ["unit", "remove", "91440300MAKP00022T", "--force"]):
        code, doc, _ = home.run("--user", "clerk", *args)
        t.same(code, 7, "C1 not for an issuer: " + " ".join(args[:2]))


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.run("init", check=0)
    place.quick()
    d = platform.direct
    place.run("unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
              "--leqi-id", d["leqi_id"], "--key-file", place.file(d["keys"]["正式"]), "--url",
              platform.url(), "--ca-file", platform.info["ca_file"], "--connect-to",
              platform.address, "--env", "演练", check=0)
    place.run("unit", "verify", d["tax_no"], "--role", "direct", check=0)
    bring(tap, platform, place)
    give(tap, platform, place)
    roles(tap, place)
