/* width - arbitrary text against the functions that count columns, and the line editor.
 *
 * First byte: the columns there are, and ambiguous characters wide when its highest bit is set.
 * The rest is text up to a NUL; what follows the NUL are strokes of the line editor.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static uint32_t first(const char *s)
{
	uint32_t cp = 0;

	if (*s)
		text_next(s, strlen(s), &cp);
	return cp;
}

static size_t sum_cols(const char *s)
{
	size_t cols = 0, n = strlen(s), len;
	uint32_t cp;

	for (; n; s += len, n -= len) {
		len = text_next(s, n, &cp);
		must(len >= 1 && len <= n && text_cp_cols(cp) >= 0 && text_cp_cols(cp) <= 2);
		cols += (size_t)text_cp_cols(cp);
	}
	return cols;
}

static void check_fit(const char *s, size_t cols)
{
	size_t used = 0, n = text_fit(s, cols, &used);
	char *prefix = mem_strndup(s, n);

	must(n <= strlen(s) && used <= cols && sum_cols(prefix) == used);
	/* The next character is not a mark of the last, and it would not have fitted. */
	must(!s[n] ||
	     (text_cp_cols(first(s + n)) > 0 && used + (size_t)text_cp_cols(first(s + n)) > cols));
	free(prefix);
}

static void check_clean(const char *s, bool multiline)
{
	char *shown = text_visible(s), *clean = text_clean(s, 40, multiline);
	size_t at;
	uint32_t cp;

	must(text_valid(shown, strlen(shown)) && !text_find_forbidden(shown, false, &at, &cp));
	must(text_valid(clean, strlen(clean)) && !text_find_forbidden(clean, multiline, &at, &cp));
	must(text_chars(clean) <= 40);
	free(shown);
	free(clean);
}

static void check_line(struct line *l, size_t cols)
{
	size_t at;
	uint32_t cp;

	must(strlen(l->text) == l->len && text_valid(l->text, l->len));
	must(text_chars(l->text) <= l->max_chars);
	must(!text_find_forbidden(l->text, false, &at, &cp));
	must(l->caret <= l->len && text_valid(l->text, l->caret));
	must(l->caret == 0 || l->caret == l->len || text_cp_cols(first(l->text + l->caret)) > 0);
	at = line_fit(l, cols);
	must(l->scroll <= l->caret && (cols < 2 || at < cols));
	must(text_valid(l->text, l->scroll));
}

static void stroke(struct line *l, uint8_t c, const char *text)
{
	static bool (*const MOVES[])(struct line *) = {
	    line_left,        line_right,       line_left, line_delete_back,
	    line_delete_here, line_delete_word, line_right};
	enum { N = sizeof(MOVES) / sizeof(MOVES[0]) };

	if (c < N)
		MOVES[c](l);
	else if (c == N)
		line_home(l);
	else if (c == N + 1)
		line_end(l);
	else if (c == N + 2)
		line_clear(l);
	else if (c == N + 3)
		line_paste(l, text, strlen(text));
	else if (c == N + 4)
		line_insert(l, 0x301); /* a mark */
	else if (c == N + 5)
		line_insert(l, 0x7A0E);
	else
		line_insert(l, c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line l;
	size_t cols, n;
	char *s;

	if (size < 1)
		return 0;
	cols = data[0] & 0x7F;
	text_set_ambiguous(data[0] & 0x80 ? 2 : 1);
	s = mem_strndup((const char *)data + 1, size - 1);
	n = strlen(s);
	must(text_cols(s) == sum_cols(s));
	check_fit(s, cols);
	check_clean(s, data[0] & 1);
	line_init(&l, 60);
	line_set(&l, s);
	check_line(&l, cols);
	for (size_t i = n + 2; i < size; i++) {
		stroke(&l, data[i], s);
		check_line(&l, cols);
	}
	line_free(&l);
	free(s);
	return 0;
}
