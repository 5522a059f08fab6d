/* scan_head.c - what a part begins with, before its first tag. */
#include <string.h>
#include <strings.h>

#include "sheet/scan_chars_p.h"
#include "sheet/scan_p.h"

enum { HEAD = 256 }; /* bytes looked at */

/* name = "value" of the declaration, one of the words of any case; NULL: it is not that. */
static const char *take_pseudo(const char *p, const char *name, const char *const *words)
{
	const char *at = sheet_char_skip_blanks(p);
	size_t n = strlen(name), i;
	char quote;

	if (at == p || strncmp(at, name, n) != 0)
		return NULL;
	at = sheet_char_skip_blanks(at + n);
	if (*at != '=')
		return NULL;
	at = sheet_char_skip_blanks(at + 1);
	quote = *at++;
	for (i = 0; words[i] && (quote == '"' || quote == '\''); i++) {
		n = strlen(words[i]);
		if (!strncasecmp(at, words[i], n) && at[n] == quote)
			return at + n + 1;
	}
	return NULL;
}

static const char *take_declaration(const char *p)
{
	static const char *const VERSION[] = {"1.0", NULL}, *const UTF8[] = {"utf-8", NULL},
				 *const YES_NO[] = {"yes", "no", NULL};
	const char *at = take_pseudo(p, "version", VERSION), *next;

	if (!at || !(at = take_pseudo(at, "encoding", UTF8)))
		return NULL;
	if ((next = take_pseudo(at, "standalone", YES_NO)))
		at = next;
	at = sheet_char_skip_blanks(at);
	return at[0] == '?' && at[1] == '>' ? at + 2 : NULL;
}

int sheet_scan_head(const char *first, size_t n)
{
	static const char MARK[] = "\xEF\xBB\xBF", DECLARATION[] = "<?xml";
	const char *at;
	char head[HEAD];

	n = n < HEAD ? n : HEAD - 1;
	memcpy(head, first, n);
	head[n] = 0;
	at = strncmp(head, MARK, sizeof(MARK) - 1) ? head : head + sizeof(MARK) - 1;
	if (!strncmp(at, DECLARATION, sizeof(DECLARATION) - 1))
		at = take_declaration(at + sizeof(DECLARATION) - 1);
	else if (at[0] != '<' || !(sheet_char(at + 1) & CHAR_FIRST))
		at = NULL;
	return at ? (int)(at - head) : -1;
}
