/* find_terms.c - the terms of a text. */
#include "store/find_p.h"

#include <stdlib.h>

/* What a character stands for. */
struct symbols {
	uint32_t n;
	unsigned char of[26];
	uint32_t readings;
	const uint16_t *syllables;
};
struct terms {
	uint32_t *out;
	size_t n;
	bool full;
};

static const struct symbols BEGIN = {.n = 1, .of = {SYMBOL_BEGIN}},
			    END = {.n = 1, .of = {SYMBOL_END}};

const struct find_space find_spaces[FIND_FIELDS] = {
    [FIND_NUMBER] = {TERM_NUMBER, 2, 0},
    [FIND_MNEMONIC] = {TERM_MNEMONIC, 2, TERM_FIRST},
    [FIND_OTHER] = {TERM_OTHER, 1, 0},
};

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Each once; a text that has too many even so becomes full. */
static void terms_thin(struct terms *t)
{
	size_t i, kept = 0;

	qsort(t->out, t->n, sizeof(*t->out), ascending);
	for (i = 0; i < t->n; i++) {
		if (!kept || t->out[kept - 1] != t->out[i])
			t->out[kept++] = t->out[i];
	}
	t->n = kept;
	t->full = kept > FIND_TERMS * 3 / 4;
}

static void add(struct terms *t, uint32_t term)
{
	if (t->n == FIND_TERMS)
		terms_thin(t);
	if (!t->full)
		t->out[t->n++] = term;
}

static void add_triples(struct terms *t, const struct symbols *a, const struct symbols *b,
			const struct symbols *c)
{
	for (uint32_t i = 0; i < a->n; i++)
		for (uint32_t j = 0; j < b->n; j++)
			for (uint32_t k = 0; k < c->n; k++)
				add(t, find_triple(a->of[i], b->of[j], c->of[k]));
}

static void add_pairs(struct terms *t, const struct symbols *a, const struct symbols *b)
{
	for (uint32_t i = 0; i < a->readings; i++)
		for (uint32_t j = 0; j < b->readings; j++)
			add(t, find_pair(a->syllables[i], b->syllables[j]));
}

/* Characters of a name as they come; w[0], w[1] are the two before. */
struct window {
	struct symbols held[3];
	const struct symbols *w[2];
	size_t n, at; /* at: the place held that is free */
};

static void window_begin(struct window *v)
{
	v->w[1] = &BEGIN;
	v->n = v->at = 0;
}

static void window_add(struct terms *t, struct window *v, const struct symbols *s)
{
	if (v->n++)
		add_triples(t, v->w[0], v->w[1], s);
	add_pairs(t, v->w[1], s);
	v->w[0] = v->w[1];
	v->w[1] = s;
}

static void window_end(struct terms *t, struct window *v)
{
	if (!v->n)
		return;
	window_add(t, v, &END);
	window_add(t, v, &END);
}

/* What a character of a name stands for; adds the terms of its own. */
static void name_char(struct terms *t, uint32_t cp, struct symbols *s)
{
	uint32_t mask, i;

	add(t, find_char(cp));
	s->readings = (uint32_t)pinyin_readings(cp, &s->syllables);
	for (i = 0; i < s->readings; i++)
		add(t, TERM_SYLLABLE + (uint32_t)s->syllables[i]);
	s->n = 0;
	for (mask = pinyin_initials(cp); mask; mask &= mask - 1)
		s->of[s->n++] = (unsigned char)__builtin_ctz(mask);
	if (!s->n)
		s->of[s->n++] = (unsigned char)find_symbol(cp);
}

static void add_names(struct terms *t, const char *text)
{
	struct window v;

	window_begin(&v);
	while (*text && !t->full) {
		uint32_t cp = pinyin_next(&text);

		if (cp == '\n') {
			window_end(t, &v);
			window_begin(&v);
		} else if (!pinyin_passed_over(cp)) {
			struct symbols *s = &v.held[v.at];

			v.at = v.at == 2 ? 0 : v.at + 1;
			name_char(t, cp, s);
			window_add(t, &v, s);
		} else if (cp > ' ' && cp != 0xA0) { /* no blank: may be asked for */
			add(t, find_char(cp));
		}
	}
	window_end(t, &v);
}

/* The next symbol of a code; false: it is passed over. */
static bool next_symbol(const char **text, uint32_t *symbol)
{
	unsigned char c = (unsigned char)**text;
	uint32_t cp;

	/* Nearly all are digits and capitals. */
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
		++*text;
		*symbol = c <= '9' ? (uint32_t)c - '0' + SYMBOL_DIGIT : (uint32_t)c - 'A';
		return true;
	}
	cp = pinyin_next(text);
	*symbol = find_symbol(cp);
	return !pinyin_passed_over(cp);
}

/* Every character of a code is one symbol, of those of its kind: a and b are the two before. */
static void add_code_line(struct terms *t, const struct find_space *space, const char **text)
{
	const uint32_t size = find_space_symbols(space), end = find_space_symbol(space, SYMBOL_END);
	uint32_t a = find_space_symbol(space, SYMBOL_BEGIN), b = a, s, head = 0;
	size_t n = 0;

	while (**text && **text != '\n' && !t->full) {
		if (!next_symbol(text, &s))
			continue;
		if (n == 0)
			head = s;
		else if (n == 1 && space->first)
			add(t, find_first_pair(space, head, s));
		s = find_space_symbol(space, s);
		if (n > 1 || (n && !space->first))
			add(t, space->base + (a * size + b) * size + s);
		a = b;
		b = s;
		n++;
	}
	if (!n)
		return;
	if (n == 1 && space->first)
		add(t, find_first_pair(space, head, SYMBOL_END));
	else
		add(t, space->base + (a * size + b) * size + end);
	add(t, space->base + (b * size + end) * size + end);
}

static void add_code(struct terms *t, const struct find_space *space, const char *text)
{
	for (; *text && !t->full; text += *text == '\n')
		add_code_line(t, space, &text);
}

size_t find_terms(const struct find_text *text, uint32_t out[FIND_TERMS])
{
	struct terms t = {.out = out};
	size_t i;

	if (text->name)
		add_names(&t, text->name);
	for (i = 0; i < text->count; i++) {
		if (text->codes[i])
			add_code(&t, &find_spaces[text->fields ? text->fields[i] : FIND_NUMBER],
				 text->codes[i]);
	}
	if (!t.full)
		return t.n;
	out[0] = TERM_LONG;
	return 1;
}
