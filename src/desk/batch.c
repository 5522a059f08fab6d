/* batch.c - batches as a person sees and handles them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"
#include "desk/invoices.h"
#include "desk/numbers_p.h"
#include "desk/quota_p.h"
#include "tax/invoice_json.h"

#define STATE(s) (1u << (s))

enum { BODY_MAX = 64 << 20, SKIP_TOLD = 5 };

/* ---- looking ---- */

enum err desk_batch_list(struct session *s, const struct batch_query *q, order_batch_each f,
			 void *arg, int64_t *next, int64_t *total, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r || (r = store_orders_total(s->db, unit, q->state, total, e)))
		return r;
	return store_orders_list(s->db, unit, q->state, q->cursor, q->limit, f, arg, next, e);
}

enum err desk_batch_get(struct session *s, int64_t batch, struct order_batch *out,
			struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_orders_get(s->db, unit, batch, out, e);
}

void desk_batch_person(struct session *s, int64_t user, char *out, size_t size)
{
	struct app_user u;

	*out = 0;
	if (!store_user_get(s->db, user, &u, NULL))
		text_copy(out, size, text_empty(u.display_name) ? u.name : u.display_name);
}

enum err desk_batch_orders(struct session *s, const struct batch_order_query *q, batch_order_each f,
			   void *arg, int64_t *next, int64_t *total, bool *at_least,
			   struct err_info *e)
{
	struct order_batch b;
	enum err r = desk_batch_get(s, q->batch, &b, e);

	*at_least = false;
	if (r)
		return r;
	if (text_empty(q->text)) {
		*total = q->state ? b.counts[*q->state] : b.orders;
	} else {
		if ((r = store_batch_orders_count(s->db, q, DESK_COUNT_CAP, total, e)))
			return r;
		*at_least = *total == DESK_COUNT_CAP;
	}
	return store_batch_orders(s->db, q, f, arg, next, e);
}

static enum err note_order(void *arg, const struct batch_order *o)
{
	struct batch_order *out = arg;

	*out = *o;
	return ERR_OK;
}

static enum err parse_body(const char *body, size_t n, struct invoice *out, bool *beyond,
			   struct err_info *e)
{
	cJSON *tree = NULL;
	enum err r = json_parse(body, n, BODY_MAX, &tree, e);

	*beyond = !r && cJSON_HasObjectItem(tree, STAGE_BEYOND);
	if (*beyond)
		cJSON_DeleteItemFromObject(tree, STAGE_BEYOND);
	if (!r && (r = invoice_from_json(tree, "", out, e)))
		invoice_free(out);
	json_free(&tree);
	return r;
}

static enum err load(struct session *s, int64_t batch, int64_t seq, struct invoice *out,
		     bool *beyond, struct err_info *e)
{
	struct invoice_record record;
	struct order_batch b;
	struct batch_order o;
	char *body;
	size_t n;
	enum err r;

	*beyond = false;
	if ((r = desk_batch_get(s, batch, &b, e)) ||
	    (r = store_batch_order(s->db, batch, seq, note_order, &o, &body, &n, e)))
		return r;
	if (body)
		r = parse_body(body, n, out, beyond, e);
	else if (o.invoice_id && !(r = desk_invoice_by_id(s, o.invoice_id, &record, e))) {
		invoice_copy(out, &record.invoice);
		invoice_record_free(&record);
	} else if (!r)
		r = err_fail(e, ERR_INVALID, "batch.order", "批量开票", "第 %lld 张没有内容",
			     (long long)seq);
	free(body);
	return r;
}

enum err desk_batch_order_load(struct session *s, int64_t batch, int64_t seq, struct invoice *out,
			       struct err_info *e)
{
	bool beyond;

	return load(s, batch, seq, out, &beyond, e);
}

static enum err merged_already(int64_t seq, int64_t into, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "batch.merged", "批量开票", "第 %lld 张已并入第 %lld 张",
		 (long long)seq, (long long)into);
	err_hint(e, "请看第 %lld 张；不要合并时取消这个批次，重新导入", (long long)into);
	return ERR_INVALID;
}

enum err desk_batch_order_edit(struct session *s, int64_t batch, int64_t seq, struct invoice *out,
			       struct err_info *e)
{
	int64_t into = 0;
	bool beyond;
	enum err r = store_orders_merged(s->db, batch, seq, &into, e);

	if (r || into)
		return r ? r : merged_already(seq, into, e);
	if ((r = load(s, batch, seq, out, &beyond, e)) || !beyond)
		return r;
	invoice_free(out);
	err_fail(e, ERR_INVALID, "batch.beyond", "批量开票",
		 "这一张填了本程序不支持的内容，在这里编辑会丢掉它");
	err_hint(e, "请到电子税务局开具；真的不要时在失败文件里清空那一格后重新导入");
	return ERR_INVALID;
}

/* ---- the plan ---- */

static void block(struct batch_plan *p, const struct err_info *why)
{
	if (*p->blocked)
		return;
	snprintf(p->blocked, sizeof(p->blocked), "%s：%s", why->what, why->why);
	text_copy(p->mend, sizeof(p->mend), why->hint);
	text_copy(p->code, sizeof(p->code), why->code);
}

static enum err check_state(const struct order_batch *b, struct err_info *e)
{
	enum err r = ERR_OK;

	/* Closed when it was read. */
	if (b->state == BATCH_DONE && !b->started_at)
		r = err_fail(e, ERR_INVALID, "batch.empty", "批量开票", "没有可以开的发票");
	else if (b->state != BATCH_CHECKED && b->state != BATCH_PAUSED)
		r = err_fail(e, ERR_INVALID, "batch.state", "批量开票", "批次 %lld 的状态是%s",
			     (long long)b->id, batch_state_label(b->state));
	else if (b->strict && b->counts[ORDER_BAD])
		r = err_fail(e, ERR_INVALID, "batch.strict", "批量开票",
			     "有 %lld 张有问题，这个批次要求全部没有问题才开",
			     (long long)b->counts[ORDER_BAD]);
	else if (!b->counts[ORDER_READY] && !b->counts[ORDER_TAKEN])
		r = err_fail(e, ERR_INVALID, "batch.empty", "批量开票", "没有可以开的发票");
	if (r && strcmp(e ? e->code : "", "batch.state") != 0)
		err_hint(e, "用 kaipiao batch show %lld --bad 查看，改好后重新导入",
			 (long long)b->id);
	return r;
}

/* Fresh data that says no; data that is absent or old is fetched first. */
static enum err check_seller(struct session *s, const struct unit *u, struct err_info *e)
{
	struct taxpayer t;
	bool found;
	int64_t now = clock_now();
	enum err r = store_taxpayer_get(s->db, u->id, &t, &found, e);

	if (r || !found || !taxpayer_fresh(t.basic_at, now) || !taxpayer_fresh(t.risk_at, now))
		return r;
	return taxpayer_may_issue(&t, now, e);
}

/* ERR_INVALID when a word is missing; *word says which. */
static enum err check_words(struct session *s, const struct order_batch *b, unsigned words,
			    unsigned *word, struct err_info *e)
{
	char month[MONTH_TEXT];
	bool nameless = false;
	int64_t other = 0;
	enum err r;

	*word = 0;
	if (b->doubtful && !(words & WORD_RESTORED)) {
		*word = WORD_RESTORED;
		err_fail(e, ERR_INVALID, "batch.restored", "批量开票",
			 "主目录是从备份恢复的，批次 %lld 在备份以后可能已经开过，再开就成了两张",
			 (long long)b->id);
		err_hint(e,
			 "请先与税局对账：kaipiao reconcile %s；确认没有开过，再用 kaipiao batch"
			 " start %lld --after-restore",
			 month_text(clock_now(), month), (long long)b->id);
		return ERR_INVALID;
	}
	/* Once begun, it is what the person wants. */
	if (b->started_at || words & WORD_AGAIN)
		return ERR_OK;
	if ((r = store_orders_before(s->db, b, &other, e)) || !other ||
	    (r = store_orders_nameless(s->db, b->id, &nameless, e)) || !nameless)
		return r;
	*word = WORD_AGAIN;
	err_fail(e, ERR_INVALID, "batch.again", "批量开票",
		 "批次 %lld 开过同样的文件，没有流水号的发票分不出是否已开", (long long)other);
	err_hint(
	    e, "用 kaipiao batch show %lld 核对；确实要再开一遍用 kaipiao batch start %lld --again",
	    (long long)other, (long long)b->id);
	return ERR_INVALID;
}

/* All the words that are missing; the sentence is about the first. */
static enum err look_for_words(struct session *s, const struct order_batch *b, struct batch_plan *p,
			       struct err_info *e)
{
	struct err_info why = {0};
	unsigned word;
	enum err r;

	if (*p->blocked)
		return ERR_OK;
	while ((r = check_words(s, b, p->asks, &word, &why)) == ERR_INVALID) {
		block(p, &why);
		p->asks |= word;
	}
	if (r && e)
		*e = why;
	return r;
}

static enum err look_for_blocks(struct session *s, const struct order_batch *b,
				const struct unit *u, struct batch_plan *p, struct err_info *e)
{
	struct err_info why = {0};
	struct unit ready;
	enum err r;

	if (desk_allow(s, DESK_ISSUE, &why) || check_state(b, &why))
		block(p, &why);
	if ((r = desk_unit_issues(s, &ready, NULL, &why)))
		block(p, &why);
	else
		unit_free(&ready);
	r = check_seller(s, u, &why);
	if (r == ERR_INVALID)
		block(p, &why);
	else if (r && e)
		*e = why;
	return r && r != ERR_INVALID ? r : look_for_words(s, b, p, e);
}

static enum err look_for_stock(struct session *s, const struct unit *u, struct batch_plan *p,
			       struct err_info *e)
{
	char month[MONTH_TEXT];
	struct numbers_auto numbers;
	struct quota_auto quota;
	struct quota_month q;
	enum err r;

	month_text(clock_now(), month);
	if ((r = store_number_stock(s->db, u->id, date_of(clock_now()).date.year, &p->numbers_there,
				    e)) ||
	    (r = store_quota_get(s->db, u->id, month, &q, e)) ||
	    (r = numbers_read_auto(s, u, &numbers, e)) || (r = quota_read_auto(s, u, &quota, e)))
		return r;
	p->numbers_auto = numbers.on;
	p->quota_auto = quota.on;
	p->quota_there = q.has_remote && q.remote_total >= QUOTA_ON_DEMAND ? QUOTA_ON_DEMAND
									   : q.unused - q.reserved;
	p->quota_more = q.has_remote ? q.remote_available : -1;
	return ERR_OK;
}

/* Adds what is short to the sentence. */
static void lack(struct batch_plan *p, const char *text, const char *mend)
{
	size_t n = strlen(p->lack), m = strlen(p->lack_mend);

	snprintf(p->lack + n, sizeof(p->lack) - n, "%s%s", n ? "；" : "", text);
	if (*mend)
		snprintf(p->lack_mend + m, sizeof(p->lack_mend) - m, "%s%s", m ? "；" : "", mend);
}

/* What is short is fetched by itself, has to be fetched, or is more than the tax side has. */
static void lack_quota(struct batch_plan *p, int64_t quota)
{
	char text[BATCH_HINT / 2], mend[BATCH_HINT / 2] = "", fen[FEN_TEXT + 8], more[FEN_TEXT + 8];

	fen_format_grouped(quota, fen);
	if (p->quota_more >= 0 && quota > p->quota_more) {
		snprintf(text, sizeof(text),
			 "额度还缺 %s 元，税局本月只能再下载 %s 元，开到不够就暂停", fen,
			 fen_format_grouped(p->quota_more, more));
		snprintf(mend, sizeof(mend), "请先在电子税务局调整额度，再执行 kaipiao quota sync");
	} else {
		snprintf(text, sizeof(text), "额度还缺 %s 元，%s", fen,
			 p->quota_auto ? "开票时自动下载，下载不到就暂停" : "开到不够就暂停");
		if (!p->quota_auto)
			snprintf(mend, sizeof(mend), "先下载额度：kaipiao quota download %s",
				 fen_format(quota, fen));
	}
	lack(p, text, mend);
}

static void look_for_lacks(struct batch_plan *p)
{
	int64_t numbers = p->numbers_needed - p->numbers_there;
	int64_t quota = p->quota_needed - p->quota_there;
	char text[BATCH_HINT / 2], mend[BATCH_HINT / 2] = "";

	if (numbers > 0) {
		snprintf(text, sizeof(text), "号码还缺 %lld 个，%s", (long long)numbers,
			 p->numbers_auto ? "开票时自动领购，领不到就暂停" : "开到不够就暂停");
		if (!p->numbers_auto)
			snprintf(mend, sizeof(mend), "先领购：kaipiao numbers claim %lld",
				 (long long)numbers);
		lack(p, text, mend);
	}
	if (p->quota_there < QUOTA_ON_DEMAND && quota > 0)
		lack_quota(p, quota);
}

enum err desk_batch_plan(struct session *s, int64_t batch, struct batch_plan *out,
			 struct err_info *e)
{
	struct order_batch b;
	struct unit u;
	enum err r = desk_batch_get(s, batch, &b, e);

	if (r || (r = desk_unit(s, &u, e)))
		return r;
	*out = (struct batch_plan) {.orders = b.counts[ORDER_READY],
				    .lines = b.ready_lines,
				    .net = b.ready_net,
				    .tax = b.ready_tax,
				    .gross = b.ready_gross,
				    .quota_needed = b.ready_quota,
				    .numbers_needed = b.counts[ORDER_READY]};
	if (!(r = look_for_stock(s, &u, out, e))) {
		look_for_lacks(out);
		r = look_for_blocks(s, &b, &u, out, e);
	}
	unit_free(&u);
	return r;
}

/* ---- doing ---- */

/* One change of a batch of the unit in its own transaction. */
typedef enum err (*change_fn)(struct session *s, const struct order_batch *b, void *arg,
			      struct err_info *e);

static enum err change(struct session *s, int64_t batch, const char *action, change_fn f, void *arg,
		       struct err_info *e)
{
	struct order_batch b;
	int64_t unit;
	char no[32];
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	if (r || (r = db_begin(s->db, e)))
		return r;
	snprintf(no, sizeof(no), "%lld", (long long)batch);
	if ((r = store_orders_get(s->db, unit, batch, &b, e)) || (r = f(s, &b, arg, e)) ||
	    (r = desk_audit(s, unit, action, no, batch_state_word(b.state), "", e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static enum err start(struct session *s, const struct order_batch *b, void *arg, struct err_info *e)
{
	enum err r = check_state(b, e);
	unsigned word;

	if (r || (r = check_words(s, b, *(const unsigned *)arg, &word, e)) ||
	    (r = store_orders_vouch(s->db, b->id, e)))
		return r;
	return store_orders_set(s->db, b->id, STATE(b->state), BATCH_RUNNING, s->user.id, "", "",
				e);
}

static enum err set_strict(struct session *s, const struct order_batch *b, void *arg,
			   struct err_info *e)
{
	return store_orders_set_strict(s->db, b->id, *(const bool *)arg, e);
}

enum err desk_batch_set_strict(struct session *s, int64_t batch, bool strict, struct err_info *e)
{
	return change(s, batch, strict ? "batch.strict" : "batch.lenient", set_strict, &strict, e);
}

static enum err pause_it(struct session *s, const struct order_batch *b, void *arg,
			 struct err_info *e)
{
	char reason[BATCH_WHY];

	(void)arg;
	snprintf(reason, sizeof(reason), "%s 要求暂停",
		 text_empty(s->user.display_name) ? s->user.name : s->user.display_name);
	return store_orders_set(s->db, b->id, STATE(BATCH_RUNNING), BATCH_PAUSED, 0, reason,
				"继续时请用 kaipiao batch resume", e);
}

static enum err cancel(struct session *s, const struct order_batch *b, void *arg,
		       struct err_info *e)
{
	enum err r = store_orders_set(
	    s->db, b->id, STATE(BATCH_CHECKED) | STATE(BATCH_RUNNING) | STATE(BATCH_PAUSED),
	    BATCH_CANCELLED, 0, "", "", e);

	(void)arg;
	return r ? r : store_orders_skip_rest(s->db, b->id, "批次已取消", e);
}

enum err desk_batch_start(struct session *s, int64_t batch, unsigned words, struct err_info *e)
{
	return change(s, batch, words ? "batch.insist" : "batch.start", start, &words, e);
}

enum err desk_batch_pause(struct session *s, int64_t batch, struct err_info *e)
{
	return change(s, batch, "batch.pause", pause_it, NULL, e);
}

enum err desk_batch_cancel(struct session *s, int64_t batch, struct err_info *e)
{
	return change(s, batch, "batch.cancel", cancel, NULL, e);
}

struct skipping {
	const int64_t *seqs;
	size_t n;
	bool skip;
	struct batch_skipped *out;
};

static enum err skip_one(struct session *s, const struct order_batch *b, int64_t seq,
			 const struct skipping *k, struct err_info *e)
{
	bool skip = k->skip;
	enum order_state from = skip ? ORDER_READY : ORDER_SKIPPED;
	struct batch_order o;
	int64_t into = 0;
	char *body;
	size_t n, used = strlen(k->out->why);
	enum err r = store_orders_merged(s->db, b->id, seq, &into, e);

	if (r || (r = store_batch_order(s->db, b->id, seq, note_order, &o, &body, &n, e)))
		return r;
	/* What has been issued, voided or merged is no more this one's to take in. */
	if (o.state != from || o.invoice_id || into || !body) {
		if (k->out->refused++ < SKIP_TOLD)
			snprintf(k->out->why + used, sizeof(k->out->why) - used, "%s第 %lld 张%s",
				 used ? "、" : "", (long long)seq,
				 into ? "已并入别的一张" : order_state_label(o.state));
		free(body);
		return ERR_OK;
	}
	k->out->done++;
	r = store_batch_order_set(s->db, b->id, seq, skip ? ORDER_SKIPPED : ORDER_READY, 0,
				  skip ? "没有选中，不开" : "", e);
	free(body);
	return r;
}

static enum err skip_all(struct session *s, const struct order_batch *b, void *arg,
			 struct err_info *e)
{
	const struct skipping *k = arg;
	size_t i;
	enum err r = ERR_OK;

	if (b->state == BATCH_DONE || b->state == BATCH_CANCELLED)
		return check_state(b, e);
	for (i = 0; i < k->n && !r; i++)
		r = skip_one(s, b, k->seqs[i], k, e);
	if (r || k->out->done || !k->n)
		return r;
	err_fail(e, ERR_INVALID, "batch.order", "批量开票", "%s", k->out->why);
	err_hint(e, k->skip ? "只有待开的可以不开；有问题的本来就不开" : "只有不开的可以恢复");
	return ERR_INVALID;
}

enum err desk_batch_skip(struct session *s, int64_t batch, const int64_t *seqs, size_t n, bool skip,
			 struct batch_skipped *out, struct err_info *e)
{
	struct skipping k = {seqs, n, skip, out};

	*out = (struct batch_skipped) {0};
	return change(s, batch, skip ? "batch.skip" : "batch.unskip", skip_all, &k, e);
}
