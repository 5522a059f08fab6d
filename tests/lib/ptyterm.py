"""The program on a pseudo terminal: what it sends is kept as characters, escape sequences apart."""
import codecs
import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from tmuxlab import poll

LIMIT = 30  # seconds to wait for a text
SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[()].|[ -/]*[0-~])")
NEW, REPAINT, CLEAR, QUIT = b"\x0e", b"\x0c", b"\x15", b"\x11"


def take_control():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """The program on a pseudo terminal; what it sends is kept as characters."""

    def __init__(self, command, env, charset="utf-8", control=False):
        """control: it is the terminal of its session too, so that Ctrl-C is a signal."""
        self.near, self.far = pty.openpty()
        fcntl.ioctl(self.far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.child = subprocess.Popen(command, env=env, stdin=self.far, stdout=self.far,
                                      stderr=self.far, start_new_session=True,
                                      preexec_fn=take_control if control else None)
        os.set_blocking(self.near, False)
        self.decoder = codecs.getincrementaldecoder(charset)("strict")
        self.bad, self.text = None, ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait(LIMIT)
        os.close(self.near)
        os.close(self.far)

    def read(self):
        with contextlib.suppress(OSError):
            data = os.read(self.near, 65536)
            try:
                # Characters come first: the second byte of one may look like part of a sequence.
                self.text += self.decoder.decode(data)
            except UnicodeDecodeError as e:
                self.bad = self.bad or e
                self.decoder.reset()

    def seen(self, start):
        return SEQUENCE.sub("", self.text[start:])

    def wait(self, *texts, start=0):
        """Does it come to send every text after that place?"""
        def there():
            self.read()
            return all(t in self.seen(start) for t in texts)
        return poll(there, LIMIT)

    def shows(self, *texts):
        """The same of the screen painted anew."""
        start = len(self.text)
        self.send(REPAINT)
        return self.wait(*texts, start=start)

    def send(self, data):
        os.write(self.near, data)

    def taken(self):
        """Until the program has read what was sent, so that the next byte comes by itself."""
        def empty():
            self.read()
            waiting = fcntl.ioctl(self.far, termios.FIONREAD, struct.pack("i", 0))
            return struct.unpack("i", waiting)[0] == 0
        return poll(empty, LIMIT)

    def ended(self):
        def over():
            self.read()
            return self.child.poll() is not None
        poll(over, LIMIT)
        return self.child.returncode
