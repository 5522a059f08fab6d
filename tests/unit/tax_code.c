/* Code tables, rate lists, the code's own structure; may a taxpayer issue. */
#include "tax_help.h"

#include "base/embed.h"

static void rate_lists(void **state)
{
	(void)state;
	assert_true(tax_rates_list("3%、5%", 30000, false));
	assert_true(tax_rates_list("3%、5%", 50000, false));
	assert_false(tax_rates_list("3%、5%", 130000, true));
	assert_true(tax_rates_list("13%", 130000, false));
	assert_true(tax_rates_list("0.13,0.09", 90000, false));
	assert_true(tax_rates_list("1.5%", 15000, false));
	assert_false(tax_rates_list("13%", 10000, false));
	assert_true(tax_rates_list("", 130000, true));
	assert_false(tax_rates_list("", 130000, false));
	assert_true(tax_rates_list(NULL, 130000, true));
	assert_true(tax_rates_list("、", 130000, true));
	assert_false(tax_rates_list("免税", 0, false));
}

static void parents(void **state)
{
	(void)state;
	char out[20];
	assert_string_equal(tax_code_parent("1010101010100000000", out), "1010101010000000000");
	assert_string_equal(tax_code_parent("1010101000000000000", out), "1010100000000000000");
	assert_string_equal(tax_code_parent("1100000000000000000", out), "1000000000000000000");
	assert_string_equal(tax_code_parent("1000000000000000000", out), "");
	assert_string_equal(tax_code_parent("1090511", out), "");
}

/* Each table that travels in the program is read whole: same rows as its file has lines. */
static void tables_are_whole(void **state)
{
	(void)state;
	static const char *const names[CODES_TABLES] = {
	    "regions",        "countries",       "preferences",   "id-types",    "payment-channels",
	    "taxpayer-types", "taxpayer-states", "industries",    "sectors",     "consumption",
	    "reserve-codes",  "taxcode-words",   "voucher-types", "settlements", "coal-kinds"};
	for (int t = 0; t < CODES_TABLES; t++) {
		char path[64];
		size_t rows = 0, lines = 0;
		const struct code_row *row;
		snprintf(path, sizeof(path), "data/%s.tsv", names[t]);
		const struct embedded *file = embed_find(path);
		for (const char *s = file ? file->data : ""; *s; s++)
			lines += *s == '\n';
		for (; (row = code_at((enum code_table)t, rows)); rows++) {
			assert_true(*row->code && *row->name && row->extra && row->extra2);
			assert_null(strchr(row->extra2, '\t'));
			assert_ptr_equal(code_find((enum code_table)t, row->code), row);
		}
		if (file)
			assert_int_equal(rows, lines - 1); /* the header */
		else
			assert_int_equal(rows, 0);
		assert_null(code_find((enum code_table)t, "no such code"));
	}
}

static void known_rows(void **state)
{
	(void)state;
	if (!embed_find("data/regions.tsv"))
		skip();
	const struct code_row *row = code_find(CODES_REGIONS, "14403000000");
	assert_string_equal(row->extra, "4403");
	assert_string_equal(row->extra2, "95");
	assert_string_equal(code_find(CODES_COUNTRIES, "156")->name, "中国");
	assert_string_equal(code_find(CODES_PREFERENCES, "09")->extra, "5%");
	assert_string_equal(code_find_name(CODES_PREFERENCES, "免税")->code, "03");
	assert_string_equal(code_find(CODES_ID_TYPES, "201")->extra2, "Y");
	assert_string_equal(code_find(CODES_ID_TYPES, "202")->extra2, "N");
	size_t reserve = 0;
	while (code_at(CODES_RESERVE, reserve))
		reserve++;
	assert_int_equal(reserve, 16);
	assert_non_null(code_find(CODES_RESERVE, "6160000000000000000"));
}

/* ---- may the unit issue ---- */

static struct taxpayer good_unit(void)
{
	return (struct taxpayer) {.state = "03", .pilot = "Y", .basic_at = 1000, .risk_at = 1000};
}

static void preferences_of_a_code(void **state)
{
	static const struct {
		const char *special, *bears, *not ;
		bool untaxed;
	} cases[] = {
	    {NULL, "01", NULL, false},
	    {"", "02", NULL, false},
	    {"见文件规定", "16", NULL, false}, /* names none */
	    {"简易征收", "01", "08", false},
	    {"免税、按3%简易征收", "08", "01", false},
	    {"免税；按3%简易征收", "03", "09", false},
	    {"03,11", "11", "12", false},
	    {"稀土产品", "04", "03", true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tax_code c = {.special = (char *)(uintptr_t)cases[i].special,
				     .untaxed = cases[i].untaxed};

		assert_true(tax_code_bears(&c, cases[i].bears));
		if (cases[i].not )
			assert_false(tax_code_bears(&c, cases[i].not ));
	}
}

static void expect_unit(const struct taxpayer *t, int64_t now, const char *code)
{
	struct err_info e = {0};

	assert_int_equal(taxpayer_may_issue(t, now, &e), code ? ERR_INVALID : ERR_OK);
	assert_string_equal(e.code, code ? code : "");
	if (code)
		assert_true(*e.what && *e.why && *e.hint);
	assert_int_equal(taxpayer_may_issue(t, now, NULL), code ? ERR_INVALID : ERR_OK);
}

static void units_that_may_issue(void **state)
{
	(void)state;
	struct taxpayer t = good_unit();
	expect_unit(&t, 1000, NULL);
	expect_unit(&t, 1000 + 24 * 3600, NULL);
	memcpy(t.state, "09", 3);
	memcpy(t.risk_class, "02", 3);
	memcpy(t.alert_level, "02", 3);
	memcpy(t.risk_flag, "N", 2);
	expect_unit(&t, 2000, NULL);
}

static void units_that_may_not(void **state)
{
	(void)state;
	struct taxpayer t = good_unit();
	expect_unit(&t, 1000 + 24 * 3600 + 1, "seller.risk.stale");
	/* An answer of tomorrow was taken under a wrong clock. */
	t.risk_at = 1000 + CLOCK_SLACK;
	expect_unit(&t, 1000, NULL);
	t.risk_at++;
	expect_unit(&t, 1000, "seller.risk.stale");
	t.risk_at = 1000;
	t.basic_at = 0;
	expect_unit(&t, 1000, "seller.basic.missing");
	t = good_unit();
	t.risk_at = 0;
	expect_unit(&t, 1000, "seller.risk.missing");
	t = good_unit();
	t.pilot[0] = 'N';
	expect_unit(&t, 1000, "seller.pilot");
	static const char *const states[] = {"",   "01", "02", "04", "05", "06", "07",
					     "08", "10", "11", "12", "13", "99"};
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		t = good_unit();
		snprintf(t.state, sizeof(t.state), "%s", states[i]);
		expect_unit(&t, 1000, "seller.state");
	}
	t = good_unit();
	memcpy(t.risk_class, "01", 3);
	expect_unit(&t, 1000, "seller.risk.class");
	t = good_unit();
	memcpy(t.alert_level, "01", 3);
	expect_unit(&t, 1000, "seller.risk.alert");
	t = good_unit();
	memcpy(t.risk_flag, "Y", 2);
	expect_unit(&t, 1000, "seller.risk.flag");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rate_lists),
	    cmocka_unit_test(parents),
	    cmocka_unit_test(tables_are_whole),
	    cmocka_unit_test(known_rows),
	    cmocka_unit_test(preferences_of_a_code),
	    cmocka_unit_test(units_that_may_issue),
	    cmocka_unit_test(units_that_may_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
