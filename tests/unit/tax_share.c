/* How many numbers are claimed, how much quota is downloaded, without being asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tax/share.h"

#define ON_DEMAND INT64_C(999999999999999900)

static struct share_claim at(int64_t newest, int64_t stock)
{
	return (struct share_claim) {
	    .on = true, .may_start = true, .failed_s = -1, .newest = newest, .stock = stock};
}

static int64_t claim(struct share_claim c)
{
	return share_claim_count(&c);
}

static void claims_below_the_mark(void **state)
{
	struct share_claim c = at(100, 20);

	(void)state;
	assert_int_equal(claim(c), 0); /* a fifth is enough */
	c.stock = 19;
	assert_int_equal(claim(c), 100); /* as many as the newest */
	c.claim = 12000;
	assert_int_equal(claim(c), 12000); /* what is set, however large */
	c.below = 500;
	c.stock = 499;
	assert_int_equal(claim(c), 12000);
	c.stock = 500;
	assert_int_equal(claim(c), 0);
	c.stock = 0;
	c.on = false;
	assert_int_equal(claim(c), 0);
}

static void claims_the_first(void **state)
{
	struct share_claim c = at(0, 0);

	(void)state;
	assert_int_equal(claim(c), 1);
	c.claim = 50;
	assert_int_equal(claim(c), 50);
	c.may_start = false;
	assert_int_equal(claim(c), 0);
}

static void claims_what_is_needed(void **state)
{
	struct share_claim c = at(100, 10);

	(void)state;
	c.need = 10;
	assert_int_equal(claim(c), 0); /* it reaches: the rest is housekeeping's */
	c.need = 11;
	assert_int_equal(claim(c), 100);
	c.need = 300;
	assert_int_equal(claim(c), 290);
	c.need = 1000000;
	assert_int_equal(claim(c), 100000); /* G12: the most that is asked for at once */
	c = at(0, 0);
	c.need = 7;
	assert_int_equal(claim(c), 7);
}

static void rests_after_a_refusal(void **state)
{
	struct share_claim c = at(100, 0);

	(void)state;
	c.failed_s = SHARE_REST_S;
	assert_int_equal(claim(c), 0);
	c.need = 1; /* somebody waits for it */
	assert_int_equal(claim(c), 100);
	c.need = 0;
	c.failed_s = SHARE_REST_S + 1;
	assert_int_equal(claim(c), 100);
}

static void downloads_a_share(void **state)
{
	(void)state;
	assert_int_equal(share_download(100000001, ON_DEMAND, 80, 0), 80000000);
	/* features G38: never more than the part, less by less than a fen, for every share. */
	static const int64_t WHOLE[] = {1, 99, 100, 101, 100000001, 12345678901, ON_DEMAND - 1};
	for (size_t i = 0; i < sizeof(WHOLE) / sizeof(WHOLE[0]); i++) {
		for (int64_t p = 1; p <= 100; p++) {
			__int128 part = (__int128)WHOLE[i] * p;
			int64_t got = share_download(WHOLE[i], ON_DEMAND, p, 0);

			assert_true((__int128)got * 100 <= part);
			assert_true(((__int128)got + 1) * 100 > part);
		}
	}
	assert_int_equal(share_download(1, ON_DEMAND, 99, 0), 0);
	assert_int_equal(share_download(12345, ON_DEMAND, 100, 0), 12345);
	assert_int_equal(share_download(12345, ON_DEMAND, 1, 0), 123);
	assert_int_equal(share_download(10000, ON_DEMAND, 0, 0), 100);
	assert_int_equal(share_download(10000, ON_DEMAND, 101, 0), 10000);
	assert_int_equal(share_download(0, ON_DEMAND, 80, 0), 0);
	assert_int_equal(share_download(-5, ON_DEMAND, 80, 0), 0);
	assert_int_equal(share_download(ON_DEMAND - 1, ON_DEMAND, 80, 5),
			 INT64_C(799999999999999919));
}

static void downloads_from_a_cap_on_demand(void **state)
{
	(void)state;
	assert_int_equal(share_cap(0), 100000000);
	assert_int_equal(share_cap(50000000), 100000000);
	assert_int_equal(share_cap(50000001), 100000002);
	assert_true(share_cap(INT64_MAX) > 0);
	assert_int_equal(share_download(ON_DEMAND, ON_DEMAND, 80, share_cap(0)), 80000000);
	assert_int_equal(share_download(ON_DEMAND, ON_DEMAND, 80, share_cap(100000000)), 160000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(claims_below_the_mark),
	    cmocka_unit_test(claims_the_first),
	    cmocka_unit_test(claims_what_is_needed),
	    cmocka_unit_test(rests_after_a_refusal),
	    cmocka_unit_test(downloads_a_share),
	    cmocka_unit_test(downloads_from_a_cap_on_demand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
