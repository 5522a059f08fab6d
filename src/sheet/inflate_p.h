/* inflate_p.h - unpacking a deflated part, piece by piece, with its checksum.
 *
 * Invariants  Nothing is given that was not packed there; memory does not grow with the part.
 * Ownership   The state is closed by the caller; what is fed is lent until it has been taken in.
 * Source      RFC 1951; the checksum is the archive's CRC-32.
 */
#ifndef KP_SHEET_INFLATE_P_H
#define KP_SHEET_INFLATE_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sheet_inflate;
enum sheet_inflate_verdict {
	INFLATE_GAVE,   /* bytes */
	INFLATE_WANTS,  /* to be fed; it gave none */
	INFLATE_ENDED,  /* everything was given before */
	INFLATE_BROKEN, /* what was fed is not deflated */
};

struct sheet_inflate *sheet_inflate_new(void);
/* Only when it wants to be: the next n bytes, at most UINT32_MAX. */
void sheet_inflate_feed(struct sheet_inflate *f, const void *packed, size_t n);
/* At most n bytes into out; *got of them. */
enum sheet_inflate_verdict sheet_inflate_give(struct sheet_inflate *f, void *out, size_t n,
					      size_t *got);
/* Of what was given so far. */
uint32_t sheet_inflate_sum(const struct sheet_inflate *f);
void sheet_inflate_free(struct sheet_inflate **f);

#endif
