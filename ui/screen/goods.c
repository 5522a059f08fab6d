/* goods.c - 商品信息: list, detail, and what can be done with goods (features G60-G71). */
#include "ui/screen/goods.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/list_p.h"
#include "ui/screen/catalogue.h"
#include "ui/screen/code_pick.h"
#include "ui/screen/export.h"

enum {
	FIELD_NAME = CATALOGUE_OWN,
	FIELD_UNUSABLE,
	FIELD_MNEMONIC,
	FIELD_CODE,
	FIELD_SHORT,
	FIELD_TWINS
};
enum { ASK_FORM = 1, ASK_REMOVE, ASK_CODE };
enum { CELL_NAME = LIST_COLUMNS - 2, CELL_CODE };
enum { STATE_COLS = 6, STATE_WIDE = 10 };

static const struct field FILTER[] = {
    {.id = CATALOGUE_ANY,
     .kind = FIELD_TEXT,
     .label = "查找",
     .col = 8,
     .width = 20,
     .wide_width = 40,
     .max_chars = 60,
     .help = "名称、简称、简码、编码的任何一部分，或名称的拼音；几个词用空格分开。边输入边查。"},
    {.id = FIELD_NAME,
     .kind = FIELD_TEXT,
     .label = "名称",
     .col = 37,
     .width = 20,
     .wide_width = 36,
     .max_chars = 100,
     .help = "商品名称的一部分或拼音。"},
    {.id = FIELD_UNUSABLE,
     .kind = FIELD_FLAG,
     .label = "只看要处理的",
     .col = 74,
     .width = 1,
     .help = "打勾：只看没有编码、没有税率和编码已停用、是汇总项、不存在的商品；勾选后 m 换编码。"},
    {.id = FIELD_MNEMONIC,
     .kind = FIELD_TEXT,
     .label = "简码",
     .row = 1,
     .col = 8,
     .width = 12,
     .max_chars = 50,
     .help = "简码的一部分，或名称开头几个字的拼音首字母。"},
    {.id = FIELD_CODE,
     .kind = FIELD_DIGITS,
     .label = "税编",
     .row = 1,
     .col = 29,
     .width = 19,
     .max_chars = 19,
     .help = "税收分类编码开头的几位。"},
    {.id = FIELD_SHORT,
     .kind = FIELD_TEXT,
     .label = "简称",
     .row = 1,
     .col = 57,
     .width = 18,
     .max_chars = 60,
     .help = "税收简称的一部分。"},
    {.id = CATALOGUE_SELLER,
     .kind = FIELD_SHOW,
     .label = "销方",
     .row = 2,
     .col = 8,
     .width = 52,
     .apart = true,
     .help = "看哪个销方的商品，左右键选择，回车换过去：之后的列表和开票都是它的。"},
    {.id = FIELD_TWINS,
     .kind = FIELD_FLAG,
     .label = "只看重复的",
     .row = 2,
     .col = 74,
     .width = 1,
     .help = "打勾：只看名称和规格型号与另一个相同的商品。"},
    {.id = 0},
};

/* ---- rows ---- */

struct page {
	const struct catalogue_list *s;
	struct listing_page *to;
};

/* Columns that are no text of goods. */
static void put_others(struct list_row *row, const struct catalogue_list *s, const struct goods *g)
{
	char rate[RATE_TEXT];
	int i;

	for (i = 0; i < s->count; i++) {
		if (!strcmp(s->keys[i], "rate"))
			text_copy(row->cell[i], LIST_CELL,
				  g->rate_ppm < 0 ? "" : rate_format_percent(g->rate_ppm, rate));
		else if (!strcmp(s->keys[i], "inclusive"))
			text_copy(row->cell[i], LIST_CELL,
				  text_empty(g->price) ? ""
				  : g->inclusive       ? "含税"
						       : "不含税");
	}
}

static enum err add_goods(void *arg, const struct goods *g)
{
	struct page *p = arg;
	struct list_row *row =
	    listing_row(p->to, g->id, g->rate_ppm < 0 ? FACE_WARNING : FACE_NORMAL);

	catalogue_list_texts(p->s, row, goods_fields, g);
	put_others(row, p->s, g);
	text_copy(row->cell[CELL_NAME], LIST_CELL, g->name);
	text_copy(row->cell[CELL_CODE], LIST_CELL, g->tax_code);
	return ERR_OK;
}

/* 编码已停用 where there is room, else 已停用 beside the code. */
static const char *state_text(enum code_fault fault, bool wide)
{
	static const char CODE[] = "编码";
	const char *label = code_fault_label(fault);

	return !wide && !strncmp(label, CODE, strlen(CODE)) ? label + strlen(CODE) : label;
}

static void mark_twin(const struct catalogue_list *s, struct list_row *row)
{
	bool twin = false;

	/* A mark only: without an answer there is none. */
	if (!desk_goods_has_twin(ui_session(), row->id, &twin, NULL) && twin)
		catalogue_list_twin(s, row, row->cell[CELL_NAME]);
}

static enum err put_states(const struct catalogue_list *s, struct listing_page *p,
			   struct err_info *e)
{
	struct list_row *rows = p->rows;
	enum code_fault fault;
	enum err r;
	int i;

	for (i = 0; i < p->count; i++) {
		if ((r = desk_goods_fault(ui_session(), rows[i].cell[CELL_CODE], &fault, e)))
			return r;
		text_copy(rows[i].cell[s->count], LIST_CELL,
			  fault == CODE_FINE && rows[i].face == FACE_WARNING
			      ? "无税率"
			      : state_text(fault, p->wide));
		if (fault != CODE_FINE)
			rows[i].face = fault == CODE_NONE ? FACE_WARNING : FACE_ERROR;
		mark_twin(s, &rows[i]);
	}
	return ERR_OK;
}

static struct goods_query query_of(const struct catalogue_list *s)
{
	const struct form *f = &s->frame.filter;

	return (struct goods_query) {
	    .text = form_get(f, CATALOGUE_ANY),
	    .name = form_get(f, FIELD_NAME),
	    .mnemonic = form_get(f, FIELD_MNEMONIC),
	    .tax_code = form_get(f, FIELD_CODE),
	    .short_name = form_get(f, FIELD_SHORT),
	    .unusable = form_flag(f, FIELD_UNUSABLE),
	    .twins = form_flag(f, FIELD_TWINS),
	};
}

static enum err read_goods(struct view *v, struct listing_page *to, struct err_info *e)
{
	struct page p = {.s = v->state, .to = to};
	struct goods_query q = query_of(p.s);
	enum err r;

	q.cursor = to->cursor;
	q.limit = to->max;
	r = desk_goods_list(ui_session(), &q, add_goods, &p, &to->next, &to->total, &to->at_least,
			    e);
	return r ? r : put_states(p.s, to, e);
}

/* ---- detail ---- */

static void goods_text(const struct goods *g, struct buf *b)
{
	char text[120], rate[RATE_TEXT], when[32];
	const struct code_row *preference =
	    *g->preference ? code_find(CODES_PREFERENCES, g->preference) : NULL;
	enum code_fault fault = CODE_FINE;

	snprintf(text, sizeof(text), "#%lld", (long long)g->id);
	detail_add(b, "编号", text);
	detail_add(b, "商品名称", g->name);
	detail_add(b, "项目分类", g->category);
	detail_add(b, "简码", g->mnemonic);
	detail_add(b, "税收分类编码", g->tax_code);
	detail_add(b, "税收简称", g->short_name);
	if (!desk_goods_fault(ui_session(), g->tax_code, &fault, NULL))
		detail_add(b, "状态", code_fault_label(fault));
	detail_add(b, "税率", g->rate_ppm < 0 ? "" : rate_format_percent(g->rate_ppm, rate));
	detail_add(b, "规格型号", g->spec);
	detail_add(b, "单位", g->unit);
	snprintf(text, sizeof(text), "%.60s（%s）", g->price, g->inclusive ? "含税" : "不含税");
	detail_add(b, "单价", *g->price ? text : "");
	detail_add(b, "优惠政策", preference ? preference->name : "");
	detail_add(b, "来源", catalogue_source_label(g->source));
	snprintf(text, sizeof(text), "用过 %lld 次%s%s", (long long)g->uses,
		 g->used_at ? "，最近 " : "", screen_when(g->used_at, true, when));
	detail_add(b, "开票", text);
	detail_time(b, "新增时间", g->created_at);
	detail_time(b, "修改时间", g->updated_at);
}

static bool open_detail(struct catalogue_list *s)
{
	struct err_info e = {0};
	struct goods g;
	struct buf b;

	if (desk_goods_get(ui_session(), list_row(&s->frame.list)->id, &g, &e)) {
		ui_error(&e);
		return true;
	}
	buf_init(&b, DETAIL_MAX);
	goods_text(&g, &b);
	view_push(&view_read_ops, &(struct read_arg) {.title = "商品详情", .text = buf_str(&b)});
	buf_free(&b);
	goods_free(&g);
	return true;
}

/* ---- what can be done ---- */

static bool open_form(struct catalogue_list *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);
	struct goods_form_arg arg = {.id = a == ACT_ADD ? 0 : row->id, .copy = a == ACT_COPY_ROW};

	return view_ask(s->frame.view, ASK_FORM, &view_goods_form_ops, &arg);
}

static bool export_rows(struct catalogue_list *s, enum action a)
{
	struct goods_query q = query_of(s);

	(void)a;
	return view_push(
	    &view_export_ops,
	    &(struct export_arg) {.list = &s->frame.list, .table = "goods", .goods = &q});
}

static bool ask_remove(struct catalogue_list *s, enum action a)
{
	(void)a;
	return catalogue_list_ask_remove(s, ASK_REMOVE);
}

static bool ask_code(struct catalogue_list *s, enum action a)
{
	const struct code_pick_arg arg = {.name = list_row(&s->frame.list)->cell[CELL_NAME]};

	(void)a;
	if (s->frame.list.mark_count)
		ui_message(MESSAGE_INFO, "给勾选的 %zu 个商品换编码：选一个，回车",
			   s->frame.list.mark_count);
	return view_ask(s->frame.view, ASK_CODE, &view_code_pick_ops, &arg);
}

static void recode(struct catalogue_list *s, const struct code_picked *c)
{
	struct err_info e = {0};
	int changed = 0, rateless = 0;
	size_t n;
	const int64_t *ids = catalogue_list_chosen(s, &n);

	if (desk_goods_recode(ui_session(), ids, n, c->code, &changed, &rateless, &e)) {
		ui_error(&e);
		return;
	}
	if (rateless)
		ui_message(
		    MESSAGE_WARNING,
		    "%d 个商品的编码换成了 %s；新编码没有原来的税率，%d 个商品的税率已清空，请补上",
		    changed, c->code, rateless);
	else if (changed == (int)n)
		ui_message(MESSAGE_GOOD, "%d 个商品的编码换成了 %s %s", changed, c->code,
			   c->short_name);
	else
		ui_message(MESSAGE_GOOD, "%d 个商品的编码换成了 %s %s，其余 %zu 个没有变化",
			   changed, c->code, c->short_name, n - (size_t)changed);
	s->frame.list.mark_count = 0;
	list_reload(&s->frame.list);
}

static void goods_answer(struct view *v, int token, bool ok, const void *result)
{
	struct catalogue_list *s = v->state;

	if (ok && token == ASK_FORM && !screen_show_row(&s->frame.list, *(const int64_t *)result))
		screen_tell_hidden();
	else if (ok && token == ASK_REMOVE)
		catalogue_list_remove(s);
	else if (ok && token == ASK_CODE)
		recode(s, result);
	view_redraw(v);
}

/* ---- the view ---- */

static const char *nothing(const struct catalogue_list *s)
{
	return form_flag(&s->frame.filter, FIELD_UNUSABLE)
		   ? "没有要处理的商品：编码和税率都可以用。"
	       : form_flag(&s->frame.filter, FIELD_TWINS)
		   ? "没有重复的商品：名称和规格型号都相同的只有一个。"
	       : list_has_conditions(&s->frame.list)
		   ? "没有符合条件的商品：按 c 重置条件，a 新增。"
		   : "没有商品：按 a 新增，F5 从工作簿导入；开过票的会自动记住。";
}

static bool goods_chosen(struct view *v)
{
	return open_detail(v->state);
}

static const struct catalogue_act ACTS[] = {
    {ACT_ADD, false, DESK_CATALOGUE, open_form},
    {ACT_EDIT, true, DESK_CATALOGUE, open_form},
    {ACT_COPY_ROW, true, DESK_CATALOGUE, open_form},
    {ACT_REMOVE, true, DESK_CATALOGUE, ask_remove},
    {ACT_RECODE, true, DESK_CATALOGUE, ask_code},
    {ACT_EXPORT, false, DESK_VIEW, export_rows},
    {ACT_IMPORT, false, DESK_CATALOGUE, catalogue_list_import},
    {ACT_TEMPLATE, false, DESK_VIEW, catalogue_list_template},
    {.run = NULL},
};
static const enum action HINTS[] = {ACT_FIND,   ACT_ADD,      ACT_EDIT,   ACT_IMPORT, ACT_EXPORT,
				    ACT_REMOVE, ACT_TEMPLATE, ACT_RECODE, ACT_MARK,   ACT_DETAIL,
				    ACT_RESET,  ACT_BACK,     ACT_NONE};
static const struct catalogue_kind GOODS = {
    .frame =
	{
	    .title = "商品信息",
	    .allow = DESK_VIEW,
	    .of_unit = true,
	    .hints = HINTS,
	    .help =
		"F3 查找，回车看详情，a 新增，e 编辑，x 删除，m 更换编码；空格勾选几个一起办；F5 导入，T "
		"下载模板，E 导出。",
	    .read = read_goods,
	    .content = catalogue_list_content,
	    .act = catalogue_list_part,
	    .chosen = goods_chosen,
	},
    .table = "goods",
    .noun = "商品",
    .unchosen = "没有选中的商品",
    .filter = FILTER,
    .state = {.label = "状态", .width = STATE_COLS, .wide_width = STATE_WIDE},
    .name_cell = CELL_NAME,
    .acts = ACTS,
    .empty = nothing,
    .remove = desk_goods_remove,
};

static enum err goods_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct goods_arg *a = arg;
	struct catalogue_list *s = v->state;
	enum err r = catalogue_list_open(v, &GOODS, e);

	if (r)
		return r;
	form_set(&s->frame.filter, FIELD_UNUSABLE, a && a->unusable ? "1" : "");
	s->frame.list.fixed = a && a->unusable;
	return ERR_OK;
}

const struct view_ops view_goods_ops = {
    LISTING_BODY,
    .name = "goods",
    .path = "数电设置 › 商品信息",
    .size = sizeof(struct catalogue_list),
    .open = goods_open,
    .paint = listing_paint,
    .key = catalogue_list_key,
    .act = catalogue_list_act,
    .why_not = catalogue_list_why_not,
    .answer = goods_answer,
};
