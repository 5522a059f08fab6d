/* calendar_rules.c - the rules of the calendar. */
#include <string.h>

#include "tax/calendar.h"

#define LEQI             (1u << CHANNEL_LEQI)
#define PORTAL           (1u << CHANNEL_PORTAL)
#define CERT             (1u << CHANNEL_CERT)
#define DISK             (1u << CHANNEL_DISK)
#define ALL              (LEQI | PORTAL | CERT | DISK)
#define AT(hour, minute) .times = 1, .minutes = {(hour)*60 + (minute)}

/* In the order of a day. */
static const struct calendar_rule RULES[] = {
    /* ---- what the engine does ---- */
    {"numbers.expire", "上年号码失效", LEQI, BEAT_YEAR, AT(0, 0), .days = 365, .ready = true},
    {"quota.month", "月初下载额度", LEQI, BEAT_MONTH, .day = 1, AT(0, 0), .span = SPAN_MONTH,
     .ready = true},
    {"quota.interval", "调整额度有效期", LEQI, BEAT_DAY, AT(0, 0), .days = 1, .ready = true},
    {"codes.daily", "更新税收编码", LEQI, BEAT_DAY, AT(6, 0), .days = 1, .ready = true},
    {"taxpayer.daily", "更新企业和风险信息", LEQI, BEAT_DAY, AT(6, 30), .days = 1, .ready = true},
    {"safety.daily", "查开票安全验证截止日", LEQI, BEAT_DAY, AT(7, 0), .days = 1, .ready = true},
    /* ---- 汇总确认 ---- */
    {"summary.make", "生成汇总确认记录", LEQI, BEAT_MONTH, .day = 1, AT(0, 0), .days = 12,
     .span = SPAN_BEFORE, .ready = true},
    {"summary.confirm", "自动汇总确认", LEQI, BEAT_MONTH, .day = 12, AT(9, 0), .days = 1,
     .whole_days = true, .span = SPAN_BEFORE, .ready = true},
    {"summary.look", "取税局自动汇总结果", LEQI, BEAT_MONTH, .day = 13, AT(0, 0),
     .span = SPAN_BEFORE, .ready = true},
    /* ---- 收票 ---- */
    {"collect.open", "未勾选发票初始化", LEQI, BEAT_MONTH, .day = 1, AT(2, 0), .span = SPAN_THREE},
    {"collect.sales", "上月销项全量", ALL, BEAT_MONTH, .day = 2, AT(2, 0), .span = SPAN_BEFORE},
    {"collect.purchases", "上月进项全量", ALL, BEAT_MONTH, .day = 6, AT(2, 0), .span = SPAN_BEFORE},
    {"collect.again", "补下上月进销项", LEQI | PORTAL, BEAT_MONTH, .day = 10, AT(2, 0),
     .span = SPAN_BEFORE, .on_request = true},
    {"collect.check", "核对前两月进销项", LEQI | PORTAL, BEAT_MONTH, .day = 12, AT(2, 0),
     .span = SPAN_BEFORE_2},
    {"collect.both", "上月进销项全量", CERT | DISK, BEAT_MONTH, .day = 12, AT(2, 0),
     .span = SPAN_BEFORE},
    {"collect.current", "当月进销项全量", LEQI | CERT, BEAT_DATES, AT(3, 0), .days = 5,
     .span = SPAN_SO_FAR},
    {"collect.thirds", "当月进销项全量", PORTAL | DISK, BEAT_THIRDS, AT(3, 0), .days = 3,
     .span = SPAN_SO_FAR},
    {"collect.increment", "进项增量", LEQI, BEAT_DAY, AT(1, 0), .days = 1, .span = SPAN_FOUR_DAYS},
    {"collect.deducted", "已勾选、增量和状态", CERT, BEAT_DAY, AT(1, 0), .days = 1,
     .span = SPAN_FOUR_DAYS},
    {"collect.picked", "增量和已勾选", DISK, BEAT_DAY, AT(1, 0), .days = 1, .span = SPAN_FOUR_DAYS},
    {"collect.states", "当前属期发票状态", PORTAL, BEAT_DAY, AT(1, 0), .days = 1,
     .span = SPAN_NONE},
    {"collect.risks", "发票风险状态", LEQI, BEAT_DAY, .times = 2, .minutes = {6 * 60, 18 * 60},
     .days = 1, .span = SPAN_THREE_DAYS},
};

const struct calendar_rule *calendar_rule(size_t i)
{
	return i < sizeof(RULES) / sizeof(RULES[0]) ? &RULES[i] : NULL;
}

const struct calendar_rule *calendar_find(const char *id)
{
	size_t i;

	for (i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
		if (!strcmp(RULES[i].id, id))
			return &RULES[i];
	}
	return NULL;
}
