"""kill -9 at random moments of a batch of 200, two processes at once, quota for one of two."""
import json
import random
import signal
import time

import crashlab
import kp

ROUNDS = 8


def random_kills(t):
    rng = random.Random(20261120)
    with crashlab.Lab() as lab:
        killed, found = 0, []
        for _ in range(ROUNDS):
            text = lab.orders_text(200)
            p = lab.start("--timeout", "60", "blue", "issue", "-", text=text)
            time.sleep(rng.uniform(0.01, 0.45))
            if p.poll() is None:
                killed += 1
                p.send_signal(signal.SIGKILL)
            lab.finish(p)
            found += lab.recover()
            # What died before its commit is asked for again, as a clerk would.
            lab.must("--timeout", "60", "blue", "issue", "-", text=text)
            found += lab.problems()
        t.ok(killed >= 2, "processes were killed in the middle", "only %d of %d" % (killed, ROUNDS))
        t.ok(not found, "kill -9 during batches of 200: every invoice once", "; ".join(found[:5]))


def kill_until_done(t):
    """The same batch killed again and again while the engine alone goes on."""
    with crashlab.Lab() as lab:
        lab.sandbox.faults(delay_ms={"service": "QDFPSC", "value": 60},
                           drop_reply={"service": "QDFPSC", "times": 2})
        text = lab.orders_text(200)
        lab.run("--no-wait", "blue", "issue", "-", text=text)
        for delay in (0.02, 0.05, 0.08, 0.11, 0.15, 0.2):
            p = lab.start("sync", "--once")
            time.sleep(delay)
            p.kill()
            lab.finish(p)
        found = lab.recover() + lab.problems()
        t.ok(not found, "an engine killed six times in a row: every invoice once",
             "; ".join(found[:5]))


def two_at_once(t):
    with crashlab.Lab() as lab:
        mine, yours = lab.orders_text(60), lab.orders_text(60)
        both = json.dumps([lab.order(name="SAME-%d" % i) for i in range(20)], ensure_ascii=False)
        jobs = [lab.start("--timeout", "60", "blue", "issue", "-", text=text)
                for text in (mine, yours, both, both)]
        ended = [lab.finish(p) for p in jobs]
        t.ok(all(code == 0 for code, _, _ in ended), "four processes on one home all succeed",
             [(code, err) for code, _, err in ended if code])
        numbers = [[r["number"] for r in answer["results"]] for _, answer, _ in ended[2:] if answer]
        t.ok(len(numbers) == 2 and numbers[0] == numbers[1],
             "the same orders from two processes get the same numbers")
        lab.orders = sorted(set(lab.orders))
        found = lab.problems()
        t.ok(not found, "two processes at once: every invoice once", "; ".join(found[:5]))


def quota_for_one(t):
    for amount, wanted in (("60.00", [0, 3]), ("50.00", [0, 0])):
        with crashlab.Lab(quota="100.00") as lab:
            texts = [json.dumps(dict(lab.order(), prices_include_tax=False,
                                     lines=[dict(lab.order()["lines"][0],
                                                 price=amount)])) for _ in range(2)]
            ended = [lab.finish(p) for p in [lab.start("blue", "issue", "-",
                                                       text=x) for x in texts]]
            codes = sorted(code for code, _, _ in ended)
            t.same(codes, wanted, "two issues of %s against quota of 100.00" % amount)
            short = [a["error"]["code"] for _, a, _ in ended if a and "error" in a]
            t.same(short, ["quota.short"] * wanted.count(3),
                   "the loser of %s is told the quota" % amount)
            t.same(len(lab.theirs()), wanted.count(0), "the platform has %d" % wanted.count(0))
            found = lab.books()
            t.ok(not found, "books balance after %s" % amount, "; ".join(found))


def main():
    with kp.Tap() as t:
        random_kills(t)
        kill_until_done(t)
        two_at_once(t)
        quota_for_one(t)


if __name__ == "__main__":
    main()
