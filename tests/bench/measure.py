"""What every measurement shares: where things are, one row of the table, running a program."""
import json
import os
import resource
import statistics
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build")))
BIN = os.path.abspath(os.environ.get("BIN", os.path.join(ROOT, "bin")))
DATA = os.path.join(BUILD, "bench-data")
LIMIT = 600  # seconds for one program


class Fault(Exception):
    """A measurement could not be made; says why."""


class Row:
    """One line of the table.  `wanted` is a text, `ok` None where nothing is wanted."""

    def __init__(self, what, ours, peer, ratio, wanted="", ok=None):
        self.what, self.ours, self.peer, self.ratio = what, ours, peer, ratio
        self.wanted, self.ok = wanted, ok

    def cells(self):
        word = "" if self.ok is None else "yes" if self.ok else "NO"
        return self.what, self.ours, self.peer, self.ratio, self.wanted, word


def times(ratio):
    return "%.1fx" % ratio if ratio < 100 else "%.0fx" % ratio


def duration(seconds):
    """A duration at its own scale, three digits."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return "%.3g %s" % (seconds / size, unit)
    return "%.3g ns" % (seconds * 1e9)


median = statistics.median


def tool(name):
    path = os.path.join(BUILD, "bench", name)
    if not os.access(path, os.X_OK):
        raise Fault("not built: " + path)
    return path


def program(name):
    path = os.path.join(BIN, name)
    if not os.access(path, os.X_OK):
        raise Fault("not built: " + path)
    return path


class Ran:
    """A program that ran to its end: its output, its wall time and its CPU time."""

    def __init__(self, out, wall, cpu):
        self.out, self.wall, self.cpu = out, wall, cpu

    def json(self):
        return json.loads(self.out)


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment():
    """The caller's, without settings of the program that would decide a measurement."""
    return {k: v for k, v in os.environ.items() if not k.startswith("KAIPIAO_")}


def run(command, env=None):
    """Runs a program to its end; Fault when it fails."""
    cpu, start = cpu_of_children(), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, cwd=ROOT,
                          env=env or environment(), stdin=subprocess.DEVNULL)
    ran = Ran(done.stdout, time.monotonic() - start, cpu_of_children() - cpu)
    if done.returncode != 0:
        raise Fault("%s: exit %d: %s" % (" ".join(command[:6]), done.returncode,
                                         (done.stderr or done.stdout).strip()[-600:]))
    return ran
