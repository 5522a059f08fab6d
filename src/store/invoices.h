/* store/invoices.h - invoices, their lists, the bytes sent, upload batches.
 *
 * The invoice's members (entered and computed) are stored as JSON of this file's own codec; loading
 * never recomputes, so an old invoice stays what it was.  State changes go only through
 * store_invoice_set_state, which knows the legal transitions and keeps the tallies.
 */
#ifndef KP_STORE_INVOICES_H
#define KP_STORE_INVOICES_H

#include "store/db.h"
#include "tax/invoice.h"

struct invoice_record {
	int64_t id, unit_id, batch_id, created_by, created_at, updated_at, finished_at;
	enum invoice_state state;
	int64_t quota_amount;
	char quota_month[MONTH_TEXT];
	char message[1204]; /* at most 300 characters */
	int refusals;
	bool needs_person;
	int64_t
	    business_type; /* what the invoice's text named (store/types.h); 0 none; only read */
	enum invoice_reversal reversed; /* only read */
	struct invoice invoice;
};
void invoice_record_free(struct invoice_record *r);

/* Inserts a draft or numbered invoice (state from r); gives r->id (kept when already > 0).  A taken
 * order number is ERR_INVALID "order.exists". */
enum err store_invoice_insert(struct db *db, struct invoice_record *r, struct err_info *e);
/* Replaces content (head, lines, totals, quota amount, number, issued_at) of a draft or failed
 * one. */
enum err store_invoice_update(struct db *db, const struct invoice_record *r, struct err_info *e);
/* Legal transitions: draft->numbered|void; numbered->sending|failed; sending->accepted|failed|
 * unknown|numbered; unknown->accepted|issued|failed|sending|numbered|void (a person's word);
 * accepted->issued|failed|unknown|sending; failed->numbered|void|unknown (the
 * tax side has it after all).  Anything else: ERR_INTERNAL.
 * message replaces the old one ("" clears); issued sets finished_at and clears needs_person. */
enum err store_invoice_set_state(struct db *db, int64_t id, enum invoice_state to,
				 const char *message, struct err_info *e);
enum err store_invoice_set_person(struct db *db, int64_t id, int refusals, bool needs_person,
				  struct err_info *e);
/* A void invoice gives its order number up, so that the order may be issued again. */
enum err store_invoice_free_order(struct db *db, int64_t id, struct err_info *e);
enum err store_invoice_delete_draft(struct db *db, int64_t id, struct err_info *e);

/* ERR_INVALID "invoice.unknown" when absent.  by_no: the 20-digit number, or an order number of the
 * unit, or "#id" of a draft. */
enum err store_invoice_get(struct db *db, int64_t id, struct invoice_record *out,
			   struct err_info *e);
/* The same without the lines, which are most of the work: for whoever settles or reports. */
enum err store_invoice_head(struct db *db, int64_t id, struct invoice_record *out,
			    struct err_info *e);
enum err store_invoice_by_no(struct db *db, int64_t unit, const char *no,
			     struct invoice_record *out, struct err_info *e);
/* The invoice of an order number; *id 0 when there is none. */
enum err store_invoice_by_order(struct db *db, int64_t unit, const char *order_no, int64_t *id,
				struct err_info *e);

/* One line of a list: no lines of the invoice are read. */
struct invoice_row {
	int64_t id, net, tax, gross, created_at, created_by;
	enum invoice_state state;
	enum invoice_kind kind;
	bool needs_person, red;
	enum invoice_reversal reversed;
	const char *order_no, *number, *issued_at, *buyer_name, *buyer_tax_no,
	    *message; /* during the callback */
};
struct invoice_filter {
	int64_t unit;
	const enum invoice_state *state;
	const enum invoice_kind *kind;
	const bool *red; /* 开票类型: red or blue; NULL: both */
	const char
	    *buyer; /* part of the buyer's name, width and case of letters aside; NULL: any */
	/* store/buyers.h: issued to a name he has or had, or a name that invoices with his tax
	 * number have; `buyer` is not read then.  0: any */
	int64_t buyer_id;
	int64_t business_type;            /* store/types.h; 0: any */
	const char *order_no;             /* exact */
	const char *number;               /* exact */
	int64_t created_from, created_to; /* Unix, from <= created_at < to; 0: open */
	bool unfinished;                  /* numbered, sending, accepted, unknown */
	/* The rest needs a unit and goes with cursor, not with last_page: found by an index that
	 * follows behind (invoices_find.h).  Texts are parts, width and case of letters aside. */
	const int64_t *gross_from, *gross_to; /* 价税合计, both included; NULL: open */
	const char *number_part;              /* of the number */
	const char *remark, *drawer;
	const enum invoice_reversal *reversed; /* 部分红冲, 已红冲; NULL: any */
	/* Words parted by blanks, each somewhere in buyer, tax number, order number, number, goods
	 * (name, specification) or remark. */
	const char *text;
	char issued_from[DATE_TEXT], issued_to[DATE_TEXT]; /* 开票日期, both included; "": open */
	int report_dim; /* of a row of a report (report.h, enum report_dim); 0: any */
	const char *report_key;
	int64_t cursor; /* rows with id below it; 0: newest first page */
	bool last_page; /* the oldest rows (End), newest of them first; cursor is not read */
	int limit;      /* 1..1000 */
};
typedef enum err (*invoice_each)(void *arg, const struct invoice_row *row);
/* Newest first; *next gets the cursor of the next page or 0.  Work is proportional to the page
 * (I9).  Where a search has looked at very many invoices in vain, the page is shorter than the
 * limit, or empty, and *next says where it goes on. */
enum err store_invoice_page(struct db *db, const struct invoice_filter *f, invoice_each each,
			    void *arg, int64_t *next, struct err_info *e);
/* Number of matching rows: exact from the tallies when only unit/state/kind are set (and red, while
 * there are at most `cap` red ones), else counted up to `cap` (*at_least true when more may exist).
 */
enum err store_invoice_count(struct db *db, const struct invoice_filter *f, int64_t cap,
			     int64_t *count, bool *at_least, struct err_info *e);
/* Number and age of the oldest of numbered, sending, accepted, unknown; unit 0: all. */
enum err store_invoice_unfinished(struct db *db, int64_t unit, int64_t *count, int64_t *oldest_at,
				  struct err_info *e);

/* Does the filter ask for what the index that follows behind finds? */
bool store_invoice_finds(const struct invoice_filter *f);

/* ---- issued invoices of a month (invoices_month.c) ---- */
/* Position in the issued invoices of a unit by 开票日期; zeroed: before the first. */
struct issued_at {
	char at[DATETIME_TEXT];
	int64_t id;
};
/* Ids of issued invoices with from <= 开票日期 < to, the first characters of texts
 * ("2026-11", "2026-12"), of one kind or (NULL) both, red or blue or (NULL) both, oldest first, at
 * most n after *after, which is moved on. */
enum err store_invoice_issued(struct db *db, int64_t unit, const char *from, const char *to,
			      const enum invoice_kind *kind, const bool *red,
			      struct issued_at *after, int64_t *ids, size_t n, size_t *count,
			      struct err_info *e);
/* How many those are. */
enum err store_invoice_issued_count(struct db *db, int64_t unit, const char *from, const char *to,
				    const enum invoice_kind *kind, const bool *red, int64_t *out,
				    struct err_info *e);

/* ---- what a person should look at (invoices_watch.c) ---- */
/* Unfinished invoices of a unit created before, oldest first, those that need a person, and other
 * failed ones: at most `max` are given, *count counts up to WATCH_MAX. */
enum { WATCH_MAX = 1000 };
enum err store_invoice_overdue(struct db *db, int64_t unit, int64_t before, int max, invoice_each f,
			       void *arg, int64_t *count, struct err_info *e);
enum err store_invoice_persons(struct db *db, int64_t unit, int max, invoice_each f, void *arg,
			       int64_t *count, struct err_info *e);
enum err store_invoice_failures(struct db *db, int64_t unit, int max, invoice_each f, void *arg,
				int64_t *count, struct err_info *e);

/* The bytes of an invoice as sent.  _put refuses (ERR_INTERNAL) other bytes for an id that has
 * some; _forget is only for an invoice the tax side has refused (failed). */
enum err store_sent_put(struct db *db, int64_t invoice, const char *body, size_t n,
			struct err_info *e);
/* malloc'd; *found false when never sent. */
enum err store_sent_get(struct db *db, int64_t invoice, char **body, size_t *n, char sha256[65],
			bool *found, struct err_info *e);
enum err store_sent_forget(struct db *db, int64_t invoice, struct err_info *e);

/* The tax side has refused the present bytes for good: what was sent so far no longer counts. */
enum err store_sent_refused(struct db *db, int64_t invoice, struct err_info *e);
/* May an earlier upload of the present bytes have got through?  True when a batch other than
 * `batch` that was lost or accepted carried them. */
enum err store_sent_before(struct db *db, int64_t invoice, int64_t batch, bool *out,
			   struct err_info *e);

struct upload_batch {
	int64_t id, unit_id, sent_at, accepted_at;
	int size, polls;
	char state[12], receipt[64];
};
/* Creates a batch in state sending with its invoices, and sets their batch_id. */
enum err store_batch_create(struct db *db, int64_t unit, const int64_t *invoices, size_t n,
			    int64_t *id, struct err_info *e);
enum err store_batch_set(struct db *db, int64_t id, const char *state, const char *receipt,
			 struct err_info *e);
enum err store_batch_polled(struct db *db, int64_t id, struct err_info *e); /* counts one poll */
enum err store_batch_get(struct db *db, int64_t id, struct upload_batch *out, struct err_info *e);
typedef enum err (*batch_item_each)(void *arg, int64_t invoice, const char *number,
				    enum invoice_state state);
/* Invoices whose batch_id still is this batch. */
enum err store_batch_items(struct db *db, int64_t id, batch_item_each f, void *arg,
			   struct err_info *e);
/* ---- what happened to an invoice (invoices_history.c) ---- */
/* What was said of the attempt in hand, if there is one; kept when the invoice's own message goes
 * (features N70). */
enum err store_attempt_told(struct db *db, int64_t invoice, const char *message,
			    struct err_info *e);
/* An upload the invoice was in, oldest first; texts live during the call. */
struct upload_attempt {
	int64_t batch_id, sent_at, accepted_at, told_at; /* 0: did not come to it */
	const char *state, *receipt, *message;           /* state: of the batch */
	bool refused;
};
typedef enum err (*attempt_each)(void *arg, const struct upload_attempt *a);
enum err store_attempt_list(struct db *db, int64_t invoice, attempt_each f, void *arg,
			    struct err_info *e);
/* What people did with it: retry, void, settle, correct; oldest first. */
struct invoice_deed {
	int64_t at;
	const char *action, *user, *after;
};
typedef enum err (*deed_each)(void *arg, const struct invoice_deed *d);
enum err store_deed_list(struct db *db, int64_t unit, const char *number, deed_each f, void *arg,
			 struct err_info *e);
/* The row of the request log of an attempt's call (*log 0: dropped since): of the upload the first
 * one behind the row `after`, or (poll) the last that asked for its receipt. */
enum err store_attempt_log(struct db *db, int64_t unit, const struct upload_attempt *a, bool poll,
			   int64_t after, int64_t *log, int64_t *at_ms, struct err_info *e);

/* Ids of invoices in a state, oldest first, at most n; unit 0: all. */
enum err store_invoice_ids(struct db *db, int64_t unit, enum invoice_state s, int64_t *ids,
			   size_t n, size_t *count, struct err_info *e);

#endif
