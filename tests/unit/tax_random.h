/* Random figures that are the same at every run, for the tax room's tests. */
#ifndef KP_TESTS_TAX_RANDOM_H
#define KP_TESTS_TAX_RANDOM_H

#include "tax_help.h"

static uint64_t random_seed = 20261120;

/* 0 to below - 1. */
static inline uint64_t rnd(uint64_t below)
{
	random_seed = random_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (random_seed >> 33) % below;
}

/* With `scale` decimals, its whole part at most `most`. */
static inline struct dec random_dec(uint64_t most, uint8_t scale)
{
	dec_int coef = 1 + (dec_int)rnd(most);

	for (uint8_t i = 0; i < scale; i++)
		coef = coef * 10 + (dec_int)rnd(10);
	return (struct dec) {.coef = coef, .scale = scale};
}

static inline int32_t random_rate(void)
{
	static const int32_t rates[] = {130000, 90000, 60000, 30000, 10000, 50000, 0};

	return rates[rnd(7)];
}

#endif
