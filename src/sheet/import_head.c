/* import_head.c - which row of a sheet has the headings, which column is which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "sheet/import_p.h"

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

/* All headings in one cell: what parts them, else NULL. */
static const char *glue_of(const struct sheet_table *t, const struct sheet_row *row)
{
	static const char *const MARKS[] = {"，", "；", "、", "|", ","};
	const char *text = row->cells[0].text, *at, *end;
	char piece[SHEET_HEADING];
	size_t i;

	for (i = 0; row->count == 1 && i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
		if (!strstr(text, MARKS[i]))
			continue;
		for (at = text; at; at = end ? end + strlen(MARKS[i]) : NULL) {
			int c;

			end = strstr(at, MARKS[i]);
			snprintf(piece, sizeof(piece), "%.*s",
				 end ? (int)(end - at) : (int)strlen(at), at);
			c = sheet_heading(t, piece);
			if (c >= 0 && t->columns[c].required)
				return MARKS[i];
		}
	}
	return NULL;
}

/* A complete row beats others, then the number of columns that are known. */
static void judge_row(const struct sheet_import *i, size_t sheet, int ordinal,
		      const struct sheet_row *row, struct sheet_choice *best)
{
	int means[SHEET_WIDTH], known = map_row(i->table, row, means);
	bool complete;

	drop_joints(i->table, row->count, means);
	complete = known && has_required(i->table, row->count, means);
	const char *glued = complete ? NULL : glue_of(i->table, row);

	if (complete < best->complete || (best->glued && !complete))
		return;
	if (complete == best->complete && best->row && known <= best->known && !glued)
		return;
	best->glued = glued;
	best->sheet = sheet;
	best->row = ordinal;
	best->known = known;
	best->complete = complete;
	join_found(row, best->found);
}

enum err sheet_import_look(struct sheet_import *i, size_t sheet, struct sheet_choice *best,
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

/* ---- taking the headings over ---- */

void sheet_head_free(struct sheet_head_row *h)
{
	size_t k, c;

	for (k = 0; k < h->top.count; k++) {
		for (c = 0; c < h->top.rows[k].count; c++)
			free(h->top.rows[k].cells[c]);
		free(h->top.rows[k].cells);
	}
	for (k = 0; k < h->width; k++)
		free(h->headings[k]);
	free(h->titles);
	free((char *)(uintptr_t)h->part.name);
	free(h);
}

/* Beyond what a person writes above a table nothing is kept but its place. */
enum { TOP_BYTES = 1 << 20 };

static void keep_row(struct sheet_head_row *h, const struct sheet_row *row)
{
	struct sheet_top_row *kept = &h->top.rows[h->top.count++];
	size_t used = 0, k;

	kept->number = row->number;
	kept->count = (size_t)row->count;
	kept->cells = mem_zalloc((kept->count + 1) * sizeof(*kept->cells));
	for (k = 0; k < kept->count; k++) {
		used += row->cells[k].len;
		kept->cells[k] =
		    mem_strndup(row->cells[k].text, used > TOP_BYTES ? 0 : row->cells[k].len);
	}
}

static void take_headings(struct sheet_import *i, struct sheet_head_row *h)
{
	int k;

	map_row(i->table, &i->row, h->means);
	for (k = 0; k < i->row.count; k++)
		h->headings[k] = mem_strndup(i->row.cells[k].text, i->row.cells[k].len);
	h->width = (size_t)i->row.count;
}

/* Headings in two rows: what stands below says only what the first row left open. */
static bool is_second_row(const struct sheet_import *i, const struct sheet_head_row *h,
			  const struct sheet_row *row)
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
		if ((size_t)k < h->width && h->means[k] != HEADING_UNKNOWN)
			return false;
		named += means >= 0;
	}
	return named > 0;
}

static void join_second_row(struct sheet_import *i, struct sheet_head_row *h)
{
	struct sheet_cell cells[SHEET_WIDTH];
	struct sheet_row both = {.count = (int)h->width, .cells = cells};
	int k;

	if (i->row.count > both.count)
		both.count = i->row.count;
	for (k = 0; k < both.count; k++) {
		bool second = k < i->row.count && !sheet_import_is_blank(&i->row.cells[k]);

		if (!second && (size_t)k < h->width)
			cells[k] = (struct sheet_cell) {.kind = CELL_TEXT,
							.text = h->headings[k],
							.len = strlen(h->headings[k])};
		else if (second)
			cells[k] = i->row.cells[k];
		else
			cells[k] = (struct sheet_cell) {.kind = CELL_EMPTY, .text = ""};
	}
	map_row(i->table, &both, h->means);
	for (k = 0; k < both.count; k++) {
		char *text = mem_strdup(cells[k].text);

		if ((size_t)k < h->width)
			free(h->headings[k]);
		h->headings[k] = text;
	}
	h->width = (size_t)both.count;
}

/* What a person calls the column: its heading without marks and notes. */
static void make_title(const char *heading, char out[HEAD_TITLE])
{
	static const char *const MARKS[] = {"*", "＊", " ", "\t", "　", ":", "："};
	size_t n = strcspn(heading, "\n("), k;
	const char *wide = strstr(heading, "（");

	if (wide && (size_t)(wide - heading) < n)
		n = (size_t)(wide - heading);
	for (k = 0; k < sizeof(MARKS) / sizeof(MARKS[0]); k++) {
		size_t len = strlen(MARKS[k]);
		bool first = n >= len && !memcmp(heading, MARKS[k], len);
		bool last = n >= len && !memcmp(heading + n - len, MARKS[k], len);

		if (!first && !last)
			continue;
		heading += first ? len : 0;
		n -= len;
		k = (size_t)-1; /* from the first one again */
	}
	if (!n)
		n = strcspn(heading, "\n");
	snprintf(out, HEAD_TITLE, "%.*s", (int)n, heading);
	out[text_whole(out, strlen(out))] = 0;
}

/* A heading that means nothing: not known, or what another column has said already. */
static void tell_unused(struct sheet_import *i, const struct sheet_head_row *h, size_t k)
{
	char text[HEAD_TITLE + 40];
	int rank, means = sheet_heading_means(i->table, h->headings[k], &rank);

	if (means == HEADING_UNKNOWN) {
		sheet_texts_add(&i->unknown, h->headings[k]);
		return;
	}
	snprintf(text, sizeof(text), "第 %zu 列“%s”", k + 1, h->titles[k]);
	sheet_texts_add(&i->repeated, text);
}

static void make_present(const struct sheet_import *i, struct sheet_head_row *h, int means, int at)
{
	const char *title = h->titles[at];
	const struct sheet_joint *j;

	if (means >= 0) {
		h->part.present[means] = true;
		h->part.titles[means] = title;
		h->part.at[means] = at;
		return;
	}
	j = &i->table->joints[HEADING_JOINT - means];
	h->part.at[j->first] = h->part.at[j->second] = at;
	h->part.present[j->first] = h->part.present[j->second] = true;
	h->part.titles[j->first] = h->part.titles[j->second] = title;
}

static void settle_columns(struct sheet_import *i, struct sheet_head_row *h)
{
	size_t k;

	drop_joints(i->table, (int)h->width, h->means);
	h->titles = mem_zalloc((h->width + 1) * sizeof(*h->titles));
	h->top.sheet = h->sheet;
	h->top.heads = h->two_rows ? 2 : 1;
	h->part.top = &h->top;
	h->part.width = h->width;
	h->part.headings = (const char *const *)h->headings;
	for (k = 0; k < i->table->count; k++) {
		h->part.titles[k] = i->table->columns[k].title;
		h->part.at[k] = -1;
	}
	for (k = 0; k < h->width; k++) {
		make_title(h->headings[k], h->titles[k]);
		if (h->means[k] == HEADING_UNKNOWN && *h->headings[k])
			tell_unused(i, h, k);
		if (h->means[k] == HEADING_UNKNOWN || h->means[k] == HEADING_IGNORED)
			continue;
		h->order[h->mapped++] = (int)k;
		make_present(i, h, h->means[k], (int)k);
	}
}

/* keep: NULL, or where the rows on the way are kept. */
static enum err go_to_headings(struct sheet_import *i, const struct sheet_head_row *h,
			       struct sheet_head_row *keep, struct err_info *e)
{
	bool end = false;
	int row;
	enum err r = sheet_select(i->reader, h->sheet, e);

	i->waiting = false;
	for (row = h->row; !r && row > 0; row--) {
		r = sheet_next(i->reader, &i->row, &end, e);
		if (!r && keep)
			keep_row(keep, &i->row);
	}
	return r;
}

enum err sheet_import_take_headings(struct sheet_import *i, struct sheet_head_row *h,
				    struct err_info *e)
{
	bool end = false;
	enum err r = go_to_headings(i, h, h, e);

	if (r)
		return r;
	take_headings(i, h);
	if ((r = sheet_next(i->reader, &i->row, &end, e)))
		return r;
	h->two_rows = !end && is_second_row(i, h, &i->row);
	if (h->two_rows) {
		keep_row(h, &i->row);
		join_second_row(i, h);
	}
	settle_columns(i, h);
	return ERR_OK;
}

enum err sheet_import_go_below(struct sheet_import *i, const struct sheet_head_row *h,
			       struct err_info *e)
{
	bool end = false;
	enum err r = go_to_headings(i, h, NULL, e);

	return r || !h->two_rows ? r : sheet_next(i->reader, &i->row, &end, e);
}

/* ---- rows ---- */

/* Same headings in the same places. */
static bool repeats_headings(const struct sheet_head_row *h, const struct sheet_row *row)
{
	size_t k;

	for (k = 0; k < h->mapped; k++) {
		int at = h->order[k];

		if (at >= row->count || strcmp(row->cells[at].text, h->headings[at]) != 0)
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
	const struct sheet_head_row *h = i->now;
	int first = h->order[0];

	if (i->data_rows++ < SHEET_HEAD_ROWS && all_limits(row))
		return true;
	/* Most rows differ in the first byte already. */
	return first < row->count && *row->cells[first].text == *h->headings[first] &&
	       repeats_headings(h, row);
}
