#!/usr/bin/env python3
"""E28: ten thousand red letters with their lines, downloaded to standard output; somebody looks
on: `ssh -t host kaipiao red download ... -o - > file`."""
import os
import pty
import subprocess

from books import cells
from kp import Home, Sandbox, Tap, later

ASAN = "asan" in os.environ.get("BUILD", "")  # slow, and it keeps what is freed
LETTERS = 2000 if ASAN else 10000
RSS_MAX = 64 * 1024  # KiB, whatever the number of letters


def download(sb, home, path):
    """(exit code, KiB, standard error) of the verb."""
    day = later(0)[:10]
    sb.post("/red/fill", {"tax_no": sb.using["tax_no"], "count": LETTERS, "lines": 1, "apart": 0,
                          "role": "seller", "applicant": "seller", "state": "08"})
    verb = ("--timeout", "280", "red", "download", "--role", "seller", "--from", day, "--to", day,
            "-o", "-")
    master, terminal = pty.openpty()
    with open(path, "wb") as out:
        p = subprocess.Popen(home.command(verb, False), env=home.environ(), stdout=out,
                             stdin=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    err = read_all(master)
    _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    return p.returncode, used.ru_maxrss, err


def read_all(master):
    """What is said on a terminal until nobody holds it any more."""
    text = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:
            more = b""
        if not more:
            os.close(master)
            return text.decode("utf-8", "replace")
        text += more


with Tap() as t, Sandbox(result_delay=0) as sb, Home() as home:
    home.setup(sb, numbers=0)
    path = home.top + "/many.xlsx"
    code, kib, err = download(sb, home, path)
    t.ok(code == 0 and (ASAN or kib < RSS_MAX), "E28: %d letters and their lines in bounded memory"
         % LETTERS, code, kib, err[-500:])
    t.ok(err.count("\r") > 5 and "行" in err, "how far it is goes to standard error", err[-500:])
    asked = sb.get("/red?limit=1")["calls"]
    t.ok(asked["CXQDHZQRDLB"] >= LETTERS / 100 and asked["CXQDHZQRDMX"] == LETTERS,
         "in pages, and each letter once for its lines", asked)
    _, *rows = cells(path, 1)
    _, *lines = cells(path, 2)
    t.same((len({r[0] for r in rows}), len(rows), len(lines)), (LETTERS,) * 3,
           "all of them, once, and standard output is the workbook alone")
    print("# %d KiB" % kib)
