/* tax/validate_rates.c - rules of a line's rate and preference (protocol 6.3, 7.5, 7.9). */
#include <string.h>

#include "tax/validate_p.h"

static const char *rate_text(int32_t ppm, char out[RATE_TEXT])
{
	return rate_format_percent(ppm, out);
}

static bool preference_is(const struct tax_line *l, const char *code)
{
	return !strcmp(l->preference, code);
}

/* The rates a preference fixes ("3%、5%"), or "" when the code's own rates apply. */
static const char *fixed_rates(const struct tax_line *l)
{
	const struct code_row *row =
	    *l->preference ? code_find(CODES_PREFERENCES, l->preference) : NULL;

	return row ? row->extra : "";
}

static bool rate_valid_on(const struct tax_rate *r, const char *day)
{
	return r->enabled && (!*r->start || strcmp(day, r->start) >= 0) &&
	       (!*r->stop || strcmp(day, r->stop) < 0);
}

static bool rate_enabled(const struct check *c, int32_t ppm)
{
	for (size_t i = 0; i < c->ctx->rate_count; i++)
		if (c->ctx->rates[i].ppm == ppm && rate_valid_on(&c->ctx->rates[i], c->today))
			return true;
	return false;
}

/* 免税 and 不征税 (rate 0) and 减按1.5% are rates by preference, not of the taxpayer's list. */
static bool rate_disabled(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char text[RATE_TEXT];

	if (!c->ctx->rate_count || l->rate_ppm < 0 || rate_enabled(c, l->rate_ppm) ||
	    preference_is(l, "03") || preference_is(l, "04") || preference_is(l, "10"))
		return false;
	return rule_say(why, "%s 不在贵单位可用的税率和征收率之内", rate_text(l->rate_ppm, text));
}

/* Levy rates that are granted as a reduction of another one: a code that lists 3% takes 1%. */
static const struct {
	int32_t reduced, of;
} reductions[] = {{10000, 30000}, {5000, 30000}};

static bool code_lists(const struct tax_code *code, int32_t ppm)
{
	bool none = !*code->vat_rates && !*code->levy_rates;

	return none || tax_rates_list(code->vat_rates, ppm, false) ||
	       tax_rates_list(code->levy_rates, ppm, false);
}

/* Not among the rates of the code, although its preference leaves the rate to the code.  差额征税 has
 * a list of its own. */
static bool rate_unlisted(const struct check *c, const struct line_at *at)
{
	const struct tax_line *l = at->line;

	return !rule_differential(c->inv) && at->code && l->rate_ppm >= 0 && !*fixed_rates(l) &&
	       !telecom_find(at->code->code) && !code_lists(at->code, l->rate_ppm);
}

static bool is_reduction(const struct line_at *at)
{
	for (size_t i = 0; i < sizeof(reductions) / sizeof(reductions[0]); i++)
		if (at->line->rate_ppm == reductions[i].reduced &&
		    code_lists(at->code, reductions[i].of))
			return true;
	return false;
}

static bool say_rates(const struct line_at *at, char *why)
{
	const struct tax_code *c = at->code;
	char text[RATE_TEXT];

	return rule_say(why, "%s 不是 %s（%s）列出的税率，可用：%s%s%s",
			rate_text(at->line->rate_ppm, text), c->code, c->name, c->vat_rates,
			*c->vat_rates && *c->levy_rates ? "、" : "", c->levy_rates);
}

/* The tax side's table names no reductions everywhere they are granted: a prompt, no refusal. */
static bool rate_reduced(const struct check *c, const struct line_at *at, char *why)
{
	return c->ctx->rate_count && rate_unlisted(c, at) && is_reduction(at) && say_rates(at, why);
}

static bool rate_not_permitted(const struct check *c, const struct line_at *at, char *why)
{
	return c->ctx->rate_count && rate_unlisted(c, at) && !is_reduction(at) &&
	       say_rates(at, why);
}

/* Until the tax side has named the rates, the table is advice. */
static bool rate_advice(const struct check *c, const struct line_at *at, char *why)
{
	return !c->ctx->rate_count && rate_unlisted(c, at) && say_rates(at, why);
}

static bool preference_unknown(const struct check *c, const struct line_at *at, char *why)
{
	const char *p = at->line->preference;

	(void)c;
	if (!*p || code_find(CODES_PREFERENCES, p))
		return false;
	return rule_say(why, "代码 %s 不在代码表中", p);
}

static bool preference_rate(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	const char *fixed = fixed_rates(l);
	char text[RATE_TEXT];

	(void)c;
	if (l->rate_ppm < 0 || tax_rates_list(fixed, l->rate_ppm, true))
		return false;
	return rule_say(why, "优惠政策 %s（%s）只能用税率 %s，现为 %s", l->preference,
			code_find(CODES_PREFERENCES, l->preference)->name, fixed,
			rate_text(l->rate_ppm, text));
}

static bool preference_leasing(const struct check *c, const struct line_at *at, char *why)
{
	if (!preference_is(at->line, "10") || c->ctx->leasing)
		return false;
	return rule_say(why, "优惠政策 10（减按1.5%%计征）只能用于不动产经营租赁服务发票");
}

static bool untaxed_preference(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;

	(void)c;
	if (l->tax_code[0] != '6' || preference_is(l, "04"))
		return false;
	return rule_say(why, "6 开头的编码 %s 是不征税项目，优惠政策标识必须是 04，现为“%s”",
			l->tax_code, l->preference);
}

static bool telecom_terms(const struct check *c, const struct line_at *at, char *why)
{
	const struct telecom_code *t = telecom_find(at->line->tax_code);
	char has[RATE_TEXT], must[RATE_TEXT];

	(void)c;
	if (!t || at->line->rate_ppm < 0 ||
	    (at->line->rate_ppm == t->rate_ppm &&
	     (!*t->preference || preference_is(at->line, t->preference))))
		return false;
	return rule_say(why, "编码 %s 只能用税率 %s%s%s，现为 %s、优惠政策“%s”", t->code,
			rate_text(t->rate_ppm, must), *t->preference ? "、优惠政策 " : "",
			t->preference, rate_text(at->line->rate_ppm, has), at->line->preference);
}

/* Prepayment is 普票 only. */
static bool prepaid_special(const struct check *c, const struct line_at *at, char *why)
{
	const char *code = at->line->tax_code;

	if (c->inv->kind != INVOICE_SPECIAL ||
	    (strcmp(code, "6010000000000000000") != 0 && strcmp(code, "3030000000000000000") != 0))
		return false;
	return rule_say(why, "预付充值编码 %s 不能开具数电专票", code);
}

const struct line_rule rate_rules[] = {
    {{"line.rate.disabled", false, "tax_rate", "税率", "请改用可用的税率，或执行 taxpayer sync"},
     rate_disabled},
    {{"line.rate.not_permitted", false, "tax_rate", "税率", "请改正税率或税收分类编码"},
     rate_not_permitted},
    {{"line.rate.reduced", true, "tax_rate", "税率", "确认贵单位可以适用减征后再继续"},
     rate_reduced},
    {{"line.rate.advice", true, "tax_rate", "税率", "请核对；执行 taxpayer sync 后以税局为准"},
     rate_advice},
    {{"line.preference.unknown", false, "preference", "优惠政策标识", "填 01 至 18，没有则留空"},
     preference_unknown},
    {{"line.preference.rate", false, "tax_rate", "税率", "请改正税率或优惠政策标识"},
     preference_rate},
    {{"line.preference.leasing", false, "preference", "优惠政策标识", "请改用其他优惠政策标识"},
     preference_leasing},
    {{"line.untaxed.preference", false, "preference", "优惠政策标识", "请填 04，税率填 0"},
     untaxed_preference},
    {{"line.telecom.terms", false, "tax_rate", "税率", "请按规定改正税率和优惠政策标识"},
     telecom_terms},
    {{"line.prepaid.special", false, "tax_code", "税收分类编码", "请改开数电普票"},
     prepaid_special},
    {{.code = NULL}, NULL},
};
