/* leqi_summary - 汇总确认 on the wire: bytes of both requests, what refusals say (protocol 7.13). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "leqi/wire_p.h"

static void requests(void **state)
{
	struct wire_request r = {.tax_no = "91440000TEST00001X",
				 .region = "14400000000",
				 .direct_id = "aaaaaaaaaaaaaaaaaaaa",
				 .kind = "0",
				 .month = "2025-09",
				 .figures = {"12", "3400.50", "442.07", "1", "-200.00", "-26.00"}};
	struct leqi_reply rep = {0};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_true(wire_request_put("SCFPHZQRXX", &r, &out, &rep));
	assert_string_equal(
	    buf_str(&out),
	    "{\"xsfnsrsbh\":\"91440000TEST00001X\",\"xsfsjswjgdm\":\"14400000000\",\"ywlx\":\"0\","
	    "\"ptbh\":\"aaaaaaaaaaaaaaaaaaaa\",\"yf\":\"2025-09\",\"lzfpsl\":\"12\","
	    "\"lzfpje\":\"3400.50\",\"lzfpse\":\"442.07\",\"hzfpsl\":\"1\",\"hzfpje\":\"-200.00\","
	    "\"hzfpse\":\"-26.00\"}");
	buf_free(&out);
	/* Without a region nothing leaves. */
	buf_init(&out, 4096);
	r.region = "";
	assert_false(wire_request_put("SCFPHZQRXX", &r, &out, &rep));
	assert_int_equal(rep.class, LEQI_MISCONFIGURED);
	buf_free(&out);
	leqi_reply_free(&rep);
}

static void refusals(void **state)
{
	(void)state;
	assert_true(
	    leqi_says_unequal("当前比对结果，蓝字数量与局端不一致，局端数量2，上传确认数量3"));
	assert_true(leqi_says_unequal("红字金额与局端不一致"));
	assert_false(leqi_says_unequal("该月发票已确认，请勿重复确认"));
	assert_true(leqi_says_confirmed("该月发票已确认，请勿重复确认"));
	assert_false(leqi_says_confirmed("该月发票未确认，无需取消"));
	assert_false(leqi_says_confirmed("参数错误，销方省级税务机关代码不能为空"));
	assert_false(
	    leqi_says_confirmed("当前比对结果，蓝字数量与局端不一致，局端数量2，上传确认数量3"));
	assert_true(leqi_says_unconfirmed("该月发票未确认，无需取消"));
	assert_false(leqi_says_unconfirmed("该月发票已确认，请勿重复确认"));
	assert_true(leqi_says_unconfirmed("该月的汇总确认已取消"));
	/* Of something else. */
	assert_false(leqi_says_unconfirmed("该纳税人的乐企授权已取消，请联系主管税务机关"));
	assert_false(leqi_says_unconfirmed("该使用单位的接入已取消"));
	assert_false(leqi_says_confirmed("该纳税人数据已确认异常，不予受理"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(requests), cmocka_unit_test(refusals)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
