#!/usr/bin/env python3
"""The practice platform keeps its state, serves many at once, is quick, leaves nothing behind."""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import leqi_py as L  # noqa: E402

T = L.Tap()
BINARY = os.path.join(os.environ.get("BIN", "bin"), "leqi-sandbox")
OPTIONS = ("--result-delay", "0")


def ready(s, unit, count):
    c = s.client(unit)
    s.post("/quota", {"tax_no": unit["tax_no"], "deadline": 31})
    numbers = c.claim(count)
    c.quota("1000000.00")
    return c, numbers


def restart(folder):
    with L.Sandbox(folder, *OPTIONS) as s:
        c, numbers = ready(s, s.using[1], 10)
        serial, invoice = c.serial(), L.invoice(c, numbers[0])
        segment = c.claim(3, serial)
        receipt = c.upload([invoice])["sllsh"]
        s.post("/taxcodes", {"code": "1999999999999999999", "name": "新编码", "short_name": "新"})
        info, stamp = s.info, s.get("/state")["taxcodes_stamp"]
        s.process.send_signal(signal.SIGKILL)
        s.process.wait()
    with L.Sandbox(folder, *OPTIONS) as s:
        T.equal({k: v for k, v in s.info.items() if k != "pid"},
                {k: v for k, v in info.items() if k != "pid"}, "killed and started: the same line")
        c = s.client(s.using[1])
        T.equal(c.results(receipt)[numbers[0]]["status"], "00", "the receipt is known")
        T.equal(c.issue(invoice)[0]["status"], "03", "the number is known")
        T.equal(c.claim(3, serial), segment, "the segment is known")
        T.equal(c.state()["yxzwsyed"], "999900.00", "the quota is known")
        T.equal(s.get("/state")["taxcodes_stamp"], stamp, "the tax codes' timestamp stays")
        s.process.send_signal(signal.SIGTERM)
        T.equal(s.process.wait(5), 0, "SIGTERM ends it in order")
    start = time.time()
    with L.Sandbox(folder, *OPTIONS) as s:
        T.ok(time.time() - start < 2, "it starts at once", time.time() - start)


def guards(folder):
    with L.Sandbox(folder, *OPTIONS):
        second = subprocess.run([BINARY, "--state", folder], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=20)
        T.ok(second.returncode != 0 and not second.stdout, "one platform per directory")
    for wrong in ((), ("--state",), ("--state", folder, "--port", "x"),
                  ("--state", folder, "--nothing"), ("--state", folder, "--host", "0.0.0.0"),
                  ("--state", folder, "--now", "yesterday")):
        got = subprocess.run([BINARY, *wrong], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=20)
        T.ok(got.returncode != 0 and got.stderr.startswith(b"leqi-sandbox: "),
             "refused: " + " ".join(wrong).replace(folder, "DIR"))
    help_text = subprocess.run([BINARY, "--help"], stdout=subprocess.PIPE).stdout.decode()
    T.ok("--result-delay" in help_text and "drop_reply" in help_text, "--help tells the switches")
    child = subprocess.Popen(["sleep", "60"])
    p = subprocess.Popen([BINARY, "--state", folder, "--parent-pid", str(child.pid)],
                         stdout=subprocess.PIPE)
    p.stdout.readline()
    child.kill()
    child.wait()
    T.equal(p.wait(5), 0, "it ends with its parent")
    p.stdout.close()


def at_once(folder):
    """Eight connections upload, claim and download at the same time."""
    with L.Sandbox(folder, *OPTIONS) as s:
        unit = s.using[1]
        c, numbers = ready(s, unit, 400)
        before = len(s.get("/invoices")["rows"])

        def worker(part):
            mine = s.client(unit)
            statuses = []
            for k in range(5):
                batch = [L.invoice(mine, n) for n in part[10 * k:10 * k + 10]]
                statuses += [r["status"] for r in mine.issue(*batch)]
            return statuses + mine.claim(5)

        out = L.together(*[lambda i=i: worker(numbers[50 * i:50 * i + 50]) for i in range(8)])
        T.equal([o[:50] for o in out], [["00"] * 50] * 8, "eight connections issue 400 invoices")
        claimed = [n for o in out for n in o[50:]]
        T.equal(len(set(claimed)), 40, "and claim numbers without overlap")
        T.equal(len(s.get("/invoices")["rows"]) - before, 400, "all are stored once")
        same = L.invoice(c, c.claim(1)[0])
        rows = L.together(*[lambda: s.client(unit).issue(same)[0]["status"] for _ in range(6)])
        T.equal(sorted(rows), ["00"] + ["03"] * 5, "one number from six connections: one wins")
        s.faults(delay_ms={"service": "CXSXED", "value": 1500, "times": 1})
        start = time.time()
        slow, quick = L.together(s.client(unit).state, lambda: (time.sleep(0.3), c.call(
            "CXKYSL", {}), time.time() - start)[2])
        T.ok(slow["returncode"] == "00" and quick < 1.2, "a delayed call holds nobody up", quick)


def speed(folder):
    with L.Sandbox(folder, *OPTIONS) as s:
        c, numbers = ready(s, s.using[1], 2000)
        sealed = []
        for k in range(0, 2000, 100):
            batch = [L.invoice(c, n) for n in numbers[k:k + 100]]
            text = L.json.dumps(batch, ensure_ascii=False).encode()
            sealed.append(L.base64.b64encode(
                L._openssl(bytes.fromhex(c.key), text, False)).decode())
        start = time.time()
        for body in sealed:
            c.raw("QDFPSC", body)
        seconds = time.time() - start
        T.equal(c.decode()["returncode"], "00", "the last batch was taken")
        rows = s.get("/invoices?seller=" + c.unit["tax_no"])["rows"]
        T.ok(len(rows) >= 2000, "2,000 invoices are stored")
        T.ok(seconds < 20, "2,000 invoices in %.2f s" % seconds)


def whole_table(folder):
    """The full classification, where the machine has one."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    shared = os.environ.get("KAIPIAO_SHARED", os.path.join(root, "..", "shared"))
    table = os.path.join(shared, "data", "taxcode.tsv")
    if not os.path.exists(table):
        T.ok(True, "the full classification # skip no table here")
        return
    with open(table, encoding="utf-8") as f:
        wanted = {row.split("\t")[0] for row in f if row[0].isdigit()}
    with L.Sandbox(folder, *OPTIONS, "--taxcodes", table) as s:
        c = s.client(s.using[1])
        answer = c.call("CXSSFLBM", {"nsrsbh": c.unit["tax_no"], "sjc": ""})
        got = {r["sphfwssflhbbm"]: r for r in answer["ssbmList"]}
        T.equal(set(got), wanted, "the full classification: every row is served")
        T.equal((got["1010101010000000000"]["sfhzx"], got["1010101000000000000"]["sfhzx"]),
                ("N", "Y"), "leaves and summaries")


def main():
    with L.scratch() as folder:
        restart(os.path.join(folder, "a"))
        guards(os.path.join(folder, "a"))
        at_once(os.path.join(folder, "a"))
        speed(os.path.join(folder, "b"))
        whole_table(os.path.join(folder, "c"))
    T.done()


main()
