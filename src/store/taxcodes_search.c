/* taxcodes_search.c - finding a tax code: by the beginning of its code, or by words. */
#include "store/taxcodes_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/match.h"
#include "base/text.h"
#include "store/find.h"

enum { WORDS_BYTES = 16 * 1024, RANK_NONE = 3, RANK_SUMMARY = 4 };

struct search {
	struct db *db;
	char list[TAXCODE_LIST];
	int limit;
	const char *cursor;
	taxcode_each f;
	void *arg;
	char *next; /* [20] */
	struct err_info *e;
};

static enum err give_one(const struct search *s, const char *code)
{
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e, TAXCODE_SELECT " AND code = ?", "ss", s->list, code);
	return taxcode_give(&q, r, s->f, s->arg, s->e);
}

/* ---- a range of codes: leaves in order, then summaries in order ------------------------------ */

/* Passes rows on while there is room; remembers the last one and whether more follow. */
struct page {
	const struct search *s;
	int left;
	char last[TAXCODE_DIGITS + 1];
	bool more;
};

static enum err pass(void *arg, const struct tax_code *c)
{
	struct page *p = arg;
	if (p->left == 0) {
		p->more = true;
		return ERR_OK;
	}
	p->left--;
	text_copy(p->last, sizeof(p->last), c->code);
	return p->s->f(p->s->arg, c);
}

static enum err range_part(const struct search *s, struct page *p, int summary, const char *after,
			   const char *from, const char *until)
{
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e,
			      TAXCODE_SELECT " AND summary = ? AND code > ? AND code >= ?"
					     " AND code < ? ORDER BY code LIMIT ?",
			      "sisssi", s->list, summary, after, from, until, p->left + 1);
	return taxcode_give(&q, r, pass, p, s->e);
}

static enum err range_page(const struct search *s, const char *from, const char *until)
{
	int64_t summary = 0;
	struct page p = {.s = s, .left = s->limit};
	enum err r = ERR_OK;
	if (*s->cursor)
		r = db_get_int(s->db, s->e, &summary, NULL,
			       "SELECT summary FROM taxcode WHERE env = ? AND code = ?", "ss",
			       s->list, s->cursor);
	if (!r && !summary)
		r = range_part(s, &p, 0, s->cursor, from, until);
	if (!r && !p.more)
		r = range_part(s, &p, 1, summary ? s->cursor : "", from, until);
	if (!r && p.more)
		text_copy(s->next, 20, p.last);
	return r;
}

static enum err range_count(const struct search *s, const char *from, const char *until,
			    int64_t *total)
{
	return db_get_int(s->db, s->e, total, NULL,
			  "SELECT COUNT(*) FROM (SELECT 1 FROM taxcode WHERE env = ?"
			  " AND code >= ? AND code < ? LIMIT ?)",
			  "sssi", s->list, from, until, TAXCODE_COUNT_CAP);
}

/* ---- words ----------------------------------------------------------------------------------- */

struct hit {
	int rank; /* lower is better; summaries follow all leaves */
	char code[TAXCODE_DIGITS + 1];
};

struct hits {
	const struct search *s;
	const struct match *match;
	struct hit *items;
	size_t count, room, most;
	struct buf words; /* of the row at hand */
};

#define SELECT_WORDS "SELECT code, name, short_name, keywords, summary FROM taxcode WHERE env = ?"

static int rank_of(const struct match *m, const char *name, const char *short_name, bool summary)
{
	static const int ranks[] = {
	    [MATCH_SAME] = 0, [MATCH_BEGINS] = 1, [MATCH_PART] = 2, [MATCH_NONE] = RANK_NONE};
	int rank = ranks[match_text(m, name, NULL, 0)];
	if (rank && match_text(m, short_name, NULL, 0) == MATCH_SAME)
		rank = 0;
	return rank + (summary ? RANK_SUMMARY : 0);
}

static bool matches(struct hits *h, struct rows *q)
{
	taxcode_words(&h->words, rows_text(q, 1), rows_text(q, 2), rows_text(q, 3));
	if (match_text(h->match, buf_str(&h->words), NULL, 0) != MATCH_NONE)
		return true;
	taxcode_our_words(&h->words);
	return match_text(h->match, buf_str(&h->words), NULL, 0) != MATCH_NONE;
}

static void consider(struct hits *h, struct rows *q)
{
	if (!matches(h, q))
		return;
	if (h->count == h->room) {
		h->room = h->room ? h->room * 2 : 64;
		h->items = mem_realloc(h->items, h->room * sizeof(*h->items));
	}
	struct hit *hit = &h->items[h->count++];
	hit->rank = rank_of(h->match, rows_text(q, 1), rows_text(q, 2), rows_int(q, 4) != 0);
	text_copy(hit->code, sizeof(hit->code), rows_text(q, 0));
}

static enum err see_candidate(void *arg, int64_t doc, bool *enough)
{
	struct hits *h = arg;
	const struct search *s = h->s;
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e, SELECT_WORDS " AND doc = ?", "sl", s->list, doc);
	if (!r && rows_next(q))
		consider(h, q);
	*enough = h->count >= h->most;
	return rows_end(&q, r, s->e);
}

/* Rows that have no place in the index yet. */
static enum err see_unindexed(struct hits *h)
{
	const struct search *s = h->s;
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e,
			      SELECT_WORDS " AND doc IS NULL ORDER BY summary, code", "s", s->list);
	while (!r && h->count < h->most && rows_next(q))
		consider(h, q);
	return rows_end(&q, r, s->e);
}

static int compare_hits(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	return x->rank != y->rank ? x->rank - y->rank : strcmp(x->code, y->code);
}

static void sort_hits(struct hits *h)
{
	size_t kept = 0;
	if (h->count > 1)
		qsort(h->items, h->count, sizeof(h->items[0]), compare_hits);
	for (size_t i = 0; i < h->count; i++)
		if (!kept || strcmp(h->items[kept - 1].code, h->items[i].code) != 0)
			h->items[kept++] = h->items[i];
	h->count = kept < TAXCODE_FOUND ? kept : TAXCODE_FOUND;
}

/* When there are too many, those that begin with the words must not be among the ones left out. */
static enum err find_hits(struct hits *h, const char *text, bool *at_least)
{
	const struct search *s = h->s;
	int64_t scope = taxcode_scope(s->list);
	h->most = TAXCODE_FOUND + 1;
	enum err r = see_unindexed(h);
	if (!r && h->count < h->most)
		r = store_find(s->db, scope, FIND_CODES, text, 0, see_candidate, h, s->e);
	*at_least = h->count > TAXCODE_FOUND;
	if (!r && *at_least) {
		h->most += TAXCODE_FOUND;
		r = store_find_begins(s->db, scope, FIND_CODES, text, 0, see_candidate, h, s->e);
	}
	sort_hits(h);
	return r;
}

/* Index of the first hit after the one whose code is the cursor; 0 when it is "" or gone. */
static size_t after_cursor(const struct hits *h, const char *cursor)
{
	for (size_t i = 0; *cursor && i < h->count; i++)
		if (strcmp(h->items[i].code, cursor) == 0)
			return i + 1;
	return 0;
}

static enum err words_page(const struct search *s, const struct hits *h)
{
	enum err r = ERR_OK;
	size_t i = after_cursor(h, s->cursor), end = h->count;
	if (end - i > (size_t)s->limit)
		end = i + (size_t)s->limit;
	for (; !r && i < end; i++)
		r = give_one(s, h->items[i].code);
	if (!r && end > 0 && end < h->count)
		text_copy(s->next, 20, h->items[end - 1].code);
	return r;
}

static enum err search_words(const struct search *s, const struct match *m, const char *text,
			     int64_t *total, bool *at_least)
{
	struct hits h = {.s = s, .match = m};
	buf_init(&h.words, WORDS_BYTES);
	enum err r = find_hits(&h, text, at_least);
	if (!r)
		r = words_page(s, &h);
	*total = (int64_t)h.count;
	free(h.items);
	buf_free(&h.words);
	return r;
}

/* ---- search ---------------------------------------------------------------------------------- */

static enum err search_range(const struct search *s, const char *digits, int64_t *total,
			     bool *at_least)
{
	char until[TAXCODE_DIGITS + 2] = ":"; /* ':' follows '9' */
	if (*digits)
		snprintf(until, sizeof(until), "%.*s:", TAXCODE_DIGITS, digits);
	enum err r = range_page(s, digits, until);
	if (!r && total) {
		r = range_count(s, digits, until, total);
		*at_least = *total >= TAXCODE_COUNT_CAP;
	}
	return r;
}

enum err store_taxcode_search(struct db *db, const char *env, const char *text, const char *cursor,
			      int limit, taxcode_each f, void *arg, char next[20], int64_t *total,
			      bool *at_least, struct err_info *e)
{
	struct search s = {.db = db,
			   .limit = limit > 0 ? limit : TAXCODE_COUNT_CAP,
			   .cursor = cursor ? cursor : "",
			   .f = f,
			   .arg = arg,
			   .next = next,
			   .e = e};
	int64_t found = 0;
	bool more = false;
	next[0] = '\0';
	enum err r = store_taxcode_list(db, env, s.list, e);
	if (r)
		return r;
	char *folded = text_fold_width(text ? text : ""), *typed = text_trim(folded);
	struct match *m = match_new(typed);
	if (match_any(m))
		r = search_range(&s, "", total ? &found : NULL, &more);
	else if (text_all_digits(typed) && strlen(typed) <= TAXCODE_DIGITS)
		r = search_range(&s, typed, total ? &found : NULL, &more);
	else
		r = search_words(&s, m, typed, &found, &more);
	match_free(&m);
	free(typed);
	free(folded);
	if (total)
		*total = found;
	if (at_least)
		*at_least = more;
	return r;
}
