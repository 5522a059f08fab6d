/* blue_import_p.h - between the files of the preview of imported lines. */
#ifndef KP_UI_SCREEN_BLUE_IMPORT_P_H
#define KP_UI_SCREEN_BLUE_IMPORT_P_H

#include "ui/dialog_p.h"
#include "ui/list.h"
#include "ui/screen/blue_import.h"

/* What the task brings. */
struct lines_result {
	struct lines_job job;
	struct lines lines;
};

struct lines_view {
	struct view *view;
	struct lines_job job; /* until the task has it: file and text are there for words alone */
	bool reading;
	struct lines_result *result; /* owned; NULL while reading, or when it came to nothing */
	enum err verdict;
	struct err_info error;
	size_t *order; /* rows as they are shown: faulty ones first */
	struct list list;
	struct wrap words, detail;
	struct rect head, foot;
	char question[400];
	const char *choices[3];
	char choice[2][100];
};

/* ---- blue_import.c ---- */
/* The page begins with this file the next time. */
void lines_page_propose(const char *path);

/* ---- blue_import_rows.c ---- */
const char *lines_base_name(const char *path);
void lines_view_order(struct lines_view *s);
/* The columns for the mode of the figures. */
const struct list_column *lines_view_columns(bool inclusive);
enum err lines_view_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			   int *count, char next[64], struct err_info *e);
/* What the file has: counts, sums, codes and where they come from. */
void lines_view_words(struct lines_view *s);
/* Words about the selected row. */
void lines_view_detail(struct lines_view *s);

#endif
