/* tax/tolerance_mend.c - what may be done about differences, within what is allowed. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tax/calc_p.h"
#include "tax/tolerance.h"

/* ---- one line ---- */

static bool allowed(const struct tax_line *l, bool differential)
{
	struct tax_gap gaps[LINE_GAPS];

	tax_line_gaps(l, differential, gaps);
	return tax_gap_state(&gaps[0]) != GAP_OVER && l->net_fen > 0 && l->gross_fen > 0 &&
	       l->tax_fen >= 0 && -l->discount_net_fen <= l->net_fen &&
	       -l->discount_tax_fen <= l->tax_fen;
}

/* The line with another adjustment; its texts are lent.  False: not allowed. */
static bool with_adjust(const struct tax_line *l, bool inclusive, bool differential, int64_t adjust,
			struct tax_line *out)
{
	*out = *l;
	out->tax_adjust_fen = adjust;
	return !tax_line_compute(out, inclusive, NULL) && allowed(out, differential);
}

bool tax_adjust_range(const struct tax_line *l, bool inclusive, bool differential, int64_t *low,
		      int64_t *high)
{
	struct tax_line other;
	int64_t adjust;
	bool any = false;

	for (adjust = -TAX_ADJUST_MAX; adjust <= TAX_ADJUST_MAX; adjust++) {
		if (!with_adjust(l, inclusive, differential, adjust, &other))
			continue;
		if (!any)
			*low = adjust;
		*high = adjust;
		any = true;
	}
	return any;
}

static int64_t tax_gap_of(const struct tax_line *l, bool differential)
{
	struct tax_gap gaps[LINE_GAPS];
	int i, n = tax_line_gaps(l, differential, gaps);

	for (i = 0; i < n; i++) {
		if (gaps[i].kind == GAP_TAX && !gaps[i].of_discount)
			return gaps[i].off;
	}
	return 0;
}

int64_t tax_adjust_best(const struct tax_line *l, bool inclusive, bool differential)
{
	int64_t best = l->tax_adjust_fen, least = INT64_MAX, off, adjust;
	struct tax_line other;

	if (allowed(l, differential))
		least = tax_gap_of(l, differential);
	for (adjust = -TAX_ADJUST_MAX; adjust <= TAX_ADJUST_MAX; adjust++) {
		if (!with_adjust(l, inclusive, differential, adjust, &other))
			continue;
		off = tax_gap_of(&other, differential);
		if (off < least) {
			least = off;
			best = adjust;
		}
	}
	return best;
}

/* ---- over the lines ---- */

struct step {
	size_t line;
	int64_t off; /* of the line's tax after it */
};

static int smaller_first(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* Lines that may go one fen in the direction. */
static size_t find_steps(const struct invoice *inv, int direction, struct step *out)
{
	bool differential = *inv->differential != 0;
	struct tax_line other;
	size_t i, n = 0;

	for (i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];

		if (l->rate_ppm && with_adjust(l, inv->prices_include_tax, differential,
					       l->tax_adjust_fen + direction, &other))
			out[n++] = (struct step) {i, tax_gap_of(&other, differential)};
	}
	qsort(out, n, sizeof(*out), smaller_first);
	return n;
}

static void reach(const struct invoice *inv, int64_t *low, int64_t *high)
{
	size_t i;

	*low = *high = inv->tax_fen;
	for (i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		int64_t least, most;

		if (!l->rate_ppm || !tax_adjust_range(l, inv->prices_include_tax,
						      *inv->differential != 0, &least, &most))
			continue;
		*low += least - l->tax_adjust_fen;
		*high += most - l->tax_adjust_fen;
	}
}

static void adjust_line(struct invoice *inv, size_t i, int64_t adjust)
{
	inv->lines[i].tax_adjust_fen = adjust;
	tax_line_compute(&inv->lines[i], inv->prices_include_tax, NULL);
}

static int64_t take_steps(struct invoice *inv, int64_t left, const struct step *steps, size_t n)
{
	int direction = left < 0 ? -1 : 1;
	size_t i;

	for (i = 0; i < n && left; i++, left -= direction)
		adjust_line(inv, steps[i].line,
			    inv->lines[steps[i].line].tax_adjust_fen + direction);
	return left;
}

bool tax_adjust_spread(struct invoice *inv, int64_t wanted, size_t *changed, int64_t *low,
		       int64_t *high)
{
	struct step *steps = mem_alloc((inv->line_count + 1) * sizeof(*steps));
	int64_t *before = mem_alloc((inv->line_count + 1) * sizeof(*before));
	int64_t left = wanted - inv->tax_fen;
	size_t i, n;

	*changed = 0;
	reach(inv, low, high);
	for (i = 0; i < inv->line_count; i++)
		before[i] = inv->lines[i].tax_adjust_fen;
	while (left && wanted >= *low && wanted <= *high &&
	       (n = find_steps(inv, left < 0 ? -1 : 1, steps)) > 0)
		left = take_steps(inv, left, steps, n);
	for (i = 0; i < inv->line_count; i++) {
		if (left && inv->lines[i].tax_adjust_fen != before[i])
			adjust_line(inv, i, before[i]);
		*changed += inv->lines[i].tax_adjust_fen != before[i];
	}
	free(steps);
	free(before);
	return !left && !calc_totals(inv, NULL);
}

/* With tax in the prices the net amount gives way, and with it what the rates make of it. */
int64_t tax_total_best(const struct invoice *inv)
{
	dec_int exact = 0, off, part, half;
	size_t i;

	for (i = 0; i < inv->line_count; i++)
		exact += tax_line_exact(&inv->lines[i]);
	off = exact - (dec_int)inv->tax_fen * RATE_ONE;
	part = RATE_ONE;
	if (inv->prices_include_tax && inv->net_fen > 0)
		part += exact / inv->net_fen;
	half = off < 0 ? -part / 2 : part / 2;
	return inv->tax_fen + (int64_t)((off + half) / part);
}

/* ---- a contradictory row ---- */

bool tax_mend_price(const struct tax_line *l, struct dec *price)
{
	uint8_t scale;

	if (!l->has_quantity || !l->has_amount || l->quantity.coef <= 0)
		return false;
	for (scale = 2; scale <= 13; scale++) {
		if (dec_div_fen(l->amount_fen, l->quantity, scale, price) && price->coef > 0 &&
		    dec_product_near(l->quantity, *price, l->amount_fen, 0))
			return true;
	}
	return dec_div_fen(l->amount_fen, l->quantity, 13, price) && price->coef > 0 &&
	       dec_product_near(l->quantity, *price, l->amount_fen, 1);
}

bool tax_mend_amount(const struct tax_line *l, int64_t *amount_fen)
{
	return l->has_quantity && l->has_price && dec_mul_fen(l->quantity, l->price, amount_fen) &&
	       *amount_fen > 0;
}

bool tax_mend_quantity(const struct tax_line *l, struct dec *quantity)
{
	return l->has_price && l->has_amount && l->price.coef > 0 &&
	       dec_div_fen(l->amount_fen, l->price, 13, quantity) && quantity->coef > 0 &&
	       dec_product_near(*quantity, l->price, l->amount_fen, 1);
}
