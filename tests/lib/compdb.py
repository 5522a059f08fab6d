#!/usr/bin/env python3
"""Prints compile_commands.json for the sources, given the compile command as one string.

    python3 tests/lib/compdb.py 'gcc -std=c11 -Isrc ...' > compile_commands.json
"""
import json
import os
import shlex
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("src", "ui", "tests/unit", "tests/bench", "tests/fuzz")


def sources():
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(ROOT, top)):
            folders.sort()
            for name in sorted(names):
                if name.endswith(".c"):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def main():
    if len(sys.argv) != 2:
        print("usage: compdb.py 'COMPILE COMMAND'", file=sys.stderr)
        return 2
    command = shlex.split(sys.argv[1])
    rows = []
    for path in sources():
        extra = ["-Itests"] if path.startswith("tests/") else []
        rows.append({"directory": ROOT, "file": path, "arguments": command + extra + ["-c", path]})
    json.dump(rows, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
