"""What may have got through is never called failed by us: lost replies followed by other trouble.

Each scene: the platform commits an upload and says nothing; then the network, the rules, the
clock or the configuration get in the way.  The invoice stays unknown until the platform itself is
asked, and is issued once in the end.
"""
import crashlab
import kp

LOST = {"drop_reply": {"service": "QDFPSC", "times": 1}}
HOURS_49 = 49 * 3600


def lose_one(lab):
    """One order whose upload is committed and whose reply is lost; the retry is held back."""
    lab.sandbox.faults(**LOST, refuse={"service": "QDFPSC", "times": 0})
    lab.must("param", "set", "engine", "retry_base_ms", "600000")
    lab.must("param", "set", "engine", "retry_max_ms", "600000")
    code, answer, err = lab.run("--timeout", "1", "blue", "issue", "-", text=lab.orders_text(1))
    lab.home.quick(**lab.engine)
    return code, answer["results"][0] if answer else {}, err


def state(lab, order=None):
    return lab.ours()[order or lab.orders[-1]]


def hurry(lab):
    """Makes the held-back job due now, as time would; whoever looks next does it."""
    lab.run("--no-wait", "invoices", "retry", lab.orders[-1])


def network_then_48_hours(t):
    with crashlab.Lab() as lab:
        code, row, _ = lose_one(lab)
        t.ok(code in (5, 6) and row["state"] == "unknown",
             "a lost reply leaves the invoice unknown", row)
        lab.sandbox.stop()
        lab.home.env = {}
        hurry(lab)
        lab.run("--timeout", "2", "sync", "--once")
        t.same(state(lab)["state"], "unknown", "no connection: still unknown, never numbered")
        lab.home.env = {"KAIPIAO_NOW": kp.later(HOURS_49)}
        lab.run("--timeout", "2", "sync", "--once")
        row = state(lab)
        t.same((row["state"], row["needs_person"]), ("unknown", True),
               "48 hours later: a person, not failed")
        code, _, _ = lab.run("invoices", "void", lab.orders[-1])
        t.same(code, 3, "its number cannot be voided")
        lab.home.env = {}
        lab.sandbox.start()
        lab.run("--timeout", "5", "sync", "--once")
        hurry(lab)
        lab.recover()
        t.same(state(lab)["state"], "issued",
               "with the clock right again the platform is asked and it is issued")
        t.same(lab.problems(), [], "once on both sides")


def wrong_key_then_right(t):
    with crashlab.Lab() as lab:
        lose_one(lab)
        lab.sandbox.faults(error={"service": "QDFPSC", "text": "4057", "times": 1})
        hurry(lab)
        lab.run("--timeout", "2", "sync", "--once")
        t.ok(state(lab)["state"] in ("unknown", "issued"),
             "a refused key does not make it numbered", state(lab))
        lab.sandbox.faults()
        hurry(lab)
        lab.recover()
        t.same(lab.problems(), [], "with the key right: once on both sides")


def poll_survives_a_bad_key(t):
    with crashlab.Lab() as lab:
        lab.sandbox.faults(keep_processing={"value": 2})
        lab.run("--timeout", "1", "blue", "issue", "-", text=lab.orders_text(1))
        secret = lab.home.path + "/secret.key"
        with open(secret, "rb") as f:
            key = f.read()
        with open(secret, "wb") as f:
            f.write(bytes(32))
        lab.run("--timeout", "1", "sync", "--once")
        with open(secret, "wb") as f:
            f.write(key)
        lab.sandbox.faults()
        lab.recover()
        t.same(lab.problems(), [], "a poll outlives a key that cannot be opened")


def one_bad_row_does_not_stop_the_queue(t):
    with crashlab.Lab() as lab:
        lab.run("--no-wait", "blue", "issue", "-", text=lab.orders_text(3))
        kp.sql(lab.home.path + "/kaipiao.db", "DELETE FROM invoice_line WHERE invoice_id ="
               " (SELECT MIN(id) FROM invoice)")
        lab.run("--timeout", "3", "sync", "--once")
        ours = lab.ours()
        t.same([ours[o]["state"] for o in lab.orders[1:]], ["issued", "issued"],
               "an unreadable invoice holds up nobody else")


def daemon_outlives_a_locked_database(t):
    with crashlab.Lab() as lab:
        p = lab.start("sync", "--daemon")
        lab.sandbox.faults(delay_ms={"service": "QDFPSC", "times": 1, "value": 500})
        lab.run("--no-wait", "blue", "issue", "-", text=lab.orders_text(1))
        with kp.locked(lab.home.path + "/kaipiao.db", 17):
            pass
        t.ok(kp.wait_for(lambda: state(lab)["state"] == "issued", 30),
             "the daemon recovers by itself", state(lab))
        p.terminate()
        t.same(lab.finish(p)[0], 0, "and ends cleanly when told to")
        t.same(lab.problems(), [], "once on both sides")


def main():
    with kp.Tap() as t:
        kp.side_by_side(t, (network_then_48_hours, wrong_key_then_right, poll_survives_a_bad_key,
                            one_bad_row_does_not_stop_the_queue,
                            daemon_outlives_a_locked_database))


if __name__ == "__main__":
    main()
