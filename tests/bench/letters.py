"""Pages of the list of red letters among a million, against a page of the bare table by its key.

Pages by side, situation, state, day and number are a merge of index ranges; a part of a name and
days of issue are looked up first: what counts there is that nobody waits for a key.
"""
import glob
import hashlib
import os

from measure import DATA, ROOT, Row, duration, median, run, times, tool

LETTERS, ROUNDS, WANTED, KEY_S = 1000000, 9, 30, 0.05
LOOKED_UP = ("party", "issued of")


def fingerprint():
    """Of everything that decides what the database holds."""
    total = hashlib.sha256(str(LETTERS).encode())
    for path in [os.path.join(ROOT, "tests", "bench", "letters.c")] + sorted(
            glob.glob(os.path.join(ROOT, "data", "schema", "*.sql"))):
        with open(path, "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def database():
    """That of an earlier run when it would be the same."""
    path, wanted = os.path.join(DATA, "letters.db"), fingerprint()
    stamp = path + ".fingerprint"
    if os.path.exists(stamp):
        with open(stamp, encoding="ascii") as file:
            if file.read() == wanted:
                return path
    os.makedirs(DATA, exist_ok=True)
    for old in glob.glob(path + "*"):
        os.remove(old)
    run([tool("letters"), "fill", path, str(LETTERS)])
    with open(stamp, "w", encoding="ascii") as file:
        file.write(wanted)
    return path


def measure():
    return list(rows())


def rows():
    pages = run([tool("letters"), "pages", database(), str(ROUNDS)]).json()
    taken = {name: median(page["ns"]) / 1e9 for name, page in pages.items()}
    bare = taken.pop("bare")
    for name, seconds in taken.items():
        what = "red letters at %d: %s" % (LETTERS, name)
        ratio = seconds / bare
        if name.startswith(LOOKED_UP):
            yield Row(what, duration(seconds), "", "", "≤ %s" % duration(KEY_S), seconds <= KEY_S)
        else:
            yield Row(what, duration(seconds), duration(bare) + " bare page", times(ratio),
                      "≤ %dx" % WANTED, ratio <= WANTED)
