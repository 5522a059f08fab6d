/* sandbox/num.h - exact numbers of a request, as GMP rationals.
 *
 * Written from the protocol's text alone and shared with nobody: the checks of the practice
 * platform must be able to disagree with the client.
 */
#ifndef KP_SANDBOX_NUM_H
#define KP_SANDBOX_NUM_H

#include <gmp.h>
#include <stdbool.h>

/* Parses [-]digits[.digits] with at most max_int digits before and max_frac after the point into an
 * initialised out; no exponent, no sign '+', no blanks.  False leaves out undefined. */
bool num_parse(const char *s, unsigned max_int, unsigned max_frac, mpq_t out);
/* |a - b| <= hundredths / 100. */
bool num_near(const mpq_t a, const mpq_t b, unsigned long hundredths);

#endif
