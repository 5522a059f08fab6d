/* sheet/figures.h - a table of figures as a workbook with a chart, or as CSV.
 *
 * Unlike everything else that is written (write.h) amounts and counts are numbers here, so that
 * they can be added up and drawn; names and dates stay text, and nothing is a formula.  A number
 * stands in the workbook in its own decimal digits; one of more than the 15 that spreadsheets count
 * with is written as text.
 */
#ifndef KP_SHEET_FIGURES_H
#define KP_SHEET_FIGURES_H

#include "sheet/write.h"

enum figure_type { FIGURE_TEXT, FIGURE_COUNT, FIGURE_MONEY, FIGURE_PERCENT };
enum { FIGURE_CELL = 1024 };
struct figure_column {
	struct sheet_head head;
	enum figure_type type;
};
/* A sheet; row 0 holds the headings. */
struct figure_table {
	const char *name;
	const struct figure_column *columns;
	size_t count, rows;
	/* The text of a cell, "" for none: 12, 113.00, 12.5 (percent). */
	const char *(*cell)(void *arg, size_t row, size_t column, char out[FIGURE_CELL]);
	bool (*is_sum)(void *arg, size_t row); /* stands out; NULL: none is */
	void *arg;
};
/* Draws columns of a table against its first one, in a chart sheet. */
struct figure_chart {
	const char *name, *title;
	size_t table;         /* its number */
	size_t label;         /* the column of the names */
	const size_t *series; /* columns that are drawn */
	size_t series_count;
	size_t rows; /* the first so many */
	bool across; /* bars that lie, for names; else columns, for times */
	bool stacked;
	bool from_zero; /* no value is negative: the axis begins at nothing */
};
struct figure_book {
	const struct figure_table *tables;
	size_t count;
	const struct figure_chart *chart; /* NULL, or nothing to draw: none */
	const char *const *notes;         /* below the first table; ends with NULL */
};
/* CSV takes the first table, without notes.  Paths, replacing and errors as sheet_write_begin. */
enum err sheet_write_figures(const char *path, enum sheet_format f, bool replace,
			     const struct figure_book *b, struct err_info *e);

#endif
