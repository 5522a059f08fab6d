/* goods_similar.c - goods with a tax code whose names share most with a name.
 *
 * Two names are as alike as the pairs of neighbouring characters they share: the mean of their part
 * of the pairs of both and of the shorter one, in thousandths.  Candidates are the goods that have
 * one of the pairs: the last pairs first, for the end of a Chinese name says what the thing is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/goods_p.h"

enum { PAIRS = 48, PAIRS_ASKED = 12, HITS = 60, SIMILAR_MAX = 32, ALIKE_ENOUGH = 300 };

/* A pair of characters as it stands in the folded text, or its only one. */
struct pair {
	const char *at;
	size_t bytes;
};
struct pairs {
	char *text;
	struct pair items[PAIRS];
	size_t count;
};

static void pairs_of(const char *name, struct pairs *out)
{
	const char *p;
	size_t n, first, second;
	uint32_t cp;

	out->text = text_fold_width(name);
	out->count = 0;
	for (p = out->text, n = strlen(p); n && out->count < PAIRS; p += first, n -= first) {
		if (*p >= 'A' && *p <= 'Z')
			out->text[p - out->text] = (char)(*p - 'A' + 'a');
		first = text_next(p, n, &cp);
		second = n > first ? text_next(p + first, n - first, &cp) : 0;
		if (!second && out->count)
			return;
		out->items[out->count++] = (struct pair) {p, first + second};
	}
}

static size_t shared(const struct pairs *a, const struct pairs *b)
{
	bool used[PAIRS] = {false};
	size_t n = 0, i, k;

	for (i = 0; i < a->count; i++) {
		for (k = 0; k < b->count; k++) {
			if (used[k] || a->items[i].bytes != b->items[k].bytes ||
			    strncasecmp(a->items[i].at, b->items[k].at, a->items[i].bytes) != 0)
				continue;
			used[k] = true;
			n++;
			break;
		}
	}
	return n;
}

static int likeness_of(const struct pairs *a, const struct pairs *b)
{
	size_t shorter = a->count < b->count ? a->count : b->count, n = shared(a, b);

	return shorter ? (int)(n * 1000 / (a->count + b->count) + n * 500 / shorter) : 0;
}

struct likeness {
	int alike;
	int64_t score, doc, id;
};
struct search {
	struct db *db;
	int64_t unit, now;
	struct pairs name;
	struct likeness found[SIMILAR_MAX];
	int n, hits;
	struct err_info *e;
};

static bool better(const struct likeness *a, const struct likeness *b)
{
	if (a->alike != b->alike)
		return a->alike > b->alike;
	return a->score != b->score ? a->score > b->score : a->doc > b->doc;
}

static void insert(struct search *s, const struct likeness *l)
{
	int at = s->n, i;

	for (i = 0; i < s->n; i++)
		if (s->found[i].id == l->id)
			return;
	while (at > 0 && better(l, &s->found[at - 1]))
		at--;
	if (at == SIMILAR_MAX)
		return;
	if (s->n < SIMILAR_MAX)
		s->n++;
	for (i = s->n - 1; i > at; i--)
		s->found[i] = s->found[i - 1];
	s->found[at] = *l;
}

static void offer(struct search *s, const struct look *l)
{
	struct likeness found = {0, catalogue_score(l->uses, l->used_at, s->now), l->doc, l->id};
	struct pairs other;

	if (!*l->texts[LOOK_CODES + 1])
		return;
	pairs_of(l->texts[LOOK_NAME], &other);
	found.alike = likeness_of(&s->name, &other);
	free(other.text);
	if (found.alike >= ALIKE_ENOUGH)
		insert(s, &found);
	s->hits--;
}

static enum err offer_doc(void *arg, int64_t doc, bool *enough)
{
	struct search *s = arg;
	struct rows *q;
	struct look l;
	bool found;
	enum err r = look_of_doc(s->db, &catalogue_goods, s->unit, doc, &q, &l, &found, s->e);

	if (found)
		offer(s, &l);
	*enough = s->hits <= 0;
	return rows_end(&q, r, s->e);
}

static enum err ask(struct search *s)
{
	size_t last = s->name.count, first = last > PAIRS_ASKED ? last - PAIRS_ASKED : 0;
	enum err r = ERR_OK;

	while (last-- > first && !r) {
		char *text = mem_strndup(s->name.items[last].at, s->name.items[last].bytes);
		char *word = text_trim(text);

		s->hits = HITS;
		if (*word)
			r = store_find(s->db, s->unit, FIND_GOODS, word, 0, offer_doc, s, s->e);
		free(word);
		free(text);
	}
	return r;
}

enum err store_goods_similar(struct db *db, int64_t unit, const char *name, struct goods *out,
			     int max, int *n, struct err_info *e)
{
	struct search s = {.db = db, .unit = unit, .now = clock_now(), .e = e};
	char *trimmed = text_trim(name);
	enum err r;
	int i;

	*n = 0;
	pairs_of(trimmed, &s.name);
	r = ask(&s);
	for (i = 0; i < s.n && !r && *n < max; i++) {
		bool found = false;

		r = store_goods_get(db, unit, s.found[i].id, &out[*n], &found, e);
		*n += found;
	}
	while (r && *n > 0)
		goods_free(&out[--*n]);
	free(s.name.text);
	free(trimmed);
	return r;
}
