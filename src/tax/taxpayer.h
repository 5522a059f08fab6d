/* tax/taxpayer.h - what the tax side says about a unit, and whether it may issue (protocol 7.1). */
#ifndef KP_TAX_TAXPAYER_H
#define KP_TAX_TAXPAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Plain fixed members: small, few. Texts are cut at the protocol's lengths (UTF-8 bytes = 4x). */
struct taxpayer {
	char tax_no[24], name[1204], type[8] /* 1..5 */, state[4] /* 03, 09 ... */;
	char pilot[4];                                    /* 数电试点 Y/N */
	char credit_grade[24];                            /* A B M C D */
	char risk_class[4], alert_level[4], risk_flag[4]; /* 01 blocks, 01 blocks, Y blocks */
	char address[1204], phone[244], bank_name[1204], account[204];
	char office_code[16], office_name[1204], industry[8];
	char legal_person[604], finance_person[604];
	char industry_kinds[64]; /* 企业行业性质 codes joined by ',' */
	char consumption_kinds[64], export_class[8];
	int64_t basic_at, risk_at; /* Unix time of the two answers; 0: never */
};

enum { RISK_FRESH_SECONDS = 24 * 3600 /* protocol 7.1: refresh every 24 h */, CLOCK_SLACK = 300 };

/* Is an answer of that time still good?  One from the future was taken under a wrong clock and says
 * nothing about its age. */
bool taxpayer_fresh(int64_t at, int64_t now);

/* May the unit issue at `now`?  ERR_INVALID with the rule (risk class I, red alert, risk flag,
 * state, pilot flag, data missing or older than 24 h) and the mend. */
enum err taxpayer_may_issue(const struct taxpayer *t, int64_t now, struct err_info *e);

/* What a code of the risk data says: 风险纳税人类型, 预警级别 (protocol 7.1).  "" is no risk, no alert; an
 * unknown code is its own name. */
const char *taxpayer_risk_label(const char *code);
const char *taxpayer_alert_label(const char *code);
/* 行业代码 of GB/T 4754 as the name of its sector and the code; "" for none. */
enum { SECTOR_TEXT = 160 };
const char *taxpayer_sector_label(const char *code, char out[SECTOR_TEXT]);

#endif
