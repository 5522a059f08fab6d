/* catalogue_best.c - the best rows for a text: same, begins, part; then use; then age.
 *
 * Candidates come from four places: rows that are the text itself, rows that begin with it, the
 * rows used last, and whatever else the index has.  Each place is left after enough hits, so that a
 * word of nearly every name costs no more than a rare one; a rare one is followed to its end, and
 * then the rows used last, which lie all over the table, need not be read.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/catalogue_p.h"

enum { BEST_MAX = 64, HITS = 200, USED_ROWS = 400, SAME_ROWS = 50 };

struct pick {
	enum match_rank rank;
	int64_t score, doc, id;
};
struct hunt {
	struct db *db;
	const struct catalogue *c;
	int64_t unit, now;
	struct match *match;
	struct pick picks[BEST_MAX];
	int n, max, hits; /* hits: left of this place */
	struct err_info *e;
};

int64_t catalogue_score(int64_t uses, int64_t used_at, int64_t now)
{
	static const struct {
		int64_t days;
		int worth;
	} steps[] = {{1, 16}, {7, 8}, {30, 4}, {365, 2}};
	int64_t age = now - used_at;
	size_t i;

	if (uses > 1000)
		uses = 1000;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (age <= steps[i].days * 86400)
			return uses * steps[i].worth;
	return uses;
}

static bool better(const struct pick *a, const struct pick *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->score != b->score)
		return a->score > b->score;
	return a->doc != b->doc ? a->doc > b->doc : a->id > b->id;
}

static void insert(struct hunt *h, const struct pick *p)
{
	int at = h->n, i;

	for (i = 0; i < h->n; i++)
		if (h->picks[i].id == p->id)
			return;
	while (at > 0 && better(p, &h->picks[at - 1]))
		at--;
	if (at == h->max)
		return;
	if (h->n < h->max)
		h->n++;
	for (i = h->n - 1; i > at; i--)
		h->picks[i] = h->picks[i - 1];
	h->picks[at] = *p;
}

static void offer(struct hunt *h, const struct look *l)
{
	struct pick p = {look_rank(h->c, h->match, l), catalogue_score(l->uses, l->used_at, h->now),
			 l->doc, l->id};

	/* A buyer that may have been a slip does not stand before one that is known. */
	if (h->c->kind == FIND_BUYERS && l->open) {
		p.rank = p.rank == MATCH_SAME ? MATCH_BEGINS : p.rank;
		p.score = -1;
	}
	if (match_any(h->match))
		p.score = l->used_at;
	if (p.rank == MATCH_NONE)
		return;
	h->hits--;
	insert(h, &p);
}

static enum err offer_rows(struct hunt *h, struct rows **q, enum err r)
{
	while (!r && rows_next(*q)) {
		struct look l;

		look_read(*q, &l);
		offer(h, &l);
	}
	return rows_end(q, r, h->e);
}

static enum err offer_doc(void *arg, int64_t doc, bool *enough)
{
	struct hunt *h = arg;
	struct rows *q;
	struct look l;
	bool found;
	enum err r = look_of_doc(h->db, h->c, h->unit, doc, &q, &l, &found, h->e);

	if (found)
		offer(h, &l);
	*enough = h->hits <= 0;
	return rows_end(&q, r, h->e);
}

/* ---- places ---------------------------------------------------------------------------------- */

static enum err offer_same(struct hunt *h, const char *text)
{
	const char *const places[] = {h->c->same_name, h->c->same_mnemonic, h->c->same_code};
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !r; i++) {
		struct rows *q;

		r = db_query(h->db, &q, h->e, places[i], "llsi", catalogue_key(h->unit, text),
			     h->unit, text, SAME_ROWS);
		r = offer_rows(h, &q, r);
	}
	return r;
}

/* Codes are typed in small letters and kept in capitals, or the other way round. */
static enum err offer_same_codes(struct hunt *h, const char *text)
{
	char *other = mem_strdup(text), *p;
	enum err r = offer_same(h, text);

	for (p = other; *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
	if (!r && strcmp(other, text) != 0)
		r = offer_same(h, other);
	for (p = other; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	if (!r && strcmp(other, text) != 0)
		r = offer_same(h, other);
	free(other);
	return r;
}

static enum err offer_used(struct hunt *h, int rows)
{
	struct rows *q;
	enum err r = db_query(h->db, &q, h->e, h->c->used, "li", h->unit, rows);

	return offer_rows(h, &q, r);
}

/* No row that is still to come can be better than the worst there is. */
static bool settled(const struct hunt *h)
{
	return h->n == h->max && h->picks[h->n - 1].rank < MATCH_PART;
}

/* Is every row that is to be found in the index? */
static enum err all_indexed(struct hunt *h, bool *out)
{
	struct rows *q;
	enum err r = db_query(h->db, &q, h->e, h->c->unindexed_of, "li", h->unit, 1);

	*out = !r && !rows_next(q);
	return rows_end(&q, r, h->e);
}

/* Joined words may be a beginning which the index, asked for each of them, does not know. */
static bool one_word(const struct hunt *h)
{
	const uint32_t *chars;

	return !match_word(h->match, 1, &chars);
}

static enum err offer_found(struct hunt *h, const char *text)
{
	bool whole, seen; /* seen: no row in use is left that could be better */
	enum err r = all_indexed(h, &whole);

	h->hits = HITS;
	if (r || (r = store_find_begins(h->db, h->unit, h->c->kind, text, 0, offer_doc, h, h->e)))
		return r;
	seen = whole && h->hits > 0 && one_word(h);
	if (!seen && (r = offer_used(h, USED_ROWS)))
		return r;
	if (settled(h))
		return ERR_OK;
	h->hits = HITS;
	r = store_find(h->db, h->unit, h->c->kind, text, 0, offer_doc, h, h->e);
	return r || !seen || h->hits > 0 ? r : offer_used(h, USED_ROWS);
}

/* Nothing typed: the rows used last, filled up with the newest ones. */
static enum err offer_newest(struct hunt *h)
{
	struct rows *q;
	enum err r = offer_used(h, h->max);

	if (r || h->n == h->max)
		return r;
	r = db_query(h->db, &q, h->e, h->c->older, "ll", h->unit, INT64_MAX);
	while (!r && h->n < h->max && rows_next(q)) {
		struct look l;

		look_read(q, &l);
		offer(h, &l);
	}
	return rows_end(&q, r, h->e);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum err hunt_all(struct hunt *h, const char *text)
{
	enum err r;

	if (match_any(h->match))
		return offer_newest(h);
	r = offer_same_codes(h, text);
	return r ? r : offer_found(h, text);
}

static enum err read_picks(struct hunt *h, char *out, int *n)
{
	enum err r = ERR_OK;
	int i;

	for (i = 0; i < h->n && !r; i++) {
		bool found = false;

		r = catalogue_get(h->db, h->c, h->unit, h->picks[i].id,
				  out + (size_t)*n * h->c->size, &found, h->e);
		*n += found;
	}
	while (r && *n > 0)
		h->c->free(out + (size_t)-- * n * h->c->size);
	return r;
}

enum err catalogue_best(struct db *db, const struct catalogue *c, int64_t unit, const char *text,
			int max, void *out, int *n, struct err_info *e)
{
	char *typed = text_trim(text ? text : "");
	struct hunt h = {.db = db,
			 .c = c,
			 .unit = unit,
			 .now = clock_now(),
			 .match = match_new(typed),
			 .max = max < BEST_MAX ? max : BEST_MAX,
			 .e = e};
	enum err r = max > 0 ? hunt_all(&h, typed) : ERR_OK;

	*n = 0;
	if (!r)
		r = read_picks(&h, out, n);
	match_free(&h.match);
	free(typed);
	return r;
}
