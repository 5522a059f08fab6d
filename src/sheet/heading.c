/* heading.c - what a heading of a file means, whatever marks and notes it carries. */
#include <string.h>

#include "base/text.h"
#include "sheet/table_p.h"

/* Marks that say nothing: bytes after folding, and code points beyond ASCII. */
static const char MARKS[] = " \t\r\n*/\\_-.,;:'\"|+&";
static const uint32_t WIDE_MARKS[] = {0xA0,   0xB7,   0x3000, 0x3001, 0x3002, 0x2018,
				      0x2019, 0x201C, 0x201D, 0x2014, 0x203B, 0x25B2};
static const struct {
	uint32_t from;
	char to;
} BRACKETS[] = {{'[', '('}, {'{', '('}, {0x3010, '('}, {0x3014, '('}, {0x300A, '('},
		{']', ')'}, {'}', ')'}, {0x3011, ')'}, {0x3015, ')'}, {0x300B, ')'}};
static const char *const ENDINGS[] = {"非必填", "必填项", "必填", "选填", "可选"};

static bool is_mark(uint32_t cp)
{
	size_t i;

	if (cp < 0x80)
		return cp && strchr(MARKS, (int)cp);
	for (i = 0; i < sizeof(WIDE_MARKS) / sizeof(WIDE_MARKS[0]); i++) {
		if (cp == WIDE_MARKS[i])
			return true;
	}
	return text_is_forbidden(cp);
}

static uint32_t fold(uint32_t cp)
{
	size_t i;

	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	for (i = 0; i < sizeof(BRACKETS) / sizeof(BRACKETS[0]); i++) {
		if (cp == BRACKETS[i].from)
			return (uint32_t)BRACKETS[i].to;
	}
	return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

/* Folded, without marks.  False: too long for a heading, even without a note that does not end. */
static bool fold_heading(const char *s, size_t left, char out[SHEET_HEADING])
{
	size_t n = 0, len;
	uint32_t cp;
	char *open;

	for (; left; s += len, left -= len) {
		len = text_next(s, left, &cp);
		cp = fold(cp);
		if (is_mark(cp))
			continue;
		if (n + 5 > SHEET_HEADING)
			break;
		n += text_put(cp, out + n);
	}
	out[n] = 0;
	open = strchr(out, '(');
	if (left && open)
		*open = 0;
	return !left || open;
}

/* Takes off a note in brackets, closed or not, at the end, else one at the beginning. */
static void drop_note(char *s)
{
	size_t n = strlen(s);
	char *open = strrchr(s, '('), *close = strchr(s, ')');

	if (open && open > s && (s[n - 1] == ')' || !strchr(open, ')')))
		*open = 0;
	else if (*s == '(' && close && close[1])
		memmove(s, close + 1, strlen(close + 1) + 1);
}

static void drop_ending(char *s)
{
	size_t n = strlen(s), i;

	for (i = 0; i < sizeof(ENDINGS) / sizeof(ENDINGS[0]); i++) {
		size_t len = strlen(ENDINGS[i]);

		if (n > len && !strcmp(s + n - len, ENDINGS[i])) {
			s[n - len] = 0;
			return;
		}
	}
}

bool sheet_heading_plain(const char *heading, char out[SHEET_HEADING])
{
	if (!fold_heading(heading, strlen(heading), out))
		return false;
	drop_ending(out);
	return *out;
}

static int find_heading(const struct sheet_table *t, char *plain, int *rank)
{
	const struct sheet_word *w;

	drop_ending(plain);
	for (w = t->headings; w->text; w++) {
		if (!strcmp(w->text, plain)) {
			*rank = (int)(w - t->headings);
			return w->means;
		}
	}
	return HEADING_UNKNOWN;
}

/* As it stands, then without a note in brackets. */
static int find_either(const struct sheet_table *t, const char *heading, size_t n, int *rank)
{
	char plain[SHEET_HEADING];
	int means;

	if (!fold_heading(heading, n, plain))
		return HEADING_UNKNOWN;
	means = find_heading(t, plain, rank);
	if (means != HEADING_UNKNOWN)
		return means;
	drop_note(plain);
	return find_heading(t, plain, rank);
}

int sheet_heading_means(const struct sheet_table *t, const char *heading, int *rank)
{
	int means = find_either(t, heading, strlen(heading), rank);
	size_t line = strcspn(heading, "\n");

	/* What stands in further lines of the cell is a note, too. */
	if (means == HEADING_UNKNOWN && heading[line])
		means = find_either(t, heading, line, rank);
	return means;
}

int sheet_heading(const struct sheet_table *t, const char *heading)
{
	int rank, means = sheet_heading_means(t, heading, &rank);

	return means >= 0 ? means : -1;
}
