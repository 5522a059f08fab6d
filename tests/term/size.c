/* size.c - windows of any size, changing at any time. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "harness.h"

enum { STEPS = 200, SEEDS = 3 };

/* Numbers that are the same on every machine. */
static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

static void storm(unsigned seed, const char *keys)
{
	static const struct {
		int rows, cols;
	} CORNERS[] = {{1, 1}, {300, 100}, {1, 100}, {300, 1}, {2, 2}, {16, 60}, {15, 59}};
	char *want = play(24, 80,
			  "wait screen home\nkey F10\nwait screen blue\nsleep-until-idle\n"
			  "dump OUT\nquit\n");
	struct pty *p = pty_start(24, 80, NULL, NULL);
	int i;

	assert_true(pty_wait_text(p, "首页"));
	pty_type(p, "\033[21~");
	assert_true(pty_wait_text(p, "蓝字发票填开"));
	for (i = 0; i < STEPS; i++) {
		size_t corner = next_random(&seed) % 20;

		if (corner < sizeof(CORNERS) / sizeof(CORNERS[0]))
			pty_resize(p, CORNERS[corner].rows, CORNERS[corner].cols);
		else
			pty_resize(p, 1 + (int)(next_random(&seed) % 300),
				   1 + (int)(next_random(&seed) % 100));
		/* Sometimes it can paint, sometimes the next size comes at once. */
		if (next_random(&seed) % 3 == 0)
			pty_settle(p, 5);
		if (*keys && next_random(&seed) % 4 == 0)
			pty_type(p, keys);
	}
	pty_resize(p, 24, 80);
	if (!*keys)
		assert_true(pty_wait_screen(p, want));
	else
		assert_true(pty_wait_text(p, "蓝字发票填开"));
	free(want);
	pty_free(&p);
}

static void storms_end_with_the_right_screen(void **state)
{
	unsigned seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		storm(seed, "");
}

/* With a box open and closed again meanwhile. */
static void storms_over_boxes(void **state)
{
	(void)state;
	storm(77, "\020\033[B\033[C");
}

static void too_small_says_so(void **state)
{
	struct pty *p = pty_start(15, 70, NULL, NULL);

	(void)state;
	assert_true(pty_wait_text(p, "窗口太小，至少要 60 列 16 行"));
	pty_resize(p, 16, 60);
	assert_true(pty_wait_text(p, "首页"));
	pty_resize(p, 16, 59);
	assert_true(pty_wait_text(p, "窗口太小"));
	pty_resize(p, 1, 1);
	pty_settle(p, QUIET_MS);
	pty_resize(p, 24, 80);
	assert_true(pty_wait_text(p, "首页"));
	pty_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(storms_end_with_the_right_screen),
	    cmocka_unit_test(storms_over_boxes),
	    cmocka_unit_test(too_small_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
