#include "ui/grid_p.h"

#include <stdlib.h>

#include "base/buf.h"

void grid_init(struct grid *g, const struct grid_column *columns, const struct grid_hooks *hooks,
	       void *owner, int max_rows)
{
	*g = (struct grid) {
	    .columns = columns, .hooks = hooks, .owner = owner, .max_rows = max_rows, .match = -1};
	g->undo = mem_zalloc(GRID_UNDO * sizeof(*g->undo));
	line_init(&g->edit, FORM_MAX_CHARS);
	grid_clear(g);
}

void grid_free(struct grid *g)
{
	int i;

	if (!g->undo)
		return;
	grid_steps_free(g);
	for (i = 0; i < g->count; i++)
		grid_row_free(g, &g->rows[i]);
	free(g->rows);
	free(g->undo);
	line_free(&g->edit);
	*g = (struct grid) {0};
}

void grid_layout(struct grid *g, struct rect area)
{
	g->area = area;
}

void grid_focus(struct grid *g, int row, int column_id)
{
	int c = grid_column_index(g, column_id);

	if (c < 0 || !grid_can_edit(g, c))
		c = grid_next_column(g, -1, 1);
	g->row = row < 0 ? 0 : row >= g->count ? g->count - 1 : row;
	g->column = c;
	g->editing = false;
	grid_match_close(g);
	grid_load(g);
}

const char *grid_error(const struct grid *g)
{
	const char *error = g->rows[g->row].error;

	return error ? error : "";
}

const char *grid_help(const struct grid *g)
{
	return g->columns[g->column].help;
}
