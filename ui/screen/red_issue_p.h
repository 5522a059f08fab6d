/* ui/screen/red_issue_p.h - the sheet of red invoices: its state, and what it says. */
#ifndef KP_UI_SCREEN_RED_ISSUE_P_H
#define KP_UI_SCREEN_RED_ISSUE_P_H

#include "ui/screen/red_p.h"
#include "ui/screen/rounds.h"
#include "ui/screen/text_sheet.h"

enum { RED_ISSUE_TEXT = 1 << 20 };

struct red_issue {
	struct text_sheet sheet;
	struct rounds rounds;
	int64_t *letters, *invoices; /* owned */
	bool *repeat;                /* owned */
	size_t count, left_out;
	char why_left_out[600];
	struct red_record one; /* when there is only one */
	int64_t net, tax;
	struct buf rows; /* of several, in the confirmation */
	char *remark;    /* owned; NULL: none */
	/* Counted anew by red_issue_say once they are numbered. */
	size_t issued, failed;
	char number[NUMBER_TEXT]; /* of a single one */
};

/* Text and buttons of the present phase; entered: it has just been entered. */
void red_issue_say(struct red_issue *s, bool entered);

#endif
