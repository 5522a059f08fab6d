"""A home, a practice platform, and the questions every crash test asks afterwards.

Lab() sets a home up once; every test then issues orders under trouble, lets the engine recover
and asks problems(): is each order issued exactly once on both sides, is every number explained,
is the quota the same?
"""
import json
import subprocess

import kp

CRASHED = 86
QUICK = {"poll_first_ms": 20, "poll_max_ms": 100, "retry_base_ms": 20, "retry_max_ms": 200,
         "total_ms": 5000}


class Lab:
    def __init__(self, numbers=5000, quota="9000000.00", home=None, engine=None):
        self.sandbox = kp.Sandbox(result_delay=0)
        self.home = kp.Home(home)
        self.numbers, self.quota, self.engine = numbers, quota, {**QUICK, **(engine or {})}
        self.orders = []

    def __enter__(self):
        self.sandbox.start()
        self.home.setup(self.sandbox, numbers=self.numbers, quota=self.quota)
        self.must("numbers", "auto", "off")
        self.home.quick(**self.engine)
        return self

    def __exit__(self, *_):
        self.sandbox.__exit__()
        self.home.__exit__()

    def start(self, *args, text=None, crash_at=None):
        """A running command; its input is already written."""
        env = self.home.environ({"KAIPIAO_CRASH_AT": str(crash_at)} if crash_at else None)
        p = subprocess.Popen(self.home.command(args), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env=env)
        try:
            p.stdin.write((text or "").encode())
            p.stdin.close()
        except BrokenPipeError:
            pass
        p.stdin = None
        return p

    def finish(self, p):
        """(exit code, document or None when it died in the middle, stderr)."""
        out, err = p.communicate(timeout=kp.LIMIT)
        try:
            answer = json.loads(out) if out.strip() else None
        except ValueError:
            answer = None
        return p.returncode, answer, err.decode(errors="replace")

    def run(self, *args, text=None, crash_at=None):
        return self.finish(self.start(*args, text=text, crash_at=crash_at))

    def must(self, *args, text=None):
        code, answer, err = self.run(*args, text=text)
        if code != 0:
            raise RuntimeError("kaipiao %s: %d %s %s" % (" ".join(args), code, answer, err))
        return answer

    # ---- orders ----

    def order(self, price="11.30", name=None):
        """A fresh order as the JSON form wants it."""
        no = name or "T-%05d" % (len(self.orders) + 1)
        self.orders.append(no)
        order = kp.invoice(no)
        order["lines"][0].update(quantity="1", price=price)
        return order

    def orders_text(self, n):
        return json.dumps([self.order() for _ in range(n)], ensure_ascii=False)

    def recover(self):
        code, answer, err = self.run("--timeout", "60", "sync", "--once")
        return [] if code == 0 else ["sync --once: %d %s %s" % (code, answer, err)]

    # ---- the questions ----

    def ours(self):
        rows, cursor = {}, None
        while True:
            page = self.must("invoices", "list", "--limit", "1000",
                             *(["--cursor", str(cursor)] if cursor else []))
            for row in page["rows"]:
                rows[row["order_no"]] = row
            cursor = page["next"]
            if not cursor:
                return rows

    def theirs(self):
        return self.sandbox.invoices()

    def problems(self, missing_ok=()):
        """Everything that is not as after an undisturbed run; orders in missing_ok may never have
        been recorded (the process died before its first commit)."""
        found, ours, theirs = [], self.ours(), self.theirs()
        for no in self.orders:
            row = ours.get(no)
            if row is None:
                if no not in missing_ok:
                    found.append("%s is lost" % no)
            elif row["state"] != "issued":
                found.append("%s is %s: %s" % (no, row["state"], row["message"]))
        numbers = [row["number"] for row in ours.values()]
        if len(set(numbers)) != len(numbers):
            found.append("a number stands on two invoices")
        accepted = [i["number"] for i in theirs]
        if sorted(accepted) != sorted(numbers):
            found.append("numbers differ: ours %d, theirs %d" % (len(numbers), len(accepted)))
        found += ["%s accepted %s times" % (i["number"], i["times_accepted"]) for i in theirs
                  if i["times_accepted"] != 1]
        if self.sandbox.get("/state")["accepted_then_changed"]:
            found.append("an accepted number was sent with another content")
        return found + self.books()

    def books(self):
        code, audit, err = self.run("numbers", "audit")
        found = [] if code == 0 else ["numbers audit: %d %s %s" % (code, audit, err)]
        show = self.must("quota", "show")
        if show["reserved"] != "0.00":
            found.append("quota still reserved: %s" % show["reserved"])
        rows = [q for q in self.sandbox.get("/quota")["rows"]
                if q["tax_no"] == self.sandbox.using["tax_no"]]
        if [show["unused"]] != [q["unused"] for q in rows]:
            found.append("quota: ours %s, theirs %s" % (show["unused"], rows))
        return found
