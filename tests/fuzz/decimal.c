/* Fuzzes the parser of decimals and the arithmetic on what it accepts.
 *
 * The input is two texts with a line break between them: whatever parses must print as it was read,
 * and the identities of exact arithmetic must hold.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool same(struct dec a, struct dec b)
{
	return a.coef == b.coef && a.scale == b.scale;
}

static void check_text(const char *text, struct dec d)
{
	char printed[DEC_TEXT];
	struct dec back;
	size_t sign = *text == '-';

	dec_format(d, printed);
	require(strlen(text) - sign <= DEC_CHARS && d.scale <= 24);
	require(dec_is_zero(d) ? !strcmp(printed, text + sign) : !strcmp(printed, text));
	require(dec_parse(printed, &back) && same(d, back));
}

static void check_one(struct dec d)
{
	struct dec n = dec_normalize(d), minus = dec_negate(d);
	int64_t fen, back;
	char text[DEC_TEXT];

	require(dec_cmp(d, n) == 0 && dec_cmp(n, d) == 0 && n.scale <= d.scale);
	require(same(dec_negate(minus), d));
	require(dec_cmp(d, minus) == -dec_cmp(minus, d));
	require(dec_is_zero(d) == (dec_cmp(d, dec_from_int(0)) == 0));
	for (uint8_t scale = 0; scale <= 24; scale++) {
		struct dec r = dec_round(d, scale);

		require(r.scale <= d.scale && dec_cmp(dec_negate(r), dec_round(minus, scale)) == 0);
	}
	/* One times d is d rounded to fen. */
	if (dec_mul_fen(d, dec_from_int(1), &fen)) {
		require(dec_cmp(dec_from_fen(fen), dec_round(d, 2)) == 0);
		require(dec_product_near(d, dec_from_int(1), fen, 1));
		require(fen_parse(fen_format(fen, text), &back) && back == fen);
		require(!dec_product_near(d, dec_from_int(1), fen + 2, 1));
	}
}

static void check_two(struct dec a, struct dec b)
{
	int64_t ab = 0, ba = 0, minus = 0;
	struct dec q, price;
	bool fits = dec_mul_fen(a, b, &ab);

	require(fits == dec_mul_fen(b, a, &ba) && ab == ba);
	require(fits == dec_mul_fen(dec_negate(a), b, &minus) && minus == -ab);
	require(dec_cmp(a, b) == -dec_cmp(b, a));
	if (!fits)
		return;
	require(dec_product_near(a, b, ab, 1));
	/* A price derived from amount and quantity keeps at most 13 decimals and the sign. */
	if (dec_div_fen(ab, b, 13, &price)) {
		char text[DEC_TEXT];

		require(price.scale <= 13);
		require(strlen(dec_format(price, text)) - dec_is_negative(price) <= DEC_CHARS);
		require(same(price, dec_normalize(price)));
	} else {
		require(dec_is_zero(b) || ab != 0);
	}
	if (dec_mul_ratio(a, 1130000, RATE_ONE, 24, &q) && a.coef)
		require(dec_is_zero(q) || dec_is_negative(q) == dec_is_negative(a));
}

static void check_rate(const char *text)
{
	char out[RATE_TEXT];
	int32_t ppm, back;

	if (!rate_parse(text, &ppm))
		return;
	require(ppm >= 0 && ppm <= RATE_ONE);
	require(rate_parse(rate_format(ppm, out), &back) && back == ppm);
	require(rate_parse(rate_format_percent(ppm, out), &back) && back == ppm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *first, *second;
	struct dec a, b;
	bool has_first, has_second;

	first = malloc(size + 1);
	if (!first)
		return 0;
	memcpy(first, data, size);
	first[size] = 0;
	second = first + strcspn(first, "\n");
	if (*second)
		*second++ = 0;
	check_rate(first);
	has_first = dec_parse(first, &a);
	has_second = dec_parse(second, &b);
	if (has_first) {
		check_text(first, a);
		check_one(a);
	}
	if (has_first && has_second)
		check_two(a, b);
	free(first);
	return 0;
}
