/* ui/screen/blue_import.h - 导入明细: a workbook, or cells pasted with their headings, becomes rows
 * of the blue form (features D16, D17).
 *
 *   blue_import.c       the page: which file, with or without tax
 *   blue_import_view.c  the preview: progress, rows, what is wrong, what is chosen
 *   blue_import_rows.c  rows and words of the preview
 *   blue_import_put.c   into the grid, in one undo step
 *
 * The page makes way for the preview, which reads the file in a task (ui/task.h) and shows how far
 * it is.  Nothing changes in the form before the preview is affirmed.
 */
#ifndef KP_UI_SCREEN_BLUE_IMPORT_H
#define KP_UI_SCREEN_BLUE_IMPORT_H

#include "ui/screen/import_p.h"

/* What is read: a file, or a text that was pasted. */
struct lines_job {
	char file[IMPORT_PATH], failures[IMPORT_PATH];
	bool uploaded; /* ours to remove when nobody needs it any more */
	char *text;    /* owned; NULL: the file */
	int64_t above; /* rows of the text that nobody has pasted */
	bool inclusive;
	int there; /* rows that the form has */
};
void lines_job_free(struct lines_job *job);

/* The page.  Result: const struct lines_job *, whose upload and text become the asker's. */
struct lines_page_arg {
	bool inclusive; /* of the form */
	int there;
};
extern const struct view_ops view_lines_page_ops;

/* The preview.  arg: const struct lines_job *, taken over whether it opens or not. */
struct lines_taken {
	const struct lines *lines;
	bool replace;
};
/* Result: const struct lines_taken *, when rows are to be put into the form; not ok with a result
 * (const bool *): another file is wanted. */
extern const struct view_ops view_lines_ops;

#endif
