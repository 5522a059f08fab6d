/* desk_lab.h - a home of its own with a unit that can issue, without any network. */
#ifndef KP_TEST_DESK_LAB_H
#define KP_TEST_DESK_LAB_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka.h wants the headers above first. */
#include <cmocka.h>

#include "base/base.h"
#include "desk/desk.h"

#define LAB_NOW       "=2025-11-20T10:00:00+08:00"
#define LAB_DIRECT    "91440000MAKP00014G"
#define LAB_USING     "91440300MAKP00022T"
#define LAB_DIRECT_ID "5d2cff003e35abac053a"
#define LAB_USING_ID  "0123456789abcdef0123"

struct lab {
	char top[128], home[140];
	struct session *s;
	struct err_info e;
};

static inline void lab_write(struct lab *lab, const char *name, const char *text, char path[200])
{
	snprintf(path, 200, "%s/%s", lab->top, name);
	assert_int_equal(file_write(path, text, strlen(text), 0600, &lab->e), ERR_OK);
}

/* A fresh home with an open session of its administrator. */
static inline int lab_open(void **state)
{
	struct lab *lab = mem_zalloc(sizeof(*lab));
	bool created = false;

	assert_true(clock_start(LAB_NOW));
	const char *scratch = getenv("TMPDIR");
	snprintf(lab->top, sizeof(lab->top), "%s/desk-XXXXXX", scratch ? scratch : P_tmpdir);
	assert_non_null(mkdtemp(lab->top));
	snprintf(lab->home, sizeof(lab->home), "%s/home", lab->top);
	assert_int_equal(desk_home_init(lab->home, &created, &lab->e), ERR_OK);
	assert_true(created);
	assert_int_equal(desk_open(lab->home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	*state = lab;
	return 0;
}

static inline int lab_remove(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int lab_close(void **state)
{
	struct lab *lab = *state;

	desk_close(&lab->s);
	assert_int_equal(nftw(lab->top, lab_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(lab);
	return 0;
}

static inline enum err lab_add_direct(struct lab *lab, const char *url)
{
	char key[200], warning[UNIT_WARNING];
	struct unit_form f = {.role = "direct",
			      .env = "演练",
			      .name = "集团",
			      .tax_no = LAB_DIRECT,
			      .leqi_id = LAB_DIRECT_ID,
			      .url = url,
			      .key_file = key};

	lab_write(lab, "key", "00112233445566778899AABBCCDDEEFF\n", key);
	return desk_unit_add(lab->s, &f, warning, &lab->e);
}

static inline void lab_set_direct(struct lab *lab, bool verified)
{
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL,
				"UPDATE unit SET state = ? WHERE role = 'direct' AND tax_no = ?",
				"ss", verified ? "verified" : "unverified", LAB_DIRECT),
			 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
}

/* Below a direct unit that is verified for that moment at least (features C20). */
static inline enum err lab_add_using(struct lab *lab, const char *tax_no, const char *name)
{
	char warning[UNIT_WARNING];
	struct unit_form f = {.role = "using",
			      .direct = LAB_DIRECT,
			      .name = name,
			      .tax_no = tax_no,
			      .leqi_id = LAB_USING_ID};
	struct unit above;
	bool lend;
	enum err r;

	lend = !store_unit_find(lab->s->db, LAB_DIRECT, "direct", NULL, &above, NULL);
	if (lend) {
		lend = !above.verified;
		unit_free(&above);
	}
	if (lend)
		lab_set_direct(lab, true);
	r = desk_unit_add(lab->s, &f, warning, &lab->e);
	if (lend)
		lab_set_direct(lab, false);
	return r;
}

/* As the engine would after a verification. */
static inline int64_t lab_verify(struct lab *lab, const char *tax_no, const char *role)
{
	struct unit u;
	int64_t id;

	assert_int_equal(store_unit_find(lab->s->db, tax_no, role, NULL, &u, &lab->e), ERR_OK);
	id = u.id;
	unit_free(&u);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_unit_set_state(lab->s->db, id, true, "", &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	return id;
}

static inline void lab_taxpayer(struct lab *lab, int64_t unit)
{
	struct taxpayer t = {.type = "1", .state = "03", .pilot = "Y", .risk_flag = "N"};
	struct tax_rate rate = {.ppm = 130000, .enabled = true, .start = "2019-04-01"};
	struct taxcode_news news;

	snprintf(t.tax_no, sizeof(t.tax_no), "%s", LAB_USING);
	snprintf(t.name, sizeof(t.name), "科技");
	t.basic_at = t.risk_at = clock_now();
	assert_int_equal(store_taxpayer_put(lab->s->db, unit, &t, &lab->e), ERR_OK);
	assert_int_equal(store_rates_put(lab->s->db, unit, &rate, 1, &lab->e), ERR_OK);
	assert_int_equal(
	    store_taxcode_adopt(lab->s->db, "practice", "20251120000000", &news, &lab->e), ERR_OK);
}

/* Numbers, quota and data, as the engine would have brought them; returns the using unit's id. */
static inline int64_t lab_stock(struct lab *lab, int64_t numbers, int64_t quota_fen)
{
	struct segment g = {.size = numbers, .year = 2025, .claimed_at = clock_now()};
	int64_t unit;

	assert_int_equal(lab_add_direct(lab, "https://lqpt.example/access/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_OK);
	lab_verify(lab, LAB_DIRECT, "direct");
	unit = lab_verify(lab, LAB_USING, "using");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	lab_taxpayer(lab, unit);
	g.unit_id = unit;
	snprintf(g.serial, sizeof(g.serial), "serial-1");
	snprintf(g.first, sizeof(g.first), "25447000000000000001");
	assert_true(invoice_number_add(g.first, (unsigned long long)numbers - 1, g.last));
	assert_int_equal(store_segment_add(lab->s->db, &g, &lab->e), ERR_OK);
	if (quota_fen)
		assert_int_equal(store_quota_move(lab->s->db, unit, "2025-11", true, quota_fen,
						  "serial-q", &lab->e),
				 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	return unit;
}

/* One invoice of 113.00 (net 100.00). */
static inline void lab_invoices(struct lab *lab, struct invoice_set *set, const char *const *orders,
				size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, 1 << 20);
	buf_adds(&b, "[");
	for (i = 0; i < n; i++)
		buf_addf(
		    &b,
		    "%s{\"order_no\":\"%s\",\"kind\":\"ordinary\",\"prices_include_tax\":true,"
		    "\"buyer\":{\"name\":\"深圳市晴川数码贸易有限公司\",\"tax_no\":\"91440300MAKP0A011Y\"},"
		    ""
		    "\"lines\":[{\"name\":\"电脑\",\"tax_code\":\"1090509010000000000\","
		    "\"quantity\":\"2\","
		    "\"price\":\"56.50\",\"tax_rate\":\"0.13\"}],\"drawer\":\"林小满\"}",
		    i ? "," : "", orders[i]);
	buf_adds(&b, "]");
	assert_int_equal(desk_invoices_parse("orders", buf_str(&b), b.len, set, &lab->e), ERR_OK);
	buf_free(&b);
}

/* Issues one such invoice. */
static inline enum err lab_issue(struct lab *lab, const char *order)
{
	struct invoice_set set;
	int64_t ids[1];
	bool repeat[1] = {false};
	enum err r;

	lab_invoices(lab, &set, &order, 1);
	r = desk_issue(lab->s, &set, ids, repeat, &lab->e);
	invoice_set_free(&set);
	return r;
}

#endif
