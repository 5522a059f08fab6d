/* sandbox/red_hand.h - what the control port's deeds on red letters share. */
#ifndef KP_SANDBOX_RED_HAND_H
#define KP_SANDBOX_RED_HAND_H

#include "sandbox/red.h"

struct red_hand {
	struct sb *sb;
	enum env env;
	const cJSON *body;
	struct json_out *o; /* members of the answer */
	char *error;        /* 256 */
};

/* Text of a member of the body, "" when absent. */
const char *red_said(const struct red_hand *h, const char *key);
/* Refuses the deed; always false. */
bool red_wrong(struct red_hand *h, const char *text);
/* uuid, number and state of a form as members of the answer. */
void red_put_form(struct json_out *o, const struct form_row *f);

/* red_told.c: an invoice of another company, or an old one; what became of one elsewhere. */
bool red_post_blue(struct red_hand *h);
bool red_post_mark(struct red_hand *h);
/* red_other.c: another company applies. */
bool red_post_apply(struct red_hand *h);

#endif
