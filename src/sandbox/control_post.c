/* sandbox/control_post.c - the control port: changing the platform's state. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/collect.h"
#include "sandbox/differential.h"
#include "sandbox/faults.h"
#include "sandbox/red.h"
#include "sandbox/summary.h"
#include "sandbox/taxcodes.h"
#include "sandbox/units.h"

/* Which month of which taxpayer in which environment a body names. */
struct month_key {
	enum env env;
	const char *tax_no;
	char month[MONTH_TEXT];
};

static bool read_key(struct sb *sb, const cJSON *body, struct month_key *k, char error[256])
{
	int year, month;
	struct unit u;
	const char *env = json_member(body, "env"), *text = json_member(body, "month");
	k->env = ENV_REAL;
	k->tax_no = json_member(body, "tax_no");
	if (env[0] && !env_parse(env, &k->env)) {
		snprintf(error, 256, "env 应为 正式 或 沙箱");
		return false;
	}
	if (!unit_by(sb, U_TAX_NO, k->tax_no, &u)) {
		snprintf(error, 256, "没有这个单位");
		return false;
	}
	month_text(clock_now(), k->month);
	if (text[0]) {
		if (!month_parse(text, &year, &month)) {
			snprintf(error, 256, "month 应为 yyyy-MM");
			return false;
		}
		struct datetime first = {.date = {.year = year, .month = month, .day = 1}};
		month_text(date_unix(first), k->month);
	}
	quota_row(sb, k->env, k->tax_no, k->month);
	return true;
}

static void post_quota(struct sb *sb, const cJSON *body, char error[256])
{
	struct month_key k;
	int64_t total;
	long long deadline;
	if (!read_key(sb, body, &k, error))
		return;
	const char *text = json_member(body, "total");
	if (text[0]) {
		if (!money_parse(text, &total)) {
			snprintf(error, 256, "total 应为金额");
			return;
		}
		db_run(sb, "UPDATE quota SET total=?4 WHERE env=?1 AND tax_no=?2 AND month=?3",
		       "itti", (int64_t)k.env, k.tax_no, k.month, total);
	}
	if (json_get(body, "paused"))
		db_run(sb, "UPDATE quota SET paused=?4 WHERE env=?1 AND tax_no=?2 AND month=?3",
		       "itti", (int64_t)k.env, k.tax_no, k.month,
		       (int64_t)cJSON_IsTrue(json_get(body, "paused")));
	if (json_member_int(body, "deadline", 1, 31, &deadline))
		db_run(sb, "UPDATE quota SET deadline=?4 WHERE env=?1 AND tax_no=?2 AND month=?3",
		       "itti", (int64_t)k.env, k.tax_no, k.month, (int64_t)deadline);
}

static void post_filed(struct sb *sb, const cJSON *body, char error[256])
{
	struct month_key k;
	if (read_key(sb, body, &k, error))
		db_run(sb, "UPDATE quota SET filed=1 WHERE env=?1 AND tax_no=?2 AND month=?3",
		       "itt", (int64_t)k.env, k.tax_no, k.month);
}

static void post_locked(struct sb *sb, const cJSON *body, char error[256])
{
	struct month_key k;
	if (read_key(sb, body, &k, error))
		db_run(sb, "UPDATE quota SET locked=?4 WHERE env=?1 AND tax_no=?2 AND month=?3",
		       "itti", (int64_t)k.env, k.tax_no, k.month,
		       (int64_t)!cJSON_IsFalse(json_get(body, "locked")));
}

static void post_clock(struct sb *sb, const cJSON *body, char error[256])
{
	long long shift;
	(void)sb;
	if (json_member_int(body, "shift", INT32_MIN, INT32_MAX, &shift))
		clock_shift(shift);
	else if (!json_member(body, "now")[0] || !clock_start(json_member(body, "now")))
		snprintf(error, 256, "应有 shift（秒）或 now（时间）");
}

/* "0.13" in parts per million, -1 when it is not such a rate. */
static int64_t rate_ppm(const char *p)
{
	int64_t ppm = 0, unit = 100000;
	if (*p++ != '0')
		return -1;
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9' && unit > 0; p++, unit /= 10)
			ppm += (*p - '0') * unit;
	}
	return *p ? -1 : ppm;
}

static void post_rates(struct sb *sb, const cJSON *body, char error[256])
{
	const char *state = json_member(body, "state");
	int64_t ppm = rate_ppm(json_member(body, "rate"));
	char day[DATE_TEXT];
	if (ppm < 0 || (strcmp(state, "0") != 0 && strcmp(state, "1") != 0)) {
		snprintf(error, 256, "rate 应如 0.13，state 为 0 或 1");
		return;
	}
	db_run(sb, "UPDATE rate SET state=?2, stopped=?3 WHERE ppm=?1", "itt", ppm, state,
	       state[0] == '1' ? date_text(clock_now(), day) : "");
}

static void post_units(struct sb *sb, const cJSON *body, char error[256])
{
	unit_post(sb, body, error);
}

static void post_taxcodes(struct sb *sb, const cJSON *body, char error[256])
{
	taxcodes_post(sb, body, error);
}

static void post_differential(struct sb *sb, const cJSON *body, char error[256])
{
	differential_post(sb, body, error);
}

static void post_faults(struct sb *sb, const cJSON *body, char error[256])
{
	(void)sb;
	fault_post(body, error);
}

static void post_clear(struct sb *sb, const cJSON *body, char error[256])
{
	(void)sb, (void)body, (void)error;
	fault_clear();
}

static const struct {
	const char *path;
	void (*post)(struct sb *sb, const cJSON *body, char error[256]);
} verbs[] = {
    {"/differential", post_differential},
    {"/invoice", collect_post_invoice},
    {"/fill", collect_post_fill},
    {"/units", post_units},
    {"/quota", post_quota},
    {"/filed", post_filed},
    {"/locked", post_locked},
    {"/summary", summary_post},
    {"/clock", post_clock},
    {"/taxcodes", post_taxcodes},
    {"/rates", post_rates},
    {"/faults", post_faults},
    {"/faults/clear", post_clear},
};

static bool post_named(struct sb *sb, const char *path, const cJSON *body, char error[256])
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].path, path) == 0) {
			verbs[i].post(sb, body, error);
			return true;
		}
	}
	return false;
}

bool control_post(struct sb *sb, const char *path, const cJSON *body, struct json_out *o,
		  char error[256])
{
	char now[DATETIME_TEXT];
	if (!post_named(sb, path, body, error) && !red_control_post(sb, path, body, o, error))
		return false;
	json_put_bool(o, "ok", true);
	json_put(o, "now", datetime_text(clock_now(), now));
	json_put(o, "taxcodes_stamp", taxcodes_stamp(sb));
	return true;
}
