#include "ui/line.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"

/* ---- graphemes ---- */

static uint32_t cp_at(const struct line *l, size_t at, size_t *len)
{
	uint32_t cp = 0;
	size_t n = 0;

	if (at < l->len)
		n = text_next(l->text + at, l->len - at, &cp);
	if (len)
		*len = n;
	return cp;
}

/* The start of the character before `at` (at > 0). */
static size_t cp_before(const struct line *l, size_t at)
{
	do
		at--;
	while (at > 0 && ((unsigned char)l->text[at] & 0xC0) == 0x80);
	return at;
}

static bool joins(uint32_t cp)
{
	return text_cp_cols(cp) == 0;
}

/* `at`, or the end of the grapheme it stands in. */
static size_t boundary(const struct line *l, size_t at)
{
	size_t len;

	while (at > 0 && at < l->len && joins(cp_at(l, at, &len)))
		at += len;
	return at;
}

static size_t grapheme_after(const struct line *l, size_t at)
{
	size_t len;

	if (at >= l->len)
		return l->len;
	cp_at(l, at, &len);
	return boundary(l, at + len);
}

static size_t grapheme_before(const struct line *l, size_t at)
{
	while (at > 0) {
		at = cp_before(l, at);
		if (!joins(cp_at(l, at, NULL)))
			break;
	}
	return at;
}

static size_t cols_between(const struct line *l, size_t from, size_t to)
{
	size_t cols = 0, len;

	for (; from < to; from += len)
		cols += (size_t)text_cp_cols(cp_at(l, from, &len));
	return cols;
}

/* ---- life and whole text ---- */

void line_init(struct line *l, size_t max_chars)
{
	*l = (struct line) {.text = mem_strdup(""), .max_chars = max_chars};
}

/* A key may have been typed. */
static void forget(char *text, size_t n)
{
	if (text)
		secret_wipe(text, n);
	free(text);
}

void line_free(struct line *l)
{
	forget(l->text, l->len);
	*l = (struct line) {0};
}

void line_set(struct line *l, const char *text)
{
	char *clean = text_clean(text, l->max_chars, false);

	forget(l->text, l->len);
	l->text = clean;
	l->len = l->caret = strlen(clean);
	l->scroll = 0;
}

void line_clear(struct line *l)
{
	secret_wipe(l->text, l->len);
	l->text[0] = 0;
	l->len = l->caret = l->scroll = 0;
}

/* ---- changing ---- */

/* The scroll never lies beyond the caret, so no change moves text under it. */
static void keep_scroll(struct line *l)
{
	if (l->scroll > l->caret)
		l->scroll = l->caret;
}

static void insert_bytes(struct line *l, const char *bytes, size_t n)
{
	char *text = mem_alloc(l->len + n + 1);

	keep_scroll(l);
	memcpy(text, l->text, l->caret);
	memcpy(text + l->caret, bytes, n);
	memcpy(text + l->caret + n, l->text + l->caret, l->len - l->caret + 1);
	forget(l->text, l->len);
	l->text = text;
	l->len += n;
	/* What was first in the line may be a mark that now belongs to the character before it. */
	l->caret = boundary(l, l->caret + n);
}

static bool cut(struct line *l, size_t from, size_t to)
{
	if (from >= to)
		return false;
	memmove(l->text + from, l->text + to, l->len - to + 1);
	secret_wipe(l->text + l->len - (to - from) + 1, to - from);
	l->len -= to - from;
	l->caret = from;
	keep_scroll(l);
	return true;
}

bool line_insert(struct line *l, uint32_t cp)
{
	char utf8[4];

	if (text_is_forbidden(cp) || (cp >= 0xD800 && cp <= 0xDFFF) || cp > 0x10FFFF)
		return false;
	if (text_chars(l->text) >= l->max_chars)
		return false;
	insert_bytes(l, utf8, text_put(cp, utf8));
	return true;
}

bool line_paste(struct line *l, const char *text, size_t n)
{
	size_t chars = text_chars(l->text), i, bytes;
	char *copy = mem_strndup(text, n), *clean;

	for (i = 0; copy[i]; i++) {
		if (copy[i] == '\n' || copy[i] == '\t')
			copy[i] = ' ';
	}
	clean = text_clean(copy, l->max_chars > chars ? l->max_chars - chars : 0, false);
	bytes = strlen(clean);
	if (bytes)
		insert_bytes(l, clean, bytes);
	forget(clean, bytes);
	forget(copy, strlen(copy));
	return bytes > 0;
}

bool line_delete_back(struct line *l)
{
	return cut(l, grapheme_before(l, l->caret), l->caret);
}

bool line_delete_here(struct line *l)
{
	return cut(l, l->caret, grapheme_after(l, l->caret));
}

/* ---- words ---- */

enum script { SCRIPT_BLANK, SCRIPT_WORD, SCRIPT_HAN, SCRIPT_MARK };

static bool is_alnum(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
	       cp == '_';
}

static enum script script_of(uint32_t cp)
{
	if (cp == ' ' || cp == 0xA0 || cp == 0x3000)
		return SCRIPT_BLANK;
	if (is_alnum(cp) || (cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xC0 && cp < 0x2000))
		return SCRIPT_WORD;
	if ((cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) || cp >= 0x20000)
		return SCRIPT_HAN;
	return SCRIPT_MARK;
}

bool line_delete_word(struct line *l)
{
	size_t from = l->caret, before;
	enum script run = SCRIPT_BLANK, s;

	while (from > 0) {
		before = grapheme_before(l, from);
		s = script_of(cp_at(l, before, NULL));
		if (run != SCRIPT_BLANK && s != run)
			break;
		run = s;
		from = before;
	}
	return cut(l, from, l->caret);
}

/* ---- moving ---- */

bool line_left(struct line *l)
{
	size_t at = grapheme_before(l, l->caret);

	if (at == l->caret)
		return false;
	l->caret = at;
	return true;
}

bool line_right(struct line *l)
{
	size_t at = grapheme_after(l, l->caret);

	if (at == l->caret)
		return false;
	l->caret = at;
	return true;
}

void line_home(struct line *l)
{
	l->caret = 0;
}

void line_end(struct line *l)
{
	l->caret = l->len;
}

/* ---- what is seen ---- */

/* Columns from `at` to the end of the text, counted no further than past `limit`; the place behind
 * the last character takes one for the caret. */
static size_t tail_cols(const struct line *l, size_t at, size_t limit)
{
	size_t cols = 1, len;

	for (; at < l->len && cols <= limit; at += len)
		cols += (size_t)text_cp_cols(cp_at(l, at, &len));
	return cols;
}

size_t line_fit(struct line *l, size_t cols)
{
	size_t caret_cols, before, col;

	keep_scroll(l);
	l->scroll = grapheme_before(l, grapheme_after(l, l->scroll));
	caret_cols = l->caret < l->len ? cols_between(l, l->caret, grapheme_after(l, l->caret)) : 1;
	if (caret_cols == 0)
		caret_cols = 1;
	col = cols_between(l, l->scroll, l->caret);
	while (l->scroll < l->caret && col + caret_cols > cols) {
		before = l->scroll;
		l->scroll = grapheme_after(l, l->scroll);
		col -= cols_between(l, before, l->scroll);
	}
	/* No room is left empty at the right while text is hidden at the left. */
	while (l->scroll > 0) {
		before = grapheme_before(l, l->scroll);
		if (tail_cols(l, before, cols) > cols)
			break;
		l->scroll = before;
	}
	return cols_between(l, l->scroll, l->caret);
}
