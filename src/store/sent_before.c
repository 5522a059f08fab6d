/* sent_before.c - the comparison behind "03 重复上传 read as success" (invariant I3). */
#include "store/invoices.h"

enum err store_sent_before(struct db *db, int64_t invoice, int64_t batch, bool *out,
			   struct err_info *e)
{
	int64_t one;
	return db_get_int(
	    db, e, &one, out,
	    "SELECT 1 FROM upload_item i JOIN upload_batch b ON b.id = i.batch_id "
	    "JOIN invoice_sent s ON s.invoice_id = i.invoice_id "
	    "WHERE i.invoice_id = ? AND b.id <> ? AND b.state IN ('lost', 'accepted', 'done') "
	    "AND b.sent_at >= s.first_sent_at LIMIT 1",
	    "ll", invoice, batch);
}
