/* tax/calc_p.h - inside the tax room: computing one line of an invoice under its row number. */
#ifndef KP_TAX_CALC_P_H
#define KP_TAX_CALC_P_H

#include "tax/calc.h"

/* tax_line_compute for the line at 1-based `row`, which the fault then names in words and as
 * "lines[row-1].member"; row 0: a line by itself. */
enum err calc_line(struct tax_line *l, bool inclusive, size_t row, struct err_info *e);
/* Sums the computed lines into the invoice's totals; ERR_INVALID beyond 18 digits. */
enum err calc_totals(struct invoice *inv, struct err_info *e);

#endif
