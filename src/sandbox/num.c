/* sandbox/num.c - parsing into rationals and comparing within a tolerance. */
#include "sandbox/num.h"

#include <string.h>

enum { DIGITS_MAX = 64 };

bool num_parse(const char *s, unsigned max_int, unsigned max_frac, mpq_t out)
{
	char digits[DIGITS_MAX + 2];
	unsigned n = 0, whole = 0, frac = 0;
	if (*s == '-')
		digits[n++] = *s++;
	for (; *s >= '0' && *s <= '9'; s++, whole++) {
		if (n >= DIGITS_MAX)
			return false;
		digits[n++] = *s;
	}
	if (*s == '.') {
		for (s++; *s >= '0' && *s <= '9'; s++, frac++) {
			if (n >= DIGITS_MAX)
				return false;
			digits[n++] = *s;
		}
		if (frac == 0)
			return false;
	}
	if (*s || whole == 0 || whole > max_int || frac > max_frac)
		return false;
	digits[n] = 0;
	mpz_set_str(mpq_numref(out), digits, 10);
	mpz_ui_pow_ui(mpq_denref(out), 10, frac);
	mpq_canonicalize(out);
	return true;
}

bool num_near(const mpq_t a, const mpq_t b, unsigned long hundredths)
{
	mpq_t d, limit;
	mpq_inits(d, limit, NULL);
	mpq_sub(d, a, b);
	mpq_abs(d, d);
	mpq_set_ui(limit, hundredths, 100);
	mpq_canonicalize(limit);
	bool near = mpq_cmp(d, limit) <= 0;
	mpq_clears(d, limit, NULL);
	return near;
}
