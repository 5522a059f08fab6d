/* find_insert.c - documents that come out of order into blocks that are there. */
#include <string.h>

#include "store/find_p.h"

struct block {
	int64_t key; /* 0: none */
	uint32_t docs[BLOCK_DOCS + 1];
	size_t n;
};

/* The last block of the term that does not begin behind the document. */
static enum err read_block(struct db *db, int64_t list, uint32_t term, uint32_t doc,
			   struct block *b, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT id, docs FROM find_post WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
	    "ll", find_key(list, term, 0), find_key(list, term, doc));

	b->key = 0;
	b->n = 0;
	if (!r && rows_next(q)) {
		size_t n;
		const void *bytes = rows_blob(q, 1, &n);

		b->key = rows_int(q, 0);
		b->n = find_decode(b->key, bytes, n, b->docs);
	}
	return rows_end(&q, r, e);
}

/* Bytes of the distances of docs[1..n). */
static size_t encode(const uint32_t *docs, size_t n, unsigned char out[2 * BLOCK_BYTES])
{
	size_t used = 0, i;

	for (i = 1; i < n; i++)
		used += find_varint(out + used, docs[i] - docs[i - 1]);
	return used;
}

static enum err store(struct db *db, int64_t list, uint32_t term, const uint32_t *docs, size_t n,
		      struct err_info *e)
{
	unsigned char bytes[2 * BLOCK_BYTES];
	size_t used = encode(docs, n, bytes);

	return db_run(db, e, NULL,
		      "INSERT INTO find_post (id, docs) VALUES (?, ?)"
		      " ON CONFLICT (id) DO UPDATE SET docs = excluded.docs",
		      "lb", find_key(list, term, docs[0]), bytes, used);
}

/* What no longer fits a block becomes two. */
static enum err store_split(struct db *db, int64_t list, uint32_t term, const struct block *b,
			    struct err_info *e)
{
	unsigned char bytes[2 * BLOCK_BYTES];
	size_t half = b->n;
	enum err r;

	if (encode(b->docs, b->n, bytes) > BLOCK_BYTES)
		half = b->n / 2;
	r = store(db, list, term, b->docs, half, e);
	return r || half == b->n ? r : store(db, list, term, b->docs + half, b->n - half, e);
}

static enum err insert(struct db *db, int64_t list, uint32_t term, uint32_t doc, struct err_info *e)
{
	struct block b;
	size_t at;
	enum err r = read_block(db, list, term, doc, &b, e);

	if (r)
		return r;
	for (at = b.n; at > 0 && b.docs[at - 1] > doc; at--)
		;
	if (at > 0 && b.docs[at - 1] == doc)
		return ERR_OK;
	memmove(b.docs + at + 1, b.docs + at, (b.n - at) * sizeof(*b.docs));
	b.docs[at] = doc;
	b.n++;
	return store_split(db, list, term, &b, e);
}

enum err store_find_insert(struct db *db, int64_t scope, enum find_kind k, int64_t doc,
			   const uint32_t *terms, size_t n, struct err_info *e)
{
	int64_t list, next;
	size_t i;
	enum err r = find_list_get(db, scope, k, &list, &next, e);

	if (!r && (doc < 1 || doc > DOC_MAX))
		r = err_fail(e, ERR_INTERNAL, "find.doc", "检索", "编号 %lld 超出范围",
			     (long long)doc);
	for (i = 0; i < n && !r; i++)
		r = insert(db, list, terms[i], (uint32_t)doc, e);
	return r;
}
