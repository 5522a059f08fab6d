/* split_line.c - one line cut in two.
 *
 * Head and rest are lines in their own right: quantity times price stands within 0.01 of each
 * amount, the tax of each within a fen of its rate.  The rest takes what rounding leaves over, as
 * an adjustment of its tax; where that would be more than a fen, the head takes a fen of it.
 */
#include <string.h>

#include "tax/calc_p.h"
#include "tax/split_p.h"

enum { PART_MIN = 10, TRIES = 200, FINEST = 13, COARSE = 8, DIGITS = 25 };

/* ---- quantities, as whole numbers of a scale ---- */

static dec_int power_of_ten(uint8_t n)
{
	dec_int p = 1;

	while (n--)
		p *= 10;
	return p;
}

/* The quantity in units of 10^-scale; -1 when there is no room for so many digits. */
static dec_int units_of(struct dec d, uint8_t scale)
{
	const dec_int most = power_of_ten(DIGITS - 1);

	if (d.scale > scale)
		return -1;
	for (uint8_t i = d.scale; i < scale; i++) {
		if (d.coef >= most / 10)
			return -1;
		d.coef *= 10;
	}
	return d.coef;
}

static struct dec dec_units(dec_int units, uint8_t scale)
{
	return dec_normalize((struct dec) {.coef = units, .scale = scale});
}

/* ---- both halves ---- */

static void enter(struct tax_line *l, struct dec quantity, int64_t amount, enum split_tail tail)
{
	l->has_amount = true;
	l->amount_fen = amount;
	l->tax_adjust_fen = 0;
	l->has_quantity = !dec_is_zero(quantity);
	l->quantity = quantity;
	l->has_price = l->has_quantity && tail == SPLIT_QUANTITY;
	if (l->has_price)
		l->price = l->full_price;
}

/* The head's share of the discount, in proportion to its amount; the rest keeps what is left. */
static bool share_discount(const struct tax_line *l, struct tax_line *head, struct tax_line *rest)
{
	int64_t share;

	if (!l->discount_fen)
		return true;
	if (!fen_mul_ratio(l->discount_fen, head->amount_fen, l->full_amount_fen, &share))
		return false;
	head->discount = (struct discount) {.by = share ? DISCOUNT_BY_AMOUNT : DISCOUNT_NONE,
					    .amount_fen = share};
	share = l->discount_fen - share;
	rest->discount = (struct discount) {.by = share ? DISCOUNT_BY_AMOUNT : DISCOUNT_NONE,
					    .amount_fen = share};
	return true;
}

/* Tries one fen this way and that in the head, so that the rest stays within a fen, too. */
static bool settle_tax(const struct tax_line *l, struct split_cut *c)
{
	static const int64_t NUDGES[] = {0, 1, -1};
	bool inclusive = c->whole->prices_include_tax;

	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < 3; k++) {
			struct tax_line head = c->head, rest = c->rest;

			head.tax_adjust_fen = NUDGES[i];
			rest.tax_adjust_fen =
			    l->tax_fen - (head.tax_fen + NUDGES[i]) - rest.tax_fen;
			head.discount.tax_adjust_fen = head.discount_fen ? NUDGES[k] : 0;
			rest.discount.tax_adjust_fen =
			    l->discount_tax_fen -
			    (head.discount_tax_fen + head.discount.tax_adjust_fen) -
			    rest.discount_tax_fen;
			/* Without a discount row of its own it has no tax to adjust. */
			if (!rest.discount_fen && rest.discount.tax_adjust_fen)
				continue;
			if (tax_line_compute(&head, inclusive, NULL) ||
			    tax_line_compute(&rest, inclusive, NULL) ||
			    !line_holds(c->whole, &head) || !line_holds(c->whole, &rest))
				continue;
			c->head = head;
			c->rest = rest;
			return true;
		}
	}
	return false;
}

static bool halve(const struct tax_line *l, struct dec quantity, struct dec left, int64_t amount,
		  struct split_cut *c)
{
	enum split_tail tail = c->rule->tail;
	bool inclusive = c->whole->prices_include_tax;

	c->head = c->rest = *l;
	enter(&c->head, quantity, amount, tail);
	enter(&c->rest, left, l->full_amount_fen - amount, tail);
	return share_discount(l, &c->head, &c->rest) &&
	       !tax_line_compute(&c->head, inclusive, NULL) &&
	       !tax_line_compute(&c->rest, inclusive, NULL) && settle_tax(l, c);
}

/* ---- where to cut ---- */

/* Amount-only lines: anywhere. */
static bool cut_amount(const struct tax_line *l, int64_t amount, struct split_cut *c)
{
	const struct dec none = {0};

	return halve(l, none, none, amount, c);
}

/* 调整数量: as many pieces as the amount pays for; their price, or a fen beside it where the line's
 * own rounding leaves no other way. */
static bool cut_quantity(const struct tax_line *l, uint8_t scale, int64_t amount,
			 struct split_cut *c)
{
	static const int64_t NUDGES[] = {0, 1, -1};
	dec_int all = units_of(l->full_quantity, scale), units;
	struct dec pieces, left;
	int64_t product;

	if (all < 2 || !dec_div_fen(amount, l->full_price, scale, &pieces))
		return false;
	units = units_of(pieces, scale);
	if (units > 0 && dec_mul_fen(pieces, l->full_price, &product) && product > amount)
		units--;
	if (units <= 0 || units >= all)
		return false;
	pieces = dec_units(units, scale);
	left = dec_units(all - units, scale);
	if (!dec_mul_fen(pieces, l->full_price, &product))
		return false;
	for (size_t i = 0; i < 3; i++) {
		int64_t a = product + NUDGES[i];

		if (a >= PART_MIN && l->full_amount_fen - a >= PART_MIN &&
		    halve(l, pieces, left, a, c))
			return true;
	}
	return false;
}

/* 调整单价: the amount as it is, the nearest number of whole pieces. */
static bool cut_price(const struct tax_line *l, uint8_t scale, int64_t amount, struct split_cut *c)
{
	dec_int all = units_of(l->full_quantity, scale), units;
	struct dec pieces;

	if (all < 2 || !dec_mul_ratio(l->full_quantity, amount, l->full_amount_fen, scale, &pieces))
		return false;
	units = units_of(pieces, scale);
	units = units < 1 ? 1 : units >= all ? all - 1 : units;
	return halve(l, dec_units(units, scale), dec_units(all - units, scale), amount, c);
}

/* Once by an amount that may turn out too heavy: then by less. */
static bool cut_at(const struct tax_line *l, uint8_t scale, int64_t amount, struct split_cut *c)
{
	for (int i = 0; i < TRIES && amount >= PART_MIN; i++) {
		bool done = dec_is_zero(l->full_quantity)     ? cut_amount(l, amount, c)
			    : c->rule->tail == SPLIT_QUANTITY ? cut_quantity(l, scale, amount, c)
							      : cut_price(l, scale, amount, c);
		if (!done) {
			amount--;
			continue;
		}
		int64_t over = line_weight(&c->head, c->rule->limit_gross) - c->room;
		if (over <= 0)
			return true;
		amount = c->head.full_amount_fen - over;
	}
	return false;
}

/* A single piece is cut by as few decimals as fill the room to a hundredth. */
static bool cut_fine(const struct tax_line *l, uint8_t own, int64_t amount, struct split_cut *c)
{
	struct split_cut best = *c;
	bool found = false;
	uint8_t most = c->rule->tail == SPLIT_QUANTITY ? FINEST : COARSE;

	for (uint8_t scale = (uint8_t)(own + 1); scale <= most; scale++) {
		if (!cut_at(l, scale, amount, c))
			continue;
		if (!found || c->head.full_amount_fen > best.head.full_amount_fen)
			best = *c;
		found = true;
		if (c->head.full_amount_fen >= amount - amount / 100)
			break;
	}
	*c = best;
	return found;
}

bool line_cut(const struct tax_line *l, struct split_cut *c)
{
	int64_t weight = line_weight(l, c->rule->limit_gross), amount;
	uint8_t own = dec_normalize(l->full_quantity).scale;
	struct tax_line line = *l;

	if (c->room < PART_MIN || weight <= c->room ||
	    !fen_mul_ratio(l->full_amount_fen, c->room, weight, &amount))
		return false;
	if (l->full_amount_fen - amount < PART_MIN)
		amount = l->full_amount_fen - PART_MIN;
	line.full_quantity = dec_normalize(line.full_quantity);
	if (cut_at(&line, own, amount, c))
		return true;
	return c->fresh && !dec_is_zero(line.full_quantity) && cut_fine(&line, own, amount, c);
}
