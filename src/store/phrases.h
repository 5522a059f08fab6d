/* store/phrases.h - 备注常用语: texts a person puts into remarks, within a unit. */
#ifndef KP_STORE_PHRASES_H
#define KP_STORE_PHRASES_H

#include "store/db.h"

enum { PHRASES_MAX = 200, PHRASE_CHARS = 450, PHRASE_BYTES = 4 * PHRASE_CHARS + 1 };
struct phrase {
	int64_t id, uses;
	char body[PHRASE_BYTES];
};
/* The often and lately used first; *out is the caller's to free. */
enum err store_phrase_list(struct db *db, int64_t unit, int64_t user, struct phrase **out,
			   size_t *n, struct err_info *e);
/* Inserts (id 0) or replaces the text of one.  ERR_INVALID "phrase.twin" when the person has that
 * text already, "phrase.many" beyond PHRASES_MAX. */
enum err store_phrase_put(struct db *db, int64_t unit, int64_t user, int64_t *id, const char *body,
			  struct err_info *e);
enum err store_phrase_used(struct db *db, int64_t unit, int64_t user, int64_t id,
			   struct err_info *e);
/* Harmless when it is gone. */
enum err store_phrase_delete(struct db *db, int64_t unit, int64_t user, int64_t id,
			     struct err_info *e);

#endif
