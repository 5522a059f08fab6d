#!/usr/bin/env python3
"""The checker of the house rules finds what it must find, and nothing in clean files."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

FACADE = "/* Purpose, Invariants, Ownership. */\n"
# name of the check, file, content, what the message says
BAD = [
    ("curses outside the screens", "src/desk/a.c", "#include <curses.h>\n", "may not include"),
    ("the store sees no wire", "src/store/a.c", '#include "leqi/leqi.h"\n', "may not include leqi"),
    ("the verbs see no rules", "src/cli/a.c", '#include "tax/tax.h"\n', "may not include tax"),
    ("sqlite in its one file", "src/store/b.c", "#include <sqlite3.h>\n", "may not include"),
    ("openssl in its one file", "src/base/a.c", "#include <openssl/evp.h>\n", "may not include"),
    ("no sockets in the store", "src/store/c.c", "#include <sys/socket.h>\n", "network"),
    ("the rules are pure", "src/tax/a.c", "#include <time.h>\n", "pure"),
    ("unknown library", "src/tax/b.c", "#include <mystery.h>\n", "name its library"),
    ("private headers", "src/desk/b.c", '#include "store/x_p.h"\n', "private"),
    ("headers named by room", "src/tax/c.c", '#include "x.h"\n', 'as "room/x.h"'),
    ("a room without a rule", "src/attic/a.c", "int a;\n", "no rule for the room"),
    ("banned function", "src/tax/d.c", "void f(char *a)\n{\n\tstrcpy(a, a);\n}\n", "strcpy"),
    ("floating point", "src/tax/e.c", "double d;\n", "floating point"),
    ("floating literal", "src/tax/f.c", "long x = (long)(3 * 0.5);\n", "floating point"),
    ("nobody exits", "src/tax/g.c", "void f(void)\n{\n\texit(1);\n}\n", "ends the process"),
    ("SQL by formatting", "src/store/d.c", 'char *s = "SELECT a "\n\t"WHERE c=%s";\n', "bind"),
    ("SQL outside the store", "src/desk/c.c", 'char *s = "DELETE FROM b";\n', "outside the store"),
    ("wire key in code", "src/tax/h.c", "int kprq;\n", "key of the wire"),
    ("wire key in text", "src/desk/d.c", 'char *s = "a.gmfnsrsbh";\n', "key of the wire"),
    ("wire key in the schema", "data/schema/1.sql", "CREATE TABLE a (sllsh TEXT);\n", "key of the"),
    ("unfinished work", "src/tax/i.c", "/* TO" + "DO later */\n", "unfinished"),
    ("trailing white space", "src/tax/j.c", "int a; \n", "trailing"),
    ("spaces before a tab", "src/tax/k.c", "int f(void)\n{\n  \treturn 1;\n}\n", "before a tab"),
    ("long line", "src/tax/l.c", "/* " + "x" * 98 + " */\n", "columns"),
    ("long file", "src/tax/m.c", "int a;\n" * 1001, "1001 lines"),
    ("absolute path", "README.md", "see /" + "tmp/x\n", "absolute path"),
    ("no newline at the end", "src/tax/n.c", "int a;", "no newline"),
    ("facade without words", "src/sync/sync.h", "/* nothing */\n", "names its Purpose"),
    ("no facade", "src/sheet/a.c", "int a;\n", "no facade"),
]
CLEAN = [
    ("src/base/a.c", '#include "base/base.h"\n#include <stdio.h>\n'),
    ("src/base/secret.c", "#include <openssl/evp.h>\n"),
    ("src/store/db_sqlite.c", "#include <sqlite3.h>\nchar *s = \"SELECT a FROM b WHERE c=?\";\n"),
    ("src/leqi/a.c", '/* a double kprq, exit(1), strcpy(x) */\nchar *s = "kprq";\n'),
    ("src/print/a.c", "double mm = 1.5;\n"),
    ("src/tax/a.c", 'char *s = "system(1) exit(2) float 1.5 100%";\n'),
    ("src/main.c", "int main(void)\n{\n\treturn 0;\n}\n"),
]


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as f:
        f.write(text)


def lint(root):
    run = subprocess.run([sys.executable, os.path.join(root, "tests", "lib", "lint.py")],
                         capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def main():
    print("1..%d" % (len(BAD) + 1))
    root = tempfile.mkdtemp()
    try:
        rooms = "base tax store leqi print desk cli".split()
        for room in rooms:
            write(root, "src/%s/%s.h" % (room, room), FACADE)
        os.makedirs(os.path.join(root, "tests", "lib"))
        for path in ("tests/lib/lint.py", ".clang-format"):
            shutil.copy(os.path.join(ROOT, path), os.path.join(root, path))
        for path, text in CLEAN:
            write(root, path, text)
        status, out = lint(root)
        print("%s 1 - clean files are left alone" % ("ok" if status == 0 and not out else "not ok"))
        print("".join("# %s\n" % l for l in out.splitlines()), end="")
        for path, _ in CLEAN:
            os.remove(os.path.join(root, path))
        for _, path, text, _ in BAD:
            write(root, path, text)
        status, out = lint(root)
        for i, (name, path, _, message) in enumerate(BAD, 2):
            file = "src/sheet/sheet.h" if name == "no facade" else path
            found = status == 1 and any(l.startswith(file + ":") and message in l
                                        for l in out.splitlines())
            print("%s %d - %s" % ("ok" if found else "not ok", i, name))
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
