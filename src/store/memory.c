/* memory.c - buyers and goods of issued invoices; habits. */
#include "store/memory.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"

void buyer_free(struct buyer *b)
{
	free(b->party.name);
	free(b->party.tax_no);
	free(b->party.address);
	free(b->party.phone);
	free(b->party.bank);
	free(b->party.account);
	free(b->email);
	*b = (struct buyer) {0};
}

void goods_free(struct goods *g)
{
	free(g->name);
	free(g->tax_code);
	free(g->short_name);
	free(g->spec);
	free(g->unit);
	free(g->preference);
	free(g->price);
	*g = (struct goods) {0};
}

/* ---- remembering ----------------------------------------------------------------------------- */

enum err store_memory_buyer(struct db *db, int64_t unit, const struct invoice *inv,
			    struct err_info *e)
{
	const struct party *p = &inv->buyer;
	int64_t id = 0;
	enum err r;

	if (text_empty(p->name))
		return ERR_OK;
	if ((r = db_next_id(db, "buyer", &id, e)))
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO buyer (id, unit_id, name, tax_no, address, phone, bank, account,"
		      " email, is_person, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		      " ON CONFLICT (unit_id, name, tax_no) DO UPDATE SET"
		      " address = excluded.address, phone = excluded.phone, bank = excluded.bank,"
		      " account = excluded.account, email = excluded.email,"
		      " is_person = excluded.is_person, used_at = excluded.used_at,"
		      " uses = buyer.uses + 1",
		      "llsssssssil", id, unit, p->name, p->tax_no, p->address, p->phone, p->bank,
		      p->account, inv->buyer_email, inv->buyer_is_person ? 1 : 0, clock_now());
}

enum err store_memory_goods(struct db *db, int64_t unit, const struct tax_line *l, bool inclusive,
			    struct err_info *e)
{
	char price[DEC_TEXT] = "";
	int64_t id = 0;
	enum err r;

	if (text_empty(l->name))
		return ERR_OK;
	if (!dec_is_zero(l->full_price))
		dec_format(dec_normalize(l->full_price), price);
	if ((r = db_next_id(db, "goods", &id, e)))
		return r;
	return db_run(
	    db, e, NULL,
	    "INSERT INTO goods (id, unit_id, name, tax_code, short_name, spec, unit_name, price,"
	    " inclusive, rate_ppm, preference, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (unit_id, name, spec, tax_code) DO UPDATE SET"
	    " short_name = excluded.short_name, unit_name = excluded.unit_name,"
	    " price = excluded.price, inclusive = excluded.inclusive,"
	    " rate_ppm = excluded.rate_ppm, preference = excluded.preference,"
	    " used_at = excluded.used_at, uses = goods.uses + 1",
	    "llssssssiisl", id, unit, l->name, l->tax_code, l->short_name, l->spec, l->unit, price,
	    inclusive ? 1 : 0, l->rate_ppm, l->preference, clock_now());
}

/* ---- completion ------------------------------------------------------------------------------ */

static enum err give_recent(struct rows **q, enum err r, memory_each each, void *arg,
			    struct err_info *e)
{
	bool enough = false;

	while (!r && !enough && rows_next(*q))
		r = each(arg, rows_int(*q, 0), rows_text(*q, 1), rows_text(*q, 2), rows_text(*q, 3),
			 &enough);
	return rows_end(q, r, e);
}

enum err store_buyer_recent(struct db *db, int64_t unit, memory_each each, void *arg,
			    struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, name, tax_no, '' FROM buyer WHERE unit_id = ?"
			      " ORDER BY used_at DESC, id DESC LIMIT ?",
			      "li", unit, MEMORY_SCAN);

	return give_recent(&q, r, each, arg, e);
}

enum err store_goods_recent(struct db *db, int64_t unit, memory_each each, void *arg,
			    struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, name, tax_code, spec FROM goods WHERE unit_id = ?"
			      " ORDER BY used_at DESC, id DESC LIMIT ?",
			      "li", unit, MEMORY_SCAN);

	return give_recent(&q, r, each, arg, e);
}

enum err store_buyer_get(struct db *db, int64_t unit, int64_t id, struct buyer *out, bool *found,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, unit_id, name, tax_no, address, phone, bank, account,"
			      " email, is_person FROM buyer WHERE id = ? AND unit_id = ?",
			      "ll", id, unit);

	*found = !r && rows_next(q);
	if (*found)
		*out = (struct buyer) {
		    .id = rows_int(q, 0),
		    .unit_id = rows_int(q, 1),
		    .party = {.name = mem_strdup(rows_text(q, 2)),
			      .tax_no = mem_strdup(rows_text(q, 3)),
			      .address = mem_strdup(rows_text(q, 4)),
			      .phone = mem_strdup(rows_text(q, 5)),
			      .bank = mem_strdup(rows_text(q, 6)),
			      .account = mem_strdup(rows_text(q, 7))},
		    .email = mem_strdup(rows_text(q, 8)),
		    .is_person = rows_int(q, 9) != 0,
		};
	return rows_end(&q, r, e);
}

enum err store_goods_get(struct db *db, int64_t unit, int64_t id, struct goods *out, bool *found,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, unit_id, name, tax_code, short_name, spec, unit_name,"
			      " preference, price, inclusive, rate_ppm FROM goods"
			      " WHERE id = ? AND unit_id = ?",
			      "ll", id, unit);

	*found = !r && rows_next(q);
	if (*found)
		*out = (struct goods) {
		    .id = rows_int(q, 0),
		    .unit_id = rows_int(q, 1),
		    .name = mem_strdup(rows_text(q, 2)),
		    .tax_code = mem_strdup(rows_text(q, 3)),
		    .short_name = mem_strdup(rows_text(q, 4)),
		    .spec = mem_strdup(rows_text(q, 5)),
		    .unit = mem_strdup(rows_text(q, 6)),
		    .preference = mem_strdup(rows_text(q, 7)),
		    .price = mem_strdup(rows_text(q, 8)),
		    .inclusive = rows_int(q, 9) != 0,
		    .rate_ppm = (int32_t)rows_int(q, 10),
		};
	return rows_end(&q, r, e);
}

/* ---- habits ---------------------------------------------------------------------------------- */

enum err store_habit_put(struct db *db, int64_t unit, int64_t user, const struct invoice *inv,
			 struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO issue_habit (unit_id, user_id, kind, inclusive, drawer, payee,"
		      " reviewer, business_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
		      " ON CONFLICT (unit_id, user_id) DO UPDATE SET kind = excluded.kind,"
		      " inclusive = excluded.inclusive, drawer = excluded.drawer,"
		      " payee = excluded.payee, reviewer = excluded.reviewer,"
		      " business_type = excluded.business_type",
		      "llsissss", unit, user, invoice_kind_word(inv->kind),
		      inv->prices_include_tax ? 1 : 0, inv->drawer, inv->payee, inv->reviewer,
		      inv->business_type);
}

enum err store_habit_get(struct db *db, int64_t unit, int64_t user, struct issue_habit *out,
			 bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT kind, inclusive, drawer, payee, reviewer, business_type"
			      " FROM issue_habit"
			      " WHERE unit_id = ? AND user_id = ?",
			      "ll", unit, user);

	*found = !r && rows_next(q);
	if (*found) {
		*out = (struct issue_habit) {.inclusive = rows_int(q, 1) != 0};
		invoice_kind_parse(rows_text(q, 0), &out->kind);
		text_copy(out->drawer, sizeof(out->drawer), rows_text(q, 2));
		text_copy(out->payee, sizeof(out->payee), rows_text(q, 3));
		text_copy(out->reviewer, sizeof(out->reviewer), rows_text(q, 4));
		text_copy(out->business_type, sizeof(out->business_type), rows_text(q, 5));
	}
	return rows_end(&q, r, e);
}
