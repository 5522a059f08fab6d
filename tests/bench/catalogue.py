"""Workbooks of buyers: the whole import (read, checked, indexed, durable) against inflating and
parsing alone, and against two programs that only read; reading alone against the same; the memory
of large ones; the export against the bare library."""
import csv
import json
import os
import random
import shutil
import subprocess
import time

from measure import (DATA, Fault, Row, duration, environment, median, program, run, times,
                     tool)

ROWS, LARGE, ROUNDS, PEER_ROUNDS = 100000, 1000000, 5, 2
RSS_MIB = 96
HEADS = "客户名称 纳税人识别号 简码 地址 电话 开户行名称 银行账号 联系邮箱 是否默认地址".split()
CITIES = "北京 上海 深圳 广州 杭州 南京 武汉 成都 重庆 西安 苏州 天津".split()
WORDS = ("华建信达通瑞恒泰鑫源盛隆宏昌嘉和安康宇博金百联汇创智云海天正德润丰科力美佳永兴万大中元"
         "亿利长乐行单曾")
TRADES = ("科技 贸易 建筑工程 电子商务 信息技术 餐饮管理 物流 机械设备 装饰工程 医疗器械 文化传播 环保"
          " 生物科技 食品").split()
FORMS = "有限公司 股份有限公司 有限责任公司".split()
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGIONS = [110108, 310115, 440300, 440106, 330100, 320100]


WRONG = 0.01  # of the tax numbers


def tax_no(rng):
    """A credit code; few have the wrong check character (GB 32100)."""
    code = "91%06d" % rng.choice(REGIONS) + "".join(rng.choice(SIGNS) for _ in range(9))
    total = sum(SIGNS.index(c) * pow(3, k, 31) for k, c in enumerate(code))
    return code + SIGNS[(-total + (rng.random() < WRONG)) % 31]


def buyer(rng, i):
    def some(n):
        return "".join(rng.choice(WORDS) for _ in range(n))
    name = rng.choice(CITIES) + some(rng.choice([2, 2, 2, 3, 4])) + rng.choice(TRADES) \
        + rng.choices(FORMS, [8, 1, 1])[0]
    return [name, tax_no(rng), "", "%s市%s区%s路%d号" % (rng.choice(CITIES), some(1), some(2),
                                                  rng.randint(1, 999)),
            "1%010d" % rng.randrange(10**10),
            "中国%s银行%s支行" % (rng.choice(["工商", "建设", "农业"]), rng.choice(CITIES)),
            "62%017d" % rng.randrange(10**17), "a%d@example.com" % i, "Y"]


def table(count):
    """The rows as a file of tabs: written once."""
    path = os.path.join(DATA, "customers-%d.tsv" % count)
    if not os.path.exists(path):
        os.makedirs(DATA, exist_ok=True)
        rng = random.Random(1)
        with open(path + ".part", "w", encoding="utf-8") as f:
            f.write("\t".join(HEADS) + "\n")
            for i in range(count):
                f.write("\t".join(buyer(rng, i)) + "\n")
        os.rename(path + ".part", path)
    return path


def workbook(count, mode):
    path = os.path.join(DATA, "customers-%d-%s.xlsx" % (count, mode))
    if not os.path.exists(path):
        run([tool("bare_xlsx"), mode, table(count), path + ".part"])
        os.rename(path + ".part", path)
    return path


def new_home():
    """A home with a unit that nobody has verified: enough for catalogues."""
    home = os.path.join(DATA, "home-catalogue")
    shutil.rmtree(home, ignore_errors=True)
    key = os.path.join(DATA, "catalogue.key")
    with open(key, "w", encoding="ascii") as f:
        f.write("0" * 32)
    os.chmod(key, 0o600)
    verb = [program("kaipiao"), "--home", home]
    run(verb + ["init"])
    run(verb + ["unit", "add", "--role", "direct", "--name", "总部", "--taxno", "91440300MAKP0A011Y",
                "--leqi-id", "0" * 20, "--key-file", key, "--env", "演练",
                "--url", "https://localhost:8443/access/v2/invoke"])
    run(verb + ["unit", "add", "--role", "using", "--direct", "91440300MAKP0A011Y", "--name", "总部",
                "--taxno", "91440300MAKP0A011Y", "--leqi-id", "0" * 19 + "1",
                "--region", "14403000000"])
    return home


def kaipiao(home, *args):
    """(seconds, document, MiB at most) of one verb."""
    start = time.monotonic()
    p = subprocess.Popen([program("kaipiao"), "--json", "--home", home, *args],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
                         stdin=subprocess.DEVNULL, text=True)
    out = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    seconds = time.monotonic() - start
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        raise Fault("%s: exit %d: %s" % (" ".join(args[:3]), p.returncode, p.stderr.read()))
    return seconds, json.loads(out), used.ru_maxrss // 1024


def python_with_openpyxl():
    for python in (shutil.which("python3"), "/usr/bin/python3"):
        if python and subprocess.run([python, "-c", "import openpyxl"],
                                     capture_output=True).returncode == 0:
            return python
    raise Fault("no Python has openpyxl")


READ_ALL = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
for row in book.worksheets[0].iter_rows(values_only=True):
    pass
"""


def import_rows(mode):
    path = workbook(ROWS, mode)
    ours, least = [], []
    for _ in range(ROUNDS):  # in turns
        least.append(run([tool("inflate"), path]).wall)
        home = new_home()
        seconds, doc, _ = kaipiao(home, "buyers", "import", path)
        if doc["rows"] != ROWS or doc["failed"]:
            raise Fault("imported %s" % doc)
        ours.append(seconds)
    what = "import of %d buyers, %s strings" % (ROWS, mode)
    mine, base = median(ours), median(least)
    yield Row(what, duration(mine), duration(base) + " inflate+expat", times(mine / base), "≤ 2.5x",
              mine / base <= 2.5)
    reading = median([run([tool("sheetdump"), "-c", path]).wall for _ in range(ROUNDS)])
    for name, command, wanted in (
            ("openpyxl reading", [python_with_openpyxl(), "-c", READ_ALL, path], 10),
            ("xlsx2csv reading", ["xlsx2csv", path, os.devnull], 3)):
        peer = min(run(command).wall for _ in range(PEER_ROUNDS))
        for label, taken in ((what, mine), ("reading alone, %s strings" % mode, reading)):
            yield Row(label, duration(taken), "%s %s" % (duration(peer), name),
                      times(peer / taken), "≥ %dx faster" % wanted, peer / taken >= wanted)


def large_import(mode):
    home = new_home()
    seconds, doc, mib = kaipiao(home, "buyers", "import", workbook(LARGE, mode))
    if doc["rows"] != LARGE or doc["failed"]:
        raise Fault("imported %s" % doc)
    yield Row("memory of an import of %d rows, %s strings" % (LARGE, mode), "%d MiB" % mib, "",
              duration(seconds), "≤ %d MiB" % RSS_MIB, mib <= RSS_MIB)


def export_rows():
    home = new_home()
    kaipiao(home, "buyers", "import", workbook(ROWS, "inline"))
    out, cells = os.path.join(DATA, "out.xlsx"), os.path.join(DATA, "out.tsv")
    comma = os.path.join(DATA, "out.csv")
    kaipiao(home, "buyers", "export", "-o", comma, "--csv", "utf8", "--replace")
    with open(comma, encoding="utf-8", newline="") as f, open(cells, "w", encoding="utf-8") as g:
        for row in csv.reader(f):
            g.write("\t".join(row) + "\n")
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(run([tool("bare_xlsx"), "inline", cells, out]).wall)
        ours.append(kaipiao(home, "buyers", "export", "-o", out, "--replace")[0])
    ratio = median(ours) / median(bare)
    yield Row("export of %d buyers" % ROWS, duration(median(ours)),
              duration(median(bare)) + " bare libxlsxwriter", times(ratio), "≤ 1.3x", ratio <= 1.3)


def measure():
    return [*import_rows("shared"), *import_rows("inline"), *large_import("shared"),
            *large_import("inline"), *export_rows()]
