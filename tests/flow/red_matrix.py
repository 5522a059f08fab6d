#!/usr/bin/env python3
"""Red letters, the whole matrix: what is allowed is done once; all else is refused before anything
is sent (calls are counted), and refused again by the tax side when it is sent by hand.

Answers: state x who entered x our side x action x reason.  Applications: kind of goods x reason x
how much x our side, and the state of the blue invoice."""
import json
import ssl
import sys

import leqi_py as L
import red_bench
from kp import Home, Sandbox, Tap, invoice, later

PARTY = {"name": "深圳市晴川数码贸易有限公司", "tax_no": "91440300MAKP0A011Y"}
REASONS = ("01", "02", "03", "04")
GOODS, SERVICE = "1090509010000000000", "3040201010000000000"
APPLY, ACT, UPLOAD = "QDHZQRDSQ", "QDHZQRDQR", "QDFPSC"


def line(code=GOODS, quantity="4", price="100.00"):
    service = code == SERVICE
    made = {"name": "咨询" if service else "打印机", "tax_code": code, "unit": "时",
            "tax_rate": "0.06" if service else "0.13"}
    if quantity is None:
        return dict(made, amount="400.00", unit="")
    return dict(made, quantity=quantity, price=price)


def blues(home, wanted):
    """Numbers of new blue invoices, one for each list of lines."""
    made = [invoice("B-%s-%d" % (home.count, i), kind="special", prices_include_tax=False,
                    lines=lines) for i, lines in enumerate(wanted)]
    _, doc, _ = home.run("blue", "issue", home.file(made), check=0)
    return [r["number"] for r in doc["results"]]


def calls(sb, *services):
    told = sb.get("/red?limit=1")["calls"]
    return sum(told.get(s, 0) for s in services)


class ByHand:
    """Requests of our unit that no program has looked at."""

    def __init__(self, sb):
        self.direct, self.info = sb.direct, sb.info
        self.tls = ssl.create_default_context(cafile=sb.info["ca_file"])
        self.unit, self.sb = sb.using, sb
        self.client = L.Client(self, sb.using)
        self.numbers = iter(())

    def number(self):
        number = next(self.numbers, None)
        if number is None:
            self.numbers = iter(self.client.claim(1000))
            number = next(self.numbers)
        return number

    def act(self, row, deed):
        return self.client.call(ACT, {"xsfnsrsbh": row["seller"], "uuid": row["uuid"],
                                      "hzqrdbh": row["number"], "qrlx": deed})

    def issue(self, row):
        """What is said to a red invoice of the letter, made of its own detail."""
        d = self.client.call("CXQDHZQRDMX", {"uuid": row["uuid"], "xsfnsrsbh": row["seller"]})
        lines = [{"mxxh": x["xh"], "dylzfpmxxh": x["lzmxxh"], "sl": x["fpspsl"], "dj": x["fpspdj"],
                  "slv": x["sl1"], "fphxz": "00", "mtzl": "",
                  "hsje": L.money(L.cents(x["je"]) + L.cents(x["se"])),
                  **{k: x[k] for k in ("hwhyslwfwmc", "spfwjc", "xmmc", "ggxh", "dw", "je", "se",
                                       "kce", "sphfwssflhbbm", "yhzcbs")}}
                 for x in d["hzqrxxmxList"]]
        made = L.invoice(self.client, self.number(), lines, lzfpbz="1", dylzfphm=d["lzfphm"],
                         hzqrxxdbh=row["number"], hzqrduuid=row["uuid"], fppz=d["lzfppzDm"],
                         **{k: d[k] for k in ("xsfnsrsbh", "xsfmc", "gmfnsrsbh", "gmfmc")})
        answer = self.client.upload([made])
        if "sllsh" not in answer:
            return answer["returnmsg"]
        got = self.client.results(answer["sllsh"])[made["fphm"]]
        return "" if got["status"] == "00" else "%s %s" % (got.get("Code"), got.get("message"))

    def blue(self, number):
        """A blue invoice of ours as it was sent."""
        for row in self.sb.get("/requests?service=QDFPSC&limit=1000")["rows"]:
            for made in json.loads(row["request"]):
                if made["fphm"] == number:
                    return made
        raise RuntimeError("%s was never sent" % number)


# ---- answers and red invoices --------------------------------------------------------------------
STATES = ["%02d" % n for n in range(1, 14)]
VERBS = {"confirm": "Y", "deny": "N", "revoke": "C", "issue": None}
ENTERED = {"02": ["seller"], "03": ["buyer"], "05": ["seller"], "06": ["buyer"]}
# Protocol 7.11, told anew: (state, who entered) -> {(party, verb): state after it}
ALLOWED = {
    ("01", "seller"): {("seller", "revoke"): "08", ("seller", "issue"): "01"},
    ("01", "buyer"): {("buyer", "revoke"): "08", ("seller", "issue"): "01"},
    ("02", "seller"): {("buyer", "confirm"): "04", ("buyer", "deny"): "05",
                       ("seller", "revoke"): "08"},
    ("03", "buyer"): {("seller", "confirm"): "04", ("seller", "deny"): "06",
                      ("buyer", "revoke"): "08"},
    ("04", "seller"): {("buyer", "revoke"): "09", ("seller", "issue"): "04"},
    ("04", "buyer"): {("seller", "revoke"): "09", ("seller", "issue"): "04"},
}


def had(state, entered, side, verb):
    """Is this what our side's doing it has led to?  Then it is said to be done already."""
    return verb != "issue" and any(
        after == state and who == side and did == verb
        for (before, by), rules in ALLOWED.items() if by == entered
        for (who, did), after in rules.items())


def theirs(sb, us):
    """Another company's invoice for us, goods and services on it."""
    lines = [{"name": n, "short": s, "code": c, "amount": "400.00", "tax": x, "rate": r,
              "quantity": "4", "price": "100.00", "unit": "台", "spec": ""}
             for n, s, c, x, r in (("打印机", "计算机外部设备", "1090511030000000000", "52.00", "0.13"),
                                   ("咨询", "信息技术服务", SERVICE, "24.00", "0.06"))]
    return sb.post("/red/blue", {"seller": PARTY["tax_no"], "seller_name": PARTY["name"],
                                 "buyer": us["tax_no"], "buyer_name": us["name"], "kind": "01",
                                 "kprq": later(-3600)[:19].replace("T", " "),
                                 "lines": lines})


def letters(sb, home, side, cases):
    """A letter for each (state, entered, reason)."""
    if side == "seller":
        numbers = blues(home, [[line(), line(SERVICE)]] * len(cases))
    else:
        numbers = [theirs(sb, sb.using)["blue"] for _ in cases]
    made = []
    for blue, (state, entered, reason) in zip(numbers, cases):
        form = sb.post("/red/apply", {"blue": blue, "role": entered, "reason": reason})
        if form["state"] != state:
            sb.post("/red/state", {"uuid": form["uuid"], "state": state})
        made.append((form["uuid"], blue))
    return made


class Walk:
    def __init__(self, sb, home):
        self.sb, self.home, self.hand = sb, home, ByHand(sb)
        self.bad, self.done, self.refused, self.had = [], 0, 0, 0

    def row(self, uuid, blue):
        return next(r for r in self.sb.get("/red?blue=" + blue)["rows"] if r["uuid"] == uuid)

    def by_hand(self, row, verb, name):
        """The tax side refuses, and leaves the letter as it was."""
        before = row["state"], row["issued"], row["red"]
        if verb == "issue":
            said = self.hand.issue(row)
        else:
            answer = self.hand.act(row, VERBS[verb])
            said = "" if answer["returncode"] == "00" else answer["returnmsg"]
        after = self.row(row["uuid"], row["blue"])
        if not said or (after["state"], after["issued"], after["red"]) != before:
            self.bad.append("%s by hand: “%s” %s -> %s" % (name, said, before, after))

    def ask(self, uuid, verb):
        before = calls(self.sb, ACT, UPLOAD)
        code, doc, err = self.home.run("red", verb, uuid)
        return code, calls(self.sb, ACT, UPLOAD) - before, err

    def one(self, side, state, entered, verb, reason, uuid, blue):
        name = "%s %s entered by %s, %s, reason %s" % (side, state, entered, verb, reason)
        after = ALLOWED.get((state, entered), {}).get((side, verb))
        code, sent, err = self.ask(uuid, verb)
        row = self.row(uuid, blue)
        if after:
            self.done += 1
            good = (code, sent, row["state"]) == (0, 1, after)
            good = good and row["issued"] == ("Y" if verb == "issue" else "N")
            again = self.ask(uuid, verb)
            if not good or again[:2] != (0, 0):
                self.bad.append("%s: exit %d, %d sent, %s; again %s: %s" % (name, code, sent, row,
                                                                          again, err))
        elif had(state, entered, side, verb):
            self.had += 1
            if (code, sent) != (0, 0):
                self.bad.append("%s: not “already”: exit %d, %d sent: %s" % (name, code, sent, err))
        else:
            self.refused += 1
            if (code, sent) != (3, 0) or row["state"] != state or row["number"] not in err:
                self.bad.append("%s: exit %d, %d sent: %s" % (name, code, sent, err))
        self.by_hand(row, verb, name)


def answers(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb, numbers=500)
        sb.post("/faults", {"replace": True})
        walk = Walk(sb, home)
        for side in ("seller", "buyer"):
            cases, verbs = [], []
            for state in STATES:
                for entered in ENTERED.get(state, ["seller", "buyer"]):
                    may = [v for v in VERBS if (side, v) in ALLOWED.get((state, entered), {})]
                    # What is refused leaves the letter as it was: one letter bears all of it.
                    for some in [[v] for v in may] + [[v for v in VERBS if v not in may]]:
                        for reason in REASONS if some else ():
                            cases.append((state, entered, reason))
                            verbs.append(some)
            made = letters(sb, home, side, cases)
            home.run("--timeout", "60", "red", "list", "--refresh", "--role", side, "--limit", "1",
                     check=0)
            for (state, entered, reason), some, (uuid, blue) in zip(cases, verbs, made):
                for verb in some:
                    walk.one(side, state, entered, verb, reason, uuid, blue)
        t.ok(not walk.bad, "E8, E13, E14, N40, N44: state x party x action x reason: %d allowed "
             "once, %d done already, %d refused before anything is sent, all of them refused by "
             "hand" % (walk.done, walk.had, walk.refused), "\n".join(walk.bad[:12]))
        t.same((walk.done, walk.had + walk.refused), (14 * 4, 162 * 4), "the matrix was walked")
        t.ok(home.audit_clean(), "and every number of ours is explained")


# ---- applications --------------------------------------------------------------------------------
KINDS = {"goods": [line()], "service": [line(SERVICE)], "mixed": [line(), line(SERVICE)],
         "bare": [line(quantity=None)]}
NEVER = {"goods": "03", "bare": "03", "service": "02", "mixed": None}
# How much is asked for of line 1: for the verb, and by hand (amount, quantity, price).
MUCH = {"whole": None,
        "a quantity": ({"line": 1, "quantity": "1"}, (10000, "1", "100.00")),
        "an amount": ({"line": 1, "amount": "100.00"}, (10000, "", "")),
        "too many": ({"line": 1, "quantity": "5"}, (50000, "5", "100.00")),
        "too much": ({"line": 1, "amount": "400.01"}, (40001, "", ""))}


# What the papers leave open (a line without quantity, 02): only the whole of it here; the practice
# platform takes a part.
OPEN = ("bare", "02", "an amount")


def may_apply(kind, reason, much):
    """Protocol 7.10, told anew."""
    if reason == NEVER[kind] or much in ("too many", "too much"):
        return False
    if much == "whole":
        return True
    if much == "a quantity":
        return reason in ("02", "03") and kind != "bare"
    return reason in ("03", "04")


def by_hand(hand, blue, reason, much):
    """Code and words for the same application made by hand."""
    made, wish = hand.blue(blue), MUCH[much]
    rows = None
    if wish:
        amount, quantity, price = wish[1]
        row, of, _, _ = red_bench.net_lines(made)[0]
        tax = (amount * round(float(of["slv"]) * 100) + 50) // 100
        rows = [red_bench.red_row(1, row, of, amount, tax, quantity, price)]
        rows[0].update(fpspsl="-" + quantity if quantity else "", fpspdj=price)
    answer = hand.client.call(APPLY, red_bench.application(made, reason, rows=rows))
    return answer["returncode"], answer["returnmsg"]


def applications(t):
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb, numbers=200)
        hand, bad, done, refused = ByHand(sb), [], 0, 0
        for kind, lines in KINDS.items():
            combos = [(r, m) for r in REASONS for m in MUCH]
            good = [c for c in combos if may_apply(kind, *c)]
            made = dict(zip(good, blues(home, [lines] * len(good))))
            plain = blues(home, [lines])[0]  # what is refused leaves it as it is
            for reason, much in combos:
                name = "%s, reason %s, %s" % (kind, reason, much)
                blue = made.get((reason, much), plain)
                more = ["--lines", home.file([MUCH[much][0]])] if MUCH[much] else []
                verb = ["red", "apply", blue, "--role", "seller", "--reason", reason] + more
                before = calls(sb, APPLY)
                code, doc, err = home.run(*verb)
                sent = calls(sb, APPLY) - before
                rows = sb.get("/red?blue=" + blue)["rows"]
                if (reason, much) in made:
                    done += 1
                    if (code, sent, len(rows)) != (0, 1, 1) or rows[0]["reason"] != reason:
                        bad.append("%s: exit %d, %d sent, %s: %s" % (name, code, sent, rows, err))
                    code, doc, err = home.run(*verb)
                    if code != 3 or calls(sb, APPLY) - before != 1:
                        bad.append("%s: a second time: exit %d: %s" % (name, code, err))
                else:
                    refused += 1
                    if (code, sent, rows) != (3, 0, []) or not doc["error"]["message"]:
                        bad.append("%s: exit %d, %d sent: %s" % (name, code, sent, err))
                if (kind, reason, much) == OPEN:
                    continue
                said, words = by_hand(hand, blue, reason, much)
                if said == "00" or ("正在处理" in words) != ((reason, much) in made):
                    bad.append("%s by hand: %s %s" % (name, said, words))
                if len(sb.get("/red?blue=" + blue)["rows"]) != ((reason, much) in made):
                    bad.append("%s by hand: a letter came of it" % name)
        t.ok(not bad, "E19, N41, N42, N43: goods x reason x how much: %d allowed once, %d refused "
             "before anything is sent and again by hand" % (done, refused), "\n".join(bad[:12]))
        t.same((done, refused), (23, 57), "the matrix was walked")


def unused(t, sb, home):
    """The buyer's turn comes with his use of the invoice; only the tax side knows of it."""
    us, told = sb.using, theirs(sb, sb.using)
    blue = told["blue"]
    face = {"number": blue, "kind": "special", "seller": PARTY, "prices_include_tax": False,
            "issued_at": told["kprq"],
            "buyer": {"name": us["name"], "tax_no": us["tax_no"]},
            "lines": [dict(line(code), unit="台", short_name=short) for code, short in
                      (("1090511030000000000", "计算机外部设备"), (SERVICE, "信息技术服务"))]}
    verb = ["red", "apply", blue, "--role", "buyer", "--reason", "01", "--blue", home.file(face)]
    code, doc, err = home.run(*verb)
    t.ok(code == 4 and doc["situation"] == "failed", "E15: as buyer of what is not used yet", err)
    t.same(sb.get("/red?blue=" + blue)["rows"], [], "no letter came of it")
    sb.post("/red/mark", {"blue": blue, "fpyt": "1"})
    code, doc, err = home.run("red", "again", "#%d" % doc["id"])
    sent = json.loads(sb.get("/requests?service=QDHZQRDSQ&limit=1")["rows"][0]["request"])
    t.ok(code == 0 and (doc["state"], doc["entered_by"], sent["lrfsf"]) == ("03", "buyer", "1"),
         "and once it is used: sent as lrfsf 1", doc, err)


def party(t):
    """Who is no party, and a blue invoice whose own state forbids it."""
    with Sandbox(result_delay=0) as sb, Home() as home:
        home.setup(sb)
        hand = ByHand(sb)
        blue = blues(home, [KINDS["mixed"]])[0]
        for reason in REASONS:
            sent = calls(sb, APPLY)
            code, doc, err = home.run("red", "apply", blue, "--role", "buyer", "--reason", reason)
            t.ok(code == 3 and doc["error"]["code"] == "red.side" and calls(sb, APPLY) == sent,
                 "E15: reason %s: not as buyer of our own invoice, nothing is sent" % reason, err)
            answer = hand.client.call(APPLY, red_bench.application(hand.blue(blue), reason,
                                                                   role="1"))
            t.ok(answer["returncode"] != "00", "nor by hand", answer)
        t.same(sb.get("/red?blue=" + blue)["rows"], [], "no letter came of it")
        unused(t, sb, home)
        for what, words, marks in (
                ("作废", "已作废", {"fpzt": "2"}), ("红字锁定", "锁定", {"hzsdbs": "Y"}),
                ("异常凭证", "异常凭证", {"ycpzzt": "02"}), ("退税", "用途", {"fpyt": "2"}),
                ("代办退税", "用途", {"fpyt": "3"}), ("内销转出口", "用途", {"fpyt": "7"}),
                ("准予退税", "用途", {"fpyt": "9"}), ("不予退税", "用途", {"fpyt": "10"}),
                ("冬奥退税", "用途", {"fpyt": "11"})):
            blue = blues(home, [KINDS["mixed"]])[0]
            sb.post("/red/mark", dict(marks, blue=blue))
            sent = calls(sb, APPLY)
            code, doc, err = home.run("red", "apply", blue, "--role", "seller", "--reason", "01")
            t.ok(code == 4 and words in err and doc["situation"] == "failed",
                 "N45: a blue invoice that is %s: refused in a sentence" % what, code, err)
            t.same((calls(sb, APPLY) - sent, sb.get("/red?blue=" + blue)["rows"]), (1, []),
                   "asked once, and no letter came of it")
            t.ok(words in by_hand(hand, blue, "01", "whole")[1], "nor by hand")


def main():
    with Tap() as t:
        for part in (answers, applications, party):
            if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
                part(t)


if __name__ == "__main__":
    main()
