/* ui_draw.c - text into cells, without a terminal: what the screen would show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/draw.h"
#include "ui/term.h"

enum { ROWS = 10, COLS = 40 };

static const struct rect ALL = {0, 0, ROWS, COLS};

static int start(void **state)
{
	struct err_info e;

	(void)state;
	return term_start(options_get(), true, ROWS, COLS, &e);
}

static int stop(void **state)
{
	(void)state;
	term_restore();
	return 0;
}

static int blank(void **state)
{
	(void)state;
	draw_clear(ALL, FACE_NORMAL);
	return 0;
}

static void row_is(int row, const char *want)
{
	char *got = draw_dump_row(row);

	assert_string_equal(got, want);
	free(got);
}

static void text_fills_its_width(void **state)
{
	static const struct {
		const char *text;
		int width;
		enum align align;
		const char *want;
	} CASES[] = {
	    {"abc", 5, ALIGN_LEFT, "[abc  ]"},
	    {"abc", 5, ALIGN_RIGHT, "[  abc]"},
	    {"abc", 6, ALIGN_CENTRE, "[ abc  ]"},
	    {"发票", 5, ALIGN_LEFT, "[发票 ]"},
	    {"发票", 5, ALIGN_RIGHT, "[ 发票]"},
	    {"发票", 4, ALIGN_LEFT, "[发票]"},
	    /* Cut text ends with a mark; half of a wide character is a blank. */
	    {"abcdef", 5, ALIGN_LEFT, "[abcd~]"},
	    {"发票号码", 6, ALIGN_LEFT, "[发票 ~]"},
	    {"发票号码", 7, ALIGN_LEFT, "[发票号~]"},
	    {"发票", 3, ALIGN_LEFT, "[发~]"},
	    {"发票", 2, ALIGN_LEFT, "[ ~]"},
	    {"发票", 1, ALIGN_LEFT, "[~]"},
	    {"", 3, ALIGN_LEFT, "[   ]"},
	    /* Combining marks belong to their character, wherever it is cut. */
	    {"e\xcc\x81x", 3, ALIGN_LEFT, "[e\xcc\x81x ]"},
	    {"ae\xcc\x81xyz", 3, ALIGN_LEFT, "[ae\xcc\x81~]"},
	    {"\xcc\x81x", 3, ALIGN_LEFT, "[ \xcc\x81x ]"},
	    /* What could do harm is shown, not sent. */
	    {"a\033[2Jb", 16, ALIGN_LEFT, "[a<U+001B>[2Jb   ]"},
	    {"a\nb\tc", 20, ALIGN_LEFT, "[a<U+000A>b<U+0009>c ]"},
	    {"\xe2\x80\xae甲", 12, ALIGN_LEFT, "[<U+202E>甲  ]"},
	    {"x\xff", 4, ALIGN_LEFT, "[x\xef\xbf\xbd  ]"},
	    /* A mark that does not fit whole is not begun. */
	    {"a\033b", 6, ALIGN_LEFT, "[a    ~]"},
	    /* A selector of pictures takes no room. */
	    {"\xe2\x9c\x94\xef\xb8\x8f|", 4, ALIGN_LEFT, "[\xe2\x9c\x94|  ]"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		draw_clear(ALL, FACE_NORMAL);
		draw_text(ALL, 1, 0, 1, ALIGN_LEFT, FACE_NORMAL, "[");
		draw_text(ALL, 1, 1, CASES[i].width, CASES[i].align, FACE_NORMAL, CASES[i].text);
		draw_text(ALL, 1, 1 + CASES[i].width, 1, ALIGN_LEFT, FACE_NORMAL, "]");
		row_is(1, CASES[i].want);
	}
}

static void columns_count_marks(void **state)
{
	(void)state;
	assert_int_equal(draw_cols("发票a"), 5);
	assert_int_equal(draw_cols("\033"), 8);
	assert_int_equal(draw_cols("e\xcc\x81"), 1);
	assert_int_equal(draw_cols(""), 0);
}

static void nothing_leaves_the_rectangle(void **state)
{
	const struct rect r = {2, 10, 3, 7};

	(void)state;
	draw_text(ALL, 2, 0, COLS, ALIGN_LEFT, FACE_NORMAL,
		  "........................................");
	draw_text(r, 0, 0, 20, ALIGN_LEFT, FACE_NORMAL, "发票号码发票号码");
	row_is(2, "..........发票号 .......................");
	draw_text(r, 0, -3, 20, ALIGN_LEFT, FACE_NORMAL, "发票号码发票号码");
	/* The second half of the second character is inside: a blank. */
	row_is(2, ".......... 号码发.......................");
	draw_text(r, -1, 0, 5, ALIGN_LEFT, FACE_NORMAL, "x");
	draw_text(r, 3, 0, 5, ALIGN_LEFT, FACE_NORMAL, "x");
	row_is(1, "");
	row_is(5, "");
	/* Rectangles beyond the screen. */
	draw_text((struct rect) {-5, -5, 100, 100}, 8, 0, 100, ALIGN_LEFT, FACE_NORMAL,
		  "发票发票发票");
	row_is(3, " 票发票"); /* five columns are left of the screen */
	draw_text((struct rect) {ROWS, COLS, 5, 5}, 0, 0, 5, ALIGN_LEFT, FACE_NORMAL, "x");
	draw_clear((struct rect) {-3, -3, 1000, 1000}, FACE_NORMAL);
	row_is(2, "");
}

static void halves_of_wide_characters_go(void **state)
{
	(void)state;
	draw_text(ALL, 4, 0, 12, ALIGN_LEFT, FACE_NORMAL, "发票号码发票");
	draw_text(ALL, 4, 3, 5, ALIGN_LEFT, FACE_NORMAL, "abcde");
	row_is(4, "发 abcde发票");
	draw_text(ALL, 4, 0, 12, ALIGN_LEFT, FACE_NORMAL, "发票号码发票");
	draw_text(ALL, 4, 3, 2, ALIGN_LEFT, FACE_NORMAL, "号");
	row_is(4, "发 号 码发票");
}

static void boxes_and_lines(void **state)
{
	(void)state;
	draw_text(ALL, 1, 0, COLS, ALIGN_LEFT, FACE_NORMAL, "发票号码发票号码发票号码");
	draw_box((struct rect) {0, 3, 4, 15}, "标题");
	row_is(0, "   ┌─ 标题 ──────┐");
	row_is(1, "发 │             │票号码");
	row_is(3, "   └─────────────┘");
	draw_line(ALL, 6, "明细");
	row_is(6, "── 明细 ────────────────────────────────");
	draw_line((struct rect) {7, 0, 1, 5}, 0, "太窄");
	row_is(7, "─────");
	draw_box((struct rect) {8, 0, 1, 1}, "x");
	draw_box((struct rect) {8, 5, 0, 0}, "x");
}

static void the_cursor_is_the_last_one_asked_for(void **state)
{
	const struct rect r = {2, 10, 3, 7};
	int row, col;

	(void)state;
	draw_forget_cursor();
	assert_false(draw_cursor_at(&row, &col));
	draw_cursor(r, 1, 4);
	assert_true(draw_cursor_at(&row, &col));
	assert_int_equal(row, 3);
	assert_int_equal(col, 14);
	draw_cursor(r, 3, 0); /* outside: nowhere */
	assert_false(draw_cursor_at(&row, &col));
	draw_cursor((struct rect) {0, 30, 1, 10}, 0, 10); /* after the last column */
	assert_true(draw_cursor_at(&row, &col));
	assert_int_equal(col, COLS - 1);
}

static void a_run_is_as_long_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(draw_run(ALL, 1, 30, FACE_NORMAL, "发票"), 4);
	assert_int_equal(draw_run(ALL, 2, 30, FACE_NORMAL, "发票发票发票"), 10);
	row_is(2, "                              发票发票 ~");
	assert_int_equal(draw_run(ALL, 3, COLS, FACE_NORMAL, "发票"), 0);
	assert_int_equal(draw_run(ALL, 3, COLS + 5, FACE_NORMAL, "发票"), 0);
}

/* A terminal that shows some characters wider than the library believes. */
static void disputed_widths_are_avoided(void **state)
{
	(void)state;
	text_set_ambiguous(2);
	assert_int_equal(draw_cols("“甲”"), 6);
	draw_text(ALL, 1, 0, 8, ALIGN_LEFT, FACE_NORMAL, "“甲”|");
	row_is(1, "\" 甲\" |");
	text_set_ambiguous(1);
	draw_text(ALL, 1, 0, 8, ALIGN_LEFT, FACE_NORMAL, "“甲”|");
	row_is(1, "“甲”|");
}

/* Any bytes at any place: nothing but cells of the rectangle changes. */
static void random_text_stays_inside(void **state)
{
	static const char *const PARTS[] = {"a",    "发", "\033", "\xcc\x81",
					    "\xff", "𠮷", " ",    "\xe2\x80\x8b"};
	const struct rect r = {3, 11, 2, 13};
	unsigned seed = 7;
	int i, k;

	(void)state;
	for (i = 0; i < 3000; i++) {
		char text[128] = "", *got;
		size_t used;

		for (k = 0; k < 12; k++) {
			seed = seed * 1664525U + 1013904223U;
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s",
				 PARTS[(seed >> 12) % 8]);
		}
		draw_clear(ALL, FACE_NORMAL);
		draw_text(ALL, 3, 0, COLS, ALIGN_LEFT, FACE_NORMAL,
			  "1234567890123456789012345678901234567890");
		draw_text(r, 0, (int)(seed >> 20) % 20 - 5, (int)(seed >> 16) % 20, ALIGN_LEFT,
			  FACE_NORMAL, text);
		got = draw_dump_row(3);
		assert_int_equal(text_cols(got), COLS);
		assert_memory_equal(got, "12345678901", 11);
		assert_string_equal(got + strlen(got) - 16, "5678901234567890");
		assert_true(text_fit(got, 24, &used) > 0 && used == 24);
		free(got);
	}
}

static void wrapped_text_says_when_it_is_cut(void **state)
{
	(void)state;
	assert_int_equal(draw_wrapped(ALL, 0, 2, 10, 9, FACE_VALUE, "开票成功，号码如下\n好"), 3);
	row_is(0, "  开票成功，");
	row_is(1, "  号码如下");
	row_is(2, "  好");
	assert_int_equal(draw_wrapped(ALL, 4, 0, 10, 1, FACE_VALUE, "开票成功，号码如下"), 1);
	row_is(4, "开票成功 ~");
	assert_int_equal(draw_wrapped(ALL, 6, 0, 10, 3, FACE_VALUE, ""), 0);
	row_is(6, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(text_fills_its_width, blank),
	    cmocka_unit_test_setup(columns_count_marks, blank),
	    cmocka_unit_test_setup(nothing_leaves_the_rectangle, blank),
	    cmocka_unit_test_setup(halves_of_wide_characters_go, blank),
	    cmocka_unit_test_setup(boxes_and_lines, blank),
	    cmocka_unit_test_setup(the_cursor_is_the_last_one_asked_for, blank),
	    cmocka_unit_test_setup(a_run_is_as_long_as_it_is, blank),
	    cmocka_unit_test_setup(disputed_widths_are_avoided, blank),
	    cmocka_unit_test_setup(random_text_stays_inside, blank),
	    cmocka_unit_test_setup(wrapped_text_says_when_it_is_cut, blank),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
