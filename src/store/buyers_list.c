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

enum err store_buyer_list(struct db *db, int64_t unit, const struct buyer_query *q, buyer_each f,
			  void *arg, int64_t *next, struct err_info *e)
{
	struct catalogue_query all = query_of(q);
	struct giving g = {f, arg};
	int64_t *docs = NULL;
	enum err r = q->twins
			 ? catalogue_twins(db, &catalogue_buyers, unit, &docs, &all.doc_count, e)
			 : ERR_OK;

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
	enum err r = q->twins
			 ? catalogue_twins(db, &catalogue_buyers, unit, &docs, &all.doc_count, e)
			 : ERR_OK;

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
