/* tax/validate_red.c - rules of a red invoice (features N43; protocol 7.6, 7.7, 7.12). */
#include "tax/red_p.h"
#include "tax/validate_p.h"

static bool no_blue(const struct check *c, char *why)
{
	return text_empty(c->inv->blue_number) && rule_say(why, "没有填写");
}

static bool no_letter(const struct check *c, char *why)
{
	return (text_empty(c->inv->red_letter_no) || text_empty(c->inv->red_letter_uuid)) &&
	       rule_say(why, "没有红字确认单编号或 UUID");
}

/* The tax side puts the blue number in front of it. */
static bool remark_long(const struct check *c, char *why)
{
	size_t n = text_chars(c->inv->remark);

	return n > RED_REMARK_CHARS &&
	       rule_say(why, "共 %zu 个字符，红字发票的备注最多 %d 个", n, RED_REMARK_CHARS);
}

static bool has_coal(const struct check *c, char *why)
{
	return *c->inv->coal_quality && rule_say(why, "红字发票不填煤炭品质信息");
}

static bool has_vouchers(const struct check *c, char *why)
{
	return c->inv->voucher_count && rule_say(why, "红字发票不填扣除凭证");
}

static bool totals_off(const struct check *c, char *why)
{
	const struct invoice *inv = c->inv;
	char n[FEN_TEXT], g[FEN_TEXT];

	if (!c->computed || !inv->line_count ||
	    (inv->net_fen < 0 && inv->tax_fen <= 0 &&
	     inv->gross_fen == inv->net_fen + inv->tax_fen))
		return false;
	return rule_say(why, "红字发票合计金额 %s 和价税合计 %s 必须小于 0",
			fen_format(inv->net_fen, n), fen_format(inv->gross_fen, g));
}

static bool total_tax(const struct check *c, char *why)
{
	return c->computed && rule_total_tax(c, why);
}

const struct head_rule red_rules[] = {
    {{"red.blue_number", false, "red_of.blue_number", "蓝字发票号码", "请由红字确认单开具"},
     no_blue},
    {{"red.letter", false, "red_of.letter_no", "红字确认单", "请由红字确认单开具"}, no_letter},
    {{"red.remark.length", false, "remark", "备注", "请缩短备注"}, remark_long},
    {{"red.coal", false, "coal_quality", "煤炭品质信息", "请删去"}, has_coal},
    {{"red.vouchers", false, "vouchers", "扣除凭证", "请删去"}, has_vouchers},
    {{"red.totals", false, "gross_amount", "价税合计", "请刷新确认单后重新开具"}, totals_off},
    {{"totals.tax", false, "tax_amount", "合计税额", "请刷新确认单后重新开具"}, total_tax},
    {{.code = NULL}, NULL},
};

static bool no_row(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	return !at->line->blue_row && rule_say(why, "没有对应的蓝字发票明细序号");
}

static bool line_signs(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char n[FEN_TEXT], t[FEN_TEXT];

	(void)c;
	if (l->net_fen < 0 && l->tax_fen <= 0 && l->gross_fen == l->net_fen + l->tax_fen)
		return false;
	return rule_say(why, "金额 %s 必须小于 0，税额 %s 不能大于 0", fen_format(l->net_fen, n),
			fen_format(l->tax_fen, t));
}

static bool price_off(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char n[FEN_TEXT];

	(void)c;
	if (dec_is_zero(l->full_quantity) ||
	    (dec_is_negative(l->full_quantity) && l->net_price.coef > 0 &&
	     dec_product_near(l->full_quantity, l->net_price, l->net_fen, RED_NET_FEN)))
		return false;
	return rule_say(why, "数量须为负、单价为正，且数量×单价与金额 %s 相差不超过 0.01",
			fen_format(l->net_fen, n));
}

static bool tax_off(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;
	char n[FEN_TEXT], t[FEN_TEXT], r[RATE_TEXT];

	if (rule_differential(c->inv) ||
	    red_tax_near(l->net_fen, l->tax_fen, l->rate_ppm, RED_TAX_FEN))
		return false;
	return rule_say(why, "金额 %s × 税率 %s 与税额 %s 相差超过 0.06", fen_format(l->net_fen, n),
			rate_format_percent(l->rate_ppm, r), fen_format(l->tax_fen, t));
}

static bool discounted(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	return (at->line->discount.by != DISCOUNT_NONE || at->line->discount_fen) &&
	       rule_say(why, "红字发票没有折扣行，折扣已并入金额");
}

static bool coal_kind(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	return *at->line->coal_kind && rule_say(why, "红字发票不填煤炭种类");
}

const struct line_rule red_lines[] = {
    {{"red.row", false, "blue_row", "蓝字发票明细序号", "请由红字确认单开具"}, no_row},
    {{"red.signs", false, "amount", "金额", "请刷新确认单后重新开具"}, line_signs},
    {{"red.price", false, "price", "单价", "请刷新确认单后重新开具"}, price_off},
    {{"red.tax", false, "tax_amount", "税额", "请刷新确认单后重新开具"}, tax_off},
    {{"red.discount", false, "discount", "折扣", "请删去"}, discounted},
    {{"red.coal", false, "coal_kind", "煤炭种类", "请删去"}, coal_kind},
    {{.code = NULL}, NULL},
};
