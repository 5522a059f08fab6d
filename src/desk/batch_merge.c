/* batch_merge.c - 合并 of orders that wait in a batch: the first becomes the whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"
#include "desk/drafts.h"
#include "tax/invoice_json.h"

enum { BODY_MAX = 64 << 20, PAGE = 64 };

struct merging {
	struct session *s;
	struct unit u;
	struct order_batch batch;
	const int64_t *seqs;
	struct invoice *items; /* owned */
	size_t count;
	struct invoice whole; /* owned once made */
	bool made;
};

static void merging_free(struct merging *m)
{
	while (m->count)
		invoice_free(&m->items[--m->count]);
	free(m->items);
	if (m->made)
		invoice_free(&m->whole);
	unit_free(&m->u);
}

/* ---- the orders ---- */

static enum err check_twice(const int64_t *seqs, size_t n, struct err_info *e)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (seqs[i] == seqs[k])
				return err_fail(e, ERR_INVALID, "batch.twice", "合并",
						"第 %lld 张写了两次", (long long)seqs[i]);
	return ERR_OK;
}

static enum err check_batch(const struct order_batch *b, struct err_info *e)
{
	if (b->state == BATCH_CHECKED)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "batch.state", "合并", "批次 %lld 的状态是%s，待开票的才能合并",
		 (long long)b->id, batch_state_label(b->state));
	err_hint(e, "已经开始的批次请让它开完，或取消其余的再导入");
	return ERR_INVALID;
}

static enum err note_state(void *arg, const struct batch_order *o)
{
	*(enum order_state *)arg = o->state;
	return ERR_OK;
}

static enum err check_ready(struct merging *m, int64_t seq, struct err_info *e)
{
	enum order_state state = ORDER_BAD;
	char *body;
	size_t n;
	enum err r =
	    store_batch_order(m->s->db, m->batch.id, seq, note_state, &state, &body, &n, e);

	free(body);
	if (r || state == ORDER_READY)
		return r;
	return err_fail(e, ERR_INVALID, "batch.order", "合并", "第 %lld 张是%s，只有待开的可以合并",
			(long long)seq, order_state_label(state));
}

static enum err read_orders(struct merging *m, size_t n, struct err_info *e)
{
	enum err r = check_twice(m->seqs, n, e);

	m->items = mem_zalloc((n + 1) * sizeof(*m->items));
	while (!r && m->count < n) {
		struct invoice *inv = &m->items[m->count];

		if ((r = check_ready(m, m->seqs[m->count], e)) ||
		    (r = desk_batch_order_edit(m->s, m->batch.id, m->seqs[m->count], inv, e)))
			break;
		m->count++;
		r = tax_invoice_compute(inv, e);
	}
	return r;
}

/* ---- the whole ---- */

/* An order number of its own, or that of one that goes in. */
static enum err check_number(struct merging *m, struct err_info *e)
{
	const char *no = m->whole.order_no;
	int64_t id = 0;
	enum err r;

	if (text_empty(no))
		return ERR_OK;
	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->items[i].order_no, no))
			return ERR_OK;
	if ((r = desk_order_free(m->s, m->u.id, no, e)) ||
	    (r = store_invoice_by_order(m->s->db, m->u.id, no, &id, e)) || !id)
		return r;
	err_fail(e, ERR_INVALID, "order.exists", "流水号", "%s 已经有了", no);
	err_field(e, "order_no");
	err_hint(e, "请另给一个流水号");
	return ERR_INVALID;
}

/* What the rules say of the whole; what is the seller's own was said of the batch. */
static enum err check_rules(struct merging *m, struct err_info *e)
{
	struct tax_findings found = {0};
	struct issue_context *c = NULL;
	enum err r = issue_context_load(m->s, &m->u, false, &c, e);

	if (r)
		return r;
	tax_validate(&m->whole, &c->tax, &found, NULL);
	for (size_t i = 0; i < found.count && !r; i++) {
		const struct tax_finding *f = &found.items[i];

		if (f->warning || !strncmp(f->at.code, "seller.", strlen("seller.")) ||
		    issue_mendable(c, f))
			continue;
		if (e)
			*e = f->at;
		r = ERR_INVALID;
	}
	tax_findings_free(&found);
	issue_context_free(&c);
	return r;
}

static enum err make_whole(struct merging *m, const struct merge_options *o,
			   struct merge_told *told, struct err_info *e)
{
	const struct invoice **items = mem_alloc((m->count + 1) * sizeof(*items));
	enum err r;

	for (size_t i = 0; i < m->count; i++)
		items[i] = &m->items[i];
	r = tax_invoices_merge(items, m->count, o->add_up, &m->whole, told, e);
	free(items);
	if (r)
		return r;
	m->made = true;
	if (o->order_no)
		mem_set(&m->whole.order_no, o->order_no);
	issue_fill_seller(&m->whole, &m->u);
	r = check_number(m, e);
	return r ? r : check_rules(m, e);
}

static enum err merge(struct merging *m, int64_t batch, const int64_t *seqs, size_t n,
		      const struct merge_options *o, struct merge_told *told, struct err_info *e)
{
	enum err r;

	m->seqs = seqs;
	if ((r = store_orders_get(m->s->db, m->u.id, batch, &m->batch, e)) ||
	    (r = check_batch(&m->batch, e)) || (r = read_orders(m, n, e)))
		return r;
	return make_whole(m, o, told, e);
}

static enum err begin(struct session *s, struct merging *m, struct err_info *e)
{
	enum err r = desk_allow(s, DESK_ISSUE, e);

	*m = (struct merging) {.s = s};
	return r ? r : desk_unit(s, &m->u, e);
}

enum err desk_batch_merge_plan(struct session *s, int64_t batch, const int64_t *seqs, size_t n,
			       const struct merge_options *o, struct invoice *out,
			       struct merge_told *told, struct err_info *e)
{
	struct merging m;
	enum err r = begin(s, &m, e);

	if (r)
		return r;
	if (!(r = merge(&m, batch, seqs, n, o, told, e))) {
		*out = m.whole; /* moved */
		m.made = false;
	}
	merging_free(&m);
	return r;
}

/* ---- doing it ---- */

static enum err store(struct merging *m, struct err_info *e)
{
	const struct invoice *inv = &m->whole;
	const struct batch_order row = {.lines = (int64_t)inv->line_count,
					.net = inv->net_fen,
					.tax = inv->tax_fen,
					.gross = inv->gross_fen,
					.quota = tax_quota_amount(inv),
					.order_no = inv->order_no,
					.reason = ""};
	struct json_out o;
	struct buf b;
	char no[32], what[64];
	enum err r;

	buf_init(&b, BODY_MAX);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	invoice_put_sparse(&o, inv);
	json_close(&o, '}');
	if (b.failed)
		r = err_fail(e, ERR_INVALID, "invoice.large", "合并", "内容过大");
	else
		r = store_orders_merge(m->s->db,
				       &(struct batch_merge) {.batch = &m->batch,
							      .into = m->seqs[0],
							      .seqs = m->seqs,
							      .n = m->count,
							      .whole = &row,
							      .body = buf_str(&b),
							      .size = b.len},
				       e);
	buf_free(&b);
	if (r)
		return r;
	snprintf(no, sizeof(no), "%lld", (long long)m->batch.id);
	snprintf(what, sizeof(what), "%zu -> %lld", m->count, (long long)m->seqs[0]);
	return desk_audit(m->s, m->u.id, "batch.merge", no, "", what, e);
}

enum err desk_batch_merge(struct session *s, int64_t batch, const int64_t *seqs, size_t n,
			  const struct merge_options *o, struct merge_told *told,
			  struct err_info *e)
{
	struct merging m;
	enum err r = begin(s, &m, e);

	if (r)
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = merge(&m, batch, seqs, n, o, told, e)) || (r = store(&m, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	merging_free(&m);
	return r;
}

/* ---- which order ---- */

struct search {
	const char *no;
	int64_t seq;
	size_t found;
};

static enum err look(void *arg, const struct batch_order *o)
{
	struct search *f = arg;

	if (!strcmp(o->order_no, f->no)) {
		f->seq = o->seq;
		f->found++;
	}
	return ERR_OK;
}

enum err desk_batch_find(struct session *s, int64_t batch, const char *no, int64_t *seq,
			 struct err_info *e)
{
	struct search f = {.no = no};
	struct batch_order_query q = {.batch = batch, .text = no, .limit = PAGE};
	const char *digits = no + (*no == '#');
	struct order_batch b;
	enum err r = desk_batch_get(s, batch, &b, e);

	while (!r && *no != '#' && *no) {
		if ((r = store_batch_orders(s->db, &q, look, &f, &q.cursor, e)) || !q.cursor)
			break;
	}
	if (r)
		return r;
	*seq = f.seq;
	if (f.found == 1)
		return ERR_OK;
	if (!f.found && text_all_digits(digits) && strlen(digits) < 10) {
		*seq = strtoll(digits, NULL, 10);
		if (*seq > 0 && *seq <= b.orders)
			return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "batch.order", "批量开票",
		 f.found ? "批次 %lld 里有几张的流水号是 %.60s" : "批次 %lld 没有 %.60s",
		 (long long)batch, no);
	err_hint(e, "流水号、序号见 kaipiao batch show %lld；序号可以写成 #3", (long long)batch);
	return ERR_INVALID;
}
