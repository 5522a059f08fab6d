/* decimal_p.h - what the arithmetic and the text of decimals share. */
#ifndef KP_BASE_DECIMAL_P_H
#define KP_BASE_DECIMAL_P_H

#include <string.h>

#include "base/decimal.h"

__extension__ typedef unsigned __int128 dec_uint;

enum { DEC_SCALE_MAX = 24, POW64_MAX = 19, POW_MAX = 38 };

/* Powers of ten: 10^0 .. 10^19, and 10^0 .. 10^38. */
extern const uint64_t dec_pow64[POW64_MAX + 1];
extern const dec_uint dec_pow128[POW_MAX + 1];

static inline dec_uint dec_pow(unsigned n)
{
	return dec_pow128[n];
}

static inline dec_uint dec_magnitude(dec_int v)
{
	return v < 0 ? -(dec_uint)v : (dec_uint)v;
}

static inline uint64_t dec_magnitude64(int64_t v)
{
	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

static inline dec_int dec_signed(dec_uint v, bool negative)
{
	return negative ? -(dec_int)v : (dec_int)v;
}

static inline bool dec_fits64(dec_uint v)
{
	return (uint64_t)(v >> 64) == 0;
}

/* Writes *out in two stores of 16 bytes: callers copy the struct in loads of 16 bytes, which the
 * processor can serve from a store still in flight only when that was as wide. */
static inline void dec_store(struct dec *out, dec_int coef, unsigned scale)
{
	typedef uint64_t half __attribute__((vector_size(16)));
	const half low = {(uint64_t)coef, (uint64_t)(coef >> 64)}, high = {scale, 0};

	_Static_assert(sizeof(*out) == 32 && offsetof(struct dec, scale) == 16, "layout");
	memcpy(out, &low, sizeof(low));
	memcpy((char *)out + sizeof(low), &high, sizeof(high));
}

#endif
