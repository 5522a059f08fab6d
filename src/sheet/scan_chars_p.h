/* scan_chars_p.h - the characters of XML in UTF-8, for the scanner.
 *
 * Every text ends with a NUL, which is no character of XML: nothing here looks behind it.
 */
#ifndef KP_SHEET_SCAN_CHARS_P_H
#define KP_SHEET_SCAN_CHARS_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CHAR_BAD = 1 << 0, /* NUL, controls */
	CHAR_WIDE = 1 << 1,
	CHAR_LESS = 1 << 2,
	CHAR_AND = 1 << 3,
	CHAR_RETURN = 1 << 4,
	CHAR_BRACKET = 1 << 5, /* ] */
	CHAR_QUOTE = 1 << 6,   /* " and ' */
	CHAR_BLANK = 1 << 7,
	CHAR_NAME = 1 << 8,  /* may stand in a name */
	CHAR_FIRST = 1 << 9, /* or begin it */
};
extern const uint16_t sheet_char_class[256];

static inline unsigned sheet_char(const char *p)
{
	return sheet_char_class[(unsigned char)*p];
}

/* Bytes of the character beyond ASCII at p; 0: it is none, or cut off. */
size_t sheet_char_wide(const char *p);
/* The first character from p of one of the classes; always one that is none. */
const char *sheet_char_find(const char *p, unsigned classes);
/* Are all from p to end characters of XML? */
bool sheet_char_all(const char *p, const char *end);
/* Behind the name at p; p: there is none. */
const char *sheet_char_name_end(const char *p);
/* Is the character beyond ASCII at p cut off by the end of the text? */
bool sheet_char_cut(const char *p, const char *end);
/* The reference "&...;" at p as UTF-8 in out; returns its bytes (4 at most) and those of the
 * reference in *taken; 0: it is none. */
size_t sheet_char_reference(const char *p, char out[4], size_t *taken);

static inline const char *sheet_char_skip_blanks(const char *p)
{
	while (sheet_char(p) & CHAR_BLANK)
		p++;
	return p;
}

#endif
