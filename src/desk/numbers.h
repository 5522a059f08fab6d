/* desk/numbers.h - 数电领购: claim, list, automatic claiming, audit (features G10-G20; protocol 7.2).
 * */
#ifndef KP_DESK_NUMBERS_H
#define KP_DESK_NUMBERS_H

#include "desk/session.h"
#include "desk/wait.h"

enum { CLAIM_MAX = 100000, CLAIM_PIECE = 5000 };

/* Asks for `count` numbers ("1".."100000") in pieces of 5000, each with its own serial, so that a
 * crash in the middle asks for none twice. */
enum err desk_numbers_claim(struct session *s, const char *count, struct desk_wait *w,
			    struct err_info *e);
/* What became of the pieces. */
struct claim_report {
	int64_t asked, claimed, failed, open;
};
typedef enum err (*claim_each)(void *arg, const char *first, const char *last, int64_t count);
enum err desk_claim_report(struct session *s, const struct desk_wait *w, struct claim_report *out,
			   claim_each f, void *arg, struct err_info *e);

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
