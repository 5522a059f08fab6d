#!/usr/bin/env python3
"""Confirmation forms at the practice platform: state machine (N40, N44), lists, time (E29), the
other side."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402
from red_bench import Red, application  # noqa: E402

T = L.Tap()
NOW, WHEN = "2026-03-10T09:00:00+08:00", "2026-03-10 08:59:00"
OPTIONS = ("--result-delay", "0", "--now", NOW)

ALLOWED = {  # (state, who applied) -> {(party, deed): next state}
    ("01", "seller"): {("seller", "C"): "08"},
    ("02", "seller"): {("buyer", "Y"): "04", ("buyer", "N"): "05", ("seller", "C"): "08"},
    ("03", "buyer"): {("seller", "Y"): "04", ("seller", "N"): "06", ("buyer", "C"): "08"},
    ("04", "seller"): {("buyer", "C"): "09"},
    ("04", "buyer"): {("seller", "C"): "09"},
}
LIST_KEYS = set("""
 uuid hzfpxxqrdbh lrfsf xsfnsrsbh xsfmc gmfnsrsbh gmfmc lzfpdm lzfphm sfzzfpbz lzkprq lzhjje
 lzhjse lzfppzDm lzfpTdyslxDm hzcxje hzcxse hzqrdmxsl chyyDm hzqrxxztDm qrrq ykjhzfpbz hzfphm
 hzkprq yxbz lrrq
""".split())
LINE_KEYS = set("""xh lzmxxh sphfwssflhbbm hwhyslwfwmc spfwjc xmmc ggxh dw fpspdj fpspsl je sl1
 se kce yhzcbs""".split())


def matrix(r, buyer, outsider):
    cases = list(ALLOWED) + [("%02d" % n, who) for n in range(5, 14) for who in ("seller", "buyer")]
    for state, applicant in cases:
        bad = []
        for party, client in (("seller", r.client), ("buyer", buyer), ("outsider", outsider)):
            for deed in "YNC":
                form = r.fresh(buyer, state, applicant)[2]
                wanted = ALLOWED.get((state, applicant), {}).get((party, deed))
                answer = r.act(form, deed, client=client)
                after = r.state(form)["state"]
                again = r.act(form, deed, client=client)
                good = (answer["returncode"] == ("00" if wanted else "01") and
                        after == (wanted or state) and (bool(answer.get("qrrq")) == bool(wanted)))
                # doing it twice is refused, and changes nothing
                good = good and again["returncode"] == "01" and r.state(form)["state"] == after
                if not good:
                    bad.append((party, deed, answer, after))
        T.equal(bad, [], "state %s, the %s applied: 9 cases, each twice" % (state, applicant))
    for state, applicant in (("01", "seller"), ("04", "seller"), ("04", "buyer")):
        blue, request, form = r.fresh(buyer, state, applicant)
        row = r.client.issue(r.red(blue, request, form))[0]
        T.equal(row["status"], "00", "a red invoice in state %s (%s applied)" % (state, applicant))
        answers = [r.act(form, deed, client=c)["returnmsg"]
                   for c in (r.client, buyer) for deed in "YNC"]
        T.ok(all("已开具红字发票" in a for a in answers), "after it nobody can do anything", answers)
    form = r.fresh(buyer, "02", "seller")[2]
    T.ok("编号与uuid不符" in r.client.call("QDHZQRDQR", {
        "xsfnsrsbh": r.unit["tax_no"], "uuid": form["uuid"], "hzqrdbh": "1" * 20, "qrlx": "C"})[
            "returnmsg"], "refused: another number")
    T.ok("与红字确认单不符" in r.act(form, "Y", seller=buyer.unit["tax_no"], client=buyer)["returnmsg"],
         "refused: xsfnsrsbh is not the seller's")
    T.ok("不存在" in r.act({**form, "uuid": "0" * 32}, "C")["returnmsg"], "refused: no such form")
    T.ok("应为Y、N或C" in r.act(form, "X")["returnmsg"], "refused: qrlx X")
    for key in ("xsfnsrsbh", "uuid", "hzqrdbh", "qrlx"):
        full = {"xsfnsrsbh": r.unit["tax_no"], "uuid": form["uuid"],
                "hzqrdbh": form["hzfpxxqrdbh"], "qrlx": "C", key: ""}
        T.ok(key + " 不能为空" in r.client.call("QDHZQRDQR", full)["returnmsg"], "refused: no " + key)
    texts = {("seller", "Y"): "销售方不能确认", ("seller", "N"): "销售方不能否认",
             ("buyer", "C"): "购买方不能撤销"}
    for (party, deed), text in texts.items():
        answer = r.act(form, deed, client=r.client if party == "seller" else buyer)
        T.ok(text in answer["returnmsg"], "the sentence says who: " + text, answer)


def lists(r, buyer):
    unit = r.unit
    ours = {"xsfnsrsbh": unit["tax_no"], "xsfmc": unit["name"]}
    theirs = {"gmfnsrsbh": unit["tax_no"], "gmfmc": unit["name"]}
    cases = (
        ("no role", "（yhjslx）不能为空", {**ours, "yhjslx": ""}),
        ("role 2", "（yhjslx）不在代码表内", {**ours, "yhjslx": "2"}),
        ("seller without name", "RI3001", {**ours, "yhjslx": "0", "xsfmc": ""}),
        ("seller without number", "RI3006", {**ours, "yhjslx": "0", "xsfnsrsbh": ""}),
        ("buyer without name", "RI3000", {**theirs, "yhjslx": "1", "gmfmc": ""}),
        ("buyer without number", "RI3005", {**theirs, "yhjslx": "1", "gmfnsrsbh": ""}),
        ("a buyer's name of 301", "RI3002", {**ours, "yhjslx": "0", "gmfmc": "字" * 301}),
        ("a seller's name of 301", "RI3003", {**ours, "yhjslx": "0", "xsfmc": "字" * 301}),
        ("another unit", "不对应", {**ours, "yhjslx": "0", "xsfnsrsbh": buyer.unit["tax_no"]}),
        ("nothing found", "RI3004", {**ours, "yhjslx": "0", "lzfphm": "1" * 20}),
        ("days in the wrong order", "不能晚于", {**ours, "yhjslx": "0", "lrrqq": "2026-03-10",
                                         "lrrqz": "2026-03-09"}),
        ("a wrong day", "（lrrqq）", {**ours, "yhjslx": "0", "lrrqq": "20260310"}),
        ("page 0", "页码", {**ours, "yhjslx": "0", "pageNumber": "0"}),
        ("a page of 1001", "每页数量", {**ours, "yhjslx": "0", "pageSize": "1001"}),
    )
    for title, wanted, request in cases:
        answer = r.client.call("CXQDHZQRDLB", request)
        T.ok(answer["returncode"] == "01" and wanted in answer["returnmsg"],
             "list refused: " + title, answer)
    r.sandbox.faults(bi_returncode=True)
    T.equal(r.list(lzfphm="1" * 20)["returncode"], "RI3004", "the bare code by a switch")
    r.sandbox.faults(empty_list=True)
    T.equal(r.list(lzfphm="1" * 20)["total"], "0", "an empty list by another")
    r.sandbox.faults()

    blue, request, form = r.fresh(buyer, "02", "seller")
    row = r.list(lzfphm=blue["fphm"])["list"][0]
    T.equal(set(row), LIST_KEYS, "the keys of a list row")
    wanted = {"uuid": form["uuid"], "hzfpxxqrdbh": form["hzfpxxqrdbh"], "lrfsf": "0",
              "hzqrxxztDm": "02", "yxbz": "Y", "ykjhzfpbz": "N", "hzfphm": "", "hzkprq": "",
              "qrrq": "", "hzqrdmxsl": "1", "lrrq": r.now()}
    wanted.update({k: request[k] for k in LIST_KEYS & set(request)})
    T.ok(row["lrrq"][:16] == wanted.pop("lrrq")[:16], "entered now")
    T.equal({k: row[k] for k in wanted}, wanted, "what was applied for comes back")
    T.equal(r.list(buyer, yhjslx="1", lzfphm=blue["fphm"])["list"], [row],
            "the buyer sees the same")
    T.equal(r.list(buyer, lzfphm=blue["fphm"]).get("returncode"), "01", "but not as a seller")
    detail = r.client.call("CXQDHZQRDMX", {"uuid": form["uuid"], "xsfnsrsbh": r.unit["tax_no"]})
    lines = detail.pop("hzqrxxmxList")
    T.equal(set(detail), LIST_KEYS - {"hzqrdmxsl"} | {"cezslxDm", "returncode", "returnmsg"},
            "the keys of a detail")
    T.equal({k: detail[k] for k in LIST_KEYS - {"hzqrdmxsl"}},
            {k: row[k] for k in LIST_KEYS - {"hzqrdmxsl"}}, "detail and list agree")
    T.equal([set(x) for x in lines], [LINE_KEYS], "the keys of a line")
    T.equal({k: lines[0][k] for k in request["hzqrdmxList"][0]}, request["hzqrdmxList"][0],
            "the lines come back as applied for")
    T.equal(buyer.call("CXQDHZQRDMX", {"uuid": form["uuid"], "xsfnsrsbh": r.unit["tax_no"]})[
        "uuid"], form["uuid"], "the buyer reads the detail too")
    for title, change in (("another uuid", {"uuid": "0" * 32}),
                          ("the buyer's number", {"xsfnsrsbh": buyer.unit["tax_no"]})):
        answer = r.client.call("CXQDHZQRDMX", {"uuid": form["uuid"],
                                               "xsfnsrsbh": r.unit["tax_no"], **change})
        T.ok("RI4000" in answer["returnmsg"], "detail: nothing found by " + title, answer)
    r.sandbox.faults(json_numbers=True)
    row = r.list(lzfphm=blue["fphm"])
    T.equal((row["total"], row["list"][0]["lzhjje"], row["list"][0]["hzqrdmxsl"]), (1, 100.0, 1),
            "numbers by a switch")
    detail = r.client.call("CXQDHZQRDMX", {"uuid": form["uuid"], "xsfnsrsbh": r.unit["tax_no"]})
    T.equal((detail["hzqrxxmxList"][0]["sl1"], detail["hzqrxxmxList"][0]["xh"]), (0.13, 1),
            "rates and row numbers too")
    r.sandbox.faults()


def paging(folder):
    with L.Sandbox(folder, *OPTIONS) as s:
        r = Red(T, s, s.using[1], when=WHEN)
        fill = {"tax_no": r.unit["tax_no"], "apart": 0}
        s.post("/red/fill", {**fill, "count": 25})
        s.post("/red/fill", {**fill, "count": 7, "role": "buyer", "applicant": "buyer",
                             "state": "03", "entered": "2026-02-27 23:59:59"})
        s.post("/red/fill", {**fill, "count": 4, "state": "05", "entered": "2026-02-28 00:00:00"})
        pages = [r.list(pageNumber=str(i), pageSize="10") for i in (1, 2, 3, 4)]
        T.equal([len(p["list"]) for p in pages], [10, 10, 5, 0], "25 rows in pages of 10")
        T.equal({p["total"] for p in pages}, {"25"}, "the total is on each")
        T.equal((pages[1]["pageNumber"], pages[1]["pageSize"]), ("2", "10"), "page and size echo")
        seen = [x["uuid"] for p in pages for x in p["list"]]
        T.equal(len(set(seen)), 25, "no row twice")
        T.equal(len(r.list()["list"]), 20, "20 on a page when none is said")
        days = lambda a, b, **more: r.list(lrrqq=a, lrrqz=b, pageSize="100", **more)  # noqa: E731
        T.equal(days("2026-02-01", "2026-03-10")["total"], "29", "days: both months")
        T.equal(days("2026-02-28", "2026-02-28")["total"], "4", "one day, both ends included")
        T.equal(days("2026-02-27", "2026-02-27", yhjslx="1")["total"], "7", "as the buyer")
        T.equal(r.list(yhjslx="1").get("returncode"), "01",
                "without days: this month only (nothing as the buyer)")
        T.equal(days("2026-02-01", "2026-03-10", hzqrxxztDm="05")["total"], "4", "by state")
        T.equal(days("2026-02-01", "2026-03-10", lrfsf="1", yhjslx="1")["total"], "7",
                "by who entered")
        T.equal(days("2026-03-01", "2026-03-10", fppzDm="02").get("returncode"), "01", "by kind")
        one = pages[0]["list"][3]
        for key in ("hzfpxxqrdbh", "lzfphm", "gmfmc", "gmfnsrsbh"):
            got = days("2026-03-01", "2026-03-10", **{key: one[key]})["list"]
            T.ok(one["uuid"] in [x["uuid"] for x in got] and
                 all(x[key] == one[key] for x in got), "by " + key)
        T.equal(len(r.client.call("CXQDHZQRDMX", {
            "uuid": one["uuid"], "xsfnsrsbh": r.unit["tax_no"]})["hzqrxxmxList"]), 1, "its lines")
        start = L.time.time()
        s.post("/red/fill", {**fill, "count": 10000, "lines": 3})
        T.ok(L.time.time() - start < 5, "10,000 forms with three lines in %.2f s"
             % (L.time.time() - start))
        T.equal(r.list(pageNumber="101", pageSize="100")["total"], "10025", "and they are listed")
        test = s.client(s.using[1], L.TEST)
        T.equal(r.list(test).get("returncode"), "01", "the other environment has none of them")


def hours(r, buyer):
    r.when, forms = None, {}  # by the platform's clock from here on
    for state, who in (("01", "seller"), ("02", "seller"), ("03", "buyer"), ("04", "seller")):
        forms[state] = r.fresh(buyer, state, who)
    r.sandbox.post("/clock", {"shift": 72 * 3600 - 120})
    T.equal([r.state(f[2])["state"] for f in forms.values()], ["01", "02", "03", "04"],
            "two minutes before the 72 hours nothing changes")
    T.equal(r.usage(forms["02"][0])["hzsdbs"], "Y", "the invoice is locked")
    r.sandbox.post("/clock", {"shift": 240})
    T.equal([r.state(f[2])["state"] for f in forms.values()], ["01", "07", "07", "04"],
            "after them 02 and 03 are void, 01 and 04 are not")
    T.equal([r.usage(forms[k][0])["hzsdbs"] for k in ("02", "04")], ["N", "Y"],
            "the lock goes with the form")
    row = r.list(lzfphm=forms["02"][0]["fphm"])["list"][0]
    T.equal((row["hzqrxxztDm"], row["yxbz"]), ("07", "N"), "the list says so")
    T.ok("作废" in r.act(forms["02"][2], "Y", client=buyer)["returnmsg"], "too late to confirm")
    T.equal(r.form(forms["02"][0])[1]["hzqrxxztDm"], "02", "the seller may apply again")
    blue, request, form = r.fresh(buyer, "02", "seller")
    r.sandbox.post("/red/mark", {"blue": blue["fphm"], "ycpzzt": "02"})
    T.equal(r.state(form)["state"], "10", "the invoice becomes 异常凭证: 10")


def other_side(r):
    s = r.sandbox
    blue = r.blue()
    form = s.post("/red/apply", {"blue": blue["fphm"], "role": "buyer", "reason": "01"})
    T.equal(form["state"], "03", "another company applies as the buyer")
    row = r.list(lzfphm=blue["fphm"])["list"][0]
    T.equal((row["lrfsf"], row["uuid"]), ("1", form["uuid"]), "we see it as the seller")
    T.equal(r.act({"uuid": form["uuid"], "hzfpxxqrdbh": form["number"]}, "Y")["returncode"], "00",
            "and agree")
    request = application(blue)
    red = r.red(blue, request, {"uuid": form["uuid"], "hzfpxxqrdbh": form["number"]})
    T.equal(r.client.issue(red)[0]["status"], "00", "and issue")
    told = s.post("/red/blue", {
        "seller": "91440300SELLER0001", "seller_name": "对方有限公司", "buyer": r.unit["tax_no"],
        "buyer_name": r.unit["name"], "kprq": "2026-03-01 10:00:00",
        "lines": [{"name": "打印机", "amount": "200.00", "tax": "26.00", "quantity": "2",
                   "price": "100.00", "unit": "台"}]})
    T.equal(s.post("/red/apply", {"blue": told["blue"], "role": "seller"})["state"], "01",
            "a supplier reverses what we have not used: 01")
    T.equal(s.get("/red?blue=" + told["blue"])["rows"][0]["buyer"], r.unit["tax_no"], "told")
    number = s.get("/red?blue=" + told["blue"])["rows"][0]["number"]
    red = s.post("/red/issue", {"number": number})["red"]
    row = r.list(yhjslx="1", lzfphm=told["blue"])["list"][0]
    T.equal((row["ykjhzfpbz"], row["hzfphm"]), ("Y", red), "and issues; we see the number")
    wrong, body = s.control("POST", "/red/apply", {"blue": told["blue"], "role": "seller"})
    T.ok(wrong == 400 and "全额红冲" in body["error"], "the rules hold for others too", body)
    told = s.post("/red/blue", {
        "seller": "91440300SELLER0001", "seller_name": "对方有限公司", "buyer": r.unit["tax_no"],
        "buyer_name": r.unit["name"], "kprq": "2026-03-01 10:00:00",
        "lines": [{"amount": "200.00", "tax": "26.00", "quantity": "2", "price": "100.00"},
                  {"amount": "50.00", "tax": "6.50"}]})
    s.post("/red/mark", {"blue": told["blue"], "fpyt": "1"})
    part = s.post("/red/apply", {"blue": told["blue"], "role": "seller", "reason": "02", "lines": [
        {"line": 1, "amount": "-100.00", "tax": "-13.00", "quantity": "-1", "price": "100.00"}]})
    T.equal(part["state"], "02", "a part of a used one waits for us")
    form = {"uuid": part["uuid"], "hzfpxxqrdbh": part["number"]}
    T.equal(r.act(form, "N", seller="91440300SELLER0001")["returncode"], "00", "we refuse")
    T.equal(r.state(form)["state"], "05", "05")
    for deed, after, state in (("confirm", 60, "04"), ("deny", 30, "05")):
        s.post("/red/auto", {"do": deed, "after": after})
        blue = r.blue()
        s.post("/red/mark", {"blue": blue["fphm"], "rzzt": "02"})
        form = r.form(blue)[1]
        s.post("/clock", {"shift": after - 10})
        T.equal(r.state(form)["state"], "02", "%s after %d s: not yet" % (deed, after))
        s.post("/clock", {"shift": 10})
        T.equal(r.state(form)["state"], state, "and then by itself")
        row = r.list(lzfphm=blue["fphm"])["list"][0]
        T.ok(row["qrrq"] > row["lrrq"], "at the time it was due", row)
    s.post("/red/auto", {"do": "confirm", "after": 0, "other": "91110000TEST00002X"})
    blue = r.blue()
    s.post("/red/mark", {"blue": blue["fphm"], "rzzt": "02"})
    T.equal(r.state(r.form(blue)[1])["state"], "04", "one company by its own rule")
    for other in ("", "91110000TEST00002X"):
        s.post("/red/auto", {"do": "none", "other": other})


def main():
    with L.scratch() as folder:
        with L.Sandbox(os.path.join(folder, "a"), *OPTIONS) as s:
            r = Red(T, s, s.using[1], when=WHEN, numbers=1000)
            buyer, outsider = s.client(s.using[0]), s.client(s.using[2])
            lists(r, buyer)
            matrix(r, buyer, outsider)
            other_side(r)
            hours(r, buyer)
        paging(os.path.join(folder, "b"))
    T.done()


main()
