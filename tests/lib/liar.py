"""A platform that lies: a proxy before leqi-sandbox that opens, alters and seals answers again."""
import gzip
import http.client
import http.server
import json
import ssl
import threading
import urllib.parse

import leqi_py

DROPPED = ("host", "content-length", "accept-encoding", "connection")


class Liar:
    """hooks: service -> f(request, answer) -> the answer to give; before: service -> f(request)
    -> an answer in place of the tax side's, or None to let it have the word."""

    def __init__(self, sb, env="正式"):
        self.sb, self.key = sb, sb.direct["keys"][env]
        self.hooks, self.before = {}, {}
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                try:
                    status, data = liar.answer(self.path, body, self.headers)
                except http.client.HTTPException:  # the tax side hung up: so does its proxy
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sb.state + "/server.pem", sb.state + "/server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                 do_handshake_on_connect=False)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def seal(self, answer):
        """answer: what is to be JSON, or its text."""
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return leqi_py.seal(self.key, text)

    def unseal(self, text):
        try:
            return json.loads(leqi_py.open_sealed(self.key, text))
        except (ValueError, TypeError):
            return None

    def ask(self, path, body, headers):
        url = urllib.parse.urlsplit(self.sb.info["url_prod"])
        context = ssl.create_default_context(cafile=self.sb.info["ca_file"])
        context.check_hostname = False
        connection = http.client.HTTPSConnection(url.netloc, context=context, timeout=60)
        connection.request("POST", path, body=body, headers={
            k: v for k, v in headers.items() if k.lower() not in DROPPED})
        reply = connection.getresponse()
        data = reply.read()
        if "gzip" in (reply.getheader("Content-Encoding") or ""):
            data = gzip.decompress(data)
        connection.close()
        return reply.status, data

    def answer(self, path, body, headers):
        service = headers.get("fwbm", "")
        request = self.unseal(body.decode())
        instead = self.before.get(service, lambda _: None)(request)
        if instead is not None:
            inner = {"Response": {"RequestId": "x", "Data": self.seal(instead)}}
            return 200, json.dumps({"httpStatusCode": "200", "body": json.dumps(inner)}).encode()
        status, data = self.ask(path, body, headers)
        hook = self.hooks.get(service)
        if not hook:
            return status, data
        outer = json.loads(data)
        inner = json.loads(outer["body"])
        plain = self.unseal(inner["Response"].get("Data"))
        if plain is None:
            return status, data
        inner["Response"]["Data"] = self.seal(hook(request, plain))
        outer["body"] = json.dumps(inner)
        return status, json.dumps(outer).encode()
