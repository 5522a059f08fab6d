/* taxcodes.c - 税收分类编码: rows and the starter list. */
#include "store/taxcodes_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/text.h"

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

#define TAXCODE_INSERT                                                                             \
	"INSERT INTO taxcode (env, " TAXCODE_COLUMNS ")"                                           \
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

static enum err put(struct db *db, const char *sql, const char *list, const struct tax_code *c,
		    struct err_info *e)
{
	char parent[20] = "";
	if (text_empty(c->parent))
		tax_code_parent(c->code, parent);
	return db_run(db, e, NULL, sql, "sssssssssssiiis", list, c->code,
		      text_empty(c->parent) ? parent : c->parent, or_empty(c->name),
		      or_empty(c->short_name), or_empty(c->vat_rates), or_empty(c->levy_rates),
		      or_empty(c->note), or_empty(c->keywords), or_empty(c->start),
		      or_empty(c->stop), c->summary ? 1 : 0, c->differential ? 1 : 0,
		      c->untaxed ? 1 : 0, or_empty(c->special));
}

enum err store_taxcode_put(struct db *db, const struct tax_code *c, bool from_tax,
			   struct err_info *e)
{
	return put(db, TAXCODE_INSERT TAXCODE_REPLACE, from_tax ? TAXCODE_INCOMING : "", c, e);
}

enum err store_taxcode_add(struct db *db, const char *env, const struct tax_code *c,
			   struct err_info *e)
{
	return put(db, TAXCODE_INSERT " ON CONFLICT (env, code) DO NOTHING", env, c, e);
}

enum err store_taxcode_list(struct db *db, const char *env, char list[16], struct err_info *e)
{
	int64_t one = 0;
	bool own = false;
	enum err r = text_empty(env)
			 ? ERR_OK
			 : db_get_int(db, e, &one, &own,
				      "SELECT 1 FROM taxcode WHERE env = ? LIMIT 1", "s", env);
	text_copy(list, TAXCODE_LIST, own ? env : "");
	return r;
}

enum err store_taxcode_usable(struct db *db, const char *env, const char *code, const char *today,
			      enum taxcode_use *out, struct err_info *e)
{
	struct rows *q;
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	*out = TAXCODE_UNKNOWN;
	if (r)
		return r;
	r = db_query(db, &q, e,
		     "SELECT summary, stop_date <> '' AND stop_date <= ? FROM taxcode"
		     " WHERE env = ? AND code = ?",
		     "sss", today, list, or_empty(code));
	if (!r && rows_next(q))
		*out = rows_int(q, 1)   ? TAXCODE_STOPPED
		       : rows_int(q, 0) ? TAXCODE_SUMMARY
					: TAXCODE_USABLE;
	return rows_end(&q, r, e);
}

enum err store_taxcode_stopped_goods(struct db *db, const char *env, int64_t unit,
				     const char *today, int64_t cap, int64_t *out,
				     struct err_info *e)
{
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	*out = 0;
	return r ? r
		 : db_get_int(db, e, out, NULL,
			      "SELECT COUNT(*) FROM (SELECT 1 FROM taxcode c CROSS JOIN goods g"
			      " ON g.unit_id = ? AND g.tax_code = c.code AND g.removed_at IS NULL"
			      " WHERE c.env = ? AND c.stop_date <> '' AND c.stop_date <= ?"
			      " LIMIT ?)",
			      "lssl", unit, list, today, cap);
}

/* ---- starter list ---------------------------------------------------------------------------- */

/* Cuts one line of the table into its columns, in place; missing ones are "". */
static void cut_columns(char *line, char *column[6])
{
	static char none[1];
	for (int i = 0; i < 6; i++) {
		column[i] = line ? line : none;
		char *tab = line ? strchr(line, '\t') : NULL;
		if (tab)
			*tab = '\0';
		line = tab ? tab + 1 : NULL;
	}
}

static enum err put_starter_line(struct db *db, char *line, struct err_info *e)
{
	char *column[6];
	cut_columns(line, column);
	if (strlen(column[0]) != TAXCODE_DIGITS || !text_all_digits(column[0]))
		return ERR_OK; /* heading or empty line */
	struct tax_code c = {
	    .code = column[0],
	    .name = column[1],
	    .short_name = column[2],
	    .vat_rates = column[3],
	    .levy_rates = column[4],
	    .summary = strcmp(column[5], "Y") == 0,
	};
	return store_taxcode_put(db, &c, false, e);
}

enum err store_taxcode_starter(struct db *db, struct err_info *e)
{
	int64_t total = 0, from_tax = 0;
	enum err r = store_taxcode_count(db, "", &total, &from_tax, e);
	const struct embedded *file = embed_find("data/taxcodes.tsv");
	if (r || !file)
		return r;
	if (total > 0)
		return store_taxcode_index(db, "", e); /* rows of an older program */
	char *text = mem_strndup(file->data, file->size);
	for (char *line = text, *next; !r && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		r = put_starter_line(db, line, e);
	}
	free(text);
	return r ? r : store_taxcode_index(db, "", e);
}

/* ---- reading --------------------------------------------------------------------------------- */

void taxcode_read(struct rows *q, struct tax_code *c)
{
	*c = (struct tax_code) {
	    .code = mem_strdup(rows_text(q, 0)),
	    .parent = mem_strdup(rows_text(q, 1)),
	    .name = mem_strdup(rows_text(q, 2)),
	    .short_name = mem_strdup(rows_text(q, 3)),
	    .vat_rates = mem_strdup(rows_text(q, 4)),
	    .levy_rates = mem_strdup(rows_text(q, 5)),
	    .note = mem_strdup(rows_text(q, 6)),
	    .keywords = mem_strdup(rows_text(q, 7)),
	    .start = mem_strdup(rows_text(q, 8)),
	    .stop = mem_strdup(rows_text(q, 9)),
	    .summary = rows_int(q, 10) != 0,
	    .differential = rows_int(q, 11) != 0,
	    .untaxed = rows_int(q, 12) != 0,
	    .special = mem_strdup(rows_text(q, 13)),
	};
}

enum err store_taxcode_get(struct db *db, const char *env, const char *code, struct tax_code *out,
			   bool *found, struct err_info *e)
{
	struct rows *q;
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	*found = false;
	if (r)
		return r;
	r = db_query(db, &q, e, TAXCODE_SELECT " AND code = ?", "ss", list, code);
	*found = !r && rows_next(q);
	if (*found)
		taxcode_read(q, out);
	return rows_end(&q, r, e);
}

enum err taxcode_give(struct rows **q, enum err r, taxcode_each f, void *arg, struct err_info *e)
{
	while (!r && rows_next(*q)) {
		struct tax_code c;
		taxcode_read(*q, &c);
		r = f(arg, &c);
		tax_code_free(&c);
	}
	return rows_end(q, r, e);
}

enum err store_taxcode_children(struct db *db, const char *env, const char *parent, taxcode_each f,
				void *arg, struct err_info *e)
{
	struct rows *q;
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	if (r)
		return r;
	r = db_query(db, &q, e, TAXCODE_SELECT " AND parent = ? ORDER BY code", "ss", list,
		     or_empty(parent));
	return taxcode_give(&q, r, f, arg, e);
}

enum err store_taxcode_count(struct db *db, const char *env, int64_t *total, int64_t *from_tax,
			     struct err_info *e)
{
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	if (r)
		return r;
	r = db_get_int(db, e, total, NULL, "SELECT COUNT(*) FROM taxcode WHERE env = ?", "s", list);
	*from_tax = *list ? *total : 0;
	return r;
}
