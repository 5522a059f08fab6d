/* store/invoices_find.h - the index behind the searches of 开票记录.
 *
 * An invoice's document number is its id, so pages stay in order of ids.  Issuing writes nothing to
 * the index: of each unit it knows how far it is, and a search reads the invoices behind that
 * itself, which are few because the engine takes them in whenever it has nothing else to do.  (Per
 * invoice its hundred terms would cost a millisecond in the transaction that issues it, and some
 * ten microseconds when a thousand are sorted and written together.)  Old homes are taken in the
 * same way, from the oldest on.
 */
#ifndef KP_STORE_INVOICES_FIND_H
#define KP_STORE_INVOICES_FIND_H

#include "store/db.h"

enum { FIND_TAIL = 256 }; /* invoices that may wait for the index */

/* Is there a unit with more than `tail` invoices behind the index, or changed ones, or some that an
 * earlier program took in without 附加要素?  Those come last. */
enum err store_invoice_find_due(struct db *db, int64_t tail, bool *due, struct err_info *e);
/* Takes at most n invoices of one unit in, inside a transaction; *left: there is more to do. */
enum err store_invoice_find_step(struct db *db, int n, bool *left, struct err_info *e);

#endif
