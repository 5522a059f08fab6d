/* ui/dialog.h - small modal views: question, choice of one, progress, text to read. */
#ifndef KP_UI_DIALOG_H
#define KP_UI_DIALOG_H

#include "ui/form.h"
#include "ui/view.h"

/* Yes or no; the default is no unless safe (M8).  Result: ok. */
struct ask_arg {
	const char *title, *text, *yes, *no;
	bool safe;
};
extern const struct view_ops view_ask_ops;
/* One of several lines.  Result: const int * index. */
struct choose_arg {
	const char *title;
	const char *const *lines; /* ends with NULL */
	int selected;
	const char *text;        /* what is chosen about, over the lines; NULL: nothing */
	void (*then)(int index); /* called with the choice once it is closed, or NULL */
};
extern const struct view_ops view_choose_ops;
/* A small form.  Result: const struct form * (valid until the asker returns). */
struct ask_form_arg {
	const char *title;
	const struct field *fields;
	void (*fill)(struct form *f, void *arg);
	void *arg;
	const char *note;
	/* A row under the form that is made anew whenever it is painted (counts); NULL: none. */
	void (*live)(const struct form *f, char *out, size_t size);
	/* Does what the form is for; false keeps the dialog and what was typed, with a sentence on
	 * a field (form_fail).  NULL: the asker does it.  arg lives as long as the dialog. */
	bool (*submit)(struct form *f, void *arg);
	bool saves; /* what is filled in is kept: the bar says so of SAVE, which submits any form */
};
extern const struct view_ops view_form_ops;
/* Text to read, scrollable (detail, preview, sheet). Actions in `extra` are offered and close with
 * ok and result const enum action *. */
struct read_arg {
	const char *title, *text;
	const enum action *extra;
	const char *section; /* of the keymap, for the keys of `extra`; or NULL */
	const char *trouble; /* what went wrong with it, for the key that explains; or NULL */
	bool exact; /* lines stay whole; LEFT and RIGHT move over what is wider than the screen */
};
extern const struct view_ops view_read_ops;
/* Searchable list with an optional tree: tax codes, buyers, goods.  `source` fills candidates for
 * the text under `parent` ("" top); a candidate with `branch` can be entered with RIGHT.  Result:
 * const struct picked *. */
struct pick_row {
	char key[40], label[160], detail[160];
	bool branch, disabled;
};
struct pick_arg {
	const char *title, *text;
	enum err (*source)(void *arg, const char *text, const char *parent, const char *cursor,
			   int max, struct pick_row *rows, int *count, char next[40],
			   struct err_info *e);
	void *arg;
};
struct picked {
	char key[40], label[160];
};
extern const struct view_ops view_pick_ops;

#endif
