/* sandbox/differential.h - which tax codes bear 差额征税, how and at which rates (CXCEZSBM). */
#ifndef KP_SANDBOX_DIFFERENTIAL_H
#define KP_SANDBOX_DIFFERENTIAL_H

#include "sandbox/sandbox_p.h"
#include "sandbox/taxcodes.h"

enum { DIFFERENTIAL_RATES = 64 };

struct differential {
	bool part, part_special, full_special; /* 差额开票; 专票 of either type */
	/* 一般纳税人 税率 and 征收率, 小规模 征收率: "3%、5%" */
	char general[DIFFERENTIAL_RATES], levy[DIFFERENTIAL_RATES], small[DIFFERENTIAL_RATES];
};

const char *differential_schema(void);
void differential_preset(struct sb *sb);
/* Marks the codes that have a row. */
void differential_mark(struct sb *sb);
/* What is allowed of a code; one that only bears the mark takes its own rates. */
void differential_of(struct sb *sb, const struct taxcode *tc, struct differential *out);
/* Changes or adds a row: code, part, part_special, full_special (Y or N), general_rates,
 * general_levy, small_levy. */
bool differential_post(struct sb *sb, const cJSON *body, char error[256]);

#endif
