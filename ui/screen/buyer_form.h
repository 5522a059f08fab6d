/* ui/screen/buyer_form.h - one buyer to fill in: new or known, with further addresses (G51, G55).
 *
 *   buyer_form.c       the box          buyer_form_fields.c  fields and what a buyer has in them
 *   buyer_form_save.c  duplicates, storing
 */
#ifndef KP_UI_SCREEN_BUYER_FORM_H
#define KP_UI_SCREEN_BUYER_FORM_H

#include "desk/buyers.h"
#include "ui/view.h"

struct buyer_form_arg {
	int64_t id;               /* 0: a new one */
	bool copy;                /* a new one, like that of the id */
	const struct buyer *with; /* what a new one begins with, copied; NULL: nothing */
};
/* The answer, once it is stored: const int64_t * the id of the buyer, or of that it was merged
 * into.  It has told so in the message line. */
extern const struct view_ops view_buyer_form_ops;

#endif
