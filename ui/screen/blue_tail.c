/* blue_tail.c - 尾差: what is near its limit is said on its row; mends are proposed, never done
 * unasked. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

enum { FIELD_TAX = 1, SAID = 4096 };

static bool differential(const struct blue *b)
{
	return *b->rest.differential != 0;
}

/* ---- what is said ---- */

static const char *signed_fen(int64_t fen, char out[FEN_TEXT + 1])
{
	char text[FEN_TEXT];

	snprintf(out, FEN_TEXT + 1, "%s%s", fen > 0 ? "+" : "", fen_format(fen, text));
	return out;
}

const char *blue_tail_note(const struct blue *b, const struct blue_row *r, char out[TAIL_NOTE])
{
	struct tax_gap gaps[LINE_GAPS];
	char text[GAP_TEXT], adjust[FEN_TEXT + 1];
	int64_t by = r->line.tax_adjust_fen + r->line.discount.tax_adjust_fen;
	size_t n = 0;

	out[0] = 0;
	if (!r->ok)
		return out;
	tax_line_gaps(&r->line, differential(b), gaps);
	if (by)
		n = (size_t)snprintf(out, TAIL_NOTE, "税额调整 %s", signed_fen(by, adjust));
	if (tax_gap_state(&gaps[0]) != GAP_FINE)
		snprintf(out + n, TAIL_NOTE - n, "%s~ %s%s", n ? " · " : "",
			 tax_gap_text(&gaps[0], text),
			 tax_gap_state(&gaps[0]) == GAP_OVER ? " 超出" : "");
	return out;
}

const char *blue_tail_total(const struct blue *b, bool *near, char out[TAIL_NOTE])
{
	struct tax_gap g = tax_total_gap(b->exact, b->tax);
	char text[GAP_TEXT];

	*near = tax_gap_state(&g) != GAP_FINE;
	out[0] = 0;
	/* Less than a fen is every invoice's rounding. */
	if (g.off >= GAP_FEN && !differential(b))
		snprintf(out, TAIL_NOTE, "%s%s", *near ? "~ " : "", tax_gap_text(&g, text));
	return out;
}

/* ---- the invoice as it is ---- */

/* The row the focus is on, or the finished one above an empty one; -1 none. */
static int row_meant(const struct blue *b)
{
	int row = b->grid.row;

	while (row >= 0 && blue_row_blank(b, row))
		row--;
	return row;
}

static bool build(const struct blue *b, struct invoice *inv, int **row_of)
{
	*row_of = mem_alloc((size_t)(b->grid.count + 1) * sizeof(**row_of));
	blue_form_build(b, inv, *row_of);
	return !tax_invoice_compute(inv, NULL);
}

static int adjusted_rows(const struct blue *b)
{
	int row, n = 0;

	for (row = 0; row < b->grid.count; row++) {
		const struct blue_row *r = blue_row_of(b, row);

		n += r && (r->line.tax_adjust_fen || r->line.discount.tax_adjust_fen);
	}
	return n;
}

/* ---- proposals ---- */

static void offer(struct blue *b, enum tail_kind kind, int64_t value, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void offer(struct blue *b, enum tail_kind kind, int64_t value, const char *fmt, ...)
{
	struct tail_offer *o = &b->tail.offers[b->tail.count];
	va_list ap;

	if (b->tail.count == TAIL_OFFERS)
		return;
	o->kind = kind;
	o->value = value;
	va_start(ap, fmt);
	vsnprintf(o->words, sizeof(o->words), fmt, ap);
	va_end(ap);
	b->tail.count++;
}

static void offer_row(struct blue *b, int row, const struct tax_line *l)
{
	char from[FEN_TEXT], to[FEN_TEXT], least[FEN_TEXT];
	int64_t low, high, base = l->tax_fen - l->tax_adjust_fen, best;

	if (!l->rate_ppm || !tax_adjust_range(l, blue_inclusive(b), differential(b), &low, &high))
		return;
	best = tax_adjust_best(l, blue_inclusive(b), differential(b));
	fen_format(l->tax_fen, from);
	if (best != l->tax_adjust_fen)
		offer(b, TAIL_ROW, best, "第 %d 行税额 %s → %s，最接近税率", row + 1, from,
		      fen_format(base + best, to));
	if (low < high)
		offer(b, TAIL_ROW_OWN, 0, "第 %d 行税额自己填（%s 至 %s）…", row + 1,
		      fen_format(base + low, least), fen_format(base + high, to));
}

/* Of a row whose three figures contradict each other. */
static void offer_triple(struct blue *b, int row, const struct tax_line *l)
{
	char from[DEC_TEXT], to[DEC_TEXT], fen[2][FEN_TEXT];
	struct dec d;
	int64_t amount;

	if (!l->has_quantity || !l->has_price || !l->has_amount ||
	    dec_product_near(l->quantity, l->price, l->amount_fen, 1))
		return;
	if (tax_mend_price(l, &d))
		offer(b, TAIL_PRICE, 0, "第 %d 行单价 %s → %s", row + 1, dec_format(l->price, from),
		      dec_format(d, to));
	if (tax_mend_amount(l, &amount))
		offer(b, TAIL_AMOUNT, 0, "第 %d 行金额 %s → %s", row + 1,
		      fen_format(l->amount_fen, fen[0]), fen_format(amount, fen[1]));
	if (tax_mend_quantity(l, &d))
		offer(b, TAIL_QUANTITY, 0, "第 %d 行数量 %s → %s", row + 1,
		      dec_format(l->quantity, from), dec_format(d, to));
}

static void offer_total(struct blue *b)
{
	char from[FEN_TEXT], to[FEN_TEXT], least[FEN_TEXT];
	struct tax_gap g;
	struct invoice inv;
	int64_t low, high, best, tax;
	size_t changed;
	int *row_of;

	if (build(b, &inv, &row_of) && inv.line_count > 1 && !differential(b)) {
		tax = inv.tax_fen;
		g = tax_total_gap(b->exact, tax);
		best = tax_total_best(&inv);
		tax_adjust_spread(&inv, tax, &changed, &low, &high);
		best = best < low ? low : best > high ? high : best;
		fen_format(tax, from);
		if (g.off >= GAP_FEN && best != tax &&
		    tax_adjust_spread(&inv, best, &changed, &low, &high))
			offer(b, TAIL_TOTAL, best, "合计税额 %s → %s，改 %zu 行各 0.01 起", from,
			      fen_format(best, to), changed);
		if (low < high)
			offer(b, TAIL_TOTAL_OWN, 0, "合计税额自己填（%s 至 %s），分摊到各行…",
			      fen_format(low, least), fen_format(high, to));
	}
	invoice_free(&inv);
	free(row_of);
}

static void find_offers(struct blue *b, int row)
{
	const struct blue_row *r = blue_row_of(b, row);
	int adjusted = adjusted_rows(b);

	b->tail.count = 0;
	b->tail.row = row;
	if (r)
		(r->ok ? offer_row : offer_triple)(b, row, &r->line);
	offer_total(b);
	if (adjusted)
		offer(b, TAIL_NONE, 0, "取消 %d 行的税额调整", adjusted);
}

/* ---- what stands ---- */

static void describe(const struct blue *b, int row, struct buf *out)
{
	const struct blue_row *r = blue_row_of(b, row);
	struct tax_gap gaps[LINE_GAPS], total = tax_total_gap(b->exact, b->tax);
	char text[GAP_TEXT];
	int i, n;

	if (r && r->ok) {
		n = tax_line_gaps(&r->line, differential(b), gaps);
		buf_addf(out, "第 %d 行", row + 1);
		for (i = 0; i < n; i++)
			buf_addf(out, "%s%s", i ? "，" : " ", tax_gap_text(&gaps[i], text));
		buf_adds(out, "\n");
	} else if (r) {
		buf_addf(out, "第 %d 行 %s\n", row + 1,
			 b->grid.rows[row].error ? b->grid.rows[row].error : "还没有填完");
	}
	if (!differential(b))
		buf_addf(out, "%s\n", tax_gap_text(&total, text));
	buf_adds(out, "斜线后是税局允许的。");
}

bool blue_ask_tail(struct blue *b)
{
	const char *lines[TAIL_OFFERS + 1] = {NULL};
	int row = row_meant(b), i;
	struct choose_arg a = {.title = "尾差", .lines = lines};
	struct buf text;

	if (row < 0)
		return false;
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	find_offers(b, row);
	buf_init(&text, SAID);
	describe(b, row, &text);
	a.text = buf_str(&text);
	for (i = 0; i < b->tail.count; i++)
		lines[i] = b->tail.offers[i].words;
	if (b->tail.count)
		view_ask(b->view, BLUE_ASK_TAIL, &view_choose_ops, &a);
	else
		ui_message(MESSAGE_INFO, "没有可以调整的：%s", buf_str(&text));
	buf_free(&text);
	return true;
}

/* ---- doing it ---- */

static void done(struct blue *b, int first, int last)
{
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, first, last, true);
	blue_keep(b, false);
}

static void set_adjust(struct blue *b, int row, int64_t adjust)
{
	struct blue_row *r = blue_row_at(b, row);

	r->line.tax_adjust_fen = adjust;
	r->adjusted.known = false;
}

static void adjust_row(struct blue *b, int64_t adjust)
{
	int row = b->tail.row;

	grid_step_begin(&b->grid, row, row);
	set_adjust(b, row, adjust);
	done(b, row, row);
	ui_message(MESSAGE_INFO, "第 %d 行税额已调整，Ctrl-Z 撤销", row + 1);
}

static void adjust_total(struct blue *b, int64_t wanted)
{
	struct invoice inv;
	int64_t low, high;
	size_t changed = 0, i;
	int *row_of, last = b->grid.count - 1;

	if (build(b, &inv, &row_of) && tax_adjust_spread(&inv, wanted, &changed, &low, &high)) {
		grid_step_begin(&b->grid, 0, last);
		for (i = 0; i < inv.line_count; i++)
			set_adjust(b, row_of[i], inv.lines[i].tax_adjust_fen);
		done(b, 0, last);
		ui_message(MESSAGE_INFO, "已调整 %zu 行的税额，Ctrl-Z 撤销", changed);
	}
	invoice_free(&inv);
	free(row_of);
}

static void drop_all(struct blue *b)
{
	int row, last = b->grid.count - 1;

	grid_step_begin(&b->grid, 0, last);
	for (row = 0; row <= last; row++) {
		struct blue_row *r = blue_row_at(b, row);

		r->line.tax_adjust_fen = r->line.discount.tax_adjust_fen = 0;
		r->adjusted.known = false;
	}
	done(b, 0, last);
	ui_message(MESSAGE_INFO, "税额调整已取消，Ctrl-Z 撤销");
}

static void mend_triple(struct blue *b, enum tail_kind kind)
{
	const struct tax_line *l = &blue_row_at(b, b->tail.row)->line;
	char text[DEC_TEXT] = "";
	int row = b->tail.row;
	int64_t amount;
	struct dec d;

	grid_step_begin(&b->grid, row, row);
	if (kind == TAIL_PRICE && tax_mend_price(l, &d))
		grid_set(&b->grid, row, BLUE_PRICE, dec_format(d, text));
	else if (kind == TAIL_QUANTITY && tax_mend_quantity(l, &d))
		grid_set(&b->grid, row, BLUE_QUANTITY, dec_format(d, text));
	else if (kind == TAIL_AMOUNT && tax_mend_amount(l, &amount))
		grid_set(&b->grid, row, BLUE_AMOUNT, fen_format(amount, text));
	done(b, row, row);
}

/* ---- a figure of one's own ---- */

/* What the tax typed would be like, while it is typed. */
static void live_row(const struct form *f, char *out, size_t size)
{
	const struct blue *b = f->owner;
	const struct blue_row *r = blue_row_of(b, b->tail.row);
	struct tax_gap gaps[LINE_GAPS];
	char from[FEN_TEXT], text[GAP_TEXT];
	struct tax_line l = r->line;
	int64_t tax;

	out[0] = 0;
	if (!fen_parse(form_get(f, FIELD_TAX), &tax))
		return;
	l.tax_adjust_fen += tax - l.tax_fen;
	if (tax_line_compute(&l, blue_inclusive(b), NULL))
		snprintf(out, size, "原来 %s，这么多调不到", fen_format(r->line.tax_fen, from));
	else if (tax_line_gaps(&l, differential(b), gaps) > 0)
		snprintf(out, size, "原来 %s；这样 %s%s", fen_format(r->line.tax_fen, from),
			 tax_gap_text(&gaps[0], text),
			 tax_gap_state(&gaps[0]) == GAP_OVER ? "，超出" : "");
}

static void live_total(const struct form *f, char *out, size_t size)
{
	const struct blue *b = f->owner;
	char from[FEN_TEXT];

	snprintf(out, size, "原来 %s", fen_format(b->tax, from));
}

static bool submit_row(struct form *f, void *arg)
{
	const struct blue *b = arg;
	const struct tax_line *l = &blue_row_of(b, b->tail.row)->line;
	int64_t tax, low, high, base = l->tax_fen - l->tax_adjust_fen;
	char least[FEN_TEXT], most[FEN_TEXT], why[256];

	if (fen_parse(form_get(f, FIELD_TAX), &tax) &&
	    tax_adjust_range(l, blue_inclusive(b), differential(b), &low, &high) &&
	    tax >= base + low && tax <= base + high)
		return true;
	snprintf(why, sizeof(why), "税额：填 %s 至 %s（税局允许的范围）",
		 fen_format(base + low, least), fen_format(base + high, most));
	form_fail(f, FIELD_TAX, why);
	return false;
}

static bool submit_total(struct form *f, void *arg)
{
	struct invoice inv;
	int64_t tax = -1, low = 0, high = 0;
	char least[FEN_TEXT], most[FEN_TEXT], why[256];
	size_t changed;
	int *row_of;
	bool ok;

	fen_parse(form_get(f, FIELD_TAX), &tax);
	ok = build(arg, &inv, &row_of) && tax_adjust_spread(&inv, tax, &changed, &low, &high);
	invoice_free(&inv);
	free(row_of);
	if (ok)
		return true;
	snprintf(why, sizeof(why), "合计税额：填 %s 至 %s（各行在允许范围内能到的）",
		 fen_format(low, least), fen_format(high, most));
	form_fail(f, FIELD_TAX, why);
	return false;
}

static void ask_own(struct blue *b, bool total)
{
	static const struct field TAX[] = {
	    {.id = FIELD_TAX,
	     .kind = FIELD_AMOUNT,
	     .label = "税额",
	     .col = 8,
	     .width = 20,
	     .max_chars = 21,
	     .required = true,
	     .help = "要改成的税额，如合同或对方系统里的。录入含税价时不含税金额随着变。"},
	    {.id = 0},
	};
	struct ask_form_arg a = {.title = total ? "合计税额" : "本行税额",
				 .fields = TAX,
				 .arg = b,
				 .live = total ? live_total : live_row,
				 .submit = total ? submit_total : submit_row,
				 .note =
				     total ? "分摊到各行，每行 0.01 起，都在税局允许的范围内。"
					   : "在税局允许的范围内。改了金额、税率后调整自动取消。"};

	view_ask(b->view, total ? BLUE_ASK_TOTAL_TAX : BLUE_ASK_ROW_TAX, &view_form_ops, &a);
}

void blue_answer_tail(struct blue *b, int chosen)
{
	const struct tail_offer *o = &b->tail.offers[chosen];

	switch (o->kind) {
	case TAIL_ROW:
		adjust_row(b, o->value);
		break;
	case TAIL_TOTAL:
		adjust_total(b, o->value);
		break;
	case TAIL_ROW_OWN:
	case TAIL_TOTAL_OWN:
		ask_own(b, o->kind == TAIL_TOTAL_OWN);
		break;
	case TAIL_PRICE:
	case TAIL_AMOUNT:
	case TAIL_QUANTITY:
		mend_triple(b, o->kind);
		break;
	case TAIL_NONE:
		drop_all(b);
		break;
	}
}

void blue_answer_tax(struct blue *b, const struct form *f, bool total)
{
	const struct tax_line *l = &blue_row_at(b, b->tail.row)->line;
	int64_t tax;

	if (!fen_parse(form_get(f, FIELD_TAX), &tax))
		return;
	if (total)
		adjust_total(b, tax);
	else
		adjust_row(b, tax - (l->tax_fen - l->tax_adjust_fen));
}
