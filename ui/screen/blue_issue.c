/* blue_issue.c - the sheet of an invoice from the last look to its result: confirm, ask the tax
 * side for what is missing, number and upload, follow the state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_sheet.h"
#include "ui/screen/deliver.h"

/* Data, then what follows from it (figures of the quota before its download). */
enum { ROUNDS_MAX = 3, FACE_MAX = 4 * 1024 * 1024, LATE_MS = 200 };

/* ---- buttons ---- */

static const struct sheet_button CONFIRM[] = {
    {"返回", ACT_BACK}, {"确认开具", ACT_ISSUE}, {NULL, ACT_NONE}};
static const struct sheet_button WAIT[] = {{"返回", ACT_BACK}, {NULL, ACT_NONE}};
/* Not the first choice: one invoice of it there is already. */
static const struct sheet_button USED[] = {
    {"返回", ACT_BACK}, {"另开一张", ACT_ADD}, {NULL, ACT_NONE}};
static const struct sheet_button DONE[] = {
    {"继续开票", ACT_NEW_INVOICE}, {"下载", ACT_DOWNLOAD}, {"预览", ACT_PREVIEW},
    {"发邮件", ACT_MAIL},          {"返回", ACT_BACK},     {NULL, ACT_NONE}};
static const struct sheet_button FAILED[] = {{"继续开票", ACT_NEW_INVOICE},
					     {"重试", ACT_RETRY},
					     {"预览", ACT_PREVIEW},
					     {"返回", ACT_BACK},
					     {NULL, ACT_NONE}};
static const struct sheet_button OPEN[] = {
    {"继续开票", ACT_NEW_INVOICE}, {"预览", ACT_PREVIEW}, {"返回", ACT_BACK}, {NULL, ACT_NONE}};

static bool used_up(const struct err_info *e)
{
	return !strcmp(e->code, "draft.used") || !strcmp(e->code, "draft.gone");
}

const struct sheet_button *blue_sheet_buttons(const struct sheet *s)
{
	if (s->phase == SHEET_REFUSED && used_up(&s->refusal))
		return USED;
	if (s->phase == SHEET_CONFIRM)
		return CONFIRM;
	if (s->phase == SHEET_CHECKING || s->phase == SHEET_REFUSED)
		return WAIT;
	if (s->state == INVOICE_FAILED)
		return FAILED;
	return s->state == INVOICE_ISSUED ? DONE : OPEN;
}

/* New buttons, the same choice where it is still there. */
static void keep_button(struct sheet *s, enum action was)
{
	const struct sheet_button *b = blue_sheet_buttons(s);
	int i;

	s->button = 0;
	for (i = 0; b[i].label; i++) {
		if (b[i].action == was)
			s->button = i;
	}
}

static void enter_phase(struct sheet *s, enum sheet_phase phase)
{
	s->phase = phase;
	s->button = 0;
	view_redraw(s->view);
}

/* ---- issuing ---- */

static void refuse(struct sheet *s, const struct err_info *e)
{
	s->refusal = *e;
	enter_phase(s, SHEET_REFUSED);
}

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

/* An import writes for seconds: that is no reason to refuse, nor to let the screen stand still. */
static bool must_wait(struct sheet *s, const struct err_info *e)
{
	if (strcmp(e->code, "db.busy") != 0)
		return false;
	s->late = true;
	if (s->phase != SHEET_CHECKING)
		enter_phase(s, SHEET_CHECKING);
	view_redraw(s->view);
	return true;
}

static void issue(struct sheet *s, const struct err_info *trouble)
{
	struct session *session = ui_session();
	struct err_info e = {0};
	bool before = desk_hurry(session, true);
	enum err r;

	desk_form_using(session, s->form_id, s->draft_id);
	desk_form_again(session, s->again);
	s->set.differs = &s->differs;
	r = desk_issue(session, &s->set, &s->id, &s->repeat, &e);
	s->set.differs = NULL;
	if (!r)
		r = load_stored(s, &e);
	desk_form_again(session, false);
	desk_form_using(session, 0, 0);
	desk_hurry(session, before);
	/* What could not be fetched is the better reason for a refusal over missing data. */
	if (r == ERR_INVALID && trouble->class && !strncmp(e.code, "seller.", 7)) {
		e = *trouble;
		err_hint(&e, "发票没有开出，草稿还在；恢复连接后再按 F10");
	}
	if (r) {
		if (!must_wait(s, &e))
			refuse(s, &e);
		return;
	}
	ui_wake_engine();
	enter_phase(s, SHEET_ISSUED);
	follow(s);
}

/* One round: what is missing is asked for; nothing missing, or enough rounds: issue. */
static void prepare(struct sheet *s)
{
	const struct err_info fine = {0};
	struct err_info e = {0};
	bool before = desk_hurry(ui_session(), true);
	enum err r;

	desk_wait_free(&s->wait);
	r = desk_issue_prepare(ui_session(), &s->set, &s->wait, &e);
	desk_hurry(ui_session(), before);
	if (r) {
		if (!must_wait(s, &e))
			refuse(s, &e);
	} else if (!s->wait.job_count) {
		issue(s, &fine);
	} else {
		s->round++;
		enter_phase(s, SHEET_CHECKING);
		ui_wake_engine();
	}
}

static void check_wait(struct sheet *s)
{
	struct err_info e = {0}, trouble = {0};
	bool done = false;

	if (desk_wait_settled(&s->wait, ui_session()->db, &done, &e)) {
		refuse(s, &e);
		return;
	}
	if (!done)
		return;
	desk_wait_verdict(ui_session(), &s->wait, &trouble);
	if (trouble.class || s->round >= ROUNDS_MAX)
		issue(s, &trouble);
	else
		prepare(s);
}

static int issue_idle(struct view *v)
{
	struct sheet *s = v->state;

	if (!s->late)
		return -1;
	s->late = false;
	prepare(s);
	return s->late ? LATE_MS : -1;
}

/* ---- the view ---- */

static enum err issue_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct issue_arg *a = arg;
	struct sheet *s = v->state;

	(void)e;
	s->view = v;
	s->set = *a->set;
	*a->set = (struct invoice_set) {.items = NULL};
	s->warnings = mem_strdup(a->warnings);
	s->form_id = a->form_id;
	s->draft_id = a->draft_id;
	s->quota_known = a->quota_known;
	s->quota_after = a->quota_after;
	return ERR_OK;
}

static void issue_close(struct view *v)
{
	struct sheet *s = v->state;

	invoice_set_free(&s->set);
	invoice_free(&s->stored);
	desk_wait_free(&s->wait);
	free(s->warnings);
}

static void issue_content(struct view *v, bool changed)
{
	struct sheet *s = v->state;

	if (!changed)
		return;
	if (s->phase == SHEET_CHECKING && !s->late)
		check_wait(s);
	else if (s->phase == SHEET_ISSUED)
		follow(s);
}

static void leave(struct sheet *s, bool again)
{
	struct issue_result done = {.again = again};

	switch (s->phase) {
	case SHEET_ISSUED:
		/* What was not taken is still the clerk's: the form stays as it is. */
		if (s->differs && !again)
			view_pop(false, NULL);
		else
			view_pop(true, &done);
		break;
	case SHEET_REFUSED:
		view_pop(false, &s->refusal);
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

static bool offered(const struct sheet *s, enum action a)
{
	const struct sheet_button *b;

	for (b = blue_sheet_buttons(s); b->label; b++) {
		if (b->action == a)
			return true;
	}
	return false;
}

static bool press(struct sheet *s, enum action a)
{
	s->again = a == ACT_ADD;
	if (a == ACT_BACK || a == ACT_NEW_INVOICE)
		leave(s, a == ACT_NEW_INVOICE);
	else if (a == ACT_ISSUE || a == ACT_ADD)
		prepare(s);
	else if (a == ACT_DOWNLOAD)
		view_push(&view_download_ops, s->number);
	else if (a == ACT_PREVIEW)
		preview(s);
	else if (a == ACT_MAIL)
		deliver_mail(&s->id, 1);
	else if (a == ACT_RETRY)
		retry(s);
	return true;
}

static bool step_button(struct sheet *s, int step)
{
	const struct sheet_button *b = blue_sheet_buttons(s);
	int n = 0;

	while (b[n].label)
		n++;
	s->button = (s->button + step + n) % n;
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
		return offered(s, a) && press(s, a);
	}
}

static const char *const *issue_sections(const struct view *v)
{
	static const char *const ASK[] = {"dialog", "blue", NULL};
	static const char *const READ[] = {"read", NULL};
	const struct sheet *s = v->state;

	return s->phase == SHEET_ISSUED ? READ : ASK;
}

static const enum action *issue_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_ISSUE, ACT_ENTER, ACT_BACK, ACT_NONE};
	static const enum action STAY[] = {ACT_BACK, ACT_NONE};
	static const enum action READ[] = {ACT_NEW_INVOICE, ACT_DOWNLOAD, ACT_PREVIEW, ACT_BACK,
					   ACT_NONE};
	static const enum action LATER[] = {ACT_NEW_INVOICE, ACT_PREVIEW, ACT_BACK, ACT_NONE};
	static const enum action AGAIN[] = {ACT_NEW_INVOICE, ACT_RETRY, ACT_PREVIEW, ACT_BACK,
					    ACT_NONE};
	const struct sheet *s = v->state;

	if (s->phase == SHEET_CONFIRM)
		return ASK;
	if (s->phase != SHEET_ISSUED)
		return STAY;
	if (s->state == INVOICE_FAILED)
		return AGAIN;
	return s->state == INVOICE_ISSUED ? READ : LATER;
}

static const char *issue_help(const struct view *v)
{
	const struct sheet *s = v->state;

	if (s->phase == SHEET_CONFIRM)
		return "核对购方和金额。按 F10，或移到“确认开具”按回车，就正式开出。";
	if (s->phase == SHEET_ISSUED)
		return "左右键选择，回车执行。离开本画面不影响上传，结果在开票记录里也能看到。";
	return "正在取得开票所需的税局数据。返回不会丢失已填的内容。";
}

/* A number was taken: what a dropped line leaves behind is the engine's. */
static const char *issue_state(const struct view *v)
{
	const struct sheet *s = v->state;

	switch (s->phase) {
	case SHEET_CONFIRM:
		return "confirm";
	case SHEET_CHECKING:
		return "checking";
	case SHEET_REFUSED:
		return "refused";
	case SHEET_ISSUED:
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
