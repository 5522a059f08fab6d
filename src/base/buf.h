/* base/buf.h - a growing byte buffer with a maximum.
 *
 * Invariants  data[len] is always 0 once anything was added (so data is a C string when no NUL was
 *             added); len <= max.  When an addition would pass max or memory is short, the buffer
 *             becomes `failed`, its content is freed, and every later addition is a no-op: callers
 *             check once, at the end.
 * Ownership   The struct owns data until buf_free or buf_detach.
 */
#ifndef KP_BASE_BUF_H
#define KP_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len, cap, max;
	bool failed;
};

/* An empty buffer that may hold at most max bytes. */
void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
/* Keeps the memory, forgets the content (and the failure). */
void buf_reset(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The content as C string; "" when empty or failed.  Valid until the next change. */
const char *buf_str(const struct buf *b);
/* Hands the memory to the caller (free it with free()); NULL when failed.  b is empty
 * afterwards. */
char *buf_detach(struct buf *b);

/* malloc family that never returns NULL: small allocations abort the process with one line. */
void *mem_alloc(size_t n) __attribute__((returns_nonnull));
void *mem_zalloc(size_t n) __attribute__((returns_nonnull));
void *mem_realloc(void *p, size_t n) __attribute__((returns_nonnull));
char *mem_strdup(const char *s) __attribute__((returns_nonnull)); /* NULL is taken as "" */
char *mem_strndup(const char *s, size_t n) __attribute__((returns_nonnull));
/* Frees *slot and stores a copy of s (NULL is taken as ""). */
void mem_set(char **slot, const char *s);

#endif
