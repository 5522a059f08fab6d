/* write_text.c - texts as a workbook may hold them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "sheet/write_p.h"

enum { NAME_UNITS = 31, NAME_ROOM = 26, ESCAPE = 7 };

/* Is this "_xHHHH_", which a reader would take for a code? */
static bool is_code(const char *s)
{
	size_t i;

	if (s[0] != '_' || s[1] != 'x')
		return false;
	for (i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return false;
	}
	return s[6] == '_';
}

/* Nothing to be done, as nearly always: printable ASCII and characters of three bytes that are
 * neither at the odd ends of the table nor punctuation that may be forbidden. */
static bool is_plain(const char *s, size_t *len)
{
	const unsigned char *u = (const unsigned char *)s;

	for (; *u; u++) {
		if (*u >= 0x20 && *u < 0x7F && *u != '_')
			continue;
		if (*u < 0xE3 || *u > 0xE9 || (u[1] & 0xC0) != 0x80 || (u[2] & 0xC0) != 0x80)
			return false;
		u += 2;
	}
	*len = (size_t)(u - (const unsigned char *)s);
	return *len <= CELL_UNITS;
}

static void make_room(struct cell_text *t, size_t n)
{
	if (n <= t->size)
		return;
	free(t->data);
	t->size = 2 * n;
	t->data = mem_alloc(t->size);
}

static bool is_allowed(uint32_t cp, size_t len, const char *s)
{
	if (cp == '\n' || cp == '\t')
		return true;
	if (cp == 0xFFFD && len == 1 && *s)
		return false; /* a bad byte */
	return !text_is_forbidden(cp) && cp != 0xFFFE && cp != 0xFFFF;
}

const char *sheet_cell_xlsx(struct cell_text *t, const char *text)
{
	size_t left, n = 0, units = 0, len;
	uint32_t cp;

	if (is_plain(text, &left))
		return text;
	left = strlen(text);
	make_room(t, left * ESCAPE + 1);
	for (; left; text += len, left -= len) {
		len = text_next(text, left, &cp);
		if (!is_allowed(cp, len, text))
			continue;
		units += cp >= 0x10000 ? 2 : 1;
		if (units > CELL_UNITS)
			break;
		if (is_code(text)) {
			memcpy(t->data + n, "_x005F", 6);
			n += 6;
		}
		memcpy(t->data + n, text, len);
		n += len;
	}
	t->data[n] = 0;
	return t->data;
}

void sheet_safe_name(char out[128], const char *name, unsigned part)
{
	size_t left = strlen(name), n = 0, units = 0, len;
	size_t most = part > 1 ? NAME_ROOM - 3 : NAME_UNITS;
	uint32_t cp;

	for (; left; name += len, left -= len) {
		len = text_next(name, left, &cp);
		if (!is_allowed(cp, len, name) || cp < 0x20 ||
		    (cp < 0x80 && strchr("[]:*?/\\'", (int)cp)))
			cp = '_';
		units += cp >= 0x10000 ? 2 : 1;
		if (units > most)
			break;
		n += text_put(cp, out + n);
	}
	if (!n)
		out[n++] = '_';
	out[n] = 0;
	if (part > 1)
		snprintf(out + n, 128 - n, " (%u)", part);
}
