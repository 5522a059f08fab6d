#!/usr/bin/env python3
"""The layout files as other programs see them: poppler, zbar, zip and XML readers."""
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RENDER = os.path.join(os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build"))),
                      "bench", "render")
OFD = "{http://www.ofdspec.org/2016}"
NUMBER = "26447000000000000001"
POINTS = 72 / 25.4

count = 0


def check(good, what):
    global count
    count += 1
    print("%sok %d - %s" % ("" if good else "not ", count, what))
    sys.stdout.flush()


def run(*command, env=None, text=True):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    if done.returncode:
        raise RuntimeError("%s: %s" % (command[0], done.stderr.decode("utf-8", "replace")))
    return done.stdout.decode("utf-8", "replace") if text else done.stdout


def lines(n, **more):
    return [dict({"name": "第%d种货物" % (i + 1), "tax_code": "1090509010000000000",
                  "spec": "M-%d" % i, "unit": "台", "quantity": str(i + 1), "price": "12.34",
                  "tax_rate": "0.13"}, **more)
            for i in range(n)]


def invoice(n, **more):
    form = {"order_no": "P-1", "kind": "special", "prices_include_tax": False,
            "buyer": {"name": "广州市远山贸易有限公司", "tax_no": "91440101MA5EXAMPL2",
                      "bank": "远山银行", "account": "6222000011112222"},
            "lines": lines(n), "remark": "随货同行", "payee": "张三", "reviewer": "李四",
            "drawer": "林小满", "show_buyer_bank": True}
    form.update(more)
    return form


class Files:
    """Renders into a private directory."""

    def __init__(self, folder):
        self.folder, self.n = folder, 0

    def render(self, form, kind, *options, env=None):
        self.n += 1
        source = os.path.join(self.folder, "%d.json" % self.n)
        target = os.path.join(self.folder, "%d.%s" % (self.n, kind))
        with open(source, "w", encoding="utf-8") as f:
            json.dump(form, f, ensure_ascii=False)
        run(RENDER, kind, source, "-o", target, *options, env=env)
        return target


def squeezed(path):
    """Text of a PDF without blanks, so that a wrapped or aligned field is found whole."""
    return re.sub(r"\s+", "", run("pdftotext", "-raw", path, "-"))


def fonts(files):
    rows = run("pdffonts", files.render(invoice(3), "pdf")).splitlines()[2:]
    # The last columns are: emb sub uni, object number and generation.
    flags = [row.split()[-5:-2] for row in rows]
    check(len(rows) >= 3 and all(f == ["yes"] * 3 for f in flags), "fonts embedded, subset, mapped")
    names = " ".join(rows)
    check(all(n in names for n in ("+UKai", "+UMing", "+LiberationMono")),
          "the three fonts of the face")


def fields(files):
    form = invoice(2)
    form["lines"][0]["name"] = "名称很长需要换行的一种商品"
    form["lines"].append({"name": "免税品", "tax_code": "1010101010000000000", "amount": "100.00",
                          "tax_rate": "0", "preference": "03"})
    text = squeezed(files.render(form, "pdf"))
    wanted = ["电子发票（增值税专用发票）", NUMBER, "2026年01月31日", form["buyer"]["name"],
              form["buyer"]["tax_no"], "深圳市示例软件有限公司", "91440300MA5EXAMPL1", "项目名称",
              "规格型号", "M-1", "12.34", "24.68", "13%", "3.21", "免税", "***", "¥137.02", "¥4.81",
              "价税合计（大写）", "壹佰肆拾壹圆捌角叁分", "¥141.83",
              "购方开户银行:远山银行;银行账号:6222000011112222;", "随货同行", "收款人:张三;复核人:李四;",
              "开票人：林小满", "购", "销"]
    missing = [w for w in wanted if w not in text]
    check(not missing, "every field is text of the PDF %s" % missing)


def heights(n):
    """Heights in mm of the pages of n one-row lines, from the layout's own table."""
    table = [(8, 140), (12, 157.5), (16, 175), (20, 192.5), (24, 210), (28, 227.5), (32, 245),
             (36, 262.5), (40, 280), (42, 288.75)]
    for limit, height in table:
        if n <= limit:
            return [height]
    full, rest = divmod(n, 47)
    pages = full + (0 if rest == 0 else 1)
    if rest == 0 or rest > 40:
        pages += 1
    return [288.75] * pages


def pages(files):
    for n in (1, 8, 9, 17, 40, 41, 42, 43, 47, 48, 87, 88, 94, 95):
        info = run("pdfinfo", "-f", "1", "-l", "99", files.render(invoice(n), "pdf"))
        sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
        expected = heights(n)
        good = len(sizes) == len(expected) and all(
            abs(float(w) - 210 * POINTS) < 0.1 and abs(float(h) - e * POINTS) < 0.1
            for (w, h), e in zip(sizes, expected))
        check(good, "%d lines: %d page(s) of %s mm %s" % (n, len(expected), expected[0],
                                                          "" if good else sizes))


def several_pages(files):
    text = run("pdftotext", "-raw", files.render(invoice(50), "pdf"), "-").split("\f")
    first, second = (re.sub(r"\s+", "", t) for t in text[:2])
    # Lines 1..47 and 48..50 of 12.34 * i.
    sub = ["¥%.2f" % (sum(Decimal("12.34") * i for i in r)) for r in (range(1, 48), range(48, 51))]
    total = "¥%.2f" % (sum(Decimal("12.34") * i for i in range(1, 51)))
    check(sub[0] in first and total in first, "page 1 has its subtotal and the total")
    check(sub[1] in second and total in second, "page 2 as well")
    check("价税合计" in second and "价税合计" not in first, "amount in words on the last page only")
    check("共2页第1页" in first and "共2页第2页" in second, "page notes")


def crc(text):
    value = 0
    for byte in text.encode("ascii"):
        for bit in range(8):
            top = (value >> 15 ^ byte >> (7 - bit)) & 1
            value = (value << 1 & 0xFFFF) ^ (0x8005 if top else 0)
    return "%04X" % value


def qr(files):
    dice = random.Random(20260131)
    wrong = []
    for i in range(20):
        number = "26" + "".join(dice.choice("0123456789") for _ in range(18))
        fen = dice.randrange(1, 10 ** dice.randrange(2, 13))
        kind = dice.choice(("special", "ordinary"))
        date = "2026-%02d-%02d 23:59:59" % (dice.randrange(1, 13), dice.randrange(1, 29))
        form = invoice(1, kind=kind, prices_include_tax=True)
        form["lines"] = [{"name": "货物", "tax_code": "1090509010000000000", "tax_rate": "0.13",
                          "amount": "%d.%02d" % divmod(fen, 100)}]
        path = files.render(form, "pdf", "--number", number, "--date", date)
        picture = path[:-4]
        # The head of the page alone, as a phone would see it.
        run("pdftoppm", "-r", "200", "-x", "0", "-y", "0", "-W", "300", "-H", "240", "-png",
            "-singlefile", path, picture)
        text = "01,%s,,%s,%d.%02d,%s,," % ("31" if kind == "special" else "32", number,
                                           *divmod(fen, 100), date[:10].replace("-", ""))
        seen = run("zbarimg", "-q", "--raw", "-Sdisable", "-Sqr.enable", picture + ".png").strip()
        if seen != text + crc(text):
            wrong.append((text, seen))
    check(not wrong, "20 QR codes decode to the letter %s" % wrong[:1])


def numbers(text):
    return [float(v) for v in text.split()]


def glyph_count(delta):
    """Distances of a DeltaX, runs "g count value" counted."""
    parts, n = delta.split(), 0
    while parts:
        if parts[0] == "g":
            n += int(parts[1])
            parts = parts[3:]
        else:
            n += 1
            parts = parts[1:]
    return n


def ofd_objects(package, name):
    """Every text of a page by its identifier; faults found on the way."""
    page = ET.fromstring(package.read(name))
    box = numbers(page.find("%sArea/%sPhysicalBox" % (OFD, OFD)).text)
    texts, faults = {}, []
    for item in page.iter():
        if item.tag not in (OFD + "TextObject", OFD + "PathObject"):
            continue
        x, y, w, h = numbers(item.get("Boundary"))
        if x < -0.01 or y < -0.01 or x + w > box[2] + 0.01 or y + h > box[3] + 0.01:
            faults.append("outside the page: %s" % item.attrib)
        code = item.find(OFD + "TextCode")
        if code is None:
            continue
        if glyph_count(code.get("DeltaX", "")) != len(code.text) - 1:
            faults.append("distances of %s" % code.text)
        texts[item.get("ID")] = code.text
    return box, texts, faults


def ofd(files):
    form = invoice(50)
    with open(files.render(form, "ofd", "--watermark", "演练"), "rb") as f:
        package = zipfile.ZipFile(io.BytesIO(f.read()))
    check(package.testzip() is None, "the package is a sound zip archive")
    check({i.date_time for i in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}, "fixed times")
    trees = {n: ET.fromstring(package.read(n)) for n in package.namelist()}
    root = trees["OFD.xml"].find("%sDocBody/%sDocRoot" % (OFD, OFD)).text
    document = trees[root]
    listed = [(p.get("ID"), "Doc_0/" + p.get("BaseLoc")) for p in document.iter(OFD + "Page")]
    check(len(listed) == 2 and all(n in trees for _, n in listed), "the pages named exist")
    ids = [e.get("ID") for t in trees.values() for e in t.iter() if e.get("ID")]
    page_ids = {i for i, _ in listed}
    objects = [i for i in ids if i not in page_ids]
    check(len(objects) == len(set(objects)), "identifiers are unique")
    top = int(document.find(".//%sMaxUnitID" % OFD).text)
    check(max(map(int, ids)) == top, "MaxUnitID is the greatest of them")
    known = {f.get("ID") for f in trees["Doc_0/PublicRes.xml"].iter(OFD + "Font")}
    used = {t.get("Font") for t in trees.values() for t in t.iter(OFD + "TextObject")}
    check(used == known, "fonts used are the fonts named")
    texts, faults, boxes = {}, [], []
    for page_id, name in listed:
        box, shown, bad = ofd_objects(package, name)
        texts[page_id] = shown
        boxes.append(box)
        faults += bad
    check(not faults, "objects inside their page, one distance per glyph %s" % faults[:2])
    check(all(b == [0, 0, 210, 288.75] for b in boxes), "page boxes")

    def tagged(path):
        tag = trees["Doc_0/Tags/CustomTag.xml"].find("/".join(OFD + p for p in path.split("/")))
        return [texts[r.get("PageRef")][r.text] for r in tag]

    seen = {p: "".join(tagged(p)) for p in (
        "InvoiceNo", "IssueDate", "Buyer/BuyerName", "Buyer/BuyerTaxID", "Seller/SellerName",
        "Seller/SellerTaxID", "TaxInclusiveTotalAmount", "InvoiceClerk")}
    check(seen == {"InvoiceNo": NUMBER, "IssueDate": "2026年01月31日",
                   "Buyer/BuyerName": form["buyer"]["name"],
                   "Buyer/BuyerTaxID": form["buyer"]["tax_no"],
                   "Seller/SellerName": "深圳市示例软件有限公司",
                   "Seller/SellerTaxID": "91440300MA5EXAMPL1",
                   "TaxInclusiveTotalAmount": "¥17778.86", "InvoiceClerk": "林小满"},
          "tags lead to the values %s" % seen)
    check(tagged("Amount") == ["%.2f" % (Decimal("12.34") * i) for i in range(1, 51)],
          "50 amounts in order")


ORDER = ["Header", "EInvoiceData", "SellerAuthentication", "TaxSupervisionInfo", "ptbh"]
ITEM = ["ItemName", "SpecMod", "MeaUnits", "Quantity", "UnPrice", "Amount", "TaxRate", "ComTaxAm",
        "TotaltaxIncludedAmount", "TaxClassificationCode"]


def xml(files):
    form = invoice(2)
    form["buyer"]["name"] = "甲&乙<有限>公司\"'"
    form["lines"][0]["discount"] = {"rate": "0.10"}
    root = ET.parse(files.render(form, "xml")).getroot()
    check(root.tag == "EInvoice" and [c.tag for c in root] == ORDER,
          "root and its children in order")
    data = root.find("EInvoiceData")
    check([c.tag for c in data] == ["SellerInformation", "BuyerInformation", "BasicInformation"]
          + ["IssuItemInformation"] * 3 + ["SpecificInformation", "AdditionalInformation"],
          "children of EInvoiceData")
    items = data.findall("IssuItemInformation")
    check(all([c.tag for c in i] == ITEM for i in items), "elements of a line")
    check(data.findtext("BuyerInformation/BuyerName") == form["buyer"]["name"],
          "escaped text comes back")
    net, tax, gross = (Decimal(data.findtext("BasicInformation/" + t)) for t in
                       ("TotalAmWithoutTax", "TotalTaxAm", "TotalTax-includedAmount"))
    check(sum(Decimal(i.findtext("Amount")) for i in items) == net and net + tax == gross
          and sum(Decimal(i.findtext("ComTaxAm")) for i in items) == tax, "lines and totals add up")
    check(items[1].findtext("Amount") == "-1.23" and items[1].findtext("Quantity") == "",
          "the discount is a line of its own")
    check(root.findtext("Header/EIid") == NUMBER and root.findtext("Header/Version") == "0.36"
          and root.findtext("TaxSupervisionInfo/TaxBureauName") == "国家税务总局深圳市税务局",
          "number, version, bureau")


def equal_bytes(files):
    other = dict(os.environ, TZ="America/New_York", LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8")
    for kind in ("pdf", "ofd", "xml", "txt"):
        once = files.render(invoice(45), kind)
        again = files.render(invoice(45), kind, "-n", "3", env=other)
        with open(once, "rb") as a, open(again, "rb") as b:
            check(a.read() == b.read(),
                  "%s: equal bytes in another process, zone and locale" % kind)


def seal_and_watermark(files):
    seal = {}
    for options in ((), ("--production",), ("--accepted",), ("--production", "--accepted")):
        seal[options] = "国家税务总局" in squeezed(files.render(invoice(1), "pdf", *options))
    check([v for v in seal.values()] == [False, False, False, True],
          "seal in production after acceptance only")
    text = squeezed(files.render(invoice(50), "pdf", "--watermark", "演练"))
    check(len(re.findall("演", text)) == 2 and len(re.findall("练", text)) == 2,
          "watermark on both pages")


def terminal(files):
    with open(files.render(invoice(3), "txt"), encoding="utf-8") as f:
        text = f.read()
    check(all(w in text for w in (NUMBER, "捌拾叁圆陆角陆分", "83.66", "林小满")), "terminal text")


def rare_characters(files):
    """Characters the fonts lack are drawn by another font or as a square, and stay text."""
    name = "\U0002CB4E鑫\U0001F600ОАО∑㎡Ⅱ×°é"
    form = invoice(1, remark="\U00020000 \u0e44\u0e17\u0e22")
    form["buyer"]["name"] = name
    path = files.render(form, "pdf")
    check(name in squeezed(path), "rare characters of a name can be copied out of the PDF")
    rows = run("pdffonts", path).splitlines()[2:]
    check(all(r.split()[-5] == "yes" for r in rows), "fonts that helped out are embedded as well")


def missing_fonts(files):
    config = os.path.join(files.folder, "fonts.conf")
    with open(config, "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0"?><fontconfig></fontconfig>')
    try:
        files.render(invoice(1), "pdf", env=dict(os.environ, FONTCONFIG_FILE=config))
        check(False, "a machine without the fonts is told so")
    except RuntimeError as why:
        check("fonts-arphic-ukai" in str(why), "a machine without the fonts is told the package")


def samples(files):
    """The shipped samples, each in each format."""
    folder = os.path.join(ROOT, "templates", "samples")
    failed = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            form = json.load(f)
        for one in form if isinstance(form, list) else [form]:
            for kind in ("pdf", "ofd", "xml", "txt"):
                try:
                    files.render(one, kind)
                except RuntimeError as why:
                    failed.append("%s %s %s" % (name, kind, why))
    check(not failed, "every sample in every format %s" % failed[:1])


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        for step in (fonts, fields, pages, several_pages, qr, ofd, xml, equal_bytes,
                     seal_and_watermark, terminal, rare_characters, missing_fonts, samples):
            try:
                step(files)
            except Exception as why:  # a step that cannot run is a failure, the others go on
                check(False, "%s: %r" % (step.__name__, why))
    print("1..%d" % count)


if __name__ == "__main__":
    main()
