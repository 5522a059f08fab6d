/* find_runs_p.h - postings sorted in memory, and as runs beside it when they are too many.
 *
 * A run holds the documents of its terms, terms ascending:
 *     distance of the term (0: the end), how many documents, distances of the documents
 * all as varints, the first distance from the document before the run's first.  Runs follow each
 * other in documents, so that merging them is putting those of a term behind each other.
 *
 * Runs are sorted and written by a thread of their own while the next postings are collected.
 */
#ifndef KP_STORE_FIND_RUNS_P_H
#define KP_STORE_FIND_RUNS_P_H

#include <pthread.h>

#include "store/find_p.h"

enum {
	CHUNK = 1 << 20, /* postings in memory, four bytes each: collected, sorted, and spare */
	TAIL = 16,       /* bytes of the longest varints of a posting */
	SPAN_BITS = 32 - TERM_BITS, /* of a posting: the document, from the chunk's first */
	SPAN = 1 << SPAN_BITS,
};

struct run {
	int64_t at, end;       /* in the file: what is still to be read */
	uint32_t term;         /* of the list in hand */
	uint32_t base;         /* the document before the first */
	uint32_t left;         /* documents of the list */
	size_t pos, len;       /* in the window */
	unsigned char *window; /* NULL: at its end */
};
struct chunk {
	uint32_t *postings; /* term << SPAN_BITS | document - first; NULL: none yet */
	size_t n;
	uint32_t first; /* document */
};
struct find_runs {
	int fd;
	int64_t written;
	struct run *runs;
	size_t count;
	uint32_t *spare;
	struct chunk in_hand; /* of the thread, while busy */
	pthread_t thread;
	pthread_mutex_t mutex; /* over what follows */
	pthread_cond_t moved;
	bool started, busy, stop;
	enum err verdict;
	struct err_info error;
};

static inline uint32_t term_of(uint32_t posting)
{
	return posting >> SPAN_BITS;
}

static inline uint32_t doc_of(const struct chunk *c, uint32_t posting)
{
	return c->first + (posting & (SPAN - 1));
}

void find_runs_init(struct find_runs *r);
void find_runs_close(struct find_runs *r);
/* Memory for a chunk of postings; free() lets it go. */
uint32_t *find_runs_postings(void) __attribute__((returns_nonnull));
/* Sorts the postings of a chunk by term. */
void find_runs_sort(struct find_runs *r, struct chunk *c);
/* Takes the postings away to be written; c is empty afterwards. */
enum err find_runs_give(struct find_runs *r, struct chunk *c, struct err_info *e);
/* Until all that was given is written; the memory of sorting is free then. */
enum err find_runs_wait(struct find_runs *r, struct err_info *e);

#endif
