/* drafts.c - what drafts became. */
#include "store/drafts.h"

#include "base/date.h"
#include "base/text.h"
#include "store/batch.h"

/* ---- changes ---- */

enum err store_change_add(struct db *db, struct draft_change *c, struct err_info *e)
{
	enum err r = db_next_id(db, "draft_change", &c->id, e);

	c->at = clock_now();
	return r ? r
		 : db_run(db, e, NULL,
			  "INSERT INTO draft_change (id, unit_id, kind, user_id, at)"
			  " VALUES (?, ?, ?, ?, ?)",
			  "llsll", c->id, c->unit_id, c->split ? "split" : "merge", c->user_id,
			  c->at);
}

enum err store_change_source(struct db *db, const struct draft_change *c, int seq,
			     const struct draft_source *s, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO draft_source (change_id, seq, unit_id, user_id, order_no,"
		      " draft_id, form_id, title, body, form)"
		      " VALUES (?, ?, ?, ?, ?, NULLIF(?, 0), NULLIF(?, 0), ?, ?, ?)",
		      "lillSllsss", c->id, seq, c->unit_id, s->user_id, s->order_no, s->draft_id,
		      s->form_id, s->title, s->body, s->form);
}

enum err store_change_result(struct db *db, int64_t change, int64_t invoice, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO draft_result (change_id, invoice_id) VALUES (?, ?)"
		      " ON CONFLICT DO NOTHING",
		      "ll", change, invoice);
}

enum err store_change_delete(struct db *db, int64_t change, struct err_info *e)
{
	static const char *const tables[] = {
	    "DELETE FROM draft_result WHERE change_id = ?",
	    "DELETE FROM draft_source WHERE change_id = ?",
	    "DELETE FROM draft_change WHERE id = ?",
	};
	enum err r = ERR_OK;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && !r; i++)
		r = db_run(db, e, NULL, tables[i], "l", change);
	return r;
}

enum err store_change_sweep(struct db *db, int64_t unit, struct err_info *e)
{
	static const char no_result[] =
	    "SELECT c.id FROM draft_change c WHERE c.unit_id = ? AND NOT EXISTS (SELECT 1"
	    " FROM draft_result r WHERE r.change_id = c.id) LIMIT 1";
	enum err r;

	for (;;) {
		int64_t id = 0;
		bool found;

		if ((r = db_get_int(db, e, &id, &found, no_result, "l", unit)) || !found ||
		    (r = store_change_delete(db, id, e)))
			return r;
	}
}

enum err store_change_of(struct db *db, int64_t invoice, struct draft_change *out, bool *found,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT c.id, c.unit_id, c.user_id, c.at, c.kind FROM draft_result r"
			      " JOIN draft_change c ON c.id = r.change_id WHERE r.invoice_id = ?"
			      " ORDER BY c.id DESC LIMIT 1",
			      "l", invoice);

	*found = !r && rows_next(q);
	if (*found)
		*out = (struct draft_change) {.id = rows_int(q, 0),
					      .unit_id = rows_int(q, 1),
					      .user_id = rows_int(q, 2),
					      .at = rows_int(q, 3),
					      .split = text_eq(rows_text(q, 4), "split")};
	return rows_end(&q, r, e);
}

enum err store_change_sources(struct db *db, int64_t change, draft_source_each f, void *arg,
			      struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT user_id, COALESCE(draft_id, 0), COALESCE(form_id, 0),"
			      " order_no, title, body, form FROM draft_source WHERE change_id = ?"
			      " ORDER BY seq",
			      "l", change);

	while (!r && rows_next(q)) {
		struct draft_source s = {.user_id = rows_int(q, 0),
					 .draft_id = rows_int(q, 1),
					 .form_id = rows_int(q, 2),
					 .order_no = rows_text(q, 3),
					 .title = rows_text(q, 4),
					 .body = rows_text(q, 5),
					 .form = rows_null(q, 6) ? NULL : rows_text(q, 6)};

		r = f(arg, &s);
	}
	return rows_end(&q, r, e);
}

enum err store_change_results(struct db *db, int64_t change, int64_t *ids, size_t n, size_t *count,
			      struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT i.id FROM draft_result r JOIN invoice i ON i.id = r.invoice_id"
		     " WHERE r.change_id = ? AND i.state <> 'void' ORDER BY i.id",
		     "l", change);

	*count = 0;
	while (!r && rows_next(q)) {
		if (*count < n)
			ids[*count] = rows_int(q, 0);
		++*count;
	}
	return rows_end(&q, r, e);
}

/* ---- what became of drafts ---- */

enum err store_draft_moved(struct db *db, int64_t draft, int64_t invoice, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE draft_result SET invoice_id = ? WHERE invoice_id = ?",
		      "ll", invoice, draft);
}

enum err store_draft_issued(struct db *db, int64_t unit, int64_t draft, const char *number,
			    struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE draft_result SET invoice_id ="
		      " (SELECT id FROM invoice WHERE unit_id = ? AND number = ?)"
		      " WHERE invoice_id = ?",
		      "lsl", unit, number, draft);
}

enum err store_draft_became(struct db *db, int64_t except, const int64_t *from, size_t n_from,
			    const int64_t *to, size_t n_to, struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < n_from && !r; i++) {
		for (size_t k = 0; k < n_to && !r; k++)
			r = db_run(db, e, NULL,
				   "INSERT INTO draft_result (change_id, invoice_id)"
				   " SELECT change_id, ? FROM draft_result"
				   " WHERE invoice_id = ? AND change_id <> ?"
				   " ON CONFLICT DO NOTHING",
				   "lll", to[k], from[i], except);
		if (!r)
			r = db_run(db, e, NULL,
				   "DELETE FROM draft_result WHERE invoice_id = ?"
				   " AND change_id <> ?",
				   "ll", from[i], except);
	}
	return r;
}

/* ---- used up ---- */

#define USE_SELECT                                                                                 \
	"SELECT c.kind, i.id, i.state, COALESCE(i.number, ''), COALESCE(i.order_no, '')"           \
	" FROM draft_source s JOIN draft_change c ON c.id = s.change_id"                           \
	" JOIN draft_result r ON r.change_id = s.change_id"                                        \
	" JOIN invoice i ON i.id = r.invoice_id AND i.state <> 'void'"

static enum err read_use(struct rows **q, enum err r, struct draft_use *out, struct err_info *e)
{
	*out = (struct draft_use) {.used = !r && rows_next(*q)};
	if (out->used) {
		out->split = text_eq(rows_text(*q, 0), "split");
		out->invoice = rows_int(*q, 1);
		invoice_state_parse(rows_text(*q, 2), &out->state);
		text_copy(out->number, sizeof(out->number), rows_text(*q, 3));
		text_copy(out->order_no, sizeof(out->order_no), rows_text(*q, 4));
	}
	return rows_end(q, r, e);
}

enum err store_order_use(struct db *db, int64_t unit, const char *order_no, struct draft_use *out,
			 struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     USE_SELECT " WHERE s.unit_id = ? AND s.order_no = ? AND NOT EXISTS (SELECT 1"
				" FROM draft_result o JOIN invoice n ON n.id = o.invoice_id"
				" WHERE o.change_id = s.change_id AND n.order_no = s.order_no)"
				" ORDER BY i.id LIMIT 1",
		     "ls", unit, order_no);

	if ((r = read_use(&q, r, out, e)) || out->used)
		return r;
	r = store_orders_use(db, unit, order_no, &out->batch, &out->seq, e);
	out->used = out->batch != 0;
	return r;
}

enum err store_draft_use(struct db *db, int64_t unit, int64_t draft, int64_t form,
			 struct draft_use *out, struct err_info *e)
{
	struct rows *q;
	enum err r;

	*out = (struct draft_use) {.used = false};
	if (draft) {
		r = db_query(db, &q, e,
			     USE_SELECT
			     " WHERE s.draft_id = ? AND s.unit_id = ? ORDER BY i.id LIMIT 1",
			     "ll", draft, unit);
		if ((r = read_use(&q, r, out, e)) || out->used)
			return r;
	}
	if (!form)
		return ERR_OK;
	r = db_query(db, &q, e,
		     USE_SELECT " WHERE s.form_id = ? AND s.unit_id = ? ORDER BY i.id LIMIT 1",
		     "ll", form, unit);
	return read_use(&q, r, out, e);
}

/* ---- issued ---- */

enum err store_draft_end_put(struct db *db, int64_t unit, int64_t draft, int64_t form,
			     const char *number, int64_t user, struct err_info *e)
{
	const int64_t id[2] = {draft, form};
	enum err r = ERR_OK;

	for (int i = 0; i < 2 && !r; i++) {
		if (id[i])
			r = db_run(db, e, NULL,
				   "INSERT INTO draft_used (kind, id, unit_id, number, user_id, at)"
				   " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
				   " number = excluded.number, user_id = excluded.user_id,"
				   " at = excluded.at",
				   "sllsll", i ? "form" : "draft", id[i], unit, number, user,
				   clock_now());
	}
	return r;
}

enum err store_draft_end(struct db *db, int64_t unit, int64_t draft, int64_t form,
			 struct draft_end *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT number, user_id, at FROM draft_used WHERE unit_id = ?"
			      " AND ((kind = 'draft' AND id = ?) OR (kind = 'form' AND id = ?))"
			      " ORDER BY at DESC LIMIT 1",
			      "lll", unit, draft, form);

	*out = (struct draft_end) {.known = !r && rows_next(q)};
	if (out->known) {
		text_copy(out->number, sizeof(out->number), rows_text(q, 0));
		out->user_id = rows_int(q, 1);
		out->at = rows_int(q, 2);
	}
	return rows_end(&q, r, e);
}
