/* import_head.c - which sheet, which row has the headings, which column is which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "sheet/import_p.h"

enum { FOUND_MAX = 300, NAME_MAX_BYTES = 200 };

/* What is known of the best heading row so far. */
struct choice {
	size_t sheet;
	int row;   /* the how many-th row that is not empty, from 1; 0 none */
	int known; /* columns it names */
	bool complete;
	char found[FOUND_MAX]; /* headings of it, joined */
};

bool sheet_import_is_blank(const struct sheet_cell *cell)
{
	size_t left = cell->len, len;
	const char *s = cell->text;
	uint32_t cp;

	for (; left; s += len, left -= len) {
		len = text_next(s, left, &cp);
		if (!sheet_value_is_blank(cp))
			return false;
	}
	return true;
}

/* ---- judging a row ---- */

/* Gives each column of the file its meaning; of two that mean the same the closer heading wins.
 * Returns how many columns of the table are named. */
static int map_row(const struct sheet_table *t, const struct sheet_row *row, int means[SHEET_WIDTH])
{
	int holder[SHEET_COLUMNS], ranks[SHEET_COLUMNS] = {0}, known = 0, rank, k;

	memset(holder, 0xFF, sizeof(holder));
	for (k = 0; k < row->count; k++) {
		int m = row->cells[k].kind == CELL_TEXT
			    ? sheet_heading_means(t, row->cells[k].text, &rank)
			    : HEADING_UNKNOWN;

		means[k] = m;
		if (m < 0)
			continue;
		if (holder[m] >= 0 && ranks[m] <= rank) {
			means[k] = HEADING_UNKNOWN;
			continue;
		}
		if (holder[m] >= 0)
			means[holder[m]] = HEADING_UNKNOWN;
		else
			known++;
		holder[m] = k;
		ranks[m] = rank;
	}
	return known;
}

/* A joined column gives way to columns of their own. */
static void drop_joints(const struct sheet_table *t, int count, int means[SHEET_WIDTH])
{
	bool taken[SHEET_COLUMNS] = {false};
	int k;

	for (k = 0; k < count; k++) {
		if (means[k] >= 0)
			taken[means[k]] = true;
	}
	for (k = 0; k < count; k++) {
		const struct sheet_joint *j;

		if (means[k] > HEADING_JOINT)
			continue;
		j = &t->joints[HEADING_JOINT - means[k]];
		if (taken[j->first] || taken[j->second])
			means[k] = HEADING_UNKNOWN;
		taken[j->first] = taken[j->second] = true;
	}
}

static bool has_required(const struct sheet_table *t, int count, const int means[SHEET_WIDTH])
{
	size_t c;
	int k;

	for (c = 0; c < t->count; c++) {
		for (k = 0; k < count && means[k] != (int)c; k++)
			;
		if (t->columns[c].required && k == count)
			return false;
	}
	return true;
}

static void join_found(const struct sheet_row *row, char out[FOUND_MAX])
{
	size_t n = 0;
	int k;

	*out = 0;
	for (k = 0; k < row->count; k++) {
		const struct sheet_cell *c = &row->cells[k];
		size_t room = text_prefix(c->text, 12);

		if (sheet_import_is_blank(c))
			continue;
		if (n + room + sizeof("、…") > FOUND_MAX)
			break;
		n += (size_t)snprintf(out + n, FOUND_MAX - n, "%s%.*s", n ? "、" : "", (int)room,
				      c->text);
	}
	for (k = 0; out[k]; k++) {
		if (out[k] == '\n' || out[k] == '\t')
			out[k] = ' ';
	}
}

/* A complete row beats others, then the number of columns that are known. */
static void judge_row(const struct sheet_import *i, size_t sheet, int ordinal,
		      const struct sheet_row *row, struct choice *best)
{
	int means[SHEET_WIDTH], known = map_row(i->table, row, means);
	bool complete;

	drop_joints(i->table, row->count, means);
	complete = known && has_required(i->table, row->count, means);
	if (complete < best->complete)
		return;
	if (complete == best->complete && best->row && known <= best->known)
		return;
	best->sheet = sheet;
	best->row = ordinal;
	best->known = known;
	best->complete = complete;
	join_found(row, best->found);
}

/* ---- choosing a sheet ---- */

static enum err look_at_sheet(struct sheet_import *i, size_t sheet, struct choice *best,
			      struct err_info *e)
{
	struct sheet_row row;
	bool end = false;
	int ordinal;
	enum err r = sheet_select(i->reader, sheet, e);

	for (ordinal = 1; !r && ordinal <= SHEET_HEAD_ROWS; ordinal++) {
		if ((r = sheet_next(i->reader, &row, &end, e)) || end)
			break;
		judge_row(i, sheet, ordinal, &row, best);
	}
	return r;
}

static bool same_name(const char *a, const char *b)
{
	char x[SHEET_HEADING], y[SHEET_HEADING];

	return sheet_heading_plain(a, x) && sheet_heading_plain(b, y) && !strcmp(x, y);
}

/* The sheet of that name, or the number of sheets. */
static size_t sheet_named(const struct sheet_import *i, const char *name)
{
	size_t k, n = sheet_count(i->reader);

	for (k = 0; k < n && !same_name(sheet_name(i->reader, k), name); k++)
		;
	return k;
}

/* Those with a name of ours first, then the others that can be seen, then hidden ones. */
static enum err choose(struct sheet_import *i, struct choice *best, struct err_info *e)
{
	size_t n = sheet_count(i->reader), k;
	const char *const *name;
	enum err r = ERR_OK;
	int hidden;

	if (n > 1) {
		k = sheet_named(i, i->table->title);
		if (k < n)
			r = look_at_sheet(i, k, best, e);
		for (name = i->table->sheets; !r && !best->complete && *name; name++) {
			k = sheet_named(i, *name);
			if (k < n)
				r = look_at_sheet(i, k, best, e);
		}
	}
	for (hidden = 0; hidden < 2; hidden++) {
		for (k = 0; !r && !best->complete && k < n; k++) {
			if (sheet_hidden(i->reader, k) == (bool)hidden)
				r = look_at_sheet(i, k, best, e);
		}
	}
	return r;
}

static enum err no_headings(const struct sheet_import *i, const struct choice *best,
			    struct err_info *e)
{
	char missing[FOUND_MAX] = "";
	size_t c, n = 0;

	if (!best->row) {
		err_fail(e, ERR_INVALID, "sheet.heading", i->path, "里面没有内容");
		err_hint(e, "请使用下载的模板填写");
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

/* ---- taking the headings over ---- */

static void take_headings(struct sheet_import *i)
{
	int k;

	map_row(i->table, &i->row, i->means);
	for (k = 0; k < i->row.count; k++)
		i->headings[k] = mem_strndup(i->row.cells[k].text, i->row.cells[k].len);
	i->width = (size_t)i->row.count;
}

/* Headings in two rows: what stands below says only what the first row left open. */
static bool is_second_row(const struct sheet_import *i, const struct sheet_row *row)
{
	int rank, k, named = 0;

	for (k = 0; k < row->count; k++) {
		const struct sheet_cell *c = &row->cells[k];
		int means;

		if (sheet_import_is_blank(c))
			continue;
		if (c->kind != CELL_TEXT)
			return false;
		means = sheet_heading_means(i->table, c->text, &rank);
		if (means == HEADING_UNKNOWN)
			return false;
		if ((size_t)k < i->width && i->means[k] != HEADING_UNKNOWN)
			return false;
		named += means >= 0;
	}
	return named > 0;
}

static void join_second_row(struct sheet_import *i)
{
	struct sheet_cell cells[SHEET_WIDTH];
	struct sheet_row both = {.count = (int)i->width, .cells = cells};
	int k;

	if (i->row.count > both.count)
		both.count = i->row.count;
	for (k = 0; k < both.count; k++) {
		bool second = k < i->row.count && !sheet_import_is_blank(&i->row.cells[k]);

		if (!second && (size_t)k < i->width)
			cells[k] = (struct sheet_cell) {CELL_TEXT, i->headings[k],
							strlen(i->headings[k]), false};
		else if (second)
			cells[k] = i->row.cells[k];
		else
			cells[k] = (struct sheet_cell) {.kind = CELL_EMPTY, .text = ""};
	}
	map_row(i->table, &both, i->means);
	for (k = 0; k < both.count; k++) {
		char *text = mem_strdup(cells[k].text);

		if ((size_t)k < i->width)
			free(i->headings[k]);
		i->headings[k] = text;
	}
	i->width = (size_t)both.count;
}

/* Goes to the row below the headings; it waits in i->row unless the sheet ends. */
static enum err go_below(struct sheet_import *i, int row, struct err_info *e)
{
	bool end = false;
	enum err r = sheet_select(i->reader, i->at, e);

	for (; !r && row > 0; row--)
		r = sheet_next(i->reader, &i->row, &end, e);
	if (r)
		return r;
	take_headings(i);
	if ((r = sheet_next(i->reader, &i->row, &end, e)) || end)
		return r;
	i->waiting = true;
	if (is_second_row(i, &i->row)) {
		join_second_row(i);
		i->waiting = false;
	}
	return ERR_OK;
}

static void settle_columns(struct sheet_import *i)
{
	size_t k;

	drop_joints(i->table, (int)i->width, i->means);
	for (k = 0; k < i->width; k++) {
		int m = i->means[k];

		if (m == HEADING_UNKNOWN && *i->headings[k])
			i->unknown[i->unknown_count++] = mem_strdup(i->headings[k]);
		if (m == HEADING_UNKNOWN || m == HEADING_IGNORED)
			continue;
		i->order[i->mapped++] = (int)k;
		if (m >= 0) {
			i->present[m] = true;
		} else {
			i->present[i->table->joints[HEADING_JOINT - m].first] = true;
			i->present[i->table->joints[HEADING_JOINT - m].second] = true;
		}
	}
}

enum err sheet_import_find_headings(struct sheet_import *i, struct err_info *e)
{
	struct choice best = {.row = 0};
	enum err r;

	if ((r = choose(i, &best, e)))
		return r;
	if (!best.complete)
		return no_headings(i, &best, e);
	i->at = best.sheet;
	i->part = 1;
	i->sheet = mem_strdup(sheet_name(i->reader, best.sheet));
	if ((r = go_below(i, best.row, e)))
		return r;
	settle_columns(i);
	return ERR_OK;
}

/* ---- rows ---- */

/* Same headings in the same places. */
static bool repeats_headings(const struct sheet_import *i, const struct sheet_row *row)
{
	size_t k;

	for (k = 0; k < i->mapped; k++) {
		int at = i->order[k];

		if (at >= row->count || strcmp(row->cells[at].text, i->headings[at]) != 0)
			return false;
	}
	return true;
}

/* 必填 (限 100 字符) and the like under the headings. */
static bool is_limit(const struct sheet_cell *c)
{
	static const char *const WORDS[] = {"必填", "非必填", "选填", "（必填", "(必填"};
	const char *s = c->text + strspn(c->text, " \t\n");
	size_t i;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (!strncmp(s, WORDS[i], strlen(WORDS[i])))
			return true;
	}
	return false;
}

static bool all_limits(const struct sheet_row *row)
{
	int k;

	for (k = 0; k < row->count; k++) {
		if (!sheet_import_is_blank(&row->cells[k]) && !is_limit(&row->cells[k]))
			return false;
	}
	return true;
}

bool sheet_import_is_note(struct sheet_import *i, const struct sheet_row *row)
{
	int first = i->order[0];

	if (i->data_rows++ < SHEET_HEAD_ROWS && all_limits(row))
		return true;
	/* Most rows differ in the first byte already. */
	return first < row->count && *row->cells[first].text == *i->headings[first] &&
	       repeats_headings(i, row);
}

/* "NAME (2)" after NAME, as written when a sheet was full; *end true when there is none. */
static enum err next_part(struct sheet_import *i, bool *end, struct err_info *e)
{
	char name[NAME_MAX_BYTES];
	size_t k, n = sheet_count(i->reader);
	enum err r;

	snprintf(name, sizeof(name), "%s (%zu)", i->sheet, i->part + 1);
	for (k = 0; k < n && strcmp(sheet_name(i->reader, k), name) != 0; k++)
		;
	*end = true;
	if (k == n)
		return ERR_OK;
	if ((r = sheet_select(i->reader, k, e)) || (r = sheet_next(i->reader, &i->row, end, e)) ||
	    *end)
		return r;
	if (!repeats_headings(i, &i->row)) {
		*end = true;
		return ERR_OK;
	}
	i->at = k;
	i->part++;
	return ERR_OK;
}

enum err sheet_import_next_row(struct sheet_import *i, bool *end, struct err_info *e)
{
	enum err r;

	*end = false;
	if (i->waiting) {
		i->waiting = false;
		return ERR_OK;
	}
	for (;;) {
		if ((r = sheet_next(i->reader, &i->row, end, e)) || !*end)
			return r;
		if ((r = next_part(i, end, e)) || *end)
			return r;
	}
}
