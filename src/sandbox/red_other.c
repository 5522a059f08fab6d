/* sandbox/red_other.c - a company that is not the caller of the interfaces applies: its request is
 * written from the blue invoice and goes the way of all requests. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/red_hand.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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

/* What the line's numbers are in the application. */
struct planned {
	char sl[64], dj[64], je[MONEY_TEXT], se[MONEY_TEXT];
};

static void plan_text(char *out, size_t size, const cJSON *wish, const char *key)
{
	if (wish && json_get(wish, key))
		text_copy(out, size, json_member(wish, key));
}

/* A rational with at most two decimals, negated. */
static void negated(const mpq_t value, char out[MONEY_TEXT])
{
	mpq_t hundred;
	mpq_init(hundred);
	mpq_set_ui(hundred, 100, 1);
	mpq_mul(hundred, hundred, value);
	money_format(-(int64_t)mpz_get_si(mpq_numref(hundred)), out);
	mpq_clear(hundred);
}

/* The amount of a discounted line over its quantity, to thirteen decimals. */
static void net_price(const struct blue_line *l, char out[64])
{
	mpq_t price;
	mpf_t f;
	mpq_init(price);
	mpf_init2(f, 256);
	mpq_div(price, l->je, l->sl);
	mpf_set_q(f, price);
	gmp_snprintf(out, 64, "%.13Ff", f);
	mpq_clear(price);
	mpf_clear(f);
}

/* The whole line, net of its discount, unless the wish says otherwise. */
static void plan_row(const struct blue_line *l, const cJSON *wish, bool bare, struct planned *p)
{
	memset(p, 0, sizeof(*p));
	if (l->has_sl && !bare) {
		snprintf(p->sl, sizeof(p->sl), "-%.40s", json_member(l->json, "sl"));
		text_copy(p->dj, sizeof(p->dj), json_member(l->json, "dj"));
		if (l->discounted)
			net_price(l, p->dj);
	}
	negated(l->je, p->je);
	negated(l->se, p->se);
	plan_text(p->sl, sizeof(p->sl), wish, "quantity");
	plan_text(p->dj, sizeof(p->dj), wish, "price");
	plan_text(p->je, sizeof(p->je), wish, "amount");
	plan_text(p->se, sizeof(p->se), wish, "tax");
}

static void put_row(struct json_out *o, const struct blue_line *l, size_t row, size_t index,
		    const struct planned *p)
{
	static const char *const keys[] = {"sphfwssflhbbm", "hwhyslwfwmc", "spfwjc",
					   "xmmc",          "ggxh",        "dw"};
	const struct {
		const char *key, *value;
	} numbers[] = {{"fpspsl", p->sl},
		       {"fpspdj", p->dj},
		       {"je", p->je},
		       {"sl1", json_member(l->json, "slv")},
		       {"se", p->se}};
	json_open(o, NULL, '{');
	json_put_int(o, "lzmxxh", (long long)row);
	json_put_int(o, "xh", (long long)index);
	for (size_t i = 0; i < COUNT(keys); i++)
		json_put(o, keys[i], json_member(l->json, keys[i]));
	for (size_t i = 0; i < COUNT(numbers); i++)
		json_put(o, numbers[i].key, numbers[i].value);
	json_close(o, '}');
}

static void put_rows(struct red_hand *h, const struct blue *b, struct json_out *o, int64_t sums[2])
{
	size_t n = 0;
	bool chosen = json_get(h->body, "lines") != NULL, bare = is(red_said(h, "reason"), "04");
	json_open(o, "hzqrdmxList", '[');
	for (size_t i = 0; i < b->n; i++) {
		const cJSON *wish = wish_of(h, i + 1);
		struct planned p;
		int64_t fen = 0;
		if (b->lines[i].gone || (chosen && !wish))
			continue;
		plan_row(&b->lines[i], wish, bare, &p);
		put_row(o, &b->lines[i], i + 1, ++n, &p);
		sums[0] += money_parse(p.je, &fen) ? fen : 0;
		sums[1] += money_parse(p.se, &fen) ? fen : 0;
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
	json_put(&o, "chyyDm", red_said(h, "reason")[0] ? red_said(h, "reason") : "01");
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
		return red_wrong(h, "申请不能理解");
	a.json = json;
	bool ok = red_apply(&a, tax_no, NULL);
	if (ok)
		red_put_form(h->o, &a.form);
	else
		snprintf(h->error, 256, "%s %.200s", a.why.code, a.why.text);
	blue_free(&a.blue);
	json_free(&json);
	return ok;
}

bool red_post_apply(struct red_hand *h)
{
	bool buyer = is(red_said(h, "role"), "buyer");
	struct blue b;
	struct buf text;
	if (!buyer && !is(red_said(h, "role"), "seller"))
		return red_wrong(h, "role 应为 buyer 或 seller（申请的一方）");
	if (!blue_load(h->sb, h->env, red_said(h, "code"), red_said(h, "blue"), &b)) {
		blue_free(&b);
		return red_wrong(h, "没有这张蓝字发票");
	}
	if (buyer && blue_unused(&b)) /* a buyer only applies for what it has used */
		blue_mark(h->sb, h->env, red_said(h, "code"), red_said(h, "blue"), USE_FPYT, "1");
	buf_init(&text, SB_BODY_MAX);
	write_application(h, &b, buyer ? "1" : "0", &text);
	bool ok = enter(h, blue_text(&b, buyer ? "gmfnsrsbh" : "xsfnsrsbh"), buf_str(&text));
	buf_free(&text);
	blue_free(&b);
	return ok;
}
