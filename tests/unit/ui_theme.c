/* Themes: lines, what is left without colours, what terminals of few colours show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curses.h>

#include "base/embed.h"
#include "base/text.h"
#include "ui/theme.h"

#include "conf_help.h"

static void no_fault(void *arg, const char *file, int line, const char *sentence)
{
	(void)arg;
	fail_msg("%s:%d: %s", file, line, sentence);
}

static enum err theme_only(void *arg, const struct conf_line *line, struct err_info *e)
{
	int *faces = arg;

	assert_string_equal(line->word[0], "color");
	++*faces;
	return theme_line(line, e);
}

/* Without colours what matters still looks unlike the rest. */
static void themes_need_no_colour(void **state)
{
	static const enum face ALONE[] = {FACE_SELECTED,       FACE_FOCUS,  FACE_ERROR,
					  FACE_ENV_PRODUCTION, FACE_MARKED, FACE_HINT_KEY};
	const struct embedded *f;
	int themes = 0;

	(void)state;
	for (size_t i = 0; (f = embed_nth("data/theme-", i)); i++) {
		int faces = 0;

		theme_reset();
		conf_parse(f->name, f->data, f->size, theme_only, no_fault, &faces);
		assert_int_equal(faces, FACE_COUNT);
		for (size_t j = 0; j < sizeof(ALONE) / sizeof(ALONE[0]); j++)
			assert_true(theme_attr(ALONE[j]) != theme_attr(FACE_NORMAL));
		assert_true(theme_attr(FACE_FOCUS) != theme_attr(FACE_FIELD));
		assert_true(theme_attr(FACE_MARKED) != theme_attr(FACE_SELECTED));
		assert_true(theme_attr(FACE_ENV_PRODUCTION) != theme_attr(FACE_ENV_PRACTICE));
		assert_true(theme_attr(FACE_SELECTED) & A_REVERSE);
		assert_int_equal(theme_pair(FACE_SELECTED), 0);
		themes++;
	}
	assert_int_equal(themes, 3);
}

static void colours_are_read(void **state)
{
	static const struct {
		const char *face, *fg, *bg, *attr, *code;
	} rows[] = {
	    {"error", "red", "default", "bold", ""},
	    {"error", "bright-white", "0", NULL, ""},
	    {"error", "255", "bright-black", "underline", ""},
	    {"err", "red", "default", NULL, "conf.face"},
	    {"error", "rot", "default", NULL, "conf.color"},
	    {"error", "red", "256", NULL, "conf.color"},
	    {"error", "-1", "red", NULL, "conf.color"},
	    {"error", "bright-default", "red", NULL, "conf.color"},
	    {"error", "99999999999999999999", "red", NULL, "conf.color"},
	    {"error", "red", "red", "blink", "conf.attribute"},
	    {"error", "red", NULL, NULL, "conf.color"},
	};
	struct err_info e;

	(void)state;
	theme_reset();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conf_line line =
		    line_of("color", rows[i].face, rows[i].fg, rows[i].bg, rows[i].attr);

		err_clear(&e);
		theme_line(&line, &e);
		assert_string_equal(e.code, rows[i].code);
	}
	assert_true(theme_attr(FACE_ERROR) == A_UNDERLINE);
	theme_reset();
	assert_true(theme_attr(FACE_ERROR) == 0);
	for (int f = 0; f < FACE_COUNT; f++)
		assert_true(face_name((enum face)f)[0]);
}

/* ---- on terminals ---- */

struct screen {
	FILE *out, *in;
	SCREEN *screen;
};

static bool open_screen(struct screen *s, const char *term)
{
	s->out = fopen("/dev/null", "w");
	s->in = fopen("/dev/null", "r");
	assert_true(s->out && s->in);
	s->screen = newterm(term, s->out, s->in);
	return s->screen;
}

static void close_screen(struct screen *s)
{
	if (s->screen) {
		endwin();
		delscreen(s->screen);
	}
	fclose(s->out);
	fclose(s->in);
}

static void load(const char *name)
{
	const struct embedded *f = embed_find(name);
	int faces = 0;

	assert_non_null(f);
	theme_reset();
	conf_parse(f->name, f->data, f->size, theme_only, no_fault, &faces);
}

/* The colours of a face as the terminal has them. */
static void colours_of(enum face f, short *fg, short *bg)
{
	*fg = *bg = -1;
	if (theme_pair(f))
		assert_int_equal(pair_content((short)theme_pair(f), fg, bg), OK);
}

static void show(const char *theme, const char *term, enum face f, int want_fg, int want_bg,
		 unsigned long attr)
{
	struct screen s;
	short fg, bg;

	if (!open_screen(&s, term)) {
		print_message("no terminfo of %s\n", term);
		close_screen(&s);
		return;
	}
	load(theme);
	theme_apply();
	colours_of(f, &fg, &bg);
	if (fg != want_fg || bg != want_bg || theme_attr(f) != attr)
		fail_msg("%s on %s: %s is %d on %d, %lx", theme, term, face_name(f), fg, bg,
			 theme_attr(f));
	theme_apply(); /* again: the same */
	colours_of(f, &fg, &bg);
	assert_true(fg == want_fg && bg == want_bg);
	close_screen(&s);
}

static void terminals_show_what_they_can(void **state)
{
	static const char DARK[] = "data/theme-dark.conf", PLAIN[] = "data/theme-default.conf";

	(void)state;
	unsetenv("NO_COLOR");
	show(PLAIN, "xterm-256color", FACE_ERROR, COLOR_RED, -1, A_BOLD);
	show(PLAIN, "xterm-256color", FACE_NORMAL, -1, -1, 0);
	show(PLAIN, "linux", FACE_ERROR, COLOR_RED, -1, A_BOLD);
	show(PLAIN, "vt100", FACE_ERROR, -1, -1, A_BOLD);
	show(DARK, "xterm-256color", FACE_SELECTED, 24, 231, A_REVERSE | A_BOLD);
	show(DARK, "linux", FACE_SELECTED, -1, -1, A_REVERSE | A_BOLD);
	show(DARK, "vt100", FACE_SELECTED, -1, -1, A_REVERSE | A_BOLD);
	setenv("NO_COLOR", "", 1); /* empty means nothing */
	show(PLAIN, "xterm-256color", FACE_ERROR, COLOR_RED, -1, A_BOLD);
	setenv("NO_COLOR", "1", 1);
	show(PLAIN, "xterm-256color", FACE_ERROR, -1, -1, A_BOLD);
	show(DARK, "xterm-256color", FACE_SELECTED, -1, -1, A_REVERSE | A_BOLD);
	unsetenv("NO_COLOR");
}

static void bright_is_bold_where_there_are_eight(void **state)
{
	struct conf_line line = line_of("color", "good", "bright-green", "default", NULL);
	struct screen s;
	short fg, bg;

	(void)state;
	if (!open_screen(&s, "linux")) {
		close_screen(&s);
		skip();
		return;
	}
	theme_reset();
	assert_int_equal(theme_line(&line, NULL), ERR_OK);
	theme_apply();
	colours_of(FACE_GOOD, &fg, &bg);
	assert_int_equal(fg, COLOR_GREEN);
	assert_true(theme_attr(FACE_GOOD) == A_BOLD);
	close_screen(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(themes_need_no_colour),
	    cmocka_unit_test(colours_are_read),
	    cmocka_unit_test(terminals_show_what_they_can),
	    cmocka_unit_test(bright_is_bold_where_there_are_eight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
