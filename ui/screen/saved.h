/* ui/screen/saved.h - a file that was written here: where it is, and how it leaves. */
#ifndef KP_UI_SCREEN_SAVED_H
#define KP_UI_SCREEN_SAVED_H

#include "ui/task.h"
#include "ui/view.h"

/* A folder as typed: "~" and "~/x" are the person's own; the real path, made when `make`.
 * ERR_INVALID with the reason. */
enum err saved_folder(const char *typed, bool make, char out[HOME_PATH], struct err_info *e);
/* "~" of a path is undone; false: it is too long. */
bool saved_expand(const char *typed, char out[HOME_PATH]);

/* Where files go when nobody is asked; false: the message line says what is wrong with it. */
bool saved_usual_folder(char out[HOME_PATH]);

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
