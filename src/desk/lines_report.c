/* lines_report.c - what is wrong with imported lines: in words, and as a workbook to mend. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/lines_p.h"

enum { TOLD = 3, FAULT = 140, LETTERS = 26 };

/* ---- the workbook of failed rows ---- */

enum err lines_write_failures(struct lines_reader *rd, struct err_info *e)
{
	const struct import_options o = {
	    .table = rd->table->name, .file = rd->options->file, .failures = rd->options->failures};
	struct lines *l = rd->out;
	struct import_failures f;
	enum err r = import_failures_init(&f, &o, rd->s->home, e);
	size_t i;

	for (i = 0; i < l->count && !r; i++) {
		struct import_row row = *l->rows[i].raw;

		row.fault = l->rows[i].fault;
		if (row.fault)
			r = import_failures_add(&f, rd->table, l->open, &row, e);
	}
	if (!r)
		r = import_failures_end(&f, e);
	import_failures_drop(&f);
	if (!r && l->faulty)
		text_copy(l->failures, sizeof(l->failures), f.path);
	else if (!r)
		import_failures_clean(&f);
	return r;
}

/* ---- words ---- */

char *desk_lines_place(const struct lines_row *r, char out[IMPORT_PLACE])
{
	char column[24] = "";

	if (r->column >= 0 && r->column < LETTERS)
		snprintf(column, sizeof(column), " %c 列", 'A' + r->column);
	else if (r->column >= LETTERS)
		snprintf(column, sizeof(column), " %c%c 列", 'A' + r->column / LETTERS - 1,
			 'A' + r->column % LETTERS);
	snprintf(out, IMPORT_PLACE, *r->sheet ? "“%.60s”第 %lld 行%s" : "%s第 %lld 行%s", r->sheet,
		 (long long)r->number, column);
	return out;
}

enum err desk_lines_refuse(const struct lines *l, struct err_info *e)
{
	char place[IMPORT_PLACE], fault[FAULT];
	struct buf all;
	size_t i, told = 0;

	if (!l->faulty)
		return ERR_OK;
	buf_init(&all, sizeof(((struct err_info *)0)->why));
	for (i = 0; i < l->count && told < TOLD; i++) {
		if (!l->rows[i].fault)
			continue;
		text_copy(fault, sizeof(fault), l->rows[i].fault);
		buf_addf(&all, "%s%s %s", told ? "；" : "", desk_lines_place(&l->rows[i], place),
			 fault);
		told++;
	}
	err_fail(e, ERR_INVALID, "lines.failed", "导入明细", "%zu 行有问题，什么都没有导入：%s",
		 l->faulty, buf_str(&all));
	buf_free(&all);
	if (*l->failures)
		err_hint(e, "失败的行在 %.200s", l->failures);
	return ERR_INVALID;
}
