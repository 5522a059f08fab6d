/* tax/spread.h - one amount over several rows, the sum exact to the fen.  Pure.
 *
 * Every share is its row's part, rounded; what the roundings leave goes to the last row (features
 * D15).  Where the last row has no room for that, the shares are those whose running sums are
 * rounded, so that each is within a fen of its part.
 */
#ifndef KP_TAX_SPREAD_H
#define KP_TAX_SPREAD_H

#include "base/decimal.h"

/* Shares of `total` in proportion to the parts, 0 < share < part each; parts are positive and their
 * sum is within FEN_MAX.  False: there are none such. */
bool tax_spread(const int64_t *parts, size_t n, int64_t total, int64_t *shares);
/* The same of sum * rate, 0 < rate < 1: each share but the last is its part * rate, rounded. */
bool tax_spread_rate(const int64_t *parts, size_t n, struct dec rate, int64_t *shares);

#endif
