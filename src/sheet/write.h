/* sheet/write.h - workbooks and CSV: exports, templates, failed rows.
 *
 * Cells are text, but for the columns that say CELLS_AMOUNT or CELLS_NUMBER: in xlsx their plain
 * decimals of up to 15 digits, which a spreadsheet program holds exactly, are numbers, so that they
 * can be added up; longer ones and everything else in them stay text.  In xlsx a text is never a
 * formula; one beyond the 32,767 characters of the format is cut.  In CSV a cell that begins, be it
 * behind apostrophes, with = + - @ tab, CR or a full-width twin, and is no plain number, gets a '
 * in front, which sheet/read takes off again.  In the CSV forms meant for a spreadsheet program ids
 * of more than 11 digits end with a tab, so that they stay text; the reader drops it.  Characters
 * GBK lacks are written as GB18030.
 */
#ifndef KP_SHEET_WRITE_H
#define KP_SHEET_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sheet/table.h"

enum sheet_format { SHEET_XLSX, SHEET_CSV_BOM, SHEET_CSV, SHEET_CSV_GBK, SHEET_FORMATS };
/* "xlsx" "utf8bom" "utf8" "gbk"; false: none of them. */
bool sheet_format_parse(const char *word, enum sheet_format *out);
const char *sheet_format_suffix(enum sheet_format f); /* ".xlsx" ".csv" */

/* A column of what is written. */
enum sheet_cells {
	CELLS_TEXT,
	CELLS_ID,     /* digits that are no number */
	CELLS_AMOUNT, /* shown with two decimals */
	CELLS_NUMBER  /* a quantity, a price: shown as it is */
};
struct sheet_head {
	const char *title;
	int width; /* 0: 16 */
	enum sheet_cells id;
};
struct sheet_writer;
struct sheet_top; /* sheet/import.h */
/* Begins a file with a heading row (frozen in xlsx).  path "-": standard output, where a failure
 * may leave a part; else a temporary file (where there can be one, without a name: nothing is
 * left of a program that died) that gets the name when it is whole.  An
 * existing file is replaced only with `replace`, else ERR_INVALID "file.exists".  Memory does not
 * grow with the rows; more rows than a sheet holds go on in "SHEET (2)". */
enum err sheet_write_begin(const char *path, enum sheet_format f, bool replace, const char *sheet,
			   const struct sheet_head *heads, size_t count, struct sheet_writer **out,
			   struct err_info *e);
/* A workbook whose sheet begins as another one does: what stood above its rows stands there again,
 * row by row, and the titles that are not among its headings behind them.  An existing file is
 * replaced; `top` outlives the sheet. */
enum err sheet_write_begin_below(const char *path, const struct sheet_top *top, const char *sheet,
				 const struct sheet_head *heads, size_t count,
				 struct sheet_writer **out, struct err_info *e);
/* cells[count]; NULL is empty. */
enum err sheet_write_row(struct sheet_writer *w, const char *const *cells, struct err_info *e);
/* A further sheet with heads of its own (xlsx; in CSV another heading row). */
enum err sheet_write_sheet(struct sheet_writer *w, const char *sheet,
			   const struct sheet_head *heads, size_t count, struct err_info *e);
/* The same below the beginning of another one (xlsx). */
enum err sheet_write_sheet_below(struct sheet_writer *w, const struct sheet_top *top,
				 const char *sheet, const struct sheet_head *heads, size_t count,
				 struct err_info *e);
/* Ends it, durable.  sheet_write_drop throws it away.  Both free. */
enum err sheet_write_end(struct sheet_writer **w, struct err_info *e);
void sheet_write_drop(struct sheet_writer **w);

/* The columns of a table as heads; returns the number. */
size_t sheet_table_heads(const struct sheet_table *t, struct sheet_head out[SHEET_COLUMNS]);
/* An empty workbook to be filled in: headings (required ones marked) frozen, id columns as text,
 * validation lists, a note on every heading, a second sheet with examples and the notes.  As CSV:
 * the heading row. */
enum err sheet_template(const struct sheet_table *t, const char *path, enum sheet_format f,
			bool replace, struct err_info *e);
/* One workbook with the sheets of several tables. */
enum err sheet_templates(const struct sheet_table *const *tables, size_t n, const char *path,
			 bool replace, struct err_info *e);

/* For the stem "购方信息": "购方信息导出列表20261120102107" + suffix; at: Unix time. */
void sheet_stamped_name(char *out, size_t size, const char *stem, long long at,
			enum sheet_format f);

#endif
