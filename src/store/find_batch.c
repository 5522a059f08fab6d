/* find_batch.c - the index of many documents: sorted in memory, in runs beside it when they are
 * too many, and written in one sweep over the table (a sweep per run would touch every page of it
 * again and again).
 *
 * A run holds the documents of its terms, terms ascending:
 *     distance of the term (0: the end), bytes of its documents, distances of the documents
 * all as varints, the first distance from the document before the run's first.  Runs follow each
 * other in documents, so that merging them is putting those of a term behind each other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/find_p.h"

enum {
	CHUNK = 1 << 21,         /* postings in memory, eight bytes each, twice */
	DIGIT_BITS = 9,          /* of sorting: two make a term */
	WINDOWS = 8 << 20,       /* bytes of all runs in memory while merging */
	WINDOW_MIN = 4096,       /* of one */
	WINDOW_MAX = 128 * 1024, /* of one */
	TAIL = 16,               /* bytes of the longest varints of a posting */
};
_Static_assert(2 * DIGIT_BITS == TERM_BITS, "two passes sort by term");

struct run {
	int64_t at, end;       /* in the file: what is still to be read */
	uint32_t term;         /* of the list in hand */
	uint32_t base;         /* the document before the first */
	size_t left;           /* bytes of the list */
	size_t pos, len;       /* in the window */
	unsigned char *window; /* NULL: at its end */
};
struct find_batch {
	int64_t scope;
	enum find_kind kind;
	uint64_t *postings, *spare; /* term << 32 | document */
	size_t n;
	uint32_t first, last; /* documents in memory */
	int fd;
	int64_t written;
	struct run *runs;
	size_t run_count;
};

struct find_batch *store_find_batch(int64_t scope, enum find_kind k)
{
	struct find_batch *b = mem_zalloc(sizeof(*b));

	b->scope = scope;
	b->kind = k;
	b->fd = -1;
	return b;
}

static void drop_memory(struct find_batch *b)
{
	free(b->postings);
	free(b->spare);
	b->postings = b->spare = NULL;
}

void store_find_batch_drop(struct find_batch **slot)
{
	struct find_batch *b = *slot;
	size_t i;

	*slot = NULL;
	if (!b)
		return;
	for (i = 0; i < b->run_count; i++)
		free(b->runs[i].window);
	free(b->runs);
	drop_memory(b);
	if (b->fd >= 0)
		close(b->fd);
	free(b);
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* Stable: documents of a term keep their order, which is ascending. */
static void sort_pass(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
	size_t at[1 << DIGIT_BITS] = {0}, i, sum = 0;
	const uint64_t mask = (1 << DIGIT_BITS) - 1;

	for (i = 0; i < n; i++)
		at[from[i] >> shift & mask]++;
	for (i = 0; i <= mask; i++) {
		size_t count = at[i];

		at[i] = sum;
		sum += count;
	}
	for (i = 0; i < n; i++)
		to[at[from[i] >> shift & mask]++] = from[i];
}

static void sort_postings(struct find_batch *b)
{
	sort_pass(b->postings, b->spare, b->n, 32);
	sort_pass(b->spare, b->postings, b->n, 32 + DIGIT_BITS);
}

static uint32_t term_of(uint64_t posting)
{
	return (uint32_t)(posting >> 32);
}

/* Bytes of the list that begins at from, and where it ends. */
static size_t list_bytes(const struct find_batch *b, size_t from, size_t *to)
{
	unsigned char scratch[VARINT_MAX];
	uint32_t term = term_of(b->postings[from]), last = b->first - 1;
	size_t bytes = 0;

	for (*to = from; *to < b->n && term_of(b->postings[*to]) == term; ++*to) {
		bytes += find_varint(scratch, (uint32_t)b->postings[*to] - last);
		last = (uint32_t)b->postings[*to];
	}
	return bytes;
}

static enum err write_out(struct find_batch *b, size_t *used, struct err_info *e)
{
	enum err r = file_scratch_add(b->fd, b->spare, *used, e);

	b->written += (int64_t)*used;
	*used = 0;
	return r;
}

/* The sorted postings as a run; spare is the buffer. */
static enum err write_run(struct find_batch *b, struct err_info *e)
{
	unsigned char *out = (unsigned char *)b->spare;
	size_t used = 0, from = 0, to;
	uint32_t term = 0;
	enum err r = ERR_OK;

	while (from < b->n && !r) {
		uint32_t next = term_of(b->postings[from]), last = b->first - 1;

		used += find_varint(out + used, next + 1 - term);
		used += find_varint(out + used, (uint32_t)list_bytes(b, from, &to));
		term = next + 1;
		for (; from < to && !r; from++) {
			used += find_varint(out + used, (uint32_t)b->postings[from] - last);
			last = (uint32_t)b->postings[from];
			if (used > CHUNK * sizeof(*b->spare) - 2 * TAIL)
				r = write_out(b, &used, e);
		}
	}
	used += find_varint(out + used, 0);
	return r ? r : write_out(b, &used, e);
}

/* Puts what is in memory into a run. */
static enum err spill(struct find_batch *b, struct err_info *e)
{
	struct run run = {.at = b->written, .base = b->first - 1};
	enum err r;

	if (b->fd < 0 && (r = file_scratch(&b->fd, e)))
		return r;
	sort_postings(b);
	if ((r = write_run(b, e)))
		return r;
	run.end = b->written;
	b->runs = mem_realloc(b->runs, (b->run_count + 1) * sizeof(run));
	b->runs[b->run_count++] = run;
	b->n = 0;
	return ERR_OK;
}

enum err store_find_batch_add(struct find_batch *b, int64_t doc, const uint32_t *terms, size_t n,
			      struct err_info *e)
{
	enum err r;
	size_t i;

	if (doc < 1 || doc > DOC_MAX || (uint32_t)doc <= b->last)
		return err_fail(e, ERR_INTERNAL, "find.order", "检索",
				"编号 %lld 的资料排在 %u 之后", (long long)doc, (unsigned)b->last);
	if (n > CHUNK - b->n && (r = spill(b, e)))
		return r;
	if (!b->postings) {
		b->postings = mem_alloc(CHUNK * sizeof(*b->postings));
		b->spare = mem_alloc(CHUNK * sizeof(*b->spare));
	}
	if (!b->n)
		b->first = (uint32_t)doc;
	b->last = (uint32_t)doc;
	for (i = 0; i < n; i++)
		b->postings[b->n++] = (uint64_t)terms[i] << 32 | (uint32_t)doc;
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
	got = file_read_at(b->fd, run->window + run->len, want, run->at);
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
	size_t from = run->pos;

	while (run->pos < run->len && shift < 7 * VARINT_MAX) {
		unsigned char c = run->window[run->pos++];

		v |= (c & UINT32_C(127)) << shift;
		shift += 7;
		if (c < 128)
			break;
	}
	run->left -= run->left ? run->pos - from : 0;
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

static enum err copy_list(const struct find_batch *b, struct run *run, size_t size,
			  struct find_writer *w, struct err_info *e)
{
	uint32_t doc = run->base, before;
	enum err r = ERR_OK;

	while (run->left && !r) {
		if ((r = refill(b, run, size, e)))
			break;
		before = (uint32_t)run->left;
		doc += take(run);
		r = run->left == before ? lost(e) : find_writer_add(w, run->term - 1, doc, e);
	}
	return r ? r : next_term(b, run, size, e);
}

static enum err merge(struct find_batch *b, struct find_writer *w, struct err_info *e)
{
	size_t size = WINDOWS / b->run_count, i;
	enum err r = ERR_OK;

	size = size < WINDOW_MIN ? WINDOW_MIN : size > WINDOW_MAX ? WINDOW_MAX : size;
	for (i = 0; i < b->run_count && !r; i++) {
		b->runs[i].window = mem_alloc(size);
		r = next_term(b, &b->runs[i], size, e);
	}
	while (!r) {
		uint32_t term = UINT32_MAX;

		for (i = 0; i < b->run_count; i++) {
			if (b->runs[i].window && b->runs[i].term < term)
				term = b->runs[i].term;
		}
		if (term == UINT32_MAX)
			break;
		for (i = 0; i < b->run_count && !r; i++) {
			if (b->runs[i].window && b->runs[i].term == term)
				r = copy_list(b, &b->runs[i], size, w, e);
		}
	}
	return r;
}

static enum err write_sorted(struct find_batch *b, struct find_writer *w, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	sort_postings(b);
	for (i = 0; i < b->n && !r; i++)
		r = find_writer_add(w, term_of(b->postings[i]), (uint32_t)b->postings[i], e);
	return r;
}

static enum err write_all(struct find_batch *b, struct find_writer *w, struct err_info *e)
{
	enum err r;

	if (!b->run_count)
		return write_sorted(b, w, e);
	if (b->n && (r = spill(b, e)))
		return r;
	drop_memory(b);
	return merge(b, w, e);
}

enum err store_find_batch_end(struct db *db, struct find_batch **slot, struct err_info *e)
{
	struct find_batch *b = *slot;
	struct find_writer w;
	int64_t list, doc;
	enum err r = ERR_OK;

	if (b->n || b->run_count) {
		if (!(r = find_list_get(db, b->scope, b->kind, &list, &doc, e)) &&
		    !(r = find_writer_open(&w, db, list, e)) && !(r = write_all(b, &w, e)))
			r = find_writer_end(&w, e);
	}
	store_find_batch_drop(slot);
	return r;
}
