#!/usr/bin/env python3
"""红字发票: its home, the lists and their conditions, one letter, answering, issuing, the download."""
import contextlib
import threading

import kp
from kp import invoice
from liar import Liar
from screen import Screens

LINES = [{"name": "打印机", "tax_code": "1090509010000000000", "unit": "台", "quantity": "4",
          "price": "100.00", "tax_rate": "0.13"},
         {"name": "墨盒", "tax_code": "1090509010000000000", "unit": "个", "quantity": "3",
          "price": "33.333333", "tax_rate": "0.13"}]
LONG = "深圳市前海深港现代服务业合作区跨境电子商务供应链管理与综合服务有限责任公司第一分公司"


def issue(home, order, **more):
    doc = invoice(order, prices_include_tax=False, lines=LINES, kind="special", **more)
    return home.run("blue", "issue", home.file(doc), check=0)[1]["results"][0]["number"]


def fill(tax_no, **more):
    s.control("/red/fill", dict({"tax_no": tax_no, "lines": 1, "role": "seller"}, **more))


def at(minute):
    """The platform's clock, which goes on, stands at this minute."""
    s.control("/clock", {"now": "2026-01-20T%s:20+08:00" % minute})


def prepare(home):
    """Letters of every situation, those that wait at several hours."""
    home.quick()
    tax_no = home.run("unit", "list", "--role", "using")[1]["rows"][0]["tax_no"]
    blue = [issue(home, "RED-%d" % i) for i in range(4)]
    blue.append(issue(home, "RED-L", buyer={"name": LONG, "tax_no": "91440300MAKP0A011Y"}))
    fill(tax_no, count=14, lines=2, applicant="buyer", state="03", apart=14400,
         entered="2026-01-20 09:40:00")
    fill(tax_no, count=25, applicant="seller", state="08", apart=3600,
         entered="2026-01-15 10:00:00")
    fill(tax_no, count=3, role="buyer", applicant="seller", state="01", apart=60,
         entered="2026-01-19 10:00:00")
    at("10:23")
    s.control("/red/apply", {"blue": blue[0], "role": "buyer", "reason": "01"})
    s.control("/red/mark", {"blue": blue[1], "fpyt": "1"})
    for i, number in enumerate(blue[1:]):
        at("10:%02d" % (24 + i))
        home.run("red", "apply", number, "--role", "seller", "--reason", "01", check=0)
    at("10:30")
    rows = home.run("red", "list", "--sent", "--situation", "issuable")[1]["rows"]
    home.run("red", "issue", rows[-1]["confirmation_no"], check=0)
    home.run("red", "list", "--refresh", check=0)


HOME = """
    wait screen home
    key h
    wait screen red
    sleep-until-idle
"""
SENT = HOME + """
    key f
    wait screen red-list
    sleep-until-idle
"""
RECEIVED = HOME + """
    key F3
    wait screen red-list
    sleep-until-idle
"""
ISSUE = HOME + """
    key F10
    wait screen red-list
    sleep-until-idle
"""


def somebody_confirms(home):
    """Another clerk, after the list was read: what is here does not say so yet."""
    rows = home.run("red", "list", "--received", "--situation", "for-us")[1]["rows"]
    s.control("/red/act", {"uuid": rows[0]["uuid"], "do": "confirm"})


def somebody_withdraws(home):
    """The buyer does not want it any more."""
    rows = home.run("red", "list", "--received", "--situation", "for-us")[1]["rows"]
    s.control("/red/act", {"uuid": rows[0]["uuid"], "do": "revoke"})


def refused(home):
    """An application the tax side did not take; it would now."""
    number = issue(home, "RED-A")
    s.control("/red/mark", {"blue": number, "hzsdbs": "Y"})
    code, _, _ = home.run("red", "apply", number, "--role", "seller", "--reason", "01")
    s.same(code, 4, "the application is refused")
    s.control("/red/mark", {"blue": number, "hzsdbs": "N"})


@contextlib.contextmanager
def lies(service, bend):
    """A proxy before the platform, which bends the answers of a service."""
    liar = []

    def begin(home):
        liar.append(Liar(s.sandbox, "沙箱" if "沙箱" in home.run("unit", "list")[1]["rows"][0]["env"]
                         else "正式"))
        liar[0].hooks[service] = bend
        kp.sql(home.path + "/kaipiao.db",
               "UPDATE unit SET connect_to = '%s' WHERE connect_to <> ''" % liar[0].address)
    yield begin
    for x in liar:
        x.close()


def promises_more(_, answer):
    """A list that says there are more letters than it gives."""
    rows = answer.get("hzqrxxList")
    if rows:
        rows["total"] = str(int(rows["total"]) + 3)
    return answer


def a_day_later(home):
    """Some that waited are void by now; it is here, and nobody has looked."""
    s.control("/clock", {"now": "2026-01-21T10:30:20+08:00"})
    home.run("red", "list", "--refresh", check=0)


def slow_lists(home):
    s.control("/faults", {"delay_ms": {"service": "CXQDHZQRDLB", "value": 3000}})


def slow_details(home):
    """Letters without lines, each answer takes its time."""
    fill(home.run("unit", "list", "--role", "using")[1]["rows"][0]["tax_no"], count=3, lines=1,
         applicant="seller", state="08", entered="2026-01-02 10:00:00")
    s.control("/faults", {"delay_ms": {"value": 250}})


def meanwhile(verb, *filters):
    """Another clerk of the same home, when the screen is there."""
    def begin(home):
        rows = home.run("red", "list", *filters)[1]["rows"]
        threading.Timer(6, home.run, ["red", verb, rows[0]["confirmation_no"]]).start()
    return begin


def one_call(home):
    n = s.control("/red?limit=1")["calls"].get("QDHZQRDQR", 0)
    s.same(n, 1, "confirming twice is one call")


def seven_calls(home):
    """E13, E24: every marked letter is asked of the tax side once; the refused one stays marked."""
    n = s.control("/red?limit=1")["calls"].get("QDHZQRDQR", 0)
    s.same(n, 7, "seven answers are seven calls")
    rows = home.run("red", "list", "--received", "--situation", "issuable")[1]["rows"]
    s.same(len(rows), 6, "six of them are confirmed")


def two_denied(home):
    rows = home.run("red", "list", "--received", "--situation", "void")[1]["rows"]
    got = sum("否认" in r["state_text"] for r in rows)
    s.same(got, 2, "two are denied", rows)


def no_remark_kept(home):
    """E9: a remark waits until its invoice is issued, and no longer."""
    n = kp.count(home.path + "/kaipiao.db",
                  "SELECT COUNT(*) FROM own_form WHERE kind LIKE '%red-remark:%'")
    s.same(n, 0, "no remark is kept of what was issued")


s = Screens(__file__, prepare=prepare)
with s:
    s.play("home", "wait screen home", "dump todo", """
        key h
        wait screen red
        dump @
        key Down Down Down Down Down Down Down Down
        dump-cursor home-down
        key Right Down
        dump-cursor home-functions
        key Up Up
        dump-cursor home-up
        key 6
        wait screen red-list
        sleep-until-idle
        dump home-void
    """)
    s.play("todo", """
        wait screen home
        key 1
        wait screen red-list
        sleep-until-idle
        dump todo-list
        key i
        wait text 可以开具红字发票
        key t
        wait text 只有申请失败
    """)
    # Told until somebody has looked.
    s.play("lapsed", """
        wait screen home
        wait text 红字过期
        dump @
        key h
        wait screen red
        dump lapsed-red
        key Esc
        wait screen home
        key 2
        wait screen red-list
        wait text 已作废
        key Esc
        wait screen home
        key h
        wait screen red
        dump lapsed-seen
    """, platform=True, before=a_day_later)
    s.play("tabs", SENT, """
        dump @
        key Down Down Space
        key m
        sleep-until-idle
        key Down Down Down
        key Tab
        wait text 待我确认
        dump tabs-received
        key Down Down
        key Tab
        wait text 可开票
        dump tabs-back
        key PgDn
        sleep-until-idle
        dump tabs-page
        key Esc
        sleep-until-idle
        dump tabs-few
        key Tab
        sleep-until-idle
        dump tabs-kept
    """)
    s.play("filter", SENT, """
        key m F3
        key Right
        key Tab
        key Right
        key Tab
        key Right
        key Tab
        type 晴川
        key Tab
        type 2026-01-21
        key Tab
        type 2026-01-20
        key Enter
        wait text 起晚于止
        key Ctrl-U
        type 2026-01-21
        key Tab
        type 123
        key Enter
        wait text 完整
        dump filter-wrong
        key Ctrl-U
        key Shift-Tab Shift-Tab
        key Ctrl-U
        type 2026-01-01
        key Enter
        sleep-until-idle
        dump @
        key Enter
        wait screen red-letter
        sleep-until-idle
        key Esc
        wait screen red-list
        sleep-until-idle
        dump filter-kept
        key c
        sleep-until-idle
        dump filter-reset
        key F3
        dump-cursor filter-first
        key Right
        wait text 还没有查询
        key Esc
        dump filter-left
    """)
    s.play("letter", RECEIVED, """
        key Enter
        wait screen red-letter
        wait state for-us
        sleep-until-idle
        key PgDn
        dump letter-below
        key End
        dump letter-lines
        key End
        dump @
        key F10
        wait text 可以开具
        dump letter-not
        key F7
        wait text 还没有开具
        key F6
        wait screen invoice
        key Esc
        key a
        wait screen ask
        dump confirm
        key Enter
        wait screen red-letter
        key a
        wait screen ask
        key Left Enter
        wait text 确认成功
        sleep-until-idle
        dump confirmed
        key a
        wait text 确认
        dump confirm-again
    """, platform=True, after=one_call)
    s.play("other-clerk", RECEIVED, """
        key a
        wait screen ask
        key Left Enter
        wait text 确认成功
        sleep-until-idle
        dump @
    """, platform=True, before=somebody_confirms)
    s.play("withdrawn", RECEIVED, """
        key a
        wait screen ask
        key Left Enter
        wait text 没有办成
        sleep-until-idle
        dump @
        key Enter
        wait screen red-letter
        sleep-until-idle
        dump withdrawn-letter
    """, platform=True, before=somebody_withdraws)
    # E13, E24: of marked rows together; what is not done stays marked.
    s.play("answer", RECEIVED, """
        key Ctrl-A
        key a
        wait screen red-answer
        dump-cursor @
        dump answer-ask
        key Enter
        wait screen red-list
        key a
        wait screen red-answer
        wait state ask
        key Right Enter
        wait state rests
        sleep-until-idle
        dump answered
        key Enter
        wait screen red-list
        sleep-until-idle
        dump answered-back
    """, platform=True, before=somebody_withdraws, after=seven_calls)
    s.play("answer-wide", HOME, """
        key c
        wait screen red-list
        sleep-until-idle
        key F3
        key Right Enter
        sleep-until-idle
        key Down Space Down Space
        key n
        wait screen red-answer
        dump @
        key Right Enter
        wait state rests
        sleep-until-idle
        dump answer-wide-done
        key Esc
        wait screen red-list
        sleep-until-idle
        dump answer-wide-back
    """, platform=True, rows=36, cols=120, after=two_denied)
    # Nobody answers: each is recorded, and says so.
    s.play("answer-down", RECEIVED, """
        key Down Space Down Space
        key F5
        wait screen red-answer
        key Right Enter
        wait state rests
        dump @
    """)
    s.play("two-answer", RECEIVED, """
        key a
        wait screen ask
        wait text 作废（购方录入销方否认）
        key Left Enter
        wait text 可以确认
        dump @
    """, platform=True, before=meanwhile("deny", "--received", "--situation", "for-us"))
    s.play("two-issue", ISSUE, """
        key i
        wait screen red-issue
        wait text 共 1 条
        key Left Enter
        wait text 先前已经开过
        wait state issued
        wait text 额度 4,852,029.99
        sleep-until-idle
        dump @
    """, platform=True, before=meanwhile("issue", "--sent", "--situation", "issuable"))
    s.play("handle", HOME, """
        key c
        wait screen red-list
        sleep-until-idle
        dump @
        key F3
        key Right
        dump-cursor handle-cursor
        key Tab Tab Tab
        dump-cursor handle-last
        key Tab
        dump-cursor handle-round
        key Enter
        sleep-until-idle
        key End
        sleep-until-idle
        dump handle-urgent
        key n
        wait screen ask
        dump deny
        key Left Enter
        wait text 否认成功
        sleep-until-idle
        dump handle-denied
    """, platform=True)
    s.play("revoke", HOME, """
        key c
        wait screen red-list
        sleep-until-idle
        key F3
        key Left Enter
        sleep-until-idle
        dump @
        key x
        wait screen ask
        dump revoke-ask
        key Left Enter
        wait text 撤销成功
        sleep-until-idle
        dump revoke-done
    """, platform=True)
    s.play("issue", ISSUE, """
        key F3
        type 深圳
        key Enter
        sleep-until-idle
        dump issuable
        key i
        wait screen red-issue
        dump @
        key Enter
        wait screen red-list
        key i
        wait screen red-issue
        key e
        wait screen form-dialog
        type 客户退
        wait text 3 个字，最多 382 个
        type """ + "退" * 381 + """
        wait text 多了 2 个
        key Enter Enter
        wait screen form-dialog
        key Ctrl-U
        type 客户退货
        key Enter Enter
        wait screen red-issue
        dump issue-remark
        key Esc
        wait screen red-list
        wait text 备注留着
        key i
        wait screen red-issue
        dump issue-kept
        key Left Enter
        wait state issued
        wait text 额度 4,852,029.99
        sleep-until-idle
        dump issued
        key d
        wait screen download
        key Esc
        key o
        wait screen invoice
        sleep-until-idle
        dump issued-invoice
        key Esc
        wait screen red-issue
        key Enter
        wait screen red-list
        sleep-until-idle
        dump issue-back
    """, platform=True, after=no_remark_kept)
    s.play("letter-issue", ISSUE, """
        key Down Enter
        wait screen red-letter
        key F10
        wait screen red-issue
        key Left Enter
        wait state issued
        key Esc
        wait screen red-letter
        wait text 红票号码
        key F10
        wait text 只开一张
        key Esc
        wait screen red-list
        key Enter
        wait screen red-letter
        key i
        wait screen red-issue
        key Left Enter
        wait state issued
        key n
        wait screen red-list
        wait text 没有可以开具的
    """, platform=True)
    s.play("again", SENT, """
        key Down Down Down Down
        dump @
        key i
        wait text 没有成功
        key t
        wait screen ask
        dump again-ask
        key Left Enter
        wait text 重新提交成功
        sleep-until-idle
        dump again-taken
        key Enter
        wait screen red-letter
        wait text 无需确认
        key End
        dump again-letter
    """, platform=True, before=refused)
    s.play("drop", SENT, """
        key Down Down Down Down
        key Ctrl-D
        wait screen ask
        dump drop-ask
        key Enter
        wait screen red-list
        key Delete
        wait screen ask
        key Left Enter
        wait text 已放弃
        sleep-until-idle
        dump dropped
        key Delete
        wait text 已经放弃
        key Up Delete
        wait text 只有申请失败的可以放弃
        key Esc
        wait screen red
        sleep-until-idle
        dump dropped-home
    """, platform=True, before=refused)
    s.play("several", SENT, """
        key Ctrl-A
        key i
        wait screen red-issue
        key F10 Ctrl-K F10
        wait state confirm
        dump @
        key Left Enter
        wait state issued
        wait text 额度 4,852,529.99
        sleep-until-idle
        dump several-issued
        key d
        wait screen archive
        key Esc
        wait screen red-issue
        key Enter
        wait screen red-list
        sleep-until-idle
        dump several-back
    """, platform=True)
    s.play("download", HOME, """
        key d
        wait screen form-dialog
        dump @
        key Down
        key Ctrl-U
        type 2025-12-01
        key F10
        wait text 最大支持1个月
        dump download-span
        key Shift-Tab
        key Ctrl-U
        type 2026-02-01
        key F10
        wait text 晚于
        key Shift-Tab
        key Ctrl-U
        type 2026-01-01
        key F10
        wait screen saved
        wait text 44 张
    """, platform=True)
    s.play("cancel", HOME, """
        key d
        wait screen form-dialog
        key F10
        wait screen task
        key Esc
        wait text 已放到后台
        key Alt-j
        wait screen task
        key x
        wait screen ask
        key Left Enter
        wait text 已取消
        wait screen red
    """, platform=True, before=slow_lists)
    s.play("refresh", RECEIVED, """
        key Down Down
        key r
        wait text 已完成
        sleep-until-idle
        dump @
    """, platform=True, before=lambda home: s.control("/red/fill", {
        "tax_no": home.run("unit", "list", "--role", "using")[1]["rows"][0]["tax_no"], "count": 1,
        "lines": 1, "role": "seller", "applicant": "buyer", "state": "03",
        "entered": "2026-01-20 10:21:00"}))
    s.play("down", RECEIVED, """
        key r
        wait text 连接不上
        dump @
        key a
        wait screen ask
        key Left Enter
        wait text 确认红字确认单：查询
        dump down-confirm
        key Tab
        wait text 我方撤销
        key Down Down Down Down Enter
        wait screen red-letter
        key End
        wait text 明细还没有取到
        dump down-letter
    """)
    # A list that was not given whole: said at once, by the refresh and by the file.
    with lies("CXQDHZQRDLB", promises_more) as begin:
        s.play("incomplete", RECEIVED, """
            key r
            wait text 没有取全
            sleep-until-idle
            dump @
            key Esc
            wait screen red
            key r
            wait text 没有取全
            key d
            wait screen form-dialog
            key F10
            wait screen saved
            wait text 税局没有给全
        """, platform=True, before=begin)
    # On a slow line: what is being fetched, from the first moment on.
    s.play("slow", HOME, """
        key d
        wait screen form-dialog
        key F10
        wait screen task
        wait text 向税局取列表：0 张
        wait text 向税局取明细：
        wait screen saved
    """, platform=True, before=slow_details)
    s.play("export", SENT, """
        key E
        wait screen export
        key F10
        wait screen saved
        wait text 29
    """)
    s.play("wide", HOME, """
        dump wide-home
        key f
        wait screen red-list
        sleep-until-idle
        dump @
        key Tab
        sleep-until-idle
        key Down Enter
        wait screen red-letter
        sleep-until-idle
        dump wide-letter
        key a
        wait screen ask
        dump wide-confirm
    """, platform=True, rows=36, cols=120)
    s.play("low", HOME, """
        dump low-home
        key f
        wait screen red-list
        sleep-until-idle
        dump @
        key Tab
        sleep-until-idle
        key Down Enter
        wait screen red-letter
        sleep-until-idle
        dump low-letter
        key Esc Tab
        sleep-until-idle
        key Down i
        wait screen red-issue
        dump low-issue
        key Esc Esc
        wait screen red
        key d
        wait screen form-dialog
        dump low-download
    """, rows=16, cols=60)
    s.play("huge", SENT, "dump @", rows=40, cols=200)
