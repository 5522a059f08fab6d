/* red_apply_blue.c - 录入, step 2: the blue invoice that is taken back (features E16-E18). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red_apply_p.h"

enum {
	FILTER_PARTY = 1,
	FILTER_TAX_NO,
	FILTER_FROM,
	FILTER_TO,
	FILTER_NUMBER,
	FILTER_CODE,
	FILTER_OLD_NUMBER
};
/* Cells that are not shown. */
enum { HIDDEN_NUMBER = LIST_COLUMNS - 2, HIDDEN_WORDS };
enum { CELL_MARK = 5, TAIL = 8, WHOLE_NUMBER = 20, SEEK_PAGES = 20 };

static const struct field FILTER[] = {
    {.id = FILTER_PARTY,
     .kind = FIELD_TEXT,
     .label = "购/销方",
     .col = 10,
     .width = 24,
     .wide_width = 36,
     .max_chars = 100,
     .help = "对方纳税人名称的一部分。"},
    {.id = FILTER_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "识别号",
     .col = 46,
     .width = 21,
     .max_chars = 20,
     .help = "对方纳税人识别号，或它的一部分。"},
    {.id = FILTER_FROM,
     .kind = FIELD_DATE,
     .label = "开票日期",
     .row = 1,
     .col = 10,
     .width = 11,
     .help = "原蓝票开票日期从哪一天起；+ 和 - 改日期，空着不限。"},
    {.id = FILTER_TO,
     .kind = FIELD_DATE,
     .label = "至",
     .row = 1,
     .col = 28,
     .width = 11,
     .help = "原蓝票开票日期到哪一天为止（含当天）。"},
    {.id = FILTER_NUMBER,
     .kind = FIELD_DIGITS,
     .label = "数电号码",
     .row = 1,
     .col = 53,
     .width = 21,
     .max_chars = 20,
     .help = "原蓝字发票数电号码，20 位或其中一部分。"},
    {.id = FILTER_CODE,
     .kind = FIELD_DIGITS,
     .label = "发票代码",
     .row = 2,
     .col = 10,
     .width = 13,
     .max_chars = 12,
     .help = "原蓝字发票代码：税控发票才有，10 或 12 位。"},
    {.id = FILTER_OLD_NUMBER,
     .kind = FIELD_DIGITS,
     .label = "发票号码",
     .row = 2,
     .col = 36,
     .width = 9,
     .max_chars = 8,
     .help = "原蓝字发票号码：税控发票的 8 位号码。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "开票日期", .width = 10, .wide_width = 19},
    {.label = "票种", .width = 4, .wide_width = 4, .from = 70},
    {.label = "对方名称", .width = -1, .wide_width = -1},
    {.label = "价税合计", .width = 14, .wide_width = 16, .align = ALIGN_RIGHT},
    {.label = "号码", .width = 10, .wide_width = 20, .from = 60},
    {.label = "红冲情况", .width = 10, .wide_width = 10},
    {.label = NULL},
};

/* ---- rows ---- */

struct blue_page {
	struct listing_page *page;
	enum red_side side;
};

static enum err add_blue(void *arg, const struct invoice_row *r)
{
	struct blue_page *b = arg;
	struct listing_page *p = b->page;
	struct list_row *row =
	    listing_row(p, r->id, r->reversed == REVERSED_WHOLE ? FACE_DIM : FACE_NORMAL);
	const char *number = r->number ? r->number : "";
	size_t n = strlen(number);
	char gross[FEN_TEXT + 8];

	snprintf(row->cell[0], LIST_CELL, "%.*s", p->wide ? 19 : 10, r->issued_at);
	text_copy(row->cell[1], LIST_CELL, r->kind == INVOICE_SPECIAL ? "专票" : "普票");
	text_copy(row->cell[2], LIST_CELL,
		  b->side == RED_SELLER && r->buyer_name ? r->buyer_name : "");
	text_copy(row->cell[3], LIST_CELL, fen_format_grouped(r->gross, gross));
	if (p->wide || n <= TAIL)
		text_copy(row->cell[4], LIST_CELL, number);
	else
		snprintf(row->cell[4], LIST_CELL, "..%s", number + n - TAIL);
	text_copy(row->cell[CELL_MARK], LIST_CELL, invoice_reversal_label(r->reversed));
	text_copy(row->cell[HIDDEN_NUMBER], LIST_CELL, number);
	return ERR_OK;
}

/* The seller of one issued by another unit, the letter that is under way. */
static void complete(struct listing_page *p, enum red_side side)
{
	int i;

	for (i = 0; i < p->count; i++) {
		struct list_row *row = &p->rows[i];
		char open[RED_OPEN_WORDS] = "";
		struct invoice_record r;

		if (side == RED_BUYER && !desk_invoice_head(ui_session(), row->id, &r, NULL)) {
			text_copy(row->cell[2], LIST_CELL,
				  r.invoice.seller.name ? r.invoice.seller.name : "");
			invoice_record_free(&r);
		}
		desk_red_open(ui_session(), side, row->cell[HIDDEN_NUMBER], open, NULL);
		if (*open) {
			text_copy(row->cell[CELL_MARK], LIST_CELL, "有确认单");
			row->face = FACE_WARNING;
		}
		snprintf(row->cell[HIDDEN_WORDS], LIST_CELL, "%.40s  %.40s%s%s",
			 row->cell[HIDDEN_NUMBER], row->cell[CELL_MARK], *open ? "：" : "", open);
	}
}

static const char *asked(const struct form *f, int id)
{
	const char *text = form_get(f, id);

	return *text ? text : NULL;
}

static void copy_day(const struct form *f, int id, char out[DATE_TEXT])
{
	struct date d;

	if (date_parse(form_get(f, id), &d))
		date_text(date_unix((struct datetime) {.date = d}), out);
}

static void fill_filter(const struct form *f, struct red_blues *q)
{
	const char *number = asked(f, FILTER_NUMBER);

	q->party = asked(f, FILTER_PARTY);
	q->tax_no = asked(f, FILTER_TAX_NO);
	if (number && strlen(number) == WHOLE_NUMBER)
		q->filter->number = number;
	else
		q->filter->number_part = number;
	copy_day(f, FILTER_FROM, q->filter->issued_from);
	copy_day(f, FILTER_TO, q->filter->issued_to);
}

static const char *empty_words(const struct apply *s, bool old)
{
	if (old)
		return "有代码的税控发票不是在这里开的：按 a 手工录入，f 从文件读。";
	return s->side == RED_SELLER
		   ? "没有符合条件的：c 重置条件；不是在这里开的按 a 手工录入，f 从文件读。"
		   : "本机其他单位没有开给我们的：按 a 手工录入，f 从文件读。";
}

static enum err read_blues(struct view *v, struct listing_page *p, struct err_info *e)
{
	struct apply *s = v->state;
	const struct form *f = &s->frame.filter;
	bool old = asked(f, FILTER_CODE) || asked(f, FILTER_OLD_NUMBER);
	struct invoice_filter filter = {.cursor = p->cursor, .limit = p->max};
	struct red_blues q = {.filter = &filter, .side = s->side};
	struct blue_page page = {p, s->side};
	enum err r;

	s->frame.list.empty = empty_words(s, old);
	if (old) { /* those issued here have none */
		p->total = 0;
		return ERR_OK;
	}
	fill_filter(f, &q);
	r = desk_red_blues(ui_session(), &q, add_blue, &page, &p->next, &p->total, &p->at_least, e);
	if (!r)
		complete(p, s->side);
	return r;
}

static const char *number_of(const struct apply *s, char out[NUMBER_TEXT]);

/* Which one F10 goes on with, whatever row is selected. */
static const char *given_words(const struct apply *s, char out[160])
{
	char number[NUMBER_TEXT];

	snprintf(out, 160, "%s %s：%sF10 用它，回车用光标所在的",
		 s->given_file ? "从文件读入的" : "手工录入的", number_of(s, number),
		 s->given_file ? "" : "a 打开，");
	return out;
}

static bool paint_blues(struct view *v)
{
	struct apply *s = v->state;
	char words[160];

	draw_clear(s->frame.head, FACE_NORMAL);
	apply_paint_steps(s, s->frame.head);
	if (s->errand.open)
		listing_say(&s->frame, FACE_VALUE, errand_words(&s->errand, words));
	else if (s->given)
		listing_say(&s->frame, FACE_VALUE, given_words(s, words));
	else
		listing_say_cell(&s->frame, HIDDEN_WORDS);
	return true;
}

/* ---- doing ---- */

static int row_of(const struct list *l, const char *number)
{
	int i;

	for (i = 0; i < l->count && strcmp(l->rows[i].cell[HIDDEN_NUMBER], number) != 0;)
		i++;
	return i < l->count ? i : -1;
}

void apply_seek(struct apply *s)
{
	struct list *l = &s->frame.list;
	int pages, row;

	if (!s->seek || s->step != APPLY_BLUE || l->stale || !l->count)
		return;
	s->seek = false;
	for (pages = 0; (row = row_of(l, s->number)) < 0 && pages < SEEK_PAGES; pages++) {
		if (!list_go_by(l, 1))
			break;
	}
	if (row < 0)
		list_reload(l);
	else
		l->selected = row;
}

/* What was entered of one invoice is not lost to a key pressed on another. */
static bool ask_other(struct apply *s, const struct list_row *row)
{
	char text[400], of[120];

	if (s->given)
		text_copy(of, sizeof(of), "手工录入或从文件读入的");
	else
		snprintf(of, sizeof(of), "蓝字发票 %s", s->number);
	snprintf(text, sizeof(text), "%s 还没有提交。\n换成 %.40s，它录入的内容就不留了。", of,
		 row->cell[HIDDEN_NUMBER]);
	return view_ask(
	    s->frame.view, APPLY_ASK_OTHER, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "换一张蓝字发票", .text = text, .yes = "换一张", .no = "返回"});
}

static bool choose(struct apply *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	if (!row) {
		ui_message(MESSAGE_WARNING, "没有选中的发票：改查询条件，或按 a 手工录入");
		return true;
	}
	if (apply_entered(s) && (s->given || strcmp(s->number, row->cell[HIDDEN_NUMBER]) != 0))
		return ask_other(s, row);
	apply_choose(s);
	return true;
}

void apply_choose(struct apply *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	if (!row)
		return;
	if (s->given || strcmp(s->number, row->cell[HIDDEN_NUMBER]) != 0)
		apply_forget_source(s);
	free(s->given);
	s->given = NULL;
	text_copy(s->number, sizeof(s->number), row->cell[HIDDEN_NUMBER]);
	apply_prepare(s);
}

static bool blues_act(struct view *v, enum action a)
{
	struct apply *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);

	switch (a) {
	case ACT_STEP_NEXT:
		if (!s->given)
			return choose(s);
		apply_prepare(s);
		return true;
	case ACT_ENTER:
		return choose(s);
	case ACT_DETAIL:
	case ACT_PREVIEW:
		return row && view_push(&view_face_ops, &row->id);
	case ACT_RED_GIVEN:
		return apply_ask_given(s);
	case ACT_RED_FILE:
		return apply_ask_file(s);
	case ACT_MARK:
	case ACT_MARK_ALL:
	case ACT_EXPORT:
		return true; /* one is chosen */
	default:
		return false;
	}
}

static const enum action HINTS[] = {ACT_STEP_NEXT, ACT_STEP_BACK, ACT_FIND,
				    ACT_RED_GIVEN, ACT_RED_FILE,  ACT_PREVIEW,
				    ACT_RESET,     ACT_BACK,      ACT_NONE};

const struct listing_kind apply_blues = {
    .title = "可冲红的蓝字发票",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_ISSUE,
    .of_unit = true,
    .gated = true,
    .head = 1,
    .foot = 1,
    .hints = HINTS,
    .help = "回车选中并到下一步，p 预览发票，F3 填查询条件，c 重置；不是在这里开的按 a 手工录入、f "
	    "从文件读。",
    .read = read_blues,
    .paint = paint_blues,
    .act = blues_act,
};

/* ---- the chosen one ---- */

void apply_forget_source(struct apply *s)
{
	if (s->has_source)
		red_source_free(&s->source);
	s->has_source = s->entered = s->worked = false;
	s->reason = (enum red_reason)0;
	apply_lines_free(s);
}

static enum err read_given(struct apply *s, struct red_source *out, struct err_info *e)
{
	struct red_given_blue g;
	enum err r = apply_given_read(s, &g, e);

	if (r)
		return r;
	r = desk_red_source_given(ui_session(), s->side,
				  &(struct red_given) {&g.invoice, g.code, g.paper}, out, e);
	red_given_free(&g);
	return r;
}

bool apply_read_source(struct apply *s)
{
	struct err_info e = {0};
	struct red_source fresh;
	enum err r = s->given ? read_given(s, &fresh, &e)
			      : desk_red_source(ui_session(), s->side, s->number, &fresh, &e);

	if (r) {
		ui_error(&e);
		return false;
	}
	if (s->has_source)
		red_source_free(&s->source);
	s->source = fresh;
	s->has_source = true;
	return true;
}

static void source_then_reason(struct apply *s)
{
	if (apply_read_source(s))
		s->next = NEXT_REASON;
	else if (s->whole)
		s->next = NEXT_LEAVE; /* with the sentence that says why */
	view_redraw(s->frame.view);
}

/* The number of a given one is asked with, too. */
static const char *number_of(const struct apply *s, char out[NUMBER_TEXT])
{
	struct red_given_blue g;

	text_copy(out, NUMBER_TEXT, s->number);
	if (s->given && !apply_given_read(s, &g, NULL)) {
		text_copy(out, NUMBER_TEXT, g.invoice.number);
		red_given_free(&g);
	}
	return out;
}

void apply_prepare(struct apply *s)
{
	struct err_info e = {0};
	char number[NUMBER_TEXT];
	struct desk_wait *w = errand_wait(&s->errand);
	enum err r = desk_red_prepare(ui_session(), s->side, number_of(s, number), w, &e);

	if (r || w->job_count)
		errand_begin(&s->errand, "取得这张发票的红冲情况", r, &e);
	else
		source_then_reason(s);
}

/* What could not be fetched shows when it is missed. */
void apply_prepared(struct apply *s, bool changed)
{
	struct err_info e = {0};
	enum err verdict;

	if (!changed || !errand_rests(&s->errand, &verdict, &e))
		return;
	if (s->step == APPLY_BLUE)
		source_then_reason(s);
	if (verdict && s->next != NEXT_REASON)
		errand_tell(&s->errand, verdict, &e);
}
