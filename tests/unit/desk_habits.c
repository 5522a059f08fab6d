/* 备注常用语 and what a buyer got last: prices, invoices. */
#include "unit/desk_lab.h"

/* ---- phrases ---- */

static void filled(const char *text, const char *day, const char *order_no, const char *want)
{
	int64_t now;
	char *got;

	assert_true(datetime_parse(day, &now));
	got = phrase_fill(text, now, order_no);
	assert_string_equal(got, want);
	free(got);
}

static void placeholders_are_filled_in(void **state)
{
	(void)state;
	filled("{年}年{月}月{日}日", "2026-11-05 10:00:00", "", "2026年11月5日");
	filled("{上月年}年{上月}月服务费", "2026-01-31 23:59:59", "", "2025年12月服务费");
	filled("{上月}", "2026-03-31 00:00:00", "", "2");
	filled("订单{订单号}", "2026-01-01 00:00:00", "SO-1", "订单SO-1");
	filled("订单{订单号}", "2026-01-01 00:00:00", "", "订单{订单号}");
	filled("{年度}{", "2026-01-01 00:00:00", NULL, "{年度}{");
	filled("}{{月}}", "2026-07-01 00:00:00", NULL, "}{7}");
	filled("", "2026-07-01 00:00:00", NULL, "");
}

static int64_t add(struct lab *lab, const char *body)
{
	int64_t id = 0;

	assert_int_equal(desk_phrase_save(lab->s, &id, body, &lab->e), ERR_OK);
	assert_true(id > 0);
	return id;
}

static void phrases_are_kept_in_the_order_of_use(void **state)
{
	struct lab *lab = *state;
	struct phrase *list;
	int64_t a, b, none = 0;
	size_t n;

	lab_stock(lab, 10, 10000000);
	a = add(lab, "  货已送到 ");
	b = add(lab, "{月}月服务费");
	assert_int_equal(desk_phrase_used(lab->s, a, &lab->e), ERR_OK);
	assert_int_equal(desk_phrase_list(lab->s, &list, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 2);
	assert_string_equal(list[0].body, "货已送到");
	assert_int_equal(list[0].uses, 1);
	assert_int_equal(list[1].id, b);
	free(list);

	assert_int_equal(desk_phrase_save(lab->s, &none, "货已送到", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "phrase.twin");
	assert_int_equal(desk_phrase_save(lab->s, &none, " ", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "phrase.empty");
	assert_int_equal(desk_phrase_save(lab->s, &none, "{月}月{坏}", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "phrase.word");
	assert_non_null(strstr(lab->e.why, "{坏}"));
	assert_int_equal(desk_phrase_save(lab->s, &none, "a\tb", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "phrase.character");
	assert_int_equal(desk_phrase_save(lab->s, &b, "货已送到", &lab->e), ERR_INVALID);
	assert_int_equal(desk_phrase_save(lab->s, &b, "改过的", &lab->e), ERR_OK);
	assert_int_equal(desk_phrase_delete(lab->s, a, &lab->e), ERR_OK);
	assert_int_equal(desk_phrase_delete(lab->s, a, &lab->e), ERR_OK);
	assert_int_equal(desk_phrase_list(lab->s, &list, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].body, "改过的");
	free(list);
}

static void phrases_have_an_end(void **state)
{
	struct lab *lab = *state;
	char body[40], *more = mem_alloc(PHRASE_CHARS + 2);
	int64_t none = 0;

	lab_stock(lab, 10, 10000000);
	for (int i = 0; i < PHRASES_MAX; i++) {
		snprintf(body, sizeof(body), "第 %d 条", i);
		add(lab, body);
	}
	assert_int_equal(desk_phrase_save(lab->s, &none, "多的", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "phrase.many");
	memset(more, 'x', PHRASE_CHARS + 1);
	more[PHRASE_CHARS + 1] = 0;
	assert_int_equal(desk_phrase_save(lab->s, &none, more, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "phrase.long");
	free(more);
}

static void phrases_are_ones_own(void **state)
{
	struct lab *lab = *state;
	struct app_user other = {.name = "other", .role = "issuer", .enabled = true};
	struct session *s = NULL;
	struct phrase *list;
	int64_t mine;
	size_t n;

	lab_stock(lab, 10, 10000000);
	mine = add(lab, "我的");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_user_add(lab->s->db, &other, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_open(lab->home, "other", NULL, &s, &lab->e), ERR_OK);
	assert_int_equal(desk_phrase_list(s, &list, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 0);
	free(list);
	assert_int_equal(desk_phrase_delete(s, mine, &lab->e), ERR_OK);
	desk_close(&s);
	assert_int_equal(desk_phrase_list(lab->s, &list, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	free(list);
}

/* ---- prices ---- */

static char BUYER[] = "深圳市晴川数码贸易有限公司", TAX_NO[] = "91440300MAKP0A011Y";

/* An invoice of one line, issued; returns its id. */
static int64_t issue(struct lab *lab, const char *order, const char *name, const char *price,
		     bool inclusive)
{
	struct invoice_set set;
	int64_t id = 0;
	bool repeat;
	char *text;

	assert_true(asprintf(&text,
			     "{\"order_no\":\"%s\",\"kind\":\"ordinary\",\"prices_include_tax\":%s,"
			     "\"buyer\":{\"name\":\"%s\",\"tax_no\":\"%s\"},\"lines\":[{\"name\":"
			     "\"%s\",\"spec\":\"A4\",\"unit\":\"台\",\"tax_code\":"
			     "\"1090509010000000000\",\"quantity\":\"2\",\"price\":\"%s\","
			     "\"tax_rate\":\"0.13\"}],\"drawer\":\"林小满\"}",
			     order, inclusive ? "true" : "false", BUYER, TAX_NO, name, price) > 0);
	assert_int_equal(desk_invoices_parse("x", text, strlen(text), &set, &lab->e), ERR_OK);
	free(text);
	if (desk_issue(lab->s, &set, &id, &repeat, &lab->e))
		fail_msg("%s: %s", lab->e.what, lab->e.why);
	invoice_set_free(&set);
	return id;
}

static void set_state(struct lab *lab, int64_t id, enum invoice_state a, enum invoice_state b,
		      enum invoice_state c)
{
	const enum invoice_state way[] = {a, b, c};

	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(store_invoice_set_state(lab->s->db, id, way[i], "", &lab->e),
				 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
}

static void issued(struct lab *lab, int64_t id)
{
	set_state(lab, id, INVOICE_SENDING, INVOICE_ACCEPTED, INVOICE_ISSUED);
}

static bool last(struct lab *lab, const char *name, const char *unit, bool inclusive,
		 struct price_known *out)
{
	struct tax_line l = {.name = (char *)(uintptr_t)name,
			     .spec = (char *)(uintptr_t) "A4",
			     .unit = (char *)(uintptr_t)unit};
	const struct party buyer = {.name = BUYER, .tax_no = TAX_NO};
	bool found = false;

	assert_int_equal(desk_price_last(lab->s, &buyer, &l, inclusive, out, &found, &lab->e),
			 ERR_OK);
	return found;
}

static void price_is(struct lab *lab, bool inclusive, const char *want)
{
	struct price_known p;
	char text[DEC_TEXT];

	assert_true(last(lab, "打印机", "台", inclusive, &p));
	assert_string_equal(dec_format(dec_normalize(p.price), text), want);
	assert_string_equal(p.date, "2025-11-20");
	assert_int_equal(strlen(p.number), 20);
}

static void the_last_price_is_known(void **state)
{
	struct lab *lab = *state;
	struct price_known p;
	struct party stranger = {.name = BUYER, .tax_no = (char *)(uintptr_t) "91110108MAKP0A0237"};
	struct tax_line l = {.name = (char *)(uintptr_t) "打印机",
			     .spec = (char *)(uintptr_t) "A4",
			     .unit = (char *)(uintptr_t) "台"};
	bool found = true;

	lab_stock(lab, 10, 100000000);
	assert_false(last(lab, "打印机", "台", true, &p));
	issued(lab, issue(lab, "P-1", "打印机", "1130", true));
	price_is(lab, true, "1130");
	price_is(lab, false, "1000");
	issued(lab, issue(lab, "P-2", "打印机", "900", false));
	price_is(lab, false, "900");
	price_is(lab, true, "1017");
	/* Another article, another unit, another buyer. */
	assert_false(last(lab, "硒鼓", "台", true, &p));
	assert_false(last(lab, "打印机", "箱", true, &p));
	assert_int_equal(desk_price_last(lab->s, &stranger, &l, true, &p, &found, &lab->e), ERR_OK);
	assert_false(found);
}

static void what_became_nothing_does_not_count(void **state)
{
	struct lab *lab = *state;

	lab_stock(lab, 10, 100000000);
	issued(lab, issue(lab, "P-1", "打印机", "1130", true));
	set_state(lab, issue(lab, "P-2", "打印机", "5", true), INVOICE_SENDING, INVOICE_FAILED,
		  INVOICE_VOID);
	price_is(lab, true, "1130");
}

static void older_invoices_are_learned(void **state)
{
	struct lab *lab = *state;
	struct price_known p;

	lab_stock(lab, 10, 100000000);
	issued(lab, issue(lab, "P-1", "打印机", "1", true));
	issued(lab, issue(lab, "P-2", "打印机", "1130", true));
	issued(lab, issue(lab, "P-3", "硒鼓", "56.5", true));
	/* As a home that was made before prices were kept. */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL, "DELETE FROM price_last", ""), ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL, "DELETE FROM price_buyer", ""), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	price_is(lab, true, "1130");
	assert_true(last(lab, "硒鼓", "台", true, &p));
	assert_false(last(lab, "纸", "台", true, &p));
}

static int64_t count(struct lab *lab, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db_get_int(lab->s->db, &lab->e, &n, NULL, sql, ""), ERR_OK);
	return n;
}

static void a_buyers_prices_are_bounded(void **state)
{
	struct lab *lab = *state;
	int64_t unit = lab_stock(lab, 10, 100000000);
	struct invoice inv;
	char name[40];

	for (int round = 1; round <= 30; round++) {
		invoice_init(&inv);
		mem_set(&inv.buyer.name, BUYER);
		for (int i = 0; i < 100; i++) {
			struct tax_line *l = invoice_add_line(&inv);

			snprintf(name, sizeof(name), "货物 %d", round * 100 + i);
			mem_set(&l->name, name);
			l->full_price = dec_from_int(round);
		}
		assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
		assert_int_equal(store_price_issued(lab->s->db, unit, round, &inv, &lab->e),
				 ERR_OK);
		assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
		invoice_free(&inv);
	}
	assert_in_range(count(lab, "SELECT COUNT(*) FROM price_last"), 500, 1900);
	/* The newest are there. */
	assert_int_equal(count(lab, "SELECT MAX(invoice_id) FROM price_last"), 30);
	assert_in_range(count(lab, "SELECT MIN(invoice_id) FROM price_last"), 10, 26);
}

/* ---- the last invoice ---- */

static void the_last_invoice_is_found(void **state)
{
	struct lab *lab = *state;
	const struct party buyer = {.name = BUYER, .tax_no = TAX_NO},
			   unnamed = {.name = BUYER, .tax_no = (char *)(uintptr_t) ""},
			   other = {.name = (char *)(uintptr_t) "没有的公司",
				    .tax_no = (char *)(uintptr_t) ""};
	int64_t first, second, id = 9;

	lab_stock(lab, 10, 100000000);
	assert_int_equal(desk_last_invoice(lab->s, &buyer, &id, &lab->e), ERR_OK);
	assert_int_equal(id, 0);
	first = issue(lab, "L-1", "打印机", "1", true);
	issued(lab, first);
	second = issue(lab, "L-2", "打印机", "2", true);
	/* Still on its way. */
	assert_int_equal(desk_last_invoice(lab->s, &buyer, &id, &lab->e), ERR_OK);
	assert_int_equal(id, first);
	issued(lab, second);
	assert_int_equal(desk_last_invoice(lab->s, &buyer, &id, &lab->e), ERR_OK);
	assert_int_equal(id, second);
	assert_int_equal(desk_last_invoice(lab->s, &unnamed, &id, &lab->e), ERR_OK);
	assert_int_equal(id, second);
	assert_int_equal(desk_last_invoice(lab->s, &other, &id, &lab->e), ERR_OK);
	assert_int_equal(id, 0);
}

/* Makes a red one of an invoice that is there. */
static void turn_red(struct lab *lab, int64_t id)
{
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL,
				"INSERT INTO invoice_red (invoice_id, unit_id, blue_number)"
				" SELECT id, unit_id, '' FROM invoice WHERE id = ?",
				"l", id),
			 ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL, "DELETE FROM price_last", ""), ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL, "DELETE FROM price_buyer", ""), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
}

/* What was taken back is neither the last invoice nor a price. */
static void a_red_invoice_is_passed_over(void **state)
{
	struct lab *lab = *state;
	const struct party buyer = {.name = BUYER, .tax_no = TAX_NO};
	int64_t first, second, id = 9;

	lab_stock(lab, 10, 100000000);
	issued(lab, first = issue(lab, "R-1", "打印机", "1.5", true));
	issued(lab, second = issue(lab, "R-2", "打印机", "2", true));
	turn_red(lab, second);
	assert_int_equal(desk_last_invoice(lab->s, &buyer, &id, &lab->e), ERR_OK);
	assert_int_equal(id, first);
	price_is(lab, true, "1.5");
	turn_red(lab, first);
	assert_int_equal(desk_last_invoice(lab->s, &buyer, &id, &lab->e), ERR_OK);
	assert_int_equal(id, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, lab_open, lab_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(placeholders_are_filled_in),
	    T(phrases_are_kept_in_the_order_of_use),
	    T(phrases_have_an_end),
	    T(phrases_are_ones_own),
	    T(the_last_price_is_known),
	    T(what_became_nothing_does_not_count),
	    T(older_invoices_are_learned),
	    T(a_buyers_prices_are_bounded),
	    T(the_last_invoice_is_found),
	    T(a_red_invoice_is_passed_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
