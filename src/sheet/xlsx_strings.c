/* Shared strings.
 *
 * A record is its length (4 bytes), its bytes and a NUL, in memory and in the file.  In memory the
 * records grow from the bottom of one mapping and their places from its top; where the two meet,
 * the records go to the file and the mapping becomes the buffer of what follows.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "sheet/cell_p.h"
#include "sheet/read.h"
#include "sheet/strings_p.h"
#include "sheet/xml_p.h"

enum {
	BLOCK = 64,                   /* strings between two known places */
	LENGTH = 4,                   /* bytes of a length, and of a place in memory */
	RAW_MAX = 7 * SHEET_TEXT_MAX, /* of one text, as every character may be an escape */
	SLOTS = 256,
	CACHE_MAX = 6 << 20,
	SINGLE_MAX = LENGTH + 4 * SHEET_TEXT_MAX + 1, /* the longest record */
};
#define COUNT_MAX (INT64_C(64) << 20)

size_t sheet_strings_limit = 32 << 20;

struct slot {
	int64_t block; /* -1: empty */
	char *data;
	size_t size;
	uint32_t places[BLOCK];
	unsigned count;
};
struct sheet_strings {
	const char *what;
	int64_t count;
	char *memory;
	size_t limit, used;
	int fd; /* -1 until they are spilled */
	int64_t flushed;
	int64_t *blocks; /* places in the file; the last is its end */
	size_t block_count, block_room;
	struct slot *slots;
	size_t cached;
};

/* The text at work while the part is read. */
struct loader {
	struct sheet_strings *strings;
	struct sheet_xml *xml;
	struct buf text;
	bool in_text;
	unsigned phonetic;
};

/* ---- writing ---- */

static void put_place(struct sheet_strings *s, int64_t i, uint32_t place)
{
	memcpy(s->memory + s->limit - LENGTH * ((size_t)i + 1), &place, LENGTH);
}

static uint32_t get_place(const struct sheet_strings *s, int64_t i)
{
	uint32_t place;

	memcpy(&place, s->memory + s->limit - LENGTH * ((size_t)i + 1), LENGTH);
	return place;
}

static void add_block(struct sheet_strings *s, int64_t place)
{
	if (s->block_count == s->block_room) {
		s->block_room = s->block_room ? s->block_room * 2 : 1024;
		s->blocks = mem_realloc(s->blocks, s->block_room * sizeof(*s->blocks));
	}
	s->blocks[s->block_count++] = place;
}

static enum err flush(struct sheet_strings *s, struct err_info *e)
{
	enum err rc = file_scratch_add(s->fd, s->memory, s->used, e);

	s->flushed += (int64_t)s->used;
	s->used = 0;
	return rc;
}

static enum err spill(struct sheet_strings *s, struct err_info *e)
{
	enum err rc = file_scratch(&s->fd, e);
	int64_t i;

	if (rc)
		return rc;
	for (i = 0; i < s->count; i += BLOCK)
		add_block(s, get_place(s, i));
	return flush(s, e);
}

static enum err add(struct sheet_strings *s, const char *text, size_t len, struct err_info *e)
{
	size_t need = LENGTH + len + 1;
	uint32_t length = (uint32_t)len;
	enum err rc = ERR_OK;

	if (s->count == COUNT_MAX)
		return sheet_fail_hostile(e, s->what, "共享文字过多");
	if (s->fd < 0 && s->used + need + LENGTH * ((size_t)s->count + 1) > s->limit)
		rc = spill(s, e);
	else if (s->fd >= 0 && s->used + need > s->limit)
		rc = flush(s, e);
	if (rc)
		return rc;
	if (s->fd < 0)
		put_place(s, s->count, (uint32_t)s->used);
	else if (s->count % BLOCK == 0)
		add_block(s, s->flushed + (int64_t)s->used);
	memcpy(s->memory + s->used, &length, LENGTH);
	memcpy(s->memory + s->used + LENGTH, text, len);
	s->memory[s->used + LENGTH + len] = 0;
	s->used += need;
	s->count++;
	return ERR_OK;
}

/* After the last string: what is spilled needs no mapping any more. */
static enum err settle(struct sheet_strings *s, struct err_info *e)
{
	enum err rc;
	size_t i;

	if (s->fd < 0)
		return ERR_OK;
	rc = flush(s, e);
	add_block(s, s->flushed);
	munmap(s->memory, s->limit);
	s->memory = NULL;
	s->slots = mem_zalloc(SLOTS * sizeof(*s->slots));
	for (i = 0; i < SLOTS; i++)
		s->slots[i].block = -1;
	return rc;
}

/* ---- the part: <si> with <t>, or with <r><t> runs; <rPh> is how it is pronounced ---- */

static void on_start(void *user, const char *name, const char **attributes)
{
	struct loader *l = ((struct sheet_xml *)user)->user;

	(void)attributes;
	name = sheet_xml_local(name);
	if (!strcmp(name, "t"))
		l->in_text = !l->phonetic;
	else if (!strcmp(name, "si"))
		l->text.len = 0;
	else if (!strcmp(name, "rPh"))
		l->phonetic++;
}

static void on_end(void *user, const char *name)
{
	struct sheet_xml *x = user;
	struct loader *l = x->user;
	enum err rc;
	size_t n;

	name = sheet_xml_local(name);
	if (!strcmp(name, "t")) {
		l->in_text = false;
	} else if (!strcmp(name, "rPh")) {
		l->phonetic -= l->phonetic > 0;
	} else if (!strcmp(name, "si") && !x->fault) {
		buf_add(&l->text, "", 0);
		n = sheet_text_clean(l->text.data, l->text.len, true);
		rc = add(l->strings, l->text.data, n, x->e);
		if (rc)
			sheet_xml_refuse(x, rc);
	}
}

static void on_text(void *user, const char *s, int n)
{
	struct loader *l = ((struct sheet_xml *)user)->user;

	/* What passes the longest cell is cut anyway. */
	if (l->in_text && l->text.len + (size_t)n <= RAW_MAX)
		buf_add(&l->text, s, (size_t)n);
}

static const struct sheet_xml_ops OPS = {.start = on_start, .end = on_end, .text = on_text};

enum err sheet_strings_load(struct sheet_zip *z, int64_t part, struct sheet_strings **out,
			    struct err_info *e)
{
	struct sheet_strings *s = mem_zalloc(sizeof(*s));
	struct loader l = {.strings = s};
	enum err rc = ERR_OK;

	s->what = sheet_zip_what(z);
	s->fd = -1;
	s->limit =
	    sheet_strings_limit > SINGLE_MAX + LENGTH ? sheet_strings_limit : SINGLE_MAX + LENGTH;
	s->memory =
	    mmap(NULL, s->limit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->memory == MAP_FAILED) {
		s->memory = NULL;
		sheet_strings_free(&s);
		return err_fail(e, ERR_DAMAGED, "memory", "读取工作簿", "内存不足");
	}
	buf_init(&l.text, RAW_MAX + 1);
	if (part >= 0)
		rc = sheet_xml_whole(z, part, &OPS, &l, e);
	buf_free(&l.text);
	if (!rc)
		rc = settle(s, e);
	if (rc) {
		sheet_strings_free(&s);
		return rc;
	}
	*out = s;
	return ERR_OK;
}

void sheet_strings_free(struct sheet_strings **sp)
{
	struct sheet_strings *s = *sp;
	size_t i;

	if (!s)
		return;
	for (i = 0; s->slots && i < SLOTS; i++)
		free(s->slots[i].data);
	free(s->slots);
	free(s->blocks);
	if (s->memory)
		munmap(s->memory, s->limit);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
	*sp = NULL;
}

bool sheet_strings_spilled(const struct sheet_strings *s)
{
	return s->fd >= 0;
}

int64_t sheet_strings_count(const struct sheet_strings *s)
{
	return s->count;
}

/* ---- reading ---- */

static void empty_slot(struct sheet_strings *s, struct slot *t)
{
	s->cached -= t->size;
	free(t->data);
	*t = (struct slot) {.block = -1};
}

/* Brings a block into its slot. */
static enum err fill_slot(struct sheet_strings *s, struct slot *t, int64_t block,
			  struct err_info *e)
{
	int64_t from = s->blocks[block], at = 0, i;
	size_t size = (size_t)(s->blocks[block + 1] - from);
	uint32_t length;

	empty_slot(s, t);
	for (i = 0; i < SLOTS && s->cached + size > CACHE_MAX; i++)
		empty_slot(s, &s->slots[i]);
	t->data = mem_alloc(size);
	t->size = size;
	s->cached += size;
	if (file_read_at(s->fd, t->data, size, from) != (ssize_t)size)
		return err_fail(e, ERR_DAMAGED, "file.short", "临时文件", "读不出来");
	for (i = 0; at < (int64_t)size && i < BLOCK; i++) {
		t->places[i] = (uint32_t)at;
		memcpy(&length, t->data + at, LENGTH);
		at += LENGTH + (int64_t)length + 1;
	}
	t->count = (unsigned)i;
	t->block = block;
	return ERR_OK;
}

enum err sheet_strings_get(struct sheet_strings *s, int64_t i, const char **text, size_t *len,
			   struct err_info *e)
{
	const char *record;
	struct slot *t;
	uint32_t length;
	enum err rc;

	if (i < 0 || i >= s->count)
		return sheet_fail_broken(e, s->what, "单元格引用的共享文字不存在");
	if (s->fd < 0) {
		record = s->memory + get_place(s, i);
	} else {
		t = &s->slots[i / BLOCK % SLOTS];
		if (t->block != i / BLOCK) {
			rc = fill_slot(s, t, i / BLOCK, e);
			if (rc)
				return rc;
		}
		record = t->data + t->places[i % BLOCK];
	}
	memcpy(&length, record, LENGTH);
	*text = record + LENGTH;
	*len = length;
	return ERR_OK;
}
