/* import_sheets.c - which sheets of a workbook are read: the first with headings in the order of
 * their names, and those with much the same columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "sheet/import_p.h"

/* ---- texts ---- */

void sheet_texts_add(struct sheet_texts *t, const char *text)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (!strcmp(t->all[i], text))
			return;
	}
	t->all = mem_realloc(t->all, (t->count + 1) * sizeof(*t->all));
	t->all[t->count++] = mem_strdup(text);
}

void sheet_texts_free(struct sheet_texts *t)
{
	while (t->count)
		free(t->all[--t->count]);
	free(t->all);
	t->all = NULL;
}

/* ---- names ---- */

static bool same_name(const char *a, const char *b)
{
	char x[SHEET_HEADING], y[SHEET_HEADING];

	return sheet_heading_plain(a, x) && sheet_heading_plain(b, y) && !strcmp(x, y);
}

/* How early the table names the sheet: 0 its title; -1 not at all. */
static int name_rank(const struct sheet_table *t, const char *name)
{
	int k;

	if (same_name(t->title, name))
		return 0;
	for (k = 0; t->sheets[k]; k++) {
		if (same_name(t->sheets[k], name))
			return k + 1;
	}
	return -1;
}

/* Sheets that stand beside the data in templates. */
static bool is_helper(const char *name)
{
	static const char *const WORDS[] = {"示例", "选项", "字典", "说明", "样例", "模板说明"};
	size_t i;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (strstr(name, WORDS[i]))
			return true;
	}
	return false;
}

static bool is_anothers(const struct sheet_table *t, const char *name)
{
	const struct sheet_table *other;
	size_t i;

	/* Of a name that several tables take it is ours. */
	for (i = 0; name_rank(t, name) < 0 && (other = sheet_table_at(i)); i++) {
		if (name_rank(other, name) >= 0)
			return true;
	}
	return false;
}

/* ---- candidates ---- */

/* Those with a name of ours first, then the others that can be seen; helpers and hidden ones only
 * when there is nothing else. */
enum { NAMED, SEEN, HELPER, HIDDEN, CLASSES };

static int class_of(const struct sheet_import *i, size_t sheet)
{
	const char *name = sheet_name(i->reader, sheet);

	if (sheet_count(i->reader) > 1 && name_rank(i->table, name) >= 0)
		return NAMED;
	if (sheet_hidden(i->reader, sheet))
		return HIDDEN;
	return is_helper(name) ? HELPER : SEEN;
}

struct candidates {
	struct sheet_choice best; /* for the sentence when there is none */
	struct {
		size_t sheet;
		int row;
	} * all; /* with complete headings, in their order */
	size_t count;
};

static enum err look(struct sheet_import *i, struct candidates *c, size_t sheet, struct err_info *e)
{
	struct sheet_choice own = {.row = 0};
	enum err r = sheet_import_look(i, sheet, &own, e);

	if (r)
		return r;
	if (own.complete) {
		c->all[c->count].sheet = own.sheet;
		c->all[c->count++].row = own.row;
	}
	if (!c->best.row || own.complete > c->best.complete ||
	    (own.complete == c->best.complete && own.known > c->best.known))
		c->best = own;
	return ERR_OK;
}

/* By the order in which the table names them. */
static enum err look_at_named(struct sheet_import *i, struct candidates *c, struct err_info *e)
{
	size_t n = sheet_count(i->reader), k;
	enum err r = ERR_OK;
	int rank, ranks = 1;

	if (n < 2)
		return ERR_OK;
	while (i->table->sheets[ranks - 1])
		ranks++;
	for (rank = 0; rank < ranks; rank++) {
		for (k = 0; !r && k < n; k++) {
			if (name_rank(i->table, sheet_name(i->reader, k)) == rank)
				r = look(i, c, k, e);
		}
	}
	return r;
}

static enum err look_at_all(struct sheet_import *i, struct candidates *c, struct err_info *e)
{
	size_t n = sheet_count(i->reader), k;
	enum err r = look_at_named(i, c, e);
	int class;

	for (class = SEEN; class < CLASSES; class ++) {
		/* Of helpers and hidden ones the first will do. */
		for (k = 0; !r && k < n && (class == SEEN || !c->count); k++) {
			if (class_of(i, k) == class)
				r = look(i, c, k, e);
		}
	}
	return r;
}

/* ---- what else is read ---- */

static size_t count_present(const struct sheet_import *i, const struct sheet_part *a,
			    const struct sheet_part *b)
{
	size_t n = 0, c;

	for (c = 0; c < i->table->count; c++)
		n += a->present[c] && b->present[c];
	return n;
}

/* Most columns of the one are in the other, too: a list of contacts also has names, but it is not
 * another part of the list of buyers. */
static bool is_alike(const struct sheet_import *i, const struct sheet_part *a,
		     const struct sheet_part *b)
{
	size_t both = count_present(i, a, b);

	return 2 * both > count_present(i, a, a) && 2 * both > count_present(i, b, b);
}

static enum err add_sheet(struct sheet_import *i, size_t sheet, int row, struct err_info *e)
{
	struct sheet_head_row *h = mem_zalloc(sizeof(*h));
	const char *name = sheet_name(i->reader, sheet);
	enum err r;

	h->sheet = sheet;
	h->row = row;
	h->part.name = mem_strdup(name);
	if ((r = sheet_import_take_headings(i, h, e))) {
		sheet_head_free(h);
		return r;
	}
	if (i->count &&
	    (is_anothers(i->table, name) || !is_alike(i, &i->sheets[0]->part, &h->part))) {
		sheet_texts_add(&i->skipped, name);
		sheet_head_free(h);
		return ERR_OK;
	}
	i->sheets = mem_realloc(i->sheets, (i->count + 1) * sizeof(*i->sheets));
	i->sheets[i->count++] = h;
	return ERR_OK;
}

/* ---- opening ---- */

static enum err no_headings(const struct sheet_import *i, const struct sheet_choice *best,
			    struct err_info *e)
{
	char missing[FOUND_MAX] = "";
	size_t c, n = 0;

	if (!best->row) {
		err_fail(e, ERR_INVALID, "sheet.heading", i->path, "里面没有内容");
		err_hint(e, "请使用下载的模板填写");
		return ERR_INVALID;
	}
	if (best->glued) {
		err_fail(e, ERR_INVALID, "sheet.heading", i->path,
			 "表头都在一个单元格里，用“%s”隔开：%s", best->glued, best->found);
		err_hint(e, "请把各列分开：文本文件用半角逗号“,”或制表符，或另存为 xlsx");
		return ERR_INVALID;
	}
	for (c = 0; c < i->table->count && n < sizeof(missing); c++) {
		if (i->table->columns[c].required)
			n += (size_t)snprintf(missing + n, sizeof(missing) - n, "%s“%s”",
					      n ? "、" : "", i->table->columns[c].title);
	}
	err_fail(e, ERR_INVALID, "sheet.heading", i->path,
		 "前 %d 行里找不到表头，表头要有 %s；找到的是 %s", SHEET_HEAD_ROWS, missing,
		 *best->found ? best->found : "空白");
	err_hint(e, "请使用下载的模板，或把列名改成模板里的名称");
	return ERR_INVALID;
}

static enum err go_to(struct sheet_import *i, size_t at, struct err_info *e)
{
	size_t k;

	i->at = at;
	i->now = i->sheets[at];
	i->data_rows = 0;
	i->size_before = i->size_behind = 0;
	for (k = 0; k < i->count; k++) {
		int64_t *sum = k < at ? &i->size_before : &i->size_behind;

		if (k != at)
			*sum += sheet_size(i->reader, i->sheets[k]->sheet);
	}
	return sheet_import_go_below(i, i->now, e);
}

static enum err add_all(struct sheet_import *i, struct candidates *c, struct err_info *e)
{
	enum err r;
	size_t k;

	if ((r = look_at_all(i, c, e)))
		return r;
	if (!c->count)
		return no_headings(i, &c->best, e);
	for (k = 0; !r && k < c->count; k++)
		r = add_sheet(i, c->all[k].sheet, c->all[k].row, e);
	return r;
}

static void add_present(struct sheet_import *i, const struct sheet_part *part)
{
	size_t c;

	for (c = 0; c < i->table->count; c++)
		i->present[c] |= part->present[c];
}

enum err sheet_import_find_headings(struct sheet_import *i, struct err_info *e)
{
	struct candidates c = {.count = 0};
	enum err r;
	size_t k;

	c.all = mem_zalloc((sheet_count(i->reader) + 1) * sizeof(*c.all));
	r = add_all(i, &c, e);
	free(c.all);
	for (k = 0; !r && k < i->count; k++)
		add_present(i, &i->sheets[k]->part);
	return r ? r : go_to(i, 0, e);
}

/* ---- beside them ---- */

static bool has_cell(const struct sheet_row *row, const char *text)
{
	int k;

	for (k = 0; k < row->count; k++) {
		if (same_name(row->cells[k].text, text))
			return true;
	}
	return false;
}

static enum err is_filled(struct sheet_import *i, size_t sheet, const char *mark, bool *filled,
			  struct err_info *e)
{
	bool below = false, end = false;
	struct sheet_row row;
	int ordinal;
	enum err r = sheet_select(i->reader, sheet, e);

	for (ordinal = 0; !r && !*filled && (below || ordinal < SHEET_HEAD_ROWS); ordinal++) {
		if ((r = sheet_next(i->reader, &row, &end, e)) || end)
			break;
		*filled = below;
		below |= has_cell(&row, mark);
	}
	return r;
}

enum err sheet_import_beside(struct sheet_import *i, const char *word, const char *mark,
			     bool *filled, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t n = sheet_count(i->reader), k;

	*filled = false;
	for (k = 0; !r && !*filled && k < n; k++) {
		if (k != i->now->sheet && strstr(sheet_name(i->reader, k), word))
			r = is_filled(i, k, mark, filled, e);
	}
	return r ? r : go_to(i, 0, e);
}

/* ---- rows ---- */

enum err sheet_import_next_row(struct sheet_import *i, bool *end, struct err_info *e)
{
	enum err r;

	for (;;) {
		*end = false;
		if (i->waiting) {
			i->waiting = false;
			return ERR_OK;
		}
		if ((r = sheet_next(i->reader, &i->row, end, e)) || !*end || i->at + 1 == i->count)
			return r;
		if ((r = go_to(i, i->at + 1, e)))
			return r;
	}
}
