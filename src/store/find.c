/* find.c - from a typed text to its candidates, newest first. */
#include "store/find_node_p.h"

/* Documents with every word. */
static struct find_node *text_set(struct find_search *s, const struct match *m, bool begins)
{
	struct find_node *each = find_node_make(s, NODE_EACH);
	const uint32_t *chars = NULL;
	size_t len, i;

	for (i = 0; (len = match_word(m, i, &chars)) && !s->r; i++)
		find_node_add(each, find_word_set(s, chars, len, begins));
	return each;
}

static enum err search(struct find_search *s, const struct match *m, bool begins, int64_t below,
		       find_each f, void *arg)
{
	struct find_node *any = find_node_make(s, NODE_ANY);
	int64_t doc = below > 0 && below <= s->top ? below - 1 : s->top;
	bool enough = false;

	find_node_add(any, text_set(s, m, begins));
	find_node_add(any, find_node_terms(s, TERM_LONG, TERM_LONG));
	for (; !s->r && !enough && (doc = find_node_seek(s, any, doc)) > 0; doc--)
		s->r = f(arg, doc, &enough);
	find_node_free(any);
	return s->r;
}

static enum err find(struct db *db, int64_t scope, enum find_kind k, const char *text, bool begins,
		     int64_t below, find_each f, void *arg, struct err_info *e)
{
	struct find_search s = {.db = db, .e = e};
	struct rows *q = NULL;
	enum err r =
	    db_query(db, &q, e, "SELECT id, doc FROM find_list WHERE scope = ? AND kind = ?", "li",
		     scope, (int)k);

	/* The query stays open to the end: one state of the database for everything read. */
	if (!r && rows_next(q)) {
		struct match *m = match_new(text);

		s.list = rows_int(q, 0);
		s.top = rows_int(q, 1) - 1;
		r = search(&s, m, begins, below, f, arg);
		match_free(&m);
	}
	return rows_end(&q, r, e);
}

enum err store_find(struct db *db, int64_t scope, enum find_kind k, const char *text, int64_t below,
		    find_each f, void *arg, struct err_info *e)
{
	return find(db, scope, k, text, false, below, f, arg, e);
}

enum err store_find_begins(struct db *db, int64_t scope, enum find_kind k, const char *text,
			   int64_t below, find_each f, void *arg, struct err_info *e)
{
	return find(db, scope, k, text, true, below, f, arg, e);
}
