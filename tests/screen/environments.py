#!/usr/bin/env python3
"""C9: the environment is on the top line of every view, in words; the headers of the sandbox go out
there alone."""
import re

import kp
from screen import Screens

# From the first screen: the key of every entry, of lists that lead further, of help and palette.
WAYS = ["F3", "F7", "F10", "F6", "F8", "a", "n", "e", "t", "g", "p", "y", "s", "u", "w", "m", "c",
        "z", "J", "J d", "L", "F1", "Ctrl-P", "g n", "p n", "n n", "e d", "u n", "F8 a", "F8 f",
        "F8 s", "F8 c", "F8 i", "F3 Enter", "F10 F1"]
LABELS = {"production": "正式", "sandbox": "沙箱"}


class Sweep(Screens):
    """Dumps are not compared whole: their first line says where one is."""

    def compare(self, file):
        self.files.append(file)

    def sweep(self, env, rows, cols):
        self.files = []
        lines = ["wait screen home"]
        for i, way in enumerate(WAYS):
            lines += ["key Ctrl-Home", "sleep-until-idle"]
            lines += ["key " + k for k in way.split()] + ["sleep-until-idle", "dump at-%d" % i]
            lines += ["key Esc", "key Esc", "key Esc", "sleep-until-idle"]

        def turn(home):
            kp.sql(home.path + "/kaipiao.db", "UPDATE unit SET env = '%s'" % env)

        name = "%s-%d" % (env, cols)
        self.play(name, *lines, "quit", rows=rows, cols=cols, before=turn)
        missing, seen = [], set()
        for way, file in zip(WAYS, self.files):
            with open(file, encoding="utf-8") as f:
                top = f.readline()
            seen.add(re.split(r" {2,}", top)[0].strip())
            if "[%s]" % LABELS[env] not in top or any("[%s]" % v in top for k, v in LABELS.items()
                                                      if k != env):
                missing.append((way, top))
        self.same(missing, [], "%s: [%s] on the top line of every view" % (name, LABELS[env]))
        self.ok(len(self.files) == len(WAYS) and len(seen) > 15,
                "%s: many views were seen" % name, sorted(seen))


def headers(t):
    """Which of the two headers goes out where, through a verb."""
    with kp.Sandbox() as sb:
        for env, asked, want in (("正式", "1", ("", "")), ("正式", "", ("", "")),
                                 ("沙箱", "1", ("", "1")), ("沙箱", "", ("911001", ""))):
            with kp.Home() as home:
                home.run("init", check=0)
                home.quick()
                home.run("param", "set", "bdm_lqpt", "sxcsbz", asked, check=0)
                home.add_units(sb, env=env)
                home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", check=0)
                row = sb.get("/requests?limit=100000&bodies=0")["rows"][-1]
                head = {k.lower(): v for k, v in row.get("headers", row).items()}
                t.same((head.get("ylbm") or "", head.get("sxcsbz") or ""), want,
                       "%s with sxcsbz=%r: ylbm, sxcsbz" % (env, asked), row)


with Sweep(__file__) as s:
    headers(s)
    for word in LABELS:
        s.sweep(word, 24, 80)
    s.sweep("production", 36, 120)
