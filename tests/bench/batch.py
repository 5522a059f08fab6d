"""The tax bureau's 批量开票 workbook: read, joined, checked, computed and stored durably, against
inflating and parsing alone and against two programs that only read it; its memory; and what issuing
a batch costs beside issuing the same invoices as one JSON array."""
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from xml.sax.saxutils import escape

from measure import DATA, ROOT, Fault, Row, duration, median, run, times, tool

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import books  # noqa: E402
from catalogue import python_with_openpyxl  # noqa: E402
from kp import Home, Sandbox  # noqa: E402

ORDERS, LINES, LARGE_ORDERS, LARGE_LINES = 20000, 100000, 200000, 1000000
ISSUED, ROUNDS, PEER_ROUNDS, RSS_MIB = 2000, 5, 2, 64
HEADS = ("发票流水号 发票类型 特定业务类型 是否含税 受票方自然人标识 购买方名称 购买方纳税人识别号 购买方证件类型"
         " 购买方证件号码 购买方国籍（或地区） 购买方地址 购买方所在地区（报废产品收购必填）"
         " 购买方所在地区（报废产品收购必填） 购买方所在地区（报废产品收购必填）"
         " 购买方所在地区（报废产品收购必填） 购买方详细地址（报废产品收购必填） 购买方电话 购买方开户银行"
         " 购买方银行账号 是否展示购买方地址电话银行账号 是否开具涉税专业服务发票品目 涉税专业服务协议编号 备注"
         " 报废产品销售类型 每千克煤炭发热量 干基全硫 干燥无灰基挥发分 销售方开户行 销售方银行账号"
         " 是否展示销售方地址电话银行账号 购买方邮箱 购买方经办人姓名 购买方经办人证件类型 购买方经办人证件号码"
         " 经办人国籍(地区) 经办人自然人纳税人识别号 放弃享受减按1%征收率原因 收款人 复核人").split()
DETAILS = ("发票流水号 项目名称 商品和服务税收编码 规格型号 单位 数量 单价 金额 税率 折扣金额 是否使用优惠政策"
           " 优惠政策类型 即征即退类型 煤炭种类").split()
GOODS = (("软件开发", "3040201010000000000", "", "项", "0.06"),
         ("抽取式面巾纸", "1060105040000000000", "20包", "箱", "0.13"),
         ("笔记本电脑", "1090509010000000000", "X1 Carbon", "台", "0.13"))


def order(rng, i):
    n = rng.randrange(3000)
    said = {"发票流水号": "XS2026%08d" % i, "发票类型": ("普通发票", "增值税专用发票")[i % 2],
            "是否含税": "是", "受票方自然人标识": "否", "购买方名称": "批量购买方第%04d号有限公司" % n,
            "购买方纳税人识别号": books.tax_no(n), "购买方地址": "深圳市南山区科苑路%d号" % n,
            "购买方电话": "0755-%08d" % n, "购买方开户银行": "中国银行深圳第%d支行" % (n % 90),
            "购买方银行账号": "6222%015d" % n, "是否展示购买方地址电话银行账号": "否",
            "是否开具涉税专业服务发票品目": "否", "备注": "合同 %d" % i,
            "是否展示销售方地址电话银行账号": "否", "购买方邮箱": "ap%d@example.com" % n,
            "购买方经办人姓名": "张三", "收款人": "李四", "复核人": "王五"}
    return [said.get(head, "") for head in HEADS]


def detail(rng, i):
    name, code, spec, unit, rate = GOODS[rng.randrange(3)]
    price, count = rng.randrange(100, 99999), rng.randrange(1, 50)
    said = {"发票流水号": "XS2026%08d" % i, "项目名称": name, "商品和服务税收编码": code,
            "规格型号": spec, "单位": unit, "数量": str(count),
            "单价": "%d.%02d" % divmod(price, 100), "金额": "%d.%02d" % divmod(price * count, 100),
            "税率": rate, "折扣金额": "0.50" if rng.random() < 0.1 else "", "是否使用优惠政策": "否"}
    return [said.get(head, "") for head in DETAILS]


class Strings:
    """The shared strings, in the order in which cells name them first."""

    def __init__(self):
        self.numbers, self.uses = {}, 0

    def number(self, text):
        self.uses += 1
        return self.numbers.setdefault(text, len(self.numbers))


def write_sheet(package, name, heads, rows, strings):
    columns = [books.letter(k) for k in range(len(heads))]
    with package.open(name, "w", force_zip64=True) as out:
        out.write(('<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="%s"><sheetData>'
                   % books.NS).encode())
        for n, row in enumerate([["填表说明"], ["必填"] * len(heads), heads], 1):
            out.write(row_xml(n, row, columns, strings))
        for n, row in enumerate(rows, 4):
            out.write(row_xml(n, row, columns, strings))
        out.write(b"</sheetData></worksheet>")


def row_xml(n, row, columns, strings):
    cells = "".join('<c r="%s%d" s="1"/>' % (at, n) if not value else
                    '<c r="%s%d" s="1" t="s"><v>%d</v></c>' % (at, n, strings.number(value))
                    for at, value in zip(columns, row))
    return ('<row r="%d" spans="1:%d">%s</row>' % (n, len(columns), cells)).encode()


def frame():
    """What a workbook has besides sheets and strings."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    package = "http://schemas.openxmlformats.org/package/2006/"
    parts = [("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"),
             ("worksheets/sheet2.xml", "worksheet"), ("styles.xml", "styles"),
             ("sharedStrings.xml", "sharedStrings")]
    yield "[Content_Types].xml", (
        '<Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/>%s</Types>' % (package, "".join(
            '<Override PartName="/xl/%s" ContentType="%s%s+xml"/>' % (name, types, word)
            for name, word in parts)))
    yield "_rels/.rels", (
        '<Relationships xmlns="%srelationships"><Relationship Id="r1" Type="%sofficeDocument" '
        'Target="xl/workbook.xml"/></Relationships>' % (package, kind))
    yield "xl/workbook.xml", (
        '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="1-发票基本信息" sheetId="1" '
        'r:id="r1"/><sheet name="2-发票明细信息" sheetId="2" r:id="r2"/></sheets></workbook>' % (
            books.NS, kind[:-1]))
    yield "xl/_rels/workbook.xml.rels", (
        '<Relationships xmlns="%srelationships">%s</Relationships>' % (package, "".join(
            '<Relationship Id="r%d" Type="%s%s" Target="%s"/>' % (
                n, kind, word.replace("sheet.main", ""), name)
            for n, (name, word) in enumerate(parts[1:], 1))))
    yield "xl/styles.xml", (
        '<styleSheet xmlns="%s"><fonts count="1"><font/></fonts><fills count="1"><fill>'
        '<patternFill/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="49"/></cellXfs></styleSheet>'
        % books.NS)


def workbook(orders, lines):
    """Written once, by a process of its own: what it needs would count as memory of children."""
    path = os.path.join(DATA, "orders-%d-%d.xlsx" % (orders, lines))
    if not os.path.exists(path):
        run([sys.executable, os.path.abspath(__file__), path, str(orders), str(lines)])
    return path


def write(path, orders, lines):
    """All cells are shared strings, empty ones have a style, as in the bureau's template."""
    os.makedirs(DATA, exist_ok=True)
    rng, strings = random.Random(7), Strings()
    with zipfile.ZipFile(path + ".part", "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in frame():
            package.writestr(name, text)
        write_sheet(package, "xl/worksheets/sheet1.xml", HEADS,
                    (order(rng, i) for i in range(orders)), strings)
        write_sheet(package, "xl/worksheets/sheet2.xml", DETAILS,
                    (detail(rng, i * orders // lines) for i in range(lines)), strings)
        with package.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
            out.write(('<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="%s" count="%d" '
                       'uniqueCount="%d">' % (books.NS, strings.uses,
                                              len(strings.numbers))).encode())
            for text in strings.numbers:
                out.write(("<si><t>%s</t></si>" % escape(text)).encode())
            out.write(b"</sst>")
    os.rename(path + ".part", path)


READ_ALL = """
import sys, openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets:
    for row in sheet.iter_rows(values_only=True):
        pass
"""


def add(home, path, orders, *more):
    """(seconds, MiB at most) of reading the file."""
    start = time.monotonic()
    p = subprocess.Popen(home.command(["batch", "add", path, *more]), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=home.environ(), text=True)
    out = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    seconds = time.monotonic() - start
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode or json.loads(out)["ready"] != orders:
        raise Fault("batch add: exit %d: %s %s" % (p.returncode, out[:600], p.stderr.read()))
    return seconds, used.ru_maxrss / 1024


def fresh(home, kept):
    """The home as it was: nothing of the batches before."""
    shutil.rmtree(home.path)
    shutil.copytree(kept, home.path)


def reading(home, kept):
    path = workbook(ORDERS, LINES)
    ours, least, memory = [], [], []
    for _ in range(ROUNDS):  # in turns
        least.append(run([tool("inflate"), path]).wall)
        fresh(home, kept)
        seconds, mib = add(home, path, ORDERS)
        ours.append(seconds)
        memory.append(mib)
    what = "%d invoices, %d lines: read, checked, stored" % (ORDERS, LINES)
    mine, base = median(ours), median(least)
    yield Row(what, duration(mine), duration(base) + " inflate+expat", times(mine / base), "≤ 3x",
              mine / base <= 3)
    for name, command, wanted in (
            ("openpyxl reading", [python_with_openpyxl(), "-c", READ_ALL, path], 8),
            ("xlsx2csv reading", ["xlsx2csv", "-a", path, os.path.join(DATA, "csv-out")], None)):
        peer = min(run(command).wall for _ in range(PEER_ROUNDS))
        yield Row(what, duration(mine), "%s %s" % (duration(peer), name), times(peer / mine),
                  "≥ %dx faster" % wanted if wanted else "",
                  peer / mine >= wanted if wanted else None)
    yield Row("memory of that", "%d MiB" % max(memory), "", "", "≤ %d MiB" % RSS_MIB,
              max(memory) <= RSS_MIB)
    fresh(home, kept)
    seconds, mib = add(home, workbook(LARGE_ORDERS, LARGE_LINES), LARGE_ORDERS)
    yield Row("memory of %d lines" % LARGE_LINES, "%d MiB" % mib, "", duration(seconds), "", None)


def invoice(i):
    return {"order_no": "RUN-%06d" % i, "kind": "ordinary", "prices_include_tax": True,
            "buyer": {"name": "批量购买方第%d有限公司" % (i % 500), "tax_no": ""},
            "lines": [{"name": "软件开发", "tax_code": GOODS[0][1], "unit": "项", "quantity": "1",
                       "price": "530.00", "tax_rate": "0.06"}], "drawer": "张三"}


def cpu_of(action):
    def now():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    before, start = now(), time.monotonic()
    action()
    return time.monotonic() - start, now() - before


def issuing(home):
    """A batch against an array of as many, in turns; wall and CPU of the client."""
    walls, cpus = {"batch": [], "array": []}, {"batch": [], "array": []}
    for turn in range(3):
        for k, way in enumerate(("array", "batch")):
            first = (2 * turn + k) * ISSUED
            path = home.file([invoice(i) for i in range(first, first + ISSUED)])
            if way == "array":
                wall, cpu = cpu_of(lambda: home.run("--timeout", "300", "blue", "issue", path,
                                                    check=0, timeout=400))
            else:
                def both():
                    doc = home.run("batch", "add", path, check=0)[1]
                    got = home.run("--timeout", "300", "batch", "start", doc["batch"], check=0,
                                   timeout=400)[1]
                    if got["issued"] != ISSUED:
                        raise Fault("issued %s" % got)
                wall, cpu = cpu_of(both)
            walls[way].append(wall)
            cpus[way].append(cpu)
    for what, got, wanted in (("issuing %d as a batch, CPU of the client" % ISSUED, cpus, 1.5),
                              ("the same, wall", walls, None)):
        mine, peer = median(got["batch"]), median(got["array"])
        yield Row(what, duration(mine), duration(peer) + " as one array", times(mine / peer),
                  "≤ %.1fx" % wanted if wanted else "", mine / peer <= wanted if wanted else None)


def measure():
    with Sandbox(result_delay=10) as platform, Home() as home:
        home.setup(platform)
        home.run("numbers", "claim", 20000, check=0)
        home.run("quota", "download", "8000000.00", check=0)
        home.quick(poll_first_ms=100)
        kept = os.path.join(home.top, "kept")
        shutil.copytree(home.path, kept)
        rows = list(reading(home, kept))
        fresh(home, kept)
        return rows + list(issuing(home))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
