/* quota.c - the quota of a unit as a person sees and moves it. */
#include "desk/quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/quota_p.h"

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

/* ---- moving ---- */

static enum err amount_fail(struct err_info *e, const char *code, const char *what, const char *why,
			    int64_t limit, const char *hint)
{
	char text[FEN_TEXT];

	err_fail(e, ERR_INVALID, code, what, "%s %s", why, fen_format(limit, text));
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
	char canonical[24];
	struct unit u;
	int year, mon;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)))
		return r;
	if (strlen(month) != 7 || !month_parse(month, &year, &mon))
		return err_fail(e, ERR_INVALID, "date.month", "属期", "“%.40s”不是 yyyy-MM 的月份",
				month);
	if ((r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	snprintf(canonical, sizeof(canonical), "%04d-%02d", year, mon);
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

/* ---- automatic: settings of type "quota", keys TAXNO.on / .percent ---- */

enum err quota_read_auto(struct session *s, const struct unit *u, struct quota_auto *out,
			 struct err_info *e)
{
	struct auto_quota a;
	enum err r = store_auto_quota(s->db, u, &a, e);

	*out = (struct quota_auto) {.on = a.on, .percent = a.percent};
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

static enum err write_auto(struct session *s, const struct unit *u, const struct quota_auto *a,
			   struct err_info *e)
{
	char key[80], value[32];
	enum err r;

	snprintf(key, sizeof(key), "%s.on", u->tax_no);
	if ((r = store_setting_set(s->db, "quota", key, a->on ? "1" : "0", e)))
		return r;
	snprintf(key, sizeof(key), "%s.percent", u->tax_no);
	snprintf(value, sizeof(value), "%lld", (long long)a->percent);
	if (a->percent > 0 && (r = store_setting_set(s->db, "quota", key, value, e)))
		return r;
	return desk_audit(s, u->id, "quota.auto", a->on ? "on" : "off", "", "", e);
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
