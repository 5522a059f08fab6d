#!/usr/bin/env python3
"""What access hangs on: relation (A5), issuing without anybody (A6), 开票员 (B14, B15), 开票安全验证
(B12, B17), 经办身份 (B11), kinds the program cannot issue (B7), upstream systems (B8)."""
import contextlib
import datetime
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, ROOT, Sandbox, Tap, count, invoice  # noqa: E402
from unitlab import said  # noqa: E402


def joint_of(sb):
    return next(u for u in sb.usings if u["relation"] == "joint")


def code_of(doc):
    return doc["error"]["code"] if doc and "error" in doc else ""


def audits(home, action):
    return count(os.path.join(home.path, "kaipiao.db"),
                 "SELECT COUNT(*) FROM audit WHERE action = '%s'" % action)


# ---- 安全验证 ------------------------------------------------------------------------------------
def safety(t, sb, home):
    tax_no = sb.using["tax_no"]
    show = lambda: home.run("unit", "safety", tax_no)[1]  # noqa: E731
    t.ok(show()["safety_until"] is None and show()["level"] == "none", "B12: no day was told")
    for bad in ("2099-13-01", "明天", "2025-02-29"):
        code, doc, err = home.run("unit", "safety", tax_no, bad)
        t.ok(code == 3 and doc["error"]["field"] == "safety_until", "B12: no day: " + bad, err)
    before = audits(home, "unit.safety")
    code, doc, err = home.run("unit", "safety", tax_no, "2099-12-31")
    t.ok(code == 0 and doc["safety_until"] == "2099-12-31" and doc["level"] == "ok",
         "B12: the day is kept", doc, err)
    home.run("unit", "safety", tax_no, "2099-12-30", check=0)
    home.run("unit", "safety", tax_no, "2099-12-31", check=0)
    t.same(audits(home, "unit.safety"), before + 3, "B17: every change has its audit row")
    t.same(home.run("unit", "show", tax_no)[1]["safety_until"], "2099-12-31", "B12: unit show")
    for at, level, words in (("2099-12-01", "month", "还有 30 天"), ("2099-12-24", "week", "还有 7 天"),
                             ("2099-11-30", "ok", "还有 31 天"), ("2099-12-30", "last", "还有 1 天"),
                             ("2099-12-31", "last", "今天是最后一天"), ("2100-01-01", "over", "到期")):
        doc = home.run("unit", "safety", tax_no, env={"KAIPIAO_NOW": at})[1]
        t.ok(doc["level"] == level and words in doc["message"], "B12: on " + at, doc)
    one = home.file(invoice("S-1"))
    doc = home.run("blue", "check", one, env={"KAIPIAO_NOW": "2099-12-30T10:00:00+08:00"})[1]
    t.ok(any(r["code"] == "unit.safety" and r["level"] == "warning" for r in doc["rows"]),
         "B12: the day before, issuing warns", doc)
    for at, warns in (("2099-12-30", True), ("2099-11-30", False)):
        env = {"KAIPIAO_NOW": at + "T10:00:00+08:00"}
        doc = home.run("batch", "add", one, "--dry-run", env=env)[1]
        text = home.run("batch", "add", one, "--dry-run", env=env, json_out=False)[1]
        t.ok(("还有 1 天" in (doc["unit_warning"] or "")) == warns and ("注意：开票安全" in text) == warns,
             "B12: and so does the check of a batch: " + at, doc, text)
    doc = home.run("health", env={"KAIPIAO_NOW": "2099-12-30T10:00:00+08:00"})[1]
    t.ok(any(f["check"] == "safety" for f in doc["findings"]), "B12: health names it", doc)


def safety_refuses(t, sb, home):
    tax_no = sb.using["tax_no"]
    home.run("unit", "safety", tax_no, "2020-01-01", check=0)
    free = home.run("numbers", "audit")[1]["free"]
    code, doc, err = home.run("blue", "issue", home.file(invoice("S-2")))
    t.ok(code == 3 and code_of(doc) == "unit.safety" and "2020-01-01" in err,
         "B12: over, issuing is refused with the reason", code, doc, err)
    t.same(home.run("numbers", "audit")[1]["free"], free, "B12: no number was taken")
    doc = home.run("doctor", "--offline")[1]
    t.ok("开票安全验证已于 2020-01-01 到期" in str(doc), "B12: doctor names it", doc)
    t.same(home.run("invoices", "list")[1]["total"], 0, "B12: nothing was stored")
    home.run("param", "set", "safety", "refuse", "0", check=0)
    code, doc, err = home.run("blue", "issue", home.file(invoice("S-2")))
    t.ok(code == 0 and doc["results"][0]["state"] == "issued",
         "B12: the parameter turns the refusal off", code, doc, err)
    t.ok(any("安全验证" in str(w) for w in doc.get("warnings", [])), "B12: it still warns", doc)
    sb.post("/units", {"tax_no": tax_no, "safety_until": "2020-01-01"})
    code, doc, err = home.run("blue", "issue", home.file(invoice("S-3")))
    t.ok(code == 4 and "安全验证" in doc["results"][0]["message"],
         "B12: the platform's own refusal is shown", code, doc, err)
    sb.post("/units", {"tax_no": tax_no, "safety_until": ""})
    home.run("param", "set", "safety", "refuse", "1", check=0)
    home.run("unit", "safety", tax_no, "无", check=0)
    code, doc, err = home.run("invoices", "retry", "S-3")
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "B12: renewed, it is issued", err)
    denied = home.run("--user", "nobody", "unit", "safety", tax_no, "2099-12-31")[0]
    t.same(denied, 7, "B17: nobody else changes it")


def numbered_goes_on(t, sb, home):
    """B12, N69: what has its number is sent when nothing more may be issued; both say so."""
    tax_no = sb.using["tax_no"]
    sb.stop()
    code, _, err = home.run("--timeout", "1", "blue", "issue", home.file(invoice("S-4")))
    t.same(code, 6, "numbered, not sent: " + err)
    home.run("unit", "safety", tax_no, "2020-01-01", check=0)
    doc = home.run("health")[1]
    said = [f["text"] for f in doc["findings"] if f["check"] == "safety"]
    t.ok(len(said) == 1 and "已取号的 1 张照常上传" in said[0], "B12: health says it is sent", doc)
    doc = home.run("unit", "freeze", tax_no)[1]
    t.ok("已取号还没有结果的 1 张发票照常开完" in (doc["warning"] or ""), "N69: so does freezing", doc)
    sb.start()
    home.run("--timeout", "20", "sync", "--once", check=0)
    rows = home.run("invoices", "list")[1]["rows"]
    t.same([r["state"] for r in rows if r["order_no"] == "S-4"], ["issued"], "N69: it is issued")
    home.run("unit", "unfreeze", tax_no, check=0)
    t.same(home.run("unit", "freeze", tax_no)[1]["warning"], None, "with none there is no word")
    home.run("unit", "unfreeze", tax_no, check=0)
    home.run("unit", "safety", tax_no, "无", check=0)


def safety_day(t, sb, home):
    """The calendar says it on the day."""
    tax_no = sb.using["tax_no"]
    week = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    week += datetime.timedelta(7)
    home.run("unit", "safety", tax_no, week.isoformat(), check=0)
    home.run("param", "set", "engine", "calendar", "1", check=0)
    home.run("sync", "--once")
    home.run("param", "set", "engine", "calendar", "0", check=0)
    rows = home.run("jobs", "runs", "--rule", "safety.daily")[1]["rows"]
    t.ok(len(rows) == 1 and rows[0]["state"] == "done" and "还有 7 天" in str(rows[0]),
         "B12: seven days before the calendar says so", rows)
    home.run("unit", "safety", tax_no, "无", check=0)


# ---- 联用, 开票员 --------------------------------------------------------------------------------
def register(t, sb, home):
    u = joint_of(sb)
    home.add_using(sb, u, check=0)
    home.run("unit", "verify", u["tax_no"], check=0)
    of = ["--unit", u["tax_no"]]
    home.run(*of, "taxpayer", "sync", check=0)
    home.run(*of, "numbers", "claim", "200", check=0)
    home.run(*of, "quota", "download", "50000", check=0)
    one = home.file(invoice("J-1", drawer="练习员"))
    code, doc, err = home.run(*of, "blue", "issue", one)
    t.ok(code == 3 and code_of(doc) == "drawer.unregistered", "B14: unregistered is refused", err)
    other = ["--unit", sb.using["tax_no"]]
    home.run(*other, "drawers", "add", "--name", "练习员", "--id-no", u["kprzjhm"], check=0)
    code, doc, err = home.run(*of, "blue", "issue", one)
    t.ok(code == 3 and code_of(doc) == "drawer.unregistered",
         "B14: registered for another unit is unregistered", code, doc, err)
    home.run(*other, "drawers", "remove", "练习员", check=0)
    for bad, field in ((["--id-type", "999"], "id_type"), (["--id-type", "200"], "id_type"),
                       (["--id-no", "12 34"], "id_no"), (["--id-no", ""], "id_no"),
                       (["--name", "甲\u200b乙"], "name"), (["--platform", ""], "platform")):
        args = {"--name": "练习员", "--id-no": u["kprzjhm"]}
        args.update({bad[0]: bad[1]})
        flat = [x for pair in args.items() for x in pair]
        code, doc, err = home.run(*of, "drawers", "add", *flat)
        t.ok(code == 3 and doc["error"]["field"] == field, "B14: refused %s" % bad, code, doc, err)
    code, doc, err = home.run(*of, "drawers", "add", "--name", "练习员", "--id-no", u["kprzjhm"],
                              "--state", "waiting")
    t.ok(code == 0 and doc["state"] == "waiting" and doc["id_type"] == "201" and
         doc["platform"] == "乐企平台", "B14: name, kind, number, state, platform", doc, err)
    t.ok(u["kprzjhm"] not in str(doc) and "*" in doc["id_no"], "B14: the number is masked", doc)
    t.same(home.run(*of, "blue", "check", one)[0], 3, "B14: not bound yet")
    t.same(home.run(*of, "drawers", "add", "--name", "练习员", "--id-no", "1")[1]["error"]["code"],
           "drawer.exists", "B14: once a unit")
    home.run(*of, "drawers", "edit", "练习员", "--state", "bound", check=0)
    code, doc, err = home.run(*of, "blue", "issue", one)
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "B14: bound, it is issued", doc, err)
    sent = [r for r in sb.get("/requests?service=QDFPSC&limit=1000")["rows"]][-1]
    t.ok(u["kprzjhm"] in str(sent), "B14: with the document of the register")
    doc = home.run("--unit", sb.using["tax_no"], "drawers", "list")[1]
    t.same(doc["total"], 0, "B14: another unit has a register of its own", doc)
    out = os.path.join(home.top, "开票员.csv")
    home.run(*of, "drawers", "export", "-o", out, check=0)
    t.ok(u["kprzjhm"] in open(out, encoding="utf-8-sig").read(), "B14: exported with the number")
    code, doc, err = home.run(*of, "drawers", "edit", "练习员", "--id-no", "110105194912310029")
    t.ok(code == 0 and "校验码" in doc["warning"], "B14: a doubtful identity card warns", doc, err)
    home.run(*of, "drawers", "edit", "练习员", "--id-no", u["kprzjhm"], check=0)
    code, doc, err = home.run("param", "set", "drawer", "练习员", "201:1")
    t.ok(code == 3 and "drawers add" in err, "B14: no parameter any more", err)
    t.same(audits(home, "drawer.add"), 2, "B14: audited")
    return of


def joint(t, sb, home, of):
    t.same(home.run(*of, "reconcile", "--plan", "2025-01")[1]["collect"], "no",
           "A5: a joint unit collects nothing")
    code, doc, err = home.run(*of, "reconcile", "collect", "yes")
    t.ok(code == 3 and said(doc, "联用仅支持开票"), "A5: the sentence", code, doc, err)
    month = home.run(*of, "quota", "show")[1]["month"]
    before = sb.requests()
    code, doc, err = home.run(*of, "reconcile", month)
    t.ok(code == 0 and sb.requests() > before and not sb.requests("PLFPXZSQ"),
         "A5: reconciling asks invoice by invoice, never for 归集", code, doc, err)
    home.run("--unit", sb.using["tax_no"], "reconcile", month)
    t.ok(sb.requests("PLFPXZSQ") > 0, "A5: as it does for 自用")


def unattended(t, sb, home, of):
    batch = home.file([invoice("U-%d" % i, drawer="练习员") for i in range(100)])
    code, doc, err = home.run(*of, "blue", "issue", batch)
    states = {r["state"] for r in doc["results"]}
    t.ok(code == 0 and states == {"issued"} and len(doc["results"]) == 100,
         "A6: a hundred are issued, nothing was asked for", code, states, err)


def nothing_asked(t, home):
    text = home.run("help", json_out=False)[1] + home.run("help", "drawers", json_out=False)[1]
    t.ok(not re.search("人脸|刷脸|扫脸|实人", text), "B15: nothing asks for a face")


def moved(t, home):
    """What was a parameter of all units becomes a row of each using unit."""
    with open(os.path.join(ROOT, "data", "schema", "029-access.sql"), encoding="utf-8") as f:
        step = f.read()
    old = os.path.join(home.top, "old.db")
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        db.execute("VACUUM INTO ?", (old,))
    with contextlib.closing(sqlite3.connect(old)) as db:
        db.executescript("DROP TABLE drawer; DROP TABLE eligibility;"
                         "DELETE FROM counter WHERE name = 'drawer';"
                         "INSERT INTO setting VALUES ('drawer', '张三', '201:1X', 7),"
                         " ('drawer', '李四', '', 7);" + step)
        rows = db.execute("SELECT name, id_type, id_no, state FROM drawer").fetchall()
        units = db.execute("SELECT COUNT(*) FROM unit WHERE role = 'using'").fetchone()[0]
        t.same(rows, [("张三", "201", "1X", "bound")] * units,
               "B14: parameters become the units' own")
        t.same(db.execute("SELECT COUNT(*) FROM setting WHERE type = 'drawer'").fetchone()[0], 0,
               "B14: and are none any more")
        t.same(db.execute("SELECT value FROM counter WHERE name = 'drawer'").fetchone()[0], units,
               "B14: the next one has a number of its own")


# ---- others --------------------------------------------------------------------------------------
def handler(t, sb, home):
    using = sb.using["tax_no"]
    for word in ("法定代表人", "财务负责人", "办税员"):
        code, doc, err = home.run("unit", "edit", using, "--role", "using", "--handler", word)
        t.ok(code == 0, "B11: " + word, err)
    code, doc, err = home.run("unit", "edit", using, "--role", "using", "--handler", "会计")
    t.ok(code == 3 and doc["error"]["field"] == "handler", "B11: nobody else", code, doc, err)


def elements(t, sb, home):
    requests = sb.requests()
    for text in ("成品油", "01", "建筑服务"):
        code, doc, err = home.run("blue", "issue", home.file(invoice("E-1", element=text)))
        t.ok(code == 3 and code_of(doc) == "element.capability" and text in err
             and doc["error"]["field"] == "element", "B7: refused by its name: " + text, doc, err)
    code, doc, err = home.run("blue", "check", home.file([invoice("E-1", element="木材")]))
    t.ok(code == 3 and code_of(doc) == "element.unknown"
         and doc["error"]["field"] == "[0].element", "B7: none of them", code, doc, err)
    t.same(home.run("blue", "check", home.file(invoice("E-2", element="")))[0], 0,
           "B7: empty is none")
    t.same(sb.requests(), requests, "B7: nothing was sent")


def profiles(t, home):
    rows = home.run("profile", "list")[1]["rows"]
    t.ok(any("7.6" in r["versions"] for r in rows) and all(r["modules"] for r in rows),
         "B8: the systems in front", rows)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    safety(tap, platform, place)
    safety_refuses(tap, platform, place)
    numbered_goes_on(tap, platform, place)
    safety_day(tap, platform, place)
    of_joint = register(tap, platform, place)
    joint(tap, platform, place, of_joint)
    unattended(tap, platform, place, of_joint)
    nothing_asked(tap, place)
    moved(tap, place)
    place.run("--unit", platform.using["tax_no"], "taxpayer", "show", check=0)
    handler(tap, platform, place)
    elements(tap, platform, place)
    profiles(tap, place)
