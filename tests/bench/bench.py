#!/usr/bin/env python3
"""Measures ratios against named peers, both in the same run, and prints them as a table.

    BUILD=build BIN=bin python3 tests/bench/bench.py [NAME...]

Names are those of MEASUREMENTS.  Exit status 1 when a wanted figure is missed or a measurement
could not be made, 2 for an unknown name.
"""
import signal
import sys
import unicodedata

import arithmetic
import batch
import catalogue
import faces
import find
import keycount
import letters
import letters_download
import lists
import records
import report
import screen
import upload

MEASUREMENTS = {"arithmetic": arithmetic, "lists": lists, "upload": upload, "print": faces,
                "screen": screen, "keys": keycount, "catalogue": catalogue, "find": find,
                "batch": batch, "records": records, "report": report, "letters": letters,
                "download": letters_download}
HEAD = ("what", "ours", "peer", "ratio", "wanted", "ok?")


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows):
    widths = [max(columns(row[i]) for row in rows) for i in range(len(HEAD))]
    for row in rows:
        print("  ".join(cell + " " * (width - columns(cell))
                        for cell, width in zip(row, widths)).rstrip())


def main(names):
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print("unknown: %s; there are: %s" % (" ".join(unknown), " ".join(MEASUREMENTS)),
              file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # contexts end what they started
    rows, faults = [], []
    for name in names or MEASUREMENTS:
        print("measuring %s ..." % name, file=sys.stderr)
        try:
            rows += MEASUREMENTS[name].measure()
        except Exception as fault:  # whatever it is, the others are still measured
            faults.append("%s: %s: %s" % (name, type(fault).__name__, fault))
    table([HEAD] + [row.cells() for row in rows])
    for row in rows:
        if row.ok is False:
            print("missed: %s: %s against %s, wanted %s" % (row.what, row.ratio,
                                                            row.peer or row.ours, row.wanted))
    for fault in faults:
        print("not measured: " + fault)
    return 1 if faults or any(row.ok is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
