"""A program on a pseudo terminal of 120 columns and 40 rows: what it sends and when."""
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from measure import Fault, environment

COLS, ROWS = 120, 40
QUIET = 0.1  # seconds without a byte: what was to be painted is painted
PAINT_QUIET = 0.3  # the same at the start, where a program may paint in several steps
LATE = 30


class Burst:
    """What came after one moment: how much, when its first and when its last byte."""

    def __init__(self, bytes_, first, last):
        self.bytes, self.first, self.last = bytes_, first, last


class Terminal:
    """Use as a context.  `home` becomes HOME: no settings of the caller decide."""

    def __init__(self, command, home, cwd=None, **more):
        env = environment()
        for name in ("NO_COLOR", "LESS", "TMUX", "STY", "LINES", "COLUMNS", "LANG", "LC_CTYPE"):
            env.pop(name, None)
        env.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=home, **more)
        self.command, self.env, self.cwd = command, env, cwd
        self.pid = self.fd = None
        self.started = 0.0
        self.output = b""

    def __enter__(self):
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            with contextlib.suppress(BaseException):
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
                if self.cwd:
                    os.chdir(self.cwd)
                os.execvpe(self.command[0], self.command, self.env)
            os._exit(127)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + 8
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            self.read(0.02)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
        os.close(self.fd)

    def read(self, seconds):
        """What comes within that time, at once when it comes; b"" for silence or the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.fd, 1 << 16)
        except OSError:
            return b""

    def burst(self, since, quiet=QUIET, wait=QUIET):
        """Reads until `quiet` seconds have passed without a byte; `wait` for the first one."""
        count, first, last, limit = 0, None, None, time.monotonic() + LATE
        while time.monotonic() < limit:
            data = self.read(wait if first is None else quiet)
            if not data:
                return Burst(count, first, last)
            last = time.perf_counter() - since
            first = last if first is None else first
            count += len(data)
            self.output = (self.output + data)[-200000:]
        raise Fault("%s: never stops writing" % self.command[0])

    def paint(self):
        """The first screen, timed from the start of the program."""
        return self.burst(self.started, quiet=PAINT_QUIET, wait=LATE)

    def key(self, keys, wait=QUIET):
        """One key: bytes and times of the answer."""
        data = keys.encode()
        start = time.perf_counter()
        os.write(self.fd, data)
        return self.burst(start, wait=wait)

    def settle(self, seconds=0.4):
        self.burst(time.perf_counter(), quiet=seconds, wait=seconds)

    def says(self, text):
        return text.encode() in self.output

    def peak_kib(self):
        """The most memory it ever had resident."""
        with open("/proc/%d/status" % self.pid, encoding="ascii") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
        raise Fault("%s: no figure of its memory" % self.command[0])

    def wake_ups(self):
        """How often its threads have left the processor by themselves."""
        total = 0
        for task in os.listdir("/proc/%d/task" % self.pid):
            with contextlib.suppress(FileNotFoundError):
                with open("/proc/%d/task/%s/status" % (self.pid, task), encoding="ascii") as file:
                    total += sum(int(line.split()[1]) for line in file
                                 if line.startswith("voluntary_ctxt_switches:"))
        return total
