"""Two thousand invoices to a platform 50 ms away, against one call for each invoice in sequence.

The peer is the same program with a batch size of one: every invoice is a call of its own, after the
one before it, and its result is asked for by a call of its own.
"""
import itertools
import os
import sys

from delay import Delay
from measure import ROOT, Fault, Row, duration, median, run, times

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from kp import Home, Sandbox  # noqa: E402

ROUND_TRIP, ROUNDS = 0.050, 3
OURS, PEER = 2000, 40
BATCH = 100
WANTED, CPU_WANTED = 50, 0.3  # times; milliseconds of CPU per invoice

LINES = (
    {"name": "软件开发", "tax_code": "3040201010000000000", "unit": "项", "quantity": "1",
     "price": "530.00", "tax_rate": "0.06"},
    {"name": "抽取式面巾纸", "tax_code": "1060105040000000000", "spec": "20包", "unit": "箱",
     "quantity": "12", "price": "23.50", "tax_rate": "0.13", "discount": {"rate": "0.10"}},
)
serial = itertools.count(1)


def invoice():
    n = next(serial)
    return {"order_no": "BENCH-%06d" % n, "kind": "ordinary", "prices_include_tax": n % 2 == 0,
            "buyer": {"name": "练习购买方第%d有限公司" % (n % 500), "tax_no": ""},
            "lines": list(LINES[:1 + n % 2]), "drawer": "张三"}


def connect(home, platform, address):
    """Setup with the forwarder in between, and enough of everything."""
    home.run("init", check=0)
    home.add_units(platform, connect_to=address)
    home.run("unit", "verify", platform.direct["tax_no"], "--role", "direct", check=0)
    home.run("unit", "verify", platform.using["tax_no"], "--role", "using", check=0)
    home.run("taxpayer", "sync", check=0)
    home.run("taxcodes", "sync", check=0)
    home.run("numbers", "claim", ROUNDS * (OURS + PEER), check=0)
    home.run("quota", "download", "10000000.00", check=0)
    home.quick(poll_first_ms=100)


def issue(home, count, batch):
    """Seconds and CPU seconds of one invoice when `count` are issued by one call of the program."""
    home.run("param", "set", "engine", "batch_size", batch, check=0)
    path = home.file([invoice() for _ in range(count)])
    ran = run(home.command(["--timeout", "300", "blue", "issue", path]), env=home.environ())
    states = [result["state"] for result in ran.json()["results"]]
    if states != ["issued"] * count:
        raise Fault("%d of %d issued" % (states.count("issued"), count))
    return ran.wall / count, ran.cpu / count


def measure():
    ours, peers = [], []
    with Sandbox(result_delay=10) as platform, Home() as home, \
            Delay(int(platform.address.split(":")[1]), ROUND_TRIP) as forwarder:
        connect(home, platform, forwarder.address)
        for _ in range(ROUNDS):
            peers.append(issue(home, PEER, 1))
            ours.append(issue(home, OURS, BATCH))
    took, taken = (median(wall for wall, _ in rounds) for rounds in (ours, peers))
    cpu, peer_cpu = (median(cpu for _, cpu in rounds) * 1000 for rounds in (ours, peers))
    ratio = taken / took
    return [Row("issuing %d invoices, 50 ms away, per invoice" % OURS, duration(took),
                duration(taken) + " one call each", times(ratio), "≥ %dx" % WANTED,
                ratio >= WANTED),
            Row("CPU of the client per invoice", "%.3f ms" % cpu,
                "%.3f ms one call each" % peer_cpu, times(peer_cpu / cpu),
                "≤ %.1f ms" % CPU_WANTED, cpu <= CPU_WANTED)]
