/* store/memory.h - buyers and goods of issued invoices, for completion, and a person's habits.
 *
 * Completion looks at the MEMORY_SCAN most recently used rows, newest first, read from an index
 * that holds all that is matched, so that the work of a key does not grow with the home.
 */
#ifndef KP_STORE_MEMORY_H
#define KP_STORE_MEMORY_H

#include "store/db.h"
#include "tax/invoice.h"

enum { MEMORY_SCAN = 2000 };

struct buyer {
	int64_t id, unit_id;
	struct party party;
	char *email;
	bool is_person;
};
void buyer_free(struct buyer *b);

struct goods {
	int64_t id, unit_id;
	char *name, *tax_code, *short_name, *spec, *unit, *preference;
	char *price; /* decimal text in the mode of `inclusive`, "" none */
	bool inclusive;
	int32_t rate_ppm;
};
void goods_free(struct goods *g);

/* Remembers the buyer and the lines of an invoice that is being issued (inside its transaction):
 * what is known already gets the newer particulars and counts one use more. */
enum err store_memory_buyer(struct db *db, int64_t unit, const struct invoice *inv,
			    struct err_info *e);
enum err store_memory_goods(struct db *db, int64_t unit, const struct tax_line *l, bool inclusive,
			    struct err_info *e);

/* Names of the most recently used, newest first; texts live during the call.  other: tax number of
 * a buyer, tax code of goods; spec "" for buyers.  The callback sets *enough to stop. */
typedef enum err (*memory_each)(void *arg, int64_t id, const char *name, const char *other,
				const char *spec, bool *enough);
enum err store_buyer_recent(struct db *db, int64_t unit, memory_each each, void *arg,
			    struct err_info *e);
enum err store_goods_recent(struct db *db, int64_t unit, memory_each each, void *arg,
			    struct err_info *e);
/* *found false when the unit has none of that id; freed by buyer_free, goods_free. */
enum err store_buyer_get(struct db *db, int64_t unit, int64_t id, struct buyer *out, bool *found,
			 struct err_info *e);
enum err store_goods_get(struct db *db, int64_t unit, int64_t id, struct goods *out, bool *found,
			 struct err_info *e);

/* What the next empty form begins with. */
struct issue_habit {
	enum invoice_kind kind;
	bool inclusive;
	char drawer[1204], payee[1204], reviewer[1204];
};
enum err store_habit_put(struct db *db, int64_t unit, int64_t user, const struct invoice *inv,
			 struct err_info *e);
/* *found false before the first invoice; *out is untouched then. */
enum err store_habit_get(struct db *db, int64_t unit, int64_t user, struct issue_habit *out,
			 bool *found, struct err_info *e);

#endif
