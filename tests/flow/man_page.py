"""The manual page says every verb, option, key and command the program knows."""
import os
import re
import shutil
import subprocess

from kp import ROOT, Home, Tap

BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build")))
PAGE = os.path.join(BUILD, "kaipiao.1")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def plain(page):
    """Without what troff is told beyond the words."""
    for coded, char in (("\\&", ""), ("\\-", "-"), ("\\(ti", "~"), ("\\(ha", "^"), ("\\(dq", '"'),
                        ("\\e", "\\")):
        page = page.replace(coded, char)
    return page


def items(page, macro):
    """The first word of every list item of a kind."""
    return re.findall(r'^\.It %s "(.*?)"(?= |$)' % macro, page, re.M)


def check(t, home, page):
    rows = home.run("help", check=0)[1]["rows"]
    names = items(page, "Cm")
    verbs = [" ".join(filter(None, (r["verb"], r["sub"]))) for r in rows]
    t.ok(len(verbs) > 40, "the program has verbs", verbs)
    t.same([v for v in verbs if v not in names], [], "every verb is an item")
    t.same([r["help"] for r in rows if r["help"] not in page], [], "with its help")
    options = {o for r in rows for o in r["options"].split()}
    t.same(sorted(o for o in options if o not in names), [], "and every option")

    actions = re.findall(r'\bX\([A-Z_]+, "([a-z-]+)"', read(os.path.join(ROOT, "ui", "action.h")))
    t.ok(len(actions) > 60, "the workstation has commands", actions)
    t.same(items(page, "Ic"), actions, "every command is an item, in the order of the table")

    bound = re.findall(r"^bind \S+ (\S+) (\S+)", read(os.path.join(ROOT, "data", "keys.conf")),
                       re.M)
    t.ok(len(bound) > 100, "the workstation has keys", bound)
    keys = {k for line in names for k in line.split(" ")}
    t.same([k for k, _ in bound if k.lower() not in {n.lower() for n in keys}], [],
           "every key of keys.conf stands in it")
    pairs = {(k.lower(), a) for line, a in re.findall(r'^\.It Cm "(.*)"\n\.Ic (\S+)$', page, re.M)
             for k in line.split(" ")}
    t.same([b for b in bound if (b[0].lower(), b[1]) not in pairs], [], "before its command")


def main():
    with Tap() as t, Home() as home:
        if not t.ok(os.path.exists(PAGE), "make man writes the page", PAGE):
            return
        check(t, home, plain(read(PAGE)))
        if not shutil.which("mandoc"):
            t.skip("mandoc -Tlint has nothing to say", "mandoc is not installed")
            return
        done = subprocess.run(["mandoc", "-Tlint", PAGE], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        t.same((done.returncode, done.stdout.decode()), (0, ""), "mandoc -Tlint has nothing to say")


if __name__ == "__main__":
    main()
