/* sandbox/summary.c - SCFPHZQRXX, CXFPHZQRXX: the six figures of a month (protocol 4.1, 7.13). */
#include "sandbox/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/units.h"

enum { SIX = 6, CLOSING_DAY = 13 };
#define OTHER_PLATFORM "99999999999999999999"

const char *summary_schema(void)
{
	return "CREATE TABLE IF NOT EXISTS summary(env INTEGER NOT NULL, tax_no TEXT NOT NULL,"
	       " platform TEXT NOT NULL, month TEXT NOT NULL, at INTEGER NOT NULL,"
	       " PRIMARY KEY(env, tax_no, platform, month)) WITHOUT ROWID;"
	       "CREATE INDEX IF NOT EXISTS invoice_taken ON invoice(env, tax_no, at);";
}

static const struct {
	const char *key, *label;
	bool count;
} figures[SIX] = {
    {"lzfpsl", "蓝字数量", true}, {"lzfpje", "蓝字金额", false}, {"lzfpse", "蓝字税额", false},
    {"hzfpsl", "红字数量", true}, {"hzfpje", "红字金额", false}, {"hzfpse", "红字税额", false},
};

/* ---- months ---- */

static bool read_month(const char *text)
{
	int year, month;

	return strlen(text) == 7 && text[4] == '-' && month_parse(text, &year, &month);
}

/* First moment of the given day, `by` months after the month. */
static int64_t moment(const char *month, int by, int day)
{
	struct datetime t = {.date = {.year = 1970, .month = 1, .day = 1}};

	month_parse(month, &t.date.year, &t.date.month);
	t.date = date_add_months(t.date, by);
	t.date.day = day;
	return date_unix(t);
}

static bool closed(const char *month, int64_t now)
{
	return now >= moment(month, 1, CLOSING_DAY);
}

static bool confirmed(struct sb *sb, enum env env, const char *tax_no, const char *platform,
		      const char *month)
{
	return db_value(sb, 0,
			"SELECT 1 FROM summary WHERE env=?1 AND tax_no=?2 AND platform=?3"
			" AND month=?4",
			"ittt", (int64_t)env, tax_no, platform, month) != 0;
}

static const char *own_platform(const struct request *rq)
{
	return rq->direct->v[U_LEQI_ID];
}

bool summary_locked(struct sb *sb, const struct request *rq, int64_t kprq)
{
	char month[MONTH_TEXT];

	month_text(kprq, month);
	return closed(month, rq->now_ms / 1000) ||
	       confirmed(sb, rq->env, rq->unit->v[U_TAX_NO], own_platform(rq), month);
}

bool summary_missing(struct sb *sb, const struct request *rq)
{
	char month[MONTH_TEXT];
	int64_t now = rq->now_ms / 1000;

	if (!fault_on(FAULT_SUMMARY_REQUIRED, rq->service))
		return false;
	month_text(now, month);
	month_text(moment(month, -1, 1), month);
	return !closed(month, now) &&
	       !confirmed(sb, rq->env, rq->unit->v[U_TAX_NO], own_platform(rq), month);
}

/* ---- sums ---- */

/* What was taken in the month; of other channels: without a receipt.  While summary_lag is on, the
 * last seconds are not counted yet. */
static bool sum_month(struct sb *sb, const struct request *rq, bool other, const char *month,
		      int64_t out[SIX])
{
	int64_t from = moment(month, 0, 1) * 1000, to = moment(month, 1, 1) * 1000;
	struct fault f;
	sqlite3_stmt *q;
	bool any = false;

	if (fault_take(FAULT_SUMMARY_LAG, rq->service, &f) && rq->now_ms - f.value * 1000 < to)
		to = rq->now_ms - f.value * 1000;
	q = db_query(sb,
		     "SELECT hjje, hjse, jshj FROM invoice WHERE env=?1 AND tax_no=?2"
		     " AND (sllsh='')=?3 AND at>=?4 AND at<?5",
		     "itiii", (int64_t)rq->env, rq->unit->v[U_TAX_NO], (int64_t)other, from, to);
	memset(out, 0, SIX * sizeof(*out));
	while (db_next(sb, q)) {
		int64_t *three = db_int(q, 2) < 0 ? out + 3 : out;

		three[0]++;
		three[1] += db_int(q, 0);
		three[2] += db_int(q, 1);
		any = true;
	}
	return any;
}

/* ---- CXFPHZQRXX ---- */

static void write_sums(struct json_out *o, const char *platform, const char *month,
		       const int64_t six[SIX])
{
	json_open(o, NULL, '{');
	json_put(o, "ptbh", platform);
	json_put(o, "yf", month);
	for (int i = 0; i < SIX; i++) {
		if (figures[i].count)
			answer_int(o, figures[i].key, six[i]);
		else
			answer_fen(o, figures[i].key, six[i]);
	}
	json_close(o, '}');
}

/* A month without invoices is told once it was confirmed. */
static void write_month(struct sb *sb, const struct request *rq, const char *month,
			struct json_out *o)
{
	const char *asked = json_member(rq->json, "ptbh"), *own = own_platform(rq);

	for (int other = 0; other < 2; other++) {
		const char *platform = other ? OTHER_PLATFORM : own;
		int64_t six[SIX];
		bool any = (!asked[0] || !strcmp(asked, platform)) &&
			   (sum_month(sb, rq, other, month, six) ||
			    confirmed(sb, rq->env, rq->unit->v[U_TAX_NO], platform, month));

		if (any)
			write_sums(o, platform, month, six);
	}
}

enum { MONTHS_MAX = 120 };

static void write_months(struct sb *sb, const struct request *rq, struct json_out *o)
{
	char months[MONTHS_MAX][MONTH_TEXT];
	int n = 0;
	sqlite3_stmt *q =
	    db_query(sb,
		     "SELECT DISTINCT substr(datetime(at/1000+28800, 'unixepoch'), 1, 7) AS m"
		     " FROM invoice WHERE env=?1 AND tax_no=?2 UNION SELECT month FROM summary"
		     " WHERE env=?1 AND tax_no=?2 ORDER BY m",
		     "it", (int64_t)rq->env, rq->unit->v[U_TAX_NO]);

	while (db_next(sb, q))
		if (n < MONTHS_MAX)
			text_copy(months[n++], MONTH_TEXT, db_text(q, 0));
	for (int i = 0; i < n; i++)
		write_month(sb, rq, months[i], o);
}

static bool told_region(const struct request *rq, struct buf *data)
{
	if (!answer_same_taxpayer(rq, "xsfnsrsbh", data))
		return false;
	if (json_member(rq->json, "xsfsjswjgdm")[0])
		return true;
	answer_fail(data, "01", "参数错误，销方省级税务机关代码不能为空");
	return false;
}

void summary_query_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *month = json_member(rq->json, "yf");
	struct json_out o;

	if (!told_region(rq, data))
		return;
	if (month[0] && !read_month(month)) {
		answer_fail(data, "01", "参数错误，月份（yf）应为yyyy-MM");
		return;
	}
	answer_open(&o, data);
	json_put(&o, "xsfnsrsbh", rq->unit->v[U_TAX_NO]);
	json_open(&o, "fphzqrxxList", '[');
	if (month[0])
		write_month(sb, rq, month, &o);
	else
		write_months(sb, rq, &o);
	json_close(&o, ']');
	json_close(&o, '}');
}

/* ---- SCFPHZQRXX ---- */

/* Texts and JSON numbers alike; -200.00 has a sign. */
static bool read_figure(const cJSON *json, int i, int64_t *out)
{
	const char *text = json_member(json, figures[i].key);

	if (figures[i].count) {
		*out = strtoll(text, NULL, 10);
		return text[0] && strlen(text) <= 10 && text_all_digits(text);
	}
	return text[0] && money_parse(text, out);
}

static bool told_month(const struct request *rq, bool cancel, struct buf *data)
{
	const char *month = json_member(rq->json, "yf");
	char current[MONTH_TEXT], last[MONTH_TEXT];
	int64_t now = rq->now_ms / 1000;

	if (!read_month(month)) {
		answer_fail(data, "01", "参数错误，月份（yf）应为yyyy-MM");
		return false;
	}
	month_text(now, current);
	month_text(moment(current, -1, 1), last);
	if (!strcmp(month, last) && closed(month, now))
		answer_fail(data, "01", "已过%s的汇总确认期限，系统已自动汇总", month);
	else if (strcmp(month, last) && strcmp(month, current))
		answer_fail(data, "01", "只能办理上月和本月的汇总确认");
	else if (!cancel && !strcmp(month, current))
		answer_fail(data, "01", "%s尚未结束，不能汇总确认", month);
	else
		return true;
	return false;
}

/* The first figure that is not ours is told. */
static bool agrees(struct sb *sb, const struct request *rq, struct buf *data)
{
	int64_t six[SIX], sent = 0;

	sum_month(sb, rq, false, json_member(rq->json, "yf"), six);
	for (int i = 0; i < SIX; i++) {
		char a[MONEY_TEXT], b[MONEY_TEXT];
		const char *what = figures[i].label;

		if (!read_figure(rq->json, i, &sent)) {
			answer_fail(data, "01", "参数错误，%s（%s）不能为空或格式不正确", what,
				    figures[i].key);
			return false;
		}
		if (sent == six[i])
			continue;
		if (figures[i].count) {
			snprintf(a, sizeof(a), "%lld", (long long)six[i]);
			snprintf(b, sizeof(b), "%lld", (long long)sent);
		} else {
			money_format(six[i], a);
			money_format(sent, b);
		}
		answer_fail(data, "01", "当前比对结果，%s与局端不一致，局端%s%s，上传确认%s%s",
			    what, what + strlen("蓝字"), a, what + strlen("蓝字"), b);
		return false;
	}
	return true;
}

static void put_state(struct sb *sb, enum env env, const char *tax_no, const char *platform,
		      const char *month, bool confirm, int64_t at)
{
	if (confirm)
		db_run(sb,
		       "INSERT INTO summary(env, tax_no, platform, month, at)"
		       " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
		       "ittti", (int64_t)env, tax_no, platform, month, at);
	else
		db_run(sb,
		       "DELETE FROM summary WHERE env=?1 AND tax_no=?2 AND platform=?3"
		       " AND month=?4",
		       "ittt", (int64_t)env, tax_no, platform, month);
}

void summary_confirm_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *type = json_member(rq->json, "ywlx"), *month = json_member(rq->json, "yf");
	const char *tax_no = rq->unit->v[U_TAX_NO], *own = own_platform(rq);
	bool cancel = !strcmp(type, "1"), is;
	struct json_out o;

	if (!told_region(rq, data))
		return;
	if (!cancel && strcmp(type, "0") != 0) {
		answer_fail(data, "01", "参数错误，业务类型（ywlx）应为0或1");
		return;
	}
	if (strcmp(json_member(rq->json, "ptbh"), own) != 0) {
		answer_fail(data, "01", "参数错误，平台编号（ptbh）不是本直连单位");
		return;
	}
	if (!told_month(rq, cancel, data))
		return;
	is = confirmed(sb, rq->env, tax_no, own, month);
	if (is != cancel) {
		answer_fail(data, "01",
			    is ? "该月发票已确认，请勿重复确认" : "该月发票未确认，无需取消");
		return;
	}
	if (!cancel && !agrees(sb, rq, data))
		return;
	put_state(sb, rq->env, tax_no, own, month, !cancel, rq->now_ms);
	answer_open(&o, data);
	json_close(&o, '}');
}

/* ---- the control port ---- */

void summary_write_all(struct sb *sb, struct json_out *o, const char *key)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT env, tax_no, platform, month, at FROM summary"
				   " ORDER BY env, tax_no, month",
				   "");

	json_open(o, key, '[');
	while (db_next(sb, q)) {
		char at[DATETIME_TEXT];

		json_open(o, NULL, '{');
		json_put(o, "env", env_name((enum env)db_int(q, 0)));
		json_put(o, "tax_no", db_text(q, 1));
		json_put(o, "platform", db_text(q, 2));
		json_put(o, "month", db_text(q, 3));
		json_put(o, "at", datetime_text(db_int(q, 4) / 1000, at));
		json_close(o, '}');
	}
	json_close(o, ']');
}

void summary_post(struct sb *sb, const cJSON *body, char error[256])
{
	const char *month = json_member(body, "month"), *text = json_member(body, "env");
	enum env env = ENV_REAL;
	struct unit u, direct;

	if (text[0] && !env_parse(text, &env))
		snprintf(error, 256, "env 应为 正式 或 沙箱");
	else if (!unit_by(sb, U_TAX_NO, json_member(body, "tax_no"), &u) ||
		 !unit_by(sb, U_TAX_NO, u.v[U_DIRECT], &direct))
		snprintf(error, 256, "没有这个单位");
	else if (!read_month(month))
		snprintf(error, 256, "month 应为 yyyy-MM");
	else
		put_state(sb, env, u.v[U_TAX_NO], direct.v[U_LEQI_ID], month,
			  strcmp(json_member(body, "state"), "open") != 0, clock_now_ms());
}
