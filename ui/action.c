#include "ui/action.h"

#include <string.h>
#include <strings.h>

#include "base/pinyin.h"

#define ROW(id, word, grp, lab, hlp)                                                               \
	[ACT_##id] = {.name = word, .group = grp, .label = lab, .help = hlp},
static const struct action_info ACTIONS[ACT_COUNT] = {[ACT_NONE] = {"", "", "", ""},
						      UI_ACTIONS(ROW)};
#undef ROW

const struct action_info *action_info(enum action a)
{
	return a > ACT_NONE && a < ACT_COUNT ? &ACTIONS[a] : &ACTIONS[ACT_NONE];
}

enum action action_by_name(const char *name)
{
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		if (!strcmp(ACTIONS[a].name, name))
			return (enum action)a;
	}
	return ACT_NONE;
}

/* Where the bureau's and other manuals have it: who knows the path finds the screen by it (features
 * F9, G39, J1). */
static const struct {
	enum action action;
	const char *path;
} PATHS[] = {
    {ACT_GO_TAXPAYER, "数电设置→企业基本信息"},
    {ACT_GO_NUMBERS, "数电设置→数电领购管理"},
    {ACT_GO_QUOTA, "数电设置→授信额度管理"},
    {ACT_GO_QUOTA, "基础资料→乐企相关→授信额度管理"},
    {ACT_GO_BUYERS, "数电设置→购方信息管理"},
    {ACT_GO_GOODS, "数电设置→商品信息管理"},
    {ACT_GO_TYPES, "数电设置→业务类型管理"},
    {ACT_GO_SUMMARY, "开票管理→发票数据上报税局→乐企汇总确认"},
    {ACT_GO_LOG, "基础资料→乐企相关→乐企请求日志"},
    {ACT_GO_UNITS, "基础资料→企业管理→企业信息"},
    {ACT_GO_UNITS, "乐企相关→直连单位管理"},
    {ACT_GO_UNITS, "乐企相关→使用单位管理"},
};

static bool path_matches(enum action a, const char *text)
{
	for (size_t i = 0; i < sizeof(PATHS) / sizeof(PATHS[0]); i++) {
		if (PATHS[i].action == a && strstr(PATHS[i].path, text))
			return true;
	}
	return false;
}

bool action_matches(enum action a, const char *text)
{
	const struct action_info *info = action_info(a);

	return strcasestr(info->name, text) || strstr(info->label, text) ||
	       strstr(info->help, text) || pinyin_match(info->label, text) || path_matches(a, text);
}
