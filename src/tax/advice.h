/* tax/advice.h - known messages and codes of the tax side: what they mean and what to do (features
 * B6, I4, N5; data/known-errors.tsv, embedded). */
#ifndef KP_TAX_ADVICE_H
#define KP_TAX_ADVICE_H

#include <stddef.h>

struct tax_advice {
	const char *pattern, *cause, *advice;
};
/* The i-th that fits a text, the most particular first; NULL: no more.  A number fits only where a
 * code would stand, one of two digits only when it is the whole text. */
const struct tax_advice *tax_advice(const char *text, size_t i);

#endif
