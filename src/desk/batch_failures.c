/* batch_failures.c - bad orders as a workbook to mend and read again: the sheets and columns of the
 * file, its cells as they were, and the reason. */
#include <stdio.h>
#include <string.h>

#include "desk/batch_p.h"

enum { REASON_WIDTH = 60 };

enum err batch_failures_init(struct batch_failures *f, const struct batch_options *o,
			     const struct batch_source *source, const char *home,
			     struct err_info *e)
{
	const struct import_options names = {.file = o->file, .failures = o->failures};
	enum err r;

	memset(f, 0, sizeof(*f));
	f->source = source;
	f->off = o->failures && !*o->failures;
	f->names = names;
	if (f->off)
		return ERR_OK;
	r = import_failures_init(&f->file, &f->names, home, e);
	return r;
}

/* Columns of a table that a part of the file has, by their keys: a flat one has those of two. */
static void mark_columns(const struct batch_part *p, enum batch_table t, bool out[SHEET_COLUMNS])
{
	const struct sheet_table *from = batch_table(p->table), *to = batch_table(t);
	size_t i;
	int column;

	if (p->table != t && p->table != FLAT)
		return;
	for (i = 0; i < from->count; i++) {
		column = sheet_column(to, from->columns[i].key);
		if (column >= 0 && p->part->present[i])
			out[column] = true;
	}
}

static const char *sheet_title(const struct batch_failures *f, enum batch_table t)
{
	size_t i;

	for (i = 0; i < batch_source_parts(f->source); i++) {
		const struct batch_part *p = batch_source_part(f->source, (unsigned)i);

		if (p->table == t && *p->part->name)
			return p->part->name;
	}
	return batch_table(t)->title;
}

static enum err begin_sheet(struct batch_failures *f, enum batch_table t, struct err_info *e)
{
	const struct sheet_table *table = batch_table(t);
	struct sheet_head heads[SHEET_COLUMNS + 1], all[SHEET_COLUMNS];
	size_t i;

	memset(f->present, 0, sizeof(f->present));
	for (i = 0; i < batch_source_parts(f->source); i++)
		mark_columns(batch_source_part(f->source, (unsigned)i), t, f->present);
	sheet_table_heads(table, all);
	f->width = 0;
	for (i = 0; i < table->count; i++) {
		if (f->present[i])
			heads[f->width++] = all[i];
	}
	heads[f->width] = (struct sheet_head) {.title = IMPORT_REASON_HEAD, .width = REASON_WIDTH};
	f->now = t;
	if (f->file.writer)
		return sheet_write_sheet(f->file.writer, sheet_title(f, t), heads, f->width + 1, e);
	f->any = true;
	return import_failures_begin(&f->file, sheet_title(f, t), heads, f->width + 1, e);
}

/* Some cells would say another thing if they were written as they are kept: a number that lost
 * digits would look whole, and of a rate of zero only a word tells what it is. */
static const char *cell_text(const struct batch_failures *f, const struct batch_record *r,
			     const struct batch_value *v, const char *value,
			     char room[SHEET_REASON])
{
	static const char *const UNTAXED[] = {[3] = "免税", [4] = "不征税"};

	if (v->form == VALUE_LOST) {
		snprintf(room, SHEET_REASON, "%.200s" SHEET_LOST_MARK, value);
		return room;
	}
	if (r->untaxed && !strcmp(batch_table(f->now)->columns[v->column].key, "tax_rate"))
		return UNTAXED[r->untaxed];
	return value;
}

enum err batch_failures_add(struct batch_failures *f, enum batch_table t, const char *record,
			    const char *text, struct err_info *e)
{
	const char *values[SHEET_COLUMNS] = {NULL}, *cells[SHEET_COLUMNS + 1];
	struct batch_record kept = batch_record_of(record);
	char room[SHEET_COLUMNS][SHEET_REASON];
	struct batch_value v;
	struct batch_walk w;
	const char *value;
	size_t i, n = 0;
	enum err r;

	if (f->off)
		return ERR_OK;
	if ((!f->any || f->now != t) && (r = begin_sheet(f, t, e)))
		return r;
	batch_walk_begin(&w, record);
	while (batch_walk_next(&w, &v, &value))
		values[v.column] = cell_text(f, &kept, &v, value, room[v.column]);
	for (i = 0; i < SHEET_COLUMNS; i++) {
		if (f->present[i])
			cells[n++] = values[i];
	}
	cells[n] = text;
	return sheet_write_row(f->file.writer, cells, e);
}

enum err batch_failures_end(struct batch_failures *f, struct err_info *e)
{
	return f->off ? ERR_OK : import_failures_end(&f->file, e);
}

void batch_failures_drop(struct batch_failures *f)
{
	import_failures_drop(&f->file);
}

void batch_failures_clean(const struct batch_failures *f)
{
	if (!f->off)
		import_failures_clean(&f->file);
}
