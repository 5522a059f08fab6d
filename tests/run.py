#!/usr/bin/env python3
"""Runs every test and counts: unit and terminal binaries, then scripts, all speaking TAP.

    BUILD=build BIN=bin python3 tests/run.py [--valgrind] [-j N] [FILTER...]

A filter is a kind (unit, flow, screen, crash, term) or a part of a file name.  The last line is
always "N passed, N failed" (", N skipped" when there are skips); the exit status is 1 when anything
failed or nothing ran.  A test that crashes, runs out of time, prints no TAP, prints another number
of results than it planned, or leaves a process behind counts as one failure more.

What fails while other tests run beside it is run once more by itself at the end (not units, which
have no clock in them): the second run counts, and the first is shown and named as unsteady.
--strict counts the first.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIMIT = {"unit": 120, "flow": 300, "crash": 400, "term": 200, "screen": 200}  # seconds
# Longest first, so that the last minutes are not one worker's alone: seconds by part of the name.
HINT = (("crash/batch", 300), ("crash/", 200), ("flow/taxcodes", 90), ("flow/red_many", 90),
        ("term/", 60), ("flow/", 40), ("screen/", 30), ("unit/print", 20), ("unit/", 5))
KEEP = ("PATH", "KAIPIAO_SHARED", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TERM", "USER",
        "LOGNAME")
VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--errors-for-leak-kinds=definite", "--trace-children=no"]
SHOWN = 120  # lines of a failing test's output
RUNNING = set()  # process groups of the tests that run now

POINT = re.compile(r"^(not )?ok\b(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)(.*)$")
SKIP = re.compile(r"#\s*skip", re.I)


class Result:
    def __init__(self, test):
        self.test, self.seconds = test, 0.0
        self.passed = self.failed = self.skipped = 0
        self.lines = []  # what a person needs to see

    def skip(self, why):
        self.skipped += 1
        self.lines.append("# SKIP " + why)

    def fault(self, text):
        self.failed += 1
        self.lines.append("! " + text)


class Test:
    def __init__(self, kind, path, command):
        self.kind, self.command = kind, command
        self.name = kind + "/" + os.path.splitext(os.path.basename(path))[0]

    def hint(self):
        return next((s for part, s in HINT if part in self.name), 1)


def collect(build, valgrind):
    """Every test there is; a unit source without its binary is a test that cannot start."""
    tests = []
    for source in sorted(os.listdir(os.path.join(ROOT, "tests", "unit"))):
        if source.endswith(".c"):
            binary = os.path.join(build, "unit", source[:-2])
            tests.append(Test("unit", source, (VALGRIND if valgrind else []) + [binary]))
    term = os.path.join(ROOT, "tests", "term")
    for source in sorted(os.listdir(term)) if os.path.isdir(term) and not valgrind else ():
        if source.endswith(".c") and source != "harness.c":
            tests.append(Test("term", source, [os.path.join(build, "term", source[:-2])]))
    for kind in () if valgrind else ("flow", "screen", "crash", "term"):
        folder = os.path.join(ROOT, "tests", kind)
        for script in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if script.endswith(".py") and not script.startswith("_"):
                tests.append(Test(kind, script, [sys.executable, os.path.join(folder, script)]))
    return sorted(tests, key=lambda t: (-t.hint(), t.name))


def environment(build, binaries, scratch):
    """A clean one: nothing of the caller's settings may decide a test."""
    env = {k: os.environ[k] for k in KEEP if k in os.environ}
    shared = env.get("KAIPIAO_SHARED")
    if shared:
        env["KAIPIAO_SHARED"] = os.path.abspath(shared)
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1")
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    env.update(LC_ALL="C.UTF-8", HOME=scratch, TMPDIR=scratch, BUILD=build, BIN=binaries,
               CMOCKA_MESSAGE_OUTPUT="TAP", PYTHONDONTWRITEBYTECODE="1",
               PYTHONPATH=os.path.join(ROOT, "tests", "lib"))
    return env


def read_tap(text, result):
    """Counts the results of one test's output; cmocka prints one plan per group."""
    planned, seen, plan, plan_at_end = 0, 0, False, ""
    for line in text.splitlines():
        found = PLAN.match(line)
        if found:
            plan, planned, plan_at_end = True, planned + int(found.group(1)), found.group(2)
            continue
        found = POINT.match(line)
        if found:
            seen += 1
            if SKIP.search(found.group(2)):
                result.skipped += 1
            elif found.group(1):
                result.failed += 1
            else:
                result.passed += 1
        elif line.startswith("Bail out!"):
            result.fault(line)
    if not plan:
        result.fault("no TAP plan in the output")
    elif planned == 0 and seen == 0 and SKIP.search(plan_at_end):
        result.skipped += 1
    elif planned == 0 and seen == 0:
        result.fault("no test in the file")
    elif planned != seen:
        result.fault("planned %d results, printed %d" % (planned, seen))


def vterm():
    return subprocess.run(["pkg-config", "--exists", "vterm"]).returncode == 0


def group_alive(pgid):
    try:
        os.killpg(pgid, 0)
        return True
    except (ProcessLookupError, PermissionError):
        return False


def end_group(pgid, grace):
    """Ends what is left of the test's own process group; true when something was."""
    until = time.monotonic() + grace
    while group_alive(pgid) and time.monotonic() < until:
        time.sleep(0.05)
    if not group_alive(pgid):
        return False
    try:
        os.killpg(pgid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    return True


def run(test, build, binaries, scale):
    result = Result(test)
    program = test.command[-1]
    if not program.endswith(".py") and not os.access(program, os.X_OK):
        if test.kind == "term" and not vterm():
            result.skip("libvterm is not installed (package libvterm-dev)")
        else:
            result.fault("not built: " + program)
        return result
    scratch = tempfile.mkdtemp(prefix="kaipiao-")
    # Files, not pipes: a process left behind would hold a pipe open for ever.
    outputs = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    start, late = time.monotonic(), False
    try:
        child = subprocess.Popen(test.command, cwd=ROOT, env=environment(build, binaries, scratch),
                                 stdin=subprocess.DEVNULL, stdout=outputs[0], stderr=outputs[1],
                                 start_new_session=True)
        RUNNING.add(child.pid)
        try:
            child.wait(LIMIT[test.kind] * scale)
        except subprocess.TimeoutExpired:
            late = True
            end_group(child.pid, 0)
            child.wait()
        left = end_group(child.pid, 2)
        result.seconds = time.monotonic() - start
        texts = []
        for stream in outputs:
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
        read_tap(texts[0], result)
        if late:
            result.fault("ran out of time after %d s" % (LIMIT[test.kind] * scale))
        elif child.returncode < 0:
            result.fault("ended by " + signal.Signals(-child.returncode).name)
        elif child.returncode != 0 and result.failed == 0:
            result.fault("exit status %d" % child.returncode)
        if left and not late:
            result.fault("left a process behind")
        if result.failed:
            for name, text in zip(("", "stderr: "), texts):
                lines = [l for l in text.splitlines() if name or not re.match(r"^ok\b", l)]
                if len(lines) > SHOWN:
                    lines = lines[:SHOWN // 2] + ["..."] + lines[-SHOWN // 2:]
                result.lines += [name + l for l in lines]
        else:
            result.lines += [l for l in texts[0].splitlines() if SKIP.search(l)]
        RUNNING.discard(child.pid)
    finally:
        for stream in outputs:
            stream.close()
        shutil.rmtree(scratch, ignore_errors=True)
    return result


def show(result, again=False):
    """again: it gets another chance, so these are not its last words."""
    word = "LATE" if again else "FAIL" if result.failed else "ok"
    count = "%d passed" % result.passed
    if result.failed:
        count += ", %d failed" % result.failed
    if result.skipped:
        count += ", %d skipped" % result.skipped
    print("%-4s %-40s %7.2fs  %s" % (word, result.test.name, result.seconds, count))
    for line in result.lines:
        print(("     first run: " if again else "     ") + line)
    sys.stdout.flush()


def sanitized(path):
    try:
        with open(path, "rb") as f:
            return b"__asan_init" in f.read()
    except OSError:
        return False


def stop(number, _frame):
    """Interrupted: the tests run in sessions of their own, so they are ended here."""
    for pgid in list(RUNNING):
        end_group(pgid, 0)
    print("0 passed, 1 failed")
    sys.stdout.flush()
    os._exit(128 + number)


def may_repeat(result, args):
    return result.failed > 0 and result.test.kind != "unit" and not args.strict


def again(first, build, binaries, scale):
    second = run(first.test, build, binaries, scale)
    show(second)
    if not second.failed:
        print("unsteady: %s failed beside other tests and passed alone" % first.test.name)
    return second


def main():
    parser = argparse.ArgumentParser(description="run the tests")
    parser.add_argument("--valgrind", action="store_true", help="unit binaries under valgrind")
    parser.add_argument("-j", type=int, default=min(2, os.cpu_count() or 1), help="tests at once")
    parser.add_argument("--strict", action="store_true", help="no second run of what failed")
    parser.add_argument("filter", nargs="*", help="a kind or a part of a name")
    args = parser.parse_args()
    build = os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build")))
    binaries = os.path.abspath(os.environ.get("BIN", os.path.join(ROOT, "bin")))
    if args.valgrind and not shutil.which("valgrind"):
        print("valgrind is not installed (package valgrind)\n0 passed, 1 failed")
        return 1
    tests = [t for t in collect(build, args.valgrind)
             if not args.filter or any(f == t.kind or f in t.name for f in args.filter)]
    programs = [os.path.join(binaries, "kaipiao")]
    programs += [t.command[-1] for t in tests if t.kind == "unit"]
    scale = 10 if args.valgrind else 4 if any(sanitized(p) for p in programs[:2]) else 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    results = []
    with concurrent.futures.ThreadPoolExecutor(max(1, args.j)) as pool:
        # map() hands results back in order, so the listing is the same every time.
        for result in pool.map(lambda t: run(t, build, binaries, scale), tests):
            show(result, may_repeat(result, args))
            results.append(result)
    results = [again(r, build, binaries, scale) if may_repeat(r, args) else r for r in results]
    passed = sum(r.passed for r in results)
    failed = sum(r.failed for r in results)
    skipped = sum(r.skipped for r in results)
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
