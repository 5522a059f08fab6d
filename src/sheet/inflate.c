/* inflate.c - over ISA-L: reading a workbook is unpacking for a good part, and it unpacks more than
 * twice as fast as zlib. */
#include "sheet/inflate_p.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#include "base/buf.h"

struct sheet_inflate {
	struct inflate_state state;
	uint32_t sum;
};

struct sheet_inflate *sheet_inflate_new(void)
{
	struct sheet_inflate *f = mem_zalloc(sizeof(*f));

	isal_inflate_init(&f->state);
	f->state.crc_flag = ISAL_DEFLATE;
	return f;
}

void sheet_inflate_feed(struct sheet_inflate *f, const void *packed, size_t n)
{
	f->state.next_in = (uint8_t *)(uintptr_t)packed; /* it only reads there */
	f->state.avail_in = (uint32_t)n;
}

enum sheet_inflate_verdict sheet_inflate_give(struct sheet_inflate *f, void *out, size_t n,
					      size_t *got)
{
	uint32_t room = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	int said;

	*got = 0;
	if (f->state.block_state == ISAL_BLOCK_FINISH)
		return INFLATE_ENDED;
	f->state.next_out = out;
	f->state.avail_out = room;
	said = isal_inflate(&f->state);
	if (said != ISAL_DECOMP_OK && said != ISAL_END_INPUT)
		return INFLATE_BROKEN;
	*got = room - f->state.avail_out;
	f->sum = crc32_gzip_refl(f->sum, out, *got);
	if (*got)
		return INFLATE_GAVE;
	return f->state.block_state == ISAL_BLOCK_FINISH ? INFLATE_ENDED : INFLATE_WANTS;
}

uint32_t sheet_inflate_sum(const struct sheet_inflate *f)
{
	return f->sum;
}

void sheet_inflate_free(struct sheet_inflate **f)
{
	free(*f);
	*f = NULL;
}
