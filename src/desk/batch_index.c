/* batch_index.c - the orders of a file: by their number, where their records are. */
#include <stdlib.h>
#include <string.h>

#include "desk/batch_join_p.h"

enum { FIRST_SLOTS = 1 << 12 };

/* ---- entries ---- */

uint64_t join_hash(const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return h ^ h >> 31;
}

static void put_slot(struct join *j, size_t index)
{
	size_t at = j->entries[index].hash & (j->slot_count - 1);

	while (j->slots[at])
		at = (at + 1) & (j->slot_count - 1);
	j->slots[at] = (uint32_t)index + 1;
}

static void grow_slots(struct join *j)
{
	size_t i;

	free(j->slots);
	j->slot_count = j->slot_count ? 2 * j->slot_count : FIRST_SLOTS;
	j->slots = mem_zalloc(j->slot_count * sizeof(*j->slots));
	for (i = 0; i < j->count; i++) {
		if (j->entries[i].known)
			put_slot(j, i);
	}
}

/* Index + 1, or 0. */
size_t join_find(const struct join *j, const char *name, uint64_t hash)
{
	size_t at;

	if (!j->slot_count)
		return JOIN_NONE;
	at = hash & (j->slot_count - 1);
	for (; j->slots[at]; at = (at + 1) & (j->slot_count - 1)) {
		const struct entry *x = &j->entries[j->slots[at] - 1];

		if (x->hash == hash && !strcmp(j->names + x->name, name))
			return j->slots[at];
	}
	return JOIN_NONE;
}

static uint32_t put_name(struct join *j, const char *name)
{
	size_t n = strlen(name) + 1, at = j->names_used;

	if (at + n > j->names_room) {
		j->names_room = 2 * (at + n) + 4096;
		j->names = mem_realloc(j->names, j->names_room);
	}
	memcpy(j->names + at, name, n);
	j->names_used += n;
	return (uint32_t)at;
}

/* Index of a new one; `known`: it is to be found under its name. */
enum err join_add_entry(struct join *j, const char *name, const struct batch_record *r, bool known,
			size_t *index, struct err_info *e)
{
	struct entry *x;

	if (j->count >= INT32_MAX || j->names_used > INT32_MAX)
		return err_fail(e, ERR_INVALID, "batch.large", "批量开票",
				"发票太多，请分成几个文件");
	if (j->count == j->room) {
		j->room = j->room ? j->room + j->room / 2 : 1024;
		j->entries = mem_realloc(j->entries, j->room * sizeof(*j->entries));
	}
	x = &j->entries[j->count];
	*x = (struct entry) {.hash = join_hash(name),
			     .name = put_name(j, name),
			     .row = r->row,
			     .part = r->part,
			     .known = known,
			     .head = -1,
			     .faults = -1};
	*index = j->count++;
	if (!known)
		return ERR_OK;
	if (2 * j->count > j->slot_count)
		grow_slots(j);
	else
		put_slot(j, *index);
	return ERR_OK;
}

/* ---- runs ---- */

void join_add_run(struct join *j, struct entry *x, int64_t place, uint32_t size)
{
	struct run *last = x->last ? &j->runs[x->last - 1] : NULL;

	if (last && last->place + last->bytes == place) {
		last->bytes += size;
		last->count++;
		return;
	}
	if (j->run_count == j->run_room) {
		j->run_room = j->run_room ? j->run_room + j->run_room / 2 : 1024;
		j->runs = mem_realloc(j->runs, j->run_room * sizeof(*j->runs));
	}
	j->runs[j->run_count++] = (struct run) {.place = place, .bytes = size, .count = 1};
	if (x->last)
		j->runs[x->last - 1].next = (uint32_t)j->run_count;
	else
		x->first = (uint32_t)j->run_count;
	x->last = (uint32_t)j->run_count;
}

/* ---- gathering ---- */

enum err join_load_head(struct join *j, const struct entry *x, size_t *used, struct err_info *e)
{
	*used = 0;
	if (x->head < 0)
		return ERR_OK;
	if (x->head_size > j->bytes_room) {
		j->bytes_room = 2 * (size_t)x->head_size;
		j->bytes = mem_realloc(j->bytes, j->bytes_room);
	}
	*used = x->head_size;
	return spool_get(&j->heads, SPOOL_HEADS, x->head, x->head_size, j->bytes, e);
}

static enum err load_runs(struct join *j, const struct entry *x, size_t used, size_t *count,
			  struct err_info *e)
{
	size_t bytes = used, at, i, n = 0;
	uint32_t k;
	enum err r = ERR_OK;

	for (k = x->first, *count = 0; k; k = j->runs[k - 1].next) {
		bytes += j->runs[k - 1].bytes;
		*count += j->runs[k - 1].count;
	}
	if (bytes > j->bytes_room) {
		j->bytes_room = 2 * bytes;
		j->bytes = mem_realloc(j->bytes, j->bytes_room);
	}
	if (*count > j->records_room) {
		j->records_room = 2 * *count;
		j->records = mem_realloc(j->records, j->records_room * sizeof(*j->records));
	}
	for (k = x->first, at = used; k && !r; k = j->runs[k - 1].next) {
		const struct run *run = &j->runs[k - 1];

		r = spool_get(&j->lines, SPOOL_LINES, run->place, run->bytes, j->bytes + at, e);
		for (i = 0; !r && i < run->count; i++) {
			j->records[n++] = j->bytes + at;
			at += batch_record_of(j->bytes + at).size;
		}
	}
	return r;
}

/* All records of an order; one with far too many lines comes without them. */
enum err join_load(struct join *j, const struct entry *x, struct order_records *out,
		   struct err_info *e)
{
	size_t used, count = 0;
	enum err r = join_load_head(j, x, &used, e);

	if (!r && x->lines <= TAX_LINES_MAX)
		r = load_runs(j, x, used, &count, e);
	out->head = used ? j->bytes : NULL;
	out->lines = j->records;
	out->count = count;
	return r;
}

void join_free(struct join *j)
{
	spool_free(&j->heads);
	spool_free(&j->lines);
	spool_free(&j->faults);
	free(j->entries);
	free(j->slots);
	free(j->names);
	free(j->runs);
	free(j->bytes);
	free(j->records);
}
