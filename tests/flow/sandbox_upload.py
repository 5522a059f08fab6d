#!/usr/bin/env python3
"""QDFPSC at the practice platform: batches, later results, duplicates, receipts, quota."""
import copy
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402
from leqi_bench import CARD, NOW, OTHER_FREE, WHEN, Bench, with_table  # noqa: E402

T = L.Tap()


def hostile(b, s):
    """Wrong types everywhere: one sentence each, and the platform lives on."""
    c = b.client
    for text in ("[1]", '["x"]', "[[]]", "[{}]", "[null]", "[true]", '[{"fphm":{}}]',
                 '[{"fpmxList":[1]}]', '[{"fpmxList":{"a":1}}]', "1", '"x"', "null", "",
                 "[" * 40 + "]" * 40, '{"a":1,"a":2}', "[{}] x", '[{"fphm":"1","fphm":"2"}]'):
        answer = c.call("QDFPSC", None, text=text)
        T.ok(answer["returncode"] != "00" and answer["returnmsg"], "refused: %.30s" % text, answer)
    for change in ({"fpmxList": [None]}, {"fpmxList": ["x"]}, {"zfxxList": [1]},
                   {"cekcList": [[]]}, {"fjysList": {"a": 1}}, {"gmfmc": {"a": 1}}, {"hjje": True},
                   {"kprq": 20260310}, {"fphm": 0}, {"cezslxDm": []}):
        answer = c.upload([b.good(**change)])
        T.ok(answer["returncode"] == "01", "refused: %s" % change, answer)
    for service in ("QDFPPLFM", "CXSXED", "XZTHSXED", "TZSXEDYXQ", "CXNSRFXXX", "CXNSRJBXX",
                    "CXSSFLBM", "CXQDFPSCJG"):
        for request in ([], {}, [[]], {"nsrsbh": []}, 1, None):
            answer = c.call(service, request)
            T.ok(answer["returncode"] != "00", "%s refuses %s" % (service, request), answer)
    b.accepts("accepted: afterwards as before", b.good())


def batches(b, s):
    c = b.client
    answer = c.upload([])
    T.ok(answer["returncode"] != "00", "an empty batch is refused")
    answer = c.upload({"fphm": "1"})
    T.ok(answer["returncode"] != "00", "an object instead of a list is refused")
    answer = c.upload([b.good() for _ in range(101)])
    T.ok("100" in answer["returnmsg"], "101 invoices are refused")
    one = b.good()
    answer = c.upload([one, b.good(), one])
    T.ok("[BI1001] 第3张" in answer["returnmsg"], "a number twice in the batch", answer)
    good, bad = b.good(), b.good(kpr="")
    before = s.get("/state")["invoices"]
    answer = c.upload([good, bad, b.good()])
    T.ok("第2张发票（%s）" % bad["fphm"] in answer["returnmsg"], "the bad one is named", answer)
    T.equal(s.get("/state")["invoices"], before, "one bad invoice keeps the whole batch out")
    T.equal(c.issue(good)[0]["status"], "00", "the good one passes alone")
    far = b.good()
    far["fphm"] = "26447099999999999999"
    b.refuses("a number outside the segments", "BI1036", far)
    stranger = s.client(s.using[0])
    alien = L.invoice(stranger, next(b.numbers), kprq=WHEN)
    answer = stranger.upload([alien])
    T.ok("[BI1035]" in answer["returnmsg"], "no segment at all", answer)
    stranger.claim(1)
    T.ok("[BI1036]" in stranger.upload([alien])["returnmsg"], "another taxpayer's number")
    test = s.client(c.unit, L.TEST)
    test.claim(1)
    T.ok("[BI1036]" in test.upload([b.good()])["returnmsg"], "a number of 正式 in 沙箱")
    s.post("/units", {"tax_no": c.unit["tax_no"], "province": "13100000000"})
    T.ok("[BI1036]" in c.upload([b.good()])["returnmsg"], "an old number after a move")
    s.post("/units", {"tax_no": c.unit["tax_no"], "province": c.unit["province"]})
    s.post("/locked", {"tax_no": c.unit["tax_no"], "env": L.REAL, "month": "2026-03"})
    b.refuses("a reconciled month", "已完成对账", b.good())
    s.post("/locked", {"tax_no": c.unit["tax_no"], "env": L.REAL, "month": "2026-03",
                       "locked": False})


def later_results(b, s):
    c, tax_no = b.client, b.client.unit["tax_no"]

    def told(name, code, **change):
        """The receipt comes; the result says 02 with the code, and the number stays free."""
        s.post("/units", {"tax_no": tax_no, **change})
        invoice = b.good()
        row = c.issue(invoice)[0]
        T.equal((row["status"], row.get("Code")), ("02", code), "later: " + name)
        s.post("/units", {"tax_no": tax_no, **{k: c.unit[k] for k in change}})
        return invoice

    invoice = told("class I", "BI1008", fxnsrlx="01")
    T.equal(c.issue(invoice)[0]["status"], "00", "the same number passes once the cause is gone")
    told("red warning", "BI1009", nsryjjb="01")
    told("risk flag", "BI1010", fxnsrbz="Y")
    told("state 05", "BI1011", nsrztdm="05")
    told("no 数电 qualification", "BI1011", xdpsdqybz="N")
    s.post("/units", {"tax_no": tax_no, "nsrztdm": "09"})
    T.equal(c.issue(b.good())[0]["status"], "00", "state 09 may issue")
    s.post("/units", {"tax_no": tax_no, "nsrztdm": "03"})
    red = b.good(lzfpbz="1", dylzfphm="1", hzqrxxdbh="1", hzqrduuid="1")
    for key in ("hjje", "hjse", "jshj"):
        red[key] = "-" + red[key]
    for key in ("je", "se", "hsje", "sl"):
        red["fpmxList"][0][key] = "-" + red["fpmxList"][0][key]
    red["fpmxList"][0]["dylzfpmxxh"] = "1"
    T.equal(c.issue(red)[0]["Code"], "BI1056", "later: red without a form")


def quota_use(b, s):
    c = b.client
    start = L.cents(c.state()["yxzwsyed"])
    c.issue(b.good())
    T.equal(L.cents(c.state()["yxzwsyed"]), start - 10000, "an invoice uses its amount")
    c.issue(b.good([L.line(1, **CARD)], fppz="02"))
    T.equal(L.cents(c.state()["yxzwsyed"]), start - 20000, "a 04 line of the sixteen counts")
    c.issue(b.good([L.line(1, **OTHER_FREE)], fppz="02"))
    T.equal(L.cents(c.state()["yxzwsyed"]), start - 20000, "another 04 line does not")
    rest = start - 20000
    c.quota(L.money(rest - 15000), "1")
    first, second = b.good(), b.good()
    rows = c.issue(first, second)
    T.equal([(r["status"], r.get("Code")) for r in rows], [("00", None), ("02", "BI1005")],
            "two invoices against quota for one")
    T.ok(c.quota("50.01", "1")["returncode"] != "00", "used quota cannot be returned")
    c.quota("100000.00")
    T.equal(c.issue(second)[0]["status"], "00", "the second passes after a download")
    s.post("/clock", {"now": "2026-03-16T09:00:00+08:00"})
    late = b.good(kprq="2026-03-16 08:00:00")
    T.equal(c.issue(late)[0].get("Code"), "BI1004", "after the deadline's interval")
    c.call("TZSXEDYXQ", {"xsfnsrsbh": c.unit["tax_no"], "sxedsq": "2026-03"})
    T.equal(c.issue(late)[0]["status"], "00", "after the interval was moved")
    s.post("/clock", {"now": "2026-04-01T00:30:00+08:00"})
    T.equal(c.issue(b.good(kprq="2026-04-01 00:10:00"))[0].get("Code"), "BI1007",
            "the old month's quota does not serve the new one")
    T.equal(c.issue(b.good(kprq="2026-03-31 23:59:00"))[0]["status"], "00",
            "yesterday's invoice uses yesterday's month")
    s.post("/clock", {"now": NOW})


def duplicates(b, s):
    c = b.client
    invoice, other = b.good(), b.good()
    c.issue(invoice)
    used = c.state()["yxzwsyed"]
    rows = c.issue(invoice, other)
    T.equal([r["status"] for r in rows], ["03", "00"], "a known number is 03, its neighbour passes")
    T.equal(rows[0]["message"], "发票号码为[%s]在数据库中已存在" % invoice["fphm"], "its text")
    T.equal(L.cents(used) - L.cents(c.state()["yxzwsyed"]), 10000, "quota is used once")
    same = s.get("/contents?number=" + invoice["fphm"])["rows"]
    T.equal([r["outcome"] for r in same], ["accepted", "duplicate"], "every content is kept")
    T.equal(len({r["sha256"] for r in same}), 1, "the same bytes")
    T.equal(s.get("/state")["accepted_then_changed"], 0, "nothing was changed so far")
    changed = copy.deepcopy(invoice)
    changed["bz"] = "另一个内容"
    T.equal(c.issue(changed)[0]["status"], "03", "another content is 03 as well")
    T.equal(s.get("/state")["accepted_then_changed"], 1, "and is told by the control port")
    row = s.get("/invoices?number=" + invoice["fphm"])["rows"][0]
    T.equal((row["uploads"], row["times_accepted"], row["jshj"]), (3, 1, "113.00"),
            "stored once")
    s.post("/clock", {"shift": 60 * 3600})
    T.equal(c.issue(invoice)[0]["status"], "03", "a known number is 03 after 48 hours, too")
    s.post("/clock", {"now": NOW})


def receipts(s, unit):
    c = s.client(unit)
    for sllsh in ("", "0" * 32):
        T.ok(c.call("CXQDFPSCJG", {"sllsh": sllsh})["returncode"] == "01", "receipt %r" % sllsh)
    number = c.claim(1)[0]
    receipt = c.upload([L.invoice(c, number, kprq=WHEN)])["sllsh"]
    T.ok(re.fullmatch("[0-9a-f]{32}", receipt), "a receipt of 32 digits")
    other = s.client(s.using[0]).call("CXQDFPSCJG", {"sllsh": receipt})
    T.equal(other["returnmsg"], "未查询到发票信息", "another unit's receipt")
    s.post("/clock", {"shift": 12 * 3600 - 60})
    T.equal(c.results(receipt)[number]["status"], "00", "known for nearly twelve hours")
    s.post("/clock", {"shift": 120})
    answer = c.call("CXQDFPSCJG", {"sllsh": receipt})
    T.equal((answer["returncode"], answer["returnmsg"]), ("01", "未查询到发票信息"),
            "forgotten after twelve hours")
    s.post("/clock", {"now": NOW})


def real_lines(b):
    """What real invoices show must never be refused: rounding as the trade does it."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    shared = os.environ.get("KAIPIAO_SHARED", os.path.join(root, "..", "shared"))
    path = os.path.join(shared, "data", "real-invoice-lines.json")
    if not os.path.exists(path):
        T.ok(True, "lines of real invoices # skip no such file here")
        return
    with open(path, encoding="utf-8") as f:
        invoices = json.load(f)["invoices"]
    taken = refused = 0
    for source in invoices:
        rows = []
        for index, real in enumerate(source["lines"], 1):
            rate = real.get("rate") or ""
            if not re.fullmatch(r"[0-9.]+%", rate):
                break
            follows = index < len(source["lines"]) and source["lines"][index]["is_discount"]
            kind = "01" if real["is_discount"] else "02" if follows else "00"
            plain = kind != "01" and real["quantity"] and real["price"]
            rows.append(L.line(index, code="1990000000000000000", short="练习货物", name="货物",
                               amount=L.cents(real["amount"]), tax=L.cents(real["tax"]),
                               rate=str(float(rate[:-1]) / 100)[:8], kind=kind,
                               quantity=real["quantity"] if plain else "",
                               price=real["price"] if plain else None))
        if len(rows) != len(source["lines"]) or L.cents(L.total({"fpmxList": rows})["hjje"]) <= 0:
            continue
        answer = b.client.upload([b.good(rows)])
        taken += answer["returncode"] == "00"
        if answer["returncode"] != "00":
            refused += 1
            print("# " + answer["returnmsg"])
    T.ok(taken > 0 and refused == 0, "%d real invoices pass the arithmetic" % taken)


def waiting(folder, table):
    with L.Sandbox(folder, "--now", NOW, "--taxcodes", table) as s:
        b = Bench(T, s, s.using[1])
        invoice = b.good()
        receipt = b.client.upload([invoice])["sllsh"]
        row = b.client.results(receipt)[invoice["fphm"]]
        T.equal((row["status"], row["Code"]), ("01", "BI2000"), "processing at first")
        s.post("/clock", {"shift": 10})
        T.equal(b.client.results(receipt)[invoice["fphm"]]["status"], "00", "done after 10 s")


def main():
    with L.scratch() as folder:
        table = with_table(folder)
        with L.Sandbox(os.path.join(folder, "a"), "--now", NOW, "--result-delay", "0",
                       "--taxcodes", table) as s:
            b = Bench(T, s, s.using[1])
            for part in (batches, hostile, later_results, duplicates):
                part(b, s)
            real_lines(b)
            receipts(s, s.using[1])
            quota_use(b, s)
        waiting(os.path.join(folder, "b"), table)
    T.done()


main()
