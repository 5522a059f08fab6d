/* JSON: what is refused and where, number text kept exactly, duplicates, depth, the writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "base/json.h"
#include "base/text.h"

enum { MAX = 16 << 20 };

static enum err parse(const char *text, cJSON **out, struct err_info *e)
{
	return json_parse(text, strlen(text), MAX, out, e);
}

static void good_documents(void **state)
{
	static const char *const GOOD[] = {
	    "{}",
	    "[]",
	    " \t\r\n[ ] \n",
	    "null",
	    "true",
	    "\"\"",
	    "0",
	    "-0",
	    "-0.0e-0",
	    "1E+5",
	    "[1,2,{\"a\":[{}]},\"x\",null,true,false]",
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u7a0e\\uD83D\\uDE00\"",
	    "\"税\"",
	    "{\"a\":1,\"A\":2,\"\":3}",
	    "\xEF\xBB\xBF{\"a\":1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
		cJSON *p = NULL;
		struct err_info e;

		if (parse(GOOD[i], &p, &e))
			fail_msg("%s: %s", GOOD[i], e.why);
		json_free(&p);
		assert_null(p);
	}
}

static void bad_documents_name_the_place(void **state)
{
	static const struct {
		const char *text, *code, *place;
	} BAD[] = {
	    {"", "json.syntax", "第 1 行第 1 列"},
	    {"  ", "json.syntax", "第 1 行第 3 列"},
	    {"{", "json.syntax", "第 1 行第 2 列"},
	    {"{\"a\"", "json.syntax", "第 1 行第 5 列"},
	    {"{\"a\" 1}", "json.syntax", "第 1 行第 6 列：键名之后缺少冒号"},
	    {"{\"a\":1,}", "json.syntax", "第 1 行第 8 列"},
	    {"{a:1}", "json.syntax", "第 1 行第 2 列"},
	    {"{'a':1}", "json.syntax", "第 1 行第 2 列"},
	    {"[1,]", "json.syntax", "第 1 行第 4 列"},
	    {"[1 2]", "json.syntax", "第 1 行第 4 列：缺少逗号或右方括号"},
	    {"{\n \"税\": 1\n \"b\": 2}", "json.syntax", "第 3 行第 2 列：缺少逗号或右花括号"},
	    {"[1}", "json.syntax", "第 1 行第 3 列"},
	    {"01", "json.syntax", "第 1 行第 1 列：数字写法不正确"},
	    {"[+1]", "json.syntax", "第 1 行第 2 列"},
	    {"[1.]", "json.syntax", "第 1 行第 2 列"},
	    {"[.5]", "json.syntax", "第 1 行第 2 列"},
	    {"[1e]", "json.syntax", "第 1 行第 2 列"},
	    {"[-]", "json.syntax", "第 1 行第 2 列"},
	    {"[0x10]", "json.syntax", "第 1 行第 3 列"},
	    {"NaN", "json.syntax", "第 1 行第 1 列"},
	    {"[tru]", "json.syntax", "第 1 行第 2 列"},
	    {"truex", "json.trailing", "第 1 行第 5 列"},
	    {"{} {}", "json.trailing", "第 1 行第 4 列"},
	    {"{}x", "json.trailing", "第 1 行第 3 列"},
	    {"\"abc", "json.syntax", "第 1 行第 5 列"},
	    {"\"a\nb\"", "json.syntax", "第 1 行第 3 列"},
	    {"\"\\x\"", "json.syntax", "第 1 行第 3 列"},
	    {"\"\\u12\"", "json.syntax", "第 1 行第 6 列"},
	    {"\"\\uD800\"", "json.syntax", "第 1 行第 4 列"},
	    {"\"\\uD800\\u0041\"", "json.syntax", "第 1 行第 4 列"},
	    {"\"\\uDC00\"", "json.syntax", "第 1 行第 4 列"},
	    {"\"\\u0000\"", "json.syntax", "第 1 行第 4 列：不允许 \\u0000"},
	    {"[\"税\x80\"]", "json.utf8", "第 1 行第 4 列"},
	    {"// c\n1", "json.syntax", "第 1 行第 1 列"},
	    {"{\"a\":1,\n\"b\":{\"c\":1},\"a\":2}", "json.duplicate", "第 2 行第 13 列"},
	    {"[{\"k\":{\"x\":1,\"y\":2,\"\\u0078\":3}}]", "json.duplicate", "第 1 行第 20 列"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		cJSON *p = (cJSON *)1;
		struct err_info e;

		assert_int_equal(parse(BAD[i].text, &p, &e), ERR_INVALID);
		assert_ptr_equal(p, (cJSON *)1); /* untouched on failure */
		if (strcmp(e.code, BAD[i].code) != 0 || !strstr(e.why, BAD[i].place))
			fail_msg("%s: %s %s", BAD[i].text, e.code, e.why);
		assert_int_equal(parse(BAD[i].text, &p, NULL), ERR_INVALID);
	}
}

/* One character of another's text does not make all of it unreadable. */
static void others_may_spoil_a_character(void **state)
{
#define FFFD "\xEF\xBF\xBD"
	static const struct {
		const char *text, *value;
	} SPOILT[] = {
	    {"\\uD83D", FFFD},
	    {"a\\ud83d!", "a" FFFD "!"},
	    {"\\uDE00\\uD83D", FFFD FFFD},
	    {"\\uD83D\\uD83D\\uDE00", FFFD "\xF0\x9F\x98\x80"},
	    {"\\uD83D\\uDE00\\uDE00", "\xF0\x9F\x98\x80" FFFD},
	    {"\\uD83D\\n\\u0041", FFFD "\nA"},
	    {"\\uD83D\\\\uDE00", FFFD "\\uDE00"},
	    {"\\\\u0000\\\\\\u0000", "\\u0000\\" FFFD},
	    {"x\\u0000y", "x" FFFD "y"},
	    {"\xED\xA0\xBD\xED\xB8\x80", FFFD FFFD},
	    {"\xED\x9F\xBF", "\xED\x9F\xBF"},
	    {"\\u7a0e", "税"},
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof(SPOILT) / sizeof(SPOILT[0]); i++) {
		cJSON *p = NULL;
		int n = snprintf(text, sizeof(text), "{\"a\":\"%s\",\"b\":12}", SPOILT[i].text);

		assert_int_equal(json_parse_theirs(text, (size_t)n, MAX, &p, NULL), ERR_OK);
		assert_string_equal(json_member(p, "a"), SPOILT[i].value);
		assert_string_equal(json_member(p, "b"), "12");
		json_free(&p);
	}
	/* What is no JSON is none after that, wherever it is cut. */
	for (size_t n = 0; n < strlen("[\"\\uD83D\\u0000\"]"); n++) {
		cJSON *p = NULL;

		assert_int_equal(json_parse_theirs("[\"\\uD83D\\u0000\"]", n, MAX, &p, NULL),
				 ERR_INVALID);
		assert_int_equal(json_parse_theirs("\xED\xA0", n % 3, MAX, &p, NULL), ERR_INVALID);
	}
}

static void a_nul_in_the_text_is_refused(void **state)
{
	static const char TEXT[] = "[1,\0 2]";
	cJSON *p;
	struct err_info e;

	(void)state;
	assert_int_equal(json_parse(TEXT, sizeof(TEXT) - 1, MAX, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "json.utf8");
}

static void size_and_depth_are_limited(void **state)
{
	char text[200];
	cJSON *p;
	struct err_info e;

	(void)state;
	assert_int_equal(json_parse("[]", 2, 2, &p, &e), ERR_OK);
	json_free(&p);
	assert_int_equal(json_parse("[1]", 3, 2, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "json.size");
	for (int depth = 30; depth <= 40; depth++) {
		memset(text, '[', (size_t)depth);
		memset(text + depth, ']', (size_t)depth);
		text[2 * depth] = 0;
		assert_int_equal(parse(text, &p, &e), depth <= 32 ? ERR_OK : ERR_INVALID);
		if (depth <= 32)
			json_free(&p);
		else
			assert_string_equal(e.code, "json.depth");
	}
}

static void numbers_keep_their_text(void **state)
{
	static const char *const TOKENS[] = {
	    "0.1",
	    "-0",
	    "1e5",
	    "1.0E+2",
	    "12345678901234567890123.45",
	    "0.10000",
	    "100000000000000000000000000000000000000000000000000000000000000000000000000001",
	    "1e999999",
	};
	char text[256];
	cJSON *p;
	struct dec d;

	(void)state;
	for (size_t i = 0; i < sizeof(TOKENS) / sizeof(TOKENS[0]); i++) {
		snprintf(text, sizeof(text), "{\"a\":[7, %s ,8],\"b\":%s}", TOKENS[i], TOKENS[i]);
		assert_int_equal(parse(text, &p, NULL), ERR_OK);
		assert_string_equal(json_member(p, "b"), TOKENS[i]);
		assert_string_equal(json_text(cJSON_GetArrayItem(json_get(p, "a"), 0)), "7");
		assert_string_equal(json_text(cJSON_GetArrayItem(json_get(p, "a"), 1)), TOKENS[i]);
		assert_string_equal(json_text(cJSON_GetArrayItem(json_get(p, "a"), 2)), "8");
		json_free(&p);
	}
	assert_int_equal(parse("1e5", &p, NULL), ERR_OK);
	assert_false(dec_parse(json_text(p), &d)); /* no exponent in money */
	json_free(&p);
}

static void members_by_type(void **state)
{
	cJSON *p;
	long long v = 99;

	(void)state;
	assert_int_equal(
	    parse("{\"s\":\"x\",\"n\":5,\"z\":null,\"t\":true,\"o\":{},\"a\":[1],\"f\":1.0,"
		  "\"neg\":-3,\"str\":\"12\",\"big\":9223372036854775808,\"e\":1e2,"
		  "\"sp\":\" 1\",\"plus\":\"+1\"}",
		  &p, NULL),
	    ERR_OK);
	assert_string_equal(json_member(p, "s"), "x");
	assert_string_equal(json_member(p, "S"), "");
	assert_string_equal(json_member(p, "n"), "5");
	assert_string_equal(json_member(p, "z"), "");
	assert_null(json_text(json_get(p, "t")));
	assert_null(json_text(json_get(p, "o")));
	assert_null(json_text(json_get(p, "a")));
	assert_null(json_text(NULL));
	assert_null(json_get(json_get(p, "a"), "x"));
	assert_null(json_get(NULL, "x"));
	assert_true(json_is_number(json_get(p, "n")));
	assert_false(json_is_number(json_get(p, "str")) || json_is_number(NULL));
	assert_true(json_member_int(p, "n", 0, 5, &v) && v == 5);
	assert_true(json_member_int(p, "neg", -3, 5, &v) && v == -3);
	assert_true(json_member_int(p, "str", 0, 99, &v) && v == 12);
	v = 99;
	assert_false(json_member_int(p, "n", 0, 4, &v));
	assert_false(json_member_int(p, "n", 6, 9, &v));
	assert_false(json_member_int(p, "f", 0, 9, &v));
	assert_false(json_member_int(p, "e", 0, 999, &v));
	assert_false(json_member_int(p, "big", INT64_MIN, INT64_MAX, &v));
	assert_false(json_member_int(p, "s", 0, 9, &v));
	assert_false(json_member_int(p, "sp", 0, 9, &v));
	assert_false(json_member_int(p, "plus", 0, 9, &v));
	assert_false(json_member_int(p, "t", 0, 9, &v));
	assert_false(json_member_int(p, "none", 0, 9, &v));
	assert_int_equal(v, 99);
	assert_ptr_equal(json_only_array(p), json_get(p, "a"));
	assert_null(json_only_array(json_get(p, "o")));
	assert_null(json_only_array(json_get(p, "a")));
	json_free(&p);
	assert_int_equal(parse("{\"a\":[],\"b\":[]}", &p, NULL), ERR_OK);
	assert_null(json_only_array(p));
	json_free(&p);
}

/* 100,000 keys must not take quadratic time; the duplicate is at the far end. */
static void many_keys_stay_cheap(void **state)
{
	struct buf b;
	cJSON *p;
	struct err_info e;
	clock_t start = clock();

	(void)state;
	buf_init(&b, MAX);
	buf_addc(&b, '{');
	for (int i = 0; i < 100000; i++)
		buf_addf(&b, "\"key%06d\":%d,", i, i);
	buf_adds(&b, "\"last\":0}");
	assert_int_equal(parse(buf_str(&b), &p, &e), ERR_OK);
	json_free(&p);
	b.len -= strlen("last\":0}");
	buf_adds(&b, "key000000\":0}");
	assert_int_equal(parse(buf_str(&b), &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "json.duplicate");
	assert_string_equal(e.field, "key000000");
	buf_free(&b);
	assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
}

static void writer_is_compact_or_indented(void **state)
{
	struct json_out o;
	struct buf b;
	int indents[] = {0, 2};
	static const char *const WANT[] = {
	    "{\"s\":\"税 \\\"\\\\\\n\\t\\r/\",\"null\":null,\"n\":1.50,\"i\":-7,\"t\":true,"
	    "\"fen\":\"-0.05\",\"e\":{},\"a\":[\"x\",[],{\"k\":false}]}",
	    "{\n  \"s\": \"税 \\\"\\\\\\n\\t\\r/\",\n  \"null\": null,\n  \"n\": 1.50,\n"
	    "  \"i\": -7,\n  \"t\": true,\n"
	    "  \"fen\": \"-0.05\",\n  \"e\": {},\n  \"a\": [\n    \"x\",\n    [],\n"
	    "    {\n      \"k\": false\n    }\n  ]\n}",
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		cJSON *p;

		buf_init(&b, MAX);
		json_out_init(&o, &b, indents[i]);
		json_open(&o, NULL, '{');
		json_put(&o, "s", "税\x01\x1F \"\\\n\t\r/");
		json_put(&o, "null", NULL);
		json_put_raw(&o, "n", "1.50");
		json_put_int(&o, "i", -7);
		json_put_bool(&o, "t", true);
		json_put_fen(&o, "fen", -5);
		json_open(&o, "e", '{');
		json_close(&o, '}');
		json_open(&o, "a", '[');
		json_put(&o, NULL, "x");
		json_open(&o, NULL, '[');
		json_close(&o, ']');
		json_open(&o, NULL, '{');
		json_put_bool(&o, "k", false);
		json_close(&o, '}');
		json_close(&o, ']');
		json_close(&o, '}');
		assert_string_equal(buf_str(&b), WANT[i]);
		assert_int_equal(parse(buf_str(&b), &p, NULL), ERR_OK);
		json_free(&p);
		buf_free(&b);
	}
}

static void trees_are_written_back(void **state)
{
	static const char TEXT[] = "{\"a\":[1.10,-0,1e5,\"税\\n😀\",null,true,false,{}],\"b\":"
				   "123456789012345678901234567890}";
	struct json_out o;
	struct buf b;
	cJSON *p;

	(void)state;
	assert_int_equal(parse(TEXT, &p, NULL), ERR_OK);
	buf_init(&b, MAX);
	json_out_init(&o, &b, 0);
	json_put_tree(&o, NULL, p);
	assert_string_equal(buf_str(&b), TEXT);
	json_free(&p);
	buf_free(&b);
}

/* Whatever bytes go in as a string, the output parses and gives the cleaned text back. */
static void hostile_strings_make_valid_json(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char s[24];
		size_t n;
		struct json_out o;
		struct buf b;
		cJSON *p;

		for (n = 0; n < sizeof(s) - 1; n++) {
			seed = seed * 1664525U + 1013904223U;
			s[n] = (char)(seed >> 24 ? seed >> 24 : 1);
		}
		s[n] = 0;
		buf_init(&b, MAX);
		json_out_init(&o, &b, round % 3);
		json_open(&o, NULL, '{');
		json_put(&o, s, s);
		json_close(&o, '}');
		assert_true(text_valid(buf_str(&b), b.len));
		assert_int_equal(parse(buf_str(&b), &p, NULL), ERR_OK);
		assert_string_equal(p->child->string, json_text(p->child));
		json_free(&p);
		buf_free(&b);
	}
}

/* Mutilated documents never crash and never half succeed. */
static void cut_and_changed_documents(void **state)
{
	static const char TEXT[] =
	    "{\"order_no\":\"SO-1\",\"lines\":[{\"q\":2,\"p\":\"113.00\",\"税\":1e3},"
	    "{\"\\u7a0e\":[true,null]}],\"x\":-0.5}";
	uint32_t seed = 99;
	cJSON *p;

	(void)state;
	for (size_t n = 0; n < sizeof(TEXT) - 1; n++)
		assert_int_equal(json_parse(TEXT, n, MAX, &p, NULL), ERR_INVALID);
	for (int round = 0; round < 50000; round++) {
		char copy[sizeof(TEXT)];

		memcpy(copy, TEXT, sizeof(TEXT));
		for (int k = 0; k < 2; k++) {
			seed = seed * 1664525U + 1013904223U;
			copy[(seed >> 8) % (sizeof(TEXT) - 1)] = (char)(seed >> 24);
		}
		if (json_parse(copy, sizeof(TEXT) - 1, MAX, &p, NULL) == ERR_OK)
			json_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_documents),
	    cmocka_unit_test(bad_documents_name_the_place),
	    cmocka_unit_test(others_may_spoil_a_character),
	    cmocka_unit_test(a_nul_in_the_text_is_refused),
	    cmocka_unit_test(size_and_depth_are_limited),
	    cmocka_unit_test(numbers_keep_their_text),
	    cmocka_unit_test(members_by_type),
	    cmocka_unit_test(many_keys_stay_cheap),
	    cmocka_unit_test(writer_is_compact_or_indented),
	    cmocka_unit_test(trees_are_written_back),
	    cmocka_unit_test(hostile_strings_make_valid_json),
	    cmocka_unit_test(cut_and_changed_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
