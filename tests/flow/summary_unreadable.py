#!/usr/bin/env python3
"""汇总确认: figures of a month that are told in another way, or cannot be read (J3, J10)."""
from kp import Home, Sandbox, Tap, invoice
from liar import Liar

LOOK = "CXFPHZQRXX"
FIGURES = ("their_blue_count", "their_blue_net", "their_blue_tax", "their_red_count")


def go(sb, home, now):
    sb.post("/clock", {"now": now})
    home.env["KAIPIAO_NOW"] = now


def told(change):
    """A hook that changes the list of figures."""
    def hook(_, answer):
        change(answer.setdefault("fphzqrxxList", []))
        return answer
    return hook


def look(sb, home):
    """(exit code, calls, the row)"""
    before = sb.requests(LOOK)
    code = home.run("--timeout", "15", "summary", "refresh", "2025-06")[0]
    return code, sb.requests(LOOK) - before, home.run("summary", "show", "2025-06")[1]["summary"]


def figures(row):
    return [row[f] for f in FIGURES]


def red_only(rows):
    rows[0].update(hzfpsl="1", hzfpje="-50.00", hzfpse="-6.50")
    for key in ("lzfpsl", "lzfpje", "lzfpse"):
        del rows[0][key]


def stranger(rows):
    rows.append({"ptbh": "9" * 20, "yf": "2025-06", "lzfpsl": "x", "lzfpje": ""})
    rows.append(dict(rows[0], yf="2025-05", lzfpje="?"))


def amount_without_count(rows):
    rows[0]["lzfpsl"] = ""


def count_without_amount(rows):
    del rows[0]["lzfpje"]


def main(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        liar = Liar(sb)
        go(sb, home, "2025-06-20T10:00:00+08:00")
        home.run("init", check=0)
        home.quick(retry_base_ms=20, retry_max_ms=50, summary_wait_ms=50)
        home.add_units(sb, connect_to=liar.address)
        for role, unit in (("direct", sb.direct), ("using", sb.using)):
            home.run("unit", "verify", unit["tax_no"], "--role", role, check=0)
        home.run("taxpayer", "sync", check=0)
        home.run("taxcodes", "sync", check=0)
        home.run("numbers", "claim", 20, check=0)
        home.run("quota", "download", "1000000.00", check=0)
        home.run("blue", "issue", home.file(invoice("S-1")), check=0)
        go(sb, home, "2025-07-03T09:00:00+08:00")
        home.run("summary", "add", "2025-06", check=0)

        code, calls, row = look(sb, home)
        t.same([code, calls, figures(row)], [0, 1, ["1", "100.00", "13.00", "0"]], "as it is told")
        liar.hooks[LOOK] = told(stranger)
        code, calls, row = look(sb, home)
        t.same([code, calls, figures(row)], [0, 1, ["1", "100.00", "13.00", "0"]],
               "rows of another platform or month need not be readable")
        liar.hooks[LOOK] = told(red_only)
        code, calls, row = look(sb, home)
        t.same([code, calls, figures(row)], [0, 1, ["0", "0.00", "0.00", "1"]],
               "a month of red invoices only has no blue figures")
        liar.hooks[LOOK] = told(amount_without_count)
        code, calls, row = look(sb, home)
        t.same([code, calls, figures(row)], [0, 1, ["0", "100.00", "13.00", "0"]],
               "an amount is not lost with its count")

        liar.hooks[LOOK] = told(count_without_amount)
        code, calls, row = look(sb, home)
        t.same([code, calls], [4, 6], "what cannot be read is asked for a few times, then it ends")
        t.ok(figures(row)[1] == "100.00" and "读不出来" in (row["message"] or ""),
             "the row keeps its figures, and says so", row)
        home.run("sync", "--once", check=0)
        t.same(look(sb, home)[1], 6, "and is asked for again when somebody wants it")
        del liar.hooks[LOOK]
        code, calls, row = look(sb, home)
        t.same([code, calls, figures(row)], [0, 1, ["1", "100.00", "13.00", "0"]], "mended")
        liar.close()


with Tap() as tap:
    main(tap)
