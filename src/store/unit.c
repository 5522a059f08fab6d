/* unit.c - 直连单位 and 使用单位. */
#include "store/unit.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/find.h"
#include "store/jobs.h"

static const struct {
	const char *word, *label;
} envs[] = {
    [ENV_PRODUCTION] = {"production", "正式"},
    [ENV_SANDBOX] = {"sandbox", "沙箱"},
    [ENV_PRACTICE] = {"practice", "演练"},
};

const char *unit_env_word(enum unit_env env)
{
	return envs[env].word;
}

const char *unit_env_label(enum unit_env env)
{
	return envs[env].label;
}

bool unit_env_parse(const char *s, enum unit_env *out)
{
	for (size_t i = 0; i < sizeof(envs) / sizeof(envs[0]); i++)
		if (text_eq(s, envs[i].word) || text_eq(s, envs[i].label)) {
			*out = (enum unit_env)i;
			return true;
		}
	return false;
}

/* The text columns, in the order of UNIT_TEXTS. */
static const size_t text_slots[] = {
    offsetof(struct unit, tax_no),
    offsetof(struct unit, name),
    offsetof(struct unit, leqi_id),
    offsetof(struct unit, region),
    offsetof(struct unit, address),
    offsetof(struct unit, phone),
    offsetof(struct unit, bank),
    offsetof(struct unit, account),
    offsetof(struct unit, url),
    offsetof(struct unit, ca_pem),
    offsetof(struct unit, connect_to),
    offsetof(struct unit, sealed_key),
    offsetof(struct unit, key_hint),
    offsetof(struct unit, edition),
    offsetof(struct unit, verify_error),
    offsetof(struct unit, proxy),
    offsetof(struct unit, tls_name),
    offsetof(struct unit, project),
    offsetof(struct unit, filing_region),
    offsetof(struct unit, issue_channel),
    offsetof(struct unit, collect_channel),
    offsetof(struct unit, abilities),
    offsetof(struct unit, handler),
    offsetof(struct unit, safety_until),
    offsetof(struct unit, frozen_why),
};
enum { TEXTS = sizeof(text_slots) / sizeof(text_slots[0]) };
#define UNIT_TEXTS                                                                                 \
	"tax_no, name, leqi_id, region, address, phone, bank, account, url, ca_pem,"               \
	" connect_to, sealed_key,"                                                                 \
	" key_hint, edition, verify_error, proxy, tls_name, project, filing_region,"               \
	" issue_channel, collect_channel, abilities, handler, safety_until, frozen_why"
#define UNIT_SELECT                                                                                \
	"SELECT " UNIT_TEXTS ", id, COALESCE(direct_id, 0), role, relation, state, env,"           \
	" COALESCE(verified_at, 0), created_at, updated_at, frozen_at, granted_at FROM unit"

static const char *given(const char *s, const char *fallback)
{
	return text_empty(s) ? fallback : s;
}

static char **text_at(struct unit *u, int i)
{
	return (char **)((char *)u + text_slots[i]);
}

void unit_free(struct unit *u)
{
	for (int i = 0; i < TEXTS; i++)
		free(*text_at(u, i));
	*u = (struct unit) {0};
}

void unit_blank(struct unit *u)
{
	*u = (struct unit) {0};
	for (int i = 0; i < TEXTS; i++)
		*text_at(u, i) = mem_strdup("");
}

void unit_copy(const struct unit *from, struct unit *to)
{
	*to = *from;
	for (int i = 0; i < TEXTS; i++)
		*text_at(to, i) = mem_strdup(given(*text_at(to, i), ""));
}

static void read_unit(struct rows *q, struct unit *u)
{
	*u = (struct unit) {
	    .id = rows_int(q, TEXTS),
	    .direct_id = rows_int(q, TEXTS + 1),
	    .direct = strcmp(rows_text(q, TEXTS + 2), "direct") == 0,
	    .joint = strcmp(rows_text(q, TEXTS + 3), "joint") == 0,
	    .verified = strcmp(rows_text(q, TEXTS + 4), "verified") == 0,
	    .verified_at = rows_int(q, TEXTS + 6),
	    .created_at = rows_int(q, TEXTS + 7),
	    .updated_at = rows_int(q, TEXTS + 8),
	    .frozen_at = rows_int(q, TEXTS + 9),
	    .granted_at = rows_int(q, TEXTS + 10),
	};
	unit_env_parse(rows_text(q, TEXTS + 5), &u->env);
	for (int i = 0; i < TEXTS; i++)
		*text_at(u, i) = mem_strdup(rows_text(q, i));
}

static const char *role_word(const struct unit *u)
{
	return u->direct ? "direct" : "using";
}

/* The key (role, environment, tax number) is free or the unit's own. */
static enum err check_key(struct db *db, const struct unit *u, struct err_info *e)
{
	int64_t other = 0;
	enum err r = db_get_int(db, e, &other, NULL,
				"SELECT id FROM unit WHERE role = ? AND env = ? AND tax_no = ?",
				"sss", role_word(u), unit_env_word(u->env), u->tax_no);
	if (!r && other != 0 && other != u->id)
		r = err_fail(e, ERR_INVALID, "unit.exists", "单位", "%s的%s %s 已存在",
			     unit_env_label(u->env), u->direct ? "直连单位" : "使用单位",
			     u->tax_no);
	return r;
}

enum err store_unit_movable(struct db *db, int64_t id, bool *out, struct err_info *e)
{
	struct err_info why = {0};
	int64_t own = 0;
	enum err r;
	*out = false;
	r = db_get_int(db, e, &own, out,
		       "SELECT id FROM unit u WHERE id = ? AND role = 'direct'"
		       " AND state <> 'verified'"
		       " AND NOT EXISTS (SELECT 1 FROM taxpayer WHERE unit_id = u.id)"
		       " AND NOT EXISTS (SELECT 1 FROM unit below WHERE below.direct_id = u.id)",
		       "l", id);
	if (r || !*out)
		return r;
	r = store_unit_unused(db, id, &why);
	*out = r == ERR_OK;
	if (r && r != ERR_INVALID && e)
		*e = why;
	return r == ERR_INVALID ? ERR_OK : r;
}

/* Numbers, quota and invoices belong to one environment, so a unit that has any, or may have any
 * below it, never leaves its own. */
static enum err check_env(struct db *db, const struct unit *u, struct err_info *e)
{
	int64_t id = 0;
	bool moved = false, movable = false;
	enum err r = db_get_int(db, e, &id, &moved, "SELECT id FROM unit WHERE id = ? AND env <> ?",
				"ls", u->id, unit_env_word(u->env));
	if (r || !moved || (r = store_unit_movable(db, u->id, &movable, e)) || movable)
		return r;
	err_fail(e, ERR_INVALID, "unit.env_fixed", "单位",
		 "%s 不能换到%s环境：税局已经应答过它，或还有使用单位、记录属于它", u->tax_no,
		 unit_env_label(u->env));
	err_field(e, "env");
	err_hint(e, "请在%s环境另外增加单位", unit_env_label(u->env));
	return ERR_INVALID;
}

/* A using unit hangs on a direct unit of its own environment (features N64). */
static enum err check_direct(struct db *db, const struct unit *u, struct err_info *e)
{
	int64_t id = 0;
	bool found = false;
	if (u->direct)
		return ERR_OK;
	enum err r = db_get_int(db, e, &id, &found,
				"SELECT id FROM unit WHERE id = ? AND role = 'direct' AND env = ?",
				"ls", u->direct_id, unit_env_word(u->env));
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "unit.direct", "使用单位", "没有%s的直连单位可挂接",
			     unit_env_label(u->env));
	return r;
}

/* Both statements bind the same values in the same order; the id comes last. */
static enum err write_unit(struct db *db, const struct unit *u, const char *sql, int64_t id,
			   int64_t created, struct err_info *e)
{
	return db_run(db, e, NULL, sql, "sslssllsssSSSSSSSSSSsSssssssssssllll", role_word(u),
		      unit_env_word(u->env), u->direct_id, u->joint ? "joint" : "self",
		      u->verified ? "verified" : "unverified", u->verified_at, clock_now(),
		      given(u->tax_no, ""), given(u->name, ""), given(u->leqi_id, ""), u->region,
		      u->address, u->phone, u->bank, u->account, u->url, u->ca_pem, u->connect_to,
		      u->sealed_key, u->key_hint, given(u->edition, "4.000"), u->verify_error,
		      given(u->proxy, ""), given(u->tls_name, ""), given(u->project, ""),
		      given(u->filing_region, ""), u->issue_channel ? u->issue_channel : "leqi",
		      u->collect_channel ? u->collect_channel : "leqi", given(u->abilities, ""),
		      given(u->handler, ""), given(u->safety_until, ""), given(u->frozen_why, ""),
		      u->frozen_at, u->granted_at, created, id);
}

enum err store_unit_put(struct db *db, struct unit *u, struct err_info *e)
{
	int64_t id = u->id;
	enum err r = check_key(db, u, e);
	if (!r && id != 0)
		r = check_env(db, u, e);
	if (!r)
		r = check_direct(db, u, e);
	if (!r && id == 0)
		r = db_next_id(db, "unit", &id, e);
	if (r)
		return r;
	if (u->id == 0)
		r = write_unit(
		    db, u,
		    "INSERT INTO unit (role, env, direct_id, relation, state,"
		    " verified_at, updated_at,"
		    " " UNIT_TEXTS
		    ", frozen_at, granted_at, created_at, id) VALUES (?, ?, NULLIF(?, 0), ?, ?,"
		    " NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		    " ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    id, clock_now(), e);
	else
		r = write_unit(
		    db, u,
		    "UPDATE unit SET role = ?, env = ?, direct_id = NULLIF(?, 0),"
		    " relation = ?, state = ?,"
		    " verified_at = NULLIF(?, 0), updated_at = ?, tax_no = ?, name = ?,"
		    " leqi_id = ?,"
		    " region = ?, address = ?, phone = ?, bank = ?, account = ?, url ="
		    " ?, ca_pem = ?,"
		    " connect_to = ?, sealed_key = ?, key_hint = ?, edition = ?, verify_error = ?,"
		    " proxy = ?, tls_name = ?, project = ?, filing_region = ?, issue_channel = ?,"
		    " collect_channel = ?, abilities = ?, handler = ?, safety_until = ?,"
		    " frozen_why = ?, frozen_at = ?, granted_at = ?, created_at = ? WHERE id = ?",
		    id, u->created_at, e);
	if (!r)
		u->id = id;
	return r;
}

static enum err unknown(struct err_info *e, const char *tax_no)
{
	err_fail(e, ERR_INVALID, "unit.unknown", "单位", "没有登记单位 %s", tax_no);
	err_hint(e, "用 kaipiao unit list 查看，或用 kaipiao unit add 添加");
	return ERR_INVALID;
}

/* Ends a query that reads one unit. */
static enum err take_unit(struct rows **q, enum err r, struct unit *out, bool *found,
			  struct err_info *e)
{
	struct unit u = {0};
	*found = !r && rows_next(*q);
	if (*found)
		read_unit(*q, &u);
	r = rows_end(q, r, e);
	if (r)
		unit_free(&u);
	else if (*found)
		*out = u;
	return r;
}

enum err store_unit_get(struct db *db, int64_t id, struct unit *out, struct err_info *e)
{
	struct rows *q;
	bool found;
	char text[32];
	enum err r = db_query(db, &q, e, UNIT_SELECT " WHERE id = ?", "l", id);
	r = take_unit(&q, r, out, &found, e);
	snprintf(text, sizeof(text), "#%" PRId64, id);
	return !r && !found ? unknown(e, text) : r;
}

/* By the key (role, environment, tax number), whatever of it is not given: thousands of units are
 * asked about one by one. */
#define OF_TAX_NO                                                                                  \
	"tax_no = ?1 AND role IN (COALESCE(?2, 'direct'), COALESCE(?2, 'using'))"                  \
	" AND env IN (COALESCE(?3, 'production'), COALESCE(?3, 'sandbox'),"                        \
	" COALESCE(?3, 'practice'))"

enum err store_unit_named(struct db *db, const char *tax_no, const char *role, unit_each f,
			  void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, UNIT_SELECT " WHERE " OF_TAX_NO " ORDER BY role, id",
			      "sss", tax_no, role, NULL);

	while (!r && rows_next(q)) {
		struct unit u;

		read_unit(q, &u);
		r = f(arg, &u);
		unit_free(&u);
	}
	return rows_end(&q, r, e);
}

enum err store_unit_find(struct db *db, const char *tax_no, const char *role,
			 const enum unit_env *env, struct unit *out, struct err_info *e)
{
	struct rows *q;
	bool found;
	const char *word = env ? unit_env_word(*env) : NULL;
	enum err r = db_query(
	    db, &q, e, UNIT_SELECT " WHERE " OF_TAX_NO " ORDER BY role DESC, id DESC LIMIT 1",
	    "sss", tax_no, role, word);
	r = take_unit(&q, r, out, &found, e);
	return !r && !found ? unknown(e, tax_no) : r;
}

/* Width and case aside; no text finds everything. */
static bool holds(const char *text, const char *part)
{
	char *a, *b, *p;
	bool found;

	if (text_empty(part))
		return true;
	a = text_fold_width(given(text, ""));
	b = text_fold_width(part);
	for (p = a; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	for (p = b; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	found = strstr(a, b) != NULL;
	free(a);
	free(b);
	return found;
}

static bool is_wanted(const struct unit *u, const struct unit_query *q)
{
	return holds(u->name, q->name) && holds(u->tax_no, q->tax_no) &&
	       holds(u->project, q->project) && holds(u->filing_region, q->filing_region) &&
	       (holds(u->proxy, q->proxy) || holds(u->connect_to, q->proxy));
}

enum err store_unit_query(struct db *db, const struct unit_query *q, unit_each f, void *arg,
			  struct err_info *e)
{
	static const char list[] = UNIT_SELECT
	    " WHERE role = COALESCE(?1, role) AND COALESCE(?2, '') IN"
	    " ('', CASE WHEN frozen_at <> 0 THEN 'frozen' ELSE state END)"
	    " ORDER BY CASE WHEN ?3 THEN COALESCE(direct_id, id) END, CASE WHEN ?3 THEN role END,"
	    " id";
	struct rows *rows;
	enum err r = db_query(db, &rows, e, list, "ssi", q->role, q->state, (int)q->tree);
	while (!r && rows_next(rows)) {
		struct unit u;
		read_unit(rows, &u);
		if (is_wanted(&u, q))
			r = f(arg, &u);
		unit_free(&u);
	}
	return rows_end(&rows, r, e);
}

enum err store_unit_list(struct db *db, const char *role, unit_each f, void *arg,
			 struct err_info *e)
{
	return store_unit_query(db, &(struct unit_query) {.role = role}, f, arg, e);
}

enum err store_unit_count(struct db *db, const char *role, int64_t *out, struct err_info *e)
{
	return db_get_int(db, e, out, NULL, "SELECT COUNT(*) FROM unit WHERE role = ?", "s", role);
}

enum err store_unit_only(struct db *db, struct unit *out, struct err_info *e)
{
	int64_t count = 0, id = 0;
	enum err r = store_unit_count(db, "using", &count, e);
	if (r)
		return r;
	if (count == 0) {
		err_fail(e, ERR_INVALID, "unit.none", "使用单位", "还没有登记使用单位");
		err_hint(e, "先运行 kaipiao unit add --role using …");
		return ERR_INVALID;
	}
	if (count > 1) {
		err_fail(e, ERR_INVALID, "unit.choose", "使用单位", "登记了 %" PRId64 " 个使用单位",
			 count);
		err_hint(e, "用 --unit 税号 或 --unit 税号@环境 指明是哪一个");
		return ERR_INVALID;
	}
	r = db_get_int(db, e, &id, NULL, "SELECT id FROM unit WHERE role = 'using'", "");
	return r ? r : store_unit_get(db, id, out, e);
}

enum err store_unit_set_state(struct db *db, int64_t id, bool verified, const char *error,
			      struct err_info *e)
{
	int64_t now = clock_now();
	return db_run(db, e, NULL,
		      "UPDATE unit SET state = ?, verify_error = ?, verified_at ="
		      " COALESCE(NULLIF(?, 0), verified_at),"
		      " updated_at = ? WHERE id = ?",
		      "sSlll", verified ? "verified" : "unverified", error,
		      verified ? now : (int64_t)0, now, id);
}

enum err store_unit_freeze(struct db *db, int64_t id, int64_t at, const char *why,
			   struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE unit SET frozen_at = ?, frozen_why = ?, updated_at = ? WHERE id = ?",
		      "lsll", at, at ? why : "", clock_now(), id);
}

enum err store_unit_removals_end(struct db *db, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE unit SET frozen_at = 0, frozen_why = '' WHERE frozen_why = ?", "s",
		      UNIT_REMOVAL_WHY);
}

enum err store_unit_has_invoices(struct db *db, int64_t id, bool *out, struct err_info *e)
{
	int64_t any = 0;
	bool found = false;
	enum err r = db_get_int(db, e, &any, &found,
				"SELECT id FROM invoice WHERE unit_id IN"
				" (SELECT id FROM unit WHERE id = ?1 OR direct_id = ?1) LIMIT 1",
				"l", id);
	if (!r)
		*out = found;
	return r;
}

/* What may hang on a unit, so that it cannot be removed; records: it can with a backup. */
static const struct {
	const char *what, *sql;
	bool records;
} hangers[] = {
    {"使用单位", "SELECT id FROM unit WHERE direct_id = ? LIMIT 1", false},
    {"没有结果的发票",
     "SELECT id FROM invoice WHERE unit_id = ? AND (state = 'numbered' OR state = 'sending'"
     " OR state = 'accepted' OR state = 'unknown') LIMIT 1",
     false},
    {"发票", "SELECT id FROM invoice WHERE unit_id = ? LIMIT 1", true},
    {"数电号码", "SELECT id FROM segment WHERE unit_id = ? LIMIT 1", true},
    {"额度记录", "SELECT id FROM quota_entry WHERE unit_id = ? LIMIT 1", true},
    {"申请中的红字确认单",
     "SELECT id FROM red_letter WHERE unit_id = ? AND side IN (0, 1) AND entered_by IN (0, 1)"
     " AND state = 0 AND (progress = 'applying' OR progress = 'doubtful') LIMIT 1",
     false},
    {"办理中的红字确认单",
     "SELECT id FROM red_letter WHERE unit_id = ? AND side IN (0, 1) AND progress = 'known'"
     " AND state <= 4 AND issued = 0 AND action <> '' LIMIT 1",
     false},
    {"正在处理的任务", "SELECT id FROM job WHERE unit_id = ? AND state = 'running' LIMIT 1", false},
    /* The tax side may have done it: what it gave would be nobody's. */
    {"税局还没有答复的任务",
     "SELECT id FROM job WHERE unit_id = ? AND state = 'ready' AND attempts > 0"
     " AND kind IN ('" JOB_CLAIM "', '" JOB_QUOTA_MOVE "', '" JOB_QUOTA_ADJUST
     "', '" JOB_SUMMARY_CONFIRM "', '" JOB_SUMMARY_CANCEL "') LIMIT 1",
     false},
    {"税局没有答复过的领购",
     "SELECT c.id FROM claim c JOIN claim_piece p ON p.claim_id = c.id JOIN job j ON j.id ="
     " p.job_id LEFT JOIN segment s ON s.serial = p.serial WHERE c.unit_id = ?"
     " AND j.state = 'cancelled' AND j.attempts > 0 AND s.serial IS NULL LIMIT 1",
     true},
};

/* What goes with it. */
static const char *const belongings[] = {
    "UPDATE job SET state = 'cancelled' WHERE unit_id = ? AND state = 'ready'",
    "UPDATE app_user SET last_unit_id = NULL WHERE last_unit_id = ?",
    "DELETE FROM batch_body WHERE order_id IN (SELECT id FROM batch_order WHERE unit_id = ?)",
    "DELETE FROM batch_order WHERE unit_id = ?",
    "DELETE FROM batch_merged WHERE unit_id = ?",
    "DELETE FROM order_batch WHERE unit_id = ?",
    "DELETE FROM draft_source WHERE unit_id = ?",
    "DELETE FROM draft_change WHERE unit_id = ?",
    "DELETE FROM invoice_template WHERE unit_id = ?",
    "DELETE FROM recon_theirs WHERE run_id IN (SELECT id FROM recon_run WHERE unit_id = ?)",
    "DELETE FROM recon_difference WHERE unit_id = ?",
    "DELETE FROM recon_run WHERE unit_id = ?",
    "DELETE FROM collect_apply WHERE unit_id = ?",
    "DELETE FROM unit_ability WHERE unit_id = ?",
    "DELETE FROM drawer WHERE unit_id = ?",
    "DELETE FROM eligibility WHERE unit_id = ?",
    "DELETE FROM calendar_run WHERE unit_id = ?",
    "DELETE FROM invoice_boundary WHERE unit_id = ?",
    "DELETE FROM summary WHERE unit_id = ?",
    "DELETE FROM claim_piece WHERE claim_id IN (SELECT id FROM claim WHERE unit_id = ?)",
    "DELETE FROM claim WHERE unit_id = ?",
    "DELETE FROM red_letter WHERE unit_id = ?",
    "DELETE FROM red_tally WHERE unit_id = ?",
    "DELETE FROM taxpayer WHERE unit_id = ?",
    "DELETE FROM taxpayer_change WHERE unit_id = ?",
    "DELETE FROM tax_rate WHERE unit_id = ?",
    "DELETE FROM differential_code WHERE unit_id = ?",
    "DELETE FROM quota_month WHERE unit_id = ?",
    "DELETE FROM invoice_tally WHERE unit_id = ?",
    "DELETE FROM invoice_day WHERE unit_id = ?",
    "DELETE FROM upload_batch WHERE unit_id = ?",
    "DELETE FROM catalogue_tally WHERE unit_id = ?",
    "DELETE FROM unit WHERE id = ?",
};

enum err store_unit_catalogue(struct db *db, int64_t id, struct unit_catalogue *out,
			      struct err_info *e)
{
	static const char tally[] =
	    "SELECT count FROM catalogue_tally WHERE unit_id = ? AND kind = ?";
	enum err r;
	*out = (struct unit_catalogue) {0};
	if ((r = db_get_int(db, e, &out->buyers, NULL, tally, "li", id, (int)FIND_BUYERS)) ||
	    (r = db_get_int(db, e, &out->goods, NULL, tally, "li", id, (int)FIND_GOODS)))
		return r;
	return db_get_int(db, e, &out->types, NULL,
			  "SELECT COUNT(*) FROM business_type WHERE unit_id = ?"
			  " AND removed_at IS NULL",
			  "l", id);
}

static enum err hangs(struct db *db, int64_t id, size_t i, struct err_info *e)
{
	int64_t any = 0;
	bool found = false;
	enum err r = db_get_int(db, e, &any, &found, hangers[i].sql, "l", id);
	if (r || !found)
		return r;
	err_fail(e, ERR_INVALID, "unit.used", "单位", "不能删除：还有%s属于它", hangers[i].what);
	err_hint(e, "%s",
		 hangers[i].records ? "有记录的单位须保留备查，不再使用时可用 kaipiao unit freeze "
				      "冻结；一定要删除时用 unit remove --force，会先备份"
				    : "办完以后再删除");
	return ERR_INVALID;
}

/* Quota in hand is the tax side's: it goes back first (features C26). */
static enum err check_quota(struct db *db, int64_t id, struct err_info *e)
{
	int64_t unused = 0;
	char amount[FEN_TEXT], grouped[FEN_TEXT + 8], month[MONTH_TEXT];
	struct unit u;
	enum err r = db_get_int(db, e, &unused, NULL,
				"SELECT COALESCE(SUM(unused), 0) FROM quota_month"
				" WHERE unit_id = ? AND month = ?",
				"ls", id, month_text(clock_now(), month));
	if (r || unused <= 0)
		return r;
	if ((r = store_unit_get(db, id, &u, e)))
		return r;
	fen_format(unused, amount);
	err_fail(e, ERR_INVALID, "unit.quota", u.name, "先退回额度：还有 %s 元没有退回",
		 fen_format_grouped(unused, grouped));
	unit_free(&u);
	err_hint(e, "请运行 kaipiao quota return %s，再删除", amount);
	return ERR_INVALID;
}

enum err store_unit_unused(struct db *db, int64_t id, struct err_info *e)
{
	enum err r = check_quota(db, id, e);
	for (size_t i = 0; i < sizeof(hangers) / sizeof(hangers[0]) && !r; i++)
		r = hangs(db, id, i, e);
	return r;
}

enum err store_unit_at_rest(struct db *db, int64_t id, struct err_info *e)
{
	enum err r = ERR_OK;
	for (size_t i = 0; i < sizeof(hangers) / sizeof(hangers[0]) && !r; i++)
		if (!hangers[i].records)
			r = hangs(db, id, i, e);
	return r;
}

enum err store_unit_shed(struct db *db, int64_t id, int most, int *gone, struct err_info *e)
{
	static const char *const many[] = {
	    "DELETE FROM buyer WHERE id IN (SELECT id FROM buyer WHERE unit_id = ? LIMIT ?)",
	    "DELETE FROM goods WHERE id IN (SELECT id FROM goods WHERE unit_id = ? LIMIT ?)",
	};
	enum err r = ERR_OK;
	*gone = 0;
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]) && !r && !*gone; i++)
		r = db_run(db, e, gone, many[i], "li", id, most);
	return r;
}

enum err store_unit_remove(struct db *db, int64_t id, struct err_info *e)
{
	enum err r = store_unit_unused(db, id, e);
	if (r)
		return r;
	if ((r = store_find_drop(db, id, FIND_BUYERS, e)) ||
	    (r = store_find_drop(db, id, FIND_GOODS, e)))
		return r;
	for (size_t i = 0; i < sizeof(belongings) / sizeof(belongings[0]); i++) {
		r = db_run(db, e, NULL, belongings[i], "l", id);
		if (r)
			return r;
	}
	return ERR_OK;
}

const char *unit_key_context(const struct unit *u, char out[UNIT_KEY_CONTEXT])
{
	snprintf(out, UNIT_KEY_CONTEXT, "unit-key:%s:%s", unit_env_word(u->env), u->tax_no);
	return out;
}

void unit_serial(const struct unit *u, const struct unit *direct, char out[101])
{
	char uuid[UUID_TEXT];

	random_uuid(uuid);
	snprintf(out, 101, "%.34s%.34s%s", u->leqi_id, direct->leqi_id, uuid);
}
