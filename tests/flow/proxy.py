#!/usr/bin/env python3
"""C10, I2, N73: by a proxy that is asked to CONNECT; under an address that is not the server's;
the certificate is held against the name whatever the way.  A2: nobody else is contacted."""
import os
import re
import shutil
import subprocess
import tempfile

from kp import ROOT, Home, Sandbox, Tap, invoice
from waypoints import Authority, Proxy, TlsServer


def edit(home, sb, **options):
    args = [x for k, v in options.items() for x in ("--" + k.replace("_", "-"), v)]
    return home.run("unit", "edit", sb.direct["tax_no"], "--role", "direct", *args)


def verify(home, sb):
    return home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct")


def by_proxy(t, sb, home):
    with Proxy(to=sb.address) as p:
        code, doc, err = edit(home, sb, proxy=p.address, connect_to="")
        t.same(code, 0, "C10: 代理服务器 IP and port", err)
        t.same(home.run("unit", "show", sb.direct["tax_no"], "--role", "direct")[1]["state"],
               "unverified", "another way is verified anew")
        t.same(verify(home, sb)[0], 0, "verified by the proxy")
        host = "%s:8443" % sb.info["server_name"]
        t.ok(p.asked and all(a == "CONNECT %s HTTP/1.1" % host for a in p.asked),
             "it is asked for the platform's own name, which nobody here looks up", p.asked)
        words = b"".join(p.heads)
        d = sb.direct
        t.ok(not any(w.encode() in words for w in (d["leqi_id"], d["tax_no"],
                                                   d["keys"]["正式"])),
             "and sees neither identity nor key", words)
        code, doc, err = home.run("blue", "issue", home.file(invoice("P-1")))
        t.ok(code == 0 and doc["results"][0]["state"] == "issued", "an invoice is issued by it",
             doc, err)
        for status, code_wanted, words in ((407, 3, "要求登录"), (502, 6, "代理服务器")):
            p.behave(status=status)
            before = sb.requests()
            code, doc, err = home.run("quota", "sync")
            t.ok(code == code_wanted and words in err,
                 "a proxy that says %d: exit %d and why" % (status, code_wanted), code, err)
            t.same(sb.requests(), before, "nothing was sent")
        p.behave(cut=True)
        code, doc, err = home.run("blue", "issue", home.file(invoice("P-2")))
        t.ok(code == 6 and doc["results"][0]["state"] == "numbered",
             "hung up before CONNECT was granted: certainly not sent", doc, err)
        p.behave()
        home.run("sync", "--once", check=0)
        t.same(home.run("invoices", "show", "P-2")[1]["state"], "issued", "later it is")
        env = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1",
               "ALL_PROXY": "http://127.0.0.1:1", "no_proxy": "*"}
        asked = len(p.asked)
        code, doc, err = home.run("quota", "sync", env=env)
        t.ok(code == 0 and len(p.asked) > asked,
             "the environment's proxies and exceptions are not ours", err, p.asked)
        with Authority() as a, TlsServer(a.server(sb.info["server_name"])) as liar:
            p.to = liar.address
            code, doc, err = home.run("quota", "sync")
            t.ok(code == 3 and "证书" in err, "a proxy that leads to somebody else: refused", err)
            t.same(liar.read, b"", "and nothing was sent")
            p.to = sb.address
    edit(home, sb, proxy="", connect_to=sb.address)
    env = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
    code, doc, err = home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", env=env)
    t.same(code, 0, "without a proxy, none of the environment is taken", err)


def by_address(t, sb, home):
    """I2: the address with the proxy's in place of host and port."""
    with Authority() as a, Proxy() as elsewhere:
        forward = Forward(sb.address)
        with forward as f:
            url = "https://127.0.0.2:%d/access/v2/invoke/" % f.port
            code, doc, err = edit(home, sb, url=url, connect_to="")
            t.same(code, 0, "an address by its IP", err)
            code, doc, err = verify(home, sb)
            t.ok(code == 3 and "证书" in err and "--tls-name" in err,
                 "does not fit the certificate; the mend is named", code, err)
            t.same(edit(home, sb, tls_name=sb.info["server_name"])[0], 0, "--tls-name")
            t.same(verify(home, sb)[0], 0, "works only with the option")
            code, doc, err = home.run("blue", "issue", home.file(invoice("I-2")))
            t.ok(code == 0, "and issues", err)
            row = home.run("log", "list")[1]["rows"][0]
            url_kept = home.run("log", "show", row["id"])[1]["url"]
            t.ok(url_kept.startswith(url), "the log tells the address as it was given", url_kept)
            edit(home, sb, tls_name="other.example.org")
            code, doc, err = verify(home, sb)
            t.ok(code == 3 and "证书" in err, "another name: refused", err)
            edit(home, sb, tls_name=sb.info["server_name"], proxy=elsewhere.address)
            t.same(verify(home, sb)[0], 0, "address, name and proxy together")
            t.same(elsewhere.asked[-1], "CONNECT 127.0.0.2:%d HTTP/1.1" % f.port,
                   "the proxy is asked for the address")
            forward.to = None
            with TlsServer(a.server("127.0.0.2")) as liar:
                forward.to = liar.address
                edit(home, sb, proxy="")
                code, doc, err = verify(home, sb)
                t.ok(code == 3 and liar.read == b"", "a foreign certificate: nothing is sent", err)
    for bad in ("no port", "http://10.0.0.8:3128", "10.0.0.8", "10.0.0.8:0", "10.0.0.8:99999",
                "user:secret@10.0.0.8:3128"):
        code, doc, err = edit(home, sb, proxy=bad)
        t.ok(code == 3 and doc["error"]["field"] == "proxy", "no proxy: %s" % bad, doc)
    edit(home, sb, url=sb.url(), tls_name="", connect_to=sb.address)
    verify(home, sb)


class Forward(Proxy):
    """A forwarding host: bytes go on, without a word."""

    def handle(self, connection):
        import socket
        import threading

        from waypoints import pump
        host, port = self.to.rsplit(":", 1)
        with socket.create_connection((host, int(port)), 10) as there:
            threading.Thread(target=pump, args=(there, connection), daemon=True).start()
            pump(connection, there)

    def __enter__(self):
        import socket
        import threading
        self.socket = socket.create_server(("0.0.0.0", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self


def no_switch(t):
    """N73: there is no way to leave the certificate unverified."""
    found = []
    for top in ("src", "ui"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    text = f.read()
                for m in re.finditer(r"SSL_VERIFY(PEER|HOST)[^,]*,\s*(\S+)\)", text):
                    if m.group(2) not in ("1L", "2L"):
                        found.append((name, m.group(0)))
                if re.search(r"--(insecure|no-verify|skip-tls)|CURLOPT_SSL_OPTIONS", text):
                    found.append((name, "switch"))
    t.same(found, [], "no switch of ours leaves a certificate unverified")


def one_peer(t, sb, home):
    """A2: the only address that is connected to is the unit's."""
    if not shutil.which("strace"):
        t.skip("one peer", "no strace")
        return
    with tempfile.TemporaryDirectory() as top:
        seen = set()
        for i, verb in enumerate((["unit", "verify", sb.direct["tax_no"], "--role", "direct"],
                                  ["blue", "issue", home.file(invoice("ONE-1"))],
                                  ["taxpayer", "sync"], ["sync", "--once"], ["doctor"])):
            out = os.path.join(top, "trace-%d" % i)
            done = subprocess.run(["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", out] +
                                  home.command(verb), env=home.environ(), timeout=100,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if done.returncode and b"ptrace" in done.stderr:
                t.skip("one peer", "strace may not trace here")
                return
            with open(out, encoding="utf-8", errors="replace") as f:
                text = f.read()
            seen |= set(re.findall(r'connect\(\d+, \{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\)'
                                   r'[^}]*?"([^"]+)"', text))
        host, port = sb.address.split(":")
        t.same(seen, {(port, host)}, "the platform's address is the only peer")


with Tap() as tap, Sandbox() as platform, Home() as place:
    no_switch(tap)
    place.setup(platform)
    by_proxy(tap, platform, place)
    by_address(tap, platform, place)
    one_peer(tap, platform, place)
