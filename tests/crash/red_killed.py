"""E21: kill -9 between what is sent and its reply, of an application, an answer and a red invoice.

The process is killed when the platform has taken the call and holds the reply back: afterwards a
sync finds what came of it, by the list, the detail and the result; nothing goes out twice.
"""
import signal

import crashlab
import kp

APPLY, ACT, LIST, UPLOAD = "QDHZQRDSQ", "QDHZQRDQR", "CXQDHZQRDLB", "QDFPSC"


def calls(lab, service):
    return lab.sandbox.get("/red?limit=1")["calls"].get(service, 0)


def uploads(lab):
    return lab.sandbox.requests(UPLOAD)


def asked_for(lab):
    """Blue numbers the list was asked for by name."""
    rows = lab.sandbox.get("/requests?limit=100000&service=" + LIST)["rows"]
    return [r["request"] for r in rows]


def kill_when(lab, verb, service, taken):
    """Ends the verb by kill -9 once the platform has taken its call; whether it came to that.
    The platform answers a while later, which nobody waits for."""
    lab.sandbox.faults(delay_ms={"service": service, "value": 1500, "times": 1})
    p = lab.start("--timeout", "60", *verb)
    came = kp.wait_for(taken, 20) and p.poll() is None
    p.send_signal(signal.SIGKILL)
    code, _, _ = lab.finish(p)
    lab.sandbox.faults()
    return came and code == -signal.SIGKILL


def blue(lab):
    return lab.must("blue", "issue", "-", text=lab.orders_text(1))["results"][0]["number"]


def theirs(lab, number):
    return lab.sandbox.get("/red?limit=100&blue=" + number)["rows"]


def ours(lab, number):
    return lab.must("red", "list", "--blue", number)["rows"]


def application(t, lab):
    number = blue(lab)
    verb = ("red", "apply", number, "--role", "seller", "--reason", "01")
    before = calls(lab, APPLY)
    t.ok(kill_when(lab, verb, APPLY, lambda: theirs(lab, number)),
         "E21: killed with its application taken and no reply")
    t.same([(r["confirmation_no"], r["situation"]) for r in ours(lab, number)],
           [(None, "on-the-way")], "what was sent is in the journal, without a number")
    listed = len(asked_for(lab))
    t.same(lab.recover(), [], "the program starts again")
    asked = asked_for(lab)[listed:]
    t.ok(any(number in q for q in asked), "E21: the list is asked for the blue number", asked)
    there, here = theirs(lab, number), ours(lab, number)
    t.same((len(there), calls(lab, APPLY) - before), (1, 1),
           "E21: no second letter, no second call")
    t.same([(r["confirmation_no"], r["uuid"], r["state"]) for r in here],
           [(r["number"], r["uuid"], r["state"]) for r in there], "ours is that one")
    code, _, err = lab.run(*verb)
    t.ok(code == 3 and calls(lab, APPLY) - before == 1, "E21: asked for again it is not sent", err)
    return here[0]["confirmation_no"]


def answer(t, lab):
    for verb, state in (("confirm", "04"), ("deny", "06")):
        number = blue(lab)
        form = lab.sandbox.post("/red/apply", {"blue": number, "role": "buyer", "reason": "01"})
        lab.must("red", "list", "--refresh", "--role", "seller")
        before = calls(lab, ACT)
        t.ok(kill_when(lab, ("red", verb, form["number"]), ACT,
                       lambda: theirs(lab, number)[0]["state"] == state),
             "E11: killed with its %s taken and no reply" % verb)
        t.same(lab.recover(), [], "the program starts again")
        t.same((ours(lab, number)[0]["state"], calls(lab, ACT) - before), (state, 1),
               "E11: %s is done, and was sent once" % verb)


def red_invoice(t, lab, letter):
    before = uploads(lab)
    t.ok(kill_when(lab, ("red", "issue", letter), UPLOAD, lambda: uploads(lab) > before),
         "N66: killed with its red invoice taken and no reply")
    t.same(lab.recover(), [], "the program starts again")
    shown = lab.must("red", "show", letter)
    row = next(r for r in lab.sandbox.get("/red?limit=100000")["rows"] if r["number"] == letter)
    t.ok(shown["issued"] and shown["red_number"] == row["red"], "N66: it is issued, under the one"
         " number", shown, row)
    times = [i["times_accepted"] for i in lab.theirs() if i["number"] == row["red"]]
    t.same(times, [1], "N71: and was accepted once")
    t.same(lab.books(), [], "numbers and quota are explained")


def main():
    with kp.Tap() as t, crashlab.Lab() as lab:
        letter = application(t, lab)
        answer(t, lab)
        red_invoice(t, lab, letter)


if __name__ == "__main__":
    main()
