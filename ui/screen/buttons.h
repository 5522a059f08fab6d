/* ui/screen/buttons.h - a row of buttons under a sheet, chosen with left and right. */
#ifndef KP_UI_SCREEN_BUTTONS_H
#define KP_UI_SCREEN_BUTTONS_H

#include "ui/view.h"

/* A row ends with label NULL. */
struct button {
	const char *label;
	enum action action;
};

/* One button, the chosen one in brackets with the cursor on it; returns the columns used. */
int button_draw(struct rect r, int row, int col, bool chosen, const char *label);
/* The row, two columns between them; chosen -1: none. */
void buttons_draw(const struct button *b, int chosen, struct rect r, int row, int col);
int buttons_count(const struct button *b);
/* The index `step` further on, around the ends. */
int buttons_step(const struct button *b, int chosen, int step);
/* The index of an action, -1 when it is not among them. */
int buttons_find(const struct button *b, enum action a);

#endif
