/* drafts.c - 草稿: forms saved while typing, and invoices stored as drafts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue.h"
#include "ui/screen/draft_do.h"
#include "ui/screen/invoices.h"
#include "ui/screen/listing.h"
#include "ui/screen/templates.h"

enum { ASK_DELETE = 1, ASK_MERGE, ASK_SPLIT, ASK_NAME, ASK_UNDO };
enum { FILTER_TEXT = 1, FILTER_WHOSE };
/* CELL_MINE is not shown. */
enum { CELL_SOURCE = 1, CELL_TITLE, CELL_GROSS, CELL_ORDER, CELL_OWNER, CELL_AT, CELL_MINE };
enum { ORDER_COLS = 11, ORDER_COLS_WIDE = 20, TIME_COLS = 5, QUESTION = 600 };

struct drafts {
	struct listing frame;
	char question[QUESTION]; /* of the open dialog */
};

static const char *const WHOSE[] = {"全部", "自己的", NULL};
static const struct field FILTER[] = {
    {.id = FILTER_TEXT,
     .kind = FIELD_TEXT,
     .label = "查找",
     .col = 10,
     .width = 30,
     .max_chars = 60,
     .help = "购方、订单号的一部分，或价税合计。"},
    {.id = FILTER_WHOSE,
     .kind = FIELD_CHOICE,
     .label = "范围",
     .col = 52,
     .width = 8,
     .choices = WHOSE,
     .help = "只看自己的，还是看得到的全部：填开的草稿只有本人和财务主管看得到。"},
    {.id = 0},
};
static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 5, .wide_width = 7},
    {.label = "来源", .width = 6, .from = 64},
    {.label = "购方", .width = -1, .wide_width = -1},
    {.label = "价税合计", .width = 13, .wide_width = 16, .align = ALIGN_RIGHT},
    {.label = "订单号", .width = ORDER_COLS, .wide_width = ORDER_COLS_WIDE},
    {.label = "谁的", .width = 6, .wide_width = 10, .from = 72},
    {.label = "修改", .width = TIME_COLS, .wide_width = 19},
    {.label = NULL},
};

/* ---- rows ---- */

/* Of today the time, of another day the day; all of it where there is room. */
static void put_when(const struct listing_page *p, int64_t at, char out[LIST_CELL])
{
	char today[32], when[32];

	screen_when(clock_now(), false, today);
	screen_when(at, p->wide, when);
	if (p->wide)
		text_copy(out, LIST_CELL, when);
	else
		snprintf(out, LIST_CELL, "%.*s", TIME_COLS,
			 strncmp(when, today, TIME_COLS) ? when : when + TIME_COLS + 1);
}

/* The title of a form ends with its rows and the sum there was; sums have a column of their own. */
static void put_title(const struct draft_row *r, char out[LIST_CELL])
{
	char *p, *last = NULL, *rows = NULL;

	text_copy(out, LIST_CELL, text_empty(r->title) ? "未填购方" : r->title);
	for (p = out; r->source == DRAFT_TYPED && (p = strstr(p, "  ")); p += 2) {
		rows = last;
		last = p;
	}
	if (rows)
		*rows = 0;
}

/* One that was saved before sums were kept beside it still has its rows. */
static bool sum_of(const struct draft_row *r, int64_t *gross)
{
	struct form_state f;
	bool known;

	*gross = r->gross;
	if (!r->no_gross || r->source != DRAFT_TYPED)
		return !r->no_gross;
	if (desk_draft_form(ui_session(), r->id, &f, NULL))
		return false;
	known = blue_form_gross(f.body, gross);
	form_state_free(&f);
	return known;
}

/* Ids of stored drafts are negative: forms have ids of their own. */
static enum err add_draft(void *arg, const struct draft_row *r)
{
	struct listing_page *p = arg;
	bool form = r->source == DRAFT_TYPED;
	struct list_row *row = listing_row(p, form ? r->id : -r->id, FACE_NORMAL);
	int64_t gross;

	snprintf(row->cell[0], LIST_CELL, form ? "f%lld" : "#%lld", (long long)r->id);
	text_copy(row->cell[CELL_SOURCE], LIST_CELL, draft_source_label(r->source));
	put_title(r, row->cell[CELL_TITLE]);
	if (sum_of(r, &gross))
		fen_format_grouped(gross, row->cell[CELL_GROSS]);
	screen_tail(r->order_no ? r->order_no : "", p->wide ? ORDER_COLS_WIDE : ORDER_COLS,
		    row->cell[CELL_ORDER], LIST_CELL);
	text_copy(row->cell[CELL_OWNER], LIST_CELL, r->owner);
	put_when(p, r->at, row->cell[CELL_AT]);
	text_copy(row->cell[CELL_MINE], LIST_CELL, r->mine || !form ? "1" : "");
	return ERR_OK;
}

static enum err read_drafts(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct drafts *d = v->state;
	struct draft_filter f = {.text = form_get(&d->frame.filter, FILTER_TEXT),
				 .mine = form_choice(&d->frame.filter, FILTER_WHOSE) == 1,
				 .cursor = p->cursor_text,
				 .limit = p->max};

	return desk_draft_list(ui_session(), &f, add_draft, p, p->next_text, e);
}

/* ---- one draft ---- */

static int64_t stored_id(const struct list_row *row)
{
	return row->id < 0 ? -row->id : 0;
}

/* Its invoice; the reference points into *out. */
static enum err read_draft(int64_t id, struct invoice *out, struct draft_ref *ref,
			   struct err_info *e)
{
	struct invoice_record r;
	struct form_state f;
	enum err rc;

	*ref = (struct draft_ref) {.invoice = out};
	if (id > 0) {
		if ((rc = desk_draft_form(ui_session(), id, &f, e)))
			return rc;
		rc = blue_read_form(f.body, out, &ref->draft, e);
		form_state_free(&f);
		ref->form = id;
		return rc;
	}
	if ((rc = desk_invoice_by_id(ui_session(), -id, &r, e)))
		return rc;
	desk_type_renew(ui_session(), &r, NULL);
	invoice_copy(out, &r.invoice);
	invoice_record_free(&r);
	ref->draft = -id;
	return ERR_OK;
}

static int oldest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	int64_t m = x < 0 ? -x : x, n = y < 0 ? -y : y;

	return (m > n) - (m < n);
}

/* The marked ones, or the selected one. */
static size_t chosen(const struct drafts *d, int64_t **out)
{
	size_t n = d->frame.list.mark_count;

	*out = mem_alloc((n + 1) * sizeof(**out));
	if (n)
		memcpy(*out, d->frame.list.marks, n * sizeof(**out));
	qsort(*out, n, sizeof(**out), oldest_first);
	if (!n && list_row(&d->frame.list))
		(*out)[n++] = list_row(&d->frame.list)->id;
	return n;
}

static bool show(const struct drafts *d)
{
	const struct list_row *row = list_row(&d->frame.list);
	struct err_info e = {0};
	struct draft_ref ref;
	struct invoice inv;

	if (row->id < 0) {
		int64_t id = -row->id;

		return view_push(&view_face_ops, &id);
	}
	if (read_draft(row->id, &inv, &ref, &e)) {
		ui_error(&e);
		return true;
	}
	invoice_show_face("票面预览", &inv);
	invoice_free(&inv);
	return true;
}

static bool open_selected(struct drafts *d)
{
	const struct list_row *row = list_row(&d->frame.list);
	struct blue_arg a = {.form = 0};

	if (!row)
		return true;
	if (row->id < 0)
		a.draft = -row->id;
	else if (*row->cell[CELL_MINE])
		a.form = row->id;
	else
		a.other = row->id;
	return view_switch(&view_blue_ops, &a);
}

static bool copy(struct drafts *d)
{
	const struct list_row *row = list_row(&d->frame.list);
	struct blue_arg a = {.form = 0};
	char no[24];

	snprintf(no, sizeof(no), "#%lld", (long long)stored_id(row));
	if (row->id < 0)
		a.copy = no;
	else
		a.other = row->id;
	return view_switch(&view_blue_ops, &a);
}

/* ---- several ---- */

static void free_refs(struct invoice *items, struct draft_ref *refs, size_t n)
{
	while (n)
		invoice_free(&items[--n]);
	free(items);
	free(refs);
}

static bool change(struct drafts *d, bool split)
{
	int64_t *ids;
	size_t n = chosen(d, &ids), i;
	struct invoice *items = mem_zalloc((n + 1) * sizeof(*items));
	struct draft_ref *refs = mem_zalloc((n + 1) * sizeof(*refs));
	struct err_info e = {0};
	enum err r = ERR_OK;

	for (i = 0; i < n && !r; i++) {
		if ((r = read_draft(ids[i], &items[i], &refs[i], &e)))
			break;
	}
	if (r)
		ui_error(&e);
	else if (split)
		draft_ask_split(d->frame.view, ASK_SPLIT, &refs[0]);
	else
		draft_ask_merge(d->frame.view, ASK_MERGE, refs, n);
	free_refs(items, refs, i);
	free(ids);
	return true;
}

static bool ask_delete(struct drafts *d)
{
	const struct list_row *row = list_row(&d->frame.list);
	struct ask_arg a = {.title = "删除草稿", .text = d->question, .yes = "删除", .no = "保留"};

	if (d->frame.list.mark_count)
		snprintf(d->question, QUESTION, "删除勾选的 %zu 张草稿？删除后不能恢复。",
			 d->frame.list.mark_count);
	else
		snprintf(d->question, QUESTION,
			 "删除草稿 %.20s %.200s %.30s%s%.60s？删除后不能恢复。", row->cell[0],
			 row->cell[CELL_TITLE], row->cell[CELL_GROSS],
			 *row->cell[CELL_ORDER] ? "  " : "", row->cell[CELL_ORDER]);
	d->question[text_whole(d->question, strlen(d->question))] = 0;
	return view_ask(d->frame.view, ASK_DELETE, &view_ask_ops, &a);
}

static void delete_chosen(struct drafts *d)
{
	int64_t *ids;
	size_t n = chosen(d, &ids), i, done = 0;
	struct err_info e = {0};

	for (i = 0; i < n; i++)
		done += !(ids[i] > 0 ? desk_form_delete(ui_session(), ids[i], &e)
				     : desk_draft_delete(ui_session(), -ids[i], &e));
	if (done < n)
		ui_error(&e);
	else
		ui_message(MESSAGE_INFO, "已删除 %zu 张草稿", done);
	free(ids);
}

static bool ask_undo(struct drafts *d)
{
	const struct list_row *row = list_row(&d->frame.list);

	snprintf(d->question, QUESTION,
		 "撤销得到草稿 %.20s 的%.20s？得到的草稿都删除，恢复原来的。", row->cell[0],
		 row->cell[CELL_SOURCE]);
	return view_ask(
	    d->frame.view, ASK_UNDO, &view_ask_ops,
	    &(struct ask_arg) {.title = "撤销", .text = d->question, .yes = "撤销", .no = "返回"});
}

static void undo(const struct list_row *row)
{
	struct err_info e = {0};
	size_t n = 0;

	if (desk_draft_undo(ui_session(), stored_id(row), &n, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "恢复了原来的 %zu 张草稿", n);
}

static void drafts_answer(struct view *v, int token, bool ok, const void *result)
{
	struct drafts *d = v->state;

	(void)result;
	if (!ok || token == ASK_NAME)
		return;
	if (token == ASK_DELETE)
		delete_chosen(d);
	else if (token == ASK_UNDO && list_row(&d->frame.list))
		undo(list_row(&d->frame.list));
	d->frame.list.mark_count = 0;
	list_reload(&d->frame.list);
	view_redraw(v);
}

/* ---- the view ---- */

static bool drafts_content(struct view *v, bool changed)
{
	struct drafts *d = v->state;

	(void)changed;
	d->frame.list.empty = *form_get(&d->frame.filter, FILTER_TEXT)
				  ? "没有符合条件的草稿：按 c 重置条件。"
				  : "没有草稿：没有开完的发票会存在这里。";
	return true;
}

static bool row_act(struct drafts *d, enum action a)
{
	const struct list_row *row = list_row(&d->frame.list);

	switch (a) {
	case ACT_REMOVE:
		return ask_delete(d);
	case ACT_PREVIEW:
		return show(d);
	case ACT_COPY_ROW:
		return copy(d);
	case ACT_JOIN:
	case ACT_SPLIT:
		return change(d, a == ACT_SPLIT);
	case ACT_TAKE_BACK:
		return ask_undo(d);
	case ACT_TEMPLATE_SAVE: {
		struct err_info e = {0};
		struct draft_ref ref;
		struct invoice inv;

		if (read_draft(row->id, &inv, &ref, &e)) {
			ui_error(&e);
			return true;
		}
		template_ask_name(d->frame.view, ASK_NAME, &inv);
		invoice_free(&inv);
		return true;
	}
	default:
		return false;
	}
}

static const char *drafts_why_not(const struct view *v, enum action a)
{
	const struct drafts *d = v->state;
	const struct list_row *row = list_row(&d->frame.list);
	bool one = a == ACT_SPLIT || a == ACT_TAKE_BACK || a == ACT_PREVIEW || a == ACT_COPY_ROW ||
		   a == ACT_TEMPLATE_SAVE || a == ACT_REMOVE;

	if (a == ACT_JOIN && d->frame.list.mark_count < 2)
		return "先用空格勾选两张以上";
	if (one && !row)
		return "没有选中的草稿";
	if (a == ACT_SPLIT && d->frame.list.mark_count > 1)
		return "一次拆分一张，请只勾选一张";
	if (a == ACT_TAKE_BACK &&
	    (row->id > 0 || !strcmp(row->cell[CELL_SOURCE], draft_source_label(DRAFT_STORED))))
		return "这张不是合并或拆分得来的";
	if ((a == ACT_REMOVE || a == ACT_SPLIT) && !d->frame.list.mark_count &&
	    !*row->cell[CELL_MINE])
		return "这是别人填开的草稿：可以看、复制，不能改";
	return NULL;
}

static bool drafts_act(struct view *v, enum action a)
{
	struct drafts *d = v->state;

	if (list_row(&d->frame.list) && row_act(d, a))
		return true;
	return a == ACT_NEW_INVOICE && view_switch(&view_blue_ops, NULL);
}

static bool drafts_chosen(struct view *v)
{
	return open_selected(v->state);
}

static const enum action HINTS[] = {ACT_ENTER,         ACT_FIND,        ACT_MARK,     ACT_REMOVE,
				    ACT_PREVIEW,       ACT_JOIN,        ACT_SPLIT,    ACT_TAKE_BACK,
				    ACT_TEMPLATE_SAVE, ACT_NEW_INVOICE, ACT_COPY_ROW, ACT_BACK,
				    ACT_NONE};
static const struct listing_kind DRAFTS = {
    .title = "草稿",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_ISSUE,
    .hints = HINTS,
    .help = "回车接着填；空格勾选几张后 m 合并，s 拆分，u 撤销合并或拆分。开具成功后自动消失。",
    .read = read_drafts,
    .content = drafts_content,
    .act = drafts_act,
    .chosen = drafts_chosen,
};

static enum err drafts_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &DRAFTS, e);
}

const struct view_ops view_drafts_ops = {
    LISTING_VIEW,
    .name = "drafts",
    .path = "开票 › 草稿",
    .size = sizeof(struct drafts),
    .open = drafts_open,
    .why_not = drafts_why_not,
    .answer = drafts_answer,
};
