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

static void put_quoted(struct buf *out, const char *cell)
{
	buf_addc(out, '"');
	for (; *cell; cell++) {
		if (*cell == '"')
			buf_addc(out, '"');
		buf_addc(out, *cell);
	}
	buf_addc(out, '"');
}

char *grid_block_quoted(const char *text, size_t n)
{
	struct block b = {text, text + n};
	bool begins = true;
	struct buf out;
	char *cell;

	buf_init(&out, 4 * n + 64);
	buf_adds(&out, "sep=\t\n");
	while (b.at < b.end) {
		buf_adds(&out, begins ? "" : "\t");
		cell = next_cell(&b);
		put_quoted(&out, cell);
		free(cell);
		begins = b.at < b.end && *b.at == '\n';
		if (begins)
			buf_addc(&out, '\n');
		b.at += b.at < b.end;
	}
	return buf_detach(&out);
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

static void tell(const struct grid_pasted *p)
{
	if (p->fit < p->lines)
		ui_message(MESSAGE_WARNING, "只放得下前 %d 行，另有 %d 行没有粘贴；可以撤销。",
			   p->fit, p->lines - p->fit);
	else if (!p->whole)
		ui_message(MESSAGE_WARNING, "粘贴了 %d 行，有的内容超出栏目没有放入；可以撤销。",
			   p->fit);
	else
		ui_message(MESSAGE_INFO, "粘贴了 %d 行，可以撤销。", p->fit);
}

static struct grid_pasted measure(const struct grid *g, const char *text, size_t n)
{
	struct grid_pasted p = {.lines = count_lines(text, n), .whole = true};
	int room = g->max_rows > g->row ? g->max_rows - g->row : 0;

	p.fit = room < p.lines ? room : p.lines;
	return p;
}

/* Into the rows from the focused one on, which are there. */
static void fill_rows(struct grid *g, const char *text, size_t n, struct grid_pasted *p)
{
	struct block b = {text, text + n};
	struct block_line line = {0};
	int row = g->row;

	while (row < g->row + p->fit && next_line(&b, &line)) {
		if (line.any)
			p->whole = fill_row(g, row++, &line) && p->whole;
	}
	line_done(&line);
}

bool grid_paste(struct grid *g, const char *text, size_t n)
{
	struct grid_pasted p = measure(g, text, n);
	int there = g->count - g->row < p.fit ? g->count - g->row : p.fit;

	if (p.lines == 0)
		return false;
	if (p.fit > 0) {
		grid_step_push(g, g->row, there, p.fit);
		if (p.fit > there)
			grid_open(g, g->count, p.fit - there);
		fill_rows(g, text, n, &p);
		grid_match_close(g);
		grid_load(g);
		grid_changed(g, g->row, g->row + p.fit - 1);
	}
	tell(&p);
	return true;
}

void grid_paste_try(const struct grid *g, const char *text, size_t n, struct grid *out,
		    struct grid_pasted *p)
{
	int i, there;

	*p = measure(g, text, n);
	grid_init(out, g->columns, g->hooks, NULL, g->max_rows);
	there = g->count - g->row < p->fit ? g->count - g->row : p->fit;
	if (p->fit > 1)
		grid_open(out, 1, p->fit - 1);
	for (i = 0; i < there; i++) {
		grid_row_free(out, &out->rows[i]);
		grid_row_copy(g, &out->rows[i], &g->rows[g->row + i]);
	}
	out->column = g->column;
	fill_rows(out, text, n, p);
	grid_load(out);
}
