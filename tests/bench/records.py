"""开票记录 taken out: both sheets of a workbook against the bare library, memory, archives."""
import csv
import os
import subprocess
import time
import zipfile

from lists import home_of
from measure import DATA, Fault, Row, duration, environment, median, program, run, times, tool

INVOICES, ROUNDS, RSS_MIB = 100000, 3, 64


def export(home, out, *options):
    return run([program("kaipiao"), "--json", "--home", home, "invoices", "export", "-o", out,
                "--replace", *options])


def tab_separated(home):
    """The cells of both sheets, as the bare library gets them."""
    cells = os.path.join(DATA, "records.tsv")
    with open(cells, "w", encoding="utf-8") as to:
        for options in ((), ("--lines",)):
            comma = os.path.join(DATA, "records.csv")
            export(home, comma, "--csv", "utf8", *options)
            with open(comma, encoding="utf-8", newline="") as f:
                for row in csv.reader(f):
                    to.write("\t".join(row) + "\n")
    return cells


def peak(command):
    """MiB a program took at most, and its seconds."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    error = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Fault(error[-400:])
    return used.ru_maxrss // 1024, time.monotonic() - start


def export_rows(home):
    out, cells = os.path.join(DATA, "records.xlsx"), tab_separated(home)
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(run([tool("bare_xlsx"), "inline", cells, out]).wall)
        ours.append(export(home, out).wall)
    ratio = median(ours) / median(bare)
    yield Row("export of %d invoices, two sheets" % INVOICES, duration(median(ours)),
              duration(median(bare)) + " bare libxlsxwriter", times(ratio), "≤ 2.5x", ratio <= 2.5)
    mib, seconds = peak([program("kaipiao"), "--home", home, "invoices", "export", "-o", out,
                         "--replace"])
    yield Row("memory of that export", "%d MiB" % mib, "", duration(seconds),
              "≤ %d MiB" % RSS_MIB, mib <= RSS_MIB)


def archive_rows(home):
    rows = run([program("kaipiao"), "--json", "--home", home, "invoices", "list", "--state",
                "issued", "--limit", "60"]).json()["rows"]
    month = rows[0]["issued_at"][:7]
    out = os.path.join(DATA, "records.zip")
    mib, seconds = peak([program("kaipiao"), "--home", home, "invoices", "zip", "--month", month,
                         "--kind", "special", "--formats", "pdf,xml", "-o", out, "--replace"])
    files = len(zipfile.ZipFile(out).namelist())
    yield Row("archive of a month, %d files" % files, duration(seconds), "",
              "%.0f files/s" % (files / seconds))
    yield Row("memory of that archive", "%d MiB" % mib, "", "", "≤ %d MiB" % (2 * RSS_MIB),
              mib <= 2 * RSS_MIB)


def measure():
    home = home_of(INVOICES)
    return [*export_rows(home), *archive_rows(home)]
