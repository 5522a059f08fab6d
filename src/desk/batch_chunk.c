/* batch_chunk.c - some ready orders of a batch become invoices.
 *
 * Numbers, quota, invoices, uploads, orders and counts of a chunk are one transaction.  When one
 * order cannot have its number or quota, those before it are issued without it; when it is the
 * first, the batch is paused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_run_p.h"
#include "tax/invoice_json.h"

enum { BODY_MAX = 64 << 20, WHY_MAX = 1000 };

struct chunk {
	struct batch_runner *r;
	const struct unit *u;
	const struct order_batch *b;
	struct issue_context *c;
	struct staged_order orders[BATCH_CHUNK];
	size_t count, done; /* done: of them; the next one is where it failed */
	int64_t at;         /* its seq */
	int64_t quota;      /* what is left; less fits than is ready, or everything */
	int64_t now, issued;
	bool stop; /* a rule that concerns more than one order */
};

static enum err order_failed(struct chunk *k, int64_t seq, const struct err_info *why,
			     struct err_info *e)
{
	char text[WHY_MAX];

	return store_batch_order_set(k->r->s->db, k->b->id, seq, ORDER_FAILED, 0,
				     err_sentence(why, text, sizeof(text)), e);
}

static bool concerns_all(const struct err_info *why)
{
	return why->class != ERR_INVALID || !strncmp(why->code, "seller.", strlen("seller.")) ||
	       !strncmp(why->code, "unit.", strlen("unit."));
}

/* Its number, its quota, its upload. */
static enum err record(struct chunk *k, struct invoice *inv, int64_t seq, int64_t id,
		       struct err_info *e)
{
	struct session *s = k->r->s;
	bool corrects = id != 0;
	enum err r = corrects ? ERR_OK : db_next_id(s->db, "invoice", &id, e);

	if (r || (r = issue_record_one(s, k->u, inv, id, corrects, e)))
		return r;
	k->issued++;
	/* By its order number it follows by itself, unless it has none or was there before. */
	if (!text_empty(inv->order_no) && !corrects)
		return ERR_OK;
	return store_batch_order_set(s->db, k->b->id, seq, ORDER_TAKEN, id, "", e);
}

/* Somebody else was quicker: what became of that invoice? */
static enum err follow_first(struct chunk *k, int64_t seq, int64_t id, struct err_info *e)
{
	struct db *db = k->r->s->db;
	struct invoice_record old;
	char why[WHY_MAX] = "已经开过，返回原来的结果";
	enum order_state state = ORDER_REPEAT;
	enum err r = store_invoice_head(db, id, &old, e);

	if (r)
		return r;
	if (old.state == INVOICE_FAILED) {
		state = ORDER_FAILED;
		text_copy(why, sizeof(why), old.message);
	} else if (old.state == INVOICE_VOID) {
		state = ORDER_SKIPPED;
		snprintf(why, sizeof(why), "发票已作废");
	} else if (old.state != INVOICE_ISSUED) {
		snprintf(why, sizeof(why), "已经取得号码，返回它的结果");
	}
	invoice_record_free(&old);
	return store_batch_order_set(db, k->b->id, seq, state, id, why, e);
}

static enum err issue_order(struct chunk *k, struct invoice *inv, int64_t seq, struct err_info *e)
{
	struct session *s = k->r->s;
	struct invoice_set set = {.items = inv, .n = 1};
	struct issue_counts n;
	struct err_info why;
	int64_t id = 0;
	bool repeat = false;
	enum err r = issue_mark_repeats(s, k->u, &set, &id, &repeat, &n, &why);

	if (r && r != ERR_INVALID) {
		if (e)
			*e = why;
		return r;
	}
	if (!r && repeat)
		return follow_first(k, seq, id, e);
	if (!r && !(r = issue_validate_one(s, k->u, k->c, inv, k->now, &why)))
		return record(k, inv, seq, id, e);
	if (!concerns_all(&why) && !k->b->strict)
		return order_failed(k, seq, &why, e);
	k->stop = true;
	if (e)
		*e = why;
	return r;
}

static enum err take_order(struct chunk *k, const struct staged_order *o, struct err_info *e)
{
	struct invoice inv;
	struct err_info why;
	cJSON *tree = NULL;
	enum err r = json_parse(o->body, o->n, BODY_MAX, &tree, &why);

	if (!r && (r = invoice_from_json(tree, "", &inv, &why)))
		invoice_free(&inv);
	json_free(&tree);
	if (r)
		return r == ERR_INVALID ? order_failed(k, o->seq, &why, e) : r;
	r = issue_order(k, &inv, o->seq, e);
	invoice_free(&inv);
	return r;
}

/* One that needs more quota than there is does not hold those that do not, unless all are to be
 * issued.  Where nothing fits, the first says what is missing. */
static enum err choose_orders(struct chunk *k, size_t limit, struct err_info *e)
{
	struct db *db = k->r->s->db;
	char month[MONTH_TEXT];
	struct quota_month q;
	enum err r = store_quota_get(db, k->u->id, month_text(k->now, month), &q, e);

	k->quota = k->b->strict ? INT64_MAX : q.unused - q.reserved;
	if (r || (r = store_orders_ready(db, k->b->id, k->quota, k->orders, limit, &k->count, e)) ||
	    k->count)
		return r;
	k->quota = INT64_MAX;
	return store_orders_ready(db, k->b->id, k->quota, k->orders, 1, &k->count, e);
}

static enum err take_orders(struct chunk *k, size_t limit, struct err_info *e)
{
	struct session *s = k->r->s;
	int expired;
	enum err r;

	k->now = clock_now();
	if ((r = issue_context_load(s, k->u, true, &k->c, e)))
		return r;
	k->c->tax.now = k->now;
	if ((r = store_segment_expire(s->db, k->u->id, date_of(k->now).date.year, &expired, e)) ||
	    (r = choose_orders(k, limit, e)))
		return r;
	for (k->done = 0; k->done < k->count; k->done++) {
		const struct staged_order *o = &k->orders[k->done];

		k->at = o->seq;
		if (o->quota > k->quota)
			continue;
		if ((r = take_order(k, o, e)))
			return r;
		k->quota -= o->quota;
	}
	return store_orders_served(s->db, k->b->id, e);
}

/* The batch may have been paused or cancelled meanwhile. */
static enum err still_running(struct chunk *k, bool *out, struct err_info *e)
{
	struct order_batch b;
	enum err r = store_orders_get(k->r->s->db, 0, k->b->id, &b, e);

	*out = !r && b.state == BATCH_RUNNING;
	return r;
}

static enum err try_chunk(struct chunk *k, size_t limit, struct err_info *e)
{
	struct db *db = k->r->s->db;
	bool running = false;
	enum err r = db_begin(db, e);

	if (r)
		return r;
	k->issued = 0;
	if (!(r = still_running(k, &running, e)) && running)
		r = take_orders(k, limit, e);
	if (r || !running)
		db_rollback(db);
	else
		r = db_commit(db, e);
	issue_context_free(&k->c);
	staged_orders_free(k->orders, k->count);
	k->count = 0;
	return r;
}

/* Downloading more than the tax side gives helps nobody. */
static void hint_quota(const struct quota_month *q, int64_t needed, struct err_info *why)
{
	char fen[FEN_TEXT], text[FEN_TEXT + 8], more[FEN_TEXT + 8];

	fen_format(needed, fen);
	fen_format_grouped(needed, text);
	fen_format_grouped(q->remote_available, more);
	if (!q->has_remote)
		err_hint(why, "这一批还缺额度 %s 元，先下载额度：kaipiao quota download %s", text,
			 fen);
	else if (needed > q->remote_available)
		err_hint(
		    why,
		    "这一批还缺额度 %s 元，税局本月只能再下载 %s 元；请先在电子税务局调整额度，"
		    "再执行 kaipiao quota sync",
		    text, more);
	else
		err_hint(why,
			 "这一批还缺额度 %s 元，税局本月还能下载 %s 元，先下载额度：kaipiao quota"
			 " download %s",
			 text, more, fen);
}

/* What the batch still lacks, not the one invoice. */
static void hint_stock(const struct chunk *k, struct err_info *why)
{
	struct db *db = k->r->s->db;
	int64_t now = clock_now(), stock = 0;
	char month[MONTH_TEXT];
	struct order_batch b;
	struct quota_month q;

	if (store_orders_get(db, 0, k->b->id, &b, NULL) ||
	    store_number_stock(db, k->u->id, date_of(now).date.year, &stock, NULL) ||
	    store_quota_get(db, k->u->id, month_text(now, month), &q, NULL))
		return;
	stock = b.counts[ORDER_READY] - stock;
	if (!strncmp(why->code, "numbers.", 8))
		err_hint(why, "这一批还缺 %lld 个号码，先领购：kaipiao numbers claim %lld",
			 (long long)stock, (long long)stock);
	else if (strcmp(why->code, "quota.interval") != 0)
		hint_quota(&q, b.ready_quota - (q.unused - q.reserved), why);
}

static enum err note_state(void *arg, const struct batch_order *o)
{
	*(enum order_state *)arg = o->state;
	return ERR_OK;
}

/* The one that could not be issued, unless somebody has done something with it meanwhile. */
static enum err mark_failed(struct chunk *k, const struct err_info *why, struct err_info *e)
{
	enum order_state state = ORDER_FAILED;
	char *body = NULL;
	size_t n;
	enum err r =
	    store_batch_order(k->r->s->db, k->b->id, k->at, note_state, &state, &body, &n, e);

	free(body);
	return r || state != ORDER_READY ? r : order_failed(k, k->at, why, e);
}

/* The first one cannot be issued: is it the order, or all that come? */
static enum err refuse_first(struct chunk *k, struct err_info *why, struct batch_step *out,
			     struct err_info *e)
{
	struct err_info trouble = k->r->trouble;
	bool stock = !strncmp(why->code, "numbers.", 8) || !strncmp(why->code, "quota.", 6);
	struct db *db = k->r->s->db;
	enum err r;

	if (stock || k->stop || why->class != ERR_INVALID) {
		bool better = stock && k->r->troubled == k->b->id;

		if (stock)
			hint_stock(k, why);
		/* What was answered when it was fetched, and what that leaves. */
		if (better && !strncmp(why->code, "quota.", 6) &&
		    strcmp(why->code, "quota.interval") != 0)
			text_copy(trouble.hint, sizeof(trouble.hint), why->hint);
		return batch_pause_for(k->r, k->b->id, better ? &trouble : why, out, e);
	}
	if ((r = db_begin(db, e)))
		return r;
	if ((r = mark_failed(k, why, e)))
		db_rollback(db);
	else
		r = db_commit(db, e);
	return r;
}

enum err batch_issue_chunk(struct batch_runner *r, const struct order_batch *b,
			   const struct unit *u, size_t limit, struct batch_step *out,
			   struct err_info *e)
{
	struct chunk *k = mem_zalloc(sizeof(*k));
	struct err_info why = {0};
	enum err rc;

	k->r = r;
	k->b = b;
	k->u = u;
	rc = try_chunk(k, limit, &why);
	/* Those before the one that failed are issued without it. */
	if (rc == ERR_INVALID && k->done)
		rc = try_chunk(k, k->done, &why);
	out->turn = TURN_MORE;
	out->batch = b->id;
	out->issued = rc ? 0 : k->issued;
	if (rc)
		rc = refuse_first(k, &why, out, e);
	free(k);
	return rc;
}
