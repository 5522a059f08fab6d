/* sandbox/control.c - the control port: looking at the platform's state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "sandbox/faults.h"
#include "sandbox/http.h"
#include "sandbox/red.h"
#include "sandbox/summary.h"
#include "sandbox/taxcodes.h"
#include "sandbox/units.h"

enum { ROWS_MAX = 1000000 };

static int64_t number_query(const struct http_call *c, const char *name, int64_t otherwise)
{
	const char *s = http_query(c, name);
	char *end;
	long long v = strtoll(s, &end, 10);
	return s[0] && !*end ? v : otherwise;
}

/* env=; -1 = both. */
static int64_t env_query(const struct http_call *c)
{
	enum env env;
	return env_parse(http_query(c, "env"), &env) ? (int64_t)env : -1;
}

static void put_time(struct json_out *o, const char *key, int64_t ms)
{
	char text[DATETIME_TEXT];
	json_put(o, key, datetime_text(ms / 1000, text));
}

static void put_env(struct json_out *o, int64_t env)
{
	json_put(o, "env", env_name(env == ENV_TEST ? ENV_TEST : ENV_REAL));
}

static void put_money(struct json_out *o, const char *key, int64_t fen)
{
	char text[MONEY_TEXT];
	json_put(o, key, money_format(fen, text));
}

/* ---- what can be looked at; each writes members of the open object ---- */

static void get_state(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	(void)c;
	static const struct {
		const char *key, *sql;
	} counts[] = {
	    {"invoices", "SELECT count(*) FROM invoice"},
	    {"requests", "SELECT count(*) FROM request"},
	    {"receipts", "SELECT count(*) FROM receipt"},
	    {"segments", "SELECT count(*) FROM segment"},
	    {"numbers", "SELECT coalesce(sum(count),0) FROM segment"},
	    {"uploads", "SELECT count(*) FROM content"},
	    {"numbers_with_two_contents",
	     "SELECT count(*) FROM (SELECT 1 FROM content GROUP BY env, fphm"
	     " HAVING count(DISTINCT sha)>1)"},
	    {"accepted_then_changed",
	     "SELECT count(*) FROM (SELECT DISTINCT c.env, c.fphm FROM content c JOIN invoice i"
	     " ON i.env=c.env AND i.fphm=c.fphm WHERE c.outcome='duplicate' AND c.sha<>i.sha)"},
	};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_put_int(o, counts[i].key, db_value(sb, 0, counts[i].sql, ""));
	put_time(o, "now", clock_now_ms());
	json_put_int(o, "taxcodes", (long long)taxcodes_count(sb));
	json_put(o, "taxcodes_stamp", taxcodes_stamp(sb));
	fault_write(o, "faults");
	unit_write_all(sb, o, "units");
}

static void get_invoices(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	const char *number = http_query(c, "number");
	sqlite3_stmt *q = db_query(
	    sb,
	    "SELECT seq, env, fphm, tax_no, kprq, hjje, hjse, jshj, quota, sha, at, sllsh, body,"
	    " (SELECT count(*) FROM content k WHERE k.env=i.env AND k.fphm=i.fphm),"
	    " (SELECT count(*) FROM content k WHERE k.env=i.env AND k.fphm=i.fphm AND"
	    "  k.outcome='accepted') FROM invoice i WHERE (?1<0 OR env=?1) AND (?2='' OR tax_no=?2)"
	    " AND (?3='' OR fphm=?3) AND seq>?4 ORDER BY seq LIMIT ?5",
	    "ittii", env_query(c), http_query(c, "seller"), number, number_query(c, "since", 0),
	    number_query(c, "limit", ROWS_MAX));
	json_open(o, "rows", '[');
	while (db_next(sb, q)) {
		json_open(o, NULL, '{');
		json_put_int(o, "seq", db_int(q, 0));
		put_env(o, db_int(q, 1));
		json_put(o, "number", db_text(q, 2));
		json_put(o, "seller", db_text(q, 3));
		json_put(o, "kprq", db_text(q, 4));
		json_put(o, "status", "00");
		put_money(o, "hjje", db_int(q, 5));
		put_money(o, "hjse", db_int(q, 6));
		put_money(o, "jshj", db_int(q, 7));
		put_money(o, "quota", db_int(q, 8));
		json_put(o, "sha256", db_text(q, 9));
		put_time(o, "at", db_int(q, 10));
		json_put(o, "sllsh", db_text(q, 11));
		json_put_int(o, "uploads", db_int(q, 13));
		json_put_int(o, "times_accepted", db_int(q, 14));
		if (number[0])
			json_put(o, "body", db_text(q, 12));
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void get_contents(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT env, fphm, sha, outcome, at FROM content WHERE"
				   " (?1<0 OR env=?1) AND (?2='' OR fphm=?2) ORDER BY id LIMIT ?3",
				   "iti", env_query(c), http_query(c, "number"),
				   number_query(c, "limit", ROWS_MAX));
	json_open(o, "rows", '[');
	while (db_next(sb, q)) {
		json_open(o, NULL, '{');
		put_env(o, db_int(q, 0));
		json_put(o, "number", db_text(q, 1));
		json_put(o, "sha256", db_text(q, 2));
		json_put(o, "outcome", db_text(q, 3));
		put_time(o, "at", db_int(q, 4));
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void get_requests(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	bool bodies = strcmp(http_query(c, "bodies"), "0") != 0;
	sqlite3_stmt *q = db_query(sb,
				   "SELECT id, at, env, service, ability, headers, request_id,"
				   " request, code, answer, fault FROM request WHERE id>?1 AND"
				   " (?2='' OR service=?2) ORDER BY id LIMIT ?3",
				   "iti", number_query(c, "since", 0), http_query(c, "service"),
				   number_query(c, "limit", ROWS_MAX));
	json_open(o, "rows", '[');
	while (db_next(sb, q)) {
		json_open(o, NULL, '{');
		json_put_int(o, "id", db_int(q, 0));
		put_time(o, "at", db_int(q, 1));
		json_put_int(o, "at_ms", db_int(q, 1));
		put_env(o, db_int(q, 2));
		json_put(o, "service", db_text(q, 3));
		json_put(o, "ability", db_text(q, 4));
		json_put_raw(o, "headers", db_text(q, 5));
		json_put(o, "request_id", db_text(q, 6));
		json_put(o, "code", db_text(q, 8));
		json_put(o, "fault", db_text(q, 10));
		if (bodies) {
			json_put(o, "request", db_text(q, 7));
			json_put(o, "answer", db_text(q, 9));
		}
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void get_quota(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT env, tax_no, month, total, downloaded, used, paused,"
				   " filed, locked, day_from, day_to FROM quota"
				   " WHERE (?1<0 OR env=?1) AND (?2='' OR tax_no=?2)"
				   " ORDER BY env, tax_no, month",
				   "it", env_query(c), http_query(c, "seller"));
	json_open(o, "rows", '[');
	while (db_next(sb, q)) {
		json_open(o, NULL, '{');
		put_env(o, db_int(q, 0));
		json_put(o, "tax_no", db_text(q, 1));
		json_put(o, "month", db_text(q, 2));
		put_money(o, "total", db_int(q, 3));
		put_money(o, "downloaded", db_int(q, 4));
		put_money(o, "used", db_int(q, 5));
		put_money(o, "unused", db_int(q, 4) - db_int(q, 5));
		json_put_bool(o, "paused", db_int(q, 6) != 0);
		json_put_bool(o, "filed", db_int(q, 7) != 0);
		json_put_bool(o, "locked", db_int(q, 8) != 0);
		json_put(o, "from", db_text(q, 9));
		json_put(o, "to", db_text(q, 10));
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void get_segments(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT env, tax_no, ywlsh, count, first, last, province, at"
				   " FROM segment WHERE (?1<0 OR env=?1) AND (?2='' OR tax_no=?2)"
				   " ORDER BY at, first",
				   "it", env_query(c), http_query(c, "seller"));
	json_open(o, "rows", '[');
	while (db_next(sb, q)) {
		json_open(o, NULL, '{');
		put_env(o, db_int(q, 0));
		json_put(o, "tax_no", db_text(q, 1));
		json_put(o, "ywlsh", db_text(q, 2));
		json_put_int(o, "count", db_int(q, 3));
		json_put(o, "first", db_text(q, 4));
		json_put(o, "last", db_text(q, 5));
		json_put(o, "province", db_text(q, 6));
		put_time(o, "at", db_int(q, 7));
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void get_units(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	(void)c;
	unit_write_all(sb, o, "units");
}

static void get_faults(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	(void)sb, (void)c;
	fault_write(o, "faults");
}

static void get_summary(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	(void)c;
	summary_write_all(sb, o, "rows");
}

static const struct {
	const char *path;
	void (*get)(struct sb *sb, const struct http_call *c, struct json_out *o);
} getters[] = {
    {"/state", get_state},       {"/invoices", get_invoices}, {"/contents", get_contents},
    {"/requests", get_requests}, {"/quota", get_quota},       {"/segments", get_segments},
    {"/units", get_units},       {"/faults", get_faults},     {"/red", red_control_get},
    {"/summary", get_summary},
};

static bool control_get(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	for (size_t i = 0; i < sizeof(getters) / sizeof(getters[0]); i++) {
		if (strcmp(getters[i].path, c->path) == 0) {
			getters[i].get(sb, c, o);
			return true;
		}
	}
	return false;
}

/* DELETE and an empty body count as an empty object. */
static bool change(struct sb *sb, const struct http_call *c, struct json_out *o, char error[256])
{
	struct err_info e;
	cJSON *body = NULL;
	const char *text = c->body.len ? buf_str(&c->body) : "{}";
	if (json_parse(text, strlen(text), SB_BODY_MAX, &body, &e)) {
		snprintf(error, 256, "%.200s", e.why);
		return true;
	}
	const char *path = strcmp(c->method, "DELETE") == 0 && !strcmp(c->path, "/faults")
			       ? "/faults/clear"
			       : c->path;
	db_begin(sb);
	bool known = control_post(sb, path, body, o, error);
	if (error[0])
		db_rollback(sb);
	else if (!db_commit(sb))
		snprintf(error, 256, "状态文件不能写");
	json_free(&body);
	return known;
}

void control_handle(void *app, struct http_call *call)
{
	struct sb *sb = app;
	struct json_out o;
	char error[256] = "";
	struct buf *out = &call->reply.body;
	json_out_init(&o, out, 0);
	json_open(&o, NULL, '{');
	pthread_mutex_lock(&sb->lock);
	bool known = strcmp(call->method, "GET") == 0 ? control_get(sb, call, &o)
						      : change(sb, call, &o, error);
	pthread_mutex_unlock(&sb->lock);
	if (!known)
		snprintf(error, sizeof(error), "没有这个地址");
	if (error[0]) {
		call->reply.status = known ? 400 : 404;
		buf_reset(out);
		json_out_init(&o, out, 0);
		json_open(&o, NULL, '{');
		json_put(&o, "error", error);
	}
	json_close(&o, '}');
}
