/* ui/screen/summary_p.h - the screen of 乐企汇总确认 and the dialogs over it. */
#ifndef KP_UI_SCREEN_SUMMARY_P_H
#define KP_UI_SCREEN_SUMMARY_P_H

#include "ui/screen/listing.h"

enum { SUMMARY_QUESTION = 900 };

struct summaries {
	struct listing frame;
	struct errand errand;
	struct summary_view now; /* of the selected row */
	bool read, known, automatic;
	char asked[MONTH_TEXT]; /* what a question or the errand is about */
	bool forced, asks;      /* asks: the errand confirms or cancels */
	bool follows;           /* it looks what the tax side has after a refusal */
	char question[SUMMARY_QUESTION];
};

/* The row that is selected; NULL: there is none, or it cannot be read. */
const struct summary_view *summary_selected(struct summaries *s);

/* ---- summary_ask.c ---- */
/* Opens the dialog of an action, or begins what needs none; false: not one of ours. */
bool summary_ask(struct view *v, enum action a);
void summary_answer(struct view *v, int token, bool ok, const void *result);
/* The errand has come to rest: a refusal is followed by a look of the engine, which is waited
 * for. */
void summary_errand_end(struct summaries *s, enum err verdict, const struct err_info *e);

#endif
