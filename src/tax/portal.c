/* tax/portal.c - the limits of the tax bureau's page and workbooks, where they are the smaller. */
#include "tax/portal_p.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define HEAD(field, label, member, chars, gbk)                                                     \
	{                                                                                          \
		field, label, offsetof(struct invoice, member), chars, gbk                         \
	}
#define LINE(field, label, member, chars)                                                          \
	{                                                                                          \
		field, label, offsetof(struct tax_line, member), chars, 0                          \
	}

/* Fields not named have the same limit on both sides, or a larger one there: tax numbers 20,
 * accounts 60, telephones 100, mail addresses 72.  The names of people are counted as bytes. */
const struct portal_limit portal_invoice[] = {
    HEAD("buyer.name", "购买方名称", buyer.name, 100, 0),
    HEAD("buyer.address", "购买方地址", buyer.address, 100, 0),
    HEAD("buyer.bank", "购买方开户行", buyer.bank, 100, 0),
    HEAD("seller.bank", "销售方开户行", seller.bank, 100, 0),
    HEAD("remark", "备注", remark, 230, 0),
    HEAD("payee", "收款人", payee, 0, 16),
    HEAD("reviewer", "复核人", reviewer, 0, 16),
    HEAD("drawer", "开票人", drawer, 0, 16),
    {.field = NULL},
};

/* 单位: 22 in the workbook of many invoices, 20 in the one of lines. */
const struct portal_limit portal_line[] = {
    LINE("name", "项目名称", name, 100), LINE("spec", "规格型号", spec, 40),
    LINE("unit", "单位", unit, 20),      LINE("quantity", "数量", quantity, 16),
    LINE("price", "单价", price, 16),    {.field = NULL},
};

static bool over(const struct portal_limit *p, const char *text, char why[PORTAL_WHY])
{
	unsigned max = p->gbk ? p->gbk : p->chars;
	size_t n = strlen(text);

	/* No character has fewer bytes here than there. */
	if (n <= max || (n = p->gbk ? text_gbk_bytes(text) : text_chars(text)) <= max)
		return false;
	snprintf(why, PORTAL_WHY,
		 p->gbk ? "共 %zu 字节（汉字算 2），电子税务局的页面和模板最多 %u 个"
			: "共 %zu 个字符，电子税务局的页面和模板最多 %u 个",
		 n, max);
	return true;
}

bool portal_invoice_over(const struct portal_limit *p, const struct invoice *inv,
			 char why[PORTAL_WHY])
{
	return over(p, *(char *const *)(const void *)((const char *)inv + p->offset), why);
}

bool portal_line_over(const struct portal_limit *p, const struct tax_line *l, char why[PORTAL_WHY])
{
	char text[DEC_TEXT];

	if (p->offset == offsetof(struct tax_line, quantity))
		return l->has_quantity && over(p, dec_format(l->quantity, text), why);
	if (p->offset == offsetof(struct tax_line, price))
		return l->has_price && over(p, dec_format(l->price, text), why);
	return over(p, *(char *const *)(const void *)((const char *)l + p->offset), why);
}

static const struct portal_limit *find(const struct portal_limit *p, const char *field)
{
	while (p->field && strcmp(p->field, field) != 0)
		p++;
	return p->field ? p : NULL;
}

bool portal_over(const char *field, const char *text, char why[PORTAL_WHY])
{
	const char *member = strncmp(field, "lines[", 6) ? NULL : strchr(field, '.');
	const struct portal_limit *p =
	    member ? find(portal_line, member + 1) : find(portal_invoice, field);

	if (!p && !member)
		p = find(portal_line, field);
	return p && over(p, text, why);
}
