/* base/decimal.h - exact decimals and fen.
 *
 * Purpose     Money is int64_t fen.  Quantity and unit price are `struct dec`: an integer of at
 *             most 25 digits and a scale.  Rates are int32_t parts per million (13 % = 130000).
 *             No binary floating point exists anywhere in the program.
 * Invariants  |coef| < 10^25 and scale <= 24, so every value prints in at most 25 characters plus
 *             sign (protocol 2: quantity and unit price, 25 characters with the point).  Zero has
 *             scale 0 after dec_normalize.  Products and quotients are computed exactly (128 bits
 *             where they fit, GMP beyond) and rounded once, half up away from zero.
 * Ownership   Plain values.
 */
#ifndef KP_BASE_DECIMAL_H
#define KP_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 dec_int;

enum { DEC_CHARS = 25, DEC_TEXT = DEC_CHARS + 3, FEN_TEXT = 24, RATE_TEXT = 16 };
#define FEN_MAX  INT64_C(999999999999999999) /* 18 digits, 2 of them decimals (protocol 2) */
#define RATE_ONE 1000000

struct dec {
	dec_int coef;
	uint8_t scale;
};

/* ---- parse and print: lossless ---- */

/* Parses [-]digits[.digits]; no exponent, no blanks, no group marks, no leading '+', at most
 * DEC_CHARS characters without the sign.  Leading zeros beyond one are refused ("007").
 * False leaves *out untouched. */
bool dec_parse(const char *s, struct dec *out);
/* Prints without exponent, exactly as many decimals as scale; returns out. */
const char *dec_format(struct dec d, char out[DEC_TEXT]);
/* Drops trailing zeros of the fraction. */
struct dec dec_normalize(struct dec d);
struct dec dec_from_int(int64_t v);
struct dec dec_from_fen(int64_t fen);    /* scale 2 */
int dec_cmp(struct dec a, struct dec b); /* by value; 1.0 equals 1.00 */
bool dec_is_zero(struct dec d);
bool dec_is_negative(struct dec d);
struct dec dec_negate(struct dec d);
/* Half-up to `scale` decimals (never adds decimals). */
struct dec dec_round(struct dec d, uint8_t scale);

/* Fen from text "123", "123.4", "-123.45": at most 2 decimals unless more are zeros, |v| <=
 * FEN_MAX. False: not a number, too many decimals, or out of range. */
bool fen_parse(const char *s, int64_t *out);
/* "-1234.50": always two decimals. */
const char *fen_format(int64_t fen, char out[FEN_TEXT]);
/* "1,234.50" for people. */
const char *fen_format_grouped(int64_t fen, char out[FEN_TEXT + 8]);
/* a+b with overflow beyond +-FEN_MAX reported as false. */
static inline bool fen_add(int64_t a, int64_t b, int64_t *out)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum) || sum > FEN_MAX || sum < -FEN_MAX)
		return false;
	*out = sum;
	return true;
}

/* Rate from "0.13", "0.130000", "13%", "13 %" or "0": parts per million, 0..RATE_ONE.
 * "13" without % is refused (ambiguous; importers decide themselves). */
bool rate_parse(const char *s, int32_t *ppm);
/* "0.13" (shortest fraction form). */
const char *rate_format(int32_t ppm, char out[RATE_TEXT]);
/* "13%" (percent form for the face). */
const char *rate_format_percent(int32_t ppm, char out[RATE_TEXT]);

/* ---- arithmetic: exact, then one half-up rounding ---- */

/* a + b exactly, trailing zeros dropped; false when it takes more than DEC_CHARS characters. */
bool dec_add(struct dec a, struct dec b, struct dec *out);
/* round(a*b) to fen; false on overflow beyond FEN_MAX. */
bool dec_mul_fen(struct dec a, struct dec b, int64_t *fen);
/* fen / divisor as decimal with at most max_scale decimals, half up, trailing zeros dropped, and no
 * more than DEC_CHARS characters (decimals give way first); false: divisor 0 or integer part too
 * long. */
bool dec_div_fen(int64_t fen, struct dec divisor, uint8_t max_scale, struct dec *out);
/* d * (num / den) with at most max_scale decimals, otherwise as dec_div_fen.  den > 0. */
bool dec_mul_ratio(struct dec d, int64_t num, int64_t den, uint8_t max_scale, struct dec *out);
/* round(fen * num / den), half up away from zero; den > 0; false on overflow. */
bool fen_mul_ratio(int64_t fen, int64_t num, int64_t den, int64_t *out);
/* |a*b - fen| <= tolerance, compared exactly (tolerance in fen). */
bool dec_product_near(struct dec a, struct dec b, int64_t fen, int64_t tolerance);

#endif
