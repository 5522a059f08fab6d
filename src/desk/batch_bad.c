/* batch_bad.c - the orders that are bad, gathered for the workbook to mend them in. */
#include <stdlib.h>
#include <string.h>

#include "desk/batch_join_p.h"

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
	/* Without a head its reason stands with the first row of each sheet. */
	bool lone = !records->head;

	for (i = 0; i < records->count && !r; i++) {
		enum batch_table table = batch_record_of(records->lines[i]).table;
		bool first = lone && table == t;

		*text = 0;
		if (first)
			join_texts(faults, n, -1, text);
		if (table == LINES && (!first || !*text))
			join_texts(faults, n, line, text);
		line += table == LINES;
		lone &= table != t;
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
		r = join_load(j, x, &records, e);
	if (!r && t == HEADS && records.head) {
		join_texts(faults, x->fault_size, -1, text);
		r = batch_failures_add(f, t, records.head, text, e);
	} else if (!r && t != HEADS) {
		r = put_lines(f, &records, faults, x->fault_size, t, e);
	}
	free(faults);
	return r;
}

enum err join_write_failures(struct join *j, struct err_info *e)
{
	static const enum batch_table ORDER[] = {HEADS, LINES, SPECIAL, EXTRAS};
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
