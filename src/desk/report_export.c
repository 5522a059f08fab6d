/* report_export.c - a report as a workbook with a chart, or as CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/records_p.h"
#include "desk/report_p.h"

enum { COLUMNS = 14, DRAWN = 20, KEYS = 11, PIVOT = KEYS + 3, NOTE = 600 };

/* ---- the table ---- */

enum cell {
	C_MONTH,
	C_LABEL,
	C_TAX_NO,
	C_BLUE_COUNT,
	C_BLUE_NET,
	C_BLUE_TAX,
	C_RED_COUNT,
	C_RED_NET,
	C_RED_TAX,
	C_COUNT,
	C_NET,
	C_TAX,
	C_GROSS,
	C_SHARE,
	C_CELLS
};
static const struct figure_column ALL[C_CELLS] = {
    [C_MONTH] = {{"月份", 10, false}, FIGURE_TEXT},
    [C_LABEL] = {{"", 36, false}, FIGURE_TEXT},
    [C_TAX_NO] = {{"购方税号", 22, true}, FIGURE_TEXT},
    [C_BLUE_COUNT] = {{"蓝字份数", 10, false}, FIGURE_COUNT},
    [C_BLUE_NET] = {{"蓝字金额", 18, false}, FIGURE_MONEY},
    [C_BLUE_TAX] = {{"蓝字税额", 16, false}, FIGURE_MONEY},
    [C_RED_COUNT] = {{"红字份数", 10, false}, FIGURE_COUNT},
    [C_RED_NET] = {{"红字金额", 18, false}, FIGURE_MONEY},
    [C_RED_TAX] = {{"红字税额", 16, false}, FIGURE_MONEY},
    [C_COUNT] = {{"份数", 10, false}, FIGURE_COUNT},
    [C_NET] = {{"金额", 18, false}, FIGURE_MONEY},
    [C_TAX] = {{"税额", 16, false}, FIGURE_MONEY},
    [C_GROSS] = {{"价税合计", 18, false}, FIGURE_MONEY},
    [C_SHARE] = {{"占比", 10, false}, FIGURE_PERCENT},
};

struct sheet {
	const struct desk_report *report;
	struct figure_column columns[COLUMNS];
	enum cell cells[COLUMNS];
	size_t count;
};

static void choose_columns(struct sheet *s)
{
	const struct report_options *o = &s->report->options;
	int i;

	for (i = 0; i < C_CELLS; i++) {
		if ((i == C_MONTH && !o->months) || (i == C_TAX_NO && o->by != BY_BUYER) ||
		    (i >= C_BLUE_COUNT && i <= C_RED_TAX && !report_by_parts(o->by)))
			continue;
		s->columns[s->count] = ALL[i];
		if (i == C_LABEL)
			s->columns[s->count].head.title = report_by_head(o->by);
		s->cells[s->count++] = (enum cell)i;
	}
}

static const struct report_item *item_of(const struct desk_report *r, size_t row)
{
	return row < r->count ? &r->items[row] : &r->total;
}

static const char *put_count(int64_t n, char out[FIGURE_CELL])
{
	*out = 0;
	if (n >= 0)
		snprintf(out, FIGURE_CELL, "%lld", (long long)n);
	return out;
}

static const char *put_share(int permille, char out[FIGURE_CELL])
{
	snprintf(out, FIGURE_CELL, "%s%d.%d", permille < 0 ? "-" : "", abs(permille) / 10,
		 abs(permille) % 10);
	return out;
}

static const char *cell_of(void *arg, size_t row, size_t column, char out[FIGURE_CELL])
{
	const struct sheet *s = arg;
	const struct report_item *i = item_of(s->report, row);

	switch (s->cells[column]) {
	case C_MONTH:
		return i->month;
	case C_LABEL:
		return i->label;
	case C_TAX_NO:
		return i->tax_no;
	case C_BLUE_COUNT:
		return put_count(i->count < 0 ? -1 : i->count - i->red_count, out);
	case C_BLUE_NET:
		return fen_format(i->net - i->red_net, out);
	case C_BLUE_TAX:
		return fen_format(i->tax - i->red_tax, out);
	case C_RED_COUNT:
		return put_count(i->red_count, out);
	case C_RED_NET:
		return fen_format(i->red_net, out);
	case C_RED_TAX:
		return fen_format(i->red_tax, out);
	case C_COUNT:
		return put_count(i->count, out);
	case C_NET:
		return fen_format(i->net, out);
	case C_TAX:
		return fen_format(i->tax, out);
	case C_GROSS:
		return fen_format(i->gross, out);
	case C_SHARE:
		return put_share(i->permille, out);
	case C_CELLS:
		break;
	}
	return "";
}

static bool is_sum(void *arg, size_t row)
{
	const struct sheet *s = arg;

	return row >= s->report->count || s->report->items[row].kind == ROW_OF_MONTH;
}

/* ---- months against the largest keys ---- */

struct pivot {
	const struct desk_report *report;
	bool tax;       /* else net amounts */
	size_t *months; /* rows: the items that sum a month up */
	size_t month_count;
	const struct report_item *keys[KEYS]; /* columns: any item of the key */
	size_t key_count;
	bool others;
	struct figure_column columns[PIVOT];
};

static bool same_key(const struct report_item *a, const struct report_item *b)
{
	return a->kind == b->kind && !strcmp(a->key, b->key);
}

static int64_t value_of(const struct pivot *p, const struct report_item *i)
{
	return p->tax ? i->tax : i->net;
}

struct rank {
	const struct report_item *item;
	int64_t net;
};

static int by_net(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->net != y->net)
		return x->net > y->net ? -1 : 1;
	return strcmp(x->item->label, y->item->label);
}

static int by_key(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	return strcmp(x->item->key, y->item->key);
}

/* The keys with the largest net amounts of all months together. */
static void choose_keys(struct pivot *p)
{
	const struct desk_report *r = p->report;
	struct rank *all = mem_alloc((r->count + 1) * sizeof(*all));
	size_t n = 0, keys = 0, i;

	for (i = 0; i < r->count; i++) {
		if (r->items[i].kind == ROW_OF_REPORT)
			all[n++] = (struct rank) {&r->items[i], r->items[i].net};
		p->others = p->others || r->items[i].kind == ROW_OF_REST;
	}
	qsort(all, n, sizeof(*all), by_key);
	for (i = 0; i < n; i++) {
		if (keys && same_key(all[keys - 1].item, all[i].item))
			all[keys - 1].net += all[i].net;
		else
			all[keys++] = all[i];
	}
	qsort(all, keys, sizeof(*all), by_net);
	p->key_count = keys < KEYS ? keys : KEYS;
	p->others = p->others || keys > KEYS;
	for (i = 0; i < p->key_count; i++)
		p->keys[i] = all[i].item;
	free(all);
}

static void choose_months(struct pivot *p)
{
	const struct desk_report *r = p->report;
	size_t i;

	p->months = mem_alloc((r->count + 1) * sizeof(*p->months));
	for (i = 0; i < r->count; i++) {
		if (r->items[i].kind == ROW_OF_MONTH)
			p->months[p->month_count++] = i;
	}
}

static size_t pivot_columns(struct pivot *p)
{
	size_t n = 0, i;

	p->columns[n++] = (struct figure_column) {{"月份", 10, false}, FIGURE_TEXT};
	for (i = 0; i < p->key_count; i++)
		p->columns[n++] =
		    (struct figure_column) {{p->keys[i]->label, 16, false}, FIGURE_MONEY};
	if (p->others)
		p->columns[n++] = (struct figure_column) {{"其余", 16, false}, FIGURE_MONEY};
	p->columns[n++] = (struct figure_column) {{"合计", 18, false}, FIGURE_MONEY};
	return n;
}

/* The items of a month lie before its sum. */
static int64_t pivot_value(const struct pivot *p, size_t row, size_t key)
{
	const struct desk_report *r = p->report;
	size_t i = row ? p->months[row - 1] + 1 : 0;

	for (; i < p->months[row]; i++) {
		if (same_key(&r->items[i], p->keys[key]))
			return value_of(p, &r->items[i]);
	}
	return 0;
}

static int64_t pivot_sum(const struct pivot *p, size_t row)
{
	return value_of(p, &p->report->items[p->months[row]]);
}

static int64_t pivot_other(const struct pivot *p, size_t row)
{
	int64_t left = pivot_sum(p, row);
	size_t i;

	for (i = 0; i < p->key_count; i++)
		left -= pivot_value(p, row, i);
	return left;
}

static int64_t pivot_at(const struct pivot *p, size_t row, size_t column)
{
	if (column <= p->key_count)
		return pivot_value(p, row, column - 1);
	return p->others && column == p->key_count + 1 ? pivot_other(p, row) : pivot_sum(p, row);
}

static const char *pivot_cell(void *arg, size_t row, size_t column, char out[FIGURE_CELL])
{
	const struct pivot *p = arg;
	int64_t sum = 0;
	size_t i;

	if (!column)
		return row < p->month_count ? p->report->items[p->months[row]].month : "合计";
	if (row < p->month_count)
		return fen_format(pivot_at(p, row, column), out);
	for (i = 0; i < p->month_count; i++)
		sum += pivot_at(p, i, column);
	return fen_format(sum, out);
}

static bool pivot_is_sum(void *arg, size_t row)
{
	const struct pivot *p = arg;

	return row == p->month_count;
}

static void pivot_init(struct pivot *p, const struct desk_report *r, bool tax,
		       struct figure_table *out)
{
	*p = (struct pivot) {.report = r, .tax = tax};
	choose_keys(p);
	choose_months(p);
	*out = (struct figure_table) {.name = tax ? "分月税额" : "分月金额",
				      .columns = p->columns,
				      .count = pivot_columns(p),
				      .rows = p->month_count + 1,
				      .cell = pivot_cell,
				      .is_sum = pivot_is_sum,
				      .arg = p};
}

/* ---- the book ---- */

struct book {
	struct sheet sheet;
	struct pivot pivots[2];
	struct figure_table tables[3];
	struct figure_chart chart;
	size_t series[PIVOT];
	char title[64], range[REPORT_RANGE], chart_title[160], notes[2][NOTE];
	const char *note_list[3];
	struct figure_book book;
	const struct report_export *options;
};

static void draw_table(struct book *b)
{
	const struct desk_report *r = b->sheet.report;
	size_t i;

	b->chart = (struct figure_chart) {
	    .across = !report_by_date(r->options.by),
	    .stacked = true,
	    .rows = r->count < DRAWN || report_by_date(r->options.by) ? r->count : DRAWN};
	for (i = 0; i < b->sheet.count; i++) {
		if (b->sheet.cells[i] == C_LABEL)
			b->chart.label = i;
		if (b->sheet.cells[i] == C_NET || b->sheet.cells[i] == C_TAX)
			b->series[b->chart.series_count++] = i;
	}
}

static void draw_pivot(struct book *b)
{
	const struct pivot *p = &b->pivots[0];
	size_t i;

	b->chart = (struct figure_chart) {.table = 1, .stacked = true, .rows = p->month_count};
	for (i = 1; i <= p->key_count + p->others; i++)
		b->series[b->chart.series_count++] = i;
}

static bool none_negative(const struct desk_report *r)
{
	bool none = true;
	size_t i;

	for (i = 0; i < r->count; i++)
		none = none && r->items[i].net >= 0 && r->items[i].tax >= 0;
	return none;
}

static void make_notes(struct book *b)
{
	const struct desk_report *r = b->sheet.report;
	char at[DATETIME_TEXT];

	snprintf(b->notes[0], NOTE, "%s（%s），开票日期 %s", r->unit_name, r->unit_tax_no,
		 b->range);
	snprintf(b->notes[1], NOTE, "开票成功的发票，红字是负数，统计于 %s",
		 datetime_text(r->at, at));
	b->note_list[0] = b->notes[0];
	b->note_list[1] = b->notes[1];
}

static void make_book(struct book *b, const struct desk_report *r)
{
	b->sheet.report = r;
	choose_columns(&b->sheet);
	report_title(&r->options, b->title);
	report_range_text(&r->options, b->range);
	b->tables[0] = (struct figure_table) {.name = b->title,
					      .columns = b->sheet.columns,
					      .count = b->sheet.count,
					      .rows = r->count + 1,
					      .cell = cell_of,
					      .is_sum = is_sum,
					      .arg = &b->sheet};
	b->book = (struct figure_book) {
	    .tables = b->tables, .count = 1, .chart = &b->chart, .notes = b->note_list};
	if (r->options.months && r->count) {
		pivot_init(&b->pivots[0], r, false, &b->tables[1]);
		pivot_init(&b->pivots[1], r, true, &b->tables[2]);
		b->book.count = 3;
		draw_pivot(b);
	} else {
		draw_table(b);
	}
	b->chart.from_zero = none_negative(r);
	b->chart.name = "图表";
	b->chart.series = b->series;
	snprintf(b->chart_title, sizeof(b->chart_title), "%s %s", b->title, b->range);
	b->chart.title = b->chart_title;
	make_notes(b);
}

static enum err begin(void *arg, const char *path, struct err_info *e)
{
	struct book *b = arg;

	return sheet_write_figures(path, b->options->format, b->options->replace, &b->book, e);
}

enum err desk_report_export(struct session *s, const struct desk_report *r,
			    const struct report_export *o, char *path, struct err_info *e)
{
	struct book *b = mem_zalloc(sizeof(*b));
	enum err rc = desk_allow(s, DESK_VIEW, e);

	make_book(b, r);
	b->options = o;
	if (!rc && !o->path)
		rc = records_stamped(o->folder, b->title, sheet_format_suffix(o->format), begin, b,
				     path, e);
	else if (!rc && !text_copy(path, HOME_PATH + 256, o->path))
		rc = err_fail(e, ERR_INVALID, "file.path", "导出", "路径太长");
	else if (!rc)
		rc = begin(b, path, e);
	free(b->pivots[0].months);
	free(b->pivots[1].months);
	free(b);
	return rc;
}
