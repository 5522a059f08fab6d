/* ui/screen/blue_sheet.h - the sheet of an invoice being issued: its state and how it looks. */
#ifndef KP_UI_SCREEN_BLUE_SHEET_H
#define KP_UI_SCREEN_BLUE_SHEET_H

#include "ui/screen/blue_p.h"
#include "ui/screen/buttons.h"
#include "ui/screen/parts.h"
#include "ui/screen/rounds.h"

struct sheet {
	struct view *view;
	struct rounds rounds;
	int button;
	struct invoice_set set; /* one invoice */
	char *warnings;
	int64_t form_id, draft_id, quota_after;
	bool quota_known;
	struct errand errand;  /* adjusting the interval */
	bool over, paused;     /* the interval has ended; 暂停赋额 */
	char until[DATE_TEXT]; /* the interval's end */
	bool again;            /* a person said: though its draft is used up */
	/* once it is numbered */
	int64_t id;
	bool repeat, differs, needs_person;
	struct invoice stored; /* what stands under the order number of a repeat */
	enum invoice_state state;
	enum err verdict;
	char number[NUMBER_TEXT], words[900];
};

/* Buttons of the present phase. */
const struct button *blue_sheet_buttons(const struct sheet *s);
int blue_sheet_rows(const struct sheet *s, struct rect area);
void blue_sheet_paint(const struct sheet *s, struct rect area);

#endif
