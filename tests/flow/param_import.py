#!/usr/bin/env python3
"""Parameter triples from a file: CSV, TSV, JSON; unknown ones kept, sxcsbz warned of and not sent
by a 正式 unit (features I3, M15)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap, invoice  # noqa: E402

TRIPLES = [["bdm_lqpt", "baseurl", "https://www.leqi.example:8443/access/v2/invoke"],
           ["bdm_lqpt", "sxcsbz", "1"], ["rim_download", "open_replenish_last_month", "1"],
           ["rim_leqi_collect", "91440300708461136T", "1"], ["old_thing", "a b", "值，1"]]


def value(home, kind, key):
    return home.run("param", "get", kind, key)[1]["value"]


def forms(t):
    csv = "配置项类型,键,值\r\n" + "".join("%s,%s,\"%s\"\r\n" % tuple(x) for x in TRIPLES)
    tsv = "\ufeff" + "".join("\t".join(x) + "\n" for x in TRIPLES)
    named = [dict(zip(("type", "key", "value"), x)) for x in TRIPLES]
    for what, content in (("csv", csv), ("tsv", tsv), ("json arrays", TRIPLES), ("json", named)):
        with Home() as home:
            home.run("init", check=0)
            code, doc, err = home.run("param", "import", home.file(content, "p.txt"))
            t.ok(code == 0 and doc["imported"] == 5, "I3: " + what, code, doc, err)
            t.same([value(home, x[0], x[1]) for x in TRIPLES], [x[2] for x in TRIPLES],
                   "I3: %s: all kept" % what)
            warned = {r["key"]: r["warning"] for r in doc["rows"] if r["warning"]}
            t.ok(set(warned) == {"sxcsbz", "a b"} and "沙箱" in warned["sxcsbz"]
                 and "不认识" in warned["a b"], "M15: %s: warned of" % what, warned)
            again = home.run("param", "import", "-", input=home_text(content))
            t.same(again[0], 0, "I3: %s from standard input" % what, again[2])


def home_text(content):
    import json
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def bad(t):
    with Home() as home:
        home.run("init", check=0)
        rows = "engine,batch_size,50\nbdm_lqpt,baseurl,http://x\ndrawer,张三,201:1\n"
        code, doc, err = home.run("param", "import", home.file(rows, "p.csv"))
        t.ok(code == 3 and doc["imported"] == 0 and "2 行" in err, "I3: two rows are at fault",
             doc, err)
        t.same([bool(r["fault"]) for r in doc["rows"]], [False, True, True], "I3: which")
        t.same(value(home, "engine", "batch_size"), "", "I3: nothing was changed")
        for content in ("", "only,two\n,x,y\n", "a,b,c,d\n", "{}", "[1]", '[["a","b"]]',
                        '[["a","b",null]]', "[", "a,b,\x1b[31m\n" * 2001):
            code, doc, err = home.run("param", "import", home.file(content, "p.csv"))
            t.ok(code == 3 and doc["error"]["message"], "I3: refused %r" % content[:20], code, err)
        t.same(home.run("param", "import", os.path.join(home.top, "absent"))[0], 3, "no such file")


def sent(t):
    with Sandbox() as sb, Home() as home:
        home.setup(sb, env="正式")
        home.run("param", "import", home.file(TRIPLES[1:2]), check=0)
        before = sb.get("/state")["requests"]
        code, doc, err = home.run("blue", "issue", home.file(invoice("P-1")))
        t.ok(code == 0, "I3: a 正式 unit issues", err)
        rows = sb.get("/requests?limit=1000")["rows"][before:]
        sent_as = [str(r.get("headers", r)) for r in rows]
        t.ok(rows and not any("sxcsbz" in h or "ylbm" in h for h in sent_as),
             "I3: and sends neither sxcsbz nor ylbm", rows[:1])


with Tap() as tap:
    forms(tap)
    bad(tap)
    sent(tap)
