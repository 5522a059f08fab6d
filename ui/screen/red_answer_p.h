/* ui/screen/red_answer_p.h - the sheet of answers: its state, and what it says. */
#ifndef KP_UI_SCREEN_RED_ANSWER_P_H
#define KP_UI_SCREEN_RED_ANSWER_P_H

#include "ui/screen/red_pick.h"
#include "ui/screen/text_sheet.h"

enum { RED_ANSWER_WHY = 600 };

enum answer_stage {
	ANSWER_NEXT,  /* its turn has not come */
	ANSWER_GIVEN, /* recorded, with the engine */
	ANSWER_DONE,
	ANSWER_REFUSED
};
enum answer_phase { PHASE_ASK, PHASE_GIVING, PHASE_WAITING, PHASE_RESTS };
struct red_answer {
	struct text_sheet sheet;
	struct red_pick pick;
	enum red_action action;
	enum answer_phase phase;
	struct answer_row {
		enum answer_stage stage;
		char why[RED_ANSWER_WHY];
	} * rows;              /* owned, as pick.letters */
	size_t next;           /* whose turn it is */
	bool fetched;          /* risk data older than a day is fetched once before */
	bool unseen;           /* another writer kept it from being looked how they stand */
	struct desk_wait risk; /* while it is fetched */
	struct desk_wait wait; /* all answers */
	size_t counts[ANSWER_REFUSED + 1];
	int64_t *done; /* owned; the letters that are done, for the asker */
};

/* Counts anew, and says it with its buttons; entered: the phase has just been entered. */
void red_answer_say(struct red_answer *s, bool entered);

#endif
