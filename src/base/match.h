/* base/match.h - does a text typed by a person mean this name?
 *
 * What is typed is words, parted by blanks; all of them have to match.  A word matches by any part
 * of the name (width and case of letters aside), by pinyin initials or full pinyin of consecutive
 * characters of the name, also mixed (every reading of a polyphone; the last syllable may be cut
 * short; ü is v, u or itself; brackets, blanks and punctuation of the name are passed over), or by
 * any part of a code (tax number, phone, 简码 ...), case, blanks and punctuation aside; but a mark
 * that does not part codes ("=", "*") has to be there when it was typed.
 */
#ifndef KP_BASE_MATCH_H
#define KP_BASE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum match_rank {
	MATCH_SAME,   /* the whole name, or a whole code */
	MATCH_BEGINS, /* its beginning */
	MATCH_PART,
	MATCH_NONE
};
/* What is typed beyond so many words, or characters of a word, does not count. */
enum { MATCH_WORDS = 8, MATCH_CHARS = 63 };

struct match; /* a text that was typed, made ready */
struct match *match_new(const char *text);
void match_free(struct match **m);
bool match_any(const struct match *m); /* nothing was typed: everything matches */
/* The worst word decides; several words that stand in a row are also taken as one.  name: any of
 * several parted by '\n'.  codes: n texts, NULL and "" are passed over.  No memory is taken. */
enum match_rank match_text(const struct match *m, const char *name, const char *const *codes,
			   size_t n);

/* The characters of a word as pinyin_next gives them (valid as long as m), 0 past the last word. */
size_t match_word(const struct match *m, size_t word, const uint32_t **chars);

#endif
