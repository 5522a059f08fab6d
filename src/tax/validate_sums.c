/* tax/validate_sums.c - the tax side's own arithmetic over what is to be sent (protocol 7.6, 7.7).
 *
 * Our own computing keeps all but one of these by construction; they are checked all the same on
 * the very figures that are sent, because a refusal costs the clerk more than a comparison.
 */
#include "tax/tolerance_p.h"
#include "tax/validate_p.h"

static dec_int magnitude(dec_int v)
{
	return v < 0 ? -v : v;
}

static const char *fen_text(dec_int fen, char out[FEN_TEXT])
{
	return fen_format((int64_t)fen, out);
}

static bool net_price(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char net[FEN_TEXT];

	(void)c;
	if (dec_is_zero(l->full_quantity) ||
	    dec_product_near(l->full_quantity, l->net_price, l->net_fen, ROW_NET_FEN))
		return false;
	return rule_say(why, "数量×不含税单价与不含税金额 %s 相差超过 0.01",
			fen_text(l->net_fen, net));
}

/* |net x rate - tax| for the goods row and the discount row. */
static bool row_tax_off(int64_t net, int64_t tax, int32_t ppm, char *why)
{
	dec_int off = magnitude((dec_int)net * ppm - (dec_int)tax * RATE_ONE);
	char n[FEN_TEXT], t[FEN_TEXT], r[RATE_TEXT];

	if (off <= (dec_int)ROW_TAX_FEN * RATE_ONE)
		return false;
	return rule_say(why, "金额 %s × 税率 %s 与税额 %s 相差超过 0.06", fen_text(net, n),
			rate_format_percent(ppm, r), fen_text(tax, t));
}

/* |(gross - deduction) / (1 + rate) * rate - tax| (protocol 7.8); of 全额开票 nothing is deducted. */
static bool differential_tax_off(const struct tax_line *l, char *why)
{
	const dec_int whole = RATE_ONE + l->rate_ppm;
	dec_int off = magnitude(((dec_int)l->gross_fen - l->deduction_fen) * l->rate_ppm -
				(dec_int)l->tax_fen * whole);
	char g[FEN_TEXT], d[FEN_TEXT], t[FEN_TEXT];

	if (off <= ROW_TAX_FEN * whole)
		return false;
	return rule_say(why, "（含税金额 %s － 扣除额 %s）÷(1+税率)×税率 与税额 %s 相差超过 0.06",
			fen_text(l->gross_fen, g), fen_text(l->deduction_fen, d),
			fen_text(l->tax_fen, t));
}

static bool line_tax(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;

	if (rule_differential(c->inv))
		return differential_tax_off(l, why);
	return row_tax_off(l->net_fen, l->tax_fen, l->rate_ppm, why) ||
	       row_tax_off(l->discount_net_fen, l->discount_tax_fen, l->rate_ppm, why);
}

static bool gross_off(int64_t net, int64_t tax, int64_t gross, char *why)
{
	char n[FEN_TEXT], t[FEN_TEXT], g[FEN_TEXT];

	if ((dec_int)net + tax == gross)
		return false;
	return rule_say(why, "金额 %s + 税额 %s 不等于含税金额 %s", fen_text(net, n),
			fen_text(tax, t), fen_text(gross, g));
}

static bool line_gross(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;

	(void)c;
	return gross_off(l->net_fen, l->tax_fen, l->gross_fen, why) ||
	       gross_off(l->discount_net_fen, l->discount_tax_fen, l->discount_gross_fen, why);
}

/* |gross / (1 + rate) - net| <= 0.01 */
static bool line_net(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	const dec_int whole = RATE_ONE + l->rate_ppm;
	dec_int goods = (dec_int)l->gross_fen * RATE_ONE - l->net_fen * whole;
	dec_int discount = (dec_int)l->discount_gross_fen * RATE_ONE - l->discount_net_fen * whole;
	char n[FEN_TEXT];

	if (rule_differential(c->inv)) /* there it is gross - tax, exactly */
		return false;
	if (magnitude(goods) <= ROW_NET_FEN * whole && magnitude(discount) <= ROW_NET_FEN * whole)
		return false;
	return rule_say(why, "含税金额÷(1+税率) 与金额 %s 相差超过 0.01", fen_text(l->net_fen, n));
}

static bool line_signs(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char n[FEN_TEXT], t[FEN_TEXT];

	(void)c;
	if (l->net_fen > 0 && l->gross_fen > 0 && l->tax_fen >= 0)
		return false;
	return rule_say(why, "金额 %s 必须大于 0，税额 %s 不能小于 0", fen_text(l->net_fen, n),
			fen_text(l->tax_fen, t));
}

/* The discount row: negative, and no larger than its goods row. */
static bool line_discount(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char d[FEN_TEXT], n[FEN_TEXT];

	(void)c;
	if (!l->discount_fen ||
	    (l->discount_net_fen < 0 && l->discount_gross_fen < 0 && l->discount_tax_fen <= 0 &&
	     -l->discount_net_fen <= l->net_fen && -l->discount_tax_fen <= l->tax_fen))
		return false;
	return rule_say(why, "折扣行金额 %s 必须小于 0，且不超过被折扣行金额 %s",
			fen_text(l->discount_net_fen, d), fen_text(l->net_fen, n));
}

const struct line_rule sum_lines[] = {
    {{"line.net_price", false, "price", "单价", "请核对数量、单价和金额"}, net_price},
    {{"line.tax", false, "tax_amount", "税额", "请核对金额和税率"}, line_tax},
    {{"line.gross", false, "gross_amount", "含税金额", "请核对金额和税额"}, line_gross},
    {{"line.net", false, "net_amount", "金额", "请核对含税金额和税率"}, line_net},
    {{"line.signs", false, "amount", "金额", "请核对金额"}, line_signs},
    {{"line.discount", false, "discount", "折扣", "请减小折扣"}, line_discount},
    {{.code = NULL}, NULL},
};

static bool total_net(const struct check *c, char *why)
{
	dec_int sum = 0;
	char s[FEN_TEXT], t[FEN_TEXT];

	for (size_t i = 0; i < c->inv->line_count; i++)
		sum += c->inv->lines[i].net_fen + c->inv->lines[i].discount_net_fen;
	if (sum == c->inv->net_fen)
		return false;
	return rule_say(why, "各行金额之和 %s 不等于合计金额 %s", fen_text(sum, s),
			fen_text(c->inv->net_fen, t));
}

static bool total_gross(const struct check *c, char *why)
{
	return gross_off(c->inv->net_fen, c->inv->tax_fen, c->inv->gross_fen, why);
}

/* Every line's rounding pulls the same way when many lines are equal. */
bool rule_total_tax(const struct check *c, char why[WHY_TEXT])
{
	dec_int exact = 0, tax = (dec_int)c->inv->tax_fen * RATE_ONE;
	char e[FEN_TEXT], t[FEN_TEXT];

	if (rule_differential(c->inv))
		return false;
	for (size_t i = 0; i < c->inv->line_count; i++) {
		const struct tax_line *l = &c->inv->lines[i];
		exact += (dec_int)(l->net_fen + l->discount_net_fen) * l->rate_ppm;
	}
	if (magnitude(exact - tax) <= (dec_int)TOTAL_TAX_FEN * RATE_ONE)
		return false;
	return rule_say(why, "各行金额×税率之和（约 %s）与合计税额 %s 相差超过 1.27",
			fen_text((exact + RATE_ONE / 2) / RATE_ONE, e),
			fen_text(c->inv->tax_fen, t));
}

static bool total_signs(const struct check *c, char *why)
{
	char n[FEN_TEXT], g[FEN_TEXT];

	if (!c->inv->line_count ||
	    (c->inv->net_fen > 0 && c->inv->gross_fen > 0 && c->inv->tax_fen >= 0))
		return false;
	return rule_say(why, "蓝字发票合计金额 %s 和价税合计 %s 必须大于 0",
			fen_text(c->inv->net_fen, n), fen_text(c->inv->gross_fen, g));
}

const struct head_rule sum_rules[] = {
    {{"totals.net", false, "net_amount", "合计金额", "请重新计算"}, total_net},
    {{"totals.gross", false, "gross_amount", "价税合计", "请重新计算"}, total_gross},
    {{"totals.tax", false, "tax_amount", "合计税额", "请合并相同的行，或拆成几张发票"},
     rule_total_tax},
    {{"totals.positive", false, "gross_amount", "价税合计", "请核对金额和折扣"}, total_signs},
    {{.code = NULL}, NULL},
};
