/* memory.c - what the next empty form of a person begins with. */
#include "store/memory.h"

#include "base/text.h"

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
