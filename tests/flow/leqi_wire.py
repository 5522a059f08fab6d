#!/usr/bin/env python3
"""The wire: faults against a small TLS server, the interfaces against the practice platform.

The first rule looked at: a peer whose certificate is not right never sees a byte of a request.
"""
import datetime
import gzip
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import warnings

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build")))
BIN = os.path.abspath(os.environ.get("BIN", os.path.join(ROOT, "bin")))
DRIVE = os.path.join(BUILD, "bench", "leqi_drive")
SANDBOX = os.path.join(BIN, "leqi-sandbox")

KEY = "0123456789abcdeffedcba9876543210"
# {"returncode":"00","returnmsg":"成功","sllsh":"00000000000000000000000000000001"} under KEY
SEALED = ("pjJcxQs6RaLuqi8Uea4mkizork/J0TEZIwfNUmPkThHXg+I3IsweLEmmKVMPrEtNSjhMoigRfAhyQWVzUptEi1Qg"
          "fEjlAer2LD71M330TrNIYicucKRL/izzkMph2aBl")
warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is spoken here to see it refused
RECEIPT = "0" * 31 + "1"
NAME = "lqpt.example"

results = []


def check(name, good, why=""):
    results.append("%s %d - %s" % ("ok" if good else "not ok", len(results) + 1, name))
    if not good:
        results.extend("# %s" % line for line in str(why).splitlines()[:20])


def skip(name, why):
    results.append("ok %d - %s # SKIP %s" % (len(results) + 1, name, why))


class Drive:
    """The room by hand (tests/bench/leqi_drive.c)."""

    def __init__(self, **env):
        self.process = subprocess.Popen([DRIVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=dict(os.environ, **env))

    def __call__(self, op, **args):
        line = json.dumps(dict(args, op=op), ensure_ascii=False) + "\n"
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the driver died at " + line[:200])
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(30)


# ---- certificates -------------------------------------------------------------------------------

def openssl(*args):
    subprocess.run(["openssl", *args], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_ca(folder, name):
    base = os.path.join(folder, name)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", base + ".key", "-out", base + ".pem", "-days", "30", "-subj", "/CN=" + name)
    return base


def make_cert(folder, ca, file, names, start=None, end=None):
    """A server certificate of ca; start and end as days from now."""
    base = os.path.join(folder, file)
    with open(base + ".cnf", "w") as f:
        f.write("[ca]\ndefault_ca=c\n[c]\ndatabase=%s.db\nserial=%s.srl\nnew_certs_dir=%s\n"
                "default_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=v3\n"
                "[p]\ncommonName=supplied\n[v3]\nsubjectAltName=%s\n" % (base, base, folder,
                                                                         names))
    open(base + ".db", "w").close()
    with open(base + ".srl", "w") as f:
        f.write("%016x\n" % (int.from_bytes(os.urandom(7), "big")))
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout",
            base + ".key", "-out", base + ".csr", "-subj", "/CN=server")
    now = datetime.datetime.now(datetime.timezone.utc)
    when = [(now + datetime.timedelta(days=d)).strftime("%Y%m%d%H%M%SZ")
            for d in (-2 if start is None else start, 10 if end is None else end)]
    openssl("ca", "-batch", "-notext", "-config", base + ".cnf", "-cert", ca + ".pem", "-keyfile",
            ca + ".key", "-in", base + ".csr", "-out", base + ".pem", "-startdate", when[0],
            "-enddate", when[1])
    return base


# ---- a server that misbehaves on demand ---------------------------------------------------------

def envelope(data=SEALED):
    return json.dumps({"body": json.dumps({"Response": {"RequestId": "0a1b2c3d4e5f6071",
                                                        "Data": data}}),
                       "httpStatusCode": "200"}).encode()


def response(body, status="200 OK", headers="", length=None):
    return ("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
            "Date: Thu, 05 Mar 2026 01:30:00 GMT\r\n%s\r\n"
            % (status, len(body) if length is None else length, headers)).encode() + body


class Server:
    """One certificate, one behaviour at a time; remembers connections and requests."""

    def __init__(self, cert=None, tls11=False):
        self.answer = lambda n: response(envelope())
        self.after = None  # what happens to the connection instead of, or after, the answer
        self.handshake = True
        self.connections, self.requests, self.raw = 0, [], b""
        self.context = None
        if cert:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(cert + ".pem", cert + ".key")
            if tls11:
                self.context.set_ciphers("ALL:@SECLEVEL=0")
                self.context.minimum_version = ssl.TLSVersion.TLSv1_1
                self.context.maximum_version = ssl.TLSVersion.TLSv1_1
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def reset(self, answer=None, after=None):
        self.answer = answer or (lambda n: response(envelope()))
        self.after = after
        self.connections, self.requests, self.raw = 0, [], b""

    def accept(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def read_request(self, s, pending):
        while b"\r\n\r\n" not in pending:
            piece = s.recv(65536)
            if not piece:
                return None, b""
            self.raw += piece
            pending += piece
        head, rest = pending.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (x.split(":", 1) for x in lines[1:])}
        size = int(headers.get("content-length", "0"))
        while len(rest) < size:
            piece = s.recv(65536)
            if not piece:
                return None, b""
            self.raw += piece
            rest += piece
        return (lines[0], headers, rest[:size]), rest[size:]

    def serve(self, s):
        plain = s
        try:
            if not self.handshake:
                time.sleep(3)
                return
            if self.context:
                s = self.context.wrap_socket(s, server_side=True)
            pending = b""
            while True:
                request, pending = self.read_request(s, pending)
                if not request:
                    return
                self.requests.append(request)
                answer = self.answer(len(self.requests))
                if answer:
                    s.sendall(answer)
                if self.after == "reset":
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if self.after or not answer:
                    return
        except (OSError, ssl.SSLError, ValueError):
            return
        finally:
            s.close()
            plain.close()

    def close(self):
        self.listener.close()


# ---- transport ----------------------------------------------------------------------------------

class Transport:
    def __init__(self, folder):
        self.folder = folder
        self.ca = make_ca(folder, "authority")
        self.foreign = make_ca(folder, "foreign")
        self.good = Server(make_cert(folder, self.ca, "good", "DNS:%s,IP:127.0.0.1" % NAME))
        self.drive = Drive(https_proxy="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9",
                           ALL_PROXY="http://127.0.0.1:9")

    def unit(self, url=None, ca=None, **more):
        settings = dict(url=url or "https://127.0.0.1:%d/access/v2/invoke" % self.good.port,
                        direct="d" * 20, using="u" * 20, key=KEY, region="14400000000",
                        tax_no="91440000TEST00001X", ca_file=(ca or self.ca) + ".pem",
                        connect_ms=1500, total_ms=2500)
        settings.update(more)
        self.drive("unit", **{k: v for k, v in settings.items() if v is not None})

    def upload(self):
        return self.drive("raw", bodies=[{"fphm": "1"}])

    def expect(self, name, reply, cls, *words):
        missing = [w for w in words if w not in reply["message"] + reply["hint"]]
        check(name, reply["class"] == cls and not missing,
              "%s %s\nmissing %s" % (reply["class"], reply["message"], missing))

    # -- a peer that is not who it says

    def distrust(self):
        cases = [
            ("a certificate of a foreign authority", make_cert(self.folder, self.foreign,
                                                               "foreign-server",
                                                               "IP:127.0.0.1"), self.ca,
                                                               "不在信任之列"),
            ("a certificate for another name", make_cert(self.folder, self.ca, "other-name",
                                                         "DNS:evil.example"), self.ca, "主机名"),
            ("an expired certificate", make_cert(self.folder, self.ca, "expired", "IP:127.0.0.1",
                                                 -9, -1),
             self.ca, "过期"),
            ("a certificate of tomorrow", make_cert(self.folder, self.ca, "tomorrow",
                                                    "IP:127.0.0.1", 1, 9),
             self.ca, "尚未生效"),
            ("a self-signed certificate", make_ca(self.folder, "self"), self.ca, "自签名"),
        ]
        for name, cert, ca, word in cases:
            server = Server(cert)
            self.unit(url="https://127.0.0.1:%d/invoke" % server.port, ca=ca)
            reply = self.upload()
            self.expect(name + " is refused", reply, "misconfigured", "证书校验失败", word,
                        "--ca-file")
            check(name + " sees no byte of the request", server.connections and not server.raw
                  and not server.requests, server.raw)
            server.close()

    def system_store(self):
        self.good.reset()
        self.unit(ca_file=None)
        self.expect("the system store does not know a private authority", self.upload(),
                    "misconfigured", "证书校验失败")
        check("and the private server saw nothing", not self.good.raw)
        bad = os.path.join(self.folder, "bad.pem")
        with open(bad, "w") as f:
            f.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.unit(ca_file=bad)
        self.expect("an unreadable CA file", self.upload(), "misconfigured", "CA")
        check("sends nothing", not self.good.raw)

    def forwarding(self):
        self.good.reset()
        self.unit(url="https://%s:8443/access/v2/invoke/" % NAME,
                  connect_to="127.0.0.1:%d" % self.good.port)
        reply = self.upload()
        self.expect("a forwarding address with the right name", reply, "ok")
        check("the Host is the real one", self.good.requests
              and self.good.requests[0][1]["host"] == NAME + ":8443", self.good.requests)
        self.good.reset()
        self.unit(url="https://other.example:8443/invoke",
                  connect_to="127.0.0.1:%d" % self.good.port)
        self.expect("a forwarding address with a wrong name", self.upload(), "misconfigured",
                    "主机名")
        check("gets no request", not self.good.raw)
        self.unit(url="http://127.0.0.1:%d/invoke" % self.good.port)
        self.expect("a plain address", self.upload(), "misconfigured", "https://")
        self.unit(url="ftp://127.0.0.1/invoke")
        self.expect("another scheme", self.upload(), "misconfigured", "https://")

    def unreachable(self):
        free = socket.create_server(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        self.unit(url="https://127.0.0.1:%d/invoke" % port)
        self.expect("a closed port", self.upload(), "later", "连接不上")
        self.unit(url="https://no-such-host.invalid/invoke")
        self.expect("an unknown host", self.upload(), "later", "域名")
        plain = Server()
        self.unit(url="https://127.0.0.1:%d/invoke" % plain.port)
        self.expect("a server that does not speak TLS", self.upload(), "later")
        check("gets no request", not plain.requests and b"POST" not in plain.raw)
        plain.close()
        old = Server(os.path.join(self.folder, "good"), tls11=True)
        self.unit(url="https://127.0.0.1:%d/invoke" % old.port)
        self.expect("TLS 1.1", self.upload(), "later", "TLS")
        check("gets no request either", not old.raw)
        old.close()
        mute = Server(os.path.join(self.folder, "good"))
        mute.handshake = False
        self.unit(url="https://127.0.0.1:%d/invoke" % mute.port, connect_ms=300)
        self.expect("a server that never shakes hands", self.upload(), "later", "超时")
        mute.close()

    # -- a good peer

    def request_shape(self):
        self.good.reset()
        self.unit()
        for _ in range(5):
            reply = self.upload()
        check("a good answer", reply["class"] == "ok" and reply["receipt"] == RECEIPT, reply)
        check("five calls, one connection", self.good.connections == 1
              and len(self.good.requests) == 5,
              (self.good.connections, len(self.good.requests)))
        line, headers, body = self.good.requests[0]
        check("the path", line == "POST /access/v2/invoke/202007/QDFPSC/ HTTP/1.1", line)
        want = {"jrdwptbh": "d" * 20, "sydwptbh": "u" * 20, "nlbm": "202007", "fwbm": "QDFPSC",
                "access_signature": "", "content-type": "application/json",
                "accept-encoding": "gzip"}
        check("the headers", all(headers.get(k) == v for k, v in want.items())
              and len(headers["clienttid"]) == 32 and headers["user-agent"].startswith("kaipiao/"),
              headers)
        check("nothing that was not asked for", not {"expect", "ylbm", "sxcsbz", "ptlx",
                                                     "authorization",
                                                     "cookie", "transfer-encoding"} & set(headers),
                                                     headers)
        check("the trace has the plain request and not the key",
              reply["request"] == '[{"fphm":"1"}]'
              and KEY not in json.dumps(reply))
        check("the body is bare base64", body and set(body) <= set(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="), body)
        check("the clock of the server", reply["server_time"] == 1772674200, reply["server_time"])
        self.unit(joint=True, ability="202076", sandbox_flag=True, use_case="102302")
        self.upload()
        headers = self.good.requests[-1][1]
        check("headers of a joint unit after approval", headers.get("ptlx") == "2"
              and headers.get("sxcsbz") == "1" and "ylbm" not in headers
              and headers["nlbm"] == "202076", headers)
        self.unit(use_case="911001")
        self.upload()
        check("the use case before approval", self.good.requests[-1][1].get("ylbm") == "911001")

    def forbidden(self):
        self.good.reset()
        self.unit()
        self.drive("forbid", on=True)
        reply = self.upload()
        self.drive("forbid", on=False)
        check("a trace that says no stops the call", reply["class"] == "later"
              and not self.good.raw)

    def lost(self):
        body = envelope()
        zipped = gzip.compress(body)
        cases = [
            ("a reset after the request", lambda n: b"", "reset", "lost"),
            ("a close without an answer", lambda n: b"", "close", "lost"),
            ("half a body", lambda n: response(body[:40], length=len(body)), "close", "lost"),
            ("half a head", lambda n: b"HTTP/1.1 200 OK\r\nContent-", "close", "lost"),
            ("a body cut but counted right", lambda n: response(body[:-9]), None, "lost"),
            ("an answer that is not HTTP", lambda n: b"\x00\x01nonsense\r\n\r\n", "close", "lost"),
            ("HTTP 500 with a good envelope", lambda n: response(body, "500 Oops"), None, "lost"),
            ("HTTP 502 HTML", lambda n: response(b"<html><title>Bad Gateway</title></html>",
                                                 "502 x"),
             None, "lost"),
            ("HTTP 200 HTML", lambda n: response(b"<html><title>login</title></html>"), None,
             "lost"),
            ("HTTP 204", lambda n: b"HTTP/1.1 204 No Content\r\n\r\n", None, "lost"),
            ("HTTP 408", lambda n: response(b"", "408 x"), None, "lost"),
            ("chunks that stop", lambda n: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             b"10\r\n{\"httpStatusCode", "close", "lost"),
            ("gzip that lies", lambda n: response(body, headers="Content-Encoding: gzip\r\n"),
             None, "lost"),
            ("gzip cut", lambda n: response(zipped[:-12], headers="Content-Encoding: gzip\r\n"),
             None, "lost"),
            ("gzip", lambda n: response(zipped, headers="Content-Encoding: gzip\r\n"), None, "ok"),
            ("gzip that nobody announced", lambda n: response(zipped), None, "ok"),
            ("HTTP 403", lambda n: response(b"Forbidden", "403 Forbidden"), None, "misconfigured"),
            ("HTTP 403 cut short", lambda n: response(b"Forb", "403 Forbidden", length=99), "close",
             "misconfigured"),
            ("HTTP 404", lambda n: response(b"ResourceNotFound", "404 x"), None, "misconfigured"),
            ("HTTP 429", lambda n: response(b"", "429 x"), None, "later"),
            ("HTTP 503 flow control",
             lambda n: response("当前访问请求较多，请5分钟后重试".encode(), "503 x"),
             None, "later"),
            ("a redirect", lambda n: response(b"", "302 x",
                                              "Location: https://127.0.0.1:%d/steal\r\n"
                                              % self.good.port), None, "misconfigured"),
        ]
        for name, answer, after, cls in cases:
            self.good.reset(answer, after)
            self.unit()
            reply = self.upload()
            check("%s is %s" % (name, cls), reply["class"] == cls
                  and (cls == "ok" or reply["message"]),
                  "%s %s" % (reply["class"], reply["message"]))
            check("%s: the body went out once" % name, len(self.good.requests) == 1,
                  len(self.good.requests))

    def slow(self):
        def late(n):
            time.sleep(1.2)
            return response(envelope())

        self.good.reset(late)
        self.unit(total_ms=600)
        reply = self.upload()
        self.expect("an answer that takes too long", reply, "lost", "超时")
        check("after about the time given", 500 <= reply["took_ms"] <= 1100, reply["took_ms"])
        check("the body went out once", len(self.good.requests) == 1)

    def stale(self):
        """A kept-alive connection that dies with the second request on it: never sent again."""
        self.good.reset(lambda n: response(envelope()) if n == 1 else b"", None)
        self.unit()
        first, second = self.upload(), self.upload()
        check("a connection that dies under a reused request", first["class"] == "ok"
              and second["class"] == "lost", (first["class"], second["class"], second["message"]))
        check("is not repeated behind our back", len(self.good.requests) == 2,
              len(self.good.requests))
        self.good.reset()
        self.expect("and the next call works", self.upload(), "ok")

    def bomb(self):
        zipped = gzip.compress(b" " * (300 << 20), 9)
        self.good.reset(lambda n: response(zipped, headers="Content-Encoding: gzip\r\n"), None)
        self.unit(total_ms=60000)
        self.expect("an answer of 300 MiB", self.upload(), "lost", "上限")

    def probes(self):
        self.good.reset()
        self.unit()
        p = self.drive("probe")
        check("a probe sees every hop", p["err"] == "ok" and p["resolved"] and p["connected"]
              and p["verified"] and p["server_time"] == 1772674200
              and p["address"] == "127.0.0.1:%d" % self.good.port, p)
        self.unit(url="https://127.0.0.1:%d/x" % self.good.port, ca=self.foreign)
        p = self.drive("probe")
        check("a probe of an untrusted peer", p["err"] == "invalid" and p["connected"]
              and not p["verified"] and "证书" in p["message"] and "--ca-file" in p["hint"], p)
        self.unit(url="https://no-such-host.invalid/x")
        p = self.drive("probe")
        check("a probe of an unknown host", p["err"] == "busy" and not p["resolved"]
              and "域名" in p["message"], p)
        self.unit(url="https://127.0.0.1:1/x")
        p = self.drive("probe")
        check("a probe of a closed port", p["err"] == "busy" and p["resolved"]
              and not p["connected"], p)

    def run(self):
        for part in (self.distrust, self.system_store, self.forwarding, self.unreachable,
                     self.request_shape, self.forbidden, self.lost, self.slow, self.stale,
                     self.bomb,
                     self.probes):
            part()
        self.good.close()
        check("the driver ends well", self.drive.close() == 0)


# ---- the practice platform ----------------------------------------------------------------------

class Practice:
    def __init__(self, folder):
        self.process = subprocess.Popen([SANDBOX, "--state", os.path.join(folder, "state"),
                                         "--result-delay", "200", "--exit-with-stdin",
                                         "--now", "2026-03-05T09:30:00+08:00"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.start = json.loads(self.process.stdout.readline())
        self.drive = Drive(KAIPIAO_NOW="2026-03-05T09:30:00+08:00")
        direct = next(u for u in self.start["units"] if u["role"] == "direct")
        self.direct, self.keys = direct, direct["keys"]
        using = [u for u in self.start["units"] if u["role"] == "using"
                 and u["relation"] == "self"]
        self.own = next(u for u in using if u["tax_no"] != direct["tax_no"])
        self.joint = next(u for u in self.start["units"] if u["relation"] == "joint")
        self.numbers = None

    def control(self, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.start["control"] + path, data=data,
                                         method="POST" if data is not None else "GET")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def unit(self, who=None, env="正式", **more):
        who = who or self.own
        settings = dict(url=self.start["url_prod" if env == "正式" else "url_sandbox"],
                        direct=self.direct["leqi_id"], using=who["leqi_id"], key=self.keys[env],
                        ca_file=self.start["ca_file"], tax_no=who["tax_no"],
                        region=who["province"],
                        ability=who["ability"], joint=who["relation"] == "joint",
                        drawer_id_type=who["kprzjlx"], drawer_id_no=who["kprzjhm"])
        settings.update(more)
        self.drive("unit", **settings)
        return who

    def reply(self, name, reply, cls, *words):
        missing = [w for w in words if w not in reply.get("message", "") + reply.get("hint", "")]
        check(name, reply.get("class") == cls and not missing,
              "%s %s\nmissing %s" % (reply.get("class"), reply.get("message"), missing)
              + str(reply.get("fault", "")))
        return reply

    def queries(self):
        who = self.unit()
        a = self.reply("numbers", self.drive("claim", count=300, serial="s" * 72), "ok")
        b = self.drive("claim", count=300, serial="s" * 72)
        check("the same serial gives the same segment", a["first"] == b["first"]
              and a["count"] == 300
              and int(a["last"]) - int(a["first"]) == 299 and a["first"][:2] == "26", (a, b))
        self.numbers = int(a["first"])
        self.reply("the same serial with another count", self.drive("claim", count=301,
                                                                    serial="s" * 72),
                   "refused")
        self.reply("too many numbers", self.drive("claim", count=5001), "refused")
        q = self.reply("quota", self.drive("quota"), "ok")
        check("its figures", q["month"] == "2026-03" and q["total"] == "10000000.00"
              and not q["paused"], q)
        m = self.reply("a download", self.drive("move", amount="100000.00"), "ok")
        check("its interval", m["start"].startswith("2026-03-")
              and m["end"].startswith("2026-03-"), m)
        self.reply("a return", self.drive("move", kind="return", amount="40000.00"), "ok")
        q = self.drive("quota")
        check("both are in the quota", q["unused"] == "60000.00" and q["downloaded"] == "60000.00",
              q)
        self.reply("more than there is", self.drive("move", amount="99999999.00"), "refused")
        i = self.reply("a new interval", self.drive("adjust", month="2026-03"), "ok")
        check("of the month", i["month"] == "2026-03" and i["start"] <= i["end"], i)
        t = self.reply("taxpayer", self.drive("taxpayer"), "ok")
        check("its data", t["name"] == who["name"] and t["tax_no"] == who["tax_no"]
              and t["state"] == "03"
              and t["pilot"] == "Y" and t["basic_at"] > 0, t)
        t = self.reply("risk", self.drive("risk"), "ok")
        check("no risk", t["risk_flag"] == "N" and t["credit"] == "A" and t["risk_at"] > 0, t)
        r = self.reply("rates", self.drive("rates"), "ok")
        check("13 % is enabled", any(x["rate"] == "0.13" and x["enabled"] and not x["levy"]
                                     for x in r["rates"]), r["rates"])

    def codes(self):
        self.unit()
        a = self.reply("all codes", self.drive("codes"), "ok")
        check("hundreds of them, all named", a["count"] > 100 and a["named"] == a["count"], a)
        b = self.reply("nothing new", self.drive("codes", stamp=a["stamp"]), "ok")
        check("is no failure", b["count"] == 0 and b["stamp"] == a["stamp"], b)
        self.reply("codes that cannot be stored", self.drive("codes", refuse=True), "later")
        self.control("/faults", {"list_name": {"text": "codeList"}})
        c = self.reply("a list under another name", self.drive("codes"), "ok")
        check("is found", c["count"] == a["count"], c["count"])
        self.reply("rates under another name", self.drive("rates"), "ok")
        self.control("/faults/clear", {})

    def invoice(self, who, **more):
        self.numbers += 1
        invoice = {"kind": "ordinary", "prices_include_tax": False, "drawer": "林小满",
                   "buyer": {"name": "苏州启衡精密机械有限公司", "tax_no": "91320506MAKP0A054E"},
                   "lines": [{"name": "打印机", "tax_code": "1090511030000000000",
                              "short_name": "计算机外部设备", "quantity": "2", "price": "100",
                              "tax_rate": "0.13"}],
                   "number": "%020d" % self.numbers, "issued_at": "2026-03-05 09:30:00",
                   "seller": {"name": who["name"], "tax_no": who["tax_no"]}}
        invoice.update(more)
        return invoice

    def shapes(self, who):
        line = {"name": "打印机", "tax_code": "1090511030000000000",
                "short_name": "计算机外部设备",
                "unit": "台", "tax_rate": "0.13"}
        return [
            self.invoice(who),
            self.invoice(who, kind="special", prices_include_tax=True, remark="甲\n乙\"丙\"\\丁",
                         lines=[dict(line, quantity="3", price="99.99",
                                     discount={"amount": "20.01"}),
                                dict(line, amount="0.03")]),
            self.invoice(who, buyer={"name": "李四", "is_person": True}),
            self.invoice(who, payments=[{"channel": "010", "number": "JY1"}],
                         extras=[{"name": "合同号", "value": "HT-1"}]),
        ]

    def upload_and_wait(self, name, invoices):
        r = self.reply(name, self.drive("upload", invoices=invoices), "ok")
        if r.get("class") != "ok":
            return None
        for _ in range(50):
            got = self.drive("result", receipt=r["receipt"])
            if got["class"] != "ok" or all(x["status"] != "processing" for x in got["results"]) \
                    and got["results"]:
                break
            time.sleep(0.1)
        check(name + ": all done",
              sorted(x["number"] for x in got["results"] if x["status"] == "done")
              == sorted(i["number"] for i in invoices), got)
        return r["receipt"]

    def uploads(self):
        for edition in (None, "4.000"):
            who = self.unit(edition=edition)
            batch = self.shapes(who)
            self.upload_and_wait("a batch, edition %s" % (edition or "newest"), batch)
        stored = self.control("/invoices?number=" + batch[0]["number"])
        check("the platform has it", batch[0]["number"] in json.dumps(stored))
        again = self.reply("the same again", self.drive("upload", invoices=batch[:1]), "ok")
        time.sleep(0.4)
        got = self.drive("result", receipt=again["receipt"])
        check("is a duplicate", [x["status"] for x in got["results"]] == ["duplicate"], got)
        got = self.reply("an unknown receipt", self.drive("result", receipt="f" * 32), "ok")
        check("has no results yet", got["results"] == [], got)
        bad = self.invoice(who)
        bad["number"] = "26447099999999999999"
        got = self.drive("upload", invoices=[bad])
        check("a number of nobody is refused at once or in the result",
              got["class"] in ("ok", "refused"), got)
        many = [self.invoice(who) for _ in range(101)]
        self.reply("101 invoices", self.drive("upload", invoices=many), "refused")
        self.upload_and_wait("100 invoices", many[:100])

    def joint_unit(self):
        who = self.unit(self.joint)
        a = self.reply("numbers of a joint unit", self.drive("claim", count=10), "ok")
        self.numbers = int(a["first"])
        self.reply("its quota", self.drive("move", amount="10000.00"), "ok")
        for e in (dict(drawer=who["kpr"], lines=[{"name": "打印机",
                                                  "tax_code": "1090511030000000000",
                                                  "short_name": "计算机外部设备", "amount": "100",
                                                  "tax_rate": "0.03"}]),):
            self.upload_and_wait("its invoice", [self.invoice(who, **e)])

    def misconfigured(self):
        self.unit(key="0" * 32)
        self.reply("a wrong key", self.drive("quota"), "misconfigured", "密钥")
        self.unit(direct="0" * 20)
        check("an unknown direct unit", self.drive("quota")["platform"] == "4054")
        self.unit(using="0" * 20)
        check("an unknown using unit", self.drive("quota")["platform"] == "4055")
        self.unit(ability="299999")
        self.reply("an unknown ability", self.drive("quota"), "misconfigured")

    def faults(self):
        cases = [
            ({"flow_control": 3}, "later"), ({"error": {"text": "5001"}}, "lost"),
            ({"error": {"text": "4067"}}, "misconfigured"), ({"http_status": 503}, "lost"),
            ({"http_status": 403}, "misconfigured"), ({"html": True}, "lost"),
            ({"truncate": True}, "lost"), ({"bad_json": True}, "lost"),
            ({"bad_key_reply": True}, "lost"),
            ({"drop_reply": True}, "lost"), ({"gzip": True}, "ok"),
            ({"envelope_object": True}, "ok"),
            ({"status_number": True}, "ok"), ({"wrapped_base64": True}, "ok"),
            ({"json_numbers": True}, "ok"),
            ({"paused_quota": True}, "ok"),
        ]
        self.unit()
        for fault, cls in cases:
            self.control("/faults", dict(fault, replace=True))
            self.reply("fault " + json.dumps(fault), self.drive("quota"), cls)
        check("paused quota is seen", self.drive("quota")["paused"])
        self.control("/faults", {"flow_control": 3, "replace": True})
        check("flow control says how long", self.drive("quota")["retry_after"] == 300)
        self.control("/faults/clear", {})
        self.reply("and all is well again", self.drive("quota"), "ok")

    def run(self):
        try:
            for part in (self.queries, self.codes, self.uploads, self.misconfigured, self.faults,
                         self.joint_unit):
                part()
            check("the driver ends well", self.drive.close() == 0)
        finally:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait(20)


def main():
    folder = tempfile.mkdtemp(prefix="leqi-wire-")
    try:
        if not os.path.exists(DRIVE):
            skip("the wire", "no %s" % DRIVE)
            return
        Transport(folder).run()
        if os.path.exists(SANDBOX):
            Practice(folder).run()
        else:
            skip("the practice platform", "no %s" % SANDBOX)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
print("\n".join(results))
print("1..%d" % sum(1 for r in results if r.startswith(("ok", "not ok"))))
sys.exit(any(r.startswith("not ok") for r in results))
