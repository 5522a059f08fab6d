"""An import that dies: at every durable step, by kill -9 at random moments, on a full disk.

All of its rows or none, its job told, and the next import goes in as if nothing had been.
"""
import contextlib
import os
import random
import signal
import sqlite3
import time

import books
import kp
from disk import SmallDisk

ROWS, MAX_POINTS, KILLS = 3000, 60, 12
CRASHED = 86


def rows_of(first, count):
    return [["客户名称", "纳税人识别号", "地址", "电话"]] + [
        ["崩溃测试第%06d号公司" % i, "", "路 %d 号" % i, "0755-%06d" % i]
        for i in range(first, first + count)]


class Lab:
    """A home, and the question what of a batch of names is in it."""

    def __init__(self, path=None):
        self.home, self.count = kp.Home(path), 0

    def __enter__(self):
        books.office(self.home)
        return self

    def __exit__(self, *_):
        self.home.__exit__()

    def book(self, count=ROWS):
        """A workbook of names nobody has seen."""
        self.count += 1
        path = os.path.join(self.home.top, "book-%d.xlsx" % self.count)
        return books.workbook(path, ("客户信息", rows_of(self.count * 100000, count))), count

    def newest_job(self):
        rows = self.home.run("jobs", "list", "--kind", "catalogue.import", "--limit", "1",
                             check=0)[1]["rows"]
        return rows[0] if rows else {"state": "none"}

    def problems(self, path, count, before):
        """Everything that is not all or nothing."""
        found, now = [], self.total()
        if now not in (before, before + count):
            found.append("%d of %d rows are in" % (now - before, count))
        job = self.newest_job()
        if now == before + count and job["state"] != "done":
            found.append("the rows are in, the job is %s" % job["state"])
        if now == before and job["state"] == "running":
            found.append("a dead job runs")
        code, doc, err = self.home.run("buyers", "import", path)
        if code or doc["added"] != before + count - now or doc["failed"]:
            found.append("the repeat: %d %s %s" % (code, doc, err))
        first = "崩溃测试第%06d号公司" % (self.count * 100000)
        if not self.home.run("buyers", "list", "--find", first)[1]["rows"]:
            found.append("%s is not found" % first)
        return found

    def total(self):
        with contextlib.closing(sqlite3.connect(os.path.join(self.home.path, "kaipiao.db"),
                                                timeout=30)) as db:
            return db.execute("SELECT COUNT(*) FROM buyer WHERE removed_at IS NULL").fetchone()[0]


def all_points(t):
    with Lab() as lab:
        bad, point, died, told = [], 0, True, 0
        while died and point < MAX_POINTS:
            point += 1
            path, count = lab.book()
            before = lab.total()
            code, _, err = lab.home.run("buyers", "import", path, json_out=False,
                                        env={"KAIPIAO_CRASH_AT": str(point)})
            died = code == CRASHED
            if not died and code:
                bad.append("point %d: exit %d: %s" % (point, code, err))
            if died and lab.total() == before:
                job = lab.newest_job()
                told += job["state"] == "failed" and "什么都没有导入" in job["message"]
            bad += ["point %d: %s" % (point, p) for p in lab.problems(path, count, before)]
        t.ok(not died and point > 5, "an import dies at each of %d steps" % (point - 1))
        t.ok(not bad, "all or nothing at each of them", " | ".join(bad[:4]))
        t.ok(told >= 3, "and the job says that nothing was imported", told)


def random_kills(t):
    rng = random.Random(20261121)
    with Lab() as lab:
        bad, killed = [], 0
        for i in range(KILLS):
            path, count = lab.book(20000)
            before = lab.total()
            p = lab.home.start("buyers", "import", path)
            time.sleep(rng.uniform(0.01, 0.6))
            if p.poll() is None:
                killed += 1
                p.send_signal(signal.SIGKILL)
            p.communicate()
            if i % 3 == 0:  # the engine, too, leaves it be and mends it
                lab.home.run("sync", "--once")
            bad += lab.problems(path, count, before)
        t.ok(killed >= 3, "imports were killed in the middle", "%d of %d" % (killed, KILLS))
        t.ok(not bad, "kill -9 at random moments: all or nothing", " | ".join(bad[:4]))
        code, _, err = lab.home.run("doctor")
        t.ok("数据库" not in err, "the database is sound", code, err)


def engine_mends(t):
    """The engine alone finds a dead import and says so."""
    with Lab() as lab:
        path, _ = lab.book()
        lab.home.run("buyers", "import", path, json_out=False, env={"KAIPIAO_CRASH_AT": "3"})
        lab.home.run("sync", "--once")
        with contextlib.closing(sqlite3.connect(os.path.join(lab.home.path, "kaipiao.db"))) as db:
            got = db.execute("SELECT state, error_text FROM job ORDER BY id DESC").fetchone()
        t.ok(got[0] == "failed" and "中断" in got[1], "the engine mends the job of a dead import",
             got)


def full_disk(t):
    with SmallDisk() as disk:
        if not disk.mounted:
            t.skip("a full disk during an import", "tmpfs 需要 root")
            return
        with Lab(os.path.join(disk.path, "home", "kaipiao")) as lab:
            path, count = lab.book(4000)
            codes, bad = [], []
            for room in (0, 16, 64, 256, 512, 1024, 2048, 8192):
                before = lab.total()
                disk.leave(room)
                code, _, err = lab.home.run("buyers", "import", path, json_out=False)
                disk.make_room()
                codes.append(code)
                now = lab.total()
                if code == 8 and "磁盘" not in err or code not in (0, 8):
                    bad.append("%d kB: exit %d: %s" % (room, code, err))
                if now != before and (code or now != before + count):
                    bad.append("%d kB: %d rows" % (room, now - before))
                if lab.newest_job()["state"] == "running":
                    bad.append("%d kB: the job runs" % room)
            t.ok(not bad, "with less and less room: all or nothing", " | ".join(bad[:4]))
            t.ok(8 in codes and codes[-1] == 0, "a refusal and a success were met", codes)


def no_place_for_failures(t):
    """The workbook of failures cannot be written: nothing is stored, no half file is left."""
    with Lab() as lab:
        rows = rows_of(1, 50)
        rows[10][1] = "!!"
        path = books.workbook(os.path.join(lab.home.top, "f.xlsx"), ("客户信息", rows))
        code, _, err = lab.home.run("buyers", "import", path, "--partial", "--failures",
                                    os.path.join(lab.home.top, "absent", "x.xlsx"))
        t.ok(code != 0 and lab.total() == 0, "no place for the failures: nothing is stored", code,
             err)
        left = [n for n in os.listdir(lab.home.top) if "失败" in n or "tmp" in n]
        t.same(left, [], "and nothing is left behind")


def main():
    with kp.Tap() as t:
        all_points(t)
        engine_mends(t)
        random_kills(t)
        full_disk(t)
        no_place_for_failures(t)


if __name__ == "__main__":
    main()
