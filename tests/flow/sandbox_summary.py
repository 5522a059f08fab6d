#!/usr/bin/env python3
"""SCFPHZQRXX and CXFPHZQRXX at the practice platform: the rules of protocol 7.13, one by one."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402
from leqi_bench import with_table  # noqa: E402

T = L.Tap()
SIX = ("lzfpsl", "lzfpje", "lzfpse", "hzfpsl", "hzfpje", "hzfpse")
MONTH = "2026-03"


class Bench:
    def __init__(self, sandbox, unit):
        self.sandbox, self.unit = sandbox, unit
        self.client = sandbox.client(unit)
        self.numbers = iter(self.client.claim(50))
        self.client.quota("900000.00")

    def issue(self, when, **more):
        return self.client.issue(L.invoice(self.client, next(self.numbers), None, kprq=when,
                                           **more))[0]

    def go(self, now):
        self.sandbox.post("/clock", {"now": now})

    def send(self, kind="0", six=("2", "200.00", "26.00", "0", "0.00", "0.00"), **more):
        request = {"xsfnsrsbh": self.unit["tax_no"], "xsfsjswjgdm": self.unit["province"],
                   "ywlx": kind, "ptbh": self.client.direct_id, "yf": MONTH}
        if kind == "0":
            request.update(zip(SIX, six))
        request.update(more)
        answer = self.client.call("SCFPHZQRXX", {k: v for k, v in request.items()
                                                 if v is not None})
        return answer["returncode"], answer.get("returnmsg", "")

    def ask(self, **more):
        request = {"xsfnsrsbh": self.unit["tax_no"], "xsfsjswjgdm": self.unit["province"],
                   "ptbh": "", "yf": MONTH}
        request.update(more)
        return self.client.call("CXFPHZQRXX", request)

    def state(self):
        return [r["month"] for r in self.sandbox.get("/summary")["rows"]]

    def refused(self, name, words, kind="0", **more):
        code, text = self.send(kind, **more)
        T.ok(code == "01" and words in text, "refused: " + name, (code, text))


def figures(b):
    rows = b.ask()["fphzqrxxList"]
    T.equal([[r[k] for k in SIX] for r in rows], [["2", "200.00", "26.00", "0", "0.00", "0.00"]],
            "the six of the month, by when they were taken")
    T.equal(b.ask(ptbh="0" * 20)["fphzqrxxList"], [], "nothing of another platform")
    T.equal([r["yf"] for r in b.ask(yf="")["fphzqrxxList"]], [MONTH], "without a month: all")
    T.equal(b.ask(yf="2026-02")["fphzqrxxList"], [], "a month without any")
    T.equal(b.ask(yf="x")["returncode"], "01", "no month")
    T.equal(b.ask(xsfsjswjgdm="")["returnmsg"], "参数错误，销方省级税务机关代码不能为空",
            "without a region")


def refusals(b):
    b.refused("no region", "参数错误，销方省级税务机关代码不能为空", xsfsjswjgdm="")
    b.refused("another kind", "ywlx", kind="2")
    b.refused("another platform", "ptbh", ptbh="0" * 20)
    b.refused("no month", "yf", yf="2026-3")
    b.refused("a month long ago", "上月和本月", yf="2026-01")
    b.refused("a month to come", "上月和本月", yf="2026-05")
    b.refused("the present one", "尚未结束", yf="2026-04")
    b.refused("nothing to cancel", "未确认", kind="1")
    for i, key in enumerate(SIX):
        b.refused("without " + key, key, **{key: None})
        six = ["2", "200.00", "26.00", "0", "0.00", "0.00"]
        six[i] = "7" if key.endswith("sl") else "7.00"
        what = ["蓝字", "红字"][i // 3] + ["数量", "金额", "税额"][i % 3]
        ours = ["2", "200.00", "26.00", "0", "0.00", "0.00"][i]
        kind = what[2:]
        b.refused(key + " differs", "当前比对结果，%s与局端不一致，局端%s%s，上传确认%s%s"
                  % (what, kind, ours, kind, six[i]), six=six)
    T.equal(b.state(), [], "none of these did anything")


def locked(b):
    T.equal(b.send()[0], "00", "the six agree")
    T.equal(b.state(), [MONTH], "confirmed")
    b.refused("twice", "已确认")
    late = L.invoice(b.client, next(b.numbers), None, kprq="2026-03-31 23:00:00")
    answer = b.client.upload([late])
    T.ok("所属年月已完成对账" in answer["returnmsg"], "no more invoices of the month", answer)
    T.equal(b.issue("2026-04-01 08:59:00")["status"], "00", "of this month, yes")
    T.equal(b.send("1")[0], "00", "cancelled")
    b.refused("twice", "未确认", kind="1")
    row = b.client.issue(late)[0]
    T.equal(row["status"], "00", "then it is taken")
    T.equal([r["lzfpsl"] for r in b.ask(yf="2026-04")["fphzqrxxList"]], ["2"],
            "and counted in the month it came in")
    T.equal(b.send()[0], "00", "and confirmed again")


def lag(b):
    T.equal(b.send("1")[0], "00", "cancelled once more")
    b.sandbox.faults(summary_lag={"value": 86400 * 3, "service": "SCFPHZQRXX"})
    b.refused("figures that lag", "局端数量0")
    b.sandbox.faults()
    T.equal(b.send()[0], "00", "later they are there")


def required(b):
    T.equal(b.send("1")[0], "00", "open again")
    b.sandbox.faults(summary_required=True)
    answer = b.client.upload([L.invoice(b.client, next(b.numbers), None,
                                        kprq="2026-04-01 08:59:00")])
    T.ok("[BD1004] 上月未完成上传汇总确认，请完成上月汇总确认再试" in answer["returnmsg"],
         "the month before is required", answer)
    T.equal(b.send()[0], "00", "done")
    T.equal(b.issue("2026-04-01 08:59:30")["status"], "00", "and it goes on")
    b.sandbox.faults()


def thirteenth(b):
    T.equal(b.send("1")[0], "00", "cancelled, and left so")
    b.go("2026-04-12T23:59:30+08:00")
    T.equal(b.send()[0], "00", "half a minute before the 13th")
    T.equal(b.send("1")[0], "00", "to be cancelled still")
    b.go("2026-04-13T00:00:01+08:00")
    b.refused("too late", "已自动汇总")
    b.refused("too late to cancel", "已自动汇总", kind="1")
    T.equal([r["lzfpsl"] for r in b.ask()["fphzqrxxList"]], ["2"], "what it summed up is told")


def main():
    with L.scratch() as folder:
        with L.Sandbox(os.path.join(folder, "a"), "--now", "2026-03-31T22:00:00+08:00",
                       "--result-delay", "0", "--taxcodes", with_table(folder)) as sandbox:
            b = Bench(sandbox, sandbox.using[1])
            for _ in range(2):
                T.equal(b.issue("2026-03-31 21:50:00")["status"], "00", "an invoice of March")
            figures(b)
            b.go("2026-04-01T09:00:00+08:00")
            b.client.quota("900000.00")
            for part in (refusals, locked, lag, required, thirteenth):
                part(b)
    T.done()


main()
