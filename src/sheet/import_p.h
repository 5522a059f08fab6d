/* import_p.h - an import: import.c makes records, import_head.c finds headings and rows. */
#ifndef KP_SHEET_IMPORT_P_H
#define KP_SHEET_IMPORT_P_H

#include "sheet/table_p.h"
#include "sheet/value_p.h"

struct sheet_import {
	const struct sheet_table *table;
	const char *path; /* as given, for sentences while it is opened */
	struct sheet_reader *reader;
	char *sheet;
	size_t at,
	    part; /* sheet that is read; 1 for the first, 2 for its continuation "NAME (2)" */
	int means[SHEET_WIDTH]; /* by column of the file: a column, HEADING_... */
	int order[SHEET_WIDTH]; /* columns of the file that have a meaning, ascending */
	size_t mapped;
	bool present[SHEET_COLUMNS];
	char *headings[SHEET_WIDTH], *unknown[SHEET_WIDTH];
	size_t width, unknown_count;
	struct sheet_row row;
	bool waiting;      /* row was read already */
	int64_t data_rows; /* rows seen after the headings */
	char *arena;       /* values of the record */
	size_t arena_size, arena_used;
};

enum err sheet_import_find_headings(struct sheet_import *i, struct err_info *e);
/* The next row into i->row, also from the sheets that continue the first. */
enum err sheet_import_next_row(struct sheet_import *i, bool *end, struct err_info *e);
/* A row that says what may be filled in, or repeats the headings. */
bool sheet_import_is_note(struct sheet_import *i, const struct sheet_row *row);
bool sheet_import_is_blank(const struct sheet_cell *cell);

#endif
