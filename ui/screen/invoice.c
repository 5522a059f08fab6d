/* invoice.c - one invoice: how it stands, what the tax side said, its face (features F2-F4). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/deliver.h"
#include "ui/screen/invoices.h"

enum { ASK_RETRY = 1, ASK_VOID };
enum { WORDS = 900, HEAD_ROWS = 6 };

struct shown {
	struct view *view;
	int64_t id;
	bool read;
	struct invoice_record head; /* without lines */
	enum err verdict;
	char words[WORDS], question[400];
	struct face_text face;
	struct wrap why;
	struct rect top, rest;
};

/* ---- reading ---- */

static enum err read_invoice(struct shown *s, struct err_info *e)
{
	struct invoice_record r;
	enum invoice_state before = s->head.state;
	enum err rc = desk_invoice_head(ui_session(), s->id, &r, e);

	if (rc)
		return rc;
	if (s->read)
		invoice_record_free(&s->head);
	s->head = r;
	s->verdict = desk_invoice_verdict(ui_session(), &r, s->words, sizeof(s->words), NULL);
	/* The face says the state only by its marks, and holds the number. */
	if (!s->read || before != r.state)
		face_read(&s->face, s->id, NULL);
	s->read = true;
	return ERR_OK;
}

/* ---- painting ---- */

static int pair(struct rect r, int row, int col, const char *label, enum face face,
		const char *value)
{
	col += draw_run(r, row, col, FACE_LABEL, label) + 1;
	return col + draw_run(r, row, col, face, value) + 3;
}

static const char *when(int64_t t, char out[DATETIME_TEXT])
{
	return t ? datetime_text(t, out) : "";
}

/* How it stands, in a line of words. */
static void paint_state(const struct shown *s, struct rect r)
{
	const struct invoice_record *h = &s->head;
	char refused[32], kind[48], state[80];
	int col;

	snprintf(state, sizeof(state), "%s%s%s", invoice_state_cell(h->state, h->needs_person),
		 h->reversed ? "，" : "", invoice_reversal_label(h->reversed));
	snprintf(kind, sizeof(kind), "%s%s", h->invoice.red ? "红字" : "",
		 invoice_kind_label(h->invoice.kind));
	col = pair(r, 0, 1, "状态", invoice_face(h->state, h->needs_person), state);
	col = pair(r, 0, col, "票种", FACE_VALUE, kind);
	if (*h->invoice.number)
		col = pair(r, 0, col, "号码", FACE_VALUE, h->invoice.number);
	snprintf(refused, sizeof(refused), "%d 次", h->refusals);
	if (h->refusals)
		pair(r, 0, col, "被拒", FACE_WARNING, refused);
}

static void paint_times(const struct shown *s, struct rect r)
{
	const struct invoice_record *h = &s->head;
	char text[DATETIME_TEXT], gross[FEN_TEXT + 8];
	int col =
	    pair(r, 1, 1, "价税合计", FACE_VALUE, fen_format_grouped(h->invoice.gross_fen, gross));

	if (*h->invoice.issued_at)
		col = pair(r, 1, col, "开票日期", FACE_VALUE, h->invoice.issued_at);
	if (!text_empty(h->invoice.order_no))
		pair(r, 1, col, "订单号", FACE_VALUE, h->invoice.order_no);
	col = pair(r, 2, 1, "创建", FACE_VALUE, when(h->created_at, text));
	col = pair(r, 2, col, h->finished_at ? "办结" : "更新", FACE_VALUE,
		   when(h->finished_at ? h->finished_at : h->updated_at, text));
	if (!text_empty(h->invoice.business_type))
		pair(r, 2, col, "业务类型", FACE_VALUE, h->invoice.business_type);
}

/* The manual's sentence, and who that is. */
static const char *for_person(void)
{
	static char text[ADMINS_TEXT + 120];
	char admins[ADMINS_TEXT];

	desk_administrators(ui_session(), admins);
	snprintf(text, sizeof(text), "需要联系管理员介入处理（%s）：核对税局后 t 重试，或 x 作废。",
		 admins);
	return text;
}

static const char *advice(const struct invoice_record *h)
{
	if (h->needs_person)
		return for_person();
	if (h->state == INVOICE_FAILED && h->invoice.red)
		return "按 t 用原号码重试，或 x 作废；作废后可以由红字确认单重新开具。";
	if (h->state == INVOICE_FAILED)
		return "按 t 用原号码重试，或 x 作废；要改内容请 e 复制开票后作废本张。";
	if (h->state == INVOICE_UNKNOWN)
		return "结果还不知道，正在向税局核实，不会重复开具。";
	return "";
}

/* What a red one takes back, where nothing else is to be said. */
static void paint_taken(const struct shown *s, struct rect r)
{
	const struct invoice *inv = &s->head.invoice;
	int col;

	if (!inv->red || *s->words)
		return;
	col = pair(r, 3, 1, "红冲蓝字发票", FACE_VALUE, inv->blue_number);
	pair(r, 3, col, "红字确认单", FACE_VALUE, inv->red_letter_no);
}

static void paint_words(struct shown *s, struct rect r)
{
	struct rect why = r;
	const char *text = advice(&s->head);

	why.y += 3;
	why.x += 1;
	why.w -= 2;
	why.h = *text ? 1 : 2;
	wrap_set(&s->why, s->words);
	wrap_layout(&s->why, why.w);
	wrap_paint(&s->why, why, s->verdict ? FACE_ERROR : FACE_VALUE);
	if (*text)
		draw_text(r, 4, 1, r.w - 2, ALIGN_LEFT, FACE_WARNING, text);
}

static void shown_paint(struct view *v)
{
	struct shown *s = v->state;
	char text[128], place[96];

	draw_clear(v->area, FACE_NORMAL);
	paint_state(s, s->top);
	paint_times(s, s->top);
	paint_words(s, s->top);
	paint_taken(s, s->top);
	face_paint(&s->face, s->rest);
	face_place(&s->face, place);
	snprintf(text, sizeof(text), "票面%s%s", *place ? "，" : "", place);
	draw_line(s->top, HEAD_ROWS - 1, text);
}

/* ---- the view ---- */

static enum err shown_open(struct view *v, const void *arg, struct err_info *e)
{
	struct shown *s = v->state;

	s->view = v;
	s->id = *(const int64_t *)arg;
	return read_invoice(s, e);
}

static void shown_close(struct view *v)
{
	struct shown *s = v->state;

	if (s->read)
		invoice_record_free(&s->head);
	face_free(&s->face);
	wrap_free(&s->why);
}

static void shown_layout(struct view *v)
{
	struct shown *s = v->state;

	s->rest = v->area;
	s->top = rect_top(&s->rest, HEAD_ROWS);
}

static void shown_content(struct view *v, bool changed)
{
	struct err_info e = {0};

	if (changed && read_invoice(v->state, &e))
		ui_error(&e);
}

static bool ask(struct shown *s, enum action a)
{
	bool retry = a == ACT_RETRY;
	const struct invoice *inv = &s->head.invoice;
	const char *after = invoice_after(s->head.state, a);
	char gross[FEN_TEXT + 8];

	if (*inv->number)
		snprintf(s->question, sizeof(s->question), "%s号码 %s 的发票？\n%s",
			 retry ? "重新提交" : "作废", inv->number, after);
	else
		snprintf(s->question, sizeof(s->question), "作废 %.200s 的草稿，价税合计 %s？\n%s",
			 inv->buyer.name, fen_format_grouped(inv->gross_fen, gross), after);
	return invoice_ask(s->view, retry ? ASK_RETRY : ASK_VOID, a, s->question);
}

static void shown_answer(struct view *v, int token, bool ok, const void *result)
{
	struct shown *s = v->state;
	struct err_info e = {0};

	(void)result;
	if (!ok)
		return;
	if (token == ASK_RETRY)
		invoices_retry(&s->id, 1);
	else
		invoices_void(&s->id, 1);
	read_invoice(s, &e);
}

static bool shown_act(struct view *v, enum action a)
{
	struct shown *s = v->state;

	switch (a) {
	case ACT_DOWNLOAD:
		invoice_download(s->head.invoice.number);
		return true;
	case ACT_PREVIEW:
		return view_push(&view_face_ops, &s->id);
	case ACT_COPY_INVOICE:
		invoice_copy_to_form(s->id);
		return true;
	case ACT_EVENTS:
		return invoice_events(s->id);
	case ACT_RED_WHOLE:
		return invoice_reverse(s->head.invoice.number);
	case ACT_RETRY:
	case ACT_VOID:
		return ask(s, a);
	case ACT_MAIL:
		deliver_mail(&s->id, 1);
		return true;
	case ACT_PUSH:
		deliver_push(&s->id, 1);
		return true;
	default:
		return face_act(&s->face, a);
	}
}

static const char *shown_why_not(const struct view *v, enum action a)
{
	const struct shown *s = v->state;
	const char *red = invoice_red_why_not(s->head.invoice.red, s->head.reversed, a);

	return red ? red : invoice_why_not(s->head.state, a);
}

static const char *const *shown_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"invoice", "read", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *shown_hints(const struct view *v)
{
	static const enum action HINTS[] = {
	    ACT_DOWNLOAD,  ACT_COPY_INVOICE, ACT_RETRY,     ACT_VOID, ACT_EVENTS,
	    ACT_RED_WHOLE, ACT_PREVIEW,      ACT_PAGE_DOWN, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *shown_help(const struct view *v)
{
	(void)v;
	return "d 保存 PDF、OFD、XML；e 复制到新的发票；开票失败的可以 t 重试、x 作废；"
	       "o 看每次上传和答复。上下键看票面。";
}

/* What is not issued has no details of an invoice yet (features F2): the screen says why. */
static const char *shown_where(const struct view *v)
{
	const struct shown *s = v->state;

	if (s->head.state == INVOICE_FAILED)
		return "开票 › 开票记录 › 失败原因";
	return s->head.state == INVOICE_ISSUED ? "开票 › 开票记录 › 发票详情"
					       : "开票 › 开票记录 › 详情";
}

static const char *shown_state(const struct view *v)
{
	const struct shown *s = v->state;

	return invoice_state_word(s->head.state);
}

static const char *shown_trouble(const struct view *v)
{
	const struct shown *s = v->state;

	return s->words;
}

const struct view_ops view_invoice_ops = {
    .name = "invoice",
    .path = "开票 › 开票记录 › 详情",
    .where = shown_where,
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
    .trouble = shown_trouble,
    .close = shown_close,
    .state = shown_state,
};
