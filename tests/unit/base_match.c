/* What a typed text means: examples, and every way through a text against trying them in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/match.h"
#include "base/pinyin.h"
#include "base/text.h"

static const char *const codes[] = {
    "914403006189347X21", NULL, "0755-2699 1234", "", "SZHJ", "M6*20"};
enum { CODES = sizeof(codes) / sizeof(*codes) };

static enum match_rank rank_of(const char *typed, const char *name, size_t n)
{
	struct match *m = match_new(typed);
	enum match_rank r = match_text(m, name, codes, n);

	match_free(&m);
	assert_null(m);
	return r;
}

static void texts_mean_names(void **state)
{
	static const char hua[] = "深圳市华建（集团）科技有限公司";
	static const struct {
		const char *typed, *name;
		enum match_rank rank;
	} rows[] = {
	    /* parts */
	    {"华建", hua, MATCH_PART},
	    {"深圳", hua, MATCH_BEGINS},
	    {"深圳市华建（集团）科技有限公司", hua, MATCH_SAME},
	    {"深圳市华建(集团)科技有限公司", hua, MATCH_SAME},
	    {"深圳市华建集团科技有限公司", hua, MATCH_SAME},
	    {"华建科技", hua, MATCH_NONE},
	    {"建集", hua, MATCH_PART},
	    {"(集", hua, MATCH_PART},
	    {"圳（", hua, MATCH_NONE},
	    {"建华", hua, MATCH_NONE},
	    {"abc", "上海ＡＢＣ公司", MATCH_PART},
	    {"ＡBc", "上海abc公司", MATCH_PART},
	    {"上海a b c", "上海ABC", MATCH_SAME},
	    {"müller", "MÜLLER GmbH", MATCH_BEGINS},
	    {"α", "波α", MATCH_PART},
	    {"上海", "（上海）", MATCH_SAME},
	    {"上海", "（上海）分", MATCH_BEGINS},
	    {"（", "（上海）分", MATCH_BEGINS},
	    /* initials */
	    {"szs", hua, MATCH_BEGINS},
	    {"hjjt", hua, MATCH_PART},
	    {"SZSHJJTKJYXGS", hua, MATCH_SAME},
	    {"szhj", hua, MATCH_NONE},
	    {"cq", "重庆银行", MATCH_BEGINS},
	    {"zq", "重庆银行", MATCH_BEGINS},
	    {"yx", "重庆银行", MATCH_PART},
	    {"yh", "重庆银行", MATCH_PART},
	    {"dx", "单县", MATCH_SAME},
	    {"sx", "单县", MATCH_SAME},
	    {"a4f", "A4 复印纸", MATCH_BEGINS},
	    {"复y纸", "A4 复印纸", MATCH_PART},
	    {"vx", "重庆银行", MATCH_NONE},
	    /* pinyin */
	    {"shenzhenshihua", hua, MATCH_BEGINS},
	    {"huajian", hua, MATCH_PART},
	    {"huaj", hua, MATCH_PART},
	    {"huajia", hua, MATCH_PART},
	    {"huajiat", hua, MATCH_NONE},
	    {"hjian", hua, MATCH_PART},
	    {"szshuajianjt", hua, MATCH_BEGINS},
	    {"shenzshi", hua, MATCH_BEGINS},
	    {"深zhen", hua, MATCH_BEGINS},
	    {"chongqing", "重庆", MATCH_SAME},
	    {"zhongqing", "重庆", MATCH_SAME},
	    {"zh", "中国", MATCH_BEGINS},
	    {"xian", "西安", MATCH_SAME},
	    {"xi'an", "西安", MATCH_SAME},
	    {"xian", "先锋", MATCH_BEGINS},
	    {"lv", "吕氏", MATCH_BEGINS},
	    {"lü", "吕氏", MATCH_BEGINS},
	    {"lu", "吕氏", MATCH_BEGINS},
	    {"nvzhuang", "女装", MATCH_SAME},
	    {"nüzhuang", "女装", MATCH_SAME},
	    {"lveying", "掠影", MATCH_SAME},
	    {"ling", "〇七", MATCH_BEGINS},
	    /* surnames and names with readings of their own */
	    {"shan", "单", MATCH_SAME},
	    {"zeng", "曾", MATCH_SAME},
	    {"qiu", "仇", MATCH_SAME},
	    {"zhai", "翟", MATCH_SAME},
	    {"ou", "区", MATCH_SAME},
	    {"xie", "解", MATCH_SAME},
	    {"chong", "重", MATCH_SAME},
	    {"zhang", "长", MATCH_SAME},
	    {"chang", "长", MATCH_SAME},
	    {"xia", "厦", MATCH_SAME},
	    {"sha", "厦", MATCH_SAME},
	    {"le", "乐", MATCH_SAME},
	    {"yue", "乐", MATCH_SAME},
	    {"hang", "行", MATCH_SAME},
	    {"xing", "行", MATCH_SAME},
	    {"piao", "朴", MATCH_SAME},
	    {"zha", "查", MATCH_SAME},
	    {"ge", "盖", MATCH_SAME},
	    {"moqi", "万俟", MATCH_SAME},
	    {"yuchi", "尉迟", MATCH_SAME},
	    /* several names */
	    {"hw", "某某公司\n华为", MATCH_SAME},
	    {"司华", "某某公司\n华为", MATCH_NONE},
	    {"公司", "某某公司\n华为公司", MATCH_PART},
	    /* words */
	    {"深圳 科技", hua, MATCH_PART},
	    {"  深圳　shi ", hua, MATCH_BEGINS},
	    {"shi 深圳", hua, MATCH_PART},
	    {"深圳 华为", hua, MATCH_NONE},
	    {"Apple Computer", "Apple Computer", MATCH_SAME},
	    {"Apple Comp", "Apple Computer", MATCH_BEGINS},
	    {"", hua, MATCH_BEGINS},
	    {" 　", hua, MATCH_BEGINS},
	    {"x", "", MATCH_NONE},
	    {"\xE7\xA8", "\xE7\xA8", MATCH_SAME},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum match_rank r = rank_of(rows[i].typed, rows[i].name, 0);

		if (r != rows[i].rank)
			fail_msg("'%s' '%s': %d, not %d", rows[i].typed, rows[i].name, (int)r,
				 (int)rows[i].rank);
	}
}

static void texts_mean_codes(void **state)
{
	static const struct {
		const char *typed;
		enum match_rank rank;
	} rows[] = {
	    {"914403006189347x21", MATCH_SAME},
	    {"9144", MATCH_BEGINS},
	    {"47X2", MATCH_PART},
	    {"６１８９", MATCH_PART},
	    {"szhj", MATCH_SAME},
	    {"zh", MATCH_PART},
	    {"0755-26991234", MATCH_SAME},
	    {"075526991234", MATCH_SAME},
	    {"0755-2699-1234", MATCH_SAME},
	    {"5-26", MATCH_PART},
	    {"0755 1234", MATCH_PART},
	    {"0755 9999", MATCH_NONE},
	    {"-", MATCH_NONE},
	    {"21914", MATCH_NONE},
	    {"某 9144", MATCH_BEGINS},
	    {"+0755", MATCH_BEGINS},
	    {"（0755）26991234", MATCH_SAME},
	    /* Another mark is meant as it stands. */
	    {"=0755", MATCH_NONE},
	    {"07+55", MATCH_NONE},
	    {"07=55", MATCH_NONE},
	    {"26*99", MATCH_NONE},
	    {"m6*20", MATCH_SAME},
	    {"m6-20", MATCH_SAME},
	    {"m620", MATCH_SAME},
	    {"*20", MATCH_PART},
	    {"*", MATCH_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum match_rank r = rank_of(rows[i].typed, "某", CODES);

		if (r != rows[i].rank)
			fail_msg("'%s': %d, not %d", rows[i].typed, (int)r, (int)rows[i].rank);
	}
	assert_int_equal(rank_of("9144", "某", 0), MATCH_NONE);
}

/* More than is kept of a text: what is kept decides. */
static void long_texts_are_cut(void **state)
{
	char name[400] = "", typed[400] = "";
	struct match *m;
	const uint32_t *chars;

	(void)state;
	for (int i = 0; i < MATCH_CHARS; i++)
		memcpy(name + strlen(name), "税", sizeof("税"));
	assert_int_equal(rank_of(name, name, 0), MATCH_SAME);
	memcpy(typed, name, sizeof(typed));
	memcpy(typed + strlen(typed), "务", sizeof("务"));
	assert_int_equal(rank_of(typed, name, 0), MATCH_SAME);
	assert_int_equal(rank_of(name, typed, 0), MATCH_BEGINS);
	assert_int_equal(rank_of(name, typed + strlen("税"), 0), MATCH_NONE);
	for (int i = 0; i < MATCH_CHARS; i++)
		typed[i] = 's';
	typed[MATCH_CHARS] = '\0';
	assert_int_equal(rank_of(typed, name, 0), MATCH_SAME);
	m = match_new("a b c d e f g h i j");
	assert_int_equal(match_word(m, MATCH_WORDS - 1, &chars), 1);
	assert_int_equal(*chars, 'h');
	assert_int_equal(match_word(m, MATCH_WORDS, &chars), 0);
	assert_false(match_any(m));
	match_free(&m);
	m = match_new(" \t ");
	assert_true(match_any(m));
	match_free(&m);
}

/* ---- against trying every way in turn -------------------------------------------------------- */

static bool spelled_as(uint32_t typed, char letter)
{
	return typed == (uint32_t)letter || (letter == 'v' && typed == 'u');
}

/* Do the n characters of the word stand for the text from here on? */
static bool tried(const uint32_t *w, size_t n, const char *text, bool begun)
{
	const uint16_t *s;
	uint32_t cp;
	size_t count;

	if (!n)
		return true;
	if (!*text || *text == '\n')
		return false;
	cp = pinyin_next(&text);
	if (cp == *w && tried(w + 1, n - 1, text, true))
		return true;
	if (pinyin_passed_over(cp))
		return begun && tried(w, n, text, true);
	count = pinyin_readings(cp, &s);
	for (size_t i = 0; i < count; i++) {
		const char *syllable = pinyin_syllable(s[i]);
		size_t k = 0;

		while (k < n && syllable[k] && spelled_as(w[k], syllable[k]))
			k++;
		if (k == n || (k && !syllable[k] && tried(w + k, n - k, text, true)) ||
		    (k && tried(w + 1, n - 1, text, true)))
			return true;
	}
	return false;
}

static bool tried_everywhere(const uint32_t *w, size_t n, const char *text)
{
	for (; *text; pinyin_next(&text)) {
		if (tried(w, n, text, false))
			return true;
	}
	return false;
}

static void append(char *out, const char *s)
{
	memcpy(out + strlen(out), s, strlen(s) + 1);
}

static uint32_t seed = 11;
static uint32_t pick(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

/* Readings of some characters of a name, most of them cut short. */
static void spell(const char *name, char *typed)
{
	for (uint32_t n = 1 + pick(4); n && *name; n--) {
		const uint16_t *s;
		size_t count = pinyin_readings(pinyin_next(&name), &s);
		char one[8] = "";

		if (!count)
			continue;
		memcpy(one, pinyin_syllable(s[pick((uint32_t)count)]), sizeof(one));
		one[1 + pick(6)] = '\0';
		append(typed, one);
	}
}

static void every_way_is_followed(void **state)
{
	static const char *const pieces[] = {"重", "长", "乐", "行", "单", "吕", "女", "西", "安",
					     "先", "儿", "恩", "额", "市", "s",  "h",  "e",  "1",
					     "（", " ",  "-",  "\n", "ü",  "α",  "欧", "昂"};
	static const char *const keys[] = {"c", "h", "o", "n", "g", "x",  "i", "a",  "s",  "e",
					   "u", "v", "l", "z", "1", "重", "r", "ng", "ian"};
	int found = 0;

	(void)state;
	for (int round = 0; round < 60000; round++) {
		char name[128] = "", typed[64] = "";
		const uint32_t *w = NULL;
		struct match *m;
		size_t n;
		bool want;

		for (uint32_t i = pick(7); i; i--)
			append(name, pieces[pick(sizeof(pieces) / sizeof(*pieces))]);
		if (round % 2)
			spell(name, typed);
		for (uint32_t i = *typed ? 0 : 1 + pick(4); i; i--)
			append(typed, keys[pick(sizeof(keys) / sizeof(*keys))]);
		m = match_new(typed);
		n = match_word(m, 0, &w);
		want = tried_everywhere(w, n, name);
		if ((match_text(m, name, NULL, 0) != MATCH_NONE) != want)
			fail_msg("'%s' / '%s'", typed, name);
		found += want;
		match_free(&m);
	}
	assert_in_range(found, 10000, 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_mean_names),
	    cmocka_unit_test(texts_mean_codes),
	    cmocka_unit_test(long_texts_are_cut),
	    cmocka_unit_test(every_way_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
