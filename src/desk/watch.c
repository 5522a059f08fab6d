/* watch.c - what a person should look at. */
#include "desk/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/engine.h"
#include "desk/numbers_p.h"
#include "desk/quota_p.h"
#include "desk/summary.h"
#include "desk/unit_p.h"
#include "store/batch.h"
#include "store/red.h"
#include "store/summary.h"

enum { TEXT = 400, NUMBER_MAX = 72, STOCK_PART = 5, LOW_PART = 10, IDLE_S = 120, STALLED_S = 600 };
enum { WATCH_LETTERS = 1000, TOLD_S = 86400 };

struct watch {
	struct session *s;
	const struct watch_limits *limits;
	watch_each f;
	void *arg;
	enum err *worst;
	const struct unit *unit; /* NULL: the home */
	char numbers[WATCH_LISTED][NUMBER_MAX];
	const char *shown[WATCH_LISTED];
	size_t listed;
	int64_t oldest;
};

static enum err tell(struct watch *w, struct watch_finding *f)
{
	const struct unit *u = w->unit;

	f->unit_name = u ? u->name : "";
	f->unit_tax_no = u ? u->tax_no : "";
	f->env = u ? unit_env_label(u->env) : "";
	f->numbers = w->shown;
	f->number_count = w->listed;
	*w->worst = desk_worse(*w->worst, f->class);
	return w->f(w->arg, f);
}

static const char *age_text(int64_t seconds, char out[32])
{
	if (seconds < 3600)
		snprintf(out, 32, "%lld 分钟", (long long)(seconds / 60));
	else if (seconds < 2 * 86400)
		snprintf(out, 32, "%lld 小时", (long long)(seconds / 3600));
	else
		snprintf(out, 32, "%lld 天", (long long)(seconds / 86400));
	return out;
}

/* ---- invoices ---- */

static enum err note_invoice(void *arg, const struct invoice_row *r)
{
	struct watch *w = arg;
	char *to = w->numbers[w->listed];

	if (!w->oldest || r->created_at < w->oldest)
		w->oldest = r->created_at;
	if (*r->number)
		text_copy(to, NUMBER_MAX, r->number);
	else if (*r->order_no)
		text_copy(to, NUMBER_MAX, r->order_no);
	else
		snprintf(to, NUMBER_MAX, "#%lld", (long long)r->id);
	w->shown[w->listed++] = to;
	return ERR_OK;
}

static enum err watch_unfinished(struct watch *w, struct err_info *e)
{
	char text[TEXT], age[32];
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
		 f.count == WATCH_MAX ? "至少 " : "", (long long)f.count, age_text(f.age_s, age));
	return tell(w, &f);
}

static enum err watch_persons(struct watch *w, struct err_info *e)
{
	char text[TEXT];
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
	return tell(w, &f);
}

/* Until it is retried or voided, its order has no invoice. */
static enum err watch_failures(struct watch *w, struct err_info *e)
{
	char text[TEXT];
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
	return tell(w, &f);
}

/* ---- red letters ---- */

struct urgent {
	int64_t before, count, first;
	char numbers[WATCH_LISTED][NUMBER_MAX]; /* of the last of them, round and round */
};

/* Those that are void first come last. */
static enum err note_letter(void *arg, const struct red_row *r)
{
	struct urgent *u = arg;

	if (!r->deadline || r->deadline > u->before)
		return ERR_OK;
	text_copy(u->numbers[u->count++ % WATCH_LISTED], NUMBER_MAX, r->number);
	u->first = r->deadline;
	return ERR_OK;
}

static void list_letters(struct watch *w, const struct urgent *u)
{
	for (int64_t i = u->count; i-- > 0 && w->listed < WATCH_LISTED; w->listed++) {
		text_copy(w->numbers[w->listed], NUMBER_MAX, u->numbers[i % WATCH_LISTED]);
		w->shown[w->listed] = w->numbers[w->listed];
	}
}

/* What is not confirmed or denied in time is void, and the other side begins anew. */
static enum err watch_red(struct watch *w, struct err_info *e)
{
	enum red_situation waits = RED_FOR_US;
	struct red_filter q = {
	    .unit = w->unit->id, .situation = &waits, .last_page = true, .limit = WATCH_LETTERS};
	struct urgent u = {.before = clock_now() + w->limits->red_s};
	char text[TEXT];
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
	return tell(w, &f);
}

static enum err note_refused(void *arg, const struct red_row *r)
{
	*(int64_t *)arg = r->created_at;
	return ERR_OK;
}

/* Each application that was refused, until it is retried or put away. */
static enum err watch_red_failed(struct watch *w, struct err_info *e)
{
	static const enum red_situation FAILED = RED_FAILED;
	struct red_filter q = {
	    .unit = w->unit->id, .situation = &FAILED, .last_page = true, .limit = 1};
	int64_t tallies[RED_SITUATIONS], since = 0, next;
	char text[TEXT];
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
	return tell(w, &f);
}

/* Those that nobody confirmed in time: what they took back stands again. */
static enum err watch_red_lapsed(struct watch *w, struct err_info *e)
{
	char text[TEXT];
	struct watch_finding f = {.check = "red-lapsed",
				  .label = "红字确认单过期",
				  .text = text,
				  .mend = "用 kaipiao red list --situation void 看过就不再提示，"
					  "仍要冲红的重新申请",
				  .class = ERR_REFUSED};
	enum err r = store_red_lapsed(w->s->db, w->unit->id, &f.count, e);

	if (r || !f.count)
		return r;
	snprintf(text, sizeof(text), "%lld 张红字确认单超过 72 小时没有确认，已作废，还没有人看过",
		 (long long)f.count);
	return tell(w, &f);
}

/* ---- deliveries ---- */

static enum err watch_post(struct watch *w, struct err_info *e)
{
	char text[TEXT];
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
		r = tell(w, &f);
	}
	if (!r && n.mail_stuck) {
		f.check = "mail";
		f.label = "邮件受阻";
		f.mend = "看 kaipiao mail list --state queued 的说明，核对邮件设置";
		f.count = n.mail_stuck;
		snprintf(text, sizeof(text), "%lld 封邮件试了多次没有送出，还会再试",
			 (long long)f.count);
		r = tell(w, &f);
	}
	if (!r && n.push_person) {
		f.check = "push";
		f.label = "推送停住";
		f.mend = "看 kaipiao push list 的说明，处理后再推";
		f.count = n.push_person;
		snprintf(text, sizeof(text), "%lld 个开票结果推不出去", (long long)f.count);
		r = tell(w, &f);
	}
	if (!r && n.mail_failed + n.mail_unknown) {
		f.check = "mail";
		f.label = "邮件没有送出";
		f.mend = "看 kaipiao mail list 的说明，处理后再发";
		f.count = n.mail_failed + n.mail_unknown;
		snprintf(text, sizeof(text), "%lld 封没有送出，%lld 封不知道送出没有",
			 (long long)n.mail_failed, (long long)n.mail_unknown);
		r = tell(w, &f);
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
static enum err batches_in(struct watch *w, enum batch_state state, int64_t *count,
			   struct order_batch *newest, struct err_info *e)
{
	int64_t next;
	enum err r = store_orders_total(w->s->db, w->unit->id, &state, count, e);

	return r || !*count ? r
			    : store_orders_list(w->s->db, w->unit->id, &state, 0, 1, note_batch,
						newest, &next, e);
}

static enum err watch_paused(struct watch *w, struct err_info *e)
{
	struct order_batch b = {.id = 0};
	char text[TEXT];
	struct watch_finding f = {
	    .check = "batch", .label = "批量开票已暂停", .text = text, .class = ERR_REFUSED};
	enum err r = batches_in(w, BATCH_PAUSED, &f.count, &b, e);

	if (r || !f.count)
		return r;
	f.age_s = clock_now() - b.updated_at;
	f.mend = *b.mend ? b.mend : "处理后用 kaipiao batch resume 继续";
	snprintf(text, sizeof(text), "%lld 个批次停着，第 %lld 批还有 %lld 张没有开%s%.200s",
		 (long long)f.count, (long long)b.id, (long long)b.counts[ORDER_READY],
		 *b.reason ? "：" : "", b.reason);
	text[text_whole(text, strlen(text))] = 0;
	return tell(w, &f);
}

/* ---- jobs ---- */

/* Uploads and polls are seen by their invoices, applications by their letters, 汇总确认 by its
 * month; an import by who imports. */
static bool speaks_for_itself(const char *kind)
{
	return strncmp(kind, "invoice.", 8) != 0 && strcmp(kind, JOB_RED_APPLY) != 0 &&
	       strcmp(kind, JOB_IMPORT) != 0 && strcmp(kind, JOB_VERIFY) != 0 &&
	       strcmp(kind, JOB_SUMMARY_CONFIRM) != 0 && strcmp(kind, JOB_SUMMARY_CANCEL) != 0;
}

static enum err watch_jobs(struct watch *w, struct err_info *e)
{
	const char *kind;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; !r && (kind = desk_job_kind(i)); i++) {
		char text[TEXT], when[DATETIME_TEXT];
		struct watch_finding f = {.check = "job",
					  .label = "任务失败",
					  .text = text,
					  .mend = "用 kaipiao jobs list --state failed 看原因",
					  .count = 1,
					  .class = ERR_REFUSED};
		bool failed = false, asked = false;
		int64_t at = 0;

		if (!speaks_for_itself(kind))
			continue;
		r = store_job_last(w->s->db, kind, w->unit->id, &failed, &at, e);
		if (r || !failed)
			continue;
		f.age_s = clock_now() - at;
		if ((r = store_job_last_asked(w->s->db, kind, w->unit->id, &asked, e)))
			break;
		/* Who asked has had the answer, and need not ask again for what was a slip. */
		if (asked && f.age_s > TOLD_S)
			continue;
		snprintf(text, sizeof(text), "最近一次%s没有办成（%s）", desk_job_label(kind),
			 datetime_text(at, when));
		r = tell(w, &f);
	}
	return r;
}

/* ---- stock ---- */

static enum err note_size(void *arg, const struct segment *g, const struct number_counts *c)
{
	(void)c;
	*(int64_t *)arg = g->size;
	return ERR_OK;
}

static enum err watch_numbers(struct watch *w, struct err_info *e)
{
	char text[TEXT];
	struct watch_finding f = {.check = "numbers",
				  .label = "号码不多",
				  .text = text,
				  .mend = "运行 kaipiao numbers claim 份数",
				  .class = ERR_INVALID};
	struct numbers_auto a;
	int64_t size = 0, low = w->limits->numbers;
	enum err r;

	if ((r = numbers_read_auto(w->s, w->unit, &a, e)) ||
	    (r = store_segment_list(w->s->db, w->unit->id, NULL, NULL, 0, 1, note_size, &size,
				    e)) ||
	    (r = store_number_stock(w->s->db, w->unit->id, date_of(clock_now()).date.year, &f.count,
				    e)))
		return r;
	if (low < 0)
		low = a.below ? a.below : size / STOCK_PART;
	/* Without limits of its own a unit that claims by itself does so in time. */
	if (f.count > 0 && (f.count >= low || (a.on && w->limits->numbers < 0)))
		return ERR_OK;
	if (!f.count)
		snprintf(text, sizeof(text), "没有号码，不能开票");
	else
		snprintf(text, sizeof(text), "号码还剩 %lld 份", (long long)f.count);
	return tell(w, &f);
}

static enum err watch_quota(struct watch *w, struct err_info *e)
{
	char text[TEXT], amount[FEN_TEXT + 8], month[MONTH_TEXT], today[DATE_TEXT];
	struct watch_finding f = {.check = "quota",
				  .label = "额度不多",
				  .text = text,
				  .mend = "运行 kaipiao quota download 金额",
				  .class = ERR_INVALID};
	struct quota_month q;
	int64_t usable, low;
	enum err r = store_quota_get(w->s->db, w->unit->id, month_text(clock_now(), month), &q, e);

	if (r)
		return r;
	usable = q.unused - q.reserved;
	low = w->limits->quota >= 0 ? w->limits->quota : q.remote_downloaded / LOW_PART;
	f.count = usable;
	if (q.paused) {
		f.mend = "请联系主管税务机关";
		snprintf(text, sizeof(text), "税局已暂停赋额");
	} else if (*q.end && strcmp(q.end, date_text(clock_now(), today)) < 0) {
		f.mend = "运行 kaipiao quota adjust";
		snprintf(text, sizeof(text), "额度的使用区间到 %s 为止", q.end);
	} else if (usable <= 0) {
		snprintf(text, sizeof(text), "%s 月没有可开票的额度", month);
	} else if (usable < low) {
		snprintf(text, sizeof(text), "额度还剩 %s", fen_format_grouped(usable, amount));
	} else {
		return ERR_OK;
	}
	return tell(w, &f);
}

/* Issuing stops when it is over (features B12). */
static enum err watch_safety(struct watch *w, struct err_info *e)
{
	const char *until = w->unit->safety_until;
	char text[SAFETY_TEXT];
	struct watch_finding f = {.check = "safety",
				  .label = "开票安全验证",
				  .text = safety_text(until, clock_now(), text),
				  .mend = SAFETY_MEND,
				  .count = 1,
				  .class = ERR_INVALID};

	(void)e;
	return safety_level(until, clock_now(), NULL) < SAFETY_WEEK ? ERR_OK : tell(w, &f);
}

static enum err watch_taxpayer(struct watch *w, struct err_info *e)
{
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct err_info why = {0};
	bool found = false;
	enum err r = store_taxpayer_get(w->s->db, w->unit->id, t, &found, e);

	if (!r && found && taxpayer_may_issue(t, clock_now(), &why)) {
		struct watch_finding f = {.check = "taxpayer",
					  .label = "不能开票",
					  .text = why.why,
					  .mend =
					      *why.hint ? why.hint : "运行 kaipiao taxpayer sync",
					  .count = 1,
					  .class = ERR_INVALID};

		r = tell(w, &f);
	}
	free(t);
	return r;
}

/* ---- 汇总确认 ---- */

/* The oldest month that is closed and whose end is not known. */
static enum err note_left(void *arg, const struct summary *s)
{
	char *month = arg;

	if (!*month)
		text_copy(month, MONTH_TEXT, s->month);
	return ERR_OK;
}

static enum err watch_closed(struct watch *w, struct err_info *e)
{
	char month[MONTH_TEXT], left[MONTH_TEXT] = "", text[TEXT], mend[96];
	struct watch_finding f = {.check = "summary",
				  .label = "汇总确认",
				  .text = text,
				  .mend = mend,
				  .count = 1,
				  .class = ERR_INVALID};
	enum err r;

	month_text(clock_now(), month);
	if (summary_time(summary_month_add(month, -1, month), clock_now()) == SUMMARY_CLOSED)
		month_text(clock_now(), month);
	r = store_summary_unfinished(w->s->db, w->unit->id, month, note_left, left, e);
	if (r || !*left)
		return r;
	snprintf(text, sizeof(text), "%s 已过 13 日 0 时，还没有取到税局自动汇总的结果", left);
	snprintf(mend, sizeof(mend), "运行 kaipiao summary refresh %s", left);
	return tell(w, &f);
}

static enum err watch_summary(struct watch *w, struct err_info *e)
{
	struct summary_todo todo;
	char mend[96];
	struct watch_finding f = {.check = "summary",
				  .label = "汇总确认",
				  .text = todo.text,
				  .mend = mend,
				  .count = 1,
				  .class = ERR_INVALID};
	enum err r = summary_todo(w->s, w->unit, &todo, e);

	if (r || !todo.due)
		return r ? r : watch_closed(w, e);
	snprintf(mend, sizeof(mend), "运行 kaipiao summary %s %s", todo.missing ? "add" : "confirm",
		 todo.month);
	return tell(w, &f);
}

/* ---- the engine ---- */

/* Does somebody hold the lock: of the engine, of the batches? */
static enum err is_held(struct watch *w, enum home_file lock, bool *runs, struct err_info *e)
{
	char path[HOME_PATH];
	int fd = -1;
	enum err r = home_path(w->s->home, lock, path, e);

	*runs = false;
	if (r || !file_exists(path))
		return r;
	r = file_lock(path, &fd, NULL);
	*runs = r == ERR_BUSY;
	if (!r)
		file_unlock(&fd);
	return ERR_OK;
}

static enum err watch_engine(struct watch *w, struct err_info *e)
{
	char text[TEXT], age[32];
	struct watch_finding f = {.check = "engine",
				  .label = "没有同步",
				  .text = text,
				  .mend = "启动工作站、kaipiao sync --daemon，或定时 sync --once",
				  .class = ERR_BUSY};
	int64_t due_ms = 0;
	bool runs = false;
	enum err r = store_job_overdue(w->s->db, clock_now_ms(), &due_ms, &f.count, e);

	if (r || !f.count || (r = is_held(w, HOME_LOCK, &runs, e)))
		return r;
	f.age_s = clock_now() - due_ms / 1000;
	if (f.age_s < (runs ? STALLED_S : IDLE_S))
		return ERR_OK;
	snprintf(text, sizeof(text), "%lld 个任务到期没有办，最早的已 %s%s", (long long)f.count,
		 age_text(f.age_s, age), runs ? "，而同步在运行" : "，没有同步在运行");
	return tell(w, &f);
}

/* A batch goes on only while somebody is its runner. */
static enum err watch_runner(struct watch *w, struct err_info *e)
{
	struct order_batch b = {.id = 0};
	char text[TEXT];
	struct watch_finding f = {.check = "batch",
				  .label = "批量开票没有进行",
				  .text = text,
				  .mend = "启动工作站、kaipiao sync --daemon，或运行 sync --once",
				  .class = ERR_BUSY};
	bool runs = false;
	enum err r = batches_in(w, BATCH_RUNNING, &f.count, &b, e);

	if (r || !f.count || !b.counts[ORDER_READY] ||
	    (r = is_held(w, HOME_BATCH_LOCK, &runs, e)) || runs)
		return r;
	f.age_s = clock_now() - b.updated_at;
	snprintf(text, sizeof(text), "第 %lld 批还有 %lld 张待开，没有程序在开", (long long)b.id,
		 (long long)b.counts[ORDER_READY]);
	return tell(w, &f);
}

/* ---- all ---- */

typedef enum err (*look)(struct watch *w, struct err_info *e);

static enum err run(struct watch *w, const look *looks, size_t n, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++) {
		w->listed = 0;
		w->oldest = 0;
		r = looks[i](w, e);
	}
	return r;
}

enum err desk_watch(struct session *s, const struct watch_limits *l, watch_each f, void *arg,
		    enum err *worst, struct err_info *e)
{
	static const look OF_UNIT[] = {
	    watch_unfinished, watch_persons, watch_failures, watch_red,     watch_red_failed,
	    watch_red_lapsed, watch_post,    watch_paused,   watch_runner,  watch_jobs,
	    watch_taxpayer,   watch_numbers, watch_quota,    watch_summary, watch_safety};
	static const look OF_HOME[] = {watch_engine};
	struct watch w = {.s = s, .limits = l, .f = f, .arg = arg, .worst = worst};
	struct unit_set set = {.n = 0};
	size_t i;
	enum err r;

	*worst = ERR_OK;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = unit_set_all(s, "using", &set, e)))
		return r;
	for (i = 0; i < set.n && !r; i++) {
		w.unit = &set.items[i];
		if (w.unit->verified)
			r = run(&w, OF_UNIT, sizeof(OF_UNIT) / sizeof(OF_UNIT[0]), e);
	}
	w.unit = NULL;
	if (!r)
		r = run(&w, OF_HOME, sizeof(OF_HOME) / sizeof(OF_HOME[0]), e);
	unit_set_free(&set);
	return r;
}
