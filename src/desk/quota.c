/* quota.c - the quota of a unit as a person sees and moves it. */
#include "desk/quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/quota_p.h"

enum { LATELY = 1000, REFRESH_FEN = 100 };

enum err desk_quota_get(struct session *s, struct quota_month *out, struct err_info *e)
{
	char month[MONTH_TEXT];
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	r = store_quota_get(s->db, u.id, month_text(clock_now(), month), out, e);
	unit_free(&u);
	return r;
}

enum err desk_quota_entries(struct session *s, int limit, quota_each f, void *arg,
			    struct err_info *e)
{
	char month[MONTH_TEXT];
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	r = store_quota_entries(s->db, u.id, month_text(clock_now(), month), 0, limit, f, arg, e);
	unit_free(&u);
	return r;
}

struct page {
	quota_each f;
	void *arg;
	int left;
	int64_t last;
	bool more;
};

static enum err hand_entry(void *arg, const struct quota_entry *q)
{
	struct page *p = arg;

	p->more = !p->left--;
	if (p->more)
		return ERR_OK;
	p->last = q->id;
	return p->f(p->arg, q);
}

static enum err check_month(const char *month, char canonical[MONTH_TEXT], struct err_info *e)
{
	int year, mon;

	if (strlen(month) != MONTH_TEXT - 1 || !month_parse(month, &year, &mon))
		return err_fail(e, ERR_INVALID, "date.month", "属期", "“%.40s”不是 yyyy-MM 的月份",
				month);
	text_copy(canonical, MONTH_TEXT, month);
	return ERR_OK;
}

enum err desk_quota_list(struct session *s, const char *month, int64_t cursor, int limit,
			 quota_each f, void *arg, int64_t *next, int64_t *total, struct err_info *e)
{
	struct page p = {.f = f, .arg = arg, .left = limit};
	char of[MONTH_TEXT];
	struct unit u;
	enum err r;

	*next = *total = 0;
	month_text(clock_now(), of);
	if ((r = desk_allow(s, DESK_VIEW, e)) || (*month && (r = check_month(month, of, e))) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = store_quota_entries(s->db, u.id, of, cursor, limit + 1, hand_entry, &p, e)))
		r = store_quota_count(s->db, u.id, of, total, e);
	unit_free(&u);
	if (p.more)
		*next = p.last;
	return r;
}

const char *desk_quota_kind(const char *kind)
{
	static const struct {
		const char *word, *label;
	} KINDS[] = {{"download", "下载"}, {"return", "退回"}, {"reserve", "占用"},
		     {"release", "释放"},  {"use", "使用"},    {"adopt", "同步局端"},
		     {"red", "红冲返还"}};
	size_t i;

	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (!strcmp(KINDS[i].word, kind))
			return KINDS[i].label;
	}
	return kind;
}

struct adopted {
	int64_t since, fen, newest;
};

static enum err add_adopted(void *arg, const struct quota_entry *q)
{
	struct adopted *a = arg;

	if (!a->newest)
		a->newest = q->id;
	if (q->id > a->since && !strcmp(q->kind, "adopt"))
		a->fen += q->unused_delta;
	return ERR_OK;
}

enum err desk_quota_adopted(struct session *s, int64_t since, int64_t *fen, int64_t *newest,
			    struct err_info *e)
{
	struct adopted a = {.since = since};
	enum err r = desk_quota_entries(s, LATELY, add_adopted, &a, e);

	*fen = a.fen;
	*newest = a.newest;
	return r;
}

/* ---- moving ---- */

static enum err amount_fail(struct err_info *e, const char *code, const char *what, const char *why,
			    int64_t limit, const char *hint)
{
	char text[FEN_TEXT + 8];

	err_fail(e, ERR_INVALID, code, what, "%s %s", why, fen_format_grouped(limit, text));
	err_field(e, "amount");
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static enum err check_download(const struct quota_month *q, int64_t fen, struct err_info *e)
{
	int64_t sum;

	if (!fen_add(q->unused, fen, &sum))
		return amount_fail(e, "quota.overflow", "下载额度",
				   "与已下载未使用的额度相加超出 18 位，最多还可下载",
				   FEN_MAX - q->unused, "请减少金额");
	if (q->paused) {
		err_fail(e, ERR_INVALID, "quota.paused", "下载额度", "税局已暂停赋额，不能下载");
		err_hint(e, "请联系主管税务机关；恢复后运行 kaipiao quota sync");
		return ERR_INVALID;
	}
	if (q->has_remote && fen > q->remote_available)
		return amount_fail(e, "quota.available", "下载额度", "超过本月局端可用额度",
				   q->remote_available, "可先运行 kaipiao quota sync 取得最新额度");
	return ERR_OK;
}

static enum err check_return(const struct quota_month *q, int64_t fen, struct err_info *e)
{
	int64_t most = q->unused - q->reserved;

	if (fen > most)
		return amount_fail(e, "quota.return", "退回额度",
				   "超过可退回的额度（已下载未使用减去待上传发票占用）",
				   most > 0 ? most : 0, "请减少金额");
	return ERR_OK;
}

static enum err add_move(struct session *s, const struct unit *u, const struct unit *direct,
			 const char *month, bool download, int64_t fen, struct desk_wait *w,
			 struct err_info *e)
{
	char serial[101], amount[FEN_TEXT], payload[128];
	enum err r;

	unit_serial(u, direct, serial);
	fen_format(fen, amount);
	snprintf(payload, sizeof(payload), "{\"download\":%s,\"amount\":\"%s\",\"month\":\"%s\"}",
		 download ? "true" : "false", amount, month);
	if ((r = desk_intent_add(s, u->id, JOB_QUOTA_MOVE, serial, payload, w, e)))
		return r;
	return desk_audit(s, u->id, download ? "quota.download" : "quota.return", amount, "", "",
			  e);
}

/* The figures are read in the transaction of the intent: another process may issue meanwhile. */
static enum err move_unit(struct session *s, const struct unit *u, const struct unit *direct,
			  bool download, int64_t fen, struct desk_wait *w, struct err_info *e)
{
	char month[MONTH_TEXT];
	struct quota_month q;
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = store_quota_get(s->db, u->id, month_text(clock_now(), month), &q, e)) ||
	    (r = download ? check_download(&q, fen, e) : check_return(&q, fen, e)) ||
	    (r = add_move(s, u, direct, month, download, fen, w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_quota_move(struct session *s, bool download, const char *amount, struct desk_wait *w,
			 struct err_info *e)
{
	struct unit u, direct;
	int64_t fen = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)))
		return r;
	if (!fen_parse(amount, &fen) || fen <= 0) {
		err_fail(e, ERR_INVALID, "quota.amount", download ? "下载额度" : "退回额度",
			 "金额“%.40s”应大于 0，最多两位小数", amount);
		err_field(e, "amount");
		return ERR_INVALID;
	}
	if ((r = desk_unit_ready(s, &u, &direct, e)))
		return r;
	r = move_unit(s, &u, &direct, download, fen, w, e);
	unit_free(&u);
	unit_free(&direct);
	return r;
}

static enum err add_adjust(struct session *s, const struct unit *u, const char *month,
			   struct desk_wait *w, struct err_info *e)
{
	char payload[64];
	enum err r;

	snprintf(payload, sizeof(payload), "{\"month\":\"%.7s\"}", month);
	if ((r = desk_intent_add(s, u->id, JOB_QUOTA_ADJUST, "", payload, w, e)))
		return r;
	return desk_audit(s, u->id, "quota.adjust", month, "", "", e);
}

enum err desk_quota_adjust(struct session *s, const char *month, struct desk_wait *w,
			   struct err_info *e)
{
	char canonical[MONTH_TEXT];
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)) || (r = check_month(month, canonical, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = add_adjust(s, &u, canonical, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

enum err desk_quota_sync(struct session *s, struct desk_wait *w, struct err_info *e)
{
	return desk_intent_simple(s, DESK_STOCK, JOB_QUOTA_SYNC, "quota.sync", w, e);
}

/* ---- the 1-yuan refresh ---- */

bool desk_quota_interval_over(const struct quota_month *q)
{
	char today[DATE_TEXT];

	return q->end[0] && strcmp(q->end, date_text(clock_now(), today)) < 0;
}

static enum err add_refresh(struct session *s, const struct unit *u, const struct unit *direct,
			    struct desk_wait *w, struct err_info *e)
{
	char month[MONTH_TEXT], serial[101], payload[128];
	struct quota_month q;
	enum err r;

	month_text(clock_now(), month);
	unit_serial(u, direct, serial);
	snprintf(payload, sizeof(payload),
		 "{\"download\":true,\"amount\":\"1.00\",\"month\":\"%s\",\"refresh\":true}",
		 month);
	if ((r = store_quota_get(s->db, u->id, month, &q, e)) ||
	    (r = check_download(&q, REFRESH_FEN, e)) ||
	    (r = desk_intent_add(s, u->id, JOB_QUOTA_MOVE, serial, payload, w, e)))
		return r;
	return desk_audit(s, u->id, "quota.refresh", month, "", "", e);
}

enum err desk_quota_refresh(struct session *s, struct desk_wait *w, struct err_info *e)
{
	struct unit u, direct;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)) || (r = desk_unit_ready(s, &u, &direct, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = add_refresh(s, &u, &direct, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	unit_free(&direct);
	return r;
}

enum err desk_quota_refresh_rest(struct session *s, struct desk_wait *w, struct err_info *e)
{
	int64_t open = 0;
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_STOCK, &unit, e);

	if (r)
		return r;
	r = store_job_open(s->db, JOB_QUOTA_MOVE, unit, 0, &open, e);
	if (!r && open)
		desk_wait_job(w, open);
	return r;
}

/* ---- automatic: the unit's own settings of type "quota" ---- */

enum err quota_read_auto(struct session *s, const struct unit *u, struct quota_auto *out,
			 struct err_info *e)
{
	struct auto_quota a;
	enum err r = store_auto_quota(s->db, u, &a, e);

	*out = (struct quota_auto) {
	    .on = a.on, .adjust = a.adjust, .percent = a.percent, .cap = a.cap};
	return r;
}

enum err desk_quota_share(struct session *s, int64_t *fen, struct err_info *e)
{
	struct unit u;
	enum err r;

	*fen = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_quota_share(s->db, &u, fen, e);
	unit_free(&u);
	return r;
}

enum err desk_quota_auto(struct session *s, struct quota_auto *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = quota_read_auto(s, &u, out, e);
	unit_free(&u);
	return r;
}

static enum err put_setting(struct session *s, const struct unit *u, const char *what,
			    const char *value, struct err_info *e)
{
	char key[AUTO_KEY];

	return store_setting_set(s->db, "quota", store_auto_key(u, what, key), value, e);
}

static enum err put_switch(struct session *s, const struct unit *u, const char *what, int on,
			   struct err_info *e)
{
	return on < 0 ? ERR_OK : put_setting(s, u, what, on ? "1" : "0", e);
}

/* The switches and figures as the audit tells them. */
static void auto_words(const struct quota_auto *a, char out[160])
{
	char cap[FEN_TEXT];

	snprintf(out, 160, "download=%s adjust=%s percent=%lld cap=%s", a->on ? "on" : "off",
		 a->adjust ? "on" : "off", (long long)a->percent,
		 a->cap ? fen_format(a->cap, cap) : "-");
}

static enum err write_auto(struct session *s, const struct unit *u, const struct quota_auto *a,
			   struct err_info *e)
{
	struct quota_auto was, is;
	char value[FEN_TEXT], before[160], after[160];
	enum err r;

	if ((r = quota_read_auto(s, u, &was, e)) || (r = put_switch(s, u, "on", a->on, e)) ||
	    (r = put_switch(s, u, "adjust", a->adjust, e)))
		return r;
	snprintf(value, sizeof(value), "%lld", (long long)a->percent);
	if (a->percent > 0 && (r = put_setting(s, u, "percent", value, e)))
		return r;
	if (a->cap >= 0 &&
	    (r = put_setting(s, u, "cap", a->cap ? fen_format(a->cap, value) : NULL, e)))
		return r;
	if ((r = quota_read_auto(s, u, &is, e)))
		return r;
	auto_words(&was, before);
	auto_words(&is, after);
	return desk_audit(s, u->id, "quota.auto", is.on ? "on" : "off", before, after, e);
}

enum err desk_quota_set_auto(struct session *s, const struct quota_auto *a, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)))
		return r;
	if (a->percent == 0 || a->percent > 100)
		return err_fail(e, ERR_INVALID, "quota.percent", "自动下载比例",
				"应大于 0，最多 100");
	if ((r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = write_auto(s, &u, a, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}
