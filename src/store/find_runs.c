/* find_runs.c - sorting postings, and writing them as runs. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/thread.h"
#include "store/find_runs_p.h"

enum { DIGIT_BITS = 9, DIGITS = 1 << DIGIT_BITS }; /* of sorting: two make a term */
_Static_assert(2 * DIGIT_BITS == TERM_BITS, "two passes sort by term");

/* Stable: documents of a term keep their order, which is ascending. */
static void sort_pass(const uint32_t *from, uint32_t *to, size_t n, unsigned shift,
		      uint32_t at[DIGITS])
{
	uint32_t i, sum = 0;

	for (i = 0; i < DIGITS; i++) {
		uint32_t count = at[i];

		at[i] = sum;
		sum += count;
	}
	for (i = 0; i < n; i++)
		to[at[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

static void sort_chunk(const struct chunk *c, uint32_t *spare)
{
	uint32_t low[DIGITS] = {0}, high[DIGITS] = {0};
	size_t i;

	for (i = 0; i < c->n; i++) {
		low[c->postings[i] >> SPAN_BITS & (DIGITS - 1)]++;
		high[c->postings[i] >> (SPAN_BITS + DIGIT_BITS)]++;
	}
	sort_pass(c->postings, spare, c->n, SPAN_BITS, low);
	sort_pass(spare, c->postings, c->n, SPAN_BITS + DIGIT_BITS, high);
}

uint32_t *find_runs_postings(void)
{
	enum { HUGE_PAGE = 2 << 20, BYTES = CHUNK * (int)sizeof(uint32_t) };
	uint32_t *out = aligned_alloc(HUGE_PAGE, BYTES);

	if (!out)
		return mem_alloc(BYTES);
	/* Sorting writes all over it; where there are no huge pages it stays as it is. */
	madvise(out, BYTES, MADV_HUGEPAGE);
	return out;
}

void find_runs_sort(struct find_runs *r, struct chunk *c)
{
	if (!r->spare)
		r->spare = find_runs_postings();
	sort_chunk(c, r->spare);
}

/* ---- one run ---- */

/* Where the list that begins at from ends. */
static size_t list_end(const struct chunk *c, size_t from)
{
	uint32_t term = term_of(c->postings[from]);

	while (from < c->n && term_of(c->postings[from]) == term)
		from++;
	return from;
}

static enum err write_out(struct find_runs *r, size_t *used, struct err_info *e)
{
	enum err v = file_scratch_add(r->fd, r->spare, *used, e);

	r->written += (int64_t)*used;
	*used = 0;
	return v;
}

/* The sorted postings as a run; spare is the buffer. */
static enum err write_run(struct find_runs *r, const struct chunk *c, struct err_info *e)
{
	unsigned char *out = (unsigned char *)r->spare;
	size_t used = 0, from = 0, to;
	uint32_t term = 0;
	enum err v = ERR_OK;

	while (from < c->n && !v) {
		uint32_t next = term_of(c->postings[from]), last = c->first - 1;

		to = list_end(c, from);
		used += find_varint(out + used, next + 1 - term);
		used += find_varint(out + used, (uint32_t)(to - from));
		term = next + 1;
		for (; from < to && !v; from++) {
			uint32_t doc = doc_of(c, c->postings[from]);

			used += find_varint(out + used, doc - last);
			last = doc;
			if (used > CHUNK * sizeof(*r->spare) - 2 * TAIL)
				v = write_out(r, &used, e);
		}
	}
	used += find_varint(out + used, 0);
	return v ? v : write_out(r, &used, e);
}

static enum err spill(struct find_runs *r, struct err_info *e)
{
	struct run run = {.at = r->written, .base = r->in_hand.first - 1};
	enum err v;

	find_runs_sort(r, &r->in_hand);
	if ((v = write_run(r, &r->in_hand, e)))
		return v;
	run.end = r->written;
	r->runs = mem_realloc(r->runs, (r->count + 1) * sizeof(run));
	r->runs[r->count++] = run;
	return ERR_OK;
}

/* ---- the thread ---- */

static void *write_runs(void *arg)
{
	struct find_runs *r = arg;
	struct err_info error = {0};
	enum err v;

	pthread_mutex_lock(&r->mutex);
	for (;;) {
		while (!r->busy && !r->stop)
			pthread_cond_wait(&r->moved, &r->mutex);
		if (!r->busy)
			break;
		pthread_mutex_unlock(&r->mutex);
		v = spill(r, &error);
		pthread_mutex_lock(&r->mutex);
		if (v && !r->verdict) {
			r->verdict = v;
			r->error = error;
		}
		r->busy = false;
		pthread_cond_signal(&r->moved);
	}
	pthread_mutex_unlock(&r->mutex);
	return NULL;
}

static bool start(struct find_runs *r)
{
	r->started = thread_start(&r->thread, write_runs, r) == 0;
	return r->started;
}

static void stop(struct find_runs *r)
{
	if (!r->started)
		return;
	pthread_mutex_lock(&r->mutex);
	r->stop = true;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->mutex);
	pthread_join(r->thread, NULL);
	r->started = r->stop = false;
}

static enum err settled(struct find_runs *r, struct err_info *e)
{
	enum err v;

	pthread_mutex_lock(&r->mutex);
	while (r->busy)
		pthread_cond_wait(&r->moved, &r->mutex);
	v = r->verdict;
	if (v && e)
		*e = r->error;
	pthread_mutex_unlock(&r->mutex);
	return v;
}

void find_runs_init(struct find_runs *r)
{
	*r = (struct find_runs) {.fd = -1};
	pthread_mutex_init(&r->mutex, NULL);
	pthread_cond_init(&r->moved, NULL);
}

enum err find_runs_give(struct find_runs *r, struct chunk *c, struct err_info *e)
{
	uint32_t *empty;
	enum err v = settled(r, e);

	if (v || (r->fd < 0 && (v = file_scratch(&r->fd, e))))
		return v;
	empty = r->in_hand.postings ? r->in_hand.postings : find_runs_postings();
	r->in_hand = *c;
	*c = (struct chunk) {.postings = empty};
	if (!r->started && !start(r))
		return spill(r, e);
	pthread_mutex_lock(&r->mutex);
	r->busy = true;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->mutex);
	return ERR_OK;
}

static void drop_memory(struct find_runs *r)
{
	free(r->in_hand.postings);
	free(r->spare);
	r->in_hand.postings = r->spare = NULL;
}

enum err find_runs_wait(struct find_runs *r, struct err_info *e)
{
	enum err v = settled(r, e);

	stop(r);
	drop_memory(r);
	return v;
}

void find_runs_close(struct find_runs *r)
{
	size_t i;

	stop(r);
	drop_memory(r);
	for (i = 0; i < r->count; i++)
		free(r->runs[i].window);
	free(r->runs);
	if (r->fd >= 0)
		close(r->fd);
	pthread_cond_destroy(&r->moved);
	pthread_mutex_destroy(&r->mutex);
}
