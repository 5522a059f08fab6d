/* find_word.c - from a word that was typed to the documents that may match it.
 *
 * A word is part of a name or of a code.  As part of a name its letters can be read in many ways:
 * each as an initial, several as a syllable (hua: 花 or 湖安 or 和 u a).  Every way is a path of
 * items, and every path is a set of documents that have its terms.  Paths are followed the way that
 * promises most documents first and left where few remain or where there are too many paths: the
 * beginning of a path has all documents of the whole one, so what is left out only makes false
 * candidates.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/find_node_p.h"

enum {
	PATHS = 48,        /* of a word */
	ITEMS = 12,        /* of a path */
	FEW = 32,          /* documents that are quicker looked at than parted further */
	FILTERS = 6,       /* terms of a path that are asked */
	TERMS = 4 * ITEMS, /* of a path */
	NARROW = 40,       /* syllables that begin alike, as a filter */
	NONE = 0xFFFF,     /* no syllable */
};

/* A character of a name as a path takes it. */
struct item {
	uint32_t symbol, cp; /* cp 0: of a letter typed */
	uint32_t lo, hi;     /* syllables (of cp one of its readings); lo NONE: any */
};
struct path {
	size_t at, n; /* characters of the word, items */
	struct item items[ITEMS];
	uint32_t terms[TERMS]; /* all of which a document has */
	int64_t ests[TERMS];
	size_t term_count;
	int64_t est;
};
/* Terms that were asked for, and their sets as long as nobody took them. */
struct known {
	uint32_t term;
	int64_t est;
	struct find_node *node;
};
struct word {
	struct find_search *s;
	const uint32_t *chars;
	size_t len;
	bool begins;
	struct path *paths;
	size_t path_count;
	struct known *known;
	size_t known_count;
};

/* ---- terms of a word ------------------------------------------------------------------------- */

static struct known *ask(struct word *w, uint32_t term)
{
	struct known *k;
	size_t i;

	for (i = 0; i < w->known_count; i++) {
		if (w->known[i].term == term)
			return &w->known[i];
	}
	w->known = mem_realloc(w->known, (w->known_count + 1) * sizeof(*k));
	k = &w->known[w->known_count++];
	k->term = term;
	k->node = find_node_terms(w->s, term, term);
	k->est = k->node ? k->node->est : 0;
	return k;
}

static struct find_node *take(struct word *w, uint32_t term)
{
	struct known *k = ask(w, term);
	struct find_node *n = k->node;

	k->node = NULL;
	return n || !k->est ? n : find_node_terms(w->s, term, term);
}

static void path_term(struct word *w, struct path *p, uint32_t term)
{
	int64_t est;
	size_t i;

	if (!p->est || p->term_count == TERMS)
		return;
	est = ask(w, term)->est;
	for (i = p->term_count++; i > 0 && p->ests[i - 1] > est; i--) {
		p->terms[i] = p->terms[i - 1];
		p->ests[i] = p->ests[i - 1];
	}
	p->terms[i] = term;
	p->ests[i] = est;
	p->est = est < p->est ? est : p->est;
}

/* The rarest terms of a path, beside which the others would tell little. */
static void add_filters(struct word *w, const struct path *p, struct find_node *each)
{
	size_t most = p->est <= FEW ? 2 : FILTERS, i;

	for (i = 0; i < p->term_count && i < most; i++) {
		if (i > 0 && p->ests[i] > w->s->top / 2)
			return;
		find_node_add(each, take(w, p->terms[i]));
	}
}

/* ---- codes ----------------------------------------------------------------------------------- */

/* Codes that begin with one character, or with two (n): in terms of their own, and in triples that
 * are older than those. */
static struct find_node *first_set(struct word *w, const struct find_space *space, size_t n,
				   const uint32_t head[2])
{
	uint32_t size = find_space_symbols(space), second = n > 1 ? head[1] : 0;
	uint32_t now = find_first_pair(space, head[0], second);
	uint32_t old = find_code_triple(space, SYMBOL_BEGIN, head[0], second);
	struct find_node *any = find_node_make(w->s, NODE_ANY);

	find_node_add(any, find_node_terms(w->s, now, n > 1 ? now : now + SYMBOLS - 1));
	find_node_add(any, find_node_terms(w->s, old, n > 1 ? old : old + size - 1));
	return any;
}

/* All codes with a character, or with two in a row; a begins: SYMBOL_BEGIN. */
static struct find_node *range_of_codes(struct word *w, const struct find_space *space, uint32_t a,
					uint32_t b)
{
	uint32_t size = find_space_symbols(space);
	bool lone = a == SYMBOL_END;
	uint32_t lo = lone ? find_code_triple(space, b, 0, 0) : find_code_triple(space, a, b, 0);

	return find_node_terms(w->s, lo, lo + (lone ? size * size : size) - 1);
}

static struct find_node *code_set(struct word *w, const struct find_space *space)
{
	struct path p = {.est = w->s->top};
	struct find_node *each, *first = NULL;
	bool apart = w->begins && space->first;
	uint32_t a = w->begins ? SYMBOL_BEGIN : SYMBOL_END, b = 0, head[2] = {0, 0}, c;
	size_t n = 0, i;

	for (i = 0; i < w->len; i++) {
		if (pinyin_passed_over(w->chars[i]))
			continue;
		c = find_symbol(w->chars[i]);
		if (n >= 2 || (n == 1 && w->begins && !apart))
			path_term(w, &p, find_code_triple(space, a, b, c));
		if (n < 2)
			head[n] = c;
		a = n++ ? b : a;
		b = c;
	}
	if (!n || !p.est)
		return NULL;
	if (apart)
		first = first_set(w, space, n, head);
	if (!p.term_count)
		return apart ? first : range_of_codes(w, space, a, b);
	each = find_node_make(w->s, NODE_EACH);
	add_filters(w, &p, each);
	if (first && first->est <= w->s->top / 2)
		find_node_add(each, first);
	else
		find_node_free(first);
	return each;
}

/* ---- paths ----------------------------------------------------------------------------------- */

static bool is_letter(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

/* Characters of the word from `at` that a syllable has in common with it; *whole: it has them
 * all. */
static size_t spelled(const struct word *w, size_t at, const char *syllable, bool *whole)
{
	size_t i;

	for (i = 0; syllable[i] && at + i < w->len; i++) {
		uint32_t c = w->chars[at + i];

		if (c != (uint32_t)syllable[i] && !(syllable[i] == 'v' && c == 'u'))
			break;
	}
	*whole = !syllable[i];
	return i;
}

static bool is_syllable(const struct item *i)
{
	return i->lo != NONE && i->lo == i->hi;
}

static void path_item(struct word *w, const struct path *from, size_t length, struct item item)
{
	struct path *p = &w->paths[w->path_count];
	const struct item *i = p->items;
	size_t n;

	*p = *from;
	p->at += length;
	p->items[p->n++] = item;
	n = p->n;
	if (item.cp)
		path_term(w, p, find_char(item.cp));
	else if (is_syllable(&item))
		path_term(w, p, TERM_SYLLABLE + item.lo);
	if (n >= 2 && is_syllable(&i[n - 2]) && is_syllable(&item))
		path_term(w, p, find_pair(i[n - 2].lo, item.lo));
	if (n == 2 && w->begins)
		path_term(w, p, find_triple(SYMBOL_BEGIN, i[0].symbol, item.symbol));
	if (n >= 3)
		path_term(w, p, find_triple(i[n - 3].symbol, i[n - 2].symbol, item.symbol));
	w->path_count += p->est > 0;
}

/* All ways to go on with letters: an initial, a syllable, the rest as a syllable that may be cut
 * short. */
static void path_letters(struct word *w, const struct path *from)
{
	struct item item = {.symbol = w->chars[from->at] - 'a', .lo = NONE};
	struct item rest = item;
	const char *syllable;
	uint32_t number;

	path_item(w, from, 1, item);
	for (number = 0; (syllable = pinyin_syllable(number)); number++) {
		bool whole;
		size_t n = spelled(w, from->at, syllable, &whole);

		if (n < 2)
			continue;
		if (from->at + n == w->len) {
			rest.lo = rest.lo == NONE ? number : rest.lo;
			rest.hi = number;
		} else if (whole) {
			item.lo = item.hi = number;
			path_item(w, from, n, item);
		}
	}
	if (rest.lo != NONE)
		path_item(w, from, w->len - from->at, rest);
}

static void path_other(struct word *w, const struct path *from)
{
	uint32_t cp = w->chars[from->at];
	struct item item = {.symbol = find_symbol(cp), .cp = cp, .lo = NONE};
	const uint16_t *readings;

	if (pinyin_readings(cp, &readings)) {
		item.lo = item.hi = *readings;
		item.symbol = (uint32_t)*pinyin_syllable(*readings) - 'a';
	}
	path_item(w, from, 1, item);
}

/* What names are passed over for is asked for all the same. */
static void path_mark(struct word *w, const struct path *from)
{
	struct path *p = &w->paths[w->path_count];

	*p = *from;
	path_term(w, p, find_char(w->chars[p->at++]));
	w->path_count += p->est > 0;
}

static bool path_open(const struct word *w, const struct path *p)
{
	return p->at < w->len && p->n < ITEMS && p->est > FEW;
}

/* Most ways a syllable boundary can fall, with room to spare. */
enum { BRANCHES = 16 };

static void follow_paths(struct word *w)
{
	w->paths[0] = (struct path) {.est = w->s->top};
	w->path_count = 1;
	while (w->path_count > 0 && w->path_count <= PATHS && !w->s->r) {
		size_t best = w->path_count, i;
		struct path from;

		for (i = 0; i < w->path_count; i++) {
			if (path_open(w, &w->paths[i]) &&
			    (best == w->path_count || w->paths[i].est > w->paths[best].est))
				best = i;
		}
		if (best == w->path_count)
			return;
		from = w->paths[best];
		w->paths[best] = w->paths[--w->path_count];
		if (pinyin_passed_over(w->chars[from.at]))
			path_mark(w, &from);
		else if (is_letter(w->chars[from.at]))
			path_letters(w, &from);
		else
			path_other(w, &from);
	}
}

static struct find_node *range_set(struct word *w, uint32_t lo, uint32_t hi)
{
	struct find_node *n = find_node_terms(w->s, lo, hi);

	return n ? n : find_node_make(w->s, NODE_ANY);
}

/* All names with two symbols in a row. */
static struct find_node *pair_set(struct word *w, uint32_t a, uint32_t b)
{
	uint32_t lo = find_triple(a, b, 0);

	return range_set(w, lo, lo + SYMBOLS - 1);
}

/* Names with a letter: as an initial, or itself. */
static struct find_node *letter_set(struct word *w, uint32_t symbol)
{
	struct find_node *any = find_node_make(w->s, NODE_ANY);
	uint32_t lo = NONE, hi = 0, number, letter = symbol + 'a';
	const char *syllable;

	for (number = 0; (syllable = pinyin_syllable(number)); number++) {
		if ((uint32_t)*syllable != letter)
			continue;
		lo = lo == NONE ? number : lo;
		hi = number;
	}
	if (lo != NONE)
		find_node_add(any, range_set(w, TERM_SYLLABLE + lo, TERM_SYLLABLE + hi));
	find_node_add(any, take(w, find_char(letter)));
	return any;
}

/* Does the term of its two syllables tell that they stand together?  Not when frequent ones share
 * it. */
static bool pair_tells(struct word *w, const struct path *p)
{
	return is_syllable(&p->items[0]) && is_syllable(&p->items[1]) &&
	       ask(w, find_pair(p->items[0].lo, p->items[1].lo))->est < w->s->top / 16;
}

/* A syllable and behind it any of several. */
static struct find_node *pairs_set(struct word *w, uint32_t first, const struct item *second)
{
	struct find_node *any = find_node_make(w->s, NODE_ANY);
	uint32_t number;

	for (number = second->lo; number <= second->hi; number++)
		find_node_add(any, take(w, find_pair(first, number)));
	return any;
}

/* What single terms leave open: that two characters stand together, that a name begins with one, a
 * syllable cut short, a letter alone. */
static void add_ranges(struct word *w, const struct path *p, struct find_node *each)
{
	const struct item *first = &p->items[0], *last = &p->items[p->n - 1];

	if (p->n == 1 && w->begins)
		find_node_add(each, pair_set(w, SYMBOL_BEGIN, first->symbol));
	if (p->n == 2 && !w->begins && !pair_tells(w, p))
		find_node_add(each, pair_set(w, first->symbol, last->symbol));
	if (p->n >= 2 && is_syllable(last - 1) && last->lo != NONE && last->hi > last->lo &&
	    last->hi - last->lo < NARROW)
		find_node_add(each, pairs_set(w, last[-1].lo, last));
	if (last->lo != NONE && last->hi > last->lo &&
	    (!each->count || last->hi - last->lo < NARROW))
		find_node_add(each,
			      range_set(w, TERM_SYLLABLE + last->lo, TERM_SYLLABLE + last->hi));
	else if (!each->count && p->n == 1)
		find_node_add(each, letter_set(w, first->symbol));
}

/* Documents with what is on a path; with nothing on it, every one. */
static struct find_node *path_set(struct word *w, const struct path *p)
{
	struct find_node *each = find_node_make(w->s, NODE_EACH);

	add_filters(w, p, each);
	if (p->n > 0 && p->est > FEW)
		add_ranges(w, p, each);
	return each;
}

/* ---- words ----------------------------------------------------------------------------------- */

static void add_names(struct word *w, struct find_node *any)
{
	size_t i;

	w->paths = mem_alloc((PATHS + BRANCHES) * sizeof(*w->paths));
	follow_paths(w);
	for (i = 0; i < w->path_count && !w->s->r; i++)
		find_node_add(any, path_set(w, &w->paths[i]));
	free(w->paths);
}

struct find_node *find_word_set(struct find_search *s, const uint32_t *chars, size_t len,
				unsigned in, unsigned begins)
{
	struct word w = {.s = s, .chars = chars, .len = len};
	struct find_node *any = find_node_make(s, NODE_ANY);
	size_t i;

	w.begins = begins >> FIND_NAME & 1;
	if (in >> FIND_NAME & 1)
		add_names(&w, any);
	for (i = 0; i < FIND_NAME && !s->r; i++) {
		w.begins = begins >> i & 1;
		if (in >> i & 1)
			find_node_add(any, code_set(&w, &find_spaces[i]));
	}
	for (i = 0; i < w.known_count; i++)
		find_node_free(w.known[i].node);
	free(w.known);
	return any;
}
