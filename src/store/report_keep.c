/* report_keep.c - sums of days and months kept, and the marks that end them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/report_p.h"

enum {
	BATCH_ROWS = 20000, /* written at once */
	KNOWN_MAX = 200000, /* keys remembered while many days are summed */
	PATIENCE_MS = 200,  /* keeping is not worth waiting for */
};

enum err store_report_mark(struct db *db, int64_t unit, int64_t id, const char *issued_at,
			   struct err_info *e)
{
	char day[DATE_TEXT];

	if (strlen(issued_at) < DATE_TEXT - 1)
		return ERR_OK;
	snprintf(day, sizeof(day), "%.10s", issued_at);
	return db_run(db, e, NULL,
		      "INSERT INTO report_day (unit_id, day, turn, summed, first_id, last_id)"
		      " VALUES (?, ?, 1, 0, ?, ?)"
		      " ON CONFLICT (unit_id, day) DO UPDATE SET turn = report_day.turn + 1,"
		      " first_id = CASE WHEN excluded.first_id < report_day.first_id"
		      " THEN excluded.first_id ELSE report_day.first_id END,"
		      " last_id = CASE WHEN excluded.last_id > report_day.last_id"
		      " THEN excluded.last_id ELSE report_day.last_id END",
		      "lsll", unit, day, id, id);
}

enum err store_report_bounds(struct db *db, int64_t unit, const char *from, const char *to,
			     int64_t *low, int64_t *high, struct err_info *e)
{
	struct rows *q;
	enum err r;

	if (!*from && !*to)
		return ERR_OK;
	r = db_query(db, &q, e,
		     "SELECT COALESCE(MIN(first_id), 0), COALESCE(MAX(last_id), -1)"
		     " FROM report_day WHERE unit_id = ? AND day >= ? AND day <= ?",
		     "lss", unit, from, *to ? to : "9999-99-99");
	if (!r && rows_next(q)) {
		*low = rows_int(q, 0) > *low ? rows_int(q, 0) : *low;
		*high = rows_int(q, 1) < *high ? rows_int(q, 1) : *high;
	}
	return rows_end(&q, r, e);
}

/* ---- keys ---- */

static enum err read_key(struct db *db, int64_t unit, struct report_entry *known,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, label, label_at FROM report_key"
			      " WHERE unit_id = ? AND dim = ? AND key = ?",
			      "lis", unit, known->dim, known->key);

	if (!r && rows_next(q)) {
		known->id = rows_int(q, 0);
		report_entry_call(known, rows_text(q, 1), rows_text(q, 2));
	}
	return rows_end(&q, r, e);
}

static enum err add_key(struct db *db, int64_t unit, struct report_entry *known, struct err_info *e)
{
	enum err r = db_next_id(db, "report_key", &known->id, e);

	if (r)
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO report_key (id, unit_id, dim, key, label, label_at)"
		      " VALUES (?, ?, ?, ?, ?, ?)",
		      "llisss", known->id, unit, known->dim, known->key,
		      known->label ? known->label : "", known->label_at);
}

/* Days are summed from the newest on, so the label that was met first mostly stays. */
static enum err settle_key(struct report_keeper *k, const struct report_entry *en, int64_t *id,
			   struct err_info *e)
{
	struct report_entry *known = report_table_get(&k->known, en->dim, 0, en->key);
	bool later;
	enum err r = known->id ? ERR_OK : read_key(k->db, k->unit, known, e);

	if (r)
		return r;
	later = en->label && strcmp(en->label_at, known->label_at) > 0;
	if (later)
		report_entry_call(known, en->label, en->label_at);
	if (!known->id)
		r = add_key(k->db, k->unit, known, e);
	else if (later)
		r = db_run(k->db, e, NULL,
			   "UPDATE report_key SET label = ?, label_at = ? WHERE id = ?", "ssl",
			   known->label, known->label_at, known->id);
	*id = known->id;
	return r;
}

/* ---- days ---- */

static int by_place(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;

	if (x->dim != y->dim)
		return x->dim < y->dim ? -1 : 1;
	if (x->period != y->period)
		return x->period < y->period ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static enum err clear_period(struct db *db, int64_t unit, int period, struct err_info *e)
{
	enum err r = ERR_OK;
	int dim;

	for (dim = 1; dim < REPORT_DIMS && !r; dim++)
		r = db_run(db, e, NULL,
			   "DELETE FROM report_sum WHERE unit_id = ? AND dim = ? AND period = ?",
			   "lii", unit, dim, period);
	return r;
}

/* A day that has changed since it was read is left as it is. */
static enum err take_days(struct report_keeper *k, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < k->day_count && !r; i++) {
		struct report_due *d = &k->days[i];
		int n = 0;

		r = db_run(k->db, e, &n,
			   "UPDATE report_day SET summed = turn"
			   " WHERE unit_id = ? AND day = ? AND turn = ?",
			   "lsl", k->unit, d->day, d->turn);
		d->holds = n == 1;
		if (!r && d->holds)
			r = clear_period(k->db, k->unit, report_period(d->day), e);
	}
	return r;
}

static bool holds(const struct report_keeper *k, int period)
{
	size_t i;

	for (i = 0; i < k->day_count; i++) {
		if (k->days[i].period == period)
			return k->days[i].holds;
	}
	return false;
}

static enum err write_sums(struct report_keeper *k, struct err_info *e)
{
	struct report_table *t = &k->sums;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < t->count && !r; i++)
		r = settle_key(k, &t->at[i], &t->at[i].id, e);
	if (r)
		return r;
	/* In the order they lie in; the table is done with. */
	qsort(t->at, t->count, sizeof(*t->at), by_place);
	for (i = 0; i < t->count && !r; i++) {
		const struct report_entry *en = &t->at[i];

		if (!holds(k, en->period))
			continue;
		r = db_run(k->db, e, NULL,
			   "INSERT INTO report_sum (unit_id, dim, period, key_id, count, net, tax,"
			   " gross, red_count, red_net, red_tax)"
			   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			   "liillllllll", k->unit, en->dim, en->period, en->id, en->sum.count,
			   en->sum.net, en->sum.tax, en->sum.gross, en->sum.red_count,
			   en->sum.red_net, en->sum.red_tax);
	}
	return r;
}

/* The work of one transaction; a database that cannot be written now is given up for this time. */
static void in_transaction(struct report_keeper *k,
			   enum err (*work)(struct report_keeper *k, struct err_info *e))
{
	int patience = db_patience(k->db, PATIENCE_MS);
	struct err_info e = {0};
	enum err r = db_begin(k->db, &e);

	if (!r && ((r = work(k, &e)) || (r = db_commit(k->db, &e))))
		db_rollback(k->db);
	if (r) {
		k->given_up = true;
		report_table_free(&k->known); /* ids that were not stored */
	}
	db_patience(k->db, patience);
}

static enum err write_batch(struct report_keeper *k, struct err_info *e)
{
	enum err r = take_days(k, e);

	return r ? r : write_sums(k, e);
}

void report_keep_rest(struct report_keeper *k)
{
	if (k->day_count && !k->given_up)
		in_transaction(k, write_batch);
	k->day_count = 0;
	report_table_free(&k->sums);
	if (k->known.count > KNOWN_MAX)
		report_table_free(&k->known);
}

enum err report_keep_day(struct report_keeper *k, const struct report_due *d,
			 const struct report_progress *p, int64_t *count, struct err_info *e)
{
	int period = report_period(d->day);
	enum err r =
	    report_day_sum(k->db, k->unit, d->day, REPORT_ALL, period, p, &k->sums, count, e);

	if (r)
		return r;
	k->days[k->day_count] = *d;
	k->days[k->day_count++].period = period;
	if (k->day_count == REPORT_BATCH_DAYS || k->sums.count >= BATCH_ROWS)
		report_keep_rest(k);
	return ERR_OK;
}

void report_keeper_free(struct report_keeper *k)
{
	report_table_free(&k->sums);
	report_table_free(&k->known);
}

/* ---- months ---- */

struct month {
	char first[DATE_TEXT], last[DATE_TEXT], month[MONTH_TEXT];
	int64_t turns;
};

/* *due: all its days hold, and their sum is not kept. */
static enum err month_due(struct report_keeper *k, struct month *m, bool *due, struct err_info *e)
{
	int64_t days = 0, open = 0, kept = 0;
	struct rows *q;
	enum err r = db_query(k->db, &q, e,
			      "SELECT COUNT(*), COALESCE(SUM(turn), 0),"
			      " COALESCE(SUM(CASE WHEN summed = turn THEN 0 ELSE 1 END), 0)"
			      " FROM report_day WHERE unit_id = ? AND day >= ? AND day <= ?",
			      "lss", k->unit, m->first, m->last);

	if (!r && rows_next(q)) {
		days = rows_int(q, 0);
		m->turns = rows_int(q, 1);
		open = rows_int(q, 2);
	}
	if (!(r = rows_end(&q, r, e)))
		r = db_get_int(k->db, e, &kept, NULL,
			       "SELECT turns FROM report_month WHERE unit_id = ? AND month = ?",
			       "ls", k->unit, m->month);
	*due = !r && days && !open && kept != m->turns;
	return r;
}

static enum err sum_month(struct report_keeper *k, const struct month *m, struct err_info *e)
{
	int period = report_period(m->month), dim;
	enum err r = clear_period(k->db, k->unit, period, e);

	for (dim = 1; dim < REPORT_DIMS && !r; dim++)
		r = db_run(
		    k->db, e, NULL,
		    "INSERT INTO report_sum (unit_id, dim, period, key_id, count, net, tax,"
		    " gross, red_count, red_net, red_tax) SELECT unit_id, dim, ?, key_id,"
		    " SUM(count), SUM(net), SUM(tax), SUM(gross), SUM(red_count),"
		    " SUM(red_net), SUM(red_tax) FROM report_sum WHERE unit_id = ? AND dim = ?"
		    " AND period > ? AND period < ? GROUP BY unit_id, dim, key_id",
		    "iliii", period, k->unit, dim, period, period + 100);
	if (r)
		return r;
	return db_run(k->db, e, NULL,
		      "INSERT INTO report_month (unit_id, month, turns) VALUES (?, ?, ?)"
		      " ON CONFLICT (unit_id, month) DO UPDATE SET turns = excluded.turns",
		      "lsl", k->unit, m->month, m->turns);
}

void report_keep_month(struct report_keeper *k, const char *month)
{
	struct month m = {.turns = 0};
	struct err_info e = {0};
	char now[MONTH_TEXT];
	int patience;
	bool due = false;
	enum err r;

	if (k->given_up || strcmp(month, month_text(clock_now(), now)) >= 0)
		return;
	text_copy(m.month, sizeof(m.month), month);
	snprintf(m.first, sizeof(m.first), "%.7s-01", month);
	snprintf(m.last, sizeof(m.last), "%.7s-31", month);
	if (month_due(k, &m, &due, &e) || !due)
		return;
	patience = db_patience(k->db, PATIENCE_MS);
	if (!(r = db_begin(k->db, &e))) {
		/* Asked again: now nobody else can change a day. */
		if (!(r = month_due(k, &m, &due, &e)) && due)
			r = sum_month(k, &m, &e);
		if (r || (r = db_commit(k->db, &e)))
			db_rollback(k->db);
	}
	k->given_up = r != ERR_OK;
	db_patience(k->db, patience);
}
