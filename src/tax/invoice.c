/* tax/invoice.c - text fields as tables; init, copy, free of the structs. */
#include "tax/invoice.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tax/items_p.h"

#define INV(key, label, member, max, multiline, entered)                                           \
	{                                                                                          \
		key, label, offsetof(struct invoice, member), max, multiline, entered              \
	}
#define LINE(key, label, member, max)                                                              \
	{                                                                                          \
		key, label, offsetof(struct tax_line, member), max, false, true                    \
	}

/* Lengths: protocol 7.5, in characters.  The buyer's account is printed as 100 and as 50: 50 holds
 * for both.  Members that never travel (订单号, 业务类型, 邮箱, 商品) have limits of our own. */
const struct text_field invoice_texts[] = {
    INV("order_no", "订单号", order_no, 64, false, true),
    INV("business_type", "业务类型", business_type, 100, false, true),
    INV("seller.name", "销售方名称", seller.name, 300, false, false),
    INV("seller.tax_no", "销售方税号", seller.tax_no, 20, false, false),
    INV("seller.address", "销售方地址", seller.address, 300, false, false),
    INV("seller.phone", "销售方电话", seller.phone, 60, false, false),
    INV("seller.bank", "销售方开户行", seller.bank, 120, false, false),
    INV("seller.account", "销售方银行账号", seller.account, 50, false, false),
    INV("buyer.name", "购买方名称", buyer.name, 300, false, true),
    INV("buyer.tax_no", "购买方税号", buyer.tax_no, 20, false, true),
    INV("buyer.address", "购买方地址", buyer.address, 300, false, true),
    INV("buyer.phone", "购买方电话", buyer.phone, 60, false, true),
    INV("buyer.bank", "购买方开户行", buyer.bank, 120, false, true),
    INV("buyer.account", "购买方银行账号", buyer.account, 50, false, true),
    INV("buyer.email", "购买方邮箱", buyer_email, 72, false, true),
    INV("buyer.mobile", "购买方手机", buyer_mobile, 20, false, true),
    INV("buyer.id_type", "购买方证件类型", buyer_id_type, 3, false, true),
    INV("buyer.id_no", "购买方证件号码", buyer_id_no, 30, false, true),
    INV("buyer.country", "购买方国籍（地区）", buyer_country, 3, false, true),
    INV("handler.name", "经办人", handler_name, 150, false, true),
    INV("handler.id_type", "经办人证件类型", handler_id_type, 3, false, true),
    INV("handler.id_no", "经办人证件号码", handler_id_no, 30, false, true),
    INV("handler.country", "经办人国籍（地区）", handler_country, 3, false, true),
    INV("handler.tax_no", "经办人税号", handler_tax_no, 20, false, true),
    INV("handler.phone", "经办人联系电话", handler_phone, 60, false, true),
    INV("remark", "备注", remark, 450, true, true),
    INV("payee", "收款人", payee, 150, false, true),
    INV("reviewer", "复核人", reviewer, 75, false, true),
    INV("drawer", "开票人", drawer, 300, false, true),
    INV("coal_quality", "煤炭品质信息", coal_quality, 50, false, true),
    INV("settlement", "结算方式", settlement, 2, false, true),
    INV("red_of.blue_number", "被红冲蓝字发票号码", blue_number, 20, false, false),
    INV("red_of.letter_no", "红字确认单编号", red_letter_no, 20, false, false),
    INV("red_of.letter_uuid", "红字确认单 UUID", red_letter_uuid, 32, false, false),
    INV("differential.type", "差额征税类型", differential, 2, false, true),
    {.key = NULL},
};

const struct text_field line_texts[] = {
    LINE("goods", "商品", goods, 300),
    LINE("name", "项目名称", name, 600),
    LINE("tax_code", "税收分类编码", tax_code, 19),
    LINE("short_name", "商品简称", short_name, 120),
    LINE("spec", "规格型号", spec, 150),
    LINE("unit", "单位", unit, 300),
    LINE("preference", "优惠政策标识", preference, 2),
    LINE("coal_kind", "煤炭种类", coal_kind, 4),
    {.key = NULL},
};

const struct text_field payment_texts[] = {
    {"channel", "支付渠道", offsetof(struct payment, channel), 3, false, true},
    {"number", "交易单号", offsetof(struct payment, number), 40, false, true},
    {.key = NULL},
};

const struct text_field extra_texts[] = {
    {"name", "附加要素名称", offsetof(struct extra_element, name), 200, false, true},
    {"type", "附加要素类型", offsetof(struct extra_element, type), 200, false, true},
    {"value", "附加要素内容", offsetof(struct extra_element, value), 200, false, true},
    {.key = NULL},
};

#define VOUCHER(key, label, member, max)                                                           \
	{                                                                                          \
		key, label, offsetof(struct voucher, member), max, false, true                     \
	}
const struct text_field voucher_texts[] = {
    VOUCHER("type", "凭证类型", type, 2),      VOUCHER("code", "发票代码", code, 12),
    VOUCHER("number", "凭证号码", number, 40), VOUCHER("date", "开具日期", date, 10),
    VOUCHER("note", "凭证备注", note, 450),    {.key = NULL},
};

char **text_slot(void *base, const struct text_field *f)
{
	return (char **)(void *)((char *)base + f->offset);
}

const char *text_value(const void *base, const struct text_field *f)
{
	return *(char *const *)(const void *)((const char *)base + f->offset);
}

void item_init(void *base, const struct text_field *f)
{
	for (; f->key; f++)
		*text_slot(base, f) = mem_strdup("");
}

void item_free(void *base, const struct text_field *f)
{
	for (; f->key; f++) {
		free(*text_slot(base, f));
		*text_slot(base, f) = NULL;
	}
}

void item_own(void *base, const void *from, const struct text_field *f)
{
	for (; f->key; f++)
		*text_slot(base, f) = mem_strdup(text_value(from, f));
}

/* Arrays carry no capacity: it is always the next power of two, so they grow at those counts. */
static size_t capacity_of(size_t count)
{
	size_t cap = 1;

	while (cap < count)
		cap *= 2;
	return count ? cap : 0;
}

void *items_append(void **items, size_t *count, size_t size, const struct text_field *texts)
{
	if (*count == capacity_of(*count))
		*items = mem_realloc(*items, capacity_of(*count + 1) * size);
	char *item = (char *)*items + *count * size;
	memset(item, 0, size);
	item_init(item, texts);
	++*count;
	return item;
}

void *items_copy(const void *items, size_t count, size_t size, const struct text_field *texts)
{
	if (!count)
		return NULL;
	char *copy = mem_alloc(capacity_of(count) * size);
	memcpy(copy, items, count * size);
	for (size_t i = 0; i < count; i++)
		item_own(copy + i * size, (const char *)items + i * size, texts);
	return copy;
}

void items_free(void *items, size_t count, size_t size, const struct text_field *texts)
{
	for (size_t i = 0; i < count; i++)
		item_free((char *)items + i * size, texts);
	free(items);
}

void invoice_init(struct invoice *inv)
{
	*inv = (struct invoice) {.kind = INVOICE_ORDINARY, .prices_include_tax = true};
	item_init(inv, invoice_texts);
}

void invoice_free(struct invoice *inv)
{
	item_free(inv, invoice_texts);
	items_free(inv->lines, inv->line_count, sizeof(*inv->lines), line_texts);
	items_free(inv->payments, inv->payment_count, sizeof(*inv->payments), payment_texts);
	items_free(inv->extras, inv->extra_count, sizeof(*inv->extras), extra_texts);
	items_free(inv->vouchers, inv->voucher_count, sizeof(*inv->vouchers), voucher_texts);
	*inv = (struct invoice) {.kind = INVOICE_ORDINARY};
}

void invoice_copy(struct invoice *out, const struct invoice *in)
{
	*out = *in;
	item_own(out, in, invoice_texts);
	out->lines = items_copy(in->lines, in->line_count, sizeof(*in->lines), line_texts);
	out->payments =
	    items_copy(in->payments, in->payment_count, sizeof(*in->payments), payment_texts);
	out->extras = items_copy(in->extras, in->extra_count, sizeof(*in->extras), extra_texts);
	out->vouchers =
	    items_copy(in->vouchers, in->voucher_count, sizeof(*in->vouchers), voucher_texts);
}

struct tax_line *invoice_add_line(struct invoice *inv)
{
	void *items = inv->lines;
	struct tax_line *l = items_append(&items, &inv->line_count, sizeof(*l), line_texts);

	inv->lines = items;
	l->rate_ppm = -1;
	return l;
}

struct payment *invoice_add_payment(struct invoice *inv)
{
	void *items = inv->payments;
	struct payment *p = items_append(&items, &inv->payment_count, sizeof(*p), payment_texts);

	inv->payments = items;
	return p;
}

struct extra_element *invoice_add_extra(struct invoice *inv)
{
	void *items = inv->extras;
	struct extra_element *x = items_append(&items, &inv->extra_count, sizeof(*x), extra_texts);

	inv->extras = items;
	return x;
}

struct voucher *invoice_add_voucher(struct invoice *inv)
{
	void *items = inv->vouchers;
	struct voucher *v = items_append(&items, &inv->voucher_count, sizeof(*v), voucher_texts);

	inv->vouchers = items;
	return v;
}

void invoice_clear_payments(struct invoice *inv)
{
	items_free(inv->payments, inv->payment_count, sizeof(*inv->payments), payment_texts);
	inv->payments = NULL;
	inv->payment_count = 0;
}

void invoice_clear_extras(struct invoice *inv)
{
	items_free(inv->extras, inv->extra_count, sizeof(*inv->extras), extra_texts);
	inv->extras = NULL;
	inv->extra_count = 0;
}

void invoice_clear_vouchers(struct invoice *inv)
{
	items_free(inv->vouchers, inv->voucher_count, sizeof(*inv->vouchers), voucher_texts);
	inv->vouchers = NULL;
	inv->voucher_count = 0;
}

void invoice_remove_line(struct invoice *inv, size_t index)
{
	if (index >= inv->line_count)
		return;
	item_free(&inv->lines[index], line_texts);
	memmove(&inv->lines[index], &inv->lines[index + 1],
		(inv->line_count - index - 1) * sizeof(*inv->lines));
	inv->line_count--;
}
