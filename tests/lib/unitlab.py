"""What flow tests of units ask again and again: one sentence exactly, the whole store, the words
of a verb that adds a unit."""
import contextlib
import os
import sqlite3

NEW_NO = "91440101MAKP00031C"
NEW_ID = "c0ffee00c0ffee00c0ff"
NEW_NAME = "广州开票练习贸易有限公司"


def message(doc):
    return (doc or {}).get("error", {}).get("message", "")


def said(doc, sentence):
    """The sentence as it is: before it whom it is about, behind it at most what to do."""
    e = (doc or {}).get("error", {"message": ""})
    what = e["message"].split(sentence)[0]
    wanted = what + sentence
    return e["message"] in (wanted, "%s（%s）" % (wanted, e.get("hint"))) and (
        not what or what.endswith("："))


def base(home):
    return os.path.join(home.path, "kaipiao.db")


def everything(home):
    """Every row of every table but who worked when."""
    with contextlib.closing(sqlite3.connect(base(home))) as db:
        return "\n".join(r for r in db.iterdump() if '"session' not in r and "app_user" not in r)


def new(sb, **changes):
    args = {"--role": "using", "--name": NEW_NAME, "--taxno": NEW_NO, "--leqi-id": NEW_ID,
            "--direct": sb.direct["tax_no"]}
    args.update({"--" + k.replace("_", "-"): v for k, v in changes.items()})
    return ["unit", "add"] + [x for pair in args.items() for x in pair if pair[1] is not None]


def direct(sb, home, **changes):
    d = sb.direct
    args = {"role": "direct", "name": d["name"], "taxno": d["tax_no"], "leqi_id": d["leqi_id"],
            "key_file": home.file(d["keys"]["正式"]), "url": sb.url(), "env": "演练",
            "ca_file": sb.info["ca_file"], "connect_to": sb.address, "direct": None}
    args.update(changes)
    return new(sb, **args)


def known(sb):
    """The platform knows the new unit, too."""
    sb.post("/units", dict(sb.using, tax_no=NEW_NO, leqi_id=NEW_ID, name=NEW_NAME,
                           direct=sb.direct["tax_no"]))
