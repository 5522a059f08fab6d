#!/usr/bin/env python3
"""B22: a unit that the tax side has moved between 自用 and 联用 is told, with 开票通道 old → new; nothing
is changed until a person does."""
from kp import Home, Sandbox, Tap


MOVED = "乐企平台 → 乐企平台（联用）"


def shown(home, no):
    return home.run("unit", "show", no, "--role", "using", check=0)[1]


def main(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        no = sb.using["tax_no"]
        t.same(home.run("unit", "verify", no, "--role", "using")[0], 0, "自用, as it is known")
        calls = sb.requests("CXNSRJBXX")
        sb.post("/units", {"tax_no": no, "relation": "joint"})
        code, doc, err = home.run("unit", "verify", no, "--role", "using")
        said = doc["error"]
        t.ok(code == 4 and said["code"] == "unit.channel"
             and "税局不再按自用（202007）应答，而按联用（202076）应答：开票通道 " + MOVED
             in said["message"],
             "B22: old → new", said)
        t.ok("--relation joint" in said["hint"] and no in said["hint"], "and how to change it",
             said)
        t.same(sb.requests("CXNSRJBXX") - calls, 2, "asked under either ability, once each")
        rows = home.run("log", "list", "--limit", "2", check=0)[1]["rows"]
        t.same([r["platform_code"] for r in rows][1], "4032", "both calls are in the log", rows)
        now = shown(home, no)
        t.ok(now["relation"] == "self" and now["state"] == "unverified", "B22: never silently", now)
        text = home.run("unit", "verify", no, "--role", "using", json_out=False)[1]
        t.ok("→" in text, "a later verification says it again", text)
        code, doc, err = home.run("unit", "edit", no + "@演练", "--role", "using", "--relation",
                                  "joint")
        t.same(code, 0, "changed by a person", err)
        t.same(home.run("unit", "verify", no, "--role", "using")[0], 0, "then it is verified")
        t.same(shown(home, no)["relation"], "joint", "as 联用")
        sb.post("/units", {"tax_no": no, "relation": "self"})
        said = home.run("unit", "verify", no, "--role", "using")[1]["error"]
        t.ok(said["code"] == "unit.channel" and "--relation self" in said["hint"], "and back", said)
        # Denied under both: that is no move.
        sb.post("/units", {"tax_no": no, "relation": "other"})
        said = home.run("unit", "verify", no, "--role", "using")[1]["error"]
        t.ok(said["code"] != "unit.channel" and "4032" in said["message"] + said["code"],
             "known under neither of them: as before", said)


with Tap() as tap:
    main(tap)
