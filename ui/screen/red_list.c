/* red_list.c - red letters in lists: 我发出的 and 我收到的 as tabs, 处理, 开具, those of one situation
 * (features E2-E6, E9-E14, E23-E26, E29). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/list_p.h"
#include "ui/screen/red_p.h"

enum { TOKEN_WORK = 1, TOKEN_ISSUE, TOKEN_ANSWER, TOKEN_DOWNLOAD };
enum { CELL_WORDS = LIST_COLUMNS - 1 };
enum { FEW = 10, TAIL = 8, MINUTE_MS = 60 * 1000, MARKS_LOOKED_AT = 100 };

struct red_letters {
	struct listing frame;
	struct listing other; /* the tab behind; zeroed until it is looked at */
	enum red_list which;
	enum red_situation situation;
	bool whole[RED_LISTS]; /* more than the newest are shown */
	struct red_record now; /* of the selected row */
	bool has_now;
	struct red_work work;
	struct red_fresh fresh;
	int64_t *looked; /* owned: rows marked as unseen that were on a page here */
	size_t looked_count;
};

static const struct list_column COLUMNS[] = {
    {.label = "录入日期", .width = 8, .wide_width = 16},
    {.label = "购/销方", .width = 7, .wide_width = 7, .from = 70},
    {.label = "对方名称", .width = -1, .wide_width = -1},
    {.label = "冲销价税合计", .width = 13, .wide_width = 15, .align = ALIGN_RIGHT},
    {.label = "蓝票号码", .width = 10, .wide_width = 20, .from = 70},
    /* For exports, and where there is room. */
    {.label = "确认单编号", .width = 0, .wide_width = 20, .from = 136},
    {.label = "红票号码", .width = 0, .wide_width = 20, .from = 170},
    {.label = "录入方", .width = 0, .wide_width = 6, .from = 144},
    {.label = "情况", .width = 10, .wide_width = 10},
    {.label = "确认单状态", .width = 0, .wide_width = 18, .from = 110},
    {.label = "剩余", .width = 5, .wide_width = 5, .align = ALIGN_RIGHT},
    {.label = NULL},
};

/* ---- rows ---- */

static void put_number(char *cell, const char *number, bool wide)
{
	size_t n = strlen(number);

	if (wide || n <= TAIL)
		text_copy(cell, LIST_CELL, number);
	else
		snprintf(cell, LIST_CELL, "..%s", number + n - TAIL);
}

static void put_words(char *cell, const struct red_row *r, bool wide)
{
	const char *red = *r->red_number ? r->red_number : r->making_number;

	snprintf(cell, LIST_CELL, "%s%s%s%s%s%s%s%s%s", r->number, *r->number ? "  " : "",
		 red_row_label(r), wide && r->unseen ? "，还没有看过" : "", *red ? "  红票 " : "",
		 red, r->blue_invoice_id || !*r->blue_code ? "" : "  税控发票",
		 *r->message ? "  说明：" : "", r->message);
	cell[text_whole(cell, strlen(cell))] = 0;
}

/* Where the state has a column of its own, and in files, the situation as the filter names it. */
static void put_situation(char *cell, const struct red_row *r, bool wide)
{
	if (wide)
		text_copy(cell, LIST_CELL, red_situation_label(r->situation));
	else
		snprintf(cell, LIST_CELL, "%s%s", r->unseen ? "*" : "", red_row_reason(r));
}

static enum err add_letter(void *arg, const struct red_row *r)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, r->id, red_face(r->situation));
	char gross[RED_MONEY], left[RED_LEFT];

	if (r->situation == RED_FOR_US && r->deadline - clock_now() < RED_URGENT)
		row->face = FACE_ERROR;
	if (r->unseen)
		row->face = FACE_WARNING;
	if (p->wide)
		snprintf(row->cell[0], LIST_CELL, "%.16s", r->entered_at);
	else if (strlen(r->entered_at) > 2)
		snprintf(row->cell[0], LIST_CELL, "%.8s", r->entered_at + 2);
	text_copy(row->cell[1], LIST_CELL, red_side_name(r->side));
	text_copy(row->cell[2], LIST_CELL, r->party_name);
	text_copy(row->cell[3], LIST_CELL, red_gross(r->net, r->tax, gross));
	put_number(row->cell[4], r->blue_number, p->wide);
	text_copy(row->cell[5], LIST_CELL, r->number);
	text_copy(row->cell[6], LIST_CELL, r->red_number);
	text_copy(row->cell[7], LIST_CELL, red_side_name(r->entered_by));
	put_situation(row->cell[8], r, p->wide);
	text_copy(row->cell[9], LIST_CELL, red_row_label(r));
	text_copy(row->cell[10], LIST_CELL, red_left(r->deadline, left));
	put_words(row->cell[CELL_WORDS], r, p->wide);
	return ERR_OK;
}

static bool is_tab(const struct red_letters *s)
{
	return s->which == RED_LIST_SENT || s->which == RED_LIST_RECEIVED;
}

/* Only the newest, until more is asked for. */
static bool is_few(const struct red_letters *s)
{
	return is_tab(s) && !s->whole[s->which];
}

static enum err read_letters(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct red_letters *s = v->state;
	bool few = is_few(s);
	struct red_asked asked;
	enum err r;

	red_filter_ask(&s->frame.filter, s->which, s->situation, &asked);
	asked.filter.last_page = !strcmp(p->cursor_text, "$end");
	asked.filter.cursor = p->cursor;
	asked.filter.limit = few && p->max > FEW ? FEW : p->max;
	r = desk_red_list(ui_session(), &asked.filter, add_letter, p, &p->next, &p->total,
			  &p->at_least, e);
	if (few)
		p->next = 0;
	return r;
}

/* ---- the selected letter ---- */

static void forget_now(struct red_letters *s)
{
	if (s->has_now)
		red_record_free(&s->now);
	s->has_now = false;
}

/* Read when something is to be known of it, and again when the store has changed. */
static const struct red_record *now(struct red_letters *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	if (s->has_now && (!row || s->now.id != row->id))
		forget_now(s);
	if (!s->has_now && row)
		s->has_now = !desk_red_by_id(ui_session(), row->id, &s->now, NULL);
	return s->has_now ? &s->now : NULL;
}

/* ---- tabs and more ---- */

static const struct listing_kind LETTERS[RED_LISTS];

static bool show_tab(struct red_letters *s)
{
	struct view *v = s->frame.view;
	enum red_list to = s->which == RED_LIST_SENT ? RED_LIST_RECEIVED : RED_LIST_SENT;
	struct err_info e = {0};

	listing_swap(&s->frame, &s->other);
	if (!s->frame.kind && listing_open(v, &LETTERS[to], &e)) {
		listing_swap(&s->frame, &s->other);
		ui_error(&e);
		return true;
	}
	s->frame.list.can_end = true;
	s->which = to;
	forget_now(s);
	listing_layout(v);
	return true;
}

static bool show_whole(struct red_letters *s, bool whole)
{
	s->whole[s->which] = whole;
	list_reload(&s->frame.list);
	return true;
}

/* ---- doing ---- */

static bool issue(struct red_letters *s)
{
	const struct list *l = &s->frame.list;
	const struct list_row *row = list_row(l);
	struct red_issue_arg a = {l->marks, l->mark_count};

	if (!l->mark_count)
		a = (struct red_issue_arg) {row ? &row->id : NULL, row ? 1 : 0};
	return view_ask(s->frame.view, TOKEN_ISSUE, &view_red_issue_ops, &a);
}

/* Marked letters the other side may have entered. */
static bool answers_marked(const struct red_letters *s)
{
	return s->frame.list.mark_count && s->which != RED_LIST_SENT && s->which != RED_LIST_ISSUE;
}

/* Of the marked rows together, else of the selected one. */
static bool answer(struct red_letters *s, enum action a)
{
	const struct list *l = &s->frame.list;
	struct red_answer_arg of = {l->marks, l->mark_count,
				    a == ACT_RED_CONFIRM ? RED_CONFIRM : RED_DENY};

	if (!answers_marked(s))
		return red_ask(&s->work, s->frame.view, TOKEN_WORK, now(s), a);
	return view_ask(s->frame.view, TOKEN_ANSWER, &view_red_answer_ops, &of);
}

/* What could not be done stays marked. */
static void answered(struct red_letters *s, const struct red_answer_result *result)
{
	size_t i;

	for (i = 0; i < result->count; i++)
		list_mark(&s->frame.list, result->done[i], false);
}

static bool letters_act(struct view *v, enum action a)
{
	struct red_letters *s = v->state;

	switch (a) {
	case ACT_NEXT:
	case ACT_PREVIOUS:
	case ACT_LEFT:
	case ACT_RIGHT:
		return is_tab(s) && show_tab(s);
	case ACT_RED_MORE:
		return is_few(s) && show_whole(s, true);
	case ACT_BACK:
		return is_tab(s) && !is_few(s) && show_whole(s, false);
	case ACT_EXPORT: /* all that is found, not the newest */
		if (is_few(s))
			show_whole(s, true);
		return false;
	case ACT_REFRESH:
		red_fresh_begin(&s->fresh);
		return true;
	case ACT_RED_ISSUE:
		return issue(s);
	case ACT_RED_CONFIRM:
	case ACT_RED_DENY:
		return answer(s, a);
	case ACT_RED_REVOKE:
	case ACT_RED_AGAIN:
	case ACT_RED_DROP:
		return red_ask(&s->work, v, TOKEN_WORK, now(s), a);
	case ACT_SHOW_RED:
	case ACT_SHOW_BLUE:
		return red_show_invoice(now(s), a);
	case ACT_GO_RED_DOWNLOAD:
		return red_download_ask(v, TOKEN_DOWNLOAD);
	default:
		return false;
	}
}

static void letters_answer(struct view *v, int token, bool ok, const void *result)
{
	struct red_letters *s = v->state;

	s->frame.list.stale = true;
	forget_now(s);
	if (!ok)
		return;
	if (token == TOKEN_WORK)
		red_run(&s->work);
	else if (token == TOKEN_DOWNLOAD)
		red_download_start();
	else if (token == TOKEN_ANSWER)
		answered(s, result);
	else /* 继续开票 or not: here the list is */
		s->frame.list.mark_count = 0;
}

static bool letters_chosen(struct view *v)
{
	const struct red_letters *s = v->state;

	return view_push(&view_red_letter_ops, &list_row(&s->frame.list)->id);
}

static const char *letters_why_not(const struct view *v, enum action a)
{
	struct red_letters *s = v->state;
	const struct list *l = &s->frame.list;

	if (a == ACT_RED_MORE)
		return is_few(s) && (l->total < 0 || l->total > l->count) ? NULL : "已经是全部";
	if (a == ACT_EXPORT && !l->count)
		return "没有可以导出的确认单";
	if (a == ACT_REFRESH || a == ACT_GO_RED_DOWNLOAD)
		return screen_may(DESK_REFRESH);
	/* Of marked rows each is asked for itself. */
	if ((a == ACT_RED_ISSUE && s->frame.list.mark_count) ||
	    ((a == ACT_RED_CONFIRM || a == ACT_RED_DENY) && answers_marked(s)))
		return screen_may(DESK_ISSUE);
	if (s->work.errand.open && (a == ACT_RED_CONFIRM || a == ACT_RED_DENY ||
				    a == ACT_RED_REVOKE || a == ACT_RED_AGAIN))
		return errand_why(&s->work.errand);
	return red_why_not(now(s), a);
}

/* ---- the view ---- */

/* What was issued or answered from its own screen is no longer marked here. */
static void unmark_done(struct red_letters *s)
{
	struct list *l = &s->frame.list;
	size_t i = l->mark_count < MARKS_LOOKED_AT ? l->mark_count : MARKS_LOOKED_AT;

	if (s->which != RED_LIST_ISSUE && s->which != RED_LIST_HANDLE)
		return; /* there the row stays, and its mark */
	while (i-- > 0) {
		struct red_record r;
		enum red_situation now_is;

		if (desk_red_by_id(ui_session(), l->marks[i], &r, NULL))
			continue;
		now_is = red_record_situation(&r);
		if (now_is == RED_WAS_ISSUED || now_is == RED_VOID)
			list_mark(l, r.id, false);
		red_record_free(&r);
	}
}

static bool letters_content(struct view *v, bool changed)
{
	struct red_letters *s = v->state;

	if (changed) {
		forget_now(s);
		unmark_done(s);
	}
	red_work_rests(&s->work, changed);
	red_fresh_look(&s->fresh, changed);
	return true;
}

static void paint_tabs(const struct red_letters *s)
{
	static const char *const TABS[] = {"我发出的", "我收到的"};
	int col = 1, i;

	for (i = RED_LIST_SENT; i <= RED_LIST_RECEIVED; i++) {
		bool here = (enum red_list)i == s->which;
		char text[40];

		snprintf(text, sizeof(text), here ? "[%s]" : " %s ", TABS[i]);
		col += draw_run(s->frame.head, 0, col, here ? FACE_TITLE : FACE_DIM, text) + 1;
	}
	draw_run(s->frame.head, 0, col, FACE_DIM, is_few(s) ? "最近 10 条" : "全部");
}

static bool has_looked(const struct red_letters *s, int64_t id)
{
	size_t i = 0;

	while (i < s->looked_count && s->looked[i] != id)
		i++;
	return i < s->looked_count;
}

/* The void ones of this page are before somebody's eyes; they are told no more once he leaves. */
static void note_looked(struct red_letters *s)
{
	const struct list *l = &s->frame.list;
	size_t room = s->looked_count + (size_t)l->count;
	int i;

	if (s->which != RED_LIST_SITUATION || s->situation != RED_VOID || !l->count)
		return;
	s->looked = mem_realloc(s->looked, room * sizeof(*s->looked));
	for (i = 0; i < l->count; i++)
		if (!has_looked(s, l->rows[i].id))
			s->looked[s->looked_count++] = l->rows[i].id;
}

static bool letters_paint(struct view *v)
{
	struct red_letters *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	struct rect head = s->frame.head;
	char words[200], work[160];
	int from = head.w / 2;

	note_looked(s);
	draw_clear(head, FACE_NORMAL);
	if (is_tab(s))
		paint_tabs(s);
	else
		draw_text(head, 0, 1, from, ALIGN_LEFT, FACE_TITLE, s->frame.kind->title);
	if (s->which == RED_LIST_SITUATION)
		draw_text(head, 0, 1, from, ALIGN_LEFT, FACE_TITLE,
			  red_situation_label(s->situation));
	draw_text(head, 0, from, head.w - from - 1, ALIGN_RIGHT, FACE_DIM,
		  red_fresh_words(&s->fresh, words));
	if (s->work.errand.open)
		listing_say(&s->frame, FACE_NORMAL, errand_words(&s->work.errand, work));
	else
		listing_say(&s->frame, row ? row->face : FACE_NORMAL,
			    row ? row->cell[CELL_WORDS] : "");
	return true;
}

static int letters_idle(struct view *v)
{
	struct red_letters *s = v->state;

	/* The hours left go by. */
	s->frame.list.stale = true;
	view_redraw(v);
	return MINUTE_MS;
}

static const char *letters_where(const struct view *v)
{
	static const char *const WHERE[] = {"开票 › 红字发票 › 我发出的",
					    "开票 › 红字发票 › 我收到的", "开票 › 红字发票 › 处理",
					    "开票 › 红字发票 › 开具", "开票 › 红字发票 › 确认单"};
	const struct red_letters *s = v->state;

	return WHERE[s->which];
}

static const char *letters_state(const struct view *v)
{
	const struct red_letters *s = v->state;

	return s->work.errand.open || s->fresh.errand.open ? "waiting" : NULL;
}

static void letters_close(struct view *v)
{
	struct red_letters *s = v->state;

	desk_red_looked(ui_session(), s->looked, s->looked_count, NULL); /* or it is told again */
	free(s->looked);
	forget_now(s);
	errand_free(&s->work.errand);
	errand_free(&s->fresh.errand);
	if (!s->other.kind)
		return;
	list_free(&s->other.list);
	form_free(&s->other.filter);
}

static const enum action TAB_HINTS[] = {
    ACT_FIND,       ACT_DETAIL,    ACT_RED_MORE, ACT_RED_CONFIRM, ACT_RED_DENY,  ACT_RED_ISSUE,
    ACT_RED_REVOKE, ACT_RED_AGAIN, ACT_RED_DROP, ACT_SHOW_RED,    ACT_SHOW_BLUE, ACT_RESET,
    ACT_REFRESH,    ACT_MARK,      ACT_EXPORT,   ACT_BACK,        ACT_NONE};
static const enum action HANDLE_HINTS[] = {ACT_RED_CONFIRM, ACT_RED_DENY, ACT_DETAIL,    ACT_MARK,
					   ACT_RED_REVOKE,  ACT_FIND,     ACT_SHOW_BLUE, ACT_RESET,
					   ACT_REFRESH,     ACT_BACK,     ACT_NONE};
static const enum action ISSUE_HINTS[] = {ACT_RED_ISSUE, ACT_MARK,      ACT_DETAIL, ACT_RED_REVOKE,
					  ACT_FIND,      ACT_SHOW_BLUE, ACT_RESET,  ACT_REFRESH,
					  ACT_BACK,      ACT_NONE};

/* clang-format off */
#define COMMON                                                                                     \
	.columns = COLUMNS, .allow = DESK_VIEW, .of_unit = true, .capped = true, .head = 1,        \
	.trouble_cell = CELL_WORDS,                                                                \
	.foot = 1, .read = read_letters, .content = letters_content, .paint = letters_paint,       \
	.act = letters_act, .chosen = letters_chosen, .state_now = letters_state,                  \
	.close = letters_close
/* clang-format on */

static const struct listing_kind LETTERS[RED_LISTS] = {
    [RED_LIST_SENT] = {COMMON, .title = "我发出的红字确认单",
		       .empty = "没有符合条件的。r 向税局刷新；录入在红字发票的首页。",
		       .filter = red_filter_letters, .hints = TAB_HINTS,
		       .help = "我方录入的。Tab 换到我收到的，m 查看更多，F3 填查询条件，c "
			       "重置；回车看详情。"},
    [RED_LIST_RECEIVED] =
	{COMMON, .title = "我收到的红字确认单", .empty = "没有符合条件的。r 向税局刷新。",
	 .filter = red_filter_letters, .hints = TAB_HINTS,
	 .help = "对方录入的。a 确认、n 否认，空格勾选几张一起办；Tab 换到我发出的，m 查看更多，F3 "
		 "填查询条件，c 重置。"},
    [RED_LIST_HANDLE] =
	{COMMON, .title = "待处理的红字确认单", .empty = "没有等确认的。r 向税局刷新。",
	 .filter = red_filter_handle, .hints = HANDLE_HINTS,
	 .help =
	     "等确认的：对方录入的 a 确认、n 否认（空格勾选几张一起办），我方录入的 x 撤销。剩余是到"
	     "作废的小时和分钟。"},
    [RED_LIST_ISSUE] = {COMMON, .title = "可开具的红字确认单",
			.empty = "没有可以开具的。r 向税局刷新。", .filter = red_filter_issue,
			.hints = ISSUE_HINTS,
			.help = "F10 或 i 开具当前的，空格勾选几张一起开；开之前会先问。"},
    [RED_LIST_SITUATION] =
	{COMMON, .title = "红字确认单", .empty = "没有这种情况的确认单。r 向税局刷新。",
	 .filter = red_filter_situation, .hints = TAB_HINTS,
	 .help = "这一种情况的全部，带 * 的还没有人看过。回车看详情，F3 填查询条件。"},
};

/* The manual shows ten; another number that was chosen stays. */
static void begin_with_ten(void)
{
	static bool done;
	int i;

	for (i = 0; i < RED_LISTS && !done; i++) {
		if (!list_page_rows(LETTERS[i].title))
			list_set_page_rows(LETTERS[i].title, FEW);
	}
	done = true;
}

static enum err letters_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct red_list_arg *a = arg;
	struct red_letters *s = v->state;
	enum err r;

	begin_with_ten();
	s->which = a->which;
	s->situation = a->situation;
	if ((r = listing_open(v, &LETTERS[a->which], e)))
		return r;
	red_filter_fill(&s->frame.filter, a->which);
	s->frame.list.can_end = true;
	s->frame.list.fixed = a->which == RED_LIST_SITUATION;
	red_fresh_look(&s->fresh, true);
	return ERR_OK;
}

const struct view_ops view_red_list_ops = {
    LISTING_VIEW,
    .name = "red-list",
    .path = "开票 › 红字发票",
    .where = letters_where,
    .size = sizeof(struct red_letters),
    .open = letters_open,
    .why_not = letters_why_not,
    .answer = letters_answer,
    .idle = letters_idle,
};
