#!/usr/bin/env python3
"""The red invoice at the practice platform: equal to its form, and what it changes."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402
from red_bench import Red, application, rows_of, two_lines  # noqa: E402

T = L.Tap()
NOW, WHEN = "2026-03-10T09:00:00+08:00", "2026-03-10 08:59:00"
OPTIONS = ("--result-delay", "0", "--now", NOW)


def upload_refusals(r, buyer):
    """Each thing that must equal the form."""
    blue = r.blue(two_lines())
    request, form = r.form(blue)
    good = r.red(blue, request, form)

    def with_line(**change):
        out = dict(good, fpmxList=[dict(x) for x in good["fpmxList"]])
        out["fpmxList"][0].update(change)
        return out

    def less(first, **more):
        out = with_line(je=L.money(first), se="-129.99",
                        hsje=L.money(first - 12999), **more)
        return L.total(out)

    whole = [  # refused at once
        ("BI1024", "no blue number", dict(good, dylzfphm="")),
        ("BI1025", "no form number", dict(good, hzqrxxdbh="")),
        ("BI1025", "no uuid", dict(good, hzqrduuid="")),
        ("BI1026", "no dylzfpmxxh", with_line(dylzfpmxxh="")),
        ("BI1022", "a form on a blue one", dict(good, lzfpbz="0")),
        ("BI1032", "another blue row", with_line(dylzfpmxxh="2")),
        ("BI1033", "another code", with_line(sphfwssflhbbm="1090512030000000000")),
        ("BI1034", "another rate", with_line(slv="0.129999")),
        ("BI1042", "a positive line", with_line(je="1000.00", hsje="870.00")),
        ("BI1049", "a positive quantity", with_line(sl="10", dj="100.00")),
        ("BI1047", "a negative price", with_line(sl="10", dj="-100.00")),
        ("BI1041", "positive totals", dict(good, hjje="1600.00", hjse="208.00", jshj="1808.00")),
        ("BI1013", "price times quantity", with_line(dj="99.00")),
        ("BI1014", "the sum of amounts", dict(good, hjje="-1600.02", jshj="-1808.02")),
        ("BI1015", "the sum of all", dict(good, jshj="-1808.01")),
        ("BI1051", "amount with tax", with_line(hsje="-1130.01")),
        ("BI1050", "a discount", with_line(fphxz="02")),
        ("（bz）长度超过382位", "a remark of 383", dict(good, bz="备" * 383)),
        ("清单应为空", "a list of deductions", dict(good, cekcList=[
            {"pzlx": "09", "pzhjje": "1.00", "bckcje": "1.00", "bz": "x"}])),
        ("（mtzl）应为空", "a kind of coal", with_line(mtzl="0300")),
        ("BI1002", "another seller", dict(good, xsfnsrsbh=buyer.unit["tax_no"])),
    ]
    for wanted, title, invoice in whole:
        if wanted == "BI1022":
            invoice = dict(blue, fphm=good["fphm"], hzqrduuid=form["uuid"])
        answer = r.client.upload([invoice])
        T.ok(answer["returncode"] == "01" and wanted in answer["returnmsg"] and
             "sllsh" not in answer, "red refused at once: " + title, answer)
    extra = dict(good, fpmxList=good["fpmxList"] + [dict(good["fpmxList"][0], mxxh="3")])
    answer = r.client.upload([L.total(dict(extra))])
    T.ok("BI1031" in answer["returnmsg"], "red refused at once: a line more", answer)
    later = [  # told by the result query
        ("BI1056", "another uuid", dict(good, hzqrduuid="0" * 32)),
        ("BI1061", "another form number", dict(good, hzqrxxdbh="1" * 20)),
        ("BI1062", "another blue number", dict(good, dylzfphm="26447000000000099999")),
        ("BI1058", "another buyer's name", dict(good, gmfmc="别家有限公司")),
        ("BI1058", "another buyer's number", dict(good, gmfnsrsbh="91110000TEST00009X")),
        ("BI1058", "another seller's name", dict(good, xsfmc="别家有限公司")),
        ("BI1060", "another kind", dict(good, fppz="02")),
        ("BI1059", "other amounts", less(-100000)),
        ("BI1030", "a line less", None),
        ("BI1063", "another item", with_line(xmmc="键盘", hwhyslwfwmc="*计算机外部设备*键盘")),
        ("BI1064", "another specification", with_line(ggxh="K2")),
        ("BI1065", "another unit of measure", with_line(dw="个")),
        ("BI1066", "another quantity", with_line(sl="-9.99999")),
        ("BI1067", "another price", with_line(dj="99.99999")),
        ("BI1066", "no quantity", with_line(sl="", dj="")),
        ("", "a person", dict(good, gmfzrrbz="Y", gmfmc="王五（个人）")),
        ("BI1029", "a preference", with_line(yhzcbs="02")),
    ]
    for wanted, title, invoice in later:
        number = r.number()
        if title == "a line less":
            continue
        row = r.client.issue(dict(invoice, fphm=number))[0]
        T.ok(row["status"] == "02" and (not wanted or row.get("Code") == wanted),
             "red fails later: %s (%s)" % (title, wanted), row)
    swapped = dict(good, fpmxList=[dict(x) for x in good["fpmxList"]])
    for line, (amount, tax) in zip(swapped["fpmxList"], ((100000, 12999), (60000, 7801))):
        line.update(se=L.money(-tax), hsje=L.money(-amount - tax))
    row = r.client.issue(dict(swapped, fphm=r.number()))[0]
    T.equal((row["status"], row.get("Code")), ("02", "BI1069"), "red fails later: other taxes")
    T.equal(r.state(form)["issued"], "N", "none of them used the form")
    T.equal(r.usage(blue)["hzsdbs"], "Y", "the blue invoice is still locked")
    row = r.client.issue(good)[0]
    T.equal(row["status"], "00", "the red invoice as the form says is taken")
    T.equal(r.client.issue(good)[0]["status"], "03", "once more: 03")
    row = r.client.issue(dict(good, fphm=r.number()))[0]
    T.equal((row["status"], row["Code"]), ("02", "BI1071"), "a second one of the form: BI1071")
    for state, who, code in (("02", "seller", "BI1057"), ("03", "buyer", "BI1057"),
                             ("05", "seller", "BI1070"), ("07", "seller", "BI1070"),
                             ("08", "seller", "BI1070"), ("09", "buyer", "BI1070"),
                             ("10", "seller", "BI1070"), ("13", "seller", "BI1070")):
        blue, request, form = r.fresh(buyer, state, who)
        row = r.client.issue(r.red(blue, request, form))[0]
        T.equal((row["status"], row["Code"]), ("02", code), "in state %s: %s" % (state, code))
    part = r.blue(two_lines())
    request, form = r.form(part, "02", rows=rows_of(part, row1=(10000, 1300, "1", "100.00"),
                                                    row2=(10000, 1300, "1", "100.00")))
    short = r.red(part, request, form)
    first = dict(short["fpmxList"][0], sl="-2", je="-200.00", se="-26.00", hsje="-226.00")
    row = r.client.issue(dict(short, fpmxList=[first]))[0]
    T.equal((row["status"], row["Code"]), ("02", "BI1030"), "fewer lines than the form: BI1030")
    row = r.client.issue(dict(r.red(part, request, form), fpmxList=[
        dict(short["fpmxList"][0], sl="-2", je="-200.00", se="-26.00", hsje="-226.00"),
        dict(short["fpmxList"][1], sl="", dj="", je="-0.01", se="0.00", hsje="-0.01")],
        hjje="-200.01", hjse="-26.00", jshj="-226.01"))[0]
    T.equal((row["status"], row["Code"]), ("02", "BI1059"), "other amounts: BI1059")
    r.sandbox.post("/red/mark", {"blue": part["fphm"], "hzsdbs": "Y"})
    row = r.client.issue(r.red(part, request, form))[0]
    T.equal((row["status"], row["Code"]), ("02", "BI1087"), "a lock by hand: BI1087")
    r.sandbox.post("/red/mark", {"blue": part["fphm"], "hzsdbs": "N"})
    good, bad = r.red(part, request, form), r.red(part, request, form)
    bad["fpmxList"][0]["dylzfpmxxh"] = "2"
    T.ok("sllsh" not in r.client.upload([good, bad]) and
         r.state(form)["issued"] == "N", "one bad one refuses the whole call")
    rows = r.client.issue(good, r.unsent(), dict(good, fphm=r.number()))
    T.equal([(x["status"], x.get("Code")) for x in rows], [("00", None), ("00", None),
                                                          ("02", "BI1071")],
            "a red, a blue, and the same form once more in one call")


def who_may(r):
    """Risk, age and date of a red invoice are looked at as of a blue one."""
    blue = r.blue()
    request, form = r.form(blue)
    r.sandbox.post("/units", {"tax_no": r.unit["tax_no"], "nsryjjb": "01"})
    row = r.client.issue(r.red(blue, request, form))[0]
    T.equal((row["status"], row["Code"]), ("02", "BI1009"), "a barred taxpayer issues no red one")
    r.sandbox.post("/units", {"tax_no": r.unit["tax_no"], "nsryjjb": ""})
    answer = r.client.upload([r.red(blue, request, form, kprq="2026-03-08 08:59:00")])
    T.ok("48小时" in answer["returnmsg"], "one dated 48 hours ago is too old", answer)
    answer = r.client.upload([dict(r.red(blue, request, form), fphm="26447000000000999999")])
    T.ok("BI1036" in answer["returnmsg"], "a number outside the segments", answer)
    row = r.client.issue(r.red(blue, request, form, bz="备" * 382))[0]
    T.equal(row["status"], "00", "with a remark of 382 it passes")


def sums(r):
    answer = r.client.call("CXFPHZQRXX", {"xsfnsrsbh": r.unit["tax_no"], "yf": "2026-03",
                                          "ptbh": r.client.direct_id,
                                          "xsfsjswjgdm": r.unit["province"]})
    row = answer["fphzqrxxList"][0]
    return {k: int(row[k]) if k.endswith("sl") else L.cents(row[k])
            for k in ("lzfpsl", "hzfpsl", "hzfpje", "hzfpse")}


def collection(r):
    """The 专票 list of the month, unpacked."""
    unit = dict(r.unit, ability="203067")
    client = r.sandbox.client(unit)
    lsh = client.call("PLFPXZSQ", {"nsrsbh": r.unit["tax_no"], "kprqq": "20260301",
                                   "kprqz": "20260310", "fplx": "81", "sjlx": "2"})["lsh"]
    answer = client.call("PLFPXZSQFK", {"lsh": lsh, "packageno": "1"})
    return L.json.loads(L.gzip.decompress(L.base64.b64decode(answer["sjl"])))


def dated_back(r, day):
    """An accepted blue invoice, moved to another day by hand."""
    blue = dict(r.blue(), kprq=day)
    r.sandbox.post("/invoice", {"number": blue["fphm"], "do": "change", "kprq": day})
    return blue


def what_changes(r, buyer):
    """Form, lock, state, quota, sums, lists of the collection."""
    before = r.client.state()["yxzwsyed"]
    blue = r.blue(two_lines(), gmfnsrsbh=buyer.unit["tax_no"], gmfmc=buyer.unit["name"])
    T.equal(L.cents(before) - L.cents(r.client.state()["yxzwsyed"]), 160000,
            "the blue one takes quota")
    T.equal(r.usage(blue)["hzsdbs"], "N", "not locked")
    part = rows_of(blue, row2=(20000, 2600, "2", "100.00"))
    request, form = r.form(blue, "02", rows=part)
    T.equal(r.usage(blue)["hzsdbs"], "Y", "locked while the form runs")
    red = r.red(blue, request, form)
    summary = sums(r)
    T.equal(r.client.issue(red)[0]["status"], "00", "a part is issued")
    T.equal(L.cents(before) - L.cents(r.client.state()["yxzwsyed"]), 140000, "its quota comes back")
    row = r.list(lzfphm=blue["fphm"])["list"][0]
    T.equal((row["ykjhzfpbz"], row["hzfphm"], row["hzkprq"], row["yxbz"]),
            ("Y", red["fphm"], red["kprq"], "Y"), "the form knows its red invoice")
    state = r.usage(blue)
    T.equal((state["fpzt"], state["hzsdbs"]), ("7", "N"), "部分红冲, unlocked")
    after = sums(r)
    T.equal([after[k] - summary[k] for k in ("hzfpsl", "hzfpje", "hzfpse", "lzfpsl")],
            [1, -20000, -2600, 0], "the month's sums count the red one apart")
    body = r.sandbox.get("/invoices?number=" + red["fphm"])["rows"][0]
    T.equal((body["jshj"], body["quota"]), ("-226.00", "-200.00"), "kept with what it gave back")
    faces = {f["fphm"]: f for f in collection(r)}
    T.equal((faces[red["fphm"]]["sflzfp"], faces[red["fphm"]]["kjhzfpdydlzfphm"],
             faces[blue["fphm"]]["sflzfp"]), ("N", blue["fphm"], "Y"), "the collection marks it")
    r.sandbox.post("/quota", {"tax_no": r.unit["tax_no"], "month": "2026-02",
                             "total": "1000000.00"})
    # a blue one of the month before, reversed now: no quota
    told, kept = dated_back(r, "2026-02-20 10:00:00"), r.blue()
    before = r.client.state()["yxzwsyed"]
    request, form = r.form(told)
    T.equal(r.client.issue(r.red(told, request, form))[0]["status"], "00",
            "one of last month is reversed")
    T.equal(r.client.state()["yxzwsyed"], before, "its quota does not come back")
    T.equal(r.usage(told)["fpzt"], "8", "全额红冲")
    r.sandbox.post("/locked", {"tax_no": r.unit["tax_no"], "month": "2026-03"})
    answer = r.client.upload([r.red(kept, *r.form(kept))])
    T.ok("已完成对账" in answer["returnmsg"], "a confirmed month takes no red invoice", answer)
    r.sandbox.post("/locked", {"tax_no": r.unit["tax_no"], "month": "2026-03", "locked": False})


def old_invoices(r):
    """A 税控 invoice with code and number, on paper."""
    s, unit = r.sandbox, r.unit
    s.post("/red/blue", {
        "code": "4400193130", "number": "01234567", "paper": "Y", "seller": unit["tax_no"],
        "seller_name": unit["name"], "buyer": "91110000TEST00002X", "buyer_name": "测试购买方有限公司",
        "kprq": "2026-02-01 10:00:00", "lines": [{"amount": "200.00", "tax": "26.00",
                                                  "quantity": "2", "price": "100.00"}]})
    line = {"mxxh": "1", "sphfwssflhbbm": "1090511030000000000", "spfwjc": "计算机外部设备",
            "hwhyslwfwmc": "*计算机外部设备*打印机", "xmmc": "打印机", "ggxh": "", "dw": "", "sl": "2",
            "dj": "100.00", "je": "200.00", "slv": "0.13", "se": "26.00", "fphxz": "00", "kce": "",
            "yhzcbs": ""}
    blue = {"fphm": "01234567", "xsfnsrsbh": unit["tax_no"], "xsfmc": unit["name"], "fppz": "01",
            "gmfnsrsbh": "91110000TEST00002X", "gmfmc": "测试购买方有限公司", "fpmxList": [line],
            "kprq": "2026-02-01 10:00:00", "hjje": "200.00", "hjse": "26.00", "gmfzrrbz": "N",
            "cezslxDm": "", "sgfplxDm": "", "zrrzjlxDm": "", "zrrzjhm": "", "zrrgjDm": ""}
    r.refuses("an old number without its code", "21", application(blue, sfzzfpbz="Y"))
    request = application(blue, lzfpdm="4400193130", sfzzfpbz="Y")
    form = r.apply(request)
    T.equal(form.get("hzqrxxztDm"), "01", "an old invoice by code and number")
    before = r.client.state()["yxzwsyed"]
    red = r.red(blue, request, form)
    T.equal(red["dylzfphm"], "440019313001234567", "the red one names code and number together")
    T.equal(r.client.issue(red)[0]["status"], "00", "and is taken")
    T.equal(r.client.state()["yxzwsyed"], before, "it gives no quota back")
    answer = r.client.call("FPZTXXCX", {"fpdm": "4400193130", "fphm": "01234567", "fplx": "01",
                                        "kprq": "20260201"})
    T.equal((answer["fpzt"], answer["hzsdbs"]), ("8", "N"), "its state can be asked")


def faults(r, buyer):
    s = r.sandbox
    calls = lambda name: s.get("/red?limit=1")["calls"].get(name, 0)  # noqa: E731
    s.faults(blue_unknown=30)
    blue = r.blue()
    r.refuses("30 s after the upload", "21", application(blue))
    s.post("/clock", {"shift": 31})
    T.equal(r.apply(application(blue))["returncode"], "00", "and known afterwards")
    s.faults(blue_unknown={"value": 0, "times": 2})
    blue = r.blue()
    T.equal([r.apply(application(blue))["returncode"] for _ in range(3)], ["21", "21", "00"],
            "unknown twice, then known")
    s.faults(bi_returncode=True)
    T.equal(r.apply(application(blue))["returncode"], "N", "a text without code is N")
    blue = r.blue()
    T.equal(r.apply(application(blue, hzcxje="-1.00"))["returncode"], "RI1004", "bare codes")
    for name, after, count in (("drop_reply", True, 1), ("refuse", False, 0)):
        blue = r.blue()
        s.faults(**{name: {"service": "QDHZQRDSQ", "times": 1}})
        before = calls("QDHZQRDSQ")
        T.raises(Exception, lambda: r.apply(application(blue)), "%s: no answer" % name)
        r.client.close()
        rows = s.get("/red?blue=" + blue["fphm"])["rows"]
        T.equal((len(rows), calls("QDHZQRDSQ") - before), (count, count),
                "%s: %d forms, %d calls logged" % (name, count, count))
    s.faults(error={"service": "QDHZQRDQR", "times": 1, "text": "5001", "after": True})
    form = r.fresh(buyer, "02", "seller")[2]
    T.raises(L.PlatformError, lambda: r.act(form, "Y", client=buyer), "confirmed, then an error")
    T.equal(r.state(form)["state"], "04", "it was confirmed all the same")
    s.faults(list_lag=30)
    blue = r.blue()
    form = r.form(blue)[1]
    T.equal(r.list(lzfphm=blue["fphm"]).get("returncode"), "01", "the list lags behind")
    s.post("/clock", {"shift": 31})
    T.equal(r.list(lzfphm=blue["fphm"])["list"][0]["uuid"], form["uuid"], "and catches up")
    s.faults(bad_json={"service": "CXQDHZQRDLB", "times": 1})
    T.raises(Exception, r.list, "a list that is no JSON")
    s.faults(fail_result={"service": "QDFPSC", "times": 1, "text": "上传失败"})
    blue = r.unsent()
    r.client.issue(blue)
    blue = r.blue()
    request, form = r.form(blue)
    s.faults(fail_result={"service": "QDFPSC", "times": 1, "text": "上传失败"})
    red = r.red(blue, request, form)
    T.equal(r.client.issue(red)[0]["status"], "02", "a red one made to fail")
    T.equal(r.state(form)["issued"], "N", "does not use its form")
    s.faults()
    T.equal(r.client.issue(red)[0]["status"], "00", "and passes under the same number")


def playing(folder):
    """--play: a unit that has issued finds forms of others, once."""
    with L.Sandbox(folder, "--play", *OPTIONS) as s:
        r = Red(T, s, s.using[1], when=WHEN)
        T.equal(r.list().get("returncode"), "01", "nobody plays with one that issued nothing")
        blue, other = r.blue(), r.blue()
        T.equal([(x["hzqrxxztDm"], x["lzfphm"]) for x in r.list()["list"]], [("03", blue["fphm"])],
                "a customer has applied")
        mine = r.list(yhjslx="1")["list"]
        T.equal([(x["hzqrxxztDm"], x["hzcxje"]) for x in mine], [("02", "-1500.00")],
                "a supplier waits for us")
        s.post("/red/mark", {"blue": other["fphm"], "rzzt": "02"})
        form = r.form(other)[1]
        s.post("/clock", {"shift": 61})
        T.equal(r.state(form)["state"], "04", "others agree after a minute")
        T.equal(len(r.list()["list"]), 2, "and no more come by themselves")


def waiting(folder):
    """Until the result is ready the blue invoice is unknown, and its red one still on its way."""
    with L.Sandbox(folder, "--result-delay", "10000", "--now", NOW) as s:
        r = Red(T, s, s.using[1], when=WHEN)
        blue = L.invoice(r.client, r.number(), [L.line(1, amount=20000, quantity="2")], WHEN)
        r.client.upload([blue])
        r.refuses("before its result", "21", application(blue))
        s.post("/clock", {"shift": 11})
        rows = rows_of(blue, row1=(10000, 1300, "1", "100.00"))
        request, form = r.form(blue, "02", rows=rows)
        r.client.upload([r.red(blue, request, form)])
        r.refuses("while its red one is on its way", "同步中", application(blue, "02", rows=rows))
        s.post("/clock", {"shift": 11})
        T.equal(r.form(blue, "02", rows=rows)[1]["returncode"], "00", "and afterwards the rest")


def main():
    with L.scratch() as folder:
        with L.Sandbox(os.path.join(folder, "a"), *OPTIONS) as s:
            r = Red(T, s, s.using[1], when=WHEN)
            buyer = s.client(s.using[0])
            upload_refusals(r, buyer)
            who_may(r)
            what_changes(r, buyer)
            old_invoices(r)
            faults(r, buyer)
        playing(os.path.join(folder, "b"))
        waiting(os.path.join(folder, "c"))
    T.done()


main()
