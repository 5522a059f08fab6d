/* base/term.h - values of an enum as words for machines and labels for people, in tables indexed by
 * the value. */
#ifndef KP_BASE_TERM_H
#define KP_BASE_TERM_H

struct term {
	const char *word, *label;
};
/* The index in first to end - 1 whose word or label is s; -1: none. */
int term_find(const struct term *terms, int first, int end, const char *s);

#endif
