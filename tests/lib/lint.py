#!/usr/bin/env python3
"""The rules of the house, checked by reading the source.

    python3 tests/lib/lint.py [FILE...]

Prints `file:line: message` for every violation and exits 1 when there is any.  Notes that are no
violation (a tool that is missing, files that grow long) go to standard error.  Without arguments
every file of the project is read.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# ---- who may include what ------------------------------------------------------------------------
# room -> (rooms it may include, libraries it may include); its own headers are always allowed.
ROOMS = {
    "base": ((), ("cjson", "gmp")),
    "tax": (("base",), ()),
    "store": (("base", "tax"), ()),
    "leqi": (("base", "tax"), ("curl", "openssl", "zlib", "cjson")),
    "piaozone": (("base", "tax"), ("curl", "openssl", "cjson")),
    "post": (("base",), ("curl", "openssl")),
    "sync": (("base", "tax", "store", "leqi", "piaozone", "post", "print"), ()),
    "sheet": (("base",), ("xlsxwriter", "zip", "expat", "zlib", "isal")),
    "print": (("base", "tax"),
              ("cairo", "pango", "fontconfig", "freetype", "qrencode", "zip", "expat")),
    "desk": (("base", "tax", "store", "sheet", "print"), ()),
    "cli": (("base", "desk", "sync"), ()),
    "sandbox": (("base",), ("microhttpd", "sqlite3", "openssl", "gmp", "zlib", "cjson")),
    "main": (("base", "cli", "ui"), ()),
    "ui": (("base", "tax", "desk"), ("curses",)),
}
# Libraries that one file of a room may use beyond the room's own.
FILES = {"src/base/cert.c": ("openssl",), "src/base/secret.c": ("openssl",),
         "src/base/secret_wrap.c": ("openssl",),
         "src/store/db_sqlite.c": ("sqlite3",),
         "src/store/db_sqlite_rows.c": ("sqlite3",), "src/store/db_sqlite_open.c": ("sqlite3",),
         "src/store/db_sqlite_p.h": ("sqlite3",), "src/store/reqlog_text.c": ("zlib",)}
# Rooms that one file may include beyond its room's own: the engine's thread runs the engine.
DOORS = {"ui/worker.c": ("sync",)}
LIBRARIES = (
    (r"cjson/", "cjson"), (r"gmp\.h", "gmp"), (r"openssl/", "openssl"), (r"sqlite3", "sqlite3"),
    (r"curl/", "curl"), (r"cairo", "cairo"), (r"(pango/|glib|gobject|hb)", "pango"),
    (r"fontconfig/", "fontconfig"), (r"(ft2build|freetype)", "freetype"), (r"qrencode", "qrencode"),
    (r"zip\.h", "zip"), (r"expat", "expat"), (r"microhttpd", "microhttpd"), (r"zlib\.h", "zlib"),
    (r"isa-l", "isal"),
    (r"xlsxwriter", "xlsxwriter"),
    (r"(n?curses|ncursesw/|panel|form|menu|term)\b", "curses"),
)
LIBC = set("""
 assert ctype dirent dlfcn endian errno fcntl fnmatch getopt glob grp iconv ifaddrs inttypes
 langinfo libgen limits locale malloc math netdb poll pthread pwd regex sched semaphore setjmp
 signal spawn stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string
 strings syslog termios threads time uchar unistd utime wchar wctype
""".split())
LIBC_FOLDERS = ("sys/", "net/", "netinet/", "netpacket/", "arpa/", "linux/")
# Networking belongs to the wire, to the sandbox and to the verbs that start or probe a peer.
NETWORK = re.compile(r"(sys/socket|sys/un|net/|netinet/|netpacket/|arpa/|netdb)")
NETWORK_ROOMS = ("leqi", "post", "piaozone", "sandbox", "sync", "cli")
# The tax room is pure: no clock, no files.
IMPURE = re.compile(r"(time\.h|unistd\.h|fcntl\.h|dirent\.h|sys/)")

# ---- words ---------------------------------------------------------------------------------------
BANNED = """
 strcpy stpcpy strcat strncat sprintf vsprintf strtok gets atoi atol atoll atof strtod strtof
 strtold localtime gmtime asctime ctime system popen alloca rand srand tmpnam tempnam mktemp
""".split()
FLOATS = re.compile(r"\b(float|double|valuedouble|cJSON_GetNumberValue)\b"
                    r"|(?<![\w.])\d+\.\d+(?![\w.])")
ENDS = re.compile(r"\b(exit|_exit|quick_exit)\s*\(")
MAY_END = ("src/main.c", "src/base/crash.c")
MARKER = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK")) + r")\b")
SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|DROP|ALTER)\s")
SQL_PART = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|WHERE|ORDER BY|VALUES)\b")
FORMAT = re.compile(r"%[-+0#]*[\d*.]*[hlzjt]*[sdiuxXc]")
# Keys of the wire; they belong in the tables of the wire's own rooms.
WIRE_ROOMS = ("leqi", "piaozone", "sandbox")
WIRE = re.compile(r"\b(" + "|".join("""
 fphm fppz lzfpbz ptbh gmfzrrbz tdys cezslx\\w* sgfplx\\w* ckywsyzc\\w* zzsjzjt\\w* xsfnsrsbh
 xsfmc xsfdz xsfdh xsfkhh xsfzh gmfnsrsbh gmfmc gmfdz gmfdh gmfkhh gmfzh gmfjbr\\w*
 zrrzjlx\\w* zrrzjhm zrrgj\\w* jbrsfzj\\w* jbrgjhdq\\w* jbrnsrsbh hjje hjse jshj skyhmc skyhzh
 jsfs ysxwfsd kprzjhm kprzjlx kprq dylzfphm hzqrxxdbh hzqrduuid macdz cpuid zbxlh
 sfzsxsfyhzhbq sfzsgmfyhzhbq skrxm fhrxm fpkjfs\\w* lqkpms\\w* zfqd\\w* jydh zfxxList mtpzxx
 mtzl mxxh dylzfpmxxh fpmxList xmmc hwhyslwfwmc spfwjc ggxh hsje sphfwssflhbbm fphxz yhzcbs
 fjysList fjysmc fjyslx fjysz cekcList pzlx cepzhm pzhjje bckcje sllsh ywlsh lysl sqlx sqed
 sxedsq syqjq syqjz bysxed kysyed yxzed yxzwsyed ztsxbz fxnsrlx nsryjjb fxnsrbz nsrsbh nsrmc
 nsrlx nsrztdm zfjglxdm sphfwmc sphfwfljc zzssl sfhzx ssbmList fjbm tyrq qyrq slzslList
 returncode returnmsg jrdwptbh sydwptbh fwbm nlbm hzqrdbh hzqrxxzt\\w* chyy\\w* lrfsf
 yhjslx qrlx lzfphm lzkprq lzmxxh hzcxje hzcxse ykjhzfpbz
""".split()) + r")\b")
WIRE_ALLOWED = {"print": {"ptbh"}}  # an element of the invoice's XML has that name too
REGISTRIES = re.compile("|".join(re.escape(h) for h in (
    "pypi" ".org", "python" "hosted.org", "registry.npm" "js.org", "crates" ".io",
    "rubygems" ".org", "deb.debian" ".org", "security.debian" ".org", "proxy.golang" ".org",
    "docker" ".io")))
PLACES = re.compile(r"(?<![\w./~-])/" + r"(work|tm" r"p)(?![\w-])")

LINES_MAX, LINES_MEDIAN, COLUMNS_MAX = 1000, 300, 100
TEXT = (".c", ".h", ".py", ".sh", ".sql", ".md", ".json", ".tsv", ".mk", ".yml", ".dict", ".txt")

violations = []


def report(path, line, message):
    violations.append((path, line, message))


def note(text):
    print("lint: " + text, file=sys.stderr)


# ---- reading C -----------------------------------------------------------------------------------
TOKEN = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", re.S)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One C file: its lines, its code with comments and literals blanked, its string literals."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.lines = text.split("\n")
        parts, strings, last = [], [], 0
        for m in TOKEN.finditer(text):
            between = text[last:m.start()]
            parts.append(between)
            word = m.group(0)
            if word.startswith('"'):
                # Adjacent literals are one; a comment between them does not part them.
                if strings and not re.sub(r"\s+", "", "".join(parts[strings[-1][2]:])).strip('" '):
                    strings[-1][1] += word[1:-1]
                else:
                    strings.append([text.count("\n", 0, m.start()) + 1, word[1:-1], 0])
                parts.append('"' + " " * (len(word) - 2) + '"')
                strings[-1][2] = len(parts)
            else:
                parts.append(blank(word))
            last = m.end()
        parts.append(text[last:])
        self.code = "".join(parts)
        code_lines = self.code.split("\n")
        self.strings = [(line, value) for line, value, _ in strings
                        if not self.lines[line - 1].lstrip().startswith("#include")]
        self.includes = []
        for i, line in enumerate(self.lines, 1):
            m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if m and code_lines[i - 1].lstrip().startswith("#"):
                self.includes.append((i, m.group(1), m.group(2)))


def room_of(path):
    parts = path.split("/")
    if parts[0] == "ui":
        return "ui"
    if parts[0] == "src":
        return parts[1] if len(parts) > 2 else os.path.splitext(parts[1])[0]
    return None


# ---- rules on one C file -------------------------------------------------------------------------
def check_includes(src):
    room = room_of(src.path)
    if room is None:
        return
    if room not in ROOMS:
        report(src.path, 1, "no rule for the room '%s': name it in tests/lib/lint.py" % room)
        return
    rooms, libraries = ROOMS[room]
    for line, kind, name in src.includes:
        if kind == '"':
            target = name.split("/")[0]
            if "/" not in name:
                report(src.path, line, 'include "%s" as "room/%s"' % (name, name))
            elif name.endswith("_p.h") and target != room:
                report(src.path, line, "%s is private to its room" % name)
            elif target != room and target not in rooms + DOORS.get(src.path, ()):
                report(src.path, line, "%s may not include %s" % (room, name))
            continue
        library = next((lib for pattern, lib in LIBRARIES if re.match(pattern, name)), None)
        if library:
            if library not in libraries and library not in FILES.get(src.path, ()):
                report(src.path, line, "%s may not include <%s>" % (room, name))
        elif not (name.startswith(LIBC_FOLDERS) or name[:-2] in LIBC):
            report(src.path, line, "<%s>: name its library in tests/lib/lint.py" % name)
        elif NETWORK.match(name) and room not in NETWORK_ROOMS:
            report(src.path, line, "%s may not use the network (<%s>)" % (room, name))
        elif room == "tax" and IMPURE.match(name):
            report(src.path, line, "tax is pure: no clock, no files (<%s>)" % name)


def check_wire(path, line, text, room):
    for m in WIRE.finditer(text):
        if m.group(0) not in WIRE_ALLOWED.get(room, ()):
            report(path, line, "key of the wire outside its tables: %s" % m.group(0))


def check_words(src):
    room, in_tests = room_of(src.path), src.path.startswith("tests/")
    banned = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
    has_main = re.search(r"^int main\(", src.code, re.M)
    for i, line in enumerate(src.code.split("\n"), 1):
        for m in banned.finditer(line):
            report(src.path, i, "banned function %s" % m.group(1))
        if room != "print" and not in_tests and FLOATS.search(line):
            report(src.path, i, "binary floating point: %s" % FLOATS.search(line).group(0))
        if not in_tests and src.path not in MAY_END and not has_main and ENDS.search(line):
            # A child that could not become another program has nobody to return to.
            if not re.search(r"\b_exit\s*\(\s*127\s*\)", line):
                report(src.path, i, "nothing below main ends the process")
        if room and room not in WIRE_ROOMS:
            check_wire(src.path, i, line, room)


def check_strings(src):
    room = room_of(src.path)
    if room is None:
        return
    for line, value in src.strings:
        if room in ("store", "sandbox"):
            formatted = SQL_PART.search(value) and FORMAT.search(value)
            if "%" in value and (SQL.match(value) or formatted):
                report(src.path, line, "SQL built by formatting: bind the value")
        elif SQL.match(value):
            report(src.path, line, "SQL outside the store")
        if room not in WIRE_ROOMS:
            check_wire(src.path, line, value, room)


def check_size(src, lengths):
    count = len(src.lines) - 1
    lengths.append(count)
    if count > LINES_MAX:
        report(src.path, LINES_MAX + 1, "%d lines, at most %d" % (count, LINES_MAX))


# ---- rules on any text file ----------------------------------------------------------------------
def check_text(path, text):
    measured = path.endswith((".c", ".h", ".py"))
    for i, line in enumerate(text.split("\n"), 1):
        if measured and len(line.expandtabs(8)) > COLUMNS_MAX:
            report(path, i, "%d columns, at most %d" % (len(line.expandtabs(8)), COLUMNS_MAX))
        if not path.endswith(".tsv") and line != line.rstrip():
            report(path, i, "trailing white space")
        if re.match(r"\t* +\t", line) and not path.endswith(".tsv"):
            report(path, i, "spaces before a tab")
        if path.endswith(".py") and line.startswith("\t"):
            report(path, i, "a tab in Python")
        if MARKER.search(line):
            report(path, i, "marker of unfinished work")
        if REGISTRIES.search(line):
            report(path, i, "host of a package registry")
        if PLACES.search(line):
            report(path, i, "absolute path of a machine")
    if text and not text.endswith("\n"):
        report(path, text.count("\n") + 1, "no newline at the end")
    if "\r" in text:
        report(path, 1, "carriage returns")


def check_sql_words(path, text):
    for i, line in enumerate(text.split("\n"), 1):
        check_wire(path, i, line.split("--")[0], None)


# ---- rules on the whole --------------------------------------------------------------------------
def check_facades(files):
    rooms = {room_of(f) for f in files if f.startswith(("src/", "ui/")) and f.count("/") >= 1}
    for room in sorted(r for r in rooms - {None, "main"}):
        path = "ui/ui.h" if room == "ui" else "src/%s/%s.h" % (room, room)
        full = os.path.join(ROOT, path)
        if not os.path.exists(full):
            report(path, 1, "the room has no facade header")
            continue
        with open(full, encoding="utf-8") as f:
            text = f.read()
        comment = re.search(r"/\*.*?\*/", text, re.S)
        for word in ("Purpose", "Invariants", "Ownership"):
            if not comment or word not in comment.group(0):
                report(path, 1, "the first comment of a facade names its %s" % word)


def check_format(files):
    """One line per file that clang-format would change."""
    tool = shutil.which("clang-format")
    if not tool:
        note("clang-format is not installed: formatting was NOT checked (package clang-format)")
        return
    for i in range(0, len(files), 40):
        run = subprocess.run([tool, "--dry-run", "-Werror", "--ferror-limit=1"] + files[i:i + 40],
                             cwd=ROOT, capture_output=True, text=True)
        seen = set()
        for m in re.finditer(r"^([^:\n]+):(\d+):\d+: error:", run.stderr, re.M):
            path = os.path.relpath(os.path.join(ROOT, m.group(1)), ROOT)
            if path not in seen:
                seen.add(path)
                report(path, int(m.group(2)), "not formatted: clang-format -i " + path)
        if run.returncode and not seen:
            note("clang-format failed: " + run.stderr.strip()[:200])
            report(".clang-format", 1, "clang-format could not run")


def project_files():
    if os.path.isdir(os.path.join(ROOT, ".git")) and shutil.which("git"):
        out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                             capture_output=True, check=True).stdout.decode()
        names = [n for n in out.split("\0") if n]
    else:
        names = []
        for folder, folders, found in os.walk(ROOT):
            folders[:] = [d for d in folders if d not in (".git", "build", "bin", "__pycache__")]
            names += [os.path.relpath(os.path.join(folder, f), ROOT) for f in found]
    return sorted(n for n in names if os.path.isfile(os.path.join(ROOT, n)))


def is_text(path):
    return path.endswith(TEXT) or "." not in os.path.basename(path).lstrip(".") or \
        os.path.basename(path).startswith(".")


def main(args):
    everything = project_files()
    files = [os.path.relpath(os.path.abspath(a), ROOT) for a in args] or everything
    lengths, c_files = [], []
    for path in files:
        # Fixtures are what others produced; they keep their own shape.
        if path.startswith(("tests/fixtures/", "tests/fuzz/seeds/")) or not is_text(path):
            continue
        with open(os.path.join(ROOT, path), "rb") as f:
            raw = f.read()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            report(path, 1, "not UTF-8")
            continue
        check_text(path, text)
        if path.endswith((".c", ".h")):
            src = Source(path, text)
            check_size(src, lengths)
            check_includes(src)
            check_words(src)
            check_strings(src)
            c_files.append(path)
        elif path.endswith(".sql"):
            check_sql_words(path, text)
    if not args:
        check_facades(files)
    check_format(c_files)
    median = statistics.median(lengths or [0])
    if median > LINES_MEDIAN:
        note("the median file has %d lines, aim under %d" % (median, LINES_MEDIAN))
    for path, line, message in sorted(set(violations)):
        print("%s:%d: %s" % (path, line, message))
    note("%d files, %d violations" % (len(files), len(set(violations))))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
