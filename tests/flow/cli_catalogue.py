#!/usr/bin/env python3
"""Buyers and goods from the shell: add, find, change, merge, remove, other codes, proposals."""
import books
from books import CODE, CODE_OTHER, OTHER, SELLER, tax_no
from kp import Home, Tap

A, B = tax_no(1), tax_no(2)


def refused(t, home, what, code, *args):
    got, doc, err = home.run(*args)
    t.ok(got == 3 and doc["error"]["code"] == code and doc["error"]["hint"], what, got, doc)


def buyers(t, home):
    code, doc, err = home.run(
        "buyers", "add", "--name", "重庆长安汽车有限公司", "--tax-no", A, "--address", "江北区 1 号",
        "--phone", "023-67590000", "--bank", "工商银行", "--account", "3100024109", "--email",
        "a@b.cn", "--mobile", "13800138000", "--mnemonic", "CAQC")
    t.ok(code == 0 and doc["tax_no"] == A and doc["source_text"] == "录入" and doc["id"] == 1
         and doc["addresses"] == [], "added", doc, err)
    refused(t, home, "the same tax number again", "buyer.twin", "buyers", "add", "--name", "另一个",
            "--tax-no", A)
    t.ok("--keep-twin" in home.run("buyers", "add", "--name", "另一个", "--tax-no", A)[1]["error"][
        "hint"], "and how to keep both")
    doc = home.run("buyers", "add", "--name", "另一个", "--tax-no", A, "--keep-twin", check=0)[1]
    home.run("buyers", "add", "--name", "不重复", check=0)
    rows = home.run("buyers", "list", "--twins", check=0)[1]
    t.ok(sorted(r["id"] for r in rows["rows"]) == [1, 2] and rows["total"] == 2, "listed as twins",
         rows)
    t.same({r["id"]: r["twin"] for r in home.run("buyers", "list")[1]["rows"]},
           {1: True, 2: True, 3: False}, "and marked in every list")
    home.run("buyers", "remove", "不重复", check=0)
    t.ok(doc["id"] == 2, "--keep-twin keeps both", doc)
    code, doc, err = home.run("buyers", "add", "--name", "坏税号", "--tax-no", "12-4")
    t.ok(code == 3 and doc["error"]["field"] and "第 3 位不符" in doc["error"]["message"],
         "a tax number of the wrong form", doc)
    doc = home.run("buyers", "add", "--name", "坏税号", "--tax-no", "123")[1]
    t.ok("现在只有 3 位" in doc["error"]["message"], "one that is too short", doc)
    wrong = A[:-1] + ("0" if A[-1] != "0" else "1")
    doc = home.run("buyers", "add", "--name", "校验码公司", "--tax-no", wrong, check=0)[1]
    t.ok("校验" in doc["warning"], "a wrong check digit warns", doc)
    t.same(home.run("buyers", "add")[0], 2, "a name is asked for")
    for mobile, fine in (("o", False), ("12345678901", True), ("+86 138-0013-8000", True),
                         ("23800138000", False), ("1380013800", False)):
        doc = home.run("buyers", "add", "--name", "手机 " + mobile, "--mobile", mobile, check=0)[1]
        t.same("手机" not in (doc["warning"] or ""), fine, "手机 %s: %s" % (mobile, doc["warning"]))
        home.run("buyers", "remove", "#%d" % doc["id"], check=0)
    for word in ("长安", "cqca", "chongqing", "caqc", "67590", A[-6:], "zqca"):
        rows = home.run("buyers", "list", "--find", word, check=0)[1]["rows"]
        t.ok("重庆长安汽车有限公司" in [r["name"] for r in rows], "found by " + word, rows)
    for option, value in (("--name", "长安"), ("--tax-no", A[:9]), ("--mnemonic", "caq"),
                          ("--phone", "6759")):
        rows = home.run("buyers", "list", option, value, check=0)[1]["rows"]
        t.ok(rows and rows[-1]["id"] == 1, "listed by " + option, rows)
    refused(t, home, "a name for one of two", "buyer.twin", "buyers", "edit", "#1", "--name", "又名")
    code, doc, err = home.run("buyers", "edit", "重庆长安汽车有限公司", "--phone", "", "--name",
                              "重庆长安股份有限公司", "--keep-twin")
    t.ok(code == 0 and doc["phone"] == "" and doc["address"] == "江北区 1 号",
         "what is given changes, the rest stays", doc, err)
    t.same(home.run("buyers", "show", "#1")[1]["name"], "重庆长安股份有限公司", "shown by its number")
    refused(t, home, "a tax number of two", "buyer.several", "buyers", "show", A)
    doc = home.run("buyers", "show", A)[1]
    t.ok(doc["error"]["message"].count(A) == 3, "with their tax numbers", doc)
    refused(t, home, "nobody", "buyer.unknown", "buyers", "show", "没有这个")


def merging(t, home):
    home.run("buyers", "edit", "#2", "--bank", "建设银行", "--address", "渝中区 2 号", check=0)
    code, doc, err = home.run("buyers", "merge", "#2", "#1")
    t.ok(code == 0 and doc["id"] == 1 and doc["bank"] == "工商银行"
         and [a["address"] for a in doc["addresses"]] == ["渝中区 2 号"],
         "merged: one is left, with both addresses", doc, err)
    t.ok([r["id"] for r in home.run("buyers", "list", "--tax-no", A)[1]["rows"]] == [1],
         "the other one is gone")
    code, out, err = home.run("buyers", "show", A, json_out=False)
    t.ok("渝中区 2 号" in out and "其他地址" in out, "a person sees its addresses", out)
    code, doc, err = home.run("buyers", "remove", "#1", "校验码公司")
    t.ok(code == 0 and doc == {"removed": 2}, "several removed at once", doc, err)
    t.same(home.run("buyers", "list")[1]["total"], 0, "none is left")
    refused(t, home, "removed again", "buyer.unknown", "buyers", "remove", "校验码公司")


def addresses(t, home):
    """The further addresses of a buyer; number 1 is the default one."""
    def run(*args):
        code, doc, err = home.run("buyers", "address", *args)
        t.same(code, 0, "buyers address %s" % args[0])
        return [(r["no"], r["is_default"], r["address"], r["phone"]) for r in doc["rows"]]

    home.run("buyers", "add", "--name", "搬家公司", check=0)
    t.same(run("list", "搬家公司"), [], "no address yet")
    t.same(run("add", "搬家公司", "--address", "一址", "--phone", "1"), [(1, True, "一址", "1")],
           "the first one is the default")
    run("add", "搬家公司", "--address", "二址")
    t.same(run("add", "搬家公司", "--address", "三址"),
           [(1, True, "一址", "1"), (2, False, "二址", ""), (3, False, "三址", "")], "added")
    t.same(run("edit", "搬家公司", "2", "--phone", "22")[1], (2, False, "二址", "22"), "changed")
    t.same(run("default", "搬家公司", "3"),
           [(1, True, "三址", ""), (2, False, "二址", "22"), (3, False, "一址", "1")],
           "the default one changes places")
    t.same(run("remove", "搬家公司", "2"), [(1, True, "三址", ""), (2, False, "一址", "1")],
           "one removed")
    t.same(run("remove", "搬家公司", "1"), [(1, True, "一址", "1")], "the next becomes the default")
    t.same(run("remove", "搬家公司", "1"), [], "and the last one goes")
    for what, args in (("an unknown number", ("remove", "搬家公司", "2")),
                       ("not a number", ("default", "搬家公司", "1x")),
                       ("nothing left", ("add", "搬家公司", "--bank", "行"))):
        if what == "nothing left":
            run(*args)
            run("add", "搬家公司", "--address", "二址")
            args = ("edit", "搬家公司", "2", "--address", "")
        t.same(home.run("buyers", "address", *args)[0], 3, what)
    for args in (("add", "搬家公司"), ("edit", "搬家公司", "--phone", "1"), ("copy", "搬家公司"),
                 ("list", "搬家公司", "1")):
        t.same(home.run("buyers", "address", *args)[0], 2, "used wrongly: %s" % (args,))
    home.run("buyers", "remove", "搬家公司", check=0)


def handling(t, home):
    """Goods that cannot stand on a line yet, and what a change of code does to their rate."""
    doc = home.run("goods", "add", "--name", "免税品", "--tax-code", CODE, "--preference", "免税",
                   check=0)[1]
    t.same(doc["rate"], "0", "the only rate of a preference is taken")
    home.run("goods", "add", "--name", "无编码品", "--rate", "0.13", check=0)
    home.run("goods", "add", "--name", "无税率品", "--tax-code", CODE, check=0)
    home.run("goods", "add", "--name", "十三点品", "--tax-code", CODE, "--rate", "0.13", check=0)
    names = [r["name"] for r in home.run("goods", "list", "--unusable", check=0)[1]["rows"]]
    t.same(names, ["无税率品", "无编码品", "没编码的电脑"], "without a code or a rate")
    doc = home.run("goods", "recode", CODE_OTHER, "十三点品", "无税率品", check=0)[1]
    one = home.run("goods", "show", "十三点品")[1]
    t.same((doc["changed"], doc["rateless"]), (2, 1 if one["rate"] is None else 0),
           "how many lost their rate is said")
    out = home.run("goods", "recode", CODE, "十三点品", "无税率品", json_out=False)[1]
    t.ok("已更换编码的商品：2" in out, "and to people", out)
    home.run("goods", "remove", "免税品", "无编码品", "无税率品", "十三点品", check=0)


def pages(t, home):
    for i in range(7):
        home.run("buyers", "add", "--name", "分页公司%d" % i, check=0)
    got, cursor = [], None
    while True:
        doc = home.run("buyers", "list", "--limit", "3",
                       *(["--cursor", cursor] if cursor else []))[1]
        got += [r["name"] for r in doc["rows"]]
        cursor = doc["next"]
        if not cursor:
            break
    t.ok(got == ["分页公司%d" % i for i in reversed(range(7))] and doc["total"] == 7,
         "pages, the newest first", got)


def goods(t, home):
    code, doc, err = home.run("goods", "add", "--name", "笔记本电脑", "--tax-code", CODE, "--spec",
                              "X1", "--unit", "台", "--price", "5650", "--inclusive", "yes",
                              "--rate", "0.13", "--mnemonic", "bjb")
    t.ok(code == 0 and doc["short_name"] and doc["unit"] == "台" and doc["rate"] == "0.13"
         and doc["inclusive"] is True and doc["code_fault"] is None,
         "added, with the short name of its code", doc, err)
    doc = home.run("goods", "add", "--name", "软件", "--tax-code", CODE_OTHER, "--inclusive", "no",
                   "--rate", "6%", "--price", "0.5", check=0)[1]
    t.ok(doc["rate"] == "0.06" and doc["inclusive"] is False, "a rate in percent", doc)
    for what, args in (("a summary", ["--tax-code", "1000000000000000000"]),
                       ("no such code", ["--tax-code", "9999999999999999999"]),
                       ("no rate", ["--rate", "abc"]), ("no price", ["--price", "1,2,x"]),
                       ("no preference", ["--preference", "随便"])):
        code, doc, _ = home.run("goods", "add", "--name", "坏", *args)
        t.ok(code == 3 and doc["error"]["message"], what + " is refused", code, doc)
    doc = home.run("goods", "edit", "bjb", "--rate", "0.05", check=0)[1]
    t.ok("5%" in doc["warning"], "a rate the code does not list warns while none are known", doc)
    doc = home.run("goods", "edit", "bjb", "--price", "5000", "--rate", "0.13", check=0)[1]
    t.ok(doc["price"] == "5000" and doc["tax_code"] == CODE, "edited by its short code", doc)
    home.run("goods", "add", "--name", "没编码的电脑", check=0)
    rows = home.run("goods", "list", "--find", "电脑")[1]["rows"]
    t.same([(r["name"], r["code_fault"]) for r in rows],
           [("没编码的电脑", "无编码"), ("笔记本电脑", None)], "goods without a code are marked")
    rows = home.run("goods", "list", "--tax-code", "109")[1]["rows"]
    t.same([r["name"] for r in rows], ["笔记本电脑"], "by the beginning of the code")
    code, doc, err = home.run("goods", "suggest", "游戏笔记本电脑")
    t.ok(code == 0 and doc["rows"] and doc["rows"][0]["code"] == CODE
         and "笔记本电脑" in doc["rows"][0]["reason"], "a code is proposed, with its reason", doc, err)
    code, doc, err = home.run("goods", "recode", CODE, "没编码的电脑")
    t.ok(code == 0 and doc == {"changed": 1, "rateless": 0}, "recoded", doc, err)
    t.same(home.run("goods", "show", "没编码的电脑")[1]["tax_code"], CODE, "and shown")
    t.same(home.run("goods", "remove", "bjb", "软件")[1], {"removed": 2}, "removed")


def whose(t, home):
    home.run("buyers", "add", "--name", "乙的客户", "--seller", OTHER, check=0)
    t.ok(not home.run("buyers", "list", "--find", "乙的客户", "--seller", SELLER)[1]["rows"]
         and home.run("buyers", "list", "--find", "乙的客户", "--seller", OTHER)[1]["rows"],
         "a catalogue is of its seller")
    t.ok(not home.run("buyers", "list", "--find", "乙的客户")[1]["rows"],
         "--seller is for that one command")
    home.run("--unit", OTHER, "buyers", "list", check=0)
    t.ok(home.run("buyers", "list", "--find", "乙的客户")[1]["rows"], "--unit is for the next ones too")


def documented(t, home):
    """Every key that is printed stands in help json."""
    home.run("buyers", "address", "add", "分页公司1", "--address", "一址", check=0)
    known = {}
    for row in home.run("help", "json", check=0)[1]["rows"]:
        known.setdefault(row["where"], set()).add(row["key"])
    every = set().union(*known.values())
    home.run("goods", "add", "--name", "某物", "--tax-code", CODE, check=0)
    for args in (["buyers", "list"], ["goods", "list"], ["goods", "suggest", "某物"],
                 ["buyers", "address", "list", "分页公司1"]):
        keys = set().union(*(r.keys() for r in home.run(*args)[1]["rows"]))
        t.ok(keys and not keys - every, "keys of %s" % " ".join(args), keys - every)
    doc = home.run("buyers", "import", home.file("名称\n甲\n", "x.csv"))[1]
    t.ok(not (doc.keys() - every), "keys of import", doc.keys() - every)
    t.ok(not (home.run("goods", "show", "某物")[1].keys() - every), "keys of show")


def roles(t, home):
    code, doc, err = home.run("--user", "nobody", "buyers", "list")
    t.same(code, 7, "an unknown user")


with Tap() as tap, Home() as place:
    books.office(place, (SELLER, OTHER))
    place.run("--unit", SELLER, "buyers", "list", check=0)
    buyers(tap, place)
    merging(tap, place)
    addresses(tap, place)
    pages(tap, place)
    goods(tap, place)
    handling(tap, place)
    whose(tap, place)
    place.run("--unit", SELLER, "buyers", "list", check=0)
    documented(tap, place)
    roles(tap, place)
