/* export_tables.c - the rows of each table that can be exported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/export_p.h"
#include "desk/taxcodes.h"
#include "desk/types.h"

enum { PAGE = 1000 };

static const char *yes(bool v)
{
	return v ? "Y" : "N";
}

/* ---- buyers: one row per address ---- */

static const char *const BUYER_KEYS[] = {"name",   "tax_no",     "mnemonic",  "address",
					 "phone",  "bank",       "account",   "email",
					 "mobile", "is_default", "is_person", NULL};

struct out {
	struct export *x;
	struct err_info *e;
};

static enum err put_address(struct export *x, const struct buyer *b, const struct buyer_address *a,
			    bool is_default, struct err_info *e)
{
	const char *cells[] = {b->party.name, b->party.tax_no, b->mnemonic,      a->address,
			       a->phone,      a->bank,         a->account,       a->email,
			       a->mobile,     yes(is_default), yes(b->is_person)};

	return export_put(x, cells, e);
}

static enum err put_whole_buyer(struct export *x, const struct buyer *b, struct err_info *e)
{
	struct buyer_address first = {b->party.address, b->party.phone, b->party.bank,
				      b->party.account, b->email,       b->mobile};
	enum err r = put_address(x, b, &first, true, e);
	size_t i;

	for (i = 0; !r && i < b->more_count; i++)
		r = put_address(x, b, &b->more[i], false, e);
	return r;
}

static enum err put_buyer(void *arg, const struct buyer *b)
{
	struct out *o = arg;
	struct buyer whole;
	enum err r;

	/* The list says how many further addresses there are, not which. */
	if (b->party.name && !b->more_count)
		return put_whole_buyer(o->x, b, o->e);
	if ((r = desk_buyer_get(o->x->s, b->id, &whole, o->e)))
		return r;
	r = put_whole_buyer(o->x, &whole, o->e);
	buyer_free(&whole);
	return r;
}

static enum err each_buyer(struct export *x, struct err_info *e)
{
	const struct export_options *o = x->options;
	struct buyer_query q = o->buyers ? *o->buyers : (struct buyer_query) {0};
	struct out out = {x, e};
	int64_t total;
	bool at_least;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; !r && i < o->id_count; i++) {
		struct buyer one = {.id = o->ids[i]};

		r = put_buyer(&out, &one);
	}
	if (o->ids)
		return r;
	q.cursor = 0;
	q.limit = PAGE;
	do
		r = desk_buyer_list(x->s, &q, put_buyer, &out, &q.cursor, &total, &at_least, e);
	while (!r && q.cursor);
	return r;
}

const struct export_kind export_buyers = {"buyers", true, BUYER_KEYS, each_buyer};

/* ---- goods ---- */

static const char *const GOODS_KEYS[] = {
    "name",      "category", "tax_code", "short_name",     "spec",       "unit", "price",
    "inclusive", "mnemonic", "rate",     "has_preference", "preference", NULL};

static enum err put_goods(void *arg, const struct goods *g)
{
	struct out *o = arg;
	const struct code_row *p = code_find(CODES_PREFERENCES, g->preference);
	char rate[RATE_TEXT] = "";
	const char *cells[] = {g->name,
			       g->category,
			       g->tax_code,
			       g->short_name,
			       g->spec,
			       g->unit,
			       g->price,
			       yes(g->inclusive),
			       g->mnemonic,
			       rate,
			       yes(!text_empty(g->preference)),
			       p ? p->name : g->preference};

	if (g->rate_ppm >= 0)
		rate_format(g->rate_ppm, rate);
	return export_put(o->x, cells, o->e);
}

static enum err each_goods(struct export *x, struct err_info *e)
{
	const struct export_options *o = x->options;
	struct goods_query q = o->goods ? *o->goods : (struct goods_query) {0};
	struct out out = {x, e};
	int64_t total;
	bool at_least;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; !r && i < o->id_count; i++) {
		struct goods one;

		if (!(r = desk_goods_get(x->s, o->ids[i], &one, e))) {
			r = put_goods(&out, &one);
			goods_free(&one);
		}
	}
	if (o->ids)
		return r;
	q.cursor = 0;
	q.limit = PAGE;
	do
		r = desk_goods_list(x->s, &q, put_goods, &out, &q.cursor, &total, &at_least, e);
	while (!r && q.cursor);
	return r;
}

const struct export_kind export_goods = {"goods", true, GOODS_KEYS, each_goods};

/* ---- tax codes ---- */

static const char *const CODE_KEYS[] = {
    "code",     "parent",  "name",  "short_name", "note",         "vat_rates", "levy_rates",
    "keywords", "summary", "start", "stop",       "differential", "untaxed",   NULL};

static enum err put_code(void *arg, const struct tax_code *c)
{
	struct out *o = arg;
	const char *cells[] = {c->code,         c->parent,    c->name,       c->short_name,
			       c->note,         c->vat_rates, c->levy_rates, c->keywords,
			       yes(c->summary), c->start,     c->stop,       yes(c->differential),
			       yes(c->untaxed)};

	return export_put(o->x, cells, o->e);
}

static enum err each_code(struct export *x, struct err_info *e)
{
	struct out out = {x, e};
	char cursor[20] = "", next[20] = "";
	enum err r;

	do {
		r = desk_taxcode_search(x->s, "", cursor, PAGE, put_code, &out, next, NULL, NULL,
					e);
		text_copy(cursor, sizeof(cursor), next);
	} while (!r && *cursor);
	return r;
}

const struct export_kind export_codes = {"taxcodes", false, CODE_KEYS, each_code};

/* ---- business types ---- */

static const char *const TYPE_KEYS[] = {"name", "note", "uses", NULL};

static enum err put_type(void *arg, const struct business_type *t)
{
	struct out *o = arg;
	char uses[24];
	const char *cells[] = {t->name, t->note, uses};

	snprintf(uses, sizeof(uses), "%lld", (long long)t->uses);
	return export_put(o->x, cells, o->e);
}

static enum err each_type(struct export *x, struct err_info *e)
{
	struct out out = {x, e};
	int64_t cursor = 0, next = 0, total;
	enum err r;

	do {
		r = desk_type_list(x->s, NULL, cursor, PAGE, put_type, &out, &next, &total, e);
		cursor = next;
	} while (!r && cursor);
	return r;
}

const struct export_kind export_types = {"types", true, TYPE_KEYS, each_type};
