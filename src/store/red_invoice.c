/* red_invoice.c - red invoices among the invoices: their letters, their blue ones, the quota. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/invoices.h"
#include "store/quota.h"
#include "store/red_p.h"

/* The letter a red invoice is made of, as its seller; 0: not here. */
static enum err letter_of(struct db *db, int64_t unit, const struct invoice *inv, int64_t *id,
			  struct err_info *e)
{
	*id = 0;
	if (text_empty(inv->red_letter_uuid))
		return ERR_OK;
	return store_red_by_uuid(db, unit, RED_SELLER, inv->red_letter_uuid, id, e);
}

static enum err claim_letter(struct db *db, int64_t letter, int64_t invoice, struct err_info *e)
{
	int n = 0;
	enum err r = db_run(db, e, &n,
			    "UPDATE red_letter SET red_invoice_id = ? WHERE id = ? AND"
			    " (red_invoice_id IS NULL OR red_invoice_id = ?)",
			    "lll", invoice, letter, invoice);

	if (r || n == 1)
		return r;
	err_fail(e, ERR_INVALID, "red.issuing", "红字确认单", "记录 #%" PRId64 " 已有一张红字发票",
		 letter);
	err_hint(e, "一张确认单只开一张红字发票；开票失败的请重试或作废");
	return ERR_INVALID;
}

/* Whether the red invoice of a letter is on its way is kept with the letter, and counted. */
static enum err follow_making(struct db *db, int64_t letter, struct err_info *e)
{
	struct red_record rec;
	int64_t one;
	bool making = false;
	enum err r;

	if (!letter || (r = store_red_head(db, letter, &rec, e)))
		return letter ? r : ERR_OK;
	if (rec.red_invoice_id && !rec.letter.issued)
		r = db_get_int(db, e, &one, &making,
			       "SELECT 1 FROM invoice WHERE id = ?"
			       " AND state NOT IN ('failed', 'issued', 'void')",
			       "l", rec.red_invoice_id);
	if (!r && making != rec.making) {
		rec.making = making;
		r = red_write(db, &rec, e);
	}
	red_record_free(&rec);
	return r;
}

enum err store_red_note(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			struct err_info *e)
{
	int64_t letter = 0, blue = 0;
	enum err r;

	if (!inv->red)
		return ERR_OK;
	r = letter_of(db, unit, inv, &letter, e);
	if (!r)
		r = db_get_int(db, e, &blue, NULL,
			       "SELECT id FROM invoice WHERE unit_id = ? AND number = ?", "ls",
			       unit, inv->blue_number);
	if (!r && letter)
		r = claim_letter(db, letter, invoice, e);
	if (!r)
		r = follow_making(db, letter, e);
	if (r)
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_red (invoice_id, unit_id, blue_number, blue_invoice_id,"
		      " letter_id) VALUES (?, ?, ?, NULLIF(?, 0), NULLIF(?, 0))"
		      " ON CONFLICT (invoice_id) DO UPDATE SET blue_number = excluded.blue_number,"
		      " blue_invoice_id = excluded.blue_invoice_id, letter_id = excluded.letter_id",
		      "llsll", invoice, unit, inv->blue_number, blue, letter);
}

/* ---- marks on blue invoices ------------------------------------------------------------------ */

enum err red_mark_blue(struct db *db, const struct red_record *r, struct err_info *e)
{
	if (!r->blue_invoice_id || r->side != RED_SELLER)
		return ERR_OK;
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_reversed (invoice_id, net, tax, whole)"
		      " SELECT i.id, -SUM(l.net), -SUM(l.tax),"
		      " CASE WHEN -SUM(l.net) >= i.net THEN 1 ELSE 0 END"
		      " FROM invoice i JOIN red_letter l ON l.unit_id = i.unit_id"
		      " AND l.blue_number = i.number AND l.side = 0 AND l.issued = 1"
		      " WHERE i.id = ? GROUP BY i.id, i.net"
		      " ON CONFLICT (invoice_id) DO UPDATE SET net = excluded.net,"
		      " tax = excluded.tax, whole = excluded.whole",
		      "l", r->blue_invoice_id);
}

/* ---- issued, void ---------------------------------------------------------------------------- */

static enum err issue_letter(struct db *db, int64_t letter, const struct invoice *inv,
			     struct err_info *e)
{
	struct red_record rec;
	bool news;
	enum err r = store_red_head(db, letter, &rec, e);

	if (r)
		return r;
	news = !rec.letter.issued;
	rec.letter.issued = true;
	rec.making = false;
	mem_set(&rec.letter.red_number, inv->number);
	text_copy(rec.letter.red_issued_at, DATETIME_TEXT, inv->issued_at);
	r = red_write(db, &rec, e);
	if (!r && news)
		r = red_note_event(db, letter, 0, "开具红字发票", rec.letter.state,
				   rec.letter.state, inv->number, e);
	if (!r)
		r = red_mark_blue(db, &rec, e);
	red_record_free(&rec);
	return r;
}

/* The day the blue one was issued: of the letter, or of the invoice itself. */
static enum err blue_issued_at(struct db *db, int64_t invoice, char out[DATETIME_TEXT],
			       struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT COALESCE(NULLIF(l.blue_issued_at, ''), b.issued_at, '')"
			      " FROM invoice_red r LEFT JOIN red_letter l ON l.id = r.letter_id"
			      " LEFT JOIN invoice b ON b.id = r.blue_invoice_id"
			      " WHERE r.invoice_id = ?",
			      "l", invoice);

	out[0] = '\0';
	if (!r && rows_next(q))
		text_copy(out, DATETIME_TEXT, rows_text(q, 0));
	return rows_end(&q, r, e);
}

/* While its outcome was not known the tax side's figure may have been adopted after it was sent:
 * that one has it already. */
static enum err is_in_figure(struct db *db, const struct invoice_record *rec, const char *month,
			     bool *out, struct err_info *e)
{
	int64_t one;

	return db_get_int(
	    db, e, &one, out,
	    "SELECT 1 FROM quota_entry WHERE unit_id = ? AND month = ?"
	    " AND kind = 'adopt' AND at > (SELECT MAX(b.sent_at) FROM upload_item i"
	    " JOIN upload_batch b ON b.id = i.batch_id WHERE i.invoice_id = ?) LIMIT 1",
	    "lsl", rec->unit_id, month, rec->id);
}

/* Given back when the blue one is of the same month (protocol 7.3). */
static enum err return_quota(struct db *db, const struct invoice_record *rec, struct err_info *e)
{
	char blue[DATETIME_TEXT], month[MONTH_TEXT];
	int64_t amount = -tax_quota_amount(&rec->invoice);
	bool has = false;
	enum err r = blue_issued_at(db, rec->id, blue, e);

	if (r || amount <= 0 || strncmp(blue, rec->invoice.issued_at, MONTH_TEXT - 1) != 0)
		return r;
	text_copy(month, sizeof(month), rec->invoice.issued_at);
	if ((r = is_in_figure(db, rec, month, &has, e)) || has)
		return r;
	return store_quota_red(db, rec->unit_id, month, rec->id, amount, e);
}

static enum err issued(struct db *db, int64_t invoice, int64_t letter, struct err_info *e)
{
	struct invoice_record rec;
	enum err r = store_invoice_get(db, invoice, &rec, e);

	if (r)
		return r;
	if (letter)
		r = issue_letter(db, letter, &rec.invoice, e);
	if (!r)
		r = return_quota(db, &rec, e);
	invoice_record_free(&rec);
	return r;
}

enum err store_red_follow(struct db *db, int64_t invoice, enum invoice_state to, struct err_info *e)
{
	struct rows *q;
	int64_t letter = 0;
	enum err r;
	bool red;

	r = db_query(db, &q, e,
		     "SELECT COALESCE(letter_id, 0) FROM invoice_red WHERE invoice_id = ?", "l",
		     invoice);
	red = !r && rows_next(q);
	if (red)
		letter = rows_int(q, 0);
	r = rows_end(&q, r, e);
	if (r || !red)
		return r;
	if (to == INVOICE_ISSUED)
		return issued(db, invoice, letter, e);
	if (to == INVOICE_VOID)
		r = db_run(db, e, NULL,
			   "UPDATE red_letter SET red_invoice_id = NULL WHERE red_invoice_id = ?",
			   "l", invoice);
	return r ? r : follow_making(db, letter, e);
}

enum err store_red_reversed_at(struct db *db, int64_t invoice, int64_t *at, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT COALESCE(MAX(l.red_issued_at), '') FROM invoice i"
			      " JOIN red_letter l ON l.unit_id = i.unit_id"
			      " AND l.blue_number = i.number AND l.side = 0 AND l.issued = 1"
			      " WHERE i.id = ?",
			      "l", invoice);

	*at = 0;
	if (!r && rows_next(q) && !datetime_parse(rows_text(q, 0), at))
		*at = 0;
	return rows_end(&q, r, e);
}

enum err store_red_known(struct db *db, int64_t unit, const char *blue_number,
			 const char *red_number, bool *known, struct err_info *e)
{
	int64_t one;

	return db_get_int(db, e, &one, known,
			  "SELECT 1 FROM red_letter WHERE unit_id = ? AND blue_number = ?"
			  " AND side = 0 AND issued = 1 AND red_number = ? LIMIT 1",
			  "lss", unit, blue_number, red_number);
}

enum err store_red_told_issued(struct db *db, int64_t invoice, bool *told, struct err_info *e)
{
	int64_t one;

	return db_get_int(db, e, &one, told,
			  "SELECT 1 FROM invoice_red r JOIN red_letter l ON l.id = r.letter_id"
			  " JOIN invoice i ON i.id = r.invoice_id WHERE r.invoice_id = ?"
			  " AND l.issued = 1 AND l.red_number = i.number",
			  "l", invoice);
}

enum err store_red_link(struct db *db, int64_t invoice, struct red_link *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT r.invoice_id IS NOT NULL, COALESCE(r.blue_invoice_id, 0),"
			      " COALESCE(r.letter_id, 0), COALESCE(v.net, 0), COALESCE(v.tax, 0),"
			      " v.whole FROM invoice i"
			      " LEFT JOIN invoice_red r ON r.invoice_id = i.id"
			      " LEFT JOIN invoice_reversed v ON v.invoice_id = i.id WHERE i.id = ?",
			      "l", invoice);

	*out = (struct red_link) {.red = false};
	if (!r && rows_next(q)) {
		out->red = rows_int(q, 0) != 0;
		out->blue_invoice_id = rows_int(q, 1);
		out->letter_id = rows_int(q, 2);
		out->reversed_net = rows_int(q, 3);
		out->reversed_tax = rows_int(q, 4);
		if (!rows_null(q, 5))
			out->reversed = rows_int(q, 5) ? REVERSED_WHOLE : REVERSED_PART;
	}
	return rows_end(&q, r, e);
}

enum err store_red_on_its_way(struct db *db, int64_t invoice, bool *out, struct err_info *e)
{
	int64_t one = 0;

	*out = false;
	return db_get_int(db, e, &one, out,
			  "SELECT 1 FROM invoice i JOIN red_letter l ON l.unit_id = i.unit_id"
			  " AND l.blue_number = i.number AND l.side = 0 AND l.making = 1"
			  " WHERE i.id = ? LIMIT 1",
			  "l", invoice);
}
