/* templates.c - 发票模板: list, use, preview, rename, remove. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue.h"
#include "ui/screen/listing.h"
#include "ui/screen/templates.h"

enum { FILTER_TEXT = 1 };
enum { FIELD_NAME = 1, FIELD_SHARED };
enum { ASK_EDIT = 1, ASK_REMOVE };
enum { CELL_NAME = 1, CELL_KIND, CELL_BUYER, CELL_LINES, CELL_GROSS, CELL_USES, CELL_WHOSE };
enum { QUESTION = 300, FACE_BYTES = 4 << 20 };

struct templates {
	struct listing frame;
	bool pick;
	char question[QUESTION];
};

static const struct field FILTER[] = {
    {.id = FILTER_TEXT,
     .kind = FIELD_TEXT,
     .label = "查找",
     .col = 10,
     .width = 30,
     .max_chars = 60,
     .help = "模板名称或购方名称的一部分，不分全角半角、大小写。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 5, .wide_width = 6},
    {.label = "模板", .width = 18, .wide_width = 30},
    {.label = "票种", .width = 0, .wide_width = 8},
    {.label = "购方", .width = -1, .wide_width = -1},
    {.label = "行", .width = 4, .wide_width = 5, .align = ALIGN_RIGHT},
    {.label = "价税合计", .width = 13, .wide_width = 16, .align = ALIGN_RIGHT},
    {.label = "使用", .width = 4, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "谁的", .width = 4, .wide_width = 6},
    {.label = NULL},
};

/* ---- keeping an invoice as one ---- */

static const struct field NAME[] = {
    {.id = FIELD_NAME,
     .kind = FIELD_TEXT,
     .label = "模板名称",
     .col = 12,
     .width = 40,
     .max_chars = TEMPLATE_NAME_CHARS,
     .required = true,
     .help = "最多 40 个字，例如 每月服务费。"},
    {.id = FIELD_SHARED,
     .kind = FIELD_FLAG,
     .label = "共享",
     .row = 1,
     .col = 12,
     .width = 3,
     .help = "空格切换：本单位的开票员都能用，还是只有自己能用。"},
    {.id = 0},
};

static void fail_name(struct form *f, const struct err_info *e)
{
	char sentence[1200];

	form_fail(f, FIELD_NAME, ui_sentence(e, sentence, sizeof(sentence)));
}

/* The invoice of the open dialog; one dialog is open at a time. */
static struct {
	bool there;
	struct invoice invoice;
} kept;

static void drop_kept(void)
{
	if (kept.there)
		invoice_free(&kept.invoice);
	kept.there = false;
}

static bool keep(struct form *f, void *arg)
{
	struct err_info e = {0};
	int64_t id;

	(void)arg;
	if (desk_template_add(ui_session(), form_get(f, FIELD_NAME), form_flag(f, FIELD_SHARED),
			      &kept.invoice, &id, &e)) {
		fail_name(f, &e);
		return false;
	}
	drop_kept();
	ui_message(MESSAGE_GOOD, "已存为模板“%s”", form_get(f, FIELD_NAME));
	return true;
}

bool template_ask_name(struct view *asker, int token, const struct invoice *inv)
{
	struct ask_form_arg a = {
	    .title = "存为模板",
	    .fields = NAME,
	    .submit = keep,
	    .saves = true,
	    .note = "带号码、日期、订单号以外的全部。备注和项目名称里可以写 {年} {月} {日} "
		    "{上月} {上月年}，用的时候换成当天的。"};

	drop_kept();
	invoice_copy(&kept.invoice, inv);
	kept.there = true;
	return view_ask(asker, token, &view_form_ops, &a);
}

bool template_ask_of(struct view *asker, int token, int64_t id)
{
	struct err_info e = {0};
	struct invoice_record r;
	char no[24];
	bool asked;

	snprintf(no, sizeof(no), "#%lld", (long long)id);
	if (desk_invoice_pattern(ui_session(), no, &r, &e)) {
		ui_error(&e);
		return true;
	}
	desk_type_renew(ui_session(), &r, NULL);
	asked = template_ask_name(asker, token, &r.invoice);
	invoice_record_free(&r);
	return asked;
}

bool invoice_show_face(const char *title, const struct invoice *inv)
{
	struct err_info e = {0};
	struct buf b;

	buf_init(&b, FACE_BYTES);
	if (desk_face_text(ui_session(), inv, &b, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = title, .text = buf_str(&b), .exact = true});
	buf_free(&b);
	return true;
}

/* ---- rows ---- */

static enum err add_template(void *arg, const struct invoice_template *t)
{
	struct list_row *row = listing_row(arg, t->id, FACE_NORMAL);
	char gross[FEN_TEXT + 8];

	snprintf(row->cell[0], LIST_CELL, "#%" PRId64, t->id);
	text_copy(row->cell[CELL_NAME], LIST_CELL, t->name);
	text_copy(row->cell[CELL_KIND], LIST_CELL, invoice_kind_label(t->kind));
	text_copy(row->cell[CELL_BUYER], LIST_CELL, t->buyer_name);
	snprintf(row->cell[CELL_LINES], LIST_CELL, "%" PRId64, t->line_count);
	text_copy(row->cell[CELL_GROSS], LIST_CELL,
		  t->gross ? fen_format_grouped(t->gross, gross) : "");
	snprintf(row->cell[CELL_USES], LIST_CELL, "%" PRId64, t->uses);
	text_copy(row->cell[CELL_WHOSE], LIST_CELL, t->owner_id ? "自己" : "共享");
	return ERR_OK;
}

static enum err read_templates(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct templates *s = v->state;

	return desk_template_list(ui_session(), form_get(&s->frame.filter, FILTER_TEXT), p->cursor,
				  p->max, add_template, p, &p->next, &p->total, e);
}

/* ---- what can be done ---- */

static bool use(struct templates *s)
{
	int64_t id = list_row(&s->frame.list)->id;

	if (!s->pick)
		return view_switch(&view_blue_ops, &(struct blue_arg) {.template = id});
	view_pop(true, &id);
	return true;
}

static bool preview(const struct templates *s)
{
	struct err_info e = {0};
	struct invoice_template t;
	struct invoice inv;

	if (desk_template_get(ui_session(), list_row(&s->frame.list)->cell[0], &t, &e)) {
		ui_error(&e);
		return true;
	}
	if (desk_template_fill(&t, &inv, &e)) {
		ui_error(&e);
	} else {
		invoice_show_face(t.name, &inv);
		invoice_free(&inv);
	}
	invoice_template_free(&t);
	return true;
}

static void fill_edit(struct form *f, void *arg)
{
	const struct list_row *row = list_row(&((struct templates *)arg)->frame.list);

	form_set(f, FIELD_NAME, row->cell[CELL_NAME]);
	form_set(f, FIELD_SHARED, strcmp(row->cell[CELL_WHOSE], "共享") ? "" : "1");
}

static bool submit_edit(struct form *f, void *arg)
{
	const struct list_row *row = list_row(&((struct templates *)arg)->frame.list);
	struct err_info e = {0};

	if (!desk_template_edit(ui_session(), row->cell[0], form_get(f, FIELD_NAME),
				form_flag(f, FIELD_SHARED), &e))
		return true;
	fail_name(f, &e);
	return false;
}

static bool ask_edit(struct templates *s)
{
	return view_ask(s->frame.view, ASK_EDIT, &view_form_ops,
			&(struct ask_form_arg) {.title = "模板改名",
						.fields = NAME,
						.fill = fill_edit,
						.submit = submit_edit,
						.arg = s,
						.saves = true});
}

static bool ask_remove(struct templates *s)
{
	snprintf(s->question, QUESTION, "删除模板“%.160s”？已经开出的发票不受影响。",
		 list_row(&s->frame.list)->cell[CELL_NAME]);
	return view_ask(s->frame.view, ASK_REMOVE, &view_ask_ops,
			&(struct ask_arg) {
			    .title = "删除模板", .text = s->question, .yes = "删除", .no = "保留"});
}

static void templates_answer(struct view *v, int token, bool ok, const void *result)
{
	struct templates *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	struct err_info e = {0};

	(void)result;
	if (!ok || !row)
		return;
	if (token == ASK_REMOVE && desk_template_remove(ui_session(), row->cell[0], &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, token == ASK_REMOVE ? "模板已删除" : "模板已保存");
	s->frame.list.stale = true;
	view_redraw(v);
}

/* ---- the view ---- */

static bool templates_content(struct view *v, bool changed)
{
	struct templates *s = v->state;

	(void)changed;
	s->frame.list.empty =
	    *form_get(&s->frame.filter, FILTER_TEXT)
		? "没有符合条件的模板。"
		: "还没有模板：在填开的发票里按 Alt-v，或在开票记录里按 s 存一个。";
	return true;
}

static bool templates_chosen(struct view *v)
{
	return use(v->state);
}

static bool row_act(struct templates *s, enum action a)
{
	switch (a) {
	case ACT_PREVIEW:
	case ACT_DETAIL:
		return preview(s);
	case ACT_EDIT:
		return ask_edit(s);
	case ACT_REMOVE:
		return ask_remove(s);
	default:
		return false;
	}
}

static bool templates_act(struct view *v, enum action a)
{
	struct templates *s = v->state;

	if (!s->frame.list.filtering && list_row(&s->frame.list) && row_act(s, a))
		return true;
	return a != ACT_EXPORT && a != ACT_MARK && a != ACT_MARK_ALL && listing_act(v, a);
}

static const char *templates_why_not(const struct view *v, enum action a)
{
	const struct templates *s = v->state;

	return (a == ACT_PREVIEW || a == ACT_EDIT || a == ACT_REMOVE) && !list_row(&s->frame.list)
		   ? "没有选中的模板"
		   : NULL;
}

static const enum action *templates_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_RESET, ACT_BACK, ACT_NONE};
	const struct templates *s = v->state;

	return s->frame.list.filtering ? FILTERING : NULL;
}

static const enum action HINTS[] = {ACT_ENTER, ACT_PREVIEW, ACT_EDIT, ACT_REMOVE,
				    ACT_FIND,  ACT_BACK,    ACT_NONE};
static const struct listing_kind TEMPLATES = {
    .title = "发票模板",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_ISSUE,
    .of_unit = true,
    .hints = HINTS,
    .help = "回车用选中的模板填开，p 先看票面：备注里的 {年}{月}{上月} 已换成今天的。",
    .read = read_templates,
    .content = templates_content,
    .chosen = templates_chosen,
    .hints_now = templates_hints,
};

static enum err templates_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct templates_arg *a = arg;
	struct templates *s = v->state;
	enum err r = listing_open(v, &TEMPLATES, e);

	if (r)
		return r;
	s->pick = a && a->pick;
	s->frame.list.fixed = true;
	return ERR_OK;
}

const struct view_ops view_templates_ops = {
    LISTING_BODY,
    .name = "templates",
    .path = "开票 › 发票模板",
    .size = sizeof(struct templates),
    .open = templates_open,
    .paint = listing_paint,
    .key = listing_key,
    .act = templates_act,
    .why_not = templates_why_not,
    .answer = templates_answer,
};
