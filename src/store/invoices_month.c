/* invoices_month.c - issued invoices in order of their date. */
#include <string.h>

#include "base/text.h"
#include "store/invoices_p.h"

#define OF_KIND                                                                                    \
	" WHERE i.unit_id = ? AND i.state = 'issued' AND i.issued_at < ?"                          \
	" AND (? = '' OR i.kind = ?) AND (? < 0 OR ? = EXISTS (SELECT 1 FROM invoice_red x"        \
	" WHERE x.invoice_id = i.id))"

static int colour(const bool *red)
{
	return red ? *red : -1;
}

static const char *kind_word(const enum invoice_kind *kind)
{
	return kind ? invoice_kind_word(*kind) : "";
}

enum err store_invoice_issued(struct db *db, int64_t unit, const char *from, const char *to,
			      const enum invoice_kind *kind, const bool *red,
			      struct issued_at *after, int64_t *ids, size_t n, size_t *count,
			      struct err_info *e)
{
	const char *word = kind_word(kind), *at = *after->at ? after->at : from;
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT i.id, i.issued_at FROM invoice i" OF_KIND
			      " AND (i.issued_at, i.id) > (?, ?) ORDER BY i.issued_at, i.id"
			      " LIMIT ?",
			      "lsssiisll", unit, to, word, word, colour(red), colour(red), at,
			      after->id, (int64_t)n);
	*count = 0;
	while (!r && *count < n && rows_next(q)) {
		ids[(*count)++] = rows_int(q, 0);
		text_copy(after->at, sizeof(after->at), rows_text(q, 1));
		after->id = rows_int(q, 0);
	}
	return rows_end(&q, r, e);
}

enum err store_invoice_issued_count(struct db *db, int64_t unit, const char *from, const char *to,
				    const enum invoice_kind *kind, const bool *red, int64_t *out,
				    struct err_info *e)
{
	const char *word = kind_word(kind);
	*out = 0;
	return db_get_int(db, e, out, NULL,
			  "SELECT COUNT(*) FROM invoice i" OF_KIND " AND i.issued_at >= ?",
			  "lsssiis", unit, to, word, word, colour(red), colour(red), from);
}
