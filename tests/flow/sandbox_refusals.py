#!/usr/bin/env python3
"""QDFPSC at the practice platform: good invoices pass, each broken rule is refused by its name."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402
from leqi_bench import (CARD, COAL, FLIGHT, FREE_WATER, FUND, GRAIN, NOW, QUALITY,  # noqa: E402
                        SOFT, WATER, Bench, discount, with_table)

T = L.Tap()


def good_invoices(b):
    cases = (
        ("plain 专票", b.good()),
        ("普票 without a buyer's number", b.good(fppz="02", gmfnsrsbh="")),
        ("numbers as JSON numbers", b.good()),
        ("absent optional keys", b.good()),
        ("several rates", b.good([L.line(1), L.line(2, rate="0.09", **GRAIN),
                                  L.line(3, rate="0.06", quantity="", **SOFT)])),
        ("a discount of 33 %", b.good(discount())),
        ("a discount of all but one fen", b.good([L.line(1, amount=100, kind="02", quantity="1"),
                                                  L.line(2, amount=-99, kind="01", quantity="")])),
        ("two discounts and a plain line",
         b.good(discount() + [L.line(3, amount=500, kind="02", quantity="1"),
                              L.line(4, amount=-100, kind="01", quantity=""), L.line(5)])),
        ("a natural person", b.good(fppz="02", gmfzrrbz="Y", gmfnsrsbh="", gmfmc="王五（个人）")),
        ("a person with an identity card",
         b.good(fppz="02", gmfzrrbz="Y", gmfnsrsbh="110101199001011234", zrrzjlxDm="201",
                zrrzjhm="110101199001011234", zrrgjDm="156", gmfmc="王五（个人）")),
        ("a person from Hong Kong",
         b.good(fppz="02", gmfzrrbz="Y", gmfnsrsbh="H12345678", zrrzjlxDm="210",
                zrrzjhm="H12345678", zrrgjDm="344", gmfmc="李六（个人）")),
        ("payment data", b.good(zfxxList=[{"zfqdDm": "010", "jydh": "WX1"}], lqkpmsDm="01")),
        ("an empty payment entry", b.good(zfxxList=[{"zfqdDm": "", "jydh": ""}])),
        ("a handler", b.good(gmfjbr="赵七", jbrsfzjzlDm="201", jbrsfzjhm="110101199001011234",
                             jbrgjhdqDm="156")),
        ("a remark of 450", b.good(bz="备" * 450)),
        ("a price of 25 characters",
         b.good([L.line(1, amount=10000, quantity="3", price="33.3333333333333333333333")])),
        ("tax within 0.06 of the product",
         b.good([L.line(1, amount=10000, tax=1301, quantity="")])),
        ("exempt", b.good([L.line(1, rate="0", yhzcbs="03")])),
        ("3 % levy", b.good([L.line(1, rate="0.03")])),
        ("simplified 5 %", b.good([L.line(1, rate="0.05", yhzcbs="01")])),
        ("a prepaid card on 普票", b.good([L.line(1, **CARD)], fppz="02")),
        ("不征税 water beside water", b.good([L.line(1, **FREE_WATER),
                                           L.line(2, rate="0.09", **WATER)])),
        ("the airport fund beside a flight", b.good([L.line(1, **FUND), L.line(2, **FLIGHT)])),
        ("coal with its kind", b.good([L.line(1, **COAL)])),
        ("dated 47 hours ago", b.good(kprq="2026-03-08 10:00:00")),
        ("5,000 lines", b.good([L.line(i + 1, amount=100, quantity="1") for i in range(5000)])),
    )
    numbers = cases[2][1]
    for key in ("hjje", "hjse", "jshj"):
        numbers[key] = float(numbers[key])
    for key in ("je", "se", "hsje", "slv", "mxxh"):
        numbers["fpmxList"][0][key] = float(numbers["fpmxList"][0][key]) if key != "mxxh" else 1
    sparse = cases[3][1]
    for key in L.EMPTY_HEAD + ["zfxxList", "fjysList"]:
        sparse.pop(key)
    for name, invoice in cases:
        b.accepts("accepted: " + name, invoice)


def head_refusals(b):
    person = dict(fppz="02", gmfzrrbz="Y", gmfnsrsbh="", gmfmc="王五（个人）")
    cases = [
        ("no " + key, "（%s）不能为空" % key, {key: ""})
        for key in ("lzfpbz ptbh fppz qyDm xsfnsrsbh xsfmc gmfmc hjje hjse jshj kpr ip macdz kprq"
                    " fpkjfsDm").split()]
    cases += [
        (key + " too long", "（%s）长度超过%d位" % (key, size), {key: "字" * (size + 1)})
        for key, size in (("gmfmc", 300), ("gmfdz", 300), ("gmfdh", 60), ("gmfkhh", 120),
                          ("gmfzh", 50), ("xsfzh", 50), ("bz", 450), ("skrxm", 150), ("fhrxm", 75),
                          ("kpr", 300), ("ip", 20), ("macdz", 20))]
    cases += [
        (key + " outside its table", "（%s）不在代码表内" % key, {key: value})
        for key, value in (("lzfpbz", "2"), ("fppz", "03"), ("gmfzrrbz", "X"), ("jsfs", "06"),
                           ("cezslxDm", "03"), ("zzsjzjtDm", "13"), ("fpkjfsDm", "3"),
                           ("sfzsxsfyhzhbq", "1"), ("lqkpmsDm", "03"), ("ckywsyzcDm", "04"))]
    cases += [
        ("tdys given", "（tdys）应为空", {"tdys": "03"}),
        ("an amount with three decimals", "（hjje）", {"hjje": "100.001"}),
        ("an amount of 17 digits", "（hjje）", {"hjje": "12345678901234567.00"}),
        ("an amount with exponent", "（hjje）", {"hjje": "1e2"}),
        ("an amount with a plus", "（hjje）", {"hjje": "+100"}),
        ("a date without time", "（kprq）", {"kprq": "2026-03-10"}),
        ("an impossible date", "（kprq）", {"kprq": "2026-02-30 10:00:00"}),
        ("a number of 19 digits", "（fphm）长度应为20位", {"fphm": "2644700000000000001"}),
        ("a list instead of a name", "（gmfmc）类型不正确", {"gmfmc": ["x"]}),
        ("a name instead of a list", "zfxxList", {"zfxxList": "x"}),
        ("lower-case buyer number", "（gmfnsrsbh）只能由数字和大写字母", {"gmfnsrsbh": "91110000test00002x"}),
        ("a short buyer number", "应为15至20位", {"gmfnsrsbh": "91110000"}),
        ("专票 without a buyer's number", "（gmfnsrsbh）不能为空", {"gmfnsrsbh": ""}),
        ("another year's number", "年度不一致", {"kprq": "2025-12-31 23:59:59"}),
        ("48 hours old", "48小时", {"kprq": "2026-03-08 08:00:00"}),
        ("from the future", "晚于当前时间", {"kprq": "2026-03-11 10:00:00"}),
        ("somebody else's platform number", "（ptbh）不是直连单位", {"ptbh": "0" * 20}),
        ("somebody else's seller number", "BI1002", {"xsfnsrsbh": "91110000TEST00002X"}),
        ("way of issuing 4 for a controlled unit", "（fpkjfsDm）与单位关系不符", {"fpkjfsDm": "4"}),
        ("person without the suffix", "（个人）", {**person, "gmfmc": "王五"}),
        ("person with half-width brackets", "（个人）", {**person, "gmfmc": "王五(个人)"}),
        ("person with nothing but the suffix", "（个人）", {**person, "gmfmc": "（个人）"}),
        ("person with one character", "多于1个字", {**person, "gmfmc": "王（个人）"}),
        ("a list of deductions on an ordinary invoice", "差额扣除清单应为空",
         {"cekcList": [{"pzlx": "09", "pzhjje": "1.00", "bckcje": "1.00", "bz": "x"}]}),
        ("a document without the flag", "自然人证件和国籍应为空",
         {"zrrzjlxDm": "201", "zrrzjhm": "1", "zrrgjDm": "156"}),
        ("half a document", "同时填写或同时为空", {**person, "zrrzjlxDm": "208"}),
        ("card number and buyer number differ", "应与证件号码一致",
         {**person, "gmfnsrsbh": "110101199001011235", "zrrzjlxDm": "201",
          "zrrzjhm": "110101199001011234", "zrrgjDm": "156"}),
        ("a card with another country", "国籍（zrrgjDm）应为156",
         {**person, "gmfnsrsbh": "110101199001011234", "zrrzjlxDm": "201",
          "zrrzjhm": "110101199001011234", "zrrgjDm": "344"}),
        ("a pass from Macau called Hong Kong", "应为446",
         {**person, "zrrzjlxDm": "210", "zrrzjhm": "M1", "zrrgjDm": "344"}),
        ("a pass from neither", "与证件类型不符",
         {**person, "zrrzjlxDm": "210", "zrrzjhm": "X1", "zrrgjDm": "344"}),
        ("a resident permit of no region", "与证件类型不符",
         {**person, "zrrzjlxDm": "237", "zrrzjhm": "830000199001011234", "zrrgjDm": "344"}),
        ("a document without a number of the person", "识别号或证件号码",
         {**person, "zrrzjlxDm": "208", "zrrzjhm": "P1", "zrrgjDm": "344"}),
        ("a country outside its form", "（zrrgjDm）",
         {**person, "zrrzjlxDm": "208", "zrrzjhm": "P1", "zrrgjDm": "CHN"}),
        ("half a handler's document", "经办人证件种类和证件号码", {"jbrsfzjhm": "1"}),
        ("a handler's card of another country", "应为156",
         {"jbrsfzjzlDm": "201", "jbrsfzjhm": "1", "jbrgjhdqDm": "344"}),
        ("a channel without a bill number", "支付渠道和交易单号",
         {"zfxxList": [{"zfqdDm": "009", "jydh": ""}], "lqkpmsDm": "01"}),
        ("payment without a mode", "（lqkpmsDm）应为01",
         {"zfxxList": [{"zfqdDm": "009", "jydh": "1"}]}),
        ("a mode without payment", "（lqkpmsDm）应为空", {"lqkpmsDm": "01"}),
        ("a channel outside its table", "（zfqdDm）不在代码表内",
         {"zfxxList": [{"zfqdDm": "088", "jydh": "1"}], "lqkpmsDm": "01"}),
        ("a blue invoice with red data", "BI1022", {"hzqrduuid": "1"}),
        ("red without the blue number", "BI1024", {"lzfpbz": "1"}),
        ("red without its form", "BI1025", {"lzfpbz": "1", "dylzfphm": "1"}),
        ("an overlong extra element", "（fjysz）", {"fjysList": [{"fjysz": "字" * 201}]}),
        ("total and tax do not add up", "BI1015", {"jshj": "113.01"}),
        ("the total amount is off by two fen", "BI1014", {"hjje": "100.02", "jshj": "113.02"}),
        ("the total tax is off by 1.28", "BI1018", {"hjse": "14.28", "jshj": "114.28"}),
        ("a total of nothing", "BI1038", {"hjje": "0.00", "jshj": "13.00"}),
        ("no lines", "fpmxList", {"fpmxList": []}),
        ("lines that are no list", "fpmxList", {"fpmxList": {}}),
    ]
    for name, wanted, change in cases:
        invoice = b.good()
        invoice.update(change)
        b.refuses(name, wanted, invoice)


def line_refusals(b):
    cases = [
        ("no " + key, "（%s）不能为空" % key, {key: ""})
        for key in "mxxh hwhyslwfwmc spfwjc xmmc je slv se hsje sphfwssflhbbm fphxz".split()]
    cases += [
        ("line numbers start at 2", "BI1020", {"mxxh": "2"}),
        ("a line number with a letter", "BI1023", {"mxxh": "1a"}),
        ("a blue line number on a blue line", "BI1084", {"dylzfpmxxh": "1"}),
        ("a quantity without a price", "BI1028", {"dj": ""}),
        ("a price without a quantity", "BI1028", {"sl": ""}),
        ("a price of 26 characters", "（dj）", {"dj": "50.00000000000000000000000"}),
        ("a quantity that is no number", "（sl）", {"sl": "两"}),
        ("a negative quantity", "BI1048", {"sl": "-2"}),
        ("a price of nothing", "BI1047", {"dj": "0"}),
        ("price times quantity is off by two fen", "BI1013", {"dj": "50.01"}),
        ("the tax is off by seven fen", "BI1016", {"se": "13.07", "hsje": "113.07"}),
        ("amount and tax do not add up", "BI1051", {"hsje": "113.01"}),
        ("the inclusive amount leads elsewhere", "BI1080", {"se": "13.05", "hsje": "113.05"}),
        ("a negative rate", "BI1082", {"slv": "-0.13"}),
        ("a rate of seven decimals", "（slv）", {"slv": "0.1300001"}),
        ("a stopped rate", "税率【0.17】不可用", {"slv": "0.17", "se": "17.00", "hsje": "117.00"}),
        ("a rate that is no rate", "不可用", {"slv": "0.12", "se": "12.00", "hsje": "112.00"}),
        ("a rate of other goods", "不在商品编码",
         {"slv": "0.09", "se": "9.00", "hsje": "109.00"}),
        ("an unknown tax code", "不存在", {"sphfwssflhbbm": "1999999999999999999"}),
        ("a tax code of 18 digits", "长度应为19位", {"sphfwssflhbbm": "109051103000000000"}),
        ("a short name of another code", "商品服务简称与商品编码",
         {"spfwjc": "谷物", "hwhyslwfwmc": "*谷物*打印机"}),
        ("a name that is not composed", "应为*商品服务简称*项目名称", {"hwhyslwfwmc": "打印机"}),
        ("a name of 301", "（hwhyslwfwmc）长度超过300位",
         {"xmmc": "字" * 292, "hwhyslwfwmc": "*计算机外部设备*" + "字" * 292}),
        ("a kind of line outside its table", "（fphxz）", {"fphxz": "03"}),
        ("a preference outside its table", "（yhzcbs）", {"yhzcbs": "19"}),
        ("exempt at 13 %", "与优惠政策标识03不符", {"yhzcbs": "03"}),
        ("simplified at 13 %", "与优惠政策标识01不符", {"yhzcbs": "01"}),
        ("1.5 % outside its ability", "与优惠政策标识10不符",
         {"yhzcbs": "10", "slv": "0.015", "se": "1.50", "hsje": "101.50"}),
        ("zero per cent without a preference", "不在商品编码",
         {"slv": "0", "se": "0.00", "hsje": "100.00"}),
        ("a deduction on an ordinary invoice", "BI1083", {"kce": "1.00"}),
        ("a kind of coal on other goods", "（mtzl）应为空", {"mtzl": "0300"}),
        ("a negative line", "BI1039", {"je": "-100.00", "se": "-13.00", "hsje": "-113.00",
                                       "sl": "", "dj": ""}),
    ]
    for name, wanted, change in cases:
        invoice = b.good()
        invoice["fpmxList"][0].update(change)
        row = invoice["fpmxList"][0]
        if "se" in change and change.get("slv", "0.13") != "0.13":
            L.total(invoice)
        if row["je"] and row["se"] and "se" in change and wanted in ("BI1016", "BI1080"):
            L.total(invoice)
        b.refuses(name, wanted, invoice)


def discount_refusals(b):
    def second(**change):
        rows = discount()
        rows[1].update(change)
        return rows

    lone = [L.line(1), L.line(2, amount=-100, kind="01", quantity="")]
    cases = [
        ("a discount under a plain line", "BI1054", lone),
        ("two discounts under one line", "BI1054",
         discount() + [L.line(3, amount=-100, kind="01", quantity="")]),
        ("a discount first", "BI1054",
         [L.line(1, amount=-100, kind="01", quantity=""), L.line(2, amount=1000)]),
        ("a discounted line last", "BI1055", [L.line(1), L.line(2, kind="02")]),
        ("a discounted line before a plain one", "BI1055", [L.line(1, kind="02"), L.line(2)]),
        ("a unit on the discount line", "BI1076", second(dw="个")),
        ("a quantity on the discount line", "BI1076", second(sl="-1", dj="100.00")),
        ("another name", "BI1053", second(xmmc="鼠标", hwhyslwfwmc="*计算机外部设备*鼠标")),
        ("another code", "BI1077", second(sphfwssflhbbm="1010101010000000000")),
        ("another rate", "BI1086", second(slv="0.03", se="-3.00", hsje="-103.00")),
        ("another preference", "优惠政策标识与被折扣行不一致", second(yhzcbs="05")),
        ("a positive discount", "BI1075",
         [L.line(1, amount=30000, kind="02"), L.line(2, amount=100, kind="01", quantity="")]),
        ("a discount beyond the amount", "BI1079",
         [L.line(1, amount=10000, kind="02"), L.line(2, amount=-10001, kind="01", quantity=""),
          L.line(3, amount=5000)]),
        ("a discount of 100 % alone", "BI1038",
         [L.line(1, amount=10000, kind="02"), L.line(2, amount=-10000, kind="01", quantity="")]),
        ("a discount tax beyond the tax", "BI1081",
         [L.line(1, amount=10000, kind="02", tax=1299),
          L.line(2, amount=-10000, kind="01", quantity="", tax=-1300), L.line(3, amount=5000)]),
    ]
    for name, wanted, rows in cases:
        b.refuses(name, wanted, b.good(rows))


def content_refusals(b, s):
    million = 1000000000
    cases = [
        ("a summary code", "为汇总项", [L.line(1, code="1000000000000000000", short="货物")], {}),
        ("a telecom code of another trade", "为汇总项",
         [L.line(1, code="3030100000000000000", short="电信服务", rate="0.09")], {}),
        ("a code of 6 without 04", "应使用优惠政策04",
         [L.line(1, **{**CARD, "yhzcbs": ""})], {"fppz": "02"}),
        ("a prepaid card on 专票", "只能开具数电普票", [L.line(1, **CARD)], {}),
        ("不征税 beside goods", "不能与其他商品", [L.line(1, **CARD), L.line(2)], {"fppz": "02"}),
        ("the airport fund beside goods", "不能与其他商品", [L.line(1, **FUND), L.line(2)], {}),
        ("coal without its kind", "（mtzl）不能为空", [L.line(1, **{**COAL, "mtzl": ""})], {}),
        ("coal of an unknown kind", "（mtzl）", [L.line(1, **{**COAL, "mtzl": "0100X"})], {}),
        ("ten million of coal without quality", "（mtpzxx）不能为空",
         [L.line(1, amount=million, **COAL)], {}),
        ("quality for little coal", "（mtpzxx）应为空", [L.line(1, **COAL)], {"mtpzxx": QUALITY}),
        ("quality in another form", "（mtpzxx）格式", [L.line(1, amount=million, **COAL)],
         {"mtpzxx": QUALITY.replace("千卡", "大卡")}),
        ("quality and remark beyond 450", "450", [L.line(1, amount=million, **COAL)],
         {"mtpzxx": QUALITY, "bz": "备" * 420}),
        ("5,001 lines", "5001", [L.line(i + 1, amount=100, quantity="1") for i in range(5001)], {}),
        ("differential on a code without it", "不允许差额征税",
         [L.line(1, rate="0.09", kce="10.00", **GRAIN)], {"cezslxDm": "01"}),
        ("differential with two lines", "只能有一行",
         [L.line(1, rate="0.09", kce="10.00", **WATER), L.line(2)], {"cezslxDm": "01"}),
        ("differential without deduction", "BI1037", [L.line(1, rate="0.09", **WATER)],
         {"cezslxDm": "02"}),
        ("differential with a discount", "BI1085", discount(), {"cezslxDm": "02"}),
    ]
    for name, wanted, rows, change in cases:
        b.refuses(name, wanted, b.good(rows, **change))
    s.post("/units", {"tax_no": b.client.unit["tax_no"], "hydm": "6311"})
    b.accepts("accepted: a telecom company's summary code",
              b.good([L.line(1, code="3030100000000000000", short="电信服务", rate="0.09")]))
    s.post("/units", {"tax_no": b.client.unit["tax_no"], "hydm": "6513"})
    s.post("/taxcodes", {"code": GRAIN["code"], "stop": "2026-03-10"})
    b.refuses("a stopped tax code", "已停用", b.good([L.line(1, rate="0.09", **GRAIN)]))
    s.post("/taxcodes", {"code": GRAIN["code"], "stop": ""})
    s.post("/rates", {"rate": "0.06", "state": "1"})
    b.refuses("a rate stopped today", "税率【0.06】不可用", b.good([L.line(1, rate="0.06", **SOFT)]))
    s.post("/rates", {"rate": "0.06", "state": "0"})
    b.accepts("accepted: the rate is back", b.good([L.line(1, rate="0.06", **SOFT)]))


def allowed(b, s, water, fppz="02", **change):
    """A good 差额 invoice after the list of codes was changed."""
    row = {"code": WATER["code"], "part": "Y", "part_special": "Y", "full_special": "Y",
           "general_rates": "9%", "general_levy": "3%", "small_levy": "3%"}
    row.update(change)
    s.post("/differential", row)
    return water(tax=570, fppz=fppz)


def differential(b, s):
    s.post("/taxcodes", {"code": WATER["code"], "cezs": "Y"})

    def water(kce="40.00", tax=573, listed="40.00", **more):
        row = L.line(1, rate="0.09", tax=tax, amount=10900 - tax, quantity="", kce=kce, **WATER)
        voucher = {"xh": "1", "pzlx": "01", "fpdm": "", "fphm": "26447000000000000001",
                   "cepzhm": "", "kjrq": "2026-03-01", "pzhjje": "500.00", "bckcje": listed,
                   "bz": ""}
        head = {"cezslxDm": "02", "fppz": "02"}
        head.update({k: more.pop(k) for k in ("cezslxDm", "fppz") if k in more})
        voucher.update(more)
        return b.good([row], cekcList=[voucher], **head)

    s.post("/units", {"tax_no": b.client.unit["tax_no"], "hydm": "7020"})
    # (109.00 - 40.00) / 1.09 * 0.09 = 5.697...
    b.accepts("accepted: 差额开票", water(tax=570))
    b.refuses("the differential tax is off by 0.07", "BI1017", water(tax=577))
    b.refuses("vouchers for less than the deduction", "与扣除额不一致", water(tax=570, listed="39.99"))
    b.refuses("a voucher beyond its own sum", "不大于凭证合计金额", water(tax=570, pzhjje="39.00"))
    b.refuses("a voucher of nothing", "应大于0", water(tax=570, pzhjje="0.00", bckcje="0.00"))
    b.refuses("a voucher of another day to come", "不应晚于开票日期",
              water(tax=570, kjrq="2099-01-01"))
    b.refuses("a voucher without its number", "不能为空", water(tax=570, fphm=""))
    b.refuses("a voucher with a foreign column", "应为空", water(tax=570, cepzhm="1"))
    b.refuses("a deduction beyond the amount", "BI1078", water(kce="109.01", tax=0))
    b.refuses("vouchers without a deduction", "与扣除额不一致",
              water(kce="0.00", tax=900, cezslxDm="01"))
    b.refuses("差额 on a code for 全额 alone", "不允许差额开票", allowed(b, s, water, part="N"))
    b.refuses("专票 of 差额 where it may not be", "不允许开具数电专票",
              allowed(b, s, water, part_special="N", fppz="01"))
    b.refuses("a rate outside the list of 差额", "差额征税的税率范围",
              allowed(b, s, water, general_rates="13%"))
    b.refuses("the levy rate without 简易征收", "差额征税的税率范围",
              allowed(b, s, water, general_rates="6%", general_levy="9%"))
    s.post("/units", {"tax_no": b.client.unit["tax_no"], "hydm": "6513"})
    b.refuses("water of another industry", "要求行业", allowed(b, s, water))
    s.post("/units", {"tax_no": b.client.unit["tax_no"], "hydm": "7020", "nsrlx": "2"})
    b.refuses("small-scale with the rate of the others", "差额征税的税率范围",
              allowed(b, s, water))
    s.post("/units", {"tax_no": b.client.unit["tax_no"], "hydm": "6513", "nsrlx": "1"})
    s.post("/taxcodes", {"code": WATER["code"], "cezs": "N"})


def joint_unit(s):
    b = Bench(T, s, s.using[2])
    b.accepts("accepted: 联用 with the registered person", b.good())
    b.accepts("accepted: 联用 with payment",
              b.good(zfxxList=[{"zfqdDm": "009", "jydh": "1"}], lqkpmsDm="02"))
    b.refuses("联用 without the issuer's document", "证件类型不能为空", b.good(kprzjhm=""))
    b.refuses("联用 with another issuer", "备案的开票人", b.good(kprzjhm="110101199001011235"))
    b.refuses("联用 with the way of issuing 5", "（fpkjfsDm）与单位关系不符", b.good(fpkjfsDm="5"))
    b.refuses("联用 with the mode of 自用", "（lqkpmsDm）应为02",
              b.good(zfxxList=[{"zfqdDm": "009", "jydh": "1"}], lqkpmsDm="01"))


def main():
    with L.scratch() as folder:
        with L.Sandbox(folder, "--now", NOW, "--taxcodes", with_table(folder), "--result-delay",
                       "0") as s:
            b = Bench(T, s, s.using[1])
            for part in (good_invoices, head_refusals, line_refusals, discount_refusals):
                part(b)
            for part in (content_refusals, differential):
                part(b, s)
            joint_unit(s)
    T.done()


main()
