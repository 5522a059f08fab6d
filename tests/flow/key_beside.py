#!/usr/bin/env python3
"""C6, N6: the key of the home is changed while somebody changes a unit or its pushes and mail: what
he read before is not stored over what has been sealed anew.  The moment between is held by a file
that is a pipe."""
import os

from kp import Home, Sandbox, Tap, wait_for


def held(home, *verb):
    """Starts the verb, which waits for the file; the end that lets it go on."""
    pipe = os.path.join(home.top, "pipe")
    if not os.path.exists(pipe):
        os.mkfifo(pipe, 0o600)
    started = home.start(*verb, pipe)
    end = []

    def opened():
        try:
            end.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # nobody reads it yet
            return False
        return True
    wait_for(opened)
    os.set_blocking(end[0], True)
    return started, end[0]


def between(t, home, content, *verb):
    started, end = held(home, *verb)
    t.same(home.run("key", "rotate")[0], 0, "the key is changed meanwhile")
    os.write(end, content)
    os.close(end)
    _, err = started.communicate(timeout=30)
    t.ok(started.returncode == 6 and "再做一次" in err.decode(), "%s is not stored" % verb[0],
         started.returncode, err.decode())


with Tap() as tap, Sandbox(result_delay=0) as platform, Home() as place:
    place.setup(platform, numbers=0, quota=None)
    with open(platform.info["ca_file"], "rb") as f:
        ca = f.read()
    direct = platform.direct["tax_no"]
    place.run("push", "set", "--url", "https://127.0.0.1:1/hook?t=abc", "--key-id", "k",
              "--secret-file", place.file("a secret long enough, is it", "s"), check=0)
    place.run("mail", "set", "--host", "localhost", "--port", 25, "--login", "me",
              "--password-file", place.file("a password of mine", "p"), "--sender", "a@b.test",
              check=0)
    tap.same(place.run("key", "rotate")[1]["renewed"], 4, "an API key, an address, two secrets")
    between(tap, place, ca, "unit", "edit", direct, "--role", "direct", "--ca-file")
    between(tap, place, b"another secret that is long", "push", "set", "--secret-file")
    between(tap, place, ca, "push", "set", "--ca-file")
    between(tap, place, b"another password", "mail", "set", "--password-file")
    tap.same(place.run("key", "rotate")[1]["renewed"], 4, "the key opens all of them")
    tap.same(place.run("unit", "verify", direct, "--role", "direct")[0], 0, "and the unit works")
    tap.same(place.run("unit", "edit", direct, "--role", "direct", "--ca-file",
                       platform.info["ca_file"])[0], 0, "done once more it is stored")
