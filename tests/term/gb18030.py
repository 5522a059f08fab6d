"""A terminal that speaks GB18030: what the screen sends and what the keyboard brings are in it.

The locale is made for the test, from the sources of the C library's locales.  Nothing is issued.
"""
import codecs
import contextlib
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import tempfile
import termios

from kp import Home, Sandbox, Tap, skip_all
from tmuxlab import poll

LOCALE, CHARSET = "zh_CN.GB18030", "gb18030"
LIMIT = 30  # seconds to wait for a text
# Two bytes a character, then one of four.
TWO, FOUR = "晴川数码", "\U00020BB7"
SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[()].|[ -/]*[0-~])")
NEW, REPAINT, CLEAR, QUIT = b"\x0e", b"\x0c", b"\x15", b"\x11"


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


class Terminal:
    """The program on a pseudo terminal; what it sends is kept as characters."""

    def __init__(self, command, env):
        self.near, self.far = pty.openpty()
        fcntl.ioctl(self.far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.child = subprocess.Popen(command, env=env, stdin=self.far, stdout=self.far,
                                      stderr=self.far, start_new_session=True)
        os.set_blocking(self.near, False)
        self.decoder = codecs.getincrementaldecoder(CHARSET)("strict")
        self.bad, self.text = None, ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait(LIMIT)
        os.close(self.near)
        os.close(self.far)

    def read(self):
        with contextlib.suppress(OSError):
            data = os.read(self.near, 65536)
            try:
                # Characters come first: the second byte of one may look like part of a sequence.
                self.text += self.decoder.decode(data)
            except UnicodeDecodeError as e:
                self.bad = self.bad or e
                self.decoder.reset()

    def seen(self, start):
        return SEQUENCE.sub("", self.text[start:])

    def wait(self, *texts, start=0):
        """Does it come to send every text after that place?"""
        def there():
            self.read()
            return all(t in self.seen(start) for t in texts)
        return poll(there, LIMIT)

    def shows(self, *texts):
        """The same of the screen painted anew."""
        start = len(self.text)
        self.send(REPAINT)
        return self.wait(*texts, start=start)

    def send(self, data):
        os.write(self.near, data)

    def taken(self):
        """Until the program has read what was sent, so that the next byte comes by itself."""
        def empty():
            self.read()
            waiting = fcntl.ioctl(self.far, termios.FIONREAD, struct.pack("i", 0))
            return struct.unpack("i", waiting)[0] == 0
        return poll(empty, LIMIT)

    def ended(self):
        def over():
            self.read()
            return self.child.poll() is not None
        poll(over, LIMIT)
        return self.child.returncode


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
            with Terminal(home.command([], as_json=False), env) as term:
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
