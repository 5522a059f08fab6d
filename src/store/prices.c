/* prices.c - what a buyer paid last for an article. */
#include "store/prices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "store/catalogue_p.h"

/* Beyond PRICES_OF_BUYER written ones they are counted, and the oldest go. */
enum { KEPT = PRICES_OF_BUYER * 4 / 5, GOODS_TEXT = 16 * 1024 };

static int64_t buyer_key(int64_t unit, const struct party *buyer)
{
	return catalogue_key(unit, text_empty(buyer->tax_no) ? buyer->name : buyer->tax_no);
}

static int64_t goods_key(int64_t unit, const struct tax_line *l)
{
	const char *parts[] = {l->name, l->spec, l->unit};
	struct buf all;
	int64_t key;
	size_t i;

	buf_init(&all, GOODS_TEXT);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		buf_addf(&all, "%s\n", text_empty(parts[i]) ? "" : parts[i]);
	key = catalogue_key(unit, buf_str(&all));
	buf_free(&all);
	return key;
}

static const char write_sql[] =
    "INSERT INTO price_last (unit_id, buyer_key, goods_key, invoice_id, price, inclusive, rate_ppm)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (unit_id, buyer_key, goods_key) DO UPDATE SET"
    " invoice_id = excluded.invoice_id, price = excluded.price, inclusive = excluded.inclusive,"
    " rate_ppm = excluded.rate_ppm";
static const char learn_sql[] =
    "INSERT INTO price_last (unit_id, buyer_key, goods_key, invoice_id, price, inclusive, rate_ppm)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (unit_id, buyer_key, goods_key) DO NOTHING";

/* ---- writing ---- */

static enum err prune(struct db *db, int64_t unit, int64_t buyer, struct err_info *e)
{
	int64_t count = 0;
	enum err r = db_get_int(db, e, &count, NULL,
				"SELECT COUNT(*) FROM price_last"
				" WHERE unit_id = ? AND buyer_key = ?",
				"ll", unit, buyer);

	if (!r && count > PRICES_OF_BUYER) {
		r = db_run(db, e, NULL,
			   "DELETE FROM price_last WHERE unit_id = ?1 AND buyer_key = ?2 AND"
			   " goods_key IN (SELECT goods_key FROM price_last WHERE unit_id = ?1 AND"
			   " buyer_key = ?2 ORDER BY invoice_id LIMIT ?3)",
			   "lll", unit, buyer, count - KEPT);
		count = KEPT;
	}
	if (r)
		return r;
	return db_run(db, e, NULL,
		      "UPDATE price_buyer SET written = ? WHERE unit_id = ? AND buyer_key = ?",
		      "lll", count, unit, buyer);
}

static enum err count_written(struct db *db, int64_t unit, int64_t buyer, int64_t n,
			      struct err_info *e)
{
	int64_t written = 0;
	enum err r = db_run(db, e, NULL,
			    "INSERT INTO price_buyer (unit_id, buyer_key, written) VALUES (?, ?, ?)"
			    " ON CONFLICT (unit_id, buyer_key) DO UPDATE SET"
			    " written = price_buyer.written + excluded.written",
			    "lll", unit, buyer, n);

	if (r || (r = db_get_int(db, e, &written, NULL,
				 "SELECT written FROM price_buyer WHERE unit_id = ? AND"
				 " buyer_key = ?",
				 "ll", unit, buyer)))
		return r;
	/* What was kept counts too: a buyer of many articles is not counted at every invoice. */
	return written > PRICES_OF_BUYER + KEPT ? prune(db, unit, buyer, e) : ERR_OK;
}

static enum err write_lines(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			    const char *sql, struct err_info *e)
{
	int64_t buyer = buyer_key(unit, &inv->buyer), n = 0;
	char price[DEC_TEXT];
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; buyer && i < inv->line_count && !r; i++) {
		const struct tax_line *l = &inv->lines[i];

		if (dec_is_zero(l->full_price) || text_empty(l->name))
			continue;
		n++;
		r = db_run(db, e, NULL, sql, "llllsii", unit, buyer, goods_key(unit, l), invoice,
			   dec_format(dec_normalize(l->full_price), price),
			   inv->prices_include_tax ? 1 : 0, (int)l->rate_ppm);
	}
	return r || !n ? r : count_written(db, unit, buyer, n, e);
}

enum err store_price_issued(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			    struct err_info *e)
{
	return write_lines(db, unit, invoice, inv, write_sql, e);
}

enum err store_price_learn(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			   struct err_info *e)
{
	return write_lines(db, unit, invoice, inv, learn_sql, e);
}

enum err store_price_forget(struct db *db, int64_t unit, const struct party *buyer,
			    const struct tax_line *line, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "DELETE FROM price_last WHERE unit_id = ? AND buyer_key = ? AND goods_key = ?", "lll",
	    unit, buyer_key(unit, buyer), goods_key(unit, line));
}

/* ---- reading ---- */

enum err store_price_get(struct db *db, int64_t unit, const struct party *buyer,
			 const struct tax_line *line, struct price_last *out, bool *found,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT invoice_id, price, inclusive, rate_ppm FROM price_last"
			      " WHERE unit_id = ? AND buyer_key = ? AND goods_key = ?",
			      "lll", unit, buyer_key(unit, buyer), goods_key(unit, line));

	*found = false;
	if (!r && rows_next(q)) {
		out->invoice_id = rows_int(q, 0);
		out->inclusive = rows_int(q, 2) != 0;
		out->rate_ppm = (int32_t)rows_int(q, 3);
		*found = dec_parse(rows_text(q, 1), &out->price);
	}
	return rows_end(&q, r, e);
}

enum err store_price_learned(struct db *db, int64_t unit, const struct party *buyer, bool *out,
			     struct err_info *e)
{
	int64_t learned = 0;
	enum err r =
	    db_get_int(db, e, &learned, NULL,
		       "SELECT learned FROM price_buyer WHERE unit_id = ? AND buyer_key = ?", "ll",
		       unit, buyer_key(unit, buyer));

	*out = learned != 0;
	return r;
}

enum err store_price_set_learned(struct db *db, int64_t unit, const struct party *buyer,
				 struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO price_buyer (unit_id, buyer_key, written, learned)"
		      " VALUES (?, ?, 0, 1)"
		      " ON CONFLICT (unit_id, buyer_key) DO UPDATE SET learned = 1",
		      "ll", unit, buyer_key(unit, buyer));
}
