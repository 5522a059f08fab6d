/* leqi_package - packages of 归集: cut into objects, bounded, refused when they are not whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "leqi/leqi_p.h"

enum { MIB = 1024 * 1024 };

struct got {
	size_t count, bytes;
	char last[200];
	bool stop;
};

static bool take(void *arg, const char *text, size_t n)
{
	struct got *g = arg;

	g->count++;
	g->bytes += n;
	if (n < sizeof(g->last)) {
		memcpy(g->last, text, n);
		g->last[n] = 0;
	}
	return !g->stop;
}

/* base64(gzip(text repeated `times`)), the caller's. */
static char *packed(const char *head, const char *text, size_t times, const char *tail)
{
	z_stream z = {0};
	struct buf out;
	unsigned char piece[65536];
	char *base64;

	buf_init(&out, 64 * MIB);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	for (size_t i = 0; i < times + 2; i++) {
		const char *s = i == 0 ? head : i == times + 1 ? tail : text;

		z.next_in = (unsigned char *)(uintptr_t)s;
		z.avail_in = (uInt)strlen(s);
		do {
			z.next_out = piece;
			z.avail_out = sizeof(piece);
			deflate(&z, i == times + 1 ? Z_FINISH : Z_NO_FLUSH);
			buf_add(&out, piece, sizeof(piece) - z.avail_out);
		} while (z.avail_out == 0);
	}
	deflateEnd(&z);
	base64 = mem_alloc(out.len / 3 * 4 + 8);
	EVP_EncodeBlock((unsigned char *)base64, (const unsigned char *)out.data, (int)out.len);
	buf_free(&out);
	return base64;
}

static enum unpack unpack(const char *text, struct got *g)
{
	char *base64 = packed(text, "", 0, "");
	enum unpack how;

	*g = (struct got) {.count = 0};
	how = package_unpack(base64, strlen(base64), take, g);
	free(base64);
	return how;
}

static void test_forms(void **unused)
{
	static const struct {
		const char *text;
		enum unpack how;
		size_t count;
		const char *last;
	} FORMS[] = {
	    {"[]", UNPACK_OK, 0, ""},
	    {"", UNPACK_OK, 0, ""},
	    {" [ {\"a\":1} , {\"b\":{\"c\":[2]}} ] ", UNPACK_OK, 2, "{\"b\":{\"c\":[2]}}"},
	    {"{\"a\":\"}]\\\"{\"}", UNPACK_OK, 1, "{\"a\":\"}]\\\"{\"}"},
	    {"{\"a\":1}{\"b\":2}", UNPACK_NOT_JSON, 1, "{\"a\":1}"},
	    {"[{\"a\":1}]x", UNPACK_NOT_JSON, 1, "{\"a\":1}"},
	    {"[{\"a\":1}", UNPACK_NOT_JSON, 1, "{\"a\":1}"},
	    {"[{\"a\":1", UNPACK_NOT_JSON, 0, ""},
	    {"[,{}]", UNPACK_NOT_JSON, 0, ""},
	    {"null", UNPACK_NOT_JSON, 0, ""},
	    {"[[{}]]", UNPACK_NOT_JSON, 0, ""},
	};
	struct got g;

	(void)unused;
	for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++) {
		assert_int_equal(unpack(FORMS[i].text, &g), FORMS[i].how);
		assert_int_equal(g.count, FORMS[i].count);
		assert_string_equal(g.last, FORMS[i].last);
	}
}

static void test_pieces(void **unused)
{
	char *base64 = packed("[{\"n\":0}", ",{\"number\":\"26447000000000000001\",\"x\":\"年\"}",
			      100000, "]");
	struct got g = {.count = 0};

	(void)unused;
	assert_int_equal(package_unpack(base64, strlen(base64), take, &g), UNPACK_OK);
	assert_int_equal(g.count, 100001);
	g = (struct got) {.stop = true};
	assert_int_equal(package_unpack(base64, strlen(base64), take, &g), UNPACK_REFUSED);
	assert_int_equal(g.count, 1);
	/* Cut anywhere it is not whole. */
	for (size_t n = strlen(base64) / 4 * 4 - 4; n > 400; n = n / 2 / 4 * 4) {
		g = (struct got) {.count = 0};
		assert_int_equal(package_unpack(base64, n, take, &g), UNPACK_DAMAGED);
	}
	base64[100] = '!';
	assert_int_equal(package_unpack(base64, strlen(base64), take, &g), UNPACK_NOT_BASE64);
	free(base64);
	assert_int_equal(package_unpack("aGVsbG8=", 8, take, &g), UNPACK_DAMAGED);
	assert_int_equal(package_unpack("", 0, take, &g), UNPACK_DAMAGED);
}

static void test_bombs(void **unused)
{
	char *blanks = mem_alloc(MIB + 1), *base64;
	struct got g = {.count = 0};

	(void)unused;
	memset(blanks, ' ', MIB);
	blanks[MIB] = 0;
	base64 = packed("[", blanks, UNPACK_TOTAL / MIB + 1, "]");
	assert_true(strlen(base64) < 2 * MIB);
	assert_int_equal(package_unpack(base64, strlen(base64), take, &g), UNPACK_TOO_LARGE);
	free(base64);
	memset(blanks, 'A', MIB);
	base64 = packed("[{\"a\":\"", blanks, UNPACK_OBJECT / MIB + 1, "\"}]");
	assert_int_equal(package_unpack(base64, strlen(base64), take, &g), UNPACK_TOO_LARGE);
	assert_int_equal(g.count, 0);
	free(base64);
	free(blanks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_bombs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
