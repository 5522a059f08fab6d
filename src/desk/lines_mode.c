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
	    !(row->wrong && strstr(why.code, "required")))
		lines_fault(row, &row->fault, &why);
	row->good = !row->fault;
}

static void add_sums(struct lines *l, const struct lines_row *row)
{
	const struct tax_line *t = &row->line;

	l->good++;
	l->uncoded += !*t->tax_code;
	l->warned += row->warning != NULL;
	l->filled[row->filled.by]++;
	l->discounts += t->discount_fen != 0;
	if (!fen_add(l->net_fen, t->net_fen + t->discount_net_fen, &l->net_fen) ||
	    !fen_add(l->tax_fen, t->tax_fen + t->discount_tax_fen, &l->tax_fen) ||
	    !fen_add(l->gross_fen, t->gross_fen + t->discount_gross_fen, &l->gross_fen))
		l->overflow = true;
}

void lines_compute(struct lines *l)
{
	size_t i;

	l->good = l->faulty = l->warned = l->uncoded = l->discounts = 0;
	l->net_fen = l->tax_fen = l->gross_fen = 0;
	l->overflow = false;
	memset(l->filled, 0, sizeof(l->filled));
	for (i = 0; i < l->count; i++) {
		compute_row(&l->rows[i], l->inclusive);
		if (l->rows[i].good)
			add_sums(l, &l->rows[i]);
		else
			l->faulty++;
	}
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

void desk_lines_gross(struct tax_line *l)
{
	if (!dec_is_zero(l->full_quantity)) {
		l->has_quantity = true;
		l->quantity = l->full_quantity;
	}
	gross_price(l);
	l->has_amount = true;
	l->amount_fen = l->gross_fen;
	if (l->discount.by != DISCOUNT_NONE)
		l->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT,
						 .amount_fen = -l->discount_gross_fen};
	tax_line_compute(l, true, NULL);
}

static enum err check_room(size_t more, const struct invoice *inv, struct err_info *e)
{
	if (inv->line_count + more <= TAX_LINES_MAX)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "lines.limit", "明细",
		 "已有 %zu 行，再加 %zu 行超过 %d 行，一张发票放不下", inv->line_count, more,
		 TAX_LINES_MAX);
	err_hint(e, "请改用替换，或分成几张发票");
	return ERR_INVALID;
}

/* The lines that are there become lines with tax. */
static enum err lift(struct invoice *inv, struct err_info *e)
{
	enum err r = tax_invoice_compute(inv, e);
	size_t i;

	if (r)
		return r;
	for (i = 0; i < inv->line_count; i++)
		desk_lines_gross(&inv->lines[i]);
	inv->prices_include_tax = true;
	return ERR_OK;
}

enum err desk_lines_add(const struct lines *l, struct invoice *inv, struct err_info *e)
{
	enum err r = check_room(l->good, inv, e);
	size_t i;

	if (!r && !inv->line_count)
		inv->prices_include_tax = l->inclusive;
	if (!r && l->inclusive && !inv->prices_include_tax)
		r = lift(inv, e);
	for (i = 0; i < l->count && !r; i++) {
		struct tax_line *to;

		if (!l->rows[i].good)
			continue;
		to = invoice_add_line(inv);
		copy_line(to, &l->rows[i].line);
		if (!l->inclusive && inv->prices_include_tax)
			desk_lines_gross(to);
	}
	return r;
}

enum err desk_lines_join(struct invoice *inv, const struct invoice *more, struct err_info *e)
{
	enum err r = check_room(more->line_count, inv, e);
	size_t i;

	if (!r && !inv->line_count)
		inv->prices_include_tax = more->prices_include_tax;
	if (!r && more->prices_include_tax && !inv->prices_include_tax)
		r = lift(inv, e);
	for (i = 0; i < more->line_count && !r; i++) {
		struct tax_line *to = invoice_add_line(inv);

		copy_line(to, &more->lines[i]);
		if (more->prices_include_tax || !inv->prices_include_tax)
			continue;
		if (!(r = tax_line_compute(to, false, e)))
			desk_lines_gross(to);
	}
	return r;
}
