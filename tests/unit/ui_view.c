/* ui_view.c - the stack of screens and the message line, without a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ui/loop.h"

/* What happened, in words. */
static char story[512];

static void tell(const char *fmt, ...)
{
	size_t n = strlen(story);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(story + n, sizeof(story) - n, fmt, ap);
	va_end(ap);
}

static int forget(void **state)
{
	(void)state;
	view_close_all();
	message_clear();
	*story = 0;
	return 0;
}

struct probe {
	int number, answer;
	bool stays;
	bool grows; /* its next content wants another layout */
};

static enum err probe_open(struct view *v, const void *arg, struct err_info *e)
{
	struct probe *s = v->state;

	s->number = arg ? *(const int *)arg : 0;
	if (s->number < 0)
		return err_fail(e, ERR_DENIED, "probe", "画面", "不给看");
	tell("+%d", s->number);
	return ERR_OK;
}

static void probe_close(struct view *v)
{
	tell("-%d", ((struct probe *)v->state)->number);
}

static bool probe_leave(struct view *v, bool forced)
{
	struct probe *s = v->state;

	tell(forced ? "F%d" : "L%d", s->number);
	return !s->stays;
}

static void probe_answer(struct view *v, int token, bool ok, const void *result)
{
	struct probe *s = v->state;

	s->answer = result ? *(const int *)result : -1;
	tell("A%d:%d:%d", token, ok, s->answer);
}

static void probe_layout(struct view *v)
{
	tell("l%d", ((struct probe *)v->state)->number);
}

static void probe_content(struct view *v, bool changed)
{
	struct probe *s = v->state;

	tell(changed ? "C%d" : "c%d", s->number);
	v->needs_layout = s->grows;
	s->grows = false;
}

static void probe_paint(struct view *v)
{
	tell("p%d", ((struct probe *)v->state)->number);
}

static const char *const *probe_sections(const struct view *v)
{
	static const char *const TEXT[] = {"form-text", "form", NULL};

	(void)v;
	return TEXT;
}

#define PROBE(word, is_modal)                                                                      \
	{                                                                                          \
		.name = word, .modal = is_modal, .size = sizeof(struct probe), .open = probe_open, \
		.layout = probe_layout, .content = probe_content, .paint = probe_paint,            \
		.sections = probe_sections, .answer = probe_answer, .leave = probe_leave,          \
		.close = probe_close                                                               \
	}
static const struct view_ops HOME = PROBE("home", false), SCREEN = PROBE("screen", false),
			     BOX = PROBE("box", true);

static void story_is(const char *want)
{
	assert_string_equal(story, want);
	*story = 0;
}

static void open_numbered(const struct view_ops *ops, int number)
{
	assert_true(view_push(ops, &number));
}

static void answers_reach_the_asker(void **state)
{
	int two = 2, result = 42;

	(void)state;
	open_numbered(&HOME, 1);
	assert_true(view_ask(view_top(), 7, &BOX, &two));
	view_pop(true, &result);
	/* The closed view is still there: its callback may be the one that runs. */
	story_is("+1+2A7:1:42");
	view_reap();
	story_is("-2");
	assert_ptr_equal(view_top()->ops, &HOME);
}

static void a_refused_view_says_why(void **state)
{
	int refused = -1;

	(void)state;
	open_numbered(&HOME, 1);
	assert_false(view_push(&SCREEN, &refused));
	assert_ptr_equal(view_top()->ops, &HOME);
	assert_string_equal(message_text(), "画面：不给看");
	assert_int_equal(message_kind(), MESSAGE_ERROR);
	story_is("+1");
}

static void visible_views_are_painted_from_below(void **state)
{
	const struct rect area = {2, 0, 19, 80};

	(void)state;
	open_numbered(&HOME, 1);
	open_numbered(&SCREEN, 2);
	open_numbered(&BOX, 3);
	*story = 0;
	assert_true(view_any_dirty());
	assert_ptr_equal(view_base()->ops, &SCREEN);
	view_paint_all(area);
	story_is("l2c2p2l3c3p3"); /* home is hidden */
	assert_false(view_any_dirty());
	view_redraw(view_top());
	view_paint_all(area);
	story_is("c2p2c3p3");
	view_relayout();
	view_store_changed();
	view_paint_all(area);
	story_is("l2C2p2l3C3p3");
	/* Content that grew is shown whole at once. */
	((struct probe *)view_top()->state)->grows = true;
	view_redraw(view_top());
	view_paint_all(area);
	story_is("c2p2c3l3p3");
	/* What a child did may have changed what is below. */
	view_pop(false, NULL);
	view_paint_all(area);
	story_is("C2p2");
	view_reap();
	story_is("-3");
}

static void switching_leaves_everything_above_home(void **state)
{
	int five = 5;

	(void)state;
	open_numbered(&HOME, 1);
	open_numbered(&SCREEN, 2);
	open_numbered(&BOX, 3);
	*story = 0;
	assert_true(view_switch(&SCREEN, &five));
	story_is("L3L2+5");
	assert_ptr_equal(view_top()->below->ops, &HOME);
	view_reap();
	/* Somebody who will not leave stays, and so does everything. */
	*story = 0;
	((struct probe *)view_top()->state)->stays = true;
	assert_false(view_switch(&SCREEN, NULL));
	assert_int_equal(((struct probe *)view_top()->state)->number, 5);
	assert_false(view_leave_all(false));
	assert_true(view_leave_all(true));
	story_is("L5L5F5F1");
	/* Home is not opened twice. */
	((struct probe *)view_top()->state)->stays = false;
	assert_true(view_switch(&HOME, NULL));
	assert_null(view_top()->below);
}

static void sections_end_with_the_view_and_global(void **state)
{
	const char *buffer[VIEW_SECTIONS], *const *s;

	(void)state;
	open_numbered(&SCREEN, 1);
	s = view_sections(view_top(), buffer);
	assert_string_equal(s[0], "form-text");
	assert_string_equal(s[1], "form");
	assert_string_equal(s[2], "screen");
	assert_string_equal(s[3], "global");
	assert_null(s[4]);
}

static void messages_stay_as_long_as_they_should(void **state)
{
	unsigned serial;

	(void)state;
	open_numbered(&HOME, 1);
	ui_message(MESSAGE_INFO, "草稿已保存");
	message_seen();
	message_expire(message_serial(), false); /* typing */
	assert_string_equal(message_text(), "草稿已保存");
	message_expire(message_serial(), true); /* an action */
	assert_string_equal(message_text(), "");
	/* An error waits until it has been on the screen. */
	ui_message(MESSAGE_ERROR, "税号%s", "错");
	message_expire(message_serial(), true);
	assert_string_equal(message_text(), "税号错");
	message_seen();
	serial = message_serial();
	ui_message(MESSAGE_ERROR, "另一个错");
	message_seen();
	message_expire(serial, true); /* what the action itself said stays */
	assert_string_equal(message_text(), "另一个错");
	message_expire(message_serial(), false);
	assert_string_equal(message_text(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(answers_reach_the_asker, forget),
	    cmocka_unit_test_setup(a_refused_view_says_why, forget),
	    cmocka_unit_test_setup(visible_views_are_painted_from_below, forget),
	    cmocka_unit_test_setup(switching_leaves_everything_above_home, forget),
	    cmocka_unit_test_setup(sections_end_with_the_view_and_global, forget),
	    cmocka_unit_test_setup_teardown(messages_stay_as_long_as_they_should, forget, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
