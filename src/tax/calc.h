/* tax/calc.h - arithmetic of an invoice.
 *
 * Source of the rules: features D10-D15, N20-N24; protocol 7.6, 7.7; command line contract.
 *   inclusive mode  gross = amount entered; net = round(gross / (1+rate)); tax = gross - net
 *   exclusive mode  net = amount entered;   tax = round(net * rate);       gross = net + tax
 * Rounding is half up away from zero on exact values.  Of quantity, price, amount any two give the
 * third; amount alone is enough; all three are accepted when |quantity*price - amount| <= 0.01 (the
 * amount decides).  A derived price has at most 13 decimals.  An adjustment of the tax is added
 * last.
 */
#ifndef KP_TAX_CALC_H
#define KP_TAX_CALC_H

#include "base/err.h"
#include "tax/invoice.h"

/* Splits an amount of the given mode into net, tax, gross; symmetric for negative amounts. */
void tax_split(int64_t amount_fen, int32_t rate_ppm, bool inclusive, int64_t *net, int64_t *tax,
	       int64_t *gross);

/* Puts the invoice's deduction into the line it counts for: 差额开票 of a single line; 0 into all
 * others.  Computing and validating an invoice do it first. */
void tax_deduction_apply(struct invoice *inv);

/* Fills the computed members of one line; with a deduction the tax is that of what remains:
 * (gross - deduction) / (1+rate) * rate, net = gross - tax (protocol 7.8).  ERR_INVALID (field
 * names relative to the line, e.g. "quantity") when the triple is incomplete or contradictory, a
 * value is not positive, the rate is missing, the discount is not in (0, amount), the deduction is
 * beyond the amount, an adjustment is beyond TAX_ADJUST_MAX or a result overflows 18 digits. */
enum err tax_line_compute(struct tax_line *l, bool inclusive, struct err_info *e);
/* All lines and the totals, of a red invoice the totals alone; the field of a fault is
 * "lines[i].member" (0-based). */
enum err tax_invoice_compute(struct invoice *inv, struct err_info *e);

/* Discount: one form computes the other for an amount (both positive fen, price mode). */
bool tax_discount_from_rate(int64_t amount_fen, struct dec rate, int64_t *discount_fen);
bool tax_discount_from_amount(int64_t amount_fen, int64_t discount_fen, struct dec *rate);
/* Spreads one discount, by amount or by rate (of the sum, rounded once), over the marked lines in
 * proportion to their amounts; the rest goes to the last (tax/spread.h).  A line gets its share as
 * an amount, or keeps the rate where that gives the same.  ERR_INVALID when it is not in (0, sum)
 * or a line would get its whole amount or nothing. */
enum err tax_discount_spread(struct invoice *inv, const size_t *lines, size_t n,
			     const struct discount *d, struct err_info *e);

/* What a line shows in a view, whatever the entry mode: pure, changes nothing. */
struct tax_view {
	struct dec price;
	int64_t amount_fen, discount_fen;
};
struct tax_view tax_line_view(const struct tax_line *l, bool entry_inclusive, bool view_inclusive);

/* A unit price in the other mode, at most 13 decimals; false when it does not fit. */
bool tax_price_in_mode(struct dec price, int32_t rate_ppm, bool inclusive, bool wanted,
		       struct dec *out);

/* The rows sent and printed: nature 00 normal, 02 discounted, 01 discount (protocol 7.7). */
enum row_nature { ROW_NORMAL = 0, ROW_DISCOUNT = 1, ROW_DISCOUNTED = 2 };
struct tax_row {
	unsigned seq;                /* 1, 2, 3 ... */
	const struct tax_line *line; /* name, code, unit, ... */
	enum row_nature nature;
	bool has_quantity; /* false on discount rows and amount-only lines */
	struct dec quantity, net_price;
	int64_t net_fen, tax_fen, gross_fen;
};
/* Number of rows of a computed invoice. */
size_t tax_row_count(const struct invoice *inv);
/* Iteration: start with cursor = 0; false at the end. */
bool tax_row_next(const struct invoice *inv, size_t *cursor, struct tax_row *out);

#endif
