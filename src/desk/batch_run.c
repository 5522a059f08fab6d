/* batch_run.c - the runner: ready orders become invoices, some at a time.
 *
 * Numbers, quota, invoices, uploads, orders and counts of a chunk are one transaction.  When one
 * order cannot have its number or quota, those before it are issued without it; when it is the
 * first, the batch is paused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/auto.h"
#include "desk/batch_p.h"
#include "desk/engine.h"
#include "desk/numbers.h"
#include "tax/invoice_json.h"
#include "tax/share.h"

enum { RUNNING_MAX = 64, BODY_MAX = 64 << 20, WHY_MAX = 1000 };

struct batch_runner {
	int lock;
	struct session *s;
	/* What the batch waits for: jobs that fetch what it lacks. */
	int64_t waiting; /* 0: none */
	struct desk_wait jobs;
	/* What could not be fetched: the better reason, should it be missed. */
	int64_t troubled;
	struct err_info trouble;
};

/* ---- opening ---- */

static enum err open_home(struct batch_runner *r, const char *home, struct err_info *e)
{
	char path[HOME_PATH];
	enum err rc = home_path(home, HOME_BATCH_LOCK, path, e);

	if (rc)
		return rc;
	if ((rc = file_lock(path, &r->lock, e)) == ERR_BUSY)
		return err_fail(e, ERR_BUSY, "batch.runner", "批量开票", "另一个进程正在开票");
	if (rc || (rc = home_path(home, HOME_DB, path, e)))
		return rc;
	r->s = mem_zalloc(sizeof(*r->s));
	text_copy(r->s->home, sizeof(r->s->home), home);
	r->s->passing = true;
	return db_open(path, DB_WRITE, &r->s->db, e);
}

enum err desk_runner_open(const char *home, struct batch_runner **out, struct err_info *e)
{
	struct batch_runner *r = mem_zalloc(sizeof(*r));
	enum err rc;

	r->lock = -1;
	if ((rc = open_home(r, home, e))) {
		desk_runner_close(&r);
		return rc;
	}
	*out = r;
	return ERR_OK;
}

void desk_runner_close(struct batch_runner **runner)
{
	struct batch_runner *r = *runner;

	if (!r)
		return;
	desk_wait_free(&r->jobs);
	desk_close(&r->s);
	file_unlock(&r->lock);
	free(r);
	*runner = NULL;
}

enum err desk_runner_wanted(struct db *db, bool *out, struct err_info *e)
{
	int64_t id;
	size_t n = 0;
	enum err r = store_orders_running(db, &id, 1, &n, e);

	*out = n > 0;
	return r;
}

/* ---- pausing ---- */

static enum err set_state(struct batch_runner *r, int64_t batch, enum batch_state to,
			  const char *reason, const char *mend, struct err_info *e)
{
	struct db *db = r->s->db;
	enum err rc = db_begin(db, e);

	if (rc)
		return rc;
	if ((rc = store_orders_set(db, batch, 1u << BATCH_RUNNING, to, 0, reason, mend, e))) {
		db_rollback(db);
		/* A person was quicker. */
		return rc == ERR_INVALID ? ERR_OK : rc;
	}
	return db_commit(db, e);
}

/* What the owner has to mend; faults of the house are none of it. */
static enum err pause_for(struct batch_runner *r, int64_t batch, const struct err_info *why,
			  struct batch_step *out, struct err_info *e)
{
	char reason[BATCH_WHY];

	if (why->class != ERR_INVALID && why->class != ERR_DENIED && why->class != ERR_REFUSED) {
		if (e)
			*e = *why;
		return why->class;
	}
	snprintf(reason, sizeof(reason), "%s：%s", why->what, why->why);
	out->turn = TURN_MORE;
	out->batch = batch;
	out->paused = true;
	if (r->troubled == batch)
		r->troubled = 0;
	return set_state(r, batch, BATCH_PAUSED, reason, why->hint, e);
}

/* ---- whose turn, as whom ---- */

/* The session becomes that of the batch's owner in its unit. */
static enum err become_owner(struct batch_runner *r, const struct order_batch *b, struct unit *unit,
			     struct err_info *e)
{
	struct session *s = r->s;
	struct unit u;
	enum err rc;

	if ((rc = store_user_get(s->db, b->owner, &s->user, e)) ||
	    (rc = desk_allow(s, DESK_ISSUE, e)) || (rc = store_unit_get(s->db, b->unit_id, &u, e)))
		return rc;
	snprintf(s->unit_choice, sizeof(s->unit_choice), "%s@%s", u.tax_no, unit_env_word(u.env));
	unit_free(&u);
	return desk_unit_issues(s, unit, NULL, e);
}

/* How many fit: so few are on their way that a pause means something. */
static int64_t room_of(const struct order_batch *b)
{
	int64_t ready = b->counts[ORDER_READY], left = BATCH_FLIGHT - b->counts[ORDER_TAKEN];
	int64_t want = ready < BATCH_CHUNK ? ready : BATCH_CHUNK;

	return left >= want ? want : 0;
}

/* ---- what is fetched first ---- */

/* Have the jobs ended?  One that failed is the reason, should what it was to bring be missed. */
static enum err look_at_jobs(struct batch_runner *r, struct db *db, bool *ended, struct err_info *e)
{
	size_t i;

	*ended = true;
	for (i = 0; i < r->jobs.job_count; i++) {
		struct job j;
		enum err rc = store_job_get(db, r->jobs.jobs[i], &j, e);

		if (rc)
			return rc;
		if (j.state == JOB_READY || j.state == JOB_RUNNING) {
			*ended = false;
		} else if (j.state == JOB_FAILED) {
			r->troubled = r->waiting;
			err_fail(&r->trouble, ERR_INVALID, j.error_code, desk_job_label(j.kind),
				 "%s", j.error_text);
			err_hint(&r->trouble, "%s", j.error_hint);
		}
		job_free(&j);
	}
	return ERR_OK;
}

static enum err tell_waiting(struct batch_runner *r, int64_t batch, struct err_info *e)
{
	char reason[BATCH_WHY] = "";
	size_t i;

	for (i = 0; i < r->jobs.job_count; i++) {
		size_t n = strlen(reason);
		struct job j;

		if (store_job_get(r->s->db, r->jobs.jobs[i], &j, NULL))
			continue;
		if (!strstr(reason, desk_job_label(j.kind)))
			snprintf(reason + n, sizeof(reason) - n, "%s%s", n ? "、" : "等待",
				 desk_job_label(j.kind));
		job_free(&j);
	}
	return set_state(r, batch, BATCH_RUNNING, reason, "", e);
}

/* Puts the jobs that fetch what is absent, stale or short; *wait: there are some. */
static enum err prepare(struct batch_runner *r, const struct order_batch *b, const struct unit *u,
			bool *wait, struct err_info *e)
{
	const struct invoice_set none = {.n = 0};
	int64_t count = b->counts[ORDER_READY];
	struct issue_context *c = NULL;
	enum err rc;

	*wait = false;
	if (r->troubled == b->id)
		return ERR_OK;
	desk_wait_free(&r->jobs);
	if (!(rc = issue_context_load(r->s, u, false, &c, e)) &&
	    !(rc = issue_add_refreshes(r->s, u, &none, c, &r->jobs, e)))
		rc = desk_auto_issue(r->s, u, count < SHARE_CLAIM_PIECE ? count : SHARE_CLAIM_PIECE,
				     &r->jobs, e);
	issue_context_free(&c);
	if (rc || !r->jobs.job_count)
		return rc;
	*wait = true;
	r->waiting = b->id;
	return tell_waiting(r, b->id, e);
}

/* ---- a chunk ---- */

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
		return pause_for(k->r, k->b->id, better ? &trouble : why, out, e);
	}
	if ((r = db_begin(db, e)))
		return r;
	if ((r = mark_failed(k, why, e)))
		db_rollback(db);
	else
		r = db_commit(db, e);
	return r;
}

static enum err issue_chunk(struct batch_runner *r, const struct order_batch *b,
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

/* ---- a step ---- */

/* A batch whose time it is; *out says TURN_WAIT when it has to wait. */
static enum err serve(struct batch_runner *r, const struct order_batch *b, struct batch_step *out,
		      struct err_info *e)
{
	int64_t room = room_of(b);
	struct err_info why = {0};
	struct unit u;
	bool wait = false;
	enum err rc;

	out->turn = TURN_WAIT;
	if (!b->counts[ORDER_READY] && !b->counts[ORDER_TAKEN]) {
		out->turn = TURN_MORE;
		return set_state(r, b->id, BATCH_DONE, "", "", e);
	}
	if (!room)
		return ERR_OK;
	if (r->waiting == b->id) {
		if ((rc = look_at_jobs(r, r->s->db, &wait, e)) || !wait)
			return rc;
		r->waiting = 0;
		if ((rc = set_state(r, b->id, BATCH_RUNNING, "", "", e)))
			return rc;
	}
	if ((rc = become_owner(r, b, &u, &why)))
		return pause_for(r, b->id, &why, out, e);
	if ((rc = prepare(r, b, &u, &wait, &why)))
		rc = pause_for(r, b->id, &why, out, e);
	else if (!wait)
		rc = issue_chunk(r, b, &u, (size_t)room, out, e);
	unit_free(&u);
	return rc;
}

/* One that was paused begins anew: what it lacked may be fetched by now. */
static void forget_rested(struct batch_runner *r, const int64_t *ids, size_t n)
{
	bool waits = false, troubled = false;
	size_t i;

	for (i = 0; i < n; i++) {
		waits |= ids[i] == r->waiting;
		troubled |= ids[i] == r->troubled;
	}
	if (!waits)
		r->waiting = 0;
	if (!troubled)
		r->troubled = 0;
}

enum err desk_runner_step(struct batch_runner *r, struct batch_step *out, struct err_info *e)
{
	int64_t ids[RUNNING_MAX];
	size_t n, i;
	enum err rc = store_orders_running(r->s->db, ids, RUNNING_MAX, &n, e);

	*out = (struct batch_step) {.turn = TURN_IDLE};
	if (!rc)
		forget_rested(r, ids, n);
	for (i = 0; i < n && !rc && out->turn != TURN_MORE; i++) {
		struct order_batch b;

		if (!(rc = store_orders_get(r->s->db, 0, ids[i], &b, e)))
			rc = serve(r, &b, out, e);
	}
	if (rc)
		db_rollback(r->s->db);
	return rc;
}

enum err desk_runner_moved(void *arg, struct db *db, bool *done, struct err_info *e)
{
	struct batch_runner *r = arg;
	int64_t ids[RUNNING_MAX];
	size_t n, i;
	enum err rc = store_orders_running(db, ids, RUNNING_MAX, &n, e);

	*done = !rc && !n;
	for (i = 0; i < n && !rc && !*done; i++) {
		struct order_batch b;
		bool ended = true;

		if ((rc = store_orders_get(db, 0, ids[i], &b, e)) || !room_of(&b))
			continue;
		if (r->waiting == ids[i])
			rc = look_at_jobs(r, db, &ended, e);
		*done = ended;
	}
	return rc;
}
