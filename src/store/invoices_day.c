/* invoices_day.c - business days as ranges of invoice ids.
 *
 * Ids grow with time, except where somebody turned the clock back: the ranges of two days may then
 * overlap, which the bounds allow for.
 */
#include <string.h>

#include "base/date.h"
#include "store/invoices_p.h"

enum err invoice_day_note(struct db *db, int64_t unit, int64_t id, int64_t created_at,
			  struct err_info *e)
{
	char day[DATE_TEXT];
	return db_run(
	    db, e, NULL,
	    "INSERT INTO invoice_day (unit_id, day, first_id, last_id) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT (unit_id, day) DO UPDATE SET"
	    " first_id = CASE WHEN excluded.first_id < invoice_day.first_id"
	    " THEN excluded.first_id ELSE invoice_day.first_id END,"
	    " last_id = CASE WHEN excluded.last_id > invoice_day.last_id"
	    " THEN excluded.last_id ELSE invoice_day.last_id END",
	    "lsll", unit, date_text(created_at, day), id, id);
}

static bool starts_day(int64_t t)
{
	struct datetime d = date_of(t);
	return d.hour == 0 && d.minute == 0 && d.second == 0;
}

enum err invoice_day_bounds(struct db *db, int64_t unit, int64_t from, int64_t to, int64_t *low,
			    int64_t *high, bool *exact, struct err_info *e)
{
	struct rows *q;
	char first[DATE_TEXT] = "0000-00-00", last[DATE_TEXT] = "9999-99-99";
	*low = 0;
	*high = INT64_MAX;
	*exact = true;
	if (from <= 0 && to <= 0)
		return ERR_OK;
	if (from > 0)
		date_text(from, first);
	if (to > 0)
		date_text(to - 1, last);
	*high = -1;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT COALESCE(MIN(first_id), 0), COALESCE(MAX(last_id), -1) FROM invoice_day"
	    " WHERE unit_id = ? AND day >= ? AND day <= ?",
	    "lss", unit, first, last);
	if (!r && rows_next(q)) {
		*low = rows_int(q, 0);
		*high = rows_int(q, 1);
	}
	r = rows_end(&q, r, e);
	*exact = (from <= 0 || starts_day(from)) && (to <= 0 || starts_day(to));
	if (r || !*exact)
		return r;
	int64_t other = 0;
	bool found = false;
	r = db_get_int(db, e, &other, &found,
		       "SELECT first_id FROM invoice_day WHERE unit_id = ? AND (day < ? OR day > ?)"
		       " AND last_id >= ? AND first_id <= ? LIMIT 1",
		       "lssll", unit, first, last, *low, *high);
	*exact = !found;
	return r;
}
