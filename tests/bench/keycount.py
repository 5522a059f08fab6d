"""Keys a person presses from an empty form to 开票成功, for typical invoices (tests/lib/typical.py),
counted while the script player presses them against the practice platform."""
import os
import subprocess
import sys
import tempfile

from measure import ROOT, Fault, Row

sys.path.append(os.path.join(ROOT, "tests", "lib"))

import typical  # noqa: E402  (path above)
from kp import KAIPIAO, Home, Sandbox  # noqa: E402

LIMIT = 120
OPEN = """
    wait screen home
    key F10
    wait screen blue
    sleep-until-idle
"""


def play(home, place, script):
    path = os.path.join(place, "script")
    with open(path, "w", encoding="utf-8") as f:
        f.write("size 24 80\n")
        f.writelines(line.strip() + "\n" for line in (OPEN + script).split("\n"))
    settings = {"KAIPIAO_SCRIPT": path, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    done = subprocess.run([KAIPIAO, "--home", home.path], env=home.environ(settings),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=LIMIT)
    if done.returncode:
        raise Fault("the player: " + done.stderr.decode(errors="replace"))


def measure():
    rows = []
    with tempfile.TemporaryDirectory(prefix="keys-") as place:
        home = Home(os.path.join(place, "home"))
        home.run("demo", "--headless", check=0)
        with Sandbox(state=os.path.join(home.path, "practice"), result_delay=200):
            for what, most, script in typical.INVOICES:
                play(home, place, script)
                count = typical.keys(script)
                rows.append(Row("keys to 开票成功: " + what, "%d keys" % count, "", "",
                                "<= %d" % most, count <= most))
    return rows
