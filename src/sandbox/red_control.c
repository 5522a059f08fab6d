/* sandbox/red_control.c - the other side of red letters by hand: companies that apply, agree,
 * refuse, issue; what buyers did with an invoice; many forms at once; the list for tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/http.h"
#include "sandbox/red.h"

enum { FILL_MAX = 1000000, FILL_LINES = 2000 };

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct red_hand {
	struct sb *sb;
	enum env env;
	const cJSON *body;
	struct json_out *o; /* members of the answer */
	char *error;        /* 256 */
};

static const char *said(const struct red_hand *h, const char *key)
{
	return json_member(h->body, key);
}

static bool wrong(struct red_hand *h, const char *text)
{
	snprintf(h->error, 256, "%.240s", text);
	return false;
}

static void put_form(struct json_out *o, const struct form_row *f)
{
	json_put(o, "uuid", f->uuid);
	json_put(o, "number", f->number);
	json_put(o, "state", f->state);
}

/* ---- /red/blue: an invoice of another company, or an old one with its code ---- */

static int64_t fen_of(const cJSON *json, const char *key)
{
	int64_t fen = 0;
	money_parse(json_member(json, key), &fen);
	return fen;
}

static void put_line(struct json_out *o, const cJSON *l, size_t row)
{
	static const struct {
		const char *key, *from, *otherwise;
	} texts[] = {
	    {"xmmc", "name", "打印机"},
	    {"spfwjc", "short", "计算机外部设备"},
	    {"sphfwssflhbbm", "code", "1090511030000000000"},
	    {"ggxh", "spec", ""},
	    {"dw", "unit", ""},
	    {"sl", "quantity", ""},
	    {"dj", "price", ""},
	    {"je", "amount", "0.00"},
	    {"slv", "rate", "0.13"},
	    {"se", "tax", "0.00"},
	    {"fphxz", "kind", "00"},
	    {"kce", "deduction", ""},
	    {"yhzcbs", "preference", ""},
	};
	char text[1200], number[24];
	const char *name = json_member(l, "name"), *class = json_member(l, "short");
	snprintf(number, sizeof(number), "%zu", row);
	snprintf(text, sizeof(text), "*%.500s*%.600s", class[0] ? class : texts[1].otherwise,
		 name[0] ? name : texts[0].otherwise);
	json_open(o, NULL, '{');
	json_put(o, "mxxh", number);
	json_put(o, "hwhyslwfwmc", text);
	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *value = json_member(l, texts[i].from);
		json_put(o, texts[i].key, value[0] ? value : texts[i].otherwise);
	}
	json_close(o, '}');
}

static void put_sums(struct json_out *o, const struct red_hand *h)
{
	int64_t amount = 0, tax = 0;
	const cJSON *l;
	char text[MONEY_TEXT];
	cJSON_ArrayForEach(l, json_get(h->body, "lines"))
	{
		amount += fen_of(l, "amount");
		tax += fen_of(l, "tax");
	}
	json_put(o, "hjje", money_format(amount, text));
	json_put(o, "hjse", money_format(tax, text));
	json_put(o, "jshj", money_format(amount + tax, text));
}

static void write_blue(struct red_hand *h, const char *number, const char *kprq, struct buf *text)
{
	static const struct {
		const char *key, *from, *otherwise;
	} heads[] = {
	    {"fppz", "kind", "01"},
	    {"xsfnsrsbh", "seller", "91440101TESTSELLER"},
	    {"xsfmc", "seller_name", "练习对方销售有限公司"},
	    {"gmfnsrsbh", "buyer", "91440101TESTBUYER0"},
	    {"gmfmc", "buyer_name", "练习对方采购有限公司"},
	    {"gmfzrrbz", "person", "N"},
	    {"cezslxDm", "differential", ""},
	    {"sgfplxDm", "purchase", ""},
	};
	struct json_out o;
	const cJSON *l;
	size_t row = 0;
	json_out_init(&o, text, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "fphm", number);
	json_put(&o, "kprq", kprq);
	for (size_t i = 0; i < COUNT(heads); i++) {
		const char *value = said(h, heads[i].from);
		json_put(&o, heads[i].key, value[0] ? value : heads[i].otherwise);
	}
	put_sums(&o, h);
	json_open(&o, "fpmxList", '[');
	cJSON_ArrayForEach(l, json_get(h->body, "lines")) put_line(&o, l, ++row);
	json_close(&o, ']');
	json_close(&o, '}');
}

static bool post_blue(struct red_hand *h)
{
	char number[24], kprq[DATETIME_TEXT];
	int64_t at = clock_now();
	struct buf text;
	if (said(h, "kprq")[0] && !datetime_parse(said(h, "kprq"), &at))
		return wrong(h, "kprq 应为 yyyy-MM-dd HH:mm:ss");
	if (!json_get(h->body, "lines") || !json_get(h->body, "lines")->child)
		return wrong(h, "缺少 lines");
	struct datetime t = date_of(at);
	text_copy(number, sizeof(number), said(h, "number"));
	if (!number[0]) {
		int64_t next =
		    db_value(h->sb, 1, "SELECT next FROM counter WHERE prefix='其他公司'", "");
		db_run(h->sb, "INSERT OR REPLACE INTO counter(prefix, next) VALUES('其他公司', ?1)",
		       "i", next + 1);
		snprintf(number, sizeof(number), "%02u4499%014llu", (unsigned)t.date.year % 100,
			 (unsigned long long)next % 100000000000000);
	}
	buf_init(&text, SB_BODY_MAX);
	write_blue(h, number, datetime_text(at, kprq), &text);
	db_run(h->sb, "INSERT OR REPLACE INTO red_blue VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "ittiit",
	       (int64_t)h->env, said(h, "code"), number, (int64_t)is(said(h, "paper"), "Y"),
	       clock_now_ms(), buf_str(&text));
	buf_free(&text);
	json_put(h->o, "code", said(h, "code"));
	json_put(h->o, "blue", number);
	json_put(h->o, "kprq", kprq);
	return true;
}

/* ---- /red/mark ---- */

static bool post_mark(struct red_hand *h)
{
	if (!said(h, "blue")[0])
		return wrong(h, "缺少 blue（蓝字发票号码）");
	for (int i = 0; i < USE_N; i++) {
		const char *key = blue_use_key((enum blue_use)i);
		if (json_get(h->body, key))
			blue_mark(h->sb, h->env, said(h, "code"), said(h, "blue"), (enum blue_use)i,
				  said(h, key));
	}
	if (is(said(h, "ycpzzt"), "02"))
		db_run(h->sb,
		       "UPDATE red_form SET state='10' WHERE env=?1 AND fpdm=?2 AND fphm=?3"
		       " AND state<='04' AND issued='N'",
		       "itt", (int64_t)h->env, said(h, "code"), said(h, "blue"));
	return true;
}

/* ---- /red/apply: a company that is not the caller of the interfaces ---- */

static const cJSON *wish_of(const struct red_hand *h, size_t row)
{
	const cJSON *each;
	long long line;
	cJSON_ArrayForEach(each, json_get(h->body, "lines"))
	{
		if (json_member_int(each, "line", 1, LINES_MAX, &line) && (size_t)line == row)
			return each;
	}
	return NULL;
}

/* A rational with at most two decimals, negated. */
static void put_negated(struct json_out *o, const char *key, const mpq_t value)
{
	mpq_t hundred;
	char text[MONEY_TEXT];
	mpq_init(hundred);
	mpq_set_ui(hundred, 100, 1);
	mpq_mul(hundred, hundred, value);
	json_put(o, key, money_format(-(int64_t)mpz_get_si(mpq_numref(hundred)), text));
	mpq_clear(hundred);
}

static void put_text_or(struct json_out *o, const char *key, const cJSON *wish, const char *from,
			const char *otherwise)
{
	json_put(o, key, wish && json_get(wish, from) ? json_member(wish, from) : otherwise);
}

/* The whole line, net of its discount, unless the wish says otherwise.  The price of a discounted
 * line is its amount over its quantity, to thirteen decimals. */
static void put_row(struct json_out *o, const struct blue_line *l, const char *row,
		    const char *index, const cJSON *wish, bool bare)
{
	static const char *const keys[] = {"sphfwssflhbbm", "hwhyslwfwmc", "spfwjc",
					   "xmmc",          "ggxh",        "dw"};
	char sl[64] = "", dj[64] = "";
	if (l->has_sl && !bare) {
		snprintf(sl, sizeof(sl), "-%.40s", json_member(l->json, "sl"));
		text_copy(dj, sizeof(dj), json_member(l->json, "dj"));
		if (l->discounted) {
			mpq_t price;
			mpf_t f;
			mpq_init(price);
			mpf_init2(f, 256);
			mpq_div(price, l->je, l->sl);
			mpf_set_q(f, price);
			gmp_snprintf(dj, sizeof(dj), "%.13Ff", f);
			mpq_clear(price);
			mpf_clear(f);
		}
	}
	json_open(o, NULL, '{');
	json_put(o, "lzmxxh", row);
	json_put(o, "xh", index);
	for (size_t i = 0; i < COUNT(keys); i++)
		json_put(o, keys[i], json_member(l->json, keys[i]));
	put_text_or(o, "fpspsl", wish, "quantity", sl);
	put_text_or(o, "fpspdj", wish, "price", dj);
	if (wish && json_get(wish, "amount"))
		json_put(o, "je", json_member(wish, "amount"));
	else
		put_negated(o, "je", l->je);
	json_put(o, "sl1", json_member(l->json, "slv"));
	if (wish && json_get(wish, "tax"))
		json_put(o, "se", json_member(wish, "tax"));
	else
		put_negated(o, "se", l->se);
	json_close(o, '}');
}

static void put_rows(struct red_hand *h, const struct blue *b, struct json_out *o, int64_t sums[2])
{
	char row[24], index[24];
	size_t n = 0;
	bool chosen = json_get(h->body, "lines") != NULL, bare = is(said(h, "reason"), "04");
	json_open(o, "hzqrdmxList", '[');
	for (size_t i = 0; i < b->n; i++) {
		const cJSON *wish = wish_of(h, i + 1);
		struct buf *text = o->buf;
		size_t at = text->len;
		cJSON *back = NULL;
		if (b->lines[i].gone || (chosen && !wish))
			continue;
		snprintf(row, sizeof(row), "%zu", i + 1);
		snprintf(index, sizeof(index), "%zu", ++n);
		put_row(o, &b->lines[i], row, index, wish, bare);
		const char *piece = buf_str(text) + at + (buf_str(text)[at] == ',');
		if (!json_parse(piece, strlen(piece), SB_BODY_MAX, &back, NULL)) {
			sums[0] += fen_of(back, "je");
			sums[1] += fen_of(back, "se");
		}
		json_free(&back);
	}
	json_close(o, ']');
}

static void write_application(struct red_hand *h, const struct blue *b, const char *role,
			      struct buf *text)
{
	static const struct {
		const char *key, *blue;
	} rows[] = {{"xsfnsrsbh", "xsfnsrsbh"}, {"xsfmc", "xsfmc"},  {"gmfnsrsbh", "gmfnsrsbh"},
		    {"gmfmc", "gmfmc"},         {"lzkprq", "kprq"},  {"lzhjje", "hjje"},
		    {"lzhjse", "hjse"},         {"lzfppzDm", "fppz"}};
	int64_t sums[2] = {0, 0};
	char amount[MONEY_TEXT];
	struct json_out o;
	json_out_init(&o, text, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "lrfsf", role);
	for (size_t i = 0; i < COUNT(rows); i++)
		json_put(&o, rows[i].key, blue_text(b, rows[i].blue));
	json_put(&o, "lzfpdm", b->fpdm);
	json_put(&o, "lzfphm", b->fphm);
	json_put(&o, "sfzzfpbz", b->paper ? "Y" : "N");
	json_put(&o, "lzfpTdyslxDm", "");
	json_put(&o, "chyyDm", said(h, "reason")[0] ? said(h, "reason") : "01");
	put_rows(h, b, &o, sums);
	json_put(&o, "hzcxje", money_format(sums[0], amount));
	json_put(&o, "hzcxse", money_format(sums[1], amount));
	json_close(&o, '}');
}

static bool enter(struct red_hand *h, const char *tax_no, const char *text)
{
	struct application a = {.sb = h->sb, .env = h->env, .now_ms = clock_now_ms()};
	cJSON *json = NULL;
	if (json_parse(text, strlen(text), SB_BODY_MAX, &json, NULL))
		return wrong(h, "申请不能理解");
	a.json = json;
	bool ok = red_apply(&a, tax_no, NULL);
	if (ok)
		put_form(h->o, &a.form);
	else
		snprintf(h->error, 256, "%s %.200s", a.why.code, a.why.text);
	blue_free(&a.blue);
	json_free(&json);
	return ok;
}

static bool post_apply(struct red_hand *h)
{
	bool buyer = is(said(h, "role"), "buyer");
	struct blue b;
	struct buf text;
	if (!buyer && !is(said(h, "role"), "seller"))
		return wrong(h, "role 应为 buyer 或 seller（申请的一方）");
	if (!blue_load(h->sb, h->env, said(h, "code"), said(h, "blue"), &b)) {
		blue_free(&b);
		return wrong(h, "没有这张蓝字发票");
	}
	if (buyer && blue_unused(&b)) /* a buyer only applies for what it has used */
		blue_mark(h->sb, h->env, said(h, "code"), said(h, "blue"), USE_FPYT, "1");
	buf_init(&text, SB_BODY_MAX);
	write_application(h, &b, buyer ? "1" : "0", &text);
	bool ok = enter(h, blue_text(&b, buyer ? "gmfnsrsbh" : "xsfnsrsbh"), buf_str(&text));
	buf_free(&text);
	blue_free(&b);
	return ok;
}

/* ---- /red/act, /red/state, /red/issue, /red/auto ---- */

static bool find_form(struct red_hand *h, struct form_row *f)
{
	char uuid[40] = "";
	sqlite3_stmt *q = db_query(h->sb, "SELECT uuid FROM red_form WHERE env=?1 AND number=?2",
				   "it", (int64_t)h->env, said(h, "number"));
	if (said(h, "number")[0] && db_next(h->sb, q)) {
		text_copy(uuid, sizeof(uuid), db_text(q, 0));
		sqlite3_reset(q);
	}
	return form_by_uuid(h->sb, h->env, uuid[0] ? uuid : said(h, "uuid"), f) ||
	       wrong(h, "没有这张确认单（uuid 或 number）");
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
	return wrong(h, "do 应为 confirm、deny 或 revoke");
}

/* by: the party, otherwise the one the state entitles. */
static bool post_act(struct red_hand *h)
{
	struct form_row f;
	struct refusal r;
	char deed;
	const char *to, *by = said(h, "by");
	if (!find_form(h, &f) || !read_deed(h, said(h, "do"), &deed))
		return false;
	enum party party = is(by, "seller")  ? PARTY_SELLER
			   : is(by, "buyer") ? PARTY_BUYER
					     : red_entitled(&f, deed, &to);
	if (!red_act(h->sb, &f, party, deed, clock_now_ms(), &r))
		return wrong(h, r.text);
	form_by_uuid(h->sb, h->env, f.uuid, &f);
	put_form(h->o, &f);
	return true;
}

static bool post_state(struct red_hand *h)
{
	struct form_row f;
	if (!find_form(h, &f))
		return false;
	if (!form_state_name(said(h, "state"))[0] || strlen(said(h, "state")) != 2)
		return wrong(h, "state 应为 01 至 13");
	form_set_state(h->sb, f.id, said(h, "state"), 0);
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
		return wrong(h, "确认单状态不允许开具红字发票");
	snprintf(number, sizeof(number), "%.2s4498%014llu", f.number + 6,
		 (unsigned long long)f.id % 100000000000000);
	text_copy(number, sizeof(number), said(h, "red")[0] ? said(h, "red") : number);
	db_run(h->sb,
	       "UPDATE red_form SET issued='Y', red_number=?2, red_kprq=?3, issued_at=?4"
	       " WHERE id=?1",
	       "itti", f.id, number, datetime_text(clock_now(), now), clock_now_ms());
	json_put(h->o, "red", number);
	return true;
}

static bool post_auto(struct red_hand *h)
{
	static const char letters[] = {'Y', 'N'};
	long long after = 0;
	char deed = 0, text[2];
	if (is(said(h, "do"), "none"))
		return db_run(h->sb, "DELETE FROM red_auto WHERE other=?1", "t", said(h, "other"));
	if (!read_deed(h, said(h, "do"), &deed))
		return false;
	if (!memchr(letters, deed, sizeof(letters)) ||
	    !json_member_int(h->body, "after", 0, INT32_MAX, &after))
		return wrong(h, "do 应为 confirm、deny 或 none，after 为秒数");
	snprintf(text, sizeof(text), "%c", deed);
	return db_run(h->sb, "INSERT OR REPLACE INTO red_auto VALUES(?1, ?2, ?3)", "tti",
		      said(h, "other"), text, (int64_t)after * 1000);
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
	const char *state = said(h, "state")[0] ? said(h, "state") : "01";
	bool buyer_applies = is(said(h, "applicant"), "buyer");
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
	struct fill f = {.lines = 1, .skew = 1, .tax_no = said(h, "tax_no")};
	struct unit u;
	if (!unit_by(h->sb, U_TAX_NO, f.tax_no, &u))
		return wrong(h, "没有这个单位（tax_no）");
	if (!json_member_int(h->body, "count", 1, FILL_MAX, &f.count) ||
	    (json_get(h->body, "lines") &&
	     !json_member_int(h->body, "lines", 1, FILL_LINES, &f.lines)) ||
	    (json_get(h->body, "apart") && !json_member_int(h->body, "apart", 0, 86400, &f.skew)))
		return wrong(h, "count 为张数，lines 为每张行数，apart 为相隔秒数");
	f.name = u.v[U_NAME];
	f.buyer = is(said(h, "role"), "buyer");
	int64_t now = clock_now_ms(), entered;
	if (datetime_parse(said(h, "entered"), &entered))
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
	    {"/red/blue", post_blue}, {"/red/mark", post_mark},   {"/red/apply", post_apply},
	    {"/red/act", post_act},   {"/red/state", post_state}, {"/red/issue", post_issue},
	    {"/red/auto", post_auto}, {"/red/fill", post_fill},
	};
	struct red_hand h = {.sb = sb, .env = ENV_REAL, .body = body, .o = o, .error = error};
	for (size_t i = 0; i < COUNT(verbs); i++) {
		if (strcmp(verbs[i].path, path) != 0)
			continue;
		if (said(&h, "env")[0] && !env_parse(said(&h, "env"), &h.env))
			return wrong(&h, "env 应为 正式 或 沙箱") || true;
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
