/* templates.c - 发票模板. */
#include "store/templates.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/invoices_p.h"

#define COLUMNS                                                                                    \
	"id, unit_id, owner_id, name, kind, buyer_name, line_count, gross, uses, used_at,"         \
	" created_by, created_at, updated_at"

void invoice_template_free(struct invoice_template *t)
{
	free(t->body);
	t->body = NULL;
}

static void read_template(struct rows *q, struct invoice_template *t)
{
	*t = (struct invoice_template) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .owner_id = rows_int(q, 2),
	    .line_count = rows_int(q, 6),
	    .gross = rows_int(q, 7),
	    .uses = rows_int(q, 8),
	    .used_at = rows_int(q, 9),
	    .created_by = rows_int(q, 10),
	    .created_at = rows_int(q, 11),
	    .updated_at = rows_int(q, 12),
	};
	text_copy(t->name, sizeof(t->name), rows_text(q, 3));
	invoice_kind_parse(rows_text(q, 4), &t->kind);
	text_copy(t->buyer_name, sizeof(t->buyer_name), rows_text(q, 5));
}

/* Blanks around it, width and case make no other name. */
static char *fold(const char *name)
{
	char *trimmed = text_trim(name ? name : ""), *folded = buyer_fold(trimmed);

	free(trimmed);
	return folded;
}

static enum err check_name(struct db *db, const struct invoice_template *t, const char *folded,
			   struct err_info *e)
{
	int64_t id = 0;
	bool found;
	enum err r = db_get_int(db, e, &id, &found,
				"SELECT id FROM invoice_template WHERE unit_id = ? AND owner_id = ?"
				" AND folded = ?",
				"lls", t->unit_id, t->owner_id, folded);

	if (r || !found || id == t->id)
		return r;
	err_fail(e, ERR_INVALID, "template.exists", "模板名称", "“%s”已经有了", t->name);
	err_field(e, "name");
	err_hint(e, "请换一个名称，或先删除原来的模板");
	return ERR_INVALID;
}

static enum err write_template(struct db *db, const struct invoice_template *t, int64_t id,
			       const char *folded, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "INSERT INTO invoice_template (id, unit_id, owner_id, name, folded, kind, buyer_name,"
	    " line_count, gross, created_by, created_at, updated_at, body)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
	    " owner_id = excluded.owner_id, name = excluded.name, folded = excluded.folded,"
	    " kind = excluded.kind, buyer_name = excluded.buyer_name,"
	    " line_count = excluded.line_count, gross = excluded.gross,"
	    " updated_at = excluded.updated_at, body = excluded.body",
	    "lllssssllllls", id, t->unit_id, t->owner_id, t->name, folded,
	    invoice_kind_word(t->kind), t->buyer_name, t->line_count, t->gross, t->created_by,
	    t->created_at, t->updated_at, t->body);
}

enum err store_template_put(struct db *db, struct invoice_template *t, struct err_info *e)
{
	char *folded = fold(t->name);
	int64_t id = t->id;
	enum err r = check_name(db, t, folded, e);

	t->updated_at = clock_now();
	if (!id)
		t->created_at = t->updated_at;
	if (!r && !id)
		r = db_next_id(db, "invoice_template", &id, e);
	if (!r && !(r = write_template(db, t, id, folded, e)))
		t->id = id;
	free(folded);
	return r;
}

enum err store_template_get(struct db *db, int64_t unit, int64_t user, int64_t id,
			    struct invoice_template *out, bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT " COLUMNS ", body FROM invoice_template"
			      " WHERE id = ? AND unit_id = ? AND (owner_id = 0 OR owner_id = ?)",
			      "lll", id, unit, user);

	*found = !r && rows_next(q);
	if (*found) {
		read_template(q, out);
		out->body = mem_strdup(rows_text(q, 13));
	}
	if ((r = rows_end(&q, r, e)) && *found)
		invoice_template_free(out);
	return r;
}

enum err store_template_by_name(struct db *db, int64_t unit, int64_t user, const char *name,
				int64_t *id, struct err_info *e)
{
	char *folded = fold(name);
	enum err r;

	*id = 0;
	r = db_get_int(db, e, id, NULL,
		       "SELECT id FROM invoice_template WHERE unit_id = ? AND folded = ?"
		       " AND (owner_id = 0 OR owner_id = ?) ORDER BY owner_id DESC LIMIT 1",
		       "lsl", unit, folded, user);
	free(folded);
	return r;
}

enum err store_template_delete(struct db *db, int64_t id, struct err_info *e)
{
	return db_run(db, e, NULL, "DELETE FROM invoice_template WHERE id = ?", "l", id);
}

enum err store_template_used(struct db *db, int64_t id, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE invoice_template SET uses = uses + 1, used_at = ? WHERE id = ?", "ll",
		      clock_now(), id);
}

/* Does the name or the buyer have the text? */
static bool has_text(const struct invoice_template *t, const char *want)
{
	char *name = fold(t->name), *buyer = fold(t->buyer_name);
	bool yes = strstr(name, want) || strstr(buyer, want);

	free(name);
	free(buyer);
	return yes;
}

enum err store_template_page(struct db *db, int64_t unit, int64_t user, const char *text,
			     int64_t cursor, int limit, template_each f, void *arg, int64_t *next,
			     int64_t *total, struct err_info *e)
{
	char *want = fold(text);
	int64_t at = 0, end = cursor > INT64_MAX - limit ? INT64_MAX : cursor + limit;
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT " COLUMNS " FROM invoice_template WHERE unit_id = ?"
			      " AND (owner_id = 0 OR owner_id = ?)"
			      " ORDER BY uses DESC, used_at DESC, updated_at DESC, id DESC",
			      "ll", unit, user);

	while (!r && rows_next(q)) {
		struct invoice_template t;

		read_template(q, &t);
		if (!has_text(&t, want))
			continue;
		if (at >= cursor && at < end)
			r = f(arg, &t);
		at++;
	}
	r = rows_end(&q, r, e);
	free(want);
	*total = at;
	*next = !r && at > end ? end : 0;
	return r;
}
