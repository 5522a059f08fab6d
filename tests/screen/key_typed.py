#!/usr/bin/env python3
"""C6: a key that was typed and saved is in no core image of the workstation afterwards."""
import os
import subprocess
import tempfile
import time

import coreimage
import kp

KEY = "5ce1a7b29d3f4460815277aa0b3c9d1e"


def script(sb):
    """In pieces, since the script itself is in memory."""
    d = sb.direct
    return """
        size 24 80
        wait screen home
        wait text 开始使用
        key Enter
        wait screen wizard
        wait state direct
        key Right Right
        key Tab
        type %s
        key Enter
        type %s
        key Enter
        type %s
        key Enter
        type %s
        type %s
        type %s
        key Enter Ctrl-U
        type %s
        key Enter
        type %s
        key Enter
        type %s
        key Ctrl-S
        sleep-until-idle
        dump saved
        key Esc
        key Esc
        sleep-until-idle
        dump left
        wait text 没有这样的字
    """ % (d["name"], d["tax_no"], d["leqi_id"], KEY[:12], KEY[12:22],
           KEY[22:], sb.url(), sb.address, sb.info["ca_file"])


def traces(data):
    """Whole or as a rest across the seams of the pieces."""
    return [n for n, v in (("hex", KEY.encode()), ("bytes", bytes.fromhex(KEY)),
                           ("HEX", KEY.upper().encode()), ("first seam", KEY[6:18].encode()),
                           ("second seam", KEY[16:28].encode()),
                           ("half of the bytes", bytes.fromhex(KEY[16:]))) if v in data]


with kp.Tap() as t, kp.Sandbox() as platform, kp.Home() as home, \
        tempfile.TemporaryDirectory() as work:
    home.run("init", check=0)
    path = os.path.join(work, "script")
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(line.strip() for line in script(platform).strip().split("\n")) + "\n")
    p = subprocess.Popen([kp.KAIPIAO, "--home", home.path], cwd=work, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         env=home.environ({"KAIPIAO_SCRIPT": path, "LC_ALL": "C.UTF-8",
                                           "NO_COLOR": "1"}))
    try:
        left = kp.wait_for(lambda: os.path.exists(os.path.join(work, "left")), 40)
        time.sleep(0.3)
        t.ok(left, "the key was typed and saved, the form left")
        for name in ("saved", "left"):
            with open(os.path.join(work, name), encoding="utf-8") as f:
                shown = f.read()
            t.ok(KEY not in shown, "%s: no screen shows it" % name, shown)
        seen = coreimage.memory(p.pid)
        if seen is None:
            t.skip("core image", "memory of others may not be read here")
        else:
            t.ok(b"kaipiao.db" in seen[0], "an image of the workstation", len(seen[0]))
            t.same(traces(seen[0]), [], "does not hold it")
        taken = coreimage.by_debugger(p.pid)
        if taken:
            t.same(traces(taken), [], "nor does a core file of a debugger")
        else:
            t.skip("a core file of a debugger", "no gcore")
    finally:
        p.terminate()
        p.wait(20)
    code, doc, _ = home.run("unit", "show", platform.direct["tax_no"], "--role", "direct")
    t.ok(code == 0 and doc["key"] == "****" + KEY[-4:], "it is stored", doc)
