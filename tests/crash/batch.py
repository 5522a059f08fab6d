"""批量开票 that dies: at every durable step of reading, starting and running, by kill -9, beside
another process, on a full disk, paused in the middle.

A file is read as a whole or not at all; an order that was started is issued exactly once on both
sides, however often the processes die.
"""
import os
import random
import time

import crashlab
import kp
import orders
from disk import SmallDisk

ORDERS, MAX_POINTS, KILLS = 130, 90, 10


class Batches(crashlab.Lab):
    """A home that reads workbooks of orders nobody has seen."""

    count = 0

    def book(self, n=ORDERS):
        Batches.count += 1
        first = Batches.count * 10000
        path = os.path.join(self.home.top, "orders-%d.xlsx" % Batches.count)
        orders.many(path, first, n)
        return path, ["R-%06d" % i for i in range(first, first + n)]

    def batches(self):
        return self.must("batch", "list", "--limit", "1000")["rows"]

    def orders_of(self, batch):
        rows, cursor = [], "0"
        while cursor:
            page = self.must("batch", "show", batch, "--limit", "1000", "--cursor", str(cursor))
            rows, cursor = rows + page["rows"], page["next"]
        return rows

    def go_on(self):
        """As after a restart: the engine goes on with what is running."""
        return self.recover()

    def counts_wrong(self):
        """Counts of a batch that are not those of its orders."""
        found = []
        for b in self.batches():
            rows = self.orders_of(str(b["id"]))
            for state, key in (("ready", "ready"), ("taken", "taken"), ("issued", "issued"),
                               ("failed", "failed"), ("repeat", "repeats"), ("bad", "bad")):
                if b[key] != sum(r["state"] == state for r in rows):
                    found.append("batch %d: %s is %d" % (b["id"], key, b[key]))
        return found


def reading(t):
    with Batches() as lab:
        bad, point, died = [], 0, True
        while died and point < MAX_POINTS:
            point += 1
            path, _ = lab.book()
            before = len(lab.batches())
            code, _, err = lab.run("batch", "add", path, crash_at=point)
            died = code == crashlab.CRASHED
            if not died and code:
                bad.append("point %d: exit %d %s" % (point, code, err))
            now = lab.batches()
            if len(now) not in (before, before + 1):
                bad.append("point %d: %d batches" % (point, len(now) - before))
            if len(now) > before and (now[0]["orders"], now[0]["ready"]) != (ORDERS, ORDERS):
                bad.append("point %d: a part was stored: %s" % (point, now[0]))
            if lab.must("batch", "add", path)["ready"] != ORDERS:
                bad.append("point %d: the repeat" % point)
        t.ok(not died and point > 2, "reading dies at each of %d steps" % (point - 1))
        t.ok(not bad, "all or nothing at each of them", " | ".join(bad[:4]))


def running(t):
    with Batches(numbers=20000) as lab:
        found, point, died = [], 0, True
        while died and point < MAX_POINTS:
            point += 3 if point > 12 else 1
            path, names = lab.book()
            batch = str(lab.must("batch", "add", path)["batch"])
            code, answer, err = lab.run("--timeout", "60", "batch", "start", batch, crash_at=point)
            died = code == crashlab.CRASHED
            if code not in (0, crashlab.CRASHED):
                found.append("point %d: exit %d %s %s" % (point, code, answer, err))
            if lab.must("batch", "show", batch)["state"] == "checked":
                lab.must("--no-wait", "batch", "start", batch)
            found += ["point %d: %s" % (point, f) for f in lab.go_on()]
            lab.orders += names
            got = lab.must("batch", "show", batch)
            if (got["state"], got["issued"]) != ("done", ORDERS):
                found.append("point %d: %s %d" % (point, got["state"], got["issued"]))
        found += lab.problems() + lab.counts_wrong()
        t.ok(not died and point > 10, "running dies at steps up to %d" % point)
        t.ok(not found, "every order once on both sides", " | ".join(found[:4]))


def kills(t):
    rng = random.Random(20261122)
    with Batches(numbers=20000) as lab:
        killed, found = 0, []
        for _ in range(KILLS):
            path, names = lab.book(400)
            batch = str(lab.must("batch", "add", path)["batch"])
            lab.must("--no-wait", "batch", "start", batch)
            p = lab.start("--timeout", "60", "sync", "--once")
            time.sleep(rng.uniform(0.01, 0.2))
            if p.poll() is None:
                killed += 1
                p.kill()
            lab.finish(p)
            found += lab.go_on()
            lab.orders += names
        found += lab.problems() + lab.counts_wrong()
        t.ok(killed >= 3, "runs were killed in the middle", "%d of %d" % (killed, KILLS))
        t.ok(not found, "kill -9 at random moments: every order once", " | ".join(found[:4]))


def two_at_once(t):
    with Batches(numbers=20000) as lab:
        (one, a), (two, b) = lab.book(300), lab.book(300)
        added = [lab.start("batch", "add", p) for p in (one, two)]
        codes = [lab.finish(p)[0] for p in added]
        t.ok(set(codes) <= {0, 6}, "two files at once: one may be told to wait", codes)
        for path, code in zip((one, two), codes):
            if code:
                lab.must("batch", "add", path)
        ids = [str(r["id"]) for r in lab.batches()]
        runs = [lab.start("--timeout", "90", "batch", "start", i) for i in ids]
        runs += [lab.start("--timeout", "90", "sync", "--once") for _ in range(2)]
        ended = [lab.finish(p) for p in runs]
        t.ok(all(code == 0 for code, _, _ in ended[:2]), "two are run by four processes", ended[:2])
        lab.orders += a + b
        # The same file twice, both started: the second finds that the first was quicker.
        path, names = lab.book(120)
        twins = [str(lab.must("batch", "add", path)["batch"]) for _ in range(2)]
        ended = [lab.finish(p) for p in [lab.start("--timeout", "90", "batch", "start", i)
                                         for i in twins]]
        lab.orders += names
        found = lab.recover() + lab.problems() + lab.counts_wrong()
        t.ok(not found, "every order once, the same file twice too", " | ".join(found[:4]), ended)


def pausing(t):
    with Batches(numbers=20000) as lab:
        lab.sandbox.faults(delay_ms={"service": "QDFPSC", "value": 150})
        path, names = lab.book(2500)
        batch = str(lab.must("batch", "add", path)["batch"])
        p = lab.start("--timeout", "90", "batch", "start", batch)
        kp.wait_for(lambda: lab.must("batch", "show", batch)["issued"] > 0)
        lab.must("batch", "pause", batch)
        code, answer, err = lab.finish(p)
        lab.sandbox.faults()
        got = lab.must("batch", "show", batch)
        t.ok(code == 3 and got["state"] == "paused" and got["ready"] > 0 and got["taken"] == 0
             and got["issued"] < 2500, "paused in the middle: what had its number was issued",
                 got, err)
        t.ok(2500 - got["ready"] - got["issued"] == 0 and got["issued"] <= 1500,
             "and no more were begun", got["issued"])
        lab.must("--timeout", "110", "batch", "resume", batch)
        lab.orders += names
        found = lab.problems() + lab.counts_wrong()
        t.ok(not found, "then the rest, every order once", " | ".join(found[:4]))


def full_disk(t):
    with SmallDisk() as disk:
        if not disk.mounted:
            t.skip("a full disk during 批量开票", "tmpfs 需要 root")
            return
        home = os.path.join(disk.path, "home", "kaipiao")
        with Batches(numbers=3000, home=home) as lab:
            found, codes = [], []
            for room in (0, 16, 64, 128, 256, 512, 1024):
                path, names = lab.book(60)
                disk.leave(room)
                before = lab.run("batch", "add", path)
                if before[0] == 0:
                    ran = lab.run("--timeout", "5", "batch", "start", str(before[1]["batch"]))
                    codes.append(ran[0])
                    if ran[0] not in (0, 5, 8):
                        found.append("room %d: exit %d %s" % (room, ran[0], ran[2]))
                elif before[0] != 8:
                    found.append("room %d: exit %d %s" % (room, before[0], before[2]))
                disk.make_room()
                if before[0]:
                    before = lab.run("batch", "add", path)
                state = lab.must("batch", "show", str(before[1]["batch"]))["state"]
                if state in ("checked", "paused"):
                    lab.must("--timeout", "60", "batch", "start", str(before[1]["batch"]))
                found += lab.recover()
                lab.orders += names
            found += lab.problems() + lab.counts_wrong()
            t.ok(not found, "a full disk: every order once when there is room again",
                 " | ".join(found[:4]), codes)


def main():
    with kp.Tap() as t:
        reading(t)
        running(t)
        kills(t)
        two_at_once(t)
        pausing(t)
        full_disk(t)


if __name__ == "__main__":
    main()
