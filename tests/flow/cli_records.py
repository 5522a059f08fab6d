#!/usr/bin/env python3
"""开票记录 on the command line: searches, history, workbooks, archives, several at once, health."""
import io
import os
import re
import subprocess
import zipfile

from books import cells
from kp import Home, Sandbox, Tap, invoice, later

GOODS = {"name": "技术服务费", "tax_code": "3040201010000000000", "unit": "次", "amount": "5000.00",
         "tax_rate": "0.06"}


def numbers(doc):
    return [r["order_no"] for r in doc["rows"]]


def one(doc):
    return doc["results"][0]


def fill(t, home):
    orders = [
        invoice("A-1", remark="合同 HT-2026-001"),
        invoice("A-2", buyer={"name": "上海ＡＢＣ咨询（集团）有限公司", "tax_no": "91440300MAKP0A011Y"}),
        invoice("A-3", lines=[GOODS], remark="项目：一期"),
        invoice("A-4", lines=[dict(GOODS, amount="123456.78", spec="年度")], drawer="王小明"),
        invoice("A-5", kind="special"),
        invoice("A-6", buyer={"name": "=cmd|'/c calc'!A1", "tax_no": "91440300MAKP0A011Y"},
                lines=[dict(GOODS, amount="100.00", discount={"amount": "10.00"})]),
    ]
    code, doc, err = home.run("blue", "issue", home.file(orders))
    t.ok(code == 0 and len(doc["results"]) == 6, "six invoices are issued", doc, err)


def searches(t, home):
    for options, want in (
            (("--find", "ht-2026"), ["A-1"]), (("--find", "ａｂｃ"), ["A-2"]),
            (("--find", "技术服务"), ["A-6", "A-4", "A-3"]), (("--find", "技术 一期"), ["A-3"]),
            (("--find", "年度"), ["A-4"]), (("--find", "91440300MAKP0A011Y a-5"), ["A-5"]),
            (("--find", "王小明"), []), (("--drawer", "王"), ["A-4"]),
            (("--remark", "合同"), ["A-1"]), (("--amount-from", "5000"), ["A-4", "A-3"]),
            (("--amount-from", "5000", "--amount-to", "6000.00"), ["A-3"]),
            (("--amount-from", "113.00", "--amount-to", "113"), ["A-5", "A-2", "A-1"]),
            (("--find", "技术", "--state", "failed"), []),
            (("--find", "电脑", "--kind", "special"), ["A-5"]), (("--kind", "red"), []),
            (("--kind", "special,blue"), ["A-5"]), (("--kind", "special,red"), []),
            (("--kind", "blue", "--find", "技术"), ["A-6", "A-4", "A-3"])):
        code, doc, err = home.run("invoices", "list", *options)
        t.ok(code == 0 and numbers(doc) == want and doc["total"] == len(want),
             "found by %s" % " ".join(options), doc, err)
    row = home.run("invoices", "list", "--find", "A-3")[1]["rows"][0]
    t.same(numbers(home.run("invoices", "list", "--number-part", row["number"][-6:])[1]), ["A-3"],
           "found by the end of its number")
    code, doc, err = home.run("invoices", "list", "--find", "公司", "--limit", "2")
    again = home.run("invoices", "list", "--find", "公司", "--limit", "2", "--cursor", doc["next"])[1]
    t.same(numbers(doc) + numbers(again), ["A-5", "A-4", "A-3", "A-2"], "page after page")
    code, doc, err = home.run("invoices", "list", "--find", "公司", "--last")
    t.ok(code == 3 and "末页" in err, "no last page of a search", err)
    doc = home.run("invoices", "list", "--kind", "blue")[1]
    t.ok(doc["total"] == 6 and all(r["type"] == "blue" for r in doc["rows"]), "all are blue", doc)
    for kind in ("green", "special,special", "red,blue"):
        t.same(home.run("invoices", "list", "--kind", kind)[0], 2, "no kinds: %s" % kind)
    t.same(home.run("invoices", "list", "--amount-from", "abc")[0], 3, "no amount")
    t.same(home.run("invoices", "list", "--amount-from", "2", "--amount-to", "1")[0], 3, "no range")


def history(t, sb, home):
    sb.faults(fail_result={"text": "购买方信息有误", "times": 1})
    home.run("blue", "issue", home.file(invoice("H-1")), check=4)
    home.run("invoices", "retry", "H-1", check=0)
    code, doc, err = home.run("invoices", "history", "H-1")
    events = [r["event"] for r in doc["rows"]]
    t.same(events, ["取号", "上传", "税局受理", "税局拒绝", "重试", "上传", "税局受理", "查得结果",
                    "开票成功"], "what happened, in order", doc)
    t.ok(any("购买方信息有误" in (r["detail"] or "") and r["failed"] and r["log"] for r in doc["rows"]),
         "with the tax side's words and the row of the log", doc)
    t.same(home.run("invoices", "show", "H-1")[1]["message"], "", "the invoice has no old error")
    sent = next(r for r in doc["rows"] if r["event"] == "上传")
    t.same(home.run("log", "show", sent["log"])[1]["service"], "QDFPSC", "the row is the upload's")


def several(t, sb, home):
    sb.faults(fail_result={"text": "内容不符", "times": 4})
    home.run("blue", "issue", home.file([invoice("S-1"), invoice("S-2")]))
    home.run("invoices", "retry", "S-2")
    sb.faults()
    code, doc, err = home.run("invoices", "retry", "S-1", "A-1", "S-9")
    rows = {r["asked"]: r for r in doc["results"]}
    t.ok(code == 3 and rows["S-1"]["done"] and rows["S-1"]["state"] == "issued"
         and not rows["A-1"]["done"] and "开票失败" in rows["A-1"]["message"]
         and not rows["S-9"]["done"], "retried, each with its result", doc, err)
    code, doc, err = home.run("invoices", "void", "S-2", "A-2")
    rows = {r["asked"]: r for r in doc["results"]}
    t.ok(code == 3 and rows["S-2"]["state"] == "void" and rows["A-2"]["state"] == "issued",
         "given up, each with its result", doc, err)


def extras(t, home):
    """What the face shows in the remark is found and exported as one."""
    home.run("blue", "issue", home.file(invoice("X-1", remark="尽快", extras=[
        {"name": "合同号", "value": "HX-77"}])), check=0)
    for option in ("--find", "--remark"):
        doc = home.run("invoices", "list", option, "HX-77")[1]
        t.same(numbers(doc), ["X-1"], "%s finds an extra element" % option, doc)
    t.same(numbers(home.run("invoices", "list", "--remark", "合同号:HX")[1]), ["X-1"], "as printed")
    path = os.path.join(home.top, "extras.xlsx")
    home.run("invoices", "export", "--find", "HX-77", "-o", path, check=0)
    heads, *rows = cells(path, 1)
    t.same(rows[0][heads.index("备注")], "合同号:HX-77;    尽快", "and the workbook has it")


def books(t, home):
    path = os.path.join(home.top, "out.xlsx")
    code, doc, err = home.run("invoices", "export", "--find", "技术", "-o", path)
    t.ok(code == 0 and doc["rows"] == 3, "exported what is found", doc, err)
    t.same(home.run("invoices", "export", "-o", path)[0], 3, "a file that is there stays")
    with zipfile.ZipFile(path) as z:
        names = z.read("xl/workbook.xml").decode()
        t.ok(names.index("发票基础信息") < names.index("信息汇总表"), "two sheets")
        t.ok(b"<f>" not in z.read("xl/worksheets/sheet1.xml"), "no formula")
    heads, *rows = cells(path, 1)
    t.same(heads[:12], ["序号", "发票代码", "发票号码", "数电发票号码", "销方识别号", "销方名称",
                        "购方识别号", "购买方名称", "开票日期", "金额", "税额", "价税合计"],
           "the bureau's headings")
    t.ok(len(rows[0][heads.index("数电发票号码")]) == 20, "numbers are whole", rows[0])
    t.same(rows[0][heads.index("购买方名称")], "=cmd|'/c calc'!A1", "a formula is a text")
    t.same(rows[-1][0], "合计行", "the sum at the end")
    t.same(rows[-1][heads.index("价税合计")], "%.2f" % (90 + 123456.78 + 5000), "and its amount")
    with zipfile.ZipFile(path) as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
        row = re.findall(r'<c ([^>]*)><v>128546.78</v>', sheet)
        t.ok(row and 't="s"' not in row[0], "which is a number", row)
        row = re.findall(r'<c ([^>]*)><v>-9.43</v>', z.read("xl/worksheets/sheet2.xml").decode())
        t.ok(row and 't="s"' not in row[0], "as those of the lines", row)
    heads, *rows = cells(path, 2)
    t.same([r[heads.index("金额")] for r in rows][:2], ["94.34", "-9.43"],
           "a discount is a row of its own")
    t.same(rows[0][heads.index("货物或应税劳务名称")], "*信息技术服务*技术服务费", "goods as printed")
    t.same(rows[0][heads.index("税率")], "6%", "the rate")
    code, text, err = home.run("invoices", "export", "--csv", "utf8", "-o", "-", json_out=False)
    lines = text.splitlines()
    t.ok(code == 0 and lines[0].startswith("序号,发票代码") and "'=cmd" in text
         and len(lines) == 1 + home.run("invoices", "list")[1]["total"], "as CSV", text)
    code, text, err = home.run("invoices", "export", "--csv", "utf8", "--lines", "--find", "技术",
                               "-o", "-", json_out=False)
    t.same(len(text.splitlines()), 5, "the lines as CSV", text)
    t.same(home.run("invoices", "export", "--lines")[0], 2, "xlsx has both")
    month = home.run("invoices", "show", "A-1")[1]["issued_at"][:7]
    code, doc, err = home.run("invoices", "export", "--month", month, "--kind", "special", "-o",
                              os.path.join(home.top, "m.xlsx"))
    t.ok(code == 0 and doc["rows"] == 1, "those of a month and kind", doc, err)
    for kind, rows in (("red", 0), ("special,blue", 1)):
        doc = home.run("invoices", "export", "--month", month, "--kind", kind, "-o",
                       os.path.join(home.top, kind + ".xlsx"), check=0)[1]
        t.same(doc["rows"], rows, "those of a month, %s" % kind)
    t.same(home.run("invoices", "export", "--month", "2026-13")[0], 3, "no month")


def archives(t, home):
    path = os.path.join(home.top, "out.zip")
    month = home.run("invoices", "show", "A-1")[1]["issued_at"][:7]
    code, doc, err = home.run("invoices", "zip", "--month", month, "-o", path)
    issued = home.run("invoices", "list", "--state", "issued")[1]["total"]
    t.ok(code == 0 and doc["invoices"] == issued and doc["files"] == 3 * issued, "a month", doc,
         err)
    with zipfile.ZipFile(path) as z:
        names = z.namelist()
        t.ok(z.testzip() is None and len(names) == len(set(names)) == 3 * issued
             and all(n.startswith(month + "/dzfp_") for n in names), "whole, one folder", names)
        t.ok(all(i.flag_bits & 0x800 for i in z.infolist()), "names are marked UTF-8")
        target = os.path.join(home.top, "one.pdf")
        home.run("invoices", "file", "A-2", "-o", target, check=0)
        with open(target, "rb") as f:
            t.ok(any(z.read(n) == f.read() or f.seek(0) for n in names if n.endswith(".pdf")),
                 "a file is the one of invoices file")
    code, doc, err = home.run("invoices", "zip", "--month", month, "--kind", "red", "-o",
                              path + ".zip")
    t.ok(code == 3 and "没有" in err, "no red ones", err)
    again = os.path.join(home.top, "again.zip")
    home.run("invoices", "zip", "--month", month, "-o", again, check=0)
    with open(path, "rb") as a, open(again, "rb") as b:
        t.ok(a.read() == b.read(), "made again it is the same")
    t.same(home.run("invoices", "zip", "--month", month, "-o", path)[0], 3, "a file stays")
    t.same(home.run("invoices", "zip", "--month", month, "-o", path, "--replace")[0], 0, "or not")
    raw = subprocess.run(home.command(["invoices", "zip", "A-1", "A-4", "S-2", "--formats", "pdf",
                                       "--naming", "{订单号}-{价税合计}", "-o", "-"], False),
                         env=home.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with zipfile.ZipFile(io.BytesIO(raw.stdout)) as z:
        t.same(sorted(n.split("/")[1] for n in z.namelist()),
               ["A-1-113.00.pdf", "A-4-123456.78.pdf"], "given ones, named by a rule, to a pipe",
               raw.stderr)
    path = os.path.join(home.top, "s.zip")
    code, doc, err = home.run("invoices", "zip", "A-1", "S-2", "-o", path)
    t.ok(code == 0 and doc["skipped"] == 1, "what is not issued is counted", doc, err)
    for args, code in ((("--month", "2020-01"), 3), (("S-2",), 3), ((), 2),
                       (("A-1", "--month", month), 2), (("A-1", "--formats", "doc"), 2),
                       (("A-1", "--naming", "../{号码}"), 3)):
        left = os.path.join(home.top, "left.zip")
        t.ok(home.run("invoices", "zip", *args, "-o", left)[0] == code
             and not os.path.exists(left), "refused: %s" % " ".join(args))
    home.run("param", "set", "files", "naming", "{票种}_{号码}", check=0)
    code, doc, err = home.run("invoices", "file", "A-1", "-o", home.top)
    t.ok(code == 0 and os.path.basename(doc["file"]).startswith("数电普票_2"),
         "the rule of the home", doc)
    t.same(home.run("param", "set", "files", "naming", "{购方}")[0], 3, "a rule that cannot tell")


def health(t, sb, home):
    code, doc, err = home.run("health")
    t.ok(code == 0 and doc["healthy"] and doc["findings"] == [], "nothing to look at", doc, err)
    sb.faults(fail_result={"text": "内容不符", "times": 2})
    home.run("blue", "issue", home.file(invoice("P-1")))
    home.run("invoices", "retry", "P-1")
    sb.faults()
    code, doc, err = home.run("health")
    number = home.run("invoices", "show", "P-1")[1]["number"]
    t.ok(code == 4 and [f["check"] for f in doc["findings"]] == ["person"]
         and doc["findings"][0]["numbers"] == number, "a person is needed", doc, err)
    home.run("invoices", "void", "P-1", check=0)
    sb.faults(keep_processing=100000)
    home.run("--timeout", "1", "blue", "issue", home.file(invoice("P-2")))
    t.same(home.run("health")[0], 0, "young ones are not stuck")
    code, doc, err = home.run("health", "--older", "0", env={"KAIPIAO_NOW": later(65)})
    t.ok(code in (5, 6) and doc["findings"][0]["check"] == "unfinished"
         and doc["findings"][0]["age_seconds"] >= 60, "older than asked for", doc, err)
    code, doc, err = home.run("health", env={"KAIPIAO_NOW": later(2 * 3600)})
    t.same([f["check"] for f in doc["findings"]], ["unfinished", "engine"],
           "stuck, and nobody works on it", err)
    code, text, err = home.run("health", env={"KAIPIAO_NOW": later(2 * 3600)}, json_out=False)
    t.ok("在途较久" in text and "没有同步" in text and code, "said in words", text)
    sb.faults()
    home.run("sync", "--once")
    code, doc, err = home.run("health", "--numbers", "100000", "--quota", "99999999.00")
    t.same([f["check"] for f in doc["findings"]], ["numbers", "quota"], "stocks below the limits")
    code, doc, err = home.run("health", env={"KAIPIAO_NOW": later(25 * 3600)})
    t.ok("taxpayer" in [f["check"] for f in doc["findings"]], "what the tax side said is old", doc)


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        fill(t, home)
        searches(t, home)
        history(t, sb, home)
        several(t, sb, home)
        extras(t, home)
        books(t, home)
        archives(t, home)
        health(t, sb, home)
        t.ok(home.audit_clean(), "the audit is clean")


if __name__ == "__main__":
    main()
