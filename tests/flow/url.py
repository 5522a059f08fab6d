#!/usr/bin/env python3
"""The long link of 发票云: built as it has to be, checked with the place of the fault (B28, B29),
and the way of deployment (B30)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Tap  # noqa: E402

TAX, CLIENT, NATURAL = "91440300708461136T", "Ab12-cd", "0123456789abcdef0123"
GOLDEN = ("https://api.piaozone.com/bill-websocket/v3/invoicewebsocket/push"
          "?taxNo=91440300708461136T&clientId=Ab12-cd&naturalId=0123456789abcdef0123"
          "&connectNaturalId=5d2cff003e35abac053a")


def check(home, url):
    code, doc, err = home.run("url", "check", url)
    return code, doc, err


with Tap() as t, Home() as h:
    build = ["url", "build", "--taxno", TAX, "--client-id", CLIENT, "--natural-id", NATURAL]
    code, text, err = h.run(*build, json_out=False)
    t.same((code, text), (0, GOLDEN + "\n"), "B28: the link alone, byte for byte", err)
    t.same(h.run(*build, "--connect-natural-id", "5d2cff003e35abac053a")[1]["url"], GOLDEN,
           "B28: the access unit named")
    t.same(h.run("url", "build", "--taxno", TAX)[0], 2, "B28: all of them are needed")
    for bad in (" " + TAX, TAX + " ", TAX[:5] + "\u3000" + TAX[5:], "\ufeff" + TAX, TAX.lower(),
                "12"):
        code, doc, err = h.run("url", "build", "--taxno", bad, "--client-id", CLIENT,
                               "--natural-id", NATURAL)
        t.ok(code == 3 and doc["error"]["field"] == "taxno", "B29: no link of %r" % bad, code, err)
    code, doc, err = check(h, GOLDEN)
    t.ok(code == 0 and doc["ok"] and not doc["findings"], "B28: the golden one is right", doc, err)
    for char, name in ((" ", "空格"), ("\u3000", "U+3000"), ("\u200b", "U+200B"), ("\ufeff", "BOM")):
        bad = GOLDEN.replace("taxNo=", "taxNo=" + char)
        code, doc, err = check(h, bad)
        first = doc["findings"][0]
        t.ok(code == 3 and first["column"] == bad.index(char) + 1 and name in first["message"]
             and first["parameter"] == "taxNo", "B29: the place of %r" % char, doc, err)
    code, doc, err = check(h, "taxNo= 91440300708461136T")
    t.ok(code == 3 and doc["findings"][0]["column"] == 7 and "第 7 个字符" in err,
         "B29: a part of a link, column 7", doc, err)
    code, doc, err = check(h, GOLDEN.replace("clientId", "clientid"))
    t.ok(code == 3 and "大小写" in err, "B28: names are exact", err)
    a, b = "clientId=Ab12-cd", "naturalId=0123456789abcdef0123"
    swapped = GOLDEN.replace(a, "@").replace("&" + b, "&" + a).replace("@", b)
    code, doc, err = check(h, swapped)
    t.ok(code == 3 and "次序" in err, "B28: the order is exact", doc, err)
    code, doc, err = check(h, GOLDEN.replace("https", "http"))
    t.ok(code == 3 and doc["findings"][0]["column"] == 5, "B28: the address is exact", doc)
    code, doc, err = check(h, GOLDEN[:-3])
    t.ok(code == 0 and doc["findings"][0]["warning"], "B19: a short 乐企ID warns", doc)
    code, doc, err = check(h, GOLDEN.split("&connect")[0])
    t.ok(code == 3 and doc["findings"][0]["code"] == "missing", "B28: all four are there", doc)

    h.run("init", check=0)
    code, doc, err = h.run("param", "set", "部署方式", "方式", "月球")
    t.ok(code == 3 and "公有云" in err, "B30: an unknown value is refused", err)
    h.run("param", "set", "部署方式", "方式", "私有云", check=0)
    rows = h.run("param", "get", "部署方式")[1]["rows"]
    t.same([r["value"] for r in rows], ["私有云"], "B30: param get 部署方式")
