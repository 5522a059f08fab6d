/* summary.c - 乐企汇总确认: the months; of the selected one our six figures beside the tax side's
 * (features J1-J12). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/recon.h"
#include "ui/screen/summary_p.h"

enum {
	CELL_MONTH = 0,
	HEAD_ROWS = 10,
	LABEL_COL = 1,
	OURS_COL = 12,
	THEIRS_COL = 34,
	SUM_COLS = 20
};

static const struct list_column COLUMNS[] = {
    {.label = "汇总月份", .width = 8, .wide_width = 10},
    {.label = "汇总状态", .width = 10, .wide_width = 12},
    {.label = "蓝字数量", .width = 8, .wide_width = 10, .align = ALIGN_RIGHT},
    {.label = "蓝字金额", .width = 16, .wide_width = 20, .align = ALIGN_RIGHT},
    {.label = "红字数量", .width = 8, .wide_width = 10, .align = ALIGN_RIGHT},
    {.label = "红字金额", .width = 16, .wide_width = 20, .align = ALIGN_RIGHT},
    {.label = "没结果", .width = -1, .wide_width = -1},
    {.label = NULL},
};

/* ---- rows ---- */

static enum face face_of(const struct summary_view *v)
{
	switch (v->row.state) {
	case SUMMARY_CONFIRMED:
	case SUMMARY_AUTO:
		return FACE_DIM;
	case SUMMARY_CONFIRMING:
	case SUMMARY_CANCELLING:
		return FACE_VALUE;
	case SUMMARY_FAILED:
		return FACE_ERROR;
	default:
		return FACE_WARNING;
	}
}

static enum err add_month(void *arg, const struct summary_view *v)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, v->row.id, face_of(v));
	char text[FEN_TEXT + 8];

	text_copy(row->cell[0], LIST_CELL, v->row.month);
	text_copy(row->cell[1], LIST_CELL, summary_state_label(v->row.state));
	snprintf(row->cell[2], LIST_CELL, "%lld", (long long)v->ours.blue_count);
	text_copy(row->cell[3], LIST_CELL, fen_format_grouped(v->ours.blue_net, text));
	snprintf(row->cell[4], LIST_CELL, "%lld", (long long)v->ours.red_count);
	text_copy(row->cell[5], LIST_CELL, fen_format_grouped(v->ours.red_net, text));
	if (v->pending)
		snprintf(row->cell[6], LIST_CELL, "%lld", (long long)v->pending);
	return ERR_OK;
}

static enum err read_months(struct view *v, struct listing_page *p, struct err_info *e)
{
	(void)v;
	return desk_summary_list(ui_session(), NULL, p->cursor, p->max, add_month, p, &p->next,
				 &p->total, e);
}

const struct summary_view *summary_selected(struct summaries *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	if (!row)
		return NULL;
	if (!s->known || strcmp(s->now.row.month, row->cell[CELL_MONTH]) != 0)
		s->known = !desk_summary_get(ui_session(), row->cell[CELL_MONTH], &s->now, NULL);
	return s->known ? &s->now : NULL;
}

/* ---- six beside six ---- */

static const char *figure_text(const struct summary_figures *f, int i, char out[FEN_TEXT + 8])
{
	int64_t v = summary_figure(f, i);

	if (!summary_is_count(i))
		return fen_format_grouped(v, out);
	snprintf(out, FEN_TEXT + 8, "%lld", (long long)v);
	return out;
}

static void paint_figure(const struct summary_view *v, struct rect r, int row, int i)
{
	char ours[FEN_TEXT + 8], theirs[FEN_TEXT + 8];
	bool told = v->row.theirs_at != 0,
	     same = told && summary_figure(&v->ours, i) == summary_figure(&v->row.theirs, i);

	draw_text(r, row, LABEL_COL, OURS_COL - LABEL_COL - 1, ALIGN_LEFT, FACE_DIM,
		  summary_label(i));
	draw_text(r, row, OURS_COL, SUM_COLS, ALIGN_RIGHT, FACE_VALUE,
		  figure_text(&v->ours, i, ours));
	draw_text(r, row, THEIRS_COL, SUM_COLS, ALIGN_RIGHT,
		  !told  ? FACE_DIM
		  : same ? FACE_VALUE
			 : FACE_ERROR,
		  told ? figure_text(&v->row.theirs, i, theirs) : "没有取");
	if (told && !same)
		draw_run(r, row, THEIRS_COL + SUM_COLS + 2, FACE_ERROR, "不一致");
}

static void paint_month(const struct summaries *s, const struct summary_view *v, struct rect r)
{
	char line[120], until[DATETIME_TEXT];

	snprintf(line, sizeof(line), "%s  %s", v->row.month, summary_state_label(v->row.state));
	draw_run(r, 0, LABEL_COL, FACE_TITLE, line);
	snprintf(line, sizeof(line), "%s%.16s 截止  自动确认%s", v->row.direct ? "直连单位  " : "",
		 datetime_text(v->deadline, until), s->automatic ? "开" : "关");
	draw_text(r, 0, r.w - 51, 50, ALIGN_RIGHT, FACE_DIM, line);
	draw_text(r, 1, OURS_COL, SUM_COLS, ALIGN_RIGHT, FACE_DIM, "本机");
	draw_text(r, 1, THEIRS_COL, SUM_COLS, ALIGN_RIGHT, FACE_DIM, "税局");
	for (int i = 0; i < SUMMARY_FIGURES; i++)
		paint_figure(v, r, 2 + i, i);
}

static bool summary_paint(struct view *v)
{
	struct summaries *s = v->state;
	const struct summary_view *now = summary_selected(s);
	struct rect r = s->frame.head;
	char words[160];
	const char *say;

	draw_clear(r, FACE_NORMAL);
	if (now)
		paint_month(s, now, r);
	say = errand_words(&s->errand, words);
	if (!*say && now)
		say = now->advice;
	draw_text(r, r.h - 1, LABEL_COL, r.w - 2, ALIGN_LEFT, FACE_WARNING, say);
	listing_say(&s->frame, FACE_DIM, now ? now->row.message : "");
	return true;
}

/* ---- detail ---- */

static enum err edge_text(void *arg, const struct invoice_boundary *e)
{
	char line[160];

	snprintf(line, sizeof(line), "%s  计入 %s%s%s", e->number, e->month,
		 strcmp(e->month, e->other) ? "，也可能是 " : "",
		 strcmp(e->month, e->other) ? e->other : "");
	detail_add(arg, "跨月的发票", line);
	return ERR_OK;
}

static void month_text_of(const struct summary_view *v, struct buf *b)
{
	char ours[FEN_TEXT + 8], theirs[FEN_TEXT + 8], line[160];

	detail_add(b, "汇总月份", v->row.month);
	detail_add(b, "接入身份", v->row.direct ? "直连单位" : "使用单位");
	detail_add(b, "汇总状态", summary_state_label(v->row.state));
	for (int i = 0; i < SUMMARY_FIGURES; i++) {
		snprintf(line, sizeof(line), "本机 %s   税局 %s", figure_text(&v->ours, i, ours),
			 v->row.theirs_at ? figure_text(&v->row.theirs, i, theirs) : "没有取");
		detail_add(b, summary_label(i), line);
	}
	detail_time(b, "税局的数取自", v->row.theirs_at);
	detail_int(b, "没有结果的", v->pending);
	detail_time(b, "截止", v->deadline);
	detail_time(b, "生成时间", v->row.made_at);
	detail_time(b, "发出时间", v->row.sent_at);
	detail_time(b, "确认或取消", v->row.ended_at);
	if (v->row.recon_id)
		detail_int(b, "对账编号", v->row.recon_id);
	detail_add(b, "说明", v->row.message);
	detail_add(b, "下一步", v->advice);
	desk_summary_edges(ui_session(), v->row.month, edge_text, b, NULL);
}

static bool summary_chosen(struct view *v)
{
	const struct summary_view *now = summary_selected(v->state);
	struct buf b;

	if (!now)
		return true;
	buf_init(&b, DETAIL_MAX);
	month_text_of(now, &b);
	view_push(&view_read_ops, &(struct read_arg) {.title = "汇总确认", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- the view ---- */

static bool summary_content(struct view *v, bool changed)
{
	struct summaries *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed || !s->read) {
		s->known = false;
		s->read = true;
		if (desk_summary_auto(ui_session(), &s->automatic, NULL))
			s->automatic = false;
	}
	if (changed && errand_rests(&s->errand, &verdict, &e))
		summary_errand_end(s, verdict, &e);
	return true;
}

static bool own_act(struct view *v, enum action a)
{
	struct summaries *s = v->state;
	const struct summary_view *now;

	if (a != ACT_RECON)
		return summary_ask(v, a);
	now = summary_selected(s);
	return now && now->row.recon_id ? view_push(&view_recon_run_ops, &now->row.recon_id)
					: recon_ask_start();
}

static const char *summary_why_not(const struct view *v, enum action a)
{
	/* What is selected is read anew when it has changed. */
	struct summaries *s = v->state;
	const struct summary_view *now;
	const char *why;

	if (a == ACT_RECON)
		return screen_may(DESK_REFRESH);
	if (a != ACT_ADD && a != ACT_AUTO && a != ACT_SUMMARY_CONFIRM && a != ACT_SUMMARY_CANCEL &&
	    a != ACT_SUMMARY_LOOK)
		return NULL;
	if (s->frame.gate.text[0])
		return s->frame.gate.text;
	if ((why = screen_may(a == ACT_SUMMARY_LOOK ? DESK_REFRESH : DESK_SUMMARY)) ||
	    a == ACT_ADD || a == ACT_AUTO)
		return why;
	if ((why = errand_why(&s->errand)))
		return why;
	if (!(now = summary_selected(s)))
		return "没有选中的一行";
	if (a == ACT_SUMMARY_CANCEL && now->row.state != SUMMARY_CONFIRMED)
		return "只有已确认的可以取消";
	if (a != ACT_SUMMARY_LOOK && now->time == SUMMARY_CLOSED)
		return "已过 13 日 0 时，税局已自动汇总";
	return a == ACT_SUMMARY_CONFIRM && summary_state_locks(now->row.state)
		   ? summary_state_label(now->row.state)
		   : NULL;
}

static const char *summary_state(const struct view *v)
{
	const struct summaries *s = v->state;

	return s->errand.open ? "waiting" : "ready";
}

static void summary_close(struct view *v)
{
	struct summaries *s = v->state;

	errand_free(&s->errand);
}

static const enum action HINTS[] = {
    ACT_SUMMARY_CONFIRM, ACT_SUMMARY_CANCEL, ACT_SUMMARY_LOOK, ACT_RECON, ACT_ADD, ACT_AUTO,
    ACT_DETAIL,          ACT_BACK,           ACT_NONE};
static const struct listing_kind MONTHS = {
    .title = "汇总确认",
    .empty = "还没有记录：每月 1 日自动生成上月的；按 a 新增一个月。",
    .columns = COLUMNS,
    .allow = DESK_VIEW,
    .of_unit = true,
    .gated = true,
    .head = HEAD_ROWS,
    .foot = 1,
    .hints = HINTS,
    .help = "每月申报增值税以前须汇总确认上月，没有开票也要；F10 确认，x 取消，c 看差异。",
    .read = read_months,
    .content = summary_content,
    .paint = summary_paint,
    .act = own_act,
    .chosen = summary_chosen,
    .state_now = summary_state,
    .close = summary_close,
};

static enum err summary_open(struct view *v, const void *arg, struct err_info *e)
{
	struct summaries *s = v->state;
	enum err r = listing_open(v, &MONTHS, e);

	(void)arg;
	/* No key is named that is not theirs. */
	if (!r && screen_may(DESK_SUMMARY))
		s->frame.list.empty = "还没有记录：每月 1 日自动生成上月的。";
	return r;
}

const struct view_ops view_summary_ops = {
    LISTING_VIEW,
    .name = "summary",
    .path = "开票管理 › 发票数据上报税局 › 乐企汇总确认",
    .size = sizeof(struct summaries),
    .open = summary_open,
    .why_not = summary_why_not,
    .answer = summary_answer,
};
