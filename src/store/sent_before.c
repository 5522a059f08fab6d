/* sent_before.c - what an earlier upload of the same bytes may have done (invariant I3). */
#include "store/invoices.h"

enum err store_sent_refused(struct db *db, int64_t invoice, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE upload_item SET refused = 1 WHERE invoice_id = ?", "l",
		      invoice);
}

enum err store_sent_before(struct db *db, int64_t invoice, int64_t batch, bool *out,
			   struct err_info *e)
{
	int64_t one;
	return db_get_int(db, e, &one, out,
			  "SELECT 1 FROM upload_item i JOIN upload_batch b ON b.id = i.batch_id"
			  " WHERE i.invoice_id = ? AND b.id <> ? AND i.refused = 0"
			  " AND b.state IN ('lost', 'accepted', 'done') LIMIT 1",
			  "ll", invoice, batch);
}
