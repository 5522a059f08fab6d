/* Channels, abilities, handlers: words and labels (features B11, B18, C11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka.h wants the headers above first. */
#include <cmocka.h>

#include "tax/channel.h"

static void channels_have_words_and_labels(void **state)
{
	static const struct {
		const char *text, *word;
	} CASES[] = {
	    {"leqi", "leqi"},
	    {"乐企平台", "leqi"},
	    {"乐企平台（联用）", "leqi-joint"},
	    {"乐企平台(联用)", "leqi-joint"},
	    {"电子税局/RPA", "portal"},
	    {"RPA", "portal"},
	    {"税盘", "disk"},
	    {"软证书", "cert"},
	    {"", NULL},
	    {"乐企平台 ", NULL},
	    {"金税盘", NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct channel_word *w = channel_find(CASES[i].text);

		if (CASES[i].word)
			assert_string_equal(w->word, CASES[i].word);
		else
			assert_null(w);
	}
	assert_string_equal(channel_label(""), "无");
	assert_string_equal(channel_label(NULL), "无");
	assert_string_equal(channel_label("portal"), "电子税局/RPA");
	assert_true(channel_is_leqi("leqi") && channel_is_leqi("leqi-joint"));
	assert_false(channel_is_leqi("disk") || channel_is_leqi("") || channel_is_leqi(NULL));
}

static void handlers_are_three(void **state)
{
	(void)state;
	assert_string_equal(handler_find("财务负责人")->word, "finance");
	assert_string_equal(handler_find("legal")->label, "法定代表人");
	assert_string_equal(handler_find("办税员")->word, "tax");
	assert_null(handler_find("出纳"));
	assert_null(handler_find(""));
}

static void two_abilities_stay(void **state)
{
	static const struct {
		const char *text;
		bool joint;
		const char *list; /* NULL: the bad word is 飞天 */
	} CASES[] = {
	    {"", false, "202007,203067"},
	    {"", true, "202007"},
	    {"抵扣勾选", false, "202007,203067,203065"},
	    {"成品油、入账，203064 , 基础能力", false, "202007,203067,203064,203057,202055"},
	    {"归集能力", true, "202007"},
	    {"203067,202007,202007", false, "202007,203067"},
	    {"入账、飞天", false, NULL},
	    {"飞天", true, NULL},
	};
	char out[ABILITY_LIST], again[ABILITY_LIST], labels[300];
	const char *bad;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		bool good = ability_list(CASES[i].text, CASES[i].joint, out, &bad, &n);

		assert_int_equal(good, CASES[i].list != NULL);
		if (!good) {
			assert_int_equal(n, strlen("飞天"));
			assert_memory_equal(bad, "飞天", n);
			continue;
		}
		assert_string_equal(out, CASES[i].list);
		ability_labels(out, labels, sizeof(labels));
		assert_true(ability_list(labels, CASES[i].joint, again, &bad, &n));
		assert_string_equal(again, out);
	}
	assert_string_equal(ability_locked("202007", false), "自用必选");
	assert_string_equal(ability_locked("203067", false), "自用必选");
	assert_null(ability_locked("203067", true));
	assert_null(ability_locked("203065", false));
	assert_true(ability_has("202007,203067", "203067"));
	assert_false(ability_has("202007,2030671", "203067"));
	assert_false(ability_has("", "203067") || ability_has(NULL, "203067"));
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(channels_have_words_and_labels),
	    cmocka_unit_test(handlers_are_three),
	    cmocka_unit_test(two_abilities_stay),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
