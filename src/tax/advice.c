/* advice.c - advice for known messages and codes, from the embedded table. */
#include "tax/advice.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/text.h"

enum { ROWS_MAX = 2000 };

static struct tax_advice *rows;
static size_t row_count;

/* The more a pattern says, the better its advice fits. */
static int longest_first(const void *a, const void *b)
{
	const struct tax_advice *x = a, *y = b;
	size_t nx = strlen(x->pattern), ny = strlen(y->pattern);

	if (nx != ny)
		return nx > ny ? -1 : 1;
	return strcmp(x->pattern, y->pattern);
}

static void load(void)
{
	const struct embedded *file = embed_find("data/known-errors.tsv");
	char *text, *line, *next, *tab1, *tab2;

	if (!file)
		return;
	text = mem_strndup(file->data, file->size);
	rows = mem_zalloc(sizeof(*rows) * ROWS_MAX);
	for (line = text; line && *line && row_count < ROWS_MAX; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		tab1 = strchr(line, '\t');
		tab2 = tab1 ? strchr(tab1 + 1, '\t') : NULL;
		if (!tab2 || strncmp(line, "pattern\t", 8) == 0)
			continue;
		*tab1 = *tab2 = 0;
		rows[row_count++] = (struct tax_advice) {mem_strdup(line), mem_strdup(tab1 + 1),
							 mem_strdup(tab2 + 1)};
	}
	free(text);
	qsort(rows, row_count, sizeof(*rows), longest_first);
}

static bool is_code(const char *pattern)
{
	for (const char *p = pattern; *p; p++)
		if (!isdigit((unsigned char)*p) && !(p == pattern && *p == '-'))
			return false;
	return true;
}

static bool opens(const char *text, const char *at)
{
	static const char *const MARKS[] = {"[", "(", "（", "【", ":", "：", "代码 "};

	if (at == text)
		return true;
	for (size_t i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
		size_t n = strlen(MARKS[i]);

		if ((size_t)(at - text) >= n && memcmp(at - n, MARKS[i], n) == 0)
			return true;
	}
	return false;
}

/* A number is a code only where a code would stand: "500" must not match "第 500 行". */
static bool matches(const char *text, const char *pattern)
{
	size_t n = strlen(pattern);
	const char *at = strstr(text, pattern);

	if (!is_code(pattern))
		return at;
	/* Each interface has its own meanings of two digits; they are everywhere in dates. */
	if (n == 2 && *pattern != '-')
		return !strcmp(text, pattern);
	for (; at; at = strstr(at + 1, pattern))
		if (opens(text, at) && !isalnum((unsigned char)at[n]) && at[n] != '.')
			return true;
	return false;
}

const struct tax_advice *tax_advice(const char *text, size_t i)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (text_empty(text))
		return NULL;
	for (size_t r = 0; r < row_count; r++)
		if (matches(text, rows[r].pattern) && i-- == 0)
			return &rows[r];
	return NULL;
}
