"""The download of ten thousand red letters with their lines, against the bare library writing the
same rows: rows per second and memory.

The first download asks the practice platform for the lines of every letter; the second one finds
them here and asks for the list alone.
"""
import os
import sys

from measure import DATA, ROOT, Fault, Row, duration, median, run, times, tool
from records import peak

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import books  # noqa: E402
from kp import Home, Sandbox, later  # noqa: E402

LETTERS, LINES, ROUNDS, RSS_MIB, WANTED = 10000, 2, 3, 48, 12


def download(home, out):
    """MiB and seconds."""
    days = ["--from", later(-86400)[:10], "--to", later(0)[:10]]
    return peak(home.command(["--timeout", "600", "red", "download", "--role", "seller", *days,
                              "-o", out, "--replace"]))


def tab_separated(book):
    """The cells of both sheets, as the bare library gets them."""
    path = os.path.join(DATA, "letters.tsv")
    with open(path, "w", encoding="utf-8") as to:
        for sheet in (1, 2):
            for row in books.cells(book, sheet):
                to.write("\t".join(row) + "\n")
    return path


def bare_seconds(book):
    cells, out = tab_separated(book), os.path.join(DATA, "bare.xlsx")
    return median(run([tool("bare_xlsx"), "inline", cells, out]).wall for _ in range(ROUNDS))


def measure():
    os.makedirs(DATA, exist_ok=True)
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        sb.post("/red/fill", {"tax_no": sb.using["tax_no"], "count": LETTERS, "lines": LINES,
                              "role": "seller", "applicant": "buyer", "state": "03", "apart": 1})
        out = os.path.join(home.path, "letters.xlsx")
        mib, first = download(home, out)
        again = median(download(home, out)[1] for _ in range(ROUNDS))
        bare = bare_seconds(out)
        asked = sb.get("/red?limit=1")["calls"]["CXQDHZQRDMX"]
    if asked != LETTERS:
        raise Fault("%d letters, %d asked for" % (LETTERS, asked))
    rows = LETTERS * (1 + LINES)
    what = "%d red letters, %d lines" % (LETTERS, LETTERS * LINES)
    return [Row("download of " + what, duration(first), duration(bare) + " bare libxlsxwriter",
                "%.0f rows/s" % (rows / first)),
            Row("again, lines are here", duration(again), duration(bare) + " bare libxlsxwriter",
                times(again / bare), "≤ %dx" % WANTED, again <= WANTED * bare),
            Row("memory of the first", "%d MiB" % mib, "", "", "≤ %d MiB" % RSS_MIB,
                mib <= RSS_MIB)]
