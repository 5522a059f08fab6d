/* desk/batch.h - 批量开票: workbook or JSON -> staged orders -> checked -> issued in the background
 * (features D25, F7, N10-N30, N74).
 *
 * A file becomes one batch in one transaction: read, joined by 发票流水号, completed from the
 * catalogues, computed, checked by every rule, compared with the order numbers that exist.  Orders
 * with faults are kept beside the good ones; the good ones wait until a person starts the batch.
 * Where there is no good one, the batch is done as soon as it is read.
 *
 * From then on the runner of the home (one process, batch.lock) turns ready orders into invoices
 * as desk_issue does, at most BATCH_CHUNK in a transaction and at most BATCH_FLIGHT of a batch on
 * their way.  It acts as the batch's owner, whose permission is asked at each chunk.  Short of
 * numbers or quota, or blocked, it pauses the batch and says why.  A running batch goes on after a
 * restart, whoever becomes the runner: the workstation, `sync --daemon`, `sync --once`, a waiting
 * verb.
 *
 * The 流水号 is the order number: issued once for ever.  What became of an invoice reaches its order
 * in the transaction that changes the invoice (store/batch.h): nothing has to be refreshed, screens
 * look again when the change counter of the store moves (db_version_counter).
 */
#ifndef KP_DESK_BATCH_H
#define KP_DESK_BATCH_H

#include "desk/drafts.h"
#include "desk/issue.h"
#include "desk/session.h"
#include "desk/transfer.h"
#include "desk/wait.h"
#include "store/batch.h"

enum { BATCH_CHUNK = 100, BATCH_FLIGHT = 500 };

/* ---- reading ---- */

struct batch_options {
	const char *file; /* path, "-": standard input */
	/* Where bad orders go; NULL: FILE.失败.xlsx (transfer.h), "": nowhere. */
	const char *failures;
	bool strict;    /* nothing is stored when an order is bad; the report says which (held) */
	bool confirmed; /* a person has answered what keeps orders back (tax_finding_asks) */
	bool dry_run;   /* everything is looked at, nothing stored */
	bool whole;     /* nothing is stored when an order is bad: ERR_INVALID "batch.failed" */
	/* NULL, or gets the orders as invoices for desk_draft: as dry_run and whole, but what is
	 * asked is that they are understood and can be computed.  Empty when there is an error. */
	struct invoice_set *drafts;
	int fd; /* > 0: the file, open (taken over); `file` is what sentences call it */
};
enum { BATCH_FAULTS = 200 };
/* One fault or warning: where, what, how to mend. */
struct batch_fault {
	int64_t seq, row; /* of the order, 0 of none; of the sheet */
	bool warning;
	bool counted;   /* row is the how many-th invoice of an array */
	char sheet[64]; /* "" when the file has only one */
	char order_no[65], column[64], value[64];
	char text[SHEET_REASON]; /* says the column too */
};
struct batch_report {
	int64_t batch; /* 0: nothing was stored */
	int64_t orders, bad, ready, repeats, lines, warned;
	int64_t cleaned; /* rows with characters nobody sees, which were taken out */
	int64_t failed;  /* had failed before, with the same content: to be tried again there */
	bool held;       /* strict, and one is bad: nothing was stored */
	int64_t stray;   /* of the bad ones: lines and extras of which the file has no invoice */
	int64_t net, tax, gross; /* of the ready ones */
	int64_t same;            /* an earlier batch of the very same file; 0 none */
	bool dry_run;
	char failures[HOME_PATH + 256];                 /* "" when nothing failed */
	char unknown[400], repeated[400], skipped[400]; /* as of imports */
	char unit[1200]; /* what is to be known of unit and month, whatever is issued; lines */
	struct batch_fault *faults; /* the first ones */
	size_t fault_count;
	int64_t fault_total;
};
void batch_report_free(struct batch_report *r);
/* “2-发票明细信息”第 12 行 */
char *batch_fault_place(const struct batch_fault *f, char out[IMPORT_PLACE]);
/* What a person should know, several lines; malloc'd. */
char *batch_report_text(const struct batch_report *r);
/* Reads, checks and stages a file.  A workbook (the tax bureau's, both editions, or ours), CSV, one
 * invoice as JSON or an array.  ERR_INVALID when the file cannot be read, has no orders, or
 * "batch.cancelled", "batch.failed" (the report is filled): nothing is stored.  Bad orders are no
 * error otherwise: see the report.  One read at a time per home, with imports: ERR_BUSY
 * "import.running". */
enum err desk_batch_read(struct session *s, const struct batch_options *o,
			 struct import_progress *p, struct batch_report *out, struct err_info *e);
/* The empty workbook (ours: the tax bureau's columns), or CSV. */
enum err desk_batch_template(struct session *s, const char *path, enum sheet_format f, bool replace,
			     struct err_info *e);

/* ---- looking ---- */

struct batch_query {
	const enum batch_state *state; /* NULL: all */
	int64_t cursor;
	int limit;
};
/* Of the session's unit, newest first. */
enum err desk_batch_list(struct session *s, const struct batch_query *q, order_batch_each f,
			 void *arg, int64_t *next, int64_t *total, struct err_info *e);
/* ERR_INVALID "batch.unknown". */
enum err desk_batch_get(struct session *s, int64_t batch, struct order_batch *out,
			struct err_info *e);
/* The name of who read or started a batch, "" when there is no such user. */
void desk_batch_person(struct session *s, int64_t user, char *out, size_t size);
/* *total: exact for a state or none; with a text up to DESK_COUNT_CAP, *at_least. */
enum err desk_batch_orders(struct session *s, const struct batch_order_query *q, batch_order_each f,
			   void *arg, int64_t *next, int64_t *total, bool *at_least,
			   struct err_info *e);
/* The order as an invoice, for the form: issued there under the same order number it counts as done
 * here, too.  *out is freed by invoice_free.  A bad order comes as far as it was understood. */
enum err desk_batch_order_load(struct session *s, int64_t batch, int64_t seq, struct invoice *out,
			       struct err_info *e);
/* The same for changing it: ERR_INVALID "batch.beyond" when the file says something of it that no
 * invoice of ours can carry (特定业务 ...), as that would be gone without a word. */
enum err desk_batch_order_edit(struct session *s, int64_t batch, int64_t seq, struct invoice *out,
			       struct err_info *e);
/* What issuing would take, and what there is. */
struct batch_plan {
	int64_t orders, lines, net, tax, gross; /* orders: the ready ones */
	int64_t quota_needed, quota_there;      /* QUOTA_ON_DEMAND: as much as wished */
	int64_t quota_more;            /* what the tax side still gives this month; -1: not known */
	bool quota_auto, numbers_auto; /* what is missing is fetched by itself */
	int64_t numbers_needed, numbers_there;
	/* Why it cannot be started as it is ("" nothing): role, unit, taxpayer, strict ... */
	char blocked[BATCH_WHY], mend[BATCH_HINT], code[48];
	/* Nothing but these words of a person is missing: enum batch_word, 0 none.  blocked, mend
	 * and code are about the first of them then. */
	unsigned asks;
	/* What will not last to the end, "" all does; lack_mend "" when it is fetched by itself. */
	char lack[BATCH_HINT], lack_mend[BATCH_HINT];
};
enum err desk_batch_plan(struct session *s, int64_t batch, struct batch_plan *out,
			 struct err_info *e);

/* ---- doing ---- */

/* What a person has to say expressly: an invoice could be issued a second time. */
enum batch_word {
	/* "batch.restored": the home was restored from a backup; compared with the tax side, it
	 * has not been issued since. */
	WORD_RESTORED = 1,
	/* "batch.again": the same file was issued before, and orders have no number to tell. */
	WORD_AGAIN = 2,
};
/* checked, paused -> running; the starter becomes the owner.  words: said by the person, enum
 * batch_word.  ERR_INVALID "batch.state", "batch.strict", "batch.empty" (nothing ready), and the
 * codes of the words that are missing. */
enum err desk_batch_start(struct session *s, int64_t batch, unsigned words, struct err_info *e);
/* Does one bad order hold all the others?  Only before it runs: ERR_INVALID "batch.state". */
enum err desk_batch_set_strict(struct session *s, int64_t batch, bool strict, struct err_info *e);
/* running -> paused; what is on its way goes its way. */
enum err desk_batch_pause(struct session *s, int64_t batch, struct err_info *e);
/* checked, running, paused -> cancelled: what has no number yet never gets one by this batch. */
enum err desk_batch_cancel(struct session *s, int64_t batch, struct err_info *e);
struct batch_skipped {
	size_t done, refused;
	char why[BATCH_HINT]; /* which were refused: 第 3 张有问题、第 5 张成功 */
};
/* Leaves ready orders out (skip), or takes skipped ones in again; others stay as they are.
 * ERR_INVALID "batch.order" when none could be. */
enum err desk_batch_skip(struct session *s, int64_t batch, const int64_t *seqs, size_t n, bool skip,
			 struct batch_skipped *out, struct err_info *e);

/* ---- 合并 ---- */

/* What would come of merging ready orders of a checked batch, into *out (invoice_free); nothing is
 * stored.  Refusals of tax_invoices_merge, "batch.state", "batch.order", "batch.twice",
 * "batch.beyond", "order.exists", "order.used", and what the rules say of the whole. */
enum err desk_batch_merge_plan(struct session *s, int64_t batch, const int64_t *seqs, size_t n,
			       const struct merge_options *o, struct invoice *out,
			       struct merge_told *told, struct err_info *e);
/* Does it: the first becomes the whole, the others are left out.  Their order numbers cannot be
 * issued by themselves ("order.used") until the whole is given up: cancelled, or voided. */
enum err desk_batch_merge(struct session *s, int64_t batch, const int64_t *seqs, size_t n,
			  const struct merge_options *o, struct merge_told *told,
			  struct err_info *e);
/* By its order number, else by its place: "3" or "#3". */
enum err desk_batch_find(struct session *s, int64_t batch, const char *no, int64_t *seq,
			 struct err_info *e);

/* 流水号, 号码, 状态, 原因, 开票日期, 金额, 税额, 价税合计 of every order as a workbook or CSV. */
enum err desk_batch_result(struct session *s, int64_t batch, const char *path, enum sheet_format f,
			   bool replace, int64_t *rows, struct err_info *e);

/* ---- running ---- */

/* The runner: has its own connection, so any one thread may have it. */
struct batch_runner;
/* ERR_BUSY "batch.runner": another process is it.  Close it when there is nothing to do, so that
 * another one may be it. */
enum err desk_runner_open(const char *home, struct batch_runner **out, struct err_info *e);
void desk_runner_close(struct batch_runner **r);
enum batch_turn {
	TURN_MORE, /* something was done: call again */
	TURN_WAIT, /* nothing to do before the engine has moved (jobs, invoices on their way) */
	TURN_IDLE, /* no batch is running */
};
struct batch_step {
	enum batch_turn turn;
	int64_t batch;  /* served, 0 none */
	int64_t issued; /* invoices that got their number in this step */
	bool paused;    /* the batch was paused in this step: its reason says why */
};
/* One chunk of the batch whose turn it is.  ERR_OK also when the batch was paused. */
enum err desk_runner_step(struct batch_runner *r, struct batch_step *out, struct err_info *e);
/* Would another step do something?  Shape of sync_settled; arg is the runner.  For waiting between
 * steps while the engine works. */
enum err desk_runner_moved(void *arg, struct db *db, bool *done, struct err_info *e);
/* The same in a thread of its own, for as long as a program runs: becomes the runner whenever a
 * batch is running and no other process is it.  told (may be NULL) is called by that thread after
 * each step that did something. */
struct batch_service;
enum err desk_service_start(const char *home, void (*told)(void), struct batch_service **out,
			    struct err_info *e);
void desk_service_stop(struct batch_service **s); /* after the step under way */
/* Nothing is running, or it waits for the engine. */
bool desk_service_idle(const struct batch_service *s);
/* Is there anything for a runner to do?  Cheap: for loops that look now and then. */
enum err desk_runner_wanted(struct db *db, bool *out, struct err_info *e);

#endif
