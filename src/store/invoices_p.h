/* invoices_p.h - what the files of the invoice aggregate share. */
#ifndef KP_STORE_INVOICES_P_H
#define KP_STORE_INVOICES_P_H

#include "base/buf.h"
#include "store/invoices.h"

/* Of one head or one line: far above what the limits of the fields allow. */
enum { BODY_MAX = 64 * 1024 * 1024 };

/* ---- invoices_codec.c: members as JSON, entered and computed ---- */

void invoice_head_write(struct buf *b, const struct invoice *inv);
void invoice_line_write(struct buf *b, const struct tax_line *l);
/* Into an initialised invoice.  ERR_DAMAGED when the text is not what the writers write. */
enum err invoice_head_read(const char *text, struct invoice *inv, struct err_info *e);
enum err invoice_line_read(const char *text, struct tax_line *l, struct err_info *e);
/* The lines must add up to the totals. */
enum err invoice_sums_check(const struct invoice *inv, struct err_info *e);

/* ---- invoices_buyer.c: distinct names of buyers and their parts ---- */

/* Id of the name, adding it when new; 0 for "". */
enum err buyer_name_id(struct db *db, const char *name, int64_t *id, struct err_info *e);
/* The form in which names are compared: half width, small letters; malloc'd. */
char *buyer_fold(const char *text);
/* Ids of the names that contain the folded text: at most max; *more when there may be others. */
struct buyer_names {
	int64_t *ids; /* malloc'd */
	size_t count;
	bool more;
};
enum err buyer_names_find(struct db *db, const char *folded, size_t max, struct buyer_names *out,
			  struct err_info *e);
/* The names of filter.buyer_id; several invoices of a name are met once, as each has one name. */
enum err buyer_names_of(struct db *db, int64_t buyer, struct buyer_names *out, struct err_info *e);
/* How many distinct names were ever stored. */
enum err buyer_names_total(struct db *db, int64_t *out, struct err_info *e);

/* ---- invoices_day.c: business days as ranges of ids ---- */

enum err invoice_day_note(struct db *db, int64_t unit, int64_t id, int64_t created_at,
			  struct err_info *e);
/* Every invoice of the unit created in from <= t < to (0: open) has low <= id <= high; *exact when
 * the bounds are whole days that hold nothing else. */
enum err invoice_day_bounds(struct db *db, int64_t unit, int64_t from, int64_t to, int64_t *low,
			    int64_t *high, bool *exact, struct err_info *e);

/* ---- invoices_walk.c: the matching ids of a filter ---- */

/* The first `room` matching ids, newest first (oldest first with last_page). */
struct id_list {
	int64_t *ids; /* of the caller */
	size_t count, room;
};
enum err invoice_walk(struct db *db, const struct invoice_filter *f, struct id_list *out,
		      struct err_info *e);
/* Counts matches up to cap; *at_least when there are or may be more. */
enum err invoice_walk_count(struct db *db, const struct invoice_filter *f, int64_t cap,
			    int64_t *count, bool *at_least, struct err_info *e);
/* The query of one stream: which terms it has. */
struct walk_shape {
	bool by_type, by_name, by_state, by_created, tests_name, ascending;
};
void invoice_walk_sql(struct buf *b, const struct walk_shape *s);

/* Puts the id where it belongs among the first `room`, dropping the one behind; no duplicates. */
void id_list_put(struct id_list *l, int64_t id, bool ascending);

#endif
