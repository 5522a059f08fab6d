/* tax/red_level.c - taxes of a red letter: what a row allows, and all of them together (protocol
 * 7.6).
 *
 * The tax of a part is its share of the row's, rounded.  Where very many lines round the same way
 * their sum leaves the limit of an invoice, here or in what is left for the last letter, which has
 * to take the rest as it stands.  Then taxes are moved by a fen, as far as their rows let them, on
 * as many lines as it takes.  A row that is taken whole keeps its tax: with its net nothing may be
 * left.
 */
#include "base/text.h"
#include "tax/red_p.h"

/* net x rate - tax, in millionths of a fen. */
static dec_int off_of(int64_t net, int64_t tax, int32_t ppm)
{
	return (dec_int)net * ppm - (dec_int)tax * RATE_ONE;
}

bool red_tax_near(int64_t net, int64_t tax, int32_t ppm, int64_t limit)
{
	dec_int off = off_of(net, tax, ppm);

	return (off < 0 ? -off : off) <= (dec_int)limit * RATE_ONE;
}

/* |(net + tax) / (1 + rate) - net| <= 0.01: of ordinary rows the tax side asks for that too. */
static bool gross_near(int64_t net, int64_t tax, int32_t ppm)
{
	dec_int off = off_of(net, tax, ppm);

	return (off < 0 ? -off : off) <= (dec_int)RED_NET_FEN * (RATE_ONE + ppm);
}

bool red_tax_fits(const struct red_blue_line *b, int64_t net, int64_t tax, bool narrow)
{
	int64_t rest_net = b->rest_net_fen - net, rest_tax = b->rest_tax_fen - tax;

	if (tax < 0 || rest_tax < 0)
		return false;
	if (narrow)
		return gross_near(net, tax, b->rate_ppm) &&
		       gross_near(rest_net, rest_tax, b->rate_ppm);
	return red_tax_near(net, tax, b->rate_ppm, RED_TAX_FEN) &&
	       red_tax_near(rest_net, rest_tax, b->rate_ppm, RED_TAX_FEN);
}

/* ---- all of them ---- */

/* How far the taxes of the letter are off, and where that has to be. */
struct level {
	dec_int here, low, high;
};

static struct level measure(const struct red_letter *l, const struct red_blue *b)
{
	const dec_int limit = (dec_int)TOTAL_TAX_FEN * RATE_ONE;
	struct level v = {.low = -limit, .high = limit};
	dec_int all = 0; /* of the letter and of what it leaves */

	for (size_t i = 0; i < l->line_count; i++)
		v.here += off_of(-l->lines[i].net_fen, -l->lines[i].tax_fen, l->lines[i].rate_ppm);
	for (size_t i = 0; i < b->line_count; i++)
		all += off_of(b->lines[i].rest_net_fen, b->lines[i].rest_tax_fen,
			      b->lines[i].rate_ppm);
	if (all > limit || all < -limit) /* no one letter can take that any more */
		return v;
	if (all > 0)
		v.low += all;
	else
		v.high += all;
	return v;
}

static bool move(const struct red_blue_line *b, struct red_line *l, int fen)
{
	int64_t net = -l->net_fen, tax = -l->tax_fen;

	if (!b || net == b->rest_net_fen ||
	    !red_tax_fits(b, net, tax + fen, red_tax_fits(b, net, tax, true)))
		return false;
	l->tax_fen -= fen;
	return true;
}

void red_level(struct red_letter *l, const struct red_blue *b)
{
	struct level v = measure(l, b);
	const int fen = v.here > v.high ? 1 : -1;
	bool moved = true;

	while (moved && (v.here > v.high || v.here < v.low)) {
		moved = false;
		for (size_t i = 0; i < l->line_count && (v.here > v.high || v.here < v.low); i++) {
			struct red_line *n = &l->lines[i];

			if (!move(red_blue_find(b, n->blue_row), n, fen))
				continue;
			l->tax_fen -= fen;
			v.here -= (dec_int)fen * RATE_ONE;
			moved = true;
		}
	}
}
