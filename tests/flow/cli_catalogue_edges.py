#!/usr/bin/env python3
"""What several hands do to one catalogue: alike rows kept, edits at the same time, merged rates."""
import os
import threading

import books
from books import CODE_OTHER, SELLER
from kp import Home, Tap


def listed(home, verb, *keys):
    rows = home.run(verb, "list", check=0)[1]["rows"]
    return sorted(tuple(r[k] for k in keys) for r in rows)


def round_trip(t, home, verb, *keys):
    """Export, import: nobody changes."""
    before = listed(home, verb, "id", *keys)
    path = os.path.join(home.top, verb + ".xlsx")
    home.run(verb, "export", "-o", path, check=0)
    doc = home.run(verb, "import", path, check=0)[1]
    t.ok(doc["added"] == doc["updated"] == 0 and doc["unchanged"] == len(before),
         "%s that are alike come back as they were" % verb, doc)
    t.same(listed(home, verb, "id", *keys), before, "%s: each is what it was" % verb)


def alike(t, home):
    for price in ("1", "2", "3"):
        home.run("goods", "add", "--name", "甲", "--spec", "s", "--price", price, "--tax-code",
                 CODE_OTHER, "--keep-twin", check=0)
    for i in "123":
        home.run("buyers", "add", "--name", "乙", "--tax-no", books.tax_no(1), "--address",
                 "路 " + i, "--mnemonic", "J" + i, "--keep-twin", check=0)
    round_trip(t, home, "goods", "price")
    round_trip(t, home, "buyers", "address", "mnemonic")
    t.same([home.run("buyers", "show", "#%d" % i)[1]["addresses"] for i in (1, 2, 3)], [[], [], []],
           "nobody got another's address")


def at_once(t, home, verb, options):
    """Each of two programs changes something else: nothing is lost."""
    lost = []
    for i in range(12):
        codes = [None, None]

        def edit(n, option, value):
            codes[n] = home.run(verb, "edit", "#1", option, value)[0]

        values = ["%d%d" % (n + 1, i) for n in (0, 1)]
        hands = [threading.Thread(target=edit, args=(n, options[n][0], values[n]))
                 for n in (0, 1)]
        for h in hands:
            h.start()
        for h in hands:
            h.join()
        doc = home.run(verb, "show", "#1", check=0)[1]
        if codes != [0, 0] or [doc[o[1]] for o in options] != values:
            lost.append((i, codes, [doc[o[1]] for o in options]))
    t.same(lost, [], "%s: both changes made at the same time are there" % verb)


with Tap() as t:
    with Home() as home:
        books.office(home, (SELLER,))
        alike(t, home)
        at_once(t, home, "buyers", (("--phone", "phone"), ("--bank", "bank")))
        at_once(t, home, "goods", (("--price", "price"), ("--category", "category")))
