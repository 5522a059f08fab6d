#!/usr/bin/env python3
"""A direct unit that is edited while the tax side is asked: the answer speaks of what was asked, so
that it verifies nothing else (features C12 C15)."""
import time

from kp import Home, Sandbox, Tap


def said(done):
    return "".join(x.decode() if isinstance(x, bytes) else x or "" for x in done)


def edited(t, sb, home):
    d = sb.direct
    home.setup(sb, numbers=0, quota=None)
    home.run("unit", "edit", d["tax_no"], "--role", "direct", "--project", "甲", "--leqi-id",
             d["leqi_id"], check=0)
    before = sb.requests()
    sb.faults(delay_ms=4000)
    verify = home.start("unit", "verify", d["tax_no"], "--role", "direct")
    until = time.monotonic() + 20
    while sb.requests() == before and time.monotonic() < until:
        time.sleep(0.05)
    home.run("unit", "edit", d["tax_no"], "--role", "direct", "--leqi-id", sb.using["leqi_id"],
             check=0)
    words = said(verify.communicate(timeout=60))
    show = home.run("unit", "show", d["tax_no"], "--role", "direct", check=0)[1]
    t.ok("又改过" in words and verify.returncode != 0, "the answer to the old 乐企ID is void", words)
    t.ok('"verified"' not in str(show) and "'verified'" not in str(show),
         "and does not verify the new one", show)
    sb.faults()
    home.run("unit", "edit", d["tax_no"], "--role", "direct", "--leqi-id", d["leqi_id"], check=0)
    t.same(home.run("unit", "verify", d["tax_no"], "--role", "direct")[0], 0, "asked again it is")


with Tap() as tap, Sandbox() as platform, Home() as place:
    edited(tap, platform, place)
