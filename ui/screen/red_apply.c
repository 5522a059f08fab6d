/* red_apply.c - 红字发票确认信息录入: identity, blue invoice, reason, lines (features E15-E22). */
#include "ui/screen/red_apply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_p.h"

enum { SIDE_ROW = 3, SOON_MS = 1 };
enum { LEAVE_KEEP, LEAVE_DROP, LEAVE_STAY };

/* ---- steps ---- */

void apply_go(struct apply *s, enum apply_step step)
{
	s->step = step;
	s->button = 0;
	s->frame.view->needs_layout = true;
	s->frame.list.stale = true;
	view_redraw(s->frame.view);
}

void apply_paint_steps(const struct apply *s, struct rect r)
{
	static const struct {
		const char *label;
		enum apply_step step;
	} STEPS[] = {{"1 录入方身份", APPLY_SIDE},
		     {"2 选择发票", APPLY_BLUE},
		     {"3 冲红原因", APPLY_BLUE},
		     {"4 填开确认", APPLY_LINES},
		     {"提交", APPLY_SENT}};
	bool reason = view_top()->ops == &view_red_reason_ops;
	int col = 1, i;

	for (i = 0; i < 5; i++) {
		bool here =
		    STEPS[i].step == s->step && (s->step != APPLY_BLUE || (i == 2) == reason);
		char text[60];

		snprintf(text, sizeof(text), here ? "[%s]" : "%s", STEPS[i].label);
		col += draw_run(r, 0, col, here ? FACE_TITLE : FACE_DIM, text);
		col += draw_run(r, 0, col, FACE_DIM, i < 4 ? " › " : "");
	}
}

static void ask_reason(struct apply *s)
{
	view_ask(s->frame.view, APPLY_ASK_REASON, &view_red_reason_ops,
		 &(struct red_reason_arg) {&s->source.blue, s->side, s->reason});
}

static bool step_back(struct apply *s)
{
	if (s->step == APPLY_LINES && !s->whole) {
		apply_go(s, APPLY_BLUE);
		return true;
	}
	if (s->step == APPLY_BLUE && !s->whole) {
		apply_go(s, APPLY_SIDE);
		return true;
	}
	return false;
}

/* Dialogs are opened between two turns, when this is what is seen. */
static int apply_idle(struct view *v)
{
	struct apply *s = v->state;
	enum apply_next next = s->next;

	if (view_top() != v || next == NEXT_NONE)
		return -1;
	s->next = NEXT_NONE;
	if (next == NEXT_PREPARE)
		apply_prepare(s);
	else if (next == NEXT_LEAVE) {
		view_pop(false, NULL);
		return -1;
	} else if (next == NEXT_REASON)
		ask_reason(s);
	else if (next == NEXT_RESTORE)
		apply_restore_lines(s);
	else if (next == NEXT_GIVEN)
		apply_ask_given(s);
	else
		apply_ask_submit(s);
	view_redraw(v);
	return s->next == NEXT_NONE ? -1 : SOON_MS;
}

/* ---- step 1 ---- */

static bool choose_side(struct apply *s, enum red_side side)
{
	if (side == s->side)
		return true;
	apply_forget_source(s);
	free(s->given);
	s->given = NULL;
	s->number[0] = 0;
	s->side = side;
	list_reload(&s->frame.list);
	return true;
}

static void paint_side(struct apply *s)
{
	static const struct {
		const char *label, *words;
	} SIDES[] = {{"我是销售方", "冲红我方开出的发票"},
		     {"我是购买方", "请销方冲红开给我方的发票：由我方录入，销方确认后开具"}};
	struct rect r = s->body;
	int i;

	apply_paint_steps(s, s->head);
	draw_text(r, 1, 3, r.w - 4, ALIGN_LEFT, FACE_LABEL, "录入方身份");
	for (i = 0; i < 2; i++) {
		bool here = (int)s->side == i;
		char text[200];

		snprintf(text, sizeof(text), "(%s) %d %s", here ? "*" : " ", i + 1, SIDES[i].label);
		draw_text(r, SIDE_ROW + i * 2, 5, 20, ALIGN_LEFT,
			  here ? FACE_SELECTED : FACE_NORMAL, text);
		draw_text(r, SIDE_ROW + i * 2, 27, r.w - 28, ALIGN_LEFT, FACE_DIM, SIDES[i].words);
		if (here)
			draw_cursor(r, SIDE_ROW + i * 2, 6);
	}
}

static bool side_act(struct apply *s, enum action a)
{
	switch (a) {
	case ACT_UP:
	case ACT_DOWN:
	case ACT_LEFT:
	case ACT_RIGHT:
	case ACT_TOGGLE:
		return choose_side(s, s->side == RED_SELLER ? RED_BUYER : RED_SELLER);
	case ACT_ENTER:
	case ACT_STEP_NEXT:
		apply_go(s, APPLY_BLUE);
		return true;
	default:
		return false;
	}
}

/* ---- leaving ---- */

static bool ask_leave(struct apply *s)
{
	static const char *const LINES[] = {"留着，下次接着录入", "放弃，不留", "不离开", NULL};

	return view_ask(s->frame.view, APPLY_ASK_LEAVE, &view_choose_ops,
			&(struct choose_arg) {
			    .title = "离开录入", .lines = LINES, .text = "录入的内容还没有提交。"});
}

static bool apply_leave(struct view *v, bool forced)
{
	struct apply *s = v->state;

	if (!apply_entered(s) || s->leaving)
		return true;
	apply_keep(s);
	if (forced)
		return true;
	ask_leave(s);
	return false;
}

static void left(struct apply *s, int how)
{
	if (how == LEAVE_STAY)
		return;
	s->leaving = true;
	if (how == LEAVE_DROP)
		apply_forget();
	else
		ui_message(MESSAGE_INFO, "录入的内容留着，下次打开“录入”接着填");
	view_pop(false, NULL);
}

/* 全额红冲: no list, for nothing but this invoice is meant. */
static void paint_fetching(const struct apply *s)
{
	char text[NUMBER_TEXT + 40], words[160];

	apply_paint_steps(s, s->head);
	snprintf(text, sizeof(text), "蓝字发票 %s", s->number);
	draw_text(s->body, 1, 1, s->body.w - 2, ALIGN_LEFT, FACE_VALUE, text);
	if (s->errand.open)
		draw_text(s->body, 3, 1, s->body.w - 2, ALIGN_LEFT, FACE_NORMAL,
			  errand_words(&s->errand, words));
}

/* ---- answers ---- */

static void take_reason(struct apply *s, enum red_reason reason)
{
	bool other = s->has_grid && s->reason && s->reason != reason;

	if (other)
		apply_lines_other_reason(s, reason);
	s->reason = reason;
	if (!other)
		apply_lines_fill(s);
	apply_go(s, APPLY_LINES);
	apply_keep(s);
	if (s->whole && !other)
		s->next = NEXT_SUBMIT;
}

static void apply_answer(struct view *v, int token, bool ok, const void *result)
{
	struct apply *s = v->state;

	view_redraw(v);
	if (token == APPLY_ASK_REASON && !ok && s->whole && s->step == APPLY_BLUE)
		view_pop(false, NULL);
	else if (token == APPLY_ASK_ISSUE)
		apply_sent_look(s);
	if (!ok)
		return;
	if (token == APPLY_ASK_REASON)
		take_reason(s, *(const enum red_reason *)result);
	else if (token == APPLY_ASK_LEAVE)
		left(s, *(const int *)result);
	else if (token == APPLY_ASK_SUBMIT)
		apply_submit(s);
	else if (token == APPLY_ASK_OTHER)
		apply_choose(s);
	else if (token == APPLY_ASK_GIVEN || token == APPLY_ASK_FILE)
		s->next = NEXT_PREPARE;
}

/* ---- the view ---- */

static enum err apply_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct red_apply_arg *a = arg;
	struct apply *s = v->state;
	enum err r = listing_open(v, &apply_blues, e);

	if (r)
		return r;
	if (a) {
		s->whole = true;
		s->step = APPLY_BLUE;
		text_copy(s->number, sizeof(s->number), a->number);
		s->next = NEXT_PREPARE;
	} else if (apply_restore(s)) {
		s->step = APPLY_BLUE;
		s->seek = *s->number != 0;
		s->next = s->reason ? NEXT_RESTORE : s->given_file ? NEXT_PREPARE : NEXT_GIVEN;
		ui_message(MESSAGE_WARNING, "接着上次没有提交的录入");
	}
	return ERR_OK;
}

static void apply_close(struct view *v)
{
	struct apply *s = v->state;

	apply_lines_free(s);
	if (s->has_source)
		red_source_free(&s->source);
	apply_sent_free(s);
	figures_clear(&s->figures);
	errand_free(&s->errand);
	free(s->given);
	listing_close(v);
}

static void apply_layout(struct view *v)
{
	struct apply *s = v->state;

	listing_layout(v);
	s->body = v->area;
	s->head = rect_top(&s->body, s->step == APPLY_LINES ? APPLY_HEAD : 1);
	s->foot = rect_bottom(&s->body, s->step == APPLY_LINES ? APPLY_FOOT : 0);
	if (s->step == APPLY_LINES)
		apply_lines_layout(s);
}

static void apply_content(struct view *v, bool changed)
{
	struct apply *s = v->state;

	apply_prepared(s, changed);
	if (s->frame.gate.text[0] || (s->step == APPLY_BLUE && !s->whole)) {
		listing_content(v, changed);
		apply_seek(s);
	} else if (s->step == APPLY_SENT && changed)
		apply_sent_look(s);
}

static void apply_paint(struct view *v)
{
	struct apply *s = v->state;

	if (s->frame.gate.text[0] || (s->step == APPLY_BLUE && !s->whole)) {
		listing_paint(v);
		return;
	}
	draw_clear(v->area, FACE_NORMAL);
	if (s->step == APPLY_SIDE)
		paint_side(s);
	else if (s->step == APPLY_BLUE)
		paint_fetching(s);
	else if (s->step == APPLY_LINES)
		apply_lines_paint(s);
	else
		apply_sent_paint(s);
}

static bool apply_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct apply *s = v->state;

	if (s->step == APPLY_BLUE)
		return !s->whole && listing_key(v, k, paste, n);
	if (s->step == APPLY_LINES)
		return apply_lines_key(s, k, paste, n);
	if (s->step == APPLY_SIDE && !k.mods && (k.code == '1' || k.code == '2')) {
		choose_side(s, k.code == '1' ? RED_SELLER : RED_BUYER);
		apply_go(s, APPLY_BLUE);
		return true;
	}
	return false;
}

static bool lines_act(struct apply *s, enum action a)
{
	switch (a) {
	case ACT_RED_SUBMIT:
		apply_ask_submit(s);
		return true;
	case ACT_RED_REASON:
		ask_reason(s);
		return true;
	case ACT_BACK:
	case ACT_STEP_BACK:
		return step_back(s);
	default:
		return apply_lines_act(s, a);
	}
}

static bool blue_act(struct view *v, enum action a)
{
	struct apply *s = v->state;

	if (a == ACT_STEP_BACK)
		return step_back(s);
	if (a == ACT_BACK && s->errand.open) {
		desk_wait_free(errand_wait(&s->errand));
		return true;
	}
	if (s->whole)
		return false;
	if (listing_act(v, a))
		return true;
	return a == ACT_BACK && step_back(s);
}

static bool apply_act(struct view *v, enum action a)
{
	struct apply *s = v->state;

	if (s->frame.gate.text[0])
		return listing_act(v, a);
	switch (s->step) {
	case APPLY_SIDE:
		return side_act(s, a);
	case APPLY_BLUE:
		return blue_act(v, a);
	case APPLY_LINES:
		return lines_act(s, a);
	default:
		return apply_sent_act(s, a);
	}
}

static const char *const *apply_sections(const struct view *v)
{
	static const char *const SIDE[] = {"red-apply", "dialog", NULL};
	static const char *const LINES[] = {"red-apply-lines", "grid", "form", NULL};
	static const char *const SENT[] = {"red-apply-sent", "red-apply", "dialog", NULL};
	const struct apply *s = v->state;

	if (s->step == APPLY_BLUE || s->frame.gate.text[0])
		return listing_sections(v);
	if (s->step == APPLY_LINES)
		return LINES;
	return s->step == APPLY_SENT ? SENT : SIDE;
}

static const char *apply_why_not(const struct view *v, enum action a)
{
	const struct apply *s = v->state;

	if (s->step == APPLY_BLUE && (a == ACT_STEP_NEXT || a == ACT_RED_GIVEN))
		return errand_why(&s->errand);
	if (s->step == APPLY_BLUE && (a == ACT_PREVIEW || a == ACT_DETAIL) &&
	    !list_row(&s->frame.list))
		return "没有选中的发票";
	return s->step == APPLY_LINES ? apply_lines_why_not(s, a) : NULL;
}

static const enum action *apply_hints(const struct view *v)
{
	static const enum action SIDE[] = {ACT_STEP_NEXT, ACT_UP, ACT_DOWN, ACT_BACK, ACT_NONE};
	static const enum action LINES[] = {ACT_RED_SUBMIT, ACT_RED_LEAVE_OUT, ACT_RED_REASON,
					    ACT_STEP_BACK,  ACT_UNDO,          ACT_BACK,
					    ACT_NONE};
	static const enum action SENT[] = {ACT_ENTER, ACT_DETAIL, ACT_BACK, ACT_NONE};
	static const enum action ISSUE[] = {ACT_ENTER, ACT_DETAIL, ACT_RED_ISSUE, ACT_BACK,
					    ACT_NONE};
	static const enum action MEND[] = {ACT_ENTER, ACT_STEP_BACK, ACT_DETAIL, ACT_BACK,
					   ACT_NONE};
	const struct apply *s = v->state;

	if (s->step == APPLY_BLUE || s->frame.gate.text[0])
		return listing_hints(v);
	if (s->step == APPLY_LINES)
		return LINES;
	if (s->step == APPLY_SIDE)
		return SIDE;
	return apply_sent_refused(s) ? MEND : apply_sent_issuable(s) ? ISSUE : SENT;
}

static const char *apply_help(const struct view *v)
{
	const struct apply *s = v->state;

	if (s->step == APPLY_BLUE || s->frame.gate.text[0])
		return listing_help(v);
	if (s->step == APPLY_LINES)
		return grid_help(&s->grid);
	if (s->step == APPLY_SENT)
		return "申请已经记录，可以随时离开；结果在“我发出的”里也能看到。";
	return "上下键或 1、2 选择，回车下一步；默认我是销售方。";
}

static const char *apply_where(const struct view *v)
{
	const struct apply *s = v->state;

	return s->whole ? "开票 › 开票记录 › 全额红冲" : "开票 › 红字发票 › 录入";
}

static const char *apply_state(const struct view *v)
{
	const struct apply *s = v->state;

	switch (s->step) {
	case APPLY_SIDE:
		return "side";
	case APPLY_BLUE:
		return s->errand.open || s->next != NEXT_NONE ? "waiting" : listing_state(v);
	case APPLY_LINES:
		return s->wrong ? "wrong" : "lines";
	default:
		if (apply_sent_refused(s))
			return "refused";
		return s->has_rec && s->rec.progress == RED_KNOWN ? "taken" : "waiting";
	}
}

const struct view_ops view_red_apply_ops = {
    .name = "red-apply",
    .path = "开票 › 红字发票 › 录入",
    .where = apply_where,
    .size = sizeof(struct apply),
    .open = apply_open,
    .layout = apply_layout,
    .content = apply_content,
    .paint = apply_paint,
    .sections = apply_sections,
    .key = apply_key,
    .act = apply_act,
    .why_not = apply_why_not,
    .hints = apply_hints,
    .help = apply_help,
    .answer = apply_answer,
    .leave = apply_leave,
    .close = apply_close,
    .idle = apply_idle,
    .state = apply_state,
};
