/* invoices.c - 开票记录: the list with its filter, marks and total (features F1-F7). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/archive.h"
#include "ui/screen/deliver.h"
#include "ui/screen/export.h"
#include "ui/screen/invoices_p.h"
#include "ui/screen/templates.h"
#include "ui/screen/type_form.h"

enum { ASK_RETRY = 1, ASK_VOID, ASK_TYPE, ASK_NAME };
/* Cells that are not shown. */
enum { CELL_WHOLE = LIST_COLUMNS - 3, CELL_MESSAGE, CELL_STATE };
enum { WIDE = 100, TAIL = 8, QUESTION = 400 };

struct invoices {
	struct view *view;
	struct list list;
	struct form filter;
	struct rect foot; /* words about the row */
	int64_t buyer_id; /* whose invoices, as long as the field has this name */
	char buyer[LIST_CELL];
	char question[QUESTION];
	bool pick;                    /* one is chosen to be copied */
	struct invoice_filter report; /* a row of a report: its dates, its key */
	char *report_key, *row_of;    /* owned */
};

static const struct list_column COLUMNS[] = {
    {.label = "创建时间", .width = 11, .wide_width = 19},
    {.label = "票种", .width = 4, .wide_width = 8, .from = 70},
    {.label = "订单号", .width = 0, .wide_width = 16},
    {.label = "购方名称", .width = -1, .wide_width = -1},
    {.label = "价税合计", .width = 14, .wide_width = 16, .align = ALIGN_RIGHT},
    {.label = "号码", .width = 10, .wide_width = 20, .from = 70},
    {.label = "状态", .width = 11, .wide_width = 11},
    {.label = NULL},
};

/* ---- rows ---- */

struct page {
	struct list_row *rows;
	int count;
	bool wide;
};

static const char *short_kind(enum invoice_kind k)
{
	return k == INVOICE_SPECIAL ? "专票" : "普票";
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
	struct page *p = arg;
	struct list_row *row = &p->rows[p->count++];
	char gross[FEN_TEXT + 8];

	*row = (struct list_row) {.id = r->id, .face = invoice_face(r->state, r->needs_person)};
	screen_when(r->created_at, p->wide, row->cell[0]);
	text_copy(row->cell[1], LIST_CELL,
		  p->wide ? invoice_kind_label(r->kind) : short_kind(r->kind));
	text_copy(row->cell[2], LIST_CELL, r->order_no ? r->order_no : "");
	text_copy(row->cell[3], LIST_CELL, r->buyer_name ? r->buyer_name : "");
	text_copy(row->cell[4], LIST_CELL, fen_format_grouped(r->gross, gross));
	put_number(row->cell[5], r->number ? r->number : "", p->wide);
	text_copy(row->cell[6], LIST_CELL, invoice_state_cell(r->state, r->needs_person));
	text_copy(row->cell[CELL_WHOLE], LIST_CELL, r->number ? r->number : "");
	text_copy(row->cell[CELL_MESSAGE], LIST_CELL, r->message ? r->message : "");
	text_copy(row->cell[CELL_STATE], LIST_CELL, invoice_state_word(r->state));
	return ERR_OK;
}

/* The buyer asked for, by all his names; 0 once another name was typed. */
static int64_t whose(const struct invoices *s)
{
	return s->buyer_id && !strcmp(form_get(&s->filter, FILTER_BUYER), s->buyer) ? s->buyer_id
										    : 0;
}

/* What the fields say, and the row of a report the list was opened for. */
static enum err ask_all(const struct invoices *s, struct invoices_asked *out, struct err_info *e)
{
	const struct invoice_filter *of = &s->report;
	enum err r = invoices_ask(&s->filter, whose(s), out, e);

	memcpy(out->filter.issued_from, of->issued_from, sizeof(of->issued_from));
	memcpy(out->filter.issued_to, of->issued_to, sizeof(of->issued_to));
	out->filter.report_dim = of->report_dim;
	out->filter.report_key = s->report_key;
	return r;
}

static enum err invoices_source(struct list *l, const char *cursor, int max, struct list_row *rows,
				int *count, char next[64], struct err_info *e)
{
	struct invoices *s = l->owner;
	struct page p = {.rows = rows, .wide = l->area.w > WIDE};
	struct invoices_asked asked;
	struct invoice_filter *f = &asked.filter;
	int64_t after = 0;
	enum err r = ask_all(s, &asked, e);

	if (r)
		return r;
	l->can_end = desk_invoice_has_end(f);
	f->last_page = !strcmp(cursor, "$end");
	f->cursor = screen_cursor(*cursor == '$' ? "" : cursor);
	f->limit = max;
	r = desk_invoice_list(ui_session(), f, add_invoice, &p, &after, &l->total, &l->at_least, e);
	*count = p.count;
	screen_next(after, next);
	return r;
}

static enum invoice_state state_of(const struct list_row *row)
{
	enum invoice_state s = INVOICE_DRAFT;

	invoice_state_parse(row->cell[CELL_STATE], &s);
	return s;
}

/* ---- what can be done ---- */

/* The marked rows, or the selected one. */
static const int64_t *chosen(const struct invoices *s, size_t *n)
{
	if (s->list.mark_count) {
		*n = s->list.mark_count;
		return s->list.marks;
	}
	*n = list_row(&s->list) ? 1 : 0;
	return *n ? &list_row(&s->list)->id : NULL;
}

static bool ask(struct invoices *s, enum action a)
{
	const struct list_row *row = list_row(&s->list);
	bool retry = a == ACT_RETRY;
	const char *after = retry ? "重试沿用原来的号码，不会开出第二张。" : "作废后号码不再使用。";
	size_t n;

	chosen(s, &n);
	if (n == 1 && !s->list.mark_count)
		snprintf(s->question, QUESTION, "%s %.120s 的发票，价税合计 %.30s？\n%s",
			 retry ? "重新提交" : "作废", row->cell[3], row->cell[4], after);
	else
		snprintf(s->question, QUESTION, "%s勾选的 %zu 张发票？\n%s",
			 retry ? "重新提交" : "作废", n, after);
	return invoice_ask(s->view, retry ? ASK_RETRY : ASK_VOID, a, s->question);
}

static void invoices_answer(struct view *v, int token, bool ok, const void *result)
{
	struct invoices *s = v->state;
	size_t n;
	const int64_t *ids = chosen(s, &n);
	char name[160];

	if (ok && token == ASK_TYPE) {
		type_picked(result, name);
		form_set(&s->filter, FILTER_TYPE, name);
		view_redraw(v);
		return;
	}
	if (!ok || !n || token == ASK_NAME)
		return;
	if (token == ASK_RETRY)
		invoices_retry(ids, n);
	else
		invoices_void(ids, n);
	s->list.mark_count = 0;
	s->list.stale = true;
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

static enum err invoices_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct invoices_arg *a = arg;
	struct invoices *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);
	struct unit u;

	if (r)
		return r;
	if ((r = desk_unit(ui_session(), &u, e))) {
		err_hint(e, "请先完成开票业务配置");
		return r;
	}
	unit_free(&u);
	s->view = v;
	form_init(&s->filter, invoices_filter, s);
	s->pick = a && a->pick;
	form_set(&s->filter, FILTER_KIND, a && a->kind ? a->kind : invoices_kinds[0]);
	form_set(&s->filter, FILTER_STATE, a && a->state ? a->state : invoices_states[0]);
	form_set(&s->filter, FILTER_BUYER, a && a->buyer ? a->buyer : "");
	s->buyer_id = a ? a->buyer_id : 0;
	text_copy(s->buyer, sizeof(s->buyer), form_get(&s->filter, FILTER_BUYER));
	form_set(&s->filter, FILTER_TYPE, a && a->business_type ? a->business_type : "");
	list_init(&s->list, COLUMNS, invoices_source, s);
	if (a && a->report)
		take_report(s, a);
	s->list.title = "开票记录";
	s->list.fixed = a && (a->pick || a->state || a->business_type || a->buyer);
	s->list.filter = &s->filter;
	s->list.can_end = true;
	return ERR_OK;
}

static void invoices_close(struct view *v)
{
	struct invoices *s = v->state;

	list_free(&s->list);
	form_free(&s->filter);
	free(s->report_key);
	free(s->row_of);
}

static void invoices_layout(struct view *v)
{
	struct invoices *s = v->state;
	struct rect r = v->area;

	s->foot = rect_bottom(&r, 1);
	list_layout(&s->list, r);
	s->list.stale = true; /* cells differ with the width */
}

static void invoices_content(struct view *v, bool changed)
{
	struct invoices *s = v->state;

	list_content(&s->list, changed);
}

/* Below the list: why the selected invoice is not issued. */
static void paint_foot(const struct invoices *s)
{
	const struct list_row *row = list_row(&s->list);
	char text[LIST_CELL + 40] = "";

	if (row && row->cell[CELL_MESSAGE][0])
		snprintf(text, sizeof(text), "说明：%s", row->cell[CELL_MESSAGE]);
	else if (s->row_of)
		text_copy(text, sizeof(text), s->row_of);
	draw_text(s->foot, 0, 1, s->foot.w - 1, ALIGN_LEFT, row ? row->face : FACE_NORMAL, text);
	draw_text(s->foot, 0, 0, 1, ALIGN_LEFT, FACE_NORMAL, "");
}

static void invoices_paint(struct view *v)
{
	struct invoices *s = v->state;

	paint_foot(s);
	list_paint(&s->list, true);
}

static bool invoices_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct invoices *s = v->state;

	/* A number typed looks for that number, whatever the invoice is. */
	if (s->pick && !s->list.filtering && !paste && k.code >= '0' && k.code <= '9' && !k.mods) {
		screen_list_act(&s->list, ACT_FIND);
		form_set(&s->filter, FILTER_KIND, invoices_kinds[0]);
		form_set(&s->filter, FILTER_STATE, invoices_states[0]);
		form_set(&s->filter, FILTER_NUMBER, "");
		form_focus(&s->filter, FILTER_NUMBER);
	}
	return list_key(&s->list, k, paste, n);
}

static bool export_rows(struct invoices *s)
{
	struct invoices_asked asked;
	struct err_info e = {0};

	if (ask_all(s, &asked, &e)) {
		ui_error(&e);
		return true;
	}
	return view_push(&view_export_ops, &(struct export_arg) {.list = &s->list,
								 .table = "invoices",
								 .invoices = &asked.filter});
}

/* Several are put into one archive, one is saved as it is. */
static bool download(struct invoices *s)
{
	size_t n;
	const int64_t *ids = chosen(s, &n);

	if (!s->list.mark_count) {
		invoice_download(list_row(&s->list)->cell[CELL_WHOLE]);
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
	const struct list_row *row = list_row(&s->list);

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
		return template_ask_of(s->view, ASK_NAME, row->id);
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
	const struct list_row *row = list_row(&s->list);
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
	       screen_list_act(&s->list, a) != LIST_UNUSED;
}

static bool invoices_act(struct view *v, enum action a)
{
	struct invoices *s = v->state;

	if (s->pick && !s->list.filtering)
		return pick_act(s, a);
	if (!s->list.filtering && list_row(&s->list) && row_act(s, a))
		return true;
	if (!s->list.filtering && a == ACT_ARCHIVE)
		return view_push(
		    &view_archive_ops,
		    &(struct archive_arg) {.ids = s->list.marks, .id_count = s->list.mark_count});
	if (!s->list.filtering && a == ACT_EXPORT)
		return export_rows(s);
	if (s->list.filtering && a == ACT_CHOOSE && form_focused(&s->filter) == FILTER_TYPE)
		return type_pick(v, ASK_TYPE, "", false);
	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return view_push(&view_invoice_ops, &list_row(&s->list)->id);
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

static const char *invoices_why_not(const struct view *v, enum action a)
{
	const struct invoices *s = v->state;
	const struct list_row *row = list_row(&s->list);

	if (a != ACT_DOWNLOAD && a != ACT_PREVIEW && a != ACT_COPY_INVOICE && a != ACT_RETRY &&
	    a != ACT_VOID && a != ACT_MAIL && a != ACT_PUSH && a != ACT_EVENTS)
		return NULL;
	if (!row)
		return "没有选中的发票";
	/* Of marked rows each is asked for itself. */
	if (s->list.mark_count &&
	    (a == ACT_RETRY || a == ACT_VOID || a == ACT_MAIL || a == ACT_PUSH))
		return screen_may(DESK_ISSUE);
	/* So are marked rows that are put into an archive. */
	if (s->list.mark_count && a == ACT_DOWNLOAD)
		return NULL;
	return invoice_why_not(state_of(row), a);
}

static const char *const *invoices_sections(const struct view *v)
{
	const struct invoices *s = v->state;

	return screen_list_sections(&s->list, "invoices");
}

static const enum action *invoices_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_NEXT, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action TYPE[] = {ACT_ENTER, ACT_CHOOSE, ACT_NEXT,
					   ACT_RESET, ACT_BACK,   ACT_NONE};
	static const enum action HINTS[] = {ACT_FIND,    ACT_DETAIL, ACT_DOWNLOAD, ACT_COPY_INVOICE,
					    ACT_PREVIEW, ACT_RETRY,  ACT_VOID,     ACT_EVENTS,
					    ACT_ARCHIVE, ACT_EXPORT, ACT_MAIL,     ACT_PUSH,
					    ACT_MARK,    ACT_RESET,  ACT_BACK,     ACT_NONE};
	static const enum action PICK[] = {ACT_COPY_INVOICE, ACT_PREVIEW, ACT_FIND, ACT_DETAIL,
					   ACT_RESET,        ACT_BACK,    ACT_NONE};
	const struct invoices *s = v->state;

	if (s->list.filtering && form_focused(&s->filter) == FILTER_TYPE)
		return TYPE;
	if (s->pick && !s->list.filtering)
		return PICK;
	return s->list.filtering ? FILTERING : HINTS;
}

static const char *invoices_help(const struct view *v)
{
	const struct invoices *s = v->state;

	if (s->list.filtering)
		return form_help(&s->filter);
	if (s->pick)
		return "回车带出选中的发票，p 看票面；F3 改查询条件，直接输入数字按号码找。";
	if (whose(s))
		return "这个购方的发票，改名以前的、税号相同的也在内；F3 改查询条件，回车看详情。";
	return "F3 填查询条件，回车查询，c 重置；回车看详情；空格勾选几张后 t 重试、x 作废。";
}

static const char *invoices_where(const struct view *v)
{
	const struct invoices *s = v->state;

	if (s->row_of)
		return "开票 › 统计报表 › 发票";
	return s->pick ? "开票 › 蓝字发票填开 › 复制开票" : "开票 › 开票记录";
}

static const char *invoices_state(const struct view *v)
{
	const struct invoices *s = v->state;

	return s->list.filtering ? "filtering" : s->list.count ? "listed" : "empty";
}

const struct view_ops view_invoices_ops = {
    .name = "invoices",
    .path = "开票 › 开票记录",
    .where = invoices_where,
    .size = sizeof(struct invoices),
    .open = invoices_open,
    .layout = invoices_layout,
    .content = invoices_content,
    .paint = invoices_paint,
    .sections = invoices_sections,
    .key = invoices_key,
    .act = invoices_act,
    .why_not = invoices_why_not,
    .hints = invoices_hints,
    .help = invoices_help,
    .answer = invoices_answer,
    .close = invoices_close,
    .state = invoices_state,
};
