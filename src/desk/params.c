/* params.c - the table of known parameters. */
#include "desk/params.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "print/naming.h"
#include "store/unit.h"

enum { DIGITS_MAX = 12, USE_CASE_MAX = 64 };

typedef bool (*takes_fn)(const char *value);

static bool takes_url(const char *s)
{
	size_t n = strlen(s);

	while (n && s[n - 1] == '/')
		n--;
	return !*s || (!strncmp(s, "https://", 8) && n > 16 && !strncmp(s + n - 7, "/invoke", 7));
}

static bool takes_flag(const char *s)
{
	return !*s || !strcmp(s, "0") || !strcmp(s, "1");
}

static bool plain(const char *s, size_t max)
{
	size_t n = strlen(s);

	for (; *s; s++) {
		if (!isalnum((unsigned char)*s))
			return false;
	}
	return n && n <= max;
}

static bool takes_use_case(const char *s)
{
	return !*s || plain(s, USE_CASE_MAX);
}

/* 部署方式 as the words of cloud and house (features B30). */
static bool takes_deployment(const char *s)
{
	static const char *const WORDS[] = {"", "公有云", "私有云", "本地部署", "混合部署"};
	size_t i;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (!strcmp(WORDS[i], s))
			return true;
	return false;
}

/* An amount of money, "" none. */
static bool takes_amount(const char *s)
{
	int64_t fen;

	return !*s || (fen_parse(s, &fen) && fen > 0);
}

static bool takes_naming(const char *s)
{
	return !*s || !print_naming_check(s, NULL);
}

static bool takes_any(const char *s)
{
	(void)s;
	return true;
}

/* takes NULL: a whole number from min to max.  The engine's own bounds are the same (sync.c). */
static const struct {
	struct param_doc doc;
	takes_fn takes;
	long long min, max;
} PARAMS[] = {
    {{"blue", "last_price", "0 或 1", "0",
      "选定项目而没有填单价时，单价取这个购方上次的价，0：只提示，按键才取"},
     takes_flag,
     0,
     0},
    {{"blue", "portal_limits", "0 或 1", "1",
      "检查时提醒比电子税务局的页面和模板长的栏目（乐企可以更长），0：不提醒"},
     takes_flag,
     0,
     0},
    {{"engine", "poll_first_ms", "1 至 3600000", "10000", "上传后多少毫秒第一次查询结果"},
     NULL,
     1,
     3600000},
    {{"engine", "poll_max_ms", "1 至 3600000", "600000", "查询结果的间隔最长多少毫秒"},
     NULL,
     1,
     3600000},
    {{"engine", "retry_base_ms", "1 至 3600000", "5000", "连不上时多少毫秒后第一次再试"},
     NULL,
     1,
     3600000},
    {{"engine", "retry_max_ms", "1 至 86400000", "600000", "再试的间隔最长多少毫秒"},
     NULL,
     1,
     86400000},
    {{"engine", "connect_ms", "100 至 300000", "10000", "建立连接最多等多少毫秒"},
     NULL,
     100,
     300000},
    {{"engine", "total_ms", "100 至 3600000", "60000", "一次请求最多等多少毫秒"},
     NULL,
     100,
     3600000},
    {{"engine", "batch_size", "1 至 100", "100", "一次上传最多几张发票"}, NULL, 1, 100},
    {{"engine", "summary_wait_ms", "1 至 3600000", "180000",
      "汇总确认：税局的数可能还没有算进来时多少毫秒后再试"},
     NULL,
     1,
     3600000},
    {{"engine", "recon_wait_ms", "1 至 3600000", "240000", "对账：税局说处理中时多少毫秒后再问"},
     NULL,
     1,
     3600000},
    {{"engine", "recon_pace_ms", "0 至 60000", "200", "对账：逐张查询的间隔毫秒"}, NULL, 0, 60000},
    {{"engine", "red_refresh_ms", "0 至 86400000", "600000",
      "每隔多少毫秒向税局取红字确认单的变化，0：不取"},
     NULL,
     0,
     86400000},
    {{"engine", "red_blue_wait_ms", "1 至 1800000", "30000",
      "刚开的蓝字发票税局还查不到时，多少毫秒后再申请确认单"},
     NULL,
     1,
     1800000},
    {{"engine", "calendar", "0 或 1", "1",
      "按日历自动办理（月初额度、有效期、企业信息、税收编码）和首次领购，0：不办"},
     takes_flag,
     0,
     0},
    {{"files", "naming", "规则", "dzfp_{号码}_{购方}_{时间}",
      "版式文件的文件名：{号码} {购方} {税号} {日期} {时间} {价税合计} {订单号} {票种}"},
     takes_naming,
     0,
     0},
    {{"numbers", "<税号>@<环境>.on", "0 或 1", "1",
      "自动领购（numbers auto）；环境写 production、sandbox 或 practice"},
     NULL,
     0,
     1},
    {{"numbers", "<税号>@<环境>.below", "0 至 100000", "0",
      "库存低于多少份时领购，0：最近一段的五分之一"},
     NULL,
     0,
     100000},
    {{"numbers", "<税号>@<环境>.claim", "1 至 100000", "", "每次领购多少份，不设：与最近一段相同"},
     NULL,
     1,
     100000},
    {{"quota", "<税号>@<环境>.on", "0 或 1", "1", "月初自动下载额度（quota auto）"}, NULL, 0, 1},
    {{"quota", "<税号>@<环境>.adjust", "0 或 1", "1", "自动调整有效期（quota auto）"}, NULL, 0, 1},
    {{"quota", "<税号>@<环境>.percent", "1 至 100", "80", "自动下载可用额度的百分之几"},
     NULL,
     1,
     100},
    {{"quota", "<税号>@<环境>.cap", "金额", "",
      "按需开票：按多少元的百分之几下载，不设：上月用量的两倍、至少 100 万"},
     takes_amount,
     0,
     0},
    {{"safety", "refuse", "0 或 1", "1",
      "开票安全验证截止日过后拒绝开票，0：只提醒（unit safety）"},
     takes_flag,
     0,
     0},
    {{"部署方式", "方式", "公有云、私有云、本地部署或混合部署", "",
      "云应用的部署方式，可写作 param get 部署方式"},
     takes_deployment,
     0,
     0},
    {{"bdm_lqpt", "baseurl", "https://…/invoke", "", "unit add 不写 --url 时的接入地址"},
     takes_url,
     0,
     0},
    {{"bdm_lqpt", "sxcsbz", "0 或 1", "0", "沙箱测试标志：审核通过后为 1；正式环境从不发送"},
     takes_flag,
     0,
     0},
    {{"bdm_lqpt", "ylbm", "字母和数字", "911001", "沙箱测试的用例编码，sxcsbz 为 1 时不发送"},
     takes_use_case,
     0,
     0},
    {{"log", "keep_days", "1 至 36500", "400", "乐企请求日志保留多少天"}, NULL, 1, 36500},
    {{"rim_download", "open_replenish_last_month", "0 或 1", "0", "每月 10 日补下上月全量发票"},
     takes_flag,
     0,
     0},
    {{"rim_leqi_collect", "<税号>", "0 或 1", "0", "该税号经乐企归集进项发票"}, takes_flag, 0, 0},
    /* Kept by the program itself. */
    {{"home", "restored_at", "时间", "", "从备份恢复的时间，由程序写入"}, takes_any, 0, 0},
    {{"home", "restored_segment", "编号", "", "恢复时作废的最后一个号段，由程序写入"},
     takes_any,
     0,
     0},
    {{"home", "key", "文字", "", "主目录密钥的记号，由程序写入"}, takes_any, 0, 0},
};

enum { COUNT = sizeof(PARAMS) / sizeof(PARAMS[0]) };

const struct param_doc *desk_param_doc(size_t i)
{
	return i < COUNT ? &PARAMS[i].doc : NULL;
}

/* "<税号>.below" is any key with that end; "<税号>@<环境>.below" one that names an environment before
 * it. */
static bool key_fits(const char *pattern, const char *key)
{
	const char *end = strrchr(pattern, '>'), *at = strrchr(key, '@');
	size_t n = strlen(key), m;
	enum unit_env env;
	char word[16];

	if (*pattern != '<')
		return !strcmp(pattern, key);
	end++;
	m = strlen(end);
	if (n <= m || strcmp(key + n - m, end) != 0 || !strchr(pattern, '@'))
		return n > m && !strcmp(key + n - m, end);
	if (!at || at == key || key + n - m <= at || (size_t)(key + n - m - at) > sizeof(word))
		return false;
	text_copy(word, (size_t)(key + n - m - at), at + 1);
	return unit_env_parse(word, &env) && !strcmp(word, unit_env_word(env));
}

static size_t find(const char *type, const char *key)
{
	size_t i = 0;

	while (i < COUNT &&
	       (strcmp(PARAMS[i].doc.type, type) != 0 || !key_fits(PARAMS[i].doc.key, key)))
		i++;
	return i;
}

static bool takes(size_t i, const char *value)
{
	long long v;

	if (PARAMS[i].takes)
		return PARAMS[i].takes(value);
	if (!text_all_digits(value) || strlen(value) > DIGITS_MAX)
		return false;
	v = strtoll(value, NULL, 10);
	return v >= PARAMS[i].min && v <= PARAMS[i].max;
}

static enum err check_form(const char *type, const char *key, const char *value, struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (*type && *key && strlen(type) <= 60 && strlen(key) <= 120 && strlen(value) < 512 &&
	    !text_find_forbidden(type, false, &at, &cp) &&
	    !text_find_forbidden(key, false, &at, &cp) &&
	    !text_find_forbidden(value, false, &at, &cp))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "param.form", "参数",
			"类型、键或值为空、太长或含有不允许的字符");
}

enum err desk_param_check(const char *type, const char *key, const char *value, struct err_info *e)
{
	size_t i = find(type, key);
	enum err r = check_form(type, key, value, e);

	if (r)
		return r;
	if (!strcmp(type, "drawer")) {
		err_fail(e, ERR_INVALID, "param.moved", "参数",
			 "开票人的证件现在登记在各个使用单位名下，不再是参数");
		err_hint(e, "请用 kaipiao drawers add --name 姓名 --id-type 201 --id-no 号码");
		return ERR_INVALID;
	}
	/* Before, these were one for all environments. */
	if (i == COUNT && (!strcmp(type, "numbers") || !strcmp(type, "quota"))) {
		err_fail(e, ERR_INVALID, "param.key", "参数", "%s 没有“%.80s”", type, key);
		err_hint(e, "请写明单位和环境，如 税号@production.on，见 kaipiao help param");
		return ERR_INVALID;
	}
	if (i == COUNT || takes(i, value))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "param.value", "参数", "%s %s 应为 %s，“%.40s”不是", type, key,
		 PARAMS[i].doc.value, value);
	err_hint(e, "含义见 kaipiao help param：%s", PARAMS[i].doc.help);
	return ERR_INVALID;
}

const char *desk_param_warning(const char *type, const char *key, const char *value)
{
	if (find(type, key) == COUNT)
		return "程序不认识这个参数，已原样保存；认识的参数见 kaipiao help param";
	if (!strcmp(type, "bdm_lqpt") && !strcmp(key, "sxcsbz") && !strcmp(value, "1"))
		return "只对沙箱环境的单位起作用，正式环境不会发送";
	return "";
}
