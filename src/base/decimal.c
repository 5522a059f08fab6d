/* decimal.c - exact arithmetic.
 *
 * Three tiers, each exact: 64-bit integers for everyday amounts, 128-bit where they do not fit, GMP
 * beyond.  Signs are taken off first, so half-up on magnitudes is half-up away from zero.
 */
#include <gmp.h>

#include "base/decimal_p.h"

/* ---- values ---- */

/* Drops at most *scale trailing zeros of v, in big steps first: quotients often end in many. */
static inline uint64_t drop_zeros64(uint64_t v, unsigned *scale)
{
	unsigned left = *scale;

	if (left >= 8 && v % 100000000 == 0) {
		v /= 100000000;
		left -= 8;
	}
	if (left >= 4 && v % 10000 == 0) {
		v /= 10000;
		left -= 4;
	}
	for (; left && v % 10 == 0; left--)
		v /= 10;
	*scale = left;
	return v;
}

struct dec dec_normalize(struct dec d)
{
	dec_uint v = dec_magnitude(d.coef);
	unsigned scale = d.scale;

	if (!v)
		return (struct dec) {.coef = 0};
	for (; scale && !dec_fits64(v) && v % 10 == 0; scale--)
		v /= 10;
	if (dec_fits64(v))
		v = drop_zeros64((uint64_t)v, &scale);
	return (struct dec) {.coef = dec_signed(v, d.coef < 0), .scale = (uint8_t)scale};
}

struct dec dec_from_int(int64_t v)
{
	return (struct dec) {.coef = v};
}

struct dec dec_from_fen(int64_t fen)
{
	return (struct dec) {.coef = fen, .scale = 2};
}

/* a * 10^shift against b, both magnitudes. */
static int compare_shifted(dec_uint a, unsigned shift, dec_uint b)
{
	dec_uint unit = dec_pow(shift), whole = b / unit;

	if (a != whole)
		return a < whole ? -1 : 1;
	return b % unit ? -1 : 0;
}

int dec_cmp(struct dec a, struct dec b)
{
	bool negative = a.coef < 0;
	dec_uint x = dec_magnitude(a.coef), y = dec_magnitude(b.coef);
	int order;

	if (!a.coef || !b.coef || negative != (b.coef < 0))
		return (a.coef > b.coef) - (a.coef < b.coef);
	if (a.scale == b.scale)
		order = (x > y) - (x < y);
	else if (a.scale < b.scale)
		order = compare_shifted(x, b.scale - a.scale, y);
	else
		order = -compare_shifted(y, a.scale - b.scale, x);
	return negative ? -order : order;
}

bool dec_is_zero(struct dec d)
{
	return d.coef == 0;
}

bool dec_is_negative(struct dec d)
{
	return d.coef < 0;
}

struct dec dec_negate(struct dec d)
{
	d.coef = -d.coef;
	return d;
}

/* d in units of 10^-scale; false when it does not fit. */
static bool lift(struct dec d, unsigned scale, dec_int *out)
{
	const dec_uint room = dec_pow(POW_MAX - 1);
	dec_uint v = dec_magnitude(d.coef), unit = dec_pow(scale - d.scale);

	if (v > room / unit)
		return false;
	*out = dec_signed(v * unit, d.coef < 0);
	return true;
}

/* Characters of the number without its sign. */
static unsigned characters(dec_uint v, unsigned scale)
{
	unsigned digits = 1;

	while (digits < POW_MAX && v >= dec_pow(digits))
		digits++;
	if (!scale)
		return digits;
	return (digits > scale ? digits : scale + 1) + 1;
}

bool dec_add(struct dec a, struct dec b, struct dec *out)
{
	struct dec sum;
	dec_int x, y;
	unsigned scale;

	a = dec_normalize(a);
	b = dec_normalize(b);
	scale = a.scale > b.scale ? a.scale : b.scale;
	if (!lift(a, scale, &x) || !lift(b, scale, &y))
		return false;
	sum = dec_normalize((struct dec) {.coef = x + y, .scale = (uint8_t)scale});
	if (characters(dec_magnitude(sum.coef), sum.scale) > DEC_CHARS)
		return false;
	dec_store(out, sum.coef, sum.scale);
	return true;
}

/* ---- division with one rounding ---- */

static inline uint64_t div_round64(uint64_t n, uint64_t d)
{
	uint64_t q = n / d, r = n % d;

	return q + (r >= d - r);
}

/* n / d rounded half up; n below 2^127, so the quotient cannot overflow. */
static dec_uint div_round(dec_uint n, dec_uint d)
{
	dec_uint q, r;

	if (dec_fits64(n) && dec_fits64(d))
		return div_round64((uint64_t)n, (uint64_t)d);
	q = n / d;
	r = n - q * d;
	return q + (r >= d - r);
}

struct dec dec_round(struct dec d, uint8_t scale)
{
	if (d.scale <= scale)
		return d;
	d.coef = dec_signed(div_round(dec_magnitude(d.coef), dec_pow(d.scale - scale)), d.coef < 0);
	d.scale = scale;
	return d;
}

static void set_uint(mpz_t z, dec_uint v)
{
	uint64_t words[2] = {(uint64_t)v, (uint64_t)(v >> 64)};

	mpz_import(z, 2, -1, sizeof(words[0]), 0, 0, words);
}

/* False when z does not fit. */
static bool get_uint(const mpz_t z, dec_uint *v)
{
	uint64_t words[2] = {0, 0};

	if (mpz_sizeinbase(z, 2) > 127)
		return false;
	mpz_export(words, NULL, -1, sizeof(words[0]), 0, 0, z);
	*v = (dec_uint)words[1] << 64 | words[0];
	return true;
}

/* The exact value a * b * c / (d * e); d and e are not 0. */
struct ratio {
	dec_uint a, b, c, d, e;
};

enum rounding { DOWN, HALF_UP };

/* The rounded ratio by GMP; false when it does not fit 127 bits. */
static bool ratio_big(const struct ratio *r, enum rounding mode, dec_uint *q)
{
	mpz_t n, d, x;
	bool fits;

	mpz_inits(n, d, x, NULL);
	set_uint(n, r->a);
	set_uint(x, r->b);
	mpz_mul(n, n, x);
	set_uint(x, r->c);
	mpz_mul(n, n, x);
	set_uint(d, r->d);
	set_uint(x, r->e);
	mpz_mul(d, d, x);
	if (mode == HALF_UP) { /* round(n/d) = floor((2n + d) / 2d) */
		mpz_mul_2exp(n, n, 1);
		mpz_add(n, n, d);
		mpz_mul_2exp(d, d, 1);
	}
	mpz_tdiv_q(n, n, d);
	fits = get_uint(n, q);
	mpz_clears(n, d, x, NULL);
	return fits;
}

/* The product of two when it stays below 2^127. */
static bool mul_fits(dec_uint a, dec_uint b, dec_uint *out)
{
	if (dec_fits64(a) && dec_fits64(b))
		*out = (dec_uint)(uint64_t)a * (uint64_t)b;
	else if (__builtin_mul_overflow(a, b, out))
		return false;
	return !(uint64_t)(*out >> 127);
}

static bool ratio_divide(const struct ratio *r, enum rounding mode, dec_uint *q)
{
	dec_uint n, d;

	if (!mul_fits(r->a, r->b, &n) || !mul_fits(n, r->c, &n) || !mul_fits(r->d, r->e, &d))
		return ratio_big(r, mode, q);
	*q = mode == HALF_UP ? div_round(n, d) : n / d;
	return true;
}

/* ---- to fen ---- */

static bool store_fen(dec_uint v, bool negative, int64_t *fen)
{
	if (v > (dec_uint)FEN_MAX)
		return false;
	*fen = negative ? -(int64_t)v : (int64_t)v;
	return true;
}

/* dec_mul_fen beyond 64 bits.  The everyday function stays free of locals with addresses, which
 * would cost it a guarded stack frame. */
static __attribute__((noinline)) bool mul_fen_wide(const struct dec *a, const struct dec *b,
						   int64_t *fen)
{
	unsigned scale = (unsigned)a->scale + b->scale, down = scale < 2 ? 0 : scale - 2;
	struct ratio r = {
	    .a = dec_magnitude(a->coef),
	    .b = dec_magnitude(b->coef),
	    .c = dec_pow(scale < 2 ? 2 - scale : 0),
	    .d = dec_pow(down / 2),
	    .e = dec_pow(down - down / 2),
	};
	dec_uint q;

	return ratio_divide(&r, HALF_UP, &q) && store_fen(q, (a->coef < 0) != (b->coef < 0), fen);
}

bool dec_mul_fen(struct dec a, struct dec b, int64_t *fen)
{
	dec_uint x = dec_magnitude(a.coef), y = dec_magnitude(b.coef), n;
	unsigned scale = (unsigned)a.scale + b.scale;

	if (!dec_fits64(x) || !dec_fits64(y) || scale < 2 || scale - 2 > POW64_MAX)
		return mul_fen_wide(&a, &b, fen);
	n = (dec_uint)(uint64_t)x * (uint64_t)y;
	if (!dec_fits64(n))
		return mul_fen_wide(&a, &b, fen);
	return store_fen(div_round64((uint64_t)n, dec_pow64[scale - 2]),
			 (a.coef < 0) != (b.coef < 0), fen);
}

bool fen_mul_ratio(int64_t fen, int64_t num, int64_t den, int64_t *out)
{
	bool negative = (fen < 0) != (num < 0);
	uint64_t a = dec_magnitude64(fen), b = dec_magnitude64(num), n;

	if (den <= 0)
		return false;
	if (!__builtin_mul_overflow(a, b, &n))
		return store_fen(div_round64(n, (uint64_t)den), negative, out);
	return store_fen(div_round((dec_uint)a * b, (uint64_t)den), negative, out);
}

/* ---- to decimals ---- */

static unsigned count_digits(dec_uint v)
{
	unsigned n = 1;

	while (n <= POW_MAX && v >= dec_pow(n))
		n++;
	return n;
}

/* Where max_scale decimals are too many for DEC_CHARS characters: as many as there is room for. */
static bool ratio_narrow(struct ratio *r, unsigned max_scale, dec_uint *q, unsigned *scale)
{
	dec_uint whole;
	unsigned digits;

	r->c = 1;
	if (!ratio_divide(r, DOWN, &whole))
		return false;
	digits = count_digits(whole);
	*scale = digits < DEC_CHARS - 1 ? DEC_CHARS - 1 - digits : 0;
	if (*scale > max_scale)
		*scale = max_scale;
	r->c = dec_pow(*scale);
	return ratio_divide(r, HALF_UP, q) && *q < dec_pow(DEC_CHARS);
}

/* a * b / (d * e) with at most max_scale decimals (c is ours). */
static bool ratio_decimal(struct ratio *r, unsigned max_scale, bool negative, struct dec *out)
{
	dec_uint q;
	unsigned scale = max_scale < DEC_SCALE_MAX ? max_scale : DEC_SCALE_MAX;

	r->c = dec_pow(scale);
	/* Below 10^24 with at most 23 decimals a value has at most 25 characters. */
	if (scale > DEC_CHARS - 2 || !ratio_divide(r, HALF_UP, &q) || q >= dec_pow(DEC_CHARS - 1)) {
		if (!ratio_narrow(r, scale, &q, &scale))
			return false;
	}
	*out =
	    dec_normalize((struct dec) {.coef = dec_signed(q, negative), .scale = (uint8_t)scale});
	return true;
}

/* round(n * 10^scale / d) without trailing zeros where the quotient fits 64 bits: the everyday
 * case.  False: it does not, nothing was done. */
static inline bool quotient_everyday(uint64_t n, uint64_t d, unsigned scale, bool negative,
				     struct dec *out)
{
	dec_uint wide;
	uint64_t q, rest;

	if (scale > POW64_MAX)
		return false;
	wide = (dec_uint)n * dec_pow64[scale];
	if ((uint64_t)(wide >> 64) >= d)
		return false;
	q = (uint64_t)(wide / d);
	rest = (uint64_t)wide - q * d;
	if (rest >= d - rest && ++q == 0)
		return false;
	if (q)
		q = drop_zeros64(q, &scale);
	else
		scale = 0;
	dec_store(out, dec_signed(q, negative), scale);
	return true;
}

static __attribute__((noinline)) bool div_fen_wide(int64_t fen, const struct dec *divisor,
						   unsigned max_scale, struct dec *out)
{
	struct ratio r = {
	    .a = dec_magnitude64(fen),
	    .b = dec_pow(divisor->scale),
	    .d = dec_magnitude(divisor->coef),
	    .e = 100,
	};

	return divisor->coef && ratio_decimal(&r, max_scale, (fen < 0) != (divisor->coef < 0), out);
}

bool dec_div_fen(int64_t fen, struct dec divisor, uint8_t max_scale, struct dec *out)
{
	dec_uint d = dec_magnitude(divisor.coef), n;

	if (divisor.coef && divisor.scale <= POW64_MAX && d <= UINT64_MAX / 100) {
		n = (dec_uint)dec_magnitude64(fen) * dec_pow64[divisor.scale];
		if (dec_fits64(n) && quotient_everyday((uint64_t)n, (uint64_t)d * 100, max_scale,
						       (fen < 0) != (divisor.coef < 0), out))
			return true;
	}
	return div_fen_wide(fen, &divisor, max_scale, out);
}

static __attribute__((noinline)) bool mul_ratio_wide(const struct dec *d, int64_t num, int64_t den,
						     unsigned max_scale, struct dec *out)
{
	struct ratio r = {
	    .a = dec_magnitude(d->coef),
	    .b = dec_magnitude64(num),
	    .d = (dec_uint)den,
	    .e = dec_pow(d->scale),
	};

	return den > 0 && ratio_decimal(&r, max_scale, (d->coef < 0) != (num < 0), out);
}

bool dec_mul_ratio(struct dec d, int64_t num, int64_t den, uint8_t max_scale, struct dec *out)
{
	dec_uint a = dec_magnitude(d.coef), n, unit;

	if (den > 0 && dec_fits64(a) && d.scale <= POW64_MAX) {
		n = (dec_uint)(uint64_t)a * dec_magnitude64(num);
		unit = (dec_uint)(uint64_t)den * dec_pow64[d.scale];
		if (dec_fits64(n) && dec_fits64(unit) &&
		    quotient_everyday((uint64_t)n, (uint64_t)unit, max_scale,
				      (d.coef < 0) != (num < 0), out))
			return true;
	}
	return mul_ratio_wide(&d, num, den, max_scale, out);
}

/* ---- comparison of a product ---- */

static void set_int(mpz_t z, dec_int v)
{
	set_uint(z, dec_magnitude(v));
	if (v < 0)
		mpz_neg(z, z);
}

/* |a * b * 10^up - fen * 10^down| <= tolerance * 10^down by GMP. */
static bool near_big(dec_int a, dec_int b, unsigned up, unsigned down, int64_t fen,
		     int64_t tolerance)
{
	mpz_t gap, x, unit;
	bool is_near;

	mpz_inits(gap, x, unit, NULL);
	set_int(gap, a);
	set_int(x, b);
	mpz_mul(gap, gap, x);
	mpz_ui_pow_ui(unit, 10, up);
	mpz_mul(gap, gap, unit);
	mpz_ui_pow_ui(unit, 10, down);
	mpz_mul_si(x, unit, fen);
	mpz_sub(gap, gap, x);
	mpz_mul_si(x, unit, tolerance);
	is_near = mpz_cmpabs(gap, x) <= 0;
	mpz_clears(gap, x, unit, NULL);
	return is_near;
}

static __attribute__((noinline)) bool near_wide(const struct dec *a, const struct dec *b,
						int64_t fen, int64_t tolerance)
{
	unsigned scale = (unsigned)a->scale + b->scale;
	unsigned up = scale < 2 ? 2 - scale : 0, down = scale < 2 ? 0 : scale - 2;

	return near_big(a->coef, b->coef, up, down, fen, tolerance);
}

bool dec_product_near(struct dec a, struct dec b, int64_t fen, int64_t tolerance)
{
	dec_uint x = dec_magnitude(a.coef), y = dec_magnitude(b.coef), want, unit;
	unsigned scale = (unsigned)a.scale + b.scale;

	if (tolerance < 0)
		return false;
	if (!dec_fits64(x) || !dec_fits64(y) || scale < 2 || scale - 2 > POW64_MAX ||
	    ((a.coef < 0) != (b.coef < 0)) != (fen < 0))
		return near_wide(&a, &b, fen, tolerance);
	unit = dec_pow64[scale - 2];
	x = (dec_uint)(uint64_t)x * (uint64_t)y;
	want = unit * dec_magnitude64(fen);
	return (x > want ? x - want : want - x) <= unit * (uint64_t)tolerance;
}
