/* red_blues.c - the blue invoices that can be chosen to be taken back. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/invoices.h"
#include "desk/red_p.h"

/* A cursor of the buyer's list: which unit, and the place among its invoices. */
enum { UNIT_BITS = 40, UNITS_MAX = 4096 };
static const int64_t PLACE = ((int64_t)1 << UNIT_BITS) - 1;

struct chosen {
	const struct red_blues *q;
	invoice_each each;
	void *arg;
	const char *buyer; /* tax number the invoices have to have; NULL: any */
	int given;
};

static bool has_part(const char *text, const char *part)
{
	return text_empty(part) || (text && strstr(text, part));
}

static enum err take(void *arg, const struct invoice_row *row)
{
	struct chosen *c = arg;

	if (c->buyer ? !text_eq(row->buyer_tax_no, c->buyer)
		     : !has_part(row->buyer_tax_no, c->q->tax_no))
		return ERR_OK;
	c->given++;
	return c->each(c->arg, row);
}

static void begin(struct invoice_filter *f)
{
	static const enum invoice_state ISSUED = INVOICE_ISSUED;
	static const bool BLUE = false;

	f->state = &ISSUED;
	f->red = &BLUE;
}

static enum err of_seller(struct session *s, struct chosen *c, int64_t *next, int64_t *total,
			  bool *at_least, struct err_info *e)
{
	struct invoice_filter *f = c->q->filter;

	f->buyer = c->q->party;
	f->text = c->q->tax_no;
	return desk_invoice_list(s, f, take, c, next, total, at_least, e);
}

/* ---- as buyer ---- */

struct sellers {
	int64_t ids[UNITS_MAX];
	int count;
	const struct unit *buyer;
	const struct red_blues *q;
};

static enum err add_seller(void *arg, const struct unit *u)
{
	struct sellers *all = arg;

	if (u->id != all->buyer->id && u->env == all->buyer->env && all->count < UNITS_MAX &&
	    has_part(u->name, all->q->party) && has_part(u->tax_no, all->q->tax_no))
		all->ids[all->count++] = u->id;
	return ERR_OK;
}

static enum err page_of(struct session *s, struct sellers *all, struct chosen *c, int64_t *next,
			struct err_info *e)
{
	struct invoice_filter *f = c->q->filter;
	int at = (int)(f->cursor >> UNIT_BITS), limit = f->limit;
	int64_t place = f->cursor & PLACE, after = 0;
	enum err r = ERR_OK;

	*next = 0;
	f->text = all->buyer->tax_no;
	for (; at < all->count && c->given < limit && !r; at++, place = after) {
		f->unit = all->ids[at];
		f->cursor = place;
		f->limit = limit - c->given;
		after = 0;
		r = store_invoice_page(s->db, f, take, c, &after, e);
		if (after) { /* the same unit goes on */
			*next = ((int64_t)at << UNIT_BITS) | after;
			return r;
		}
	}
	if (at < all->count)
		*next = (int64_t)at << UNIT_BITS;
	return r;
}

static enum err of_buyer(struct session *s, struct chosen *c, const struct unit *u, int64_t *next,
			 struct err_info *e)
{
	struct sellers *all = mem_zalloc(sizeof(*all));
	enum err r;

	all->buyer = u;
	all->q = c->q;
	c->buyer = u->tax_no;
	if (!(r = store_unit_list(s->db, "using", add_seller, all, e)))
		r = page_of(s, all, c, next, e);
	free(all);
	return r;
}

enum err desk_red_blues(struct session *s, const struct red_blues *q, invoice_each each, void *arg,
			int64_t *next, int64_t *total, bool *at_least, struct err_info *e)
{
	struct chosen c = {.q = q, .each = each, .arg = arg};
	struct unit u;
	enum err r;

	begin(q->filter);
	if (q->side == RED_SELLER)
		return of_seller(s, &c, next, total, at_least, e);
	*total = -1;
	*at_least = false;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = of_buyer(s, &c, &u, next, e);
	unit_free(&u);
	return r;
}
