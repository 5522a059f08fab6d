/* batch_make.c - an order from its records, and what is wrong with it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_join_p.h"

static const char *sheet_of(const struct join *j, unsigned part)
{
	const struct batch_part *p = batch_source_part(j->source, part);

	return p->part ? p->part->name : "";
}

static void say(struct staged *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct staged *o, const char *fmt, ...)
{
	char text[SHEET_REASON];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[text_whole(text, strlen(text))] = 0;
	order_fault_add(&o->faults, -1, -1, false, text);
}

/* What only all the sheets together tell. */
static void check_whole(const struct join *j, const struct entry *x, struct staged *o)
{
	const struct sheet_table *heads = batch_table(HEADS);

	if (x->head < 0 && !batch_source_flat(j->source))
		say(o, "“%s”里没有流水号%s%s，请补上基本信息或改正流水号", heads->title,
		    *(j->names + x->name) ? " " : "为空的发票", j->names + x->name);
	/* Lines go to the first of a number. */
	if (x->head >= 0 && x->known && !x->lines)
		say(o, "“%s”里没有它的明细，请补上或删去这一行", batch_table(LINES)->title);
	if (x->lines > TAX_LINES_MAX)
		say(o, "有 %u 行明细，最多 %d 行，请拆成几张", x->lines, TAX_LINES_MAX);
	if (x->differs)
		say(o, "%s：第 %u 行与同一流水号的前面各行不同，请改成一样",
		    heads->columns[x->differs - 1].title, x->other);
	else if (x->other)
		say(o, "发票流水号：与第 %u 行相同，同一流水号只开一张，请改正其中一个",
		    j->entries[x->other - 1].row);
	o->beyond = x->special;
	if (x->special)
		say(o,
		    "“%s”第 %u 行填了它的特定业务信息，本程序还不支持特定业务，"
		    "请清空或到电子税务局开具",
		    batch_table(SPECIAL)->title, x->special);
}

static void copy_value(const char *record, int column, char *out, size_t size)
{
	const char *text;
	struct batch_value v;
	struct batch_walk w;

	*out = 0;
	batch_walk_begin(&w, record);
	while (batch_walk_next(&w, &v, &text)) {
		if (v.column != column)
			continue;
		text_copy(out, size, text);
		return;
	}
}

/* Lines and extras stand in their order: the n-th of the lines. */
static const char *line_record(const struct order_records *records, int line)
{
	size_t i;
	int n = 0;

	for (i = 0; i < records->count; i++) {
		if (batch_record_of(records->lines[i]).table == LINES && n++ == line)
			return records->lines[i];
	}
	return NULL;
}

/* An order with where its records are. */
struct made {
	const struct join *j;
	const struct order_records *records;
	const struct staged *o;
};

/* The record that a line (-1: the head) was read from, NULL: there is none. */
static const char *record_of(const struct order_records *records, int line)
{
	return line < 0 ? records->head : line_record(records, line);
}

static void put_place(const struct made *m, int line, struct batch_fault *f)
{
	const char *record = record_of(m->records, line);
	unsigned part = m->j->entries[m->o->seq - 1].part;

	f->row = m->o->row;
	if (record) {
		struct batch_record r = batch_record_of(record);

		f->row = r.row;
		part = r.part;
	}
	text_copy(f->sheet, sizeof(f->sheet), sheet_of(m->j, part));
}

static void tell_place(const void *arg, int line, char out[IMPORT_PLACE])
{
	struct batch_fault f = {.row = 0};

	put_place(arg, line, &f);
	batch_fault_place(&f, out);
}

static void note_fault(struct join *j, const struct made *m, const struct order_fault *at)
{
	const struct staged *o = m->o;
	const char *record = record_of(m->records, at->line);
	const struct sheet_table *t = batch_table(at->line < 0 ? HEADS : LINES);
	struct batch_fault f = {.seq = o->seq, .warning = at->warning};

	put_place(m, at->line, &f);
	text_copy(f.order_no, sizeof(f.order_no), o->invoice.order_no);
	if (at->column >= 0 && record) {
		text_copy(f.column, sizeof(f.column), t->columns[at->column].title);
		copy_value(record, at->column, f.value, sizeof(f.value));
	}
	text_copy(f.text, sizeof(f.text), at->text);
	batch_note(j->g->report, &f);
}

/* Faults as they go into the workbook of failures: line + 1, bytes, text. */
static enum err keep_faults(struct join *j, struct entry *x, const struct staged *o,
			    struct err_info *e)
{
	struct buf all;
	size_t i;
	enum err r;

	buf_init(&all, 1 << 20);
	for (i = 0; i < o->faults.count; i++) {
		const struct order_fault *f = &o->faults.all[i];
		uint32_t mark[2] = {(uint32_t)(f->line + 1), (uint32_t)strlen(f->text) + 1};

		if (f->warning || all.len + mark[1] + sizeof(mark) > (1 << 16))
			continue;
		buf_add(&all, mark, sizeof(mark));
		buf_add(&all, f->text, mark[1]);
	}
	x->fault_size = (uint32_t)all.len;
	r = spool_add(&j->faults, buf_str(&all), all.len, &x->faults, e);
	buf_free(&all);
	return r;
}

enum err join_make_order(struct join *j, size_t index, struct err_info *e)
{
	struct entry *x = &j->entries[index];
	struct staged o = {.seq = (int64_t)index + 1, .row = x->row, .replaces = x->stored};
	struct order_records records;
	const struct made m = {j, &records, &o};
	size_t i;
	enum err r = join_load(j, x, &records, e);

	if (r)
		return r;
	o.place = tell_place;
	o.place_arg = &m;
	invoice_init(&o.invoice);
	mem_set(&o.invoice.order_no, j->names + x->name);
	check_whole(j, x, &o);
	order_build(&records, j->g, &o);
	if (!(r = stage_order(j->g, &o, e))) {
		x->stored = true;
		x->late = false;
		x->bad = o.faults.errors > 0;
		for (i = 0; i < o.faults.count; i++)
			note_fault(j, &m, &o.faults.all[i]);
		if (x->bad)
			r = keep_faults(j, x, &o, e);
	}
	invoice_free(&o.invoice);
	free(o.faults.all);
	return r;
}
