"""A receiver of pushes and a mail server, for tests: they verify, and misbehave when told.

    with Certificates() as certs, Receiver(certs) as r, MailServer(certs) as m:
        r.behave({"status": 500}, {"drop": True})     # one entry a request, then well again
        r.requests                                    # what came: headers, body, signed (bool)
        m.behave({"end": "451 later"})
        m.messages                                    # accepted ones, parsed (email.message)

Entries of a receiver: status, body, drop (after the request was read), hang (seconds), retry_after,
lie (a Content-Length that is too long), echo (the answer repeats address, headers and body), huge
(so many bytes of answer).  Entries of a mail server: greeting, rcpt, end (answers in place of the
usual), drop ("greeting", "mail", "data", "end"), hang (the same places, and seconds), auth (an
answer), echo (the answer to the data repeats the login and the message; the status it begins with).
"""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import shutil
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time

HOST = "localhost"


class Certificates:
    """A certificate authority of the test and a server certificate for localhost."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="certs-")
        self.ca, self.key, self.cert = (os.path.join(self.dir, n) for n in
                                        ("ca.pem", "server.key", "server.pem"))
        ca_key, request, names = (os.path.join(self.dir, n) for n in ("ca.key", "csr", "names"))
        with open(names, "w") as f:
            f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-out",
                     self.ca, "-days", "3650", "-subj", "/CN=test authority")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", request,
                     "-subj", "/CN=localhost")
        self.openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key,
                     "-CAcreateserial", "-days", "3650", "-out", self.cert, "-extfile", names)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def openssl(self, *args):
        subprocess.run(("openssl",) + args, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def context(self):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(self.cert, self.key)
        return c


class Scripted:
    """Behaviours, taken one by one."""

    def __init__(self):
        self.lock, self.script, self.always = threading.Lock(), [], None

    def behave(self, *entries, always=None):
        with self.lock:
            self.script, self.always = list(entries), always

    def next(self):
        with self.lock:
            return self.script.pop(0) if self.script else dict(self.always or {})


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # peers that break off are the point of many tests


class Listening(Scripted):
    """A server of the class on a port of its own, in a thread."""

    def __enter__(self):
        self.server.owner = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self):
        return self.server.server_address[1]


# ---- pushes --------------------------------------------------------------------------------------
SECRET = "a secret of the test, long enough"


class Receiving(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        if self.server.owner.certs:
            self.request.settimeout(30)
            self.request = self.server.owner.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def log_message(self, *_):
        pass

    def do_POST(self):
        owner, body = self.server.owner, self.rfile.read(int(self.headers["Content-Length"]))
        how = owner.next()
        owner.paths.append(self.path)
        owner.note(self.headers, body, id(self.connection))
        if how.get("hang"):
            time.sleep(how["hang"])
        if how.get("drop"):
            self.close_connection = True
            self.connection.close()
            return
        answer = how.get("body", '{"ok":true}').encode()
        if how.get("echo"):
            answer = ("%s\n%s\nkey %s\n" % (self.path, self.headers, owner.secret.decode())
                      ).encode() + body
        if how.get("huge"):
            owner.stream(self, how)
            return
        self.send_response(how.get("status", 200))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer) + how.get("lie", 0)))
        if "location" in how:
            self.send_header("Location", how["location"])
        if "retry_after" in how:
            self.send_header("Retry-After", str(how["retry_after"]))
        self.end_headers()
        self.wfile.write(answer)
        if how.get("lie"):
            self.close_connection = True


class Receiver(Listening):
    def __init__(self, certs=None, secret=SECRET):
        super().__init__()
        self.certs, self.secret, self.requests = certs, secret.encode(), []
        self.paths, self.streamed = [], 0
        self.context = certs.context() if certs else None
        self.server = Server(("127.0.0.1", 0), Receiving)

    @property
    def url(self):
        return "%s://%s:%d/kaipiao/results" % ("https" if self.certs else "http", HOST, self.port)

    def note(self, headers, body, connection):
        stamp = headers["X-Kaipiao-Timestamp"]
        want = hmac.new(self.secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        content = json.loads(body)
        with self.lock:
            self.requests.append({
                "headers": dict(headers), "body": content, "connection": connection,
                "signed": hmac.compare_digest("v1=" + want, headers["X-Kaipiao-Signature"]),
                "events": content if isinstance(content, list) else [content]})

    def stream(self, request, how):
        """An answer without end in sight; what the caller took of it is counted."""
        request.send_response(how.get("status", 200))
        request.send_header("Content-Length", str(how["huge"]))
        request.end_headers()
        request.close_connection = True
        piece, self.streamed = b"x" * 65536, 0
        while self.streamed < how["huge"]:
            request.wfile.write(piece)
            self.streamed += len(piece)

    def events(self):
        """Ids in the order they came, repeats included."""
        with self.lock:
            return [e["event_id"] for r in self.requests for e in r["events"]]


# ---- mail ----------------------------------------------------------------------------------------
class Mailing(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write((line + "\r\n").encode())

    def wrap(self):
        self.request = self.server.owner.context.wrap_socket(self.request, server_side=True)
        self.connection = self.request
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def place(self, name):
        """Misbehaves at a place; True: the connection is over."""
        hang = self.how.get("hang", {})
        if name in hang:
            time.sleep(hang[name])
        return self.how.get("drop") == name

    def handle(self):
        owner = self.server.owner
        self.secure, self.user, self.how = False, None, owner.peek()
        if owner.security == "tls":
            self.wrap()
            self.secure = True
        with owner.lock:
            owner.connections += 1
        if self.place("greeting"):
            return
        self.say(self.how.get("greeting", "220 mail.test ESMTP"))
        if not self.how.get("greeting"):
            self.dialogue()

    def dialogue(self):
        owner, sender, to = self.server.owner, None, []
        while True:
            line = self.rfile.readline().decode("latin-1")
            if not line:
                return
            verb, rest = line.strip().upper().split(" ")[0], line.strip()[5:]
            if verb in ("EHLO", "HELO"):
                self.say("250-mail.test")
                if owner.security == "starttls" and not self.secure and owner.offers:
                    self.say("250-STARTTLS")
                self.say("250 AUTH PLAIN LOGIN")
            elif verb == "STARTTLS":
                self.say("220 go ahead")
                self.wrap()
                self.secure = True
            elif verb == "AUTH":
                self.authenticate(rest)
            elif verb == "MAIL":
                self.how, sender, to = owner.next(), rest, []
                if self.place("mail"):
                    return
                self.say(self.how.get("mail", "250 ok"))
            elif verb == "RCPT":
                to.append(rest)
                self.say(self.how.get("rcpt", "250 ok"))
            elif verb == "DATA":
                if not self.data(sender, to):
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok" if verb in ("RSET", "NOOP") else "502 what")

    def authenticate(self, rest):
        owner = self.server.owner
        words = rest.split(" ")
        if words[0].upper() == "PLAIN":
            if len(words) < 2:
                self.say("334 ")
                words.append(self.rfile.readline().decode().strip())
            _, user, password = base64.b64decode(words[1]).decode().split("\0")
        else:
            self.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(self.rfile.readline()).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.rfile.readline()).decode()
        with owner.lock:
            owner.logins.append((user, password, self.secure))
        if self.how.get("auth"):
            self.say(self.how["auth"])
        elif (user, password) == (owner.user, owner.password):
            self.say("235 welcome")
        else:
            self.say("535 5.7.8 authentication failed")

    def data(self, sender, to):
        owner = self.server.owner
        if self.place("data"):
            return False
        self.say("354 go on")
        raw = b""
        while True:
            line = self.rfile.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            raw += line[1:] if line.startswith(b".") else line
        end = self.how.get("end", "250 2.0.0 queued as %d" % (len(owner.messages) + 1))
        if end.startswith("250") or self.how.get("drop") == "end" or "end" in self.how.get(
                "hang", {}):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            with owner.lock:
                owner.messages.append({"message": message, "raw": raw, "from": sender, "to": to,
                                       "secure": self.secure})
        if self.place("end"):
            return False
        if "echo" in self.how:
            self.echo(self.how["echo"], raw)
        else:
            self.say(end)
        return True

    def echo(self, status, raw):
        """Login and message come back, line by line, decoded and as they were sent."""
        owner = self.server.owner
        login = "\0".join(("", owner.user, owner.password)).encode()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        lines = ["you are %s, password %s" % (owner.user, owner.password),
                 "AUTH PLAIN " + base64.b64encode(login).decode(),
                 base64.b64encode(owner.password.encode()).decode(),
                 "Subject was " + message["Subject"]]
        lines += message.get_body().get_content().splitlines()
        lines += [x.decode("latin-1") for x in raw.split(b"\r\n") if len(x) > 60]
        for line in lines:
            self.say("%d-%s" % (status, line))
        self.say("%d queued as E1" % status)


class MailServer(Listening):
    user, password = "billing@seller.test", "an app password"

    def __init__(self, certs, security="tls", offers=True):
        super().__init__()
        self.context, self.security, self.offers = certs.context(), security, offers
        self.messages, self.logins, self.connections = [], [], 0
        self.server = Server(("127.0.0.1", 0), Mailing)

    def peek(self):
        """The behaviour a connection begins with: taken only when it is about the beginning."""
        with self.lock:
            first = self.script[0] if self.script else dict(self.always or {})
            early = "greeting" in first or "auth" in first or first.get("drop") == "greeting" or \
                "greeting" in first.get("hang", {})
            if early and self.script:
                self.script.pop(0)
            return first if early else {}
