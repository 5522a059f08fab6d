"""A table of tax codes, invoice lines and a bench for the checks of an upload at the platform."""
import re

import leqi_py as L

NOW = "2026-03-10T09:00:00+08:00"
WHEN = "2026-03-10 08:59:00"
TABLE = """code\tname\tshort_name\tvat_rates\tlevy_rates\tsummary
1000000000000000000\t货物\t货物\t\t\tY
1020101000000000000\t原煤\t煤炭\t13%\t3%\tN
1010101010000000000\t稻谷\t谷物\t9%\t3%、1%\tN
1090511030000000000\t输出设备\t计算机外部设备\t13%\t3%、1%\tN
1100301010000000000\t自来水\t水冰雪\t9%\t3%\tN
3010301010100000000\t国内航空旅客运输\t运输服务\t9%\t3%\tN
3030000000000000000\t电信服务\t电信服务\t\t\tY
3030100000000000000\t基础电信服务\t电信服务\t9%\t\tY
3040201010000000000\t软件开发服务\t信息技术服务\t6%\t3%、1%\tN
6010000000000000000\t预付卡销售和充值\t预付卡销售\t0%\t\tN
6110000000000000000\t不征税自来水\t不征税自来水\t0%\t\tN
6130000000000000000\t代收民航发展基金\t代收民航发展基金\t0%\t\tN
6990000000000000000\t其他不征税\t其他不征税\t0%\t\tN
1990000000000000000\t练习货物\t练习货物\t\t\tN
"""
GRAIN = dict(code="1010101010000000000", short="谷物", name="稻谷")
SOFT = dict(code="3040201010000000000", short="信息技术服务", name="开发")
COAL = dict(code="1020101000000000000", short="煤炭", name="原煤", mtzl="0300")
CARD = dict(code="6010000000000000000", short="预付卡销售", name="充值", rate="0", yhzcbs="04")
FREE_WATER = dict(code="6110000000000000000", short="不征税自来水", name="水", rate="0",
                  yhzcbs="04")
FUND = dict(code="6130000000000000000", short="代收民航发展基金", name="基金", rate="0",
            yhzcbs="04")
FLIGHT = dict(code="3010301010100000000", short="运输服务", name="机票", rate="0.09")
OTHER_FREE = dict(code="6990000000000000000", short="其他不征税", name="其他", rate="0",
                  yhzcbs="04")
WATER = dict(code="1100301010000000000", short="水冰雪", name="自来水")
QUALITY = "每千克煤炭发热量：5500千卡、干基全硫：0.60%、干燥无灰基挥发分：30.00%"


def discount(rate="0.13"):
    return [L.line(1, amount=30000, kind="02", quantity="3", rate=rate),
            L.line(2, amount=-10000, kind="01", quantity="", rate=rate)]


class Bench:
    """One unit with numbers and quota; checks one invoice after the other."""

    def __init__(self, tap, sandbox, unit):
        self.tap = tap
        self.client = sandbox.client(unit)
        self.numbers = iter(self.client.claim(2000))
        self.client.quota("9000000.00")

    def good(self, lines=None, **more):
        more.setdefault("kprq", WHEN)
        return L.invoice(self.client, next(self.numbers), lines, **more)

    def accepts(self, name, invoice):
        try:
            row = self.client.issue(invoice)[0]
        except KeyError:
            answer = self.client.upload([invoice])
            return self.tap.ok(False, name, answer)
        return self.tap.equal((row["status"], row["message"]), ("00", "上传成功"), name)

    def refuses(self, name, wanted, invoice):
        """wanted: the BI code, or words of the text."""
        answer = self.client.upload([invoice])
        text = answer.get("returnmsg", "")
        hit = ("[%s]" % wanted if re.fullmatch(r"BI\d+", wanted) else wanted) in text
        self.tap.ok(answer["returncode"] == "01" and "sllsh" not in answer and hit,
                    "refused: " + name,
                    "%s %s, wanted %s" % (answer["returncode"], text, wanted))


def with_table(folder):
    """The path of the table, written into the folder."""
    path = folder + "/codes.tsv"
    with open(path, "w", encoding="utf-8") as f:
        f.write(TABLE)
    return path
