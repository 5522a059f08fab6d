/* ui/screen/text_sheet.h - a box of text over a row of buttons: what is about to be done, how far
 * it is, what came of it.  Up and down scroll the text, left and right choose a button. */
#ifndef KP_UI_SCREEN_TEXT_SHEET_H
#define KP_UI_SCREEN_TEXT_SHEET_H

#include "ui/dialog_p.h"
#include "ui/screen/buttons.h"

/* Zeroed: empty. */
struct text_sheet {
	struct view *view; /* set once it is open: what is said is laid out and painted */
	const struct button *buttons; /* of the present text */
	int chosen;
	struct wrap text;
};
/* Another text with its buttons; entered: another subject, shown from its top with the first button
 * chosen, else place and choice stay. */
void text_sheet_say(struct text_sheet *t, const char *text, const struct button *buttons,
		    bool entered);
void text_sheet_free(struct text_sheet *t);
struct rect text_sheet_place(struct text_sheet *t, struct rect area);
void text_sheet_paint(struct text_sheet *t, const char *title, enum face face);
/* What an action means here: itself when a button (or going back) offers it, that of the chosen
 * button for ENTER; ACT_NONE when it moved something, *done says whether. */
enum action text_sheet_act(struct text_sheet *t, enum action a, bool *done);

#endif
