/* invoices_watch.c - invoices that have waited for long, and those that wait for a person. */
#include "store/invoices_p.h"

#define ROW                                                                                        \
	"SELECT i.id, i.state, i.kind, i.created_at, COALESCE(i.number, ''),"                      \
	" COALESCE(i.order_no, ''), i.gross, i.message, i.needs_person FROM invoice i"

static enum err give(struct rows *q, enum err r, int max, invoice_each f, void *arg, int64_t *count,
		     struct err_info *e)
{
	*count = 0;
	while (!r && rows_next(q)) {
		struct invoice_row row = {
		    .id = rows_int(q, 0),
		    .created_at = rows_int(q, 3),
		    .number = rows_text(q, 4),
		    .order_no = rows_text(q, 5),
		    .gross = rows_int(q, 6),
		    .message = rows_text(q, 7),
		    .needs_person = rows_int(q, 8) != 0,
		    .issued_at = "",
		    .buyer_name = "",
		    .buyer_tax_no = "",
		};
		invoice_state_parse(rows_text(q, 1), &row.state);
		invoice_kind_parse(rows_text(q, 2), &row.kind);
		if (++*count <= max)
			r = f(arg, &row);
	}
	return rows_end(&q, r, e);
}

enum err store_invoice_overdue(struct db *db, int64_t unit, int64_t before, int max, invoice_each f,
			       void *arg, int64_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      ROW " WHERE i.unit_id = ? AND i.created_at < ?"
				  " AND (i.state = 'numbered' OR i.state = 'sending' OR"
				  " i.state = 'accepted' OR i.state = 'unknown')"
				  " ORDER BY i.created_at LIMIT ?",
			      "lli", unit, before, (int)WATCH_MAX);
	return give(q, r, max, f, arg, count, e);
}

enum err store_invoice_persons(struct db *db, int64_t unit, int max, invoice_each f, void *arg,
			       int64_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      ROW " WHERE i.unit_id = ? AND i.needs_person = 1 ORDER BY i.id"
				  " LIMIT ?",
			      "li", unit, (int)WATCH_MAX);
	return give(q, r, max, f, arg, count, e);
}

enum err store_invoice_failures(struct db *db, int64_t unit, int max, invoice_each f, void *arg,
				int64_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      ROW " WHERE i.unit_id = ? AND i.state = 'failed'"
				  " AND i.needs_person = 0 LIMIT ?",
			      "li", unit, (int)WATCH_MAX);
	return give(q, r, max, f, arg, count, e);
}
