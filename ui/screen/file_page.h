/* ui/screen/file_page.h - the frame of a page that asks for a file: a form, words below it.
 *
 * F6 receives the file over the line, F7 writes the empty one, a folder that is taken opens, F10 or
 * ENTER behind the last field begins.  What was chosen last is proposed again where it has a name.
 *
 * The state of such a page begins with a struct file_page; a const struct file_page_kind says what
 * is its own.  Its open checks who may, then calls file_page_open; its view_ops begin with
 * FILE_PAGE_VIEW (layout, paint, close) and name sections, key, act, hints and help: those here, or
 * its own that call them.
 */
#ifndef KP_UI_SCREEN_FILE_PAGE_H
#define KP_UI_SCREEN_FILE_PAGE_H

#include "ui/dialog_p.h"
#include "ui/screen/import_p.h"

struct file_taken {
	char file[IMPORT_PATH];
	char failures[IMPORT_PATH]; /* where failed rows go; "" beside the file */
	bool uploaded;              /* the file came over the line: the taker's to remove */
};

struct file_page_kind {
	int file;         /* field of the path */
	int first, last;  /* fields where TAB begins again */
	int after_upload; /* field to go on with; 0: where it was */
	void (*template)(struct view *v);
	/* After the form was checked and the file found; false: the form says what is wrong.  May
	 * be NULL. */
	bool (*accept)(struct view *v);
	/* Begins the work: closes the page, of which nothing is used afterwards. */
	void (*go)(struct view *v, const struct file_taken *t);
};

struct file_page {
	const struct file_page_kind *kind;
	struct form form;
	struct rect foot;
	struct wrap words;
	char uploaded[IMPORT_PATH]; /* ours until somebody has it; "" none */
	char choice[64];            /* under which the form is kept; "" it is not */
};

/* choice: NULL, or the name under which the form is kept (file_page_propose).  fields live as long
 * as the page.  The file has the focus. */
void file_page_open(struct view *v, const struct file_page_kind *kind, const struct field *fields,
		    const char *choice, const char *words);
/* Fills the form with what was kept. */
void file_page_propose(struct file_page *s);

void file_page_layout(struct view *v);
void file_page_paint(struct view *v);
void file_page_close(struct view *v);
const char *const *file_page_sections(const struct view *v); /* the form's */
bool file_page_key(struct view *v, struct key k, const char *paste, size_t n);
bool file_page_act(struct view *v, enum action a);
const enum action *file_page_hints(const struct view *v);
const char *file_page_help(const struct view *v);

/* clang-format off */
/* Members of the field of the path. */
#define FILE_PAGE_PATH                                                                             \
	.kind = FIELD_TEXT, .label = "文件", .width = 64, .wide_width = 90, .max_chars = 900,      \
	.required = true
#define FILE_PAGE_VIEW                                                                             \
	.layout = file_page_layout, .paint = file_page_paint, .close = file_page_close
/* clang-format on */

#endif
