#!/usr/bin/env python3
"""A verification nobody answers ends after a while, with its reason; what was verified stays so
(features C5)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import kp  # noqa: E402

NOBODY = "https://127.0.0.1:1/access/v2/invoke"


def last_verify(home):
    rows = [r for r in home.run("jobs", "list")[1]["rows"] if r["kind"] == "unit.verify"]
    return max(rows, key=lambda r: r["id"])


with kp.Tap() as t, kp.Sandbox() as sb, kp.Home() as home:
    home.run("init", check=0)
    home.quick()
    home.add_units(sb)
    tax_no = sb.direct["tax_no"]
    home.run("unit", "verify", tax_no, "--role", "direct", check=0)
    kp.sql(home.path + "/kaipiao.db",
           "UPDATE unit SET connect_to = '', url = '%s' WHERE role = 'direct'" % NOBODY)
    home.run("unit", "verify", tax_no, "--role", "direct", "--timeout", "1")
    kp.sql(home.path + "/kaipiao.db", "UPDATE job SET created_at = created_at + 3600")
    t.same(last_verify(home)["state"], "ready", "it is tried again while somebody may wait")
    kp.sql(home.path + "/kaipiao.db", "UPDATE job SET attempts = 6, created_at = created_at - 7200")
    home.run("unit", "verify", tax_no, "--role", "direct", "--timeout", "5")
    row = last_verify(home)
    t.ok(row["state"] == "failed" and "不再自动重试" in str(row), "then it ends and says so", row)
    units = [u for u in home.run("unit", "list")[1]["rows"] if u["role"] == "direct"]
    t.same(units[0]["state"], "verified", "the line says nothing of the unit", units)
