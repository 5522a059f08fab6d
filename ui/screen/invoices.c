/* invoices.c - 开票记录: the list with its filter, marks and total (features F1-F7). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/list_p.h"
#include "ui/screen/archive.h"
#include "ui/screen/deliver.h"
#include "ui/screen/export.h"
#include "ui/screen/invoices_p.h"
#include "ui/screen/listing.h"
#include "ui/screen/templates.h"
#include "ui/screen/type_form.h"

enum { ASK_RETRY = 1, ASK_VOID, ASK_TYPE, ASK_NAME };
/* Cells that are not shown. */
enum { CELL_RED = LIST_COLUMNS - 4, CELL_WHOLE, CELL_MESSAGE, CELL_STATE };
enum { TAIL = 8, MINUTES = 16, QUESTION = 400 };

struct invoices {
	struct listing frame;
	int64_t buyer_id; /* whose invoices, as long as the field has this name */
	char buyer[LIST_CELL];
	char question[QUESTION];
	bool pick;                    /* one is chosen to be copied */
	struct invoice_filter report; /* a row of a report: its dates, its key */
	char *report_key, *row_of;    /* owned */
};

static const struct list_column COLUMNS[] = {
    {.label = "创建时间", .width = 11, .wide_width = MINUTES},
    {.label = "票种", .width = 4, .wide_width = 4, .from = 70},
    {.label = "订单号", .width = 0, .wide_width = 16},
    {.label = "购方名称", .width = -1, .wide_width = -1},
    {.label = "价税合计", .width = 14, .wide_width = 15, .align = ALIGN_RIGHT},
    {.label = "号码", .width = 10, .wide_width = 20, .from = 70},
    {.label = "状态", .width = 11, .wide_width = 11},
    {.label = NULL},
};

/* ---- rows ---- */

static const char *short_kind(const struct invoice_row *r)
{
	if (r->red)
		return r->kind == INVOICE_SPECIAL ? "红专" : "红普";
	return r->kind == INVOICE_SPECIAL ? "专票" : "普票";
}

/* Of an issued one what was taken back says more. */
static const char *state_cell(const struct invoice_row *r)
{
	return r->state == INVOICE_ISSUED && r->reversed
		   ? invoice_reversal_label(r->reversed)
		   : invoice_state_cell(r->state, r->needs_person);
}

/* The whole number where there is room, else its end, by which people tell invoices apart. */
static void put_number(char *cell, const char *number, bool wide)
{
	size_t n = strlen(number);

	if (wide || n <= TAIL)
		text_copy(cell, LIST_CELL, number);
	else
		snprintf(cell, LIST_CELL, "..%s", number + n - TAIL);
}

static enum err add_invoice(void *arg, const struct invoice_row *r)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, r->id, invoice_face(r->state, r->needs_person));
	char gross[FEN_TEXT + 8];

	screen_when(r->created_at, p->wide, row->cell[0]);
	if (p->wide)
		row->cell[0][MINUTES] = 0; /* names need the room more than seconds */
	text_copy(row->cell[1], LIST_CELL, short_kind(r));
	text_copy(row->cell[2], LIST_CELL, r->order_no ? r->order_no : "");
	text_copy(row->cell[3], LIST_CELL, r->buyer_name ? r->buyer_name : "");
	text_copy(row->cell[4], LIST_CELL, fen_format_grouped(r->gross, gross));
	put_number(row->cell[5], r->number ? r->number : "", p->wide);
	text_copy(row->cell[6], LIST_CELL, state_cell(r));
	text_copy(row->cell[CELL_RED], LIST_CELL,
		  r->red ? "red" : invoice_reversal_word(r->reversed));
	text_copy(row->cell[CELL_WHOLE], LIST_CELL, r->number ? r->number : "");
	text_copy(row->cell[CELL_MESSAGE], LIST_CELL, r->message ? r->message : "");
	text_copy(row->cell[CELL_STATE], LIST_CELL, invoice_state_word(r->state));
	return ERR_OK;
}

/* The buyer asked for, by all his names; 0 once another name was typed. */
static int64_t whose(const struct invoices *s)
{
	return s->buyer_id && !strcmp(form_get(&s->frame.filter, FILTER_BUYER), s->buyer)
		   ? s->buyer_id
		   : 0;
}

/* What the fields say, and the row of a report the list was opened for. */
static enum err ask_all(const struct invoices *s, struct invoices_asked *out, struct err_info *e)
{
	const struct invoice_filter *of = &s->report;
	enum err r = invoices_ask(&s->frame.filter, whose(s), out, e);

	memcpy(out->filter.issued_from, of->issued_from, sizeof(of->issued_from));
	memcpy(out->filter.issued_to, of->issued_to, sizeof(of->issued_to));
	out->filter.report_dim = of->report_dim;
	out->filter.report_key = s->report_key;
	return r;
}

static enum err read_invoices(struct view *v, struct listing_page *p, struct err_info *e)
{
	struct invoices *s = v->state;
	struct invoices_asked asked;
	struct invoice_filter *f = &asked.filter;
	enum err r = ask_all(s, &asked, e);

	if (r)
		return r;
	s->frame.list.can_end = desk_invoice_has_end(f);
	s->frame.list.empty = s->frame.list.fixed || list_has_conditions(&s->frame.list)
				  ? NULL
				  : "还没有发票：在首页按 F10 填开。";
	f->last_page = !strcmp(p->cursor_text, "$end");
	f->cursor = f->last_page ? 0 : p->cursor;
	f->limit = p->max;
	return desk_invoice_list(ui_session(), f, add_invoice, p, &p->next, &p->total, &p->at_least,
				 e);
}

static enum invoice_state state_of(const struct list_row *row)
{
	enum invoice_state s = INVOICE_DRAFT;

	invoice_state_parse(row->cell[CELL_STATE], &s);
	return s;
}

static const char *red_why_not(const struct list_row *row, enum action a)
{
	const char *word = row->cell[CELL_RED];
	bool whole = !strcmp(word, invoice_reversal_word(REVERSED_WHOLE));

	return invoice_red_why_not(!strcmp(word, "red"), whole ? REVERSED_WHOLE : REVERSED_NOT, a);
}

/* ---- what can be done ---- */

/* The marked rows, or the selected one. */
static const int64_t *chosen(const struct invoices *s, size_t *n)
{
	if (s->frame.list.mark_count) {
		*n = s->frame.list.mark_count;
		return s->frame.list.marks;
	}
	*n = list_row(&s->frame.list) ? 1 : 0;
	return *n ? &list_row(&s->frame.list)->id : NULL;
}

static bool ask(struct invoices *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);
	bool retry = a == ACT_RETRY;
	size_t n;

	chosen(s, &n);
	if (n == 1 && !s->frame.list.mark_count)
		snprintf(s->question, QUESTION, "%s %.120s 的%s，价税合计 %.30s？\n%s",
			 retry ? "重新提交" : "作废", row->cell[3],
			 state_of(row) == INVOICE_DRAFT ? "草稿" : "发票", row->cell[4],
			 invoice_after(state_of(row), a));
	else
		snprintf(s->question, QUESTION, "%s勾选的 %zu 张发票？\n%s",
			 retry ? "重新提交" : "作废", n, invoice_after(INVOICE_FAILED, a));
	return invoice_ask(s->frame.view, retry ? ASK_RETRY : ASK_VOID, a, s->question);
}

static void invoices_answer(struct view *v, int token, bool ok, const void *result)
{
	struct invoices *s = v->state;
	size_t n;
	const int64_t *ids = chosen(s, &n);
	char name[160];

	if (ok && token == ASK_TYPE) {
		type_picked(result, name);
		form_set(&s->frame.filter, FILTER_TYPE, name);
		view_redraw(v);
		return;
	}
	if (!ok || !n || token == ASK_NAME)
		return;
	if (token == ASK_RETRY)
		invoices_retry(ids, n);
	else
		invoices_void(ids, n);
	s->frame.list.mark_count = 0;
	s->frame.list.stale = true;
}

/* ---- the view ---- */

static void take_report(struct invoices *s, const struct invoices_arg *a)
{
	struct buf b;

	buf_init(&b, LIST_CELL * 2);
	buf_addf(&b, "统计报表中的：%s", a->report_words);
	s->report = *a->report;
	s->report_key = a->report->report_key ? mem_strdup(a->report->report_key) : NULL;
	s->row_of = buf_detach(&b);
}

/* Below the list: why the selected invoice is not issued. */
static bool paint_foot(struct view *v)
{
	const struct invoices *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	char text[LIST_CELL + 40] = "";

	if (row && row->cell[CELL_MESSAGE][0])
		snprintf(text, sizeof(text), "说明：%s", row->cell[CELL_MESSAGE]);
	else if (s->row_of)
		text_copy(text, sizeof(text), s->row_of);
	listing_say(&s->frame, row ? row->face : FACE_NORMAL, text);
	return true;
}

static bool invoices_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct invoices *s = v->state;

	/* A number typed looks for that number, whatever the invoice is. */
	if (s->pick && !s->frame.list.filtering && !paste && k.code >= '0' && k.code <= '9' &&
	    !k.mods) {
		screen_list_act(&s->frame.list, ACT_FIND);
		form_set(&s->frame.filter, FILTER_KIND, invoices_kinds[0]);
		form_set(&s->frame.filter, FILTER_STATE, invoices_states[0]);
		form_set(&s->frame.filter, FILTER_NUMBER, "");
		form_focus(&s->frame.filter, FILTER_NUMBER);
	}
	return listing_key(v, k, paste, n);
}

static bool export_rows(struct invoices *s)
{
	struct invoices_asked asked;
	struct err_info e = {0};

	if (ask_all(s, &asked, &e)) {
		ui_error(&e);
		return true;
	}
	return view_push(&view_export_ops, &(struct export_arg) {.list = &s->frame.list,
								 .table = "invoices",
								 .invoices = &asked.filter});
}

/* Several are put into one archive, one is saved as it is. */
static bool download(struct invoices *s)
{
	size_t n;
	const int64_t *ids = chosen(s, &n);

	if (!s->frame.list.mark_count) {
		invoice_download(list_row(&s->frame.list)->cell[CELL_WHOLE]);
		return true;
	}
	return view_push(&view_archive_ops, &(struct archive_arg) {.ids = ids, .id_count = n});
}

static bool deliver(struct invoices *s, enum action a)
{
	size_t n;
	const int64_t *ids = chosen(s, &n);

	if (a == ACT_MAIL)
		deliver_mail(ids, n);
	else
		deliver_push(ids, n);
	return true;
}

static bool row_act(struct invoices *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);

	switch (a) {
	case ACT_DOWNLOAD:
		return download(s);
	case ACT_EVENTS:
		return invoice_events(row->id);
	case ACT_PREVIEW:
		return view_push(&view_face_ops, &row->id);
	case ACT_COPY_INVOICE:
		invoice_copy_to_form(row->id);
		return true;
	case ACT_TEMPLATE_SAVE:
		return template_ask_of(s->frame.view, ASK_NAME, row->id);
	case ACT_RED_WHOLE:
		return invoice_reverse(row->cell[CELL_WHOLE]);
	case ACT_RETRY:
	case ACT_VOID:
		return ask(s, a);
	case ACT_MAIL:
	case ACT_PUSH:
		return deliver(s, a);
	default:
		return false;
	}
}

/* One is chosen: nothing else is done with it but looking. */
static bool pick_act(struct invoices *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);
	int64_t id = row ? row->id : 0;

	if (row && (a == ACT_ENTER || a == ACT_COPY_INVOICE)) {
		view_pop(true, &id);
		return true;
	}
	if (row && a == ACT_DETAIL)
		return view_push(&view_invoice_ops, &id);
	if (row && (a == ACT_PREVIEW || a == ACT_HISTORY))
		return row_act(s, a);
	return a != ACT_MARK && a != ACT_MARK_ALL && a != ACT_EXPORT &&
	       screen_list_act(&s->frame.list, a) != LIST_UNUSED;
}

static const char *invoices_why_not(const struct view *v, enum action a)
{
	const struct invoices *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);

	if (a != ACT_DOWNLOAD && a != ACT_PREVIEW && a != ACT_COPY_INVOICE && a != ACT_RETRY &&
	    a != ACT_VOID && a != ACT_MAIL && a != ACT_PUSH && a != ACT_EVENTS &&
	    a != ACT_RED_WHOLE && a != ACT_TEMPLATE_SAVE)
		return NULL;
	if (!row)
		return "没有选中的发票";
	if (red_why_not(row, a))
		return red_why_not(row, a);
	/* Of marked rows each is asked for itself. */
	if (s->frame.list.mark_count &&
	    (a == ACT_RETRY || a == ACT_VOID || a == ACT_MAIL || a == ACT_PUSH))
		return screen_may(DESK_ISSUE);
	/* So are marked rows that are put into an archive. */
	if (s->frame.list.mark_count && a == ACT_DOWNLOAD)
		return NULL;
	return invoice_why_not(state_of(row), a);
}

static const char *invoices_where(const struct view *v)
{
	const struct invoices *s = v->state;

	if (s->row_of)
		return "开票 › 统计报表 › 发票";
	return s->pick ? "开票 › 蓝字发票填开 › 复制开票" : "开票 › 开票记录";
}

static bool list_part(struct invoices *s, enum action a)
{
	if (list_row(&s->frame.list) && row_act(s, a))
		return true;
	if (a == ACT_ARCHIVE)
		return view_push(&view_archive_ops,
				 &(struct archive_arg) {.ids = s->frame.list.marks,
							.id_count = s->frame.list.mark_count});
	return a == ACT_EXPORT && export_rows(s);
}

static bool invoices_act(struct view *v, enum action a)
{
	struct invoices *s = v->state;

	if (s->pick && !s->frame.list.filtering)
		return pick_act(s, a);
	if (!s->frame.list.filtering && list_part(s, a))
		return true;
	if (s->frame.list.filtering && a == ACT_CHOOSE &&
	    form_focused(&s->frame.filter) == FILTER_TYPE)
		return type_pick(v, ASK_TYPE, "", false);
	return listing_act(v, a);
}

static bool invoices_chosen(struct view *v)
{
	const struct invoices *s = v->state;

	return view_push(&view_invoice_ops, &list_row(&s->frame.list)->id);
}

static const enum action *invoices_hints(const struct view *v)
{
	static const enum action TYPE[] = {ACT_ENTER, ACT_CHOOSE, ACT_NEXT,
					   ACT_RESET, ACT_BACK,   ACT_NONE};
	static const enum action PICK[] = {ACT_COPY_INVOICE, ACT_PREVIEW, ACT_FIND, ACT_DETAIL,
					   ACT_RESET,        ACT_BACK,    ACT_NONE};
	const struct invoices *s = v->state;

	if (s->frame.list.filtering)
		return form_focused(&s->frame.filter) == FILTER_TYPE ? TYPE : NULL;
	return s->pick ? PICK : NULL;
}

static const char *invoices_help(const struct view *v)
{
	const struct invoices *s = v->state;

	if (s->pick)
		return "回车带出选中的发票，p 看票面；F3 改查询条件，直接输入数字按号码找。";
	if (whose(s))
		return "这个购方的发票，改名以前的、税号相同的也在内；F3 改查询条件，回车看详情。";
	return NULL;
}

static void invoices_close(struct view *v)
{
	struct invoices *s = v->state;

	free(s->report_key);
	free(s->row_of);
}

static const enum action HINTS[] = {
    ACT_FIND,  ACT_DETAIL, ACT_DOWNLOAD, ACT_COPY_INVOICE, ACT_RED_WHOLE, ACT_PREVIEW,
    ACT_RETRY, ACT_VOID,   ACT_EVENTS,   ACT_ARCHIVE,      ACT_EXPORT,    ACT_MAIL,
    ACT_PUSH,  ACT_MARK,   ACT_RESET,    ACT_BACK,         ACT_NONE};
static const struct listing_kind INVOICES = {
    .title = "开票记录",
    .columns = COLUMNS,
    .trouble_cell = CELL_MESSAGE,
    .filter = invoices_filter,
    .allow = DESK_VIEW,
    .of_unit = true,
    .foot = 1,
    .hints = HINTS,
    .help = "F3 填查询条件，回车查询，c 重置；回车看详情；空格勾选几张后 t 重试、x 作废。",
    .read = read_invoices,
    .paint = paint_foot,
    .chosen = invoices_chosen,
    .hints_now = invoices_hints,
    .help_now = invoices_help,
    .close = invoices_close,
};

static enum err invoices_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct invoices_arg *a = arg;
	struct invoices *s = v->state;
	enum err r = listing_open(v, &INVOICES, e);

	if (r)
		return r;
	s->frame.list.can_end = true;
	if (!a)
		return ERR_OK;
	s->pick = a->pick;
	if (a->kind)
		form_set(&s->frame.filter, FILTER_KIND, a->kind);
	if (a->state)
		form_set(&s->frame.filter, FILTER_STATE, a->state);
	form_set(&s->frame.filter, FILTER_BUYER, a->buyer ? a->buyer : "");
	s->buyer_id = a->buyer_id;
	text_copy(s->buyer, sizeof(s->buyer), form_get(&s->frame.filter, FILTER_BUYER));
	form_set(&s->frame.filter, FILTER_TYPE, a->business_type ? a->business_type : "");
	if (a->report)
		take_report(s, a);
	s->frame.list.fixed = a->pick || a->state || a->business_type || a->buyer;
	return ERR_OK;
}

const struct view_ops view_invoices_ops = {
    LISTING_BODY,
    .name = "invoices",
    .path = "开票 › 开票记录",
    .where = invoices_where,
    .size = sizeof(struct invoices),
    .open = invoices_open,
    .paint = listing_paint,
    .key = invoices_key,
    .act = invoices_act,
    .why_not = invoices_why_not,
    .answer = invoices_answer,
};
