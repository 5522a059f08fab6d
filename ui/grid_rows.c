#include "ui/grid_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* ---- columns ---- */

int grid_columns(const struct grid *g)
{
	int n = 0;

	while (n < GRID_COLUMNS && g->columns[n].id)
		n++;
	return n;
}

int grid_column_index(const struct grid *g, int column_id)
{
	int i, n = grid_columns(g);

	for (i = 0; i < n; i++) {
		if (g->columns[i].id == column_id)
			return i;
	}
	return -1;
}

bool grid_can_edit(const struct grid *g, int column)
{
	return g->columns[column].kind != FIELD_SHOW;
}

int grid_next_column(const struct grid *g, int column, int step)
{
	int n = grid_columns(g);

	for (column += step; column >= 0 && column < n; column += step) {
		if (grid_can_edit(g, column))
			return column;
	}
	return -1;
}

/* ---- one row ---- */

void grid_row_init(struct grid_row *r)
{
	int i;

	*r = (struct grid_row) {0};
	for (i = 0; i < GRID_COLUMNS; i++)
		r->cell[i] = mem_strdup("");
}

static char *copy_text(const char *s)
{
	return s ? mem_strdup(s) : NULL;
}

void grid_row_copy(const struct grid *g, struct grid_row *out, const struct grid_row *r)
{
	int i;

	*out = (struct grid_row) {
	    .note = copy_text(r->note),
	    .error = copy_text(r->error),
	    .error_column = r->error_column,
	    .marked = r->marked,
	};
	for (i = 0; i < GRID_COLUMNS; i++) {
		out->cell[i] = mem_strdup(r->cell[i]);
		out->shown[i] = copy_text(r->shown[i]);
	}
	if (r->data && g->hooks && g->hooks->copy_data)
		out->data = g->hooks->copy_data(r->data);
}

void grid_row_free(const struct grid *g, struct grid_row *r)
{
	int i;

	for (i = 0; i < GRID_COLUMNS; i++) {
		free(r->cell[i]);
		free(r->shown[i]);
	}
	free(r->note);
	free(r->error);
	if (r->data && g->hooks && g->hooks->free_data)
		g->hooks->free_data(r->data);
	*r = (struct grid_row) {0};
}

bool grid_row_empty(const struct grid_row *r)
{
	int i;

	for (i = 0; i < GRID_COLUMNS; i++) {
		if (r->cell[i][0])
			return false;
	}
	return true;
}

/* ---- all rows ---- */

/* Memory grows by doubling; it never has less room than this for the rows there are. */
static size_t room_for(int rows)
{
	size_t room = 1;

	while (room < (size_t)rows)
		room *= 2;
	return room;
}

void grid_open(struct grid *g, int at, int n)
{
	int i;

	if (!g->rows || room_for(g->count + n) > room_for(g->count))
		g->rows = mem_realloc(g->rows, room_for(g->count + n) * sizeof(*g->rows));
	memmove(g->rows + at + n, g->rows + at, (size_t)(g->count - at) * sizeof(*g->rows));
	for (i = at; i < at + n; i++)
		grid_row_init(&g->rows[i]);
	g->count += n;
}

void grid_close(struct grid *g, int at, int n)
{
	g->count -= n;
	memmove(g->rows + at, g->rows + at + n, (size_t)(g->count - at) * sizeof(*g->rows));
}

void grid_load(struct grid *g)
{
	const struct grid_column *c = &g->columns[g->column];

	g->edit.max_chars = c->max_chars ? c->max_chars : FORM_MAX_CHARS;
	line_set(&g->edit, g->rows[g->row].cell[g->column]);
	g->fresh = c->align == ALIGN_RIGHT;
}

void grid_changed(struct grid *g, int first, int last)
{
	g->dirty = true;
	if (last >= g->count)
		last = g->count - 1;
	if (g->hooks && g->hooks->changed)
		g->hooks->changed(g, first, last);
}

/* ---- what owners do ---- */

int grid_filled(const struct grid *g)
{
	int i, filled = 0;

	for (i = 0; i < g->count; i++)
		filled += !grid_row_empty(&g->rows[i]);
	return filled;
}

const char *grid_get(const struct grid *g, int row, int column_id)
{
	int c = grid_column_index(g, column_id);

	return c < 0 || row < 0 || row >= g->count ? "" : g->rows[row].cell[c];
}

void grid_set(struct grid *g, int row, int column_id, const char *text)
{
	int c = grid_column_index(g, column_id);

	if (c < 0 || row < 0 || row >= g->max_rows)
		return;
	if (row >= g->count)
		grid_open(g, g->count, row + 1 - g->count);
	mem_set(&g->rows[row].cell[c], text);
	if (row == g->row && c == g->column && strcmp(g->edit.text, g->rows[row].cell[c]) != 0)
		grid_load(g);
}

void grid_clear(struct grid *g)
{
	int i;

	grid_steps_free(g);
	for (i = 0; i < g->count; i++)
		grid_row_free(g, &g->rows[i]);
	g->count = 0;
	grid_open(g, 0, 1);
	grid_match_close(g);
	g->row = g->top = 0;
	g->column = grid_next_column(g, -1, 1);
	g->dirty = false;
	grid_load(g);
}
