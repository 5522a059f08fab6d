/* write.c - files of rows: one door for every format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "sheet/write_p.h"

static const struct {
	const char *word, *suffix;
} FORMATS[SHEET_FORMATS] = {
    [SHEET_XLSX] = {"xlsx", ".xlsx"},
    [SHEET_CSV_BOM] = {"utf8bom", ".csv"},
    [SHEET_CSV] = {"utf8", ".csv"},
    [SHEET_CSV_GBK] = {"gbk", ".csv"},
};

bool sheet_format_parse(const char *word, enum sheet_format *out)
{
	size_t i;

	for (i = 0; i < SHEET_FORMATS; i++) {
		if (!strcmp(word, FORMATS[i].word)) {
			*out = (enum sheet_format)i;
			return true;
		}
	}
	return false;
}

const char *sheet_format_suffix(enum sheet_format f)
{
	return FORMATS[f].suffix;
}

void sheet_stamped_name(char *out, size_t size, const char *stem, long long at, enum sheet_format f)
{
	struct datetime d = date_of(at);
	char stamp[32];

	snprintf(stamp, sizeof(stamp), "%04d%02d%02d%02d%02d%02d", d.date.year, d.date.month,
		 d.date.day, d.hour, d.minute, d.second);
	snprintf(out, size, "%s导出列表%s%s", stem, stamp, FORMATS[f].suffix);
}

size_t sheet_table_heads(const struct sheet_table *t, struct sheet_head out[SHEET_COLUMNS])
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		const struct sheet_column *c = &t->columns[i];

		out[i] = (struct sheet_head) {c->title, c->width, c->type == SHEET_ID || c->digits};
	}
	return t->count;
}

/* ---- rows ---- */

static void free_writer(struct sheet_writer **slot)
{
	struct sheet_writer *w = *slot;

	if (!w)
		return;
	sheet_csv_out_drop(&w->csv);
	sheet_xlsx_drop(&w->xlsx);
	sheet_target_drop(&w->target);
	free(w->ids);
	free(w);
	*slot = NULL;
}

static void keep_ids(struct sheet_writer *w, const struct sheet_head *heads, size_t count)
{
	size_t i;

	free(w->ids);
	w->count = count;
	w->ids = mem_zalloc(sizeof(*w->ids) * (count ? count : 1));
	for (i = 0; i < count; i++)
		w->ids[i] = heads[i].id == CELLS_ID;
}

static enum err write_titles(struct sheet_writer *w, const struct sheet_head *heads,
			     struct err_info *e)
{
	const char **titles;
	size_t i;
	enum err r;

	titles = mem_alloc(sizeof(*titles) * w->count);
	for (i = 0; i < w->count; i++)
		titles[i] = heads[i].title;
	r = sheet_csv_out_row(w->csv, &w->target, titles, w->count, w->ids, e);
	free(titles);
	return r;
}

static enum err write_heads(struct sheet_writer *w, const struct sheet_plan *plan,
			    struct err_info *e)
{
	if (w->format == SHEET_XLSX)
		return sheet_xlsx_begin(&w->target, plan, &w->xlsx, e);
	w->csv = sheet_csv_out_begin(w->target.fd, w->format);
	return write_titles(w, plan->heads, e);
}

enum err sheet_write_sheet_below(struct sheet_writer *w, const struct sheet_top *top,
				 const char *sheet, const struct sheet_head *heads, size_t count,
				 struct err_info *e)
{
	const struct sheet_plan plan = {sheet, top, heads, count};

	keep_ids(w, heads, count);
	return w->xlsx ? sheet_xlsx_sheet(w->xlsx, &w->target, &plan, e)
		       : write_titles(w, heads, e);
}

enum err sheet_write_sheet(struct sheet_writer *w, const char *sheet,
			   const struct sheet_head *heads, size_t count, struct err_info *e)
{
	return sheet_write_sheet_below(w, NULL, sheet, heads, count, e);
}

static enum err begin(const char *path, enum sheet_format f, bool replace,
		      const struct sheet_plan *plan, struct sheet_writer **out, struct err_info *e)
{
	struct sheet_writer *w = mem_zalloc(sizeof(*w));
	enum err r;

	w->format = f;
	keep_ids(w, plan->heads, plan->count);
	r = sheet_target_begin(&w->target, path, replace, e);
	if (!r)
		r = write_heads(w, plan, e);
	if (r) {
		free_writer(&w);
		return r;
	}
	*out = w;
	return ERR_OK;
}

enum err sheet_write_begin(const char *path, enum sheet_format f, bool replace, const char *sheet,
			   const struct sheet_head *heads, size_t count, struct sheet_writer **out,
			   struct err_info *e)
{
	const struct sheet_plan plan = {sheet, NULL, heads, count};

	return begin(path, f, replace, &plan, out, e);
}

enum err sheet_write_begin_below(const char *path, const struct sheet_top *top, const char *sheet,
				 const struct sheet_head *heads, size_t count,
				 struct sheet_writer **out, struct err_info *e)
{
	const struct sheet_plan plan = {sheet, top, heads, count};

	return begin(path, SHEET_XLSX, true, &plan, out, e);
}

enum err sheet_write_row(struct sheet_writer *w, const char *const *cells, struct err_info *e)
{
	if (w->xlsx)
		return sheet_xlsx_row(w->xlsx, &w->target, cells, e);
	return sheet_csv_out_row(w->csv, &w->target, cells, w->count, w->ids, e);
}

enum err sheet_write_end(struct sheet_writer **slot, struct err_info *e)
{
	struct sheet_writer *w = *slot;
	enum err r = w->xlsx ? sheet_xlsx_end(&w->xlsx, &w->target, e)
			     : sheet_csv_out_end(&w->csv, &w->target, e);

	if (!r)
		r = sheet_target_end(&w->target, e);
	free_writer(slot);
	return r;
}

void sheet_write_drop(struct sheet_writer **slot)
{
	free_writer(slot);
}
