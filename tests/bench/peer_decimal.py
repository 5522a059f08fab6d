"""The arithmetic of invoice lines with Python's decimal: the rules and checks of src/tax/calc.h.

Lines come as (inclusive, quantity, price, rate, discount) texts, ten to an invoice.
"""
import re
from decimal import ROUND_HALF_UP, Decimal

LINES = 10
FORM = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
FEN, PRICE, PPM = Decimal("0.01"), Decimal("1E-13"), Decimal("0.000001")
ONE, ZERO, LARGEST = Decimal(1), Decimal(0), Decimal("9999999999999999.99")
MASK = (1 << 64) - 1


def number(text):
    """At most 25 characters beside the sign; no exponent, no blanks, no leading zeros."""
    if not FORM.fullmatch(text) or len(text) - (text[0] == "-") > 25:
        raise ValueError("not a decimal: " + text)
    return Decimal(text)


def rate_of(text):
    """"0.13" or "13%": from 0 to 1, at most six decimals."""
    rate = number(text[:-1]) / 100 if text.endswith("%") else number(text)
    if not ZERO <= rate <= ONE or rate != rate.quantize(PPM):
        raise ValueError("not a rate: " + text)
    return rate


def split(amount, rate, inclusive):
    """net, tax, gross of an amount of the mode."""
    if inclusive:
        net = (amount / (ONE + rate)).quantize(FEN, ROUND_HALF_UP)
        return net, amount - net, amount
    tax = (amount * rate).quantize(FEN, ROUND_HALF_UP)
    return amount, tax, amount + tax


def net_price_of(quantity, price, rate, net):
    """The price without tax; where rounding parted it from the amount, the amount decides."""
    for value in (price / (ONE + rate), net / quantity):
        value = value.quantize(PRICE, ROUND_HALF_UP)
        if value > 0 and abs(quantity * value - net) <= FEN:
            return value
    raise ValueError("no net price of 13 decimals")


def line(inclusive, quantity, price, rate, discount):
    """net price; net, tax, gross of the line and of its discount."""
    quantity, price, rate = number(quantity), number(price), rate_of(rate)
    if quantity <= 0 or price <= 0:
        raise ValueError("not positive")
    amount = (quantity * price).quantize(FEN, ROUND_HALF_UP)
    if not ZERO < amount <= LARGEST:
        raise ValueError("amount")
    net, tax, gross = split(amount, rate, inclusive)
    if gross > LARGEST:
        raise ValueError("gross amount")
    net_price = net_price_of(quantity, price, rate, net) if inclusive and rate else price
    if discount == "-":
        return net_price, net, tax, gross, ZERO, ZERO, ZERO
    part = number(discount)
    off = (amount * part).quantize(FEN, ROUND_HALF_UP)
    if not ZERO < part < ONE or not ZERO < off < amount:
        raise ValueError("discount")
    return net_price, net, tax, gross, *split(-off, rate, inclusive)


def totals(rows):
    net = tax = gross = ZERO
    for row in rows:
        net += row[1] + row[4]
        tax += row[2] + row[5]
        gross += row[3] + row[6]
    if gross > LARGEST:
        raise ValueError("total")
    return net, tax, gross


def invoices(texts):
    """Computes every invoice: [(lines, totals)]."""
    done = []
    for first in range(0, len(texts), LINES):
        rows = [line(*text) for text in texts[first:first + LINES]]
        done.append((rows, totals(rows)))
    return done


def checksum(done):
    """The fold of lines.c over the same figures in the same order."""
    total = 0
    for rows, sums in done:
        figures = [(value, 2 if i else 13) for row in rows for i, value in enumerate(row)]
        for value, scale in figures + [(value, 2) for value in sums]:
            total = (total ^ (int(value.scaleb(scale)) & MASK)) * 1099511628211 & MASK
    return "%016x" % total


def read(text):
    """The lines `lines dump` prints."""
    return [(mode == "1", *rest) for mode, *rest in (row.split() for row in text.splitlines())]
