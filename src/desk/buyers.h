/* desk/buyers.h - 购方信息 (features G50-G56): list, add, edit, merge, remove, match. */
#ifndef KP_DESK_BUYERS_H
#define KP_DESK_BUYERS_H

#include "desk/session.h"
#include "store/buyers.h"

/* *total up to DESK_COUNT_CAP when a filter is set, *at_least: there are more. */
enum err desk_buyer_list(struct session *s, const struct buyer_query *q, buyer_each f, void *arg,
			 int64_t *next, int64_t *total, bool *at_least, struct err_info *e);
/* The best max for what is typed (store_buyer_best); one letter finds nothing, "" the most recently
 * used.  Each is freed by buyer_free. */
enum err desk_buyer_match(struct session *s, const char *text, int max, struct buyer *out, int *n,
			  struct err_info *e);
/* ERR_INVALID "buyer.unknown" when the unit has none of that id. */
enum err desk_buyer_get(struct session *s, int64_t id, struct buyer *out, struct err_info *e);
/* By "#id", tax number, or name; ERR_INVALID "buyer.unknown", "buyer.several". */
enum err desk_buyer_named(struct session *s, const char *no, struct buyer *out, struct err_info *e);

/* What is wrong with it, as ERR_INVALID with the field; fine: ERR_OK, and warning[200] may have a
 * sentence (check digit of the tax number). */
enum err desk_buyer_check(const struct buyer *b, char warning[200], struct err_info *e);
/* Others with the same tax number or name, for the clerk to decide. */
enum err desk_buyer_twins(struct session *s, const struct buyer *b, struct buyer *out, int max,
			  int *n, struct err_info *e);
/* store_buyer_owner of the unit at hand, as a person typed the two; "" for a natural person. */
enum err desk_buyer_owner(struct session *s, const struct buyer *b, char owner[BUYER_OWNER],
			  struct err_info *e);
/* Is there one? */
enum err desk_buyer_has_twin(struct session *s, const struct buyer *b, bool *out,
			     struct err_info *e);
enum twin_policy {
	TWIN_REFUSE, /* ERR_INVALID "buyer.twin", the sentence names the other */
	TWIN_KEEP,   /* both stay */
};
enum err desk_buyer_add(struct session *s, struct buyer *b, enum twin_policy p, struct err_info *e);
/* What desk_buyer_get gave, changed; ERR_INVALID "catalogue.changed" when somebody else has changed
 * it since. */
enum err desk_buyer_edit(struct session *s, const struct buyer *b, enum twin_policy p,
			 struct err_info *e);
/* Changes what is stored now: f works on it inside the transaction.  warning[200] as of
 * desk_buyer_check. */
typedef enum err (*buyer_change)(void *arg, struct buyer *b, struct err_info *e);
enum err desk_buyer_change(struct session *s, int64_t id, buyer_change f, void *arg,
			   enum twin_policy p, char warning[200], struct err_info *e);
/* `from` is removed; what `into` lacks it takes from it, also its addresses and uses. */
enum err desk_buyer_merge(struct session *s, int64_t from, int64_t into, struct err_info *e);
/* A buyer that was entered, new or edited, into another one: all of it or nothing. */
enum err desk_buyer_enter(struct session *s, const struct buyer *b, int64_t into,
			  struct err_info *e);
enum err desk_buyer_remove(struct session *s, const int64_t *ids, size_t n, int *removed,
			   struct err_info *e);

#endif
