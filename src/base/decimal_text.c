/* decimal_text.c - decimals, fen and rates into text. */
#include "base/decimal_p.h"

enum { GROUP = 3 };

/* ---- decimals ---- */

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

/* ---- rates ---- */

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
