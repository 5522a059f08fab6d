/* ui/screen/saved.h - a file that was written here: where it is, and how it leaves. */
#ifndef KP_UI_SCREEN_SAVED_H
#define KP_UI_SCREEN_SAVED_H

#include "ui/form.h"
#include "ui/task.h"
#include "ui/view.h"

/* A folder as typed: "~" and "~/x" are the person's own; the real path, made when `make`.
 * ERR_INVALID with the reason. */
enum err saved_folder(const char *typed, bool make, char out[HOME_PATH], struct err_info *e);
/* "~" of a path is undone; false: it is too long. */
bool saved_expand(const char *typed, char out[HOME_PATH]);

/* Where files go when nobody is asked; false: the message line says what is wrong with it. */
bool saved_usual_folder(char out[HOME_PATH]);

/* A form whose last field is the folder and that begins a task which writes there. */

/* Members of that field. */
#define SAVED_FOLDER .kind = FIELD_TEXT, .label = "目录", .max_chars = 500, .required = true
/* The kinds of file of a table, as choices of a field; the one that was chosen. */
extern const char *const saved_formats[];
enum sheet_format saved_format(const struct form *f, int id);
enum saved_act { SAVED_UNUSED, SAVED_USED, SAVED_START };
/* An action in that form, which is all of a dialog and goes round from `first` to the folder:
 * START, or ENTER on the folder, asks to begin; BACK closes it. */
enum saved_act saved_form_act(struct form *f, int first, int folder, enum action a);
/* May it begin?  False: the message line says that another task runs, what is wrong with the form
 * or why its folder cannot be had. */
bool saved_may_begin(struct form *f, int folder, char out[HOME_PATH]);

struct saved_arg {
	const char *title, *note, *path; /* note: "" none */
	bool bring; /* path is a folder: how a file gets into it, not out of it */
};
extern const struct view_ops view_saved_ops;

/* For the report of a task that writes a file.  Did it fail?  Then the message line says why, and
 * there may be no result. */
bool saved_failed(const struct task_end *end);
/* Shows where the file is, with a sentence about it. */
void saved_show(const char *title, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
