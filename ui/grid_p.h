/* ui/grid_p.h - inside of the grid: rows, undo, pasted blocks. */
#ifndef KP_UI_GRID_P_H
#define KP_UI_GRID_P_H

#include "ui/form_p.h"
#include "ui/grid.h"

/* One undo step: `rows` stood where the grid now has `now` rows, from `at` on.  Undo and redo
 * exchange the two, so a step never copies. */
struct grid_step {
	struct grid_row *rows; /* owned */
	int count, now, at;
	int row, column; /* where the focus was: it returns there */
	int kept;        /* of the owner's; -1 none */
};

/* ---- rows (grid_rows.c) ---- */

int grid_columns(const struct grid *g);
int grid_column_index(const struct grid *g, int column_id); /* -1 unknown */
bool grid_can_edit(const struct grid *g, int column);
/* The next column that can be edited, from `column` in direction `step`; -1 none. */
int grid_next_column(const struct grid *g, int column, int step);
void grid_row_init(struct grid_row *r);
void grid_row_copy(const struct grid *g, struct grid_row *out, const struct grid_row *r);
void grid_row_free(const struct grid *g, struct grid_row *r);
bool grid_row_empty(const struct grid_row *r);
/* Opens `n` empty rows at `at`; closes n rows there (they must have been freed or moved). */
void grid_open(struct grid *g, int at, int n);
void grid_close(struct grid *g, int at, int n);
/* The focused cell's text into the edit line, caret at the end. */
void grid_load(struct grid *g);
void grid_changed(struct grid *g, int first, int last);

/* ---- undo (grid_undo.c) ---- */

/* Remembers rows at..at+count-1, which become `now` rows; forgets what could be redone. */
void grid_step_push(struct grid *g, int at, int count, int now);
/* The focused cell is about to change: one step per visit of a cell. */
void grid_step_edit(struct grid *g);
bool grid_undo(struct grid *g);
bool grid_redo(struct grid *g);
void grid_steps_free(struct grid *g);

/* ---- pasted blocks (grid_paste.c) ---- */

/* Has the text several cells? */
bool grid_is_block(const char *text, size_t n);

void grid_match_close(struct grid *g);

#endif
