/* platform.c - what the platform's own codes and sentences mean for a call (protocol 5.1, 1.9). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "leqi/leqi_p.h"
#include "tax/advice.h"

/* Text is matched where a code is missing: inside Response.Error everything is called "01". */
static const struct {
	const char *code, *phrase;
	enum leqi_class class;
} KNOWN[] = {
    {"500", "请求云服务集成平台异常", LEQI_LOST},
    {"500", "服务接入异常", LEQI_LOST},
    {"5001", "云服务集成平台响应异常", LEQI_LOST},
    {"-1", NULL, LEQI_LOST},
    {"40322", "直连单位无资格", LEQI_MISCONFIGURED},
    {"40321", "使用单位无资格", LEQI_MISCONFIGURED},
    {"4054", "未查询到此直连单位信息", LEQI_MISCONFIGURED},
    {"4055", "未查询到此使用单位信息", LEQI_MISCONFIGURED},
    {"4047", "未查询到该单位的测试批次号", LEQI_MISCONFIGURED},
    {"4049", "未查询到该能力与对应服务的相关信息", LEQI_MISCONFIGURED},
    {"4032", "使用单位无授权服务", LEQI_MISCONFIGURED},
    {"4033", "使用单位未授权此服务", LEQI_MISCONFIGURED},
    {"4056", "云服务APP未找到", LEQI_MISCONFIGURED},
    {"4057", "报文解密失败", LEQI_MISCONFIGURED},
    {"4061", "未查询到服务其他信息", LEQI_MISCONFIGURED},
    {"4063", "沙箱服务请求报文业务校验不通过", LEQI_MISCONFIGURED},
    {"4067", "与企业备案出口 IP 不一致", LEQI_MISCONFIGURED},
};

static bool says(const char *text, const char *phrase)
{
	return phrase && text && strstr(text, phrase);
}

bool platform_flow_control(const char *text, int *seconds)
{
	const char *minutes;
	long n = 0;

	if (!says(text, "访问请求较多") && !says(text, "访问并发控制在") && !says(text, "减少并发"))
		return false;
	*seconds = LEQI_FLOW_SECONDS;
	minutes = strstr(text, "分钟后");
	while (minutes && minutes > text && isdigit((unsigned char)minutes[-1]))
		minutes--;
	if (minutes && isdigit((unsigned char)*minutes))
		n = strtol(minutes, NULL, 10);
	if (n > 0 && n <= 24 * 60)
		*seconds = (int)n * 60;
	return true;
}

static bool later(struct leqi_reply *rep, int seconds)
{
	rep->class = LEQI_LATER;
	rep->retry_after_s = seconds;
	snprintf(rep->hint, sizeof(rep->hint), "%d 分钟后自动再试；请不要另开进程重复上传",
		 (seconds + 59) / 60);
	return true;
}

/* What the code means; where the sentence is another one than the code's own, what that says. */
static const struct tax_advice *advice_of(const char *code, const char *phrase, const char *text)
{
	const struct tax_advice *a = says(text, phrase) ? NULL : tax_advice(text, 0);

	return a ? a : tax_advice(code, 0);
}

bool platform_known(const char *code, const char *text, struct leqi_reply *rep)
{
	const struct tax_advice *advice;
	int seconds;

	if (platform_flow_control(text, &seconds))
		return later(rep, seconds);
	for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
		if (strcmp(KNOWN[i].code, code) != 0 && !says(text, KNOWN[i].phrase))
			continue;
		rep->class = KNOWN[i].class;
		advice = advice_of(KNOWN[i].code, KNOWN[i].phrase, text);
		text_copy(rep->hint, sizeof(rep->hint), advice ? advice->advice : "");
		if (!rep->message[0] && advice)
			text_copy(rep->message, sizeof(rep->message), advice->cause);
		return true;
	}
	return false;
}
