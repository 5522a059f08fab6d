/* report_p.h - between the files of the reports. */
#ifndef KP_STORE_REPORT_P_H
#define KP_STORE_REPORT_P_H

#include "base/buf.h"
#include "store/report.h"

/* ---- report_table.c: sums by dimension, period and key ---- */

struct report_entry {
	uint64_t hash;
	int dim;
	int period; /* yyyyMMdd, yyyyMM00, or 0 */
	char *key;  /* owned; NULL: known by its id */
	int64_t id; /* of report_key; 0: not known */
	char *label;
	char label_at[DATETIME_TEXT]; /* of the invoice the label is from */
	int64_t seen;                 /* the invoice that was counted last */
	struct report_sum sum;
};
struct report_table {
	struct report_entry *at;
	size_t count, cap;
	uint32_t *slots; /* index + 1; 0: free */
	size_t slot_count;
};
void report_table_free(struct report_table *t);
/* The entry, made when there is none; valid until the next one is made. */
struct report_entry *report_table_get(struct report_table *t, int dim, int period, const char *key);
struct report_entry *report_table_by_id(struct report_table *t, int dim, int period, int64_t id);
/* False beyond what an amount may be. */
bool report_sum_add(struct report_sum *to, const struct report_sum *s);
/* The later label stays. */
void report_entry_call(struct report_entry *en, const char *label, const char *at);
enum err report_too_large(struct err_info *e);

/* ---- report_key.c ---- */

/* Each replaces what is in b. */
void report_buyer_key(struct buf *b, const char *tax_no, const char *name);
void report_rate_key(struct buf *b, int32_t ppm, const char *preference);
void report_goods_key(struct buf *b, const char *short_name, const char *name, const char *spec);

/* What summing needs of a stored line; texts are in `text`. */
struct report_line {
	const char *name, *spec, *short_name, *preference;
	int32_t rate_ppm;
	int64_t net, tax, gross; /* its discount taken off */
};
/* Reads a line as the codec writes it; `text` holds its texts, replaced by the next call. */
enum err report_line_read(const char *body, struct buf *text, struct report_line *out,
			  struct err_info *e);
/* Two members of a head, likewise. */
enum err report_head_read(const char *head, struct buf *text, const char **buyer,
			  const char **drawer, struct err_info *e);

/* ---- report_sum.c ---- */

#define REPORT_ALL      ((1u << REPORT_DIMS) - 2)
#define REPORT_OF_LINES (1u << REPORT_RATE | 1u << REPORT_GOODS)
int report_period(const char *day); /* yyyy-MM-dd or yyyy-MM as number */
/* Adds the issued invoices of a day to the table, under `period`, for the dimensions of the mask;
 * *count grows by them. */
enum err report_day_sum(struct db *db, int64_t unit, const char *day, unsigned dims, int period,
			const struct report_progress *p, struct report_table *t, int64_t *count,
			struct err_info *e);

/* ---- report_keep.c ---- */

/* Sums of days on their way into the database, some thousand rows at a time. */
enum { REPORT_BATCH_DAYS = 64 };
struct report_keeper {
	struct db *db;
	int64_t unit;
	struct report_table sums, known; /* known: ids and labels of keys that were met */
	struct report_due {
		char day[DATE_TEXT];
		int period; /* the same as number, filled in by the keeper */
		int64_t turn;
		bool holds; /* no invoice came meanwhile */
	} days[REPORT_BATCH_DAYS];
	size_t day_count;
	bool given_up; /* the database cannot be written now */
};
void report_keeper_free(struct report_keeper *k);
/* Sums a day into it; writes when much has come together. */
enum err report_keep_day(struct report_keeper *k, const struct report_due *d,
			 const struct report_progress *p, int64_t *count, struct err_info *e);
/* Writes the rest.  What cannot be written is not kept: that is no error. */
void report_keep_rest(struct report_keeper *k);
/* Sums up the days of a month that is over, if they all hold and it is not done. */
void report_keep_month(struct report_keeper *k, const char *month);

#endif
