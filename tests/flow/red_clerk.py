#!/usr/bin/env python3
"""Red letters as a clerk meets them: refused applications, what is under way, one buyer for a blue
invoice and its red one, finding, advice."""
import os

from kp import Home, Sandbox, Tap, count, invoice


def line(name="打印机", quantity="4", price="100.00"):
    return {"name": name, "tax_code": "1090509010000000000", "unit": "台", "quantity": quantity,
            "price": price, "tax_rate": "0.13"}


def issue(home, order, **more):
    """The number of a new blue invoice."""
    _, doc, _ = home.run("blue", "issue", home.file(invoice(order, prices_include_tax=False,
                                                            lines=[line()], **more)), check=0)
    return doc["results"][0]["number"]


def apply(home, blue, *more, role="seller", reason="01"):
    return home.run("red", "apply", blue, "--role", role, "--reason", reason, *more)


def reverse(home, blue):
    """The number of the red invoice of all of it, and of its letter."""
    code, doc, err = apply(home, blue)
    assert code == 0, err
    _, made, _ = home.run("red", "issue", doc["confirmation_no"], check=0)
    return made["results"][0]["number"], doc["confirmation_no"]


def person(t):
    """N26, N48: the red invoice of a natural person is of the same buyer as the blue one."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "P-1", buyer={"name": "陈晓雯", "is_person": True})
        red, _ = reverse(home, blue)
        buyer = home.run("invoices", "show", red)[1]["buyer"]
        t.same([buyer["name"], buyer["is_person"]], ["陈晓雯", True], "the blue one's buyer")
        rows = home.run("report", "by", "buyer")[1]["rows"]
        t.ok(len(rows) == 1 and rows[0]["net"] == "0.00" and rows[0]["label"] == "陈晓雯",
             "the report has one buyer, with nothing left", rows)
        sent = sb.get("/requests?service=QDFPSC&limit=1")["rows"][0]["request"]
        t.ok("陈晓雯（个人）" in sent, "sent with the mark", sent)


def listed(home, situation):
    return home.run("red", "list", "--situation", situation)[1]["rows"]


def failed_there(home):
    """How many failed applications health names; -1: a failed job beside them."""
    found = home.run("health")[1]["findings"]
    return -1 if any(f["check"] == "job" for f in found) else \
        sum(f["count"] for f in found if f["check"] == "red-failed")


def refused(t):
    """E2: a refused application is retried in its place, or put away; its history stays."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue, other = issue(home, "R-1"), issue(home, "R-2")
        for number in (blue, other):
            sb.post("/red/mark", {"blue": number, "hzsdbs": "Y"})
            t.same(apply(home, number)[0], 4, "refused")
        rows = listed(home, "failed")
        names = {r["blue_number"]: "#%d" % r["id"] for r in rows}
        t.same(failed_there(home), 2, "health says so")
        t.same(len(rows), 2, "two failed")
        code, text, _ = home.run("red", "list", json_out=False)
        t.ok(all(n in text for n in names.values()), "the list names them as verbs want it", text)
        t.same(home.run("red", "again", names[blue])[0], 4, "refused again")
        t.same(len(listed(home, "failed")), 2, "in its place: no row more")
        sb.post("/red/mark", {"blue": blue, "hzsdbs": "N"})
        code, doc, err = home.run("red", "again", names[blue])
        t.ok(code == 0 and doc["situation"] == "issuable" and "#%d" % doc["id"] == names[blue]
             and [h["event"] for h in doc["history"]]
             == ["申请", "申请失败", "重新提交", "申请失败", "重新提交", "受理"],
             "the third time it is taken: the same letter, with what went before", doc, err)
        t.same([r["blue_number"] for r in listed(home, "failed")], [other], "one is left")
        t.same(failed_there(home), 1, "health does not forget it when another succeeds")
        t.same(home.run("red", "again", names[blue])[0], 3, "no more of it")
        code, doc, err = home.run("red", "drop", names[other], names[blue], "#999")
        t.ok(code == 3 and [r["done"] for r in doc["results"]] == [True, False, False],
             "put away; one that was taken cannot be, nor one that is not there", doc, err)
        t.same(listed(home, "failed"), [], "nothing failed is left")
        t.same(failed_there(home), 0, "for health, too")
        row = home.run("red", "show", names[other])[1]
        t.same([row["situation"], row["state_text"], row["history"][-1]["event"]],
               ["void", "已放弃", "放弃"], "it stays, with its history")
        t.same(count(os.path.join(home.path, "kaipiao.db"), "SELECT COUNT(*) FROM audit WHERE"
                     " action = 'red.drop' AND before <> '' AND subject = '%s'" % other),
               1, "and in the audit, with the reason")
        code, doc, _ = home.run("red", "drop", names[other])
        t.ok(code == 0 and doc["results"][0]["message"] == "已经放弃", "twice is once", doc)
        counts = {(r["role"], r["situation"]): r["count"] for r in
                  home.run("red", "counts")[1]["rows"]}
        t.same(counts, {("seller", "issuable"): 1, ("seller", "void"): 1}, "as the counts say")
        sb.post("/red/mark", {"blue": other, "hzsdbs": "N"})
        t.same(home.run("red", "again", names[other])[0], 0, "what was put away may be taken up")


def finding(t):
    """Red invoices by blue number and letter, blue ones by how far they are reversed."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue, part, plain = (issue(home, "F-%d" % i) for i in (1, 2, 3))
        red, letter = reverse(home, blue)
        half = apply(home, part, "--lines", home.file([{"line": 1, "quantity": "1"}]), reason="02")
        home.run("red", "issue", half[1]["confirmation_no"], check=0)

        def found(*words):
            return sorted(r["number"] for r in home.run("invoices", "list", *words)[1]["rows"])
        t.same(found("--find", blue), sorted([blue, red]), "by the blue number: both")
        t.same(found("--remark", blue), [red], "the remark as it is printed")
        t.same(found("--find", letter), [red], "by the number of its letter")
        t.same([found("--reversed", "whole"), found("--reversed", "partial")], [[blue], [part]],
               "blue ones by how far they are reversed")
        t.same(found("--reversed", "whole", "--kind", "red"), [], "red ones are not")
        t.same(found("--reversed", "whole", "--find", plain), [], "beside other conditions, too")
        t.same(home.run("invoices", "list", "--reversed", "some")[0], 2, "other words are refused")
        month = home.run("invoices", "show", red)[1]["issued_at"][:7]
        lines = home.run("invoices", "push", "--kind", "red", "--month", month, "--to", "-",
                         json_out=False)[1].splitlines()
        t.ok(len(lines) == 2 and red in "".join(lines) and plain not in "".join(lines),
             "red ones alone are pushed", lines)
        for code, word in ((0, ""), (3, "--replace")):
            again = home.run("invoices", "export", "-o", os.path.join(home.path, "all.xlsx"))
            t.ok(again[0] == code and word in again[2], "a file that is there: %d" % code, again)


def down(t):
    """What could not be sent ends with 6 and is not in doubt."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue, other = issue(home, "D-1"), issue(home, "D-2")
        letter = apply(home, other)[1]["confirmation_no"]
        sb.stop()
        code, doc, err = home.run("--timeout", "1", "red", "apply", blue, "--role", "seller",
                                  "--reason", "01")
        t.ok(code == 6 and doc["situation"] == "on-the-way" and doc["state_text"] == "申请中",
             "an application", code, doc, err)
        code, doc, err = home.run("--timeout", "1", "red", "revoke", letter)
        t.ok(code == 6 and doc["situation"] == "on-the-way", "an answer", code, doc, err)
        code, doc, err = home.run("--timeout", "1", "red", "download", "--role", "seller",
                                  "--from", "2026-11-01", "--to", "2026-11-20")
        t.ok(code == 6 and "再运行一次" in err, "a download: no file is promised", code, err)


def words(t):
    """Advice that can be followed, and refusals before anything is sent."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue, mine = issue(home, "A-1"), issue(home, "A-2")
        form = sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        home.run("red", "list", "--refresh", check=0)
        code, _, err = apply(home, blue)
        t.ok(code == 3 and form["number"] in err and "确认或否认" in err and "撤销" not in err,
             "the seller can only answer the buyer's letter", err)
        t.same(apply(home, mine)[0], 0, "one of ours")
        code, _, err = apply(home, mine)
        t.ok(code == 3 and "开具红字发票，或撤销" in err, "issue from it or revoke it", err)
        code, doc, err = apply(home, issue(home, "A-3"), role="buyer")
        t.ok(code == 3 and doc["error"]["code"] == "red.side" and "--role seller" in err,
             "we are the seller of it", err)
        code, text, _ = home.run("red", "show", form["number"], json_out=False)
        t.ok(all(w in text for w in ("开票有误", "蓝票金额", "蓝票日期", "对方税号", "有效",
                                     "1090509010000000000")), "a letter is shown whole", text)
        code, _, err = home.run("red", "list", "--blue-from", "2026-11-30", "--blue-to",
                                "2026-11-01")
        t.ok(code == 2 and "晚于" in err, "days the wrong way round", err)
        code, _, err = home.run("red", "issue")
        t.ok(code == 2 and "确认单编号" in err, "what is missing is named", err)


def under_way(t):
    """E5: what has no result yet is 处理中: neither 可开票 nor 待我确认."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "U-1")
        letter = apply(home, blue)[1]["confirmation_no"]
        sb.faults(http_status={"value": 502, "service": "QDFPSC"})
        code, doc, err = home.run("--timeout", "1", "red", "issue", letter)
        row = home.run("red", "show", letter)[1]
        t.ok(code in (5, 6) and row["situation"] == "on-the-way" and row["state"] == "01"
             and "开具中" in row["message"], "its red invoice is on its way", code, row, err)
        number = row["message"].split()[1]
        text = home.run("red", "list", json_out=False)[1]
        t.ok("开具中" in text and number in text, "with the number it has", text)
        t.same(listed(home, "issuable"), [], "not 可开票")
        t.same(len(listed(home, "on-the-way")), 1, "but 处理中")
        sb.faults()
        home.run("sync", "--once", check=0)
        home.run("sync", "--once", check=0)
        row = home.run("red", "show", letter)[1]
        t.same([row["situation"], row["red_number"]], ["issued", number], "then it is issued")

        form = sb.post("/red/apply", {"blue": sb.post("/red/blue", {
            "seller": "91440300MAKP0A011Y", "seller_name": "深圳市晴川数码贸易有限公司",
            "buyer": sb.using["tax_no"], "buyer_name": sb.using.get("name", "本单位"),
            "kind": "01", "kprq": "2026-11-02 10:00:00",
            "lines": [{"name": "打印机", "short": "计算机外部设备", "code": "1090511030000000000",
                       "amount": "200.00", "tax": "26.00", "rate": "0.13", "quantity": "2",
                       "price": "100.00", "unit": "台"}]})["blue"], "role": "seller"})
        if form["state"] != "02":
            sb.post("/red/state", {"uuid": form["uuid"], "state": "02"})
        home.run("red", "list", "--refresh", check=0)
        t.same(len(listed(home, "for-us")), 1, "one waits for us")
        sb.faults(http_status={"value": 502, "service": "QDHZQRDQR"})
        home.run("--timeout", "1", "red", "confirm", form["number"])
        t.same([len(listed(home, s)) for s in ("for-us", "on-the-way")], [0, 1],
               "while our answer is on its way it does not wait for us")
        sb.faults()
        home.run("sync", "--once", check=0)
        t.same(home.run("red", "show", form["number"])[1]["situation"], "they-issue",
               "then it is theirs to issue")


def main():
    with Tap() as t:
        for part in (person, refused, finding, words, under_way, down):
            part(t)


if __name__ == "__main__":
    main()
