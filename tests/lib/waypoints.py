"""What lies between us and the platform, for tests: a CONNECT proxy, servers with bad certificates.

    with Proxy() as p:          # asked to CONNECT, leads there; p.asked: what for
        p.behave(status=407)    # or hang=True, cut=True; behave() is well again

    with Authority() as a, TlsServer(a.server("name")) as s:
        s.port, s.read          # bytes of requests that came through the handshake
"""
import email.utils
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time


class Listener:
    """A TCP server on a port of its own; handle(connection) in a thread for each."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.address = "127.0.0.1:%d" % self.port
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                self.handle(connection)
        except OSError:
            pass


def pump(a, b):
    try:
        while True:
            data = a.recv(65536)
            if not data:
                break
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Proxy(Listener):
    """Every name leads to the one address `to`, where it is given: nothing is looked up."""

    def __init__(self, to=None):
        self.to, self.asked, self.heads = to, [], []
        self.behave()

    def behave(self, status=200, hang=False, cut=False):
        self.status, self.hang, self.cut = status, hang, cut

    def handle(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            data = connection.recv(4096)
            if not data:
                return
            head += data
        self.heads.append(head)
        line = head.split(b"\r\n")[0].decode()
        self.asked.append(line)
        if self.cut:
            return
        if self.hang:
            time.sleep(5)
            return
        if self.status != 200:
            connection.sendall(b"HTTP/1.1 %d no\r\nContent-Length: 0\r\n\r\n" % self.status)
            return
        host, port = (self.to or line.split()[1]).rsplit(":", 1)
        with socket.create_connection((host, int(port)), 10) as there:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=pump, args=(there, connection), daemon=True).start()
            pump(connection, there)


class Authority:
    """A certificate authority of the test; .ca is its file."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="authority-")
        self.ca, self.ca_key = self.path("ca.pem"), self.path("ca.key")
        self.count = 0
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.ca_key,
                     "-out", self.ca, "-days", "3650", "-subj", "/CN=test authority")
        with open(self.path("ca.cnf"), "w") as f:
            f.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\n"
                    "default_md=sha256\npolicy=p\ncopy_extensions=copy\nunique_subject=no\n"
                    "[p]\ncommonName=supplied\n" % (self.path("index"), self.path("serial"),
                                                    self.dir))
        open(self.path("index"), "w").close()
        with open(self.path("serial"), "w") as f:
            f.write("1000\n")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def openssl(self, *args):
        subprocess.run(("openssl",) + args, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def server(self, name, begin="20200101000000Z", end="20991231235959Z"):
        """A context for a server of that name."""
        self.count += 1
        key, request, cert = (self.path("%d.%s" % (self.count, s)) for s in ("key", "csr", "pem"))
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request,
                     "-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:" + name)
        self.openssl("ca", "-batch", "-config", self.path("ca.cnf"), "-cert", self.ca, "-keyfile",
                     self.ca_key, "-in", request, "-out", cert, "-startdate", begin, "-enddate",
                     end)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        return context


class TlsServer(Listener):
    """Shakes hands, keeps what comes, answers every request with the given HTTP status."""

    def __init__(self, context, status=404, body=b'{"code":"ResourceNotFound"}'):
        self.context, self.status, self.body, self.read = context, status, body, b""

    def handle(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                tls.settimeout(5)
                while True:
                    data = tls.recv(65536)
                    if not data:
                        return
                    self.read += data
                    if b"\r\n\r\n" in data:
                        date = email.utils.formatdate(usegmt=True).encode()
                        tls.sendall(b"HTTP/1.1 %d no\r\nDate: %s\r\nContent-Length: %d\r\n"
                                    b"Connection: close\r\n\r\n%s" %
                                    (self.status, date, len(self.body), self.body))
        except (ssl.SSLError, OSError):
            pass


def closed_port():
    """A port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
