/* red_apply_send.c - 录入: the application goes out, and what comes of it (features E21, E22). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/buttons.h"
#include "ui/screen/red_apply_p.h"

enum { SENTENCE = 1200, BUTTON_ROWS = 2 };

static const struct button WAITING[] = {{"先做别的", ACT_BACK}, {NULL, ACT_NONE}};
static const struct button REFUSED[] = {
    {"修改后再提交", ACT_STEP_BACK}, {"离开", ACT_BACK}, {NULL, ACT_NONE}};
static const struct button TAKEN[] = {
    {"完成", ACT_BACK}, {"查看确认单详情", ACT_DETAIL}, {NULL, ACT_NONE}};
static const struct button FREE[] = {{"完成", ACT_BACK},
				     {"查看确认单详情", ACT_DETAIL},
				     {"开具红字发票", ACT_RED_ISSUE},
				     {NULL, ACT_NONE}};

static bool waits(const struct apply *s)
{
	return !s->has_rec || s->rec.progress == RED_APPLYING || s->rec.progress == RED_DOUBTFUL;
}

bool apply_sent_refused(const struct apply *s)
{
	return s->has_rec && s->rec.progress == RED_REFUSED;
}

bool apply_sent_issuable(const struct apply *s)
{
	return s->has_rec && !waits(s) && red_record_situation(&s->rec) == RED_ISSUABLE;
}

static const struct button *buttons(const struct apply *s)
{
	if (waits(s))
		return WAITING;
	if (apply_sent_refused(s))
		return REFUSED;
	return apply_sent_issuable(s) ? FREE : TAKEN;
}

/* ---- what it says ---- */

static const char *what_follows(const struct red_record *r)
{
	switch (red_record_situation(r)) {
	case RED_ISSUABLE:
		return "可以开具红字发票了：i 现在开，或以后在“开具”里开。";
	case RED_THEY_ISSUE:
		return "由销方开具红字发票，不用做什么。";
	case RED_FOR_THEM:
		return "对方 72 小时内确认，没有确认就作废；确认后这里会显示。";
	case RED_WAS_ISSUED:
		return "红字发票已开具。";
	default:
		return "";
	}
}

static void say_state(struct apply *s)
{
	struct figures *f = &s->figures;
	const struct red_record *r = &s->rec;
	char words[160];

	if (waits(s)) {
		figures_title(f, "已提交，等税局答复");
		figures_add(f, "状态", FACE_VALUE, "%s", red_progress_label(r->progress));
		if (*r->message)
			figures_add(f, "说明", FACE_WARNING, "%s", r->message);
		text_copy(s->errand.what, sizeof(s->errand.what), "申请");
		s->errand.open = true;
		figures_add(f, "办理", FACE_VALUE, "%s", errand_words(&s->errand, words));
		s->errand.open = false;
		figures_add(f, "", FACE_DIM,
			    "申请已经记录，离开本画面、退出都会接着办，不会重复申请。");
	} else if (apply_sent_refused(s)) {
		figures_title(f, "没有申请成功");
		figures_add(f, "原因", FACE_ERROR, "%s", r->message);
		figures_add(f, "", FACE_DIM, "填过的都在：改正后再提交。");
	} else {
		figures_title(f, "提交成功");
		figures_add(f, "确认单编号", FACE_TITLE, "%s", r->letter.number);
		figures_add(f, "状态", red_face(red_record_situation(r)), "%s %s",
			    red_state_code(r->letter.state), red_state_label(r->letter.state));
		figures_add(f, "接下来", FACE_VALUE, "%s", what_follows(r));
	}
}

static void say_letter(struct apply *s)
{
	struct figures *f = &s->figures;
	const struct red_letter *l = &s->rec.letter;
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY], words[WORDS_TEXT];

	figures_title(f, "红字确认单");
	figures_add(f, "录入方身份", FACE_VALUE, "%s", red_side_name(s->rec.side));
	figures_add(f, "销售方名称", FACE_VALUE, "%s", l->seller_name);
	figures_add(f, "购买方名称", FACE_VALUE, "%s", l->buyer_name);
	figures_add(f, "蓝字发票", FACE_VALUE, "%s%s%s  %s", l->blue_code, *l->blue_code ? " " : "",
		    l->blue_number, l->blue_issued_at);
	figures_add(f, "冲红原因", FACE_VALUE, "%s %s", red_reason_code(l->reason),
		    red_reason_label(l->reason));
	figures_add(f, "金额 税额", FACE_VALUE, "%s  %s", fen_format_grouped(l->net_fen, net),
		    fen_format_grouped(l->tax_fen, tax));
	figures_add(f, "价税合计", FACE_VALUE, "%s  %s", red_gross(l->net_fen, l->tax_fen, gross),
		    tax_words(l->net_fen + l->tax_fen, words));
	if (*l->entered_at)
		figures_add(f, "录入日期", FACE_VALUE, "%s", l->entered_at);
}

void apply_sent_free(struct apply *s)
{
	if (s->has_rec)
		red_record_free(&s->rec);
	s->has_rec = false;
}

void apply_sent_look(struct apply *s)
{
	bool waited = waits(s);
	struct red_record fresh;

	if (!desk_red_by_id(ui_session(), s->letter, &fresh, NULL)) {
		apply_sent_free(s);
		s->rec = fresh;
		s->has_rec = true;
	}
	if (!s->has_rec)
		return;
	if (waited && !waits(s))
		s->button = 0;
	figures_clear(&s->figures);
	say_state(s);
	say_letter(s);
	view_redraw(s->frame.view);
}

void apply_sent_paint(struct apply *s)
{
	struct rect r = s->body;

	apply_paint_steps(s, s->head);
	figures_paint(&s->figures, rect_top(&r, r.h - BUTTON_ROWS));
	draw_clear(r, FACE_NORMAL);
	buttons_draw(buttons(s), s->button, r, r.h - 1, 1);
}

/* ---- keys ---- */

static bool issue(struct apply *s)
{
	if (!apply_sent_issuable(s)) {
		ui_message(MESSAGE_WARNING, waits(s) ? "税局还没有答复" : "现在不能开具红字发票");
		return true;
	}
	return view_ask(s->frame.view, APPLY_ASK_ISSUE, &view_red_issue_ops,
			&(struct red_issue_arg) {&s->letter, 1});
}

/* Back to what was entered, which can be submitted once more. */
static bool mend(struct apply *s)
{
	if (!apply_sent_refused(s)) {
		ui_message(MESSAGE_WARNING, "申请已经提交，不能再改；要取消请撤销确认单");
		return true;
	}
	if (apply_read_source(s))
		apply_lines_fill(s);
	apply_go(s, APPLY_LINES);
	apply_keep(s);
	return true;
}

static bool press(struct apply *s, enum action a)
{
	switch (a) {
	case ACT_BACK:
		view_pop(s->has_rec && !waits(s), NULL);
		return true;
	case ACT_STEP_BACK:
		return mend(s);
	case ACT_DETAIL:
		return view_push(&view_red_letter_ops, &s->letter);
	case ACT_RED_ISSUE:
		return issue(s);
	default:
		return false;
	}
}

bool apply_sent_act(struct apply *s, enum action a)
{
	const struct button *b = buttons(s);

	switch (a) {
	case ACT_ENTER:
		return press(s, b[s->button].action);
	case ACT_NEXT:
	case ACT_RIGHT:
		s->button = buttons_step(b, s->button, 1);
		return true;
	case ACT_PREVIOUS:
	case ACT_LEFT:
		s->button = buttons_step(b, s->button, -1);
		return true;
	default:
		return press(s, a) || figures_act(&s->figures, a);
	}
}

/* ---- submitting ---- */

void apply_submit(struct apply *s)
{
	struct desk_wait w = {0};
	struct err_info e = {0};
	struct red_wish *wishes;
	struct red_request q;
	size_t n;
	bool before;
	enum err r;

	wishes = apply_lines_wishes(s, &n);
	q = (struct red_request) {&s->source, s->reason, wishes, n};
	before = desk_hurry(ui_session(), true);
	r = desk_red_apply(ui_session(), &q, &s->letter, &w, &e);
	desk_hurry(ui_session(), before);
	desk_wait_free(&w);
	if (r) {
		apply_lines_refused(s, wishes, &e);
	} else {
		ui_wake_engine();
		apply_forget();
		apply_sent_free(s);
		apply_go(s, APPLY_SENT);
		apply_sent_look(s);
	}
	free(wishes);
}

/* How much of it goes. */
static const char *extent(const struct apply *s)
{
	if (s->entered)
		return "部分";
	return s->source.blue.taken ? "剩余的全部" : "全部";
}

void apply_ask_submit(struct apply *s)
{
	static char text[SENTENCE];
	const struct red_blue *b = &s->source.blue;
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY];

	if (apply_lines_wrong(s))
		return;
	snprintf(text, sizeof(text),
		 "把蓝字发票 %s%s%s %s冲红？\n"
		 "开票日期 %s%s\n%s %s\n"
		 "冲红原因 %s %s\n金额 %s　税额 %s\n价税合计 %s　%d 行",
		 b->code, *b->code ? " " : "", b->number, extent(s), b->issued_at,
		 s->given && !s->given_file ? "（照这个时间提交）" : "",
		 s->side == RED_SELLER ? "购买方" : "销售方",
		 s->side == RED_SELLER ? b->buyer_name : b->seller_name, red_reason_code(s->reason),
		 red_reason_label(s->reason), fen_format_grouped(s->net, net),
		 fen_format_grouped(s->tax, tax), red_gross(s->net, s->tax, gross), s->taken);
	view_ask(s->frame.view, APPLY_ASK_SUBMIT, &view_ask_ops,
		 &(struct ask_arg) {.title = s->whole ? "全额红冲" : "提交红字确认单",
				    .text = text,
				    .yes = "提交",
				    .no = "返回"});
}
