/* desk/prices.h - what a buyer got last: the price of an article, the whole invoice. */
#ifndef KP_DESK_PRICES_H
#define KP_DESK_PRICES_H

#include "desk/session.h"
#include "store/prices.h"
#include "tax/tax.h"

/* The last price of the line's article for the buyer, in the mode asked for, at most 13 decimals;
 * date and number of its invoice.  *found false: none known.  Prices of invoices from before they
 * were kept are learned by the first question about a buyer, from his latest invoices; with another
 * writer at work the next question does that. */
struct price_known {
	struct dec price;
	char date[DATE_TEXT], number[NUMBER_TEXT];
};
enum err desk_price_last(struct session *s, const struct party *buyer, const struct tax_line *line,
			 bool inclusive, struct price_known *out, bool *found, struct err_info *e);
/* Shall the last price be taken unasked where none was typed (parameter blue last_price)? */
bool desk_price_taken(struct session *s);

/* The last invoice issued to the buyer; *id 0: none. */
enum err desk_last_invoice(struct session *s, const struct party *buyer, int64_t *id,
			   struct err_info *e);

#endif
