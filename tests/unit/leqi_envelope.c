/* leqi_envelope - what an answer means, for every shape of answer that is known or to be feared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"
#include "base/buf.h"
#include "leqi/leqi_p.h"

enum wrap {
	RAW,    /* bytes as they are */
	TEXT,   /* plain text sealed as Data, body as embedded text, code as string */
	OBJECT, /* the same, body as object, code as number */
	BLANKS, /* keys with blanks, base64 with line breaks, BOM and white space before */
	BARE,   /* Response at the top, no httpStatusCode */
	GZIP,   /* TEXT, compressed, no header to tell */
	WRONG,  /* sealed with another key */
	CUT,    /* TEXT, last 20 bytes missing */
};

struct answer {
	enum wrap wrap;
	const char *text;
	enum leqi_class class;
	const char *platform, *code, *message; /* message: part of it; NULL: not looked at */
	int retry_after;
};

#define ENV(code, body) "{\"httpStatusCode\":" code ",\"body\":" body "}"
#define ERROR_BODY(code, message)                                                                  \
	"\"{\\\"Response\\\":{\\\"RequestId\\\":\\\"0a1b2c3d4e5f6071\\\",\\\"Error\\\":{"          \
	"\\\"Code\\\":\\\"" code "\\\",\\\"Message\\\":\\\"" message "\\\"}}}\""

static const struct answer ANSWERS[] = {
    /* business answers */
    {TEXT, "{\"returncode\":\"00\",\"returnmsg\":\"成功\",\"a\":1}", LEQI_OK, "200", "00", "成功",
     0},
    {OBJECT, "{\"returnmsg\":\"成功\",\"returncode\":\"00\"}", LEQI_OK, "200", "00", "成功", 0},
    {BLANKS, "{\"returncode\":\"00\"}", LEQI_OK, "200", "00", NULL, 0},
    {BARE, "{\"returncode\":\"00\"}", LEQI_OK, "", "00", NULL, 0},
    {GZIP, "{\"returncode\":\"00\",\"returnmsg\":\"成功\"}", LEQI_OK, "200", "00", "成功", 0},
    {TEXT, "{\"returncode \":\" 00 \"}", LEQI_OK, "200", "00", NULL, 0},
    {TEXT, "{\"returncode\":\"01\",\"returnmsg\":\"额度不足\"}", LEQI_REFUSED, "200", "01",
     "额度不足", 0},
    {TEXT, "{\"returncode\":\"BI1013\",\"returnmsg\":\"第1行\"}", LEQI_REFUSED, "200", "BI1013",
     "第1行", 0},
    {TEXT, "{\"returncode\":0}", LEQI_OK, "200", "00", NULL, 0},
    {TEXT, "{\"returncode\":1,\"returnmsg\":\"额度不足\"}", LEQI_REFUSED, "200", "01", "额度不足",
     0},
    {OBJECT, "{\"returncode\":99}", LEQI_REFUSED, "200", "99", "未说明原因", 0},
    {TEXT, "{\"returncode\":\"01\",\"returnmsg\":\"a\\u0007b\\u202ec\"}", LEQI_REFUSED, "200", "01",
     "abc", 0},
    /* one spoilt character is no reason not to hear a no */
    {TEXT, "{\"returncode\":\"01\",\"returnmsg\":\"额度\\ud83d不足\\u0000。\"}", LEQI_REFUSED,
     "200", "01", "不足", 0},
    {OBJECT, "{\"returncode\":\"00\",\"x\":\"\\udfff\\ud800\"}", LEQI_OK, "200", "00", NULL, 0},
    {RAW, ENV("\"200\"", ERROR_BODY("01", "无\\\\ud83d权限")), LEQI_REFUSED, "200", "01", "权限",
     0},
    {RAW, "{\"httpStatusCode\":\"4054\",\"message\":\"没有\\u0000此直连单位信息\"}",
     LEQI_MISCONFIGURED, "4054", "", "直连单位", 0},
    {TEXT,
     "{\"returncode\":\"01\","
     "\"returnmsg\":\"当前访问请求较多，请5分钟后重试，将访问并发控制在3以内\"}",
     LEQI_LATER, "200", "01", "请5分钟后", 300},
    {TEXT, "{\"returncode\":\"\"}", LEQI_LOST, "200", "", "没有返回码", 0},
    {TEXT, "{\"returnmsg\":\"成功\"}", LEQI_LOST, "200", "", "没有返回码", 0},
    {TEXT, "[{\"returncode\":\"00\"}]", LEQI_LOST, "200", "", "JSON", 0},
    {TEXT, "{\"returncode\":\"00\"", LEQI_LOST, "200", "", "JSON", 0},
    {TEXT, "{\"returncode\":\"00\",\"returncode\":\"01\"}", LEQI_LOST, "200", "", "JSON", 0},
    {TEXT, "{\"returncode\":\"00\",\"x\":\"\xC4\xE3\"}", LEQI_LOST, "200", "", "JSON", 0},
    {WRONG, "{\"returncode\":\"00\"}", LEQI_LOST, "200", "", NULL, 0},
    {CUT, "{\"returncode\":\"00\"}", LEQI_LOST, "", "", "截断", 0},
    /* errors inside Response */
    {RAW, ENV("\"200\"", ERROR_BODY("01", "纳税人无权限")), LEQI_REFUSED, "200", "01",
     "纳税人无权限", 0},
    {RAW, ENV("200", "{\"Response\":{\"Error\":{\"Code\":\"01\",\"Message\":\"x\"}}}"),
     LEQI_REFUSED, "200", "01", "x", 0},
    {RAW, ENV("\"200\"", ERROR_BODY("01", "当前访问请求较多，请10分钟后重试")), LEQI_LATER, "200",
     "01", "较多", 600},
    {RAW, ENV("\"200\"", ERROR_BODY("01", "报文解密失败")), LEQI_MISCONFIGURED, "200", "01",
     "报文解密失败", 0},
    {RAW, ENV("\"200\"", ERROR_BODY("4057", "?")), LEQI_MISCONFIGURED, "200", "4057", "?", 0},
    {RAW, ENV("\"200\"", ERROR_BODY("01", "云服务集成平台响应异常")), LEQI_LOST, "200", "01", NULL,
     0},
    {RAW, ENV("\"200\"", ERROR_BODY("01", "")), LEQI_REFUSED, "200", "01", "平台返回代码 01", 0},
    /* codes of the platform */
    {RAW, ENV("\"4057\"", "\"\""), LEQI_MISCONFIGURED, "4057", "", "解密", 0},
    {RAW, ENV("4047", "null"), LEQI_MISCONFIGURED, "4047", "", NULL, 0},
    {RAW, ENV("\"4067\"", ERROR_BODY("01", "来源 IP 不一致")), LEQI_MISCONFIGURED, "4067", "01",
     "来源 IP", 0},
    {RAW, "{\"httpStatusCode\":\"4054\",\"message\":\"通过平台序号未查询到此直连单位信息\"}",
     LEQI_MISCONFIGURED, "4054", "", "直连单位", 0},
    {RAW, ENV("\"40321\"", "{}"), LEQI_MISCONFIGURED, "40321", "", NULL, 0},
    {RAW, ENV("\"500\"", "\"请求云服务集成平台异常\""), LEQI_LOST, "500", "", "平台异常", 0},
    {RAW, ENV("5001", "\"\""), LEQI_LOST, "5001", "", NULL, 0},
    {RAW, ENV("-1", "\"\""), LEQI_LOST, "-1", "", NULL, 0},
    {RAW, ENV("\"9999\"", "\"\""), LEQI_LOST, "9999", "", "9999", 0},
    {RAW, ENV("\"500\"", "\"当前访问请求较多\""), LEQI_LATER, "500", "", NULL, 300},
    /* no envelope at all */
    {RAW, "", LEQI_LOST, "", "", "空", 0},
    {RAW, "  \r\n", LEQI_LOST, "", "", "空", 0},
    {RAW, "<html><head><title>502 Bad Gateway</title></head></html>", LEQI_LOST, "", "",
     "502 Bad Gateway", 0},
    {RAW, "upstream timed out", LEQI_LOST, "", "", "upstream timed out", 0},
    {RAW, "当前访问请求较多，请5分钟后重试", LEQI_LATER, "", "", NULL, 300},
    {RAW, "{\"httpStatusCode\":\"200\"}", LEQI_LOST, "200", "", "没有 Response", 0},
    {RAW, ENV("\"200\"", "\"{\\\"Response\\\":{\""), LEQI_LOST, "200", "", NULL, 0},
    {RAW, ENV("\"200\"", "{\"Response\":{\"RequestId\":\"1\"}}"), LEQI_LOST, "200", "", "Data", 0},
    {RAW, ENV("\"200\"", "{\"Response\":{\"Data\":\"\"}}"), LEQI_LOST, "200", "", "解不开", 0},
    {RAW, ENV("\"200\"", "{\"Response\":{\"Data\":\"not base64!\"}}"), LEQI_LOST, "200", "",
     "解不开", 0},
    {RAW, "{\"returncode\":\"00\",\"returnmsg\":\"明文\"}", LEQI_LOST, "", "", NULL, 0},
    {RAW, "[]", LEQI_LOST, "", "", NULL, 0},
    {RAW, "\x1f\x8b\x08garbage", LEQI_LOST, "", "", "压缩", 0},
};

static unsigned char key[LEQI_KEY], other[LEQI_KEY];

static void seal_text(const char *text, const unsigned char *k, struct buf *out)
{
	assert_int_equal(leqi_seal(k, text, strlen(text), out), ERR_OK);
}

static void squeeze(struct buf *b)
{
	unsigned char out[8192];
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)b->data;
	z.avail_in = (uInt)b->len;
	z.next_out = out;
	z.avail_out = sizeof(out);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_reset(b);
	buf_add(b, out, z.total_out);
	deflateEnd(&z);
}

static void wrap(const struct answer *a, struct buf *out)
{
	struct buf data;

	buf_init(&data, 1 << 16);
	seal_text(a->text, a->wrap == WRONG ? other : key, &data);
	switch (a->wrap) {
	case RAW:
		buf_adds(out, a->text);
		break;
	case OBJECT:
		buf_addf(out,
			 "{\"httpStatusCode\":200,\"body\":{\"Response\":{\"RequestId\":\"r1\","
			 "\"Data\":\"%s\"}}}",
			 buf_str(&data));
		break;
	case BLANKS:
		buf_addf(
		    out,
		    "\xEF\xBB\xBF\n {\"body \":{\" Response\":{\"Data \":\" %.8s\\r\\n%s\\n\"}},"
		    "\"httpStatusCode\":\" 200 \"}",
		    buf_str(&data), buf_str(&data) + 8);
		break;
	case BARE:
		buf_addf(out, "{\"Response\":{\"Data\":\"%s\"}}", buf_str(&data));
		break;
	default:
		buf_addf(out,
			 "{\"body\":\"{\\\"Response\\\":{\\\"RequestId\\\":\\\"r1\\\","
			 "\\\"Data\\\":\\\"%s\\\"}}\","
			 "\"httpStatusCode\":\"200\"}",
			 buf_str(&data));
	}
	if (a->wrap == GZIP)
		squeeze(out);
	if (a->wrap == CUT)
		out->data[out->len -= 20] = 0;
	buf_free(&data);
}

static void check(const struct answer *a, size_t i)
{
	struct leqi_reply rep;
	struct buf bytes;

	buf_init(&bytes, 1 << 16);
	wrap(a, &bytes);
	leqi_decode(key, buf_str(&bytes), bytes.len, &rep);
	if (rep.class != a->class || strcmp(rep.platform_code, a->platform) != 0 ||
	    strcmp(rep.return_code, a->code) != 0 || rep.retry_after_s != a->retry_after ||
	    (a->message && !strstr(rep.message, a->message)))
		fail_msg("answer %zu (%s): %s [%s] [%s] %d \"%s\"", i, a->text,
			 leqi_class_word(rep.class), rep.platform_code, rep.return_code,
			 rep.retry_after_s, rep.message);
	if (rep.class == LEQI_MISCONFIGURED && !rep.hint[0])
		fail_msg("answer %zu has no mend", i);
	if (rep.class != LEQI_OK && !rep.message[0])
		fail_msg("answer %zu has no words", i);
	leqi_reply_free(&rep);
	buf_free(&bytes);
}

static void every_answer_has_its_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(ANSWERS[0]); i++)
		check(&ANSWERS[i], i);
}

/* No prefix of a good answer is ever good, and none is a refusal. */
static void a_cut_answer_is_lost(void **state)
{
	struct answer whole = {.wrap = TEXT,
			       .text = "{\"returncode\":\"00\",\"returnmsg\":\"成功\"}"};
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 1 << 16);
	wrap(&whole, &bytes);
	for (size_t n = 0; n < bytes.len; n++) {
		struct leqi_reply rep;
		char *copy = malloc(n + 1);

		memcpy(copy, bytes.data, n);
		if (leqi_decode(key, copy, n, &rep) != LEQI_LOST)
			fail_msg("%zu bytes: %s", n, leqi_class_word(rep.class));
		leqi_reply_free(&rep);
		free(copy);
	}
	buf_free(&bytes);
}

static void traces_never_hold_the_key(void **state)
{
	struct answer a = {.wrap = TEXT, .text = "{\"returncode\":\"00\",\"x\":\"y\"}"};
	struct leqi_reply rep;
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 1 << 16);
	wrap(&a, &bytes);
	assert_int_equal(leqi_decode(key, bytes.data, bytes.len, &rep), LEQI_OK);
	assert_string_equal(rep.answer, a.text);
	assert_string_equal(rep.request_id, "r1");
	assert_null(memmem(&rep, sizeof(rep), key, LEQI_KEY));
	leqi_reply_free(&rep);
	assert_null(rep.answer);
	leqi_decode(key, "<html>\x01</html>", 14, &rep);
	assert_string_equal(rep.answer, "<html></html>");
	leqi_reply_free(&rep);
	buf_free(&bytes);
}

static void errors_keep_the_words(void **state)
{
	struct leqi_reply rep = {
	    .class = LEQI_REFUSED, .return_code = "BI1013", .message = "第1行金额不符"};
	struct err_info e;

	(void)state;
	err_clear(&e);
	assert_int_equal(leqi_error(&rep, "上传发票", &e), ERR_REFUSED);
	assert_string_equal(e.what, "上传发票");
	assert_string_equal(e.why, "第1行金额不符（BI1013）");
	assert_non_null(strstr(e.hint, "数量"));
	rep.class = LEQI_LOST;
	assert_int_equal(leqi_error(&rep, "上传发票", &e), ERR_UNKNOWN);
	assert_string_equal(e.code, "leqi.lost");
	rep.class = LEQI_LATER;
	assert_int_equal(leqi_error(&rep, "上传发票", NULL), ERR_BUSY);
	rep.class = LEQI_MISCONFIGURED; /* without an answer nothing was sent: our own refusal */
	assert_int_equal(leqi_error(&rep, "上传发票", &e), ERR_INVALID);
	assert_string_equal(e.code, "leqi.unsent");
	rep.http_status = 200;
	text_copy(rep.platform_code, sizeof(rep.platform_code), "4057");
	text_copy(rep.return_code, sizeof(rep.return_code), "01");
	text_copy(rep.message, sizeof(rep.message), "报文解密失败");
	assert_int_equal(leqi_error(&rep, "上传发票", &e), ERR_REFUSED);
	assert_string_equal(e.why, "报文解密失败（4057）");
	text_copy(rep.platform_code, sizeof(rep.platform_code), "200");
	leqi_error(&rep, "上传发票", &e);
	assert_string_equal(e.why, "报文解密失败");
	rep.class = LEQI_OK;
	assert_int_equal(leqi_error(&rep, "上传发票", NULL), ERR_OK);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(every_answer_has_its_class),
	    cmocka_unit_test(a_cut_answer_is_lost),
	    cmocka_unit_test(traces_never_hold_the_key),
	    cmocka_unit_test(errors_keep_the_words),
	};

	leqi_key_parse("0123456789abcdeffedcba9876543210", key);
	leqi_key_parse("00112233445566778899aabbccddeeff", other);
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
