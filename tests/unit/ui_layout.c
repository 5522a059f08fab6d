/* Rectangles: cuts cover the whole exactly and never go below nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/layout.h"

static void is(struct rect r, int y, int x, int h, int w)
{
	assert_int_equal(r.y, y);
	assert_int_equal(r.x, x);
	assert_int_equal(r.h, h);
	assert_int_equal(r.w, w);
}

static void a_screen_is_cut(void **state)
{
	struct rect r = {.y = 0, .x = 0, .h = 24, .w = 80};

	(void)state;
	is(rect_top(&r, 2), 0, 0, 2, 80);
	is(rect_bottom(&r, 3), 21, 0, 3, 80);
	is(rect_left(&r, 30), 2, 0, 19, 30);
	is(r, 2, 30, 19, 50);
	is(rect_centre((struct rect) {2, 30, 19, 50}, 9, 40), 7, 35, 9, 40);
	is(rect_inset(r, 1, 2), 3, 32, 17, 46);
	assert_false(rect_empty(r));
}

static void inside(struct rect r, struct rect area)
{
	assert_true(r.h >= 0 && r.w >= 0);
	assert_true(r.y >= area.y && r.x >= area.x);
	assert_true(r.y + r.h <= area.y + area.h && r.x + r.w <= area.x + area.w);
}

static void sizes_beyond_reason_are_cut_down(void **state)
{
	static const int SIZES[] = {-5, 0, 1, 2, 3, 7, 8, 9, 100, 1 << 30};
	enum { N = sizeof(SIZES) / sizeof(SIZES[0]) };

	(void)state;
	for (int h = 0; h < 9; h++) {
		for (int w = 0; w < 9; w++) {
			for (int i = 0; i < N * N; i++) {
				const struct rect area = {.y = 3, .x = 4, .h = h, .w = w};
				int rows = SIZES[i / N], cols = SIZES[i % N];
				struct rect rest = area, top, bottom, left;

				inside(rect_centre(area, rows, cols), area);
				inside(rect_inset(area, rows, cols), area);
				top = rect_top(&rest, rows);
				bottom = rect_bottom(&rest, cols);
				left = rect_left(&rest, rows);
				inside(top, area);
				inside(bottom, area);
				inside(left, area);
				inside(rest, area);
				assert_int_equal(top.h + rest.h + bottom.h, h);
				assert_int_equal(left.w + rest.w, w);
				assert_int_equal(top.y + top.h, rest.y);
				assert_int_equal(rest.y + rest.h, bottom.y);
				assert_int_equal(left.x + left.w, rest.x);
			}
		}
	}
	assert_true(rect_empty((struct rect) {.h = 0, .w = 9}));
	assert_true(rect_empty((struct rect) {.h = 9, .w = 0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_screen_is_cut),
	    cmocka_unit_test(sizes_beyond_reason_are_cut_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
