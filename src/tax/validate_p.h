/* tax/validate_p.h - inside the tax room: rules as table rows.
 *
 * A rule is a function that answers whether it is broken and, when it is, says why.  Its machine
 * word, its field, its label and its mend stand beside it in the table.
 */
#ifndef KP_TAX_VALIDATE_P_H
#define KP_TAX_VALIDATE_P_H

#include "base/text.h"
#include "tax/calc.h"
#include "tax/validate.h"

enum { WHY_TEXT = 480 };

struct check {
	const struct invoice *inv;
	const struct tax_context *ctx;
	char today[DATE_TEXT]; /* the day of issue: 开票日期 when set, else the day of the check */
	bool computed;         /* every line and the totals are computed */
	/* Of the first line of a 差额征税 invoice; NULL: it has none, or there is no list. */
	const struct differential_code *differential;
};

struct line_at {
	size_t index;
	const struct tax_line *line;
	const struct tax_code *code; /* NULL: unknown, or no table to look in */
	bool computed;
	bool alone; /* of no invoice: its place is not named */
};

struct rule_text {
	const char *code;
	bool warning;
	const char *field, *label, *hint; /* field: inside the line for line rules */
};

struct head_rule {
	struct rule_text text;
	bool (*broken)(const struct check *c, char why[WHY_TEXT]);
};

struct line_rule {
	struct rule_text text;
	bool (*broken)(const struct check *c, const struct line_at *at, char why[WHY_TEXT]);
};

/* A rule of one payment or voucher; an empty field names the thing itself. */
struct item_rule {
	struct rule_text text;
	bool (*broken)(const struct check *c, size_t index, char why[WHY_TEXT]);
};

/* A full list still takes errors, in place of warnings.  _first: ERR_INVALID with the first. */
void findings_keep(struct tax_findings *f, const struct err_info *at, bool warning);
enum err findings_first(const struct tax_findings *f, struct err_info *e);

/* Writes why; always true, so a rule can end with it. */
bool rule_say(char why[WHY_TEXT], const char *fmt, ...) ERR_PRINTF(2, 3);

/* Tables end with a row whose code is NULL. */
extern const struct head_rule head_rules[];  /* 号码, 日期, 销方, 开票人, 备注, 行数 */
extern const struct head_rule buyer_rules[]; /* 购方, 自然人, 经办人 */
extern const struct line_rule line_rules[];  /* 名称, 编码, 简称 */
extern const struct line_rule rate_rules[];  /* 税率, 优惠政策 */
extern const struct head_rule differential_rules[]; /* 差额征税 */
extern const struct item_rule voucher_rules[];      /* 扣除凭证 */
extern const struct item_rule payment_rules[];      /* 支付信息 */
extern const struct line_rule content_lines[];      /* 煤炭种类 */
extern const struct head_rule content_rules[];      /* 混开, 煤炭品质, 专票提示 */
extern const struct line_rule sum_lines[];          /* arithmetic of computed lines */
extern const struct head_rule sum_rules[];          /* arithmetic of computed totals */
extern const struct head_rule red_rules[];          /* red invoices: head and totals */
extern const struct line_rule red_lines[];
/* |net x rate - tax| of the lines against the limit of an invoice. */
bool rule_total_tax(const struct check *c, char why[WHY_TEXT]);

/* A telecom summary code and the terms it may be used on (protocol 7.9), or NULL. */
struct telecom_code {
	const char *code;
	int32_t rate_ppm;
	const char *preference;
};
const struct telecom_code *telecom_find(const char *code);
/* 差额征税 of either type? */
bool rule_differential(const struct invoice *inv);
/* Text without blanks is missing. */
bool rule_blank(const char *s);

#endif
