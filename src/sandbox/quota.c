/* sandbox/quota.c - 发票额度: the month's total, what was downloaded, what was used, the interval
 * (CXSXED, XZTHSXED, TZSXEDYXQ; protocol 7.3).
 */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "sandbox/faults.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/units.h"

/* 按需开票: the total that means "without limit". */
#define QUOTA_UNLIMITED INT64_C(999999999999999900)

struct quota {
	int64_t total, downloaded, used, paused, filed, deadline;
	char from[9], to[9]; /* yyyyMMdd */
};

static void day_text(int year, int month, int day, char out[9])
{
	snprintf(out, 9, "%04u%02u%02u", (unsigned)year % 10000, (unsigned)month % 100,
		 (unsigned)day % 100);
}

void quota_row(struct sb *sb, enum env env, const char *tax_no, const char *month)
{
	struct unit u;
	int64_t total = 0;
	if (!unit_by(sb, U_TAX_NO, tax_no, &u) || !money_parse(u.v[U_QUOTA], &total))
		total = 0;
	db_run(sb,
	       "INSERT INTO quota(env, tax_no, month, total) VALUES(?1, ?2, ?3, ?4)"
	       " ON CONFLICT DO NOTHING",
	       "itti", (int64_t)env, tax_no, month, total);
}

static bool quota_read(struct sb *sb, enum env env, const char *tax_no, const char *month,
		       struct quota *out)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT total, downloaded, used, paused, filed, deadline,"
				   " day_from, day_to FROM quota"
				   " WHERE env=?1 AND tax_no=?2 AND month=?3",
				   "itt", (int64_t)env, tax_no, month);
	if (!db_next(sb, q))
		return false;
	out->total = db_int(q, 0);
	out->downloaded = db_int(q, 1);
	out->used = db_int(q, 2);
	out->paused = db_int(q, 3);
	out->filed = db_int(q, 4);
	out->deadline = db_int(q, 5);
	snprintf(out->from, sizeof(out->from), "%s", db_text(q, 6));
	snprintf(out->to, sizeof(out->to), "%s", db_text(q, 7));
	sqlite3_reset(q);
	return true;
}

static void current(struct sb *sb, const struct request *rq, char month[MONTH_TEXT],
		    struct quota *out)
{
	month_text(rq->now_ms / 1000, month);
	quota_row(sb, rq->env, rq->unit->v[U_TAX_NO], month);
	memset(out, 0, sizeof(*out));
	quota_read(sb, rq->env, rq->unit->v[U_TAX_NO], month, out);
}

static int64_t available(const struct quota *q)
{
	return q->total == QUOTA_UNLIMITED ? QUOTA_UNLIMITED : q->total - q->downloaded;
}

void quota_query_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	char month[MONTH_TEXT], sq[8];
	struct quota q;
	if (!answer_same_taxpayer(rq, "nsrsbh", data))
		return;
	current(sb, rq, month, &q);
	snprintf(sq, sizeof(sq), "%.4s%.2s", month, month + 5);
	bool paused = q.paused || fault_on(FAULT_PAUSED_QUOTA, NULL);
	struct json_out o;
	answer_open(&o, data);
	json_put(&o, "ztsxbz", paused ? "Y" : "N");
	answer_fen(&o, "bysxed", q.total);
	answer_fen(&o, "kysyed", available(&q));
	answer_fen(&o, "yxzed", q.downloaded);
	answer_fen(&o, "yxzwsyed", q.downloaded - q.used);
	json_put(&o, "sq", sq);
	json_close(&o, '}');
}

void quota_month_end(const char *month, char out[9])
{
	int year = 0, m = 0;
	month_parse(month, &year, &m);
	day_text(year, m, date_month_days(year, m), out);
}

static bool past_deadline(const struct request *rq, const struct quota *q)
{
	return date_of(rq->now_ms / 1000).date.day > q->deadline;
}

/* The interval of a month starts at its first day and ends with the filing deadline, or with the
 * month once it is filed or the deadline has passed. */
static void interval_of(const struct request *rq, const char *month, struct quota *q)
{
	int year = 0, m = 0;
	month_parse(month, &year, &m);
	day_text(year, m, 1, q->from);
	if (q->filed || past_deadline(rq, q))
		quota_month_end(month, q->to);
	else
		day_text(year, m, (int)q->deadline, q->to);
}

static bool interval_is_over(const struct request *rq, const struct quota *q)
{
	struct datetime now = date_of(rq->now_ms / 1000);
	char day[9];
	day_text(now.date.year, now.date.month, now.date.day, day);
	return strcmp(q->to, day) < 0;
}

static void write_interval(struct buf *data, const char *month, const char *from, const char *to)
{
	struct json_out o;
	answer_open(&o, data);
	if (month)
		json_put(&o, "sxedsq", month);
	if (from[0]) {
		json_put(&o, "syqjq", from);
		json_put(&o, "syqjz", to);
	}
	json_close(&o, '}');
}

static bool move_repeated(struct sb *sb, const struct request *rq, const char *ywlsh,
			  const char *kind, int64_t fen, struct buf *data)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT tax_no, kind, fen, day_from, day_to FROM quota_move"
				   " WHERE env=?1 AND ywlsh=?2",
				   "it", (int64_t)rq->env, ywlsh);
	if (!db_next(sb, q))
		return false;
	if (!strcmp(db_text(q, 0), rq->unit->v[U_TAX_NO]) && !strcmp(db_text(q, 1), kind) &&
	    db_int(q, 2) == fen)
		write_interval(data, NULL, db_text(q, 3), db_text(q, 4));
	else
		answer_fail(data, "01", "业务流水号已使用，且申请类型或申请额度与首次申请不一致");
	sqlite3_reset(q);
	return true;
}

/* Why the download or return may not happen; NULL when it may. */
static const char *move_refusal(const struct quota *q, const char *kind, int64_t fen)
{
	if (kind[0] == '1')
		return fen > q->downloaded - q->used ? "退回额度大于已下载未使用额度" : NULL;
	if (q->paused || fault_on(FAULT_PAUSED_QUOTA, NULL))
		return "已暂停赋额，不允许下载额度";
	return fen > available(q) ? "申请额度大于可用剩余额度" : NULL;
}

void quota_move_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *kind = json_member(rq->json, "sqlx"), *ywlsh = json_member(rq->json, "ywlsh");
	char month[MONTH_TEXT];
	int64_t fen;
	struct quota q;
	if (!answer_same_taxpayer(rq, "nsrsbh", data))
		return;
	const char *wrong = NULL;
	if (strcmp(json_member(rq->json, "ptbh"), rq->direct->v[U_LEQI_ID]) != 0)
		wrong = "平台编号不是直连单位的平台编号";
	else if (strcmp(kind, "0") != 0 && strcmp(kind, "1") != 0)
		wrong = "申请类型应为0或1";
	else if (!ywlsh[0] || strlen(ywlsh) > 100)
		wrong = "业务流水号不能为空且不超过100位";
	else if (!money_parse(json_member(rq->json, "sqed"), &fen) || fen <= 0)
		wrong = "申请额度应为大于0且最多两位小数的金额";
	if (wrong) {
		answer_fail(data, "01", "参数错误，%s", wrong);
		return;
	}
	if (move_repeated(sb, rq, ywlsh, kind, fen, data))
		return;
	current(sb, rq, month, &q);
	wrong = move_refusal(&q, kind, fen);
	if (wrong) {
		answer_fail(data, "01", "%s", wrong);
		return;
	}
	bool download = kind[0] == '0';
	if (download && (!q.from[0] || interval_is_over(rq, &q)))
		interval_of(rq, month, &q);
	db_run(sb,
	       "UPDATE quota SET downloaded=downloaded+?4, day_from=?5, day_to=?6"
	       " WHERE env=?1 AND tax_no=?2 AND month=?3",
	       "ittitt", (int64_t)rq->env, rq->unit->v[U_TAX_NO], month, download ? fen : -fen,
	       q.from, q.to);
	const char *from = download ? q.from : "", *to = download ? q.to : "";
	db_run(sb,
	       "INSERT INTO quota_move(env, ywlsh, tax_no, month, kind, fen, day_from, day_to, at)"
	       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	       "ittttitti", (int64_t)rq->env, ywlsh, rq->unit->v[U_TAX_NO], month, kind, fen, from,
	       to, rq->now_ms);
	write_interval(data, NULL, from, to);
}

void quota_interval_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *asked = json_member(rq->json, "sxedsq");
	char month[MONTH_TEXT];
	int year, m;
	struct quota q;
	if (!answer_same_taxpayer(rq, "xsfnsrsbh", data))
		return;
	if (strlen(asked) != 7 || !month_parse(asked, &year, &m)) {
		answer_fail(data, "01", "参数错误，发票额度属期格式应为yyyy-MM");
		return;
	}
	current(sb, rq, month, &q);
	if (strcmp(asked, month) != 0) {
		answer_fail(data, "01", "只能调整当前属期的发票额度有效期");
		return;
	}
	if (!q.from[0]) {
		answer_fail(data, "01", "当前属期没有已下载的发票额度");
		return;
	}
	if ((q.filed || past_deadline(rq, &q)) && !fault_on(FAULT_STUCK_INTERVAL, NULL)) {
		quota_month_end(month, q.to);
		db_run(sb, "UPDATE quota SET day_to=?4 WHERE env=?1 AND tax_no=?2 AND month=?3",
		       "ittt", (int64_t)rq->env, rq->unit->v[U_TAX_NO], month, q.to);
	}
	write_interval(data, month, q.from, q.to);
}

enum quota_state quota_use(struct sb *sb, enum env env, const struct unit *u, int64_t kprq,
			   int64_t fen)
{
	char month[MONTH_TEXT], day[9];
	struct datetime t = date_of(kprq);
	struct quota q;
	month_text(kprq, month);
	if (!quota_read(sb, env, u->v[U_TAX_NO], month, &q) || !q.from[0])
		return QUOTA_MISSING;
	day_text(t.date.year, t.date.month, t.date.day, day);
	if (strcmp(day, q.from) < 0 || strcmp(day, q.to) > 0)
		return QUOTA_OUTSIDE;
	if (fen > q.downloaded - q.used)
		return QUOTA_SHORT;
	db_run(sb, "UPDATE quota SET used=used+?4 WHERE env=?1 AND tax_no=?2 AND month=?3", "itti",
	       (int64_t)env, u->v[U_TAX_NO], month, fen);
	return QUOTA_OK;
}

void quota_give(struct sb *sb, enum env env, const struct unit *u, int64_t kprq, int64_t fen)
{
	char month[MONTH_TEXT];
	month_text(kprq, month);
	db_run(sb, "UPDATE quota SET used=used-?4 WHERE env=?1 AND tax_no=?2 AND month=?3", "itti",
	       (int64_t)env, u->v[U_TAX_NO], month, fen);
}

bool quota_month_locked(struct sb *sb, enum env env, const char *tax_no, int64_t kprq)
{
	char month[MONTH_TEXT];
	month_text(kprq, month);
	return db_value(sb, 0, "SELECT locked FROM quota WHERE env=?1 AND tax_no=?2 AND month=?3",
			"itt", (int64_t)env, tax_no, month) != 0;
}
