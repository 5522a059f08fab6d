/* home_items.c - what is there to do: each check looks at one thing and says it in a sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch.h"
#include "ui/screen/home.h"
#include "ui/screen/job_words.h"
#include "ui/screen/red.h"

enum { DRAFTS_SEEN = 100, PERSONS_SEEN = 50, JOBS_SEEN = 50, LOW_PART = 10, STOCK_PART = 5 };

struct items {
	struct home_item *out;
	int n;
};

static ERR_PRINTF(5, 6) void add(struct items *l, enum face face, enum action a, const char *word,
				 const char *fmt, ...)
{
	struct home_item *item = &l->out[l->n];
	va_list ap;

	if (l->n == HOME_ITEMS)
		return;
	*item = (struct home_item) {.face = face, .action = a};
	text_copy(item->word, sizeof(item->word), word);
	va_start(ap, fmt);
	vsnprintf(item->text, sizeof(item->text), fmt, ap);
	va_end(ap);
	item->text[text_whole(item->text, strlen(item->text))] = 0;
	l->n++;
}

static void age_words(int64_t since, char out[32])
{
	int64_t s = clock_now() - since;

	if (s < 3600)
		snprintf(out, 32, "%lld 分钟", (long long)(s > 60 ? s / 60 : 1));
	else if (s < 86400)
		snprintf(out, 32, "%lld 小时", (long long)(s / 3600));
	else
		snprintf(out, 32, "%lld 天", (long long)(s / 86400));
}

/* ---- units ---- */

static enum err count_unit(void *arg, const struct unit_view *v)
{
	(void)v;
	++*(int *)arg;
	return ERR_OK;
}

/* True when there is a unit that may work: the other checks make sense then. */
static bool check_unit(struct items *l)
{
	struct err_info e = {0};
	struct unit u;
	int units = 0;

	if (!desk_unit_ready(ui_session(), &u, NULL, &e)) {
		unit_free(&u);
		return true;
	}
	if (!strcmp(e.code, "unit.choose")) {
		add(l, FACE_WARNING, ACT_USE_UNIT, "选择使用单位",
		    "有几个使用单位，请选用要开票的一个；以后按 U 换");
		return false;
	}
	if (desk_unit_list(ui_session(), NULL, count_unit, &units, NULL) || units)
		add(l, FACE_ERROR, ACT_GO_WIZARD, "单位未验证",
		    "直连单位和使用单位都验证通过后才能开票，%s",
		    screen_may(DESK_UNITS) ? "请联系管理员" : "请完成开票业务配置");
	else
		add(l, FACE_WARNING, ACT_GO_WIZARD, "开始使用",
		    "还没有接入税局：按回车开始开票业务配置，只要四步");
	return false;
}

static void check_engine(struct items *l)
{
	switch (ui_engine()) {
	case ENGINE_OFFLINE:
		add(l, FACE_WARNING, ACT_GO_JOBS, "连不上税局",
		    "照常填开，恢复后自动上传，不会重复");
		break;
	case ENGINE_OFF:
		add(l, FACE_WARNING, ACT_GO_JOBS, "没有同步",
		    "同步没有运行，发票会留到它启动后上传");
		break;
	default:
		break;
	}
}

/* ---- invoices ---- */

struct seen {
	int64_t oldest;
	int persons;
};

static enum err see_invoice(void *arg, const struct invoice_row *r)
{
	struct seen *s = arg;

	if (!s->oldest || r->created_at < s->oldest)
		s->oldest = r->created_at;
	s->persons += r->needs_person;
	return ERR_OK;
}

static int64_t look_invoices(const enum invoice_state *state, struct seen *seen)
{
	struct invoice_filter f = {.state = state, .last_page = true, .limit = PERSONS_SEEN};
	int64_t next, total = 0;
	bool at_least;

	*seen = (struct seen) {.oldest = 0};
	if (desk_invoice_list(ui_session(), &f, see_invoice, seen, &next, &total, &at_least, NULL))
		return 0;
	return total;
}

static void invoices_item(struct items *l, enum invoice_state state, enum face face,
			  const char *advice)
{
	struct seen seen;
	char age[32], person[64] = "";
	int64_t n = look_invoices(&state, &seen);

	if (!n)
		return;
	age_words(seen.oldest, age);
	if (seen.persons)
		snprintf(person, sizeof(person), "，%d 张需人工", seen.persons);
	add(l, seen.persons ? FACE_ERROR : face, ACT_GO_INVOICES, invoice_state_label(state),
	    "%lld 张，最早 %s前%s；%s", (long long)n, age, person, advice);
	l->out[l->n - 1].invoices_state = invoice_state_label(state);
}

static void check_invoices(struct items *l)
{
	const struct ui_facts *f = ui_facts();
	char age[32];

	invoices_item(l, INVOICE_FAILED, FACE_ERROR, "看原因，重试或作废");
	invoices_item(l, INVOICE_UNKNOWN, FACE_WARNING, "正在向税局核实，不会重复开");
	if (f->in_flight <= 0 || f->oldest_age_s <= 60)
		return;
	age_words(clock_now() - f->oldest_age_s, age);
	add(l, FACE_WARNING, ACT_GO_INVOICES, "在途较久", "%lld 张还没有结果，最早 %s前",
	    (long long)f->in_flight, age);
	l->out[l->n - 1].invoices_state = "在途";
}

/* ---- red letters ---- */

/* Those that wait for us: void when nobody answers in time. */
static void check_waiting(struct items *l, const struct red_overview *o)
{
	int64_t n = o->counts[RED_SELLER][RED_FOR_US] + o->counts[RED_BUYER][RED_FOR_US];
	char left[RED_LEFT];

	if (!n)
		return;
	add(l, o->deadline - clock_now() < RED_URGENT ? FACE_ERROR : FACE_WARNING, ACT_GO_RED,
	    "红字待确认", "%lld 张等我方确认或否认，最急的还剩 %s，到时作废", (long long)n,
	    red_left(o->deadline, left));
	if (l->n && l->out[l->n - 1].action == ACT_GO_RED)
		l->out[l->n - 1].red_waiting = true;
}

/* Told until somebody has looked: what they took back stands again. */
static void check_lapsed(struct items *l, const struct red_overview *o)
{
	const struct red_lapsed *n = &o->lapsed;

	if (!n->all)
		return;
	if (n->all == n->expired)
		add(l, FACE_WARNING, ACT_GO_RED, "红字过期",
		    "%lld 张确认单超过 72 小时没有确认，已作废，可重新申请", (long long)n->all);
	else
		add(l, FACE_WARNING, ACT_GO_RED, "红字作废",
		    "%lld 张确认单作废：对方否认、撤销等 %lld 张，超 72 小时 %lld 张",
		    (long long)n->all, (long long)(n->all - n->expired), (long long)n->expired);
	if (l->n && l->out[l->n - 1].action == ACT_GO_RED)
		l->out[l->n - 1].red_void = true;
}

static void check_red(struct items *l)
{
	struct red_overview o;
	int64_t failed, issuable;

	if (desk_red_overview(ui_session(), &o, NULL))
		return;
	check_waiting(l, &o);
	check_lapsed(l, &o);
	issuable = o.counts[RED_SELLER][RED_ISSUABLE];
	if (issuable)
		add(l, FACE_VALUE, ACT_GO_RED_ISSUE, "红字开票",
		    "%lld 张红字确认单可以开具红字发票", (long long)issuable);
	failed = o.counts[RED_SELLER][RED_FAILED] + o.counts[RED_BUYER][RED_FAILED];
	if (failed)
		add(l, FACE_WARNING, ACT_GO_RED, "红字申请", "%lld 张申请失败，重新提交或放弃",
		    (long long)failed);
}

/* ---- 批量开票 ---- */

static void batch_item(struct items *l, enum batch_state state, enum face face, const char *word)
{
	struct order_batch b;
	char line[BATCH_LINE], more[48] = "";
	int64_t n;

	if (!batch_newest(state, &b, &n))
		return;
	if (n > 1)
		snprintf(more, sizeof(more), "，这样的共 %lld 个", (long long)n);
	if (state == BATCH_PAUSED)
		add(l, face, ACT_GO_BATCH, word, "%.100s：%.120s%s", batch_line(&b, line), b.reason,
		    more);
	else
		add(l, face, ACT_GO_BATCH, word, "%.200s%s", batch_line(&b, line), more);
	if (l->n && l->out[l->n - 1].action == ACT_GO_BATCH)
		l->out[l->n - 1].batch = b.id;
}

static void check_batches(struct items *l)
{
	batch_item(l, BATCH_PAUSED, FACE_WARNING, "批量开票暂停");
	batch_item(l, BATCH_RUNNING, FACE_NORMAL, "批量开票");
	batch_item(l, BATCH_CHECKED, FACE_NORMAL, "批量待开");
}

/* ---- 汇总确认 ---- */

static void check_summary(struct items *l)
{
	struct summary_todo todo;

	if (!desk_summary_todo(ui_session(), &todo, NULL) && todo.due)
		add(l, FACE_ERROR, ACT_GO_SUMMARY, todo.urgent ? "汇总确认快到期" : "汇总确认",
		    "%s", todo.text);
}

/* ---- 开票安全验证 ---- */

/* From thirty days before: it takes the legal or finance person to renew it. */
static void check_safety(struct items *l)
{
	enum safety_level level;
	char text[SAFETY_TEXT];
	struct unit u;

	if (desk_unit(ui_session(), &u, NULL))
		return;
	level = safety_level(u.safety_until, clock_now(), NULL);
	if (level >= SAFETY_MONTH)
		add(l, level >= SAFETY_LAST ? FACE_ERROR : FACE_WARNING, ACT_GO_UNITS,
		    level == SAFETY_OVER ? "安全验证到期" : "安全验证", "%s",
		    safety_text(u.safety_until, clock_now(), text));
	unit_free(&u);
}

/* ---- stock ---- */

static enum err segment_size(void *arg, const struct segment *s, const struct number_counts *n)
{
	(void)n;
	*(int64_t *)arg = s->size;
	return ERR_OK;
}

static void check_numbers(struct items *l)
{
	struct numbers_query q = {.limit = 1};
	struct numbers_auto a;
	int64_t stock = 0, size = 0, next, total;

	if (desk_numbers_stock(ui_session(), &stock, NULL) ||
	    desk_numbers_auto(ui_session(), &a, NULL) ||
	    desk_numbers_list(ui_session(), &q, segment_size, &size, &next, &total, NULL))
		return;
	if (!stock)
		add(l, FACE_ERROR, ACT_GO_NUMBERS, "没有号码", "%s",
		    a.on && size ? "开票时自动领购，也可以现在领购" : "领购号码后才能开票");
	else if (stock < (a.below ? a.below : size / STOCK_PART))
		add(l, FACE_WARNING, ACT_GO_NUMBERS, "号码不多", "还剩 %lld 份%s", (long long)stock,
		    a.on ? "，开票时自动领购" : "，自动领购已关");
}

static void check_quota(struct items *l)
{
	char today[DATE_TEXT], text[FEN_TEXT + 8];
	struct quota_month q;
	int64_t usable;

	if (desk_quota_get(ui_session(), &q, NULL))
		return;
	usable = q.unused - q.reserved;
	fen_format_grouped(usable, text);
	if (q.paused)
		add(l, FACE_ERROR, ACT_GO_QUOTA, "暂停赋额", "税局已暂停赋额，请联系主管税务机关");
	if (usable <= 0)
		add(l, FACE_ERROR, ACT_GO_QUOTA, "没有额度", "%s 月没有可开票的额度，请先下载",
		    q.month);
	else if (q.has_remote && usable < q.remote_downloaded / LOW_PART)
		add(l, FACE_WARNING, ACT_GO_QUOTA, "额度不多", "还剩 %s", text);
	if (q.end[0] && strcmp(q.end, date_text(clock_now(), today)) < 0)
		add(l, FACE_ERROR, ACT_GO_QUOTA, "额度过期", "使用区间到 %s 为止，请调整有效期",
		    q.end);
}

/* ---- taxpayer, drafts, jobs ---- */

static enum err see_taxpayer(void *arg, const struct taxpayer_view *v)
{
	struct err_info e = {0};
	struct items *l = arg;

	if (taxpayer_may_issue(v->taxpayer, clock_now(), &e) == ERR_OK)
		return ERR_OK;
	if (!strcmp(e.code, "seller.risk.stale"))
		add(l, FACE_WARNING, ACT_GO_TAXPAYER, "风险信息过期",
		    "超过 24 小时没有更新，开票前会自动同步");
	else
		add(l, FACE_ERROR, ACT_GO_TAXPAYER, "不能开票", "%s", e.why);
	return ERR_OK;
}

static void check_taxpayer(struct items *l)
{
	if (desk_taxpayer_show(ui_session(), see_taxpayer, l, NULL) == ERR_INVALID)
		add(l, FACE_WARNING, ACT_GO_WIZARD, "首次同步", "还没有从税局取得企业信息");
}

static enum err count_form(void *arg, const struct form_state *f)
{
	(void)f;
	++*(int64_t *)arg;
	return ERR_OK;
}

static enum err ignore_invoice(void *arg, const struct invoice_row *r)
{
	(void)arg;
	(void)r;
	return ERR_OK;
}

static void check_drafts(struct items *l)
{
	static const enum invoice_state DRAFT = INVOICE_DRAFT;
	struct invoice_filter f = {.state = &DRAFT, .limit = 1};
	struct form_cursor start = {0, 0}, after = {0, 0};
	int64_t forms = 0, stored = 0, next;
	bool at_least = false;

	if (desk_allow(ui_session(), DESK_ISSUE, NULL))
		return;
	if (desk_form_list(ui_session(), start, DRAFTS_SEEN, count_form, &forms, &after, NULL) ||
	    desk_invoice_list(ui_session(), &f, ignore_invoice, NULL, &next, &stored, &at_least,
			      NULL))
		return;
	if (forms + stored)
		add(l, FACE_NORMAL, ACT_GO_DRAFTS, "草稿", "%lld 张没有填完%s",
		    (long long)(forms + stored), after.id ? "（还有更多）" : "");
}

static bool is_import(const struct job *j)
{
	return !strcmp(j->kind, JOB_IMPORT);
}

/* Ended by nobody, and not only a look. */
static bool died(const struct job *j)
{
	return !strcmp(j->error_code, "import.broken") && !job_is_trial(j);
}

static enum err see_job(void *arg, const struct job *j)
{
	char today[DATE_TEXT], day[DATE_TEXT];

	/* A unit that is not verified is an item of its own; who imports sees how it ends. */
	/* So are mails and pushes, and applications for red letters. */
	if (strcmp(j->kind, JOB_VERIFY) != 0 && strcmp(j->kind, JOB_RED_APPLY) != 0 &&
	    job_lane_of(j->kind) != LANE_POST && !(is_import(j) && !died(j)) &&
	    !strcmp(date_text(j->updated_at, day), date_text(clock_now(), today)))
		++*(int *)arg;
	return ERR_OK;
}

static void check_jobs(struct items *l)
{
	struct job_query q = {.state = job_state_word(JOB_FAILED), .limit = JOBS_SEEN};
	int64_t next, total;
	int n = 0;

	if (!desk_job_list(ui_session(), &q, see_job, &n, &next, &total, NULL) && n)
		add(l, FACE_WARNING, ACT_GO_JOBS, "任务失败", "今天有%s %d 个任务没有办成",
		    n == JOBS_SEEN ? "至少" : "", n);
}

static void check_goods(struct items *l)
{
	int64_t n = 0;

	if (desk_taxcode_stopped_goods(ui_session(), &n, NULL) || !n)
		return;
	add(l, FACE_WARNING, ACT_GO_GOODS, "商品编码", "%s%lld 个商品的编码已停用，请换上别的编码",
	    n == DESK_COUNT_CAP ? "至少 " : "", (long long)n);
	if (l->n && l->out[l->n - 1].action == ACT_GO_GOODS)
		l->out[l->n - 1].unusable_goods = true;
}

/* Mails that did not arrive or nobody knows of, pushes nobody took. */
static void check_delivery(struct items *l)
{
	struct post_counts n;

	if (desk_post_counts(ui_session(), &n, NULL))
		return;
	if (n.mail_failed + n.mail_unknown)
		add(l, FACE_ERROR, ACT_GO_DELIVER, "邮件没有送达", "%lld 封失败，%lld 封结果未知",
		    (long long)n.mail_failed, (long long)n.mail_unknown);
	if (n.push_person)
		add(l, FACE_ERROR, ACT_GO_DELIVER, "推送不成", "%lld 条推送需人工处理",
		    (long long)n.push_person);
}

int home_items(struct home_item out[HOME_ITEMS])
{
	struct items l = {.out = out};

	if (check_unit(&l)) {
		check_engine(&l);
		check_invoices(&l);
		check_red(&l);
		check_batches(&l);
		check_summary(&l);
		check_safety(&l);
		check_quota(&l);
		check_numbers(&l);
		check_taxpayer(&l);
		check_goods(&l);
		check_delivery(&l);
		check_drafts(&l);
		check_jobs(&l);
	}
	return l.n;
}
