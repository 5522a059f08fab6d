#!/usr/bin/env python3
"""乐企请求日志: every call, whole, found, followed, handed on, kept for so long (features F8, M16)."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap, count, invoice, sql, wait_for  # noqa: E402

PERSON = "11010519491231002X"
LINES = 2600  # one request of more than a MiB


def rows(home, *conditions):
    code, doc, err = home.run("log", "list", "--limit", "1000", *conditions)
    assert code == 0, err
    return doc["rows"]


def is_masked(ours, theirs):
    """The same, but for stars."""
    return len(ours) == len(theirs) and all(a == b or a == "*" for a, b in zip(ours, theirs))


def searched(t, home):
    """F8: a word is looked for in so much text at a time; where that ends is said, and how to go
    on."""
    base = home.path + "/kaipiao.db"
    row = home.run("log", "list", "--limit", "1")[1]["rows"][0]
    plain = ("unit_id, at_ms, service, url, trace_id, result, request")
    sql(base, "INSERT INTO request_log (id, %s, answer) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
        " SELECT i + 1 FROM n WHERE i < 40) SELECT %d + i, %s, CASE i WHEN 2 THEN '很早的一句'"
        " ELSE replace(hex(zeroblob(1048576)), '0', 'x') END FROM request_log, n WHERE id = %d"
        % (plain, row["id"], plain, row["id"]))
    code, doc, _ = home.run("log", "list", "--find", "很早的一句")
    t.ok(code == 0 and doc["rows"] == [] and doc["next"] and doc["at_least"]
         and row["at"][:10] in doc["note"] and "--cursor " + doc["next"] in doc["note"],
         "F8: the search ends, and says where", doc)
    out = home.run("log", "list", "--find", "很早的一句", json_out=False)[1]
    t.ok("更早的还没有找" in out and "--cursor " + doc["next"] in out, "F8: people, too", out)
    code, doc, _ = home.run("log", "list", "--find", "很早的一句", "--cursor", doc["next"])
    t.ok([r["id"] for r in doc["rows"]] == [row["id"] + 2] and doc["next"] is None
         and "note" not in doc, "F8: and goes on from there", doc)
    sql(base, "DELETE FROM request_log WHERE id > %d" % row["id"])


def raw_is_theirs(t, sb, home):
    """F8: what --raw gives is what the platform got and said."""
    line = dict(invoice()["lines"][0], name="笔记本电脑" * 12, spec="规格型号" * 10, quantity="1",
                price="113.00")
    big = invoice("BIG-1", lines=[dict(line) for _ in range(LINES)])
    code, doc, err = home.run("blue", "issue", home.file(big))
    t.ok(code == 0, "an invoice of %d lines is issued" % LINES, err[-600:])
    person = invoice("PERSON-1", buyer={"name": "王小明", "is_person": True, "tax_no": PERSON,
                                        "id_type": "201", "id_no": PERSON, "country": "156"})
    code, doc, err = home.run("blue", "issue", home.file(person))
    t.ok(code == 0, "and one for a person with a document", err[-600:])
    theirs = {r["request_id"]: r for r in sb.get("/requests?limit=100000")["rows"]}
    seen, longest, wrong, key = 0, 0, [], sb.direct["keys"]["正式"]
    for row in rows(home):
        code, doc, _ = home.run("log", "show", str(row["id"]), "--raw")
        sim = theirs.get(row["request_id"])
        if not sim:
            continue
        seen += 1
        longest = max(longest, len(doc["request"]))
        if not is_masked(doc["request"], sim["request"]):
            wrong.append((row["id"], "request", doc["request"][:300], sim["request"][:300]))
        if json.loads(doc["answer"]) != json.loads(sim["answer"]):
            wrong.append((row["id"], "answer", doc["answer"][:300], sim["answer"][:300]))
        if key in json.dumps(doc) or PERSON in json.dumps(doc):
            wrong.append((row["id"], "a secret"))
    t.same(wrong[:2], [], "F8: --raw is the platform's copy, masks aside")
    t.ok(seen > 10 and longest > 1 << 20, "texts of more than a MiB are whole", seen, longest)
    held = count(home.path + "/kaipiao.db", "SELECT SUM(length(packed)) FROM request_text")
    t.ok(held * 5 < longest, "and take a fifth of that at most", held, longest)
    text = home.run("log", "show", str(rows(home)[0]["id"]), "--raw", json_out=False)[1]
    t.ok(text.startswith(("{", "[")), "for people as it is", text[:80])
    head = [r for r in rows(home) if r["service"] == "CXNSRJBXX"][0]["id"]
    as_it_is = home.run("log", "show", str(head), "--raw", json_out=False)[1]
    laid_out = home.run("log", "show", str(head), json_out=False)[1]
    t.ok("<U+" not in as_it_is and max(len(line) for line in as_it_is.split("\n")) > 200,
         "F8: --raw has the lines of the text itself", as_it_is[-200:])
    t.ok('"returncode":' in laid_out and max(len(line) for line in laid_out.split("\n")) < 200,
         "F8: without it the answer is laid out", laid_out[-200:])
    big = rows(home, "--find", "笔记本电脑" * 12)[-1]["id"]
    t.ok(len(home.run("log", "show", str(big), "--raw", json_out=False)[1]) > 1 << 20,
         "F8: and is whole, for people, too")
    t.ok(len(rows(home, "--find", "笔记本电脑" * 12)) >= 1, "a word far inside is found")


def conditions(t, sb, home):
    """F8: the six conditions, alone and together."""
    everything = rows(home)
    uploads = [r for r in everything if r["service"] == "QDFPSC"]
    for word in ("QDFPSC", "qdfpsc", "上传发票", "数电票上传"):
        t.same([r["id"] for r in rows(home, "--service", word)], [r["id"] for r in uploads],
               "the interface as " + word)
    t.ok(len({r["service"] for r in rows(home, "--service", "额度")}) > 1, "a part of several names")
    t.same(home.run("log", "list", "--service", "没有这个")[1]["error"]["code"], "log.service",
           "an interface that is none")
    t.ok(all(r["service_name"] != r["service"] for r in everything), "each has a name")
    direct, using = sb.direct["tax_no"], sb.using["tax_no"]
    of_direct, of_using = rows(home, "--unit", direct), rows(home, "--unit", using + "@演练")
    t.same(len(of_direct) + len(of_using), len(everything), "the unit")
    t.same(home.run("log", "list", "--unit", using + "@正式")[1]["error"]["code"], "unit.unknown",
           "a unit of another environment")
    job = everything[0]["job_id"]
    t.same({r["job_id"] for r in rows(home, "--job", str(job))}, {job}, "the task")
    one = everything[2]
    for key in ("request_id", "trace_id"):
        t.same([r["id"] for r in rows(home, "--request-id", one[key])], [one["id"]], key)
        t.same([r["id"] for r in rows(home, "--find", one[key][:12])], [one["id"]],
               "a part of " + key)
    today = one["at"][:10]
    t.same(len(rows(home, "--from", today, "--to", today)), len(everything), "the day")
    t.same(rows(home, "--from", "2099-01-01"), [], "a day to come")
    t.same(rows(home, "--to", "2001-01-01 10:30"), [], "a time long ago")
    t.same(home.run("log", "list", "--from", "昨天")[1]["error"]["code"], "log.time", "no time")
    t.same([r["id"] for r in rows(home, "--service", "QDFPSC", "--unit", using, "--from", today,
                                  "--result", "ok")], [r["id"] for r in uploads], "four at once")
    first = home.run("log", "list", "--limit", "2", "--from", today)[1]
    second = home.run("log", "list", "--limit", "2", "--from", today, "--cursor", first["next"])[1]
    t.same([r["id"] for r in first["rows"] + second["rows"]], [r["id"] for r in everything[:4]],
           "pages go on")


def faults(t, sb, home):
    """M16: as many rows as the platform had requests, whatever becomes of them."""
    def platform():
        return len([r for r in rows(home) if r["result"] != "later"])

    t.same(platform(), sb.requests(), "M16: every call")
    for fault in ({"error": "5001"}, {"html": True}, {"bad_json": True}, {"truncate": True},
                  {"drop_reply": True}, {"error": "4057"}, {"bad_key_reply": True}):
        name = list(fault)[0]
        sb.faults(**{name: {"service": "CXSXED", "times": 1, "text": str(fault[name])}})
        before = sb.requests()
        home.run("--timeout", "8", "quota", "sync")
        sb.faults()
        home.run("--timeout", "20", "sync", "--once")
        t.ok(sb.requests() > before and platform() == sb.requests(), "M16: with %s" % name,
             platform(), sb.requests())
    bad = rows(home, "--failed")
    t.ok(len(bad) >= 6 and all(r["result"] != "ok" for r in bad), "failed ones", len(bad))
    t.ok({r["result"] for r in bad} >= {"lost", "misconfigured"}, "of several kinds",
         {r["result"] for r in bad})
    for word in {r["result"] for r in bad}:
        t.same({r["result"] for r in rows(home, "--result", word)}, {word}, "result " + word)
    lost = rows(home, "--result", "lost")[0]
    t.ok(lost["result_text"] == "结果不明", "in words", lost)


def crash(t, sb, home):
    """M16: a process that dies during a call leaves the row, and it says so."""
    before = sb.requests()
    home.run("quota", "sync", env={"KAIPIAO_CRASH_AT": "leqi.after"})
    dead = rows(home, "--result", "sent")
    if not dead:  # crash points by number alone
        for n in range(1, 30):
            home.run("quota", "sync", env={"KAIPIAO_CRASH_AT": str(n)})
            dead = rows(home, "--result", "sent")
            if dead and sb.requests() > before:
                break
    t.ok(dead and dead[0]["result_text"] == "没有应答", "a call without an answer stands there", dead)
    home.run("--timeout", "20", "sync", "--once")
    done = len([r for r in rows(home) if r["result"] not in ("later", "sent")])
    t.ok(done <= sb.requests() <= len(rows(home)), "no call without a row", done, sb.requests())


def exports(t, home):
    """F8: one record to be handed to the tax bureau."""
    row = str(rows(home, "--service", "QDFPSC")[0]["id"])
    text, data = os.path.join(home.top, "r.txt"), os.path.join(home.top, "r.json")
    t.same(home.run("log", "export", row, "-o", text)[1]["file"], text, "as text")
    t.same(home.run("log", "export", row, "-o", data)[0], 0, "as JSON")
    code, doc, err = home.run("log", "export", row, "-o", data)
    t.ok(code == 3 and doc["error"]["code"] == "file.exists", "what is there stays", doc)
    t.same(home.run("log", "export", row, "-o", data, "--replace")[0], 0,
           "unless it is to be replaced")
    with open(text, encoding="utf-8") as f:
        words = f.read()
    for part in ("时间：", "单位：", "接口：QDFPSC 上传发票（数电票上传）", "RequestId：", "clientTid：", "【请求】",
                 "【应答】"):
        t.ok(part in words, "the text has " + part, words[:400])
    with open(data, encoding="utf-8") as f:
        doc = json.load(f)
    t.ok(doc["id"] == int(row) and doc["unit"] and isinstance(doc["request"], list), "the JSON",
         doc)
    t.same(os.stat(text).st_mode & 0o777, 0o600, "closed to others")
    code, doc, _ = home.run("log", "export", row)
    t.ok(code == 0 and doc["id"] == int(row), "to standard output")
    t.same(home.run("log", "list", "--from", "2025-11-21", "--to", "2025-11-20")[1]["error"]
           ["code"], "date.order", "F8: from after to")
    t.same(home.run("log", "show", "999999")[1]["error"]["code"], "log.unknown",
           "none of that number")


def tail(t, sb, home):
    """F8: log tail -f tells of a call that somebody makes meanwhile."""
    newest = rows(home)[0]["id"]
    out = home.run("log", "tail", "-n", "3", json_out=False)[1]
    t.same(len(out.strip().split("\n")), 3, "three lines", out)
    follower = home.start("log", "tail", "-n", "0", "-f")
    os.set_blocking(follower.stdout.fileno(), False)
    time.sleep(0.5)
    sb.faults(delay_ms={"service": "CXSXED", "value": 700})
    home.run("quota", "sync", check=0)
    sb.faults()
    got = b""

    def lines():
        nonlocal got
        got += follower.stdout.read() or b""
        return [json.loads(x) for x in got.decode().split("\n") if x]

    wait_for(lambda: any(x["service"] == "CXSXED" for x in lines()), 10)
    follower.send_signal(signal.SIGINT)
    code = follower.wait(10)
    told = lines()
    t.ok(told and told[0]["id"] > newest, "-f tells of new calls alone", got[-600:])
    slow = [x for x in told if x["service"] == "CXSXED"]
    t.ok(len(slow) == 1 and slow[0]["result"] == "ok" and slow[0]["took_ms"] >= 700,
         "once, when it has ended", slow)
    t.same(code, 0, "Ctrl-C ends it well")
    t.same(home.run("log", "tail", "-n", "1001")[0], 2, "too many")


def tail_restored(t, home):
    """F8: log tail -f goes on behind a restore, whose log is older than what it told."""
    backup, said = os.path.join(home.top, "tail.kpb"), os.path.join(home.top, "tail.err")
    home.run("backup", backup, check=0)
    home.run("quota", "sync", check=0)
    with open(said, "wb") as err:
        follower = subprocess.Popen(home.command(["log", "tail", "-n", "3", "-f"]),
                                    env=home.environ(), stdout=subprocess.PIPE, stderr=err)
    os.set_blocking(follower.stdout.fileno(), False)
    got = b""

    def told():
        nonlocal got
        got += follower.stdout.read() or b""
        return told_now(got)

    last = rows(home)[0]["id"]
    t.ok(wait_for(lambda: told() and told()[-1]["id"] == last, 10), "it has told what there was")
    home.run("restore", backup, check=0)
    below = rows(home)[0]["id"]
    before = len(told())
    home.run("quota", "sync", check=0)
    home.run("taxpayer", "sync", check=0)
    fresh = [r["id"] for r in reversed(rows(home)) if r["id"] > below]
    wait_for(lambda: len(told()) - before >= len(fresh), 10)
    follower.send_signal(signal.SIGINT)
    t.same(follower.wait(10), 0, "Ctrl-C ends it well")
    follower.stdout.close()
    t.ok(below < last and fresh, "the restore set the log back", below, last)
    t.same([r["id"] for r in told_now(got)[before:]], fresh, "F8: new calls are told, each once")
    with open(said, encoding="utf-8") as err:
        words = err.read()
    t.ok(words.count("退回到了更早的编号") == 1, "and it says that it was set back, once", words)


def tail_replaced(t, home):
    """F8: where the database was not sound, another file takes its place: it ends, and says so."""
    backup, base = os.path.join(home.top, "replaced.kpb"), home.path + "/kaipiao.db"
    home.run("backup", backup, check=0)
    follower = home.start("log", "tail", "-n", "0", "-f")
    time.sleep(0.5)
    sql(base, "DELETE FROM unit")  # not what hangs on them: no sound database
    home.run("restore", backup, check=0)
    t.same(follower.wait(10), 6, "it ends")
    said = follower.stdout.read().decode() + (follower.stderr.read().decode()
                                              if follower.stderr else "")
    t.ok("另一个数据库" in said, "and says why", said)


def told_now(lines):
    return [json.loads(x) for x in lines.decode().split("\n") if x]


def retention(t, sb, home):
    """F8: rows and texts older than (log, keep_days) go."""
    base = home.path + "/kaipiao.db"
    home.run("param", "set", "log", "keep_days", "30", check=0)
    kept = rows(home)[0]["id"]
    sql(base, "UPDATE request_log SET at_ms = at_ms - 31 * 86400000 WHERE id < %d" % kept)
    # One of the last hour of the thirtieth day stays; runs of the calendar go by the same rule.
    edge = "at_ms = at_ms - 30 * 86400000 + 3600000"
    sql(base, "UPDATE request_log SET %s WHERE id = %d" % (edge, kept))
    day = int(time.time()) // 86400 * 86400
    for number, at in ((900001, day - 32 * 86400), (900002, day - 31 * 86400 - 1),
                       (900003, day - 28 * 86400)):
        sql(base, "INSERT INTO calendar_run (id, rule, unit_id, slot, slot_at, until_at, state,"
            " next_at, attempts, reason, hint, created_at, updated_at)"
            " SELECT %d, 'quota.month', id, 'old-%d', %d, %d, 'done', 0, 0, '', '', %d, %d FROM"
            " unit WHERE role = 'using' LIMIT 1" % (number, number, at, at + 86400, at, at))
    runs = "SELECT COUNT(*) FROM calendar_run WHERE id BETWEEN 900001 AND 900003"
    t.same(count(base, runs), 3, "M14: runs of the calendar that are old, and one that is not")
    old = "SELECT COUNT(*) FROM request_log WHERE id < %d" % kept
    home.run("sync", "--once")
    t.ok(count(base, old) > 0, "nothing before the tax side has told its time")
    home.run("taxpayer", "sync", check=0)
    t.same(count(base, old), 0, "old ones are dropped")
    t.same(count(base, "SELECT COUNT(*) FROM request_log WHERE id = %d" % kept), 1,
           "F8: not before the thirty days are whole")
    t.same((count(base, runs), count(base, runs + " AND id = 900003")), (1, 1),
           "M14: old runs are dropped, too, and those alone")
    t.same(count(base, "SELECT COUNT(*) FROM request_text WHERE log_id < %d" % kept), 0,
           "with their texts")
    young = count(base, "SELECT COUNT(*) FROM request_log")
    t.ok(young > 0, "young ones stay")
    home.env["KAIPIAO_NOW"] = "2099-01-01T10:00:00+08:00"
    for _ in range(2):
        home.run("sync", "--once")
        home.run("taxpayer", "sync")
    del home.env["KAIPIAO_NOW"]
    t.ok(count(base, "SELECT COUNT(*) FROM request_log") > young,
         "a clock that is far ahead drops none")


def denied(t, home):
    """F9: not everybody's."""
    with sqlite3.connect(home.path + "/kaipiao.db") as db:
        db.execute("INSERT INTO app_user (id, name, display_name, role, enabled, created_at)"
                   " VALUES (300, 'clerk', 'clerk', 'issuer', 1, 0)")
    for verb in (["list"], ["show", "1"], ["export", "1"], ["tail"], ["tail", "-f"]):
        t.same(home.run("--user", "clerk", "log", *verb)[0], 7, "F9: no log " + " ".join(verb))
    t.same(home.run("--user", "clerk", "explain", "4057")[0], 0, "but an explanation")


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        home.quick()
        raw_is_theirs(t, sb, home)
        conditions(t, sb, home)
        exports(t, home)
        tail(t, sb, home)
        faults(t, sb, home)
        crash(t, sb, home)
        denied(t, home)
        searched(t, home)
        retention(t, sb, home)
        tail_restored(t, home)
        tail_replaced(t, home)


main()
