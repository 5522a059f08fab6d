/* tax/calc_rows.c - derived from computed lines: views, rows, a discount over several lines. */
#include <stdlib.h>

#include "base/buf.h"
#include "tax/calc.h"
#include "tax/calc_p.h"
#include "tax/spread.h"

static bool gross_price(const struct tax_line *l, struct dec *out)
{
	if (l->deduction_fen && !dec_is_zero(l->full_quantity))
		return dec_div_fen(l->gross_fen, l->full_quantity, 13, out);
	return dec_mul_ratio(l->full_price, RATE_ONE + (int64_t)l->rate_ppm, RATE_ONE, 13, out);
}

struct tax_view tax_line_view(const struct tax_line *l, bool entry_inclusive, bool view_inclusive)
{
	struct tax_view v = {l->full_price, l->full_amount_fen, l->discount_fen};

	if (entry_inclusive == view_inclusive)
		return v;
	if (entry_inclusive)
		return (struct tax_view) {l->net_price, l->net_fen, -l->discount_net_fen};
	v.amount_fen = l->gross_fen;
	v.discount_fen = -l->discount_gross_fen;
	if (!gross_price(l, &v.price))
		v.price = l->full_price; /* 25 digits of yuan: no room for the tax */
	return v;
}

size_t tax_row_count(const struct invoice *inv)
{
	size_t n = inv->line_count;

	for (size_t i = 0; i < inv->line_count; i++)
		n += inv->lines[i].discount_fen != 0;
	return n;
}

static struct tax_row goods_row(const struct tax_line *l, unsigned seq)
{
	return (struct tax_row) {
	    .seq = seq,
	    .line = l,
	    .nature = l->discount_fen ? ROW_DISCOUNTED : ROW_NORMAL,
	    .has_quantity = !dec_is_zero(l->full_quantity),
	    .quantity = l->full_quantity,
	    .net_price = l->net_price,
	    .net_fen = l->net_fen,
	    .tax_fen = l->tax_fen,
	    .gross_fen = l->gross_fen,
	};
}

static struct tax_row discount_row(const struct tax_line *l, unsigned seq)
{
	return (struct tax_row) {
	    .seq = seq,
	    .line = l,
	    .nature = ROW_DISCOUNT,
	    .net_fen = l->discount_net_fen,
	    .tax_fen = l->discount_tax_fen,
	    .gross_fen = l->discount_gross_fen,
	};
}

/* The cursor holds the line (high), whether its goods row was given (bit 32), rows given (low). */
bool tax_row_next(const struct invoice *inv, size_t *cursor, struct tax_row *out)
{
	const uint64_t goods_given = UINT64_C(1) << 32;
	uint64_t at = *cursor, line = at >> 33;
	unsigned seq = (unsigned)(at & (goods_given - 1)) + 1;

	if (line >= inv->line_count)
		return false;
	const struct tax_line *l = &inv->lines[line];
	if (at & goods_given) {
		*out = discount_row(l, seq);
		line++;
		at = 0;
	} else {
		*out = goods_row(l, seq);
		at = l->discount_fen ? goods_given : 0;
		line += !l->discount_fen;
	}
	*cursor = (size_t)(line << 33 | at | seq);
	return true;
}

static enum err fail_spread(struct err_info *e, const char *code, const char *why)
{
	err_fail(e, ERR_INVALID, code, "多行折扣", "%s", why);
	err_field(e, "lines");
	err_hint(e, "折扣额要大于 0、小于所选各行金额之和，并且每行至少分到 0.01");
	return ERR_INVALID;
}

/* Amounts of the chosen lines as if without discount, and their sum. */
static enum err spread_amounts(const struct invoice *inv, const size_t *lines, size_t n,
			       int64_t *amounts, int64_t *sum, struct err_info *e)
{
	*sum = 0;
	for (size_t i = 0; i < n; i++) {
		if (lines[i] >= inv->line_count)
			return fail_spread(e, "discount.spread.line", "所选的行不存在");
		for (size_t j = 0; j < i; j++)
			if (lines[j] == lines[i])
				return fail_spread(e, "discount.spread.line", "同一行选了两次");
		struct tax_line l = inv->lines[lines[i]];
		l.discount = (struct discount) {.by = DISCOUNT_NONE};
		enum err rc = calc_line(&l, inv->prices_include_tax, lines[i] + 1, e);
		if (rc)
			return rc;
		amounts[i] = l.full_amount_fen;
		if (!fen_add(*sum, amounts[i], sum))
			return fail_spread(e, "discount.spread.overflow",
					   "所选各行金额之和超过 18 位");
	}
	return ERR_OK;
}

/* A row whose share is the rate of its amount keeps the rate. */
static void set_share(struct tax_line *l, const struct discount *d, int64_t amount, int64_t share)
{
	int64_t by_rate;

	if (d->by == DISCOUNT_BY_RATE && tax_discount_from_rate(amount, d->rate, &by_rate) &&
	    by_rate == share)
		l->discount = (struct discount) {.by = DISCOUNT_BY_RATE, .rate = d->rate};
	else
		l->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = share};
}

enum err tax_discount_spread(struct invoice *inv, const size_t *lines, size_t n,
			     const struct discount *d, struct err_info *e)
{
	int64_t sum, *amounts = mem_alloc((2 * n + 1) * sizeof(*amounts)), *shares = amounts + n;
	bool by_rate = d->by == DISCOUNT_BY_RATE;
	enum err rc = spread_amounts(inv, lines, n, amounts, &sum, e);

	if (!rc && !by_rate && (d->amount_fen <= 0 || d->amount_fen >= sum))
		rc = fail_spread(e, "discount.spread.range", "折扣额不在所选各行金额之内");
	if (!rc && !(by_rate ? tax_spread_rate(amounts, n, d->rate, shares)
			     : tax_spread(amounts, n, d->amount_fen, shares)))
		rc = fail_spread(e, "discount.spread.share", "折扣额无法按金额分摊到每一行");
	for (size_t i = 0; !rc && i < n; i++)
		set_share(&inv->lines[lines[i]], d, amounts[i], shares[i]);
	free(amounts);
	return rc;
}
