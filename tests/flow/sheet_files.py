"""Files the writer makes, as other programs see them: openpyxl and LibreOffice.

What must hold: every cell is a text with the very same characters, nothing is a formula, the
heading row is frozen, templates offer lists, notes and text columns, and workbooks of the tax
bureau's layouts go in unchanged.
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

import kp

TOOL = os.path.join(os.environ.get("BUILD", os.path.join(kp.ROOT, "build")), "bench", "sheetwrite")
# The interpreter of the tests may lack openpyxl; that of the system usually has it.
PYTHONS = [sys.executable, "/usr/bin/python3"]
LOOK = r"""
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
out = []
for ws in book:
    cells = list(ws.iter_rows())
    out.append({
        "name": ws.title, "state": ws.sheet_state, "freeze": ws.freeze_panes,
        "rows": [[None if c.value is None else str(c.value) for c in row] for row in cells],
        "types": sorted({c.data_type for row in cells for c in row if c.value is not None}),
        "formats": [[c.number_format for c in row] for row in ws.iter_rows(max_row=2)],
        "columns": {k: d.width for k, d in ws.column_dimensions.items()},
        "lists": [[str(v.sqref), v.formula1, v.type] for v in ws.data_validations.dataValidation],
        "notes": {c.coordinate: c.comment.text for row in ws.iter_rows() for c in row if c.comment},
        "bold": [bool(c.font.b) for c in next(ws.iter_rows(max_row=1), [])],
    })
print(json.dumps(out))
"""
NASTY = [
    ["=1+1", "-x", "+86"], ["\tq", "'=1", "''@x"], ["'", "'x", "@SUM(A1)"],
    ["＝1+1", "＋86", "－x"], ["＠a", "=cmd|' /C calc'!A0", "-2+3"],
    ["_x000D_", "_x005F_x000D_", "_xZZZZ_"], ["a\nb", '"', 'a"b",c'],
    ["深圳市晴川数码（集团）", "😀👨", "𠮷野家"], ["123456789012", "6222021234567890123", "0012"],
    ["-12.5", "1e5", "12345E678901"], ["<&>]]>", "&amp;", "%s%n"], ["x  y", ";", "|"],
    ["TRUE", "#N/A", "2026-01-05"], ["", "", "last"], ["汉" * 32767, "", "long"],
    ["😀" * 16383, "", "units"],
]
HEADS = ["名称", "税号#", "备注"]


def find_python():
    for python in PYTHONS:
        if shutil.which(python) and subprocess.run([python, "-c", "import openpyxl"],
                                                   stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def run(*args, text=None):
    done = subprocess.run([TOOL] + list(args), input=text, capture_output=True, timeout=kp.LIMIT)
    return done.returncode, done.stdout, done.stderr.decode()


def look(python, path):
    done = subprocess.run([python, "-c", LOOK, path], capture_output=True, timeout=kp.LIMIT)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-1000:])
    return json.loads(done.stdout)


def padded(rows, width=3):
    return [[c or None for c in row] + [None] * (width - len(row)) for row in rows]


def safe(cell):
    """What a cell of a CSV may be for a spreadsheet program."""
    number = cell[1:].replace(".", "", 1).isdigit() and cell[0] == "-" if cell else False
    return number or not cell or cell[0] not in "=+-@\t\r＝＋－＠"


def check_workbook(t, python, folder):
    path = os.path.join(folder, "cells.xlsx")
    code, _, err = run("cells", path, "xlsx", text=json.dumps([HEADS] + NASTY).encode())
    t.ok(code == 0, "a workbook of odd texts is written", err)
    sheet, = look(python, path)
    t.same(sheet["types"], ["s"], "openpyxl finds texts only, no formula, no number")
    want = [["名称", "税号", "备注"]] + NASTY
    # openpyxl leaves _xHHHH_ of cells as it stands in the file.
    masked = [[c.replace("_x000D_", "_x005F_x000D_").replace("_x005F_x005F_", "_x005F_")
               for c in row] for row in want]
    masked[6][1] = "_x005F_x005F_x005F_x000D_"
    got = sheet["rows"]
    bad = [(g, w, m) for grow, wrow, mrow in zip(got, padded(want), padded(masked))
           for g, w, m in zip(grow, wrow, mrow) if g not in (w, m)]
    t.ok(not bad and len(got) == len(want), "with the very same characters", bad[:3])
    t.same(sheet["freeze"], "A2", "the heading row is frozen")
    t.ok(all(sheet["bold"]), "and bold")
    t.same([f[1] for f in sheet["formats"][1:]], ["@"], "cells of ids have the text format")


def check_templates(t, python, folder):
    for table in ("buyers", "goods", "taxcodes"):
        with open(os.path.join(kp.ROOT, "templates", "sheets", table + ".json"),
                  encoding="utf-8") as f:
            spec = json.load(f)
        path = os.path.join(folder, table + ".xlsx")
        code, _, err = run("template", path, "xlsx", table)
        t.ok(code == 0, "the template of %s is written" % table, err)
        sheets = look(python, path)
        first, columns = sheets[0], spec["columns"]
        t.same((first["name"], len(first["rows"]), first["freeze"]), (spec["title"], 1, "A2"),
               "%s: one sheet with a frozen heading row and no other" % table)
        t.same(first["rows"][0],
               [c["title"] + ("*" if c.get("required") else "") for c in columns],
               "%s: the headings, required ones marked" % table)
        t.same(len(first["notes"]), len(columns), "%s: a note on every heading" % table)
        want = [c for c in columns if c.get("choices")]
        t.same((len(first["lists"]), {v[2] for v in first["lists"]}), (len(want), {"list"}),
               "%s: a list for every column of choices" % table)
        t.ok(all(v[0].endswith("1048576") for v in first["lists"]), "%s: on every row" % table,
             first["lists"])
        examples = sheets[1]
        t.same((examples["name"], examples["types"]), ("示例", ["s"]),
               "%s: examples on a second sheet, as texts" % table)
        flat = [c for row in examples["rows"] for c in row if c]
        t.ok(all(n in flat for n in spec["notes"]), "%s: and the notes" % table)
        long_lists = [v for v in first["lists"] if not v[1].startswith('"')]
        for sqref, formula, _ in long_lists:
            hidden = next(s for s in sheets if s["name"] == formula.split("!")[0])
            column = columns[ord(sqref[0]) - 65]
            got = [r[ord(sqref[0]) - 65] for r in hidden["rows"]]
            t.same((hidden["state"], got), ("hidden", column["choices"]),
                   "%s: a long list stands on a hidden sheet" % table)
        code, out, err = run("read", path, table)
        doc = json.loads(out.splitlines()[-1]) if code == 0 else {}
        t.same((doc.get("rows"), doc.get("unknown")), (0, []),
               "%s: the untouched template holds no rows" % table, err)


def check_csv(t, folder):
    text = json.dumps([HEADS] + NASTY[:14]).encode()
    for form, coding in (("utf8bom", "utf-8-sig"), ("utf8", "utf-8"), ("gbk", "gb18030")):
        code, out, err = run("cells", "-", form, text=text)
        t.ok(code == 0, "%s to standard output" % form, err)
        rows = list(csv.reader(io.StringIO(out.decode(coding), newline="")))
        t.same(len(rows), 15, "%s: as many rows" % form)
        t.ok(all(safe(c) for row in rows for c in row), "%s: no cell starts a formula" % form,
             [c for row in rows for c in row if not safe(c)])


def check_libreoffice(t, folder):
    what = "LibreOffice reads the same cells"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        t.skip(what, "没有 LibreOffice")
        return
    rows = [r for r in NASTY if len(r[0]) < 1000 and not any("_x0" in c for c in r)]
    path = os.path.join(folder, "office.xlsx")
    run("cells", path, "xlsx", text=json.dumps([HEADS] + rows).encode())
    # Separator comma, quote ", UTF-8, every cell as shown and quoted.
    done = subprocess.run(
        [office, "-env:UserInstallation=file://" + os.path.join(folder, "profile"), "--headless",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true", "--outdir", folder,
         path], capture_output=True, timeout=240)
    made = os.path.join(folder, "office.csv")
    if not os.path.exists(made):
        t.ok(False, what, done.stderr.decode())
        return
    with open(made, encoding="utf-8", newline="") as f:
        got = list(csv.reader(f))
    t.same(got, [["名称", "税号", "备注"]] + rows, what)


def check_bureau(t, python, folder):
    """Workbooks of the tax bureau's layouts, made by openpyxl, go in unchanged."""
    make = r"""
import json, sys, openpyxl
spec = json.load(sys.stdin)
wb = openpyxl.Workbook()
ws = wb.active
ws.title = spec["sheet"]
for row in spec["rows"]:
    ws.append(row)
if spec["merge"]:
    ws.merge_cells(spec["merge"])
wb.save(sys.argv[1])
"""
    cases = (
        ("goods", "项目信息导入", "A1:K1",
         [["填表说明：\n1、项目名称：无需填写商品和服务税收分类简称"],
          ["必填\n(限100字符)", "非必填", "必填\n(限19字符)"],
          ["项目名称", "项目分类", "商品和服务税收分类编码", "规格型号", "单位", "单价", "是否含税",
           "简码", "税率", "是否使用优惠政策", "优惠政策类型"],
          ["水泥", "建材", "1080101020000000000", "P.O 42.5", "吨", 420.5, "Y", "SN", 0.13, "N", None],
          ["软件开发", None, "3040201010000000000", None, None, None, None, None, "6%", "是",
           "按3%简易征收"]],
         [{"row": 4, "name": "水泥", "category": "建材", "tax_code": "1080101020000000000",
           "spec": "P.O 42.5", "unit": "吨", "price": "420.5", "inclusive": "Y", "mnemonic": "SN",
           "rate": "0.13", "has_preference": "N"},
          {"row": 5, "name": "软件开发", "tax_code": "3040201010000000000", "rate": "0.06",
           "has_preference": "Y", "preference": "按3%简易征收"}]),
        ("buyers", "客户信息", "A1:I1",
         [["客户信息"], ["说明：带*为必填项"],
          ["客户名称*", "统一社会信用代码/纳税人识别号", "简码", "地址", "电话", "开户行名称",
           "银行账号", "联系邮箱", "是否默认地址"],
          ["深圳市晴川数码贸易有限公司\n", "91440300makp0a011y ", "QC", "科苑路", 75586001234, "中行",
           "7452 0001 8800", "a@b.c", "Y"],
          ["王小明（个人）"]],
         [{"row": 4, "name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y",
           "mnemonic": "QC", "address": "科苑路", "phone": "75586001234", "bank": "中行",
           "account": "7452 0001 8800", "email": "a@b.c", "is_default": "Y"},
          {"row": 5, "name": "王小明（个人）"}]),
    )
    for table, sheet, merge, rows, want in cases:
        path = os.path.join(folder, "bureau.xlsx")
        subprocess.run([python, "-c", make, path], check=True, timeout=kp.LIMIT,
                       input=json.dumps({"sheet": sheet, "merge": merge, "rows": rows}).encode())
        code, out, err = run("read", path, table)
        docs = [json.loads(line) for line in out.splitlines()]
        t.same(docs, want + [{"sheet": sheet, "unknown": [], "rows": 2}],
               "the bureau's %s goes in unchanged" % sheet, err)


def check_reference(t):
    """The headings of the bureau's workbooks as they were found, every one known."""
    where = kp.shared("data", "templates.json")
    what = "every heading of the bureau's workbooks is known"
    if not where:
        t.skip(what, "没有参考资料")
        return
    with open(where, encoding="utf-8") as f:
        spec = json.load(f)
    cases = (("goods", spec["etax_item_master"]["columns"]),
             ("buyers", spec["etax_customer_master_as_used"]["columns"]),
             ("goods", spec["etax_mingxi_mx20250501"]["columns"]))
    with tempfile.TemporaryDirectory() as folder:
        for table, columns in cases:
            path = os.path.join(folder, "x.csv")
            with open(path, "w", encoding="utf-8") as f:
                f.write("\n\n" + ",".join(columns) + "\n" + ",".join("1" for _ in columns) + "\n")
            code, out, err = run("read", path, table)
            doc = json.loads(out.splitlines()[-1]) if code == 0 else {}
            t.same((doc.get("unknown"), doc.get("rows")), ([], 1), what, err, columns)


def main():
    if not os.path.exists(TOOL):
        kp.skip_all("没有 sheetwrite（make tools）")
    python = find_python()
    with kp.Tap() as t, tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        if python:
            check_workbook(t, python, folder)
            check_templates(t, python, folder)
            check_bureau(t, python, folder)
        else:
            t.skip("openpyxl reads what is written", "没有 openpyxl")
        check_csv(t, folder)
        check_libreoffice(t, folder)
        check_reference(t)


if __name__ == "__main__":
    main()
