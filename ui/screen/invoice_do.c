/* invoice_do.c - what can be done with an invoice, from the list and from its own screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red_apply.h"

/* ---- words ---- */

static const struct {
	enum face face;
	const char *person; /* instead of the label when a person is needed */
} STATES[INVOICE_STATES] = {
    [INVOICE_DRAFT] = {FACE_DIM, NULL},
    [INVOICE_NUMBERED] = {FACE_VALUE, NULL},
    [INVOICE_SENDING] = {FACE_VALUE, NULL},
    [INVOICE_ACCEPTED] = {FACE_VALUE, NULL},
    [INVOICE_ISSUED] = {FACE_NORMAL, NULL},
    [INVOICE_FAILED] = {FACE_ERROR, "失败 需人工"},
    [INVOICE_UNKNOWN] = {FACE_WARNING, "未知 需人工"},
    [INVOICE_VOID] = {FACE_DIM, NULL},
};

enum face invoice_face(enum invoice_state s, bool needs_person)
{
	return needs_person ? FACE_ERROR : STATES[s].face;
}

const char *invoice_state_cell(enum invoice_state s, bool needs_person)
{
	return needs_person && STATES[s].person ? STATES[s].person : invoice_state_label(s);
}

const char *invoice_why_not(enum invoice_state s, enum action a)
{
	switch (a) {
	case ACT_DOWNLOAD:
		return s == INVOICE_ISSUED ? NULL : "开票成功后才有版式文件";
	case ACT_MAIL:
	case ACT_PUSH:
		return s == INVOICE_ISSUED ? screen_may(DESK_ISSUE) : "开票成功后才能发送和推送";
	case ACT_RETRY:
		if (s != INVOICE_FAILED && s != INVOICE_NUMBERED && s != INVOICE_UNKNOWN)
			return "只有开票失败、待上传或结果未知的发票可以重试";
		return screen_may(DESK_ISSUE);
	case ACT_VOID:
		if (s != INVOICE_FAILED && s != INVOICE_DRAFT)
			return "只有开票失败的发票和草稿可以作废";
		return screen_may(DESK_ISSUE);
	case ACT_RED_WHOLE:
		return s == INVOICE_ISSUED ? screen_may(DESK_ISSUE) : "开票成功的蓝字发票才能红冲";
	case ACT_COPY_INVOICE:
		return screen_may(DESK_ISSUE);
	default:
		return NULL;
	}
}

const char *invoice_red_why_not(bool red, enum invoice_reversal reversed, enum action a)
{
	if (a == ACT_RED_WHOLE && red)
		return "这是红字发票，不能再红冲";
	if (a == ACT_RED_WHOLE && reversed == REVERSED_WHOLE)
		return "这张发票已经全部红冲";
	if (red && (a == ACT_COPY_INVOICE || a == ACT_TEMPLATE_SAVE))
		return "红字发票不能照它再开，请用它红冲的蓝字发票";
	return NULL;
}

const char *invoice_after(enum invoice_state s, enum action a)
{
	if (a == ACT_RETRY)
		return "重试沿用原来的号码，不会开出第二张。";
	return s == INVOICE_DRAFT ? "草稿还没有号码；作废后不能再开，记录留着。"
				  : "作废后号码不再使用。";
}

enum { RESULTS_MAX = 1 << 20, EVENTS_MAX = 1 << 18 };

static void no_of(int64_t id, char out[24])
{
	snprintf(out, 24, "#%lld", (long long)id);
}

/* ---- looking ---- */

void invoice_download(const char *number)
{
	view_push(&view_download_ops, number);
}

static enum err add_event(void *arg, const struct invoice_event *v)
{
	struct buf *b = arg;
	char when[DATETIME_TEXT];

	buf_addf(b, "%s  %s%s%s", datetime_text(v->at_ms / 1000, when), v->what,
		 *v->detail ? "  " : "", v->detail);
	if (v->log_id)
		buf_addf(b, "（请求日志 %lld）", (long long)v->log_id);
	buf_addc(b, '\n');
	return ERR_OK;
}

bool invoice_events(int64_t id)
{
	struct err_info e = {0};
	struct buf b;

	buf_init(&b, EVENTS_MAX);
	if (desk_invoice_history(ui_session(), id, add_event, &b, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = "发票的经过", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

void invoice_copy_to_form(int64_t id)
{
	char no[24];

	no_of(id, no);
	view_push(&view_blue_ops, &(struct blue_arg) {.copy = no});
}

/* Refused in place where our own copy says no; what is not known here yet the wizard fetches. */
bool invoice_reverse(const char *number)
{
	struct red_source source;
	struct err_info e = {0};

	if (!desk_red_source(ui_session(), RED_SELLER, number, &source, &e)) {
		red_source_free(&source);
	} else if (strcmp(e.code, "red.bare") != 0) {
		ui_error(&e);
		return true;
	}
	return view_push(&view_red_apply_ops, &(struct red_apply_arg) {.number = number});
}

/* ---- changing ---- */

/* What came of one of several. */
static void add_result(struct buf *b, int64_t id, const struct err_info *why)
{
	struct invoice_record r;
	char sentence[1200], gross[FEN_TEXT + 8];

	if (desk_invoice_head(ui_session(), id, &r, NULL))
		return;
	buf_addf(b, "%s  %s  %s  %s\n", why->class ? "没有" : "办成",
		 *r.invoice.number ? r.invoice.number : "（没有号码）",
		 fen_format_grouped(r.invoice.gross_fen, gross),
		 r.invoice.buyer.name ? r.invoice.buyer.name : "");
	if (why->class)
		buf_addf(b, "      %s\n", ui_sentence(why, sentence, sizeof(sentence)));
	invoice_record_free(&r);
}

static void each(const int64_t *ids, size_t n, const char *what, const char *well,
		 enum err (*f)(struct session *, const char *, int64_t *, struct err_info *))
{
	struct err_info e = {0};
	size_t i, done = 0;
	char no[24];
	char title[40];
	struct buf rows;
	int64_t id;

	snprintf(title, sizeof(title), "%s的结果", what);
	buf_init(&rows, RESULTS_MAX);
	for (i = 0; i < n; i++) {
		no_of(ids[i], no);
		err_clear(&e);
		done += !f(ui_session(), no, &id, &e);
		if (n > 1)
			add_result(&rows, ids[i], &e);
	}
	if (done)
		ui_wake_engine();
	if (n == 1 && !done)
		ui_error(&e);
	else if (done == n)
		ui_message(MESSAGE_GOOD, "%s：%zu 张", well, done);
	else
		ui_message(MESSAGE_ERROR, "%s：%zu 张办成，%zu 张没有", what, done, n - done);
	if (n > 1)
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = title, .text = buf_str(&rows)});
	buf_free(&rows);
}

void invoices_retry(const int64_t *ids, size_t n)
{
	each(ids, n, "重试", "已重新提交", desk_retry);
}

void invoices_void(const int64_t *ids, size_t n)
{
	each(ids, n, "作废", "已作废", desk_void);
}

bool invoice_ask(struct view *asker, int token, enum action a, const char *text)
{
	bool retry = a == ACT_RETRY;

	return view_ask(asker, token, &view_ask_ops,
			&(struct ask_arg) {.title = retry ? "重试" : "作废",
					   .text = text,
					   .yes = retry ? "重新提交" : "作废",
					   .no = "返回"});
}
