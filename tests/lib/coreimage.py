"""What a core file of a running process would hold, and what it would leave out.

The kernel leaves out what is marked so (MADV_DONTDUMP: `dd` among VmFlags); everything else that
can be read counts, whatever a debugger would take along.  gcore is used besides where there is one.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile

HEAD = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$")


def regions(pid):
    """(first, end, marked as not to be dumped) of all memory that can be read."""
    found, at = [], None
    with open("/proc/%d/smaps" % pid, encoding="utf-8", errors="replace") as f:
        for line in f:
            head = HEAD.match(line)
            if head:
                at = (int(head.group(1), 16), int(head.group(2), 16))
                if "r" not in head.group(3) or head.group(4) in ("[vvar]", "[vsyscall]"):
                    at = None
            elif line.startswith("VmFlags:") and at:
                found.append(at + ("dd" in line.split()[1:],))
    return found


def memory(pid):
    """(what a core file holds, what it leaves out), or None where it may not be looked at."""
    parts = ([], [])
    try:
        with open("/proc/%d/mem" % pid, "rb") as f:
            for first, end, hidden in regions(pid):
                try:
                    f.seek(first)
                    parts[hidden].append(f.read(end - first))
                except (OSError, ValueError, OverflowError):
                    continue
    except PermissionError:
        return None
    return b"\n".join(parts[0]), b"\n".join(parts[1])


def by_debugger(pid):
    """The core file gcore writes, or None where there is no gcore or it may not."""
    if not shutil.which("gcore"):
        return None
    with tempfile.TemporaryDirectory() as top:
        subprocess.run(["gcore", "-o", os.path.join(top, "image"), str(pid)],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=100,
                       check=False)
        made = glob.glob(os.path.join(top, "image*"))
        if not made:
            return None
        with open(made[0], "rb") as f:
            return f.read()
