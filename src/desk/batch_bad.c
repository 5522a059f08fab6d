/* batch_bad.c - the orders that are bad as a workbook to mend and read again: their rows are taken
 * from the file once more, so that they stand there as they stood, with the reason. */
#include <stdlib.h>
#include <string.h>

#include "desk/batch_join_p.h"

enum { NO_LINE = -2, HEAD_LINE = -1 };

/* A row of the file that belongs to a bad order. */
struct bad_row {
	uint32_t row, entry;
	int32_t line;  /* of the order; HEAD_LINE, NO_LINE */
	bool for_head; /* says what is wrong with the head, which has no row of its own here */
	uint8_t part;
	uint32_t sheet;
};
struct bad {
	struct join *j;
	struct bad_row *rows;
	size_t count, room;
	char *faults; /* of the entry at hand */
	size_t fault_room;
	uint32_t loaded; /* index + 1 of that entry */
	struct import_failures file;
	struct import_batch *batch;
};

/* ---- which rows ---- */

static void add_row(struct bad *b, const struct bad_row *row, const char *record)
{
	struct batch_record r = batch_record_of(record);
	const struct sheet_part *part = batch_source_part(b->j->source, r.part)->part;

	if (!part)
		return;
	if (b->count == b->room) {
		b->room = b->room ? b->room * 2 : 64;
		b->rows = mem_realloc(b->rows, b->room * sizeof(*b->rows));
	}
	b->rows[b->count] = *row;
	b->rows[b->count].row = r.row;
	b->rows[b->count].part = r.part;
	b->rows[b->count++].sheet = (uint32_t)part->top->sheet;
}

/* Without a row of the head its reason stands with the first row of each sheet. */
static enum err add_order(struct bad *b, size_t index, struct err_info *e)
{
	struct bad_row row = {.entry = (uint32_t)index, .line = HEAD_LINE};
	bool flat = batch_source_flat(b->j->source), told[BATCH_TABLES] = {false};
	struct order_records records;
	int32_t line = 0;
	size_t i;
	enum err r = join_load(b->j, &b->j->entries[index], &records, e);

	if (r)
		return r;
	if (records.head && !flat)
		add_row(b, &row, records.head);
	for (i = 0; i < records.count; i++) {
		enum batch_table t = batch_record_of(records.lines[i]).table;

		row.line = t == LINES ? line++ : NO_LINE;
		row.for_head = (flat || !records.head) && !told[t];
		told[t] = true;
		add_row(b, &row, records.lines[i]);
	}
	return ERR_OK;
}

static int in_order(const void *x, const void *y)
{
	const struct bad_row *a = x, *b = y;

	if (a->sheet != b->sheet)
		return a->sheet < b->sheet ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

/* ---- why ---- */

static enum err load_faults(struct bad *b, uint32_t entry, struct err_info *e)
{
	const struct entry *x = &b->j->entries[entry];

	if (b->loaded == entry + 1)
		return ERR_OK;
	if (x->fault_size > b->fault_room) {
		b->fault_room = 2 * (size_t)x->fault_size;
		b->faults = mem_realloc(b->faults, b->fault_room);
	}
	b->loaded = entry + 1;
	return spool_get(&b->j->faults, SPOOL_HEADS, x->faults, x->fault_size, b->faults, e);
}

/* Adds what is wrong with a line, or with the head; returns whether others have faults. */
static bool add_texts(const struct bad *b, const struct entry *x, int32_t line,
		      char out[SHEET_REASON])
{
	bool others = false;
	uint32_t mark[2];
	size_t at;

	for (at = 0; at < x->fault_size; at += sizeof(mark) + mark[1]) {
		memcpy(mark, b->faults + at, sizeof(mark));
		if ((int32_t)mark[0] - 1 == line)
			sheet_reason_add(out, b->faults + at + sizeof(mark));
		else
			others = true;
	}
	return others;
}

static enum err say_why(struct bad *b, const struct bad_row *row, char out[SHEET_REASON],
			struct err_info *e)
{
	const struct entry *x = &b->j->entries[row->entry];
	bool others;
	enum err r = load_faults(b, row->entry, e);

	*out = 0;
	if (r)
		return r;
	if (row->for_head)
		add_texts(b, x, HEAD_LINE, out);
	if (row->line == NO_LINE)
		return ERR_OK;
	others = add_texts(b, x, row->line, out);
	if (row->line == HEAD_LINE && !*out && others)
		text_copy(out, SHEET_REASON, "明细有问题，见明细表");
	return ERR_OK;
}

/* ---- writing ---- */

static enum err write_row(struct bad *b, const struct bad_row *row, const struct sheet_row *from,
			  struct err_info *e)
{
	const struct batch_part *part = batch_source_part(b->j->source, row->part);
	struct import_row out = {.number = from->number, .part = part->part};
	char why[SHEET_REASON];
	enum err r = say_why(b, row, why, e);

	if (r)
		return r;
	import_batch_empty(b->batch);
	import_copy_raw(b->batch, from, &out);
	out.fault = why;
	return import_failures_add(&b->file, batch_table(part->table), &out, e);
}

/* The sheet of a part with its rows among those that are bad, maybe none. */
static enum err write_sheet(struct bad *b, unsigned part, struct err_info *e)
{
	const struct batch_part *p = batch_source_part(b->j->source, part);
	struct sheet_reader *reader = batch_source_reader(b->j->source);
	struct bad_row key = {.sheet = (uint32_t)p->part->top->sheet};
	const struct bad_row *found;
	struct sheet_row row;
	bool end = false;
	enum err r = import_failures_sheet(&b->file, batch_table(p->table), p->part, e);

	if (!r)
		r = sheet_select(reader, key.sheet, e);
	while (!r && !(r = sheet_next(reader, &row, &end, e)) && !end) {
		key.row = (uint32_t)row.number;
		found = bsearch(&key, b->rows, b->count, sizeof(key), in_order);
		if (found && found->part == part)
			r = write_row(b, found, &row, e);
	}
	return r;
}

static size_t sheet_of(const struct bad *b, unsigned part)
{
	return batch_source_part(b->j->source, part)->part->top->sheet;
}

/* All sheets in the order they have in the file. */
static enum err write_all(struct bad *b, struct err_info *e)
{
	size_t parts = batch_source_parts(b->j->source), sheet = 0, next, i;
	enum err r = ERR_OK;

	qsort(b->rows, b->count, sizeof(*b->rows), in_order);
	for (; !r && sheet != SIZE_MAX; sheet = next) {
		next = SIZE_MAX;
		for (i = 0; !r && i < parts; i++) {
			if (sheet_of(b, (unsigned)i) == sheet)
				r = write_sheet(b, (unsigned)i, e);
			else if (sheet_of(b, (unsigned)i) > sheet &&
				 sheet_of(b, (unsigned)i) < next)
				next = sheet_of(b, (unsigned)i);
		}
	}
	return r ? r : import_failures_end(&b->file, e);
}

static enum err write_bad(struct bad *b, struct err_info *e)
{
	size_t i;
	enum err r = ERR_OK;

	for (i = 0; i < b->j->count && !r; i++) {
		if (b->j->entries[i].bad)
			r = add_order(b, i, e);
	}
	b->batch = mem_zalloc(sizeof(*b->batch));
	if (!r && b->count)
		r = write_all(b, e);
	if (!r && b->count)
		text_copy(b->j->g->report->failures, sizeof(b->j->g->report->failures),
			  b->file.path);
	import_failures_drop(&b->file);
	import_batch_free(b->batch);
	free(b->faults);
	free(b->rows);
	return r;
}

enum err join_write_failures(struct join *j, struct err_info *e)
{
	const struct batch_options *o = j->g->options;
	const struct import_options names = {.file = o->file, .failures = o->failures};
	struct bad b = {.j = j};
	enum err r;

	if (o->failures && !*o->failures)
		return ERR_OK;
	if ((r = import_failures_init(&b.file, &names, j->g->s->home, e)))
		return r;
	if (!j->g->batch.counts[ORDER_BAD]) {
		import_failures_clean(&b.file);
		return ERR_OK;
	}
	return write_bad(&b, e);
}
