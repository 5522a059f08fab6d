"""A terminal that speaks GB18030: what the screen sends and what the keyboard brings are in it.

The locale is made for the test, from the sources of the C library's locales.  Nothing is issued.
"""
import os
import shutil
import subprocess
import tempfile

from kp import Home, Sandbox, Tap, skip_all
from ptyterm import CLEAR, NEW, QUIT, Terminal

LOCALE, CHARSET = "zh_CN.GB18030", "gb18030"
# Two bytes a character, then one of four.
TWO, FOUR = "晴川数码", "\U00020BB7"


def make_locale(folder):
    """False where the machine has no localedef or no sources."""
    if not shutil.which("localedef"):
        return False
    # An exit status of 1 is a warning; what counts is the locale.
    subprocess.run(["localedef", "-i", "zh_CN", "-f", "GB18030", os.path.join(folder, LOCALE)],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return os.path.exists(os.path.join(folder, LOCALE, "LC_CTYPE"))


def leaks_of_others(folder):
    """newlocale() of glibc loses its copy of LOCPATH when a library calls it while loading."""
    path = os.path.join(folder, "leaks")
    with open(path, "w", encoding="ascii") as file:
        file.write("leak:__argz_add_sep\n")
    return "suppressions=%s:print_suppressions=0" % path


def typed(t, term):
    """Every byte arrives alone: each character is split at each place it can be."""
    term.send(NEW)
    t.ok(term.wait("蓝字发票填开", "明细 0 行"), "an empty invoice opens", term.seen(0))
    for byte in (TWO + FOUR).encode(CHARSET):
        term.send(bytes([byte]))
        term.taken()
    t.ok(term.shows("蓝字发票填开", TWO + FOUR), "characters split between bytes are echoed whole",
         term.seen(-4000))
    term.send(b"\x1b[200~" + (FOUR + TWO).encode(CHARSET) + b"\x1b[201~")
    t.ok(term.shows(TWO + FOUR + FOUR + TWO), "and so is a paste", term.seen(-4000))
    term.send(CLEAR + QUIT)
    t.ok(term.wait("再按一次离开"), "what was typed is kept as a draft", term.seen(-4000))


def main():
    with tempfile.TemporaryDirectory(prefix="locale-") as folder:
        if not make_locale(folder):
            skip_all("no localedef or no locale sources (package locales)")
        with Tap() as t, Sandbox() as sandbox, Home() as home:
            home.setup(sandbox)
            env = home.environ({"LOCPATH": folder, "LC_ALL": LOCALE, "TERM": "xterm-256color",
                                "LSAN_OPTIONS": leaks_of_others(folder)})
            with Terminal(home.command([], as_json=False), env, CHARSET) as term:
                t.ok(term.wait("首页", "今天要办的事", sandbox.using["name"]),
                     "the home screen names itself and the unit", term.seen(0))
                t.ok("已按 UTF-8 显示" not in term.seen(0), "the locale is taken as it is")
                typed(t, term)
                term.send(QUIT)
                t.same(term.ended(), 0, "the program ends well")
                t.same((term.bad, term.decoder.getstate()[0]), (None, b""),
                       "every byte it sent is GB18030")
            t.same(sandbox.invoices(), [], "nothing was issued")


if __name__ == "__main__":
    main()
