/* ui/screen/templates.h - 发票模板: the list, and keeping an invoice as one. */
#ifndef KP_UI_SCREEN_TEMPLATES_H
#define KP_UI_SCREEN_TEMPLATES_H

#include "ui/view.h"

struct templates_arg {
	bool pick; /* one is chosen for the asker: answers const int64_t * its id */
};
/* arg: const struct templates_arg *, or NULL: what is chosen opens in the blue form. */
extern const struct view_ops view_templates_ops;

/* Asks for a name and keeps the invoice (copied); the asker is answered when it is done. */
bool template_ask_name(struct view *asker, int token, const struct invoice *inv);
/* The same of a stored one. */
bool template_ask_of(struct view *asker, int token, int64_t id);
/* Shows the face of an invoice that is not stored. */
bool invoice_show_face(const char *title, const struct invoice *inv);

#endif
