/* types.c - 业务类型: list, add, edit, detail, remove (features G80-G86). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/invoices.h"
#include "ui/screen/listing.h"
#include "ui/screen/sellers.h"
#include "ui/screen/type_form.h"

enum { FIELD_SELLER = 1, FIELD_NAME };
enum { FILTER_FIELDS = 2 };
enum { ASK_FORM = 1, ASK_REMOVE };
enum { CELL_NOTE = 2, CELL_USES, CELL_AT };
enum { QUESTION = 300 };

struct types {
	struct listing frame;
	struct field fields[FILTER_FIELDS + 1];
	struct type_form form;
	bool fresh; /* the open dialog is for a new one */
	char question[QUESTION], why[160];
};

static const struct field FILTER[FILTER_FIELDS + 1] = {
    {.id = FIELD_SELLER,
     .kind = FIELD_SHOW,
     .label = "销方",
     .col = 10,
     .width = 66,
     .apart = true,
     .help = "看哪个销方的业务类型，左右键选择，回车换过去：之后的列表和开票都是它的。"},
    {.id = FIELD_NAME,
     .kind = FIELD_TEXT,
     .label = "业务类型",
     .row = 1,
     .col = 10,
     .width = 26,
     .wide_width = 40,
     .max_chars = 50,
     .help = "名称的一部分，不分全角半角、大小写。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 6, .wide_width = 6},
    {.label = "业务类型", .width = -1, .wide_width = -1},
    {.label = "说明", .width = 26, .wide_width = 44},
    {.label = "使用", .width = 6, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "修改时间", .width = 11, .wide_width = 19, .from = 70},
    {.label = NULL},
};

/* ---- rows ---- */

static enum err add_type(void *arg, const struct business_type *t)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, t->id, FACE_NORMAL);

	snprintf(row->cell[0], LIST_CELL, "#%" PRId64, t->id);
	text_copy(row->cell[1], LIST_CELL, t->name);
	text_copy(row->cell[CELL_NOTE], LIST_CELL, t->note);
	snprintf(row->cell[CELL_USES], LIST_CELL, "%" PRId64, t->uses);
	screen_when(t->updated_at, p->wide, row->cell[CELL_AT]);
	return ERR_OK;
}

static enum err read_types(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct types *s = v->state;

	return desk_type_list(ui_session(), form_get(&s->frame.filter, FIELD_NAME), p->cursor,
			      p->max, add_type, p, &p->next, &p->total, e);
}

/* ---- what can be done ---- */

static bool read_row(const struct types *s, struct business_type *t)
{
	struct err_info e = {0};

	if (!desk_type_get(ui_session(), list_row(&s->frame.list)->cell[0], t, &e))
		return true;
	ui_error(&e);
	return false;
}

static bool open_detail(const struct types *s)
{
	struct business_type t;
	struct buf b;

	if (!read_row(s, &t))
		return true;
	buf_init(&b, DETAIL_MAX);
	detail_add(&b, "销方", ui_facts()->unit_name);
	detail_add(&b, "编号", list_row(&s->frame.list)->cell[0]);
	detail_add(&b, "业务类型", t.name);
	detail_add(&b, "说明", t.note);
	detail_int(&b, "发票和草稿", t.uses);
	detail_time(&b, "新增时间", t.created_at);
	detail_time(&b, "修改时间", t.updated_at);
	view_push(&view_read_ops,
		  &(struct read_arg) {.title = "业务类型详情", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

static bool ask_form(struct types *s, enum action a)
{
	struct business_type t = {.id = 0};

	if (a != ACT_ADD && !read_row(s, &t))
		return true;
	s->fresh = a != ACT_EDIT;
	s->form = (struct type_form) {.id = s->fresh ? 0 : t.id, .any_seller = s->fresh};
	text_copy(s->form.name, sizeof(s->form.name), t.name);
	text_copy(s->form.note, sizeof(s->form.note), t.note);
	return type_form_ask(s->frame.view, ASK_FORM, &s->form);
}

static bool ask_remove(struct types *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	snprintf(s->question, QUESTION, "删除业务类型“%.160s”？", row->cell[1]);
	return view_ask(
	    s->frame.view, ASK_REMOVE, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "删除业务类型", .text = s->question, .yes = "删除", .no = "保留"});
}

static void remove_type(struct types *s)
{
	const struct list_row *row = list_row(&s->frame.list);
	struct err_info e = {0};

	if (!row)
		return;
	if (desk_type_remove(ui_session(), row->cell[0], &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "业务类型“%s”已删除", row->cell[1]);
}

static bool show_invoices(const struct types *s)
{
	struct invoices_arg a = {.business_type = list_row(&s->frame.list)->cell[1]};

	return view_push(&view_invoices_ops, &a);
}

static void types_answer(struct view *v, int token, bool ok, const void *result)
{
	struct types *s = v->state;

	(void)result;
	if (!ok)
		return;
	if (token == ASK_REMOVE)
		remove_type(s);
	else if (*s->form.seller)
		ui_message(MESSAGE_GOOD, "业务类型“%s”已新增到 %s 名下", s->form.name,
			   s->form.seller);
	else
		ui_message(MESSAGE_GOOD, "业务类型“%s”已%s", s->form.name,
			   s->fresh ? "新增" : "保存");
	s->frame.list.stale = true;
	view_redraw(v);
}

/* ---- the view ---- */

static bool types_content(struct view *v, bool changed)
{
	struct types *s = v->state;
	bool narrowed = *form_get(&s->frame.filter, FIELD_NAME) != 0;

	if (!s->frame.list.filtering)
		sellers_show(&s->frame.filter, s->fields, FIELD_SELLER, changed);
	s->frame.list.empty =
	    narrowed ? "没有符合条件的业务类型：按 c 重置条件，a 新增。" : s->frame.kind->empty;
	return true;
}

static const char *types_why_not(const struct view *v, enum action a)
{
	struct types *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	bool changes = a == ACT_EDIT || a == ACT_COPY_ROW || a == ACT_REMOVE;

	if ((changes || a == ACT_HISTORY) && !row)
		return "没有选中的业务类型";
	if ((changes || a == ACT_ADD) && screen_may(DESK_CATALOGUE))
		return screen_may(DESK_CATALOGUE);
	if (a != ACT_REMOVE || !strcmp(row->cell[CELL_USES], "0"))
		return NULL;
	snprintf(s->why, sizeof(s->why), "有 %.20s 张发票或草稿使用它，不能删除；可以改名",
		 row->cell[CELL_USES]);
	return s->why;
}

static bool list_part(struct types *s, enum action a)
{
	switch (a) {
	case ACT_FIND: /* from the name on, as the list goes on to do */
		form_focus(&s->frame.filter, FIELD_NAME);
		return false;
	case ACT_ADD:
	case ACT_EDIT:
	case ACT_COPY_ROW:
		return ask_form(s, a);
	case ACT_REMOVE:
		return ask_remove(s);
	case ACT_HISTORY:
		return show_invoices(s);
	default:
		return false;
	}
}

static bool types_act(struct view *v, enum action a)
{
	struct types *s = v->state;
	bool filtering = s->frame.list.filtering, used;

	if (!filtering && list_part(s, a))
		return true;
	used = listing_act(v, a);
	if (filtering)
		sellers_after(&s->frame.list, &s->frame.filter, FIELD_SELLER, a);
	return used;
}

static bool types_chosen(struct view *v)
{
	return open_detail(v->state);
}

static const enum action HINTS[] = {ACT_FIND,    ACT_ADD,   ACT_EDIT, ACT_DETAIL, ACT_REMOVE,
				    ACT_HISTORY, ACT_RESET, ACT_BACK, ACT_NONE};
/* Its filter has the sellers there are: it is begun by types_open. */
static const struct listing_kind TYPES = {
    .title = "业务类型",
    .empty = "没有业务类型，按 a 新增；没有维护时，开票可以填任意文字。",
    .columns = COLUMNS,
    .allow = DESK_VIEW,
    .of_unit = true,
    .hints = HINTS,
    .help = "维护好的业务类型可在开票时选择，也可在开票记录里查询。a 新增，e 编辑，回车看详情。",
    .read = read_types,
    .content = types_content,
    .chosen = types_chosen,
};

static enum err types_open(struct view *v, const void *arg, struct err_info *e)
{
	struct types *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);

	(void)arg;
	if (r || (r = sellers_read(e)) || (r = listing_open(v, &TYPES, e)))
		return r;
	memcpy(s->fields, FILTER, sizeof(FILTER));
	sellers_field(s->fields, FIELD_SELLER);
	form_init(&s->frame.filter, s->fields, s);
	form_focus(&s->frame.filter, FIELD_NAME);
	s->frame.list.filter = &s->frame.filter;
	return ERR_OK;
}

const struct view_ops view_types_ops = {
    LISTING_BODY,
    .name = "types",
    .path = "数电设置 › 业务类型",
    .size = sizeof(struct types),
    .open = types_open,
    .paint = listing_paint,
    .key = listing_key,
    .act = types_act,
    .why_not = types_why_not,
    .answer = types_answer,
};
