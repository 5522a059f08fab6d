/* ui/screen/export_p.h - between the dialog and the thread that writes.
 *
 *   export.c  the dialog, rows of a list      export_run.c  the task      export_feed.c  the queue
 */
#ifndef KP_UI_SCREEN_EXPORT_P_H
#define KP_UI_SCREEN_EXPORT_P_H

#include "ui/screen/export.h"

/* ---- export_feed.c ---- */

/* A short queue.  One puts (it never waits), one takes (it waits); whoever is last frees it. */
struct feed;
struct feed *feed_new(int columns);
void feed_free(struct feed **f); /* each of both once */
/* Room for that many rows more. */
int feed_room(struct feed *f);
void feed_put(struct feed *f, const struct list_row *row);
void feed_end(struct feed *f);  /* no more rows will come */
void feed_drop(struct feed *f); /* what there is is not wanted */
/* The next row's cells, alive until the next call; false: no more, or dropped. */
bool feed_take(struct feed *f, const char **cells);
bool feed_dropped(struct feed *f);

/* ---- export_run.c ---- */
enum { EXPORT_TITLE = 64 };
/* Conditions of a catalogue, with texts of their own. */
struct export_query {
	struct buyer_query buyers;
	struct goods_query goods;
	bool has_buyers, has_goods, has_invoices;
	struct kept_filter {
		struct invoice_filter filter;
		enum invoice_state state;
		enum invoice_kind kind;
		int64_t from, to;
	} invoices;
};
void export_query_copy(struct export_query *q, const struct buyer_query *buyers,
		       const struct goods_query *goods);
/* ---- export_invoices.c ---- */
void export_query_invoices(struct export_query *q, const struct invoice_filter *f);
void export_invoices_free(struct kept_filter *k);
struct export_job;
enum err export_invoices(struct session *s, const struct export_job *job, struct import_progress *p,
			 char *path, int64_t *rows, struct err_info *e);

void export_query_free(struct export_query *q);

struct export_job {
	enum sheet_format format;
	char folder[HOME_PATH], title[EXPORT_TITLE];
	/* A catalogue: */
	const char *table;
	struct export_query query;
	int64_t *ids; /* owned; NULL: all that match */
	size_t id_count;
	/* A list: */
	struct feed *feed;
	struct sheet_head heads[LIST_COLUMNS];
	int columns;
	int64_t total; /* 0: not known */
};
/* Columns as headings; returns their number. */
int export_heads(const struct list *l, struct sheet_head heads[LIST_COLUMNS]);
/* query NULL: all rows; marked NULL, or the list whose marked rows are meant. */
void export_job_catalogue(struct export_job *job, const char *table,
			  const struct export_query *query, const struct list *marked);
/* Begins the task, which owns the job from then on; false: it does not begin, the message line says
 * why, and the job is freed. */
bool export_run(struct export_job *job, const struct view_ops *watcher);

#endif
