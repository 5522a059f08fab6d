/* unit_records.c - a unit's invoices, numbers and quota go, with what was derived from them. */
#include <inttypes.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/secret.h"
#include "store/find.h"
#include "store/unit.h"

/* What refers to a row goes before it. */
#define OF_INVOICE(TABLE)                                                                          \
	"DELETE FROM " TABLE " WHERE invoice_id IN (SELECT id FROM invoice WHERE unit_id = ?)"
#define OF_UNIT(TABLE) "DELETE FROM " TABLE " WHERE unit_id = ?"
static const char *const records[] = {
    OF_UNIT("invoice_boundary"),
    OF_INVOICE("invoice_reversed"),
    OF_UNIT("invoice_red"),
    OF_UNIT("mail"),
    OF_UNIT("push_event"),
    OF_INVOICE("draft_result"),
    OF_UNIT("draft_used"),
    "DELETE FROM batch_body WHERE order_id IN (SELECT id FROM batch_order WHERE unit_id = ?)",
    OF_UNIT("batch_order"),
    "DELETE FROM upload_item WHERE batch_id IN (SELECT id FROM upload_batch WHERE unit_id = ?)",
    OF_UNIT("upload_batch"),
    OF_INVOICE("invoice_sent"),
    OF_INVOICE("invoice_line"),
    OF_UNIT("number_taken"),
    OF_UNIT("segment"),
    "DELETE FROM claim_piece WHERE claim_id IN (SELECT id FROM claim WHERE unit_id = ?)",
    OF_UNIT("claim"),
    OF_UNIT("quota_entry"),
    OF_UNIT("quota_month"),
    OF_UNIT("invoice_find_again"),
    OF_UNIT("invoice_find_past"),
    OF_UNIT("invoice_find"),
    OF_UNIT("report_sum"),
    OF_UNIT("report_key"),
    OF_UNIT("report_month"),
    OF_UNIT("report_day"),
    OF_UNIT("price_last"),
    OF_UNIT("price_buyer"),
    OF_UNIT("invoice_day"),
    OF_UNIT("invoice_tally"),
    OF_UNIT("invoice"),
};

enum err store_unit_drop_records(struct db *db, int64_t id, struct err_info *e)
{
	enum err r = store_unit_at_rest(db, id, e);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]) && !r; i++)
		r = db_run(db, e, NULL, records[i], "l", id);
	return r ? r : store_find_drop(db, id, FIND_INVOICES, e);
}

/* Four figures of a table each, which cannot all stay when something of the unit changes there. */
#define MARK(FIGURES, TABLE) "SELECT " FIGURES " FROM " TABLE " WHERE unit_id = ?"
static const char *const marks[] = {
    MARK("COUNT(*), MAX(id), SUM(updated_at), SUM(state = 'issued')", "invoice"),
    MARK("COUNT(*), MAX(id), SUM(taken), SUM(state = 'open')", "segment"),
    MARK("COUNT(*), SUM(state = 'used'), SUM(state = 'void'), SUM(state = 'reusable')",
	 "number_taken"),
    MARK("COUNT(*), SUM(unused), SUM(reserved), 0", "quota_month"),
    MARK("COUNT(*), MAX(id), 0, 0", "quota_entry"),
    MARK("COUNT(*), SUM(state), SUM(issued), SUM(detail_at)", "red_letter"),
    "SELECT COUNT(*), MAX(id), 0, 0 FROM red_history WHERE letter_id IN"
    " (SELECT id FROM red_letter WHERE unit_id = ?)",
    MARK("COUNT(*), MAX(id), 0, 0", "claim"),
    MARK("COUNT(*), SUM(updated_at), SUM(doubt), 0", "summary"),
    MARK("COUNT(*), MAX(id), SUM(state = 'done'), 0", "upload_batch"),
    MARK("COUNT(*), MAX(id), SUM(state = 'issued'), 0", "batch_order"),
    MARK("COUNT(*), MAX(id), SUM(rev), 0", "buyer"),
    MARK("COUNT(*), MAX(id), SUM(rev), 0", "goods"),
    MARK("COUNT(*), MAX(id), SUM(updated_at), 0", "business_type"),
    MARK("COUNT(*), MAX(id), SUM(updated_at), 0", "invoice_template"),
    MARK("COUNT(*), SUM(state = 'sent'), 0, 0", "mail"),
    MARK("COUNT(*), SUM(state = 'done'), 0, 0", "push_event"),
};

enum err store_unit_mark(struct db *db, int64_t id, char out[HASH_TEXT], struct err_info *e)
{
	enum { FIGURES = 4, MARK_MAX = 8192 };
	struct buf b;
	enum err r = ERR_OK;
	buf_init(&b, MARK_MAX);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && !r; i++) {
		struct rows *q;
		for (r = db_query(db, &q, e, marks[i], "l", id); !r && rows_next(q);)
			for (int k = 0; k < FIGURES; k++)
				buf_addf(&b, "%" PRId64 " ", rows_int(q, k));
		r = rows_end(&q, r, e);
	}
	hash_sha256(buf_str(&b), b.len, out);
	buf_free(&b);
	return r;
}

enum err store_unit_records(struct db *db, int64_t id, struct unit_records *out, struct err_info *e)
{
	char month[MONTH_TEXT];
	enum err r;
	*out = (struct unit_records) {0};
	if ((r = db_get_int(db, e, &out->invoices, NULL,
			    "SELECT COUNT(*) FROM invoice WHERE unit_id = ?", "l", id)) ||
	    (r = db_get_int(db, e, &out->numbers, NULL,
			    "SELECT COALESCE(SUM(size - taken), 0) FROM segment"
			    " WHERE unit_id = ? AND state = 'open'",
			    "l", id)))
		return r;
	return db_get_int(db, e, &out->quota, NULL,
			  "SELECT COALESCE(SUM(unused), 0) FROM quota_month"
			  " WHERE unit_id = ? AND month = ?",
			  "ls", id, month_text(clock_now(), month));
}
