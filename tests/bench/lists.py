"""Pages of the list of invoices in a home of a million, against those in one of ten thousand.

Pages by state, buyer, day cost the same however many invoices there are.  Searches by text, amount
and the like read more of their index the larger it is: what counts is that nobody waits for a key.
"""
import glob
import hashlib
import os
import shutil

from measure import DATA, ROOT, Row, duration, median, program, run, times, tool

SMALL, LARGE, ROUNDS, WANTED = 10000, 1000000, 9, 2
KEY_S, VERB_S = 0.05, 0.2  # a search in the store; a verb with its start and the count of all pages
VERBS = (
    ("first page", ()),
    ("last page", ("--last",)),
    ("state issued", ("--state", "issued")),
    ("state failed", ("--state", "failed")),
    ("kind special", ("--kind", "special")),
    ("kind special, last page", ("--kind", "special", "--last")),
    ("unfinished", ("--unfinished",)),
    ("buyer in every row", ("--buyer", "有限公司")),
    ("buyer in few rows", ("--buyer", "深圳华", "--limit", "20")),
    ("buyer in no row", ("--buyer", "没有这个购买方")),
    ("month", ("--from", "2024-06-01", "--to", "2024-06-30")),
    ("order number", ("--order-no", "SO-00005000")),
    ("number", ("--number", "26440000000000005000")),
)
SEARCHES = (
    ("text in many rows", ("--find", "螺纹钢")),
    ("two words", ("--find", "深圳 螺纹钢")),
    ("text in no row", ("--find", "没有这个购买方")),
    ("text, state failed", ("--find", "有限公司", "--state", "failed")),
    ("remark of one", ("--remark", "HT-01234")),
    ("part of a number", ("--number-part", "00005000")),
    ("amounts of ten yuan", ("--amount-from", "12345.00", "--amount-to", "12355.00")),
    ("large amounts", ("--amount-from", "300000")),
    ("red ones", ("--kind", "red")),
    ("red special ones, failed", ("--kind", "special,red", "--state", "failed")),
    ("blue ones", ("--kind", "blue")),
    ("red ones of a buyer", ("--kind", "red", "--buyer", "深圳华")),
)
LOOKED_UP = {"text in every row", "words never together", "text in few rows", "remark", "drawer",
             "large amounts, text"} | {name for name, _ in SEARCHES}


def fingerprint(count):
    """Of everything that decides what a home holds."""
    total = hashlib.sha256(str(count).encode())
    for path in [os.path.join(ROOT, "tests", "bench", "fill.c")] + sorted(
            glob.glob(os.path.join(ROOT, "data", "schema", "*.sql"))):
        with open(path, "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def home_of(count):
    """A home of that many invoices: the one of an earlier run when it would be the same."""
    home = os.path.join(DATA, "home-%d" % count)
    stamp = os.path.join(home, "fingerprint")
    wanted = fingerprint(count)
    if os.path.exists(stamp):
        with open(stamp, encoding="ascii") as file:
            if file.read() == wanted:
                return home
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(DATA, exist_ok=True)
    run([tool("fill"), home, str(count)])
    with open(stamp, "w", encoding="ascii") as file:
        file.write(wanted)
    return home


def compare(what, small, large):
    ratio = median(large) / median(small)
    return Row(what, duration(median(large)), "%s at %d" % (duration(median(small)), SMALL),
               times(ratio), "≤ %dx" % WANTED, ratio <= WANTED)


def bounded(what, large, most):
    taken = median(large)
    return Row(what, duration(taken), "", "", "≤ %s" % duration(most), taken <= most)


def store_rows(homes):
    """Pages in the store alone, without the start of a program around them."""
    small, large = (run([tool("pages"), home, str(ROUNDS)]).json() for home in homes)
    for name in small:
        what = "store page at %d: %s" % (LARGE, name)
        few, many = ([ns / 1e9 for ns in home[name]["ns"]] for home in (small, large))
        yield bounded(what, many, KEY_S) if name in LOOKED_UP else compare(what, few, many)


def verb_rows(homes):
    command = [program("kaipiao"), "--json", "--home"]
    for name, options in VERBS:
        taken = [], []
        for _ in range(ROUNDS):  # in turns, each in a program of its own
            for home, seconds in zip(homes, taken):
                seconds.append(run(command + [home, "invoices", "list", *options]).wall)
        yield compare("invoices list at %d: %s" % (LARGE, name), *taken)
    for name, options in SEARCHES:
        taken = [run(command + [homes[1], "invoices", "list", *options]).wall
                 for _ in range(ROUNDS)]
        yield bounded("invoices list at %d: %s" % (LARGE, name), taken, VERB_S)


def measure():
    homes = home_of(SMALL), home_of(LARGE)
    return list(store_rows(homes)) + list(verb_rows(homes))
