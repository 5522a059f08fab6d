#!/usr/bin/env python3
"""Workbooks that are none, are broken or mean harm: refused by whatever reads workbooks, quickly,
within little memory, with a sentence and a mend, and with nothing stored or left behind."""
import json
import os
import struct
import subprocess
import zipfile

import books
import orders
from kp import Home, Tap

LIMIT_KB, LIMIT_S = 256 * 1024, 2
ASAN = "asan" in os.environ.get("BUILD", "")
VERBS = (("batch", "add"), ("blue", "lines"), ("blue", "draft"), ("buyers", "import"),
         ("goods", "import"))
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LINES = ["项目名称", "商品和服务税收分类编码", "商品数量", "商品单价", "金额", "税率"]
SHEET = '<?xml version="1.0"?><worksheet xmlns="%s"><sheetData>' % books.NS
END = "</sheetData></worksheet>"


def good(path):
    """Of it each of the verbs could take something."""
    return orders.book(path, [orders.head("R1")], [orders.line("R1")])


def rewritten(source, path, pick, write):
    """The same package with the part `pick` written by write(file)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                if name == pick:
                    write(part, old.read(name))
                else:
                    part.write(old.read(name))
    return path


def blanks(part, _):
    """A gigabyte of blanks in front of the rows, in a megabyte."""
    part.write(SHEET.encode())
    for _ in range(1024):
        part.write(b" " * (1 << 20))
    part.write(END.encode())


def one_cell(part, _):
    """One cell of a gigabyte."""
    part.write((SHEET + '<row r="1"><c r="A1" t="inlineStr"><is><t>').encode())
    for _ in range(1024):
        part.write(b"A" * (1 << 20))
    part.write(("</t></is></c></row>" + END).encode())


def entities(part, _):
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % "".join(
        '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(9))
    part.write((text + SHEET[21:] + '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c>'
                '</row>' + END).encode())


def lie(data, size):
    """Every entry says that it has so many bytes when it is unpacked."""
    out, at = bytearray(data), 0
    while (at := out.find(b"PK\1\2", at)) >= 0:
        out[at + 24:at + 28] = struct.pack("<I", size)
        at += 4
    return bytes(out)


def locked(data):
    """A zip file with a password: bit 0 of the flags of every entry."""
    out = bytearray(data)
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = 0
        while (at := out.find(sign, at)) >= 0:
            out[at + place] |= 1
            at += 4
    return bytes(out)


def files(home):
    path = good(os.path.join(home.top, "good.xlsx"))
    data = open(path, "rb").read()
    sheet = "xl/worksheets/sheet1.xml"
    made = lambda name: os.path.join(home.top, name)
    yield "an encrypted workbook", home.file(
        CFB + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4000, "locked.xlsx")
    yield "a zip file with a password", home.file(locked(data), "password.xlsx")
    yield "an old workbook renamed", home.file(
        CFB + b"\0" * 1000 + "Workbook".encode("utf-16-le") + b"\0" * 4000, "old.xlsx")
    yield "an older one without a container", home.file(
        b"\x09\x08\x08\x00\x00\x05\x05\x00" + b"\0" * 4000, "older.xlsx")
    yield "half a workbook", home.file(data[:len(data) // 2], "half.xlsx")
    yield "a workbook without its last bytes", home.file(data[:-30], "cut.xlsx")
    yield "a workbook without its beginning", home.file(data[400:], "headless.xlsx")
    yield "a gigabyte of blanks", rewritten(path, made("blanks.xlsx"), sheet, blanks)
    yield "a cell of a gigabyte", rewritten(path, made("cell.xlsx"), sheet, one_cell)
    yield "entities", rewritten(path, made("entities.xlsx"), sheet, entities)
    yield "a claim of 4 GB", home.file(lie(data, 0xfffffff0), "claim.xlsx")
    yield "a claim of less than there is", home.file(lie(data, 10), "less.xlsx")
    yield "a picture", home.file(b"\x89PNG\r\n\x1a\n" + os.urandom(3000), "picture.xlsx")
    yield "an empty file", home.file("", "empty.xlsx")


def stored(home):
    """What there is of all that the verbs could store, and the files beside."""
    count = lambda *verb: home.run(*verb, check=0)[1]["total"]
    own = ("kaipiao.db", "kaipiao.log", "import.lock")
    kept = [name for name in os.listdir(home.path) if not name.startswith(own)]
    return (count("batch", "list"), len(home.run("drafts", "list", check=0)[1]["rows"]),
            count("buyers", "list"), count("goods", "list"), sorted(kept))


def refuse(t, home, verb, what, path):
    p = subprocess.Popen(home.command([*verb, path]), env=home.environ(),
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = p.stdout.read(), p.stderr.read().decode()
    _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    p.stdout.close()
    p.stderr.close()
    error = json.loads(out).get("error", {}) if out else {}
    seconds = used.ru_utime + used.ru_stime
    t.ok(p.returncode == 3 and error.get("message") and error.get("hint"),
         "%s %s: %s is refused, with a mend" % (*verb, what), p.returncode, err)
    t.ok(ASAN or (seconds < LIMIT_S and used.ru_maxrss <= LIMIT_KB),
         "%s %s: %s within %d s and 256 MB" % (*verb, what, LIMIT_S), seconds, used.ru_maxrss)


with Tap() as tap, Home(now="=2026-01-20T10:00:00+08:00") as place:
    books.office(place)
    before = stored(place)
    for name, book in files(place):
        around = sorted(os.listdir(place.top))
        for words in VERBS:
            refuse(tap, place, words, name, book)
        tap.same(sorted(os.listdir(place.top)), around, "%s: nothing lies beside it" % name)
    tap.same(stored(place), before, "nothing was stored")
    taken = place.run("batch", "add", good(os.path.join(place.top, "g.xlsx")), check=0)[1]
    tap.same(taken["ready"], 1, "what is right is taken")
