/* ui/screen/numbers_p.h - the screen of the numbers and the dialogs over it. */
#ifndef KP_UI_SCREEN_NUMBERS_P_H
#define KP_UI_SCREEN_NUMBERS_P_H

#include "ui/screen/listing.h"

struct numbers {
	struct listing frame;
	struct errand errand;
	int64_t stock;
	struct numbers_auto automatic;
	bool known;        /* stock and settings were read */
	struct claim left; /* can be continued; id 0: none */
	int64_t claim;     /* the one the errand is about */
	char question[CLAIM_WORDS + 200];
};

/* ---- numbers_ask.c ---- */
bool numbers_ask(struct view *v, enum action a); /* false: not one of ours */
void numbers_answer(struct view *v, int token, bool ok, const void *result);
/* The claim has come to rest (features G14: how much of it got through). */
void numbers_claimed(struct numbers *s, enum err verdict, const struct err_info *e);

#endif
