/* Texts of cells: a fast look for the few bytes that may begin something unwanted. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "sheet/cell_p.h"
#include "sheet/read.h"

enum { ESCAPE = 7 }; /* _xHHHH_ */

/* First bytes of what may be forbidden (base/text.h), of a carriage return and of an escape. */
static const bool ODD[256] = {
    [0x00] = true, [0x01] = true, [0x02] = true, [0x03] = true, [0x04] = true, [0x05] = true,
    [0x06] = true, [0x07] = true, [0x08] = true, [0x0B] = true, [0x0C] = true, [0x0D] = true,
    [0x0E] = true, [0x0F] = true, [0x10] = true, [0x11] = true, [0x12] = true, [0x13] = true,
    [0x14] = true, [0x15] = true, [0x16] = true, [0x17] = true, [0x18] = true, [0x19] = true,
    [0x1A] = true, [0x1B] = true, [0x1C] = true, [0x1D] = true, [0x1E] = true, [0x1F] = true,
    ['_'] = true,  [0x7F] = true, [0xC2] = true, [0xD8] = true, [0xE2] = true, [0xEF] = true,
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The UTF-16 unit of an escape at s. */
static bool unit_at(const char *s, size_t left, uint32_t *unit)
{
	uint32_t v = 0;
	int i, digit;

	if (left < ESCAPE || s[0] != '_' || (s[1] | 0x20) != 'x' || s[6] != '_')
		return false;
	for (i = 2; i < 6; i++) {
		digit = hex_digit(s[i]);
		if (digit < 0)
			return false;
		v = v << 4 | (uint32_t)digit;
	}
	*unit = v;
	return true;
}

/* The character an escape at s stands for, in *cp; returns the bytes taken, 0 when it is none.
 * Half a pair stands for nothing. */
static size_t escape_at(const char *s, size_t left, uint32_t *cp)
{
	uint32_t low;

	if (!unit_at(s, left, cp))
		return 0;
	if (*cp < 0xD800 || *cp > 0xDFFF)
		return ESCAPE;
	if (*cp > 0xDBFF || !unit_at(s + ESCAPE, left - ESCAPE, &low) || low < 0xDC00 ||
	    low > 0xDFFF) {
		*cp = 0;
		return ESCAPE;
	}
	*cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
	return 2 * (size_t)ESCAPE;
}

static bool is_line_feed(const char *s, size_t left, bool escapes)
{
	uint32_t cp;

	if (!left)
		return false;
	return *s == '\n' || (escapes && escape_at(s, left, &cp) && cp == '\n');
}

/* Takes the odd character at s: bytes of it in the return value, what stands for it in out. */
static size_t take_odd(const char *s, size_t left, bool escapes, char out[4], size_t *put,
		       uint8_t *hidden)
{
	bool end;
	uint32_t cp;
	size_t taken = escapes && *s == '_' ? escape_at(s, left, &cp) : 0;

	if (!taken)
		taken = text_next(s, left, &cp);
	*put = 0;
	end = cp == '\r' && is_line_feed(s + taken, left - taken, escapes);
	if (cp == '\r')
		cp = end ? 0 : '\n';
	if (cp == '\n' || cp == '\t' || !text_is_forbidden(cp))
		*put = text_put(cp, out);
	else if (!end && *hidden < SHEET_HIDDEN_MAX)
		++*hidden;
	return taken;
}

size_t sheet_text_clean(char *s, size_t n, bool escapes, uint8_t *hidden)
{
	size_t from = 0, to = 0, at, put;
	char out[4];

	*hidden = 0;
	while (from < n) {
		for (at = from; at < n && !ODD[(unsigned char)s[at]]; at++)
			;
		if (to != from)
			memmove(s + to, s + from, at - from);
		to += at - from;
		from = at;
		if (from == n)
			break;
		from += take_odd(s + from, n - from, escapes, out, &put, hidden);
		memcpy(s + to, out, put);
		to += put;
	}
	s[to] = 0;
	if (to > SHEET_TEXT_MAX) {
		to = text_prefix(s, SHEET_TEXT_MAX);
		s[to] = 0;
	}
	return to;
}
