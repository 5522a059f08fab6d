#!/usr/bin/env python3
"""业务类型 from the shell: maintained, issued with, found by; limits in bytes; what is used stays."""
import os
import zipfile

from kp import Home, Sandbox, Tap, invoice


def refused(t, got, code, what, words=""):
    status, doc, err = got
    t.ok(status == 3 and doc["error"]["code"] == code and words in doc["error"]["message"], what,
         status, doc, err)
    return doc


def names(doc):
    return [r["name"] for r in doc["rows"]]


def limits(t, home):
    code, doc, err = home.run("types", "add", "--name", "零" * 25, "--note", "明" * 30)
    t.ok(code == 0 and doc["name"] == "零" * 25 and doc["uses"] == 0, "25 characters are 50 bytes",
         doc, err)
    home.run("types", "remove", doc["no"], check=0)
    refused(t, home.run("types", "add", "--name", "零" * 26), "text.too_long",
            "26 characters are too many", "有 52 字节，最多 50 字节")
    code, doc, _ = home.run("types", "add", "--name", "a" * 50)
    t.same(code, 0, "50 letters")
    home.run("types", "remove", doc["no"], check=0)
    doc = refused(t, home.run("types", "add", "--name", "a" * 51), "text.too_long", "51 letters")
    t.same(doc["error"]["field"], "name", "the field is named")
    doc = refused(t, home.run("types", "add", "--name", "甲", "--note", "明" * 31), "text.too_long",
                  "31 characters of a note", "有 62 字节，最多 60 字节")
    t.same(doc["error"]["field"], "note", "the note is named")
    refused(t, home.run("types", "add"), "type.name.required", "a name is needed")
    code, doc, _ = home.run("types", "list")
    t.same(names(doc), ["展会"], "nothing of that is left")


def maintained(t, home):
    code, one, err = home.run("types", "add", "--name", "零售业务", "--note", "门店")
    t.ok(code == 0 and one["no"].startswith("#") and one["note"] == "门店", "a type is added", one,
         err)
    home.run("types", "add", "--name", "批发", check=0)
    home.run("types", "add", "--name", "Retail", check=0)
    refused(t, home.run("types", "add", "--name", "零售业务"), "type.exists", "a name is taken once")
    refused(t, home.run("types", "add", "--name", "ＲＥＴＡＩＬ"), "type.exists",
            "whatever width and case it has", "Retail")
    refused(t, home.run("types", "edit", "批发", "--name", "零售业务"), "type.exists",
            "also when it is renamed")
    code, doc, _ = home.run("types", "list", "--find", "售")
    t.same(names(doc), ["零售业务"], "found by a part of the name")
    code, doc, _ = home.run("types", "list", "--find", "TAI")
    t.same(names(doc), ["Retail"], "case aside")
    code, doc, _ = home.run("types", "list", "--limit", "2")
    t.ok(len(doc["rows"]) == 2 and doc["total"] == 4 and doc["next"], "in pages", doc)
    code, rest, _ = home.run("types", "list", "--limit", "2", "--cursor", doc["next"])
    t.same(sorted(names(doc) + names(rest)), ["Retail", "展会", "批发", "零售业务"], "each once")
    code, doc, _ = home.run("types", "edit", "Retail", "--note", "境外")
    t.ok(code == 0 and doc["name"] == "Retail" and doc["note"] == "境外", "the note is changed", doc)
    refused(t, home.run("types", "show", "没有"), "type.unknown", "one that is not there")
    code, out, _ = home.run("types", "list", json_out=False)
    t.ok(code == 0 and "零售业务" in out and "门店" in out, "as a table for people", out)
    return one["no"]


def issued(t, home, no):
    code, doc, err = home.run("blue", "issue",
                              home.file(invoice("T-1", business_type="零售业务")))
    t.ok(code == 0 and doc["results"][0]["state"] == "issued", "issued with a type", doc, err)
    doc = refused(t, home.run("blue", "issue", home.file(invoice("T-2", business_type="别的"))),
                  "business_type.unknown", "another text is refused", "零售业务")
    t.same(doc["error"]["field"], "business_type", "on its field")
    code, doc, _ = home.run("blue", "check", home.file(invoice("T-2", business_type="别的")))
    t.ok(code == 3 and [f["field"] for f in doc["rows"]] == ["business_type"],
         "check finds it, too", doc)
    home.run("blue", "issue", home.file(invoice("T-3")), check=0)
    code, draft, _ = home.run("blue", "draft", home.file(invoice("T-4", business_type="批发")))
    t.same(home.run("types", "show", "批发")[1]["uses"], 1, "a draft counts as a use")
    refused(t, home.run("types", "remove", "批发"), "type.used", "what is used stays", "1 张")
    home.run("invoices", "void", draft["results"][0]["no"], check=0)
    t.same(home.run("types", "remove", "批发")[0], 0, "once it is not, it may go")
    code, doc, _ = home.run("invoices", "list", "--business-type", "零售业务")
    t.ok(doc["total"] == 1 and doc["rows"][0]["order_no"] == "T-1", "invoices by type", doc)
    code, doc, _ = home.run("types", "edit", no, "--name", "门店零售")
    t.ok(code == 0 and doc["uses"] == 1, "a used type is renamed", doc)
    code, doc, _ = home.run("invoices", "list", "--business-type", "门店零售")
    t.ok(doc["total"] == 1 and doc["rows"][0]["order_no"] == "T-1", "its invoices are found", doc)
    t.same(home.run("invoices", "show", "T-1")[1]["business_type"], "零售业务",
           "which keep their own text")
    t.ok("业务类型 零售业务" in home.run("invoices", "show", "T-1", json_out=False)[1],
         "and show it to people")
    code, doc, _ = home.run("blue", "issue", home.file(invoice("T-1", business_type="零售业务")))
    t.same(code, 0, "a repeat of the order answers as ever", doc)
    code, doc, _ = home.run("blue", "copy", "T-1")
    code, copy, _ = home.run("invoices", "show", doc["results"][0]["no"])
    t.same(copy["business_type"], "门店零售", "a copy has the present name")
    refused(t, home.run("invoices", "list", "--business-type", "没有"), "type.unknown",
            "a type that never was")


def exported(t, home):
    path = os.path.join(home.top, "types.xlsx")
    code, doc, err = home.run("types", "export", "-o", path)
    if not t.ok(code == 0 and zipfile.is_zipfile(path), "types are exported", doc, err):
        return
    with zipfile.ZipFile(path) as z:
        text = "".join(z.read(n).decode("utf-8", "replace") for n in z.namelist()
                       if n.endswith(".xml"))
    t.ok("门店零售" in text and "使用次数" in text, "with what they are called", text[:300])


def units(t, sb, home):
    other = next(u for u in sb.usings if u["tax_no"] != sb.using["tax_no"])
    home.add_using(sb, other, check=0)
    code, doc, err = home.run("types", "list", "--seller", other["tax_no"])
    t.ok(code == 0 and doc["total"] == 0, "another 销方 has types of its own", doc, err)
    code, doc, _ = home.run("types", "add", "--seller", other["tax_no"], "--name", "Retail")
    t.same(code, 0, "the same name may be there", doc)
    code, doc, _ = home.run("types", "list", "--seller", sb.using["tax_no"], "--find", "retail")
    t.same(doc["total"], 1, "and is counted for itself")
    home.run("--unit", sb.using["tax_no"], "types", "list", check=0)  # --seller chose for once only


def free_text(t, home):
    """Before anything is maintained any text passes; a type of that name takes it up."""
    home.run("blue", "issue", home.file(invoice("F-1", business_type="展会")), check=0)
    home.run("blue", "draft", home.file(invoice("F-2", business_type="展会")), check=0)
    code, doc, _ = home.run("invoices", "list", "--business-type", "展会")
    t.same(doc["total"], 2, "invoices are found by a text that is no type")
    t.same(home.run("types", "list")[1]["total"], 0, "which is not listed as one")
    code, doc, _ = home.run("types", "add", "--name", "展会")
    t.same(doc["uses"], 2, "added, it has the invoices that were issued with it")
    home.run("invoices", "void", "F-2", check=0)
    refused(t, home.run("types", "remove", "展会"), "type.used", "and is used", "1 张")


def main(t, sb, home):
    home.setup(sb)
    free_text(t, home)
    limits(t, home)
    no = maintained(t, home)
    issued(t, home, no)
    exported(t, home)
    units(t, sb, home)
    t.ok(home.audit_clean(), "the audit is clean")


with Tap() as tap, Sandbox() as sandbox, Home() as a_home:
    main(tap, sandbox, a_home)
