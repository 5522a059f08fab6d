"""A TCP forwarder that holds every byte back for a while, each way, but narrows no stream."""
import collections
import socket
import threading
import time


class Way(threading.Thread):
    """One direction of one connection: reads at once, writes `seconds` later."""

    def __init__(self, source, sink, seconds):
        super().__init__(daemon=True)
        self.source, self.sink, self.seconds = source, sink, seconds
        self.held, self.ready = collections.deque(), threading.Condition()

    def run(self):
        writer = threading.Thread(target=self.write, daemon=True)
        writer.start()
        data = b"-"
        while data:
            try:
                data = self.source.recv(1 << 18)
            except OSError:
                data = b""
            with self.ready:
                self.held.append((time.monotonic() + self.seconds, data))
                self.ready.notify()
        writer.join()

    def write(self):
        while True:
            with self.ready:
                while not self.held:
                    self.ready.wait()
                due, data = self.held.popleft()
            time.sleep(max(0, due - time.monotonic()))
            try:
                if data:
                    self.sink.sendall(data)
                    continue
                self.sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return


class Delay:
    """Forwards a loopback port of its own to another one; `round_trip` seconds are added to each
    question and answer.  Use as a context; `address` is "host:port"."""

    def __init__(self, port, round_trip):
        self.port, self.seconds = port, round_trip / 2
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.server.getsockname()[1]
        self.sockets = []

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for one in [self.server] + self.sockets:
            one.close()

    def accept(self):
        while True:
            try:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                return
            self.sockets += [near, far]
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Way(near, far, self.seconds).start()
            Way(far, near, self.seconds).start()
