#!/usr/bin/env python3
"""导入明细 from the command line: the bureau's workbook, our template, CSV, faults, broken files."""
import json
import os
import subprocess
import time
import zipfile

import books
from books import CODE, workbook
from kp import Home, Tap, shared

HEADS = ["项目名称", "商品和服务税收分类编码", "规格型号", "单位", "商品数量", "商品单价", "金额", "税率",
         "折扣金额", "优惠政策类型", "煤炭种类"]
LIMIT_S, LIMIT_KB = 2, 256 * 1024
ASAN = "asan" in os.environ.get("BUILD", "")
BUYER = {"name": "深圳市晴川数码贸易有限公司"}


def mingxi(path, rows, special=(), service=""):
    """A workbook of the bureau's layout: notes, limits, headings in row 3, another sheet."""
    top = [["填表说明：\n1、项目名称：无需写简称。"], ["必填\n(限100字符)"] * 11,
           HEADS + [""] * 9 + ["是否开具涉税专业服务发票品目", "涉税专业服务协议编号"]]
    body = [list(r) + [""] * (20 - len(r)) + [service] for r in rows]
    return workbook(path, ("1-明细模板", top + body), ("excelVersion", [["mx;20250501"]]),
                    ("2-特定业务信息", [["不动产销售"], ["非必填"],
                                  ["产权证书/不动产权证号码", "不动产地址"]] + list(special)))


ROWS = [["笔记本电脑", CODE, "X1", "台", "2", "56.50", "113", "0.13", "11.3", "", ""],
        ["技术服务", "3040201010000000000", "", "", "", "", "106", "6%", "", "", ""],
        ["绿茶", "1030308010000000000", "", "千克", "10", "2", "", "免税", "", "", ""]]


def lines(home, path, *args):
    return home.run("blue", "lines", path, *args)


def the_bureaus(t, home):
    path = mingxi(os.path.join(home.top, "mx.xlsx"), ROWS)
    code, doc, err = lines(home, path)
    t.ok(code == 0 and (doc["rows"], doc["good"], doc["failed"], doc["discounts"]) == (3, 3, 0, 1),
         "the bureau's layout is read as it is", doc, err)
    t.ok(doc["sheet"] == "1-明细模板" and not doc["unknown"] and doc["prices_include_tax"],
         "from its first sheet", doc)
    got = doc["invoice"]["lines"]
    t.ok([l["tax_rate"] for l in got] == ["0.13", "0.06", "0"] and got[2]["preference"] == "03"
         and got[0]["discount"] == {"amount": "11.30"}, "rates, preference and discount", got)
    t.same((doc["net"], doc["tax"], doc["gross"]), ("210.00", "17.70", "227.70"), "the sums")
    code, doc, err = lines(home, path, "--mode", "exclusive")
    t.ok(code == 0 and doc["net"] == "227.70" and not doc["prices_include_tax"],
         "figures without tax when that is said", doc, err)
    for what, kind in ((dict(special=[["", "深圳市南山区"]]), "lines.special"),):
        code, doc, err = lines(home, mingxi(path, ROWS, **what))
        t.ok(code == 3 and doc["error"]["code"] == kind and "特定业务" in err,
             "特定业务信息 that is filled in is refused", err)
    code, doc, err = lines(home, mingxi(path, ROWS, service="是"))
    t.ok(code == 3 and "涉税专业服务" in err and "U 列" in err, "and 涉税专业服务, by column", err)


def the_real_one(t, home):
    """The bureau's own file, filled in by another program."""
    real, python = shared("data", "etax-mingxi-import-template.xlsx"), books.python_with_openpyxl()
    if not real or not python:
        t.skip("the bureau's own workbook", "no reference data or no openpyxl")
        return
    code, doc, err = lines(home, real)
    t.ok(code == 0 and doc["rows"] == 1 and doc["uncoded"] == 1 and doc["gross"] == "188.00",
         "the bureau's own workbook with its row of a test", doc, err)
    path = os.path.join(home.top, "real.xlsx")
    fill = "import openpyxl, sys, json\nb = openpyxl.load_workbook(sys.argv[1])\n" \
        "s = b['1-明细模板']\nfor i, r in enumerate(json.loads(sys.argv[3])):\n" \
        "    for k, v in enumerate(r):\n        s.cell(4 + i, 1 + k).value = v or None\n" \
        "if sys.argv[4]:\n    b['2-特定业务信息'].cell(4, 2).value = sys.argv[4]\n" \
        "b.save(sys.argv[2])\n"
    for special, want in (("", 0), ("深圳市南山区", 3)):
        subprocess.run([python, "-c", fill, real, path, json.dumps(ROWS), special], check=True)
        code, doc, err = lines(home, path)
        t.ok(code == want and (want or doc["gross"] == "227.70"),
             "filled in by openpyxl%s" % (", special business too" if special else ""), doc, err)


def other_layouts(t, home):
    text = "税率,数量,名称,单价\n13%,2,甲,56.5\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        code, doc, err = lines(home, home.file(text.encode(encoding), "c.csv"))
        t.ok(code == 0 and doc["gross"] == "113.00", "CSV in %s, any order" % encoding, doc, err)
    code, doc, err = home.run("blue", "lines", "-", input=text.replace(",", "\t"))
    t.ok(code == 0 and doc["gross"] == "113.00", "standard input, tabs", doc, err)
    code, doc, err = home.run("blue", "lines", "-", input="名称,不含税金额,税率\n甲,100,13%\n")
    t.ok(code == 0 and doc["mode_said"] and doc["gross"] == "113.00", "headings say the mode", doc)
    template = os.path.join(home.top, "t.xlsx")
    home.run("blue", "template", "-o", template, check=0)
    code, doc, err = lines(home, template)
    t.ok(code == 3 and doc["error"]["code"] == "lines.none", "the untouched template has none",
         err)
    heads = [h.rstrip("*") for h in books.cells(template)[0]]
    path = workbook(os.path.join(home.top, "own.xlsx"), ("发票明细", [
        heads, [{"项目名称": "甲", "金额": "113", "税率": "13"}.get(h, "") for h in heads]]))
    code, doc, err = lines(home, path)
    t.ok(code == 0 and doc["net"] == "100.00", "our own template", doc, err)


def faults(t, home):
    rows = [ROWS[0], ["坏一", CODE, "", "", "2", "56.50", "200", "0.13"],
            ["坏二", CODE, "", "", "", "", "113", "十三"],
            ["坏三", 1090509010000000123, "", "", "", "", "113", "0.13"],
            ["坏四", CODE, "", "", "", "", "113", "0.13", "-5"], ROWS[1]]
    path = mingxi(os.path.join(home.top, "bad.xlsx"), rows)
    code, doc, err = lines(home, path)
    t.ok(code == 3 and (doc["good"], doc["failed"]) == (2, 4)
         and doc["error"]["code"] == "lines.failed", "faulty rows are refused", doc, err)
    notes = {n["place"]: n["text"] for n in doc["notes"] if n["fault"]}
    t.same(sorted(notes), ["第 5 行 G 列", "第 6 行 H 列", "第 7 行 B 列", "第 8 行 I 列"],
           "by row and column")
    t.ok("200.00" in notes["第 5 行 G 列"] and "“十三”" in notes["第 6 行 H 列"]
         and "丢失" in notes["第 7 行 B 列"] and "正数" in notes["第 8 行 I 列"],
         "with value and mend; digits that are lost by name", notes)
    got = books.cells(doc["failures"])[2:]
    t.ok(got[0][:11] == HEADS and got[0][-1] == "导入失败原因" and len(got) == 5
         and got[1][0] == "坏一" and "0.01" in got[1][-1], "the failed rows as a workbook", got)
    code, doc, err = lines(home, path, "--partial")
    t.ok(code == 0 and len(doc["invoice"]["lines"]) == 2, "the good ones when they are asked for",
         doc, err)
    mended = [[c for c in row[:-1]] for row in got]
    for row, key, value in ((1, 6, "113"), (2, 7, "13%"), (3, 1, CODE), (4, 8, "5")):
        mended[row] += [""] * (key + 1 - len(mended[row]))
        mended[row][key] = value
    path = workbook(os.path.join(home.top, "mended.xlsx"), ("x", mended))
    code, doc, err = lines(home, path)
    t.ok(code == 0 and doc["good"] == 4, "mended they go in", doc, err)


def many(t, home):
    def rows(n, code=CODE):
        return home.file("名称,税收编码,金额,税率\n" + "".join(
            "第%d种,%s,1.13,13%%\n" % (i, code) for i in range(n)), "many.csv")

    code, doc, err = lines(home, rows(5000))
    t.ok(code == 0 and doc["good"] == 5000 and doc["gross"] == "5650.00", "5,000 rows", err)
    code, doc, err = lines(home, rows(5001))
    t.ok(code == 3 and doc["error"]["code"] == "lines.limit" and "5001" in err, "5,001 are refused",
         err)
    code, doc, err = lines(home, rows(201, ""))
    t.ok(code == 3 and doc["failed"] == 201 and "200" in err, "201 without codes", err)
    goods = home.file("商品名称,税收分类编码,税率,单位\n" + "".join(
        "第%d种,%s,13%%,个\n" % (i, CODE) for i in range(201)), "goods.csv")
    home.run("goods", "import", goods, check=0)
    code, doc, err = lines(home, rows(201, ""))
    t.ok(code == 0 and doc["by_name"] == 201 and doc["uncoded"] == 0,
         "a code of the catalogue counts", doc, err)


def drafts(t, home):
    path = mingxi(os.path.join(home.top, "mx.xlsx"), ROWS)
    head = {"kind": "ordinary", "prices_include_tax": False, "buyer": BUYER, "drawer": "林小满",
            "order_no": "A-1", "lines": []}
    code, doc, err = home.run("blue", "draft", home.file(head), "--lines", path)
    t.ok(code == 0 and doc["results"][0]["gross"] == "247.28", "a draft in its own mode", doc, err)
    head["order_no"], head["lines"] = "A-2", [{"name": "甲", "amount": "100", "tax_rate": "0.13"}]
    code, doc, err = home.run("blue", "draft", home.file(head), "--lines", path, "--mode",
                              "inclusive")
    t.ok(code == 0 and doc["results"][0]["gross"] == "340.70", "modes are joined to the fen", doc,
         err)
    code, doc, err = home.run("blue", "draft", home.file([head, head]), "--lines", path)
    t.ok(code == 2, "only for one invoice", code, err)
    bad = mingxi(os.path.join(home.top, "b.xlsx"), [["甲", "", "", "", "2"]])
    head["order_no"] = "A-3"
    code, doc, err = home.run("blue", "draft", home.file(head), "--lines", bad)
    t.ok(code == 3 and not home.run("invoices", "show", "A-3")[0] == 0,
         "a faulty row keeps the draft back", err)


def bomb(path):
    """A gigabyte of blanks in a sheet of a megabyte."""
    workbook(path, ("1-明细模板", []))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as f:
            for _ in range(1024):
                f.write(b" " * (1 << 20))
    return path


def broken_files(home):
    data = open(mingxi(os.path.join(home.top, "good.xlsx"), ROWS), "rb").read()
    cfb = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield "an old workbook renamed", home.file(cfb + b"\0" * 5000, "old.xlsx")
    yield "an encrypted workbook", home.file(
        cfb + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4000, "locked.xlsx")
    yield "half a workbook", home.file(data[:len(data) // 2], "half.xlsx")
    yield "a bomb", bomb(os.path.join(home.top, "bomb.xlsx"))
    yield "a picture", home.file(b"\x89PNG\r\n\x1a\n" + os.urandom(3000), "picture.xlsx")
    yield "another table", home.file("甲,乙\n1,2\n", "other.csv")
    yield "nothing", home.file("", "empty.csv")


def broken(t, home):
    for what, path in broken_files(home):
        began = time.monotonic()
        p = subprocess.Popen(home.command(["blue", "lines", path]), env=home.environ(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        out, err = p.stdout.read(), p.stderr.read().decode()
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        busy = used.ru_utime + used.ru_stime
        t.ok(p.returncode == 3 and json.loads(out)["error"]["message"],
             "%s is refused with a sentence" % what, p.returncode, err)
        t.ok(ASAN or (busy < LIMIT_S and used.ru_maxrss <= LIMIT_KB),
             "%s: in %d s, within 256 MB" % (what, LIMIT_S), busy, time.monotonic() - began,
             used.ru_maxrss)
        t.ok(not os.path.exists(path + ".失败.xlsx"), "%s leaves nothing" % what)


def no_table(t, home):
    """JSON is said to be JSON by whatever wants a table; a table that looks like it is read."""
    for content in ('{"lines": []}', '[{"name": "纸"}]', '\ufeff\n [\n  [1, 2]]', "[]", "{}"):
        for verb in (("blue", "lines"), ("goods", "import")):
            code, doc, err = home.run(*verb, home.file(content, "data.json"))
            t.ok(code == 3 and "JSON 文件" in err and "批量开票" in err,
                 "%s: %r is said to be JSON" % (verb[0], content[:12]), err)
    table = home.file("[备注],项目名称,金额,税率\n,纸,10,0.13\n")
    code, doc, err = home.run("blue", "lines", table)
    t.ok("JSON" not in err and doc.get("rows", doc.get("lines")), "a table is a table", doc, err)


with Tap() as tap, Home(now="=2025-11-20T10:00:00+08:00") as place:
    books.office(place)
    the_bureaus(tap, place)
    the_real_one(tap, place)
    other_layouts(tap, place)
    faults(tap, place)
    many(tap, place)
    drafts(tap, place)
    broken(tap, place)
    no_table(tap, place)
