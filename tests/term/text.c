/* text.c - what a terminal shows is what was painted: every character, at every width. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "harness.h"

static const struct {
	int rows, cols;
} SIZES[] = {{24, 80}, {36, 120}, {16, 60}, {17, 61}, {25, 77}, {31, 101}, {50, 211}};
enum { SIZE_COUNT = sizeof(SIZES) / sizeof(SIZES[0]) };

/* Steps of a script and the same steps typed must give the same screen. */
static void compare(int rows, int cols, const char *script, const char *typed, const char *until)
{
	/* One after the other: a second engine in the same home would say so. */
	char *want = play(rows, cols, script);
	struct pty *p = pty_start(rows, cols, NULL, NULL);

	assert_true(pty_wait_text(p, "首页"));
	pty_type(p, typed);
	assert_true(pty_wait_text(p, until));
	assert_true(pty_wait_screen(p, want));
	free(want);
	pty_free(&p);
}

static void home_is_what_was_painted(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SIZE_COUNT; i++)
		compare(SIZES[i].rows, SIZES[i].cols,
			"wait screen home\nsleep-until-idle\ndump OUT\nquit\n", "", "首页");
}

static void blue_invoice_is_what_was_painted(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SIZE_COUNT; i++)
		compare(SIZES[i].rows, SIZES[i].cols,
			"wait screen home\nkey F10\nwait screen blue\nsleep-until-idle\n"
			"dump OUT\nquit\n",
			"\033[21~", "蓝字发票填开");
}

/* A box over wide characters cuts some of them in half, at both edges. */
static void boxes_over_wide_text(void **state)
{
	int cols;

	(void)state;
	for (cols = 76; cols <= 83; cols++)
		compare(24, cols,
			"wait screen home\nkey F10\nwait screen blue\nkey Ctrl-P\ntype fp\n"
			"wait text fp\nsleep-until-idle\ndump OUT\nquit\n",
			"\033[21~\020fp", "查找 fp");
}

/* What was under a box comes back whole. */
static void boxes_leave_nothing_behind(void **state)
{
	struct pty *p = pty_start(24, 79, NULL, NULL);
	char *before;
	int i;

	(void)state;
	assert_true(pty_wait_text(p, "首页"));
	pty_type(p, "\033[21~");
	assert_true(pty_wait_text(p, "蓝字发票填开"));
	pty_settle(p, QUIET_MS);
	before = pty_screen(p);
	for (i = 0; i < 5; i++) {
		pty_type(p, i % 2 ? "\033OP" : "\020");
		pty_settle(p, QUIET_MS);
		pty_type(p, "\033");
		pty_settle(p, QUIET_MS);
	}
	assert_true(pty_wait_screen(p, before));
	free(before);
	pty_free(&p);
}

static void cursor_stands_at_the_caret(void **state)
{
	static const char SCRIPT[] = "wait screen home\nkey F10\nwait screen blue\n%s"
				     "sleep-until-idle\ndump-cursor OUT\nquit\n";
	static const struct {
		const char *script, *typed;
	} CASES[] = {
	    {"", ""},
	    {"key Tab\n", "\t"},
	    {"key Tab Tab Tab\n", "\t\t\t"},
	    {"type 深圳a\n", "深圳a"},
	    {"type 深圳a\nkey Left Left\n", "深圳a\033[D\033[D"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char script[512], *want, *end;
		struct pty *p;
		long row, col;

		snprintf(script, sizeof(script), SCRIPT, CASES[i].script);
		want = play(24, 80, script);
		row = strtol(want, &end, 10);
		col = strtol(end, &end, 10);
		p = pty_start(24, 80, NULL, NULL);
		assert_true(pty_wait_text(p, "首页"));
		pty_type(p, "\033[21~");
		assert_true(pty_wait_text(p, "蓝字发票填开"));
		pty_type(p, CASES[i].typed);
		assert_true(pty_wait_cursor(p, (int)row, (int)col));
		free(want);
		pty_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(home_is_what_was_painted),
	    cmocka_unit_test(blue_invoice_is_what_was_painted),
	    cmocka_unit_test(boxes_over_wide_text),
	    cmocka_unit_test(boxes_leave_nothing_behind),
	    cmocka_unit_test(cursor_stands_at_the_caret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
