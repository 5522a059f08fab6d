/* summary_sums.c - which invoices a month counts: by the tax side's success, not by when we learnt
 * of it.
 *
 * Nearly all are sent and learnt of in one month; for these finished_at tells.  The others have a
 * row in invoice_boundary, which tells.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "store/summary.h"

enum {
	LATE_DAYS = 10, /* an invoice of the end of a month is settled so much later at most */
	DAY_S = 86400,
};

#define SIX                                                                                        \
	"COALESCE(SUM(CASE WHEN i.gross < 0 THEN 0 ELSE 1 END), 0),"                               \
	" COALESCE(SUM(CASE WHEN i.gross < 0 THEN 0 ELSE i.net END), 0),"                          \
	" COALESCE(SUM(CASE WHEN i.gross < 0 THEN 0 ELSE i.tax END), 0),"                          \
	" COALESCE(SUM(CASE WHEN i.gross < 0 THEN 1 ELSE 0 END), 0),"                              \
	" COALESCE(SUM(CASE WHEN i.gross < 0 THEN i.net ELSE 0 END), 0),"                          \
	" COALESCE(SUM(CASE WHEN i.gross < 0 THEN i.tax ELSE 0 END), 0)"

static enum err take_sums(struct rows *q, enum err r, struct summary_figures *sum,
			  struct err_info *e)
{
	if (!r && rows_next(q)) {
		const struct summary_figures f = {rows_int(q, 0), rows_int(q, 1), rows_int(q, 2),
						  rows_int(q, 3), rows_int(q, 4), rows_int(q, 5)};

		summary_add(sum, &f, 1);
	}
	return rows_end(&q, r, e);
}

/* Of a month: those that are not at its edges. */
#define INSIDE                                                                                     \
	" FROM invoice i WHERE unit_id = ? AND state = 'issued'"                                   \
	" AND issued_at >= ? AND issued_at < ?"                                                    \
	" AND COALESCE(finished_at, created_at) >= ?"                                              \
	" AND COALESCE(finished_at, created_at) < ?"                                               \
	" AND NOT EXISTS (SELECT 1 FROM invoice_boundary b WHERE b.invoice_id = i.id)"

enum err store_summary_sums(struct db *db, int64_t unit, const char *month,
			    struct summary_figures *out, struct err_info *e)
{
	int64_t from = summary_begins(month), to = summary_over(month);
	char first[DATETIME_TEXT], last[DATETIME_TEXT];
	struct rows *q;
	enum err r;

	*out = (struct summary_figures) {0};
	r = db_query(db, &q, e, "SELECT " SIX INSIDE, "lssll", unit,
		     datetime_text(from - LATE_DAYS * 86400, first),
		     datetime_text(to + 86400, last), from, to);
	if ((r = take_sums(q, r, out, e)))
		return r;
	r = db_query(db, &q, e,
		     "SELECT " SIX " FROM invoice_boundary b JOIN invoice i ON i.id = b.invoice_id"
		     " WHERE b.unit_id = ? AND b.month = ? AND i.state = 'issued'",
		     "ls", unit, month);
	return take_sums(q, r, out, e);
}

enum err store_summary_alike(struct db *db, int64_t unit, const char *month,
			     const struct summary_figures *one, bool *out, struct err_info *e)
{
	int64_t from = summary_begins(month), to = summary_over(month), n;
	char first[DATETIME_TEXT], last[DATETIME_TEXT];

	return db_get_int(db, e, &n, out,
			  "SELECT 1" INSIDE " AND net = ? AND tax = ? AND (gross < 0) = ? LIMIT 1",
			  "lsslllli", unit, datetime_text(from - LATE_DAYS * 86400, first),
			  datetime_text(to + 86400, last), from, to, one->blue_net + one->red_net,
			  one->blue_tax + one->red_tax, one->red_count != 0);
}

enum err store_summary_pending(struct db *db, int64_t unit, const char *month, int64_t *ids,
			       size_t n, size_t *count, struct err_info *e)
{
	char from[DATETIME_TEXT], to[DATETIME_TEXT];
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id FROM invoice WHERE unit_id = ? AND state IN ('numbered',"
			      " 'sending', 'accepted', 'unknown') AND issued_at >= ?"
			      " AND issued_at < ? ORDER BY id LIMIT ?",
			      "lssi", unit, datetime_text(summary_begins(month), from),
			      datetime_text(summary_over(month), to), (int)WATCH_MAX);

	*count = 0;
	for (; !r && rows_next(q); ++*count)
		if (ids && *count < n)
			ids[*count] = rows_int(q, 0);
	return rows_end(&q, r, e);
}

enum err store_summary_last(struct db *db, int64_t unit, const char *month, int64_t *at,
			    struct err_info *e)
{
	char from[DATETIME_TEXT], to[DATETIME_TEXT];

	*at = 0;
	return db_get_int(db, e, at, NULL,
			  "SELECT COALESCE(MAX(finished_at), 0) FROM invoice WHERE unit_id = ?"
			  " AND state = 'issued' AND issued_at >= ? AND issued_at < ?",
			  "lss", unit, datetime_text(summary_begins(month), from),
			  datetime_text(summary_over(month), to));
}

/* ---- the edges ---- */

/* When the tax side may have taken it first; `any`: although we took it for refused. */
struct taken {
	int64_t at, any;
};

static enum err note_attempt(void *arg, const struct upload_attempt *a)
{
	struct taken *t = arg;
	int64_t at = a->accepted_at ? a->accepted_at : a->sent_at;

	if (!t->any)
		t->any = at;
	if (!t->at && !a->refused && strcmp(a->state, "refused") != 0)
		t->at = at;
	return ERR_OK;
}

enum err store_boundary_note(struct db *db, const struct invoice_record *r, int64_t apart,
			     struct err_info *e)
{
	int64_t told = clock_now() + apart, sent, dated;
	struct taken t = {0, 0};
	char a[MONTH_TEXT], b[MONTH_TEXT], c[MONTH_TEXT], ours[MONTH_TEXT];
	const char *month = a, *other = b;
	enum err rc;

	month_text(told, b);
	month_text(told - apart, c);
	/* Nothing is sent before its date. */
	if (!datetime_parse(r->invoice.issued_at, &dated) ||
	    (!strcmp(month_text(dated, a), b) && !strcmp(b, c)))
		return ERR_OK;
	if ((rc = store_attempt_list(db, r->id, note_attempt, &t, e)))
		return rc;
	sent = t.at ? t.at : t.any;
	if (!sent)
		return ERR_OK;
	month_text(sent + apart, a);
	if (!strcmp(a, b) && !strcmp(b, c))
		return ERR_OK;
	/* Who answers may have a wrong clock: then our month is possible, too, and the likelier
	 * one where theirs is beyond belief. */
	if (!strcmp(a, b))
		other = c;
	if (llabs(apart) > DAY_S && strcmp(month_text(sent, ours), a) != 0) {
		month = ours;
		other = a;
	}
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_boundary (invoice_id, unit_id, month, other, sent_at,"
		      " told_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		      "llssll", r->id, r->unit_id, month, other, sent + apart, told);
}

enum err store_boundary_list(struct db *db, int64_t unit, const char *month,
			     struct invoice_boundary *out, size_t n, size_t *count,
			     struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT b.invoice_id, b.unit_id, b.sent_at, b.told_at, b.month,"
			      " b.other, COALESCE(i.number, ''), i.net, i.tax, i.gross < 0"
			      " FROM invoice_boundary b JOIN invoice i ON i.id = b.invoice_id"
			      " WHERE b.unit_id = ? AND (b.month = ? OR b.other = ?)"
			      " AND i.state = 'issued' ORDER BY b.invoice_id LIMIT ?",
			      "lssl", unit, month, month, (int64_t)n);

	*count = 0;
	while (!r && *count < n && rows_next(q)) {
		struct invoice_boundary *b = &out[(*count)++];
		bool red = rows_int(q, 9) != 0;

		*b = (struct invoice_boundary) {.invoice_id = rows_int(q, 0),
						.unit_id = rows_int(q, 1),
						.sent_at = rows_int(q, 2),
						.told_at = rows_int(q, 3)};
		text_copy(b->month, sizeof(b->month), rows_text(q, 4));
		text_copy(b->other, sizeof(b->other), rows_text(q, 5));
		text_copy(b->number, sizeof(b->number), rows_text(q, 6));
		if (red)
			b->figures = (struct summary_figures) {
			    .red_count = 1, .red_net = rows_int(q, 7), .red_tax = rows_int(q, 8)};
		else
			b->figures = (struct summary_figures) {.blue_count = 1,
							       .blue_net = rows_int(q, 7),
							       .blue_tax = rows_int(q, 8)};
	}
	return rows_end(&q, r, e);
}

enum err store_boundary_turn(struct db *db, int64_t invoice, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE invoice_boundary SET month = other, other = month"
		      " WHERE invoice_id = ?",
		      "l", invoice);
}
