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
	bool kept;         /* it was typed before, and not issued then */
	/* Counted anew by red_issue_say once they are numbered. */
	size_t issued, failed;
	char number[NUMBER_TEXT]; /* of a single one */
};

/* Text and buttons of the present phase; entered: it has just been entered. */
void red_issue_say(struct red_issue *s, bool entered);

/* ---- red_issue_remark.c ---- */

bool red_issue_ask_remark(struct red_issue *s, int token);
/* As answered: kept until these are issued. */
void red_issue_take_remark(struct red_issue *s, const struct form *f);
/* Once more when going back: the store may have been busy. */
void red_issue_keep_remark(const struct red_issue *s);
/* What was kept of these letters; once they are picked. */
void red_issue_find_remark(struct red_issue *s);
void red_issue_drop_remark(struct red_issue *s);

#endif
