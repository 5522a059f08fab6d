#include "ui/grid_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum { MATCH_FROM = 2 }; /* characters typed before the list opens */

/* ---- completion ---- */

void grid_match_close(struct grid *g)
{
	g->match_count = 0;
	g->match = -1;
}

static bool match_fill(struct grid *g)
{
	grid_match_close(g);
	if (!g->hooks || !g->hooks->complete)
		return false;
	g->match_count =
	    g->hooks->complete(g, g->row, g->column, g->edit.text, g->matches, FORM_MATCHES);
	g->match = form_match_first(g->edit.text, g->match_count);
	return g->match_count > 0;
}

static bool take_match(struct grid *g)
{
	struct candidate c;
	int row = g->row;

	if (!g->match_count || g->match < 0)
		return false;
	c = g->matches[g->match];
	grid_match_close(g);
	grid_step_edit(g);
	if (g->hooks->matched)
		g->hooks->matched(g, g->row, g->column, &c);
	else
		mem_set(&g->rows[g->row].cell[g->column], c.label);
	g->editing = false;
	grid_load(g);
	grid_changed(g, row, row);
	return true;
}

/* ---- typing ---- */

/* The edit line changed: the step keeps the row as it was, the row takes the text. */
static void text_changed(struct grid *g)
{
	g->fresh = false;
	grid_step_edit(g);
	mem_set(&g->rows[g->row].cell[g->column], g->edit.text);
	grid_match_close(g);
	if (text_chars(g->edit.text) >= MATCH_FROM)
		match_fill(g);
	grid_changed(g, g->row, g->row);
}

static bool copy_up(struct grid *g)
{
	const char *above = g->row > 0 ? g->rows[g->row - 1].cell[g->column] : "";

	if (!above[0] || (g->edit.len && !g->fresh))
		return false;
	line_set(&g->edit, above);
	text_changed(g);
	grid_match_close(g);
	return true;
}

static bool type_text(struct grid *g, const char *text, size_t n)
{
	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (g->fresh)
		line_clear(&g->edit);
	if (!form_type(&g->edit, g->columns[g->column].kind, text, n)) {
		if (g->fresh)
			grid_load(g);
		return false;
	}
	text_changed(g);
	return true;
}

bool grid_key(struct grid *g, struct key k, const char *paste, size_t n)
{
	char utf8[4];

	if (k.code == K_PASTE && grid_is_block(paste, n))
		return (g->hooks && g->hooks->block && g->hooks->block(g, paste, n)) ||
		       grid_paste(g, paste, n);
	if (g->row >= g->max_rows || (k.code != K_PASTE && !key_is_text(k)))
		return false;
	if (k.code == K_PASTE)
		return type_text(g, paste, n);
	if (k.code == '=' && copy_up(g))
		return true;
	if (g->columns[g->column].kind == FIELD_DATE && form_date_key(&g->edit, k.code)) {
		text_changed(g);
		return true;
	}
	return type_text(g, utf8, text_put(k.code, utf8));
}

/* ---- moving ---- */

static void leave(struct grid *g)
{
	grid_match_close(g);
	if (g->columns[g->column].kind == FIELD_DATE) {
		form_date_settle(&g->edit);
		if (strcmp(g->edit.text, g->rows[g->row].cell[g->column]) != 0)
			text_changed(g);
	}
	g->editing = false;
}

static enum grid_result go(struct grid *g, int row, int column)
{
	leave(g);
	g->row = row;
	g->column = column;
	grid_load(g);
	return GRID_LEFT_CELL;
}

static enum grid_result go_out(struct grid *g, enum grid_result where)
{
	leave(g);
	return where;
}

static enum grid_result next(struct grid *g)
{
	int column = grid_next_column(g, g->column, 1);

	if (column >= 0)
		return go(g, g->row, column);
	if (g->row + 1 >= g->count) {
		if (g->count >= g->max_rows || grid_row_empty(&g->rows[g->row]))
			return go_out(g, GRID_LEFT_BOTTOM);
		grid_open(g, g->count, 1);
	}
	return go(g, g->row + 1, grid_next_column(g, -1, 1));
}

static enum grid_result enter(struct grid *g)
{
	if (take_match(g))
		return GRID_USED;
	if (g->row > 0 && g->row == g->count - 1 && grid_row_empty(&g->rows[g->row]))
		return go_out(g, GRID_LEFT_BOTTOM);
	return next(g);
}

static enum grid_result previous(struct grid *g)
{
	int column = grid_next_column(g, g->column, -1);

	if (column >= 0)
		return go(g, g->row, column);
	if (g->row == 0)
		return go_out(g, GRID_LEFT_TOP);
	return go(g, g->row - 1, grid_next_column(g, grid_columns(g), -1));
}

static enum grid_result move_rows(struct grid *g, int step)
{
	int row = g->row + step;

	if (row < 0)
		row = 0;
	if (row >= g->count)
		row = g->count - 1;
	return row == g->row ? GRID_UNUSED : go(g, row, g->column);
}

static enum grid_result up(struct grid *g)
{
	if (g->match_count) {
		g->match = form_match_move(g->match, g->match_count, -1);
		return GRID_USED;
	}
	return g->row ? move_rows(g, -1) : go_out(g, GRID_LEFT_TOP);
}

static enum grid_result down(struct grid *g)
{
	if (g->match_count) {
		g->match = form_match_move(g->match, g->match_count, 1);
		return GRID_USED;
	}
	return g->row + 1 < g->count ? move_rows(g, 1) : go_out(g, GRID_LEFT_BOTTOM);
}

static enum grid_result page_up(struct grid *g)
{
	return move_rows(g, g->area.h > 2 ? 1 - g->area.h : -1);
}

static enum grid_result page_down(struct grid *g)
{
	return move_rows(g, g->area.h > 2 ? g->area.h - 1 : 1);
}

/* At the ends of the text LEFT and RIGHT go on to the next cell of the row. */
static enum grid_result left(struct grid *g)
{
	int column = grid_next_column(g, g->column, -1);

	if (line_left(&g->edit)) {
		g->fresh = false;
		return GRID_USED;
	}
	return column < 0 ? GRID_UNUSED : go(g, g->row, column);
}

static enum grid_result right(struct grid *g)
{
	int column = grid_next_column(g, g->column, 1);

	if (line_right(&g->edit)) {
		g->fresh = false;
		return GRID_USED;
	}
	return column < 0 ? GRID_UNUSED : go(g, g->row, column);
}

/* ---- rows ---- */

static enum grid_result row_delete(struct grid *g)
{
	bool only = g->count == 1;

	if (only && grid_row_empty(&g->rows[0]))
		return GRID_UNUSED;
	leave(g);
	grid_step_push(g, g->row, 1, only ? 1 : 0);
	grid_row_free(g, &g->rows[g->row]);
	if (only)
		grid_row_init(&g->rows[0]);
	else
		grid_close(g, g->row, 1);
	if (g->row >= g->count)
		g->row = g->count - 1;
	grid_load(g);
	grid_changed(g, g->row, g->row);
	return GRID_LEFT_CELL;
}

static enum grid_result row_insert(struct grid *g)
{
	if (g->count >= g->max_rows || grid_row_empty(&g->rows[g->row]))
		return GRID_UNUSED;
	leave(g);
	grid_step_push(g, g->row, 0, 1);
	grid_open(g, g->row, 1);
	g->column = grid_next_column(g, -1, 1);
	grid_load(g);
	grid_changed(g, g->row, g->row);
	return GRID_LEFT_CELL;
}

/* The first cell of the row below; a new row behind a last one that holds something. */
static enum grid_result row_next(struct grid *g)
{
	if (g->row + 1 >= g->count) {
		if (g->count >= g->max_rows || grid_row_empty(&g->rows[g->row]))
			return GRID_UNUSED;
		grid_open(g, g->count, 1);
	}
	return go(g, g->row + 1, grid_next_column(g, -1, 1));
}

static enum grid_result mark(struct grid *g)
{
	if (grid_row_empty(&g->rows[g->row]))
		return GRID_UNUSED;
	g->rows[g->row].marked = !g->rows[g->row].marked;
	return GRID_USED;
}

static enum grid_result undo(struct grid *g)
{
	return grid_undo(g) ? GRID_USED : GRID_UNUSED;
}

static enum grid_result redo(struct grid *g)
{
	return grid_redo(g) ? GRID_USED : GRID_UNUSED;
}

static enum grid_result row_copy_up(struct grid *g)
{
	return copy_up(g) ? GRID_USED : GRID_UNUSED;
}

static enum grid_result choose(struct grid *g)
{
	if (g->columns[g->column].chooser || !match_fill(g))
		return GRID_UNUSED;
	g->match = 0;
	return GRID_USED;
}

static enum grid_result back(struct grid *g)
{
	if (!g->match_count)
		return GRID_UNUSED;
	grid_match_close(g);
	return GRID_USED;
}

enum grid_result grid_act(struct grid *g, enum action a)
{
	static const struct {
		enum action action;
		enum grid_result (*run)(struct grid *g);
	} ACTS[] = {
	    {ACT_ENTER, enter},
	    {ACT_NEXT, next},
	    {ACT_PREVIOUS, previous},
	    {ACT_UP, up},
	    {ACT_DOWN, down},
	    {ACT_LEFT, left},
	    {ACT_RIGHT, right},
	    {ACT_PAGE_UP, page_up},
	    {ACT_PAGE_DOWN, page_down},
	    {ACT_ROW_DELETE, row_delete},
	    {ACT_ROW_INSERT, row_insert},
	    {ACT_ROW_COPY_UP, row_copy_up},
	    {ACT_ROW_NEXT, row_next},
	    {ACT_MARK, mark},
	    {ACT_UNDO, undo},
	    {ACT_REDO, redo},
	    {ACT_CHOOSE, choose},
	    {ACT_BACK, back},
	};
	size_t i;

	for (i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++) {
		if (ACTS[i].action == a)
			return ACTS[i].run(g);
	}
	if (a == ACT_FIRST || a == ACT_LAST)
		g->fresh = false;
	switch (form_edit(&g->edit, a)) {
	case EDIT_CHANGED:
		text_changed(g);
		return GRID_USED;
	case EDIT_MOVED:
		g->fresh = false;
		return GRID_USED;
	case EDIT_UNUSED:
		break;
	}
	return GRID_UNUSED;
}
