/* Unpacking in pieces of any size, against zlib that packed; what is cut off or damaged. */
#include "sheet/inflate_p.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/base.h"

enum { PLAIN = 300000, ROOM = PLAIN + 4096 };

static unsigned char plain[PLAIN], packed[ROOM], out[ROOM];
static uint32_t seed;

static uint32_t some(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static size_t pack(size_t n, int level, int strategy)
{
	z_stream z = {0};
	size_t len;

	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy), Z_OK);
	z.next_in = plain;
	z.avail_in = (uInt)n;
	z.next_out = packed;
	z.avail_out = ROOM;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	len = z.total_out;
	deflateEnd(&z);
	return len;
}

/* Feeds and takes pieces of at most so many bytes; gives how it ended, and what came in out. */
static enum sheet_inflate_verdict unpack(size_t len, uint32_t in_most, uint32_t out_most,
					 size_t *given, uint32_t *sum)
{
	struct sheet_inflate *f = sheet_inflate_new();
	enum sheet_inflate_verdict v;
	size_t at = 0, got;

	*given = 0;
	for (;;) {
		size_t room = 1 + some(out_most), n = 1 + some(in_most);

		if (room > ROOM - *given)
			room = ROOM - *given;
		v = sheet_inflate_give(f, out + *given, room, &got);
		assert_true(got <= room);
		*given += got;
		if (v == INFLATE_ENDED || v == INFLATE_BROKEN || *given == ROOM)
			break;
		assert_int_equal(v == INFLATE_GAVE, got > 0);
		if (v == INFLATE_GAVE)
			continue;
		if (at == len)
			break;
		n = n < len - at ? n : len - at;
		sheet_inflate_feed(f, packed + at, n);
		at += n;
	}
	*sum = sheet_inflate_sum(f);
	sheet_inflate_free(&f);
	return v;
}

static void fill(size_t n, uint32_t alphabet)
{
	for (size_t i = 0; i < n; i++)
		plain[i] = (unsigned char)some(alphabet);
}

static void test_pieces_of_any_size(void **state)
{
	static const size_t SIZES[] = {0, 1, 17, 32768, 65537, PLAIN};
	static const uint32_t PIECES[] = {1, 7, 300, 65536};
	static const int LEVELS[] = {0, 1, 6, 9};
	size_t given;
	uint32_t sum;

	(void)state;
	for (size_t i = 0; i < 6 * 4 * 4 * 4 * 2; i++) {
		size_t n = SIZES[i % 6], len;
		uint32_t in = PIECES[i / 6 % 4], take = PIECES[i / 24 % 4];

		if (n == PLAIN && in == 1 && take == 1)
			continue; /* minutes */
		seed = (uint32_t)i + 1;
		fill(n, i % 5 ? 4 : 256);
		len = pack(n, LEVELS[i / 96 % 4], i / 384 ? Z_FIXED : Z_DEFAULT_STRATEGY);
		assert_int_equal(unpack(len, in, take, &given, &sum), INFLATE_ENDED);
		assert_int_equal(given, n);
		assert_memory_equal(out, plain, n);
		assert_int_equal(sum, crc32(0, plain, (uInt)n));
	}
}

static void test_what_is_cut_off_does_not_end(void **state)
{
	size_t len, given;
	uint32_t sum;

	(void)state;
	fill(5000, 16);
	len = pack(5000, 6, Z_DEFAULT_STRATEGY);
	for (size_t cut = 0; cut < len; cut++)
		assert_int_equal(unpack(cut, 64, 512, &given, &sum), INFLATE_WANTS);
}

/* Damage is told, or changes what is given and its sum; it gives no more than there is room for. */
static void test_damage_is_noticed(void **state)
{
	int broken = 0;

	(void)state;
	for (uint32_t i = 0; i < 3000; i++) {
		size_t len, given;
		uint32_t sum;

		seed = i;
		fill(5000, 16);
		len = pack(3000, 6, Z_DEFAULT_STRATEGY);
		packed[some((uint32_t)len)] ^= (unsigned char)(1 + some(255));
		if (unpack(len, 4096, 4096, &given, &sum) == INFLATE_BROKEN)
			broken++;
		else
			assert_true(given != 3000 || sum != crc32(0, plain, 3000) ||
				    !memcmp(out, plain, 3000));
	}
	assert_true(broken > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pieces_of_any_size),
	    cmocka_unit_test(test_what_is_cut_off_does_not_end),
	    cmocka_unit_test(test_damage_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
