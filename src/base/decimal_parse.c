/* decimal_parse.c - decimals, fen and rates from text.
 *
 * A loop over the characters mispredicts its end and the place of the point at nearly every text,
 * which costs more than all the rest.  So up to sixteen characters are laid into words, the last
 * character in the highest byte and zeros before the first; the point is closed up without a jump,
 * and the digits are summed in pairs, fours and eights.
 */
#include <endian.h>

#include "base/decimal_p.h"

enum { WORD = 8 };
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t load32(const char *s)
{
	uint32_t v;

	memcpy(&v, s, sizeof(v));
	return le32toh(v);
}

static inline uint64_t load8(const char *s)
{
	return (unsigned char)*s;
}

/* n characters (1..8) less '0' each, the last in the highest byte, 0 below the first. */
static inline uint64_t load_digits(const char *s, size_t n)
{
	const unsigned unused = (unsigned)(WORD - n) * 8;
	uint64_t v;

	if (n >= 4)
		v = load32(s) << unused | load32(s + n - 4) << 32;
	else
		v = load8(s) << unused | load8(s + n / 2) << (unused + n / 2 * 8) |
		    load8(s + n - 1) << 56;
	return v ^ EACH('0') << unused;
}

/* The high bit of each byte that holds a point. */
static inline uint64_t find_points(uint64_t digits)
{
	uint64_t v = digits ^ EACH('.' ^ '0');

	return ~(((v & EACH(0x7f)) + EACH(0x7f)) | v | EACH(0x7f));
}

/* The number of bytes above the highest point; 0 without one. */
static inline unsigned bytes_after(uint64_t points)
{
	return (unsigned)__builtin_clzll(points | (uint64_t)!points << 63) / 8;
}

/* Takes the lowest point out: what stands before it moves up a byte.  Without one nothing moves; a
 * second one stays and is no digit. */
static inline uint64_t close_up(uint64_t digits, uint64_t points)
{
	uint64_t at = (points & -points) >> 7, before = at - (at != 0);

	return (digits & ~(before | at * 0xff)) | (digits & before) << 8;
}

/* Not 0 when a byte is no digit. */
static inline uint64_t not_digits(uint64_t digits)
{
	return ((digits + EACH(0x80 - 10)) | digits) & EACH(0x80);
}

/* Eight digits, the first in the lowest byte, as an integer. */
static inline uint64_t sum_digits(uint64_t v)
{
	const uint64_t mask = UINT64_C(0x000000ff000000ff);

	v = v * 10 + (v >> 8);
	return ((v & mask) * (100 + (UINT64_C(1000000) << 32)) +
		(v >> 16 & mask) * (1 + (UINT64_C(10000) << 32))) >>
	       32;
}

/* Each scan takes n characters, digits and at most one point; false: there is something else. */

static inline bool scan_word(const char *s, size_t n, bool negative, struct dec *out)
{
	uint64_t v = load_digits(s, n), points = find_points(v);

	v = close_up(v, points);
	if (not_digits(v))
		return false;
	dec_store(out, dec_signed(sum_digits(v), negative), bytes_after(points));
	return true;
}

static bool scan_two_words(const char *s, size_t n, bool negative, struct dec *out)
{
	uint64_t first = load_digits(s, n - WORD), last = load_digits(s + n - WORD, WORD);
	uint64_t points = find_points(last);
	unsigned scale = bytes_after(points);

	if (points) {
		last = close_up(last, points) | first >> 56;
		first <<= 8;
	} else if ((points = find_points(first))) {
		scale = bytes_after(points) + WORD;
		first = close_up(first, points);
	}
	if (not_digits(first) | not_digits(last))
		return false;
	dec_store(out, dec_signed(sum_digits(first) * 100000000 + sum_digits(last), negative),
		  scale);
	return true;
}

static bool scan_long(const char *s, size_t n, bool negative, struct dec *out)
{
	size_t point = n;
	dec_uint v = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned)(unsigned char)s[i] - '0';

		if (s[i] == '.' && point == n)
			point = i;
		else if (digit < 10)
			v = v * 10 + digit;
		else
			return false;
	}
	dec_store(out, dec_signed(v, negative), point < n ? (unsigned)(n - point) - 1 : 0);
	return true;
}

/* dec_parse of n characters. */
static inline bool parse(const char *s, size_t n, struct dec *out)
{
	bool negative = n && *s == '-';

	s += negative;
	n -= negative;
	if (!n || n > DEC_CHARS || *s == '.' || s[n - 1] == '.')
		return false;
	if (*s == '0' && n > 1 && s[1] != '.')
		return false;
	if (n <= WORD)
		return scan_word(s, n, negative, out);
	return n <= 2 * WORD ? scan_two_words(s, n, negative, out) : scan_long(s, n, negative, out);
}

bool dec_parse(const char *s, struct dec *out)
{
	return s && parse(s, strlen(s), out);
}

/* d * 10^places as an integer; false when it has further decimals or is above max. */
static inline bool to_units(const struct dec *d, unsigned places, uint64_t max, int64_t *out)
{
	dec_uint v = dec_magnitude(d->coef), unit;

	if (d->scale > places) {
		unit = dec_pow(d->scale - places);
		if (v % unit)
			return false;
		v /= unit;
	} else {
		if (v > max)
			return false;
		v *= dec_pow(places - d->scale);
	}
	if (v > max)
		return false;
	*out = d->coef < 0 ? -(int64_t)v : (int64_t)v;
	return true;
}

bool fen_parse(const char *s, int64_t *out)
{
	struct dec d;

	return dec_parse(s, &d) && to_units(&d, 2, (uint64_t)FEN_MAX, out);
}

static inline unsigned digit_of(char c)
{
	return (unsigned)(unsigned char)c - '0';
}

bool rate_parse(const char *s, int32_t *ppm)
{
	bool percent;
	struct dec d;
	int64_t v;
	size_t n;

	if (!s)
		return false;
	if (s[0] == '0' && s[1] == '.' && digit_of(s[2]) < 10 && digit_of(s[3]) < 10 && !s[4]) {
		*ppm = (int32_t)(digit_of(s[2]) * 10 + digit_of(s[3])) * (RATE_ONE / 100);
		return true; /* "0.13", as nearly every rate is written */
	}
	n = strlen(s);
	percent = n && s[n - 1] == '%';
	n -= percent;
	n -= percent && n && s[n - 1] == ' ';
	if (!n || *s == '-' || !parse(s, n, &d) || !to_units(&d, percent ? 4 : 6, RATE_ONE, &v))
		return false;
	*ppm = (int32_t)v;
	return true;
}
