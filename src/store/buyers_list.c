/* buyers_list.c - buyers by what they are asked for, and the best for a text. */
#include <stdlib.h>

#include "base/buf.h"
#include "store/buyers_p.h"

static struct catalogue_query query_of(const struct buyer_query *q)
{
	return (struct catalogue_query) {
	    .tests = {{.text = q->text, .where = LOOK_ANY},
		      {.text = q->name, .where = LOOK_NAME},
		      {.text = q->tax_no, .where = LOOK_CODES},
		      {.text = q->mnemonic, .where = LOOK_CODES + 1, .initials = true},
		      {.text = q->phone, .where = LOOK_CODES + 2, .also = LOOK_CODES + 3}},
	    .count = 5,
	    .cursor = q->cursor,
	    .limit = q->limit,
	};
}

struct giving {
	buyer_each f;
	void *arg;
};

static enum err give_buyer(void *arg, const void *item)
{
	const struct giving *g = arg;

	return g->f(g->arg, item);
}

/* Rows whose number in this index is there more than once, and whose text is, too.  By no other
 * index: one that begins with the unit has all of its rows. */
#define TWINS_BY(KEY, TEXT)                                                                        \
	"SELECT a.doc FROM (SELECT " KEY " AS k FROM buyer WHERE " KEY " IS NOT NULL"              \
	" GROUP BY " KEY " HAVING COUNT(*) > 1) d CROSS JOIN buyer a ON a." KEY " = d.k"           \
	" AND +a.unit_id = ?1 AND a.removed_at IS NULL AND +a.doc > 0"                             \
	" WHERE EXISTS (SELECT 1 FROM buyer b WHERE b." KEY " = a." KEY " AND +b.unit_id = ?1"     \
	" AND b." TEXT " = a." TEXT " AND b.id <> a.id AND b.removed_at IS NULL)"

const char buyer_twin_docs[] = TWINS_BY("name_key", "name") " UNION " TWINS_BY(
    "tax_key", "tax_no") " ORDER BY 1 DESC LIMIT ?2";

enum { TWIN_DOCS = 100000 };

/* The documents of all twins, the newest first; malloc'd. */
static enum err read_twins(struct db *db, int64_t unit, int64_t **docs, size_t *n,
			   struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, buyer_twin_docs, "li", unit, (int)TWIN_DOCS);

	*n = 0;
	*docs = mem_alloc(TWIN_DOCS * sizeof(**docs));
	while (!r && *n < TWIN_DOCS && rows_next(q))
		(*docs)[(*n)++] = rows_int(q, 0);
	return rows_end(&q, r, e);
}

enum err store_buyer_list(struct db *db, int64_t unit, const struct buyer_query *q, buyer_each f,
			  void *arg, int64_t *next, struct err_info *e)
{
	struct catalogue_query all = query_of(q);
	struct giving g = {f, arg};
	int64_t *docs = NULL;
	enum err r = q->twins ? read_twins(db, unit, &docs, &all.doc_count, e) : ERR_OK;

	all.docs = docs;
	if (!r)
		r = catalogue_list(db, &catalogue_buyers, unit, &all, give_buyer, &g, next, e);
	free(docs);
	return r;
}

enum err store_buyer_count(struct db *db, int64_t unit, const struct buyer_query *q, int64_t cap,
			   int64_t *out, struct err_info *e)
{
	struct catalogue_query all = query_of(q);
	int64_t *docs = NULL;
	enum err r = q->twins ? read_twins(db, unit, &docs, &all.doc_count, e) : ERR_OK;

	all.docs = docs;
	if (!r)
		r = catalogue_count(db, &catalogue_buyers, unit, &all, cap, out, e);
	free(docs);
	return r;
}

enum err store_buyer_best(struct db *db, int64_t unit, const char *text, int max, struct buyer *out,
			  int *n, struct err_info *e)
{
	return catalogue_best(db, &catalogue_buyers, unit, text, max, out, n, e);
}
