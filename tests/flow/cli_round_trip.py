#!/usr/bin/env python3
"""Random catalogues with alike rows: exported and imported they are what they were, to the last
column; a list that was edited and shuffled says the second time what it said the first."""
import contextlib
import csv
import os
import random
import shutil
import sqlite3

import books
from books import CODE, CODE_OTHER, SELLER
from kp import Home, Tap

ROUNDS = int(os.environ.get("KAIPIAO_ROUNDS", "12"))
APPLES = "1010115010100000000"
FORMATS = ("xlsx", "utf8", "utf8bom", "gbk")
TABLES = ("buyer", "buyer_address", "goods", "catalogue_tally")

# What a person may type: blank ones, equal ones, formulas, numbers written in several ways.
TAX_NOS = ("", books.tax_no(1), books.tax_no(1), books.tax_no(2))
ADDRESS = {"address": ("", "p", "q", "'r", "+1"), "phone": ("", "", "1", "2"), "bank": ("", "b"),
           "account": ("", "11", "=1"), "email": ("", "a@b.c")}
BUYER = dict(ADDRESS, **{"name": ("甲", "甲", "乙", "=SUM(1)"), "tax-no": TAX_NOS,
                         "mnemonic": ("", "x", "y"), "mobile": ("", "13900000000")})
GOODS = {"name": ("甲", "甲", "乙", "-x"), "spec": ("", "", "s"), "unit": ("", "台"),
         "tax-code": ("", CODE, CODE_OTHER, APPLES), "price": ("", "1.50", "2", "3.0", "0.10"),
         "mnemonic": ("", "x"), "inclusive": ("yes", "no"), "category": ("", "c")}


def options(r, of):
    return [a for k, v in of.items() for a in ("--" + k, r.choice(v))]


def add_buyer(r, home, count):
    home.run("buyers", "add", "--keep-twin", "--person", r.choice(("no", "no", "yes")),
             *options(r, BUYER))
    for _ in range(r.choice((0, 0, 1, 2))):
        home.run("buyers", "address", "add", "#%d" % r.randint(1, count), *options(r, ADDRESS))
    if r.random() < 0.2:
        home.run("buyers", "address", "default", "#%d" % r.randint(1, count), "2")


def add_goods(r, home, count):
    rate = r.choice(("", "0.13", "0.09", "0", "6%"))
    some = (["--rate", rate] if rate else []) + \
        (["--preference", r.choice(("免税", "不征税"))] if r.random() < 0.3 else [])
    home.run("goods", "add", "--keep-twin", *options(r, GOODS), *some)


def fill(r, home, verb):
    for count in range(1, r.randint(4, 8)):
        (add_buyer if verb == "buyers" else add_goods)(r, home, count)
        if r.random() < 0.1:
            home.run(verb, "edit", "#%d" % r.randint(1, count), "--mnemonic", "z")
        if r.random() < 0.1:
            home.run(verb, "remove", "#%d" % r.randint(1, count))


def dump(home):
    """Every row that is stored, removed ones too."""
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        return [db.execute("SELECT * FROM %s ORDER BY 1, 2" % t).fetchall() for t in TABLES]


def comes_back(r, home, verb):
    """"" or what an import of the export did."""
    form = r.choice(FORMATS)
    path = os.path.join(home.top, "list." + ("xlsx" if form == "xlsx" else "csv"))
    home.run(verb, "export", "-o", path, *([] if form == "xlsx" else ["--csv", form]), check=0)
    before = dump(home)
    code, doc, err = home.run(verb, "import", path)
    return "" if code == 0 and dump(home) == before else (form, code, doc, err)


def edit(r, rows):
    for _ in range(r.randint(1, 4)):
        way = r.choice("shuffle cell cell double drop".split())
        if way == "shuffle":
            r.shuffle(rows)
        elif way == "cell" and rows:
            at = r.randrange(len(rows[0]))
            r.choice(rows)[at] = r.choice(rows)[at] if r.random() < 0.6 else ""
        elif way == "double" and rows:
            rows.append(list(r.choice(rows)))
        elif way == "drop" and len(rows) > 1:
            rows.pop(r.randrange(len(rows)))


def says_it_once(r, home, verb):
    """"" or what the second import of an edited list did."""
    path = os.path.join(home.top, "edited.csv")
    home.run(verb, "export", "-o", path, "--csv", "utf8", check=0)
    with open(path, encoding="utf-8", newline="") as f:
        head, *rows = csv.reader(f)
    edit(r, rows)
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([head] + rows)
    home.run(verb, "import", "--partial", path)
    before = dump(home)
    code, doc, err = home.run(verb, "import", "--partial", path)
    return "" if dump(home) == before else (code, doc, err)


def rounds(t, base, verb):
    wrong, again, rows = [], [], 0
    for seed in range(ROUNDS):
        r = random.Random("%s %d" % (verb, seed))
        with Home() as home:
            shutil.copytree(base.path, home.path)
            fill(r, home, verb)
            rows += home.run(verb, "list")[1]["total"]
            wrong += [(seed, w) for w in [comes_back(r, home, verb)] if w]
            again += [(seed, w) for w in [says_it_once(r, home, verb)] if w]
    t.ok(rows > 2 * ROUNDS, "%s: they have rows" % verb, rows)
    t.same(wrong, [], "%s: %d catalogues come back as they were" % (verb, ROUNDS))
    t.same(again, [], "%s: an edited list changes nothing the second time" % verb)


with Tap() as t, Home() as base:
    books.office(base, (SELLER,))
    rounds(t, base, "buyers")
    rounds(t, base, "goods")
