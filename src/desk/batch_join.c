/* batch_join.c - which records belong together: heads first, then what names them.
 *
 * In a sheet of lines those of an order mostly follow each other: the order is made when the first
 * line of another one comes.  One whose lines go on later is made again at the end.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"

enum { NONE = 0, FIRST_SLOTS = 1 << 12 };

/* Records that stand one behind the other. */
struct run {
	int64_t place;
	uint32_t bytes, count, next; /* next: index + 1 */
};
struct entry {
	uint64_t hash;
	int64_t head, faults; /* places; -1 none */
	uint32_t head_size, fault_size;
	uint32_t name;           /* in names */
	uint32_t row;            /* of its head, else of what first named it */
	uint32_t first, last;    /* runs: index + 1 */
	uint32_t lines, special; /* special: row of its 特定业务信息, 0 none */
	uint32_t other;          /* another with its number: index + 1; or row that differs */
	uint8_t part, differs;   /* differs: column + 1 of a flat row that says another thing */
	bool known, stored, late, bad; /* known: found under its name */
};
struct join {
	struct stage *g;
	struct batch_source *source;
	struct spool heads, lines, faults;
	struct entry *entries;
	size_t count, room;
	uint32_t *slots; /* index + 1 */
	size_t slot_count;
	char *names;
	size_t names_used, names_room;
	struct run *runs;
	size_t run_count, run_room;
	size_t now;      /* index + 1 of the order whose lines go by */
	size_t nameless; /* index + 1 of the one that has the lines without a number */
	/* Room for the records of one order. */
	char *bytes;
	size_t bytes_room;
	const char **records;
	size_t records_room;
};

/* ---- entries ---- */

static uint64_t hash_of(const char *s)
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
static size_t find(const struct join *j, const char *name, uint64_t hash)
{
	size_t at;

	if (!j->slot_count)
		return NONE;
	at = hash & (j->slot_count - 1);
	for (; j->slots[at]; at = (at + 1) & (j->slot_count - 1)) {
		const struct entry *x = &j->entries[j->slots[at] - 1];

		if (x->hash == hash && !strcmp(j->names + x->name, name))
			return j->slots[at];
	}
	return NONE;
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
static enum err add_entry(struct join *j, const char *name, const struct batch_record *r,
			  bool known, size_t *index, struct err_info *e)
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
	*x = (struct entry) {.hash = hash_of(name),
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

static void add_run(struct join *j, struct entry *x, int64_t place, uint32_t size)
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

static enum err load_head(struct join *j, const struct entry *x, size_t *used, struct err_info *e)
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
static enum err load(struct join *j, const struct entry *x, struct order_records *out,
		     struct err_info *e)
{
	size_t used, count = 0;
	enum err r = load_head(j, x, &used, e);

	if (!r && x->lines <= TAX_LINES_MAX)
		r = load_runs(j, x, used, &count, e);
	out->head = used ? j->bytes : NULL;
	out->lines = j->records;
	out->count = count;
	return r;
}

/* ---- an order ---- */

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
	if (x->head >= 0 && !x->lines)
		say(o, "“%s”里没有它的明细，请补上或删去这一行", batch_table(LINES)->title);
	if (x->lines > TAX_LINES_MAX)
		say(o, "有 %u 行明细，最多 %d 行，请拆成几张", x->lines, TAX_LINES_MAX);
	if (x->differs)
		say(o, "%s：第 %u 行与同一流水号的前面各行不同，请改成一样",
		    heads->columns[x->differs - 1].title, x->other);
	else if (x->other)
		say(o, "发票流水号：与第 %u 行相同，同一流水号只开一张，请改正其中一个",
		    j->entries[x->other - 1].row);
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

static void note_fault(struct join *j, const struct order_records *records, const struct staged *o,
		       const struct order_fault *at)
{
	const char *record = at->line < 0 ? records->head : line_record(records, at->line);
	const struct sheet_table *t = batch_table(at->line < 0 ? HEADS : LINES);
	struct batch_fault f = {.seq = o->seq, .row = o->row, .warning = at->warning};

	if (record) {
		struct batch_record r = batch_record_of(record);

		f.row = r.row;
		text_copy(f.sheet, sizeof(f.sheet), sheet_of(j, r.part));
	} else {
		text_copy(f.sheet, sizeof(f.sheet), sheet_of(j, j->entries[o->seq - 1].part));
	}
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

static enum err make_order(struct join *j, size_t index, struct err_info *e)
{
	struct entry *x = &j->entries[index];
	struct staged o = {.seq = (int64_t)index + 1, .row = x->row, .replaces = x->stored};
	struct order_records records;
	size_t i;
	enum err r = load(j, x, &records, e);

	if (r)
		return r;
	invoice_init(&o.invoice);
	mem_set(&o.invoice.order_no, j->names + x->name);
	check_whole(j, x, &o);
	order_build(&records, j->g, &o);
	if (!(r = stage_order(j->g, &o, e))) {
		x->stored = true;
		x->late = false;
		x->bad = o.faults.errors > 0;
		for (i = 0; i < o.faults.count; i++)
			note_fault(j, &records, &o, &o.faults.all[i]);
		if (x->bad)
			r = keep_faults(j, x, &o, e);
	}
	invoice_free(&o.invoice);
	free(o.faults.all);
	return r;
}

/* The lines of an order have gone by.  What needs to know all sheets waits for the end. */
static enum err finish_now(struct join *j, struct err_info *e)
{
	struct entry *x = j->now ? &j->entries[j->now - 1] : NULL;
	size_t index = j->now - 1;

	j->now = NONE;
	if (!x || x->head < 0 || x->differs)
		return ERR_OK;
	if (x->stored) {
		x->late = true;
		return ERR_OK;
	}
	return make_order(j, index, e);
}

static enum err finish_all(struct join *j, struct err_info *e)
{
	enum err r = finish_now(j, e);
	size_t i;

	for (i = 0; i < j->count && !r; i++) {
		if (!j->entries[i].stored || j->entries[i].late)
			r = make_order(j, i, e);
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
	enum err rc = load_head(j, x, &used, e);

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
	size_t twin = *name ? find(j, name, hash_of(name)) : NONE, index;
	enum err rc;

	if (twin && r.followed)
		return compare_head(j, twin - 1, record, e);
	if (r.followed && !*name)
		return ERR_OK; /* the line says that it has no number */
	if ((rc = add_entry(j, name, &r, *name && !twin, &index, e)))
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
	size_t known = *name ? find(j, name, hash_of(name)) : j->nameless;
	enum err rc;

	if (known) {
		*index = known - 1;
		return ERR_OK;
	}
	rc = add_entry(j, name, &r, *name != 0, index, e);
	if (!rc && !*name)
		j->nameless = *index + 1;
	return rc;
}

static enum err take_part(struct join *j, const char *record, struct err_info *e)
{
	struct batch_record r = batch_record_of(record);
	int64_t place;
	size_t index;
	enum err rc = owner_of(j, record, &index, e);

	if (rc)
		return rc;
	if (r.table == SPECIAL) {
		/* A number alone says nothing. */
		if (r.count > 1 && !j->entries[index].special)
			j->entries[index].special = r.row;
		return ERR_OK;
	}
	if (r.table == LINES && j->now != index + 1) {
		if ((rc = finish_now(j, e)))
			return rc;
		j->now = index + 1;
	}
	if ((rc = spool_add(&j->lines, record, r.size, &place, e)))
		return rc;
	add_run(j, &j->entries[index], place, r.size);
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

/* ---- bad orders as a workbook ---- */

/* What is wrong with the head (line -1), or with one line, joined; of a head also that there are
 * faults in its lines. */
static void join_texts(const char *faults, size_t n, int line, char out[SHEET_REASON])
{
	size_t at = 0;
	bool others = false;

	*out = 0;
	while (at < n) {
		uint32_t mark[2];

		memcpy(mark, faults + at, sizeof(mark));
		if ((int)mark[0] - 1 == line)
			sheet_reason_add(out, faults + at + sizeof(mark));
		others |= (int)mark[0] - 1 != line;
		at += sizeof(mark) + mark[1];
	}
	if (line < 0 && !*out && others)
		text_copy(out, SHEET_REASON, "明细有问题，见明细表");
}

static enum err put_lines(struct batch_failures *f, const struct order_records *records,
			  const char *faults, size_t n, enum batch_table t, struct err_info *e)
{
	char text[SHEET_REASON];
	size_t i;
	int line = 0;
	enum err r = ERR_OK;

	for (i = 0; i < records->count && !r; i++) {
		enum batch_table table = batch_record_of(records->lines[i]).table;

		*text = 0;
		/* Without a head its reason stands with the first line. */
		if (table == LINES && !records->head && !line)
			join_texts(faults, n, -1, text);
		if (table == LINES && (records->head || line || !*text))
			join_texts(faults, n, line, text);
		line += table == LINES;
		if (table == t)
			r = batch_failures_add(f, t, records->lines[i], text, e);
	}
	return r;
}

static enum err put_failed(struct join *j, struct batch_failures *f, const struct entry *x,
			   enum batch_table t, struct err_info *e)
{
	struct order_records records;
	char *faults = mem_alloc((size_t)x->fault_size + 1), text[SHEET_REASON];
	enum err r = spool_get(&j->faults, SPOOL_HEADS, x->faults, x->fault_size, faults, e);

	if (!r)
		r = load(j, x, &records, e);
	if (!r && t == HEADS && records.head) {
		join_texts(faults, x->fault_size, -1, text);
		r = batch_failures_add(f, t, records.head, text, e);
	} else if (!r && t != HEADS) {
		r = put_lines(f, &records, faults, x->fault_size, t, e);
	}
	free(faults);
	return r;
}

static enum err write_failures(struct join *j, struct err_info *e)
{
	static const enum batch_table ORDER[] = {HEADS, LINES, EXTRAS};
	struct batch_failures f;
	size_t t, i;
	enum err r = batch_failures_init(&f, j->g->options, j->source, j->g->s->home, e);

	if (r)
		return r;
	if (!j->g->batch.counts[ORDER_BAD])
		batch_failures_clean(&f);
	for (t = 0; t < sizeof(ORDER) / sizeof(ORDER[0]); t++) {
		for (i = 0; i < j->count && !r; i++) {
			if (j->entries[i].bad)
				r = put_failed(j, &f, &j->entries[i], ORDER[t], e);
		}
	}
	if (!r)
		r = batch_failures_end(&f, e);
	if (r)
		batch_failures_drop(&f);
	else if (f.any)
		text_copy(j->g->report->failures, sizeof(j->g->report->failures), f.file.path);
	return r;
}

/* ---- all ---- */

static void free_join(struct join *j)
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
		r = write_failures(&j, e);
	free_join(&j);
	return r;
}
