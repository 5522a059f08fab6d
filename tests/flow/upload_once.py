#!/usr/bin/env python3
"""One upload of a number at a time, whoever wakes the engine (N71); an invoice that hangs at 开票中 is
found by its number, by hand work on no table (N66); what failed and succeeded tells no old error
(N70)."""
import json

from kp import Home, Sandbox, Tap, invoice, side_by_side

UPLOAD, RESULT = "QDFPSC", "CXQDFPSCJG"


def uploads(sb):
    """The numbers of each upload, in order."""
    rows = sb.get("/requests?limit=100000&service=" + UPLOAD)["rows"]
    return [[x["fphm"] for x in numbers_in(json.loads(r["request"]))] for r in rows]


def numbers_in(value):
    """The invoices in a request, wherever they stand."""
    if isinstance(value, dict):
        if "fphm" in value:
            return [value]
        value = list(value.values())
    return [x for v in value for x in numbers_in(v)] if isinstance(value, list) else []


def many_at_once(t):
    """N71: slow uploads, four processes that all want them done."""
    with Sandbox(result_delay=300) as sb, Home() as home:
        home.setup(sb, numbers=60)
        sb.faults(delay_ms={"service": UPLOAD, "value": 400})
        orders = [home.file([invoice("O%d-%d" % (k, i)) for i in range(10)]) for k in range(2)]
        running = [home.start("blue", "issue", o) for o in orders]
        running += [home.start("sync", "--once") for _ in range(2)]
        codes = [(p.communicate(timeout=100), p.returncode)[1] for p in running]
        sb.faults()
        home.run("sync", "--once")
        sent = [n for one in uploads(sb) for n in one]
        t.same(codes[:2], [0, 0], "N71: both have issued")
        t.same([len(sent), len(set(sent)), len(sb.invoices())], [20, 20, 20],
               "N71: each number went out in one upload")
        t.ok(all(i["times_accepted"] == 1 for i in sb.invoices()), "N71: and was taken once")


def hangs(t):
    """N66: taken there, open here; asked by its number until it is known."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb, numbers=5)
        sb.faults(drop_reply={"service": UPLOAD, "times": 1}, keep_processing={"value": 2})
        code, doc, err = home.run("--timeout", "1", "blue", "issue", home.file(invoice("H-1")))
        number = doc["results"][0]["number"]
        t.ok(code == 5 and doc["results"][0]["state"] != "failed", "N66: open, not failed", doc,
             err)
        t.same([i["number"] for i in sb.invoices()], [number], "N66: while the bureau has it")
        home.run("--timeout", "30", "invoices", "retry", "H-1")
        home.run("--timeout", "30", "sync", "--once")
        row = home.run("invoices", "show", "H-1")[1]
        t.same([row["state"], row["number"], row["message"]], ["issued", number, ""],
               "N66: issued, under its number; N70: no old error stays")
        t.ok([len(i) for i in uploads(sb)] and set(n for u in uploads(sb) for n in u) == {number}
             and sb.invoices()[0]["times_accepted"] == 1, "N66: nothing else was sent", uploads(sb))


def old_error(t):
    """N70: fails, then succeeds: the list shows no error, the history keeps it."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb, numbers=5)
        sb.faults(fail_result={"text": "购方名称有误", "times": 1})
        home.run("blue", "issue", home.file(invoice("E-1")), check=4)
        text = home.run("invoices", "list", json_out=False)[1]
        t.ok("购方名称有误" in json.dumps(home.run("invoices", "list")[1], ensure_ascii=False),
             "N70: shown while it holds", text)
        home.run("invoices", "retry", "E-1", check=0)
        for as_json in (True, False):
            doc = home.run("invoices", "list", json_out=as_json)[1]
            t.ok("购方名称有误" not in json.dumps(doc, ensure_ascii=False), "N70: not when it is issued",
                 doc)
        story = json.dumps(home.run("invoices", "history", "E-1")[1], ensure_ascii=False)
        t.ok("购方名称有误" in story, "N70: its history has it", story)


if __name__ == "__main__":
    with Tap() as tap:
        side_by_side(tap, (many_at_once, hangs, old_error))
