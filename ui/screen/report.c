/* report.c - 统计报表: rows with bars, their sum, the way to the invoices of a row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/invoices.h"
#include "ui/screen/report_p.h"

enum { ASK_FILE = 1 };
enum { CELL_MONTH, CELL_LABEL, CELL_COUNT, CELL_NET, CELL_TAX, CELL_GROSS, CELL_SHARE, CELL_BAR };
enum { BAR = 10, WIDE_BAR = 20, BAR_FROM = 76, WIDE = 100, FOOT = 2, PROGRESS = 3, LINE = 512 };

#define FIGURES                                                                                    \
	{.label = "份数", .width = 7, .wide_width = 9, .align = ALIGN_RIGHT},                      \
	    {.label = "金额", .width = 15, .wide_width = 18, .align = ALIGN_RIGHT},                \
	    {.label = "税额", .width = 13, .wide_width = 16, .align = ALIGN_RIGHT},                \
	    {.label = "价税合计", .width = 0, .wide_width = 18, .align = ALIGN_RIGHT},             \
	{                                                                                          \
		.label = "占比", .width = 6, .wide_width = 6, .align = ALIGN_RIGHT                 \
	}
/* What a return wants apart; the counts of both give way where it is narrow. */
enum {
	CELL_BLUE_COUNT = 2,
	CELL_BLUE_NET,
	CELL_BLUE_TAX,
	CELL_RED_COUNT,
	CELL_RED_NET,
	CELL_RED_TAX,
	CELL_BOTH_NET,
	CELL_BOTH_TAX
};
#define PARTS(counts_from)                                                                         \
	{.label = "蓝字份",                                                                        \
	 .width = 6,                                                                               \
	 .wide_width = 6,                                                                          \
	 .align = ALIGN_RIGHT,                                                                     \
	 .from = (counts_from)},                                                                   \
	    {.label = "蓝字金额", .width = 14, .wide_width = 15, .align = ALIGN_RIGHT},            \
	    {.label = "蓝字税额",                                                                  \
	     .width = 12,                                                                          \
	     .wide_width = 13,                                                                     \
	     .align = ALIGN_RIGHT,                                                                 \
	     .from = BAR_FROM},                                                                    \
	    {.label = "红字份",                                                                    \
	     .width = 6,                                                                           \
	     .wide_width = 6,                                                                      \
	     .align = ALIGN_RIGHT,                                                                 \
	     .from = (counts_from)},                                                               \
	    {.label = "红字金额", .width = 13, .wide_width = 14, .align = ALIGN_RIGHT},            \
	    {.label = "红字税额",                                                                  \
	     .width = 11,                                                                          \
	     .wide_width = 12,                                                                     \
	     .align = ALIGN_RIGHT,                                                                 \
	     .from = BAR_FROM},                                                                    \
	    {.label = "合计金额", .width = 0, .wide_width = 15, .align = ALIGN_RIGHT},             \
	    {.label = "合计税额", .width = 0, .wide_width = 13, .align = ALIGN_RIGHT},             \
	{                                                                                          \
		.label = NULL                                                                      \
	}
#define BAR_COLUMN(least)                                                                          \
	{.label = "", .width = BAR, .wide_width = WIDE_BAR, .from = (least)},                      \
	{                                                                                          \
		.label = NULL                                                                      \
	}
/* By what it is: the heading of the names changes. */
static struct list_column whole[] = {{.label = "月份", .width = 0, .wide_width = 0},
				     {.label = "", .width = -1, .wide_width = -1},
				     FIGURES,
				     BAR_COLUMN(BAR_FROM)};
static struct list_column by_months[] = {{.label = "月份", .width = 7, .wide_width = 9},
					 {.label = "", .width = -1, .wide_width = -1},
					 FIGURES,
					 BAR_COLUMN(WIDE)};

static struct list_column parts_whole[] = {{.label = "月份", .width = 0, .wide_width = 0},
					   {.label = "", .width = -1, .wide_width = -1},
					   PARTS(BAR_FROM)};
static struct list_column parts_by_months[] = {{.label = "月份", .width = 7, .wide_width = 9},
					       {.label = "", .width = -1, .wide_width = -1},
					       PARTS(WIDE)};

/* ---- rows ---- */

/* As long as the amount is large; what is subtracted is drawn otherwise. */
static void put_bar(const struct desk_report *r, const struct report_item *i, int width, char *cell)
{
	int64_t size = i->net < 0 ? -i->net : i->net, n = 0;

	*cell = 0;
	if (i->kind == ROW_OF_MONTH || !r->largest || !fen_mul_ratio(size, width, r->largest, &n))
		return;
	if (!n && size)
		n = 1;
	memset(cell, i->net < 0 ? '-' : '#', (size_t)n);
	cell[n] = 0;
}

static void put_count(char *cell, int64_t n)
{
	if (n >= 0)
		snprintf(cell, LIST_CELL, "%lld", (long long)n);
}

static void put_fen(char *cell, int64_t fen)
{
	char text[FEN_TEXT + 8];

	text_copy(cell, LIST_CELL, fen_format_grouped(fen, text));
}

static void put_parts(const struct report_item *i, struct list_row *row)
{
	put_count(row->cell[CELL_BLUE_COUNT], i->count < 0 ? -1 : i->count - i->red_count);
	put_fen(row->cell[CELL_BLUE_NET], i->net - i->red_net);
	put_fen(row->cell[CELL_BLUE_TAX], i->tax - i->red_tax);
	put_count(row->cell[CELL_RED_COUNT], i->red_count);
	put_fen(row->cell[CELL_RED_NET], i->red_net);
	put_fen(row->cell[CELL_RED_TAX], i->red_tax);
	put_fen(row->cell[CELL_BOTH_NET], i->net);
	put_fen(row->cell[CELL_BOTH_TAX], i->tax);
}

static void put_row(const struct desk_report *r, size_t at, bool wide, struct list_row *row)
{
	const struct report_item *i = &r->items[at];

	*row = (struct list_row) {.id = (int64_t)at + 1,
				  .face = i->kind == ROW_OF_MONTH ? FACE_VALUE : FACE_NORMAL};
	text_copy(row->cell[CELL_MONTH], LIST_CELL, i->month);
	text_copy(row->cell[CELL_LABEL], LIST_CELL, i->label);
	if (report_by_parts(r->options.by)) {
		put_parts(i, row);
		return;
	}
	put_count(row->cell[CELL_COUNT], i->count);
	put_fen(row->cell[CELL_NET], i->net);
	put_fen(row->cell[CELL_TAX], i->tax);
	put_fen(row->cell[CELL_GROSS], i->gross);
	snprintf(row->cell[CELL_SHARE], LIST_CELL, "%s%d.%d%%", i->permille < 0 ? "-" : "",
		 abs(i->permille) / 10, abs(i->permille) % 10);
	put_bar(r, i, wide ? WIDE_BAR : BAR, row->cell[CELL_BAR]);
}

static bool long_names(enum report_by by)
{
	return by == BY_BUYER || by == BY_GOODS;
}

static void set_words(struct report_view *s)
{
	static char empty[160];
	char range[REPORT_RANGE];

	bool parts = report_by_parts(s->asked.options.by);

	whole[CELL_LABEL].label = by_months[CELL_LABEL].label = parts_whole[CELL_LABEL].label =
	    parts_by_months[CELL_LABEL].label = report_by_head(s->asked.options.by);
	by_months[CELL_BAR].from = long_names(s->asked.options.by) ? WIDE : BAR_FROM;
	if (s->asked.options.months)
		s->frame.list.columns = parts ? parts_by_months : by_months;
	else
		s->frame.list.columns = parts ? parts_whole : whole;
	if (s->making)
		snprintf(empty, sizeof(empty), "正在统计，请稍候。");
	else
		snprintf(empty, sizeof(empty), "%s 没有开票成功的发票。",
			 report_range_text(&s->asked.options, range));
	s->frame.list.empty = empty;
}

/* Sums of months aside. */
static int64_t rows_before(const struct desk_report *r, size_t at)
{
	int64_t n = 0;

	while (at)
		n += r->items[--at].kind != ROW_OF_MONTH;
	return n;
}

/* The report is held whole: pages are pieces of it. */
static enum err read_report(struct view *v, struct listing_page *p, struct err_info *e)
{
	struct report_view *s = v->state;
	enum err r = report_make(s, e);
	size_t at, n = s->made ? s->report.count : 0;

	p->total = -1;
	set_words(s);
	if (r || !s->made)
		return r;
	p->total = (int64_t)s->report.rows;
	at = strcmp(p->cursor_text, "$end") ? (size_t)p->cursor
	     : n > (size_t)p->max           ? n - (size_t)p->max
					    : 0;
	s->frame.list.first = rows_before(&s->report, at) + 1;
	for (; at < n && p->count < p->max; at++)
		put_row(&s->report, at, p->wide, &p->rows[p->count++]);
	s->frame.list.last = rows_before(&s->report, at);
	p->next = at < n ? (int64_t)at : 0;
	return ERR_OK;
}

static const struct report_item *selected(const struct report_view *s)
{
	const struct list_row *row = list_row(&s->frame.list);
	size_t at = row ? (size_t)row->id - 1 : 0;

	return row && s->made && at < s->report.count ? &s->report.items[at] : NULL;
}

/* ---- below the list ---- */

/* 蓝字 12 份 100.00 税额 13.00  红字 1 份 -10.00 税额 -1.30 */
static void parts_text(const struct report_item *i, char out[LINE])
{
	char text[4][FEN_TEXT + 8];

	fen_format_grouped(i->net - i->red_net, text[0]);
	fen_format_grouped(i->tax - i->red_tax, text[1]);
	fen_format_grouped(i->red_net, text[2]);
	fen_format_grouped(i->red_tax, text[3]);
	snprintf(out, LINE, "合计 蓝字 %lld 份 %s 税额 %s  红字 %lld 份 %s 税额 %s",
		 (long long)(i->count - i->red_count), text[0], text[1], (long long)i->red_count,
		 text[2], text[3]);
}

/* As much as there is room for; the taxed amounts go last. */
static void total_text(const struct report_view *s, int cols, char out[LINE])
{
	const struct report_item *t = &s->report.total;
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8], gross[FEN_TEXT + 8];

	parts_text(t, out);
	if (t->red_count && draw_cols(out) <= cols)
		return;
	fen_format_grouped(t->net, net);
	fen_format_grouped(t->tax, tax);
	fen_format_grouped(t->gross, gross);
	snprintf(out, LINE, "合计 %lld 份  金额 %s  税额 %s  价税合计 %s", (long long)t->count, net,
		 tax, gross);
	if (draw_cols(out) > cols)
		snprintf(out, LINE, "合计 金额 %s 税额 %s 价税合计 %s", net, tax, gross);
	if (draw_cols(out) > cols)
		snprintf(out, LINE, "合计 金额 %s 税额 %s", net, tax);
}

/* The name is cut, not the figures behind it. */
static void paint_row(const struct report_view *s, struct rect r, int row)
{
	const struct report_item *i = selected(s);
	char gross[FEN_TEXT + 8], text[LINE];
	int room, name;

	if (!i)
		return;
	snprintf(text, sizeof(text), "  %s%s%s价税合计 %s", *i->tax_no ? "税号 " : "", i->tax_no,
		 *i->tax_no ? "  " : "", fen_format_grouped(i->gross, gross));
	room = r.w - 2 - draw_cols(text);
	name = draw_cols(i->label);
	if (name > room)
		name = room;
	draw_text(r, row, 1, name, ALIGN_LEFT, FACE_DIM, i->label);
	draw_run(r, row, 1 + name, FACE_DIM, text);
}

static void paint_foot(const struct report_view *s)
{
	char text[LINE] = "";

	draw_clear(s->frame.foot, FACE_NORMAL);
	if (!s->made || !s->report.count)
		return;
	total_text(s, s->frame.foot.w - 2, text);
	draw_text(s->frame.foot, 0, 1, s->frame.foot.w - 1, ALIGN_LEFT, FACE_VALUE, text);
	paint_row(s, s->frame.foot, 1);
}

/* ---- the view ---- */

static void report_paint(struct view *v)
{
	struct report_view *s = v->state;
	struct rect r = v->area;

	paint_foot(s);
	list_paint(&s->frame.list, true);
	if (!s->making)
		return;
	rect_top(&r, r.h / 2);
	task_paint(rect_inset(rect_top(&r, PROGRESS), 0, 4));
}

/* The invoices of a row, as a list of their own. */
static bool open_row(struct report_view *s)
{
	const struct report_item *i = selected(s);
	struct invoice_filter f;
	char range[REPORT_RANGE], words[LIST_CELL];

	if (!i)
		return true;
	desk_report_filter(&s->report, i, &f);
	snprintf(words, sizeof(words), "%s%s%.200s，开票日期 %s", i->month, *i->month ? " " : "",
		 i->label, report_range_text(&s->report.options, range));
	return view_push(
	    &view_invoices_ops,
	    &(struct invoices_arg) {.state = "开票成功", .report = &f, .report_words = words});
}

static bool again(struct report_view *s)
{
	s->again = true;
	list_reload(&s->frame.list);
	return true;
}

/* What concerns the list, not its filter. */
static bool list_part(struct report_view *s, enum action a)
{
	switch (a) {
	case ACT_FIND: /* from the first field on, as the list goes on to do */
		form_focus(&s->frame.filter, REPORT_BY);
		return false;
	case ACT_REFRESH:
		return again(s);
	case ACT_REPORT_NEXT:
	case ACT_NEXT:
		report_filter_turn(&s->frame.filter, 1);
		break;
	case ACT_REPORT_BEFORE:
	case ACT_PREVIOUS:
		report_filter_turn(&s->frame.filter, -1);
		break;
	case ACT_REPORT_EARLIER:
	case ACT_LEFT:
		report_filter_shift(&s->frame.filter, -1);
		break;
	case ACT_REPORT_LATER:
	case ACT_RIGHT:
		report_filter_shift(&s->frame.filter, 1);
		break;
	case ACT_REPORT_MONTHS:
		form_set(&s->frame.filter, REPORT_MONTHS,
			 form_flag(&s->frame.filter, REPORT_MONTHS) ? "" : "1");
		break;
	case ACT_EXPORT:
		return report_save_ask(s, ASK_FILE);
	case ACT_CANCEL_JOB:
		task_cancel();
		return true;
	default:
		return false;
	}
	list_reload(&s->frame.list);
	return true;
}

static const char *report_why_not(const struct view *v, enum action a)
{
	const struct report_view *s = v->state;

	if (a == ACT_CANCEL_JOB && !s->making)
		return "没有正在进行的统计";
	if ((a == ACT_EXPORT || a == ACT_DETAIL) && !list_row(&s->frame.list))
		return "没有可以导出的行";
	return a == ACT_MARK || a == ACT_MARK_ALL ? "报表的行不用勾选，导出的是整张表" : NULL;
}

static void report_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)result;
	if (ok && token == ASK_FILE)
		report_save_start(v->state);
}

static bool report_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct report_view *s = v->state;
	bool used = listing_key(v, k, paste, n);

	if (used && s->frame.list.filtering)
		report_filter_follow(&s->frame.filter);
	return used;
}

static bool report_act(struct view *v, enum action a)
{
	struct report_view *s = v->state;
	bool used;

	if (!s->frame.list.filtering && list_part(s, a))
		return true;
	used = listing_act(v, a);
	if (s->frame.list.filtering)
		report_filter_follow(&s->frame.filter);
	return used;
}

static bool report_chosen(struct view *v)
{
	return open_row(v->state);
}

static const enum action *report_hints(const struct view *v)
{
	static const enum action MAKING[] = {ACT_CANCEL_JOB, ACT_BACK, ACT_NONE};
	const struct report_view *s = v->state;

	return s->making ? MAKING : NULL;
}

static const char *report_state(const struct view *v)
{
	const struct report_view *s = v->state;

	return s->making ? "making" : NULL;
}

static void report_close(struct view *v)
{
	struct report_view *s = v->state;

	desk_report_free(&s->report);
}

static const enum action HINTS[] = {ACT_FIND,          ACT_DETAIL,  ACT_REPORT_NEXT,
				    ACT_REPORT_MONTHS, ACT_EXPORT,  ACT_REPORT_EARLIER,
				    ACT_REPORT_LATER,  ACT_REFRESH, ACT_RESET,
				    ACT_BACK,          ACT_NONE};
static const struct listing_kind REPORT = {
    .title = "统计报表",
    .columns = whole,
    .filter = report_filter,
    .allow = DESK_VIEW,
    .of_unit = true,
    .still = true, /* R reads what was issued meanwhile */
    .foot = FOOT,
    .hints = HINTS,
    .help =
	"开票成功的发票，红字是负数，按开票日期。F3 选按什么、哪些天；Tab 或 t 换一种，m 分月，左右键换到前后"
	"一段日期；回车看这一行的发票；E 存为 Excel（带图表）或 CSV；r 重新统计。",
    .read = read_report,
    .chosen = report_chosen,
    .hints_now = report_hints,
    .state_now = report_state,
    .close = report_close,
};

static enum err report_open(struct view *v, const void *arg, struct err_info *e)
{
	struct report_view *s = v->state;
	enum err r = listing_open(v, &REPORT, e);

	(void)arg;
	if (r)
		return r;
	report_filter_begin(&s->frame.filter);
	s->frame.list.can_end = true;
	return ERR_OK;
}

const struct view_ops view_report_ops = {
    LISTING_BODY,
    .name = "report",
    .path = "开票 › 统计报表",
    .size = sizeof(struct report_view),
    .open = report_open,
    .paint = report_paint,
    .key = report_key,
    .act = report_act,
    .why_not = report_why_not,
    .answer = report_answer,
};
