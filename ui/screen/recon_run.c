/* recon_run.c - 对账: the differences of a run, and what becomes of each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screen/listing.h"
#include "ui/screen/recon.h"

enum { FIELD_SHOWN = 1, FIELD_REASON };
enum { ASK_ADOPT = 1 };
enum { CELL_OURS = LIST_COLUMNS - 3, CELL_THEIRS, CELL_MEND };
enum { TAIL = 8, FOOT = 3 };

struct recon_list {
	struct listing frame;
	struct recon_run run;
	char question[700];
};

static const char *const SHOWN[] = {"差异", "全部", "其他渠道", NULL};
static const struct field FILTER[] = {
    {.id = FIELD_SHOWN,
     .kind = FIELD_CHOICE,
     .label = "显示",
     .col = 6,
     .width = 10,
     .choices = SHOWN,
     .help = "其他渠道：不在本机号段内，由电子税务局或其他平台开具的，不算差异。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 5, .wide_width = 7, .align = ALIGN_RIGHT},
    {.label = "差异", .width = 16, .wide_width = 18},
    {.label = "发票号码", .width = 10, .wide_width = 20},
    {.label = "购方名称", .width = -1, .wide_width = -1},
    {.label = "价税合计", .width = 14, .wide_width = 18, .align = ALIGN_RIGHT},
    {.label = "状态", .width = 6, .wide_width = 8},
    {.label = NULL},
};

/* ---- rows ---- */

static enum err add(void *arg, const struct recon_difference *d)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, d->id, FACE_WARNING);
	bool open = strcmp(d->state, "open") == 0;
	size_t n = strlen(d->number);

	if (!open || !recon_kind_fault(d->kind))
		row->face = FACE_DIM;
	else if (d->kind == RECON_ONLY_OURS || d->kind == RECON_STRANGE)
		row->face = FACE_ERROR;
	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)d->id);
	text_copy(row->cell[1], LIST_CELL, recon_kind_label(d->kind));
	if (p->wide || n <= TAIL)
		text_copy(row->cell[2], LIST_CELL, d->number);
	else
		snprintf(row->cell[2], LIST_CELL, "..%s", d->number + n - TAIL);
	text_copy(row->cell[3], LIST_CELL, d->buyer);
	if (d->kind != RECON_FIGURES)
		fen_format_grouped(d->gross, row->cell[4]);
	text_copy(row->cell[5], LIST_CELL, recon_state_label(d->state));
	text_copy(row->cell[CELL_OURS], LIST_CELL, d->ours);
	text_copy(row->cell[CELL_THEIRS], LIST_CELL, d->theirs);
	text_copy(row->cell[CELL_MEND], LIST_CELL, *d->note ? d->note : recon_kind_mend(d->kind));
	return ERR_OK;
}

static enum err read_differences(struct view *v, struct listing_page *p, struct err_info *e)
{
	static const enum recon_kind OTHER = RECON_OTHER;
	const struct recon_list *s = v->state;
	int shown = form_choice(&s->frame.filter, FIELD_SHOWN);
	struct difference_filter f = {.run = s->run.id,
				      .all = shown == 1,
				      .kind = shown == 2 ? &OTHER : NULL,
				      .cursor = p->cursor,
				      .limit = p->max};

	return desk_recon_differences(ui_session(), &f, add, p, &p->next, &p->total, e);
}

/* ---- detail ---- */

static bool open_detail(const struct recon_list *s)
{
	static const char *const COMPARED[] = {"没有比对", "与本机一致", "与本机不同"};
	struct recon_difference d;
	struct err_info e = {0};
	char amount[FEN_TEXT + 8];
	struct buf b;

	if (desk_recon_difference(ui_session(), list_row(&s->frame.list)->id, &d, &e)) {
		ui_error(&e);
		return true;
	}
	buf_init(&b, DETAIL_MAX);
	detail_add(&b, "差异", recon_kind_label(d.kind));
	detail_add(&b, "发票号码", d.number);
	detail_add(&b, "购方名称", d.buyer);
	if (d.kind != RECON_FIGURES)
		detail_add(&b, "价税合计", fen_format_grouped(d.gross, amount));
	detail_add(&b, "本机", d.ours);
	detail_add(&b, "税局", d.theirs);
	detail_add(&b, "内容", COMPARED[d.compared]);
	detail_add(&b, "处理办法", recon_kind_mend(d.kind));
	detail_add(&b, "状态", recon_state_label(d.state));
	detail_add(&b, "处理说明", d.note);
	detail_time(&b, "处理时间", d.settled_at);
	view_push(&view_read_ops, &(struct read_arg) {.title = "差异", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- adopting, dismissing ---- */

/* What the open dialog is for: there is one at a time. */
static struct {
	int64_t id;
	bool adopt;
} asked;

static const struct field REASON[] = {
    {.id = FIELD_REASON,
     .kind = FIELD_TEXT,
     .label = "理由",
     .col = 7,
     .width = 56,
     .wide_width = 80,
     .max_chars = 200,
     .help = "怎样核对的，记入审计。"},
    {.id = 0},
};

static bool submit(struct form *f, void *arg)
{
	const char *reason = form_get(f, FIELD_REASON);
	struct err_info e = {0};
	char sentence[1200];
	enum err r = asked.adopt ? desk_recon_adopt(ui_session(), asked.id, reason, &e)
				 : desk_recon_dismiss(ui_session(), asked.id, reason, &e);

	(void)arg;
	if (r) {
		form_fail(f, FIELD_REASON, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	ui_message(MESSAGE_GOOD, asked.adopt ? "已认作已开" : "已核对，不再算差异");
	return true;
}

static bool ask_reason(int64_t id, bool adopt)
{
	asked.id = id;
	asked.adopt = adopt;
	return view_push(
	    &view_form_ops,
	    &(struct ask_form_arg) {.title = adopt ? "认作已开" : "已核对",
				    .fields = REASON,
				    .note = adopt ? "内容没有比对过：请在电子税务局核对金额和购方。"
						  : "查清了，这一处不再算差异。",
				    .submit = submit});
}

static bool ask_adopt(struct recon_list *s)
{
	struct recon_difference d;
	struct err_info e = {0};
	char amount[FEN_TEXT + 8];

	if (desk_recon_difference(ui_session(), list_row(&s->frame.list)->id, &d, &e) ||
	    desk_recon_adoptable(&d, &e)) {
		ui_error(&e);
		return true;
	}
	if (d.compared == RECON_NOT_COMPARED)
		return ask_reason(d.id, true);
	snprintf(s->question, sizeof(s->question),
		 "发票 %s，%.120s，价税合计 %s，税局清单里有，内容与本机一致。认作已开？", d.number,
		 d.buyer, fen_format_grouped(d.gross, amount));
	return view_ask(
	    s->frame.view, ASK_ADOPT, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "认作已开", .text = s->question, .yes = "认作已开", .no = "返回"});
}

static void run_answer(struct view *v, int token, bool ok, const void *result)
{
	struct recon_list *s = v->state;
	struct err_info e = {0};

	(void)result;
	s->frame.list.stale = true;
	if (token != ASK_ADOPT || !ok || !list_row(&s->frame.list))
		return;
	if (desk_recon_adopt(ui_session(), list_row(&s->frame.list)->id, NULL, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "已认作已开");
}

/* ---- the view ---- */

static bool run_content(struct view *v, bool changed)
{
	struct recon_list *s = v->state;
	struct err_info e = {0};
	int64_t job;

	if (changed && desk_recon_get(ui_session(), s->run.id, &s->run, &job, &e))
		ui_error(&e);
	return true;
}

/* ", 一致 3", with nothing for a number as long as it is not known. */
static void say_count(struct buf *b, const struct recon_run *r, const char *label, int64_t count)
{
	if (desk_recon_known(r, count))
		buf_addf(b, "，%s %lld", label, (long long)count);
	else
		buf_addf(b, "，%s —", label);
}

static bool run_paint(struct view *v)
{
	struct recon_list *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	const char *labels[FOOT] = {"本机：", "税局：", "处理："};
	char text[LIST_CELL + 16];
	struct buf b;

	buf_init(&b, LIST_CELL);
	buf_addf(&b, "%s %s：本机已开 %lld", s->run.month, desk_recon_stage(&s->run),
		 (long long)s->run.ours);
	say_count(&b, &s->run, "税局清单", s->run.theirs);
	say_count(&b, &s->run, "一致", s->run.same);
	say_count(&b, &s->run, "其他渠道", s->run.others);
	draw_text(s->frame.head, 0, 1, s->frame.head.w - 1, ALIGN_LEFT, FACE_TITLE, buf_str(&b));
	buf_free(&b);
	for (int i = 0; i < FOOT; i++) {
		snprintf(text, sizeof(text), "%s%s", labels[i],
			 row ? row->cell[CELL_OURS + i] : "");
		draw_text(s->frame.foot, i, 1, s->frame.foot.w - 1, ALIGN_LEFT,
			  row ? FACE_NORMAL : FACE_DIM, row ? text : "");
		draw_text(s->frame.foot, i, 0, 1, ALIGN_LEFT, FACE_NORMAL, "");
	}
	return true;
}

static bool run_act(struct view *v, enum action a)
{
	struct recon_list *s = v->state;

	switch (a) {
	case ACT_ADOPT:
		return ask_adopt(s);
	case ACT_DISMISS:
		return ask_reason(list_row(&s->frame.list)->id, false);
	case ACT_EXPORT:
		recon_save(s->run.id);
		return true;
	default:
		return false;
	}
}

static const char *run_why_not(const struct view *v, enum action a)
{
	const struct recon_list *s = v->state;

	if (a != ACT_ADOPT && a != ACT_DISMISS)
		return NULL;
	return list_row(&s->frame.list) ? screen_may(DESK_SETTLE) : "没有选中的一行";
}

static bool run_chosen(struct view *v)
{
	return open_detail(v->state);
}

static const char *run_state(const struct view *v)
{
	const struct recon_list *s = v->state;

	return strcmp(s->run.state, "running") == 0 ? "running" : NULL;
}

static const enum action HINTS[] = {ACT_DETAIL, ACT_ADOPT, ACT_DISMISS, ACT_FIND,
				    ACT_EXPORT, ACT_BACK,  ACT_NONE};
static const struct listing_kind DIFFERENCES = {
    .title = "对账差异",
    .empty = "没有差异。",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .head = 1,
    .foot = FOOT,
    .hints = HINTS,
    .help = "下面三行是本机和税局各有什么、怎样处理。没有一处会自动改变发票。",
    .read = read_differences,
    .content = run_content,
    .paint = run_paint,
    .act = run_act,
    .chosen = run_chosen,
    .state_now = run_state,
};

static enum err run_open(struct view *v, const void *arg, struct err_info *e)
{
	struct recon_list *s = v->state;
	int64_t job;
	enum err r = desk_recon_get(ui_session(), *(const int64_t *)arg, &s->run, &job, e);

	if (r || (r = listing_open(v, &DIFFERENCES, e)))
		return r;
	s->frame.list.fixed = true;
	return ERR_OK;
}

const struct view_ops view_recon_run_ops = {
    LISTING_VIEW,
    .name = "recon-run",
    .path = "开票 › 对账 › 差异",
    .size = sizeof(struct recon_list),
    .open = run_open,
    .why_not = run_why_not,
    .answer = run_answer,
};
