/* Keys to actions: what is shipped is complete and free of contradictions; chains of sections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/text.h"
#include "ui/keymap.h"

/* Actions that the palette alone reaches, on purpose. */
static const enum action PALETTE_ONLY[] = {ACT_NONE};

static void no_fault(void *arg, const char *file, int line, const char *sentence)
{
	(void)arg;
	fail_msg("%s:%d: %s", file, line, sentence);
}

static int load(void **state)
{
	(void)state;
	conf_load(NULL, no_fault, NULL);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	keymap_reset();
	return 0;
}

static struct key key(const char *name)
{
	struct key k = {0, 0};

	if (!key_parse(name, &k))
		fail_msg("no key %s", name);
	return k;
}

static enum action found(const char *name, const char *a, const char *b, const char *c,
			 const char *d)
{
	const char *const sections[] = {a, b, c, d, NULL};

	return keymap_find(sections, key(name));
}

static bool is_function_key(struct key k)
{
	return k.code >= K_F1 && k.code <= K_F12;
}

/* ---- what is shipped ---- */

static void every_action_has_a_key(void **state)
{
	(void)state;
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		bool bound = false;
		struct keymap_row row;

		for (size_t i = 0; keymap_binding(i, &row); i++)
			bound |= (int)row.action == a;
		for (size_t i = 0; i < sizeof(PALETTE_ONLY) / sizeof(PALETTE_ONLY[0]); i++)
			bound |= (int)PALETTE_ONLY[i] == a;
		if (!bound)
			fail_msg("%s has no key", action_info((enum action)a)->name);
	}
}

/* Sections in which the other key must not be a plain character: there may be text to type. */
static bool may_be_typed_in(const char *section)
{
	static const char *const TYPED[] = {"global",  "form", "form-text", "grid", "picker",
					    "palette", "blue", "wizard",    "login"};

	for (size_t i = 0; i < sizeof(TYPED) / sizeof(TYPED[0]); i++) {
		if (!strcmp(TYPED[i], section))
			return true;
	}
	return false;
}

static void nothing_hangs_on_a_function_key(void **state)
{
	struct keymap_row row, other;

	(void)state;
	for (size_t i = 0; keymap_binding(i, &row); i++) {
		bool good = !is_function_key(row.key);

		for (size_t j = 0; !good && keymap_binding(j, &other); j++)
			good = other.action == row.action && !strcmp(other.section, row.section) &&
			       !is_function_key(other.key) &&
			       !(may_be_typed_in(row.section) && key_is_text(other.key));
		if (!good)
			fail_msg("%s in %s has function keys alone", action_info(row.action)->name,
				 row.section);
	}
}

struct seen {
	struct keymap_row row[1000];
	size_t count;
};

static enum err remember(void *arg, const struct conf_line *line, struct err_info *e)
{
	struct seen *seen = arg;
	struct key k = key(line->word[2]);

	(void)e;
	for (size_t i = 0; i < seen->count; i++) {
		if (seen->row[i].key.code == k.code && seen->row[i].key.mods == k.mods &&
		    !strcmp(seen->row[i].section, line->word[1]))
			fail_msg("line %d: %s is bound twice in %s", line->line, line->word[2],
				 line->word[1]);
	}
	assert_true(seen->count < sizeof(seen->row) / sizeof(seen->row[0]));
	seen->row[seen->count++] = (struct keymap_row) {mem_strdup(line->word[1]), k, ACT_NONE};
	return ERR_OK;
}

static void no_key_is_bound_twice(void **state)
{
	const struct embedded *f = embed_find("data/keys.conf");
	struct seen *seen = mem_zalloc(sizeof(*seen));
	struct keymap_row row;
	size_t n = 0;

	(void)state;
	assert_non_null(f);
	conf_parse(f->name, f->data, f->size, remember, no_fault, seen);
	while (keymap_binding(n, &row))
		n++;
	assert_int_equal(n, seen->count);
	for (size_t i = 0; i < seen->count; i++)
		free((char *)(uintptr_t)seen->row[i].section);
	free(seen);
}

/* Bytes that mean something else can never arrive as these. */
static void keys_that_cannot_be(void **state)
{
	static const char *const NEVER[] = {"Ctrl-H", "Ctrl-I", "Ctrl-M", "Ctrl-J",
					    "Ctrl-[", "Ctrl-V", "Ctrl-B"};
	struct keymap_row row;

	(void)state;
	for (size_t i = 0; keymap_binding(i, &row); i++) {
		for (size_t j = 0; j < sizeof(NEVER) / sizeof(NEVER[0]); j++) {
			struct key k = key(NEVER[j]);

			if (row.key.code == k.code && row.key.mods == k.mods)
				fail_msg("%s is bound in %s", NEVER[j], row.section);
		}
	}
}

static void labels_fit(void **state)
{
	(void)state;
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		const struct action_info *info = action_info((enum action)a);

		assert_int_equal(action_by_name(info->name), a);
		assert_true(info->group[0] && info->label[0] && info->help[0]);
		assert_true(text_cols(info->label) <= 12);
		for (const char *p = info->name; *p; p++)
			assert_true((*p >= 'a' && *p <= 'z') || *p == '-');
	}
	assert_int_equal(action_by_name("nothing"), ACT_NONE);
	assert_int_equal(action_by_name(""), ACT_NONE);
	assert_string_equal(action_info(ACT_NONE)->name, "");
	assert_string_equal(action_info(ACT_COUNT)->name, "");
}

static void palette_finds_actions(void **state)
{
	(void)state;
	assert_true(action_matches(ACT_ISSUE, "kp"));
	assert_true(action_matches(ACT_ISSUE, "开"));
	assert_true(action_matches(ACT_ISSUE, "iss"));
	assert_true(action_matches(ACT_ISSUE, "ISS"));
	assert_true(action_matches(ACT_ISSUE, ""));
	assert_true(action_matches(ACT_VIEW_TAX, "hsbhs"));
	assert_true(action_matches(ACT_RETRY, "cs")); /* 重 chong */
	assert_true(action_matches(ACT_RETRY, "zs")); /* and zhong */
	assert_true(action_matches(ACT_REPAINT, "重画整个"));
	/* G39, F9, J1: by the paths of the manuals. */
	assert_true(action_matches(ACT_GO_QUOTA, "授信额度管理"));
	assert_true(action_matches(ACT_GO_QUOTA, "基础资料→乐企相关"));
	assert_true(action_matches(ACT_GO_LOG, "乐企相关→乐企请求日志"));
	assert_true(action_matches(ACT_GO_UNITS, "直连单位管理"));
	assert_true(action_matches(ACT_GO_UNITS, "使用单位管理"));
	assert_true(action_matches(ACT_GO_SUMMARY, "发票数据上报税局"));
	assert_false(action_matches(ACT_GO_BLUE, "基础资料"));
	assert_false(action_matches(ACT_ISSUE, "zk"));
	assert_false(action_matches(ACT_ISSUE, "开票x"));
}

/* ---- chains ---- */

static void screens_have_their_keys(void **state)
{
	(void)state;
	assert_int_equal(found("F10", "grid", "form", "blue", "global"), ACT_ISSUE);
	assert_int_equal(found("Ctrl-K", "form-text", "form", "blue", "global"), ACT_ISSUE);
	assert_int_equal(found("F9", "form-choice", "form", "blue", "global"), ACT_VIEW_TAX);
	assert_int_equal(found("F8", "grid", "form", "blue", "global"), ACT_DISCOUNT);
	assert_int_equal(found("F4", "grid", "form", "blue", "global"), ACT_CHOOSE);
	assert_int_equal(found("Ctrl-D", "grid", "form", "blue", "global"), ACT_ROW_DELETE);
	assert_int_equal(found("Ctrl-Z", "grid", "form", "blue", "global"), ACT_UNDO);
	assert_int_equal(found("Esc", "grid", "form", "blue", "global"), ACT_BACK);
	assert_int_equal(found("Ctrl-C", "read", "global", NULL, NULL), ACT_BACK);
	assert_int_equal(found("Space", "list", "invoices", "global", NULL), ACT_MARK);
	assert_int_equal(found("Space", "form-choice", "form", "global", NULL), ACT_TOGGLE);
	assert_int_equal(found("F2", "list", "invoices", "global", NULL), ACT_DETAIL);
	assert_int_equal(found("F3", "list", "invoices", "global", NULL), ACT_FIND);
	assert_int_equal(found("Enter", "list", "global", NULL, NULL), ACT_ENTER);
	assert_int_equal(found("F12", "list", "global", NULL, NULL), ACT_NONE);
	assert_int_equal(found("F10", "nowhere", "global", NULL, NULL), ACT_NONE);
}

static void text_is_never_taken(void **state)
{
	(void)state;
	assert_int_equal(found("?", "list", "global", NULL, NULL), ACT_HELP);
	assert_int_equal(found("?", "home", "global", NULL, NULL), ACT_HELP);
	assert_int_equal(found(":", "form-choice", "form", "blue", "global"), ACT_PALETTE);
	for (uint32_t c = ' '; c < 0x7F; c++) {
		static const char *const CHAINS[][5] = {
		    {"form-text", "form", "invoices", "global", NULL},
		    {"form-text", "list", "home", "global", NULL},
		    {"form", "list", "global", NULL, NULL},
		    {"grid", "form", "blue", "global", NULL},
		    {"picker", "read", "global", NULL, NULL},
		    {"palette", "home", "global", NULL, NULL},
		};

		for (size_t i = 0; i < sizeof(CHAINS) / sizeof(CHAINS[0]); i++)
			assert_int_equal(keymap_find(CHAINS[i], (struct key) {c, 0}), ACT_NONE);
	}
}

static void keys_of_an_action_are_those_that_work(void **state)
{
	static const char *const LIST[] = {"list", "global", NULL},
				 *const TEXT[] = {"form-text", "form", "global", NULL},
				 *const BLUE[] = {"grid", "form", "blue", "global", NULL};
	char name[KEY_NAME];
	struct key k;

	(void)state;
	assert_true(keymap_key_of(LIST, ACT_HELP, 0, &k));
	assert_string_equal(ui_key_name(k, name), "F1");
	assert_true(keymap_key_of(LIST, ACT_HELP, 2, &k));
	assert_string_equal(ui_key_name(k, name), "?");
	assert_false(keymap_key_of(LIST, ACT_HELP, 3, &k));
	/* Where text is typed '?' is text. */
	assert_true(keymap_key_of(TEXT, ACT_HELP, 1, &k));
	assert_false(keymap_key_of(TEXT, ACT_HELP, 2, &k));
	assert_true(keymap_key_of(BLUE, ACT_ISSUE, 0, &k));
	assert_string_equal(ui_key_name(k, name), "F10");
	assert_false(keymap_key_of(LIST, ACT_ISSUE, 0, &k));
	/* Each key it names does it, in every chain. */
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		for (size_t i = 0; keymap_key_of(BLUE, (enum action)a, i, &k); i++)
			assert_int_equal(keymap_find(BLUE, k), a);
	}
}

/* ---- lines ---- */

static enum err bind(const char *a, const char *b, const char *c, const char *d, struct err_info *e)
{
	struct conf_line line = {.file = "x", .line = 1};
	const char *const words[] = {a, b, c, d};

	for (int i = 0; i < 4 && words[i]; i++)
		text_copy(line.word[line.count++], CONF_WORD, words[i]);
	err_clear(e);
	return keymap_line(&line, e);
}

static void nearer_sections_win(void **state)
{
	static const char *const SECTIONS[] = {"blue", "global", NULL};
	struct err_info e;
	char name[KEY_NAME];
	struct key k;

	(void)state;
	keymap_reset();
	assert_int_equal(bind("bind", "global", "F2", "help", &e), ERR_OK);
	assert_int_equal(bind("bind", "global", "F1", "help", &e), ERR_OK);
	assert_int_equal(bind("bind", "blue", "F2", "issue", &e), ERR_OK);
	assert_int_equal(keymap_find(SECTIONS, key("F2")), ACT_ISSUE);
	assert_int_equal(keymap_find(SECTIONS + 1, key("F2")), ACT_HELP);
	/* F2 is not a key for help here. */
	assert_true(keymap_key_of(SECTIONS, ACT_HELP, 0, &k));
	assert_string_equal(ui_key_name(k, name), "F1");
	assert_false(keymap_key_of(SECTIONS, ACT_HELP, 1, &k));
	assert_int_equal(bind("bind", "blue", "F2", "discount", &e), ERR_OK);
	assert_int_equal(keymap_find(SECTIONS, key("F2")), ACT_DISCOUNT);
	assert_int_equal(bind("unbind", "blue", "F2", NULL, &e), ERR_OK);
	assert_int_equal(keymap_find(SECTIONS, key("F2")), ACT_HELP);
	assert_int_equal(bind("unbind", "blue", "F2", NULL, &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.unbound");
	keymap_reset();
	assert_int_equal(keymap_find(SECTIONS, key("F2")), ACT_NONE);
}

static void wrong_lines_say_why(void **state)
{
	struct err_info e;

	(void)state;
	assert_int_equal(bind("bind", "nowhere", "F2", "help", &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.section");
	assert_int_equal(bind("bind", "blue", "F99", "help", &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.key");
	assert_int_equal(bind("bind", "blue", "F2", "halp", &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.action");
	assert_int_equal(bind("bind", "blue", "F2", NULL, &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.bind");
	assert_int_equal(bind("unbind", "blue", "F2", "help", &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.bind");
	assert_int_equal(bind("bind", "grid", "=", "row-copy-up", &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.typed");
	assert_int_equal(bind("bind", "form-text", "Space", "mark", &e), ERR_INVALID);
	assert_string_equal(e.code, "conf.typed");
}

static void sections_have_titles(void **state)
{
	const char *title;
	size_t i;

	(void)state;
	for (i = 0; keymap_section(i, &title); i++)
		assert_true(title[0]);
	assert_true(i > 10);
	assert_string_equal(keymap_section(0, NULL), "global");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_action_has_a_key, load, forget),
	    cmocka_unit_test_setup_teardown(nothing_hangs_on_a_function_key, load, forget),
	    cmocka_unit_test_setup_teardown(no_key_is_bound_twice, load, forget),
	    cmocka_unit_test_setup_teardown(keys_that_cannot_be, load, forget),
	    cmocka_unit_test(labels_fit),
	    cmocka_unit_test(palette_finds_actions),
	    cmocka_unit_test_setup_teardown(screens_have_their_keys, load, forget),
	    cmocka_unit_test_setup_teardown(text_is_never_taken, load, forget),
	    cmocka_unit_test_setup_teardown(keys_of_an_action_are_those_that_work, load, forget),
	    cmocka_unit_test(nearer_sections_win),
	    cmocka_unit_test_setup_teardown(wrong_lines_say_why, load, forget),
	    cmocka_unit_test(sections_have_titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
