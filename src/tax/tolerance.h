/* tax/tolerance.h - 尾差: how far the figures of a computed invoice are from what the tax side
 * computes of them, what it allows, and what may be done about it.  Pure.
 *
 * Source of the limits: features N20-N23, protocol 7.6, 7.8.  A difference is counted in hundredths
 * of a fen and rounded away from zero, so that one that is beyond its limit never looks as if it
 * were at it.
 */
#ifndef KP_TAX_TOLERANCE_H
#define KP_TAX_TOLERANCE_H

#include "tax/calc.h"

enum { GAP_FEN = 100 }; /* a fen in units of a difference */
enum gap_kind {
	GAP_PRICE,    /* quantity x price without tax - net */
	GAP_TAX,      /* net x rate - tax; 差额征税: of what remains */
	GAP_NET,      /* gross / (1 + rate) - net */
	GAP_TOTAL_TAX /* sum of net x rate - tax of the invoice */
};
enum gap_state { GAP_FINE, GAP_NEAR, GAP_OVER }; /* near: from two thirds of the limit on */
struct tax_gap {
	enum gap_kind kind;
	bool of_discount; /* of the discount row */
	int64_t off, limit;
};
enum gap_state tax_gap_state(const struct tax_gap *g);
/* "税额差 0.05/0.06", "折扣税额差 ..." */
enum { GAP_TEXT = 96 };
const char *tax_gap_text(const struct tax_gap *g, char out[GAP_TEXT]);
/* "0.05", "0.0441": two to four decimals. */
const char *tax_gap_figure(int64_t off, char out[GAP_TEXT]);

/* All differences of a computed line, the one nearest to its limit first; returns their number.
 * differential: of a 差额征税 invoice. */
enum { LINE_GAPS = 5 };
int tax_line_gaps(const struct tax_line *l, bool differential, struct tax_gap out[LINE_GAPS]);
/* net x rate of the line and its discount, in millionths of a fen: summed up for the next. */
dec_int tax_line_exact(const struct tax_line *l);
struct tax_gap tax_total_gap(dec_int exact, int64_t tax_fen);

/* ---- mending: never done unasked ---- */

/* The adjustments of the line's tax that all limits allow, the present one among them unless the
 * line is over one: *low <= *high.  False: none at all. */
bool tax_adjust_range(const struct tax_line *l, bool inclusive, bool differential, int64_t *low,
		      int64_t *high);
/* The one that brings the tax nearest to net x rate; the present one when there is no better. */
int64_t tax_adjust_best(const struct tax_line *l, bool inclusive, bool differential);
/* Adjusts lines by a fen at a time, those first that come nearest to their rate by it, until the
 * tax of the computed invoice is `wanted`; computes it again.  False: only *low to *high can be
 * reached, nothing is changed.  *changed: how many lines. */
bool tax_adjust_spread(struct invoice *inv, int64_t wanted, size_t *changed, int64_t *low,
		       int64_t *high);
/* The tax of the invoice that is nearest to its rates. */
int64_t tax_total_best(const struct invoice *inv);
/* A contradictory row (quantity x price is not the amount, N20): the price, the amount or the
 * quantity that follows from the other two; the price with as few decimals as do.  False: there is
 * none. */
bool tax_mend_price(const struct tax_line *l, struct dec *price);
bool tax_mend_amount(const struct tax_line *l, int64_t *amount_fen);
bool tax_mend_quantity(const struct tax_line *l, struct dec *quantity);

#endif
