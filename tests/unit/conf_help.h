/* Lines of a configuration, as the parser would hand them out. */
#ifndef KP_TESTS_CONF_HELP_H
#define KP_TESTS_CONF_HELP_H

#include "base/text.h"
#include "ui/conf.h"

/* Of the words up to the first NULL. */
static inline struct conf_line line_of(const char *a, const char *b, const char *c, const char *d,
				       const char *more)
{
	const char *const words[] = {a, b, c, d, more};
	struct conf_line line = {.file = "x", .line = 1};

	for (int i = 0; i < 5 && words[i]; i++)
		text_copy(line.word[line.count++], CONF_WORD, words[i]);
	return line;
}

#endif
