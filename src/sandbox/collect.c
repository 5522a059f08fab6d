/* sandbox/collect.c - PLFPXZSQ, PLFPXZSQFK, FPZTXXCX (protocol 4.1, 4.2, 8.1). */
#include "sandbox/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/red.h"
#include "sandbox/units.h"

enum { A_DAY = 1, THIS_MONTH = 5, PAST_MONTH = 3 };

const char *collect_schema(void)
{
	return "CREATE TABLE IF NOT EXISTS collect(lsh TEXT PRIMARY KEY, env INTEGER NOT NULL,"
	       " tax_no TEXT NOT NULL, fplx TEXT NOT NULL, sjlx TEXT NOT NULL,"
	       " day_from TEXT NOT NULL, day_to TEXT NOT NULL, day TEXT NOT NULL,"
	       " at INTEGER NOT NULL) WITHOUT ROWID;"
	       "CREATE INDEX IF NOT EXISTS invoice_seller ON invoice(env, tax_no, kprq);";
}

/* ---- PLFPXZSQ ---- */

/* "yyyyMMdd" as yyyy-MM-dd. */
static bool read_day(const char *text, char out[DATE_TEXT])
{
	struct date d;

	if (strlen(text) != 8 || !date_parse(text, &d))
		return false;
	date_text(date_unix((struct datetime) {.date = d}), out);
	return true;
}

struct list_application {
	char from[DATE_TEXT], to[DATE_TEXT], today[DATE_TEXT];
	const char *fplx, *sjlx;
};

static bool read_application(const struct request *rq, struct list_application *a, struct buf *data)
{
	a->fplx = json_member(rq->json, "fplx");
	a->sjlx = json_member(rq->json, "sjlx");
	date_text(rq->now_ms / 1000, a->today);
	if (!read_day(json_member(rq->json, "kprqq"), a->from) ||
	    !read_day(json_member(rq->json, "kprqz"), a->to))
		answer_fail(data, "01", "参数校验异常：开票日期起止应为YYYYMMDD");
	else if (strcmp(a->from, a->to) > 0 || strncmp(a->from, a->to, 7) != 0)
		answer_fail(data, "01", "参数校验异常：开票日期起止应在同一个自然月内");
	else if (strcmp(a->from, a->today) > 0)
		answer_fail(data, "01", "参数校验异常：开票日期起不能晚于当前日期");
	else if (!strstr("|01|02|03|04|08|10|11|14|15|51|61|81|82|83|84|85|86|87|88|", a->fplx) ||
		 strlen(a->fplx) != 2)
		answer_fail(data, "01", "参数校验异常：发票类型不正确");
	else if (strlen(a->sjlx) != 1 || !strchr("123", a->sjlx[0]))
		answer_fail(data, "01", "参数校验异常：数据类型不正确");
	else
		return true;
	return false;
}

static bool within_limits(struct sb *sb, const struct request *rq, const struct list_application *a,
			  struct buf *data)
{
	static const char count[] =
	    "SELECT count(*) FROM collect WHERE env=?1 AND tax_no=?2 AND fplx=?3 AND sjlx=?4"
	    " AND substr(day_from,1,7)=substr(?5,1,7) AND (?6='' OR day=?6)";
	bool current = strncmp(a->from, a->today, 7) == 0;
	const char *tax_no = rq->unit->v[U_TAX_NO];
	int64_t today = db_value(sb, 0, count,
				 "itttt"
				 "t",
				 (int64_t)rq->env, tax_no, a->fplx, a->sjlx, a->from, a->today);
	int64_t all = db_value(sb, 0, count,
			       "itttt"
			       "t",
			       (int64_t)rq->env, tax_no, a->fplx, a->sjlx, a->from, "");

	if (today < A_DAY && all < (current ? THIS_MONTH : PAST_MONTH))
		return true;
	answer_fail(data, "03", "拒绝处理：申请次数已达上限（%s）",
		    today < A_DAY ? "本月份" : "当日");
	return false;
}

void collect_apply_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct list_application a;
	char lsh[UUID_TEXT];
	struct json_out o;

	if (!answer_same_taxpayer(rq, "nsrsbh", data) || !read_application(rq, &a, data) ||
	    !within_limits(sb, rq, &a, data))
		return;
	random_uuid(lsh);
	db_run(sb,
	       "INSERT INTO collect(lsh, env, tax_no, fplx, sjlx, day_from, day_to, day, at)"
	       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	       "titttttti", lsh, (int64_t)rq->env, rq->unit->v[U_TAX_NO], a.fplx, a.sjlx, a.from,
	       a.to, a.today, rq->now_ms);
	answer_open(&o, data);
	json_put(&o, "lsh", lsh);
	json_close(&o, '}');
}

/* ---- PLFPXZSQFK ---- */

struct collected {
	char fplx[4], sjlx[4], from[DATE_TEXT], to[DATE_TEXT];
	int64_t at;
};

static bool find_collected(struct sb *sb, const struct request *rq, struct collected *c)
{
	sqlite3_stmt *q =
	    db_query(sb,
		     "SELECT fplx, sjlx, day_from, day_to, at FROM collect"
		     " WHERE lsh=?1 AND env=?2 AND tax_no=?3",
		     "tit", json_member(rq->json, "lsh"), (int64_t)rq->env, rq->unit->v[U_TAX_NO]);

	if (!db_next(sb, q))
		return false;
	text_copy(c->fplx, sizeof(c->fplx), db_text(q, 0));
	text_copy(c->sjlx, sizeof(c->sjlx), db_text(q, 1));
	text_copy(c->from, sizeof(c->from), db_text(q, 2));
	text_copy(c->to, sizeof(c->to), db_text(q, 3));
	c->at = db_int(q, 4);
	sqlite3_reset(q);
	return true;
}

static bool still_running(struct sb *sb, const struct request *rq, const struct collected *c)
{
	struct fault f;
	int64_t wait = fault_take(FAULT_KEEP_PROCESSING, "PLFPXZSQFK", &f) ? f.value * 1000
									   : sb->result_delay_ms;

	return rq->now_ms - c->at < wait;
}

static void write_package(struct sb *sb, const struct request *rq, const struct collected *c,
			  int64_t package, int64_t count, struct buf *data)
{
	struct face_query q = {rq->env, rq->unit->v[U_TAX_NO], c->fplx, c->from, c->to};
	int64_t packages = (count + COLLECT_PACKAGE - 1) / COLLECT_PACKAGE;
	struct json_out o;
	struct buf stream;

	buf_init(&stream, SB_BODY_MAX);
	if (count && !face_package(sb, &q, package, &stream)) {
		buf_free(&stream);
		answer_fail(data, "99", "系统级异常");
		return;
	}
	answer_open(&o, data);
	answer_int(&o, "packagecount", packages);
	json_put(&o, "nsrsbh", rq->unit->v[U_TAX_NO]);
	json_put(&o, "fplx", c->fplx);
	json_put(&o, "sjlx", c->sjlx);
	json_put(&o, "cljg",
		 fault_take(FAULT_COLLECT_FAILS, "PLFPXZSQFK", NULL) ? "3"
		 : count                                             ? "1"
								     : "2");
	if (count)
		json_put(&o, "sjl", buf_str(&stream));
	json_close(&o, '}');
	buf_free(&stream);
}

void collect_fetch_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct collected c;
	const char *text = json_member(rq->json, "packageno");
	int64_t count = 0, package = text_all_digits(text) ? strtoll(text, NULL, 10) : 0;

	if (!json_member(rq->json, "lsh")[0] || package < 1 || strlen(text) > 5) {
		answer_fail(data, "01", "参数校验异常：流水号或包号不正确");
	} else if (!find_collected(sb, rq, &c)) {
		answer_fail(data, "04", "查无数据");
	} else if (still_running(sb, rq, &c)) {
		answer_fail(data, "10", "申请处理中，请稍后再试");
	} else {
		struct face_query q = {rq->env, rq->unit->v[U_TAX_NO], c.fplx, c.from, c.to};

		/* 进项 and 自然人推送 lists are empty here. */
		if (strcmp(c.sjlx, "2") == 0)
			count = face_count(sb, &q);
		if (package > 1 && (package - 1) * COLLECT_PACKAGE >= count)
			answer_fail(data, "01", "参数校验异常：包号超过总包数");
		else
			write_package(sb, rq, &c, package, count, data);
	}
}

/* ---- FPZTXXCX ---- */

static const char *use_or(const struct blue *b, enum blue_use use, const char *otherwise)
{
	return b->use[use][0] ? b->use[use] : otherwise;
}

static void write_usage(struct sb *sb, const struct request *rq, const struct blue *b,
			struct buf *data)
{
	struct json_out o;
	bool locked = blue_running(sb, rq->env, b);

	answer_open(&o, data);
	const struct {
		const char *key, *value;
	} rows[] = {{"fpdm", b->fpdm},
		    {"fphm", b->fphm},
		    {"kprq", blue_text(b, "kprq")},
		    {"fpzt", b->fpzt},
		    {"ycpzzt", use_or(b, USE_YCPZZT, "01")},
		    {"hzsdbs", locked ? "Y" : use_or(b, USE_HZSDBS, "N")},
		    {"fpyt", use_or(b, USE_FPYT, "0")},
		    {"rzzt", use_or(b, USE_RZZT, "01")},
		    {"cpyycbs", ""},
		    {"cktsldm", ""},
		    {"zzsyhyt", use_or(b, USE_ZZSYHYT, "0")},
		    {"xfsyt", use_or(b, USE_XFSYT, "")},
		    {"jdcycbs", ""},
		    {"skssq", ""}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		json_put(&o, rows[i].key, rows[i].value);
	json_close(&o, '}');
}

/* 81, 82 and their paper forms go by the number alone, the old kinds need the code. */
static bool kind_fits(const struct blue *b, const char *fplx)
{
	static const struct {
		const char *fplx, *fppz;
		bool code;
	} kinds[] = {{"81", "01", false}, {"82", "02", false}, {"85", "01", false},
		     {"86", "02", false}, {"01", "01", true},  {"08", "01", true},
		     {"04", "02", true},  {"10", "02", true}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].fplx, fplx))
			return !strcmp(kinds[i].fppz, blue_text(b, "fppz")) &&
			       kinds[i].code == (b->fpdm[0] != 0);
	}
	return false;
}

void usage_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *fphm = json_member(rq->json, "fphm"), *fplx = json_member(rq->json, "fplx"),
		   *fpdm = json_member(rq->json, "fpdm");
	char day[DATE_TEXT];
	struct blue b;

	if (strlen(fphm) != (fpdm[0] ? 8 : 20) || !text_all_digits(fphm) || strlen(fplx) != 2 ||
	    !read_day(json_member(rq->json, "kprq"), day) ||
	    !strstr("|01|04|08|10|81|82|85|86|", fplx)) {
		answer_fail(data, "01", "参数校验异常：发票类型、发票号码或开票日期不正确");
		return;
	}
	red_tick(sb, rq->now_ms);
	if (blue_load(sb, rq->env, fpdm, fphm, &b) && kind_fits(&b, fplx) &&
	    strncmp(blue_text(&b, "kprq"), day, 10) == 0)
		write_usage(sb, rq, &b, data);
	else
		answer_fail(data, strcmp(rq->ability, "203067") == 0 ? "04" : "01",
			    "未查询到发票信息");
	blue_free(&b);
}
