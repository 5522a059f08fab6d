/* ui/screen/red_issue_p.h - the sheet of red invoices: its state, and what it says. */
#ifndef KP_UI_SCREEN_RED_ISSUE_P_H
#define KP_UI_SCREEN_RED_ISSUE_P_H

#include "ui/screen/red_pick.h"
#include "ui/screen/rounds.h"
#include "ui/screen/text_sheet.h"

enum { RED_ISSUE_TEXT = 1 << 20 };

struct red_issue {
	struct text_sheet sheet;
	struct rounds rounds;
	struct red_pick pick;
	int64_t *invoices; /* owned, as pick.letters */
	bool *repeat;      /* owned */
	char *remark;      /* owned; NULL: none */
	/* Counted anew by red_issue_say once they are numbered. */
	size_t issued, failed;
	char number[NUMBER_TEXT]; /* of a single one */
};

/* Text and buttons of the present phase; entered: it has just been entered. */
void red_issue_say(struct red_issue *s, bool entered);

#endif
