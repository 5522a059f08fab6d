#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void buf_free(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->cap = 0;
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = 0;
}

static void buf_fail(struct buf *b)
{
	buf_free(b);
	b->failed = true;
}

/* Makes room for n more bytes and the NUL; false when the buffer has failed. */
static bool buf_room(struct buf *b, size_t n)
{
	size_t need, cap;
	char *data;

	if (b->failed)
		return false;
	if (n > b->max - b->len || b->len > SIZE_MAX / 4 || n > SIZE_MAX / 4) {
		buf_fail(b);
		return false;
	}
	need = b->len + n + 1;
	if (need <= b->cap)
		return true;
	cap = b->cap ? b->cap * 2 : 64;
	if (cap < need)
		cap = need;
	data = realloc(b->data, cap);
	if (!data) {
		buf_fail(b);
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (!buf_room(b, n))
		return;
	if (n)
		memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = 0;
}

void buf_adds(struct buf *b, const char *s)
{
	if (s)
		buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!buf_room(b, 0))
		return;
	va_start(ap, fmt);
	n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (n < 0) {
		buf_fail(b);
		return;
	}
	if ((size_t)n >= b->cap - b->len) {
		if (!buf_room(b, (size_t)n))
			return;
		va_start(ap, fmt);
		vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
		va_end(ap);
	}
	/* The first attempt may have fitted the memory and still pass the maximum. */
	if ((size_t)n > b->max - b->len) {
		buf_fail(b);
		return;
	}
	b->len += (size_t)n;
}

const char *buf_str(const struct buf *b)
{
	return b->failed || !b->data ? "" : b->data;
}

char *buf_detach(struct buf *b)
{
	char *data;

	buf_add(b, "", 0); /* an empty buffer hands out "" */
	data = b->data;
	b->data = NULL;
	b->len = b->cap = 0;
	return data;
}

/* A small allocation that fails leaves nothing sensible to do; the journal of SQLite and the
 * recovery of jobs make a sudden end safe. */
static void __attribute__((noreturn)) out_of_memory(void)
{
	fputs("kaipiao: 内存不足，程序中止\n", stderr);
	abort();
}

void *mem_alloc(size_t n)
{
	return mem_realloc(NULL, n);
}

void *mem_zalloc(size_t n)
{
	void *p = calloc(1, n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *mem_realloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);

	if (!q)
		out_of_memory();
	return q;
}

char *mem_strdup(const char *s)
{
	return mem_strndup(s, s ? strlen(s) : 0);
}

char *mem_strndup(const char *s, size_t n)
{
	size_t len = s ? strnlen(s, n) : 0;
	char *p = mem_alloc(len + 1);

	if (len)
		memcpy(p, s, len);
	p[len] = 0;
	return p;
}

void mem_set(char **slot, const char *s)
{
	char *copy = mem_strdup(s);

	free(*slot);
	*slot = copy;
}
