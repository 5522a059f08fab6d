/* base/match.h - does a text typed by a person mean this name?
 *
 * What is typed is words, parted by blanks; all of them have to match.  A word matches by any part
 * of the name (width and case of letters aside), by pinyin initials or full pinyin of consecutive
 * characters of the name (every reading of a polyphone; the last syllable may be cut short;
 * brackets and blanks of the name are passed over), or by any part of a code (tax number, phone,
 * 简码 ...), case aside.
 */
#ifndef KP_BASE_MATCH_H
#define KP_BASE_MATCH_H

#include <stdbool.h>
#include <stddef.h>

enum match_rank {
	MATCH_SAME,   /* the whole name, or a whole code */
	MATCH_BEGINS, /* its beginning */
	MATCH_PART,
	MATCH_NONE
};
enum { MATCH_WORDS = 8, MATCH_CHARS = 64 };

struct match; /* a text that was typed, made ready */
struct match *match_new(const char *text);
void match_free(struct match **m);
bool match_any(const struct match *m); /* nothing was typed: everything matches */
/* The worst word decides.  codes: n texts, NULL and "" are passed over. */
enum match_rank match_text(const struct match *m, const char *name, const char *const *codes,
			   size_t n);

#endif
