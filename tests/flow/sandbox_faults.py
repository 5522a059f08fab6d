#!/usr/bin/env python3
"""The practice platform misbehaves on demand, and only as asked."""
import gzip
import http.client
import json
import os
import socket
import ssl
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402

T = L.Tap()
BROKEN = (http.client.HTTPException, ConnectionError, ssl.SSLError, socket.timeout)


def requests(s):
    return s.get("/state")["requests"]


def lost_replies(s, c, numbers):
    s.faults(drop_reply={"service": "QDFPSC", "times": 1})
    invoice = L.invoice(c, next(numbers))
    T.raises(BROKEN, lambda: c.upload([invoice]), "drop_reply: no answer")
    T.equal(len(s.get("/invoices?number=" + invoice["fphm"])["rows"]), 1, "but it was accepted")
    T.equal(c.issue(invoice)[0]["status"], "03", "the same again is 03")
    T.equal(s.get("/requests?service=QDFPSC")["rows"][-2]["fault"], "drop_reply", "the log tells")
    s.faults(drop_reply={"service": "QDFPPLFM", "times": 1})
    serial = c.serial()
    T.raises(BROKEN, lambda: c.claim(7, serial), "a lost segment")
    before = len(s.get("/segments")["rows"])
    T.equal((len(c.claim(7, serial)), len(s.get("/segments")["rows"])), (7, before),
            "is found again by its ywlsh")
    s.faults(drop_reply={"service": "XZTHSXED", "times": 1})
    had = c.state()["yxzed"]
    serial = c.serial()
    T.raises(BROKEN, lambda: c.quota("1.00", "0", serial), "a lost download of quota")
    c.quota("1.00", "0", serial)
    T.equal(L.cents(c.state()["yxzed"]) - L.cents(had), 100, "counts once")


def refusals(s, c, numbers):
    count = requests(s)
    s.faults(refuse={"service": "QDFPSC", "times": 1})
    T.raises(BROKEN, lambda: c.upload([L.invoice(c, next(numbers))]), "refuse: closed")
    T.equal(requests(s), count, "nothing was read")
    T.equal(c.state()["returncode"], "00", "the next call passes")
    s.faults(refuse=True)
    c.close()
    T.raises(BROKEN, c.state, "refuse without a service: no connection at all")
    s.faults()
    T.equal(c.state()["returncode"], "00", "until it is cleared")


def platform_errors(s, c, numbers):
    invoices = s.get("/state")["invoices"]
    for code in ("500", "5001", "4057", "4032", "40321", "-1"):
        s.faults(error={"code": code, "times": 1})
        T.platform(code, lambda: c.upload([L.invoice(c, next(numbers))]), "error " + code)
    s.faults(flow_control={"value": 7, "times": 1})
    try:
        c.state()
        T.ok(False, "flow control")
    except L.PlatformError as error:
        T.ok("将访问并发控制在7以内" in error.message, "flow control with its number", error)
    for status in (500, 502, 403):
        s.faults(http_status={"value": status, "times": 1})
        T.platform("HTTP %d" % status, c.state, "status %d with HTML" % status)
    s.faults(html={"times": 1})
    T.raises(ValueError, c.state, "HTML with status 200 is no JSON")
    T.ok(c.last[0] == 200 and c.last[2].startswith(b"<html>"), "it is a page")
    T.equal(s.get("/state")["invoices"], invoices, "none of them accepted anything")
    s.faults(http_status={"value": 502, "times": 1, "after": True, "service": "QDFPSC"})
    invoice = L.invoice(c, next(numbers))
    T.platform("HTTP 502", lambda: c.upload([invoice]), "502 after the commit")
    T.equal(c.issue(invoice)[0]["status"], "03", "it was accepted")


def bodies(s, c):
    s.faults(truncate={"times": 1})
    T.raises(BROKEN + (http.client.IncompleteRead,), c.state, "truncate: the body breaks off")
    s.faults(bad_json={"times": 1})
    T.raises(ValueError, c.state, "bad_json: trailing rubbish")
    s.faults(bad_key_reply={"times": 1})
    T.raises(ValueError, c.state, "bad_key_reply: Data does not open")
    s.faults(oversize={"times": 1, "value": 3})
    T.ok(c.state() and len(c.last[2]) > 3 << 20, "oversize: blanks behind the answer")
    s.faults(slow_body={"times": 1, "value": 20})
    start = time.time()
    T.ok(c.state() and time.time() - start > 0.2, "slow_body: drop by drop")
    s.faults(delay_ms={"times": 1, "value": 300})
    start = time.time()
    T.ok(c.state() and time.time() - start >= 0.3, "delay_ms: late")
    start = time.time()
    T.ok(c.state() and time.time() - start < 0.3, "once only")


def shapes(s, c):
    request = {"nsrsbh": c.unit["tax_no"]}
    s.faults(gzip=True)
    c.state()
    T.ok(c.last[1].get("Content-Encoding") == "gzip" and gzip.decompress(c.last[2]), "gzip")
    s.faults(envelope_object=True)
    T.equal(c.state()["returncode"], "00", "body as an object")
    T.ok(isinstance(json.loads(c.last[2])["body"], dict), "it is one")
    s.faults(status_number=True)
    c.state()
    T.equal(json.loads(c.last[2])["httpStatusCode"], 200, "httpStatusCode as a number")
    s.faults(wrapped_base64=True)
    T.equal(c.state()["returncode"], "00", "base64 in lines")
    s.faults(json_numbers=True)
    T.ok(not isinstance(c.state()["bysxed"], str), "amounts as JSON numbers")
    T.ok(0.13 in [r["slzsl"] for r in c.call("CXKYSL", {})["slzslList"]], "rates as well")
    s.faults(list_name="andereList")
    T.ok("andereList" in c.call("CXSSFLBM", {**request, "sjc": ""}), "ssbmList renamed")
    T.ok("andereList" in c.call("CXKYSL", {}), "slzslList renamed")
    s.faults(paused_quota=True)
    T.equal(c.state()["ztsxbz"], "Y", "quota paused")
    s.faults()


def results(s, c, numbers):
    s.faults(keep_processing=60)
    invoice = L.invoice(c, next(numbers))
    receipt = c.upload([invoice])["sllsh"]
    T.equal(c.results(receipt)[invoice["fphm"]]["status"], "01", "keep_processing: still 01")
    s.post("/clock", {"shift": 61})
    T.equal(c.results(receipt)[invoice["fphm"]]["status"], "00", "until its time is over")
    s.faults(fail_result={"text": "额度账务异常", "times": 1})
    first, second = L.invoice(c, next(numbers)), L.invoice(c, next(numbers))
    rows = c.issue(first, second)
    T.equal([(r["status"], r["message"]) for r in rows],
            [("02", "额度账务异常"), ("00", "上传成功")], "fail_result: one invoice fails")
    T.equal(c.issue(first)[0]["status"], "00", "and may be uploaded again")
    s.faults(duplicate_as_sync_refusal=True)
    answer = c.upload([first, L.invoice(c, next(numbers))])
    T.ok(answer["returncode"] == "01" and "发票号码为[%s]在数据库中已存在" % first["fphm"]
         in answer["returnmsg"], "duplicate_as_sync_refusal: the whole batch", answer)
    s.faults(bi_returncode=True)
    bad = L.invoice(c, next(numbers))
    bad["jshj"] = "1.00"
    T.equal(c.upload([bad])["returncode"], "BI1015", "bi_returncode: six characters")


def switches(s, c):
    s.faults(error={"code": "500", "times": 2})
    got = []
    for _ in range(4):
        try:
            got.append(c.state()["returncode"])
        except L.PlatformError as error:
            got.append(error.code)
    T.equal(got, ["500", "500", "00", "00"], "times")
    s.faults(error={"code": "500", "percent": 50})
    hits = 0
    for _ in range(60):
        try:
            c.state()
        except L.PlatformError:
            hits += 1
    T.ok(5 < hits < 55, "percent", hits)
    s.faults(error=[{"code": "500", "service": "CXKYSL"}, {"code": "5001", "service": "CXSXED"}])
    T.platform("500", lambda: c.call("CXKYSL", {}), "one switch for two services")
    T.platform("5001", c.state, "each its own")
    s.post("/faults", {"error": {"service": "CXSXED", "on": False}})
    T.equal(c.state()["returncode"], "00", "one taken back")
    T.platform("500", lambda: c.call("CXKYSL", {}), "the other stays")
    T.equal(len(s.get("/faults")["faults"]), 1, "they can be listed")
    s.control("DELETE", "/faults")
    T.equal(s.get("/faults")["faults"], [], "and cleared")


def stopping(s):
    s.faults(delay_ms=30000)
    caller = threading.Thread(target=lambda: L.together(s.client(s.using[1]).state))
    caller.start()
    time.sleep(0.3)
    start = time.time()
    T.ok(s.stop() == 0 and time.time() - start < 3, "a delayed call does not hold up the end")
    caller.join()


def main():
    with L.scratch() as folder:
        with L.Sandbox(folder, "--result-delay", "0", "--faults", '{"delay_ms":1}') as s:
            T.equal(s.get("/faults")["faults"][0]["switch"], "delay_ms", "switches at start")
            s.faults()
            c = s.client(s.using[1])
            s.post("/quota", {"tax_no": c.unit["tax_no"], "deadline": 31})
            numbers = iter(c.claim(1000))
            c.quota("1000000.00")
            lost_replies(s, c, numbers)
            refusals(s, c, numbers)
            platform_errors(s, c, numbers)
            bodies(s, c)
            shapes(s, c)
            results(s, c, numbers)
            switches(s, c)
            stopping(s)
    T.done()


main()
