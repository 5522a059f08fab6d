/* phrases.c - 备注常用语 of a person. */
#include "store/phrases.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"

enum err store_phrase_list(struct db *db, int64_t unit, int64_t user, struct phrase **out,
			   size_t *n, struct err_info *e)
{
	struct phrase *found = mem_zalloc(PHRASES_MAX * sizeof(*found));
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, uses, body FROM phrase WHERE unit_id = ? AND user_id = ?"
			      " ORDER BY uses DESC, used_at DESC, id DESC LIMIT ?",
			      "lli", unit, user, (int)PHRASES_MAX);

	*n = 0;
	while (!r && rows_next(q)) {
		struct phrase *p = &found[(*n)++];

		p->id = rows_int(q, 0);
		p->uses = rows_int(q, 1);
		text_copy(p->body, sizeof(p->body), rows_text(q, 2));
	}
	if ((r = rows_end(&q, r, e))) {
		free(found);
		return r;
	}
	*out = found;
	return ERR_OK;
}

static enum err refuse_twin(struct db *db, int64_t unit, int64_t user, int64_t id, const char *body,
			    struct err_info *e)
{
	int64_t other = 0;
	enum err r = db_get_int(db, e, &other, NULL,
				"SELECT id FROM phrase WHERE unit_id = ? AND user_id = ?"
				" AND body = ? AND id <> ?",
				"llsl", unit, user, body, id);

	return r || !other ? r
			   : err_fail(e, ERR_INVALID, "phrase.twin", "常用语", "已经有一条相同的");
}

static enum err insert(struct db *db, int64_t unit, int64_t user, int64_t *id, const char *body,
		       struct err_info *e)
{
	int64_t count = 0;
	enum err r = db_get_int(db, e, &count, NULL,
				"SELECT COUNT(*) FROM phrase WHERE unit_id = ? AND user_id = ?",
				"ll", unit, user);

	if (r)
		return r;
	if (count >= PHRASES_MAX) {
		err_fail(e, ERR_INVALID, "phrase.many", "常用语", "已有 %d 条", (int)PHRASES_MAX);
		err_hint(e, "先删去不用的");
		return ERR_INVALID;
	}
	if ((r = db_next_id(db, "phrase", id, e)))
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO phrase (id, unit_id, user_id, body, used_at)"
		      " VALUES (?, ?, ?, ?, ?)",
		      "lllsl", *id, unit, user, body, clock_now());
}

enum err store_phrase_put(struct db *db, int64_t unit, int64_t user, int64_t *id, const char *body,
			  struct err_info *e)
{
	int changes = 0;
	enum err r = refuse_twin(db, unit, user, *id, body, e);

	if (r)
		return r;
	if (*id) {
		r = db_run(
		    db, e, &changes,
		    "UPDATE phrase SET body = ? WHERE id = ? AND unit_id = ? AND user_id = ?",
		    "slll", body, *id, unit, user);
		if (r || changes)
			return r;
	}
	return insert(db, unit, user, id, body, e);
}

enum err store_phrase_used(struct db *db, int64_t unit, int64_t user, int64_t id,
			   struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE phrase SET uses = uses + 1, used_at = ?"
		      " WHERE id = ? AND unit_id = ? AND user_id = ?",
		      "llll", clock_now(), id, unit, user);
}

enum err store_phrase_delete(struct db *db, int64_t unit, int64_t user, int64_t id,
			     struct err_info *e)
{
	return db_run(db, e, NULL,
		      "DELETE FROM phrase WHERE id = ? AND unit_id = ? AND user_id = ?", "lll", id,
		      unit, user);
}
