/* tax/taxpayer.c - may a unit issue? */
#include "tax/taxpayer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tax/code.h"

/* Everything that forbids issuing, in the order the tax side checks it. */
struct obstacle {
	const char *code;
	bool (*met)(const struct taxpayer *t, int64_t now);
	const char *why, *hint;
};

static const char ask_bureau[] = "请联系主管税务机关处理后，再执行 taxpayer sync";
static const char ask_sync[] = "请执行 taxpayer sync 重新查询";

static bool basic_missing(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return !t->basic_at;
}

static bool risk_missing(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return !t->risk_at;
}

bool taxpayer_fresh(int64_t at, int64_t now)
{
	return now - at <= RISK_FRESH_SECONDS && at - now <= CLOCK_SLACK;
}

static bool risk_stale(const struct taxpayer *t, int64_t now)
{
	return !taxpayer_fresh(t->risk_at, now);
}

static bool not_pilot(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return strcmp(t->pilot, "Y") != 0;
}

/* 03 正常 and 09 报验 may issue; a state not in the table may not. */
static bool wrong_state(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return strcmp(t->state, "03") != 0 && strcmp(t->state, "09") != 0;
}

static bool risk_class(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return !strcmp(t->risk_class, "01");
}

static bool red_alert(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return !strcmp(t->alert_level, "01");
}

static bool risk_flag(const struct taxpayer *t, int64_t now)
{
	(void)now;
	return !strcmp(t->risk_flag, "Y");
}

static const struct obstacle obstacles[] = {
    {"seller.basic.missing", basic_missing, "还没有查到企业基本信息", ask_sync},
    {"seller.risk.missing", risk_missing, "还没有查到企业风险信息", ask_sync},
    {"seller.risk.stale", risk_stale, "企业风险信息超过 24 小时没有更新", ask_sync},
    {"seller.pilot", not_pilot, "不是数电票试点企业（试点标识不是 Y）", ask_bureau},
    {"seller.state", wrong_state, "纳税人状态不允许开票，只有正常（03）和报验（09）可以",
     ask_bureau},
    {"seller.risk.class", risk_class, "风险纳税人类型为 I 类（01），禁止开票", ask_bureau},
    {"seller.risk.alert", red_alert, "纳税人预警级别为红色（01），禁止开票", ask_bureau},
    {"seller.risk.flag", risk_flag, "风险纳税人标志为 Y，禁止开票", ask_bureau},
};

/* The state in words where it is the reason. */
static void add_state(const struct taxpayer *t, struct err_info *e)
{
	const struct code_row *row = code_find(CODES_TAXPAYER_STATES, t->state);

	err_detail(e, "state=%s", t->state);
	if (e && row) {
		size_t n = strlen(e->why);
		snprintf(e->why + n, sizeof(e->why) - n, "，现为%s（%s）", row->name, row->code);
	}
}

enum err taxpayer_may_issue(const struct taxpayer *t, int64_t now, struct err_info *e)
{
	for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++) {
		const struct obstacle *o = &obstacles[i];
		if (!o->met(t, now))
			continue;
		err_fail(e, ERR_INVALID, o->code, "销售方开票资格", "%s", o->why);
		err_field(e, "seller");
		err_hint(e, "%s", o->hint);
		if (o->met == wrong_state)
			add_state(t, e);
		return ERR_INVALID;
	}
	return ERR_OK;
}

struct label {
	const char *code, *name;
};

static const char *label_of(const struct label *rows, const char *code)
{
	for (; rows->code; rows++) {
		if (!strcmp(rows->code, code))
			return rows->name;
	}
	return code;
}

const char *taxpayer_risk_label(const char *code)
{
	static const struct label ROWS[] = {{"", "非风险"},
					    {"01", "I 类（高风险）"},
					    {"02", "II 类（中风险）"},
					    {"03", "III 类（低风险）"},
					    {"04", "IV 类（无风险）"},
					    {NULL, NULL}};

	return label_of(ROWS, code);
}

const char *taxpayer_alert_label(const char *code)
{
	static const struct label ROWS[] = {
	    {"", "无预警"}, {"01", "红色"}, {"02", "黄色"}, {"03", "蓝色"}, {NULL, NULL}};

	return label_of(ROWS, code);
}

const char *taxpayer_sector_label(const char *code, char out[SECTOR_TEXT])
{
	const struct code_row *row;
	char sector[3];

	text_copy(sector, sizeof(sector), code);
	row = code_find(CODES_SECTORS, sector);
	if (row)
		snprintf(out, SECTOR_TEXT, "%s（%.8s）", row->name, code);
	else
		text_copy(out, SECTOR_TEXT, code);
	return out;
}
