/* watch_invoices.c - what a person should look at: invoices, red letters, deliveries, batches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/engine.h"
#include "desk/watch_p.h"
#include "store/red.h"

enum { WATCH_LETTERS = 1000 };

/* ---- invoices ---- */

static enum err note_invoice(void *arg, const struct invoice_row *r)
{
	struct watch *w = arg;
	char *to = w->numbers[w->listed];

	if (!w->oldest || r->created_at < w->oldest)
		w->oldest = r->created_at;
	if (*r->number)
		text_copy(to, WATCH_NUMBER, r->number);
	else if (*r->order_no)
		text_copy(to, WATCH_NUMBER, r->order_no);
	else
		snprintf(to, WATCH_NUMBER, "#%lld", (long long)r->id);
	w->shown[w->listed++] = to;
	return ERR_OK;
}

enum err watch_unfinished(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT], age[32];
	struct watch_finding f = {.check = "unfinished",
				  .label = "在途较久",
				  .text = text,
				  .mend =
				      "运行 kaipiao sync --once；连不上税局时用 kaipiao doctor 查",
				  .class = ERR_UNKNOWN};
	enum err r = store_invoice_overdue(w->s->db, w->unit->id, clock_now() - w->limits->older_s,
					   WATCH_LISTED, note_invoice, w, &f.count, e);

	if (r || !f.count)
		return r;
	f.age_s = clock_now() - w->oldest;
	snprintf(text, sizeof(text), "%s%lld 张发票没有结果，最早的已 %s",
		 f.count == WATCH_MAX ? "至少 " : "", (long long)f.count, watch_age(f.age_s, age));
	return watch_tell(w, &f);
}

enum err watch_persons(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT];
	struct watch_finding f = {.check = "person",
				  .label = "需人工",
				  .text = text,
				  .mend =
				      "需要联系管理员介入处理：核对税局后 invoices retry、void 或 "
				      "settle",
				  .class = ERR_REFUSED};
	enum err r = store_invoice_persons(w->s->db, w->unit->id, WATCH_LISTED, note_invoice, w,
					   &f.count, e);

	if (r || !f.count)
		return r;
	f.age_s = clock_now() - w->oldest;
	snprintf(text, sizeof(text), "%s%lld 张发票需要人工处理",
		 f.count == WATCH_MAX ? "至少 " : "", (long long)f.count);
	return watch_tell(w, &f);
}

/* Until it is retried or voided, its order has no invoice. */
enum err watch_failures(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT];
	struct watch_finding f = {.check = "failed",
				  .label = "开票失败",
				  .text = text,
				  .mend = "用 kaipiao invoices list --state failed 看原因，"
					  "改正后 invoices retry，不开了 invoices void",
				  .class = ERR_REFUSED};
	enum err r = store_invoice_failures(w->s->db, w->unit->id, WATCH_LISTED, note_invoice, w,
					    &f.count, e);

	if (r || !f.count)
		return r;
	f.age_s = clock_now() - w->oldest;
	snprintf(text, sizeof(text), "%s%lld 张发票开具失败，没有重试也没有作废",
		 f.count == WATCH_MAX ? "至少 " : "", (long long)f.count);
	return watch_tell(w, &f);
}

/* ---- red letters ---- */

struct urgent {
	int64_t before, count, first;
	char numbers[WATCH_LISTED][WATCH_NUMBER]; /* of the last of them, round and round */
};

/* Those that are void first come last. */
static enum err note_letter(void *arg, const struct red_row *r)
{
	struct urgent *u = arg;

	if (!r->deadline || r->deadline > u->before)
		return ERR_OK;
	text_copy(u->numbers[u->count++ % WATCH_LISTED], WATCH_NUMBER, r->number);
	u->first = r->deadline;
	return ERR_OK;
}

static void list_letters(struct watch *w, const struct urgent *u)
{
	for (int64_t i = u->count; i-- > 0 && w->listed < WATCH_LISTED; w->listed++) {
		text_copy(w->numbers[w->listed], WATCH_NUMBER, u->numbers[i % WATCH_LISTED]);
		w->shown[w->listed] = w->numbers[w->listed];
	}
}

/* What is not confirmed or denied in time is void, and the other side begins anew. */
enum err watch_red(struct watch *w, struct err_info *e)
{
	enum red_situation waits = RED_FOR_US;
	struct red_filter q = {
	    .unit = w->unit->id, .situation = &waits, .last_page = true, .limit = WATCH_LETTERS};
	struct urgent u = {.before = clock_now() + w->limits->red_s};
	char text[WATCH_TEXT];
	struct watch_finding f = {.check = "red",
				  .label = "红字待确认",
				  .text = text,
				  .mend = "用 kaipiao red list --situation for-us 看，"
					  "red confirm 或 red deny",
				  .class = ERR_REFUSED};
	int64_t next, left;
	enum err r = store_red_page(w->s->db, &q, note_letter, &u, &next, e);

	if (r || !u.count)
		return r;
	list_letters(w, &u);
	left = u.first > clock_now() ? (u.first - clock_now()) / 60 : 0;
	f.count = u.count;
	f.age_s = clock_now() - (u.first - RED_WAIT_SECONDS);
	snprintf(text, sizeof(text),
		 "%s%lld 张红字确认单等我方确认，最急的还剩 %02d:%02d，到时作废",
		 f.count == WATCH_LETTERS ? "至少 " : "", (long long)f.count, (int)(left / 60),
		 (int)(left % 60));
	return watch_tell(w, &f);
}

static enum err note_refused(void *arg, const struct red_row *r)
{
	*(int64_t *)arg = r->created_at;
	return ERR_OK;
}

/* Each application that was refused, until it is retried or put away. */
enum err watch_red_failed(struct watch *w, struct err_info *e)
{
	static const enum red_situation FAILED = RED_FAILED;
	struct red_filter q = {
	    .unit = w->unit->id, .situation = &FAILED, .last_page = true, .limit = 1};
	int64_t tallies[RED_SITUATIONS], since = 0, next;
	char text[WATCH_TEXT];
	struct watch_finding f = {.check = "red-failed",
				  .label = "红字申请失败",
				  .text = text,
				  .mend = "用 kaipiao red list --situation failed 看原因，"
					  "改正后 red again，不办了 red drop",
				  .class = ERR_REFUSED};
	enum err r = store_red_tallies(w->s->db, w->unit->id, NULL, tallies, e);

	if (r || !(f.count = tallies[RED_FAILED]) ||
	    (r = store_red_page(w->s->db, &q, note_refused, &since, &next, e)))
		return r;
	f.age_s = since ? clock_now() - since : 0;
	snprintf(text, sizeof(text), "%lld 张红字确认单申请失败，没有重新提交也没有放弃",
		 (long long)f.count);
	return watch_tell(w, &f);
}

/* Those that nobody confirmed in time, or the other side ended: what they took back stands
 * again. */
enum err watch_red_lapsed(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT];
	struct red_lapsed n;
	struct watch_finding f = {.check = "red-lapsed",
				  .label = "红字确认单作废",
				  .text = text,
				  .mend = "用 kaipiao red list --situation void 看过就不再提示，"
					  "仍要冲红的重新申请",
				  .class = ERR_REFUSED};
	enum err r = store_red_lapsed(w->s->db, w->unit->id, &n, e);

	if (r || !(f.count = n.all))
		return r;
	if (n.all == n.expired)
		snprintf(text, sizeof(text),
			 "%lld 张红字确认单超过 72 小时没有确认，已作废，还没有人看过",
			 (long long)n.all);
	else
		snprintf(
		    text, sizeof(text),
		    "%lld 张红字确认单已作废（对方否认、撤销等 %lld 张，超过 72 小时 %lld 张），"
		    "还没有人看过",
		    (long long)n.all, (long long)(n.all - n.expired), (long long)n.expired);
	return watch_tell(w, &f);
}

/* ---- deliveries ---- */

enum err watch_post(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT];
	struct watch_finding f = {.text = text, .class = ERR_REFUSED};
	struct post_counts n;
	enum err r = store_post_counts(w->s->db, w->unit->id, &n, e);

	if (!r && n.push_stuck) {
		f.check = "push";
		f.label = "推送受阻";
		f.mend = "看 kaipiao push list --state waiting 的说明，请接收方查看";
		f.count = n.push_waiting;
		snprintf(text, sizeof(text), "接收方已 %lld 次没有收下，%lld 个开票结果在等",
			 (long long)n.push_stuck, (long long)n.push_waiting);
		r = watch_tell(w, &f);
	}
	if (!r && n.mail_stuck) {
		f.check = "mail";
		f.label = "邮件受阻";
		f.mend = "看 kaipiao mail list --state queued 的说明，核对邮件设置";
		f.count = n.mail_stuck;
		snprintf(text, sizeof(text), "%lld 封邮件试了多次没有送出，还会再试",
			 (long long)f.count);
		r = watch_tell(w, &f);
	}
	if (!r && n.push_person) {
		f.check = "push";
		f.label = "推送停住";
		f.mend = "看 kaipiao push list 的说明，处理后再推";
		f.count = n.push_person;
		snprintf(text, sizeof(text), "%lld 个开票结果推不出去", (long long)f.count);
		r = watch_tell(w, &f);
	}
	if (!r && n.mail_failed + n.mail_unknown) {
		f.check = "mail";
		f.label = "邮件没有送出";
		f.mend = "看 kaipiao mail list 的说明，处理后再发";
		f.count = n.mail_failed + n.mail_unknown;
		snprintf(text, sizeof(text), "%lld 封没有送出，%lld 封不知道送出没有",
			 (long long)n.mail_failed, (long long)n.mail_unknown);
		r = watch_tell(w, &f);
	}
	return r;
}

/* ---- batches ---- */

static enum err note_batch(void *arg, const struct order_batch *b)
{
	*(struct order_batch *)arg = *b;
	return ERR_OK;
}

/* The newest batch of the state; *count: how many there are. */
enum err watch_batches(struct watch *w, enum batch_state state, int64_t *count,
		       struct order_batch *newest, struct err_info *e)
{
	int64_t next;
	enum err r = store_orders_total(w->s->db, w->unit->id, &state, count, e);

	return r || !*count ? r
			    : store_orders_list(w->s->db, w->unit->id, &state, 0, 1, note_batch,
						newest, &next, e);
}

enum err watch_paused(struct watch *w, struct err_info *e)
{
	struct order_batch b = {.id = 0};
	char text[WATCH_TEXT];
	struct watch_finding f = {
	    .check = "batch", .label = "批量开票已暂停", .text = text, .class = ERR_REFUSED};
	enum err r = watch_batches(w, BATCH_PAUSED, &f.count, &b, e);

	if (r || !f.count)
		return r;
	f.age_s = clock_now() - b.updated_at;
	f.mend = *b.mend ? b.mend : "处理后用 kaipiao batch resume 继续";
	snprintf(text, sizeof(text), "%lld 个批次停着，第 %lld 批还有 %lld 张没有开%s%.200s",
		 (long long)f.count, (long long)b.id, (long long)b.counts[ORDER_READY],
		 *b.reason ? "：" : "", b.reason);
	text[text_whole(text, strlen(text))] = 0;
	return watch_tell(w, &f);
}
