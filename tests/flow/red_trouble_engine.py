#!/usr/bin/env python3
"""Red letters where something is wrong: a backup that is restored, a tax side that gives what
cannot be read, clocks that differ, lists that lie."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import kp  # noqa: E402
from liar import Liar  # noqa: E402

LIST, DETAIL, APPLY, ACT = "CXQDHZQRDLB", "CXQDHZQRDMX", "QDHZQRDSQ", "QDHZQRDQR"
TEN = [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台", "quantity": "10",
        "price": "113", "tax_rate": "0.13"}]
NOTHING = {"returncode": "00", "returnmsg": "", "hzqrxxList": {"total": "0", "list": []}}
GONE = {"returncode": "01", "returnmsg": "[RI4000] 未查询到"}


class Lab:
    def __init__(self, lies=False, numbers=20):
        self.sb, self.home, self.lies, self.numbers = kp.Sandbox(result_delay=0), kp.Home(), lies, \
            numbers
        self.liar, self.made = None, 0

    def __enter__(self):
        self.sb.start()
        if self.lies:
            self.liar = Liar(self.sb)
        self.home.setup(self.sb, numbers=self.numbers)
        if self.liar:
            self.home.run("unit", "set", self.sb.direct["tax_no"], "--role", "direct",
                          "--connect-to", self.liar.address, check=0)
        self.home.quick(poll_first_ms=20, retry_base_ms=20, retry_max_ms=200, red_blue_wait_ms=50)
        return self

    def __exit__(self, *_):
        if self.liar:
            self.liar.close()
        self.sb.__exit__()
        self.home.__exit__()

    def blue(self, **changes):
        self.made += 1
        path = self.home.file(kp.invoice("R-%d" % self.made, **changes))
        return self.home.run("blue", "issue", path, check=0)[1]["results"][0]["number"]

    def apply(self, blue, *more, reason="01", **how):
        return self.home.run("--timeout", "20", "red", "apply", blue, "--role", "seller",
                             "--reason", reason, *more, **how)

    def received(self, blue=None):
        """A letter the buyer entered."""
        return self.sb.post("/red/apply", {"blue": blue or self.blue(), "role": "buyer",
                                           "reason": "01"})

    def fill(self, count, state, **more):
        self.sb.post("/red/fill", dict({"tax_no": self.sb.using["tax_no"], "count": count,
                                        "lines": 1, "role": "seller", "applicant": "seller",
                                        "state": state, "apart": 1}, **more))

    def refresh(self, *more, seconds=20, env=None):
        return self.home.run("--timeout", seconds, "red", "list", "--refresh", "--limit", "1000",
                             *more, env=env)

    def sync(self, seconds=20, **how):
        return self.home.run("--timeout", seconds, "sync", "--once", **how)

    def letters(self, blue=None):
        return self.home.run("red", "list", "--limit", "1000", *(["--blue", blue] if blue else []),
                             check=0)[1]["rows"]

    def theirs(self, blue):
        return self.sb.get("/red?limit=1000&blue=" + blue)["rows"]

    def calls(self, service):
        return self.sb.get("/red?limit=1")["calls"].get(service, 0)

    def sql(self, statement):
        kp.sql(self.home.path + "/kaipiao.db", statement)

    def count(self, query):
        return kp.count(self.home.path + "/kaipiao.db", query)

    def backup(self):
        path = self.home.top + "/b.kpb"
        self.home.run("backup", path, check=0)
        return path


def restored(t):
    """What a restored backup was about to send has been sent long since."""
    for name, wish in (("partial", {"line": 1, "quantity": "3"}), ("revoked", None)):
        with Lab() as lab:
            h, blue = lab.home, lab.blue(lines=TEN)
            more = ["--lines", h.file([wish])] if wish else []
            lab.apply(blue, "--no-wait", *more, reason="02", check=0)
            backup = lab.backup()
            lab.sync()
            no = lab.letters(blue)[0]["confirmation_no"]
            code, _, err = h.run("red", *(["issue", no] if wish else ["revoke", no]))
            t.same(code, 0, "%s: done with what was applied for" % name, err)
            time.sleep(1.1)
            h.run("restore", backup, check=0)
            lab.sync()
            t.same([lab.calls(APPLY), len(lab.theirs(blue))], [1, 1],
                   "%s: after the restore it is not applied for again" % name)
            t.same([r["confirmation_no"] for r in lab.letters(blue)], [no], "but found")
    with Lab() as lab:
        blue = lab.blue()
        lab.apply(blue, "--no-wait", check=0)
        lab.home.run("restore", lab.backup(), check=0)
        lab.sync()
        t.same([lab.calls(APPLY), [r["situation"] for r in lab.letters(blue)]], [1, ["issuable"]],
               "one that was never sent goes out once the list does not have it")
    with Lab() as lab:
        letter = lab.received()
        lab.refresh()
        lab.home.run("--no-wait", "red", "confirm", letter["number"])
        backup = lab.backup()
        lab.sync()
        time.sleep(1.1)
        lab.home.run("restore", backup, check=0)
        lab.sync()
        t.same([lab.calls(ACT), lab.letters()[0]["state"]], [1, "04"],
               "an answer in the backup: looked at, not sent again")


def main():
    parts = (restored,)
    wanted = sys.argv[1:]
    with kp.Tap() as t:
        for part in parts:
            if not wanted or part.__name__ in wanted:
                started = time.monotonic()
                part(t)
                print("# %s: %.1f s" % (part.__name__, time.monotonic() - started))


if __name__ == "__main__":
    main()
