/* input.c - what a terminal sends: split characters, ESC, paste, keypads, ignored keys. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "harness.h"

/* The buyer's name on a blue invoice, where text is typed. */
static struct pty *at_buyer(const char *const *env)
{
	struct pty *p = pty_start(24, 80, env, NULL);

	assert_true(pty_wait_text(p, "首页"));
	pty_type(p, "\033[21~");
	assert_true(pty_wait_text(p, "蓝字发票填开"));
	pty_settle(p, QUIET_MS);
	return p;
}

static void split_characters_are_one(void **state)
{
	static const char NAME[] = "深圳晴川𠮷a";
	struct pty *p = at_buyer(NULL);
	size_t i;

	(void)state;
	for (i = 0; i < strlen(NAME); i++) {
		pty_send(p, NAME + i, 1);
		pty_settle(p, 35); /* longer than an ESC waits */
	}
	assert_true(pty_wait_text(p, NAME));
	pty_free(&p);
}

static void split_sequences_are_one(void **state)
{
	struct pty *p = at_buyer(NULL);

	(void)state;
	pty_type(p, "ac");
	assert_true(pty_wait_text(p, "ac"));
	/* Left in pieces, faster than an ESC waits. */
	pty_type(p, "\033");
	pty_type(p, "[");
	pty_type(p, "D");
	pty_settle(p, QUIET_MS);
	pty_type(p, "b");
	assert_true(pty_wait_text(p, "abc"));
	pty_free(&p);
}

static void a_lone_escape_is_a_key(void **state)
{
	struct pty *p = pty_start(24, 80, NULL, NULL);

	(void)state;
	assert_true(pty_wait_text(p, "首页"));
	pty_type(p, "\020");
	assert_true(pty_wait_text(p, "查找"));
	pty_type(p, "\033");
	assert_true(pty_wait_no_text(p, "查找"));
	pty_free(&p);
}

static void keypads_type_digits(void **state)
{
	struct pty *p = at_buyer(NULL);

	(void)state;
	/* Application mode, then plain. */
	pty_type(p, "\033Oq\033Or\033Os\033On456");
	assert_true(pty_wait_text(p, "123.456"));
	pty_free(&p);
}

static void paste_goes_into_the_field(void **state)
{
	struct pty *p = at_buyer(NULL);

	(void)state;
	assert_true(pty_said(p, "\033[?2004h"));
	/* A line end in a paste submits nothing; a field of one line takes the first, says so. */
	pty_type(p, "\033[200~江城市\r\n第三中学\033[201~");
	assert_true(pty_wait_text(p, "江城市"));
	assert_true(pty_wait_text(p, "只取了第一格"));
	pty_free(&p);
}

static void control_characters_of_a_paste_do_no_harm(void **state)
{
	struct pty *p = at_buyer(NULL);

	(void)state;
	pty_type(p, "\033[200~甲\033]0;x\a\033[2J\001\xe2\x80\xae乙\xff\033[201~");
	assert_true(pty_wait_text(p, "乙"));
	assert_false(pty_said(p, "\033]0;x"));
	assert_false(pty_said(p, "\xe2\x80\xae"));
	assert_true(pty_wait_text(p, "蓝字发票填开"));
	pty_free(&p);
}

static void function_keys_of_many_terminals(void **state)
{
	/* F10 as xterm, rxvt and the console send it; PuTTY; SecureCRT with Linux keys. */
	static const char *const F10[] = {"\033[21~"};
	static const char *const F1[] = {"\033OP", "\033[11~", "\033[[A"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(F10) / sizeof(F10[0]); i++) {
		struct pty *p = pty_start(24, 80, NULL, NULL);

		assert_true(pty_wait_text(p, "首页"));
		pty_type(p, F10[i]);
		assert_true(pty_wait_text(p, "蓝字发票填开"));
		pty_free(&p);
	}
	for (i = 0; i < sizeof(F1) / sizeof(F1[0]); i++) {
		struct pty *p = pty_start(24, 80, NULL, NULL);

		assert_true(pty_wait_text(p, "首页"));
		pty_type(p, F1[i]);
		assert_true(pty_wait_text(p, "本画面"));
		pty_free(&p);
	}
}

static void other_terminals_work_too(void **state)
{
	static const char *const TERMS[] = {"xterm", "screen-256color", "tmux-256color",   "linux",
					    "vt100", "vt220",           "no-such-terminal"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(TERMS) / sizeof(TERMS[0]); i++) {
		char term[64];
		const char *const env[] = {term, "NO_COLOR=1", NULL};
		struct pty *p;

		snprintf(term, sizeof(term), "TERM=%s", TERMS[i]);
		p = pty_start(24, 80, env, NULL);
		assert_true(pty_wait_text(p, "首页"));
		pty_type(p, "\033[21~");
		assert_true(pty_wait_text(p, "蓝字发票填开"));
		pty_free(&p);
	}
}

static void copying_goes_through_the_terminal(void **state)
{
	struct pty *p = at_buyer(NULL);

	(void)state;
	pty_type(p, "ab");
	assert_true(pty_wait_text(p, "[ab "));
	pty_type(p, "\033c"); /* Alt-c: the row of the cursor, from its first word */
	assert_true(pty_wait_text(p, "剪贴板"));
	assert_true(pty_said(p, "\033]52;c;6LSt5pa5")); /* 购方 */
	pty_free(&p);
}

static void copying_goes_through_screen(void **state)
{
	const char *const env[] = {"STY=1.pts-0.host", NULL};
	struct pty *p = at_buyer(env);

	(void)state;
	pty_type(p, "ab");
	assert_true(pty_wait_text(p, "[ab "));
	pty_type(p, "\033c");
	assert_true(pty_wait_text(p, "剪贴板"));
	assert_true(pty_said(p, "\033P\033]52;c;6LSt5pa5"));
	assert_true(pty_said(p, "\a\033\\"));
	pty_free(&p);
}

static void the_mouse_is_left_to_the_terminal(void **state)
{
	struct pty *p = pty_start(24, 80, NULL, NULL);

	(void)state;
	assert_true(pty_wait_text(p, "首页"));
	assert_false(pty_said(p, "\033[?1000h"));
	pty_free(&p);
}

static void colours_can_be_forbidden(void **state)
{
	const char *const env[] = {"NO_COLOR=1", NULL};
	struct pty *p = pty_start(24, 80, env, NULL);
	const char *out;
	size_t n, i;

	(void)state;
	assert_true(pty_wait_text(p, "首页"));
	pty_settle(p, QUIET_MS);
	out = pty_output(p, &n);
	for (i = 0; i + 3 < n; i++) {
		/* No SGR that sets a colour: 30-37, 40-47, 90-97, 38, 48. */
		assert_false(out[i] == '\033' && out[i + 1] == '[' && strchr("349", out[i + 2]) &&
			     strchr("0123456789", out[i + 3]) &&
			     memchr(out + i, 'm', n - i < 8 ? n - i : 8) &&
			     !memchr(out + i, 'H', 8) && !memchr(out + i, 'X', 8) &&
			     !memchr(out + i, 'd', 8) && !memchr(out + i, 'G', 8));
	}
	pty_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(split_characters_are_one),
	    cmocka_unit_test(split_sequences_are_one),
	    cmocka_unit_test(a_lone_escape_is_a_key),
	    cmocka_unit_test(keypads_type_digits),
	    cmocka_unit_test(paste_goes_into_the_field),
	    cmocka_unit_test(control_characters_of_a_paste_do_no_harm),
	    cmocka_unit_test(function_keys_of_many_terminals),
	    cmocka_unit_test(other_terminals_work_too),
	    cmocka_unit_test(copying_goes_through_the_terminal),
	    cmocka_unit_test(copying_goes_through_screen),
	    cmocka_unit_test(the_mouse_is_left_to_the_terminal),
	    cmocka_unit_test(colours_can_be_forbidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
