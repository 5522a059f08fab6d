/* Forms of addresses, hosts and URLs; HMAC-SHA256. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

static void test_addresses(void **unused)
{
	static const char *const good[] = {"a@b.cn", "first.last+tag@mail.example.com",
					   "o'brien@x-y.example", "1@2.test", "a_b@c.d.e.test"};
	static const char *const bad[] = {
	    "",
	    "a",
	    "@b.cn",
	    "a@",
	    "a@b",
	    "a@b.",
	    "a@.cn",
	    "a@b..cn",
	    ".a@b.cn",
	    "a.@b.cn",
	    "a..b@c.cn",
	    "a b@c.cn",
	    "a@b.cn\n",
	    "a@b.cn ",
	    "<a@b.cn>",
	    "a@b.cn>",
	    "\"a\"@b.cn",
	    "a@b@c.cn",
	    "a,b@c.cn",
	    "a@-b.cn",
	    "a@b-.cn",
	    "a@[1.2.3.4]",
	    "a@1.2.3.4",
	    "发票@b.cn",
	    "a@b_c.cn",
	    "a\r@b.cn",
	    "a:b@c.cn",
	    "a;b@c.cn",
	    "a@b.cn\r\nBcc:x@y.cn",
	};
	char local[70];
	char text[80];

	(void)unused;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(address_ok(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(address_ok(bad[i]));
	memset(local, 'a', sizeof(local));
	local[64] = 0;
	snprintf(text, sizeof(text), "%s@b.cn", local);
	assert_true(address_ok(text));
	local[64] = 'a';
	local[65] = 0;
	snprintf(text, sizeof(text), "%s@b.cn", local);
	assert_false(address_ok(text));
}

static void test_several(void **unused)
{
	struct addresses a;
	struct err_info e = {0};
	char text[64];

	(void)unused;
	assert_int_equal(addresses_parse(" a@b.cn；C@d.cn，a@B.cn\n e@f.cn 、", &a, &e), ERR_OK);
	assert_int_equal(a.count, 3);
	assert_string_equal(addresses_text(&a, text, sizeof(text)), "a@b.cn, C@d.cn, e@f.cn");
	assert_string_equal(addresses_text(&a, text, 12), "a@b.cn");
	assert_int_equal(addresses_parse("a@b.cn, nobody", &a, &e), ERR_INVALID);
	assert_string_equal(e.code, "address.form");
	assert_non_null(strstr(e.why, "nobody"));
	assert_int_equal(addresses_parse(" ,; ", &a, &e), ERR_INVALID);
	assert_string_equal(e.code, "address.none");
	assert_int_equal(addresses_parse(NULL, &a, &e), ERR_INVALID);
	assert_int_equal(addresses_parse("1@b.cn 2@b.cn 3@b.cn 4@b.cn 5@b.cn 6@b.cn 7@b.cn 8@b.cn"
					 " 9@b.cn 10@b.cn 11@b.cn",
					 &a, &e),
			 ERR_INVALID);
	assert_string_equal(e.code, "address.many");
}

static void test_urls(void **unused)
{
	static const char *const good[] = {"https://a",          "https://a.b:8443/x/y?z=1&w=%20",
					   "HTTPS://[::1]:1/",   "http://127.0.0.1:8080/",
					   "http://localhost/x", "http://[::1]/"};
	static const char *const plain[] = {"http://a.b/", "http://127.example.com/",
					    "http://localhost.example.com/", "http://10.0.0.1/"};
	static const char *const bad[] = {"",
					  "a",
					  "ftp://a/",
					  "https://",
					  "https:///x",
					  "https://u:p@a/",
					  "https://a/#x",
					  "https://a b/",
					  "https://a\n/",
					  "https://a:/",
					  "https://a:123456/",
					  "https://[::1",
					  "https://中文.cn/",
					  "https://a..b/",
					  "https://a\\b/"};
	struct err_info e = {0};

	(void)unused;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(url_check(good[i], false, &e), ERR_OK);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		assert_int_equal(url_check(plain[i], false, &e), ERR_INVALID);
		assert_string_equal(e.code, "url.plain");
		assert_int_equal(url_check(plain[i], true, &e), ERR_OK);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(url_check(bad[i], true, &e), ERR_INVALID);
		assert_string_equal(e.code, "url.form");
	}
}

/* RFC 4231, cases 1, 2 and 6; the data in two parts. */
static void test_hmac(void **unused)
{
	char out[HASH_TEXT];
	unsigned char key[131];

	(void)unused;
	memset(key, 0x0b, 20);
	hash_hmac_sha256(key, 20, "Hi ", "There", 5, out);
	assert_string_equal(out,
			    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hash_hmac_sha256("Jefe", 4, "", "what do ya want for nothing?", 28, out);
	assert_string_equal(out,
			    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	hash_hmac_sha256(key, sizeof(key), "Test Using Larger Than Block-Size Key - Hash Key First",
			 "", 0, out);
	assert_string_equal(out,
			    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_masks(void **unused)
{
	static const struct {
		const char *url, *shown;
	} cases[] = {
	    {"https://a.test/push", "https://a.test/push"},
	    {"https://a.test", "https://a.test"},
	    {"https://a.test/x?token=abc&v=1", "https://a.test/x?token=***&v=***"},
	    {"https://a.test/x?token=", "https://a.test/x?token="},
	    {"https://a.test?abc", "https://a.test?***"},
	    {"https://u:p@a.test:8443/x", "https://***@a.test:8443/x"},
	    {"https://u:p@a.test/x?k=v", "https://***@a.test/x?k=***"},
	    {"https://a.test/hooks/T0123456789ABCDEFGHIJ/in", "https://a.test/hooks/***/in"},
	    {"https://a.test/a-long-word-without-a-number/in",
	     "https://a.test/a-long-word-without-a-number/in"},
	    {"https://host0123456789abcdefghij.test/x", "https://host0123456789abcdefghij.test/x"},
	    {"", ""},
	};
	char out[URL_TEXT], again[URL_TEXT], longest[URL_TEXT * 2];

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(url_mask(cases[i].url, out), cases[i].shown);
		assert_string_equal(url_mask(out, again), out);
	}
	/* Masking may make it longer than any URL is. */
	snprintf(longest, sizeof(longest), "https://a.test/?");
	while (strlen(longest) < URL_TEXT - 2)
		snprintf(longest + strlen(longest), sizeof(longest) - strlen(longest), "1&");
	assert_true(strlen(url_mask(longest, out)) < URL_TEXT);
	assert_null(strchr(out, '1'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses), cmocka_unit_test(test_several),
	    cmocka_unit_test(test_urls),      cmocka_unit_test(test_masks),
	    cmocka_unit_test(test_hmac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
