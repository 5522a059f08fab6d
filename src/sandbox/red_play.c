/* sandbox/red_play.c - a few red letters to practise with (--play): the first time a unit asks for
 * its forms, a customer has applied for one of its invoices, a supplier waits for its yes, and
 * other companies agree by themselves after a minute. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/red_hand.h"

enum { AGREE_SECONDS = 60 };

#define SUPPLIER      "91440300MAKP0S011C"
#define SUPPLIER_NAME "深圳市练习供应链有限公司"

/* One deed of the control port, as text; the answer goes to `back` (may be NULL). */
static bool deed(struct sb *sb, const char *path, const char *text, struct buf *back)
{
	char error[256] = "";
	struct json_out o;
	struct buf none;
	cJSON *body = NULL;
	if (json_parse(text, strlen(text), SB_BODY_MAX, &body, NULL))
		return false;
	buf_init(&none, SB_BODY_MAX);
	json_out_init(&o, back ? back : &none, 0);
	json_open(&o, NULL, '{');
	bool done = red_control_post(sb, path, body, &o, error) && !error[0];
	json_close(&o, '}');
	buf_free(&none);
	json_free(&body);
	return done;
}

static void put_env(struct json_out *o, enum env env)
{
	json_put(o, "env", env_name(env));
}

/* The buyer of the unit's first 专票 that nobody reverses has used it and applies. */
static void customer_applies(struct sb *sb, const struct request *rq)
{
	char blue[24] = "";
	struct buf text;
	struct json_out o;
	sqlite3_stmt *q =
	    db_query(sb,
		     "SELECT fphm FROM invoice i WHERE env=?1 AND tax_no=?2 AND sllsh<>''"
		     " AND jshj>0 AND instr(body, '\"fppz\":\"01\"')>0"
		     " AND NOT EXISTS(SELECT 1 FROM red_form f WHERE f.env=?1 AND f.fphm=i.fphm)"
		     " ORDER BY seq LIMIT 1",
		     "it", (int64_t)rq->env, rq->unit->v[U_TAX_NO]);
	if (!db_next(sb, q))
		return;
	text_copy(blue, sizeof(blue), db_text(q, 0));
	sqlite3_reset(q);
	buf_init(&text, 4096);
	json_out_init(&o, &text, 0);
	json_open(&o, NULL, '{');
	put_env(&o, rq->env);
	json_put(&o, "blue", blue);
	json_put(&o, "role", "buyer");
	json_put(&o, "reason", "01");
	json_close(&o, '}');
	deed(sb, "/red/apply", buf_str(&text), NULL);
	buf_free(&text);
}

static void write_supply(struct buf *text, const struct request *rq)
{
	struct json_out o;
	json_out_init(&o, text, 0);
	json_open(&o, NULL, '{');
	put_env(&o, rq->env);
	json_put(&o, "seller", SUPPLIER);
	json_put(&o, "seller_name", SUPPLIER_NAME);
	json_put(&o, "buyer", rq->unit->v[U_TAX_NO]);
	json_put(&o, "buyer_name", rq->unit->v[U_NAME]);
	json_open(&o, "lines", '[');
	json_open(&o, NULL, '{');
	json_put(&o, "name", "激光打印机");
	json_put(&o, "amount", "3000.00");
	json_put(&o, "tax", "390.00");
	json_put(&o, "quantity", "2");
	json_put(&o, "price", "1500.00");
	json_put(&o, "unit", "台");
	json_close(&o, '}');
	json_close(&o, ']');
	json_close(&o, '}');
}

/* We have used the supplier's invoice, so that it waits for us. */
static void supplier_applies(struct sb *sb, const struct request *rq)
{
	struct buf text, back;
	cJSON *told = NULL;
	char body[256];
	buf_init(&text, 4096);
	buf_init(&back, 4096);
	write_supply(&text, rq);
	if (deed(sb, "/red/blue", buf_str(&text), &back) &&
	    !json_parse(buf_str(&back), back.len, 4096, &told, NULL)) {
		const char *blue = json_member(told, "blue");
		blue_mark(sb, rq->env, "", blue, USE_FPYT, "1");
		snprintf(body, sizeof(body),
			 "{\"env\":\"%s\",\"blue\":\"%.20s\",\"role\":\"seller\",\"reason\":\"02\","
			 "\"lines\":[{\"line\":1,\"quantity\":\"-1\",\"amount\":\"-1500.00\","
			 "\"tax\":\"-195.00\"}]}",
			 env_name(rq->env), blue);
		deed(sb, "/red/apply", body, NULL);
	}
	json_free(&told);
	buf_free(&text);
	buf_free(&back);
}

void red_play(struct sb *sb, const struct request *rq)
{
	char key[64], body[64];
	snprintf(key, sizeof(key), "red-play %d %.30s", (int)rq->env, rq->unit->v[U_TAX_NO]);
	if (!sb->play || db_value(sb, 0, "SELECT 1 FROM meta WHERE key=?1", "t", key) ||
	    !db_value(sb, 0, "SELECT 1 FROM invoice WHERE env=?1 AND tax_no=?2 LIMIT 1", "it",
		      (int64_t)rq->env, rq->unit->v[U_TAX_NO]))
		return;
	db_run(sb, "INSERT INTO meta(key, value) VALUES(?1, '1')", "t", key);
	customer_applies(sb, rq);
	supplier_applies(sb, rq);
	snprintf(body, sizeof(body), "{\"do\":\"confirm\",\"after\":%d}", AGREE_SECONDS);
	deed(sb, "/red/auto", body, NULL);
}
