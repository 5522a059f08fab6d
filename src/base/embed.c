#include "base/embed.h"

#include <string.h>

/* Written by the build (data files in the order of their names), ended by a row without a name. */
extern const struct embedded embed_table[];

const struct embedded *embed_find(const char *name)
{
	const struct embedded *f;

	for (f = embed_table; f->name; f++) {
		if (!strcmp(f->name, name))
			return f;
	}
	return NULL;
}

const struct embedded *embed_nth(const char *prefix, size_t i)
{
	const struct embedded *f;
	size_t n = strlen(prefix);

	for (f = embed_table; f->name; f++) {
		if (!strncmp(f->name, prefix, n) && i-- == 0)
			return f;
	}
	return NULL;
}
