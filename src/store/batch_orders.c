/* batch_orders.c - the orders of a batch: staged, listed, and following their invoices. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/batch_p.h"

/* ---- staging ---- */

enum err store_orders_add(struct db *db, const struct order_batch *b, const struct batch_order *o,
			  const void *body, size_t n, struct err_info *e)
{
	int64_t id = b->first_order + o->seq - 1;
	enum err r = db_run(
	    db, e, NULL,
	    "INSERT INTO batch_order (id, batch_id, unit_id, seq, state, invoice_id, sheet_row,"
	    " kind, line_count, net, tax, gross, quota, order_no, buyer_name, buyer_tax_no, reason)"
	    " VALUES (?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "llllsllslllllssss", id, b->id, b->unit_id, o->seq, order_state_word(o->state),
	    o->invoice_id, o->row, invoice_kind_word(o->kind), o->lines, o->net, o->tax, o->gross,
	    o->quota, o->order_no, o->buyer_name, o->buyer_tax_no, o->reason);

	return r || !n
		   ? r
		   : db_run(db, e, NULL, "INSERT INTO batch_body (order_id, body) VALUES (?, ?)",
			    "lb", id, body, n);
}

/* ---- what a change has to know of an order ---- */

struct present {
	int64_t id;
	struct order_move move; /* from, and what it is worth */
};

#define PRESENT "id, batch_id, state, line_count, net, tax, gross, quota"

static void read_present(struct rows *q, struct present *p)
{
	*p = (struct present) {.id = rows_int(q, 0),
			       .move = {.batch = rows_int(q, 1),
					.lines = rows_int(q, 3),
					.net = rows_int(q, 4),
					.tax = rows_int(q, 5),
					.gross = rows_int(q, 6),
					.quota = rows_int(q, 7)}};
	order_state_parse(rows_text(q, 2), &p->move.from);
}

static enum err staged(struct db *db, const struct order_batch *b, int64_t seq, struct present *p,
		       struct batch_order *old, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, "SELECT " PRESENT " FROM batch_order WHERE id = ?", "l",
			      b->first_order + seq - 1);
	bool found = !r && rows_next(q);

	if (found)
		read_present(q, p);
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INTERNAL, "batch.order", "批量开票",
			     "第 %" PRId64 " 张没有写下", seq);
	if (!r)
		*old = (struct batch_order) {.seq = seq,
					     .state = p->move.from,
					     .lines = p->move.lines,
					     .net = p->move.net,
					     .tax = p->move.tax,
					     .gross = p->move.gross,
					     .quota = p->move.quota};
	return r;
}

enum err store_orders_take_back(struct db *db, const struct order_batch *b, int64_t seq,
				struct batch_order *old, struct err_info *e)
{
	struct present p;
	enum err r = staged(db, b, seq, &p, old, e);

	if (!r)
		r = db_run(db, e, NULL, "DELETE FROM batch_body WHERE order_id = ?", "l", p.id);
	return r ? r : db_run(db, e, NULL, "DELETE FROM batch_order WHERE id = ?", "l", p.id);
}

enum err store_orders_spoil(struct db *db, const struct order_batch *b, int64_t seq,
			    const char *reason, struct batch_order *old, struct err_info *e)
{
	struct present p;
	enum err r = staged(db, b, seq, &p, old, e);

	return r ? r
		 : db_run(
		       db, e, NULL,
		       "UPDATE batch_order SET state = 'bad', invoice_id = NULL, net = 0, tax = 0,"
		       " gross = 0, quota = 0, reason = ? WHERE id = ?",
		       "sl", reason, p.id);
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
	"o.id, o.batch_id, o.seq, o.sheet_row, o.state, COALESCE(o.invoice_id, 0), o.kind,"        \
	" o.line_count, o.net, o.tax, o.gross, o.quota, o.order_no, o.buyer_name,"                 \
	" o.buyer_tax_no, o.reason, COALESCE(i.number, ''), COALESCE(i.issued_at, '')"
#define FROM " FROM batch_order o LEFT JOIN invoice i ON i.id = o.invoice_id"

static void read_order(struct rows *q, struct batch_order *o)
{
	*o = (struct batch_order) {.batch_id = rows_int(q, 1),
				   .seq = rows_int(q, 2),
				   .row = rows_int(q, 3),
				   .invoice_id = rows_int(q, 5),
				   .lines = rows_int(q, 7),
				   .net = rows_int(q, 8),
				   .tax = rows_int(q, 9),
				   .gross = rows_int(q, 10),
				   .quota = rows_int(q, 11),
				   .order_no = rows_text(q, 12),
				   .buyer_name = rows_text(q, 13),
				   .buyer_tax_no = rows_text(q, 14),
				   .reason = rows_text(q, 15),
				   .number = rows_text(q, 16),
				   .issued_at = rows_text(q, 17)};
	order_state_parse(rows_text(q, 4), &o->state);
	invoice_kind_parse(rows_text(q, 6), &o->kind);
}

/* The ids of a batch are in a row: b.first_order .. b.first_order + orders - 1. */
static enum err bounds_of(struct db *db, int64_t batch, int64_t *first, int64_t *end,
			  struct err_info *e)
{
	struct order_batch b;
	enum err r = store_orders_get(db, 0, batch, &b, e);

	if (r)
		return r;
	*first = b.first_order;
	*end = b.first_order + b.orders;
	return ERR_OK;
}

/* A text filter reads over the rows of the batch, or of its state. */
#define TEXT_TERM " AND (substr(o.order_no, 1, length(?)) = ? OR instr(o.buyer_name, ?) > 0)"

static enum err query(struct db *db, const struct batch_order_query *q, const char *what,
		      const char *tail, int64_t limit, struct rows **out, struct err_info *e)
{
	const char *text = q->text ? q->text : "";
	struct bind binds[8];
	struct buf sql;
	size_t n = 0;
	int64_t first, end;
	enum err r = bounds_of(db, q->batch, &first, &end, e);

	if (r)
		return r;
	buf_init(&sql, 4096);
	buf_adds(&sql, what);
	if (q->state) {
		buf_adds(&sql, " WHERE o.batch_id = ? AND o.state = ? AND o.seq > ?");
		binds[n++] = (struct bind) {.type = 'l', .i = q->batch};
		binds[n++] = (struct bind) {.type = 's', .s = order_state_word(*q->state)};
		binds[n++] = (struct bind) {.type = 'l', .i = q->cursor};
	} else {
		buf_adds(&sql, " WHERE o.id >= ? AND o.id < ?");
		binds[n++] = (struct bind) {.type = 'l', .i = first + q->cursor};
		binds[n++] = (struct bind) {.type = 'l', .i = end};
	}
	if (*text) {
		buf_adds(&sql, TEXT_TERM);
		binds[n++] = (struct bind) {.type = 's', .s = text};
		binds[n++] = (struct bind) {.type = 's', .s = text};
		binds[n++] = (struct bind) {.type = 's', .s = text};
	}
	buf_adds(&sql, q->state ? " ORDER BY o.seq" : " ORDER BY o.id");
	buf_addf(&sql, " LIMIT ?%s", tail);
	binds[n++] = (struct bind) {.type = 'l', .i = limit};
	r = db_query_built(db, out, e, buf_str(&sql), binds, n);
	buf_free(&sql);
	return r;
}

enum err store_batch_orders(struct db *db, const struct batch_order_query *q, batch_order_each f,
			    void *arg, int64_t *next, struct err_info *e)
{
	struct batch_order o = {0};
	struct rows *rows = NULL;
	int n = 0;
	enum err r = query(db, q, "SELECT " COLUMNS FROM, "", (int64_t)q->limit + 1, &rows, e);

	*next = 0;
	if (r && !rows)
		return r;
	while (!r && rows_next(rows)) {
		if (n++ == q->limit) {
			*next = o.seq;
			break;
		}
		read_order(rows, &o);
		r = f(arg, &o);
	}
	return rows_end(&rows, r, e);
}

enum err store_batch_orders_count(struct db *db, const struct batch_order_query *q, int64_t cap,
				  int64_t *out, struct err_info *e)
{
	struct batch_order_query all = *q;
	struct rows *rows = NULL;
	enum err r;

	all.cursor = 0;
	r = query(db, &all, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM batch_order o", ") t", cap,
		  &rows, e);
	*out = 0;
	if (r && !rows)
		return r;
	if (!r && rows_next(rows))
		*out = rows_int(rows, 0);
	return rows_end(&rows, r, e);
}

static char *copy_body(struct rows *q, int column, size_t *n)
{
	const void *bytes = rows_blob(q, column, n);
	char *out;

	if (!bytes)
		return NULL;
	out = mem_alloc(*n + 1);
	memcpy(out, bytes, *n);
	out[*n] = 0;
	return out;
}

enum err store_batch_order(struct db *db, int64_t batch, int64_t seq, batch_order_each f, void *arg,
			   char **body, size_t *n, struct err_info *e)
{
	struct batch_order o;
	struct rows *q;
	int64_t first, end;
	bool found;
	enum err r = bounds_of(db, batch, &first, &end, e);

	*body = NULL;
	*n = 0;
	if (r)
		return r;
	r = db_query(db, &q, e,
		     "SELECT " COLUMNS ", b.body" FROM
		     " LEFT JOIN batch_body b ON b.order_id = o.id WHERE o.id = ? AND o.id < ?",
		     "ll", first + seq - 1, seq > 0 ? end : first);
	found = !r && rows_next(q);
	if (found) {
		read_order(q, &o);
		*body = copy_body(q, 18, n);
		r = f(arg, &o);
	}
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "batch.order", "批量开票",
			     "批次 %" PRId64 " 没有第 %" PRId64 " 张", batch, seq);
	if (r) {
		free(*body);
		*body = NULL;
	}
	return r;
}

enum err store_orders_ready(struct db *db, int64_t batch, int64_t quota, struct staged_order *out,
			    size_t n, size_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT o.seq, o.quota, b.body FROM batch_order o JOIN batch_body b"
			      " ON b.order_id = o.id WHERE o.batch_id = ? AND o.state = 'ready'"
			      " AND o.quota <= ? ORDER BY o.seq LIMIT ?",
			      "lll", batch, quota, (int64_t)n);

	*count = 0;
	while (!r && rows_next(q)) {
		struct staged_order *o = &out[(*count)++];

		o->seq = rows_int(q, 0);
		o->quota = rows_int(q, 1);
		o->body = copy_body(q, 2, &o->n);
	}
	return rows_end(&q, r, e);
}

void staged_orders_free(struct staged_order *o, size_t n)
{
	while (n)
		free(o[--n].body);
}

/* ---- changing ---- */

#define DIFFERS "开出的内容与本批读入的不同，以发票为准"

/* What an invoice is worth; *other: not what was read. */
static enum err take_sums(struct db *db, struct present *p, int64_t invoice, bool *other,
			  struct err_info *e)
{
	struct order_move *m = &p->move;
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT i.line_count, i.net, i.tax, i.gross, i.kind <> o.kind OR"
			      " i.buyer_tax_no <> o.buyer_tax_no FROM invoice i, batch_order o"
			      " WHERE i.id = ? AND o.id = ?",
			      "ll", invoice, p->id);

	if (!r && rows_next(q)) {
		m->more_lines = rows_int(q, 0) - m->lines;
		m->more_net = rows_int(q, 1) - m->net;
		m->more_tax = rows_int(q, 2) - m->tax;
		m->more_gross = rows_int(q, 3) - m->gross;
		*other =
		    m->more_lines || m->more_net || m->more_tax || m->more_gross || rows_int(q, 4);
	}
	return rows_end(&q, r, e);
}

static enum err set_order(struct db *db, struct present *p, enum order_state to, int64_t invoice,
			  const char *reason, struct err_info *e)
{
	struct order_move *m = &p->move;
	/* One that is on its way does not change. */
	bool fresh = invoice && m->from != ORDER_TAKEN, other = false;
	enum err r = fresh ? take_sums(db, p, invoice, &other, e) : ERR_OK;

	if (r)
		return r;
	m->to = to;
	/* A bad one was mended: of course it is another. */
	if (other && m->from != ORDER_BAD && text_empty(reason))
		reason = DIFFERS;
	r = db_run(db, e, NULL,
		   "UPDATE batch_order SET state = ?, invoice_id = NULLIF(?, 0), line_count ="
		   " line_count + ?, net = net + ?, tax = tax + ?, gross = gross + ?,"
		   " reason = CASE WHEN ? = 1 THEN reason ELSE ? END WHERE id = ?",
		   "slllllisl", order_state_word(to), invoice, m->more_lines, m->more_net,
		   m->more_tax, m->more_gross,
		   m->from == ORDER_TAKEN && to == ORDER_ISSUED && text_empty(reason) ? 1 : 0,
		   reason, p->id);
	/* The content is the invoice's from then on. */
	if (!r && invoice)
		r = db_run(db, e, NULL, "DELETE FROM batch_body WHERE order_id = ?", "l", p->id);
	return r ? r : batch_count_move(db, &p->move, e);
}

enum err store_batch_order_set(struct db *db, int64_t batch, int64_t seq, enum order_state to,
			       int64_t invoice, const char *reason, struct err_info *e)
{
	struct present p;
	struct rows *q;
	int64_t first, end;
	bool found;
	enum err r = bounds_of(db, batch, &first, &end, e);

	if (r)
		return r;
	r = db_query(db, &q, e, "SELECT " PRESENT " FROM batch_order WHERE id = ?", "l",
		     first + seq - 1);
	found = !r && rows_next(q);
	if (found)
		read_present(q, &p);
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "batch.order", "批量开票",
			     "批次 %" PRId64 " 没有第 %" PRId64 " 张", batch, seq);
	return r ? r : set_order(db, &p, to, invoice, reason, e);
}

enum err store_orders_skip_rest(struct db *db, int64_t batch, const char *reason,
				struct err_info *e)
{
	enum err r = db_run(db, e, NULL,
			    "UPDATE batch_order SET state = 'skipped', reason = CASE WHEN state ="
			    " 'ready' THEN ? ELSE reason END WHERE batch_id = ?"
			    " AND (state = 'ready' OR state = 'bad')",
			    "sl", reason, batch);

	return r ? r
		 : db_run(db, e, NULL,
			  "UPDATE order_batch SET n_skipped = n_skipped + n_ready + n_bad,"
			  " n_ready = 0, n_bad = 0, net = net - ready_net, tax = tax - ready_tax,"
			  " gross = gross - ready_gross, ready_lines = 0, ready_net = 0,"
			  " ready_tax = 0, ready_gross = 0, ready_quota = 0, updated_at = ?"
			  " WHERE id = ?",
			  "ll", clock_now(), batch);
}

/* ---- following invoices ---- */

/* The orders a condition finds, few as a rule; *out is malloc'd. */
static enum err find_orders(struct db *db, struct present **out, size_t *n, struct err_info *e,
			    const char *sql, int64_t key, const char *text)
{
	struct rows *q;
	enum err r =
	    text ? db_query(db, &q, e, sql, "ls", key, text) : db_query(db, &q, e, sql, "l", key);

	*out = NULL;
	*n = 0;
	while (!r && rows_next(q)) {
		*out = mem_realloc(*out, (*n + 1) * sizeof(**out));
		read_present(q, &(*out)[(*n)++]);
	}
	return rows_end(&q, r, e);
}

enum err store_orders_adopt(struct db *db, int64_t unit, const char *order_no, int64_t invoice,
			    struct err_info *e)
{
	struct present *all;
	size_t n, i;
	enum err r;

	if (text_empty(order_no))
		return ERR_OK;
	r = find_orders(db, &all, &n, e,
			"SELECT " PRESENT " FROM batch_order WHERE unit_id = ? AND order_no = ? AND"
			" (state = 'bad' OR state = 'ready' OR state = 'failed' OR"
			" (state = 'skipped' AND invoice_id IS NOT NULL))",
			unit, order_no);
	for (i = 0; i < n && !r; i++)
		r = set_order(db, &all[i], ORDER_TAKEN, invoice, "", e);
	free(all);
	return r;
}

enum err store_orders_follow(struct db *db, int64_t invoice, enum invoice_state to,
			     const char *message, struct err_info *e)
{
	static const enum order_state STATES[INVOICE_STATES] = {
	    [INVOICE_DRAFT] = ORDER_TAKEN,   [INVOICE_NUMBERED] = ORDER_TAKEN,
	    [INVOICE_SENDING] = ORDER_TAKEN, [INVOICE_ACCEPTED] = ORDER_TAKEN,
	    [INVOICE_UNKNOWN] = ORDER_TAKEN, [INVOICE_ISSUED] = ORDER_ISSUED,
	    [INVOICE_FAILED] = ORDER_FAILED, [INVOICE_VOID] = ORDER_SKIPPED,
	};
	const char *reason = to == INVOICE_VOID ? "发票已作废" : message;
	struct present *all;
	size_t n, i;
	enum err r =
	    find_orders(db, &all, &n, e, "SELECT " PRESENT " FROM batch_order WHERE invoice_id = ?",
			invoice, NULL);

	for (i = 0; i < n && !r; i++) {
		/* On its way from one hand to the next nothing changes for the order. */
		if (STATES[to] == ORDER_TAKEN && all[i].move.from == ORDER_TAKEN)
			continue;
		/* Of a repeat one has to know only that there is no invoice after all. */
		if (all[i].move.from == ORDER_REPEAT && STATES[to] != ORDER_FAILED &&
		    STATES[to] != ORDER_SKIPPED)
			continue;
		r = set_order(db, &all[i], STATES[to], invoice, reason ? reason : "", e);
	}
	free(all);
	return r;
}
