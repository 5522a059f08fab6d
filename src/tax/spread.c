/* tax/spread.c - one amount over several rows. */
#include "tax/spread.h"

/* num / den, half up; both positive. */
static int64_t rounded(dec_int num, int64_t den)
{
	return (int64_t)((2 * num + den) / (2 * (dec_int)den));
}

static bool within(int64_t share, int64_t part)
{
	return share > 0 && share < part;
}

/* The last one gets what is left; false when a share does not fit its part. */
static bool close_with_last(const int64_t *parts, size_t n, int64_t total, int64_t *shares)
{
	int64_t rest = total;
	size_t i;

	for (i = 0; i + 1 < n; i++) {
		if (!within(shares[i], parts[i]))
			return false;
		rest -= shares[i];
	}
	shares[n - 1] = rest;
	return within(rest, parts[n - 1]);
}

/* Differences of rounded running sums. */
static bool spread_running(const int64_t *parts, size_t n, int64_t sum, int64_t total,
			   int64_t *shares)
{
	int64_t run = 0, given = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		run += parts[i];
		shares[i] = rounded((dec_int)total * run, sum) - given;
		given += shares[i];
		if (!within(shares[i], parts[i]))
			return false;
	}
	return true;
}

static int64_t sum_of(const int64_t *parts, size_t n)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += parts[i];
	return sum;
}

bool tax_spread(const int64_t *parts, size_t n, int64_t total, int64_t *shares)
{
	int64_t sum = sum_of(parts, n);
	size_t i;

	if (!n || total <= 0 || total >= sum)
		return false;
	for (i = 0; i < n; i++)
		shares[i] = rounded((dec_int)total * parts[i], sum);
	if (close_with_last(parts, n, total, shares))
		return true;
	/* Rounded up, they may leave nothing for the last; cut off, they leave it the more. */
	for (i = 0; i < n; i++)
		shares[i] = (int64_t)((dec_int)total * parts[i] / sum);
	return close_with_last(parts, n, total, shares) ||
	       spread_running(parts, n, sum, total, shares);
}

bool tax_spread_rate(const int64_t *parts, size_t n, struct dec rate, int64_t *shares)
{
	int64_t sum = sum_of(parts, n), total;
	size_t i;

	if (!n || rate.coef <= 0 || !dec_mul_fen(dec_from_fen(sum), rate, &total) || total <= 0 ||
	    total >= sum)
		return false;
	for (i = 0; i < n; i++) {
		if (!dec_mul_fen(dec_from_fen(parts[i]), rate, &shares[i]))
			return false;
	}
	return close_with_last(parts, n, total, shares) ||
	       spread_running(parts, n, sum, total, shares);
}
