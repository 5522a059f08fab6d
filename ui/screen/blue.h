/* ui/screen/blue.h - 蓝字发票填开 and what belongs to it: drafts, saving of layout files. */
#ifndef KP_UI_SCREEN_BLUE_H
#define KP_UI_SCREEN_BLUE_H

#include "ui/view.h"

/* What the form begins with; NULL: an empty form. */
struct blue_arg {
	int64_t form;       /* a saved form (desk/forms.h), 0 none */
	int64_t draft;      /* an invoice in state draft, 0 none */
	const char *copy;   /* number, order number or "#id" of an invoice to copy, NULL none */
	int64_t template;   /* a template to begin with, 0 none */
	int64_t other;      /* another person's form, which is copied; 0 none */
	int64_t batch, seq; /* an order of a batch (desk/batch.h), 0 none */
};
extern const struct view_ops view_blue_ops;
/* Opens an empty form for a buyer of the catalogue; which of several addresses is asked there. */
void blue_open_for(int64_t buyer);
/* The same, filled in like the last invoice issued to him. */
void blue_open_again(int64_t buyer);

/* The invoice a saved form stands for (invoice_free), and the stored draft it was made of, 0
 * none. */
enum err blue_read_form(const char *body, struct invoice *out, int64_t *draft, struct err_info *e);
/* The 价税合计 of a saved form; false while it cannot be known. */
bool blue_form_gross(const char *body, int64_t *gross);

/* Saved forms and drafts: open, delete. */
extern const struct view_ops view_drafts_ops;

/* Saves the layout files of an issued invoice; arg: its number. */
extern const struct view_ops view_download_ops;

#endif
