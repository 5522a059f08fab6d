/* import_batch.c - rows of a workbook in memory that is used again and again. */
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"

enum { BLOCK = 256 * 1024, BATCH_BYTES = 1 << 20, ALIGNED = 16 };

struct import_block {
	struct import_block *next;
	size_t size, used;
	_Alignas(ALIGNED) char bytes[];
};

/* A block with room for so much at the head of the list. */
static struct import_block *next_block(struct import_batch *b, size_t need)
{
	size_t size = need > BLOCK ? need : BLOCK;
	struct import_block *k = b->spare;

	if (k && size == BLOCK) {
		b->spare = k->next;
	} else {
		k = mem_alloc(sizeof(*k) + size);
		k->size = size;
		k->used = 0;
	}
	k->next = b->blocks;
	b->blocks = k;
	return k;
}

void *import_batch_take(struct import_batch *b, size_t n)
{
	size_t need = (n + ALIGNED - 1) & ~(size_t)(ALIGNED - 1);
	struct import_block *k = b->blocks;
	void *out;

	if (!k || k->size - k->used < need)
		k = next_block(b, need);
	out = k->bytes + k->used;
	k->used += need;
	b->used += need;
	return out;
}

const char *import_batch_text(struct import_batch *b, const char *s, size_t n)
{
	char *out;

	if (!n)
		return "";
	out = import_batch_take(b, n + 1);
	memcpy(out, s, n);
	out[n] = 0;
	return out;
}

bool import_batch_full(const struct import_batch *b)
{
	return b->count == IMPORT_ROWS || b->used >= BATCH_BYTES;
}

void import_batch_empty(struct import_batch *b)
{
	struct import_block *k;

	/* A block larger than usual was for a row as wide as the format allows: rare. */
	while ((k = b->blocks)) {
		b->blocks = k->next;
		if (k->size > BLOCK) {
			free(k);
			continue;
		}
		k->used = 0;
		k->next = b->spare;
		b->spare = k;
	}
	b->count = b->used = 0;
}

static void free_blocks(struct import_block *k)
{
	struct import_block *next;

	for (; k; k = next) {
		next = k->next;
		free(k);
	}
}

void import_batch_free(struct import_batch *b)
{
	free_blocks(b->blocks);
	free_blocks(b->spare);
	free(b);
}
