/* print/rows_p.h - the rows of the item area, and what stands in their cells.
 *
 * Ownership   struct item_rows owns its arrays and strings; rows point into them and into the
 *             invoice, which must outlive them.
 */
#ifndef KP_PRINT_ROWS_P_H
#define KP_PRINT_ROWS_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "tax/calc.h"
#include "tax/invoice.h"

/* Cases in which rate and tax are not plain figures (layout 2.8). */
enum rate_case {
	RATE_FIGURE,
	RATE_ZERO,
	RATE_EXEMPT,
	RATE_UNTAXED,
	RATE_TELECOM,
	RATE_DIFFERENTIAL, /* 差额开票 */
	RATE_CASES
};
enum rate_case rate_case_of(const struct tax_line *l);

/* 差额征税-全额开票, 差额征税-差额开票, or "". */
const char *differential_label(const struct invoice *inv);

/* Texts of the rate and tax cell on the face; out[FEN_TEXT] each. */
void cell_rate(const struct tax_row *r, char out[FEN_TEXT]);
void cell_tax(const struct tax_row *r, char out[FEN_TEXT]);
/* The same for TaxRate and ComTaxAm of the XML. */
void cell_rate_xml(const struct tax_row *r, char out[FEN_TEXT]);
void cell_tax_xml(const struct tax_row *r, char out[FEN_TEXT]);
/* Total of the tax column: "***" when every line is exempt, else the figure; true: a figure. */
bool cell_tax_total(const struct invoice *inv, char out[FEN_TEXT]);
/* Quantity or price without needless zeros. */
const char *cell_decimal(struct dec d, char out[DEC_TEXT]);

struct slice {
	const char *s;
	size_t n;
};

struct item_row {
	size_t source; /* index in item_rows.sources */
	bool first;    /* carries quantity, price, amount, rate and tax */
	struct slice name, spec, unit;
};

struct item_source {
	struct tax_row row;
	char *name; /* *short*name */
};

struct item_rows {
	struct item_source *sources;
	size_t source_count;
	struct item_row *rows;
	size_t count, cap;
};

/* Wraps the rows of a computed invoice for columns of the given widths (in em). */
void item_rows_make(struct item_rows *t, const struct invoice *inv, double name_em, double spec_em,
		    double unit_em);
void item_rows_free(struct item_rows *t);
/* Net and tax of the sources whose figures stand in rows [first, first + n). */
void item_rows_sum(const struct item_rows *t, size_t first, size_t n, int64_t *net, int64_t *tax);

#endif
