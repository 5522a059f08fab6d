/* The line editor: random edits against arrays of code points, graphemes, scrolling by columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/line.h"

enum { MAX = 40 };

static uint32_t seed = 2025;

static uint32_t rnd(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

/* ---- the model: code points and a caret as an index ---- */

struct model {
	uint32_t cp[MAX * 4];
	int n, caret;
};

static bool is_mark(uint32_t cp)
{
	return cp == 0x301 || cp == 0x308;
}

/* A place may hold the caret when no mark follows it, or it is the start. */
static bool may_stand(const struct model *m, int at)
{
	return at <= 0 || at >= m->n || !is_mark(m->cp[at]);
}

static int model_left(const struct model *m)
{
	int at = m->caret;

	if (at > 0) {
		for (at--; !may_stand(m, at);)
			at--;
	}
	return at;
}

static int model_right(const struct model *m)
{
	int at = m->caret;

	if (at < m->n) {
		for (at++; !may_stand(m, at);)
			at++;
	}
	return at;
}

static void model_insert(struct model *m, uint32_t cp)
{
	if (m->n >= MAX)
		return;
	memmove(m->cp + m->caret + 1, m->cp + m->caret,
		(size_t)(m->n - m->caret) * sizeof(m->cp[0]));
	m->cp[m->caret++] = cp;
	m->n++;
	while (!may_stand(m, m->caret))
		m->caret++;
}

static void model_paste(struct model *m, const uint32_t *cp, int n)
{
	int i;

	/* Pasted as one: the caret settles at the end, not after each character. */
	for (i = 0; i < n && m->n < MAX; i++) {
		memmove(m->cp + m->caret + 1, m->cp + m->caret,
			(size_t)(m->n - m->caret) * sizeof(m->cp[0]));
		m->cp[m->caret++] = cp[i];
		m->n++;
	}
	while (i > 0 && !may_stand(m, m->caret))
		m->caret++;
}

static void model_cut(struct model *m, int from, int to)
{
	memmove(m->cp + from, m->cp + to, (size_t)(m->n - to) * sizeof(m->cp[0]));
	m->n -= to - from;
	m->caret = from;
}

static int kind_of(uint32_t cp)
{
	if (cp == ' ')
		return 0;
	if (is_mark(cp) || (cp < 0x80 && cp != ',' && cp != '-'))
		return 1;
	return (cp >= 0x4E00 && cp < 0xA000) || cp == 0x20000 ? 2 : 3;
}

static int model_word(const struct model *m)
{
	struct model walk = *m;
	int run = 0, kind;

	while (walk.caret > 0) {
		int before = model_left(&walk);

		kind = kind_of(walk.cp[before]);
		if (run && kind != run)
			break;
		run = kind;
		walk.caret = before;
	}
	return walk.caret;
}

static size_t model_text(const struct model *m, char *out, int upto)
{
	size_t at = 0;
	int i;

	for (i = 0; i < upto; i++)
		at += text_put(m->cp[i], out + at);
	out[at] = 0;
	return at;
}

/* ---- comparing ---- */

static const uint32_t LETTERS[] = {'a',    'Z',    '7',     ' ',   ',',   '-',
				   0x4E2D, 0x6587, 0x20000, 0x301, 0x308, 0xFF0C};
enum { LETTER_COUNT = sizeof(LETTERS) / sizeof(LETTERS[0]) };

static void check_fit(struct line *l, size_t cols)
{
	size_t caret = line_fit(l, cols), before, room;
	char *part;

	assert_true(l->scroll <= l->caret);
	part = strndup(l->text + l->scroll, l->caret - l->scroll);
	before = text_cols(part);
	free(part);
	assert_int_equal(caret, before);
	/* The caret's own character is whole inside, or there is room for the caret at the end. */
	if (l->caret < l->len) {
		uint32_t cp;

		text_next(l->text + l->caret, l->len - l->caret, &cp);
		room = (size_t)text_cp_cols(cp);
	} else {
		room = 1;
	}
	if (cols >= 2)
		assert_true(caret + room <= cols);
	/* Never begins inside a character or with a mark. */
	assert_true(l->scroll == 0 || ((unsigned char)l->text[l->scroll] & 0xC0) != 0x80);
	if (l->scroll > 0 && l->scroll < l->len) {
		uint32_t cp;

		text_next(l->text + l->scroll, l->len - l->scroll, &cp);
		assert_true(text_cp_cols(cp) > 0);
	}
}

static void one_edit(struct line *l, struct model *m)
{
	uint32_t some[6];
	char bytes[32];
	int i, n = 0, to;
	size_t at = 0;

	switch (rnd(11)) {
	case 0:
	case 1:
	case 2:
		some[0] = LETTERS[rnd(LETTER_COUNT)];
		assert_int_equal(line_insert(l, some[0]), m->n < MAX);
		model_insert(m, some[0]);
		break;
	case 3:
		n = (int)rnd(6);
		for (i = 0; i < n; i++) {
			some[i] = LETTERS[rnd(LETTER_COUNT)];
			at += text_put(some[i], bytes + at);
		}
		assert_int_equal(line_paste(l, bytes, at), n > 0 && m->n < MAX);
		model_paste(m, some, n);
		break;
	case 4:
		to = model_left(m);
		assert_int_equal(line_left(l), to != m->caret);
		m->caret = to;
		break;
	case 5:
		to = model_right(m);
		assert_int_equal(line_right(l), to != m->caret);
		m->caret = to;
		break;
	case 6:
		to = model_left(m);
		assert_int_equal(line_delete_back(l), to != m->caret);
		model_cut(m, to, m->caret);
		break;
	case 7:
		to = model_right(m);
		assert_int_equal(line_delete_here(l), to != m->caret);
		model_cut(m, m->caret, to);
		break;
	case 8:
		to = model_word(m);
		assert_int_equal(line_delete_word(l), to != m->caret);
		model_cut(m, to, m->caret);
		break;
	case 9:
		line_home(l);
		m->caret = 0;
		break;
	default:
		line_end(l);
		m->caret = m->n;
		break;
	}
}

static void random_edits_agree_with_the_model(void **state)
{
	char expect[MAX * 8];
	struct model m = {.n = 0};
	struct line l;
	int i;

	(void)state;
	line_init(&l, MAX);
	for (i = 0; i < 300000; i++) {
		if (rnd(400) == 0) {
			line_clear(&l);
			m.n = m.caret = 0;
		}
		one_edit(&l, &m);
		assert_int_equal(model_text(&m, expect, m.n), l.len);
		assert_string_equal(l.text, expect);
		assert_int_equal(model_text(&m, expect, m.caret), l.caret);
		assert_true(text_valid(l.text, l.len));
		if (rnd(3) == 0)
			check_fit(&l, 1 + rnd(30));
	}
	line_free(&l);
}

/* ---- single rules ---- */

static void text_is_cleaned_and_cut(void **state)
{
	struct line l;

	(void)state;
	line_init(&l, 5);
	line_set(&l, "a\x1b[2J\xe2\x80\xae"
		     "bcdef");
	assert_string_equal(l.text, "a[2Jb");
	assert_int_equal(l.caret, 5);
	assert_false(line_insert(&l, 'x'));
	line_clear(&l);
	assert_false(line_insert(&l, 0x1B));
	assert_false(line_insert(&l, 0x200B));
	assert_false(line_insert(&l, 0xD800));
	assert_true(line_paste(&l, "x\ty\nz\x80w", 8));
	assert_string_equal(l.text, "x y z");
	assert_false(line_paste(&l, "more", 4));
	line_set(&l, NULL);
	assert_string_equal(l.text, "");
	line_free(&l);
}

static void a_mark_that_came_first_joins_what_is_typed_before_it(void **state)
{
	struct line l;

	(void)state;
	line_init(&l, 10);
	line_insert(&l, 0x301);
	line_home(&l);
	line_insert(&l, 'e');
	assert_int_equal(l.caret, 3);
	assert_true(line_delete_back(&l));
	assert_string_equal(l.text, "");
	line_free(&l);
}

static void words_end_where_the_script_changes(void **state)
{
	static const struct {
		const char *text, *left;
	} CASES[] = {
	    {"技术服务 abc", "技术服务 "},
	    {"技术服务abc", "技术服务"},
	    {"abc技术服务", "abc"},
	    {"技术服务  ", ""},
	    {"1.5*2", "1.5*"},
	    {"", ""},
	    {"甲，乙", "甲，"},
	};
	struct line l;
	size_t i;

	(void)state;
	line_init(&l, 50);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		line_set(&l, CASES[i].text);
		line_delete_word(&l);
		assert_string_equal(l.text, CASES[i].left);
	}
	line_free(&l);
}

static void scrolling_shows_as_much_as_fits(void **state)
{
	struct line l;

	(void)state;
	line_init(&l, 50);
	line_set(&l, "腾讯科技深圳");
	assert_int_equal(line_fit(&l, 8), 6); /* three characters and the caret's place */
	assert_int_equal(l.scroll, 9);
	line_home(&l);
	assert_int_equal(line_fit(&l, 8), 0);
	assert_int_equal(l.scroll, 0);
	line_end(&l);
	line_fit(&l, 8);
	/* Deleting at the end brings hidden text back. */
	line_delete_back(&l);
	line_delete_back(&l);
	line_delete_back(&l);
	assert_int_equal(line_fit(&l, 8), 6);
	assert_int_equal(l.scroll, 0);
	line_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_edits_agree_with_the_model),
	    cmocka_unit_test(text_is_cleaned_and_cut),
	    cmocka_unit_test(a_mark_that_came_first_joins_what_is_typed_before_it),
	    cmocka_unit_test(words_end_where_the_script_changes),
	    cmocka_unit_test(scrolling_shows_as_much_as_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
