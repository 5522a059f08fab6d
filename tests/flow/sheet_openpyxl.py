#!/usr/bin/env python3
"""The reader of workbooks and openpyxl see the same cells.

Workbooks are made by openpyxl in all the ways it has, with random contents from a fixed seed; the
bureau's own workbook is compared too where it is at hand.
"""
import datetime
import decimal
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "lib"))
import kp  # noqa: E402

OTHER_PYTHON = "/usr/bin/python3"  # Debian's modules may be out of sight of another interpreter
try:
    import openpyxl
    import openpyxl.chart
except ImportError:
    if sys.executable != OTHER_PYTHON and subprocess.call(
            [OTHER_PYTHON, "-c", "import openpyxl"], stderr=subprocess.DEVNULL) == 0:
        os.execv(OTHER_PYTHON, [OTHER_PYTHON] + sys.argv)
    kp.skip_all("openpyxl is not installed (package python3-openpyxl)")
from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: E402

DUMP = os.path.join(os.path.abspath(os.environ.get("BUILD", os.path.join(kp.ROOT, "build"))),
                    "bench", "sheetdump")
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060"
                       "\u2066-\u2069\ufeff]")


# ---- what the program reads ----------------------------------------------------------------------
def ours(path, sheet):
    run = subprocess.run([DUMP, "-k", path, str(sheet)], capture_output=True, text=True)
    if run.returncode:
        return {"error": run.stderr}
    cells = {}
    for line in run.stdout.split("\n")[:-1]:
        number, *row = line.split("\t")
        for column, cell in enumerate(row, 1):
            kind, _, text = cell.partition(":")
            if kind != "e":
                text = re.sub(r"\\([tn\\])", lambda m: {"t": "\t", "n": "\n"}.get(m[1], "\\"), text)
                cells[int(number), column] = kind, text
    return cells


# ---- what openpyxl reads, in the same words ------------------------------------------------------
def unit(match):
    return chr(int(match[1], 16))


def clean(text):
    text = re.sub("_x([0-9A-Fa-f]{4})_", unit, text)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def number(value):
    """At most 15 digits, as a workbook program shows them; the half goes up."""
    exact = decimal.Decimal(repr(value))
    if abs(exact) >= 10 ** 15:
        return exact
    return decimal.Context(prec=15, rounding=decimal.ROUND_HALF_UP).plus(exact)


def moment(value):
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S")
    value += datetime.timedelta(microseconds=500000)
    day = "%04d-%02d-%02d" % (value.year, value.month, value.day)
    clock = value.strftime("%H:%M:%S")
    return day if clock == "00:00:00" else day + " " + clock


def theirs(cell):
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return "f", value
    if isinstance(value, bool):
        return "b", "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return "n", number(value)
    if isinstance(value, (datetime.datetime, datetime.time)):
        return "d", moment(value)
    text = clean(str(value))
    return ("t", text) if text else None


def same(mine, other):
    if mine is None or other is None:
        # A formula that was never calculated has no value for openpyxl.
        return mine == other or (other is None and mine[0] == "f" and mine[1].startswith("#公式"))
    kind, text = mine
    if kind.startswith("n") and other[0] == "n":
        return decimal.Decimal(text) == other[1] or kind == "n!"
    return (kind, text) == other


def compare(t, path, what):
    book = openpyxl.load_workbook(path, data_only=True)
    cells = faults = 0
    details = []
    for index, sheet in enumerate(book.worksheets, 1):
        mine = ours(path, index)
        if "error" in mine:
            return t.ok(False, what, mine["error"])
        for row in sheet.iter_rows(max_col=256):
            for cell in row:
                got = mine.pop((cell.row, cell.column), None)
                if isinstance(cell, openpyxl.cell.MergedCell):
                    continue  # a stream knows what is merged only after the rows
                want = theirs(cell)
                cells += want is not None
                if not same(got, want):
                    faults += 1
                    details.append("%s %s: %r, openpyxl %r" % (sheet.title, cell.coordinate, got,
                                                               want))
        details += ["%s %s: %r, openpyxl nothing" % (sheet.title, k, v) for k, v in mine.items()]
    return t.ok(not details and cells, "%s: %d cells" % (what, cells), *details[:10])


# ---- workbooks -----------------------------------------------------------------------------------
ALPHABETS = ["abcXYZ 019.,-", "购方信息纳税人识别号（有限公司）", "éß€ÆøĄ", "🧾𠮷𠀀", "<>&\"'\t\n", "_x00"]


def text(rng):
    letters = rng.choice(ALPHABETS) + rng.choice(ALPHABETS)
    return "".join(rng.choice(letters) for _ in range(rng.choice((1, 3, 12, 80))))


def a_number(rng):
    return rng.choice((
        lambda: rng.randint(-10 ** 6, 10 ** 6),
        lambda: rng.randint(0, 10 ** 14),
        lambda: round(rng.uniform(0, 10 ** 6), 2),
        lambda: rng.uniform(-1, 1) * 10 ** rng.randint(-12, 12),
        lambda: rng.randint(1, 10 ** 9) / 1.13,
        lambda: rng.randint(1, 99) / 100))()


def a_moment(rng, epoch):
    start = datetime.datetime(1904, 1, 2) if epoch else datetime.datetime(1900, 3, 1)
    return rng.choice((
        lambda: start + datetime.timedelta(days=rng.randrange(90000)),
        lambda: start + datetime.timedelta(seconds=rng.randrange(90000 * 86400)),
        lambda: datetime.time(rng.randrange(24), rng.randrange(60), rng.randrange(60)),
        lambda: datetime.date(2026, 1, 1) + datetime.timedelta(days=rng.randrange(366))))()


def value(rng, epoch):
    return rng.choice((
        lambda: text(rng), lambda: text(rng), lambda: a_number(rng), lambda: a_number(rng),
        lambda: a_moment(rng, epoch), lambda: rng.random() < 0.5, lambda: None,
        lambda: rng.choice(("#N/A", "#DIV/0!", "#REF!"))))()


def fill(sheet, rng, rows, columns, epoch):
    for _ in range(rows):
        sheet.append([value(rng, epoch) if rng.random() < 0.8 else None for _ in range(columns)])


def random_book(path, seed, write_only, epoch=None):
    rng = random.Random(seed)
    book = openpyxl.Workbook(write_only=write_only)
    if epoch:
        book.epoch = epoch
    for name in ("客户信息", "b & <c>", "third"):
        fill(book.create_sheet(name), rng, 200, 12, epoch)
    book.save(path)


def odd_book(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.merge_cells("A1:F2")
    sheet["A1"] = "合并的标题"
    sheet["C7"] = "far away"
    sheet["IV9"], sheet["A400"] = 256, "last"
    sheet["B10"], sheet["B11"] = "=1+1", '=CONCATENATE("a","b")'
    for i, code in enumerate(("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "mm-dd-yy", "h:mm:ss", "0.00",
                              "#,##0.00", "@", '0"day"', "[Red]0", "mmm-yy", "[$-804]d/m"), 20):
        sheet.cell(i, 1, 45000.25 + i).number_format = code
        sheet.cell(i, 2, "45000").number_format = code
    for i, serial in enumerate((1, 31, 58, 61, 62, 366, 2958465, 36526.999988), 40):
        sheet.cell(i, 1, serial).number_format = "yyyy-mm-dd hh:mm:ss"
    sheet["A60"], sheet["A61"] = "  blanks  ", "line\nfeed\r\nand return"
    sheet["A62"], sheet["A63"] = "x" * 32767, "字" * 32767
    hidden = book.create_sheet("藏")
    hidden.sheet_state = "hidden"
    hidden["B2"] = "seen"
    book.create_chartsheet("图").add_chart(openpyxl.chart.BarChart())
    book.create_sheet("empty")
    book.create_sheet("after")["A1"] = 1
    book.save(path)


def main():
    with kp.Tap() as t, tempfile.TemporaryDirectory(prefix="openpyxl-") as folder:
        path = os.path.join(folder, "book.xlsx")
        for seed in range(4):
            random_book(path, seed, seed % 2 == 1)
            compare(t, path, "random cells, %s" % ("written row by row" if seed % 2 else "at once"))
        random_book(path, 9, False, CALENDAR_MAC_1904)
        compare(t, path, "random cells, days from 1904")
        odd_book(path)
        compare(t, path, "merged, far, formatted, long, hidden")
        listed = subprocess.run([DUMP, "-l", path], capture_output=True, text=True).stdout
        t.same(listed, "1\tvisible\tSheet\n2\thidden\t藏\n3\tvisible\tempty\n4\tvisible\tafter\n",
               "sheets have their names and states")
        bureau = kp.shared("data", "etax-mingxi-import-template.xlsx")
        if bureau:
            compare(t, bureau, "the bureau's workbook")
        else:
            t.skip("the bureau's workbook", "it is not at hand")


if __name__ == "__main__":
    main()
