"""The disk fills up at any write: a small tmpfs with less and less room while invoices are issued.

What must hold: an exit code of the contract (8 when the disk is the reason), no upload without
its journal, and after room is made the engine finishes, every recorded invoice once.
"""
import os
import subprocess
import tempfile

import crashlab
import kp

SIZE_MB = 16
ROOMS_KB = [0, 4, 8, 12, 16, 24, 32, 40, 64, 96, 128, 192, 256, 320, 384, 448, 512, 768, 2048]


class SmallDisk:
    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="disk-")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % SIZE_MB, "tmpfs",
                               self.path],
                              stderr=subprocess.PIPE)
        self.mounted = done.returncode == 0
        return self

    def __exit__(self, *_):
        if self.mounted:
            subprocess.run(["umount", "-l", self.path], check=False)
        os.rmdir(self.path)

    def free_kb(self):
        s = os.statvfs(self.path)
        return s.f_bavail * s.f_frsize // 1024

    def leave(self, kb):
        """Fills the disk until only kb are free."""
        with open(os.path.join(self.path, "filler"), "wb") as f:
            while self.free_kb() > kb:
                f.write(b"\0" * min(4096, (self.free_kb() - kb) * 1024))
                f.flush()

    def make_room(self):
        os.unlink(os.path.join(self.path, "filler"))


def squeeze(lab, disk, room):
    """Issues five orders with only `room` kB left; (exit code, what is wrong)."""
    first = len(lab.orders)
    text = lab.orders_text(5)
    disk.leave(room)
    code, answer, err = lab.run("--timeout", "5", "blue", "issue", "-", text=text)
    disk.make_room()
    found = [] if code in (0, 5, 8) else ["exit %d: %s" % (code, err)]
    if code == 8 and "磁盘" not in err:
        found.append("the disk is not named: %s" % err)
    if code == 0 and not all(r["state"] == "issued" for r in answer["results"]):
        found.append("exit 0 but not issued: %s" % answer)
    found += lab.recover()
    if not lab.ours().get(lab.orders[first]):
        lab.must("blue", "issue", "-", text=text)  # nothing was recorded: the clerk repeats
    return code, found + lab.problems()


def main():
    with kp.Tap() as t, SmallDisk() as disk:
        if not disk.mounted:
            t.skip("a full disk at any write", "tmpfs 需要 root")
            return
        with crashlab.Lab(home=os.path.join(disk.path, "home", "kaipiao")) as lab:
            codes, bad = [], []
            for room in ROOMS_KB:
                code, found = squeeze(lab, disk, room)
                codes.append(code)
                if found:
                    bad.append("%d kB: %s" % (room, "; ".join(found[:3])))
            t.ok(not bad, "with 0 to %d kB left every invoice is there once" % ROOMS_KB[-1],
                 " | ".join(bad[:4]))
            t.ok(8 in codes and 0 in codes,
                 "both a refusal for lack of room and a success were met", codes)
            _, doc, _ = lab.run("doctor")
            base = [row for row in doc["rows"] if row["check"] == "数据库"]
            t.ok([row["state"] for row in base] == ["ok"], "the database is sound afterwards", base)


if __name__ == "__main__":
    main()
