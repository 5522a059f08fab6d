/* batch_spool.c - bytes written once and read again.  The newest are in a buffer; the others in a
 * scratch file, read through windows, as orders mostly follow each other there. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/batch_p.h"

enum { BUFFER = 1 << 20, WINDOW = 1 << 16 };

size_t spool_limit = BUFFER;

void spool_init(struct spool *s)
{
	*s = (struct spool) {.fd = -1, .buffer = mem_alloc(BUFFER)};
}

void spool_free(struct spool *s)
{
	int i;

	for (i = 0; i < SPOOL_VIEWS; i++)
		free(s->views[i].bytes);
	free(s->buffer);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct spool) {.fd = -1};
}

static enum err flush(struct spool *s, struct err_info *e)
{
	enum err r = ERR_OK;

	if (s->fd < 0)
		r = file_scratch(&s->fd, e);
	if (!r)
		r = file_scratch_add(s->fd, s->buffer, s->used, e);
	if (r)
		return r;
	s->flushed += (int64_t)s->used;
	s->used = 0;
	return ERR_OK;
}

enum err spool_add(struct spool *s, const void *bytes, size_t n, int64_t *place, struct err_info *e)
{
	enum err r;

	if (s->used && s->used + n > spool_limit && (r = flush(s, e)))
		return r;
	if (n > BUFFER)
		return err_fail(e, ERR_INVALID, "sheet.row", "工作表", "一行的内容太长");
	*place = s->flushed + (int64_t)s->used;
	memcpy(s->buffer + s->used, bytes, n);
	s->used += n;
	return ERR_OK;
}

static enum err read_file(const struct spool *s, void *out, size_t n, int64_t at,
			  struct err_info *e)
{
	ssize_t got = file_read_at(s->fd, out, n, at);

	if (got < 0 || (size_t)got != n)
		return err_fail(e, ERR_DAMAGED, "spool.read", "临时文件", "读不回写下的内容");
	return ERR_OK;
}

static enum err move_view(const struct spool *s, struct spool_view *v, int64_t place,
			  struct err_info *e)
{
	int64_t left = s->flushed - place;

	if (!v->bytes)
		v->bytes = mem_alloc(WINDOW);
	v->at = place;
	v->n = left < WINDOW ? (size_t)left : WINDOW;
	return read_file(s, v->bytes, v->n, place, e);
}

enum err spool_get(struct spool *s, int view, int64_t place, size_t n, void *out,
		   struct err_info *e)
{
	struct spool_view *v = &s->views[view];
	enum err r;

	if (place >= s->flushed) {
		memcpy(out, s->buffer + (place - s->flushed), n);
		return ERR_OK;
	}
	if (place + (int64_t)n > s->flushed) {
		size_t first = (size_t)(s->flushed - place);

		/* The end of it is in the buffer still. */
		memcpy((char *)out + first, s->buffer, n - first);
		n = first;
	}
	if (n > WINDOW)
		return read_file(s, out, n, place, e);
	if ((place < v->at || place + (int64_t)n > v->at + (int64_t)v->n) &&
	    (r = move_view(s, v, place, e)))
		return r;
	memcpy(out, v->bytes + (place - v->at), n);
	return ERR_OK;
}
