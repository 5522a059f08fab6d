/* store/batch.h - 批量开票: batches of orders that wait to be issued, and what became of each.
 *
 * An order is staged with its whole content; what happens to its invoice follows in the transaction
 * that changes the invoice (store_invoice_insert, store_invoice_set_state), so that counts and
 * states are never stale: a batch is done in the moment its last invoice is.  An invoice belongs to
 * the orders of its unit that have its order number, whoever issued it.
 *
 * Tables order_batch and batch_order; "upload batches" (store/invoices.h) are something else.
 */
#ifndef KP_STORE_BATCH_H
#define KP_STORE_BATCH_H

#include "store/db.h"
#include "tax/invoice.h"

enum batch_state { BATCH_CHECKED, BATCH_RUNNING, BATCH_PAUSED, BATCH_DONE, BATCH_CANCELLED };
enum { BATCH_STATES = BATCH_CANCELLED + 1 };
const char *batch_state_word(enum batch_state s); /* checked running paused done cancelled */
const char *batch_state_label(enum batch_state s); /* 待开票 开票中 已暂停 已完成 已取消 */
bool batch_state_parse(const char *s, enum batch_state *out); /* either form */

enum order_state {
	ORDER_BAD,     /* faults: not issued as it is */
	ORDER_READY,   /* to be issued */
	ORDER_REPEAT,  /* its number was issued before: that invoice is the result */
	ORDER_TAKEN,   /* has its invoice number, on its way */
	ORDER_ISSUED,  /* 开票成功 */
	ORDER_FAILED,  /* refused: by the tax side, or by a rule when it was its turn */
	ORDER_SKIPPED, /* left out by a person, or its batch was cancelled */
	ORDER_STATES
};
const char *order_state_word(enum order_state s); /* bad ready repeat taken issued failed skipped */
const char *order_state_label(enum order_state s); /* 有问题 待开 已开过 开票中 成功 失败 不开 */
bool order_state_parse(const char *s, enum order_state *out);

enum { BATCH_FILE = 256, BATCH_WHY = 1200, BATCH_HINT = 400 };
struct order_batch {
	int64_t id, unit_id, created_by, created_at, updated_at, started_at, finished_at;
	int64_t owner; /* who started it, before that who read it */
	enum batch_state state;
	bool strict;            /* one bad order holds all */
	bool doubtful;          /* restored: ready ones may have been issued since the backup */
	char file[BATCH_FILE];  /* its name, without folders */
	char sha256[65];        /* of its bytes */
	char reason[BATCH_WHY]; /* of a pause, "" none */
	char mend[BATCH_HINT];
	int64_t orders, lines;        /* all of them */
	int64_t counts[ORDER_STATES]; /* orders by state */
	int64_t net, tax, gross;      /* of all whose sums are known, but the skipped */
	/* Of the ready ones. */
	int64_t ready_lines, ready_net, ready_tax, ready_gross, ready_quota;
	int64_t first_order; /* private to the store */
};
/* One order, without its content. */
struct batch_order {
	int64_t batch_id, seq; /* 1, 2, 3 ... in the order of the file */
	int64_t row;           /* of the file; in an array the how many-th */
	enum order_state state;
	int64_t invoice_id; /* 0: none */
	enum invoice_kind kind;
	int64_t lines, net, tax, gross, quota;
	/* Texts of a list live during the callback.  number and issued_at are those of the
	 * invoice. */
	const char *order_no, *buyer_name, *buyer_tax_no, *reason, *number, *issued_at;
};

/* ---- staging: all in one transaction ---- */
/* Inserts (gives b->id), checked, without orders. */
enum err store_orders_begin(struct db *db, struct order_batch *b, struct err_info *e);
/* One order, in any order of seq without gaps at the end; body: what the desk will read again. */
enum err store_orders_add(struct db *db, const struct order_batch *b, const struct batch_order *o,
			  const void *body, size_t n, struct err_info *e);
/* Takes one back that was added, so that it can be added again; or marks it bad, with its sums
 * gone.  old gets state and figures as they were; its texts are NULL. */
enum err store_orders_take_back(struct db *db, const struct order_batch *b, int64_t seq,
				struct batch_order *old, struct err_info *e);
enum err store_orders_spoil(struct db *db, const struct order_batch *b, int64_t seq,
			    const char *reason, struct batch_order *old, struct err_info *e);
/* After the last: the counts of b as they are now. */
enum err store_orders_end(struct db *db, const struct order_batch *b, struct err_info *e);

/* ---- batches ---- */
/* ERR_INVALID "batch.unknown" when the unit (0: any) has none of that id. */
enum err store_orders_get(struct db *db, int64_t unit, int64_t batch, struct order_batch *out,
			  struct err_info *e);
typedef enum err (*order_batch_each)(void *arg, const struct order_batch *b);
/* Newest first; state NULL: all; *next 0 at the end. */
enum err store_orders_list(struct db *db, int64_t unit, const enum batch_state *state,
			   int64_t cursor, int limit, order_batch_each f, void *arg, int64_t *next,
			   struct err_info *e);
enum err store_orders_total(struct db *db, int64_t unit, const enum batch_state *state,
			    int64_t *out, struct err_info *e);
/* The newest batch of the unit that was read from these very bytes, 0 none. */
enum err store_orders_same(struct db *db, int64_t unit, const char *sha256, int64_t *out,
			   struct err_info *e);
/* Running batches of all units, the one served longest ago first; at most n. */
enum err store_orders_running(struct db *db, int64_t *ids, size_t n, size_t *count,
			      struct err_info *e);
/* Only from the states of the set (bit 1 << enum batch_state): else ERR_INVALID "batch.state", the
 * sentence names the state it is in.  reason and mend replace the old ones; owner 0: stays. */
enum err store_orders_set(struct db *db, int64_t batch, unsigned from, enum batch_state to,
			  int64_t owner, const char *reason, const char *mend, struct err_info *e);
/* Only of a batch that does not run: else ERR_INVALID "batch.state". */
enum err store_orders_set_strict(struct db *db, int64_t batch, bool strict, struct err_info *e);
/* The newest other batch of the same bytes that has issued something or is about to, 0 none. */
enum err store_orders_before(struct db *db, const struct order_batch *b, int64_t *out,
			     struct err_info *e);
/* Are there ready orders without an order number: nobody could tell a repeat? */
enum err store_orders_nameless(struct db *db, int64_t batch, bool *out, struct err_info *e);
/* After a restore: what could still be issued may have been since the backup was made.  What was
 * running is paused, and all that is not at its end is doubtful. */
enum err store_orders_doubt_all(struct db *db, const char *reason, const char *mend,
				struct err_info *e);
/* A person has looked. */
enum err store_orders_vouch(struct db *db, int64_t batch, struct err_info *e);
/* It is another one's turn. */
enum err store_orders_served(struct db *db, int64_t batch, struct err_info *e);

/* ---- orders ---- */
struct batch_order_query {
	int64_t batch;
	const enum order_state *state; /* NULL: all */
	/* The beginning of an order number, or part of a buyer's name; NULL or "": any. */
	const char *text;
	int64_t cursor; /* orders with a greater seq; 0: from the first */
	int limit;
};
typedef enum err (*batch_order_each)(void *arg, const struct batch_order *o);
/* By seq; *next 0 at the end. */
enum err store_batch_orders(struct db *db, const struct batch_order_query *q, batch_order_each f,
			    void *arg, int64_t *next, struct err_info *e);
/* How many match, counted up to cap. */
enum err store_batch_orders_count(struct db *db, const struct batch_order_query *q, int64_t cap,
				  int64_t *out, struct err_info *e);
/* One of them; *body (malloc'd, with a NUL behind) NULL when it has an invoice or none was kept.
 * ERR_INVALID "batch.order" when there is none. */
enum err store_batch_order(struct db *db, int64_t batch, int64_t seq, batch_order_each f, void *arg,
			   char **body, size_t *n, struct err_info *e);
/* The first n ready ones that need no more quota than that, with their content. */
struct staged_order {
	int64_t seq, quota;
	char *body; /* owned, with a NUL behind */
	size_t n;
};
enum err store_orders_ready(struct db *db, int64_t batch, int64_t quota, struct staged_order *out,
			    size_t n, size_t *count, struct err_info *e);
void staged_orders_free(struct staged_order *o, size_t n);
/* Sets the state of one; the counts of the batch follow, and with its last one it is done. */
enum err store_batch_order_set(struct db *db, int64_t batch, int64_t seq, enum order_state to,
			       int64_t invoice, const char *reason, struct err_info *e);
/* All ready and bad orders of a batch become skipped. */
enum err store_orders_skip_rest(struct db *db, int64_t batch, const char *reason,
				struct err_info *e);

/* ---- 合并 ---- */
/* The order `into` becomes the whole (its figures, number, content), the others of the seqs are
 * left out; all of them ready.  In the open transaction. */
struct batch_merge {
	const struct order_batch *batch;
	int64_t into;
	const int64_t *seqs;
	size_t n;
	const struct batch_order *whole;
	const void *body;
	size_t size;
};
enum err store_orders_merge(struct db *db, const struct batch_merge *m, struct err_info *e);
/* Into which order it went, 0 none. */
enum err store_orders_merged(struct db *db, int64_t batch, int64_t seq, int64_t *into,
			     struct err_info *e);
/* Of which order a number is part, which is not given up and bears another one; batch 0: none. */
enum err store_orders_use(struct db *db, int64_t unit, const char *order_no, int64_t *batch,
			  int64_t *seq, struct err_info *e);

/* ---- following invoices; called by the invoices' own functions ---- */
/* An invoice of that order number was given its number: orders that have none yet follow it. */
enum err store_orders_adopt(struct db *db, int64_t unit, const char *order_no, int64_t invoice,
			    struct err_info *e);
/* Its state has changed. */
enum err store_orders_follow(struct db *db, int64_t invoice, enum invoice_state to,
			     const char *message, struct err_info *e);

#endif
