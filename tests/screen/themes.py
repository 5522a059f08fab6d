#!/usr/bin/env python3
"""Themes in a real terminal: the same words in every one, and what means something looks like it.

Rows are kept as runs of equal attributes, "{bold 24/-}text", so that a theme is compared as it is
seen: foreground/background as numbers of 256 colours, - for the terminal's own."""
import os
import re
import shutil

import kp
from screen import Screens
from tmuxlab import Lost, Tmux

SGR = re.compile(r"\x1b\[([0-9;:]*)m")
NAMES = {1: "bold", 2: "dim", 4: "underline", 5: "blink", 7: "reverse"}
OFF = {22: (1, 2), 24: (4,), 25: (5,), 27: (7,)}
# NAME: (line of the configuration, environment)
RED, GREEN = ("1", "9", "124", "160", "196", "203"), ("2", "10", "22", "28", "34", "71", "114")
LOOKS = {"default": ("", {}), "dark": ("set theme dark\n", {}), "light": ("set theme light\n", {}),
         "no-color": ("set theme light\n", {"NO_COLOR": "1"})}


class Pen:
    """The attributes in force, fed with the numbers of an SGR sequence."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.on, self.colours = set(), ["-", "-"]

    def one(self, n):
        if n in NAMES:
            self.on.add(n)
        elif n in OFF:
            self.on -= set(OFF[n])
        elif n % 10 == 9 and n in (39, 49):
            self.colours[n // 49] = "-"
        elif 30 <= n <= 37 or 40 <= n <= 47:
            self.colours[n >= 40] = str(n % 10)
        elif 90 <= n <= 97 or 100 <= n <= 107:
            self.colours[n >= 100] = str(n % 10 + 8)

    def take(self, text):
        numbers = [int(n or 0) for n in re.split("[;:]", text)]
        while numbers:
            n = numbers.pop(0)
            if n == 0:
                self.clear()
            elif n in (38, 48) and len(numbers) > 1:
                self.colours[n == 48] = str(numbers[1])
                del numbers[:2]
            else:
                self.one(n)

    def word(self):
        words = [NAMES[n] for n in sorted(self.on)]
        if self.colours != ["-", "-"]:
            words.append("/".join(self.colours))
        return "{%s}" % " ".join(words)


def runs(screen):
    """Every row as runs; "|" ends blanks that look like something."""
    rows, pen = [], Pen()
    for row in screen.split("\n"):
        out, last = "", "{}"
        parts = SGR.split(row)
        for i, part in enumerate(parts):
            if i % 2:
                pen.take(part)
            elif part:
                out += (pen.word() if pen.word() != last else "") + part
                last = pen.word()
        out = out.rstrip(" ") if last == "{}" else out
        rows.append(out + "|" if out.endswith(" ") else out)
    return "\n".join(rows).rstrip("\n") + "\n"


def words(text):
    return "\n".join(row.rstrip() for row in re.sub(r"\{[^}]*\}|\|$", "", text, flags=re.M)
                     .split("\n"))


def wrong_form(tm):
    """A form with a taken buyer, a mark, a wrong cell and its sentence; then the last look."""
    tm.wait("去哪里")
    tm.keys("F10")
    tm.wait("购方*[")
    tm.type("szsqc")
    tm.wait("> 深圳市晴川数码")
    tm.keys("Enter")
    tm.wait("7559000100010001")
    tm.type("bjbdn")
    tm.wait("> 笔记本电脑")
    tm.keys("Enter")
    tm.wait("5299")
    tm.keys("C-]")
    tm.wait("1*")
    tm.keys("-l", "--", "-2")
    tm.keys("Enter")
    tm.wait("数量：必须大于 0")


def sheet(tm):
    tm.keys("BTab", "C-u", "2", "Enter")
    tm.wait("¥10,598.00")
    tm.keys("F10")
    tm.wait("确认开具", "开后额度")


def look(s, name):
    conf, env = LOOKS[name]
    home = kp.Home(os.path.join(s.copy(name), "home"), now=s.now)
    with open(os.path.join(home.path, "kaipiao.conf"), "w", encoding="utf-8") as f:
        f.write(conf)
    seen = []
    with Tmux(80, 24) as tm:
        tm.run(home.command([], as_json=False), home.environ(dict(env, LC_ALL="C.UTF-8")))
        for step, part in ((wrong_form, "form"), (sheet, "sheet")):
            step(tm)
            seen.append(runs(tm.ask("capture-pane", "-p", "-e", "-t", "t")))
            path = os.path.join(home.top, "%s-%s" % (name, part))
            with open(path, "w", encoding="utf-8") as f:
                f.write(seen[-1])
            s.compare(path)
    return seen


def environments(s):
    """C9: 正式 is red, 沙箱 and 演练 are green, in every theme with colours."""
    for name in ("default", "dark", "light"):
        looks = {}
        for env, label in (("production", "正式"), ("sandbox", "沙箱"), ("practice", "演练")):
            home = kp.Home(os.path.join(s.copy("%s-%s" % (name, env)), "home"), now=s.now)
            kp.sql(home.path + "/kaipiao.db", "UPDATE unit SET env = '%s'" % env)
            with open(os.path.join(home.path, "kaipiao.conf"), "w", encoding="utf-8") as f:
                f.write(LOOKS[name][0])
            with Tmux(80, 24) as tm:
                tm.run(home.command([], as_json=False), home.environ({"LC_ALL": "C.UTF-8"}))
                tm.wait("去哪里")
                top = runs(tm.ask("capture-pane", "-p", "-e", "-t", "t")).split("\n")[0]
            found = re.search(r"\{([^}]*)\}[^{]*\[%s\]" % label, top)
            looks[label] = found.group(1) if found else top
        s.ok(looks["沙箱"] == looks["演练"] != looks["正式"]
             and any(c in RED for c in re.findall(r"\d+", looks["正式"]))
             and any(c in GREEN for c in re.findall(r"\d+", looks["沙箱"])),
             "C9: %s: 正式 red, 沙箱 green" % name, looks)


def main(s):
    seen = {name: look(s, name) for name in LOOKS}
    plain = seen["no-color"]
    for name in LOOKS:
        s.same([words(text) for text in seen[name]], [words(text) for text in plain],
               "%s says the same words" % name)
    s.ok(not re.search(r"\{[^}]*/", "".join(plain)), "NO_COLOR leaves no colour", *plain)
    s.ok(re.search(r"\{[^}]*reverse[^}]*\}", plain[1]), "the chosen button is seen without colours")
    for name in ("default", "dark", "light"):
        s.ok(re.search(r"\{[^}]*/", seen[name][0]), "%s has colours" % name)
        s.ok(re.search(r"\{[^}]*\d/[^}]*\} *数量：必须大于 0", seen[name][0]),
             "%s shows an error as one" % name, seen[name][0])
    s.ok(len({text for text in (seen[n][0] for n in LOOKS)}) == len(LOOKS), "no two look alike")


if not shutil.which("tmux"):
    kp.skip_all("tmux is not installed")
with Screens(__file__) as screens:
    try:
        main(screens)
        environments(screens)
    except Lost as e:
        screens.ok(False, "the terminal shows what is waited for", e)
