/* types.c - 业务类型: rows, lists, what invoices name. */
#include "store/types.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/invoices_p.h"

#define COLUMNS "id, unit_id, name, note, uses, created_at, updated_at, COALESCE(removed_at, 0)"

char *store_type_fold(const char *name)
{
	char *trimmed = text_trim(name ? name : ""), *folded = buyer_fold(trimmed);

	free(trimmed);
	return folded;
}

static void read_type(struct rows *q, struct business_type *t)
{
	*t = (struct business_type) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .uses = rows_int(q, 4),
	    .created_at = rows_int(q, 5),
	    .updated_at = rows_int(q, 6),
	    .removed_at = rows_int(q, 7),
	};
	text_copy(t->name, sizeof(t->name), rows_text(q, 2));
	text_copy(t->note, sizeof(t->note), rows_text(q, 3));
}

/* ---- reading --------------------------------------------------------------------------------- */

enum err store_type_get(struct db *db, int64_t unit, int64_t id, struct business_type *out,
			bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT " COLUMNS " FROM business_type WHERE id = ? AND unit_id = ?",
			      "ll", id, unit);

	*found = !r && rows_next(q);
	if (*found)
		read_type(q, out);
	return rows_end(&q, r, e);
}

enum err store_type_by_name(struct db *db, int64_t unit, const char *name,
			    struct business_type *out, bool *found, struct err_info *e)
{
	struct rows *q;
	char *folded = store_type_fold(name);
	enum err r = db_query(db, &q, e,
			      "SELECT " COLUMNS " FROM business_type"
			      " WHERE unit_id = ? AND folded = ? AND removed_at IS NULL",
			      "ls", unit, folded);

	*found = !r && rows_next(q);
	if (*found)
		read_type(q, out);
	r = rows_end(&q, r, e);
	free(folded);
	return r;
}

enum err store_type_list(struct db *db, int64_t unit, const char *text, int64_t cursor, int limit,
			 type_each f, void *arg, int64_t *next, int64_t *total, struct err_info *e)
{
	struct rows *q;
	char *want = store_type_fold(text);
	int64_t at = 0, end = cursor > INT64_MAX - limit ? INT64_MAX : cursor + limit;
	enum err r = db_query(db, &q, e,
			      "SELECT " COLUMNS ", folded FROM business_type"
			      " WHERE unit_id = ? AND removed_at IS NULL ORDER BY folded",
			      "l", unit);

	while (!r && rows_next(q)) {
		struct business_type t;

		if (!strstr(rows_text(q, 8), want))
			continue;
		read_type(q, &t);
		if (at >= cursor && at < end)
			r = f(arg, &t);
		at++;
	}
	r = rows_end(&q, r, e);
	free(want);
	if (r)
		return r;
	*total = at;
	*next = at > end ? end : 0;
	return ERR_OK;
}

enum err store_type_find(struct db *db, int64_t unit, const char *text, int64_t *id,
			 struct err_info *e)
{
	char *folded = store_type_fold(text);
	bool found = !*folded;
	enum err r = ERR_OK;

	*id = 0;
	if (!found)
		r = db_get_int(db, e, id, &found,
			       "SELECT id FROM business_type WHERE unit_id = ? AND folded = ?"
			       " AND removed_at IS NULL",
			       "ls", unit, folded);
	if (!r && !found)
		r = db_get_int(db, e, id, NULL,
			       "SELECT id FROM business_type WHERE unit_id = ? AND folded = ?"
			       " ORDER BY id DESC LIMIT 1",
			       "ls", unit, folded);
	free(folded);
	return r;
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum err unknown(struct err_info *e, int64_t id)
{
	err_fail(e, ERR_INVALID, "type.unknown", "业务类型", "没有编号为 #%" PRId64 " 的业务类型",
		 id);
	err_hint(e, "它可能已经删除，请刷新列表");
	return ERR_INVALID;
}

static enum err check_free(struct db *db, const struct business_type *t, struct err_info *e)
{
	struct business_type other;
	bool found = false;
	enum err r = store_type_by_name(db, t->unit_id, t->name, &other, &found, e);

	if (r || !found || other.id == t->id)
		return r;
	err_fail(e, ERR_INVALID, "type.exists", "业务类型", "“%s”已经有了（#%" PRId64 "）",
		 other.name, other.id);
	err_field(e, "name");
	err_hint(e, "请换一个名称，或编辑原有的业务类型");
	return ERR_INVALID;
}

/* Writes the row of that id, new or not; removed_at 0: a type of the unit. */
static enum err put(struct db *db, const struct business_type *t, struct err_info *e)
{
	char *folded = store_type_fold(t->name);
	enum err r = db_run(
	    db, e, NULL,
	    "INSERT INTO business_type (id, unit_id, name, note, folded, created_at, updated_at,"
	    " removed_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0))"
	    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, note = excluded.note,"
	    " folded = excluded.folded, created_at = excluded.created_at,"
	    " updated_at = excluded.updated_at, removed_at = excluded.removed_at",
	    "llssslll", t->id, t->unit_id, t->name, t->note, folded, t->created_at, t->updated_at,
	    t->removed_at);

	free(folded);
	return r;
}

enum err store_type_insert(struct db *db, struct business_type *t, struct err_info *e)
{
	struct business_type row = *t;
	bool found;
	enum err r;

	row.id = 0;
	/* What was issued with this text before belongs to the type. */
	if ((r = check_free(db, &row, e)) ||
	    (r = store_type_find(db, row.unit_id, row.name, &row.id, e)) ||
	    (!row.id && (r = db_next_id(db, "business_type", &row.id, e))))
		return r;
	row.created_at = row.updated_at = clock_now();
	row.removed_at = 0;
	if ((r = put(db, &row, e)))
		return r;
	return store_type_get(db, row.unit_id, row.id, t, &found, e);
}

enum err store_type_update(struct db *db, const struct business_type *t, struct err_info *e)
{
	struct business_type row;
	bool found = false;
	enum err r = store_type_get(db, t->unit_id, t->id, &row, &found, e);

	if (r)
		return r;
	if (!found || row.removed_at)
		return unknown(e, t->id);
	memcpy(row.name, t->name, sizeof(row.name));
	memcpy(row.note, t->note, sizeof(row.note));
	row.updated_at = clock_now();
	r = check_free(db, &row, e);
	return r ? r : put(db, &row, e);
}

enum err store_type_remove(struct db *db, int64_t unit, int64_t id, struct err_info *e)
{
	struct business_type t;
	bool found = false;
	enum err r = store_type_get(db, unit, id, &t, &found, e);

	if (r)
		return r;
	if (!found || t.removed_at)
		return unknown(e, id);
	if (t.uses > 0) {
		err_fail(e, ERR_INVALID, "type.used", "业务类型",
			 "“%s”不能删除：有 %" PRId64 " 张发票或草稿使用它", t.name, t.uses);
		err_hint(e, "不再使用时可以改名，例如在前面加“停用”");
		return ERR_INVALID;
	}
	return db_run(db, e, NULL,
		      "UPDATE business_type SET removed_at = ?, updated_at = ? WHERE id = ?", "lll",
		      clock_now(), clock_now(), id);
}

/* ---- what invoices name ---------------------------------------------------------------------- */

enum err store_type_note(struct db *db, int64_t unit, const char *text, int64_t *id,
			 struct err_info *e)
{
	int64_t now = clock_now(), fresh = 0;
	char *folded = store_type_fold(text);
	enum err r = store_type_find(db, unit, text, id, e);
	bool missing = !r && !*id && *folded;

	/* Not by way of the struct: such a text may be longer than the name of a type. */
	if (missing && !(r = db_next_id(db, "business_type", &fresh, e)) &&
	    !(r = db_run(db, e, NULL,
			 "INSERT INTO business_type (id, unit_id, name, folded, created_at,"
			 " updated_at, removed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			 "llsslll", fresh, unit, text, folded, now, now, now)))
		*id = fresh;
	free(folded);
	return r;
}

enum err store_type_used(struct db *db, int64_t id, int by, struct err_info *e)
{
	if (!id)
		return ERR_OK;
	return db_run(db, e, NULL, "UPDATE business_type SET uses = uses + ? WHERE id = ?", "il",
		      by, id);
}
