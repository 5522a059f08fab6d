/* tax/split_p.h - between the files that take invoices apart and put them together. */
#ifndef KP_TAX_SPLIT_P_H
#define KP_TAX_SPLIT_P_H

#include "tax/split.h"

/* Deep; `to` is an initialised line. */
void line_copy(struct tax_line *to, const struct tax_line *from);
size_t line_rows(const struct tax_line *l);
int64_t line_weight(const struct tax_line *l, bool gross); /* discount included */
/* Does the computed line hold the arithmetic of the tax side?  inv: whose it is. */
bool line_holds(const struct invoice *inv, const struct tax_line *l);
/* Rate times amount less tax, in fen x RATE_ONE, of both its rows. */
dec_int line_tax_off(const struct tax_line *l);
/* Is the sum of those within what the tax side allows of an invoice (N23)? */
bool total_tax_holds(dec_int off);

/* Cuts a computed line in two; texts of both are those of the line. */
struct split_cut {
	const struct invoice *whole;
	const struct split_rule *rule;
	int64_t room; /* the head weighs at most so much */
	bool fresh;   /* nothing is in the invoice yet: a single piece may be cut, too */
	struct tax_line head, rest;
};
/* False: it cannot be done within the tolerances. */
bool line_cut(const struct tax_line *l, struct split_cut *cut);

#endif
