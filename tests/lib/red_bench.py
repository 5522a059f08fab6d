"""Red letters at the practice platform by hand-made requests: blue invoices, forms, red invoices.

Amounts are in fen; the requests are built here from the blue invoice, apart from both programs.
"""
from fractions import Fraction

import leqi_py as L
from leqi_bench import SOFT

BUYER = ("91110000TEST00002X", "测试购买方有限公司")


def net_lines(blue):
    """(row, line, amount, tax) of every line, discounts netted into the line above."""
    out = []
    for row in blue["fpmxList"]:
        if row["fphxz"] == "01":
            out[-1][2] += L.cents(row["je"])
            out[-1][3] += L.cents(row["se"])
        else:
            out.append([int(row["mxxh"]), row, L.cents(row["je"]), L.cents(row["se"])])
    return out


def price_text(amount, quantity):
    """Amount over quantity to 13 decimals, half up."""
    value = Fraction(amount, 100) / Fraction(quantity)
    scaled = (value * 10 ** 13 * 2 + 1) // 2
    return ("%d.%013d" % divmod(scaled, 10 ** 13)).rstrip("0").rstrip(".")


def red_row(index, row, line, amount, tax, quantity=None, price=None, bare=False):
    """One line of a form; amount and tax are what is reversed (positive)."""
    if quantity is None and line["sl"]:
        quantity = line["sl"]
        price = price_text(amount, quantity) if amount != L.cents(line["je"]) else line["dj"]
    if bare or not line["sl"]:
        quantity = price = ""
    return {"lzmxxh": str(row), "xh": str(index), "sphfwssflhbbm": line["sphfwssflhbbm"],
            "hwhyslwfwmc": line["hwhyslwfwmc"], "spfwjc": line["spfwjc"], "xmmc": line["xmmc"],
            "ggxh": line["ggxh"], "dw": line["dw"], "fpspdj": price,
            "fpspsl": "-" + quantity if quantity else "", "je": L.money(-amount),
            "sl1": line["slv"], "se": L.money(-tax)}


def application(blue, reason="01", rows=None, role="0", **more):
    """The whole invoice, or the given rows."""
    if rows is None:
        rows = [red_row(i + 1, row, line, amount, tax, bare=reason == "04")
                for i, (row, line, amount, tax) in enumerate(net_lines(blue))]
    out = {"lrfsf": role, "xsfnsrsbh": blue["xsfnsrsbh"], "xsfmc": blue["xsfmc"],
           "gmfnsrsbh": blue["gmfnsrsbh"], "gmfmc": blue["gmfmc"], "lzfpdm": "",
           "lzfphm": blue["fphm"], "sfzzfpbz": "N", "lzkprq": blue["kprq"],
           "lzhjje": blue["hjje"], "lzhjse": blue["hjse"], "lzfppzDm": blue["fppz"],
           "lzfpTdyslxDm": "", "chyyDm": reason, "hzqrdmxList": rows}
    out["hzcxje"] = L.money(sum(L.cents(r["je"]) for r in rows))
    out["hzcxse"] = L.money(sum(L.cents(r["se"]) for r in rows))
    out.update(more)
    return out


def red_invoice(client, number, blue, request, form, when, **more):
    """The red invoice of an application that was accepted."""
    lines = []
    for r in request["hzqrdmxList"]:
        amount, tax = L.cents(r["je"]), L.cents(r["se"])
        source = blue["fpmxList"][int(r["lzmxxh"]) - 1]
        deduction = source["kce"]
        lines.append({"mxxh": r["xh"], "dylzfpmxxh": r["lzmxxh"], "hwhyslwfwmc": r["hwhyslwfwmc"],
                      "spfwjc": r["spfwjc"], "xmmc": r["xmmc"], "ggxh": r["ggxh"], "dw": r["dw"],
                      "sl": r["fpspsl"], "dj": r["fpspdj"], "je": r["je"], "slv": r["sl1"],
                      "se": r["se"], "hsje": L.money(amount + tax),
                      "kce": L.money(-L.cents(deduction)) if deduction else "",
                      "sphfwssflhbbm": r["sphfwssflhbbm"], "fphxz": "00",
                      "yhzcbs": source["yhzcbs"], "mtzl": ""})
    keep = {k: blue[k] for k in ("fppz", "gmfzrrbz", "gmfnsrsbh", "gmfmc", "cezslxDm", "zrrzjlxDm",
                                 "zrrzjhm", "zrrgjDm", "sgfplxDm", "xsfnsrsbh", "xsfmc")}
    out = L.invoice(client, number, lines, when, lzfpbz="1", hzqrxxdbh=form["hzfpxxqrdbh"],
                    dylzfphm=request["lzfpdm"] + request["lzfphm"], hzqrduuid=form["uuid"], **keep)
    out.update(more)
    return out


def two_lines():
    return [L.line(1, amount=100000, quantity="10", price="100.00", ggxh="K1", dw="台"),
            L.line(2, amount=60000, quantity="6", price="100.00", name="鼠标")]


def service(index=1, amount=100000, **more):
    return L.line(index, amount=amount, rate="0.06", quantity="1", **{**SOFT, **more})


def rows_of(blue, **by_row):
    """Rows of a form: row1=(amount, tax, quantity, price)."""
    out = []
    for row, line, amount, tax in net_lines(blue):
        wish = by_row.get("row%d" % row)
        if wish:
            out.append(red_row(len(out) + 1, row, line, *wish))
    return out


class Red:
    """A unit that issues, applies and reverses on a platform of its own."""

    def __init__(self, tap, sandbox, unit, numbers=500, when=None):
        self.tap, self.sandbox, self.unit = tap, sandbox, unit
        self.client = sandbox.client(unit)
        sandbox.post("/quota", {"tax_no": unit["tax_no"], "deadline": 31})
        self.numbers = iter(self.client.claim(numbers))
        self.client.quota("5000000.00")
        self.when = when

    def number(self):
        return next(self.numbers)

    def now(self):
        return self.sandbox.get("/state")["now"]

    def blue(self, lines=None, **more):
        """An accepted blue invoice."""
        when = more.pop("when", None) or self.when or self.now()
        made = L.invoice(self.client, self.number(), lines, when, **more)
        answer = self.client.upload([made])
        if "sllsh" not in answer:
            raise RuntimeError(answer)
        row = self.client.results(answer["sllsh"])[made["fphm"]]
        if row["status"] != "00":
            raise RuntimeError(row)
        return made

    def apply(self, request, client=None):
        return (client or self.client).call("QDHZQRDSQ", request)

    def form(self, blue, reason="01", client=None, **more):
        """An accepted form of the blue invoice and its request."""
        request = application(blue, reason, **more)
        answer = self.apply(request, client)
        if answer["returncode"] != "00":
            raise RuntimeError(answer)
        return request, answer

    def act(self, form, deed, seller=None, client=None):
        client = client or self.client
        return client.call("QDHZQRDQR", {"xsfnsrsbh": seller or self.unit["tax_no"],
                                         "uuid": form["uuid"], "hzqrdbh": form["hzfpxxqrdbh"],
                                         "qrlx": deed})

    def red(self, blue, request, form, **more):
        return red_invoice(self.client, self.number(), blue, request, form,
                           more.pop("when", None) or self.when or self.now(), **more)

    def state(self, form):
        return self.sandbox.get("/red?number=" + form["hzfpxxqrdbh"])["rows"][0]

    def list(self, client=None, **more):
        """Rows and total of the list; the caller's own role decides the required keys."""
        unit = (client or self.client).unit
        request = {"yhjslx": "0", "xsfnsrsbh": unit["tax_no"], "xsfmc": unit["name"]}
        if more.get("yhjslx") == "1":
            request = {"gmfnsrsbh": unit["tax_no"], "gmfmc": unit["name"]}
        request.update(more)
        answer = (client or self.client).call("CXQDHZQRDLB", request)
        return answer.get("hzqrxxList", answer)

    def refuses(self, name, wanted, request, client=None):
        """wanted: a code of the text, the returncode 21, or words of the text."""
        answer = self.apply(request, client)
        code, text = answer["returncode"], answer["returnmsg"]
        hit = code == "21" if wanted == "21" else code == "01" and wanted in text
        self.tap.ok(hit and "uuid" not in answer, "refused: " + name,
                    "%s %s, wanted %s" % (code, text, wanted))

    def unsent(self):
        """A good blue invoice that nobody has seen."""
        return L.invoice(self.client, self.number(), None, self.when or self.now())

    def usage(self, blue):
        return self.client.call("FPZTXXCX", {
            "fphm": blue["fphm"], "fplx": "81" if blue["fppz"] == "01" else "82",
            "kprq": blue["kprq"][:10].replace("-", ""), "fpdm": ""})

    def fresh(self, buyer, state, applicant):
        """Blue invoice, request and form in the wanted state between two units of the platform."""
        blue = self.blue(gmfnsrsbh=buyer.unit["tax_no"], gmfmc=buyer.unit["name"])
        if state != "01":
            self.sandbox.post("/red/mark", {"blue": blue["fphm"], "fpyt": "1"})
        client, role = (self.client, "0") if applicant == "seller" else (buyer, "1")
        request, form = self.form(blue, client=client, role=role)
        if state == "04":
            self.act(form, "Y", client=buyer if applicant == "seller" else self.client)
        elif state >= "05":
            self.sandbox.post("/red/state", {"uuid": form["uuid"], "state": state})
        return blue, request, form
