"""A client of the practice platform in plain Python: an SM4 of its own, the envelope, invoices.

Written apart from both programs, so that a test can disagree with either.
"""
import base64
import gzip
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

# ---- SM4 (GB/T 32907), the S-box from its algebra ------------------------------------------------


def _gf_mul(x, y):
    r = 0
    while y:
        if y & 1:
            r ^= x
        x <<= 1
        if x & 256:
            x ^= 0x1F5
        y >>= 1
    return r


def _affine(x):
    r = 0
    for i in range(8):
        row = ((0xA7 << i) | (0xA7 >> (8 - i))) & 255
        r |= (bin(row & x).count("1") & 1) << i
    return r ^ 0xD3


def _inverse(a):
    r = 1
    for _ in range(254):
        r = _gf_mul(r, a)
    return r if a else 0


SBOX = [_affine(_inverse(_affine(x))) for x in range(256)]
FK = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
CK = [sum((((4 * i + j) * 7) & 255) << (24 - 8 * j) for j in range(4)) for i in range(32)]


def _rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def _tau(x):
    return (SBOX[x >> 24] << 24 | SBOX[x >> 16 & 255] << 16 | SBOX[x >> 8 & 255] << 8
            | SBOX[x & 255])


def _mix(b):
    return b ^ _rotl(b, 2) ^ _rotl(b, 10) ^ _rotl(b, 18) ^ _rotl(b, 24)


# One table per byte of the word: S-box and mixing in one step.
TABLES = [[_mix(SBOX[x] << shift) for x in range(256)] for shift in (24, 16, 8, 0)]


def sm4_round_keys(key):
    k = [int.from_bytes(key[4 * i:4 * i + 4], "big") ^ FK[i] for i in range(4)]
    out = []
    for i in range(32):
        b = _tau(k[1] ^ k[2] ^ k[3] ^ CK[i])
        k = k[1:] + [k[0] ^ b ^ _rotl(b, 13) ^ _rotl(b, 23)]
        out.append(k[3])
    return out


def sm4_block(keys, block):
    t0, t1, t2, t3 = TABLES
    a, b, c, d = (int.from_bytes(block[i:i + 4], "big") for i in (0, 4, 8, 12))
    for k in keys:
        x = b ^ c ^ d ^ k
        a, b, c, d = b, c, d, a ^ t0[x >> 24] ^ t1[x >> 16 & 255] ^ t2[x >> 8 & 255] ^ t3[x & 255]
    return b"".join(w.to_bytes(4, "big") for w in (d, c, b, a))


LONG = 65536  # beyond this the openssl command does the work


def _openssl(key, data, decrypt):
    command = ["openssl", "enc", "-sm4-ecb", "-K", key.hex()] + (["-d"] if decrypt else [])
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def sm4_encrypt(key, data):
    if len(data) > LONG:
        return _openssl(key, data, False)
    keys = sm4_round_keys(key)
    pad = 16 - len(data) % 16
    data += bytes([pad]) * pad
    return b"".join(sm4_block(keys, data[i:i + 16]) for i in range(0, len(data), 16))


def sm4_decrypt(key, data):
    if not data or len(data) % 16:
        raise ValueError("not whole blocks")
    if len(data) > LONG:
        return _openssl(key, data, True)
    keys = sm4_round_keys(key)[::-1]
    out = b"".join(sm4_block(keys, data[i:i + 16]) for i in range(0, len(data), 16))
    if not 1 <= out[-1] <= 16 or out[-out[-1]:] != bytes([out[-1]]) * out[-1]:
        raise ValueError("bad padding")
    return out[:-out[-1]]


def seal(key_hex, text):
    return base64.b64encode(sm4_encrypt(bytes.fromhex(key_hex), text.encode())).decode()


def open_sealed(key_hex, text):
    return sm4_decrypt(bytes.fromhex(key_hex), base64.b64decode(text)).decode()


# ---- the program under test ----------------------------------------------------------------------

REAL, TEST = "正式", "沙箱"


class Sandbox:
    """Runs leqi-sandbox on a state directory; a context manager."""

    def __init__(self, state, *options, env=None):
        binary = os.path.join(os.environ.get("BIN", "bin"), "leqi-sandbox")
        self.process = subprocess.Popen([binary, "--state", state, "--exit-with-stdin", *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, **(env or {})})
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("leqi-sandbox ended with %s" % self.process.wait())
        self.info = json.loads(line)
        self.tls = ssl.create_default_context(cafile=self.info["ca_file"])
        self.units = {u["name"]: u for u in self.info["units"] if u["role"] == "using"}
        self.direct = next(u for u in self.info["units"] if u["role"] == "direct")
        self.using = [u for u in self.info["units"] if u["role"] == "using"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        return self.process.returncode

    def control(self, method, path, body=None):
        """Status and parsed answer of the control port."""
        host = urllib.parse.urlsplit(self.info["control"]).netloc
        conn = http.client.HTTPConnection(host, timeout=30)
        conn.request(method, path, body=None if body is None else json.dumps(body).encode())
        reply = conn.getresponse()
        text = reply.read().decode()
        conn.close()
        return reply.status, json.loads(text)

    def get(self, path):
        return self.control("GET", path)[1]

    def post(self, path, body=None):
        status, answer = self.control("POST", path, {} if body is None else body)
        if status != 200:
            raise RuntimeError("%s: %s" % (path, answer))
        return answer

    def faults(self, **switches):
        self.post("/faults", {"replace": True, **switches})

    def client(self, unit, env=REAL):
        return Client(self, unit, env)


class PlatformError(Exception):
    """The platform answered with Error: code is httpStatusCode."""

    def __init__(self, code, message):
        super().__init__("%s %s" % (code, message))
        self.code, self.message = code, message


class Client:
    """Calls interfaces for one using unit; keeps its connection."""

    def __init__(self, sandbox, unit, env=REAL):
        self.sandbox, self.unit, self.env = sandbox, unit, env
        self.key = sandbox.direct["keys"][env]
        self.direct_id = sandbox.direct["leqi_id"]
        self.base = sandbox.info["url_prod" if env == REAL else "url_sandbox"]
        self.conn = None
        self.last = None  # (status, headers, body) of the last answer

    def headers(self, service):
        return {"jrdwptbh": self.direct_id, "sydwptbh": self.unit["leqi_id"], "fwbm": service,
                "nlbm": self.unit["ability"], "Content-Type": "application/json"}

    def raw(self, service, body, headers=None, path=None, timeout=30):
        """Sends the text as it is; returns status, headers and the body's bytes."""
        url = urllib.parse.urlsplit(self.base)
        path = path or url.path + self.unit["ability"] + "/" + service + "/"
        if self.conn is None:
            self.conn = http.client.HTTPSConnection(url.netloc, timeout=timeout,
                                                    context=self.sandbox.tls)
        try:
            self.conn.request("POST", path, body=body.encode(),
                              headers=self.headers(service) if headers is None else headers)
            reply = self.conn.getresponse()
            data = reply.read()
        except Exception:
            self.close()
            raise
        self.last = (reply.status, dict(reply.getheaders()), data)
        return self.last

    def close(self):
        if self.conn:
            self.conn.close()
        self.conn = None

    def decode(self, key=None):
        """The decrypted answer inside the last envelope."""
        status, headers, data = self.last
        if status != 200:
            raise PlatformError("HTTP %d" % status, data[:80].decode("utf-8", "replace"))
        if "gzip" in headers.get("Content-Encoding", ""):
            data = gzip.decompress(data)
        outer = json.loads(data)
        body = outer["body"]
        response = (json.loads(body) if isinstance(body, str) else body)["Response"]
        if str(outer["httpStatusCode"]) != "200" or "Error" in response:
            raise PlatformError(str(outer["httpStatusCode"]),
                                response.get("Error", {}).get("Message", ""))
        return json.loads(open_sealed(key or self.key, response["Data"]))

    def call(self, service, request, headers=None, text=None):
        text = json.dumps(request, ensure_ascii=False) if text is None else text
        self.raw(service, seal(self.key, text), headers)
        return self.decode()

    # the usual steps

    def claim(self, count=100, ywlsh=None):
        answer = self.call("QDFPPLFM", {"nsrsbh": self.unit["tax_no"], "lysl": str(count),
                                        "ywlsh": ywlsh or self.serial()})
        first = int(answer["fpqshm"])
        return ["%020d" % (first + i) for i in range(int(answer["lysl"]))]

    def serial(self):
        return self.unit["leqi_id"] + self.direct_id + uuid.uuid4().hex

    def quota(self, amount, kind="0", ywlsh=None):
        return self.call("XZTHSXED", {"nsrsbh": self.unit["tax_no"], "ptbh": self.direct_id,
                                      "sqlx": kind, "sqed": amount,
                                      "ywlsh": ywlsh or self.serial()})

    def state(self):
        return self.call("CXSXED", {"nsrsbh": self.unit["tax_no"]})

    def upload(self, invoices):
        return self.call("QDFPSC", invoices)

    def results(self, sllsh):
        """{number: row} of one receipt."""
        answer = self.call("CXQDFPSCJG", {"sllsh": sllsh})
        return {row["fphm"]: row for row in answer.get("resultList", [])}

    def issue(self, *invoices):
        """Uploads and returns the rows of the result in order."""
        rows = self.results(self.upload(list(invoices))["sllsh"])
        return [rows[i["fphm"]] for i in invoices]


# ---- invoices ------------------------------------------------------------------------------------

EMPTY_HEAD = """tdys cezslxDm sgfplxDm ckywsyzcDm zzsjzjtDm xsfdz xsfdh xsfkhh xsfzh gmfdz zrrzjlxDm
 zrrzjhm zrrgjDm gmfdh gmfkhh gmfzh gmfjbr jbrsfzjhm jbrsfzjzlDm jbrgjhdqDm jbrnsrsbh gmfjbrlxdh
 skyhmc skyhzh jsfs ysxwfsd kprzjhm kprzjlx dylzfphm hzqrxxdbh hzqrduuid bz cpuid zbxlh skrxm fhrxm
 lqkpmsDm mtpzxx""".split()


def money(cents):
    sign = "-" if cents < 0 else ""
    return "%s%d.%02d" % (sign, abs(cents) // 100, abs(cents) % 100)


def line(index, code="1090511030000000000", short="计算机外部设备", name="打印机", amount=10000,
         rate="0.13", tax=None, kind="00", quantity="2", price=None, **more):
    """A line of an invoice; amount in fen without tax."""
    if tax is None:
        product = amount * int(round(float(rate) * 1000000))
        tax = (abs(product) + 500000) // 1000000 * (1 if product >= 0 else -1)
    if quantity and price is None:
        price = money(amount // int(quantity))
    row = {"mxxh": str(index), "dylzfpmxxh": "", "hwhyslwfwmc": "*%s*%s" % (short, name),
           "spfwjc": short, "xmmc": name, "ggxh": "", "dw": "个" if quantity else "",
           "sl": quantity, "dj": price if quantity else "", "je": money(amount), "slv": rate,
           "se": money(tax), "hsje": money(amount + tax), "kce": "", "sphfwssflhbbm": code,
           "fphxz": kind, "yhzcbs": "", "mtzl": ""}
    row.update(more)
    return row


def cents(text):
    whole, _, part = text.partition(".")
    value = int(whole.lstrip("-") or "0") * 100 + int((part + "00")[:2])
    return -value if text.startswith("-") else value


def total(invoice):
    """Fills the totals from the lines."""
    rows = invoice["fpmxList"]
    amount, tax = sum(cents(r["je"]) for r in rows), sum(cents(r["se"]) for r in rows)
    invoice.update(hjje=money(amount), hjse=money(tax), jshj=money(amount + tax))
    return invoice


def invoice(client, number, lines=None, when=None, **more):
    """A good blue invoice of the client's unit."""
    unit = client.unit
    free = unit["dwgx"] in ("00", "04") and unit["relation"] != "self"
    out = {"fphm": number, "lzfpbz": "0", "ptbh": client.direct_id, "fppz": "01", "gmfzrrbz": "N",
           "qyDm": unit["province"], "xsfnsrsbh": unit["tax_no"], "xsfmc": unit["name"],
           "gmfnsrsbh": "91110000TEST00002X", "gmfmc": "测试购买方有限公司", "kpr": "张三",
           "ip": "192.0.2.10", "macdz": "00-00-5E-00-53-01",
           "kprq": when or time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 28800)),
           "sfzsxsfyhzhbq": "N", "sfzsgmfyhzhbq": "N", "fpkjfsDm": "4" if free else "5",
           "zfxxList": [], "fpmxList": lines or [line(1)], "fjysList": []}
    out.update({key: "" for key in EMPTY_HEAD})
    if unit["relation"] != "self":
        out.update(kprzjhm=unit["kprzjhm"], kprzjlx=unit["kprzjlx"], kpr=unit["kpr"])
    total(out)
    out.update(more)
    return out


# ---- TAP -----------------------------------------------------------------------------------------


class Tap:
    """Counts and prints; `with Tap() as t: t.ok(cond, name)`."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, condition, name, detail=None):
        self.count += 1
        if not condition:
            self.failed += 1
        print("%sok %d - %s" % ("" if condition else "not ", self.count, name))
        if not condition and detail is not None:
            print("# " + str(detail)[:600].replace("\n", " "))
        sys.stdout.flush()
        return condition

    def equal(self, got, wanted, name):
        return self.ok(got == wanted, name, "got %r, wanted %r" % (got, wanted))

    def raises(self, kind, call, name):
        try:
            value = call()
        except kind:
            return self.ok(True, name)
        except Exception as error:  # another fault is a failure with its text
            return self.ok(False, name, repr(error))
        return self.ok(False, name, "no error, got %r" % (value,))

    def platform(self, code, call, name):
        try:
            value = call()
        except PlatformError as error:
            return self.equal(error.code, code, name)
        return self.ok(False, name, "no error, got %r" % (value,))

    def done(self):
        print("1..%d" % self.count)
        sys.exit(1 if self.failed else 0)


def scratch():
    """A directory that goes away with the object."""
    return tempfile.TemporaryDirectory(prefix="leqi-sandbox-")


def together(*calls):
    """Runs the calls at once; results in order, exceptions as values."""
    out = [None] * len(calls)

    def run(i):
        try:
            out[i] = calls[i]()
        except Exception as error:
            out[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out
