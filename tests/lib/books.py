"""Workbooks and a home with a unit of nobody's: what the tests of catalogues start from.

openpyxl is not needed to read or write what is made here: workbook() writes plain OOXML by hand, so
that a test decides on every byte, and cells() reads back what the program writes.
"""
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as tree
import zipfile
from xml.sax.saxutils import escape

SELLER, OTHER = "91440300MAKP0A011Y", "91440300MA5EABCD0X"
BUYER_HEADS = ["客户名称", "纳税人识别号", "简码", "地址", "电话", "开户行名称", "银行账号", "联系邮箱",
               "是否默认地址"]
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CODE, CODE_OTHER = "1090509010000000000", "3040201010000000000"


def office(home, sellers=(SELLER,)):
    """A home with units that nobody has verified: enough for catalogues."""
    home.run("init", check=0)
    key = home.file("0" * 32, "key.txt")
    os.chmod(key, 0o600)
    home.run("unit", "add", "--role", "direct", "--name", "总部", "--taxno", SELLER, "--leqi-id",
             "0" * 20, "--key-file", key, "--env", "演练",
             "--url", "https://localhost:8443/access/v2/invoke", check=0)
    with home.direct_verified():
        for i, tax_no in enumerate(sellers):
            home.run("unit", "add", "--role", "using", "--direct", SELLER, "--name",
                     "公司%d" % i, "--taxno", tax_no, "--leqi-id", "%020d" % (i + 1), "--region",
                     "14403000000", check=0)


SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def tax_no(i):
    """The i-th credit code whose check character is right (GB 32100)."""
    body = "91440300MA%07d" % i
    total = sum(SIGNS.index(c) * 3**k for k, c in enumerate(body))
    return body + SIGNS[-total % 31]


def letter(column):
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def cell(at, value):
    """A text is an inline string, a number a number; ("t", xml) is taken as it stands."""
    if value is None or value == "":
        return ""
    if isinstance(value, tuple):
        return '<c r="%s"%s' % (at, value[1])
    if isinstance(value, int):
        return '<c r="%s"><v>%d</v></c>' % (at, value)
    return '<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (at,
                                                                                 escape(value))


def sheet_xml(rows, first=1):
    lines = []
    for i, row in enumerate(rows, first):
        cells = "".join(cell(letter(k) + str(i), value) for k, value in enumerate(row))
        lines.append('<row r="%d">%s</row>' % (i, cells))
    return '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="%s"><sheetData>%s</sheetData>' \
        '</worksheet>' % (NS, "".join(lines))


def workbook(path, *sheets, parts=None):
    """sheets: (name, rows) or (name, xml); parts: further entries, or others in their place."""
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    entries = {
        "[Content_Types].xml": '<Types xmlns="%s"><Default Extension="xml" ContentType='
        '"application/xml"/><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/></Types>' % types,
        "_rels/.rels": '<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>' % (package, rel),
        "xl/workbook.xml": '<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            NS, rel, "".join('<sheet name="%s" sheetId="%d" r:id="r%d"/>' % (escape(name), i, i)
                             for i, (name, _) in enumerate(sheets, 1))),
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="%s">%s</Relationships>' % (
            package, "".join('<Relationship Id="r%d" Type="%s/worksheet" '
                             'Target="worksheets/sheet%d.xml"/>' % (i, rel, i)
                             for i in range(1, len(sheets) + 1))),
    }
    for i, (_, rows) in enumerate(sheets, 1):
        entries["xl/worksheets/sheet%d.xml" % i] = rows if isinstance(rows, str) \
            else sheet_xml(rows)
    entries.update(parts or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in entries.items():
            z.writestr(name, text)
    return path


def cells(path, sheet=1):
    """The rows of a sheet as the program wrote them: lists of texts, no empty tail."""
    with zipfile.ZipFile(path) as z:
        shared = []
        if "xl/sharedStrings.xml" in z.namelist():
            shared = ["".join(t.text or "" for t in si.iter("{%s}t" % NS))
                      for si in tree.fromstring(z.read("xl/sharedStrings.xml"))]
        rows = []
        for row in tree.fromstring(z.read("xl/worksheets/sheet%d.xml" % sheet)).iter(
                "{%s}row" % NS):
            line = []
            for c in row:
                column = 0
                for sign in re.match("[A-Z]+", c.get("r")).group():
                    column = column * 26 + ord(sign) - 64
                line += [""] * (column - len(line))
                value = c.find("{%s}v" % NS)
                if c.get("t") == "s":
                    line[column - 1] = shared[int(value.text)]
                else:
                    line[column - 1] = "".join(t.text or "" for t in c.iter("{%s}t" % NS)) \
                        or (value.text if value is not None else "")
            while line and not line[-1]:
                line.pop()
            rows.append(line)
        return rows


def layout(path):
    """What a person sees: {sheet: {row: cells}}, in the order of the sheets."""
    with zipfile.ZipFile(path) as z:
        names = [s.get("name") for s in tree.fromstring(z.read("xl/workbook.xml")).iter(
            "{%s}sheet" % NS)]
        numbers = [[int(r.get("r")) for r in tree.fromstring(
            z.read("xl/worksheets/sheet%d.xml" % i)).iter("{%s}row" % NS)]
            for i in range(1, len(names) + 1)]
    return {name: {n: row for n, row in zip(numbers[i], cells(path, i + 1)) if row}
            for i, name in enumerate(names)}


def python_with_openpyxl():
    """An interpreter that has openpyxl, or None."""
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if python and subprocess.run([python, "-c", "import openpyxl"],
                                     capture_output=True).returncode == 0:
            return python
    return None


def counts(doc):
    return tuple(doc[k] for k in ("rows", "added", "updated", "unchanged", "failed"))
