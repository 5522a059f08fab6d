/* blue_keep.c - the blue form as JSON, saved while typing and read again exactly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { VERSION = 1, LATE_MS = 300 };
static const char FORM_KIND[] = "blue";

/* Members of a row that are not cells. */
static const struct {
	const char *key;
	size_t offset;
} TEXTS[] = {
    {"tax_code", offsetof(struct tax_line, tax_code)},
    {"short_name", offsetof(struct tax_line, short_name)},
    {"preference", offsetof(struct tax_line, preference)},
    {"coal_kind", offsetof(struct tax_line, coal_kind)},
    {"goods", offsetof(struct tax_line, goods)},
};
enum { TEXT_COUNT = sizeof(TEXTS) / sizeof(TEXTS[0]) };

static char **row_text(struct blue_row *r, size_t i)
{
	return (char **)(void *)((char *)&r->line + TEXTS[i].offset);
}

/* ---- writing ---- */

static void put_row(struct json_out *o, const struct grid_row *g)
{
	struct blue_row *r = g->data;
	char text[DEC_TEXT];
	size_t i;
	int c;

	json_open(o, NULL, '{');
	json_open(o, "cells", '[');
	for (c = 0; c < BLUE_COLUMNS; c++)
		json_put(o, NULL, g->cell[c]);
	json_close(o, ']');
	for (i = 0; r && i < TEXT_COUNT; i++) {
		if (**row_text(r, i))
			json_put(o, TEXTS[i].key, *row_text(r, i));
	}
	if (r && r->line.discount.by == DISCOUNT_BY_RATE)
		json_put(o, "discount_rate", dec_format(r->line.discount.rate, text));
	if (r && r->line.discount.by == DISCOUNT_BY_AMOUNT)
		json_put_fen(o, "discount_amount", r->line.discount.amount_fen);
	if (r && r->line.tax_adjust_fen)
		json_put_fen(o, "tax_adjust", r->line.tax_adjust_fen);
	if (r && r->line.discount.tax_adjust_fen)
		json_put_fen(o, "discount_tax_adjust", r->line.discount.tax_adjust_fen);
	json_close(o, '}');
}

static void put_form(struct json_out *o, const char *key, const struct form *f)
{
	char *text = form_save(f);

	json_put_raw(o, key, text);
	free(text);
}

/* The sum of the form, as long as every row has its amount. */
static bool gross_known(const struct blue *b, int rows)
{
	int row;

	for (row = 0; row < rows; row++) {
		const struct blue_row *r = blue_row_of(b, row);

		if ((!r || !r->ok) && !blue_row_blank(b, row))
			return false;
	}
	return b->lines && !b->overflow;
}

char *blue_keep_write(const struct blue *b)
{
	struct json_out o;
	struct buf out;
	int row, rows = b->grid.count;

	while (rows && blue_row_blank(b, rows - 1))
		rows--;
	buf_init(&out, FORM_BODY_MAX);
	json_out_init(&o, &out, 0);
	json_open(&o, NULL, '{');
	json_put_int(&o, "v", VERSION);
	json_put_int(&o, "draft", b->draft_id);
	json_put_bool(&o, "view_inclusive", b->view_inclusive);
	json_put_int(&o, "part", (long long)b->part);
	json_put_int(&o, "head_field", form_focused(&b->head));
	json_put_int(&o, "foot_field", form_focused(&b->foot));
	json_put_int(&o, "row", b->grid.row);
	json_put_int(&o, "column", b->grid.column);
	/* The list of drafts shows these (store/forms.h). */
	json_put(&o, "order_no", form_get(&b->head, BLUE_ORDER));
	if (gross_known(b, rows))
		json_put_fen(&o, "gross", b->gross);
	put_form(&o, "head", &b->head);
	put_form(&o, "foot", &b->foot);
	json_open(&o, "rows", '[');
	for (row = 0; row < rows; row++)
		put_row(&o, &b->grid.rows[row]);
	json_close(&o, ']');
	json_open(&o, "rest", '{');
	invoice_put_json(&o, &b->rest, false);
	json_close(&o, '}');
	json_close(&o, '}');
	return buf_detach(&out);
}

/* ---- reading ---- */

static void read_discount(const cJSON *item, struct discount *out)
{
	const char *rate = json_member(item, "discount_rate");
	const char *amount = json_member(item, "discount_amount");

	*out = (struct discount) {.by = DISCOUNT_NONE};
	if (*rate && dec_parse(rate, &out->rate))
		out->by = DISCOUNT_BY_RATE;
	else if (*amount && fen_parse(amount, &out->amount_fen))
		out->by = DISCOUNT_BY_AMOUNT;
	fen_parse(json_member(item, "discount_tax_adjust"), &out->tax_adjust_fen);
}

static void read_row(struct blue *b, int row, const cJSON *item)
{
	const cJSON *cells = json_get(item, "cells"), *cell = cells ? cells->child : NULL;
	struct blue_row *r;
	size_t i;
	int c;

	for (c = 1; c <= BLUE_COLUMNS; c++, cell = cell ? cell->next : NULL)
		grid_set(&b->grid, row, c, cell && json_text(cell) ? json_text(cell) : "");
	if (row >= b->grid.count)
		return;
	r = blue_row_at(b, row);
	for (i = 0; i < TEXT_COUNT; i++)
		mem_set(row_text(r, i), json_member(item, TEXTS[i].key));
	read_discount(item, &r->line.discount);
	fen_parse(json_member(item, "tax_adjust"), &r->line.tax_adjust_fen);
	r->adjusted.known = false;
}

static int number_of(const cJSON *tree, const char *key, int max)
{
	long long v = 0;

	return json_member_int(tree, key, 0, max, &v) ? (int)v : 0;
}

static void read_focus(struct blue *b, const cJSON *tree)
{
	int column = number_of(tree, "column", BLUE_COLUMNS - 1);

	form_focus(&b->head, number_of(tree, "head_field", BLUE_FIELDS - 1));
	form_focus(&b->foot, number_of(tree, "foot_field", BLUE_FIELDS - 1));
	grid_focus(&b->grid, number_of(tree, "row", b->grid.count - 1), column + 1);
	blue_focus(b, (enum blue_part)number_of(tree, "part", BLUE_FOOT));
}

static void read_rest(struct blue *b, const cJSON *tree)
{
	const cJSON *rest = json_get(tree, "rest");
	struct invoice inv;

	if (!rest || invoice_from_json(rest, "", &inv, NULL))
		return;
	invoice_free(&b->rest);
	b->rest = inv; /* moved */
}

enum err blue_keep_read(struct blue *b, const char *body, struct err_info *e)
{
	cJSON *tree = NULL;
	const cJSON *item;
	long long draft = 0;
	int row = 0;
	enum err r = json_parse(body, strlen(body), FORM_BODY_MAX, &tree, e);

	if (r)
		return r;
	form_load(&b->head, json_get(tree, "head"));
	form_load(&b->foot, json_get(tree, "foot"));
	b->view_inclusive = !cJSON_IsFalse(json_get(tree, "view_inclusive"));
	if (json_member_int(tree, "draft", 0, INT64_MAX, &draft))
		b->draft_id = draft;
	grid_clear(&b->grid);
	for (item = json_get(tree, "rows") ? json_get(tree, "rows")->child : NULL; item;
	     item = item->next)
		read_row(b, row++, item);
	read_rest(b, tree);
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	read_focus(b, tree);
	json_free(&tree);
	return ERR_OK;
}

/* ---- the store ---- */

static void title_of(const struct blue *b, char title[FORM_TITLE])
{
	char gross[FEN_TEXT + 8];
	const char *buyer = form_get(&b->head, BLUE_BUYER);

	snprintf(title, FORM_TITLE, "%.150s  %d 行  %s", *buyer ? buyer : "未填购方", b->lines,
		 fen_format_grouped(b->gross, gross));
}

static void saved(struct blue *b, bool say)
{
	char now[DATETIME_TEXT], other[DRAFT_HOLDER];

	b->changed = b->head.dirty = b->foot.dirty = b->grid.dirty = false;
	/* Both could be issued: that is to be known before. */
	if (say &&
	    !desk_order_holder(ui_session(), form_get(&b->head, BLUE_ORDER), b->form_id,
			       b->draft_id, other, NULL) &&
	    *other)
		ui_message(MESSAGE_WARNING, "草稿已保存；订单号 %.40s 在 %s 里也有，请只开一张",
			   form_get(&b->head, BLUE_ORDER), other);
	else if (say)
		ui_message(MESSAGE_INFO, "草稿已保存 %s",
			   datetime_text(clock_now(), now) + DATE_TEXT);
}

static enum err store(struct blue *b, struct err_info *e)
{
	char title[FORM_TITLE], *body = blue_keep_write(b);
	enum err r;

	if (!body)
		return err_fail(e, ERR_INVALID, "form.size", "草稿", "太大，没有保存");
	title_of(b, title);
	r = desk_form_save(ui_session(), &b->form_id, FORM_KIND, title, body, e);
	free(body);
	return r;
}

bool blue_keep(struct blue *b, bool say)
{
	struct err_info e = {0};
	bool before;
	enum err r;

	if (!blue_typed(b))
		return true;
	/* An import writes for seconds; typing goes on meanwhile. */
	before = desk_hurry(ui_session(), true);
	r = store(b, &e);
	desk_hurry(ui_session(), before);
	if (r == ERR_BUSY && !b->late)
		ui_message(MESSAGE_WARNING, "正在写入，草稿等它写完自动保存");
	else if (r && r != ERR_BUSY)
		ui_error(&e);
	else if (!r)
		saved(b, say);
	b->late = r == ERR_BUSY;
	return !r;
}

void blue_keep_last(struct blue *b)
{
	struct err_info e = {0};

	if (!blue_typed(b))
		return;
	desk_hurry(ui_session(), false);
	if (store(b, &e))
		log_err(LOG_ERROR, "ui", &e);
	else
		saved(b, false);
}

int blue_keep_late(struct blue *b)
{
	if (!b->late)
		return -1;
	if (!blue_keep(b, true))
		return b->late ? LATE_MS : -1;
	if (b->parting && view_top() == b->view) {
		ui_message(MESSAGE_INFO, "已存为草稿 f%lld", (long long)b->form_id);
		view_pop(false, NULL);
	}
	b->asked = b->parting = false;
	if (b->issuing && view_top() == b->view)
		blue_issue(b);
	b->issuing = false;
	return -1;
}

enum err blue_read_form(const char *body, struct invoice *out, int64_t *draft, struct err_info *e)
{
	struct blue *b = mem_zalloc(sizeof(*b));
	enum err r;

	blue_form_init(b);
	if (!(r = blue_keep_read(b, body, e))) {
		int *row_of = mem_zalloc((size_t)(b->grid.count + 1) * sizeof(*row_of));

		blue_form_build(b, out, row_of);
		free(row_of);
		*draft = b->draft_id;
	}
	blue_form_free(b);
	free(b);
	return r;
}

bool blue_form_gross(const char *body, int64_t *gross)
{
	struct blue *b = mem_zalloc(sizeof(*b));
	bool known;

	blue_form_init(b);
	known = !blue_keep_read(b, body, NULL) && gross_known(b, b->grid.count);
	if (known)
		*gross = b->gross;
	blue_form_free(b);
	free(b);
	return known;
}

enum err blue_keep_copy(struct blue *b, int64_t form, struct err_info *e)
{
	struct form_state f;
	enum err r = desk_draft_form(ui_session(), form, &f, e);

	if (r)
		return r;
	r = blue_keep_read(b, f.body, e);
	form_state_free(&f);
	b->form_id = b->draft_id = 0;
	blue_set(b, BLUE_ORDER, "");
	b->changed = true;
	return r;
}

enum err blue_keep_load(struct blue *b, int64_t form, struct err_info *e)
{
	struct form_state f;
	enum err r = desk_form_load(ui_session(), form, &f, e);

	if (r)
		return r;
	if (!(r = blue_keep_read(b, f.body, e)))
		b->form_id = form;
	form_state_free(&f);
	b->changed = b->head.dirty = b->foot.dirty = b->grid.dirty = false;
	return r;
}
