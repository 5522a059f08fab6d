/* unit_changes.c - what the tax side changed of a unit's own data, from one answer to the next. */
#include <stdint.h>
#include <string.h>

#include "base/base.h"
#include "store/unit.h"

enum err store_taxpayer_change_add(struct db *db, int64_t unit, const char *key, const char *before,
				   const char *after, struct err_info *e)
{
	int64_t id;
	enum err r = db_next_id(db, "taxpayer_change", &id, e);

	return r ? r
		 : db_run(db, e, NULL,
			  "INSERT INTO taxpayer_change (id, unit_id, at, key, before, after)"
			  " VALUES (?, ?, ?, ?, ?, ?)",
			  "lllsss", id, unit, clock_now(), key, before, after);
}

/* A key alone, or all that begin with one that ends with a point. */
#define OF_KEY " AND (? = '' OR key = ? OR (substr(?, -1) = '.' AND substr(key, 1, ?) = ?))"

enum err store_taxpayer_changes(struct db *db, int64_t unit, const char *key, int64_t cursor,
				int limit, taxpayer_change_each f, void *arg, struct err_info *e)
{
	const char *k = key ? key : "";
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, at, key, before, after FROM taxpayer_change"
			      " WHERE unit_id = ? AND id < ?" OF_KEY " ORDER BY id DESC LIMIT ?",
			      "llsssisi", unit, cursor > 0 ? cursor : INT64_MAX, k, k, k,
			      (int)strlen(k), k, limit);

	while (!r && rows_next(q)) {
		struct taxpayer_change c = {.id = rows_int(q, 0),
					    .at = rows_int(q, 1),
					    .before = rows_text(q, 3),
					    .after = rows_text(q, 4)};

		text_copy(c.key, sizeof(c.key), rows_text(q, 2));
		r = f(arg, &c);
	}
	return rows_end(&q, r, e);
}
