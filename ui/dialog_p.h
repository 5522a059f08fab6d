/* ui/dialog_p.h - what dialogs share: wrapped text and a row of buttons. */
#ifndef KP_UI_DIALOG_P_H
#define KP_UI_DIALOG_P_H

#include "ui/dialog.h"

enum { DIALOG_BORDER = 1, DIALOG_PAD = 2, DIALOG_MIN_COLS = 36 };

/* Text broken into lines of at most `cols` columns. */
struct wrap {
	char *text; /* owned */
	struct wrap_line {
		size_t at, n;
	} * lines; /* owned */
	int count, cols, top;
	bool exact; /* lines are not broken; `left` columns of them are not shown */
	int left, widest;
};
void wrap_set(struct wrap *w, const char *text);
void wrap_free(struct wrap *w);
/* Columns of the widest line as written. */
int wrap_natural(const struct wrap *w);
void wrap_layout(struct wrap *w, int cols);
void wrap_paint(const struct wrap *w, struct rect r, enum face face);
/* Moving actions scroll; rows is what is shown.  False when nothing moved. */
bool wrap_scroll(struct wrap *w, enum action a, int rows);

/* The inside of a box. */
struct rect dialog_inside(struct rect box);
/* Columns a box needs for `inside` columns and its title, at most the area's. */
int dialog_cols(struct rect area, int inside, const char *title);
/* Two buttons in the middle of a row, the focused one (-1 none) in brackets with the cursor on it.
 */
void dialog_buttons(struct rect r, int row, const char *yes, const char *no, int focus);

#endif
