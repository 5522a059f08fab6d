/* drafts.c - 草稿: forms saved while typing, and invoices stored as drafts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/list.h"
#include "ui/screen/blue.h"
#include "ui/screen/parts.h"

enum { ASK_DELETE = 1 };

struct drafts {
	struct list list;
	struct view *view;
	char doomed[LIST_CELL]; /* question of the open dialog */
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 7, .wide_width = 10},
    {.label = "来源", .width = 6, .wide_width = 8},
    {.label = "内容", .width = -1, .wide_width = -1},
    {.label = "最后修改", .width = 19, .wide_width = 19},
    {.label = NULL},
};

/* ---- rows ---- */

/* Forms come first, then stored drafts; ids of the latter are negative. */
struct page {
	struct list_row *rows;
	int count, max;
};

static struct list_row *next_row(struct page *p, int64_t id, const char *source, int64_t at)
{
	struct list_row *row = &p->rows[p->count++];
	char when[DATETIME_TEXT];

	*row = (struct list_row) {.id = id, .face = FACE_NORMAL};
	snprintf(row->cell[0], LIST_CELL, "#%lld", (long long)(id < 0 ? -id : id));
	text_copy(row->cell[1], LIST_CELL, source);
	text_copy(row->cell[3], LIST_CELL, datetime_text(at, when));
	return row;
}

static enum err add_form(void *arg, const struct form_state *f)
{
	struct list_row *row = next_row(arg, f->id, "填开", f->updated_at);

	text_copy(row->cell[2], LIST_CELL, f->title);
	return ERR_OK;
}

static enum err add_invoice(void *arg, const struct invoice_row *r)
{
	struct list_row *row = next_row(arg, -r->id, "命令行", r->created_at);
	char gross[FEN_TEXT + 8];

	snprintf(row->cell[2], LIST_CELL, "%.120s  %s",
		 text_empty(r->buyer_name) ? "未填购方" : r->buyer_name,
		 fen_format_grouped(r->gross, gross));
	return ERR_OK;
}

static enum err read_forms(struct page *p, struct form_cursor at, char next[64], struct err_info *e)
{
	struct form_cursor after;
	enum err r = desk_form_list(ui_session(), at, p->max, add_form, p, &after, e);

	if (!r && after.id)
		snprintf(next, 64, "f%lld:%lld", (long long)after.at, (long long)after.id);
	return r;
}

static enum err read_invoices(struct page *p, int64_t cursor, char next[64], struct err_info *e)
{
	static const enum invoice_state DRAFT = INVOICE_DRAFT;
	struct invoice_filter f = {.state = &DRAFT, .cursor = cursor, .limit = p->max - p->count};
	int64_t after = 0, total;
	bool more;
	enum err r = desk_invoice_list(ui_session(), &f, add_invoice, p, &after, &total, &more, e);

	if (!r && after)
		snprintf(next, 64, "i%lld", (long long)after);
	return r;
}

static enum err draft_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			     int *count, char next[64], struct err_info *e)
{
	struct page p = {.rows = rows, .max = max};
	struct form_cursor at = {0, 0};
	char *end;
	enum err r = ERR_OK;

	(void)l;
	next[0] = 0;
	if (*cursor == 'f') {
		at.at = strtoll(cursor + 1, &end, 10);
		at.id = *end == ':' ? strtoll(end + 1, NULL, 10) : 0;
	}
	if (*cursor != 'i')
		r = read_forms(&p, at, next, e);
	if (!r && !*next && p.count < max)
		r = read_invoices(&p, *cursor == 'i' ? strtoll(cursor + 1, NULL, 10) : 0, next, e);
	else if (!r && !*next)
		text_copy(next, 64, "i0");
	*count = p.count;
	return r;
}

/* ---- the view ---- */

static enum err drafts_open(struct view *v, const void *arg, struct err_info *e)
{
	struct drafts *d = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	(void)arg;
	if (r)
		return r;
	d->view = v;
	list_init(&d->list, COLUMNS, draft_source, d);
	d->list.title = "草稿";
	d->list.empty = "没有草稿。";
	return ERR_OK;
}

static void drafts_close(struct view *v)
{
	struct drafts *d = v->state;

	list_free(&d->list);
}

static void drafts_layout(struct view *v)
{
	struct drafts *d = v->state;

	list_layout(&d->list, v->area);
}

static void drafts_content(struct view *v, bool changed)
{
	struct drafts *d = v->state;

	list_content(&d->list, changed);
}

static void drafts_paint(struct view *v)
{
	struct drafts *d = v->state;

	list_paint(&d->list, true);
}

static bool open_selected(struct drafts *d)
{
	const struct list_row *row = list_row(&d->list);
	struct blue_arg a = {.form = 0};

	if (!row)
		return true;
	if (row->id > 0)
		a.form = row->id;
	else
		a.draft = -row->id;
	return view_switch(&view_blue_ops, &a);
}

static bool ask_delete(struct drafts *d)
{
	const struct list_row *row = list_row(&d->list);
	struct ask_arg a = {.title = "删除草稿", .text = d->doomed, .yes = "删除", .no = "保留"};

	if (!row)
		return true;
	snprintf(d->doomed, sizeof(d->doomed), "删除草稿 %.20s %.120s？删除后不能恢复。",
		 row->cell[0], row->cell[2]);
	d->doomed[text_whole(d->doomed, strlen(d->doomed))] = 0;
	return view_ask(d->view, ASK_DELETE, &view_ask_ops, &a);
}

static enum err delete_one(int64_t id, struct err_info *e)
{
	char no[24];
	int64_t gone;

	if (id > 0)
		return desk_form_delete(ui_session(), id, e);
	snprintf(no, sizeof(no), "#%lld", (long long)-id);
	return desk_void(ui_session(), no, &gone, e);
}

static void drafts_answer(struct view *v, int token, bool ok, const void *result)
{
	struct drafts *d = v->state;
	const struct list_row *row = list_row(&d->list);
	struct err_info e = {0};

	(void)result;
	if (token != ASK_DELETE || !ok || !row)
		return;
	if (delete_one(row->id, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_INFO, "草稿 %s 已删除", row->cell[0]);
	list_reload(&d->list);
	view_redraw(v);
}

static bool drafts_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct drafts *d = v->state;

	return list_key(&d->list, k, paste, n);
}

static bool drafts_act(struct view *v, enum action a)
{
	struct drafts *d = v->state;

	if (a == ACT_REMOVE)
		return ask_delete(d);
	if (a == ACT_NEW_INVOICE)
		return view_switch(&view_blue_ops, NULL);
	switch (screen_list_act(&d->list, a)) {
	case LIST_OPEN:
		return open_selected(d);
	case LIST_USED:
		return true;
	default:
		return false;
	}
}

static const char *const *drafts_sections(const struct view *v)
{
	static const char *const LIST[] = {"drafts", "list", NULL};

	(void)v;
	return LIST;
}

static const enum action *drafts_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_REMOVE, ACT_NEW_INVOICE, ACT_BACK,
					    ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *drafts_help(const struct view *v)
{
	(void)v;
	return "回车接着填。草稿只有自己看得到，开具成功后自动消失。";
}

static const char *drafts_state(const struct view *v)
{
	const struct drafts *d = v->state;

	return d->list.count ? "listed" : "empty";
}

const struct view_ops view_drafts_ops = {
    .name = "drafts",
    .path = "开票 › 草稿",
    .size = sizeof(struct drafts),
    .open = drafts_open,
    .layout = drafts_layout,
    .content = drafts_content,
    .paint = drafts_paint,
    .sections = drafts_sections,
    .key = drafts_key,
    .act = drafts_act,
    .hints = drafts_hints,
    .help = drafts_help,
    .answer = drafts_answer,
    .close = drafts_close,
    .state = drafts_state,
};
