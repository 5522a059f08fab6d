/* tax/ids.c - identifiers and their check digits. */
#include "tax/ids.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

enum { NUMBER_DIGITS = 20, NUMBER_HEAD = 6, USCC = 18, TAXNO_MIN = 15, TAXNO_MAX = 20 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_digit(s[i]))
			return false;
	return true;
}

/* GB 32100: weights are the powers of 3 modulo 31. */
char uscc_check_char(const char *s17)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	/* Places in it, from 1; I, O, S, V and Z have none. */
	static const unsigned char places['Z' - '0' + 1] = {
	    1,  2,  3,  4, 5,  6,  7,  8,  9,  10, 0,  0,  0,  0, 0,  0,  0, 11, 12, 13, 14, 15,
	    16, 17, 18, 0, 19, 20, 21, 22, 23, 0,  24, 25, 26, 0, 27, 28, 0, 29, 30, 31, 0};
	static const unsigned char weights[USCC - 1] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
							29, 25, 13, 8,  24, 10, 30, 28};
	unsigned sum = 0;

	for (int i = 0; i < USCC - 1; i++) {
		unsigned at = (unsigned char)s17[i] - (unsigned)'0';

		if (at >= sizeof(places) || !places[at])
			return 0;
		sum += (places[at] - 1U) * weights[i];
	}
	return alphabet[(31 - sum % 31) % 31];
}

/* GB 11643: weights are the powers of 2 modulo 11, from the right. */
bool id_card_ok(const char *s)
{
	unsigned sum = 0, weight = 1;

	if (strlen(s) != USCC || !all_digits(s, USCC - 1))
		return false;
	for (int i = USCC - 2; i >= 0; i--) {
		weight = weight * 2 % 11;
		sum += (unsigned)(s[i] - '0') * weight;
	}
	if (s[USCC - 1] != "10X98765432"[sum % 11])
		return false;
	int year = 0, month, day;
	for (int i = 6; i < 10; i++)
		year = year * 10 + (s[i] - '0');
	month = (s[10] - '0') * 10 + (s[11] - '0');
	day = (s[12] - '0') * 10 + (s[13] - '0');
	return date_valid(year, month, day);
}

enum taxno_state taxno_check(const char *s, size_t *at)
{
	size_t n = 0;

	while (n < TAXNO_MAX && (is_digit(s[n]) || is_capital(s[n])))
		n++;
	if (s[n] || n < TAXNO_MIN) {
		if (at)
			*at = n;
		return TAXNO_BAD_FORM;
	}
	/* A person's tax number is the identity card. */
	if (n == USCC && uscc_check_char(s) != s[USCC - 1] && !id_card_ok(s))
		return TAXNO_BAD_CHECK;
	return TAXNO_OK;
}

const char *taxno_fault(const char *s, size_t at, char out[TAXNO_FAULT])
{
	int n =
	    snprintf(out, TAXNO_FAULT, "应为 %d 至 %d 位数字和大写字母，", TAXNO_MIN, TAXNO_MAX);
	size_t room = TAXNO_FAULT - (size_t)n;

	if (s[at] && at < TAXNO_MAX)
		snprintf(out + n, room, "第 %zu 位不符", at + 1);
	else
		snprintf(out + n, room, "现在%s %zu 位", s[at] ? "有" : "只有", text_chars(s));
	return out;
}

bool leqi_id_ok(const char *s)
{
	size_t n = 0;

	while (n < NUMBER_DIGITS && (is_digit(s[n]) || (s[n] >= 'a' && s[n] <= 'f')))
		n++;
	return n == NUMBER_DIGITS && !s[n];
}

bool invoice_number_ok(const char *s)
{
	return strlen(s) == NUMBER_DIGITS && all_digits(s, NUMBER_DIGITS);
}

/* The running part: 14 digits fit 64 bits. */
static uint64_t number_tail(const char *s)
{
	uint64_t v = 0;

	for (int i = NUMBER_HEAD; i < NUMBER_DIGITS; i++)
		v = v * 10 + (uint64_t)(s[i] - '0');
	return v;
}

bool invoice_number_add(const char *number, unsigned long long n, char out[21])
{
	const uint64_t limit = UINT64_C(100000000000000);

	if (!invoice_number_ok(number) || n >= limit)
		return false;
	uint64_t v = number_tail(number) + n;
	if (v >= limit)
		return false;
	memmove(out, number, NUMBER_HEAD);
	for (int i = NUMBER_DIGITS - 1; i >= NUMBER_HEAD; i--, v /= 10)
		out[i] = (char)('0' + v % 10);
	out[NUMBER_DIGITS] = 0;
	return true;
}

bool invoice_number_diff(const char *a, const char *b, long long *out)
{
	if (!invoice_number_ok(a) || !invoice_number_ok(b) || memcmp(a, b, NUMBER_HEAD) != 0)
		return false;
	*out = (long long)number_tail(b) - (long long)number_tail(a);
	return true;
}
