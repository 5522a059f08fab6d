/* red_issue.c - the sheet of red invoices from the last look to their result: of one letter, or of
 * marked ones together (features E9, E26). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/archive.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red_p.h"

enum { TOKEN_REMARK = 1, TOKEN_FILES };
enum { ROUNDS_MAX = 3, LATE_MS = 200, TEXT_MAX = 1 << 20, WIDTH = 76, WIDE_WIDTH = 96, FRAME = 4 };
enum { FIELD_REMARK = 1 };

enum phase { PHASE_CONFIRM, PHASE_CHECKING, PHASE_REFUSED, PHASE_ISSUED };
struct sheet {
	struct view *view;
	enum phase phase;
	int64_t *letters, *invoices; /* owned */
	bool *repeat;                /* owned */
	size_t count, left_out;
	char why_left_out[600];
	struct red_record one; /* when there is only one */
	int64_t net, tax;
	struct buf rows; /* of several, in the confirmation */
	char *remark;    /* owned; NULL: none */
	struct desk_wait wait;
	int round, button;
	bool late;
	struct err_info refusal;
	size_t issued, failed;
	char number[NUMBER_TEXT]; /* of a single one */
	struct wrap text;
};

static const struct field REMARK[] = {
    {.id = FIELD_REMARK,
     .kind = FIELD_TEXT,
     .label = "备注",
     .col = 7,
     .width = 56,
     .wide_width = 76,
     .max_chars = RED_REMARK_CHARS,
     .help = "红字发票的备注，最多 382 个字；空着的，票面只有对应的蓝字发票号码。"},
    {.id = 0},
};

/* ---- buttons ---- */

struct button {
	const char *label;
	enum action action;
};
static const struct button CONFIRM[] = {
    {"返回", ACT_BACK}, {"填备注", ACT_EDIT}, {"确认开具", ACT_ISSUE}, {NULL, ACT_NONE}};
static const struct button WAIT[] = {{"返回", ACT_BACK}, {NULL, ACT_NONE}};
static const struct button DONE[] = {
    {"继续开票", ACT_NEW_INVOICE}, {"下载", ACT_DOWNLOAD}, {NULL, ACT_NONE}};
static const struct button DONE_ONE[] = {{"继续开票", ACT_NEW_INVOICE},
					 {"下载", ACT_DOWNLOAD},
					 {"查看红票", ACT_SHOW_RED},
					 {NULL, ACT_NONE}};
static const struct button OPEN[] = {{"继续开票", ACT_NEW_INVOICE}, {NULL, ACT_NONE}};
static const struct button OPEN_ONE[] = {
    {"继续开票", ACT_NEW_INVOICE}, {"查看红票", ACT_SHOW_RED}, {NULL, ACT_NONE}};

static const struct button *buttons(const struct sheet *s)
{
	if (s->phase == PHASE_CONFIRM)
		return CONFIRM;
	if (s->phase != PHASE_ISSUED)
		return WAIT;
	if (s->issued)
		return s->count == 1 ? DONE_ONE : DONE;
	return s->count == 1 ? OPEN_ONE : OPEN;
}

/* ---- what it says ---- */

static void say_one(const struct sheet *s, struct buf *b)
{
	const struct red_letter *l = &s->one.letter;
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY], words[WORDS_TEXT], text[200];

	detail_add(b, "购方", l->buyer_name);
	detail_add(b, "购方税号", l->buyer_tax_no);
	snprintf(text, sizeof(text), "¥%s", red_gross(l->net_fen, l->tax_fen, gross));
	detail_add(b, "价税合计", text);
	detail_add(b, "大写", tax_words(l->net_fen + l->tax_fen, words));
	snprintf(text, sizeof(text), "金额 %s  税额 %s  明细 %u 行",
		 fen_format_grouped(l->net_fen, net), fen_format_grouped(l->tax_fen, tax),
		 l->line_count ? (unsigned)l->line_count : l->declared_lines);
	detail_add(b, "其中", text);
	snprintf(text, sizeof(text), "%s%s%s  %.10s", l->blue_code, *l->blue_code ? " " : "",
		 l->blue_number, l->blue_issued_at);
	detail_add(b, "蓝字发票", text);
	detail_add(b, "红字确认单", l->number);
	detail_add(b, "冲红原因", red_reason_label(l->reason));
}

static void say_confirm(const struct sheet *s, struct buf *b)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY];

	if (s->count == 1)
		say_one(s, b);
	else
		buf_addf(b, "开具 %zu 张红字发票，价税合计 %s（金额 %s，税额 %s）\n\n%s", s->count,
			 red_gross(s->net, s->tax, gross), fen_format_grouped(s->net, net),
			 fen_format_grouped(s->tax, tax), buf_str(&s->rows));
	detail_add(b, "备注", s->remark);
	if (s->left_out)
		buf_addf(b, "\n另有 %zu 张不能开，不在其中：%s\n", s->left_out, s->why_left_out);
}

static void say_refused(const struct sheet *s, struct buf *b)
{
	char sentence[1200];

	buf_addf(b, "%s\n\n一张也没有开出。\n",
		 ui_sentence(&s->refusal, sentence, sizeof(sentence)));
}

/* How one stands, with the tax side's words when it is not well. */
static void say_invoice(struct sheet *s, size_t i, struct buf *b)
{
	struct invoice_record r;
	char words[900] = "", gross[RED_MONEY];
	enum err verdict;

	if (desk_invoice_head(ui_session(), s->invoices[i], &r, NULL))
		return;
	verdict = desk_invoice_verdict(ui_session(), &r, words, sizeof(words), NULL);
	s->issued += r.state == INVOICE_ISSUED;
	s->failed += r.state == INVOICE_FAILED;
	if (s->count == 1) {
		text_copy(s->number, sizeof(s->number), r.invoice.number);
		detail_add(b, "状态", invoice_state_cell(r.state, r.needs_person));
		detail_add(b, "红票号码", r.invoice.number);
		detail_add(b, "开票日期", r.invoice.issued_at);
		detail_add(b, "说明", verdict || r.state != INVOICE_ISSUED ? words : "");
		if (s->repeat[i])
			buf_addf(b, "这张确认单的红字发票先前已经开过，没有再开。\n");
		buf_addc(b, '\n');
	} else {
		buf_addf(b, "%s  %s  %s  %s%s\n", invoice_state_cell(r.state, r.needs_person),
			 r.invoice.number, fen_format_grouped(r.invoice.gross_fen, gross),
			 r.invoice.buyer.name, s->repeat[i] ? "（先前已开）" : "");
		if (verdict && *words)
			buf_addf(b, "      %s\n", words);
	}
	invoice_record_free(&r);
}

static void say_issued(struct sheet *s, struct buf *b)
{
	struct buf rows;
	size_t i;

	s->issued = s->failed = 0;
	buf_init(&rows, TEXT_MAX);
	for (i = 0; i < s->count; i++)
		say_invoice(s, i, &rows);
	if (s->count > 1)
		buf_addf(b, "%zu 张：开票成功 %zu，失败 %zu，在途 %zu\n\n", s->count, s->issued,
			 s->failed, s->count - s->issued - s->failed);
	buf_add(b, buf_str(&rows), rows.len);
	buf_free(&rows);
	if (s->count == 1)
		say_one(s, b);
	if (s->failed)
		buf_addf(b, "\n失败的在开票记录里看原因：t 用原号码重试，或 x 作废后重新开具。\n");
	else if (s->issued < s->count)
		buf_addf(b, "\n离开本画面不影响上传，结果在开票记录里也能看到。\n");
}

static void say(struct sheet *s)
{
	int top = s->text.top;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	switch (s->phase) {
	case PHASE_CONFIRM:
		say_confirm(s, &b);
		break;
	case PHASE_CHECKING:
		buf_addf(&b, "正在取得开票所需的税局数据（风险信息、号码、明细）……\n");
		break;
	case PHASE_REFUSED:
		say_refused(s, &b);
		break;
	case PHASE_ISSUED:
		say_issued(s, &b);
		break;
	}
	wrap_set(&s->text, buf_str(&b));
	s->text.top = top;
	buf_free(&b);
	if (s->view) {
		/* The box grows with the next turn; this one paints the lines, too. */
		wrap_layout(&s->text, s->view->area.w - 2 * (DIALOG_BORDER + DIALOG_PAD));
		s->view->needs_layout = true;
		view_redraw(s->view);
	}
}

static void enter_phase(struct sheet *s, enum phase phase)
{
	s->phase = phase;
	s->button = 0;
	s->text.top = 0;
	say(s);
}

/* ---- issuing ---- */

static void refuse(struct sheet *s, const struct err_info *e)
{
	s->refusal = *e;
	enter_phase(s, PHASE_REFUSED);
}

/* Another writer is at work for seconds: that is no reason to refuse. */
static bool must_wait(struct sheet *s, const struct err_info *e)
{
	if (strcmp(e->code, "db.busy") != 0)
		return false;
	s->late = true;
	if (s->phase != PHASE_CHECKING)
		enter_phase(s, PHASE_CHECKING);
	return true;
}

static void issue(struct sheet *s, const struct err_info *trouble)
{
	struct err_info e = {0};
	bool before = desk_hurry(ui_session(), true);
	enum err r = desk_red_issue(ui_session(), s->letters, s->count, s->remark, s->invoices,
				    s->repeat, &e);

	desk_hurry(ui_session(), before);
	/* What could not be fetched is the better reason for a refusal over missing data. */
	if (r == ERR_INVALID && trouble->class &&
	    (!strncmp(e.code, "seller.", 7) || !strcmp(e.code, "red.bare")))
		e = *trouble;
	if (r) {
		if (!must_wait(s, &e))
			refuse(s, &e);
		return;
	}
	ui_wake_engine();
	enter_phase(s, PHASE_ISSUED);
}

static void prepare(struct sheet *s)
{
	const struct err_info fine = {0};
	struct err_info e = {0};
	bool before = desk_hurry(ui_session(), true);
	enum err r;

	desk_wait_free(&s->wait);
	r = desk_red_issue_prepare(ui_session(), s->letters, s->count, &s->wait, &e);
	desk_hurry(ui_session(), before);
	if (r) {
		if (!must_wait(s, &e))
			refuse(s, &e);
	} else if (!s->wait.job_count) {
		issue(s, &fine);
	} else {
		s->round++;
		enter_phase(s, PHASE_CHECKING);
		ui_wake_engine();
	}
}

static void check_wait(struct sheet *s)
{
	struct err_info e = {0}, trouble = {0};
	bool done = false;

	if (desk_wait_settled(&s->wait, ui_session()->db, &done, &e)) {
		if (strcmp(e.code, "db.busy") != 0)
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

static void add_row(struct sheet *s, const struct red_letter *l)
{
	char gross[RED_MONEY];

	buf_addf(&s->rows, "%s  %s  %s\n", l->number, red_gross(l->net_fen, l->tax_fen, gross),
		 l->buyer_name);
}

/* Letters that may be issued; of the others how many, and why the first of them may not. */
static enum err take_letter(struct sheet *s, int64_t id, struct err_info *e)
{
	struct red_record r;
	struct err_info why = {0};
	char sentence[1200];
	enum err rc = desk_red_by_id(ui_session(), id, &r, e);

	if (rc)
		return rc;
	if (desk_red_may(ui_session(), &r, RED_ISSUE, &why)) {
		if (!s->left_out++) {
			snprintf(s->why_left_out, sizeof(s->why_left_out), "%.500s",
				 ui_sentence(&why, sentence, sizeof(sentence)));
			s->why_left_out[text_whole(s->why_left_out, strlen(s->why_left_out))] = 0;
			*e = why;
		}
		red_record_free(&r);
		return ERR_OK;
	}
	s->letters[s->count++] = id;
	s->net += r.letter.net_fen;
	s->tax += r.letter.tax_fen;
	add_row(s, &r.letter);
	if (s->count == 1) {
		s->one = r;
		return ERR_OK;
	}
	red_record_free(&r);
	return ERR_OK;
}

static void issue_close(struct view *v)
{
	struct sheet *s = v->state;

	if (s->count)
		red_record_free(&s->one);
	free(s->letters);
	free(s->invoices);
	free(s->repeat);
	free(s->remark);
	buf_free(&s->rows);
	desk_wait_free(&s->wait);
	wrap_free(&s->text);
}

static enum err issue_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct red_issue_arg *a = arg;
	struct sheet *s = v->state;
	enum err r = ERR_OK;
	size_t i;

	s->letters = mem_zalloc((a->count + 1) * sizeof(*s->letters));
	s->invoices = mem_zalloc((a->count + 1) * sizeof(*s->invoices));
	s->repeat = mem_zalloc((a->count + 1) * sizeof(*s->repeat));
	buf_init(&s->rows, TEXT_MAX);
	for (i = 0; i < a->count && !r; i++)
		r = take_letter(s, a->letters[i], e);
	if (!r && !s->count)
		r = e->class ? e->class : ERR_INVALID;
	if (r) {
		issue_close(v);
		return r;
	}
	say(s);
	s->view = v;
	return ERR_OK;
}

static int cols_of(struct rect area)
{
	int cols = area.w > 100 ? WIDE_WIDTH : WIDTH;

	return cols < area.w ? cols : area.w;
}

static struct rect issue_place(struct view *v, struct rect area)
{
	struct sheet *s = v->state;
	int rows;

	wrap_layout(&s->text, cols_of(area) - 2 * (DIALOG_BORDER + DIALOG_PAD));
	rows = s->text.count + FRAME;
	return rect_centre(area, rows < area.h ? rows : area.h, cols_of(area));
}

static void paint_buttons(const struct sheet *s, struct rect r)
{
	const struct button *b = buttons(s);
	int col = 0, i;

	for (i = 0; b[i].label; i++) {
		char text[40];
		bool here = i == s->button;

		snprintf(text, sizeof(text), here ? "[ %s ]" : "  %s  ", b[i].label);
		if (here)
			draw_cursor(r, r.h - 1, col + 2);
		col += draw_run(r, r.h - 1, col, here ? FACE_FOCUS : FACE_NORMAL, text) + 2;
	}
}

static void issue_paint(struct view *v)
{
	static const char *const TITLES[] = {"开具红字发票", "开具红字发票", "没有开出",
					     "开具结果"};
	struct sheet *s = v->state;
	struct rect in = dialog_inside(v->area), foot;

	draw_box(v->area,
		 s->phase == PHASE_ISSUED && s->issued == s->count ? "开具成功" : TITLES[s->phase]);
	foot = rect_bottom(&in, 2);
	wrap_paint(&s->text, in, s->phase == PHASE_REFUSED ? FACE_ERROR : FACE_VALUE);
	paint_buttons(s, foot);
}

static void issue_content(struct view *v, bool changed)
{
	struct sheet *s = v->state;

	if (!changed)
		return;
	if (s->phase == PHASE_CHECKING && !s->late)
		check_wait(s);
	else if (s->phase == PHASE_ISSUED)
		say(s);
}

static void download(struct sheet *s)
{
	if (s->count == 1)
		invoice_download(s->number);
	else
		view_push(&view_archive_ops, &(struct archive_arg) {.ids = s->invoices,
								    .id_count = s->count,
								    .whose = "这次开具的"});
}

static void fill_remark(struct form *f, void *arg)
{
	form_set(f, FIELD_REMARK, arg ? arg : "");
}

static bool ask_remark(struct sheet *s)
{
	return view_ask(s->view, TOKEN_REMARK, &view_form_ops,
			&(struct ask_form_arg) {.title = "红字发票的备注",
						.fields = REMARK,
						.fill = fill_remark,
						.arg = s->remark});
}

static void issue_answer(struct view *v, int token, bool ok, const void *result)
{
	struct sheet *s = v->state;

	if (!ok || token != TOKEN_REMARK)
		return;
	free(s->remark);
	s->remark = mem_strdup(form_get(result, FIELD_REMARK));
	say(s);
}

static bool press(struct sheet *s, enum action a)
{
	bool again;

	switch (a) {
	case ACT_BACK:
	case ACT_NEW_INVOICE:
		again = a == ACT_NEW_INVOICE;
		view_pop(s->phase == PHASE_ISSUED, &again);
		return true;
	case ACT_EDIT:
		return ask_remark(s);
	case ACT_ISSUE:
		prepare(s);
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

static bool step_button(struct sheet *s, int step)
{
	const struct button *b = buttons(s);
	int n = 0;

	while (b[n].label)
		n++;
	s->button = (s->button + step + n) % n;
	return true;
}

static bool offered(const struct sheet *s, enum action a)
{
	const struct button *b;

	for (b = buttons(s); b->label; b++) {
		if (b->action == a)
			return true;
	}
	return a == ACT_BACK;
}

static bool issue_act(struct view *v, enum action a)
{
	struct sheet *s = v->state;

	switch (a) {
	case ACT_ENTER:
		return press(s, buttons(s)[s->button].action);
	case ACT_RIGHT:
	case ACT_NEXT:
		return step_button(s, 1);
	case ACT_LEFT:
	case ACT_PREVIOUS:
		return step_button(s, -1);
	default:
		if (offered(s, a))
			return press(s, a);
		return wrap_scroll(&s->text, a, dialog_inside(v->area).h - 2);
	}
}

static const char *const *issue_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"red-issue", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *issue_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_ISSUE, ACT_EDIT, ACT_ENTER, ACT_BACK, ACT_NONE};
	static const enum action STAY[] = {ACT_BACK, ACT_NONE};
	static const enum action READ[] = {ACT_NEW_INVOICE, ACT_DOWNLOAD, ACT_SHOW_RED, ACT_BACK,
					   ACT_NONE};
	const struct sheet *s = v->state;

	if (s->phase == PHASE_CONFIRM)
		return ASK;
	return s->phase == PHASE_ISSUED ? READ : STAY;
}

static const char *issue_why_not(const struct view *v, enum action a)
{
	const struct sheet *s = v->state;

	if (a == ACT_DOWNLOAD)
		return s->issued ? NULL : "开票成功后才有版式文件";
	return a == ACT_SHOW_RED && s->count > 1 ? "几张的请在开票记录里看" : NULL;
}

static const char *issue_help(const struct view *v)
{
	const struct sheet *s = v->state;

	if (s->phase == PHASE_CONFIRM)
		return "核对对方和金额。按 F10，或移到“确认开具”按回车，就正式开出。";
	return "左右键选择，回车执行；继续开票回到列表，查询条件不变。";
}

static const char *issue_state(const struct view *v)
{
	static const char *const WORDS[] = {"confirm", "checking", "refused"};
	const struct sheet *s = v->state;

	if (s->phase != PHASE_ISSUED)
		return WORDS[s->phase];
	if (s->failed)
		return "failed";
	return s->issued == s->count ? "issued" : "sending";
}

const struct view_ops view_red_issue_ops = {
    .name = "red-issue",
    .path = "开票 › 红字发票 › 开具",
    .modal = true,
    .size = sizeof(struct sheet),
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
