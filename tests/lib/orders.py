"""The tax bureau's 批量开票 workbook as tests fill it in: both editions, by headings."""
import books

HEADS = ("发票流水号 发票类型 特定业务类型 是否含税 受票方自然人标识 购买方名称 购买方纳税人识别号 购买方证件类型"
         " 购买方证件号码 购买方国籍（或地区） 购买方地址 购买方所在地区（报废产品收购必填）"
         " 购买方所在地区（报废产品收购必填） 购买方所在地区（报废产品收购必填）"
         " 购买方所在地区（报废产品收购必填） 购买方详细地址（报废产品收购必填） 购买方电话 购买方开户银行"
         " 购买方银行账号 是否展示购买方地址电话银行账号 是否开具涉税专业服务发票品目 涉税专业服务协议编号 备注"
         " 报废产品销售类型 每千克煤炭发热量 干基全硫 干燥无灰基挥发分 销售方开户行 销售方银行账号"
         " 是否展示销售方地址电话银行账号 购买方邮箱 购买方经办人姓名 购买方经办人证件类型 购买方经办人证件号码"
         " 经办人国籍(地区) 经办人自然人纳税人识别号 放弃享受减按1%征收率原因 收款人 复核人").split()
HEADS_2023 = ("发票流水号 发票类型 特定业务类型 是否含税 受票方自然人标识 购买方名称 证件类型 购买方纳税人识别号"
              " 购买方地址 购买方电话 购买方开户银行 购买方银行账号 备注 是否展示购买方银行账号 销售方开户行"
              " 销售方银行账号 是否展示销售方银行账号 购买方邮箱 购买方经办人姓名 购买方经办人证件类型"
              " 购买方经办人证件号码 经办人国籍(地区) 经办人自然人纳税人识别号 放弃享受减按1%征收率原因 收款人"
              " 复核人").split()
DETAILS = ("发票流水号 项目名称 商品和服务税收编码 规格型号 单位 数量 单价 金额 税率 折扣金额 是否使用优惠政策"
           " 优惠政策类型 即征即退类型 煤炭种类").split()
EXTRAS = "发票流水号 附加要素名称 附加要素内容".split()
SPECIAL = ["发票流水号"] + [""] * 6 + "起运地 到达地 运输工具种类 运输工具牌号 运输货物名称".split()
CODE = "1090509010000000000"


def head(no, heads=HEADS, **more):
    said = {"发票流水号": no, "发票类型": "普通发票", "是否含税": "是", "购买方名称": "示例科技有限公司",
            "购买方纳税人识别号": books.tax_no(900)}
    said.update(more)
    return [said.get(h, "") for h in heads]


def line(no, **more):
    said = {"发票流水号": no, "项目名称": "笔记本电脑", "商品和服务税收编码": CODE, "金额": "113.00",
            "税率": "0.13"}
    said.update(more)
    return [said.get(h, "") for h in DETAILS]


def book(path, heads, lines, names=HEADS, extras=(), special=()):
    """The bureau's four sheets with a note and limits above the headings, and a dictionary."""
    above = [["填表说明：请按要求填写"], ["必填 限20字符"]]
    return books.workbook(path, ("1-发票基本信息", above + [names] + list(heads)),
                          ("2-发票明细信息", above + [DETAILS] + list(lines)),
                          ("3-特定业务信息", above + [SPECIAL] + list(special)),
                          ("4-附加要素信息", above + [EXTRAS] + list(extras)),
                          ("字典", [["发票类型"], ["普通发票"], ["增值税专用发票"]]))


def many(path, first, count, lines=1, **more):
    """Good orders R-first ..."""
    names = ["R-%06d" % i for i in range(first, first + count)]
    return book(path, [head(no, **more) for no in names],
                [line(no) for no in names for _ in range(lines)])
