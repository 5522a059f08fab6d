#!/usr/bin/env python3
"""Systems in front of the workstation: what they need (features B8, B9) and their 开票申请单, which come
as a file, wait, are being issued and are issued, each under its own number (B10)."""
import csv
import os

import orders
from kp import Home, Sandbox, Tap, wait_for

FORMS = ["SQ-2026-0001", "SQ-2026-0002", "SQ-2026-0003"]


def profiles(t, home):
    rows = home.run("profile", "list", check=0)[1]["rows"]
    t.same([(r["name"], r["versions"], r["modules"]) for r in rows],
           [("金蝶云·星空企业版", "7.6 及以上", "应收款管理、发票管理"),
            ("金蝶 EAS", "8.2、8.5 及以上，宜 8.6", "税务管理"),
            ("金蝶云·星瀚", "苍穹平台 3.0 及以上", "应收、开票申请单")],
           "B8 B9 B10: systems, versions, modules")
    notes = {r["name"]: r["notes"] for r in rows}
    t.ok("7.6 起支持全电专票" in notes["金蝶云·星空企业版"] and "补丁" in notes["金蝶云·星空企业版"],
         "B8: what 7.6 brings and where codes come from", notes)
    t.ok("8.0、8.2 要有 BOS 许可" in notes["金蝶 EAS"], "B9: the licence of older ones", notes)
    t.ok("改由开票申请单" in notes["金蝶云·星瀚"], "B10: by 开票申请单", notes)
    text = home.run("profile", "list", json_out=False)[1]
    t.ok("8.5" in text and "8.6" in text and "苍穹平台 3.0" in text, "B9 B10: for people", text)


def codes(t, sb, home):
    """B8: tax codes come from the tax side, not with the program."""
    t.same(home.run("taxcodes", "search", "申请单服务")[1]["rows"], [], "B8: an unknown code")
    sb.post("/taxcodes", {"code": "1999999999999999999", "name": "申请单服务", "short_name": "申请"})
    doc = home.run("taxcodes", "sync", check=0)[1]
    rows = home.run("taxcodes", "search", "申请单服务")[1]["rows"]
    t.ok(doc["rows"] == 1 and [r["code"] for r in rows] == ["1999999999999999999"],
         "B8: is there after taxcodes sync, under the same program", doc, rows)


def request_file(home):
    """One table as such systems write it."""
    path = os.path.join(home.top, "开票申请单.csv")
    flat = os.path.join(home.top, "模板.csv")
    home.run("batch", "template", "-o", flat, check=0)
    with open(flat, encoding="utf-8-sig", newline="") as f:
        names = next(csv.reader(f))
    with open(path, "w", encoding="utf-8-sig", newline="") as f:
        out = csv.writer(f)
        out.writerow(names)
        for no in FORMS:
            row = dict(zip(orders.HEADS, orders.head(no)))
            row.update(zip(orders.DETAILS, orders.line(no)))
            out.writerow([row.get(n, row.get(n.rstrip("*"), "")) for n in names])
    return path


def seen(home, batch):
    rows = home.run("batch", "show", batch, check=0)[1]["rows"]
    return {r["order_no"]: (r["state"], r["state_text"]) for r in rows}


def requests(t, sb, home):
    path = request_file(home)
    doc = home.run("batch", "add", path, check=0)[1]
    batch = doc["batch"]
    t.same((doc["orders"], doc["ready"], doc["bad"]), (3, 3, 0), "B10: three requests", doc)
    t.same(seen(home, batch), dict.fromkeys(FORMS, ("ready", "待开")), "B10: 待开")
    t.ok(sb.requests("QDFPSC") == 0, "B10: nothing is issued by itself")
    sb.faults(delay_ms={"service": "QDFPSC", "times": 1, "value": 2500})
    running = home.start("batch", "start", batch)
    try:
        t.ok(wait_for(lambda: {s for s, _ in seen(home, batch).values()} == {"taken"}),
             "B10: 开票中", seen(home, batch))
        t.same({w for _, w in seen(home, batch).values()}, {"开票中"}, "B10: in words")
        code, doc, err = home.run("batch", "add", path)
        t.same((doc["ready"], doc["repeats"]), (0, 3), "B10: again while it goes on: none twice",
               err)
    finally:
        running.communicate(timeout=60)
        sb.faults()
    t.same(running.returncode, 0, "B10: the batch is through")
    t.same({s for s, _ in seen(home, batch).values()}, {"issued"}, "B10: 已开", seen(home, batch))
    theirs = sb.invoices()
    shown = [home.run("invoices", "show", no, check=0)[1] for no in FORMS]
    t.ok(len(theirs) == 3 and {r["number"] for r in theirs} == {r["number"] for r in shown}
         and {r["times_accepted"] for r in theirs} == {1},
         "B10: each request is one invoice, found by the request's number", shown)
    doc = home.run("batch", "add", path, check=0)[1]
    t.same((doc["ready"], doc["repeats"]), (0, 3), "B10: the file once more issues nothing", doc)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.setup(platform)
    profiles(tap, place)
    codes(tap, platform, place)
    requests(tap, platform, place)
