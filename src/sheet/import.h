/* sheet/import.h - a workbook as records of a table.
 *
 * Finds the sheet (by name, else the first with a heading row) and the heading row within the first
 * ten that are not empty; columns may stand in any order; unknown ones are reported, not refused.
 * Headings may take two rows.  Rows that say what to fill in, repeat the headings or have nothing
 * in a column that means something are passed over.  "NAME (2)" continues the sheet NAME.
 */
#ifndef KP_SHEET_IMPORT_H
#define KP_SHEET_IMPORT_H

#include "sheet/read.h"
#include "sheet/table.h"

enum { SHEET_HEAD_ROWS = 10, SHEET_REASON = 400 };

struct sheet_import;
/* ERR_INVALID "sheet.heading" when no heading row has all required columns: the sentence names what
 * is missing and the headings that were found. */
enum err sheet_import_open(const struct sheet_table *t, const char *path, struct sheet_import **out,
			   struct err_info *e);
void sheet_import_close(struct sheet_import **i);
/* From any thread, as sheet_stop. */
void sheet_import_stop(struct sheet_import *i);
const char *sheet_import_sheet(const struct sheet_import *i); /* "" for CSV */
/* Headings the table does not know, and columns that come twice: the k-th, or NULL. */
const char *sheet_import_unknown(const struct sheet_import *i, size_t k);
/* Is the column of the table in the file? */
bool sheet_import_has(const struct sheet_import *i, int column);

struct sheet_record {
	int64_t row;
	const char
	    *values[SHEET_COLUMNS];  /* by column of the table, in its canonical form, "" none */
	uint64_t rounded;            /* bit per column: the number has lost digits, or is 6.2E+18 */
	char reason[SHEET_REASON];   /* "" fine; else which column, what is wrong, how to mend */
	int column;                  /* of the first fault, 0 is the first of the file; -1 none */
	const struct sheet_row *raw; /* the row as it was read */
};
/* The next record.  A faulty cell does not end the import: reason says so. */
enum err sheet_import_next(struct sheet_import *i, struct sheet_record *out, bool *end,
			   struct err_info *e);
void sheet_import_progress(const struct sheet_import *i, int64_t *done, int64_t *total);
/* Headings of the file in its order, for a workbook of failed rows. */
size_t sheet_import_width(const struct sheet_import *i);
const char *sheet_import_heading(const struct sheet_import *i, size_t column);

/* One value in the canonical form of its column into out (at most size bytes with NUL): cleaned,
 * trimmed, folded, checked for type, choices and limits.  False: reason[SHEET_REASON] says why. */
bool sheet_value(const struct sheet_column *c, const struct sheet_cell *cell, char *out,
		 size_t size, char *reason);

#endif
