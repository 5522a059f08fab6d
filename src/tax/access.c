/* access.c - 开票安全验证截止日 and 接入条件. */
#include "tax/access.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

/* ---- safety ---- */

const char SAFETY_MEND[] =
    "请在电子税务局 乐企数字开放平台 > 接入管理 > 响应邀请 > 接入详情 > 开票安全验证设置 "
    "延长，再登记新的日期：kaipiao unit safety 税号 日期";

enum safety_level safety_level(const char *until, int64_t now, int64_t *days)
{
	static const struct {
		int days;
		enum safety_level level;
	} steps[] = {{0, SAFETY_OVER}, {2, SAFETY_LAST}, {8, SAFETY_WEEK}, {31, SAFETY_MONTH}};
	struct date d;
	int64_t left;
	size_t i = 0;

	if (days)
		*days = 0;
	if (text_empty(until) || !date_parse(until, &d))
		return SAFETY_NONE;
	left = date_days(d) - date_days(date_of(now).date);
	if (days)
		*days = left;
	while (i < sizeof(steps) / sizeof(steps[0]) && left >= steps[i].days)
		i++;
	return i < sizeof(steps) / sizeof(steps[0]) ? steps[i].level : SAFETY_FAR;
}

const char *safety_text(const char *until, int64_t now, char out[SAFETY_TEXT])
{
	int64_t days;
	enum safety_level level = safety_level(until, now, &days);

	*out = 0;
	if (level == SAFETY_OVER)
		snprintf(out, SAFETY_TEXT, "开票安全验证已于 %.12s 到期，乐企平台不再接收发票",
			 until);
	else if (level != SAFETY_NONE && !days)
		snprintf(out, SAFETY_TEXT, "开票安全验证到 %.12s 为止，今天是最后一天", until);
	else if (level != SAFETY_NONE)
		snprintf(out, SAFETY_TEXT, "开票安全验证到 %.12s 为止，还有 %lld 天", until,
			 (long long)days);
	return out;
}

bool safety_told(const char *until, int64_t now)
{
	int64_t days;
	enum safety_level level = safety_level(until, now, &days);

	return level == SAFETY_OVER || level == SAFETY_LAST ||
	       (level != SAFETY_NONE && (days == 30 || days == 7));
}

enum err safety_check(const char *until, int64_t now, const char *unit, struct err_info *e)
{
	char text[SAFETY_TEXT];

	if (safety_level(until, now, NULL) != SAFETY_OVER)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.safety", unit, "%s", safety_text(until, now, text));
	err_field(e, "safety_until");
	err_hint(e, "%s", SAFETY_MEND);
	return ERR_INVALID;
}

/* ---- eligibility ---- */

const char ELIGIBILITY_SOURCE[] = "https://hunan.chinatax.gov.cn/show/20250117785342";

static const struct eligibility_item ITEMS[ELIGIBILITY_ITEMS] = {
    {"own_system", "使用单位在直连单位自己的系统上交易或结算", true, false},
    {"credit", "纳税信用级别为 A、B 或 M（个体工商户、非独立核算分支机构等不参与评价的除外）",
     false, true},
    {"risk", "受邀时不是风险纳税人", false, false},
    {"province", "省级税务机关规定的其他条件", true, false},
};

const struct eligibility_item *eligibility_item(size_t i)
{
	return i < ELIGIBILITY_ITEMS ? &ITEMS[i] : NULL;
}

static const struct {
	const char *word, *label;
} STATES[] = {
    [ELIGIBLE_UNTOLD] = {"pending", "待确认"},
    [ELIGIBLE_YES] = {"yes", "满足"},
    [ELIGIBLE_WARNING] = {"warning", "注意"},
    [ELIGIBLE_NO] = {"no", "不满足"},
};

const char *eligibility_state_word(enum eligibility_state s)
{
	return STATES[s].word;
}

const char *eligibility_state_label(enum eligibility_state s)
{
	return STATES[s].label;
}

static enum eligibility_state judge_person(enum eligibility_answer answer, const char *note,
					   char text[ELIGIBILITY_TEXT])
{
	static const struct {
		enum eligibility_state state;
		const char *text;
	} said[] = {[ANSWER_NONE] = {ELIGIBLE_UNTOLD, "待确认"},
		    [ANSWER_YES] = {ELIGIBLE_YES, "已确认满足"},
		    [ANSWER_NO] = {ELIGIBLE_NO, "已确认不满足"}};

	snprintf(text, ELIGIBILITY_TEXT, "%s%s%.200s", said[answer].text,
		 text_empty(note) ? "" : "：", note ? note : "");
	text[text_whole(text, strlen(text))] = 0;
	return said[answer].state;
}

static enum eligibility_state judge_credit(enum eligibility_answer answer, const struct taxpayer *t,
					   char text[ELIGIBILITY_TEXT])
{
	const char *grade = t && t->basic_at ? t->credit_grade : "";

	if (answer == ANSWER_YES) {
		snprintf(text, ELIGIBILITY_TEXT, "不参与评价（人工确认）%s%s",
			 *grade ? "，税局的信用级别 " : "", grade);
		return ELIGIBLE_YES;
	}
	if (!*grade) {
		snprintf(text, ELIGIBILITY_TEXT, "待确认：%s",
			 t && t->basic_at ? "税局没有给出信用级别" : "还没有查到信用级别");
		return ELIGIBLE_UNTOLD;
	}
	if (!strcmp(grade, "A") || !strcmp(grade, "B") || !strcmp(grade, "M")) {
		snprintf(text, ELIGIBILITY_TEXT, "信用级别 %s", grade);
		return ELIGIBLE_YES;
	}
	snprintf(text, ELIGIBILITY_TEXT, "信用级别 %s 不满足 A/B/M", grade);
	return ELIGIBLE_WARNING;
}

static enum eligibility_state judge_risk(const struct taxpayer *t, char text[ELIGIBILITY_TEXT])
{
	if (!t || !t->risk_at || !*t->risk_flag) {
		snprintf(text, ELIGIBILITY_TEXT, "待确认：还没有查到企业风险信息");
		return ELIGIBLE_UNTOLD;
	}
	if (!strcmp(t->risk_flag, "Y")) {
		snprintf(text, ELIGIBILITY_TEXT, "税局标记为风险纳税人");
		return ELIGIBLE_NO;
	}
	snprintf(text, ELIGIBILITY_TEXT, "不是风险纳税人");
	return ELIGIBLE_YES;
}

enum eligibility_state eligibility_judge(size_t i, enum eligibility_answer answer, const char *note,
					 const struct taxpayer *t, char text[ELIGIBILITY_TEXT])
{
	if (ITEMS[i].manual)
		return judge_person(answer, note, text);
	return ITEMS[i].exempt ? judge_credit(answer, t, text) : judge_risk(t, text);
}
