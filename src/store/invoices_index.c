/* invoices_index.c - taking invoices into the index of searches, behind their issue. */
#include <stdlib.h>

#include "store/invoices_find_p.h"

enum { STEP_MAX = 4096 };

enum err invoice_find_done(struct db *db, int64_t unit, int64_t *done, struct err_info *e)
{
	*done = 0;
	return db_get_int(db, e, done, NULL, "SELECT done_id FROM invoice_find WHERE unit_id = ?",
			  "l", unit);
}

enum err invoice_find_changed(struct db *db, int64_t unit, int64_t id, struct err_info *e)
{
	int64_t done;
	enum err r = invoice_find_done(db, unit, &done, e);
	if (r || id > done)
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_find_again (unit_id, invoice_id) VALUES (?, ?)"
		      " ON CONFLICT (unit_id, invoice_id) DO NOTHING",
		      "ll", unit, id);
}

/* A unit with more than `tail` invoices behind its index, or with changed ones; 0: none. */
static enum err unit_due(struct db *db, int64_t tail, int64_t *unit, struct err_info *e)
{
	*unit = 0;
	return db_get_int(
	    db, e, unit, NULL,
	    "SELECT u.id FROM unit u WHERE u.role = 'using' AND (EXISTS (SELECT 1 FROM invoice i"
	    " WHERE i.unit_id = u.id AND i.id > COALESCE((SELECT f.done_id FROM invoice_find f"
	    " WHERE f.unit_id = u.id), 0) ORDER BY i.id LIMIT 1 OFFSET ?)"
	    " OR EXISTS (SELECT 1 FROM invoice_find_again a WHERE a.unit_id = u.id)) LIMIT 1",
	    "l", tail);
}

enum err store_invoice_find_due(struct db *db, int64_t tail, bool *due, struct err_info *e)
{
	int64_t unit;
	enum err r = unit_due(db, tail, &unit, e);
	*due = unit != 0;
	return r;
}

/* ---- new ones -------------------------------------------------------------------------------- */

static enum err read_ids(struct db *db, const char *sql, int64_t unit, int64_t after, int n,
			 int64_t *ids, int *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, sql, "lli", unit, after, n);
	*count = 0;
	while (!r && *count < n && rows_next(q))
		ids[(*count)++] = rows_int(q, 0);
	return rows_end(&q, r, e);
}

/* An invoice that cannot be read is found by nothing; it must not hold the others up. */
static enum err terms_of(struct db *db, int64_t id, struct invoice_terms *t, struct err_info *e)
{
	struct invoice_record rec;
	struct err_info why = {0};
	enum err r = store_invoice_get(db, id, &rec, &why);
	t->n = 0;
	if (!r) {
		invoice_terms_of(t, &rec.invoice);
		invoice_record_free(&rec);
	} else if (r == ERR_BUSY || r == ERR_INTERNAL) {
		if (e)
			*e = why;
		return r;
	}
	return ERR_OK;
}

static enum err take_new(struct db *db, int64_t unit, int64_t done, const int64_t *ids, int n,
			 struct err_info *e)
{
	struct find_batch *b = store_find_batch(unit, FIND_INVOICES);
	struct invoice_terms *t = mem_alloc(sizeof(*t));
	enum err r = ERR_OK;
	for (int i = 0; i < n && !r; i++)
		if (!(r = terms_of(db, ids[i], t, e)))
			r = store_find_batch_add(b, ids[i], t->at, t->n, e);
	if (r)
		store_find_batch_drop(&b);
	else
		r = store_find_batch_end(db, &b, e);
	free(t);
	if (!r)
		done = ids[n - 1];
	return r ? r
		 : db_run(db, e, NULL,
			  "INSERT INTO invoice_find (unit_id, done_id) VALUES (?, ?)"
			  " ON CONFLICT (unit_id) DO UPDATE SET done_id = excluded.done_id",
			  "ll", unit, done);
}

/* ---- changed ones ---------------------------------------------------------------------------- */

static enum err take_changed(struct db *db, int64_t unit, const int64_t *ids, int n,
			     struct err_info *e)
{
	struct invoice_terms *t = mem_alloc(sizeof(*t));
	enum err r = ERR_OK;
	for (int i = 0; i < n && !r; i++)
		if (!(r = terms_of(db, ids[i], t, e)) &&
		    !(r = store_find_insert(db, unit, FIND_INVOICES, ids[i], t->at, t->n, e)))
			r = db_run(db, e, NULL,
				   "DELETE FROM invoice_find_again WHERE unit_id = ?"
				   " AND invoice_id = ?",
				   "ll", unit, ids[i]);
	free(t);
	return r;
}

enum err store_invoice_find_step(struct db *db, int n, bool *left, struct err_info *e)
{
	int64_t unit = 0, done = 0, *ids;
	int count = 0;
	enum err r = unit_due(db, 0, &unit, e);
	*left = unit != 0;
	if (r || !unit || (r = invoice_find_done(db, unit, &done, e)))
		return r;
	if (n > STEP_MAX)
		n = STEP_MAX;
	ids = mem_alloc((size_t)n * sizeof(*ids));
	r = read_ids(db,
		     "SELECT invoice_id FROM invoice_find_again WHERE unit_id = ?"
		     " AND invoice_id > ? ORDER BY invoice_id LIMIT ?",
		     unit, 0, n, ids, &count, e);
	if (!r && count) {
		r = take_changed(db, unit, ids, count, e);
	} else if (!r) {
		r = read_ids(
		    db, "SELECT id FROM invoice WHERE unit_id = ? AND id > ? ORDER BY id LIMIT ?",
		    unit, done, n, ids, &count, e);
		if (!r && count)
			r = take_new(db, unit, done, ids, count, e);
	}
	free(ids);
	return r;
}
