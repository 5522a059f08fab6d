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

/* What an earlier program took in without 附加要素; unit 0: nothing is left of it. */
struct past {
	int64_t unit, done, end;
};

static enum err read_past(struct db *db, struct past *p, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT unit_id, done_id, end_id FROM invoice_find_past LIMIT 1", "");
	*p = (struct past) {.unit = 0};
	if (!r && rows_next(q))
		*p = (struct past) {rows_int(q, 0), rows_int(q, 1), rows_int(q, 2)};
	return rows_end(&q, r, e);
}

enum err store_invoice_find_due(struct db *db, int64_t tail, bool *due, struct err_info *e)
{
	struct past p = {.unit = 0};
	int64_t unit;
	enum err r = unit_due(db, tail, &unit, e);
	if (!r && !unit)
		r = read_past(db, &p, e);
	*due = unit || p.unit;
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

/* ---- what was taken in by an earlier program ------------------------------------------------- */

/* The ids of those that have 附加要素, among the next n; *last: of them all, 0: there are none. */
static enum err read_past_ids(struct db *db, const struct past *p, int n, int64_t *ids, int *count,
			      int64_t *last, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, INSTR(head, '\"extras\"') FROM invoice WHERE unit_id = ?"
			      " AND id > ? AND id <= ? ORDER BY id LIMIT ?",
			      "llli", p->unit, p->done, p->end, n);
	*count = 0;
	*last = 0;
	while (!r && rows_next(q)) {
		*last = rows_int(q, 0);
		if (rows_int(q, 1))
			ids[(*count)++] = *last;
	}
	return rows_end(&q, r, e);
}

static enum err take_past(struct db *db, const struct past *p, int n, struct err_info *e)
{
	int64_t *ids = mem_alloc((size_t)n * sizeof(*ids)), last;
	int count;
	enum err r = read_past_ids(db, p, n, ids, &count, &last, e);
	if (!r && count)
		r = take_changed(db, p->unit, ids, count, e);
	free(ids);
	if (r)
		return r;
	return last && last < p->end
		   ? db_run(db, e, NULL,
			    "UPDATE invoice_find_past SET done_id = ? WHERE unit_id = ?", "ll",
			    last, p->unit)
		   : db_run(db, e, NULL, "DELETE FROM invoice_find_past WHERE unit_id = ?", "l",
			    p->unit);
}

static enum err step_past(struct db *db, int n, bool *left, struct err_info *e)
{
	struct past p;
	enum err r = read_past(db, &p, e);
	*left = !r && p.unit;
	return *left ? take_past(db, &p, n, e) : r;
}

enum err store_invoice_find_step(struct db *db, int n, bool *left, struct err_info *e)
{
	int64_t unit = 0, done = 0, *ids;
	int count = 0;
	enum err r = unit_due(db, 0, &unit, e);
	*left = unit != 0;
	if (n > STEP_MAX)
		n = STEP_MAX;
	if (!r && !unit)
		return step_past(db, n, left, e);
	if (r || (r = invoice_find_done(db, unit, &done, e)))
		return r;
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
