#!/usr/bin/env python3
"""N67: each hop on the way to the tax side is broken once; doctor names exactly that one."""
from kp import Home, Sandbox, Tap, sql, wait_for
from waypoints import Authority, Proxy, TlsServer, closed_port

ORDER = ["name", "tcp", "proxy", "tls", "clock", "path", "direct", "using", "key", "address",
         "ability", "region"]


def rows_of(home, *options, env=None):
    code, doc, err = home.run("doctor", *options, env=env)
    return code, [r for r in doc["rows"] if r["unit"]], err


def bad_items(rows):
    return [r["item"] for r in rows if r["state"] == "error"]


def edit(home, sb, **options):
    args = [x for k, v in options.items() for x in ("--" + k.replace("_", "-"), v)]
    home.run("unit", "edit", sb.direct["tax_no"], "--role", "direct", *args, check=0)


def fault(t, home, item, code, words, what, env=None):
    """Exactly one row is an error, those behind it were not looked at."""
    got, rows, err = rows_of(home, env=env)
    bad = [r for r in rows if r["state"] == "error"]
    good = t.same([r["item"] for r in bad], [item], "%s: exactly that line is 错误" % what, rows)
    if not good:
        return
    t.ok(got == code and words in bad[0]["detail"] and bad[0]["mend"],
         "%s: exit %d, why and what to do" % (what, code), got, bad)
    # What says nothing of where it ended says nothing of what lies behind the clock.
    at = {"risk": len(ORDER), "answer": ORDER.index("path")}.get(item)
    at = ORDER.index(item) if at is None else at
    hops = [(ORDER.index(r["item"]), r) for r in rows if r["item"] in ORDER and r["item"] != item]
    late = [r for i, r in hops if i >= at]
    t.ok(all(r["state"] == "unchecked" for r in late), "%s: later ones 未查" % what, late)
    early = [r for i, r in hops if i < at and not (r["item"] == "key" and at < len(ORDER))]
    t.ok(all(r["state"] == "ok" for r in early), "%s: earlier ones are ok" % what, early)


def well(t, home):
    code, rows, err = rows_of(home)
    t.same(bad_items(rows), [], "nothing is wrong", rows)
    items = [r["item"] for r in rows]
    want = [i for i in ORDER if i != "proxy"]
    t.same([i for i in items if i in ORDER], want, "the hops come in their order")
    t.ok(code == 0 and all(r["state"] == "ok" for r in rows if r["item"] in ORDER),
         "each is passed", rows)
    t.ok({"quota", "numbers", "risk", "edition"} <= set(items), "with quota, numbers and risk",
         items)
    edition = next(r for r in rows if r["item"] == "edition")
    t.ok(edition["detail"] == "4.000", "N68: the version of the interface is shown", edition)
    text = home.run("doctor", json_out=False)[1]
    t.ok("名称解析" in text and "出口 IP" in text, "people read it in words", text)


def calls(t, sb, home):
    """Two harmless questions a unit, each with a job and a row of the log (I5)."""
    before, logged = sb.requests(), home.run("log", "list")[1]["total"]
    home.run("doctor", check=0)
    t.same((sb.requests() - before, home.run("log", "list")[1]["total"] - logged), (2, 2),
           "two questions were asked, and logged")
    jobs = [j for j in home.run("jobs", "list")[1]["rows"] if j["kind"] == "unit.probe"]
    t.ok(jobs and all(j["state"] == "done" for j in jobs), "under jobs", jobs)
    before = sb.requests()
    code, rows, err = rows_of(home, "--offline")
    t.ok(sb.requests() == before and code == 0 and
         all(r["state"] == "unchecked" for r in rows if r["item"] in ORDER),
         "--offline asks nobody", rows)


def line(t, sb, home):
    edit(home, sb, url="https://no-such-host.invalid:8443/access/v2/invoke/", connect_to="")
    fault(t, home, "name", 6, "域名解析失败", "a name nobody knows")
    edit(home, sb, url=sb.url(), connect_to="127.0.0.1:%d" % closed_port())
    fault(t, home, "tcp", 6, "连接不上", "a closed port")
    with Proxy() as p:
        edit(home, sb, connect_to=sb.address, proxy=p.address)
        code, rows, err = rows_of(home)
        t.ok(code == 0 and "proxy" in [r["item"] for r in rows] and p.asked,
             "C10: a proxy has a row of its own", rows)
        for change, words, exit_code, what in (
                ({"status": 407}, "要求登录", 3, "a proxy that wants a login"),
                ({"status": 403}, "不放行", 3, "a proxy that forbids the address"),
                ({"status": 502}, "连不上平台", 6, "a proxy without a way on"),
                ({"cut": True}, "没有接通", 6, "a proxy that hangs up")):
            p.behave(**change)
            fault(t, home, "proxy", exit_code, words, what)
        p.behave(hang=True)
        home.run("param", "set", "engine", "connect_ms", "300", check=0)
        fault(t, home, "proxy", 6, "没有接通", "a proxy that says nothing")
        home.run("param", "set", "engine", "connect_ms", "10000", check=0)
    edit(home, sb, proxy="127.0.0.1:%d" % closed_port())
    fault(t, home, "tcp", 6, "代理服务器", "a proxy that is not there")
    edit(home, sb, proxy="no-such-host.invalid:3128")
    fault(t, home, "name", 6, "代理服务器", "a proxy nobody knows")
    edit(home, sb, proxy="", connect_to=sb.address)


def certificates(t, sb, home):
    with Authority() as a, Authority() as other:
        name = sb.info["server_name"]
        edit(home, sb, ca_file=a.ca)
        for context, words, what in (
                (other.server(name), "证书", "a certificate of a foreign authority"),
                (a.server(name, end="20200201000000Z"), "过期", "an expired certificate"),
                (a.server("proxy.example.org"), "主机名", "a certificate of another name")):
            with TlsServer(context) as s:
                edit(home, sb, connect_to=s.address)
                fault(t, home, "tls", 3, words, what)
                t.same(s.read, b"", "%s: nothing was sent" % what)
        with TlsServer(a.server(name)) as s:
            edit(home, sb, connect_to=s.address)
            fault(t, home, "path", 4, "404", "a proxy that leads elsewhere (ResourceNotFound)")
    edit(home, sb, ca_file=sb.info["ca_file"], connect_to=sb.address)


def platform(t, sb, home):
    ahead = {"KAIPIAO_NOW": "2031-05-05T12:00:00+08:00"}
    code, rows, err = rows_of(home, env=ahead)
    clock = [r for r in rows if r["item"] == "clock"]
    t.ok(code == 3 and clock[0]["state"] == "error" and "NTP" in clock[0]["mend"],
         "a clock that is years ahead", rows)
    d, u = sb.direct, sb.using
    for code, item in (("4054", "direct"), ("4055", "using"), ("4057", "key"),
                       ("4067", "address"), ("4033", "ability"), ("4049", "ability")):
        sb.faults(error={"text": code})
        fault(t, home, item, 4, code, "the platform says " + code)
    sb.faults(error={"text": "4032", "message": "使用单位未授权此能力"})
    fault(t, home, "ability", 4, "使用单位未授权此能力", "the ability is not granted")
    sb.faults(error="5001")
    fault(t, home, "answer", 5, "平台", "a platform out of order")
    sb.faults()
    edit(home, sb, leqi_id=u["leqi_id"])
    fault(t, home, "direct", 4, "4054", "the 乐企ID of the using unit as that of the direct one")
    edit(home, sb, leqi_id=d["leqi_id"])
    key = home.file("0" * 32, "wrong.key")
    edit(home, sb, key_file=key)
    fault(t, home, "key", 4, "4057", "a wrong key")
    edit(home, sb, key_file=home.file(d["keys"]["沙箱"], "other.key"))
    fault(t, home, "key", 4, "4057", "the key of the other environment")
    edit(home, sb, key_file=home.file(d["keys"]["正式"], "right.key"))
    sb.post("/units", {"tax_no": u["tax_no"], "services": "QDFPSC"})
    fault(t, home, "ability", 4, "4032", "an ability that was withdrawn")
    sb.post("/units", {"tax_no": u["tax_no"], "services": ""})
    home.run("unit", "verify", d["tax_no"], "--role", "direct", check=0)
    sb.post("/units", {"tax_no": u["tax_no"], "fxnsrbz": "Y"})
    fault(t, home, "risk", 3, "风险", "a taxpayer with the risk mark")
    sb.post("/units", {"tax_no": u["tax_no"], "fxnsrbz": "N"})
    well(t, home)


def choice(t, sb, home):
    other = next(u for u in sb.usings if u["tax_no"] not in (sb.using["tax_no"],
                                                             sb.direct["tax_no"]))
    home.add_using(sb, other, check=0)
    code, rows, err = rows_of(home)
    t.ok(code == 0 and {r["unit"] for r in rows} >= {other["tax_no"], sb.using["tax_no"]},
         "every using unit is looked at", rows)
    t.same(len([r for r in rows if r["item"] == "tls"]), 1, "the line of a direct unit once")
    code, doc, err = home.run("--unit", sb.using["tax_no"], "doctor")
    units = {r["unit"] for r in doc["rows"] if r["unit"]}
    t.same(units, {sb.using["tax_no"], sb.direct["tax_no"]}, "--unit: only that one")


def beside(t, sb, home):
    """An engine that runs does the looking; who may not ask the tax side sees what is stored."""
    p = home.start("sync", "--daemon")
    try:
        t.ok(wait_for(lambda: home.run("key", "rotate")[0] == 6), "an engine is at work")
        code, rows, err = rows_of(home)
        t.ok(code == 0 and all(r["state"] == "ok" for r in rows if r["item"] in ORDER),
             "beside an engine every hop is seen, too", rows)
        sb.faults(delay_ms={"value": 4000, "times": 1})
        code, doc, err = home.run("--timeout", "1", "doctor")
        slow = [r for r in doc["rows"] if r["item"] == "answer"]
        t.ok(code == 0 and slow and slow[0]["state"] == "warning" and "timeout" in slow[0]["mend"],
             "who does not wait long enough is told so", doc["rows"])
    finally:
        p.terminate()
        p.communicate(timeout=20)
        sb.faults()
    sql(home.path + "/kaipiao.db", "INSERT INTO app_user (id, name, display_name, role, enabled,"
        " created_at) VALUES (77, 'looker', 'looker', 'viewer', 1, 0)")
    before = sb.requests()
    code, doc, err = home.run("--user", "looker", "doctor")
    t.ok(code == 0 and sb.requests() == before and
         all(r["state"] == "unchecked" for r in doc["rows"] if r["item"] in ORDER),
         "a viewer asks nobody", doc)


with Tap() as tap, Sandbox() as platform_, Home() as place:
    place.setup(platform_)
    well(tap, place)
    calls(tap, platform_, place)
    line(tap, platform_, place)
    certificates(tap, platform_, place)
    platform(tap, platform_, place)
    beside(tap, platform_, place)
    choice(tap, platform_, place)
