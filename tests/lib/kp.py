"""The harness of flow and crash tests: a private platform, a home, TAP.

    from kp import Sandbox, Home, Tap, invoice

    with Tap() as t, Sandbox() as sb, Home() as home:
        home.setup(sb)                                  # init, units, verify, numbers, quota
        code, doc, err = home.run("blue", "issue", home.file(invoice("A-1")))
        t.ok(code == 0 and doc["results"][0]["state"] == "issued", "an invoice is issued")

`home.run` runs one verb with --json and returns (exit code, parsed document or text, stderr).
`sb.get(path)` and `sb.post(path, body)` speak to the platform's control port (sandbox.h lists it).
BIN names the directory of the binaries; state lives in a temporary directory and goes away with it.
"""
import concurrent.futures
import contextlib
import copy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("BIN", os.path.join(ROOT, "bin")))
KAIPIAO = os.path.join(BIN, "kaipiao")
SANDBOX = os.path.join(BIN, "leqi-sandbox")
SHARED = os.path.abspath(os.environ.get("KAIPIAO_SHARED", os.path.join(ROOT, os.pardir, "shared")))
LIMIT = 120  # seconds one verb may take


def shared(*parts):
    """Path of a reference file, or None where there is none."""
    path = os.path.join(SHARED, *parts)
    return path if os.path.exists(path) else None


# ---- TAP -----------------------------------------------------------------------------------------
class Tap:
    """Counts results; prints the plan at the end.  An exception inside `with` is a failure."""

    def __init__(self):
        self.count = self.failed = 0

    def __enter__(self):
        return self

    def say(self, line):
        print(line)
        sys.stdout.flush()

    def __exit__(self, kind, value, trace):
        if kind and not issubclass(kind, SystemExit):
            traceback.print_exception(kind, value, trace)
            self.ok(False, "the script runs to its end (%s: %s)" % (kind.__name__, value))
        if not (kind and issubclass(kind, SystemExit)):
            print("1..%d" % self.count)
            sys.stdout.flush()
            sys.exit(1 if self.failed else 0)
        return False

    def ok(self, condition, what, *details):
        self.count += 1
        self.failed += not condition
        self.say("%s %d - %s" % ("ok" if condition else "not ok", self.count, what))
        if not condition:
            for d in details:
                self.say("# " + str(d)[:2000].replace("\n", "\n# "))
        return bool(condition)

    def same(self, got, want, what, *details):
        return self.ok(got == want, what, "got  %r" % (got,), "want %r" % (want,), *details)

    def skip(self, what, why):
        self.count += 1
        self.say("ok %d - %s # SKIP %s" % (self.count, what, why))


class Part(Tap):
    """What one of several parts finds, kept until its turn to be told."""

    def __init__(self):
        super().__init__()
        self.found = []  # (condition, what, details), or a reason to skip instead of the first

    def ok(self, condition, what, *details):
        self.found.append((bool(condition), what, details))
        return bool(condition)

    def skip(self, what, why):
        self.found.append((None, what, why))


def side_by_side(t, parts, at_once=3):
    """Runs parts that share nothing (each is called with a Tap) at the same time: most of what they
    do is waiting.  What they find is told in their order; one that breaks off fails alone."""
    def run(part):
        p = Part()
        try:
            part(p)
        except Exception as e:  # pylint: disable=broad-except
            p.ok(False, "%s runs to its end (%s)" % (getattr(part, "__name__", "a part"), e),
                 traceback.format_exc())
        return p.found

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for found in pool.map(run, parts):
            for condition, what, details in found:
                if condition is None:
                    t.skip(what, details)
                else:
                    t.ok(condition, what, *details)


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


# ---- the practice platform -----------------------------------------------------------------------
class Sandbox:
    """A leqi-sandbox of its own; ends with the test.  Options are those of the program."""

    def __init__(self, *options, state=None, result_delay=50, now=None):
        self.own = state is None
        self.state = state or tempfile.mkdtemp(prefix="sandbox-")
        self.options = ["--result-delay", str(result_delay)] + [str(o) for o in options]
        self.now, self.process, self.info = now, None, None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.own:
            shutil.rmtree(self.state, ignore_errors=True)

    def start(self):
        env = dict(os.environ)
        if self.now:
            env["KAIPIAO_NOW"] = self.now
        self.process = subprocess.Popen(
            [SANDBOX, "--state", self.state, "--exit-with-stdin"] + self.options,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("leqi-sandbox did not start")
        self.info = json.loads(line)
        units = self.info["units"]
        self.direct = next(u for u in units if u["role"] == "direct")
        self.usings = [u for u in units if u["role"] == "using"]
        self.using = next(u for u in self.usings
                          if u["relation"] == "self" and u["tax_no"] != self.direct["tax_no"])
        self.address = urllib.parse.urlsplit(self.info["url_prod"]).netloc  # host:port

    def stop(self):
        if not self.process:
            return
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def url(self, env="正式"):
        """The address under the official host name; --connect-to leads here."""
        path = urllib.parse.urlsplit(self.info["url_prod" if env != "沙箱" else "url_sandbox"]).path
        return "https://%s:8443%s" % (self.info["server_name"], path)

    def control(self, method, path, body=None):
        path = urllib.parse.quote(path, safe="/?=&")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.info["control"] + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return json.loads(reply.read() or b"{}")
        except urllib.error.HTTPError as e:
            raise RuntimeError("%s %s: %s" % (method, path, e.read().decode())) from None

    def get(self, path):
        return self.control("GET", path)

    def post(self, path, body):
        return self.control("POST", path, body)

    def faults(self, **switches):
        """Replaces the switches; without any, clears them."""
        return self.post("/faults", dict(switches, replace=True))

    def requests(self, service=None):
        """Number of interface calls so far."""
        if not service:
            return self.get("/state")["requests"]
        return len(self.get("/requests?bodies=0&limit=100000&service=" + service)["rows"])

    def invoices(self):
        return self.get("/invoices?env=正式&limit=100000")["rows"]


# ---- a home --------------------------------------------------------------------------------------
class Home:
    """A home directory of its own and the verbs on it."""

    def __init__(self, path=None, now=None):
        self.own = path is None
        self.top = tempfile.mkdtemp(prefix="home-") if self.own else os.path.dirname(path)
        self.path = path or os.path.join(self.top, "kaipiao")
        self.env = {"KAIPIAO_NOW": now} if now else {}
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.own:
            shutil.rmtree(self.top, ignore_errors=True)

    def command(self, args, as_json=True):
        return [KAIPIAO, "--home", self.path] + (["--json"] if as_json else []) + [str(a)
                for a in args]

    def environ(self, env=None):
        merged = {k: v for k, v in os.environ.items()
                  if not k.startswith("KAIPIAO_") or k == "KAIPIAO_SHARED"}
        merged.update(self.env)
        merged.update(env or {})
        return {k: v for k, v in merged.items() if v is not None}

    def run(self, *args, json_out=True, env=None, check=None, input=None, timeout=LIMIT):
        """One verb.  check: the exit code it must end with (else AssertionError)."""
        done = subprocess.run(self.command(args, json_out), env=self.environ(env), timeout=timeout,
                              input=input.encode() if isinstance(input, str) else input or b"",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = done.stdout, done.stderr.decode("utf-8", "replace")
        if json_out:
            doc = json.loads(out) if out.strip() else None
        else:
            doc = out.decode("utf-8", "replace")
        if check is not None and done.returncode != check:
            raise AssertionError("%s: exit %d, not %d\n%s\n%s" % (" ".join(map(str, args)),
                    done.returncode,
                                                                check, out.decode(errors="replace"),
                                                                err))
        return done.returncode, doc, err

    def start(self, *args, env=None, json_out=True):
        """One verb in the background; the caller waits for or ends it."""
        return subprocess.Popen(self.command(args, json_out), env=self.environ(env),
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def file(self, content, name=None):
        """Writes text, bytes or JSON into a file beside the home and returns its path."""
        self.count += 1
        path = os.path.join(self.top, name or "file-%d.json" % self.count)
        if isinstance(content, (dict, list)):
            content = json.dumps(content, ensure_ascii=False)
        with open(path, "wb") as f:
            f.write(content.encode() if isinstance(content, str) else content)
        return path

    def add_units(self, sb, env="演练", using=None, url=None, connect_to=None, ca=None, key=None):
        """Direct and using unit, stored but not verified."""
        d, u = sb.direct, using or sb.using
        key_file = self.file(key or d["keys"]["沙箱" if env == "沙箱" else "正式"], "key.txt")
        os.chmod(key_file, 0o600)
        self.run("unit", "add", "--role", "direct", "--name", d["name"], "--taxno", d["tax_no"],
                 "--leqi-id",
                 d["leqi_id"], "--key-file", key_file, "--url", url or sb.url(env), "--ca-file",
                 ca or sb.info["ca_file"], "--connect-to", connect_to or sb.address, "--env", env,
                 check=0)
        os.unlink(key_file)
        with self.direct_verified():
            self.add_using(sb, u, check=0)

    @contextlib.contextmanager
    def direct_verified(self):
        """As if every direct unit were: a using unit is added below none that is not (C20)."""
        path = os.path.join(self.path, "kaipiao.db")
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
            ids = [r[0] for r in db.execute(
                "SELECT id FROM unit WHERE role = 'direct' AND state <> 'verified'")]
        sql(path, "UPDATE unit SET state = 'verified' WHERE role = 'direct'")
        yield
        sql(path, "UPDATE unit SET state = 'unverified' WHERE id IN (%s)"
            % ",".join(map(str, ids)))

    def add_using(self, sb, u, check=None):
        return self.run("unit", "add", "--role", "using", "--direct", sb.direct["tax_no"], "--name",
                        u["name"],
                        "--taxno", u["tax_no"], "--leqi-id", u["leqi_id"], "--relation",
                        "joint" if u["relation"] == "joint" else "self", "--region", u["province"],
                        "--address", u["address"], "--phone", u["phone"], "--bank", u["bank"],
                        "--account",
                        u["account"], check=check)

    def quick(self, **params):
        """Engine parameters for tests: milliseconds instead of seconds."""
        values = {"poll_first_ms": 60, "poll_max_ms": 400, "retry_base_ms": 60, "retry_max_ms": 500,
                  "red_refresh_ms": 0, "calendar": 0}
        # nothing comes by itself unless a test wants it
        values.update(params)
        for key, value in values.items():
            self.run("param", "set", "engine", key, value, check=0)

    def setup(self, sb, env="演练", numbers=100, quota="1000000.00", using=None):
        """From nothing to a unit that can issue."""
        self.run("init", check=0)
        self.quick()
        self.add_units(sb, env, using)
        self.run("unit", "verify", sb.direct["tax_no"], "--role", "direct", check=0)
        self.run("unit", "verify", (using or sb.using)["tax_no"], "--role", "using", check=0)
        self.run("taxpayer", "sync", check=0)
        self.run("taxcodes", "sync", check=0)
        if numbers:
            self.run("numbers", "claim", numbers, check=0)
        if quota:
            self.run("quota", "download", quota, check=0)

    def audit_clean(self):
        code, doc, _ = self.run("numbers", "audit")
        return code == 0 and doc["unexplained"] == 0


# ---- invoices ------------------------------------------------------------------------------------
BASE = {
    "kind": "ordinary", "prices_include_tax": True,
    "buyer": {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"},
    "lines": [{"name": "笔记本电脑", "tax_code": "1090509010000000000", "unit": "台", "quantity": "2",
               "price": "56.50", "tax_rate": "0.13"}],
    "drawer": "林小满",
}


def invoice(order_no=None, **changes):
    """A good invoice of 113.00 (net 100.00) with changes."""
    inv = copy.deepcopy(BASE)
    if order_no:
        inv["order_no"] = order_no
    inv.update(changes)
    return inv


def wait_for(condition, seconds=20):
    """Polls until the condition holds; returns whether it did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


# ---- time and the database -----------------------------------------------------------------------
def later(seconds):
    """KAIPIAO_NOW that many seconds from now, business time."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600 + seconds))


def sql(path, statement):
    """One statement straight into a database: damage that no verb would do."""
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as db, db:
        db.execute(statement)


def count(path, query):
    """The number a query of one row gives."""
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
        return db.execute(query).fetchone()[0]


@contextlib.contextmanager
def locked(path, seconds):
    """Holds the write lock of a database for so long, then runs the body."""
    with contextlib.closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        db.execute("COMMIT")
    yield
