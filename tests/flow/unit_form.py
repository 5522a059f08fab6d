#!/usr/bin/env python3
"""What is entered of a unit: which comes first, its address in one form, its number, its key, by
the numbers of the feature list (B29 C2 C4 C6 C8 C27 C28 I1 I6)."""
from kp import Home, Sandbox, Tap, count
from unitlab import NEW_NO, base, direct, everything, message, new, said


def order(t, sb, home):
    code, doc, err = home.run(*new(sb))
    t.ok(code == 3 and doc["error"]["field"] == "direct" and
         "没有税号为 %s 的直连单位" % sb.direct["tax_no"] in message(doc)
         and "unit add --role direct" in doc["error"]["hint"],
         "C27 I6: 接入单位 first, then 使用单位", doc)
    t.same(count(base(home), "SELECT COUNT(*) FROM unit"), 0, "C27: nothing is stored")
    code, doc, err = home.run(*direct(sb, home, url=sb.url().upper().replace("HTTPS", "https")
                                      .replace("/ACCESS/V2/INVOKE/", "/access/v2/invoke")))
    t.ok(code == 0 and doc["role"] == "direct" and doc["url"] == sb.url(),
         "I1 C8: 企业角色 接入单位, the address in its one form", doc, err)
    for bad in ("91440000MAKP00014X", "914", ""):
        code, doc, err = home.run(*new(sb, direct=bad))
        t.ok(code == 3 and "direct" in [e["field"] for e in doc["errors"]]
             if not bad else code == 3 and doc["error"]["field"] == "direct",
             "C28: no direct unit of the number %r" % bad, code, doc)


def addresses(t, sb, home):
    no = sb.direct["tax_no"]
    edit = lambda url: home.run("unit", "edit", no, "--role", "direct", "--url", url)  # noqa: E731
    want = "https://lqpt.chinatax.gov.cn:8443/access/v2/invoke/"
    for url in (want, want[:-1], want + "//", " " + want + " ",
                "https://LQPT.ChinaTax.gov.cn:8443/access/v2/invoke"):
        code, doc, err = edit(url)
        t.ok(code == 0 and doc["url"] == want, "C8 I1: %r is one address" % url, doc, err)
    t.same(edit("https://116.116.10.1:8443/access/v2/invoke/")[1]["url"],
           "https://116.116.10.1:8443/access/v2/invoke/", "I1: with the proxy's in place of it")
    for url in ("http://lqpt.chinatax.gov.cn:8443/access/v2/invoke", "lqpt.chinatax.gov.cn",
                "https://lqpt.chinatax.gov.cn:8443/access/v2", "https:///invoke",
                "https://a.example/invoke?x=1", "https://u@a.example/invoke", "",
                "https://a b/invoke"):
        before = everything(home)
        code, doc, err = edit(url)
        t.ok(code == 3 and doc["error"]["field"] == "url" and everything(home) == before,
             "C8: no address: %r" % url, code, doc, err)
    edit(sb.url())


def numbers_of_units(t, sb, home):
    for no, at in (("9144030", 8), ("91440300MAKP00", 15), ("91440300MAKP00022T91X", 21),
                   ("91440300makp00022T", 9), ("91440300MAKP 0022T", 13),
                   (" 91440300MAKP00022T", 1), ("91440300MAKP00022T\u200b", 19),
                   ("91440300MAKP00022\uff34", 18), ("\u300091440300MAKP00022T", 1)):
        code, doc, err = home.run(*new(sb, taxno=no))
        t.ok(code == 3 and doc["error"]["field"] == "taxno" and "第 %d 个字符" % at in message(doc)
             and "15 至 20 位" in message(doc), "C4 B29: no 税号: %r" % no, code, doc, err)
    t.same(count(base(home), "SELECT COUNT(*) FROM unit"), 1, "C4: none of them is stored")
    with home.direct_verified():
        taken(t, sb, home)


def taken(t, sb, home):
    for no in ("123456789012345", "12345678901234567890"):
        t.same(home.run(*new(sb, taxno=no))[0], 0, "C4: %d places are enough" % len(no))
        home.run("unit", "remove", no, check=0)
    t.same(home.run(*new(sb))[0], 0, "C4: a unit")
    before = everything(home)
    for what, args in (("使用单位", new(sb, name="另一个")), ("直连单位", direct(sb, home, name="又一个"))):
        code, doc, err = home.run(*args)
        no = NEW_NO if what == "使用单位" else sb.direct["tax_no"]
        t.ok(code == 3 and doc["error"]["code"] == "unit.exists" and
             said(doc, "税号 %s 在演练环境已存在" % no), "C4: the same 税号 twice: " + what, doc)
    t.same(everything(home), before, "C4: and nothing is changed")


def keys(t, sb, home):
    no, good = sb.direct["tax_no"], sb.direct["keys"]["正式"]
    edit = lambda text: home.run("unit", "edit", no, "--role", "direct", "--key-file",  # noqa: E731
                                 home.file(text, "k"))
    for text in (good[:-1], good + "0", "g" + good[1:], good[:16] + " " + good[16:], "",
                 good[:16] + "\n" + good[16:]):
        code, doc, err = edit(text)
        t.ok(code == 3 and said(doc, "应只有 32 个十六进制字符")
             and (not text or text not in str(doc)), "C6: no key: %d characters" % len(text),
             code, doc)
    for text in (good, good.upper(), " %s \r\n" % good):
        code, doc, err = edit(text)
        t.ok(code == 0 and doc["key"].lower() == "****" + good[-4:], "C6: a key", doc, err)
    edit(good)
    home.run("unit", "verify", no, "--role", "direct", check=0)
    for verb in (["unit", "show", no, "--role", "direct"], ["unit", "list"], ["unit", "tree"],
                 ["unit", "export", "-o", "-", "--csv", "utf8"], ["log", "list"],
                 ["log", "show", "1"], ["log", "show", "1", "--raw"], ["doctor"]):
        for form in (True, False):
            code, doc, err = home.run(*verb, json_out=form and "-o" not in verb)
            t.ok(good not in str(doc).lower() and good not in err.lower(),
                 "C6: shown by no verb: %s" % " ".join(verb[:2]))
    doc = home.run("unit", "show", no, "--role", "direct")[1]
    t.ok(doc["leqi_id"] == sb.direct["leqi_id"] and doc["key"] == "****" + good[-4:]
         and doc["capabilities"] == "202007,203067"
         and doc["capabilities_text"] == "基础能力、归集能力", "C2: 乐企ID, 接入能力, key (masked)", doc)


with Tap() as tap, Sandbox() as platform, Home() as place:
    place.run("init", check=0)
    place.quick()
    order(tap, platform, place)
    addresses(tap, platform, place)
    numbers_of_units(tap, platform, place)
    keys(tap, platform, place)
