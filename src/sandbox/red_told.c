/* sandbox/red_told.c - blue invoices told by hand: another company's, or an old one with its code;
 * what others did with an invoice. */
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
		const char *value = red_said(h, heads[i].from);
		json_put(&o, heads[i].key, value[0] ? value : heads[i].otherwise);
	}
	put_sums(&o, h);
	json_open(&o, "fpmxList", '[');
	cJSON_ArrayForEach(l, json_get(h->body, "lines")) put_line(&o, l, ++row);
	json_close(&o, ']');
	json_close(&o, '}');
}

bool red_post_blue(struct red_hand *h)
{
	char number[24], kprq[DATETIME_TEXT];
	int64_t at = clock_now();
	struct buf text;
	if (red_said(h, "kprq")[0] && !datetime_parse(red_said(h, "kprq"), &at))
		return red_wrong(h, "kprq 应为 yyyy-MM-dd HH:mm:ss");
	if (!json_get(h->body, "lines") || !json_get(h->body, "lines")->child)
		return red_wrong(h, "缺少 lines");
	struct datetime t = date_of(at);
	text_copy(number, sizeof(number), red_said(h, "number"));
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
	       (int64_t)h->env, red_said(h, "code"), number, (int64_t)is(red_said(h, "paper"), "Y"),
	       clock_now_ms(), buf_str(&text));
	buf_free(&text);
	json_put(h->o, "code", red_said(h, "code"));
	json_put(h->o, "blue", number);
	json_put(h->o, "kprq", kprq);
	return true;
}

/* ---- /red/mark ---- */

/* Forms under way become void when what they stand on has changed (protocol 6.4: 10, 12). */
static void void_forms(struct red_hand *h, const char *state)
{
	db_run(h->sb,
	       "UPDATE red_form SET state=?4 WHERE env=?1 AND fpdm=?2 AND fphm=?3"
	       " AND state<='04' AND issued='N'",
	       "ittt", (int64_t)h->env, red_said(h, "code"), red_said(h, "blue"), state);
}

bool red_post_mark(struct red_hand *h)
{
	if (!red_said(h, "blue")[0])
		return red_wrong(h, "缺少 blue（蓝字发票号码）");
	for (int i = 0; i < USE_N; i++) {
		const char *key = blue_use_key((enum blue_use)i);
		if (json_get(h->body, key))
			blue_mark(h->sb, h->env, red_said(h, "code"), red_said(h, "blue"),
				  (enum blue_use)i, red_said(h, key));
	}
	if (is(red_said(h, "ycpzzt"), "02"))
		void_forms(h, "10");
	if (is(red_said(h, "refused"), "Y"))
		void_forms(h, "12");
	return true;
}
