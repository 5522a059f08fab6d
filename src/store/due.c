/* due.c - looks at what a unit needs without being asked. */
#include "store/due.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "store/jobs.h"
#include "store/numbers.h"
#include "store/quota.h"
#include "store/settings.h"
#include "store/taxcodes.h"
#include "tax/channel.h"
#include "tax/share.h"

enum { MONTHS_BACK = 12, ENTRIES_MANY = 50 };

/* ---- settings ---- */

const char *store_auto_key(const struct unit *u, const char *what, char out[AUTO_KEY])
{
	snprintf(out, AUTO_KEY, "%.40s@%s.%s", u->tax_no, unit_env_word(u->env), what);
	return out;
}

static enum err read_number(struct db *db, const char *type, const struct unit *u, const char *what,
			    int64_t fallback, int64_t *out, struct err_info *e)
{
	char key[AUTO_KEY], value[32];
	enum err r =
	    store_setting_get(db, type, store_auto_key(u, what, key), "", value, sizeof(value), e);

	*out = *value ? strtoll(value, NULL, 10) : fallback;
	return r;
}

/* A value out of bounds asks for what 0 asks for. */
static int64_t within(int64_t v, int64_t most)
{
	return v < 0 || v > most ? 0 : v;
}

enum err store_auto_numbers(struct db *db, const struct unit *u, struct auto_numbers *out,
			    struct err_info *e)
{
	int64_t on = -1;
	enum err r;

	*out = (struct auto_numbers) {.on = true};
	if ((r = read_number(db, "numbers", u, "on", -1, &on, e)) ||
	    (r = read_number(db, "numbers", u, "below", 0, &out->below, e)) ||
	    (r = read_number(db, "numbers", u, "claim", 0, &out->claim, e)))
		return r;
	out->on = on != 0;
	out->chosen = on > 0 || out->claim > 0;
	out->below = within(out->below, SHARE_CLAIM_MAX);
	out->claim = within(out->claim, SHARE_CLAIM_MAX);
	return ERR_OK;
}

enum err store_auto_quota(struct db *db, const struct unit *u, struct auto_quota *out,
			  struct err_info *e)
{
	char key[AUTO_KEY], value[FEN_TEXT];
	int64_t on = 1, adjust = 1;
	enum err r;

	*out = (struct auto_quota) {.on = true, .adjust = true};
	if ((r = read_number(db, "quota", u, "on", 1, &on, e)) ||
	    (r = read_number(db, "quota", u, "adjust", 1, &adjust, e)) ||
	    (r = read_number(db, "quota", u, "percent", 80, &out->percent, e)) ||
	    (r = store_setting_get(db, "quota", store_auto_key(u, "cap", key), "", value,
				   sizeof(value), e)))
		return r;
	out->on = on != 0;
	out->adjust = adjust != 0;
	if (!*value || !fen_parse(value, &out->cap) || out->cap < 0)
		out->cap = 0;
	return ERR_OK;
}

enum err store_calendar_on(struct db *db, bool *out, struct err_info *e)
{
	char value[16];
	enum err r = store_setting_get(db, "engine", "calendar", "1", value, sizeof(value), e);

	*out = strcmp(value, "0") != 0;
	return r;
}

static enum err nothing(struct due *out, const char *why)
{
	text_copy(out->why, sizeof(out->why), why);
	return ERR_OK;
}

/* Frozen, or by another channel: it needs neither numbers nor quota. */
static bool issues_nothing(const struct unit *u, struct due *out)
{
	const char *why = u->frozen_at                         ? "单位已冻结"
			  : !channel_is_leqi(u->issue_channel) ? "单位不经乐企开票"
							       : NULL;

	if (why)
		nothing(out, why);
	return why != NULL;
}

/* ---- numbers ---- */

static enum err note_size(void *arg, const struct segment *g, const struct number_counts *c)
{
	(void)c;
	*(int64_t *)arg = g->size;
	return ERR_OK;
}

static enum err read_claim(struct db *db, const struct unit *u, struct share_claim *c, bool *chosen,
			   int64_t *open, struct err_info *e)
{
	struct auto_numbers a;
	bool failed = false;
	int64_t at = 0;
	enum err r;

	if ((r = store_auto_numbers(db, u, &a, e)) ||
	    (r = store_calendar_on(db, &c->may_start, e)) ||
	    (r = store_number_stock(db, u->id, date_of(clock_now()).date.year, &c->stock, e)) ||
	    (r = store_segment_list(db, u->id, NULL, NULL, 0, 1, note_size, &c->newest, e)) ||
	    (r = store_job_open(db, JOB_CLAIM, u->id, 0, open, e)) ||
	    (r = store_job_last(db, JOB_CLAIM, u->id, &failed, &at, e)))
		return r;
	*chosen = a.chosen;
	c->on = a.on;
	c->below = a.below;
	c->claim = a.claim;
	c->failed_s = failed ? clock_now() - at : -1;
	if (failed && c->failed_s < 0)
		c->failed_s = 0; /* under a clock that was ahead */
	return ERR_OK;
}

enum err store_due_claim(struct db *db, const struct unit *u, int64_t need, struct due *out,
			 struct err_info *e)
{
	struct share_claim c = {.need = need};
	bool chosen = false;
	enum err r;

	*out = (struct due) {.kind = NULL};
	if (issues_nothing(u, out))
		return ERR_OK;
	if ((r = read_claim(db, u, &c, &chosen, &out->open, e)))
		return r;
	if (!c.newest && !need && !chosen)
		return nothing(out, "还没有领购过，首次由管理员或开票时领购");
	out->amount = share_claim_count(&c);
	if (!out->amount)
		return nothing(out, c.on ? "库存足够，或刚被拒绝" : "自动领购已关闭");
	out->kind = JOB_CLAIM;
	out->first = !c.newest;
	return ERR_OK;
}

/* ---- quota ---- */

struct entries {
	bool any, download;
};

static enum err note_entry(void *arg, const struct quota_entry *q)
{
	struct entries *n = arg;

	n->any = true;
	n->download |= !strcmp(q->kind, "download");
	return ERR_OK;
}

static const char *month_back(int back, char out[MONTH_TEXT])
{
	struct date d = date_of(clock_now()).date;

	d.day = 1;
	return month_text(date_unix((struct datetime) {.date = date_add_months(d, -back)}), out);
}

static enum err month_entries(struct db *db, int64_t unit, int back, struct entries *out,
			      struct err_info *e)
{
	char month[MONTH_TEXT];

	*out = (struct entries) {.any = false};
	return store_quota_entries(db, unit, month_back(back, month), 0, ENTRIES_MANY, note_entry,
				   out, e);
}

/* Why nothing is to be downloaded; NULL: the month has nothing, and one before it had. */
static enum err month_is_bare(struct db *db, const struct unit *u, const char **why,
			      struct err_info *e)
{
	struct entries n;
	int back;
	enum err r = month_entries(db, u->id, 0, &n, e);

	*why = "本月已有额度";
	if (r || n.any)
		return r;
	*why = "近 12 个月没有下载过额度，首次由管理员下载";
	for (back = 1; back <= MONTHS_BACK && !r && *why; back++) {
		r = month_entries(db, u->id, back, &n, e);
		if (!r && n.download)
			*why = NULL;
	}
	return r;
}

/* Did the newest job of the kind fail within the hour? */
static enum err rests(struct db *db, const struct unit *u, const char *kind, bool *out,
		      struct err_info *e)
{
	int64_t at = 0;
	bool failed = false;
	enum err r = store_job_last(db, kind, u->id, &failed, &at, e);

	*out = failed && clock_now() - at < SHARE_REST_S;
	return r;
}

static enum err share_of(struct db *db, const struct unit *u, const struct auto_quota *a,
			 const struct quota_month *q, int64_t *out, struct err_info *e)
{
	char before[MONTH_TEXT];
	int64_t used = 0, cap = a->cap;
	enum err r = ERR_OK;

	if (!cap && q->remote_available >= QUOTA_ON_DEMAND) {
		r = store_quota_used(db, u->id, month_back(1, before), &used, e);
		cap = share_cap(used);
	}
	*out = share_download(q->remote_available, QUOTA_ON_DEMAND, a->percent, cap);
	return r;
}

enum err store_quota_share(struct db *db, const struct unit *u, int64_t *out, struct err_info *e)
{
	char month[MONTH_TEXT];
	struct quota_month q;
	struct auto_quota a;
	enum err r;

	if ((r = store_auto_quota(db, u, &a, e)) ||
	    (r = store_quota_get(db, u->id, month_text(clock_now(), month), &q, e)))
		return r;
	return share_of(db, u, &a, &q, out, e);
}

enum err store_due_quota(struct db *db, const struct unit *u, bool hurry, struct due *out,
			 struct err_info *e)
{
	struct quota_month q;
	struct auto_quota a;
	const char *why = NULL, *kind;
	bool rest = false;
	enum err r;

	*out = (struct due) {.kind = NULL};
	month_text(clock_now(), out->month);
	if (issues_nothing(u, out))
		return ERR_OK;
	if ((r = store_auto_quota(db, u, &a, e)) || (r = month_is_bare(db, u, &why, e)))
		return r;
	if (!a.on || why)
		return nothing(out, a.on ? why : "月初自动下载已关闭");
	if ((r = store_quota_get(db, u->id, out->month, &q, e)) ||
	    (r = share_of(db, u, &a, &q, &out->amount, e)))
		return r;
	kind = q.has_remote ? JOB_QUOTA_MOVE : JOB_QUOTA_SYNC;
	if ((r = store_job_open(db, kind, u->id, 0, &out->open, e)))
		return r;
	if (!out->open && q.has_remote && (q.paused || out->amount <= 0))
		return nothing(out, q.paused ? "税局已暂停赋额" : "局端没有可用额度");
	if (!out->open && !hurry && (r = rests(db, u, kind, &rest, e)))
		return r;
	if (rest)
		return nothing(out, "刚被税局拒绝");
	out->kind = kind;
	return ERR_OK;
}

enum err store_due_interval(struct db *db, const struct unit *u, struct due *out,
			    struct err_info *e)
{
	char today[DATE_TEXT];
	struct quota_month q;
	struct auto_quota a;
	enum err r;

	*out = (struct due) {.kind = NULL};
	month_text(clock_now(), out->month);
	if ((r = store_auto_quota(db, u, &a, e)) ||
	    (r = store_quota_get(db, u->id, out->month, &q, e)))
		return r;
	if (!a.adjust)
		return nothing(out, "自动调整有效期已关闭");
	if (!*q.end || strcmp(date_text(clock_now(), today), q.end) <= 0)
		return nothing(out, *q.end ? "有效期还没有到" : "本月没有使用区间");
	if ((r = store_job_open(db, JOB_QUOTA_ADJUST, u->id, 0, &out->open, e)))
		return r;
	out->kind = JOB_QUOTA_ADJUST;
	return ERR_OK;
}

enum err store_due_recheck(struct db *db, const struct unit *u, struct due *out, struct err_info *e)
{
	bool again = false, rest = false;
	enum err r;

	*out = (struct due) {.kind = NULL};
	month_text(clock_now(), out->month);
	if ((r = store_quota_recheck(db, u->id, out->month, &again, e)))
		return r;
	if (!again)
		return nothing(out, "没有待核对的额度");
	if ((r = store_job_open(db, JOB_QUOTA_SYNC, u->id, 0, &out->open, e)) ||
	    (r = rests(db, u, JOB_QUOTA_SYNC, &rest, e)))
		return r;
	if (rest)
		return nothing(out, "刚被税局拒绝");
	out->kind = JOB_QUOTA_SYNC;
	return ERR_OK;
}

/* ---- what the tax side publishes ---- */

struct siblings {
	enum unit_env env;
	int64_t *ids;
	size_t n;
};

static enum err note_sibling(void *arg, const struct unit *u)
{
	struct siblings *all = arg;

	if (u->env != all->env)
		return ERR_OK;
	all->ids = mem_realloc(all->ids, (all->n + 1) * sizeof(*all->ids));
	all->ids[all->n++] = u->id;
	return ERR_OK;
}

/* Has a unit of the environment asked since then, without being refused? */
static enum err codes_asked(struct db *db, enum unit_env env, int64_t since, int64_t *open,
			    bool *asked, struct err_info *e)
{
	struct siblings all = {.env = env};
	enum err r = store_unit_list(db, "using", note_sibling, &all, e);

	*asked = false;
	for (size_t i = 0; i < all.n && !r && !*asked && !*open; i++) {
		int64_t at = 0;
		bool failed = false;

		if ((r = store_job_open(db, JOB_TAXCODES, all.ids[i], 0, open, e)) || *open)
			break;
		r = store_job_last(db, JOB_TAXCODES, all.ids[i], &failed, &at, e);
		*asked = at >= since && !failed;
	}
	free(all.ids);
	return r;
}

enum err store_due_codes(struct db *db, const struct unit *u, int64_t since, struct due *out,
			 struct err_info *e)
{
	int64_t total = 0, from_tax = 0;
	bool asked = false;
	enum err r;

	*out = (struct due) {.kind = NULL};
	if ((r = store_taxcode_count(db, unit_env_word(u->env), &total, &from_tax, e)))
		return r;
	if (!from_tax)
		return nothing(out, "还没有同步过税收编码");
	if ((r = codes_asked(db, u->env, since, &out->open, &asked, e)))
		return r;
	if (asked)
		return nothing(out, "本环境今天已更新");
	out->kind = JOB_TAXCODES;
	return ERR_OK;
}

enum err store_due_taxpayer(struct db *db, const struct unit *u, int64_t since, struct due *out,
			    struct err_info *e)
{
	struct taxpayer t;
	bool found = false;
	enum err r;

	*out = (struct due) {.kind = NULL};
	if ((r = store_taxpayer_get(db, u->id, &t, &found, e)))
		return r;
	if (!found || !t.risk_at)
		return nothing(out, "还没有同步过企业信息");
	if (t.risk_at >= since && t.risk_at <= clock_now() + CLOCK_SLACK)
		return nothing(out, "今天已更新");
	if ((r = store_job_open(db, JOB_TAXPAYER, u->id, 0, &out->open, e)))
		return r;
	out->kind = JOB_TAXPAYER;
	return ERR_OK;
}
