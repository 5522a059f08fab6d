/* find.c - from a typed text to its candidates, newest first. */
#include "store/find_node_p.h"

/* The texts asked, made ready. */
struct asked {
	const struct find_ask *asks;
	struct match *match[FIND_ASKS];
	size_t n;
};

static unsigned begins_of(const struct find_ask *a, size_t word)
{
	return a->first && word ? 0 : a->begins;
}

/* Documents with every word. */
static struct find_node *text_set(struct find_search *s, const struct asked *q)
{
	struct find_node *each = find_node_make(s, NODE_EACH);
	const uint32_t *chars = NULL;
	size_t len, i, k;

	for (k = 0; k < q->n; k++)
		for (i = 0; (len = match_word(q->match[k], i, &chars)) && !s->r; i++)
			find_node_add(each, find_word_set(s, chars, len, q->asks[k].in,
							  begins_of(&q->asks[k], i)));
	return each;
}

static enum err search(struct find_search *s, const struct asked *q, int64_t below, find_each f,
		       void *arg)
{
	struct find_node *any = find_node_make(s, NODE_ANY);
	int64_t doc = below > 0 && below <= s->top ? below - 1 : s->top;
	bool enough = false;

	find_node_add(any, text_set(s, q));
	find_node_add(any, find_node_terms(s, TERM_LONG, TERM_LONG));
	for (; !s->r && !enough && (doc = find_node_seek(s, any, doc)) > 0; doc--)
		s->r = f(arg, doc, &enough);
	find_node_free(any);
	return s->r;
}

enum err store_find_asked(struct db *db, int64_t scope, enum find_kind k,
			  const struct find_ask *asks, size_t n, int64_t below, find_each f,
			  void *arg, struct err_info *e)
{
	struct find_search s = {.db = db, .e = e};
	struct asked all = {.asks = asks, .n = n < FIND_ASKS ? n : FIND_ASKS};
	struct rows *q = NULL;
	size_t i;
	enum err r =
	    db_query(db, &q, e, "SELECT id, doc FROM find_list WHERE scope = ? AND kind = ?", "li",
		     scope, (int)k);

	/* The query stays open to the end: one state of the database for everything read. */
	if (!r && rows_next(q)) {
		for (i = 0; i < all.n; i++)
			all.match[i] = match_new(asks[i].text);
		s.list = rows_int(q, 0);
		s.top = rows_int(q, 1) - 1;
		r = search(&s, &all, below, f, arg);
		for (i = 0; i < all.n; i++)
			match_free(&all.match[i]);
	}
	return rows_end(&q, r, e);
}

enum err store_find(struct db *db, int64_t scope, enum find_kind k, const char *text, int64_t below,
		    find_each f, void *arg, struct err_info *e)
{
	const struct find_ask ask = {.text = text, .in = FIND_ANYWHERE};

	return store_find_asked(db, scope, k, &ask, 1, below, f, arg, e);
}

enum err store_find_begins(struct db *db, int64_t scope, enum find_kind k, const char *text,
			   int64_t below, find_each f, void *arg, struct err_info *e)
{
	const struct find_ask ask = {.text = text, .in = FIND_ANYWHERE, .begins = FIND_ANYWHERE};

	return store_find_asked(db, scope, k, &ask, 1, below, f, arg, e);
}
