/* issue_goods.c - lines that name goods of the catalogue get what the catalogue says of them.
 *
 * What a line says itself stands.  A reference that was taken is taken out; one that cannot be
 * stays, for a repeat needs no catalogue: whoever goes on with the invoice asks why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/goods_p.h"
#include "desk/issue_p.h"

static void take_text(char **slot, const char *text)
{
	if (text_empty(*slot))
		mem_set(slot, text);
}

/* The catalogue's price in the mode of the invoice, for a line that has no amount either. */
static void take_price(struct tax_line *l, const struct goods *g, bool inclusive)
{
	struct dec price;

	if (l->has_price || l->has_amount || !*g->price || !dec_parse(g->price, &price))
		return;
	if (g->inclusive != inclusive &&
	    (l->rate_ppm < 0 ||
	     !tax_price_in_mode(price, l->rate_ppm, g->inclusive, inclusive, &price)))
		return;
	l->has_price = true;
	l->price = price;
}

/* A short name belongs to its code, a preference to its rate. */
static void take_goods(struct tax_line *l, const struct goods *g, bool inclusive)
{
	take_text(&l->name, g->name);
	take_text(&l->spec, g->spec);
	take_text(&l->unit, g->unit);
	take_text(&l->tax_code, g->tax_code);
	if (!strcmp(l->tax_code, g->tax_code))
		take_text(&l->short_name, g->short_name);
	if (l->rate_ppm < 0)
		l->rate_ppm = g->rate_ppm;
	if (l->rate_ppm == g->rate_ppm)
		take_text(&l->preference, g->preference);
	take_price(l, g, inclusive);
	mem_set(&l->goods, "");
}

static enum err take_line(struct session *s, const struct unit *u, struct invoice *inv, size_t i,
			  struct err_info *e)
{
	struct tax_line *l = &inv->lines[i];
	char *no = text_trim(l->goods), what[160];
	struct goods g;
	enum err r = *no ? goods_by_name(s, u->id, no, &g, e) : ERR_OK;

	if (!r && *no) {
		take_goods(l, &g, inv->prices_include_tax);
		goods_free(&g);
	}
	free(no);
	if (r == ERR_INVALID && e) {
		snprintf(what, sizeof(what), "第 %zu 行%.80s", i + 1, e->what);
		text_copy(e->what, sizeof(e->what), what);
		err_field(e, "lines[%zu].goods", i);
	}
	return r;
}

enum err issue_take_goods(struct session *s, const struct unit *u, struct invoice *inv,
			  struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < inv->line_count && !r; i++)
		r = take_line(s, u, inv, i, e);
	return r;
}

enum err issue_try_goods(struct session *s, const struct unit *u, const struct invoice_set *set,
			 struct err_info *e)
{
	size_t i, k;

	for (i = 0; i < set->n; i++) {
		for (k = 0; k < set->items[i].line_count; k++) {
			struct err_info why;
			enum err r = take_line(s, u, &set->items[i], k, &why);

			if (!r || r == ERR_INVALID)
				continue;
			if (e)
				*e = why;
			return r;
		}
	}
	return ERR_OK;
}
