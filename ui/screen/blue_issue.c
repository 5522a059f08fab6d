/* blue_issue.c - the sheet of an invoice from the last look to its result: confirm, ask the tax
 * side for what is missing, number and upload, follow the state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_sheet.h"
#include "ui/screen/deliver.h"

enum { FACE_MAX = 4 * 1024 * 1024 };

/* ---- buttons ---- */

static const struct button CONFIRM[] = {
    {"返回", ACT_BACK}, {"确认开具", ACT_ISSUE}, {NULL, ACT_NONE}};
static const struct button ADJUST[] = {{"返回", ACT_BACK},
				       {"调整有效期", ACT_QUOTA_ADJUST},
				       {"确认开具", ACT_ISSUE},
				       {NULL, ACT_NONE}};
static const struct button REFUSED[] = {
    {"返回", ACT_BACK}, {"调整有效期", ACT_QUOTA_ADJUST}, {NULL, ACT_NONE}};
static const struct button WAIT[] = {{"返回", ACT_BACK}, {NULL, ACT_NONE}};
/* Not the first choice: one invoice of it there is already. */
static const struct button USED[] = {{"返回", ACT_BACK}, {"另开一张", ACT_ADD}, {NULL, ACT_NONE}};
static const struct button DONE[] = {
    {"继续开票", ACT_NEW_INVOICE}, {"下载", ACT_DOWNLOAD}, {"预览", ACT_PREVIEW},
    {"发邮件", ACT_MAIL},          {"返回", ACT_BACK},     {NULL, ACT_NONE}};
static const struct button FAILED[] = {{"继续开票", ACT_NEW_INVOICE},
				       {"重试", ACT_RETRY},
				       {"预览", ACT_PREVIEW},
				       {"返回", ACT_BACK},
				       {NULL, ACT_NONE}};
static const struct button OPEN[] = {
    {"继续开票", ACT_NEW_INVOICE}, {"预览", ACT_PREVIEW}, {"返回", ACT_BACK}, {NULL, ACT_NONE}};

static bool used_up(const struct err_info *e)
{
	return !strcmp(e->code, "draft.used") || !strcmp(e->code, "draft.gone");
}

static bool interval_over(const struct err_info *e)
{
	return !strcmp(e->code, "quota.interval");
}

const struct button *blue_sheet_buttons(const struct sheet *s)
{
	if (s->rounds.phase == ROUNDS_REFUSED && used_up(&s->rounds.refusal))
		return USED;
	if (s->rounds.phase == ROUNDS_CONFIRM)
		return s->over ? ADJUST : CONFIRM;
	if (s->rounds.phase == ROUNDS_REFUSED && interval_over(&s->rounds.refusal))
		return REFUSED;
	if (s->rounds.phase == ROUNDS_CHECKING || s->rounds.phase == ROUNDS_REFUSED)
		return WAIT;
	if (s->state == INVOICE_FAILED)
		return FAILED;
	return s->state == INVOICE_ISSUED ? DONE : OPEN;
}

/* New buttons, the same choice where it is still there. */
static void keep_button(struct sheet *s, enum action was)
{
	int at = buttons_find(blue_sheet_buttons(s), was);

	s->button = at > 0 ? at : 0;
}

/* ---- issuing ---- */

static void follow(struct sheet *s)
{
	enum action chosen = blue_sheet_buttons(s)[s->button].action;
	struct invoice_record r;

	if (desk_invoice_by_id(ui_session(), s->id, &r, NULL))
		return;
	s->state = r.state;
	keep_button(s, chosen);
	s->needs_person = r.needs_person;
	text_copy(s->number, sizeof(s->number), r.invoice.number);
	s->verdict = desk_invoice_verdict(ui_session(), &r, s->words, sizeof(s->words), NULL);
	invoice_record_free(&r);
}

/* A repeat shows what was issued: this form may hold something else. */
static enum err load_stored(struct sheet *s, struct err_info *e)
{
	struct invoice_record r;
	enum err rc;

	if (!s->repeat)
		return ERR_OK;
	if ((rc = desk_invoice_by_id(ui_session(), s->id, &r, e)))
		return rc;
	invoice_free(&s->stored);
	invoice_copy(&s->stored, &r.invoice);
	invoice_record_free(&r);
	return ERR_OK;
}

static enum err issue(void *arg, const struct err_info *trouble, struct err_info *e)
{
	struct sheet *s = arg;
	struct session *session = ui_session();
	enum err r;

	desk_form_using(session, s->form_id, s->draft_id);
	desk_form_again(session, s->again);
	s->set.differs = &s->differs;
	r = desk_issue(session, &s->set, &s->id, &s->repeat, e);
	s->set.differs = NULL;
	if (!r)
		r = load_stored(s, e);
	desk_form_again(session, false);
	desk_form_using(session, 0, 0);
	/* What could not be fetched is the better reason for a refusal over missing data. */
	if (r == ERR_INVALID && trouble->class && !strncmp(e->code, "seller.", 7)) {
		*e = *trouble;
		err_hint(e, "发票没有开出，草稿还在；恢复连接后再按 F10");
	}
	return r;
}

static enum err prepare(void *arg, struct desk_wait *w, struct err_info *e)
{
	struct sheet *s = arg;

	return desk_issue_prepare(ui_session(), &s->set, w, e);
}

static void show(void *arg, bool entered)
{
	struct sheet *s = arg;

	if (entered)
		s->button = 0;
	if (entered && s->rounds.phase == ROUNDS_ISSUED)
		follow(s);
	view_redraw(s->view);
}

static const struct rounds_ops ROUNDS = {prepare, issue, show};

static int issue_idle(struct view *v)
{
	struct sheet *s = v->state;

	return rounds_idle(&s->rounds);
}

/* ---- the interval of the quota (features G35) ---- */

static void look_at_quota(struct sheet *s)
{
	struct quota_month q;

	s->over = s->paused = false;
	if (desk_quota_get(ui_session(), &q, NULL))
		return;
	s->over = desk_quota_interval_over(&q);
	s->paused = q.paused;
	text_copy(s->until, sizeof(s->until), q.end);
}

static void adjust(struct sheet *s)
{
	char month[MONTH_TEXT];
	struct err_info e = {0};
	const char *why = errand_why(&s->errand);
	enum err r;

	if (why) {
		ui_message(MESSAGE_WARNING, "%s", why);
		return;
	}
	r = desk_quota_adjust(ui_session(), month_text(clock_now(), month), errand_wait(&s->errand),
			      &e);
	errand_begin(&s->errand, "调整有效期", r, &e);
}

/* Adjusted: the sheet is at the last look again, whatever it was refused for. */
static void adjusted(struct sheet *s, enum err verdict, const struct err_info *e)
{
	errand_tell(&s->errand, verdict, e);
	look_at_quota(s);
	if (verdict)
		return;
	if (s->over)
		ui_message(MESSAGE_WARNING,
			   "税局没有延长使用区间，请到“授信额度”画面按 y 更新使用区间");
	if (s->rounds.phase == ROUNDS_REFUSED && interval_over(&s->rounds.refusal)) {
		rounds_free(&s->rounds);
		s->rounds = (struct rounds) {.ops = &ROUNDS, .state = s};
	}
	s->button = 0;
	view_redraw(s->view);
}

/* ---- the view ---- */

static enum err issue_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct issue_arg *a = arg;
	struct sheet *s = v->state;

	(void)e;
	s->view = v;
	s->rounds = (struct rounds) {.ops = &ROUNDS, .state = s};
	s->set = *a->set;
	*a->set = (struct invoice_set) {.items = NULL};
	s->warnings = mem_strdup(a->warnings);
	s->form_id = a->form_id;
	s->draft_id = a->draft_id;
	s->quota_known = a->quota_known;
	s->quota_after = a->quota_after;
	look_at_quota(s);
	return ERR_OK;
}

static void issue_close(struct view *v)
{
	struct sheet *s = v->state;

	invoice_set_free(&s->set);
	invoice_free(&s->stored);
	rounds_free(&s->rounds);
	errand_free(&s->errand);
	free(s->warnings);
}

static void issue_content(struct view *v, bool changed)
{
	struct sheet *s = v->state;
	struct err_info e = {0};
	enum err verdict = ERR_OK;

	if (!changed)
		return;
	if (errand_rests(&s->errand, &verdict, &e))
		adjusted(s, verdict, &e);
	rounds_look(&s->rounds);
	if (s->rounds.phase == ROUNDS_ISSUED)
		follow(s);
}

static void leave(struct sheet *s, bool again)
{
	struct issue_result done = {.again = again};

	switch (s->rounds.phase) {
	case ROUNDS_ISSUED:
		/* What was not taken is still the clerk's: the form stays as it is. */
		if (s->differs && !again)
			view_pop(false, NULL);
		else
			view_pop(true, &done);
		break;
	case ROUNDS_REFUSED:
		view_pop(false, &s->rounds.refusal);
		break;
	default:
		view_pop(false, NULL);
	}
}

static void preview(struct sheet *s)
{
	struct err_info e = {0};
	char name[PRINT_NAME_TEXT];
	struct buf b;

	buf_init(&b, FACE_MAX);
	if (desk_invoice_file(ui_session(), s->number, PRINT_TEXT, &b, name, &e)) {
		ui_error(&e);
	} else {
		struct read_arg a = {.title = "预览", .text = buf_str(&b), .exact = true};

		view_push(&view_read_ops, &a);
	}
	buf_free(&b);
}

/* The same content with the same number once more. */
static void retry(struct sheet *s)
{
	struct err_info e = {0};
	char no[24];
	int64_t id;

	snprintf(no, sizeof(no), "#%lld", (long long)s->id);
	if (desk_retry(ui_session(), no, &id, &e)) {
		ui_error(&e);
		return;
	}
	ui_wake_engine();
	follow(s);
	view_redraw(s->view);
}

static bool press(struct sheet *s, enum action a)
{
	s->again = a == ACT_ADD;
	if (a == ACT_BACK || a == ACT_NEW_INVOICE)
		leave(s, a == ACT_NEW_INVOICE);
	else if (a == ACT_ISSUE || a == ACT_ADD)
		rounds_begin(&s->rounds);
	else if (a == ACT_DOWNLOAD)
		view_push(&view_download_ops, s->number);
	else if (a == ACT_PREVIEW)
		preview(s);
	else if (a == ACT_MAIL)
		deliver_mail(&s->id, 1);
	else if (a == ACT_RETRY)
		retry(s);
	else if (a == ACT_QUOTA_ADJUST)
		adjust(s);
	return true;
}

static bool step_button(struct sheet *s, int step)
{
	s->button = buttons_step(blue_sheet_buttons(s), s->button, step);
	return true;
}

static bool issue_act(struct view *v, enum action a)
{
	struct sheet *s = v->state;

	switch (a) {
	case ACT_ENTER:
		return press(s, blue_sheet_buttons(s)[s->button].action);
	case ACT_RIGHT:
	case ACT_DOWN:
	case ACT_NEXT:
		return step_button(s, 1);
	case ACT_LEFT:
	case ACT_UP:
	case ACT_PREVIOUS:
		return step_button(s, -1);
	default:
		return buttons_find(blue_sheet_buttons(s), a) >= 0 && press(s, a);
	}
}

static const char *const *issue_sections(const struct view *v)
{
	static const char *const ASK[] = {"dialog", "blue", NULL};
	static const char *const READ[] = {"read", NULL};
	const struct sheet *s = v->state;

	return s->rounds.phase == ROUNDS_ISSUED ? READ : ASK;
}

static const enum action *issue_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_ISSUE, ACT_ENTER, ACT_BACK, ACT_NONE};
	static const enum action MEND[] = {ACT_QUOTA_ADJUST, ACT_ISSUE, ACT_ENTER, ACT_BACK,
					   ACT_NONE};
	static const enum action STAY[] = {ACT_BACK, ACT_NONE};
	static const enum action BEGIN_AGAIN[] = {ACT_QUOTA_ADJUST, ACT_BACK, ACT_NONE};
	static const enum action READ[] = {ACT_NEW_INVOICE, ACT_DOWNLOAD, ACT_PREVIEW, ACT_BACK,
					   ACT_NONE};
	static const enum action LATER[] = {ACT_NEW_INVOICE, ACT_PREVIEW, ACT_BACK, ACT_NONE};
	static const enum action AGAIN[] = {ACT_NEW_INVOICE, ACT_RETRY, ACT_PREVIEW, ACT_BACK,
					    ACT_NONE};
	const struct sheet *s = v->state;

	if (s->rounds.phase == ROUNDS_CONFIRM)
		return s->over ? MEND : ASK;
	if (s->rounds.phase != ROUNDS_ISSUED)
		return blue_sheet_buttons(s) == REFUSED ? BEGIN_AGAIN : STAY;
	if (s->state == INVOICE_FAILED)
		return AGAIN;
	return s->state == INVOICE_ISSUED ? READ : LATER;
}

static const char *issue_help(const struct view *v)
{
	const struct sheet *s = v->state;

	if (s->rounds.phase == ROUNDS_CONFIRM && s->over)
		return "额度的使用区间已过，按 m 请税局调整有效期，调整好了再按 F10 开具。";
	if (s->rounds.phase == ROUNDS_CONFIRM)
		return "核对购方和金额。按 F10，或移到“确认开具”按回车，就正式开出。";
	if (s->rounds.phase == ROUNDS_ISSUED)
		return "左右键选择，回车执行。离开本画面不影响上传，结果在开票记录里也能看到。";
	return "正在取得开票所需的税局数据。返回不会丢失已填的内容。";
}

/* A number was taken: what a dropped line leaves behind is the engine's. */
static const char *issue_state(const struct view *v)
{
	const struct sheet *s = v->state;

	switch (s->rounds.phase) {
	case ROUNDS_CONFIRM:
		return "confirm";
	case ROUNDS_CHECKING:
		return "checking";
	case ROUNDS_REFUSED:
		return "refused";
	case ROUNDS_ISSUED:
		break;
	}
	return invoice_state_word(s->state);
}

static struct rect issue_place(struct view *v, struct rect area)
{
	return rect_centre(area, blue_sheet_rows(v->state, area), area.w > 100 ? 96 : 76);
}

static void sheet_draw(struct view *v)
{
	blue_sheet_paint(v->state, v->area);
}

const struct view_ops view_issue_ops = {
    .name = "issue",
    .path = "开票 › 蓝字发票填开 › 开具",
    .modal = true,
    .size = sizeof(struct sheet),
    .open = issue_open,
    .place = issue_place,
    .content = issue_content,
    .idle = issue_idle,
    .paint = sheet_draw,
    .sections = issue_sections,
    .act = issue_act,
    .hints = issue_hints,
    .help = issue_help,
    .close = issue_close,
    .state = issue_state,
};
