/* Configuration: words of a line, wrong lines told by file and number, options, the user's file
 * over ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <curses.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/text.h"
#include "ui/keymap.h"
#include "ui/options.h"
#include "ui/theme.h"

#include "conf_help.h"

/* ---- lines and words ---- */

/* Every line as "N:word|word", refused ones as "N!". */
static enum err note(void *arg, const struct conf_line *line, struct err_info *e)
{
	struct buf *out = arg;

	buf_addf(out, "%d:", line->line);
	for (int i = 0; i < line->count; i++)
		buf_addf(out, "%s%s", i ? "|" : "", line->word[i]);
	buf_addc(out, '\n');
	if (!strcmp(line->word[0], "refuse"))
		return err_fail(e, ERR_INVALID, "x", "这", "不行");
	return ERR_OK;
}

static void note_bad(void *arg, const char *file, int line, const char *sentence)
{
	buf_addf(arg, "%d!%s %s\n", line, file, sentence);
}

static void expect(const char *text, size_t n, const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	conf_parse("f", text, n, note, note_bad, &out);
	assert_string_equal(buf_str(&out), want);
	buf_reset(&out);
	conf_parse("f", text, n, note, NULL, &out); /* nobody to tell */
	buf_free(&out);
}

#define EXPECT(text, want) expect(text, sizeof(text) - 1, want)

static void lines_are_split(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("\n \t\n# nothing\n", "");
	EXPECT("a b\tc", "1:a|b|c\n");
	EXPECT("\xEF\xBB\xBF"
	       "a\r\n  b  # c d\r\n",
	       "1:a\n2:b\n");
	EXPECT("a \"b c\" \"\" \"#\" \"\\\"\\\\\" d#e\n", "1:a|b c||#|\"\\|d#e\n");
	EXPECT("中文 税\n", "1:中文|税\n");
	EXPECT("1 2 3 4 5 6 7 8 9 10 11 12 # 13\n", "1:1|2|3|4|5|6|7|8|9|10|11|12\n");
}

static void wrong_lines_are_told_and_skipped(void **state)
{
	char text[400], want[400];

	(void)state;
	EXPECT("a\nrefuse b\nc\n", "1:a\n2:refuse|b\n2!f 这：不行\n3:c\n");
	EXPECT("\"a\nb", "1!f 配置：引号没有结束\n2:b\n");
	EXPECT("\"a\"b\n\n\nc", "1!f 配置：引号之后要有空格\n4:c\n");
	EXPECT("1 2 3 4 5 6 7 8 9 10 11 12 13\n", "1!f 配置：词太多\n");
	EXPECT("a\xFF\nb", "1!f 配置：不是 UTF-8 文字\n2:b\n");
	EXPECT("a\0b\nc", "1!f 配置：不是 UTF-8 文字\n2:c\n");
	EXPECT("a\033[A\nb", "1!f 配置：含有控制字符或不可见字符\n2:b\n");
	EXPECT("a\xE2\x80\xAE\nb", "1!f 配置：含有控制字符或不可见字符\n2:b\n");
	EXPECT("\"\\", "1!f 配置：引号没有结束\n");
	memset(text, 'x', sizeof(text));
	expect(text, CONF_WORD, "1!f 配置：有一个词太长\n");
	snprintf(want, sizeof(want), "1:%.*s\n", CONF_WORD - 1, text);
	expect(text, CONF_WORD - 1, want);
}

static void random_text_is_survived(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char *text = mem_alloc(64); /* its end is watched by the sanitizer */
		struct buf out;

		for (int i = 0; i < 64; i++) {
			seed = seed * 1664525U + 1013904223U;
			text[i] = (seed >> 9) % 4 ? "\" \\#a\n\r\t"[(seed >> 16) % 8]
						  : (char)(seed >> 24);
		}
		buf_init(&out, 1 << 20);
		conf_parse("f", text, 64, note, note_bad, &out);
		assert_false(out.failed);
		buf_free(&out);
		free(text);
	}
}

/* ---- the files ---- */

static void no_fault(void *arg, const char *file, int line, const char *sentence)
{
	(void)arg;
	fail_msg("%s:%d: %s", file, line, sentence);
}

static enum err count_sets(void *arg, const struct conf_line *line, struct err_info *e)
{
	struct option_doc doc;
	int *n = arg;

	(void)e;
	for (int i = 0; options_doc(i, &doc); i++) {
		if (!strcmp(doc.name, line->word[1])) {
			assert_string_equal(doc.fallback, line->word[2]);
			++*n;
		}
	}
	return ERR_OK;
}

static void shipped_files_are_right(void **state)
{
	static const char *const THEMES[] = {"data/theme-default.conf", "data/theme-dark.conf",
					     "data/theme-light.conf"};
	const struct embedded *f = embed_find("data/options.conf");
	struct option_doc doc;
	int n = 0, rows = 0;

	(void)state;
	conf_load(NULL, no_fault, NULL);
	assert_string_equal(options_get()->theme, "default");
	assert_int_equal(options_get()->borders, BORDERS_ACS);
	assert_int_equal(options_get()->ambiguous_width, 1);
	assert_false(options_get()->mouse);
	assert_int_equal(options_get()->escape_delay_ms, 25);
	assert_int_equal(options_get()->page_rows, 0);
	/* Each option stands in the file once, with the value it has without the file. */
	assert_non_null(f);
	conf_parse(f->name, f->data, f->size, count_sets, no_fault, &n);
	while (options_doc(rows, &doc)) {
		assert_true(doc.values[0] && doc.help[0]);
		rows++;
	}
	assert_int_equal(n, rows);
	assert_false(options_doc(-1, &doc));
	for (size_t i = 0; i < sizeof(THEMES) / sizeof(THEMES[0]); i++)
		assert_non_null(embed_find(THEMES[i]));
}

static void options_are_read(void **state)
{
	static const struct {
		const char *name, *value, *code;
	} rows[] = {
	    {"theme", "dark", ""},
	    {"theme", "pink", "conf.value"},
	    {"borders", "ascii", ""},
	    {"borders", "acs ", "conf.value"},
	    {"ambiguous_width", "2", ""},
	    {"ambiguous_width", "3", "conf.value"},
	    {"ambiguous_width", "", "conf.value"},
	    {"ambiguous_width", "1x", "conf.value"},
	    {"mouse", "on", ""},
	    {"mouse", "yes", "conf.value"},
	    {"escape_delay", "500", ""},
	    {"escape_delay", "0", "conf.value"},
	    {"page_rows", "10", ""},
	    {"page_rows", "99999999999", "conf.value"},
	    {"page_rows", "-1", "conf.value"},
	    {"colour", "on", "conf.option"},
	    {"page_rows", NULL, "conf.set"},
	};
	struct err_info e;

	(void)state;
	options_reset();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conf_line line = line_of("set", rows[i].name, rows[i].value, NULL, NULL);

		err_clear(&e);
		options_line(&line, &e);
		assert_string_equal(e.code, rows[i].code);
	}
	assert_string_equal(options_get()->theme, "dark");
	assert_int_equal(options_get()->borders, BORDERS_ASCII);
	assert_int_equal(options_get()->ambiguous_width, 2);
	assert_true(options_get()->mouse);
	assert_int_equal(options_get()->escape_delay_ms, 500);
	assert_int_equal(options_get()->page_rows, 10);
	options_reset();
	assert_false(options_get()->mouse);
}

/* ---- the user's file ---- */

static char home[64], file[96];

static int make_home(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "conf-test-XXXXXX");
	if (!mkdtemp(home))
		return -1;
	return file_join(file, sizeof(file), home, "kaipiao.conf") ? 0 : -1;
}

static int drop_home(void **state)
{
	(void)state;
	unlink(file);
	keymap_reset();
	return rmdir(home);
}

static void load_user(const char *text, struct buf *faults)
{
	buf_init(faults, 1 << 20);
	assert_int_equal(file_write(file, text, strlen(text), 0600, NULL), ERR_OK);
	conf_load(home, note_bad, faults);
}

static enum action action_of(const char *section, const char *name)
{
	const char *const sections[] = {section, NULL};
	struct key k;

	assert_true(key_parse(name, &k));
	return keymap_find(sections, k);
}

static void the_user_has_the_last_word(void **state)
{
	struct buf faults;
	unsigned long shipped;

	(void)state;
	conf_load(home, no_fault, NULL); /* there is no file yet */
	shipped = theme_attr(FACE_ERROR);
	load_user("color error blue default reverse\nset theme dark\nbind blue F5 issue\n"
		  "unbind blue F10\nbind global F1 palette\nset page_rows 12\n",
		  &faults);
	assert_string_equal(buf_str(&faults), "");
	assert_string_equal(options_get()->theme, "dark");
	assert_int_equal(options_get()->page_rows, 12);
	assert_int_equal(action_of("blue", "F5"), ACT_ISSUE);
	assert_int_equal(action_of("blue", "F10"), ACT_NONE);
	assert_int_equal(action_of("blue", "Ctrl-K"), ACT_ISSUE);
	assert_int_equal(action_of("global", "F1"), ACT_PALETTE);
	/* The colour amends the theme though it stands before the line that names it. */
	assert_true(theme_attr(FACE_ERROR) == A_REVERSE && shipped != A_REVERSE);
	assert_true(theme_attr(FACE_SELECTED) == (A_REVERSE | A_BOLD));
	buf_free(&faults);
	unlink(file);
	conf_load(home, no_fault, NULL);
	assert_string_equal(options_get()->theme, "default");
	assert_int_equal(action_of("blue", "F10"), ACT_ISSUE);
	assert_true(theme_attr(FACE_ERROR) == shipped);
}

static void faults_are_told_once_with_their_line(void **state)
{
	struct buf faults;
	const char *at;
	int lines[5], n = 0;

	(void)state;
	load_user("bind blue F10 fly\nset mouse maybe\n\nunbund x y\nset theme dark\ncolor x y z\n"
		  "bind moon F1 help\n",
		  &faults);
	for (at = buf_str(&faults); *at && n < 5; at = strchr(at, '\n') + 1) {
		lines[n++] = (int)strtol(at, NULL, 10);
		assert_non_null(strstr(at, file));
	}
	assert_int_equal(*at, 0);
	assert_int_equal(n, 5);
	assert_int_equal(lines[0], 1);
	assert_int_equal(lines[1], 2);
	assert_int_equal(lines[2], 4);
	assert_int_equal(lines[3], 6);
	assert_int_equal(lines[4], 7);
	assert_non_null(strstr(buf_str(&faults), "没有命令“fly”"));
	assert_string_equal(options_get()->theme, "dark"); /* the rest of the file counts */
	assert_int_equal(action_of("blue", "F10"), ACT_ISSUE);
	buf_free(&faults);
}

static void a_file_too_long_is_told(void **state)
{
	char *text = mem_zalloc((2 << 20) + 1);
	struct buf faults;

	(void)state;
	memset(text, '#', 2 << 20);
	load_user(text, &faults);
	assert_true(!strncmp(buf_str(&faults), "0!", 2));
	assert_int_equal(action_of("blue", "F10"), ACT_ISSUE);
	buf_free(&faults);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_split),
	    cmocka_unit_test(wrong_lines_are_told_and_skipped),
	    cmocka_unit_test(random_text_is_survived),
	    cmocka_unit_test(shipped_files_are_right),
	    cmocka_unit_test(options_are_read),
	    cmocka_unit_test_setup_teardown(the_user_has_the_last_word, make_home, drop_home),
	    cmocka_unit_test_setup_teardown(faults_are_told_once_with_their_line, make_home,
					    drop_home),
	    cmocka_unit_test_setup_teardown(a_file_too_long_is_told, make_home, drop_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
