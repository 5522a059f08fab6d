#!/usr/bin/env python3
"""QDHZQRDSQ at the practice platform: what may be reversed by whom, and every rule that refuses."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402
from leqi_bench import GRAIN, TABLE  # noqa: E402
from red_bench import (Red, application, red_row, rows_of, service,  # noqa: E402
                       two_lines)

T = L.Tap()
NOW, WHEN = "2026-03-10T09:00:00+08:00", "2026-03-10 08:59:00"
OPTIONS = ("--result-delay", "0", "--now", NOW)
AGENCY = "3040802990000000000\t其他经纪代理服务\t经纪代理服务\t6%\t\tN\n"


def accepted(r):
    """What may be applied for, and the state that follows."""
    blue = r.blue(two_lines())
    request, form = r.form(blue)
    T.equal(form["hzqrxxztDm"], "01", "an unused invoice: the seller applies, 01")
    T.ok(len(form["hzfpxxqrdbh"]) == 20 and form["hzfpxxqrdbh"].isdigit() and
         len(form["uuid"]) == 32, "number of 20 digits, uuid of 32")
    r.refuses("another form is running", "正在处理中", request)
    T.equal(r.act(form, "C")["returncode"], "00", "taken back")
    part = rows_of(blue, row1=(30000, 3900, "3", "100.00"))
    T.equal(r.form(blue, "02", rows=part)[1]["hzqrxxztDm"], "01",
            "after that it may be applied for again, partly: goods returned")
    for use, state in ((dict(fpyt="1"), "02"), (dict(rzzt="02"), "02"), (dict(xfsyt="01"), "02"),
                       (dict(rzzt="03"), "01"), (dict(fpyt="0"), "01")):
        blue = r.blue()
        r.sandbox.post("/red/mark", dict(use, blue=blue["fphm"]))
        T.equal(r.form(blue)[1]["hzqrxxztDm"], state, "the seller applies, %s: %s" % (use, state))
    blue = r.blue([service()])
    bare = application(blue, "04", rows=[red_row(1, 1, blue["fpmxList"][0], 20000, 1200,
                                                 bare=True)])
    T.equal(r.apply(bare)["hzqrxxztDm"], "01", "an allowance: amount without quantity and price")
    blue = r.blue([service()])
    T.equal(r.form(blue, "03", rows=rows_of(blue, row1=(50000, 3000, "0.5", "1000.00")))[1][
        "hzqrxxztDm"], "01", "a service broken off half way")
    blue = r.blue([L.line(1, quantity=""), service(2)])
    T.equal(r.form(blue, "02", rows=rows_of(blue, row1=(5000, 650), row2=(50000, 3000, "0.5",
                                                                         "1000.00")))[1][
        "returncode"], "00", "mixed goods and services: any reason; a line without quantity")
    blue = r.blue([L.line(1, amount=30000, kind="02", quantity="3", dw="个"),
                   L.line(2, amount=-10000, kind="01", quantity=""), L.line(3)])
    request, form = r.form(blue, "01")
    T.equal([row["fpspdj"] for row in request["hzqrdmxList"]], ["66.6666666666667", "50.00"],
            "a discount is netted into its line; the row number of the upload stays (3)")
    T.equal([row["lzmxxh"] for row in request["hzqrdmxList"]], ["1", "3"], "rows 1 and 3")
    r.act(form, "C")
    T.equal(r.form(blue, "02", rows=rows_of(blue, row1=(6667, 867, "1", "66.67")))[1]["returncode"],
            "00", "part of a discounted line at the netted price, rounded")
    blue = r.blue(fppz="02", gmfzrrbz="Y", gmfnsrsbh="", gmfmc="王五（个人）")
    r.sandbox.post("/red/mark", {"blue": blue["fphm"], "rzzt": "02"})
    T.equal(r.form(blue)[1]["hzqrxxztDm"], "01", "a natural person never has to confirm")
    blue = r.blue([L.line(1, rate="0.09", **GRAIN)])
    form = r.form(blue)[1]
    T.equal(r.list(hzfpxxqrdbh=form["hzfpxxqrdbh"])["list"][0]["lzfpTdyslxDm"], "20",
            "farm goods at 9 % on a 专票 are marked 20 by the platform")


def head_refusals(r):
    blue = r.blue(two_lines())
    good = application(blue)
    name = "确认单中第1条明细中"
    cases = [("no " + key, "（%s）不能为空" % key, {key: ""})
             for key in ("lrfsf xsfnsrsbh xsfmc gmfmc lzfphm sfzzfpbz lzkprq lzhjje lzhjse lzfppzDm"
                         " hzcxje hzcxse chyyDm").split()]
    cases += [
        ("lrfsf 2", "（lrfsf）不在代码表内", {"lrfsf": "2"}),
        ("reason 05", "（chyyDm）不在代码表内", {"chyyDm": "05"}),
        ("kind 05", "（lzfppzDm）不在代码表内", {"lzfppzDm": "05"}),
        ("mark 19", "（lzfpTdyslxDm）不在代码表内", {"lzfpTdyslxDm": "19"}),
        ("three decimals", "（hzcxje）", {"hzcxje": "-1600.001"}),
        ("a date without time", "（lzkprq）", {"lzkprq": "2026-03-10"}),
        ("no lines", "（hzqrdmxList）不能为空", {"hzqrdmxList": []}),
        ("lines that are no list", "（hzqrdmxList）不能为空", {"hzqrdmxList": "x"}),
        ("another unit's seller", "与使用单位不一致", {"xsfnsrsbh": "91110000TEST00002X"}),
        ("as a buyer that is another unit", "购买方纳税人识别号与使用单位不一致", {"lrfsf": "1"}),
        ("an unknown number", "21", {"lzfphm": "26447000000000099999"}),
        ("a code on a 20-digit number", "21", {"lzfpdm": "044001900111"}),
        ("another day", "21", {"lzkprq": "2026-03-09 08:59:00"}),
        ("another second", "开票日期与原蓝字发票不符", {"lzkprq": "2026-03-10 08:59:01"}),
        ("another seller's name", "销售方名称与原蓝字发票不符", {"xsfmc": "别家有限公司"}),
        ("another buyer's number", "购买方纳税人识别号与原蓝字发票不符",
         {"gmfnsrsbh": "91110000TEST00009X"}),
        ("another buyer's name", "购买方名称与原蓝字发票不符", {"gmfmc": "别家有限公司"}),
        ("another kind", "发票票种与原蓝字发票不符", {"lzfppzDm": "02"}),
        ("another amount", "合计金额或合计税额与原蓝字发票不符", {"lzhjje": "1600.01"}),
        ("another tax", "合计金额或合计税额与原蓝字发票不符", {"lzhjse": "208.01"}),
        ("paper", "是否纸质发票标志与原蓝字发票不符", {"sfzzfpbz": "Y"}),
        ("a mark of one's own", "特定要素类型与原蓝字发票不符", {"lzfpTdyslxDm": "20"}),
        ("a sum of amounts that differs", "RI1004", {"hzcxje": "-1599.99"}),
        ("a sum of tax that differs", "税额合计不一致", {"hzcxse": "-207.99"}),
        ("a positive sum", "红字冲销金额应小于0", {"hzcxje": "1600.00"}),
        ("positive tax", "红字冲销税额不应大于0", {"hzcxse": "208.00"}),
    ]
    for title, wanted, change in cases:
        r.refuses(title, wanted, {**good, **change})
    lines = [("no " + key, "第1条明细", {key: ""}) for key in
             "lzmxxh xh sphfwssflhbbm hwhyslwfwmc spfwjc xmmc je sl1 se".split()]
    lines += [
        ("row 9", "蓝字发票明细序号不存在", {"lzmxxh": "9"}),
        ("numbers that do not count", "序号应从1起", {"xh": "2"}),
        ("another code", name + ",商品和服务税收分类合并编码与原蓝字发票不符",
         {"sphfwssflhbbm": "1090512030000000000"}),
        ("another short name", name + ",商品服务简称与原蓝字发票不符,请检查", {"spfwjc": "谷物"}),
        ("another item", "项目名称与原蓝字发票不符", {"xmmc": "键盘"}),
        ("another full name", "货物或应税劳务、服务名称与原蓝字发票不符",
         {"hwhyslwfwmc": "*计算机外部设备*键盘"}),
        ("another specification", "规格型号与原蓝字发票不符", {"ggxh": "K2"}),
        ("no specification", "规格型号与原蓝字发票不符", {"ggxh": ""}),
        ("another unit of measure", "单位与原蓝字发票不符", {"dw": "个"}),
        ("another rate", "税率与原蓝字发票不符", {"sl1": "0.130001"}),
        ("a negative rate", "RI1003", {"sl1": "-0.13"}),
        ("a positive amount", "金额应小于0", {"je": "1000.00"}),
        ("a positive tax", "税额不应大于0", {"se": "130.00"}),
        ("quantity without price", "数量和单价应同时填写", {"fpspdj": ""}),
        ("a quantity of letters", "RI1007", {"fpspsl": "ten"}),
        ("a positive quantity", "RI1008", {"fpspsl": "10"}),
        ("a price of letters", "RI1010", {"fpspdj": "1e2"}),
        ("a price of nothing", "RI1011", {"fpspdj": "0"}),
        ("a negative price", "RI1011", {"fpspdj": "-100"}),
        ("price times quantity", "单价乘以数量与金额相差超过0.01", {"fpspsl": "-9.9998"}),
        ("tax beyond 0.06", "金额乘以税率与税额相差超过0.06", {"se": "-130.07"}),
        ("more than the line", "大于原蓝字发票剩余", {"je": "-1000.01", "fpspsl": "-10.0001"}),
    ]
    twice = [dict(row, lzmxxh="1") for row in good["hzqrdmxList"]]
    r.refuses("line: row 1 twice", "蓝字发票明细序号重复", {**good, "hzqrdmxList": twice})
    for title, wanted, change in lines:
        first, second = (dict(row) for row in good["hzqrdmxList"])
        first.update(change)
        r.refuses("line: " + title, wanted, {**good, "hzqrdmxList": [first, second]})
    T.equal(r.apply(good)["returncode"], "00", "and the same without a fault is taken")


def reasons(r):
    """What each reason lets change."""
    blue = r.blue(two_lines())

    def one(*wish, reason="01", b=blue):
        return application(b, reason, rows=rows_of(b, row1=wish))

    r.refuses("开票有误 of one line only", "不允许部分冲红", one(100000, 13000, "10", "100.00"))
    both = lambda *wish, reason="01": application(blue, reason, rows=rows_of(  # noqa: E731
        blue, row1=wish, row2=(60000, 7800, "6", "100.00")))
    r.refuses("开票有误 with a smaller quantity", "不允许部分冲红", both(90000, 11700, "9", "100.00"))
    r.refuses("开票有误 with another price", "单价与原蓝字发票不符", both(99000, 12870, "10", "99.00"))
    r.refuses("开票有误 with another tax", "不允许部分冲红", both(100000, 12999, "10", "100.00"))
    r.refuses("开票有误 without quantity", "数量、单价不能为空", both(100000, 13000, "", ""))
    r.refuses("销货退回 with another price", "单价与原蓝字发票不符",
              one(99000, 12870, "10", "99.00", reason="02"))
    r.refuses("a price above the blue one", "单价大于原蓝字发票",
              one(50500, 6565, "5", "101.00", reason="02"))
    r.refuses("销货退回 without quantity", "数量、单价不能为空",
              one(50000, 6500, "", "", reason="02"))
    r.refuses("销售折让 with quantity", "数量、单价应为空", one(50000, 6500, "5", "100.00", reason="04"))
    r.refuses("服务中止 of goods", "不能为服务中止", one(50000, 6500, "5", "100.00", reason="03"))
    soft = r.blue([service()])
    r.refuses("销货退回 of services", "不能为销货退回",
              one(50000, 3000, "0.5", "1000.00", reason="02", b=soft))
    r.refuses("服务中止 with another price", "单价与原蓝字发票不符",
              one(45000, 2700, "0.5", "900.00", reason="03", b=soft))
    bare = r.blue([L.line(1, quantity="")])
    row = rows_of(bare, row1=(5000, 650))
    row[0].update(fpspsl="-1", fpspdj="50.00")
    r.refuses("quantity where the blue line has none", "数量、单价与原蓝字发票不符",
              application(bare, "02", rows=row))
    cut = r.blue([L.line(1, amount=30000, kind="02", quantity="3"),
                  L.line(2, amount=-10000, kind="01", quantity="")])
    r.refuses("the discount's own row", "蓝字发票明细序号不存在",
              application(cut, rows=[red_row(1, 2, cut["fpmxList"][0], 20000, 2600)]))
    r.refuses("a discounted line at its full amount", "大于原蓝字发票剩余可冲红金额",
              application(cut, "02", rows=[red_row(1, 1, cut["fpmxList"][0], 30000, 3900, "3",
                                                   "100.00")]))
    part = r.blue([L.line(1, code="3040802990000000000", short="经纪代理服务", name="代理",
                          rate="0.06", quantity="1", amount=95200, tax=4800, kce="152.00",
                          price="952.00")], cezslxDm="02",
                  cekcList=[{"xh": "1", "pzlx": "09", "pzhjje": "152.00", "bckcje": "152.00",
                             "bz": "凭证"}])
    r.refuses("part of a differential invoice", "差额征税发票不允许部分冲红",
              application(part, "03", rows=rows_of(part, row1=(47600, 2400, "0.5", "952.00"))))
    request, form = r.form(part)
    T.equal(form["hzqrxxztDm"], "01", "a differential invoice wholly")
    detail = r.client.call("CXQDHZQRDMX", {"uuid": form["uuid"], "xsfnsrsbh": r.unit["tax_no"]})
    T.equal((detail["cezslxDm"], detail["hzqrxxmxList"][0]["kce"]), ("02", "-152.00"),
            "its detail tells the deduction, negative")
    red = r.red(part, request, form)
    row = r.client.issue(dict(red, fphm=r.number(), fpmxList=[dict(red["fpmxList"][0],
                                                                  kce="-151.99")]))[0]
    T.equal((row["status"], row["Code"]), ("02", "BI1029"), "its red one with another deduction")
    T.equal(r.client.issue(red)[0]["status"], "00", "and with the same")


def states(r):
    """States of the blue invoice that forbid it."""
    mark = lambda blue, **use: r.sandbox.post("/red/mark", {"blue": blue["fphm"], **use})  # noqa
    cases = [("fpyt " + use, "增值税用途不允许", {"fpyt": use})
             for use in ("2", "3", "5", "7", "9", "10", "11")]
    cases += [("作废", "已作废", {"fpzt": "2"}), ("locked", "RI1000", {"hzsdbs": "Y"}),
              ("异常凭证", "异常凭证", {"ycpzzt": "02"}), ("换开", "已换开", {"swapped": "Y"}),
              ("全额红冲", "已全额红冲", {"fpzt": "8"})]
    for title, wanted, use in cases:
        blue = r.blue()
        mark(blue, **use)
        r.refuses(title, wanted, application(blue))
        mark(blue, **{k: "" for k in use})
        T.equal(r.apply(application(blue))["returncode"], "00", "and without it: taken")
    for use in ("1", "4", "6", "8"):
        blue = r.blue()
        mark(blue, fpyt=use)
        T.equal(r.form(blue)[1]["hzqrxxztDm"], "02", "fpyt %s is used, not barred" % use)
    blue = r.blue(two_lines())
    part = application(blue, "02", rows=rows_of(blue, row1=(10000, 1300, "1", "100.00")))
    mark(blue, zzsyhyt="1")
    r.refuses("part of what is wholly in the super-deduction", "全部加计", part)
    mark(blue, zzsyhyt="3", undeducted="300.00")
    r.refuses("another part than what was not deducted", "部分加计", part)
    for row1, left in (((30000, 3900, "3", "100.00"), True), ((70000, 9100, "7", "100.00"), False)):
        more = {} if left else {"row2": (60000, 7800, "6", "100.00")}
        request, form = r.form(blue, "02", rows=rows_of(blue, row1=row1, **more))
        T.equal(r.client.issue(r.red(blue, request, form))[0]["status"], "00",
                "of what is partly in it: " + ("what was not deducted" if left else "the rest"))
    person = r.blue([L.line(1)], fppz="02", gmfzrrbz="Y", gmfnsrsbh="", gmfmc="王五（个人）")
    mark(person, refused="Y")
    r.refuses("part of what a person refused", "自然人已拒收",
              application(person, "02", rows=rows_of(person, row1=(5000, 650, "1", "50.00"))))
    T.equal(r.form(person)[1]["hzqrxxztDm"], "01", "the whole of it: taken")
    unit = {"tax_no": r.unit["tax_no"]}
    blue = r.blue()
    for column, bad, good in (("fxnsrlx", "01", ""), ("nsryjjb", "01", ""), ("fxnsrbz", "Y", "N"),
                              ("nsrztdm", "05", "03"), ("xdpsdqybz", "N", "Y")):
        r.sandbox.post("/units", {**unit, column: bad})
        r.refuses("a taxpayer with %s %s" % (column, bad), "不符合申请", application(blue))
        r.sandbox.post("/units", {**unit, column: good})
    request, form = r.form(blue)
    r.sandbox.post("/units", {**unit, "fxnsrbz": "Y"})
    T.ok("不符合" in r.act(form, "C")["returnmsg"], "nor may it take back or confirm")
    r.sandbox.post("/units", {**unit, "fxnsrbz": "N"})
    red = r.red(blue, request, form)
    r.refuses("of a red invoice", "RI1006" if r.client.issue(red)[0]["status"] == "00" else "?",
              application({**blue, "fphm": red["fphm"], "kprq": red["kprq"]}))
    other = [u for u in r.sandbox.using if u["tax_no"] != r.unit["tax_no"]][0]
    blue = r.blue(gmfnsrsbh=other["tax_no"], gmfmc=other["name"])
    r.sandbox.post("/units", {"tax_no": other["tax_no"], "nsrztdm": "07"})
    r.refuses("with a deregistered buyer", "已注销", application(blue))
    r.sandbox.post("/units", {"tax_no": other["tax_no"], "nsrztdm": "03"})


def cumulative(r):
    """Parts never exceed a line; the last part takes the rest to the fen."""
    blue = r.blue([L.line(1, amount=10001, tax=1300, quantity="3", price="33.336666666667")])

    def part(amount, tax, reason="04", **more):
        return application(blue, reason, rows=[
            red_row(1, 1, blue["fpmxList"][0], amount, tax, bare=reason == "04", **more)])

    for amount, tax in ((3333, 433), (3333, 433)):
        request, form = part(amount, tax), None
        form = r.apply(request)
        row = r.client.issue(r.red(blue, request, form))[0]
        T.equal(row["status"], "00", "a part of %d is issued" % amount)
        T.equal(r.usage(blue)["fpzt"], "7", "部分红冲")
    r.refuses("a fen more than is left", "金额大于原蓝字发票剩余可冲红金额", part(3336, 434))
    r.refuses("tax beyond what is left", "税额大于原蓝字发票剩余可冲红税额", part(3335, 435))
    r.refuses("the quantity beyond what is left", "剩余可冲红",
              part(10001, 1300, "02", quantity="3", price="33.336666666667"))
    r.refuses("开票有误 after a part", "剩余可冲红", application(blue))
    request = part(3335, 434)
    form = r.apply(request)
    T.equal(r.client.issue(r.red(blue, request, form))[0]["status"], "00", "the rest is issued")
    T.equal(r.usage(blue)["fpzt"], "8", "全额红冲")
    r.refuses("and nothing after it", "已全额红冲", part(1, 0))


def who_applies(r, buyer):
    blue = r.blue(gmfnsrsbh=buyer.unit["tax_no"], gmfmc=buyer.unit["name"])
    r.refuses("a buyer before use", "购买方不能申请", application(blue, role="1"), buyer)
    r.refuses("the seller's number as a buyer", "与使用单位不一致", application(blue, role="0"), buyer)
    r.sandbox.post("/red/mark", {"blue": blue["fphm"], "rzzt": "02"})
    T.equal(r.form(blue, client=buyer, role="1")[1]["hzqrxxztDm"], "03",
            "a buyer after booking: 03")
    # a purchase: the buyer issues, so it is the buyer who reverses
    bought = {"sgfplxDm": "01", "fppz": "02", "gmfnsrsbh": r.unit["tax_no"],
              "gmfmc": r.unit["name"], "xsfnsrsbh": "91440300FARMER001X", "xsfmc": "练习农场"}
    blue = r.blue(**bought)
    request = application(blue, role="1")
    form = r.apply(request)
    T.equal(form.get("hzqrxxztDm"), "01", "a purchase invoice: its buyer applies")
    T.equal(r.act(form, "C", seller="91440300FARMER001X")["returncode"], "00", "and takes it back")
    form = r.apply(request)
    T.equal(r.client.issue(r.red(blue, request, form))[0]["status"], "00", "and reverses it")
    wrong, answer = r.sandbox.control("POST", "/red/apply", {"blue": r.blue(**bought)["fphm"],
                                                             "role": "seller"})
    T.ok(wrong == 400 and "只能由购买方" in answer["error"], "its seller cannot", answer)
    blue = r.blue()
    r.refuses("by another unit than the one that uploaded", "与使用单位不一致", application(blue), buyer)


def main():
    with L.scratch() as folder:
        table = os.path.join(folder, "codes.tsv")
        with open(table, "w", encoding="utf-8") as f:
            f.write(TABLE + AGENCY)
        with L.Sandbox(os.path.join(folder, "a"), "--taxcodes", table, *OPTIONS) as s:
            r = Red(T, s, s.using[1], when=WHEN)
            accepted(r)
            head_refusals(r)
            reasons(r)
            states(r)
            cumulative(r)
            who_applies(r, s.client(s.using[0]))
    T.done()


main()
