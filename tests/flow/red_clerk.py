#!/usr/bin/env python3
"""Red letters as a clerk meets them: refused applications, what is under way, one buyer for a blue
invoice and its red one, finding, advice."""
from kp import Home, Sandbox, Tap, invoice


def line(name="打印机", quantity="4", price="100.00"):
    return {"name": name, "tax_code": "1090509010000000000", "unit": "台", "quantity": quantity,
            "price": price, "tax_rate": "0.13"}


def issue(home, order, **more):
    """The number of a new blue invoice."""
    _, doc, _ = home.run("blue", "issue", home.file(invoice(order, prices_include_tax=False,
                                                            lines=[line()], **more)), check=0)
    return doc["results"][0]["number"]


def apply(home, blue, *more, role="seller", reason="01"):
    return home.run("red", "apply", blue, "--role", role, "--reason", reason, *more)


def reverse(home, blue):
    """The number of the red invoice of all of it, and of its letter."""
    code, doc, err = apply(home, blue)
    assert code == 0, err
    _, made, _ = home.run("red", "issue", doc["confirmation_no"], check=0)
    return made["results"][0]["number"], doc["confirmation_no"]


def person(t):
    """N26, N48: the red invoice of a natural person is of the same buyer as the blue one."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        blue = issue(home, "P-1", buyer={"name": "陈晓雯", "is_person": True})
        red, _ = reverse(home, blue)
        buyer = home.run("invoices", "show", red)[1]["buyer"]
        t.same([buyer["name"], buyer["is_person"]], ["陈晓雯", True], "the blue one's buyer")
        rows = home.run("report", "by", "buyer")[1]["rows"]
        t.ok(len(rows) == 1 and rows[0]["net"] == "0.00" and rows[0]["label"] == "陈晓雯",
             "the report has one buyer, with nothing left", rows)
        sent = sb.get("/requests?service=QDFPSC&limit=1")["rows"][0]["request"]
        t.ok("陈晓雯（个人）" in sent, "sent with the mark", sent)


def main():
    with Tap() as t:
        for part in (person,):
            part(t)


if __name__ == "__main__":
    main()
