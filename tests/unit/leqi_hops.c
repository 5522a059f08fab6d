/* Where a call was stopped, by what was answered (protocol 5.1; N67). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "leqi/leqi.h"

static const struct {
	const char *code, *message;
	int status;
	enum leqi_hop hop;
} ANSWERS[] = {
    {"", "对方没有这个路径（HTTP 404）", 404, LEQI_HOP_PATH},
    {"", "接入地址被重定向，没有跟随（HTTP 302）", 302, LEQI_HOP_PATH},
    {"", "ResourceNotFound", 200, LEQI_HOP_PATH},
    {"4054", "通过平台序号未查询到此直连单位信息", 200, LEQI_HOP_DIRECT},
    {"01", "通过平台序号未查询到此直连单位信息", 200, LEQI_HOP_DIRECT},
    {"4055", "通过平台序号未查询到此使用单位信息", 200, LEQI_HOP_USING},
    {"4057", "", 200, LEQI_HOP_KEY},
    {"", "报文解密失败", 200, LEQI_HOP_KEY},
    {"4067", "当前请求来源 IP 与企业备案出口 IP 不一致", 200, LEQI_HOP_ADDRESS},
    {"4032", "使用单位未授权此能力", 200, LEQI_HOP_ABILITY},
    {"4033", "", 200, LEQI_HOP_ABILITY},
    {"4049", "未查询到该能力与对应服务的相关信息", 200, LEQI_HOP_ABILITY},
    {"40321", "", 200, LEQI_HOP_ABILITY},
    {"40322", "", 200, LEQI_HOP_ABILITY},
    {"", "销方省级税务机关代码不能为空", 200, LEQI_HOP_REGION},
    {"5001", "云服务集成平台响应异常", 200, LEQI_HOPS},
    {"", "平台返回 HTTP 503", 503, LEQI_HOPS},
    {"4054", "", 404, LEQI_HOP_DIRECT}, /* a code says more than a status */
};

static void the_answer_names_the_hop(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(ANSWERS[0]); i++) {
		struct leqi_reply rep = {.class = LEQI_MISCONFIGURED,
					 .http_status = ANSWERS[i].status};

		snprintf(rep.platform_code, sizeof(rep.platform_code), "%s", ANSWERS[i].code);
		snprintf(rep.message, sizeof(rep.message), "%s", ANSWERS[i].message);
		assert_int_equal(leqi_reply_hop(&rep), ANSWERS[i].hop);
	}
}

static void each_hop_has_a_word(void **state)
{
	(void)state;
	for (int i = 0; i < LEQI_HOPS; i++) {
		assert_true(*leqi_hop_word((enum leqi_hop)i) != 0);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(leqi_hop_word((enum leqi_hop)i),
						leqi_hop_word((enum leqi_hop)k));
	}
	assert_string_equal(leqi_hop_word(LEQI_HOPS), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_answer_names_the_hop),
	    cmocka_unit_test(each_hop_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
