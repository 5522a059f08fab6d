/* tax/tolerance.c - how far figures are from their rates and prices. */
#include "tax/tolerance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tax/tolerance_p.h"

static const struct {
	const char *label;
	int64_t limit;
} KINDS[] = {
    [GAP_PRICE] = {"数量×单价差", ROW_NET_FEN *GAP_FEN},
    [GAP_TAX] = {"税额差", ROW_TAX_FEN *GAP_FEN},
    [GAP_NET] = {"价税差", ROW_NET_FEN *GAP_FEN},
    [GAP_TOTAL_TAX] = {"合计税额差", TOTAL_TAX_FEN *GAP_FEN},
};

enum gap_state tax_gap_state(const struct tax_gap *g)
{
	if (g->off > g->limit)
		return GAP_OVER;
	return 3 * g->off >= 2 * g->limit ? GAP_NEAR : GAP_FINE;
}

const char *tax_gap_figure(int64_t off, char out[GAP_TEXT])
{
	size_t n;

	snprintf(out, GAP_TEXT, "%lld.%04lld", (long long)(off / 10000), (long long)(off % 10000));
	for (n = strlen(out); out[n - 1] == '0' && out[n - 3] != '.'; n--)
		out[n - 1] = 0;
	return out;
}

const char *tax_gap_text(const struct tax_gap *g, char out[GAP_TEXT])
{
	char off[GAP_TEXT], limit[GAP_TEXT];

	snprintf(out, GAP_TEXT, "%s%s %.20s/%.20s", g->of_discount ? "折扣" : "",
		 KINDS[g->kind].label, tax_gap_figure(g->off, off),
		 tax_gap_figure(g->limit, limit));
	return out;
}

/* ---- differences ---- */

/* |num| / den fen, away from zero. */
static int64_t away(dec_int num, dec_int den)
{
	num = num < 0 ? -num : num;
	return (int64_t)((num * GAP_FEN + den - 1) / den);
}

static struct tax_gap gap(enum gap_kind kind, bool of_discount, int64_t off)
{
	return (struct tax_gap) {kind, of_discount, off, KINDS[kind].limit};
}

/* d * 100; false when it has no room. */
static bool times_hundred(struct dec d, struct dec *out)
{
	return dec_mul_ratio(d, GAP_FEN, 1, d.scale, out);
}

static int64_t price_off(const struct tax_line *l)
{
	bool near = dec_product_near(l->full_quantity, l->net_price, l->net_fen, ROW_NET_FEN);
	int64_t limit = KINDS[GAP_PRICE].limit, fine, net, off;
	struct dec more;

	if (!times_hundred(l->full_quantity, &more) || !dec_mul_fen(more, l->net_price, &fine) ||
	    !fen_mul_ratio(l->net_fen, GAP_FEN, 1, &net))
		return near ? 0 : limit + 1;
	off = fine > net ? fine - net : net - fine;
	/* The product was rounded: the comparison decides. */
	if (near)
		return off > limit ? limit : off;
	return off > limit ? off : limit + 1;
}

static int64_t tax_off(int64_t net, int64_t tax, int32_t ppm)
{
	return away((dec_int)net * ppm - (dec_int)tax * RATE_ONE, RATE_ONE);
}

static int64_t net_off(int64_t gross, int64_t net, int32_t ppm)
{
	const dec_int whole = RATE_ONE + (int64_t)ppm;

	return away((dec_int)gross * RATE_ONE - net * whole, whole);
}

static int64_t differential_off(const struct tax_line *l)
{
	const dec_int whole = RATE_ONE + (int64_t)l->rate_ppm;

	return away(((dec_int)l->gross_fen - l->deduction_fen) * l->rate_ppm -
			(dec_int)l->tax_fen * whole,
		    whole);
}

/* The greater part of its limit first. */
static int nearer_first(const void *a, const void *b)
{
	const struct tax_gap *x = a, *y = b;
	dec_int left = (dec_int)x->off * y->limit, right = (dec_int)y->off * x->limit;

	return (left < right) - (left > right);
}

int tax_line_gaps(const struct tax_line *l, bool differential, struct tax_gap out[LINE_GAPS])
{
	int n = 0;

	if (!dec_is_zero(l->full_quantity))
		out[n++] = gap(GAP_PRICE, false, price_off(l));
	if (differential) {
		out[n++] = gap(GAP_TAX, false, differential_off(l));
	} else {
		out[n++] = gap(GAP_TAX, false, tax_off(l->net_fen, l->tax_fen, l->rate_ppm));
		out[n++] = gap(GAP_NET, false, net_off(l->gross_fen, l->net_fen, l->rate_ppm));
	}
	if (l->discount_fen && !differential) {
		out[n++] = gap(GAP_TAX, true,
			       tax_off(l->discount_net_fen, l->discount_tax_fen, l->rate_ppm));
		out[n++] = gap(GAP_NET, true,
			       net_off(l->discount_gross_fen, l->discount_net_fen, l->rate_ppm));
	}
	qsort(out, (size_t)n, sizeof(*out), nearer_first);
	return n;
}

dec_int tax_line_exact(const struct tax_line *l)
{
	return ((dec_int)l->net_fen + l->discount_net_fen) * l->rate_ppm;
}

struct tax_gap tax_total_gap(dec_int exact, int64_t tax_fen)
{
	return gap(GAP_TOTAL_TAX, false, away(exact - (dec_int)tax_fen * RATE_ONE, RATE_ONE));
}
