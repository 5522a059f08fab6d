/* base/text.h - UTF-8 text: validity, length, terminal columns, GBK bytes, cleaning.
 *
 * Purpose     One iterator and one width function for the whole program.
 * Units       "chars" = Unicode code points (the protocol's 位, protocol.md ch. 2), "cols" =
 *             terminal columns, "bytes" = UTF-8 bytes unless GBK is named.
 * Invariants  No function reads past the NUL or past n; invalid UTF-8 never crashes: the iterator
 *             yields U+FFFD for each bad byte.
 * Ownership   Functions that return char * return memory of the caller (free()).
 */
#ifndef KP_BASE_TEXT_H
#define KP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the code point at s (n bytes left, n > 0), stores it in *cp, returns its length in bytes
 * (1 for a bad byte, *cp = 0xFFFD). */
size_t text_next(const char *s, size_t n, uint32_t *cp);
/* Writes cp as UTF-8 into out[4]; returns the number of bytes. */
size_t text_put(uint32_t cp, char out[4]);

/* True when the n bytes are well-formed UTF-8 (no surrogates, no overlong forms, no NUL). */
bool text_valid(const char *s, size_t n);
/* Byte offset of the first fault, or n when there is none. */
size_t text_first_fault(const char *s, size_t n);

/* n, or less when a cut after n bytes would split a character (s has at least n bytes). */
size_t text_whole(const char *s, size_t n);

/* Number of code points. */
size_t text_chars(const char *s);
/* Bytes of the longest prefix of at most `chars` code points. */
size_t text_prefix(const char *s, size_t chars);

/* Columns of one code point: 0 combining, 1, or 2; ambiguous width counts as text_ambiguous (1). */
int text_cp_cols(uint32_t cp);
size_t text_cols(const char *s);
/* Bytes of the longest prefix that fits in `cols` columns, never splitting a base character from
 * its combining marks; *used gets the columns taken. */
size_t text_fit(const char *s, size_t cols, size_t *used);
/* Bytes of s that go on a line of a text broken to cols, at least one character unless s is empty.
 * Closing punctuation begins no line, opening punctuation ends none, plain words and numbers stay
 * whole where they fit on one, a number stays with its unit.  *next (may be NULL): where the next
 * line begins, after the blanks at the break. */
size_t text_line(const char *s, size_t cols, size_t *next);
/* Terminal width given to East Asian ambiguous characters: 1 (default) or 2. */
void text_set_ambiguous(int cols);

/* Bytes the text has in GBK/GB18030 (1, 2 or 4 per character). */
size_t text_gbk_bytes(const char *s);

/* True for C0, DEL, C1 controls, bidi controls (U+200E/F, 202A-E, 2066-9, 061C), zero-width
 * U+200B-D, 2060, BOM, line/paragraph separators: what may not come from outside into a field. */
bool text_is_forbidden(uint32_t cp);
/* First forbidden or malformed place: char index (0-based) in *at and the code point in *cp;
 * false when clean.  `multiline` allows \n and \t. */
bool text_find_forbidden(const char *s, bool multiline, size_t *at, uint32_t *cp);
/* A copy with forbidden code points and bad bytes removed, at most max chars.  For text of the tax
 * side and of workbooks before it is stored or shown. */
char *text_clean(const char *s, size_t max_chars, bool multiline);
/* A copy in which forbidden code points are shown as <U+XXXX>: for the terminal (invariant I8). */
char *text_visible(const char *s);

/* Full-width ASCII (U+FF01-FF5E) and U+3000 folded to ASCII, in place of a copy. */
char *text_fold_width(const char *s);
/* A copy without leading and trailing white space (ASCII, U+00A0, U+3000). */
char *text_trim(const char *s);

/* strlcpy for UTF-8: cuts at a whole character; returns true when nothing was cut. */
bool text_copy(char *out, size_t size, const char *s);
/* Equality that takes NULL as "". */
bool text_eq(const char *a, const char *b);
bool text_empty(const char *s);      /* NULL or "" */
bool text_all_digits(const char *s); /* non-empty, only 0-9 */

#endif
