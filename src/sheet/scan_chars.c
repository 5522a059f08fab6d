/* scan_chars.c - which byte is what, and references to characters. */
#include "sheet/scan_chars_p.h"

#include <string.h>

#include "base/text.h"

#define BAD   CHAR_BAD
#define BLANK CHAR_BLANK
#define NAME  CHAR_NAME
#define FIRST (CHAR_NAME | CHAR_FIRST)
#define WIDE  (CHAR_WIDE | CHAR_NAME | CHAR_FIRST)

const uint16_t sheet_char_class[256] = {
    [0x00 ... 0x08] = BAD,
    ['\t'] = BLANK,
    ['\n'] = BLANK,
    [0x0B ... 0x0C] = BAD,
    ['\r'] = BLANK | CHAR_RETURN,
    [0x0E ... 0x1F] = BAD,
    [' '] = BLANK,
    ['"'] = CHAR_QUOTE,
    ['&'] = CHAR_AND,
    ['\''] = CHAR_QUOTE,
    ['-' ... '.'] = NAME,
    ['0' ... '9'] = NAME,
    [':'] = FIRST,
    ['<'] = CHAR_LESS,
    ['A' ... 'Z'] = FIRST,
    [']'] = CHAR_BRACKET,
    ['_'] = FIRST,
    ['a' ... 'z'] = FIRST,
    [0x80 ... 0xFF] = WIDE,
};

/* Is c a byte that goes on, from lo to 0xBF? */
static bool goes_on(unsigned char c, unsigned char lo)
{
	return c >= lo && c <= 0xBF;
}

static size_t three_bytes(const unsigned char *p)
{
	if (!goes_on(p[1], *p == 0xE0 ? 0xA0 : 0x80) || !goes_on(p[2], 0x80))
		return 0;
	if (*p == 0xED && p[1] > 0x9F) /* half a pair */
		return 0;
	return *p == 0xEF && p[1] == 0xBF && p[2] > 0xBD ? 0 : 3;
}

static size_t four_bytes(const unsigned char *p)
{
	if (!goes_on(p[1], *p == 0xF0 ? 0x90 : 0x80) || (*p == 0xF4 && p[1] > 0x8F))
		return 0;
	return goes_on(p[2], 0x80) && goes_on(p[3], 0x80) ? 4 : 0;
}

size_t sheet_char_wide(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	if (*p >= 0xE0 && *p <= 0xEF)
		return three_bytes(p);
	if (*p >= 0xC2 && *p <= 0xDF)
		return goes_on(p[1], 0x80) ? 2 : 0;
	return *p >= 0xF0 && *p <= 0xF4 ? four_bytes(p) : 0;
}

bool sheet_char_cut(const char *p, const char *end)
{
	size_t left = (size_t)(end - p), i;
	size_t need = (unsigned char)*p < 0xE0 ? 2 : (unsigned char)*p < 0xF0 ? 3 : 4;

	for (i = 1; i < left && i < need; i++)
		if (!goes_on((unsigned char)p[i], 0x80))
			return false;
	return left < need;
}

const char *sheet_char_find(const char *p, unsigned classes)
{
	unsigned stop = classes | CHAR_BAD | CHAR_WIDE;
	size_t n;

	for (;;) {
		while (!(sheet_char(p) & stop))
			p++;
		if (!(sheet_char(p) & CHAR_WIDE) || !(n = sheet_char_wide(p)))
			return p;
		p += n;
	}
}

bool sheet_char_all(const char *p, const char *end)
{
	size_t n = 1;

	for (; p < end && n; p += n) {
		if (sheet_char(p) & CHAR_BAD)
			return false;
		n = sheet_char(p) & CHAR_WIDE ? sheet_char_wide(p) : 1;
	}
	return n > 0;
}

const char *sheet_char_name_end(const char *p)
{
	size_t n;

	if (!(sheet_char(p) & CHAR_FIRST))
		return p;
	while (sheet_char(p) & CHAR_NAME) {
		n = sheet_char(p) & CHAR_WIDE ? sheet_char_wide(p) : 1;
		if (!n)
			break;
		p += n;
	}
	return p;
}

/* ---- references ---- */

static bool is_char(uint32_t cp)
{
	if (cp < 0x20)
		return cp == '\t' || cp == '\n' || cp == '\r';
	return cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF) && cp != 0xFFFE && cp != 0xFFFF;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* "&#10;" and "&#x4E2D;". */
static size_t number_reference(const char *p, char out[4], size_t *taken)
{
	const char *s = p + 2;
	int base = *s == 'x' ? 16 : 10;
	uint32_t cp = 0;

	s += base == 16;
	if (digit_of(*s) >= base)
		return 0;
	for (; digit_of(*s) < base; s++) {
		if (cp <= 0x10FFFF)
			cp = cp * (uint32_t)base + (uint32_t)digit_of(*s);
	}
	if (*s != ';' || !is_char(cp))
		return 0;
	*taken = (size_t)(s + 1 - p);
	return text_put(cp, out);
}

size_t sheet_char_reference(const char *p, char out[4], size_t *taken)
{
	static const struct {
		const char *word;
		char means;
	} ENTITIES[] = {
	    {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
	size_t i;

	if (p[1] == '#')
		return number_reference(p, out, taken);
	for (i = 0; i < sizeof(ENTITIES) / sizeof(ENTITIES[0]); i++) {
		*taken = strlen(ENTITIES[i].word);
		if (!strncmp(p, ENTITIES[i].word, *taken)) {
			*out = ENTITIES[i].means;
			return 1;
		}
	}
	return 0;
}
