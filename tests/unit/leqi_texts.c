/* leqi_texts - request tables, texts of refusals, advice, serials, the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "leqi/wire_p.h"
#include "tax/advice.h"

static const char *const SERVICES[] = {"QDFPPLFM",  "CXSXED",    "XZTHSXED",  "TZSXEDYXQ",
				       "CXNSRFXXX", "CXNSRJBXX", "CXKYSL",    "CXSSFLBM",
				       "CXCEZSBM",  "QDFPSC",    "CXQDFPSCJG"};

/* A list of rows may have a key of the head, under a label of its own. */
static void every_key_is_documented_once(void **state)
{
	size_t total = 0;

	(void)state;
	for (size_t s = 0; s < sizeof(SERVICES) / sizeof(SERVICES[0]); s++) {
		struct leqi_field_doc a, b;

		for (size_t i = 0; leqi_field(SERVICES[s], i, &a); i++, total++) {
			assert_true(*a.key && *a.label && *a.type && a.note);
			for (size_t k = 0; k < i; k++) {
				assert_true(leqi_field(SERVICES[s], k, &b));
				if (strcmp(a.key, b.key) == 0 && strcmp(a.label, b.label) == 0)
					fail_msg("%s: %s twice", SERVICES[s], a.key);
			}
		}
	}
	assert_int_equal(total, 115);
	assert_false(leqi_field("NOSUCH", 0, &(struct leqi_field_doc) {0}));
	assert_false(leqi_field("CXKYSL", 0, &(struct leqi_field_doc) {0}));
}

static void requests_are_as_printed(void **state)
{
	static const struct wire_request R = {.tax_no = "91440000TEST00001X",
					      .direct_id = "aaaaaaaaaaaaaaaaaaaa",
					      .region = "14400000000",
					      .serial = "s1",
					      .count = "5000",
					      .kind = "0",
					      .amount = "100000.00",
					      .month = "2026-03",
					      .stamp = "",
					      .receipt = "r1"};
	static const struct {
		const char *service, *text;
	} CASES[] = {
	    {"QDFPPLFM", "{\"nsrsbh\":\"91440000TEST00001X\",\"lysl\":\"5000\",\"ywlsh\":\"s1\"}"},
	    {"CXSXED", "{\"nsrsbh\":\"91440000TEST00001X\"}"},
	    {"XZTHSXED",
	     "{\"nsrsbh\":\"91440000TEST00001X\",\"ptbh\":\"aaaaaaaaaaaaaaaaaaaa\",\"sqlx\":\"0\","
	     "\"sqed\":\"100000.00\",\"ywlsh\":\"s1\"}"},
	    {"TZSXEDYXQ", "{\"xsfnsrsbh\":\"91440000TEST00001X\",\"sxedsq\":\"2026-03\"}"},
	    {"CXNSRFXXX", "{\"nsrsbh\":\"91440000TEST00001X\"}"},
	    {"CXNSRJBXX", "{\"nsrsbh\":\"91440000TEST00001X\"}"},
	    {"CXKYSL", "{}"},
	    {"CXCEZSBM", "{}"},
	    {"CXSSFLBM",
	     "{\"nsrsbh\":\"91440000TEST00001X\",\"sjc\":\"\",\"sjswjgdm\":\"14400000000\"}"},
	    {"CXQDFPSCJG", "{\"sllsh\":\"r1\"}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct leqi_reply rep;
		struct buf b;

		buf_init(&b, 4096);
		assert_true(wire_request_put(CASES[i].service, &R, &b, &rep));
		assert_string_equal(buf_str(&b), CASES[i].text);
		buf_free(&b);
	}
}

static void impossible_requests_are_refused(void **state)
{
	struct wire_request r = {.tax_no = ""};
	struct leqi_reply rep;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_false(wire_request_put("CXSXED", &r, &b, &rep));
	assert_int_equal(rep.class, LEQI_MISCONFIGURED);
	assert_non_null(strstr(rep.message, "纳税人识别号"));
	r.tax_no = "91440000TEST00001X";
	r.month = "2026-13";
	assert_false(wire_request_put("TZSXEDYXQ", &r, &b, &rep));
	buf_free(&b);
}

static void units_are_checked_before_anything_leaves(void **state)
{
	static const char *const URLS[] = {NULL,
					   "",
					   "http://lqpt.example:8443/invoke",
					   "https://",
					   "ftp://x/y",
					   "https://a b/",
					   "https://u@host/x",
					   "https://h/x?q",
					   "HTTPS://h/\r\nX: y"};
	struct leqi_unit u = {.direct_id = "aaaaaaaaaaaaaaaaaaaa",
			      .using_id = "bbbbbbbbbbbbbbbbbbbb"};
	struct leqi_reply rep = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(URLS) / sizeof(URLS[0]); i++) {
		u.base_url = URLS[i];
		assert_false(transport_unit_ok(&u, &rep));
		assert_int_equal(rep.class, LEQI_MISCONFIGURED);
		assert_non_null(strstr(rep.message, "https://"));
	}
	u.base_url = "https://lqpt.example:8443/access/v2/invoke";
	assert_true(transport_unit_ok(&u, &rep));
	u.using_id = "bbb\r\nX-Evil: 1";
	assert_false(transport_unit_ok(&u, &rep));
	u.using_id = "";
	assert_false(transport_unit_ok(&u, &rep));
	u.using_id = "b";
	u.connect_to = "proxy";
	assert_false(transport_unit_ok(&u, &rep));
}

static void duplicates_are_recognised(void **state)
{
	static const struct {
		const char *text;
		bool yes;
		const char *number;
	} CASES[] = {
	    {"发票号码为[26447000000000000001]在数据库中已存在", true, "26447000000000000001"},
	    {"发票号码为【26447000000000000001】在数据库中已存在，请勿重复上传", true,
	     "26447000000000000001"},
	    {"BI1001:发票号码为２６４４７００００００００００００００１在数据库中已存在", true,
	     "26447000000000000001"},
	    {"受理号0123456789abcdef0123456789abcdef 发票号码26447000000000000002已存在", true,
	     "26447000000000000002"},
	    {"受理号00000000000000000001，发票号码26447000000000000002已存在", true,
	     "26447000000000000002"},
	    {"26447000000000000003：该发票已上传，请勿再次上传", true, "26447000000000000003"},
	    {"重复上传", true, ""},
	    {"发票已存在", true, ""},
	    {"发票号码为[264470000000000000012]在数据库中已存在", true, ""},
	    {"确认单26447000000000000001已存在", false, ""},
	    {"发票号码26447000000000000001不在该企业可用申请的赋码段内", false, ""},
	    {"", false, ""},
	    {NULL, false, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char number[NUMBER_TEXT] = "?";

		if (leqi_says_duplicate(CASES[i].text, number) != CASES[i].yes ||
		    strcmp(number, CASES[i].number) != 0)
			fail_msg("%s: [%s]", CASES[i].text, number);
	}
}

static void outside_causes_are_told_from_content(void **state)
{
	static const char *const OUTSIDE[] = {"BI1005",
					      "BI1010",
					      "[BI1004] 开票日期",
					      "可用发票额度不足",
					      "开票方为风险纳税人",
					      "系统异常，请稍后再试"};
	static const char *const CONTENT[] = {
	    "BI1013", "BI1036", "第1行单价×数量与金额不符", "商品服务简称错误", "", NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(OUTSIDE) / sizeof(OUTSIDE[0]); i++)
		assert_true(leqi_cause_is_outside(OUTSIDE[i]));
	for (size_t i = 0; i < sizeof(CONTENT) / sizeof(CONTENT[0]); i++)
		assert_false(leqi_cause_is_outside(CONTENT[i]));
}

static void advice_fits_the_text(void **state)
{
	(void)state;
	assert_string_equal(tax_advice("4057", 0)->pattern, "4057");
	assert_string_equal(tax_advice("40321", 0)->pattern, "40321");
	assert_string_equal(tax_advice("BI1013: 第 2 行", 0)->pattern, "BI1013");
	assert_string_equal(tax_advice("发票号码为[1]在数据库中已存在", 0)->pattern,
			    "在数据库中已存在");
	assert_string_equal(tax_advice("发票号码为[1]在数据库中已存在", 1)->pattern, "已存在");
	assert_null(tax_advice("发票号码为[1]在数据库中已存在", 2));
	assert_string_equal(tax_advice("错误（代码 500）", 0)->pattern, "500");
	assert_null(tax_advice("金额 500 元", 0));
	assert_null(tax_advice("第500行", 0));
	assert_null(tax_advice("折扣额-1元", 0));
	assert_null(tax_advice("从来没有见过的话", 0));
	assert_null(tax_advice("", 0));
	assert_null(tax_advice(NULL, 0));
}

static void editions_are_read(void **state)
{
	(void)state;
	assert_int_equal(wire_edition(NULL), WIRE_NEWEST);
	assert_int_equal(wire_edition(""), WIRE_NEWEST);
	assert_int_equal(wire_edition("newest"), WIRE_NEWEST);
	assert_int_equal(wire_edition("4.000"), 4000);
	assert_int_equal(wire_edition("V3.014"), 3014);
	assert_int_equal(wire_edition("6.006"), 6006);
}

static void serials_are_long_and_different(void **state)
{
	static const struct leqi_unit U = {.direct_id = "dddddddddddddddddddd",
					   .using_id = "uuuuuuuuuuuuuuuuuuuu"};
	char a[LEQI_SERIAL_TEXT], b[LEQI_SERIAL_TEXT];

	(void)state;
	leqi_serial(&U, a);
	leqi_serial(&U, b);
	assert_int_equal(strlen(a), 72);
	assert_int_equal(strncmp(a, "uuuuuuuuuuuuuuuuuuuudddddddddddddddddddd", 40), 0);
	assert_string_not_equal(a, b);
}

static void machine_fits_the_wire(void **state)
{
	char ip[48], mac[24];

	(void)state;
	leqi_machine(ip, mac);
	assert_true(strlen(ip) >= 7 && strlen(ip) <= 20);
	assert_int_equal(strlen(mac), 17);
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? mac[i] != '-' : !strchr("0123456789ABCDEF", mac[i]))
			fail_msg("%s", mac);
}

static void documents_are_masked(void **state)
{
	char json[] = "{\"kprzjhm\":\"110101199003070000\",\"zrrzjhm\":\"1234\",\"jbrsfzjhm\":\"\","
		      "\"xsfzh\":\"6222000011112222\"},{\"kprzjhm\":\"H12345678\"}";

	(void)state;
	wire_mask(json);
	assert_string_equal(
	    json, "{\"kprzjhm\":\"110*************00\",\"zrrzjhm\":\"****\",\"jbrsfzjhm\":\"\","
		  "\"xsfzh\":\"6222000011112222\"},{\"kprzjhm\":\"H12****78\"}");
}

/* A person's tax number is a person's document number; a company's is public. */
static void persons_are_masked(void **state)
{
	char json[] = "[{\"gmfzrrbz\":\"N\",\"gmfnsrsbh\":\"91440300MAKP0A011Y\"},"
		      "{\"gmfzrrbz\":\"Y\",\"gmfnsrsbh\":\"110101199003070000\"},"
		      "{\"gmfzrrbz\":\"Y\",\"gmfmc\":\"无号\"},"
		      "{\"gmfzrrbz\":\"N\",\"gmfnsrsbh\":\"91320506MAKP0A054E\"}]";

	(void)state;
	wire_mask(json);
	assert_string_equal(json, "[{\"gmfzrrbz\":\"N\",\"gmfnsrsbh\":\"91440300MAKP0A011Y\"},"
				  "{\"gmfzrrbz\":\"Y\",\"gmfnsrsbh\":\"110*************00\"},"
				  "{\"gmfzrrbz\":\"Y\",\"gmfmc\":\"无号\"},"
				  "{\"gmfzrrbz\":\"N\",\"gmfnsrsbh\":\"91320506MAKP0A054E\"}]");
}

/* An answer may be written in any way, and cut off where the log ends. */
static void answers_are_masked(void **state)
{
	static const struct {
		const char *said, *kept;
	} ROWS[] = {
	    {"{ \"zrrzjhm\" : \"11010519491231002X\" }",
	     "{ \"zrrzjhm\" : \"110*************2X\" }"},
	    {"{\"zrrzjhm\":\n\t110105194912310021}", "{\"zrrzjhm\":\n\t110*************21}"},
	    {"{\"gmfnsrsbh\": \"11010519491231002X\"}", "{\"gmfnsrsbh\": \"110*************2X\"}"},
	    {"{\"gmfnsrsbh\": \"G12345678\", \"gmfzrrbz\": \"Y\"}",
	     "{\"gmfnsrsbh\": \"G12****78\", \"gmfzrrbz\": \"Y\"}"},
	    {"{\"gmfnsrsbh\":\"9144\",\"gmfzrrbz\":\"N\",\"mx\":[{\"gmfzrrbz\":\"Y\"}]}",
	     "{\"gmfnsrsbh\":\"9144\",\"gmfzrrbz\":\"N\",\"mx\":[{\"gmfzrrbz\":\"Y\"}]}"},
	    {"{\"zrrzjhm\":\"\\u0031\\\"2\",\"a\":1}", "{\"zrrzjhm\":\"*********\",\"a\":1}"},
	    {"{\"bz\":\"\\\"zrrzjhm\\\":\\\"123\\\"\",\"zrrzjhm\":null}",
	     "{\"bz\":\"\\\"zrrzjhm\\\":\\\"123\\\"\",\"zrrzjhm\":null}"},
	    {"{\"zrrzjhm\":\"1101051949", "{\"zrrzjhm\":\"110*****49"},
	    {"[{\"gmfnsrsbh\":\"1101051949", "[{\"gmfnsrsbh\":\"110*****49"},
	    {"{\"zrrzjhm\":\"1101051949\\", "{\"zrrzjhm\":\"***********"},
	    {"{\"zrrzjhm\" :", "{\"zrrzjhm\" :"},
	    {"}}\"zrrzjhm\"", "}}\"zrrzjhm\""},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		snprintf(text, sizeof(text), "%s", ROWS[i].said);
		wire_mask(text);
		assert_string_equal(text, ROWS[i].kept);
	}
	/* Deeper than anything that is kept. */
	memset(text, '{', sizeof(text) - 1);
	memcpy(text + 200, "\"zrrzjhm\":\"123456\"}", 19);
	text[sizeof(text) - 1] = 0;
	wire_mask(text);
	assert_non_null(strstr(text, "\"123*56\""));
}

static void results_in_digits(void **state)
{
	static const struct {
		const char *json;
		enum leqi_status status;
	} ROWS[] = {
	    {"{\"status\":\"00\"}", LEQI_STATUS_DONE},
	    {"{\"status\":0}", LEQI_STATUS_DONE},
	    {"{\"status\":1}", LEQI_STATUS_PROCESSING},
	    {"{\"status\":2}", LEQI_STATUS_FAILED},
	    {"{\"status\":3}", LEQI_STATUS_DUPLICATE},
	    {"{\"status\":7}", LEQI_STATUS_PROCESSING},
	    {"{\"status\":null}", LEQI_STATUS_PROCESSING},
	    {"{}", LEQI_STATUS_PROCESSING},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		cJSON *row = NULL;

		assert_int_equal(json_parse(ROWS[i].json, strlen(ROWS[i].json), 4096, &row, NULL),
				 ERR_OK);
		assert_int_equal(result_status(row), ROWS[i].status);
		json_free(&row);
	}
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(every_key_is_documented_once),
	    cmocka_unit_test(persons_are_masked),
	    cmocka_unit_test(answers_are_masked),
	    cmocka_unit_test(results_in_digits),
	    cmocka_unit_test(requests_are_as_printed),
	    cmocka_unit_test(impossible_requests_are_refused),
	    cmocka_unit_test(units_are_checked_before_anything_leaves),
	    cmocka_unit_test(duplicates_are_recognised),
	    cmocka_unit_test(outside_causes_are_told_from_content),
	    cmocka_unit_test(advice_fits_the_text),
	    cmocka_unit_test(editions_are_read),
	    cmocka_unit_test(serials_are_long_and_different),
	    cmocka_unit_test(machine_fits_the_wire),
	    cmocka_unit_test(documents_are_masked),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
