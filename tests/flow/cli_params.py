#!/usr/bin/env python3
"""Parameters: what is known, what each takes, and the drawers of a 联用 unit."""
from kp import Home, Sandbox, Tap, invoice

WRONG = [
    ("engine", "poll_first_ms", "abc"), ("engine", "poll_first_ms", "0"),
    ("engine", "batch_size", "1000"), ("engine", "batch_size", "0"), ("engine", "total_ms", ""),
    ("numbers", "91440300MAKP00022T@production.below", "-1"),
    ("numbers", "91440300MAKP00022T@production.on", "yes"),
    ("quota", "91440300MAKP00022T@production.percent", "101"), ("log", "keep_days", "0"),
    ("bdm_lqpt", "sxcsbz", "perhaps"), ("bdm_lqpt", "baseurl", "http://x/invoke"),
    ("bdm_lqpt", "ylbm", "9 1"), ("safety", "refuse", "never"),
    ("部署方式", "方式", "月球"), ("rim_leqi_collect", "91440300MAKP00022T", "2"),
]


def values(t, home):
    for triple in WRONG:
        code, doc, err = home.run("param", "set", *triple)
        t.ok(code == 3 and doc["error"]["code"] == "param.value" and doc["error"]["hint"],
             "refused: " + " ".join(triple), code, err)
    t.same(home.run("param", "get", "engine", "batch_size")[1]["value"], "", "nothing was kept")
    for triple in (("engine", "batch_size", "100"), ("bdm_lqpt", "ylbm", "911002"),
                   ("rim_download", "open_replenish_last_month", "1")):
        code, doc, _ = home.run("param", "set", *triple)
        t.ok(code == 0 and doc["value"] == triple[2] and doc["warning"] is None,
             "kept: " + " ".join(triple), doc)
    code, doc, _ = home.run("param", "set", "engine", "zzz", "5")
    t.ok(code == 0 and doc["value"] == "5" and "不认识" in doc["warning"],
         "an unknown one is kept, with a warning", doc)
    code, text, _ = home.run("param", "set", "nosuch", "x", "1", json_out=False)
    t.ok(code == 0 and "注意" in text, "people are warned too", text)
    code, doc, _ = home.run("param", "set", "bdm_lqpt", "sxcsbz", "1")
    t.ok(code == 0 and "沙箱" in doc["warning"], "sxcsbz counts in the sandbox alone", doc)
    home.run("param", "set", "bdm_lqpt", "sxcsbz", "", check=0)
    text = home.run("help", "param", json_out=False)[1]
    t.ok(all(w in text for w in ("batch_size", "baseurl", "safety refuse", "keep_days",
                              "<税号>@<环境>.percent")),
         "help param lists them", text)
    keys = {r["key"] for r in home.run("help", "json")[1]["rows"]}
    t.ok("engine batch_size" in keys and "部署方式 方式" in keys, "and so does help json")


def address(t, sb, home):
    d = sb.direct
    key = home.file(d["keys"]["沙箱"], "key.txt")
    add = ["unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
           "--leqi-id", d["leqi_id"], "--key-file", key]
    t.same(home.run(*add)[1]["error"]["field"], "url", "no address at all")
    home.run("param", "set", "bdm_lqpt", "baseurl", sb.url("沙箱"), check=0)
    code, doc, err = home.run(*add)
    t.ok(code == 0 and doc["url"] == sb.url("沙箱") and doc["env"] == "sandbox",
         "baseurl stands in for --url", doc, err)
    home.run("unit", "remove", d["tax_no"] + "@沙箱", check=0)


def drawers(t, sb, home):
    u = next(x for x in sb.usings if x["relation"] == "joint")
    home.add_using(sb, u, check=0)
    home.run("unit", "verify", u["tax_no"], check=0)
    of = ["--unit", u["tax_no"]]
    home.run(*of, "taxpayer", "sync", check=0)
    home.run(*of, "numbers", "claim", "10", check=0)
    home.run(*of, "quota", "download", "5000", check=0)
    one = home.file(invoice("J-1", drawer="练习员"))
    for verb in ("check", "issue"):
        code, doc, err = home.run(*of, "blue", verb, one)
        t.ok(code == 3 and doc["error"]["code"] == "drawer.unregistered"
             and doc["error"]["field"] == "drawer" and "drawers add" in err,
             "blue %s: a drawer without a document" % verb, code, doc, err)
    t.same(home.run(*of, "numbers", "audit")[1]["free"], 10, "no number was taken")
    t.same(home.run(*of, "invoices", "list")[1]["total"], 0, "nothing was stored")
    home.run(*of, "drawers", "add", "--name", "练习员", "--id-no", u["kprzjhm"], check=0)
    t.same(home.run(*of, "blue", "check", one)[0], 0, "registered: it may be issued")
    code, doc, err = home.run(*of, "blue", "issue", one)
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "and is", doc, err)
    code, doc, err = home.run("--unit", sb.using["tax_no"], "blue", "issue",
                              home.file(invoice("J-2", drawer="任何人")))
    t.same(code, 0, "a unit of its own needs no register", err)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    place.run("param", "set", "engine", "batch_size", "50", check=0)
    address(tap, platform, place)
    drawers(tap, platform, place)
    with Home() as fresh:
        fresh.run("init", check=0)
        values(tap, fresh)
