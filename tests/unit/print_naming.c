/* Names of files: rules, safe characters, bounds, doubles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "print/naming.h"

static void fill(struct invoice *inv)
{
	invoice_init(inv);
	text_copy(inv->number, sizeof(inv->number), "26447000000000000012");
	text_copy(inv->issued_at, sizeof(inv->issued_at), "2026-11-20 09:08:07");
	mem_set(&inv->buyer.name, "深圳/市 A:B 公司");
	mem_set(&inv->buyer.tax_no, "91440300MA5EXAMPL8");
	mem_set(&inv->order_no, "SO-1");
	inv->gross_fen = 123456;
}

static void test_rules(void **unused)
{
	static const char *const good[] = {"{号码}", "a {订单号} b", "dzfp_{号码}_{购方}_{时间}",
					   "{票种}{日期}{价税合计}{税号}-{号码}"};
	static const char *const bad[] = {
	    "",         "{购方}",  "{号码}{金额}", "{号码}/{购方}",
	    "{号码}:",  "{号码",   "号码}{号码}",  "{号码}\n",
	    "..{号码}", "{号码}?", "{ 号码 }",     "{号码}\\{购方}",
	};
	struct err_info e;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(print_naming_check(good[i], NULL), ERR_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&e);
		assert_int_equal(print_naming_check(bad[i], &e), ERR_INVALID);
		assert_string_equal(e.code, "naming.rule");
	}
}

static void test_names(void **unused)
{
	struct invoice inv;
	char name[NAMING_TEXT];

	(void)unused;
	fill(&inv);
	assert_string_equal(print_naming_make(print_naming_default, &inv, ".pdf", name),
			    "dzfp_26447000000000000012_深圳_市 A_B 公司_20261120090807.pdf");
	assert_string_equal(
	    print_naming_make("{票种} {日期} {价税合计} {订单号} {税号}", &inv, ".xml", name),
	    "数电普票 20261120 1234.56 SO-1 91440300MA5EXAMPL8.xml");
	/* A rule that does not pass counts as the usual one. */
	print_naming_make("../{号码}", &inv, "", name);
	assert_null(strchr(name, '/'));
	assert_int_equal(strncmp(name, "dzfp_", 5), 0);
	mem_set(&inv.order_no, "../../etc/passwd");
	assert_string_equal(print_naming_make("{订单号}", &inv, "", name), "___.._etc_passwd");
	invoice_free(&inv);
}

static void test_bounds(void **unused)
{
	struct invoice inv;
	char name[NAMING_TEXT], *long_name = NULL;
	struct buf b;
	int i;

	(void)unused;
	fill(&inv);
	buf_init(&b, 10000);
	for (i = 0; i < 300; i++)
		buf_adds(&b, i % 7 ? "公" : "ａ");
	long_name = buf_detach(&b);
	mem_set(&inv.buyer.name, long_name);
	print_naming_make("{购方}_{号码}_{时间}", &inv, ".pdf", name);
	assert_true(strlen(name) <= NAMING_BYTES && strlen(name) > NAMING_BYTES - 4);
	assert_true(text_valid(name, strlen(name)));
	assert_non_null(strstr(name, "_26447000000000000012_20261120090807.pdf"));
	mem_set(&inv.order_no, long_name);
	print_naming_make("{购方}{订单号}_{号码}", &inv, ".pdf", name);
	assert_true(strlen(name) <= NAMING_BYTES);
	assert_non_null(strstr(name, "_26447000000000000012.pdf"));
	free(long_name);
	buf_free(&b);
	invoice_free(&inv);
}

static void test_doubles(void **unused)
{
	struct print_names *s = print_naming_set();
	char name[NAMING_TEXT], long_name[NAMING_TEXT];
	int i;

	(void)unused;
	snprintf(name, sizeof(name), "a.pdf");
	print_naming_take(s, name);
	assert_string_equal(name, "a.pdf");
	snprintf(name, sizeof(name), "a (2).pdf");
	print_naming_take(s, name);
	assert_string_equal(name, "a (2).pdf");
	snprintf(name, sizeof(name), "A.PDF");
	print_naming_take(s, name);
	assert_string_equal(name, "A (3).PDF");
	memset(long_name, 'x', NAMING_BYTES);
	memcpy(long_name + NAMING_BYTES - 4, ".ofd", 5);
	memcpy(name, long_name, sizeof(name));
	print_naming_take(s, name);
	memcpy(name, long_name, sizeof(name));
	print_naming_take(s, name);
	assert_int_equal(strlen(name), NAMING_BYTES);
	assert_non_null(strstr(name, " (2).ofd"));
	for (i = 0; i < 5000; i++) {
		char want[NAMING_TEXT];

		snprintf(name, sizeof(name), "n%d.xml", i);
		memcpy(want, name, sizeof(want));
		print_naming_take(s, name);
		assert_string_equal(name, want);
	}
	print_naming_set_free(&s);
	assert_null(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_doubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
