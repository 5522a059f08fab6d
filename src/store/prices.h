/* store/prices.h - what a buyer paid last for an article: written when an invoice is issued.
 *
 * A buyer is told by his tax number, without one by his name; an article by name, specification and
 * unit.  Of one buyer at most PRICES_OF_BUYER articles are kept for long, the latest.
 */
#ifndef KP_STORE_PRICES_H
#define KP_STORE_PRICES_H

#include "store/db.h"
#include "tax/invoice.h"

enum { PRICES_OF_BUYER = 1000 };
struct price_last {
	int64_t invoice_id;
	struct dec price; /* before discount, in the mode of `inclusive` */
	bool inclusive;
	int32_t rate_ppm;
};
/* Prices of an invoice's lines.  Inside a transaction. */
enum err store_price_issued(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			    struct err_info *e);
/* The same for an older invoice: what is known already stays. */
enum err store_price_learn(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			   struct err_info *e);
/* *found false when nothing is known. */
enum err store_price_get(struct db *db, int64_t unit, const struct party *buyer,
			 const struct tax_line *line, struct price_last *out, bool *found,
			 struct err_info *e);
/* That price came from an invoice that became nothing. */
enum err store_price_forget(struct db *db, int64_t unit, const struct party *buyer,
			    const struct tax_line *line, struct err_info *e);
/* Have the older invoices of the buyer been looked through? */
enum err store_price_learned(struct db *db, int64_t unit, const struct party *buyer, bool *out,
			     struct err_info *e);
enum err store_price_set_learned(struct db *db, int64_t unit, const struct party *buyer,
				 struct err_info *e);

#endif
