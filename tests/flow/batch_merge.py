#!/usr/bin/env python3
"""合并 of orders that wait in a batch: sums exact, 流水号 of the sources used up."""
from kp import BASE, Home, Sandbox, Tap, invoice

OTHER = {"name": "广州市海珠区别家公司", "tax_no": "91440300MAKP0A011Y"}


def line(price, quantity="1", **more):
    return dict(BASE["lines"][0], price=price, quantity=quantity, **more)


def cents(text):
    return int(text.replace(".", "").replace(",", ""))


def add(home, *orders):
    return home.run("batch", "add", home.file(list(orders)), check=0)[1]["batch"]


def shown(home, batch):
    doc = home.run("batch", "show", batch, "--limit", "1000")[1]
    return doc["batch"] if "batch" in doc else doc, {r["order_no"]: r for r in doc["rows"]}, doc


def figures(rows):
    return tuple(sum(cents(r[k]) for r in rows if r["state"] != "skipped")
                 for k in ("net", "tax", "gross"))


def orders(name):
    """Prices whose cents do not divide: sums of roundings, not roundings of sums."""
    return [invoice(name + str(i), lines=[line(p), line("0.07", "3")])
            for i, p in enumerate(("33.33", "66.67", "0.01", "12.34"), 1)]


def merged(t, home):
    batch = add(home, *orders("M"))
    _, before, head = shown(home, batch)
    was = figures(before.values())
    code, doc, err = home.run("batch", "merge", batch, "M1", "M3", "M4", "--dry-run")
    part = doc["parts"][0]
    t.ok(code == 0 and doc["dry_run"] and doc["into"] == 1 and part["order_no"] == "M1+2"
         and part["lines"] == 6, "what it would be is shown", doc, err)
    t.same(shown(home, batch)[1], before, "and nothing is done")
    want = tuple(sum(cents(before[o][k]) for o in ("M1", "M3", "M4"))
                 for k in ("net", "tax", "gross"))
    t.same(tuple(cents(part[k]) for k in ("net", "tax", "gross")), want, "its sums are exact")
    code, doc, err = home.run("batch", "merge", batch, "M1", "#3", "4")
    t.ok(code == 0 and not doc["dry_run"] and doc["parts"][0] == part, "then it is done", doc, err)
    _, rows, head = shown(home, batch)
    t.ok(rows["M1+2"]["seq"] == 1 and rows["M1+2"]["state"] == "ready"
         and [rows[o]["state"] for o in ("M3", "M4")] == ["skipped"] * 2
         and "已并入第 1 张" in rows["M3"]["reason"], "one is the whole, two are left out", rows)
    t.same(figures(rows.values()), was, "sums of the batch stay to the fen")
    listed = [b for b in home.run("batch", "list")[1]["rows"] if b["id"] == batch][0]
    t.same(tuple(cents(listed[k]) for k in ("net", "tax", "gross")), was, "in its head too", listed)
    t.same((listed["ready"], listed["skipped"]), (2, 2), "so do the counts")
    t.same(cents(head["plan"]["gross"]), was[2], "and in what would be issued", head["plan"])
    return batch


def used(t, home, batch):
    for no in ("M1", "M3", "M4"):
        code, doc, err = home.run("blue", "issue", home.file(invoice(no)))
        t.ok(code == 3 and doc["error"]["code"] == "order.used" and "第 1 张" in err,
             "%s is not issued by itself" % no, doc, err)
    code, doc, err = home.run("batch", "unskip", batch, 3)
    t.ok(code == 3 and "已并入" in err, "nor taken in again", err)
    report = home.run("batch", "add", home.file(orders("M")))[1]
    t.ok(report["bad"] == 3 and report["ready"] == 1, "nor read again", report)
    home.run("batch", "cancel", report["batch"], check=0)
    code, doc, err = home.run("batch", "merge", batch, "M1+2", "M2", "--order-no", "M-ALL",
                              "--add-up")
    t.ok(code == 0 and doc["parts"][0]["order_no"] == "M-ALL" and doc["added_up"] == 2,
         "what was merged is merged again", doc, err)
    for no in ("M1", "M1+2", "M3", "M2"):
        code, doc, _ = home.run("blue", "issue", home.file(invoice(no)))
        t.ok(code == 3 and doc["error"]["code"] == "order.used", "%s is used, too" % no, doc)
    gross = cents(shown(home, batch)[1]["M-ALL"]["gross"])
    home.run("batch", "start", batch, check=0)
    _, rows, _ = shown(home, batch)
    t.ok(rows["M-ALL"]["state"] == "issued", "it is issued", rows)
    one = home.run("invoices", "show", "M-ALL")[1]
    t.same(cents(one["gross_amount"]), gross, "with the same sum")
    code, doc, _ = home.run("blue", "issue", home.file(invoice("M3")))
    t.ok(code == 3 and doc["error"]["code"] == "order.used", "and still they are used", doc)


def refused(t, home):
    batch = add(home, invoice("R1"), invoice("R2", buyer=OTHER), invoice("R3"), invoice("R4"),
                invoice("R5", lines=[dict(BASE["lines"][0], tax_code="123")]))
    before = shown(home, batch)[1]
    home.run("batch", "skip", batch, 4, check=0)
    for args, words in ((("R1", "R2"), "购方"), (("R1", "R4"), "只有待开的"),
                        (("R1", "R5"), "只有待开的"), (("R1", "1"), "写了两次"),
                        (("R1", "R9"), "没有 R9"), (("R1", "99"), "没有 99"),
                        (("R1", "R3", "--order-no", "M-ALL"), "已经有了")):
        for dry in ((), ("--dry-run",)):
            code, doc, err = home.run("batch", "merge", batch, *args, *dry)
            t.ok(code == 3 and words in err, "%s is refused %s" % (" ".join(args), dry), err)
    home.run("batch", "unskip", batch, 4, check=0)
    t.same(shown(home, batch)[1], before, "nothing has changed")
    home.run("batch", "merge", batch, "R1", "R3", check=0)
    code, doc, err = home.run("batch", "merge", batch, "R4", "R3")
    t.ok(code == 3 and "不开" in err, "what is merged is not merged elsewhere", err)
    home.run("batch", "cancel", batch, check=0)
    for no in ("R1", "R3"):
        t.same(home.run("blue", "issue", home.file(invoice(no)))[0], 0,
               "the batch cancelled, %s is free" % no)
    code, doc, err = home.run("batch", "merge", batch, "R4", "R2")
    t.ok(code == 3 and "已取消" in err, "a batch that is over merges nothing", err)


def skipped_sums(t, home):
    batch = add(home, *orders("S"))
    one = shown(home, batch)[1]
    home.run("batch", "skip", batch, 2, check=0)
    head = [b for b in home.run("batch", "list")[1]["rows"] if b["id"] == batch][0]
    t.same(cents(head["gross"]), figures(one.values())[2] - cents(one["S2"]["gross"]),
           "价税合计 leaves out what is skipped", head)
    home.run("batch", "unskip", batch, 2, check=0)
    head = [b for b in home.run("batch", "list")[1]["rows"] if b["id"] == batch][0]
    t.same(cents(head["gross"]), figures(one.values())[2], "and has it again")
    home.run("batch", "cancel", batch, check=0)
    head = [b for b in home.run("batch", "list")[1]["rows"] if b["id"] == batch][0]
    t.same((head["net"], head["tax"], head["gross"]), ("0.00",) * 3, "cancelled: nothing", head)


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        used(t, home, merged(t, home))
        refused(t, home)
        skipped_sums(t, home)
        t.ok(home.audit_clean(), "the audit is clean")


if __name__ == "__main__":
    main()
