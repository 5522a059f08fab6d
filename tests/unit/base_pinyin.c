/* Pinyin initials: polyphones, letters against text, and a table of others where it is at hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/pinyin.h"
#include "base/text.h"

static uint32_t letters_of(const char *s)
{
	uint32_t mask = 0;

	for (; *s; s++)
		mask |= 1U << (*s - 'a');
	return mask;
}

static void initials_have_every_reading(void **state)
{
	static const struct {
		uint32_t cp;
		const char *letters;
	} rows[] = {
	    {0x91CD, "zc"}, /* 重 zhong chong */
	    {0x884C, "xh"}, /* 行 xing hang heng */
	    {0x957F, "cz"}, /* 长 chang zhang */
	    {0x4E50, "ly"}, /* 乐 le yue yao */
	    {0x7A0E, "s"},  /* 税 */
	    {0x5B89, "a"},  /* 安: a with a mark */
	    {0x989D, "e"},  /* 额: e with a mark */
	    {0x6B27, "o"},  /* 欧 */
	    {0x3007, "l"},  /* 〇 */
	    {0x3400, "q"},  /* first of extension A */
	    {0x20000, "h"}, /* beyond the basic plane */
	    {'a', ""},      {0x3041, ""},  {0x33FF, ""},   {0xA000, ""},
	    {0x1FFFF, ""},  {0x323B0, ""}, {0x10FFFF, ""}, {0xFFFFFFFF, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t got = pinyin_initials(rows[i].cp), want = letters_of(rows[i].letters);

		/* 行 and 乐 have rarer readings too: at least these. */
		if ((got & want) != want || (!want && got))
			fail_msg("U+%04X %x", (unsigned)rows[i].cp, (unsigned)got);
	}
	assert_int_equal(pinyin_initials(0x7A0E) & ~letters_of("st"), 0);
}

/* The readings of a character, the common one first, parted by blanks. */
static const char *readings_of(uint32_t cp, char out[64])
{
	const uint16_t *s;
	size_t n = pinyin_readings(cp, &s);

	*out = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(out + strlen(out), 64 - strlen(out), "%s%s", i ? " " : "",
			 pinyin_syllable(s[i]));
	return out;
}

static void readings_are_whole(void **state)
{
	static const struct {
		uint32_t cp;
		const char *first, *also;
	} rows[] = {
	    {0x91CD, "zhong", "chong"}, {0x957F, "zhang", "chang"}, {0x5355, "dan", "shan"},
	    {0x66FE, "ceng", "zeng"},   {0x4EC7, "chou", "qiu"},    {0x7FDF, "di", "zhai"},
	    {0x533A, "qu", "ou"},       {0x89E3, "jie", "xie"},     {0x53A6, "sha", "xia"},
	    {0x4E50, "le", "yue"},      {0x884C, "xing", "hang"},   {0x7EFF, "lv", "lv"},
	    {0x5973, "nv", "nv"},       {0x63A0, "lve", "lve"},     {0x8BF6, "ei", "e"},
	    {0x3007, "ling", "ling"},   {0x534E, "hua", "hua"},     {0x20000, "he", "he"},
	};
	char text[64], also[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		readings_of(rows[i].cp, text);
		snprintf(also, sizeof(also), "%s", rows[i].also);
		if (strncmp(text, rows[i].first, strlen(rows[i].first)) != 0 || !strstr(text, also))
			fail_msg("U+%04X: %s", (unsigned)rows[i].cp, text);
	}
	assert_string_equal(readings_of('a', text), "");
	assert_string_equal(readings_of(0x1FFFF, text), "");
	assert_string_equal(readings_of(0xFFFFFFFF, text), "");
}

static void syllables_are_sorted(void **state)
{
	size_t n = 0;

	(void)state;
	for (const char *s, *before = ""; (s = pinyin_syllable(n)); before = s, n++) {
		assert_true(strcmp(before, s) < 0);
		assert_in_range(strlen(s), 1, 6);
		assert_int_equal(strspn(s, "abcdefghijklmnopqrstuvwxyz"), strlen(s));
	}
	assert_in_range(n, 400, PINYIN_SYLLABLES - 1);
	assert_null(pinyin_syllable(PINYIN_SYLLABLES));
	assert_null(pinyin_syllable((size_t)-1));
}

static void letters_find_text(void **state)
{
	static const struct {
		const char *text, *letters;
		bool found;
	} rows[] = {
	    {"重庆银行", "cqyh", true},
	    {"重庆银行", "zqyx", true},
	    {"重庆银行", "qy", true},
	    {"重庆银行", "QY", true},
	    {"重庆银行", "cy", false},
	    {"重庆银行", "cqyhx", false},
	    {"腾讯科技（深圳）有限公司", "kjsz", true},
	    {"腾讯科技（深圳）有限公司", "szyx", true},
	    {"腾讯科技 (深圳) 有限公司", "kj sz", true},
	    {"含税/不含税", "hsbhs", true},
	    {"A4 复印纸 70g", "a4fyz70", true},
	    {"Ａ４复印纸", "a4f", true},
	    {"A4 复印纸", "4A", false},
	    {"复印纸", "复yz", true},
	    {"复印纸", "复z", false},
	    {"（上海）", "（s", true},
	    {"α波", "αb", true},
	    {"αβ波", "αb", false},
	    {"", "", true},
	    {"税", "", true},
	    {"", "s", false},
	    {"税", " ", true},
	    {"\xE7\xA8", "s", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (pinyin_match(rows[i].text, rows[i].letters) != rows[i].found)
			fail_msg("%s / %s", rows[i].text, rows[i].letters);
	}
}

/* A text of characters is found by any choice of their initials, and by no letter of none. */
static void any_choice_of_readings_finds(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[64] = "", letters[16] = "", wrong[16];
		size_t n = 0, at = 0;

		for (int i = 0; i < 6; i++) {
			uint32_t cp, mask, bit;

			do {
				seed = seed * 1664525U + 1013904223U;
				cp = 0x4E00 + (seed >> 8) % 0x5200;
				mask = pinyin_initials(cp);
			} while (!mask);
			for (bit = (seed >> 3) % 26; !(mask >> bit & 1); bit = (bit + 1) % 26)
				;
			at += text_put(cp, text + at);
			letters[n++] = (char)('a' + bit);
		}
		if (!pinyin_match(text, letters) || !pinyin_match(text, letters + 2))
			fail_msg("%s / %s", text, letters);
		memcpy(wrong, letters, sizeof(wrong));
		wrong[3] = 'v'; /* no syllable begins with v */
		if (pinyin_match(text, wrong))
			fail_msg("%s / %s", text, wrong);
	}
}

/* Whether the two lists have the same words. */
static bool same_words(const char *a, const char *b)
{
	char word[64];
	int n;

	if (strlen(a) != strlen(b))
		return false;
	for (; sscanf(a, "%63s%n", word, &n) == 1; a += n) {
		if (!strstr(b, word))
			return false;
	}
	return true;
}

/* Rows "U+7A0E \t 税 \t S \t shui". */
static void agrees_with_another_table(void **state)
{
	const char *folder = getenv("KAIPIAO_SHARED");
	char path[4096], line[512], text[64];
	int rows = 0, wrong = 0, readings_wrong = 0;
	FILE *f;

	(void)state;
	if (!file_join(path, sizeof(path), folder ? folder : "../shared",
		       "data/pinyin-initials.tsv") ||
	    !(f = fopen(path, "r"))) {
		print_message("no table to compare with\n");
		skip();
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		char *end, *p;
		uint32_t cp, mask = 0;

		if (strncmp(line, "U+", 2) != 0)
			continue;
		cp = (uint32_t)strtoul(line + 2, &end, 16);
		p = strchr(end + 1, '\t');
		for (p = p ? p + 1 : end; *p >= 'A' && *p <= 'Z'; p++)
			mask |= 1U << (*p - 'A');
		rows++;
		wrong += mask != pinyin_initials(cp);
		p[strcspn(p, "\n")] = '\0';
		readings_wrong += !same_words(p + (*p == '\t'), readings_of(cp, text));
	}
	fclose(f);
	assert_true(rows > 40000);
	/* A few rare characters of theirs come from a dictionary that is not read here. */
	assert_true(wrong <= 5);
	assert_true(readings_wrong <= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(initials_have_every_reading),
	    cmocka_unit_test(readings_are_whole),
	    cmocka_unit_test(syllables_are_sorted),
	    cmocka_unit_test(letters_find_text),
	    cmocka_unit_test(any_choice_of_readings_finds),
	    cmocka_unit_test(agrees_with_another_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
