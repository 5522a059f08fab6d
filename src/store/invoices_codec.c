/* invoices_codec.c - an invoice's members as JSON text and back, exactly.
 *
 * Text members come from the tables of tax/invoice.h; numbers are strings of their exact decimal
 * form. Members that are empty, false or zero are left out.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "store/invoices_p.h"

enum member_type { IS_BOOL, IS_PPM, IS_BY, IS_DEC, IS_FEN, IS_ROW };
enum { ROW_MAX = 99999999 }; /* eight digits on the wire */
struct member {
	const char *key;
	enum member_type type;
	size_t offset;
};

#define HEAD(key, type, name)                                                                      \
	{                                                                                          \
		key, type, offsetof(struct invoice, name)                                          \
	}
static const struct member head_members[] = {
    HEAD("red", IS_BOOL, red),
    HEAD("prices_include_tax", IS_BOOL, prices_include_tax),
    HEAD("show_buyer_bank", IS_BOOL, show_buyer_bank),
    HEAD("show_seller_bank", IS_BOOL, show_seller_bank),
    HEAD("buyer_is_person", IS_BOOL, buyer_is_person),
    HEAD("show_buyer_address", IS_BOOL, show_buyer_address),
    HEAD("show_seller_address", IS_BOOL, show_seller_address),
    HEAD("deduction", IS_FEN, deduction_fen),
    {.key = NULL},
};

#define LINE(key, type, name)                                                                      \
	{                                                                                          \
		key, type, offsetof(struct tax_line, name)                                         \
	}
static const struct member line_members[] = {
    LINE("blue_row", IS_ROW, blue_row),
    LINE("rate_ppm", IS_PPM, rate_ppm),
    LINE("deduction", IS_FEN, deduction_fen),
    LINE("has_quantity", IS_BOOL, has_quantity),
    LINE("has_price", IS_BOOL, has_price),
    LINE("has_amount", IS_BOOL, has_amount),
    LINE("quantity", IS_DEC, quantity),
    LINE("price", IS_DEC, price),
    LINE("amount", IS_FEN, amount_fen),
    LINE("tax_adjust", IS_FEN, tax_adjust_fen),
    LINE("discount_by", IS_BY, discount.by),
    LINE("discount_given_rate", IS_DEC, discount.rate),
    LINE("discount_given_amount", IS_FEN, discount.amount_fen),
    LINE("discount_tax_adjust", IS_FEN, discount.tax_adjust_fen),
    LINE("full_quantity", IS_DEC, full_quantity),
    LINE("full_price", IS_DEC, full_price),
    LINE("full_amount", IS_FEN, full_amount_fen),
    LINE("net_price", IS_DEC, net_price),
    LINE("net", IS_FEN, net_fen),
    LINE("tax", IS_FEN, tax_fen),
    LINE("gross", IS_FEN, gross_fen),
    LINE("discount_rate", IS_DEC, discount_rate),
    LINE("discount", IS_FEN, discount_fen),
    LINE("discount_net", IS_FEN, discount_net_fen),
    LINE("discount_tax", IS_FEN, discount_tax_fen),
    LINE("discount_gross", IS_FEN, discount_gross_fen),
    {.key = NULL},
};

#define VOUCHER(key, name)                                                                         \
	{                                                                                          \
		key, IS_FEN, offsetof(struct voucher, name)                                        \
	}
static const struct member voucher_members[] = {
    VOUCHER("total", total_fen),
    VOUCHER("amount", amount_fen),
    {.key = NULL},
};
static const struct member no_members[] = {{.key = NULL}};

static const char *const discount_words[] = {
    [DISCOUNT_NONE] = "",
    [DISCOUNT_BY_RATE] = "rate",
    [DISCOUNT_BY_AMOUNT] = "amount",
};

/* ---- writing --------------------------------------------------------------------------------- */

static void put_member(struct json_out *o, const struct member *m, const void *base)
{
	const char *at = (const char *)base + m->offset;
	char text[DEC_TEXT > FEN_TEXT ? DEC_TEXT : FEN_TEXT];
	switch (m->type) {
	case IS_BOOL:
		if (*(const bool *)at)
			json_put_bool(o, m->key, true);
		break;
	case IS_PPM:
		json_put_int(o, m->key, *(const int32_t *)at);
		break;
	case IS_BY:
		if (*(const enum discount_by *)at != DISCOUNT_NONE)
			json_put(o, m->key, discount_words[*(const enum discount_by *)at]);
		break;
	case IS_DEC: {
		struct dec d = *(const struct dec *)at;
		if (d.coef != 0 || d.scale != 0)
			json_put(o, m->key, dec_format(d, text));
		break;
	}
	case IS_FEN:
		if (*(const int64_t *)at != 0)
			json_put_fen(o, m->key, *(const int64_t *)at);
		break;
	case IS_ROW:
		if (*(const unsigned *)at != 0)
			json_put_int(o, m->key, *(const unsigned *)at);
		break;
	}
}

static void put_members(struct json_out *o, const struct member *m, const void *base)
{
	for (; m->key; m++)
		put_member(o, m, base);
}

static void put_texts(struct json_out *o, const struct text_field *f, const void *base)
{
	for (; f->key; f++)
		if (!text_empty(text_value(base, f)))
			json_put(o, f->key, text_value(base, f));
}

static void put_list(struct json_out *o, const char *key, const struct text_field *f,
		     const struct member *m, const void *items, size_t count, size_t size)
{
	if (count == 0)
		return;
	json_open(o, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(o, NULL, '{');
		put_texts(o, f, (const char *)items + i * size);
		put_members(o, m, (const char *)items + i * size);
		json_close(o, '}');
	}
	json_close(o, ']');
}

void invoice_head_write(struct buf *b, const struct invoice *inv)
{
	struct json_out o;
	json_out_init(&o, b, 0);
	json_open(&o, NULL, '{');
	put_texts(&o, invoice_texts, inv);
	put_members(&o, head_members, inv);
	put_list(&o, "payments", payment_texts, no_members, inv->payments, inv->payment_count,
		 sizeof(struct payment));
	put_list(&o, "extras", extra_texts, no_members, inv->extras, inv->extra_count,
		 sizeof(struct extra_element));
	put_list(&o, "vouchers", voucher_texts, voucher_members, inv->vouchers, inv->voucher_count,
		 sizeof(struct voucher));
	json_close(&o, '}');
}

void invoice_line_write(struct buf *b, const struct tax_line *l)
{
	struct json_out o;
	json_out_init(&o, b, 0);
	json_open(&o, NULL, '{');
	put_texts(&o, line_texts, l);
	put_members(&o, line_members, l);
	json_close(&o, '}');
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum err bad_member(struct err_info *e, const char *key)
{
	err_fail(e, ERR_DAMAGED, "invoice.damaged", "发票", "保存的内容已损坏（%s）", key);
	err_hint(e, "用 kaipiao restore 恢复最近的备份");
	return ERR_DAMAGED;
}

static bool read_by(const char *text, enum discount_by *out)
{
	for (int i = DISCOUNT_BY_RATE; i <= DISCOUNT_BY_AMOUNT; i++)
		if (strcmp(discount_words[i], text) == 0) {
			*out = (enum discount_by)i;
			return true;
		}
	return false;
}

static const size_t member_sizes[] = {
    [IS_BOOL] = sizeof(bool),      [IS_PPM] = sizeof(int32_t), [IS_BY] = sizeof(enum discount_by),
    [IS_DEC] = sizeof(struct dec), [IS_FEN] = sizeof(int64_t), [IS_ROW] = sizeof(unsigned),
};

/* Absent is zero, whatever the struct began with.  False when there but not of its type. */
static bool read_member(const cJSON *object, const struct member *m, void *base)
{
	char *at = (char *)base + m->offset;
	const cJSON *item = json_get(object, m->key);
	memset(at, 0, member_sizes[m->type]);
	if (!item)
		return true;
	const char *text = json_text(item);
	long long n;
	switch (m->type) {
	case IS_BOOL:
		*(bool *)at = cJSON_IsTrue(item);
		return cJSON_IsBool(item);
	case IS_PPM:
		if (!json_member_int(object, m->key, -1, RATE_ONE, &n))
			return false;
		*(int32_t *)at = (int32_t)n;
		return true;
	case IS_ROW:
		if (!json_member_int(object, m->key, 1, ROW_MAX, &n))
			return false;
		*(unsigned *)at = (unsigned)n;
		return true;
	case IS_BY:
		return text && read_by(text, (enum discount_by *)at);
	case IS_DEC:
		return text && dec_parse(text, (struct dec *)at);
	case IS_FEN:
		return text && fen_parse(text, (int64_t *)at);
	}
	return false;
}

static enum err read_members(const cJSON *object, const struct member *m, void *base,
			     struct err_info *e)
{
	for (; m->key; m++)
		if (!read_member(object, m, base))
			return bad_member(e, m->key);
	return ERR_OK;
}

static void read_texts(const cJSON *object, const struct text_field *f, void *base)
{
	for (; f->key; f++) {
		const char *text = json_member(object, f->key);
		if (*text)
			mem_set(text_slot(base, f), text);
	}
}

static enum err read_lists(const cJSON *tree, struct invoice *inv, struct err_info *e)
{
	const cJSON *item;
	enum err r = ERR_OK;
	cJSON_ArrayForEach(item, json_get(tree, "payments"))
	    read_texts(item, payment_texts, invoice_add_payment(inv));
	cJSON_ArrayForEach(item, json_get(tree, "extras"))
	    read_texts(item, extra_texts, invoice_add_extra(inv));
	cJSON_ArrayForEach(item, json_get(tree, "vouchers"))
	{
		struct voucher *v = invoice_add_voucher(inv);
		read_texts(item, voucher_texts, v);
		if (!r)
			r = read_members(item, voucher_members, v, e);
	}
	return r;
}

static enum err parse(const char *text, cJSON **tree, struct err_info *e)
{
	if (json_parse(text, strlen(text), BODY_MAX, tree, e))
		return bad_member(e, "JSON");
	return ERR_OK;
}

enum err invoice_head_read(const char *text, struct invoice *inv, struct err_info *e)
{
	cJSON *tree = NULL;
	enum err r = parse(text, &tree, e);
	if (r)
		return r;
	read_texts(tree, invoice_texts, inv);
	r = read_members(tree, head_members, inv, e);
	if (!r)
		r = read_lists(tree, inv, e);
	json_free(&tree);
	return r;
}

enum err invoice_line_read(const char *text, struct tax_line *l, struct err_info *e)
{
	cJSON *tree = NULL;
	enum err r = parse(text, &tree, e);
	if (r)
		return r;
	read_texts(tree, line_texts, l);
	r = read_members(tree, line_members, l, e);
	json_free(&tree);
	return r;
}

enum err invoice_sums_check(const struct invoice *inv, struct err_info *e)
{
	int64_t net = 0, tax = 0, gross = 0;
	bool ok = true;
	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		ok =
		    ok && fen_add(net, l->net_fen, &net) && fen_add(net, l->discount_net_fen, &net);
		ok =
		    ok && fen_add(tax, l->tax_fen, &tax) && fen_add(tax, l->discount_tax_fen, &tax);
		ok = ok && fen_add(gross, l->gross_fen, &gross) &&
		     fen_add(gross, l->discount_gross_fen, &gross);
	}
	if (ok && net == inv->net_fen && tax == inv->tax_fen && gross == inv->gross_fen)
		return ERR_OK;
	char a[FEN_TEXT], b[FEN_TEXT];
	err_fail(e, ERR_DAMAGED, "invoice.sums", "发票", "明细价税合计 %s 元与发票合计 %s 元不符",
		 fen_format(gross, a), fen_format(inv->gross_fen, b));
	err_hint(e, "用 kaipiao restore 恢复最近的备份");
	return ERR_DAMAGED;
}
