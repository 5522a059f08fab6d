/* tax/validate_content.c - what may stand together: mixing, coal, prompts (protocol 7.9). */
#include <string.h>

#include "tax/validate_p.h"

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static bool in_list(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

/* ---- mixing ---- */

static bool is_untaxed(const struct tax_line *l)
{
	return !strcmp(l->preference, "04");
}

/* Air passengers, beside whom 民航发展基金 may stand. */
static bool is_passenger(const struct tax_line *l)
{
	static const char *const codes[] = {"3010301010100000000", "3010301010200000000",
					    "3010301010300000000", NULL};

	return in_list(l->tax_code, codes);
}

/* The first line that is not untaxed, of those beside whom the untaxed line may not stand. */
static const struct tax_line *find_taxed(const struct invoice *inv, bool passengers_too)
{
	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		if (!is_untaxed(l) && (passengers_too || !is_passenger(l)))
			return l;
	}
	return NULL;
}

/* 不征税自来水 and telecom prepayment stand with any line. */
static bool mixed_untaxed(const struct check *c, char *why)
{
	static const char *const with_any[] = {"6110000000000000000", "3030000000000000000", NULL};
	const struct invoice *inv = c->inv;
	const struct tax_line *taxed = find_taxed(inv, true), *beside_fund = find_taxed(inv, false);

	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *u = &inv->lines[i], *other;
		other = strcmp(u->tax_code, "6130000000000000000") ? taxed : beside_fund;
		if (!is_untaxed(u) || !other || in_list(u->tax_code, with_any))
			continue;
		return rule_say(why, "第 %zu 行是不征税项目，不能与第 %zu 行的应税或免税项目混开",
				i + 1, (size_t)(other - inv->lines) + 1);
	}
	return false;
}

static bool mixed_leasing(const struct check *c, char *why)
{
	size_t reduced = 0, n = c->inv->line_count;

	for (size_t i = 0; i < n; i++)
		reduced += !strcmp(c->inv->lines[i].preference, "10");
	if (!reduced || reduced == n)
		return false;
	return rule_say(why, "优惠政策 10（减按1.5%%计征）的 %zu 行不能与其他 %zu 行混开", reduced,
			n - reduced);
}

/* ---- coal ---- */

enum { COAL_FEN = 1000000000 }; /* 10,000,000 yuan */

bool tax_code_coal(const char *code)
{
	static const char *const codes[] = {"1020101000000000000", "1020102000000000000",
					    "1020199000000000000", NULL};

	return in_list(code, codes);
}

static bool is_coal(const struct tax_line *l)
{
	return tax_code_coal(l->tax_code);
}

static bool coal_kind_missing(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (!is_coal(at->line) || *at->line->coal_kind)
		return false;
	return rule_say(why, "煤炭编码 %s 必须填写", at->line->tax_code);
}

static bool coal_kind_idle(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (is_coal(at->line) || !*at->line->coal_kind)
		return false;
	return rule_say(why, "编码 %s 不是煤炭，不能填写（现为 %s）", at->line->tax_code,
			at->line->coal_kind);
}

static bool coal_kind_unknown(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (!*at->line->coal_kind || code_find(CODES_COAL, at->line->coal_kind))
		return false;
	return rule_say(why, "代码 %s 不在代码表中", at->line->coal_kind);
}

static dec_int coal_amount(const struct invoice *inv)
{
	dec_int sum = 0;

	for (size_t i = 0; i < inv->line_count; i++)
		if (is_coal(&inv->lines[i]))
			sum += inv->lines[i].net_fen + inv->lines[i].discount_net_fen;
	return sum;
}

static bool coal_quality_missing(const struct check *c, char *why)
{
	if (!c->computed || *c->inv->coal_quality || coal_amount(c->inv) < COAL_FEN)
		return false;
	return rule_say(why, "煤炭各行金额合计达到 1000 万元时必须填写");
}

static bool coal_quality_idle(const struct check *c, char *why)
{
	if (!c->computed || !*c->inv->coal_quality || coal_amount(c->inv) >= COAL_FEN)
		return false;
	return rule_say(why, "煤炭各行金额合计不足 1000 万元时必须为空");
}

/* Eats `max` digits at most; NULL when there is none. */
static const char *eat_digits(const char *s, int max)
{
	const char *start = s;

	while (s - start < max && *s >= '0' && *s <= '9')
		s++;
	return s > start ? s : NULL;
}

/* A percentage: one or two digits, and after a point one or two more. */
static const char *eat_percent(const char *s)
{
	s = eat_digits(s, 2);
	if (s && *s == '.')
		s = eat_digits(s + 1, 2);
	return s;
}

/* The percent sign of the form may be either width: the tax side's text and examples differ. */
static const char *eat_text(const char *s, const char *text)
{
	for (; s && *text; text++) {
		if (*text == '%') {
			size_t n = *s == '%' ? 1 : starts(s, "％") ? strlen("％") : 0;
			s = n ? s + n : NULL;
		} else {
			s = *s == *text ? s + 1 : NULL;
		}
	}
	return s;
}

static bool coal_quality_form(const struct check *c, char *why)
{
	const char *s = c->inv->coal_quality;

	if (!*s)
		return false;
	s = eat_text(s, "每千克煤炭发热量：");
	s = s ? eat_digits(s, 4) : NULL;
	s = eat_text(s, "千卡、干基全硫：");
	s = s ? eat_percent(s) : NULL;
	s = eat_text(s, "%、干燥无灰基挥发分：");
	s = s ? eat_percent(s) : NULL;
	s = eat_text(s, "%");
	if (s && !*s)
		return false;
	return rule_say(why, "格式不对：%s", c->inv->coal_quality);
}

/* ---- 专票 prompts ---- */

static bool is_loan(const struct tax_line *l)
{
	return starts(l->tax_code, "30601");
}

/* 居民日常服务, 娱乐, 餐饮 */
static bool is_daily(const struct tax_line *l)
{
	return starts(l->tax_code, "30705") || starts(l->tax_code, "3070401") ||
	       starts(l->tax_code, "3070302");
}

static bool prompt(const struct check *c, bool (*in_group)(const struct tax_line *), bool mixed,
		   const char *text, char *why)
{
	size_t n = 0;

	if (c->inv->kind != INVOICE_SPECIAL)
		return false;
	for (size_t i = 0; i < c->inv->line_count; i++)
		n += in_group(&c->inv->lines[i]);
	if (!n || (n < c->inv->line_count) != mixed)
		return false;
	return rule_say(why, mixed ? "其中 %2$zu 行：%1$s" : "%1$s", text, n);
}

static const char loan_text[] = "购买方接受贷款服务的进项税额不得从销项税额中抵扣";

/* The law of 2026 forbids the deduction only for what is consumed directly. */
static const char *daily_text(const struct check *c)
{
	if (strcmp(c->today, "2026-01-01") < 0)
		return "购买方购进餐饮服务、居民日常服务和娱乐服务的进项税额不得从销项税额中抵扣";
	return "购买方购进并直接用于消费的餐饮服务、居民日常服务和娱乐服务，进项税额不得从销项税额中抵扣";
}

static bool prompt_loan(const struct check *c, char *why)
{
	return prompt(c, is_loan, false, loan_text, why);
}

static bool prompt_loan_mixed(const struct check *c, char *why)
{
	return prompt(c, is_loan, true, loan_text, why);
}

static bool prompt_daily(const struct check *c, char *why)
{
	return prompt(c, is_daily, false, daily_text(c), why);
}

static bool prompt_daily_mixed(const struct check *c, char *why)
{
	return prompt(c, is_daily, true, daily_text(c), why);
}

const struct line_rule content_lines[] = {
    {{"coal.kind.required", false, "coal_kind", "煤炭种类",
      "0100 政府保供煤、0201 至 0204 长协煤、0300 市场煤"},
     coal_kind_missing},
    {{"coal.kind.idle", false, "coal_kind", "煤炭种类", "请删去"}, coal_kind_idle},
    {{"coal.kind.unknown", false, "coal_kind", "煤炭种类",
      "0100 政府保供煤、0201 至 0204 长协煤、0300 市场煤"},
     coal_kind_unknown},
    {{.code = NULL}, NULL},
};

static const char quality_hint[] =
    "写成：每千克煤炭发热量：5500千卡、干基全硫：0.8%、干燥无灰基挥发分：30%";
static const char prompt_hint[] = "请确认后继续，或改开数电普票";
static const char split_prompt_hint[] = "请确认后继续，或将这些行单独开具";

const struct head_rule content_rules[] = {
    {{"mix.untaxed", false, "lines", "明细", "请把不征税项目单独开具"}, mixed_untaxed},
    {{"mix.leasing", false, "lines", "明细", "请单独开具"}, mixed_leasing},
    {{"coal.quality.required", false, "coal_quality", "煤炭品质信息", quality_hint},
     coal_quality_missing},
    {{"coal.quality.idle", false, "coal_quality", "煤炭品质信息", "请删去"}, coal_quality_idle},
    {{"coal.quality.form", false, "coal_quality", "煤炭品质信息", quality_hint}, coal_quality_form},
    {{"special.loan", true, "lines", "数电专票", prompt_hint}, prompt_loan},
    {{"special.loan_mixed", true, "lines", "数电专票", split_prompt_hint}, prompt_loan_mixed},
    {{"special.daily", true, "lines", "数电专票", prompt_hint}, prompt_daily},
    {{"special.daily_mixed", true, "lines", "数电专票", split_prompt_hint}, prompt_daily_mixed},
    {{.code = NULL}, NULL},
};
