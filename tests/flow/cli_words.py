#!/usr/bin/env python3
"""What people read: explain, doctor, repeats, what needs a person, lines to paste, help json."""
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import time

from kp import KAIPIAO, Home, Sandbox, Tap, invoice


def explain(t, home):
    code, text, _ = home.run("explain", "4057", json_out=False)
    t.ok(code == 0 and "处理：" in text and "<U+" not in text and text.count("\n") >= 3,
         "explain is readable", text)
    code, text, err = home.run("explain", "完全没听说过的话", json_out=False)
    t.ok(code == 0 and "没有找到" in text and not err, "no hit is no failure", code, text, err)
    code, doc, _ = home.run("explain", "完全没听说过的话")
    t.ok(code == 0 and doc == {"total": 0, "rows": [], "next": None}, "nor for programs", doc)


def repeats(t, sb, home):
    one = invoice("R-1")
    number = home.run("blue", "issue", home.file(one))[1]["results"][0]["number"]
    code, doc, _ = home.run("blue", "issue", home.file(one))
    row = doc["results"][0]
    t.ok(code == 0 and row["number"] == number and row["repeat"] and "已经开过" in row["message"]
         and not doc["warnings"], "a repeat says so", doc)
    code, doc, _ = home.run("blue", "issue", home.file(dict(one, remark="别的")))
    row = doc["results"][0]
    t.ok(code == 0 and row["number"] == number and "内容不同" in row["message"]
         and [w["code"] for w in doc["warnings"]] == ["order.differs"],
         "other content is warned of", doc)
    text = home.run("blue", "issue", home.file(dict(one, remark="别的")), json_out=False)[2]
    t.ok("提醒" in text and "换一个订单号" in text, "people are warned too", text)
    t.same(len(sb.invoices()), 1, "and nothing else was issued")


def helps(t, home):
    """--help or -h behind any verb is help with it, needs no home and does nothing."""
    verbs = home.run("help")[1]["rows"]
    wrong = []
    with tempfile.TemporaryDirectory() as top:
        empty = Home(os.path.join(top, "none"))
        for i, row in enumerate(verbs):
            words = [row["verb"]] + ([row["sub"]] if row["sub"] else [])
            asked = empty.run(*words, "-h" if i % 2 else "--help", json_out=False)
            told = home.run("help", *words, json_out=False)
            if asked[0] or asked[1] != told[1] or not told[1]:
                wrong.append((words, asked))
        t.same(wrong, [], "--help behind %d verbs" % len(verbs))
        whole = home.run("help", "buyers", json_out=False)[1]
        t.same(empty.run("buyers", "--help", json_out=False)[:2], (0, whole),
               "behind a verb without its sub, all of it")
        t.same(empty.run("buyers", "list", "--limit", "3", "-h")[1]["rows"][0]["sub"], "list",
               "as JSON")
        t.ok(empty.run("--help", json_out=False)[1].startswith("kaipiao "), "alone, the overview")
        t.ok(not os.path.exists(empty.path), "and nothing is made")
    code, text, err = home.run("explain", "--", "--help", json_out=False)
    t.ok(code == 0 and "没有找到" in text, "behind -- it is a word", text, err)


def persons(t, sb, home):
    sb.faults(fail_result={"text": "购方税号不存在", "times": 2})
    home.run("blue", "issue", home.file(invoice("P-1")), check=4)
    home.run("invoices", "retry", "P-1", check=4)
    sb.faults()
    text = home.run("invoices", "list", "--state", "failed", json_out=False)[1]
    t.ok("开票失败（需人工）" in text, "the list marks what needs a person", text)
    text = home.run("invoices", "show", "P-1", json_out=False)[1]
    t.ok("（需人工）" in text, "and so does the invoice", text)
    text = home.run("invoices", "file", "P-1", "--format", "txt", "-o", "-", json_out=False)[1]
    t.ok("未开具" in text, "the text of a failed one does not pass for an invoice", text)
    home.run("invoices", "void", "P-1", check=0)
    text = home.run("invoices", "file", "P-1", "--format", "txt", "-o", "-", json_out=False)[1]
    t.ok("已作废" in text, "nor that of a void one", text)
    text = home.run("invoices", "file", "R-1", "--format", "txt", "-o", "-", json_out=False)[1]
    t.ok("未开具" not in text and "作废" not in text, "an issued one has no such mark", text)


def input_words(t, home):
    bad = invoice("W-1")
    bad["lines"][0]["foo"] = "x"
    err = home.run("blue", "issue", home.file(bad))[2]
    t.ok("第 1 行 foo" in err, "row and key are apart", err)
    err = home.run("blue", "issue", home.file(invoice("W-1", prices_include_tax="yes")))[2]
    t.ok("应为 true" in err, "so are word and value", err)
    goods = invoice("W-1")
    goods["lines"][0]["goods"] = "没有的商品"
    code, doc, _ = home.run("blue", "issue", home.file(goods))
    t.ok(code == 3 and doc["error"]["field"] == "lines[0].goods", "unknown goods are no ornament",
         doc)
    for month in ("202611", "2026-1", "2026-13", "2026-11-01"):
        t.same(home.run("quota", "adjust", month)[0], 3, "quota adjust %s" % month)


def translated(t, sb, home):
    texts = [home.run(*v, json_out=False)[1] for v in (
        ("unit", "show", sb.using["tax_no"]), ("taxpayer", "show"), ("log", "list"),
        ("jobs", "list"), ("jobs", "show", "1"), ("numbers", "list"))]
    found = re.findall(r"\b(?:self|joint|misconfigured|refused|unit\.verify)\b|领用|申领",
                       "\n".join(texts))
    t.ok(not found, "no word of the machine is left", found)
    t.ok("自用" in texts[0] and re.search("数电试点 +是", texts[1]), "they are said in Chinese",
         texts[0], texts[1])


def doctor(t, sb, home):
    rows = {r["check"]: r for r in home.run("doctor")[1]["rows"]}
    mine = "%s（演练）" % sb.using["name"]
    t.ok(rows["号码 " + mine]["state"] == "ok" and rows["额度 " + mine]["state"] == "ok",
         "stock and quota are looked at", rows)
    t.ok("属主 是" not in str(rows), "without odd blanks")
    left = home.run("quota", "show")[1]["usable"]
    home.run("quota", "return", left, check=0)
    home.run("unit", "edit", sb.direct["tax_no"], "--phone", "1", check=0)
    other = next(u for u in sb.usings if u["tax_no"] not in (sb.using["tax_no"],
                                                             sb.direct["tax_no"]))
    home.add_using(sb, other, check=0)
    code, doc, _ = home.run("doctor")
    rows = {r["check"]: r for r in doc["rows"]}
    t.ok(code == 0 and rows["额度 " + mine]["state"] == "warning"
         and "quota download" in rows["额度 " + mine]["mend"], "too little quota is a warning",
         rows)
    row = rows.get("使用单位 %s（演练）" % other["name"], {})
    t.ok(row.get("state") == "warning" and "unit verify" in row["mend"],
         "and so is a unit that is not verified", rows)
    ahead = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 81 * 86400))
    text = home.run("doctor", json_out=False, env={"KAIPIAO_NOW": ahead})[1]
    t.ok(re.search(r"本机比税局快 \d+ 天 \d+ 小时", text), "a clock far off in days", text)


def paste(t):
    """demo --hold: each line it prints works as it stands, in a shell elsewhere."""
    with tempfile.TemporaryDirectory() as top:
        home = os.path.join(top, "练习 目录")
        p = subprocess.Popen([KAIPIAO, "--home", home, "demo", "--headless", "--hold"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=top)
        lines, until = [], time.monotonic() + 60
        os.set_blocking(p.stdout.fileno(), False)
        text = b""
        while time.monotonic() < until and b"sync --once" not in text and p.poll() is None:
            select.select([p.stdout], [], [], 0.2)
            text += p.stdout.read() or b""
        shown = text.decode().split("逐行粘贴：")[-1].splitlines()
        lines = [l for l in shown if l.startswith("  ")]
        t.ok(len(lines) >= 5, "lines to paste", text.decode())
        done = subprocess.run(["sh", "-e", "-c", "\n".join(lines)], capture_output=True, cwd="/",
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, timeout=60)
        t.ok(done.returncode == 0 and "开票成功" in done.stdout.decode(),
             "they work as they stand", done.returncode, done.stdout.decode(),
             done.stderr.decode())
        p.send_signal(signal.SIGTERM)
        p.communicate(timeout=20)


def documented(t, home):
    rows = home.run("help", "json")[1]["rows"]
    keys = {r["key"] for r in rows}
    for key in ("error", "seller", "lines", "quota", "changes[].before", "changes[].after",
                "unit.env", "control", "hint", "result_text"):
        t.ok(key in keys, "help json tells of " + key)
    code, doc, _ = home.run("invoices", "show", "R-1")
    missing = [k for k in doc if k not in keys]
    t.ok(not missing, "every key of an invoice is documented", json.dumps(missing))


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    explain(tap, place)
    helps(tap, place)
    repeats(tap, platform, place)
    persons(tap, platform, place)
    input_words(tap, place)
    translated(tap, platform, place)
    documented(tap, place)
    doctor(tap, platform, place)
    paste(tap)
