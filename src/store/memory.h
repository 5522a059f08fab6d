/* store/memory.h - a person's habits: what the next empty form begins with. */
#ifndef KP_STORE_MEMORY_H
#define KP_STORE_MEMORY_H

#include "store/db.h"
#include "tax/invoice.h"

/* What the next empty form begins with. */
struct issue_habit {
	enum invoice_kind kind;
	bool inclusive;
	char drawer[1204], payee[1204], reviewer[1204], business_type[404];
};
enum err store_habit_put(struct db *db, int64_t unit, int64_t user, const struct invoice *inv,
			 struct err_info *e);
/* *found false before the first invoice; *out is untouched then. */
enum err store_habit_get(struct db *db, int64_t unit, int64_t user, struct issue_habit *out,
			 bool *found, struct err_info *e);

#endif
