#!/usr/bin/env python3
"""Where a verb writes a file: one that is there is kept without --replace, and no file of the home
itself, nor a link to a file, is ever put away (C6, K: exports)."""
import os

from kp import Home, Sandbox, Tap, invoice


def content(path):
    with open(path, "rb") as f:
        return f.read()


def refused(t, home, word, what, *args):
    code, doc, err = home.run(*args)
    t.ok(code == 3 and doc["error"]["code"] == word, "%s: %s" % (word, what), code, err)


def own_files(t, home, verbs):
    for name in ("kaipiao.db", "kaipiao.db-wal", "secret.key", "sync.lock", "import.lock"):
        own = os.path.join(home.path, name)
        before = content(own) if os.path.exists(own) else None
        for verb in verbs:
            refused(t, home, "file.home", "%s of %s" % (name, " ".join(verb[:2])), *verb, "-o", own,
                    "--replace")
        t.ok(name.endswith("-wal") or (content(own) if os.path.exists(own) else None) == before,
             "%s is as it was" % name)
    # By another name: from within the folder, through a link, as a second name of the same file.
    key = os.path.join(home.path, "secret.key")
    hard, soft = os.path.join(home.top, "hard.txt"), os.path.join(home.top, "soft.txt")
    os.link(key, hard)
    os.symlink(key, soft)
    for path in (hard, soft, os.path.join(home.top, "kaipiao", ".", "secret.key")):
        refused(t, home, "file.home", "the key by another name", *verbs[0], "-o", path, "--replace")
    os.unlink(hard)
    os.unlink(soft)
    t.same(home.run("health")[0] in (0, 3), True, "the home is sound")


def links(t, home, verb):
    target, link = os.path.join(home.top, "t.txt"), os.path.join(home.top, "l.txt")
    with open(target, "w") as f:
        f.write("mine")
    os.symlink(target, link)
    refused(t, home, "file.link", "a link to a file", *verb, "-o", link, "--replace")
    t.ok(os.path.islink(link) and content(target) == b"mine", "the link and its file stay")


def existing(t, home, verb, name):
    path = os.path.join(home.top, name)
    with open(path, "w") as f:
        f.write("contract")
    refused(t, home, "file.exists", " ".join(verb[:2]), *verb, "-o", path)
    t.same(content(path), b"contract", "what was there stays")
    code, doc, err = home.run(*verb, "-o", path, "--replace")
    t.ok(code == 0 and content(path) != b"contract", "--replace replaces it", code, err)


with Tap() as tap, Sandbox(result_delay=0) as platform, Home() as place:
    place.setup(platform, numbers=5)
    _, made, _ = place.run("blue", "issue", place.file(invoice("E-1")), check=0)
    number = made["results"][0]["number"]
    last = place.run("log", "list", "--limit", "1")[1]["rows"][0]["id"]
    every = [["log", "export", last], ["invoices", "file", number, "--format", "pdf"],
             ["invoices", "export"], ["buyers", "export"], ["unit", "export"]]
    own_files(tap, place, every)
    links(tap, place, every[0])
    existing(tap, place, every[0], "log.json")
    existing(tap, place, every[1], "contract.pdf")
    existing(tap, place, every[2], "i.xlsx")
    existing(tap, place, every[3], "b.csv")
    code, doc, _ = place.run("log", "export", last, "-o", os.path.join(place.top, "x.pdf"))
    tap.same(code, 2, "a record of the log is .json or .txt", doc)
    path = os.path.join(place.top, "lines.json")
    place.run("invoices", "push", number, "--to", path, check=0)
    code, doc, _ = place.run("invoices", "push", number, "--to", path)
    tap.ok(code == 3 and doc["error"]["code"] == "file.exists", "lines for a receiver, too", doc)
    place.run("invoices", "push", number, "--to", path, "--replace", check=0)
    for _ in range(2):  # a name of ours is the invoice's own
        place.run("invoices", "file", number, "-o", place.top, check=0)
