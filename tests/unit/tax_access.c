/* Days of the 安全验证 (B12), the conditions of access (B1-B4), elements (B7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "tax/access.h"

static int64_t at(const char *text)
{
	int64_t t = 0;

	assert_true(datetime_parse(text, &t));
	return t;
}

static const struct {
	const char *until, *now;
	enum safety_level level;
	int64_t days;
	bool told;
} DAYS[] = {
    {"", "2025-06-01 12:00:00", SAFETY_NONE, 0, false},
    {"x", "2025-06-01 12:00:00", SAFETY_NONE, 0, false},
    {"2025-07-02", "2025-06-01 00:00:00", SAFETY_FAR, 31, false},
    {"2025-07-01", "2025-06-01 00:00:00", SAFETY_MONTH, 30, true},
    {"2025-07-01", "2025-06-01 23:59:59", SAFETY_MONTH, 30, true},
    {"2025-06-30", "2025-06-01 00:00:00", SAFETY_MONTH, 29, false},
    {"2025-06-09", "2025-06-01 00:00:00", SAFETY_MONTH, 8, false},
    {"2025-06-08", "2025-06-01 00:00:00", SAFETY_WEEK, 7, true},
    {"2025-06-03", "2025-06-01 00:00:00", SAFETY_WEEK, 2, false},
    {"2025-06-02", "2025-06-01 23:59:59", SAFETY_LAST, 1, true},
    {"2025-06-01", "2025-06-01 23:59:59", SAFETY_LAST, 0, true},
    {"2025-06-01", "2025-06-02 00:00:00", SAFETY_OVER, -1, true},
    /* leap years and turns of the year */
    {"2024-02-29", "2024-02-28 08:00:00", SAFETY_LAST, 1, true},
    {"2024-03-01", "2024-02-28 08:00:00", SAFETY_WEEK, 2, false},
    {"2025-03-01", "2025-02-28 08:00:00", SAFETY_LAST, 1, true},
    {"2099-12-31", "2099-12-30 00:00:00", SAFETY_LAST, 1, true},
    {"2099-12-31", "2100-01-01 00:00:00", SAFETY_OVER, -1, true},
    {"2100-03-01", "2100-02-28 00:00:00", SAFETY_LAST, 1, true},
};

/* Business time counts, whatever the machine's zone. */
static void test_days(void **unused)
{
	static const char *const ZONES[] = {"UTC", "Asia/Shanghai", "America/Los_Angeles"};

	(void)unused;
	for (size_t z = 0; z < 3; z++) {
		setenv("TZ", ZONES[z], 1);
		for (size_t i = 0; i < sizeof(DAYS) / sizeof(DAYS[0]); i++) {
			int64_t days = 99, now = at(DAYS[i].now);

			assert_int_equal(safety_level(DAYS[i].until, now, &days), DAYS[i].level);
			assert_int_equal(days, DAYS[i].days);
			assert_int_equal(safety_told(DAYS[i].until, now), DAYS[i].told);
		}
	}
	unsetenv("TZ");
}

static void test_sentences(void **unused)
{
	char text[SAFETY_TEXT];
	struct err_info e = {0};

	(void)unused;
	assert_string_equal(safety_text("2099-12-31", at("2099-12-30 09:00:00"), text),
			    "开票安全验证到 2099-12-31 为止，还有 1 天");
	assert_string_equal(safety_text("", at("2099-12-30 09:00:00"), text), "");
	assert_int_equal(safety_check("2099-12-31", at("2099-12-31 23:59:59"), "甲", &e), ERR_OK);
	assert_int_equal(safety_check("2099-12-31", at("2100-01-01 00:00:00"), "甲", &e),
			 ERR_INVALID);
	assert_string_equal(e.code, "unit.safety");
	assert_non_null(strstr(e.why, "2099-12-31"));
	assert_true(*e.hint);
}

static struct taxpayer told(const char *grade, const char *risk)
{
	struct taxpayer t = {.basic_at = 1, .risk_at = 1};

	snprintf(t.credit_grade, sizeof(t.credit_grade), "%s", grade);
	snprintf(t.risk_flag, sizeof(t.risk_flag), "%s", risk);
	return t;
}

static void test_eligibility(void **unused)
{
	static const struct {
		const char *grade;
		enum eligibility_answer answer;
		enum eligibility_state state;
		const char *text;
	} credit[] = {
	    {"A", ANSWER_NONE, ELIGIBLE_YES, "信用级别 A"},
	    {"B", ANSWER_NO, ELIGIBLE_YES, "信用级别 B"},
	    {"M", ANSWER_NONE, ELIGIBLE_YES, "信用级别 M"},
	    {"C", ANSWER_NONE, ELIGIBLE_WARNING, "信用级别 C 不满足 A/B/M"},
	    {"D", ANSWER_NO, ELIGIBLE_WARNING, "信用级别 D 不满足 A/B/M"},
	    {"C", ANSWER_YES, ELIGIBLE_YES, "不参与评价（人工确认），税局的信用级别 C"},
	    {"", ANSWER_NONE, ELIGIBLE_UNTOLD, "待确认：税局没有给出信用级别"},
	};
	char text[ELIGIBILITY_TEXT];
	struct taxpayer t;

	(void)unused;
	for (size_t i = 0; i < sizeof(credit) / sizeof(credit[0]); i++) {
		t = told(credit[i].grade, "N");
		assert_int_equal(eligibility_judge(1, credit[i].answer, "", &t, text),
				 credit[i].state);
		assert_string_equal(text, credit[i].text);
	}
	assert_int_equal(eligibility_judge(1, ANSWER_NONE, "", NULL, text), ELIGIBLE_UNTOLD);
	t = told("A", "Y");
	assert_int_equal(eligibility_judge(2, ANSWER_YES, "", &t, text), ELIGIBLE_NO);
	t = told("A", "N");
	assert_int_equal(eligibility_judge(2, ANSWER_NONE, "", &t, text), ELIGIBLE_YES);
	assert_int_equal(eligibility_judge(2, ANSWER_NONE, "", NULL, text), ELIGIBLE_UNTOLD);
	assert_int_equal(eligibility_judge(0, ANSWER_NONE, "", &t, text), ELIGIBLE_UNTOLD);
	assert_string_equal(text, "待确认");
	assert_int_equal(eligibility_judge(0, ANSWER_NO, "没有系统", &t, text), ELIGIBLE_NO);
	assert_string_equal(text, "已确认不满足：没有系统");
	assert_int_equal(eligibility_judge(3, ANSWER_YES, "", &t, text), ELIGIBLE_YES);
	assert_null(eligibility_item(ELIGIBILITY_ITEMS));
}

static void test_elements(void **unused)
{
	struct err_info e = {0};

	(void)unused;
	assert_int_equal(element_check("", "特定要素", &e), ERR_OK);
	assert_int_equal(element_check(NULL, "特定要素", &e), ERR_OK);
	assert_int_equal(element_check("成品油", "特定要素", &e), ERR_INVALID);
	assert_string_equal(e.code, "element.capability");
	assert_non_null(strstr(e.why, "成品油"));
	assert_int_equal(element_check("18", "特定要素", &e), ERR_INVALID);
	assert_non_null(strstr(e.why, "卷烟"));
	assert_int_equal(element_check("99", "特定要素", &e), ERR_INVALID);
	assert_string_equal(e.code, "element.unknown");
	assert_null(element_find("19"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_days),
	    cmocka_unit_test(test_sentences),
	    cmocka_unit_test(test_eligibility),
	    cmocka_unit_test(test_elements),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
