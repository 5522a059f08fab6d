/* built_p.h - a statement put together of its conditions, each with its value (db_query_built).
 *
 * Ownership  built_begin() gives the text a buffer, the caller frees it (buf_free).  Words are
 *            borrowed until the statement is asked.
 */
#ifndef KP_STORE_BUILT_P_H
#define KP_STORE_BUILT_P_H

#include "base/buf.h"
#include "store/db.h"

enum { BUILT_SQL = 64 * 1024, BUILT_BINDS = 512 };

/* Callers bound what they add: their lists have limits, checked where they are declared. */
struct built {
	struct buf sql;
	struct bind binds[BUILT_BINDS];
	size_t n;
};

static inline void built_begin(struct built *q)
{
	q->n = 0;
	buf_init(&q->sql, BUILT_SQL);
}

static inline void built_int(struct built *q, const char *sql, int64_t v)
{
	buf_adds(&q->sql, sql);
	q->binds[q->n++] = (struct bind) {.type = 'l', .i = v};
}

static inline void built_word(struct built *q, const char *sql, const char *word)
{
	buf_adds(&q->sql, sql);
	q->binds[q->n++] = (struct bind) {.type = 's', .s = word};
}

#endif
