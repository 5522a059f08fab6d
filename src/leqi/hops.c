/* hops.c - the way of a call, hop by hop, and where one was stopped (features N67). */
#include <string.h>

#include "base/text.h"
#include "leqi/leqi_p.h"

const char *leqi_hop_word(enum leqi_hop h)
{
	static const char *const WORDS[LEQI_HOPS] = {
	    [LEQI_HOP_NAME] = "name",       [LEQI_HOP_TCP] = "tcp",
	    [LEQI_HOP_PROXY] = "proxy",     [LEQI_HOP_TLS] = "tls",
	    [LEQI_HOP_CLOCK] = "clock",     [LEQI_HOP_PATH] = "path",
	    [LEQI_HOP_DIRECT] = "direct",   [LEQI_HOP_USING] = "using",
	    [LEQI_HOP_KEY] = "key",         [LEQI_HOP_ADDRESS] = "address",
	    [LEQI_HOP_ABILITY] = "ability", [LEQI_HOP_REGION] = "region",
	};

	return h < LEQI_HOPS ? WORDS[h] : "";
}

/* Codes of the platform, and their words where only those come through. */
static const struct {
	const char *code, *phrase;
	enum leqi_hop hop;
} STOPS[] = {
    {"ResourceNotFound", "ResourceNotFound", LEQI_HOP_PATH},
    {"4061", "未查询到服务其他信息", LEQI_HOP_PATH},
    {"4054", "未查询到此直连单位信息", LEQI_HOP_DIRECT},
    {"4055", "未查询到此使用单位信息", LEQI_HOP_USING},
    {"4057", "报文解密失败", LEQI_HOP_KEY},
    {"4067", "与企业备案出口 IP 不一致", LEQI_HOP_ADDRESS},
    {"4032", "使用单位无授权服务", LEQI_HOP_ABILITY},
    {"4033", "使用单位未授权此服务", LEQI_HOP_ABILITY},
    {"4049", "未查询到该能力与对应服务的相关信息", LEQI_HOP_ABILITY},
    {"40321", "使用单位无资格", LEQI_HOP_ABILITY},
    {"40322", "直连单位无资格", LEQI_HOP_ABILITY},
    {"4056", "云服务APP未找到", LEQI_HOP_ABILITY},
    {"4047", "未查询到该单位的测试批次号", LEQI_HOP_ABILITY},
    {NULL, "使用单位未授权此能力", LEQI_HOP_ABILITY},
    {NULL, "省级税务机关代码不能为空", LEQI_HOP_REGION},
};

enum leqi_hop leqi_reply_hop(const struct leqi_reply *rep)
{
	const char *code = rep->platform_code;

	for (size_t i = 0; i < sizeof(STOPS) / sizeof(STOPS[0]); i++)
		if ((STOPS[i].code && strcmp(STOPS[i].code, code) == 0) ||
		    strstr(rep->message, STOPS[i].phrase))
			return STOPS[i].hop;
	/* No envelope, and not from the platform. */
	if (!*code &&
	    (rep->http_status / 100 == 3 || rep->http_status == 404 || rep->http_status == 405))
		return LEQI_HOP_PATH;
	return LEQI_HOPS;
}
