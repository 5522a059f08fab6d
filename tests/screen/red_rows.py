#!/usr/bin/env python3
"""红字发票 row by row of the feature list (E1-E29): what a screen says is asked of the store and of
the platform, whatever else stands on it.  How the screens look: red.py, red_apply.py."""
import os
import re

from kp import count, invoice
from screen import Screens

LINES = [{"name": "打印机", "tax_code": "1090509010000000000", "unit": "台", "quantity": "4",
          "price": "100.00", "tax_rate": "0.13"}]
PARTY = "晴川"
ROW = re.compile(r"^[ *] (?:\d\d-)?\d\d-\d\d ")  # of a list of letters


class Rows(Screens):
    """Dumps are kept as text, not compared whole."""
    seen = {}

    def compare(self, file):
        what = os.path.basename(file)
        self.seen[what] = ""
        if self.ok(os.path.exists(file), "%s is reached" % what):
            with open(file, encoding="utf-8") as f:
                self.seen[what] = f.read()

    def rows(self, what):
        return [line for line in self.seen[what].split("\n") if ROW.match(line)]

    def cursor(self, what):
        return [int(n) for n in self.seen[what].split()]

    def says(self, dump, words, what):
        self.ok(words in self.seen[dump], what, self.seen[dump])

    def silent(self, dump, words, what):
        self.ok(words not in self.seen[dump], what, self.seen[dump])


def fill(tax_no, **more):
    s.control("/red/fill", dict({"tax_no": tax_no, "lines": 1, "role": "seller"}, **more))


def blue(home, order, **more):
    made = invoice(order, prices_include_tax=False, lines=LINES, kind="special", **more)
    return home.run("blue", "issue", home.file(made), check=0)[1]["results"][0]["number"]


def prepare(home):
    """Letters of every situation, sent and received, more than two pages of either."""
    home.quick()
    tax_no = home.run("unit", "list", "--role", "using")[1]["rows"][0]["tax_no"]
    mine = [blue(home, "ROW-%d" % i) for i in range(7)]
    fill(tax_no, count=23, applicant="buyer", state="03", apart=7200,
         entered="2026-01-20 09:40:00")
    fill(tax_no, count=24, applicant="seller", state="08", apart=3600,
         entered="2026-01-15 10:00:00")
    fill(tax_no, count=3, role="buyer", applicant="seller", state="01", apart=60,
         entered="2026-01-19 10:00:00")
    s.control("/clock", {"now": "2026-01-20T10:25:00+08:00"})
    s.control("/red/apply", {"blue": mine[0], "role": "buyer", "reason": "01"})
    s.control("/red/mark", {"blue": mine[1], "fpyt": "1"})
    for number in mine[1:5]:
        home.run("red", "apply", number, "--role", "seller", "--reason", "01", check=0)
    s.control("/clock", {"now": "2026-01-20T10:30:00+08:00"})
    rows = home.run("red", "list", "--sent", "--situation", "issuable")[1]["rows"]
    home.run("red", "issue", rows[-1]["confirmation_no"], check=0)
    home.run("red", "list", "--refresh", check=0)


HOME = """
    wait screen home
    key h
    wait screen red
    sleep-until-idle
"""


def to(key):
    return HOME + """
        key %s
        wait screen red-list
        sleep-until-idle
    """ % key


SENT, RECEIVED, HANDLE, ISSUE = to("F2"), to("F3"), to("F6"), to("F10")


def answers(*want):
    """after=: what the platform was told, in order."""
    def after(_):
        rows = s.control("/requests?limit=100&service=QDHZQRDQR")["rows"]
        got = [re.search('"qrlx":"(.)"', r["request"]).group(1) for r in rows]
        s.same(got, list(want), "the platform was told %s" % (want or "nothing",))
    return after


def counted(dump, query, what):
    """after=: the list has as many letters as SQL counts."""
    def after(home):
        n = count(os.path.join(home.path, "kaipiao.db"), "SELECT COUNT(*) FROM red_letter l WHERE "
                  + query)
        s.says(dump, "共 %d 条" % n, "%s: as many as SQL counts, %d" % (what, n))
    return after


def home_counts(home):
    db = os.path.join(home.path, "kaipiao.db")
    shown = s.seen["home"]
    for words, query in (
            ("待我确认", "state = 3 AND side = 0 AND entered_by = 1"),
            ("待对方确认", "state = 2 AND side = 0 AND entered_by = 0"),
            ("可开票", "state IN (1, 4) AND issued = 0 AND side = 0"),
            ("待对方开票", "state IN (1, 4) AND issued = 0 AND side = 1"),
            ("已开票", "issued = 1"), ("已作废", "state > 4")):
        n = count(db, "SELECT COUNT(*) FROM red_letter WHERE " + query)
        got = re.search(r"\d  %s +(\d+)" % words, shown)
        s.ok(n > 0 and got and int(got.group(1)) == n, "E1: %s is what SQL counts" % words, n,
             shown)
    counts = home.run("red", "counts")[1]["rows"]
    s.same(sum(r["count"] for r in counts), count(db, "SELECT COUNT(*) FROM red_letter"),
           "E1: and nothing is left out")


def lists():
    """E1-E5, E10."""
    s.play("home", HOME, """
        dump @
        key F2
        wait screen red-list
        wait text [我发出的]
        key Esc
        wait screen red
        key F3
        wait screen red-list
        wait text [我收到的]
        key Esc
        wait screen red
        key F5
        wait screen red-apply
        key Esc
        wait screen red
        key F6
        wait text 待处理的红字确认单
        key Esc
        wait screen red
        key F10
        wait text 可开具的红字确认单
        key Esc
        wait screen red
        key F8
        wait text 红字发票确认信息下载
    """, after=home_counts)
    for tab, way, total in (("sent", SENT, 28), ("received", RECEIVED, 27)):
        s.play(tab, way, """
            dump @
            key m
            wait text 全部
            sleep-until-idle
            key PgDn PgDn
            sleep-until-idle
            dump %s-third
            key F3
            key Right
            key Tab Right
            key Tab Right
            key Tab
            type %s
            key Tab
            type 2026-01-01
            key Tab
            type 2026-01-31
            key Enter
            sleep-until-idle
            dump %s-asked
            key Ctrl-U
            sleep-until-idle
            dump %s-reset
            key Z
            wait screen choose
            key Down Enter
            sleep-until-idle
            dump %s-wider
        """ % (tab, PARTY, tab, tab, tab), rows=40, cols=100, after=counted(
            tab + "-asked", "side = 0 AND state = 1 AND issued = 0 AND entered_by = %d AND"
            " buyer_name LIKE '%%%s%%' AND blue_day BETWEEN '2026-01-01' AND '2026-01-31'"
            % (tab == "received", PARTY), "E3"))
        s.same(len(s.rows(tab)), 10, "E2, E10: ten letters at first (%s)" % tab)
        s.says(tab, "第 1-10 条，共 %d 条" % total, "E2: of all there are")
        s.says(tab, "查看更多", "E2: and the way to the rest")
        s.says(tab + "-third", "第 21-%d 条，共 %d 条" % (total, total), "E5: ten a page, three pages")
        s.same(len(s.rows(tab + "-third")), total - 20, "E5: the last has the rest")
        s.says(tab + "-asked", PARTY, "E3: the conditions stand there")
        reset = s.seen[tab + "-reset"]
        s.ok(PARTY not in reset.split("\n", 3)[3].split("录入日期")[0] and "2026-01-31" not in reset
             and reset.count("<全部") == 3 and "共 %d 条" % total in reset,
             "E4: reset: the defaults stand there, not blanks", reset)
        s.same(len(s.rows(tab + "-wider")), 20, "E5: twenty rows a page when asked for")


def letters():
    """E6-E9, E11-E13."""
    s.play("not-issued", SENT, """
        key Down Down Down Enter
        wait screen red-letter
        wait text 待对方确认
        sleep-until-idle
        dump @
        key F7
        wait text 还没有开具
        key F10
        wait text 可以开具红字发票
        wait screen red-letter
        key F5
        wait screen red-letter
        dump not-issued-confirm
    """, platform=True, after=answers())
    s.silent("not-issued", "F10 开具", "E8: a letter that waits has no 开票")
    s.silent("not-issued", "查看红票", "E7: nor a red invoice to look at")
    s.silent("not-issued", "F5 确认", "E14: nor 确认 for who entered it")
    s.says("not-issued-confirm", "购方可以确认", "E14: pressed all the same: it says whose turn it is")
    s.play("was-issued", SENT, """
        key m F3
        key Tab Tab Right Right
        key Enter
        sleep-until-idle
        dump was-issued-list
        key Enter
        wait screen red-letter
        sleep-until-idle
        dump @
        key F7
        wait screen invoice
        wait text 红字
        sleep-until-idle
        dump was-issued-red
        key Esc
        wait screen red-letter
        key F10
        wait text 只开一张
    """)
    s.says("was-issued", "已开具", "E6: 已开具红字发票标记")
    number = re.search(r"2644\d{16}", s.seen["was-issued-red"])
    s.ok(number and number.group(0) in s.seen["was-issued"], "E7: 查看红票 opens the letter's own")
    s.silent("was-issued", "F10 开具", "E8: one that is issued has no 开票")


def conditions_kept():
    """E9, E12, E26: 开票, 下载, 继续开票, and the conditions stand as they stood."""
    # Of what was received: confirmed first.
    s.play("received-issue", RECEIVED, """
        key m
        sleep-until-idle
        key F3 Tab Tab Tab
        type %s
        key Enter
        sleep-until-idle
        dump received-issue-before
        key F5
        wait screen ask
        dump received-issue-ask
        key Enter
        wait screen red-list
        key F5
        wait screen ask
        key Left Enter
        wait text 确认成功
        sleep-until-idle
        key F5
        wait text 可以确认
        key F10
        wait screen red-issue
        key Left Enter
        wait state issued
        key d
        wait screen download
        key Esc
        wait screen red-issue
        key n
        wait screen red-list
        sleep-until-idle
        dump @
    """ % PARTY, platform=True, after=answers("Y"))
    s.says("received-issue-ask", "[ 返回 ]", "E13: the dialog's default is no")
    s.ok("[我收到的]" in s.seen["received-issue"] and PARTY in s.seen["received-issue"]
         and len(s.rows("received-issue")) == len(s.rows("received-issue-before")) == 1
         and "已开票" in s.seen["received-issue"],
         "E12: 继续开票 leads back to the tab, its conditions as they were", s.seen["received-issue"])
    for name, way in (("sent-issue", SENT + "key m\nsleep-until-idle\nkey F3 Tab Tab Tab"),
                      ("issue-issue", ISSUE + "key F3")):
        s.play(name, way, """
            type %s
            key Tab
            type 2026-01-01
            key Enter
            sleep-until-idle
            dump %s-before
            key F10
            wait screen red-issue
            key Left Enter
            wait state issued
            key d
            wait screen download
            key Esc
            wait screen red-issue
            key Enter
            wait screen red-list
            sleep-until-idle
            dump @
        """ % (PARTY, name), platform=True)
        head = [s.seen[n].split("录入日期")[0].split("\n", 2)[2] for n in (name + "-before", name)]
        s.ok(head[0] == head[1] and PARTY in head[1] and "2026-01-01" in head[1],
             "E9, E26: 继续开票: all conditions are unchanged (%s)" % name, *head)
        left = [sum("可开票" in r for r in s.rows(n)) for n in (name + "-before", name)]
        s.same(left[1], left[0] - 1, "and one letter less may be issued")


def number_on_screen(home):
    rows = s.control("/red?blue=" + s.chosen)["rows"]
    got = re.search(r"确认单编号 +(\d{20})", s.seen["apply-taken"])
    s.same([r["number"] for r in rows], [got and got.group(1)],
           "E22: the number on the page is the platform's", s.seen["apply-taken"])


def chosen(home):
    """The newest blue invoice without a letter."""
    s.chosen = home.run("invoices", "list", "--find", "ROW-5")[1]["rows"][0]["number"]
    s.control("/clock", {"shift": 3600})


def wizard():
    """E15-E18, E20, E22."""
    s.play("apply", HOME, """
        key F5
        wait screen red-apply
        dump apply-side
        key 2
        wait state empty
        key F9
        wait state side
        dump apply-buyer
        key Up Enter
        wait state listed
        sleep-until-idle
        key Down
        dump-cursor apply-row
        key p
        wait screen face
        sleep-until-idle
        dump apply-face
        key Esc
        wait state listed
        dump-cursor apply-row-again
        dump apply-blues
        key Enter
        wait screen red-reason
        key 1
        wait state lines
        sleep-until-idle
        dump apply-lines
        key F9
        wait state listed
        dump-cursor apply-row-back
        key Enter
        wait screen red-reason
        key 1
        wait state lines
        key F10
        wait screen ask
        key Enter
        wait state lines
        key F10
        wait screen ask
        key y
        wait state taken
        sleep-until-idle
        dump apply-taken
        key Enter
        wait screen red
    """, platform=True, before=chosen, after=number_on_screen)
    s.says("apply-side", "(*) 1 我是销售方", "E15: 我是销售方 is chosen at first")
    s.says("apply-buyer", "(*) 2 我是购买方", "E18: 上一步 keeps what was chosen")
    s.says("apply-face", s.chosen, "E17: 预览发票 shows the invoice")
    s.same([s.cursor("apply-row-again"), s.cursor("apply-row-back")], [s.cursor("apply-row")] * 2,
           "E17, E21: and back, the same row is selected")
    s.says("apply-lines", "-452.00", "E20: the invoice's sums, negative")
    s.says("apply-lines", "（负数）肆佰伍拾贰圆整", "E20: in words, too")
    for name, field, words, good in (
            ("party", 0, PARTY, True), ("tax-no", 1, "91440300MAKP0A011Y", True),
            ("from", 2, "2026-01-21", False), ("to", 3, "2026-01-19", False),
            ("digital", 4, "26447000000000000001", True), ("code", 5, "044002000111", False),
            ("old", 6, "12345678", False)):
        s.play("find-" + name, HOME, """
            key F5
            wait screen red-apply
            key Enter
            wait state listed
            sleep-until-idle
            dump find-%s-all
            key F3
            wait state filtering
            %s
            type %s
            key Enter
            sleep-until-idle
            dump @
            key Ctrl-U
            sleep-until-idle
            dump find-%s-reset
        """ % (name, "key " + "Tab " * field if field else "", words, name))
        rows = [len(re.findall(r"^ +2026-\d\d-\d\d ", s.seen["find-%s%s" % (name, part)], re.M))
                for part in ("-all", "", "-reset")]
        s.ok(rows[0] == rows[2] > rows[1] and (rows[1] > 0) == good,
             "E16: found by %s, and reset brings all" % name, rows, s.seen["find-" + name])
        s.silent("find-%s-reset" % name, words + " " if name != "digital" else "[" + words,
                 "E16: the condition is gone")


def handle():
    """E23, E24, E29."""
    s.play("fixed", HANDLE, "dump @", "key F3",
           *["dump-cursor fixed-%d\nkey Tab" % i for i in range(6)], """
        key Ctrl-U
        sleep-until-idle
        dump fixed-reset
    """, after=counted("fixed", "state IN (2, 3)", "E23"))
    s.play("issuable", ISSUE, "dump @",
           after=counted("issuable", "side = 0 AND state IN (1, 4) AND issued = 0", "E25"))
    lines = s.seen["fixed"].split("\n")
    at = next(i for i, line in enumerate(lines) if "销方录入待购方确认、购方录入待销方确认" in line)
    spots = [s.cursor("fixed-%d" % i) for i in range(6)]
    s.ok(len({tuple(p) for p in spots}) == 4 and not any(r == at and c < 55 for r, c in spots),
         "E23: four fields are gone through, and none is the state, which is fixed", at, spots)
    s.says("fixed-reset", "销方录入待购方确认、购方录入待销方确认", "E23: reset keeps it")
    s.ok(all(re.search(r"\b\d{1,2}:\d\d$", r) for r in s.rows("fixed")) and s.rows("fixed"),
         "E29: every row says how many hours are left", s.seen["fixed"])
    for key, words, deed in (("F5", "确认成功", "Y"), ("F8", "否认成功", "N")):
        name = "handle-" + deed
        s.play(name, HANDLE, """
            key F3
            key Right
            key Enter
            sleep-until-idle
            dump %s-before
            key %s
            wait screen ask
            key Enter
            wait screen red-list
            key %s
            wait screen ask
            key Left Enter
            wait text %s
            sleep-until-idle
            dump @
        """ % (name, key, key, words), platform=True, after=answers(deed))
        before, after = (re.search(r"共 (\d+) 条", s.seen[n]) for n in (name + "-before", name))
        gone = re.findall(r"^ (44\d{18}) ", s.seen[name + "-before"], re.M)
        s.ok(before and after and int(before.group(1)) - 1 == int(after.group(1))
             and gone and gone[0] not in s.seen[name],
             "E24: %s, and its row is gone" % words, s.seen[name])


s = Rows(__file__, prepare=prepare)
with s:
    for part in (lists, letters, conditions_kept, wizard, handle):
        part()
