/* batch_start.c - the last look before a batch is issued: how many, how much, what it takes. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/loop.h"
#include "ui/worker.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/buttons.h"

enum { LABEL_COLS = 12, ROWS = 15, WIDTH = 76, WIDE_WIDTH = 96, BLOCK_ROWS = 3, LINE = 300 };

/* Where the focus can be. */
enum { ON_BACK, ON_START, ON_FAULTY, PLACES };

struct start {
	struct order_batch batch;
	struct batch_plan plan;
	int focus;
	struct wrap blocked;
};

static bool is_blocked(const struct start *s)
{
	return *s->plan.blocked && !s->plan.asks;
}

static void take_plan(struct start *s)
{
	char text[BATCH_SENTENCE];

	wrap_set(&s->blocked, batch_block(&s->plan, text));
}

/* ---- leaving the program ---- */

static void quit_chosen(int index)
{
	if (index == 1)
		ui_quit(0);
}

bool batch_asks_to_quit(void)
{
	static const char *const LINES[] = {"留下", "退出", NULL};
	const struct ui_facts *f = ui_facts();
	char text[LINE];

	/* Another process is at it, or nobody could be. */
	if (!ui_session() || !f->batch || worker_status() == ENGINE_ELSEWHERE)
		return false;
	snprintf(text, sizeof(text),
		 "第 %lld 批还有 %lld 张没有开完。退出就停在这里，工作站、kaipiao sync 再运行时"
		 "接着开，不会重开。",
		 (long long)f->batch, (long long)(f->batch_all - f->batch_done));
	return view_push(&view_choose_ops, &(struct choose_arg) {.title = "批量开票还在进行",
								 .lines = LINES,
								 .text = text,
								 .then = quit_chosen});
}

bool flight_asks_to_quit(void)
{
	static const char *const LINES[] = {"留下", "退出", NULL};
	const struct ui_facts *f = ui_facts();
	char text[LINE];

	if (!ui_session() || f->in_flight <= 0 || worker_status() == ENGINE_ELSEWHERE)
		return false;
	snprintf(text, sizeof(text),
		 "还有 %lld 张发票已取号，上传或结果还没有完。退出就停在这里，工作站、kaipiao sync"
		 " 再运行时接着办，不会重开。",
		 (long long)f->in_flight);
	return view_push(&view_choose_ops, &(struct choose_arg) {.title = "还有发票在途",
								 .lines = LINES,
								 .text = text,
								 .then = quit_chosen});
}

/* ---- painting ---- */

struct pen {
	struct rect r;
	int row;
};

static void put(struct pen *p, const char *label, enum face f, const char *text)
{
	draw_text(p->r, p->row, 0, LABEL_COLS - 2, ALIGN_RIGHT, FACE_LABEL, label);
	draw_text(p->r, p->row++, LABEL_COLS, p->r.w - LABEL_COLS, ALIGN_LEFT, f, text);
}

static void put_sums(struct pen *p, const struct start *s)
{
	const struct batch_plan *n = &s->plan;
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8], gross[FEN_TEXT + 8], words[WORDS_TEXT],
	    orders[BATCH_COUNT], lines[BATCH_COUNT], text[LINE];

	snprintf(text, sizeof(text), "%lld 号 %s", (long long)s->batch.id, s->batch.file);
	put(p, "批次", FACE_VALUE, text);
	snprintf(text, sizeof(text), "%s 张，明细 %s 行", batch_count(n->orders, orders),
		 batch_count(n->lines, lines));
	put(p, "将开", FACE_TITLE, text);
	snprintf(text, sizeof(text), "¥%s", fen_format_grouped(n->gross, gross));
	put(p, "价税合计", FACE_TITLE, text);
	put(p, "大写", FACE_VALUE, tax_words(n->gross, words));
	snprintf(text, sizeof(text), "金额 %s  税额 %s", fen_format_grouped(n->net, net),
		 fen_format_grouped(n->tax, tax));
	put(p, "其中", FACE_VALUE, text);
}

static void put_numbers(struct pen *p, const struct batch_plan *n)
{
	int64_t left = n->numbers_there - n->numbers_needed;
	char needed[BATCH_COUNT], there[BATCH_COUNT], rest[BATCH_COUNT], text[LINE];

	snprintf(text, sizeof(text), "需要 %s 份，库存 %s 份，%s %s 份%s",
		 batch_count(n->numbers_needed, needed), batch_count(n->numbers_there, there),
		 left < 0 ? "还缺" : "开后剩", batch_count(left < 0 ? -left : left, rest),
		 left >= 0         ? ""
		 : n->numbers_auto ? "，自动领购"
				   : "，不够时暂停");
	put(p, "号码", left < 0 ? FACE_WARNING : FACE_VALUE, text);
}

static void put_quota(struct pen *p, const struct batch_plan *n)
{
	int64_t left = n->quota_there - n->quota_needed;
	bool beyond = left < 0 && n->quota_more >= 0 && -left > n->quota_more;
	char needed[FEN_TEXT + 8], rest[FEN_TEXT + 8], more[FEN_TEXT + 8], text[LINE];

	fen_format_grouped(n->quota_needed, needed);
	if (n->quota_there >= QUOTA_ON_DEMAND)
		snprintf(text, sizeof(text), "需要 %s，按需开票，不限额", needed);
	else if (beyond)
		snprintf(text, sizeof(text), "需要 %s，还缺 %s，税局只剩 %s", needed,
			 fen_format_grouped(-left, rest), fen_format_grouped(n->quota_more, more));
	else
		snprintf(text, sizeof(text), "需要 %s，%s %s%s", needed,
			 left < 0 ? "还缺" : "开后剩",
			 fen_format_grouped(left < 0 ? -left : left, rest),
			 left >= 0       ? ""
			 : n->quota_auto ? "，自动下载"
					 : "，不够时暂停");
	put(p, "额度", left < 0 ? FACE_WARNING : FACE_VALUE, text);
}

static void put_faulty(struct pen *p, const struct start *s)
{
	char text[LINE];
	int col = LABEL_COLS;
	bool here = s->focus == ON_FAULTY;

	draw_text(p->r, p->row, 0, LABEL_COLS - 2, ALIGN_RIGHT, FACE_LABEL, "有问题时");
	snprintf(text, sizeof(text), "<%s>", s->batch.strict ? "全部不开" : "其余照开");
	if (here)
		draw_cursor(p->r, p->row, col);
	col += draw_run(p->r, p->row, col, here ? FACE_FOCUS : FACE_FIELD, text) + 2;
	if (s->batch.counts[ORDER_BAD])
		snprintf(text, sizeof(text), "%lld 张有问题，不在将开的里面",
			 (long long)s->batch.counts[ORDER_BAD]);
	else
		text_copy(text, sizeof(text),
			  s->batch.strict ? "开到有问题的一张就暂停"
					  : "开到有问题的一张，记下原因，接着开");
	draw_text(p->r, p->row++, col, p->r.w - col, ALIGN_LEFT, FACE_DIM, text);
}

static void paint_buttons(const struct start *s, struct rect r)
{
	static const char *const LABELS[] = {[ON_BACK] = "返回", [ON_START] = "开始开票"};
	int i, col = LABEL_COLS;

	for (i = ON_BACK; i <= (is_blocked(s) ? ON_BACK : ON_START); i++)
		col += button_draw(r, r.h - 1, col, s->focus == i, LABELS[i]) + 2;
}

static void start_paint(struct view *v)
{
	struct start *s = v->state;
	struct pen p = {.r = rect_inset(v->area, 1, 2)};

	draw_box(v->area, s->batch.state == BATCH_PAUSED ? "继续开票" : "开始批量开票");
	put_sums(&p, s);
	put_numbers(&p, &s->plan);
	put_quota(&p, &s->plan);
	put_faulty(&p, s);
	p.row++;
	if (*s->plan.blocked) {
		enum face f = is_blocked(s) ? FACE_ERROR : FACE_WARNING;
		struct rect r = p.r;

		rect_top(&r, p.row);
		rect_bottom(&r, 1);
		rect_left(&r, LABEL_COLS);
		draw_text(p.r, p.row, 0, LABEL_COLS - 2, ALIGN_RIGHT, f,
			  is_blocked(s) ? "不能开始" : "注意");
		wrap_layout(&s->blocked, r.w);
		wrap_paint(&s->blocked, r, f);
	}
	paint_buttons(s, p.r);
}

/* ---- the view ---- */

static enum err start_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct batch_start_arg *a = arg;
	struct start *s = v->state;

	(void)e;
	s->batch = *a->batch;
	s->plan = *a->plan;
	take_plan(s);
	return ERR_OK;
}

static void start_close(struct view *v)
{
	struct start *s = v->state;

	wrap_free(&s->blocked);
}

static struct rect start_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, area.h < ROWS ? area.h : ROWS, area.w > 100 ? WIDE_WIDTH : WIDTH);
}

static bool step(struct start *s, int by)
{
	do
		s->focus = (s->focus + by + PLACES) % PLACES;
	while (s->focus == ON_START && is_blocked(s));
	return true;
}

static bool go(struct start *s)
{
	if (is_blocked(s))
		return false;
	view_pop(true, NULL);
	return true;
}

/* Kept with the batch at once: what holds it is found out again. */
static bool change(struct start *s)
{
	struct session *session = ui_session();
	struct err_info e = {0};

	if (desk_batch_set_strict(session, s->batch.id, !s->batch.strict, &e) ||
	    desk_batch_get(session, s->batch.id, &s->batch, &e) ||
	    desk_batch_plan(session, s->batch.id, &s->plan, &e))
		ui_error(&e);
	take_plan(s);
	return true;
}

static bool enter(struct start *s)
{
	if (s->focus == ON_START)
		return go(s);
	if (s->focus == ON_FAULTY)
		return change(s);
	view_pop(false, NULL);
	return true;
}

static bool start_act(struct view *v, enum action a)
{
	struct start *s = v->state;

	switch (a) {
	case ACT_START:
		return go(s);
	case ACT_ENTER:
		return enter(s);
	case ACT_TOGGLE:
		return s->focus == ON_FAULTY && change(s);
	case ACT_LEFT:
	case ACT_RIGHT:
		if (s->focus == ON_FAULTY)
			return change(s);
		return step(s, a == ACT_RIGHT ? 1 : -1);
	case ACT_UP:
	case ACT_PREVIOUS:
		return step(s, -1);
	case ACT_DOWN:
	case ACT_NEXT:
		return step(s, 1);
	case ACT_BACK:
		view_pop(false, NULL);
		return true;
	default:
		return false;
	}
}

static const char *start_why_not(const struct view *v, enum action a)
{
	return a == ACT_START && is_blocked(v->state) ? "看下面的原因" : NULL;
}

static const char *const *start_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"batch-start", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *start_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_START, ACT_NEXT, ACT_TOGGLE,
					    ACT_ENTER, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *start_help(const struct view *v)
{
	(void)v;
	return "核对张数和合计。按 F10，或移到“开始开票”按回车，就在后台开出；可以随时暂停，离开画面、"
	       "退出程序都不影响，重新打开后接着开。";
}

const struct view_ops view_batch_start_ops = {
    .name = "batch-start",
    .path = "开票 › 批量开票 › 开始",
    .modal = true,
    .size = sizeof(struct start),
    .open = start_open,
    .place = start_place,
    .paint = start_paint,
    .sections = start_sections,
    .act = start_act,
    .why_not = start_why_not,
    .hints = start_hints,
    .help = start_help,
    .close = start_close,
};
