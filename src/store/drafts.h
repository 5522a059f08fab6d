/* store/drafts.h - drafts that were put together or taken apart: 合并, 拆分.
 *
 * A change has sources, which vanish as drafts, and results, which are drafts first and the
 * invoices issued of them later.  Whoever stores an invoice in the place of a draft says so
 * (store_draft_moved); a result that is put together or taken apart itself gives way to what became
 * of it (store_draft_became).  As long as a result is not void, the sources are used up: neither
 * their order numbers nor their ids are issued again (architecture I3).
 */
#ifndef KP_STORE_DRAFTS_H
#define KP_STORE_DRAFTS_H

#include "store/db.h"
#include "tax/invoice.h"

struct draft_change {
	int64_t id, unit_id, user_id, at;
	bool split; /* else: merged */
};
struct draft_source {
	int64_t user_id, draft_id, form_id; /* of a draft or form it was, 0 none */
	const char *order_no, *title;
	const char *body; /* JSON of the invoice */
	const char *form; /* JSON of the form, or NULL */
};

/* Gives c->id. */
enum err store_change_add(struct db *db, struct draft_change *c, struct err_info *e);
/* seq: 0, 1, 2 ... */
enum err store_change_source(struct db *db, const struct draft_change *c, int seq,
			     const struct draft_source *s, struct err_info *e);
enum err store_change_result(struct db *db, int64_t change, int64_t invoice, struct err_info *e);
/* Takes a change with its sources and what is left of its results out. */
enum err store_change_delete(struct db *db, int64_t change, struct err_info *e);

/* Forgets the changes of the unit whose results were all deleted. */
enum err store_change_sweep(struct db *db, int64_t unit, struct err_info *e);

/* The newest change an invoice is a result of; *found false: none. */
enum err store_change_of(struct db *db, int64_t invoice, struct draft_change *out, bool *found,
			 struct err_info *e);
/* Texts live during the call. */
typedef enum err (*draft_source_each)(void *arg, const struct draft_source *s);
enum err store_change_sources(struct db *db, int64_t change, draft_source_each f, void *arg,
			      struct err_info *e);
/* Ids of the results that are not void, at most n; *count all. */
enum err store_change_results(struct db *db, int64_t change, int64_t *ids, size_t n, size_t *count,
			      struct err_info *e);

/* Another invoice stands in the place of the draft; it may be stored after this, in the same
 * transaction. */
enum err store_draft_moved(struct db *db, int64_t draft, int64_t invoice, struct err_info *e);
/* The same, by the number of the invoice. */
enum err store_draft_issued(struct db *db, int64_t unit, int64_t draft, const char *number,
			    struct err_info *e);
/* In every change but `except` that has one of the `from` as result, the `to` are its results. */
enum err store_draft_became(struct db *db, int64_t except, const int64_t *from, size_t n_from,
			    const int64_t *to, size_t n_to, struct err_info *e);

/* Where an order number, a draft or a form went that is used up. */
struct draft_use {
	bool used, split;
	int64_t batch, seq; /* the order of a batch it is part of, 0: none */
	int64_t invoice;    /* the first of what it became */
	enum invoice_state state;
	char number[NUMBER_TEXT], order_no[260];
};
/* An order number that a result bears itself is not used up. */
enum err store_order_use(struct db *db, int64_t unit, const char *order_no, struct draft_use *out,
			 struct err_info *e);
/* Which invoice a draft or form became, of whom and when; known false: none. */
struct draft_end {
	bool known;
	int64_t user_id, at;
	char number[NUMBER_TEXT];
};
/* Remembers it of both (0: none), for good: ids are never given twice. */
enum err store_draft_end_put(struct db *db, int64_t unit, int64_t draft, int64_t form,
			     const char *number, int64_t user, struct err_info *e);
enum err store_draft_end(struct db *db, int64_t unit, int64_t draft, int64_t form,
			 struct draft_end *out, struct err_info *e);
/* 0: not asked. */
enum err store_draft_use(struct db *db, int64_t unit, int64_t draft, int64_t form,
			 struct draft_use *out, struct err_info *e);

#endif
