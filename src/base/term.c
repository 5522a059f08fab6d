/* term.c - finding a value by its word or label. */
#include "base/term.h"

#include "base/text.h"

int term_find(const struct term *terms, int first, int end, const char *s)
{
	int i;

	for (i = first; i < end; i++) {
		if (text_eq(s, terms[i].word) || text_eq(s, terms[i].label))
			return i;
	}
	return -1;
}
