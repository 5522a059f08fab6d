#!/usr/bin/env python3
"""The practice platform speaks the protocol: cipher, envelope, headers, every interface."""
import json
import os
import re
import ssl
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402

T = L.Tap()
NOW = "2026-03-10T09:00:00+08:00"
WHEN = "2026-03-10 09:00:00"


def cipher():
    key = "0123456789abcdeffedcba9876543210"
    keys = L.sm4_round_keys(bytes.fromhex(key))
    T.equal(L.sm4_block(keys, bytes.fromhex(key)).hex(), "681edf34d206965e86b3e94f536e4246",
            "the standard's vector")
    T.equal(L.seal(key, '{"nsrsbh":"91110000TEST000001"}'),
            "PqMQ7vtTY8XA02/XhKJpZ+MfsTotBlL9H+ZkrPArofo=", "a body's vector")


def credit_code_valid(code):
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    body, weights = code[8:17], (3, 7, 9, 10, 5, 8, 4, 2)
    value = 11 - sum(w * int(c, 36) for w, c in zip(weights, body)) % 11
    check = {10: "X", 11: "0"}.get(value, str(value))
    return code[17] == alphabet[(31 - total % 31) % 31] and body[8] == check


def start_line(s):
    info = s.info
    T.ok(info["url_prod"].startswith("https://127.0.0.1:")
         and info["url_prod"].endswith("/access/v2/invoke/"), "url of 正式")
    T.ok(info["url_sandbox"].endswith("/access/sandbox/v2/invoke/"), "url of 沙箱")
    T.ok(os.path.isabs(info["ca_file"]) and os.path.exists(info["ca_file"]), "the CA is there")
    T.equal([u["role"] for u in info["units"]].count("using"), 3, "three using units")
    for unit in s.using:
        T.ok(credit_code_valid(unit["tax_no"]), "check digits of " + unit["name"])
        T.ok(re.fullmatch("[0-9a-f]{20}", unit["leqi_id"]), "platform number of " + unit["name"])
    keys = s.direct["keys"]
    T.ok(all(re.fullmatch("[0-9a-f]{32}", k) for k in keys.values())
         and keys["正式"] != keys["沙箱"], "one key per environment")
    T.equal(oct(os.stat(os.path.join(os.path.dirname(info["ca_file"]), "server.key")).st_mode)[-3:],
            "600", "the server's key is private")
    bad = L.Client(s, s.using[0])
    bad.sandbox = type("Plain", (), {"tls": ssl.create_default_context()})
    T.raises(ssl.SSLError, lambda: bad.raw("CXSXED", ""), "a client without the CA refuses")


def envelope(s):
    c = s.client(s.using[1])
    request = {"nsrsbh": c.unit["tax_no"]}
    c.call("CXSXED", request)
    outer = json.loads(c.last[2])
    T.equal(sorted(outer), ["body", "httpStatusCode"], "two keys in the envelope")
    T.equal(outer["httpStatusCode"], "200", "httpStatusCode is text")
    inner = json.loads(outer["body"])["Response"]
    T.ok(re.fullmatch("[0-9a-f]{16}", inner["RequestId"]), "RequestId of 16")
    T.ok(isinstance(c.state()["bysxed"], str), "amounts are text by default")
    sealed = L.seal(c.key, json.dumps(request))
    path = "/access/v2/invoke/%s/CXSXED" % c.unit["ability"]
    c.raw("CXSXED", sealed, path=path)
    T.equal(c.decode()["returncode"], "00", "no slash at the end is fine")
    c.raw("CXSXED", "\r\n".join(sealed[i:i + 60] for i in range(0, len(sealed), 60)))
    T.equal(c.decode()["returncode"], "00", "white space in the base64 is fine")
    test = s.client(c.unit, L.TEST)
    test.raw("CXSXED", L.seal(test.key, json.dumps(request)),
             path="/access/newsandbox/v2/invoke/%s/CXSXED/" % c.unit["ability"])
    T.equal(test.decode()["returncode"], "00", "newsandbox is an alias of 沙箱")
    c.raw("X", "", path="/elsewhere")
    T.equal(c.last[0], 404, "another path is 404")
    answer = c.call("CXNSRFXXX", None, text='{"nsrsbh":"\\u0041"}')
    T.ok(answer["returncode"] != "00" and "\\u" in answer["returnmsg"], "\\u escapes are refused")
    answer = c.call("CXNSRFXXX", None, text=r'{"nsrsbh":"%s","x":"C:\\users"}' % c.unit["tax_no"])
    T.equal(answer["returncode"], "00", "an escaped backslash before u is no escape")
    answer = c.call("CXNSRFXXX", None, text='{"nsrsbh":')
    T.ok(answer["returncode"] != "00", "broken JSON is refused inside Data")


def identity(s):
    c = s.client(s.using[1])
    request = json.dumps({"nsrsbh": c.unit["tax_no"]})

    def call(service="CXSXED", key=None, path=None, body=None, **headers):
        h = {**c.headers("CXSXED"), **headers}
        c.raw(service, L.seal(key or c.key, request) if body is None else body, h, path)
        return c.decode()

    root = "/access/v2/invoke/"
    cases = (
        ("4054", "unknown direct unit", dict(jrdwptbh="0" * 20)),
        ("4054", "a using unit is not a direct one", dict(jrdwptbh=c.unit["leqi_id"])),
        ("4054", "no direct unit", dict(jrdwptbh="")),
        ("4055", "unknown using unit", dict(sydwptbh="f" * 20)),
        ("4049", "header names another ability", dict(nlbm="202076")),
        ("4049", "unknown ability", dict(path=root + "209999/CXSXED/", nlbm="")),
        ("4061", "header names another service", dict(fwbm="CXNSRFXXX")),
        ("4061", "unknown service", dict(path=root + "202007/NOSUCH/", fwbm="")),
        ("4032", "ability not granted", dict(path=root + "202076/CXSXED/", nlbm="202076")),
        ("4057", "wrong key", dict(key="00" * 16)),
        ("4057", "key of the other environment", dict(key=s.direct["keys"][L.TEST])),
        ("4057", "not base64", dict(body="%%%%")),
        ("4057", "escaped base64", dict(body=L.seal(c.key, request)[:-1] + "%3D")),
        ("4057", "half a block", dict(body=L.seal(c.key, request)[:-8])),
        ("4057", "empty body", dict(body="")),
    )
    for code, name, case in cases:
        T.platform(code, lambda: call(**case), name)
    T.equal(call(fwbm="", nlbm="")["returncode"], "00", "fwbm and nlbm may be missing")
    s.post("/units", {"tax_no": c.unit["tax_no"], "services": "CXSXED,CXNSRFXXX"})
    T.equal(c.state()["returncode"], "00", "a granted service")
    T.platform("4032", lambda: c.call("CXKYSL", {}), "a service that was not granted")
    s.post("/units", {"tax_no": c.unit["tax_no"], "services": "", "access": "N"})
    T.platform("40321", c.state, "a suspended using unit")
    s.post("/units", {"tax_no": c.unit["tax_no"], "access": "Y", "direct": "911"})
    T.platform("4033", c.state, "a using unit of somebody else")
    s.post("/units", {"tax_no": c.unit["tax_no"], "direct": s.direct["tax_no"]})
    s.post("/units", {"tax_no": s.direct["tax_no"], "access": "N"})
    T.platform("40322", c.state, "a suspended direct unit")
    s.post("/units", {"tax_no": s.direct["tax_no"], "access": "Y"})
    test = s.client(c.unit, L.TEST)
    s.faults(strict_ylbm=True)
    T.platform("4047", test.state, "沙箱 without ylbm, when asked to insist")
    headers = {**test.headers("CXSXED"), "ylbm": "911001"}
    T.equal(test.call("CXSXED", json.loads(request), headers)["returncode"], "00", "with ylbm")
    s.faults()


def numbers(s):
    c, joint = s.client(s.using[1]), s.client(s.using[2])
    serial = c.serial()
    first = c.claim(50, serial)
    T.ok(first[0].startswith("26" + "44" + "70") and len(first) == 50, "structure of 自用 numbers")
    T.equal(c.claim(50, serial), first, "the same ywlsh gives the same segment")
    request = {"nsrsbh": c.unit["tax_no"], "lysl": "51", "ywlsh": serial}
    T.ok(c.call("QDFPPLFM", request)["returncode"] != "00", "with another count it is refused")
    T.equal(int(c.claim(10)[0]), int(first[-1]) + 1, "the next segment follows")
    T.ok(joint.claim(1)[0].startswith("26" + "11" + "72"), "structure of 联用 numbers")
    other = s.client(c.unit, L.TEST).claim(5)
    T.ok(not set(other) & set(first), "environments never share a number")
    for lysl in ("0", "5001", "-1", "1.5", "x", ""):
        answer = c.call("QDFPPLFM", {**request, "ywlsh": c.serial(), "lysl": lysl})
        T.ok(answer["returncode"] != "00", "count %r is refused" % lysl)
    answer = c.call("QDFPPLFM", {**request, "ywlsh": c.serial(), "lysl": 5000})
    T.equal(str(answer.get("lysl")), "5000", "5000 as a JSON number")
    for change in ({"nsrsbh": joint.unit["tax_no"]}, {"ywlsh": ""}, {"ywlsh": "x" * 101}):
        answer = c.call("QDFPPLFM", {**request, "ywlsh": c.serial(), **change})
        T.ok(answer["returncode"] != "00", "refused: %s" % list(change)[0])


def quota(s):
    c = s.client(s.using[1])
    tax_no = c.unit["tax_no"]
    before = c.state()
    T.equal((before["ztsxbz"], before["bysxed"], before["kysyed"], before["yxzed"],
             before["yxzwsyed"], before["sq"]),
            ("N", "10000000.00", "10000000.00", "0.00", "0.00", "202603"), "the month's quota")
    serial = c.serial()
    got = c.quota("5000.00", "0", serial)
    T.equal((got["syqjq"], got["syqjz"]), ("20260301", "20260315"), "interval to the deadline")
    T.equal(c.quota("5000.00", "0", serial), got, "the same ywlsh gives the same answer")
    T.ok(c.quota("5000.01", "0", serial)["returncode"] != "00", "another amount is refused")
    T.ok(c.quota("5000.00", "1", serial)["returncode"] != "00", "another kind is refused")
    after = c.state()
    T.equal((after["kysyed"], after["yxzed"], after["yxzwsyed"]),
            ("9995000.00", "5000.00", "5000.00"), "downloaded once")
    T.ok(c.quota("9995000.01")["returncode"] != "00", "more than is left")
    T.ok(c.quota("5000.01", "1")["returncode"] != "00", "more back than is unused")
    T.equal(c.quota("1000.00", "1")["returncode"], "00", "a return")
    T.equal(c.state()["kysyed"], "9996000.00", "returned")
    for amount in ("0", "-1.00", "1.001", "1e3", "", "12345678901234567.00"):
        T.ok(c.quota(amount)["returncode"] != "00", "amount %r is refused" % amount)
    adjust = {"xsfnsrsbh": tax_no, "sxedsq": "2026-03"}
    T.equal(c.call("TZSXEDYXQ", adjust)["syqjz"], "20260315", "not filed: the same interval")
    s.post("/filed", {"tax_no": tax_no, "env": L.REAL, "month": "2026-03"})
    T.equal(c.call("TZSXEDYXQ", adjust), {"returncode": "00", "returnmsg": "成功",
                                          "sxedsq": "2026-03", "syqjq": "20260301",
                                          "syqjz": "20260331"}, "filed: to the month's end")
    for month in ("2026-02", "202603", "2026-13", ""):
        answer = c.call("TZSXEDYXQ", {**adjust, "sxedsq": month})
        T.ok(answer["returncode"] != "00", "interval of %r is refused" % month)
    s.post("/quota", {"tax_no": tax_no, "env": L.REAL, "month": "2026-03", "paused": True})
    T.equal(c.state()["ztsxbz"], "Y", "paused")
    T.ok("暂停" in c.quota("1.00")["returnmsg"], "no download while paused")
    T.equal(c.quota("1.00", "1")["returncode"], "00", "a return while paused")
    s.post("/quota", {"tax_no": tax_no, "env": L.REAL, "month": "2026-03", "paused": False,
                      "total": "20000.00"})
    T.equal(c.state()["kysyed"], "16001.00", "the control port sets the total")
    free = s.client(s.using[0])
    T.equal(free.state()["bysxed"], "9999999999999999.00", "按需开票 has no limit")
    free.quota("70000000.00")
    T.equal(free.state()["kysyed"], "9999999999999999.00", "and does not shrink")
    T.equal(s.client(c.unit, L.TEST).state()["yxzed"], "0.00", "沙箱 has its own quota")


def master_data(s):
    c = s.client(s.using[2])
    request = {"nsrsbh": c.unit["tax_no"]}
    risk = c.call("CXNSRFXXX", request)
    T.equal((risk["fxnsrlx"], risk["nsryjjb"], risk["fxnsrbz"], risk["nsrxydj"]),
            ("", "", "N", "B"), "risk data")
    basic = c.call("CXNSRJBXX", request)
    T.equal((basic["jcxx"]["nsrmc"], basic["jcxx"]["nsrlx"], basic["jcxx"]["xdpsdqybz"],
             basic["jcxx"]["nsrztdm"]), (c.unit["name"], "2", "Y", "03"), "basic data")
    T.ok("khhmc" in basic["jcxx"] and isinstance(basic["qyhyxzGrid"], list), "its other keys")
    T.ok(c.call("CXNSRFXXX", {"nsrsbh": "1"})["returncode"] != "00", "another taxpayer is refused")
    rates = c.call("CXKYSL", {})
    T.equal(int(rates["count"]), len(rates["slzslList"]), "rates are counted")
    T.ok({"0.13", "0.03"} <= {r["slzsl"] for r in rates["slzslList"] if r["cszt"] == "0"},
         "13 % and 3 % are enabled")
    T.equal([r["cszt"] for r in rates["slzslList"] if r["slzsl"] == "0.17"], ["1"],
            "17 % is stopped")
    codes = c.call("CXCEZSBM", {})
    T.equal(int(codes["count"]), len(codes["cezsbmList"]), "the codes of 差额征税 are counted")
    agent = [r for r in codes["cezsbmList"] if r["sphfwssflhbbm"] == "3040802990000000000"]
    T.equal([(r["sfkycekp"], r["cekpsfkykzp"], r["qekpsfkykzp"], r["ybnsrsl"], r["xgmnsrzsl"])
             for r in agent], [("Y", "Y", "Y", "6%", "3%")], "with what each allows")


def tax_codes(s):
    c = s.client(s.using[1])
    request = {"nsrsbh": c.unit["tax_no"], "sjc": "", "sjswjgdm": ""}
    all_codes = c.call("CXSSFLBM", request)
    T.equal(c.last[1].get("Content-Encoding"), "gzip", "the answer is gzip")
    T.equal(int(all_codes["count"]), len(all_codes["ssbmList"]), "codes are counted")
    T.ok(len(all_codes["ssbmList"]) > 100, "the starter list is served")
    T.ok(re.fullmatch(r"\d{14}", all_codes["sjc"]), "timestamp of 14 digits")
    codes = {r["sphfwssflhbbm"]: r for r in all_codes["ssbmList"]}
    T.ok(all(r["fjbm"] in codes or len(r["fjbm"]) in (0, 19) for r in codes.values()), "parents")
    again = c.call("CXSSFLBM", {**request, "sjc": all_codes["sjc"]})
    T.equal((again["returncode"], again["returnmsg"]), ("01", "未查询到税收分类编码信息"),
            "nothing new")
    code = next(k for k, r in codes.items() if r["sfhzx"] == "N")
    s.post("/taxcodes", {"codes": [{"code": code, "name": "改过的名称", "stop": "2026-01-01"}]})
    new = c.call("CXSSFLBM", {**request, "sjc": all_codes["sjc"]})
    T.equal([(r["sphfwssflhbbm"], r["sphfwmc"], r["tyrq"]) for r in new["ssbmList"]],
            [(code, "改过的名称", "2026-01-01")], "only the change comes")
    T.ok(new["sjc"] > all_codes["sjc"], "under a later timestamp")
    T.ok(c.call("CXSSFLBM", {**request, "sjc": "2026"})["returncode"] != "00",
         "a malformed timestamp is refused")
    changed_codes(s, c, {**request, "sjc": new["sjc"]}, codes, code)


def changed_codes(s, c, request, codes, stopped):
    """Stopping, renaming, re-rating and adding codes; each answer has what came after a stamp."""
    leaves = [k for k, r in codes.items() if r["sfhzx"] == "N" and k != stopped]
    fresh = "1999999990000000000"
    s.post("/taxcodes", {"codes": [
        {"code": leaves[0], "stop": "2026-03-01"},
        {"code": leaves[1], "name": "新名称", "short_name": "新简称"},
        {"code": leaves[2], "vat_rates": "6%", "levy_rates": ""},
        {"code": fresh, "name": "新编码", "short_name": "新", "vat_rates": "13%",
         "start": "2026-03-01"}]})
    first = c.call("CXSSFLBM", request)
    rows = {r["sphfwssflhbbm"]: r for r in first["ssbmList"]}
    T.equal(set(rows), {*leaves[:3], fresh}, "codes changed at once come together, nothing else")
    T.equal((rows[leaves[0]]["tyrq"], rows[leaves[0]]["sphfwmc"]),
            ("2026-03-01", codes[leaves[0]]["sphfwmc"]), "one stopped, its name as it was")
    T.equal((rows[leaves[1]]["sphfwmc"], rows[leaves[1]]["sphfwfljc"], rows[leaves[1]]["zzssl"]),
            ("新名称", "新简称", codes[leaves[1]]["zzssl"]), "one renamed")
    T.equal((rows[leaves[2]]["zzssl"], rows[leaves[2]]["zsl"]), ("6%", ""), "one with other rates")
    T.equal((rows[fresh]["sphfwmc"], rows[fresh]["qyrq"], rows[fresh]["sfhzx"]),
            ("新编码", "2026-03-01", "N"), "one new")
    s.post("/taxcodes", {"code": leaves[0], "stop": ""})
    again = c.call("CXSSFLBM", {**request, "sjc": first["sjc"]})
    T.equal([(r["sphfwssflhbbm"], r["tyrq"]) for r in again["ssbmList"]], [(leaves[0], "")],
            "a code that is no longer stopped")
    T.equal(len(c.call("CXSSFLBM", request)["ssbmList"]), 4, "the older stamp gets all four")
    T.equal(c.call("CXSSFLBM", {**request, "sjc": again["sjc"]})["returncode"], "01",
            "and then there is nothing")
    for body in ({"code": "12"}, {"code": leaves[0], "stop": "2026-02-30"},
                 {"code": leaves[0], "start": "20260101"}, {"code": leaves[0], "summary": "X"},
                 {"codes": [{"code": leaves[1], "name": "不成"}, {"code": "x"}]}):
        T.equal(s.control("POST", "/taxcodes", body)[0], 400, "refused: %s" % sorted(body.items()))
    T.equal(c.call("CXSSFLBM", {**request, "sjc": again["sjc"]})["returncode"], "01",
            "what is refused changes nothing")


def control(s):
    T.equal(s.control("GET", "/nothing")[0], 404, "control: another path")
    T.equal(s.control("POST", "/faults", {"nothing": 1})[0], 400, "control: unknown switch")
    T.equal(s.control("POST", "/quota", {"tax_no": "x"})[0], 400, "control: unknown unit")
    s.post("/clock", {"shift": 3600})
    T.ok(s.get("/state")["now"] >= "2026-03-10 10:00:00", "the clock moves")
    s.post("/clock", {"now": NOW})
    since = s.get("/requests?bodies=0")["rows"][-1]["id"]
    c = s.client(s.using[1])
    c.state()
    rows = s.get("/requests?since=%d" % since)["rows"]
    T.equal([r["service"] for r in rows], ["CXSXED"], "the log has the call")
    T.equal(json.loads(rows[0]["request"]), {"nsrsbh": c.unit["tax_no"]}, "decrypted request")
    T.equal(json.loads(rows[0]["answer"])["returncode"], "00", "decrypted answer")
    T.equal(rows[0]["headers"]["sydwptbh"], c.unit["leqi_id"], "headers")
    s.post("/units", {"tax_no": "91310000NEWUNIT01X", "name": "新增练习单位",
                      "direct": s.direct["tax_no"], "province": "13100000000"})
    unit = next(u for u in s.get("/units")["units"] if u["name"] == "新增练习单位")
    T.equal(s.client(unit).claim(1)[0][:6], "263170", "a unit added at run time works")


def main():
    cipher()
    with L.scratch() as folder:
        with L.Sandbox(folder, "--now", NOW, "--result-delay", "0") as s:
            start_line(s)
            envelope(s)
            identity(s)
            numbers(s)
            quota(s)
            master_data(s)
            tax_codes(s)
            control(s)
            start = time.time()
            code = s.stop()
        T.ok(code == 0 and time.time() - start < 3, "it stops when stdin closes")
    T.done()


main()
