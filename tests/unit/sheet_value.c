/* One value of a column: what people and programs put into cells, and what is said of faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "sheet/sheet.h"

static const char *const NONE[] = {NULL};
static char reason[SHEET_REASON], out[256];

static struct sheet_column column_of(enum sheet_type type)
{
	return (struct sheet_column) {.key = "x",
				      .title = "列",
				      .help = "",
				      .aliases = NONE,
				      .choices = NONE,
				      .examples = NONE,
				      .type = type};
}

/* The canonical form, or NULL: a fault. */
static const char *value(const struct sheet_column *c, const char *text)
{
	const struct sheet_cell cell = {
	    .kind = *text ? CELL_TEXT : CELL_EMPTY, .text = text, .len = strlen(text)};
	bool good = sheet_value(c, &cell, out, sizeof(out), reason);

	assert_int_equal(good, !*reason);
	assert_true(good || !*out);
	return good ? out : NULL;
}

struct pair {
	const char *given, *want; /* want NULL: a fault */
};

static void check(enum sheet_type type, const struct pair *p, size_t n)
{
	const struct sheet_column c = column_of(type);
	size_t i;

	for (i = 0; i < n; i++) {
		const char *got = value(&c, p[i].given);

		if (!got != !p[i].want || (got && strcmp(got, p[i].want) != 0))
			fail_msg("“%s” gave “%s”", p[i].given, got ? got : reason);
	}
}
#define CHECK(type, pairs) check(type, pairs, sizeof(pairs) / sizeof((pairs)[0]))

static void texts(void **state)
{
	static const struct pair PAIRS[] = {
	    {"", ""},
	    {"深圳市晴川数码贸易有限公司", "深圳市晴川数码贸易有限公司"},
	    {"  深圳 华建\n", "深圳 华建"},
	    {"\xC2\xA0\xE3\x80\x80名称\xE3\x80\x80\xE2\x80\x83", "名称"},
	    {"深圳市晴川\n数码（集团）", "深圳市晴川数码（集团）"},
	    {"ACME\nInc.", "ACME Inc."},
	    {"ACME \n Inc.", "ACME  Inc."},
	    {"a\t\tb", "a b"},
	    {"Ａ公司（１）", "Ａ公司（１）"},
	    {"=1+1", "=1+1"},
	    {" \t\n", ""},
	    {"😀", "😀"},
	};

	(void)state;
	CHECK(SHEET_TEXT, PAIRS);
}

static void texts_of_digits(void **state)
{
	struct sheet_column c = column_of(SHEET_TEXT);

	(void)state;
	c.digits = true;
	assert_string_equal(value(&c, "０７５５－８６００１２３４"), "0755-86001234");
	assert_string_equal(value(&c, "'6222 0212"), "6222 0212");
	assert_string_equal(value(&c, "＇' 6222"), "6222");
	assert_string_equal(value(&c, "+86\xE3\x80\x80"
				      "138"),
			    "+86 138");
	assert_string_equal(value(&c, "3%、1%"), "3%、1%");
}

static void ids(void **state)
{
	static const struct pair PAIRS[] = {
	    {"91440300MAKP0A011Y", "91440300MAKP0A011Y"},
	    {" 9144 0300 makp 0a011y\n", "91440300MAKP0A011Y"},
	    {"９１４４０３００ＭＡＫＰ", "91440300MAKP"},
	    {"'440300", "440300"},
	    {"12-34", NULL},
	    {"9.14E+17", NULL},
	    {"税号", NULL},
	    {"", ""},
	};
	struct sheet_column c = column_of(SHEET_ID);

	(void)state;
	CHECK(SHEET_ID, PAIRS);
	c.title = "税号";
	c.max_chars = 20;
	assert_null(value(&c, " 12-34"));
	assert_string_equal(reason, "税号：“12-34”的第 3 位是“-”，只能用数字和字母，请改正");
	assert_null(value(&c, "9.14403E+17"));
	assert_non_null(strstr(reason, "科学计数"));
	assert_null(value(&c, "123456789012345678901"));
	assert_string_equal(reason, "税号：有 21 位，最多 20 位，请核对");
	assert_string_equal(value(&c, "1234567890 1234567890"), "12345678901234567890");
}

static void numbers(void **state)
{
	static const struct pair NUMBERS[] = {
	    {"1234.5", "1234.5"},
	    {"￥1,234.50", "1234.5"},
	    {"¥ 12", "12"},
	    {"1,234,567", "1234567"},
	    {"１２．５", "12.5"},
	    {"007", "7"},
	    {"0.10", "0.1"},
	    {".5", "0.5"},
	    {"5.", "5"},
	    {"-3.20", "-3.2"},
	    {"-0.00", "0"},
	    {"+8", "8"},
	    {"12元", "12"},
	    {"−5", "-5"},
	    {"1,23", NULL},
	    {"1,2345", NULL},
	    {",123", NULL},
	    {"1.2.3", NULL},
	    {"1e5", NULL},
	    {"abc", NULL},
	    {".", NULL},
	    {"-", NULL},
	    {"12 元/吨", NULL},
	    {"0.0000000000001", "0.0000000000001"},
	    {"99999999999999999999999999", NULL},
	};
	static const struct pair MONEY[] = {
	    {"1234.5", "1234.50"}, {"￥1,234.50", "1234.50"}, {"0", "0.00"},  {"-3.2", "-3.20"},
	    {"1.005", NULL},       {"1.500", "1.50"},         {"十元", NULL},
	};

	(void)state;
	CHECK(SHEET_NUMBER, NUMBERS);
	CHECK(SHEET_MONEY, MONEY);
}

/* At whatever length: a number, or a fault. */
static void long_numbers(void **state)
{
	const struct sheet_column c = column_of(SHEET_NUMBER);
	char digits[160];
	size_t n;

	(void)state;
	for (n = 1; n < sizeof(digits) - 1; n++) {
		memset(digits, '7', n);
		digits[n] = 0;
		assert_int_equal(value(&c, digits) != NULL, n <= 25);
		*digits = '.';
		assert_int_equal(value(&c, digits) != NULL, n > 1 && n <= 24);
	}
}

/* N72: 6 %, 6 and 0.06 are one rate; what is stored is 0.06. */
static void rates(void **state)
{
	static const struct pair PAIRS[] = {
	    {"13%", "0.13"},    {"13", "0.13"},     {"0.13", "0.13"}, {"１３％", "0.13"},
	    {"13 %", "0.13"},   {"1", "0.01"},      {"1%", "0.01"},   {"1.5%", "0.015"},
	    {"0.015", "0.015"}, {"0", "0"},         {"0%", "0"},      {"免税", "0"},
	    {"不征税", "0"},    {"***", NULL},      {"-1%", NULL},    {"101", NULL},
	    {"100%", NULL},     {"百分之三", NULL}, {"3.0%", "0.03"}, {"0.060000", "0.06"},
	    {"6%", "0.06"},     {"6", "0.06"},      {"6.00", "0.06"}, {"0.06", "0.06"},
	};

	(void)state;
	CHECK(SHEET_RATE, PAIRS);
}

static void yes_and_no(void **state)
{
	static const struct pair PAIRS[] = {
	    {"Y", "Y"},  {"y", "Y"},    {"是", "Y"},    {"YES", "Y"}, {"√", "Y"},
	    {"1", "Y"},  {"TRUE", "Y"}, {"N", "N"},     {"否", "N"},  {"0", "N"},
	    {"Ｎ", "N"}, {"", ""},      {"也许", NULL}, {"2", NULL},  {" 是 ", "Y"},
	};

	(void)state;
	CHECK(SHEET_YESNO, PAIRS);
}

/* The words of a column of its own, as our lists and other programs say it. */
static void words_of_a_yes_or_no(void **state)
{
	static const struct {
		const char *table, *key, *text, *want;
	} PAIRS[] = {
	    {"goods", "inclusive", "含税", "Y"},    {"goods", "inclusive", "不含税", "N"},
	    {"goods", "inclusive", "含税价", "Y"},  {"goods", "inclusive", "对", "Y"},
	    {"buyers", "is_default", "默认", "Y"},  {"buyers", "is_default", "对", "Y"},
	    {"buyers", "is_person", "个人", "Y"},   {"buyers", "is_person", "企业", "N"},
	    {"taxcodes", "summary", "明细项", "N"}, {"buyers", "is_default", "含税", NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(PAIRS) / sizeof(PAIRS[0]); i++) {
		const struct sheet_table *t = sheet_table(PAIRS[i].table);
		const struct sheet_cell cell = {
		    .kind = CELL_TEXT, .text = PAIRS[i].text, .len = strlen(PAIRS[i].text)};
		bool good = sheet_value(&t->columns[sheet_column(t, PAIRS[i].key)], &cell, out,
					sizeof(out), reason);

		assert_int_equal(good, PAIRS[i].want != NULL);
		if (good)
			assert_string_equal(out, PAIRS[i].want);
	}
}

static void dates(void **state)
{
	static const struct pair PAIRS[] = {
	    {"2026-01-05", "2026-01-05"},
	    {"2026/1/5", "2026-01-05"},
	    {"2026年1月5日", "2026-01-05"},
	    {"20260105", "2026-01-05"},
	    {"2026.01.05", "2026-01-05"},
	    {"2026-01-05 08:30:00", "2026-01-05"},
	    {"2026-02-30", NULL},
	    {"05200101", NULL},
	    {"26-1-5", NULL},
	    {"昨天", NULL},
	    {"2026-1", NULL},
	    {"45658", NULL},
	};

	(void)state;
	CHECK(SHEET_DATE, PAIRS);
}

static void choices(void **state)
{
	const struct sheet_table *t = sheet_table("goods");
	const struct sheet_column *c = &t->columns[sheet_column(t, "preference")];

	(void)state;
	assert_string_equal(value(c, "免税"), "免税");
	assert_string_equal(value(c, " 免 税 "), "免税");
	assert_string_equal(value(c, "03"), "免税");
	assert_string_equal(value(c, "即征即退３０％"), "即征即退30%");
	assert_string_equal(value(c, "按5%简易征收减按1.5%计证"), "按5%简易征收减按1.5%计征");
	assert_null(value(c, "打折"));
	assert_non_null(strstr(reason, "“打折”"));
	assert_non_null(strstr(reason, "简易征收、稀土产品"));
	assert_true(text_valid(reason, strlen(reason)));
}

static void limits(void **state)
{
	struct sheet_column c = column_of(SHEET_TEXT);
	char long_text[1200];
	size_t i;

	(void)state;
	c.max_chars = 3;
	assert_string_equal(value(&c, "三个字"), "三个字");
	assert_null(value(&c, "有四个字"));
	assert_string_equal(reason, "列：有 4 个字，最多 3 个字，请缩短");
	c.max_chars = 0;
	c.max_gbk = 50;
	for (i = 0; i < 26; i++)
		memcpy(long_text + 3 * i, "汉", 3);
	long_text[75] = 0;
	assert_non_null(value(&c, long_text));
	long_text[75] = "汉"[0];
	long_text[78] = 0;
	assert_null(value(&c, long_text));
	assert_non_null(strstr(reason, "有 52 字节，最多 50 字节"));
	/* No room is a fault, too, not a cut. */
	c.max_gbk = 0;
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = 0;
	assert_null(value(&c, long_text));
	c.required = true;
	assert_null(value(&c, " "));
	assert_string_equal(reason, "列：没有填写");
}

static void cells_that_are_faults(void **state)
{
	static const enum sheet_type TYPES[] = {SHEET_TEXT,  SHEET_ID,   SHEET_NUMBER,
						SHEET_MONEY, SHEET_RATE, SHEET_DATE};
	static const struct {
		struct sheet_cell cell;
		const char *said;
	} CASES[] = {
	    {{.kind = CELL_FAULT, .text = "#N/A", .len = 4}, "#N/A"},
	    {{.kind = CELL_TEXT, .text = "#N/A", .len = 4}, "#N/A"}, /* as a CSV has it */
	    {{.kind = CELL_TEXT, .text = " #DIV/0! ", .len = 9}, "#DIV/0!"},
	    {{.kind = CELL_FAULT,
	      .text = SHEET_UNCALCULATED,
	      .len = sizeof(SHEET_UNCALCULATED) - 1},
	     "没有保存计算结果的公式"},
	    {{.kind = CELL_BOOL, .text = "TRUE", .len = 4}, "逻辑值 TRUE"},
	    {{.kind = CELL_BOOL, .text = "FALSE", .len = 5}, "逻辑值 FALSE"},
	};
	const struct sheet_column yesno = column_of(SHEET_YESNO);
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
		const struct sheet_column c = column_of(TYPES[i]);

		for (k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
			assert_false(sheet_value(&c, &CASES[k].cell, out, sizeof(out), reason));
			assert_non_null(strstr(reason, CASES[k].said));
			assert_string_equal(out, "");
		}
	}
	assert_true(sheet_value(&yesno, &CASES[4].cell, out, sizeof(out), reason));
	assert_string_equal(out, "Y");
	assert_true(sheet_value(&yesno, &CASES[5].cell, out, sizeof(out), reason));
	assert_string_equal(out, "N");
}

/* Whatever bytes come, out and reason stay valid. */
static void odd_bytes(void **state)
{
	static const char *const ODD[] = {"\xE6",
					  "\xE6\xB7",
					  "a\xFF"
					  "b",
					  "\xF0\x9F\x98",
					  "\xE2\x80\x8B",
					  "\xC2",
					  "税\xE7"};
	enum sheet_type type;
	size_t i;

	(void)state;
	for (type = SHEET_TEXT; type < SHEET_TYPES; type++) {
		struct sheet_column c = column_of(type);

		for (i = 0; i < sizeof(ODD) / sizeof(ODD[0]); i++) {
			value(&c, ODD[i]);
			assert_true(text_valid(reason, strlen(reason)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_of_a_yes_or_no),
	    cmocka_unit_test(texts),
	    cmocka_unit_test(texts_of_digits),
	    cmocka_unit_test(ids),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(long_numbers),
	    cmocka_unit_test(rates),
	    cmocka_unit_test(yes_and_no),
	    cmocka_unit_test(dates),
	    cmocka_unit_test(choices),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(cells_that_are_faults),
	    cmocka_unit_test(odd_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
