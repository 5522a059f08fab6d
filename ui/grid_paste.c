#include "ui/grid_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* ---- reading a block ---- */

struct block {
	const char *at, *end;
};

/* One line of the block; cells beyond GRID_COLUMNS are only counted. */
struct block_line {
	char *cell[GRID_COLUMNS];
	int count;
	bool any; /* is there text in it? */
};

bool grid_is_block(const char *text, size_t n)
{
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return memchr(text, '\t', n) || memchr(text, '\n', n);
}

static bool ends_cell(const char *at, const char *end)
{
	return at == end || *at == '\t' || *at == '\n';
}

/* A workbook puts cells that hold line breaks in quotes and doubles the quotes inside.  NULL when
 * the cell only begins with a quote. */
static char *quoted_cell(struct block *b)
{
	const char *p = b->at + 1;
	char *out = mem_alloc((size_t)(b->end - b->at) + 1);
	size_t n = 0;

	for (; p < b->end; p++) {
		if (*p == '"' && p + 1 < b->end && p[1] == '"')
			p++;
		else if (*p == '"')
			break;
		out[n++] = *p;
	}
	if (p == b->end || !ends_cell(p + 1, b->end)) {
		free(out);
		return NULL;
	}
	out[n] = 0;
	b->at = p + 1;
	return out;
}

static char *next_cell(struct block *b)
{
	const char *from = b->at;
	char *cell;

	if (from < b->end && *from == '"') {
		cell = quoted_cell(b);
		if (cell)
			return cell;
	}
	while (!ends_cell(b->at, b->end))
		b->at++;
	return mem_strndup(from, (size_t)(b->at - from));
}

static void line_done(struct block_line *line)
{
	int i;

	for (i = 0; i < GRID_COLUMNS; i++)
		free(line->cell[i]);
	*line = (struct block_line) {0};
}

/* False at the end of the block. */
static bool next_line(struct block *b, struct block_line *line)
{
	char *cell;

	line_done(line);
	if (b->at >= b->end)
		return false;
	for (;;) {
		cell = next_cell(b);
		if (cell[0])
			line->any = true;
		if (line->count < GRID_COLUMNS)
			line->cell[line->count] = cell;
		else
			free(cell);
		line->count++;
		if (b->at >= b->end)
			return true;
		if (*b->at++ == '\n')
			return true;
	}
}

static int count_lines(const char *text, size_t n)
{
	struct block b = {text, text + n};
	struct block_line line = {0};
	int lines = 0;

	while (next_line(&b, &line))
		lines += line.any;
	return lines;
}

/* ---- putting it into rows ---- */

/* Returns false when cells had no column or text was cut. */
static bool fill_row(struct grid *g, int row, const struct block_line *line)
{
	int column = g->column, i;
	bool whole = line->count <= GRID_COLUMNS;
	struct line l;

	for (i = 0; i < line->count && i < GRID_COLUMNS; i++) {
		const struct grid_column *c;

		if (column < 0) {
			if (line->cell[i][0])
				whole = false;
			continue;
		}
		c = &g->columns[column];
		line_init(&l, c->max_chars ? c->max_chars : FORM_MAX_CHARS);
		form_type(&l, c->kind, line->cell[i], strlen(line->cell[i]));
		if (c->kind == FIELD_TEXT && text_chars(line->cell[i]) > l.max_chars)
			whole = false;
		mem_set(&g->rows[row].cell[column], l.text);
		line_free(&l);
		column = grid_next_column(g, column, 1);
	}
	return whole;
}

static void tell(int lines, int fit, bool whole)
{
	if (fit < lines)
		ui_message(MESSAGE_WARNING, "只放得下前 %d 行，另有 %d 行没有粘贴；可以撤销。", fit,
			   lines - fit);
	else if (!whole)
		ui_message(MESSAGE_WARNING, "粘贴了 %d 行，有的内容超出栏目没有放入；可以撤销。",
			   fit);
	else
		ui_message(MESSAGE_INFO, "粘贴了 %d 行，可以撤销。", fit);
}

bool grid_paste(struct grid *g, const char *text, size_t n)
{
	struct block b = {text, text + n};
	struct block_line line = {0};
	int lines = count_lines(text, n), fit = g->max_rows - g->row, there, row = g->row;
	bool whole = true;

	if (lines == 0)
		return false;
	fit = fit < 0 ? 0 : fit < lines ? fit : lines;
	if (fit > 0) {
		there = g->count - g->row < fit ? g->count - g->row : fit;
		grid_step_push(g, g->row, there, fit);
		if (fit > there)
			grid_open(g, g->count, fit - there);
		while (row < g->row + fit && next_line(&b, &line)) {
			if (line.any)
				whole = fill_row(g, row++, &line) && whole;
		}
		line_done(&line);
		grid_match_close(g);
		grid_load(g);
		grid_changed(g, g->row, g->row + fit - 1);
	}
	tell(lines, fit, whole);
	return true;
}
