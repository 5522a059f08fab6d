"""The workstation inside tmux: a real terminal whose screen can be read.

    with Tmux(80, 24) as tm:
        tm.run(home.command([], as_json=False), home.environ())
        tm.wait("首页")
        tm.keys("F10")
        tm.type("腾讯")

Nothing sleeps for a fixed time: `wait` reads the screen until it says what is waited for, and fails
with the screen in its message when it never does.
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

LIMIT = 30  # seconds to wait for a text
PAUSE = 0.02


class Lost(AssertionError):
    """What was waited for never came."""


class Tmux:
    """A tmux server of its own with one window; ends with the test, even when that is killed."""

    def __init__(self, cols, rows):
        self.cols, self.rows = cols, rows
        self.top = tempfile.mkdtemp(prefix="tmux-")
        self.socket = os.path.join(self.top, "socket")
        self.status = os.path.join(self.top, "status")
        self.server = None
        self.env = {k: v for k, v in os.environ.items() if k not in ("TMUX", "TMUX_PANE")}
        self.env.update(LC_ALL="C.UTF-8", TERM="xterm-256color", SHELL="/bin/sh")

    def __enter__(self):
        config = os.path.join(self.top, "config")
        with open(config, "w", encoding="ascii") as file:
            file.write("set -g status off\nset -g escape-time 0\nset -g remain-on-exit on\n"
                       "set -g default-terminal screen-256color\nset -g history-limit 0\n"
                       "set -g set-titles off\n")
        # In the foreground: it stays in the test's process group and dies with it.
        self.server = subprocess.Popen(["tmux", "-D", "-S", self.socket, "-f", config],
                                       env=self.env, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.until(lambda: os.path.exists(self.socket), "tmux listens")
        return self

    def __exit__(self, *_):
        pid = self.pid()
        self.ask("kill-server", check=False)
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        if pid:
            self.until(lambda: not alive(pid), "the program ends with its terminal", fatal=False)
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.top, ignore_errors=True)

    def ask(self, *words, check=True):
        done = subprocess.run(["tmux", "-S", self.socket] + list(words), env=self.env,
                              timeout=LIMIT, stdin=subprocess.DEVNULL, capture_output=True)
        if check and done.returncode != 0:
            raise Lost("tmux %s: %s" % (words[0], done.stderr.decode().strip()))
        return done.stdout.decode("utf-8", "replace")

    # ---- the program ----
    def run(self, command, env):
        """Starts a program in the window; the one before must have ended."""
        settings = ["%s=%s" % (k, v) for k, v in env.items()
                    if k not in ("TERM", "TMUX", "TMUX_PANE", "LINES", "COLUMNS")]
        # The shell above it tells the exit status: tmux 3.3a in the foreground may miss the end.
        line = ["env", "-i"] + settings + ["TERM=screen-256color", "TMUX=" + self.socket,
                "/bin/sh", "-c", 'trap : HUP; "$@"; echo $? >"$0"', self.status] + command
        self.forget()
        if self.ask("list-sessions", check=False):
            self.ask("respawn-pane", "-k", "-t", "t", *line)
        else:
            self.ask("new-session", "-d", "-s", "t", "-x", str(self.cols), "-y", str(self.rows),
                     *line)
            # From here on the size is ours alone, whoever attaches.  (As an option of the server
            # this ends tmux 3.3a.)
            self.resize(self.cols, self.rows)

    def forget(self):
        if os.path.exists(self.status):
            os.unlink(self.status)

    def pid(self):
        """The program's process id, 0 when there is none."""
        shell = self.ask("display-message", "-p", "-t", "t", "#{pane_pid}", check=False).strip()
        try:
            with open("/proc/%s/task/%s/children" % (shell, shell), encoding="ascii") as file:
                return int((file.read().split() or ["0"])[0])
        except OSError:
            return 0

    def kill(self, number):
        """Sends a signal and waits for the end; the exit status as the shell gives it."""
        os.kill(self.pid(), number)
        return self.ended()

    def ended(self):
        """Waits until the program ends; its exit status as the shell gives it."""
        said = [""]

        def ready():
            if os.path.exists(self.status):
                with open(self.status, encoding="ascii") as file:
                    said[0] = file.read().strip()
            return said[0]
        self.until(ready, "the program ends")
        return int(said[0])

    # ---- keys ----
    def keys(self, *names):
        self.ask("send-keys", "-t", "t", *names)

    def type(self, text):
        self.ask("send-keys", "-t", "t", "-l", text)

    # ---- the screen ----
    def screen(self):
        return self.ask("capture-pane", "-p", "-t", "t", check=False)

    def wait(self, *texts, absent=(), limit=LIMIT):
        """Until every text is on the screen and none of `absent` is; returns the screen."""
        seen = [""]

        def there():
            seen[0] = self.screen()
            return (all(t in seen[0] for t in texts)
                    and not any(t in seen[0] for t in absent))
        if not poll(there, limit):
            raise Lost("never on the screen: %s%s\n%s" % (
                " ".join(texts), " without " + " ".join(absent) if absent else "", seen[0]))
        return seen[0]

    def wait_match(self, pattern):
        found = [None]

        def there():
            found[0] = re.search(pattern, self.screen())
            return found[0]
        self.until(there, pattern)
        return found[0]

    def resize(self, cols, rows):
        self.ask("resize-window", "-t", "t", "-x", str(cols), "-y", str(rows))

    def until(self, condition, what, fatal=True):
        if not poll(condition, LIMIT) and fatal:
            raise Lost("never: %s\n%s" % (what, self.screen()))


def poll(condition, limit):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(PAUSE)
    return bool(condition())


def alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False
