/* report.c - reading a report: sums that are kept, and the invoices of days that are not summed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/report_p.h"
#include "store/snapshot.h"

/* Today goes on changing: it is kept only when reading its invoices takes long. */
enum { TODAY_KEPT = 1000 };

void report_free(struct report *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->rows[i].key);
		free(r->rows[i].label);
	}
	for (i = 0; i < r->period_count; i++) {
		free(r->periods[i].key);
		free(r->periods[i].label);
	}
	free(r->periods);
	free(r->rows);
	*r = (struct report) {.count = 0};
}

/* ---- what is due ---- */

static enum err count_day(struct db *db, int64_t unit, const char *day, int64_t cap, int64_t *out,
			  struct err_info *e)
{
	char end[DATE_TEXT + 1];

	snprintf(end, sizeof(end), "%.10s~", day);
	return db_get_int(db, e, out, NULL,
			  "SELECT COUNT(*) FROM (SELECT 1 FROM invoice WHERE unit_id = ?"
			  " AND state = 'issued' AND issued_at >= ? AND issued_at < ? LIMIT ?)",
			  "lssl", unit, day, end, cap);
}

#define DUE_DAYS                                                                                   \
	"SELECT day, turn FROM report_day WHERE unit_id = ? AND day >= ? AND day <= ?"             \
	" AND summed <> turn ORDER BY day DESC"

/* The due days of a range, the newest first; malloc'd. */
static enum err read_due(struct db *db, int64_t unit, const char *from, const char *to,
			 struct report_due **out, size_t *n, struct err_info *e)
{
	struct rows *q;
	size_t cap = 0;
	enum err r = db_query(db, &q, e, DUE_DAYS, "lss", unit, from, to);

	*out = NULL;
	*n = 0;
	while (!r && rows_next(q)) {
		if (*n == cap) {
			cap = cap ? 2 * cap : 64;
			*out = mem_realloc(*out, cap * sizeof(**out));
		}
		(*out)[*n] = (struct report_due) {.turn = rows_int(q, 1)};
		text_copy((*out)[(*n)++].day, DATE_TEXT, rows_text(q, 0));
	}
	return rows_end(&q, r, e);
}

enum err store_report_due(struct db *db, int64_t unit, const char *from, const char *to,
			  int64_t cap, int64_t *out, struct err_info *e)
{
	struct report_due *due;
	size_t n, i;
	int64_t count = 0;
	enum err r = read_due(db, unit, from, to, &due, &n, e);

	*out = 0;
	for (i = 0; i < n && !r && *out < cap; i++) {
		r = count_day(db, unit, due[i].day, cap - *out, &count, e);
		*out += count;
	}
	free(due);
	return r;
}

/* ---- summing ---- */

static bool new_month(const struct report_due *due, size_t n, size_t i)
{
	return i + 1 == n || strncmp(due[i].day, due[i + 1].day, MONTH_TEXT - 1) != 0;
}

/* Months last: their days have to be in the database. */
static void keep_months(struct report_keeper *k, const struct report_due *due, size_t n)
{
	char month[MONTH_TEXT];
	size_t i;

	for (i = 0; i < n && !k->given_up; i++) {
		if (!new_month(due, n, i))
			continue;
		snprintf(month, sizeof(month), "%.7s", due[i].day);
		report_keep_month(k, month);
	}
}

static enum err keep_days(struct report_keeper *k, const struct report_ask *ask,
			  const struct report_progress *p, int64_t *count, struct err_info *e)
{
	char today[DATE_TEXT];
	struct report_due *due;
	size_t n, i;
	int64_t many;
	enum err r = read_due(k->db, ask->unit, ask->from, ask->to, &due, &n, e);

	date_text(clock_now(), today);
	for (i = 0; i < n && !r && !k->given_up; i++) {
		many = TODAY_KEPT;
		if (strcmp(due[i].day, today) >= 0)
			r = count_day(k->db, ask->unit, due[i].day, TODAY_KEPT, &many, e);
		if (!r && many >= TODAY_KEPT)
			r = report_keep_day(k, &due[i], p, count, e);
	}
	if (!r) {
		report_keep_rest(k);
		keep_months(k, due, n);
	}
	free(due);
	return r;
}

/* ---- reading ---- */

struct reader {
	struct db *db;
	const struct report_ask *ask;
	const struct report_progress *p;
	struct report_due *days; /* of the range, with invoices; holds: their sums are kept */
	size_t day_count;
	struct report_table kept, sums; /* kept: by the ids of the keys */
	int64_t read;
	struct err_info *e;
};

/* What a day or month is in the answer. */
static int answer_period(enum report_split split, int period)
{
	return split == REPORT_WHOLE ? 0 : split == REPORT_BY_MONTH ? period / 100 * 100 : period;
}

static enum err read_days(struct reader *x)
{
	struct rows *q;
	size_t cap = 0;
	enum err r = db_query(x->db, &q, x->e,
			      "SELECT day, turn, summed FROM report_day"
			      " WHERE unit_id = ? AND day >= ? AND day <= ? ORDER BY day",
			      "lss", x->ask->unit, x->ask->from, x->ask->to);

	while (!r && rows_next(q)) {
		struct report_due *d;

		if (x->day_count == cap) {
			cap = cap ? 2 * cap : 64;
			x->days = mem_realloc(x->days, cap * sizeof(*x->days));
		}
		d = &x->days[x->day_count++];
		*d = (struct report_due) {.turn = rows_int(q, 1),
					  .holds = rows_int(q, 1) == rows_int(q, 2)};
		text_copy(d->day, sizeof(d->day), rows_text(q, 0));
	}
	return rows_end(&q, r, x->e);
}

/* Sums of periods first .. last, those of days[0..n) only where they hold. */
static enum err read_kept(struct reader *x, enum report_dim dim, int first, int last,
			  const struct report_due *days, size_t n)
{
	struct rows *q;
	size_t at = 0;
	enum err r = db_query(x->db, &q, x->e,
			      "SELECT period, key_id, count, net, tax, gross, red_count, red_net,"
			      " red_tax FROM report_sum"
			      " WHERE unit_id = ? AND dim = ? AND period >= ? AND period <= ?"
			      " ORDER BY period, key_id",
			      "liii", x->ask->unit, (int)dim, first, last);

	while (!r && rows_next(q)) {
		int period = (int)rows_int(q, 0);
		struct report_sum s = {.count = rows_int(q, 2),
				       .net = rows_int(q, 3),
				       .tax = rows_int(q, 4),
				       .gross = rows_int(q, 5),
				       .red_count = rows_int(q, 6),
				       .red_net = rows_int(q, 7),
				       .red_tax = rows_int(q, 8)};
		struct report_entry *en;

		while (at < n && report_period(days[at].day) < period)
			at++;
		if (n && (at == n || report_period(days[at].day) != period || !days[at].holds))
			continue;
		en = report_table_by_id(&x->kept, (int)dim, answer_period(x->ask->split, period),
					rows_int(q, 1));
		if (!report_sum_add(&en->sum, &s))
			r = report_too_large(x->e);
	}
	return rows_end(&q, r, x->e);
}

/* The dimension asked for, and the kinds, of which the total is. */
static enum err read_both(struct reader *x, int first, int last, const struct report_due *days,
			  size_t n)
{
	enum err r = read_kept(x, x->ask->dim, first, last, days, n);

	if (!r && x->ask->dim != REPORT_KIND)
		r = read_kept(x, REPORT_KIND, first, last, days, n);
	return r;
}

/* Is the month asked for as a whole, and does its kept sum hold?  days[0..n) are its days. */
static enum err month_holds(struct reader *x, const struct report_due *days, size_t n, bool *out)
{
	char first[DATE_TEXT], last[DATE_TEXT + 16], month[MONTH_TEXT];
	int64_t kept = 0, turns = 0;
	int year = 0, number = 1;
	size_t i;

	*out = false;
	snprintf(month, sizeof(month), "%.7s", days->day);
	month_parse(month, &year, &number);
	snprintf(first, sizeof(first), "%.7s-01", month);
	snprintf(last, sizeof(last), "%.7s-%02d", month, date_month_days(year, number));
	if (x->ask->split == REPORT_BY_DAY || strcmp(x->ask->from, first) > 0 ||
	    strcmp(x->ask->to, last) < 0)
		return ERR_OK;
	for (i = 0; i < n; i++)
		turns += days[i].turn;
	enum err r = db_get_int(x->db, x->e, &kept, NULL,
				"SELECT turns FROM report_month WHERE unit_id = ? AND month = ?",
				"ls", x->ask->unit, month);
	*out = kept == turns;
	return r;
}

static enum err read_month(struct reader *x, const struct report_due *days, size_t n)
{
	unsigned dims = 1u << x->ask->dim | 1u << REPORT_KIND;
	int month = report_period(days->day) / 100 * 100;
	bool whole;
	size_t i;
	enum err r = month_holds(x, days, n, &whole);

	if (r || whole)
		return r ? r : read_both(x, month, month, NULL, 0);
	r = read_both(x, report_period(days->day), report_period(days[n - 1].day), days, n);
	for (i = 0; i < n && !r; i++) {
		if (!days[i].holds)
			r = report_day_sum(x->db, x->ask->unit, days[i].day, dims,
					   answer_period(x->ask->split, report_period(days[i].day)),
					   x->p, &x->sums, &x->read, x->e);
	}
	return r;
}

static enum err read_months(struct reader *x)
{
	size_t i, n;
	enum err r = read_days(x);

	for (i = 0; i < x->day_count && !r; i += n) {
		for (n = 1; i + n < x->day_count &&
			    !strncmp(x->days[i].day, x->days[i + n].day, MONTH_TEXT - 1);)
			n++;
		r = read_month(x, &x->days[i], n);
	}
	return r;
}

/* Kept sums go to what was read of invoices, by their keys. */
static enum err name_kept(struct reader *x)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < x->kept.count && !r; i++) {
		const struct report_entry *from = &x->kept.at[i];
		struct rows *q;

		r = db_query(x->db, &q, x->e,
			     "SELECT key, label, label_at FROM report_key WHERE id = ?", "l",
			     from->id);
		if (!r && rows_next(q)) {
			struct report_entry *to =
			    report_table_get(&x->sums, from->dim, from->period, rows_text(q, 0));

			if (*rows_text(q, 2))
				report_entry_call(to, rows_text(q, 1), rows_text(q, 2));
			if (!report_sum_add(&to->sum, &from->sum))
				r = report_too_large(x->e);
		}
		r = rows_end(&q, r, x->e);
	}
	return r;
}

/* ---- the answer ---- */

static int by_period_key(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;
	int c = strcmp(x->period, y->period);

	return c ? c : strcmp(x->key, y->key);
}

static void put_period(char out[DATE_TEXT], int period)
{
	unsigned p = (unsigned)period % 100000000;

	*out = 0;
	if (p % 100)
		snprintf(out, DATE_TEXT, "%04u-%02u-%02u", p / 10000, p / 100 % 100, p % 100);
	else if (p)
		snprintf(out, DATE_TEXT, "%04u-%02u", p / 10000, p / 100 % 100);
}

/* Takes the texts of the entry. */
static void add_row(struct report *out, struct report_entry *en)
{
	struct report_row *row = &out->rows[out->count++];

	put_period(row->period, en->period);
	row->key = en->key;
	row->label = en->label ? en->label : mem_strdup("");
	row->sum = en->sum;
	en->key = en->label = NULL;
}

/* The kinds of a period are one row of the periods. */
static bool add_period(struct report *out, const struct report_entry *en)
{
	struct report_row *row;
	char period[DATE_TEXT];
	size_t i = 0;

	put_period(period, en->period);
	while (i < out->period_count && strcmp(out->periods[i].period, period) != 0)
		i++;
	row = &out->periods[i];
	if (i == out->period_count) {
		out->period_count++;
		memcpy(row->period, period, sizeof(period));
		row->key = mem_strdup("");
		row->label = mem_strdup("");
	}
	return report_sum_add(&row->sum, &en->sum) && report_sum_add(&out->total, &en->sum);
}

/* What the rows add up to is what the invoices do (invariant I6). */
static enum err check_total(const struct report *out, const struct report_sum *rows,
			    struct err_info *e)
{
	if (rows->net == out->total.net && rows->tax == out->total.tax &&
	    rows->gross == out->total.gross)
		return ERR_OK;
	return err_fail(e, ERR_INTERNAL, "report.sums", "统计报表", "各行之和与发票合计不符");
}

static enum err make_rows(struct reader *x, struct report *out)
{
	struct report_sum rows = {.count = 0};
	bool fits = true;
	size_t i;

	out->rows = mem_zalloc((x->sums.count + 1) * sizeof(*out->rows));
	out->periods = mem_zalloc((x->sums.count + 1) * sizeof(*out->periods));
	for (i = 0; i < x->sums.count; i++) {
		struct report_entry *en = &x->sums.at[i];

		if (en->dim == REPORT_KIND)
			fits = fits && add_period(out, en);
		if (en->dim != (int)x->ask->dim)
			continue;
		fits = fits && report_sum_add(&rows, &en->sum);
		add_row(out, en);
	}
	qsort(out->rows, out->count, sizeof(*out->rows), by_period_key);
	qsort(out->periods, out->period_count, sizeof(*out->periods), by_period_key);
	return fits ? check_total(out, &rows, x->e) : report_too_large(x->e);
}

/* All of it is of one moment: a day may become due between two reads. */
static enum err read_moment(struct reader *x, struct report *out)
{
	struct rows *hold;
	enum err r = store_snapshot_begin(x->db, &hold, x->e);

	if (r)
		return r;
	if (!(r = read_months(x)) && !(r = name_kept(x)))
		r = make_rows(x, out);
	store_snapshot_end(&hold);
	return r;
}

enum err store_report(struct db *db, const struct report_ask *ask, const struct report_progress *p,
		      struct report *out, struct err_info *e)
{
	struct reader x = {.db = db, .ask = ask, .p = p, .e = e};
	struct report_keeper k = {.db = db, .unit = ask->unit};
	enum err r;

	*out = (struct report) {.count = 0};
	r = keep_days(&k, ask, p, &x.read, e);
	report_keeper_free(&k);
	if (!r)
		r = read_moment(&x, out);
	out->summed = x.read;
	report_table_free(&x.kept);
	report_table_free(&x.sums);
	free(x.days);
	if (r)
		report_free(out);
	return r;
}

enum err store_report_step(struct db *db, const char *today, bool *left, struct err_info *e)
{
	struct report_keeper k = {.db = db};
	struct report_due due = {.turn = 0};
	struct rows *q;
	char month[MONTH_TEXT];
	int64_t count = 0;
	enum err r = db_query(db, &q, e,
			      "SELECT unit_id, day, turn FROM report_day"
			      " WHERE summed <> turn AND day < ? LIMIT 1",
			      "s", today);

	*left = !r && rows_next(q);
	if (*left) {
		k.unit = rows_int(q, 0);
		text_copy(due.day, sizeof(due.day), rows_text(q, 1));
		due.turn = rows_int(q, 2);
	}
	r = rows_end(&q, r, e);
	if (!r && *left && !(r = report_keep_day(&k, &due, NULL, &count, e))) {
		snprintf(month, sizeof(month), "%.7s", due.day);
		report_keep_rest(&k);
		report_keep_month(&k, month);
		*left = !k.given_up;
	}
	report_keeper_free(&k);
	return r;
}
