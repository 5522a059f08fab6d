/* lines_mode.c - figures of imported lines: with or without tax, computed, into an invoice. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/lines_p.h"

/* ---- computing ---- */

/* A price of the catalogue stands in the mode that is asked for now. */
static void own_price(struct lines_row *row, bool inclusive)
{
	struct tax_line *l = &row->line;

	if (!row->filled.price)
		return;
	l->price = row->filled.own_price;
	l->has_price = row->filled.own_inclusive == inclusive ||
		       (l->rate_ppm >= 0 &&
			tax_price_in_mode(row->filled.own_price, l->rate_ppm,
					  row->filled.own_inclusive, inclusive, &l->price));
}

static void compute_row(struct lines_row *row, bool inclusive)
{
	struct err_info why = {0};

	own_price(row, inclusive);
	free(row->fault);
	row->fault = row->wrong ? mem_strdup(row->wrong) : NULL;
	/* Beside what the cells say the figures may be wrong, too. */
	if (tax_line_compute(&row->line, inclusive, &why) &&
	    !(row->wrong && (strstr(why.code, "required") || lines_figure_wrong(row))))
		lines_fault(row, &row->fault, &why);
	row->good = !row->fault;
}

static void add_sums(struct lines *l, const struct lines_row *row)
{
	const struct tax_line *t = &row->line;

	l->good++;
	l->uncoded += !*t->tax_code;
	l->filled[row->filled.by]++;
	l->discounts += t->discount_fen != 0;
	l->discount_fen += l->inclusive ? t->discount_gross_fen : t->discount_net_fen;
	l->discount_tax_fen += t->discount_tax_fen;
	if (!fen_add(l->net_fen, t->net_fen + t->discount_net_fen, &l->net_fen) ||
	    !fen_add(l->tax_fen, t->tax_fen + t->discount_tax_fen, &l->tax_fen) ||
	    !fen_add(l->gross_fen, t->gross_fen + t->discount_gross_fen, &l->gross_fen))
		l->overflow = true;
}

void lines_compute(struct lines *l)
{
	struct tax_gap gap;
	dec_int exact = 0;
	size_t i;

	l->good = l->faulty = l->warned = l->uncoded = l->discounts = 0;
	l->net_fen = l->tax_fen = l->gross_fen = 0;
	l->discount_fen = l->discount_tax_fen = 0;
	l->overflow = false;
	memset(l->filled, 0, sizeof(l->filled));
	for (i = 0; i < l->count; i++) {
		compute_row(&l->rows[i], l->inclusive);
		l->warned += l->rows[i].warning != NULL;
		if (l->rows[i].good) {
			add_sums(l, &l->rows[i]);
			exact += tax_line_exact(&l->rows[i].line);
		} else {
			l->faulty++;
		}
	}
	gap = tax_total_gap(exact, l->tax_fen);
	l->tail[0] = 0;
	if (tax_gap_state(&gap) == GAP_OVER)
		tax_gap_text(&gap, l->tail);
}

void desk_lines_mode(struct lines *l, bool inclusive)
{
	l->inclusive = inclusive;
	lines_compute(l);
}

/* ---- into an invoice ---- */

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

/* The price that goes with an amount with tax; without one it follows from the amount. */
static void gross_price(struct tax_line *l)
{
	struct dec price;

	l->has_price = false;
	if (!l->has_quantity || dec_is_zero(l->full_price) ||
	    !tax_price_in_mode(l->full_price, l->rate_ppm, false, true, &price) ||
	    !dec_product_near(l->quantity, price, l->gross_fen, 1))
		return;
	l->has_price = true;
	l->price = dec_normalize(price);
}

/* The texts of the line are lent to *out.  False: with tax it has other figures. */
static bool with_tax(const struct tax_line *l, struct tax_line *out)
{
	*out = *l;
	if (!dec_is_zero(l->full_quantity)) {
		out->has_quantity = true;
		out->quantity = l->full_quantity;
	}
	gross_price(out);
	out->has_amount = true;
	out->amount_fen = l->gross_fen;
	out->tax_adjust_fen = out->discount.tax_adjust_fen = 0;
	if (l->discount.by != DISCOUNT_NONE)
		out->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT,
						   .amount_fen = -l->discount_gross_fen};
	if (tax_line_compute(out, true, NULL))
		return false;
	/* Half a fen of rounding and what was adjusted before. */
	out->tax_adjust_fen = l->tax_fen - out->tax_fen;
	out->discount.tax_adjust_fen = l->discount_tax_fen - out->discount_tax_fen;
	return !tax_line_compute(out, true, NULL) && out->net_fen == l->net_fen &&
	       out->tax_fen == l->tax_fen && out->discount_net_fen == l->discount_net_fen &&
	       out->discount_tax_fen == l->discount_tax_fen;
}

bool desk_lines_gross(struct tax_line *l)
{
	struct tax_line out;

	if (!with_tax(l, &out))
		return false;
	*l = out;
	return true;
}

static enum err fail_gross(const struct tax_line *l, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "lines.gross", "明细",
		 "“%.80s”改为含税后金额或税额会变，不能与含税的明细放在一张发票里", l->name);
	err_hint(e, "请让两边的金额同为含税或同为不含税");
	return ERR_INVALID;
}

static enum err check_room(size_t more, const struct invoice *inv, struct err_info *e)
{
	if (inv->line_count + more <= TAX_LINES_MAX)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "lines.limit", "明细",
		 "已有 %zu 行，再加 %zu 行超过 %d 行，一张发票放不下", inv->line_count, more,
		 TAX_LINES_MAX);
	err_hint(e, "请分成几张发票，或不保留原来的明细");
	return ERR_INVALID;
}

/* The lines that are there become lines with tax: all or none. */
static enum err lift(struct invoice *inv, struct err_info *e)
{
	enum err r = tax_invoice_compute(inv, e);
	struct tax_line out;
	size_t i;

	for (i = 0; !r && i < inv->line_count; i++) {
		if (!with_tax(&inv->lines[i], &out))
			r = fail_gross(&inv->lines[i], e);
	}
	for (i = 0; !r && i < inv->line_count; i++)
		desk_lines_gross(&inv->lines[i]);
	if (!r)
		inv->prices_include_tax = true;
	return r;
}

/* Computed lines, their texts lent, in the mode of the invoice, which may change for it. */
static enum err join(struct invoice *inv, const struct tax_line *const *lines, size_t n,
		     bool inclusive, struct err_info *e)
{
	struct tax_line *all = mem_zalloc((n + 1) * sizeof(*all));
	enum err r = check_room(n, inv, e);
	size_t i;

	for (i = 0; !r && i < n; i++) {
		all[i] = *lines[i];
		if (inv->line_count && inv->prices_include_tax && !inclusive &&
		    !desk_lines_gross(&all[i]))
			r = fail_gross(lines[i], e);
	}
	if (!r && !inv->line_count)
		inv->prices_include_tax = inclusive;
	if (!r && inclusive && !inv->prices_include_tax)
		r = lift(inv, e);
	for (i = 0; !r && i < n; i++)
		copy_line(invoice_add_line(inv), &all[i]);
	free(all);
	return r;
}

enum err desk_lines_add(const struct lines *l, struct invoice *inv, struct err_info *e)
{
	const struct tax_line **lines = mem_zalloc((l->count + 1) * sizeof(*lines));
	size_t n = 0, i;
	enum err r;

	for (i = 0; i < l->count; i++) {
		if (l->rows[i].good)
			lines[n++] = &l->rows[i].line;
	}
	r = join(inv, lines, n, l->inclusive, e);
	free(lines);
	return r;
}

enum err desk_lines_join(struct invoice *inv, const struct invoice *more, struct err_info *e)
{
	const struct tax_line **lines = mem_zalloc((more->line_count + 1) * sizeof(*lines));
	struct invoice own;
	enum err r = ERR_OK;
	size_t i;

	invoice_copy(&own, more);
	for (i = 0; !r && i < own.line_count; i++) {
		lines[i] = &own.lines[i];
		if (inv->line_count && inv->prices_include_tax && !own.prices_include_tax)
			r = tax_line_compute(&own.lines[i], false, e);
	}
	if (!r)
		r = join(inv, lines, own.line_count, own.prices_include_tax, e);
	invoice_free(&own);
	free(lines);
	return r;
}
