/* import_p.h - an import: import.c makes records, import_sheets.c chooses the sheets,
 * import_head.c finds the headings of one and tells rows that are none. */
#ifndef KP_SHEET_IMPORT_P_H
#define KP_SHEET_IMPORT_P_H

#include "sheet/table_p.h"
#include "sheet/value_p.h"

enum { HEAD_TITLE = 64 }; /* bytes of a heading in a sentence */

/* One sheet that is read. */
struct sheet_head_row {
	struct sheet_part part; /* what others see */
	struct sheet_top top;
	size_t sheet;
	int row;                /* the how many-th row that is not empty has the headings, from 1 */
	bool two_rows;          /* the next one, too */
	int means[SHEET_WIDTH]; /* by column of the file: a column, HEADING_... */
	int order[SHEET_WIDTH]; /* columns of the file that have a meaning, ascending */
	size_t mapped;
	char *headings[SHEET_WIDTH];
	char (*titles)[HEAD_TITLE]; /* the same as they stand in sentences */
	size_t width;
};

/* Texts without bound, each owned. */
struct sheet_texts {
	char **all;
	size_t count;
};

struct sheet_import {
	const struct sheet_table *table;
	const char *path; /* as given, for sentences while it is opened */
	struct sheet_reader *reader;
	bool lent;                      /* the reader is somebody else's */
	struct sheet_head_row **sheets; /* in the order they are read */
	size_t count, at;
	struct sheet_head_row *now;       /* sheets[at] */
	int64_t size_before, size_behind; /* bytes of the sheets before and behind it */
	bool present[SHEET_COLUMNS];      /* in any */
	struct sheet_texts unknown, repeated, skipped;
	struct sheet_row row;
	bool waiting;      /* row was read already */
	int64_t data_rows; /* rows seen after the headings of the sheet */
	char *arena;       /* values of the record */
	size_t arena_size, arena_used;
};

/* ---- import_sheets.c ---- */
enum err sheet_import_find_headings(struct sheet_import *i, struct err_info *e);
/* The next row into i->row, from the next sheet after the last of one. */
enum err sheet_import_next_row(struct sheet_import *i, bool *end, struct err_info *e);
void sheet_texts_add(struct sheet_texts *t, const char *text); /* once */
void sheet_texts_free(struct sheet_texts *t);

/* ---- import_head.c ---- */
/* What is known of the best heading row so far. */
enum { FOUND_MAX = 300 };
struct sheet_choice {
	size_t sheet;
	int row;   /* the how many-th row that is not empty, from 1; 0 none */
	int known; /* columns it names */
	bool complete;
	char found[FOUND_MAX]; /* headings of it, joined */
	const char *glued;     /* headings in one cell are parted by this; NULL */
};
enum err sheet_import_look(struct sheet_import *i, size_t sheet, struct sheet_choice *best,
			   struct err_info *e);
/* Reads the headings that were chosen; the row below them waits in i->row unless the sheet ends. */
enum err sheet_import_take_headings(struct sheet_import *i, struct sheet_head_row *h,
				    struct err_info *e);
/* Goes to the row below headings that were read. */
enum err sheet_import_go_below(struct sheet_import *i, const struct sheet_head_row *h,
			       struct err_info *e);
void sheet_head_free(struct sheet_head_row *h);
/* A row that says what may be filled in, or repeats the headings. */
bool sheet_import_is_note(struct sheet_import *i, const struct sheet_row *row);
bool sheet_import_is_blank(const struct sheet_cell *cell);

#endif
