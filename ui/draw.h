/* ui/draw.h - the only way text reaches cells (I8).
 *
 * Rows and columns are relative to the rectangle; nothing is drawn outside it.  A wide character
 * that does not fit whole is replaced by a blank; cut text ends with '~'; forbidden characters are
 * shown as <U+XXXX> marks; every call fills exactly the width it was given.
 */
#ifndef KP_UI_DRAW_H
#define KP_UI_DRAW_H

#include "ui/layout.h"
#include "ui/theme.h"

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

void draw_clear(struct rect r, enum face f);
/* Text into `width` columns at (row, col). */
void draw_text(struct rect r, int row, int col, int width, enum align a, enum face f,
	       const char *text);
/* Text over as many rows as it needs, at most `rows`, each `width` columns wide; what does not fit
 * ends with '~'.  Returns the rows used.  A line feed begins a row. */
int draw_wrapped(struct rect r, int row, int col, int width, int rows, enum face f,
		 const char *text);
/* Text as long as it is, at most to the right edge; returns the columns used. */
int draw_run(struct rect r, int row, int col, enum face f, const char *text);
void draw_line(struct rect r, int row,
	       const char *title);               /* horizontal rule, optional title in it */
void draw_box(struct rect r, const char *title); /* border around, inside cleared */
/* Columns a text will take, marks counted. */
int draw_cols(const char *text);
/* Where the real cursor goes after this paint; hidden when nobody asks. */
void draw_cursor(struct rect r, int row, int col);
/* Forgets the cursor asked for; before each view is painted, so that the top one decides. */
void draw_forget_cursor(void);
/* Puts the real cursor where it was asked for, or hides it; false when hidden (term_flush). */
bool draw_place_cursor(void);
bool draw_cursor_at(int *row, int *col);
/* A row of the screen as UTF-8 (trailing blanks cut): for script dumps only. */
char *draw_dump_row(int row);

#endif
