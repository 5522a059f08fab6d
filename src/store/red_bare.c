/* red_bare.c - red letters the lines of which are not here, or cannot be right. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "store/red_p.h"
#include "store/settings.h"

#define RECHECKED "red_lines_checked" /* id up to which that was done, or "done" */

/* ---- without ---- */

struct bare {
	int64_t id, place;
};

/* At most n behind those in `out`. */
static enum err read_bare(struct rows **q, enum err r, struct bare *out, size_t n, size_t *count,
			  struct err_info *e)
{
	size_t end = *count + n;

	while (!r && *count < end && rows_next(*q))
		out[(*count)++] = (struct bare) {rows_int(*q, 0), rows_int(*q, 1)};
	return rows_end(q, r, e);
}

static void give_bare(const struct bare *found, size_t n, int64_t *after, int64_t *ids,
		      size_t *count)
{
	for (size_t i = 0; i < n; i++)
		ids[i] = found[i].id;
	if (n)
		*after = found[n - 1].place;
	*count = n;
}

/* The places of letters entered from the beginning of a day on; INT64_MIN of no day. */
static int64_t day_place(const char *day, int days)
{
	char text[DATETIME_TEXT];
	int64_t at = 0;

	snprintf(text, sizeof(text), "%.10s 00:00:00", day);
	return *day && datetime_parse(text, &at) ? red_place(at + days * 86400, 0) : INT64_MIN;
}

enum err store_red_bare(struct db *db, int64_t unit, enum red_side side, const char *from,
			const char *to, int64_t *after, int64_t *ids, size_t n, size_t *count,
			struct err_info *e)
{
	struct bare *found = mem_zalloc(n * sizeof(*found));
	int64_t low = day_place(from, 0), high = day_place(to, 1);
	size_t got = 0;
	struct rows *q;
	enum err r;

	if (low <= *after)
		low = *after + 1;
	if (high == INT64_MIN)
		high = INT64_MAX;
	r = db_query(db, &q, e,
		     "SELECT id, place FROM red_letter WHERE unit_id = ? AND side = ?"
		     " AND place >= ? AND place < ? AND progress = 'known' AND detail_at = 0"
		     " ORDER BY place LIMIT ?",
		     "lilll", unit, (int)side, low, high, (int64_t)n);
	r = read_bare(&q, r, found, n, &got, e);
	give_bare(found, r ? 0 : got, after, ids, count);
	free(found);
	return r;
}

static int by_place(const void *a, const void *b)
{
	const struct bare *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

/* A range of an index for each of the states: void letters, of which there are very many, are not
 * touched. */
enum err store_red_bare_open(struct db *db, int64_t unit, enum red_side side, int64_t *after,
			     int64_t *ids, size_t n, size_t *count, struct err_info *e)
{
	enum { SIDES = 2, STATES = RED_AGREED + 1 };
	struct bare *found = mem_zalloc(SIDES * STATES * n * sizeof(*found));
	size_t got = 0;
	enum err r = ERR_OK;

	for (int i = 0; i < SIDES * STATES && !r; i++) {
		struct rows *q;

		r = db_query(db, &q, e,
			     "SELECT id, place FROM red_letter WHERE unit_id = ? AND side = ?"
			     " AND entered_by = ? AND state = ? AND issued = 0 AND place > ?"
			     " AND progress = 'known' AND +detail_at = 0 ORDER BY place LIMIT ?",
			     "liiill", unit, (int)side, i % SIDES, i / SIDES, *after, (int64_t)n);
		r = read_bare(&q, r, found, n, &got, e);
	}
	qsort(found, got, sizeof(*found), by_place);
	give_bare(found, r ? 0 : got < n ? got : n, after, ids, count);
	free(found);
	return r;
}

enum err store_red_bare_place(struct db *db, int64_t id, int64_t *after, struct err_info *e)
{
	return db_get_int(db, e, after, NULL, "SELECT place FROM red_letter WHERE id = ?", "l", id);
}

/* ---- lines that were kept before they were added up ---- */

/* Nothing of them is counted meanwhile; a letter that is to be issued or shown gets new ones. */
static enum err drop_lines(struct db *db, int64_t id, struct err_info *e)
{
	enum err r =
	    db_run(db, e, NULL, "DELETE FROM red_letter_line WHERE letter_id = ?", "l", id);

	return r ? r
		 : db_run(db, e, NULL, "UPDATE red_letter SET detail_at = 0 WHERE id = ?", "l", id);
}

static enum err recheck_one(struct db *db, int64_t id, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_get(db, id, &rec, e);

	if (r == ERR_DAMAGED) {
		err_clear(e);
		return drop_lines(db, id, e);
	}
	if (r)
		return r;
	if (!tax_red_adds_up(&rec.letter))
		r = drop_lines(db, id, e);
	red_record_free(&rec);
	return r;
}

/* *last: the id to go on behind; *count < n: there are no others. */
static enum err recheck_some(struct db *db, int64_t *last, size_t n, size_t *count,
			     struct err_info *e)
{
	struct bare *found = mem_zalloc(n * sizeof(*found));
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, place FROM red_letter WHERE id > ? AND progress = 'known'"
			      " AND detail_at > 0 ORDER BY id LIMIT ?",
			      "ll", *last, (int64_t)n);

	r = read_bare(&q, r, found, n, count, e);
	for (size_t i = 0; i < *count && !r; i++)
		r = recheck_one(db, *last = found[i].id, e);
	free(found);
	return r;
}

enum err store_red_recheck(struct db *db, size_t n, bool *done, struct err_info *e)
{
	char text[24];
	int64_t last;
	size_t count = 0;
	enum err r = store_setting_get(db, "home", RECHECKED, "0", text, sizeof(text), e);

	*done = !r && strcmp(text, "done") == 0;
	if (r || *done || (r = db_begin(db, e)))
		return r;
	last = strtoll(text, NULL, 10);
	r = recheck_some(db, &last, n, &count, e);
	*done = count < n;
	snprintf(text, sizeof(text), "%" PRId64, last);
	if (r || (r = store_setting_set(db, "home", RECHECKED, *done ? "done" : text, e))) {
		db_rollback(db);
		return r;
	}
	return db_commit(db, e);
}
