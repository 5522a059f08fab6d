/* sheet/import.h - a workbook as records of a table.
 *
 * Finds the sheets (those the table names first, then the others that can be seen) and the heading
 * row of each within the first ten that are not empty; columns may stand in any order; unknown ones
 * are reported, not refused.  Several sheets with much the same columns are read one after the
 * other; ones with other columns are reported, and examples and hidden ones are left alone while
 * there is another.  Headings may take two rows.  Rows that say what to fill in, repeat the
 * headings or have nothing in a column that means something are passed over.
 */
#ifndef KP_SHEET_IMPORT_H
#define KP_SHEET_IMPORT_H

#include "sheet/read.h"
#include "sheet/table.h"

enum { SHEET_HEAD_ROWS = 10, SHEET_REASON = 400 };

struct sheet_import;
struct sheet_part;
/* ERR_INVALID "sheet.heading" when no heading row has all required columns: the sentence names what
 * is missing and the headings that were found.  Setting *stop (NULL: never) from anywhere soon ends
 * what is read, now and later, ERR_INVALID "sheet.stopped". */
enum err sheet_import_open(const struct sheet_table *t, const char *path, const atomic_bool *stop,
			   struct sheet_import **out, struct err_info *e);
/* The same on a reader that is open already, for files of several tables: one is read after the
 * other.  The reader outlives them; path is for sentences. */
enum err sheet_import_open_on(const struct sheet_table *t, struct sheet_reader *reader,
			      const char *path, struct sheet_import **out, struct err_info *e);
void sheet_import_close(struct sheet_import **i);
/* From any thread, as sheet_stop. */
void sheet_import_stop(struct sheet_import *i);
/* The k-th sheet that is read ("" for CSV), heading the table does not know, column that says what
 * another one says already ("第 3 列“名称”"), sheet with headings that is not read; or NULL. */
const char *sheet_import_sheet(const struct sheet_import *i, size_t k);
const char *sheet_import_unknown(const struct sheet_import *i, size_t k);
const char *sheet_import_repeated(const struct sheet_import *i, size_t k);
const char *sheet_import_skipped(const struct sheet_import *i, size_t k);
/* Is there something below the row with the heading `mark` in another sheet whose name has `word`
 * in it?  Before the first record is asked for. */
enum err sheet_import_beside(struct sheet_import *i, const char *word, const char *mark,
			     bool *filled, struct err_info *e);
/* The same sheet, NULL after the last. */
const struct sheet_part *sheet_import_part(const struct sheet_import *i, size_t k);
/* Is the column of the table in the file, in any of its sheets? */
bool sheet_import_has(const struct sheet_import *i, int column);

/* What stands above the records of a sheet, as it was found: its rows down to the headings, which
 * are the last of them; rows that are empty are left out. */
struct sheet_top {
	size_t sheet; /* of the reader */
	size_t heads; /* rows of headings: 1 or 2 */
	size_t count;
	struct sheet_top_row {
		int64_t number;
		size_t count;
		char **cells; /* "" empty */
	} rows[SHEET_HEAD_ROWS + 1];
};
/* One of the sheets that are read; lives as long as the import and never changes. */
struct sheet_part {
	const char *name;
	const struct sheet_top *top;
	size_t width;                      /* columns up to the last heading */
	const char *const *headings;       /* by column of the sheet, two rows as one; "" none */
	bool present[SHEET_COLUMNS];       /* by column of the table */
	const char *titles[SHEET_COLUMNS]; /* what the sheet calls it, else our title */
	int at[SHEET_COLUMNS];             /* where it stands in the sheet, 0 is A; -1 absent */
};
struct sheet_record {
	int64_t row;
	const char
	    *values[SHEET_COLUMNS]; /* by column of the table, in its canonical form, "" none */
	uint64_t cleaned;           /* bit per column: characters nobody sees were taken out */
	uint64_t rounded;           /* bit per column: the number has lost digits, or is 6.2E+18 */
	char
	    reason[SHEET_REASON]; /* "" fine; else all faults: column, what is wrong, how to mend */
	int column;               /* of the first fault, 0 is the first of the file; -1 none */
	const struct sheet_row *raw; /* the row as it was read */
	const struct sheet_part *part;
};
/* The next record.  A faulty cell does not end the import: reason says so. */
enum err sheet_import_next(struct sheet_import *i, struct sheet_record *out, bool *end,
			   struct err_info *e);
/* “名称：去掉了 2 个看不见的字符” of a cell with that many hidden; of all columns, joined. */
void sheet_hidden_text(const char *title, unsigned hidden, char out[SHEET_REASON]);
void sheet_record_cleaned(const struct sheet_record *r, char out[SHEET_REASON]);
void sheet_import_progress(const struct sheet_import *i, int64_t *done, int64_t *total);

/* One value in the canonical form of its column into out (at most size bytes with NUL): cleaned,
 * trimmed, folded, checked for type, choices and limits.  False: reason[SHEET_REASON] says why. */
bool sheet_value(const struct sheet_column *c, const struct sheet_cell *cell, char *out,
		 size_t size, char *reason);

/* Stands behind the digits of a number that has lost some where they are written as a text: read
 * again, they count as such a number. */
#define SHEET_LOST_MARK "（后面的数字已丢失，请重填）"
/* Bytes of the text before the mark; n: it has none. */
size_t sheet_lost_length(const char *text, size_t n);

/* One fault more, as far as there is room. */
void sheet_reason_add(char reason[SHEET_REASON], const char *more);

#endif
