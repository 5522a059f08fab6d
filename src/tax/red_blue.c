/* tax/red_blue.c - a blue invoice as lines that can be taken back, and what is left of them. */
#include "tax/red.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/calc.h"
#include "tax/ids.h"
#include "tax/items_p.h"
#include "tax/red_p.h"

enum { PRICE_DECIMALS = 13, SCALE_MAX = 24 };

#define HEAD(member)                                                                               \
	{                                                                                          \
		.key = #member, .offset = offsetof(struct red_blue, member)                        \
	}
#define LINE(member)                                                                               \
	{                                                                                          \
		.key = #member, .offset = offsetof(struct red_blue_line, member)                   \
	}
static const struct text_field blue_texts[] = {
    HEAD(seller_tax_no), HEAD(seller_name), HEAD(buyer_tax_no), HEAD(buyer_name),   HEAD(code),
    HEAD(number),        HEAD(kind),        HEAD(element),      HEAD(differential), {.key = NULL},
};
static const struct text_field blue_line_texts[] = {
    LINE(tax_code), LINE(name),       LINE(short_name), LINE(spec),
    LINE(unit),     LINE(preference), {.key = NULL},
};

static enum err fail_blue(struct err_info *e, const char *why)
{
	err_fail(e, ERR_INVALID, "red.blue", "蓝字发票", "%s", why);
	err_field(e, "blue");
	err_hint(e, "红字确认单只能针对已开具的蓝字发票");
	return ERR_INVALID;
}

/* What a letter may name as the price of the whole line: the invoice's own, and where a discount
 * was netted in, what is left of it. */
static bool set_price(struct red_blue_line *l, struct dec price)
{
	if (dec_product_near(l->quantity, price, l->net_fen, RED_NET_FEN)) {
		l->price = price;
		return true;
	}
	for (uint8_t scale = PRICE_DECIMALS; scale <= SCALE_MAX; scale++)
		if (dec_div_fen(l->net_fen, l->quantity, scale, &l->price) && l->price.coef > 0 &&
		    dec_product_near(l->quantity, l->price, l->net_fen, RED_NET_FEN))
			return true;
	return false;
}

static void add_line(struct red_blue *b, const struct tax_row *row, const struct invoice *inv)
{
	void *items = b->lines;
	struct red_blue_line *l = items_append(&items, &b->line_count, sizeof(*l), blue_line_texts);
	const struct tax_line *from = row->line;

	b->lines = items;
	l->row = row->seq;
	mem_set(&l->tax_code, from->tax_code);
	mem_set(&l->name, from->name);
	mem_set(&l->short_name, from->short_name);
	mem_set(&l->spec, from->spec);
	mem_set(&l->unit, from->unit);
	mem_set(&l->preference, from->preference);
	l->rate_ppm = from->rate_ppm;
	l->has_quantity = row->has_quantity;
	l->quantity = row->quantity;
	l->price = row->net_price;
	l->net_fen = row->net_fen;
	l->tax_fen = row->tax_fen;
	if (!text_empty(inv->differential))
		l->deduction_fen = inv->deduction_fen;
}

static enum err read_lines(struct red_blue *b, const struct invoice *inv, struct err_info *e)
{
	struct tax_row row;
	size_t cursor = 0;

	while (tax_row_next(inv, &cursor, &row)) {
		if (row.nature != ROW_DISCOUNT) {
			add_line(b, &row, inv);
			continue;
		}
		b->lines[b->line_count - 1].net_fen += row.net_fen;
		b->lines[b->line_count - 1].tax_fen += row.tax_fen;
	}
	for (size_t i = 0; i < b->line_count; i++) {
		struct red_blue_line *l = &b->lines[i];
		if (l->net_fen <= 0 || l->tax_fen < 0)
			return fail_blue(e, "有金额不大于 0 的明细，不能红冲");
		if (l->has_quantity && !set_price(l, l->price))
			return fail_blue(e, "有一行明细扣除折扣后的单价无法用 25 个字符写出");
		l->rest_quantity = l->quantity;
		l->rest_net_fen = l->net_fen;
		l->rest_tax_fen = l->tax_fen;
	}
	return b->line_count ? ERR_OK : fail_blue(e, "没有明细");
}

static void read_head(struct red_blue *b, const struct invoice *inv)
{
	char *buyer = tax_buyer_name(inv);

	mem_set(&b->seller_tax_no, inv->seller.tax_no);
	mem_set(&b->seller_name, inv->seller.name);
	mem_set(&b->buyer_tax_no, inv->buyer.tax_no);
	mem_set(&b->buyer_name, buyer);
	mem_set(&b->number, inv->number);
	mem_set(&b->kind, inv->kind == INVOICE_SPECIAL ? "01" : "02");
	mem_set(&b->differential, inv->differential);
	b->buyer_is_person = inv->buyer_is_person;
	text_copy(b->issued_at, sizeof(b->issued_at), inv->issued_at);
	b->net_fen = inv->net_fen;
	b->tax_fen = inv->tax_fen;
	free(buyer);
}

/* Of a 税控 invoice, which has a code beside it. */
static bool old_number(const char *s)
{
	return strlen(s) == 8 && text_all_digits(s);
}

enum err tax_red_blue(const struct invoice *inv, struct red_blue *out, struct err_info *e)
{
	int64_t t;
	enum err r;

	*out = (struct red_blue) {.lines = NULL};
	item_init(out, blue_texts);
	read_head(out, inv);
	if (inv->red)
		r = fail_blue(e, "这是红字发票，不能再红冲");
	else if (!invoice_number_ok(inv->number) && !old_number(inv->number))
		r = fail_blue(e, "没有 20 位发票号码，也没有税控发票的 8 位号码");
	else if (!datetime_parse(inv->issued_at, &t))
		r = fail_blue(e, "没有开票日期（yyyy-MM-dd HH:mm:ss）");
	else
		r = read_lines(out, inv, e);
	if (r)
		red_blue_free(out);
	return r;
}

void red_blue_free(struct red_blue *b)
{
	item_free(b, blue_texts);
	items_free(b->lines, b->line_count, sizeof(*b->lines), blue_line_texts);
	*b = (struct red_blue) {.lines = NULL};
}

const struct red_blue_line *red_blue_find(const struct red_blue *b, unsigned row)
{
	size_t low = 0, high = b->line_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (b->lines[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->line_count && b->lines[low].row == row ? &b->lines[low] : NULL;
}

static enum err fail_taken(struct err_info *e, unsigned row, const char *why)
{
	err_fail(e, ERR_INVALID, "red.taken", "蓝字发票", "第 %u 行已红冲的%s", row, why);
	err_hint(e, "刷新红字确认单后重试：kaipiao red list --refresh");
	return ERR_INVALID;
}

enum err tax_red_take(struct red_blue *b, const struct red_taken *taken, size_t n,
		      struct err_info *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct red_taken *t = &taken[i];
		const struct red_blue_line *found = red_blue_find(b, t->row);
		struct red_blue_line *l = found ? &b->lines[found - b->lines] : NULL;
		struct dec rest;

		if (!l)
			return fail_taken(e, t->row, "不是这张发票的明细");
		if (!dec_add(l->rest_quantity, dec_negate(t->quantity), &rest) ||
		    dec_is_negative(rest))
			return fail_taken(e, t->row, "数量超过蓝字发票");
		if (t->net_fen > l->rest_net_fen || t->tax_fen > l->rest_tax_fen)
			return fail_taken(e, t->row, "金额或税额超过蓝字发票");
		l->rest_quantity = rest;
		l->rest_net_fen -= t->net_fen;
		l->rest_tax_fen -= t->tax_fen;
		b->taken = b->taken || t->net_fen || t->tax_fen || !dec_is_zero(t->quantity);
	}
	return ERR_OK;
}

bool tax_red_spent(const struct red_blue *b)
{
	for (size_t i = 0; i < b->line_count; i++)
		if (b->lines[i].rest_net_fen > 0)
			return false;
	return true;
}
