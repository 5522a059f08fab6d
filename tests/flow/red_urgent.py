#!/usr/bin/env python3
"""health names red letters that wait for us and are void soon."""
from kp import Home, Sandbox, Tap, later


def check(home, *more):
    _, doc, _ = home.run("health", *more)
    return [f for f in doc["findings"] if f["check"] == "red"]


def letters(home):
    return home.run("red", "list", "--situation", "for-us", "--last", "--limit", "500")[1]["rows"]


with Tap() as t, Sandbox(result_delay=0) as sb, Home() as home:
    home.setup(sb)
    t.same(check(home), [], "no letters, nothing to say")
    common = {"tax_no": sb.using["tax_no"], "lines": 1, "role": "seller", "state": "03"}
    hours = 66.5  # ago: 5 and a half are left
    sb.post("/red/fill", dict(common, count=12, applicant="buyer", apart=600,
                              entered=later(-hours * 3600)[:19].replace("T", " ")))
    sb.post("/red/fill", dict(common, count=3, applicant="buyer", apart=60))
    sb.post("/red/fill", dict(common, count=2, applicant="seller", state="02", apart=60,
                              entered=later(-70 * 3600)[:19].replace("T", " ")))
    home.run("red", "list", "--refresh", check=0)
    code = home.run("health")[0]
    found = check(home)
    t.ok(code == 4 and len(found) == 1 and found[0]["count"] == 12,
         "those with less than 12 hours, of the ones that wait for us", code, found)
    urgent = [r["confirmation_no"] for r in sorted(letters(home), key=lambda r: r["entered_at"])]
    t.same(found[0]["numbers"].split(), urgent[:10], "the first ten, the most urgent first")
    t.ok("还剩 03:" in found[0]["text"] and found[0]["exit"] == 4, "how much is left", found)
    # A letter alone tells what its screen does (E6); contradictions are refused as there (E3).
    text = home.run("red", "show", urgent[0], json_out=False)[1]
    for word in ("剩余", "录入日期", "确认截止", "蓝票票种", "纸质发票", "发票", "冲红原因", "有效"):
        t.ok(word in text, "red show tells %s" % word, text)
    one = home.run("red", "show", urgent[0])[1]
    t.ok(one["left"].startswith("03:") and one["blue_kind"] in ("01", "02"), "in JSON, too", one)
    for wrong in (("--blue-from", "2026-11-30", "--blue-to", "2026-11-01"), ("--blue", "123"),
                  ("--from", "2026-11-30", "--to", "2026-11-01"), ("--sent", "--received")):
        t.same(home.run("red", "list", *wrong)[0], 2, "refused: %s" % " ".join(wrong))
    t.same(check(home, "--red-hours", "3"), [], "nothing within three hours")
    t.same(check(home, "--red-hours", "4")[0]["count"], 3, "three within four")
    t.same(check(home, "--red-hours", "72")[0]["count"], 15, "all of ours within 72")
    # Those that ran out of their time are told of until somebody has looked.
    def lapsed():
        found = home.run("health")[1]["findings"]
        return [f["count"] for f in found if f["check"] == "red-lapsed"]

    t.same(lapsed(), [], "nothing has run out yet")
    sb.post("/clock", {"shift": 12 * 3600})
    home.run("red", "list", "--refresh", check=0)
    gone = home.run("red", "list", "--state", "07", "--limit", "100", check=0)[1]["rows"]
    t.same(lapsed(), [len(gone)], "what ran out meanwhile is told of", gone)
    t.ok(len(gone) >= 12 and lapsed() == [len(gone)], "and again, as long as nobody has looked")
    home.run("red", "list", "--situation", "void", check=0)
    t.same(lapsed(), [], "not any more when somebody has")
    home.run("red", "list", "--refresh", check=0)
    t.same(lapsed(), [], "nor after the next refresh")
    # E18: what the other side denied or withdrew is told in the same way; a look at one page of
    # the list takes away what stood on it, and no more.
    sb.post("/red/fill", dict(common, count=2, applicant="seller", state="02", apart=60))
    home.run("red", "list", "--refresh", check=0)
    ours = home.run("red", "list", "--sent", "--situation", "for-them")[1]["rows"]
    for row in ours[:2]:
        sb.post("/red/act", {"uuid": row["uuid"], "do": "deny"})
    theirs = home.run("red", "list", "--received", "--situation", "for-us")[1]["rows"]
    sb.post("/red/act", {"uuid": theirs[0]["uuid"], "do": "revoke"})
    home.run("red", "deny", theirs[1]["confirmation_no"], check=0)
    home.run("red", "list", "--refresh", check=0)
    t.same(lapsed(), [3], "two denied, one withdrawn; what we denied is not told")
    told = [f["text"] for f in home.run("health")[1]["findings"] if f["check"] == "red-lapsed"]
    t.ok("对方否认、撤销等 3 张" in told[0], "and why", told)
    home.run("red", "list", "--situation", "void", "--limit", "1", check=0)
    t.same(lapsed(), [2], "a page shows one")
    home.run("red", "list", "--situation", "void", "--limit", "100", check=0)
    t.same(lapsed(), [], "all were seen")
    t.ok(home.run("health", "--red-hours", "73")[0] == 2, "72 is the most")
