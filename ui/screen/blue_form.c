/* blue_form.c - fields of the blue form; filling them, building the invoice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

/* A candidate leaves room for what tells it from others of its name. */
enum { BUYERS_SHOWN = 8, LINES_MAX = 5000, CANDIDATE_COLS = 40 };

/* ---- tables ---- */

static const char *const KINDS[] = {"数电普票", "数电专票", NULL};

static const char *check_tax_no(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	size_t at = 0;

	(void)fd;
	if (!*text || form_flag(f, BLUE_PERSON) || taxno_check(text, &at) != TAXNO_BAD_FORM)
		return NULL;
	snprintf(out, 256, "税号：应为 15 至 20 位数字和大写字母，第 %zu 位不符（请核对购方税号）",
		 at + 1);
	return out;
}

void blue_candidate(struct candidate *c, const char *label, const char *detail)
{
	size_t used, n = text_fit(label, CANDIDATE_COLS, &used);

	snprintf(c->label, sizeof(c->label), "%.*s%s", (int)n, label, label[n] ? "~" : "");
	text_copy(c->detail, sizeof(c->detail), detail);
}

static int complete_buyer(const struct form *f, const struct field *fd, const char *text,
			  struct candidate *out, int max)
{
	struct buyer found[BUYERS_SHOWN];
	int n = 0, i;

	(void)f;
	(void)fd;
	if (!*text || desk_buyer_match(ui_session(), text, max < BUYERS_SHOWN ? max : BUYERS_SHOWN,
				       found, &n, NULL))
		return 0;
	for (i = 0; i < n; i++) {
		out[i] = (struct candidate) {.id = found[i].id};
		blue_candidate(&out[i], found[i].party.name, found[i].party.tax_no);
		buyer_free(&found[i]);
	}
	return n;
}

static const struct field HEAD[] = {
    {.id = BLUE_KIND,
     .kind = FIELD_CHOICE,
     .label = "票种",
     .row = 0,
     .col = 8,
     .width = 8,
     .choices = KINDS,
     .help = "空格或左右键切换；数电专票必须填写购方税号。"},
    {.id = BLUE_MODE,
     .kind = FIELD_CHOICE,
     .label = "单价金额",
     .row = 0,
     .col = 28,
     .width = 6,
     .choices = blue_modes,
     .help = "录入的单价和金额是否含税。只想换个看法用 F9，不改变发票。"},
    {.id = BLUE_TYPE,
     .kind = FIELD_TEXT,
     .label = "业务类型",
     .row = 0,
     .col = 46,
     .width = 10,
     .wide_width = 20,
     .max_chars = 100,
     .help = "本单位自己的分类，可不填，不上传税局。"},
    {.id = BLUE_ORDER,
     .kind = FIELD_TEXT,
     .label = "订单号",
     .row = 0,
     .col = 66,
     .width = 11,
     .wide_width = 30,
     .max_chars = 64,
     .help = "可不填。同一订单号只开一张发票，可防止重复开票。"},
    {.id = BLUE_BUYER,
     .kind = FIELD_TEXT,
     .label = "购方",
     .row = 1,
     .col = 8,
     .width = 30,
     .wide_width = 58,
     .max_chars = 300,
     .required = true,
     .complete = complete_buyer,
     .chooser = true,
     .help = "输入两个字、税号开头或拼音首字母，选开过票的购方，回车带出资料。"},
    {.id = BLUE_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 1,
     .col = 46,
     .width = 20,
     .max_chars = 20,
     .check = check_tax_no,
     .help = "购方的统一社会信用代码或税号，15 至 20 位；开给个人可不填。"},
    {.id = BLUE_PERSON,
     .kind = FIELD_FLAG,
     .label = "自然人",
     .row = 1,
     .col = 76,
     .width = 1,
     .help = "开给个人时用空格打勾，票面名称后加（个人）。"},
    {.id = BLUE_ADDRESS,
     .kind = FIELD_TEXT,
     .label = "地址",
     .row = 2,
     .col = 8,
     .width = 38,
     .wide_width = 66,
     .max_chars = 300,
     .help = "购方地址，可不填。"},
    {.id = BLUE_PHONE,
     .kind = FIELD_TEXT,
     .label = "电话",
     .row = 2,
     .col = 54,
     .width = 20,
     .max_chars = 60,
     .help = "购方电话，可不填。"},
    {.id = BLUE_BANK,
     .kind = FIELD_TEXT,
     .label = "开户行",
     .row = 3,
     .col = 8,
     .width = 38,
     .wide_width = 66,
     .max_chars = 120,
     .help = "购方开户行，可不填。"},
    {.id = BLUE_ACCOUNT,
     .kind = FIELD_DIGITS,
     .label = "账号",
     .row = 3,
     .col = 54,
     .width = 24,
     .wide_width = 30,
     .max_chars = 50,
     .help = "购方银行账号，可不填。"},
    {.id = 0},
};

static const struct field FOOT[] = {
    {.id = BLUE_REMARK,
     .kind = FIELD_TEXT,
     .label = "备注",
     .row = 0,
     .col = 8,
     .width = 70,
     .wide_width = 106,
     .max_chars = 450,
     .help = "票面备注，最多 450 个字。"},
    {.id = BLUE_DRAWER,
     .kind = FIELD_TEXT,
     .label = "开票人",
     .row = 1,
     .col = 8,
     .width = 6,
     .wide_width = 12,
     .max_chars = 300,
     .required = true,
     .help = "票面上的开票人，必填。"},
    {.id = BLUE_PAYEE,
     .kind = FIELD_TEXT,
     .label = "收款人",
     .row = 1,
     .col = 24,
     .width = 6,
     .wide_width = 12,
     .max_chars = 100,
     .help = "可不填，打印在备注里。"},
    {.id = BLUE_REVIEWER,
     .kind = FIELD_TEXT,
     .label = "复核人",
     .row = 1,
     .col = 40,
     .width = 6,
     .wide_width = 12,
     .max_chars = 100,
     .help = "可不填，打印在备注里。"},
    {.id = BLUE_SHOW_BUYER,
     .kind = FIELD_FLAG,
     .label = "展示购方银行",
     .row = 1,
     .col = 62,
     .width = 1,
     .help = "打勾后，备注里打印购方开户行和账号。"},
    {.id = BLUE_SHOW_SELLER,
     .kind = FIELD_FLAG,
     .label = "销方银行",
     .row = 1,
     .col = 75,
     .width = 1,
     .help = "打勾后，备注里打印销方开户行和账号。"},
    {.id = 0},
};

/* ---- parts ---- */

struct form *blue_part_form(struct blue *b, enum blue_part part)
{
	if (part == BLUE_GRID)
		return NULL;
	return part == BLUE_HEAD ? &b->head : &b->foot;
}

void blue_focus(struct blue *b, enum blue_part part)
{
	b->part = part;
}

bool blue_inclusive(const struct blue *b)
{
	return form_choice(&b->head, BLUE_MODE) != 1;
}

void blue_form_init(struct blue *b)
{
	form_init(&b->head, HEAD, b);
	form_init(&b->foot, FOOT, b);
	b->view_inclusive = true;
	invoice_init(&b->rest);
	grid_init(&b->grid, blue_rows_columns(true), &blue_hooks, b, LINES_MAX);
}

void blue_form_free(struct blue *b)
{
	form_free(&b->head);
	form_free(&b->foot);
	grid_free(&b->grid);
	invoice_free(&b->rest);
}

static void set_field(struct blue *b, enum blue_field id, const char *text)
{
	form_set(blue_part_form(b, blue_part_of(id)), id, text);
}

static const char *get_field(const struct blue *b, enum blue_field id)
{
	return form_get(blue_part_of(id) == BLUE_HEAD ? &b->head : &b->foot, id);
}

static void clean(struct blue *b)
{
	b->head.dirty = b->foot.dirty = b->grid.dirty = false;
	b->changed = b->leaving = false;
}

void blue_form_fresh(struct blue *b)
{
	struct issue_habit h = {.inclusive = true};
	int id;

	desk_habit(ui_session(), &h, NULL);
	for (id = 1; id < BLUE_FIELDS; id++)
		set_field(b, (enum blue_field)id, "");
	set_field(b, BLUE_KIND, invoice_kind_label(h.kind));
	set_field(b, BLUE_MODE, blue_modes[h.inclusive ? 0 : 1]);
	set_field(b, BLUE_DRAWER, h.drawer);
	set_field(b, BLUE_PAYEE, h.payee);
	set_field(b, BLUE_REVIEWER, h.reviewer);
	b->view_inclusive = h.inclusive;
	invoice_free(&b->rest);
	invoice_init(&b->rest);
	b->form_id = b->draft_id = 0;
	grid_clear(&b->grid);
	form_focus(&b->foot, BLUE_REMARK);
	form_focus(&b->head, BLUE_BUYER);
	blue_focus(b, BLUE_HEAD);
	blue_rows_compute(b, 0, -1, false);
	clean(b);
}

void blue_form_fill(struct blue *b, const struct invoice *inv)
{
	size_t i;
	int id;

	for (id = 1; id < BLUE_FIELDS; id++)
		set_field(b, (enum blue_field)id, blue_field_text(inv, (enum blue_field)id));
	b->view_inclusive = inv->prices_include_tax;
	grid_clear(&b->grid);
	for (i = 0; i < inv->line_count; i++)
		blue_rows_line(b, (int)i, &inv->lines[i]);
	invoice_free(&b->rest);
	invoice_copy(&b->rest, inv);
	while (b->rest.line_count)
		invoice_remove_line(&b->rest, b->rest.line_count - 1);
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	grid_focus(&b->grid, 0, BLUE_NAME);
	clean(b);
}

/* Documents of a natural person make no sense for anybody else. */
static void drop_documents(struct invoice *inv)
{
	if (inv->buyer_is_person)
		return;
	mem_set(&inv->buyer_id_type, "");
	mem_set(&inv->buyer_id_no, "");
	mem_set(&inv->buyer_country, "");
}

static void copy_line(struct tax_line *to, const struct tax_line *from)
{
	const struct text_field *f;
	struct tax_line texts = *to;

	*to = *from;
	for (f = line_texts; f->key; f++) {
		*text_slot(to, f) = *text_slot(&texts, f);
		mem_set(text_slot(to, f), text_value(from, f));
	}
}

void blue_form_build(const struct blue *b, struct invoice *out, int *row_of)
{
	int id, row, n = 0;

	invoice_copy(out, &b->rest);
	for (id = 1; id < BLUE_FIELDS; id++)
		blue_field_read(out, (enum blue_field)id, get_field(b, (enum blue_field)id));
	drop_documents(out);
	for (row = 0; row < b->grid.count; row++) {
		const struct blue_row *r = blue_row_of(b, row);

		if (!r || blue_row_blank(b, row))
			continue;
		copy_line(invoice_add_line(out), &r->line);
		row_of[n++] = row;
	}
}

bool blue_typed(const struct blue *b)
{
	return b->changed || b->head.dirty || b->foot.dirty || b->grid.dirty;
}

/* ---- buyers ---- */

static void fill_buyer(struct blue *b, const struct buyer *u)
{
	set_field(b, BLUE_BUYER, u->party.name);
	set_field(b, BLUE_TAX_NO, u->party.tax_no);
	set_field(b, BLUE_PERSON, u->is_person ? "1" : "");
	set_field(b, BLUE_ADDRESS, u->party.address);
	set_field(b, BLUE_PHONE, u->party.phone);
	set_field(b, BLUE_BANK, u->party.bank);
	set_field(b, BLUE_ACCOUNT, u->party.account);
	b->changed = true;
	/* The buyer is complete: the next thing to type is a line. */
	blue_focus(b, BLUE_GRID);
}

void blue_take_buyer(struct blue *b, int64_t id)
{
	struct err_info e = {0};
	struct buyer u;

	if (desk_buyer_get(ui_session(), id, &u, &e)) {
		ui_error(&e);
		return;
	}
	fill_buyer(b, &u);
	buyer_free(&u);
}

static enum err pick_buyers(void *arg, const char *text, const char *parent, const char *cursor,
			    int max, struct pick_row *rows, int *count, char next[40],
			    struct err_info *e)
{
	struct buyer found[64];
	int n = 0, i;
	enum err r;

	(void)arg;
	(void)parent;
	(void)cursor;
	next[0] = 0;
	*count = 0;
	if ((r = desk_buyer_match(ui_session(), text, max < 64 ? max : 64, found, &n, e)))
		return r;
	for (i = 0; i < n; i++) {
		rows[i] = (struct pick_row) {.branch = false};
		snprintf(rows[i].key, sizeof(rows[i].key), "%lld", (long long)found[i].id);
		text_copy(rows[i].label, sizeof(rows[i].label), found[i].party.name);
		text_copy(rows[i].detail, sizeof(rows[i].detail), found[i].party.tax_no);
		buyer_free(&found[i]);
	}
	*count = n;
	return ERR_OK;
}

void blue_ask_buyer(struct blue *b)
{
	struct pick_arg a = {.title = "开过票的购方", .text = "", .source = pick_buyers, .arg = b};

	view_ask(b->view, BLUE_ASK_BUYER, &view_pick_ops, &a);
}

void blue_answer_buyer(struct blue *b, const void *result)
{
	const struct picked *p = result;

	blue_take_buyer(b, strtoll(p->key, NULL, 10));
}
