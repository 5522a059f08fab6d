#!/usr/bin/env python3
"""Names of files that promise another format than is written are refused, wherever one goes out."""
import os
import zipfile

from kp import Home, Sandbox, Tap, invoice

SHEETS = (("buyers", "export"), ("goods", "export"), ("buyers", "template"), ("goods", "template"),
          ("blue", "template"), ("batch", "template"),
          ("invoices", "export"), ("reconcile", "export", "1"), ("report", "by", "kind"))


def refused(t, home, words, name, *said):
    path = os.path.join(home.top, name)
    code, doc, err = home.run(*words, "-o", path)
    t.ok(code == 2 and all(s in err for s in said) and not os.path.exists(path),
         "%s -o %s is refused" % (" ".join(words), name), code, doc, err)


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        home.run("blue", "issue", home.file(invoice("F-1")), check=0)
        for words in SHEETS:
            for name in ("x.pdf", "x.ods", "x.XLS"):
                refused(t, home, words, name, ".xlsx", ".csv")
            refused(t, home, (*words, "--csv", "utf8"), "x.xlsx", "CSV")
        path = os.path.join(home.top, "records.csv")
        home.run("invoices", "export", "-o", path, check=0)
        with open(path, encoding="utf-8-sig") as f:
            t.ok(f.readline().startswith("序号,发票代码"), "a name that promises CSV gets CSV")
        path = os.path.join(home.top, "2026.11")
        home.run("invoices", "export", "-o", path, check=0)
        t.ok(zipfile.is_zipfile(path), "a date is no promise")
        month = home.run("invoices", "show", "F-1")[1]["issued_at"][:7]
        refused(t, home, ("invoices", "zip", "--month", month), "x.rar", ".zip")
        path = os.path.join(home.top, "x.zip")
        home.run("invoices", "zip", "--month", month, "-o", path, check=0)
        refused(t, home, ("invoices", "file", "F-1"), "x.docx", ".pdf", ".ofd", ".xml")
        refused(t, home, ("invoices", "file", "F-1", "--format", "ofd"), "x.pdf", "ofd")
        for name, start in (("x.ofd", b"PK"), ("x.xml", b"<?xml"), ("x.PDF", b"%PDF"),
                            ("plain", b"%PDF")):
            path = os.path.join(home.top, name)
            home.run("invoices", "file", "F-1", "-o", path, check=0)
            with open(path, "rb") as f:
                t.ok(f.read(8).startswith(start), "%s is what it promises" % name)


if __name__ == "__main__":
    main()
