/* figures.c - tables of figures: numbers as numbers, a chart sheet. */
#include "sheet/figures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "sheet/xlsx_out_p.h"

/* In constant memory cells are gone once written; a chart then has no values until a program reads
 * them. */
enum { ROWS_IN_MEMORY = 20000, WIDTH = 16, DIGITS = 15, SHEET_NAME = 128 };

struct book {
	lxw_workbook *book;
	lxw_format *head, *formats[FIGURE_PERCENT + 1][2]; /* of a row, of a sum */
	struct cell_text cell;
	const struct target *target;
	const struct figure_book *of;
	lxw_worksheet *first;
};

static void make_formats(struct book *x)
{
	static const char *const NUMBERS[] = {[FIGURE_TEXT] = "@",
					      [FIGURE_COUNT] = "#,##0",
					      [FIGURE_MONEY] = "#,##0.00",
					      [FIGURE_PERCENT] = "0.0%"};
	int type, sum;

	x->head = sheet_xlsx_head_format(x->book, false);
	for (type = FIGURE_TEXT; type <= FIGURE_PERCENT; type++) {
		for (sum = 0; sum < 2; sum++) {
			lxw_format *f = workbook_add_format(x->book);

			format_set_num_format(f, NUMBERS[type]);
			if (sum) {
				format_set_bold(f);
				format_set_top(f, LXW_BORDER_THIN);
			}
			x->formats[type][sum] = f;
		}
	}
}

static size_t digits_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text >= '0' && *text <= '9';
	return n;
}

/* The format knows binary numbers only.  One correctly rounded division of integers is the nearest
 * one, and up to 15 digits the same decimal comes out of it again. */
static lxw_error put_number(lxw_worksheet *to, lxw_row_t row, lxw_col_t col, int64_t hundredths,
			    enum figure_type type, lxw_format *f)
{
	const __typeof__(1e0) value = (__typeof__(1e0))hundredths;

	return worksheet_write_number(to, row, col,
				      type == FIGURE_PERCENT ? value / 1e4 : value / 1e2, f);
}

static lxw_error put_cell(struct book *x, lxw_worksheet *to, const struct figure_table *t,
			  size_t row, size_t col)
{
	enum figure_type type = t->columns[col].type;
	lxw_format *f = x->formats[type][t->is_sum && t->is_sum(t->arg, row)];
	char own[FIGURE_CELL];
	const char *text = t->cell(t->arg, row, col, own);
	int64_t hundredths;

	if (!*text)
		return worksheet_write_blank(to, (lxw_row_t)row + 1, (lxw_col_t)col, f);
	if (type != FIGURE_TEXT && digits_of(text) <= DIGITS && fen_parse(text, &hundredths))
		return put_number(to, (lxw_row_t)row + 1, (lxw_col_t)col, hundredths, type, f);
	return worksheet_write_string(to, (lxw_row_t)row + 1, (lxw_col_t)col,
				      sheet_cell_xlsx(&x->cell, text), f);
}

static enum err put_table(struct book *x, const struct figure_table *t, struct err_info *e)
{
	char name[SHEET_NAME];
	lxw_worksheet *to;
	size_t row, col;

	sheet_safe_name(name, t->name, 1);
	to = workbook_add_worksheet(x->book, name);
	if (!to)
		return sheet_xlsx_fail(x->target, errno, e);
	if (!x->first)
		x->first = to;
	worksheet_freeze_panes(to, 1, 0);
	for (col = 0; col < t->count; col++) {
		const struct sheet_head *h = &t->columns[col].head;

		worksheet_set_column(to, (lxw_col_t)col, (lxw_col_t)col,
				     h->width ? h->width : WIDTH, NULL);
		worksheet_write_string(to, 0, (lxw_col_t)col, sheet_cell_xlsx(&x->cell, h->title),
				       x->head);
	}
	for (row = 0; row < t->rows; row++) {
		for (col = 0; col < t->count; col++) {
			if (put_cell(x, to, t, row, col))
				return err_fail(e, ERR_INTERNAL, "sheet.library", x->target->path,
						"不能写第 %zu 行", row + 2);
		}
	}
	return ERR_OK;
}

static void put_notes(struct book *x)
{
	size_t row = x->of->tables[0].rows + 2, i;

	for (i = 0; x->of->notes && x->of->notes[i]; i++)
		worksheet_write_string(x->first, (lxw_row_t)(row + i), 0,
				       sheet_cell_xlsx(&x->cell, x->of->notes[i]), NULL);
}

/* ---- the chart ---- */

static void put_series(struct book *x, lxw_chart *chart, const struct figure_chart *c, size_t col)
{
	const struct figure_table *t = &x->of->tables[c->table];
	lxw_row_t last = (lxw_row_t)c->rows;
	lxw_chart_series *s = chart_add_series(chart, NULL, NULL);
	char name[SHEET_NAME];

	sheet_safe_name(name, t->name, 1);
	chart_series_set_categories(s, name, 1, (lxw_col_t)c->label, last, (lxw_col_t)c->label);
	chart_series_set_values(s, name, 1, (lxw_col_t)col, last, (lxw_col_t)col);
	chart_series_set_name_range(s, name, 0, (lxw_col_t)col);
}

static uint8_t type_of(const struct figure_chart *c)
{
	if (c->across)
		return c->stacked ? LXW_CHART_BAR_STACKED : LXW_CHART_BAR;
	return c->stacked ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN;
}

/* Of bars that lie the library's y axis is the one of the names. */
static void put_axes(lxw_chart *chart, const struct figure_chart *c)
{
	lxw_chart_axis *values = c->across ? chart->x_axis : chart->y_axis;

	chart_axis_set_num_format(values, "#,##0");
	if (c->from_zero)
		chart_axis_set_min(values, 0);
	/* The largest is the first row and stands on top. */
	if (c->across)
		chart_axis_set_reverse(chart->y_axis);
}

static enum err put_chart(struct book *x, struct err_info *e)
{
	const struct figure_chart *c = x->of->chart;
	lxw_chartsheet *sheet;
	lxw_chart *chart;
	char name[SHEET_NAME];
	size_t i;

	if (!c || !c->rows || !c->series_count)
		return ERR_OK;
	sheet_safe_name(name, c->name, 1);
	sheet = workbook_add_chartsheet(x->book, name);
	chart = workbook_add_chart(x->book, type_of(c));
	if (!sheet || !chart)
		return sheet_xlsx_fail(x->target, errno, e);
	for (i = 0; i < c->series_count; i++)
		put_series(x, chart, c, c->series[i]);
	chart_title_set_name(chart, c->title);
	chart_legend_set_position(chart, c->series_count > 1 ? LXW_CHART_LEGEND_BOTTOM
							     : LXW_CHART_LEGEND_NONE);
	put_axes(chart, c);
	if (chartsheet_set_chart(sheet, chart))
		return err_fail(e, ERR_INTERNAL, "sheet.library", x->target->path, "不能画图表");
	return ERR_OK;
}

/* ---- the whole ---- */

static bool fits_memory(const struct figure_book *b)
{
	size_t i, rows = 0;

	for (i = 0; i < b->count; i++)
		rows += b->tables[i].rows;
	return rows <= ROWS_IN_MEMORY;
}

static enum err write_book(const struct target *t, const struct figure_book *b, struct err_info *e)
{
	struct book x = {.book = sheet_xlsx_book(t, !fits_memory(b)), .target = t, .of = b};
	enum err r = ERR_OK;
	size_t i;

	if (!x.book)
		return err_fail(e, ERR_INTERNAL, "sheet.library", t->path, "不能建立工作簿");
	make_formats(&x);
	for (i = 0; i < b->count && !r; i++) {
		if (!(r = put_table(&x, &b->tables[i], e)) && !i)
			put_notes(&x);
	}
	if (!r)
		r = put_chart(&x, e);
	if (r)
		lxw_workbook_free(x.book);
	else
		r = sheet_xlsx_close(x.book, t, e);
	free(x.cell.data);
	return r;
}

static enum err write_xlsx(const char *path, bool replace, const struct figure_book *b,
			   struct err_info *e)
{
	struct target t;
	enum err r = sheet_target_begin(&t, path, replace, e);

	if (!r)
		r = write_book(&t, b, e);
	if (r) {
		sheet_target_drop(&t);
		return r;
	}
	return sheet_target_end(&t, e);
}

static enum err write_rows(struct sheet_writer *w, const struct figure_table *t, struct err_info *e)
{
	char(*own)[FIGURE_CELL] = mem_alloc(t->count * sizeof(*own));
	const char **cells = mem_alloc(t->count * sizeof(*cells));
	enum err r = ERR_OK;
	size_t row, col;

	for (row = 0; row < t->rows && !r; row++) {
		for (col = 0; col < t->count; col++)
			cells[col] = t->cell(t->arg, row, col, own[col]);
		r = sheet_write_row(w, cells, e);
	}
	free(cells);
	free(own);
	return r;
}

enum err sheet_write_figures(const char *path, enum sheet_format f, bool replace,
			     const struct figure_book *b, struct err_info *e)
{
	const struct figure_table *t = &b->tables[0];
	struct sheet_writer *w = NULL;
	struct sheet_head *heads;
	size_t i;
	enum err r;

	if (f == SHEET_XLSX)
		return write_xlsx(path, replace, b, e);
	heads = mem_alloc(t->count * sizeof(*heads));
	for (i = 0; i < t->count; i++)
		heads[i] = t->columns[i].head;
	r = sheet_write_begin(path, f, replace, t->name, heads, t->count, &w, e);
	free(heads);
	if (r)
		return r;
	if ((r = write_rows(w, t, e))) {
		sheet_write_drop(&w);
		return r;
	}
	return sheet_write_end(&w, e);
}
