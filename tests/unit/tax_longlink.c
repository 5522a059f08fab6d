/* The long link of 发票云 (B28, B29): golden, places of faults, order and case of the names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tax/longlink.h"

#define GOLDEN                                                                                     \
	LONGLINK_BASE                                                                              \
	"?taxNo=91440300708461136T&clientId=Ab12&naturalId=0123456789abcdef0123"                   \
	"&connectNaturalId=5d2cff003e35abac053a"

static void test_build(void **unused)
{
	struct longlink l = {.tax_no = "91440300708461136T",
			     .client_id = "Ab12",
			     .natural_id = "0123456789abcdef0123"};
	char out[LONGLINK_MAX], client[LONGLINK_MAX];
	struct err_info e = {0};

	(void)unused;
	assert_int_equal(longlink_build(&l, out, &e), ERR_OK);
	assert_string_equal(out, GOLDEN);
	l.tax_no = "91440300\xE3\x80\x80"
		   "708461136T";
	assert_int_equal(longlink_build(&l, out, &e), ERR_INVALID);
	assert_string_equal(e.field, "taxno");
	assert_non_null(strstr(e.why, "第 9 个字符"));
	l.tax_no = "91440300708461136T";
	l.client_id = "";
	assert_int_equal(longlink_build(&l, out, &e), ERR_INVALID);
	assert_string_equal(e.field, "client-id");
	memset(client, 'a', sizeof(client) - 1);
	client[sizeof(client) - 1] = 0;
	l.client_id = client;
	assert_int_equal(longlink_build(&l, out, &e), ERR_INVALID);
}

struct fault {
	const char *text, *code;
	size_t column; /* of the first finding; 0: none at all */
	bool warning;
};

static const struct fault FAULTS[] = {
    {GOLDEN, "", 0, false},
    {"taxNo=91440300708461136T", "", 0, false},
    {"taxNo= 91440300708461136T", "hidden", 7, false},
    {"taxNo=\xE3\x80\x80"
     "91440300708461136T",
     "hidden", 7, false},
    {"taxNo=914403\xE2\x80\x8B"
     "00708461136T",
     "hidden", 13, false},
    {"taxNo=91440300708461136T\xEF\xBB\xBF", "hidden", 25, false},
    {"taxNo=91440300708461136T ", "hidden", 25, false},
    {"taxNo=91440300-08461136T", "value", 15, false},
    {"taxNo=91440300708461136t", "value", 24, false},
    {"taxNo=%2091440300708461136T", "value", 7, false},
    {"taxNo=1234", "value", 7, false},
    {"taxNo=", "value", 7, false},
    {"taxNo=91440300708461136X", "value", 7, true},
    {"taxno=91440300708461136T", "name", 1, false},
    {"taxNo=91440300708461136T&taxNo=91440300708461136T", "twice", 26, false},
    {"taxNo=91440300708461136T&&clientId=a", "form", 26, false},
    {"taxNo=91440300708461136T&", "form", 25, false},
    {"taxNo=91440300708461136T&other=1", "name", 26, false},
    {"taxNo=91440300708461136T& clientId=a", "hidden", 26, false},
    {"clientId=a&taxNo=91440300708461136T", "order", 12, false},
    {"taxNo=91440300708461136T&naturalId=0123456789ABCDEF0123", "value", 36, true},
    {"\xEF\xBB\xBF" GOLDEN, "address", 1, false},
    {" " GOLDEN, "address", 1, false},
    {"http" GOLDEN, "address", 5, false},
    {LONGLINK_BASE, "form", sizeof(LONGLINK_BASE), false},
    {"", "address", 1, false},
};

static void test_check(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
		const struct fault *f = &FAULTS[i];
		struct longlink_finding out[LONGLINK_FINDINGS];
		size_t n = longlink_check(f->text, out);

		if (n ? !f->column || out[0].column != f->column || strcmp(out[0].code, f->code)
		      : f->column)
			fail_msg("%s: %zu findings, %s at %zu", f->text, n, n ? out[0].code : "",
				 n ? out[0].column : 0);
		if (n) {
			assert_int_equal(out[0].warning, f->warning);
			assert_true(*out[0].text);
		}
	}
}

/* Any bytes at any place are told of without going past the end. */
static void test_bytes(void **unused)
{
	char text[sizeof(GOLDEN) + 1];

	(void)unused;
	for (size_t at = 0; at < sizeof(GOLDEN); at++) {
		for (int c = 1; c < 256; c += 7) {
			struct longlink_finding out[LONGLINK_FINDINGS];

			memcpy(text, GOLDEN, at);
			text[at] = (char)c;
			memcpy(text + at + 1, GOLDEN + at, sizeof(GOLDEN) - at);
			assert_true(longlink_check(text, out) <= LONGLINK_FINDINGS);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_build),
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
