/* Text: UTF-8 against every code point and random bytes, columns, GBK against iconv, cleaning. */
#include <errno.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static uint32_t seed = 12345;

static uint32_t rnd(void)
{
	seed = seed * 1664525U + 1013904223U;
	return seed >> 8;
}

static void every_code_point_round_trips(void **state)
{
	char s[5];
	uint32_t cp, back;

	(void)state;
	for (cp = 1; cp <= 0x10FFFF; cp++) {
		size_t n;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		n = text_put(cp, s);
		s[n] = 0;
		if (text_next(s, n, &back) != n || back != cp || !text_valid(s, n))
			fail_msg("U+%04X", (unsigned)cp);
		/* Cut short it is one bad byte, never more. */
		if (n > 1 && (text_next(s, n - 1, &back) != 1 || back != 0xFFFD))
			fail_msg("U+%04X cut", (unsigned)cp);
	}
	assert_int_equal(text_put(0xD800, s), 3);
	assert_memory_equal(s, "\xEF\xBF\xBD", 3);
	assert_int_equal(text_put(0x110000, s), 3);
}

static void malformed_bytes_are_found(void **state)
{
	static const struct {
		const char *s;
		size_t n, fault;
	} CASES[] = {
	    {"abc", 3, 3},
	    {"", 0, 0},
	    {"a\0b", 3, 1},
	    {"a\x80", 2, 1},
	    {"\xC0\x80", 2, 0},         /* overlong NUL */
	    {"\xC1\xBF", 2, 0},         /* overlong */
	    {"\xE0\x9F\xBF", 3, 0},     /* overlong */
	    {"\xED\xA0\x80", 3, 0},     /* surrogate */
	    {"\xF0\x8F\xBF\xBF", 4, 0}, /* overlong */
	    {"\xF4\x90\x80\x80", 4, 0}, /* beyond U+10FFFF */
	    {"\xF5\x80\x80\x80", 4, 0},
	    {"ok\xE7\xA8", 4, 2},   /* cut */
	    {"\xEF\xBF\xBD", 3, 3}, /* a genuine U+FFFD is fine */
	    {"\xFF\xFE", 2, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(text_first_fault(CASES[i].s, CASES[i].n), CASES[i].fault);
		assert_int_equal(text_valid(CASES[i].s, CASES[i].n), CASES[i].fault == CASES[i].n);
	}
}

/* iconv is the judge of validity for random bytes. */
static void random_bytes_against_iconv(void **state)
{
	iconv_t cd = iconv_open("UTF-32LE", "UTF-8");

	(void)state;
	for (int round = 0; round < 200000; round++) {
		static const unsigned char LIKELY[] = {0x80, 0xBF, 0xC2, 0xE0, 0xE4, 0xED,
						       0xF0, 0xF4, 0x9F, 0xA0, 0x8F, 0x90};
		char in[6], out[64], *pin = in, *pout = out;
		size_t n = 1 + rnd() % sizeof(in), left_in = n, left_out = sizeof(out), r;

		for (size_t i = 0; i < n; i++)
			in[i] =
			    (char)(rnd() % 3 ? LIKELY[rnd() % sizeof(LIKELY)] : 1 + rnd() % 255);
		iconv(cd, NULL, NULL, NULL, NULL);
		r = iconv(cd, &pin, &left_in, &pout, &left_out);
		if ((r != (size_t)-1) != text_valid(in, n))
			fail_msg("round %d", round);
	}
	iconv_close(cd);
}

static void counts_and_prefixes(void **state)
{
	(void)state;
	assert_int_equal(text_chars(""), 0);
	assert_int_equal(text_chars("a税é𠀀"), 4);
	assert_int_equal(text_chars("\x80\x80"), 2);
	assert_int_equal(text_prefix("a税é𠀀", 0), 0);
	assert_int_equal(text_prefix("a税é𠀀", 2), 4);
	assert_int_equal(text_prefix("a税é𠀀", 4), 10);
	assert_int_equal(text_prefix("a税", 99), 4);
	assert_int_equal(text_whole("税", 3), 3);
	assert_int_equal(text_whole("税", 2), 0);
	assert_int_equal(text_whole("a税", 2), 1);
	assert_int_equal(text_whole("\x80\x80\x80\x80", 4), 4);
	assert_int_equal(text_whole("", 0), 0);
}

static void columns(void **state)
{
	size_t used;

	(void)state;
	assert_int_equal(text_cp_cols('a'), 1);
	assert_int_equal(text_cp_cols(0x7A0E), 2); /* 税 */
	assert_int_equal(text_cp_cols(0xFF01), 2); /* full-width ! */
	assert_int_equal(text_cp_cols(0x3000), 2);
	assert_int_equal(text_cp_cols(0xAC00), 2);
	assert_int_equal(text_cp_cols(0x1F600), 2);
	assert_int_equal(text_cp_cols(0x20000), 2);
	assert_int_equal(text_cp_cols(0xFF71), 1); /* half-width katakana */
	assert_int_equal(text_cp_cols(0x301), 0);
	assert_int_equal(text_cp_cols(0x200B), 0);
	assert_int_equal(text_cp_cols(0x3099), 0);
	assert_int_equal(text_cp_cols('\n'), 0);
	assert_int_equal(text_cp_cols(0x9F), 0);
	assert_int_equal(text_cp_cols(0xE9), 1);
	assert_int_equal(text_cp_cols(0xB7), 1); /* ambiguous middle dot */
	text_set_ambiguous(2);
	assert_int_equal(text_cp_cols(0xB7), 2);
	assert_int_equal(text_cols("①a"), 3);
	text_set_ambiguous(1);
	assert_int_equal(text_cols("①a"), 2);
	assert_int_equal(text_cols("税e\xCC\x81!"), 4);

	assert_int_equal(text_fit("税率", 3, &used), 3);
	assert_int_equal(used, 2);
	assert_int_equal(text_fit("税率", 4, &used), 6);
	assert_int_equal(text_fit("e\xCC\x81x", 1, &used), 3); /* the mark stays with its base */
	assert_int_equal(used, 1);
	assert_int_equal(text_fit("税", 1, &used), 0);
	assert_int_equal(used, 0);
	assert_int_equal(text_fit("abc", 9, NULL), 3);
}

static void gbk_bytes_against_iconv(void **state)
{
	iconv_t cd = iconv_open("GB18030", "UTF-8");

	(void)state;
	assert_int_equal(text_gbk_bytes(""), 0);
	assert_int_equal(text_gbk_bytes("a税é"), 5);
	assert_int_equal(text_gbk_bytes("𠀀"), 4);
	for (uint32_t cp = 1; cp < 0x10000; cp++) {
		char in[5], out[8], *pin = in, *pout = out;
		size_t n, left_in, left_out = sizeof(out);

		if ((cp >= 0xD800 && cp <= 0xF8FF) || (cp >= 0x9FA6 && cp <= 0x9FBB) ||
		    (cp >= 0xFE10 && cp <= 0xFE19))
			continue; /* surrogates, private use, and what editions of GB18030 moved */
		n = left_in = text_put(cp, in);
		in[n] = 0;
		if (iconv(cd, &pin, &left_in, &pout, &left_out) == (size_t)-1)
			continue;
		if (text_gbk_bytes(in) != sizeof(out) - left_out)
			fail_msg("U+%04X", (unsigned)cp);
	}
	iconv_close(cd);
}

static void forbidden_places(void **state)
{
	static const uint32_t BAD[] = {0x00,   0x1F,   0x7F,   0x80,   0x9F,   0x61C,  0x200B,
				       0x200E, 0x200F, 0x202A, 0x202E, 0x2028, 0x2029, 0x2060,
				       0x2066, 0x2069, 0xFEFF, '\n',   '\t'};
	static const uint32_t GOOD[] = {' ',    '~',    0xA0,   0xE9,   0x2010, 0x202F,
					0x2065, 0x206A, 0x3000, 0x7A0E, 0xFFFD, 0x1F600};
	size_t at = 99;
	uint32_t cp = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		assert_true(text_is_forbidden(BAD[i]));
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++)
		assert_false(text_is_forbidden(GOOD[i]));
	assert_false(text_find_forbidden("税率 13%", false, &at, &cp));
	assert_true(text_find_forbidden("税\u202E率", false, &at, &cp));
	assert_int_equal(at, 1);
	assert_int_equal(cp, 0x202E);
	assert_true(text_find_forbidden("a\nb", false, &at, &cp));
	assert_false(text_find_forbidden("a\nb\t", true, NULL, NULL));
	assert_true(text_find_forbidden("a\rb", true, &at, &cp));
	assert_true(text_find_forbidden("税税\x80", false, &at, &cp));
	assert_int_equal(at, 2);
	assert_int_equal(cp, 0xFFFD);
	assert_false(text_find_forbidden("\xEF\xBF\xBD", false, NULL, NULL));
}

static void check_copy(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

static void cleaning(void **state)
{
	(void)state;
	check_copy(text_clean("a\x01\xE2\x80\xAE税\x80\n率", 99, false), "a税率");
	check_copy(text_clean("a\n\tb\r", 99, true), "a\n\tb");
	check_copy(text_clean("\x01税率税率", 3, false), "税率税");
	check_copy(text_clean(NULL, 3, false), "");
	check_copy(text_visible("a\x1B[31m\xE2\x80\xAE\x80税"),
		   "a<U+001B>[31m<U+202E>\xEF\xBF\xBD税");
	check_copy(text_visible(""), "");
	check_copy(text_visible(NULL), "");
	check_copy(text_fold_width("ＡＢ１２（税）　！～"), "AB12(税) !~");
	check_copy(text_trim(" \t\xC2\xA0\xE3\x80\x80税 率\r\n "), "税 率");
	check_copy(text_trim("　　"), "");
	check_copy(text_trim(NULL), "");
	check_copy(text_trim("x"), "x");
}

/* Whatever the bytes: the results are valid, clean and not longer than allowed. */
static void hostile_bytes(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char s[40], cut[16], *copy;
		size_t n = rnd() % sizeof(s), used, fit;

		for (size_t i = 0; i < n; i++)
			s[i] = (char)(1 + rnd() % 255);
		s[n] = 0;
		copy = text_clean(s, 7, round % 2);
		assert_true(text_valid(copy, strlen(copy)));
		assert_true(text_chars(copy) <= 7);
		assert_false(text_find_forbidden(copy, round % 2, NULL, NULL));
		free(copy);
		copy = text_visible(s);
		assert_true(text_valid(copy, strlen(copy)));
		assert_false(text_find_forbidden(copy, false, NULL, NULL));
		free(copy);
		free(text_trim(s));
		free(text_fold_width(s));
		fit = text_fit(s, 5, &used);
		assert_true(fit <= n && used <= 5);
		assert_true(text_prefix(s, 3) <= n);
		assert_true(text_gbk_bytes(s) >= text_chars(s));
		text_copy(cut, sizeof(cut), s);
		assert_true(strlen(cut) < sizeof(cut));
	}
}

static void small_helpers(void **state)
{
	char out[8];

	(void)state;
	assert_true(text_copy(out, sizeof(out), "1234567"));
	assert_string_equal(out, "1234567");
	assert_false(text_copy(out, sizeof(out), "税率税"));
	assert_string_equal(out, "税率");
	assert_true(text_copy(out, sizeof(out), NULL));
	assert_string_equal(out, "");
	assert_true(text_eq(NULL, ""));
	assert_true(text_eq("a", "a"));
	assert_false(text_eq("a", NULL));
	assert_true(text_empty(NULL) && text_empty("") && !text_empty(" "));
	assert_true(text_all_digits("0123456789"));
	assert_false(text_all_digits("") || text_all_digits(NULL) || text_all_digits("1a") ||
		     text_all_digits("-1") || text_all_digits("１"));
}

/* ---- lines ---- */

static void broken_lines(void **state)
{
	/* The lines wanted of a text broken to so many columns, one | between them. */
	static const struct {
		const char *text;
		size_t cols;
		const char *lines;
	} CASES[] = {
	    {"", 10, ""},
	    {"开票成功", 8, "开票成功"},
	    {"开票成功，请看", 8, "开票成|功，请看"},
	    {"开票成功（沙箱）", 10, "开票成功|（沙箱）"},
	    {"号码 26447000000000000001 已开", 22, "号码|26447000000000000001|已开"},
	    {"一共需要 5000 张号码", 15, "一共需要|5000 张号码"},
	    {"工作表的第 12 行金额", 14, "工作表的|第 12 行金额"},
	    {"税率是6%，金额", 7, "税率是|6%，金|额"},
	    {"写到 /very/long/path/of/a/file.xlsx", 12, "写到 /very/l|ong/path/of/|a/file.xlsx"},
	    {"one two three", 8, "one two|three"},
	    {"宽", 1, "宽"},
	    {"  缩进的一行字", 8, "  缩进的|一行字"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const char *at = CASES[i].text;
		char got[200];
		size_t used = 0, next;

		while (*at) {
			size_t n = text_line(at, CASES[i].cols, &next);

			assert_true(n > 0 && next >= n && used + n + 2 < sizeof(got));
			if (at != CASES[i].text)
				got[used++] = '|';
			memcpy(got + used, at, n);
			used += n;
			at += next;
		}
		got[used] = 0;
		assert_string_equal(got, CASES[i].lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_code_point_round_trips),
	    cmocka_unit_test(malformed_bytes_are_found),
	    cmocka_unit_test(random_bytes_against_iconv),
	    cmocka_unit_test(counts_and_prefixes),
	    cmocka_unit_test(columns),
	    cmocka_unit_test(gbk_bytes_against_iconv),
	    cmocka_unit_test(forbidden_places),
	    cmocka_unit_test(cleaning),
	    cmocka_unit_test(hostile_bytes),
	    cmocka_unit_test(small_helpers),
	    cmocka_unit_test(broken_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
