#!/usr/bin/env python3
"""The engine and red letters: lists page by page, what the other side does, refusals, faults, two
at once, what comes by itself."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import kp  # noqa: E402

LIST, DETAIL, APPLY, ACT = "CXQDHZQRDLB", "CXQDHZQRDMX", "QDHZQRDSQ", "QDHZQRDQR"
ASAN = "asan" in os.environ.get("BUILD", "")  # which keeps what is freed
RSS_MAX = 64 * 1024  # KiB; a page and the database's own pages, whatever the number of letters


class Lab:
    def __init__(self):
        self.sb, self.home, self.count = kp.Sandbox(result_delay=0), kp.Home(), 0

    def __enter__(self):
        self.sb.start()
        self.home.setup(self.sb)
        self.home.quick(poll_first_ms=20, retry_base_ms=20, retry_max_ms=200, red_blue_wait_ms=50)
        return self

    def __exit__(self, *_):
        self.sb.__exit__()
        self.home.__exit__()

    def blue(self):
        self.count += 1
        _, doc, _ = self.home.run("blue", "issue", self.home.file(kp.invoice("R-%d" % self.count)),
                                  check=0)
        return doc["results"][0]["number"]

    def apply(self, blue, *more, check=None, env=None):
        return self.home.run("red", "apply", blue, "--role", "seller", "--reason", "01", *more,
                             check=check, env=env)

    def refresh(self, check=0, env=None):
        return self.home.run("red", "list", "--refresh", "--limit", "1000", check=check,
                             env=env)[1]["rows"]

    def letters(self, blue=None):
        return self.home.run("red", "list", "--limit", "1000", *(["--blue", blue] if blue else []),
                             check=0)[1]["rows"]

    def theirs(self, blue):
        return self.sb.get("/red?limit=1000&blue=" + blue)["rows"]

    def calls(self, service):
        return self.sb.get("/red?limit=1")["calls"].get(service, 0)

    def job(self):
        """Result of the newest sync of the seller's side."""
        rows = self.home.run("jobs", "list", "--kind", "red.sync", check=0)[1]["rows"]
        docs = [self.home.run("jobs", "show", r["id"], check=0)[1] for r in rows[:2]]
        return next(d for d in docs if d["payload"]["side"] == "seller")["result"]

    def fill(self, count, state, **more):
        self.sb.post("/red/fill", {"tax_no": self.sb.using["tax_no"], "count": count, "lines": 2,
                                   "role": "seller", "applicant": "seller", "state": state, **more})

    def peak(self, *args):
        """(exit code, KiB) of one verb."""
        p = subprocess.Popen(self.home.command(args), env=self.home.environ(),
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        return p.returncode, used.ru_maxrss


def pages(t):
    """E28: as the engine brings them."""
    with Lab() as lab:
        lab.fill(10000, "08", apart=60)
        calls = lab.calls(LIST)
        code, kib = lab.peak("--timeout", "120", "red", "list", "--refresh", "--limit", "1")
        t.ok(code == 0 and (ASAN or kib < RSS_MAX), "10,000 letters come in bounded memory",
             "exit %d, %d KiB" % (code, kib))
        result = lab.job()
        t.same((result["total"], result["seen"], result["added"], result["note"]),
               (10000, 10000, 10000, ""), "each once, and it says how far it is")
        t.ok(101 <= lab.calls(LIST) - calls <= 106, "in pages of a hundred",
             lab.calls(LIST) - calls)
        t.same(lab.calls(DETAIL), 0, "void ones are not asked for their lines")
        lab.refresh()
        result = lab.job()
        t.ok(result["added"] == result["changed"] == 0 and result["seen"] <= 10000,
             "again: nothing is new", result)


def broken_pages(t):
    with Lab() as lab:
        lab.fill(450, "01", apart=600)
        for name, faults in (
                ("a lost page", {"drop_reply": {"service": LIST, "times": 2}}),
                ("a cut page", {"truncate": {"service": LIST, "times": 1}}),
                ("no JSON", {"bad_json": {"service": LIST, "times": 2}}),
                ("a lost letter", {"drop_reply": {"service": DETAIL, "times": 3}}),
                ("too many at once", {"error": {"service": LIST, "text": "5001", "times": 1}})):
            lab.home.run("init")
            kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM red_letter_line")
            kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM red_history")
            kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM red_letter")
            kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM red_tally")
            kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM red_window")
            lab.sb.faults(**faults)
            lab.home.run("--timeout", "60", "red", "list", "--refresh", "--limit", "1")
            lab.sb.faults()
            lab.home.run("--timeout", "60", "sync", "--once", check=0)
            counts = lab.home.run("red", "counts", check=0)[1]["rows"]
            t.same([c["count"] for c in counts], [450], "%s: all are here in the end" % name)
        rows = lab.letters()
        shown = lab.home.run("red", "show", rows[-1]["confirmation_no"], check=0)[1]
        t.same(len(shown["lines"]), 2, "with their lines")


def other_side(t):
    """E29: and what the other party does."""
    with Lab() as lab:
        blues = [lab.blue() for _ in range(4)]
        lab.sb.post("/red/mark", {"blue": blues[0], "fpyt": "1"})
        _, doc, _ = lab.apply(blues[0], check=0)
        t.same(doc["situation"], "for-them", "a used invoice: the buyer is to confirm")
        lab.sb.post("/red/act", {"uuid": doc["uuid"], "do": "confirm"})
        for blue in blues[1:]:
            lab.sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        rows = {r["blue_number"]: r for r in lab.refresh()}
        t.same([rows[b]["situation"] for b in blues],
               ["issuable", "for-us", "for-us", "for-us"], "their doings are here")
        history = lab.home.run("red", "show", doc["confirmation_no"], check=0)[1]["history"]
        t.same([h["state"] for h in history][-2:], ["02", "04"], "a change of state is kept")
        # It became what it is behind our back: refused there, and then seen here.
        blue = lab.blue()
        lab.sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        row = next(r for r in lab.refresh() if r["blue_number"] == blue)
        lab.sb.post("/red/act", {"uuid": row["uuid"], "do": "revoke"})
        code, _, err = lab.home.run("red", "confirm", row["confirmation_no"])
        t.ok(code == 4 and "撤销" in err, "revoked meanwhile: refused with the state", code, err)
        t.same(lab.letters(blue)[0]["state"], "08", "and the state is here")
        # Confirmed in the tax bureau's own page: what was wanted is there.
        blue = lab.blue()
        lab.sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        row = next(r for r in lab.refresh() if r["blue_number"] == blue)
        lab.sb.post("/red/act", {"uuid": row["uuid"], "do": "confirm"})
        code, doc, err = lab.home.run("red", "confirm", row["confirmation_no"])
        t.ok(code == 0 and doc["state"] == "04", "confirmed elsewhere: done", code, err)
        lab.sb.post("/red/act", {"uuid": rows[blues[1]]["uuid"], "do": "revoke"})
        lab.sb.post("/clock", {"shift": 73 * 3600})
        rows = {r["blue_number"]: r for r in lab.refresh()}
        t.same([rows[b]["state"] for b in blues], ["04", "08", "07", "07"],
               "revoked, and void after 72 hours by the tax side's word")
        code, _, err = lab.home.run("red", "confirm", rows[blues[2]]["confirmation_no"])
        t.ok(code == 3 and "72" in err, "a void one is not confirmed", code, err)


def refused(t):
    with Lab() as lab:
        blue = lab.blue()
        lab.sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        code, doc, _ = lab.apply(blue)
        t.ok(code == 4 and doc["situation"] == "failed" and "红字确认单" in doc["message"],
             "another letter is running: refused in the tax side's words", code, doc)
        t.same(len(lab.theirs(blue)), 1, "and it is the only one")
        t.same(sorted(r["situation"] for r in lab.refresh() if r["blue_number"] == blue),
               ["failed", "for-us"], "the other one comes with the list")
        blue = lab.blue()
        lab.sb.faults(error={"service": APPLY, "text": "4057", "times": 1})
        code, doc, _ = lab.apply(blue)
        lab.sb.faults()
        t.ok(code == 4 and doc["situation"] == "failed", "a key that does not fit: refused", code)
        code, doc, err = lab.home.run("red", "again", "#%d" % doc["id"])
        t.ok(code == 0 and doc["situation"] == "issuable", "once more, after the mend", code, err)
        blue = lab.blue()
        lab.sb.faults(blue_unknown={"value": 0, "times": 3})
        code, doc, err = lab.apply(blue)
        t.ok(code == 0 and doc["state"] == "01", "not known there yet: again until it is", code,
             err)
        blue = lab.blue()
        lab.sb.faults(blue_unknown={"value": 0})
        lab.apply(blue, "--timeout", "1", env={"KAIPIAO_NOW": kp.later(0)})
        lab.home.run("sync", "--once", env={"KAIPIAO_NOW": kp.later(1860)})
        lab.sb.faults()
        t.same(lab.letters(blue)[0]["situation"], "failed", "not for longer than half an hour")


def numbers(t):
    """Amounts and counts as JSON numbers, codes as return codes, empty lists."""
    with Lab() as lab:
        lab.sb.faults(json_numbers=True, bi_returncode=True, empty_list=True)
        t.same(lab.refresh(), [], "nothing is there: said with an empty list")
        blue, other = lab.blue(), lab.blue()
        _, doc, _ = lab.apply(blue, check=0)
        lab.sb.post("/red/apply", {"blue": other, "role": "buyer", "reason": "01"})
        row = next(r for r in lab.refresh() if r["blue_number"] == other)
        t.same((row["net"], row["tax"], row["state"], row["entered_by"]),
               ("-100.00", "-13.00", "03", "buyer"), "a letter in numbers")
        _, shown, _ = lab.home.run("red", "confirm", row["confirmation_no"], check=0)
        t.same([(x["quantity"], x["net"], x["tax"], x["tax_rate"]) for x in shown["lines"]],
               [("-2", "-100.00", "-13.00", "0.13")], "its lines, too")
        code, again, _ = lab.home.run("red", "issue", row["confirmation_no"],
                                      doc["confirmation_no"])
        t.ok(code == 0 and all(r["state"] == "issued" for r in again["results"]),
             "and the red invoices of both", code, again)


def down(t):
    with Lab() as lab:
        blue = lab.blue()
        lab.sb.stop()
        code, doc, _ = lab.apply(blue, "--timeout", "2")
        t.ok(code in (5, 6) and doc["situation"] == "on-the-way",
             "the platform is away: recorded, not refused", code, doc)
        lab.sb.start()
        lab.home.run("unit", "list")
        port = lab.sb.address
        lab.home.run("unit", "set", lab.sb.direct["tax_no"], "--role", "direct", "--connect-to",
                     port)
        lab.home.run("--timeout", "30", "sync", "--once", check=0)
        t.same((lab.letters(blue)[0]["state"], len(lab.theirs(blue))), ("01", 1),
               "back: applied for once")


def two_at_once(t):
    with Lab() as lab:
        blues = [lab.blue() for _ in range(4)]
        lab.sb.faults(delay_ms={"service": APPLY, "value": 100})
        running = [lab.home.start("red", "apply", b, "--role", "seller", "--reason", "01")
                   for b in blues + blues]
        codes = [p.wait(60) for p in running]
        for p in running:
            p.stdout.close()
            p.stderr.close()
        lab.sb.faults()
        t.ok(sorted(codes) == [0] * 4 + [3] * 4, "eight clerks, four invoices: each once", codes)
        t.same([len(lab.theirs(b)) for b in blues], [1] * 4, "one letter each")
        t.same(lab.calls(APPLY), 4, "one application each")


def by_itself(t):
    with Lab() as lab:
        blue = lab.blue()
        lab.sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        lab.home.run("sync", "--once", check=0)
        t.same(lab.letters(), [], "0: nothing comes by itself")
        lab.home.quick(red_refresh_ms=600000)
        calls = lab.calls(LIST)
        lab.blue()
        t.same(lab.calls(LIST), calls, "who issues is not kept by lists")
        lab.home.run("sync", "--once", check=0)
        t.same([r["situation"] for r in lab.letters()], ["for-us"], "sync --once brings it")
        rows = len(lab.home.run("jobs", "list", "--kind", "red.sync", check=0)[1]["rows"])
        for _ in range(3):
            lab.home.run("sync", "--once", check=0)
        t.same(len(lab.home.run("jobs", "list", "--kind", "red.sync", check=0)[1]["rows"]), rows,
               "and the jobs do not pile up")
        lab.home.quick(red_refresh_ms=300)
        daemon = lab.home.start("sync", "--daemon", json_out=False)
        lab.sb.post("/red/act", {"uuid": lab.letters()[0]["uuid"], "do": "revoke"})
        seen = kp.wait_for(lambda: lab.letters()[0]["state"] == "08", 20)
        daemon.terminate()
        daemon.wait(20)
        daemon.stdout.close()
        daemon.stderr.close()
        t.ok(seen, "a service that runs sees it as time goes by")


def not_granted(t):
    """Nobody asked, and the tax side does not let the unit: said once, let be."""
    with Lab() as lab:
        lab.sb.faults(error={"code": "4061", "service": LIST})
        lab.home.quick(red_refresh_ms=300)
        lab.home.run("sync", "--once", check=0)
        rows = lab.home.run("jobs", "list", "--kind", "red.sync", check=0)[1]["rows"]
        t.same([r["state"] for r in rows], ["done", "done"], "it is no failure")
        t.ok(all("没有给本企业开通" in str(r) for r in rows), "it says why", rows)
        calls = lab.calls(LIST)
        daemon = lab.home.start("sync", "--daemon", json_out=False)
        time.sleep(2)
        daemon.terminate()
        daemon.wait(20)
        daemon.stdout.close()
        daemon.stderr.close()
        t.same(lab.calls(LIST), calls, "and is not asked for again and again")
        code, doc, _ = lab.home.run("health")
        t.same([f for f in doc["findings"] if f["check"] == "job"], [], "nor a finding of health")
        t.same(lab.home.run("red", "list", "--refresh")[0], 4, "who asks is told")
        lab.sb.faults()
        blue = lab.blue()
        lab.sb.post("/red/apply", {"blue": blue, "role": "buyer", "reason": "01"})
        lab.home.run("sync", "--once", check=0)
        t.same([r["situation"] for r in lab.letters()], ["for-us"], "once granted, it comes")


def main():
    parts = (pages, broken_pages, other_side, refused, numbers, down, two_at_once, by_itself,
             not_granted)
    wanted = sys.argv[1:]
    with kp.Tap() as t:
        for part in parts:
            if not wanted or part.__name__ in wanted:
                started = time.monotonic()
                part(t)
                print("# %s: %.1f s" % (part.__name__, time.monotonic() - started))


if __name__ == "__main__":
    main()
