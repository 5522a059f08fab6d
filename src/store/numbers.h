/* store/numbers.h - 数电领购: segments, and every number's state (invariant I1; protocol 7.2). */
#ifndef KP_STORE_NUMBERS_H
#define KP_STORE_NUMBERS_H

#include "store/db.h"
#include "tax/invoice.h"

struct segment {
	int64_t id, unit_id, size, taken, claimed_at;
	int year;
	char serial[101], first[NUMBER_TEXT], last[NUMBER_TEXT], state[12];
};

/* Adds a claimed segment.  The same serial again is accepted when the range is the same (a resumed
 * claim); a range that overlaps a known one of the same environment is ERR_DAMAGED. */
enum err store_segment_add(struct db *db, const struct segment *s, struct err_info *e);
/* Takes the next free number of the unit for the year, in order, oldest segment first, and marks it
 * reserved for the invoice.  ERR_INVALID "numbers.short" when there is none, "numbers.year"
 * when the newest ones turned out to be of another year: claiming again would not help now. */
enum err store_number_take(struct db *db, int64_t unit, int year, int64_t invoice,
			   char out[NUMBER_TEXT], struct err_info *e);
/* reserved/reusable/used/void; only legal transitions (reserved->used|reusable,
 * reusable->reserved|void, reserved->void), else ERR_INTERNAL.  The unit is named because numbers
 * of different environments may be equal (features N64). */
enum err store_number_set(struct db *db, int64_t unit, const char *number, const char *state,
			  struct err_info *e);
/* Free numbers of the year. */
enum err store_number_stock(struct db *db, int64_t unit, int year, int64_t *out,
			    struct err_info *e);
/* Marks open segments of earlier years expired; *changed counts them.  Those of this year and later
 * ones that were marked under a clock that was ahead are open again, but not those of a restore. */
enum err store_segment_expire(struct db *db, int64_t unit, int year, int *changed,
			      struct err_info *e);
/* Are there such that would be open again (early), or that came after the year's end was dealt with
 * (late)? */
enum err store_segment_amiss(struct db *db, int64_t unit, int year, bool *early, bool *late,
			     struct err_info *e);

/* After a restore: the free numbers of every unit may have been used since the backup was made, so
 * none of them is ever taken again.  Marks all open segments expired. */
enum err store_segment_expire_all(struct db *db, struct err_info *e);

struct number_counts {
	int64_t total, free, reserved, used, reusable, voided, expired;
};
struct number_audit {
	struct number_counts counts;
	int64_t unexplained; /* 0 proves I1 */
	char first_problem[400];
};
/* Explains every number of every segment of the unit and compares with the invoices' states. */
enum err store_number_audit(struct db *db, int64_t unit, struct number_audit *out,
			    struct err_info *e);
/* Where one number stands: free, expired, reserved, used, reusable, void; unexplained: taken, and
 * nobody knows for what. */
struct number_place {
	struct segment segment;
	char number[NUMBER_TEXT], state[12];
	int64_t index;   /* in its segment, from 1 */
	int64_t invoice; /* that has or had it, 0: none */
	int64_t changed_at;
};
/* *found false: it is in no segment of the unit. */
enum err store_number_place(struct db *db, int64_t unit, const char *number,
			    struct number_place *out, bool *found, struct err_info *e);
typedef enum err (*segment_each)(void *arg, const struct segment *s, const struct number_counts *c);
/* Newest first, at most limit, ids below cursor (0: from the start); dates yyyy-MM-dd or NULL. */
enum err store_segment_list(struct db *db, int64_t unit, const char *from, const char *to,
			    int64_t cursor, int limit, segment_each f, void *arg,
			    struct err_info *e);

#endif
