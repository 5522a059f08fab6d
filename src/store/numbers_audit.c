/* numbers_audit.c - proves that every number of every segment is explained (invariant I1). */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "store/numbers.h"
#include "tax/ids.h"

/* Notes n unexplained numbers; the first note stays. */
__attribute__((format(printf, 3, 4))) static void note(struct number_audit *a, int64_t n,
						       const char *fmt, ...)
{
	a->unexplained += n;
	if (a->first_problem[0])
		return;
	va_list ap;
	va_start(ap, fmt);
	char text[sizeof(a->first_problem)];
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text_copy(a->first_problem, sizeof(a->first_problem), text);
}

/* One segment as its row says, and as the rows of number_taken say. */
struct tallied {
	char first[NUMBER_TEXT], last[NUMBER_TEXT], state[12];
	int64_t size, taken, kept[4], rows[4], count;
	char low[NUMBER_TEXT], high[NUMBER_TEXT];
};

static const char *const state_words[4] = {"reserved", "used", "reusable", "void"};

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static void check_range(struct number_audit *a, const struct tallied *t, const char *before)
{
	char end[NUMBER_TEXT] = "", taken_end[NUMBER_TEXT] = "";
	if (!invoice_number_ok(t->first) ||
	    !invoice_number_add(t->first, (unsigned long long)t->size - 1, end) ||
	    strcmp(end, t->last) != 0)
		note(a, t->size, "号段 %s 至 %s 与数量 %" PRId64 " 不符", t->first, t->last,
		     t->size);
	if (*before && strcmp(before, t->first) >= 0)
		note(a, 1, "号段 %s 与前一号段（至 %s）重叠", t->first, before);
	if (t->count == 0)
		return;
	bool ok = t->taken > 0 &&
		  invoice_number_add(t->first, (unsigned long long)t->taken - 1, taken_end);
	if (strcmp(t->low, t->first) < 0)
		note(a, 1, "号码 %s 在号段 %s 之外", t->low, t->first);
	if (!ok || strcmp(t->high, taken_end) > 0)
		note(a, 1, "号码 %s 不在号段 %s 已取用的 %" PRId64 " 个之内", t->high, t->first,
		     t->taken);
}

static void check_counts(struct number_audit *a, const struct tallied *t)
{
	if (t->count != t->taken)
		note(a, distance(t->count, t->taken),
		     "号段 %s 已取用 %" PRId64 " 个，有去向的是 %" PRId64 " 个", t->first, t->taken,
		     t->count);
	for (int i = 0; i < 4; i++)
		if (t->kept[i] != t->rows[i])
			note(a, distance(t->kept[i], t->rows[i]),
			     "号段 %s 状态 %s 应有 %" PRId64 " 个，实有 %" PRId64 " 个", t->first,
			     state_words[i], t->kept[i], t->rows[i]);
	bool full = t->taken == t->size, used = strcmp(t->state, "used") == 0;
	if (t->taken > t->size || full != used)
		note(a, 1, "号段 %s 的状态 %s 与已取用 %" PRId64 "/%" PRId64 " 不符", t->first,
		     t->state, t->taken, t->size);
}

static void add_counts(struct number_counts *c, const struct tallied *t)
{
	int64_t rest = t->size - t->taken;
	c->total += t->size;
	c->free += strcmp(t->state, "open") == 0 ? rest : 0;
	c->expired += strcmp(t->state, "expired") == 0 ? rest : 0;
	c->reserved += t->rows[0];
	c->used += t->rows[1];
	c->reusable += t->rows[2];
	c->voided += t->rows[3];
}

static enum err audit_segments(struct db *db, int64_t unit, struct number_audit *a,
			       struct err_info *e)
{
	struct rows *q;
	char before[NUMBER_TEXT] = "";
	enum err r =
	    db_query(db, &q, e,
		     "SELECT s.first_number, s.last_number, s.state, s.size, s.taken, s.reserved,"
		     " s.used, s.reusable,"
		     " s.voided, SUM(CASE WHEN n.state = 'reserved' THEN 1 ELSE 0 END),"
		     " SUM(CASE WHEN n.state = 'used' THEN 1 ELSE 0 END),"
		     " SUM(CASE WHEN n.state = 'reusable' THEN 1 ELSE 0 END),"
		     " SUM(CASE WHEN n.state = 'void' THEN 1 ELSE 0 END),"
		     " COUNT(n.number), MIN(n.number), MAX(n.number)"
		     " FROM segment s LEFT JOIN number_taken n ON n.segment_id = s.id AND"
		     " n.unit_id = s.unit_id"
		     " WHERE s.unit_id = ? GROUP BY s.id ORDER BY s.first_number",
		     "l", unit);
	while (!r && rows_next(q)) {
		struct tallied t = {
		    .size = rows_int(q, 3), .taken = rows_int(q, 4), .count = rows_int(q, 13)};
		text_copy(t.first, sizeof(t.first), rows_text(q, 0));
		text_copy(t.last, sizeof(t.last), rows_text(q, 1));
		text_copy(t.state, sizeof(t.state), rows_text(q, 2));
		text_copy(t.low, sizeof(t.low), rows_text(q, 14));
		text_copy(t.high, sizeof(t.high), rows_text(q, 15));
		for (int i = 0; i < 4; i++) {
			t.kept[i] = rows_int(q, 5 + i);
			t.rows[i] = rows_int(q, 9 + i);
		}
		check_range(a, &t, before);
		check_counts(a, &t);
		add_counts(&a->counts, &t);
		memcpy(before, t.last, sizeof(before));
	}
	return rows_end(&q, r, e);
}

/* Runs a query that finds problems: number, invoice id, two state words. */
static enum err audit_query(struct db *db, int64_t unit, struct number_audit *a, const char *text,
			    const char *sql, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, sql, "l", unit);
	while (!r && rows_next(q))
		note(a, 1, "%s：%s（发票 %" PRId64 "，号码 %s，发票状态 %s）", text,
		     rows_text(q, 0), rows_int(q, 1), rows_text(q, 2), rows_text(q, 3));
	return rows_end(&q, r, e);
}

static enum err audit_invoices(struct db *db, int64_t unit, struct number_audit *a,
			       struct err_info *e)
{
	enum err r =
	    audit_query(db, unit, a, "号码不属于本单位的号段",
			"SELECT n.number, n.invoice_id, n.state, '-' FROM number_taken n"
			" LEFT JOIN segment s ON s.id = n.segment_id"
			" WHERE n.unit_id = ? AND (s.id IS NULL OR s.unit_id <> n.unit_id)",
			e);
	if (!r)
		r = audit_query(db, unit, a, "号码没有对应的发票",
				"SELECT n.number, n.invoice_id, n.state, COALESCE(i.state, '-')"
				" FROM number_taken n LEFT JOIN invoice i ON i.id = n.invoice_id"
				" WHERE n.unit_id = ? AND (i.id IS NULL OR i.unit_id <> n.unit_id"
				" OR i.number IS NULL OR i.number <> n.number)",
				e);
	if (!r)
		r = audit_query(
		    db, unit, a, "号码与发票状态不符",
		    "SELECT n.number, n.invoice_id, n.state, i.state"
		    " FROM number_taken n JOIN invoice i ON i.id = n.invoice_id"
		    " WHERE n.unit_id = ? AND n.state <> CASE"
		    " WHEN i.state IN ('numbered', 'sending', 'accepted', 'unknown')"
		    " THEN 'reserved'"
		    " WHEN i.state = 'issued' THEN 'used' WHEN i.state = 'failed' THEN 'reusable'"
		    " WHEN i.state = 'void' THEN 'void' ELSE '-' END",
		    e);
	if (!r)
		r = audit_query(
		    db, unit, a, "发票的号码不在任何号段",
		    "SELECT COALESCE(i.number, ''), i.id, '-', i.state FROM invoice i"
		    " LEFT JOIN number_taken n ON n.unit_id = i.unit_id AND n.number = i.number"
		    " WHERE i.unit_id = ? AND n.number IS NULL"
		    " AND (i.number IS NOT NULL OR i.state NOT IN ('draft', 'void'))",
		    e);
	return r;
}

enum err store_number_audit(struct db *db, int64_t unit, struct number_audit *out,
			    struct err_info *e)
{
	struct number_audit a = {0};
	enum err r = audit_segments(db, unit, &a, e);
	if (!r)
		r = audit_invoices(db, unit, &a, e);
	if (!r)
		*out = a;
	return r;
}

/* ---- one number ---- */

enum err store_number_place(struct db *db, int64_t unit, const char *number,
			    struct number_place *out, bool *found, struct err_info *e)
{
	struct rows *q;
	long long index = 0;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT s.id, s.size, s.taken, s.claimed_at, s.year, s.serial, s.first_number,"
		     " s.last_number, s.state, COALESCE(n.state, ''), COALESCE(n.invoice_id, 0),"
		     " COALESCE(n.changed_at, 0) FROM segment s LEFT JOIN number_taken n"
		     " ON n.unit_id = s.unit_id AND n.number = ?"
		     " WHERE s.unit_id = ? AND s.first_number <= ? AND s.last_number >= ?",
		     "slss", number, unit, number, number);

	*out = (struct number_place) {.index = 0};
	*found = !r && rows_next(q);
	if (*found) {
		struct segment *s = &out->segment;

		*s = (struct segment) {.id = rows_int(q, 0),
				       .unit_id = unit,
				       .size = rows_int(q, 1),
				       .taken = rows_int(q, 2),
				       .claimed_at = rows_int(q, 3),
				       .year = (int)rows_int(q, 4)};
		text_copy(s->serial, sizeof(s->serial), rows_text(q, 5));
		text_copy(s->first, sizeof(s->first), rows_text(q, 6));
		text_copy(s->last, sizeof(s->last), rows_text(q, 7));
		text_copy(s->state, sizeof(s->state), rows_text(q, 8));
		text_copy(out->state, sizeof(out->state), rows_text(q, 9));
		text_copy(out->number, sizeof(out->number), number);
		out->invoice = rows_int(q, 10);
		out->changed_at = rows_int(q, 11);
		if (invoice_number_diff(s->first, number, &index))
			out->index = index + 1;
		if (!*out->state && out->index <= s->taken)
			text_copy(out->state, sizeof(out->state), "unexplained");
		if (!*out->state)
			text_copy(out->state, sizeof(out->state),
				  strcmp(s->state, "expired") == 0 ? "expired" : "free");
	}
	return rows_end(&q, r, e);
}
