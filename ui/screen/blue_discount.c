/* blue_discount.c - the discount dialog: rate and amount, each computes the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { FIELD_RATE = 1, FIELD_DISCOUNT, RATE_DECIMALS = 6 };
enum { ROWS_MAX = 5000, BOX_ROWS = 8, BOX_COLS = 52, LIST_COLS = 76, FIGURE = 14 };

/* A row that is discounted, before and after. */
struct part {
	int row;
	char *name; /* owned */
};

struct dialog {
	struct form form;
	int64_t amount; /* of the rows, price mode */
	int rows, top;  /* how many; the first one listed */
	struct part *parts;
	int64_t *amounts, *shares;              /* one per row */
	bool inclusive, by_rate, fresh, spread; /* spread: the shares hold */
	struct rect list;
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

/* What each row would get; several rows only. */
static void look_ahead(struct dialog *d)
{
	struct dec rate;
	int64_t fen;

	d->spread = false;
	if (d->rows < 2)
		return;
	if (d->by_rate)
		d->spread = parse_rate(form_get(&d->form, FIELD_RATE), &rate) &&
			    tax_spread_rate(d->amounts, (size_t)d->rows, rate, d->shares);
	else
		d->spread = fen_parse(form_get(&d->form, FIELD_DISCOUNT), &fen) &&
			    tax_spread(d->amounts, (size_t)d->rows, fen, d->shares);
}

static void show_rate(struct dialog *d, struct dec rate)
{
	char text[DEC_TEXT];
	struct dec percent = rate;

	if (!dec_mul_ratio(rate, 100, 1, RATE_DECIMALS, &percent))
		return;
	form_set(&d->form, FIELD_RATE, dec_format(dec_normalize(percent), text));
}

static void follow(struct dialog *d)
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

/* What was typed last decides; the other field follows. */
static void link_fields(struct dialog *d)
{
	follow(d);
	look_ahead(d);
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

static enum err no_amount(struct err_info *e, int row)
{
	err_fail(e, ERR_INVALID, "discount.line", "折扣", "第 %d 行还没有金额", row + 1);
	err_hint(e, "请先填好这一行的金额和税率");
	return ERR_INVALID;
}

static enum err take_rows(struct dialog *d, const struct discount_arg *a, struct err_info *e)
{
	int i;

	for (i = 0; i < a->count; i++) {
		const struct blue_row *r = blue_row_of(a->blue, a->rows[i]);

		if (!r || !r->ok || !fen_add(d->amount, r->line.full_amount_fen, &d->amount))
			return no_amount(e, a->rows[i]);
		d->parts[i].row = a->rows[i];
		d->parts[i].name = tax_line_full_name(&r->line);
		d->amounts[i] = r->line.full_amount_fen;
	}
	return ERR_OK;
}

/* The discount all of them have, as it was given to them by rate. */
static struct discount present(const struct discount_arg *a)
{
	struct discount first = blue_row_of(a->blue, a->rows[0])->line.discount;
	int i;

	for (i = 1; i < a->count; i++) {
		const struct discount *d = &blue_row_of(a->blue, a->rows[i])->line.discount;

		if (first.by != DISCOUNT_BY_RATE || d->by != first.by ||
		    dec_cmp(d->rate, first.rate) != 0)
			return (struct discount) {.by = DISCOUNT_NONE};
	}
	return first;
}

static void dialog_free(struct dialog *d)
{
	int i;

	for (i = 0; i < d->rows; i++)
		free(d->parts[i].name);
	free(d->parts);
	free(d->amounts);
	free(d->shares);
}

static enum err dialog_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct discount_arg *a = arg;
	struct dialog *d = v->state;
	struct discount old;
	enum err r;

	d->rows = a->count;
	d->parts = mem_zalloc((size_t)a->count * sizeof(*d->parts));
	d->amounts = mem_zalloc((size_t)a->count * sizeof(*d->amounts));
	d->shares = mem_zalloc((size_t)a->count * sizeof(*d->shares));
	if ((r = take_rows(d, a, e))) {
		dialog_free(d);
		return r;
	}
	d->inclusive = blue_inclusive(a->blue);
	form_init(&d->form, FIELDS, d);
	old = present(a);
	begin_with(d, &old);
	return ERR_OK;
}

static void dialog_close(struct view *v)
{
	struct dialog *d = v->state;

	form_free(&d->form);
	dialog_free(d);
}

/* ---- painting ---- */

static struct rect dialog_place(struct view *v, struct rect area)
{
	const struct dialog *d = v->state;
	int rows = BOX_ROWS, cols = BOX_COLS;

	if (d->rows > 1) {
		rows += d->rows + 1;
		cols = area.w - 2 < LIST_COLS ? area.w - 2 : LIST_COLS;
	}
	return rect_centre(area, rows > area.h ? area.h : rows, cols);
}

static void dialog_layout(struct view *v)
{
	struct dialog *d = v->state;
	struct rect inner = rect_inset(v->area, 1, 2);

	rect_top(&inner, 2);
	form_layout(&d->form, rect_top(&inner, 2));
	rect_bottom(&inner, 1);
	rect_top(&inner, 1);
	d->list = inner;
}

/* As many as there is room for; the last one, which takes what is left over, is always seen. */
static void paint_part(const struct dialog *d, int y, int i)
{
	const struct rect r = d->list;
	char text[160], fen[FEN_TEXT + 8];
	int col = r.w - 3 * FIGURE;

	snprintf(text, sizeof(text), "%4d %.120s", d->parts[i].row + 1, d->parts[i].name);
	text[text_whole(text, strlen(text))] = 0;
	draw_text(r, y, 0, col - 1, ALIGN_LEFT, FACE_VALUE, text);
	draw_text(r, y, col, FIGURE, ALIGN_RIGHT, FACE_VALUE,
		  fen_format_grouped(d->amounts[i], fen));
	if (!d->spread)
		return;
	draw_text(r, y, col + FIGURE, FIGURE, ALIGN_RIGHT, FACE_VALUE,
		  fen_format_grouped(-d->shares[i], fen));
	draw_text(r, y, col + 2 * FIGURE, FIGURE, ALIGN_RIGHT, FACE_VALUE,
		  fen_format_grouped(d->amounts[i] - d->shares[i], fen));
}

static void paint_list(const struct dialog *d)
{
	const struct rect r = d->list;
	int room = r.h - 1, y, col = r.w - 3 * FIGURE;

	if (d->rows < 2 || room < 1)
		return;
	draw_text(r, 0, 0, r.w, ALIGN_LEFT, FACE_HEADER, "   # 项目名称");
	draw_text(r, 0, col, FIGURE, ALIGN_RIGHT, FACE_HEADER, "金额");
	draw_text(r, 0, col + FIGURE, FIGURE, ALIGN_RIGHT, FACE_HEADER, "折扣");
	draw_text(r, 0, col + 2 * FIGURE, FIGURE, ALIGN_RIGHT, FACE_HEADER, "折后");
	for (y = 0; y < room && y < d->rows; y++)
		paint_part(d, y + 1, y == room - 1 ? d->rows - 1 : d->top + y);
}

static void dialog_paint(struct view *v)
{
	struct dialog *d = v->state;
	char text[200], amount[FEN_TEXT + 8];
	struct rect in = rect_inset(v->area, 1, 2);

	draw_box(v->area, "折扣");
	snprintf(text, sizeof(text), d->rows == 1 ? "第 %d 行，%s金额 %s" : "选中 %d 行，%s金额 %s",
		 d->rows == 1 ? d->parts[0].row + 1 : d->rows, d->inclusive ? "含税" : "不含税",
		 fen_format_grouped(d->amount, amount));
	draw_text(in, 0, 1, in.w - 1, ALIGN_LEFT, FACE_NORMAL, text);
	form_paint(&d->form, true);
	paint_list(d);
	draw_text(in, in.h - 1, 1, in.w - 1, ALIGN_LEFT, FACE_DIM,
		  d->rows == 1 ? "回车确定，Esc 不改，清空两栏取消折扣"
			       : "按金额分摊，尾差放在最后一行；回车确定，清空两栏取消折扣");
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
	if (d->rows > 1 && *rate && *amount && !d->spread) {
		ui_message(MESSAGE_ERROR, "这个折扣无法分摊到每一行：每行至少 0.01，也不能减完");
		return false;
	}
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

/* Over the rows listed; the last line is always that of the last row. */
static bool page(struct dialog *d, int step)
{
	int most = d->rows - (d->list.h - 1), top = d->top + step * (d->list.h - 2);

	if (d->rows < 2 || most <= 0)
		return false;
	d->top = top < 0 ? 0 : top > most ? most : top;
	return true;
}

static bool dialog_act(struct view *v, enum action a)
{
	struct dialog *d = v->state;

	if (a == ACT_PAGE_UP || a == ACT_PAGE_DOWN)
		return page(d, a == ACT_PAGE_UP ? -1 : 1);

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

/* One discount for several rows is spread by the tax room on a copy of the invoice. */
static enum err spread(struct blue *b, const int *rows, int count, const struct discount *d,
		       struct err_info *e)
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
	if (!(r = tax_discount_spread(&inv, lines, n, d, e))) {
		for (i = 0; i < n; i++)
			blue_row_at(b, rows[i])->line.discount = inv.lines[lines[i]].discount;
	}
	invoice_free(&inv);
	free(lines);
	free(row_of);
	return r;
}

static enum err discount_rows(struct blue *b, const int *rows, int n, const struct discount *d,
			      struct err_info *e)
{
	int i;

	if (n > 1 && d->by != DISCOUNT_NONE)
		return spread(b, rows, n, d, e);
	for (i = 0; i < n; i++)
		blue_row_at(b, rows[i])->line.discount = *d;
	return ERR_OK;
}

static void say_done(int n, const struct discount *d)
{
	ui_message(MESSAGE_INFO,
		   d->by == DISCOUNT_NONE ? "%d 行的折扣已取消，Ctrl-Z 撤销"
					  : "折扣已分摊到 %d 行，Ctrl-Z 撤销",
		   n);
}

void blue_answer_discount(struct blue *b, const struct discount_result *r)
{
	int *rows = mem_alloc(ROWS_MAX * sizeof(*rows)), n = chosen_rows(b, rows), i;
	struct err_info e = {0};
	enum err rc;

	grid_step_begin(&b->grid, rows[0], rows[n - 1]);
	rc = discount_rows(b, rows, n, &r->discount, &e);
	for (i = 0; i < n && !rc; i++)
		b->grid.rows[rows[i]].marked = false;
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, rows[0], rows[n - 1], true);
	free(rows);
	if (rc) {
		ui_error(&e);
	} else if (n > 1) {
		blue_keep(b, false);
		say_done(n, &r->discount);
	}
}
