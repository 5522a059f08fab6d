/* quiet.c - what is sent: nothing when nothing changed, little when little did. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "harness.h"

enum { IDLE_MS = 5500, TYPED_MAX = 32 };

static struct pty *at_home(void)
{
	struct pty *p = pty_start(36, 120, NULL, NULL);

	assert_true(pty_wait_text(p, "首页"));
	pty_settle(p, 500);
	pty_bytes(p);
	return p;
}

static void idle_sends_nothing(void **state)
{
	struct pty *p = at_home();

	(void)state;
	pty_settle(p, IDLE_MS);
	assert_int_equal(pty_bytes(p), 0);
	pty_free(&p);
}

static void ignored_keys_send_nothing(void **state)
{
	/* Unknown sequences, keys without a meaning here, control characters nobody binds. */
	static const char *const KEYS[] = {"\033[24~", "\033[99~", "\033[1;8Z", "\034",
					   "\036",     "\033[I",   "\033[O",    "\033[<0;1;1M"};
	struct pty *p = at_home();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		pty_type(p, KEYS[i]);
		pty_settle(p, QUIET_MS);
		assert_int_equal(pty_bytes(p), 0);
	}
	pty_free(&p);
}

static void a_typed_character_is_cheap(void **state)
{
	struct pty *p = at_home();
	int i;

	(void)state;
	pty_type(p, "\033[21~");
	assert_true(pty_wait_text(p, "蓝字发票填开"));
	/* The tax number, where nothing is looked up; its first character takes a message away. */
	pty_type(p, "\t");
	pty_settle(p, QUIET_MS);
	pty_type(p, "9");
	pty_settle(p, 500);
	for (i = 0; i < 10; i++) {
		pty_bytes(p);
		pty_type(p, "9");
		pty_settle(p, QUIET_MS);
		assert_in_range(pty_bytes(p), 1, TYPED_MAX);
	}
	pty_free(&p);
}

static void repaint_repaints(void **state)
{
	struct pty *p = at_home();
	char *before = pty_screen(p), *after;

	(void)state;
	pty_type(p, "\014");
	pty_settle(p, QUIET_MS);
	assert_true(pty_bytes(p) > 500);
	after = pty_screen(p);
	assert_string_equal(after, before);
	free(before);
	free(after);
	pty_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(idle_sends_nothing),
	    cmocka_unit_test(ignored_keys_send_nothing),
	    cmocka_unit_test(a_typed_character_is_cheap),
	    cmocka_unit_test(repaint_repaints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
