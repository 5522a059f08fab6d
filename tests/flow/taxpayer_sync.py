#!/usr/bin/env python3
"""企业基本信息: four panes as the platform has them (G1), offline (G2), what a refresh changed (G3), and
what forbids issuing (N13)."""
from kp import Home, Sandbox, Tap, invoice


def panes(t, sb, home):
    doc = home.run("taxpayer", "show", check=0)[1]
    u, quota = sb.using, home.run("quota", "show", check=0)[1]
    t.same([doc[k] for k in ("tax_no", "name", "address", "phone", "bank", "account", "type",
                             "state", "pilot", "industry")],
           [u[k] for k in ("tax_no", "name", "address", "phone", "bank", "account", "nsrlx",
                           "nsrztdm", "xdpsdqybz", "hydm")], "G1 基本信息")
    t.same(doc["industry_text"], "软件和信息技术服务业（6513）", "G1 行业 with its name")
    t.same([doc["credit_grade"], doc["risk_class"], doc["risk_class_text"], doc["alert_level"],
            doc["alert_level_text"], doc["risk_flag"]],
           [u["nsrxydj"], None, "非风险", None, "无预警", "N"], "G1 风险信息, with names")
    keys = ("month", "total", "available", "downloaded", "unused", "reserved", "start", "end")
    t.same([doc["quota"][k] for k in keys], [quota[k] for k in keys],
           "G1, G30 授信额度信息: the figures of quota show")
    t.ok(doc["quota"]["total"] == "10000000.00" and doc["quota"]["synced_at"], "with its time", doc)
    on = {r["rate"] for r in doc["rates"] if r["enabled"] and not r["levy"]}
    t.ok({"0.13", "0.06"} <= on, "G1 可用税率", doc["rates"])


def changed(t, sb, home):
    """G3: a line for each thing the platform has changed."""
    t.same(home.run("taxpayer", "sync", check=0)[1]["changes"], [], "G3 nothing changed")
    u = sb.using
    sb.post("/units", {"tax_no": u["tax_no"], "name": "深圳改名练习科技有限公司", "nsrxydj": "B",
                       "nsryjjb": "02"})
    sb.post("/quota", {"tax_no": u["tax_no"], "total": "12000000.00"})
    sb.post("/rates", {"rate": "0.06", "state": "1"})
    changes = {c["key"]: (c["before"], c["after"])
               for c in home.run("taxpayer", "sync", check=0)[1]["changes"]}
    t.same(changes.get("name"), (u["name"], "深圳改名练习科技有限公司"), "G3 the name")
    t.same(changes.get("credit_grade"), ("A", "B"), "G3 the grade")
    t.same(changes.get("alert_level_text"), ("无预警", "黄色"), "G3 the alert in words")
    t.same(changes.get("quota.total"), ("10000000.00", "12000000.00"), "G3 the quota")
    rate = changes.get("rates.0.06", ("", ""))
    t.ok(rate[0] == "启用，自 2012-01-01" and rate[1].startswith("停用，"), "G3 a rate", changes)
    sb.post("/units", {"tax_no": u["tax_no"], "name": u["name"], "nsrxydj": "A", "nsryjjb": ""})
    code, text, _ = home.run("taxpayer", "sync", json_out=False)
    t.ok(code == 0 and "变更：名称 深圳改名练习科技有限公司 → " + u["name"] in text
         and "变更：纳税信用级别 B → A" in text, "G3 in lines for people", text)


def kept(t, sb, home):
    """G3: what each refresh found stays, newest first; the first answer is none."""
    doc = home.run("taxpayer", "changes", check=0)[1]
    rows = [(r["key"], r["before"], r["after"]) for r in doc["rows"]]
    name, old = sb.using["name"], "深圳改名练习科技有限公司"
    t.same(rows[:3], [("alert_level", "02", ""), ("credit_grade", "B", "A"), ("name", old, name)],
           "G3 the newest")
    t.same(sorted(rows[3:])[:3], [("alert_level", "", "02"), ("credit_grade", "A", "B"),
                                  ("name", name, old)], "G3 those of the refresh before")
    t.ok(len(rows) == 7 and doc["total"] == 7 and rows[3][0] == "rates.0.06"
         and rows[3][2].startswith("停用"), "G3 a rate, and nothing that was told first", rows)
    t.same([(r["label"], r["before_text"], r["after_text"]) for r in doc["rows"]][0],
           ("预警级别", "黄色", "无预警"), "G3 in words")
    doc = home.run("taxpayer", "changes", "--key", "rates.", check=0)[1]
    t.same([r["label"] for r in doc["rows"]], ["税率 0.06"], "of the rates alone")
    doc = home.run("taxpayer", "changes", "--limit", "2", check=0)[1]
    more = home.run("taxpayer", "changes", "--limit", "9", "--cursor", doc["next"], check=0)[1]
    t.same((len(doc["rows"]), len(more["rows"]), more["next"]), (2, 5, None), "in pages")
    code, doc, err = home.run("taxpayer", "changes", "--key", "colour")
    t.ok(code == 3 and "没有“colour”这一项" in err, "no such thing", err)
    home.run("taxpayer", "sync", check=0)
    t.same(home.run("taxpayer", "changes", check=0)[1]["total"], 7, "G3 nothing new, no row")


def forbidden(t, sb, home):
    """N13: each of the four stops issuing, red invoices too; what is cached is shown offline."""
    home.run("blue", "issue", home.file(invoice("R-1")), check=0)
    number = home.run("invoices", "list", check=0)[1]["rows"][0]["number"]
    u = sb.using
    for key, value, good in (("fxnsrlx", "01", ""), ("nsryjjb", "01", ""), ("fxnsrbz", "Y", "N"),
                             ("nsrztdm", "04", "03")):
        sb.post("/units", {"tax_no": u["tax_no"], key: value})
        home.run("taxpayer", "sync", check=0)
        code, doc, err = home.run("blue", "issue", home.file(invoice("X-" + key)))
        t.ok(code == 3 and "seller." in str(doc), "N13 %s=%s: not issued" % (key, value), doc, err)
        code, doc, err = home.run("red", "apply", number, "--role", "seller", "--reason", "01")
        t.ok(code == 3 and "seller." in str(doc), "N13 %s=%s: no red letter" % (key, value), doc,
             err)
        sb.post("/units", {"tax_no": u["tax_no"], key: good})
    # N13: 报验 (09) issues like 正常 (03), and so do grades of alert that are no red one.
    for key, value, good in (("nsrztdm", "09", "03"), ("nsryjjb", "02", ""), ("fxnsrlx", "", "")):
        sb.post("/units", {"tax_no": u["tax_no"], key: value})
        home.run("taxpayer", "sync", check=0)
        code, _, err = home.run("blue", "check", home.file(invoice("Y-%s" % key)))
        t.same(code, 0, "N13 %s=%s may issue" % (key, value), err)
        sb.post("/units", {"tax_no": u["tax_no"], key: good})
    home.run("taxpayer", "sync", check=0)
    letter = home.run("red", "apply", number, "--role", "seller", "--reason", "01", check=0)[1]
    sb.post("/units", {"tax_no": u["tax_no"], "fxnsrbz": "Y"})
    home.run("taxpayer", "sync", check=0)
    code, doc, err = home.run("red", "issue", letter["uuid"])
    t.ok(code == 3 and "seller.risk.flag" in str(doc), "N13 nor the red invoice of a letter", doc,
         err)
    t.same(len(sb.invoices()), 1, "N13 nothing was uploaded")


def main():
    with Tap() as t, Home() as home:
        with Sandbox() as sb:
            home.setup(sb)
            panes(t, sb, home)
            changed(t, sb, home)
            kept(t, sb, home)
            forbidden(t, sb, home)
        code, doc, _ = home.run("taxpayer", "show")
        t.ok(code == 0 and doc["basic_at"] and doc["quota"]["total"] == "12000000.00",
             "G2 offline it shows what was fetched, with its time", doc)


if __name__ == "__main__":
    main()
