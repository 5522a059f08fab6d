/* service.c - interfaces of the tax side, and their names. */
#include "tax/service.h"

#include <string.h>

static const struct tax_service SERVICES[] = {
    {"QDFPPLFM", "数电领购", "获取数电票批量预赋码信息"},
    {"CXSXED", "查询授信额度", "查询发票额度"},
    {"XZTHSXED", "下载退回额度", "下载/退回发票额度"},
    {"TZSXEDYXQ", "调整额度有效期", "调整发票额度有效期"},
    {"CXNSRFXXX", "查询风险信息", "查询纳税人风险信息"},
    {"CXNSRJBXX", "查询基本信息", "查询纳税人基本信息"},
    {"CXKYSL", "查询可用税率", "查询可用税率信息"},
    {"CXSSFLBM", "查询税收编码", "查询税收分类编码信息"},
    {"CXCEZSBM", "查询差额编码", "查询差额征税编码"},
    {"QDFPSC", "上传发票", "数电票上传"},
    {"CXQDFPSCJG", "查询上传结果", "查询数电票上传结果"},
    {"CXFPHZQRXX", "查询汇总确认", "查询发票汇总确认信息"},
    {"SCFPHZQRXX", "上传汇总确认", "上传发票汇总确认信息"},
    {"PLFPXZSQ", "批量下载申请", "批量发票下载申请"},
    {"PLFPXZSQFK", "批量下载反馈", "批量发票下载申请反馈"},
    {"FPZTXXCX", "查询发票状态", "发票用途状态信息查询"},
    {"QDHZQRDSQ", "申请红字确认单", "数电红字确认单申请"},
    {"QDHZQRDQR", "确认红字确认单", "数电红字确认单确认"},
    {"CXQDHZQRDLB", "红字确认单列表", "查询数电红字确认单列表信息"},
    {"CXQDHZQRDMX", "红字确认单明细", "查询数电红字确认单明细信息"},
};

const struct tax_service *tax_service(size_t i)
{
	return i < sizeof(SERVICES) / sizeof(SERVICES[0]) ? &SERVICES[i] : NULL;
}

static const struct tax_service *find(const char *code)
{
	const struct tax_service *s;

	for (size_t i = 0; (s = tax_service(i)); i++)
		if (!strcmp(s->code, code))
			return s;
	return NULL;
}

const char *tax_service_name(const char *code)
{
	const struct tax_service *s = find(code);

	return s ? s->name : code;
}

const char *tax_service_title(const char *code)
{
	const struct tax_service *s = find(code);

	return s ? s->title : code;
}
