/* value_number.c - numbers, rates and dates as people write them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/text.h"
#include "sheet/value_p.h"

enum { YEN = 0xA5, WIDE_YEN = 0xFFE5, YUAN = 0x5143, MINUS = 0x2212, YEAR_MIN = 1900 };

/* ---- decimals ---- */

/* Folded and without blanks and signs of money; false: something else is in it. */
static bool plain_number(const char *s, size_t left, char out[VALUE_WORD])
{
	size_t n = 0, len;
	uint32_t cp;

	for (; left; s += len, left -= len) {
		len = text_next(s, left, &cp);
		cp = cp == MINUS ? '-' : sheet_value_fold(cp);
		if (cp == ' ' || cp == YEN || cp == WIDE_YEN || (cp == YUAN && left == len))
			continue;
		if (cp >= 0x80 || n + 1 >= VALUE_WORD)
			return false;
		out[n++] = (char)cp;
	}
	out[n] = 0;
	return true;
}

/* Digits of the integer part, grouping commas left out: groups of three after the first. */
static bool put_integer(const char **at, char *out, size_t *n)
{
	const char *s = *at;
	size_t group = 0, commas = 0;

	for (; isdigit((unsigned char)*s) || *s == ','; s++) {
		if (*s == ',') {
			if (!group || group > 3 || (commas && group != 3))
				return false;
			commas++;
			group = 0;
			continue;
		}
		group++;
		out[(*n)++] = *s;
	}
	*at = s;
	return !commas || group == 3;
}

static void put_fraction(const char **at, char *out, size_t *n)
{
	const char *s = *at + 1;
	size_t digits = strspn(s, "0123456789"), kept = digits;

	while (kept && s[kept - 1] == '0')
		kept--;
	if (kept) {
		out[(*n)++] = '.';
		memcpy(out + *n, s, kept);
		*n += kept;
	}
	*at = s + digits;
}

bool sheet_value_decimal(const char *s, size_t left, char out[VALUE_WORD])
{
	char text[VALUE_WORD], digits[VALUE_WORD + 2];
	const char *at = text;
	size_t n = 0, zeros;
	bool minus;
	struct dec d;

	if (!plain_number(s, left, text))
		return false;
	minus = *at == '-';
	at += *at == '-' || *at == '+';
	if (!strpbrk(at, "0123456789") || !put_integer(&at, digits, &n))
		return false;
	digits[n] = 0;
	zeros = strspn(digits, "0");
	n -= zeros;
	memmove(digits, digits + zeros, n);
	if (!n)
		digits[n++] = '0';
	if (*at == '.')
		put_fraction(&at, digits, &n);
	digits[n] = 0;
	if (*at || !dec_parse(digits, &d))
		return false;
	if (minus && !dec_is_zero(d))
		*out++ = '-';
	memcpy(out, digits, n + 1); /* no longer than a decimal */
	return true;
}

bool sheet_value_money(char number[VALUE_WORD])
{
	char text[FEN_TEXT];
	int64_t fen;

	if (!fen_parse(number, &fen))
		return false;
	text_copy(number, VALUE_WORD, fen_format(fen, text));
	return true;
}

/* ---- rates ---- */

bool sheet_value_rate(char word[VALUE_WORD])
{
	static const char *const ZERO[] = {"免税",       "不征税",     "零税率",
					   "普通零税率", "出口零税率", "免征增值税"};
	char text[RATE_TEXT], number[VALUE_WORD + 1];
	size_t n = strlen(word), i;
	bool percent = n && word[n - 1] == '%';
	int32_t ppm;

	for (i = 0; i < sizeof(ZERO) / sizeof(ZERO[0]); i++) {
		if (!strcmp(word, ZERO[i]))
			return text_copy(word, VALUE_WORD, "0");
	}
	if (!sheet_value_decimal(word, n - percent, number) || *number == '-')
		return false;
	/* 13 and 1 are per cent, 0.13 is a fraction; 0 is 0. */
	if (percent || *number != '0') {
		n = strlen(number);
		number[n] = '%';
		number[n + 1] = 0;
	}
	if (!rate_parse(number, &ppm) || ppm == RATE_ONE)
		return false; /* "1" is one per cent: nobody means all of it */
	return text_copy(word, VALUE_WORD, rate_format(ppm, text));
}

/* ---- dates ---- */

/* Up to max digits of a part; a mark of its own ends it. */
static bool read_part(const char **at, size_t max, int *out)
{
	size_t n = strspn(*at, "0123456789"), i;

	if (!n || n > max)
		return false;
	for (*out = 0, i = 0; i < n; i++)
		*out = *out * 10 + ((*at)[i] - '0');
	*at += n;
	return true;
}

/* Folds "2026年1月5日", "2026.1.5", "2026/1/5" to "2026-1-5" and drops a time. */
static bool plain_date(const char *s, size_t left, char out[VALUE_WORD])
{
	static const uint32_t MARKS[] = {0x5E74, 0x6708, '/', '.', '-'};
	size_t n = 0, len, i;
	uint32_t cp;

	for (; left; s += len, left -= len) {
		len = text_next(s, left, &cp);
		cp = sheet_value_fold(cp);
		if (cp == ' ' || cp == 'T' || cp == 0x65E5)
			break;
		for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
			if (cp == MARKS[i])
				cp = '-';
		}
		if (cp >= 0x80 || n + 1 >= VALUE_WORD)
			return false;
		out[n++] = (char)cp;
	}
	out[n] = 0;
	return true;
}

bool sheet_value_date(const char *s, size_t n, char out[VALUE_WORD])
{
	char text[VALUE_WORD];
	const char *at = text;
	struct date d;

	if (!plain_date(s, n, text))
		return false;
	if (strlen(text) == 8 && text_all_digits(text)) {
		if (!date_parse(text, &d))
			return false;
	} else if (!read_part(&at, 4, &d.year) || *at++ != '-' || !read_part(&at, 2, &d.month) ||
		   *at++ != '-' || !read_part(&at, 2, &d.day) || *at ||
		   !date_valid(d.year, d.month, d.day)) {
		return false;
	}
	if (d.year < YEAR_MIN)
		return false;
	snprintf(out, VALUE_WORD, "%04d-%02d-%02d", d.year, d.month, d.day);
	return true;
}
