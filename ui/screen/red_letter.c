/* red_letter.c - one red letter: fields, lines, what happened to it (features E6-E8, E11). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_p.h"

enum { TOKEN_WORK = 1, TOKEN_ISSUE };
enum { MINUTE_MS = 60 * 1000 };

struct shown {
	struct view *view;
	struct red_record rec;
	bool read;
	struct figures figures;
	struct red_work work;
	struct red_fresh fresh;
	struct errand lines; /* that are not here yet */
	char no_lines[400];  /* why they did not come */
	struct rect body, foot;
};

/* ---- figures ---- */

static void add(struct figures *f, const char *label, const char *value)
{
	if (!text_empty(value))
		figures_add(f, label, FACE_VALUE, "%s", value);
}

static void add_state(struct figures *f, const struct red_record *r)
{
	const struct red_letter *l = &r->letter;
	enum red_situation situation = red_record_situation(r);
	bool waits = situation == RED_FOR_US || situation == RED_FOR_THEM;
	char left[RED_LEFT];

	figures_title(f, "确认单");
	add(f, "确认单编号", l->number);
	if (r->progress == RED_KNOWN)
		figures_add(f, "状态", red_face(situation), "%s %s（%s）", red_state_code(l->state),
			    red_state_label(l->state), red_situation_label(situation));
	else
		figures_add(f, "状态", red_face(situation), "%s", red_progress_label(r->progress));
	if (waits && tax_red_deadline(l))
		figures_add(f, "剩余", FACE_WARNING, "%s，到时没有确认就作废",
			    red_left(tax_red_deadline(l), left));
	if (r->acting)
		figures_add(f, "正在办理", FACE_WARNING, "%s%s%s", red_action_label(r->action),
			    *r->action_message ? "：" : "", r->action_message);
	else if (*r->action_message)
		figures_add(f, "没有办成", FACE_ERROR, "%s", r->action_message);
	if (*r->message)
		figures_add(f, "说明", r->progress == RED_REFUSED ? FACE_ERROR : FACE_WARNING, "%s",
			    r->message);
	figures_add(f, "购/销方", FACE_VALUE, "我是%s", red_side_name(r->side));
	figures_add(f, "录入方身份", FACE_VALUE, "%s%s", red_side_name(l->entered_by),
		    l->entered_by == r->side ? "（我方）" : "");
	add(f, "冲红原因", red_reason_label(l->reason));
	add(f, "录入日期", l->entered_at);
	add(f, "确认日期", l->confirmed_at);
	add(f, "有效标志", r->progress == RED_KNOWN ? l->valid ? "有效" : "无效" : "");
	add(f, "已开具红字发票", l->issued ? "是" : "否");
	add(f, "红票号码", l->red_number);
	add(f, "红票日期", l->red_issued_at);
	add(f, "UUID", l->uuid);
}

static void add_parties(struct figures *f, const struct red_letter *l)
{
	figures_title(f, "购销双方");
	add(f, "销售方名称", l->seller_name);
	add(f, "销售方税号", l->seller_tax_no);
	add(f, "购买方名称", l->buyer_name);
	add(f, "购买方税号", l->buyer_tax_no);
}

static void add_blue(struct figures *f, const struct red_letter *l)
{
	char net[RED_MONEY], tax[RED_MONEY];

	figures_title(f, "原蓝字发票");
	add(f, "发票代码", l->blue_code);
	add(f, "发票号码", l->blue_number);
	add(f, "开票日期", l->blue_issued_at);
	add(f, "票种", red_blue_kind(l->blue_kind));
	add(f, "是否纸质发票", l->blue_paper ? "是" : "否");
	add(f, "特定要素", *l->element ? l->element : "无");
	add(f, "差额征税", *l->differential ? l->differential : "否");
	figures_add(f, "金额 税额", FACE_VALUE, "%s  %s", fen_format_grouped(l->blue_net_fen, net),
		    fen_format_grouped(l->blue_tax_fen, tax));
}

static void add_amounts(struct figures *f, const struct red_letter *l)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY], words[WORDS_TEXT];

	figures_title(f, "冲销");
	figures_add(f, "金额 税额", FACE_VALUE, "%s  %s", fen_format_grouped(l->net_fen, net),
		    fen_format_grouped(l->tax_fen, tax));
	figures_add(f, "价税合计", FACE_TITLE, "%s  %s", red_gross(l->net_fen, l->tax_fen, gross),
		    tax_words(l->net_fen + l->tax_fen, words));
}

static void add_lines(struct figures *f, const struct shown *s)
{
	const struct red_letter *l = &s->rec.letter;
	char title[60];

	snprintf(title, sizeof(title), "明细 %zu 行",
		 l->line_count ? l->line_count : (size_t)l->declared_lines);
	figures_title(f, title);
	if (!l->line_count)
		figures_add(f, "", FACE_DIM, "%s",
			    s->lines.open ? "正在向税局取明细" : s->no_lines);
}

static enum err add_event(void *arg, const struct red_event *h)
{
	char when[DATETIME_TEXT], minute[DATETIME_TEXT];

	snprintf(minute, sizeof(minute), "%.16s", datetime_text(h->at, when));
	figures_add(arg, minute, FACE_VALUE, "%s%s%s%s%s%s", h->what, *h->user ? "（" : "", h->user,
		    *h->user ? "）" : "", h->new_state != h->old_state && h->new_state ? "  " : "",
		    h->new_state != h->old_state ? red_state_label(h->new_state) : "");
	if (*h->note)
		figures_add(arg, "", FACE_DIM, "%s", h->note);
	return ERR_OK;
}

static void lay_out(struct shown *s)
{
	struct figures *f = &s->figures;

	figures_clear(f);
	add_state(f, &s->rec);
	add_amounts(f, &s->rec.letter);
	add_parties(f, &s->rec.letter);
	add_blue(f, &s->rec.letter);
	figures_title(f, "经过");
	desk_red_history(ui_session(), s->rec.id, add_event, f, NULL);
	add_lines(f, s);
	f->tail = red_lines_rows(&s->rec.letter);
}

/* ---- reading ---- */

static enum err read_letter(struct shown *s, int64_t id, struct err_info *e)
{
	struct red_record r;
	enum err rc = desk_red_by_id(ui_session(), id, &r, e);

	if (rc)
		return rc;
	if (s->read)
		red_record_free(&s->rec);
	s->rec = r;
	s->read = true;
	return ERR_OK;
}

/* Lines that are not here are fetched; nobody has to ask for them. */
static void fetch_lines(struct shown *s)
{
	struct err_info e = {0};

	if (s->rec.detail_at || s->rec.letter.line_count || s->rec.progress != RED_KNOWN)
		return;
	if (desk_red_lines(ui_session(), s->rec.id, errand_wait(&s->lines), &e)) {
		ui_sentence(&e, s->no_lines, sizeof(s->no_lines));
		return;
	}
	s->lines.open = s->lines.wait.job_count != 0;
	ui_wake_engine();
}

static void look_for_lines(struct shown *s)
{
	char sentence[1200];
	struct err_info e = {0};
	enum err verdict;

	if (!errand_rests(&s->lines, &verdict, &e))
		return;
	text_copy(s->no_lines, sizeof(s->no_lines), "明细还没有取到，r 刷新再取");
	if (verdict) {
		snprintf(s->no_lines, sizeof(s->no_lines), "明细还没有取到：%.300s",
			 ui_sentence(&e, sentence, sizeof(sentence)));
		s->no_lines[text_whole(s->no_lines, strlen(s->no_lines))] = 0;
	}
}

/* ---- the view ---- */

static enum err shown_open(struct view *v, const void *arg, struct err_info *e)
{
	struct shown *s = v->state;
	enum err r = read_letter(s, *(const int64_t *)arg, e);

	s->view = v;
	if (r)
		return r;
	if (red_record_situation(&s->rec) == RED_VOID)
		desk_red_looked(ui_session(), &s->rec.id, 1, NULL);
	fetch_lines(s);
	red_fresh_look(&s->fresh, true);
	lay_out(s);
	return ERR_OK;
}

static void shown_close(struct view *v)
{
	struct shown *s = v->state;

	if (s->read)
		red_record_free(&s->rec);
	figures_clear(&s->figures);
	errand_free(&s->work.errand);
	errand_free(&s->fresh.errand);
	errand_free(&s->lines);
}

static void shown_layout(struct view *v)
{
	struct shown *s = v->state;

	s->body = v->area;
	s->foot = rect_bottom(&s->body, 1);
}

static void shown_content(struct view *v, bool changed)
{
	struct shown *s = v->state;
	struct err_info e = {0};
	int64_t id = s->rec.id;

	if (!changed)
		return;
	/* An application once more is a letter of its own: it is shown from now on. */
	if (red_work_rests(&s->work, true) || s->work.errand.open)
		id = s->work.id;
	red_fresh_look(&s->fresh, true);
	look_for_lines(s);
	if (read_letter(s, id, &e))
		ui_error(&e);
	lay_out(s);
}

static void shown_paint(struct view *v)
{
	struct shown *s = v->state;
	const struct figures *f = &s->figures;
	char words[200], work[160], place[64] = "";
	int half = s->foot.w / 2;

	draw_clear(v->area, FACE_NORMAL);
	figures_paint(&s->figures, s->body);
	red_lines_paint(&s->rec.letter, s->body, f->lines - f->tail - f->top);
	if (f->lines > f->shown)
		snprintf(place, sizeof(place), "第 %d-%d 行，共 %d 行", f->top + 1,
			 f->top + f->shown < f->lines ? f->top + f->shown : f->lines, f->lines);
	draw_text(s->foot, 0, 1, half - 1, ALIGN_LEFT, FACE_DIM, place);
	draw_text(s->foot, 0, half, s->foot.w - half - 1, ALIGN_RIGHT, FACE_DIM,
		  s->work.errand.open ? errand_words(&s->work.errand, work)
				      : red_fresh_words(&s->fresh, words));
}

static bool shown_act(struct view *v, enum action a)
{
	struct shown *s = v->state;

	switch (a) {
	case ACT_RED_CONFIRM:
	case ACT_RED_DENY:
	case ACT_RED_REVOKE:
	case ACT_RED_AGAIN:
	case ACT_RED_DROP:
		return red_ask(&s->work, v, TOKEN_WORK, &s->rec, a);
	case ACT_RED_ISSUE:
		return view_ask(v, TOKEN_ISSUE, &view_red_issue_ops,
				&(struct red_issue_arg) {&s->rec.id, 1});
	case ACT_SHOW_RED:
	case ACT_SHOW_BLUE:
		return red_show_invoice(&s->rec, a);
	case ACT_REFRESH:
		red_fresh_begin(&s->fresh);
		fetch_lines(s);
		return true;
	default:
		return figures_act(&s->figures, a);
	}
}

static void shown_answer(struct view *v, int token, bool ok, const void *result)
{
	struct shown *s = v->state;
	struct err_info e = {0};

	/* On with the next one: back to the list this one was opened from. */
	if (ok && token == TOKEN_ISSUE && *(const bool *)result) {
		view_pop(true, NULL);
		return;
	}
	if (ok && token == TOKEN_WORK)
		red_run(&s->work);
	if (read_letter(s, s->rec.id, &e))
		ui_error(&e);
	lay_out(s);
}

static const char *shown_why_not(const struct view *v, enum action a)
{
	const struct shown *s = v->state;

	if (a == ACT_REFRESH)
		return screen_may(DESK_REFRESH);
	if (a == ACT_PAGE_DOWN && s->figures.lines <= s->figures.shown)
		return "全部在这一页";
	if (s->work.errand.open && (a == ACT_RED_CONFIRM || a == ACT_RED_DENY ||
				    a == ACT_RED_REVOKE || a == ACT_RED_AGAIN))
		return errand_why(&s->work.errand);
	return red_why_not(&s->rec, a);
}

static int shown_idle(struct view *v)
{
	struct shown *s = v->state;

	/* The hours left go by. */
	lay_out(s);
	view_redraw(v);
	return MINUTE_MS;
}

static const char *const *shown_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"red-letter", "read", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *shown_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_RED_ISSUE,  ACT_RED_CONFIRM, ACT_RED_DENY,
					    ACT_RED_REVOKE, ACT_RED_AGAIN,   ACT_RED_DROP,
					    ACT_SHOW_RED,   ACT_SHOW_BLUE,   ACT_REFRESH,
					    ACT_PAGE_DOWN,  ACT_BACK,        ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *shown_help(const struct view *v)
{
	(void)v;
	return "上下键、空格翻看。开票、确认、否认、撤销在这张确认单的状态允许时才能办，按了会说为"
	       "什么不能；办之前都先问，默认是返回。";
}

static const char *shown_state(const struct view *v)
{
	const struct shown *s = v->state;

	if (s->work.errand.open || s->fresh.errand.open || s->lines.open)
		return "waiting";
	return red_situation_word(red_record_situation(&s->rec));
}

static const char *shown_trouble(const struct view *v)
{
	const struct shown *s = v->state;

	return *s->rec.action_message ? s->rec.action_message : s->rec.message;
}

const struct view_ops view_red_letter_ops = {
    .name = "red-letter",
    .path = "开票 › 红字发票 › 确认单详情",
    .size = sizeof(struct shown),
    .open = shown_open,
    .layout = shown_layout,
    .content = shown_content,
    .paint = shown_paint,
    .sections = shown_sections,
    .act = shown_act,
    .why_not = shown_why_not,
    .hints = shown_hints,
    .help = shown_help,
    .answer = shown_answer,
    .idle = shown_idle,
    .trouble = shown_trouble,
    .close = shown_close,
    .state = shown_state,
};
