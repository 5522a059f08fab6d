/* red_issue.c - the sheet of red invoices from the last look to their result: of one letter, or of
 * marked ones together (features E9, E26). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/archive.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red_issue_p.h"

enum { TOKEN_REMARK = 1 };

/* ---- issuing ---- */

static enum err issue(void *arg, const struct err_info *trouble, struct err_info *e)
{
	struct red_issue *s = arg;
	enum err r = desk_red_issue(ui_session(), s->pick.letters, s->pick.count, s->remark,
				    s->invoices, s->repeat, e);

	/* What could not be fetched is the better reason for a refusal over missing data. */
	if (r == ERR_INVALID && trouble->class &&
	    (!strncmp(e->code, "seller.", 7) || !strcmp(e->code, "red.bare")))
		*e = *trouble;
	if (!r)
		red_issue_drop_remark(s);
	return r;
}

static enum err prepare(void *arg, struct desk_wait *w, struct err_info *e)
{
	struct red_issue *s = arg;

	return desk_red_issue_prepare(ui_session(), s->pick.letters, s->pick.count, w, e);
}

static void show(void *arg, bool entered)
{
	red_issue_say(arg, entered);
}

static const struct rounds_ops ROUNDS = {prepare, issue, show};

static int issue_idle(struct view *v)
{
	struct red_issue *s = v->state;

	return rounds_idle(&s->rounds);
}

/* ---- the view ---- */

static void issue_close(struct view *v)
{
	struct red_issue *s = v->state;

	red_pick_free(&s->pick);
	free(s->invoices);
	free(s->repeat);
	free(s->remark);
	rounds_free(&s->rounds);
	text_sheet_free(&s->sheet);
}

static enum err issue_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct red_issue_arg *a = arg;
	struct red_issue *s = v->state;
	enum err r = red_pick_take(&s->pick, a->letters, a->count, RED_ISSUE, e);

	if (r)
		return r;
	s->invoices = mem_zalloc(s->pick.count * sizeof(*s->invoices));
	s->repeat = mem_zalloc(s->pick.count * sizeof(*s->repeat));
	s->rounds = (struct rounds) {.ops = &ROUNDS, .state = s};
	red_issue_find_remark(s);
	red_issue_say(s, true);
	s->sheet.view = v;
	return ERR_OK;
}

static struct rect issue_place(struct view *v, struct rect area)
{
	struct red_issue *s = v->state;

	return text_sheet_place(&s->sheet, area);
}

static void issue_paint(struct view *v)
{
	static const char *const TITLES[] = {"开具红字发票", "开具红字发票", "没有开出",
					     "开具结果"};
	struct red_issue *s = v->state;
	bool whole = s->rounds.phase == ROUNDS_ISSUED && s->issued == s->pick.count;

	text_sheet_paint(&s->sheet, whole ? "开具成功" : TITLES[s->rounds.phase],
			 s->rounds.phase == ROUNDS_REFUSED ? FACE_ERROR : FACE_VALUE);
}

static void issue_content(struct view *v, bool changed)
{
	struct red_issue *s = v->state;

	if (!changed)
		return;
	rounds_look(&s->rounds);
	if (s->rounds.phase == ROUNDS_ISSUED)
		red_issue_say(s, false);
}

static void download(struct red_issue *s)
{
	if (s->pick.count == 1)
		invoice_download(s->number);
	else
		view_push(&view_archive_ops, &(struct archive_arg) {.ids = s->invoices,
								    .id_count = s->pick.count,
								    .whose = "这次开具的"});
}

static void issue_answer(struct view *v, int token, bool ok, const void *result)
{
	struct red_issue *s = v->state;

	if (!ok || token != TOKEN_REMARK)
		return;
	red_issue_take_remark(s, result);
	red_issue_say(s, false);
}

/* Not issued: what was typed waits for the next time. */
static void go_back(const struct red_issue *s)
{
	red_issue_keep_remark(s);
	if (!text_empty(s->remark))
		ui_message(MESSAGE_INFO, "没有开具。备注留着，下次开具时还在。");
}

static bool press(struct red_issue *s, enum action a)
{
	bool again;

	switch (a) {
	case ACT_BACK:
	case ACT_RED_NEXT:
		again = a == ACT_RED_NEXT;
		if (s->rounds.phase != ROUNDS_ISSUED)
			go_back(s);
		view_pop(s->rounds.phase == ROUNDS_ISSUED, &again);
		return true;
	case ACT_EDIT:
		return red_issue_ask_remark(s, TOKEN_REMARK);
	case ACT_RED_ISSUE:
		rounds_begin(&s->rounds);
		return true;
	case ACT_DOWNLOAD:
		download(s);
		return true;
	case ACT_SHOW_RED:
		return view_push(&view_invoice_ops, &s->invoices[0]);
	default:
		return false;
	}
}

static bool issue_act(struct view *v, enum action a)
{
	struct red_issue *s = v->state;
	bool done;
	enum action meant = text_sheet_act(&s->sheet, a, &done);

	return meant == ACT_NONE ? done : press(s, meant);
}

static const char *const *issue_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"red-issue", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *issue_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_ENTER, ACT_EDIT, ACT_BACK, ACT_NONE};
	static const enum action STAY[] = {ACT_BACK, ACT_NONE};
	static const enum action READ[] = {ACT_RED_NEXT, ACT_DOWNLOAD, ACT_SHOW_RED, ACT_BACK,
					   ACT_NONE};
	const struct red_issue *s = v->state;

	if (s->rounds.phase == ROUNDS_CONFIRM)
		return ASK;
	return s->rounds.phase == ROUNDS_ISSUED ? READ : STAY;
}

static const char *issue_why_not(const struct view *v, enum action a)
{
	const struct red_issue *s = v->state;

	if (a == ACT_DOWNLOAD)
		return s->issued ? NULL : "开票成功后才有版式文件";
	return a == ACT_SHOW_RED && s->pick.count > 1 ? "几张的请在开票记录里看" : NULL;
}

static const char *issue_help(const struct view *v)
{
	const struct red_issue *s = v->state;

	if (s->rounds.phase == ROUNDS_CONFIRM)
		return "核对对方和金额。移到“确认开具”按回车，就正式开出。";
	return "左右键选择，回车执行；继续开票回到列表，查询条件不变。";
}

static const char *issue_state(const struct view *v)
{
	static const char *const WORDS[] = {"confirm", "checking", "refused"};
	const struct red_issue *s = v->state;

	if (s->rounds.phase != ROUNDS_ISSUED)
		return WORDS[s->rounds.phase];
	if (s->failed)
		return "failed";
	return s->issued == s->pick.count ? "issued" : "sending";
}

const struct view_ops view_red_issue_ops = {
    .name = "red-issue",
    .path = "开票 › 红字发票 › 开具",
    .modal = true,
    .size = sizeof(struct red_issue),
    .open = issue_open,
    .place = issue_place,
    .content = issue_content,
    .paint = issue_paint,
    .sections = issue_sections,
    .act = issue_act,
    .why_not = issue_why_not,
    .hints = issue_hints,
    .help = issue_help,
    .answer = issue_answer,
    .idle = issue_idle,
    .close = issue_close,
    .state = issue_state,
};
