#!/usr/bin/env python3
"""批量开票 does not answer for a person: an order about which a form would ask is kept back until
somebody says that it was confirmed."""
import os

from kp import Home, Sandbox, Tap
from orders import book, head, line


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)
        path = book(os.path.join(home.top, "r.xlsx"), [head("Q1"), head("Q2")],
                    [line("Q1", 税率="0.5%"), line("Q2")])
        code, doc, err = home.run("batch", "add", path, "--dry-run")
        t.ok((doc["ready"], doc["bad"]) == (1, 1), "a reduced rate is kept back", code, doc, err)
        said = [f for f in doc["faults"] if not f["warning"]]
        t.ok(len(said) == 1 and said[0]["order_no"] == "Q1" and "减征" in said[0]["text"]
             and "--confirmed" in said[0]["text"], "with what would be asked", said)
        code, doc, err = home.run("batch", "add", path, "--confirmed")
        t.ok(code == 0 and (doc["ready"], doc["bad"], doc["warned"]) == (2, 0, 1),
             "confirmed, it is a warning", doc, err)
        code, doc, err = home.run("blue", "issue", path)
        t.ok(code == 3 and not sb.invoices(), "blue issue keeps all of it back", code, doc, err)
        t.same(home.run("blue", "check", path)[0], 3, "blue check says so")
        t.same(home.run("blue", "check", path, "--confirmed")[0], 0, "unless it was confirmed")
        code, doc, err = home.run("blue", "issue", path, "--confirmed")
        t.ok(code == 4 and [r["state"] for r in doc["results"]] == ["failed", "issued"],
             "confirmed, both are sent; the tax side does not know the rate", code, doc, err)


if __name__ == "__main__":
    main()
