#!/usr/bin/env python3
"""折扣 over rows and 尾差 against Python's decimal: sums exact, shares where they belong, differences
and what is done about them."""
import os
import random
import subprocess
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

import kp

CENTS = os.path.join(os.environ.get("BUILD", os.path.join(kp.ROOT, "build")), "bench", "cents")
ONE, PPM = Decimal(1), Decimal("0.000001")
RATES = (130000, 90000, 60000, 50000, 30000, 15000, 10000, 0)


def ask(lines):
    done = subprocess.run([CENTS], input="\n".join(lines) + "\n", stdout=subprocess.PIPE,
                          check=True, universal_newlines=True, timeout=120)
    return done.stdout.split("\n")[:-1]


def half_up(value):
    return int(value.quantize(ONE, ROUND_HALF_UP))


def away(value):
    """Hundredths of a fen, away from zero."""
    return int((abs(value) * 100).quantize(ONE, ROUND_UP))


def fair(parts, wanted, shares):
    """Half up but for the last row, unless that one has no room for the rest."""
    firsts = [half_up(w) for w in wanted]
    rest = sum(shares) - sum(firsts[:-1])
    if all(0 < f < p for f, p in zip(firsts[:-1], parts)) and 0 < rest < parts[-1]:
        return shares[:-1] == firsts[:-1]
    return True


def spreads(r, count):
    """Questions about shares, and what checks an answer."""
    for _ in range(count):
        parts = [r.randint(2, r.choice((9, 500, 10 ** 6, 10 ** 12)))
                 for _ in range(r.choice((1, 2, 3, 10, 200)))]
        if r.random() < 0.5:
            total = r.randint(1, sum(parts) - 1)
            wanted = [Decimal(total) * p / sum(parts) for p in parts]
            yield "amount %d %s" % (total, " ".join(map(str, parts))), parts, total, wanted
        else:
            rate = Decimal(r.randint(1, 9999)) / 10000
            wanted = [p * rate for p in parts]
            yield ("rate %s %s" % (rate, " ".join(map(str, parts))), parts,
                   half_up(sum(parts) * rate), wanted)


def check_spreads(t, r):
    asked = list(spreads(r, 3000))
    bad, found = [], 0
    for (line, parts, total, wanted), got in zip(asked, ask([a[0] for a in asked])):
        if got == "-":
            # Only where a row would get nothing or everything.
            if min(min(w, p - w) for w, p in zip(wanted, parts)) > 2:
                bad.append(line)
            continue
        found += 1
        shares = [int(s) for s in got.split()]
        if (sum(shares) != total or not all(0 < s < p for s, p in zip(shares, parts))
                or not fair(parts, wanted, shares)):
            bad.append("%s: %s" % (line, got))
    t.ok(not bad, "shares add up, row by row where decimal has them", *bad[:3])
    t.ok(found > 1500, "most can be spread (%d of 3000)" % found)


def split(mode, amount, rate):
    if mode:
        net = half_up(amount / (1 + rate))
        return net, amount - net, amount
    tax = half_up(amount * rate)
    return amount, tax, amount + tax


def check_lines(t, r):
    asked = [(r.randint(0, 1), r.randint(10, 10 ** r.randint(2, 14)), r.choice(RATES),
              r.choice((0, 0, 1, -1, 2, -6, 6))) for _ in range(5000)]
    bad = []
    for (mode, amount, ppm, adjust), got in zip(asked, ask(["tax %d %d %d %d" % a
                                                             for a in asked])):
        rate = ppm * PPM
        if adjust and not ppm:
            if got != "-":
                bad.append("a row without tax was adjusted")
            continue
        net, tax, gross = split(mode, amount, rate)
        tax += adjust
        net, gross = (net - adjust, gross) if mode else (net, gross + adjust)
        want = [net, tax, gross, away(net * rate - tax), away(gross / (1 + rate) - net)]
        if [int(g) for g in got.split()] != want:
            bad.append("%s: %s, not %s" % ((mode, amount, ppm, adjust), got, want))
    t.ok(not bad, "adjusted taxes and their differences are those of decimal", *bad[:3])


def check_totals(t, r):
    asked = [(r.randint(0, 1), r.choice(RATES[:-1]), r.randint(2, 900), r.randint(20, 3000))
             for _ in range(400)]
    bad, over = [], 0
    for (mode, ppm, count, amount), got in zip(asked, ask(["total %d %d %d %d" % a
                                                           for a in asked])):
        rate = ppm * PPM
        net, tax, _ = split(mode, amount, rate)
        figures = [int(g) for g in got.split()]
        off = away(count * (net * rate - tax))
        if figures[:2] != [count * tax, off]:
            bad.append("%s: %s, not %d %d" % ((mode, ppm, count, amount), got, count * tax, off))
        over += off > 12700
        # Reached where the rows have room for it, and then within a fen of the rates.
        if figures[3] == figures[2] and figures[4] > 100:
            bad.append("%s: mended to %d" % ((mode, ppm, count, amount), figures[4]))
        if figures[4] > figures[1]:
            bad.append("%s: made worse" % ((mode, ppm, count, amount),))
    t.ok(not bad, "totals are mended towards the rates", *bad[:3])
    t.ok(over > 10, "some were beyond 1.27 (%d)" % over)


with kp.Tap() as tap:
    dice = random.Random(20260120)
    check_spreads(tap, dice)
    check_lines(tap, dice)
    check_totals(tap, dice)
