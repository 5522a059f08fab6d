"""Reports of a million invoices: the first time, and again, against GROUP BY on the same tables."""
import contextlib
import os
import shutil
import sqlite3
import time

from lists import home_of
from measure import DATA, Row, duration, median, program, run, times

INVOICES, ROUNDS = 1000000, 3
FROM, TO = "2023-01-01", "2025-12-31"
AGAIN_S = 0.5


def fen(key):
    return "CAST(REPLACE(COALESCE(json_extract(l.body, '$.%s'), '0'), '.', '') AS INTEGER)" % key


def of_lines(key):
    return "SUM(%s + %s)" % (fen(key), fen("discount_" + key))


ISSUED = (" WHERE i.state = 'issued' AND i.issued_at >= '%s' AND i.issued_at < '%s~' GROUP BY k"
          % (FROM, TO))
LINES = ("SELECT %s k, COUNT(DISTINCT i.id), " + ", ".join(map(of_lines, ("net", "tax", "gross")))
         + " FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id" + ISSUED)
WHOLE = ("SELECT %s k, COUNT(*), SUM(i.net), SUM(i.tax), SUM(i.gross) FROM invoice i" + ISSUED)
PEER = {
    "rate": LINES % "json_extract(l.body, '$.rate_ppm')",
    "buyer": WHOLE % "i.buyer_tax_no",
    "clerk": WHOLE % "json_extract(i.head, '$.drawer')",
    "month": WHOLE % "SUBSTR(i.issued_at, 1, 7)",
}


def group_by(home, sql):
    """The sums sqlite3 makes of the raw tables, and the seconds and CPU seconds it takes."""
    path = "file:%s?mode=ro" % os.path.join(home, "kaipiao.db")
    with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
        start, cpu = time.monotonic(), time.process_time()
        rows = db.execute(sql).fetchall()
        taken = time.monotonic() - start, time.process_time() - cpu
        return [sum(r[i] for r in rows) for i in (2, 3, 4)], *taken


def report(home, by):
    return run([program("kaipiao"), "--json", "--home", home, "report", "by", by, "--from", FROM,
                "--to", TO])


def total(ran):
    sums = ran.json()["total"]
    return [int(sums[key].replace(".", "")) for key in ("net", "tax", "gross")]


def fresh(home):
    """A copy that knows no sums, in the cache as the other is."""
    copy = os.path.join(DATA, "reports")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    return copy


def measure():
    home = fresh(home_of(INVOICES))
    sums, _, peer = group_by(home, PEER["rate"])
    first = report(home, "rate")
    read = first.json()["read"]
    assert total(first) == sums, "the report is not what the invoices are"
    yield Row("report by rate, %d invoices, first time, CPU" % read,
              duration(first.cpu), duration(peer) + " GROUP BY, of this alone",
              times(first.cpu / peer), "≤ 1.2x", first.cpu <= 1.2 * peer)
    for by, sql in PEER.items():
        sums, peer, _ = group_by(home, sql)
        again = [report(home, by) for _ in range(ROUNDS)]
        assert all(total(ran) == sums and ran.json()["read"] == 0 for ran in again), by
        wall = median([ran.wall for ran in again])
        yield Row("report by %s again" % by, duration(wall), duration(peer) + " GROUP BY",
                  "1/%.0f" % (peer / wall), "≤ %s" % duration(AGAIN_S), wall <= AGAIN_S)
    shutil.rmtree(home)
