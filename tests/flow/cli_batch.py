#!/usr/bin/env python3
"""批量开票: workbooks of both editions, CSV and JSON become batches; start, pause, resume, result."""
import csv
import json
import os
import struct
import time
import zipfile

import books
import orders
from kp import Home, Sandbox, Tap, invoice, sql, wait_for
from orders import book, head, line


def path_of(home, name):
    return os.path.join(home.top, name)


def states(home, batch, *more):
    rows = home.run("batch", "show", batch, "--limit", 1000, *more, check=0)[1]["rows"]
    return {r["order_no"]: r for r in rows}


def add(home, path, *more, check=0):
    return home.run("batch", "add", path, *more, check=check)[1]


def whole(t, sb, home):
    """A workbook of the newest edition, good and bad orders, to the end."""
    path = book(path_of(home, "月末.xlsx"), [
        head("A1", 备注="合同 1", 收款人="李四", 购买方邮箱="a@example.com"),
        head("A2", 发票类型="增值税专用发票", 是否含税="否"),
        head("A3", 特定业务类型="货物运输"),
        head("A4"),
        head("A5"), head("A6"), head("A7", 报废产品销售类型="废钢"), head("A6"),
        head("A8", 购买方证件类型="居民身份证", 购买方证件号码="440524188001010014",
             购买方名称="张三丰",
             购买方纳税人识别号="", 受票方自然人标识="是")],
        [line("A1", 数量="2", 单价="56.5", 折扣金额="13"), line("A1", 金额="226"), line("A2",
                金额="100"),
         line("A3"), line("A5", 税率="abc"), line("A6"), line("A7"), line("A8"), line("ZZ")],
        extras=[["A1", "合同号", "X-1"]], special=[["A4"]])
    before = sb.requests()
    code, doc, err = home.run("batch", "add", path, "--dry-run")
    t.ok(code == 0 and doc["dry_run"] and doc["batch"] == 0 and doc["ready"] == 3, "a trial", doc,
         err)
    t.same(home.run("batch", "list")[1]["total"], 0, "a trial stores nothing")
    doc = add(home, path)
    t.same((doc["orders"], doc["ready"], doc["bad"], doc["lines"]), (9, 3, 6, 9), "counts", doc)
    t.same(doc["stray"], 1, "lines without an invoice are none")
    t.same((doc["unknown"], doc["repeated"]), (None, None), "no column of the bureau is unknown")
    t.same(sb.requests(), before, "nobody was asked anything")
    faults = {(f["order_no"], f["row"]): f for f in doc["faults"]}
    for key, sheet, column, value, word in (
            (("A3", 6), "1-发票基本信息", "特定业务类型", "货物运输", "还不支持"),
            (("A4", 7), "1-发票基本信息", None, None, "没有它的明细"),
            (("A5", 8), "2-发票明细信息", "税率", "abc", "0.13"),
            (("A6", 9), "1-发票基本信息", None, None, "同一流水号只开一张"),
            (("A6", 11), "1-发票基本信息", None, None, "同一流水号只开一张"),
            (("A7", 10), "1-发票基本信息", "报废产品销售类型", "废钢", "还不支持"),
            (("ZZ", 12), "2-发票明细信息", None, None, "没有流水号 ZZ")):
        f = faults.get(key, {})
        t.ok(f.get("sheet") == sheet and f.get("column") == column and f.get("value") == value
             and word in f.get("text", ""), "%s: place, column, value and mend" % key[0], f)
    t.same(doc["failures"], path + ".失败.xlsx", "a workbook of the bad ones")
    heads, lines = (books.cells(doc["failures"], i)[2:] for i in (1, 2))
    t.ok(heads[0][-1] == lines[0][-1] == "导入失败原因" and heads[0][0] == "发票流水号",
         "its headings",
         heads[0])
    t.same([r[0] for r in heads[1:]], ["A3", "A4", "A5", "A6", "A7", "A6"], "its orders")
    t.ok([r[0] for r in lines[1:]] == ["A3", "A5", "A6", "A7", "ZZ"] and lines[2][8] == "abc",
         "its lines, as they were", lines)

    shown = home.run("batch", "show", doc["batch"])[1]
    plan = shown["plan"]
    t.same((plan["orders"], plan["lines"], plan["gross"], plan["numbers_needed"], plan["blocked"]),
           (3, 4, "552.00", 3, None), "what issuing takes", plan)
    t.ok(plan["quota_needed"] == "488.50" and plan["numbers_there"] == 100, "and what there is",
         plan)
    t.same(list(states(home, doc["batch"], "--bad")), ["A3", "A4", "A5", "A6", "A7", "ZZ"],
           "the bad ones are listed")
    code, got, err = home.run("batch", "start", doc["batch"])
    t.ok(code == 0 and got["state"] == "done" and got["issued"] == 3, "issued", got, err)
    rows = states(home, doc["batch"])
    t.ok(all(rows[k]["state"] == "issued" and len(rows[k]["number"]) == 20 and rows[k]["issued_at"]
             for k in ("A1", "A2", "A8")), "with numbers and dates", rows)
    one = home.run("invoices", "show", "A1")[1]
    t.ok(one["gross_amount"] == "326.00" and one["payee"] == "李四" and one["remark"] == "合同 1"
         and one["buyer"]["email"] == "a@example.com"
         and one["extras"] == [{"name": "合同号", "type": "", "value": "X-1"}]
         and one["lines"][0]["discount"] == {"amount": "13.00"}, "as the workbook says", one)
    two = home.run("invoices", "show", "A2")[1]
    t.ok(two["kind"] == "special" and two["gross_amount"] == "113.00", "a 专票 without tax", two)
    eight = home.run("invoices", "show", "A8")[1]["buyer"]
    t.ok(eight["is_person"] and eight["id_type"] == "201", "a person with a document", eight)
    out = path_of(home, "结果.xlsx")
    home.run("batch", "result", doc["batch"], "-o", out, check=0)
    table = books.cells(out)
    t.ok(table[0][:1] + table[0][3:6] == ["发票流水号", "数电发票号码", "状态", "原因"]
         and table[1][3] == rows["A1"]["number"] and table[1][4] == "成功"
         and table[3][4] == "有问题" and "货物运输" in table[3][5], "the workbook of results",
             table[:4])
    again = add(home, path)
    t.same((again["ready"], again["repeats"], again["same_as"]), (0, 3, doc["batch"]),
           "the same file again issues nothing", again)
    rows = states(home, again["batch"])
    t.ok(rows["A1"]["state"] == "repeat" and rows["A1"]["number"] == one["number"],
         "and shows the first number", rows["A1"])
    code, got, _ = home.run("batch", "start", again["batch"])
    t.ok(code == 3 and got["error"]["code"] == "batch.empty", "there is nothing to start", got)
    other = add(home, book(path_of(home, "b2.xlsx"), [head("A1")], [line("A1", 金额="99")]))
    t.ok("内容与这次的不同" in states(home, other["batch"])["A1"]["reason"],
         "other content under the same number is said")


def editions(t, home):
    path = book(path_of(home, "2023.xlsx"),
                [head("E1", orders.HEADS_2023, 是否展示购买方银行账号="是",
                      购买方开户银行="中国银行",
                      购买方银行账号="6222000000000000001")], [line("E1")], names=orders.HEADS_2023)
    doc = add(home, path)
    t.ok(doc["ready"] == 1 and not doc["unknown"], "the edition of 26 columns", doc)
    empty = path_of(home, "模板.xlsx")
    home.run("batch", "template", "-o", empty, check=0)
    t.ok(books.cells(empty)[0][0] == "发票流水号*", "our template")
    code, got, _ = home.run("batch", "add", empty)
    t.ok(code == 3 and got["error"]["code"] == "batch.empty", "which is empty", got)
    flat = path_of(home, "模板.csv")
    home.run("batch", "template", "-o", flat, check=0)
    with open(flat, encoding="utf-8-sig", newline="") as f:
        names = next(csv.reader(f))
    rows = [dict(zip(orders.HEADS, head("F1"))), dict(zip(orders.HEADS, head("F1"))),
            dict(zip(orders.HEADS, head("F2"))), dict(zip(orders.HEADS, head("F2", 备注="别的")))]
    for row in rows:
        row.update(zip(orders.DETAILS, line(row["发票流水号"])))
    for code_page in ("utf-8", "gb18030"):
        with open(path_of(home, "flat.csv"), "w", encoding=code_page, newline="") as f:
            out = csv.writer(f)
            out.writerow(names)
            out.writerows([row.get(n, "") for n in names] for row in rows)
        doc = add(home, path_of(home, "flat.csv"))
        t.ok((doc["ready"], doc["bad"], doc["lines"]) == (1, 1, 4)
             and "备注：第 5 行" in doc["faults"][0]["text"], "one table as CSV in " + code_page,
                 doc)
    doc = add(home, home.file([invoice("J1"), invoice("J2"), invoice("J1"),
                               dict(invoice("J3"), nonsense=1)]))
    t.ok((doc["ready"], doc["bad"]) == (1, 3), "an array of JSON", doc)
    t.ok(sorted(f["order_no"] for f in doc["faults"]) == ["J1", "J1", "J3"], "with its bad ones",
         doc["faults"])
    code, got, _ = home.run("batch", "add", "-", input=json.dumps([invoice("J4")])[:-1])
    t.ok(code == 3 and got["error"]["code"] == "json.syntax", "a cut array is refused", got)
    scattered = book(path_of(home, "s.xlsx"), [head("S1"), head("S2")],
                     [line("S1"), line("S2"), line("S1", 金额="10"), line("S2", 金额="20")])
    rows = states(home, add(home, scattered)["batch"])
    t.same([(r["lines"], r["gross"]) for r in rows.values()], [(2, "123.00"), (2, "133.00")],
           "lines in any order")


def catalogue(t, home):
    for name, tax_no in (("同名贸易有限公司", books.tax_no(1)), ("同名贸易有限公司",
            books.tax_no(2)),
                         ("只此一家有限公司", books.tax_no(3))):
        home.run("buyers", "add", "--name", name, "--tax-no", tax_no, "--address", "路 1 号",
                 "--keep-twin", check=0)
    for spec in ("大", "小"):
        home.run("goods", "add", "--name", "鼠标", "--tax-code", orders.CODE, "--spec", spec,
                 "--price",
                 "20", "--inclusive", "yes", "--rate", "0.13", "--unit", spec, check=0)
    bare = {"商品和服务税收编码": "", "税率": "", "金额": ""}
    path = book(path_of(home, "c.xlsx"),
                [head("C1", 购买方名称="只此一家有限公司", 购买方纳税人识别号=""),
                 head("C2", 购买方名称="", 购买方纳税人识别号=books.tax_no(3)),
                 head("C3", 购买方名称="同名贸易有限公司", 购买方纳税人识别号=""), head("C4"),
                     head("C5")],
                [line("C1"), line("C2"), line("C3"), line("C4", 项目名称="鼠标", 数量="3", **bare),
                 line("C5", 项目名称="鼠标", 规格型号="小", 数量="3", **bare)])
    doc = add(home, path)
    rows = states(home, doc["batch"])
    t.ok(rows["C1"]["buyer_tax_no"] == books.tax_no(3) and rows["C2"]["buyer"] == "只此一家有限公司",
         "one buyer of that name or number completes it", rows["C1"], rows["C2"])
    t.ok(rows["C3"]["state"] == "bad" and books.tax_no(1) in rows["C3"]["reason"]
         and books.tax_no(2) in rows["C3"]["reason"], "two are listed", rows["C3"])
    t.ok(rows["C4"]["state"] == "bad" and "大" in rows["C4"]["reason"], "two goods are listed, too",
         rows["C4"])
    t.ok(rows["C5"]["state"] == "ready" and rows["C5"]["gross"] == "60.00", "one is taken",
         rows["C5"])


def holding(t, sb, home):
    """strict, pause, resume, cancel."""
    path = book(path_of(home, "h.xlsx"), [head("H1"), head("H2", 特定业务类型="建筑服务")],
                [line("H1"), line("H2")])
    total = home.run("batch", "list")[1]["total"]
    code, doc, _ = home.run("batch", "add", path, "--strict")
    t.ok(code == 3 and doc["error"]["code"] == "batch.failed" and not doc["batch"]
         and doc["failures"], "strict is told", doc)
    t.same(home.run("batch", "list")[1]["total"], total, "and nothing is stored")
    doc = add(home, orders.many(path_of(home, "m.xlsx"), 0, 250))
    code, got, _ = home.run("--no-wait", "batch", "start", doc["batch"])
    t.ok(code == 0 and got["state"] == "running" and got["ready"] == 250,
         "started, not waited for", got)
    code, got, _ = home.run("batch", "pause", doc["batch"])
    t.ok(code == 0 and got["state"] == "paused", "paused", got)
    home.run("sync", "--once")
    got = home.run("batch", "show", doc["batch"])[1]
    t.ok(got["state"] == "paused" and got["ready"] == 250, "it waits for a person", got)
    code, got, err = home.run("--timeout", "100", "batch", "resume", doc["batch"])
    t.ok(code == 0 and got["state"] == "done" and got["issued"] == 250, "and goes on", got, err)
    t.same(len(sb.invoices()), home.run("invoices", "list")[1]["total"], "both sides have as many")
    doc = add(home, orders.many(path_of(home, "n.xlsx"), 1000, 150))
    home.run("--no-wait", "batch", "start", doc["batch"], check=0)
    code, got, err = home.run("--timeout", "100", "sync", "--once")
    got = home.run("batch", "show", doc["batch"])[1]
    t.ok(code == 0 and got["issued"] == 150 and got["state"] == "done", "sync goes on with it",
         got, err)
    doc = add(home, orders.many(path_of(home, "k.xlsx"), 2000, 5))
    got = home.run("batch", "cancel", doc["batch"], check=0)[1]
    t.ok(got["state"] == "cancelled" and got["skipped"] == 5, "cancelled", got)
    code, got, _ = home.run("batch", "start", doc["batch"])
    t.ok(code == 3 and got["error"]["code"] == "batch.state", "for good", got)


def daemon(t, home):
    """The service goes on with what is started, as the person who has started it."""
    service = home.start("sync", "--daemon")
    try:
        doc = add(home, orders.many(path_of(home, "d.xlsx"), 5000, 120))
        home.run("--no-wait", "batch", "start", doc["batch"], check=0)
        done = wait_for(lambda: home.run("batch", "show", doc["batch"])[1]["state"] == "done")
        t.ok(done, "a daemon issues a batch", home.run("batch", "show", doc["batch"])[1])
    finally:
        service.terminate()
        service.communicate()
    doc = add(home, orders.many(path_of(home, "o.xlsx"), 6000, 3))
    home.run("--no-wait", "batch", "start", doc["batch"], check=0)
    base = os.path.join(home.path, "kaipiao.db")
    sql(base, "UPDATE app_user SET role = 'viewer'")
    home.run("sync", "--once")
    got = home.run("batch", "show", doc["batch"])[1]
    t.ok(got["state"] == "paused" and "无权限" in got["reason"] and got["ready"] == 3,
         "whoever may issue no more issues none of it", got)
    code, got, _ = home.run("batch", "start", doc["batch"])
    t.same(code, 7, "nor starts it", got)
    sql(base, "UPDATE app_user SET role = 'admin'")
    t.same(home.run("batch", "resume", doc["batch"])[1]["issued"], 3, "until he may again")


def shortage(t, home):
    doc = add(home, orders.many(path_of(home, "q.xlsx"), 3000, 10))
    plan = home.run("batch", "show", doc["batch"])[1]["plan"]
    home.run("quota", "return", plan["quota_there"], check=0)
    plan = home.run("batch", "show", doc["batch"])[1]["plan"]
    t.same((plan["quota_needed"], plan["quota_there"]), ("1000.00", "0.00"), "the plan shows it",
           plan)
    code, got, _ = home.run("batch", "start", doc["batch"])
    t.ok(code == 3 and got["state"] == "paused" and "额度" in got["reason"] and got["hint"],
         "short of quota: paused with reason and mend", got, plan)
    t.ok("这一批还缺额度 1,000.00 元" in got["hint"] and "税局本月还能下载" in got["hint"]
         and "kaipiao quota download 1000.00" in got["hint"], "with what the tax side still gives",
         got["hint"])
    home.run("quota", "download", "500.00", check=0)
    code, got, _ = home.run("batch", "resume", doc["batch"])
    t.ok(code == 3 and got["issued"] == 5 and got["state"] == "paused" and got["ready"] == 5,
         "as many as there is quota for", got)
    home.run("quota", "download", "100000.00", check=0)
    code, got, _ = home.run("batch", "resume", doc["batch"])
    t.ok(code == 0 and got["issued"] == 10, "then the rest", got)
    home.run("numbers", "auto", "off", check=0)
    doc = add(home, orders.many(path_of(home, "no.xlsx"), 4000, 300))
    stock = home.run("batch", "show", doc["batch"])[1]["plan"]["numbers_there"]
    code, got, _ = home.run("--timeout", "110", "batch", "start", doc["batch"])
    t.ok(code == 3 and got["state"] == "paused" and "号码" in got["reason"]
         and got["issued"] == stock < 300, "short of numbers: as many as there are", got, stock)
    home.run("batch", "cancel", doc["batch"], check=0)
    home.run("numbers", "auto", "on", check=0)


def by_hand(t, home):
    """A bad order is mended and issued by itself: the batch knows."""
    path = book(path_of(home, "y.xlsx"), [head("Y1"), head("Y2", 特定业务类型="x")], [line("Y1"),
            line("Y2")])
    doc = add(home, path)
    home.run("batch", "start", doc["batch"], check=0)
    home.run("blue", "issue", home.file(invoice("Y2")), check=0)
    row = states(home, doc["batch"])["Y2"]
    number = home.run("invoices", "show", "Y2")[1]["number"]
    t.ok(row["state"] == "issued" and row["number"] == number, "an order issued by itself counts",
         row)


def as_blue(t, sb, home):
    path = book(path_of(home, "v.xlsx"), [head("V1"), head("V2")], [line("V1"), line("V2")])
    code, got, err = home.run("blue", "check", path)
    t.ok(code == 0 and got["invoices"] == 2 and got["rows"] == [], "blue check takes a workbook",
         got, err)
    code, got, err = home.run("blue", "issue", path)
    t.ok(code == 0 and [r["state"] for r in got["results"]] == ["issued"] * 2
         and [r["order_no"] for r in got["results"]] == ["V1", "V2"], "blue issue, too", got, err)
    first = [r["number"] for r in got["results"]]
    code, got, err = home.run("blue", "issue", path)
    t.ok(code == 0 and [r["number"] for r in got["results"]] == first
         and got["results"][0]["repeat"],
         "a repeat answers with the first result", got, err)
    bad = book(path_of(home, "w.xlsx"), [head("W1"), head("W2")], [line("W1"), line("W2",
            税率="x")])
    before = home.run("invoices", "list")[1]["total"]
    code, got, err = home.run("blue", "issue", bad)
    t.ok(code == 3 and got["error"]["code"] == "batch.failed"
         and "第 5 行" in got["error"]["message"],
         "one bad order keeps all from being issued", got, err)
    t.same(home.run("invoices", "list")[1]["total"], before, "nothing was issued")
    code, got, err = home.run("blue", "check", bad)
    t.ok(code == 3 and got["rows"][0]["order_no"] == "W2" and got["rows"][0]["field"] == "税率",
         "check says where", got)
    sb.faults(fail_result={"text": "购买方信息有误", "times": 1})
    path = book(path_of(home, "x.xlsx"), [head("X1"), head("X2")], [line("X1"), line("X2")])
    code, got, err = home.run("blue", "issue", path)
    sb.faults()
    t.ok(code == 4 and sorted(r["state"] for r in got["results"]) == ["failed", "issued"]
         and all(r["number"] for r in got["results"]), "a refusal is told as one", code, got, err)
    batch = home.run("batch", "list")[1]["rows"][0]
    t.ok(batch["state"] == "done" and (batch["issued"], batch["failed"]) == (1, 1),
         "the batch is done, with one that failed", batch)
    bad = next(r for r in got["results"] if r["state"] == "failed")
    row = states(home, batch["id"])[bad["order_no"]]
    t.ok(row["state"] == "failed" and "购买方信息有误" in row["reason"],
         "with the tax side's words", row)
    doc = add(home, book(path_of(home, "x2.xlsx"), [head(bad["order_no"], 备注="改正")],
                         [line(bad["order_no"])]))
    code, got, err = home.run("batch", "start", doc["batch"])
    one = home.run("invoices", "show", bad["order_no"])[1]
    t.ok(code == 0 and got["issued"] == 1 and one["number"] == bad["number"]
         and one["remark"] == "改正", "mended, it goes out under its number", got, one, err)
    t.same(home.run("batch", "show", batch["id"])[1]["issued"], 2, "and its first batch knows")


def refused(t, home):
    """What cannot be read is refused at once and nothing is stored."""
    good = orders.many(path_of(home, "good.xlsx"), 9000, 50)
    with open(good, "rb") as f:
        data = f.read()
    encrypted = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(4096)
    cases = [("截断.xlsx", data[:len(data) // 2]), ("加密.xlsx", encrypted),
             ("改名.xlsx", encrypted), ("文本.xlsx", "不是工作簿".encode() * 10), ("空.xlsx", b"")]
    bomb = path_of(home, "bomb.xlsx")
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if "sheet2" not in name else bytes(300 << 20))
    with open(bomb, "rb") as f:
        cases.append(("炸弹.xlsx", f.read()))
    total = home.run("batch", "list")[1]["total"]
    for name, content in cases:
        path = path_of(home, name)
        with open(path, "wb") as f:
            f.write(content)
        start = time.monotonic()
        code, got, err = home.run("batch", "add", path)
        took = time.monotonic() - start
        t.ok(code == 3 and got["error"]["message"] and took < 2, "%s is refused in time" % name,
             code,
             got, err, took)
    rounded = book(path_of(home, "r.xlsx"), [
        head("D1", 购买方银行账号=("t", "><v>6222021234567890123</v></c>")),
        head("D2", 购买方纳税人识别号=("t", "><v>6.22202123456789E+17</v></c>"))],
        [line("D1"), line("D2")])
    doc = add(home, rounded, check=None)
    words = {f["order_no"]: f for f in doc["faults"]}
    t.ok(doc["bad"] == 2 and words["D1"]["column"] == "购买方银行账号" and "丢失" in words["D1"]["text"]
         and words["D2"]["column"] == "购买方纳税人识别号",
             "numbers that lost digits are refused by name",
         doc["faults"])
    t.same(home.run("batch", "list")[1]["total"], total + 1, "nothing else was stored")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    whole(tap, platform, place)
    editions(tap, place)
    catalogue(tap, place)
    holding(tap, platform, place)
    by_hand(tap, place)
    as_blue(tap, platform, place)
    refused(tap, place)
    daemon(tap, place)
    shortage(tap, place)
