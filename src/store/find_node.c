/* find_node.c - walking the documents of terms, of any and of all of several terms. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/find_node_p.h"

/* Documents of a full block whose distances take one byte, or two. */
enum { DENSE_DOCS = BLOCK_BYTES, SPARSE_DOCS = BLOCK_BYTES / 2 };

struct find_node *find_node_make(const struct find_search *s, enum find_node_type type)
{
	struct find_node *n = mem_zalloc(sizeof(*n));

	n->type = type;
	n->at = INT64_MAX;
	n->est = type == NODE_ANY ? 0 : s->top;
	return n;
}

void find_node_free(struct find_node *n)
{
	size_t i;

	if (!n)
		return;
	for (i = 0; i < n->count; i++)
		find_node_free(n->kids[i]);
	free(n->kids);
	free(n->docs);
	free(n);
}

void find_node_add(struct find_node *n, struct find_node *kid)
{
	size_t i;

	if (!kid)
		return;
	if (n->count == n->size) {
		n->size = n->size ? 2 * n->size : 4;
		n->kids = mem_realloc(n->kids, n->size * sizeof(struct find_node *));
	}
	/* The rarest is asked first. */
	for (i = n->count++; i > 0 && n->type == NODE_EACH && n->kids[i - 1]->est > kid->est; i--)
		n->kids[i] = n->kids[i - 1];
	n->kids[i] = kid;
	if (n->type == NODE_ANY)
		n->est += kid->est;
	else if (kid->est < n->est)
		n->est = kid->est;
}

/* ---- terms ----------------------------------------------------------------------------------- */

static void keep_block(struct find_node *n, struct rows *q)
{
	uint32_t docs[BLOCK_DOCS];
	size_t bytes;
	const void *blob = rows_blob(q, 1, &bytes);

	n->key = rows_int(q, 0);
	n->n = find_decode(n->key, blob, bytes, docs);
	free(n->docs);
	n->docs = mem_alloc(n->n * sizeof(*docs));
	memcpy(n->docs, docs, n->n * sizeof(*docs));
}

static enum err query_blocks(struct find_search *s, struct rows **q, int64_t lo, int64_t hi,
			     int blocks)
{
	return db_query(
	    s->db, q, s->e,
	    "SELECT id, docs FROM find_post WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
	    "lli", lo, hi, blocks);
}

static int64_t key_doc(int64_t key)
{
	return key & DOC_MAX;
}

/* From the newest block and where the one before it begins (0: there is none). */
static int64_t estimate(const struct find_search *s, const struct find_node *n, int64_t before)
{
	int64_t first = key_doc(n->key), docs, span;

	if (!before)
		return (int64_t)n->n;
	span = first - before;
	docs = span > DENSE_DOCS * 128 ? SPARSE_DOCS : span < DENSE_DOCS ? span : DENSE_DOCS;
	return ((int64_t)n->n + docs) * s->top / (s->top - before + 1);
}

/* The term of the newest key from lo to hi; NULL when there is none. */
static struct find_node *open_term(struct find_search *s, int64_t lo, int64_t hi)
{
	struct find_node *n = NULL;
	struct rows *q = NULL;
	enum err r = query_blocks(s, &q, lo, hi, 2);

	if (!r && rows_next(q)) {
		int64_t before = 0;

		n = find_node_make(s, NODE_TERM);
		keep_block(n, q);
		if (rows_next(q) && find_key_term(rows_int(q, 0)) == find_key_term(n->key))
			before = key_doc(rows_int(q, 0));
		n->est = estimate(s, n, before);
	}
	s->r = rows_end(&q, r, s->e);
	return n;
}

struct find_node *find_node_terms(struct find_search *s, uint32_t lo, uint32_t hi)
{
	int64_t first = find_key(s->list, lo, 0), last = find_key(s->list, hi, DOC_MAX);
	struct find_node *n = NULL, *one;

	while (!s->r && last > first && (one = open_term(s, first, last))) {
		last = find_key(s->list, find_key_term(one->key), 0);
		if (lo == hi)
			return one;
		if (!n)
			n = find_node_make(s, NODE_ANY);
		find_node_add(n, one);
	}
	return n;
}

static void next_block(struct find_search *s, struct find_node *n, int64_t doc)
{
	uint32_t term = find_key_term(n->key);
	struct rows *q = NULL;
	enum err r =
	    query_blocks(s, &q, find_key(s->list, term, 0), find_key(s->list, term, doc), 1);

	if (!r && rows_next(q))
		keep_block(n, q);
	else
		n->n = 0;
	s->r = rows_end(&q, r, s->e);
}

static int64_t seek_term(struct find_search *s, struct find_node *n, int64_t doc)
{
	size_t low = 0, high;

	if (n->n && doc < key_doc(n->key))
		next_block(s, n, doc);
	if (!n->n || s->r)
		return 0;
	/* Mostly it is one of the next few. */
	for (high = n->n; n->n > 0 && high - n->n < 4; n->n--) {
		if (n->docs[n->n - 1] <= doc)
			return n->docs[n->n - 1];
	}
	for (high = n->n; high - low > 1;) { /* docs[low] <= doc < docs[high] */
		size_t middle = low + (high - low) / 2;

		*(n->docs[middle] <= doc ? &low : &high) = middle;
	}
	n->n = low + 1;
	return n->docs[low];
}

/* ---- sets ------------------------------------------------------------------------------------ */

static int64_t seek_any(struct find_search *s, struct find_node *n, int64_t doc)
{
	int64_t best = 0;
	size_t i;

	for (i = 0; i < n->count; i++) {
		int64_t at = n->kids[i]->at;

		if (at > doc)
			at = find_node_seek(s, n->kids[i], doc);
		best = at > best ? at : best;
	}
	return best;
}

static int64_t seek_each(struct find_search *s, struct find_node *n, int64_t doc)
{
	size_t i = 0;

	while (i < n->count && doc > 0) {
		int64_t at = find_node_seek(s, n->kids[i], doc);

		i = at < doc && i > 0 ? 0 : i + 1;
		doc = at;
	}
	return doc;
}

int64_t find_node_seek(struct find_search *s, struct find_node *n, int64_t doc)
{
	static int64_t (*const seeks[])(struct find_search *, struct find_node *, int64_t) = {
	    [NODE_TERM] = seek_term, [NODE_ANY] = seek_any, [NODE_EACH] = seek_each};

	if (doc < n->at)
		n->at = doc <= 0 || s->r ? 0 : seeks[n->type](s, n, doc);
	return n->at;
}
