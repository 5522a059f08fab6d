/* Numbers and dates of cells, in text arithmetic. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sheet/cell_p.h"

enum { DIGITS_MAX = 128, EXPONENT_MAX = 340, EXACT = 15 };

/* sign * 0.d1 d2 d3... * 10^point; d1 and the last digit are not 0; count 0 is zero. */
struct number {
	bool negative;
	int count, point;
	char digits[DIGITS_MAX];
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits as they come; false when there are too many to keep. */
static bool add_digit(struct number *v, char c, bool after_point)
{
	if (!v->count && c == '0') {
		v->point -= after_point;
		return true;
	}
	if (v->count == DIGITS_MAX)
		return false;
	v->digits[v->count++] = c;
	v->point += !after_point;
	return true;
}

static bool read_exponent(const char *s, const char *end, int *out)
{
	bool negative = s < end && *s == '-';
	int v = 0;

	if (s < end && (*s == '-' || *s == '+'))
		s++;
	if (s == end)
		return false;
	for (; s < end; s++) {
		if (!is_digit(*s))
			return false;
		if (v <= EXPONENT_MAX)
			v = v * 10 + (*s - '0');
	}
	*out = negative ? -v : v;
	return true;
}

static bool read_number(const char *s, size_t n, struct number *v)
{
	const char *end = s + n;
	bool after_point = false, any = false;
	int exponent = 0;

	*v = (struct number) {0};
	if (s < end && (*s == '-' || *s == '+'))
		v->negative = *s++ == '-';
	for (; s < end && *s != 'e' && *s != 'E'; s++) {
		if (*s == '.' && !after_point) {
			after_point = true;
		} else if (is_digit(*s)) {
			any = true;
			if (!add_digit(v, *s, after_point))
				return false;
		} else {
			return false;
		}
	}
	if (!any || (s < end && !read_exponent(s + 1, end, &exponent)))
		return false;
	while (v->count && v->digits[v->count - 1] == '0')
		v->count--;
	v->point = v->count ? v->point + exponent : 0;
	return v->point <= EXPONENT_MAX && v->point >= -EXPONENT_MAX;
}

/* Half up at the fifteenth digit. */
static void round_digits(struct number *v)
{
	bool up = v->digits[EXACT] >= '5';

	v->count = EXACT;
	while (v->count && up) {
		up = v->digits[v->count - 1] == '9';
		if (up)
			v->count--;
		else
			v->digits[v->count - 1]++;
	}
	if (up) {
		v->digits[v->count++] = '1';
		v->point++;
	}
	while (v->count && v->digits[v->count - 1] == '0')
		v->count--;
}

static void write_number(const struct number *v, char *out)
{
	int i, whole = v->point > 0 ? v->point : 0;

	if (v->negative && v->count)
		*out++ = '-';
	if (!whole)
		*out++ = '0';
	for (i = 0; i < whole; i++)
		*out++ = i < v->count ? v->digits[i] : '0';
	if (v->count > v->point) {
		*out++ = '.';
		for (i = v->point; i < 0; i++)
			*out++ = '0';
		for (i = whole; i < v->count; i++)
			*out++ = v->digits[i];
	}
	*out = 0;
}

/* Short and plain already, which nearly all numbers are. */
static bool is_plain(const char *s, size_t n)
{
	size_t i, start = n && s[0] == '-', points = 0;

	if (n - start > EXACT || n == start || !is_digit(s[start]) || !is_digit(s[n - 1]))
		return false;
	if (s[start] == '0' && (start || (n > 1 && s[1] != '.')))
		return false;
	for (i = start; i < n; i++) {
		if (s[i] == '.')
			points++;
		else if (!is_digit(s[i]))
			return false;
	}
	return points <= 1;
}

bool sheet_number_plain(const char *s, size_t n, char out[SHEET_NUMBER_SIZE], bool *rounded)
{
	struct number v;

	*rounded = false;
	if (is_plain(s, n)) {
		memcpy(out, s, n);
		out[n] = 0;
		return true;
	}
	if (!read_number(s, n, &v))
		return false;
	if (v.point > EXACT)
		*rounded = true;
	else if (v.count > EXACT)
		round_digits(&v);
	write_number(&v, out);
	return true;
}

/* ---- dates ---- */

enum {
	DAY_SECONDS = 86400,
	LEAP_1900 = 60,        /* the day that never was */
	FROM_1904 = 1462,      /* days between the two systems, that day included */
	LAST_SERIAL = 2958465, /* 9999-12-31 */
	DAYS_TO_1900 = 693899, /* of 1899-12-30, counted from 0000-03-01 */
	FRACTION = 10,         /* digits of a day that matter */
};
static const int64_t FRACTION_UNIT = INT64_C(10000000000);

/* Civil date of a day counted from 0000-03-01. */
static void civil(int64_t days, int *year, int *month, int *day)
{
	int64_t era = days / 146097, of_era = days % 146097, y, of_year, m;

	y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * y + y / 4 - y / 100);
	m = (5 * of_year + 2) / 153;
	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

/* Days and seconds of a plain number; false when negative or too large. */
static bool split_serial(const char *plain, int64_t *days, int64_t *seconds)
{
	int64_t fraction = 0, whole = 0;
	int digits = 0;
	const char *p = plain;

	for (; is_digit(*p); p++) {
		whole = whole * 10 + (*p - '0');
		if (whole > LAST_SERIAL)
			return false;
	}
	if (p == plain)
		return false;
	if (*p == '.')
		p++;
	for (; digits < FRACTION; digits++)
		fraction = fraction * 10 + (is_digit(*p) ? *p++ - '0' : 0);
	*seconds = (fraction * DAY_SECONDS + FRACTION_UNIT / 2) / FRACTION_UNIT;
	*days = whole;
	if (*seconds == DAY_SECONDS) {
		*seconds = 0;
		*days += 1;
	}
	return true;
}

static void write_time(char *out, size_t size, const char *before, int64_t seconds)
{
	snprintf(out, size, "%s%02u:%02u:%02u", before, (unsigned)(seconds / 3600 % 24),
		 (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
}

bool sheet_serial_date(const char *plain, bool from_1904, char out[SHEET_DATE_SIZE])
{
	int year = 1900, month = 2, day = 29;
	int64_t serial, seconds;
	size_t n;

	if (!split_serial(plain, &serial, &seconds))
		return false;
	if (!serial && (seconds || !from_1904)) {
		write_time(out, SHEET_DATE_SIZE, "", seconds);
		return true;
	}
	if (from_1904)
		serial += FROM_1904;
	if (serial > LAST_SERIAL)
		return false;
	if (serial != LEAP_1900)
		civil(DAYS_TO_1900 + serial + (serial < LEAP_1900), &year, &month, &day);
	snprintf(out, SHEET_DATE_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000U,
		 (unsigned)month % 100U, (unsigned)day % 100U);
	n = strlen(out);
	if (seconds)
		write_time(out + n, SHEET_DATE_SIZE - n, " ", seconds);
	return true;
}

/* Does s begin with the pattern, where 0 stands for a digit? */
static bool looks_like(const char *s, size_t n, const char *pattern)
{
	for (; *pattern; pattern++, s++, n--) {
		if (!n || (*pattern == '0' ? !is_digit(*s) : *s != *pattern))
			return false;
	}
	return true;
}

bool sheet_iso_date(const char *s, size_t n, char out[SHEET_DATE_SIZE])
{
	if (!looks_like(s, n, "0000-00-00"))
		return false;
	if (n == 10 || looks_like(s + 10, n - 10, "T00:00:00")) {
		snprintf(out, SHEET_DATE_SIZE, "%.10s", s);
		if (n == 10 || !memcmp(s + 11, "00:00:00", 8))
			return true;
		snprintf(out + 10, SHEET_DATE_SIZE - 10, " %.8s", s + 11);
		return true;
	}
	return false;
}
