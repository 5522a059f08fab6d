/* Header texts of mails: nothing breaks out of a line, lines stay short, names come back whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "post/post.h"

static void test_words(void **unused)
{
	static const struct {
		const char *text, *want;
	} CASES[] = {
	    {"", ""},
	    {"Invoice 7", "Invoice 7"},
	    {"发票", "=?UTF-8?B?5Y+R56Wo?="},
	    {" x", "=?UTF-8?B?IHg=?="},
	    {"=?UTF-8?B?x?=", "=?UTF-8?B?PT9VVEYtOD9CP3g/PQ==?="},
	    {"a\"b", "=?UTF-8?B?YSJi?="},
	    {"a\r\nBcc: x@y.cn", "=?UTF-8?B?YUJjYzogeEB5LmNu?="},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char *got = post_encode_words(CASES[i].text);

		assert_string_equal(got, CASES[i].want);
		free(got);
	}
}

/* Every line within its bound, folded, and nothing but ASCII. */
static void check_lines(const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\r");

		assert_true(n <= 78);
		for (size_t i = 0; i < n; i++)
			assert_true(text[i] >= ' ' && text[i] < 0x7f);
		text += n;
		if (!*text)
			break;
		assert_int_equal(strncmp(text, "\r\n ", 3), 0);
		text += 2;
	}
}

static void test_long(void **unused)
{
	struct buf b;

	(void)unused;
	buf_init(&b, 4096);
	for (int i = 0; i < 60; i++)
		buf_adds(&b, i % 7 ? "很" : "x\xf0\x9f\x98\x80");
	char *words = post_encode_words(buf_str(&b)), *name = post_encode_file_name(buf_str(&b));

	check_lines(words);
	check_lines(name);
	assert_non_null(strstr(name, "filename*0*=UTF-8''"));
	assert_non_null(strstr(name, ";\r\n filename*8*="));
	free(words);
	free(name);
	buf_free(&b);
}

static void test_names(void **unused)
{
	static const struct {
		const char *text, *want;
	} CASES[] = {
	    {"a.pdf", "filename=\"a.pdf\""},
	    {"a b.pdf", "filename=\"a b.pdf\""},
	    {"发票.pdf", "filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf"},
	    {"a\".pdf", "filename*=UTF-8''a%22.pdf"},
	    {"a;b.pdf", "filename*=UTF-8''a%3Bb.pdf"},
	    {"a\r\nX: y.pdf", "filename*=UTF-8''aX%3A%20y.pdf"},
	    {"(1)'*%.pdf", "filename*=UTF-8''%281%29%27%2A%25.pdf"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char *got = post_encode_file_name(CASES[i].text);

		assert_string_equal(got, CASES[i].want);
		free(got);
	}
}

static void test_date(void **unused)
{
	char out[40];

	(void)unused;
	assert_string_equal(post_date(0, out), "Thu, 01 Jan 1970 08:00:00 +0800");
	assert_string_equal(post_date(1795175467, out), "Fri, 20 Nov 2026 19:51:07 +0800");
}

static void test_signature(void **unused)
{
	const struct push_call c = {.key = "a secret of the test, long enough",
				    .key_len = 33,
				    .timestamp = 1795175466,
				    .body = "{\"event\":\"test\"}",
				    .size = 16};
	char out[POST_SIGNATURE];

	(void)unused;
	post_sign(&c, out);
	assert_string_equal(out,
			    "v1=be37922d8618cf0fd1596627c8709bb0574739f7a4d0260f942cef18ead59ae2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),     cmocka_unit_test(test_long),
	    cmocka_unit_test(test_names),     cmocka_unit_test(test_date),
	    cmocka_unit_test(test_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
