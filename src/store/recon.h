/* store/recon.h - 对账: runs, the lists the tax side gave, the differences; abilities of a unit.
 *
 * A run is done in steps; each step moves `stage`, `at_text` and `at_id` on in the transaction of
 * what it found, so that it goes on where it was after a death.  Applications for lists (归集
 * PLFPXZSQ) are few: one is on record, and counts, before it is sent.
 */
#ifndef KP_STORE_RECON_H
#define KP_STORE_RECON_H

#include "store/db.h"
#include "store/invoices.h"
#include "tax/invoice.h"

#define ABILITY_COLLECT "203067" /* 归集 */

/* ---- abilities ---- */
enum ability_state { ABILITY_UNTOLD, ABILITY_NO, ABILITY_YES };
enum err store_ability_get(struct db *db, int64_t unit, const char *ability,
			   enum ability_state *out, bool *by_person, struct err_info *e);
/* UNTOLD forgets.  What a person said is not changed by an answer. */
enum err store_ability_set(struct db *db, int64_t unit, const char *ability, enum ability_state s,
			   bool by_person, struct err_info *e);

/* ---- applications ---- */
struct recon_run;
/* protocol 8.1 */
enum { COLLECT_A_DAY = 1, COLLECT_THIS_MONTH = 5, COLLECT_PAST_MONTH = 3 };
struct collect_apply {
	int64_t id, unit_id, run_id, at;
	enum invoice_kind kind;
	int packages, loaded;
	char month[MONTH_TEXT], day[DATE_TEXT], state[12], serial[40], outcome[12], message[300];
};
/* Made for a month and kind so far, today and at all; those that were refused are not counted. */
enum err store_collect_count(struct db *db, int64_t unit, const char *month, enum invoice_kind kind,
			     const char *day, int64_t *today, int64_t *all, struct err_info *e);
/* Records one as `sending`; gives a->id. */
enum err store_collect_add(struct db *db, struct collect_apply *a, struct err_info *e);
enum err store_collect_put(struct db *db, const struct collect_apply *a, struct err_info *e);
/* One of another run of the same month that was granted today is made this run's, so that its
 * packages are fetched again instead of a new application. */
enum err store_collect_reuse(struct db *db, const struct recon_run *run, enum invoice_kind kind,
			     const char *day, bool *reused, struct err_info *e);
/* The last one of a run and kind; *found false: none. */
enum err store_collect_get(struct db *db, int64_t run, enum invoice_kind kind,
			   struct collect_apply *out, bool *found, struct err_info *e);

/* ---- runs ---- */
struct recon_run {
	int64_t id, unit_id, at_id, created_by, created_at, updated_at, finished_at;
	bool thorough, collect, mute, listed[2]; /* listed: by enum invoice_kind */
	char month[MONTH_TEXT], state[12], stage[12], at_text[24];
	int64_t ours, theirs, same, asked, differences, others;
	char figures[1024], notes[1200];
};
enum err store_recon_add(struct db *db, struct recon_run *r, struct err_info *e);
/* ERR_INVALID "recon.unknown". */
enum err store_recon_get(struct db *db, int64_t id, struct recon_run *out, struct err_info *e);
/* All but the keys; `differences` and `others` are counted from what is stored. */
enum err store_recon_put(struct db *db, struct recon_run *r, struct err_info *e);
/* The run of a unit and month that goes on; *id 0: none. */
enum err store_recon_open(struct db *db, int64_t unit, const char *month, int64_t *id,
			  struct err_info *e);
typedef enum err (*recon_each)(void *arg, const struct recon_run *r);
/* Newest first; *total is that of the unit. */
enum err store_recon_list(struct db *db, int64_t unit, int64_t cursor, int limit, recon_each f,
			  void *arg, int64_t *next, int64_t *total, struct err_info *e);

/* ---- their lists ---- */
struct recon_theirs {
	char number[NUMBER_TEXT], issued_at[DATETIME_TEXT];
	char blue_number[NUMBER_TEXT]; /* of a red one; "": not told */
	enum invoice_kind kind;
	bool red;
	int64_t rows, net, tax, gross;
	char buyer_tax_no[64], buyer_name[600];
};
enum err store_theirs_put(struct db *db, int64_t run, const struct recon_theirs *t,
			  struct err_info *e);
enum err store_theirs_get(struct db *db, int64_t run, const char *number, struct recon_theirs *out,
			  bool *found, struct err_info *e);
/* At most n after a number ("": the first), in order. */
enum err store_theirs_page(struct db *db, int64_t run, const char *after, struct recon_theirs *out,
			   size_t n, size_t *count, struct err_info *e);
/* Some of them; *gone 0: none is left. */
enum err store_theirs_shed(struct db *db, int64_t run, int most, int *gone, struct err_info *e);

/* ---- ours ---- */
/* Ids of those with a number and a 开票日期 of the month that are neither drafts nor issued, above
 * `after`, in order. */
enum err store_recon_unsettled(struct db *db, int64_t unit, const char *month, int64_t after,
			       int64_t *ids, size_t n, size_t *count, struct err_info *e);
/* The invoice of a number; *id 0: none. */
enum err store_recon_number(struct db *db, int64_t unit, const char *number, int64_t *id,
			    struct err_info *e);
/* Is the number of a segment of the unit? */
enum err store_recon_segment(struct db *db, int64_t unit, const char *number, bool *out,
			     struct err_info *e);
/* ---- differences ---- */
enum recon_kind {
	RECON_UNKNOWN_THERE,  /* 结果未知 or on its way here, there it is */
	RECON_FAILED_THERE,   /* 开票失败 here */
	RECON_VOID_THERE,     /* 已作废 here */
	RECON_STRANGE,        /* a number of our segments that no invoice of ours has */
	RECON_DIFFERS,        /* both have it, contents differ */
	RECON_ONLY_OURS,      /* 开票成功 here, not there */
	RECON_UNKNOWN_ABSENT, /* 结果未知 here, not there */
	RECON_STATE,          /* issued here, there 作废 or 红冲 */
	RECON_FIGURES,        /* the six figures */
	RECON_BOUNDARY,       /* issued in one month, taken in in another: no fault */
	RECON_OTHER,          /* of other channels of the taxpayer: no fault */
	RECON_KINDS
};
const char *recon_kind_word(enum recon_kind k);
const char *recon_kind_label(enum recon_kind k);
const char *recon_kind_mend(enum recon_kind k);
bool recon_kind_fault(enum recon_kind k); /* counts as a difference */
bool recon_kind_parse(const char *s, enum recon_kind *out);

enum recon_compared { RECON_NOT_COMPARED, RECON_SAME, RECON_DIFFERENT };
struct recon_difference {
	int64_t id, run_id, unit_id, invoice_id, gross, settled_at;
	enum recon_kind kind;
	enum recon_compared compared;
	char number[NUMBER_TEXT], state[12], buyer[600], ours[1200], theirs[1200], note[700];
};
const char *recon_state_label(const char *word); /* 待处理 已处理 已核对 */
/* A second one of the run, number and kind is not stored. */
enum err store_difference_add(struct db *db, const struct recon_difference *d, struct err_info *e);
enum err store_difference_get(struct db *db, int64_t id, struct recon_difference *out,
			      struct err_info *e);
enum err store_difference_settle(struct db *db, int64_t id, const char *state, const char *note,
				 struct err_info *e);
struct difference_filter {
	int64_t run;
	const enum recon_kind *kind; /* NULL: all but those of other channels and boundaries */
	bool all;                    /* with those */
	int64_t cursor;              /* ids above it */
	int limit;
};
typedef enum err (*difference_each)(void *arg, const struct recon_difference *d);
enum err store_difference_list(struct db *db, const struct difference_filter *f,
			       difference_each each, void *arg, int64_t *next, int64_t *total,
			       struct err_info *e);
/* Open ones that are faults. */
enum err store_difference_open(struct db *db, int64_t run, int64_t *out, struct err_info *e);

#endif
