/* red_engine.c - red letters for the engine and for whoever applies: history, what is due to be
 * asked, what blue rows lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/jobs.h"
#include "store/red_p.h"

enum err store_red_history(struct db *db, int64_t id, red_event_each f, void *arg,
			   struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT h.at, h.what, COALESCE(u.display_name, ''), h.note,"
			      " h.old_state, h.new_state FROM red_history h"
			      " LEFT JOIN app_user u ON u.id = h.user_id"
			      " WHERE h.letter_id = ? ORDER BY h.id",
			      "l", id);

	while (!r && rows_next(q))
		r = f(arg, &(struct red_event) {
			       .at = rows_int(q, 0),
			       .what = rows_text(q, 1),
			       .user = rows_text(q, 2),
			       .note = rows_text(q, 3),
			       .old_state = (enum red_state)rows_int(q, 4),
			       .new_state = (enum red_state)rows_int(q, 5),
			   });
	return rows_end(&q, r, e);
}

static enum err read_ids(struct rows **q, enum err r, int64_t *ids, size_t n, size_t *count,
			 struct err_info *e)
{
	*count = 0;
	while (!r && *count < n && rows_next(*q))
		ids[(*count)++] = rows_int(*q, 0);
	return rows_end(q, r, e);
}

enum err store_red_stale(struct db *db, int64_t unit, enum red_side side, int64_t before,
			 int64_t *ids, size_t n, size_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id FROM red_letter WHERE unit_id = ? AND side = ?"
			      " AND synced_at > ? AND " RED_OPEN " ORDER BY synced_at LIMIT ?",
			      "lill", unit, (int)side, clock_now() + 3600, (int64_t)n);
	size_t ahead = 0;

	if ((r = read_ids(&q, r, ids, n, &ahead, e)) || ahead == n) {
		*count = ahead;
		return r;
	}
	r = db_query(db, &q, e,
		     "SELECT id FROM red_letter WHERE unit_id = ? AND side = ?"
		     " AND synced_at < ? AND " RED_OPEN " ORDER BY synced_at LIMIT ?",
		     "lill", unit, (int)side, before, (int64_t)(n - ahead));
	r = read_ids(&q, r, ids + ahead, n - ahead, count, e);
	*count += ahead;
	return r;
}

enum err store_red_asked(struct db *db, int64_t id, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE red_letter SET synced_at = ? WHERE id = ?", "ll",
		      clock_now(), id);
}

/* ---- how far ---- */

enum err store_red_window(struct db *db, int64_t unit, enum red_side side, char until[DATE_TEXT],
			  int64_t *at, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e, "SELECT until, at FROM red_window WHERE unit_id = ? AND side = ?",
		     "li", unit, (int)side);

	until[0] = '\0';
	*at = 0;
	if (!r && rows_next(q)) {
		text_copy(until, DATE_TEXT, rows_text(q, 0));
		*at = rows_int(q, 1);
	}
	return rows_end(&q, r, e);
}

enum err store_red_set_window(struct db *db, int64_t unit, enum red_side side, const char *until,
			      struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO red_window (unit_id, side, until, at) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (unit_id, side) DO UPDATE SET until = excluded.until,"
		      " at = excluded.at",
		      "lisl", unit, (int)side, until, clock_now());
}

const char *red_brings_key(enum red_side side, char out[RED_BRINGS])
{
	snprintf(out, RED_BRINGS, "by itself, %s", red_side_word(side));
	return out;
}

enum err store_red_denied(struct db *db, int64_t unit, enum red_side side, int64_t *at,
			  struct err_info *e)
{
	char key[RED_BRINGS], until[DATE_TEXT];
	int64_t granted;
	struct rows *q;
	enum err r = store_red_window(db, unit, side, until, &granted, e);

	*at = 0;
	if (r)
		return r;
	r = db_query(db, &q, e,
		     "SELECT updated_at, error_code FROM job WHERE kind = ? AND unit_id = ?"
		     " AND group_key = ? ORDER BY id DESC LIMIT 1",
		     "sls", JOB_RED_SYNC, unit, red_brings_key(side, key));
	if (!r && rows_next(q) && !strcmp(rows_text(q, 1), RED_NOT_GRANTED) &&
	    rows_int(q, 0) >= granted)
		*at = rows_int(q, 0);
	return rows_end(&q, r, e);
}

enum err store_red_refused_by_person(struct db *db, int64_t unit, enum red_side side,
				     const char *blue_code, const char *blue_number, bool *refused,
				     struct err_info *e)
{
	int64_t one;

	return db_get_int(db, e, &one, refused,
			  "SELECT 1 FROM red_letter WHERE unit_id = ? AND blue_number = ?"
			  " AND blue_code = ? AND side = ? AND state = ? LIMIT 1",
			  "lssii", unit, blue_number, blue_code, (int)side,
			  (int)RED_PERSON_REFUSED);
}

/* ---- what blue rows lost --------------------------------------------------------------------- */

/* Letters that count: valid, and those on their way. */
#define COUNTS                                                                                     \
	"l.unit_id = ? AND l.blue_number = ? AND l.blue_code = ? AND l.side = ? AND l.id <> ?"     \
	" AND ((l.progress = 'known' AND l.state BETWEEN 1 AND 4"                                  \
	" AND (l.valid = 1 OR l.issued = 1))"                                                      \
	" OR l.progress = 'applying' OR l.progress = 'doubtful')"

struct taking {
	struct red_taken *items;
	size_t count, room;
};

/* Rows come in their order. */
static enum err take_row(struct taking *t, struct rows *q, struct err_info *e)
{
	unsigned row = (unsigned)rows_int(q, 0);
	struct red_taken *at;
	struct dec quantity;

	if (!t->count || t->items[t->count - 1].row != row) {
		if (t->count == t->room) {
			t->room = t->room ? t->room * 2 : 16;
			t->items = mem_realloc(t->items, t->room * sizeof(*t->items));
		}
		t->items[t->count++] = (struct red_taken) {.row = row};
	}
	at = &t->items[t->count - 1];
	if (!fen_add(at->net_fen, -rows_int(q, 2), &at->net_fen) ||
	    !fen_add(at->tax_fen, -rows_int(q, 3), &at->tax_fen) ||
	    (*rows_text(q, 1) && (!dec_parse(rows_text(q, 1), &quantity) ||
				  !dec_add(at->quantity, dec_negate(quantity), &at->quantity))))
		return err_fail(e, ERR_DAMAGED, "red.damaged", "红字确认单",
				"第 %u 行已红冲的数量或金额无法相加", row);
	return ERR_OK;
}

enum err store_red_taken(struct db *db, int64_t unit, enum red_side side, const char *blue_code,
			 const char *blue_number, int64_t except, struct red_taken **out, size_t *n,
			 size_t *bare, struct err_info *e)
{
	struct taking t = {.items = NULL};
	struct rows *q;
	int64_t without = 0;
	enum err r =
	    db_get_int(db, e, &without, NULL,
		       "SELECT COUNT(*) FROM red_letter l WHERE " COUNTS " AND l.detail_at = 0",
		       "lssil", unit, blue_number, blue_code, (int)side, except);

	if (r)
		return r;
	r = db_query(db, &q, e,
		     "SELECT n.blue_row, n.quantity, n.net, n.tax FROM red_letter l"
		     " JOIN red_letter_line n ON n.letter_id = l.id WHERE " COUNTS
		     " ORDER BY n.blue_row",
		     "lssil", unit, blue_number, blue_code, (int)side, except);
	while (!r && rows_next(q))
		r = take_row(&t, q, e);
	r = rows_end(&q, r, e);
	if (r) {
		free(t.items);
		return r;
	}
	*out = t.items;
	*n = t.count;
	*bare = (size_t)without;
	return ERR_OK;
}
