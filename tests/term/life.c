/* life.c - every way in and out leaves a terminal that a shell can use. */
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <setjmp.h>

#include <cmocka.h>

#include "harness.h"

static struct pty *at_home(const char *const *env)
{
	struct pty *p = pty_start(24, 80, env, NULL);

	assert_true(pty_wait_text(p, "首页"));
	pty_settle(p, QUIET_MS);
	return p;
}

/* Own screen, plain keys, plain paste, visible cursor, cooked line. */
static void left_usable(struct pty *p)
{
	int row, col;
	bool visible;

	assert_true(pty_said(p, "\033[?1049h"));
	assert_true(pty_said(p, "\033[?1049l"));
	assert_true(pty_said(p, "\033[?2004l"));
	assert_true(pty_said(p, "\033[?1l\033>"));
	pty_cursor(p, &row, &col, &visible);
	assert_true(visible);
	assert_true(pty_is_cooked(p));
}

static void quitting_restores(void **state)
{
	struct pty *p = at_home(NULL);
	int status;

	(void)state;
	pty_type(p, "\021"); /* Ctrl-Q */
	status = pty_wait_end(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	left_usable(p);
	pty_free(&p);
}

static void signals_restore(void **state)
{
	static const int ORDERLY[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ORDERLY) / sizeof(ORDERLY[0]); i++) {
		struct pty *p = at_home(NULL);
		int status;

		pty_signal(p, ORDERLY[i]);
		status = pty_wait_end(p);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		left_usable(p);
		pty_free(&p);
	}
}

static void crashes_restore(void **state)
{
	static const int FATAL[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(FATAL) / sizeof(FATAL[0]); i++) {
		struct pty *p = at_home(NULL);
		int status;

		pty_signal(p, FATAL[i]);
		status = pty_wait_end(p);
		/* A sanitizer turns the signal into an exit of its own. */
		assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == FATAL[i]
						: WEXITSTATUS(status) != 0);
		left_usable(p);
		pty_free(&p);
	}
}

static void stopping_and_coming_back(void **state)
{
	struct pty *p = at_home(NULL);
	char *before = pty_screen(p);

	(void)state;
	pty_signal(p, SIGTSTP);
	assert_true(pty_wait_stopped(p));
	pty_settle(p, QUIET_MS);
	left_usable(p);
	pty_signal(p, SIGCONT);
	assert_true(pty_wait_screen(p, before));
	assert_false(pty_is_cooked(p));
	pty_type(p, "\020");
	assert_true(pty_wait_text(p, "查找"));
	free(before);
	pty_free(&p);
}

static void no_terminal_is_refused(void **state)
{
	const char *const dumb[] = {"TERM=dumb", NULL}, *const plain[] = {"LC_ALL=C", NULL};
	const struct {
		const char *const *env;
		const char *words;
	} CASES[] = {{dumb, "export TERM=xterm-256color"}, {plain, "export LC_ALL=C.UTF-8"}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct pty *p = pty_start(24, 80, CASES[i].env, NULL);
		int status = pty_wait_end(p);

		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 3);
		assert_true(pty_said(p, CASES[i].words));
		assert_true(pty_is_cooked(p));
		assert_false(pty_said(p, "\033[?1049h"));
		pty_free(&p);
	}
}

/* Without a word about the language the terminal is taken to be what most are, and that is said. */
static void no_language_is_said(void **state)
{
	const char *const env[] = {"LC_ALL", NULL};
	struct pty *p = pty_start(24, 80, env, NULL);

	(void)state;
	assert_true(pty_wait_text(p, "没有设置 LANG，已按 UTF-8 显示"));
	pty_free(&p);
}

static void a_stranger_is_asked(void **state)
{
	const char *const args[] = {"--user", "nobody-of-that-name", NULL};
	struct pty *p = pty_start(24, 80, NULL, args);
	int status = pty_wait_end(p);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_true(pty_is_cooked(p));
	pty_free(&p);
}

/* A line that drops takes nothing that was typed with it, not even in the field it was typed in. */
static void a_dropped_line_keeps_the_draft(void **state)
{
	struct pty *p = at_home(NULL);
	int status;

	(void)state;
	pty_type(p, "\033[21~");
	assert_true(pty_wait_text(p, "蓝字发票填开"));
	pty_type(p, "江城茶社");
	assert_true(pty_wait_text(p, "江城茶社"));
	pty_signal(p, SIGHUP);
	status = pty_wait_end(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	pty_free(&p);
	p = at_home(NULL);
	pty_type(p, "\033[18~"); /* F7 */
	assert_true(pty_wait_text(p, "江城茶社"));
	pty_free(&p);
}

/* One engine per home: the second workstation says so, and takes over when the first one ends. */
static void the_engine_is_taken_over(void **state)
{
	struct pty *first = at_home(NULL), *second;

	(void)state;
	assert_true(pty_wait_text(first, "未联系"));
	second = pty_start(24, 80, NULL, NULL);
	assert_true(pty_wait_text(second, "由其他进程同步"));
	pty_type(first, "\021");
	assert_int_equal(pty_wait_end(first), 0);
	pty_free(&first);
	assert_true(pty_wait_text(second, "未联系"));
	pty_free(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quitting_restores),
	    cmocka_unit_test(signals_restore),
	    cmocka_unit_test(crashes_restore),
	    cmocka_unit_test(stopping_and_coming_back),
	    cmocka_unit_test(no_terminal_is_refused),
	    cmocka_unit_test(no_language_is_said),
	    cmocka_unit_test(a_stranger_is_asked),
	    cmocka_unit_test(a_dropped_line_keeps_the_draft),
	    cmocka_unit_test(the_engine_is_taken_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
