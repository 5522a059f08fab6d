/* ui/screen/type_form.h - a business type in a dialog, and choosing one: for its screen, the blue
 * invoice and the filter of the records. */
#ifndef KP_UI_SCREEN_TYPE_FORM_H
#define KP_UI_SCREEN_TYPE_FORM_H

#include "ui/dialog.h"

/* What the dialog begins with and what came of it; of the asker, and lives as long as the dialog.
 */
struct type_form {
	int64_t id;      /* 0: a new one */
	bool any_seller; /* it may be filed under another 销方 than the present one */
	char name[160], note[200];
	char seller[500]; /* the other one it was filed under; "" the present one */
};
/* Answered with ok once the type is stored: *t is as it is stored then. */
bool type_form_ask(struct view *asker, int token, struct type_form *t);

/* A picker of the unit's types.  offer_new: the last row begins a new one. */
bool type_pick(struct view *asker, int token, const char *text, bool offer_new);
/* What was picked: true with its name; false: a new one is wanted, beginning with that name. */
bool type_picked(const struct picked *p, char name[160]);
/* `complete` of a field for a type. */
int type_complete(const struct form *f, const struct field *fd, const char *text,
		  struct candidate *out, int max);

#endif
