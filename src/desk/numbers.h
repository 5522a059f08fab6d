/* desk/numbers.h - 数电领购: list, automatic claiming, audit (features G10-G20; protocol 7.2).
 * Claiming itself is in claims.h. */
#ifndef KP_DESK_NUMBERS_H
#define KP_DESK_NUMBERS_H

#include "desk/claims.h"

struct numbers_query {
	const char *from, *to; /* yyyy-MM-dd inclusive, or NULL */
	int64_t cursor;
	int limit;
};
/* Segments, newest first; *next is the cursor of the next page or 0. */
enum err desk_numbers_list(struct session *s, const struct numbers_query *q, segment_each f,
			   void *arg, int64_t *next, int64_t *total, struct err_info *e);
enum err desk_numbers_stock(struct session *s, int64_t *stock, struct err_info *e);
/* Invariants I1 and I2 of the unit, proven again.  ERR_DAMAGED when a number is unexplained or the
 * quota ledger does not add up; *out is filled in any case. */
enum err desk_numbers_audit(struct session *s, struct number_audit *out, struct err_info *e);

/* Why one number is what it is (features G16). */
struct number_story {
	struct number_place place;
	const char *label, *why;
	int64_t claim; /* that brought it, 0: not known */
	/* of place.invoice, where there is one */
	enum invoice_state invoice_state;
	char order_no[104], issued_at[24], message[1204];
};
/* ERR_INVALID "number.form", "number.unknown". */
enum err desk_number_explain(struct session *s, const char *number, struct number_story *out,
			     struct err_info *e);

/* 自动领购: claims `claim` when the stock falls below `below`; 0 means a fifth of, and as many as, the
 * newest segment.  On by default. */
struct numbers_auto {
	bool on;
	int64_t below, claim;
};
enum err desk_numbers_auto(struct session *s, struct numbers_auto *out, struct err_info *e);
/* Members below 0 stay as they are. */
enum err desk_numbers_set_auto(struct session *s, const struct numbers_auto *a, struct err_info *e);

#endif
