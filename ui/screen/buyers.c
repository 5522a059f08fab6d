/* buyers.c - 购方信息: list, detail, and what can be done with buyers (features G50-G56). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/list_p.h"
#include "ui/screen/blue.h"
#include "ui/screen/buyer_form.h"
#include "ui/screen/catalogue.h"
#include "ui/screen/export.h"
#include "ui/screen/invoices.h"

enum { FIELD_NAME = CATALOGUE_OWN, FIELD_TAX_NO, FIELD_MNEMONIC, FIELD_PHONE, FIELD_TWINS };
enum { ASK_FORM = 1, ASK_REMOVE, ASK_MERGE, ASK_DETAIL };
enum { CELL_NAME = LIST_COLUMNS - 1 };
enum { LINE = 300, TWINS = 2 };

struct buyers {
	struct catalogue_list list;
	int64_t pair[TWINS]; /* of the open question about merging */
};

static const struct field FILTER[] = {
    {.id = CATALOGUE_ANY,
     .kind = FIELD_TEXT,
     .label = "查找",
     .col = 8,
     .width = 28,
     .wide_width = 40,
     .max_chars = 60,
     .help = "名称、税号、简码、电话的任何一部分，或名称的拼音；几个词用空格分开。边输入边查。"},
    {.id = FIELD_NAME,
     .kind = FIELD_TEXT,
     .label = "名称",
     .col = 46,
     .width = 30,
     .wide_width = 40,
     .max_chars = 100,
     .help = "名称的一部分或拼音。"},
    {.id = FIELD_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 1,
     .col = 8,
     .width = 20,
     .max_chars = 20,
     .help = "税号的一部分。"},
    {.id = FIELD_MNEMONIC,
     .kind = FIELD_TEXT,
     .label = "简码",
     .row = 1,
     .col = 37,
     .width = 12,
     .max_chars = 50,
     .help = "简码的一部分，或名称开头几个字的拼音首字母。"},
    {.id = FIELD_PHONE,
     .kind = FIELD_DIGITS,
     .label = "电话",
     .row = 1,
     .col = 58,
     .width = 18,
     .max_chars = 60,
     .help = "电话的一部分。"},
    {.id = CATALOGUE_SELLER,
     .kind = FIELD_SHOW,
     .label = "销方",
     .row = 2,
     .col = 8,
     .width = 52,
     .apart = true,
     .help = "看哪个销方的购方，左右键选择，回车换过去：之后的列表和开票都是它的。"},
    {.id = FIELD_TWINS,
     .kind = FIELD_FLAG,
     .label = "只看重复的",
     .row = 2,
     .col = 74,
     .width = 1,
     .help = "打勾：只看税号或名称与另一个相同的购方；空格勾选两个后 m 合并。"},
    {.id = 0},
};

/* ---- rows ---- */

struct page {
	const struct catalogue_list *s;
	struct listing_page *to;
};

static void mark_twin(const struct catalogue_list *s, const struct buyer *b, struct list_row *row)
{
	struct err_info e = {0};
	bool twin = false;

	/* A mark only: without an answer there is none. */
	if (!desk_buyer_has_twin(ui_session(), b, &twin, &e) && twin)
		catalogue_list_twin(s, row, b->party.name);
}

static enum err add_buyer(void *arg, const struct buyer *b)
{
	struct page *p = arg;
	struct list_row *row = listing_row(p->to, b->id, FACE_NORMAL);

	catalogue_list_texts(p->s, row, buyer_fields, b);
	text_copy(row->cell[CELL_NAME], LIST_CELL, b->party.name);
	mark_twin(p->s, b, row);
	return ERR_OK;
}

static struct buyer_query query_of(const struct catalogue_list *s)
{
	const struct form *f = &s->frame.filter;

	return (struct buyer_query) {
	    .text = form_get(f, CATALOGUE_ANY),
	    .name = form_get(f, FIELD_NAME),
	    .tax_no = form_get(f, FIELD_TAX_NO),
	    .mnemonic = form_get(f, FIELD_MNEMONIC),
	    .phone = form_get(f, FIELD_PHONE),
	    .twins = form_flag(f, FIELD_TWINS),
	};
}

static enum err read_buyers(struct view *v, struct listing_page *to, struct err_info *e)
{
	struct page p = {.s = v->state, .to = to};
	struct buyer_query q = query_of(p.s);

	q.cursor = to->cursor;
	q.limit = to->max;
	return desk_buyer_list(ui_session(), &q, add_buyer, &p, &to->next, &to->total,
			       &to->at_least, e);
}

/* ---- detail ---- */

static void add_addresses(struct buf *b, const struct buyer *u)
{
	char label[32], words[1200];
	size_t i;

	for (i = 0; i < u->more_count; i++) {
		snprintf(label, sizeof(label), "地址 %zu", i + 2);
		detail_add(b, label, screen_address_words(&u->more[i], words, sizeof(words)));
	}
}

static void buyer_text(const struct buyer *u, struct buf *b)
{
	char text[64], when[32];

	snprintf(text, sizeof(text), "#%lld", (long long)u->id);
	detail_add(b, "编号", text);
	detail_add(b, "名称", u->party.name);
	detail_add(b, "税号", u->party.tax_no);
	detail_add(b, "自然人", u->is_person ? "是" : "");
	detail_add(b, "简码", u->mnemonic);
	detail_add(b, u->more_count ? "地址（默认）" : "地址", u->party.address);
	detail_add(b, "电话", u->party.phone);
	detail_add(b, "开户行", u->party.bank);
	detail_add(b, "账号", u->party.account);
	detail_add(b, "邮箱", u->email);
	detail_add(b, "手机", u->mobile);
	add_addresses(b, u);
	detail_add(b, "来源", catalogue_source_label(u->source));
	snprintf(text, sizeof(text), "用过 %lld 次%s%s", (long long)u->uses,
		 u->used_at ? "，最近 " : "", screen_when(u->used_at, true, when));
	detail_add(b, "开票", text);
	detail_time(b, "新增时间", u->created_at);
	detail_time(b, "修改时间", u->updated_at);
}

static bool open_detail(struct catalogue_list *s)
{
	static const enum action EXTRA[] = {ACT_HISTORY, ACT_NEW_INVOICE, ACT_AGAIN, ACT_NONE};
	struct err_info e = {0};
	struct buyer u;
	struct buf b;

	if (desk_buyer_get(ui_session(), list_row(&s->frame.list)->id, &u, &e)) {
		ui_error(&e);
		return true;
	}
	buf_init(&b, DETAIL_MAX);
	buyer_text(&u, &b);
	view_ask(s->frame.view, ASK_DETAIL, &view_read_ops,
		 &(struct read_arg) {.title = "购方详情",
				     .text = buf_str(&b),
				     .extra = EXTRA,
				     .section = "buyer-detail"});
	buf_free(&b);
	buyer_free(&u);
	return true;
}

/* ---- what can be done ---- */

static bool open_form(struct catalogue_list *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);
	struct buyer_form_arg arg = {.id = a == ACT_ADD ? 0 : row->id, .copy = a == ACT_COPY_ROW};

	return view_ask(s->frame.view, ASK_FORM, &view_buyer_form_ops, &arg);
}

static void changed(struct catalogue_list *s, int64_t id)
{
	if (!screen_show_row(&s->frame.list, id))
		screen_tell_hidden();
}

static bool show_invoices(struct catalogue_list *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);
	const struct invoices_arg arg = {.buyer = row->cell[CELL_NAME], .buyer_id = row->id};

	(void)a;
	return view_push(&view_invoices_ops, &arg);
}

static bool new_invoice(struct catalogue_list *s, enum action a)
{
	(void)a;
	blue_open_for(list_row(&s->frame.list)->id);
	return true;
}

static bool again(struct catalogue_list *s, enum action a)
{
	(void)a;
	blue_open_again(list_row(&s->frame.list)->id);
	return true;
}

static bool export_rows(struct catalogue_list *s, enum action a)
{
	struct buyer_query q = query_of(s);

	(void)a;
	return view_push(
	    &view_export_ops,
	    &(struct export_arg) {.list = &s->frame.list, .table = "buyers", .buyers = &q});
}

/* ---- removing ---- */

static bool ask_remove(struct catalogue_list *s, enum action a)
{
	(void)a;
	return catalogue_list_ask_remove(s, ASK_REMOVE);
}

/* ---- merging ---- */

/* The two that are marked, or the selected one and the first that is like it. */
static bool find_pair(struct catalogue_list *s, struct buyer two[TWINS], struct err_info *e)
{
	const struct list_row *row = list_row(&s->frame.list);
	bool marked = s->frame.list.mark_count == TWINS;
	int n = 0;

	if (s->frame.list.mark_count && !marked) {
		err_fail(e, ERR_INVALID, "buyer.pair", "合并", "勾选了 %zu 个",
			 s->frame.list.mark_count);
		err_hint(e, "请勾选要合并的两个购方");
		return false;
	}
	if (desk_buyer_get(ui_session(), marked ? s->frame.list.marks[0] : row->id, &two[0], e))
		return false;
	if (marked ? !desk_buyer_get(ui_session(), s->frame.list.marks[1], &two[1], e)
		   : !desk_buyer_twins(ui_session(), &two[0], &two[1], 1, &n, e) && n)
		return true;
	if (!marked && !n) {
		err_fail(e, ERR_INVALID, "buyer.pair", "合并", "没有和它同名或同税号的购方");
		err_hint(e, "请用空格勾选要合并的两个购方");
	}
	buyer_free(&two[0]);
	return false;
}

static void add_one(struct buf *b, const struct buyer *u)
{
	const struct buyer_address a = {.address = u->party.address,
					.phone = u->party.phone,
					.bank = u->party.bank,
					.account = u->party.account};
	char words[600];

	detail_add(b, "名称", u->party.name);
	detail_add(b, "税号", *u->party.tax_no ? u->party.tax_no : "无");
	detail_add(b, "地址账号", screen_address_words(&a, words, sizeof(words)));
	snprintf(words, sizeof(words), "%s，用过 %lld 次", catalogue_source_label(u->source),
		 (long long)u->uses);
	detail_add(b, "来源", words);
}

static bool ask_merge(struct catalogue_list *s, enum action a)
{
	struct buyers *own = s->frame.view->state;
	struct buyer two[TWINS];
	struct err_info e = {0};
	char lines[TWINS][LINE], words[200];
	struct buf b;
	int i;

	(void)a;
	if (!find_pair(s, two, &e)) {
		ui_error(&e);
		return true;
	}
	buf_init(&b, DETAIL_MAX);
	for (i = 0; i < TWINS; i++) {
		own->pair[i] = two[i].id;
		buf_adds(&b, i ? "\n" : "");
		add_one(&b, &two[i]);
		snprintf(lines[i], LINE, "留下 %s",
			 screen_buyer_words(&two[i], words, sizeof(words)));
	}
	view_ask(s->frame.view, ASK_MERGE, &view_choose_ops,
		 &(struct choose_arg) {
		     .title = "合并购方：缺的资料、其他地址、使用次数都并过去",
		     .text = buf_str(&b),
		     .lines = (const char *const[]) {lines[0], lines[1], "不合并", NULL},
		     .selected = TWINS});
	buf_free(&b);
	buyer_free(&two[0]);
	buyer_free(&two[1]);
	return true;
}

static void merge(struct buyers *own, int stays)
{
	struct catalogue_list *s = &own->list;
	struct err_info e = {0};

	if (stays >= TWINS)
		return;
	if (desk_buyer_merge(ui_session(), own->pair[!stays], own->pair[stays], &e)) {
		ui_error(&e);
		return;
	}
	s->frame.list.mark_count = 0;
	ui_message(MESSAGE_GOOD, "#%lld 已并入 #%lld", (long long)own->pair[!stays],
		   (long long)own->pair[stays]);
	changed(s, own->pair[stays]);
}

/* ---- answers ---- */

static void buyers_answer(struct view *v, int token, bool ok, const void *result)
{
	struct catalogue_list *s = v->state;

	if (ok && token == ASK_FORM)
		changed(s, *(const int64_t *)result);
	else if (ok && token == ASK_REMOVE)
		catalogue_list_remove(s);
	else if (ok && token == ASK_MERGE)
		merge(v->state, *(const int *)result);
	else if (ok && token == ASK_DETAIL && result)
		catalogue_list_run(s, *(const enum action *)result);
	view_redraw(v);
}

/* ---- the view ---- */

static const char *nothing(const struct catalogue_list *s)
{
	return form_flag(&s->frame.filter, FIELD_TWINS) ? "没有重复的购方：税号和名称都只有一个。"
	       : list_has_conditions(&s->frame.list)
		   ? "没有符合条件的购方：按 c 重置条件，a 新增。"
		   : "没有购方：按 a 新增，F5 从工作簿导入；开过票的会自动记住。";
}

static bool buyers_chosen(struct view *v)
{
	return open_detail(v->state);
}

static const struct catalogue_act ACTS[] = {
    {ACT_ADD, false, DESK_CATALOGUE, open_form},
    {ACT_EDIT, true, DESK_CATALOGUE, open_form},
    {ACT_COPY_ROW, true, DESK_CATALOGUE, open_form},
    {ACT_REMOVE, true, DESK_CATALOGUE, ask_remove},
    {ACT_MERGE, true, DESK_CATALOGUE, ask_merge},
    {ACT_HISTORY, true, DESK_VIEW, show_invoices},
    {ACT_NEW_INVOICE, true, DESK_ISSUE, new_invoice},
    {ACT_AGAIN, true, DESK_ISSUE, again},
    {ACT_EXPORT, false, DESK_VIEW, export_rows},
    {ACT_IMPORT, false, DESK_CATALOGUE, catalogue_list_import},
    {ACT_TEMPLATE, false, DESK_VIEW, catalogue_list_template},
    {.run = NULL},
};
static const enum action HINTS[] = {ACT_FIND,        ACT_ADD,    ACT_EDIT,     ACT_IMPORT,
				    ACT_EXPORT,      ACT_REMOVE, ACT_TEMPLATE, ACT_MERGE,
				    ACT_NEW_INVOICE, ACT_MARK,   ACT_HISTORY,  ACT_DETAIL,
				    ACT_RESET,       ACT_BACK,   ACT_NONE};
static const struct catalogue_kind BUYERS = {
    .frame =
	{
	    .title = "购方信息",
	    .allow = DESK_VIEW,
	    .of_unit = true,
	    .hints = HINTS,
	    .help =
		"F3 查找，回车看详情，a 新增，e 编辑，x 删除，n 给它开票，s 上次照开，t 开过的发票；空格勾选两个后 "
		"m 合并；F5 导入，T 下载模板，E 导出。",
	    .read = read_buyers,
	    .content = catalogue_list_content,
	    .act = catalogue_list_part,
	    .chosen = buyers_chosen,
	},
    .table = "buyers",
    .noun = "购方",
    .unchosen = "没有选中的购方",
    .filter = FILTER,
    .name_cell = CELL_NAME,
    .acts = ACTS,
    .empty = nothing,
    .remove = desk_buyer_remove,
};

static enum err buyers_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return catalogue_list_open(v, &BUYERS, e);
}

const struct view_ops view_buyers_ops = {
    LISTING_BODY,
    .name = "buyers",
    .path = "数电设置 › 购方信息",
    .size = sizeof(struct buyers),
    .open = buyers_open,
    .paint = listing_paint,
    .key = catalogue_list_key,
    .act = catalogue_list_act,
    .why_not = catalogue_list_why_not,
    .answer = buyers_answer,
};
