/* numbers.c - number segments and the state of every number taken (invariant I1). */
#include "store/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/settings.h"
#include "tax/ids.h"

enum { SEGMENT_MAX = 5000 }; /* numbers of one claim (protocol 7.2) */

static enum err overlap(struct err_info *e, const struct segment *s, const char *first,
			const char *last)
{
	err_fail(e, ERR_DAMAGED, "segment.overlap", "数电领购",
		 "号段 %s 至 %s 与已有号段 %s 至 %s 重叠", s->first, s->last, first, last);
	err_hint(e, "不要使用这段号码；核对 numbers list 与局端的领购记录");
	return ERR_DAMAGED;
}

/* A segment of the same serial: *known when it is there with the same range. */
static enum err segment_known(struct db *db, const struct segment *s, bool *known,
			      struct err_info *e)
{
	struct rows *q;
	*known = false;
	enum err r = db_query(
	    db, &q, e, "SELECT unit_id, first_number, last_number FROM segment WHERE serial = ?",
	    "s", s->serial);
	if (!r && rows_next(q)) {
		*known = true;
		if (rows_int(q, 0) != s->unit_id || strcmp(rows_text(q, 1), s->first) != 0 ||
		    strcmp(rows_text(q, 2), s->last) != 0)
			r = overlap(e, s, rows_text(q, 1), rows_text(q, 2));
	}
	return rows_end(&q, r, e);
}

static enum err segment_overlap(struct db *db, const struct segment *s, struct err_info *e)
{
	struct rows *q;
	/* The nearest segment at or before our last number, of any unit of the environment. */
	enum err r = db_query(
	    db, &q, e,
	    "SELECT s.first_number, s.last_number FROM segment s JOIN unit u ON u.id = s.unit_id"
	    " WHERE s.first_number <= ? AND s.last_number >= ?"
	    " AND u.env = (SELECT env FROM unit WHERE id = ?)"
	    " ORDER BY s.first_number DESC LIMIT 1",
	    "ssl", s->last, s->first, s->unit_id);
	if (!r && rows_next(q))
		r = overlap(e, s, rows_text(q, 0), rows_text(q, 1));
	return rows_end(&q, r, e);
}

/* The range must be what the size says. */
static enum err segment_form(const struct segment *s, struct err_info *e)
{
	char last[NUMBER_TEXT];
	if (s->size < 1 || s->size > SEGMENT_MAX || !invoice_number_ok(s->first) ||
	    !invoice_number_add(s->first, (unsigned long long)s->size - 1, last) ||
	    strcmp(last, s->last) != 0) {
		err_fail(e, ERR_DAMAGED, "segment.form", "数电领购",
			 "号段 %s 至 %s 与数量 %" PRId64 " 不符", s->first, s->last, s->size);
		err_hint(e, "不要使用这段号码；核对局端的领购记录");
		return ERR_DAMAGED;
	}
	return ERR_OK;
}

enum err store_segment_add(struct db *db, const struct segment *s, struct err_info *e)
{
	bool known = false;
	int64_t id = 0;
	enum err r = segment_form(s, e);
	if (!r)
		r = segment_known(db, s, &known, e);
	if (r || known)
		return r;
	r = segment_overlap(db, s, e);
	if (!r)
		r = db_next_id(db, "segment", &id, e);
	if (r)
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO segment (id, unit_id, serial, first_number, last_number, size,"
		      " year, state,"
		      " claimed_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?)",
		      "llssslil", id, s->unit_id, s->serial, s->first, s->last, s->size, s->year,
		      s->claimed_at ? s->claimed_at : clock_now());
}

/* The year of the newest numbers, where they came in `year` and are of another one; else 0. */
static enum err year_astray(struct db *db, int64_t unit, int year, int *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT year, claimed_at FROM segment WHERE unit_id = ?"
			      " ORDER BY id DESC LIMIT 1",
			      "l", unit);

	*out = 0;
	if (!r && rows_next(q) && rows_int(q, 0) != year &&
	    date_of(rows_int(q, 1)).date.year == year)
		*out = (int)rows_int(q, 0);
	return rows_end(&q, r, e);
}

static enum err numbers_short(struct db *db, int64_t unit, int year, struct err_info *e)
{
	int theirs = 0;
	enum err r = year_astray(db, unit, year, &theirs, e);

	if (r)
		return r;
	if (theirs) {
		err_fail(e, ERR_INVALID, "numbers.year", "数电号码",
			 "没有 %d 年可用的数电号码，税局刚给的是 %d 年的号码", year, theirs);
		err_hint(e, "请核对本机时钟；跨年前后请等两边进入同一年再开票");
		return ERR_INVALID;
	}
	err_fail(e, ERR_INVALID, "numbers.short", "数电号码", "没有 %d 年可用的数电号码", year);
	err_hint(e, "先领购：kaipiao numbers claim 100");
	return ERR_INVALID;
}

enum err store_number_take(struct db *db, int64_t unit, int year, int64_t invoice,
			   char out[NUMBER_TEXT], struct err_info *e)
{
	struct rows *q;
	int64_t segment = 0, taken = 0;
	char first[NUMBER_TEXT] = "", number[NUMBER_TEXT] = "";
	enum err r = db_query(db, &q, e,
			      "SELECT id, first_number, taken FROM segment WHERE unit_id = ?"
			      " AND state = 'open' AND year = ? ORDER BY id LIMIT 1",
			      "li", unit, year);
	bool found = !r && rows_next(q);
	if (found) {
		segment = rows_int(q, 0);
		text_copy(first, sizeof(first), rows_text(q, 1));
		taken = rows_int(q, 2) + 1;
	}
	r = rows_end(&q, r, e);
	if (r)
		return r;
	if (!found)
		return numbers_short(db, unit, year, e);
	r = db_run(db, e, NULL,
		   "UPDATE segment SET taken = taken + 1, reserved = reserved + 1,"
		   " state = CASE WHEN taken + 1 = size THEN 'used' ELSE state END WHERE id = ?",
		   "l", segment);
	if (r)
		return r;
	if (taken < 1 || !invoice_number_add(first, (unsigned long long)taken - 1, number))
		return err_fail(e, ERR_DAMAGED, "segment.form", "数电号码", "号段 %s 已损坏",
				first);
	r = db_run(
	    db, e, NULL,
	    "INSERT INTO number_taken (unit_id, number, segment_id, invoice_id, state, changed_at)"
	    " VALUES (?, ?, ?, ?, 'reserved', ?)",
	    "lslll", unit, number, segment, invoice, clock_now());
	if (!r)
		memcpy(out, number, NUMBER_TEXT);
	return r;
}

/* Legal moves of a number, with the counts of its segment they move. */
static const struct {
	const char *from, *to, *count_sql;
} moves[] = {
    {"reserved", "used",
     "UPDATE segment SET reserved = reserved - 1, used = used + 1 WHERE id = ?"},
    {"reserved", "reusable",
     "UPDATE segment SET reserved = reserved - 1, reusable = reusable + 1 WHERE id = ?"},
    {"reserved", "void",
     "UPDATE segment SET reserved = reserved - 1, voided = voided + 1 WHERE id = ?"},
    {"reusable", "reserved",
     "UPDATE segment SET reusable = reusable - 1, reserved = reserved + 1 WHERE id = ?"},
    {"reusable", "void",
     "UPDATE segment SET reusable = reusable - 1, voided = voided + 1 WHERE id = ?"},
};

static const char *move_sql(const char *from, const char *to)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (strcmp(moves[i].from, from) == 0 && strcmp(moves[i].to, to) == 0)
			return moves[i].count_sql;
	return NULL;
}

enum err store_number_set(struct db *db, int64_t unit, const char *number, const char *state,
			  struct err_info *e)
{
	struct rows *q;
	char from[12] = "";
	int64_t segment = 0;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT state, segment_id FROM number_taken WHERE unit_id = ? AND number = ?",
		     "ls", unit, number);
	if (!r && rows_next(q)) {
		text_copy(from, sizeof(from), rows_text(q, 0));
		segment = rows_int(q, 1);
	}
	r = rows_end(&q, r, e);
	if (r)
		return r;
	const char *sql = move_sql(from, state);
	if (!sql)
		return err_fail(e, ERR_INTERNAL, "number.state", "数电号码", "%s 不能从 %s 变为 %s",
				number, *from ? from : "未使用", state);
	r = db_run(
	    db, e, NULL,
	    "UPDATE number_taken SET state = ?, changed_at = ? WHERE unit_id = ? AND number = ?",
	    "slls", state, clock_now(), unit, number);
	if (!r)
		r = db_run(db, e, NULL, sql, "l", segment);
	return r;
}

enum err store_number_stock(struct db *db, int64_t unit, int year, int64_t *out, struct err_info *e)
{
	return db_get_int(db, e, out, NULL,
			  "SELECT COALESCE(SUM(size - taken), 0) FROM segment"
			  " WHERE unit_id = ? AND state = 'open' AND year = ?",
			  "li", unit, year);
}

/* Marked under a clock that was ahead.  What a restore has put away is never taken again
 * (store_segment_expire_all): it is known by its id, and in homes restored before that was noted by
 * its time. */
#define RESTORED(key)                                                                              \
	"CAST(COALESCE((SELECT value FROM setting WHERE type = 'home' AND key = '" key "'), '0')"  \
	" AS INTEGER)"
#define EARLY                                                                                      \
	" WHERE unit_id = ? AND state = 'expired' AND year >= ?"                                   \
	" AND id > " RESTORED("restored_segment") " AND claimed_at > " RESTORED("restored_at")

/* Those of an earlier year that were booked when this one had begun. */
#define LATE " WHERE unit_id = ? AND state = 'open' AND year < ? AND claimed_at >= ?"

enum err store_segment_amiss(struct db *db, int64_t unit, int year, bool *early, bool *late,
			     struct err_info *e)
{
	int64_t n, begun = date_unix((struct datetime) {.date = {year, 1, 1}});
	enum err r = db_get_int(db, e, &n, early, "SELECT 1 FROM segment" EARLY " LIMIT 1", "li",
				unit, year);

	return r ? r
		 : db_get_int(db, e, &n, late, "SELECT 1 FROM segment" LATE " LIMIT 1", "lil", unit,
			      year, begun);
}

enum err store_segment_expire(struct db *db, int64_t unit, int year, int *changed,
			      struct err_info *e)
{
	enum err r = db_run(db, e, changed,
			    "UPDATE segment SET state = 'expired' WHERE unit_id = ?"
			    " AND state = 'open' AND year < ?",
			    "li", unit, year);

	return r ? r
		 : db_run(db, e, NULL, "UPDATE segment SET state = 'open'" EARLY, "li", unit, year);
}

enum err store_segment_expire_all(struct db *db, struct err_info *e)
{
	char last[24];
	int64_t id = 0;
	enum err r = db_get_int(db, e, &id, NULL, "SELECT COALESCE(MAX(id), 0) FROM segment", "");

	snprintf(last, sizeof(last), "%" PRId64, id);
	if (r || (r = store_setting_set(db, "home", "restored_segment", last, e)))
		return r;
	return db_run(db, e, NULL, "UPDATE segment SET state = 'expired' WHERE state = 'open'", "");
}

#define SEGMENT_COLUMNS                                                                            \
	"SELECT id, unit_id, size, taken, claimed_at, year, serial, first_number,"                 \
	" last_number, state,"                                                                     \
	" reserved, used, reusable, voided FROM segment"

static enum err give_segment(struct rows *q, segment_each f, void *arg)
{
	struct segment s = {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .size = rows_int(q, 2),
	    .taken = rows_int(q, 3),
	    .claimed_at = rows_int(q, 4),
	    .year = (int)rows_int(q, 5),
	};
	text_copy(s.serial, sizeof(s.serial), rows_text(q, 6));
	text_copy(s.first, sizeof(s.first), rows_text(q, 7));
	text_copy(s.last, sizeof(s.last), rows_text(q, 8));
	text_copy(s.state, sizeof(s.state), rows_text(q, 9));
	int64_t rest = s.size - s.taken;
	struct number_counts c = {
	    .total = s.size,
	    .free = strcmp(s.state, "open") == 0 ? rest : 0,
	    .expired = strcmp(s.state, "expired") == 0 ? rest : 0,
	    .reserved = rows_int(q, 10),
	    .used = rows_int(q, 11),
	    .reusable = rows_int(q, 12),
	    .voided = rows_int(q, 13),
	};
	return f(arg, &s, &c);
}

/* Start of the day in Unix time, days later; 0 when there is no such date. */
static int64_t day_start(const char *text, int days)
{
	struct date d;
	if (text_empty(text) || !date_parse(text, &d))
		return 0;
	return date_unix((struct datetime) {.date = date_from_days(date_days(d) + days)});
}

enum err store_segment_list(struct db *db, int64_t unit, const char *from, const char *to,
			    int64_t cursor, int limit, segment_each f, void *arg,
			    struct err_info *e)
{
	struct rows *q;
	int64_t until = day_start(to, 1);
	enum err r = db_query(db, &q, e,
			      SEGMENT_COLUMNS " WHERE unit_id = ? AND id < ? AND claimed_at >= ?"
					      " AND claimed_at < ? ORDER BY id DESC LIMIT ?",
			      "lllli", unit, cursor > 0 ? cursor : INT64_MAX, day_start(from, 0),
			      until ? until : INT64_MAX, limit);
	while (!r && rows_next(q))
		r = give_segment(q, f, arg);
	return rows_end(&q, r, e);
}
