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
	enum batch_state state;
	bool strict;            /* one bad order holds all */
	char file[BATCH_FILE];  /* its name, without folders */
	char sha256[65];        /* of its bytes */
	char reason[BATCH_WHY]; /* of a pause, "" none */
	char mend[BATCH_HINT];
	int64_t orders, lines;                                  /* all of them */
	int64_t counts[ORDER_STATES];                           /* orders by state */
	int64_t net, tax, gross;                                /* of all whose sums are known */
	int64_t ready_net, ready_tax, ready_gross, ready_quota; /* of the ready ones */
};
/* One order, without its content. */
struct batch_order {
	int64_t batch_id, seq; /* 1, 2, 3 ... in the order of the file */
	int64_t row;           /* of the file; in an array the how many-th */
	enum order_state state;
	int64_t invoice_id; /* 0: none */
	enum invoice_kind kind;
	int64_t lines, net, tax, gross, quota;
	/* Texts of a list live during the callback.  number and issued_at are those of the invoice. */
	const char *order_no, *buyer_name, *buyer_tax_no, *reason, *number, *issued_at;
};

/* ---- batches ---- */
/* Inserts (gives b->id) with its state and no orders yet. */
enum err store_orders_begin(struct db *db, struct order_batch *b, struct err_info *e);
/* body: of that many bytes, what the desk will read again. */
enum err store_orders_add(struct db *db, int64_t unit, const struct batch_order *o,
			  const void *body, size_t n, struct err_info *e);
/* Replaces an order that was added, before the batch is counted. */
enum err store_orders_replace(struct db *db, const struct batch_order *o, const void *body,
			      size_t n, struct err_info *e);
/* Counts the orders of the batch: after the last was added. */
enum err store_orders_count(struct db *db, int64_t batch, struct err_info *e);

/* ERR_INVALID "batch.unknown" when the unit (0: any) has none of that id. */
enum err store_orders_get(struct db *db, int64_t unit, int64_t batch, struct order_batch *out,
			  struct err_info *e);
typedef enum err (*order_batch_each)(void *arg, const struct order_batch *b);
/* Newest first; state NULL: all; *next 0 at the end. */
enum err store_orders_list(struct db *db, int64_t unit, const enum batch_state *state,
			   int64_t cursor, int limit, order_batch_each f, void *arg, int64_t *next,
			   int64_t *total, struct err_info *e);
/* The running batch that was served longest ago, of any unit; *id 0: none. */
enum err store_orders_running(struct db *db, int64_t *id, struct err_info *e);
/* Only from the states of the set (bit per enum batch_state): else ERR_INVALID "batch.state".
 * reason and mend replace the old ones. */
enum err store_orders_set(struct db *db, int64_t batch, unsigned from, enum batch_state to,
			  const char *reason, const char *mend, struct err_info *e);
/* It is another one's turn. */
enum err store_orders_served(struct db *db, int64_t batch, struct err_info *e);
/* Ready and bad orders of a batch become skipped. */
enum err store_orders_skip_rest(struct db *db, int64_t batch, struct err_info *e);

/* ---- orders ---- */
struct batch_order_query {
	int64_t batch;
	const enum order_state *state; /* NULL: all */
	const char *text; /* the beginning of an order number, or part of a buyer's name;
					  NULL or "" any */
	int64_t cursor;   /* orders with a greater seq; 0 from the first */
	int limit;
};
typedef enum err (*batch_order_each)(void *arg, const struct batch_order *o);
/* By seq; *next 0 at the end. */
enum err store_batch_orders(struct db *db, const struct batch_order_query *q, batch_order_each f,
			    void *arg, int64_t *next, struct err_info *e);
/* One with its content (malloc'd, may be NULL when not wanted); ERR_INVALID "batch.order". */
enum err store_batch_order(struct db *db, int64_t batch, int64_t seq, batch_order_each f, void *arg,
			   char **body, size_t *n, struct err_info *e);
/* Up to n ready ones from the first on, with their content (malloc'd each). */
struct staged_order {
	int64_t seq, quota;
	char *body;
	size_t n;
};
enum err store_orders_ready(struct db *db, int64_t batch, struct staged_order *out, size_t n,
			    size_t *count, struct err_info *e);
void staged_order_free(struct staged_order *o, size_t n);
/* Sets the state of one, keeps the counts. */
enum err store_batch_order_set(struct db *db, int64_t batch, int64_t seq, enum order_state to,
			       int64_t invoice, const char *reason, struct err_info *e);

/* ---- following invoices; called by the invoices' own functions ---- */
/* An invoice was inserted with its number: the orders of that number follow it; of the batch whose
 * turn it is (0: none) as its own, in others as repeats. */
enum err store_orders_adopt(struct db *db, int64_t unit, const char *order_no, int64_t invoice,
			    struct err_info *e);
/* Its state has changed. */
enum err store_orders_follow(struct db *db, int64_t invoice, enum invoice_state to,
			     const char *message, struct err_info *e);

#endif
