#!/usr/bin/env python3
"""Red letters where something is wrong: a backup that is restored, a tax side that gives what
cannot be read, clocks that differ, lists that lie."""
import datetime
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import kp  # noqa: E402
from liar import Liar  # noqa: E402

CHINA = datetime.timezone(datetime.timedelta(hours=8))
LIST, DETAIL, APPLY, ACT = "CXQDHZQRDLB", "CXQDHZQRDMX", "QDHZQRDSQ", "QDHZQRDQR"
TEN = [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台", "quantity": "10",
        "price": "113", "tax_rate": "0.13"}]
NOTHING = {"returncode": "00", "returnmsg": "", "hzqrxxList": {"total": "0", "list": []}}
GONE = {"returncode": "01", "returnmsg": "[RI4000] 未查询到"}


def days_ago(n, form="%Y-%m-%d"):
    return (datetime.datetime.now(CHINA) - datetime.timedelta(days=n)).strftime(form)


class Lab:
    def __init__(self, lies=False, numbers=20):
        self.sb, self.home, self.lies, self.numbers = kp.Sandbox(result_delay=0), kp.Home(), lies, \
            numbers
        self.liar, self.made = None, 0

    def __enter__(self):
        self.sb.start()
        if self.lies:
            self.liar = Liar(self.sb)
        self.setup()
        self.home.quick(poll_first_ms=20, retry_base_ms=20, retry_max_ms=200, red_blue_wait_ms=50)
        return self

    def setup(self):
        h = self.home
        h.run("init", check=0)
        h.quick()
        h.add_units(self.sb, connect_to=self.liar.address if self.liar else None)
        for unit, role in ((self.sb.direct, "direct"), (self.sb.using, "using")):
            h.run("unit", "verify", unit["tax_no"], "--role", role, check=0)
        h.run("taxpayer", "sync", check=0)
        if self.numbers:
            h.run("taxcodes", "sync", check=0)
            h.run("numbers", "claim", self.numbers, check=0)
            h.run("quota", "download", "1000000.00", check=0)

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


def unread(t):
    """One letter that cannot be read keeps nobody else waiting."""
    with Lab(lies=True) as lab:
        blues = [lab.blue() for _ in range(3)]
        rows = [lab.received(b) for b in blues]

        def hook(request, answer):
            letter = answer.get("data", answer)
            if letter.get("lzfphm") == blues[0]:
                for line in letter.get("hzqrxxmxList") or letter["hzqrdmxList"]:
                    line["sl1"] = "免税"
            if letter.get("lzfphm") == blues[1]:
                letter["hzcxje"] = "?"
            return answer
        lab.liar.hooks[DETAIL] = hook
        code, doc, err = lab.refresh()
        t.same([code, len(doc["rows"])], [0, 3], "the refresh ends", err)
        t.same(lab.count("SELECT COUNT(*) FROM red_letter WHERE detail_at > 0"), 1,
               "the one that can be read has its lines")
        t.same(lab.count("SELECT COUNT(*) FROM red_window WHERE side = 0"), 1, "it is complete")
        code, _, err = lab.home.run("--timeout", "10", "red", "confirm", rows[2]["number"])
        t.same(code, 0, "and can be answered", err)


def tomorrow(t):
    """The tax side has a state that is not among ours."""
    with Lab(lies=True) as lab:
        blue = lab.blue()
        lab.apply(blue, check=0)
        lab.sql("UPDATE red_letter SET synced_at = synced_at - 7200")
        lab.liar.before[LIST] = lambda request: NOTHING
        lab.liar.hooks[DETAIL] = lambda request, answer: dict(answer, hzqrxxztDm="14")
        t.same(lab.refresh()[0], 0, "an open letter goes there: the refresh ends")
        row = lab.letters()[0]
        t.same([row["state"], row["situation"], "14" in row["message"]],
               [None, "on-the-way", True], "unknown, with its code", row)
        code, _, err = lab.home.run("red", "issue", row["confirmation_no"])
        t.ok(code == 3 and "不认识" in err, "no invoice is made of it", code, err)
        lab.sync()
        t.same(lab.count("SELECT COUNT(*) FROM job WHERE kind = 'red.apply'"), 1,
               "nor is it applied for")
        lab.liar.hooks.clear()
        lab.liar.before.clear()
        lab.refresh()
        row = lab.letters()[0]
        t.same([row["state"], row["message"]], ["01", None], "and back: the word goes with it")
        letter = lab.received()
        lab.refresh()
        lab.sb.faults(drop_reply={"service": ACT, "times": 1})
        lab.liar.hooks[DETAIL] = lambda request, answer: dict(answer, hzqrxxztDm="?" * 3,
                                                              lrfsf="9")
        code, _, err = lab.home.run("--timeout", "15", "red", "confirm", letter["number"])
        t.ok(code == 4 and "读不出来" in err, "an answer in doubt, a letter nobody can read: it ends",
             code, err)
        lab.liar.hooks.clear()
        lab.refresh()
        row = [r for r in lab.letters() if r["confirmation_no"] == letter["number"]][0]
        t.same(row["state"], "04", "the list brings what became of it", row)


def starving(t):
    """Letters the tax side does not know any more do not take the turn of others."""
    with Lab(lies=True, numbers=0) as lab:
        lab.fill(30, "02", apart=60)
        lab.refresh()
        lab.sql("UPDATE red_letter SET synced_at = synced_at - 7200 - 100 * (id IN"
                " (SELECT id FROM red_letter ORDER BY id LIMIT 10))")
        rows = sorted(lab.letters(), key=lambda r: r["id"])
        gone = {r["uuid"] for r in rows[:10]}
        lab.liar.before[LIST] = lambda request: NOTHING
        lab.liar.before[DETAIL] = lambda request: GONE if request["uuid"] in gone else None
        for row in rows[10:]:
            lab.sb.post("/red/state", {"uuid": row["uuid"], "state": "05"})
        code, _, err = lab.refresh()
        t.same([code, lab.count("SELECT COUNT(*) FROM red_letter WHERE state = 5")], [0, 20],
               "the others are asked", err)


def clocks(t):
    """This machine's clock and the tax side's differ, and an answer is lost."""
    for hours in (-30, -3, 3, 30):
        with Lab() as lab:
            blue, name = lab.blue(), "%+d h" % hours
            lab.sb.faults(drop_reply={"service": APPLY, "times": 1})
            env = {"KAIPIAO_NOW": kp.later(hours * 3600)}
            lab.home.run("taxpayer", "sync", env=env)
            lab.apply(blue, env=env)
            for minutes in (1, 2):
                lab.sync(env={"KAIPIAO_NOW": kp.later(hours * 3600 + minutes * 60)})
            rows = lab.letters(blue)
            t.same([[r["situation"] for r in rows], lab.calls(APPLY), len(lab.theirs(blue))],
                   [["issuable"], 1, 1], "%s: ours is found, and nothing goes out twice" % name,
                   rows)
    with Lab() as lab:
        blue = lab.blue()
        lab.sb.faults(drop_reply={"service": APPLY, "times": 1})
        env = {"KAIPIAO_NOW": kp.later(30 * 3600)}
        lab.home.run("taxpayer", "sync", env=env)
        lab.sb.faults(drop_reply={"service": APPLY, "times": 1},
                      error={"service": LIST, "text": "5001"})
        lab.home.run("--timeout", "2", "red", "apply", blue, "--role", "seller", "--reason", "01",
                     env=env)
        lab.sb.faults()
        lab.sync()
        lab.refresh()
        t.same([[r["situation"] for r in lab.letters(blue)], lab.calls(APPLY)], [["issuable"], 1],
               "a clock that was put right meanwhile")


def no_after_all(t):
    """A no to an application that went through: the list is looked at before it is believed."""
    for text in ("处理失败，请稍后再试", "98 超过频率限制"):
        with Lab(lies=True) as lab:
            blue, said = lab.blue(), []

            def hook(request, answer):
                said.append(1)
                return {"returncode": "99", "returnmsg": text} if len(said) == 1 else answer
            lab.liar.hooks[APPLY] = hook
            lab.apply(blue)
            lab.sync()
            t.same([[r["situation"] for r in lab.letters(blue)], len(lab.theirs(blue))],
                   [["issuable"], 1], "%s: it is there all the same" % text)
            lab.liar.before[APPLY] = lambda request: {"returncode": "99", "returnmsg": text}
            other = lab.blue()
            lab.home.quick(poll_first_ms=5, retry_base_ms=5, retry_max_ms=20)
            lab.apply(other)
            lab.sync()
            row = lab.letters(other)[0]
            t.ok(row["situation"] in ("failed", "on-the-way") and text[:4] in row["message"],
                 "%s: not there: the no stands" % text, row)


def ahead(t):
    """The clock was far ahead for one refresh."""
    with Lab(numbers=0) as lab:
        lab.fill(3, "02")
        lab.refresh()
        lab.sql("UPDATE red_letter SET synced_at = synced_at + 86400 * 300")
        lab.sql("UPDATE red_window SET until = '2036-01-01'")
        for row in lab.letters():
            lab.sb.post("/red/state", {"uuid": row["uuid"], "state": "05"})
        lab.sb.post("/clock", {"shift": 86400 * 20})
        lab.refresh(env={"KAIPIAO_NOW": kp.later(86400 * 20)})
        t.same([r["state"] for r in lab.letters()], ["05"] * 3, "open letters are asked again")
        t.same(lab.count("SELECT COUNT(*) FROM red_window WHERE until < '2036'"), 2,
               "and the days begin anew")


def cancelled(t):
    """Seventy answers are cancelled before anything was sent."""
    with Lab(numbers=0) as lab:
        lab.fill(70, "03", applicant="buyer")
        lab.refresh()
        lab.home.run("red", "confirm", "--no-wait", *[r["confirmation_no"] for r in lab.letters()])
        begun = lab.count("SELECT COUNT(*) FROM red_letter WHERE action = 'confirm'")
        if begun < 70:
            for row in lab.letters():
                lab.home.run("red", "confirm", "--no-wait", row["confirmation_no"])
        lab.sql("UPDATE job SET state = 'cancelled' WHERE kind = 'red.act'")
        lab.sync()
        t.same([lab.count("SELECT COUNT(*) FROM red_letter WHERE action <> ''"), lab.calls(ACT)],
               [0, 0], "each letter is told, none is sent")


def one_letter(t):
    """Who looks at one letter asks for one."""
    with Lab(numbers=0) as lab:
        lab.fill(40, "08", apart=5)
        lab.refresh()
        calls = lab.calls(DETAIL), lab.calls(LIST)
        _, doc, err = lab.home.run("red", "show", lab.letters()[5]["confirmation_no"])
        t.same([len(doc["lines"]), lab.calls(DETAIL) - calls[0], lab.calls(LIST) - calls[1]],
               [1, 1, 0], "its lines come by one question", err)


def stored_before(t):
    """Lines that do not add up, kept by an earlier program, come again by themselves."""
    with Lab(numbers=0) as lab:
        lab.fill(2, "03", applicant="buyer")
        lab.refresh()
        lab.sql("DELETE FROM setting WHERE value = 'done' AND key = 'red_lines_checked'")
        lab.sql("UPDATE red_letter_line SET net = net - 5000 WHERE letter_id ="
                " (SELECT MIN(letter_id) FROM red_letter_line)")
        calls = lab.calls(DETAIL)
        lab.sync(check=0)
        lab.refresh()  # which comes by itself, every ten minutes
        t.same([lab.count("SELECT COUNT(*) FROM red_letter l WHERE net = (SELECT SUM(n.net) FROM"
                          " red_letter_line n WHERE n.letter_id = l.id)"),
                lab.calls(DETAIL) - calls], [2, 1], "one is asked for, and adds up")


def joined(t):
    """Who refreshes while another refresh is past its pages gets what is new all the same."""
    with Lab(lies=True, numbers=2) as lab:
        blue = lab.blue()
        lab.fill(60, "03", applicant="buyer")
        asked = []

        def slow(_, answer):
            asked.append(1)
            time.sleep(0.05)
            return answer
        lab.liar.hooks[DETAIL] = slow
        first = lab.home.start("--timeout", "60", "red", "list", "--refresh", "--limit", "1")
        kp.wait_for(lambda: len(asked) > 5)
        lab.received(blue)
        begun = len(asked)
        _, doc, err = lab.refresh("--blue", blue)
        t.ok(begun < 50, "the first one is at work yet", begun)
        t.same(len(doc["rows"]), 1, "the second one has looked", err)
        first.communicate()
        t.same(first.returncode, 0, "and the first one ends")


def lying_lists(t):
    """Lists that would not end: they do, with a sentence, and are asked again."""
    def answer(total, rows):
        return {"returncode": "00", "returnmsg": "", "hzqrxxList": {"total": total, "list": rows}}

    with Lab(lies=True, numbers=0) as lab:
        lab.fill(1, "03", applicant="buyer")
        sample = {}

        def keep(_, data):
            sample.update((data.get("hzqrxxList") or {}).get("list", [{}])[0])
            return data
        lab.liar.hooks[LIST] = keep
        lab.refresh("--role", "seller")
        day = days_ago(5)
        lab.sql("UPDATE red_window SET until = '%s'" % day)
        asked = []

        def rows(n, **changes):
            return [dict(sample, uuid="%032x" % (n * 1000 + i),
                         hzfpxxqrdbh="9%019d" % (n * 1000 + i),
                         **dict({"hzqrxxztDm": "08", "yxbz": "N"}, **changes)) for i in range(100)]
        for name, word, most, give in (
                ("two pages in turn", "又回到前面的页", 4,
                 lambda n: answer("99999999999", rows(n % 2))),
                ("pages nobody can read", "读不出来", 20,
                 lambda n: answer("0", rows(n, hzcxje="?"))),
                ("a total that grows", "越取越多", 60,
                 lambda n: answer(str(n * 100 + 1), rows(n)))):
            asked.clear()

            def lie(_, give=give):
                asked.append(1)
                return give(len(asked))
            lab.liar.before[LIST] = lie
            lab.liar.before[DETAIL] = lambda request: GONE
            code, doc, err = lab.refresh("--role", "seller", "--state", "05", seconds=120)
            t.ok(code == 4 and word in err, name + ": said", code, err)
            t.ok(len(asked) <= 2 * most, name + ": an end", len(asked))
            t.same(lab.count("SELECT COUNT(*) FROM red_window WHERE side = 0 AND until = '%s'"
                             % day), 1, name + ": asked again from the same day on")
        lab.liar.before.clear()
        lab.liar.hooks.clear()
        code, _, err = lab.refresh("--role", "seller", "--state", "05", seconds=60)
        t.same(code, 0, "a true list: complete again", err)


def unread_rows(t):
    """A letter of the list that cannot be read is asked for till it can."""
    with Lab(lies=True, numbers=0) as lab:
        def hide(_, data):
            for row in (data.get("hzqrxxList") or {}).get("list", [])[:1]:
                row["hzcxje"] = "?"
            return data
        lab.fill(3, "03", applicant="buyer", entered=days_ago(10, "%Y-%m-%d %H:%M:%S"))
        lab.liar.hooks[LIST] = hide
        code, _, err = lab.refresh()
        t.same([code, lab.count("SELECT COUNT(*) FROM red_letter")], [0, 2], "two are here", err)
        del lab.liar.hooks[LIST]
        lab.refresh()
        t.same(lab.count("SELECT COUNT(*) FROM red_letter"), 3,
               "the third one, ten days old, comes when it can be read")
        t.same(lab.count("SELECT COUNT(DISTINCT until) FROM red_window"), 1,
               "and the days move on")


def unsure(t):
    """An answer is lost and the list never tells the whole: a person is asked."""
    with Lab(lies=True) as lab:
        blue = lab.blue()
        lab.sb.faults(drop_reply={"service": APPLY, "times": 1})
        calls = []

        def lie(request):
            calls.append(1)
            return {"returncode": "00", "returnmsg": "", "hzqrxxList": {"total": "999", "list": []}}
        lab.liar.before[LIST] = lie
        lab.home.quick(poll_first_ms=5, retry_base_ms=5, retry_max_ms=20)
        code, _, err = lab.apply(blue)
        t.ok(code != 0 and "列表不全" in err, "it ends with a sentence", code, err)
        t.ok(len(calls) < 30, "without asking for ever", len(calls))
        t.same(lab.calls(APPLY), 1, "nothing goes out again")
        lab.liar.before.clear()
        lab.sql("UPDATE job SET due_ms = 0")
        lab.sync()
        t.same([r["situation"] for r in lab.letters(blue)], ["issuable"], "found later")


def main():
    parts = (restored, unread, tomorrow, starving, clocks, no_after_all,
             ahead, cancelled, one_letter, stored_before, joined,
             lying_lists, unread_rows, unsure)
    wanted = sys.argv[1:]
    with kp.Tap() as t:
        kp.side_by_side(t, [p for p in parts if not wanted or p.__name__ in wanted])


if __name__ == "__main__":
    main()
