/* batch_join.c - which records belong together: heads first, then what names them.
 *
 * In a sheet of lines those of an order mostly follow each other: the order is made when the first
 * line of another one comes.  One whose lines go on later is made again at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/batch_join_p.h"

/* The lines of an order have gone by.  What needs to know all sheets waits for the end. */
static enum err finish_now(struct join *j, struct err_info *e)
{
	struct entry *x = j->now ? &j->entries[j->now - 1] : NULL;
	size_t index = j->now - 1;

	j->now = JOIN_NONE;
	if (!x || x->head < 0 || x->differs)
		return ERR_OK;
	if (x->stored) {
		x->late = true;
		return ERR_OK;
	}
	return join_make_order(j, index, e);
}

static enum err finish_all(struct join *j, struct err_info *e)
{
	enum err r = finish_now(j, e);
	size_t i;

	for (i = 0; i < j->count && !r; i++) {
		j->g->report->stray += j->entries[i].head < 0;
		if (!j->entries[i].stored || j->entries[i].late)
			r = join_make_order(j, i, e);
	}
	return r;
}

/* ---- records ---- */

static const char *number_of(const char *record)
{
	const char *text;
	struct batch_value v;
	struct batch_walk w;

	batch_walk_begin(&w, record);
	while (batch_walk_next(&w, &v, &text)) {
		if (v.column == 0)
			return v.form == VALUE_GOOD ? text : "";
	}
	return "";
}

/* A row of a flat table must say of the head what the first one said. */
static enum err compare_head(struct join *j, size_t index, const char *record, struct err_info *e)
{
	struct entry *x = &j->entries[index];
	struct batch_record r = batch_record_of(record);
	struct batch_value a, b;
	struct batch_walk now, first;
	const char *text, *known;
	size_t used;
	enum err rc = join_load_head(j, x, &used, e);

	batch_walk_begin(&now, record);
	while (!rc && !x->differs && batch_walk_next(&now, &a, &text)) {
		bool found = false;

		batch_walk_begin(&first, j->bytes);
		while (!found && batch_walk_next(&first, &b, &known))
			found = b.column == a.column && b.n == a.n && !memcmp(known, text, a.n);
		if (found)
			continue;
		x->differs = (uint8_t)(a.column + 1);
		x->other = r.row;
		x->late = x->stored;
	}
	return rc;
}

static enum err take_head(struct join *j, const char *record, struct err_info *e)
{
	struct batch_record r = batch_record_of(record);
	const char *name = number_of(record);
	size_t twin = *name ? join_find(j, name, join_hash(name)) : JOIN_NONE, index;
	enum err rc;

	if (twin && r.followed)
		return compare_head(j, twin - 1, record, e);
	if (r.followed && !*name)
		return ERR_OK; /* the line says that it has no number */
	if ((rc = join_add_entry(j, name, &r, *name && !twin, &index, e)))
		return rc;
	j->entries[index].head_size = r.size;
	if (twin) {
		j->entries[index].other = (uint32_t)twin;
		j->entries[twin - 1].other = (uint32_t)index + 1;
	}
	return spool_add(&j->heads, record, r.size, &j->entries[index].head, e);
}

/* The order a record names; lines without a number are one that has none. */
static enum err owner_of(struct join *j, const char *record, size_t *index, struct err_info *e)
{
	struct batch_record r = batch_record_of(record);
	const char *name = number_of(record);
	size_t known = *name ? join_find(j, name, join_hash(name)) : j->nameless;
	enum err rc;

	if (known) {
		*index = known - 1;
		return ERR_OK;
	}
	rc = join_add_entry(j, name, &r, *name != 0, index, e);
	if (!rc && !*name)
		j->nameless = *index + 1;
	return rc;
}

static enum err take_part(struct join *j, const char *record, struct err_info *e)
{
	struct batch_record r = batch_record_of(record);
	int64_t place;
	size_t index;
	enum err rc;

	/* A number alone says nothing. */
	if (r.table == SPECIAL && r.count < 2 && !r.reason)
		return ERR_OK;
	if ((rc = owner_of(j, record, &index, e)))
		return rc;
	if (r.table == SPECIAL && !j->entries[index].special)
		j->entries[index].special = r.row;
	if (r.table == LINES && j->now != index + 1) {
		if ((rc = finish_now(j, e)))
			return rc;
		j->now = index + 1;
	}
	if ((rc = spool_add(&j->lines, record, r.size, &place, e)))
		return rc;
	join_add_run(j, &j->entries[index], place, r.size);
	j->entries[index].lines += r.table == LINES;
	return ERR_OK;
}

static enum err take_chunk(struct join *j, const char *bytes, size_t n, struct err_info *e)
{
	struct batch_record r;
	size_t at;
	enum err rc = ERR_OK;

	for (at = 0; at < n && !rc; at += r.size) {
		r = batch_record_of(bytes + at);
		rc = r.table == HEADS ? take_head(j, bytes + at, e) : take_part(j, bytes + at, e);
	}
	atomic_store(&j->g->progress->rows, (long long)j->count);
	crash_step("batch chunk");
	return rc;
}

/* ---- all ---- */

static enum err cancelled(const struct join *j, struct err_info *e)
{
	if (!atomic_load(&j->g->progress->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "batch.cancelled", "批量开票", "已取消，什么都没有保存");
}

static enum err take_all(struct join *j, struct err_info *e)
{
	const char *bytes;
	size_t n;
	enum err r;

	while (!(r = batch_source_next(j->source, &bytes, &n, e)) && bytes) {
		if ((r = cancelled(j, e)) || (r = take_chunk(j, bytes, n, e)))
			return r;
	}
	return r ? r : cancelled(j, e);
}

enum err batch_join_run(struct stage *g, struct batch_source *source, struct err_info *e)
{
	struct join j = {.g = g, .source = source};
	enum err r;

	spool_init(&j.heads);
	spool_init(&j.lines);
	spool_init(&j.faults);
	if (!(r = take_all(&j, e)) && !(r = finish_all(&j, e)))
		r = join_write_failures(&j, e);
	join_free(&j);
	return r;
}
