/* goods_list.c - goods by what they are asked for: lists, the best for a text, by reference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/goods_p.h"
#include "store/taxcodes.h"

enum { DOCS_MAX = 10000 };

/* ---- goods that cannot stand on a line ------------------------------------------------------- */

/* The faulty codes of a unit's goods, ascending ("" too: there has to be one), and (when they are
 * few) the documents of goods that have one, or no rate. */
struct faulty {
	char (*codes)[20];
	size_t count, room;
	int64_t *docs;
	size_t doc_count;
};

static void faulty_free(struct faulty *f)
{
	free(f->codes);
	free(f->docs);
	*f = (struct faulty) {0};
}

static void add_code(struct faulty *f, const char *code)
{
	if (f->count == f->room) {
		f->room = f->room ? f->room * 2 : 64;
		f->codes = mem_realloc(f->codes, f->room * sizeof(*f->codes));
	}
	text_copy(f->codes[f->count++], sizeof(*f->codes), code);
}

/* Steps through the distinct codes by the index, not through the goods. */
static enum err read_codes(struct db *db, int64_t unit, const struct goods_query *q,
			   struct faulty *f, struct err_info *e)
{
	char at[20] = "";
	enum err r = ERR_OK;

	add_code(f, at);
	for (;;) {
		enum taxcode_use use = TAXCODE_USABLE;
		struct rows *rows;
		bool found;

		r = db_query(db, &rows, e,
			     "SELECT tax_code FROM goods WHERE unit_id = ? AND tax_code > ?"
			     " AND removed_at IS NULL ORDER BY tax_code LIMIT 1",
			     "ls", unit, at);
		if ((found = !r && rows_next(rows)))
			text_copy(at, sizeof(at), rows_text(rows, 0));
		r = rows_end(&rows, r, e);
		if (r || !found)
			return r;
		if ((r = store_taxcode_usable(db, q->env, at, q->today, &use, e)))
			return r;
		if (use != TAXCODE_USABLE)
			add_code(f, at);
	}
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

static enum err take_docs(struct faulty *f, struct rows *q, enum err r, struct err_info *e)
{
	while (!r && f->doc_count < DOCS_MAX && rows_next(q))
		f->docs[f->doc_count++] = rows_int(q, 0);
	return rows_end(&q, r, e);
}

/* Newest first, each once: goods may have neither code nor rate. */
static void sort_docs(struct faulty *f)
{
	size_t i, n = 0;

	qsort(f->docs, f->doc_count, sizeof(*f->docs), newest_first);
	for (i = 0; i < f->doc_count; i++)
		if (!n || f->docs[n - 1] != f->docs[i])
			f->docs[n++] = f->docs[i];
	f->doc_count = n;
}

/* The documents of all their goods, or none when there are many: then a walk through the list
 * meets one soon enough. */
static enum err read_docs(struct db *db, int64_t unit, struct faulty *f, struct err_info *e)
{
	struct rows *q;
	size_t i;
	enum err r = ERR_OK;

	f->docs = mem_alloc(DOCS_MAX * sizeof(*f->docs));
	for (i = 0; i < f->count && !r && f->doc_count < DOCS_MAX; i++) {
		r = db_query(db, &q, e,
			     "SELECT doc FROM goods WHERE unit_id = ? AND tax_code = ?"
			     " AND removed_at IS NULL AND doc > 0",
			     "ls", unit, f->codes[i]);
		r = take_docs(f, q, r, e);
	}
	if (!r) {
		r = db_query(db, &q, e,
			     "SELECT doc FROM goods WHERE unit_id = ? AND rate_ppm = -1"
			     " AND removed_at IS NULL AND doc > 0",
			     "l", unit);
		r = take_docs(f, q, r, e);
	}
	if (f->doc_count == DOCS_MAX) {
		free(f->docs);
		f->docs = NULL;
	} else {
		sort_docs(f);
	}
	return r;
}

/* Nothing else comes into question then. */
static enum err read_twins(struct db *db, int64_t unit, struct faulty *f, struct err_info *e)
{
	free(f->docs);
	return catalogue_twins(db, &catalogue_goods, unit, &f->docs, &f->doc_count, e);
}

static enum err find_faulty(struct db *db, int64_t unit, const struct goods_query *q,
			    struct faulty *f, struct err_info *e)
{
	enum err r = ERR_OK;

	*f = (struct faulty) {0};
	if (q->unusable && !(r = read_codes(db, unit, q, f, e)))
		r = read_docs(db, unit, f, e);
	if (!r && q->twins)
		r = read_twins(db, unit, f, e);
	if (r)
		faulty_free(f);
	return r;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static struct catalogue_query query_of(const struct goods_query *q, const struct faulty *f)
{
	const char(*codes)[20] = (const char(*)[20])f->codes;

	return (struct catalogue_query) {
	    .tests = {{.text = q->text, .where = LOOK_ANY},
		      {.text = q->name, .where = LOOK_NAME},
		      {.text = q->mnemonic, .where = LOOK_CODES, .initials = true},
		      {.text = q->tax_code, .where = LOOK_CODES + 1, .begins = true},
		      {.text = q->short_name, .where = LOOK_OTHER}},
	    .count = 5,
	    .cursor = q->cursor,
	    .limit = q->limit,
	    .among = q->unusable ? codes : NULL,
	    .among_count = f->count,
	    .among_at = LOOK_CODES + 1,
	    .docs = f->docs,
	    .doc_count = f->doc_count,
	};
}

struct giving {
	goods_each f;
	void *arg;
};

static enum err give_goods(void *arg, const void *item)
{
	const struct giving *g = arg;

	return g->f(g->arg, item);
}

enum err store_goods_list(struct db *db, int64_t unit, const struct goods_query *q, goods_each f,
			  void *arg, int64_t *next, struct err_info *e)
{
	struct giving g = {f, arg};
	struct faulty faulty;
	enum err r = find_faulty(db, unit, q, &faulty, e);

	if (!r) {
		struct catalogue_query all = query_of(q, &faulty);

		r = catalogue_list(db, &catalogue_goods, unit, &all, give_goods, &g, next, e);
	}
	faulty_free(&faulty);
	return r;
}

enum err store_goods_count(struct db *db, int64_t unit, const struct goods_query *q, int64_t cap,
			   int64_t *out, struct err_info *e)
{
	struct faulty faulty;
	enum err r = find_faulty(db, unit, q, &faulty, e);

	if (!r) {
		struct catalogue_query all = query_of(q, &faulty);

		r = catalogue_count(db, &catalogue_goods, unit, &all, cap, out, e);
	}
	faulty_free(&faulty);
	return r;
}

enum err store_goods_best(struct db *db, int64_t unit, const char *text, int max, struct goods *out,
			  int *n, struct err_info *e)
{
	return catalogue_best(db, &catalogue_goods, unit, text, max, out, n, e);
}

/* ---- by reference ---------------------------------------------------------------------------- */

/* Where a look of goods has the 简码: behind its head, the name and the short name. */
enum { LOOK_MNEMONIC = 7 };

/* All rows of one of the queries of a look, behind the *n that are there; *n counts them all.  Of a
 * name those are left out that have the same for a 简码: they are there. */
static enum err read_named(struct db *db, int64_t unit, bool name, const char *text,
			   struct goods *out, int max, int *n, struct err_info *e)
{
	struct rows *q;
	int total = *n;
	enum err r =
	    db_query(db, &q, e, name ? catalogue_goods.same_name : catalogue_goods.same_mnemonic,
		     "llsi", catalogue_key(unit, text), unit, text, INT32_MAX);

	while (!r && rows_next(q)) {
		bool found = false;

		if (name && !strcmp(rows_text(q, LOOK_MNEMONIC), text))
			continue;
		if (total < max)
			r = store_goods_get(db, unit, rows_int(q, 0), &out[total], &found, e);
		total++;
	}
	r = rows_end(&q, r, e);
	*n = total;
	while (r && *n > 0)
		if (--*n < max)
			goods_free(&out[*n]);
	return r;
}

static enum err read_numbered(struct db *db, int64_t unit, const char *text, struct goods *out,
			      int max, int *n, struct err_info *e)
{
	char *end;
	int64_t id = strtoll(text, &end, 10);
	bool found = false;
	enum err r = ERR_OK;

	*n = 0;
	if (*end || end == text || max < 1)
		return ERR_OK;
	r = store_goods_get(db, unit, id, out, &found, e);
	if (!r && found && out->removed_at)
		goods_free(out);
	else if (!r && found)
		*n = 1;
	return r;
}

enum err store_goods_named(struct db *db, int64_t unit, const char *text, struct goods *out,
			   int max, int *n, struct err_info *e)
{
	enum err r;

	if (*text == '#')
		return read_numbered(db, unit, text + 1, out, max, n, e);
	*n = 0;
	if ((r = read_named(db, unit, false, text, out, max, n, e)))
		return r;
	return read_named(db, unit, true, text, out, max, n, e);
}
