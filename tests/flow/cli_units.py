#!/usr/bin/env python3
"""Units, taxpayer, numbers, quota, tax codes, jobs, log, parameters: every verb, every refusal.
What is saved is kept, what is verified besides is active (M10)."""
import os
import subprocess

from kp import Home, Sandbox, Tap, invoice, shared

NOT_ACTIVE = ("当前销方企业未开通乐企数电发票业务，请在系统的【开票业务配置】功能中添加配置信息"
              "并完成业务激活处理！")
HAS_USING = "该直连单位下存在非本单位的其他使用单位，不允许删除！请移除相关使用单位后再重试。"


def units(t, sb, home):
    d, u = sb.direct, sb.using
    home.run("init", check=0)
    home.quick()
    code, doc, err = home.run("unit", "list")
    t.ok(code == 0 and doc == {"total": 0, "rows": [], "next": None}, "a fresh home has no units",
         doc)
    code, doc, err = home.run("blue", "issue", home.file(invoice("A-1")))
    t.same(code, 3, "issuing without a unit")

    code, doc, _ = home.add_using(sb, u)
    t.ok(code == 3 and doc["error"]["field"] == "direct",
         "C27 I6: a using unit needs its direct unit first", doc)
    key = home.file(d["keys"]["正式"] + "\n", "key.txt")
    base = ["unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
            "--leqi-id", d["leqi_id"],
            "--env", "演练", "--connect-to", sb.address, "--ca-file", sb.info["ca_file"]]
    for what, extra in (("no URL", ["--key-file", key]), ("no key", ["--url", sb.url()]),
                        ("a URL without TLS", ["--key-file", key, "--url",
                                               "http://x/access/v2/invoke"]),
                        ("a URL with another end", ["--key-file", key, "--url",
                                                    "https://x.example/access"]),
                        ("a key that is none", ["--key-file", home.file("xyz"), "--url", sb.url()]),
                        ("a key file that is absent", ["--key-file", home.top + "/none", "--url",
                                                       sb.url()])):
        t.same(home.run(*base, *extra)[0], 3, "C6 C8: unit add: " + what)
    code, doc, _ = home.run(*base, "--key-file", key, "--url", sb.url(), "--env", "火星")
    t.ok(code == 2 and "正式|沙箱|演练" in doc["error"]["message"], "unit add: an unknown environment",
         doc)
    t.same(home.run("unit", "list")[1]["total"], 0, "nothing was stored")
    code, doc, err = home.run(*base, "--key-file", key, "--url", sb.url().rstrip("/"))
    t.ok(code == 0 and doc["url"] == sb.url() and doc["state"] == "unverified",
         "C8 C13: stored, with one slash, 未验证", doc, err)
    t.ok(doc["key"] == "****" + d["keys"]["正式"][-4:], "C6: the key is masked", doc)
    t.same(home.run(*base, "--key-file", key, "--url", sb.url())[0], 3, "C4: the same unit twice")
    raw = open(os.path.join(home.path, "kaipiao.db"), "rb").read()
    wal = os.path.join(home.path, "kaipiao.db-wal")
    raw += open(wal, "rb").read() if os.path.exists(wal) else b""
    t.ok(d["keys"]["正式"].encode() not in raw and bytes.fromhex(d["keys"]["正式"]) not in raw,
         "C6: the key does not lie open in the store")
    code, doc, err = home.add_using(sb, u)
    t.ok(code == 3 and doc["error"]["code"] == "unit.direct_first"
         and doc["error"]["field"] == "direct" and "还没有验证通过" in err
         and home.run("unit", "list", "--role", "using")[1]["total"] == 0,
         "C20: a direct unit that is not verified is not taken", doc, err)
    with home.direct_verified():
        t.same(home.add_using(sb, dict(u, leqi_id="short"))[0], 0, "B19: an odd 乐企ID warns only")
    t.ok(home.run("unit", "edit", u["tax_no"], "--leqi-id", "SHORT")[1]["warning"], "and says so")
    t.same(home.run("unit", "edit", u["tax_no"], "--leqi-id", u["leqi_id"])[0], 0,
           "C24: an unverified unit is edited")

    code, doc, _ = home.run("taxpayer", "show")
    t.ok(code == 3 and NOT_ACTIVE in doc["error"]["message"],
         "C14: unverified: the sentence of the manual", doc)
    for verb in (["quota", "show"], ["numbers", "claim", "5"],
                 ["blue", "issue", home.file(invoice("A-1"))]):
        t.ok(NOT_ACTIVE in home.run(*verb)[1]["error"]["message"], "C14: the same from " + verb[0])
    t.same(sb.requests(), 0, "C13 C14: nothing has been asked so far")

    code, doc, err = home.run("unit", "verify", d["tax_no"])
    t.ok(code == 0 and doc["rows"][0]["state"] == "verified", "C12: the direct unit is verified",
         doc, err)
    code, doc, err = home.run("unit", "verify", u["tax_no"])
    t.ok(code == 0 and doc["rows"][0]["state"] == "verified", "C23: the using unit is verified",
         doc, err)
    code, doc, _ = home.run("unit", "edit", u["tax_no"], "--name", "另一个名称")
    t.ok(code == 3 and "验证通过后不可编辑" in doc["error"]["message"],
         "C23: a verified using unit is fixed", doc)
    t.same(home.run("unit", "edit", u["tax_no"], "--phone", "0755-1")[1]["state"], "verified",
           "but for its telephone")
    code, doc, _ = home.run("unit", "remove", d["tax_no"])
    t.ok(code == 3 and HAS_USING in doc["error"]["message"],
         "C17: a direct unit with using units stays", doc)
    code, doc, _ = home.run("unit", "edit", d["tax_no"], "--role", "direct", "--connect-to",
                            "127.0.0.1:1")
    t.same(doc["state"], "unverified", "C15: a changed address resets the direct unit")
    t.ok("须重新验证" in doc["warning"] and "下面 1 个使用单位在验证通过前不能开票" in doc["warning"],
         "B13: and says who cannot issue until it is verified", doc["warning"])
    code, doc, err = home.run("unit", "verify", d["tax_no"], "--role", "direct")
    t.same(code, 6, "nobody listens there", err)
    home.run("unit", "edit", d["tax_no"], "--role", "direct", "--connect-to", sb.address, check=0)
    home.run("unit", "verify", d["tax_no"], "--role", "direct", check=0)
    # C25: each has a row, and what can be asked about is.
    seen = home.run("unit", "show", u["tax_no"])[1]["verified_at"]
    asked = sb.requests()
    code, doc, err = home.run("unit", "verify", u["tax_no"], "91440000BAD", d["tax_no"])
    t.same((code, [(r["tax_no"], r["state"]) for r in doc["rows"]], sb.requests() > asked),
           (3, [(u["tax_no"], "verified"), ("91440000BAD", "unverified"),
                (d["tax_no"], "verified")], True), "C25: the others are verified", doc, err)
    t.ok("没有税号为 91440000BAD 的单位" in doc["rows"][1]["message"] and seen, "C25: and why", doc)
    # C25: a row tells how this verification ended, not the last one.
    key = os.path.join(home.path, "secret.key")
    os.chmod(key, 0o644)
    code, out, err = home.run("unit", "verify", u["tax_no"], json_out=False)
    os.chmod(key, 0o600)
    t.ok(code != 0 and "没有通过" in out and "验证通过" not in out and "密钥文件" in out,
         "C25: a key file that all may read, in the row", code, out, err)


def stock(t, sb, home):
    code, doc, _ = home.run("taxpayer", "show")
    t.ok(code == 3 or doc["basic_at"], "taxpayer data is there or asked for", doc)
    code, doc, err = home.run("taxpayer", "sync")
    t.ok(code == 0 and doc["name"] == sb.using["name"] and doc["may_issue"] is True
         and len(doc["rates"]) > 5,
         "the taxpayer is fetched", doc, err)
    sb.post("/units", {"tax_no": sb.using["tax_no"], "nsrxydj": "B"})
    code, doc, _ = home.run("taxpayer", "sync")
    t.ok({"key": "credit_grade", "before": "A", "after": "B"} in doc["changes"],
         "a change is named", doc["changes"])
    code, doc, err = home.run("taxcodes", "sync")
    t.ok(code == 0 and doc["rows"] > 300 and doc["from_tax"] == doc["rows"],
         "the tax codes are fetched", doc, err)
    code, doc, _ = home.run("taxcodes", "sync")
    t.ok(code == 0 and doc["rows"] == 0, "nothing new is no error", doc)
    code, doc, _ = home.run("taxcodes", "search", "计算机")
    t.ok(code == 0 and doc["rows"] and all(len(r["code"]) == 19 for r in doc["rows"]),
         "codes are found", doc)
    t.same(home.run("taxcodes", "show", "1090509010000000000")[1]["summary"], False, "one code")
    table = home.file("code\tname\tshort_name\tsummary\n3999900000000000000\t练习服务\t练习\tN\n",
                      "codes.tsv")
    t.same(home.run("taxcodes", "import", table)[1]["rows"], 1, "a table is imported")
    t.same(home.run("taxcodes", "import", home.file("code\tname\n12\tx\n"))[0], 3,
           "a bad code is refused")
    t.same(home.run("taxcodes", "import", home.file("a\tb\n1\t2\n"))[0], 3,
           "a table without header is refused")

    code, doc, err = home.run("blue", "issue", home.file(invoice("A-1")))
    t.ok(code == 3 and doc["error"]["code"] == "numbers.short", "A1 no numbers: refused", doc)
    t.same(home.run("invoices", "list")[1]["total"], 0, "and not stored")
    code, doc, err = home.run("numbers", "claim", "12345")
    t.ok(code == 0 and doc["claimed"] == 12345 and [s["count"] for s in doc["segments"]] == [5000,
            5000, 2345],
         "numbers are claimed in pieces", doc, err)
    t.ok(doc["unit"] == "深圳开票练习科技有限公司 [演练]"
         and home.run("quota", "show")[1]["unit"] == doc["unit"],
         "C9: who claims or downloads reads for which unit", doc)
    text = home.run("quota", "show", json_out=False)[1]
    t.ok(doc["unit"] in text, "C9: and in words", text)
    code, doc, _ = home.run("numbers", "list", "--limit", "2")
    t.ok(len(doc["rows"]) == 2 and doc["next"] and doc["stock"] == 12345, "the segments are listed",
         doc)
    t.same(len(home.run("numbers", "list", "--cursor", doc["next"])[1]["rows"]), 1, "page by page")
    t.same(home.run("numbers", "list", "--from", "2031-01-02", "--to", "2031-01-01")[0], 3,
           "from after to")
    t.same(home.run("numbers", "list", "--from", "2001-01-01", "--to", "2001-01-02")[1]["rows"], [],
           "an empty range")
    t.same(home.run("numbers", "auto")[1], {"on": True, "below": 0, "claim": 0},
           "automatic claiming is on")
    t.same(home.run("numbers", "auto", "off")[1]["on"], False, "off")
    t.same(home.run("numbers", "auto", "on", "--below", "10", "--claim", "50")[1],
           {"on": True, "below": 10, "claim": 50}, "on, with figures")
    t.ok(home.audit_clean(), "the audit is clean")

    code, doc, _ = home.run("blue", "issue", home.file(invoice("A-1")))
    t.ok(code == 3 and doc["error"]["code"].startswith("quota."), "A1 no quota: refused", doc)
    t.same(home.run("invoices", "list")[1]["total"], 0, "and not stored")
    total = home.run("quota", "sync")[1]
    t.ok(total["total"] == "10000000.00" and total["available"] == "10000000.00",
         "the quota is fetched", total)
    code, doc, _ = home.run("quota", "download", "10000000.01")
    t.ok(code == 3 and doc["error"]["code"] == "quota.available", "a fen too much is refused", doc)
    code, doc, err = home.run("quota", "download", "150.00")
    t.ok(code == 0 and doc["unused"] == "150.00" and doc["available"] == "9999850.00"
         and doc["end"],
         "downloaded", doc, err)
    code, doc, _ = home.run("blue", "issue", home.file([invoice("A-1"), invoice("A-2")]))
    t.ok(code == 3 and doc["error"]["code"] == "quota.short", "two for the quota of one: none", doc)
    t.same(home.run("numbers", "audit")[1]["free"], 12345, "no number was taken")
    home.run("--no-wait", "blue", "issue", home.file(invoice("A-1")), check=5)
    code, doc, _ = home.run("quota", "return", "60.00")
    t.ok(code == 3 and "50.00" in doc["error"]["message"],
         "what an invoice has reserved is not returned", doc)
    code, doc, _ = home.run("quota", "return", "50.00")
    # The invoice may have been issued meanwhile.
    t.ok(doc["available"] == "9999900.00" and doc["unused"] in ("100.00", "0.00"),
         "the rest is returned", doc)
    home.run("sync", "--once", check=0)
    t.same(home.run("quota", "show")[1]["unused"], "0.00", "the invoice has used it")
    code, doc, err = home.run("quota", "adjust", doc_month(home))
    t.ok(code == 0 and doc["start"], "the interval is adjusted", doc, err)
    t.same(home.run("quota", "auto")[1],
           {"on": True, "adjust": True, "percent": 80, "cap": None}, "automatic quota is on")
    t.same(home.run("quota", "auto", "off")[1]["on"], False, "off")
    sb.faults(paused_quota=True)
    t.same(home.run("quota", "sync")[1]["paused"], True, "a paused quota is shown")
    code, doc, _ = home.run("quota", "download", "1.00")
    t.ok(code == 3 and doc["error"]["code"] == "quota.paused", "and not downloaded", doc)
    sb.faults()


def doc_month(home):
    return home.run("quota", "show")[1]["month"]


def records(t, sb, home):
    code, doc, _ = home.run("log", "list", "--limit", "5")
    t.ok(len(doc["rows"]) == 5 and doc["next"] and doc["rows"][0]["service"], "the request log",
         doc)
    rows = home.run("log", "list", "--limit", "1000")[1]["rows"]
    t.same(len([r for r in rows if r["result"] != "later"]), sb.requests(),
           "has every call of the platform")
    upload = home.run("log", "list", "--service", "QDFPSC")[1]["rows"][0]
    code, doc, _ = home.run("log", "show", str(upload["id"]))
    t.ok(isinstance(doc["request"], list) and doc["answer"]["returncode"] == "00",
         "plain request and answer", doc)
    text = str(home.run("log", "show", str(upload["id"]), json_out=False))
    t.ok(sb.direct["keys"]["正式"] not in text, "without the key")
    path = os.path.join(home.top, "export.json")
    t.same(home.run("log", "export", str(upload["id"]), "-o", path)[0], 0, "a record is exported")
    t.ok(b"QDFPSC" in open(path, "rb").read(), "into the file")
    code, doc, _ = home.run("log", "list", "--failed")
    t.ok(code == 0 and all(r["result"] != "ok" for r in doc["rows"]), "only the failed ones")

    code, doc, _ = home.run("jobs", "list", "--state", "done", "--limit", "2")
    t.ok(len(doc["rows"]) == 2 and doc["next"] and doc["rows"][0]["state"] == "done", "jobs", doc)
    code, doc, _ = home.run("jobs", "show", str(doc["rows"][0]["id"]))
    t.ok(doc["state"] == "done" and doc["error_class"] == "ok", "one job", doc)
    code, doc, _ = home.run("--no-wait", "numbers", "claim", "10")
    t.same(code, 5, "a claim that is only recorded")
    job = home.run("jobs", "list", "--state", "ready", "--kind", "numbers.claim")[1]["rows"][0]
    t.same(home.run("jobs", "cancel", str(job["id"]))[1]["state"], "cancelled", "is cancelled")
    t.same(home.run("jobs", "cancel", str(job["id"]))[0], 3, "once")
    t.same(home.run("jobs", "list", "--state", "胡说")[0], 2, "an unknown state")

    t.same(home.run("param", "set", "rim_leqi_collect", sb.using["tax_no"], "1")[1]["value"], "1",
           "a parameter")
    t.same(home.run("param", "get", "rim_leqi_collect", sb.using["tax_no"])[1]["value"], "1",
           "is kept")
    t.ok(home.run("param", "get", "rim_leqi_collect")[1]["total"] >= 1, "and listed")
    t.same(home.run("param", "get", "nothing", "there")[1]["value"], "", "an absent one is empty")
    t.same(home.run("param", "set", "engine", "batch_size", "many")[0], 3,
           "the engine takes numbers")
    code, doc, _ = home.run("explain", "当前登录纳税人不在乐企白名单中")
    t.ok(code == 0 and doc["rows"][0]["advice"], "a known error is explained", doc)


def other_units(t, sb, home):
    """Numbers and quota of two units never mix."""
    own = next(u for u in sb.usings if u["tax_no"] == sb.direct["tax_no"])
    t.same(home.add_using(sb, own)[0], 0, "A4: the direct unit's own using unit (本单位)")
    code, doc, err = home.run("unit", "verify", own["tax_no"])
    t.ok(code == 0 and len(doc["rows"]) == 2, "one tax number, two units verified", doc, err)
    t.same(home.run("--unit", own["tax_no"], "numbers", "list")[1]["stock"], 0,
           "A4: its stock is its own")
    t.same(home.run("numbers", "list")[1]["stock"], 0, "the last unit stays chosen")
    t.ok(home.run("--unit", sb.using["tax_no"], "numbers", "list")[1]["stock"] > 12000,
         "until another one is")
    t.same(home.run("--unit", "nobody", "numbers", "list")[0], 3, "an unknown unit")
    code, doc, err = home.run("unit", "remove", own["tax_no"], "--role", "using")
    t.same(code, 0, "an unused using unit is removed", err)
    code, doc, err = home.run("unit", "remove", sb.using["tax_no"])
    t.ok(code == 3 and doc["error"]["message"], "one with invoices is not", doc)
    code, doc, _ = home.run("unit", "edit", sb.direct["tax_no"], "--env", "演练", "--region",
                            "nowhere")
    t.same(code, 3, "an unknown region")


def many_codes(t):
    table = shared("data", "taxcode.tsv")
    if not table:
        t.skip("the full table of tax codes", "no reference data here")
        return
    with Sandbox("--taxcodes", table) as sb, Home() as home:
        home.setup(sb, numbers=0, quota=None)
        code, doc, err = home.run("taxcodes", "search", "1", "--limit", "1000")
        seen = [r["code"] for r in doc["rows"]]
        while doc["next"]:
            doc = home.run("taxcodes", "search", "1", "--limit", "1000", "--cursor", doc["next"])[1]
            seen += [r["code"] for r in doc["rows"]]
        rows = sum(1 for line in open(table, encoding="utf-8") if line.startswith("1"))
        t.same(len(seen), len(set(seen)), "paging shows no code twice")
        t.ok(len(seen) >= rows > 1000, "and every code of the first digit", len(seen), rows)


with Tap() as tap, Sandbox() as platform, Home() as place:
    units(tap, platform, place)
    stock(tap, platform, place)
    records(tap, platform, place)
    other_units(tap, platform, place)
    many_codes(tap)
