/* store/report.h - 统计报表: sums of issued invoices by buyer, goods, rate, clerk and so on.
 *
 * Purpose     A report reads sums, not invoices: those of each business day (by 开票日期) are
 *             kept, and of each month those of its days.  A day is summed when somebody first
 *             asks for it, or by the engine when it has nothing else to do.
 * Invariants  Whatever makes an invoice issued, or will make it void or red, calls
 *             store_report_mark in the same transaction.  Sums hold as long as the day's turn is
 *             the one they were made of, so a report never differs from the list of its invoices,
 *             whoever dies when.  An invoice whose lines do not add up to it is ERR_DAMAGED, never
 *             summed.  Amounts keep their sign: a red invoice would be subtracted.
 * Ownership   struct report owns its rows: report_free.
 *
 *   report_key.c    what an invoice falls under      report_sum.c  a day from its invoices
 *   report_keep.c   days and months kept             report.c      reading a report
 *   report_table.c  sums by key in memory
 */
#ifndef KP_STORE_REPORT_H
#define KP_STORE_REPORT_H

#include <stdatomic.h>

#include "store/invoices.h"

enum report_dim {
	REPORT_KIND = 1, /* 发票种类; key: its word */
	REPORT_TYPE,     /* 业务类型; key: its id, "0" none */
	REPORT_CLERK,    /* 开票人; key: the name */
	REPORT_BUYER,    /* key: "T" and the tax number, else "N" and the name */
	REPORT_RATE,     /* 税率; key: "13%", "免税", "不征税", "" */
	REPORT_GOODS,    /* key: "*short*name specification" */
	REPORT_DIMS
};
enum report_split { REPORT_WHOLE, REPORT_BY_MONTH, REPORT_BY_DAY };

struct report_sum {
	int64_t count; /* invoices; of rates and goods those that have such a line */
	int64_t net, tax, gross;
	int64_t red_count, red_net, red_tax; /* the red ones among them, below zero */
};
struct report_row {
	char period[DATE_TEXT]; /* "" with REPORT_WHOLE, yyyy-MM, yyyy-MM-dd */
	char *key, *label;      /* label: of buyers the latest name; else "" */
	struct report_sum sum;
};
struct report {
	struct report_row *rows; /* by period, then key */
	size_t count;
	struct report_row *periods; /* of each period all invoices, each once; key "" */
	size_t period_count;
	struct report_sum total; /* of all invoices, each once */
	int64_t summed;          /* invoices that had to be read; 0: all was known */
};
void report_free(struct report *r);

struct report_ask {
	int64_t unit;
	const char *from, *to; /* yyyy-MM-dd, both included */
	enum report_dim dim;
	enum report_split split;
};
/* Counts invoices read so far; work ends soon after cancel is set. */
struct report_progress {
	atomic_llong *done, *rows;
	const atomic_bool *cancel; /* NULL: neither is asked */
};

/* Sums what is not known yet and keeps it where the database may be written; the answer is of one
 * moment.  ERR_INVALID "report.cancelled".  Not inside a transaction. */
enum err store_report(struct db *db, const struct report_ask *ask, const struct report_progress *p,
		      struct report *out, struct err_info *e);
/* How many invoices store_report would have to read, counted up to cap. */
enum err store_report_due(struct db *db, int64_t unit, const char *from, const char *to,
			  int64_t cap, int64_t *out, struct err_info *e);

/* An invoice of this 开票日期 becomes issued, or is no longer what it was.  In a transaction. */
enum err store_report_mark(struct db *db, int64_t unit, int64_t id, const char *issued_at,
			   struct err_info *e);
/* Narrows the bounds to those of the invoices issued in these days ("": open). */
enum err store_report_bounds(struct db *db, int64_t unit, const char *from, const char *to,
			     int64_t *low, int64_t *high, struct err_info *e);
/* Sums one day before today that is due, of any unit; *left: there was one, and there may be more.
 * Not inside a transaction. */
enum err store_report_step(struct db *db, const char *today, bool *left, struct err_info *e);

/* ---- what an invoice falls under (report_key.c) ---- */

/* The ways of the dimensions, for an invoice with its lines; line: of REPORT_RATE and REPORT_GOODS,
 * else NULL.  key is malloc'd. */
char *report_key_of(enum report_dim dim, const struct invoice *inv, const struct tax_line *line);
/* Does a record, with its lines, fall under the key? */
bool report_key_is(const struct invoice_record *r, enum report_dim dim, const char *key);

#endif
