/* ui/grid.h - line items: cells typed in place, rows added by Enter on the last, own undo.
 *
 * Cells hold typed text; a callback recomputes the derived cells after every change.  Undo keeps
 * whole rows: one step per cell left, row inserted or deleted, paste.
 *
 * Figures (columns aligned right) that the focus has just come to are replaced by typing, not added
 * to; moving the caret or deleting leaves them.
 *
 * Columns are named by id in functions with `column_id`; `column` and error_column are indexes.
 * Left of the columns stand the row number (3 columns) and one mark: '*' marked, '!' wrong; one
 * blank parts the columns: widths of n columns add up to at most 80 - 4 - (n - 1).
 */
#ifndef KP_UI_GRID_H
#define KP_UI_GRID_H

#include "ui/draw.h"
#include "ui/form.h"
#include "ui/line.h"
#include "ui/view.h"

enum { GRID_COLUMNS = 10, GRID_TEXT = 2500, GRID_UNDO = 200 };
struct grid_column {
	int id;
	const char *label;
	int width, wide_width;
	enum align align;
	enum field_kind kind; /* FIELD_SHOW: derived, never focused */
	size_t max_chars;
	bool chooser;
	const char *help;
};
struct grid;
struct grid_row {
	char *cell[GRID_COLUMNS];  /* owned, never NULL; typed text */
	char *shown[GRID_COLUMNS]; /* owned or NULL: painted instead when not focused */
	/* Owned or NULL: a second line under the row, e.g. the discount.  Tabs part it into the
	 * columns: "折扣 10%\t\t\t\t\t-22.60\t13%\t-2.60"; the first part runs on over empty ones. */
	char *note;
	char *error; /* owned or NULL: sentence of a wrong cell */
	int error_column;
	bool marked;
	void *data; /* owner's, copied by copy_data, freed by free_data */
};
struct grid_hooks {
	/* After any change by the person (undo included): recompute `shown`, `note`, `error` of
	 * rows first..last, then what depends on all rows; first > last when rows went away. */
	void (*changed)(struct grid *g, int first, int last);
	int (*complete)(struct grid *g, int row, int column, const char *text,
			struct candidate *out, int max);
	/* A completion was taken: fill the row with grid_set (same undo step); may move focus. */
	void (*matched)(struct grid *g, int row, int column, const struct candidate *c);
	void *(*copy_data)(const void *data);
	void (*free_data)(void *data);
	/* A block is to become rows: true when the owner asks first and calls grid_paste later.
	 * NULL: it becomes rows at once. */
	bool (*block)(struct grid *g, const char *text, size_t n);
	/* What the owner keeps with a step (grid_step_keep) is to be as it was: returns what it is
	 * now.  Called before `changed`. */
	int (*restore)(struct grid *g, int kept);
};
struct grid {
	const struct grid_column *columns; /* ends with id 0 */
	const struct grid_hooks *hooks;
	void *owner;
	struct grid_row *rows;
	int count, row, column, top; /* count includes the empty last row */
	int max_rows;
	struct line edit; /* text of the focused cell */
	struct rect area;
	struct grid_step *undo; /* ring, private */
	int undo_count, redo_count;
	bool editing; /* the newest step belongs to the focused cell */
	bool fresh;   /* the focus has just come to a figure: typing replaces it */
	struct candidate matches[8];
	int match_count, match;
	bool dirty;
};
void grid_init(struct grid *g, const struct grid_column *columns, const struct grid_hooks *hooks,
	       void *owner, int max_rows);
void grid_free(struct grid *g);
void grid_layout(struct grid *g, struct rect area);
void grid_paint(struct grid *g, bool focused);
/* The completion list alone, for views that paint more after the grid. */
void grid_paint_matches(const struct grid *g);
/* A block pasted from a workbook (tabs and newlines) becomes rows: one undo step. */
bool grid_key(struct grid *g, struct key k, const char *paste, size_t n);
/* The rows of a block, how many of them there is room for; not whole: something was cut. */
struct grid_pasted {
	int lines, fit;
	bool whole;
};
/* Puts the block into rows from the focused cell on: one undo step, and says how it went.  False
 * when nothing is in it. */
bool grid_paste(struct grid *g, const char *text, size_t n);
/* The same cells, each in quotes and doubled inside, under a line that says the separator: as text
 * of a CSV file.  malloc'd. */
char *grid_block_quoted(const char *text, size_t n);
/* What it would become: *out gets the rows concerned as a grid of its own (grid_free), whose hooks
 * are only those for data. */
void grid_paste_try(const struct grid *g, const char *text, size_t n, struct grid *out,
		    struct grid_pasted *p);
/* ENTER and NEXT: next cell; on the last one the next row, a new one at the end.  ENTER in the
 * empty last row (not the first), DOWN on the last: GRID_LEFT_BOTTOM.  GRID_LEFT_CELL: another cell
 * has the focus. */
enum grid_result { GRID_UNUSED, GRID_USED, GRID_LEFT_TOP, GRID_LEFT_BOTTOM, GRID_LEFT_CELL };
enum grid_result grid_act(struct grid *g, enum action a);
/* Rows with any text (the empty last row does not count). */
int grid_filled(const struct grid *g);
const char *grid_get(const struct grid *g, int row, int column_id);
/* Adds rows as needed; no undo, no hook: the caller recomputes. */
void grid_set(struct grid *g, int row, int column_id, const char *text);
/* One undo step for what the owner is about to change in rows first..last (discount, data). */
void grid_step_begin(struct grid *g, int first, int last);
/* In one undo step, rows at..at+count-1 make way for n empty ones, which the caller fills with
 * grid_set and data; then it recomputes.  The newest step is the one grid_step_keep means. */
void grid_replace(struct grid *g, int at, int count, int n);
/* Something of the owner's, >= 0, that undo brings back with the rows of the newest step. */
void grid_step_keep(struct grid *g, int kept);
void grid_clear(struct grid *g);
void grid_focus(struct grid *g, int row, int column_id);
const char *grid_error(const struct grid *g); /* sentence of the focused cell's row, "" none */
const char *grid_help(const struct grid *g);  /* of the focused column, or NULL */

#endif
