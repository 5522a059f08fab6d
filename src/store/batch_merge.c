/* batch_merge.c - 合并 of orders that wait: one becomes the whole, the others are left out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/batch_p.h"

struct seen {
	struct batch_order order; /* figures and state; its texts are gone */
	int64_t id, unit;
	char no[260];
};

static enum err note(void *arg, const struct batch_order *o)
{
	struct seen *s = arg;

	s->order = *o;
	text_copy(s->no, sizeof(s->no), o->order_no ? o->order_no : "");
	s->order.order_no = s->no;
	s->order.buyer_name = s->order.buyer_tax_no = s->order.reason = NULL;
	s->order.number = s->order.issued_at = NULL;
	return ERR_OK;
}

static enum err read_one(struct db *db, const struct batch_merge *m, int64_t seq, struct seen *out,
			 struct err_info *e)
{
	char *body;
	size_t n;
	enum err r = store_batch_order(db, m->batch->id, seq, note, out, &body, &n, e);

	if (r)
		return r;
	out->id = m->batch->first_order + seq - 1;
	free(body);
	if (body && out->order.state == ORDER_READY)
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "batch.order", "合并",
			"第 %" PRId64 " 张是%s，只有待开的可以合并", seq,
			order_state_label(out->order.state));
}

/* What had gone into it before goes along. */
static enum err remember(struct db *db, const struct batch_merge *m, int64_t seq, const char *no,
			 struct err_info *e)
{
	enum err r = db_run(db, e, NULL,
			    "UPDATE batch_merged SET into_seq = ? WHERE batch_id = ? AND"
			    " into_seq = ?",
			    "lll", m->into, m->batch->id, seq);

	return r ? r
		 : db_run(db, e, NULL,
			  "INSERT INTO batch_merged (batch_id, seq, order_no, into_seq, unit_id)"
			  " VALUES (?, ?, ?, ?, ?) ON CONFLICT (batch_id, seq, order_no)"
			  " DO UPDATE SET into_seq = excluded.into_seq",
			  "llsll", m->batch->id, seq, no, m->into, m->batch->unit_id);
}

static enum err leave_out(struct db *db, const struct batch_merge *m, int64_t seq,
			  struct err_info *e)
{
	char why[80];

	snprintf(why, sizeof(why), "已并入第 %" PRId64 " 张", m->into);
	return store_batch_order_set(db, m->batch->id, seq, ORDER_SKIPPED, 0, why, e);
}

static enum err put_whole(struct db *db, const struct batch_merge *m, const struct seen *was,
			  struct err_info *e)
{
	const struct batch_order *o = m->whole, *b = &was->order;
	int64_t lines = o->lines - b->lines, net = o->net - b->net, tax = o->tax - b->tax;
	int64_t gross = o->gross - b->gross;
	enum err r = db_run(db, e, NULL,
			    "UPDATE batch_order SET line_count = ?, net = ?, tax = ?, gross = ?,"
			    " quota = ?, order_no = ?, reason = ? WHERE id = ?",
			    "lllllssl", o->lines, o->net, o->tax, o->gross, o->quota, o->order_no,
			    o->reason, was->id);

	if (r || (r = db_run(db, e, NULL, "UPDATE batch_body SET body = ? WHERE order_id = ?", "bl",
			     m->body, m->size, was->id)))
		return r;
	return db_run(
	    db, e, NULL,
	    "UPDATE order_batch SET lines = lines + ?, net = net + ?, tax = tax + ?,"
	    " gross = gross + ?, ready_lines = ready_lines + ?, ready_net = ready_net + ?,"
	    " ready_tax = ready_tax + ?, ready_gross = ready_gross + ?,"
	    " ready_quota = ready_quota + ?, updated_at = ? WHERE id = ?",
	    "lllllllllll", lines, net, tax, gross, lines, net, tax, gross, o->quota - b->quota,
	    clock_now(), m->batch->id);
}

enum err store_orders_merge(struct db *db, const struct batch_merge *m, struct err_info *e)
{
	struct seen first = {.id = 0}, one;
	enum err r = read_one(db, m, m->into, &first, e);

	if (!r)
		r = remember(db, m, m->into, first.no, e);
	for (size_t i = 0; i < m->n && !r; i++) {
		if (m->seqs[i] == m->into)
			continue;
		if (!(r = read_one(db, m, m->seqs[i], &one, e)) &&
		    !(r = remember(db, m, m->seqs[i], one.no, e)))
			r = leave_out(db, m, m->seqs[i], e);
	}
	return r ? r : put_whole(db, m, &first, e);
}

enum err store_orders_merged(struct db *db, int64_t batch, int64_t seq, int64_t *into,
			     struct err_info *e)
{
	bool found = false;

	*into = 0;
	return db_get_int(db, e, into, &found,
			  "SELECT into_seq FROM batch_merged WHERE batch_id = ? AND seq = ?"
			  " AND into_seq <> seq LIMIT 1",
			  "ll", batch, seq);
}

/* The whole is given up when its batch is over without it, or its invoice was voided. */
enum err store_orders_use(struct db *db, int64_t unit, const char *order_no, int64_t *batch,
			  int64_t *seq, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT m.batch_id, m.into_seq FROM batch_merged m JOIN order_batch b ON b.id ="
	    " m.batch_id JOIN batch_order o ON o.id = b.first_order + m.into_seq - 1"
	    " WHERE m.unit_id = ? AND m.order_no = ? AND o.order_no <> m.order_no"
	    " AND (o.invoice_id IS NOT NULL OR (b.state <> 'cancelled' AND b.state <> 'done'))"
	    " AND (o.invoice_id IS NULL OR o.state <> 'skipped') LIMIT 1",
	    "ls", unit, order_no);

	*batch = *seq = 0;
	if (!r && rows_next(q)) {
		*batch = rows_int(q, 0);
		*seq = rows_int(q, 1);
	}
	return rows_end(&q, r, e);
}
