/* forms.c - forms a person has not finished. */
#include "store/forms.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/text.h"
#include "store/invoices_p.h"

/* A member of the body; what is no JSON has none. */
#define MEMBER(path)                                                                               \
	"CASE WHEN json_valid(body) THEN COALESCE(json_extract(body, '" path "'), '') ELSE '' END"
#define ORDER_NO MEMBER("$.order_no")
#define GROSS    MEMBER("$.gross")

void form_state_free(struct form_state *f)
{
	free(f->body);
	f->body = NULL;
}

enum err store_form_put(struct db *db, struct form_state *f, struct err_info *e)
{
	int64_t id = f->id, now = clock_now();
	enum err r = id ? ERR_OK : db_next_id(db, "form_state", &id, e);

	if (!r)
		r = db_run(db, e, NULL,
			   "INSERT INTO form_state (id, unit_id, user_id, kind, title, updated_at,"
			   " body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
			   " title = excluded.title, updated_at = excluded.updated_at,"
			   " body = excluded.body WHERE form_state.unit_id = excluded.unit_id"
			   " AND form_state.user_id = excluded.user_id",
			   "lllssls", id, f->unit_id, f->user_id, f->kind, f->title, now, f->body);
	if (r)
		return r;
	f->id = id;
	f->updated_at = now;
	return ERR_OK;
}

static void read_form(struct rows *q, struct form_state *f)
{
	*f = (struct form_state) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .user_id = rows_int(q, 2),
	    .updated_at = rows_int(q, 5),
	};
	text_copy(f->kind, sizeof(f->kind), rows_text(q, 3));
	text_copy(f->title, sizeof(f->title), rows_text(q, 4));
	text_copy(f->order_no, sizeof(f->order_no), rows_text(q, 6));
	f->gross_known = fen_parse(rows_text(q, 7), &f->gross);
}

enum err store_form_get(struct db *db, int64_t unit, int64_t user, int64_t id,
			struct form_state *out, bool *found, struct err_info *e)
{
	struct form_state f = {0};
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, unit_id, user_id, kind, title, updated_at, " ORDER_NO
			      ", " GROSS ", body FROM form_state WHERE id = ? AND unit_id = ?"
			      " AND (user_id = ? OR ? = 0)",
			      "llll", id, unit, user, user);

	*found = !r && rows_next(q);
	if (*found) {
		read_form(q, &f);
		f.body = mem_strdup(rows_text(q, 8));
	}
	if ((r = rows_end(&q, r, e)))
		form_state_free(&f);
	else if (*found)
		*out = f;
	return r;
}

enum err store_form_by_order(struct db *db, int64_t unit, const char *order_no, int64_t except,
			     int64_t *id, struct err_info *e)
{
	bool found;

	*id = 0;
	return db_get_int(db, e, id, &found,
			  "SELECT id FROM form_state WHERE unit_id = ? AND id <> ? AND " ORDER_NO
			  " = ? ORDER BY id LIMIT 1",
			  "lls", unit, except, order_no);
}

enum err store_form_delete(struct db *db, int64_t unit, int64_t user, int64_t id,
			   struct err_info *e)
{
	return db_run(db, e, NULL,
		      "DELETE FROM form_state WHERE id = ? AND unit_id = ? AND user_id = ?", "lll",
		      id, unit, user);
}

static void drop_commas(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s != ',')
			*to++ = *s;
	}
	*to = 0;
}

/* Do its title, order number or amount, with commas or without, have the text? */
static bool has_text(struct rows *q, const char *want)
{
	static const int PLACES[] = {4, 6, 7};
	bool yes = false;
	size_t i;

	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]) && !yes; i++) {
		char *folded = buyer_fold(rows_text(q, PLACES[i]));

		drop_commas(folded);
		yes = strstr(folded, want) != NULL;
		free(folded);
	}
	return yes;
}

enum err store_form_page(struct db *db, int64_t unit, int64_t user, const char *text,
			 struct form_cursor cursor, int limit, form_each each, void *arg,
			 struct form_cursor *next, struct err_info *e)
{
	struct form_cursor from = cursor.id ? cursor : (struct form_cursor) {INT64_MAX, INT64_MAX};
	struct form_cursor last = {0, 0};
	char *want = buyer_fold(text ? text : "");
	struct rows *q;
	int n = 0;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT id, unit_id, user_id, kind, title, updated_at, " ORDER_NO ", " GROSS
		     " FROM form_state WHERE unit_id = ? AND (user_id = ? OR ? = 0)"
		     " AND (updated_at, id) < (?, ?) ORDER BY updated_at DESC, id DESC",
		     "lllll", unit, user, user, from.at, from.id);

	drop_commas(want);
	*next = (struct form_cursor) {0, 0};
	while (!r && rows_next(q)) {
		struct form_state f;

		if (!has_text(q, want))
			continue;
		if (n++ == limit) {
			*next = last;
			break;
		}
		read_form(q, &f);
		last = (struct form_cursor) {f.updated_at, f.id};
		r = each(arg, &f);
	}
	free(want);
	return rows_end(&q, r, e);
}

/* ---- own forms ---- */

enum err store_own_form_put(struct db *db, int64_t user, const char *kind, const char *body,
			    struct err_info *e)
{
	if (!body)
		return db_run(db, e, NULL, "DELETE FROM own_form WHERE user_id = ? AND kind = ?",
			      "ls", user, kind);
	return db_run(db, e, NULL,
		      "INSERT INTO own_form (user_id, kind, updated_at, body) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (user_id, kind) DO UPDATE SET"
		      " updated_at = excluded.updated_at, body = excluded.body",
		      "lsls", user, kind, clock_now(), body);
}

enum err store_own_form_get(struct db *db, int64_t user, const char *kind, char **body,
			    struct err_info *e)
{
	char *found = NULL;
	struct rows *q;
	enum err r = db_query(db, &q, e, "SELECT body FROM own_form WHERE user_id = ? AND kind = ?",
			      "ls", user, kind);

	if (!r && rows_next(q))
		found = mem_strdup(rows_text(q, 0));
	if ((r = rows_end(&q, r, e)))
		free(found);
	else
		*body = found;
	return r;
}
