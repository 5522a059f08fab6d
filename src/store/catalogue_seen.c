/* catalogue_seen.c - what a load has certainly never met, without asking the database.
 *
 * A Bloom filter of the names and keys of the unit's rows, in blocks of one cache line.  It is made
 * once a load has grown to a part of the catalogue, so that a few rows for a large catalogue do not
 * pay for reading all of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/catalogue_p.h"

/* 512 KiB to begin with, for a quarter of a million names and keys; then eight times as much. */
enum { BLOCK_WORDS = 8, FIRST_BLOCKS = 8192, KEYS_PER_BLOCK = 32, GROWTH = 8, PROBES = 4 };
enum { ROWS_AT_LEAST = 1000, PART = 8 };

struct catalogue_seen {
	uint64_t (*blocks)[BLOCK_WORDS];
	size_t count, keys, room;
};

/* Of the name with its group, and of the key where that counts by itself. */
struct hashes {
	uint64_t of[2];
	int count;
};

/* A key is less than a word; names and keys are apart. */
static uint64_t spread(int64_t key, unsigned kind)
{
	uint64_t h = ((uint64_t)key << 1 ^ kind) * UINT64_C(0x9e3779b97f4a7c15);

	return (h ^ h >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct hashes hashes_of(const struct catalogue_load *l, const struct load_kin *k)
{
	struct hashes h = {.of = {spread(k->name_key, 1)}, .count = 1};

	if (*k->group)
		h.of[0] = catalogue_hash(h.of[0], k->group);
	if (*k->key && !l->c->key_in_name)
		h.of[h.count++] = spread(k->key_key, 2);
	return h;
}

static uint64_t *block_of(const struct catalogue_seen *s, uint64_t hash)
{
	return s->blocks[(hash >> 36) & (s->count - 1)];
}

static bool has(const struct catalogue_seen *s, uint64_t hash)
{
	const uint64_t *block = block_of(s, hash);
	int i;

	for (i = 0; i < PROBES; i++, hash >>= 9)
		if (!(block[hash >> 6 & 7] >> (hash & 63) & 1))
			return false;
	return true;
}

static void put(struct catalogue_seen *s, uint64_t hash)
{
	uint64_t *block = block_of(s, hash);
	int i;

	for (i = 0; i < PROBES; i++, hash >>= 9)
		block[hash >> 6 & 7] |= UINT64_C(1) << (hash & 63);
	s->keys++;
}

/* Whether any was there; now all are.  The blocks come from far: both are asked for at once. */
static bool meet(struct catalogue_load *l, const struct load_kin *k)
{
	struct hashes h = hashes_of(l, k);
	bool met = false;
	int i;

	for (i = 0; i < h.count; i++)
		__builtin_prefetch(block_of(l->seen, h.of[i]), 1);
	for (i = 0; i < h.count; i++) {
		met |= has(l->seen, h.of[i]);
		put(l->seen, h.of[i]);
	}
	return met;
}

void catalogue_seen_free(struct catalogue_seen **s)
{
	if (!*s)
		return;
	free((*s)->blocks);
	free(*s);
	*s = NULL;
}

static enum err fill(struct catalogue_load *l, struct err_info *e)
{
	struct rows *q;
	enum err r = l->settle ? l->settle(l, NULL, e) : ERR_OK;

	if (r)
		return r;
	r = db_query(l->db, &q, e, l->c->kin_all, "l", l->unit);
	while (!r && rows_next(q)) {
		const struct load_kin k =
		    load_kin_of(l->unit, rows_text(q, 0), rows_text(q, 1), rows_text(q, 2));

		meet(l, &k);
	}
	return rows_end(&q, r, e);
}

static enum err build(struct catalogue_load *l, size_t blocks, struct err_info *e)
{
	catalogue_seen_free(&l->seen);
	l->seen = mem_zalloc(sizeof(*l->seen));
	while (blocks * KEYS_PER_BLOCK / 2 < (size_t)(l->present + l->rows))
		blocks *= GROWTH;
	l->seen->count = blocks;
	l->seen->room = blocks * KEYS_PER_BLOCK;
	l->seen->blocks = mem_zalloc(blocks * sizeof(*l->seen->blocks));
	return fill(l, e);
}

enum err catalogue_seen_row(struct catalogue_load *l, const struct load_kin *k, bool *maybe,
			    struct err_info *e)
{
	enum err r = ERR_OK;

	*maybe = true;
	l->rows++;
	if (!l->seen && (!l->present || (l->rows > ROWS_AT_LEAST && l->rows > l->present / PART)))
		r = build(l, FIRST_BLOCKS, e);
	else if (l->seen && l->seen->keys > l->seen->room)
		r = build(l, l->seen->count * GROWTH, e);
	if (r || !l->seen)
		return r;
	*maybe = meet(l, k);
	return ERR_OK;
}
