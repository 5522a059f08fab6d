/* blue_discount.c - the discount dialog: rate and amount, each computes the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { FIELD_RATE = 1, FIELD_DISCOUNT, RATE_DECIMALS = 6 };
enum { ROWS_MAX = 5000 };

struct dialog {
	struct form form;
	int64_t amount;  /* of the rows, price mode */
	int first, rows; /* number of the first row, how many */
	bool inclusive, by_rate, fresh;
	struct discount_result result;
};

static const struct field FIELDS[] = {
    {.id = FIELD_RATE,
     .kind = FIELD_TEXT,
     .label = "折扣率 %",
     .row = 0,
     .col = 12,
     .width = 12,
     .max_chars = 12,
     .help = "减去的部分：10 表示减 10%（打九折）。清空两栏表示取消折扣。"},
    {.id = FIELD_DISCOUNT,
     .kind = FIELD_AMOUNT,
     .label = "折扣额",
     .row = 1,
     .col = 12,
     .width = 20,
     .max_chars = 21,
     .help = "减去的金额，必须小于所选各行的金额。清空两栏表示取消折扣。"},
    {.id = 0},
};

/* ---- two numbers ---- */

/* 0 < d < n */
static bool within(struct dec d, int64_t n)
{
	return dec_cmp(d, dec_from_int(n)) < 0 && !dec_is_negative(d) && !dec_is_zero(d);
}

/* "10", "10%" -> 0.10; false when it is not between 0 and 100. */
static bool parse_rate(const char *text, struct dec *out)
{
	char *folded = text_fold_width(text), *end = folded + strlen(folded);
	struct dec d;
	bool ok;

	while (end > folded && (end[-1] == '%' || end[-1] == ' '))
		*--end = 0;
	ok = dec_parse(folded, &d) && within(d, 100);
	if (ok)
		*out =
		    dec_normalize((struct dec) {.coef = d.coef, .scale = (uint8_t)(d.scale + 2)});
	free(folded);
	return ok;
}

static void show_rate(struct dialog *d, struct dec rate)
{
	char text[DEC_TEXT];
	struct dec percent = rate;

	if (!dec_mul_ratio(rate, 100, 1, RATE_DECIMALS, &percent))
		return;
	form_set(&d->form, FIELD_RATE, dec_format(dec_normalize(percent), text));
}

/* What was typed last decides; the other field follows. */
static void link_fields(struct dialog *d)
{
	char text[FEN_TEXT];
	struct dec rate;
	int64_t fen;

	d->by_rate = form_focused(&d->form) == FIELD_RATE;
	if (d->by_rate) {
		bool ok = parse_rate(form_get(&d->form, FIELD_RATE), &rate) &&
			  tax_discount_from_rate(d->amount, rate, &fen);

		form_set(&d->form, FIELD_DISCOUNT, ok ? fen_format(fen, text) : "");
		return;
	}
	if (fen_parse(form_get(&d->form, FIELD_DISCOUNT), &fen) &&
	    tax_discount_from_amount(d->amount, fen, &rate))
		show_rate(d, rate);
	else
		form_set(&d->form, FIELD_RATE, "");
}

/* ---- opening ---- */

static void begin_with(struct dialog *d, const struct discount *old)
{
	char text[FEN_TEXT];

	if (old->by == DISCOUNT_BY_AMOUNT) {
		form_focus(&d->form, FIELD_DISCOUNT);
		form_set(&d->form, FIELD_DISCOUNT, fen_format(old->amount_fen, text));
	} else if (old->by == DISCOUNT_BY_RATE) {
		show_rate(d, old->rate);
	}
	link_fields(d);
	d->fresh = true;
}

static enum err dialog_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct discount_arg *a = arg;
	struct dialog *d = v->state;
	int i;

	for (i = 0; i < a->count; i++) {
		const struct blue_row *r = blue_row_of(a->blue, a->rows[i]);

		if (!r || !r->ok || !fen_add(d->amount, r->line.full_amount_fen, &d->amount)) {
			err_fail(e, ERR_INVALID, "discount.line", "折扣", "第 %d 行还没有金额",
				 a->rows[i] + 1);
			err_hint(e, "请先填好这一行的金额和税率");
			return ERR_INVALID;
		}
	}
	d->first = a->rows[0] + 1;
	d->rows = a->count;
	d->inclusive = blue_inclusive(a->blue);
	form_init(&d->form, FIELDS, d);
	begin_with(d, a->count == 1 ? &blue_row_of(a->blue, a->rows[0])->line.discount
				    : &(struct discount) {.by = DISCOUNT_NONE});
	return ERR_OK;
}

static void dialog_close(struct view *v)
{
	struct dialog *d = v->state;

	form_free(&d->form);
}

/* ---- painting ---- */

static struct rect dialog_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, 8, 52);
}

static void dialog_layout(struct view *v)
{
	struct dialog *d = v->state;
	struct rect inner = rect_inset(v->area, 1, 2);

	rect_top(&inner, 2);
	form_layout(&d->form, rect_top(&inner, 2));
}

static void dialog_paint(struct view *v)
{
	struct dialog *d = v->state;
	char text[200], amount[FEN_TEXT + 8];
	struct rect in = rect_inset(v->area, 1, 2);

	draw_box(v->area, "折扣");
	snprintf(text, sizeof(text), d->rows == 1 ? "第 %d 行，%s金额 %s" : "选中 %d 行，%s金额 %s",
		 d->rows == 1 ? d->first : d->rows, d->inclusive ? "含税" : "不含税",
		 fen_format_grouped(d->amount, amount));
	draw_text(in, 0, 1, in.w - 1, ALIGN_LEFT, FACE_NORMAL, text);
	form_paint(&d->form, true);
	draw_text(in, 5, 1, in.w - 1, ALIGN_LEFT, FACE_DIM, "回车确定，Esc 不改，清空两栏取消折扣");
}

/* ---- keys ---- */

static const char *const *dialog_sections(const struct view *v)
{
	const struct dialog *d = v->state;

	return form_sections(&d->form);
}

static bool dialog_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct dialog *d = v->state;
	/* The value shown at first is replaced by typing, not appended to. */
	if (d->fresh && k.code != K_PASTE)
		form_act(&d->form, ACT_CLEAR);
	d->fresh = false;
	if (!form_key(&d->form, k, paste, n))
		return false;
	link_fields(d);
	return true;
}

/* Nothing in both fields takes the discount away. */
static bool accept(struct dialog *d)
{
	const char *rate = form_get(&d->form, FIELD_RATE);
	const char *amount = form_get(&d->form, FIELD_DISCOUNT);
	struct discount *out = &d->result.discount;

	*out = (struct discount) {.by = DISCOUNT_NONE};
	if (!*rate && !*amount)
		return true;
	if (d->by_rate && *amount && parse_rate(rate, &out->rate)) {
		out->by = DISCOUNT_BY_RATE;
		return true;
	}
	if (!d->by_rate && *rate && fen_parse(amount, &out->amount_fen)) {
		out->by = DISCOUNT_BY_AMOUNT;
		return true;
	}
	ui_message(MESSAGE_ERROR,
		   d->by_rate ? "折扣率：要大于 0、小于 100（请改正，或清空两栏取消折扣）"
			      : "折扣额：要大于 0、小于所选各行的金额（请改正，或清空两栏取消）");
	return false;
}

static bool dialog_act(struct view *v, enum action a)
{
	struct dialog *d = v->state;

	if (a == ACT_BACK) {
		view_pop(false, NULL);
		return true;
	}
	if (a == ACT_ENTER || a == ACT_ISSUE) {
		if (accept(d))
			view_pop(true, &d->result);
		return true;
	}
	d->fresh = false;
	switch (form_act(&d->form, a)) {
	case FORM_UNUSED:
		return false;
	case FORM_LEFT_END:
	case FORM_LEFT_START:
		form_focus(&d->form,
			   form_focused(&d->form) == FIELD_RATE ? FIELD_DISCOUNT : FIELD_RATE);
		return true;
	case FORM_USED:
		if (a == ACT_DELETE_BACK || a == ACT_DELETE_HERE || a == ACT_DELETE_WORD ||
		    a == ACT_CLEAR)
			link_fields(d);
		return true;
	default:
		return true;
	}
}

static const enum action *dialog_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_NEXT, ACT_CLEAR, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *dialog_help(const struct view *v)
{
	const struct dialog *d = v->state;

	return form_help(&d->form);
}

const struct view_ops view_discount_ops = {
    .name = "discount",
    .path = "开票 › 蓝字发票填开 › 折扣",
    .modal = true,
    .size = sizeof(struct dialog),
    .open = dialog_open,
    .place = dialog_place,
    .layout = dialog_layout,
    .paint = dialog_paint,
    .sections = dialog_sections,
    .key = dialog_key,
    .act = dialog_act,
    .hints = dialog_hints,
    .help = dialog_help,
    .close = dialog_close,
};

/* ---- the form's side ---- */

/* Marked rows, or the row with the focus or above it; returns their number. */
static int chosen_rows(const struct blue *b, int rows[ROWS_MAX])
{
	int row, n = 0;

	for (row = 0; row < b->grid.count && n < ROWS_MAX; row++) {
		if (b->grid.rows[row].marked && !blue_row_blank(b, row))
			rows[n++] = row;
	}
	/* In the empty row after a finished one the finished one is meant. */
	for (row = b->grid.row; !n && row > 0 && blue_row_blank(b, row); row--)
		;
	if (!n)
		rows[n++] = row;
	return n;
}

void blue_ask_discount(struct blue *b)
{
	int *rows = mem_alloc(ROWS_MAX * sizeof(*rows));
	struct discount_arg a = {.blue = b, .rows = rows};

	a.count = chosen_rows(b, rows);
	view_ask(b->view, BLUE_ASK_DISCOUNT, &view_discount_ops, &a);
	free(rows);
}

/* One amount for several rows is spread by the tax room on a copy of the invoice. */
static enum err spread(struct blue *b, const int *rows, int count, int64_t fen, struct err_info *e)
{
	int *row_of = mem_alloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	size_t *lines = mem_alloc((size_t)count * sizeof(*lines)), n = 0, i;
	struct invoice inv;
	enum err r;
	int k = 0;

	blue_form_build(b, &inv, row_of);
	for (i = 0; i < inv.line_count && k < count; i++) {
		if (row_of[i] == rows[k])
			lines[n++] = i, k++;
	}
	if (!(r = tax_discount_spread(&inv, lines, n, fen, e))) {
		for (i = 0; i < n; i++)
			blue_row_at(b, rows[i])->line.discount = inv.lines[lines[i]].discount;
	}
	invoice_free(&inv);
	free(lines);
	free(row_of);
	return r;
}

void blue_answer_discount(struct blue *b, const struct discount_result *r)
{
	int *rows = mem_alloc(ROWS_MAX * sizeof(*rows)), n = chosen_rows(b, rows), i;
	struct err_info e = {0};
	enum err rc = ERR_OK;

	grid_step_begin(&b->grid, rows[0], rows[n - 1]);
	if (n > 1 && r->discount.by == DISCOUNT_BY_AMOUNT) {
		rc = spread(b, rows, n, r->discount.amount_fen, &e);
	} else {
		for (i = 0; i < n; i++)
			blue_row_at(b, rows[i])->line.discount = r->discount;
	}
	if (rc)
		ui_error(&e);
	for (i = 0; i < n && !rc; i++)
		b->grid.rows[rows[i]].marked = false;
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, rows[0], rows[n - 1], true);
	free(rows);
}
