/* sandbox/red_control.c - the other side of red letters by hand: companies that agree, refuse,
 * issue; many forms at once; the list for tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/http.h"
#include "sandbox/red_hand.h"

enum { FILL_MAX = 1000000, FILL_LINES = 2000 };

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *red_said(const struct red_hand *h, const char *key)
{
	return json_member(h->body, key);
}

bool red_wrong(struct red_hand *h, const char *text)
{
	snprintf(h->error, 256, "%.240s", text);
	return false;
}

void red_put_form(struct json_out *o, const struct form_row *f)
{
	json_put(o, "uuid", f->uuid);
	json_put(o, "number", f->number);
	json_put(o, "state", f->state);
}

/* ---- /red/act, /red/state, /red/issue, /red/auto ---- */

static bool find_form(struct red_hand *h, struct form_row *f)
{
	char uuid[40] = "";
	sqlite3_stmt *q = db_query(h->sb, "SELECT uuid FROM red_form WHERE env=?1 AND number=?2",
				   "it", (int64_t)h->env, red_said(h, "number"));
	if (red_said(h, "number")[0] && db_next(h->sb, q)) {
		text_copy(uuid, sizeof(uuid), db_text(q, 0));
		sqlite3_reset(q);
	}
	return form_by_uuid(h->sb, h->env, uuid[0] ? uuid : red_said(h, "uuid"), f) ||
	       red_wrong(h, "没有这张确认单（uuid 或 number）");
}

static bool read_deed(struct red_hand *h, const char *text, char *deed)
{
	static const struct {
		const char *word;
		char deed;
	} deeds[] = {{"confirm", 'Y'}, {"deny", 'N'}, {"revoke", 'C'}};
	for (size_t i = 0; i < COUNT(deeds); i++) {
		if (is(deeds[i].word, text)) {
			*deed = deeds[i].deed;
			return true;
		}
	}
	return red_wrong(h, "do 应为 confirm、deny 或 revoke");
}

/* by: the party, otherwise the one the state entitles. */
static bool post_act(struct red_hand *h)
{
	struct form_row f;
	struct refusal r;
	char deed;
	const char *to, *by = red_said(h, "by");
	if (!find_form(h, &f) || !read_deed(h, red_said(h, "do"), &deed))
		return false;
	enum party party = is(by, "seller")  ? PARTY_SELLER
			   : is(by, "buyer") ? PARTY_BUYER
					     : red_entitled(&f, deed, &to);
	if (!red_act(h->sb, &f, party, deed, clock_now_ms(), &r))
		return red_wrong(h, r.text);
	form_by_uuid(h->sb, h->env, f.uuid, &f);
	red_put_form(h->o, &f);
	return true;
}

static bool post_state(struct red_hand *h)
{
	struct form_row f;
	if (!find_form(h, &f))
		return false;
	if (!form_state_name(red_said(h, "state"))[0])
		return red_wrong(h, "state 应为 01 至 13");
	form_set_state(h->sb, f.id, red_said(h, "state"), 0);
	return true;
}

/* Another company issues the red invoice of a form. */
static bool post_issue(struct red_hand *h)
{
	struct form_row f;
	char number[24], now[DATETIME_TEXT];
	if (!find_form(h, &f))
		return false;
	if ((!is(f.state, "01") && !is(f.state, "04")) || f.issued[0] == 'Y')
		return red_wrong(h, "确认单状态不允许开具红字发票");
	snprintf(number, sizeof(number), "%.2s4498%014llu", f.number + 6,
		 (unsigned long long)f.id % 100000000000000);
	text_copy(number, sizeof(number), red_said(h, "red")[0] ? red_said(h, "red") : number);
	db_run(h->sb,
	       "UPDATE red_form SET issued='Y', red_number=?2, red_kprq=?3, issued_at=?4"
	       " WHERE id=?1",
	       "itti", f.id, number, datetime_text(clock_now(), now), clock_now_ms());
	json_put(h->o, "red", number);
	return true;
}

static bool post_auto(struct red_hand *h)
{
	long long after = 0;
	char deed = 0, text[2];
	if (is(red_said(h, "do"), "none"))
		return db_run(h->sb, "DELETE FROM red_auto WHERE other=?1", "t",
			      red_said(h, "other"));
	if (!read_deed(h, red_said(h, "do"), &deed))
		return false;
	if (deed == 'C' || !json_member_int(h->body, "after", 0, INT32_MAX, &after))
		return red_wrong(h, "do 应为 confirm、deny 或 none，after 为秒数");
	snprintf(text, sizeof(text), "%c", deed);
	return db_run(h->sb, "INSERT OR REPLACE INTO red_auto VALUES(?1, ?2, ?3)", "tti",
		      red_said(h, "other"), text, (int64_t)after * 1000);
}

/* ---- /red/fill ---- */

struct fill {
	long long count, lines, skew;
	const char *tax_no, *name;
	bool buyer; /* our unit is the buyer */
};

static void fill_one(struct red_hand *h, const struct fill *f, long long i, int64_t now)
{
	struct form_row row = {.env = h->env,
			       .entered = now - i * f->skew * 1000,
			       .count = f->lines,
			       .hjje = 10000 * f->lines,
			       .hjse = 1300 * f->lines,
			       .red_je = -10000 * f->lines,
			       .red_se = -1300 * f->lines};
	char other[24], other_name[64];
	const char *state = red_said(h, "state")[0] ? red_said(h, "state") : "01";
	bool buyer_applies = is(red_said(h, "applicant"), "buyer");
	snprintf(other, sizeof(other), "9144030MAFILL%05llu", (unsigned long long)i % 100000);
	snprintf(other_name, sizeof(other_name), "练习往来单位%llu",
		 (unsigned long long)i % 50 + 1);
	snprintf(row.fphm, sizeof(row.fphm), "2644970%013llu",
		 (unsigned long long)i % 10000000000000);
	datetime_text(row.entered / 1000 - 3600, row.kprq);
	text_copy(row.applicant, sizeof(row.applicant), buyer_applies ? "1" : "0");
	text_copy(row.paper, sizeof(row.paper), "N");
	text_copy(row.kind, sizeof(row.kind), "01");
	text_copy(row.reason, sizeof(row.reason), "01");
	text_copy(row.state, sizeof(row.state), state);
	text_copy(f->buyer ? row.buyer : row.seller, 32, f->tax_no);
	text_copy(f->buyer ? row.seller : row.buyer, 32, other);
	text_copy(f->buyer ? row.buyer_name : row.seller_name, sizeof(row.buyer_name), f->name);
	text_copy(f->buyer ? row.seller_name : row.buyer_name, sizeof(row.buyer_name), other_name);
	form_insert(h->sb, &row);
	for (long long k = 1; k <= f->lines; k++)
		db_run(h->sb,
		       "INSERT INTO red_line VALUES(?1, ?2, ?2, -10000, -1300, '-1', '100.00',"
		       " '0.13', '1090511030000000000', '*计算机外部设备*打印机', '计算机外部设备',"
		       " '打印机', '', '个', '', '')",
		       "ii", row.id, (int64_t)k);
}

static bool post_fill(struct red_hand *h)
{
	struct fill f = {.lines = 1, .skew = 1, .tax_no = red_said(h, "tax_no")};
	struct unit u;
	if (!unit_by(h->sb, U_TAX_NO, f.tax_no, &u))
		return red_wrong(h, "没有这个单位（tax_no）");
	if (!json_member_int(h->body, "count", 1, FILL_MAX, &f.count) ||
	    (json_get(h->body, "lines") &&
	     !json_member_int(h->body, "lines", 1, FILL_LINES, &f.lines)) ||
	    (json_get(h->body, "apart") && !json_member_int(h->body, "apart", 0, 86400, &f.skew)))
		return red_wrong(h, "count 为张数，lines 为每张行数，apart 为相隔秒数");
	f.name = u.v[U_NAME];
	f.buyer = is(red_said(h, "role"), "buyer");
	int64_t now = clock_now_ms(), entered;
	if (datetime_parse(red_said(h, "entered"), &entered))
		now = entered * 1000;
	for (long long i = 0; i < f.count; i++)
		fill_one(h, &f, i, now);
	return true;
}

bool red_control_post(struct sb *sb, const char *path, const cJSON *body, struct json_out *o,
		      char error[256])
{
	static const struct {
		const char *path;
		bool (*post)(struct red_hand *h);
	} verbs[] = {
	    {"/red/blue", red_post_blue},   {"/red/mark", red_post_mark},
	    {"/red/apply", red_post_apply}, {"/red/act", post_act},
	    {"/red/state", post_state},     {"/red/issue", post_issue},
	    {"/red/auto", post_auto},       {"/red/fill", post_fill},
	};
	struct red_hand h = {.sb = sb, .env = ENV_REAL, .body = body, .o = o, .error = error};
	for (size_t i = 0; i < COUNT(verbs); i++) {
		if (strcmp(verbs[i].path, path) != 0)
			continue;
		if (red_said(&h, "env")[0] && !env_parse(red_said(&h, "env"), &h.env))
			return red_wrong(&h, "env 应为 正式 或 沙箱") || true;
		red_tick(sb, clock_now_ms());
		verbs[i].post(&h);
		return true;
	}
	return false;
}

/* ---- GET /red ---- */

static void put_time(struct json_out *o, const char *key, int64_t ms)
{
	char text[DATETIME_TEXT];
	json_put(o, key, ms ? datetime_text(ms / 1000, text) : "");
}

static void put_row_of(struct json_out *o, const struct form_row *f)
{
	char text[MONEY_TEXT];
	const struct {
		const char *key, *value;
	} rows[] = {
	    {"env", env_name(f->env)},
	    {"uuid", f->uuid},
	    {"number", f->number},
	    {"state", f->state},
	    {"state_name", form_state_name(f->state)},
	    {"applicant", f->applicant[0] == '0' ? "seller" : "buyer"},
	    {"seller", f->seller},
	    {"buyer", f->buyer},
	    {"seller_name", f->seller_name},
	    {"buyer_name", f->buyer_name},
	    {"code", f->fpdm},
	    {"blue", f->fphm},
	    {"reason", f->reason},
	    {"issued", f->issued},
	    {"red", f->red_number},
	};
	json_open(o, NULL, '{');
	for (size_t i = 0; i < COUNT(rows); i++)
		json_put(o, rows[i].key, rows[i].value);
	json_put(o, "amount", money_format(f->red_je, text));
	json_put(o, "tax", money_format(f->red_se, text));
	json_put_int(o, "lines", f->count);
	put_time(o, "entered", f->entered);
	put_time(o, "confirmed", f->confirmed);
	json_close(o, '}');
}

static void put_calls(struct sb *sb, struct json_out *o)
{
	sqlite3_stmt *q =
	    db_query(sb, "SELECT service, count(*) FROM request GROUP BY service", "");
	json_open(o, "calls", '{');
	while (db_next(sb, q))
		json_put_int(o, db_text(q, 0), db_int(q, 1));
	json_close(o, '}');
}

void red_control_get(struct sb *sb, const struct http_call *c, struct json_out *o)
{
	struct form_row f;
	enum env env;
	bool one = env_parse(http_query(c, "env"), &env);
	long limit = strtol(http_query(c, "limit"), NULL, 10);
	red_tick(sb, clock_now_ms());
	sqlite3_stmt *q =
	    db_query(sb,
		     "SELECT " FORM_COLUMNS " FROM red_form f WHERE (?1<0 OR f.env=?1)"
		     " AND (?2='' OR f.seller=?2 OR f.buyer=?2) AND (?3='' OR f.fphm=?3)"
		     " AND (?4='' OR f.state=?4) AND (?5='' OR f.number=?5) ORDER BY f.id LIMIT ?6",
		     "ittt"
		     "ti",
		     one ? (int64_t)env : -1, http_query(c, "tax_no"), http_query(c, "blue"),
		     http_query(c, "state"), http_query(c, "number"),
		     limit > 0 ? (int64_t)limit : (int64_t)FILL_MAX);
	json_open(o, "rows", '[');
	while (db_next(sb, q)) {
		form_read(q, &f);
		put_row_of(o, &f);
	}
	json_close(o, ']');
	put_calls(sb, o);
}
