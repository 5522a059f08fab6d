/* deliver_p.h - between the files of the screen 交付与推送. */
#ifndef KP_UI_SCREEN_DELIVER_P_H
#define KP_UI_SCREEN_DELIVER_P_H

#include "ui/screen/deliver.h"
#include "ui/screen/listing.h"

struct deliver {
	struct listing frame;
	struct errand errand;
	char question[400];
	char asked_id[24], asked_state[16]; /* what a question is about, as it was shown */
};

/* Which of the two the list shows. */
bool deliver_shows_mail(const struct deliver *s);
/* The settings of mail (deliver_mail.c). */
bool deliver_ask_mail_set(void);
/* The dialogs: settings of pushes, tests, pushes of a month (deliver_set.c). */
bool deliver_ask_push_set(void);
bool deliver_ask_test(struct deliver *s);
bool deliver_ask_month(void);
/* Where a refusal of desk stands in a form: the id beside the name, else `otherwise`. */
int deliver_field_of(const char *name, const char *const names[], const int ids[], int otherwise);
const char *deliver_given(const struct form *f, int id); /* NULL when it is empty */

#endif
