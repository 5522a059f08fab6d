/* find_batch.c - the index of many documents: sorted in memory, in runs beside it when they are
 * too many, and written in one sweep over the table (a sweep per run would touch every page of it
 * again and again).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/find_runs_p.h"

enum {
	WINDOWS = 8 << 20,       /* bytes of all runs in memory while merging */
	WINDOW_MIN = 4096,       /* of one */
	WINDOW_MAX = 128 * 1024, /* of one */
};

struct find_batch {
	int64_t scope;
	enum find_kind kind;
	struct chunk now;
	uint32_t last; /* document */
	struct find_runs runs;
};

struct find_batch *store_find_batch(int64_t scope, enum find_kind k)
{
	struct find_batch *b = mem_zalloc(sizeof(*b));

	b->scope = scope;
	b->kind = k;
	find_runs_init(&b->runs);
	return b;
}

void store_find_batch_drop(struct find_batch **slot)
{
	struct find_batch *b = *slot;

	*slot = NULL;
	if (!b)
		return;
	free(b->now.postings);
	find_runs_close(&b->runs);
	free(b);
}

enum err store_find_batch_add(struct find_batch *b, int64_t doc, const uint32_t *terms, size_t n,
			      struct err_info *e)
{
	uint32_t *to;
	enum err r;
	size_t i;

	if (doc < 1 || doc > DOC_MAX || (uint32_t)doc <= b->last)
		return err_fail(e, ERR_INTERNAL, "find.order", "检索",
				"编号 %lld 的资料排在 %u 之后", (long long)doc, (unsigned)b->last);
	if ((n > CHUNK - b->now.n || (b->now.n && doc - b->now.first >= SPAN)) &&
	    (r = find_runs_give(&b->runs, &b->now, e)))
		return r;
	if (!b->now.postings)
		b->now.postings = find_runs_postings();
	if (!b->now.n)
		b->now.first = (uint32_t)doc;
	b->last = (uint32_t)doc;
	to = b->now.postings + b->now.n;
	for (i = 0; i < n; i++)
		to[i] = terms[i] << SPAN_BITS | (b->last - b->now.first);
	b->now.n += n;
	return ERR_OK;
}

/* ---- merging --------------------------------------------------------------------------------- */

static enum err lost(struct err_info *e)
{
	return err_fail(e, ERR_INTERNAL, "find.run", "检索", "排序用的临时文件内容不对");
}

/* At least the bytes of one posting into the window, unless the run has fewer. */
static enum err refill(const struct find_batch *b, struct run *run, size_t size, struct err_info *e)
{
	size_t want;
	ssize_t got;

	if (run->len - run->pos >= TAIL || run->at == run->end)
		return ERR_OK;
	memmove(run->window, run->window + run->pos, run->len - run->pos);
	run->len -= run->pos;
	run->pos = 0;
	want = size - run->len;
	if ((int64_t)want > run->end - run->at)
		want = (size_t)(run->end - run->at);
	got = file_read_at(b->runs.fd, run->window + run->len, want, run->at);
	if (got < 0)
		return err_errno(e, errno, "检索的临时文件");
	if ((size_t)got < want)
		return lost(e);
	run->len += want;
	run->at += (int64_t)want;
	return ERR_OK;
}

/* The next number of a run; 0 past its end. */
static uint32_t take(struct run *run)
{
	uint32_t v = 0;
	unsigned shift = 0;

	while (run->pos < run->len && shift < 7 * VARINT_MAX) {
		unsigned char c = run->window[run->pos++];

		v |= (c & UINT32_C(127)) << shift;
		shift += 7;
		if (c < 128)
			break;
	}
	return v;
}

/* Turns a run to its next term; at its end it loses its window. */
static enum err next_term(const struct find_batch *b, struct run *run, size_t size,
			  struct err_info *e)
{
	enum err r = refill(b, run, size, e);
	uint32_t distance = r ? 0 : take(run);

	if (!distance) {
		free(run->window);
		run->window = NULL;
		return r;
	}
	run->term += distance;
	run->left = take(run);
	return ERR_OK;
}

/* A distance of a run is written as it is in a block, so that what follows a document is copied. */
static enum err copy_list(const struct find_batch *b, struct run *run, size_t size,
			  struct find_writer *w, struct err_info *e)
{
	uint32_t doc = run->base, term = run->term - 1;
	enum err r = ERR_OK;

	while (run->left && !(r = refill(b, run, size, e))) {
		size_t docs = 0;

		run->pos += find_writer_copy(w, term, doc, run->window + run->pos,
					     run->len - run->pos, run->left, &docs);
		run->left -= (uint32_t)docs;
		if (docs) {
			doc = w->last;
			continue;
		}
		if (run->pos == run->len)
			return lost(e);
		doc += take(run);
		run->left--;
		if ((r = find_writer_add(w, term, doc, e)))
			break;
	}
	return r ? r : next_term(b, run, size, e);
}

static enum err merge(struct find_batch *b, struct find_writer *w, struct err_info *e)
{
	size_t size = WINDOWS / b->runs.count, i;
	enum err r = ERR_OK;

	size = size < WINDOW_MIN ? WINDOW_MIN : size > WINDOW_MAX ? WINDOW_MAX : size;
	for (i = 0; i < b->runs.count && !r; i++) {
		b->runs.runs[i].window = mem_alloc(size);
		r = next_term(b, &b->runs.runs[i], size, e);
	}
	while (!r) {
		uint32_t term = UINT32_MAX;

		for (i = 0; i < b->runs.count; i++) {
			if (b->runs.runs[i].window && b->runs.runs[i].term < term)
				term = b->runs.runs[i].term;
		}
		if (term == UINT32_MAX)
			break;
		for (i = 0; i < b->runs.count && !r; i++) {
			if (b->runs.runs[i].window && b->runs.runs[i].term == term)
				r = copy_list(b, &b->runs.runs[i], size, w, e);
		}
	}
	return r;
}

static enum err write_sorted(struct find_batch *b, struct find_writer *w, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	find_runs_sort(&b->runs, &b->now);
	for (i = 0; i < b->now.n && !r; i++)
		r = find_writer_add(w, term_of(b->now.postings[i]),
				    doc_of(&b->now, b->now.postings[i]), e);
	return r;
}

static enum err write_all(void *arg, struct find_writer *w, struct err_info *e)
{
	struct find_batch *b = arg;
	enum err r;

	if (b->runs.fd < 0)
		return write_sorted(b, w, e);
	if ((b->now.n && (r = find_runs_give(&b->runs, &b->now, e))) ||
	    (r = find_runs_wait(&b->runs, e)))
		return r;
	free(b->now.postings);
	b->now.postings = NULL;
	return merge(b, w, e);
}

static enum err write_index(struct db *db, struct find_batch *b, struct err_info *e)
{
	struct find_writer w;
	int64_t list, doc;
	enum err r;

	if ((r = find_list_get(db, b->scope, b->kind, &list, &doc, e)) ||
	    (r = find_writer_open(&w, db, list, e)))
		return r;
	return find_write_all(&w, write_all, b, e);
}

enum err store_find_batch_end(struct db *db, struct find_batch **slot, struct err_info *e)
{
	struct find_batch *b = *slot;
	enum err r = b->now.n || b->runs.fd >= 0 ? write_index(db, b, e) : ERR_OK;

	store_find_batch_drop(slot);
	return r;
}
