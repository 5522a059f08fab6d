/* ui/screen/import_p.h - between the files of the import page. */
#ifndef KP_UI_SCREEN_IMPORT_P_H
#define KP_UI_SCREEN_IMPORT_P_H

#include "ui/form.h"
#include "ui/screen/import.h"
#include "ui/task.h"

enum { IMPORT_PATH = HOME_PATH + 256 };

/* What was asked for; a value. */
struct import_job {
	const char *table; /* of desk_transfer_name: lives for ever */
	char file[IMPORT_PATH], failures[IMPORT_PATH], unit[400];
	bool dry_run, partial;
	bool uploaded; /* the file came by rz: ours to remove when nobody needs it any more */
};

/* ---- import_files.c ---- */
/* Files and folders whose names begin as typed, the newest files first; form's `complete`. */
int import_complete(const struct form *f, const struct field *fd, const char *text,
		    struct candidate *out, int max);
/* With files of JSON. */
int import_complete_orders(const struct form *f, const struct field *fd, const char *text,
			   struct candidate *out, int max);

/* ---- import_source.c ---- */
/* Receives a file over the line into `uploaded` (one that is there goes) and the field; false: it
 * did not come, and the person was told why, or how else. */
bool import_upload(struct form *f, int field, char uploaded[IMPORT_PATH]);
/* Where the failed rows of an uploaded file go; "" beside it. */
void import_failures_of(const char *uploaded, char out[IMPORT_PATH]);
/* The file that is named in the field; false: the field says what is wrong. */
bool import_find(struct form *f, int field, char out[IMPORT_PATH]);

/* ---- import_run.c ---- */
enum { IMPORT_WHERE = 128 };
/* For the top line: where a table is, and `more` behind it. */
void import_path(const char *table, const char *more, char out[IMPORT_WHERE]);
struct import_result {
	struct import_job job;
	struct import_report report;
};
/* Begins the task and shows its progress; false: the message line says why not.  From then on the
 * uploaded file is the task's. */
bool import_run(const struct import_job *job);
void import_result_free(void *result); /* and the uploaded file */
extern const struct view_ops view_import_report_ops;

#endif
