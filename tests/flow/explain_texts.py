#!/usr/bin/env python3
"""Known messages and codes of the tax side: meaning, what to do (features B6, B13, B16, I4, N5)."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from kp import Home, Sandbox, Tap, shared  # noqa: E402

# N5: codes of the platform and of the invoicing services; of 归集 and the selections.
PLATFORM = "500 5001 -1 4032 4033 4047 4049 4054 4055 4056 4057 4061 4063 4067 40321 40322".split()
RETURNS = "01 03 04 09 10 11 99".split()
SERVICES = (["BI%d" % n for n in range(1000, 1093)] + ["BI2000", "BD1004", "RI1000", "RI1001"] +
            ["RI%d" % n for n in range(1003, 1013)] + ["RI%d" % n for n in range(3000, 3007)] +
            ["RI4000", "1130", "1010010097000045"])
# Sentences as the tax side says them, and the pattern that has to come first.
TEXTS = {
    "请求云服务集成平台异常": "请求云服务集成平台异常",
    "服务接入异常，请联系管理员": "服务接入异常",
    "云服务集成平台响应异常": "云服务集成平台响应异常",
    "直连单位无资格": "直连单位无资格",
    "使用单位无资格": "使用单位无资格",
    "通过平台序号未查询到此直连单位信息": "通过平台序号未查询到此直连单位信息",
    "通过平台序号未查询到此使用单位信息": "通过平台序号未查询到此使用单位信息",
    "未查询到该单位的测试批次号": "未查询到该单位的测试批次号",
    "未查询到该能力与对应服务的相关信息": "未查询到该能力与对应服务的相关信息",
    "使用单位无授权服务": "使用单位无授权服务",
    "使用单位未授权此服务": "使用单位未授权此服务",
    "云服务APP未找到": "云服务APP未找到",
    "报文解密失败": "报文解密失败",
    "未查询到服务其他信息": "未查询到服务其他信息",
    "沙箱服务请求报文业务校验不通过": "沙箱服务请求报文业务校验不通过",
    "当前请求来源 IP 与企业备案出口 IP 不一致": "来源 IP 与企业备案出口 IP 不一致",
    "未知错误": "未知错误",
    "Forbidden": "Forbidden",
    "当前访问请求较多，请5分钟后重试，将访问并发控制在3以内": "当前访问请求较多",
    "参数校验异常": "参数校验异常",
    "拒绝处理": "拒绝处理",
    "查无数据": "查无数据",
    "系统处理异常": "系统处理异常",
    "数据处理中": "数据处理中",
    "申请处理中": "申请处理中",
    "当前企业无资格办理此业务": "当前企业无资格办理此业务",
    "总机构所辖分支机构税款所属期不相同": "税款所属期不相同",
    "发票上传处理中": "发票上传处理中",
    "重复上传": "重复上传",
    "未查询到发票上传结果，请稍后再试，或联系主管税务机关": "未查询到发票上传结果",
    "红字确认单对应蓝字发票不存在，请稍后再试，或联系主管税务机关": "对应蓝字发票不存在",
    "确认单中第2条明细中,商品服务简称与原蓝字发票不符,请检查": "商品服务简称与原蓝字发票不符",
    "货物或应税劳务、服务名称与原蓝字发票不符": "服务名称与原蓝字发票不符",
    "发票号码为[25447000000000000001]在数据库中已存在": "在数据库中已存在",
    "上传的发票号码不在该企业可用申请的赋码段内": "不在该企业可用申请的赋码段内",
    "当前开票方开票日期所属年月已完成对账，不再允许上传此年月发票，请修改后再试":
        "所属年月已完成对账",
    "当前比对结果，蓝字数量与局端不一致，局端数量3，上传确认数量2": "蓝字数量与局端不一致",
    "当前比对结果，红字数量与局端不一致，局端数量3，上传确认数量2": "红字数量与局端不一致",
    "参数错误，销方省级税务机关代码不能为空": "销方省级税务机关代码不能为空",
    "未查询到税收分类编码信息": "未查询到税收分类编码信息",
    "未查询到发票信息": "未查询到发票信息",
    "非乐企用票纳税人": "非乐企用票纳税人",
    "tax rate not enabled": "tax rate not enabled",
    "当前登录纳税人不在乐企白名单中，请联系主管税务机关进行乐企白名单维护。": "不在乐企白名单中",
    "当前登录纳税人不在乐企白名单中": "不在乐企白名单中",
    "使用单位未授权此能力": "使用单位未授权此能力",
    "小规模纳税人不支持抵扣类勾选数据下载，可根据企业在税局的信息修改":
        "小规模纳税人不支持抵扣类勾选数据下载",
    "税号:91440300591872133B,不在租户:5368720388 范围内": "不在租户",
    "开票人员看不到乐企": "开票人员看不到乐企",
    "授信额度不在有效期内": "授信额度不在有效期内",
    "Could not resolve host: lqpt.chinatax.gov.cn": "Could not resolve host",
    # What this machine says of the network (the same that doctor mends).
    "查询基本信息：域名解析失败": "域名解析失败",
    "代理服务器 10.0.0.8:3128 域名解析失败": "域名解析失败",
    "查询基本信息：连接不上对方端口": "连接不上对方端口",
    "连接不上代理服务器 10.0.0.8:3128": "连接不上代理服务器",
    "连接超时": "连接超时",
    "TLS 握手没有完成，对方可能不是 https，或低于 TLS 1.2": "TLS 握手没有完成",
    "证书校验失败：证书的签发机构不在信任之列，没有发送任何数据": "证书校验失败",
    "本单位的 CA 证书读不出来": "CA 证书读不出来",
    "代理服务器要求登录（10.0.0.8:3128，HTTP 407）": "代理服务器要求登录",
    "代理服务器不放行这个地址（10.0.0.8:3128，HTTP 403）": "代理服务器不放行这个地址",
    "代理服务器不支持 CONNECT（10.0.0.8:3128，HTTP 405）": "代理服务器不支持 CONNECT",
    "代理服务器连不上平台（10.0.0.8:3128，HTTP 502）": "代理服务器连不上平台",
    "代理服务器没有接通平台（10.0.0.8:3128）": "代理服务器没有接通平台",
    "请求没有发出，连接没有建立起来": "连接没有建立起来",
    "请求已发出，等待应答超时": "等待应答超时",
    "请求已发出，对方没有应答就断开了": "没有应答就断开",
    "请求已发出，连接中断": "连接中断",
    "应答没有收全": "应答没有收全",
}
# Ordinary words and figures are no known errors.
NOTHING = ("金额 500 元", "第500行", "从来没有见过的话", "2025-10-11", "03-04 10:11", "成功")


def words(t, home):
    def first(text):
        code, doc, _ = home.run("explain", text)
        return (doc["rows"] or [{"pattern": None}])[0] if code == 0 else {"pattern": code}

    missing = [c for c in PLATFORM + RETURNS + SERVICES if first(c)["pattern"] != c]
    t.same(missing, [], "N5: every code has its row")
    wrong = {s: first(s)["pattern"] for s, p in TEXTS.items() if first(s)["pattern"] != p}
    t.same(wrong, {}, "N5: every sentence finds its own row first")
    t.same([s for s in NOTHING if first(s)["pattern"]], [], "ordinary words are no errors")
    row = first("当前登录纳税人不在乐企白名单中")
    t.ok("联系主管税务机关" in row["advice"], "B6: what to do", row)
    t.ok("当前登录纳税人不在乐企白名单中，请联系主管税务机关进行乐企白名单维护。" in row["cause"],
         "B6: the sentence, letter by letter", row)
    row = first("开票人员看不到乐企")
    t.ok("办税员" in row["advice"] + row["cause"], "B16: the rights of the 办税员", row)
    text = home.run("explain", "4057", json_out=False)[1]
    t.ok("原因：" in text and "处理：" in text and "密钥" in text, "for people", text)
    text = home.run("explain", "闻所未闻", json_out=False)[1]
    t.ok("kaipiao log export" in text, "what nobody knows goes to the tax bureau", text)


def reference(t, home):
    """The reference, where it is at hand, names no code that has no row."""
    path = shared("leqi", "protocol.md")
    if not path:
        t.skip("N5: the codes of the reference", "no reference")
        return
    with open(path, encoding="utf-8") as f:
        text = f.read()
    part = text[text.index("### 5.1 "):text.index("## 6. ")]
    codes = set(re.findall(r"\b(?:B[ID]|RI)\d{4}\b", part))
    codes |= set(re.findall(r"^\| (-?\d{1,5}) \|", part, re.M)) - {"200"}
    lost = sorted(c for c in codes if not home.run("explain", c)[1]["rows"])
    t.ok(len(codes) > 100, "the reference has codes", len(codes))
    t.same(lost, [], "N5: the codes of the reference")


def live(t, sb, home):
    """I4, B6: what the platform says comes with what to do about it."""
    sb.faults(error={"service": "CXNSRJBXX", "text": "4032", "message": "使用单位未授权此能力"})
    code, doc, _ = home.run("taxpayer", "sync")
    t.same(code, 4, "I4: refused", doc)
    t.ok("使用单位未授权此能力" in doc["error"]["message"], "I4: the sentence of the platform", doc)
    t.ok("能力中心授权基础开票能力" in doc["error"]["hint"], "I4: and what to do", doc)
    text = home.run("taxpayer", "sync", json_out=False)
    t.ok("重新保存并验证" in str(text), "I4: for people as well", text)
    sentence = "当前登录纳税人不在乐企白名单中，请联系主管税务机关进行乐企白名单维护。"
    sb.faults(error={"service": "CXNSRJBXX", "text": "4033", "message": sentence})
    code, doc, _ = home.run("taxpayer", "sync")
    t.ok(sentence in doc["error"]["message"], "B6: letter by letter", doc)
    t.ok("联系主管税务机关进行乐企白名单维护" in doc["error"]["hint"], "B6: what to do", doc)
    # B13: the platform's own words are bare; what is shown says whose ability and what to do.
    for word, advice in (("4032", "把能力授权给使用单位"), ("4033", "能力中心完成能力授权"),
                         ("40321", "使用单位的接入状态"), ("40322", "直连单位的准入状态")):
        sb.faults(error={"service": "CXNSRJBXX", "text": word, "message": "无"})
        code, doc, _ = home.run("taxpayer", "sync")
        t.ok(code == 4 and word in doc["error"]["message"] and advice in doc["error"]["hint"],
             "B13: %s is mapped" % word, code, doc)
    sb.faults()
    t.same(home.run("taxpayer", "sync")[0], 0, "the fault is gone")


def main():
    with Tap() as t, Sandbox() as sb, Home() as home:
        words(t, home)
        reference(t, home)
        home.setup(sb)
        live(t, sb, home)


main()
