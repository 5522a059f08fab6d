/* lines_report.c - what is wrong with imported lines: in words, and as a workbook to mend. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/lines_p.h"

/* TOLD_BYTES: what goes between the other words of a reason. */
enum { TOLD = 3, TOLD_BYTES = 540, LETTERS = 26 };

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
			r = import_failures_add(&f, rd->table, &row, e);
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

static char *place(const struct lines_row *r, int at, char out[IMPORT_PLACE])
{
	char column[24] = "";

	if (at >= 0 && at < LETTERS)
		snprintf(column, sizeof(column), " %c 列", 'A' + at);
	else if (at >= LETTERS)
		snprintf(column, sizeof(column), " %c%c 列", 'A' + at / LETTERS - 1,
			 'A' + at % LETTERS);
	snprintf(out, IMPORT_PLACE, *r->sheet ? "“%.60s”第 %lld 行%s" : "%s第 %lld 行%s", r->sheet,
		 (long long)r->number, column);
	return out;
}

char *desk_lines_place(const struct lines_row *r, char out[IMPORT_PLACE])
{
	return place(r, r->column, out);
}

char *desk_lines_warning_place(const struct lines_row *r, char out[IMPORT_PLACE])
{
	return place(r, r->warning_column, out);
}

/* Whole sentences, as many as there is room for; the first in any case. */
static size_t tell_faults(const struct lines *l, char out[TOLD_BYTES])
{
	char where[IMPORT_PLACE], all[TOLD_BYTES];
	size_t i, told = 0;
	int n;

	out[0] = 0;
	for (i = 0; i < l->count && told < TOLD; i++) {
		if (!l->rows[i].fault)
			continue;
		n = snprintf(all, sizeof(all), "%s%s%s %s", out, told ? "；" : "",
			     desk_lines_place(&l->rows[i], where), l->rows[i].fault);
		if (n >= TOLD_BYTES && told)
			break;
		if (n >= TOLD_BYTES) {
			all[text_whole(all, TOLD_BYTES - sizeof("……"))] = 0;
			memcpy(all + strlen(all), "……", sizeof("……"));
		}
		text_copy(out, TOLD_BYTES, all);
		told++;
	}
	return told;
}

enum err desk_lines_refuse(const struct lines *l, struct err_info *e)
{
	char all[TOLD_BYTES], more[48] = "";
	size_t told;

	if (!l->faulty)
		return ERR_OK;
	told = tell_faults(l, all);
	if (told < l->faulty)
		snprintf(more, sizeof(more), "；另有 %zu 行", l->faulty - told);
	err_fail(e, ERR_INVALID, "lines.failed", "导入明细", "%zu 行有问题，什么都没有导入：%s%s",
		 l->faulty, all, more);
	if (*l->failures)
		err_hint(e, "失败的行在 %.200s", l->failures);
	return ERR_INVALID;
}
