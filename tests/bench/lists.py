"""Pages of the list of invoices in a home of a million, against those in one of ten thousand."""
import glob
import hashlib
import os
import shutil

from measure import DATA, ROOT, Row, duration, median, program, run, times, tool

SMALL, LARGE, ROUNDS, WANTED = 10000, 1000000, 9, 2
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


def store_rows(homes):
    """Pages in the store alone, without the start of a program around them."""
    small, large = (run([tool("pages"), home, str(ROUNDS)]).json() for home in homes)
    return [compare("store page at %d: %s" % (LARGE, name),
                    *([ns / 1e9 for ns in home[name]["ns"]] for home in (small, large)))
            for name in small]


def verb_rows(homes):
    command = [program("kaipiao"), "--json", "--home"]
    for name, options in VERBS:
        taken = [], []
        for _ in range(ROUNDS):  # in turns, each in a program of its own
            for home, seconds in zip(homes, taken):
                seconds.append(run(command + [home, "invoices", "list", *options]).wall)
        yield compare("invoices list at %d: %s" % (LARGE, name), *taken)


def measure():
    homes = home_of(SMALL), home_of(LARGE)
    return store_rows(homes) + list(verb_rows(homes))
