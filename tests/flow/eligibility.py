#!/usr/bin/env python3
"""接入条件: four items, what a person says and what the tax side says (features A7, B1-B5)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap, count, invoice  # noqa: E402

SOURCE = "https://hunan.chinatax.gov.cn/show/20250117785342"


def items(home, *options, code=0, env=None):
    got, doc, err = home.run("eligibility", *options, env=env)
    assert got == code, (got, doc, err)
    return doc["items"]


def fresh(t, home):
    home.run("init", check=0)
    rows = items(home)
    t.ok(len(rows) == 4 and {r["state"] for r in rows} == {"pending"}
         and all("待确认" in r["message"] for r in rows), "B1: four items, unanswered 待确认", rows)
    code, text, _ = home.run("eligibility", json_out=False)
    t.ok(code == 0 and "A、B 或 M" in text and "待确认" in text, "A7: people read A/B/M", text)
    t.ok(SOURCE in home.run("help", "eligibility", json_out=False)[1],
         "B5: the address is in the help")
    code, doc, err = home.run("eligibility", "--answer", "1=yes")
    t.ok(code == 3 and doc["error"]["code"] == "unit.none", "B1: answers need a unit", err)


def by_person(t, home):
    home.run("taxpayer", "sync", check=0)
    rows = items(home, "--answer", "1=yes")
    t.ok(rows[0]["state"] == "yes" and rows[0]["answered_by"] and rows[0]["answered_at"],
         "B1: said by a person", rows[0])
    rows = items(home, "--answer", "4=yes", "--note", "省局：年销售额达标")
    t.ok(rows[3]["state"] == "yes" and "年销售额达标" in rows[3]["message"], "B4: a free text", rows[3])
    rows = items(home, "--answer", "4=no", code=3)
    t.same(rows[3]["state"], "no", "B4: not met is refused")
    rows = items(home, "--answer", "4=pending")
    t.same(rows[3]["state"], "pending", "B4: taken back")
    for bad, code in (("5=yes", 3), ("0=yes", 3), ("3=yes", 3), ("1=maybe", 3), ("x=yes", 2),
                      ("1", 2)):
        got, doc, err = home.run("eligibility", "--answer", bad)
        t.same(got, code, "refused: " + bad, err)
    t.same(home.run("eligibility", "--note", "x")[0], 2, "a note goes with an answer")
    rows = count(os.path.join(home.path, "kaipiao.db"),
                 "SELECT COUNT(*) FROM audit WHERE action = 'eligibility.answer'")
    t.same(rows, 4, "answers are audited")


def credit(t, sb, home):
    tax_no = sb.using["tax_no"]
    for grade, state in (("A", "yes"), ("B", "yes"), ("M", "yes"), ("C", "warning"),
                         ("D", "warning")):
        sb.post("/units", {"tax_no": tax_no, "nsrxydj": grade})
        home.run("taxpayer", "sync", check=0)
        row = items(home)[1]
        t.same(row["state"], state, "B2: " + grade, row)
        if state == "warning":
            t.same(row["message"], "信用级别 %s 不满足 A/B/M" % grade, "B2: the sentence for " + grade)
    row = items(home, "--override")[1]
    t.ok(row["state"] == "yes" and "不参与评价" in row["message"], "B2: 不参与评价 overrides", row)
    code, _, err = home.run("eligibility", "--answer", "2=yes", "--note", "乙")
    t.ok(code == 2 and "--override" in err, "the credit grade is the tax side's: no answer", err)
    row = items(home, "--answer", "2=no")[1]
    t.same(row["state"], "warning", "B2: and is taken back")
    sb.post("/units", {"tax_no": tax_no, "nsrxydj": "A"})


def risk(t, sb, home):
    tax_no = sb.using["tax_no"]
    sb.post("/units", {"tax_no": tax_no, "fxnsrbz": "Y"})
    home.run("taxpayer", "sync", check=0)
    code, doc, err = home.run("eligibility")
    t.ok(code == 3 and doc["items"][2]["state"] == "no" and "风险纳税人" in err,
         "B3: a risk taxpayer is refused", code, doc, err)
    code, doc, err = home.run("blue", "issue", home.file(invoice("R-1")))
    t.ok(code == 3 and doc["error"]["code"].startswith("seller.risk"),
         "B3: and issues nothing", err)
    sb.post("/units", {"tax_no": tax_no, "fxnsrbz": "N"})
    home.run("taxpayer", "sync", check=0)
    t.same(items(home)[2]["state"], "yes", "B3: cleared")


with Tap() as tap, Sandbox() as platform, Home() as place:
    with Home() as empty:
        fresh(tap, empty)
    place.setup(platform, numbers=5)
    by_person(tap, place)
    credit(tap, platform, place)
    risk(tap, platform, place)
