/* prices.c - what a buyer got last. */
#include "desk/prices.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* Learning reads at most so many invoices, and stops after so many lines. */
enum { LEARN_INVOICES = 30, LEARN_LINES = 3000, TWINS = 8, LAST_LOOKED = 50, DECIMALS = 13 };

/* ---- the buyer's invoices ---- */

/* How well a row of the catalogue is the buyer: 2 by tax number, 1 by name, 0 not. */
static int likeness(const struct party *buyer, const struct buyer *row)
{
	if (!text_empty(buyer->tax_no))
		return strcmp(buyer->tax_no, row->party.tax_no) ? 0 : 2;
	return strcmp(buyer->name, row->party.name) ? 0 : 1;
}

static enum err find_buyer(struct session *s, int64_t unit, const struct party *buyer, int64_t *id,
			   struct err_info *e)
{
	struct buyer like = {.party = *buyer}, found[TWINS];
	int n = 0, best = 0, i;
	enum err r = store_buyer_twins(s->db, unit, &like, found, TWINS, &n, e);

	*id = 0;
	for (i = 0; !r && i < n; i++) {
		int l = likeness(buyer, &found[i]);

		if (l > best) {
			best = l;
			*id = found[i].id;
		}
	}
	for (i = 0; i < n; i++)
		buyer_free(&found[i]);
	return r;
}

struct latest {
	const struct party *buyer;
	int64_t ids[LAST_LOOKED];
	size_t count, most;
};

static enum err take_row(void *arg, const struct invoice_row *row)
{
	struct latest *l = arg;

	/* Others of his name have another number; what was taken back tells no price. */
	if (l->count < l->most && !row->red &&
	    (text_empty(l->buyer->tax_no) || !strcmp(l->buyer->tax_no, row->buyer_tax_no)))
		l->ids[l->count++] = row->id;
	return ERR_OK;
}

static enum err latest(struct session *s, int64_t unit, struct latest *l, struct err_info *e)
{
	static const enum invoice_state ISSUED = INVOICE_ISSUED;
	struct invoice_filter f = {.unit = unit, .state = &ISSUED, .limit = LAST_LOOKED};
	int64_t next;
	enum err r;

	if (text_empty(l->buyer->name))
		return ERR_OK;
	r = find_buyer(s, unit, l->buyer, &f.buyer_id, e);
	return r || !f.buyer_id ? r : store_invoice_page(s->db, &f, take_row, l, &next, e);
}

enum err desk_last_invoice(struct session *s, const struct party *buyer, int64_t *id,
			   struct err_info *e)
{
	struct latest l = {.buyer = buyer, .most = 1};
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*id = 0;
	if (!r && !(r = latest(s, unit, &l, e)) && l.count)
		*id = l.ids[0];
	return r;
}

/* ---- learning ---- */

static enum err learn_all(struct session *s, int64_t unit, const struct latest *l,
			  struct err_info *e)
{
	size_t i, lines = 0;
	enum err r = ERR_OK;

	for (i = 0; i < l->count && lines < LEARN_LINES && !r; i++) {
		struct invoice_record inv;

		if ((r = store_invoice_get(s->db, l->ids[i], &inv, e)))
			break;
		lines += inv.invoice.line_count;
		r = store_price_learn(s->db, unit, inv.id, &inv.invoice, e);
		invoice_record_free(&inv);
	}
	return r ? r : store_price_set_learned(s->db, unit, l->buyer, e);
}

/* Not worth waiting for another writer. */
static enum err learn(struct session *s, int64_t unit, const struct party *buyer,
		      const struct tax_line *forget, struct err_info *e)
{
	struct latest l = {.buyer = buyer, .most = LEARN_INVOICES};
	bool before = desk_hurry(s, true);
	enum err r = latest(s, unit, &l, e);

	if (!r && !(r = db_begin(s->db, e))) {
		if (forget)
			r = store_price_forget(s->db, unit, buyer, forget, e);
		if (r || (r = learn_all(s, unit, &l, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	desk_hurry(s, before);
	return err_not_busy(r, e);
}

/* ---- the last price ---- */

/* The invoice it is from; *good false when that became nothing or is of somebody else. */
static enum err look_at(struct session *s, const struct party *buyer, const struct price_last *p,
			struct price_known *out, bool *good, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = store_invoice_head(s->db, p->invoice_id, &r, e);

	if (rc)
		return rc;
	*good = r.state != INVOICE_VOID && r.state != INVOICE_FAILED &&
		(text_empty(buyer->tax_no) ? !strcmp(buyer->name, r.invoice.buyer.name)
					   : !strcmp(buyer->tax_no, r.invoice.buyer.tax_no));
	text_copy(out->date, sizeof(out->date), r.invoice.issued_at);
	text_copy(out->number, sizeof(out->number), r.invoice.number);
	invoice_record_free(&r);
	return ERR_OK;
}

static enum err known(struct session *s, int64_t unit, const struct party *buyer,
		      const struct tax_line *line, struct price_last *p, struct price_known *out,
		      bool *any, bool *good, struct err_info *e)
{
	enum err r = store_price_get(s->db, unit, buyer, line, p, any, e);

	*good = false;
	return r || !*any ? r : look_at(s, buyer, p, out, good, e);
}

enum err desk_price_last(struct session *s, const struct party *buyer, const struct tax_line *line,
			 bool inclusive, struct price_known *out, bool *found, struct err_info *e)
{
	struct price_last p = {.rate_ppm = 0};
	bool any = false, learned = true;
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*found = false;
	if (r || text_empty(buyer->name) || text_empty(line->name) ||
	    (r = known(s, unit, buyer, line, &p, out, &any, found, e)) || *found)
		goto end;
	if (!any && ((r = store_price_learned(s->db, unit, buyer, &learned, e)) || learned))
		return r;
	if ((r = learn(s, unit, buyer, any ? line : NULL, e)) ||
	    (r = known(s, unit, buyer, line, &p, out, &any, found, e)))
		return r;
end:
	if (*found)
		*found = tax_price_in_mode(p.price, p.rate_ppm < 0 ? 0 : p.rate_ppm, p.inclusive,
					   inclusive, &out->price);
	return r;
}

bool desk_price_taken(struct session *s)
{
	char value[4];

	return !store_setting_get(s->db, "blue", "last_price", "0", value, sizeof(value), NULL) &&
	       !strcmp(value, "1");
}
