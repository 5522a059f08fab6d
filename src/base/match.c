/* match.c - all ways a word can stand for a text, followed at once.
 *
 * A set of states is the bits of a word: bit i is "the first i characters of the word are accounted
 * for".  Every character of the text moves all of them by all its readings, so that no reading is
 * tried after another and the time is that of going through the text once.
 */
#include "base/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/pinyin_p.h"

/* Where in a word a syllable stands whole, and where the word ends within it. */
struct spell {
	uint64_t whole, cut;
};
struct word {
	uint32_t chars[MATCH_CHARS];
	unsigned count, others;
	uint64_t ascii[128]; /* where a character stands */
	uint32_t other[MATCH_CHARS];
	uint64_t where[MATCH_CHARS];
	uint64_t over;     /* where a character is passed over in codes */
	uint64_t end;      /* the bit of the last state */
	bool spells, code; /* may be pinyin; has something to look for in codes */
	struct spell spell[PINYIN_SYLLABLES];
};
struct match {
	size_t count;
	bool joined; /* words[count] is all of them as one */
	struct word words[];
};

/* ---- words ---- */

static bool is_letter(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

static bool is_blank(uint32_t cp)
{
	return cp <= ' ' || cp == 0xA0;
}

static void note_place(struct word *w, uint32_t cp, uint64_t bit)
{
	unsigned i;

	if (cp < 128) {
		w->ascii[cp] |= bit;
		return;
	}
	for (i = 0; i < w->others && w->other[i] != cp; i++)
		;
	w->others = i < w->others ? w->others : i + 1;
	w->other[i] = cp;
	w->where[i] |= bit;
}

static uint64_t places(const struct word *w, uint32_t cp)
{
	unsigned i;

	if (cp < 128)
		return w->ascii[cp];
	for (i = 0; i < w->others; i++) {
		if (w->other[i] == cp)
			return w->where[i];
	}
	return 0;
}

static void spell_syllable(struct word *w, unsigned at, size_t number)
{
	const char *s = pinyin_text[number];
	unsigned i;

	for (i = 0; s[i] && at + i < w->count; i++) {
		uint32_t c = w->chars[at + i];

		if (c != (uint32_t)s[i] && !(s[i] == 'v' && c == 'u'))
			return;
	}
	*(s[i] ? &w->spell[number].cut : &w->spell[number].whole) |= UINT64_C(1) << at;
}

/* What codes are written with or without, by whoever types them: 0755-2699, +86 755.  Another mark
 * that was typed is meant. */
static bool parts_codes(uint32_t cp, unsigned at)
{
	static const char parts[] = "-./()[]_,'";

	if (cp == '+')
		return at == 0;
	return pinyin_passed_over(cp) && (cp >= 0x80 || strchr(parts, (int)cp));
}

static void word_prepare(struct word *w)
{
	unsigned i;
	size_t number;

	w->end = UINT64_C(1) << w->count;
	for (i = 0; i < w->count; i++) {
		uint64_t bit = UINT64_C(1) << i;

		note_place(w, w->chars[i], bit);
		if (parts_codes(w->chars[i], i))
			w->over |= bit;
		w->code |= !pinyin_passed_over(w->chars[i]);
		w->spells |= is_letter(w->chars[i]);
		for (number = 0; is_letter(w->chars[i]) && number < pinyin_count; number++)
			spell_syllable(w, i, number);
	}
}

/* xi'an: an apostrophe within pinyin only parts syllables. */
static bool is_apostrophe(uint32_t cp, uint32_t before, const char *after)
{
	return (cp == '\'' || cp == 0x2018 || cp == 0x2019) && is_letter(before) &&
	       is_letter(pinyin_next(&after));
}

/* The next word of a text; false at its end. */
static bool word_read(struct word *w, const char **text)
{
	uint32_t cp, before = 0;

	for (; **text; before = cp) {
		cp = pinyin_next(text);
		if (is_blank(cp) && w->count)
			return true;
		if (!is_blank(cp) && !is_apostrophe(cp, before, *text) && w->count < MATCH_CHARS)
			w->chars[w->count++] = cp;
	}
	return w->count > 0;
}

static void word_join(struct word *to, const struct word *from)
{
	unsigned n = from->count < MATCH_CHARS - to->count ? from->count : MATCH_CHARS - to->count;

	memcpy(to->chars + to->count, from->chars, n * sizeof(*from->chars));
	to->count += n;
}

struct match *match_new(const char *text)
{
	struct word one;
	struct match *m = mem_zalloc(sizeof(*m));

	for (;;) {
		memset(&one, 0, sizeof(one));
		if (m->count == MATCH_WORDS || !word_read(&one, &text))
			break;
		m = mem_realloc(m, sizeof(*m) + (m->count + 1) * sizeof(one));
		m->words[m->count++] = one;
	}
	m->joined = m->count > 1;
	if (m->joined) {
		m = mem_realloc(m, sizeof(*m) + (m->count + 1) * sizeof(one));
		memset(&one, 0, sizeof(one));
		for (size_t i = 0; i < m->count; i++)
			word_join(&one, &m->words[i]);
		m->words[m->count] = one;
	}
	for (size_t i = 0; i < m->count + m->joined; i++)
		word_prepare(&m->words[i]);
	return m;
}

void match_free(struct match **m)
{
	free(*m);
	*m = NULL;
}

bool match_any(const struct match *m)
{
	return !m->count;
}

size_t match_word(const struct match *m, size_t word, const uint32_t **chars)
{
	if (word >= m->count)
		return 0;
	*chars = m->words[word].chars;
	return m->words[word].count;
}

/* ---- texts ---- */

/* Where a character leads: all states, and those that began at the head of the text. */
struct states {
	uint64_t any, head;
};

static struct states states_move(struct states from, uint64_t where, unsigned by)
{
	return (struct states) {(from.any & where) << by, (from.head & where) << by};
}

static void states_add(struct states *to, struct states s)
{
	to->any |= s.any;
	to->head |= s.head;
}

/* By the readings of a character; *cut gets the states whose rest is the beginning of one. */
static void move_by_readings(const struct word *w, uint32_t cp, struct states from,
			     struct states *to, struct states *cut)
{
	const uint16_t *s;
	size_t n = pinyin_readings(cp, &s), i;

	for (i = 0; i < n; i++) {
		const char *text = pinyin_text[s[i]];
		const struct spell *spell = &w->spell[s[i]];

		states_add(to, states_move(from, w->ascii[(unsigned char)*text], 1));
		if (!((spell->whole | spell->cut) & from.any))
			continue;
		states_add(to, states_move(from, spell->whole, (unsigned)strlen(text)));
		states_add(cut, states_move(from, spell->cut, 0));
	}
}

static enum match_rank better(enum match_rank a, enum match_rank b)
{
	return a < b ? a : b;
}

/* One name, up to the end of its line. */
static enum match_rank match_line(const struct word *w, const char **text)
{
	enum match_rank best = MATCH_NONE;
	struct states now = {0, 0};
	bool head = true; /* nothing but what is passed over came before */

	while (**text && **text != '\n') {
		uint32_t cp = pinyin_next(text);
		struct states from = {now.any | 1, now.head | head}, to, cut = {0, 0};

		to = states_move(from, places(w, cp), 1);
		if (pinyin_passed_over(cp)) {
			states_add(&to, now);
		} else {
			head = false;
			if (w->spells)
				move_by_readings(w, cp, from, &to, &cut);
		}
		now = to;
		if ((now.head & w->end) || cut.head)
			best = MATCH_BEGINS;
		else if ((now.any & w->end) || cut.any)
			best = better(best, MATCH_PART);
		if (best < MATCH_NONE && !now.head && !head) { /* it gets no better */
			*text = strchrnul(*text, '\n');
			return best;
		}
	}
	return now.head & w->end ? MATCH_SAME : best;
}

static enum match_rank match_names(const struct word *w, const char *text)
{
	enum match_rank best = MATCH_NONE;

	for (; *text; text += *text == '\n')
		best = better(best, match_line(w, &text));
	return best;
}

/* The states after characters of the word that codes are written without. */
static struct states pass_over(const struct word *w, struct states s)
{
	for (uint64_t rest = w->over; rest & s.any;) {
		struct states more = states_move(s, rest, 1);

		rest &= ~s.any;
		states_add(&s, more);
	}
	return s;
}

static enum match_rank match_code_line(const struct word *w, const char **text)
{
	const struct states start = pass_over(w, (struct states) {1, 1});
	enum match_rank best = MATCH_NONE;
	struct states now = {0, 0};
	bool head = true;

	while (**text && **text != '\n') {
		uint32_t cp = pinyin_next(text);

		struct states from = {now.any | start.any, now.head | (head ? start.head : 0)};
		struct states to = states_move(from, places(w, cp), 1);

		if (pinyin_passed_over(cp))
			states_add(&to, now);
		else
			head = false;
		now = pass_over(w, to);
		if (now.head & w->end)
			best = MATCH_BEGINS;
		else if (now.any & w->end)
			best = better(best, MATCH_PART);
	}
	return now.head & w->end ? MATCH_SAME : best;
}

static enum match_rank match_code(const struct word *w, const char *text)
{
	enum match_rank best = MATCH_NONE;

	for (; *text; text += *text == '\n')
		best = better(best, match_code_line(w, &text));
	return best;
}

static enum match_rank match_one(const struct word *w, const char *name, const char *const *codes,
				 size_t n)
{
	enum match_rank best = match_names(w, name);
	size_t i;

	for (i = 0; i < n && w->code && best != MATCH_SAME; i++) {
		if (codes[i] && *codes[i])
			best = better(best, match_code(w, codes[i]));
	}
	return best;
}

enum match_rank match_text(const struct match *m, const char *name, const char *const *codes,
			   size_t n)
{
	enum match_rank worst = MATCH_SAME;
	size_t i;

	for (i = 0; i < m->count && worst != MATCH_NONE; i++) {
		enum match_rank r = match_one(&m->words[i], name, codes, n);

		worst = r > worst ? r : worst;
	}
	if (m->joined && worst != MATCH_NONE && worst != MATCH_SAME)
		worst = better(worst, match_one(&m->words[m->count], name, codes, n));
	return m->count ? worst : MATCH_BEGINS;
}
