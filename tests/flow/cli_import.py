#!/usr/bin/env python3
"""Workbooks into the catalogues: dirt, faults, one bad row, trial, repetition, hostile files."""
import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import time
import zipfile

import books
from books import BUYER_HEADS, CODE, CODE_OTHER, OTHER, SELLER, counts, tax_no, workbook
from kp import Home, Tap, shared, wait_for

T1, T2, T3 = SELLER, tax_no(2), tax_no(3)
WIDE = T2.translate({k: k + 0xfee0 for k in range(33, 127)})  # full width
GOODS_HEADS = ["项目名称", "项目分类", "商品和服务税收分类编码", "规格型号", "单位", "单价", "是否含税",
               "简码", "税率", "是否使用优惠政策", "优惠政策类型"]


def rows_of(home, table="buyers", *args):
    return home.run(table, "list", "--limit", "1000", *args, check=0)[1]["rows"]


def book(home, name, rows, sheet="客户信息"):
    return workbook(os.path.join(home.top, name), (sheet, rows))


def buyer(name, tax_no="", address="", phone="", account="", default="Y"):
    return [name, tax_no, "", address, phone, "中国银行深圳支行" if account else "", account, "",
            default]


def at_the_first_try(t, home):
    """A table as it is in use: dirt of every kind, and the second import changes nothing."""
    dirty = [["客户信息维护表"], [], BUYER_HEADS,
             buyer("深圳市晴川数码贸易有限公司\n", " 91440300makp0a011y ", "南山区１号", "0755－1"),
             buyer("广州明德商贸（集团）有限公司", WIDE, "天河路 2 号", account="3602 0000 0000"),
             buyer("重庆长安行", account=("n", '><v>6.222021234567891E+18</v></c>')),
             buyer("=1+1公司", phone="+86 755"), buyer("张三", default="")]
    path = book(home, "in.xlsx", dirty)
    code, doc, err = home.run("buyers", "import", path)
    t.ok(code == 0 and counts(doc) == (5, 5, 0, 0, 0) and doc["stored"], "five rows go in",
         code, doc, err)
    t.ok(doc["warned"] == 1 and [n["row"] for n in doc["notes"] if not n["fault"]] == [6]
         and "银行账号" in doc["notes"][0]["text"], "an account that lost digits is told", doc)
    got = {b["name"]: b for b in rows_of(home)}
    t.ok(got["深圳市晴川数码贸易有限公司"]["tax_no"] == T1
         and got["广州明德商贸（集团）有限公司"]["tax_no"] == T2, "dirt is gone", got)
    t.ok(got["重庆长安行"]["account"] == "" and got["=1+1公司"]["phone"] == "+86 755",
         "the account is left out, a text stays a text", got)
    code, doc, _ = home.run("buyers", "import", path)
    t.same(counts(doc), (5, 0, 0, 5, 0), "a second import changes nothing")
    t.ok(not os.path.exists(path + ".失败.xlsx"), "nothing failed: no file of failures")
    job = home.run("jobs", "list", "--kind", "catalogue.import")[1]["rows"][0]
    t.same((job["state"], json.loads(json.dumps(
        home.run("jobs", "show", job["id"])[1]["result"]))["unchanged"]), ("done", 5),
           "the job tells the same")
    for word in ("cqca", "chongqing", "长安", "changanhang", "qzcah"[2:]):
        t.same([b["name"] for b in rows_of(home, "buyers", "--find", word)], ["重庆长安行"],
               "it is found by " + word)


def faults(t, home):
    """One good and two bad rows: nothing goes in, all faults are told, the file can be mended."""
    bad = [BUYER_HEADS, buyer("好公司一", T3), buyer("坏公司", "12-34!"), buyer("", T2),
           buyer("好公司二")]
    path = book(home, "bad.xlsx", bad)
    before = len(rows_of(home))
    code, doc, err = home.run("buyers", "import", path)
    t.ok(code == 3 and doc["error"]["code"] == "import.failed" and doc["failed"] == 2
         and not doc["stored"] and len(rows_of(home)) == before, "one bad row stops all", doc, err)
    t.same([n["row"] for n in doc["notes"] if n["fault"]], [3, 4], "every fault names its row")
    failures = path + ".失败.xlsx"
    t.same(doc["failures"], failures, "and where the failed rows are")
    got = books.cells(failures)
    t.ok(got[0] == BUYER_HEADS + ["导入失败原因"] and len(got) == 3 and got[1][:2] == ["坏公司",
         "12-34!"] and "税" in got[1][-1] or "识别号" in got[1][-1],
         "in the layout of the file, with the reason", got)
    job = home.run("jobs", "list", "--kind", "catalogue.import")[1]["rows"][0]
    t.ok(job["state"] == "failed" and "2 行有问题" in job["message"], "the job failed", job)

    code, doc, _ = home.run("buyers", "import", path, "--partial", "--dry-run")
    t.ok(code == 0 and counts(doc) == (4, 2, 0, 0, 2) and doc["dry_run"] and not doc["stored"]
         and len(rows_of(home)) == before, "a trial stores nothing", doc)
    code, doc, _ = home.run("buyers", "import", path, "--partial")
    t.ok(code == 0 and counts(doc) == (4, 2, 0, 0, 2) and doc["stored"]
         and len(rows_of(home)) == before + 2, "--partial takes the good rows", doc)
    code, out, err = home.run("buyers", "import", path, "--partial", json_out=False)
    t.ok(code == 0 and "新增 0 行，更新 0 行，未变 2 行，失败 2 行" in out and failures in out
         and "第 3 行" in out, "a person reads the same", out, err)

    second = path + ".失败-2.xlsx"
    code, doc, _ = home.run("buyers", "import", failures)
    again = books.cells(second)
    t.ok(code == 3 and again[0] == BUYER_HEADS + ["导入失败原因"] and doc["unknown"] is None,
         "a file of failures that still fails has its reason once", again, doc)
    mended = [row[:-1] for row in got]
    mended[1][1], mended[2][0] = tax_no(5), "补上的名称"
    book(home, "bad.xlsx.失败.xlsx", [m + ["旧原因"] * (i > 0) + ["导入失败原因"] * (i == 0)
                                    for i, m in enumerate(mended)])
    code, doc, _ = home.run("buyers", "import", failures)
    t.ok(code == 0 and doc["failed"] == 0 and not os.path.exists(second),
         "mended it goes in, and its own failures go away", doc)
    mended = open(failures, "rb").read()
    for args in (["--dry-run"], []):
        code, doc, _ = home.run("buyers", "import", path, *args)
        t.ok(doc["failures"] == second and open(failures, "rb").read() == mended,
             "the mended file stays, the next one has a number", doc)
    good = book(home, "bad.xlsx", bad[:2])
    home.run("buyers", "import", good, check=0)
    t.ok(not os.path.exists(second) and open(failures, "rb").read() == mended,
         "when nothing fails ours goes, the mended one stays")
    book(home, "bad.xlsx", bad)
    other = os.path.join(home.top, "named.xlsx")
    home.run("buyers", "import", path, "--failures", other)
    t.ok(len(books.cells(other)) == 3, "--failures names the file")
    code, doc, _ = home.run("buyers", "import", path, "--failures", path)
    t.ok(code == 3 and len(books.cells(path)) == 5, "never the file itself", doc)


def nothing_at_all(t, home):
    path = book(home, "all-bad.xlsx", [BUYER_HEADS, buyer("甲", "!!")])
    t.same(home.run("buyers", "import", path, "--partial")[0], 3, "nothing imported at all is 3")
    path = book(home, "empty.xlsx", [BUYER_HEADS])
    code, doc, _ = home.run("buyers", "import", path)
    t.ok(code == 0 and doc["rows"] == 0, "a table without rows is fine", doc)
    template = os.path.join(home.top, "template.xlsx")
    for table in ("buyers", "goods"):
        home.run(table, "template", "-o", template, "--replace", check=0)
        code, doc, err = home.run(table, "import", template)
        t.ok(code == 0 and doc["rows"] == 0, "the untouched template of %s: 0 rows" % table, doc,
             err)
    code, doc, err = home.run("buyers", "import", book(home, "no.xlsx", [["甲", "乙"], ["1", "2"]]))
    t.ok(code == 3 and "名称" in err, "no heading row: says what is missing", err)
    code, doc, err = home.run("buyers", "import", os.path.join(home.top, "absent.xlsx"))
    t.ok(code == 3, "an absent file", code, err)


def layouts(t, home):
    """The bureau's own layouts, other orders, other forms of file."""
    rows = [["项目信息导入"], ["说明"], GOODS_HEADS,
            ["笔记本电脑", "电脑", CODE, "X1", "台", "￥5,650.00", "Y", "bjb", "13%", "N", ""],
            ["开票软件服务", "", CODE_OTHER, "", "套", "113", "是", "", "", "", ""]]
    code, doc, err = home.run("goods", "import", book(home, "g.xlsx", rows, "项目信息导入"))
    t.ok(code == 0 and counts(doc)[1] == 2, "项目信息 as the bureau has it", doc, err)
    got = {g["name"]: g for g in rows_of(home, "goods")}
    t.ok(got["笔记本电脑"]["price"] in ("5650", "5650.00") and got["笔记本电脑"]["rate"] == "0.13"
         and got["笔记本电脑"]["inclusive"] and got["笔记本电脑"]["short_name"], "its cells", got)
    code, doc, _ = home.run("goods", "import", book(home, "g.xlsx", rows, "项目信息导入"))
    t.same(counts(doc), (2, 0, 0, 2, 0), "and again: unchanged")

    text = "电话,税号,备注,名称\n010-1,%s,x,\"列序,不同公司\"\n" % tax_no(6)
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        path = home.file(text.encode(encoding), "c.csv")
        code, doc, err = home.run("buyers", "import", path)
        t.ok(code == 0 and doc["failed"] == 0 and doc["rows"] == 1 and "备注" in doc["unknown"],
             "CSV in %s, columns in any order, unknown ones named" % encoding, doc, err)
    code, doc, err = home.run("buyers", "import", "-", input=text.replace("不同", "又不同"))
    t.ok(code == 0 and doc["rows"] == 1, "standard input", doc, err)
    here = os.getcwd()
    os.chdir(home.top)
    try:
        home.run("buyers", "import", "-", input="名称,税号\n甲乙丙,!!\n")
        t.ok(os.path.exists("导入.失败.xlsx"), "its failures are in the current directory")
        home.run("buyers", "import", "-", input="名称,税号\n甲乙丙,\n", check=0)
        t.ok(not os.path.exists("导入.失败.xlsx"), "and gone when nothing fails")
    finally:
        os.chdir(here)


def goods_faults(t, home):
    rows = [GOODS_HEADS[:3] + ["税率"],
            ["没有编码的", "", "", ""],
            ["编码不存在", "", "9990000000000000000", ""],
            ["汇总项", "", "1000000000000000000", ""],
            ["税率不对", "", CODE, "0.77"],
            ["数字编码", "", 1090509010000000000, ""]]
    path = book(home, "gf.xlsx", rows)
    code, doc, err = home.run("goods", "import", path)
    t.ok(code == 3, "codes that may not stand on a line are refused", doc, err)
    reasons = {row[0]: row[-1] for row in books.cells(path + ".失败.xlsx")[1:]}
    t.ok(not {"没有编码的", "数字编码"} & set(reasons) and len(reasons) >= 2
         and all("编码" in reasons[n] for n in ("编码不存在", "汇总项")), "each with its reason",
         reasons)
    code, doc, _ = home.run("goods", "import", path, "--partial")
    t.ok(code == 0 and doc["added"] == 6 - 1 - len(reasons) and doc["warned"] >= 1,
         "without a code they come in with a warning", doc)
    unusable = rows_of(home, "goods", "--find", "没有编码的")
    t.same([g["code_fault"] for g in unusable], ["无编码"], "and are marked in the list")


def sellers(t, home):
    path = book(home, "s.xlsx", [BUYER_HEADS, buyer("只属乙公司")])
    home.run("--unit", SELLER, "buyers", "list", check=0)
    home.run("buyers", "import", path, "--seller", OTHER, check=0)
    t.ok(rows_of(home, "buyers", "--seller", OTHER, "--find", "只属乙公司")
         and not rows_of(home, "buyers", "--seller", SELLER, "--find", "只属乙公司"),
         "--seller says whose the rows are")
    t.same(home.run("buyers", "import", path, "--seller", "91000000000000000X")[0], 3,
           "an unknown seller")
    t.same(home.run("--unit", SELLER, "buyers", "import", path, "--seller", OTHER)[0], 2,
           "--unit and --seller at once")


def running(home):
    return home.run("jobs", "list", "--state", "running")[1]["rows"]


def one_at_a_time(t, home):
    first = subprocess.Popen(home.command(["buyers", "import", "-"]), env=home.environ(),
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first.stdin.write("名称\n并发公司\n".encode())
    first.stdin.flush()
    t.ok(wait_for(lambda: [r["kind"] for r in running(home)] == ["catalogue.import"]),
         "the list of jobs shows a running import")
    code, doc, _ = home.run("buyers", "import", book(home, "two.xlsx", [["名称"], ["并发乙"]]))
    t.ok(code == 6 and doc["error"]["code"] == "import.running"
         and str(first.pid) in doc["error"]["message"], "a second import waits for the first", doc)
    t.ok(home.run("sync", "--once")[0] == 0 and running(home), "the engine leaves it alone")
    out, err = first.communicate()
    t.ok(first.returncode == 0 and json.loads(out)["stored"], "the first one ends well", out, err)


def cancelled(t, home):
    path = book(home, "big.xlsx", [["名称"]] + [["另一家%06d" % i] for i in range(150000)])
    p = home.start("buyers", "import", path)
    wait_for(lambda: running(home))
    p.terminate()
    out, err = p.communicate()
    job = home.run("jobs", "list", "--limit", "1")[1]["rows"][0]
    t.ok(p.returncode == 3 and job["state"] == "cancelled" and "取消" in job["message"]
         and not rows_of(home, "buyers", "--find", "另一家"), "a signal cancels it: nothing is in",
         p.returncode, err, job)


def soon(t, home, what, source, path=None):
    """A signal ends an import within a moment, whatever it is at."""
    p = subprocess.Popen(home.command(["buyers", "import", path or "-"]), env=home.environ(),
                         stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.3)
    alive, since = p.poll() is None, time.monotonic()
    p.send_signal(signal.SIGINT)
    try:
        p.wait(20)
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
    took = time.monotonic() - since
    said = p.stderr.read().decode() + p.stdout.read().decode()
    t.ok(alive and took < 1 and "import.cancelled" in said and p.returncode == 3,
         "%s: cancelled within a second" % what, alive, took, p.returncode, said)


def cancelled_at_once(t, home):
    """Millions of empty rows, before and behind the headings; a pipe that is silent."""
    top = home.top
    for name, head in (("blank.xlsx", b"<row><c/></row>"), ("headed.xlsx", (
            '<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % BUYER_HEADS[0]).encode())):
        path = book(home, name, [BUYER_HEADS])
        with zipfile.ZipFile(path) as z:
            parts = {n: z.read(n) for n in z.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for n, data in parts.items():
                with z.open(n, "w") as part:
                    if not n.startswith("xl/worksheets/"):
                        part.write(data)
                        continue
                    part.write(b'<worksheet xmlns="%s"><sheetData>' % books.NS.encode() + head)
                    for _ in range(1600):
                        part.write(b"<row><c/></row>" * 10000)
                    part.write(b"</sheetData></worksheet>")
        soon(t, home, name, subprocess.DEVNULL, path)
    path = os.path.join(top, "lines.csv")
    with open(path, "wb") as f:
        f.write("客户名称\n".encode())
        for _ in range(250):
            f.write(b"\n" * 1000000)
    soon(t, home, "lines.csv", subprocess.DEVNULL, path)
    os.unlink(path)
    soon(t, home, "a pipe", subprocess.PIPE)


# ---- hostile files -------------------------------------------------------------------------------
LIMIT_KB = 256 * 1024


def bomb(path):
    """A gigabyte of blanks in a sheet of a megabyte."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as f:
            f.write(b'<worksheet xmlns="%s"><sheetData>' % books.NS.encode())
            for _ in range(1024):
                f.write(b" " * (1 << 20))
    return path


def hostile_files(home):
    top = home.top
    good = book(home, "good.xlsx", [BUYER_HEADS, buyer("某公司")])
    data = open(good, "rb").read()
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % "".join(
        '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(9))
    entities = head + '<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="inlineStr"><is>' \
        '<t>&j;</t></is></c></row></sheetData></worksheet>' % books.NS
    long_text = "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>%s</t></is></c></row>" % (
        "长" * (30 << 20))
    tail = '<worksheet xmlns="%s"><sheetData>%s%s</sheetData></worksheet>'
    first = books.sheet_xml([BUYER_HEADS])
    first = first[first.index("<row"):first.index("</sheetData>")]
    yield "a bomb", bomb(workbook(os.path.join(top, "h0.xlsx"), ("客户信息", [])))
    yield "entities", workbook(os.path.join(top, "h1.xlsx"), ("客户信息", entities))
    yield "an endless cell", workbook(os.path.join(top, "h2.xlsx"),
                                      ("客户信息", tail % (books.NS, first, long_text)))
    yield "a path trick", workbook(os.path.join(top, "h3.xlsx"), ("客户信息", [BUYER_HEADS]),
                                   parts={"../../../evil.xml": "<x/>"})
    yield "half a file", home.file(data[:len(data) // 2], "h4.xlsx")
    yield "an old workbook", home.file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "h5.xls")
    yield "a picture", home.file(b"\x89PNG\r\n\x1a\n" + os.urandom(3000), "h6.xlsx")
    yield "noise", home.file(os.urandom(100000), "h7.csv")
    yield "a great many entries", many(os.path.join(top, "h8.xlsx"))
    yield "a size that lies", home.file(lie(data), "h9.xlsx")


def many(path):
    with zipfile.ZipFile(path, "w") as z:
        for i in range(40000):
            z.writestr("x%d" % i, "")
    return path


def lie(data):
    """Declared sizes of every entry set to four gigabytes."""
    out, at = bytearray(data), 0
    while (at := out.find(b"PK\1\2", at)) >= 0:
        out[at + 24:at + 28] = struct.pack("<I", 0xfffffff0)
        at += 4
    return bytes(out)


def hostile(t, home):
    before = len(rows_of(home))
    for what, path in hostile_files(home):
        p = subprocess.Popen(home.command(["buyers", "import", path]), env=home.environ(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        out, err = p.stdout.read(), p.stderr.read().decode()
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        doc = json.loads(out)
        t.ok(p.returncode == 3 and doc["error"]["hint"] is not None or p.returncode == 3,
             "%s is refused with a sentence" % what, p.returncode, err)
        asan = "asan" in os.environ.get("BUILD", "")
        t.ok(asan or used.ru_maxrss <= LIMIT_KB, "%s: within 256 MB" % what, used.ru_maxrss)
    t.same(len(rows_of(home)), before, "nothing of them came in")


def codes(t, home):
    rows = [["税收分类编码表"], ["编码", "名称", "简称", "增值税税率", "汇总项"],
            ["1010101010000000000", "测试稻谷", "谷物", "9%", "否"],
            ["1010101", "短编码", "", "", ""]]
    path = book(home, "codes.xlsx", rows, "Sheet1")
    code, doc, err = home.run("taxcodes", "import", path, "--partial")
    t.ok(code == 0 and doc["failed"] == 1 and doc["added"] + doc["updated"] == 1 and doc["total"],
         "a workbook of tax codes", doc, err)
    t.same(home.run("taxcodes", "show", "1010101010000000000")[1]["name"], "测试稻谷",
           "its row is there")
    table = shared("data", "taxcode.tsv")
    if not table:
        t.skip("the whole table of tax codes", "no reference data")
        return
    code, doc, err = home.run("taxcodes", "import", table)
    t.ok(code == 0 and doc["rows"] > 4000, "the whole table of tax codes", doc, err)


def elsewhere(t, home):
    """A directory one may only read from: the failures go home."""
    if os.geteuid() == 0:
        t.skip("a directory without leave to write", "runs as root")
        return
    folder = os.path.join(home.top, "closed")
    os.mkdir(folder)
    path = workbook(os.path.join(folder, "x.xlsx"), ("客户信息", [BUYER_HEADS, buyer("甲", "!")]))
    os.chmod(folder, 0o500)
    doc = home.run("buyers", "import", path)[1]
    t.same(doc["failures"], os.path.join(home.path, "x.xlsx.失败.xlsx"), "failures at home")
    os.chmod(folder, 0o700)


def formats_of(path):
    """Which columns of the first sheet are texts, by column."""
    with zipfile.ZipFile(path) as z:
        styles = z.read("xl/styles.xml").decode()
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
    texts = re.findall(r'numFmtId="(\d+)" formatCode="@"', styles) + ["49"]
    used = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    return {int(m[0]): used[int(m[1])] in texts
            for m in re.findall(r'<col min="(\d+)"[^>]* style="(\d+)"', sheet)}


def reasons(t, home):
    """Every fault of a row, in the words of the file, in a workbook that keeps long numbers."""
    heads = ["客户全称*", "税号", "联系电话", "帐号", "默认", "助记码", "邮箱"]
    path = book(home, "many.xlsx", [
        heads, ["警告公司", "91440300MAKP0A0111", "", "", "", "", ""],
        ["", "12-3", "1", "6222021234567891234", "也许", "A", ""],
        ["短号公司", "123", "", "6222021234567891234", "也许", "", ""]])
    code, doc, err = home.run("buyers", "import", path)
    got = [n["text"] for n in doc["notes"] if n["fault"]]
    t.ok(len(got) == 2 and all(w in got[0] for w in ("客户全称：", "税号：", "默认："))
         and all(w in got[1] for w in ("税号：", "默认：")), "all faults of a row at once", got)
    t.ok("第 3 行：客户全称" in doc["error"]["message"] and "第 3 行" in err,
         "the refusal names the first fault, no warning", err)
    formats = formats_of(doc["failures"])
    t.ok(all(formats.get(i + 1) for i in (1, 2, 3, 5)), "numbers and codes stay texts",
         formats)
    path = book(home, "twice.xlsx", [["名称", "税号", "名称", "备注"], ["甲乙", "", "丙", ""]])
    code, doc, _ = home.run("buyers", "import", path, "--dry-run")
    t.ok(doc["unknown"] == "备注" and doc["repeated"] == "第 3 列“名称”",
         "a heading that comes twice is known", doc)


def sheets(t, home):
    """Several sheets of the same columns are one table; others are named."""
    heads = ["客户名称", "税号", "电话"]
    path = workbook(
        os.path.join(home.top, "sheets.xlsx"),
        ("华南", [heads, ["华南一公司", tax_no(101), "1"], ["华南坏公司", "!!", ""]]),
        ("华东", [["说明"], ["电话", "名称", "税号", "备注"], ["2", "华东一公司", tax_no(102), "x"],
                ["3", "华东坏公司", "??", "留意"]]),
        ("联系人", [["名称", "手机", "电话", "邮箱"], ["张经理", "13800138000", "", ""]]),
        ("商品信息", [["名称"], ["水泥"]]), ("示例", [heads, ["示例公司", "", ""]]))
    code, doc, err = home.run("buyers", "import", path, "--partial")
    t.ok(code == 0 and counts(doc) == (4, 2, 0, 0, 2) and doc["sheet"] == "华南、华东"
         and doc["skipped"] == "联系人、商品信息", "all sheets of the list are read", doc, err)
    t.same([(n["sheet"], n["row"]) for n in doc["notes"]], [("华南", 3), ("华东", 4)],
           "each fault names its sheet")
    out = home.run("buyers", "import", path, "--partial", json_out=False)[1]
    t.ok("“华东”第 4 行：税号" in out and "没有读的工作表：联系人" in out, "so a person reads it", out)
    got = books.layout(doc["failures"])
    t.same({name: {n: row[:-1] for n, row in rows.items()} for name, rows in got.items()},
           {"华南": {1: heads, 2: ["华南坏公司", "!!", ""]},
            "华东": {1: [], 2: ["电话", "名称", "税号", "备注"], 3: ["3", "华东坏公司", "??", "留意"]}},
           "their failures stand in the same sheets, below the same headings")


def sums(t, home):
    path = book(home, "sums.xlsx", [["序号", "名称", "税号"], ["1", "有合计公司", ""],
                                    ["2", "合计", tax_no(110)], ["", "合 计：", ""],
                                    ["合计", "", ""], ["", "共 2 条", ""]])
    code, doc, err = home.run("buyers", "import", path)
    t.ok(code == 0 and counts(doc)[:2] == (2, 2) and doc["warned"] == 2
         and [n["row"] for n in doc["notes"]] == [4, 6]
         and all("合计行" in n["text"] for n in doc["notes"]), "rows of sums are left out", doc, err)


def twins(t, home):
    home.run("buyers", "add", "--name", "双生公司", "--tax-no", tax_no(120), check=0)
    path = book(home, "twins.xlsx", [["名称", "税号"], ["双生公司", tax_no(121)],
                                     ["双生又一", tax_no(121)]])
    trial = home.run("buyers", "import", path, "--dry-run")[1]["notes"]
    code, doc, _ = home.run("buyers", "import", path)
    notes = [n["text"] for n in doc["notes"]]
    one = [b["id"] for b in rows_of(home, "buyers", "--tax-no", tax_no(120))]
    t.ok(len(notes) == 2 and "已有的 #%d 双生公司（%s） 名称相同" % (one[0], tax_no(120)) in notes[0]
         and "这个文件里的" in notes[1] and "税号相同" in notes[1], "which one and why", notes, one)
    t.ok("#" in trial[0]["text"] and "#" not in trial[1]["text"],
         "a trial gives no number to what is not there", trial)
    code, doc, _ = home.run("buyers", "import", path)
    t.ok(counts(doc) == (2, 0, 0, 2, 0) and not doc["twins"] and not doc["notes"],
         "loaded again they are no news", doc)


def comes_back(t, home):
    """An exported list changes nothing, whatever its rows came from."""
    for table in ("buyers", "goods"):
        path = os.path.join(home.top, "back-%s.xlsx" % table)
        home.run(table, "export", "-o", path, "--replace", check=0)
        code, doc, err = home.run(table, "import", path)
        t.ok(code == 0 and doc["rows"] and doc["unchanged"] == doc["rows"],
             "%s: export and import change nothing" % table, doc, err)


def addresses(t, home):
    heads = ["名称", "地址", "电话", "默认"]
    home.run("buyers", "import", book(home, "a1.xlsx", [
        heads, ["搬家公司", "三址", "3", "Y"], ["搬家公司", "五址", "5", "Y"]]), check=0)
    doc = home.run("buyers", "import", book(home, "a1.xlsx", [
        heads, ["搬家公司", "三址", "3", "Y"], ["搬家公司", "五址", "5", "Y"]]))[1]
    t.ok(doc["unchanged"] == 2 and "默认" in doc["notes"][0]["text"] and doc["notes"][0]["row"] == 3,
         "a second default address is told", doc)
    home.run("buyers", "import", book(home, "a2.xlsx", [heads, ["搬家公司", "四址", "4", "N"]]),
             check=0)
    home.run("buyers", "import", book(home, "a3.xlsx", [["名称", "电话"], ["搬家公司", "9"]]), check=0)
    path = os.path.join(home.top, "moved.csv")
    home.run("buyers", "export", "--find", "搬家公司", "--csv", "utf8", "-o", path, "--replace",
             check=0)
    text = open(path, encoding="utf-8-sig").read()
    t.ok(all(w in text for w in ("三址,9", "四址,4", "五址,5")) and len(text.splitlines()) == 4,
         "no address is lost, a phone alone is none", text)


def code_cells(t, home):
    """Codes as spreadsheet programs leave them."""
    path = book(home, "cc.xlsx", [
        ["名称", "税收分类编码", "单价", "是否含税"], ["数字格", int(CODE), "", "含税"],
        ["去零的", CODE_OTHER.rstrip("0"), "", "不含税"], ["不是编码", 1234567890123456789, "1.5", ""],
        ["太细", CODE, "0.12345678901234", ""], ["两处错", "99", "-1", ""]])
    code, doc, err = home.run("goods", "import", path, "--partial")
    faults = {n["row"]: n["text"] for n in doc["notes"] if n["fault"]}
    t.ok(code == 0 and doc["added"] == 2 and sorted(faults) == [4, 5, 6],
         "codes in numeric cells and without their zeros", doc, err)
    t.ok("13 位小数" in faults[5] and "编码不存在" in faults[6] and "单价" in faults[6]
         and "丢失" in faults[4] and "相似" not in "".join(faults.values()),
         "what cannot be mended is told", faults)
    got = {g["name"]: g for g in rows_of(home, "goods")}
    t.ok(got["数字格"]["tax_code"] == CODE and got["去零的"]["tax_code"] == CODE_OTHER
         and got["数字格"]["inclusive"] and not got["去零的"]["inclusive"], "as they were meant", got)


with Tap() as tap, Home() as place:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    books.office(place, (SELLER, OTHER))
    place.run("--unit", SELLER, "buyers", "list", check=0)
    at_the_first_try(tap, place)
    faults(tap, place)
    nothing_at_all(tap, place)
    layouts(tap, place)
    goods_faults(tap, place)
    reasons(tap, place)
    sheets(tap, place)
    sums(tap, place)
    twins(tap, place)
    addresses(tap, place)
    code_cells(tap, place)
    comes_back(tap, place)
    sellers(tap, place)
    place.run("--unit", SELLER, "buyers", "list", check=0)
    one_at_a_time(tap, place)
    cancelled(tap, place)
    cancelled_at_once(tap, place)
    hostile(tap, place)
    codes(tap, place)
    elsewhere(tap, place)
    shutil.rmtree(place.path)
