#!/usr/bin/env python3
"""One tax number in several environments: never guessed, always named."""
import os

from kp import Home, Sandbox, Tap, invoice


def add_direct(home, sb, env, url_of, *more):
    d = sb.direct
    key = home.file(d["keys"]["沙箱" if url_of == "沙箱" else "正式"], "key.txt")
    os.chmod(key, 0o600)
    env = ["--env", env] if env else []
    return home.run("unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
                    "--leqi-id", d["leqi_id"], "--key-file", key, "--url", sb.url(url_of),
                    "--ca-file", sb.info["ca_file"], "--connect-to", sb.address, *env, *more)


def add_using(home, sb, *more):
    u = sb.using
    return home.run("unit", "add", "--role", "using", "--name", u["name"], "--taxno", u["tax_no"],
                    "--leqi-id", u["leqi_id"], *more)


def refused(t, result, words, what):
    code, doc, err = result
    e = (doc or {}).get("error", {})
    t.ok(code == 3 and e.get("code") == "unit.several" and all(w in e["message"] for w in words)
         and e["hint"], what, code, doc, err)


def addresses(t, sb, home):
    for env, url in (("正式", "沙箱"), ("沙箱", "正式")):
        code, doc, _ = add_direct(home, sb, env, url)
        t.ok(code == 3 and doc["error"]["field"] == "url" and env in doc["error"]["message"],
             "%s does not take the address of %s" % (env, url), doc)
    t.same(home.run("unit", "list", "--role", "direct")[1]["total"], 1, "nothing was stored")
    code, doc, _ = add_direct(home, sb, None, "沙箱")
    t.ok(code == 0 and doc["env"] == "sandbox" and "all" not in doc,
         "without --env the address tells, and the new unit is shown", doc)
    code, doc, _ = home.run("unit", "edit", sb.direct["tax_no"], "--env", "沙箱", "--url", sb.url())
    t.ok(code == 3 and doc["error"]["field"] == "url",
            "editing cannot bring the wrong address",
         doc)


def ambiguous(t, sb, home):
    d, u = sb.direct["tax_no"], sb.using["tax_no"]
    both = ("演练", "沙箱")
    refused(t, add_using(home, sb, "--direct", d), both, "a using unit below which of two")
    for verb in ("show", "verify", "remove"):
        refused(t, home.run("unit", verb, d), both, "unit %s of two environments" % verb)
    refused(t, home.run("unit", "edit", d, "--phone", "1"), both, "unit edit of two environments")
    t.same(home.run("unit", "show", d + "@沙箱")[1]["env"], "sandbox", "税号@环境 names one")
    t.same(home.run("--env", "演练", "unit", "show", d)[1]["env"], "practice", "--env names one")
    t.same(home.run("unit", "show", d + "@沙箱", "--env", "演练")[0], 3, "both, and they differ")
    code, doc, _ = home.run("unit", "show", d + "@火星")
    t.same(code, 3, "an unknown environment after the tax number")

    code, doc, err = add_using(home, sb, "--direct", d + "@沙箱")
    t.ok(code == 3 and doc["error"]["code"] == "unit.direct_first"
         and "--env 沙箱" in doc["error"]["hint"], "C20 the named one is not verified yet", doc)
    with home.direct_verified():
        code, doc, err = add_using(home, sb, "--direct", d + "@沙箱")
    t.ok(code == 0 and doc["env"] == "sandbox", "a using unit below the named one", doc, err)
    code, doc, _ = home.run("unit", "verify", u + "@沙箱")
    t.ok(code == 3 and "--env 沙箱" in doc["error"]["hint"], "its direct unit comes first", doc)
    home.run("unit", "verify", d, "--env", "沙箱", check=0)
    code, doc, err = home.run("unit", "verify", u, "--env", "沙箱")
    t.ok(code == 0 and [r["env"] for r in doc["rows"]] == ["sandbox"], "then it is verified", doc,
         err)
    refused(t, home.run("unit", "verify", u), both, "a using unit of two environments")


def named(t, home):
    """Of several units every row of the log and of the jobs names its own."""
    for verb in (("log", "list"), ("jobs", "list")):
        rows = home.run(*verb, check=0)[1]["rows"]
        t.ok(rows and all(r["unit"] and "[" in r["unit"] and r["unit_id"] for r in rows),
             "%s %s: the unit of each" % verb, rows[:2])
        text = home.run(*verb, json_out=False)[1]
        t.ok("单位" in text.splitlines()[0] and "[演练]" in text, "and for people", text[:400])
    t.ok("[演练]" in home.run("log", "tail", json_out=False)[1], "log tail names it")


def issuing(t, sb, home):
    u = sb.using["tax_no"]
    one = home.file(invoice("E-1"))
    refused(t, home.run("--unit", u, "blue", "issue", one), ("演练", "沙箱"), "--unit of two")
    code, doc, _ = home.run("blue", "issue", one)
    t.ok(code == 3 and doc["error"]["code"] == "unit.choose" and "@" in doc["error"]["hint"],
         "no --unit, and two to choose from", doc)
    t.same(home.run("--env", "沙箱", "numbers", "list")[1]["stock"], 0, "--env alone chooses")
    code, doc, err = home.run("--unit", u, "--env", "演练", "numbers", "list")
    t.same(doc["stock"], 100, "--unit with --env")
    name = sb.using["name"]
    t.ok("以后不写 --unit 就是 %s [演练]（原来是 %s [沙箱]）" % (name, name) in err,
         "M11: another default is not taken silently", err)
    t.ok("以后" not in home.run("--unit", u, "--env", "演练", "numbers", "list")[2],
         "M11: the same one is not told again")
    t.same(home.run("--unit", u + "@沙箱", "numbers", "list")[1]["stock"], 0, "--unit 税号@环境")
    t.same(home.run("--unit", u + "@沙箱", "--env", "演练", "numbers", "list")[0], 2, "but not both")
    t.same(home.run("--env", "火星", "numbers", "list")[0], 2, "an unknown environment")
    code, doc, err = home.run("--env", "演练", "blue", "issue", one)
    t.ok(code == 0 and doc["unit"]["env"] == "practice" and doc["unit"]["tax_no"] == u,
         "the answer names unit and environment", doc, err)
    code, text, _ = home.run("blue", "issue", one, json_out=False)
    t.ok(code == 0 and "（演练）" in text, "and so does the one for people", text)
    t.same(len(sb.get("/invoices?env=沙箱")["rows"]), 0, "nothing went to the other environment")


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    addresses(tap, platform, place)
    ambiguous(tap, platform, place)
    issuing(tap, platform, place)
    named(tap, place)
