#include "ui/grid_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* g->undo holds undo_count steps to undo, then redo_count to redo. */

static void step_free(struct grid *g, struct grid_step *s)
{
	int i;

	for (i = 0; i < s->count; i++)
		grid_row_free(g, &s->rows[i]);
	free(s->rows);
	*s = (struct grid_step) {0};
}

void grid_steps_free(struct grid *g)
{
	int i;

	for (i = 0; i < g->undo_count + g->redo_count; i++)
		step_free(g, &g->undo[i]);
	g->undo_count = g->redo_count = 0;
	g->editing = false;
}

static void forget_redo(struct grid *g)
{
	int i;

	for (i = 0; i < g->redo_count; i++)
		step_free(g, &g->undo[g->undo_count + i]);
	g->redo_count = 0;
}

void grid_step_push(struct grid *g, int at, int count, int now)
{
	struct grid_step *s;
	int i;

	forget_redo(g);
	g->editing = false;
	if (g->undo_count == GRID_UNDO) {
		step_free(g, &g->undo[0]);
		memmove(g->undo, g->undo + 1, (GRID_UNDO - 1) * sizeof(*g->undo));
		g->undo_count--;
	}
	s = &g->undo[g->undo_count++];
	*s = (struct grid_step) {
	    .count = count, .now = now, .at = at, .row = g->row, .column = g->column, .kept = -1};
	s->rows = mem_zalloc((size_t)(count + 1) * sizeof(*s->rows));
	for (i = 0; i < count; i++)
		grid_row_copy(g, &s->rows[i], &g->rows[at + i]);
}

void grid_step_edit(struct grid *g)
{
	if (g->editing)
		return;
	grid_step_push(g, g->row, 1, 1);
	g->editing = true;
}

void grid_step_begin(struct grid *g, int first, int last)
{
	if (first < 0 || last >= g->count || first > last)
		return;
	grid_step_push(g, first, last - first + 1, last - first + 1);
	g->dirty = true;
}

void grid_step_keep(struct grid *g, int kept)
{
	if (g->undo_count)
		g->undo[g->undo_count - 1].kept = kept;
}

void grid_replace(struct grid *g, int at, int count, int n)
{
	int i;

	grid_step_push(g, at, count, n);
	for (i = at; i < at + count; i++)
		grid_row_free(g, &g->rows[i]);
	grid_close(g, at, count);
	grid_open(g, at, n);
	grid_match_close(g);
	g->row = at < g->count ? at : g->count - 1;
	grid_load(g);
	g->dirty = true;
}

/* Exchanges the rows of the step with those in the grid. */
static void exchange(struct grid *g, struct grid_step *s)
{
	struct grid_row *out = mem_zalloc((size_t)(s->now + 1) * sizeof(*out));
	int put = s->count, took = s->now, i;

	memcpy(out, g->rows + s->at, (size_t)took * sizeof(*out));
	if (put < took)
		grid_close(g, s->at + put, took - put);
	if (put > took) {
		grid_open(g, s->at + took, put - took);
		for (i = s->at + took; i < s->at + put; i++)
			grid_row_free(g, &g->rows[i]);
	}
	memcpy(g->rows + s->at, s->rows, (size_t)put * sizeof(*out));
	free(s->rows);
	s->rows = out;
	s->count = took;
	s->now = put;
	g->editing = false;
	g->row = s->row < g->count ? s->row : g->count - 1;
	g->column = s->column;
	grid_match_close(g);
	grid_load(g);
	if (s->kept >= 0 && g->hooks && g->hooks->restore)
		s->kept = g->hooks->restore(g, s->kept);
	grid_changed(g, s->at, s->at + put - 1);
}

bool grid_undo(struct grid *g)
{
	if (!g->undo_count)
		return false;
	g->undo_count--;
	g->redo_count++;
	exchange(g, &g->undo[g->undo_count]);
	return true;
}

bool grid_redo(struct grid *g)
{
	if (!g->redo_count)
		return false;
	g->redo_count--;
	g->undo_count++;
	exchange(g, &g->undo[g->undo_count - 1]);
	return true;
}
