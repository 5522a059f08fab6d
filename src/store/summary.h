/* store/summary.h - 汇总确认: one row a unit and month; invoices at the edges of months.
 *
 * A row moves only so: open, cancelled, failed -> confirming -> confirmed -> cancelling ->
 * cancelled; confirming -> failed, cancelling -> confirmed; what is not confirmed when the month
 * closes -> auto; auto -> open when it turns out that the clock was wrong.  `confirming` and
 * `cancelling` are written before the call, with the six figures that are sent; doubt says that a
 * call may have been done although its answer was lost.
 */
#ifndef KP_STORE_SUMMARY_H
#define KP_STORE_SUMMARY_H

#include "store/db.h"
#include "store/invoices.h"
#include "store/unit.h"
#include "tax/summary.h"

enum summary_state {
	SUMMARY_OPEN,
	SUMMARY_CONFIRMING,
	SUMMARY_CONFIRMED,
	SUMMARY_CANCELLING,
	SUMMARY_CANCELLED,
	SUMMARY_AUTO,
	SUMMARY_FAILED,
	SUMMARY_STATES
};
const char *summary_state_word(enum summary_state s);
/* 待确认 确认中 已确认 取消中 已取消 已自动确认 确认失败 */
const char *summary_state_label(enum summary_state s);
bool summary_state_parse(const char *text, enum summary_state *out); /* either form */
/* Is the month with the tax side: are its invoices not to be uploaded? */
bool summary_state_locks(enum summary_state s);
/* Is nothing left to be done? */
bool summary_state_final(enum summary_state s); /* 已确认 已自动确认 */

struct summary {
	int64_t id, unit_id, sent_at, theirs_at, recon_id, made_by, made_at, ended_at, updated_at;
	int tries;
	bool doubt, forced, direct; /* direct: 接入身份 is 直连单位 */
	enum summary_state state;
	char month[MONTH_TEXT];
	struct summary_figures ours, theirs; /* as last sent; as last told (theirs_at) */
	char message[900];
};

/* Adds one (unit_id, month, direct, made_by) in state open; *added false: there is one, which is
 * given. */
enum err store_summary_add(struct db *db, struct summary *s, bool *added, struct err_info *e);
enum err store_summary_find(struct db *db, int64_t unit, const char *month, struct summary *out,
			    bool *found, struct err_info *e);
/* ERR_INVALID "summary.unknown". */
enum err store_summary_get(struct db *db, int64_t id, struct summary *out, struct err_info *e);
/* Puts it on its way: confirming (forced: although invoices are open) or cancelling, with the job
 * and an audit row.  user 0: nobody asked.  Inside a transaction; the caller knows that it may. */
enum err store_summary_begin(struct db *db, struct summary *s, bool cancel, bool forced,
			     int64_t user, int64_t *job, struct err_info *e);
/* A look at what the tax side has, if none is under way already. */
enum err store_summary_look(struct db *db, const struct summary *s, int64_t user, int64_t *job,
			    struct err_info *e);
/* All but unit, month, identity and who made it. */
enum err store_summary_put(struct db *db, struct summary *s, struct err_info *e);
/* After a restore: what was under way may have ended otherwise since, so that nothing of it goes on
 * by itself.  Such rows are failed, with a sentence; their jobs are cancelled. */
enum err store_summary_restored(struct db *db, struct err_info *e);
typedef enum err (*summary_each)(void *arg, const struct summary *s);
/* Latest month first; cursor: yyyyMM, months before it, 0 the first page. */
enum err store_summary_list(struct db *db, int64_t unit, const enum summary_state *state,
			    int64_t cursor, int limit, summary_each f, void *arg, int64_t *next,
			    int64_t *total, struct err_info *e);
/* Those under way that nobody moves (no job), at most SUMMARY_MANY. */
enum { SUMMARY_MANY = 100 };
enum err store_summary_moving(struct db *db, summary_each f, void *arg, struct err_info *e);
/* Those of the month and later ones that are told as summed up, behind the row `after` (0: from the
 * first), at most SUMMARY_MANY. */
enum err store_summary_summed(struct db *db, const char *month, int64_t after, summary_each f,
			      void *arg, struct err_info *e);
/* Those of a unit before a month that are not done and nobody moves, at most SUMMARY_MANY, oldest
 * first; of these, which were not asked about for SUMMARY_REST_S and are not just now. */
enum err store_summary_unfinished(struct db *db, int64_t unit, const char *month, summary_each f,
				  void *arg, struct err_info *e);
enum { SUMMARY_REST_S = 86400 };
enum err store_summary_left(struct db *db, int64_t unit, const char *month, int64_t now,
			    summary_each f, void *arg, struct err_info *e);

/* ---- what it is about ---- */
/* Sums of ours whose success at the tax side lies in the month (protocol 7.13, features N61). */
enum err store_summary_sums(struct db *db, int64_t unit, const char *month,
			    struct summary_figures *out, struct err_info *e);
/* Has one of them that is not at the edges these figures? */
enum err store_summary_alike(struct db *db, int64_t unit, const char *month,
			     const struct summary_figures *one, bool *out, struct err_info *e);
/* Numbered, sending, accepted and unknown ones with a 开票日期 of the month: ids, oldest first, at
 * most n (ids may be NULL); *count how many there are, up to WATCH_MAX. */
enum err store_summary_pending(struct db *db, int64_t unit, const char *month, int64_t *ids,
			       size_t n, size_t *count, struct err_info *e);
/* When an invoice of the month was last learnt to be issued, 0 never. */
enum err store_summary_last(struct db *db, int64_t unit, const char *month, int64_t *at,
			    struct err_info *e);
/* The first month that counts for a unit: when it was authorised, else added here, or its first
 * invoice's if that is earlier. */
enum err store_summary_since(struct db *db, const struct unit *u, char out[MONTH_TEXT],
			     struct err_info *e);
/* The month of the first issued invoice, "" none. */
enum err store_summary_first(struct db *db, int64_t unit, char out[MONTH_TEXT], struct err_info *e);
/* 自动汇总确认: type "summary", key TAXNO@ENV.on; on unless set. */
enum err store_summary_auto(struct db *db, const struct unit *u, bool *on, struct err_info *e);
enum err store_summary_set_auto(struct db *db, const struct unit *u, bool on, struct err_info *e);

/* ---- invoices at the edges of months ---- */
struct invoice_boundary {
	int64_t invoice_id, unit_id, sent_at, told_at;
	char month[MONTH_TEXT], other[MONTH_TEXT];
	char number[NUMBER_TEXT];
	struct summary_figures figures; /* of it alone */
};
/* Notes an invoice that is issued now, where it was sent in another month: the tax side took it
 * when it came there, not when we learnt of it.  apart: seconds the tax side's clock is ahead.
 * Inside the transaction that settles it. */
enum err store_boundary_note(struct db *db, const struct invoice_record *r, int64_t apart,
			     struct err_info *e);
/* Those that are or may be of the month, at most n. */
enum err store_boundary_list(struct db *db, int64_t unit, const char *month,
			     struct invoice_boundary *out, size_t n, size_t *count,
			     struct err_info *e);
/* Counts it in its other month. */
enum err store_boundary_turn(struct db *db, int64_t invoice, struct err_info *e);

#endif
