"""The main job as a person does it: keys, and what the screen says in between."""
import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios

from kp import Home, Sandbox, invoice
from tmuxlab import Tmux, poll

MOUSE = {"name": "无线鼠标", "tax_code": "1090511020000000000", "spec": "M10", "unit": "个",
         "quantity": "2", "price": "90.40", "tax_rate": "0.13"}
BUYER = "深圳市晴川数码贸易有限公司"
# Two notebooks at 56.50 less 10 %, three mice at 90.40: what the screen and the platform must say.
GROSS, WORDS = "372.90", "叁佰柒拾贰圆玖角整"


def opened(tm, home):
    """The program on its home screen."""
    tm.run(home.command([], as_json=False), home.environ())
    tm.wait("今天要办的事")


def new_form(tm):
    tm.keys("C-n")
    tm.wait("蓝字发票填开", "明细 0 行")


def pick(tm, initials, label):
    """Types pinyin initials and takes the match."""
    tm.type(initials)
    tm.wait("> " + label)
    tm.keys("Enter")


def discount(tm, percent):
    tm.keys("F8")
    tm.wait("折扣率")
    tm.type(percent)
    tm.keys("Enter")
    tm.wait("折扣 %s%%" % percent)


def notebooks(tm, count):
    """The buyer and the first line, up to its quantity."""
    pick(tm, "qcsm", BUYER)
    pick(tm, "bjbdn", "笔记本电脑")
    tm.type(count)


def fill(tm):
    """Two lines and a discount on the first, from an empty form."""
    notebooks(tm, "2")
    discount(tm, "10")
    tm.keys("Enter", "Enter", "Enter", "Enter")
    pick(tm, "wxsb", "无线鼠标")
    tm.type("3")
    tm.keys("Enter")
    tm.wait("明细 2 行")


def confirm(tm):
    tm.keys("F10")
    tm.wait("确认开具", "明细 2 行")
    tm.keys("F10")


def issue(tm):
    """From an empty form to 开票成功 and the next empty form; the number."""
    new_form(tm)
    fill(tm)
    tm.wait("¥" + GROSS, WORDS)
    confirm(tm)
    number = tm.wait_match(r"开票成功\s[^$]*?(\d{20})").group(1)
    tm.keys("n")
    tm.wait("明细 0 行")
    return number


class Lab:
    """A platform and a home that knows the buyer and both goods."""

    def __init__(self, sandbox, home):
        self.sandbox, self.home = sandbox, home
        home.setup(sandbox)
        first = invoice("T-0")
        first["lines"].append(MOUSE)
        home.run("blue", "issue", home.file(first), check=0)
        self.before = len(sandbox.invoices())

    def new(self):
        """Invoices the platform has got since the last call."""
        count = len(self.sandbox.invoices())
        more, self.before = count - self.before, count
        return more

    def settled(self):
        """Nothing is under way any more."""
        return poll(lambda: self.home.run("invoices", "list", "--unfinished")[1]["rows"] == [], 30)


class Client:
    """A person's terminal attached to the session of a Tmux."""

    def __init__(self, tm, cols, rows):
        self.shown = b""
        self.near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.child = subprocess.Popen(["tmux", "-S", tm.socket, "attach", "-t", "t"], env=tm.env,
                                      stdin=far, stdout=far, stderr=far, start_new_session=True)
        os.close(far)
        os.set_blocking(self.near, False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait(10)
        os.close(self.near)

    def type(self, text):
        os.write(self.near, text.encode())

    def shows(self, text):
        """Does it come to say that?"""
        def read():
            with contextlib.suppress(OSError):
                self.shown += os.read(self.near, 65536)
            return text.encode() in self.shown
        return poll(read, 20)


def one_after_another(t, *tests):
    """Runs them at one program in a terminal; afterwards it ends, and every number is known."""
    with Sandbox() as sandbox, Home() as home, Tmux(80, 24) as tm:
        lab = Lab(sandbox, home)
        opened(tm, home)
        for test in tests:
            test(t, tm, lab)
        tm.keys("C-q")
        t.same(tm.ended(), 0, "the program ends when asked")
        t.ok(home.audit_clean(), "every number is accounted for")
