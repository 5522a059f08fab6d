/* base/embed.h - the data files that travel inside the binary.
 *
 * Names are paths from the project's root ("data/schema/001-core.sql").  The bytes are constant,
 * live for ever and are followed by a NUL.
 */
#ifndef KP_BASE_EMBED_H
#define KP_BASE_EMBED_H

#include <stddef.h>

struct embedded {
	const char *name;
	const char *data;
	size_t size;
};

/* The file of that name, or NULL. */
const struct embedded *embed_find(const char *name);
/* The i-th file whose name starts with prefix, in name order, or NULL past the last. */
const struct embedded *embed_nth(const char *prefix, size_t i);

#endif
