#!/usr/bin/env python3
"""The key of a home is changed, and the process dies at each durable step: one key opens everything
that is sealed, nothing has to be typed again, and the change can be made once more."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import kp  # noqa: E402

CRASHED, MAX_POINTS = 86, 60


def read(path):
    with open(path, "rb") as f:
        return f.read()


def problems(sb, home):
    """Both direct units are called for with their keys; the push secret opens, too."""
    found = []
    for env in ("演练", "沙箱"):
        code, _, err = home.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", "--env",
                                env)
        if code:
            found.append("%s: exit %d %s" % (env, code, err))
    if home.run("push", "set")[1]["url"] != "https://127.0.0.1:1/hook?t=***":
        found.append("the push address: %s" % home.run("push", "set")[1])
    bad = [r for r in home.run("doctor")[1]["rows"] if r["item"] in ("key", "key_file")
           and r["state"] == "error"]
    return found + [str(r) for r in bad]


def set_up(sb, home):
    home.setup(sb)
    d = sb.direct
    home.run("unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
             "--leqi-id", d["leqi_id"], "--key-file", home.file(d["keys"]["沙箱"], "k"), "--url",
             sb.url("沙箱"), "--ca-file", sb.info["ca_file"], "--connect-to", sb.address, "--env",
             "沙箱", check=0)
    home.run("push", "set", "--url", "https://127.0.0.1:1/hook?t=abc", "--key-id", "k",
             "--secret-file", home.file("a secret long enough, is it", "s"), check=0)


def brought_elsewhere(t, sb, home):
    """A backup with its key comes to an empty place, and dies at each durable step."""
    words, backup = home.file("a passphrase of tests\n", "words"), home.top + "/one.bak"
    home.run("backup", backup, "--with-key", "--passphrase-file", words, check=0)
    code, points, found = CRASHED, 0, []
    while code == CRASHED and points < MAX_POINTS:
        points += 1
        with kp.Home() as other:
            verb = ["restore", backup, "--passphrase-file", words]
            code = other.run(*verb, env={"KAIPIAO_CRASH_AT": str(points)})[0]
            if code == CRASHED:
                again, doc, err = other.run(*verb)
                if again or doc["locked"]:
                    found.append((points, again, doc, err))
            found += [(points, p) for p in problems(sb, other)]
            if other.run("key", "rotate")[1]["renewed"] != 4:
                found.append((points, "not all of it opened"))
    t.ok(points > 3 and code == 0, "restoring died at %d points" % (points - 1), code)
    t.same(found, [], "and once more brought every secret, whatever it had died of")


with kp.Tap() as tap, kp.Sandbox() as platform, kp.Home() as place:
    set_up(platform, place)
    key = place.path + "/secret.key"
    tap.same(problems(platform, place), [], "everything opens to begin with")
    died, renewed, changed = 0, None, 0
    for point in range(1, MAX_POINTS):
        before = read(key)
        code, doc, err = place.run("key", "rotate", env={"KAIPIAO_CRASH_AT": str(point)})
        if code not in (0, CRASHED):
            tap.ok(False, "point %d ends with %d" % (point, code), err)
            break
        bad = problems(platform, place)
        if bad:
            tap.ok(False, "after a death at point %d one key opens everything" % point, *bad)
        changed += read(key) != before
        if code == 0:
            renewed = doc["renewed"]
            break
        died += 1
    tap.ok(died >= 3, "it died at %d points, and everything opened after each" % died)
    tap.ok(changed >= 2, "some deaths were late enough for the new key to stand", changed)
    tap.same(renewed, 4, "two API keys, a push address and its secret are sealed anew")
    tap.ok(not os.path.exists(key + ".next"), "no second key is left")
    tap.same(os.stat(key).st_mode & 0o777, 0o600, "the key file is closed to others")
    running = place.start("sync", "--daemon")
    try:
        tap.ok(kp.wait_for(lambda: place.run("key", "rotate")[0] == 6), "not under an engine")
    finally:
        running.terminate()
        running.communicate(timeout=20)

    brought_elsewhere(tap, platform, place)

    # N6: the key may lie elsewhere.
    elsewhere = os.path.join(place.top, "elsewhere.key")
    os.rename(key, elsewhere)
    tap.same(place.run("quota", "sync")[0], 8, "without its key nothing is called")
    env = {"KAIPIAO_KEY_FILE": elsewhere}
    tap.same(place.run("quota", "sync", env=env)[0], 0, "KAIPIAO_KEY_FILE names it")
    old = read(elsewhere)
    tap.same(place.run("key", "rotate", env=env)[0], 0, "there it can be changed")
    tap.ok(read(elsewhere) != old and not os.path.exists(key), "in its place")
    os.chmod(elsewhere, 0o640)
    tap.same(place.run("quota", "sync", env=env)[0], 7, "open to others it is refused")
    folder = os.path.join(place.top, "credentials")
    os.mkdir(folder)
    os.rename(elsewhere, os.path.join(folder, "kaipiao-key"))
    env = {"CREDENTIALS_DIRECTORY": folder}
    tap.same(place.run("quota", "sync", env=env)[0], 0, "or a credential of systemd is it")
    code, _, err = place.run("key", "rotate", env=env)
    tap.ok(code == 7 and "systemd" in err, "which is not ours to change", err)
    rows = place.run("doctor", env=env)[1]["rows"]
    tap.ok(any(r["item"] == "key_file" and r["state"] == "ok" and "systemd" in r["detail"]
               for r in rows), "doctor says where it comes from", rows[:6])
    with kp.Home() as fresh:
        chosen = os.path.join(fresh.top, "chosen.key")
        fresh.run("init", env={"KAIPIAO_KEY_FILE": chosen}, check=0)
        tap.ok(os.stat(chosen).st_mode & 0o777 == 0o600 and
               not os.path.exists(fresh.path + "/secret.key"),
               "init makes it where it is to be")
