/* figures.c - tables of figures: numbers as numbers, a chart sheet. */
#include "sheet/figures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "sheet/xlsx_out_p.h"

enum { WIDTH = 16, DIGITS = 15, SHEET_NAME = 128, POINTS = UINT16_MAX };

struct book {
	lxw_workbook *book;
	lxw_format *head, *formats[FIGURE_PERCENT + 1][2]; /* of a row, of a sum */
	struct cell_text cell;
	struct xlsx_row row;
	const struct target *target;
	const struct figure_book *of;
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

/* Of a percentage the cell holds the hundredth part. */
static bool is_number(enum figure_type type, const char *text, int64_t *whole, int *decimals)
{
	*decimals = type == FIGURE_PERCENT ? 4 : 2;
	return type != FIGURE_TEXT && digits_of(text) <= DIGITS && fen_parse(text, whole);
}

static void put_cell(struct book *x, const struct figure_table *t, size_t row, size_t col)
{
	enum figure_type type = t->columns[col].type;
	lxw_format *f = x->formats[type][t->is_sum && t->is_sum(t->arg, row)];
	char own[FIGURE_CELL];
	const char *text = t->cell(t->arg, row, col, own);
	int64_t whole;
	int decimals;

	if (!*text)
		sheet_xlsx_put_blank(&x->row, (lxw_col_t)col, f);
	else if (is_number(type, text, &whole, &decimals))
		sheet_xlsx_put_number(&x->row, (lxw_col_t)col, whole, decimals, f);
	else
		sheet_xlsx_put_text(&x->row, (lxw_col_t)col, sheet_cell_xlsx(&x->cell, text), f);
}

static enum err end_row(struct book *x, struct err_info *e)
{
	errno = 0;
	return sheet_xlsx_row_end(&x->row) ? ERR_OK : sheet_xlsx_fail(x->target, errno, e);
}

static enum err put_heads(struct book *x, lxw_worksheet *to, const struct figure_table *t,
			  struct err_info *e)
{
	size_t col;

	worksheet_freeze_panes(to, 1, 0);
	sheet_xlsx_row_begin(&x->row, to, 0);
	for (col = 0; col < t->count; col++) {
		const struct sheet_head *h = &t->columns[col].head;

		worksheet_set_column(to, (lxw_col_t)col, (lxw_col_t)col,
				     h->width ? h->width : WIDTH, NULL);
		sheet_xlsx_put_text(&x->row, (lxw_col_t)col, sheet_cell_xlsx(&x->cell, h->title),
				    x->head);
	}
	return end_row(x, e);
}

static enum err put_notes(struct book *x, lxw_worksheet *to, size_t row, struct err_info *e)
{
	const char *const *note = x->of->notes;
	enum err r = ERR_OK;

	for (; note && *note && !r; note++) {
		sheet_xlsx_row_begin(&x->row, to, (lxw_row_t)row++);
		sheet_xlsx_put_text(&x->row, 0, sheet_cell_xlsx(&x->cell, *note), NULL);
		r = end_row(x, e);
	}
	return r;
}

static enum err put_table(struct book *x, const struct figure_table *t, struct err_info *e)
{
	char name[SHEET_NAME];
	lxw_worksheet *to;
	size_t row, col;
	enum err r;

	sheet_safe_name(name, t->name, 1);
	errno = 0;
	to = workbook_add_worksheet(x->book, name);
	if (!to || !to->optimize_tmpfile)
		return sheet_xlsx_fail(x->target, errno, e);
	r = put_heads(x, to, t, e);
	for (row = 0; row < t->rows && !r; row++) {
		sheet_xlsx_row_begin(&x->row, to, (lxw_row_t)row + 1);
		for (col = 0; col < t->count; col++)
			put_cell(x, t, row, col);
		r = end_row(x, e);
	}
	return r || t != x->of->tables ? r : put_notes(x, to, t->rows + 2, e);
}

/* ---- the chart ---- */

/* A chart has the values of its cells with it, for programs that only show it; the library has not
 * seen the cells.  It takes binary numbers: one correctly rounded division is the nearest. */
static lxw_series_data_point *add_point(lxw_series_range *to)
{
	lxw_series_data_point *p = mem_zalloc(sizeof(*p)); /* the library frees it */

	STAILQ_INSERT_TAIL(to->data_cache, p, list_pointers);
	to->num_data_points++;
	to->ignore_cache = true; /* it need not look for values */
	return p;
}

static void add_text(lxw_series_range *to, const char *text)
{
	lxw_series_data_point *p = add_point(to);

	p->is_string = true;
	p->string = mem_strdup(text);
	to->has_string_cache = true;
}

static void add_points(const struct figure_table *t, size_t rows, size_t col, lxw_series_range *to)
{
	enum figure_type type = t->columns[col].type;
	char own[FIGURE_CELL];
	int64_t whole;
	size_t row;
	int decimals;

	for (row = 0; row < rows && to->num_data_points < POINTS; row++) {
		const char *text = t->cell(t->arg, row, col, own);

		if (type == FIGURE_TEXT)
			add_text(to, text);
		else if (is_number(type, text, &whole, &decimals))
			add_point(to)->number =
			    (__typeof__(1e0))whole / (decimals == 2 ? 1e2 : 1e4);
		else
			add_point(to)->no_data = true;
	}
}

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
	add_points(t, c->rows, c->label, s->categories);
	add_points(t, c->rows, col, s->values);
	add_text(s->title.range, t->columns[col].head.title);
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

static enum err write_book(const struct target *t, const struct figure_book *b, struct err_info *e)
{
	struct book x = {.book = sheet_xlsx_book(t, true), .target = t, .of = b};
	enum err r = ERR_OK;
	size_t i;

	if (!x.book)
		return err_fail(e, ERR_INTERNAL, "sheet.library", t->path, "不能建立工作簿");
	make_formats(&x);
	for (i = 0; i < b->count && !r; i++)
		r = put_table(&x, &b->tables[i], e);
	if (!r)
		r = put_chart(&x, e);
	if (r)
		lxw_workbook_free(x.book);
	else
		r = sheet_xlsx_close(x.book, t, e);
	sheet_xlsx_row_free(&x.row);
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
