/* Decimals: text without loss, and every operation against GMP rationals on random values. */
#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"

static uint64_t seed = 88172645463325252U;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static struct dec dec_of(const char *s)
{
	struct dec d = {.coef = -1, .scale = 99};

	if (!dec_parse(s, &d))
		fail_msg("%s does not parse", s);
	return d;
}

static void check_text(struct dec d, const char *want)
{
	char text[DEC_TEXT];

	assert_string_equal(dec_format(d, text), want);
}

/* A random decimal text of at most 25 characters, all lengths alike. */
static void random_text(char out[32])
{
	int digits = 1 + (int)(rnd() % 25), point, n = 0;

	point =
	    digits > 1 && digits < 25 && rnd() % 3 ? 1 + (int)(rnd() % (unsigned)(digits - 1)) : 0;
	if (rnd() % 3 == 0)
		out[n++] = '-';
	for (int i = 0; i < digits; i++) {
		uint64_t digit = rnd() % 10;

		if (point && i == point)
			out[n++] = '.';
		if (i == 0 && !digit && point != 1 && digits > 1)
			digit = 5; /* no leading zeros */
		if (rnd() % 8 == 0 && i > 0)
			digit = rnd() % 2 ? 0 : 9;
		out[n++] = (char)('0' + digit);
	}
	out[n] = 0;
}

/* Small everyday numbers half of the time, anything else otherwise. */
static struct dec random_dec(void)
{
	char text[32];

	if (rnd() % 2) {
		struct dec d = {.coef = (dec_int)(rnd() % 10000000) - 2000000,
				.scale = (uint8_t)(rnd() % 7)};

		return d;
	}
	random_text(text);
	return dec_of(text);
}

static int64_t random_fen(void)
{
	int64_t v = (int64_t)(rnd() % (UINT64_C(1) << (1 + rnd() % 59)));

	if (v > FEN_MAX)
		v = FEN_MAX;
	return rnd() % 2 ? v : -v;
}

/* ---- the oracle ---- */

static void set_int(mpz_t z, dec_int v)
{
	dec_int magnitude = v < 0 ? -v : v;

	mpz_set_ui(z, (uint64_t)(magnitude >> 64));
	mpz_mul_2exp(z, z, 64);
	mpz_add_ui(z, z, (uint64_t)magnitude);
	if (v < 0)
		mpz_neg(z, z);
}

static void set_dec(mpq_t q, struct dec d)
{
	set_int(mpq_numref(q), d.coef);
	mpz_ui_pow_ui(mpq_denref(q), 10, d.scale);
	mpq_canonicalize(q);
}

/* z = round half up away from zero (q * 10^scale). */
static void rounded(mpz_t z, const mpq_t q, unsigned scale)
{
	mpz_t n, d;
	int sign = mpq_sgn(q);

	mpz_inits(n, d, NULL);
	mpz_ui_pow_ui(n, 10, scale);
	mpz_mul(n, n, mpq_numref(q));
	mpz_abs(n, n);
	mpz_mul_ui(n, n, 2);
	mpz_add(n, n, mpq_denref(q));
	mpz_mul_ui(d, mpq_denref(q), 2);
	mpz_fdiv_q(z, n, d);
	if (sign < 0)
		mpz_neg(z, z);
	mpz_clears(n, d, NULL);
}

static bool fits_fen(const mpz_t z)
{
	return mpz_cmpabs_ui(z, (unsigned long)FEN_MAX) <= 0;
}

/* What dec_div_fen and dec_mul_ratio must answer for the exact value q: the text, "" for none. */
static void expected_decimal(const mpq_t q, unsigned max_scale, char out[64])
{
	mpz_t whole;
	size_t digits, n;
	unsigned scale = max_scale > 24 ? 24 : max_scale;
	char *s;

	mpz_init(whole);
	mpz_tdiv_q(whole, mpq_numref(q), mpq_denref(q));
	mpz_abs(whole, whole);
	s = mpz_get_str(NULL, 10, whole);
	digits = strlen(s);
	free(s);
	if (digits >= 24)
		scale = 0;
	else if (scale > 24 - digits)
		scale = (unsigned)(24 - digits);
	rounded(whole, q, scale);
	s = mpz_get_str(NULL, 10, whole);
	out[0] = 0;
	n = strlen(s) - (*s == '-');
	if (n <= 25) {
		char padded[96];

		snprintf(padded, sizeof(padded), "%0*d%s",
			 (int)(n <= scale ? scale + 1 - n : 0) + 1, 0, s + (*s == '-'));
		memmove(padded, padded + 1, strlen(padded)); /* one zero was only for the width */
		n = strlen(padded);
		snprintf(out, 64, "%s%.*s%s%s", *s == '-' ? "-" : "", (int)(n - scale), padded,
			 scale ? "." : "", padded + n - scale);
		if (scale) {
			n = strlen(out);
			while (out[n - 1] == '0')
				out[--n] = 0;
			if (out[n - 1] == '.')
				out[n - 1] = 0;
		}
	}
	free(s);
	mpz_clear(whole);
}

/* ---- text ---- */

static void good_texts_come_back(void **state)
{
	static const char *const GOOD[] = {"0",
					   "0.0",
					   "1",
					   "10",
					   "0.1",
					   "0.00",
					   "-1.50",
					   "1.5000",
					   "9999999999999999999",
					   "9999999999999999999.9",
					   "18446744073709551615",
					   "18446744073709551616",
					   "99999999999.9999999999999",
					   "9999999999999999999999999",
					   "-9999999999999999999999999",
					   "0.00000000000000000000001",
					   "999999999999999999999999"};
	char text[DEC_TEXT], random[32];

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++)
		check_text(dec_of(GOOD[i]), GOOD[i]);
	check_text(dec_of("-0"), "0");
	check_text(dec_of("-0.00"), "0.00");
	for (int i = 0; i < 200000; i++) {
		struct dec d;

		random_text(random);
		if (!dec_parse(random, &d))
			fail_msg("%s", random);
		dec_format(d, text);
		if (strcmp(text, random) != 0 && !dec_is_zero(d))
			fail_msg("%s became %s", random, text);
	}
}

static void bad_texts_are_refused(void **state)
{
	static const char *const BAD[] = {
	    "",
	    "-",
	    ".",
	    ".5",
	    "5.",
	    "+1",
	    " 1",
	    "1 ",
	    "1,000",
	    "1e5",
	    "1E+2",
	    "0x10",
	    "007",
	    "00",
	    "-00.1",
	    "01.5",
	    "1.2.3",
	    "--1",
	    "1-",
	    "abc",
	    "NaN",
	    "inf",
	    "1.-2",
	    "１",
	    "1..2",
	    "-.5",
	    "99999999999999999999999999", /* 26 digits */
	    "9999999999999999999999999.9",
	    "0.000000000000000000000001", /* 26 characters */
	    "123456789012345678901234567890123456789012345678901234567890",
	    "0.5\n",
	    "１.5",
	    "-",
	    "- 1"};
	struct dec d = {.coef = 77, .scale = 7};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		if (dec_parse(BAD[i], &d))
			fail_msg("'%s' parsed", BAD[i]);
	}
	assert_false(dec_parse(NULL, &d));
	assert_true(d.coef == 77 && d.scale == 7);
}

static void values(void **state)
{
	(void)state;
	check_text(dec_normalize(dec_of("1.500")), "1.5");
	check_text(dec_normalize(dec_of("100")), "100");
	check_text(dec_normalize(dec_of("-0.000")), "0");
	check_text(dec_normalize(dec_of("12345678901234567890.0000")), "12345678901234567890");
	check_text(dec_normalize(dec_of("1234567890123456789000.00")), "1234567890123456789000");
	check_text(dec_normalize(dec_of("7.00000000000000000000000")), "7");
	check_text(dec_from_int(INT64_MIN), "-9223372036854775808");
	check_text(dec_from_fen(-5), "-0.05");
	check_text(dec_negate(dec_of("1.5")), "-1.5");
	assert_true(dec_is_zero(dec_of("0.00")) && !dec_is_zero(dec_of("0.01")));
	assert_true(dec_is_negative(dec_of("-0.01")) && !dec_is_negative(dec_of("-0.00")));
}

static void half_goes_away_from_zero(void **state)
{
	static const struct {
		const char *from;
		uint8_t scale;
		const char *to;
	} CASES[] = {
	    {"0.5", 0, "1"},
	    {"-0.5", 0, "-1"},
	    {"0.49", 0, "0"},
	    {"-0.49", 0, "0"},
	    {"1.005", 2, "1.01"},
	    {"-1.005", 2, "-1.01"},
	    {"1.0049", 2, "1.00"},
	    {"2.5", 0, "3"},
	    {"1.5", 3, "1.5"},
	    {"0.15", 1, "0.2"},
	    {"99.995", 2, "100.00"},
	    {"0.00000000000000000000005", 22, "0.0000000000000000000001"},
	    {"9999999999999999999999.95", 1, "10000000000000000000000.0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		check_text(dec_round(dec_of(CASES[i].from), CASES[i].scale), CASES[i].to);
}

/* ---- fen and rates ---- */

static void fen_texts(void **state)
{
	static const struct {
		const char *text;
		int64_t fen;
	} GOOD[] = {
	    {"0", 0},
	    {"123", 12300},
	    {"123.4", 12340},
	    {"-123.45", -12345},
	    {"1.2300", 123},
	    {"0.01", 1},
	    {"-0", 0},
	    {"9999999999999999.99", FEN_MAX},
	    {"-9999999999999999.99", -FEN_MAX},
	    {"9999999999999999.990000", FEN_MAX},
	};
	static const char *const BAD[] = {"",
					  "1.234",
					  "1.001",
					  "abc",
					  "1e2",
					  "1,234.00",
					  "0.009",
					  "10000000000000000",
					  "10000000000000000.00",
					  "-10000000000000000",
					  "9999999999999999999999999",
					  "9999999999999999999999.99"};
	char text[FEN_TEXT], grouped[FEN_TEXT + 8];
	int64_t v = 99;

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
		assert_true(fen_parse(GOOD[i].text, &v));
		assert_true(v == GOOD[i].fen);
	}
	v = 99;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		assert_false(fen_parse(BAD[i], &v));
	assert_int_equal(v, 99);
	assert_string_equal(fen_format(0, text), "0.00");
	assert_string_equal(fen_format(-5, text), "-0.05");
	assert_string_equal(fen_format(123450, text), "1234.50");
	assert_string_equal(fen_format(INT64_MIN, text), "-92233720368547758.08");
	assert_string_equal(fen_format_grouped(0, grouped), "0.00");
	assert_string_equal(fen_format_grouped(99999, grouped), "999.99");
	assert_string_equal(fen_format_grouped(100000, grouped), "1,000.00");
	assert_string_equal(fen_format_grouped(-123456789, grouped), "-1,234,567.89");
	assert_string_equal(fen_format_grouped(INT64_MIN, grouped), "-92,233,720,368,547,758.08");
	for (int i = 0; i < 100000; i++) {
		int64_t fen = random_fen();

		assert_true(fen_parse(fen_format(fen, text), &v) && v == fen);
	}
}

static void fen_sums_have_a_limit(void **state)
{
	int64_t v = 5;

	(void)state;
	assert_true(fen_add(1, 2, &v) && v == 3);
	assert_true(fen_add(FEN_MAX, 0, &v) && v == FEN_MAX);
	assert_true(fen_add(FEN_MAX, -FEN_MAX, &v) && v == 0);
	v = 5;
	assert_false(fen_add(FEN_MAX, 1, &v));
	assert_false(fen_add(-FEN_MAX, -1, &v));
	assert_false(fen_add(INT64_MAX, INT64_MAX, &v));
	assert_false(fen_add(INT64_MIN, -1, &v));
	assert_int_equal(v, 5);
}

static void rates(void **state)
{
	static const struct {
		const char *text;
		int32_t ppm;
	} GOOD[] = {
	    {"0.13", 130000}, {"0.130000", 130000}, {"0.13000000", 130000},
	    {"13%", 130000},  {"13 %", 130000},     {"0", 0},
	    {"0%", 0},        {"1.5%", 15000},      {"0.5 %", 5000},
	    {"0.005", 5000},  {"100%", RATE_ONE},   {"1", RATE_ONE},
	    {"0.000001", 1},  {"0.0001%", 1},       {"1%", 10000},
	};
	static const char *const BAD[] = {"",
					  "13",
					  "-0.13",
					  "-0",
					  "1.01",
					  "101%",
					  "%",
					  " %",
					  "13  %",
					  "13%%",
					  "0.1300001",
					  "13.00001%",
					  "1e-2",
					  "0.13 ",
					  "十三",
					  "0,13",
					  "100.0001%",
					  "13％",
					  "0.00000000000000000000000000000000000001"};
	char text[RATE_TEXT];
	int32_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
		assert_true(rate_parse(GOOD[i].text, &v));
		assert_int_equal(v, GOOD[i].ppm);
	}
	v = 7;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		if (rate_parse(BAD[i], &v))
			fail_msg("'%s' parsed", BAD[i]);
	}
	assert_false(rate_parse(NULL, &v));
	assert_int_equal(v, 7);
	assert_string_equal(rate_format(130000, text), "0.13");
	assert_string_equal(rate_format(0, text), "0");
	assert_string_equal(rate_format(RATE_ONE, text), "1");
	assert_string_equal(rate_format_percent(130000, text), "13%");
	assert_string_equal(rate_format_percent(15000, text), "1.5%");
	assert_string_equal(rate_format_percent(0, text), "0%");
	assert_string_equal(rate_format_percent(RATE_ONE, text), "100%");
	for (int32_t ppm = 0; ppm <= RATE_ONE; ppm += 7) {
		assert_true(rate_parse(rate_format(ppm, text), &v) && v == ppm);
		assert_true(rate_parse(rate_format_percent(ppm, text), &v) && v == ppm);
	}
	rate_format(INT32_MIN, text); /* fits whatever the value */
	rate_format_percent(INT32_MIN, text);
	assert_string_equal(text, "-214748.3648%");
}

/* ---- arithmetic against the oracle ---- */

enum { ROUNDS = 300000 };

static void compare_against_gmp(void **state)
{
	mpq_t x, y;

	(void)state;
	mpq_inits(x, y, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec a = random_dec(), b = rnd() % 4 ? random_dec() : dec_normalize(a);
		int want;

		set_dec(x, a);
		set_dec(y, b);
		want = mpq_cmp(x, y);
		want = (want > 0) - (want < 0);
		if (dec_cmp(a, b) != want || dec_cmp(b, a) != -want)
			fail_msg("round %d", i);
	}
	mpq_clears(x, y, NULL);
}

/* Characters of a value with at most 24 decimals, written without trailing zeros or sign. */
static size_t characters_of(const mpq_t q)
{
	char text[128];
	size_t digits, scale = 24;
	mpq_t big;
	mpz_t z;

	mpq_init(big);
	mpz_init(z);
	mpz_ui_pow_ui(z, 10, scale);
	mpq_set_z(big, z);
	mpq_mul(big, big, q);
	mpz_abs(z, mpq_numref(big));
	while (scale && mpz_divisible_ui_p(z, 10)) {
		mpz_divexact_ui(z, z, 10);
		scale--;
	}
	mpz_get_str(text, 10, z);
	digits = strlen(text);
	mpq_clear(big);
	mpz_clear(z);
	if (!scale)
		return digits;
	return (digits > scale ? digits : scale + 1) + 1;
}

static void sums_against_gmp(void **state)
{
	int wide = 0;
	mpq_t x, y;

	(void)state;
	mpq_inits(x, y, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec a = random_dec(), b = rnd() % 4 ? random_dec() : dec_negate(a), sum;
		bool ok = dec_add(a, b, &sum);

		set_dec(x, a);
		set_dec(y, b);
		mpq_add(x, x, y);
		if (ok != (characters_of(x) <= DEC_CHARS))
			fail_msg("round %d: %s", i, ok ? "too wide" : "refused");
		wide += !ok;
		if (!ok)
			continue;
		set_dec(y, sum);
		assert_true(mpq_equal(x, y));
		assert_int_equal(dec_normalize(sum).scale, sum.scale);
	}
	assert_true(wide > ROUNDS / 100 && wide < ROUNDS / 2);
	mpq_clears(x, y, NULL);
}

static void rounding_against_gmp(void **state)
{
	mpq_t x, y;
	mpz_t z, got;

	(void)state;
	mpq_inits(x, y, NULL);
	mpz_inits(z, got, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec a = random_dec(), r, n = dec_normalize(a);
		uint8_t scale = (uint8_t)(rnd() % 25);

		set_dec(x, a);
		r = dec_round(a, scale);
		if (scale >= a.scale) {
			assert_true(r.coef == a.coef && r.scale == a.scale);
		} else {
			rounded(z, x, scale);
			set_int(got, r.coef);
			assert_int_equal(r.scale, scale);
			assert_int_equal(mpz_cmp(z, got), 0);
		}
		set_dec(y, n);
		assert_true(mpq_equal(x, y));
		assert_true(!n.scale || n.coef % 10);
	}
	mpz_clears(z, got, NULL);
	mpq_clears(x, y, NULL);
}

static void products_against_gmp(void **state)
{
	mpq_t x, y;
	mpz_t z;
	int fitted = 0;

	(void)state;
	mpq_inits(x, y, NULL);
	mpz_init(z);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec a = random_dec(), b = random_dec();
		int64_t fen = 4242;
		bool ok;

		if (rnd() % 4 == 0) { /* large coefficients with a product in range */
			a.scale = (uint8_t)(20 + rnd() % 5);
			b.scale = (uint8_t)(15 + rnd() % 10);
		}
		ok = dec_mul_fen(a, b, &fen);
		set_dec(x, a);
		set_dec(y, b);
		mpq_mul(x, x, y);
		rounded(z, x, 2);
		if (ok != fits_fen(z) || (ok ? mpz_cmp_si(z, fen) != 0 : fen != 4242))
			fail_msg("round %d", i);
		fitted += ok;
	}
	assert_in_range(fitted, ROUNDS / 3, ROUNDS);
	mpz_clear(z);
	mpq_clears(x, y, NULL);
}

static void nearness_against_gmp(void **state)
{
	mpq_t x, y;
	int near = 0;

	(void)state;
	mpq_inits(x, y, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec a = random_dec(), b = random_dec();
		int64_t fen = random_fen(), tolerance = (int64_t)(rnd() % 4), product;
		bool want;

		if (dec_mul_fen(a, b, &product) && rnd() % 8)
			fen = product + (int64_t)(rnd() % 7) - 3;
		if (rnd() % 50 == 0)
			tolerance = FEN_MAX;
		set_dec(x, a);
		set_dec(y, b);
		mpq_mul(x, x, y);
		mpq_set_si(y, fen, 100);
		mpq_canonicalize(y);
		mpq_sub(x, x, y);
		mpq_abs(x, x);
		mpq_set_si(y, tolerance, 100);
		mpq_canonicalize(y);
		want = mpq_cmp(x, y) <= 0;
		if (dec_product_near(a, b, fen, tolerance) != want)
			fail_msg("round %d", i);
		near += want;
	}
	assert_in_range(near, ROUNDS / 10, ROUNDS - ROUNDS / 10);
	assert_true(dec_product_near(dec_of("3"), dec_of("0.335"), 100, 1));
	assert_true(dec_product_near(dec_of("1"), dec_of("1.01"), 100, 1));
	assert_false(dec_product_near(dec_of("1"), dec_of("1.0100000001"), 100, 1));
	assert_false(dec_product_near(dec_of("1"), dec_of("1"), 100, -1));
	mpq_clears(x, y, NULL);
}

static void fen_ratios_against_gmp(void **state)
{
	mpz_t z;
	mpq_t x, y;
	int64_t out = 7;

	(void)state;
	mpz_init(z);
	mpq_inits(x, y, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t fen = random_fen(), num, den, got = 4242;
		bool ok;

		num =
		    rnd() % 2 ? RATE_ONE : (int64_t)(rnd() >> (rnd() % 64)) / (rnd() % 2 ? 1 : -1);
		den = rnd() % 2 ? RATE_ONE + (int64_t)(rnd() % 200000)
				: (int64_t)((rnd() >> (1 + rnd() % 62)) | 1);
		ok = fen_mul_ratio(fen, num, den, &got);
		mpq_set_si(x, fen, 1);
		mpq_set_si(y, num, 1);
		mpq_mul(x, x, y);
		mpq_set_si(y, den, 1);
		mpq_div(x, x, y);
		rounded(z, x, 0);
		if (ok != fits_fen(z) || (ok ? mpz_cmp_si(z, got) != 0 : got != 4242))
			fail_msg("round %d: %lld * %lld / %lld", i, (long long)fen, (long long)num,
				 (long long)den);
	}
	assert_true(fen_mul_ratio(-5, 1, 10, &out) && out == -1);
	assert_true(fen_mul_ratio(-4, 1, 10, &out) && out == 0);
	assert_true(fen_mul_ratio(11300, RATE_ONE, 1130000, &out) && out == 10000);
	assert_false(fen_mul_ratio(1, 1, 0, &out) || fen_mul_ratio(1, 1, -1, &out));
	mpq_clears(x, y, NULL);
	mpz_clear(z);
}

static void check_decimal(bool ok, struct dec got, const mpq_t exact, uint8_t max_scale, int round)
{
	char want[64], text[DEC_TEXT];

	expected_decimal(exact, max_scale, want);
	if (!ok) {
		assert_true(got.coef == 4242 && got.scale == 9);
		assert_string_equal(want, "");
		return;
	}
	dec_format(got, text);
	if (strcmp(text, want) != 0)
		fail_msg("round %d: %s, expected %s", round, text, want);
	assert_true(strlen(text) - (got.coef < 0) <= DEC_CHARS);
}

static void quotients_against_gmp(void **state)
{
	mpq_t x, y;

	(void)state;
	mpq_inits(x, y, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec d = random_dec(), got = {.coef = 4242, .scale = 9};
		int64_t fen = random_fen();
		uint8_t max_scale = (uint8_t)(rnd() % 3 ? 13 : rnd() % 30);
		bool ok = dec_div_fen(fen, d, max_scale, &got);

		if (dec_is_zero(d)) {
			assert_false(ok);
			continue;
		}
		mpq_set_si(x, fen, 100);
		mpq_canonicalize(x);
		set_dec(y, d);
		mpq_div(x, x, y);
		check_decimal(ok, got, x, max_scale, i);
	}
	mpq_clears(x, y, NULL);
}

static void scaled_decimals_against_gmp(void **state)
{
	mpq_t x, y;
	struct dec out;

	(void)state;
	mpq_inits(x, y, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct dec d = random_dec(), got = {.coef = 4242, .scale = 9};
		int64_t num = rnd() % 2 ? RATE_ONE : (int64_t)rnd() >> (rnd() % 64);
		int64_t den = rnd() % 2 ? 1130000 : (int64_t)((rnd() >> (1 + rnd() % 62)) | 1);
		uint8_t max_scale = (uint8_t)(rnd() % 3 ? 13 : rnd() % 30);
		bool ok = dec_mul_ratio(d, num, den, max_scale, &got);

		set_dec(x, d);
		mpq_set_si(y, num, 1);
		mpq_mul(x, x, y);
		mpq_set_si(y, den, 1);
		mpq_div(x, x, y);
		check_decimal(ok, got, x, max_scale, i);
	}
	assert_false(dec_mul_ratio(dec_of("1"), 1, 0, 13, &out));
	assert_true(dec_mul_ratio(dec_of("113.00"), RATE_ONE, 1130000, 13, &out));
	check_text(out, "100");
	assert_true(dec_mul_ratio(dec_of("1"), RATE_ONE, 1130000, 13, &out));
	check_text(out, "0.8849557522124");
	mpq_clears(x, y, NULL);
}

/* Places where decimals give way to the 25 characters. */
static void characters_are_kept(void **state)
{
	struct dec out;

	(void)state;
	assert_true(dec_div_fen(FEN_MAX, dec_of("0.0000001"), 13, &out));
	check_text(out, "99999999999999999900000");
	assert_true(dec_div_fen(100, dec_of("3"), 24, &out));
	check_text(out, "0.33333333333333333333333");
	assert_true(dec_div_fen(FEN_MAX, dec_of("0.0000003"), 24, &out));
	check_text(out, "33333333333333333300000");
	assert_true(dec_div_fen(FEN_MAX, dec_of("0.0000007"), 24, &out));
	check_text(out, "14285714285714285700000");
	assert_true(dec_div_fen(FEN_MAX, dec_of("0.00000070001"), 24, &out));
	assert_false(dec_div_fen(FEN_MAX, dec_of("0.0000000001"), 13, &out));
	assert_true(dec_mul_ratio(dec_of("9999999999999999999999999"), 1, 1, 13, &out));
	check_text(out, "9999999999999999999999999");
	assert_false(dec_mul_ratio(dec_of("9999999999999999999999999"), 2, 1, 13, &out));
	assert_false(dec_mul_ratio(dec_of("9999999999999999999999999"), 19999999999999999,
				   20000000000000000 - 10000000000, 0, &out));
	assert_true(dec_div_fen(-1, dec_of("3"), 13, &out));
	check_text(out, "-0.0033333333333");
	assert_true(dec_div_fen(-1, dec_of("300"), 2, &out));
	check_text(out, "0");
	assert_int_equal(out.scale, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_texts_come_back),
	    cmocka_unit_test(bad_texts_are_refused),
	    cmocka_unit_test(values),
	    cmocka_unit_test(half_goes_away_from_zero),
	    cmocka_unit_test(fen_texts),
	    cmocka_unit_test(fen_sums_have_a_limit),
	    cmocka_unit_test(rates),
	    cmocka_unit_test(compare_against_gmp),
	    cmocka_unit_test(sums_against_gmp),
	    cmocka_unit_test(rounding_against_gmp),
	    cmocka_unit_test(products_against_gmp),
	    cmocka_unit_test(nearness_against_gmp),
	    cmocka_unit_test(fen_ratios_against_gmp),
	    cmocka_unit_test(quotients_against_gmp),
	    cmocka_unit_test(scaled_decimals_against_gmp),
	    cmocka_unit_test(characters_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
