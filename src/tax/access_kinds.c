/* access_kinds.c - tables: 特定要素 the program cannot issue with, systems that stand in front. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tax/access.h"

/* Codes: protocol 6.5.  The basic ability leaves the member empty (protocol 7.5). */
static const struct element_kind ELEMENTS[] = {
    {"01", "成品油"},
    {"02", "稀土"},
    {"03", "建筑服务"},
    {"04", "货物运输"},
    {"05", "不动产销售"},
    {"06", "不动产租赁"},
    {"07", "代收车船税"},
    {"08", "通行费"},
    {"09", "旅客运输"},
    {"10", "医疗住院"},
    {"11", "医疗门诊"},
    {"12", "自产农产品销售"},
    {"13", "拖拉机和联合收割机"},
    {"14", "机动车"},
    {"15", "二手车"},
    {"16", "农产品收购"},
    {"17", "光伏收购"},
    {"18", "卷烟"},
    {"20", "农产品"},
    {"21", "铁路"},
    {"22", "航空"},
    {"23", "白酒"},
    {"24", "报废产品收购"},
    {"25", "反向开票通用"},
    {"26", "金银首饰批发"},
    {"27", "金银首饰零售"},
    {"28", "金融商品转让"},
    {"29", "客运场站"},
    {"31", "二手车"},
    {"32", "电子烟"},
    {"33", "黄金交易结算"},
    {"34", "黄金交易结算"},
    {"35", "会员单位投资性黄金"},
    {"36", "会员单位非投资性黄金"},
    {"37", "客户标准黄金"},
    {"51", "二手车统一发票（正常）"},
    {"52", "二手车统一发票（反向）"},
};

const struct element_kind *element_find(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(ELEMENTS) / sizeof(ELEMENTS[0]); i++)
		if (!strcmp(ELEMENTS[i].code, text) || !strcmp(ELEMENTS[i].name, text))
			return &ELEMENTS[i];
	return NULL;
}

enum err element_check(const char *text, const char *what, struct err_info *e)
{
	const struct element_kind *k;
	char *shown;

	if (text_empty(text))
		return ERR_OK;
	k = element_find(text);
	if (k) {
		err_fail(e, ERR_INVALID, "element.capability", what,
			 "“%s”（%s）要另外的乐企能力，本程序只开不带特定要素的发票", k->name,
			 k->code);
		err_hint(e, "请在电子税务局开具，或先向税务机关确认这种特殊票种");
		return ERR_INVALID;
	}
	shown = text_clean(text, 40, false);
	err_fail(e, ERR_INVALID, "element.unknown", what, "没有“%s”这种特定要素", shown);
	free(shown);
	err_hint(e, "应为两位代码或名称，如 01 或 成品油；没有特定要素时不填");
	return ERR_INVALID;
}

static const struct profile PROFILES[] = {
    {"金蝶云·星空企业版", "7.6 及以上", "应收款管理、发票管理",
     "7.6 起支持全电专票；装最新补丁，税收分类编码随补丁更新；做过二次开发的先核对"},
    {"金蝶 EAS", "8.2、8.5 及以上，宜 8.6", "税务管理", "8.0、8.2 要有 BOS 许可"},
    {"金蝶云·星瀚", "苍穹平台 3.0 及以上", "应收、开票申请单",
     "私有部署的要专门的补丁；原先由应收生成开票单的，改由开票申请单"},
};

const struct profile *profile_at(size_t i)
{
	return i < sizeof(PROFILES) / sizeof(PROFILES[0]) ? &PROFILES[i] : NULL;
}
