/* Shared strings: keeping and finding them.
 *
 * A record is its length (4 bytes, the highest of them how many characters were taken out), its
 * bytes and a NUL, in memory and in the file.  In memory the
 * records grow from the bottom of one mapping and their places from its top; where the two meet,
 * the records go to the file.  The mapping stays as it is: the reader may use a string of it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/buf.h"
#include "base/file.h"
#include "sheet/xlsx_strings_p.h"

enum { SLOTS = 256, CACHE_MAX = 6 << 20, BUFFER = 1 << 20 };
_Static_assert((int)STRINGS_SINGLE_MAX < (int)BUFFER, "the longest record fits");
#define COUNT_MAX (INT64_C(64) << 20)

size_t sheet_strings_limit = 32 << 20;

struct strings_slot {
	int64_t block; /* -1: empty */
	int64_t first; /* its first string */
	char *data;
	size_t size;
	uint32_t places[STRINGS_BLOCK];
	unsigned count;
};

/* ---- writing ---- */

static void put_place(struct sheet_strings *s, int64_t i, uint32_t place)
{
	memcpy(s->memory + s->limit - STRINGS_LENGTH * ((size_t)i + 1), &place, STRINGS_LENGTH);
}

static uint32_t get_place(const struct sheet_strings *s, int64_t i)
{
	uint32_t place;

	memcpy(&place, s->memory + s->limit - STRINGS_LENGTH * ((size_t)i + 1), STRINGS_LENGTH);
	return place;
}

/* A block begins with string i, whose record is at place. */
static void add_block(struct sheet_strings *s, int64_t i, int64_t place)
{
	if (s->block_count == s->block_room) {
		s->block_room = s->block_room ? s->block_room * 2 : 1024;
		s->blocks = mem_realloc(s->blocks, s->block_room * sizeof(*s->blocks));
	}
	s->blocks[s->block_count++] = (struct strings_block) {place, i};
}

/* String i goes to place: into the block at hand, or a new one.  A block is cut by size as well as
 * by count: whoever asks for strings in an order made for it has one block read for each, and that
 * must cost about what the string itself does. */
static void note_place(struct sheet_strings *s, int64_t i, int64_t place)
{
	const struct strings_block *last = s->block_count ? s->blocks + s->block_count - 1 : NULL;

	if (!last || i - last->first == STRINGS_BLOCK || place - last->place >= STRINGS_BLOCK_SIZE)
		add_block(s, i, place);
}

static void put_record(char *at, const char *text, size_t len, uint8_t hidden)
{
	uint32_t length = (uint32_t)len | (uint32_t)hidden << STRINGS_HIDDEN;

	memcpy(at, &length, STRINGS_LENGTH);
	memcpy(at + STRINGS_LENGTH, text, len);
	at[STRINGS_LENGTH + len] = 0;
}

static uint32_t length_at(const char *record, uint8_t *hidden)
{
	uint32_t length;

	memcpy(&length, record, STRINGS_LENGTH);
	*hidden = (uint8_t)(length >> STRINGS_HIDDEN);
	return length & ((UINT32_C(1) << STRINGS_HIDDEN) - 1);
}

static enum err flush(struct sheet_strings *s, struct err_info *e)
{
	enum err rc = file_scratch_add(s->fd, s->buffer, s->buffered, e);

	s->flushed += (int64_t)s->buffered;
	s->buffered = 0;
	return rc;
}

static enum err spill(struct sheet_strings *s, struct err_info *e)
{
	enum err rc;
	int64_t i;

	pthread_mutex_lock(&s->mutex);
	s->spilling = true;
	pthread_mutex_unlock(&s->mutex);
	if ((rc = file_scratch(&s->fd, e)))
		return rc;
	for (i = 0; i < s->count; i++)
		note_place(s, i, get_place(s, i));
	s->buffer = mem_alloc(BUFFER);
	s->flushed = (int64_t)s->used;
	return file_scratch_add(s->fd, s->memory, s->used, e);
}

static enum err add_to_file(struct sheet_strings *s, const char *text, size_t len, uint8_t hidden,
			    struct err_info *e)
{
	size_t need = STRINGS_LENGTH + len + 1;
	enum err rc = s->buffered + need > BUFFER ? flush(s, e) : ERR_OK;

	note_place(s, s->count, s->flushed + (int64_t)s->buffered);
	put_record(s->buffer + s->buffered, text, len, hidden);
	s->buffered += need;
	s->count++;
	return rc;
}

enum err strings_add(struct sheet_strings *s, const char *text, size_t len, uint8_t hidden,
		     struct err_info *e)
{
	size_t need = STRINGS_LENGTH + len + 1;
	enum err rc;

	if (s->count == COUNT_MAX)
		return sheet_fail_hostile(e, s->what, "共享文字过多");
	if (!s->buffer && s->used + need + STRINGS_LENGTH * ((size_t)s->count + 1) > s->limit &&
	    (rc = spill(s, e)))
		return rc;
	if (s->buffer)
		return add_to_file(s, text, len, hidden, e);
	put_place(s, s->count, (uint32_t)s->used);
	put_record(s->memory + s->used, text, len, hidden);
	s->used += need;
	s->count++;
	return ERR_OK;
}

enum err strings_settle(struct sheet_strings *s, struct err_info *e)
{
	enum err rc;

	if (!s->buffer)
		return ERR_OK;
	rc = flush(s, e);
	add_block(s, s->count, s->flushed);
	free(s->buffer);
	s->buffer = NULL;
	return rc;
}

/* ---- reading ---- */

static void empty_slot(struct sheet_strings *s, struct strings_slot *t)
{
	s->cached -= t->size;
	free(t->data);
	*t = (struct strings_slot) {.block = -1};
}

void strings_free_slots(struct sheet_strings *s)
{
	size_t i;

	for (i = 0; s->slots && i < SLOTS; i++)
		free(s->slots[i].data);
	free(s->slots);
}

/* Brings a block into its slot. */
static enum err fill_slot(struct sheet_strings *s, struct strings_slot *t, int64_t block,
			  struct err_info *e)
{
	int64_t from = s->blocks[block].place, at = 0, i;
	size_t size = (size_t)(s->blocks[block + 1].place - from);
	uint8_t hidden;

	empty_slot(s, t);
	for (i = 0; i < SLOTS && s->cached + size > CACHE_MAX; i++)
		empty_slot(s, &s->slots[i]);
	t->data = mem_alloc(size);
	t->size = size;
	s->cached += size;
	if (file_read_at(s->fd, t->data, size, from) != (ssize_t)size)
		return err_fail(e, ERR_DAMAGED, "file.short", "临时文件", "读不出来");
	for (i = 0; at < (int64_t)size && i < STRINGS_BLOCK; i++) {
		t->places[i] = (uint32_t)at;
		at += STRINGS_LENGTH + (int64_t)length_at(t->data + at, &hidden) + 1;
	}
	t->count = (unsigned)i;
	t->block = block;
	t->first = s->blocks[block].first;
	return ERR_OK;
}

/* The block of the i-th string, which is there: mostly that of the one before, or the next. */
static int64_t block_of(const struct sheet_strings *s, int64_t i)
{
	int64_t low = 0, high = (int64_t)s->block_count - 2, middle;

	for (middle = s->recent; middle <= high && middle <= s->recent + 1; middle++) {
		if (i >= s->blocks[middle].first && i < s->blocks[middle + 1].first)
			return middle;
	}
	while (low < high) {
		middle = (low + high + 1) / 2;
		if (s->blocks[middle].first <= i)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static enum err find_in_file(struct sheet_strings *s, int64_t i, const char **record,
			     struct err_info *e)
{
	int64_t block = block_of(s, i);
	struct strings_slot *t;
	enum err rc;
	size_t k;

	if (!s->slots) {
		s->slots = mem_zalloc(SLOTS * sizeof(*s->slots));
		for (k = 0; k < SLOTS; k++)
			s->slots[k].block = -1;
	}
	t = &s->slots[block % SLOTS];
	if (t->block != block && (rc = fill_slot(s, t, block, e)))
		return rc;
	s->recent = block;
	*record = t->data + t->places[i - t->first];
	return ERR_OK;
}

enum err sheet_strings_get(struct sheet_strings *s, int64_t i, const char **text, size_t *len,
			   uint8_t *hidden, bool *lasts, struct err_info *e)
{
	const char *record;
	enum err rc;

	if ((i < 0 || i >= s->known) && (rc = strings_await(s, i, e)))
		return rc;
	if (i < 0 || i >= s->known)
		return sheet_fail_broken(e, s->what, "单元格引用的共享文字不存在");
	if (!s->from_file)
		record = s->memory + get_place(s, i);
	else if ((rc = find_in_file(s, i, &record, e)))
		return rc;
	*text = record + STRINGS_LENGTH;
	*len = length_at(record, hidden);
	*lasts = !s->from_file;
	return ERR_OK;
}
