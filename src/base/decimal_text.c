/* decimal_text.c - decimals, fen and rates as text. */
#include "base/decimal_p.h"

enum { GROUP = 3 };

/* ---- decimals ---- */

/* The digits from s on as far as they go, added to *v; wraps when there are more than 19. */
static inline const char *take_digits(const char *s, uint64_t *v)
{
	unsigned digit;

	for (; (digit = (unsigned)(unsigned char)*s - '0') < 10; s++)
		*v = *v * 10 + digit;
	return s;
}

/* The digits of a checked text of more than 19 of them. */
static dec_uint digits_wide(const char *s, const char *end)
{
	dec_uint v = 0;

	for (; s < end; s++) {
		if (*s != '.')
			v = v * 10 + (unsigned)(*s - '0');
	}
	return v;
}

bool dec_parse(const char *s, struct dec *out)
{
	bool negative;
	const char *first, *end;
	uint64_t v = 0;
	dec_uint coef;
	size_t scale = 0;

	if (!s)
		return false;
	negative = *s == '-';
	first = s + negative;
	end = take_digits(first, &v);
	if (end == first || (*first == '0' && end > first + 1))
		return false;
	if (*end == '.') {
		const char *point = end;

		end = take_digits(point + 1, &v);
		scale = (size_t)(end - point) - 1;
		if (!scale)
			return false;
	}
	if (*end || end - first > DEC_CHARS)
		return false;
	coef = end - first <= POW64_MAX ? v : digits_wide(first, end);
	dec_store(out, dec_signed(coef, negative), (unsigned)scale);
	return true;
}

/* Writes v in decimal so that it ends before `end`; returns where it begins. */
static char *put_uint64(char *end, uint64_t v)
{
	do {
		*--end = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return end;
}

/* The same with at least n digits. */
static char *put_padded(char *end, uint64_t v, int n)
{
	char *p = put_uint64(end, v);

	while (end - p < n)
		*--p = '0';
	return p;
}

static char *put_uint(char *end, dec_uint v)
{
	const uint64_t piece = dec_pow64[18];

	if (dec_fits64(v))
		return put_uint64(end, (uint64_t)v);
	return put_uint(put_padded(end, (uint64_t)(v % piece), 18), v / piece);
}

const char *dec_format(struct dec d, char out[DEC_TEXT])
{
	char digits[48], *end = digits + sizeof(digits), *p = put_uint(end, dec_magnitude(d.coef));
	char *to = out;
	size_t whole;

	while (end - p <= d.scale)
		*--p = '0';
	whole = (size_t)(end - p) - d.scale;
	if (d.coef < 0)
		*to++ = '-';
	memcpy(to, p, whole);
	to += whole;
	if (d.scale) {
		*to++ = '.';
		memcpy(to, p + whole, d.scale);
		to += d.scale;
	}
	*to = 0;
	return out;
}

/* ---- fen ---- */

/* d * 10^places as an integer; false when it has further decimals or is not below the limit. */
static bool to_units(struct dec d, unsigned places, uint64_t max, int64_t *out)
{
	dec_uint v = dec_magnitude(d.coef), unit;

	if (d.scale > places) {
		unit = dec_pow(d.scale - places);
		if (v % unit)
			return false;
		v /= unit;
	} else {
		if (v > max)
			return false;
		v *= dec_pow(places - d.scale);
	}
	if (v > max)
		return false;
	*out = d.coef < 0 ? -(int64_t)v : (int64_t)v;
	return true;
}

bool fen_parse(const char *s, int64_t *out)
{
	struct dec d;

	return dec_parse(s, &d) && to_units(d, 2, (uint64_t)FEN_MAX, out);
}

const char *fen_format(int64_t fen, char out[FEN_TEXT])
{
	char digits[FEN_TEXT], *end = digits + sizeof(digits);
	char *p = put_padded(end, dec_magnitude64(fen), 3), *to = out;
	size_t whole = (size_t)(end - p) - 2;

	if (fen < 0)
		*to++ = '-';
	memcpy(to, p, whole);
	to += whole;
	*to++ = '.';
	memcpy(to, end - 2, 2);
	to[2] = 0;
	return out;
}

const char *fen_format_grouped(int64_t fen, char out[FEN_TEXT + 8])
{
	char plain[FEN_TEXT];
	const char *p = fen_format(fen, plain);
	char *to = out;
	size_t whole;

	if (*p == '-')
		*to++ = *p++;
	for (whole = strlen(p) - 3; whole; whole--) {
		*to++ = *p++;
		if (whole > 1 && whole % GROUP == 1)
			*to++ = ',';
	}
	memcpy(to, p, 4); /* ".dd" and the NUL */
	return out;
}

bool fen_add(int64_t a, int64_t b, int64_t *out)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum) || sum > FEN_MAX || sum < -FEN_MAX)
		return false;
	*out = sum;
	return true;
}

/* ---- rates ---- */

/* "13%" or "13 %": the text without the sign into number; false when it is not of that form. */
static bool strip_percent(const char *s, char number[DEC_CHARS + 2])
{
	size_t n = strlen(s);

	if (!n || s[n - 1] != '%')
		return false;
	n -= n > 1 && s[n - 2] == ' ' ? 2 : 1;
	if (n > DEC_CHARS + 1)
		return false;
	memcpy(number, s, n);
	number[n] = 0;
	return true;
}

bool rate_parse(const char *s, int32_t *ppm)
{
	char number[DEC_CHARS + 2];
	struct dec d;
	int64_t v;
	bool is_rate;

	if (!s || *s == '-')
		return false;
	is_rate = dec_parse(s, &d) ? to_units(d, 6, RATE_ONE, &v)
				   : strip_percent(s, number) && dec_parse(number, &d) &&
					 to_units(d, 4, RATE_ONE, &v);
	if (is_rate)
		*ppm = (int32_t)v;
	return is_rate;
}

/* ppm as a decimal of the scale, without trailing zeros. */
static size_t put_rate(int32_t ppm, uint8_t scale, char out[RATE_TEXT])
{
	char text[DEC_TEXT];
	size_t n;

	dec_format(dec_normalize((struct dec) {.coef = ppm, .scale = scale}), text);
	n = strlen(text);
	memcpy(out, text, n + 1); /* an int32_t has at most 10 digits, a point and a sign */
	return n;
}

const char *rate_format(int32_t ppm, char out[RATE_TEXT])
{
	put_rate(ppm, 6, out);
	return out;
}

const char *rate_format_percent(int32_t ppm, char out[RATE_TEXT])
{
	size_t n = put_rate(ppm, 4, out);

	out[n] = '%';
	out[n + 1] = 0;
	return out;
}
